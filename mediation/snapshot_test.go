package mediation

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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

// thawed returns a state and its cases from the snapshot of a state.
func thawed(t testing.TB, s *codesocial.State) (*codesocial.State, *Cases) {
	t.Helper()
	data := frozen(t, s)
	var cases *Cases
	fresh := codesocial.NewState(codesocial.Guarded(func(s *codesocial.State) codesocial.Guard {
		cases = NewCases(s)
		return cases
	}))
	require.NoError(t, fresh.UnmarshalBinary(data))
	require.True(t, bytes.Equal(data, frozen(t, fresh)), "the same cases give the same bytes")
	return fresh, cases
}

// checkKept checks that the cases of a world come back from a snapshot in all their parts, and that a snapshot from the midst of their history and the rest give the
// same. Every world of every test is checked when its test is over.
func (w *world) checkKept() {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	if _, test := w.t.(*testing.T); !test || w.t.Failed() || w.journal.Sync(ctx) != nil {
		return
	}
	require.NoError(w.t, w.cases.frozen().Check(w.cases))
	_, cases := thawed(w.t, w.community.State())
	differs, err := w.cases.frozen().Differ(w.cases, cases)
	require.NoError(w.t, err)
	require.Empty(w.t, differs)

	if w.journal.Size() > 1000 { // to fold it once more takes its time
		return
	}
	middle := rand.Uint64N(w.journal.Size())
	state := codesocial.NewState(Guard())
	for r, err := range w.journal.Records(ctx, 0) {
		require.NoError(w.t, err)
		if r.Position == middle {
			state, _ = thawed(w.t, state)
		}
		v, err := state.Decode(&r)
		require.NoError(w.t, err)
		if v != nil {
			require.NoError(w.t, state.Apply(&r, v))
		}
	}
	require.True(w.t, bytes.Equal(frozen(w.t, w.community.State()), frozen(w.t, state)), "a snapshot at %d of %d, and the rest", middle, w.journal.Size())
}

func TestNothingButWhatBelongsToOthersIsLeftOutOfASnapshot(t *testing.T) {
	t.Parallel()
	left, err := new(Cases).frozen().Left()
	require.NoError(t, err)
	require.Equal(t, []string{"mediation.Cases.state", "mediation.Cases.ties", "mediation.Cases.decided", "mediation.Cases.reading", "mediation.Cases.rules"}, left)
}

func TestASnapshotAfterAnyBlockAndTheRestGiveTheSameCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	w.act(id, Fail, mediator)
	w.raise()
	signer, err := journal.NewSigner("la-trame.example/journal", key("journal"))
	require.NoError(t, err)
	journaltest.CheckSnapshots(t, w.store, signer, func(j *journal.Journal) (journal.Snapshotter, error) {
		community, err := codesocial.Open(t.Context(), j, Guard())
		if err != nil {
			return nil, err
		}
		return community.State(), nil
	})
}

// reopen opens the journal with snapshots in a directory, and returns what was logged.
func (w *world) reopen(dir string) *bytes.Buffer {
	w.t.Helper()
	signer, err := journal.NewSigner("la-trame.example/journal", key("journal"))
	require.NoError(w.t, err)
	log := new(bytes.Buffer)
	w.journal, err = journal.Open(w.t.Context(), w.store, signer, &journal.Options{
		Now: func() time.Time { return w.now }, Snapshots: journal.SnapshotDir(dir), Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	require.NoError(w.t, err)
	w.community, err = codesocial.Open(w.t.Context(), w.journal, Guard())
	require.NoError(w.t, err)
	w.Office, err = Open(w.t.Context(), w.community, &Options{Sealer: testSealer{}})
	require.NoError(w.t, err)
	return log
}

func TestCasesGoOnFromASnapshot(t *testing.T) {
	t.Parallel()
	w, dir := newWorld(t), t.TempDir()
	id, _ := w.mediated()
	w.reopen(dir)
	require.NoError(t, w.journal.SaveSnapshot(t.Context()))
	before := w.get(id)
	require.Empty(t, w.reopen(dir).String())
	after := w.get(id)
	require.Equal(t, before.Rules.charter.Hash(), after.Rules.charter.Hash())
	before.Rules, after.Rules = nil, nil
	require.Equal(t, before, after)
	w.act(id, Fail, before.Mediator)
	require.Equal(t, Failed, w.stage(id))
	w.sameAsReplayed()
}

func TestNothingConfidentialOrErasedIsInASnapshot(t *testing.T) {
	t.Parallel()
	w, dir := newWorld(t), t.TempDir()
	id, _ := w.mediated()
	note := w.paper(id, Note, ana)
	w.reopen(dir)
	saved := func() (all []byte) {
		t.Helper()
		require.NoError(t, w.journal.SaveSnapshot(t.Context()))
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			all = append(all, data...)
		}
		return all
	}
	all := saved()
	require.NotContains(t, string(all), canary)
	require.Contains(t, string(all), string(note[:]), "the paper is known by its id")
	require.NoError(t, w.journal.Erase(t.Context(), w.cases.papers[note].position, "asked for by the person", ""))
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Empty(t, names)
	require.NotContains(t, string(saved()), canary)
	require.Empty(t, w.reopen(dir).String())
	require.True(t, w.cases.papers[note].gone)
	require.Empty(t, w.cases.papers[note].readers)
}

func FuzzSnapshot(f *testing.F) {
	w := newWorld(f)
	w.mediated()
	f.Add(frozen(f, w.cases))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := NewCases(w.community.State())
		if c.UnmarshalBinary(data) != nil {
			require.Empty(t, c.All())
			return
		}
		frozen(t, c)
	})
}
