package mediation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestActsOutOfOrderTwiceOrFromTheWrongRoleAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	k := w.get(id)
	w.refused(w.try(id, Consent, ben), k, ErrState, "the case is reported")
	w.refused(w.try(id, Acknowledge, cleo), k, ErrRole, "no seat in the reception")
	w.refused(w.try(id, Acknowledge, ana), k, ErrRole)
	w.refused(w.try(id, Acknowledge, olga, func(a *Act) { a.Rung = 3 }), k, ErrInvalid, "rung", "has no place with acknowledge")
	w.refused(w.try(id, Acknowledge, olga, func(a *Act) { a.Event = "condemn" }), k, ErrInvalid, "no event")
	w.refused(w.try(id, Lapse, "", func(a *Act) { a.Deadline = k.Deadline }), k, ErrTime, "is before the deadline")
	w.refused(w.try(id, Acknowledge, olga, func(a *Act) { a.At = w.now.Add(oneDay / 2) }), k, ErrTime, "after its recording")
	w.refused(w.try(id, Acknowledge, olga, func(a *Act) { a.At = a.At.Add(-1) }), k, ErrInvalid, "whole seconds")
	require.ErrorIs(t, w.Act(t.Context(), Act{By: olga, Case: uuid.Max, Event: Acknowledge, At: w.now}), ErrUnknown)

	w.wait(oneDay / 2)
	act := Act{ID: uuid.New(), By: olga, Case: id, Event: Acknowledge, At: w.now}
	require.NoError(t, w.Act(t.Context(), act))
	size := w.journal.Size()
	require.NoError(t, w.Act(t.Context(), act), "the same act again records nothing")
	require.Equal(t, size, w.journal.Size())
	k = w.get(id)
	w.refused(w.try(id, Acknowledge, olga), k, ErrState)
	w.refused(w.try(id, Triage, olga, clauses("respect"), func(a *Act) { a.At = start }), k, ErrTime, "before the last act")
	w.refused(w.try(id, Triage, olga, clauses("nowhere")), k, ErrUnknown, "no clause")
	w.act(id, Triage, olga, clauses("respect")) // at the same instant
	require.Equal(t, Triaged, w.stage(id))
}

func TestWhoHasAConflictOfInterestCannotActInAnyRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{
		"bodies": `{"kind":"mediation.bodies","reception":["urn:x:dora","urn:x:olga"],"review":["urn:x:dora","urn:x:rita"],"appeal":["urn:x:jean"]}`,
	})
	id := w.raise()
	k := w.get(id)
	w.refused(w.try(id, Acknowledge, dora), k, ErrConflict, "dora", fournil, "same organization")
	w.act(id, Acknowledge, olga)
	require.NoError(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: w.now, Party: cleo, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}, Ties: []string{ana}}))
	require.NoError(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: w.now, Party: dora, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}}))
	graph := new(Graph)
	graph.Work(ana, relais, day("2025-02-01"))
	graph.Work(milo, relais, day("2024-12-01"))
	graph.Work(maud, relais, day("2020-12-01")) // too long ago
	graph.Money(ben, mona, day("2025-01-15"))
	w.cases.SetTies(graph)
	candidates, err := w.cases.Candidates(id, w.now)
	require.NoError(t, err)
	why := make(map[string]string)
	for _, c := range candidates {
		if c.Conflict != nil {
			why[c.Party] = string(c.Conflict.Kind) + " " + c.Conflict.With + " " + c.Conflict.Through
		}
	}
	require.Equal(t, map[string]string{
		cleo: "declared urn:x:ana ", dora: "organization urn:x:ben " + fournil, milo: "work urn:x:ana urn:x:relais", mona: "money urn:x:ben ",
	}, why)
	w.act(id, Triage, olga, clauses("respect"))
	w.act(id, Mediate, ana)
	w.act(id, Consent, ana)
	w.act(id, Consent, ben)
	k = w.get(id)
	w.refused(w.try(id, Propose, olga, func(a *Act) {
		a.Mediator, a.Draw = mona, &Draw{Choice: ByRotation, Candidates: []string{maud, mona}}
	}), k, ErrInvalid, "not all who have the language")
	a, err := w.Draw(t.Context(), id, olga, w.now, "")
	require.NoError(t, err)
	require.Equal(t, maud, a.Mediator)
	require.Len(t, a.Draw.Aside, 4)
}

func TestACharterWhoseLadderHasAGapIsRefusedBeforeAnyoneSigns(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"a level is missing":        `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"reminder"},{"level":3,"step":"suspension","maxDays":9},{"level":4,"step":"exclusion"}]}`,
		"no suspension":             `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"reminder"},{"level":2,"step":"commitments"},{"level":3,"step":"exclusion"}]}`,
		"lighter above":             `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"commitments"},{"level":2,"step":"reminder"},{"level":3,"step":"suspension","maxDays":9}]}`,
		"too short":                 `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"suspension","maxDays":9},{"level":2,"step":"exclusion"}]}`,
		"a suspension without end":  `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"reminder"},{"level":2,"step":"suspension"},{"level":3,"step":"exclusion"}]}`,
		"they judge themselves":     `{"kind":"mediation.bodies","review":["urn:x:a"],"appeal":["urn:x:a"]}`,
		"a clock that cannot run":   `{"kind":"mediation.path","clocks":[{"stage":"review"}]}`,
		"a clock of a stage twice":  `{"kind":"mediation.path","clocks":[{"stage":"review","days":3},{"stage":"review","days":4}]}`,
		"exclusion given to others": `{"kind":"mediation.path","grants":[{"event":"pronounce","by":["officer"]}]}`,
		"protection without end":    `{"kind":"mediation.protection","hours":100000}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := charter(t, map[string]string{"rule": rule})
			err := c.CheckRules(Checks()...)
			var refused *codesocial.RuleError
			require.ErrorAs(t, err, &refused)
			require.ErrorIs(t, err, ErrInvalid)
			require.Equal(t, "rule", refused.Clause.Clause)
		})
	}
}

func TestReasonsOfSomebodyElseAreNoReasons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.act(id, Acknowledge, olga)
	reasons := w.paper(id, Reasons, ana)
	k := w.get(id)
	err := w.Act(t.Context(), Act{By: olga, Case: id, Event: Dismiss, At: w.now, Papers: []uuid.UUID{reasons}})
	w.refused(err, k, ErrInvalid, "written by who does it")
}

func TestADisputeOfTheCatalogueWaitsUntilSomebodyRaisesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dispute := uuid.New()
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{{ID: dispute, Kind: KindDispute, Author: ana, Payload: canonical.Raw(`{"offer":"urn:x:offer","parties":["urn:x:ana","urn:x:ben"]}`)}}, nil
	})
	require.NoError(t, err)
	require.Equal(t, []Referral{{Record: dispute, By: ana, Parties: []string{ana, ben}}}, w.cases.Referrals())
	id := w.raise(func(t *Tension) { t.Refers = dispute })
	require.Empty(t, w.cases.Referrals())
	_, err = w.Raise(t.Context(), Tension{By: ana, At: w.now, Respondents: []string{ben}, Refers: dispute}, Words{Fact: "x", Effect: "x", Need: "x"})
	require.ErrorIs(t, err, ErrUnknown, "it is %s already", id)
}

func TestAMediatorWhoIsSuspendedCannotGoOnAndIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, iri := range []string{mona, milo, maud} {
		require.NoError(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: w.now, Party: iri, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}, Gone: true}))
	}
	require.NoError(t, w.Enrol(t.Context(), PoolEntry{By: olga, At: w.now, Party: cleo, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}}))
	id, mediator := w.mediated()
	require.Equal(t, cleo, mediator)
	other := w.raise(func(t *Tension) { t.By, t.Respondents = dora, []string{cleo} })
	w.act(other, Protect, olga, func(a *Act) { a.For, a.Hours, a.Suspend = cleo, 72, true })
	require.Equal(t, codesocial.Suspended, w.status(cleo))
	k := w.get(id)
	w.refused(w.try(id, Meet, cleo, func(a *Act) { a.For = ana }), k, ErrRole, "suspended")
	w.act(id, Replace, olga)
	_, err := w.Draw(t.Context(), id, olga, w.now, "")
	require.ErrorIs(t, err, ErrGuard)
	require.ErrorContains(t, err, "somebody from outside")
}

func TestTheClockWarnsThenRaisesAndNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.wait(19 * time.Hour)
	acts, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Len(t, acts, 1)
	require.Equal(t, Warn, acts[0].Event)
	acts, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Empty(t, acts, "once")
	k := w.get(id)
	w.refused(w.try(id, Acknowledge, rita), k, ErrRole)
	w.wait(6 * time.Hour)
	w.act(id, Acknowledge, olga) // what the clock has to say comes first
	k = w.get(id)
	require.Equal(t, Lapse, k.Acts[1].Event)
	require.Equal(t, Acknowledged, k.Stage)
	w.wait(9 * oneDay)
	acts, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Lapse, acts[0].Event)
	require.Equal(t, 1, w.get(id).Raised)
	w.act(id, Triage, rita, clauses("respect")) // the review does the work of the reception
	w.wait(100 * oneDay)
	for range 40 {
		_, err := w.Clocks(t.Context(), w.now)
		require.NoError(t, err)
		w.wait(100 * oneDay)
	}
	require.Equal(t, Triaged, w.stage(id), "only people can say what it is about; it waits, and its clock runs")
	w.sameAsReplayed()
}

func TestTheClockOfManyCasesRunsInSeveralCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range clockBatch + 50 {
		w.raise()
	}
	w.wait(2 * oneDay)
	acts, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Len(t, acts, clockBatch+50)
	acts, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Empty(t, acts)
}
