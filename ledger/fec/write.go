package fec

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
)

// Write writes lines as the file of a financial year that ends on closing: tabs, CRLF, UTF-8 without byte order mark, the names of the columns,
// amounts with two decimals behind a comma. Nothing is written unless the file passes [Check] without a finding: entries that
// balance, numbers without gap, lines in the order of their validation, and so on; the error then wraps [ErrInvalid] and names the
// line, counted from 1 without the header, and the rule. Texts are for people: they are brought to one line with single spaces.
func Write(w io.Writer, closing time.Time, lines []Line) error {
	var b bytes.Buffer
	b.WriteString(strings.Join(columns[:], "\t") + "\r\n")
	for i := range lines {
		if err := writeLine(&b, &lines[i]); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	// The name of the file is for the caller to choose; here it is one that breaks no rule.
	report, err := Check("000000000FEC"+closing.Format("20060102")+".txt", bytes.NewReader(b.Bytes()), &Options{Closing: closing})
	if err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		f := report.Findings[0]
		f.File, f.Line = "lines", max(0, f.Line-1)
		return fmt.Errorf("%w: %s", ErrInvalid, f.Text("en"))
	}
	_, err = w.Write(b.Bytes())
	return err
}

func writeLine(b *bytes.Buffer, l *Line) error {
	amounts := make([]string, 3)
	for i, a := range []decimal.Decimal{l.Debit, l.Credit, l.Foreign} {
		places := int32(euroPlaces)
		if i == 2 {
			places = min(max(places, -a.Exponent()), foreignPlaces)
		}
		if a.Exponent() > maxExponent || a.Exponent() < -30 || a.NumDigits() > maxDigits || !a.Equal(a.Truncate(places)) {
			return fmt.Errorf("%w: amount: must have at most %d digits and %d decimals", ErrInvalid, maxDigits, places)
		}
		amounts[i] = strings.ReplaceAll(a.StringFixed(places), ".", ",")
	}
	if l.Currency == "" {
		if !l.Foreign.IsZero() {
			return fmt.Errorf("%w: Montantdevise: has no currency", ErrInvalid)
		}
		amounts[2] = ""
	}
	fields := []string{
		l.Journal, l.JournalName, l.Entry, date(l.Date), l.Account, l.AccountName, l.Auxiliary, l.AuxiliaryName, l.Document,
		date(l.DocumentDate), l.Label, amounts[0], amounts[1], l.Match, date(l.MatchDate), date(l.Validated), amounts[2], l.Currency,
	}
	for i, field := range fields {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(text(field))
	}
	b.WriteString("\r\n")
	return nil
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("20060102")
}

// text brings a text to one line.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}
