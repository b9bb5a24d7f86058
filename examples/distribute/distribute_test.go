package main

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/examples/quickstart/sample"
)

func program(t testing.TB, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = run(args, &out, io.Discard)
	return out.String(), err
}

// content returns the files of a directory by name.
func content(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(in(dir, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = string(b)
	}
	return files
}

// write writes a file of a test and returns its path.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := in(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// payments returns who is paid what by which line, as "recipient/line=amount".
func payments(t testing.TB, text string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[0]+"/"+r[4]+"="+r[2])
	}
	return out
}

func TestCommunitiesPayWhatTheirOwnPublishedRulesSay(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for name, c := range map[string]struct {
		payments []string
		says     []string // in explain.md
	}{
		// 5 %, 5 % and 90 % of 8 000.
		"codeurs-en-liberte": {
			payments: []string{"Camille Aubry/worker=7200.00", "running-costs/running=400.00", "cookie-jar/pot=400.00"},
			says:     []string{"0.05 × 8 000.00 of the base = 400.00", "0.9 × 8 000.00 of the base = 7 200.00"},
		},
		// 30 and 13.5 % of 3 000 − 400.
		"coopaname": {
			payments: []string{"Maud Keriven/entrepreneur=2219.00", "shared-services/fixed=30.00", "shared-services/margin=351.00"},
			says:     []string{"0.135 × 2 600.00 of the base = 351.00", "Together: 30.00 + 351.00 = **381.00**"},
		},
		// 4 × 8 000 / (4 × 1 + 4) and 8 000 / (4 × 1 + 4), held to 2 000 and 500.
		"pavilion": {
			payments: []string{"Ines Okafor/members=2000.00", "Joel Marsh/members=500.00", "Kim Tran/members=500.00", "Lea Novak/members=500.00", "Omar Haddad/members=500.00"},
			says:     []string{"| left over | 4 000.00 |", "Shared 4 000.00 + left over 4 000.00", "500.00 × 4 = 2 000.00"},
		},
		"pavilion-before-caps": {
			payments: []string{"Ines Okafor/members=4000.00", "Joel Marsh/members=1000.00", "Kim Tran/members=1000.00", "Lea Novak/members=1000.00", "Omar Haddad/members=1000.00"},
			says:     []string{"8 000.00 × 4 / 8 = 4 000.00", "8 000.00 × 1 / 8 = 1 000.00"},
		},
		// 75 % of 4 000 by 3 000 and 1 000 credits, 25 % by 300 and 900.
		"disco": {
			payments: []string{"Ana Belmonte/livelihood=2250.00", "Ana Belmonte/love=250.00", "Ben Achterberg/livelihood=750.00", "Cleo Marchetti/love=750.00"},
			says:     []string{"### Dora Lindqvist: 0.00 EUR", "| care | 6 h (1) | – |", "0.75 × 4 000.00 of the base = 3 000.00"},
		},
	} {
		tested[name] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := in(t.TempDir(), "out")
			_, err := program(t, "-community", name, "-dir", dir)
			require.NoError(t, err)
			files := content(t, dir)
			require.Len(t, files, 7)
			require.Equal(t, c.payments, payments(t, files["payments.csv"]))
			for _, says := range c.says {
				require.Contains(t, files["explain.md"], says)
			}
			require.Contains(t, files["explain.fr.md"], "Un exemple.")
			checkPictures(t, files)
		})
	}
	for _, c := range communities {
		require.True(t, tested[c.name], c.name)
		_, err := os.Stat("communities/" + c.name + "/README.md")
		require.NoError(t, err)
	}
}

// checkPictures checks that pictures are well-formed, in both languages.
func checkPictures(t testing.TB, files map[string]string) {
	t.Helper()
	n := 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".svg") {
			continue
		}
		n++
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else {
				require.NoError(t, err, name)
			}
		}
		if french := strings.HasSuffix(name, ".fr.svg"); !french {
			require.NotEmpty(t, files[strings.TrimSuffix(name, ".svg")+".fr.svg"], name)
		}
	}
	require.Positive(t, n)
}

func TestListNamesEveryCommunityAndWritesNothing(t *testing.T) {
	t.Parallel()
	out, err := program(t, "-list")
	require.NoError(t, err)
	for _, c := range communities {
		require.Contains(t, out, "-community "+c.name+"\n")
	}
	_, err = program(t, "-list", "-dir", "x")
	require.ErrorContains(t, err, "-list stands alone")
}

const ours = `{
  "title": {"en": "Ours", "fr": "Les nôtres"},
  "currency": "EUR",
  "clauses": [
    {"id": "e-1", "text": {"en": "Kinds."}, "rule": {"kind": "dividend.wealth", "kinds": [
      {"id": "time", "name": {"en": "time", "fr": "temps"}, "unit": "h", "nature": "immaterial", "polarity": "+", "scale": "ratio"},
      {"id": "plan", "name": {"fr": "plans"}, "unit": "piece", "nature": "immaterial", "polarity": "+", "scale": "ratio"},
      {"id": "mood", "unit": "level", "nature": "immaterial", "polarity": "+", "scale": "ordinal", "levels": 5}]}},
    {"id": "e-2", "text": {"en": "Points."}, "rule": {"kind": "dividend.weights", "coefficients": [
      {"kind": "time", "points": "1"}, {"kind": "plan", "points": "8"}]}},
    {"id": "e-3", "text": {"en": "Reserve."}},
    {"id": "e-4", "text": {"en": "Sharing."}, "rule": {"kind": "dividend.waterfall", "lines": [
      {"id": "reserve", "name": {"en": "reserve"}, "clause": "e-3", "of": "base", "rate": "0.10", "cap": "500.00", "to": {"fund": "reserve"}},
      {"id": "introducer", "of": "base", "rate": "0.05", "to": {"group": "introducers"}},
      {"id": "plans", "of": "base", "rate": "0.05", "to": {"group": "plan"}},
      {"id": "dividend", "of": "remaining", "rate": "1", "to": {"group": "contributors"}, "share": {"equal": "0.25"}}]}}
  ]
}
`

const hours = "Personne;Projet;Richesse;Quantité;Unité;Date;Validé par\r\n" +
	"Zoé Petit;Jardin;temps;1,50;h;03/04/2025;Ana Roy\r\n" +
	"Ana Roy;Jardin;time;2:30;;04/04/2025;Zoé Petit\r\n" +
	"Ana Roy;Jardin;plans;2;piece;05/04/2025;Zoé Petit\r\n" +
	"Zoé Petit;Serre;mood;4;level;06/04/2025;Ana Roy\r\n" +
	"Zoé Petit;Serre;temps;8;h;07/04/2025;\r\n"

func TestEveryLineAndGroupOfOwnRulesIsCarriedOut(t *testing.T) {
	t.Parallel()
	rules, sheet := write(t, "rules.json", ours), write(t, "hours.csv", hours)
	dir := in(t.TempDir(), "out")
	out, err := program(t, "-rules", rules, "-contributions", sheet, "-amount", "10000", "-costs", "2000,50", "-introducer", "Ida B.=10000", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	// Base 7 999.50: reserve 799.95, capped at 500; introducer and plans 399.98 each (399.975 rounded half up); 6 699.54 remain.
	// Weights: Ana 2.5 + 16 = 18.5, Zoé 1.5 (8 h were not validated), together 20; a quarter in equal parts: Ana 0.25 × 20 + 0.75 × 2 × 18.5
	// = 32.75, Zoé 5 + 2.25 = 7.25, of 40.
	require.Equal(t, []string{
		"Ana Roy/plans=399.98", "Ana Roy/dividend=5485.25", "Zoé Petit/dividend=1214.29", "Ida B./introducer=399.98", "reserve/reserve=500.00",
	}, payments(t, files["payments.csv"]))
	require.Contains(t, files["explain.md"], "| time | 1.5 h (1) | 8 h (1) |")
	require.Contains(t, files["explain.md"], "| mood | median level 4 (1) | – |")
	require.Contains(t, files["explain.md"], "0.25 × 20 (all weights) + 0.75 × 2 (members) × 1.5 = 7.25")
	require.Contains(t, files["explain.fr.md"], "| temps | 1,5 h (1) | 8 h (1) |")
	require.Contains(t, files["explain.md"], "(clause e-3)")
	require.NotContains(t, out, "nobody to go to")
	checkPictures(t, files)

	out, err = program(t, "-rules", rules, "-contributions", sheet, "-amount", "10000", "-dir", dir)
	require.NoError(t, err)
	require.Contains(t, out, `The line "introducer" has nobody to go to: its 500.00 stays for the lines after it; name who introduced`)

	_, err = program(t, "-rules", rules, "-contributions", sheet, "-amount", "100", "-project", "serre", "-dir", dir)
	require.NoError(t, err)
	require.NotContains(t, content(t, dir)["payments.csv"], "Zoé", "her only hours there were not validated")
}

func TestAnHourCountsByTheCoefficientOfItsDay(t *testing.T) {
	t.Parallel()
	rules := write(t, "rules.json", `{
		"title": {"en": "Ours"}, "currency": "EUR", "clauses": [
		{"id": "a", "text": {"en": "a"}, "rule": {"kind": "dividend.wealth", "kinds": [
			{"id": "time", "unit": "h", "nature": "immaterial", "polarity": "+", "scale": "ratio"}]}},
		{"id": "b", "text": {"en": "b"}, "rule": {"kind": "dividend.weights", "coefficients": [
			{"kind": "time", "points": "1", "to": "2025-06-30"}, {"kind": "time", "points": "3", "from": "2025-07-01"}]}},
		{"id": "c", "text": {"en": "c"}, "rule": {"kind": "dividend.waterfall", "lines": [
			{"id": "all", "of": "base", "rate": "0.5", "to": {"group": "contributors"}}, {"id": "hours", "of": "remaining", "rate": "1", "to": {"group": "time"}}]}}]}`)
	hours := write(t, "hours.csv", "person,project,date,hours\nAva,site,2025-06-30,10\nBo,site,2025-07-01,10\nBo,site,2025-06-01,20\n")
	dir := in(t.TempDir(), "out")
	_, err := program(t, "-rules", rules, "-contributions", hours, "-amount", "600", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	require.Equal(t, []string{"Bo/all=250.00", "Bo/hours=250.00", "Ava/all=50.00", "Ava/hours=50.00"}, payments(t, files["payments.csv"]))
	require.Contains(t, files["explain.md"], "| time | h | 1 up to 2025-06-30; 3 from 2025-07-01 |")
	require.Contains(t, files["explain.md"], "weight: 20 h (time) × 1 + 10 h (time, from 2025-07-01) × 3 = 50")
}

func TestSocialCodeServesAsRules(t *testing.T) {
	t.Parallel()
	charter := write(t, "charter.json", string(sample.Charter))
	sheet := write(t, "hours.csv", string(sample.Contributions))
	dir := in(t.TempDir(), "out")
	_, err := program(t, "-rules", charter, "-contributions", sheet, "-amount", "100000", "-costs", "20000", "-introducer", "Mairie=1", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	sum := decimal.Zero
	rows, err := csv.NewReader(strings.NewReader(files["payments.csv"])).ReadAll()
	require.NoError(t, err)
	for _, r := range rows[1:] {
		sum = sum.Add(decimal.RequireFromString(r[2]))
	}
	require.Equal(t, "80000", sum.String())
	require.Contains(t, files["payments.csv"], "Mairie,person,4000.00,EUR,introducer")
	require.Contains(t, files["explain.md"], "only declared, does not count")
}

func TestSameInputGivesTheSameBytesInAnyOrderOfLines(t *testing.T) {
	t.Parallel()
	const seed = 7
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, seed))
	rules := write(t, "rules.json", ours)
	lines := strings.SplitAfter(strings.TrimSuffix(hours, "\r\n"), "\r\n")
	lines[len(lines)-1] += "\r\n"
	var first map[string]string
	for range 20 {
		sheet := write(t, "hours.csv", strings.Join(lines, ""))
		dir := in(t.TempDir(), "out")
		_, err := program(t, "-rules", rules, "-contributions", sheet, "-amount", "1000.01", "-dir", dir)
		require.NoError(t, err)
		if first == nil {
			first = content(t, dir)
		}
		require.Equal(t, first, content(t, dir))
		rng.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
	}
}

func TestNoCentIsLostOrMade(t *testing.T) {
	t.Parallel()
	const seed = 11
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		c := communities[rng.IntN(len(communities))]
		amount, costs := decimal.New(rng.Int64N(2_000_000), -2), decimal.New(rng.Int64N(500_000), -2)
		sheet := write(t, "x.csv", string(c.contributions().text))
		d, err := (&config{community: c.name, contributions: sheet, amount: amount.String(), costs: costs.String()}).distribution()
		require.NoError(t, err)
		sum := d.statement.CarriedOver.Sub(d.statement.Deficit)
		for _, r := range slices.Concat(d.recipients, d.funds) {
			require.False(t, r.amount.IsNegative())
			sum = sum.Add(r.amount)
		}
		require.Equal(t, amount.Sub(costs).String(), sum.String())
	}
}

func TestCostsAboveTheAmountLeaveADeficitAndPayNothing(t *testing.T) {
	t.Parallel()
	dir := in(t.TempDir(), "out")
	out, err := program(t, "-rules", write(t, "rules.json", ours), "-contributions", write(t, "hours.csv", hours), "-amount", "10", "-costs", "30", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	require.Empty(t, payments(t, files["payments.csv"]))
	require.Contains(t, out, "-20.00 EUR  deficit")
	require.Contains(t, files["explain.md"], "Received 10.00 − direct costs 30.00 = −20.00")
	checkPictures(t, files)
}

func TestWhatIsWrittenCannotBeTakenForSomethingElse(t *testing.T) {
	t.Parallel()
	sheet := write(t, "hours.csv", "person,project,hours,date\n=1+1,<b>x</b>,1,2025-01-02\n\"a|b`c # *d*\",<b>x</b>,2,2025-01-02\n")
	dir := in(t.TempDir(), "out")
	_, err := program(t, "-community", "codeurs-en-liberte", "-contributions", sheet, "-amount", "100", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	require.Contains(t, files["payments.csv"], "\n'=1+1,person,")
	require.Contains(t, files["explain.md"], "\\|b\\`c \\# \\*d\\*")
	require.Contains(t, files["explain.md"], "&lt;b&gt;x")
	require.Equal(t, 0, strings.Count(strings.ReplaceAll(files["explain.md"], "\\`", ""), "`")%6, "fences come in pairs")
	checkPictures(t, files)
}

func TestBadInputIsReportedWithItsPlaceAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new string // in the rules
		sheet    string // instead of hours
		says     string
	}{
		"not JSON":          {"{", "(", "", "rules.json:1:1: "},
		"cut off":           {"  ]\n}\n", "  ]\n", "", "rules.json:18:1: "},
		"unknown member":    {`"currency"`, `"curency"`, "", `rules.json:3:`},
		"unknown in line":   {`"rate": "0.10"`, `"rat": "0.10"`, "", "rules.json:13:83: clauses[3].rule.lines[0].rat: "},
		"twice":             {`"currency": "EUR"`, `"currency": "EUR", "currency": "EUR"`, "", "rules.json:3:"},
		"rate as number":    {`"rate": "0.10"`, `"rate": 0.10`, "", "rules.json:13:91: clauses[3].rule.lines[0].rate: "},
		"rate above 1":      {`"rate": "0.10"`, `"rate": "1.10"`, "", `rules.json:13:7: clauses[3].rule.lines[0]: dividend: waterfall: line "reserve": rate "1.1": must be between 0 and 1`},
		"rates above 1":     {`"of": "base", "rate": "0.05", "to": {"group": "plan"}`, `"of": "base", "rate": "0.95", "to": {"group": "plan"}`, "", "rules.json:15:7: clauses[3].rule.lines[2]: "},
		"huge rate":         {`"rate": "0.10"`, `"rate": "1e999999999"`, "", "rules.json:13:91: "},
		"unknown rule":      {"dividend.weights", "dividend.weight", "", `rules.json:9:63: clauses[1].rule.kind: "dividend.weight" is not one of`},
		"no rule kind":      {`"kind": "dividend.weights", `, "", "", "rules.json:9:54: clauses[1].rule: the kind is missing"},
		"foreign parameter": {`"coefficients": [`, `"lines": [], "coefficients": [`, "", "clauses[1].rule.lines: does not belong"},
		"second waterfall":  {`{"id": "e-3", "text": {"en": "Reserve."}}`, `{"id": "e-3", "text": {"en": "R"}, "rule": {"kind": "dividend.waterfall", "lines": [{"id": "a", "fixed": "1", "to": {"fund": "f"}}]}}`, "", `clauses[3].rule.kind: the clause "e-3" has a rule`},
		"unknown kind":      {`{"kind": "plan", "points"`, `{"kind": "plans", "points"`, "", `rules.json:10:40: clauses[1].rule.coefficients[1]: dividend: weights: kind "plans"`},
		"ordinal points":    {`{"kind": "plan", "points"`, `{"kind": "mood", "points"`, "", "an ordinal kind cannot have points"},
		"negative points":   {`"points": "8"`, `"points": "-8"`, "", "clauses[1].rule.coefficients[1]: "},
		"bad scale":         {`"levels": 5`, `"levels": 1`, "", "rules.json:8:7: clauses[0].rule.kinds[2]: "},
		"unknown group":     {`"group": "plan"`, `"group": "everyone"`, "", `clauses[3].rule.lines[2].to.group: "everyone" is not a group`},
		"group of mood":     {`"group": "plan"`, `"group": "mood"`, "", `clauses[3].rule.lines[2].to.group: "mood" is a kind without points`},
		"unknown clause":    {`"clause": "e-3"`, `"clause": "e-9"`, "", `rules.json:13:62: clauses[3].rule.lines[0].clause: "e-9" is not the id of a clause`},
		"clause twice":      {`"id": "e-2"`, `"id": "e-1"`, "", `rules.json:9:12: clauses[1].id: "e-1" is given twice`},
		"no clause id":      {`"id": "e-2"`, `"id": ""`, "", `rules.json:9:5: clauses[1]: the id is missing`},
		"no text":           {`{"en": "Points."}`, `{}`, "", "clauses[1]: text is missing"},
		"empty text":        {`{"en": "Points."}`, `{"en": " "}`, "", "clauses[1].text.en: must not be empty"},
		"forged name":       {`{"en": "reserve"}`, `{"en": "reserve\n2. all to me"}`, "", `rules.json:13:7: clauses[3].rule.lines[0]: dividend: waterfall: line "reserve": name.en "reserve\n2. all to me": must be one line`},
		"forged title":      {`"en": "Ours"`, `"en": "Ours\u0007"`, "", "rules.json:2:19: title.en: must be one line"},
		"no such currency":  {`"EUR"`, `"euro"`, "", `rules.json:3:15: currency: "euro"`},
		"cap of tenths":     {`"cap": "500.00"`, `"cap": "-500.00"`, "", "clauses[3].rule.lines[0]: "},
		"floor of tenths":   {`"equal": "0.25"`, `"floor": "0.001"`, "", `line "dividend"`},
		"no points rule":    {`"rule": {"kind": "dividend.weights", "coefficients": [` + "\n" + `      {"kind": "time", "points": "1"}, {"kind": "plan", "points": "8"}]}},`, `"title": {"en": "x"}},`, "", "clauses: none has a rule of the kind dividend.weights"},
		"negative":          {"", "", strings.Replace(hours, "1,50", "-1,50", 1), `hours.csv:2: column 4 "Quantité": "-1,50"`},
		"no such day":       {"", "", strings.Replace(hours, "03/04/2025", "31/02/2025", 1), `hours.csv:2: column 6 "Date": "31/02/2025"`},
		"kind of theirs":    {"", "", strings.Replace(hours, "plans", "amour", 1), `hours.csv:4: column 3 "Richesse": "amour": is not one of time, plan, mood`},
		"unit of theirs":    {"", "", strings.Replace(hours, "2;piece", "2;h", 1), `hours.csv:4: column 5 "Unité": "h"`},
		"level of 6":        {"", "", strings.Replace(hours, "mood;4", "mood;6", 1), `hours.csv:5: "6": dividend: matrix: kind "mood"`},
		"own validation":    {"", "", strings.Replace(hours, "03/04/2025;Ana Roy", "03/04/2025;Zoé Petit", 1), "hours.csv:2: \"Zoé Petit\": gave this contribution and cannot validate it"},
		"two spellings":     {"", "", strings.Replace(hours, "Ana Roy;Jardin;plans", "ana ROY;Jardin;plans", 1), "hours.csv:4: column 1"},
		"mixed encodings":   {"", "", strings.Replace(hours, "é", "\xe9", 1), "hours.csv:1"},
		"no column":         {"", "", strings.Replace(hours, "Personne", "Individu", 1), "no column for the person"},
		"header only":       {"", "", strings.SplitAfter(hours, "\n")[0], "hours.csv: has no contribution"},
		"empty":             {"", "", "\n", "hours.csv"},
		"binary":            {"", "", "\x00\x01\x02", "hours.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, ours, c.old)
			text := strings.Replace(ours, c.old, c.new, 1)
			sheet := hours
			if c.sheet != "" {
				sheet = c.sheet
			}
			dir := in(t.TempDir(), "never")
			_, err := program(t, "-rules", write(t, "rules.json", text), "-contributions", write(t, "hours.csv", sheet), "-amount", "100", "-dir", dir)
			require.ErrorContains(t, err, c.says)
			require.NoDirExists(t, dir)
		})
	}
}

func TestBadFlagsAreRefused(t *testing.T) {
	t.Parallel()
	rules, sheet := write(t, "rules.json", ours), write(t, "hours.csv", hours)
	all := []string{"-rules", rules, "-contributions", sheet}
	with := func(more ...string) []string { return slices.Concat(all, more) }
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"nothing":              {nil, "-rules is missing"},
		"argument":             {[]string{"x"}, `unexpected argument "x"`},
		"unknown flag":         {[]string{"-x"}, "-x"},
		"no amount":            {all, "-amount is missing"},
		"negative":             {with("-amount", "-1"), `-amount "-1"`},
		"thousands":            {with("-amount", "1,000"), `-amount "1,000"`},
		"spaces":               {with("-amount", "1 000"), "nothing between thousands"},
		"exponent":             {with("-amount", "1e9"), `-amount "1e9"`},
		"NaN":                  {with("-amount", "NaN"), `-amount "NaN"`},
		"infinite":             {with("-amount", "Inf"), `-amount "Inf"`},
		"tenths of a cent":     {with("-amount", "1.001"), `-amount "1.001"`},
		"too much":             {with("-amount", "1000000000000"), "below 10^12"},
		"bad costs":            {with("-amount", "1", "-costs", "x"), `-costs "x"`},
		"no project":           {with("-amount", "1", "-project", "Nowhere"), `no contribution to the project "Nowhere"`},
		"introducer":           {with("-amount", "1", "-introducer", "Ida"), "an equals sign"},
		"introducer of none":   {with("-amount", "1", "-introducer", "Ida=0"), "above 0"},
		"introducer twice":     {with("-amount", "1", "-introducer", "Ida=1", "-introducer", "Ida=2"), "once"},
		"introducer misspelt":  {with("-amount", "1", "-introducer", "zoe petit=1"), `is spelled "Zoé Petit"`},
		"introducer for whom":  {[]string{"-community", "disco", "-introducer", "Ida=1"}, "no line of the rules goes to the group introducers"},
		"no directory":         {with("-amount", "1", "-dir", ""), "-dir must name a directory"},
		"no such rules":        {[]string{"-rules", "/does/not/exist", "-contributions", sheet, "-amount", "1"}, "/does/not/exist"},
		"directory as rules":   {[]string{"-rules", "/", "-contributions", sheet, "-amount", "1"}, "/"},
		"no such sheet":        {[]string{"-rules", rules, "-contributions", "/does/not/exist", "-amount", "1"}, "/does/not/exist"},
		"no such community":    {[]string{"-community", "x"}, `-community "x": is not one of codeurs-en-liberte, coopaname`},
		"community and rules":  {[]string{"-community", "disco", "-rules", rules}, "leave out -rules"},
		"amount of whom":       {[]string{"-community", "disco", "-amount", "1"}, "belong together"},
		"what if of one":       {[]string{"-whatif", "-community", "disco"}, "leave out -community"},
		"what if alone":        {[]string{"-whatif", "-amount", "1"}, "belong together"},
		"what if costs":        {[]string{"-whatif", "-costs", "1"}, "give both"},
		"what if rules":        {[]string{"-whatif", "-rules", rules}, "needs -contributions and -amount"},
		"what if nothing":      {[]string{"-whatif", "-contributions", sheet, "-rules", rules, "-amount", "0"}, "nothing to compare"},
		"what if all is spent": {[]string{"-whatif", "-contributions", sheet, "-rules", rules, "-amount", "1", "-costs", "1"}, "nothing to compare"},
		"costs of the example": {[]string{"-community", "disco", "-costs", "1"}, "give both"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := c.args
			dir := in(t.TempDir(), "never")
			if !slices.Contains(args, "-dir") {
				args = append(slices.Clone(args), "-dir", dir)
			}
			if name == "argument" {
				args = []string{"x"}
			}
			_, err := program(t, args...)
			require.ErrorContains(t, err, c.says)
			require.NoDirExists(t, dir)
		})
	}
}

func TestRulesOfAMegabyteAreRefused(t *testing.T) {
	t.Parallel()
	_, err := parseRules("big.json", bytes.Repeat([]byte(" "), maxRules+1))
	require.ErrorContains(t, err, "has more than 1048576 bytes")
	_, err = program(t, "-rules", write(t, "big.json", strings.Repeat("[", maxRules+1)), "-contributions", "x", "-amount", "1")
	require.ErrorContains(t, err, "has more than 1048576 bytes")
	deep := strings.Repeat("[", 100_000)
	_, err = parseRules("deep.json", []byte(deep))
	require.ErrorContains(t, err, "deep.json:1:")
}

func TestHelpNamesEveryFlag(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	require.Error(t, run([]string{"-help"}, io.Discard, &help))
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, f := range []string{"-rules", "-contributions", "-amount", "-costs", "-project", "-introducer", "-dir", "-community", "-list", "-whatif"} {
		require.Contains(t, help.String(), f)
		require.Contains(t, string(page), "`"+f)
	}
}

func TestCommandsAndRulesOfThePageWork(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, example, ok := strings.Cut(string(page), "```json\n")
	require.True(t, ok)
	example, _, _ = strings.Cut(example, "```")
	dir := t.TempDir()
	paths := map[string]string{
		"rules.json": write(t, "rules.json", example), "hours.csv": write(t, "hours.csv", "user,project,duration,date\nAda,Site,1:30,2025-02-01\nBob,Site,4.5,2025-02-02\n"),
	}
	commands := 0
	for line := range strings.Lines(string(page)) {
		args, ok := strings.CutPrefix(strings.TrimSpace(line), "go run ./examples/distribute ")
		if !ok {
			continue
		}
		commands++
		fields := strings.Fields(args)
		for i, f := range fields {
			if i > 0 && fields[i-1] == "-dir" {
				fields[i] = in(dir, f)
			}
			if paths[f] != "" {
				fields[i] = paths[f]
			}
		}
		if !slices.Contains(fields, "-dir") && !slices.Contains(fields, "-list") {
			fields = append(fields, "-dir", in(dir, "default"))
		}
		_, err := program(t, fields...)
		require.NoError(t, err, line)
		if slices.Contains(fields, paths["rules.json"]) && !slices.Contains(fields, "-whatif") { // 8 000: a tenth, and the rest as 1.5 to 4.5
			require.Equal(t, []string{"Bob/dividend=5400.00", "Ada/dividend=1800.00", "reserve/reserve=800.00"}, payments(t, content(t, in(dir, "out"))["payments.csv"]))
		}
	}
	require.GreaterOrEqual(t, commands, 10)
}

func TestUnfinishedFilesOfAStoppedRunAreReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(in(dir, "payments.csv.unfinished"), []byte("half"), 0o600))
	_, err := program(t, "-community", "disco", "-dir", dir)
	require.NoError(t, err)
	_, err = os.Stat(in(dir, "payments.csv.unfinished"))
	require.True(t, errors.Is(err, os.ErrNotExist))
}

// Whatever a file says, it is refused or can be shared by, and every picture and page can be made.
func FuzzRules(f *testing.F) {
	f.Add([]byte(ours))
	f.Add([]byte(sample.Charter))
	for _, c := range communities {
		text, err := communityFiles.ReadFile("communities/" + c.name + "/rules.json")
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := parseRules("rules.json", text)
		if err != nil {
			require.Contains(t, err.Error(), "rules.json:")
			return
		}
		sheet := "person,project,kind,quantity,unit,date\n"
		for i, k := range r.wealth.Kinds {
			if i < 3 && !strings.ContainsAny(k.ID+k.Unit, "\",\n\r") {
				sheet += "A,P," + k.ID + ",2," + k.Unit + ",2025-01-01\nB,P," + k.ID + ",1," + k.Unit + ",2025-01-01\n"
			}
		}
		facts, err := readFacts(source{"x.csv", []byte(sheet)}, "", r)
		if err != nil {
			return
		}
		d := &distribution{rules: r, facts: facts}
		if err := d.share(decimal.NewFromInt(1000), decimal.NewFromInt(10), nil); err != nil {
			return
		}
		_, err = d.outputs()
		require.NoError(t, err)
	})
}
