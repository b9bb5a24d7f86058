package chart

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// names are what members are really called.
var names = []string{
	"Amélie Durand",
	"Coopérative d’activités et d’emploi « L’Ouvre-Boîtes 44 » de Loire-Atlantique et des pays de la Loire, société coopérative et participative",
	"Chloé N'Guyen",
	"Édith Œuvrard",
	"François-Xavier de La Rochefoucauld-Montmorency",
	"Association des Tiers-Lieux du Sud-Ouest et de l’Occitanie réunis",
	"Maëlys d’Estienne d’Orves",
	"",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
	"春の共同組合",
	"Κοινά & Σία <ΟΕ>",
	"Noé",
}

func referenceCascade() Cascade {
	return Cascade{
		Language: French,
		Title:    "De l’argent reçu au dividende contributif",
		Subtitle: "Exercice 2025, encaissements réels hors taxes",
		Unit:     "EUR",
		Steps: []Step{
			{Name: "Reçu", Amount: dec("10000"), Total: true},
			{Name: "Coûts directs", Detail: "achats, sous-traitance, frais de mission", Amount: dec("-2000")},
			{Name: "Base à répartir", Amount: dec("8000"), Total: true},
			{Name: "Aléas", Detail: "5 % de la base, clause VI-2", Amount: dec("-400")},
			{Name: "Fonctions supports", Detail: "10 % de la base, clause VI-3", Amount: dec("-800")},
			{Name: "Communs et R&D", Detail: "10 % de la base, clause VI-4", Amount: dec("-800")},
			{Name: "Apporteur d’affaires", Detail: "5 % de la base, clause VI-5", Amount: dec("-400")},
			{Name: "Dividende contributif", Amount: dec("5600"), Total: true},
			{Name: "Versé", Amount: dec("-5600")},
			{Name: "Reporté", Amount: dec("0"), Total: true},
		},
	}
}

func deficitCascade() Cascade {
	return Cascade{
		Title: "A year in the red",
		Unit:  "EUR",
		Steps: []Step{
			{Name: "Received", Amount: dec("3000"), Total: true},
			{Name: "Grant", Amount: dec("500.50")},
			{Name: "Direct costs", Amount: dec("-7250.75")},
			{Name: "Deficit carried forward", Amount: dec("-3750.25"), Total: true},
		},
	}
}

func smallDivision() Division {
	return Division{
		Title: "Contributive dividend 2025",
		Unit:  "EUR",
		Parts: []Part{
			{Name: "Contingencies", Amount: dec("400"), Fund: true},
			{Name: "Chloé", Amount: dec("560")},
			{Name: "Amélie", Amount: dec("3360")},
			{Name: "Baptiste", Amount: dec("1680")},
			{Name: "Nobody & Co", Amount: dec("0")},
		},
	}
}

func smallHeatMap() HeatMap {
	return HeatMap{
		Language: French,
		Title:    "Matrice de richesses",
		Subtitle: "Contributions validées, 2025",
		Rows:     []string{"Amélie Durand", "Baptiste L’Hermitte", "Coopérative « L’Ouvre-Boîtes »"},
		Columns:  []Column{{"Temps", "h"}, {"Financement", "EUR"}, {"Écologie", "kgCO2e"}, {"Satisfaction", "1–5"}},
		Cells: [][]Cell{
			{{Value: dec("120.5")}, {Empty: true}, {Value: dec("-12")}, {Value: dec("5"), Text: "très grande"}},
			{{Value: dec("0")}, {Value: dec("20")}, {Value: dec("3")}, {Empty: true}},
			{{Value: dec("16")}, {Value: dec("2500")}, {Empty: true}, {Value: dec("2"), Text: "petite"}},
		},
		Omitted: 1234,
	}
}

func smallComparison() Comparison {
	return Comparison{
		Language: French,
		Title:    "Et si on partageait à parts égales ?",
		Unit:     "EUR",
		Rules:    []string{"Règle en vigueur", "Parts égales"},
		Recipients: []Recipient{
			{Name: "Amélie", Amounts: []decimal.Decimal{dec("3360"), dec("1866.67")}},
			{Name: "Baptiste", Amounts: []decimal.Decimal{dec("1866.67"), dec("1866.67")}},
			{Name: "Chloé", Amounts: []decimal.Decimal{dec("560"), dec("1866.66")}},
		},
	}
}

func smallInequality() Inequality {
	return Inequality{
		Title: "Who gets how much of the whole?",
		Curves: []Curve{
			{Name: "In force", Note: "Gini 0.33", Values: []decimal.Decimal{dec("3360"), dec("1680"), dec("560")}},
			{Name: "Half equal", Values: []decimal.Decimal{dec("2613"), dec("1773"), dec("1214")}},
		},
	}
}

// picture is a drawing to come.
type picture struct {
	name string
	draw func(io.Writer) error
}

func small() []picture {
	return []picture{
		{"waterfall", func(w io.Writer) error { return Waterfall(w, referenceCascade()) }},
		{"waterfall-deficit", func(w io.Writer) error { return Waterfall(w, deficitCascade()) }},
		{"shares", func(w io.Writer) error { return Shares(w, smallDivision()) }},
		{"matrix", func(w io.Writer) error { return Matrix(w, smallHeatMap()) }},
		{"comparison", func(w io.Writer) error { return Compare(w, smallComparison()) }},
		{"lorenz", func(w io.Writer) error { return Lorenz(w, smallInequality()) }},
	}
}

// crowded returns pictures with as much in them as they take, of long names and of numbers of every size.
func crowded(r *rand.Rand, l Language, text func(int) string) []picture {
	longest := strings.Repeat("9", MaxIntegerDigits) + ".9999"
	number := func(i int) decimal.Decimal {
		switch i % 7 {
		case 0:
			return dec(longest)
		case 1:
			return dec(longest).Neg()
		case 2:
			return decimal.Zero
		case 3:
			return dec("0.01")
		default:
			return decimal.New(r.Int64N(1_000_000)-300_000, -2)
		}
	}
	m := HeatMap{Language: l, Title: text(1), Subtitle: text(4), Omitted: 7}
	for j := range MaxColumns {
		m.Columns = append(m.Columns, Column{Name: text(j), Unit: []string{"EUR", "h", "TND", text(j + 3), ""}[j%5]})
	}
	for i := range 60 {
		m.Rows = append(m.Rows, text(i))
		var row []Cell
		for j := range MaxColumns {
			cell := Cell{Value: number(i + j), Empty: r.IntN(4) == 0}
			if j%8 == 5 {
				cell.Text = text(i)
			}
			row = append(row, cell)
		}
		m.Cells = append(m.Cells, row)
	}
	cascade := Cascade{Language: l, Title: text(4), Subtitle: text(1), Unit: "CHF"}
	for i := range MaxSteps {
		amount := decimal.New(r.Int64N(200_000)-100_000, -2)
		if i == 0 {
			amount = dec(longest).Div(dec("2")).Truncate(4)
		}
		if i == 9 {
			amount = dec(longest).Neg()
		}
		cascade.Steps = append(cascade.Steps, Step{Name: text(i), Detail: text(i + 5), Amount: amount})
	}
	division := Division{Language: l, Title: text(5), Subtitle: text(6), Unit: text(1)}
	for i := range 200 {
		division.Parts = append(division.Parts, Part{Name: text(i), Amount: decimal.New(r.Int64N(1_000_000), -4), Fund: i%5 == 0})
	}
	division.Parts[3].Amount = dec("99999999999.9999")
	comparison := Comparison{Language: l, Title: text(1), Subtitle: text(2), Unit: "WWW", Rules: []string{text(1), text(2), text(4), text(8)}}
	for i := range MaxRows {
		amount := dec(longest).Div(dec("500")).Truncate(4)
		comparison.Recipients = append(comparison.Recipients, Recipient{
			Name:    text(i),
			Amounts: []decimal.Decimal{amount, decimal.Zero, amount.Neg(), decimal.New(r.Int64N(1000), -2)},
		})
	}
	comparison.Recipients[2].Amounts = []decimal.Decimal{dec("499999999999.9999"), dec("-499999999999.9999"), dec("0"), dec("0.0001")}
	inequality := Inequality{Language: l, Title: text(1), Subtitle: text(5)}
	for i := range MaxRules {
		curve := Curve{Name: text(i), Note: text(i + 1)}
		for range 1000 {
			curve.Values = append(curve.Values, decimal.New(r.Int64N(1_000_000), -4))
		}
		inequality.Curves = append(inequality.Curves, curve)
	}
	return []picture{
		{"matrix", func(w io.Writer) error { return Matrix(w, m) }},
		{"waterfall", func(w io.Writer) error { return Waterfall(w, cascade) }},
		{"shares", func(w io.Writer) error { return Shares(w, division) }},
		{"comparison", func(w io.Writer) error { return Compare(w, comparison) }},
		{"lorenz", func(w io.Writer) error { return Lorenz(w, inequality) }},
	}
}

func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// hostile is text that has broken other drawing programs.
var hostile = []string{
	`</text><script>alert("x")</script>`,
	"a & b < c > d \" e ' f ]]> <!-- -- -->",
	"null \x00 bell \x07 escape \x1b[31m delete \x7f next line \u0085",
	"not UTF-8 \xff\xfe \xc3( \xed\xa0\x80",
	"\ufffe \uffff \ufeff \ufdd0 \U0010ffff",
	"\u202etxet desrever\u202c \u2066isolated\u2069",
	"line\nbreak\r\nand\ttab\u2028and\u2029more",
	"Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308a\u0309\u030a\u030b\u030c\u030d\u030el\u030fgo",
	"\u200d\u200b\u00ad",
	"%s %d %!v(MISSING) $1 \\n",
	"👩‍👩‍👧‍👦 🏳️‍🌈 مرحبا שלום",
	strings.Repeat("W", MaxText),
	strings.Repeat("é ", MaxText/3),
	"   ",
}
