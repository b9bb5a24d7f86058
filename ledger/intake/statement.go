package intake

import (
	"cmp"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Movement is one line of a bank statement: money that came onto the account or left it.
type Movement struct {
	Line         int    // of the file, from 1
	Key          string // the same for the same line of any file, see the package page
	ID           string // what the bank calls the line; "" without an id column
	Account      string // IBAN or number of the account, as the file or the options say; "" if neither does
	Date         codesocial.Date
	ValueDate    codesocial.Date // zero if the file does not say
	Amount       decimal.Decimal // positive: it came in; negative: it went out; including VAT; with no more decimals than the currency has
	Currency     string          // code; that of the options if the file does not say
	Label        string
	Reference    string
	Counterparty string
}

// StatementOptions say what [ReadStatement] should expect; nil means the zero value.
type StatementOptions struct {
	// Currency is the ISO 4217 code of the currency of the account; "" for EUR. No other may stand beside an amount or in a column of its own.
	Currency string
	// Account is the IBAN or number of the account, of an organisation that has several: else equal lines of two of them, such as the fees of a month, have the
	// same key. A statement in XML says it itself.
	Account string
	// Columns say which columns are what, of a file with names that are not known here.
	Columns Columns
}

var statementFields = []field{
	{"date", true, []string{
		"date", "date operation", "date de l operation", "date d operation", "operation date", "date de comptabilisation", "date comptable", "booking date",
		"transaction date", "posting date", "completed date", "dateop",
	}},
	{"value date", false, []string{"date de valeur", "date valeur", "value date", "valeur", "dateval"}},
	{"label", false, []string{
		"label", "libelle", "libelle operation", "libelle de l operation", "libelle complet", "libelle simplifie", "description", "intitule",
		"details", "detail", "memo", "communication", "nature de l operation", "informations complementaires",
	}},
	{"amount", false, []string{
		"amount", "montant", "montant eur", "montant euros", "montant en euros", "montant de l operation", "montant operation", "amount eur",
		"transaction amount",
	}},
	{"debit", false, []string{"debit", "debits", "debit eur", "debit euros", "montant debit", "money out", "paid out"}},
	{"credit", false, []string{"credit", "credits", "credit eur", "credit euros", "montant credit", "money in", "paid in"}},
	{"currency", false, []string{"currency", "devise", "monnaie", "currency code", "code devise"}},
	{"id", false, []string{"id", "identifiant", "transaction id", "uuid", "fitid"}},
	{"reference", false, []string{
		"reference", "ref", "reference de l operation", "reference operation", "numero d operation", "no operation", "n operation", "payment reference",
		"end to end id", "cheque", "numero de cheque",
	}},
	{"counterparty", false, []string{
		"counterparty", "counterparty name", "tiers", "nom du tiers", "contrepartie", "payee", "payer", "beneficiaire", "emetteur",
		"nom de la contrepartie", "partner name",
	}},
}

// ReadStatement reads a bank statement in CSV. file names it in messages. Required are a date and either an amount with a sign, or one column of debits
// and one of credits, as the bank means them: a credit is money that came in. Exactly one of the two is filled in on a line; a debit may have a minus
// sign or none. Other columns, such as the balance after each line, are passed over.
func ReadStatement(file string, r io.Reader, opts *StatementOptions) (*Sheet[Movement], error) {
	if opts == nil {
		opts = &StatementOptions{}
	}
	t, err := readTable(file, r, statementFields, opts.Columns)
	if err != nil {
		return nil, err
	}
	inTwo := t.has("debit") || t.has("credit")
	switch {
	case inTwo && !(t.has("debit") && t.has("credit")):
		return nil, wholeFile(ErrHeader, file, 1, "", "needs a column of debits and one of credits, or one of amounts with their sign")
	case !inTwo && !t.has("amount"):
		return nil, wholeFile(ErrHeader, file, 1, "", "no column for the amount: call it amount or montant, or debit and credit")
	}
	amounts, err := newMoneyReader(t, cmp.Or(opts.Currency, "EUR"), "amount", "debit", "credit")
	if err != nil {
		return nil, err
	}
	read := statementReader{moneyReader: *amounts, inTwo: inTwo, account: opts.Account}
	lines := make([]Movement, 0, len(t.rows))
	t.each(func(r row) { lines = append(lines, read.movement(r)) })
	if err := t.err(); err != nil {
		return nil, err
	}
	assignMovementKeys(lines)
	return &Sheet[Movement]{Lines: lines, Layout: t.layout}, nil
}

// assignMovementKeys sets the keys. Lines equal in everything are exchangeable.
func assignMovementKeys(lines []Movement) {
	assignKeys(
		lines,
		func(m *Movement) string { return m.ID },
		func(m *Movement) []string {
			parts := []string{
				"statement", m.Date.String(), m.ValueDate.String(), m.Amount.String(), m.Currency, m.Label, m.Reference, m.Counterparty,
			}
			if m.Account != "" {
				parts = append(parts, m.Account)
			}
			return parts
		},
		func(a, b *Movement) int { return 0 },
		func(m *Movement, key string) { m.Key = key },
	)
}

type statementReader struct {
	moneyReader
	inTwo   bool
	account string
}

// movement reads one row and notes what is wrong with it.
func (t *statementReader) movement(r row) Movement {
	m := Movement{
		Line: r.line, ID: t.id(r, t.ids), Account: t.account, Date: t.date(r), Label: t.text(r, "label"), Currency: t.currency,
		Reference: t.word(r, "reference", false), Counterparty: t.word(r, "counterparty", false),
	}
	if cell := t.cell(r, "value date"); cell != "" {
		var err error
		if m.ValueDate, err = parseDate(cell); err != nil {
			t.bad(r, "value date", "%v", err)
		}
	}
	if code := canonicalUnit(t.word(r, "currency", false)); code != "" && !strings.EqualFold(code, t.currency) {
		t.bad(r, "currency", "the account is in %s", t.currency)
	}
	m.Amount = t.signed(r)
	return m
}

// signed returns the row's amount, positive for money that came in.
func (t *statementReader) signed(r row) decimal.Decimal {
	if !t.inTwo {
		return t.amount(r, "amount")
	}
	debit, credit := t.cell(r, "debit"), t.cell(r, "credit")
	debitIs, creditIs := filled(debit), filled(credit)
	switch {
	case debitIs == creditIs && debitIs:
		t.bad(r, "credit", "the line has a debit too")
	case debitIs == creditIs:
		t.bad(r, "debit", "the amount is missing")
	case debitIs:
		return t.amount(r, "debit").Abs().Neg()
	default:
		return t.positive(r, "credit")
	}
	return decimal.Zero
}

// filled reports whether a cell has an amount other than nothing and zero, which some banks write in the column that is not meant.
func filled(cell string) bool { return strings.Trim(cell, "0.,-+€ \u00a0\u202f") != "" }
