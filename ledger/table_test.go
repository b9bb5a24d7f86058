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
