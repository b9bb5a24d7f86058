package dividend_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
)

// Five thousand six hundred euros for 60, 30 and 10 points.
func ExampleSplit() {
	parts, err := dividend.Split(decimal.RequireFromString("5600.00"), 2, []dividend.Weight{
		{ID: "amina", Value: decimal.NewFromInt(60)},
		{ID: "bruno", Value: decimal.NewFromInt(30)},
		{ID: "chloe", Value: decimal.NewFromInt(10)},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range parts {
		fmt.Println(p.ID, p.Amount.StringFixed(2))
	}
	// Output:
	// amina 3360.00
	// bruno 1680.00
	// chloe 560.00
}

// The contributive dividend of one project, from contributions to an explanation for one member.
func Example() {
	var charter struct {
		Wealth    dividend.Wealth
		Weights   dividend.Weights
		Waterfall dividend.Waterfall
	}
	err := json.Unmarshal([]byte(`{
		"wealth": {"kinds": [
			{"id": "time", "name": {"fr": "temps", "en": "time"}, "unit": "h", "nature": "immaterial", "polarity": "+", "scale": "ratio"},
			{"id": "knowledge", "unit": "deliverable", "nature": "immaterial", "polarity": "+", "scale": "ratio"}]},
		"weights": {"coefficients": [{"kind": "time", "points": "1"}, {"kind": "knowledge", "points": "8"}]},
		"waterfall": {"lines": [
			{"id": "contingencies", "name": {"fr": "aléas", "en": "contingencies"}, "of": "base", "rate": "0.05", "to": {"fund": "contingencies"}},
			{"id": "support", "of": "base", "rate": "0.10", "to": {"fund": "support"}},
			{"id": "commons", "of": "base", "rate": "0.10", "to": {"fund": "commons"}},
			{"id": "introducer", "of": "base", "rate": "0.05", "to": {"group": "introducers"}},
			{"id": "dividend", "of": "remaining", "rate": "1", "to": {"group": "contributors"}}]}
	}`), &charter)
	if err != nil {
		log.Fatal(err)
	}

	matrix, err := dividend.NewMatrix(charter.Wealth)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range []dividend.Flow{
		{From: "amina", To: "website", Kind: "time", Quantity: decimal.NewFromInt(44), Unit: "h", Confirmed: true},
		{From: "amina", To: "website", Kind: "knowledge", Quantity: decimal.NewFromInt(2), Unit: "deliverable", Confirmed: true},
		{From: "bruno", To: "website", Kind: "time", Quantity: decimal.NewFromInt(30), Unit: "h", Confirmed: true},
		{From: "chloe", To: "website", Kind: "time", Quantity: decimal.NewFromInt(10), Unit: "h", Confirmed: true},
	} {
		if err := matrix.Add(f); err != nil {
			log.Fatal(err)
		}
	}
	contributors, err := matrix.AllPoints(charter.Weights)
	if err != nil {
		log.Fatal(err)
	}

	statement, err := charter.Waterfall.Run(dividend.Input{
		Scope: "website", Clause: "economic-4", Currency: "EUR", Decimals: 2,
		Received:    decimal.NewFromInt(10_000),
		DirectCosts: decimal.NewFromInt(2_000),
		Groups: map[string][]dividend.Weight{
			"introducers":  {{ID: "bruno", Value: decimal.NewFromInt(10_000)}},
			"contributors": contributors,
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	explanation, err := statement.Explain("amina")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(explanation.Text(dividend.English))
	// Output:
	// amina: 3 360.00 EUR
	// website: 10 000.00 received − 2 000.00 direct costs = 8 000.00 base (clause economic-4)
	// 1. contingencies (clause economic-4): 0.05 × 8 000.00 of the base = 400.00 → fund contingencies; 7 600.00 remain
	// 2. support (clause economic-4): 0.1 × 8 000.00 of the base = 800.00 → fund support; 6 800.00 remain
	// 3. commons (clause economic-4): 0.1 × 8 000.00 of the base = 800.00 → fund commons; 6 000.00 remain
	// 4. introducer (clause economic-4): 0.05 × 8 000.00 of the base = 400.00 → group introducers; 5 600.00 remain
	// 5. dividend (clause economic-4): 1 × 5 600.00 of what remains = 5 600.00 → group contributors; 0.00 remain
	//    weight: 44 h (time) × 1 + 2 deliverable (knowledge) × 8 = 60
	//    share: 5 600.00 × 60 / 100 = 3 360.00
}

// What would everybody have received under their rule?
func ExampleCompare() {
	weights := []dividend.Weight{
		{ID: "amina", Value: decimal.NewFromInt(60)},
		{ID: "bruno", Value: decimal.NewFromInt(30)},
		{ID: "chloe", Value: decimal.NewFromInt(10)},
	}
	half, most := decimal.RequireFromString("0.5"), decimal.NewFromInt(2000)
	var outcomes []dividend.Outcome
	for _, rule := range []struct {
		name  string
		share dividend.Sharing
	}{
		{"ours", dividend.Sharing{}},
		{"half equal", dividend.Sharing{Equal: &half}},
		{"capped", dividend.Sharing{Cap: &most}},
	} {
		parts, _, err := rule.share.Divide(decimal.NewFromInt(5600), 2, weights)
		if err != nil {
			log.Fatal(err)
		}
		outcomes = append(outcomes, dividend.Outcome{Rule: rule.name, Parts: parts})
	}
	c, err := dividend.Compare(outcomes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(c.Text(dividend.English, 2))
	// Output:
	// recipient      ours  half equal        ±    capped          ±
	// amina      3 360.00    2 613.34  -746.66  2 000.00  -1 360.00
	// bruno      1 680.00    1 773.33   +93.33  2 000.00    +320.00
	// chloe        560.00    1 213.33  +653.33  1 600.00  +1 040.00
	// ours: 0 gain, 0 lose, 3 unchanged, 0.00 moved, Gini 0.3333
	// half equal: 2 gain, 1 lose, 0 unchanged, 746.66 moved, Gini 0.1667
	// capped: 2 gain, 1 lose, 0 unchanged, 1 360.00 moved, Gini 0.0476
}

// Floors and caps: nobody below 50, nobody above 400.
func ExampleSplitBounded() {
	most := decimal.NewFromInt(400)
	b := dividend.Bounds{Floor: decimal.NewFromInt(50), Cap: &most}
	shared, err := dividend.SplitBounded(decimal.NewFromInt(1000), 2, []dividend.Weight{
		{ID: "a", Value: decimal.NewFromInt(60)},
		{ID: "b", Value: decimal.NewFromInt(30)},
		{ID: "c", Value: decimal.NewFromInt(9)},
		{ID: "d", Value: decimal.NewFromInt(1)},
	}, []dividend.Bounds{b, b, b, b})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range shared.Parts {
		fmt.Println(p.ID, p.Amount.StringFixed(2))
	}
	// Output:
	// a 400.00
	// b 400.00
	// c 150.00
	// d 50.00
}
