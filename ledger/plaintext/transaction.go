package plaintext

import (
	"time"

	"github.com/shopspring/decimal"
)

// A Transaction is what happened on one day: amounts on accounts, which add up to zero in each commodity.
type Transaction struct {
	Date        time.Time // the day, whatever the time of day and the time zone; read as midnight UTC
	Code        string    // of the document, such as "A-2025-001"; "" if there is none
	Description string    // for people; "" if there is none
	Postings    []Posting
	Line        int // of the file that it was read from, from 1; not written
}

// A Posting is an amount on an account: a debit if positive, a credit if negative.
type Posting struct {
	Account   string          // full name, levels separated by colons: "Assets:Bank"
	Amount    decimal.Decimal // with as many decimal places as it was written with
	Commodity string          // "EUR", "$"; "" if it was written without
	// Cost is what was paid for the amount ("10 USD @@ 9 EUR", or @ with the price of one), with its sign: it counts in the
	// place of the amount when the transaction is balanced. Zero, with CostCommodity "", for amounts without price.
	Cost          decimal.Decimal
	CostCommodity string
}
