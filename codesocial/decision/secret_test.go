package decision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestSecretBallotsAreCountedByTheSameWeightsUnderNoName(t *testing.T) {
	t.Parallel()
	e, err := decision.NewElectorate([]decision.Elector{{ID: "urn:x:ana", Weight: 2}, {ID: "urn:x:ben", Weight: 1}, {ID: "urn:x:cleo", Weight: 2}, {ID: "urn:x:dan", Weight: 1}}, "urn:x:dan")
	require.NoError(t, err)
	s := e.Secret()
	require.Equal(t, []any{e.Hash(), e.Total(), e.Len(), e.Aside()}, []any{s.Hash(), s.Total(), s.Len(), s.Aside()})
	var ids []string
	for elector := range s.Electors() {
		require.NotContains(t, elector.ID, "urn:x:")
		require.Equal(t, elector.Weight, s.Weight(elector.ID))
		ids = append(ids, elector.ID)
	}
	require.IsIncreasing(t, ids)
	require.ElementsMatch(t, []string{decision.Slot(1, 1), decision.Slot(2, 1), decision.Slot(2, 2)}, ids)
	require.Zero(t, s.Weight("urn:x:ana"))

	opens := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	poll := decision.Poll{Rule: decision.Rule{Threshold: decision.Fraction{Num: 1, Den: 2}, Base: decision.OfEligible}, Electorate: e, Opens: opens, Closes: opens.Add(time.Hour)}
	open, err := poll.Count([]decision.Ballot{{Voter: "urn:x:ana", At: opens, Answer: decision.For}, {Voter: "urn:x:ben", At: opens, Answer: decision.Against}}, poll.Closes)
	require.NoError(t, err)
	poll.Electorate = s
	secret, err := poll.Count([]decision.Ballot{{Voter: decision.Slot(2, 1), At: opens, Answer: decision.For}, {Voter: decision.Slot(1, 1), At: opens, Answer: decision.Against}}, poll.Closes)
	require.NoError(t, err)
	require.Equal(t, open, secret)
}
