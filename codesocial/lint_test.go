package codesocial_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// anything is a check that lets every rule of a kind pass.
func anything(kind string) codesocial.RuleCheck {
	return codesocial.RuleCheck{Kind: kind, Check: func(codesocial.Rule) error { return nil }}
}

// sound is a document in which there is nothing to find.
func sound(d *codesocial.Document) {
	d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, codesocial.Clause{
		ID: "economic-2", Text: codesocial.Text{"fr": "Ce texte change avec un préavis d'un mois.", "en": "This text changes with one month's notice."},
		Rule: canonical.Raw(`{"kind":"codesocial.amendment","notice":30}`),
	})
}

func TestLintFindsWhatAuthorsShouldLookAt(t *testing.T) {
	t.Parallel()
	refuses := codesocial.RuleCheck{Kind: "dividend.waterfall", Check: func(codesocial.Rule) error { return errors.New("rates over 100 %") }}
	rule := func(clause, params string) func(*codesocial.Document) {
		return setRule(clause, `{"kind":"dividend.waterfall",`+params+`}`)
	}
	for name, test := range map[string]struct {
		edit  func(*codesocial.Document)
		check codesocial.RuleCheck
		want  []string
	}{
		"nothing":        {func(*codesocial.Document) {}, anything("dividend.waterfall"), nil},
		"no review":      {func(d *codesocial.Document) { d.ReviewBy = codesocial.Date{} }, anything("dividend.waterfall"), []string{"no-review "}},
		"no amendment":   {func(d *codesocial.Document) { d.Chapters[1].Clauses[1].Rule = nil }, anything("dividend.waterfall"), []string{"no-amendment "}},
		"no admission":   {func(d *codesocial.Document) { d.Chapters[0].Clauses[0].Rule = nil }, anything("dividend.waterfall"), []string{"no-admission "}},
		"threshold":      {func(d *codesocial.Document) { d.Threshold = 1 }, anything("dividend.waterfall"), []string{"threshold "}},
		"unknown rule":   {setRule("social-2", `{"kind":"tea.round"}`), anything("dividend.waterfall"), []string{"unknown-rule social-2"}},
		"refused":        {func(*codesocial.Document) {}, refuses, []string{"rule-refused economic-1"}},
		"refused by us":  {setRule("social-1", `{"kind":"codesocial.admission","sponsors":101}`), anything("dividend.waterfall"), []string{"rule-refused social-1"}},
		"twice":          {setRule("social-2", `{"kind":"codesocial.admission","sponsors":2}`), anything("dividend.waterfall"), []string{"rule-twice social-2"}},
		"unknown clause": {rule("economic-1", `"lines":[{"clause":"economic-9"},{"clause":"social-1"}]`), anything("dividend.waterfall"), []string{"unknown-clause economic-1"}},
		"its own clause": {rule("economic-1", `"clause":"economic-1"`), anything("dividend.waterfall"), nil},
		"circle": {func(d *codesocial.Document) {
			rule("economic-1", `"a":[{"clause":"social-2"}]`)(d)
			rule("social-2", `"clause":"economic-1"`)(d)
		}, anything("dividend.waterfall"), []string{"circular "}},
		"untranslated":      {func(d *codesocial.Document) { delete(d.Chapters[0].Clauses[1].Text, "fr") }, anything("dividend.waterfall"), []string{"untranslated social-2"}},
		"untranslated name": {func(d *codesocial.Document) { delete(d.Chapters[0].Title, "en") }, anything("dividend.waterfall"), []string{"untranslated social"}},
		"empty chapter": {func(d *codesocial.Document) {
			d.Chapters = append(d.Chapters, codesocial.Chapter{ID: "more", Title: d.Title})
		}, anything("dividend.waterfall"), []string{"empty-chapter more"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range small(t, sound, test.edit).Lint(test.check) {
				got = append(got, f.Code+" "+f.Place)
				require.Equal(t, []string{"en", "fr"}, f.Message.Languages())
				require.Contains(t, f.String(), f.Code)
				require.Contains(t, f.String(), string(f.Severity))
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestACircleIsShownFromClauseToClause(t *testing.T) {
	t.Parallel()
	charter := small(t, sound,
		setRule("economic-1", `{"kind":"tea.round","clause":"social-2"}`),
		setRule("social-2", `{"kind":"tea.round","clause":"social-1"}`),
		setRule("social-1", `{"kind":"tea.round","clause":"economic-1"}`))
	var circle string
	for _, f := range charter.Lint() {
		if f.Code == "circular" {
			require.Empty(t, circle)
			circle = f.Message.In("en")
		}
	}
	require.Contains(t, circle, "economic-1 → social-2 → social-1 → economic-1")
}

func TestTheNoticeOfTheVersionInForceIsKept(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t, sound)
	v2 := next(t, v1, "2026-01-31", func(d *codesocial.Document) {
		d.Chapters[1].Clauses[1].Rule = canonical.Raw(`{"kind":"codesocial.amendment","notice":0}`)
	})
	require.NoError(t, w.Propose(t.Context(), v2))
	adopt := func(on string) func(context.Context) error {
		return func(ctx context.Context) error {
			return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, on), Signatures: signatures(t, v2, atelier, fournil)})
		}
	}
	err := w.refused(adopt("2026-01-02"), codesocial.ErrRefused, "30 days", "2026-02-01", "economic-2")
	var refusal *codesocial.RuleError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, 1, refusal.Clause.Version, "the rule of the version in force, not of the new one")
	require.NoError(t, adopt("2026-01-01")(t.Context()))

	v3 := next(t, v2, "2026-06-01")
	w.adopt(v3, atelier, fournil)
}

func TestAVersionThatCouldNeverBeAmendedIsNotProposed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	twice := small(t, sound, setRule("social-2", `{"kind":"codesocial.amendment","notice":1}`))
	endless := small(t, sound, setRule("social-2", `{"kind":"tea.round"}`), setRule("economic-2", `{"kind":"codesocial.amendment","notice":99999}`))
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, twice) }, codesocial.ErrManyRules, "social-2 and economic-2")
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, endless) }, codesocial.ErrInvalid, "99999")
	w.refused(w.write(journal.Draft{Kind: codesocial.KindCharter, Payload: canonical.Raw(twice.Canonical())}), codesocial.ErrManyRules)
}

func BenchmarkParseAndLint500Clauses(b *testing.B) {
	doc := small(b, sound).Document()
	for i := range 500 {
		doc.Chapters[1].Clauses = append(doc.Chapters[1].Clauses, codesocial.Clause{
			ID: fmt.Sprintf("economic-x%d", i), Text: codesocial.Text{"fr": strings.Repeat("Partager. ", 20), "en": strings.Repeat("Share. ", 20)},
			Rule: canonical.Raw(`{"kind":"tea.round","every":"P1D","clause":"economic-1"}`),
		})
	}
	charter, err := codesocial.NewCharter(doc)
	require.NoError(b, err)
	data := charter.Canonical()
	for b.Loop() {
		c, err := codesocial.ParseCharter(data)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(c.Lint()); n == 0 {
			b.Fatal("the rules are unknown")
		}
	}
}
