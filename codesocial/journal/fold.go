package journal

import (
	"context"
	"errors"
)

// Attach adds a view: it replays the journal into it, from its snapshot on if there is one that can be used (see [Snapshotter]), and keeps it up
// to date from then on. Views see each record in the order in which they were attached. A view belongs to one journal.
func (j *Journal) Attach(ctx context.Context, v View) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.checkSnapshotter(v); err != nil {
		return err
	}
	if err := j.fresh(ctx); err != nil {
		return err
	}
	v.Reset()
	err := j.foldInto(ctx, v)
	if err != nil {
		v.Reset()
		return err
	}
	j.views = append(j.views, v)
	return nil
}

// foldInto folds the journal into a view that is as it was before the first record.
func (j *Journal) foldInto(ctx context.Context, v View) error {
	from := j.restoreView(ctx, v)
	err := j.replayInto(ctx, v, from)
	var refused *viewError
	if from == 0 || !errors.As(err, &refused) && !errors.Is(err, errErased) {
		return err
	}
	name, _ := v.(Snapshotter).Form()
	j.ignore(ctx, name, err)
	if errors.Is(err, errErased) {
		if err := j.clearSnapshots(ctx); err != nil {
			return err
		}
	}
	v.Reset()
	return j.replayInto(ctx, v, 0)
}

// errErased says that a snapshot was made before a payload was erased that it may still hold.
var errErased = errors.New("it is from before an erasure")

// replayInto folds into a view what comes after a number of records, which end with a block.
func (j *Journal) replayInto(ctx context.Context, v View, from uint64) error {
	blocks, views := j.chain.blocks(), []View{v}
	if from == j.chain.tree.size {
		return nil
	}
	err := replay(ctx, j.store, j.chain.blockOf(from), views, func(n uint64, _ []byte, d *decodedBlock) error {
		if n >= blocks { // another process is writing: the next Sync will see it
			return errEnough
		}
		if err := j.checkLeaves(n, d); err != nil {
			return err
		}
		for i := range d.records {
			if r := &d.records[i]; r.Kind == erasureKind {
				if position, err := erases(r); err != nil || position < from {
					return errors.Join(err, errErased)
				}
			}
		}
		if d.viewErr != nil {
			return d.viewErr
		}
		return applyTo(views, d.records, d.values)
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// Sync takes in what other processes have written to the store since the last call that touched it.
func (j *Journal) Sync(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.fresh(ctx)
}

// fresh makes sure that the views hold what the store holds. The caller holds the lock.
func (j *Journal) fresh(ctx context.Context) error {
	if j.stale != nil {
		return j.rebuild(ctx)
	}
	// Mostly there is nothing: one question tells.
	if page, err := j.store.Blocks(ctx, j.chain.blocks(), 1); err != nil || len(page) == 0 {
		return err
	}
	return j.catchUp(ctx)
}

// catchUp takes in the blocks that the store has beyond those the journal knows. The caller holds the lock, or is
// alone.
func (j *Journal) catchUp(ctx context.Context) error {
	seen := j.chain.blocks()
	lost := make(lostPayloads)
	var lastReport uint64
	err := replay(ctx, j.store, seen, j.views, func(n uint64, block []byte, d *decodedBlock) error {
		if n == 0 {
			if err := j.checkOpened(d); err != nil {
				return err
			}
		}
		if err := j.chain.place(d); err != nil {
			return err
		}
		if d.viewErr != nil {
			return &CorruptError{Block: n, Reason: "a view cannot read it", Err: d.viewErr}
		}
		if err := applyTo(j.views, d.records, d.values); err != nil {
			return &CorruptError{Block: n, Reason: "a view refuses it", Err: err}
		}
		for i := range d.records {
			r := &d.records[i]
			j.ids.add(r.ID)
			if err := lost.note(n, r); err != nil {
				return err
			}
			if r.Erased() {
				j.erased[r.Position] = true
			}
			if r.Kind == erasureKind {
				if err := j.noteErasure(r); err != nil {
					return err
				}
			}
		}
		if size := j.chain.tree.size; j.report != nil && size-lastReport >= 10_000 {
			lastReport = size
			j.report(size)
		}
		return nil
	})
	if err == nil && j.chain.blocks() > seen {
		err = j.chain.end()
	}
	if err == nil {
		err = lost.check(&j.chain)
	}
	if err != nil && j.chain.blocks() > seen {
		j.stale = err
	}
	return err
}

// rebuild forgets everything and reads the store again, from the snapshots on if there are any. The caller holds the lock.
func (j *Journal) rebuild(ctx context.Context) error {
	held := j.chain.checkpoint
	j.forget()
	j.restore(ctx)
	var err error
	if j.chain.blocks() == 0 {
		err = j.catchUp(ctx) // one reading for all views
	} else {
		err = j.refold(ctx)
	}
	if err == nil && held != "" {
		err = j.chain.extends([]byte(held))
	}
	if err != nil {
		// What was known is kept as the measure of the next attempt.
		j.chain.checkpoint = held
		j.stale = err
		return err
	}
	j.stale = nil
	return nil
}

// refold takes in what the store has beyond a snapshot, and then folds each view from its own.
func (j *Journal) refold(ctx context.Context) error {
	views := j.views
	j.views = nil
	defer func() { j.views = views }()
	if err := j.catchUp(ctx); err != nil {
		return err
	}
	for _, v := range views {
		if err := j.foldInto(ctx, v); err != nil {
			return err
		}
	}
	return nil
}
