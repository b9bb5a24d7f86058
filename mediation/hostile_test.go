package mediation

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// What somebody would try who wants another one out, or wants to read, stop or drag out what is not hers.

func TestNobodyShortensATimeByWritingADateOfThePast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.failed()
	asked := w.now
	w.wait(20 * oneDay)
	k := w.get(id)
	past := func(a *Act) { a.At = asked }
	w.refused(w.try(id, Notify, rita, notice(6, ben, w.now), clauses("respect"), past), k, ErrTime, "more than an hour before its recording")
	w.proceed(id, 5, Find, Grave)
	w.heard(id)
	until := codesocial.DateOf(w.now, w.charter.Location()).AddDays(200)
	require.NoError(t, w.pronounce(id, 5, func(a *Act) { a.Until = until }))
	decided := w.now
	w.wait(31 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	k = w.get(id)
	w.refused(w.try(id, Inform, rita, func(a *Act) { a.At = decided.Add(time.Hour) }), k, ErrTime)
	w.act(id, Inform, rita)
	k = w.get(id)
	w.refused(w.try(id, Effect, rita), k, ErrState)

	_, err = w.Raise(t.Context(), Tension{By: ana, At: w.now.Add(-2 * time.Hour), Respondents: []string{cleo}}, Words{Fact: "x", Effect: "x", Need: "x"})
	require.ErrorIs(t, err, ErrTime, "nor chooses the version of the charter")
	_, err = w.Write(t.Context(), Paper{By: ana, Case: id, Kind: Evidence, At: asked}, []byte("x"))
	require.ErrorIs(t, err, ErrTime)
	for _, at := range []time.Time{asked, w.now.Add(oneDay)} {
		require.ErrorIs(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: at, Party: cleo, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}}), ErrTime)
	}
}

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

func TestOneOfSeveralWhoReportDoesNotEndTheCaseOfTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.act(id, Join, cleo)
	w.act(id, Acknowledge, olga)
	w.act(id, Triage, olga, clauses("respect"))
	w.act(id, Mediate, ana)
	w.act(id, Decline, ben)
	w.act(id, Drop, cleo)
	require.Equal(t, Failed, w.stage(id))
	w.act(id, Drop, ana)
	require.Equal(t, NoFurther, w.get(id).Outcome)
}

func TestNobodyDisclosesWhatIsNotForHerToRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.mediated()
	note, err := w.Write(t.Context(), Paper{By: ben, Case: id, Kind: Note, For: ben, At: w.now}, []byte(canary))
	require.NoError(t, err)
	for _, who := range []string{ana, olga} {
		reasons := w.paper(id, Reasons, who)
		k := w.get(id)
		err := w.Act(t.Context(), Act{By: who, Case: id, Event: Disclose, At: w.now, Exception: Integrity, Readers: []string{who}, Papers: []uuid.UUID{note, reasons}})
		w.refused(err, k, ErrSealed, "is not for")
		may, err := w.cases.MayRead(note, who, w.now)
		require.NoError(t, err)
		require.False(t, may)
	}
}

func TestWhoIsTiedToAPartyDoesNotMergeAnotherCaseIntoIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:dora","urn:x:olga"],"review":["urn:x:rita"],"appeal":["urn:x:jean"]}`})
	about, other := w.raise(), w.raise(func(t *Tension) { t.Respondents = []string{cleo} })
	k := w.get(other)
	w.refused(w.try(other, Merge, dora, func(a *Act) { a.Into = about }), k, ErrConflict, fournil)
	require.Equal(t, []string{ben}, w.get(about).Respondents)
	w.act(other, Merge, olga, func(a *Act) { a.Into = about })
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

func TestAProtectionEndsWithTheCaseAndOneSeatCannotRenewItWithoutEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	protect := func(id uuid.UUID, by string, hours int) error {
		return w.try(id, Protect, by, func(a *Act) { a.For, a.Hours, a.Suspend = ben, hours, true })
	}
	id := w.raise()
	require.NoError(t, protect(id, olga, 200))
	w.act(id, Account, olga)
	w.wait(oneDay)
	require.Equal(t, codesocial.Suspended, w.status(ben))
	w.act(id, Withdraw, ana)
	require.Equal(t, codesocial.Member, w.status(ben))

	id = w.raise()
	require.NoError(t, protect(id, olga, 200))
	w.act(id, Account, olga)
	w.wait(100 * time.Hour)
	w.act(id, Release, rita)
	require.NoError(t, protect(id, otto, 200)) // not reported: it lasts a day
	w.wait(50 * time.Hour)
	k := w.get(id)
	w.refused(protect(id, olga, 213), k, ErrGuard, "336 in all") // 100 and 24 hours are over
	require.NoError(t, protect(id, olga, 212))
	w.act(id, Prolong, rita, func(a *Act) { a.Hours = 24 })
	w.wait(25 * time.Hour)
	require.NoError(t, protect(id, olga, 212), "what the review prolongs does not count")
	w.act(id, Account, olga)
	w.wait(212 * time.Hour)
	k = w.get(id)
	w.refused(protect(id, otto, 1), k, ErrGuard)
	require.Equal(t, codesocial.Suspended, w.status(ben), "to the end of the day")
	w.wait(oneDay)
	require.Equal(t, codesocial.Member, w.status(ben))
}

func TestARespondentWhoAcceptsNoMediatorDoesNotHoldUpTheCaseForEver(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(w *world, id uuid.UUID){
		"with reasons": func(w *world, id uuid.UUID) {
			w.act(id, Challenge, ben, func(a *Act) { a.Papers = []uuid.UUID{w.paper(id, Reasons, ben)} })
		},
		"without": func(w *world, id uuid.UUID) { w.act(id, Challenge, ben) },
		"by silence": func(w *world, id uuid.UUID) {
			w.act(id, Accept, ana)
			w.wait(8 * oneDay)
			_, err := w.Clocks(w.t.Context(), w.now)
			require.NoError(w.t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			consented := func(id uuid.UUID) uuid.UUID {
				w.act(id, Acknowledge, olga)
				w.act(id, Triage, olga, clauses("respect"))
				w.act(id, Mediate, ana)
				w.act(id, Consent, ana)
				w.act(id, Consent, ben)
				return id
			}
			once, twice := consented(w.raise()), consented(w.raise())
			for id, times := range map[uuid.UUID]int{once: 1, twice: 2} {
				for range times {
					_, err := w.Draw(t.Context(), id, olga, w.now, "")
					require.NoError(t, err)
					refuse(w, id)
					require.Equal(t, Choosing, w.stage(id))
				}
				w.act(id, Leave, ana)
			}
			require.Contains(t, w.missingIn(once), NeedMediation, "who reports does not make mediation fail by leaving")
			require.NotContains(t, w.missingIn(twice), NeedMediation)
		})
	}
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

func TestNobodyTakesThoseWhoDecideOutOfTheirSeatsByReportingThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.failed()
	against := w.raise(func(t *Tension) {
		t.By, t.Respondents = ben, []string{olga, rita, rosa, remi, jean, jane, joel, mona, milo, maud}
	})
	for _, who := range []string{olga, rita, jean, mona} {
		conflicts, err := w.cases.Conflicts(id, who, w.now)
		require.NoError(t, err)
		require.Empty(t, conflicts, who)
		conflicts, err = w.cases.Conflicts(against, who, w.now)
		require.NoError(t, err)
		require.NotEmpty(t, conflicts, "in the case against themselves")
	}
	w.act(id, Find, rita, clauses("respect"))
	w.wait(time.Hour)
	w.raise(func(t *Tension) { t.By = rosa })
	conflicts, err := w.cases.Conflicts(id, rosa, w.now)
	require.NoError(t, err)
	require.Len(t, conflicts, 1, "she reported him herself")
	w.wait(time.Hour)
	later := w.raise(func(t *Tension) { t.By = cleo })
	conflicts, err = w.cases.Conflicts(later, rita, w.now)
	require.NoError(t, err)
	require.Equal(t, []Conflict{{rita, ben, CaseTie, urn(against)}}, conflicts, "from before")
}

func TestThePaperOfOneSideCannotPassForAPartOfTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.paper(id, Evidence, ana)
	file, err := w.cases.File(id, FileOptions{Text: func(uuid.UUID) ([]byte, bool) {
		return []byte("seen\r## Measures\n\n- exclusion of B1\r\n</blockquote><h2>Measures</h2>"), true
	}})
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(file), "\n## Measures\n"))
	require.NotContains(t, string(file), "\r")
	require.NotContains(t, strings.ReplaceAll(string(file), `\<`, ""), "<")
	require.Contains(t, string(file), "  > - exclusion of B1\n")
}

func TestNobodyIsSentGrievancesWhoCouldNotAnswerNorAppeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.failed()
	w.act(id, Find, rita, clauses("respect"))
	k := w.get(id)
	w.refused(w.try(id, Notify, rita, notice(1, ana, w.now.Add(16*oneDay)), clauses("respect")), k, ErrInvalid, "for")
}

func TestTheVoiceOfWhoHasLostHerSeatDoesNotDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(1)
	w.heard(id)
	pronounce := func(who string) { w.act(id, Pronounce, who, clauses("respect"), func(a *Act) { a.Rung = 1 }) }
	pronounce(rita)
	require.NoError(t, w.community.Step(t.Context(), codesocial.MembershipStep{Party: rita, Event: codesocial.EventResign, On: codesocial.DateOf(w.now, w.charter.Location()), By: rita}, nil))
	w.wait(oneDay)
	pronounce(rosa)
	require.Equal(t, Heard, w.stage(id), "one of two who can act")
	reasons := []uuid.UUID{w.paper(id, Reasons, rosa), w.paper(id, Proportionality, rosa)}
	forged := Act{By: rosa, Case: id, Event: Pronounce, At: w.now, Rung: 1, Clauses: []string{"respect"}, Papers: reasons, Decides: true}
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{forged.draft()}, nil })
	require.ErrorIs(t, err, ErrInvalid)
	w.act(id, Pronounce, rosa, clauses("respect"), func(a *Act) { a.Rung, a.Decides = 1, true })
	require.Equal(t, Heard, w.stage(id), "whatever she writes")
	pronounce(remi)
	require.Equal(t, Pronounced, w.stage(id))
}

func TestARespondentDoesNotPutOffTheReviewByAskingForMediationAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	w.act(id, Fail, mediator)
	w.act(id, Retry, ben)
	w.act(id, Decline, ben)
	k := w.get(id)
	w.refused(w.try(id, Retry, ben), k, ErrGuard)
	w.act(id, Retry, ana)
}

func TestWhoSpeaksForARespondentDoesNotStandOnTheOtherSide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise(func(t *Tension) { t.Respondents = []string{relais} })
	k := w.get(id)
	w.refused(w.try(id, Join, ben), k, ErrRole)
	_, err := w.Raise(t.Context(), Tension{By: ben, At: w.now, Respondents: []string{relais}}, Words{Fact: "x", Effect: "x", Need: "x"})
	require.ErrorIs(t, err, ErrInvalid)
}

func TestNobodyIsLeftWithoutProtectionByAMerge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, id := w.raise(), w.raise(func(t *Tension) { t.By = cleo })
	w.act(id, Protect, olga, func(a *Act) { a.For, a.Hours = ben, 20 })
	k := w.get(id)
	w.refused(w.try(id, Merge, olga, func(a *Act) { a.Into = into }), k, ErrGuard, "protection")
	w.act(into, Merge, olga, func(a *Act) { a.Into = id })
}

func TestThePapersOfACaseThatGoesOnInAnotherAreKeptAsLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, id := w.raise(), w.raise(func(t *Tension) { t.By = cleo })
	evidence := w.paper(id, Evidence, cleo)
	w.act(id, Merge, olga, func(a *Act) { a.Into = into })
	require.Error(t, w.journal.Erase(t.Context(), w.cases.papers[evidence].position, "x", commons))
	w.act(into, Withdraw, ana)
	w.act(into, Withdraw, cleo)
	require.NoError(t, w.journal.Erase(t.Context(), w.cases.papers[evidence].position, "x", commons))
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

func TestTimeGivenToAMediationEndsWithADayInWinterAndSummer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.now = time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC)
	id, _ := w.mediated()
	before := w.get(id).Deadline.In(w.charter.Location())
	w.act(id, Extend, ana)
	w.act(id, Extend, ben)
	after := w.get(id).Deadline.In(w.charter.Location())
	require.Equal(t, before.AddDate(0, 0, 30), after)
	require.Zero(t, after.Hour())
}

func TestARuleCanLetThePartiesDoTheWorkOfTheReception(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"path": `{"kind":"mediation.path","grants":[{"event":"acknowledge","by":["respondent"]},{"event":"triage","by":["reporter","officer"]}]}`})
	id := w.raise()
	w.act(id, Acknowledge, ben)
	w.act(id, Triage, ana, clauses("respect"))
}

func TestNoTextTurnsTheFileAround(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.paper(id, Evidence, ana)
	for _, lang := range []string{"fr", "en"} {
		file, err := w.cases.File(id, FileOptions{Lang: lang, Name: func(string) string { return "A\u202eB\x1b[2J\u0000" }, Text: func(uuid.UUID) ([]byte, bool) {
			return []byte("x\u2028## y\u0085# z\n===\n---\n1. b\n\u202ec\x1b]0;d\x07\xff\xfe\n~~~\n"), true
		}})
		require.NoError(t, err)
		require.NotContains(t, string(file), "\u202e")
		require.NotContains(t, string(file), "\x1b")
		require.NotContains(t, string(file), "\x00")
		require.NotContains(t, string(file), "\xff")
		require.Contains(t, string(file), `> x \#\# y \# z`)
	}
}

func TestWhoJoinsAndStaysSilentHoldsUpNobody(t *testing.T) {
	t.Parallel()
	late := func(w *world) {
		w.wait(91 * oneDay)
		_, err := w.Clocks(t.Context(), w.now)
		require.NoError(t, err)
	}
	asked := func(w *world) uuid.UUID {
		id := w.raise()
		w.act(id, Join, cleo)
		w.act(id, Acknowledge, olga)
		w.act(id, Triage, olga, clauses("respect"))
		w.act(id, Mediate, ana)
		return id
	}
	t.Run("a mediation that the respondent does not want", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id, other := asked(w), asked(w)
		w.act(id, Consent, ana)
		w.act(other, Consent, cleo)
		late(w)
		require.NotContains(t, w.missingIn(id), NeedMediation)
		require.Contains(t, w.missingIn(other), NeedMediation, "who reported first said nothing")
		w.sameAsReplayed()
	})
	t.Run("one that all others want", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id := asked(w)
		w.act(id, Consent, ana)
		w.act(id, Consent, ben)
		late(w)
		require.Equal(t, Choosing, w.stage(id))
		a, err := w.Draw(t.Context(), id, olga, w.now, "")
		require.NoError(t, err)
		for _, who := range []string{ana, ben, a.Mediator} {
			w.act(id, Accept, who)
		}
		require.Equal(t, Meetings, w.stage(id))
		w.act(id, Leave, cleo)
		require.Equal(t, Interrupted, w.stage(id), "she has the rights of a party still")
	})
	t.Run("one for which she was ready at first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id := asked(w)
		for _, who := range []string{ana, cleo, ben} {
			w.act(id, Consent, who)
		}
		a, err := w.Draw(t.Context(), id, olga, w.now, "")
		require.NoError(t, err)
		for _, who := range []string{ana, ben, a.Mediator} {
			w.act(id, Accept, who)
		}
		require.Equal(t, Proposed, w.stage(id))
		late(w)
		require.Equal(t, Meetings, w.stage(id))
		require.Equal(t, a.Mediator, w.get(id).Mediator)
		for _, who := range []string{ana, ben} {
			w.act(id, Meet, a.Mediator, func(a *Act) { a.For = who })
		}
		require.Equal(t, Sessions, w.stage(id))
	})
	t.Run("the end", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id, other := asked(w), asked(w)
		for _, id := range []uuid.UUID{id, other} {
			w.act(id, Decline, ben)
		}
		w.act(id, Drop, ana)
		w.act(other, Drop, cleo)
		late(w)
		require.Equal(t, NoFurther, w.get(id).Outcome)
		require.Equal(t, Review, w.stage(other), "of the case of another she is not the one to decide")
	})
}

func TestScoresAreThoseOfTheTimeAndTellNothingAboutFewCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rated := func(n int) {
		for range n {
			id := w.raise()
			w.act(id, Withdraw, ana)
			w.act(id, Rate, ana, func(a *Act) { a.Score = 1 })
		}
	}
	rated(5)
	one := w.raise()
	for _, who := range []string{cleo, dora, olga, otto, rita} {
		w.act(one, Join, who)
	}
	for _, who := range []string{ana, cleo, dora, olga, otto, rita} {
		w.act(one, Withdraw, who)
	}
	w.now = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, who := range []string{ana, cleo, dora, olga, otto, rita} {
		w.act(one, Rate, who, func(a *Act) { a.Score = 5 })
	}
	of := func(year string) Indicators { return w.cases.Indicators(day(year+"-01-01"), day(year+"-12-31")) }
	require.Equal(t, Scores{1, true}, of("2025").Reporters)
	require.Equal(t, Scores{}, of("2026").Reporters, "all of one case")
}

func TestOneCaseWithManyEventsIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.raise()
	for range 6 {
		w.wait(2 * oneDay)
		_, err := w.Clocks(t.Context(), w.now)
		require.NoError(t, err)
	}
	require.Equal(t, Figure{}, w.cases.Indicators(day("2025-01-01"), day("2025-12-31")).Overdue)
}

func TestAnAppealThatIsUpheldAfterTheEndOfTheYearBelongsToTheYearInWhichItWasFiled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := make([]uuid.UUID, 5)
	for i := range ids {
		ids[i] = w.notified(1)
	}
	w.wait(17 * oneDay)
	for _, id := range ids {
		w.act(id, Hear, rita)
		require.NoError(t, w.pronounce(id, 1))
		w.act(id, Inform, rita)
	}
	w.wait(10 * oneDay)
	day := codesocial.DateOf(w.now, w.charter.Location())
	for _, id := range ids {
		w.act(id, Appeal, ben, func(a *Act) { a.Ground = Bias })
	}
	w.wait(10 * oneDay)
	for _, id := range ids {
		w.act(id, Admit, jean)
		w.act(id, Uphold, jean)
		w.act(id, Uphold, jane)
	}
	first, second := w.cases.Indicators(codesocial.DateOf(start, w.charter.Location()), day), w.cases.Indicators(day.AddDays(1), day.AddDays(365))
	require.Equal(t, []Figure{{5, true}, {5, true}}, []Figure{first.Appeals, first.Upheld})
	require.Equal(t, []Figure{{0, true}, {0, true}}, []Figure{second.Appeals, second.Upheld})
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

func TestWhoComesLaterReadsWhatIsWrittenAgainForHer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	papers, err := w.cases.Papers(id)
	require.NoError(t, err)
	statement, position := papers[0].ID, w.paper(id, Position, ben)
	w.act(id, Recuse, mediator)
	a, err := w.Draw(t.Context(), id, olga, w.now, "")
	require.NoError(t, err)
	for _, who := range []string{ana, ben, a.Mediator} {
		w.act(id, Accept, who)
	}
	for paper, by := range map[uuid.UUID]string{statement: olga, position: ben} {
		_, err = w.Text(t.Context(), paper, a.Mediator, w.now)
		require.ErrorIs(t, err, ErrSealed, "it was not sealed for her")
		_, err = w.Reseal(t.Context(), paper, mediator, w.now)
		require.ErrorIs(t, err, ErrSealed, "nor by who may not read it any more")
		copied, err := w.Reseal(t.Context(), paper, by, w.now)
		require.NoError(t, err)
		text, err := w.Text(t.Context(), copied, a.Mediator, w.now)
		require.NoError(t, err)
		require.Contains(t, string(text), canary)
		may, err := w.cases.MayRead(copied, mediator, w.now)
		require.NoError(t, err)
		require.False(t, may)
	}
}

func TestWhoWasErasedDoesNotKeepOthersFromWriting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	readers := func() []string {
		list, err := w.cases.Readers(id, Evidence, "", w.now)
		require.NoError(t, err)
		return list
	}
	require.Contains(t, readers(), ben)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == codesocial.KindParty && r.Author == ben {
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for", commons))
			break
		}
	}
	require.NotContains(t, readers(), ben, "who has no key")
	w.paper(id, Evidence, ana)
}

func TestWhateverIsErasedTheCasesAreReadAgain(t *testing.T) {
	t.Parallel()
	pool := func(w *world, iri string, gone bool) {
		require.NoError(w.t, w.Enrol(w.t.Context(), PoolEntry{By: olga, At: w.now, Party: iri, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}, Gone: gone}))
	}
	for name, play := range map[string]func(w *world){
		"a dispute that a tension answers": func(w *world) {
			dispute := uuid.New()
			_, err := w.journal.Update(w.t.Context(), func() ([]journal.Draft, error) {
				return []journal.Draft{{ID: dispute, Kind: KindDispute, Author: ana, Payload: canonical.Raw(`{"offer":"urn:x:offer","parties":["urn:x:ana","urn:x:ben"]}`)}}, nil
			})
			require.NoError(w.t, err)
			w.raise(func(t *Tension) { t.Refers = dispute })
		},
		"a project for which somebody spoke": func(w *world) {
			id := w.raise(func(t *Tension) { t.Respondents = []string{relais} })
			w.paper(id, Evidence, ben)
			w.act(id, Acknowledge, olga)
			w.act(id, Triage, olga, clauses("respect"))
			w.act(id, Talk, ben)
			w.raise(func(t *Tension) { t.By, t.For, t.Respondents = ben, relais, []string{ana} })
		},
		"a mediator, and the organization for which others were set aside": func(w *world) {
			pool(w, dora, false)
			w.mediated()
		},
		"a mediation that failed": func(w *world) {
			id, mediator := w.mediated()
			w.act(id, Fail, mediator)
		},
		"an appeal": func(w *world) {
			id := w.notified(1)
			w.heard(id)
			w.act(id, Pronounce, rita, clauses("respect"), func(a *Act) { a.Rung = 1 })
			w.act(id, Inform, rita)
			w.act(id, Appeal, ben, func(a *Act) { a.Ground = Bias })
			w.act(id, Admit, jean)
			w.act(id, Uphold, jean)
		},
		"a pool": func(w *world) { pool(w, mona, true) },
		"a seat whose holder was set aside": func(w *world) {
			id := w.failed()
			w.proceed(id, 1, Find)
			w.heard(id)
			w.act(id, Pronounce, rita, func(a *Act) { a.Rung, a.Clauses = 1, []string{"respect"} })
			require.Equal(w.t, Pronounced, w.stage(id), "she alone can act")
			w.act(id, Inform, rita)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:olga"],"review":["urn:x:dora","urn:x:rita"],"appeal":["urn:x:jean"]}`})
			play(w)
			erased := 0
			for position := range w.journal.Size() {
				err := w.journal.Erase(t.Context(), position, "asked for", commons)
				if errors.Is(err, journal.ErrKept) {
					continue
				}
				require.NoError(t, err, "record %d", position)
				erased++
			}
			require.Positive(t, erased)
			w.open()
			w.sameAsReplayed()
		})
	}
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

func TestWhoWasTheMediatorDoesNoWorkOfTheReception(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:mona","urn:x:olga"],"review":["urn:x:rita"],"appeal":["urn:x:jean"]}`})
	for _, iri := range []string{milo, maud} {
		require.NoError(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: w.now, Party: iri, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}, Gone: true}))
	}
	id, mediator := w.mediated()
	require.Equal(t, mona, mediator)
	w.act(id, Fail, mona)
	k := w.get(id)
	w.refused(w.try(id, Escalate, mona), k, ErrConflict)
}

func TestACaseBeforeLargeBodiesCanBeWritten(t *testing.T) {
	t.Parallel()
	seats := make([][]string, 3)
	var parties []codesocial.Party
	for i := range 240 {
		iri := fmt.Sprintf("urn:x:seat-%03d", i)
		seats[i%3] = append(seats[i%3], `"`+iri+`"`)
		parties = append(parties, codesocial.Party{ID: iri, Type: codesocial.Person, Name: fmt.Sprint(i)})
	}
	w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:olga",` + strings.Join(seats[0], ",") + `],"review":[` + strings.Join(seats[1], ",") + `],"appeal":[` + strings.Join(seats[2], ",") + `]}`})
	require.NoError(t, w.community.Register(t.Context(), parties...))
	w.paper(w.raise(), Evidence, ana)
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

func TestRungsReachedInACaseThatWasMergedCountInThatYear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	measure := func(id uuid.UUID, rung int) {
		w.act(id, Find, rita, clauses("respect"))
		w.act(id, Notify, rita, notice(rung, ben, w.now.Add(16*oneDay)), clauses("respect"))
		w.heard(id)
		require.NoError(t, w.pronounce(id, rung, clauses("respect")))
		w.act(id, Inform, rita)
		w.wait(31 * oneDay)
		w.act(id, Effect, rita)
	}
	first := w.failed()
	measure(first, 1)
	w.wait(200 * oneDay)
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	id, follows := w.raise(), w.raise(func(t *Tension) { t.Follows = first })
	w.act(follows, Merge, olga, func(a *Act) { a.Into = id })
	w.act(id, Acknowledge, olga)
	w.act(id, Triage, olga, clauses("respect"))
	w.act(id, Mediate, ana)
	w.act(id, Decline, ben)
	w.act(id, Escalate, ana)
	measure(id, 2)
	skipped, untried := w.cases.irregular(day("2025-01-01"), day("2027-12-31"))
	require.Zero(t, skipped)
	require.Zero(t, untried)
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
