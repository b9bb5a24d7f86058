package journal

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
)

// A Snapshotter is a [View] whose state can be kept, so that [Journal.Attach] folds only what was recorded since. Restoring a state and
// folding the rest gives what folding everything gives; that is for the view to see to, and for its tests to show (see CheckSnapshots in package
// journaltest).
type Snapshotter interface {
	View
	// Form names the view, in the form of a kind, as in "ledger.books", and numbers the form of its snapshots. Count
	// the number up with every change after which an old snapshot is no more what a replay would give: in how the state is
	// written, or in what the view makes of a record. A name is used once among the views of a journal.
	Form() (name string, version int)
	// MarshalBinary returns the state, in the same bytes for the same state. It is called while readers may read the view.
	encoding.BinaryMarshaler
	// UnmarshalBinary puts the view into a state that MarshalBinary of the same form returned. After an error the view is reset, and
	// everything replayed.
	encoding.BinaryUnmarshaler
}

// Snapshots is where a journal keeps snapshots: a cache beside the store, which may be lost at any time. What it returns
// is never trusted: a snapshot is signed with the journal's key and names the records that it was made from. [SnapshotDir] keeps them in files; a
// program may as well put them into a table of its own. Snapshots hold what the views know of people: keep them
// as confidential as the store.
type Snapshots interface {
	// Load returns the snapshot last saved under a name; nil and no error if there is none.
	Load(ctx context.Context, name string) ([]byte, error)
	// Save keeps a snapshot in the place of the one before. The name has the form of a kind.
	Save(ctx context.Context, name string, snapshot []byte) error
	// Clear removes all snapshots: a payload that they may hold is to be erased.
	Clear(ctx context.Context) error
}

// SaveSnapshot keeps the state of the journal and of every attached view that is a [Snapshotter] in [Options.Snapshots], so that the next [Open] and
// [Journal.Attach] read only what is recorded from now on. Call it before the program ends, and now and then in a long run; without
// it everything works, and opening takes longer. Updates wait while the state of a view is marshalled, not between one view and the next, nor while they are
// saved. A single large view cannot do so in pieces, since every update may change any part of it; and to keep a second copy for it would
// take the memory of the view once more.
//
// It reads first what other processes have written, among it the erasures. It returns [ErrReadOnly] without a signer, an error that wraps [ErrErasing] while
// another process is erasing a payload that the views still hold, and those of the store.
func (j *Journal) SaveSnapshot(ctx context.Context) error {
	if j.signer == nil {
		return ErrReadOnly
	}
	if j.snapshots == nil {
		return errors.New("journal: opened without Options.Snapshots")
	}
	j.saving.Lock()
	defer j.saving.Unlock()
	if err := j.forgetErased(ctx); err != nil {
		return err
	}
	j.mu.RLock()
	views := slices.Clone(j.views)
	j.mu.RUnlock()
	err := j.saveState(ctx, indexName, indexVersion, func() ([]byte, error) { return j.appendIndex(nil), nil })
	for _, v := range views {
		if s, ok := v.(Snapshotter); ok && err == nil {
			name, version := s.Form()
			err = j.saveState(ctx, name, version, s.MarshalBinary)
		}
	}
	return err
}

// saveState saves the state of a view, or of the journal itself.
func (j *Journal) saveState(ctx context.Context, name string, version int, marshal func() ([]byte, error)) error {
	head, state, err := j.standing(marshal)
	if err != nil {
		return fmt.Errorf("journal: snapshot %s: %w", name, err)
	}
	text := appendSnapshotText(nil, j.Origin(), name, version, head, sumPieces(state))
	header, err := note.Sign(&note.Note{Text: string(text)}, j.signer)
	if err == nil {
		err = j.snapshots.Save(ctx, name, append(header, state...))
	}
	if err != nil {
		return fmt.Errorf("journal: snapshot %s: %w", name, err)
	}
	return nil
}

// standing calls marshal while nothing changes, and says which records the state is made from.
func (j *Journal) standing(marshal func() ([]byte, error)) (head Head, state []byte, err error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	switch {
	case j.stale != nil:
		return head, nil, fmt.Errorf("%w: %w", ErrUnknownOutcome, j.stale)
	case len(j.erasing) > 0:
		return head, nil, ErrErasing
	}
	head.Size = j.chain.tree.size
	if head.Root, err = j.chain.tree.root(head.Size); err == nil {
		state, err = marshal()
	}
	return head, state, err
}

// ErrErasing says that a payload is being erased, and that the views still hold what they made of it.
var ErrErasing = errors.New("journal: an erasure is under way")

// forgetErased makes sure that the views hold nothing of payloads that were erased by another process.
func (j *Journal) forgetErased(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.fresh(ctx); err != nil || len(j.erasing) == 0 {
		return err
	}
	if err := j.clearSnapshots(ctx); err != nil {
		return err
	}
	return j.rebuild(ctx)
}

// A snapshot is a note, signed by the journal's key,
//
//	codesocial/snapshot/v1
//	la-trame.example/journal         origin
//	ledger.books 3                   name and version of the form
//	1204                             number of records from which it was made
//	m0v1QyPHgp…=                     root of the tree over them, base64
//	jXuQ2…=                          sum of the state (see sumPieces), base64
//
//	— la-trame.example/journal aBcD…=
//
// and the state, in bytes that only its owner understands.
const snapshotFormat = "codesocial/snapshot/v1"

// maxSnapshotHeader is more than such a note has.
const maxSnapshotHeader = 16 << 10

func appendSnapshotText(b []byte, origin, name string, version int, head Head, sum [sha256.Size]byte) []byte {
	b = fmt.Appendf(b, "%s\n%s\n%s %d\n%d\n", snapshotFormat, origin, name, version, head.Size)
	b = base64.StdEncoding.AppendEncode(b, head.Root[:])
	b = append(b, '\n')
	b = base64.StdEncoding.AppendEncode(b, sum[:])
	return append(b, '\n')
}

// openSnapshot checks that a snapshot is what the journal's key signed under this name and version, and returns the records that
// it was made from, and the state. Whether these are the records of the store is left to the caller.
func openSnapshot(data []byte, name string, version int, verifier note.Verifier) (head Head, state []byte, err error) {
	before, after, ok := strings.Cut(string(data[:min(len(data), maxSnapshotHeader)]), "\n\n")
	signature, _, ok2 := strings.Cut(after, "\n")
	if !ok || !ok2 {
		return head, nil, errors.New("it is not a snapshot")
	}
	header := len(before) + 2 + len(signature) + 1
	n, err := openNote(data[:header], verifier)
	if err != nil {
		return head, nil, err
	}
	lines := strings.Split(n.Text, "\n")
	if lines[0] != snapshotFormat {
		return head, nil, fmt.Errorf("format %.80q: this version knows %q", lines[0], snapshotFormat)
	}
	if len(lines) != 7 {
		return head, nil, fmt.Errorf("it has %d lines", len(lines))
	}
	if want := fmt.Sprintf("%s %d", name, version); lines[2] != want {
		return head, nil, fmt.Errorf("it is of %.80q: this program needs %q", lines[2], want)
	}
	head.Size, _ = strconv.ParseUint(lines[3], 10, 62)
	root, _ := base64.StdEncoding.DecodeString(lines[4])
	copy(head.Root[:], root)
	state = data[header:]
	// What was read wrongly, or is not in this form, gives another text.
	if string(appendSnapshotText(nil, verifier.Name(), name, version, head, sumPieces(state))) != n.Text {
		return head, nil, errors.New("its state is not what was signed")
	}
	return head, state, nil
}

// sumPieces returns the SHA-256 over the SHA-256 sums of all pieces of a mebibyte: large states are summed on all processors.
func sumPieces(state []byte) [sha256.Size]byte {
	const piece = 1 << 20
	sums := make([]byte, (len(state)+piece-1)/piece*sha256.Size)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sums)/sha256.Size) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i*sha256.Size >= len(sums) {
					return
				}
				sum := sha256.Sum256(state[i*piece : min((i+1)*piece, len(state))])
				copy(sums[i*sha256.Size:], sum[:])
			}
		})
	}
	wg.Wait()
	return sha256.Sum256(sums)
}
