package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

// books runs the program and returns what it prints.
func books(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, messages bytes.Buffer
	err := run(t.Context(), args, &out, &messages)
	return out.String(), err
}

func mustBooks(t *testing.T, args ...string) string {
	t.Helper()
	out, err := books(t, args...)
	require.NoError(t, err, "%v", args)
	return out
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

func program(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%v: install the Debian packages hledger, ledger and beancount, as .ci/run does", err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, args, out)
	return string(out)
}

var (
	quickstartOnce sync.Once
	quickstartDir  string
)

// quickstart returns the directory that quickstart writes: the year of an invented commons.
func quickstart(t *testing.T) string {
	t.Helper()
	quickstartOnce.Do(func() {
		dir, err := os.MkdirTemp("", "books")
		require.NoError(t, err)
		quickstartDir = filepath.Join(dir, "commons")
		program(t, "go", "run", "../quickstart", "-dir", quickstartDir)
	})
	require.FileExists(t, filepath.Join(quickstartDir, "commons.sqlite"))
	return quickstartDir
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if quickstartDir != "" {
		os.RemoveAll(filepath.Dir(quickstartDir))
	}
	os.Exit(code)
}

// balancesOf are the balances that a program prints, by account.
type balancesOf map[string]string

func (b balancesOf) add(t *testing.T, account, amount string) {
	d, err := decimal.NewFromString(strings.TrimSpace(amount))
	require.NoError(t, err)
	if !d.IsZero() {
		b[strings.TrimSpace(account)] = d.StringFixed(2)
	}
}

func TestTheYearOfTheQuickstartValidatesWithTheRealPrograms(t *testing.T) {
	t.Parallel()
	dir := quickstart(t)
	var all []balancesOf
	for _, format := range []string{"hledger", "ledger", "beancount"} {
		file := filepath.Join(t.TempDir(), "year."+format)
		mustBooks(t, "export", "-format", format, "-o", file, dir)
		theirs, ours := make(balancesOf), make(balancesOf)
		switch format {
		case "hledger":
			program(t, "hledger", "check", "--strict", "-f", file)
			rows, err := csv.NewReader(strings.NewReader(program(t, "hledger", "balance", "-f", file, "--flat", "-N", "--layout=bare", "-O", "csv"))).ReadAll()
			require.NoError(t, err)
			for _, row := range rows[1:] {
				require.Equal(t, "EUR", row[1])
				theirs.add(t, row[0], row[2])
			}
		case "ledger":
			out := program(t, "ledger", "--pedantic", "balance", "-f", file, "--flat", "--no-total", "--balance-format", "%(account),%(quantity(display_total))\n")
			for line := range strings.Lines(out) {
				account, amount, _ := strings.Cut(line, ",")
				theirs.add(t, account, amount)
			}
		case "beancount":
			require.Empty(t, program(t, "bean-check", file))
			rows, err := csv.NewReader(strings.NewReader(program(t, "bean-query", "-f", "csv", file, "SELECT account, sum(number) GROUP BY account"))).ReadAll()
			require.NoError(t, err)
			for _, row := range rows[1:] {
				theirs.add(t, row[0], row[1])
			}
		}
		for line := range strings.Lines(mustBooks(t, "balance", "-format", format, file)) {
			if fields := strings.Fields(line); len(fields) == 3 && fields[2] == "EUR" {
				ours.add(t, fields[0], fields[1])
			}
		}
		require.Greater(t, len(ours), 20)
		require.Equal(t, theirs, ours, format)
		all = append(all, ours)
		_, err := books(t, "export", "-format", format, "-o", file, dir)
		require.ErrorIs(t, err, os.ErrExist, "a file that is there is not written over")
	}
	require.Equal(t, all[0], all[1])
	require.Equal(t, all[0], all[2])
}

func TestTheYearOfTheQuickstartIsHandedOverAsFEC(t *testing.T) {
	t.Parallel()
	dir, out := quickstart(t), t.TempDir()
	mustBooks(t, "export", "-format", "fec", "-siren", "552100554", "-o", out, dir)
	file := filepath.Join(out, "552100554FEC20251231.txt")
	report := mustBooks(t, "fec", "check", "-lang", "fr", file)
	require.Contains(t, report, "0 anomalies, 0 tolérances")
	require.Regexp(t, `314 lignes, 130 écritures, total débit (\d+\.\d\d), total crédit \d+\.\d\d`, report)

	content, err := os.ReadFile(file)
	require.NoError(t, err)
	broken := filepath.Join(t.TempDir(), "552100554FEC20251231.txt")
	require.NoError(t, os.WriteFile(broken, bytes.Replace(content, []byte("1284,60"), []byte("1284.61"), 1), 0o600))
	report, err = books(t, "fec", "check", broken)
	require.ErrorContains(t, err, "violations")
	require.Contains(t, report, `violation: `+broken+`:2: column 12 Debit "1284.61": decimals stand behind a comma, not a point [decimal-point]`)
	require.Contains(t, report, "the entry does not balance")
	require.Contains(t, report, "130 entries")

	chart := write(t, "chart.json", `{"cash": {"number": "512100", "name": "Crédit coopératif"}}`)
	require.Contains(t, mustBooks(t, "export", "-format", "fec", "-chart", chart, "-closing", "2025-12-31", dir), "\t512100\tCrédit coopératif\t")
}

func TestAStatementSaysWhatSomebodyGaveAndReceived(t *testing.T) {
	t.Parallel()
	dir := quickstart(t)
	page := mustBooks(t, "statement", "-person", "Awa Sidibé", "-lang", "fr", dir)
	require.Contains(t, page, "# Relevé de contributions : Awa Sidibé")
	require.Contains(t, page, "Répartition – Mobilier des écoles")
	sheet := mustBooks(t, "statement", "-person", "Awa Sidibé", "-format", "csv", dir)
	lines, err := intake.ReadContributions("statement.csv", strings.NewReader(sheet), nil)
	require.NoError(t, err)
	require.Greater(t, len(lines.Lines), 20)
	_, err = books(t, "statement", "-person", "Awa Sidibé", "-from", "2026-01-01", "-closing", "2025-12-31", dir)
	require.ErrorContains(t, err, "-from 2026-01-01: is after the last day, 2025-12-31")
	_, err = books(t, "statement", "-person", "Nobody", dir)
	require.ErrorContains(t, err, `-person "Nobody"`)
}

func TestATimesheetAndABankStatementBecomeFilesThatQuickstartTakes(t *testing.T) {
	t.Parallel()
	hours := write(t, "hours.csv", "Qui,Projet,Durée,Date,Validé par,Note\nAna,Pont,1h30,03/02/2025,Bob,=cmd|'/c calc'!A1\nBob,Pont,2h,04/02/2025,Ana,\n")
	dir := t.TempDir()
	said := mustBooks(t, "timesheet", "-map", "person=Qui", "-o", filepath.Join(dir, "contributions.csv"), hours)
	require.Contains(t, said, "Ana, Pont, time: 1.5 h\nBob, Pont, time: 2 h\n2 lines\n")
	sheet, err := os.ReadFile(filepath.Join(dir, "contributions.csv"))
	require.NoError(t, err)
	require.Contains(t, string(sheet), "'=cmd|")

	statement := write(t, "bank.csv", "Date op\xe9ration;Libell\xe9;D\xe9bit;Cr\xe9dit;Solde\n31/01/2025;VIR Mairie;;1 200,00;1200\n03/02/2025;Scierie;199,99;;1000,01\n")
	said = mustBooks(t, "bank", "-project", "Pont", "-o", filepath.Join(dir, "money.csv"), statement)
	require.Contains(t, said, "encoding ISO-8859-15")
	require.Contains(t, said, "2 lines, came in 1200.00, went out 199.99 EUR\n")
	xml := write(t, "bank.xml", `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2025-02-03</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>`)
	require.Equal(t, "1 lines, came in 0.00, went out 5.00 EUR\n", mustBooks(t, "bank", xml))
	money, err := os.Open(filepath.Join(dir, "money.csv"))
	require.NoError(t, err)
	defer money.Close()
	lines, err := intake.ReadMoney("money.csv", money, nil)
	require.NoError(t, err)
	require.Equal(t, "Pont 199.99 expense", lines.Lines[1].Project+" "+lines.Lines[1].Amount.String()+" "+string(lines.Lines[1].Direction))

	program(t, "go", "run", "../quickstart", "-dir", filepath.Join(dir, "commons"), "-contributions", filepath.Join(dir, "contributions.csv"), "-money", filepath.Join(dir, "money.csv"))
	require.Contains(t, mustBooks(t, "export", "-format", "hledger", filepath.Join(dir, "commons")), "Scierie")
}

func TestWhatIsWrongIsSaidAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	for want, args := range map[string][]string{
		`hours.csv:2: column 3 "hours": "many"`:            {"timesheet", "-o", out, write(t, "hours.csv", "person;project;hours;date\nAna;P;many;2025-01-01\n")},
		`bank.csv:2: column 2 "amount": "x"`:               {"bank", "-o", out, write(t, "bank.csv", "date;amount\n2025-01-01;x\n")},
		`-map "person": must be FIELD=COLUMN`:              {"timesheet", "-map", "person", out},
		`x.journal:2:8: "1,5"`:                             {"balance", write(t, "x.journal", "2025-01-01 x\n  a:b  1,5 EUR\n  a:c\n")},
		"is not one of hledger, ledger, beancount":         {"export", "-format", "gnucash", dir},
		"-siren, -chart and -rates belong to -format fec":  {"export", "-format", "ledger", "-siren", "1", dir},
		"is " + dir + " a directory that quickstart made?": {"export", "-format", "ledger", "-o", out, dir},
		"-format must say which":                           {"export", dir},
		`-rates "USD": must be as in USD=0.92`:             {"export", "-format", "fec", "-rates", "USD", dir},
		`-lang "de": must be fr or en`:                     {"fec", "check", "-lang", "de", out},
		"no such file":                                     {"fec", "check", out},
		"needs -person":                                    {"statement", dir},
		`plaintext: invalid: format "x"`:                   {"balance", "-format", "x", out},
	} {
		_, err := books(t, args...)
		require.ErrorContains(t, err, want)
		require.NoFileExists(t, out)
	}
}

func TestATerminalObeysNoFile(t *testing.T) {
	t.Parallel()
	line := "A\x1b[31mC|Jour\x1b]0;x\anal \"1\"|%s|20250101|606000|Achats|||F1|20250101|papier|%s|||20250102||\n"
	file := write(t, "552100554FEC20251231.txt", "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\n"+
		fmt.Sprintf(line, "1", "10,00|0,00")+fmt.Sprintf(line, "1", "0,00|10,00"))
	for _, lang := range []string{"en", "fr"} {
		out, err := books(t, "fec", "check", "-lang", lang, file)
		require.Error(t, err)
		require.NotContains(t, out, "\x1b")
		require.NotContains(t, out, "\a")
		require.Contains(t, out, `A\x1b[31mC (Jour\x1b]0;x\anal "1")`)
	}
}

// full is where nothing can be written to any more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCannotBePrintedIsSaid(t *testing.T) {
	t.Parallel()
	dir := quickstart(t)
	fec := filepath.Join(t.TempDir(), "552100554FEC20251231.txt")
	mustBooks(t, "export", "-format", "fec", "-siren", "552100554", "-o", filepath.Dir(fec), dir)
	for _, args := range [][]string{
		{"fec", "check", fec},
		{"balance", write(t, "x.journal", "2025-01-01 x\n  a:b  1 EUR\n  a:c\n")},
		{"export", "-format", "ledger", dir},
		{"statement", "-person", "Awa Sidibé", dir},
		{"timesheet", write(t, "hours.csv", "person;project;hours;date\nAna;P;1;2025-01-01\n")},
		{"bank", write(t, "bank.csv", "date;amount\n2025-01-01;1\n")},
	} {
		require.ErrorIs(t, run(t.Context(), args, full{}, &bytes.Buffer{}), syscall.ENOSPC, "%v", args)
	}
}

func TestABankStatementKeepsTheDecimalsOfItsCurrency(t *testing.T) {
	t.Parallel()
	file := write(t, "bank.csv", "date;amount\n2025-01-01;1.234\n2025-01-02;-0.500\n")
	out := filepath.Join(t.TempDir(), "money.csv")
	require.Contains(t, mustBooks(t, "bank", "-currency", "TND", "-o", out, file), "2 lines, came in 1.234, went out 0.500 TND\n")
	content, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Contains(t, string(content), ",1.234\n")
	lines, err := intake.ReadMoney(out, bytes.NewReader(content), &intake.MoneyOptions{Currency: "TND"})
	require.NoError(t, err)
	require.Equal(t, "1.234 0.5", lines.Lines[0].Amount.String()+" "+lines.Lines[1].Amount.String())
	_, err = books(t, "bank", "-currency", "EURO", file)
	require.ErrorContains(t, err, "three capital letters")
}

func TestHelpIsInPlainWords(t *testing.T) {
	t.Parallel()
	var messages bytes.Buffer
	require.ErrorIs(t, run(t.Context(), nil, &bytes.Buffer{}, &messages), flag.ErrHelp)
	var wrong bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"fec", "chek", "x"}, &bytes.Buffer{}, &wrong), flag.ErrHelp)
	require.Contains(t, wrong.String(), `"fec" is no command`)
	wrong.Reset()
	require.ErrorIs(t, run(t.Context(), []string{"balance", "x", "-format", "ledger"}, &bytes.Buffer{}, &wrong), flag.ErrHelp)
	require.Contains(t, wrong.String(), "behind the options: there are 3")
	for _, known := range commands {
		require.Contains(t, messages.String(), known.name+" ")
		require.Contains(t, messages.String(), known.help)
		var own bytes.Buffer
		require.ErrorIs(t, run(t.Context(), append(strings.Fields(known.name), "-h"), &bytes.Buffer{}, &own), flag.ErrHelp)
		require.Contains(t, own.String(), "usage: books "+known.name)
		require.ErrorIs(t, run(t.Context(), strings.Fields(known.name), &bytes.Buffer{}, &own), flag.ErrHelp, "the file or directory is missing")
	}
}
