//go:build unix

package pgjournal_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

func TestFollowersWakeAtOnce(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	writing, err := journal.Open(t.Context(), open(t, place, &pgjournal.Options{Schema: schemaOf(place)}), signer, nil)
	require.NoError(t, err)
	store := open(t, place, &pgjournal.Options{Schema: schemaOf(place), ReadOnly: true})
	store.RelyOnNotifications()
	following, err := journal.OpenReadOnly(t.Context(), store, signer.VerifierKey(), nil)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- following.Follow(ctx) }()
	for i := range 20 {
		_, err := writing.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: "example.number", Payload: map[string]int{"n": i}}}, nil
		})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return following.Size() == writing.Size() }, 5*time.Minute, time.Millisecond)
	}
	stop()
	require.ErrorIs(t, <-ended, context.Canceled)
	// The connection that listened is not handed to others with leftovers.
	_, err = writing.Record(t.Context(), 1)
	require.NoError(t, err)
}
