package ledger

import (
	"github.com/shopspring/decimal"
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
}

// checkBalanced returns an error that wraps [ErrUnbalanced] unless the postings add up to zero.
func checkBalanced(postings []Posting) error {
	sum := decimal.Zero
	for _, p := range postings {
		if tooLong(p.Amount) {
			return badly(ErrInvalid, "posting to "+string(p.Account), "exponent %d", p.Amount.Exponent())
		}
		sum = sum.Add(p.Amount)
	}
	if !sum.IsZero() {
		return bad(ErrUnbalanced, "postings", sum.String(), "must add up to zero")
	}
	return nil
}
