package journal_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

const origin = "la-trame.example/journal"

func testKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func testSigner(t testing.TB) *journal.Signer {
	t.Helper()
	s, err := journal.NewSigner(origin, testKey(1))
	require.NoError(t, err)
	return s
}

func setup(t testing.TB, store journal.Store, opts *journal.Options) (*journal.Journal, hours) {
	t.Helper()
	j, err := journal.Open(t.Context(), store, testSigner(t), opts)
	require.NoError(t, err)
	h := hours{}
	require.NoError(t, j.Attach(t.Context(), h))
	return j, h
}

func draft(person string, n int) journal.Draft {
	return journal.Draft{Kind: "example.hours", Payload: entry{person, n}}
}

func record(t testing.TB, j *journal.Journal, drafts ...journal.Draft) []journal.Record {
	t.Helper()
	recs, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return drafts, nil })
	require.NoError(t, err)
	return recs
}

func all(t testing.TB, j *journal.Journal, from uint64) []journal.Record {
	t.Helper()
	var out []journal.Record
	for r, err := range j.Records(t.Context(), from) {
		require.NoError(t, err)
		out = append(out, r)
	}
	return out
}

func blocks(t testing.TB, s journal.Store) [][]byte {
	t.Helper()
	var out [][]byte
	for {
		page, err := s.Blocks(t.Context(), uint64(len(out)), 100)
		require.NoError(t, err)
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
	}
}

func storeOf(t testing.TB, blocks [][]byte) *journal.MemoryStore {
	t.Helper()
	s := journal.NewMemoryStore()
	for i, b := range blocks {
		require.NoError(t, s.Put(t.Context(), uint64(i), b))
	}
	return s
}

func TestRecordsComeBackAsTheyWereRecorded(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 3, 4, 11, 0, 0, 123_456_789, time.FixedZone("", 3600))
	j, h := setup(t, journal.NewMemoryStore(), &journal.Options{Now: func() time.Time { return at }})
	d := draft("Ada", 3)
	d.Author, d.Schema = "https://la-trame.example/party/0197", 2
	recs := record(t, j, d, draft("Bob", 4))
	require.Len(t, recs, 2)
	require.Equal(t, uint64(1), recs[0].Position)
	require.Equal(t, uint64(2), recs[1].Position)
	require.Equal(t, hours{"Ada": 3, "Bob": 4}, h)
	back := all(t, j, 1)
	require.Equal(t, recs, back)
	require.Equal(t, `{"hours":3,"person":"Ada"}`, string(back[0].Payload))
	require.Equal(t, time.Date(2025, 3, 4, 10, 0, 0, 123_000_000, time.UTC), back[0].Time)
	require.Equal(t, 2, back[0].Schema)
	require.Equal(t, uint64(3), j.Size())
	one, err := j.Record(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, recs[1], one)
	_, err = j.Record(t.Context(), 3)
	require.Error(t, err)
}

func TestBlockIsReadableCanonicalJSON(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, &journal.Options{Now: func() time.Time { return time.Unix(1741082400, 0) }, Salt: func(uuid.UUID) [16]byte { return [16]byte{1} }})
	d := draft("Zoé \"z\"", 3)
	d.ID, d.Author = uuid.MustParse("0197a1b2-0000-7000-8000-000000000001"), "https://la-trame.example/é"
	record(t, j, d)
	b := blocks(t, store)[1]
	require.NoError(t, canonical.Valid(b))
	require.Contains(t, string(b), `"records":[{"author":"https://la-trame.example/é","id":"0197a1b2-0000-7000-8000-000000000001","kind":"example.hours",`+
		`"payload":{"hours":3,"person":"Zoé \"z\""},"position":1,"salt":"AQAAAAAAAAAAAAAAAAAAAA==","schema":1,"time":"2025-03-04T10:00:00.000Z"}]}`)
}

func TestReplayGivesTheStateThatWasLive(t *testing.T) {
	t.Parallel()
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, seed))
	store := journal.NewMemoryStore()
	j, live := setup(t, store, nil)
	for range 200 {
		drafts := make([]journal.Draft, rng.IntN(5))
		for i := range drafts {
			drafts[i] = draft(fmt.Sprint(rng.IntN(10)), rng.IntN(100))
		}
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
			if rng.IntN(4) == 0 {
				return drafts, errRefused
			}
			return drafts, nil
		})
		if err != nil {
			require.ErrorIs(t, err, errRefused)
		}
	}
	again, fresh := setup(t, store, nil)
	require.Equal(t, live, fresh)
	require.Equal(t, j.Size(), again.Size())
	require.Equal(t, string(j.Checkpoint()), string(again.Checkpoint()))
	require.Equal(t, all(t, j, 0), all(t, again, 0))
}

var errRefused = errors.New("refused")

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
		add("leader", 0, 500*time.Millisecond, nil) // writing when it is cancelled
		add("waits", 100*time.Millisecond, 300*time.Millisecond, context.DeadlineExceeded)
		add("patient", 200*time.Millisecond, time.Hour, nil)
		wg.Wait()
		require.Equal(t, hours{"leader": 1, "patient": 1}, h)
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
	const processes, each = 4, 50
	var wg sync.WaitGroup
	for p := range processes {
		j, h := setup(t, store, nil)
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
	wg.Wait()
	_, h := setup(t, store, nil)
	require.Equal(t, processes*each, h["all"])
	for i := range processes * each {
		require.Equal(t, 1, h[fmt.Sprintf("saw %d", i)], i)
	}
}

func TestSyncTakesInWhatOthersWrote(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	follower, err := journal.OpenReadOnly(t.Context(), store, testSigner(t).VerifierKey(), nil)
	require.NoError(t, err)
	h := hours{}
	require.NoError(t, follower.Attach(t.Context(), h))
	record(t, j, draft("Ada", 1))
	require.Empty(t, h)
	require.NoError(t, follower.Sync(t.Context()))
	require.Equal(t, hours{"Ada": 1}, h)
	_, err = follower.Update(t.Context(), func() ([]journal.Draft, error) { return nil, nil })
	require.ErrorIs(t, err, journal.ErrReadOnly)
}

func TestFollowTakesInEveryBlockAsItComes(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]func() journal.Store{
		"watched": func() journal.Store { return journal.NewMemoryStore() },
		"asked":   func() journal.Store { return struct{ journal.Store }{journal.NewMemoryStore()} }, // hides that it can be watched
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := store()
				j, _ := setup(t, s, nil)
				follower, err := journal.OpenReadOnly(t.Context(), s, testSigner(t).VerifierKey(), nil)
				require.NoError(t, err)
				h := hours{}
				require.NoError(t, follower.Attach(t.Context(), h))
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- follower.Follow(ctx) }()
				for i := range 5 {
					record(t, j, draft("Ada", 1))
					time.Sleep(1100 * time.Millisecond)
					synctest.Wait()
					require.NoError(t, follower.Read(func() { require.Equal(t, i+1, h["Ada"]) }))
				}
				stop()
				require.ErrorIs(t, <-ended, context.Canceled)
			})
		})
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

func TestEveryChangedByteOfEveryBlockIsFound(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	signed := draft("Bob", 2)
	signed.Author = "urn:example:bob"
	require.NoError(t, signed.Sign(testKey(9)))
	record(t, j, draft("Ada", 1), signed)
	record(t, j, draft("Ada", 4))
	good := blocks(t, store)
	key := testSigner(t).VerifierKey()
	for n, b := range good {
		for i := range b {
			changed := slices.Clone(good)
			changed[n] = bytes.Clone(b)
			changed[n][i] ^= 1
			s := storeOf(t, changed)
			_, err := journal.Verify(t.Context(), s, key, nil)
			require.Error(t, err, "block %d byte %d", n, i)
			_, openErr := journal.Open(t.Context(), s, testSigner(t), nil)
			require.Error(t, openErr, "block %d byte %d", n, i)
			if errors.Is(err, journal.ErrForeign) { // the first record still parses, but names another journal
				require.Zero(t, n)
				continue
			}
			var corrupt *journal.CorruptError
			require.ErrorAs(t, err, &corrupt, "block %d byte %d", n, i)
			require.Contains(t, []uint64{uint64(n), uint64(n) + 1}, corrupt.Block, "block %d byte %d", n, i)
		}
	}
}

func TestMissingReorderedAndForeignBlocksAreNamed(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	for i := range 6 {
		record(t, j, draft("Ada", i), draft("Bob", i))
	}
	good := blocks(t, store)
	otherStore := journal.NewMemoryStore()
	other, _ := setup(t, otherStore, nil)
	for range 6 {
		record(t, other, draft("Eve", 1), draft("Eve", 2))
	}
	foreign := blocks(t, otherStore)

	for name, c := range map[string]struct {
		blocks [][]byte
		at     uint64
	}{
		"missing":   {slices.Delete(slices.Clone(good), 3, 4), 3},
		"reordered": {[][]byte{good[0], good[1], good[3], good[2], good[4]}, 2},
		"twice":     {[][]byte{good[0], good[1], good[1], good[2]}, 2},
		"foreign":   {[][]byte{good[0], good[1], foreign[2], good[3]}, 2},
		"garbage":   {[][]byte{good[0], good[1], []byte("{}")}, 2},
		"added":     {[][]byte{good[0], good[1], append(bytes.Clone(good[2]), ' ')}, 2},
	} {
		s := storeOf(t, c.blocks)
		for _, open := range []func() error{
			func() error { _, err := journal.Open(t.Context(), s, testSigner(t), nil); return err },
			func() error {
				_, err := journal.Verify(t.Context(), s, testSigner(t).VerifierKey(), nil)
				return err
			},
		} {
			var corrupt *journal.CorruptError
			require.ErrorAs(t, open(), &corrupt, name)
			require.Equal(t, c.at, corrupt.Block, "%s: %v", name, corrupt)
		}
	}
	for name, b := range map[string][]byte{"text": []byte("hello"), "other kind": bytes.ReplaceAll(good[1], []byte(`"position":1`), []byte(`"position":0`))} {
		_, err := journal.Open(t.Context(), storeOf(t, [][]byte{b}), testSigner(t), nil)
		require.Error(t, err, name)
	}
}

func TestHeldCheckpointShowsACutTailAndRewrittenHistory(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	record(t, j, draft("Ada", 1))
	early := j.Checkpoint()
	record(t, j, draft("Ada", 2))
	late := j.Checkpoint()
	good := blocks(t, store)
	key := testSigner(t).VerifierKey()

	for _, held := range [][]byte{early, late} {
		report, err := journal.Verify(t.Context(), store, key, &journal.VerifyOptions{Checkpoint: held})
		require.NoError(t, err)
		require.Equal(t, late, report.Checkpoint)
		_, err = journal.Open(t.Context(), store, testSigner(t), &journal.Options{Checkpoint: held})
		require.NoError(t, err)
	}

	var corrupt *journal.CorruptError
	_, err := journal.Verify(t.Context(), storeOf(t, good[:2]), key, &journal.VerifyOptions{Checkpoint: late})
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(2), corrupt.Block)
	_, err = journal.Open(t.Context(), storeOf(t, good[:2]), testSigner(t), &journal.Options{Checkpoint: late})
	require.ErrorAs(t, err, &corrupt)

	// Whoever has the key can write another history, but not one that fits a checkpoint given away before.
	rewritten := storeOf(t, good[:1])
	k, _ := setup(t, rewritten, nil)
	record(t, k, draft("Ada", 100))
	record(t, k, draft("Ada", 200))
	_, err = journal.Verify(t.Context(), rewritten, key, nil)
	require.NoError(t, err)
	_, err = journal.Verify(t.Context(), rewritten, key, &journal.VerifyOptions{Checkpoint: early})
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(1), corrupt.Block)

	for name, bad := range map[string][]byte{"empty": {}, "text": []byte("hello\n"), "unsigned": early[:bytes.Index(early, []byte("\n\n"))]} {
		_, err = journal.Verify(t.Context(), store, key, &journal.VerifyOptions{Checkpoint: bad})
		require.Error(t, err, name)
	}
}

func TestAnotherKeyOrOriginIsForeign(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	setup(t, store, nil)
	for _, c := range []struct {
		origin string
		key    byte
		says   string
	}{{origin, 2, "another key"}, {"other.example", 1, `the journal of "la-trame.example/journal"`}} {
		s, err := journal.NewSigner(c.origin, testKey(c.key))
		require.NoError(t, err)
		_, err = journal.Open(t.Context(), store, s, nil)
		require.ErrorIs(t, err, journal.ErrForeign)
		require.ErrorContains(t, err, c.says)
		_, err = journal.Verify(t.Context(), store, s.VerifierKey(), nil)
		require.ErrorIs(t, err, journal.ErrForeign)
	}
	_, err := journal.Verify(t.Context(), journal.NewMemoryStore(), testSigner(t).VerifierKey(), nil)
	require.ErrorIs(t, err, journal.ErrForeign)
	_, err = journal.OpenReadOnly(t.Context(), store, "nonsense", nil)
	require.Error(t, err)
	_, err = journal.NewSigner("two words", testKey(1))
	require.ErrorContains(t, err, "two words")
	_, err = journal.NewSigner(origin, nil)
	require.Error(t, err)
}

func TestCheckpointIsASignedNoteThatOthersCanOpen(t *testing.T) {
	t.Parallel()
	j, _ := setup(t, journal.NewMemoryStore(), nil)
	record(t, j, draft("Ada", 1))
	v, err := note.NewVerifier(testSigner(t).VerifierKey())
	require.NoError(t, err)
	n, err := note.Open(j.Checkpoint(), note.VerifierList(v))
	require.NoError(t, err)
	lines := strings.Split(n.Text, "\n")
	require.Equal(t, origin, lines[0])
	require.Equal(t, "2", lines[1])
}

func TestSignaturesOfAuthorsCoverTheirWords(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	key := testKey(5)
	d := draft("Ada", 3)
	d.Author = "urn:example:ada"
	require.NoError(t, d.Sign(key))
	again := draft("Ada", 3)
	again.ID, again.Author = d.ID, d.Author
	require.NoError(t, again.Sign(key))
	require.Equal(t, d, again, "signing twice gives the same draft")
	r := record(t, j, d)[0]
	pub := key.Public().(ed25519.PublicKey)
	require.NoError(t, r.VerifySignature(pub))
	require.Error(t, r.VerifySignature(testKey(6).Public().(ed25519.PublicKey)))
	require.Error(t, r.VerifySignature(nil))
	back := all(t, j, 1)[0]
	require.NoError(t, back.VerifySignature(pub))
	erased := back
	erased.Payload, erased.Salt = nil, nil
	require.NoError(t, erased.VerifySignature(pub), "also after an erasure")
	for name, change := range map[string]func(r *journal.Record){
		"author": func(r *journal.Record) { r.Author = "urn:example:eve" },
		"kind":   func(r *journal.Record) { r.Kind = "example.other" },
		"schema": func(r *journal.Record) { r.Schema = 2 },
		"id":     func(r *journal.Record) { r.ID[0] ^= 1 },
		"digest": func(r *journal.Record) { r.Digest[0] ^= 1 },
		"none":   func(r *journal.Record) { r.Signature = nil },
	} {
		changed := back
		changed.Signature = bytes.Clone(back.Signature)
		change(&changed)
		require.Error(t, changed.VerifySignature(pub), name)
	}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", testSigner(t), testSigner(t), testSigner(t)), fmt.Sprint([]byte(testKey(1))[:4]))
}

func TestTheSameInputsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	write := func() [][]byte {
		store := journal.NewMemoryStore()
		j, _ := setup(t, store, &journal.Options{
			Now:  func() time.Time { return time.Unix(0, 0) },
			Salt: func(id uuid.UUID) (s [16]byte) { return id },
		})
		for i := range 20 {
			d := draft("Ada", i)
			d.ID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
			record(t, j, d)
		}
		return blocks(t, store)
	}
	require.Equal(t, write(), write())
}

func TestRecordsMayBeAppendedWhileIterating(t *testing.T) {
	t.Parallel()
	j, _ := setup(t, journal.NewMemoryStore(), nil)
	record(t, j, draft("Ada", 1), draft("Ada", 2))
	n := 0
	for r, err := range j.Records(t.Context(), 0) {
		require.NoError(t, err)
		require.Equal(t, uint64(n), r.Position)
		record(t, j, draft("Bob", 1))
		n++
	}
	require.Equal(t, 3, n, "ends where the journal ended when the iteration began")
	for range j.Records(t.Context(), 0) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range j.Records(ctx, 0) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestLargeHistoriesAreReplayedInOrder(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	for range 300 {
		drafts := make([]journal.Draft, 40)
		for i := range drafts {
			drafts[i] = draft(fmt.Sprint(i%7), i)
		}
		record(t, j, drafts...)
	}
	var seen uint64
	again, fresh := setup(t, store, &journal.Options{Progress: func(n uint64) { seen = n }})
	require.Equal(t, h, fresh)
	require.GreaterOrEqual(t, seen, uint64(10_000))
	next := uint64(0)
	for r, err := range again.Records(t.Context(), 0) {
		require.NoError(t, err)
		require.Equal(t, next, r.Position)
		next++
	}
	require.Equal(t, again.Size(), next)
}

// reproducible makes a journal the same in every process, as fuzzing needs it, which runs several.
func reproducible() *journal.Options {
	return &journal.Options{Now: func() time.Time { return time.Unix(0, 0) }, Salt: func(uuid.UUID) [16]byte { return [16]byte{1} }}
}

func numbered(n byte, d journal.Draft) journal.Draft {
	d.ID = uuid.UUID{15: n}
	return d
}

func FuzzVerify(f *testing.F) {
	store := journal.NewMemoryStore()
	j, _ := setup(f, store, reproducible())
	signed := numbered(1, draft("Bob", 2))
	signed.Author = "urn:example:bob"
	require.NoError(f, signed.Sign(testKey(9)))
	record(f, j, numbered(2, draft("Ada", 1)), signed)
	good := blocks(f, store)
	for _, b := range good {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		for _, before := range []int{0, 1} {
			s := storeOf(t, good[:before])
			if s.Put(t.Context(), uint64(before), block) != nil {
				return
			}
			_, err := journal.Verify(t.Context(), s, testSigner(t).VerifierKey(), nil)
			if err == nil {
				require.Equal(t, good[before], block, "only the block that was written verifies")
			}
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	store := journal.NewMemoryStore()
	j, _ := setup(f, store, reproducible())
	f.Add(j.Checkpoint())
	f.Fuzz(func(t *testing.T, held []byte) {
		_, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), &journal.VerifyOptions{Checkpoint: held})
		if err == nil {
			require.Contains(t, string(held), string(j.Checkpoint()[:len(origin)]))
		}
	})
}

func TestRecordedTimeIsKeptToTheMillisecond(t *testing.T) {
	t.Parallel()
	const seed = 3
	rng := rand.New(rand.NewPCG(seed, seed))
	var now time.Time
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, &journal.Options{Now: func() time.Time { return now }})
	var want []time.Time
	for range 500 {
		now = time.Unix(rng.Int64N(253402300800), rng.Int64N(1e9)) // to the end of the year 9999
		record(t, j, draft("Ada", 1))
		want = append(want, now.UTC().Truncate(time.Millisecond))
	}
	again, _ := setup(t, store, nil)
	for i, r := range all(t, again, 1) {
		require.Equal(t, want[i], r.Time)
	}
	require.Contains(t, string(blocks(t, store)[1]), want[0].Format("2006-01-02T15:04:05.000Z"))
	now = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{draft("Ada", 1)}, nil })
	require.ErrorIs(t, err, journal.ErrBadDraft)
}
