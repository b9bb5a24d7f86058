package decision

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// table writes the steps as the package page shows them.
func table() string {
	var b strings.Builder
	for _, s := range steps {
		for _, from := range s.from {
			to := s.to
			if len(to) == 0 {
				to = []Stage{from}
			}
			words := make([]string, len(to))
			for i, stage := range to {
				words[i] = string(stage)
			}
			fmt.Fprintf(&b, "//\t%-14s %-9s %-19s → %s\n", from, s.act, s.by, strings.Join(words, " | "))
		}
	}
	return b.String()
}

func TestThePackagePageShowsTheTableOfSteps(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	require.Contains(t, string(page), table(), "the page must show:\n%s", table())
}

func TestEveryStageIsReachedAndNoEndIsLeft(t *testing.T) {
	t.Parallel()
	reached := map[Stage]bool{Clarification: true}
	left := map[Stage]bool{}
	for range steps { // as many rounds as any path is long
		for _, s := range steps {
			for _, from := range s.from {
				left[from] = true
				for _, to := range s.to {
					reached[to] = reached[to] || reached[from]
				}
			}
		}
	}
	for _, stage := range []Stage{Clarification, Reactions, Amending, Objections, Integration} {
		require.True(t, reached[stage] && left[stage], stage)
	}
	for _, end := range []Stage{Agreed, Withdrawn, Dropped, ToVote} {
		require.True(t, reached[end] && !left[end], end)
	}
}
