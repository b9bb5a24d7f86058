package journal_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

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

// cutStore loses its end when it is told.
type cutStore struct {
	*journal.MemoryStore
	end uint64 // 0: everything is there
}

func (s *cutStore) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if s.end > 0 {
		if n >= s.end {
			return nil, nil
		}
		limit = min(limit, int(s.end-n))
	}
	return s.MemoryStore.Blocks(ctx, n, limit)
}

func TestRecordsThatTheStoreDoesNotHaveAnyMoreAreAnErrorNotTheEnd(t *testing.T) {
	t.Parallel()
	store := &cutStore{MemoryStore: journal.NewMemoryStore()}
	j, _ := setup(t, store, nil)
	for range 5 {
		record(t, j, draft("Ada", 1))
	}
	for end := uint64(1); end <= 5; end++ {
		store.end = end
		seen := uint64(0)
		var corrupt *journal.CorruptError
		for _, err := range j.Records(t.Context(), 0) {
			if err != nil {
				require.ErrorAs(t, err, &corrupt)
				break
			}
			seen++
		}
		require.Equal(t, end, seen)
		require.NotNil(t, corrupt)
		require.Equal(t, end, corrupt.Block)
		_, err := j.Bundle(t.Context())
		require.ErrorAs(t, err, &corrupt)
	}
}

func TestClocksThatGoBackChangeNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 3, 19, 10, 0, 0, 0, time.UTC)
	store := journal.NewMemoryStore()
	opts := &journal.Options{Now: func() time.Time { now = now.Add(-time.Hour); return now }, Snapshots: journal.SnapshotDir(t.TempDir())}
	j, h := setup(t, store, opts)
	ids := map[uuid.UUID]bool{}
	for i := range 5 {
		for _, r := range record(t, j, draft("Ada", i), draft("Bob", i)) {
			require.False(t, ids[r.ID])
			ids[r.ID] = true
		}
	}
	require.NoError(t, j.SaveSnapshot(t.Context()))
	again, fresh := setup(t, store, opts)
	require.Equal(t, h, fresh)
	records := all(t, again, 1)
	for i, r := range records {
		require.Equal(t, uint64(i+1), r.Position, "the order is that of recording")
		require.False(t, i > 0 && r.Time.After(records[i-1].Time))
	}
	report, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), &journal.VerifyOptions{Checkpoint: j.Checkpoint()})
	require.NoError(t, err)
	require.True(t, report.Last.Before(report.First), "it says what was recorded")
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
