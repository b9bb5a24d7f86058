package mediation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

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
