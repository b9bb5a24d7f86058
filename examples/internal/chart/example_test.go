package chart_test

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/examples/internal/chart"
)

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func Example() {
	var svg bytes.Buffer
	err := chart.Waterfall(&svg, chart.Cascade{
		Title:    "From what was received to the dividend",
		Subtitle: "2025, cash actually received, excluding VAT",
		Unit:     "EUR",
		Steps: []chart.Step{
			{Name: "Received", Amount: amount("10000.00"), Total: true},
			{Name: "Direct costs", Amount: amount("-2000.00")},
			{Name: "Base", Amount: amount("8000.00"), Total: true},
			{Name: "Contingencies", Detail: "5% of the base, clause VI-2", Amount: amount("-400.00")},
			{Name: "Support functions", Detail: "10% of the base, clause VI-3", Amount: amount("-800.00")},
			{Name: "Commons and R&D", Detail: "10% of the base, clause VI-4", Amount: amount("-800.00")},
			{Name: "Introducer", Detail: "5% of the base, clause VI-5", Amount: amount("-400.00")},
			{Name: "Dividend", Amount: amount("5600.00"), Total: true},
		},
	})
	fmt.Println(err, bytes.HasPrefix(svg.Bytes(), []byte("<?xml")))
	// Output: <nil> true
}

// A picture that would mislead is refused: a total has to be the sum of what comes before it.
func ExampleWaterfall_total() {
	err := chart.Waterfall(new(bytes.Buffer), chart.Cascade{
		Title: "2025",
		Unit:  "EUR",
		Steps: []chart.Step{
			{Name: "Received", Amount: amount("10000.00"), Total: true},
			{Name: "Direct costs", Amount: amount("-2000.00")},
			{Name: "Base", Amount: amount("8000.01"), Total: true},
		},
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, chart.ErrTotal))
	// Output:
	// chart: waterfall: steps[2].amount "8000.01": total does not add up: what comes before makes "8000"
	// true
}

func ExampleMatrix() {
	var svg bytes.Buffer
	err := chart.Matrix(&svg, chart.HeatMap{
		Language: chart.French,
		Title:    "Matrice de richesses 2025",
		Rows:     []string{"Amélie Durand", "Coopérative L’Ouvre-Boîtes"},
		Columns:  []chart.Column{{Name: "Temps", Unit: "h"}, {Name: "Financement", Unit: "EUR"}},
		Cells: [][]chart.Cell{
			{{Value: amount("120.5")}, {Empty: true}},
			{{Value: amount("16")}, {Value: amount("2500")}},
		},
	})
	fmt.Println(err, svg.Len() > 0)
	// Output: <nil> true
}

func ExampleLanguage_Amount() {
	fmt.Printf("%+q\n", chart.English.Amount(amount("3360"), "EUR"))
	fmt.Printf("%+q\n", chart.French.Amount(amount("3360"), "EUR"))
	// Output:
	// "3,360.00\u00a0\u20ac"
	// "3\u202f360,00\u00a0\u20ac"
}
