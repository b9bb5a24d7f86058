package agebox_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/mediation"
	"github.com/commonstocommons/codesocial/mediation/agebox"
)

var _ mediation.Sealer = (*agebox.Box)(nil)

const canary = "CANARY-9f3c1e"

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func keyOf(iri string) codesocial.PublicKey {
	switch iri {
	case "urn:x:ana":
		return codesocial.PublicKeyOf(key(1))
	case "urn:x:ben":
		return codesocial.PublicKeyOf(key(2))
	}
	return codesocial.PublicKey{}
}

func box(private map[string]ed25519.PrivateKey) *agebox.Box { return agebox.New(keyOf, private) }

func TestOnlyThoseForWhomItIsSealedCanOpenIt(t *testing.T) {
	t.Parallel()
	sealed, err := box(nil).Seal([]string{"urn:x:ana", "urn:x:ben"}, []byte(canary))
	require.NoError(t, err)
	require.NotContains(t, string(sealed), canary)
	for iri, private := range map[string]ed25519.PrivateKey{"urn:x:ana": key(1), "urn:x:ben": key(2)} {
		plain, err := box(map[string]ed25519.PrivateKey{iri: private}).Open(iri, sealed)
		require.NoError(t, err)
		require.Equal(t, canary, string(plain))
	}
	_, err = box(map[string]ed25519.PrivateKey{"urn:x:eve": key(3)}).Open("urn:x:eve", sealed)
	require.ErrorIs(t, err, agebox.ErrRefused)
	_, err = box(map[string]ed25519.PrivateKey{"urn:x:ben": key(2)}).Open("urn:x:ana", sealed)
	require.ErrorIs(t, err, agebox.ErrNoKey)
}

func TestNothingIsSealedForFewerThanItSays(t *testing.T) {
	t.Parallel()
	_, err := box(nil).Seal([]string{"urn:x:ana", "urn:x:eve"}, []byte(canary))
	require.ErrorIs(t, err, agebox.ErrNoKey)
	require.ErrorContains(t, err, "urn:x:eve")
	require.NotContains(t, err.Error(), canary)
	_, err = box(nil).Seal(nil, []byte(canary))
	require.ErrorIs(t, err, agebox.ErrRefused)
	_, err = box(nil).Seal([]string{"urn:x:ana"}, make([]byte, agebox.MaxBytes+1))
	require.ErrorIs(t, err, agebox.ErrRefused)
}

func TestEveryChangedByteIsFound(t *testing.T) {
	t.Parallel()
	b := box(map[string]ed25519.PrivateKey{"urn:x:ana": key(1)})
	sealed, err := b.Seal([]string{"urn:x:ana"}, []byte(canary))
	require.NoError(t, err)
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		_, err := b.Open("urn:x:ana", changed)
		require.ErrorIs(t, err, agebox.ErrRefused, "byte %d", i)
		require.NotContains(t, err.Error(), canary)
	}
	for _, shorter := range [][]byte{nil, sealed[:10], sealed[:len(sealed)-1]} {
		_, err := b.Open("urn:x:ana", shorter)
		require.ErrorIs(t, err, agebox.ErrRefused)
	}
	require.Equal(t, "agebox.Box of 1 keys", fmt.Sprintf("%v", b))
	require.Equal(t, "agebox.Box of 1 keys", fmt.Sprintf("%#v", b))
}
