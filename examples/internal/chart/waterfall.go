package chart

import (
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"
)

// Cascade tells in steps what became of an amount: received, less direct costs, less each line of the
// distribution, down to the dividend and what is carried over.
type Cascade struct {
	Language Language
	Title    string
	Subtitle string
	// Unit is the unit of all amounts, as in EUR.
	Unit string
	// Steps are 2 to [MaxSteps].
	Steps []Step
}

// Step is one line of a cascade.
type Step struct {
	Name string
	// Detail is small print under the name, such as the formula and the clause; it may be empty.
	Detail string
	// Amount is what the step adds, or takes off when it is negative. Of a total it is the running sum.
	Amount decimal.Decimal
	// Total says that the step is a level reached and not a change. The first step may be one: it sets
	// the level to start from.
	Total bool
}

// Waterfall draws the cascade as SVG: floating bars, each starting where the one before ends, with totals
// and deficits in colours of their own. Every amount is printed, with up to four decimals rounded half away
// from zero; the tooltips have them in full.
//
// The errors are [ErrTotal] when a total is not exactly the sum of what comes before it, [ErrEmpty] with
// fewer than two steps, [ErrInvalid] when the title is blank, and [ErrLimit].
func Waterfall(w io.Writer, cascade Cascade) error {
	levels, err := cascade.check()
	if err != nil {
		return err
	}
	p := newPage("waterfall", cascade.Language, cascade.Title, cascade.Subtitle)
	words := p.language.words()
	entries, said := cascade.entries(p.language, levels)
	p.description = strings.Join(said, "; ") + "."

	used := func(paint paint) bool {
		for _, e := range entries {
			if e.bars[0].paint == paint {
				return true
			}
		}
		return false
	}
	var legend []swatch
	for _, s := range []swatch{
		{paint: navy, label: words.total},
		{paint: purple, label: words.deficit},
		{paint: green, label: words.adds},
		{paint: red, label: words.takes},
	} {
		if used(s.paint) {
			legend = append(legend, s)
		}
	}
	p.legend(legend)
	p.space(6)
	p.add(newTable(entries).block(true))
	p.space(6)
	p.notes(p.language.amountsIn(cascade.Unit))
	return p.write(w)
}

// check returns the running sum after each step.
func (cascade *Cascade) check() ([]decimal.Decimal, error) {
	c := &checker{picture: "waterfall"}
	c.heading(cascade.Language, cascade.Title, cascade.Subtitle)
	c.text("unit", cascade.Unit)
	if !c.count("steps", len(cascade.Steps), 2, MaxSteps) {
		return nil, c.result()
	}
	var level decimal.Decimal
	levels := make([]decimal.Decimal, len(cascade.Steps))
	for i, s := range cascade.Steps {
		field := fmt.Sprintf("steps[%d]", i)
		c.text(field+".name", s.Name)
		c.text(field+".detail", s.Detail)
		c.amount(field+".amount", s.Amount)
		if c.err != nil {
			return nil, c.result()
		}
		switch {
		case !s.Total || i == 0:
			level = level.Add(s.Amount)
		case !s.Amount.Equal(level):
			c.refuse(ErrTotal, field+".amount", s.Amount.String(), fmt.Sprintf("what comes before makes %q", level))
		}
		c.amount(field+" running sum", level)
		levels[i] = level
	}
	return levels, c.result()
}

func (cascade *Cascade) entries(l Language, levels []decimal.Decimal) (entries []entry, said []string) {
	decimals := cascade.decimals()
	unit := l.beside(cascade.Unit)
	before := decimal.Zero
	for i, s := range cascade.Steps {
		name := clean(s.Name)
		e := entry{name: name, detail: clean(s.Detail), bold: s.Total}
		b := bar{from: before.InexactFloat64(), to: levels[i].InexactFloat64()}
		text := l.signed(s.Amount, decimals, unit)
		switch {
		case s.Total:
			b.from = 0
			text = l.suffix(l.Number(s.Amount, decimals), unit)
			b.paint = navy
			if s.Amount.IsNegative() {
				b.paint = purple
			}
		case s.Amount.IsNegative():
			b.paint = red
		default:
			b.paint = green
		}
		b.numbers = []number{{text: text, style: e.style()}}
		e.bars = []bar{b}
		exact := name + l.words().colon + l.Amount(s.Amount, cascade.Unit)
		said = append(said, exact)
		e.tip = exact
		if e.detail != "" {
			e.tip += " — " + e.detail
		}
		entries = append(entries, e)
		before = levels[i]
	}
	return entries, said
}

func (cascade *Cascade) decimals() int {
	amounts := make([]decimal.Decimal, len(cascade.Steps))
	for i, s := range cascade.Steps {
		amounts[i] = s.Amount
	}
	return printed(cascade.Unit, amounts)
}
