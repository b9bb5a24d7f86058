package codesocial_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// aims gives a clause a target and an intention with an action.
func aims(d *codesocial.Document) {
	c := &d.Chapters[1].Clauses[0]
	c.Target = &codesocial.Target{
		What: codesocial.Text{"fr": "Bonnes pratiques suivies", "en": "Good practices followed"}, Unit: "%", Reach: codesocial.AtLeast,
		Goal: decimal.RequireFromString("80"), By: codesocial.Date{Year: 2025, Month: 12, Day: 31},
		Current: &codesocial.Reading{Value: decimal.RequireFromString("62.5"), On: codesocial.Date{Year: 2024, Month: 12, Day: 1}},
	}
	c.Intention = &codesocial.Intention{Actions: []codesocial.Action{
		{ID: "https://la-trame.example/action/1", Title: codesocial.Text{"fr": "Mesurer", "en": "Measure"}},
		{ID: "https://la-trame.example/action/2", Title: codesocial.Text{"fr": "Réparer", "en": "Repair"}},
	}}
}

func TestTargetsAndIntentionsAreNotLostInMarkdownNorJSON(t *testing.T) {
	t.Parallel()
	charter := small(t, sound, aims)
	page := string(charter.Markdown())
	require.Contains(t, page, "```target\n{\n")
	require.Contains(t, page, "```intention\n{\n")
	fromPage, err := codesocial.ParseMarkdown([]byte(page))
	require.NoError(t, err)
	require.Equal(t, charter.Hash(), fromPage.Hash())
	fromJSON, err := codesocial.ParseCharter(charter.Canonical())
	require.NoError(t, err)
	require.Equal(t, charter.Document(), fromJSON.Document())
	require.Empty(t, charter.Lint(anything("dividend.waterfall")))

	clause, ok := charter.Clause("economic-1")
	require.True(t, ok)
	require.Equal(t, "Good practices followed: at least 80 % by 2025-12-31 (62.5 %, 2024-12-01)", clause.Target.String())
	require.Equal(t, "Bonnes pratiques suivies: au moins 80 % d'ici le 2025-12-31 (62.5 %, 2024-12-01)", clause.Target.In("fr"))

	text := small(t, func(d *codesocial.Document) {
		d.Chapters[0].Clauses[1].Text = codesocial.Text{"en": "```target\n```intention", "fr": "x"}
	})
	again, err := codesocial.ParseMarkdown(text.Markdown())
	require.NoError(t, err)
	require.Equal(t, text.Hash(), again.Hash(), "words that look like a mark are words")
}

func TestBadTargetsAndIntentionsAreRefusedByName(t *testing.T) {
	t.Parallel()
	at := func(edit func(*codesocial.Clause)) func(*codesocial.Document) {
		return func(d *codesocial.Document) {
			aims(d)
			edit(&d.Chapters[1].Clauses[0])
		}
	}
	for field, edit := range map[string]func(*codesocial.Clause){
		"target.what":                 func(c *codesocial.Clause) { c.Target.What = nil },
		"target.unit":                 func(c *codesocial.Clause) { c.Target.Unit = "" },
		"target.unit: has":            func(c *codesocial.Clause) { c.Target.Unit = strings.Repeat("u", 33) },
		"target.reach":                func(c *codesocial.Clause) { c.Target.Reach = "about" },
		"target.goal":                 func(c *codesocial.Clause) { c.Target.Goal = decimal.New(1, 99) },
		"target.by":                   func(c *codesocial.Clause) { c.Target.By.Month = 13 },
		"target.current.on":           func(c *codesocial.Clause) { c.Target.Current.On = codesocial.Date{} },
		"target.current.value":        func(c *codesocial.Clause) { c.Target.Current.Value = decimal.New(1, -31) },
		"intention.actions[1].id":     func(c *codesocial.Clause) { c.Intention.Actions[1].ID = c.Intention.Actions[0].ID },
		"intention.actions[0].id":     func(c *codesocial.Clause) { c.Intention.Actions[0].ID = "x" },
		"intention.actions[0].title":  func(c *codesocial.Clause) { c.Intention.Actions[0].Title = nil },
		"intention.actions: there":    func(c *codesocial.Clause) { c.Intention.Actions = make([]codesocial.Action, 201) },
		"intention.actions[0].title.": func(c *codesocial.Clause) { c.Intention.Actions[0].Title["en"] = "a\u202eb" },
	} {
		doc := small(t).Document()
		at(edit)(&doc)
		_, err := codesocial.NewCharter(doc)
		require.ErrorContains(t, err, "chapters[1].clauses[0]."+field)
	}
	data := strings.Replace(string(small(t, aims).Canonical()), `"goal":"80"`, `"goal":"80.0"`, 1)
	_, err := codesocial.ParseCharter([]byte(data))
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "chapters[1].clauses[0].target.goal")
}

func TestDiffAndLintSpeakOfTargetsAndIntentions(t *testing.T) {
	t.Parallel()
	v1 := small(t, sound)
	v2 := next(t, v1, "2026-01-01", aims)
	v3 := next(t, v2, "2027-01-01", func(d *codesocial.Document) {
		c := &d.Chapters[1].Clauses[0]
		c.Target.Goal, c.Target.Current = decimal.RequireFromString("90"), nil
		c.Intention.Actions = c.Intention.Actions[1:]
		c.Intention.Actions[0].Title["fr"] = "Tout réparer"
	})
	kinds := func(from, to *codesocial.Charter) (list []string) {
		for _, c := range codesocial.Diff(from, to) {
			if c.Place == "economic-1" {
				list = append(list, string(c.Kind)+" "+c.Path)
				require.NotEmpty(t, c.In("fr"))
				require.NotContains(t, c.String()+c.In("fr"), "%!")
			}
		}
		return list
	}
	require.Equal(t, []string{"target-changed ", "intention-set ", "action-added https://la-trame.example/action/1", "action-added https://la-trame.example/action/2"}, kinds(v1, v2))
	require.Equal(t, []string{"target-changed goal", "target-changed current", "action-changed https://la-trame.example/action/2.fr", "action-removed https://la-trame.example/action/1"}, kinds(v2, v3))
	require.Equal(t, []string{"target-changed ", "intention-set ", "action-removed https://la-trame.example/action/2"}, kinds(v3, next(t, v3, "2028-01-01", func(d *codesocial.Document) {
		d.Chapters[1].Clauses[0].Target, d.Chapters[1].Clauses[0].Intention = nil, nil
	})))
	swapped := next(t, v2, "2027-01-01", func(d *codesocial.Document) {
		a := d.Chapters[1].Clauses[0].Intention.Actions
		a[0], a[1] = a[1], a[0]
	})
	require.Equal(t, []string{"action-changed "}, kinds(v2, swapped))

	var found []string
	for _, f := range next(t, v3, "2028-01-01", func(d *codesocial.Document) {
		d.ReviewBy = d.InForceFrom.AddMonths(12)
		c := &d.Chapters[1].Clauses[0]
		c.Intention.Actions = nil
		delete(c.Target.What, "fr")
	}).Lint(anything("dividend.waterfall")) {
		found = append(found, f.Code+" "+f.Place)
	}
	require.Equal(t, []string{"untranslated economic-1", "unmeasured economic-1", "idle economic-1"}, found)
}

func TestATargetOfAProjectIsObservedForItself(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	common := w.State().Versions()[0].Charter
	measured := func(d *codesocial.Document) {
		aims(d)
		d.Chapters[1].Clauses[0].Target.Goal = decimal.NewFromInt(50)
	}
	c := w.derived("2025-03-01", measured)
	observe := func(c *codesocial.Charter, clause, value, on, by string) func(context.Context) error {
		o := codesocial.Observation{
			Clause: codesocial.ClauseRef{Charter: c.ID(), Version: c.Version(), Hash: c.Hash(), Clause: clause}, By: by, Reading: codesocial.Reading{Value: decimal.RequireFromString(value), On: day(t, on)},
		}
		return func(ctx context.Context) error { return w.Observe(ctx, o, keys[by]) }
	}
	w.refused(observe(c, "economic-1", "40", "2025-03-02", fournil), codesocial.ErrNotInForce)
	require.NoError(t, w.Propose(t.Context(), c))
	w.refused(observe(c, "economic-1", "40", "2025-03-02", fournil), codesocial.ErrNotInForce)
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: c.Hash(), On: day(t, "2025-02-20"), Signatures: signatures(t, c, atelier, fournil)}))
	w.refused(observe(c, "economic-1", "40", "2025-02-28", fournil), codesocial.ErrNotInForce)
	w.refused(observe(c, "economic-1", "40", "2025-03-02", cleo), codesocial.ErrNotMember)
	w.refused(observe(c, "social-1", "40", "2025-03-02", fournil), codesocial.ErrUnknown)
	w.refused(observe(common, "economic-1", "40", "2025-03-02", fournil), codesocial.ErrUnknown)

	require.NoError(t, observe(c, "economic-1", "40", "2025-03-02", fournil)(t.Context()))
	require.NoError(t, observe(c, "economic-1", "40", "2025-03-02", fournil)(t.Context()), "again: nothing is recorded")
	r := w.last()
	e := w.State().Explain(&r)
	require.Equal(t, []any{codesocial.KindObservation, relais, c.Hash()}, []any{e.Kind, e.Project, e.Clauses[0].Hash})
	require.NoError(t, observe(c, "economic-1", "55", "2025-05-01", ana)(t.Context()))
	for on, want := range map[string]string{"2025-03-01": "62.5", "2025-03-02": "40", "2025-05-01": "55"} {
		p, ok := w.State().ProgressIn(relais, "economic-1", day(t, on))
		require.True(t, ok)
		require.Equal(t, []any{want, want != "40", c.Hash()}, []any{p.Current.Value.String(), p.Met, p.Clause.Hash})
	}
	require.Len(t, w.State().ReadingsIn(relais, "economic-1"), 2)
	require.Empty(t, w.State().Readings("economic-1"))
	for _, project := range []string{"", jardin} {
		_, ok := w.State().ProgressIn(project, "economic-1", day(t, "2025-05-01"))
		require.False(t, ok)
	}

	// The common charter aims at the same in a later version: that is another target.
	v2 := next(t, common, "2025-06-01", aims)
	w.adopt(v2, atelier, fournil)
	require.NoError(t, observe(v2, "economic-1", "90", "2025-06-02", ana)(t.Context()))
	ours, _ := w.State().Progress("economic-1", day(t, "2025-06-02"))
	theirs, _ := w.State().ProgressIn(relais, "economic-1", day(t, "2025-06-02"))
	require.Equal(t, []string{"90", "55"}, []string{ours.Current.Value.String(), theirs.Current.Value.String()})

	w.compost("2025-07-01")
	_, ok := w.State().ProgressIn(relais, "economic-1", day(t, "2025-07-01"))
	require.False(t, ok)
	w.refused(observe(c, "economic-1", "60", "2025-07-01", fournil), codesocial.ErrNotInForce, "has ended")
	require.Equal(t, w.State(), w.replay())
}

func TestTheCurrentValueOfATargetIsWhatWasObservedLast(t *testing.T) {
	t.Parallel()
	w, charter := founded(t, sound, aims)
	ref, err := charter.Ref("economic-1")
	require.NoError(t, err)
	observe := func(value, on, by string) func(context.Context) error {
		o := codesocial.Observation{Clause: ref, By: by, Reading: codesocial.Reading{Value: decimal.RequireFromString(value), On: day(t, on)}, Evidence: "audit"}
		return func(ctx context.Context) error { return w.Observe(ctx, o, keys[by]) }
	}
	require.NoError(t, observe("71", "2025-06-01", fournil)(t.Context()))
	require.NoError(t, observe("71", "2025-06-01", fournil)(t.Context()), "again: nothing is recorded")
	require.NoError(t, observe("80", "2025-11-01", atelier)(t.Context()))
	for on, want := range map[string]string{"2025-05-31": "62.5", "2025-06-01": "71", "2025-12-01": "80"} {
		p, ok := w.State().Progress("economic-1", day(t, on))
		require.True(t, ok)
		require.Equal(t, want, p.Current.Value.String())
		require.Equal(t, want == "80", p.Met)
		require.False(t, p.Overdue)
	}
	require.Len(t, w.State().Readings("economic-1"), 2)
	require.NoError(t, observe("70", "2026-02-01", atelier)(t.Context()))
	p, ok := w.State().Progress("economic-1", day(t, "2026-02-01"))
	require.True(t, ok && p.Overdue)
	_, ok = w.State().Progress("social-1", day(t, "2026-02-01"))
	require.False(t, ok)

	w.refused(observe("1", "2024-06-01", fournil), codesocial.ErrNotInForce)
	w.refused(observe("1", "2025-06-01", ana), codesocial.ErrNotMember)
	ref.Clause = "social-1"
	w.refused(observe("1", "2025-06-01", fournil), codesocial.ErrUnknown)
	require.Equal(t, w.State(), w.replay())
}
