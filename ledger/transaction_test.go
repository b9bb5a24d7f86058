package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

func transfer(n int, on string, postings ...ledger.Posting) ledger.Transaction {
	return ledger.Transaction{ID: id(n), On: day(on), Postings: postings, Label: "transfer"}
}

func posting(account ledger.Account, amount, currency string) ledger.Posting {
	return ledger.Posting{Account: account, Amount: dec(amount), Currency: currency}
}

func TestTransactionsOfSeveralPostingsAndCurrenciesBalanceInEach(t *testing.T) {
	t.Parallel()
	w := setup(t)
	exchange := transfer(1, "2025-02-03",
		posting(ledger.Cash, "-100.00", "EUR"), posting(ledger.FundAccount("exchange"), "100.00", "EUR"),
		posting(ledger.Cash, "16000", "JPY"), posting(ledger.FundAccount("exchange"), "-16000", "JPY"))
	exchange.Reference, exchange.Note = "B-7", "line one\nline two"
	require.NoError(t, w.Post(t.Context(), exchange))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Equal(t, "-100", b.Balance(ledger.Cash, "EUR").String())
		require.Equal(t, "16000", b.Balance(ledger.Cash, "JPY").String())
		require.Equal(t, []string{"EUR", "JPY"}, b.Currencies())
		_, got, ok := b.Transaction(exchange.ID)
		require.True(t, ok)
		want := exchange
		want.Kind = ledger.KindTransaction
		require.Equal(t, fmt.Sprint(want), fmt.Sprint(got))
	}))
}

func TestTransactionsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	cash, support := ledger.Cash, ledger.FundAccount("support")
	good := transfer(1, "2025-02-03", posting(cash, "1", "EUR"), posting(support, "-1", "EUR"))
	for name, c := range map[string]struct {
		edit func(*ledger.Transaction)
		want error
	}{
		"unbalanced":                        {func(x *ledger.Transaction) { x.Postings[0].Amount = dec("2") }, ledger.ErrUnbalanced},
		"balanced over two currencies only": {func(x *ledger.Transaction) { x.Postings[0].Currency = "USD" }, ledger.ErrUnbalanced},
		"one posting":                       {func(x *ledger.Transaction) { x.Postings = x.Postings[:1] }, ledger.ErrInvalid},
		"zero":                              {func(x *ledger.Transaction) { x.Postings[0].Amount = dec("0") }, ledger.ErrInvalid},
		"finer than the cent":               {func(x *ledger.Transaction) { x.Postings[0].Amount, x.Postings[1].Amount = dec("1.001"), dec("-1.001") }, ledger.ErrInvalid},
		"a yen has no sen": {func(x *ledger.Transaction) {
			x.Postings = []ledger.Posting{posting(cash, "1.5", "JPY"), posting(support, "-1.5", "JPY")}
		}, ledger.ErrInvalid},
		"no currency":            {func(x *ledger.Transaction) { x.Postings[0].Currency = "" }, ledger.ErrInvalid},
		"account of nobody":      {func(x *ledger.Transaction) { x.Postings[0].Account = "wallet" }, ledger.ErrInvalid},
		"unknown party":          {func(x *ledger.Transaction) { x.Postings[0].Account = ledger.PartyAccount("https://nobody.example/") }, ledger.ErrUnknown},
		"no day":                 {func(x *ledger.Transaction) { x.On = codesocial.Date{} }, ledger.ErrInvalid},
		"before any charter":     {func(x *ledger.Transaction) { x.On = day("1999-01-01") }, codesocial.ErrNotInForce},
		"recorded by a stranger": {func(x *ledger.Transaction) { x.By = eve }, codesocial.ErrNotMember},
	} {
		size := w.journal.Size()
		bad := good
		bad.Postings = append([]ledger.Posting(nil), good.Postings...)
		c.edit(&bad)
		require.ErrorIs(t, w.Post(t.Context(), good, bad), c.want, name)
		require.Equal(t, size, w.journal.Size(), name)
	}
}

func TestPagesOfTransactionsGoOnWhereTheOneBeforeEnded(t *testing.T) {
	t.Parallel()
	w := year(t, 3)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for name, f := range map[string]ledger.Filter{
			"all": {}, "account": {Account: ledger.Cash}, "project": {Project: pont}, "party": {Party: ana}, "kind": {Kind: ledger.KindReceipt},
			"period": {From: day("2025-03-01"), To: day("2025-06-30")}, "two of them": {Account: ledger.ProjectAccount(pont), Kind: ledger.KindExpense},
		} {
			var all, paged []uuid.UUID
			for _, x := range b.Transactions(f) {
				all = append(all, x.ID)
			}
			for again := true; again; {
				again = false
				n := 0
				for token, x := range b.Transactions(f) {
					paged, f.After, again = append(paged, x.ID), token, true
					if n++; n == 3 {
						break
					}
				}
			}
			require.Equal(t, all, paged, name)
			require.NotEmpty(t, all, name)
		}
	}))
}

func TestBalancesAtATimeAreTheSumsOfTheTransactionsUntilThen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		w := year(t, seed)
		require.NoError(t, w.Read(func(b *ledger.Books) {
			end := ledger.Token(w.journal.Size())
			for _, on := range []codesocial.Date{{}, day("2024-12-31"), day("2025-02-14"), day("2025-07-01"), lastDay} {
				for known := ledger.Token(0); known <= end; known += 7 {
					want := map[ledger.Account]string{}
					for _, x := range b.Transactions(ledger.Filter{To: on, Known: known}) {
						for _, p := range x.Postings {
							want[p.Account] = ""
						}
					}
					got := dec("0")
					for account, balance := range b.AccountsAt("EUR", ledger.At{On: on, Known: known}) {
						sum := dec("0")
						for _, x := range b.Transactions(ledger.Filter{To: on, Known: known, Account: account}) {
							for _, p := range x.Postings {
								if p.Account == account {
									sum = sum.Add(p.Amount)
								}
							}
						}
						require.True(t, sum.Equal(balance), "seed %d, %s on %s known at %d: %s, not %s", seed, account, on, known, balance, sum)
						got = got.Add(balance)
						delete(want, account)
					}
					require.True(t, got.IsZero())
					require.Empty(t, want, "accounts left out")
				}
			}
		}))
	}
}
