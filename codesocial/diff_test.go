package codesocial_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestADiffSaysWhatChangesInMeaning(t *testing.T) {
	t.Parallel()
	waterfall := func(lines string) func(*codesocial.Document) {
		return setRule("economic-1", `{"kind":"dividend.waterfall","lines":[`+lines+`]}`)
	}
	commons, support := `{"id":"commons","of":"base","rate":"0.10","to":{"fund":"commons"}}`, `{"id":"support","rate":"0.05"}`
	clause := codesocial.Clause{ID: "social-3", Text: codesocial.Text{"fr": "Trois", "en": "Three"}}
	for name, test := range map[string]struct {
		before, after func(*codesocial.Document)
		want          []codesocial.Change
	}{
		"nothing":  {nil, nil, nil},
		"currency": {nil, func(d *codesocial.Document) { d.Currency = "CHF" }, []codesocial.Change{{codesocial.HeaderChanged, "currency", "", "EUR", "CHF"}}},
		"title": {nil, func(d *codesocial.Document) { d.Title["en"] = "Rules" }, []codesocial.Change{
			{codesocial.HeaderChanged, "title", "en", "Social code of La Trame", "Rules"},
		}},
		"founders": {nil, func(d *codesocial.Document) {
			d.Founders = []codesocial.Founder{d.Founders[1], d.Founders[0], {ID: ana, Name: "Ana", Type: codesocial.Person}}
			d.Founders[0].Name = "Fournil"
		}, []codesocial.Change{
			{codesocial.HeaderChanged, "founders[" + fournil + "].name", "", "Le Fournil", "Fournil"},
			{codesocial.FounderAdded, ana, "", "", "Ana"},
			{codesocial.FounderRemoved, jardin, "", "Le Jardin partagé", ""},
			{codesocial.Moved, fournil, "", atelier, ""},
		}},
		"clause added":   {nil, func(d *codesocial.Document) { d.Chapters[0].Clauses = append(d.Chapters[0].Clauses, clause) }, []codesocial.Change{{codesocial.ClauseAdded, "social-3", "", "", "social"}}},
		"clause removed": {nil, func(d *codesocial.Document) { d.Chapters[0].Clauses = d.Chapters[0].Clauses[:1] }, []codesocial.Change{{codesocial.ClauseRemoved, "social-2", "", "social", ""}}},
		"clause moved": {nil, func(d *codesocial.Document) { slices.Reverse(d.Chapters[0].Clauses) }, []codesocial.Change{
			{codesocial.Moved, "social-2", "", "social-1", "social"},
		}},
		"clause to another chapter": {nil, func(d *codesocial.Document) {
			d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, d.Chapters[0].Clauses[0])
			d.Chapters[0].Clauses = d.Chapters[0].Clauses[1:]
		}, []codesocial.Change{{codesocial.Moved, "social-1", "", "social", "economic-1"}}},
		"chapter": {nil, func(d *codesocial.Document) {
			d.Chapters[1] = codesocial.Chapter{ID: "other", Title: codesocial.Text{"en": "Other"}}
		}, []codesocial.Change{
			{codesocial.ChapterAdded, "other", "", "", "2"},
			{codesocial.TitleChanged, "other", "en", "", "Other"},
			{codesocial.ClauseRemoved, "economic-1", "", "economic", ""},
			{codesocial.ChapterRemoved, "economic", "", "2", ""},
		}},
		"text": {nil, func(d *codesocial.Document) {
			d.Chapters[0].Clauses[1].Text["de"] = "Jeder darf gehen."
			delete(d.Chapters[0].Clauses[1].Text, "en")
		}, []codesocial.Change{
			{codesocial.TextChanged, "social-2", "de", "", "Jeder darf gehen."},
			{codesocial.TextChanged, "social-2", "en", "Everyone may leave at any time.\nWhat they are owed stays owed.", ""},
		}},
		"rule added":   {nil, setRule("social-2", `{"kind":"tea.round"}`), []codesocial.Change{{codesocial.RuleAdded, "social-2", "", "", "tea.round"}}},
		"rule removed": {nil, func(d *codesocial.Document) { d.Chapters[0].Clauses[0].Rule = nil }, []codesocial.Change{{codesocial.RuleRemoved, "social-1", "", "codesocial.admission", ""}}},
		"other kind": {nil, setRule("social-1", `{"kind":"tea.round"}`), []codesocial.Change{
			{codesocial.RuleRemoved, "social-1", "", "codesocial.admission", ""},
			{codesocial.RuleAdded, "social-1", "", "", "tea.round"},
		}},
		"a number": {nil, setRule("social-1", `{"kind":"codesocial.admission","sponsors":2,"outside":true}`), []codesocial.Change{
			{codesocial.RuleChanged, "social-1", "outside", "", "true"},
			{codesocial.RuleChanged, "social-1", "sponsors", "1", "2"},
		}},
		"a rate, deep inside": {waterfall(commons + "," + support), waterfall(support + "," + `{"id":"commons","of":"base","rate":"0.15","to":{"fund":"commons"}}`), []codesocial.Change{
			{codesocial.RuleChanged, "economic-1", "lines[commons].rate", "0.10", "0.15"},
			{codesocial.RuleChanged, "economic-1", "lines", "commons, support", "support, commons"},
		}},
		"a line": {waterfall(commons), waterfall(commons + "," + support), []codesocial.Change{
			{codesocial.RuleChanged, "economic-1", "lines[support]", "", `{"id":"support","rate":"0.05"}`},
		}},
		"a list without names": {setRule("social-2", `{"kind":"tea.round","cups":[1,2]}`), setRule("social-2", `{"kind":"tea.round","cups":[1,3,4]}`), []codesocial.Change{
			{codesocial.RuleChanged, "social-2", "cups[1]", "2", "3"},
			{codesocial.RuleChanged, "social-2", "cups[2]", "", "4"},
		}},
		"a number that becomes a string": {setRule("social-2", `{"kind":"tea.round","cups":1}`), setRule("social-2", `{"kind":"tea.round","cups":"1"}`), []codesocial.Change{
			{codesocial.RuleChanged, "social-2", "cups", "1", `"1"`},
		}},
		"an empty parameter": {setRule("social-2", `{"kind":"tea.round"}`), setRule("social-2", `{"kind":"tea.round","cups":""}`), []codesocial.Change{
			{codesocial.RuleChanged, "social-2", "cups", "", `""`},
		}},
		"a parameter without a name": {setRule("social-2", `{"kind":"tea.round"}`), setRule("social-2", `{"kind":"tea.round","":"<&>"}`), []codesocial.Change{
			{codesocial.RuleChanged, "social-2", "", "", `"<&>"`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var edits []func(*codesocial.Document)
			if test.before != nil {
				edits = append(edits, test.before)
			}
			before := small(t, edits...)
			if test.after != nil {
				edits = append(edits, test.after)
			}
			got := codesocial.Diff(before, small(t, edits...))
			require.Equal(t, test.want, got)
			for _, change := range got {
				require.NotContains(t, change.In("fr")+change.In("en"), "%!")
				require.NotEqual(t, change.In("fr"), change.In("en"))
				require.Contains(t, change.String(), change.Place)
			}
		})
	}
}

func TestAChangeIsSaidInFrenchAndEnglish(t *testing.T) {
	t.Parallel()
	c := codesocial.Change{Kind: codesocial.RuleChanged, Place: "economic-1", Path: "lines[commons].rate", Old: "0.10", New: "0.15"}
	require.Equal(t, `economic-1 (lines[commons].rate): the rule changes: "0.10" → "0.15"`, c.In("en"))
	require.Equal(t, `economic-1 (lines[commons].rate) : la règle change : "0.10" → "0.15"`, c.In("fr"))
	require.Equal(t, "invented economic-1", codesocial.Change{Kind: "invented", Place: "economic-1"}.String())
}

func TestADiffIsEmptyExactlyWhenNothingChanges(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var random *rand.Rand
	rules := []string{
		`{"kind":"tea.round"}`, `{"kind":"tea.round","a":[]}`, `{"kind":"tea.round","a":{}}`, `{"kind":"tea.round","a":[{"id":"x"},{"id":"y"}]}`,
		`{"kind":"tea.round","a":[{"id":"y"},{"id":"x"}]}`, `{"kind":"tea.round","a":[{"id":"x"},{"id":"x"}]}`, `{"kind":"tea.round","a":{"[0]":1}}`, `{"kind":"tea.round","a":[1]}`,
		`{"kind":"tea.round","a":["1"]}`, `{"kind":"tea.round","a":false}`, `{"kind":"tea.round","a":{"":1}}`, `{"kind":"tea.round","a":{"":2}}`, `{"kind":"coffee.round","a":false}`,
	}
	shape := func(d *codesocial.Document) {
		for i := range d.Chapters {
			random.Shuffle(len(d.Chapters[i].Clauses), func(a, b int) {
				l := d.Chapters[i].Clauses
				l[a], l[b] = l[b], l[a]
			})
		}
		for i := range random.IntN(4) {
			c := random.IntN(2)
			d.Chapters[c].Clauses = append(d.Chapters[c].Clauses, codesocial.Clause{
				ID: fmt.Sprint("x-", i), Text: codesocial.Text{"en": "x"}, Rule: canonical.Raw(rules[random.IntN(len(rules))]),
			})
		}
		if random.IntN(2) == 0 {
			slices.Reverse(d.Chapters)
		}
		if random.IntN(2) == 0 {
			slices.Reverse(d.Founders)
		}
	}
	same := 0
	for n := range 800 {
		random = rand.New(rand.NewPCG(seed, uint64(n)))
		a := small(t, shape)
		if n%20 == 0 { // two that came about in the same way
			random = rand.New(rand.NewPCG(seed, uint64(n)))
		}
		b := small(t, shape)
		changes := codesocial.Diff(a, b)
		require.Equal(t, a.Hash() == b.Hash(), len(changes) == 0, "%s\n%s\n%v", a.Canonical(), b.Canonical(), changes)
		require.Empty(t, codesocial.Diff(a, a))
		if len(changes) == 0 {
			same++
		}
	}
	require.GreaterOrEqual(t, same, 40)
}
