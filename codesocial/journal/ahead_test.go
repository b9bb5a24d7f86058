package journal

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// gate is a store that stores a block when it is told to.
type gate struct {
	*MemoryStore
	entered chan uint64 // receives the number of each block that comes; nil: stores at once
	answer  chan func() error
	reads   func(n uint64) error // what reading from a block on meets; nil: nothing
}

// Blocks returns one block at a time.
func (g *gate) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if g.reads != nil {
		if err := g.reads(n); err != nil {
			return nil, err
		}
	}
	return g.MemoryStore.Blocks(ctx, n, min(limit, 1))
}

func (g *gate) Put(ctx context.Context, n uint64, block []byte) error {
	if g.entered == nil {
		return g.MemoryStore.Put(ctx, n, block)
	}
	g.entered <- n
	if err := (<-g.answer)(); err != nil {
		return err
	}
	return g.MemoryStore.Put(ctx, n, block)
}

func stores() error { return nil }

// seats is a view in which each name is a seat that somebody has taken.
type seats map[string]int

type seat struct {
	Name string `json:"name"`
}

func (s seats) Decode(r *Record) (any, error) {
	if r.Kind != "example.seat" || r.Erased() {
		return nil, nil
	}
	var x seat
	return &x, r.Unmarshal(&x)
}

var errTaken = errors.New("taken")

func (s seats) Apply(_ *Record, x any) error {
	name := x.(*seat).Name
	if name == "none" {
		return errTaken // a view that refuses only when it applies
	}
	s[name]++
	return nil
}

func (s seats) Reset() { clear(s) }

// ahead is a journal on a gate, with updates under way.
type ahead struct {
	*testing.T
	*Journal
	store *gate
	seats seats
}

func newAhead(t *testing.T) *ahead {
	t.Helper()
	store := &gate{MemoryStore: NewMemoryStore()}
	j, v := openSeats(t, store)
	store.entered, store.answer = make(chan uint64), make(chan func() error)
	return &ahead{t, j, store, v}
}

func openSeats(t *testing.T, store Store) (*Journal, seats) {
	t.Helper()
	signer, err := NewSigner("la-trame.example/journal", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	v := seats{}
	require.NoError(t, j.Attach(t.Context(), v))
	return j, v
}

// A pending is an update under way.
type pending struct {
	saw  chan int // how many seats were taken, each time it is decided
	done chan struct{}

	records    []Record
	err        error
	panicValue any
}

// take records who takes a seat, unless most or more are taken.
func (a *ahead) take(name string, most int) *pending {
	return a.update(func() ([]Draft, error) {
		if len(a.seats) >= most {
			return nil, errTaken
		}
		return []Draft{{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Kind: "example.seat", Payload: seat{name}}}, nil
	})
}

func (a *ahead) update(decide func() ([]Draft, error)) *pending {
	p := &pending{saw: make(chan int, 10), done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer func() { p.panicValue = recover() }()
		p.err = errors.New("ended")
		p.records, p.err = a.Update(context.Background(), func() ([]Draft, error) {
			p.saw <- len(a.seats)
			return decide()
		})
	}()
	return p
}

func TestNothingMoreIsDecidedAheadOnceSomebodyWaitsToRead(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	u := &update{decide: func() ([]Draft, error) { panic("decided") }}
	a.queue.led = true
	a.queue.join(u)
	a.mu.Lock()
	read := make(chan error)
	go func() { read <- a.Read(func() {}) }()
	for !a.mu.wanted() {
		runtime.Gosched()
	}
	require.False(t, a.decideAhead(t.Context(), make(chan struct{})), "returns, although the block is not stored yet")
	require.Equal(t, []*update{u}, a.queue.all())
	a.mu.Unlock()
	require.NoError(t, <-read)
}

// queued waits until so many updates wait.
func (a *ahead) queued(n int) {
	for a.waiting() != n {
		runtime.Gosched()
	}
}

// waiting returns how many updates wait.
func (a *ahead) waiting() int {
	a.queue.mu.Lock()
	defer a.queue.mu.Unlock()
	return len(a.queue.waiting)
}

// held requires that the views hold what a journal that is opened now reads.
func (a *ahead) held() {
	a.Helper()
	_, fresh := openSeats(a.T, a.store.MemoryStore)
	require.NoError(a, a.Read(func() { require.Equal(a, fresh, a.seats) }))
}

func TestWhatArrivesDuringAPutIsDecidedAheadAndStoredNext(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	first := a.take("Ada", 9)
	require.Equal(t, 0, <-first.saw)
	require.Equal(t, uint64(1), <-a.store.entered)
	second := a.take("Bob", 9)
	require.Equal(t, 1, <-second.saw, "while the block before is in flight, on a state that holds it")
	read := make(chan seats)
	go func() {
		_ = a.Read(func() {
			_, fresh := openSeats(t, a.store.MemoryStore)
			read <- fresh
			seen := seats{}
			for name, n := range a.seats {
				seen[name] = n
			}
			read <- seen
		})
	}()
	for !a.mu.wanted() {
		runtime.Gosched()
	}
	third := a.take("Cid", 9)
	for a.waiting() == 0 && len(third.saw) == 0 { // it may be decided ahead just before somebody waits to read; the next block has it either way
		runtime.Gosched()
	}
	a.store.answer <- stores
	<-first.done
	require.NoError(t, first.err)
	require.Equal(t, uint64(2), <-a.store.entered)
	require.Equal(t, 2, <-third.saw, "in the block with what was decided ahead")
	fourth := a.take("Dan", 9)
	a.queued(1)
	a.store.answer <- stores
	stored, seen := <-read, <-read
	require.Equal(t, stored, seen, "readers see what is stored")
	require.Equal(t, seats{"Ada": 1, "Bob": 1, "Cid": 1}, seen, "before further updates are decided")
	require.Equal(t, uint64(3), <-a.store.entered)
	a.store.answer <- stores
	for i, p := range []*pending{first, second, third, fourth} {
		<-p.done
		require.NoError(t, p.err)
		require.Equal(t, uint64(i+1), p.records[0].Position)
	}
	a.held()
}

func TestWhatWasDecidedAheadOfABlockThatIsNotStoredIsDecidedAgain(t *testing.T) {
	t.Parallel()
	errDisk := errors.New("disk on fire")
	for name, c := range map[string]struct {
		outcome   func(a *ahead) error // of the first Put
		firstErr  error
		retried   bool  // the first update is decided again at once
		secondSaw int   // when it is decided for good
		secondErr error // it is content with one seat taken, not with two
	}{
		"stored":                {func(*ahead) error { return nil }, nil, false, 1, nil},
		"not stored":            {func(*ahead) error { return errDisk }, errDisk, false, 0, nil},
		"stored, answer lost":   {func(a *ahead) error { a.keep(); return errDisk }, nil, false, 1, nil},
		"another process first": {func(a *ahead) error { a.other("Eve"); return ErrConflict }, nil, true, 2, errTaken},
		"another, answer lost":  {func(a *ahead) error { a.other("Eve"); return errDisk }, nil, true, 2, errTaken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAhead(t)
			first := a.take("Ada", 9)
			require.Equal(t, 0, <-first.saw)
			require.Equal(t, uint64(1), <-a.store.entered)
			second := a.take("Bob", 2)
			require.Equal(t, 1, <-second.saw)
			third := a.take("Cid", 1) // refused because of what is not yet stored
			require.Equal(t, 2, <-third.saw)
			a.store.answer <- func() error { return c.outcome(a) }
			puts := make(chan struct{})
			go func() { // all further ones
				for {
					select {
					case <-a.store.entered:
						a.store.answer <- stores
					case <-puts:
						return
					}
				}
			}()
			for _, p := range []*pending{first, second, third} {
				<-p.done
			}
			close(puts)
			require.ErrorIs(t, first.err, c.firstErr)
			require.ErrorIs(t, second.err, c.secondErr)
			last := 1
			for len(second.saw) > 0 {
				last = <-second.saw
			}
			require.Equal(t, c.secondSaw, last)
			require.Equal(t, c.retried, len(first.saw) > 0)
			require.ErrorIs(t, third.err, errTaken)
			a.held()
		})
	}
}

// keep stores what the journal is putting; other what another process records.
func (a *ahead) keep() { require.NoError(a, a.store.MemoryStore.Put(a.Context(), 1, a.flight.block)) }

func (a *ahead) other(name string) {
	j, _ := openSeats(a.T, a.store.MemoryStore)
	_, err := j.Update(a.Context(), func() ([]Draft, error) {
		return []Draft{{Kind: "example.seat", Payload: seat{name}}}, nil
	})
	require.NoError(a, err)
}

// TestWhoGivesUpAfterBeingDecidedAheadIsRecordedOnceOrNotAtAll cancels an update that was decided ahead of a block that is then not stored.
func TestWhoGivesUpAfterBeingDecidedAheadIsRecordedOnceOrNotAtAll(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]func(a *ahead) error{
		"not stored":            func(*ahead) error { return errTaken },
		"another process first": func(a *ahead) error { a.other("Eve"); return ErrConflict },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAhead(t)
			first := a.take("Ada", 9)
			<-first.saw
			require.Equal(t, uint64(1), <-a.store.entered)
			ctx, giveUp := context.WithCancel(t.Context())
			saw, ended := make(chan int, 10), make(chan error, 1)
			go func() {
				_, err := a.Update(ctx, func() ([]Draft, error) {
					saw <- len(a.seats)
					return []Draft{{Kind: "example.seat", Payload: seat{"Bob"}}}, nil
				})
				ended <- err
			}()
			require.Equal(t, 1, <-saw)
			giveUp()
			a.store.answer <- func() error { return outcome(a) }
			var err error
			for over := false; !over; {
				select {
				case <-a.store.entered:
					a.store.answer <- stores
				case err = <-ended:
					over = true
				}
			}
			<-first.done
			if err != nil { // it was waiting again when it was taken back
				require.ErrorIs(t, err, context.Canceled)
				require.Zero(t, a.seats["Bob"])
			} else {
				require.Equal(t, 1, a.seats["Bob"])
			}
			a.held()
		})
	}
}

func TestARefusalThatRestsOnWhatIsNotStoredIsDecidedAgain(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	blocker := a.take("Ada", 9)
	require.Equal(t, uint64(1), <-a.store.entered)
	<-blocker.saw
	second := a.take("Bob", 9)
	<-second.saw
	third := a.take("Cid", 2) // in one block with the second, because of which it is refused
	require.Equal(t, 2, <-third.saw)
	a.store.answer <- stores
	require.Equal(t, uint64(2), <-a.store.entered)
	errDisk := errors.New("disk on fire")
	a.store.answer <- func() error { return errDisk }
	require.Equal(t, 1, <-third.saw)
	require.Equal(t, uint64(2), <-a.store.entered)
	a.store.answer <- stores
	for _, p := range []*pending{blocker, second, third} {
		<-p.done
	}
	require.NoError(t, blocker.err)
	require.ErrorIs(t, second.err, errDisk)
	require.NoError(t, third.err)
	require.Equal(t, seats{"Ada": 1, "Cid": 1}, a.seats)
	a.held()
}

func TestARefusalAheadThatStoresNothingLooksWhatOthersWrote(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	first := a.take("Ada", 9)
	require.Equal(t, uint64(1), <-a.store.entered)
	<-first.saw
	second := a.take("Bob", 1)
	require.Equal(t, 1, <-second.saw)
	a.store.answer <- stores
	<-second.done // without a block of its own
	require.ErrorIs(t, second.err, errTaken)
	<-first.done
	require.NoError(t, first.err)
	a.held()
}

func TestAnIDInFlightIsRecordedOnce(t *testing.T) {
	t.Parallel()
	for _, stored := range []bool{true, false} {
		a := newAhead(t)
		first := a.take("Ada", 9)
		require.Equal(t, uint64(1), <-a.store.entered)
		<-first.saw
		again, other := a.take("Ada", 9), a.update(func() ([]Draft, error) {
			return []Draft{{ID: uuid.NewSHA1(uuid.Nil, []byte("Ada")), Kind: "example.seat", Payload: seat{"Eve"}}}, nil
		})
		<-again.saw
		<-other.saw
		if stored {
			a.store.answer <- stores
		} else {
			a.store.answer <- func() error { return errTaken }
			require.Equal(t, uint64(1), <-a.store.entered)
			a.store.answer <- stores
		}
		for _, p := range []*pending{first, again, other} {
			<-p.done
		}
		if stored {
			require.NoError(t, first.err)
			require.Equal(t, first.records, again.records)
			require.ErrorIs(t, other.err, ErrIDReused)
			require.Equal(t, seats{"Ada": 1}, a.seats)
		} else { // one of the two others records it
			require.ErrorIs(t, first.err, errTaken)
			require.Len(t, a.seats, 1)
			require.True(t, (again.err == nil) != (other.err == nil), "%v, %v", again.err, other.err)
		}
		a.held()
	}
}

func TestAViewThatRefusesAheadSpoilsNothing(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	first := a.take("Ada", 9)
	require.Equal(t, uint64(1), <-a.store.entered)
	<-first.saw
	second := a.take("Bob", 9)
	<-second.saw
	bad := a.update(func() ([]Draft, error) {
		return []Draft{{Kind: "example.seat", Payload: seat{"Eve"}}, {Kind: "example.seat", Payload: seat{"none"}}}, nil
	})
	<-bad.saw
	a.store.answer <- stores
	<-first.done
	require.NoError(t, first.err)
	require.Equal(t, uint64(2), <-a.store.entered)
	a.store.answer <- stores
	<-second.done
	<-bad.done
	require.NoError(t, second.err)
	require.ErrorIs(t, bad.err, errTaken)
	require.Equal(t, seats{"Ada": 1, "Bob": 1}, a.seats)
	a.held()
}

func TestADecisionAheadThatPanicsOrEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func() ([]Draft, error){
		"panics": func() ([]Draft, error) { panic("bang") },
		"ends":   func() ([]Draft, error) { runtime.Goexit(); return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAhead(t)
			first := a.take("Ada", 9)
			require.Equal(t, uint64(1), <-a.store.entered)
			<-first.saw
			bad := a.update(decide)
			<-bad.saw
			a.store.answer <- stores
			<-first.done
			<-bad.done
			if name == "panics" {
				require.NoError(t, first.err)
				require.Equal(t, "bang", bad.panicValue)
			} else { // it ended the goroutine of the one who led, whose block is stored all the same
				require.EqualError(t, first.err, "ended")
				require.ErrorIs(t, bad.err, ErrUnknownOutcome)
			}
			next := a.take("Cid", 9)
			require.Equal(t, 1, <-next.saw)
			require.Equal(t, uint64(2), <-a.store.entered)
			a.store.answer <- stores
			<-next.done
			require.NoError(t, next.err)
			a.held()
		})
	}
}

func TestAPanicOfTheStoreReachesWhoLeads(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func() error{
		"panics": func() error { panic("bang") },
		"ends":   func() error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAhead(t)
			first := a.take("Ada", 9)
			require.Equal(t, uint64(1), <-a.store.entered)
			<-first.saw
			second := a.take("Bob", 9)
			<-second.saw
			a.store.answer <- end
			<-first.done
			require.Equal(t, name == "panics", first.panicValue == "bang")
			require.EqualError(t, first.err, "ended")
			<-second.done
			require.ErrorIs(t, second.err, ErrUnknownOutcome)
			next := a.take("Cid", 9)
			require.Equal(t, 0, <-next.saw, "of what was broken off nothing is left")
			require.Equal(t, uint64(1), <-a.store.entered)
			a.store.answer <- stores
			<-next.done
			require.NoError(t, next.err)
			a.held()
		})
	}
}

// TestAnErasureIsDoneAlthoughTheJournalWasLeftWithoutItsBlocks has an update that was decided ahead of an erasure fail, and the reading that follows break off, before the erasure
// goes on.
func TestAnErasureIsDoneAlthoughTheJournalWasLeftWithoutItsBlocks(t *testing.T) {
	t.Parallel()
	a := newAhead(t)
	for i, name := range []string{"Ada", "Bob", "Cid"} {
		p := a.take(name, 9)
		require.Equal(t, uint64(i+1), <-a.store.entered)
		a.store.answer <- stores
		<-p.done
		require.NoError(t, p.err)
	}
	errDisk := errors.New("disk on fire")
	erased := make(chan error)
	go func() { erased <- a.Erase(context.Background(), 3, "asked for", "") }()
	require.Equal(t, uint64(4), <-a.store.entered)
	next := a.take("Dan", 9)
	<-next.saw
	a.store.answer <- stores
	require.Equal(t, uint64(5), <-a.store.entered)
	failures := 2 // finding out what became of block 5, and reading all again after the first two blocks
	a.store.reads = func(n uint64) error {
		if n < 2 || failures == 0 {
			return nil
		}
		failures--
		return errDisk
	}
	a.store.answer <- func() error { return errDisk }
	<-next.done
	require.ErrorIs(t, next.err, ErrUnknownOutcome)
	require.NoError(t, <-erased)
	require.Zero(t, failures)
	r, err := a.Record(t.Context(), 3)
	require.NoError(t, err)
	require.True(t, r.Erased())
	a.held()
}

func TestManyWritersAndReadersSeeOnlyWhatIsStored(t *testing.T) {
	t.Parallel()
	store := NewMemoryStore()
	j, v := openSeats(t, store)
	const writers, each = 8, 40
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				var saw int
				records, err := j.Update(context.Background(), func() ([]Draft, error) {
					saw = len(v)
					return []Draft{{Kind: "example.seat", Payload: seat{fmt.Sprint(w, "-", i)}}}, nil
				})
				if err != nil || records[0].Position != uint64(saw)+1 {
					panic(fmt.Sprint(saw, records, err))
				}
				if i%4 == 0 {
					if err := j.Read(func() {
						if size := j.chain.tree.size; uint64(len(v)) != size-1 || j.chain.blocks() != uint64(len(store.blocks)) {
							panic(fmt.Sprint(len(v), size, len(store.blocks)))
						}
					}); err != nil {
						panic(err)
					}
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, v, writers*each)
	_, fresh := openSeats(t, store)
	require.Equal(t, fresh, v)
}
