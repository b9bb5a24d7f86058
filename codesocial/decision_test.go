package codesocial_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// The ways in which the assembly decides.
const (
	byVote     = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"2/3","base":"for-against","quorum":"1/2"},"notice":2,"days":3,"review":12}`
	byConsent  = `{"kind":"codesocial.decision","matters":["codesocial.amendment"],"consent":{"quorum":"1/2","maxRounds":2}}`
	byElection = `{"kind":"codesocial.decision","matters":["codesocial.role"],"election":{"method":"schulze","quorum":"1/2","tie":"lot"}}`
	byAny      = `{"kind":"codesocial.decision","matters":["*"],"consent":{"quorum":"1/3","maxRounds":1,"vote":true},"vote":{"threshold":"1/2","strict":true,"base":"cast"},"days":7}`
)

// deciding returns version 1 with a clause for each rule, decide-1 and so on.
func deciding(t testing.TB, rules ...string) *codesocial.Charter {
	t.Helper()
	return small(t, func(d *codesocial.Document) {
		for i, rule := range rules {
			d.Chapters[0].Clauses = append(d.Chapters[0].Clauses, codesocial.Clause{
				ID: fmt.Sprintf("decide-%d", i+1), Text: codesocial.Text{"en": "We decide together.", "fr": "Nous décidons ensemble."}, Rule: []byte(rule),
			})
		}
	})
}

// assembly is a community of five members: three organisations, ana, and ben who has no key.
func assembly(t testing.TB, rules ...string) *world {
	t.Helper()
	w := newWorld(t).withParties()
	c := deciding(t, rules...)
	w.adopt(c, atelier, fournil)
	a := w.admission(c)
	a.On = day(t, "2025-01-02")
	b := codesocial.Admission{Applicant: ben, Charter: c.Hash(), On: a.On, Sponsors: []string{atelier}}
	require.NoError(t, w.Admit(t.Context(), a, b))
	return w
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return when.UTC()
}

// admissionOf is the opening of a vote on somebody's admission: ballots from 12 to 15 March.
func admissionOf(t testing.TB, party string) codesocial.Opening {
	t.Helper()
	return codesocial.Opening{
		Matter:   codesocial.Matter{Kind: codesocial.AdmissionKind, Ref: party},
		Title:    codesocial.Text{"en": "Shall we welcome a new member?", "fr": "Accueillons-nous un nouveau membre ?"},
		Proposer: atelier, At: at(t, "2025-03-10T09:00:00Z"), Opens: at(t, "2025-03-12T09:00:00Z"), Closes: at(t, "2025-03-15T09:00:00Z"),
	}
}

func (w *world) decide(o codesocial.Opening) uuid.UUID {
	w.t.Helper()
	require.NoError(w.t, w.Decide(w.t.Context(), o, keys[o.Proposer]))
	return o.ID()
}

func (w *world) answer(id uuid.UUID, voter string, when string, a decision.Answer) {
	w.t.Helper()
	require.NoError(w.t, w.Vote(w.t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: at(w.t, when), Answer: a}, keys[voter]))
}

func (w *world) decision(id uuid.UUID) codesocial.Decision {
	w.t.Helper()
	var d codesocial.Decision
	require.NoError(w.t, w.Read(func(s *codesocial.State) {
		var ok bool
		d, ok = s.Decision(id)
		require.True(w.t, ok)
	}))
	return d
}

func (w *world) adoptedBy(m codesocial.Matter) (codesocial.Decided, bool) {
	w.t.Helper()
	var d codesocial.Decided
	var ok bool
	require.NoError(w.t, w.Read(func(s *codesocial.State) { d, ok = s.Adopted(m) }))
	return d, ok
}

func TestAVoteAdoptsExactlyItsMatterUnderThePinnedVersion(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	w.answer(id, fournil, "2025-03-12T10:00:00Z", decision.Against)
	w.answer(id, ben, "2025-03-13T10:00:00Z", decision.For)
	_, ok := w.adoptedBy(o.Matter)
	require.False(t, ok, "ballots alone adopt nothing")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))

	d, ok := w.adoptedBy(o.Matter)
	require.True(t, ok)
	require.Equal(t, codesocial.Carried, d.Verdict, "two of three are two thirds")
	require.Equal(t, id, d.ID)
	require.Equal(t, day(t, "2025-03-15"), d.On)
	require.Equal(t, day(t, "2026-03-15"), d.Review)
	require.Equal(t, "decide-1", d.Clause.Clause)
	require.True(t, d.InEffect(day(t, "2025-03-15")))
	require.False(t, d.InEffect(day(t, "2025-03-14")))
	require.False(t, d.Overdue(day(t, "2026-03-15")))
	require.True(t, d.Overdue(day(t, "2026-03-16")), "in sight, and still in effect")
	full := w.decision(id)
	require.Equal(t, d, full.Decided)
	require.Equal(t, 5, full.Electorate.Len())
	require.Equal(t, full.Opening.Electorate, full.Electorate.Hash())
	require.Equal(t, decision.Adopted, full.Vote.Status)
	require.Equal(t, w.replay(), w.State())
	_, ok = w.adoptedBy(codesocial.Matter{Kind: codesocial.AdmissionKind, Ref: jardin})
	require.False(t, ok)
}

func TestActsOfADecisionAreRecordedOnce(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	w.answer(id, ben, "2025-03-12T09:00:00Z", decision.For)
	w.answer(id, fournil, "2025-03-12T09:00:00Z", decision.For)
	closing := codesocial.Closing{Decision: id, At: o.Closes}
	require.NoError(t, w.Close(t.Context(), closing))
	size := w.journal.Size()
	w.decide(o)
	require.NoError(t, w.Close(t.Context(), closing))
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	require.Equal(t, size, w.journal.Size())
}

func TestBallotsThatDoNotCountAreRefusedWithTheClause(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote, byElection)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	e := o
	e.Matter = codesocial.Matter{Kind: "codesocial.role", Ref: "treasurer"}
	e.Options = []string{ana, ben}
	election := w.decide(e)
	ballot := codesocial.Ballot{Decision: id, Voter: atelier, At: o.Opens, Answer: decision.For}
	choice := codesocial.Ballot{Decision: election, Voter: atelier, At: o.Opens, Ranking: [][]string{{ana}}}
	edit := func(b codesocial.Ballot, f func(*codesocial.Ballot)) codesocial.Ballot { f(&b); return b }
	for _, c := range map[string]struct {
		ballot   codesocial.Ballot
		sentinel error
		word     string
	}{
		"early":            {edit(ballot, func(b *codesocial.Ballot) { b.At = o.Opens.Add(-time.Millisecond) }), decision.ErrEarly, "decide-1"},
		"late":             {edit(ballot, func(b *codesocial.Ballot) { b.At = o.Closes }), decision.ErrLate, "decide-1"},
		"by a non-member":  {edit(ballot, func(b *codesocial.Ballot) { b.Voter = cleo }), decision.ErrNotElector, "decide-1"},
		"by a stranger":    {edit(ballot, func(b *codesocial.Ballot) { b.Voter = "urn:x:stranger" }), codesocial.ErrNotMember, "decide-1"},
		"without answer":   {edit(ballot, func(b *codesocial.Ballot) { b.Answer = "" }), codesocial.ErrInvalid, "decide-1"},
		"unknown answer":   {edit(ballot, func(b *codesocial.Ballot) { b.Answer = "perhaps" }), codesocial.ErrInvalid, "decide-1"},
		"unknown option":   {edit(choice, func(b *codesocial.Ballot) { b.Ranking = [][]string{{cleo}} }), codesocial.ErrInvalid, "decide-2"},
		"option twice":     {edit(choice, func(b *codesocial.Ballot) { b.Ranking = [][]string{{ana}, {ana}} }), codesocial.ErrInvalid, "decide-2"},
		"answer to choice": {edit(choice, func(b *codesocial.Ballot) { b.Answer = decision.For }), codesocial.ErrInvalid, "decide-2"},
		"ranking in vote":  {edit(ballot, func(b *codesocial.Ballot) { b.Ranking = [][]string{{ana}} }), codesocial.ErrInvalid, "decide-1"},
		"no such decision": {edit(ballot, func(b *codesocial.Ballot) { b.Decision = uuid.Nil }), codesocial.ErrUnknown, "has not been opened"},
	} {
		key := keys[c.ballot.Voter]
		w.refused(func(ctx context.Context) error { return w.Vote(ctx, c.ballot, key) }, c.sentinel, c.word)
	}
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	w.refused(func(ctx context.Context) error { return w.Vote(ctx, ballotBy(ballot, fournil), keys[fournil]) }, codesocial.ErrRefused, "was closed")
}

func ballotBy(b codesocial.Ballot, voter string) codesocial.Ballot { b.Voter = voter; return b }

func TestABallotCountsOnlyUnderTheKeyOfItsVoter(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	id := w.decide(admissionOf(t, cleo))
	ballot := codesocial.Ballot{Decision: id, Voter: ana, At: at(t, "2025-03-12T09:00:00Z"), Answer: decision.For}
	size := w.journal.Size()
	for name, key := range map[string][]byte{"unsigned": nil, "signed by another": keys[fournil]} {
		require.ErrorIs(t, w.Vote(t.Context(), ballot, key), codesocial.ErrSignature, name)
	}
	change, err := codesocial.SignKeyChange(ana, keys[ana], public("new"))
	require.NoError(t, err)
	require.NoError(t, w.ChangeKey(t.Context(), change))
	require.ErrorIs(t, w.Vote(t.Context(), ballot, keys[ana]), codesocial.ErrSignature, "the old key is revoked")
	require.Equal(t, size+1, w.journal.Size())
	require.NoError(t, w.Vote(t.Context(), ballot, keys["new"]))
}

func TestABallotSignedElsewhereIsRecordedAsItIs(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	id := w.decide(admissionOf(t, cleo))
	var drafts []journal.Draft
	require.NoError(t, w.Read(func(s *codesocial.State) {
		var err error
		drafts, err = s.DraftBallot(codesocial.Ballot{Decision: id, Voter: ana, At: at(t, "2025-03-12T09:00:00Z"), Answer: decision.For})
		require.NoError(t, err)
	}))
	require.NoError(t, drafts[0].Sign(keys[ana]))
	w.stop(at(t, "2025-03-12T09:00:00Z"))
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return drafts, nil })
	require.NoError(t, err)
	require.Equal(t, int64(1), w.decision(id).Vote.For)
}

func TestTheElectorateIsFrozenAtTheOpening(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, jardin)
	id := w.decide(o)
	c, err := func() (c *codesocial.Charter, err error) {
		err = w.Read(func(s *codesocial.State) { c, err = s.InForce(o.At) })
		return c, err
	}()
	require.NoError(t, err)
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{
		Applicant: cleo, Charter: c.Hash(), On: day(t, "2025-03-01"), Sponsors: []string{atelier}, Signature: acceptance(t, cleo, cleo, c),
	}))
	ballot := codesocial.Ballot{Decision: id, Voter: cleo, At: o.Opens, Answer: decision.For}
	w.refused(func(ctx context.Context) error { return w.Vote(ctx, ballot, keys[cleo]) }, decision.ErrNotElector, "decide-1")
}

func TestNobodyDecidesOnTheirOwnCase(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote, byAny)
	o := admissionOf(t, fournil)
	o.Matter.Kind = "mediation.exclusion"
	o.Facilitator, o.Closes = cleo, time.Time{}
	o.Recusals = []codesocial.Recusal{{Party: ben, Reason: "He works there."}}
	id := w.decide(o)
	d := w.decision(id)
	require.Equal(t, []string{fournil, ben}, d.Opening.Aside)
	require.Equal(t, 3, d.Electorate.Len())
	act := codesocial.Act{Decision: id, Kind: decision.Advance, Actor: fournil, At: o.Opens}
	w.refused(func(ctx context.Context) error { return w.Act(ctx, act, keys[fournil]) }, decision.ErrRole, "decide-2")

	o.Matter.Ref, o.Concerns = "the project", []string{relais}
	d = w.decision(w.decide(o))
	require.Equal(t, []string{relais, ana, ben}, d.Opening.Aside, "ana speaks for the project")
	o.Facilitator, o.At = ana, o.At.Add(time.Hour)
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[atelier]) }, codesocial.ErrRefused, "in its own case")
}

func TestADecisionIsOpenedOnlyAsTheRuleSays(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	for name, c := range map[string]struct {
		edit     func(*codesocial.Opening)
		sentinel error
		word     string
	}{
		"no rule for it":   {func(o *codesocial.Opening) { o.Matter.Kind = "ledger.distribution" }, codesocial.ErrNoRule, "ledger.distribution"},
		"no member":        {func(o *codesocial.Opening) { o.Proposer = cleo }, codesocial.ErrNotMember, "is not a member"},
		"short notice":     {func(o *codesocial.Opening) { o.Opens = at(t, "2025-03-11T09:00:00Z") }, codesocial.ErrRefused, "decide-1"},
		"too short":        {func(o *codesocial.Opening) { o.Closes = at(t, "2025-03-15T08:59:59Z") }, codesocial.ErrRefused, "decide-1"},
		"options":          {func(o *codesocial.Opening) { o.Options = []string{ana} }, codesocial.ErrInvalid, "options"},
		"before a charter": {func(o *codesocial.Opening) { o.At = at(t, "2024-03-10T09:00:00Z") }, codesocial.ErrNotInForce, "2024"},
		"recusal of none":  {func(o *codesocial.Opening) { o.Recusals = []codesocial.Recusal{{Party: "urn:x:nobody", Reason: "?"}} }, codesocial.ErrUnknown, "recusals"},
		"no reason":        {func(o *codesocial.Opening) { o.Recusals = []codesocial.Recusal{{Party: ben}} }, codesocial.ErrInvalid, "reason"},
		"facilitator":      {func(o *codesocial.Opening) { o.Facilitator = ben }, codesocial.ErrInvalid, "facilitator"},
		"reversed name":    {func(o *codesocial.Opening) { o.Title["en"] = "abc\u202edef" }, codesocial.ErrInvalid, "U+202E"},
	} {
		o := admissionOf(t, cleo)
		c.edit(&o)
		err := w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[o.Proposer]) }, c.sentinel, c.word)
		require.Error(t, err, name)
	}
}

func TestCollegesHoldTheirSharesWhateverTheirSizes(t *testing.T) {
	t.Parallel()
	rule := `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast"},
		"colleges":[{"id":"organisations","types":["organization","collective"],"share":3},{"id":"persons","types":["person"],"share":2}]}`
	w := assembly(t, rule)
	d := w.decision(w.decide(admissionOf(t, cleo)))
	require.Equal(t, int64(3*1+2*1), d.Electorate.Total(), "three organisations have 3/5, two persons 2/5: one voice each")
	require.Equal(t, [][]string{{atelier, fournil, jardin}, {ana, ben}}, d.Opening.Colleges)
	o := admissionOf(t, cleo)
	o.At, o.Recusals = o.At.Add(time.Hour), []codesocial.Recusal{{Party: ben, Reason: "He is her brother."}}
	d = w.decision(w.decide(o))
	require.Equal(t, int64(4), d.Electorate.Total(), "shares are those of the colleges as they are: who stands aside takes his voice along")
}

func TestOnlyThoseDecideWhoHoldTheRoleOnThatDay(t *testing.T) {
	t.Parallel()
	roles := `{"kind":"codesocial.roles","circles":[{"id":"money","title":{"en":"Money"}}],
		"roles":[{"id":"treasurer","title":{"en":"Treasurer"},"circle":"money","termMonths":12,"holders":2}]}`
	byHolders := `{"kind":"codesocial.decision","matters":["ledger.reopening"],"vote":{"threshold":"1/2","base":"cast"},"colleges":[{"id":"treasurers","role":"treasurer"}]}`
	byCircle := `{"kind":"codesocial.decision","matters":["ledger.distribution"],"vote":{"threshold":"1/2","base":"cast"},"colleges":[{"id":"money","circle":"money","types":["person"]}]}`
	w := assembly(t, roles, byHolders, byCircle, byElection)
	o := admissionOf(t, "treasurer")
	o.Matter.Kind, o.Options = codesocial.RoleMatter, []string{ana, ben}
	id := w.decide(o)
	for _, voter := range []string{atelier, fournil, jardin} {
		require.NoError(t, w.Vote(t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Ranking: [][]string{{ana}}}, keys[voter]))
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "treasurer", Party: ana, From: day(t, "2025-04-01"), Until: day(t, "2025-06-30")}))
	for when, want := range map[string]int{"2025-03-31": 0, "2025-04-01": 1, "2025-06-30": 1, "2025-07-01": 0} {
		for _, kind := range []string{"ledger.reopening", "ledger.distribution"} {
			o := admissionOf(t, "2024 "+when)
			o.Matter.Kind = kind
			o.At = at(t, when+"T12:00:00Z")
			o.Opens, o.Closes = o.At, o.At.AddDate(0, 0, 1)
			require.Equal(t, want, w.decision(w.decide(o)).Electorate.Len(), "%s on %s", kind, when)
		}
	}
	require.Equal(t, w.replay(), w.State())
}

func TestAnAmendmentByConsentAdoptsTheTextThatStoodAtTheEnd(t *testing.T) {
	t.Parallel()
	w := assembly(t, byConsent)
	first := w.inForceOn("2025-03-10")
	draft := next(t, first, "2026-01-01")
	better := next(t, first, "2026-01-01", func(d *codesocial.Document) { d.Title["en"] = "Social code of La Trame, second version" })
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: codesocial.AmendmentKind, Ref: draft.Hash()}, Title: codesocial.Text{"en": "A second version"},
		Proposer: atelier, Facilitator: cleo, At: at(t, "2025-03-10T09:00:00Z"), Opens: at(t, "2025-03-10T09:00:00Z"),
	}
	id := w.decide(o)
	when := o.At
	act := func(kind decision.ActKind, actor, ref string, edits ...func(*codesocial.Act)) {
		t.Helper()
		when = when.Add(time.Minute)
		a := codesocial.Act{Decision: id, Kind: kind, Actor: actor, At: when, Ref: ref}
		for _, edit := range edits {
			edit(&a)
		}
		require.NoError(t, w.Act(t.Context(), a, keys[actor]))
	}
	first1 := func(a *codesocial.Act) { a.Objection = 1 }
	for range 3 {
		act(decision.Advance, cleo, "")
	}
	act(decision.Agree, atelier, draft.Hash())
	act(decision.Object, fournil, draft.Hash(), func(a *codesocial.Act) {
		a.Reason, a.Criterion = "The title would hide that it is another version.", decision.HarmsPurpose
	})
	act(decision.Close, cleo, "")
	_, ok := w.adoptedBy(o.Matter)
	require.False(t, ok)
	act(decision.Amend, atelier, better.Hash(), func(a *codesocial.Act) { a.Text = codesocial.Text{"en": "With another title."} })
	act(decision.Confirm, fournil, better.Hash(), first1)
	act(decision.Confirm, atelier, better.Hash(), first1)
	for _, member := range []string{atelier, fournil, jardin} {
		act(decision.Agree, member, better.Hash())
	}
	require.NoError(t, w.Propose(t.Context(), better))
	adoption := codesocial.Adoption{Charter: better.Hash(), On: day(t, "2025-03-20"), Signatures: signatures(t, better, atelier, fournil)}
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, adoption) }, codesocial.ErrRefused, "decide-1", "no decision")
	act(decision.Close, cleo, "")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: when}))

	d, ok := w.adoptedBy(codesocial.Matter{Kind: codesocial.AmendmentKind, Ref: better.Hash()})
	require.True(t, ok)
	require.Equal(t, id, d.ID)
	_, ok = w.adoptedBy(o.Matter)
	require.False(t, ok, "the first text was not adopted")
	require.NoError(t, w.Adopt(t.Context(), adoption))
	require.Equal(t, w.replay(), w.State())
}

func (w *world) inForceOn(on string) *codesocial.Charter {
	w.t.Helper()
	var c *codesocial.Charter
	require.NoError(w.t, w.Read(func(s *codesocial.State) {
		var err error
		c, err = s.InForceOn(day(w.t, on))
		require.NoError(w.t, err)
	}))
	return c
}

func TestWhatConsentCannotSettleGoesToTheVote(t *testing.T) {
	t.Parallel()
	w := assembly(t, byAny)
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "ledger.distribution", Ref: "2025-q1"}, Title: codesocial.Text{"fr": "Partager le premier trimestre"},
		Proposer: atelier, Facilitator: cleo, At: at(t, "2025-04-10T09:00:00Z"), Opens: at(t, "2025-04-10T09:00:00Z"),
	}
	id := w.decide(o)
	for i, a := range []codesocial.Act{
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Object, Actor: ben, Ref: "2025-q1", Reason: "The till is empty.", Criterion: decision.Irreversible},
		{Kind: decision.Close, Actor: cleo},
	} {
		a.Decision, a.At = id, o.At.Add(time.Duration(i)*time.Minute)
		require.NoError(t, w.Act(t.Context(), a, keys[a.Actor]))
	}
	w.refused(func(ctx context.Context) error {
		return w.Close(ctx, codesocial.Closing{Decision: id, At: at(t, "2025-04-11T09:00:00Z")})
	}, codesocial.ErrRefused, "has not ended")
	w.answer(id, ben, "2025-04-11T09:00:00Z", decision.Against)
	w.answer(id, atelier, "2025-04-11T09:00:00Z", decision.For)
	w.answer(id, jardin, "2025-04-11T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: at(t, "2025-04-17T09:04:00Z")}))
	d, ok := w.adoptedBy(o.Matter)
	require.True(t, ok)
	require.Equal(t, codesocial.Carried, d.Verdict)
	require.Equal(t, w.replay(), w.State())
}

func TestAnElectionChoosesAndLotsAreDrawnFromAPublicSeed(t *testing.T) {
	t.Parallel()
	w := assembly(t, byElection)
	o := admissionOf(t, "treasurer")
	o.Matter.Kind, o.Options, o.Until = "codesocial.role", []string{ana, ben}, day(t, "2026-03-14")
	o.Seed = "The numbers of the national lottery of 15 March 2025."
	id := w.decide(o)
	for voter, first := range map[string]string{atelier: ana, fournil: ana, jardin: ben, ben: ben} {
		b := codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Ranking: [][]string{{first}}}
		require.NoError(t, w.Vote(t.Context(), b, keys[voter]))
	}
	w.refused(func(ctx context.Context) error {
		return w.Close(ctx, codesocial.Closing{Decision: id, At: o.Closes})
	}, codesocial.ErrInvalid, "seed", "decide-1")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes, Seed: "07 12 23 31 44"}))
	d, ok := w.adoptedBy(o.Matter)
	require.True(t, ok)
	require.Equal(t, decision.Draw("07 12 23 31 44", []string{ana, ben}), d.Chosen)
	require.True(t, d.InEffect(day(t, "2026-03-14")))
	require.False(t, d.InEffect(day(t, "2026-03-15")), "an expired mandate has no effect")
}

func TestAVerdictThatTheBallotsDoNotGiveIsRefusedHoweverItCame(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{{Kind: codesocial.KindClosing, Payload: codesocial.Closing{Decision: id, At: o.Closes, Verdict: codesocial.Carried}}}, nil
	})
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "no-quorum")
}

func TestAMatterCanBeWithdrawnBeforeTheVoteAndNotAfter(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	withdraw := codesocial.Act{Decision: id, Kind: decision.Withdraw, Actor: atelier, At: o.Opens}
	w.refused(func(ctx context.Context) error { return w.Act(ctx, withdraw, keys[atelier]) }, codesocial.ErrRefused, "until")
	withdraw.At = o.At
	w.refused(func(ctx context.Context) error {
		a := withdraw
		a.Actor = fournil
		return w.Act(ctx, a, keys[fournil])
	}, codesocial.ErrRefused, "only the proposer")
	require.NoError(t, w.Act(t.Context(), withdraw, keys[atelier]))
	w.refused(func(ctx context.Context) error {
		return w.Vote(ctx, codesocial.Ballot{Decision: id, Voter: ben, At: o.Opens, Answer: decision.For}, nil)
	}, codesocial.ErrRefused, "withdrawn")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.At}))
	require.Equal(t, codesocial.Retracted, w.decision(id).Decided.Verdict)
}

func TestARuleOfDecisionThatMakesNoSenseIsRefusedBeforeAnyoneSigns(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		rule, word string
		sentinel   error
	}{
		"no matter":        {`{"kind":"codesocial.decision","matters":[],"vote":{"threshold":"1/2","base":"cast"}}`, "matters", codesocial.ErrInvalid},
		"no procedure":     {`{"kind":"codesocial.decision","matters":["*"]}`, "procedure", codesocial.ErrInvalid},
		"two":              {`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"},"election":{"method":"single"}}`, "procedure", codesocial.ErrInvalid},
		"over 100 %":       {`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"3/2","base":"cast"}}`, "3/2", codesocial.ErrInvalid},
		"no fallback":      {`{"kind":"codesocial.decision","matters":["*"],"consent":{"quorum":"1/2","maxRounds":1,"vote":true},"days":1}`, "vote", codesocial.ErrInvalid},
		"mixed colleges":   {`{"kind":"codesocial.decision","matters":["*"],"election":{"method":"single"},"colleges":[{"id":"a","share":1},{"id":"b","weight":1}]}`, "share", codesocial.ErrInvalid},
		"matter in two":    {byVote, "decide-1", codesocial.ErrManyRules},
		"unknown members":  {`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"},"quorum":"1/2"}`, "quorum", codesocial.ErrInvalid},
		"run-off, no lots": {`{"kind":"codesocial.decision","matters":["*"],"election":{"method":"instant-runoff"}}`, "tie", codesocial.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).withParties()
			c := deciding(t, byVote, bad.rule)
			w.refused(func(ctx context.Context) error { return w.Propose(ctx, c) }, bad.sentinel, bad.word)
		})
	}
}

const byNomination = `{"kind":"codesocial.decision","matters":["codesocial.role"],"nomination":{"quorum":"1/2","maxRounds":2}}`

func TestAnElectionWithoutCandidatesElectsWhoAccepts(t *testing.T) {
	t.Parallel()
	w := assembly(t, byNomination)
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "codesocial.role", Ref: "treasurer"}, Title: codesocial.Text{"en": "Who keeps our books?"},
		Proposer: atelier, Facilitator: atelier, At: at(t, "2025-03-10T09:00:00Z"), Opens: at(t, "2025-03-10T09:00:00Z"), Until: day(t, "2027-03-10"),
	}
	id := w.decide(o)
	for i, a := range []codesocial.Act{
		{Kind: decision.Nominate, Actor: ana, Ref: ben, Reason: "He counts well."},
		{Kind: decision.Nominate, Actor: ben, Ref: ana, Reason: "She knows all suppliers."},
		{Kind: decision.Nominate, Actor: fournil, Ref: ana, Reason: "She has time."},
		{Kind: decision.Advance, Actor: atelier},
		{Kind: decision.Nominate, Actor: ana, Ref: jardin, Reason: "I have heard enough of myself."},
		{Kind: decision.Advance, Actor: atelier},
		{Kind: decision.Propose, Actor: atelier, Ref: ana, Reason: "Suppliers, and time."},
		{Kind: decision.Agree, Actor: ben, Ref: ana},
		{Kind: decision.Agree, Actor: fournil, Ref: ana},
		{Kind: decision.Agree, Actor: ana, Ref: ana},
		{Kind: decision.Accept, Actor: ana, Ref: ana},
		{Kind: decision.Close, Actor: atelier},
	} {
		a.Decision, a.At = id, o.At.Add(time.Duration(i)*time.Minute)
		require.NoError(t, w.Act(t.Context(), a, keys[a.Actor]), i)
		require.NoError(t, w.Act(t.Context(), a, keys[a.Actor]), "twice is once")
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: at(t, "2025-03-10T10:00:00Z")}))
	d, ok := w.adoptedBy(o.Matter)
	require.True(t, ok)
	require.Equal(t, ana, d.Chosen)
	require.Len(t, w.decision(id).Acts, 12)
	require.Equal(t, w.replay(), w.State())
}

func TestWhoVotesAtTheSameMomentIsCounted(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	first, second := admissionOf(t, cleo), admissionOf(t, cleo)
	w.stop(first.At)
	second.Proposer = fournil // the same matter at the same instant: one of them is first
	errs := make(chan error, 2)
	for _, o := range []codesocial.Opening{first, second} {
		go func() { errs <- w.Decide(t.Context(), o, keys[o.Proposer]) }()
	}
	a, b := <-errs, <-errs
	require.True(t, (a == nil) != (b == nil), "one is recorded")
	if a == nil {
		a = b
	}
	require.ErrorIs(t, a, codesocial.ErrExists)
	id := first.ID()
	w.stop(first.Opens)
	var wait sync.WaitGroup
	for i, voter := range []string{atelier, fournil, jardin, ana, ben} {
		wait.Go(func() { // clocks that differ
			ballot := codesocial.Ballot{Decision: id, Voter: voter, At: first.Opens.Add(time.Duration(5-i) * time.Second), Answer: decision.For}
			if err := w.Vote(t.Context(), ballot, keys[voter]); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int64(5), w.decision(id).Vote.For)
	require.Equal(t, w.replay(), w.State())
}

func TestAForgedOpeningIsRefusedHoweverItCame(t *testing.T) {
	t.Parallel()
	rule := `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast"},
		"colleges":[{"id":"organisations","types":["organization","collective"]},{"id":"persons","types":["person"],"weight":2}]}`
	w := assembly(t, rule, byElection)
	for name, forge := range map[string]func(*codesocial.Opening, *journal.Draft){
		"electorate": func(o *codesocial.Opening, _ *journal.Draft) { o.Electorate = codesocial.HashDocument(nil) },
		"clause":     func(o *codesocial.Opening, _ *journal.Draft) { o.Clause.Clause = "decide-2" },
		"aside":      func(o *codesocial.Opening, _ *journal.Draft) { o.Aside = append(o.Aside, fournil) },
		"no aside":   func(o *codesocial.Opening, _ *journal.Draft) { o.Aside = nil },
		"colleges":   func(o *codesocial.Opening, _ *journal.Draft) { o.Colleges[1] = append(o.Colleges[1], cleo) },
		"id":         func(_ *codesocial.Opening, d *journal.Draft) { d.ID = uuid.New() },
		"author":     func(_ *codesocial.Opening, d *journal.Draft) { d.Author = fournil },
		"unsigned":   func(_ *codesocial.Opening, d *journal.Draft) { d.Author = "" },
	} {
		o := admissionOf(t, cleo)
		o.Recusals = []codesocial.Recusal{{Party: ben, Reason: "He is her brother."}}
		w.stop(o.At)
		var drafts []journal.Draft
		require.NoError(t, w.Read(func(s *codesocial.State) {
			var err error
			drafts, err = s.DraftDecision(o)
			require.NoError(t, err)
		}))
		opening := drafts[0].Payload.(codesocial.Opening)
		forge(&opening, &drafts[0])
		drafts[0].Payload = opening
		if name != "unsigned" {
			require.NoError(t, drafts[0].Sign(keys[drafts[0].Author]))
		}
		size := w.journal.Size()
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return drafts, nil })
		require.Error(t, err, name)
		require.Equal(t, size, w.journal.Size(), name)
	}
	require.Equal(t, w.replay(), w.State())
}
