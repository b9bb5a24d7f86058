package mediation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
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

func TestWhoIsTiedToAPartyDoesNotMergeAnotherCaseIntoIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:dora","urn:x:olga"],"review":["urn:x:rita"],"appeal":["urn:x:jean"]}`})
	about, other := w.raise(), w.raise(func(t *Tension) { t.Respondents = []string{cleo} })
	k := w.get(other)
	w.refused(w.try(other, Merge, dora, func(a *Act) { a.Into = about }), k, ErrConflict, fournil)
	require.Equal(t, []string{ben}, w.get(about).Respondents)
	w.act(other, Merge, olga, func(a *Act) { a.Into = about })
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
