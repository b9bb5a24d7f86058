package codesocial

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A MeasureKind says what a measure does.
type MeasureKind string

// What a measure can do.
const (
	Restriction MeasureKind = "restriction" // the party keeps its status and may not do what the measure names
	Suspension  MeasureKind = "suspension"  // it does not have the rights of a member
	Exclusion   MeasureKind = "exclusion"   // it is not a member any more
)

// Label returns the word for the kind in French and English, to be shown to members.
func (k MeasureKind) Label() Text {
	return map[MeasureKind]Text{
		Restriction: {"fr": "restriction", "en": "restriction"},
		Suspension:  {"fr": "suspension", "en": "suspension"},
		Exclusion:   {"fr": "exclusion", "en": "exclusion"},
	}[k]
}

// A Measure restricts, suspends or excludes a party, or ends a measure that does. This package has none of its own: a measure
// takes effect only where the [Guard] of the community vouches for it.
type Measure struct {
	// Case is the id of the case that the measure comes from.
	Case  uuid.UUID   `json:"case"`
	Party string      `json:"party"` // IRI of a member, or of a party on probation
	Kind  MeasureKind `json:"kind"`  // that of the measure Lifts, where one is lifted
	// Scope is what a restriction keeps the party from: the kind of a record or matter, as in "catalog.offer", or its package
	// alone, "catalog". Empty in other measures.
	Scope string `json:"scope,omitempty"`
	// From is the first day of the effect; Until the last, zero for as long as nothing lifts it. Of a measure that lifts
	// another, From is the first day on which that one has no effect any more; the day it began, where it is annulled.
	From  Date `json:"from"`
	Until Date `json:"until,omitzero"`
	// Clause is the clause that the measure rests on.
	Clause ClauseRef `json:"clause"`
	// Lifts is the id of the measure that ends, zero when one begins.
	Lifts uuid.UUID `json:"lifts,omitzero"`
}

// ID returns the id of the measure, and of its record: a UUID of version 5 over case, party, kind, scope, first day and what it lifts.
func (m *Measure) ID() uuid.UUID {
	return recordID(KindMeasure, m.Case.String(), m.Party, string(m.Kind), m.Scope, m.From.String(), m.Lifts.String())
}

// A Guard decides which measures may take effect; package mediation has the one that communities use. It is folded in step
// with the State: for every record that is not of this package, State calls its Decode and Apply as a journal.View's, so that it has
// seen all that was recorded before when it is asked.
type Guard interface {
	journal.View
	// Allow returns nil when what is recorded so far calls for just this measure. It is asked when the measure is drafted and when
	// it is folded, changes nothing, and must give the same answer on every replay.
	Allow(m *Measure) error
}

// Guarded returns the option with which a community has a guard. guard makes it for the state that it will be folded in step with.
func Guarded(guard func(*State) Guard) Option {
	return optionFunc(func(o *options) { o.guard = guard })
}

// An imposed is a measure as it stands in a standing.
type imposed struct {
	Measure
	id       uuid.UUID
	position uint64
	ended    Date // the first day without effect, zero for none yet
}

// status returns the status of who is under the measure.
func (m *imposed) status() MembershipStatus {
	if m.Kind == Exclusion {
		return Excluded
	}
	return Suspended
}

// lasts reports whether the measure has effect on a day.
func (m *imposed) lasts(day Date) bool {
	return !day.Before(m.From) && (m.Until.IsZero() || !day.After(m.Until)) && (m.ended.IsZero() || day.Before(m.ended))
}

// check checks what can be seen on the measure alone.
func (m *Measure) check() error {
	if m.Case == uuid.Nil {
		return badly(ErrInvalid, "case", "must be given")
	}
	if err := checkIRI("party", m.Party); err != nil {
		return err
	}
	if m.Kind.Label() == nil {
		return bad(ErrInvalid, "kind", string(m.Kind), "must be restriction, suspension or exclusion")
	}
	if (m.Kind == Restriction) != (m.Scope != "") {
		return bad(ErrInvalid, "scope", m.Scope, "must be given for a restriction, and only there")
	}
	if m.Scope != "" && !isKind(m.Scope) && !isKind(m.Scope+".x") {
		return bad(ErrInvalid, "scope", m.Scope, "must be a package, or a package, a dot and a word")
	}
	if m.From.check() != nil {
		return bad(ErrInvalid, "from", m.From.String(), "must be a day of the calendar")
	}
	if !m.Until.IsZero() {
		if m.Until.check() != nil || m.Until.Before(m.From) {
			return bad(ErrInvalid, "until", m.Until.String(), "must be a day of the calendar, not before %s", m.From)
		}
		if m.Kind == Exclusion || m.Lifts != uuid.Nil {
			return bad(ErrInvalid, "until", m.Until.String(), "must be absent: an exclusion has no end, nor has the end of a measure")
		}
	}
	return within("clause", m.Clause.Check())
}

// checkMeasure checks a measure against the state, asks the guard, and returns the party's standing after it.
func (s *State) checkMeasure(m *Measure) (*standing, error) {
	if _, err := s.Resolve(m.Clause); err != nil {
		return nil, err
	}
	before := s.standings[m.Party]
	if before == nil {
		return nil, bad(ErrUnknown, "party", m.Party, "has never applied")
	}
	after := before.clone()
	if m.Lifts != uuid.Nil {
		if err := after.lift(m); err != nil {
			return nil, err
		}
	} else {
		status := before.on(m.From)
		if !status.Belongs() && status != Probation {
			return nil, bad(ErrNotMember, "party", m.Party, "is %s on %s", status, m.From)
		}
		if slices.ContainsFunc(before.measures, func(i imposed) bool { return i.id == m.ID() }) {
			return nil, bad(ErrExists, "party", m.Party, "this measure is recorded already")
		}
		after.measures = append(after.measures, imposed{Measure: *m, id: m.ID()})
	}
	if s.guard == nil {
		return nil, fmt.Errorf("%w: open the community with mediation.Guard()", ErrUnguarded)
	}
	return after, s.guard.Allow(m)
}

// lift ends a measure.
func (st *standing) lift(m *Measure) error {
	i := slices.IndexFunc(st.measures, func(i imposed) bool { return i.id == m.Lifts })
	if i < 0 {
		return bad(ErrUnknown, "lifts", m.Lifts.String(), "is no measure against the party")
	}
	old := &st.measures[i]
	if m.Kind != old.Kind || m.Scope != old.Scope {
		return bad(ErrInvalid, "kind", string(m.Kind), "what is lifted is a %s", old.Kind)
	}
	if m.From.Before(old.From) {
		return bad(ErrInvalid, "from", m.From.String(), "is before %s, when the measure begins", old.From)
	}
	if !old.ended.IsZero() && !m.From.Before(old.ended) || !old.Until.IsZero() && m.From.After(old.Until) {
		return bad(ErrState, "from", m.From.String(), "the measure has ended before")
	}
	again := !old.ended.IsZero() // the party has come back since: what was taken from it is restored all the same
	old.ended = m.From
	if n := len(st.steps); old.Kind == Exclusion && again && !st.steps[n-1].Status.Belongs() {
		s := st.steps[st.last(old.From)]
		s.Since, s.Event, s.By, s.Position = st.steps[n-1].Since, EventLift, "", 0
		if s.Since.Before(m.From) {
			s.Since = m.From
		}
		st.steps = append(st.steps, s)
	}
	return nil
}

// DraftMeasure decides on a measure without recording it, and asks the guard of the community. It returns no draft for a measure that is
// recorded. The errors wrap [ErrUnguarded], [ErrInvalid], [ErrUnknown], [ErrNotMember] or [ErrState], or are the guard's.
func (s *State) DraftMeasure(m Measure) ([]journal.Draft, error) {
	err := m.check()
	if err == nil {
		if s.measureIDs[m.ID()] {
			return nil, nil
		}
		_, err = s.checkMeasure(&m)
	}
	if err != nil {
		return nil, errorf("measure against %s: %w", quote(m.Party), err)
	}
	return []journal.Draft{{ID: m.ID(), Kind: KindMeasure, Schema: schema, Payload: m}}, nil
}

func (s *State) applyMeasure(m *Measure, r *journal.Record) error {
	if r.ID != m.ID() {
		return bad(ErrInvalid, "id", r.ID.String(), "must be %s", m.ID())
	}
	if s.measureIDs[r.ID] {
		return bad(ErrExists, "measure", r.ID.String(), "is recorded already")
	}
	after, err := s.checkMeasure(m)
	if err != nil {
		return err
	}
	if n := len(after.measures); m.Lifts == uuid.Nil {
		after.measures[n-1].position = r.Position
	}
	if s.measureIDs == nil {
		s.measureIDs = make(map[uuid.UUID]bool)
	}
	s.measureIDs[r.ID] = true
	s.stand(m.Party, after, r.Position)
	return nil
}

// An Imposed is a measure against a party, and what has become of it.
type Imposed struct {
	Measure
	ID       uuid.UUID
	Ended    Date   // the first day without effect where it was lifted, or the party was admitted again; zero otherwise
	Position uint64 // of the record in the journal
}

// Lasts reports whether the measure has effect on a day.
func (i Imposed) Lasts(day Date) bool {
	return (&imposed{Measure: i.Measure, ended: i.Ended}).lasts(day)
}

// Measures returns the measures against a party, those that have ended too, in the order in which they were recorded.
func (s *State) Measures(iri string) []Imposed {
	st := s.standings[iri]
	if st == nil {
		return nil
	}
	list := make([]Imposed, len(st.measures))
	for i, m := range st.measures {
		list[i] = Imposed{m.Measure, m.id, m.ended, m.position}
	}
	return list
}

// Restricted reports whether a measure keeps a party on a day from what is named by kind: the kind of a record or matter, as in
// "catalog.offer". A restriction to a package holds for all its kinds.
func (s *State) Restricted(iri, kind string, day Date) bool {
	st := s.standings[iri]
	if st == nil {
		return false
	}
	return slices.ContainsFunc(st.measures, func(m imposed) bool {
		return m.Kind == Restriction && m.lasts(day) && (kind == m.Scope || len(kind) > len(m.Scope) && kind[:len(m.Scope)+1] == m.Scope+".")
	})
}
