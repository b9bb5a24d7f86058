package plaintext_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// hundredThousand is a file of 100 000 transactions with three postings each over 580 accounts.
func hundredThousand() []byte {
	random := rand.New(rand.NewPCG(1, 0))
	account := func() string { n := random.IntN(580); return fmt.Sprintf("Expenses:Group-%d:Account-%d", n%20, n) }
	var b bytes.Buffer
	for i := range 100_000 {
		x, y := random.IntN(1_000_000), random.IntN(1_000_000)
		fmt.Fprintf(&b, "2025-%02d-%02d * (A-%d) Some purchase %d\n", 1+i/8400%12, 1+i/300%28, i, i)
		fmt.Fprintf(&b, "    %-30s  %d.%02d EUR\n", account(), x/100, x%100)
		fmt.Fprintf(&b, "    %-30s  %d.%02d EUR\n", account(), y/100, y%100)
		fmt.Fprintf(&b, "    %-30s  -%d.%02d EUR\n\n", account(), (x+y)/100, (x+y)%100)
	}
	return b.Bytes()
}

func BenchmarkBalancesOf100000Transactions(b *testing.B) {
	file := hundredThousand()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := plaintext.BalanceOf("x", bytes.NewReader(file), plaintext.Hledger)
		require.NoError(b, err)
	}
}
