package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkBalance adds up a file of 100 000 transactions with three postings each over 580 accounts, as whole processes: this program, ledger and hledger, one
// after the other on the same file. It reports CPU time and memory of this program over those of the others; the memory of a child is at least that
// of the test itself, from which it is forked, so the real ratio is smaller.
func BenchmarkBalance(b *testing.B) {
	dir := b.TempDir()
	file, books := filepath.Join(dir, "year.journal"), filepath.Join(dir, "books")
	require.NoError(b, os.WriteFile(file, hundredThousand(), 0o600))
	out, err := exec.CommandContext(b.Context(), "go", "build", "-o", books, ".").CombinedOutput()
	require.NoError(b, err, "%s", out)
	measure := func(name string, args ...string) (cpu, memory float64) {
		cmd := exec.CommandContext(b.Context(), name, args...)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		out, err := cmd.Output()
		require.NoError(b, err)
		require.GreaterOrEqual(b, bytes.Count(out, []byte("\n")), 580)
		return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	var ours, oursMemory, ledger, ledgerMemory, hledger, hledgerMemory float64
	add := func(cpu, memory *float64, name string, args ...string) {
		c, m := measure(name, args...)
		*cpu, *memory = *cpu+c, *memory+m
	}
	for b.Loop() {
		add(&ours, &oursMemory, books, "balance", file)
		add(&ledger, &ledgerMemory, "ledger", "-f", file, "balance", "--flat")
		add(&hledger, &hledgerMemory, "hledger", "-f", file, "balance", "--flat")
	}
	b.ReportMetric(ours/ledger, "cpu/ledger")
	b.ReportMetric(oursMemory/ledgerMemory, "memory/ledger")
	b.ReportMetric(ours/hledger, "cpu/hledger")
	b.ReportMetric(oursMemory/hledgerMemory, "memory/hledger")
	b.ReportMetric(0, "ns/op") // of all three together, so it says nothing
}

func hundredThousand() []byte {
	random := rand.New(rand.NewPCG(1, 0))
	account := func() string { n := random.IntN(580); return fmt.Sprintf("Expenses:Group-%d:Account-%d", n%20, n) }
	var file bytes.Buffer
	for i := range 100_000 {
		x, y := random.IntN(1_000_000), random.IntN(1_000_000)
		fmt.Fprintf(&file, "2025-%02d-%02d * (A-%d) Some purchase %d\n", 1+i/8400%12, 1+i/300%28, i, i)
		fmt.Fprintf(&file, "    %-30s  %d.%02d EUR\n", account(), x/100, x%100)
		fmt.Fprintf(&file, "    %-30s  %d.%02d EUR\n", account(), y/100, y%100)
		fmt.Fprintf(&file, "    %-30s  -%d.%02d EUR\n\n", account(), (x+y)/100, (x+y)%100)
	}
	return file.Bytes()
}
