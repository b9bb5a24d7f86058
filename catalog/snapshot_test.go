package catalog_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

func frozen(t testing.TB, v journal.Snapshotter) []byte {
	t.Helper()
	data, err := v.MarshalBinary()
	require.NoError(t, err)
	return data
}

// thawed returns what a snapshot of a catalogue gives.
func thawed(t testing.TB, s *catalog.State, community *codesocial.State) *catalog.State {
	t.Helper()
	data := frozen(t, s)
	fresh := catalog.NewState(community, nil)
	require.NoError(t, fresh.UnmarshalBinary(data))
	require.True(t, bytes.Equal(data, frozen(t, fresh)), "the same catalogue gives the same bytes")
	return fresh
}

// checkKept checks that the catalogue of a world comes back from a snapshot in all its parts, and that a snapshot from the midst of its history and the rest give the
// same. Every world of every test is checked when its test is over.
func (w *world) checkKept() {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	if _, test := w.t.(*testing.T); !test || w.t.Failed() || w.journal.Sync(ctx) != nil {
		return
	}
	require.NoError(w.t, catalog.CheckState(w.State()))
	restored := thawed(w.t, w.State(), w.community.State())
	differs, err := catalog.StatesDiffer(w.State(), restored)
	require.NoError(w.t, err)
	require.Empty(w.t, differs)
	require.Equal(w.t, w.State().Shown(), restored.Shown())
	for _, text := range []string{"", "charpente", "pain four", "hale"} {
		q := search.Query{Text: text, Count: []string{catalog.FacetKind, catalog.FacetHolder, catalog.FacetStatus}, Page: 100}
		a, err := w.State().Index().Find(q)
		require.NoError(w.t, err)
		b, err := restored.Index().Find(q)
		require.NoError(w.t, err)
		require.Equal(w.t, a, b)
	}
	asked := 0
	for l := range w.State().Entries(today, catalog.Filter{}) {
		if asked++; asked > 20 {
			break
		}
		require.Equal(w.t, w.State().Rivals(&l.Entry, dec("0.2"), today), restored.Rivals(&l.Entry, dec("0.2"), today), l.Entry.ID)
	}

	middle := rand.Uint64N(w.journal.Size())
	whole, s := catalog.NewState(w.community.State(), nil), catalog.NewState(w.community.State(), nil) // another world may have erased what this one holds
	for r, err := range w.journal.Records(ctx, 0) {
		require.NoError(w.t, err)
		if r.Position == middle {
			s = thawed(w.t, s, w.community.State())
		}
		for _, s := range []*catalog.State{whole, s} {
			v, err := s.Decode(&r)
			require.NoError(w.t, err)
			if v != nil {
				require.NoError(w.t, s.Apply(&r, v))
			}
		}
	}
	require.True(w.t, bytes.Equal(frozen(w.t, whole), frozen(w.t, s)), "a snapshot at %d of %d, and the rest", middle, w.journal.Size())
	require.Equal(w.t, whole.Shown(), s.Shown())
}

func TestNothingButWhatBelongsToOthersOrFollowsIsLeftOutOfASnapshot(t *testing.T) {
	t.Parallel()
	left, err := catalog.LeftOutOfState()
	require.NoError(t, err)
	require.Equal(t, []string{"catalog.State.community", "catalog.State.scheme", "catalog.State.index", "catalog.State.domains", "catalog.State.shown"}, left)
}

func TestASnapshotAfterAnyBlockAndTheRestGiveTheSameCatalogue(t *testing.T) {
	t.Parallel()
	h := &history{world: setup(t), rng: rand.New(rand.NewPCG(rand.Uint64(), 1)), day: today}
	for h.journal.Size() < 60 {
		h.act()
	}
	signer, err := journal.NewSigner("la-rive.example/journal", keys["journal"])
	require.NoError(t, err)
	journaltest.CheckSnapshots(t, h.store, signer, func(j *journal.Journal) (journal.Snapshotter, error) {
		community, err := codesocial.Open(t.Context(), j)
		if err != nil {
			return nil, err
		}
		c, err := catalog.Open(t.Context(), community, nil)
		if err != nil {
			return nil, err
		}
		return c.State(), nil
	})
}

// opened opens the catalogue in a store with snapshots in a directory, and returns it with what was logged.
func opened(t testing.TB, store journal.Store, snapshots journal.Snapshots) (*catalog.Catalog, *journal.Journal, *bytes.Buffer) {
	t.Helper()
	signer, err := journal.NewSigner("la-rive.example/journal", keys["journal"])
	require.NoError(t, err)
	log := new(bytes.Buffer)
	j, err := journal.Open(t.Context(), store, signer, &journal.Options{Snapshots: snapshots, Log: slog.New(slog.NewTextHandler(log, nil))})
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j)
	require.NoError(t, err)
	c, err := catalog.Open(t.Context(), community, nil)
	require.NoError(t, err)
	return c, j, log
}

func TestADamagedSnapshotOfACatalogueIsIgnored(t *testing.T) {
	t.Parallel()
	h := &history{world: setup(t), rng: rand.New(rand.NewPCG(4, 1)), day: today}
	for h.journal.Size() < 50 {
		h.act()
	}
	data, empty := frozen(t, h.State()), frozen(t, catalog.NewState(h.community.State(), nil))
	s := catalog.NewState(h.community.State(), nil)
	for n := range len(data) {
		require.Error(t, s.UnmarshalBinary(data[:n]), "cut at %d", n)
	}
	require.Equal(t, empty, frozen(t, s))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		other := bytes.Clone(data)
		other[i] ^= byte(1 + random.IntN(255))
		if s.UnmarshalBinary(other) != nil { // what it does not see, the journal does
			require.Equal(t, empty, frozen(t, s))
		}
	}
	missing, err := catalog.WithoutEntry()
	require.NoError(t, err)
	for _, other := range missing {
		require.ErrorIs(t, s.UnmarshalBinary(other), catalog.ErrInvalid)
	}
	kept := make(inMemory)
	_, j, log := opened(t, h.store, kept)
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.Empty(t, log.String())
	whole := kept["catalog.state"]
	for range 30 {
		kept["catalog.state"] = bytes.Clone(whole)
		at := len(whole) - 1 - random.IntN(len(data)) // behind the header, in whose base64 some bits say nothing
		kept["catalog.state"][at] ^= byte(1 + random.IntN(255))
		c, _, log := opened(t, h.store, kept)
		require.Equal(t, data, frozen(t, c.State()))
		require.Contains(t, log.String(), "snapshot ignored")
	}
}

// inMemory keeps snapshots in memory.
type inMemory map[string][]byte

func (m inMemory) Load(_ context.Context, name string) ([]byte, error) { return m[name], nil }

func (m inMemory) Save(_ context.Context, name string, snapshot []byte) error {
	m[name] = snapshot
	return nil
}

func (m inMemory) Clear(context.Context) error {
	clear(m)
	return nil
}

func TestNoErasedTextIsInASnapshot(t *testing.T) {
	t.Parallel()
	const canary = "serinette"
	w := setup(t)
	e := offer("music", scierie)
	e.Title["fr"] = canary
	require.NoError(t, w.Write(t.Context(), scierie, today, e))
	position := w.journal.Size() - 1
	require.NoError(t, w.Step(t.Context(), catalog.Step{By: scierie, Entry: e.ID, Move: catalog.Withdraw, On: today, Reason: "gone"}))
	kept := make(inMemory)
	_, j, _ := opened(t, w.store, kept)
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.Contains(t, string(kept["catalog.state"]), canary)
	_, j, _ = opened(t, w.store, kept)
	require.NoError(t, j.Erase(t.Context(), position, "asked for by the person", ""))
	require.Empty(t, kept)
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.NotEmpty(t, kept["catalog.state"])
	for name, data := range kept {
		require.NotContains(t, string(data), canary, name)
	}
	c, _, log := opened(t, w.store, kept)
	require.Empty(t, log.String())
	l, ok := c.State().Entry(e.ID, today)
	require.True(t, ok && l.Erased)
}

func FuzzSnapshot(f *testing.F) {
	h := &history{world: setup(f), rng: rand.New(rand.NewPCG(5, 1)), day: today}
	for h.journal.Size() < 60 {
		h.act()
	}
	f.Add(frozen(f, h.State()))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s := catalog.NewState(h.community.State(), nil); s.UnmarshalBinary(data) == nil {
			thawed(t, s, h.community.State())
		}
	})
}

// BenchmarkSnapshot keeps 20 000 published entries of 70 words, and makes a catalogue of them again; see BenchmarkFold.
func BenchmarkSnapshot(b *testing.B) {
	w := setup(b)
	state := fold(b, w.community.State(), records(b, 20_000))
	data := frozen(b, state)
	b.Run("Marshal", func(b *testing.B) {
		for b.Loop() {
			frozen(b, state)
		}
	})
	b.Run("Unmarshal", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, catalog.NewState(w.community.State(), nil).UnmarshalBinary(data))
		}
	})
}
