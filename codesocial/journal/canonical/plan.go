package canonical

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Raw is a JSON value that is kept as its canonical bytes instead of being read into a Go type: the
// parameters of a rule whose kind another package owns, the payload of a record.
type Raw []byte

var (
	rawType         = reflect.TypeFor[Raw]()
	stringType      = reflect.TypeFor[string]()
	wordsType       = reflect.TypeFor[map[string]string]()
	marshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	zeroerType      = reflect.TypeFor[interface{ IsZero() bool }]()

	plans     sync.Map // reflect.Type of a struct to its *plan
	manyTexts sync.Map // reflect.Type to texts
)

// texts says whether a type writes and reads itself as text, or is a map of words. Finding that out takes longer than reading a short value.
type texts struct{ marshals, unmarshals, words bool }

func textsOf(t reflect.Type) texts {
	if t == stringType { // by far the most frequent
		return texts{}
	}
	if known, ok := manyTexts.Load(t); ok {
		return known.(texts)
	}
	pointer := t.Kind() == reflect.Pointer
	x := texts{!pointer && t.Implements(marshalerType), !pointer && reflect.PointerTo(t).Implements(unmarshalerType), t.ConvertibleTo(wordsType)}
	manyTexts.Store(t, x)
	return x
}

// A plan lists the members of a struct type in canonical order.
type plan struct {
	fields  []field
	refusal string // why the type cannot be written or read, if so
}

type field struct {
	name      string
	quoted    []byte // `"name":`
	index     int
	omitEmpty bool
	omitZero  bool
	hasIsZero bool
}

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(t, makePlan(t))
	return p.(*plan)
}

func makePlan(t reflect.Type) *plan {
	p := new(plan)
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if f.Anonymous {
			p.refusal = fmt.Sprintf("type %s: embedded field %s is not supported", t, f.Name)
			return p
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		quoted, err := AppendString(nil, name)
		if err != nil {
			p.refusal = fmt.Sprintf("type %s: the name of field %s is not text", t, f.Name)
			return p
		}
		p.fields = append(p.fields, field{
			name:      name,
			quoted:    append(quoted, ':'),
			index:     i,
			omitEmpty: strings.Contains(options, "omitempty"),
			omitZero:  strings.Contains(options, "omitzero"),
			hasIsZero: f.Type.Implements(zeroerType),
		})
	}
	slices.SortFunc(p.fields, func(a, b field) int { return compareNames(a.name, b.name) })
	for i := 1; i < len(p.fields); i++ {
		if p.fields[i].name == p.fields[i-1].name {
			p.refusal = fmt.Sprintf("type %s: two fields are named %q", t, p.fields[i].name)
		}
	}
	if len(p.fields) > maxFields {
		p.refusal = fmt.Sprintf("type %s: more than %d fields", t, maxFields)
	}
	return p
}

const maxFields = 64 // the members seen while reading a struct are kept in one uint64

// find returns the number of the field with this name, trying guess first: members that come in
// canonical order are found without a search.
func (p *plan) find(name []byte, guess int) int {
	if guess < len(p.fields) && p.fields[guess].name == string(name) {
		return guess
	}
	i, found := slices.BinarySearchFunc(p.fields, name, func(f field, n []byte) int {
		return compareNames(f.name, n)
	})
	if !found {
		return -1
	}
	return i
}
