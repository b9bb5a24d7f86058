package plaintext_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%v: install the Debian packages hledger, ledger and beancount, as .ci/run does", err)
	}
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
		return hledgerBalances(t, file)
	case plaintext.Ledger:
		return ledgerBalances(t, file, "--pedantic")
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

func hledgerBalances(t *testing.T, file string) balances {
	t.Helper()
	out := run(t, "hledger", "balance", "-f", file, "--flat", "--no-total", "--empty", "--layout=bare", "-O", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	b := make(balances)
	for _, row := range rows[1:] {
		b.add(t, row[0], row[1], row[2])
	}
	return b
}

// ledgerBalances reads what ledger prints: a line for each commodity, and the account on the line of the last one.
func ledgerBalances(t *testing.T, file string, options ...string) balances {
	t.Helper()
	b := make(balances)
	var pending [][2]string
	out := run(t, "ledger", append(options, "balance", "-f", file, "--flat", "--no-total", "--empty")...)
	for line := range strings.Lines(out) {
		written, account, last := strings.Cut(strings.TrimSpace(line), "  ")
		amount, commodity, _ := strings.Cut(written, " ")
		if rest, dollars := strings.CutPrefix(strings.Replace(written, "$-", "-$", 1), "-$"); dollars {
			amount, commodity = "-"+rest, "$"
		} else if rest, dollars := strings.CutPrefix(written, "$"); dollars {
			amount, commodity = rest, "$"
		}
		pending = append(pending, [2]string{commodity, amount})
		if last {
			for _, x := range pending {
				b.add(t, account, x[0], x[1])
			}
			pending = nil
		}
	}
	require.Empty(t, pending)
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

// TestWhatIsReadHereMeansTheSameToThePrograms writes files as people do, with everything that is read here, and compares the sums.
func TestWhatIsReadHereMeansTheSameToThePrograms(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	gap := func() string { return one("  ", "\t\t", "      ", " \t ") }
	amount := func(units int64, commodity string) string {
		d := decimal.New(units, -2)
		switch commodity {
		case "$":
			if d.IsNegative() {
				return one("-$"+d.Neg().StringFixed(2), "$"+d.StringFixed(2))
			}
			return "$" + d.StringFixed(2)
		case `"kg 2"`:
			return d.StringFixed(2) + " " + commodity
		}
		return one(d.StringFixed(2)+" "+commodity, d.StringFixed(2)+commodity, commodity+" "+d.StringFixed(2), d.StringFixed(3)+" "+commodity)
	}
	var b strings.Builder
	b.WriteString("; a year\naccount Assets:Bank account\ncommodity EUR\nP 2025-01-01 USD 0.9 EUR\n\ncomment\n2025-13-13 not read\nend comment\n")
	for i := range 500 {
		account := func() string {
			// None is above another: for one that is, ledger prints the sum of both.
			return one("Assets:Bank account", "a:b:c", "Dépenses:Été", "x") + ":" + strconv.Itoa(random.IntN(9))
		}
		fmt.Fprintf(&b, "\n%s%s%s%s\n", one("2025-01-31", "2025/2/3", "2025.12.31"), one("", "=2025-12-31"), one("", " *", " !"), one("", " (C-1)", " bought  things", " (C) x ; note"))
		if random.IntN(4) == 0 {
			b.WriteString("    ; a comment\n")
		}
		commodity := one("EUR", "$", `"kg 2"`, "USD")
		units := random.Int64N(2_000_000) - 1_000_000
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "  %s%s%s%s\n", account(), gap(), amount(units, commodity), one("", "  ; note", " ; note"))
			fmt.Fprintf(&b, "\t%s%s%s\n", one("", "* ", "! ")+account(), gap(), amount(-units, commodity))
		case 1: // an amount left out
			fmt.Fprintf(&b, "  %s%s%s\n", account(), gap(), amount(units, commodity))
			fmt.Fprintf(&b, "  %s%s\n", account(), one("", "  ; the rest"))
		case 2: // left out in two commodities
			fmt.Fprintf(&b, "  %s%s%s\n  %s%s%s\n  %s\n", account(), gap(), amount(units, "EUR"), account(), gap(), amount(units+1, "$"), account())
		case 3: // a price
			quantity := 1 + random.Int64N(1000)
			fmt.Fprintf(&b, "  %s%s%d JPY %s\n", account(), gap(), quantity, one("@ 0.25 EUR", fmt.Sprintf("@@ %s EUR", decimal.New(25*quantity, -2))))
			fmt.Fprintf(&b, "  %s%s%s EUR\n", account(), gap(), decimal.New(-25*quantity, -2))
		}
	}
	file := filepath.Join(t.TempDir(), "year.journal")
	require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	want := ours(t, file, plaintext.Hledger)
	require.Greater(t, len(want), 50)
	requireSame(t, want, hledgerBalances(t, file))
	requireSame(t, want, ledgerBalances(t, file))
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
			if _, err := exec.LookPath("hledger"); err != nil {
				t.Skipf("%v: install the Debian package hledger, as .ci/run does", err)
			}
			cmd := exec.CommandContext(t.Context(), "hledger", "-f", file, "balance")
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
			require.Error(t, cmd.Run())
			_, err := plaintext.BalanceOf(file, strings.NewReader(content), plaintext.Hledger)
			var syntax *plaintext.SyntaxError
			require.ErrorAs(t, err, &syntax)
		})
	}
}
