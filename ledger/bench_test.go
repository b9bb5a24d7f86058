package ledger_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger"
)

// BenchmarkReplay folds a journal of contributions into books, decoding on all processors, and reports records a second for each of
// them.
func BenchmarkReplay(b *testing.B) {
	w := setup(b)
	const batches, size = 100, 1000
	for n := range batches {
		contributions := make([]ledger.Contribution, size)
		for i := range contributions {
			c := w.contribution([]string{ana, bob, cid}[i%3], decimal.New(int64(1+i), -2).String())
			c.Note = fmt.Sprint("meeting of the circle, point ", n, " of the agenda")
			contributions[i] = c
		}
		require.NoError(b, w.Declare(b.Context(), contributions...))
	}
	records := float64(w.journal.Size())
	for name, f := range map[string]func(){
		"Attach": func() { require.NoError(b, w.journal.Attach(b.Context(), ledger.NewBooks(w.community.State()))) },
		"Open":   func() { open(b, w.store) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
			rate := records * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "records/s")
			b.ReportMetric(rate/float64(runtime.GOMAXPROCS(0)), "records/s/core")
		})
	}
}

// BenchmarkDistribute computes the distribution of a project with 100 000 contributions.
func BenchmarkDistribute(b *testing.B) {
	w := setup(b)
	for range 100 {
		contributions := make([]ledger.Contribution, 1000)
		for i := range contributions {
			contributions[i] = w.contribution([]string{ana, bob, cid}[i%3], "1.25")
		}
		w.give(b, contributions...)
	}
	require.NoError(b, w.Receive(b.Context(), w.receipt("10000")))
	for b.Loop() {
		_, err := w.Books().Compute(ledger.Run{Project: pont, From: newYear, To: lastDay})
		require.NoError(b, err)
	}
}
