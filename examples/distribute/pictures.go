package main

import (
	"io"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
)

// caption is what stands under a title: whose rules, what period, and whether people are invented.
func (d *distribution) caption(lang string) string {
	s := d.title.In(lang) + " · " + period(d.facts)
	if d.invented {
		s += map[string]string{"en": " · invented people", "fr": " · personnes inventées"}[lang]
	}
	return s
}

// period writes the first and the last day of the contributions.
func period(f *facts) string {
	if f.from == f.to {
		return f.from.String()
	}
	return f.from.String() + " – " + f.to.String()
}

func (d *distribution) drawShares(w io.Writer, lang string) error {
	division := chart.Division{
		Language: chart.Language(lang), Title: map[string]string{"en": "Who gets what", "fr": "Qui reçoit quoi"}[lang],
		Subtitle: d.caption(lang), Unit: d.currency,
	}
	for _, r := range d.recipients {
		division.Parts = append(division.Parts, chart.Part{Name: r.id, Amount: r.amount})
	}
	for _, r := range d.funds {
		division.Parts = append(division.Parts, chart.Part{Name: d.fundName(r.id, lang), Amount: r.amount, Fund: true})
	}
	if over := d.statement.CarriedOver; over.Sign() > 0 {
		division.Parts = append(division.Parts, chart.Part{Name: words[lang]["left"], Amount: over, Fund: true})
	}
	return chart.Shares(w, division)
}

// mostLines is how many lines of the waterfall are drawn one by one.
const mostLines = chart.MaxSteps - 5

func (d *distribution) drawWaterfall(w io.Writer, lang string) error {
	names := map[string]map[string]string{
		"en": {"title": "Where the money goes", "received": "received", "costs": "direct costs", "base": "base", "over": "left over", "others": "other lines"},
		"fr": {"title": "Où va l'argent", "received": "encaissé", "costs": "charges directes", "base": "assiette", "over": "reste", "others": "autres lignes"},
	}[lang]
	s := d.statement
	steps := []chart.Step{{Name: names["received"], Amount: s.Received, Total: true}}
	if s.DirectCosts.Sign() > 0 {
		steps = append(steps,
			chart.Step{Name: names["costs"], Amount: s.DirectCosts.Neg()},
			chart.Step{Name: names["base"], Amount: s.Base, Total: true})
	}
	rest := decimal.Zero
	for i, l := range s.Lines {
		if i >= mostLines {
			rest = rest.Add(l.Placed)
			continue
		}
		steps = append(steps, chart.Step{Name: lineName(l.Line, lang), Detail: lineDetail(l.Line, lang), Amount: l.Placed.Neg()})
	}
	if len(s.Lines) > mostLines {
		steps = append(steps, chart.Step{Name: names["others"], Amount: rest.Neg()})
	}
	steps = append(steps, chart.Step{Name: names["over"], Amount: s.CarriedOver.Sub(s.Deficit), Total: true})
	return chart.Waterfall(w, chart.Cascade{Language: chart.Language(lang), Title: names["title"], Subtitle: d.caption(lang), Unit: d.currency, Steps: steps})
}

func lineDetail(l dividend.Line, lang string) string {
	clause := "clause " + l.Clause
	if l.Rate == nil {
		return map[string]string{"en": "fixed amount", "fr": "montant fixe"}[lang] + " · " + clause
	}
	of := map[string]map[string]string{
		"en": {dividend.OfBase: "of the base", dividend.OfRemaining: "of what remains"},
		"fr": {dividend.OfBase: "de l'assiette", dividend.OfRemaining: "de ce qui reste"},
	}[lang][l.Of]
	return chart.Language(lang).Percent(*l.Rate) + " " + of + " · " + clause
}
