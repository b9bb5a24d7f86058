package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/commonstocommons/codesocial/ledger/fec"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// fecCheck prints what a FEC says and everything that is wrong with it. The error says that there is a violation.
func fecCheck(_ context.Context, c *call) (err error) {
	lang := c.flags.String("lang", "en", "say what is found in this `language`, fr or en")
	name, err := c.parse()
	if err != nil {
		return err
	}
	if *lang != "fr" && *lang != "en" {
		return fmt.Errorf("-lang %q: must be fr or en", *lang)
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(c.stdout)
	defer func() { err = errors.Join(err, out.Flush()) }()
	words := checkWords[*lang]
	report, err := fec.Check(name, f, &fec.Options{Found: func(f fec.Finding) {
		level := words.violation
		if f.Rule.Tolerated {
			level = words.tolerated
		}
		fmt.Fprintf(out, "%s: %s\n", level, f.Text(*lang))
	}})
	if err != nil {
		return err
	}
	if report.Columns > 0 {
		fmt.Fprintf(out, words.form+"\n", report.Encoding, report.Separator, report.LineEnds, report.Columns)
	}
	for _, j := range report.Journals {
		fmt.Fprintf(out, words.journal+"\n", visible(j.Code), visible(j.Name), j.Lines, j.Debit.StringFixed(2), j.Credit.StringFixed(2))
	}
	fmt.Fprintf(out, words.total+"\n", report.Lines, report.Entries, report.Debit.StringFixed(2), report.Credit.StringFixed(2))
	fmt.Fprintf(out, words.found+"\n", report.Broken, report.Tolerated)
	if !report.Valid() {
		return fmt.Errorf(words.invalid, name, report.Broken)
	}
	return nil
}

// visible returns a text from a file with its control characters spelled out, so that a terminal does not obey them.
func visible(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

type checkTexts struct{ violation, tolerated, form, journal, total, found, invalid string }

var checkWords = map[string]checkTexts{
	"en": {
		"violation", "tolerated", "encoding %s, separator %q, line ends %s, %d columns", "journal %s (%s): %d lines, debit %s, credit %s",
		"%d lines, %d entries, total debit %s, total credit %s", "%d violations, %d tolerated", "%s: %d violations",
	},
	"fr": {
		"anomalie", "toléré", "codage %s, séparateur %q, fins de ligne %s, %d zones", "journal %s (%s) : %d lignes, débit %s, crédit %s",
		"%d lignes, %d écritures, total débit %s, total crédit %s", "%d anomalies, %d tolérances", "%s : %d anomalies",
	},
}

// balance prints the balances of a file of plain-text accounting.
func balance(_ context.Context, c *call) error {
	language := c.flags.String("format", "", "read it as `hledger`, ledger or beancount (default: what the file's name says)")
	name, err := c.parse()
	if err != nil {
		return err
	}
	format := plaintext.FormatOf(name)
	if *language != "" {
		if format, err = plaintext.ParseFormat(*language); err != nil {
			return err
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	balances, err := plaintext.BalanceOf(name, f, format)
	if err != nil {
		return err
	}
	width := 0
	for _, b := range balances.Balances {
		width = max(width, utf8.RuneCountInString(b.Account))
	}
	out := bufio.NewWriter(c.stdout)
	for _, b := range balances.Balances {
		fmt.Fprintf(out, "%-*s  %16s %s\n", width, b.Account, b.Amount.StringFixed(-b.Amount.Exponent()), b.Commodity)
	}
	fmt.Fprintf(out, "%d transactions, %d postings\n", balances.Transactions, balances.Postings)
	return out.Flush()
}
