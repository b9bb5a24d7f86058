package journal_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestErasedPayloadIsGoneAndEveryProofHolds(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	secret := draft("Ada Secret", 3)
	secret.Author = "urn:example:ada"
	require.NoError(t, secret.Sign(testKey(5)))
	record(t, j, draft("Bob", 1), secret, draft("Cid", 2))
	held := j.Checkpoint()
	before := all(t, j, 0)
	bundle, err := j.Bundle(t.Context(), 2)
	require.NoError(t, err)

	require.NoError(t, j.Erase(t.Context(), 2, "the person asked for it", "urn:example:office"))
	for _, b := range blocks(t, store) {
		require.NotContains(t, string(b), "Ada Secret", "which no base64 can write")
	}
	require.Equal(t, hours{"Bob": 1, "Cid": 2}, h, "the view is folded afresh, without it")
	after := all(t, j, 0)
	require.Len(t, after, 5)
	require.True(t, after[2].Erased())
	require.Nil(t, after[2].Salt)
	require.Equal(t, before[2].Digest, after[2].Digest)
	require.Equal(t, before[2].Leaf(), after[2].Leaf())
	require.NoError(t, after[2].VerifySignature(testKey(5).Public().(ed25519.PublicKey)))
	require.Equal(t, before[3], after[3])
	require.Contains(t, string(after[4].Payload), "the person asked for it")
	require.Equal(t, "urn:example:office", after[4].Author)

	report, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), &journal.VerifyOptions{Checkpoint: held})
	require.NoError(t, err)
	require.Equal(t, uint64(1), report.Erased)
	_, err = journal.VerifyBundle(bundle, testSigner(t).VerifierKey())
	require.NoError(t, err, "what was handed out before still verifies: it is out of reach")

	size := j.Size()
	require.NoError(t, j.Erase(t.Context(), 2, "again", ""))
	require.Equal(t, size, j.Size())
	again := record(t, j, secret)
	require.True(t, again[0].Erased(), "the same id is the record that is there")
	reopened, fresh := setup(t, store, nil)
	require.Equal(t, h, fresh)
	require.Equal(t, string(j.Checkpoint()), string(reopened.Checkpoint()))
}

// keeping is a view that needs Bob's hours.
type keeping struct{ hours }

func (keeping) Keeps(r *journal.Record) error {
	var e entry
	if err := r.Unmarshal(&e); err != nil || e.Person != "Bob" {
		return nil
	}
	return errors.New("others rest on it")
}

func TestWhatOthersRestOnIsKept(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, err := journal.Open(t.Context(), store, testSigner(t), nil)
	require.NoError(t, err)
	require.NoError(t, j.Attach(t.Context(), keeping{hours{}}))
	record(t, j, draft("Bob", 1), draft("Ada", 1))
	size := j.Size()
	err = j.Erase(t.Context(), 1, "x", "")
	require.ErrorIs(t, err, journal.ErrKept)
	require.ErrorContains(t, err, "others rest on it")
	require.ErrorIs(t, j.Erase(t.Context(), 0, "x", ""), journal.ErrKept, "the journal's own")
	require.ErrorIs(t, j.Erase(t.Context(), 2, "", ""), journal.ErrBadDraft)
	require.Error(t, j.Erase(t.Context(), 9, "x", ""))
	require.Equal(t, size, j.Size())
	require.NoError(t, j.Erase(t.Context(), 2, "x", ""))

	plain := struct{ journal.Store }{store} // hides that the store can replace
	k, err := journal.Open(t.Context(), plain, testSigner(t), nil)
	require.NoError(t, err)
	require.ErrorIs(t, k.Erase(t.Context(), 1, "x", ""), journal.ErrKept)
	readOnly, err := journal.OpenReadOnly(t.Context(), store, testSigner(t).VerifierKey(), nil)
	require.NoError(t, err)
	require.ErrorIs(t, readOnly.Erase(t.Context(), 1, "x", ""), journal.ErrReadOnly)
}

// failingRedactor records and then fails to replace, as often as it is told.
type failingRedactor struct {
	*journal.MemoryStore
	failures int
}

func (s *failingRedactor) Replace(ctx context.Context, n uint64, old, block []byte) error {
	if s.failures > 0 {
		s.failures--
		return errDisk
	}
	return s.MemoryStore.Replace(ctx, n, old, block)
}

func TestErasureThatWasBrokenOffIsCompleted(t *testing.T) {
	t.Parallel()
	for name, complete := range map[string]func(j *journal.Journal, s *failingRedactor) error{
		"by opening": func(_ *journal.Journal, s *failingRedactor) error {
			_, err := journal.Open(t.Context(), s, testSigner(t), nil)
			return err
		},
		"by asking again": func(j *journal.Journal, _ *failingRedactor) error { return j.Erase(t.Context(), 1, "x", "") },
	} {
		store := &failingRedactor{MemoryStore: journal.NewMemoryStore(), failures: 1}
		j, h := setup(t, store, nil)
		record(t, j, draft("Ada Secret", 1))
		require.ErrorIs(t, j.Erase(t.Context(), 1, "x", ""), errDisk)
		require.Equal(t, hours{"Ada Secret": 1}, h)
		require.NoError(t, complete(j, store), name)
		for _, b := range blocks(t, store) {
			require.NotContains(t, string(b), "Ada Secret", name)
		}
		fresh, _ := setup(t, store, nil)
		require.Equal(t, uint64(3), fresh.Size(), "%s: recorded once", name)
	}
}

func TestWhatAnotherProcessErasedIsForgottenWhenItIsErasedHereToo(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	j, h := setup(t, store, nil)
	record(t, j, draft("Ada Secret", 3), draft("Bob", 1))
	other, _ := setup(t, store, nil)
	require.NoError(t, other.Erase(t.Context(), 1, "asked for", ""))
	require.NoError(t, j.Erase(t.Context(), 1, "asked for", ""))
	require.Equal(t, hours{"Bob": 1}, h)
	require.Equal(t, uint64(4), j.Size(), "recorded once")
}

// TestErasuresBesideWritersSnapshotsAndCrashes has a process record, one erase and one save snapshots, all at once, and journals that are left as by a crash: after
// the erasure was recorded, before it was done.
func TestErasuresBesideWritersSnapshotsAndCrashes(t *testing.T) {
	t.Parallel()
	const people = 6
	store := &failingRedactor{MemoryStore: journal.NewMemoryStore()}
	dir := t.TempDir()
	opts := func() *journal.Options { return new(warnings).options(journal.SnapshotDir(dir)) }
	first, _ := withTally(t, store, opts())
	for p := range people {
		record(t, first, draft(fmt.Sprintf("secret %d", p), 1), draft("kept", 1))
	}
	held := first.Checkpoint()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	errs := make([]error, 2)
	writer, _ := withTally(t, store.MemoryStore, nil)
	saver, _ := withTally(t, store.MemoryStore, opts())
	for i, act := range []func() error{
		func() error {
			_, err := writer.Update(context.Background(), func() ([]journal.Draft, error) { return []journal.Draft{draft("kept", 1)}, nil })
			return err
		},
		func() error {
			err := saver.SaveSnapshot(context.Background())
			if errors.Is(err, journal.ErrErasing) || errors.Is(err, fs.ErrNotExist) { // what was being written has been cleared
				return nil
			}
			return err
		},
	} {
		wg.Go(func() {
			for errs[i] == nil {
				select {
				case <-stop:
					return
				default:
					errs[i] = act()
				}
			}
		})
	}
	for p := range people {
		position := uint64(1 + 2*p)
		eraser, _ := withTally(t, store, opts())
		store.failures = p % 2
		err := eraser.Erase(t.Context(), position, "asked for", "")
		if p%2 == 1 {
			require.ErrorIs(t, err, errDisk)
			_, _ = withTally(t, store, opts()) // the next process completes it
		} else {
			require.NoError(t, err)
		}
		r, err := eraser.Record(t.Context(), position)
		require.NoError(t, err)
		require.True(t, r.Erased())
	}
	close(stop)
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.NoError(t, saver.SaveSnapshot(t.Context()))
	j, v := withTally(t, store, opts())
	_, scratch := withTally(t, store, nil)
	require.Equal(t, scratch.hours, v.hours)
	require.Len(t, v.hours, 1)
	require.Equal(t, int(j.Size())-1-2*people, v.hours["kept"], "of the others nothing is lost")
	for _, text := range append(blocks(t, store), []byte(files(t, dir))) {
		require.NotContains(t, string(text), "secret ")
	}
	report, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), &journal.VerifyOptions{Checkpoint: held})
	require.NoError(t, err)
	require.Equal(t, uint64(people), report.Erased)
	whole, err := j.Bundle(t.Context())
	require.NoError(t, err)
	some, err := j.Bundle(t.Context(), 1, 2, 2*people)
	require.NoError(t, err)
	for _, bundle := range [][]byte{whole, some} {
		got, err := journal.VerifyBundle(bundle, testSigner(t).VerifierKey())
		require.NoError(t, err)
		for _, r := range got.Records {
			want, err := j.Record(t.Context(), r.Position)
			require.NoError(t, err)
			require.Equal(t, want, r, "erased or not, it is proven")
		}
	}
}

func TestAPayloadThatIsGoneWithoutARecordOfItsErasureIsFound(t *testing.T) {
	t.Parallel()
	// Whoever can write to the store takes payloads out as an erasure does, and records nothing: every hash still holds.
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, nil)
	record(t, j, draft("Ada", 1), draft("Bob", 2))
	record(t, j, draft("Cid", 3))
	whole := blocks(t, store)
	require.NoError(t, j.Erase(t.Context(), 2, "asked for", ""))
	require.NoError(t, j.Erase(t.Context(), 3, "asked for", ""))
	with := blocks(t, store)
	key := testSigner(t).VerifierKey()
	for name, c := range map[string]struct {
		blocks [][]byte
		at     int // block at fault; -1: none
	}{
		"both recorded":   {with, -1},
		"none recorded":   {with[:3], 1},
		"one recorded":    {with[:4], 2},
		"not done yet":    {append(slices.Clone(whole), with[3:]...), -1},
		"nothing is gone": {whole, -1},
	} {
		s := storeOf(t, c.blocks)
		_, verifyErr := journal.Verify(t.Context(), s, key, nil)
		_, openErr := journal.OpenReadOnly(t.Context(), s, key, nil)
		if c.at >= 0 { // of what was read before, the journal hands out a bundle that shows it
			unnoticed := &cutStore{MemoryStore: storeOf(t, whole)}
			j, _ := setup(t, unnoticed, nil)
			unnoticed.MemoryStore = storeOf(t, with)
			bundle, err := j.Bundle(t.Context())
			require.NoError(t, err)
			_, err = journal.VerifyBundle(bundle, key)
			require.ErrorIs(t, err, journal.ErrBundle)
			require.ErrorContains(t, err, "the payload of record 2 is gone")
		}
		for _, err := range []error{verifyErr, openErr} {
			if c.at < 0 {
				require.NoError(t, err, name)
				continue
			}
			var corrupt *journal.CorruptError
			require.ErrorAs(t, err, &corrupt, name)
			require.Equal(t, uint64(c.at), corrupt.Block, name)
			require.ErrorContains(t, err, "no erasure of it is recorded", name)
		}
	}
}

func TestReplaceChangesOnlyWhatItWasShown(t *testing.T) {
	t.Parallel()
	s := storeOf(t, [][]byte{[]byte("a"), []byte("b")})
	require.ErrorIs(t, s.Replace(t.Context(), 0, []byte("x"), []byte("c")), journal.ErrConflict)
	require.ErrorIs(t, s.Replace(t.Context(), 2, []byte("a"), []byte("c")), journal.ErrConflict)
	require.Error(t, s.Replace(t.Context(), 0, []byte("a"), nil))
	require.NoError(t, s.Replace(t.Context(), 0, []byte("a"), []byte("c")))
	require.Equal(t, "[c b]", fmt.Sprintf("%s", blocks(t, s)))
}
