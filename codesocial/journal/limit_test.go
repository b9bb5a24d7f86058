package journal

import (
	"crypto/ed25519"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestEveryRecordOfTheLargestBlockCanBeErased(t *testing.T) {
	t.Parallel()
	for payload, grows := range map[string]bool{"{}": true, `{"a":"b"}`: true, `{"name":"Ada"}`: false} {
		r := Record{ID: uuid.Max, Kind: "example.seat", Schema: 1, Payload: []byte(payload), Salt: make([]byte, saltSize)}
		whole, _ := r.appendEnvelope(nil)
		r.Payload, r.Salt = nil, nil
		erased, _ := r.appendEnvelope(nil)
		require.Equal(t, grows, len(erased) > len(whole), payload)
		require.LessOrEqual(t, len(erased), len(whole)+erasedGrowth, payload)
	}
	store := NewMemoryStore()
	j, _ := openSeats(t, store)
	record := func(n int) error {
		drafts := make([]Draft, n)
		for i := range drafts {
			drafts[i] = Draft{Kind: "example.empty", Payload: canonical.Raw("{}")}
		}
		_, err := j.Update(t.Context(), func() ([]Draft, error) { return drafts, nil })
		return err
	}
	require.NoError(t, record(1000))
	one := (len(store.blocks[1]) - len(j.Checkpoint())) / 1000 // and up to two digits of its position more
	require.ErrorIs(t, record((MaxBlockBytes-blockSlack)/(one+3)), ErrBadDraft, "they fit, and would not when they are erased")
	require.NoError(t, record((MaxBlockBytes-blockSlack)/(one+3+erasedGrowth)))
}

// TestABundleOfAllHasEachRecordInItsPlace has the holder of the key sign a tree in which positions are left out.
func TestABundleOfAllHasEachRecordInItsPlace(t *testing.T) {
	t.Parallel()
	signer, err := NewSigner("la-trame.example/journal", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	sign := func(positions ...uint64) []byte {
		b := bundle{Format: Format, Verifier: signer.VerifierKey()}
		var leaves tree
		for _, p := range positions {
			r := Record{Position: p, ID: uuid.Max, Kind: "example.seat", Schema: 1, Payload: []byte("{}"), Salt: make([]byte, saltSize)}
			r.Digest = digest(r.Salt, r.Payload)
			envelope, _ := r.appendEnvelope(nil)
			b.Records = append(b.Records, bundleRecord{Record: envelope})
			leaves.add(r.Leaf())
		}
		root, err := leaves.root(leaves.size)
		require.NoError(t, err)
		b.Checkpoint, err = signer.checkpoint(leaves.size, root, "")
		require.NoError(t, err)
		data, err := canonical.Marshal(b)
		require.NoError(t, err)
		return data
	}
	report, err := VerifyBundle(sign(0, 1, 2), signer.VerifierKey())
	require.NoError(t, err)
	require.True(t, report.Whole)
	for _, positions := range [][]uint64{{0, 1, 3}, {1, 2, 3}, {0, 2}} {
		_, err = VerifyBundle(sign(positions...), signer.VerifierKey())
		require.ErrorIs(t, err, ErrBundle)
	}
}
