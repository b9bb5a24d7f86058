package handover_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/handover"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// exampleYear returns books in which somebody worked, a town paid, and something was bought.
func exampleYear(ctx context.Context) *world {
	w, err := found(ctx) // adopts a charter and admits members, see package codesocial
	must(err)
	work := ledger.Contribution{ID: uuid.New(), Party: bob, Project: pont, Kind: "time", Quantity: ledger.Quantity{Value: dec("30.5"), Unit: "h"}, On: day("2025-03-04"), Note: "drawings"}
	must(w.Declare(ctx, work))
	must(w.Validate(ctx, ledger.Validation{By: moulin, On: day("2025-03-31"), Contributions: []uuid.UUID{work.ID}}))
	must(w.Receive(ctx, ledger.Receipt{Project: pont, Amount: dec("1200.00"), Currency: "EUR", On: day("2025-06-30"), Payer: "Mairie", Reference: "F-1"}))
	must(w.Spend(ctx, ledger.Expense{Project: pont, Amount: dec("199.99"), Currency: "EUR", On: day("2025-02-01"), Payee: "Sawmill", Reference: "A-1"}))
	return w
}

func ExamplePlainText() {
	w := exampleYear(context.Background())
	must(w.Read(func(b *ledger.Books) {
		transactions, _ := handover.PlainText(w.state, b, ledger.Filter{})
		must(plaintext.Write(os.Stdout, plaintext.Hledger, transactions))
	}))
	// Output:
	// commodity EUR
	// account Assets:Cash
	// account Income:Projects:Le-Pont
	//
	// 2025-02-01 * (A-1) Sawmill – Le Pont
	//     Income:Projects:Le-Pont            199.99 EUR
	//     Assets:Cash                       -199.99 EUR
	//
	// 2025-06-30 * (F-1) Mairie – Le Pont
	//     Assets:Cash                       1200.00 EUR
	//     Income:Projects:Le-Pont          -1200.00 EUR
}

func ExampleFEC() {
	w := exampleYear(context.Background())
	must(w.Read(func(b *ledger.Books) {
		lines, err := handover.FEC(w.state, b, handover.FECOptions{From: newYear, Closing: lastDay})
		must(err)
		for _, l := range lines { // fec.Write writes them into the file
			fmt.Println(l.Date.Format("2006-01-02"), l.Journal, l.Account, l.Debit.StringFixed(2), l.Credit.StringFixed(2), l.Label)
		}
	}))
	// Output:
	// 2025-02-01 BQ 611000 199.99 0.00 Sawmill – Le Pont
	// 2025-02-01 BQ 512000 0.00 199.99 Sawmill – Le Pont
	// 2025-06-30 BQ 512000 1200.00 0.00 Mairie – Le Pont
	// 2025-06-30 BQ 706000 0.00 1200.00 Mairie – Le Pont
}

func ExampleStatementOf() {
	w := exampleYear(context.Background())
	must(w.Read(func(b *ledger.Books) {
		statement, err := handover.StatementOf(w.state, b, bob, newYear, lastDay)
		must(err)
		must(statement.Markdown(os.Stdout, "en"))
	}))
	// Output:
	// # Statement of contributions: Bob
	//
	// From 2025-01-01 to 2025-12-31.
	//
	// ## Totals
	//
	// | project | kind | declared only | validated | unit |
	// |---|---|--:|--:|---|
	// | Le Pont | time | 0 | 30.5 | h |
	//
	// ## Contributions
	//
	// | day | project | kind | quantity | state | validated by | note |
	// |---|---|---|--:|---|---|---|
	// | 2025-03-04 | Le Pont | time | 30.5 h | validated | Le Moulin | drawings |
}
