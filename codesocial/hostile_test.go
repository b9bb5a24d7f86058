package codesocial_test

import (
	"context"
	"testing"
	"time"

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
