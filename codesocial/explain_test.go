package codesocial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// last returns the record at the end of the journal.
func (w *world) last() journal.Record {
	w.t.Helper()
	var last journal.Record
	for r, err := range w.journal.Records(w.t.Context(), w.journal.Size()-1) {
		require.NoError(w.t, err)
		last = r
	}
	return last
}

func TestEveryRecordSaysWhoMadeItUnderWhichClauseAndByWhichDecision(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.elect("publisher", atelier, fournil, "2025-02-01")
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2025-02-03"), Until: day(t, "2026-02-02")}))
	r := w.last()
	e := w.State().Explain(&r)
	require.Len(t, e.Clauses, 2)
	require.Equal(t, "decide-2", e.Clauses[0].Clause, "the roles")
	require.Equal(t, "decide-1", e.Clauses[1].Clause, "the election")
	require.Equal(t, atelier, e.Decided.Chosen)
	require.Contains(t, e.In("en"), "The organisation that keeps the journal gives a role, under clause decide-2 of version 1")
	require.Contains(t, e.In("en"), "adopted), on 2025-02-02")
	require.Contains(t, e.In("fr"), "confie un rôle, selon la clause decide-2 de la version 1")

	require.NoError(t, w.step(fournil, codesocial.EventTakeLeave, "2025-03-01", fournil))
	r = w.last()
	e = w.State().Explain(&r)
	require.True(t, e.Signed)
	require.Equal(t, "Le Fournil", e.Name)
	require.Contains(t, e.In("fr"), "Le Fournil ("+fournil+") fait avancer une adhésion, sous sa signature ; aucune clause")

	require.NoError(t, w.write(journal.Draft{Kind: "tea.round", Author: ana, Payload: canonical.Raw(`{"text":"tea"}`)})(t.Context()))
	r = w.last()
	require.Contains(t, w.State().Explain(&r).In("en"), "Ana ("+ana+") records tea.round")

	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		e := w.State().Explain(&r)
		require.Equal(t, []string{"en", "fr"}, e.What().Languages())
		require.NotContains(t, e.In("fr")+e.In("en"), "%!")
		require.Equal(t, r.Kind, e.Kind)
		switch r.Kind {
		case codesocial.KindAdmission:
			require.Equal(t, "social-1", e.Clauses[0].Clause)
		case codesocial.KindBallot, codesocial.KindClosing:
			require.Equal(t, "decide-1", e.Clauses[0].Clause)
			require.Equal(t, decisionOf(w).ID, e.Decided.ID)
		}
	}
}

func TestThereAreWordsForEveryKindOfRecord(t *testing.T) {
	t.Parallel()
	for _, kind := range codesocial.RecordKinds() {
		require.True(t, codesocial.ExplainsKind(kind), kind)
	}
}

func decisionOf(w *world) codesocial.Decision {
	for d := range w.State().Decisions() {
		return d
	}
	return codesocial.Decision{}
}

func TestAnAdoptionByDecisionIsExplainedByIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	v1 := deciding(t, byVoteOnText, `{"kind":"codesocial.amendment","notice":0,"by":"decision"}`)
	w.adopt(v1, atelier, fournil)
	v2 := next(t, v1, "2026-01-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	adopt := codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-12-20")}
	o := textDecision(t, adopt.Matter().Kind, adopt.Matter().Ref, "2025-12-01T09:00:00Z")
	id := w.decide(o)
	w.answer(id, atelier, "2025-12-01T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.Adopt(t.Context(), adopt))
	r := w.last()
	e := w.State().Explain(&r)
	require.Equal(t, id, e.Decided.ID)
	require.Equal(t, []string{"decide-1", "decide-2"}, []string{e.Clauses[0].Clause, e.Clauses[1].Clause})
}

func TestWhoMayReadWhatIsARuleAndSaysWhy(t *testing.T) {
	t.Parallel()
	const rule = `{"kind":"codesocial.transparency","rules":[
		{"kinds":["tea.recipe"],"readers":"concerned","why":{"en":"A family secret.","fr":"Un secret de famille."}},
		{"kinds":["tea"],"readers":"everyone"},
		{"kinds":["ledger.payment"],"readers":"role","role":"treasurer","why":{"en":"Salaries.","fr":"Les salaires."}}]}`
	w := assembly(t, rule, pyramid, choosing)
	w.elect("treasurer", fournil, atelier, "2025-02-01")
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "treasurer", Party: fournil, From: day(t, "2025-02-03"), Until: day(t, "2025-07-31")}))
	read := func(reader, kind, author, payload, on string) codesocial.Access {
		a, err := w.State().MayRead(reader, &journal.Record{Kind: kind, Author: author, Payload: []byte(payload)}, day(t, on))
		require.NoError(t, err)
		return a
	}
	for _, test := range []struct {
		reader, kind, author, payload, on string
		want                              bool
	}{
		{ana, "tea.recipe", ana, `{}`, "2025-03-01", true},
		{relais, "tea.recipe", ana, `{}`, "2025-03-01", false},
		{ana, "tea.recipe", ben, `{"for":["` + relais + `"]}`, "2025-03-01", true}, // she speaks for it
		{ben, "tea.recipe", ana, `{}`, "2025-03-01", false},
		{"urn:x:nobody", "tea.recipe", "urn:x:nobody", `{}`, "2025-03-01", false},
		{"urn:x:nobody", "tea.round", ana, `{}`, "2025-03-01", true},
		{"urn:x:nobody", "teapot.round", ana, `{}`, "2025-03-01", false},
		{ben, "teapot.round", ana, `{}`, "2025-03-01", true}, // members read everything else
		{cleo, "teapot.round", ana, `{}`, "2025-03-01", false},
		{fournil, "ledger.payment", ana, `{}`, "2025-03-01", true},
		{fournil, "ledger.payment", ana, `{}`, "2025-08-01", false}, // an expired mandate has no effect
		{atelier, "ledger.payment", ana, `{}`, "2025-03-01", false},
		{ben, "ledger.payment", ana, `{"to":"` + ben + `"}`, "2025-03-01", true},
	} {
		require.Equal(t, test.want, read(test.reader, test.kind, test.author, test.payload, test.on).Allowed, test)
	}
	a := read(ben, "tea.recipe", ana, `{}`, "2025-03-01")
	require.Equal(t, "A family secret.", a.Why.In("en"))
	require.Equal(t, "decide-1", a.Clause.Clause)
	require.Equal(t, codesocial.Concerned, a.Readers)
	require.Equal(t, codesocial.Members, read(ben, "x.y", ana, `{}`, "2024-01-01").Readers)

	for bad, field := range map[string]string{
		`{"rules":[{"kinds":[],"readers":"members"}]}`:                         "rules[0].kinds",
		`{"rules":[{"kinds":["T"],"readers":"members"}]}`:                      "rules[0].kinds[0]",
		`{"rules":[{"kinds":["tea"],"readers":"some"}]}`:                       "rules[0].readers",
		`{"rules":[{"kinds":["tea"],"readers":"role","why":{"en":"x"}}]}`:      "rules[0].role",
		`{"rules":[{"kinds":["tea"],"readers":"members","role":"cook"}]}`:      "rules[0].role",
		`{"rules":[{"kinds":["tea"],"readers":"concerned"}]}`:                  "rules[0].why",
		`{"rules":[{"kinds":["tea"],"readers":"members","why":{"en":"   "}}]}`: "rules[0].why",
	} {
		c := deciding(t, `{"kind":"codesocial.transparency",`+bad[1:])
		plain := newWorld(t).withParties()
		require.ErrorContains(t, plain.Propose(t.Context(), c), field)
	}
}
