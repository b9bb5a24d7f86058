package chart

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// HeatMap is a wealth matrix: who gave or received how much of each kind of wealth.
type HeatMap struct {
	Language Language
	Title    string
	Subtitle string
	// Rows are the names of the parties, from top to bottom: 1 to [MaxRows].
	Rows []string
	// Columns are the kinds of wealth, from left to right: 1 to [MaxColumns]. Those that do not fit beside
	// each other continue below, with the names repeated.
	Columns []Column
	// Cells[i][j] is what row i has in column j.
	Cells [][]Cell
	// Omitted is how many parties the matrix leaves out; the picture says so. It is not negative.
	Omitted int
}

// Column is one kind of wealth.
type Column struct {
	Name string
	// Unit is the unit of every value of the column: EUR, h, kgCO2e.
	Unit string
}

// Cell is one value of the matrix, in the unit of its column.
type Cell struct {
	// Value decides on the colour.
	Value decimal.Decimal
	// Text is printed in place of the value, for scales that are not numbers; it may be empty.
	Text string
	// Empty says that nothing was recorded, which is not the same as zero. Value and Text do not count then.
	Empty bool
}

// Matrix draws the heat map as SVG.
//
// In each column the darkest shade of blue goes to the largest value, and eight equal steps lead from it
// down to zero, which is white; negative values are orange in the same way. Columns never share a scale, and
// where their units differ the picture says so. A value is printed with the decimals that its column
// needs, two at most or those of the currency, rounded half away from zero; its tooltip has it in full.
//
// The errors are [ErrEmpty] without rows or columns, [ErrInvalid] when Cells does not match Rows and Columns
// or the title is blank, and [ErrLimit].
func Matrix(w io.Writer, m HeatMap) error {
	if err := m.check(); err != nil {
		return err
	}
	p := newPage("matrix", m.Language, m.Title, m.Subtitle)
	p.description = m.describe()
	g := m.layout()
	for i, panel := range g.panels {
		if i > 0 {
			p.space(2 * gap)
		}
		p.add(g.block(panel))
	}
	p.space(gap)
	p.add(scale(p.language.words(), g.negative))
	words := p.language.words()
	notes := []string{words.darkest}
	if len(m.Columns) > 1 {
		notes[0] = words.colorByColumn
	}
	if m.unitsDiffer() {
		notes[0] += " " + words.unitsDiffer
	}
	if g.empty {
		notes = append(notes, words.empty)
	}
	if m.Omitted > 0 {
		notes = append(notes, words.omitted(m.Omitted))
	}
	p.space(4)
	p.notes(notes...)
	return p.write(w)
}

func (m *HeatMap) check() error {
	c := &checker{picture: "matrix"}
	c.heading(m.Language, m.Title, m.Subtitle)
	if !c.count("rows", len(m.Rows), 1, MaxRows) || !c.count("columns", len(m.Columns), 1, MaxColumns) {
		return c.result()
	}
	for i, name := range m.Rows {
		c.text(fmt.Sprintf("rows[%d]", i), name)
	}
	for j, column := range m.Columns {
		c.text(fmt.Sprintf("columns[%d].name", j), column.Name)
		c.text(fmt.Sprintf("columns[%d].unit", j), column.Unit)
	}
	if m.Omitted < 0 {
		c.refuse(ErrInvalid, "omitted", fmt.Sprint(m.Omitted), "must not be negative")
	}
	if len(m.Cells) != len(m.Rows) {
		c.refuse(ErrInvalid, "cells", fmt.Sprint(len(m.Cells)), fmt.Sprintf("there are %d rows", len(m.Rows)))
		return c.result()
	}
	for i, row := range m.Cells {
		if len(row) != len(m.Columns) {
			c.refuse(ErrInvalid, fmt.Sprintf("cells[%d]", i), fmt.Sprint(len(row)), fmt.Sprintf("there are %d columns", len(m.Columns)))
			return c.result()
		}
		for j, cell := range row {
			if !cell.Empty {
				c.amount(fmt.Sprintf("cells[%d][%d].value", i, j), cell.Value)
				c.text(fmt.Sprintf("cells[%d][%d].text", i, j), cell.Text)
			}
		}
	}
	return c.result()
}

// describe says in words what the picture shows at a glance: for each column, who has most.
func (m *HeatMap) describe() string {
	words := m.Language.words()
	sentences := []string{words.matrixOf(len(m.Rows), len(m.Columns))}
	if m.unitsDiffer() {
		sentences = append(sentences, strings.TrimSuffix(words.unitsDiffer, "."))
	}
	for j, column := range m.Columns {
		most := -1
		for i := range m.Rows {
			if cell := m.Cells[i][j]; !cell.Empty && cell.Value.IsPositive() && (most < 0 || cell.Value.GreaterThan(m.Cells[most][j].Value)) {
				most = i
			}
		}
		if most >= 0 {
			sentences = append(sentences, words.mostIn(column.Name, m.Rows[most], m.exact(most, j)))
		}
	}
	return strings.Join(sentences, ". ") + "."
}

func (m *HeatMap) unitsDiffer() bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Unit != m.Columns[0].Unit })
}

// exact writes a cell in full.
func (m *HeatMap) exact(i, j int) string {
	cell, unit := m.Cells[i][j], m.Columns[j].Unit
	switch value := m.Language.Amount(cell.Value, unit); {
	case cell.Empty:
		return "–"
	case cell.Text != "":
		return cell.Text + " (" + value + ")"
	default:
		return value
	}
}
