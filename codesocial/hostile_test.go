package codesocial_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestTheTimeOfADecisionDoesNotRunBeforeAnybodyCanKnowOfIt(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote, `{"kind":"codesocial.decision","matters":["codesocial.amendment"],"consent":{"quorum":"1/5","silence":"for","roundHours":48,"maxRounds":2}}`)
	o := admissionOf(t, cleo)
	w.stop(o.Closes)
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[atelier]) }, codesocial.ErrRefused, "decide-1", "nobody would have had")
	w.stop(o.At.Add(codesocial.MaxDelay))
	id := w.decide(o)
	ballot := codesocial.Ballot{Decision: id, Voter: ana, At: o.Closes.Add(-time.Second), Answer: decision.For}
	w.stop(o.Closes.Add(time.Minute + time.Second))
	w.refused(func(ctx context.Context) error { return w.Vote(ctx, ballot, keys[ana]) }, codesocial.ErrRefused, "decide-1", "one could vote until")
	w.stop(o.Closes.Add(time.Minute))
	w.answer(id, ana, "2025-03-15T08:59:59Z", decision.For)

	consent := textDecision(t, codesocial.AmendmentKind, "urn:x:text", "2025-04-01T09:00:00Z")
	consent.Facilitator = jardin
	consent.Closes = time.Time{}
	w.stop(consent.At.AddDate(0, 0, 3))
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, consent, keys[atelier]) }, codesocial.ErrRefused, "nobody would have had")
	w.stop(consent.At)
	id = w.decide(consent)
	advance := codesocial.Act{Decision: id, Kind: decision.Advance, Actor: jardin, At: consent.At}
	w.stop(consent.At.Add(49 * time.Hour))
	w.refused(func(ctx context.Context) error { return w.Act(ctx, advance, keys[jardin]) }, codesocial.ErrRefused, "before its recording")
}

func TestWhatAnAssemblyDecidesInARoomMayBeRecordedDaysLater(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast","quorum":"1/2"}}`)
	o := admissionOf(t, cleo)
	w.stop(o.Closes.AddDate(0, 0, 3))
	id := w.decide(o)
	for _, voter := range []string{atelier, fournil, ben} {
		w.answer(id, voter, "2025-03-12T09:00:00Z", decision.For)
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.Equal(t, codesocial.Carried, w.decision(id).Decided.Verdict)
	require.Equal(t, w.replay(), w.State())
}

func TestADecisionGivesARoleForOneTermAndNoMore(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.elect("publisher", atelier, fournil, "2025-02-01")
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2025-02-03"), Until: day(t, "2026-02-02")}))
	again := codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2026-02-03"), Until: day(t, "2027-02-02")}
	w.refused(func(ctx context.Context) error { return w.Mandate(ctx, again) }, codesocial.ErrExists, "another decision", "decide-2")
	require.NoError(t, w.Release(t.Context(), codesocial.Release{Role: "publisher", Party: atelier, On: day(t, "2025-06-10"), By: atelier}, keys[atelier]))
	again.From, again.Until = day(t, "2025-06-11"), day(t, "2026-06-10")
	w.refused(func(ctx context.Context) error { return w.Mandate(ctx, again) }, codesocial.ErrExists, "another decision")
	w.elect("publisher", atelier, fournil, "2025-06-12")
	again.From, again.Until = day(t, "2025-06-14"), day(t, "2026-06-13")
	require.NoError(t, w.Mandate(t.Context(), again))
}

func TestWhoComesBackNeedsAnotherDecision(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	c := w.State().Versions()[0].Charter
	id := ""
	for rule := range c.Rules(codesocial.AdmissionKind) {
		id = rule.Clause.Clause
	}
	v2 := next(t, c, "2025-03-01", setRule(id, `{"kind":"codesocial.admission","sponsors":1,"decision":true}`))
	w.adopt(v2, atelier, fournil)
	decide := func(shift int) {
		o := admissionOf(t, cleo)
		o.At, o.Opens, o.Closes = o.At.AddDate(0, shift, 0), o.Opens.AddDate(0, shift, 0), o.Closes.AddDate(0, shift, 0)
		id := w.decide(o)
		for _, voter := range []string{atelier, fournil, ana} {
			require.NoError(t, w.Vote(t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Answer: decision.For}, keys[voter]))
		}
		require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	}
	decide(0)
	admit := codesocial.Admission{Applicant: cleo, Charter: v2.Hash(), On: day(t, "2025-03-20"), Sponsors: []string{fournil}, Signature: acceptance(t, cleo, cleo, v2)}
	require.NoError(t, w.Admit(t.Context(), admit))
	require.NoError(t, w.Step(t.Context(), codesocial.MembershipStep{Party: cleo, Event: codesocial.EventResign, On: day(t, "2025-03-25"), By: cleo}, keys[cleo]))
	admit.On = day(t, "2025-03-26")
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, admit) }, codesocial.ErrRefused, "who comes back needs another")
	decide(1)
	admit.On = day(t, "2025-04-20")
	require.NoError(t, w.Admit(t.Context(), admit))
}

func TestNobodyLeadsADecisionOnTheirOwnProposalThroughAnother(t *testing.T) {
	t.Parallel()
	w := assembly(t, byConsent)
	a := codesocial.Admission{Applicant: relais, Charter: w.State().Versions()[0].Charter.Hash(), On: day(t, "2025-01-03"), Sponsors: []string{jardin}}
	a.Signature = acceptance(t, relais, ana, w.State().Versions()[0].Charter)
	require.NoError(t, w.Admit(t.Context(), a))
	o := textDecision(t, codesocial.AmendmentKind, "urn:x:text", "2025-04-01T09:00:00Z")
	o.Closes = time.Time{}
	for _, pair := range [][2]string{{relais, ana}, {ana, relais}} {
		o.Proposer, o.Facilitator = pair[0], pair[1]
		w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[ana]) }, codesocial.ErrRefused, "nobody judges objections to their own proposal")
	}
}

func TestNobodyIsKeptOutByAStepThatIsDatedAhead(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	c := w.State().Versions()[0].Charter
	apply := codesocial.MembershipStep{Party: cleo, Event: codesocial.EventApply, On: day(t, "2025-02-01"), By: cleo, Charter: c.Hash(), Signature: acceptance(t, cleo, cleo, c)}
	require.NoError(t, w.Step(t.Context(), apply, keys[cleo]))
	w.refused(func(ctx context.Context) error {
		return w.Step(ctx, codesocial.MembershipStep{Party: cleo, Event: codesocial.EventSponsor, On: day(t, "9999-12-31"), By: fournil}, keys[fournil])
	}, codesocial.ErrInvalid, "after its recording")
	require.NoError(t, w.Step(t.Context(), codesocial.MembershipStep{Party: cleo, Event: codesocial.EventSponsor, On: day(t, "2025-02-02"), By: fournil}, keys[fournil]))
}

func TestNobodyStandsForThemselvesThroughAProjectThatTheyLead(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	c := w.State().Versions()[0].Charter
	a := codesocial.Admission{Applicant: relais, Charter: c.Hash(), On: day(t, "2025-01-03"), Sponsors: []string{jardin}, Signature: acceptance(t, relais, ana, c)}
	require.NoError(t, w.Admit(t.Context(), a))
	require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: relais, Type: codesocial.Project, Name: "Le Relais", Partners: []string{atelier, fournil}, Lead: cleo}))
	apply := codesocial.MembershipStep{Party: cleo, Event: codesocial.EventApply, On: day(t, "2025-02-01"), By: cleo, Charter: c.Hash(), Signature: acceptance(t, cleo, cleo, c)}
	require.NoError(t, w.Step(t.Context(), apply, keys[cleo]))
	w.refused(func(ctx context.Context) error {
		return w.Step(ctx, codesocial.MembershipStep{Party: cleo, Event: codesocial.EventSponsor, On: day(t, "2025-02-02"), By: relais}, keys[cleo])
	}, codesocial.ErrRefused, "nobody decides on their own case")
}

func TestAVoiceThatIsPassedOnCanAlwaysBeTakenBack(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	w.refused(func(ctx context.Context) error {
		return w.Delegate(ctx, codesocial.Delegation{From: ana, To: atelier, At: at(t, "9998-01-01T00:00:00Z")}, keys[ana])
	}, codesocial.ErrInvalid, "after its recording")
}

func TestNobodyEndsAProjectThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	begin := codesocial.WindDownStep{Project: relais, Event: codesocial.WindDownBegin, On: day(t, "2025-06-01"), By: jardin, Reason: "We do not like it."}
	w.refused(func(ctx context.Context) error { return w.WindDown(ctx, begin, keys[jardin]) }, codesocial.ErrRefused, "does not speak for the project")
	require.NoError(t, w.Step(t.Context(), codesocial.MembershipStep{Party: ana, Event: codesocial.EventResign, On: day(t, "2025-05-01"), By: ana}, keys[ana]))
	require.NoError(t, w.WindDown(t.Context(), begin, keys[jardin]), "nobody who is a member speaks for it any more")
}

func TestOneCreditorLeavesRoomForTheClaimsOfOthers(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	step := func(event codesocial.WindDownEvent, by string, c *codesocial.Claim) func(context.Context) error {
		m := codesocial.WindDownStep{Project: relais, Event: event, On: day(t, "2025-06-01"), By: by, Claim: c, Reason: "It has done its work."}
		return func(ctx context.Context) error { return w.WindDown(ctx, m, keys[by]) }
	}
	require.NoError(t, step(codesocial.WindDownBegin, ana, nil)(t.Context()))
	for i := range codesocial.MaxClaims {
		require.NoError(t, step(codesocial.WindDownClaim, jardin, &codesocial.Claim{Creditor: jardin, Unit: fmt.Sprintf("U%d", i), Amount: decimal.New(1, 0)})(t.Context()))
	}
	w.refused(step(codesocial.WindDownClaim, jardin, &codesocial.Claim{Creditor: jardin, Unit: "EUR", Amount: decimal.New(1, 0)}), codesocial.ErrLimit, jardin, "100 claims")
	require.NoError(t, step(codesocial.WindDownClaim, atelier, &codesocial.Claim{Creditor: atelier, Unit: "EUR", Amount: decimal.New(1, 0)})(t.Context()))
}

func TestANoticeRunsFromWhenTheAdoptionCouldBeRead(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t, sound)
	v2 := next(t, v1, "2026-06-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	a := codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2026-02-01"), Signatures: signatures(t, v2, atelier, fournil)}
	w.stop(at(t, "2026-06-04T12:00:00Z"))
	require.NoError(t, w.Adopt(t.Context(), a), "papers that were signed in time, and come in later")
	on := at(t, "2026-06-02T12:00:00Z")
	o := w.State().Opposable(v2.Document().Chapters[0].Clauses[0].ID, jardin, on)
	require.Equal(t, codesocial.ShortNotice, o.Ground, "it could not be read before")
	require.Equal(t, day(t, "2026-06-04"), o.PublishedOn)
	require.Contains(t, o.Explain("en"), "adopted on 2026-02-01 and published on 2026-06-04")
	require.Contains(t, o.Explain("fr"), "adoptée le 2026-02-01 et publiée le 2026-06-04")
	require.True(t, w.State().Opposable(o.Clause.Clause, atelier, on).Binding(), "it signed")
	require.Equal(t, w.replay(), w.State())
}

func TestNobodyFreesThemselvesAfterwards(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t, sound)
	v2 := next(t, v1, "2026-06-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2026-02-01"), Signatures: signatures(t, v2, atelier, fournil)}))
	clause := v2.Document().Chapters[0].Clauses[0].ID
	binds := func(party, on string) bool {
		return w.State().Opposable(clause, party, at(t, on+"T12:00:00Z")).Binding()
	}

	objection := codesocial.Objection{Party: jardin, Charter: v2.Hash(), On: day(t, "2026-05-31"), Reason: "We were not heard."}
	w.stop(at(t, "2026-06-09T12:00:00Z"))
	w.refused(func(ctx context.Context) error { return w.Object(ctx, objection) }, codesocial.ErrRefused, "can be until 2026-06-08")
	w.stop(at(t, "2026-06-04T12:00:00Z"))
	require.NoError(t, w.Object(t.Context(), objection), "a letter that comes in later")
	require.True(t, binds(jardin, "2026-06-03"))
	require.False(t, binds(jardin, "2026-06-04"))

	w.stop(at(t, "2026-08-01T12:00:00Z"))
	require.NoError(t, w.Step(t.Context(), codesocial.MembershipStep{Party: atelier, Event: codesocial.EventResign, On: day(t, "2026-06-10"), By: atelier}, keys[atelier]))
	require.True(t, binds(atelier, "2026-07-31"), "nobody could know that it had left")
	require.False(t, binds(atelier, "2026-08-01"))
	require.False(t, w.member(atelier, "2026-07-31"), "it has the rights that it wants")
	require.Equal(t, w.replay(), w.State())
}

func TestAProbationRunsFromWhenItIsRecorded(t *testing.T) {
	t.Parallel()
	w, c := founded(t, setRule("social-1", `{"kind":"codesocial.admission","sponsors":0,"probation":30}`))
	step := func(event codesocial.MembershipEvent, on, by string) codesocial.MembershipStep {
		m := codesocial.MembershipStep{Party: cleo, Event: event, On: day(t, on), By: by}
		if event == codesocial.EventApply {
			m.Charter, m.Signature = c.Hash(), acceptance(t, cleo, cleo, c)
		}
		return m
	}
	w.stop(at(t, "2026-06-04T12:00:00Z"))
	require.NoError(t, w.Step(t.Context(), step(codesocial.EventApply, "2026-04-01", cleo), keys[cleo]))
	require.NoError(t, w.Step(t.Context(), step(codesocial.EventWelcome, "2026-05-01", fournil), keys[fournil]))
	w.refused(func(ctx context.Context) error {
		return w.Step(ctx, step(codesocial.EventConfirm, "2026-06-04", fournil), keys[fournil])
	}, codesocial.ErrRefused, "until 2026-07-04")
	w.stop(at(t, "2026-07-04T12:00:00Z"))
	require.NoError(t, w.Step(t.Context(), step(codesocial.EventConfirm, "2026-07-04", fournil), keys[fournil]))
}

func TestMinutesArePutDownOnlyAfterwards(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	g := codesocial.Gathering{
		ID: uuid.MustParse("0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a99"), Convener: atelier, At: at(t, "2025-04-01T09:00:00Z"), Title: codesocial.Text{"en": "Assembly"},
		Starts: at(t, "2025-05-01T09:00:00Z"), Ends: at(t, "2025-05-01T11:00:00Z"), Place: "The workshop",
	}
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]))
	w.stop(at(t, "2025-04-02T09:00:00Z"))
	w.refused(func(ctx context.Context) error {
		return w.Minute(ctx, codesocial.Minutes{Gathering: g.ID, By: fournil, At: g.Starts, Document: codesocial.HashDocument(nil)}, keys[fournil])
	}, codesocial.ErrInvalid, "after its recording")
}

func TestWhoFacilitatesDoesNotProposeAPartyThatTheyLead(t *testing.T) {
	t.Parallel()
	w := assembly(t, byNomination)
	c := w.State().Versions()[0].Charter
	require.NoError(t, w.Admit(t.Context(), codesocial.Admission{Applicant: relais, Charter: c.Hash(), On: day(t, "2025-01-03"), Sponsors: []string{jardin}, Signature: acceptance(t, relais, ana, c)}))
	o := textDecision(t, codesocial.RoleMatter, "treasurer", "2025-04-01T09:00:00Z")
	o.Facilitator, o.Closes = ana, time.Time{}
	w.stop(o.At)
	id := w.decide(o)
	act := func(kind decision.ActKind, actor, ref string) func(context.Context) error {
		return func(ctx context.Context) error {
			return w.Act(ctx, codesocial.Act{Decision: id, Kind: kind, Actor: actor, At: o.At, Ref: ref, Reason: "Knows how."}, keys[actor])
		}
	}
	for _, elector := range []string{atelier, fournil, jardin} {
		require.NoError(t, act(decision.Nominate, elector, relais)(t.Context()))
	}
	for range 2 {
		require.NoError(t, w.Act(t.Context(), codesocial.Act{Decision: id, Kind: decision.Advance, Actor: ana, At: o.At}, keys[ana]))
		o.At = o.At.Add(time.Second)
		w.stop(o.At)
	}
	w.refused(act(decision.Propose, ana, relais), codesocial.ErrRefused, "does not propose itself")
}
