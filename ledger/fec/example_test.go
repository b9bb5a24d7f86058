package fec_test

import (
	"fmt"
	"strings"

	"github.com/commonstocommons/codesocial/ledger/fec"
)

func ExampleCheck() {
	file := strings.ReplaceAll(good, "1284,60\t0,00", "1284.60\t0,00") // a point where a comma must be
	report, err := fec.Check("552100554FEC20251231.txt", strings.NewReader(file), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d lines, %d entries, debit %s, credit %s\n", report.Lines, report.Entries, report.Debit, report.Credit)
	for _, f := range report.Findings {
		fmt.Println(f.Text("en"))
	}
	// Output:
	// 4 lines, 2 entries, debit 2208.75, credit 2208.75
	// 552100554FEC20251231.txt:2: column 12 Debit "1284.60": decimals stand behind a comma, not a point [decimal-point]
}
