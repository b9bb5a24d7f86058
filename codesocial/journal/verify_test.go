package journal_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

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
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", testSigner(t), testSigner(t), testSigner(t)), strings.Trim(fmt.Sprint([]byte(testKey(1))[:4]), "[]"))
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
