package intake

import (
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger/internal/currency"
)

// A Direction says which way money moved.
type Direction string

// The two directions.
const (
	Receipt Direction = "receipt" // cash that came in
	Expense Direction = "expense" // cash that went out
)

// Money is one line of a cash book: money that actually moved, excluding VAT.
type Money struct {
	Line         int    // of the file, from 1
	Key          string // the same for the same line of any file, see the package page
	ID           string // what the file calls the line; "" without an id column
	Date         codesocial.Date
	Project      string // "" for money of the community as a whole
	Direction    Direction
	Amount       decimal.Decimal // excluding VAT, in the currency of the books; more than 0, with no more decimals than the currency has (JPY 0, EUR 2, TND 3)
	Label        string
	Reference    string // of the invoice or receipt; several lines may have the same
	Counterparty string
	Introducer   string // who introduced the customer, of a receipt; "" if nobody
}

// MoneyOptions say what [ReadMoney] should expect; nil means the zero value.
type MoneyOptions struct {
	// Currency is the code of the currency of the books, such as "EUR": it may stand behind or in front of
	// an amount, as code or sign. No other may; if it is empty, none, and amounts have two decimals at most.
	Currency string
	// Columns say which columns are what, of a file with names that are not known here.
	Columns Columns
}

var moneyFields = []field{
	{"date", true, []string{
		"payment date", "date de paiement", "date d encaissement", "date de reglement", "operation date", "date de l operation", "date operation",
		"value date", "date de valeur", "date", "day", "jour", "haspointintime",
	}},
	{"amount", false, []string{
		"amount excl vat", "amount excluding vat", "amount ex vat", "montant ht", "montant hors taxes", "montant hors taxe", "ht",
		"montant ht eur", "montant eur ht", "amount", "montant", "amount eur", "montant eur",
	}},
	{"receipt", false, []string{
		"receipt", "receipts", "recette", "recettes", "recette ht", "recettes ht", "encaissement", "encaissements", "encaissement ht", "encaissements ht",
		"money in", "paid in", "entree", "entrees",
	}},
	{"expense", false, []string{
		"expense", "expenses", "depense", "depenses", "depense ht", "depenses ht", "decaissement", "decaissements", "decaissement ht",
		"decaissements ht", "money out", "paid out", "sortie", "sorties",
	}},
	{"direction", false, []string{"direction", "sens", "type", "flux", "recette depense", "receipt expense", "receipt or expense"}},
	{"id", false, []string{"id", "identifiant", "uuid", "entry id", "external id"}},
	{"project", false, []string{"project", "projet", "project name", "nom du projet", "inscopeof", "in scope of", "chantier", "affaire"}},
	{"label", false, []string{"label", "libelle", "description", "intitule", "objet", "designation", "memo", "note"}},
	{"reference", false, []string{
		"reference", "ref", "piece", "n piece", "no piece", "n de piece", "numero de piece", "invoice", "invoice number", "facture", "n facture",
		"no facture", "n de facture", "numero de facture", "document",
	}},
	{"counterparty", false, []string{
		"counterparty", "tiers", "client fournisseur", "third party", "payer payee", "client", "customer", "fournisseur", "supplier", "payee",
		"payer", "beneficiaire",
	}},
	{"introducer", false, []string{"introducer", "introduced by", "apporteur", "apporteuse", "apporteur d affaires", "apporteur d affaire", "apporte par"}},
}

// ReadMoney reads the receipts and expenses of a CSV file. file names it in messages. Required are a date
// and an amount, excluding VAT, in one of three forms: an amount with a column that says receipt or expense (recette or
// dépense, in or out); a column of receipts and one of expenses, one of which is empty on every line; or an amount
// alone, then a negative one is an expense. "Credit" and "debit" are refused: they mean the opposite on a bank statement
// and in the books.
func ReadMoney(file string, r io.Reader, opts *MoneyOptions) (*Sheet[Money], error) {
	if opts == nil {
		opts = &MoneyOptions{}
	}
	t, err := readTable(file, r, moneyFields, opts.Columns)
	if err != nil {
		return nil, err
	}
	if err := checkAmountColumns(t); err != nil {
		return nil, err
	}
	read, err := newMoneyReader(t, opts.Currency, "amount", "receipt", "expense")
	if err != nil {
		return nil, err
	}
	lines := make([]Money, 0, len(t.rows))
	t.each(func(r row) { lines = append(lines, read.money(r)) })
	if err := t.err(); err != nil {
		return nil, err
	}
	assignMoneyKeys(lines)
	return &Sheet[Money]{Lines: lines, Layout: t.layout}, nil
}

// assignMoneyKeys sets the keys. Lines equal in everything are exchangeable.
func assignMoneyKeys(lines []Money) {
	assignKeys(
		lines,
		func(m *Money) string { return m.ID },
		func(m *Money) []string {
			return []string{
				"money", m.Date.String(), m.Project, string(m.Direction), m.Amount.String(), m.Label, m.Reference, m.Counterparty, m.Introducer,
			}
		},
		func(a, b *Money) int { return 0 },
		func(m *Money, key string) { m.Key = key },
	)
}

// checkAmountColumns returns an error unless the file has amounts in one form, and settles on it.
func checkAmountColumns(t *table) error {
	inTwo := t.has("receipt") || t.has("expense")
	switch {
	case inTwo && t.has("amount"):
		return wholeFile(ErrHeader, t.file, 1, "", "has columns for receipts or expenses beside one for the amount: keep one form")
	case inTwo && !(t.has("receipt") && t.has("expense")):
		return wholeFile(ErrHeader, t.file, 1, "", "needs a column for receipts and one for expenses (recettes, dépenses), or one amount with a direction")
	case !inTwo && !t.has("amount"):
		return wholeFile(ErrHeader, t.file, 1, "", "no column for the amount excluding VAT: call it amount excl. VAT, montant HT, amount or montant")
	}
	if i, ok := t.index["direction"]; ok && inTwo {
		delete(t.index, "direction") // it says nothing that the two columns do not
		t.layout.Columns[i].Field = ""
	}
	return nil
}

type moneyReader struct {
	*table
	currency         string
	places           int // decimals that it has
	decimals         points
	people, projects *spellings
	ids              map[string]int
}

// newMoneyReader returns a reader of amounts in a currency, "" for any, which stand in those of the fields that the table has.
func newMoneyReader(t *table, code string, fields ...string) (*moneyReader, error) {
	read := &moneyReader{table: t, currency: code, people: newSpellings(), projects: newSpellings(), ids: make(map[string]int)}
	var err error
	if read.places, err = places(t.file, code); err != nil {
		return nil, err
	}
	if read.places == 3 {
		read.learnPoints(fields)
	}
	return read, nil
}

// places returns how many decimals the amounts of a currency have, "" for any.
func places(file, code string) (int, error) {
	if code == "" {
		return 2, nil
	}
	n, ok := currency.Decimals(code)
	if !ok {
		return 0, wholeFile(ErrHeader, file, 0, code, "the code of a currency is three capital letters, as in EUR")
	}
	return n, nil
}

// learnPoints finds out which sign is decimal in amounts that may have three decimals. When no amount is without decimals, each such sign is: who groups thousands by
// points has amounts below a thousand too.
func (t *moneyReader) learnPoints(fields []string) {
	var all points
	whole := false
	for _, r := range t.rows {
		for _, field := range fields {
			if r.malformed != "" || !t.has(field) {
				continue
			}
			n, err := parseNumber(t.cutCurrency(t.cell(r, field)), t.places)
			if err != nil || n.value.IsZero() {
				continue
			}
			t.decimals.learn(n)
			whole = whole || n.point == 0
			all.dot, all.comma = all.dot || n.point == '.', all.comma || n.point == ','
		}
	}
	if !whole && all.dot != all.comma {
		t.decimals = all
	}
}

// money reads one row and notes what is wrong with it.
func (t *moneyReader) money(r row) Money {
	m := Money{
		Line:         r.line,
		ID:           t.id(r, t.ids),
		Date:         t.date(r),
		Project:      t.spelled(r, "project", false, t.projects),
		Label:        t.text(r, "label"),
		Reference:    t.word(r, "reference", false),
		Counterparty: t.word(r, "counterparty", false),
		Introducer:   t.spelled(r, "introducer", false, t.people),
	}
	m.Direction, m.Amount = t.movement(r)
	if m.Direction == Expense && m.Introducer != "" {
		t.bad(r, "introducer", "an expense has no introducer")
	}
	return m
}

// movement returns the direction and the amount of the row.
func (t *moneyReader) movement(r row) (Direction, decimal.Decimal) {
	if t.has("receipt") {
		in, out := t.cell(r, "receipt"), t.cell(r, "expense")
		switch {
		case in == "" && out == "":
			t.bad(r, "receipt", "the amount is missing")
			return Receipt, decimal.Zero
		case in != "" && out != "":
			t.bad(r, "expense", "the line has a receipt too: write two lines")
			return Receipt, decimal.Zero
		case in != "":
			return Receipt, t.positive(r, "receipt")
		}
		return Expense, t.positive(r, "expense")
	}
	if !t.has("direction") {
		amount := t.amount(r, "amount")
		if amount.IsNegative() {
			return Expense, amount.Neg()
		}
		return Receipt, amount
	}
	return t.direction(r), t.positive(r, "amount")
}

// direction returns what the row's cell says.
func (t *moneyReader) direction(r row) Direction {
	_, word := t.name(r, "direction", true)
	switch {
	case slices.Contains([]string{"receipt", "receipts", "recette", "recettes", "encaissement", "encaissements", "income", "in", "entree", "+"}, word):
		return Receipt
	case slices.Contains([]string{"expense", "expenses", "depense", "depenses", "decaissement", "decaissements", "out", "sortie", "-"}, word):
		return Expense
	case strings.Contains(word, "credit") || strings.Contains(word, "debit"):
		t.bad(r, "direction", "means the opposite on a bank statement and in the books: write receipt or expense, recette or dépense")
	case word != "":
		t.bad(r, "direction", "must be receipt or expense, recette or dépense")
	}
	return ""
}

// positive returns the row's amount in a column where the direction is known.
func (t *moneyReader) positive(r row, field string) decimal.Decimal {
	amount := t.amount(r, field)
	if amount.IsNegative() {
		t.bad(r, field, "must be more than 0: a refund is a line in the other direction")
		return decimal.Zero
	}
	return amount
}

// amount returns the row's amount in a column, other than 0.
func (t *moneyReader) amount(r row, field string) decimal.Decimal {
	cell := t.cell(r, field)
	if cell == "" {
		t.bad(r, field, "the amount is missing")
		return decimal.Zero
	}
	n, err := parseNumber(t.cutCurrency(cell), t.places)
	switch {
	case err != nil:
		t.bad(r, field, "%v", err)
		return decimal.Zero
	case n.value.IsZero():
		t.bad(r, field, "must not be 0")
	}
	digits := t.places
	if digits == 3 {
		digits = 4 // with three it could be read in two ways again
	}
	if err := t.decimals.check(n, int32(digits)); err != nil {
		t.bad(r, field, "%v", err)
	}
	return n.value
}

// signs are the signs of currencies.
var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

// cutCurrency cuts the currency of the books off an amount.
func (t *moneyReader) cutCurrency(s string) string {
	if t.currency == "" {
		return s
	}
	for _, name := range []string{t.currency, signs[t.currency]} {
		if name == "" {
			continue
		}
		if rest, ok := strings.CutSuffix(s, name); ok {
			return strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutPrefix(s, name); ok {
			return strings.TrimSpace(rest)
		}
	}
	return s
}
