package catalog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

var defaults = catalog.Defaults{Base: "https://la-rive.example/catalogue/", Holder: scierie, Visibility: catalog.Public}

const table = "kind;title.fr;title.en;description.fr;skills;place;latitude;longitude;radius;capacity;unit;price;amount;currency;until\r\n" +
	"offer;Charpente en bois;Frames of timber;\"Deux lignes,\nentre guillemets\";charpente | levage <https://la-rive.example/skill/9>;La Rive;45.75;4.85;30;100;h;fixed;45.00;EUR;2025-12-31\r\n" +
	"need;Cherche un four;;;;;;;;;;;;;\r\n" +
	"need;Cherche un four;;;;;;;;;;;;;\r\n"

func TestATableOfEntriesIsRead(t *testing.T) {
	t.Parallel()
	list, err := catalog.ReadCSV(strings.NewReader("\ufeff"+table), defaults)
	require.NoError(t, err)
	require.Len(t, list, 2, "what is given twice counts once")
	e := list[0]
	require.True(t, strings.HasPrefix(e.ID, "https://la-rive.example/catalogue/frames-of-timber-"), e.ID)
	require.Equal(t, scierie, e.Holder)
	require.Equal(t, "Deux lignes,\nentre guillemets", e.Description["fr"])
	require.Equal(t, []catalog.Tag{{Label: "charpente"}, {Label: "levage", Concept: "https://la-rive.example/skill/9"}}, e.Skills)
	require.Equal(t, "100 h", e.Capacity.String())
	require.Equal(t, day("2025-12-31"), e.Valid.Until)
	again, err := catalog.ReadCSV(strings.NewReader(table), defaults)
	require.NoError(t, err)
	require.Equal(t, list, again, "the same lines have the same names")
	w := setup(t)
	w.write(scierie, list...)
}

func TestAFileIsReportedLineByLineAndNothingOfItIsTaken(t *testing.T) {
	t.Parallel()
	bad := strings.ReplaceAll(table, "\r\nneed;Cherche un four", "\r\nwish;Cherche un four")
	bad = strings.Replace(bad, "45.75", "95.75", 1) + "need;;;;;;;;;;;;;;\nneed;Court\nneed;Quand ?;;;;;;;;;;;;;31/12/2025\n"
	list, err := catalog.ReadCSV(strings.NewReader(bad), defaults)
	require.Nil(t, list)
	var report *catalog.ImportError
	require.ErrorAs(t, err, &report)
	require.ErrorIs(t, err, catalog.ErrInvalid)
	var lines []int
	for _, p := range report.Problems {
		lines = append(lines, p.Line)
	}
	require.Equal(t, []int{2, 4, 6, 7, 8}, lines, "the same line is reported once")
	require.Contains(t, err.Error(), `line 2: where.point.latitude "95.75": is off the globe`)
	require.Contains(t, err.Error(), `line 8: until: day "31/12/2025"`)
}

func TestWholeFilesThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"nothing":         {"", "header"},
		"unknown column":  {"kind;prix\n", `line 1: column "prix": is not known`},
		"column twice":    {"kind;kind\n", "is there twice"},
		"language":        {"kind;title.xx\n", "known language"},
		"no language":     {"kind;title\n", "known language"},
		"latin-1":         {"kind;title.fr\nneed;caf\xe9\n", "line 2: text: must be UTF-8"},
		"open quote":      {"kind;title.fr\nneed;\"four\n", "line 2"},
		"two texts":       {"id;kind;title.fr\nurn:x:1;need;un\nurn:x:1;need;deux\n", `line 3: id "urn:x:1": is that of line 2, with another text`},
		"many are cut":    {"kind;title.fr\n" + many(), "and 50 more"},
		"number too long": {"kind;title.fr;capacity\nneed;x;" + strings.Repeat("9", 40) + "\n", "must be a decimal"},
		"exponent":        {"kind;title.fr;capacity\nneed;x;1e9\n", "must be a decimal"},
	} {
		list, err := catalog.ReadCSV(strings.NewReader(c.text), defaults)
		require.Nil(t, list, name)
		require.ErrorContains(t, err, c.says, name)
		var report *catalog.ImportError
		require.True(t, errors.As(err, &report), name)
	}
}

func TestEntriesAreReadFromJSONAsStrictlyAsFromARecord(t *testing.T) {
	t.Parallel()
	first, second := text(t, collective("halle")), text(t, need("besoin", ecole))
	for _, file := range []string{"[" + first + ",\n " + second + "]", first + "\n" + second, "\n\n[\n" + first + "," + first + "," + second + "]\n"} {
		list, err := catalog.ReadJSON(strings.NewReader(file), defaults)
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, first, text(t, list[0]))
	}
	for name, c := range map[string]struct{ text, says string }{
		"unknown member": {"[\n" + strings.Replace(first, `"holder"`, `"owner"`, 1) + "]", "line 2"},
		"a number":       {"[" + strings.Replace(first, `"30"`, "30", 1) + ",\n" + `{"kind":1}]`, "line 2"},
		"broken":         {"[\n" + first + ",\n{]", "line 3"},
		"does not end":   {"[" + first, "does not end"},
		"goes on":        {"[" + first + "] " + second, "follows the array"},
		"no title":       {second + "\n" + `{"id":"urn:x:1","kind":"need","holder":"urn:x:2","visibility":"public"}`, "line 2: title"},
	} {
		list, err := catalog.ReadJSON(strings.NewReader(c.text), defaults)
		require.Nil(t, list, name)
		require.ErrorContains(t, err, c.says, name)
	}
}

func TestAHundredThousandTimesTheSameOfferIsOne(t *testing.T) {
	t.Parallel()
	file := "kind;title.fr\n" + strings.Repeat("offer;Charpente\n", 100_000)
	list, err := catalog.ReadCSV(strings.NewReader(file), defaults)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func FuzzReadCSV(f *testing.F) {
	f.Add(table)
	f.Add("kind,title.fr\nneed,\"x\n")
	f.Fuzz(func(t *testing.T, file string) {
		list, err := catalog.ReadCSV(strings.NewReader(file), defaults)
		require.True(t, err == nil || list == nil)
		for i := range list {
			require.NoError(t, list[i].Check())
		}
	})
}

func FuzzReadJSON(f *testing.F) {
	e := offer("charpente", scierie)
	b, err := json.Marshal(e)
	require.NoError(f, err)
	f.Add(string(b))
	f.Add("[]")
	f.Add(`[{"a":[[[`)
	f.Fuzz(func(t *testing.T, file string) {
		list, err := catalog.ReadJSON(strings.NewReader(file), defaults)
		require.True(t, err == nil || list == nil)
		for i := range list {
			b, err := canonical.Marshal(list[i])
			require.NoError(t, err)
			again, err := catalog.ReadJSON(strings.NewReader(string(b)), defaults)
			require.NoError(t, err)
			require.Equal(t, list[i].Hash(), again[0].Hash())
		}
	})
}

// many returns 150 lines with an unknown kind.
func many() string {
	var b strings.Builder
	for i := range 150 {
		fmt.Fprintf(&b, "wish;x %d\n", i)
	}
	return b.String()
}
