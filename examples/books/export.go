package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/fec"
	"github.com/commonstocommons/codesocial/ledger/handover"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// export writes the books of a directory.
func export(ctx context.Context, c *call) error {
	format := c.flags.String("format", "", "`fec`, hledger, ledger or beancount (required)")
	output := c.flags.String("o", "", "write to this new `file`; for fec a directory, in which the file gets the name that the tax office asks for (default: standard output)")
	siren := c.flags.String("siren", "", "the nine `digits` of the SIREN, for fec with -o")
	chartFile := c.flags.String("chart", "", "a JSON `file` with the accounts of your accountant, for fec (default: the French general chart)")
	rates := c.flags.String("rates", "", "euros for one unit of other currencies, for fec: `USD=0.92,JPY=0.0061`")
	days := c.period()
	dir, err := c.parse()
	if err != nil {
		return err
	}
	if *format == "" {
		return errors.New("-format must say which: fec, hledger, ledger or beancount")
	}
	if *format == "fec" {
		options, err := fecOptions(*chartFile, *rates)
		if err != nil {
			return err
		}
		return readBooks(ctx, dir, func(s *codesocial.State, b *ledger.Books) error {
			if options.From, options.Closing, err = days.days(b); err != nil {
				return err
			}
			return c.exportFEC(s, b, options, *siren, *output)
		})
	}
	if *siren != "" || *chartFile != "" || *rates != "" {
		return errors.New("-siren, -chart and -rates belong to -format fec")
	}
	language, err := plaintext.ParseFormat(*format)
	if err != nil {
		return err
	}
	return readBooks(ctx, dir, func(s *codesocial.State, b *ledger.Books) error {
		var f ledger.Filter
		if days.from != "" || days.to != "" {
			if f.From, f.To, err = days.days(b); err != nil {
				return err
			}
		}
		transactions, _ := handover.PlainText(s, b, f)
		return c.writeTo(*output, func(w io.Writer) error { return plaintext.Write(w, language, transactions) })
	})
}

func (c *call) exportFEC(s *codesocial.State, b *ledger.Books, options handover.FECOptions, siren, dir string) error {
	lines, err := handover.FEC(s, b, options)
	if err != nil {
		return err
	}
	closing := options.Closing.In(nil)
	file := ""
	if dir != "" {
		name, err := fec.FileName(siren, closing)
		if err != nil {
			return fmt.Errorf("-siren: %w", err)
		}
		file = filepath.Join(dir, name)
	}
	return c.writeTo(file, func(w io.Writer) error { return fec.Write(w, closing, lines) })
}

// fecOptions reads the chart and the rates.
func fecOptions(chartFile, rates string) (handover.FECOptions, error) {
	options := handover.FECOptions{Rates: make(map[string]decimal.Decimal)}
	if chartFile != "" {
		f, err := os.Open(chartFile)
		if err != nil {
			return options, err
		}
		defer f.Close()
		chart, err := handover.ParseChart(f)
		if err != nil {
			return options, fmt.Errorf("%s: %w", chartFile, err)
		}
		options.Chart = &chart
	}
	if rates == "" {
		return options, nil
	}
	for rate := range strings.SplitSeq(rates, ",") {
		currency, value, ok := strings.Cut(rate, "=")
		d, err := decimal.NewFromString(value)
		if !ok || err != nil {
			return options, fmt.Errorf("-rates %q: must be as in USD=0.92", rate)
		}
		options.Rates[currency] = d
	}
	return options, nil
}

// statement writes what one person gave and received.
func statement(ctx context.Context, c *call) error {
	person := c.flags.String("person", "", "the `name` or the IRI of the person or organization (required)")
	format := c.flags.String("format", "md", "a page (`md`) or a sheet (csv)")
	lang := c.flags.String("lang", "en", "write the page in this `language`, fr or en")
	output := c.flags.String("o", "", "write to this new `file` (default: standard output)")
	days := c.period()
	dir, err := c.parse()
	if err != nil {
		return err
	}
	if *person == "" || *format != "md" && *format != "csv" || *lang != "fr" && *lang != "en" {
		return errors.New("needs -person; -format is md or csv, -lang fr or en")
	}
	return readBooks(ctx, dir, func(s *codesocial.State, b *ledger.Books) error {
		party, err := findParty(s, *person)
		if err != nil {
			return err
		}
		from, to, err := days.days(b)
		if err != nil {
			return err
		}
		st, err := handover.StatementOf(s, b, party, from, to)
		if err != nil {
			return err
		}
		return c.writeTo(*output, func(w io.Writer) error {
			if *format == "csv" {
				return st.CSV(w)
			}
			return st.Markdown(w, *lang)
		})
	})
}

// findParty returns the IRI of the party of that name, which must be one.
func findParty(s *codesocial.State, name string) (string, error) {
	if _, ok := s.Party(name); ok {
		return name, nil
	}
	var found []string
	for p := range s.Parties() {
		if p.Name == name {
			found = append(found, p.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("-person %q: nobody of that name is registered", name)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("-person %q: is the name of several: give one of %s", name, strings.Join(found, ", "))
}
