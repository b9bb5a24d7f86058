// Package handover makes, of the shared books, what an organisation hands to others: plain-text accounting for whoever checks the books, the
// file of accounting entries for the accountant and the French tax office, and to each person a statement of what she gave and received in
// a year.
//
//	err := books.Read(func(b *ledger.Books) {
//		transactions, _ := handover.PlainText(community.State(), b, ledger.Filter{})
//		err := plaintext.Write(file, plaintext.Beancount, transactions)
//		…
//	})
//
// Everything here only reads the books, so call it inside ledger.Ledger.Read. The same books give the same bytes.
//
// # Accounts
//
// In plain text each account of the books is one account of the file, with the same balance: Assets:Cash, Income:Projects:…,
// Equity:Funds:… and Liabilities:Parties:…. In the file of accounting entries, the accounts are those of a [Chart], by default of the French
// general chart of accounts: money in the bank (512), what projects earn (706) and spend (611), what they share (655) with the parties (458,
// operations made in common) and the funds (158, 1068). Which accounts are right for an organisation its accountant says: the chart is data, and the
// organisation may change every number and name in it.
//
// The books hold what was cashed, excluding VAT; an organisation that owes VAT adds it.
package handover
