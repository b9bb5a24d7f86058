package fec_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/fec"
)

const goodName = "552100554FEC20251231.txt"

const header = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\t" +
	"EcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"

// good is a file without a finding; lines 2 and 3 are an entry, 4 and 5 another.
const good = header + "\r\n" +
	"BQ\tBanque\t1\t20250115\t616000\tAssurances\t\t\tA-1\t20250114\tAssurance\t1284,60\t0,00\t\t\t20260115\t\t\r\n" +
	"BQ\tBanque\t1\t20250115\t512000\tBanque\t\t\tA-1\t20250114\tAssurance\t0,00\t1284,60\t\t\t20260115\t\t\r\n" +
	"BQ\tBanque\t2\t20250120\t601000\tAchats\tF1\tSemences du Vernoux\tA-2\t20250120\tSemences\t924,15\t0,00\tA\t20250131\t20260115\t1000,00\tUSD\r\n" +
	"BQ\tBanque\t2\t20250120\t512000\tBanque\t\t\tA-2\t20250120\tSemences\t0,00\t924,15\t\t\t20260115\t\t\r\n"

func check(t *testing.T, name, content string) *fec.Report {
	t.Helper()
	report, err := fec.Check(name, strings.NewReader(content), nil)
	require.NoError(t, err)
	return report
}

func TestAGoodFileHasNoFindings(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"as it is":       good,
		"| and LF":       strings.NewReplacer("\t", "|", "\r\n", "\n").Replace(good),
		"CR":             strings.ReplaceAll(good, "\r\n", "\r"),
		"no last end":    strings.TrimSuffix(good, "\r\n"),
		"ISO-8859-15":    strings.ReplaceAll(good, "Semences", "Bl\xe9 \xa4"),
		"UTF-8":          strings.ReplaceAll(good, "Semences", "Blé €"),
		"cash basis":     strings.NewReplacer("Idevise\r\n", "Idevise\tDateRglt\tModeRglt\tNatOp\tIdClient\r\n", "\t\t\r\n", "\t\t\t20250115\tVIR\tX\tC1\r\n", "\tUSD\r\n", "\tUSD\t\t\t\t\r\n").Replace(good),
		"Montant, Sens":  strings.NewReplacer("Debit\tCredit", "Montant\tSens", "1284,60\t0,00", "1284,60\tD", "0,00\t1284,60", "1284,60\tC", "924,15\t0,00", "924,15\t+1", "0,00\t924,15", "924,15\t-1").Replace(good),
		"all journals":   strings.Replace(good, "BQ\tBanque\t2", "AC\tAchats\t2", 2),
		"with directory": good,
	} {
		file := goodName
		if name == "with directory" {
			file = `C:\books/` + goodName
		}
		report := check(t, file, content)
		require.Empty(t, report.Findings, name)
		require.True(t, report.Valid())
		require.Equal(t, []any{4, 2, "2208.75", "2208.75"}, []any{report.Lines, report.Entries, report.Debit.String(), report.Credit.String()}, name)
		require.Equal(t, "2025-01-15 2025-01-20", report.From.Format(time.DateOnly)+" "+report.To.Format(time.DateOnly))
	}
}

func TestAReportSaysHowTheFileWasUnderstood(t *testing.T) {
	t.Parallel()
	report := check(t, goodName, strings.ReplaceAll(good, "Semences", "Bl\xe9"))
	require.Equal(t, []any{"ISO-8859-15", '\t', "CRLF", false, 18}, []any{report.Encoding, report.Separator, report.LineEnds, report.Signed, report.Columns})
	require.Equal(t, []fec.Journal{{Code: "BQ", Name: "Banque", Lines: 4, Debit: report.Debit, Credit: report.Credit}}, report.Journals)
	var labels []string
	_, err := fec.Check(goodName, strings.NewReader(strings.ReplaceAll(good, "Semences", "C\x9cur \x80")), &fec.Options{
		Line: func(l *fec.Line) error { labels = append(labels, l.Label); return nil },
	})
	require.NoError(t, err)
	require.Equal(t, []string{"Assurance", "Assurance", "Cœur €", "Cœur €"}, labels)
}

// spoiled says what is found when a good file is spoiled: "rule line:column", in the order in which it is met.
var spoiled = []struct {
	name     string
	old, new string
	file     string
	findings string
}{
	{name: "another name", file: "export.txt", findings: "file-name 0:0"},
	{name: "a SIREN with a wrong digit", file: "552100555FEC20251231.txt", findings: "file-name 0:0"},
	{name: "an empty file", old: good, new: "", findings: "empty 0:0"},
	{name: "a byte order mark", old: header, new: "\ufeff" + header, findings: "byte-order-mark 1:0"},
	{name: "UTF-16 with its mark", old: header, new: "\xff\xfeJ\x00o\x00u\x00r\x00\n\x00", findings: "encoding-wide 0:0"},
	{name: "UTF-16 the other way round", old: header, new: "\xfe\xff\x00J\x00o", findings: "encoding-wide 0:0"},
	{name: "UTF-16 without a mark", old: header, new: "J\x00o\x00u\x00r\x00\n\x00", findings: "encoding-wide 0:0"},
	{name: "two encodings", old: "Semences\t924,15\t0,00", new: "Bl\xe9 et blé\t924,15\t0,00", findings: ""},
	{name: "a control character", old: "Semences du", new: "Semences\x07du", findings: "control 4:8"},
	{name: "different line ends", old: "Idevise\r\n", new: "Idevise\n", findings: "line-ends-mixed 0:0"},
	{name: "an empty line", old: "Idevise\r\n", new: "Idevise\r\n\r\n", findings: "blank-line 2:0"},
	{name: "no header", old: header + "\r\n", new: "", findings: "header-missing 1:0"},
	{name: "another column name", old: "CompteLib", new: "Libelle", findings: "header-name 1:6"},
	{name: "small letters", old: "CompteLib", new: "compteLib", findings: "header-case 1:6"},
	{name: "two columns exchanged", old: "EcritureLet\tDateLet", new: "DateLet\tEcritureLet", findings: "header-order 1:14 header-order 1:15 date 4:14"},
	{name: "a column twice", old: "CompAuxLib", new: "CompteLib", findings: "header-double 1:8 header-name 1:8"},
	{name: "a column more", old: "\tIdevise", new: "\tIdevise\tAnalytique", findings: "extra-column 1:19 field-count 2:0 field-count 3:0 field-count 4:0 field-count 5:0"},
	{name: "a field less", old: "Assurance\t1284,60\t0,00\t\t\t20260115\t\t\r\n", new: "Assurance\t1284,60\t0,00\t\t\t20260115\t\r\n", findings: "field-count 2:0"},
	{name: "separators at the end", old: "\t\t\r\n", new: "\t\t\t\r\n", findings: "trailing-separator 2:0"},
	{name: "no label", old: "Assurance\t1284,60\t0,00", new: "\t1284,60\t0,00", findings: "mandatory 2:11"},
	{name: "no credit", old: "1284,60\t0,00", new: "1284,60\t", findings: "mandatory 2:13"},
	{name: "no document", old: "A-1\t20250114\tAssurance\t0,00", new: "\t20250114\tAssurance\t0,00", findings: "usual 3:9"},
	{name: "an account in letters", old: "616000", new: "61A000", findings: "account 2:5"},
	{name: "not a date", old: "20250114\tAssurance\t1284", new: "14012025x\tAssurance\t1284", findings: "date 2:10"},
	{name: "a date with hyphens", old: "20250114\tAssurance\t1284", new: "2025-01-14\tAssurance\t1284", findings: "date-form 2:10"},
	{name: "30 February", old: "20250114\tAssurance\t1284", new: "20250230\tAssurance\t1284", findings: "calendar 2:10"},
	{name: "not a number", old: "1284,60\t0,00", new: "EUR 1284\t0,00", findings: "number 2:12 sides 2:12 balance 2:0 total 0:0"},
	{name: "an absurd number", old: "1284,60\t0,00", new: "1E99\t0,00", findings: "number 2:12 sides 2:12 balance 2:0 total 0:0"},
	{name: "a decimal point", old: "1284,60\t0,00", new: "1284.60\t0,00", findings: "decimal-point 2:12"},
	{name: "thousands", old: "1284,60\t0,00", new: "1 284,60\t0,00", findings: "thousands 2:12"},
	{name: "thousands and a point", old: "1284,60\t0,00", new: "1,284.60\t0,00", findings: "thousands 2:12"},
	{name: "thousands in points", old: "1284,60\t0,00", new: "1.284,60\t0,00", findings: "thousands 2:12"},
	{name: "a sign behind", old: "1284,60\t0,00", new: "1284,60+\t0,00", findings: "number-form 2:12"},
	{name: "an exponent", old: "1284,60\t0,00", new: "1,2846E3\t0,00", findings: "number-form 2:12"},
	{name: "three decimals", old: "1284,60", new: "1284,600", findings: "number-form 2:12 number-form 3:13"},
	{name: "a negative amount", old: "1284,60", new: "-1284,60", findings: "negative 2:12 negative 3:13"},
	{name: "debit and credit", old: "1284,60\t0,00", new: "1284,60\t1,00", findings: "sides 2:12 balance 2:0 total 0:0"},
	{name: "neither", old: "1284,60", new: "0,00", findings: "sides 2:12 sides 3:12"},
	{name: "another sense", old: "Debit\tCredit", new: "Montant\tSens", findings: "sense 2:13 sides 3:12 sense 3:13 sense 4:13 sides 5:12 sense 5:13 balance 2:0 balance 4:0 total 0:0"},
	{name: "a code without amount", old: "1000,00\tUSD", new: "\tUSD", findings: "currency 4:17"},
	{name: "an amount without code", old: "1000,00\tUSD", new: "1000,00\t", findings: "currency 4:18"},
	{name: "a mark without date", old: "A\t20250131", new: "A\t", findings: "matching 4:14"},
	{name: "a day after the closing", old: "20250120\t6", new: "20260101\t6", findings: "period 4:4 entry-date 5:4"},
	{name: "validated before the line above", old: "20260115\t1000", new: "20260114\t1000", findings: "validation-order 4:16"},
	{name: "opening balances behind", old: "BQ\tBanque\t2", new: "AN\tA nouveau\t2", findings: "opening-first 4:1"},
	{name: "two dates", old: "20250115\t512", new: "20250116\t512", findings: "entry-date 3:4"},
	{name: "unbalanced", old: "0,00\t924,15", new: "0,00\t924,16", findings: "balance 4:0 total 0:0"},
	{name: "two entries that balance together", old: "0,00\t1284,60", new: "0,00\t2208,75", findings: "sides 5:12 balance 2:0 balance 4:0"},
	{name: "closing entries", old: "512000\tBanque\t\t\tA-1", new: "120000\tResultat\t\t\tA-1", findings: "closing 2:0"},
	{name: "a number without digits", old: "\t1\t2025", new: "\tX\t2025", findings: "no-number 2:3"},
	{name: "a gap", old: "\t2\t2025", new: "\t5\t2025", findings: "gap 0:0"},
}

func find(findings []fec.Finding) string {
	var s []string
	for _, f := range findings {
		s = append(s, fmt.Sprintf("%s %d:%d", f.Rule.ID, f.Line, f.Column))
	}
	return strings.Join(s, " ")
}

func TestEveryRuleIsFoundWhereItIsBroken(t *testing.T) {
	t.Parallel()
	met := make(map[string]bool)
	for _, c := range spoiled {
		content := good
		if c.old != "" {
			require.Contains(t, good, c.old, c.name)
			content = strings.ReplaceAll(good, c.old, c.new)
		}
		switch c.name {
		case "different line ends", "an empty line":
			content = strings.Replace(good, c.old, c.new, 1)
		case "two entries that balance together":
			content = strings.Replace(content, "0,00\t924,15", "0,00\t0,00", 1)
		case "two encodings":
			content = strings.Replace(good, c.old, "Blé\t924,15\t0,00", 1)
			content = strings.Replace(content, "Semences\t0,00\t924,15", "Bl\xe9\t0,00\t924,15", 1)
			c.findings = "encoding-mixed 5:0"
		}
		file := goodName
		if c.file != "" {
			file = c.file
		}
		report := check(t, file, content)
		require.Equal(t, c.findings, find(report.Findings), c.name)
		for _, f := range report.Findings {
			met[f.Rule.ID] = true
		}
	}
	for name, content := range map[string]string{
		"encoding-1252": strings.ReplaceAll(good, "Semences", "C\x9cur"),
		"scattered":     header + "\n" + scattered,
		"number-twice":  good + strings.SplitN(good, "\r\n", 2)[1],
	} {
		report := check(t, goodName, content)
		require.Len(t, report.Findings, 1, name)
		require.Equal(t, name, report.Findings[0].Rule.ID)
		met[name] = true
	}
	for _, r := range fec.Rules() {
		require.True(t, met[r.ID], "no test breaks the rule %s", r.ID)
		require.NotEmpty(t, r.English)
		require.NotEmpty(t, r.French)
	}
}

const scattered = "BQ\tBanque\t1\t20250115\t616000\tAssurances\t\t\tA-1\t20250114\tAssurance\t10,00\t0,00\t\t\t20260115\t\t\n" +
	"BQ\tBanque\t2\t20250115\t616000\tAssurances\t\t\tA-1\t20250114\tAssurance\t10,00\t0,00\t\t\t20260115\t\t\n" +
	"BQ\tBanque\t2\t20250115\t512000\tBanque\t\t\tA-1\t20250114\tAssurance\t0,00\t10,00\t\t\t20260115\t\t\n" +
	"BQ\tBanque\t1\t20250115\t512000\tBanque\t\t\tA-1\t20250114\tAssurance\t0,00\t10,00\t\t\t20260115\t\t\n"

func TestAFindingIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	f := check(t, goodName, strings.Replace(good, "20250114\tAssurance\t1284", "20250230\tAssurance\t1284", 1)).Findings[0]
	require.Equal(t, goodName+`:2: column 10 PieceDate "20250230": the calendar has no such day [calendar]`, f.Text("en"))
	require.Equal(t, goodName+`:2: zone 10 PieceDate "20250230": ce jour n'existe pas dans le calendrier [calendar]`, f.Text("fr"))
	f = check(t, goodName, strings.ReplaceAll(good, "\t2\t2025", "\t5\t2025")).Findings[0]
	require.Equal(t, goodName+`: "BQ": numbers are missing in the sequence of entries: "2–4" [gap]`, f.Text("en"))
}

func TestAMillionLinesInOrderTakeNoMemoryForTheirNumbers(t *testing.T) {
	t.Parallel()
	n := 100_000
	if *long {
		n = 1_000_000
	}
	i := 0
	body := strings.SplitAfter(good, "\r\n")
	r := &lines{next: func() string {
		i++
		switch {
		case i == 1:
			return body[0]
		case i > 2*n+1:
			return ""
		}
		number := fmt.Sprintf("\t%d\t", i/2)
		return strings.Replace(body[1+i%2], "\t1\t", number, 1)
	}}
	found := 0
	report, err := fec.Check(goodName, r, &fec.Options{Found: func(fec.Finding) { found++ }})
	require.NoError(t, err)
	require.Equal(t, []int{2 * n, n, 0}, []int{report.Lines, report.Entries, found})
}

// lines is a file whose lines are made one after the other.
type lines struct {
	next func() string
	rest string
}

func (l *lines) Read(p []byte) (int, error) {
	if l.rest == "" {
		if l.rest = l.next(); l.rest == "" {
			return 0, io.EOF
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func TestAllFindingsAreHandedOutAndTheFirstKept(t *testing.T) {
	t.Parallel()
	content := header + "\n" + strings.Repeat("BQ\t\n", 3000)
	found := 0
	report, err := fec.Check(goodName, strings.NewReader(content), &fec.Options{Found: func(fec.Finding) { found++ }})
	require.NoError(t, err)
	require.Len(t, report.Findings, fec.MaxFindings)
	require.Equal(t, found, report.Broken+report.Tolerated)
	require.Greater(t, found, 3000)
}

func TestAFileBeyondALimitOrAFailingReaderIsAnError(t *testing.T) {
	t.Parallel()
	_, err := fec.Check(goodName, strings.NewReader(header+"\n"+strings.Repeat("x", fec.MaxLineBytes+10)), nil)
	require.ErrorIs(t, err, fec.ErrLimit)
	require.ErrorContains(t, err, goodName+":2")
	_, err = fec.Check(goodName, strings.NewReader(strings.Repeat("x\t", fec.MaxColumns+10)), nil)
	require.ErrorIs(t, err, fec.ErrLimit)
	broken := errors.New("disk")
	_, err = fec.Check(goodName, iotest.ErrReader(broken), nil)
	require.ErrorIs(t, err, broken)
	_, err = fec.Check(goodName, strings.NewReader(good), &fec.Options{Line: func(*fec.Line) error { return broken }})
	require.ErrorIs(t, err, broken)
}

// The files of testdata are invented; each stands for how a kind of program writes them. Beside each is the report that is wanted.
func TestFilesAsProgramsWriteThem(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		report, err := fec.Check(file, iotest.HalfReader(bytes.NewReader(content)), nil)
		require.NoError(t, err)
		var b strings.Builder
		fmt.Fprintf(&b, "%s %q %s signed=%v columns=%d\n", report.Encoding, report.Separator, report.LineEnds, report.Signed, report.Columns)
		fmt.Fprintf(&b, "lines=%d entries=%d debit=%s credit=%s violations=%d\n", report.Lines, report.Entries, report.Debit, report.Credit, report.Broken)
		for _, f := range report.Findings {
			fmt.Fprintln(&b, f.Text("fr"))
		}
		golden := file + ".report"
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), b.String())
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(strings.ReplaceAll(good, "Semences", "C\x9cur")))
	for _, c := range spoiled {
		f.Add([]byte(strings.ReplaceAll(good, c.old, c.new)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var lines []fec.Line
		report, err := fec.Check(goodName, bytes.NewReader(content), &fec.Options{Line: func(l *fec.Line) error {
			lines = append(lines, *l)
			return nil
		}})
		if err != nil {
			return
		}
		for _, x := range report.Findings {
			if x.Text("fr") == "" || x.Text("en") == "" {
				t.Fatal("a finding without text")
			}
		}
		// What has been read without a finding can be written, and is read again as it was.
		if report.Broken+report.Tolerated > 0 || len(lines) == 0 {
			return
		}
		var b bytes.Buffer
		if err := fec.Write(&b, time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), lines); err != nil {
			t.Fatal(err)
		}
		again, err := fec.Check(goodName, &b, nil)
		if err != nil || len(again.Findings) > 0 || !again.Debit.Equal(report.Debit) || again.Lines != report.Lines {
			t.Fatalf("%v %v", err, again)
		}
	})
}
