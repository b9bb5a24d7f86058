package invent

import (
	"bytes"
	"encoding/csv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// table writes rows as CSV with semicolons.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	_ = w.WriteAll(rows) // a buffer takes everything
	return b.Bytes()
}

// frenchDate writes a day as 31/12/2025.
func frenchDate(day time.Time) string { return day.Format("02/01/2006") }

// frenchNumber writes a number with a decimal comma and no more decimals than it needs.
func frenchNumber(d decimal.Decimal) string { return strings.Replace(d.String(), ".", ",", 1) }

// frenchAmount writes an amount of money with two decimals and spaces between thousands: 12 345,60.
func frenchAmount(d decimal.Decimal) string {
	whole, cents, _ := strings.Cut(d.StringFixed(2), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + " " + whole[i:]
	}
	return whole + "," + cents
}
