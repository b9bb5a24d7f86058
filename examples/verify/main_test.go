package main

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)

// write makes a small journal and returns the paths of its file, key and checkpoint.
func write(t *testing.T) (db, key, checkpoint string) {
	t.Helper()
	dir := t.TempDir()
	db, key, checkpoint = filepath.Join(dir, "j.sqlite"), filepath.Join(dir, "key.txt"), filepath.Join(dir, "checkpoint.txt")
	store, err := sqlitejournal.Open(t.Context(), db, nil)
	require.NoError(t, err)
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j)
	require.NoError(t, err)
	require.NoError(t, community.Register(t.Context(), codesocial.Party{ID: "https://le-gue.example/org/moulin", Type: codesocial.Organization, Name: "Le Moulin"}))
	require.NoError(t, os.WriteFile(key, []byte(signer.VerifierKey()+"\n"), 0o600))
	require.NoError(t, os.WriteFile(checkpoint, j.Checkpoint(), 0o600))
	require.NoError(t, community.Register(t.Context(), codesocial.Party{ID: "https://le-gue.example/org/four", Type: codesocial.Organization, Name: "Le Four"}))
	require.NoError(t, store.Close())
	return db, key, checkpoint
}

func TestSaysWhatItFound(t *testing.T) {
	t.Parallel()
	db, key, checkpoint := write(t)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-key", key, "-checkpoint", checkpoint, db}, &out, io.Discard))
	require.Contains(t, out.String(), "3 records in 3 blocks")
	require.Contains(t, out.String(), "it continues the checkpoint held, which covers 2 records")
	require.NotContains(t, out.String(), "cut off")
	out.Reset()
	require.NoError(t, run(t.Context(), []string{"-key", key, db}, &out, io.Discard))
	require.Contains(t, out.String(), "not checked: whether a tail was cut off")
}

func TestNamesTheBlockAtFault(t *testing.T) {
	t.Parallel()
	db, key, _ := write(t)
	b, err := os.ReadFile(db)
	require.NoError(t, err)
	at := bytes.Index(b, []byte("Le Four"))
	require.Positive(t, at)
	b[at] = 'D'
	require.NoError(t, os.WriteFile(db, b, 0o600))
	err = run(t.Context(), []string{"-key", key, db}, io.Discard, io.Discard)
	var corrupt *journal.CorruptError
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(2), corrupt.Block)
}

func TestBadUseIsRefused(t *testing.T) {
	t.Parallel()
	db, key, _ := write(t)
	for _, args := range [][]string{{}, {db}, {"-key", key}, {"-key", db, db}, {"-key", key, key}, {"-key", key, "/does/not/exist"}, {"-key", key, "-checkpoint", key, db}, {"-what"}} {
		require.Error(t, run(t.Context(), args, io.Discard, io.Discard), args)
	}
}
