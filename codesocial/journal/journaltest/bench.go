package journaltest

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// PayloadBytes is the size of the payload of each record of [Bench], as canonical JSON.
const PayloadBytes = 323

// Bench measures a store from end to end: [journal.Journal.Update] with a view that reads every payload, so
// with encoding, hashing, signing, storing and applying. Its sub-benchmarks are
//
//	records=R/writers=W   R records (1, 100, 1000) a commit, W goroutines (1, 16, 256) that commit at once
//	read/records=R        opening a journal of commits of R records: reading, verifying, replaying
//	open/scratch          opening a journal of [Million] records, 1000 a commit: reading and verifying all of it
//	open/snapshot         the same from a snapshot
//	plain-file/records=R  the same bytes as one writer's commits, appended to a file and synced
//
// One operation is one commit of R records (in read and open, opening one journal). Each reports records/s,
// the commits also the 99th percentile of their duration as p99-ms, and open the memory that the open journal takes, as heap-B/record. The plain file is the ceiling for any durable
// store on the same disk, as long as one writer is meant; compare ratios within one run, for a disk is never twice the
// same. The plain file lies in b.TempDir.
func Bench(b *testing.B, h Harness) {
	sizes := []int{1, 100, 1000}
	for _, records := range sizes {
		for _, writers := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("records=%d/writers=%d", records, writers), func(b *testing.B) {
				benchUpdate(b, h, records, writers)
			})
		}
	}
	for _, records := range sizes {
		b.Run(fmt.Sprintf("read/records=%d", records), func(b *testing.B) { benchRead(b, h, records) })
	}
	b.Run("open", func(b *testing.B) { benchOpen(b, h) })
	for _, records := range sizes {
		b.Run(fmt.Sprintf("plain-file/records=%d", records), func(b *testing.B) { benchFile(b, records) })
	}
}

// ReadBack and Million are how many records the journals have that the sub-benchmarks read and open of [Bench] open.
const (
	ReadBack = 10_000
	Million  = 1_000_000
)

const (
	benchKind   = "example.contribution"
	benchAuthor = "https://la-trame.example/person/0197a1b2-0000-7000-8000-000000000001"
)

// contribution is a payload of a usual shape and of [PayloadBytes].
type contribution struct {
	Evidence string `json:"evidence"`
	Kind     string `json:"kind"`
	On       string `json:"on"`
	Party    string `json:"party"`
	Project  string `json:"project"`
	Quantity string `json:"quantity"`
}

var benchEvidence = strings.Repeat("notes of the meeting ", 4) + "of 19 March."

func contributionPayload() contribution {
	return contribution{
		Evidence: benchEvidence,
		Kind:     "time",
		On:       "2025-03-19",
		Party:    benchAuthor,
		Project:  "https://la-trame.example/project/0197a1b2-0000-7000-8000-000000000002",
		Quantity: "3.5 h",
	}
}

// reader is a view that reads every payload.
type reader struct{ records int }

func (v *reader) Decode(r *journal.Record) (any, error) {
	if r.Kind != benchKind {
		return nil, nil
	}
	var c contribution
	err := r.Unmarshal(&c)
	return c, err
}

func (v *reader) Apply(*journal.Record, any) error {
	v.records++
	return nil
}

func (v *reader) Reset() { v.records = 0 }

func (v *reader) Form() (string, int) { return "example.reader", 1 }
func (v *reader) MarshalBinary() ([]byte, error) {
	return strconv.AppendInt(nil, int64(v.records), 10), nil
}

func (v *reader) UnmarshalBinary(state []byte) (err error) {
	v.records, err = strconv.Atoi(string(state))
	return err
}

func drafts(n int) []journal.Draft {
	list := make([]journal.Draft, n)
	for i := range list {
		list[i] = journal.Draft{Kind: benchKind, Schema: 1, Author: benchAuthor, Payload: contributionPayload()}
	}
	return list
}

// openJournal opens a journal on a store, with a view attached.
func openJournal(b *testing.B, s journal.Store, opts *journal.Options) (*journal.Journal, *reader) {
	b.Helper()
	signer, err := journal.NewSigner("journaltest.example", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		b.Fatal(err)
	}
	j, err := journal.Open(b.Context(), s, signer, opts)
	if err != nil {
		b.Fatal(err)
	}
	v := new(reader)
	if err := j.Attach(b.Context(), v); err != nil {
		b.Fatal(err)
	}
	return j, v
}

// openBench opens the store of the harness on a new place, and closes it after the benchmark.
func openBench(b *testing.B, h Harness) (s journal.Store, place string) {
	b.Helper()
	place = h.New(b)
	s, err := h.Open(b.Context(), place)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if c, ok := s.(interface{ Close() error }); ok {
			if err := c.Close(); err != nil {
				b.Error(err)
			}
		}
	})
	return s, place
}

// benchUpdate lets writers make b.N commits together.
func benchUpdate(b *testing.B, h Harness, records, writers int) {
	s, _ := openBench(b, h)
	j, v := openJournal(b, s, nil)
	var next atomic.Int64
	took := make([][]time.Duration, writers)
	b.ResetTimer()
	err := parallel(writers, func(w int) error {
		for next.Add(1) <= int64(b.N) {
			start := time.Now()
			if _, err := j.Update(context.Background(), func() ([]journal.Draft, error) { return drafts(records), nil }); err != nil {
				return err
			}
			took[w] = append(took[w], time.Since(start))
		}
		return nil
	})
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	if err := j.Read(func() {
		if v.records != b.N*records {
			b.Errorf("the view has seen %d records, written were %d", v.records, b.N*records)
		}
	}); err != nil {
		b.Fatal(err)
	}
	perSecond(b, records)
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(all[(len(all)-1)*99/100].Microseconds())/1000, "p99-ms")
}

// benchRead opens a journal of ReadBack records again and again.
func benchRead(b *testing.B, h Harness, records int) {
	s, _ := openBench(b, h)
	j, _ := openJournal(b, s, nil)
	for range ReadBack / records {
		if _, err := j.Update(b.Context(), func() ([]journal.Draft, error) { return drafts(records), nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for range b.N {
		openJournal(b, s, nil)
	}
	b.StopTimer()
	perSecond(b, ReadBack)
}

// benchOpen opens a journal of a Million records again and again, without and with a snapshot.
func benchOpen(b *testing.B, h Harness) {
	s, _ := openBench(b, h)
	fromSnapshot := &journal.Options{Snapshots: journal.SnapshotDir(b.TempDir())}
	j, _ := openJournal(b, s, fromSnapshot)
	const commit = 1000
	for range Million / commit {
		if _, err := j.Update(b.Context(), func() ([]journal.Draft, error) { return drafts(commit), nil }); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.SaveSnapshot(b.Context()); err != nil {
		b.Fatal(err)
	}
	j = nil
	for _, c := range []struct {
		name string
		opts *journal.Options
	}{{"scratch", nil}, {"snapshot", fromSnapshot}} {
		b.Run(c.name, func(b *testing.B) {
			before := heap()
			b.ResetTimer()
			for range b.N {
				var v *reader
				if j, v = openJournal(b, s, c.opts); v.records != Million {
					b.Fatalf("the view has seen %d records", v.records)
				}
			}
			b.StopTimer()
			perSecond(b, Million)
			b.ReportMetric(float64(heap()-before)/Million, "heap-B/record")
			runtime.KeepAlive(j)
			j = nil
		})
	}
}

// heap returns the bytes of all that is alive.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// benchFile appends to a file what one writer's commits store.
func benchFile(b *testing.B, records int) {
	m := journal.NewMemoryStore()
	j, _ := openJournal(b, m, nil)
	if _, err := j.Update(b.Context(), func() ([]journal.Draft, error) { return drafts(records), nil }); err != nil {
		b.Fatal(err)
	}
	blocks, err := m.Blocks(b.Context(), 1, 1)
	if err != nil || len(blocks) != 1 {
		b.Fatalf("%d blocks, error %v", len(blocks), err)
	}
	f, err := os.Create(filepath.Join(b.TempDir(), "plain"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() }) // nobody reads it
	b.ResetTimer()
	for range b.N {
		if _, err := f.Write(blocks[0]); err != nil {
			b.Fatal(err)
		}
		if err := syncFile(f); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	perSecond(b, records)
}

func perSecond(b *testing.B, records int) {
	b.ReportMetric(float64(b.N)*float64(records)/b.Elapsed().Seconds(), "records/s")
}
