package chart

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestSmallPicturesAreTheOnesThatWereLookedAt(t *testing.T) {
	t.Parallel()
	for _, p := range small() {
		got := render(t, p)
		path := filepath.Join("testdata", p.name+".svg")
		if *update {
			require.NoError(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "run go test -update and look at %s", path)
	}
}

func TestTheSameInputGivesTheSameBytesFromManyGoroutines(t *testing.T) {
	t.Parallel()
	for _, p := range small() {
		want := render(t, p)
		got := make([]bytes.Buffer, 4)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() { _ = p.draw(&got[i]) })
		}
		wait.Wait()
		for i := range got {
			require.Equal(t, string(want), got[i].String(), p.name)
		}
	}
}

func TestTheOrderOfRecipientsDoesNotChangeAPicture(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	division, comparison := smallDivision(), smallComparison()
	// Equal amounts and equal gains stand by name.
	division.Parts = append(division.Parts, Part{Name: "Bérénice", Amount: dec("560")}, Part{Name: "Dominique", Amount: dec("560")})
	comparison.Recipients = append(comparison.Recipients,
		Recipient{Name: "Dominique", Amounts: []decimal.Decimal{dec("1"), dec("1")}},
		Recipient{Name: "Ange", Amounts: []decimal.Decimal{dec("2"), dec("2")}},
	)
	wantShares := render(t, picture{"shares", func(w io.Writer) error { return Shares(w, division) }})
	wantCompare := render(t, picture{"comparison", func(w io.Writer) error { return Compare(w, comparison) }})
	for range 20 {
		r.Shuffle(len(division.Parts), func(i, j int) {
			division.Parts[i], division.Parts[j] = division.Parts[j], division.Parts[i]
		})
		r.Shuffle(len(comparison.Recipients), func(i, j int) {
			comparison.Recipients[i], comparison.Recipients[j] = comparison.Recipients[j], comparison.Recipients[i]
		})
		before := slices.Clone(division.Parts)
		require.Equal(t, string(wantShares), string(render(t, picture{"shares", func(w io.Writer) error { return Shares(w, division) }})))
		require.Equal(t, string(wantCompare), string(render(t, picture{"comparison", func(w io.Writer) error { return Compare(w, comparison) }})))
		require.Equal(t, before, division.Parts, "what is handed in stays as it is")
	}
}

func TestAnyTextGivesWellFormedXML(t *testing.T) {
	t.Parallel()
	text := func(i int) string {
		if s := hostile[i%len(hostile)]; strings.TrimSpace(s) != "" {
			return s
		}
		return "blank"
	}
	for _, l := range []Language{English, French} {
		for _, p := range crowded(rand.New(rand.NewPCG(1, 2)), l, text) {
			svg := render(t, p)
			requireWellFormed(t, svg)
			require.NotContains(t, string(svg), "<script")
			require.NotContains(t, string(svg), "\u202e")
			require.NotContains(t, string(svg), "MISSING)%")
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range []picture{
			{"shares", func(w io.Writer) error {
				return Shares(w, Division{Title: s, Subtitle: s, Unit: s, Parts: []Part{{Name: s, Amount: dec("1")}}})
			}},
			{"matrix", func(w io.Writer) error {
				return Matrix(w, HeatMap{Title: s, Rows: []string{s}, Columns: []Column{{s, s}}, Cells: [][]Cell{{{Text: s}}}})
			}},
		} {
			var b bytes.Buffer
			if err := p.draw(&b); err != nil {
				var refused *Error
				require.ErrorAs(t, err, &refused)
				require.Zero(t, b.Len())
				continue
			}
			requireWellFormed(t, b.Bytes())
		}
	})
}

func TestNothingOverlapsOrIsCut(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	text := func(i int) string {
		if s := names[i%len(names)]; s != "" {
			return s
		}
		return "Zoé"
	}
	pictures := small()
	for _, l := range []Language{English, French} {
		pictures = append(pictures, crowded(r, l, text)...)
	}
	for _, p := range pictures {
		page := read(t, render(t, p))
		require.NotEmpty(t, page.texts)
		for i, a := range page.texts {
			require.True(t, a.inside(page.frame), "%s: %v leaves the page %v", p.name, a, page.frame)
			for _, b := range page.texts[i+1:] {
				require.False(t, a.meets(b), "%s: %v lies over %v", p.name, a, b)
			}
			if strings.HasPrefix(p.name, "matrix") {
				continue // numbers stand in their cells
			}
			for _, b := range page.boxes {
				require.False(t, a.meets(b), "%s: %v lies over the bar %v", p.name, a, b)
			}
		}
		for _, b := range page.boxes {
			require.True(t, b.inside(page.frame), "%s: %v leaves the page", p.name, b)
		}
	}
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	for _, p := range small() {
		err := p.draw(writerFunc(func([]byte) (int, error) { return 0, broken }))
		require.ErrorIs(t, err, broken)
		err = p.draw(writerFunc(func(b []byte) (int, error) { return len(b) - 1, nil }))
		require.ErrorIs(t, err, io.ErrShortWrite)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestWhatCannotBeDrawnIsRefusedWithFieldAndReasonAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	matrix := func(change func(*HeatMap)) func(io.Writer) error {
		m := smallHeatMap()
		change(&m)
		return func(w io.Writer) error { return Matrix(w, m) }
	}
	waterfall := func(change func(*Cascade)) func(io.Writer) error {
		c := referenceCascade()
		change(&c)
		return func(w io.Writer) error { return Waterfall(w, c) }
	}
	shares := func(change func(*Division)) func(io.Writer) error {
		d := smallDivision()
		change(&d)
		return func(w io.Writer) error { return Shares(w, d) }
	}
	compare := func(change func(*Comparison)) func(io.Writer) error {
		c := smallComparison()
		change(&c)
		return func(w io.Writer) error { return Compare(w, c) }
	}
	lorenz := func(change func(*Inequality)) func(io.Writer) error {
		i := smallInequality()
		change(&i)
		return func(w io.Writer) error { return Lorenz(w, i) }
	}
	tooLong := strings.Repeat("x", MaxText+1)
	for _, c := range []struct {
		draw   func(io.Writer) error
		reason error
		field  string
	}{
		{matrix(func(m *HeatMap) { m.Language = "de" }), ErrInvalid, "language"},
		{matrix(func(m *HeatMap) { m.Title = " " }), ErrInvalid, "title"},
		{matrix(func(m *HeatMap) { m.Subtitle = tooLong }), ErrLimit, "subtitle"},
		{matrix(func(m *HeatMap) { m.Rows = nil }), ErrEmpty, "rows"},
		{matrix(func(m *HeatMap) { m.Rows = make([]string, MaxRows+1) }), ErrLimit, "rows"},
		{matrix(func(m *HeatMap) { m.Rows[1] = tooLong }), ErrLimit, "rows[1]"},
		{matrix(func(m *HeatMap) { m.Columns = nil }), ErrEmpty, "columns"},
		{matrix(func(m *HeatMap) { m.Columns = make([]Column, MaxColumns+1) }), ErrLimit, "columns"},
		{matrix(func(m *HeatMap) { m.Columns[2].Unit = tooLong }), ErrLimit, "columns[2].unit"},
		{matrix(func(m *HeatMap) { m.Cells = m.Cells[:2] }), ErrInvalid, "cells"},
		{matrix(func(m *HeatMap) { m.Cells[2] = nil }), ErrInvalid, "cells[2]"},
		{matrix(func(m *HeatMap) { m.Cells[2][0].Value = dec("1e12") }), ErrLimit, "cells[2][0].value"},
		{matrix(func(m *HeatMap) { m.Cells[2][0].Value = decimal.New(1, 2_000_000_000) }), ErrLimit, "cells[2][0].value"},
		{matrix(func(m *HeatMap) { m.Cells[2][0].Value = decimal.New(1, -2_000_000_000) }), ErrLimit, "cells[2][0].value"},
		{matrix(func(m *HeatMap) { m.Cells[2][0].Value = dec(strings.Repeat("7", 5000)) }), ErrLimit, "cells[2][0].value"},
		{matrix(func(m *HeatMap) { m.Cells[2][0].Text = tooLong }), ErrLimit, "cells[2][0].text"},
		{matrix(func(m *HeatMap) { m.Omitted = -1 }), ErrInvalid, "omitted"},
		{waterfall(func(c *Cascade) { c.Steps = c.Steps[:1] }), ErrEmpty, "steps"},
		{waterfall(func(c *Cascade) { c.Steps = make([]Step, MaxSteps+1) }), ErrLimit, "steps"},
		{waterfall(func(c *Cascade) { c.Unit = tooLong }), ErrLimit, "unit"},
		{waterfall(func(c *Cascade) { c.Steps[3].Detail = tooLong }), ErrLimit, "steps[3].detail"},
		{waterfall(func(c *Cascade) { c.Steps[2].Amount = dec("8000.0000001") }), ErrTotal, "steps[2].amount"},
		{waterfall(func(c *Cascade) { c.Steps = []Step{{Amount: dec("6e11")}, {Amount: dec("6e11")}} }), ErrLimit, "steps[1] running sum"},
		{shares(func(d *Division) { d.Parts = nil }), ErrEmpty, "parts"},
		{shares(func(d *Division) { d.Parts = make([]Part, MaxParts+1) }), ErrLimit, "parts"},
		{shares(func(d *Division) { d.Parts[2].Amount = dec("-0.01") }), ErrInvalid, "parts[2].amount"},
		{shares(func(d *Division) { d.Parts = []Part{{Amount: dec("6e11")}, {Amount: dec("6e11")}} }), ErrLimit, "sum of parts"},
		{compare(func(c *Comparison) { c.Rules = c.Rules[:1] }), ErrEmpty, "rules"},
		{compare(func(c *Comparison) { c.Rules = make([]string, MaxRules+1) }), ErrLimit, "rules"},
		{compare(func(c *Comparison) { c.Recipients = nil }), ErrEmpty, "recipients"},
		{compare(func(c *Comparison) { c.Recipients[1].Amounts = nil }), ErrInvalid, "recipients[1].amounts"},
		{compare(func(c *Comparison) { c.Recipients[1].Amounts[1] = dec("1e13") }), ErrLimit, "recipients[1].amounts[1]"},
		{lorenz(func(i *Inequality) { i.Curves = nil }), ErrEmpty, "curves"},
		{lorenz(func(i *Inequality) { i.Curves = make([]Curve, MaxRules+1) }), ErrLimit, "curves"},
		{lorenz(func(i *Inequality) { i.Curves[1].Values = nil }), ErrEmpty, "curves[1].values"},
		{lorenz(func(i *Inequality) { i.Curves[1].Values = []decimal.Decimal{dec("-1")} }), ErrInvalid, "curves[1].values[0]"},
		{lorenz(func(i *Inequality) { i.Curves[1].Values = []decimal.Decimal{{}, {}} }), ErrInvalid, "curves[1].values"},
	} {
		var b bytes.Buffer
		err := c.draw(&b)
		require.ErrorIs(t, err, c.reason, c.field)
		var refused *Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, c.field, refused.Field)
		require.Less(t, len(refused.Error()), 300, "the message stays short")
		require.Zero(t, b.Len(), c.field)
	}
}

func TestEveryPictureSaysItsFiguresToAScreenReader(t *testing.T) {
	t.Parallel()
	for name, said := range map[string][]string{
		"waterfall":  {"Reçu\u00a0: 10\u202f000,00\u00a0€", "Reporté\u00a0: 0,00\u00a0€"},
		"shares":     {"Amélie: 3,360.00\u00a0€ (56.0%)", "Nobody &amp; Co: 0.00\u00a0€ (0.0%)"},
		"matrix":     {"Tableau de 3 lignes et 4 colonnes", "Temps\u00a0: maximum pour Amélie Durand, 120,5\u00a0h"},
		"comparison": {"Parts égales\u00a0: 1 gagne, 1 perd, 1 inchangé."},
		"lorenz":     {"In force: the half that gets least gets 25.0% of the whole."},
	} {
		i := slices.IndexFunc(small(), func(p picture) bool { return p.name == name })
		_, after, _ := strings.Cut(string(render(t, small()[i])), "<desc")
		desc, _, _ := strings.Cut(after, "</desc>")
		for _, s := range said {
			require.Contains(t, desc, s)
		}
	}
}

func TestTwoPicturesInOnePageDoNotShareIdentifiers(t *testing.T) {
	t.Parallel()
	ids := map[string]string{}
	for _, p := range small() {
		_, after, _ := strings.Cut(string(render(t, p)), `<desc id="`)
		id, _, _ := strings.Cut(after, `"`)
		require.Empty(t, ids[id], fmt.Sprintf("%s has the identifier of %s", p.name, ids[id]))
		ids[id] = p.name
	}
}
