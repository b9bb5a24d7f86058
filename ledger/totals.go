package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// An Axis is what totals are broken down by.
type Axis int

// The axes of totals. Of the periods, give at most one.
const (
	ByParty Axis = iota
	ByProject
	ByYear    // 2025
	ByQuarter // 2025-Q1
	ByMonth   // 2025-01
)

// A Total is what was contributed of one kind of wealth, in one unit. Quantities of different kinds are never added, and
// what is only declared is never added to what is validated. What is voided is in neither.
type Total struct {
	Party   string // IRI, if the totals are by party
	Project string // IRI, if they are by project
	Period  string // "2025", "2025-Q1" or "2025-01", if they are by period
	Kind    string
	Unit    string

	Declared       decimal.Decimal // not validated, in Unit
	Validated      decimal.Decimal // in Unit
	DeclaredCount  int             // number of contributions
	ValidatedCount int
}

// Totals adds up the contributions that the filter selects, for each kind of wealth and unit, broken down by the axes. The
// result is in the order of party, project, period, kind and unit. It takes linear time.
//
// Levels of an ordinal kind (satisfaction) are counted like other quantities here: use [Books.Matrix] for their median.
func (b *Books) Totals(f Filter, axes ...Axis) []Total {
	type key struct{ party, project, period, kind, unit string }
	var byParty, byProject bool
	period := func(codesocial.Date) string { return "" }
	for _, a := range axes {
		switch a {
		case ByParty:
			byParty = true
		case ByProject:
			byProject = true
		default:
			period = a.period
		}
	}
	places := make(map[key]int)
	var totals []Total
	for c, s := range b.selects(f) {
		if s.status == Voided {
			continue
		}
		k := key{period: period(dateOf(c.day)), kind: b.names.of(c.kind), unit: b.names.of(c.unit)}
		if byParty {
			k.party = b.names.of(c.party)
		}
		if byProject {
			k.project = b.names.of(c.project)
		}
		at, ok := places[k]
		if !ok {
			at = len(totals)
			places[k] = at
			totals = append(totals, Total{Party: k.party, Project: k.project, Period: k.period, Kind: k.kind, Unit: k.unit})
		}
		t := &totals[at]
		if value := s.value.decimal(); s.status.Counts() {
			t.Validated, t.ValidatedCount = t.Validated.Add(value), t.ValidatedCount+1
		} else {
			t.Declared, t.DeclaredCount = t.Declared.Add(value), t.DeclaredCount+1
		}
	}
	slices.SortFunc(totals, func(x, y Total) int {
		return cmp.Or(strings.Compare(x.Party, y.Party), strings.Compare(x.Project, y.Project),
			strings.Compare(x.Period, y.Period), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Unit, y.Unit))
	})
	return totals
}

func (a Axis) period(d codesocial.Date) string {
	switch a {
	case ByYear:
		return fmt.Sprintf("%04d", d.Year)
	case ByQuarter:
		return fmt.Sprintf("%04d-Q%d", d.Year, (int(d.Month)+2)/3)
	case ByMonth:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return ""
}

// A CashTotal is what came in and went out for one project in one currency.
type CashTotal struct {
	Project     string // IRI; "" for the expenses of funds
	Currency    string
	Received    decimal.Decimal // excluding VAT
	DirectCosts decimal.Decimal // excluding VAT
}

// CashTotals adds up receipts and expenses, with the corrections of them on their own days, of the project and period that the filter selects, by project and currency, in
// that order.
func (b *Books) CashTotals(f Filter) []CashTotal {
	type key struct{ project, currency string }
	sums := make(map[key]*CashTotal)
	at := func(project, currency string) *CashTotal {
		k := key{project, currency}
		if sums[k] == nil {
			sums[k] = &CashTotal{Project: project, Currency: currency}
		}
		return sums[k]
	}
	b.cash(f, func(c cashed) {
		t := at(b.names.of(b.money.all[c.place].project), c.currency)
		if c.receipt {
			t.Received = t.Received.Add(c.amount.decimal())
		} else {
			t.DirectCosts = t.DirectCosts.Add(c.amount.decimal())
		}
	})
	out := make([]CashTotal, 0, len(sums))
	for _, t := range sums {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(x, y CashTotal) int {
		return cmp.Or(strings.Compare(x.Project, y.Project), strings.Compare(x.Currency, y.Currency))
	})
	return out
}

func compareStrings(a, b string) int { return strings.Compare(a, b) }
