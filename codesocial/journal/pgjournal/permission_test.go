//go:build unix

package pgjournal_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

func TestMissingRightsAreClearErrorsAndTheJournalStaysUsable(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	schema := schemaOf(place)
	role := "clerk_of_" + schema
	db := host(t, place)
	sql := func(format string, args ...any) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), fmt.Sprintf(format, args...))
		require.NoError(t, err)
	}
	sql(`CREATE ROLE %s LOGIN`, role)
	t.Cleanup(func() { // before the schema is dropped
		_, err := db.Exec(fmt.Sprintf(`DROP OWNED BY %s; DROP ROLE %s`, role, role))
		require.NoError(t, err)
	})
	u, err := url.Parse(place)
	require.NoError(t, err)
	u.User = url.User(role)
	clerk := u.String()
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	note := []journal.Draft{{Kind: "example.note", Payload: map[string]string{"text": "hello"}}}
	decide := func() ([]journal.Draft, error) { return note, nil }

	_, err = pgjournal.Open(t.Context(), clerk, &pgjournal.Options{Schema: schema})
	require.ErrorContains(t, err, "permission denied", "the schema is not there, and may not be made")

	owned := open(t, place, &pgjournal.Options{Schema: schema})
	owner, err := journal.Open(t.Context(), owned, signer, nil)
	require.NoError(t, err)
	_, err = pgjournal.Open(t.Context(), clerk, &pgjournal.Options{Schema: schema, ReadOnly: true})
	require.ErrorContains(t, err, "permission denied", "nothing may be read")

	sql(`GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s`, schema, role, schema, role)
	j, err := journal.Open(t.Context(), open(t, clerk, &pgjournal.Options{Schema: schema}), signer, nil)
	require.NoError(t, err, "who may read, reads")
	_, err = j.Update(t.Context(), decide)
	require.ErrorContains(t, err, "permission denied for table blocks")
	require.ErrorContains(t, err, "nothing was recorded")
	require.Equal(t, uint64(1), j.Size())
	_, err = owner.Update(t.Context(), decide)
	require.NoError(t, err)

	sql(`GRANT INSERT ON %s.blocks TO %s`, schema, role)
	_, err = j.Update(t.Context(), decide)
	require.NoError(t, err, "the same journal, once it may write")
	require.ErrorContains(t, j.Erase(t.Context(), 1, "asked for", ""), "permission denied", "erasing needs the right to update")
	require.NoError(t, owner.Sync(t.Context()))
	require.NoError(t, owner.Erase(t.Context(), 1, "asked for", ""), "the owner completes it")
	require.NoError(t, j.Sync(t.Context()))
	require.Equal(t, uint64(4), j.Size())
	_, err = journal.Verify(t.Context(), owned, signer.VerifierKey(), nil)
	require.NoError(t, err)
}
