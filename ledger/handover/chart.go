package handover

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/ledger"
)

// An Account is one of an accountant's chart.
type Account struct {
	Number string `json:"number"` // three digits at least: "512000"
	Name   string `json:"name"`
}

// A Chart says which accounts of the accountant the accounts of the books are. It is written as JSON, see [ParseChart].
type Chart struct {
	Cash     Account            `json:"cash"`     // money in the bank
	Receipts Account            `json:"receipts"` // what projects receive
	Expenses Account            `json:"expenses"` // what projects spend
	Shared   Account            `json:"shared"`   // what projects pass on to parties and funds
	Parties  Account            `json:"parties"`  // what is owed to parties; each has an auxiliary account
	Funds    map[string]Account `json:"funds"`    // of each fund, by its id
	Fund     Account            `json:"fund"`     // of all other funds
	Carried  Account            `json:"carried"`  // the result of earlier years
	Gains    Account            `json:"gains"`    // from rates of exchange
	Losses   Account            `json:"losses"`   // from rates of exchange

	Bank    Journal `json:"bank"`    // of entries that move money
	Other   Journal `json:"other"`   // of all other entries
	Opening Journal `json:"opening"` // of opening balances
}

// A Journal is one that entries are kept in.
type Journal struct {
	Code string `json:"code"` // "BQ"
	Name string `json:"name"`
}

// DefaultChart returns the accounts of the French general chart of accounts (plan comptable général, règlement ANC 2014-03) that fit best where
// nobody has said otherwise.
func DefaultChart() Chart {
	return Chart{
		Cash:     Account{"512000", "Banque"},
		Receipts: Account{"706000", "Prestations de services"},
		Expenses: Account{"611000", "Sous-traitance générale"},
		Shared:   Account{"655000", "Quotes-parts de résultat sur opérations faites en commun"},
		Parties:  Account{"458000", "Associés, opérations faites en commun"},
		Funds: map[string]Account{
			"contingencies": {"158000", "Autres provisions pour charges : aléas"},
			"support":       {"106810", "Réserve : fonctions supports"},
			"commons":       {"106820", "Réserve : communs et recherche"},
			"commons-rd":    {"106820", "Réserve : communs et recherche"},
		},
		Fund:    Account{"106800", "Autres réserves"},
		Carried: Account{"110000", "Report à nouveau"},
		Gains:   Account{"766000", "Gains de change financiers"},
		Losses:  Account{"666000", "Pertes de change financières"},
		Bank:    Journal{"BQ", "Banque"},
		Other:   Journal{"OD", "Opérations diverses"},
		Opening: Journal{"AN", "À nouveaux"},
	}
}

// MaxChartBytes is how long a chart may be.
const MaxChartBytes = 1 << 20

// ParseChart reads a chart as JSON: {"cash": {"number": "512100", "name": "Crédit coopératif"}, …}. What it does not mention is that of
// [DefaultChart]; fields that no chart has are refused. The error wraps [ErrInvalid].
func ParseChart(r io.Reader) (Chart, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxChartBytes+1))
	if err != nil {
		return Chart{}, err
	}
	if len(text) > MaxChartBytes {
		return Chart{}, fmt.Errorf("%w: chart: has more than %d bytes", ErrInvalid, MaxChartBytes)
	}
	c := DefaultChart()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Chart{}, fmt.Errorf("%w: chart: %w", ErrInvalid, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Chart{}, fmt.Errorf("%w: chart: something follows it", ErrInvalid)
	}
	return c, c.check()
}

func (c *Chart) check() error {
	accounts := []Account{c.Cash, c.Receipts, c.Expenses, c.Shared, c.Parties, c.Fund, c.Carried, c.Gains, c.Losses}
	for _, a := range c.Funds {
		accounts = append(accounts, a)
	}
	slices.SortFunc(accounts, func(a, b Account) int { return strings.Compare(a.Number, b.Number) })
	for _, a := range accounts {
		if len(a.Number) < 3 || strings.Trim(a.Number[:3], "0123456789") != "" || strings.TrimSpace(a.Name) == "" {
			return fmt.Errorf("%w: chart: account %q %q: must begin with three digits, and have a name", ErrInvalid, a.Number, a.Name)
		}
	}
	for _, j := range []Journal{c.Bank, c.Other, c.Opening} {
		if strings.TrimSpace(j.Code) == "" || strings.TrimSpace(j.Name) == "" {
			return fmt.Errorf("%w: chart: journal %q %q: must have a code and a name", ErrInvalid, j.Code, j.Name)
		}
	}
	return nil
}

// account returns the account of the chart that a posting goes to.
func (c *Chart) account(t *ledger.Transaction, p *ledger.Posting) Account {
	switch {
	case p.Account == ledger.Cash:
		return c.Cash
	case p.Account.Fund() != "":
		if a, ok := c.Funds[p.Account.Fund()]; ok {
			return a
		}
		return c.Fund
	case p.Account == ledger.PartyAccount(p.Account.Owner()):
		return c.Parties
	}
	switch { // of a project
	case t.Kind == ledger.KindReceipt:
		return c.Receipts
	case t.Kind == ledger.KindExpense:
		return c.Expenses
	case !movesCash(t):
		return c.Shared
	case p.Amount.IsNegative():
		return c.Receipts
	}
	return c.Expenses
}

func movesCash(t *ledger.Transaction) bool {
	return slices.ContainsFunc(t.Postings, func(p ledger.Posting) bool { return p.Account == ledger.Cash })
}

// journal returns the journal of a transaction.
func (c *Chart) journal(t *ledger.Transaction) Journal {
	if movesCash(t) {
		return c.Bank
	}
	return c.Other
}
