package sqlitejournal_test

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

func TestErasedPayloadIsInNoneOfTheFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.sqlite")
	store, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	secret := strings.Repeat("the secret of Ada ", 2000) // several pages
	records, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{
			{Kind: "example.note", Payload: map[string]string{"text": "kept"}},
			{Kind: "example.note", Payload: map[string]string{"text": secret}},
		}, nil
	})
	require.NoError(t, err)
	found := func() (where []string) {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			require.NoError(t, err)
			if bytes.Contains(b, []byte("secret of Ada")) {
				where = append(where, e.Name())
			}
		}
		return where
	}
	require.NotEmpty(t, found())
	require.NoError(t, j.Erase(t.Context(), records[1].Position, "the person asked for it", ""))
	require.Empty(t, found(), "while the file is open")
	require.NoError(t, store.Close())
	require.Empty(t, found())

	readOnly, err := sqlitejournal.Open(t.Context(), path, &sqlitejournal.Options{ReadOnly: true})
	require.NoError(t, err)
	report, err := journal.Verify(t.Context(), readOnly, signer.VerifierKey(), nil)
	require.NoError(t, err)
	require.Equal(t, uint64(1), report.Erased)
	require.ErrorIs(t, readOnly.Replace(t.Context(), 0, []byte("a"), []byte("b")), sqljournal.ErrReadOnly)
	require.NoError(t, readOnly.Close())
}

func TestReplaceChangesOnlyWhatItWasShown(t *testing.T) {
	t.Parallel()
	store, err := sqlitejournal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.sqlite"), nil)
	require.NoError(t, err)
	defer store.Close()
	require.NoError(t, store.Put(t.Context(), 0, []byte("old")))
	require.ErrorIs(t, store.Replace(t.Context(), 0, []byte("other"), []byte("new")), journal.ErrConflict)
	require.ErrorIs(t, store.Replace(t.Context(), 1, []byte("old"), []byte("new")), journal.ErrConflict)
	require.NoError(t, store.Replace(t.Context(), 0, []byte("old"), []byte("new")))
	page, err := store.Blocks(t.Context(), 0, 9)
	require.NoError(t, err)
	require.Equal(t, [][]byte{[]byte("new")}, page)
}
