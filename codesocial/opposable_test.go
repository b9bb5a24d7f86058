package codesocial_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// amended returns a world in which version 2 was adopted on 1 June 2025 and is in force from 1 July, with
// 30 days of notice under version 1, and one more clause. ana is a member since 3 March 2025.
func amended(t testing.TB, first ...func(*codesocial.Document)) (w *world, v1, v2 *codesocial.Charter) {
	t.Helper()
	w, v1 = founded(t, first...)
	require.NoError(t, w.Admit(t.Context(), w.admission(v1)))
	v2 = next(t, v1, "2025-07-01", func(d *codesocial.Document) {
		d.Chapters[0].Clauses = append(d.Chapters[0].Clauses, codesocial.Clause{ID: "social-3", Text: codesocial.Text{"fr": "Trois", "en": "Three"}})
	})
	require.NoError(t, w.Propose(t.Context(), v2))
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-06-01"), Signatures: signatures(t, v2, atelier, fournil)}))
	return w, v1, v2
}

func (w *world) opposable(clause, party, on string) codesocial.Opposability {
	w.t.Helper()
	var o codesocial.Opposability
	require.NoError(w.t, w.Read(func(s *codesocial.State) {
		o = s.Opposable(clause, party, day(w.t, on).In(time.FixedZone("", 3600)).Add(12*time.Hour))
	}))
	require.Equal(w.t, day(w.t, on), o.On)
	return o
}

func TestAClauseBindsThoseWhoAcceptedItFromTheDayTheyDid(t *testing.T) {
	t.Parallel()
	w, v1, v2 := amended(t, sound)
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: ben, Charter: v1.Hash(), On: day(t, "2025-06-01"), Sponsors: []string{ana}}))
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: cleo, Charter: v1.Hash(), On: day(t, "2025-06-02"), Sponsors: []string{ana}, Signature: acceptance(t, cleo, cleo, v1)}))
	for _, test := range []struct {
		clause, party, on string
		version           int
		ground            codesocial.Ground
		since             string
	}{
		{"social-1", ana, "2024-12-31", 0, codesocial.NoVersion, ""},
		{"social-9", ana, "2025-06-30", 1, codesocial.NoClause, ""},
		{"social-3", ana, "2025-06-30", 1, codesocial.NoClause, ""}, // adopted and published, not in force
		{"social-1", atelier, "2025-01-01", 1, codesocial.Signed, "2024-12-31"},
		{"social-1", jardin, "2025-01-01", 1, codesocial.NoNotice, ""}, // a founder who never signed
		{"social-1", ana, "2025-03-02", 1, codesocial.AcceptedLater, "2025-03-03"},
		{"social-1", ana, "2025-03-03", 1, codesocial.Signed, "2025-03-03"},
		{"social-1", ana, "2025-06-30", 1, codesocial.Signed, "2025-03-03"},
		{"social-3", ana, "2025-07-01", 2, codesocial.Noticed, "2025-07-01"},
		{"social-3", jardin, "2025-07-01", 2, codesocial.Noticed, "2025-07-01"},
		{"social-3", atelier, "2025-07-01", 2, codesocial.Signed, "2025-06-01"},
		{"social-1", ben, "2025-06-30", 1, codesocial.Attested, "2025-06-01"},
		{"social-3", ben, "2025-07-01", 2, codesocial.Noticed, "2025-07-01"},    // 30 days
		{"social-3", cleo, "2025-07-01", 2, codesocial.ShortNotice, ""},         // 29 days
		{"social-1", relais, "2025-07-01", 2, codesocial.NotMember, ""},         // registered, no member
		{"social-1", "urn:x:nobody", "2025-07-01", 2, codesocial.NotMember, ""}, // not even that
	} {
		o := w.opposable(test.clause, test.party, test.on)
		name := fmt.Sprint(test)
		require.Equal(t, test.ground, o.Ground, name)
		require.Equal(t, test.version, o.Clause.Version, name)
		require.Equal(t, test.since, o.Since.String(), name)
		require.Equal(t, test.clause, o.Clause.Clause)
		yes := test.ground == codesocial.Signed || test.ground == codesocial.Attested || test.ground == codesocial.Noticed
		require.Equal(t, yes, o.Binding(), name)
		if yes {
			_, err := w.State().Resolve(o.Clause)
			require.NoError(t, err)
		}
		require.Equal(t, yes, strings.HasPrefix(o.Explain("en"), "Yes: "))
		require.Equal(t, yes, strings.HasPrefix(o.Explain("fr"), "Oui : "))
		require.Equal(t, !yes, strings.HasPrefix(o.Explain("fr"), "Non : "))
		require.NotContains(t, o.Explain("fr")+o.Explain("en"), "%!")
	}
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: cleo, Charter: v2.Hash(), On: day(t, "2025-08-01"), Signature: acceptance(t, cleo, cleo, v2)}))
	require.Equal(t, codesocial.AcceptedLater, w.opposable("social-3", cleo, "2025-07-31").Ground)
	require.Equal(t, codesocial.Signed, w.opposable("social-3", cleo, "2025-08-01").Ground)
	require.Equal(t, w.State(), w.replay())
}

func TestAnOpposabilityExplainsItself(t *testing.T) {
	t.Parallel()
	w, _, _ := amended(t, sound)
	require.Equal(t,
		"Yes: clause social-3 is in version 2, in force on 2025-07-01, adopted and published on 2025-06-01 by the signatures of 2 founders (2 were needed); "+
			ana+" was a member all through the notice of 30 days, and did not object.",
		w.opposable("social-3", ana, "2025-07-01").Explain("en"))
	require.Equal(t,
		"Non : la clause social-1 est dans la version 1, en vigueur le 2025-02-01, adoptée et publiée le 2024-12-31 par 2 signatures de fondateurs (il en fallait 2) ; "+
			ana+" ne l'a acceptée que le 2025-03-03.",
		w.opposable("social-1", ana, "2025-02-01").Explain("fr"))
}

func TestWithoutARuleOfAmendmentSilenceBindsNobody(t *testing.T) {
	t.Parallel()
	w, _, v2 := amended(t)
	require.Equal(t, codesocial.NoNotice, w.opposable("social-3", ana, "2025-07-01").Ground)
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: ana, Charter: v2.Hash(), On: day(t, "2025-07-01"), Signature: acceptance(t, ana, ana, v2)}))
	require.True(t, w.opposable("social-3", ana, "2025-07-01").Binding())
}

func TestWhoObjectsInTimeIsNotBoundByTheNotice(t *testing.T) {
	t.Parallel()
	w, v1, v2 := amended(t, sound)
	objection := codesocial.Objection{Party: ana, Charter: v2.Hash(), On: day(t, "2025-06-30"), Reason: "The third clause\nharms the bakery."}
	spoiled := func(edit func(*codesocial.Objection)) func(context.Context) error {
		o := objection
		edit(&o)
		return func(ctx context.Context) error { return w.Object(ctx, o) }
	}
	w.refused(spoiled(func(o *codesocial.Objection) { o.On = day(t, "2025-07-01") }), codesocial.ErrInvalid, "2025-07-01")
	w.refused(spoiled(func(o *codesocial.Objection) { o.On = day(t, "2025-05-31") }), codesocial.ErrInvalid, "2025-05-31")
	w.refused(spoiled(func(o *codesocial.Objection) { o.On = codesocial.Date{} }), codesocial.ErrInvalid, "on")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Party = ben }), codesocial.ErrNotMember, ben)
	w.refused(spoiled(func(o *codesocial.Objection) { o.Party = "ana" }), codesocial.ErrInvalid, "ana")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Party = atelier }), codesocial.ErrExists, "has accepted")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Charter = v1.Hash() }), codesocial.ErrInvalid, "version 1")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Charter = "x" }), codesocial.ErrInvalid, "charter")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Charter = next(t, v2, "2026-01-01").Hash() }), codesocial.ErrUnknown)
	w.refused(spoiled(func(o *codesocial.Objection) { o.Reason = " \n" }), codesocial.ErrInvalid, "reason")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Reason = "x\u202e" }), codesocial.ErrInvalid, "reason")
	w.refused(spoiled(func(o *codesocial.Objection) { o.Reason = strings.Repeat("x", codesocial.MaxReasonBytes+1) }), codesocial.ErrLimit, "reason")

	require.NoError(t, w.Object(t.Context(), objection))
	size := w.journal.Size()
	require.NoError(t, w.Object(t.Context(), objection))
	require.Equal(t, size, w.journal.Size())
	w.refused(spoiled(func(o *codesocial.Objection) { o.Reason += "!" }), codesocial.ErrExists, "2025-06-30")
	require.Equal(t, codesocial.Objected, w.opposable("social-3", ana, "2025-07-01").Ground)
	require.Equal(t, codesocial.Objected, w.opposable("social-1", ana, "2026-01-01").Ground)
	require.Equal(t, codesocial.Signed, w.opposable("social-1", ana, "2025-06-30").Ground, "what was agreed before stays")
	require.Equal(t, w.State(), w.replay())

	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: ana, Charter: v2.Hash(), On: day(t, "2025-09-01"), Signature: acceptance(t, ana, ana, v2)}))
	require.Equal(t, codesocial.AcceptedLater, w.opposable("social-1", ana, "2025-08-31").Ground)
	require.Equal(t, codesocial.Signed, w.opposable("social-1", ana, "2025-09-01").Ground)
}

func TestAnAcceptanceIsThePartysOwn(t *testing.T) {
	t.Parallel()
	w, v1, v2 := amended(t, sound)
	good := codesocial.Acceptance{Party: cleo, Charter: v2.Hash(), On: day(t, "2025-06-01"), Signature: acceptance(t, cleo, cleo, v2)}
	spoiled := func(edit func(*codesocial.Acceptance)) func(context.Context) error {
		a := good
		edit(&a)
		return func(ctx context.Context) error { return w.Accept(ctx, a) }
	}
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Signature = codesocial.Signature{} }), codesocial.ErrSignature, cleo)
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Signature = acceptance(t, cleo, ana, v2) }), codesocial.ErrSignature, cleo)
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Signature = acceptance(t, cleo, cleo, v1) }), codesocial.ErrSignature, cleo)
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Party = ben }), codesocial.ErrSignature, ben)
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Party = "urn:x:nobody" }), codesocial.ErrUnknown, "urn:x:nobody")
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Party = "" }), codesocial.ErrInvalid, "party")
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.Charter = next(t, v2, "2026-01-01").Hash() }), codesocial.ErrUnknown)
	w.refused(spoiled(func(a *codesocial.Acceptance) { a.On = day(t, "2025-05-31") }), codesocial.ErrNotInForce, "2025-06-01")
	require.NoError(t, w.Accept(t.Context(), good))
	size := w.journal.Size()
	require.NoError(t, w.Accept(t.Context(), good))
	require.Equal(t, size, w.journal.Size())
	require.True(t, w.opposable("social-1", cleo, "2025-07-01").Binding(), "who is no member can accept the rules too")
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: relais, Charter: v2.Hash(), On: day(t, "2025-06-01"), Signature: acceptance(t, relais, ana, v2)}))
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: ben, Charter: v2.Hash(), On: day(t, "2025-06-01")}))
	require.Equal(t, codesocial.Attested, w.opposable("social-1", ben, "2025-07-01").Ground)
	again := codesocial.Acceptance{Party: ben, Charter: v2.Hash(), On: day(t, "2025-06-02")}
	w.refused(w.write(draftOf(codesocial.KindAcceptance, again)), codesocial.ErrExists)
	w.refused(w.write(draftOf(codesocial.KindAcceptance, canonical.Raw(`{}`))), codesocial.ErrInvalid)
	w.refused(w.write(draftOf(codesocial.KindObjection, canonical.Raw(`{"party":1}`))), codesocial.ErrInvalid)
}

func BenchmarkOpposable(b *testing.B) {
	w, charter := founded(b, sound)
	var people []codesocial.Party
	var admissions []codesocial.Admission
	for i := range 10_000 {
		id := fmt.Sprintf("urn:x:%d", i)
		people = append(people, codesocial.Party{ID: id, Type: codesocial.Person, Name: "P"})
		admissions = append(admissions, codesocial.Admission{Applicant: id, Charter: charter.Hash(), On: day(b, "2025-02-01"), Sponsors: []string{atelier}})
	}
	require.NoError(b, w.Register(b.Context(), people...))
	require.NoError(b, w.Admit(b.Context(), admissions...))
	s, at := w.State(), time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if !s.Opposable("social-1", "urn:x:4711", at).Binding() {
			b.Fatal("must bind")
		}
	}
}
