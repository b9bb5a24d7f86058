package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// mapping reads "person=Qui,date=Quand".
func mapping(s string) (intake.Columns, error) {
	if s == "" {
		return nil, nil
	}
	columns := make(intake.Columns)
	for pair := range strings.SplitSeq(s, ",") {
		field, column, ok := strings.Cut(pair, "=")
		if !ok || strings.TrimSpace(column) == "" {
			return nil, fmt.Errorf("-map %q: must be FIELD=COLUMN, as in person=Who", pair)
		}
		columns[strings.TrimSpace(field)] = column
	}
	return columns, nil
}

// sayLayout says which columns were read as what.
func sayLayout(w io.Writer, l intake.Layout) {
	fmt.Fprintf(w, "encoding %s, separator %q\n", l.Encoding, l.Separator)
	for i, c := range l.Columns {
		fmt.Fprintf(w, "column %d %q: %s\n", i+1, c.Header, cmp.Or(c.Field, "passed over"))
	}
}

// timesheet checks a timesheet, says what it adds up to, and writes it in the form that quickstart takes.
func timesheet(_ context.Context, c *call) error {
	columns := c.flags.String("map", "", "which column is what, as in `person=Qui,quantity=Combien`, of a file with names that are not known")
	output := c.flags.String("o", "", "write the contributions to this new `file`, as quickstart -contributions takes them")
	name, err := c.parse()
	if err != nil {
		return err
	}
	var opts intake.ContributionOptions
	if opts.Columns, err = mapping(*columns); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sheet, err := intake.ReadContributions(name, f, &opts)
	if err != nil {
		return err
	}
	if *output != "" {
		if err := c.writeTo(*output, func(w io.Writer) error { return writeContributions(w, sheet.Lines) }); err != nil {
			return err
		}
	}
	sayLayout(c.stdout, sheet.Layout)
	type key struct{ person, project, kind, unit string }
	sums := make(map[key]decimal.Decimal)
	var keys []key
	for _, l := range sheet.Lines {
		k := key{l.Person, l.Project, l.Kind, l.Unit}
		if _, ok := sums[k]; !ok {
			keys = append(keys, k)
		}
		sums[k] = sums[k].Add(l.Quantity)
	}
	slices.SortFunc(keys, func(x, y key) int {
		return cmp.Or(cmp.Compare(x.person, y.person), cmp.Compare(x.project, y.project), cmp.Compare(x.kind, y.kind), cmp.Compare(x.unit, y.unit))
	})
	for _, k := range keys {
		fmt.Fprintf(c.stdout, "%s, %s, %s: %s %s\n", k.person, k.project, k.kind, sums[k], k.unit)
	}
	_, err = fmt.Fprintf(c.stdout, "%d lines\n", len(sheet.Lines))
	return err
}

// sheetWriter writes a sheet in which no text is a formula.
func sheetWriter(w io.Writer, header []string, rows func(write func(cells ...string))) error {
	out := csv.NewWriter(w)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = intake.SafeCell(cells[i])
		}
		_ = out.Write(cells) // the writer keeps its first error
	}
	write(header...)
	rows(write)
	out.Flush()
	return out.Error()
}

func writeContributions(w io.Writer, lines []intake.Contribution) error {
	header := []string{"date", "person", "organization", "project", "kind", "quantity", "unit", "note", "evidence", "validated by"}
	return sheetWriter(w, header, func(write func(...string)) {
		for _, l := range lines {
			write(l.Date.String(), l.Person, l.Organization, l.Project, l.Kind, l.Quantity.String(), l.Unit, l.Note, l.Evidence, l.ValidatedBy)
		}
	})
}

// bank checks a bank statement, says what it adds up to, and writes it as a cash book for the treasurer to complete.
func bank(_ context.Context, c *call) error {
	columns := c.flags.String("map", "", "which column is what, as in `date=Quand,amount=Combien`, of a file with names that are not known")
	currency := c.flags.String("currency", "EUR", "the `code` of the account's currency")
	project := c.flags.String("project", "", "the `name` of the project that all lines are for; else the treasurer fills the column in")
	output := c.flags.String("o", "", "write the lines to this new `file`, as quickstart -money takes them; amounts are as the bank has them, VAT included")
	name, err := c.parse()
	if err != nil {
		return err
	}
	opts := intake.StatementOptions{Currency: *currency}
	if opts.Columns, err = mapping(*columns); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	movements, err := c.readStatement(name, f, &opts)
	if err != nil {
		return err
	}
	places, err := ledger.Decimals(*currency)
	if err != nil {
		return err
	}
	if *output != "" {
		if err := c.writeTo(*output, func(w io.Writer) error { return writeCashBook(w, movements, *project, int32(places)) }); err != nil {
			return err
		}
	}
	in, out := decimal.Zero, decimal.Zero
	for _, m := range movements {
		if m.Amount.IsNegative() {
			out = out.Sub(m.Amount)
		} else {
			in = in.Add(m.Amount)
		}
	}
	_, err = fmt.Fprintf(c.stdout, "%d lines, came in %s, went out %s %s\n", len(movements), in.StringFixed(int32(places)), out.StringFixed(int32(places)), *currency)
	return err
}

// readStatement reads a statement in XML when it begins like one, and otherwise in CSV; then it says which column is what.
func (c *call) readStatement(name string, f io.Reader, opts *intake.StatementOptions) ([]intake.Movement, error) {
	r := bufio.NewReader(f)
	start, _ := r.Peek(100) // an error comes again when the file is read
	if bytes.HasPrefix(bytes.TrimLeft(start, "\ufeff \t\r\n"), []byte("<")) {
		return intake.ReadCAMT(name, r, opts)
	}
	sheet, err := intake.ReadStatement(name, r, opts)
	if err != nil {
		return nil, err
	}
	sayLayout(c.stdout, sheet.Layout)
	return sheet.Lines, nil
}

func writeCashBook(w io.Writer, lines []intake.Movement, project string, places int32) error {
	header := []string{"date", "direction", "project", "label", "reference", "counterparty", "amount"}
	return sheetWriter(w, header, func(write func(...string)) {
		for _, m := range lines {
			direction := intake.Receipt
			if m.Amount.IsNegative() {
				direction = intake.Expense
			}
			write(m.Date.String(), string(direction), project, m.Label, m.Reference, m.Counterparty, m.Amount.Abs().StringFixed(places))
		}
	})
}
