package journaltest

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// CheckSnapshots says whether a view that is a [journal.Snapshotter] keeps its promise: that its snapshot, and what was recorded since, give what a
// replay of everything gives. It takes the journal in a store, of which every block should hold something that concerns the view, makes a snapshot after each
// block in turn, and goes on from it. attach attaches the view to a journal that was opened, after the views on which it rests, and returns
// it. States are compared by what MarshalBinary returns, which has to be the same for the same state.
func CheckSnapshots(t *testing.T, store journal.Store, signer *journal.Signer, attach func(j *journal.Journal) (journal.Snapshotter, error)) {
	t.Helper()
	blocks, err := contents(t.Context(), store, 100, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	// state opens the first n blocks and returns the state of the view.
	state := func(n int, opts *journal.Options) (*journal.Journal, []byte) {
		t.Helper()
		part := journal.NewMemoryStore()
		if err := fill(t.Context(), part, blocks[:n]); err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(t.Context(), part, signer, opts)
		if err != nil {
			t.Fatal(err)
		}
		v, err := attach(j)
		if err != nil {
			t.Fatalf("attaching the view to %d blocks: %v", n, err)
		}
		s, err := v.MarshalBinary()
		if err != nil {
			t.Fatalf("MarshalBinary after %d blocks: %v", n, err)
		}
		return j, s
	}
	_, want := state(len(blocks), nil)
	for n := 1; n <= len(blocks); n++ {
		warnings := new(bytes.Buffer)
		opts := &journal.Options{Snapshots: journal.SnapshotDir(t.TempDir()), Log: slog.New(slog.NewTextHandler(warnings, nil))}
		j, _ := state(n, opts)
		if err := j.SaveSnapshot(t.Context()); err != nil {
			t.Fatalf("SaveSnapshot after %d blocks: %v", n, err)
		}
		if _, got := state(len(blocks), opts); !bytes.Equal(got, want) {
			t.Errorf("a snapshot after %d of %d blocks, and the rest, give %s, a replay of everything gives %s", n, len(blocks), describe(got), describe(want))
		}
		if warnings.Len() > 0 {
			t.Errorf("a snapshot after %d of %d blocks was not used: %s", n, len(blocks), warnings)
		}
	}
}
