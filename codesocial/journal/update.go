package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

const (
	groupBytes = 4 << 20 // a block takes no further update once its records have this size
	maxRaces   = 1000    // how often an update is decided again because another process wrote first
)

// Update records what decide returns, all of it or nothing.
//
// decide runs on up-to-date views, while nothing else changes them: it may read the state of every
// attached view directly, must change nothing, must not call methods of the journal other than
// [Journal.Recorded], and may be called again when another process writes first. It refuses by returning
// an error, which Update returns as it is. The views reflect the new records when Update returns, and the
// store holds them durably.
//
// Updates that arrive while a block is being written are decided one after the other, each seeing the ones
// before it, and go into the next block together; one that is refused does not disturb the others. They are decided ahead, while
// the store is at work, on views that hold the block being written; should that block turn out not to be stored, they are decided again without
// it, and nobody has seen what they did.
//
// A draft whose id was recorded before, with the same kind, schema, author and payload, writes nothing: the
// record that exists is returned in its place. With other content the whole update is refused with
// [ErrIDReused]. So repeating an Update after a crash or an unclear error is safe when its drafts
// carry ids of their own.
//
// Cancelling ctx takes the update back as long as it waits for its turn; after that it runs to its end.
// Errors: whatever decide returns; [ErrBadDraft], [ErrIDReused], [ErrReadOnly]; the error of a view that
// refuses a record; the error of a store that failed, after which nothing is recorded, or, if not even
// that can be found out, [ErrUnknownOutcome].
func (j *Journal) Update(ctx context.Context, decide func() ([]Draft, error)) ([]Record, error) {
	return j.update(ctx, &update{decide: decide})
}

// A PutFunc does what [Store.Put] does, in a transaction of the host's.
type PutFunc func(ctx context.Context, n uint64, block []byte) error

// UpdateWithin is [Journal.Update] within a transaction of the program that embeds the journal, on the database that the journal's
// store is in: the program's own rows and the block stand or fall together. put is called, once there is a block to write, to begin a
// transaction, make its own changes, hand the block to the store's PutTx (see sqljournal and pgjournal) and commit; it returns the error of
// whatever failed, after rolling back. Views see the records when put has returned nil.
//
//	_, err := j.UpdateWithin(ctx, decide, func(ctx context.Context, n uint64, block []byte) error {
//		tx, err := db.BeginTx(ctx, nil)
//		if err != nil {
//			return err
//		}
//		defer tx.Rollback()
//		if _, err := tx.ExecContext(ctx, "UPDATE orders SET paid = true WHERE id = 7"); err != nil {
//			return err
//		}
//		if err := store.PutTx(ctx, tx, n, block); err != nil {
//			return err
//		}
//		return tx.Commit()
//	})
//
// decide and put are called again when another process wrote first: the error of PutTx, which wraps [ErrConflict], must reach the
// journal. When the connection breaks during the commit, the database may still complete it: wrap [ErrUnknownOutcome] then. When all drafts were recorded before there is no block, and put is not called: the rows were written with the block then.
// The journal is locked while put runs, so put must not call it, and must not take long. The errors are those of Update, and that
// of put.
func (j *Journal) UpdateWithin(ctx context.Context, decide func() ([]Draft, error), put PutFunc) ([]Record, error) {
	return j.update(ctx, &update{decide: decide, put: put})
}

func (j *Journal) update(ctx context.Context, u *update) ([]Record, error) {
	if j.signer == nil {
		return nil, ErrReadOnly
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	u.turn = make(chan bool, 1)
	if j.queue.join(u) {
		j.lead(ctx)
	} else {
		select {
		case lead := <-u.turn:
			if lead {
				j.lead(ctx)
			}
		case <-ctx.Done():
			if j.queue.leave(u) {
				return nil, ctx.Err()
			}
			if lead := <-u.turn; lead { // its turn came at the same moment
				j.lead(context.WithoutCancel(ctx))
			}
		}
	}
	if u.panicked {
		panic(u.panicValue)
	}
	if u.err != nil {
		return nil, u.err
	}
	return u.records, nil
}

// An update is one call of Update on its way.
type update struct {
	decide     func() ([]Draft, error)
	put        PutFunc   // nil: the store's
	own        bool      // the journal's own: may record kinds that begin with "journal."
	turn       chan bool // true: lead the next group; false: done
	records    []Record
	err        error
	panicked   bool
	panicValue any
}

// answer sets the outcome of an update, replacing that of an earlier attempt.
func (u *update) answer(records []Record, err error) {
	u.records, u.err = records, err
	u.panicked, u.panicValue = false, nil
}

// A queue holds the updates that wait. The first to come leads: it commits a group for everybody who has
// joined by then, and hands the lead to the first of those who came later.
type queue struct {
	mu      sync.Mutex
	waiting []*update
	led     bool
	more    chan struct{} // tells the leader that somebody has joined; holds one
}

// join appends an update and reports whether it has to lead.
func (q *queue) join(u *update) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, u)
	if q.led {
		select {
		case q.more <- struct{}{}:
		default:
		}
		return false
	}
	q.led = true
	return true
}

// leave takes back an update that has not been taken up; it reports false when it was too late.
func (q *queue) leave(u *update) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(u.turn) > 0 {
		return false
	}
	i := slices.Index(q.waiting, u)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// all takes all that wait.
func (q *queue) all() []*update {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}

// first takes the one that has waited longest, unless nobody waits or that one has to have a block of its own.
func (q *queue) first() *update {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 || q.waiting[0].put != nil {
		return nil
	}
	u := q.waiting[0]
	q.waiting = q.waiting[1:]
	return u
}

// giveBack lets updates that were taken wait again, before all others.
func (q *queue) giveBack(updates ...*update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = slices.Concat(updates, q.waiting)
}

// release hands the lead on, to heir if there is one.
func (q *queue) release(heir *update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if heir == nil && len(q.waiting) > 0 {
		heir = q.waiting[0]
	}
	if heir == nil {
		q.led = false
		return
	}
	heir.turn <- true
}

// A turn is what one leader does: it commits one group.
type turn struct {
	group  []*update // to which it gives their answers; its own is the first
	stored bool      // the block of the group has been stored
}

// lead commits one group, which includes the leader's own update as the first.
func (j *Journal) lead(ctx context.Context) {
	ahead := j.next.updates
	if len(ahead) == 0 {
		j.mu.Lock()
	} // else the one who decided ahead has handed over the journal locked
	j.next.updates = nil
	t := &turn{group: slices.Concat(ahead, j.queue.all())}
	finished := false
	defer func() {
		if !finished { // a view or the store panicked, or a decision ended its goroutine: trust nothing in memory
			j.stale = errors.New("journal: an update was broken off")
			broken := fmt.Errorf("%w: %w", ErrUnknownOutcome, j.stale)
			if !t.stored {
				answerAll(t.group, broken)
			}
			answerAll(j.next.updates, broken)
			t.group = append(t.group, j.next.updates...)
			j.next.updates = nil
		}
		var heir *update
		if ahead := j.next.updates; len(ahead) > 0 {
			heir = ahead[0]
		} else {
			j.mu.Unlock()
		}
		// Whoever gets an answer may have more to record: the heir is woken behind them, so that its block is not one for itself alone.
		for _, u := range t.group[1:max(1, len(t.group)-1)] {
			u.turn <- false
		}
		j.queue.release(heir)
		if last := len(t.group) - 1; last > 0 {
			t.group[last].turn <- false
		}
	}()
	// The outcome concerns others too: the leader's cancellation must not decide about it.
	j.commit(context.WithoutCancel(ctx), t, len(ahead))
	finished = true
}

// answerAll gives all the same answer, except to those whose decision panicked.
func answerAll(updates []*update, err error) {
	for _, u := range updates {
		if !u.panicked {
			u.answer(nil, err)
		}
	}
}

// commit decides the updates of a group, except for those that have been decided ahead, and puts what they record into one block. What does not fit waits
// again. When it returns, all of the group have their answer. The caller holds the lock.
func (j *Journal) commit(ctx context.Context, t *turn, decided int) {
	open := t.group // not yet answered for good
	for range maxRaces {
		ahead := decided > 0
		if !ahead {
			if err := j.fresh(ctx); err != nil {
				answerAll(open, err)
				return
			}
			j.next.reset(j.chain.tree.size)
		}
		var spoiled bool
		for i := decided; i < len(open); i++ {
			u := open[i]
			fits := i == 0 || u.put == nil && open[0].put == nil // a transaction of the host has a block of its own
			if fits {
				fits, spoiled = j.decide(ctx, u)
			}
			if !fits {
				j.queue.giveBack(open[i:]...)
				t.group = without(t.group, open[i:])
				open = open[:i]
				break
			}
			if spoiled { // a view refused halfway: start over, for the others only
				open = without(open, open[i:i+1])
				break
			}
		}
		decided = 0
		if !spoiled && len(j.next.records) == 0 {
			if !ahead {
				return
			}
			// Nothing is stored that would show that the store is as they saw it.
			known := j.chain.blocks()
			if err := j.fresh(ctx); err != nil {
				answerAll(open, err)
				return
			}
			if j.chain.blocks() == known {
				return
			}
			continue
		}
		if !spoiled {
			err := j.putFor(ctx, t, open[0].put)
			if err == nil {
				return
			}
			if !errors.Is(err, ErrConflict) {
				// Who was refused may have been so because of what is not stored: that is decided again.
				refused := func(u *update) bool { return u.err != nil }
				answered := slices.DeleteFunc(slices.Clone(open), refused)
				open = without(open, answered)
				answerAll(answered, err)
			}
		}
		if err := j.rebuild(ctx); err != nil {
			answerAll(open, fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
			return
		}
		if len(open) == 0 {
			return
		}
	}
	answerAll(open, fmt.Errorf("journal: other processes wrote first %d times in a row: %w", maxRaces, ErrConflict))
}

// putFor puts the block of a turn, and decides the next one ahead while the store is at work, except within a transaction of the host's.
func (j *Journal) putFor(ctx context.Context, t *turn, via PutFunc) error {
	err := j.put(func(n uint64, block []byte) error {
		if via != nil {
			return j.storeBlock(ctx, via, n, block)
		}
		return j.storeBeside(ctx, t, n, block, func(done <-chan struct{}) (spoiled bool) { return j.decideAhead(ctx, done) })
	})
	t.stored = err == nil
	return err
}

// storeBeside stores a block while meanwhile runs, which decides for the next block on views that hold this one, until done is closed. When the block is not stored,
// what was decided is void. A panic of the store goes on in the caller's goroutine.
func (j *Journal) storeBeside(ctx context.Context, t *turn, n uint64, block []byte, meanwhile func(done <-chan struct{}) (spoiled bool)) (err error) {
	if j.spare == nil {
		j.spare = new(nextBlock)
	}
	j.flight, j.next = j.next, j.spare
	j.next.reset(j.chain.tree.size)
	done := make(chan struct{})
	var panicValue any
	returned := false
	go func() {
		defer close(done)
		defer func() {
			if !returned {
				panicValue = recover()
			}
		}()
		err = j.storeBlock(ctx, j.store.Put, n, block)
		returned = true
	}()
	var spoiled bool
	func() {
		defer func() { // whatever happens meanwhile
			<-done
			t.stored = returned && err == nil
			j.spare, j.flight = j.flight, nil
		}()
		spoiled = meanwhile(done)
	}()
	switch {
	case panicValue != nil:
		panic(panicValue)
	case !returned:
		runtime.Goexit()
	}
	if void := j.next.updates; err != nil || spoiled {
		j.next.updates = nil
		j.queue.giveBack(void...)
	}
	if err == nil && spoiled {
		_ = j.rebuild(ctx) // if that fails the next call that needs the views says so
	}
	return err
}

// decideAhead decides what arrives, in its order, until done is closed, the block is full or somebody waits for the views to stand still. It reports whether a view
// refused halfway, so that all of it has to be decided again.
func (j *Journal) decideAhead(ctx context.Context, done <-chan struct{}) (spoiled bool) {
	b := j.next
	for !j.mu.wanted() {
		select {
		case <-done:
			return false
		default:
		}
		u := j.queue.first()
		if u == nil {
			select {
			case <-done:
				return false
			case <-j.queue.more:
			}
			continue
		}
		b.updates = append(b.updates, u)
		fits, spoiled := j.decide(ctx, u)
		if spoiled {
			return true
		}
		if !fits {
			b.updates = b.updates[:len(b.updates)-1]
			j.queue.giveBack(u)
			return false
		}
	}
	return false
}

func without(all, some []*update) []*update {
	return slices.DeleteFunc(slices.Clone(all), func(u *update) bool { return slices.Contains(some, u) })
}

// decide runs one decision, gathers its records for the next block and folds them into the views, ahead of
// their being stored. It reports false for fits when the block has no room for them, and true for spoiled
// when a view refused after something had been folded, so that the views must be rebuilt.
func (j *Journal) decide(ctx context.Context, u *update) (fits, spoiled bool) {
	b := j.next
	before, mark := len(b.records), len(b.encoded)
	if mark > groupBytes {
		return false, false
	}
	undo := func() {
		j.ids.cut(int(b.start) + before)
		b.cut(before, mark)
	}
	drafts, err := call(u)
	if u.panicked {
		return true, false
	}
	var records []Record
	if err == nil {
		records, err = j.gather(ctx, drafts, u.own)
	}
	added := b.records[before:]
	if err == nil && len(b.encoded)+erasedGrowth*len(b.records) > MaxBlockBytes-blockSlack {
		if before > 0 {
			undo()
			return false, false
		}
		err = fmt.Errorf("%w: the %d drafts of one update need more than the %d bytes of a block: divide the update", ErrBadDraft, len(drafts), MaxBlockBytes)
	}
	var values [][]any
	if err == nil {
		values, err = decodeFor(j.views, added)
	}
	if err == nil {
		err = applyTo(j.views, added, values)
		spoiled = err != nil
	}
	if err != nil {
		undo()
		records = nil
	}
	u.answer(records, err)
	return true, spoiled
}

// call runs the decision of an update; a panic is kept for the goroutine that called Update.
func call(u *update) (drafts []Draft, err error) {
	u.answer(nil, nil)
	defer func() {
		if v := recover(); v != nil {
			u.panicked, u.panicValue = true, v
		}
	}()
	return u.decide()
}
