package mediation

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestWhatAnotherPartyHasReachedOnTheLadderIsNotHeldAgainstOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.notified(1, func(t *Tension) { t.Respondents = []string{cleo} })
	w.heard(first)
	require.NoError(t, w.pronounce(first, 1))
	w.act(first, Inform, rita)
	w.wait(31 * oneDay)
	w.act(first, Effect, rita)
	require.Equal(t, map[string]int{cleo: 1}, w.get(first).Reached)
	w.wait(300 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Closed, w.stage(first))

	for respondent, refused := range map[string]bool{cleo: false, ana: true} { // ana was on the other side
		id, mediator := w.mediated(func(t *Tension) { t.By, t.Respondents, t.Follows = dora, []string{respondent}, first })
		w.act(id, Fail, mediator)
		w.act(id, Escalate, dora)
		w.act(id, Find, rita, clauses("respect"))
		w.act(id, Notify, rita, notice(2, respondent, w.now.Add(16*oneDay)), clauses("respect"))
		w.heard(id)
		k := w.get(id)
		err := w.pronounce(id, 2, clauses("respect"))
		if refused {
			w.refused(err, k, ErrGuard, "skips the rungs from 1 on")
		} else {
			require.NoError(t, err)
		}
	}
}

func TestAnExclusionIsNotClosedAwayWithTheRightToItsRevision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.excluded()
	k := w.get(id)
	w.refused(w.try(id, Close, olga), k, ErrGuard, "in effect")
	w.wait(400 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	grounds := w.paper(id, Grounds, ben)
	w.act(id, Appeal, ben, func(a *Act) { a.Ground, a.Papers = Revision, []uuid.UUID{grounds} })
}

func TestCasesAboutTheSamePersonDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.notified(4)
	w.heard(other)
	until := codesocial.DateOf(w.now, w.charter.Location()).AddDays(90)
	require.NoError(t, w.pronounce(other, 4, func(a *Act) { a.Until = until }))
	w.act(other, Inform, rita)
	w.wait(31 * oneDay)
	w.act(other, Effect, rita)
	require.Equal(t, codesocial.Suspended, w.status(ben))
	id := w.raise(func(t *Tension) { t.By = cleo })
	w.act(id, Protect, olga, func(a *Act) { a.For, a.Hours, a.Suspend = ben, 20, true })
	w.act(id, Withdraw, cleo)
	require.Equal(t, codesocial.Suspended, w.status(ben), "by the measure of the other case")
	w.sameAsReplayed()
}

func TestAMemberWhoResignsIsNotExcludedAndOneWhoComesBackIsNotEither(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(6)
	w.heard(id)
	w.decide(id)
	require.NoError(t, w.pronounce(id, 6))
	w.act(id, Inform, rita)
	require.NoError(t, w.community.Step(t.Context(), codesocial.MembershipStep{Party: ben, Event: codesocial.EventResign, On: codesocial.DateOf(w.now, w.charter.Location()), By: ben}, nil))
	w.wait(31 * oneDay)
	w.act(id, Effect, rita)
	require.Equal(t, codesocial.Resigned, w.status(ben))
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		require.NotEqual(t, codesocial.KindMeasure, r.Kind)
	}
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return w.cases.DraftMeasures() })
	require.NoError(t, err)
	w.sameAsReplayed()
}

func TestAMeasureWhoseDaysAreOverWhenItTakesEffectHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(4)
	w.heard(id)
	until := codesocial.DateOf(w.now, w.charter.Location()).AddDays(40)
	require.NoError(t, w.pronounce(id, 4, func(a *Act) { a.Until = until }))
	w.act(id, Inform, rita)
	w.wait(60 * oneDay)
	w.act(id, Effect, rita)
	require.Equal(t, codesocial.Member, w.status(ben))
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Served, w.get(id).Outcome)
}

func TestNobodyIsSentGrievancesWhoCouldNotAnswerNorAppeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.failed()
	w.act(id, Find, rita, clauses("respect"))
	k := w.get(id)
	w.refused(w.try(id, Notify, rita, notice(1, ana, w.now.Add(16*oneDay)), clauses("respect")), k, ErrInvalid, "for")
}

func TestNobodyJudgesWhoSitsInTheReview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := Mandate{Party: remi, Body: AppealBody, From: day("2025-01-01"), Until: day("2026-12-31")}
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: MandateMatter, Ref: m.Ref()}, Title: both("Shall she sit in the appeal?", "Siégera-t-elle en recours ?"),
		Proposer: rita, At: w.now, Opens: w.now, Closes: w.now.Add(2 * oneDay),
	}
	require.NoError(t, w.community.Decide(t.Context(), o, nil))
	require.NoError(t, w.community.Vote(t.Context(), codesocial.Ballot{Decision: o.ID(), Voter: cleo, Answer: "for", At: w.now}, nil))
	w.wait(3 * oneDay)
	require.NoError(t, w.community.Close(t.Context(), codesocial.Closing{Decision: o.ID(), At: w.now}))
	require.NoError(t, w.Seat(t.Context(), m))
	id := w.notified(1)
	w.heard(id)
	require.NoError(t, w.pronounce(id, 1))
	w.act(id, Inform, rita)
	w.act(id, Appeal, ben, func(a *Act) { a.Ground = Bias })
	k := w.get(id)
	w.refused(w.try(id, Admit, remi), k, ErrConflict)
	w.act(id, Admit, jean)
}

func TestTwoExclusionsOfTheSameMemberHoldUpNoOtherMeasureAndTheSecondStandsWhenTheFirstIsAnnulled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := []uuid.UUID{w.notified(6), w.notified(6)}
	w.wait(17 * oneDay)
	for _, id := range ids {
		w.act(id, Hear, rita)
	}
	for _, id := range ids {
		w.decide(id)
		require.NoError(t, w.pronounce(id, 6))
		w.act(id, Inform, rita)
	}
	w.wait(31 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	for _, id := range ids { // the process ended before the measures were recorded
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
			return w.cases.DraftAct(Act{By: rita, Case: id, Event: Effect, At: w.now})
		})
		require.NoError(t, err)
	}
	_, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, codesocial.Excluded, w.status(ben))
	w.act(ids[0], Appeal, ben, func(a *Act) { a.Ground = Procedure })
	w.act(ids[0], Admit, jean)
	w.act(ids[0], Uphold, jean)
	w.act(ids[0], Uphold, jane)
	_, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, codesocial.Excluded, w.status(ben), "by the other case")
	w.act(ids[1], Appeal, ben, func(a *Act) { a.Ground = Procedure })
	w.act(ids[1], Admit, jean)
	w.act(ids[1], Uphold, jean)
	w.act(ids[1], Uphold, jane)
	require.Equal(t, codesocial.Member, w.status(ben))
	w.sameAsReplayed()
}

func TestAnExclusionIsAnnulledAlsoForWhoWasAdmittedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.excluded()
	out := codesocial.DateOf(w.now, w.charter.Location())
	w.wait(20 * oneDay)
	require.NoError(t, w.community.Admit(t.Context(), codesocial.Admission{Applicant: ben, Charter: w.charter.Hash(), On: codesocial.DateOf(w.now, w.charter.Location())}))
	require.Equal(t, codesocial.Member, w.status(ben))
	w.act(id, Appeal, ben, func(a *Act) { a.Ground = Procedure })
	w.act(id, Admit, jean)
	w.act(id, Uphold, jean)
	w.act(id, Uphold, jane)
	require.NoError(t, w.community.Read(func(s *codesocial.State) {
		require.Equal(t, codesocial.Member, s.StatusOn(ben, out.AddDays(5)), "as if it had never been")
	}))
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	w.sameAsReplayed()
}

func TestAMeasureThatLastsCanBeLiftedAndAppealedAgainstAfterARelapseThatWasNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(4)
	w.heard(id)
	until := codesocial.DateOf(w.now, w.charter.Location()).AddDays(100)
	require.NoError(t, w.pronounce(id, 4, func(a *Act) { a.Until = until }))
	w.act(id, Inform, rita)
	w.wait(31 * oneDay)
	w.act(id, Effect, rita)
	before := w.get(id)
	w.act(id, Relapse, ana)
	for _, who := range []string{rita, rosa} {
		w.act(id, Clear, who, func(a *Act) { a.Ground = NoBreach })
	}
	after := w.get(id)
	require.Equal(t, Monitoring, after.Stage)
	require.Equal(t, before.Deadline, after.Deadline)
	require.Equal(t, before.Sanction, after.Sanction)
	w.act(id, Appeal, ben, func(a *Act) { a.Ground = NewEvidence })
	w.act(id, Admit, jean)
	w.act(id, Deny, jean)
	w.act(id, Deny, jane)
	require.Equal(t, codesocial.Suspended, w.status(ben))
	w.act(id, Lift, rita)
	w.act(id, Lift, rosa)
	require.Equal(t, Lifted, w.get(id).Outcome)
	require.Equal(t, codesocial.Member, w.status(ben))
}

func TestARungThatWasAnnulledIsNotHeldAgainstAnybodyInACaseThatFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.excluded()
	w.wait(400 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Closed, w.stage(first))
	follows := w.raise(func(t *Tension) { t.Follows = first })
	into := w.raise()
	w.act(follows, Merge, olga, func(a *Act) { a.Into = into })
	for _, id := range []uuid.UUID{follows, into} {
		require.Equal(t, map[string]int{ben: 6}, w.get(id).Reached)
	}
	w.act(first, Appeal, ben, func(a *Act) { a.Ground, a.Papers = Revision, []uuid.UUID{w.paper(first, Grounds, ben)} })
	w.act(first, Admit, jean)
	w.act(first, Uphold, jean)
	w.act(first, Uphold, jane)
	for _, id := range []uuid.UUID{first, follows, into} {
		require.Empty(t, w.get(id).Reached)
	}
	w.sameAsReplayed()
}

func TestWhoOpensTheDecisionDoesNotChooseWhoDecidesOnAnExclusion(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(o *codesocial.Opening){
		"a recusal": func(o *codesocial.Opening) {
			o.Recusals = append(o.Recusals, codesocial.Recusal{Party: cleo, Reason: "She would vote against it."})
		},
		"a concern": func(o *codesocial.Opening) { o.Concerns = []string{cleo} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			id := w.notified(6)
			w.heard(id)
			w.decideWith(id, edit)
			require.Contains(t, w.missingIn(id), NeedImpartiality)
			require.ErrorContains(t, w.pronounce(id, 6), "and nobody else")
			require.Nil(t, w.get(id).Sanction)

			w.decide(id) // again, as it should be
			require.NotContains(t, w.missingIn(id), NeedImpartiality)
			require.NoError(t, w.pronounce(id, 6))
		})
	}
}
