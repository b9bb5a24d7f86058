package plaintext_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// balances are amounts by account and commodity.
type balances map[[2]string]string

func (b balances) add(t *testing.T, account, commodity, amount string) {
	t.Helper()
	d, err := decimal.NewFromString(strings.TrimSpace(amount))
	require.NoError(t, err)
	if !d.IsZero() {
		b[[2]string{strings.TrimSpace(account), strings.Trim(strings.TrimSpace(commodity), `"`)}] = d.Normalize().String()
	}
}

// requireSame compares account by account.
func requireSame(t *testing.T, want, got balances) {
	t.Helper()
	for k, amount := range want {
		require.Equal(t, amount, got[k], "%v", k)
	}
	require.Len(t, got, len(want))
}

// expected adds up with decimals alone.
func expected(t *testing.T, transactions []plaintext.Transaction) balances {
	sums := make(map[[2]string]decimal.Decimal)
	for _, x := range transactions {
		for _, p := range x.Postings {
			k := [2]string{p.Account, p.Commodity}
			sums[k] = sums[k].Add(p.Amount)
		}
	}
	b := make(balances)
	for k, sum := range sums {
		b.add(t, k[0], k[1], sum.String())
	}
	return b
}

// ours are the balances that this package reads.
func ours(t *testing.T, file string, format plaintext.Format) balances {
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	read, err := plaintext.BalanceOf(file, bytes.NewReader(content), format)
	require.NoError(t, err)
	b := make(balances)
	for _, x := range read.Balances {
		b.add(t, x.Account, x.Commodity, x.Amount.String())
	}
	return b
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %v: %s%s (Debian packages hledger, ledger and beancount; .ci/run installs them)", name, args, out, stderr.String())
	require.Empty(t, stderr.String())
	return string(out)
}

// theirs are the balances that the real program of the format reads, with its strictest checks.
func theirs(t *testing.T, file string, format plaintext.Format) balances {
	t.Helper()
	b := make(balances)
	switch format {
	case plaintext.Hledger:
		run(t, "hledger", "check", "--strict", "-f", file)
		out := run(t, "hledger", "balance", "-f", file, "--flat", "--no-total", "--empty", "--layout=bare", "-O", "csv")
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			b.add(t, row[0], row[1], row[2])
		}
	case plaintext.Ledger:
		// A line for each commodity, and the account on the line of the last one.
		out := run(t, "ledger", "--pedantic", "balance", "-f", file, "--flat", "--no-total", "--empty")
		var pending [][2]string
		for line := range strings.Lines(out) {
			fields := strings.SplitN(strings.TrimSpace(line), "  ", 2)
			amount, commodity, _ := strings.Cut(fields[0], " ")
			pending = append(pending, [2]string{commodity, amount})
			if len(fields) < 2 {
				continue
			}
			for _, x := range pending {
				b.add(t, fields[1], x[0], x[1])
			}
			pending = nil
		}
		require.Empty(t, pending)
	case plaintext.Beancount:
		// bean-query makes the checks of bean-check first and prints what it finds as errors. As text, since bean-query cuts numbers to the digits that are usual in the file.
		out := run(t, "bean-query", "--format", "csv", file, "SELECT account, currency, str(sum(number)) GROUP BY account, currency")
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			amount := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(row[2]), "Decimal('"), "')")
			b.add(t, row[0], row[1], amount)
		}
	}
	return b
}

var formats = []plaintext.Format{plaintext.Hledger, plaintext.Ledger, plaintext.Beancount}

// year invents the transactions of a year in several currencies, from a seed.
func year(random *rand.Rand, n int) []plaintext.Transaction {
	currencies := []struct {
		code   string
		places int32
	}{{"EUR", 2}, {"USD", 2}, {"JPY", 0}, {"TND", 3}, {"MLC", 2}}
	var accounts []string
	for i := range 60 {
		accounts = append(accounts,
			fmt.Sprintf("Expenses:Project-%d:Material", i), fmt.Sprintf("Income:Project-%d:Été", i), fmt.Sprintf("Liabilities:Members:M%d", i))
	}
	accounts = append(accounts, "Assets:Bank", "Assets:Cash", "Equity:Reserve", "Equity:1Fund")
	texts := []string{
		"Semences; de l'année", "(paren) first", "* star", "! mark", "quote \" and \\ backslash", "deux  espaces", "line\nbreak", "",
		"a | b", "=1+1", "; only", "ends with \\", "#tag ^link", "日本", "(A) (B)", "@ 3 USD", "{lot}",
	}
	transactions := make([]plaintext.Transaction, n)
	for i := range transactions {
		t := &transactions[i]
		t.Date = time.Date(2025, 1, 1+random.IntN(365), 0, 0, 0, 0, time.UTC)
		t.Description = texts[random.IntN(len(texts))]
		if random.IntN(2) == 0 {
			t.Code = fmt.Sprintf("A-2025-%04d", i)
		}
		for range 1 + random.IntN(2) { // an exchange is balanced in each currency
			c := currencies[random.IntN(len(currencies))]
			sum := decimal.Zero
			for range 1 + random.IntN(4) {
				amount := decimal.New(random.Int64N(20_000_001)-10_000_000, -c.places)
				sum = sum.Add(amount)
				t.Postings = append(t.Postings, plaintext.Posting{Account: accounts[random.IntN(len(accounts))], Amount: amount, Commodity: c.code})
			}
			t.Postings = append(t.Postings, plaintext.Posting{Account: accounts[random.IntN(len(accounts))], Amount: sum.Neg(), Commodity: c.code})
		}
	}
	return transactions
}

func newRandom(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func TestTheRealProgramsReportTheSameBalancesOfAYearOf10000Transactions(t *testing.T) {
	t.Parallel()
	transactions := year(newRandom(t), 10_000)
	want := expected(t, transactions)
	require.Greater(t, len(want), 500)
	for _, format := range formats {
		t.Run(format.String(), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "year."+format.String())
			var b bytes.Buffer
			require.NoError(t, plaintext.Write(&b, format, transactions))
			require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
			requireSame(t, want, theirs(t, file, format))
			requireSame(t, want, ours(t, file, format))
		})
	}
}

func TestTheProgramsReadTextsAndUnitsAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	transactions := year(newRandom(t), 60)
	for i := range transactions[:30] {
		transactions[i].Postings = []plaintext.Posting{
			{Account: "Assets:Store", Amount: decimal.New(25, -1), Commodity: "kgCO2e"},
			{Account: "Income:Harvest", Amount: decimal.New(-25, -1), Commodity: "kgCO2e"},
		}
	}
	file := filepath.Join(t.TempDir(), "year.journal")
	var b bytes.Buffer
	require.NoError(t, plaintext.Write(&b, plaintext.Hledger, transactions))
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
	requireSame(t, expected(t, transactions), theirs(t, file, plaintext.Hledger))
	requireSame(t, expected(t, transactions), theirs(t, file, plaintext.Ledger))

	read, err := plaintext.Read(file, &b, plaintext.Hledger)
	require.NoError(t, err)
	type texts struct{ code, description string }
	want := make(map[texts]int)
	for _, x := range read {
		want[texts{x.Code, x.Description}]++
	}
	out := run(t, "hledger", "register", "-f", file, "-O", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	got := make(map[texts]int)
	seen := make(map[string]bool)
	for _, row := range rows[1:] {
		if row[0] != "" && !seen[row[0]] {
			seen[row[0]] = true
			got[texts{row[2], row[3]}]++
		}
	}
	require.Equal(t, want, got)
}

func TestTheProgramsRefuseWhatIsRefusedHere(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"unbalanced":    "2025-01-01 x\n    a:b    1 EUR\n    a:c    -2 EUR\n",
		"no such day":   "2025-02-30 x\n    a:b    1 EUR\n    a:c    -1 EUR\n",
		"two elided":    "2025-01-01 x\n    a:b    1 EUR\n    a:c\n    a:d\n",
		"no account":    "2025-01-01 x\n    ; nothing\n    a:b    1 EUR\n",
		"stray posting": "    a:b    1 EUR\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.journal")
			require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
			cmd := exec.CommandContext(t.Context(), "hledger", "-f", file, "balance")
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
			require.Error(t, cmd.Run())
			_, err := plaintext.BalanceOf(file, strings.NewReader(content), plaintext.Hledger)
			var syntax *plaintext.SyntaxError
			require.ErrorAs(t, err, &syntax)
		})
	}
}
