package journal

import (
	"crypto/ed25519"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestANewerFormatIsRefusedAndSaysSo(t *testing.T) {
	t.Parallel()
	signer, err := NewSigner("la-trame.example/journal", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	store := NewMemoryStore()
	j := newJournal(store, signer.verifier, nil)
	j.signer = signer
	salted, err := canonical.Append(make([]byte, saltSize), opened{Format + 1, signer.Name(), signer.VerifierKey()})
	require.NoError(t, err)
	r := j.newRecord(&Draft{Kind: openedKind, Schema: 1}, 0, j.now(), salted)
	j.next.reset(0)
	j.next.add(&r)
	require.NoError(t, j.put(func(n uint64, block []byte) error { return store.Put(t.Context(), n, block) }))

	_, err = Open(t.Context(), store, signer, nil)
	require.ErrorIs(t, err, ErrForeign)
	require.ErrorContains(t, err, "it has format 2, this version knows 1: use a newer version")
	_, err = OpenReadOnly(t.Context(), store, signer.VerifierKey(), nil)
	require.ErrorIs(t, err, ErrForeign)
	_, err = Verify(t.Context(), store, signer.VerifierKey(), nil)
	require.ErrorIs(t, err, ErrForeign)
}
