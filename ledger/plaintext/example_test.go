package plaintext_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

func Example() {
	transactions := []plaintext.Transaction{{
		Date: time.Date(2025, 1, 15, 0, 0, 0, 0, time.UTC), Code: "A-2025-001", Description: "Insurance of the workshop",
		Postings: []plaintext.Posting{
			{Account: "Expenses:Insurance", Amount: decimal.RequireFromString("1284.60"), Commodity: "EUR"},
			{Account: "Assets:Bank", Amount: decimal.RequireFromString("-1284.60"), Commodity: "EUR"},
		},
	}}
	if err := plaintext.Write(os.Stdout, plaintext.Hledger, transactions); err != nil {
		fmt.Println(err)
	}
	// Output:
	// commodity EUR
	// account Assets:Bank
	// account Expenses:Insurance
	//
	// 2025-01-15 * (A-2025-001) Insurance of the workshop
	//     Expenses:Insurance           1284.60 EUR
	//     Assets:Bank                 -1284.60 EUR
}

func ExampleBalanceOf() {
	const file = `
2025-01-15 * (A-2025-001) Insurance of the workshop
    Expenses:Insurance           1284.60 EUR
    Assets:Bank

2025-01-20 * Seeds
    Expenses:Material              924.15 EUR
    Assets:Bank
`
	balances, err := plaintext.BalanceOf("year.journal", strings.NewReader(file), plaintext.Hledger)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range balances.Balances {
		fmt.Printf("%-20s %9s %s\n", b.Account, b.Amount.StringFixed(2), b.Commodity)
	}
	// Output:
	// Assets:Bank           -2208.75 EUR
	// Expenses:Insurance     1284.60 EUR
	// Expenses:Material       924.15 EUR
}

func ExampleSyntaxError() {
	_, err := plaintext.BalanceOf("year.journal", strings.NewReader("2025-01-15 * Insurance\n    Expenses:Insurance    1,284.60 EUR\n"), plaintext.Hledger)
	fmt.Println(err)
	// Output:
	// year.journal:2:27: "1,284.60": plaintext: not understood: the programs read this sign in different ways: write numbers as in 1234.50
}
