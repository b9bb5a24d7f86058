package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
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

// million returns books of a million events over 200 projects and 500 persons and five years: half of them contributions, validated, the others receipts and
// expenses. The journal is left out: its records are applied as it would.
func million(b *testing.B) *ledger.Books {
	b.Helper()
	w := setup(b)
	parties := make([]codesocial.Party, 200)
	for i := range parties {
		parties[i] = codesocial.Party{ID: fmt.Sprintf("https://le-gue.example/project/%d", i), Type: codesocial.Project, Name: fmt.Sprint("Project ", i), Lead: moulin}
	}
	require.NoError(b, w.community.Register(b.Context(), parties...))
	books := ledger.NewBooks(w.community.State())
	position := uint64(100)
	apply := func(kind string, author string, payload any) uuid.UUID {
		text, err := canonical.Marshal(payload)
		require.NoError(b, err)
		r := &journal.Record{Position: position, ID: id(int(position)), Kind: kind, Schema: 1, Author: author, Payload: text, Time: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
		position++
		v, err := books.Decode(r)
		require.NoError(b, err)
		require.NoError(b, books.Apply(r, v))
		return r.ID
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var batch []uuid.UUID
	for i := range 1_000_000 {
		project := fmt.Sprintf("https://le-gue.example/project/%d", i%200)
		on := newYear.AddDays(i*5*365/1_000_000 - rng.IntN(20))
		switch amount := decimal.New(1+rng.Int64N(1_000_000), -2); i % 4 {
		case 0, 1:
			person := fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", i%500)
			batch = append(batch, apply(ledger.KindContribution, person, ledger.Contribution{
				Party: person, Project: project, Kind: "time", Quantity: ledger.Quantity{Value: decimal.New(1+rng.Int64N(800), -2), Unit: "h"}, On: on, Evidence: fmt.Sprintf("sheet %d", i),
			}))
			if len(batch) == 1000 {
				apply(ledger.KindValidation, moulin, ledger.Validation{On: on, Contributions: batch, Required: 1})
				batch = batch[:0]
			}
		case 2:
			apply(ledger.KindReceipt, "", ledger.Receipt{Project: project, Amount: amount, Currency: "EUR", On: on, Reference: fmt.Sprintf("F-%d", i)})
		default:
			apply(ledger.KindExpense, "", ledger.Expense{Project: project, Amount: amount, Currency: "EUR", On: on, Reference: fmt.Sprintf("B-%d", i)})
		}
	}
	return books
}

// BenchmarkMillion asks books of a million events for balances and a project's report, and says how many bytes they take for an event.
func BenchmarkMillion(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	books := million(b)
	runtime.GC()
	runtime.ReadMemStats(&after)
	bytes := float64(after.HeapAlloc-before.HeapAlloc) / 1_000_000
	project := "https://le-gue.example/project/2"
	account := ledger.ProjectAccount(project)
	middle, then := day("2027-06-30"), ledger.Token(500_100)
	for name, f := range map[string]func(){
		"Balance":              func() { books.Balance(account, "EUR") },
		"BalanceOfCash":        func() { books.Balance(ledger.Cash, "EUR") },
		"BalanceAsOf":          func() { books.BalanceAt(account, "EUR", ledger.At{On: middle}) },
		"BalanceOfCashAsOf":    func() { books.BalanceAt(ledger.Cash, "EUR", ledger.At{On: middle}) },
		"BalanceAsKnown":       func() { books.BalanceAt(account, "EUR", ledger.At{Known: then}) },
		"BalanceOfCashAsKnown": func() { books.BalanceAt(ledger.Cash, "EUR", ledger.At{Known: then}) },
		"BalanceAsOfAsKnown":   func() { books.BalanceAt(account, "EUR", ledger.At{On: middle, Known: then}) },
		"Report": func() {
			_, err := books.Report(project, ledger.At{On: day("2029-12-31")})
			require.NoError(b, err)
		},
		"ReportAsKnown": func() {
			_, err := books.Report(project, ledger.At{On: day("2029-12-31"), Known: then})
			require.NoError(b, err)
		},
		"BalanceOfCashAsOfAsKnown": func() { books.BalanceAt(ledger.Cash, "EUR", ledger.At{On: middle, Known: then}) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
	b.Run("TransactionsOfAnAccount", func(b *testing.B) {
		for b.Loop() {
			for range books.Transactions(ledger.Filter{Account: account}) {
				continue
			}
		}
		b.ReportMetric(bytes, "B/event")
	})
}
