package mediation

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
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
