package intake

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger/internal/charset"
)

// The elements of camt.053 that are read, by the names of ISO 20022: those that its versions 02 to 08 have in common.
type (
	camtAmount struct {
		Value    string `xml:",chardata"`
		Currency string `xml:"Ccy,attr"`
	}
	camtDay struct {
		Date string `xml:"Dt"`
		Time string `xml:"DtTm"`
	}
	camtBalance struct {
		Type      string     `xml:"Tp>CdOrPrtry>Cd"`
		Amount    camtAmount `xml:"Amt"`
		Direction string     `xml:"CdtDbtInd"`
	}
	camtParty struct {
		Name   string `xml:"Nm"`
		Nested string `xml:"Pty>Nm"` // from version 08 on
	}
	camtAccount struct {
		IBAN  string `xml:"Id>IBAN"`
		Other string `xml:"Id>Othr>Id"`
	}
	camtEntry struct {
		Reference   string     `xml:"NtryRef"`
		Amount      camtAmount `xml:"Amt"`
		Direction   string     `xml:"CdtDbtInd"`
		Status      camtStatus `xml:"Sts"`
		Booked      camtDay    `xml:"BookgDt"`
		Value       camtDay    `xml:"ValDt"`
		Servicer    string     `xml:"AcctSvcrRef"`
		Information string     `xml:"AddtlNtryInf"`
		Details     []struct {
			EndToEnd string    `xml:"Refs>EndToEndId"`
			Debtor   camtParty `xml:"RltdPties>Dbtr"`
			Creditor camtParty `xml:"RltdPties>Cdtr"`
			Remitted []string  `xml:"RmtInf>Ustrd"`
		} `xml:"NtryDtls>TxDtls"`
	}
	camtStatus struct {
		Text string `xml:",chardata"`
		Code string `xml:"Cd"` // from version 08 on
	}
)

// ReadCAMT reads the booked entries of bank statements in XML, as ISO 20022 defines them (camt.053, versions 02 to 08), of one or several accounts in
// one currency, which each [Movement] names. file names it in messages. Entries that are not booked yet are passed over. Where a statement has its opening and its closing balance, the
// entries must lead from one to the other. The options' Columns and Account are not used.
func ReadCAMT(file string, r io.Reader, opts *StatementOptions) ([]Movement, error) {
	read := camtReader{file: file, currency: "EUR"}
	if opts != nil && opts.Currency != "" {
		read.currency = opts.Currency
	}
	var err error
	if read.places, err = places(file, read.currency); err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: r, N: MaxFileBytes + 1}
	buffered := bufio.NewReader(limited)
	first, _ := buffered.Peek(8) // what keeps it from reading keeps the decoder too
	if err := checkSignature(file, first); err != nil {
		return nil, err
	}
	read.decoder = xml.NewDecoder(buffered)
	read.decoder.CharsetReader = decodeXML
	err = read.document()
	switch {
	case limited.N == 0:
		return nil, wholeFile(ErrLimit, file, 0, "", "has more than %d MiB: split it, by month", MaxFileBytes>>20)
	case err != nil:
		return nil, err
	case len(read.problems) > 0:
		return nil, NewError(read.problems)
	}
	assignMovementKeys(read.movements)
	return read.movements, nil
}

// decodeXML reads the 8-bit encodings that an XML declaration may name.
func decodeXML(label string, input io.Reader) (io.Reader, error) {
	e, ok := map[string]charset.Encoding{"iso-8859-15": charset.Latin9, "windows-1252": charset.Windows1252, "iso-8859-1": charset.Windows1252}[strings.ToLower(label)]
	if !ok {
		return nil, fmt.Errorf("encoding %q is not known here", label)
	}
	text, err := io.ReadAll(input)
	return bytes.NewReader(charset.Decode(nil, text, e)), err
}

type camtReader struct {
	file      string
	decoder   *xml.Decoder
	currency  string
	places    int // decimals that it has
	movements []Movement
	problems  []Problem

	// of the statement that is being read
	sum              decimal.Decimal
	opening, closing *decimal.Decimal
	account          string
}

func (c *camtReader) line() int {
	line, _ := c.decoder.InputPos()
	return line
}

// bad notes a problem of the element that begins on the line.
func (c *camtReader) bad(line int, element, value, reason string, args ...any) {
	if len(c.problems) <= MaxProblems {
		c.problems = append(c.problems, Problem{File: c.file, Line: line, Value: value, Reason: element + ": " + fmt.Sprintf(reason, args...)})
	}
}

// malformed says why the XML cannot be read.
func (c *camtReader) malformed(err error) error {
	var syntax *xml.SyntaxError
	reason := err.Error()
	if errors.As(err, &syntax) {
		reason = syntax.Msg
	}
	reason = strings.Map(func(r rune) rune { // it shows parts of the file as they are
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(reason, "\ufffd"))
	return wholeFile(ErrHeader, c.file, c.line(), "", "is no bank statement in XML (camt.053): %s", reason)
}

// document reads all statements.
func (c *camtReader) document() error {
	found := false
	for {
		token, err := c.decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && found:
			return nil
		case errors.Is(err, io.EOF):
			return c.malformed(errors.New("it has no element BkToCstmrStmt"))
		case err != nil:
			return c.malformed(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "BkToCstmrStmt" {
				found = true
			}
			if err := c.element(t); err != nil {
				return err
			}
		case xml.EndElement:
			if t.Name.Local == "Stmt" {
				c.endStatement()
			}
		}
	}
}

// element reads an element of a statement.
func (c *camtReader) element(t xml.StartElement) error {
	line := c.line()
	switch t.Name.Local {
	case "Stmt":
		c.sum, c.opening, c.closing, c.account = decimal.Zero, nil, nil, ""
	case "Acct":
		var a camtAccount
		if err := c.decoder.DecodeElement(&a, &t); err != nil {
			return c.malformed(err)
		}
		c.account = c.text(line, "Acct", cmp.Or(a.IBAN, a.Other))
	case "Bal":
		var b camtBalance
		if err := c.decoder.DecodeElement(&b, &t); err != nil {
			return c.malformed(err)
		}
		amount := c.amount(line, b.Amount, b.Direction)
		switch b.Type {
		case "OPBD":
			c.opening = &amount
		case "CLBD":
			c.closing = &amount
		}
	case "Ntry":
		var e camtEntry
		if err := c.decoder.DecodeElement(&e, &t); err != nil {
			return c.malformed(err)
		}
		c.entry(line, &e)
	}
	return nil
}

// endStatement checks that the entries lead from the opening balance to the closing one.
func (c *camtReader) endStatement() {
	if c.opening != nil && c.closing != nil && !c.opening.Add(c.sum).Equal(*c.closing) {
		c.bad(c.line(), "Stmt", c.closing.String(), "the entries lead to %s: some are missing, or the file was changed", c.opening.Add(c.sum))
	}
}

// amount returns an amount, positive for a credit. It notes what is wrong with it.
func (c *camtReader) amount(line int, a camtAmount, direction string) decimal.Decimal {
	n, err := parseNumber(strings.TrimSpace(a.Value), c.places)
	switch {
	case err != nil:
		c.bad(line, "Amt", a.Value, "%v", err)
		return decimal.Zero
	case n.point == ',' || n.value.IsNegative():
		c.bad(line, "Amt", a.Value, "must be a positive number with a decimal point")
	case a.Currency != c.currency:
		c.bad(line, "Amt", a.Currency, "the account is in %s", c.currency)
	}
	switch strings.TrimSpace(direction) {
	case "CRDT":
		return n.value
	case "DBIT":
		return n.value.Neg()
	}
	c.bad(line, "CdtDbtInd", direction, "must be CRDT or DBIT")
	return decimal.Zero
}

// entry reads an entry, if it is booked.
func (c *camtReader) entry(line int, e *camtEntry) {
	if status := strings.TrimSpace(e.Status.Text + e.Status.Code); status != "BOOK" {
		return
	}
	if len(c.movements) == MaxRows {
		c.bad(line, "Ntry", "", "is one more than %d entries: split the file, by month", MaxRows)
		return
	}
	m := Movement{Line: line, Account: c.account, Amount: c.amount(line, e.Amount, e.Direction), Currency: c.currency}
	c.sum = c.sum.Add(m.Amount)
	m.Date = c.day(line, "BookgDt", e.Booked, true)
	m.ValueDate = c.day(line, "ValDt", e.Value, false)
	var label []string
	for _, d := range e.Details {
		if d.EndToEnd != "" && d.EndToEnd != "NOTPROVIDED" && m.Reference == "" {
			m.Reference = c.text(line, "EndToEndId", d.EndToEnd)
		}
		other := d.Debtor
		if m.Amount.IsNegative() {
			other = d.Creditor
		}
		if m.Counterparty == "" {
			m.Counterparty = c.text(line, "Nm", other.Name+other.Nested)
		}
		label = append(label, d.Remitted...)
	}
	if m.Reference == "" {
		m.Reference = c.text(line, "AcctSvcrRef", e.Servicer)
	}
	if m.Reference == "" {
		m.Reference = c.text(line, "NtryRef", e.Reference)
	}
	m.Label = c.text(line, "Ustrd", strings.Join(label, " "))
	if m.Label == "" {
		m.Label = c.text(line, "AddtlNtryInf", e.Information)
	}
	c.movements = append(c.movements, m)
}

// text returns a text on one line.
func (c *camtReader) text(line int, element, s string) string {
	text, err := cleanText(strings.Join(strings.Fields(s), " "))
	if err != nil {
		c.bad(line, element, s, "%v", err)
	}
	return text
}

// day returns the day of an element.
func (c *camtReader) day(line int, element string, d camtDay, required bool) codesocial.Date {
	text := strings.TrimSpace(d.Date)
	if text == "" {
		text, _, _ = strings.Cut(strings.TrimSpace(d.Time), "T")
	}
	if text == "" && !required {
		return codesocial.Date{}
	}
	day, err := codesocial.ParseDate(strings.TrimSuffix(text, "Z"))
	if err != nil || day.Year < MinYear || day.Year > MaxYear {
		c.bad(line, element, text, "must be a day as in 2025-12-31")
	}
	return day
}
