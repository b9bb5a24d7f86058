package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
	"github.com/commonstocommons/codesocial/ledger"
)

// matrixRows is how many parties the matrix shows, those with the most validated contributions first.
const matrixRows = 60

// caption is what stands under a title: whose year, and whether it is real.
func (y *year) caption(lang string) string {
	s := fmt.Sprintf("%s · %s – %s", y.charter.Title().In(lang), y.from, y.to)
	if y.invented {
		s += map[string]string{"en": " · invented data", "fr": " · données inventées"}[lang]
	}
	return s
}

func (y *year) drawMatrix(b *bytes.Buffer, lang string) error {
	matrix, err := y.books.Matrix(ledger.Filter{From: y.from, To: y.to}, y.wealth)
	if err != nil {
		return err
	}
	kinds := matrix.Kinds()
	type row struct {
		name  string
		flows int
		cells []chart.Cell
	}
	var rows []row
	for _, id := range matrix.Rows() {
		r := row{name: y.name(id), cells: make([]chart.Cell, len(kinds))}
		for i, k := range kinds {
			cell, err := matrix.Cell(id, k.ID)
			if err != nil {
				return err
			}
			t := cell.Given.Confirmed
			r.flows += t.Flows
			r.cells[i] = chart.Cell{Value: t.Sum, Empty: t.Flows == 0}
			if t.Levels != nil {
				r.cells[i].Value = decimal.NewFromInt(int64(t.Levels.Median))
				r.cells[i].Text = fmt.Sprintf("%d (n = %d)", t.Levels.Median, t.Flows)
			}
		}
		if r.flows > 0 {
			rows = append(rows, r)
		}
	}
	h := chart.HeatMap{Language: chartLanguage(lang), Title: map[string]string{"en": "Wealth matrix: who gave what", "fr": "Matrice de richesses : qui a donné quoi"}[lang], Subtitle: y.caption(lang)}
	if len(rows) > matrixRows {
		slices.SortStableFunc(rows, func(a, b row) int { return b.flows - a.flows })
		h.Omitted = len(rows) - matrixRows
		rows = rows[:matrixRows]
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
	for _, k := range kinds {
		unit := k.Unit
		if k.Scale == dividend.Ordinal {
			unit = map[string]string{"en": "median level", "fr": "niveau médian"}[lang]
		}
		h.Columns = append(h.Columns, chart.Column{Name: paper.KindName(k, lang), Unit: unit})
	}
	if len(rows) == 0 { // money without contributions
		rows = []row{{name: "–", cells: make([]chart.Cell, len(kinds))}}
		for i := range kinds {
			rows[0].cells[i].Empty = true
		}
	}
	for _, r := range rows {
		h.Rows = append(h.Rows, r.name)
		h.Cells = append(h.Cells, r.cells)
	}
	return chart.Matrix(b, h)
}

// mostLines is how many lines of the waterfall are drawn one by one.
const mostLines = chart.MaxSteps - 6

func (y *year) drawWaterfall(b *bytes.Buffer, lang string) error {
	words := map[string]map[string]string{
		"en": {
			"title": "Where the money went", "received": "received", "costs": "direct costs", "brought": "brought forward", "base": "base", "over": "still open",
			"open": "carried over, less deficits", "others": "other lines",
		},
		"fr": {
			"title": "Où est allé l'argent", "received": "encaissé", "costs": "charges directes", "brought": "report antérieur", "base": "assiette", "over": "reste ouvert",
			"open": "reporté, moins les déficits", "others": "autres lignes",
		},
	}[lang]
	var received, costs, brought, base decimal.Decimal
	var lines []dividend.Line
	placed := make(map[string]decimal.Decimal)
	for _, d := range y.distributions {
		s := d.Statement
		received, costs = received.Add(s.Received), costs.Add(s.DirectCosts)
		brought, base = brought.Add(s.Surplus).Sub(s.Brought), base.Add(s.Base)
		for _, l := range s.Lines {
			if _, ok := placed[l.Line.ID]; !ok {
				lines = append(lines, l.Line)
			}
			placed[l.Line.ID] = placed[l.Line.ID].Add(l.Placed)
		}
	}
	steps := []chart.Step{{Name: words["received"], Amount: received, Total: true}, {Name: words["costs"], Amount: costs.Neg()}}
	if !brought.IsZero() {
		steps = append(steps, chart.Step{Name: words["brought"], Amount: brought})
	}
	steps = append(steps, chart.Step{Name: words["base"], Amount: base, Total: true})
	rest := decimal.Zero
	for i, l := range lines {
		if i >= mostLines {
			rest = rest.Add(placed[l.ID])
			continue
		}
		steps = append(steps, chart.Step{Name: lineName(l, lang), Detail: y.lineDetail(l, lang), Amount: placed[l.ID].Neg()})
	}
	if len(lines) > mostLines {
		steps = append(steps, chart.Step{Name: words["others"], Amount: rest.Neg()})
	}
	left := decimal.Zero
	for _, s := range steps {
		if !s.Total {
			left = left.Add(s.Amount)
		}
	}
	steps = append(steps, chart.Step{Name: words["over"], Detail: words["open"], Amount: received.Add(left), Total: true})
	return chart.Waterfall(b, chart.Cascade{Language: chartLanguage(lang), Title: words["title"], Subtitle: y.caption(lang), Unit: y.currency(), Steps: steps})
}

func (y *year) lineDetail(l dividend.Line, lang string) string {
	clause := "clause " + l.Clause
	if l.Rate == nil {
		return clause
	}
	of := map[string]map[string]string{
		"en": {dividend.OfBase: "of the base", dividend.OfRemaining: "of what remains"},
		"fr": {dividend.OfBase: "de l'assiette", dividend.OfRemaining: "de ce qui reste"},
	}[lang][l.Of]
	return chartLanguage(lang).Percent(*l.Rate) + " " + of + " · " + clause
}

func (y *year) drawShares(b *bytes.Buffer, lang string) error {
	d := chart.Division{
		Language: chartLanguage(lang), Title: map[string]string{"en": "Who gets what", "fr": "Qui reçoit quoi"}[lang], Subtitle: y.caption(lang), Unit: y.currency(),
	}
	for _, r := range y.recipients {
		d.Parts = append(d.Parts, chart.Part{Name: r.name, Amount: r.amount})
	}
	for _, r := range y.funds {
		d.Parts = append(d.Parts, chart.Part{Name: y.fundName(r.id, lang), Amount: r.amount, Fund: true})
	}
	if len(d.Parts) == 0 {
		d.Parts = []chart.Part{{Name: "–"}}
	}
	return chart.Shares(b, d)
}
