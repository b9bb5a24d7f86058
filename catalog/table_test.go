package catalog

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func drawn(from, move, by, to, when any) string {
	line := fmt.Sprintf("//	%-11s %-9s %-13s → %v", from, move, by, to)
	if when != always {
		line = fmt.Sprintf("%-52s %v", line, when)
	}
	return line + "\n"
}

func TestPackagePageDrawsTheTablesOfStates(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var life, deals strings.Builder
	for _, r := range lifeTable {
		life.WriteString(drawn(r.from, r.move, r.by, r.to, r.when))
	}
	for _, r := range dealTable {
		deals.WriteString(drawn(r.from, r.move, r.by, r.to, r.when))
	}
	require.Contains(t, string(page), life.String())
	require.Contains(t, string(page), deals.String())
}

var statuses = []Status{Draft, Proposed, Checked, Published, Paused, Reserved, Fulfilled, Expired, Withdrawn, Suspended}

func TestEveryPairOfStateAndMoveIsAllowedExactlyWhereTheTableSays(t *testing.T) {
	t.Parallel()
	moves := []Move{Revise, Propose, Check, Return, Publish, Pause, Resume, Renew, Fulfil, Withdraw, fill, free, expire, suspend, lift, leave, "fly"}
	for _, s := range statuses {
		require.NotNil(t, s.Label(), s)
		for _, m := range moves {
			for _, holds := range [][]string{nil, {unchecked}, {enough}, {unchecked, enough}} {
				var want []Status
				for _, r := range lifeTable {
					if r.from == s && r.move == m && (r.when == always || r.when == asItWas || len(holds) == 2 || len(holds) == 1 && holds[0] == r.when) {
						want = append(want, r.to)
					}
				}
				got, err := s.after(m, holds...)
				if len(want) == 0 {
					require.ErrorIs(t, err, ErrState, "%s %s", s, m)
					continue
				}
				require.NoError(t, err, "%s %s", s, m)
				require.Equal(t, want[0], got.to, "%s %s", s, m)
			}
		}
	}
}

func TestEveryPairOfDealStateAndMoveIsAllowedExactlyWhereTheTableSays(t *testing.T) {
	t.Parallel()
	for _, s := range []DealStatus{Contacted, Negotiating, Agreed, Delivered, Confirmed, Disputed, Dropped} {
		require.NotNil(t, s.Label(), s)
		for _, m := range []DealMove{Negotiate, Agree, Deliver, Confirm, Contest, Drop, Cash, "fly"} {
			for _, both := range []bool{false, true} {
				var want []DealStatus
				for _, r := range dealTable {
					if r.from == s && r.move == m && (r.when == always || both) {
						want = append(want, r.to)
					}
				}
				got, err := s.after(m, both)
				if len(want) == 0 {
					require.ErrorIs(t, err, ErrState, "%s %s", s, m)
					continue
				}
				require.NoError(t, err, "%s %s", s, m)
				require.Equal(t, want[0], got.to, "%s %s", s, m)
			}
		}
	}
}

func TestEveryStateIsReachedAndOnlyTheLastHasNoWayOn(t *testing.T) {
	t.Parallel()
	reached, left := map[Status]bool{Draft: true}, map[Status]bool{}
	for _, r := range lifeTable {
		reached[r.to], left[r.from] = true, true
	}
	for _, s := range statuses {
		require.True(t, reached[s], s)
		require.Equal(t, s != Withdrawn, left[s], s)
	}
}
