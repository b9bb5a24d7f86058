package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestRefusedUpdateLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	record(t, j, draft("Ada", 1))
	before, checkpoint, state := len(blocks(t, store)), string(j.Checkpoint()), maps.Clone(h)
	bad := map[string]journal.Draft{
		"no kind":        {Payload: entry{}},
		"capital kind":   {Kind: "Example.hours", Payload: entry{}},
		"one word":       {Kind: "hours", Payload: entry{}},
		"own prefix":     {Kind: "journal.opened", Payload: entry{}},
		"long kind":      {Kind: "a." + strings.Repeat("b", 63), Payload: entry{}},
		"no payload":     {Kind: "example.hours"},
		"array":          {Kind: "example.hours", Payload: []string{}},
		"float":          {Kind: "example.hours", Payload: map[string]float64{"a": 1}},
		"loose raw":      {Kind: "example.hours", Payload: canonical.Raw(`{"b":1,"a":1}`)},
		"author":         {Kind: "example.hours", Payload: entry{}, Author: "Ada"},
		"author quote":   {Kind: "example.hours", Payload: entry{}, Author: `https://x/"`},
		"schema":         {Kind: "example.hours", Payload: entry{}, Schema: -1},
		"salt":           {Kind: "example.hours", Payload: entry{}, Salt: []byte{1}},
		"signature":      {Kind: "example.hours", Payload: entry{}, Signature: make([]byte, 64)},
		"too large":      {Kind: "example.hours", Payload: map[string]string{"a": strings.Repeat("x", journal.MaxPayloadBytes)}},
		"view cannot":    {Kind: "example.hours", Payload: map[string]string{"person": "x", "nom": "y"}},
		"view cannot, 2": {Kind: "example.hours", Payload: map[string]int{"person": 1}},
	}
	for name, d := range bad {
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Bob", 1), d}, nil })
		require.Error(t, err, name)
	}
	many := make([]journal.Draft, 5)
	for i := range many {
		many[i] = journal.Draft{Kind: "example.large", Payload: map[string]string{"a": strings.Repeat("x", journal.MaxPayloadBytes-100)}}
	}
	_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return many, nil })
	require.ErrorIs(t, err, journal.ErrBadDraft)
	require.ErrorContains(t, err, "divide the update")

	require.Len(t, blocks(t, store), before)
	require.Equal(t, checkpoint, string(j.Checkpoint()))
	require.Equal(t, state, h)
	record(t, j, draft("Ada", 1))
	require.Equal(t, 2, h["Ada"])
}

func TestSameIDAndContentIsRecordedOnce(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	d := draft("Ada", 3)
	d.ID = uuid.MustParse("0197a1b2-0000-7000-8000-000000000001")
	first := record(t, j, d)
	count := len(blocks(t, store))
	for range 2 { // also after reopening
		require.Equal(t, first, record(t, j, d))
		require.Len(t, blocks(t, store), count)
		require.Equal(t, 3, h["Ada"])
		j, h = setup(t, store, nil)
	}
	mixed := record(t, j, d, draft("Bob", 1))
	require.Equal(t, first[0], mixed[0])
	require.Equal(t, uint64(2), mixed[1].Position)

	for name, other := range map[string]journal.Draft{
		"payload": {ID: d.ID, Kind: d.Kind, Payload: entry{"Ada", 4}},
		"kind":    {ID: d.ID, Kind: "example.other", Payload: d.Payload},
		"author":  {ID: d.ID, Kind: d.Kind, Payload: d.Payload, Author: "urn:x"},
		"schema":  {ID: d.ID, Kind: d.Kind, Payload: d.Payload, Schema: 2},
	} {
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Eve", 1), other}, nil })
		require.ErrorIs(t, err, journal.ErrIDReused, name)
	}
	require.Zero(t, h["Eve"])

	twice := draft("Cid", 1)
	twice.ID = uuid.MustParse("0197a1b2-0000-7000-8000-000000000002")
	both := record(t, j, twice, twice)
	require.Equal(t, both[0], both[1])
	require.Equal(t, 1, h["Cid"])
}

func TestUpdatesThatWaitAreWrittenTogetherAndSeeEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{Store: journal.NewMemoryStore()}
		j, h := setup(t, store, nil)
		store.delay = time.Second
		puts := store.puts.Load()
		const writers = 50
		var refused atomic.Int64
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				_, err := j.Update(context.Background(), func() ([]journal.Draft, error) {
					if h["all"] >= 40 {
						return nil, errRefused
					}
					return []journal.Draft{draft("all", 1), draft(fmt.Sprint(i), 1)}, nil
				})
				if errors.Is(err, errRefused) {
					refused.Add(1)
				} else if err != nil {
					panic(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 40, h["all"])
		require.Equal(t, int64(10), refused.Load())
		require.LessOrEqual(t, store.puts.Load()-puts, int64(3))
	})
}

// slowStore takes its time to put a block.
type slowStore struct {
	journal.Store
	delay time.Duration
	puts  atomic.Int64
}

func (s *slowStore) Put(ctx context.Context, n uint64, block []byte) error {
	time.Sleep(s.delay)
	s.puts.Add(1)
	return s.Store.Put(ctx, n, block)
}

func TestCancelledUpdateIsTakenBackOnlyWhileItWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{Store: journal.NewMemoryStore()}
		j, h := setup(t, store, nil)
		store.delay = time.Second
		var wg sync.WaitGroup
		add := func(name string, after, cancelAfter time.Duration, want error) {
			wg.Go(func() {
				time.Sleep(after)
				ctx, cancel := context.WithTimeout(context.Background(), cancelAfter)
				defer cancel()
				_, err := j.Update(ctx, func() ([]journal.Draft, error) { return []journal.Draft{draft(name, 1)}, nil })
				if !errors.Is(err, want) {
					panic(fmt.Sprint(name, err))
				}
			})
		}
		add("leader", 0, 500*time.Millisecond, nil)                  // writing when it is cancelled
		add("ahead", 10*time.Millisecond, 300*time.Millisecond, nil) // decided when it is cancelled
		wg.Go(func() {                                               // has to have a block of its own, and so keeps those behind it waiting
			time.Sleep(50 * time.Millisecond)
			_, err := j.UpdateWithin(context.Background(), func() ([]journal.Draft, error) { return []journal.Draft{draft("within", 1)}, nil }, store.Put)
			if err != nil {
				panic(err)
			}
		})
		add("waits", 100*time.Millisecond, 300*time.Millisecond, context.DeadlineExceeded)
		add("patient", 200*time.Millisecond, time.Hour, nil)
		wg.Wait()
		require.Equal(t, hours{"leader": 1, "ahead": 1, "within": 1, "patient": 1}, h)
	})
}

func TestPanicOfADecisionReachesItsCallerAndNobodyElse(t *testing.T) {
	t.Parallel()
	j, h := setup(t, journal.NewMemoryStore(), nil)
	require.PanicsWithValue(t, "bang", func() {
		_, _ = j.Update(t.Context(), func() ([]journal.Draft, error) { panic("bang") })
	})
	record(t, j, draft("Ada", 1))
	require.Equal(t, hours{"Ada": 1}, h)

	var wg sync.WaitGroup // a decision that ends its goroutine
	wg.Go(func() {
		wg.Go(func() {
			_, _ = j.Update(context.Background(), func() ([]journal.Draft, error) {
				(&testing.T{}).SkipNow()
				return nil, nil
			})
		})
	})
	wg.Wait()
	record(t, j, draft("Ada", 1))
	require.Equal(t, hours{"Ada": 2}, h)
}

// contrary is a view that refuses some records only when it applies them.
type contrary struct{ hours }

func (c contrary) Apply(r *journal.Record, v any) error {
	if v.(entry).Person == "Eve" {
		return errRefused
	}
	return c.hours.Apply(r, v)
}

func TestRefusalByALaterViewIsUndoneInTheEarlierOnes(t *testing.T) {
	t.Parallel()
	j, first := setup(t, journal.NewMemoryStore(), nil)
	second := contrary{hours{}}
	require.NoError(t, j.Attach(t.Context(), second))
	record(t, j, draft("Ada", 1))
	_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Bob", 1), draft("Eve", 1)}, nil })
	require.ErrorIs(t, err, errRefused)
	require.ErrorContains(t, err, "record 3 (example.hours ")
	require.Equal(t, hours{"Ada": 1}, first)
	require.Equal(t, hours{"Ada": 1}, second.hours)
	record(t, j, draft("Bob", 1))
	require.Equal(t, hours{"Ada": 1, "Bob": 1}, first)
}

func TestTwoProcessesOnOneStoreDecideOnTheSameState(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	const processes, writers, each = 4, 3, 20
	var wg sync.WaitGroup
	for p := range processes {
		j, h := setup(t, store, nil)
		for range writers {
			wg.Go(func() {
				for i := range each {
					_, err := j.Update(context.Background(), func() ([]journal.Draft, error) {
						// Every update records the total it saw: a stale one would show.
						return []journal.Draft{draft("all", 1), draft(fmt.Sprintf("saw %d", h["all"]), 1)}, nil
					})
					if err != nil {
						panic(fmt.Sprint(p, i, err))
					}
				}
			})
		}
	}
	wg.Wait()
	_, h := setup(t, store, nil)
	require.Equal(t, processes*writers*each, h["all"])
	for i := range processes * writers * each {
		require.Equal(t, 1, h[fmt.Sprintf("saw %d", i)], i)
	}
}

// faultStore fails as it is told.
type faultStore struct {
	*journal.MemoryStore
	failPut   func(n uint64) (store bool, err error)
	failReads error
}

var errDisk = errors.New("disk on fire")

func (s *faultStore) Put(ctx context.Context, n uint64, block []byte) error {
	if s.failPut != nil {
		if stored, err := s.failPut(n); err != nil {
			if stored {
				_ = s.MemoryStore.Put(ctx, n, block)
			}
			return err
		}
	}
	return s.MemoryStore.Put(ctx, n, block)
}

func (s *faultStore) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if s.failReads != nil {
		return nil, s.failReads
	}
	return s.MemoryStore.Blocks(ctx, n, limit)
}

func TestFailedPutIsFoundOut(t *testing.T) {
	t.Parallel()
	store := &faultStore{MemoryStore: journal.NewMemoryStore()}
	j, h := setup(t, store, nil)
	record(t, j, draft("Ada", 1))

	store.failPut = func(uint64) (bool, error) { return false, errDisk }
	_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Bob", 1)}, nil })
	require.ErrorIs(t, err, errDisk)
	require.NotErrorIs(t, err, journal.ErrUnknownOutcome)
	require.Equal(t, hours{"Ada": 1}, h)

	store.failPut = func(uint64) (bool, error) { return true, errDisk }
	record(t, j, draft("Bob", 1)) // failed, but stored: found out, a success
	require.Equal(t, hours{"Ada": 1, "Bob": 1}, h)

	store.failPut, store.failReads = nil, nil
	record(t, j, draft("Cid", 1))
	_, fresh := setup(t, store, nil)
	require.Equal(t, h, fresh)
}

// repeatingStore repeats what it has stored, as some clients do when the answer is late, and reports what the second request met.
type repeatingStore struct{ *journal.MemoryStore }

func (s repeatingStore) Put(ctx context.Context, n uint64, block []byte) error {
	if err := s.MemoryStore.Put(ctx, n, block); err != nil {
		return err
	}
	return s.MemoryStore.Put(ctx, n, block)
}

func TestAConflictWithTheBlockItselfIsASuccess(t *testing.T) {
	t.Parallel()
	store := repeatingStore{journal.NewMemoryStore()}
	j, h := setup(t, store, nil)
	require.Equal(t, uint64(1), record(t, j, draft("Ada", 1))[0].Position)
	_, err := j.UpdateWithin(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Bob", 1)}, nil }, store.Put)
	require.NoError(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for w := range errs {
		wg.Go(func() {
			for range 20 {
				_, err := j.Update(context.Background(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Cid", 1)}, nil })
				errs[w] = errors.Join(errs[w], err)
			}
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Equal(t, hours{"Ada": 1, "Bob": 1, "Cid": 8 * 20}, h, "each once")
	other, _ := setup(t, store.MemoryStore, nil) // a conflict with another's is one
	record(t, other, draft("Eve", 1))
	record(t, j, draft("Ada", 1))
	require.Equal(t, hours{"Ada": 2, "Bob": 1, "Cid": 8 * 20, "Eve": 1}, h)
	_, fresh := setup(t, store, nil)
	require.Equal(t, h, fresh)
}

func TestABlockThatMayStillArriveIsNotSaidToBeAbsent(t *testing.T) {
	t.Parallel()
	store := &faultStore{MemoryStore: journal.NewMemoryStore()}
	j, h := setup(t, store, nil)
	for _, stored := range []bool{false, true} {
		store.failPut = func(uint64) (bool, error) {
			return stored, fmt.Errorf("%w: connection lost", journal.ErrUnknownOutcome)
		}
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Ada", 1)}, nil })
		if stored {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, journal.ErrUnknownOutcome)
		require.NotContains(t, err.Error(), "nothing was recorded")
		require.NoError(t, j.Read(func() { require.Empty(t, h) }), "the journal stays usable")
	}
	require.Equal(t, hours{"Ada": 1}, h)
}

func TestUpdateWithinATransactionOfTheHostIsABlockOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{Store: journal.NewMemoryStore()}
		j, h := setup(t, store, nil)
		store.delay = time.Second
		var wg sync.WaitGroup
		var host []uint64
		for i := range 12 {
			wg.Go(func() {
				decide := func() ([]journal.Draft, error) { return []journal.Draft{draft(fmt.Sprint(i), 1)}, nil }
				var err error
				if i%4 == 0 {
					_, err = j.UpdateWithin(context.Background(), decide, func(ctx context.Context, n uint64, block []byte) error {
						if i == 8 {
							return errRefused // the host's own rows are refused
						}
						if err := store.Put(ctx, n, block); err != nil {
							return err
						}
						host = append(host, n)
						return nil
					})
				} else {
					_, err = j.Update(context.Background(), decide)
				}
				if (i == 8) != errors.Is(err, errRefused) {
					panic(fmt.Sprint(i, err))
				}
			})
		}
		wg.Wait()
		require.Len(t, h, 11)
		require.NotContains(t, h, "8")
		require.Len(t, host, 2)
		for _, n := range host {
			require.Equal(t, 1, bytes.Count(blocks(t, store)[n], []byte(`"kind":"example.hours"`)), "alone in its block")
		}
		_, fresh := setup(t, store, nil)
		require.Equal(t, h, fresh)
	})
}

func TestUpdateWithinIsDecidedAgainWhenAnotherProcessWritesFirst(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	other, _ := setup(t, store, nil)
	calls := 0
	_, err := j.UpdateWithin(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{draft(fmt.Sprint("saw ", h["Bob"]), 1)}, nil
	}, func(ctx context.Context, n uint64, block []byte) error {
		if calls++; calls == 1 {
			record(t, other, draft("Bob", 1))
		}
		return store.Put(ctx, n, block)
	})
	require.NoError(t, err)
	require.Equal(t, 2, calls)
	require.Equal(t, hours{"Bob": 1, "saw 1": 1}, h)
}

func TestUnknownOutcomeIsSettledByTheNextCallThatCanRead(t *testing.T) {
	t.Parallel()
	for _, stored := range []bool{false, true} {
		store := &faultStore{MemoryStore: journal.NewMemoryStore()}
		j, h := setup(t, store, nil)
		d := draft("Ada", 1)
		d.ID = uuid.MustParse("0197a1b2-0000-7000-8000-000000000001")
		store.failPut = func(uint64) (bool, error) { store.failReads = errDisk; return stored, errDisk }
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{d}, nil })
		require.ErrorIs(t, err, journal.ErrUnknownOutcome)
		require.ErrorIs(t, err, errDisk)
		require.ErrorIs(t, j.Read(func() { t.Error("read what may not be stored") }), journal.ErrUnknownOutcome)
		require.ErrorIs(t, j.Sync(t.Context()), errDisk)
		store.failPut, store.failReads = nil, nil
		record(t, j, d) // the same ids again: safe either way
		require.Equal(t, hours{"Ada": 1}, h)
		require.Equal(t, uint64(2), j.Size())
	}
}
