package mediation

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// An Imposed is a sanction that took effect, and what has become of it.
type Imposed struct {
	Sanction
	From codesocial.Date // first day
	// Ended says how it ended before its last day: [Annulled], as if it had never been, or [Lifted], from LiftedOn on; "" if
	// it did not.
	Ended    Outcome
	LiftedOn codesocial.Date
}

func (k *Case) endImposed(how Outcome, on codesocial.Date) {
	if n := len(k.Imposed); n > 0 {
		k.Imposed[n-1].Ended, k.Imposed[n-1].LiftedOn = how, on
	}
}

// measureKinds says what each step does to a membership. A reminder and commitments do nothing to it.
var measureKinds = map[Step]codesocial.MeasureKind{
	Restriction: codesocial.Restriction, Suspension: codesocial.Suspension, ExtendedSuspension: codesocial.Suspension, Exclusion: codesocial.Exclusion,
}

// measure returns the measure that puts a sanction into effect; false if it does nothing to the membership.
func (k *Case) measure(i *Imposed) (codesocial.Measure, bool) {
	rung, _ := k.Rules.Ladder.rung(i.Rung)
	kind, ok := measureKinds[rung.Step]
	if !ok || len(i.Clauses) == 0 || !i.Until.IsZero() && i.Until.Before(i.From) { // its days were over when it took effect
		return codesocial.Measure{}, false
	}
	clause, err := k.Rules.charter.Ref(i.Clauses[0])
	if err != nil {
		return codesocial.Measure{}, false
	}
	return codesocial.Measure{Case: k.ID, Party: i.Party, Kind: kind, Scope: i.Scope, From: i.From, Until: i.Until, Clause: clause}, true
}

// suspension returns the measure of a protection that suspends.
func (k *Case) suspension(s *span) (codesocial.Measure, bool) {
	clause, ok := k.Rules.Clause(ProtectionKind)
	return codesocial.Measure{Case: k.ID, Party: s.party, Kind: codesocial.Suspension, From: s.from, Until: s.until, Clause: clause}, ok
}

// pending returns the measures that a case calls for and that are not recorded: those that took effect, and the ends of those that were
// annulled or lifted.
func (c *Cases) pending(k *Case) []codesocial.Measure {
	if len(k.Imposed) == 0 && len(k.spans) == 0 {
		return nil
	}
	var list []codesocial.Measure
	want := func(m codesocial.Measure, ended Outcome, liftedOn codesocial.Date) {
		id := m.ID()
		for _, recorded := range c.state.Measures(m.Party) {
			if recorded.ID != id {
				continue
			}
			if ended == "" {
				return
			}
			lift := m
			lift.Lifts, lift.Until = id, codesocial.Date{}
			if ended == Lifted && liftedOn.After(lift.From) {
				lift.From = liftedOn
			}
			if !recorded.Until.IsZero() && lift.From.After(recorded.Until) || !recorded.Ended.IsZero() && !lift.From.Before(recorded.Ended) {
				return // it is over by then, or was lifted already
			}
			list = append(list, lift)
			return
		}
		if status := c.state.StatusOn(m.Party, m.From); ended == "" && (status.Belongs() || status == codesocial.Probation) {
			list = append(list, m)
		}
	}
	for i := range k.Imposed {
		if m, ok := k.measure(&k.Imposed[i]); ok {
			want(m, k.Imposed[i].Ended, k.Imposed[i].LiftedOn)
		}
	}
	for i := range k.spans {
		if m, ok := k.suspension(&k.spans[i]); ok {
			ended := Outcome("")
			if !k.spans[i].liftedOn.IsZero() {
				ended = Lifted
			}
			want(m, ended, k.spans[i].liftedOn)
		}
	}
	return list
}

// Allow implements codesocial.Guard: it allows just those measures that a case calls for. An exclusion is called for by nothing but the
// event [Effect], which asks for every [Requirement].
func (c *Cases) Allow(m *codesocial.Measure) error {
	k, err := c.find(m.Case)
	if err == nil {
		for _, called := range c.pending(k) {
			if called == *m {
				return nil
			}
		}
		err = bad(ErrGuard, "measure", string(m.Kind), "is not what the case calls for")
	}
	return fmt.Errorf("mediation: measure against %s: %w", quote(m.Party), err)
}

// DraftMeasures returns the measures that cases call for and that are not recorded yet, in the order of the cases, and of each party the first: what
// is called for beside it is seen once that is recorded. [Office.Act] and [Office.Clocks] record them until there are none. One that cannot be
// recorded holds up no other: there is an error when none can.
func (c *Cases) DraftMeasures(of ...uuid.UUID) ([]journal.Draft, error) {
	cases := c.order
	if len(of) > 0 {
		cases = nil
		for _, id := range of {
			k, err := c.find(id)
			if err != nil {
				return nil, wrap("measures", err)
			}
			cases = append(cases, k)
		}
	}
	var drafts []journal.Draft
	var refused error
	seen := make(map[string]bool) // parties
	for _, k := range cases {
		for _, m := range c.pending(k) {
			if seen[m.Party] {
				continue
			}
			d, err := c.state.DraftMeasure(m)
			seen[m.Party] = len(d) > 0
			drafts, refused = append(drafts, d...), errors.Join(refused, err)
		}
	}
	if len(drafts) == 0 {
		return nil, refused
	}
	return drafts, nil
}

// Guard returns the option with which a community is opened so that measures can be recorded and read: it brings the guard that vouches
// for them. The [Checks] of the rules that this package owns are given beside it.
//
//	community, err := codesocial.Open(ctx, j, mediation.Guard(), mediation.Checks())
//	office, err := mediation.Open(ctx, community, nil)
func Guard() codesocial.Option {
	return codesocial.Guarded(func(s *codesocial.State) codesocial.Guard { return NewCases(s) })
}
