package decision

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// table writes steps as the package page shows them.
func table(steps []step) string {
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
	for _, steps := range [][]step{steps, integrativeSteps} {
		require.Contains(t, string(page), table(steps), "the page must show:\n%s", table(steps))
	}
}

func TestEveryStageIsReachedAndNoEndIsLeft(t *testing.T) {
	t.Parallel()
	for first, c := range map[Stage]struct {
		steps        []step
		middle, ends []Stage
	}{
		Clarification: {steps, []Stage{Clarification, Reactions, Amending, Objections, Integration}, []Stage{Agreed, Withdrawn, Dropped, ToVote}},
		Nominating:    {integrativeSteps, []Stage{Nominating, Changing, Proposing, Asking}, []Stage{Elected, Withdrawn, Dropped}},
	} {
		reached := map[Stage]bool{first: true}
		left := map[Stage]bool{}
		for range c.steps { // as many rounds as any path is long
			for _, s := range c.steps {
				for _, from := range s.from {
					left[from] = true
					for _, to := range s.to {
						reached[to] = reached[to] || reached[from]
					}
				}
			}
		}
		for _, stage := range c.middle {
			require.True(t, reached[stage] && left[stage], stage)
		}
		for _, end := range c.ends {
			require.True(t, reached[end] && !left[end], end)
		}
	}
}
