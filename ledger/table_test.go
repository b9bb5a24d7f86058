package ledger

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
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

func TestTheTenCommonTasksOfThePackagePageHaveExamples(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var examples string
	for _, file := range []string{"tasks_example_test.go", "example_test.go"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		examples += string(text)
	}
	_, tasks, _ := strings.Cut(string(page), "# Common tasks")
	tasks, _, _ = strings.Cut(tasks, "//\n// Others")
	list := regexp.MustCompile(`//   - \[(\w+)\.(\w+)\]: `).FindAllStringSubmatch(tasks, -1)
	require.Len(t, list, 10)
	for _, task := range list {
		example := "func Example" + task[1] + "_" + task[2] + "() {"
		if task[2] == "Distribute" {
			example = "func Example() {"
		}
		require.Contains(t, examples, example)
	}
}

func TestMoreRecordsThanTheBooksCanNumberAreRefused(t *testing.T) {
	t.Parallel()
	b := NewBooks(new(codesocial.State))
	require.ErrorIs(t, b.Apply(&journal.Record{Kind: KindReceipt, Position: 1<<32 - 1}, new(Receipt)), ErrLimit)
	require.Empty(t, b.money.all)
}
