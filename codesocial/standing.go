package codesocial

import (
	"iter"
	"maps"
	"slices"
	"time"
)

// A StatusChange is one line of a party's history as a member.
type StatusChange struct {
	Status   MembershipStatus
	Since    Date // the first day of the status
	Event    MembershipEvent
	By       string // IRI of who brought it about; empty for founders and admissions
	Owed     []Owed // when it left: what it was owed
	Position uint64 // of the record in the journal

	known Date // the first day without it that everybody could know of: that of its recording, where it resigned before; zero elsewhere
}

// A standing is where a party stands, and how it came there. Steps say what it and the community did; measures lie above them, so
// that a status is exactly what it was before when a measure has ended. A standing never changes: what happens makes another one.
type standing struct {
	steps       []StatusChange // by day
	measures    []imposed      // in the order of their records
	application *application   // the last one
	membership  *Membership    // the last one
}

func (st *standing) clone() *standing {
	if st == nil {
		return new(standing)
	}
	c := *st
	c.steps, c.measures = slices.Clone(st.steps), slices.Clone(st.measures)
	return &c
}

// last returns the index of the step that holds on a day, measures apart; -1 when there is none yet.
func (st *standing) last(day Date) int {
	if st == nil {
		return -1
	}
	i := len(st.steps) - 1
	for i >= 0 && day.Before(st.steps[i].Since) {
		i--
	}
	return i
}

// on returns the status on a day.
func (st *standing) on(day Date) MembershipStatus {
	i := st.last(day)
	if i < 0 {
		return Prospect
	}
	status := st.steps[i].Status
	if m := st.measure(status, day); m != nil {
		return m.status()
	}
	return status
}

// since returns the status on a day and how long it has lasted.
func (st *standing) since(day Date) StatusChange {
	i := st.last(day)
	if i < 0 {
		return StatusChange{Status: Prospect}
	}
	s := st.steps[i]
	if m := st.measure(s.Status, day); m != nil {
		return StatusChange{Status: m.status(), Since: m.From, Position: m.position}
	}
	return s
}

// measure returns the measure that changes a status on a day: the first exclusion, or else the first suspension of who can be suspended;
// nil if there is none.
func (st *standing) measure(status MembershipStatus, day Date) (found *imposed) {
	for i := range st.measures {
		m := &st.measures[i]
		switch {
		case !m.lasts(day):
		case m.Kind == Exclusion:
			return m
		case m.Kind == Suspension && found == nil && (status.Rights() || status == Probation):
			found = m
		}
	}
	return found
}

// left returns the first day on which somebody was gone who is gone on a day.
func (st *standing) left(day Date) (Date, bool) {
	s := st.since(day)
	return s.Since, s.Status == Resigned || s.Status == Excluded
}

// known returns from when on the status on a day, where it is that of who has resigned, was known; zero elsewhere.
func (st *standing) known(day Date) Date { return st.since(day).known }

// checkDay checks that a step does not come before the last one.
func (st *standing) checkDay(on Date) error {
	if st != nil && len(st.steps) > 0 {
		if last := st.steps[len(st.steps)-1]; on.Before(last.Since) {
			return bad(ErrInvalid, "on", on.String(), "is before %s, since when the party is %s", last.Since, last.Status)
		}
	}
	return nil
}

// checkNew checks that a party can be admitted in one step.
func (st *standing) checkNew(party string, on Date) error {
	s := st.since(on)
	if st != nil && st.membership != nil { // it may be that the membership begins later
		if last := st.steps[len(st.steps)-1]; last.Status.Belongs() && s.Status != Excluded {
			return bad(ErrExists, "applicant", party, "is a member since %s", st.membership.Since)
		}
	}
	if err := membership.check("applicant", s.Status, EventAdmit); err != nil {
		return err
	}
	return st.checkDay(on)
}

// checkReadmission checks that somebody who has left or was excluded stays away for as long as the rule says.
func (st *standing) checkReadmission(rule AdmissionRule, on Date) error {
	s := st.since(on)
	if s.Status != Resigned && s.Status != Excluded {
		return nil
	}
	if earliest := s.Since.AddDays(rule.Readmission); on.Before(earliest) {
		return bad(ErrRefused, "on", on.String(), "%s since %s, the party can come back from %s", s.Status, s.Since, earliest)
	}
	return nil
}

// enter notes that somebody comes in, or wants to: an exclusion ends.
func (st *standing) enter(on Date) {
	for i := range st.measures {
		if m := &st.measures[i]; m.Kind == Exclusion && m.lasts(on) {
			m.ended = on
		}
	}
}

// has reports whether a step has been taken: the same event on the same day by the same.
func (st *standing) has(m *MembershipStep) bool {
	return st != nil && slices.ContainsFunc(st.steps, func(s StatusChange) bool { return s.Event == m.Event && s.Since == m.On && s.By == m.By })
}

// stand keeps what follows for a party from the record at a position.
func (s *State) stand(party string, st *standing, position uint64) {
	if n := len(st.steps); n > 0 && st.steps[n-1].Position == 0 {
		st.steps[n-1].Position = position
	}
	if st.membership != nil && st.membership.Position == 0 {
		m := *st.membership
		m.Position = position
		st.membership = &m
	}
	s.standings[party] = st
}

// accept notes that a party has accepted a version, unless it has before.
func (s *State) accept(party, charter string, on Date, signed bool) {
	if of := (statement{party, charter}); s.accepted[of].on.IsZero() {
		s.accepted[of] = acceptance{on, signed}
	}
}

// StatusOn returns where a party stands on a day; "" when nobody is registered under that IRI. It costs no memory and well under a
// microsecond.
func (s *State) StatusOn(iri string, day Date) MembershipStatus {
	if st, ok := s.standings[iri]; ok {
		return st.on(day)
	}
	if _, ok := s.parties[iri]; ok {
		return Prospect
	}
	return ""
}

// StatusHistory returns how a party came to where it stands, day by day, without measures: see [State.Measures].
func (s *State) StatusHistory(iri string) []StatusChange {
	if st := s.standings[iri]; st != nil {
		return slices.Clone(st.steps)
	}
	return nil
}

// Member reports whether a party has the rights of a member at an instant, counted in days in the time zone of the
// version that it accepted.
func (s *State) Member(iri string, at time.Time) bool {
	st := s.standings[iri]
	return st != nil && st.membership != nil && st.on(DateOf(at, st.membership.location)).Rights()
}

// MemberOn reports whether a party has the rights of a member on a day: it is a member, or on leave.
func (s *State) MemberOn(iri string, day Date) bool {
	return s.standings[iri].on(day).Rights()
}

// Membership returns since when and on what ground a party is or was a member, the last time if it came back; false if it never was.
// Whether it is one on a day, [State.StatusOn] says.
func (s *State) Membership(iri string) (Membership, bool) {
	st := s.standings[iri]
	if st == nil || st.membership == nil {
		return Membership{}, false
	}
	return st.membership.clone(), true
}

// Members returns the memberships of all who are or were members, in the order of the parties' IRIs.
func (s *State) Members() iter.Seq[Membership] {
	return func(yield func(Membership) bool) {
		for _, iri := range slices.Sorted(maps.Keys(s.standings)) {
			if m := s.standings[iri].membership; m != nil && !yield(m.clone()) {
				return
			}
		}
	}
}

func (l lookup) standing(iri string) *standing {
	st, _ := either(l.standings, l.state.standings, iri)
	return st
}

func (l lookup) memberOn(iri string, day Date) bool { return l.standing(iri).on(day).Rights() }
