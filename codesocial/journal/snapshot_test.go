package journal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// tally is a view of hours whose state can be kept.
type tally struct {
	hours

	version int
	restore error
}

func newTally() *tally { return &tally{hours: hours{}, version: 3} }

func (v *tally) Form() (string, int)            { return "example.tally", v.version }
func (v *tally) MarshalBinary() ([]byte, error) { return json.Marshal(v.hours) }

func (v *tally) UnmarshalBinary(b []byte) error {
	err := json.Unmarshal(b, &v.hours)
	return errors.Join(v.restore, err)
}

// warnings is a log that the tests read.
type warnings struct{ bytes.Buffer }

func (w *warnings) options(snapshots journal.Snapshots) *journal.Options {
	return &journal.Options{Snapshots: snapshots, Log: slog.New(slog.NewTextHandler(w, nil))}
}

// withTally opens a journal with snapshots and attaches a tally.
func withTally(t testing.TB, store journal.Store, opts *journal.Options) (*journal.Journal, *tally) {
	t.Helper()
	j, err := journal.Open(t.Context(), store, testSigner(t), opts)
	require.NoError(t, err)
	v := newTally()
	require.NoError(t, j.Attach(t.Context(), v))
	return j, v
}

func TestASnapshotAndWhatCameSinceGiveWhatAReplayGives(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 40 {
		store, snapshots, log := journal.NewMemoryStore(), journal.SnapshotDir(t.TempDir()), new(warnings)
		j, v := withTally(t, store, log.options(snapshots))
		var known []journal.Draft
		for range r.IntN(25) {
			switch r.IntN(8) {
			case 0:
				require.NoError(t, j.SaveSnapshot(t.Context()))
			case 1:
				j, v = withTally(t, store, log.options(snapshots))
			case 2: // a process that knows of no snapshots writes too
				other, _ := withTally(t, store, nil)
				record(t, other, draft("other", 1))
				require.NoError(t, j.Sync(t.Context()))
			default:
				drafts := make([]journal.Draft, 1+r.IntN(4))
				for i := range drafts {
					drafts[i] = draft(fmt.Sprint("person ", r.IntN(5)), r.IntN(100))
					drafts[i].ID = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, len(known)))
					known = append(known, drafts[i])
				}
				record(t, j, drafts...)
			}
		}
		scratch, w := withTally(t, store, nil)
		again, x := withTally(t, store, log.options(snapshots))
		require.Empty(t, log.String())
		for _, other := range []*journal.Journal{j, again} {
			require.Equal(t, string(scratch.Checkpoint()), string(other.Checkpoint()))
			require.Equal(t, all(t, scratch, 0), all(t, other, 0))
			for size := uint64(1); size <= scratch.Size(); size++ {
				want, err := scratch.ProveInclusion(size-1, size)
				require.NoError(t, err)
				got, err := other.ProveInclusion(size-1, size)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		}
		require.Equal(t, w.hours, v.hours)
		require.Equal(t, w.hours, x.hours)
		record(t, again, known...)
		require.Equal(t, scratch.Size(), again.Size(), "every id is known")
		record(t, again, draft("last", 1))
		_, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), &journal.VerifyOptions{Checkpoint: j.Checkpoint()})
		require.NoError(t, err)
	}
}

// countingStore counts the blocks that are read.
type countingStore struct {
	*journal.MemoryStore
	read int
}

func (s *countingStore) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	page, err := s.MemoryStore.Blocks(ctx, n, limit)
	s.read += len(page)
	return page, err
}

func TestOpeningWithASnapshotReadsOneBlockAndWhatCameSince(t *testing.T) {
	t.Parallel()
	store := &countingStore{MemoryStore: journal.NewMemoryStore()}
	opts := new(warnings).options(journal.SnapshotDir(t.TempDir()))
	j, _ := withTally(t, store, opts)
	for i := range 100 {
		record(t, j, draft("Ada", i))
	}
	require.NoError(t, j.SaveSnapshot(t.Context()))
	for range 2 {
		record(t, j, draft("Bob", 1))
	}
	store.read = 0
	_, v := withTally(t, store, opts)
	require.Equal(t, hours{"Ada": 4950, "Bob": 2}, v.hours)
	require.Equal(t, 1+2+2, store.read, "the last block of the snapshot, and the tail for the journal and for the view")
}

// TestALostRaceIsFoldedAgainFromTheSnapshot lets another process write first whenever a block is put.
func TestALostRaceIsFoldedAgainFromTheSnapshot(t *testing.T) {
	t.Parallel()
	store, log := &countingStore{MemoryStore: journal.NewMemoryStore()}, new(warnings)
	j, v := withTally(t, store, log.options(journal.SnapshotDir(t.TempDir())))
	seen := hours{} // a view without snapshots beside it
	require.NoError(t, j.Attach(t.Context(), seen))
	other, _ := withTally(t, store.MemoryStore, nil)
	for i := range 50 {
		record(t, j, draft("Ada", i))
	}
	require.NoError(t, j.SaveSnapshot(t.Context()))
	for i := range 3 {
		raced := false
		_, err := j.UpdateWithin(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{draft(fmt.Sprint("saw ", v.hours["Bob"]), 1)}, nil
		}, func(ctx context.Context, n uint64, block []byte) error {
			if !raced {
				raced = true
				record(t, other, draft("Bob", 1))
			}
			return store.Put(ctx, n, block)
		})
		require.NoError(t, err)
		require.Equal(t, 1, v.hours[fmt.Sprint("saw ", i+1)])
		require.Equal(t, v.hours, seen)
	}
	require.Equal(t, 1225, v.hours["Ada"])
	store.read = 0
	_, err := j.UpdateWithin(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Ada", 1)}, nil },
		func(context.Context, uint64, []byte) error { return errors.New("the host gave up") })
	require.ErrorContains(t, err, "the host gave up")
	require.Equal(t, 1225, v.hours["Ada"])
	require.Equal(t, 1+6+6+57, store.read, "the end of the snapshot, the tail for the journal and for the view, and all for the view without snapshots")
	require.Empty(t, log.String())
	_, fresh := withTally(t, store.MemoryStore, nil)
	require.Equal(t, fresh.hours, v.hours)
}

func TestASnapshotThatDoesNotAgreeIsIgnoredWithAWarning(t *testing.T) {
	t.Parallel()
	signer := func(origin string, key byte) *journal.Signer {
		s, err := journal.NewSigner(origin, testKey(key))
		require.NoError(t, err)
		return s
	}
	saved := func(s *journal.Signer, persons ...string) func(*testing.T, string) { // the snapshots of another journal
		return func(t *testing.T, dir string) {
			j, err := journal.Open(t.Context(), journal.NewMemoryStore(), s, &journal.Options{Snapshots: journal.SnapshotDir(dir), Log: slog.New(slog.DiscardHandler)})
			require.NoError(t, err)
			require.NoError(t, j.Attach(t.Context(), newTally()))
			for _, p := range persons {
				record(t, j, draft(p, 100))
			}
			require.NoError(t, j.SaveSnapshot(t.Context()))
		}
	}
	const view, index = "example.tally.snapshot", "journal.index.snapshot"
	edit := func(file string, f func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, file)
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, f(b), 0o600))
		}
	}
	replace := func(old, with string) func([]byte) []byte {
		return func(b []byte) []byte {
			require.Contains(t, string(b), old)
			return bytes.Replace(b, []byte(old), []byte(with), 1)
		}
	}
	cut := func(b []byte) []byte { return b[:len(b)-1] }
	more := func(b []byte) []byte { return append(b, '\n') }
	nothing := func([]byte) []byte { return []byte{} }
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string)
		says   string
	}{
		"state changed":         {edit(view, replace(`"Ada":3`, `"Ada":9`)), "not what was signed"},
		"state cut":             {edit(view, cut), "not what was signed"},
		"state longer":          {edit(view, more), "not what was signed"},
		"empty":                 {edit(view, nothing), "not a snapshot"},
		"no signature":          {edit(view, func(b []byte) []byte { return b[:bytes.Index(b, []byte("\n\n"))+2] }), "not a snapshot"},
		"size changed":          {edit(view, replace("3\n", "4\n")), "snapshot=example.tally"},
		"newer format":          {edit(view, replace("snapshot/v1", "snapshot/v2")), "snapshot=example.tally"},
		"index cut":             {edit(index, cut), "snapshot=journal.index"},
		"index empty":           {edit(index, nothing), "snapshot=journal.index"},
		"index changed":         {edit(index, func(b []byte) []byte { b[len(b)-40] ^= 1; return b }), "snapshot=journal.index"},
		"another key":           {saved(signer(origin, 2), "Ada", "Bob"), "snapshot=example.tally"},
		"another origin":        {saved(signer("other.example/journal", 1), "Ada", "Bob"), "snapshot=example.tally"},
		"another history":       {saved(signer(origin, 1), "Ada", "Eve"), "snapshot=example.tally"},
		"a longer history":      {saved(signer(origin, 1), "Ada", "Bob", "Eve"), "did it lose its end?"},
		"not the end of blocks": {saved(signer(origin, 1), "Ada"), "snapshot=example.tally"},
		"one for the other": {func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(filepath.Join(dir, index), filepath.Join(dir, view)))
		}, "this program needs"},
		"a directory": {func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, view)))
			require.NoError(t, os.Mkdir(filepath.Join(dir, view), 0o700))
		}, "directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, dir, log := journal.NewMemoryStore(), t.TempDir(), new(warnings)
			opts := log.options(journal.SnapshotDir(dir))
			j, _ := withTally(t, store, opts)
			record(t, j, draft("Ada", 3), draft("Bob", 4))
			require.NoError(t, j.SaveSnapshot(t.Context()))
			c.change(t, dir)
			again, v := withTally(t, store, opts)
			require.Equal(t, hours{"Ada": 3, "Bob": 4}, v.hours)
			require.Equal(t, string(j.Checkpoint()), string(again.Checkpoint()))
			require.Contains(t, log.String(), "level=WARN")
			require.Contains(t, log.String(), c.says)
			require.NotContains(t, log.String(), "Ada")
			record(t, again, draft("Ada", 1))
		})
	}
}

func TestEveryChangedByteOfASnapshotIsFound(t *testing.T) {
	t.Parallel()
	store, dir := journal.NewMemoryStore(), t.TempDir()
	j, _ := withTally(t, store, &journal.Options{Snapshots: journal.SnapshotDir(dir)})
	record(t, j, draft("Ada", 3))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	for _, name := range []string{"example.tally", "journal.index"} {
		whole, err := journal.SnapshotDir(dir).Load(t.Context(), name)
		require.NoError(t, err)
		for i := range whole {
			changed := bytes.Clone(whole)
			changed[i] ^= 1 << (i % 8)
			require.NoError(t, journal.SnapshotDir(dir).Save(t.Context(), name, changed))
			log := new(warnings)
			again, v := withTally(t, store, log.options(journal.SnapshotDir(dir)))
			require.Equal(t, hours{"Ada": 3}, v.hours, i)
			require.Equal(t, string(j.Checkpoint()), string(again.Checkpoint()), i)
			require.Contains(t, log.String(), name, i)
		}
		require.NoError(t, journal.SnapshotDir(dir).Save(t.Context(), name, whole))
	}
}

// recordingSnapshots record something whenever a snapshot is saved.
type recordingSnapshots struct {
	journal.SnapshotDir
	record func()
}

func (s *recordingSnapshots) Save(ctx context.Context, name string, snapshot []byte) error {
	s.record()
	return s.SnapshotDir.Save(ctx, name, snapshot)
}

// second is a tally of another name.
type second struct{ *tally }

func (second) Form() (string, int) { return "example.second", 1 }

func TestUpdatesBetweenTheViewsThatASnapshotKeepsAreNotLost(t *testing.T) {
	t.Parallel()
	store, log := journal.NewMemoryStore(), new(warnings)
	snapshots := &recordingSnapshots{SnapshotDir: journal.SnapshotDir(t.TempDir()), record: func() {}}
	open := func() (*journal.Journal, *tally, second) {
		j, v := withTally(t, store, log.options(snapshots))
		w := second{newTally()}
		require.NoError(t, j.Attach(t.Context(), w))
		return j, v, w
	}
	j, v, w := open()
	record(t, j, draft("Ada", 3))
	snapshots.record = func() { record(t, j, draft("Bob", 1)) }
	require.NoError(t, j.SaveSnapshot(t.Context()))
	for size, name := range map[string]string{"2": "journal.index", "3": "example.tally", "4": "example.second"} {
		kept, err := snapshots.Load(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, size, strings.Split(string(kept), "\n")[3], "%s is kept as it is when its turn has come", name)
	}
	again, x, y := open()
	require.Equal(t, hours{"Ada": 3, "Bob": 3}, x.hours)
	for _, h := range []hours{v.hours, w.hours, y.hours} {
		require.Equal(t, x.hours, h)
	}
	require.Equal(t, string(j.Checkpoint()), string(again.Checkpoint()))
	require.Empty(t, log.String())
}

func TestTheSignatureOfASnapshotHasOneSpelling(t *testing.T) {
	t.Parallel()
	store, dir := journal.NewMemoryStore(), journal.SnapshotDir(t.TempDir())
	j, _ := withTally(t, store, &journal.Options{Snapshots: dir})
	record(t, j, draft("Ada", 3))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	whole, err := dir.Load(t.Context(), "example.tally")
	require.NoError(t, err)
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := bytes.Index(whole, []byte("=\n{")) - 1 // its two lowest bits say nothing
	require.Positive(t, last)
	for loose := 1; loose < 4; loose++ {
		changed := bytes.Clone(whole)
		changed[last] = digits[strings.IndexByte(digits, whole[last])+loose]
		require.NoError(t, dir.Save(t.Context(), "example.tally", changed))
		log := new(warnings)
		_, v := withTally(t, store, log.options(dir))
		require.Equal(t, hours{"Ada": 3}, v.hours)
		require.Contains(t, log.String(), "snapshot=example.tally")
	}
}

func TestASnapshotOfAnotherVersionOfTheViewOrThatItRefusesIsIgnored(t *testing.T) {
	t.Parallel()
	store, log := journal.NewMemoryStore(), new(warnings)
	opts := log.options(journal.SnapshotDir(t.TempDir()))
	j, _ := withTally(t, store, opts)
	record(t, j, draft("Ada", 3))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	for name, v := range map[string]*tally{
		"example.tally 2":  {hours: hours{}, version: 2},
		"example.tally 4":  {hours: hours{}, version: 4},
		"I cannot read it": {hours: hours{}, version: 3, restore: errors.New("I cannot read it")},
	} {
		j, err := journal.Open(t.Context(), store, testSigner(t), opts)
		require.NoError(t, err)
		require.NoError(t, j.Attach(t.Context(), v))
		require.Equal(t, hours{"Ada": 3}, v.hours)
		require.Contains(t, log.String(), name)
	}
}

// fussy refuses what the state does not allow: nobody works more than ten hours.
type fussy struct{ *tally }

func (v fussy) Apply(r *journal.Record, value any) error {
	if e := value.(entry); v.hours[e.Person]+e.Hours > 10 {
		return errors.New("too much")
	}
	return v.tally.Apply(r, value)
}

func TestASnapshotThatTheTailContradictsIsIgnored(t *testing.T) {
	t.Parallel()
	store, log := journal.NewMemoryStore(), new(warnings)
	opts := log.options(journal.SnapshotDir(t.TempDir()))
	j, v := withTally(t, store, opts)
	record(t, j, draft("Ada", 5))
	v.hours["Ada"] = 9 // an error of the view's
	require.NoError(t, j.SaveSnapshot(t.Context()))
	record(t, j, draft("Ada", 5))
	again, err := journal.Open(t.Context(), store, testSigner(t), opts)
	require.NoError(t, err)
	right := fussy{newTally()}
	require.NoError(t, again.Attach(t.Context(), right))
	require.Equal(t, hours{"Ada": 10}, right.hours)
	require.Contains(t, log.String(), "too much")
}

func TestErasingAPayloadClearsTheSnapshotsThatMayHoldIt(t *testing.T) {
	t.Parallel()
	store, dir, log := journal.NewMemoryStore(), t.TempDir(), new(warnings)
	opts := log.options(journal.SnapshotDir(dir))
	j, v := withTally(t, store, opts)
	record(t, j, draft("Ada Secret", 3), draft("Bob", 1))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.Contains(t, files(t, dir), "Ada Secret")

	require.NoError(t, j.Erase(t.Context(), 1, "asked for", ""))
	require.Empty(t, files(t, dir))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.NotContains(t, files(t, dir), "Ada Secret")
	_, again := withTally(t, store, opts)
	require.Equal(t, v.hours, again.hours)
	require.Empty(t, log.String())
}

func TestASnapshotFromBeforeAnErasureIsClearedAndNotUsed(t *testing.T) {
	t.Parallel()
	store, dir, log := journal.NewMemoryStore(), t.TempDir(), new(warnings)
	opts := log.options(journal.SnapshotDir(dir))
	j, v := withTally(t, store, opts)
	record(t, j, draft("Ada Secret", 3), draft("Bob", 1))
	require.NoError(t, j.SaveSnapshot(t.Context()))
	other, _ := withTally(t, store, nil) // another process, with snapshots elsewhere
	require.NoError(t, other.Erase(t.Context(), 1, "asked for", ""))

	kept, err := journal.SnapshotDir(dir).Load(t.Context(), "example.tally")
	require.NoError(t, err)
	_, fresh := withTally(t, store, opts)
	require.Equal(t, hours{"Bob": 1}, fresh.hours)
	require.NotContains(t, files(t, dir), "Ada Secret")

	require.NoError(t, journal.SnapshotDir(dir).Save(t.Context(), "example.tally", kept)) // as if it belonged to a view that was not attached since
	reader, err := journal.OpenReadOnly(t.Context(), store, testSigner(t).VerifierKey(), opts)
	require.NoError(t, err)
	fresh = newTally()
	require.NoError(t, reader.Attach(t.Context(), fresh))
	require.Equal(t, hours{"Bob": 1}, fresh.hours)
	require.Contains(t, log.String(), "before an erasure")
	require.NotContains(t, files(t, dir), "Ada Secret")

	require.NoError(t, j.Sync(t.Context())) // the process that ran all the time still knows it, and must not write it down
	require.NoError(t, j.SaveSnapshot(t.Context()))
	require.Equal(t, hours{"Bob": 1}, v.hours)
	require.NotContains(t, files(t, dir), "Ada Secret")
}

func TestNoSnapshotIsSavedOfAPayloadThatAnotherProcessHasErased(t *testing.T) {
	t.Parallel()
	store, dir := journal.NewMemoryStore(), t.TempDir()
	opts := new(warnings).options(journal.SnapshotDir(dir))
	j, v := withTally(t, store, opts)
	record(t, j, draft("Ada Secret", 3), draft("Bob", 1))
	other, _ := withTally(t, store, opts)
	require.NoError(t, other.Erase(t.Context(), 1, "asked for", ""))
	require.NoError(t, j.SaveSnapshot(t.Context())) // it has not read of the erasure yet
	require.NotContains(t, files(t, dir), "Ada Secret")
	require.Equal(t, hours{"Bob": 1}, v.hours)
}

func TestADirectoryOfAnyNameIsCleared(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"[a-b]", "a*b?", "[", `back\slash`} {
		dir := filepath.Join(t.TempDir(), name)
		d := journal.SnapshotDir(dir)
		require.NoError(t, d.Clear(t.Context()), "there is none yet")
		require.NoError(t, d.Save(t.Context(), "example.tally", []byte("Ada Secret")))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "example.tally.unfinished-1"), []byte("Ada Secret"), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "readme"), []byte("somebody else's"), 0o600))
		require.NoError(t, d.Clear(t.Context()))
		require.Equal(t, "somebody else's", files(t, dir), name)
	}
}

func TestNoSnapshotIsSavedWhileAnErasureIsUnderWay(t *testing.T) {
	t.Parallel()
	store := &failingRedactor{MemoryStore: journal.NewMemoryStore(), failures: 1}
	dir := t.TempDir()
	j, _ := withTally(t, store, &journal.Options{Snapshots: journal.SnapshotDir(dir)})
	record(t, j, draft("Ada Secret", 3))
	require.Error(t, j.Erase(t.Context(), 1, "asked for", ""))
	require.ErrorIs(t, j.SaveSnapshot(t.Context()), journal.ErrErasing)
	require.Empty(t, files(t, dir))
	require.NoError(t, j.Erase(t.Context(), 1, "asked for", ""))
	require.NoError(t, j.SaveSnapshot(t.Context()))
}

// files returns the content of all files of a directory.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all.Write(b)
	}
	return all.String()
}

func TestWhoCannotSaveASnapshotIsTold(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := withTally(t, store, nil)
	require.ErrorContains(t, j.SaveSnapshot(t.Context()), "Options.Snapshots")
	reader, err := journal.OpenReadOnly(t.Context(), store, testSigner(t).VerifierKey(), &journal.Options{Snapshots: journal.SnapshotDir(t.TempDir())})
	require.NoError(t, err)
	require.ErrorIs(t, reader.SaveSnapshot(t.Context()), journal.ErrReadOnly)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	j, _ = withTally(t, store, &journal.Options{Snapshots: journal.SnapshotDir(file), Log: slog.New(slog.DiscardHandler)})
	require.ErrorContains(t, j.SaveSnapshot(t.Context()), "snapshot journal.index")
	record(t, j, draft("Ada", 1))
	require.Error(t, j.Attach(t.Context(), newTally()), "two views of one name would take each other's snapshot")
}

func TestAReaderUsesTheSnapshotOfTheWriter(t *testing.T) {
	t.Parallel()
	store := &countingStore{MemoryStore: journal.NewMemoryStore()}
	opts := new(warnings).options(journal.SnapshotDir(t.TempDir()))
	j, _ := withTally(t, store, opts)
	for range 50 {
		record(t, j, draft("Ada", 1))
	}
	require.NoError(t, j.SaveSnapshot(t.Context()))
	store.read = 0
	reader, err := journal.OpenReadOnly(t.Context(), store, testSigner(t).VerifierKey(), opts)
	require.NoError(t, err)
	v := newTally()
	require.NoError(t, reader.Attach(t.Context(), v))
	require.Equal(t, hours{"Ada": 50}, v.hours)
	require.Equal(t, 1, store.read)
}

// FuzzSnapshot opens a journal beside snapshots of any content: it opens, and holds what the store holds.
func FuzzSnapshot(f *testing.F) {
	store, dir := journal.NewMemoryStore(), journal.SnapshotDir(f.TempDir())
	j, v := withTally(f, store, &journal.Options{Snapshots: dir})
	record(f, j, draft("Ada", 3))
	require.NoError(f, j.SaveSnapshot(f.Context()))
	for _, name := range []string{"example.tally", "journal.index"} {
		b, err := dir.Load(f.Context(), name)
		require.NoError(f, err)
		f.Add(b)
	}
	want := maps.Clone(v.hours)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, v := withTally(t, store, &journal.Options{Snapshots: same(data), Log: slog.New(slog.DiscardHandler)})
		require.Equal(t, want, v.hours)
	})
}

// same is Snapshots that return the same bytes under every name.
type same []byte

func (s same) Load(context.Context, string) ([]byte, error) { return s, nil }
func (same) Save(context.Context, string, []byte) error     { return nil }
func (same) Clear(context.Context) error                    { return nil }
