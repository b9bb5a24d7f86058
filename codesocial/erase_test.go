package codesocial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestNameOfAPartyCanBeErasedAndNothingElse(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	signer, err := journal.NewSigner("la-trame.example/journal", exampleKey(0))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j)
	require.NoError(t, err)
	const ana = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01"
	require.NoError(t, community.Register(t.Context(), codesocial.Party{ID: ana, Type: codesocial.Person, Name: "Ana", Key: codesocial.PublicKeyOf(exampleKey(4))}))
	for r, err := range j.Records(t.Context(), 1) {
		require.NoError(t, err)
		err = j.Erase(t.Context(), r.Position, "asked for by the person", "")
		switch r.Kind {
		case codesocial.KindParty:
			require.NoError(t, err)
		case codesocial.KindKey:
			require.ErrorIs(t, err, journal.ErrKept)
			require.ErrorIs(t, err, codesocial.ErrRefused)
		}
	}
	require.NoError(t, community.Read(func(s *codesocial.State) {
		p, ok := s.Party(ana)
		require.True(t, ok)
		require.True(t, p.Erased)
		require.Empty(t, p.Name)
		require.Equal(t, codesocial.PublicKeyOf(exampleKey(4)), s.KeyOf(ana))
	}))
}
