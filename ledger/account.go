package ledger

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// An Account is one side of a posting. Its balance is the sum of what was posted to it; debits are positive and
// credits negative, so that every entry adds up to zero and so do all balances together.
type Account string

// Cash is the money that the organisation holds; a debit balance is money in hand.
const Cash Account = "cash"

// ProjectAccount returns the account of a project: credited with what it receives, debited with what it spends and
// what is distributed. A credit balance is money that the project has earned and that is still to be shared.
func ProjectAccount(iri string) Account { return Account("project:" + iri) }

// FundAccount returns the account of a fund: credited with what is reserved for it, debited with what it pays.
func FundAccount(id string) Account { return Account("fund:" + id) }

// PartyAccount returns the account of a party: credited with its dividends. A credit balance is owed to the party.
func PartyAccount(iri string) Account { return Account("party:" + iri) }

// A Posting is an amount on an account: a debit if positive, a credit if negative.
type Posting struct {
	Account Account         `json:"account"`
	Amount  decimal.Decimal `json:"amount"`
	// Currency is the code of the currency. In a [Distribution] it is empty, since all is in the currency of the statement.
	Currency string `json:"currency,omitempty"`
}

// check refuses an account that belongs to nobody.
func (a Account) check() error {
	kind, owner, _ := strings.Cut(string(a), ":")
	switch {
	case a == Cash:
		return nil
	case kind == "fund" && owner != "" && len(owner) <= MaxNameBytes:
		return checkText("account", owner, MaxNameBytes)
	case kind == "project" || kind == "party":
		if err := codesocial.CheckIRI(owner); err != nil {
			return fmt.Errorf("%w: account %s: %w", ErrInvalid, quote(string(a)), err)
		}
		return nil
	}
	return bad(ErrInvalid, "account", string(a), "must be cash, project:IRI, fund:id or party:IRI")
}

// Owner returns the IRI of the party or project that the account belongs to; "" for [Cash] and for a fund.
func (a Account) Owner() string {
	kind, owner, _ := strings.Cut(string(a), ":")
	if kind == "project" || kind == "party" {
		return owner
	}
	return ""
}

// Fund returns the id of the fund that the account belongs to; "" for other accounts.
func (a Account) Fund() string {
	fund, ok := strings.CutPrefix(string(a), "fund:")
	if !ok {
		return ""
	}
	return fund
}

// checkBalanced returns an error that wraps [ErrUnbalanced] unless the postings add up to zero in each currency.
func checkBalanced(postings []Posting) error {
	sums := make(map[string]fixed, 1)
	for _, p := range postings {
		amount, ok := fix(p.Amount)
		if !ok {
			return badly(ErrInvalid, "posting to "+quote(string(p.Account)), "has more than %d decimal places or 24 digits", MaxPlaces)
		}
		sums[p.Currency] = sums[p.Currency].add(amount)
	}
	for _, p := range postings {
		if sum := sums[p.Currency]; !sum.isZero() {
			return bad(ErrUnbalanced, "postings", strings.TrimSpace(sum.decimal().String()+" "+p.Currency), "must add up to zero")
		}
	}
	return nil
}
