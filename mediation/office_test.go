package mediation

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestATensionIsSettledByDialogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.act(id, Acknowledge, olga)
	w.act(id, Triage, olga, clauses("respect"))
	w.act(id, Talk, ben)
	w.act(id, Settle, ana)
	require.Equal(t, Dialogue, w.stage(id), "one of two")
	w.act(id, Settle, ben)
	require.Equal(t, FollowUp, w.stage(id))
	w.wait(20 * oneDay)
	w.act(id, Confirm, ana)
	w.act(id, Confirm, ben)
	require.Equal(t, FollowUp, w.stage(id), "it is looked at again")
	w.wait(60 * oneDay)
	w.act(id, Confirm, ben)
	w.act(id, Confirm, ana)
	k := w.get(id)
	require.Equal(t, Closed, k.Stage)
	require.Equal(t, Resolved, k.Outcome)
}

func TestAnExclusionTakesEffectAtTheEndOfTheWholePathAndIsRestoredExactlyOnAppeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.excluded()
	require.Equal(t, codesocial.Excluded, w.status(ben))
	missing, err := w.cases.CanExclude(id)
	require.NoError(t, err)
	require.Empty(t, missing)

	w.wait(oneDay)
	w.act(id, Appeal, ben, func(a *Act) { a.Ground = Procedure })
	w.act(id, Admit, jean)
	w.act(id, Uphold, jean)
	w.act(id, Uphold, jane)
	require.Equal(t, Annulled, w.get(id).Outcome)
	require.Equal(t, codesocial.Member, w.status(ben))
	require.NoError(t, w.community.Read(func(s *codesocial.State) {
		require.Equal(t, codesocial.Member, s.StatusOn(ben, codesocial.DateOf(w.now.Add(-oneDay), w.charter.Location())), "as if it had never been")
	}))
}

func TestASuspensionEndsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.notified(4)
	w.heard(id)
	until := codesocial.DateOf(w.now, w.charter.Location()).AddDays(100)
	require.NoError(t, w.pronounce(id, 4, func(a *Act) { a.Until = until }))
	w.act(id, Inform, rita)
	w.wait(31 * oneDay)
	w.act(id, Effect, rita)
	require.Equal(t, Monitoring, w.stage(id))
	require.Equal(t, codesocial.Suspended, w.status(ben))
	w.now = until.AddDays(1).In(time.UTC)
	require.Equal(t, codesocial.Member, w.status(ben))
	_, err := w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Served, w.get(id).Outcome)
}
