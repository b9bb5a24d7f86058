package codesocial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// everything is a community in whose journal there is a record of every kind, with as many of its fields as can be.
func everything(t testing.TB) *world {
	t.Helper()
	ctx := t.Context()
	w := newWorld(t, guarded()).withParties()
	v1 := small(t, func(d *codesocial.Document) {
		for i, rule := range []string{
			strings.Replace(byVote, `"vote":{"threshold":"2/3"`, `"castingVote":{"role":"author"},"vote":{"tie":"casting-vote","threshold":"1/2"`, 1), pyramid, choosing, `{"kind":"codesocial.recovery","sponsors":2}`, nursery, attending, `{"kind":"codesocial.review","opens":60,"callers":2}`, openEconomy,
			`{"kind":"codesocial.decision","matters":["tea.blend"],"consent":{"quorum":"1/3","maxRounds":3}}`,
			`{"kind":"codesocial.amendment","notice":30}`, strings.Replace(secretVote, "codesocial.admission", "tea.cook", 1),
		} {
			d.Chapters[0].Clauses = append(d.Chapters[0].Clauses, codesocial.Clause{
				ID: fmt.Sprintf("decide-%d", i+1), Title: codesocial.Text{"en": "Together"}, Text: codesocial.Text{"en": "We decide together."}, Rule: []byte(rule),
			})
		}
		aim := &d.Chapters[0].Clauses[1]
		aim.Target = &codesocial.Target{
			What: codesocial.Text{"en": "Meetings"}, Unit: "h", Reach: codesocial.AtMost, Goal: decimal.NewFromInt(4), By: day(t, "2025-12-31"),
			Current: &codesocial.Reading{Value: decimal.NewFromInt(6), On: day(t, "2024-12-01")},
		}
		aim.Intention = &codesocial.Intention{Actions: []codesocial.Action{{ID: "https://la-trame.example/action/1", Title: codesocial.Text{"en": "Shorter meetings"}}}}
	})
	w.adopt(v1, atelier, fournil)
	a := w.admission(v1)
	require.NoError(t, w.Admit(ctx, a, codesocial.Admission{Applicant: ben, Charter: v1.Hash(), On: a.On, Sponsors: []string{atelier}}))
	require.NoError(t, w.Accept(ctx, codesocial.Acceptance{Party: cleo, Charter: v1.Hash(), On: day(t, "2025-03-01"), Signature: acceptance(t, cleo, cleo, v1)}))

	// A vote, an election, a decision by consent, and a delegation.
	o := admissionOf(t, cleo)
	o.Text, o.Concerns, o.Recusals = codesocial.Text{"en": "She bakes."}, []string{cleo}, []codesocial.Recusal{{Party: ben, Reason: "He is her brother."}}
	o.Until, o.Seed = day(t, "2026-12-31"), "The lottery of the day after the closing"
	id := w.decide(o)
	w.answer(id, fournil, "2025-03-12T09:00:00Z", decision.For)
	w.elect("publisher", atelier, fournil, "2025-02-01")
	require.NoError(t, w.Mandate(ctx, codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2025-02-03"), Until: day(t, "2026-02-02")}))
	tea := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "tea.blend", Ref: "rooibos"}, Title: codesocial.Text{"en": "Which tea?"}, Proposer: atelier, Facilitator: cleo,
		At: at(t, "2025-04-01T09:00:00Z"), Opens: at(t, "2025-04-01T09:00:00Z"),
	}
	blend := w.decide(tea)
	for i, act := range []codesocial.Act{
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Object, Actor: fournil, Ref: "rooibos", Reason: "It is too sweet.", Criterion: decision.HarmsPurpose},
		{Kind: decision.Close, Actor: cleo},
		{Kind: decision.Amend, Actor: atelier, Ref: "assam", Text: codesocial.Text{"en": "A black tea."}},
	} {
		act.Decision, act.At = blend, tea.At.Add(time.Duration(i+1)*time.Minute)
		require.NoError(t, w.Act(ctx, act, keys[act.Actor]))
	}
	require.NoError(t, w.Delegate(ctx, codesocial.Delegation{From: fournil, To: jardin, Scope: "tea.blend", At: at(t, "2025-04-02T09:00:00Z")}, keys[fournil]))

	// A secret ballot.
	cook := secretOpening(t)
	cook.Matter = codesocial.Matter{Kind: "tea.cook", Ref: "a cook"}
	w.decide(cook)
	for _, v := range w.credentialed(&cook, 1, atelier, jardin, fournil) {
		require.NoError(t, w.cast(v.answers(t, decision.For))(ctx))
	}

	// A gathering.
	g := spring(t)
	g.Agenda[1].Decision = id
	require.NoError(t, w.Convene(ctx, g, keys[atelier]))
	m := minutes(t)
	m.Decisions = []uuid.UUID{id}
	require.NoError(t, w.Minute(ctx, m, keys[fournil]))

	// The life of the charter, and of the project's.
	require.NoError(t, w.Observe(ctx, codesocial.Observation{
		Clause: codesocial.ClauseRef{Charter: v1.ID(), Version: 1, Hash: v1.Hash(), Clause: "social-2"}, Reading: codesocial.Reading{Value: decimal.NewFromInt(5), On: day(t, "2025-05-01")},
		By: atelier, Evidence: "The minutes of April",
	}, keys[atelier]))
	for _, party := range []string{atelier, ana} {
		require.NoError(t, w.CallReview(ctx, codesocial.ReviewCall{Charter: v1.Hash(), On: day(t, "2025-05-02"), Party: party, Reason: "Too much has changed."}, keys[party]))
	}
	require.NoError(t, w.Renew(ctx, renewal(t, v1, "2025-05-10", "2026-05-10")))
	w.adopt(w.derived("2025-05-20", own("own-1", `{"kind":"tea.round","every":"P1M"}`)), atelier, fournil)
	v2 := next(t, v1, "2025-09-01")
	require.NoError(t, w.Propose(ctx, v2))
	require.NoError(t, w.Consult(ctx, codesocial.Consultation{Charter: v2.Hash(), On: day(t, "2025-06-01"), By: atelier}, keys[atelier]))
	for _, author := range []string{ana, jardin} {
		require.NoError(t, w.Opine(ctx, codesocial.Opinion{Charter: v2.Hash(), Party: author, On: day(t, "2025-06-02"), Text: "I would not."}, keys[author]))
	}
	require.NoError(t, w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-07-01"), Signatures: signatures(t, v2, atelier, fournil)}))
	require.NoError(t, w.Object(ctx, codesocial.Objection{Party: jardin, Charter: v2.Hash(), On: day(t, "2025-07-02"), Reason: "We were not heard."}))

	// The project, from its incubation to its compost.
	require.NoError(t, w.incubate(codesocial.IncubationSubmit, "2025-03-01", ana))
	require.NoError(t, w.incubate(codesocial.IncubationScreen, "2025-03-04", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationBegin, "2025-03-05", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationPass, "2025-04-01", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationExtend, "2025-04-02", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationGraduate, "2025-04-03", jardin))
	require.NoError(t, w.incubate(codesocial.IncubationSpinOut, "2025-08-01", ana, func(m *codesocial.IncubationStep) { m.Reason = "It stands." }))
	w.compost("2025-08-02")

	// Coming, changing, leaving.
	change, err := codesocial.SignKeyChange(cleo, keys[cleo], public("new"))
	require.NoError(t, err)
	require.NoError(t, w.ChangeKey(ctx, change))
	recovery := codesocial.Recovery{Party: ana, Key: public("urn:x:stranger"), On: day(t, "2025-08-10")}
	for _, signer := range []string{atelier, jardin} {
		s, err := codesocial.SignRecovery(ana, recovery.Key, signer, keys[signer])
		require.NoError(t, err)
		recovery.Signatures = append(recovery.Signatures, s)
	}
	require.NoError(t, w.Recover(ctx, recovery))
	require.NoError(t, w.Release(ctx, codesocial.Release{Role: "publisher", Party: atelier, On: day(t, "2025-08-11"), By: atelier}, keys[atelier]))
	measure := w.measure(ben, codesocial.Suspension, "2025-08-12", "2025-08-20")
	measure.Kind, measure.Scope = codesocial.Restriction, "catalog"
	require.NoError(t, w.impose(measure))
	require.NoError(t, w.Step(ctx, codesocial.MembershipStep{
		Party: jardin, Event: codesocial.EventResign, On: day(t, "2025-08-15"), By: jardin, Reason: "We move.", Owed: []codesocial.Owed{{Unit: "EUR", Amount: decimal.NewFromInt(120)}},
	}, keys[jardin]))
	require.NoError(t, w.Close(ctx, codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.Repeal(ctx, repeal(t, v2, "2025-09-10", "2025-11-01")))
	return w
}

func TestThereIsARecordOfEveryKind(t *testing.T) {
	t.Parallel()
	w := everything(t)
	kinds := make(map[string]int)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		kinds[r.Kind]++
	}
	for _, kind := range codesocial.RecordKinds() {
		require.Positive(t, kinds[kind], "the tests of bad input do not see the kind %s: let everything write one", kind)
	}
	require.Equal(t, w.State(), w.replay(guarded()))
}

// leaves calls each for every text in a JSON value, with its path, and set to put another one in its place.
func leaves(path string, v any, set func(any), each func(path, text string, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			leaves(strings.TrimPrefix(path+"."+name, "."), v[name], func(x any) { v[name] = x }, each)
		}
	case []any:
		for i := range v {
			leaves(fmt.Sprintf("%s[%d]", path, i), v[i], func(x any) { v[i] = x }, each)
		}
	case string:
		each(path, v, set)
	}
}

// saidAs are the words in which errors speak of some members of a record; an answer that was changed is not what the voter signed.
var saidAs = map[string]string{"ranking": "option", "chosen": "verdict", "kind": "act ", "answer": "signature"}

// named reports whether an error says where the text stands.
func named(path, err string) bool {
	members := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' })
	if i := strings.Index(path, ".rule."); i >= 0 { // of which the error names the clause, and the parameter
		if strings.Contains(err, path[:i]+".rule ") {
			return true
		}
		members = strings.FieldsFunc(path[i+len(".rule."):], func(r rune) bool { return r == '.' || r == '[' })
	}
	word, ok := saidAs[members[0]]
	return strings.Contains(err, members[0]) || strings.Contains(err, members[len(members)-1]) || ok && strings.Contains(err, word)
}

// poison puts a bad text in the place of every text of every kind of record, and checks that each is refused by its path, without a word of the text, and changes nothing.
func poison(t *testing.T, bad func(kind, path, text string) (string, bool)) {
	t.Helper()
	w := everything(t)
	s := codesocial.NewState(guarded())
	seen := make(map[string]bool)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if slices.Contains(codesocial.RecordKinds(), r.Kind) {
			var doc any
			require.NoError(t, json.Unmarshal(r.Payload, &doc))
			leaves("", doc, nil, func(path, text string, set func(any)) {
				name := r.Kind + " " + path
				text2, ok := bad(r.Kind, path, text)
				if !ok || seen[name] {
					return
				}
				seen[name] = true
				const here = "a place for it"
				set(here)
				loose, err := json.Marshal(doc)
				require.NoError(t, err)
				set(text)
				worse := r
				worse.Signature = nil
				worse.Payload, err = canonical.Transform(loose)
				require.NoError(t, err)
				worse.Payload = bytes.Replace(worse.Payload, []byte(here), []byte(text2), 1)
				v, err := s.Decode(&worse)
				if c, ok := v.(*codesocial.Charter); ok && err == nil {
					err = c.CheckRules(codesocial.OwnChecks...)
				}
				if err == nil {
					err = s.Apply(&worse, v)
				}
				switch {
				case err == nil:
					t.Errorf("%s accepts %.60q", name, text2)
					return
				case !named(path, err.Error()):
					t.Errorf("%s is not named: %.500q", name, err.Error())
				case len(err.Error()) > 1500 || strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsGraphic(r) }):
					t.Errorf("%s can turn or fill a log: %.500q", name, err.Error())
				}
				requireSaidOnce(t, err)
			})
		}
		v, err := s.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, s.Apply(&r, v))
		}
	}
	require.Equal(t, w.State(), s, "what was refused has changed nothing")
	require.Greater(t, len(seen), 100)
}

func TestTextsOfTenMegabytesAreRefusedInEveryFieldOfEveryKind(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long", 10<<20/4)
	whole := make(map[string]bool) // kinds of which a field has had all of it; the others have a part, which takes less time and is over every limit as well
	poison(t, func(kind, path, text string) (string, bool) {
		if foreign(path) {
			return "", false
		}
		if !whole[kind] && (kind == codesocial.KindCharter || strings.Contains(text, " ")) {
			whole[kind] = true
			return long, kind != codesocial.KindCharter // which is refused as a whole
		}
		return long[:codesocial.MaxTextBytes+1], true
	})
	_, err := codesocial.ParseCharter([]byte(`{"id":"` + long + `"}`))
	require.ErrorIs(t, err, codesocial.ErrLimit)
}

func TestCharactersThatTurnTheDirectionAreRefusedInEveryFieldOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, control := range []string{"\u202e", "\u2066"} {
		poison(t, func(_, _, text string) (string, bool) { return text + control, true })
	}
}

// foreign reports whether a text is a parameter of a rule that another package owns, and checks.
func foreign(path string) bool {
	return strings.Contains(path, ".rule.lines[") || strings.HasSuffix(path, ".rule.every")
}

// prose are the members whose text can have paragraphs; in all others words that mix alphabets, whose letters pass for each other, are refused.
var prose = regexp.MustCompile(`(^|\.)(text(\.[a-z]+)?|reason|evidence|source|seed)$`)

func TestWordsOfMixedAlphabetsAreRefusedInEveryNameOfEveryKind(t *testing.T) {
	t.Parallel()
	poison(t, func(_, path, _ string) (string, bool) {
		return "\u0410telier", !foreign(path) && !prose.MatchString(path) // its first letter is Cyrillic
	})
}

func TestNothingOfADecisionIsDatedAfterItsRecording(t *testing.T) {
	t.Parallel()
	w := everything(t)
	s := codesocial.NewState(guarded())
	tried := make(map[string]bool)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		v, err := s.Decode(&r)
		require.NoError(t, err)
		if v == nil {
			continue
		}
		var dated struct {
			At time.Time `json:"at"`
		}
		require.NoError(t, json.Unmarshal(r.Payload, &dated))
		switch r.Kind {
		case codesocial.KindDecision, codesocial.KindBallot, codesocial.KindAct, codesocial.KindClosing, codesocial.KindCredentialRequest, codesocial.KindCredential, codesocial.KindSecretBallot:
			tried[r.Kind] = true
			r.Time = dated.At.Add(-time.Minute - time.Millisecond)
			require.ErrorContains(t, s.Apply(&r, v), "is after its recording", r.Kind)
			r.Time = dated.At.Add(-time.Minute)
		}
		require.NoError(t, s.Apply(&r, v))
	}
	require.Len(t, tried, 7)
	require.Equal(t, w.State(), s)
}
