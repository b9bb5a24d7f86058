package codesocial_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func founded(t testing.TB, edits ...func(*codesocial.Document)) (*world, *codesocial.Charter) {
	w := newWorld(t).withParties()
	charter := small(t, edits...)
	w.adopt(charter, atelier, fournil)
	return w, charter
}

func TestAPartyIsAMemberFromTheDayOfItsAdmission(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	require.False(t, w.member(ana, "2025-12-31"))
	admission := w.admission(charter)
	require.NoError(t, w.Admit(t.Context(), admission))
	require.False(t, w.member(ana, "2025-03-02"))
	require.True(t, w.member(ana, "2025-03-03"))
	require.False(t, w.member("urn:x:nobody", "2025-03-03"))
	require.NoError(t, w.Read(func(s *codesocial.State) {
		m, ok := s.Membership(ana)
		require.True(t, ok)
		clause, err := charter.Ref("social-1")
		require.NoError(t, err)
		require.Equal(t, clause, m.Clause)
		require.True(t, m.Signed)
		require.Equal(t, []string{atelier}, m.Sponsors)
		at := day(t, "2025-03-03").In(charter.Location())
		require.True(t, s.Member(ana, at))
		require.False(t, s.Member(ana, at.Add(-1)))
	}))
}

func TestAdmittingTheSameWayAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	admission := w.admission(charter)
	require.NoError(t, w.Admit(t.Context(), admission, admission))
	size := w.journal.Size()
	require.NoError(t, w.Admit(t.Context(), admission))
	require.Equal(t, size, w.journal.Size())

	admission.On = day(t, "2025-04-01")
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, admission) }, codesocial.ErrExists, ana, "2025-03-03")
	founder := codesocial.Admission{Applicant: atelier, Charter: charter.Hash(), On: day(t, "2025-03-03"), Sponsors: []string{fournil}, Signature: acceptance(t, atelier, atelier, charter)}
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, founder) }, codesocial.ErrExists, atelier)
}

func TestAnAdmissionThatTheRulesDoNotAllowIsRefused(t *testing.T) {
	t.Parallel()
	two := setRule("social-1", `{"kind":"codesocial.admission","sponsors":2}`)
	outside := setRule("social-1", `{"kind":"codesocial.admission","sponsors":1,"outside":true}`)
	none := setRule("social-1", `{"kind":"tea.round"}`)
	tests := map[string]struct {
		charter func(*codesocial.Document)
		edit    func(*testing.T, *codesocial.Admission)
		is      error
		byRule  bool
		words   []string
	}{
		"no sponsor":                                  {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = nil }, codesocial.ErrTooFew, true, []string{"0 of the 1", "social-1", "version 1"}},
		"one sponsor of two":                          {two, nil, codesocial.ErrTooFew, true, []string{"1 of the 2"}},
		"the same sponsor twice":                      {two, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{atelier, atelier} }, codesocial.ErrInvalid, false, []string{"sponsors[1]", "sponsors[0]"}},
		"the applicant as sponsor":                    {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{ana} }, codesocial.ErrInvalid, false, []string{"the party itself"}},
		"a sponsor who is no member":                  {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{ben} }, codesocial.ErrNotMember, true, []string{ben}},
		"a sponsor who is nobody":                     {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{"urn:x:y"} }, codesocial.ErrNotMember, true, []string{"urn:x:y"}},
		"one good sponsor and a bad one":              {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{atelier, ben} }, codesocial.ErrNotMember, true, []string{"sponsors[1]"}},
		"the employer, where outsiders are asked for": {outside, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = []string{fournil} }, codesocial.ErrRefused, true, []string{fournil, "outside"}},
		"no rule of admission":                        {none, nil, codesocial.ErrNoRule, false, []string{codesocial.AdmissionKind}},
		"another version accepted": {nil, func(t *testing.T, a *codesocial.Admission) {
			other := small(t, none)
			a.Charter, a.Signature = other.Hash(), acceptance(t, ana, ana, other)
		}, codesocial.ErrNotInForce, false, []string{"charter"}},
		"before the first day":              {nil, func(t *testing.T, a *codesocial.Admission) { a.On = day(t, "2024-12-31") }, codesocial.ErrNotInForce, false, []string{"2024-12-31", "2025-01-01"}},
		"no day":                            {nil, func(_ *testing.T, a *codesocial.Admission) { a.On = codesocial.Date{} }, codesocial.ErrInvalid, false, []string{"on"}},
		"an impossible day":                 {nil, func(_ *testing.T, a *codesocial.Admission) { a.On = codesocial.Date{Year: 2025, Month: 2, Day: 30} }, codesocial.ErrInvalid, false, []string{"on"}},
		"not registered":                    {nil, func(_ *testing.T, a *codesocial.Admission) { a.Applicant = "urn:x:y" }, codesocial.ErrUnknown, false, []string{"urn:x:y"}},
		"no IRI":                            {nil, func(_ *testing.T, a *codesocial.Admission) { a.Applicant = "Ana" }, codesocial.ErrInvalid, false, []string{"Ana"}},
		"not signed":                        {nil, func(_ *testing.T, a *codesocial.Admission) { a.Signature = codesocial.Signature{} }, codesocial.ErrSignature, false, []string{ana, "missing"}},
		"signed by another":                 {nil, func(t *testing.T, a *codesocial.Admission) { a.Signature = acceptance(t, ana, cleo, small(t)) }, codesocial.ErrSignature, false, []string{public(ana).String()}},
		"signed for another":                {nil, func(t *testing.T, a *codesocial.Admission) { a.Signature = acceptance(t, cleo, ana, small(t)) }, codesocial.ErrSignature, false, nil},
		"signed by who has no key":          {nil, func(t *testing.T, a *codesocial.Admission) { a.Applicant = ben }, codesocial.ErrSignature, false, []string{ben}},
		"more sponsors than anyone can say": {nil, func(_ *testing.T, a *codesocial.Admission) { a.Sponsors = make([]string, codesocial.MaxSponsors+1) }, codesocial.ErrLimit, false, []string{"sponsors"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var edits []func(*codesocial.Document)
			if test.charter != nil {
				edits = append(edits, test.charter)
			}
			w, charter := founded(t, edits...)
			admission := w.admission(charter)
			if test.edit != nil {
				test.edit(t, &admission)
			}
			err := w.refused(func(ctx context.Context) error { return w.Admit(ctx, admission) }, test.is, test.words...)
			var refusal *codesocial.RuleError
			require.Equal(t, test.byRule, errors.As(err, &refusal))
			if test.byRule {
				ref, err := charter.Ref("social-1")
				require.NoError(t, err)
				require.Equal(t, ref, refusal.Clause)
				require.Equal(t, codesocial.AdmissionKind, refusal.Kind)
			}
		})
	}
}

func TestSponsorsFromOutsideAreThoseWhoAreNotClose(t *testing.T) {
	t.Parallel()
	outside := setRule("social-1", `{"kind":"codesocial.admission","sponsors":1,"outside":true}`)
	admit := func(w *world, applicant, signer, sponsor string, charter *codesocial.Charter) func(context.Context) error {
		return func(ctx context.Context) error {
			a := codesocial.Admission{Applicant: applicant, Charter: charter.Hash(), On: day(w.t, "2025-03-03"), Sponsors: []string{sponsor}}
			if signer != "" {
				a.Signature = acceptance(w.t, applicant, signer, charter)
			}
			return w.Admit(ctx, a)
		}
	}
	w, charter := founded(t, outside)
	require.NoError(t, admit(w, ana, ana, atelier, charter)(t.Context()))
	require.NoError(t, admit(w, cleo, cleo, ana, charter)(t.Context()))
	w.refused(admit(w, relais, ana, ana, charter), codesocial.ErrRefused, ana)         // its lead
	w.refused(admit(w, relais, ana, atelier, charter), codesocial.ErrRefused, atelier) // a partner
	w.refused(admit(w, relais, ana, cleo, charter), codesocial.ErrRefused, cleo)       // of a partner
	require.NoError(t, admit(w, ben, "", cleo, charter)(t.Context()))
	require.NoError(t, admit(w, relais, ana, ben, charter)(t.Context()))

	require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: "urn:x:dan", Type: codesocial.Person, Name: "Dan", Organization: fournil}))
	w.refused(admit(w, "urn:x:dan", "", ana, charter), codesocial.ErrRefused, ana) // a colleague
}

func TestAProjectIsSignedForByItsLead(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	project := codesocial.Admission{
		Applicant: relais, Charter: charter.Hash(), On: day(t, "2025-04-01"), Sponsors: []string{atelier},
		Signature: acceptance(t, relais, ana, charter),
	}
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, project) }, codesocial.ErrNotMember, ana, relais)
	require.NoError(t, w.Admit(t.Context(), w.admission(charter)))
	early := project
	early.On = day(t, "2025-03-02")
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, early) }, codesocial.ErrNotMember, ana)
	unsigned := project
	unsigned.Signature = codesocial.Signature{}
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, unsigned) }, codesocial.ErrSignature, ana)
	require.NoError(t, w.Admit(t.Context(), project))
	require.True(t, w.member(relais, "2025-04-01"))
}

func TestWhoHasNoKeyIsAdmittedOnTheWordOfItsSponsors(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: ben, Charter: charter.Hash(), On: day(t, "2025-03-03"), Sponsors: []string{fournil}}))
	require.NoError(t, w.Read(func(s *codesocial.State) {
		m, ok := s.Membership(ben)
		require.True(t, ok)
		require.False(t, m.Signed)
	}))
}

func TestManyAreAdmittedInOneCommitOrNone(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	first := w.admission(charter)
	second := codesocial.Admission{Applicant: ben, Charter: charter.Hash(), On: day(t, "2025-03-03"), Sponsors: []string{ana}} // by who has just come
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, second, first) }, codesocial.ErrNotMember, ana)
	blocks, err := w.store.Blocks(t.Context(), 0, 1000)
	require.NoError(t, err)
	require.NoError(t, w.Admit(t.Context(), first, second))
	after, err := w.store.Blocks(t.Context(), 0, 1000)
	require.NoError(t, err)
	require.Len(t, after, len(blocks)+1)
	require.True(t, w.member(ben, "2025-03-03"))
	require.NoError(t, w.Read(func(s *codesocial.State) {
		var members []string
		for m := range s.Members() {
			members = append(members, m.Party)
		}
		require.Len(t, members, 5)
		require.True(t, slices.IsSorted(members))
		for range s.Members() {
			break
		}
	}))
}

func TestWhoIsAdmittedUnderALaterVersionAcceptsThatOne(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t)
	v2 := next(t, v1, "2025-07-01", setRule("social-1", `{"kind":"codesocial.admission","sponsors":2}`))
	w.adopt(v2, atelier, fournil)
	late := w.admission(v1)
	late.On = day(t, "2025-07-01")
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, late) }, codesocial.ErrNotInForce, v2.Hash())
	require.NoError(t, w.Admit(t.Context(), w.admission(v1)), "for a day of version 1, its rule")
	late = codesocial.Admission{Applicant: cleo, Charter: v2.Hash(), On: day(t, "2025-07-01"), Sponsors: []string{ana}, Signature: acceptance(t, cleo, cleo, v2)}
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, late) }, codesocial.ErrTooFew, "version 2")
	late.Sponsors = []string{ana, jardin}
	require.NoError(t, w.Admit(t.Context(), late))
	require.NoError(t, w.Read(func(s *codesocial.State) {
		for party, version := range map[string]int{ana: 1, cleo: 2} {
			m, _ := s.Membership(party)
			require.Equal(t, version, m.Clause.Version)
			clause, err := s.Resolve(m.Clause)
			require.NoError(t, err)
			require.Equal(t, "social-1", clause.ID)
		}
	}))
}
