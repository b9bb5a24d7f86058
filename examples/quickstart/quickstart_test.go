package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/examples/quickstart/sample"
)

// TestMain lets the tests run the program as a process of its own, to kill it: it waits for that when it comes to the line whose number is in
// QUICKSTART_TEST_RUN.
func TestMain(m *testing.M) {
	if line, err := strconv.Atoi(os.Getenv("QUICKSTART_TEST_RUN")); err == nil {
		fmt.Fprintln(os.Stderr, run(context.Background(), os.Args[1:], &doAfter{lines: line, do: func() { select {} }}, io.Discard))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func quickstart(t testing.TB, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = run(t.Context(), args, &out, io.Discard)
	return out.String(), err
}

// content returns the files of a directory but the journal and the seed.
func content(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), journalFile) || e.Name() == seedFile {
			continue
		}
		b, err := os.ReadFile(in(dir, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = string(b)
	}
	return files
}

func TestSampleYearIsWrittenVerifiedAndNotDoubled(t *testing.T) {
	t.Parallel()
	dir := in(t.TempDir(), "commons")
	first, err := quickstart(t, "-dir", dir)
	require.NoError(t, err)
	require.Contains(t, first, "founders who signed: 4")
	files := content(t, dir)
	for _, name := range []string{
		"distribution.csv", "explain.md", "explain.fr.md", "commons.jsonld", "commons.nq", "checkpoint.txt", "verifier-key.txt",
		"matrix.svg", "matrix.fr.svg", "waterfall.svg", "waterfall.fr.svg", "shares.svg", "shares.fr.svg", "inputs.txt",
	} {
		require.NotEmpty(t, files[name], name)
	}
	require.Len(t, files, 14)
	info, err := os.Stat(in(dir, seedFile))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	second, err := quickstart(t, "-dir", dir)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Equal(t, files, content(t, dir))

	report, err := quickstart(t, "-verify", dir)
	require.NoError(t, err)
	require.Contains(t, report, "checkpoint.txt: signed by the key")
	require.Contains(t, report, "each computed again")
	require.Equal(t, files, content(t, dir), "verifying changes nothing")
}

func TestTwoDirectoriesAgreeToTheByte(t *testing.T) {
	// Not parallel: it changes GOMAXPROCS.
	one, two := in(t.TempDir(), "one"), in(t.TempDir(), "two")
	_, err := quickstart(t, "-dir", one)
	require.NoError(t, err)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	_, err = quickstart(t, "-dir", two)
	require.NoError(t, err)
	require.Equal(t, content(t, one), content(t, two))
}

func TestKilledAtAnyMomentItCompletes(t *testing.T) {
	t.Parallel()
	whole := in(t.TempDir(), "whole")
	start := time.Now()
	lines := 0
	require.NoError(t, run(t.Context(), []string{"-dir", whole}, writerFunc(func(p []byte) (int, error) { lines++; return len(p), nil }), io.Discard))
	took := time.Since(start)
	want := content(t, whole)

	const seed = 1
	rng := rand.New(rand.NewPCG(seed, seed))
	for i := range 12 {
		dir := in(t.TempDir(), "killed")
		for range 1 + i%3 { // some are killed several times
			cmd := exec.Command(os.Args[0], "-dir", dir)
			cmd.Env = append(os.Environ(), fmt.Sprintf("QUICKSTART_TEST_RUN=%d", lines-1)) // it never ends by itself
			require.NoError(t, cmd.Start())
			time.Sleep(time.Duration(rng.Int64N(int64(took) * 3 / 2)))
			require.NoError(t, cmd.Process.Kill())
			var exit *exec.ExitError
			require.ErrorAs(t, cmd.Wait(), &exit)
			require.Equal(t, -1, exit.ExitCode(), "it was killed")
		}
		_, err := quickstart(t, "-dir", dir)
		require.NoError(t, err)
		require.Equal(t, want, content(t, dir))
		_, err = quickstart(t, "-verify", dir)
		require.NoError(t, err)
	}
}

func TestInterruptedAtEveryStepItCompletes(t *testing.T) {
	t.Parallel()
	whole, dir := in(t.TempDir(), "whole"), in(t.TempDir(), "stopped")
	_, err := quickstart(t, "-dir", whole)
	require.NoError(t, err)
	for step := 0; ; step++ {
		ctx, cancel := context.WithCancel(t.Context())
		w := &doAfter{lines: step, do: cancel}
		err := run(ctx, []string{"-dir", dir}, w, io.Discard)
		cancel()
		if err == nil {
			require.Greater(t, step, 5)
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	require.Equal(t, content(t, whole), content(t, dir))
}

// doAfter does something once a number of lines has been written to it.
type doAfter struct {
	lines int
	do    func()
}

func (w *doAfter) Write(p []byte) (int, error) {
	if w.lines--; w.lines < 0 {
		w.do()
	}
	return len(p), nil
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestEveryAmountOfTheDistributionAddsUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := quickstart(t, "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	rows, err := csv.NewReader(strings.NewReader(files["distribution.csv"])).ReadAll()
	require.NoError(t, err)
	total, byRecipient := decimal.Zero, map[string]decimal.Decimal{}
	for _, r := range rows[1:] {
		a := decimal.RequireFromString(r[3])
		total = total.Add(a)
		byRecipient[r[1]] = byRecipient[r[1]].Add(a)
		require.NotEmpty(t, r[8], "clause")
		require.Equal(t, "1", r[10], "version")
	}
	for _, lang := range []string{"explain.md", "explain.fr.md"} {
		text := strings.ReplaceAll(joined(files[lang]), ",", ".")
		// The line that closes the summary: what came in is what went out, on both sides the same figure.
		require.Regexp(t, regexp.MustCompile(`(?m)= ([0-9.]+)\. .* = \b`), text)
		for name, a := range byRecipient {
			if !strings.Contains(files["distribution.csv"], name+",fund") {
				require.Contains(t, text, fmt.Sprintf("| %s | %s |", name, a.StringFixed(2)), name)
			}
		}
		require.Contains(t, text, "| **"+total.StringFixed(2)+"** |")
	}
}

// joined takes away the spaces within numbers.
func joined(text string) string {
	return regexp.MustCompile(`([0-9])[ \x{a0}\x{202f}]([0-9]{3})`).ReplaceAllString(text, "$1$2")
}

// TestEveryShareCanBeComputedAgain does what a reader with a pocket calculator does: it takes the numbers of each "share" line of explain.md and
// checks the arithmetic.
func TestEveryShareCanBeComputedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := quickstart(t, "-dir", dir)
	require.NoError(t, err)
	text := joined(content(t, dir)["explain.md"])
	number := func(s string) decimal.Decimal { return decimal.RequireFromString(s) }
	weights := regexp.MustCompile(`weight: (.*) = ([0-9.]+)\n`).FindAllStringSubmatch(text, -1)
	require.Greater(t, len(weights), 30)
	term := regexp.MustCompile(`^([0-9.]+) .* × ([0-9.]+)$`)
	for _, w := range weights {
		sum := decimal.Zero
		for part := range strings.SplitSeq(w[1], " + ") {
			m := term.FindStringSubmatch(part)
			require.NotNil(t, m, part)
			sum = sum.Add(number(m[1]).Mul(number(m[2])))
		}
		require.True(t, sum.Equal(number(w[2])), w[0])
	}
	shares := regexp.MustCompile(`share: ([0-9.]+) × ([0-9.]+) / ([0-9.]+) = ([0-9.]+)(…?)`).FindAllStringSubmatch(text, -1)
	require.Greater(t, len(shares), 30)
	for _, s := range shares {
		quotient := number(s[1]).Mul(number(s[2])).Div(number(s[3]))
		require.True(t, quotient.Sub(number(s[4])).Abs().LessThan(decimal.New(1, -7)), s[0])
	}
	lines := regexp.MustCompile(`: ([0-9.]+) × ([0-9.]+) of (?:the base|what remains) = ([0-9.]+)`).FindAllStringSubmatch(text, -1)
	require.Greater(t, len(lines), 100)
	for _, l := range lines {
		require.True(t, number(l[1]).Mul(number(l[2])).Equal(number(l[3])), l[0])
	}
}

func TestEveryWordOfThePagesIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	used := regexp.MustCompile(`x\.words\["([a-z]+)"\]`)
	source, err := os.ReadFile("explain.go")
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, m := range used.FindAllStringSubmatch(string(source), -1) {
		keys[m[1]] = true
	}
	require.Greater(t, len(keys), 20)
	for _, lang := range languages {
		require.Len(t, words[lang], len(keys), lang)
		for key := range keys {
			require.NotEmpty(t, words[lang][key], "%s: %s", lang, key)
		}
	}
}

func TestPicturesAreWellFormed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := quickstart(t, "-dir", dir)
	require.NoError(t, err)
	for name, text := range content(t, dir) {
		if filepath.Ext(name) != ".svg" {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, name)
		}
	}
}

func TestVerifyFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	good := t.TempDir()
	_, err := quickstart(t, "-dir", good)
	require.NoError(t, err)
	for _, name := range []string{"distribution.csv", "explain.md", "commons.nq", "shares.svg", checkpointFile, keyFile, journalFile} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(dir, os.DirFS(good)))
			b, err := os.ReadFile(in(dir, name))
			require.NoError(t, err)
			at := len(b) / 2
			if name == journalFile { // a figure in a record, so that the file is still a database
				at = bytes.LastIndex(b, []byte(`"value":"`)) + len(`"value":"`)
				require.Greater(t, at, 1000)
			}
			b[at] ^= 1
			require.NoError(t, os.Chmod(in(dir, name), 0o644))
			require.NoError(t, os.WriteFile(in(dir, name), b, 0o644))
			_, err = quickstart(t, "-verify", dir)
			require.Error(t, err)
		})
	}
	missing := t.TempDir()
	_, err = quickstart(t, "-verify", missing)
	require.Error(t, err)
	entries, err := os.ReadDir(missing)
	require.NoError(t, err)
	require.Empty(t, entries)
}

const (
	hours = "\ufeffNom;Structure;Projet;Durée;Date;Validé par\r\n" +
		"Zoé Petit;L'Échoppe;Jardin;1,50;03/04/2025;Ana Roy\r\n" +
		"Ana Roy;;Jardin;0,75;2025-04-03;Zoé Petit\r\n"
	cash = "date,projet,type,montant ht,apporteur\n2025-05-01,Jardin,recette,100.00,Ana Roy\n2025-05-02,Jardin,dépense,10.00,\n"
)

// files writes inputs into a directory and returns their paths.
func files(t testing.TB, contributions, money string) (string, string) {
	t.Helper()
	dir := t.TempDir()
	c, m := in(dir, "hours.csv"), in(dir, "cash.csv")
	require.NoError(t, os.WriteFile(c, []byte(contributions), 0o600))
	require.NoError(t, os.WriteFile(m, []byte(money), 0o600))
	return c, m
}

func TestOwnFilesAreRead(t *testing.T) {
	t.Parallel()
	c, m := files(t, hours, cash)
	dir := in(t.TempDir(), "own")
	_, err := quickstart(t, "-dir", dir, "-contributions", c, "-money", m)
	require.NoError(t, err)
	got := content(t, dir)
	// 100 − 10 = 90; 5, 10, 10 and 5 % of it are taken first, 63 remain, for 1.5 and 0.75 hours.
	require.Contains(t, got["distribution.csv"], "Zoé Petit,party,42.00")
	require.Contains(t, got["distribution.csv"], "Ana Roy,party,21.00")
	require.Contains(t, got["distribution.csv"], "Ana Roy,party,4.50")
	require.NotContains(t, got["explain.md"], words["en"]["invented"])
	require.NotContains(t, got["commons.nq"], "Zoé", "names of persons stay at home")
	_, err = quickstart(t, "-verify", dir)
	require.NoError(t, err)
	seed, err := os.ReadFile(in(dir, seedFile))
	require.NoError(t, err)
	require.NotContains(t, string(seed), fmt.Sprintf("%x", []byte(sampleSeed)), "own data get keys of their own")

	// Other inputs do not mix with the first.
	c2, _ := files(t, strings.Replace(hours, "1,50", "2,50", 1), cash)
	_, err = quickstart(t, "-dir", dir, "-contributions", c2, "-money", m)
	require.ErrorContains(t, err, "choose another -dir")
	require.Equal(t, got, content(t, dir))
}

func TestOwnCharterRulesTheDivision(t *testing.T) {
	t.Parallel()
	c, m := files(t, hours, cash)
	charter := in(t.TempDir(), "charter.json")
	text := strings.Replace(string(sample.Charter), `"kind": "time", "points": "1"`, `"kind": "time", "points": "2"`, 1)
	text = strings.Replace(text, `"rate": "0.05", "to": {"group": "introducers"}`, `"rate": "0.25", "to": {"group": "introducers"}`, 1)
	require.NotEqual(t, text, string(sample.Charter))
	require.NoError(t, os.WriteFile(charter, []byte(text), 0o600))
	dir := t.TempDir()
	_, err := quickstart(t, "-dir", dir, "-charter", charter, "-contributions", c, "-money", m)
	require.NoError(t, err)
	_, err = quickstart(t, "-verify", dir)
	require.NoError(t, err)
}

func TestBadInputIsReportedAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ contributions, money, says string }{
		"negative":        {strings.Replace(hours, "1,50", "-1,50", 1), cash, `hours.csv:2: column 4 "Durée": "-1,50"`},
		"no date":         {strings.Replace(hours, "03/04/2025", "31/02/2025", 1), cash, `hours.csv:2: column 5 "Date": "31/02/2025"`},
		"before":          {strings.Replace(hours, "03/04/2025", "03/04/2024", 1), cash, `hours.csv:2: "2024-04-03": is before 2025-01-01`},
		"own validation":  {strings.Replace(hours, "Ana Roy\r", "Zoé Petit\r", 1), cash, "cannot validate it"},
		"two spellings":   {strings.Replace(hours, "Ana Roy;;", "ANA ROY;;", 1), cash, "ANA ROY"},
		"mixed alphabet":  {strings.ReplaceAll(hours, "Zoé Petit", "Zoé P\u0435tit"), cash, "hours.csv:2: "},
		"both files":      {strings.Replace(hours, "1,50", "x", 1), strings.Replace(cash, "100.00", "y", 1), `cash.csv:2: column 4`},
		"money":           {hours, strings.Replace(cash, "100.00", "1OO.00", 1), `cash.csv:2: column 4 "montant ht": "1OO.00"`},
		"no project":      {hours, strings.Replace(cash, "2025-05-01,Jardin", "2025-05-01,", 1), "a receipt needs the project"},
		"not a table":     {"hello", cash, "hours.csv"},
		"latin1":          {strings.ReplaceAll(hours, "é", "\xe9"), cash, "UTF-8"},
		"empty":           {"", "", "hours.csv"},
		"two sheets only": {strings.Split(hours, "\n")[0] + "\n", "date,projet,type,montant ht\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contributions, money := files(t, c.contributions, c.money)
			dir := in(t.TempDir(), "never")
			_, err := quickstart(t, "-dir", dir, "-contributions", contributions, "-money", money)
			require.Error(t, err)
			require.Contains(t, err.Error(), c.says)
			require.NoDirExists(t, dir)
		})
	}
	contributions, money := files(t, hours, cash)
	charter := in(t.TempDir(), "charter.json")
	text := strings.Replace(string(sample.Charter), `"sponsors": 1`, `"sponsors": 9`, 1) // more than there are founders
	require.NoError(t, os.WriteFile(charter, []byte(text), 0o600))
	dir := in(t.TempDir(), "never")
	_, err := quickstart(t, "-dir", dir, "-charter", charter, "-contributions", contributions, "-money", money)
	require.ErrorContains(t, err, "sponsors")
	require.NoDirExists(t, dir)
	for name, args := range map[string][]string{
		"argument":       {"sample"},
		"half":           {"-money", "x.csv"},
		"pool alone":     {"-pool", "10"},
		"git alone":      {"-git", "."},
		"negative pool":  {"-git", ".", "-pool", "-1"},
		"pool of cents":  {"-git", ".", "-pool", "0.001"},
		"huge pool":      {"-git", ".", "-pool", "1e5000"},
		"git and files":  {"-git", ".", "-pool", "1", "-charter", "x"},
		"verify and dir": {"-verify", ".", "-dir", "."},
		"no such file":   {"-charter", "/does/not/exist"},
		"no repository":  {"-git", "/", "-pool", "10"},
		"bad flag":       {"-what"},
		"no directory":   {"-dir", ""},
	} {
		_, err := quickstart(t, args...)
		require.Error(t, err, name)
	}
}

func git(t testing.TB, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_DATE=2025-05-06T07:08:09Z", "GIT_COMMITTER_DATE=2025-05-06T07:08:09Z")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestPoolIsSharedAmongTheAuthorsOfARepository(t *testing.T) {
	t.Parallel()
	repository := in(t.TempDir(), "Vélo partagé")
	require.NoError(t, os.Mkdir(repository, 0o755))
	git(t, repository, "init", "-q", "-b", "main")
	commit := func(author string, names ...string) {
		for _, name := range names {
			f, err := os.OpenFile(in(repository, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
			require.NoError(t, err)
			_, err = f.WriteString(author + "\n")
			require.NoError(t, errors.Join(err, f.Close()))
		}
		git(t, repository, "add", ".")
		git(t, repository, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "x", "--author", author)
	}
	commit("Ada <ada@example.org>", "main.go", "README.md") // code and other
	commit("Ada B. <ada@other.example>", "main.go")         // the same person, says the mailmap
	commit("Iv\u0430n <ivan@example.org>", "README.md")     // Latin and Cyrillic in one word: no register of members takes that
	commit("Ada <ada@example.org>", ".mailmap")
	require.NoError(t, os.WriteFile(in(repository, ".mailmap"), []byte("Ada <ada@example.org> <ada@other.example>\n"), 0o644))
	commit("Ada <ada@example.org>", "x.svg")

	dir := in(t.TempDir(), "shared")
	_, err := quickstart(t, "-dir", dir, "-git", repository, "-pool", "100.01")
	require.NoError(t, err)
	got := content(t, dir)
	rows, err := csv.NewReader(strings.NewReader(got["distribution.csv"])).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	// Ada: code twice, other three times; the other one: once. 100.01 × 5 / 6 = 83.3416…, × 1 / 6 = 16.6683…
	require.Equal(t, []string{"Ada", "party", "83.34"}, rows[1][1:4])
	require.Equal(t, "16.67", rows[2][3])
	require.True(t, strings.HasPrefix(rows[2][1], "contributor "), rows[2][1])
	for name, text := range got {
		require.NotContains(t, text, "@example", name)
	}
	first := got
	_, err = quickstart(t, "-dir", dir, "-git", repository, "-pool", "100.01")
	require.NoError(t, err)
	require.Equal(t, first, content(t, dir))
	_, err = quickstart(t, "-verify", dir)
	require.NoError(t, err)
	_, err = quickstart(t, "-dir", dir, "-git", repository, "-pool", "200")
	require.ErrorContains(t, err, "choose another -dir")
}

func TestDirectoryOfSomebodyElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(in(dir, journalFile), []byte("something else"), 0o644))
	_, err := quickstart(t, "-dir", dir)
	require.ErrorContains(t, err, "quickstart did not make")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestHelpNamesEveryFlag(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	require.Error(t, run(t.Context(), []string{"-help"}, io.Discard, &help))
	for _, f := range []string{"-dir", "-charter", "-contributions", "-money", "-git", "-pool", "-verify"} {
		require.Contains(t, help.String(), f)
	}
	require.True(t, slices.Contains(strings.Fields(help.String()), "-pool"))
}
