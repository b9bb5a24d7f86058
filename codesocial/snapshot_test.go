package codesocial_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

func (c *court) Form() (string, int)            { return "court.rulings", 1 }
func (c *court) MarshalBinary() ([]byte, error) { return json.Marshal(c.ruled) }

func (c *court) UnmarshalBinary(b []byte) error {
	c.Reset()
	return json.Unmarshal(b, &c.ruled)
}

// thawed returns what a snapshot of a state gives.
func thawed(t testing.TB, s *codesocial.State, opts ...codesocial.Option) *codesocial.State {
	t.Helper()
	data, err := s.MarshalBinary()
	require.NoError(t, err)
	fresh := codesocial.NewState(opts...)
	require.NoError(t, fresh.UnmarshalBinary(data))
	again, err := fresh.MarshalBinary()
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, again), "the same state gives the same bytes")
	return fresh
}

// checkKept checks that the state of a world comes back from a snapshot in all its parts, and that a snapshot from the midst of its history and the rest
// give the same. Every world of every test is checked when its test is over.
func (w *world) checkKept(opts []codesocial.Option) {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	if _, test := w.t.(*testing.T); !test || w.t.Failed() || w.journal.Sync(ctx) != nil {
		return
	}
	restored := thawed(w.t, w.State(), opts...)
	require.Equal(w.t, w.State(), restored)
	differs, err := codesocial.StatesDiffer(w.State(), restored)
	require.NoError(w.t, err)
	require.Empty(w.t, differs)
	require.NoError(w.t, codesocial.CheckState(w.State()))
	middle := rand.Uint64N(w.journal.Size())
	s := codesocial.NewState(opts...)
	for r, err := range w.journal.Records(ctx, 0) {
		require.NoError(w.t, err)
		if r.Position == middle {
			s = thawed(w.t, s, opts...)
		}
		v, err := s.Decode(&r)
		require.NoError(w.t, err)
		if v != nil {
			require.NoError(w.t, s.Apply(&r, v))
		}
	}
	require.Equal(w.t, w.State(), s, "a snapshot at %d of %d, and the rest", middle, w.journal.Size())
}

func TestNothingButTheGuardIsLeftOutOfASnapshot(t *testing.T) {
	t.Parallel()
	left, err := codesocial.LeftOutOfState()
	require.NoError(t, err)
	require.Equal(t, []string{"codesocial.State.guard"}, left)
}

func TestASnapshotAfterAnyBlockAndTheRestGiveTheSameState(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	w, charter := guardedWorld(t, probation)
	for w.journal.Size() < 45 {
		on := charter.InForceFrom().AddDays(random.IntN(60))
		switch random.IntN(3) {
		case 0:
			_ = w.impose(w.measure(cleo, codesocial.Suspension, on.String(), on.AddDays(3).String()))
		case 1:
			_ = w.step(cleo, []codesocial.MembershipEvent{codesocial.EventApply, codesocial.EventSponsor, codesocial.EventWelcome}[random.IntN(3)], on.String(), []string{cleo, atelier}[random.IntN(2)])
		default:
			_ = randomAct(w, random, &charter)
		}
	}
	signer, err := journal.NewSigner("la-trame.example/journal", keys["journal"])
	require.NoError(t, err)
	journaltest.CheckSnapshots(t, w.store, signer, func(j *journal.Journal) (journal.Snapshotter, error) {
		c, err := codesocial.Open(t.Context(), j, guarded())
		if err != nil {
			return nil, err
		}
		return c.State(), nil
	})
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

// opened opens a community with snapshots in a directory, and returns it with what was logged.
func opened(t testing.TB, store journal.Store, dir string, opts ...codesocial.Option) (*codesocial.Community, *bytes.Buffer) {
	t.Helper()
	signer, err := journal.NewSigner("la-trame.example/journal", keys["journal"])
	require.NoError(t, err)
	log := new(bytes.Buffer)
	j, err := journal.Open(t.Context(), store, signer, &journal.Options{Now: recorded, Snapshots: journal.SnapshotDir(dir), Log: slog.New(slog.NewTextHandler(log, nil))})
	require.NoError(t, err)
	c, err := codesocial.Open(t.Context(), j, opts...)
	require.NoError(t, err)
	return c, log
}

func TestASnapshotOfAnotherGuardIsIgnored(t *testing.T) {
	t.Parallel()
	w, _ := guardedWorld(t)
	w.rule()
	dir := t.TempDir()
	for _, test := range []struct {
		saved, opened []codesocial.Option
		ignored       bool
	}{
		{[]codesocial.Option{guarded()}, []codesocial.Option{guarded()}, false},
		{nil, nil, false},
		{[]codesocial.Option{guarded()}, nil, true},
		{nil, []codesocial.Option{guarded()}, true},
		{[]codesocial.Option{forgetful()}, []codesocial.Option{forgetful()}, true},
		{[]codesocial.Option{guarded()}, []codesocial.Option{forgetful()}, true},
	} {
		require.NoError(t, os.RemoveAll(dir))
		c, _ := opened(t, w.store, dir, test.saved...)
		require.NoError(t, c.Journal().SaveSnapshot(t.Context()))
		c, log := opened(t, w.store, dir, test.opened...)
		require.Equal(t, test.ignored, bytes.Contains(log.Bytes(), []byte("codesocial.state")), log)
		if len(test.opened) > 0 && c.Guard() != nil {
			require.Equal(t, w.State().MemberOn(atelier, day(t, "2025-06-01")), c.State().MemberOn(atelier, day(t, "2025-06-01")))
		}
		if guard, ok := c.Guard().(*court); ok {
			require.Len(t, guard.ruled, 1, "the guard has seen what was recorded, whether it was restored or not")
		}
	}
}

// A forgetter is a guard that keeps no snapshots.
type forgetter struct{ codesocial.Guard }

func forgetful() codesocial.Option {
	return codesocial.Guarded(func(*codesocial.State) codesocial.Guard { return forgetter{&court{ruled: make(map[uuid.UUID]bool)}} })
}

func TestADamagedSnapshotIsIgnored(t *testing.T) {
	t.Parallel()
	w, _ := founded(t)
	data, err := w.State().MarshalBinary()
	require.NoError(t, err)
	s := codesocial.NewState()
	for n := range len(data) {
		require.Error(t, s.UnmarshalBinary(data[:n]), "cut at %d", n)
		require.Equal(t, codesocial.NewState(), s)
	}
	require.Error(t, s.UnmarshalBinary(append(bytes.Clone(data), 0)))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		other := bytes.Clone(data)
		other[i] ^= byte(1 + random.IntN(255))
		if s.UnmarshalBinary(other) != nil { // what it does not see, the journal does
			require.Equal(t, codesocial.NewState(), s)
		}
	}

	other, err := codesocial.WithoutVersion()
	require.NoError(t, err)
	require.ErrorIs(t, s.UnmarshalBinary(other), codesocial.ErrInvalid)

	dir := t.TempDir()
	c, log := opened(t, w.store, dir)
	require.NoError(t, c.Journal().SaveSnapshot(t.Context()))
	require.Empty(t, log.String())
	names, err := filepath.Glob(filepath.Join(dir, "codesocial.state*"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	whole, err := os.ReadFile(names[0])
	require.NoError(t, err)
	signed := bytes.Index(whole, []byte("\n\n")) + 2
	last := signed + bytes.IndexByte(whole[signed:], '=') - 1 // of the signature in base64, which does not use all bits of it
	for range 100 {
		other := bytes.Clone(whole)
		i := random.IntN(len(other))
		if i == last {
			i++
		}
		other[i] ^= byte(1 + random.IntN(255))
		require.NoError(t, os.WriteFile(names[0], other, 0o600))
		c, log := opened(t, w.store, dir)
		require.Equal(t, w.State(), c.State())
		require.Contains(t, log.String(), "snapshot ignored")
	}
}

func TestNoErasedNameIsInASnapshot(t *testing.T) {
	t.Parallel()
	const canary = "Serinette du Pont-Neuf"
	store, dir := journal.NewMemoryStore(), t.TempDir()
	holds := func() (files, found int) {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			require.NoError(t, err)
			files++
			if bytes.Contains(data, []byte(canary)) {
				found++
			}
		}
		return files, found
	}
	c, _ := opened(t, store, dir)
	require.NoError(t, c.Register(t.Context(), append(parties(), codesocial.Party{ID: "urn:x:1", Type: codesocial.Person, Name: canary})...))
	require.NoError(t, c.Journal().SaveSnapshot(t.Context()))
	_, found := holds()
	require.Equal(t, 1, found, "the name is in the snapshot of the state")

	c, _ = opened(t, store, dir) // what is restored is erased as well as what was replayed
	require.NoError(t, c.Journal().Erase(t.Context(), c.Journal().Size()-1, "asked for by the person", ""))
	files, _ := holds()
	require.Zero(t, files)
	require.NoError(t, c.Journal().SaveSnapshot(t.Context()))
	files, found = holds()
	require.Positive(t, files)
	require.Zero(t, found)
	again, log := opened(t, store, dir)
	require.Empty(t, log.String())
	require.Equal(t, c.State(), again.State())
}

func FuzzSnapshot(f *testing.F) {
	w, _ := founded(f)
	for _, s := range []*codesocial.State{codesocial.NewState(), w.State()} {
		data, err := s.MarshalBinary()
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := codesocial.NewState()
		if s.UnmarshalBinary(data) != nil {
			require.Equal(t, codesocial.NewState(), s)
			return
		}
		thawed(t, s)
	})
}

// BenchmarkOpenWithManyMembers opens a community of ten thousand members: from its records, and from a snapshot.
func BenchmarkOpenWithManyMembers(b *testing.B) {
	w, charter := founded(b)
	list := make([]codesocial.Party, 10_000)
	for i := range list {
		list[i] = codesocial.Party{ID: "urn:uuid:" + uuid.New().String(), Type: codesocial.Person, Name: "N"}
	}
	for few := range slices.Chunk(list, 500) {
		require.NoError(b, w.Register(b.Context(), few...))
		admissions := make([]codesocial.Admission, len(few))
		for i := range few {
			admissions[i] = codesocial.Admission{Applicant: few[i].ID, Charter: charter.Hash(), On: day(b, "2025-03-03"), Sponsors: []string{atelier}}
		}
		require.NoError(b, w.Admit(b.Context(), admissions...))
	}
	dir := b.TempDir()
	c, _ := opened(b, w.store, dir)
	require.NoError(b, c.Journal().SaveSnapshot(b.Context()))
	empty := b.TempDir()
	b.Run("Records", func(b *testing.B) {
		for b.Loop() {
			opened(b, w.store, empty)
		}
	})
	b.Run("Snapshot", func(b *testing.B) {
		for b.Loop() {
			_, log := opened(b, w.store, dir)
			require.Empty(b, log.String())
		}
	})
}
