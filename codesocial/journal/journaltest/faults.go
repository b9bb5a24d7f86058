package journaltest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// ErrInjected is what the calls return that a [Fault] lets fail.
var ErrInjected = errors.New("journaltest: injected fault")

// maxSteps is how many calls a scenario of [AtEveryStep] may make: beyond that it does not end.
const maxSteps = 10_000

// A Fault lets calls to a store fail. Calls of Put and Blocks are counted together.
type Fault struct {
	// At is the number of the first call that fails, from 0.
	At int
	// Calls is how many calls in a row fail. After that the store works again.
	Calls int
	// Stored says what a failing Put leaves: its block, if the store would have taken it (the answer got
	// lost), or nothing (the request got lost). A store may do either: after an error the outcome is
	// unknown.
	Stored bool
}

// String says what the fault does, such as "call 3 fails, stored".
func (f Fault) String() string {
	outcome := "not stored"
	if f.Stored {
		outcome = "stored"
	}
	if f.Calls == 1 {
		return fmt.Sprintf("call %d fails, %s", f.At, outcome)
	}
	return fmt.Sprintf("calls %d to %d fail, %s", f.At, f.At+f.Calls-1, outcome)
}

// A FaultyStore is a store that fails as its [Fault] says. It is safe for concurrent use.
type FaultyStore struct {
	store journal.Store
	fault Fault

	mu    sync.Mutex
	calls int
}

var _ journal.Store = (*FaultyStore)(nil)

// Inject returns a store that works on s, except for the calls that f lets fail.
func Inject(s journal.Store, f Fault) *FaultyStore { return &FaultyStore{store: s, fault: f} }

// Calls returns how many calls there have been.
func (s *FaultyStore) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// fails counts a call and says whether it fails.
func (s *FaultyStore) fails() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := s.calls
	s.calls++
	if call < s.fault.At || call >= s.fault.At+s.fault.Calls {
		return nil
	}
	return fmt.Errorf("%w: call %d", ErrInjected, call)
}

// Put implements [journal.Store].
func (s *FaultyStore) Put(ctx context.Context, n uint64, block []byte) error {
	fault := s.fails()
	if fault != nil && !s.fault.Stored {
		return fault
	}
	err := s.store.Put(ctx, n, block)
	if fault != nil {
		return fault // whatever became of it
	}
	return err
}

// Blocks implements [journal.Store].
func (s *FaultyStore) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if err := s.fails(); err != nil {
		return nil, err
	}
	return s.store.Blocks(ctx, n, limit)
}

// AtEveryStep runs scenario on stores that fail: at the first call, at the second, and so on until a run makes
// fewer calls; each time once with one, two and three calls in a row that fail, and each of these in the pair
// "failed and not stored" and "failed but stored". fresh returns a new, empty store each time.
//
// The scenario plays a program that meets an error and goes on: it repeats what failed, and fails t when at
// the end something is lost, or there twice, or wrong. It should do the same each time.
//
//	journaltest.AtEveryStep(t, fresh, func(t *testing.T, s journal.Store) {
//		// open a journal on s, record something, try again after each error, check what is there
//	})
func AtEveryStep(t *testing.T, fresh func(tb testing.TB) journal.Store, scenario func(t *testing.T, s journal.Store)) {
	t.Helper()
	for _, calls := range []int{1, 2, 3} {
		for _, stored := range []bool{false, true} {
			for at := range maxSteps {
				f := Fault{At: at, Calls: calls, Stored: stored}
				s := Inject(fresh(t), f)
				if !t.Run(f.String(), func(t *testing.T) { scenario(t, s) }) {
					break // the next steps would fail for the same reason
				}
				if s.Calls() <= at {
					break
				}
				if at == maxSteps-1 {
					t.Fatalf("the scenario makes more than %d calls", maxSteps)
				}
			}
		}
	}
}
