package journaltest_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

func newMemory(testing.TB) journal.Store { return journal.NewMemoryStore() }

func TestAFaultIsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault journaltest.Fault
		says  string
		want  string // of a Put of block 0, Blocks, Put of block 1: + good, - failed; then the number of blocks
	}{
		{journaltest.Fault{At: 0, Calls: 1}, "call 0 fails, not stored", "-+! 0"},
		{journaltest.Fault{At: 0, Calls: 1, Stored: true}, "call 0 fails, stored", "-++ 2"},
		{journaltest.Fault{At: 1, Calls: 1}, "call 1 fails, not stored", "+-+ 2"},
		{journaltest.Fault{At: 2, Calls: 1}, "call 2 fails, not stored", "++- 1"},
		{journaltest.Fault{At: 2, Calls: 2, Stored: true}, "calls 2 to 3 fail, stored", "++- 2"},
		{journaltest.Fault{At: 0, Calls: 3}, "calls 0 to 2 fail, not stored", "--- 0"},
		{journaltest.Fault{At: 3, Calls: 1}, "call 3 fails, not stored", "+++ 2"},
	} {
		require.Equal(t, c.says, c.fault.String())
		m := journal.NewMemoryStore()
		s := journaltest.Inject(m, c.fault)
		var got strings.Builder
		note := func(err error) {
			switch {
			case err == nil:
				got.WriteByte('+')
			case errors.Is(err, journaltest.ErrInjected):
				got.WriteByte('-')
			case errors.Is(err, journal.ErrConflict):
				got.WriteByte('!')
			}
		}
		note(s.Put(t.Context(), 0, []byte("zero")))
		_, err := s.Blocks(t.Context(), 0, 10)
		note(err)
		note(s.Put(t.Context(), 1, []byte("one")))
		require.Equal(t, 3, s.Calls())
		blocks, err := m.Blocks(t.Context(), 0, 10)
		require.NoError(t, err)
		require.Equal(t, c.want, fmt.Sprintf("%s %d", got.String(), len(blocks)), c.says)
	}
}

func TestEveryStepMeetsEveryFaultOnce(t *testing.T) {
	t.Parallel()
	met := make(map[string]int)
	journaltest.AtEveryStep(t, newMemory, func(t *testing.T, s journal.Store) {
		failed := 0
		for range 3 {
			if _, err := s.Blocks(t.Context(), 0, 1); err != nil {
				failed++
			}
		}
		met[fmt.Sprint(t.Name()[strings.LastIndexByte(t.Name(), '/')+1:], " ", failed)]++
	})
	require.Len(t, met, 6*4)
	for _, want := range []string{
		"call_0_fails,_not_stored 1", "call_2_fails,_stored 1", "call_3_fails,_stored 0",
		"calls_1_to_2_fail,_not_stored 2", "calls_2_to_4_fail,_stored 1",
	} {
		require.Equal(t, 1, met[want], want)
	}
}

// sum is a view that adds up.
type sum struct{ records, total int }

type amount struct {
	Amount int `json:"amount"`
}

func (v *sum) Decode(r *journal.Record) (any, error) {
	if r.Kind != "example.amount" {
		return nil, nil
	}
	var a amount
	err := r.Unmarshal(&a)
	return a.Amount, err
}

func (v *sum) Apply(_ *journal.Record, a any) error {
	v.records++
	v.total += a.(int)
	return nil
}

func (v *sum) Reset() { *v = sum{} }

// persist repeats what fails because of a fault.
func persist(t *testing.T, f func() error) {
	t.Helper()
	var err error
	for range 10 {
		if err = f(); err == nil {
			return
		}
		require.True(t, errors.Is(err, journaltest.ErrInjected) || errors.Is(err, journal.ErrUnknownOutcome), "%v", err)
	}
	require.NoError(t, err)
}

func TestAJournalWithRetriesRecordsEverythingOnceWhateverFails(t *testing.T) {
	t.Parallel()
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	const updates = 4
	journaltest.AtEveryStep(t, newMemory, func(t *testing.T, s journal.Store) {
		var j *journal.Journal
		live := new(sum)
		persist(t, func() (err error) {
			j, err = journal.Open(t.Context(), s, signer, nil)
			return err
		})
		persist(t, func() error { return j.Attach(t.Context(), live) })
		for u := range updates {
			persist(t, func() error {
				_, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
					return []journal.Draft{
						{ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, u, "a")), Kind: "example.amount", Schema: 1, Payload: amount{1 << (2 * u)}},
						{ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, u, "b")), Kind: "example.amount", Schema: 1, Payload: amount{2 << (2 * u)}},
					}, nil
				})
				return err
			})
		}
		want := sum{2 * updates, 1<<(2*updates) - 1}
		persist(t, func() error { return j.Read(func() { require.Equal(t, want, *live) }) })

		// And to someone who comes later, with nothing but the store and the public key.
		persist(t, func() error {
			later, err := journal.OpenReadOnly(t.Context(), s, signer.VerifierKey(), nil)
			if err != nil {
				return err
			}
			replayed := new(sum)
			if err := later.Attach(t.Context(), replayed); err != nil {
				return err
			}
			require.Equal(t, string(j.Checkpoint()), string(later.Checkpoint()))
			return later.Read(func() { require.Equal(t, want, *replayed) })
		})
	})
}

// late is a store that takes a second to put a block, so that others arrive meanwhile.
type late struct{ journal.Store }

func (s late) Put(ctx context.Context, n uint64, block []byte) error {
	time.Sleep(time.Second)
	return s.Store.Put(ctx, n, block)
}

// TestWritersThatAreDecidedAheadRecordEverythingOnceWhateverFails has writers arrive while a block is being put. Each records how much it saw: what was decided on
// a state that came to nothing would show.
func TestWritersThatAreDecidedAheadRecordEverythingOnceWhateverFails(t *testing.T) {
	t.Parallel()
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	const writers, updates = 4, 3
	ahead := 0 // blocks with records of several writers
	journaltest.AtEveryStep(t, newMemory, func(t *testing.T, s journal.Store) {
		synctest.Test(t, func(t *testing.T) {
			var j *journal.Journal
			live := new(sum)
			persist(t, func() (err error) {
				j, err = journal.Open(t.Context(), late{s}, signer, nil)
				return err
			})
			persist(t, func() error { return j.Attach(t.Context(), live) })
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					time.Sleep(time.Duration(w) * 300 * time.Millisecond)
					for u := range updates {
						persist(t, func() error {
							_, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
								id := uuid.NewSHA1(uuid.Nil, fmt.Append(nil, w, " ", u))
								if j.Recorded(id) {
									return nil, nil
								}
								return []journal.Draft{{ID: id, Kind: "example.amount", Schema: 1, Payload: amount{live.records}}}, nil
							})
							return err
						})
					}
				})
			}
			wg.Wait()
			const n = writers * updates
			want := sum{n, n * (n - 1) / 2}
			persist(t, func() error { return j.Read(func() { require.Equal(t, want, *live) }) })
			persist(t, func() error {
				later, err := journal.OpenReadOnly(t.Context(), s, signer.VerifierKey(), nil)
				if err != nil {
					return err
				}
				seen := 0
				for r, err := range later.Records(t.Context(), 1) {
					if err != nil {
						return err
					}
					var a amount
					require.NoError(t, r.Unmarshal(&a))
					require.Equal(t, seen, a.Amount, "each saw all that came before it")
					seen++
				}
				require.Equal(t, n, seen)
				return nil
			})
			page, err := s.Blocks(t.Context(), 0, 2*n)
			if err == nil && len(page) < 1+n {
				ahead++
			}
		})
	})
	require.Positive(t, ahead)
}
