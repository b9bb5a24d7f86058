package chart

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Comparison sets rules side by side: what each recipient gets under one and under another.
type Comparison struct {
	Language Language
	Title    string
	Subtitle string
	// Unit is the unit of all amounts, as in EUR.
	Unit string
	// Rules are the names of 2 to [MaxRules] rules. The first is the one the others are measured against.
	Rules []string
	// Recipients are 1 to [MaxRows], in any order.
	Recipients []Recipient
}

// Recipient is who gets what under each rule.
type Recipient struct {
	Name string
	// Amounts[i] is what the recipient gets under rule i. It may be negative: a contribution to pay.
	Amounts []decimal.Decimal
}

// Compare draws the comparison as SVG: for each recipient a bar and an amount per rule, and what she gains or
// loses against the first rule. Who gains most under the second rule comes first; equal gains stand by name
// (compared byte by byte) and then in the order given. Under the picture stand the sum that each rule gives
// out, and how many recipients gain and lose by it. Amounts are printed with up to four decimals rounded half
// away from zero; the tooltips have them in full.
//
// The errors are [ErrEmpty] with fewer than two rules or without recipients, [ErrInvalid] when a recipient
// has not one amount for each rule or the title is blank, and [ErrLimit].
func Compare(w io.Writer, comparison Comparison) error {
	totals, err := comparison.check()
	if err != nil {
		return err
	}
	p := newPage("comparison", comparison.Language, comparison.Title, comparison.Subtitle)
	words := p.language.words()
	entries, said := comparison.entries(p.language)

	var legend []swatch
	for i, name := range comparison.Rules {
		legend = append(legend, swatch{paint: rulePaints[i], label: clean(name)})
	}
	notes := []string{words.comparedWith(clean(comparison.Rules[0]))}
	for i := 1; i < len(comparison.Rules); i++ {
		gain, lose := 0, 0
		for _, r := range comparison.Recipients {
			switch r.Amounts[i].Cmp(r.Amounts[0]) {
			case +1:
				gain++
			case -1:
				lose++
			}
		}
		notes = append(notes, words.balance(clean(comparison.Rules[i]), gain, lose, len(comparison.Recipients)-gain-lose))
	}
	var sums []string
	for i, name := range comparison.Rules {
		sums = append(sums, clean(name)+" "+p.language.Amount(totals[i], comparison.Unit))
	}
	notes = append(notes, words.all+words.colon+strings.Join(sums, ", ")+".")
	p.description = strings.Join(notes, " ") + " " + strings.Join(said, "; ") + "."

	p.legend(legend)
	p.space(6)
	p.add(newTable(entries).block(false))
	p.space(6)
	p.notes(append(notes, p.language.amountsIn(comparison.Unit))...)
	return p.write(w)
}

// rulePaints go from what is in force to what is proposed.
var rulePaints = [MaxRules]paint{silver, blue, orange, navy}

// check returns the sum that each rule gives out.
func (comparison *Comparison) check() ([]decimal.Decimal, error) {
	c := &checker{picture: "comparison"}
	c.heading(comparison.Language, comparison.Title, comparison.Subtitle)
	c.text("unit", comparison.Unit)
	if !c.count("rules", len(comparison.Rules), 2, MaxRules) || !c.count("recipients", len(comparison.Recipients), 1, MaxRows) {
		return nil, c.result()
	}
	for i, name := range comparison.Rules {
		c.text(fmt.Sprintf("rules[%d]", i), name)
	}
	totals := make([]decimal.Decimal, len(comparison.Rules))
	for i, r := range comparison.Recipients {
		field := fmt.Sprintf("recipients[%d]", i)
		c.text(field+".name", r.Name)
		if len(r.Amounts) != len(comparison.Rules) {
			c.refuse(ErrInvalid, field+".amounts", fmt.Sprint(len(r.Amounts)), fmt.Sprintf("there are %d rules", len(comparison.Rules)))
			return nil, c.result()
		}
		for j, amount := range r.Amounts {
			c.amount(fmt.Sprintf("%s.amounts[%d]", field, j), amount)
			if c.err != nil {
				return nil, c.result()
			}
			c.amount(fmt.Sprintf("%s.amounts[%d] less the first", field, j), amount.Sub(r.Amounts[0]))
			totals[j] = totals[j].Add(amount)
		}
	}
	for j, total := range totals {
		c.amount(fmt.Sprintf("sum of rules[%d]", j), total)
	}
	return totals, c.result()
}

func (comparison *Comparison) entries(l Language) (entries []entry, said []string) {
	recipients := slices.Clone(comparison.Recipients)
	slices.SortStableFunc(recipients, func(a, b Recipient) int {
		return cmp.Or(
			b.Amounts[1].Sub(b.Amounts[0]).Cmp(a.Amounts[1].Sub(a.Amounts[0])),
			strings.Compare(a.Name, b.Name),
		)
	})
	var amounts []decimal.Decimal
	for _, r := range recipients {
		amounts = append(amounts, r.Amounts...)
	}
	decimals := printed(comparison.Unit, amounts)
	unit := l.beside(comparison.Unit)

	for _, r := range recipients {
		name := clean(r.Name)
		e := entry{name: name}
		var all []string
		for i, amount := range r.Amounts {
			change := number{style: nameStyle}
			if i > 0 {
				change = l.change(amount.Sub(r.Amounts[0]), decimals, unit)
			}
			e.bars = append(e.bars, bar{to: amount.InexactFloat64(), paint: rulePaints[i], numbers: []number{
				{text: l.suffix(l.Number(amount, decimals), unit), style: nameStyle},
				change,
			}})
			all = append(all, clean(comparison.Rules[i])+" "+l.Amount(amount, comparison.Unit))
		}
		e.tip = name + l.words().colon + strings.Join(all, ", ")
		entries, said = append(entries, e), append(said, e.tip)
	}
	return entries, said
}

// change writes a gain or a loss, told apart by sign, arrow and colour.
func (l Language) change(by decimal.Decimal, decimals int, unit string) number {
	n := number{text: "=", style: style{size: nameStyle.size, color: muted}}
	switch {
	case by.IsPositive():
		n.text, n.style.color = "▲"+noBreak+l.signed(by, decimals, unit), gainInk
	case by.IsNegative():
		n.text, n.style.color = "▼"+noBreak+l.signed(by, decimals, unit), lossInk
	}
	return n
}
