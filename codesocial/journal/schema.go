package journal

import (
	"errors"
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// ErrNewerSchema refuses a record whose payload has a shape that this version of the program does not know.
var ErrNewerSchema = errors.New("journal: payload has a newer schema than this program knows")

// A Lift turns a payload of one schema into what it is in the next. It is pure: it depends on nothing but the payload, and the same payload
// always gives the same result, in canonical JSON. [LiftFrom] makes one from a function on Go types.
type Lift func(payload []byte) ([]byte, error)

// LiftFrom returns the lift that reads a payload into an Old, strictly, and writes what f makes of it. Old is the type that was the payload
// then: keep it for as long as there are records of it, which is for ever.
func LiftFrom[Old, New any](f func(Old) (New, error)) Lift {
	return func(payload []byte) ([]byte, error) {
		var old Old
		if err := canonical.Unmarshal(payload, &old); err != nil {
			return nil, err
		}
		lifted, err := f(old)
		if err != nil {
			return nil, err
		}
		return canonical.Marshal(lifted)
	}
}

// Schemas says of the kinds that a [View] reads how their payloads came to be what they are now: for each kind the lifts from schema 1 to 2, from 2 to
// 3, and so on. The last of them leads to the present schema; a kind without lifts is at schema 1. A view holds
// its Schemas as a field or makes them where it needs them, and reads records with [Schemas.Unmarshal] alone; so it knows one shape only, and
// records that were written years ago are read as if they were written today. What is stored, hashed and signed stays as it is.
type Schemas map[string][]Lift

// Present returns the schema that drafts of a kind are to be given.
func (s Schemas) Present(kind string) int { return len(s[kind]) + 1 }

// Unmarshal reads the payload of a record into v as [Record.Unmarshal] does, after lifting it to the present schema. Its cost is that
// of the lifts; a record of the present schema is read at once.
//
// It returns an error that wraps [ErrNewerSchema] for a record that a later version of the program wrote.
func (s Schemas) Unmarshal(r *Record, v any) error {
	if r.Schema > s.Present(r.Kind) {
		return fmt.Errorf("%w: record %d (%s %s): schema %d, known is %d: use a newer version", ErrNewerSchema, r.Position, r.Kind, r.ID, r.Schema, s.Present(r.Kind))
	}
	if r.Schema == s.Present(r.Kind) || r.Erased() {
		return r.Unmarshal(v)
	}
	lifted := *r
	for schema := r.Schema; schema < s.Present(r.Kind); schema++ {
		payload, err := s[r.Kind][schema-1](lifted.Payload)
		if err != nil {
			return fmt.Errorf("journal: record %d (%s %s): lifting from schema %d: %w", r.Position, r.Kind, r.ID, schema, err)
		}
		lifted.Payload = payload
	}
	return lifted.Unmarshal(v)
}
