package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// ErrKept refuses to erase a payload: the store cannot replace blocks, or later records rest on what it says.
var ErrKept = errors.New("journal: payload cannot be erased")

// erasureKind is the kind of the record that says that, and why, a payload was erased.
const erasureKind = "journal.erasure"

// MaxReasonBytes limits the reason of an erasure.
const MaxReasonBytes = 2000

type erasure struct {
	Position uint64 `json:"position"`
	Reason   string `json:"reason"`
}

// A Redactor is a [Store] that can replace a block, so that [Journal.Erase] works on it. No other method of a store ever changes a
// block.
type Redactor interface {
	Store
	// Replace stores block in the place of block n, all or nothing and durable when it returns nil, if the store holds exactly old
	// there; otherwise it changes nothing and returns an error that wraps [ErrConflict]. The old block must not be
	// readable from the store's files afterwards, as far as the store can see to that; its doc says what it cannot reach.
	Replace(ctx context.Context, n uint64, old, block []byte) error
}

// A Keeper is a [View] that needs some payloads for ever, since what it computes for others rests on them. [Journal.Erase]
// asks every attached Keeper.
type Keeper interface {
	View
	// Keeps returns an error that says why, if the payload of a record must not be erased.
	Keeps(r *Record) error
}

// Erase removes the payload and the salt of the record at a position from the store, for a person who has a right to it, and records who asked
// for it and why. The record's place, kind, author, digest and signature stay, so every hash, proof and checkpoint holds as before;
// without the salt nobody can find the payload by trying. The views are folded afresh and see the record without payload.
//
// The reason must name nobody: it stays. The snapshots in [Options.Snapshots] are cleared. What was copied before (backups, bundles, another
// process's memory and snapshots, a replica) is out of reach.
// Erasing what has been erased records nothing; the views forget it if they have not yet. Cancelling ctx ends it only until the erasure is recorded. If the process ends in the midst of it, the next [Open] completes it.
//
// The error wraps [ErrKept] when a view needs the payload, when the record is the journal's own, or when the store is no
// [Redactor].
func (j *Journal) Erase(ctx context.Context, position uint64, reason, author string) error {
	if j.signer == nil {
		return ErrReadOnly
	}
	store, ok := j.store.(Redactor)
	if !ok {
		return fmt.Errorf("%w: the store (%T) cannot replace blocks", ErrKept, j.store)
	}
	if reason == "" || len(reason) > MaxReasonBytes {
		return fmt.Errorf("%w: reason of %d bytes: must be given, in at most %d", ErrBadDraft, len(reason), MaxReasonBytes)
	}
	j.saving.Lock()
	defer j.saving.Unlock()
	if err := j.Sync(ctx); err != nil {
		return err
	}
	r, err := j.Record(ctx, position)
	if err != nil {
		return err
	}
	if r.Erased() {
		return j.forgetErased(ctx)
	}
	if kindOfJournal(r.Kind) {
		return fmt.Errorf("%w: record %d is a %s", ErrKept, position, r.Kind)
	}
	_, err = j.update(ctx, &update{own: true, decide: func() ([]Draft, error) {
		for _, v := range j.views {
			if keeper, ok := v.(Keeper); ok {
				if err := keeper.Keeps(&r); err != nil {
					return nil, fmt.Errorf("%w: record %d (%s %s): %w", ErrKept, position, r.Kind, r.ID, err)
				}
			}
		}
		if j.Recorded(erasureID(position)) {
			return nil, nil // and perhaps not completed
		}
		return []Draft{{ID: erasureID(position), Kind: erasureKind, Author: author, Payload: erasure{position, reason}}}, nil
	}})
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // it is recorded, and not to be left halfway
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.clearSnapshots(ctx); err != nil {
		return err
	}
	if err := j.fresh(ctx); err != nil { // an update since may have left the journal without its blocks
		return err
	}
	if err := j.redact(ctx, store, position); err != nil {
		return err
	}
	return j.rebuild(ctx)
}

// redact takes a payload out of its block. The caller holds the lock.
func (j *Journal) redact(ctx context.Context, store Redactor, position uint64) error {
	n := j.chain.blockOf(position)
	for range maxRaces {
		old, d, err := readBlock(ctx, store, n)
		if err == nil {
			err = j.checkLeaves(n, &d)
		}
		if err != nil {
			return err
		}
		r := &d.records[position-j.chain.starts[n]]
		if r.Erased() {
			return nil
		}
		r.Payload, r.Salt = nil, nil
		var records []byte
		for i := range d.records {
			if i > 0 {
				records = append(records, ',')
			}
			records, _ = d.records[i].appendEnvelope(records)
		}
		block, err := appendBlock(nil, d.checkpoint, records)
		if err != nil {
			return err
		}
		if err = store.Replace(ctx, n, old, block); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("journal: erasing position %d: %w", position, ErrConflict)
}

// erases returns the position whose payload a record of an erasure is about.
func erases(r *Record) (position uint64, err error) {
	var e erasure
	if err := canonical.Unmarshal(r.Payload, &e); err != nil {
		return 0, err
	}
	if e.Position >= r.Position {
		return 0, fmt.Errorf("erases position %d, which comes later", e.Position)
	}
	return e.Position, nil
}

// lostPayloads are the positions of records that were read without payload, and for which no record of an erasure has been read yet. There is one by the end of
// the reading, since it is stored before the payload is taken out: a payload that is gone without one was taken out behind the journal's back.
type lostPayloads map[uint64]bool

// note takes account of a record of block n. It is called for all in their order.
func (l lostPayloads) note(n uint64, r *Record) error {
	if r.Kind == erasureKind {
		position, err := erases(r)
		if err != nil {
			return &CorruptError{Block: n, Reason: "its record of an erasure makes no sense", Err: err}
		}
		delete(l, position)
	}
	if r.Erased() {
		l[r.Position] = true
	}
	return nil
}

// first returns the first position.
func (l lostPayloads) first() (position uint64, ok bool) {
	if len(l) == 0 {
		return 0, false
	}
	return slices.Min(slices.Collect(maps.Keys(l))), true
}

// check returns an error that names the first payload that is gone, at the end of the reading.
func (l lostPayloads) check(c *chain) error {
	position, ok := l.first()
	if !ok {
		return nil
	}
	return &CorruptError{Block: c.blockOf(position), Reason: goneReason(position)}
}

func goneReason(position uint64) string {
	return fmt.Sprintf("the payload of record %d is gone, and no erasure of it is recorded", position)
}

// noteErasure remembers that a payload is to be erased.
func (j *Journal) noteErasure(r *Record) error {
	position, err := erases(r)
	if err == nil && !j.erased[position] {
		j.erasing[position] = true
	}
	return err
}

// clearSnapshots removes snapshots that may hold a payload which is to be erased.
func (j *Journal) clearSnapshots(ctx context.Context) error {
	if j.snapshots == nil {
		return nil
	}
	if err := j.snapshots.Clear(ctx); err != nil {
		return fmt.Errorf("journal: clearing snapshots: %w", err)
	}
	return nil
}

// completeErasures does what an earlier process recorded and did not come to do. The caller holds the lock, or is alone.
func (j *Journal) completeErasures(ctx context.Context) error {
	store, ok := j.store.(Redactor)
	if !ok || len(j.erasing) == 0 {
		return nil
	}
	if err := j.clearSnapshots(ctx); err != nil {
		return err
	}
	for _, position := range slices.Sorted(maps.Keys(j.erasing)) {
		if err := j.redact(ctx, store, position); err != nil {
			return err
		}
	}
	clear(j.erasing)
	return nil
}

// erasureID names the record of an erasure after the position, so that it is recorded once.
func erasureID(position uint64) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "codesocial/journal/erasure/%d", position))
}
