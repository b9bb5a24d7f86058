package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
)

// draw writes the picture of who offers and who needs what: a row for each town, a column for each trade, and in each cell how many more offers than needs there are.
func draw(w io.Writer, f *fair, language chart.Language) error {
	count := make(map[[2]string]int64)
	err := f.catalog.Read(func(s *catalog.State) {
		for l := range s.Entries(today, catalog.Filter{Status: catalog.Published}) {
			if len(l.Entry.Skills) == 0 {
				continue
			}
			by := int64(1)
			if l.Entry.Kind.Seeks() {
				by = -1
			}
			count[[2]string{l.Entry.Where.Place, l.Entry.Skills[0].Label}] += by
		}
	})
	if err != nil {
		return err
	}
	m := chart.HeatMap{
		Language: language,
		Title:    "Who offers and who needs what", Subtitle: "offers less needs; orange: more is needed than offered. Invented data",
	}
	if language == chart.French {
		m.Title, m.Subtitle = "Qui offre et qui cherche quoi", "offres moins besoins ; en orange, on cherche plus qu'on n'offre. Données inventées"
	}
	sorted := slices.SortedFunc(slices.Values(trades), func(a, b trade) int { return strings.Compare(a.fr, b.fr) })
	for _, t := range sorted {
		name := t.en
		if language == chart.French {
			name = t.fr
		}
		m.Columns = append(m.Columns, chart.Column{Name: name})
	}
	for _, place := range towns {
		m.Rows = append(m.Rows, place.name)
		var cells []chart.Cell
		for _, t := range sorted {
			n, ok := count[[2]string{place.name, t.fr}]
			cells = append(cells, chart.Cell{Value: decimal.NewFromInt(n), Empty: !ok})
		}
		m.Cells = append(m.Cells, cells)
	}
	if err := chart.Matrix(w, m); err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	return nil
}
