package mediation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// missingIn returns the requirements of an exclusion that are not met.
func (w *world) missingIn(id uuid.UUID) (list []Requirement) {
	w.t.Helper()
	require.NoError(w.t, w.Read(func(c *Cases) {
		missing, err := c.CanExclude(id)
		require.NoError(w.t, err)
		for _, f := range missing {
			require.NotEmpty(w.t, f.How("fr"))
			require.NotEmpty(w.t, f.How("en"))
			list = append(list, f.Requirement)
		}
	}))
	return list
}

func TestEveryGuardThatIsMissingAloneMakesExclusionImpossible(t *testing.T) {
	t.Parallel()
	tests := map[Requirement]struct {
		rules map[string]string
		play  func(w *world) (uuid.UUID, error) // as far as it goes
	}{
		NeedClause: {map[string]string{"exclusion": ""}, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6)
		}},
		NeedMediation: {nil, func(w *world) (uuid.UUID, error) {
			id := w.raise()
			w.act(id, Acknowledge, olga)
			w.act(id, Dismiss, olga)
			w.act(id, Contest, ana)
			w.proceed(id, 6, Find, Grave, Incident, Incident)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6)
		}},
		NeedLadder: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			w.proceed(id, 6, Find, Incident, Incident)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6)
		}},
		NeedPersistence: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			w.proceed(id, 6, Find, Grave, Incident)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6)
		}},
		NeedThreat: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			w.proceed(id, 6, Grave, Incident, Incident)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6)
		}},
		NeedGrievances: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			w.proceed(id, 5, Find, Grave, Incident, Incident) // a lighter measure was envisaged
			w.heard(id)
			return id, w.pronounce(id, 6)
		}},
		NeedNotice: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			return id, w.try(id, Notify, rita, notice(6, ben, w.now.Add(14*oneDay)), clauses("respect"))
		}},
		NeedAssistance: {nil, func(w *world) (uuid.UUID, error) {
			id := w.failed()
			return id, w.try(id, Notify, rita, notice(6, ben, w.now.Add(20*oneDay)), clauses("respect"), func(a *Act) { a.Assistance = false })
		}},
		NeedHearing: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.wait(14 * oneDay)
			return id, w.try(id, Hear, rita)
		}},
		NeedDecision: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			return id, w.pronounce(id, 6)
		}},
		NeedImpartiality: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id, dora)
			return id, w.pronounce(id, 6)
		}},
		NeedReasons: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6, func(a *Act) { a.Papers = a.Papers[1:] })
		}},
		NeedProportionality: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id)
			return id, w.pronounce(id, 6, func(a *Act) { a.Papers = a.Papers[:1] })
		}},
		NeedNotification: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id)
			require.NoError(w.t, w.pronounce(id, 6))
			w.wait(3 * oneDay)
			return id, w.try(id, Effect, rita)
		}},
		NeedAppeal: {nil, func(w *world) (uuid.UUID, error) {
			id := w.notified(6)
			w.heard(id)
			w.decide(id)
			require.NoError(w.t, w.pronounce(id, 6))
			w.act(id, Inform, rita)
			w.wait(20 * oneDay)
			w.act(id, Appeal, ben, func(a *Act) { a.Ground = Facts }) // suspends
			w.wait(12 * oneDay)
			return id, w.try(id, Effect, rita)
		}},
	}
	require.Len(t, tests, len(requirements))
	for name, test := range tests {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, test.rules)
			id, err := test.play(w)
			require.Error(t, err)
			require.Contains(t, w.missingIn(id), name)
			require.Equal(t, codesocial.Member, w.status(ben))
			for _, m := range []codesocial.Measure{
				{Case: id, Party: ben, Kind: codesocial.Exclusion, From: codesocial.DateOf(w.now, time.UTC), Clause: w.clause("respect")},
				{Case: uuid.New(), Party: ben, Kind: codesocial.Exclusion, From: codesocial.DateOf(w.now, time.UTC), Clause: w.clause("respect")},
				{Case: id, Party: ben, Kind: codesocial.Suspension, From: codesocial.DateOf(w.now, time.UTC), Clause: w.clause("respect")},
			} {
				_, err = w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return w.community.State().DraftMeasure(m) })
				require.Error(t, err, "nor by another way")
				_, err = w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
					return []journal.Draft{{ID: m.ID(), Kind: codesocial.KindMeasure, Payload: m}}, nil
				})
				require.Error(t, err, "nor past the draft")
			}
		})
	}
}

func (w *world) clause(id string) codesocial.ClauseRef {
	ref, err := w.charter.Ref(id)
	require.NoError(w.t, err)
	return ref
}

// failed brings a new case to a review after a mediation that failed.
func (w *world) failed() uuid.UUID {
	w.t.Helper()
	id, mediator := w.mediated()
	w.act(id, Fail, mediator)
	w.act(id, Escalate, ana)
	return id
}

// proceed records what the review does before and with the grievances.
func (w *world) proceed(id uuid.UUID, rung int, events ...Event) {
	w.t.Helper()
	for _, event := range events {
		switch event {
		case Find:
			w.act(id, Find, rita, clauses("respect", "money"))
		case Grave:
			w.act(id, Grave, rita, func(a *Act) { a.Gravity = Violence })
		default:
			w.act(id, event, ana)
		}
	}
	w.act(id, Notify, rita, notice(rung, ben, w.now.Add(16*oneDay)), clauses("respect", "money"))
}

func TestTheAppealGoesBeforeOthersThanThoseWhoDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(6)
	w.heard(id)
	w.decide(id)
	require.NoError(t, w.pronounce(id, 6))
	w.act(id, Inform, rita)
	w.act(id, Appeal, ben, func(a *Act) { a.Ground = Disproportion })
	k := w.get(id)
	w.refused(w.try(id, Admit, rita), k, ErrRole)
	w.act(id, Admit, jean)
	w.wait(2 * oneDay)
	w.act(id, Mitigate, jean, func(a *Act) { a.Rung = 2 })
	require.Equal(t, Admitted, w.stage(id), "one of three")
	w.act(id, Mitigate, jane, func(a *Act) { a.Rung = 3; a.Scope, a.Until = "catalog", codesocial.DateOf(w.now, time.UTC).AddDays(60) })
	require.Equal(t, Admitted, w.stage(id), "two that are not of one mind")
	w.act(id, Mitigate, joel, func(a *Act) { a.Rung = 2 })
	require.Equal(t, Final, w.stage(id))
	w.act(id, Effect, rita)
	require.Equal(t, codesocial.Member, w.status(ben))
	require.Equal(t, map[string]int{ben: 2}, w.get(id).Reached)
}

func TestAProtectionMustBeReportedAndEndsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	protect := func(a *Act) { a.For, a.Hours, a.Suspend = ben, 72, true }
	w.act(id, Protect, olga, protect)
	require.Equal(t, codesocial.Suspended, w.status(ben))
	k := w.get(id)
	w.refused(w.try(id, Protect, olga, protect), k, ErrExists)
	w.wait(23 * time.Hour)
	require.True(t, k.Protected.ActiveAt(w.now))
	w.wait(2 * time.Hour)
	require.False(t, k.Protected.ActiveAt(w.now), "nobody reported it within a day")
	w.wait(22 * time.Hour)
	require.Equal(t, codesocial.Member, w.status(ben))

	w.act(id, Protect, olga, protect)
	w.act(id, Account, olga)
	w.wait(60 * time.Hour)
	require.True(t, w.get(id).Protected.ActiveAt(w.now))
	require.Equal(t, codesocial.Suspended, w.status(ben))
	w.act(id, Prolong, rita, func(a *Act) { a.Hours = 24 })
	w.wait(time.Hour)
	w.act(id, Release, rita)
	require.Nil(t, w.get(id).Protected)
	require.Equal(t, codesocial.Member, w.status(ben))
}

func TestWhoWasReadyToMediateIsNotHeldToHaveRefusedBecauseAnotherDid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise(func(t *Tension) { t.Respondents = []string{ben, cleo} })
	w.act(id, Acknowledge, olga)
	w.act(id, Triage, olga, clauses("respect"))
	w.act(id, Mediate, ana)
	w.act(id, Consent, ana)
	w.act(id, Consent, cleo)
	w.act(id, Decline, ben)
	require.Equal(t, Failed, w.stage(id))
	require.NotContains(t, w.missingIn(id), NeedMediation, "of ben, who is the first")
	w.act(id, Escalate, ana)
	w.act(id, Notify, rita, notice(6, cleo, w.now.Add(16*oneDay)), clauses("respect"))
	require.Contains(t, w.missingIn(id), NeedMediation)
	w.act(id, Notify, rita, notice(6, ben, w.now.Add(16*oneDay)), clauses("respect"))
	require.NotContains(t, w.missingIn(id), NeedMediation)
}

func TestTwoCasesThatAreOneGoOnAsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.raise(), w.raise(func(t *Tension) { t.By, t.Respondents = cleo, []string{ben, relais} })
	against := w.raise(func(t *Tension) { t.By, t.Respondents = ben, []string{ana} })
	k := w.get(against)
	w.refused(w.try(against, Merge, olga, func(a *Act) { a.Into = first }), k, ErrInvalid, "on the other side")
	w.act(second, Merge, olga, func(a *Act) { a.Into = first })
	require.Equal(t, Merged, w.get(second).Outcome)
	k = w.get(first)
	require.Equal(t, []string{ana, cleo}, k.Reporters)
	require.Equal(t, []string{ben, relais}, k.Respondents)
	w.act(first, Acknowledge, olga)
	w.act(first, Triage, olga, clauses("respect"))
	w.act(first, Mediate, cleo)
	for _, party := range []string{ana, cleo, ben} {
		w.act(first, Consent, party, func(a *Act) { a.For = party })
	}
	require.Equal(t, Consenting, w.stage(first))
	w.act(first, Consent, ben, func(a *Act) { a.For = relais })
	require.Equal(t, Choosing, w.stage(first))
	w.sameAsReplayed()
}
