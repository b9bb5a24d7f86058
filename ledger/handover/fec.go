package handover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/fec"
)

// FECOptions say how the file of accounting entries is made.
type FECOptions struct {
	From    codesocial.Date // first day of the financial year
	Closing codesocial.Date // last day of it
	// Validated is the day on which the entries were validated, from which on they may not change. Zero: Closing.
	Validated codesocial.Date
	// Chart says which accounts are used; nil: [DefaultChart].
	Chart *Chart
	// Rates are the euros that one unit of another currency is worth in the accounts of the year, by its code. Amounts in a currency
	// without a rate are refused.
	Rates map[string]decimal.Decimal
}

// euro is the currency of the file.
const euro = "EUR"

// FEC returns the lines of the file of accounting entries of a financial year, for [fec.Write]: opening balances first, then one
// entry for each movement of money, in the order of their days, numbered in each journal.
//
// Amounts in other currencies are converted at the rate of the year, rounded half away from zero to the cent, and stand beside as foreign
// amounts; what an entry then lacks goes to the accounts of gains and losses. Opening balances are what earlier years left on
// the accounts of classes 1 to 5, with the result of those years on the account where it is carried forward.
//
// The error wraps [ErrInvalid], or [ErrCurrency] for a currency without a rate.
func FEC(s *codesocial.State, b *ledger.Books, opts FECOptions) ([]fec.Line, error) {
	chart := DefaultChart()
	if opts.Chart != nil {
		chart = *opts.Chart
	}
	if err := chart.check(); err != nil {
		return nil, err
	}
	if opts.From.IsZero() || opts.Closing.IsZero() || opts.Closing.Before(opts.From) || opts.From.AddMonths(24).Before(opts.Closing) {
		return nil, fmt.Errorf("%w: financial year from %q to %q: must have a first and a last day, at most 24 months later", ErrInvalid, opts.From, opts.Closing)
	}
	for currency, rate := range opts.Rates {
		if !rate.IsPositive() || rate.Exponent() < -12 || rate.Exponent() > 6 {
			return nil, fmt.Errorf("%w: rate of %s: must be positive, with at most 12 decimals", ErrInvalid, currency)
		}
	}
	w := &fecWriter{
		state: s, chart: &chart, rates: opts.Rates, validated: opts.Validated.In(nil), from: opts.From.In(nil),
		opening: make(map[side]decimal.Decimal), numbers: make(map[string]int),
	}
	if opts.Validated.IsZero() {
		w.validated = opts.Closing.In(nil)
	}
	var year []ledger.Transaction
	for _, t := range b.Transactions(ledger.Filter{To: opts.Closing}) {
		if !t.On.Before(opts.From) {
			year = append(year, t)
		} else if err := w.carry(&t); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(year, func(x, y ledger.Transaction) int { return x.On.Compare(y.On) })
	w.open()
	for i := range year {
		if err := w.entry(&year[i]); err != nil {
			return nil, err
		}
	}
	return w.lines, nil
}

// A side is an account of the chart with its auxiliary account.
type side struct {
	account                  Account
	auxiliary, auxiliaryName string
}

type fecWriter struct {
	state           *codesocial.State
	chart           *Chart
	rates           map[string]decimal.Decimal
	from, validated time.Time
	opening         map[side]decimal.Decimal // debits positive
	numbers         map[string]int           // last number of each journal
	lines           []fec.Line
}

// A movement is a posting in euros.
type movement struct {
	side
	euros    decimal.Decimal
	foreign  decimal.Decimal
	currency string // "" for an amount in euros
}

// movements converts the postings of a transaction to euros; what is then missing is a gain or a loss.
func (w *fecWriter) movements(t *ledger.Transaction) ([]movement, error) {
	var all []movement
	sum := decimal.Zero
	for i := range t.Postings {
		p := &t.Postings[i]
		m := movement{side: side{account: w.chart.account(t, p)}, euros: p.Amount}
		if owner := p.Account.Owner(); owner != "" && p.Account == ledger.PartyAccount(owner) {
			m.auxiliary, m.auxiliaryName = "P"+mark(owner), partyName(w.state, owner)
		}
		if p.Currency != euro {
			rate, ok := w.rates[p.Currency]
			if !ok {
				return nil, fmt.Errorf("%w: %s of %s %s on %s", ErrCurrency, t.Kind, p.Amount, p.Currency, t.On)
			}
			m.foreign, m.currency = p.Amount, p.Currency
			m.euros = p.Amount.Mul(rate).Round(2)
		}
		sum = sum.Add(m.euros)
		all = append(all, m)
	}
	if !sum.IsZero() {
		account := w.chart.Gains
		if sum.IsNegative() {
			account = w.chart.Losses
		}
		all = append(all, movement{side: side{account: account}, euros: sum.Neg()})
	}
	return all, nil
}

// carry adds a movement of an earlier year to the opening balances.
func (w *fecWriter) carry(t *ledger.Transaction) error {
	movements, err := w.movements(t)
	for _, m := range movements {
		if m.account.Number[0] >= '6' {
			m.side = side{account: w.chart.Carried}
		}
		w.opening[m.side] = w.opening[m.side].Add(m.euros)
	}
	return err
}

// open writes the opening balances, if there are any.
func (w *fecWriter) open() {
	var sides []side
	for s, balance := range w.opening {
		if !balance.IsZero() {
			sides = append(sides, s)
		}
	}
	slices.SortFunc(sides, func(x, y side) int {
		return cmp.Or(strings.Compare(x.account.Number, y.account.Number), strings.Compare(x.account.Name, y.account.Name), strings.Compare(x.auxiliary, y.auxiliary))
	})
	var movements []movement
	for _, s := range sides {
		movements = append(movements, movement{side: s, euros: w.opening[s]})
	}
	w.write(w.chart.Opening, w.from, "AN-"+w.from.Format("2006"), "Soldes à nouveau", movements)
}

// entry writes a transaction.
func (w *fecWriter) entry(t *ledger.Transaction) error {
	movements, err := w.movements(t)
	if err != nil {
		return err
	}
	document := cmp.Or(strings.TrimSpace(t.Reference), t.ID.String())
	w.write(w.chart.journal(t), t.On.In(nil), document, describe(w.state, t), movements)
	return nil
}

// write writes an entry, without the movements that are zero in euros.
func (w *fecWriter) write(j Journal, on time.Time, document, label string, movements []movement) {
	movements = slices.DeleteFunc(movements, func(m movement) bool { return m.euros.IsZero() })
	if len(movements) == 0 {
		return
	}
	w.numbers[j.Code]++
	for _, m := range movements {
		line := fec.Line{
			Journal: j.Code, JournalName: j.Name, Entry: fmt.Sprintf("%s%05d", j.Code, w.numbers[j.Code]), Date: on,
			Account: m.account.Number, AccountName: m.account.Name, Auxiliary: m.auxiliary, AuxiliaryName: m.auxiliaryName,
			Document: document, DocumentDate: on, Label: label, Validated: w.validated, Foreign: m.foreign, Currency: m.currency,
		}
		if m.euros.IsPositive() {
			line.Debit = m.euros
		} else {
			line.Credit = m.euros.Neg()
		}
		w.lines = append(w.lines, line)
	}
}
