package main

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// columns returns a table with a header by row name and column name.
func columns(t testing.TB, text string) map[string]map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	out := map[string]map[string]string{}
	for _, r := range rows[1:] {
		out[r[0]] = map[string]string{}
		for i, cell := range r {
			out[r[0]][rows[0][i]] = cell
		}
	}
	return out
}

// Ada and Bob have 30 hours each; Cleo has a deliverable (8 points) and 5 hours of care (5 points).
const three = `person,project,kind,quantity,unit,date
Ada,Site,time,30,h,2025-01-10
Bob,Site,time,10,h,2025-01-11
Bob,Garden,time,20,h,2025-02-11
Cleo,Garden,care,5,h,2025-02-12
Cleo,Garden,knowledge,1,deliverable,2025-02-13
`

func TestEveryRuleGivesWhatAPocketCalculatorGives(t *testing.T) {
	t.Parallel()
	dir := in(t.TempDir(), "out")
	_, err := program(t, "-whatif", "-contributions", write(t, "three.csv", three), "-amount", "1000", "-costs", "200", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	got := columns(t, files["whatif.csv"])
	for rule, want := range map[string][3]string{
		// 800: 200 to funds, no introducer; 600 by 30, 30 and 13 points of 73: 246.575…, 246.575…, 106.849….
		"La Trame": {"246.58", "246.57", "106.85"},
		// 90 % of 800 by hours.
		"Codeurs en Liberté": {"360.00", "360.00", "0.00"},
		// 800 − 4 × 30 (Ada in January, Bob in both months, Cleo in February) − 108 = 572, by hours.
		"Coopaname": {"286.00", "286.00", "0.00"},
		// January: Ada is above the mean of 20 hours, Bob below; February: Bob alone. 4 and 1 + 4 of 9.
		"Pavilion": {"355.56", "444.44", "0.00"},
		// 600 by hours; 200 to the one who gave something else than time and care.
		"DisCO": {"300.00", "300.00", "200.00"},
		// What people get as it is: 600.
		"equal":      {"200.00", "200.00", "200.00"},
		"by time":    {"300.00", "300.00", "0.00"},
		"by points":  {"246.58", "246.57", "106.85"},
		"half equal": {"223.29", "223.29", "153.42"}, // 100 each and 300 by points
		// Site (√30 + √10)² = 74.641…, Garden 20: 473.21 and 126.79. Site 3 : 1.
		"quadratic": {"354.91", "245.09", "0.00"},
	} {
		for i, person := range []string{"Ada", "Bob", "Cleo"} {
			require.Equal(t, want[i], got[person][rule], "%s under %s", person, rule)
		}
	}
	require.Equal(t, "-46.57", got["Bob"]["equal: difference"])
	measures := columns(t, files["inequality.csv"])
	require.Equal(t, "0.0000", measures["equal"]["Gini"])
	require.Equal(t, "0.3333", measures["by time"]["Gini"]) // 0, 300, 300: (−2 × 0 + 0 × 300 + 2 × 300) / (3 × 600)
	require.Equal(t, "80.00", measures["Codeurs en Liberté"]["to funds"])
	require.Equal(t, "228.00", measures["Coopaname"]["to funds"])
	require.Contains(t, files["whatif.md"], "nobody is taken for an introducer")
	checkPictures(t, files)
}

func TestYearOfQuickstartIsComparedInOneCommand(t *testing.T) {
	t.Parallel()
	dir := in(t.TempDir(), "out")
	out, err := program(t, "-whatif", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	require.Len(t, files, 10)
	got := columns(t, files["whatif.csv"])
	require.Len(t, got, 16)
	// As it is, everybody gets what quickstart pays.
	for person, amount := range map[string]string{
		"Mathilde Roussac": "13115.11", "Awa Sidibé": "11251.74", "Claire Anglade": "10879.22", "Bruno Delcamp": "10863.10",
		"Yasmine Chérifi": "7997.24", "Solène Marchadier": "7627.65", "Hugo Tessandier": "7164.19", "Paul-Émile Novak": "6656.01",
		"Corentin Lheureux": "6344.82", "Étienne Vauquelin": "6283.50",
	} {
		require.Equal(t, amount, got[person]["La Trame"], person)
	}
	// Every rule gives out the same year: what was received minus what it cost, 183 642.65 − 41 941.90.
	measures := columns(t, files["inequality.csv"])
	require.Len(t, measures, 1+len(alternatives))
	for rule, row := range measures {
		sum := decimal.RequireFromString(row["to people"]).Add(decimal.RequireFromString(row["to funds"])).Add(decimal.RequireFromString(row["left over, less deficits"]))
		require.Equal(t, "141700.75", sum.StringFixed(2), rule)
		people := decimal.Zero
		for _, r := range got {
			people = people.Add(decimal.RequireFromString(r[rule]))
		}
		require.Equal(t, row["to people"], people.StringFixed(2), rule)
		require.Contains(t, out, rule)
		require.Contains(t, files["whatif.md"], "- **"+rule)
	}
	require.Equal(t, "35853.55", measures["La Trame"]["to funds"])
	// 5 % twice; 30 × 178 months of people, and 13.5 %.
	require.Equal(t, "14170.08", measures["Codeurs en Liberté"]["to funds"])
	require.Equal(t, "24469.60", measures["Coopaname"]["to funds"])
	require.Equal(t, measures["by time"]["Gini"], measures["Codeurs en Liberté"]["Gini"], "both share by hours alone")
	require.Contains(t, files["whatif.fr.md"], "Données inventées")
	require.Contains(t, files["whatif.fr.md"], "- **La Trame, les règles telles qu'elles sont**")
	checkPictures(t, files)

	again := in(t.TempDir(), "again")
	_, err = program(t, "-whatif", "-dir", again)
	require.NoError(t, err)
	require.Equal(t, files, content(t, again))
}

func TestRulesWithoutHoursCannotBeCompared(t *testing.T) {
	t.Parallel()
	text, err := communityFiles.ReadFile("communities/pavilion/rules.json")
	require.NoError(t, err)
	example, err := communityFiles.ReadFile("communities/pavilion/contributions.csv")
	require.NoError(t, err)
	dir := in(t.TempDir(), "never")
	_, err = program(t, "-whatif", "-rules", write(t, "rules.json", string(text)), "-contributions", write(t, "x.csv", string(example)), "-amount", "10", "-dir", dir)
	require.ErrorContains(t, err, "counted in hours")
	require.NoDirExists(t, dir)
	onlyCare := "person,project,kind,quantity,unit,date\nAda,Site,care,3,h,2025-01-10\n"
	_, err = program(t, "-whatif", "-contributions", write(t, "x.csv", onlyCare), "-amount", "10", "-dir", dir)
	require.ErrorContains(t, err, "no time was given that counts")
	require.NoDirExists(t, dir)
}

func TestManyPeopleAreComparedAndTheLargestShown(t *testing.T) {
	t.Parallel()
	var sheet strings.Builder
	sheet.WriteString("person,project,quantity,date\n")
	for i := range 250 {
		sheet.WriteString("P" + decimal.NewFromInt(int64(1000+i)).String() + ",Site," + decimal.NewFromInt(int64(1+i)).String() + ",2025-01-10\n")
	}
	dir := in(t.TempDir(), "out")
	out, err := program(t, "-whatif", "-contributions", write(t, "many.csv", sheet.String()), "-amount", "100000", "-dir", dir)
	require.NoError(t, err)
	files := content(t, dir)
	require.Len(t, columns(t, files["whatif.csv"]), 250)
	require.Contains(t, files["comparison.svg"], "50 who get least are not shown")
	require.Contains(t, out, "P1249")
	require.NotContains(t, out, "P1000 ")
	require.Contains(t, out, "… and 230 more, see whatif.csv")
}
