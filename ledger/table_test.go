package ledger

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPackagePageDrawsTheTableOfStates(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	drawn := ""
	for _, row := range reviewTable {
		drawn += fmt.Sprintf("//	%-10s %-8s → %s\n", row.from, row.event, row.to)
	}
	require.Contains(t, string(page), drawn)
}

func TestPackagePageDrawsTheTablesOfContributionsAndPendingTransactions(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	drawn := ""
	for _, row := range lifeTable {
		drawn += fmt.Sprintf("//	%-10s %-9s → %-10s by %s\n", row.from, row.event, row.to, row.who)
	}
	require.Contains(t, string(page), drawn, "\n"+drawn)
	drawn = ""
	for _, row := range pendingTable {
		drawn += fmt.Sprintf("//	%-8s %-11s → %s\n", row.from, row.event, row.to)
	}
	require.Contains(t, string(page), drawn, "\n"+drawn)
}

func TestEveryPairOfStateAndEventLeadsWhereTheTableSaysOrIsRefused(t *testing.T) {
	t.Parallel()
	for s := Declared; s <= Voided; s++ {
		for e := lifeConfirm; e <= lifeCount; e++ {
			rows := 0
			for _, row := range lifeTable {
				if row.from == s && row.event == e {
					rows++
					to, err := s.after(e)
					require.NoError(t, err)
					require.Equal(t, row.to, to)
				}
			}
			require.LessOrEqual(t, rows, 1, "%s %s", s, e)
			if to, err := s.after(e); rows == 0 {
				require.ErrorIs(t, err, ErrState)
				require.Equal(t, s, to)
			}
		}
	}
	for _, s := range []PendingStatus{Pending, Completed, Released} {
		for _, e := range []pendingEvent{pendingPart, pendingPost, pendingVoid} {
			if _, err := s.after(e); s != Pending {
				require.ErrorIs(t, err, ErrState)
			} else {
				require.NoError(t, err)
			}
		}
	}
}
