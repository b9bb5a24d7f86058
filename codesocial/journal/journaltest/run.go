package journaltest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// checkTimeout is how long one check may take before it counts as failed. It is far longer than any check
// needs on a slow disk and a busy machine: a store that reaches it hangs.
const checkTimeout = 5 * time.Minute

// A Harness tells the suite how to make and open the store under test.
type Harness struct {
	// New makes a new, empty place for one list of blocks, which nothing else uses, and returns what
	// Open needs to find it: a path, the address of a schema, a key of a map. It reports failure
	// through tb, and registers there what has to be cleaned up. It is called from the goroutine of the
	// test, several times.
	New func(tb testing.TB) (place string)

	// Open opens the list of blocks at a place that New made. Several stores are open on one place at
	// once, in one process and, unless InProcess is set, in several. If the store has a method
	// Close() error, the suite calls it once on each store that Open returned.
	Open func(ctx context.Context, place string) (journal.Store, error)

	// Begin, if set, begins a transaction of the host's on the database of a store that Open returned, for stores that can Put
	// within one (see [journal.Journal.UpdateWithin]). It is not called again before the transaction has ended.
	Begin func(ctx context.Context, s journal.Store) (Tx, error)

	// InProcess says that a place is only known to the process that made it, as with
	// [journal.MemoryStore]: the checks that need further processes are left out, and a store opened a
	// second time is expected to find its blocks as long as the process lives.
	InProcess bool

	// Seed makes the random choices of the suite repeatable. Zero draws a seed; it is logged when a
	// check fails.
	Seed uint64

	patience time.Duration // see defaultPatience
}

// Run checks the store that h describes against the contract of [journal.Store], one sub-test for each
// check. It takes a few seconds on a disk that needs a millisecond for a commit.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if h.New == nil || h.Open == nil {
		t.Fatal("journaltest: Harness.New and Harness.Open must both be set")
	}
	if work(t.Context(), h) { // in a further process, see process.go
		return
	}
	seed := h.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	can, err := abilitiesOf(t, h)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks(can) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := examine(t, h, c, seed); err != nil {
				t.Errorf("%v\n(Harness.Seed: %d)", err, seed)
			}
		})
	}
}

// A check is one sentence of the contract. Checks return what they found instead of failing a test, so
// that the suite's own tests can run them on stores that are wrong.
type check struct {
	name string
	run  func(ctx context.Context, e *env) error
}

// abilities are what a store can do besides the two methods of [journal.Store].
type abilities struct{ redactor, watcher, host, processes bool }

// abilitiesOf finds out what the stores of a harness can do.
func abilitiesOf(t *testing.T, h Harness) (can abilities, err error) {
	s, err := h.Open(t.Context(), h.New(t))
	if err != nil || s == nil {
		return can, fmt.Errorf("opening a new place returned a store (%t) and the error %s", s != nil, quote(err))
	}
	_, can.redactor = s.(journal.Redactor)
	_, can.watcher = s.(journal.Watcher)
	can.host, can.processes = h.Begin != nil, !h.InProcess
	if c, ok := s.(interface{ Close() error }); ok {
		err = c.Close()
	}
	return can, err
}

// checks returns the suite for a store with some abilities.
func checks(can abilities) []check {
	list := slices.Concat(putChecks, readChecks, memoryChecks, contextChecks, concurrencyChecks, durabilityChecks)
	if can.processes {
		list = append(list, processChecks...)
	}
	if can.redactor {
		list = append(list, replaceChecks...)
	}
	if can.watcher {
		list = append(list, waitChecks...)
	}
	if can.host {
		list = append(list, hostChecks...)
	}
	return list
}

// examine runs one check on a new place and returns what is wrong with the store. A store that panics or
// does not answer is wrong.
func examine(tb testing.TB, h Harness, c check, seed uint64) error {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	e := &env{
		test:   tb.Name(),
		place:  h.New(tb),
		other:  h.New(tb),
		opener: h.Open,
		begin:  h.Begin,

		patience: cmp.Or(h.patience, defaultPatience),
		rand:     rand.New(rand.NewPCG(seed, 0)),
	}
	found := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				found <- fmt.Errorf("the store panicked: %v\n%s", r, debug.Stack())
			}
		}()
		err := c.run(ctx, e)
		e.endWorkers()
		found <- errors.Join(err, e.closeAll())
	}()
	select {
	case err := <-found:
		return err
	case <-time.After(checkTimeout + 10*time.Second):
		return fmt.Errorf("the store did not answer within %v, although the context had ended", checkTimeout)
	}
}

// env is what a check works with.
type env struct {
	test     string // name of the test that runs the check
	place    string // what the check is about
	other    string // a second place, which stays empty unless the check uses it
	opener   func(ctx context.Context, place string) (journal.Store, error)
	begin    func(ctx context.Context, s journal.Store) (Tx, error)
	patience time.Duration
	rand     *rand.Rand // for the goroutine of the check alone

	mu      sync.Mutex
	live    []journal.Store
	workers []*worker // further processes, see process.go
}

// open opens a store on the place of the check.
func (e *env) open(ctx context.Context) (journal.Store, error) { return e.openAt(ctx, e.place) }

func (e *env) openAt(ctx context.Context, place string) (journal.Store, error) {
	s, err := e.opener(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("opening: %w", err)
	}
	if s == nil {
		return nil, errors.New("opening returned neither a store nor an error")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.live = append(e.live, s)
	return s, nil
}

// closeAll closes every store that is open.
func (e *env) closeAll() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for _, s := range e.live {
		if c, ok := s.(interface{ Close() error }); ok {
			if err := c.Close(); err != nil {
				errs = append(errs, fmt.Errorf("closing: %w", err))
			}
		}
	}
	e.live = nil
	return errors.Join(errs...)
}

// parallel runs f(0) to f(n-1) at once and joins their errors. A panic of the store is an error.
func parallel(n int, f func(i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = fmt.Errorf("the store panicked: %v", r)
				}
			}()
			errs[i] = f(i)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
