package handover

import (
	"cmp"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// PlainText returns the transactions that the filter selects, in the order of their days, for [plaintext.Write] in any format, and the name in it
// of each account of the books. What the transactions add up to on a name is the balance of the account.
func PlainText(s *codesocial.State, b *ledger.Books, f ledger.Filter) ([]plaintext.Transaction, map[ledger.Account]string) {
	names := accountNames(s, b)
	var transactions []plaintext.Transaction
	for _, t := range b.Transactions(f) {
		if len(t.Postings) == 0 { // a distribution of nothing
			continue
		}
		x := plaintext.Transaction{Date: t.On.In(nil), Code: t.Reference, Description: describe(s, &t)}
		for _, p := range t.Postings {
			x.Postings = append(x.Postings, plaintext.Posting{Account: names[p.Account], Amount: p.Amount, Commodity: p.Currency})
		}
		transactions = append(transactions, x)
	}
	slices.SortStableFunc(transactions, func(x, y plaintext.Transaction) int { return x.Date.Compare(y.Date) })
	return transactions, names
}

// kindWords say what a movement is, where nothing else does.
var kindWords = map[string]string{
	ledger.KindReceipt: "Encaissement", ledger.KindExpense: "Dépense", ledger.KindDistribution: "Répartition",
	ledger.KindApproval: "Répartition", ledger.KindPayment: "Versement", ledger.KindTransaction: "Écriture",
}

// describe says for people what a transaction is: its label or note, and whom and which project it concerns.
func describe(s *codesocial.State, t *ledger.Transaction) string {
	parts := []string{cmp.Or(t.Label, t.Note, kindWords[t.Kind], t.Kind)}
	if t.Label != "" && t.Note != "" {
		parts = append(parts, t.Note)
	}
	if t.Project != "" {
		parts = append(parts, partyName(s, t.Project))
	}
	if t.Party != "" {
		parts = append(parts, partyName(s, t.Party))
	}
	return strings.Join(slices.Compact(parts), " – ")
}
