package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// AccountsKind is the kind of the rule on currencies of one's own and on how far accounts may go, see [AccountsRule].
const AccountsKind = "ledger.accounts"

// Limits on an [AccountsRule].
const (
	MaxCurrencies = 100
	MaxLimits     = 1000
)

// An AccountsRule holds the parameters of a rule of the kind "ledger.accounts". A charter without one knows no limits.
type AccountsRule struct {
	// Currencies are those that the community has beside the official ones: hours, a local or mutual credit currency.
	Currencies []Currency `json:"currencies,omitempty"`
	// Limits say how far accounts may go. All that apply to an account are kept.
	Limits []Limit `json:"limits,omitempty"`
}

// A Currency is one of the community's own.
type Currency struct {
	// Code is 3 to 12 capital letters and digits, a letter first.
	Code string `json:"code"`
	// Name is for people. Optional.
	Name codesocial.Text `json:"name,omitempty"`
	// Places is the number of decimal places of its smallest unit, from 0 to [MaxPlaces].
	Places int `json:"places"`
}

// A Limit says how far the balance of an account may go in a currency. With both sides set for the accounts of parties, it makes a mutual credit: each may owe
// so much, and hold so much.
type Limit struct {
	// Accounts names an account, or all of a kind: "party:*", "project:*", "fund:*".
	Accounts string `json:"accounts"`
	// Currency is the code of the currency; empty: any.
	Currency string `json:"currency,omitempty"`
	// Debit is how far the balance may be in debit: what a party may owe, a fund be overspent. Nil: no limit.
	Debit *decimal.Decimal `json:"debit,omitempty"`
	// Credit is how far it may be in credit: what a party may hold; on [Cash], the overdraft at the bank. Nil: no limit.
	Credit *decimal.Decimal `json:"credit,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters that make no sense.
func (r *AccountsRule) Validate() error {
	if len(r.Currencies) > MaxCurrencies || len(r.Limits) > MaxLimits {
		return bad(ErrInvalid, "limits", fmt.Sprint(len(r.Limits)), "must be at most %d, and %d currencies", MaxLimits, MaxCurrencies)
	}
	known := make(map[string]bool)
	for _, c := range r.Currencies {
		switch {
		case !isCode(c.Code) || known[c.Code]:
			return bad(ErrInvalid, "currency", c.Code, "must be 3 to 12 capital letters and digits, a letter first, and given once")
		case c.Places < 0 || c.Places > MaxPlaces:
			return bad(ErrInvalid, "places", fmt.Sprint(c.Places), "must be from 0 to %d", MaxPlaces)
		}
		known[c.Code] = true
	}
	for _, l := range r.Limits {
		kind, all := strings.CutSuffix(l.Accounts, ":*")
		switch {
		case all && kind != "party" && kind != "project" && kind != "fund":
			return bad(ErrInvalid, "accounts", l.Accounts, "must be party:*, project:* or fund:*, or one account")
		case !all && Account(l.Accounts).check() != nil:
			return bad(ErrInvalid, "accounts", l.Accounts, "is no account")
		case l.Currency != "" && !isCode(l.Currency):
			return bad(ErrInvalid, "currency", l.Currency, "must be 3 to 12 capital letters and digits, a letter first")
		case l.Debit == nil && l.Credit == nil:
			return bad(ErrInvalid, "debit", "", "a limit has a debit, a credit or both")
		}
		for _, d := range []*decimal.Decimal{l.Debit, l.Credit} {
			if d == nil {
				continue
			}
			if _, ok := fix(*d); !ok || d.IsNegative() {
				return bad(ErrInvalid, "limit of "+l.Accounts, Quantity{*d, l.Currency}.String(), "must not be negative, with at most %d places", MaxPlaces)
			}
		}
	}
	return nil
}

// isCode reports whether s has the form of the code of a currency.
func isCode(s string) bool {
	if len(s) < 3 || len(s) > 12 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func (l *Limit) applies(k balanceKey) bool {
	if l.Currency != "" && l.Currency != k.currency {
		return false
	}
	if kind, all := strings.CutSuffix(l.Accounts, "*"); all {
		return strings.HasPrefix(string(k.account), kind)
	}
	return l.Accounts == string(k.account)
}

// moves checks the money that one decision moves, movement by movement: later ones see what earlier ones leave.
type moves struct {
	books     *Books
	sums      map[balanceKey]fixed
	rules     map[string]accountsRule // by hash of the version
	fulfilled map[uuid.UUID]fixed     // of commitments, by what the decision records
}

type accountsRule struct {
	AccountsRule
	clause codesocial.ClauseRef
	none   bool
}

func (b *Books) moves() *moves {
	return &moves{books: b, sums: make(map[balanceKey]fixed), rules: make(map[string]accountsRule), fulfilled: make(map[uuid.UUID]fixed)}
}

func (m *moves) rule(day codesocial.Date) (accountsRule, error) {
	charter, err := m.books.community.InForceOn(day)
	if err != nil {
		return accountsRule{}, err
	}
	rule, ok := m.rules[charter.Hash()]
	if ok {
		return rule, nil
	}
	rule.clause, err = charter.Rule(AccountsKind, &rule.AccountsRule)
	if rule.none = errors.Is(err, codesocial.ErrNoRule); rule.none {
		err = nil
	}
	if err == nil {
		m.rules[charter.Hash()] = rule
	}
	return rule, err
}

// check refuses a transaction outside its project, and one that follow refuses.
func (m *moves) check(t *Transaction) error {
	if err := m.books.checkWithin("on", t.Project, t.On, t.Fulfils != uuid.Nil); err != nil {
		return err
	}
	return m.follow(t)
}

// follow refuses a transaction in a closed period, in a currency that is not known, or that takes an account further beyond a limit. By itself, it checks what follows up
// on another, and may come after the end of the project.
func (m *moves) follow(t *Transaction) error {
	if err := m.books.checkOpen("on", t.On); err != nil {
		return err
	}
	rule, err := m.rule(t.On)
	if err != nil {
		return err
	}
	changes := make(map[balanceKey]fixed, len(t.Postings))
	for i, p := range t.Postings {
		if err := rule.checkPlaces(fmt.Sprintf("posting %d", i+1), p); err != nil {
			return err
		}
		amount, _ := fix(p.Amount)
		k := balanceKey{p.Account, p.Currency}
		changes[k] = changes[k].add(amount)
	}
	if !rule.none {
		for _, p := range t.Postings {
			k := balanceKey{p.Account, p.Currency}
			if err := m.checkLimits(&rule, k, changes[k]); err != nil {
				return &codesocial.RuleError{Clause: rule.clause, Kind: AccountsKind, Err: err}
			}
		}
	}
	for k, change := range changes {
		m.sums[k] = m.sums[k].add(change)
	}
	return nil
}

// checkPlaces refuses a currency that is neither official nor the community's own, and amounts finer than its unit.
func (r *accountsRule) checkPlaces(field string, p Posting) error {
	for _, c := range r.Currencies {
		if c.Code == p.Currency {
			if !p.Amount.Equal(p.Amount.Truncate(int32(c.Places))) {
				return bad(ErrInvalid, field, p.Amount.String(), "%s has %d decimal places", c.Code, c.Places)
			}
			return nil
		}
	}
	if _, err := Decimals(p.Currency); err != nil {
		return bad(ErrUnit, field+": currency", p.Currency, "is neither an official currency nor one of the charter")
	}
	return checkAmount(field, p.Amount.Abs(), p.Currency)
}

func (m *moves) checkLimits(rule *accountsRule, k balanceKey, change fixed) error {
	old := m.sums[k]
	if s, ok := m.books.money.accounts[k]; ok {
		series := &m.books.money.series[s]
		old = old.add(series.sum(series.len()))
	}
	reserved := m.books.reserved[k]
	for i := range rule.Limits {
		l := &rule.Limits[i]
		if !l.applies(k) {
			continue
		}
		if l.Debit != nil && change.hi >= 0 && !change.isZero() {
			if balance := old.add(reserved.debit).add(change).decimal(); balance.GreaterThan(*l.Debit) {
				return bad(ErrLimit, "account", string(k.account), "would be %s %s in debit, %s are allowed", balance, k.currency, l.Debit)
			}
		}
		if l.Credit != nil && change.hi < 0 {
			if balance := old.sub(reserved.credit).add(change).neg().decimal(); balance.GreaterThan(*l.Credit) {
				return bad(ErrLimit, "account", string(k.account), "would be %s %s in credit, %s are allowed", balance, k.currency, l.Credit)
			}
		}
	}
	return nil
}
