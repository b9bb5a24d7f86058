package codesocial_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A court is a guard for tests: it allows the measures of the cases that have been ruled on.
type court struct{ ruled map[uuid.UUID]bool }

const kindRuling = "court.ruling"

type ruling struct {
	Case uuid.UUID `json:"case"`
}

var errNotRuled = errors.New("court: no ruling")

func guarded() codesocial.Option {
	return codesocial.Guarded(func(*codesocial.State) codesocial.Guard { return &court{ruled: make(map[uuid.UUID]bool)} })
}

func (c *court) Decode(r *journal.Record) (any, error) {
	if r.Kind != kindRuling {
		return nil, nil
	}
	v := new(ruling)
	return v, r.Unmarshal(v)
}

func (c *court) Apply(_ *journal.Record, v any) error {
	c.ruled[v.(*ruling).Case] = true
	return nil
}

func (c *court) Reset() { clear(c.ruled) }

func (c *court) Allow(m *codesocial.Measure) error {
	if !c.ruled[m.Case] {
		return fmt.Errorf("%w in %s", errNotRuled, m.Case)
	}
	return nil
}

// rule records a ruling and returns the case.
func (w *world) rule() uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	require.NoError(w.t, w.write(journal.Draft{Kind: kindRuling, Payload: ruling{id}})(w.t.Context()))
	return id
}

// impose records a measure.
func (w *world) impose(m codesocial.Measure) error {
	_, err := w.journal.Update(w.t.Context(), func() ([]journal.Draft, error) { return w.State().DraftMeasure(m) })
	return err
}

// measure returns a measure against a party that the court has ruled on.
func (w *world) measure(party string, kind codesocial.MeasureKind, from, until string) codesocial.Measure {
	w.t.Helper()
	m := codesocial.Measure{Case: w.rule(), Party: party, Kind: kind, From: day(w.t, from)}
	if until != "" {
		m.Until = day(w.t, until)
	}
	c, err := w.State().InForceOn(m.From)
	require.NoError(w.t, err)
	m.Clause, err = c.Ref("social-1")
	require.NoError(w.t, err)
	return m
}

// probation is a rule of admission with all that it can ask for.
var probation = setRule("social-1", `{"kind":"codesocial.admission","sponsors":1,"probation":30,"readmission":60}`)

// guardedWorld returns a founded community with a guard.
func guardedWorld(t testing.TB, edits ...func(*codesocial.Document)) (*world, *codesocial.Charter) {
	t.Helper()
	w := newWorld(t, guarded()).withParties()
	charter := small(t, edits...)
	w.adopt(charter, atelier, fournil)
	return w, charter
}

// step takes a step in the name of by, signed if it has a key.
func (w *world) step(party string, event codesocial.MembershipEvent, on, by string) error {
	w.t.Helper()
	m := codesocial.MembershipStep{Party: party, Event: event, On: day(w.t, on), By: by}
	if event == codesocial.EventApply {
		c, err := w.State().InForceOn(m.On)
		require.NoError(w.t, err)
		m.Charter = c.Hash()
		if key, ok := keys[by]; ok {
			m.Signature, err = codesocial.SignAcceptance(party, c, key)
			require.NoError(w.t, err)
		}
	}
	if event == codesocial.EventDecline {
		m.Reason = "The workshop is full."
	}
	return w.Step(w.t.Context(), m, keys[by])
}

func (w *world) status(iri, on string) codesocial.MembershipStatus {
	w.t.Helper()
	var status codesocial.MembershipStatus
	require.NoError(w.t, w.Read(func(s *codesocial.State) { status = s.StatusOn(iri, day(w.t, on)) }))
	return status
}

// statuses are all there are.
var statuses = []codesocial.MembershipStatus{
	codesocial.Prospect, codesocial.Applied, codesocial.Sponsored, codesocial.Probation, codesocial.Member, codesocial.OnLeave,
	codesocial.Suspended, codesocial.Resigned, codesocial.Excluded,
}

// bring takes cleo to a status before 2026-01-01.
func (w *world) bring(to codesocial.MembershipStatus) (m codesocial.Measure) {
	t := w.t
	t.Helper()
	type s struct {
		event  codesocial.MembershipEvent
		on, by string
	}
	member := []s{
		{codesocial.EventApply, "2025-02-01", cleo},
		{codesocial.EventSponsor, "2025-02-02", fournil},
		{codesocial.EventWelcome, "2025-02-03", atelier},
		{codesocial.EventConfirm, "2025-03-05", atelier},
	}
	path := map[codesocial.MembershipStatus][]s{
		codesocial.Applied: member[:1], codesocial.Sponsored: member[:2], codesocial.Probation: member[:3],
		codesocial.Member: member, codesocial.Suspended: member, codesocial.Excluded: member,
		codesocial.OnLeave:  append(slices.Clone(member), s{codesocial.EventTakeLeave, "2025-04-01", cleo}),
		codesocial.Resigned: append(slices.Clone(member), s{codesocial.EventResign, "2025-04-01", cleo}),
	}
	for _, s := range path[to] {
		require.NoError(t, w.step(cleo, s.event, s.on, s.by), s.event)
	}
	switch to {
	case codesocial.Suspended:
		m = w.measure(cleo, codesocial.Suspension, "2025-04-01", "")
		require.NoError(t, w.impose(m))
	case codesocial.Excluded:
		m = w.measure(cleo, codesocial.Exclusion, "2025-04-01", "")
		require.NoError(t, w.impose(m))
	}
	require.Equal(t, to, w.status(cleo, "2026-01-01"))
	return m
}

func TestEveryPairOfStatusAndEventIsAsTheTableSays(t *testing.T) {
	t.Parallel()
	type pair struct {
		status codesocial.MembershipStatus
		event  codesocial.MembershipEvent
	}
	const on = "2026-01-01"
	want := map[pair]codesocial.MembershipStatus{
		{codesocial.Prospect, codesocial.EventAdmit}:     codesocial.Member,
		{codesocial.Resigned, codesocial.EventAdmit}:     codesocial.Member,
		{codesocial.Excluded, codesocial.EventAdmit}:     codesocial.Member,
		{codesocial.Prospect, codesocial.EventApply}:     codesocial.Applied,
		{codesocial.Resigned, codesocial.EventApply}:     codesocial.Applied,
		{codesocial.Excluded, codesocial.EventApply}:     codesocial.Applied,
		{codesocial.Applied, codesocial.EventSponsor}:    codesocial.Sponsored,
		{codesocial.Sponsored, codesocial.EventSponsor}:  codesocial.Sponsored,
		{codesocial.Sponsored, codesocial.EventWelcome}:  codesocial.Probation,
		{codesocial.Probation, codesocial.EventConfirm}:  codesocial.Member,
		{codesocial.Applied, codesocial.EventDecline}:    codesocial.Prospect,
		{codesocial.Sponsored, codesocial.EventDecline}:  codesocial.Prospect,
		{codesocial.Probation, codesocial.EventDecline}:  codesocial.Prospect,
		{codesocial.Applied, codesocial.EventWithdraw}:   codesocial.Prospect,
		{codesocial.Sponsored, codesocial.EventWithdraw}: codesocial.Prospect,
		{codesocial.Member, codesocial.EventTakeLeave}:   codesocial.OnLeave,
		{codesocial.OnLeave, codesocial.EventReturn}:     codesocial.Member,
		{codesocial.Probation, codesocial.EventResign}:   codesocial.Resigned,
		{codesocial.Member, codesocial.EventResign}:      codesocial.Resigned,
		{codesocial.OnLeave, codesocial.EventResign}:     codesocial.Resigned,
		{codesocial.Suspended, codesocial.EventResign}:   codesocial.Resigned,
		{codesocial.Probation, codesocial.EventSuspend}:  codesocial.Suspended,
		{codesocial.Member, codesocial.EventSuspend}:     codesocial.Suspended,
		{codesocial.OnLeave, codesocial.EventSuspend}:    codesocial.Suspended,
		{codesocial.Suspended, codesocial.EventSuspend}:  codesocial.Suspended,
		{codesocial.Probation, codesocial.EventExclude}:  codesocial.Excluded,
		{codesocial.Member, codesocial.EventExclude}:     codesocial.Excluded,
		{codesocial.OnLeave, codesocial.EventExclude}:    codesocial.Excluded,
		{codesocial.Suspended, codesocial.EventExclude}:  codesocial.Excluded,
		{codesocial.Suspended, codesocial.EventLift}:     codesocial.Member,
		{codesocial.Excluded, codesocial.EventLift}:      codesocial.Member,
	}
	by := map[codesocial.MembershipEvent]string{
		codesocial.EventApply: cleo, codesocial.EventSponsor: jardin, codesocial.EventWelcome: atelier, codesocial.EventConfirm: atelier,
		codesocial.EventDecline: atelier, codesocial.EventWithdraw: cleo, codesocial.EventTakeLeave: cleo, codesocial.EventReturn: cleo,
		codesocial.EventResign: cleo,
	}
	events := []codesocial.MembershipEvent{codesocial.EventAdmit, codesocial.EventSuspend, codesocial.EventExclude, codesocial.EventLift}
	for event := range by {
		events = append(events, event)
	}
	// Applied leads to probation or membership only where the rule asks for no sponsor: see the test below.
	tooFew := []pair{{codesocial.Applied, codesocial.EventWelcome}, {codesocial.Applied, codesocial.EventConfirm}, {codesocial.Sponsored, codesocial.EventConfirm}}
	for _, status := range statuses {
		for _, event := range events {
			t.Run(fmt.Sprintf("%s %s", status, event), func(t *testing.T) {
				t.Parallel()
				w, charter := guardedWorld(t, probation)
				imposed := w.bring(status)
				to, allowed := want[pair{status, event}]
				var act func(context.Context) error
				switch event {
				case codesocial.EventAdmit:
					a := codesocial.Admission{Applicant: cleo, Charter: charter.Hash(), On: day(t, on), Sponsors: []string{fournil}, Signature: acceptance(t, cleo, cleo, charter)}
					if allowed { // the rule of this test asks for a probation; without one the table decides alone
						err := w.Admit(t.Context(), a)
						require.ErrorIs(t, err, codesocial.ErrRefused)
						require.ErrorContains(t, err, "social-1")
						return
					}
					act = func(ctx context.Context) error { return w.Admit(ctx, a) }
				case codesocial.EventSuspend, codesocial.EventExclude, codesocial.EventLift:
					kind := map[codesocial.MembershipEvent]codesocial.MeasureKind{codesocial.EventSuspend: codesocial.Suspension, codesocial.EventExclude: codesocial.Exclusion}[event]
					m := w.measure(cleo, kind, on, "")
					if event == codesocial.EventLift {
						m.Kind, m.Lifts = imposed.Kind, imposed.ID()
						if imposed.Kind == "" {
							m.Kind, m.Lifts = codesocial.Suspension, uuid.New()
						}
					}
					act = func(context.Context) error { return w.impose(m) }
				default:
					act = func(context.Context) error { return w.step(cleo, event, on, by[event]) }
				}
				if allowed {
					require.NoError(t, act(t.Context()))
					require.Equal(t, to, w.status(cleo, on))
					require.Equal(t, w.State(), w.replay(guarded()))
					return
				}
				size := w.journal.Size()
				err := act(t.Context())
				require.Error(t, err)
				require.Equal(t, size, w.journal.Size())
				require.Equal(t, status, w.status(cleo, on))
				if slices.Contains(tooFew, pair{status, event}) {
					var rule *codesocial.RuleError
					require.ErrorAs(t, err, &rule)
					return
				}
				require.True(t, slices.ContainsFunc([]error{codesocial.ErrState, codesocial.ErrExists, codesocial.ErrNotMember, codesocial.ErrUnknown},
					func(is error) bool { return errors.Is(err, is) }), err)
			})
		}
	}
}

func TestThePackagePageShowsTheTableOfMemberships(t *testing.T) {
	t.Parallel()
	requirePage(t, codesocial.MembershipTable)
}

// requirePage checks that the package page shows a table.
func requirePage(t *testing.T, table string) {
	t.Helper()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	want := "//\t" + strings.ReplaceAll(strings.TrimSuffix(table, "\n"), "\n", "\n//\t") + "\n"
	require.Contains(t, string(page), want, "the page must show:\n%s", want)
}

func TestWithoutProbationNorSponsorsAnApplicantIsConfirmedAtOnceAndInOneStepToo(t *testing.T) {
	t.Parallel()
	w, charter := guardedWorld(t, setRule("social-1", `{"kind":"codesocial.admission","sponsors":0}`))
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-02-01", cleo))
	require.ErrorIs(t, w.step(cleo, codesocial.EventWelcome, "2025-02-02", atelier), codesocial.ErrRefused, "the rule knows no probation")
	require.NoError(t, w.step(cleo, codesocial.EventConfirm, "2025-02-02", atelier))
	require.True(t, w.member(cleo, "2025-02-02"))
	m, ok := w.State().Membership(cleo)
	require.True(t, ok)
	require.Equal(t, day(t, "2025-02-02"), m.Since)
	require.Equal(t, "social-1", m.Clause.Clause)
	require.True(t, m.Signed)
	require.Equal(t, w.journal.Size()-1, m.Position)

	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: ben, Charter: charter.Hash(), On: day(t, "2025-02-01")}))
	require.NoError(t, w.step(ben, codesocial.EventResign, "2025-05-01", ben))
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: ben, Charter: charter.Hash(), On: day(t, "2025-05-02")}), "readmission")
	require.Equal(t, w.State(), w.replay(guarded()))
}

func TestAnApplicantIsHeldToTheRuleUnderWhichItApplied(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	var rule *codesocial.RuleError
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-02-01", cleo))
	require.NoError(t, w.step(cleo, codesocial.EventSponsor, "2025-02-02", fournil))
	require.ErrorIs(t, w.step(cleo, codesocial.EventSponsor, "2025-02-03", fournil), codesocial.ErrExists, "twice")
	require.ErrorIs(t, w.step(cleo, codesocial.EventSponsor, "2025-02-03", ana), codesocial.ErrNotMember)
	require.ErrorIs(t, w.step(cleo, codesocial.EventSponsor, "2025-02-01", jardin), codesocial.ErrInvalid, "it is sponsored since the day after")
	require.NoError(t, w.step(cleo, codesocial.EventWelcome, "2025-02-03", atelier))
	err := w.step(cleo, codesocial.EventConfirm, "2025-03-04", atelier)
	require.ErrorAs(t, err, &rule, "one day too early")
	require.ErrorContains(t, err, "2025-03-05")
	require.False(t, w.member(cleo, "2025-03-04"), "on probation one does not decide")
	require.NoError(t, w.step(cleo, codesocial.EventConfirm, "2025-03-05", atelier))
	require.True(t, w.member(cleo, "2025-03-05"))

	require.NoError(t, w.step(cleo, codesocial.EventResign, "2025-04-01", cleo))
	require.ErrorAs(t, w.step(cleo, codesocial.EventApply, "2025-05-30", cleo), &rule)
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-05-31", cleo), "sixty days later")
	require.Equal(t, codesocial.Resigned, w.status(cleo, "2025-05-30"))
	history := w.State().StatusHistory(cleo)
	require.Len(t, history, 6)
	require.Equal(t, codesocial.EventResign, history[4].Event)
	require.Equal(t, cleo, history[4].By)
}

func TestNobodyTakesAStepForSomebodyElse(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	w.bring(codesocial.Member)
	for _, event := range []codesocial.MembershipEvent{codesocial.EventResign, codesocial.EventTakeLeave} {
		w.refusedGuarded(func(context.Context) error { return w.step(cleo, event, "2025-05-01", atelier) }, codesocial.ErrRefused, atelier)
		m := codesocial.MembershipStep{Party: cleo, Event: event, On: day(t, "2025-05-01"), By: cleo}
		w.refusedGuarded(func(ctx context.Context) error { return w.Step(ctx, m, nil) }, codesocial.ErrSignature, cleo)
	}
	m := codesocial.MembershipStep{Party: relais, Event: codesocial.EventDecline, On: day(t, "2025-05-01"), By: relais, Reason: "no"}
	w.refusedGuarded(func(ctx context.Context) error { return w.Step(ctx, m, nil) }, codesocial.ErrInvalid, "own case")
	m = codesocial.MembershipStep{Party: relais, Event: codesocial.EventDecline, On: day(t, "2025-05-01"), By: atelier}
	w.refusedGuarded(func(ctx context.Context) error { return w.Step(ctx, m, keys[atelier]) }, codesocial.ErrInvalid, "reason")
	m = codesocial.MembershipStep{Party: relais, Event: "vanish", On: day(t, "2025-05-01"), By: atelier}
	w.refusedGuarded(func(ctx context.Context) error { return w.Step(ctx, m, keys[atelier]) }, codesocial.ErrInvalid, "vanish")
}

func TestAProjectAndAnOrganizationJoinAsAPersonDoes(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	require.NoError(t, w.step(ana, codesocial.EventApply, "2025-02-01", ana))
	require.NoError(t, w.step(ana, codesocial.EventSponsor, "2025-02-01", jardin))
	require.NoError(t, w.step(ana, codesocial.EventWelcome, "2025-02-01", jardin))
	require.NoError(t, w.step(ana, codesocial.EventConfirm, "2025-03-03", jardin))
	require.NoError(t, w.step(relais, codesocial.EventApply, "2025-03-03", ana), "its lead speaks for it")
	require.NoError(t, w.step(relais, codesocial.EventSponsor, "2025-03-03", jardin))
	require.NoError(t, w.step(relais, codesocial.EventWelcome, "2025-03-03", jardin))
	require.NoError(t, w.step(relais, codesocial.EventConfirm, "2025-04-02", jardin))
	require.True(t, w.member(relais, "2025-04-02"))
	require.NoError(t, w.step(relais, codesocial.EventResign, "2025-05-02", ana))
	require.Equal(t, codesocial.Resigned, w.status(relais, "2025-05-02"))
}

func TestWhoIsAdmittedAfterANewVersionHasAcceptedItToo(t *testing.T) {
	t.Parallel()
	w, v1 := guardedWorld(t, probation)
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-02-01", cleo))
	require.NoError(t, w.step(cleo, codesocial.EventSponsor, "2025-02-01", fournil))
	require.NoError(t, w.step(cleo, codesocial.EventWelcome, "2025-02-01", fournil))
	v2 := next(t, v1, "2025-02-15", setRule("social-1", `{"kind":"codesocial.admission","sponsors":9}`))
	w.adopt(v2, atelier, fournil)
	err := w.step(cleo, codesocial.EventConfirm, "2025-03-05", fournil)
	require.ErrorIs(t, err, codesocial.ErrNotInForce)
	require.ErrorContains(t, err, "version 2")
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: cleo, Charter: v2.Hash(), On: day(t, "2025-03-05"), Signature: acceptance(t, cleo, cleo, v2)}))
	require.NoError(t, w.step(cleo, codesocial.EventConfirm, "2025-03-05", fournil), "under the rule of version 1, which asks for one sponsor")
}

func TestAMeasureEndsByItselfOrIsLiftedAndTheStatusIsWhatItWas(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	w.bring(codesocial.OnLeave)
	m := w.measure(cleo, codesocial.Suspension, "2025-05-01", "2025-05-31")
	require.NoError(t, w.impose(m))
	require.NoError(t, w.impose(m), "again: nothing is recorded")
	for on, want := range map[string]codesocial.MembershipStatus{
		"2025-04-30": codesocial.OnLeave, "2025-05-01": codesocial.Suspended, "2025-05-31": codesocial.Suspended, "2025-06-01": codesocial.OnLeave,
	} {
		require.Equal(t, want, w.status(cleo, on), on)
	}
	require.False(t, w.member(cleo, "2025-05-15"))
	require.False(t, w.State().Member(cleo, time.Date(2025, 5, 15, 12, 0, 0, 0, time.UTC)))
	lift := w.measure(cleo, codesocial.Suspension, "2025-05-10", "")
	lift.Lifts = m.ID()
	require.NoError(t, w.impose(lift))
	require.Equal(t, codesocial.Suspended, w.status(cleo, "2025-05-09"))
	require.Equal(t, codesocial.OnLeave, w.status(cleo, "2025-05-10"))
	list := w.State().Measures(cleo)
	require.Len(t, list, 1)
	require.Equal(t, day(t, "2025-05-10"), list[0].Ended)
	require.True(t, list[0].Lasts(day(t, "2025-05-09")))
	require.False(t, list[0].Lasts(day(t, "2025-05-10")))

	out := w.measure(cleo, codesocial.Exclusion, "2025-07-01", "")
	require.NoError(t, w.impose(out))
	require.Equal(t, codesocial.Excluded, w.status(cleo, "2025-07-01"))
	void := w.measure(cleo, codesocial.Exclusion, "2025-07-01", "")
	void.Lifts = out.ID()
	require.NoError(t, w.impose(void), "annulled")
	require.Equal(t, codesocial.OnLeave, w.status(cleo, "2025-07-01"))
	require.Equal(t, w.State(), w.replay(guarded()))
}

func TestAnExclusionThatIsAnnulledGivesBackWhatItTookEvenAfterANewApplication(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	out := w.bring(codesocial.Excluded)
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-06-01", cleo))
	require.Equal(t, codesocial.Excluded, w.status(cleo, "2025-05-31"))
	require.Equal(t, codesocial.Applied, w.status(cleo, "2025-06-01"))
	void := w.measure(cleo, codesocial.Exclusion, "2025-04-01", "")
	void.Lifts = out.ID()
	require.NoError(t, w.impose(void))
	require.Equal(t, codesocial.Member, w.status(cleo, "2025-04-01"))
	require.Equal(t, codesocial.Member, w.status(cleo, "2025-06-01"))
	require.Equal(t, w.State(), w.replay(guarded()))
}

func TestARestrictionTakesNothingButWhatItNames(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	w.bring(codesocial.Member)
	m := w.measure(cleo, codesocial.Restriction, "2025-05-01", "2025-05-31")
	m.Scope = "catalog"
	require.NoError(t, w.impose(m))
	require.True(t, w.member(cleo, "2025-05-15"))
	s := w.State()
	require.True(t, s.Restricted(cleo, "catalog.offer", day(t, "2025-05-15")))
	require.False(t, s.Restricted(cleo, "catalog.offer", day(t, "2025-06-01")))
	require.False(t, s.Restricted(cleo, "catalogue.offer", day(t, "2025-05-15")))
	require.False(t, s.Restricted(cleo, "ledger.contribution", day(t, "2025-05-15")))
	require.False(t, s.Restricted(ben, "catalog.offer", day(t, "2025-05-15")))
}

func TestNoMeasureTakesEffectWithoutAGuardWhoVouchesForIt(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	w.bring(codesocial.Member)
	m := w.measure(cleo, codesocial.Exclusion, "2025-05-01", "")
	unknown := m
	unknown.Case = uuid.New()
	require.ErrorIs(t, w.impose(unknown), errNotRuled)
	w.refusedGuarded(w.write(journal.Draft{ID: unknown.ID(), Kind: codesocial.KindMeasure, Payload: unknown}), errNotRuled)
	w.refusedGuarded(w.write(journal.Draft{Kind: codesocial.KindMeasure, Payload: m}), codesocial.ErrInvalid, "id")
	require.NoError(t, w.impose(m))

	signer, err := journal.NewSigner("la-trame.example/journal", keys["journal"])
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), w.store, signer, nil)
	require.NoError(t, err)
	_, err = codesocial.Open(t.Context(), j)
	require.ErrorIs(t, err, codesocial.ErrUnguarded)
	require.ErrorContains(t, err, "mediation.Guard()")
	_, err = codesocial.VerifyAuthors(t.Context(), j)
	require.ErrorIs(t, err, codesocial.ErrUnguarded)
	_, err = codesocial.VerifyAuthors(t.Context(), j, guarded())
	require.NoError(t, err)

	plain, charter := founded(t)
	require.Nil(t, plain.Guard())
	clause, err := charter.Ref("social-1")
	require.NoError(t, err)
	err = plain.impose(codesocial.Measure{Case: uuid.New(), Party: fournil, Kind: codesocial.Exclusion, From: day(t, "2025-05-01"), Clause: clause})
	require.ErrorIs(t, err, codesocial.ErrUnguarded)
}

func TestBadMeasuresAreRefused(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t, probation)
	imposed := w.bring(codesocial.Suspended)
	for name, test := range map[string]struct {
		edit func(*codesocial.Measure)
		is   error
	}{
		"no case":            {func(m *codesocial.Measure) { m.Case = uuid.Nil }, codesocial.ErrInvalid},
		"no party":           {func(m *codesocial.Measure) { m.Party = "" }, codesocial.ErrInvalid},
		"no kind":            {func(m *codesocial.Measure) { m.Kind = "exile" }, codesocial.ErrInvalid},
		"scope":              {func(m *codesocial.Measure) { m.Scope = "catalog" }, codesocial.ErrInvalid},
		"no scope":           {func(m *codesocial.Measure) { m.Kind = codesocial.Restriction }, codesocial.ErrInvalid},
		"bad scope":          {func(m *codesocial.Measure) { m.Kind, m.Scope = codesocial.Restriction, "Catalog!" }, codesocial.ErrInvalid},
		"no day":             {func(m *codesocial.Measure) { m.From = codesocial.Date{} }, codesocial.ErrInvalid},
		"ends before":        {func(m *codesocial.Measure) { m.Until = m.From.AddDays(-1) }, codesocial.ErrInvalid},
		"exclusion ends":     {func(m *codesocial.Measure) { m.Kind, m.Until = codesocial.Exclusion, m.From }, codesocial.ErrInvalid},
		"no clause":          {func(m *codesocial.Measure) { m.Clause = codesocial.ClauseRef{} }, codesocial.ErrInvalid},
		"unknown clause":     {func(m *codesocial.Measure) { m.Clause.Clause = "social-9" }, codesocial.ErrUnknown},
		"nobody":             {func(m *codesocial.Measure) { m.Party = "urn:x:nobody" }, codesocial.ErrUnknown},
		"never applied":      {func(m *codesocial.Measure) { m.Party = ben }, codesocial.ErrUnknown},
		"lifts nothing":      {func(m *codesocial.Measure) { m.Lifts = uuid.New() }, codesocial.ErrUnknown},
		"lifts another kind": {func(m *codesocial.Measure) { m.Kind, m.Lifts = codesocial.Exclusion, imposed.ID() }, codesocial.ErrInvalid},
		"lifts before":       {func(m *codesocial.Measure) { m.Lifts, m.From = imposed.ID(), imposed.From.AddDays(-1) }, codesocial.ErrInvalid},
	} {
		m := w.measure(cleo, codesocial.Suspension, "2025-05-01", "")
		test.edit(&m)
		w.refusedGuarded(func(context.Context) error { return w.impose(m) }, test.is)
		t.Log(name)
	}
}

func TestWhoIsSuspendedDoesNotActAndMayLeave(t *testing.T) {
	t.Parallel()
	w, charter := guardedWorld(t)
	require.NoError(t, w.Admit(t.Context(), w.admission(charter)))
	require.NoError(t, w.impose(w.measure(atelier, codesocial.Suspension, "2025-05-01", "2025-05-31")))
	a := codesocial.Admission{Applicant: ben, Charter: charter.Hash(), On: day(t, "2025-05-15"), Sponsors: []string{atelier}}
	w.refusedGuarded(func(ctx context.Context) error { return w.Admit(ctx, a) }, codesocial.ErrNotMember, atelier)
	v2 := next(t, charter, "2025-05-20")
	require.NoError(t, w.Propose(t.Context(), v2))
	w.refusedGuarded(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-05-19"), Signatures: signatures(t, v2, atelier, fournil)})
	}, codesocial.ErrNotMember, atelier)
	require.NoError(t, w.step(atelier, codesocial.EventResign, "2025-05-20", atelier))
	require.Equal(t, codesocial.Resigned, w.status(atelier, "2025-05-20"))
	o := w.opposable("social-1", atelier, "2025-05-21")
	require.Equal(t, codesocial.Left, o.Ground)
	require.Equal(t, codesocial.Signed, w.opposable("social-1", atelier, "2025-05-19").Ground, "who is suspended is bound")
}

// refusedGuarded is refused for a world with a guard.
func (w *world) refusedGuarded(act func(context.Context) error, sentinel error, words ...string) {
	w.t.Helper()
	size, before := w.journal.Size(), w.replay(guarded())
	err := act(w.t.Context())
	require.ErrorIs(w.t, err, sentinel)
	requireSaidOnce(w.t, err)
	for _, word := range words {
		require.ErrorContains(w.t, err, word)
	}
	require.Equal(w.t, size, w.journal.Size(), "nothing is recorded")
	require.Equal(w.t, before, w.State(), "nothing changes")
}

func TestAnyHistoryOfMembershipsIsReplayedToTheSameStateAndStaysInTheTable(t *testing.T) {
	t.Parallel()
	for range 4 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			w, charter := guardedWorld(t, setRule("social-1", `{"kind":"codesocial.admission","sponsors":1,"probation":3,"readmission":5}`))
			who := []string{ana, ben, cleo, atelier, fournil, jardin, relais}
			pick := func() string { return who[random.IntN(len(who))] }
			events := []codesocial.MembershipEvent{
				codesocial.EventApply, codesocial.EventSponsor, codesocial.EventWelcome, codesocial.EventConfirm, codesocial.EventDecline,
				codesocial.EventWithdraw, codesocial.EventTakeLeave, codesocial.EventReturn, codesocial.EventResign,
			}
			on, done := charter.InForceFrom(), 0
			require.NoError(t, w.step(ana, codesocial.EventApply, on.String(), ana))
			require.NoError(t, w.step(ana, codesocial.EventSponsor, on.String(), atelier))
			require.NoError(t, w.step(ana, codesocial.EventWelcome, on.String(), fournil))
			require.NoError(t, w.impose(w.measure(ana, codesocial.Suspension, on.String(), on.String())))
			for range 400 {
				on = on.AddDays(random.IntN(4))
				party := pick()
				var err error
				switch random.IntN(8) {
				case 0:
					kind := []codesocial.MeasureKind{codesocial.Suspension, codesocial.Exclusion}[random.IntN(2)]
					m := w.measure(party, kind, on.String(), "")
					if kind == codesocial.Suspension {
						m.Until = on.AddDays(random.IntN(10))
					}
					if all := w.State().Measures(party); len(all) > 0 && random.IntN(2) == 0 {
						last := all[len(all)-1]
						m.Kind, m.Until, m.Lifts = last.Kind, codesocial.Date{}, last.ID
					}
					err = w.impose(m)
				default:
					err = w.step(party, events[random.IntN(len(events))], on.String(), []string{party, pick()}[random.IntN(2)])
				}
				if err == nil {
					done++
				}
				for _, iri := range who {
					status := w.State().StatusOn(iri, on)
					require.Contains(t, statuses, status)
					require.Equal(t, status == codesocial.Member || status == codesocial.OnLeave, w.State().MemberOn(iri, on))
				}
			}
			t.Logf("%d steps", done)
			require.Equal(t, w.State(), w.replay(guarded()))
			require.Equal(t, w.State(), openWorld(t, w.store, guarded()).State())
		})
	}
}

func BenchmarkPermissionAmongTenThousandMembers(b *testing.B) {
	w, charter := guardedWorld(b, setRule("social-1", `{"kind":"codesocial.admission","sponsors":0}`))
	list, admissions := make([]codesocial.Party, 10_000), make([]codesocial.Admission, 10_000)
	for i := range list {
		list[i] = codesocial.Party{ID: fmt.Sprintf("urn:x:%d", i), Type: codesocial.Person, Name: "N"}
		admissions[i] = codesocial.Admission{Applicant: list[i].ID, Charter: charter.Hash(), On: day(b, "2025-02-01")}
	}
	require.NoError(b, w.Register(b.Context(), list...))
	require.NoError(b, w.Admit(b.Context(), admissions...))
	s, on, i := w.State(), day(b, "2025-03-01"), 0
	b.ReportAllocs()
	for b.Loop() {
		if i = (i + 7919) % len(list); !s.MemberOn(list[i].ID, on) {
			b.Fatal(list[i].ID)
		}
	}
}
