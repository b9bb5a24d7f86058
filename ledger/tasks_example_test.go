package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

// exampleBooks returns the books of a community whose charter is in force.
func exampleBooks(ctx context.Context) *ledger.Ledger {
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	must(err)
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	must(err)
	community, err := codesocial.Open(ctx, j)
	must(err)
	must(found(ctx, community))
	books, err := ledger.Open(ctx, community)
	must(err)
	return books
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func exampleReceipt(id uuid.UUID, amount string) ledger.Receipt {
	return ledger.Receipt{ID: id, Project: pont, Amount: dec(amount), Currency: "EUR", On: day("2025-06-30")}
}

func ExampleLedger_Validate() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	c := ledger.Contribution{ID: id(1), Party: ana, Project: pont, Kind: "time", Quantity: ledger.Quantity{Value: dec("3.5"), Unit: "h"}, On: day("2025-03-04")}
	must(books.Declare(ctx, c))
	fmt.Println(books.Validate(ctx, ledger.Validation{By: ana, On: day("2025-03-05"), Contributions: []uuid.UUID{c.ID}}) != nil) // not her own
	must(books.Validate(ctx, ledger.Validation{By: bob, On: day("2025-03-05"), Contributions: []uuid.UUID{c.ID}}))
	must(books.Read(func(b *ledger.Books) {
		e, _ := b.Contribution(c.ID)
		fmt.Println(e.Quantity, e.Status)
	}))
	// Output:
	// true
	// 3.5 h validated
}

func ExampleBooks_Totals() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	hours := func(n int, party, value, on string) ledger.Contribution {
		return ledger.Contribution{ID: id(n), Party: party, Project: pont, Kind: "time", Quantity: ledger.Quantity{Value: dec(value), Unit: "h"}, On: day(on)}
	}
	must(books.Declare(ctx, hours(1, ana, "3.5", "2025-03-04"), hours(2, ana, "2", "2025-03-11"), hours(3, bob, "8", "2025-03-05")))
	must(books.Validate(ctx, ledger.Validation{By: cid, On: day("2025-03-31"), Contributions: []uuid.UUID{id(1), id(3)}}))
	must(books.Read(func(b *ledger.Books) {
		for _, t := range b.Totals(ledger.Filter{Project: pont, From: day("2025-03-01"), To: day("2025-03-31")}, ledger.ByParty) {
			fmt.Println(t.Party[len(t.Party)-1:], t.Kind, t.Validated, t.Unit, "and", t.Declared, "that nobody has confirmed")
		}
	}))
	// Output:
	// a time 3.5 h and 2 that nobody has confirmed
	// b time 8 h and 0 that nobody has confirmed
}

func ExampleLedger_Commit() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	invoice := ledger.Commitment{
		ID: id(1), By: moulin, Kind: ledger.Invoice, Project: pont, Quantity: ledger.Quantity{Value: dec("1000"), Unit: "EUR"},
		On: day("2025-06-01"), Due: day("2025-06-30"), Label: "Mairie",
	}
	must(books.Commit(ctx, invoice))
	part := exampleReceipt(id(2), "400")
	part.Fulfils = invoice.ID
	must(books.Receive(ctx, part))
	must(books.Read(func(b *ledger.Books) {
		e, _ := b.Commitment(invoice.ID)
		fmt.Println(e.Status, e.Left)
	}))
	// Output: outstanding 600 EUR
}

func ExampleLedger_Post() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	must(books.Post(ctx, ledger.Transaction{On: day("2025-02-03"), Label: "opening balance", Postings: []ledger.Posting{
		{Account: ledger.Cash, Amount: dec("500.00"), Currency: "EUR"},
		{Account: ledger.FundAccount("commons"), Amount: dec("-500.00"), Currency: "EUR"},
	}}))
	must(books.Read(func(b *ledger.Books) {
		for account, balance := range b.Accounts("EUR") {
			fmt.Println(account, balance.StringFixed(2))
		}
	}))
	// Output:
	// cash 500.00
	// fund:commons -500.00
}

func ExampleLedger_Correct() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	must(books.Receive(ctx, exampleReceipt(id(1), "400")))
	var reversal ledger.Correction
	must(books.Read(func(b *ledger.Books) {
		var err error
		reversal, err = b.Reversal(id(1), day("2025-07-02"), "the cheque was not covered")
		must(err)
	}))
	must(books.Correct(ctx, reversal))
	must(books.Read(func(b *ledger.Books) {
		fmt.Println(b.BalanceAt(ledger.Cash, "EUR", ledger.At{On: day("2025-07-01")}), b.Balance(ledger.Cash, "EUR"))
		_, err := b.Reversal(id(1), day("2025-07-03"), "again")
		fmt.Println(errors.Is(err, ledger.ErrReversed))
	}))
	// Output:
	// 400 0
	// true
}

func ExampleLedger_Close() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	must(books.Close(ctx, ledger.Closing{By: moulin, On: day("2025-07-15"), Through: day("2025-06-30")}))
	err := books.Receive(ctx, exampleReceipt(id(1), "400"))
	fmt.Println(strings.Contains(err.Error(), "all days until 2025-06-30 were closed"))
	// Output: true
}

func ExampleLedger_Flow() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	kg := func(s string) *flow.Measure { return &flow.Measure{Value: dec(s), Unit: "kg"} }
	must(books.Flow(ctx, ledger.Flow{By: moulin, Project: pont, On: day("2025-03-01"), Events: []flow.Event{
		{Action: "raise", Receiver: moulin, Resource: "wheat", Quantity: kg("30")},
		{Action: "consume", Provider: moulin, Resource: "wheat", Quantity: kg("12")},
		{Action: "produce", Receiver: moulin, Resource: "bread", Quantity: kg("15")},
	}}))
	must(books.Read(func(b *ledger.Books) {
		for r := range b.Resources() {
			fmt.Println(r.ID, r.OnHand, r.Unit)
		}
	}))
	// Output:
	// bread 15 kg
	// wheat 18 kg
}

func ExampleBooks_Transactions() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	must(books.Receive(ctx, exampleReceipt(id(1), "100"), exampleReceipt(id(2), "200"), exampleReceipt(id(3), "300")))
	filter := ledger.Filter{Project: pont}
	for range 2 { // two pages of two
		must(books.Read(func(b *ledger.Books) {
			n := 0
			for token, t := range b.Transactions(filter) {
				fmt.Println(t.Postings[0].Amount)
				filter.After = token
				if n++; n == 2 {
					break
				}
			}
		}))
		fmt.Println("--")
	}
	// Output:
	// 100
	// 200
	// --
	// 300
	// --
}

func ExampleBooks_Report() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	must(books.Plan(ctx, ledger.Plan{By: moulin, Project: pont, On: newYear, From: newYear, To: lastDay, Currency: "EUR", Income: dec("2000"), Budget: dec("500")}))
	must(books.Receive(ctx, exampleReceipt(id(1), "1200")))
	must(books.Spend(ctx, ledger.Expense{Project: pont, Amount: dec("450"), Currency: "EUR", On: day("2025-06-30")}))
	must(books.Read(func(b *ledger.Books) {
		r, err := b.Report(pont, ledger.At{On: day("2025-06-30")})
		must(err)
		fmt.Println(r.Figure(ledger.FigureReceived, "").Value, r.Figure(ledger.FigureBalance, "").Value)
		fmt.Println(r.Alert(r.Alerts[0], "en"))
	}))
	// Output:
	// 1200 750
	// Spent + Committed, not paid / Budget: 90 %, reaches the threshold of 80 % (no clause says otherwise).
}

func ExampleLedger_Pay() {
	ctx := context.Background()
	books := exampleBooks(ctx)
	c := ledger.Contribution{ID: id(1), Party: ana, Project: pont, Kind: "time", Quantity: ledger.Quantity{Value: dec("8"), Unit: "h"}, On: day("2025-03-04")}
	must(books.Declare(ctx, c))
	must(books.Validate(ctx, ledger.Validation{By: bob, On: day("2025-03-05"), Contributions: []uuid.UUID{c.ID}}))
	must(books.Receive(ctx, exampleReceipt(id(2), "1000")))
	_, err := books.Distribute(ctx, ledger.Run{Project: pont, From: newYear, To: lastDay})
	must(err)
	must(books.Pay(ctx, ledger.Payment{Party: ana, Amount: dec("500"), Currency: "EUR", On: lastDay}))
	must(books.Read(func(b *ledger.Books) { fmt.Println(b.Balance(ledger.PartyAccount(ana), "EUR").Neg(), "are still owed") }))
	// Output: 250 are still owed
}
