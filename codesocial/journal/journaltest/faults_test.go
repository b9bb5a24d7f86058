package journaltest_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

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

func TestAJournalWithRetriesRecordsEverythingOnceWhateverFails(t *testing.T) {
	t.Parallel()
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	const updates, tries = 4, 10
	persist := func(t *testing.T, f func() error) {
		t.Helper()
		for range tries {
			if err = f(); err == nil {
				return
			}
			require.True(t, errors.Is(err, journaltest.ErrInjected) || errors.Is(err, journal.ErrUnknownOutcome), "%v", err)
		}
		require.NoError(t, err)
	}
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
