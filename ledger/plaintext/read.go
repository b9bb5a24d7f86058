package plaintext

import (
	"cmp"
	"io"
	"iter"
	"slices"

	"github.com/shopspring/decimal"
)

// Transactions iterates over the transactions of a file, in its order, which it reads as they are asked for. An amount that was left out is worked out;
// where it is in several commodities, the posting stands several times, the further ones at the end. The first
// error ends it. file names the file in messages; see [FormatOf] for the format.
func Transactions(file string, r io.Reader, format Format) iter.Seq2[Transaction, error] {
	return func(yield func(Transaction, error) bool) {
		s := newScanner(file, r, format, true)
		for {
			ok, err := s.next()
			if err != nil {
				yield(Transaction{}, err)
				return
			}
			if !ok || !yield(s.transaction(), nil) {
				return
			}
		}
	}
}

// Read returns all transactions of a file, as [Transactions] does, or the first error and none.
func Read(file string, r io.Reader, format Format) ([]Transaction, error) {
	var all []Transaction
	for t, err := range Transactions(file, r, format) {
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// transaction returns a copy of the transaction read last.
func (s *scanner) transaction() Transaction {
	t := Transaction{Date: s.date.time(), Code: s.code, Description: s.description, Line: s.line, Postings: make([]Posting, len(s.postings))}
	for i := range s.postings {
		p := &s.postings[i]
		t.Postings[i] = Posting{Account: s.accounts.names[p.account], Amount: p.amount.decimal(), Commodity: s.commodities.names[p.commodity]}
		if p.costCommodity >= 0 {
			t.Postings[i].Cost, t.Postings[i].CostCommodity = p.cost.decimal(), s.commodities.names[p.costCommodity]
		}
	}
	return t
}

// Balances are what the postings of a file add up to.
type Balances struct {
	Transactions int       // how many there are
	Postings     int       // how many there are
	Balances     []Balance // in the order of account and commodity, without those that are zero
}

// A Balance is what the postings to one account add up to in one commodity: debits positive, credits negative.
type Balance struct {
	Account   string
	Commodity string
	Amount    decimal.Decimal // with the decimal places of the posting that has the most
}

// BalanceOf adds up the postings of a file, without keeping them: it takes one pass, and memory for one number for each account and
// commodity. An account holds what was posted to it, not to the levels below it.
func BalanceOf(file string, r io.Reader, format Format) (*Balances, error) {
	s := newScanner(file, r, format, false)
	b := &Balances{}
	var sums [][]sum // by account
	for {
		ok, err := s.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		b.Transactions++
		b.Postings += len(s.postings)
		for i := range s.postings {
			p := &s.postings[i]
			for int(p.account) >= len(sums) {
				sums = append(sums, nil)
			}
			of := sums[p.account]
			at := slices.IndexFunc(of, func(x sum) bool { return x.commodity == p.commodity })
			if at < 0 {
				sums[p.account] = append(of, sum{p.commodity, p.amount})
			} else {
				of[at].total = of[at].total.plus(p.amount)
			}
		}
	}
	for account, of := range sums {
		for _, x := range of {
			if !x.total.isZero() {
				b.Balances = append(b.Balances, Balance{s.accounts.names[account], s.commodities.names[x.commodity], x.total.decimal()})
			}
		}
	}
	slices.SortFunc(b.Balances, func(x, y Balance) int {
		return cmp.Or(cmp.Compare(x.Account, y.Account), cmp.Compare(x.Commodity, y.Commodity))
	})
	return b, nil
}
