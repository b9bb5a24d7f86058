package codesocial_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestAReviewOpensByItselfAndIsOverdueInSight(t *testing.T) {
	t.Parallel()
	charter := small(t)
	require.Equal(t, "Europe/Paris", charter.Location().String())
	require.Equal(t, codesocial.Date{Year: 2025, Month: time.January, Day: 1}, charter.InForceFrom())
	noDate := func(d *codesocial.Document) { d.ReviewBy = codesocial.Date{} }
	for name, test := range map[string]struct {
		charter    *codesocial.Charter
		opens, due string
	}{
		"the document's day":                  {charter, "2025-11-02", "2026-01-01"},
		"twelve months, where it has none":    {small(t, noDate), "2025-11-02", "2026-01-01"},
		"a rule of its own":                   {small(t, setRule("social-2", `{"kind":"codesocial.review","opens":30}`)), "2025-12-02", "2026-01-01"},
		"on the very day":                     {small(t, setRule("social-2", `{"kind":"codesocial.review","opens":0}`)), "2026-01-01", "2026-01-01"},
		"never before the version's own days": {small(t, setRule("social-2", `{"kind":"codesocial.review","opens":3660}`)), "2025-01-01", "2026-01-01"},
	} {
		opens, err := test.charter.ReviewOpens()
		require.NoError(t, err, name)
		require.Equal(t, test.opens, opens.String(), name)
		require.Equal(t, test.due, test.charter.ReviewDue().String(), name)
		require.False(t, test.charter.Overdue(day(t, test.due)), name)
		require.True(t, test.charter.Overdue(day(t, test.due).AddDays(1)), name)
	}
	require.True(t, small(t, noDate).ReviewBy().IsZero())
	_, err := small(t, setRule("social-2", `{"kind":"codesocial.review","opens":-1}`)).ReviewOpens()
	require.ErrorIs(t, err, codesocial.ErrInvalid)
}

func TestAVersionStandsWhereItsDaysSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	v1 := small(t)
	rival := small(t, func(d *codesocial.Document) { d.Threshold = 3 })
	require.NoError(t, w.Propose(t.Context(), rival))
	w.adopt(v1, atelier, fournil)
	v2 := next(t, v1, "2026-03-01")
	w.adopt(v2, atelier, fournil)
	v3 := next(t, v2, "2027-01-01")
	require.NoError(t, w.Propose(t.Context(), v3))
	for _, test := range []struct {
		charter *codesocial.Charter
		on      string
		want    codesocial.Status
	}{
		{rival, "2025-06-01", codesocial.Outdated},
		{v1, "2024-12-31", codesocial.Adopted},
		{v1, "2025-01-01", codesocial.InForce},
		{v1, "2025-11-01", codesocial.InForce},
		{v1, "2025-11-02", codesocial.UnderReview},
		{v1, "2026-02-28", codesocial.UnderReview}, // overdue, and never silently lapsed
		{v1, "2026-03-01", codesocial.Superseded},
		{v2, "2026-02-28", codesocial.Adopted},
		{v2, "2026-03-01", codesocial.InForce},
		{v2, "2099-01-01", codesocial.UnderReview},
		{v3, "2099-01-01", codesocial.Proposed},
	} {
		got, err := w.State().Status(test.charter.Hash(), day(t, test.on))
		require.NoError(t, err)
		require.Equal(t, test.want, got, test)
		require.Equal(t, []string{"en", "fr"}, got.Label().Languages())
	}
	_, err := w.State().Status("sha256:", day(t, "2025-01-01"))
	require.ErrorIs(t, err, codesocial.ErrUnknown)

	broken := newWorld(t).withParties()
	c := small(t, setRule("social-2", `{"kind":"codesocial.review","opens":-1}`))
	require.NoError(t, broken.write(draftOf(codesocial.KindCharter, rawOf(c)))(t.Context()))
	require.NoError(t, broken.write(draftOf(codesocial.KindAdoption, codesocial.Adoption{Charter: c.Hash(), On: day(t, "2025-01-01"), Signatures: signatures(t, c, atelier, fournil)}))(t.Context()))
	_, err = broken.State().Status(c.Hash(), day(t, "2025-01-01"))
	require.ErrorIs(t, err, codesocial.ErrInvalid)
}

func TestMembersCallAReviewBeforeItsDay(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.review","opens":30,"callers":3}`)
	v1 := w.State().Versions()[0].Charter
	call := func(party, on string) codesocial.ReviewCall {
		return codesocial.ReviewCall{Charter: v1.Hash(), On: day(t, on), Party: party, Reason: "The shares of 2024 do not fit any more."}
	}
	calls := func(c codesocial.ReviewCall) func(context.Context) error {
		return func(ctx context.Context) error { return w.CallReview(ctx, c, keys[c.Party]) }
	}
	stands := func(on string, want codesocial.Status, due string) {
		t.Helper()
		got, err := w.State().Status(v1.Hash(), day(t, on))
		require.NoError(t, err)
		require.Equal(t, want, got)
		v, _ := w.State().Version(v1.Hash())
		require.Equal(t, due, v.ReviewDue(day(t, on)).String())
	}
	require.NoError(t, calls(call(atelier, "2025-03-10"))(t.Context()))
	require.NoError(t, calls(call(atelier, "2025-03-10"))(t.Context()), "again: nothing is recorded")
	require.NoError(t, calls(call(ben, "2025-03-20"))(t.Context()), "who has no key")
	stands("2025-06-01", codesocial.InForce, "2026-01-01")

	w.refused(calls(call(atelier, "2025-04-01")), codesocial.ErrExists, "2025-03-10", "decide-1")
	w.refused(calls(call(cleo, "2025-04-01")), codesocial.ErrNotMember, "decide-1")
	w.refused(calls(call(relais, "2024-12-31")), codesocial.ErrState, "adopted")
	w.refused(func(ctx context.Context) error { return w.CallReview(ctx, call(fournil, "2025-04-01"), nil) }, codesocial.ErrSignature)
	w.refused(func(ctx context.Context) error { return w.CallReview(ctx, call(fournil, "2025-04-01"), keys[ana]) }, codesocial.ErrSignature)
	blank := call(fournil, "2025-04-01")
	blank.Reason = " "
	w.refused(calls(blank), codesocial.ErrInvalid, "reason")

	require.NoError(t, calls(call(ana, "2025-03-15"))(t.Context()), "the days count, not the order of the records")
	stands("2025-03-19", codesocial.InForce, "2026-01-01")
	stands("2025-03-20", codesocial.UnderReview, "2025-04-19")
	w.refused(calls(call(fournil, "2025-04-01")), codesocial.ErrState, "under-review")
	r := w.last()
	e := w.State().Explain(&r)
	require.Equal(t, "decide-1", e.Clauses[0].Clause)
	require.Contains(t, e.In("fr"), "demande le réexamen")
	v, _ := w.State().Version(v1.Hash())
	require.Equal(t, []string{atelier, ana, ben}, []string{v.Calls[0].Party, v.Calls[1].Party, v.Calls[2].Party})
	require.False(t, v.Overdue(day(t, "2025-04-19")))
	require.True(t, v.Overdue(day(t, "2025-04-20")), "it counts from the call")
	require.Contains(t, string(w.State().Calendar("en")), "20250419")

	require.NoError(t, w.Renew(t.Context(), renewal(t, v1, "2025-05-01", "2026-05-01")))
	stands("2025-05-01", codesocial.InForce, "2026-05-01")
	stands("2025-04-30", codesocial.UnderReview, "2025-04-19") // as it stood then
	w.refused(calls(call(fournil, "2025-05-01")), codesocial.ErrInvalid, "last renewal")
	for _, party := range []string{atelier, fournil, ana} { // whoever called before may call again
		require.NoError(t, calls(call(party, "2025-06-01"))(t.Context()))
	}
	stands("2025-06-01", codesocial.UnderReview, "2025-07-01")
	require.Equal(t, w.State(), w.replay())

	forged := call(ben, "2025-05-15")
	forged.Clause = codesocial.ClauseRef{Charter: v1.ID(), Version: 1, Hash: v1.Hash(), Clause: "social-1"}
	d := journal.Draft{Kind: codesocial.KindReviewCall, Author: ben, Payload: forged}
	w.refused(w.write(d), codesocial.ErrInvalid, "rests on")

	none, c := founded(t)
	none.refused(func(ctx context.Context) error {
		return none.CallReview(ctx, codesocial.ReviewCall{Charter: c.Hash(), On: day(t, "2025-02-01"), Party: atelier, Reason: "Now."}, keys[atelier])
	}, codesocial.ErrNoRule, "codesocial.review")
	for _, bad := range []string{`"callers":-1`, `"callers":100001`} {
		w := newWorld(t).withParties()
		w.refused(func(ctx context.Context) error {
			return w.Propose(ctx, deciding(t, `{"kind":"codesocial.review","opens":1,`+bad+`}`))
		}, codesocial.ErrInvalid, "callers", "decide-1")
	}
}
