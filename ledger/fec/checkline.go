package fec

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
)

// line checks a line and adds it to its entry.
func (c *checker) line(text string) error {
	if c.report.Lines == MaxLines {
		return fmt.Errorf("%w: %s: has more than %d lines", ErrLimit, c.report.File, MaxLines)
	}
	c.report.Lines++
	c.cells = c.cells[:0]
	separator := string(c.report.Separator)
	for cell := range strings.SplitSeq(text, separator) {
		if len(c.cells) == MaxColumns+1 {
			break
		}
		c.cells = append(c.cells, cell)
	}
	if len(c.cells) == c.width+1 && c.cells[c.width] == "" {
		c.cells = c.cells[:c.width]
		c.noteTrailing()
	}
	if len(c.cells) != c.width {
		c.find(Finding{Line: c.source.number, Value: fmt.Sprint(len(c.cells)), Detail: fmt.Sprint(c.width)}, "field-count")
		if len(c.cells) < 2 {
			return nil
		}
	}
	l := c.read()
	c.total(l)
	c.checkOrder(l)
	if err := c.addToEntry(l); err != nil {
		return err
	}
	if c.options.Line != nil {
		return c.options.Line(l)
	}
	return nil
}

// cell returns what the line has in a field, "" if the file has no such column.
func (c *checker) cell(field int) string {
	place := c.places[field]
	if place < 0 || place >= len(c.cells) {
		return ""
	}
	return c.cells[place]
}

// bad notes that a field does not keep to a rule.
func (c *checker) bad(field int, id, wanted string) {
	c.find(Finding{
		Line: c.source.number, Column: max(c.places[field], 0) + 1, Name: c.name(field), Value: c.cell(field), Detail: wanted,
	}, id)
}

func (c *checker) name(field int) string {
	switch {
	case c.report.Signed && field == debit:
		return montant
	case c.report.Signed && field == credit:
		return sens
	case field >= len(columns):
		return further[field-len(columns)]
	}
	return columns[field]
}

// read reads the fields of a line and checks each.
func (c *checker) read() *Line {
	l := &Line{Number: c.source.number}
	l.Journal, l.JournalName = c.text(journalCode, "usual"), c.text(journalLib, "usual")
	l.Entry, l.Date = c.text(ecritureNum, "mandatory"), c.day(ecritureDate, "mandatory")
	l.Account, l.AccountName = c.text(compteNum, "mandatory"), c.text(compteLib, "mandatory")
	l.Auxiliary, l.AuxiliaryName = c.text(compAuxNum, ""), c.text(compAuxLib, "")
	l.Document, l.DocumentDate = c.text(pieceRef, "usual"), c.day(pieceDate, "usual")
	l.Label = c.text(ecritureLib, "mandatory")
	l.Match, l.MatchDate = c.text(ecritureLet, ""), c.day(dateLet, "")
	l.Validated = c.day(validDate, "usual")
	l.Currency = c.text(iDevise, "")
	l.PaidOn, l.PaidBy, l.Nature, l.Client = c.day(dateRglt, ""), c.text(modeRglt, ""), c.text(natOp, ""), c.text(idClient, "")
	if l.Account != "" && !threeDigits(l.Account) {
		c.bad(compteNum, "account", "")
	}
	c.sides(l)
	if foreign := strings.TrimSpace(c.cell(montantDevise)); foreign != "" {
		l.Foreign = c.amount(montantDevise)
		if l.Currency == "" && !l.Foreign.IsZero() {
			c.bad(iDevise, "currency", "")
		}
	} else if l.Currency != "" {
		c.bad(montantDevise, "currency", "")
	}
	if (l.Match == "") != (c.cell(dateLet) == "") {
		c.bad(ecritureLet, "matching", "")
	}
	if !c.closing.IsZero() && l.Date.After(c.closing) {
		c.bad(ecritureDate, "period", c.closing.Format("20060102"))
	}
	return l
}

func threeDigits(account string) bool {
	return len(account) >= 3 && strings.Trim(account[:3], "0123456789") == ""
}

// text returns a field; rule is broken when it is empty.
func (c *checker) text(field int, rule string) string {
	cell := c.cell(field)
	if strings.TrimSpace(cell) == "" {
		if rule != "" {
			c.bad(field, rule, "")
		}
		return ""
	}
	if strings.ContainsFunc(cell, unicode.IsControl) {
		c.bad(field, "control", "")
	}
	return strings.TrimSpace(cell)
}

// day returns a date field; rule is broken when it is empty.
func (c *checker) day(field int, rule string) time.Time {
	cell := strings.TrimSpace(c.cell(field))
	if cell == "" {
		if rule != "" {
			c.bad(field, rule, "")
		}
		return time.Time{}
	}
	day, broken := parseDate(cell)
	if broken != "" {
		c.bad(field, broken, "")
	}
	return day
}

// amount returns a field with an amount, zero if it cannot be read.
func (c *checker) amount(field int) decimal.Decimal {
	if strings.TrimSpace(c.cell(field)) == "" {
		c.bad(field, "mandatory", "0,00")
		return decimal.Zero
	}
	places := euroPlaces
	if field == montantDevise {
		places = foreignPlaces
	}
	amount, broken := parseAmount(c.cell(field), places)
	if broken != "" {
		c.bad(field, broken, "")
	}
	return amount
}

// sides reads debit and credit.
func (c *checker) sides(l *Line) {
	if !c.report.Signed {
		l.Debit, l.Credit = c.amount(debit), c.amount(credit)
		if l.Debit.IsZero() == l.Credit.IsZero() {
			c.bad(debit, "sides", "")
		}
		if l.Debit.IsNegative() {
			c.bad(debit, "negative", "")
		}
		if l.Credit.IsNegative() {
			c.bad(credit, "negative", "")
		}
		return
	}
	amount := c.amount(debit)
	if amount.IsZero() {
		c.bad(debit, "sides", "")
	}
	if amount.IsNegative() {
		c.bad(debit, "negative", "")
	}
	switch strings.ToUpper(strings.TrimSpace(c.cell(credit))) {
	case "D", "+1", "1", "+":
		l.Debit = amount
	case "C", "-1", "-":
		l.Credit = amount
	default:
		c.bad(credit, "sense", "")
		l.Debit = amount
	}
}

// total adds a line to the totals.
func (c *checker) total(l *Line) {
	r := c.report
	r.Debit, r.Credit = r.Debit.Add(l.Debit), r.Credit.Add(l.Credit)
	if !l.Date.IsZero() {
		if r.From.IsZero() || l.Date.Before(r.From) {
			r.From = l.Date
		}
		if l.Date.After(r.To) {
			r.To = l.Date
		}
	}
	i, ok := c.journals[l.Journal]
	if !ok {
		if len(r.Journals) == maxJournals {
			return
		}
		i = len(r.Journals)
		c.journals[l.Journal] = i
		r.Journals = append(r.Journals, Journal{Code: l.Journal, Name: l.JournalName})
	}
	j := &r.Journals[i]
	j.Lines++
	j.Debit, j.Credit = j.Debit.Add(l.Debit), j.Credit.Add(l.Credit)
}

// maxJournals is how many journals a report lists.
const maxJournals = 10_000

// checkOrder checks that lines stand in the order of their validation, and opening balances first.
func (c *checker) checkOrder(l *Line) {
	if !l.Validated.IsZero() {
		if l.Validated.Before(c.validated) && !c.disorder {
			c.disorder = true // one line out of order puts many others out of order
			c.bad(validDate, "validation-order", c.validated.Format("20060102"))
		}
		c.validated = l.Validated
	}
	switch strings.ToUpper(l.Journal) {
	case "AN", "RAN", "ANO", "OUV":
		if c.begun && !c.late {
			c.late = true
			c.bad(journalCode, "opening-first", "")
		}
	default:
		c.begun = true
	}
}
