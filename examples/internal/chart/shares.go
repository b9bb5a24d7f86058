package chart

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Division is what was divided: who gets how much.
type Division struct {
	Language Language
	Title    string
	Subtitle string
	// Unit is the unit of all amounts, as in EUR.
	Unit string
	// Parts are 1 to [MaxParts], in any order.
	Parts []Part
}

// Part is what one recipient gets.
type Part struct {
	Name string
	// Amount is not negative.
	Amount decimal.Decimal
	// Fund says that the recipient is a fund or reserve and not a person or organisation.
	Fund bool
}

// Shares draws the division as SVG: a bar, an amount and a percentage of the whole for each recipient, the
// largest first, equal amounts by name (compared byte by byte) and then in the order given. After [MaxShown]
// recipients the rest is one bar: "n others". Percentages are rounded half up to one decimal, so that they
// may not add up to 100; amounts are printed with up to four decimals, and the tooltips have them in full.
//
// The errors are [ErrEmpty] without parts, [ErrInvalid] when an amount is negative or the title blank, and
// [ErrLimit], also when the sum is over the bounds of an amount. It takes O(n log n) time for n parts.
func Shares(w io.Writer, d Division) error {
	total, err := d.check()
	if err != nil {
		return err
	}
	p := newPage("shares", d.Language, d.Title, d.Subtitle)
	words := p.language.words()
	entries, said := d.entries(p.language, total)
	p.description = strings.Join(said, "; ") + "."

	var legend []swatch
	if slices.ContainsFunc(d.Parts, func(part Part) bool { return !part.Fund }) {
		legend = append(legend, swatch{paint: blue, label: words.people})
	}
	if slices.ContainsFunc(d.Parts, func(part Part) bool { return part.Fund }) {
		legend = append(legend, swatch{paint: orange, label: words.funds})
	}
	if rest := len(d.Parts) - MaxShown; rest > 0 {
		legend = append(legend, swatch{paint: gray, label: words.others(rest)})
	}
	p.legend(legend)
	p.space(6)
	p.add(newTable(entries).block(false))
	p.space(6)
	p.notes(p.language.amountsIn(d.Unit), words.all+words.colon+p.language.Amount(total, d.Unit)+". "+words.rounded)
	return p.write(w)
}

// check returns the whole that is divided.
func (d *Division) check() (decimal.Decimal, error) {
	c := &checker{picture: "shares"}
	c.heading(d.Language, d.Title, d.Subtitle)
	c.text("unit", d.Unit)
	total := decimal.Zero
	if !c.count("parts", len(d.Parts), 1, MaxParts) {
		return total, c.result()
	}
	for i, part := range d.Parts {
		field := fmt.Sprintf("parts[%d]", i)
		c.text(field+".name", part.Name)
		c.amount(field+".amount", part.Amount)
		if c.err == nil && part.Amount.IsNegative() {
			c.refuse(ErrInvalid, field+".amount", part.Amount.String(), "must not be negative")
		}
		if c.err != nil {
			return total, c.result()
		}
		total = total.Add(part.Amount)
	}
	c.amount("sum of parts", total)
	return total, c.result()
}

func (d *Division) entries(l Language, total decimal.Decimal) (entries []entry, said []string) {
	parts := slices.Clone(d.Parts)
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(b.Amount.Cmp(a.Amount), strings.Compare(a.Name, b.Name))
	})
	gathered := decimal.Zero
	others := 0
	if len(parts) > MaxShown {
		for _, part := range parts[MaxShown:] {
			gathered = gathered.Add(part.Amount)
			others++
		}
		parts = parts[:MaxShown]
	}
	amounts := []decimal.Decimal{gathered}
	for _, part := range parts {
		amounts = append(amounts, part.Amount)
	}
	decimals := printed(d.Unit, amounts)
	unit := l.beside(d.Unit)

	add := func(name string, amount decimal.Decimal, fill paint) {
		name = clean(name)
		percent := l.percent(amount, total)
		tip := name + l.words().colon + l.Amount(amount, d.Unit) + " (" + percent + ")"
		entries = append(entries, entry{
			name: name,
			tip:  tip,
			bars: []bar{{to: amount.InexactFloat64(), paint: fill, numbers: []number{
				{text: l.suffix(l.Number(amount, decimals), unit), style: nameStyle},
				{text: percent, style: style{size: nameStyle.size, color: muted}},
			}}},
		})
		said = append(said, tip)
	}
	for _, part := range parts {
		fill := blue
		if part.Fund {
			fill = orange
		}
		add(part.Name, part.Amount, fill)
	}
	if others > 0 {
		add(l.words().others(others), gathered, gray)
	}
	return entries, said
}
