package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
	"github.com/commonstocommons/codesocial/ledger"
)

func frozen(t testing.TB, v journal.Snapshotter) []byte {
	t.Helper()
	data, err := v.MarshalBinary()
	require.NoError(t, err)
	return data
}

// thawed returns what a snapshot of books gives.
func thawed(t testing.TB, b *ledger.Books, state *codesocial.State) *ledger.Books {
	t.Helper()
	data := frozen(t, b)
	fresh := ledger.NewBooks(state)
	require.NoError(t, fresh.UnmarshalBinary(data))
	require.True(t, bytes.Equal(data, frozen(t, fresh)), "the same books give the same bytes")
	return fresh
}

// checkKept checks that the books of a world come back from a snapshot in all their parts, and that snapshots from the midst of their history and the rest give the
// same. Every world of every test is checked when its test is over.
func (w *world) checkKept(t testing.TB) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if _, test := t.(*testing.T); !test || t.Failed() || w.journal.Sync(ctx) != nil {
		return
	}
	require.NoError(t, ledger.CheckBooks(w.Books()))
	differs, err := ledger.BooksDiffer(w.Books(), thawed(t, w.Books(), w.community.State()))
	require.NoError(t, err)
	require.Empty(t, differs)
	middle := rand.Uint64N(w.journal.Size())
	state := new(codesocial.State)
	books := ledger.NewBooks(state)
	for r, err := range w.journal.Records(ctx, 0) {
		require.NoError(t, err)
		if r.Position == middle {
			require.NoError(t, state.UnmarshalBinary(frozen(t, state)))
			books = thawed(t, books, state)
		}
		for _, view := range []journal.View{state, books} {
			v, err := view.Decode(&r)
			require.NoError(t, err)
			if v != nil {
				require.NoError(t, view.Apply(&r, v))
			}
		}
	}
	require.True(t, bytes.Equal(frozen(t, w.Books()), frozen(t, books)), "a snapshot at %d of %d, and the rest", middle, w.journal.Size())
}

func TestNothingButWhatBelongsToOthersIsLeftOutOfASnapshot(t *testing.T) {
	t.Parallel()
	left, err := ledger.LeftOutOfBooks()
	require.NoError(t, err)
	require.Equal(t, []string{"ledger.Books.community", "ledger.given.index", "ledger.money.index", "ledger.Books.audit"}, left)
}

// opened opens the books kept in a store with snapshots in a directory, and returns them with what was logged.
func opened(t testing.TB, store journal.Store, dir string) (*world, *bytes.Buffer) {
	t.Helper()
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	require.NoError(t, err)
	log := new(bytes.Buffer)
	j, err := journal.Open(t.Context(), store, signer, &journal.Options{Snapshots: journal.SnapshotDir(dir), Log: slog.New(slog.NewTextHandler(log, nil))})
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j, ledger.Checks())
	require.NoError(t, err)
	l, err := ledger.Open(t.Context(), community)
	require.NoError(t, err)
	return &world{Ledger: l, journal: j, community: community}, log
}

func TestASnapshotAfterAnyBlockAndTheRestGiveTheSameBooks(t *testing.T) {
	t.Parallel()
	h := play(t, rand.Uint64(), 90)
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	require.NoError(t, err)
	journaltest.CheckSnapshots(t, h.store.MemoryStore, signer, func(j *journal.Journal) (journal.Snapshotter, error) {
		community, err := codesocial.Open(t.Context(), j)
		if err != nil {
			return nil, err
		}
		books, err := ledger.Open(t.Context(), community)
		if err != nil {
			return nil, err
		}
		return books.Books(), nil
	})
}

// TestSnapshotsOfDifferentAgeGiveTheSameBooks leaves the snapshot of one view behind, or out.
func TestSnapshotsOfDifferentAgeGiveTheSameBooks(t *testing.T) {
	t.Parallel()
	h := play(t, 5, 200)
	store := h.store.MemoryStore
	dir := t.TempDir()
	files := func() map[string]string {
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		found := make(map[string]string)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			found[name] = string(data)
		}
		return found
	}
	w, _ := opened(t, store, dir)
	require.NoError(t, w.journal.SaveSnapshot(t.Context()))
	older := files()
	require.NoError(t, w.Declare(t.Context(), h.contribution(ana, "3")))
	require.NoError(t, w.community.Register(t.Context(), codesocial.Party{ID: "urn:x:late", Type: codesocial.Person, Name: "Late"}))
	require.NoError(t, w.journal.SaveSnapshot(t.Context()))
	newer := files()
	want, public := open(t, store), state(t, open(t, store))
	for choice := range 27 { // of each of three files: the older one, the newer one, or none
		i := choice
		for name := range newer {
			switch i % 3 {
			case 0:
				require.NoError(t, os.WriteFile(name, []byte(older[name]), 0o600))
			case 1:
				require.NoError(t, os.WriteFile(name, []byte(newer[name]), 0o600))
			default:
				require.NoError(t, os.RemoveAll(name))
			}
			i /= 3
		}
		got, log := opened(t, store, dir)
		require.Empty(t, log.String())
		require.True(t, bytes.Equal(frozen(t, want.Books()), frozen(t, got.Books())), "choice %d", choice)
		require.True(t, bytes.Equal(frozen(t, want.community.State()), frozen(t, got.community.State())), "choice %d", choice)
		require.Equal(t, public, state(t, got))
	}
}

func TestADamagedSnapshotOfBooksIsIgnored(t *testing.T) {
	t.Parallel()
	h := play(t, 6, 60)
	data := frozen(t, h.Books())
	books := ledger.NewBooks(h.community.State())
	empty := frozen(t, books)
	for n := range len(data) {
		require.Error(t, books.UnmarshalBinary(data[:n]), "cut at %d", n)
	}
	require.Equal(t, empty, frozen(t, books))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		other := bytes.Clone(data)
		other[i] ^= byte(1 + random.IntN(255))
		if books.UnmarshalBinary(other) != nil { // what it does not see, the journal does
			require.Equal(t, empty, frozen(t, books))
		}
	}

	dir := t.TempDir()
	w, log := opened(t, h.store.MemoryStore, dir)
	require.NoError(t, w.journal.SaveSnapshot(t.Context()))
	require.Empty(t, log.String())
	names, err := filepath.Glob(filepath.Join(dir, "ledger.books*"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	whole, err := os.ReadFile(names[0])
	require.NoError(t, err)
	for range 30 {
		other := bytes.Clone(whole)
		at := len(whole) - 1 - random.IntN(len(data)) // behind the header, in whose base64 some bits say nothing
		other[at] ^= byte(1 + random.IntN(255))
		require.NoError(t, os.WriteFile(names[0], other, 0o600))
		w, log := opened(t, h.store.MemoryStore, dir)
		require.Equal(t, data, frozen(t, w.Books()))
		require.Contains(t, log.String(), "snapshot ignored")
	}
}

func FuzzSnapshot(f *testing.F) {
	h := play(f, 4, 150)
	f.Add(frozen(f, h.Books()))
	f.Add(frozen(f, ledger.NewBooks(h.community.State())))
	f.Fuzz(func(t *testing.T, data []byte) {
		if books := ledger.NewBooks(h.community.State()); books.UnmarshalBinary(data) == nil {
			thawed(t, books, h.community.State())
		}
	})
}

// BenchmarkOpen opens a community with books of 200 000 contributions, a million with -long: from the records, and from snapshots of the journal, the state and the books. It
// says how many bytes all of it takes for a record.
func BenchmarkOpen(b *testing.B) {
	w := setup(b)
	batches := 200
	if *long {
		batches = 1000
	}
	for n := range batches {
		contributions := make([]ledger.Contribution, 1000)
		for i := range contributions {
			c := w.contribution([]string{ana, bob, cid}[i%3], decimal.New(int64(1+i), -2).String())
			c.Note = fmt.Sprint("meeting of the circle, point ", n*1000+i, " of the agenda")
			contributions[i] = c
		}
		require.NoError(b, w.Declare(b.Context(), contributions...))
	}
	records, store := float64(w.journal.Size()), w.store
	w = nil
	with, without := b.TempDir(), b.TempDir()
	b.Run("Save", func(b *testing.B) {
		w, _ := opened(b, store, with)
		for b.Loop() {
			require.NoError(b, w.journal.SaveSnapshot(b.Context()))
		}
	})
	for _, from := range []struct{ name, dir string }{{"Records", without}, {"Snapshot", with}} {
		b.Run(from.name, func(b *testing.B) {
			var opens *world
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				var log *bytes.Buffer
				opens, log = opened(b, store, from.dir)
				require.Empty(b, log.String())
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/records, "B/record")
			runtime.KeepAlive(opens)
		})
	}
}
