//go:build unix

package pgjournal_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

func TestErasedPayloadIsInNoRow(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	store := open(t, place, &pgjournal.Options{Schema: schemaOf(place), Prefix: "erased_"})
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	records, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{{Kind: "example.note", Payload: map[string]string{"text": "the secret of Ada"}}}, nil
	})
	require.NoError(t, err)
	held := j.Checkpoint()
	require.NoError(t, j.Erase(t.Context(), records[0].Position, "the person asked for it", ""))

	var left, erased int
	db := host(t, place)
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM erased_blocks WHERE position('secret of Ada'::bytea IN block) > 0`).Scan(&left))
	require.Zero(t, left)
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM erased_records WHERE payload IS NULL`).Scan(&erased))
	require.Equal(t, 1, erased)
	report, err := journal.Verify(t.Context(), store, signer.VerifierKey(), &journal.VerifyOptions{Checkpoint: held})
	require.NoError(t, err)
	require.Equal(t, uint64(1), report.Erased)
	require.ErrorIs(t, store.Replace(t.Context(), 0, []byte("other"), []byte("new")), journal.ErrConflict)
}
