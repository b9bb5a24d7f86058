package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Format is the version of the block format that this package writes and the only one it reads.
const Format = 1

// openedKind is the kind of the first record of every journal, which says whose it is.
const openedKind = "journal.opened"

type opened struct {
	Format   int    `json:"format"`
	Origin   string `json:"origin"`
	Verifier string `json:"verifier"`
}

// Options are the settings of a journal that have a default. A nil *Options is all defaults.
type Options struct {
	// Checkpoint is a checkpoint of this journal that the caller has kept from an earlier time. Opening
	// fails with a [*CorruptError] when the store holds less, or another history.
	Checkpoint []byte
	// Now tells the recorded time. Default: time.Now.
	Now func() time.Time
	// Salt chooses the 16 bytes that hide the payload of the record with this id after an erasure. Default:
	// random. A function of the id makes a journal that can be reproduced to the byte, for
	// demonstrations and tests; whoever knows the function can test guesses about an erased payload.
	Salt func(id uuid.UUID) [16]byte
	// Snapshots, if set, is where [Journal.SaveSnapshot] keeps what makes the next opening quick. A snapshot that does not agree
	// with the store is ignored, with a warning in Log.
	Snapshots Snapshots
	// Log receives warnings: what was ignored, and why. It names records by position and id, never by what they say. Default: slog.Default().
	Log *slog.Logger
	// Progress, if set, is called from time to time during a long reading with the number of
	// records read so far.
	Progress func(records uint64)
}

// A Journal is an organisation's record: what happened, in order, on a [Store], with the views that are
// folded from it. Make one with [Open] or [OpenReadOnly]. It is safe for concurrent use, needs no
// closing (closing the store is up to its owner) and starts no goroutines that outlive a call.
type Journal struct {
	store       Store
	signer      *Signer // nil: read-only
	verifierKey string
	now         func() time.Time
	salt        func(id uuid.UUID) [16]byte // nil: random
	report      func(records uint64)
	snapshots   Snapshots // may be nil
	log         *slog.Logger

	saving sync.Mutex // held while snapshots are saved or cleared; taken before mu

	mu    viewLock // guards everything below, and the state of the views
	chain chain
	ids   index
	views []View
	// erasing are the positions whose payload is to be erased, and was still there when it was read; erased are those that were read
	// without payload.
	erasing, erased map[uint64]bool
	stale           error // when not nil, the views and ids may hold what the store does not

	queue queue // of updates; has a lock of its own

	// Used by the update that leads. While a block is being stored, next gathers the one after it.
	next, flight, spare *nextBlock
}

// Open opens the journal on a store, for reading and writing, and verifies all of it: that every record is the
// one that was signed, in its place, up to the last. An empty store becomes the journal of the signer's
// origin and key. The cost is linear in the size of the journal, spread over all processors; with a snapshot (see
// [Options.Snapshots]) only what was recorded since is read and verified.
//
// Errors: [*CorruptError] for a block that is not what was written; [ErrForeign] for a store that holds
// something else or the journal of another origin, key or format; whatever the store returns.
func Open(ctx context.Context, store Store, signer *Signer, opts *Options) (*Journal, error) {
	if store == nil || signer == nil {
		return nil, errors.New("journal: Open needs a store and a signer")
	}
	j := newJournal(store, signer.verifier, opts)
	j.signer, j.verifierKey = signer, signer.text
	for {
		if err := j.load(ctx, opts); err != nil {
			return nil, err
		}
		if j.chain.blocks() > 0 {
			if err := j.completeErasures(ctx); err != nil {
				return nil, err
			}
			return j, nil
		}
		err := j.begin(ctx)
		if err == nil {
			return j, nil
		}
		if !errors.Is(err, ErrConflict) { // on a conflict another process began it: read what it wrote
			return nil, err
		}
	}
}

// OpenReadOnly opens a journal of which the caller holds only the public key, in the text form that
// [Signer.VerifierKey] returns, and verifies it as [Open] does. Its Update returns [ErrReadOnly];
// [Journal.Sync] takes in what others write. An empty store is [ErrForeign].
func OpenReadOnly(ctx context.Context, store Store, verifierKey string, opts *Options) (*Journal, error) {
	if store == nil {
		return nil, errors.New("journal: OpenReadOnly needs a store")
	}
	verifier, err := newVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	j := newJournal(store, verifier, opts)
	j.verifierKey = verifierKey
	if err := j.load(ctx, opts); err != nil {
		return nil, err
	}
	if j.chain.blocks() == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrForeign)
	}
	return j, nil
}

func newJournal(store Store, verifier note.Verifier, opts *Options) *Journal {
	j := &Journal{store: store, now: time.Now, log: slog.Default(), next: new(nextBlock)}
	j.queue.more = make(chan struct{}, 1)
	if opts != nil {
		if opts.Now != nil {
			j.now = opts.Now
		}
		if opts.Log != nil {
			j.log = opts.Log
		}
		j.salt, j.report, j.snapshots = opts.Salt, opts.Progress, opts.Snapshots
	}
	j.chain.verifier = verifier
	j.forget()
	return j
}

// forget takes the journal back to where nothing of the store has been read.
func (j *Journal) forget() {
	j.chain = chain{verifier: j.chain.verifier}
	j.ids = newIndex(list[uuid.UUID]{})
	j.erasing, j.erased = make(map[uint64]bool), make(map[uint64]bool)
	for _, v := range j.views {
		v.Reset()
	}
}

// load reads the store for the first time: all of it, or what comes after the snapshot.
func (j *Journal) load(ctx context.Context, opts *Options) error {
	j.restore(ctx)
	if err := j.catchUp(ctx); err != nil {
		return err
	}
	if opts == nil || opts.Checkpoint == nil {
		return nil
	}
	return j.chain.extends(opts.Checkpoint)
}

// begin writes the first block of a new journal.
func (j *Journal) begin(ctx context.Context) error {
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("codesocial/journal/"+j.signer.VerifierKey()))
	salted, err := canonical.Append(make([]byte, saltSize), opened{Format, j.signer.Name(), j.signer.VerifierKey()})
	if err != nil {
		return err
	}
	r := j.newRecord(&Draft{ID: id, Kind: openedKind, Schema: 1}, 0, j.now(), salted)
	j.next.reset(0)
	j.next.add(&r)
	if err := j.put(func(n uint64, block []byte) error { return j.storeBlock(ctx, j.store.Put, n, block) }); err != nil {
		return err
	}
	j.ids.add(r.ID)
	return nil
}

// checkOpened checks the first record of the store.
func (j *Journal) checkOpened(d *decodedBlock) error {
	var o opened
	r := &d.records[0]
	if r.Kind != openedKind {
		return fmt.Errorf("%w: its first record is a %s", ErrForeign, r.Kind)
	}
	if err := r.Unmarshal(&o); err != nil {
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	switch key := j.verifierKeyMatches(o); {
	case o.Format != Format:
		return fmt.Errorf("%w: it has format %d, this version knows %d: use a newer version of codesocial", ErrForeign, o.Format, Format)
	case o.Origin != j.chain.verifier.Name():
		return fmt.Errorf("%w: it is the journal of %q, not of %q", ErrForeign, o.Origin, j.chain.verifier.Name())
	case !key:
		return fmt.Errorf("%w: it was begun under another key, %.100q", ErrForeign, o.Verifier)
	}
	return nil
}

func (j *Journal) verifierKeyMatches(o opened) bool {
	v, err := note.NewVerifier(o.Verifier)
	return err == nil && v.KeyHash() == j.chain.verifier.KeyHash()
}

// Read calls f while the views stand still. They hold exactly what the store holds durably, as far as this
// process has read it (see [Journal.Sync]). f must not call methods of the journal other than
// [Journal.Recorded], and must not keep what it reads from a view without copying it.
//
// Read returns an error, and does not call f, only when the store has failed in the midst of an earlier call
// and has not been readable since; call Sync to try again.
func (j *Journal) Read(f func()) error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.stale != nil {
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, j.stale)
	}
	f()
	return nil
}

// Recorded reports whether a record with this id exists. It may only be called within a decision or within
// Read.
func (j *Journal) Recorded(id uuid.UUID) bool {
	_, ok := j.ids.find(id)
	return ok
}

// Size returns the number of records, including the one that opened the journal.
func (j *Journal) Size() uint64 {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.chain.tree.size
}

// Checkpoint returns the signed statement of the journal's present size and root, a signed note after the C2SP
// specification tlog-checkpoint. Who keeps one can later prove whether history was rewritten or cut: see
// [Options.Checkpoint] and [Verify].
func (j *Journal) Checkpoint() []byte {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return []byte(j.chain.checkpoint)
}

// Origin returns the name of the journal.
func (j *Journal) Origin() string { return j.chain.verifier.Name() }
