package codesocial_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
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
