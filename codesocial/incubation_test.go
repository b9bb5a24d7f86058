package codesocial_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestThePackagePageShowsIncubationAndWindingDown(t *testing.T) {
	t.Parallel()
	requirePage(t, codesocial.IncubationTable)
	requirePage(t, codesocial.WindDownTable)
}

const nursery = `{"kind":"codesocial.incubation","months":12,"extensions":1,"extensionMonths":6,
	"screening":[{"id":"scope","title":{"en":"It is in our scope."}},{"id":"licence","title":{"en":"Its licence is open."}}],
	"stages":[{"id":"support","title":{"en":"Support"},"gate":[{"id":"budget","title":{"en":"It has a budget."}}]},{"id":"synergy","title":{"en":"Synergy"}}]}`

// incubator is a community of five members with relais, a project of atelier and fournil led by ana, and a rule of incubation.
func incubator(t testing.TB, rule string, more ...string) *world {
	t.Helper()
	w := assembly(t, append([]string{rule}, more...)...)
	return w
}

func (w *world) incubate(event codesocial.IncubationEvent, on, by string, edits ...func(*codesocial.IncubationStep)) error {
	m := codesocial.IncubationStep{Project: relais, Event: event, On: day(w.t, on), By: by}
	switch event {
	case codesocial.IncubationScreen:
		m.Evidence = []codesocial.Evidence{{Criterion: "scope", Source: "page 2"}, {Criterion: "licence", Source: "https://la-trame.example/licence"}}
	case codesocial.IncubationPass:
		m.Stage, m.Evidence = "synergy", []codesocial.Evidence{{Criterion: "budget", Source: "annex 1"}}
	case codesocial.IncubationGraduate:
		m.Evidence = []codesocial.Evidence{{Source: "the bread oven", By: []string{atelier, fournil}}}
	case codesocial.IncubationExtend:
		m.Until = day(w.t, "2026-08-31")
	case codesocial.IncubationMerge:
		m.Into = "https://la-trame.example/project/other"
	case codesocial.IncubationSpinOut:
		m.Into = river
	case codesocial.IncubationStop, codesocial.IncubationDecline:
		m.Reason = "It did not work out."
	}
	for _, edit := range edits {
		edit(&m)
	}
	return w.Incubate(w.t.Context(), m, keys[by])
}

func (w *world) incubation() codesocial.IncubationStatus {
	if i, ok := w.State().Incubation(relais); ok {
		return i.Status
	}
	return codesocial.NotSubmitted
}

// raise takes relais to a status before 2025-09-01.
func (w *world) raise(to codesocial.IncubationStatus) {
	w.t.Helper()
	require.NoError(w.t, w.Register(w.t.Context(), codesocial.Party{ID: "https://la-trame.example/project/other", Type: codesocial.Project, Name: "Other"}))
	type step struct {
		event  codesocial.IncubationEvent
		on, by string
	}
	path := []step{{codesocial.IncubationSubmit, "2025-03-01", ana}, {codesocial.IncubationScreen, "2025-03-02", jardin}, {codesocial.IncubationBegin, "2025-03-03", jardin}, {codesocial.IncubationPass, "2025-04-01", jardin}}
	n := map[codesocial.IncubationStatus]int{codesocial.Submitted: 1, codesocial.Screened: 2, codesocial.Declined: 1}
	steps := path
	if k, ok := n[to]; ok || to == codesocial.NotSubmitted {
		steps = path[:k]
	}
	last := map[codesocial.IncubationStatus]step{
		codesocial.Extended: {codesocial.IncubationExtend, "2025-08-01", jardin}, codesocial.Graduated: {codesocial.IncubationGraduate, "2025-08-01", jardin},
		codesocial.Merged: {codesocial.IncubationMerge, "2025-08-01", jardin}, codesocial.SpunOut: {codesocial.IncubationSpinOut, "2025-08-01", ana},
		codesocial.Stopped: {codesocial.IncubationStop, "2025-08-01", ana}, codesocial.Declined: {codesocial.IncubationDecline, "2025-08-01", jardin},
	}
	if s, ok := last[to]; ok {
		steps = append(append([]step(nil), steps...), s)
	}
	for _, s := range steps {
		require.NoError(w.t, w.incubate(s.event, s.on, s.by), s.event)
	}
	require.Equal(w.t, to, w.incubation())
}

func TestEveryPairOfAnIncubationsStatusAndEventIsAsTheTableSays(t *testing.T) {
	t.Parallel()
	const (
		s, n, i, e = codesocial.Submitted, codesocial.NotSubmitted, codesocial.Incubating, codesocial.Extended
	)
	want := map[codesocial.IncubationStatus]map[codesocial.IncubationEvent]codesocial.IncubationStatus{
		n:                    {codesocial.IncubationSubmit: s},
		codesocial.Declined:  {codesocial.IncubationSubmit: s},
		codesocial.Stopped:   {codesocial.IncubationSubmit: s},
		s:                    {codesocial.IncubationScreen: codesocial.Screened, codesocial.IncubationDecline: codesocial.Declined, codesocial.IncubationStop: codesocial.Stopped},
		codesocial.Screened:  {codesocial.IncubationBegin: i, codesocial.IncubationDecline: codesocial.Declined, codesocial.IncubationStop: codesocial.Stopped},
		codesocial.Graduated: {codesocial.IncubationSpinOut: codesocial.SpunOut},
		i: {
			codesocial.IncubationExtend: e, codesocial.IncubationGraduate: codesocial.Graduated, codesocial.IncubationMerge: codesocial.Merged,
			codesocial.IncubationSpinOut: codesocial.SpunOut, codesocial.IncubationStop: codesocial.Stopped,
		},
		e: {
			codesocial.IncubationGraduate: codesocial.Graduated, codesocial.IncubationMerge: codesocial.Merged,
			codesocial.IncubationSpinOut: codesocial.SpunOut, codesocial.IncubationStop: codesocial.Stopped,
		},
	}
	for _, status := range []codesocial.IncubationStatus{n, s, codesocial.Screened, i, e, codesocial.Graduated, codesocial.Merged, codesocial.Stopped, codesocial.SpunOut, codesocial.Declined} {
		require.NotEmpty(t, status.Label())
		for _, event := range []codesocial.IncubationEvent{
			codesocial.IncubationSubmit, codesocial.IncubationScreen, codesocial.IncubationDecline, codesocial.IncubationBegin, codesocial.IncubationPass,
			codesocial.IncubationExtend, codesocial.IncubationGraduate, codesocial.IncubationMerge, codesocial.IncubationSpinOut, codesocial.IncubationStop,
		} {
			t.Run(string(status)+" "+string(event), func(t *testing.T) {
				t.Parallel()
				w := incubator(t, nursery)
				w.raise(status)
				by := jardin
				if event == codesocial.IncubationSubmit || event == codesocial.IncubationSpinOut {
					by = ana
				}
				err := w.incubate(event, "2025-09-01", by)
				if to, ok := want[status][event]; ok {
					require.NoError(t, err)
					require.Equal(t, to, w.incubation())
					require.Equal(t, w.State(), w.replay())
					return
				}
				require.Error(t, err)
				require.Equal(t, status, w.incubation())
				require.True(t, errors.Is(err, codesocial.ErrState) || event == codesocial.IncubationExtend && errors.Is(err, codesocial.ErrRefused), err)
			})
		}
	}
}

func TestAProjectPassesItsGatesWithEvidenceAndGraduatesWithWorkDoneTogether(t *testing.T) {
	t.Parallel()
	w := incubator(t, nursery)
	refused := func(is error, event codesocial.IncubationEvent, on, by string, words []string, edits ...func(*codesocial.IncubationStep)) {
		t.Helper()
		w.refused(func(context.Context) error { return w.incubate(event, on, by, edits...) }, is, words...)
	}
	none := func(m *codesocial.IncubationStep) { m.Evidence = nil }
	refused(codesocial.ErrRefused, codesocial.IncubationSubmit, "2025-03-01", jardin, []string{"speak"})
	require.NoError(t, w.incubate(codesocial.IncubationSubmit, "2025-03-01", ana))
	require.NoError(t, w.incubate(codesocial.IncubationSubmit, "2025-03-01", ana), "again: nothing is recorded")
	refused(codesocial.ErrRefused, codesocial.IncubationScreen, "2025-03-02", atelier, []string{"own case"})
	refused(codesocial.ErrRefused, codesocial.IncubationScreen, "2025-03-02", ana, []string{"own case"})
	refused(codesocial.ErrNotMember, codesocial.IncubationScreen, "2025-03-02", cleo, nil)
	refused(codesocial.ErrRefused, codesocial.IncubationScreen, "2025-03-02", jardin, []string{"scope", "decide-1"}, none)
	refused(codesocial.ErrInvalid, codesocial.IncubationScreen, "2025-02-28", jardin, nil)
	require.NoError(t, w.incubate(codesocial.IncubationScreen, "2025-03-02", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationBegin, "2025-03-03", jardin))
	i, _ := w.State().Incubation(relais)
	require.Equal(t, "support", i.Stage)
	require.Equal(t, day(t, "2026-03-02"), i.Due)
	refused(codesocial.ErrState, codesocial.IncubationGraduate, "2025-03-04", jardin, []string{"support"})
	refused(codesocial.ErrRefused, codesocial.IncubationPass, "2025-03-04", jardin, []string{"budget"}, none)
	refused(codesocial.ErrState, codesocial.IncubationPass, "2025-03-04", jardin, []string{"moon"}, func(m *codesocial.IncubationStep) { m.Stage = "moon" })
	require.NoError(t, w.incubate(codesocial.IncubationPass, "2025-03-04", jardin))
	refused(codesocial.ErrTooFew, codesocial.IncubationGraduate, "2025-03-05", jardin, []string{"together"}[:0], func(m *codesocial.IncubationStep) { m.Evidence[0].By = []string{atelier, ana} })
	i, _ = w.State().Incubation(relais)
	require.False(t, i.Overdue(day(t, "2026-03-02")))
	require.True(t, i.Overdue(day(t, "2026-03-03")))
	refused(codesocial.ErrRefused, codesocial.IncubationGraduate, "2026-03-03", jardin, []string{"extended"})
	refused(codesocial.ErrRefused, codesocial.IncubationExtend, "2026-03-03", jardin, []string{"2026-09-02"}, func(m *codesocial.IncubationStep) { m.Until = day(t, "2026-09-03") })
	require.NoError(t, w.incubate(codesocial.IncubationExtend, "2026-03-03", jardin))
	refused(codesocial.ErrRefused, codesocial.IncubationExtend, "2026-03-04", jardin, []string{"1 extensions"}, func(m *codesocial.IncubationStep) { m.Until = day(t, "2026-09-02") })
	require.NoError(t, w.incubate(codesocial.IncubationGraduate, "2026-08-31", jardin))
	i, _ = w.State().Incubation(relais)
	require.Len(t, i.Steps, 6)
	require.Equal(t, "decide-1", i.Steps[0].Clause.Clause)
	require.Equal(t, w.State(), w.replay())
}

func TestAGateAwaitsTheDecisionThatTheRuleAsksFor(t *testing.T) {
	t.Parallel()
	w := incubator(t, `{"kind":"codesocial.incubation","months":12,"decision":true,"stages":[{"id":"support","title":{"en":"Support"}}]}`, byVoteOnText)
	require.NoError(t, w.incubate(codesocial.IncubationSubmit, "2025-03-01", ana))
	w.refused(func(context.Context) error { return w.incubate(codesocial.IncubationScreen, "2025-03-20", jardin) }, codesocial.ErrRefused, "no decision")
	m := codesocial.IncubationStep{Project: relais, Event: codesocial.IncubationScreen}
	o := textDecision(t, m.Matter().Kind, m.Matter().Ref, "2025-03-10T09:00:00Z")
	id := w.decide(o)
	w.answer(id, jardin, "2025-03-10T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.incubate(codesocial.IncubationScreen, "2025-03-20", jardin))
	require.Equal(t, w.State(), w.replay())
}

func TestCreditorsComeFirstAndThenTheCommons(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	claim := func(creditor, amount string) *codesocial.Claim {
		return &codesocial.Claim{Creditor: creditor, Unit: "EUR", Amount: decimal.RequireFromString(amount)}
	}
	on := 0
	wind := func(event codesocial.WindDownEvent, by string, edits ...func(*codesocial.WindDownStep)) func(context.Context) error {
		m := codesocial.WindDownStep{Project: relais, Event: event, On: day(t, "2025-06-01").AddDays(on), By: by}
		if event == codesocial.WindDownBegin {
			m.Reason = "It has done its work."
		}
		if event == codesocial.WindDownRelease {
			m.Assets = []codesocial.Asset{{ID: "https://la-trame.example/work/oven", Title: codesocial.Text{"en": "Plans of the oven"}, Licence: "CC-BY-SA-4.0"}}
		}
		for _, edit := range edits {
			edit(&m)
		}
		return func(ctx context.Context) error { return w.WindDown(ctx, m, keys[by]) }
	}
	of := func(c *codesocial.Claim) func(*codesocial.WindDownStep) {
		return func(m *codesocial.WindDownStep) { m.Claim = c }
	}
	events := map[codesocial.WindDownEvent]func(context.Context) error{
		codesocial.WindDownBegin: wind(codesocial.WindDownBegin, ana), codesocial.WindDownClaim: wind(codesocial.WindDownClaim, jardin, of(claim(jardin, "100"))),
		codesocial.WindDownPay: wind(codesocial.WindDownPay, jardin, of(claim(jardin, "100"))), codesocial.WindDownClear: wind(codesocial.WindDownClear, ana),
		codesocial.WindDownRelease: wind(codesocial.WindDownRelease, ana), codesocial.WindDownClose: wind(codesocial.WindDownClose, ana),
	}
	only := func(status codesocial.WindDownStatus, allowed ...codesocial.WindDownEvent) {
		t.Helper()
		got := codesocial.Running
		if x, ok := w.State().Winding(relais); ok {
			got = x.Status
		}
		require.Equal(t, status, got)
		require.NotEmpty(t, status.Label())
	events:
		for event, act := range events {
			for _, a := range allowed {
				if a == event {
					continue events
				}
			}
			w.refused(act, codesocial.ErrState)
		}
	}
	only(codesocial.Running, codesocial.WindDownBegin)
	require.NoError(t, events[codesocial.WindDownBegin](t.Context()))
	only(codesocial.WindingDown, codesocial.WindDownClaim, codesocial.WindDownPay, codesocial.WindDownClear)
	require.NoError(t, events[codesocial.WindDownClaim](t.Context()))
	w.refused(wind(codesocial.WindDownClaim, atelier, of(claim(ben, "1"))), codesocial.ErrRefused, "neither")
	w.refused(events[codesocial.WindDownClaim], codesocial.ErrExists)
	w.refused(events[codesocial.WindDownClear], codesocial.ErrRefused, "creditors come first")
	w.refused(wind(codesocial.WindDownPay, ana, of(claim(jardin, "100"))), codesocial.ErrRefused, "creditor")
	w.refused(wind(codesocial.WindDownPay, jardin, of(claim(jardin, "99"))), codesocial.ErrUnknown)
	w.refused(wind(codesocial.WindDownClaim, jardin, of(claim(jardin, "-1"))), codesocial.ErrInvalid, "positive")
	require.NoError(t, events[codesocial.WindDownPay](t.Context()))
	require.NoError(t, events[codesocial.WindDownClear](t.Context()))
	only(codesocial.Cleared, codesocial.WindDownRelease)
	require.NoError(t, events[codesocial.WindDownRelease](t.Context()))
	w.refused(events[codesocial.WindDownRelease], codesocial.ErrExists)
	only(codesocial.Released, codesocial.WindDownRelease, codesocial.WindDownClose)
	on = -1
	w.refused(wind(codesocial.WindDownClose, ana), codesocial.ErrInvalid)
	require.NoError(t, events[codesocial.WindDownClose](t.Context()))
	only(codesocial.Closed)
	x, _ := w.State().Winding(relais)
	require.Empty(t, x.Open)
	require.Len(t, x.Paid, 1)
	require.Len(t, x.Assets, 1)
	require.Len(t, x.Steps, 6)
	require.Equal(t, w.State(), w.replay())
}
