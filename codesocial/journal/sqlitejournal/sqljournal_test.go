package sqlitejournal_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

// Package sqljournal brings no driver; its SQLite dialect is tested here, where there is one.

// hostDatabase opens a database as an organisation's own program might.
func hostDatabase(path string) (*sql.DB, error) {
	pragmas := url.Values{"_pragma": {"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)"}}
	return sql.Open("sqlite", "file:"+path+"?"+pragmas.Encode())
}

// hosted is a store that closes the database it is in.
type hosted struct {
	*sqljournal.Store
	db *sql.DB
}

func (h hosted) Close() error { return h.db.Close() }

func TestHostedStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, journaltest.Harness{
		New: newFile,
		Open: func(ctx context.Context, path string) (journal.Store, error) {
			db, err := hostDatabase(path)
			if err != nil {
				return nil, err
			}
			s, err := sqljournal.Open(ctx, db, sqljournal.SQLite, &sqljournal.Options{Prefix: "trame_"})
			return hosted{s, db}, err
		},
		Begin: func(ctx context.Context, s journal.Store) (journaltest.Tx, error) {
			tx, err := s.(hosted).db.BeginTx(ctx, nil)
			return hostTx{s.(hosted).Store, tx}, err
		},
	})
}

// hostTx is a transaction of the program that the database belongs to.
type hostTx struct {
	store *sqljournal.Store
	tx    *sql.Tx
}

func (x hostTx) Put(ctx context.Context, n uint64, block []byte) error {
	return x.store.PutTx(ctx, x.tx, n, block)
}
func (x hostTx) Commit(context.Context) error   { return x.tx.Commit() }
func (x hostTx) Rollback(context.Context) error { return x.tx.Rollback() }

func host(t *testing.T, statements ...string) *sql.DB {
	t.Helper()
	db, err := hostDatabase(newFile(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, s := range statements {
		_, err := db.ExecContext(t.Context(), s)
		require.NoError(t, err, s)
	}
	return db
}

func TestForeignTablesAreRefusedAndNotTouched(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tables []string
		says   string
	}{
		"blocks of a builder":   {[]string{"CREATE TABLE blocks (id INTEGER, street TEXT)"}, "blocks (id, street) in the database: not the tables of a journal; choose another prefix"},
		"a table of records":    {[]string{"CREATE TABLE records (artist TEXT)"}, "records (artist)"},
		"a format of its own":   {[]string{"CREATE TABLE format (id INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)"}, "format (id) and blocks (n, block)"},
		"blocks without format": {[]string{"CREATE TABLE blocks (n INTEGER, block BLOB)"}, "blocks (n, block)"},
		"another product":       {[]string{"CREATE TABLE format (what TEXT, version INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)", "INSERT INTO format VALUES ('press', 1)"}, `"press", version 1`},
		"no row in format":      {[]string{"CREATE TABLE format (what TEXT, version INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)"}, "in 0 rows"},
		"two rows in format":    {[]string{"CREATE TABLE format (what TEXT, version INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)", "INSERT INTO format VALUES ('codesocial journal', 1), ('codesocial journal', 1)"}, "in 2 rows"},
		"nonsense in format":    {[]string{"CREATE TABLE format (what TEXT, version INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)", "INSERT INTO format VALUES ('codesocial journal', 'one')"}, "reading the format"},
		"a newer format":        {[]string{"CREATE TABLE format (what TEXT, version INTEGER)", "CREATE TABLE blocks (n INTEGER, block BLOB)", "INSERT INTO format VALUES ('codesocial journal', 2)"}, "the tables have format 2, this program knows format 1 and older"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := host(t, c.tables...)
			schema := func() (text string) {
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT group_concat(sql) FROM sqlite_master").Scan(&text))
				return text
			}
			before := schema()
			for _, readOnly := range []bool{false, true} {
				_, err := sqljournal.Open(t.Context(), db, sqljournal.SQLite, &sqljournal.Options{ReadOnly: readOnly})
				require.ErrorIs(t, err, journal.ErrForeign)
				require.ErrorContains(t, err, c.says)
			}
			require.Equal(t, before, schema())
			_, err := sqljournal.Open(t.Context(), db, sqljournal.SQLite, &sqljournal.Options{Prefix: "ours_"})
			require.NoError(t, err, "beside them, under a name of its own, it has its place")
		})
	}
}

func TestNothingIsCreatedForReading(t *testing.T) {
	t.Parallel()
	db := host(t, "CREATE TABLE members (name TEXT)")
	_, err := sqljournal.Open(t.Context(), db, sqljournal.SQLite, &sqljournal.Options{Prefix: "x_", ReadOnly: true})
	require.ErrorIs(t, err, sqljournal.ErrNoJournal)
	require.ErrorContains(t, err, `"x_"`)
	var tables int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_master").Scan(&tables))
	require.Equal(t, 1, tables)
}

func TestDatabaseThatDoesNotKeepUTF8IsRefused(t *testing.T) {
	t.Parallel()
	_, err := sqljournal.Open(t.Context(), host(t, `PRAGMA encoding = "UTF-16le"`, "CREATE TABLE t (x TEXT)"), sqljournal.SQLite, nil)
	require.ErrorContains(t, err, "the text encoding of the database is UTF-16le: must be UTF-8")
}

func TestMissingBlockIsNamed(t *testing.T) {
	t.Parallel()
	db := host(t)
	s, err := sqljournal.Open(t.Context(), db, sqljournal.SQLite, nil)
	require.NoError(t, err)
	put(t, s, 0, 6)
	_, err = db.ExecContext(t.Context(), "DELETE FROM blocks WHERE n IN (2, 3)")
	require.NoError(t, err)
	page, err := s.Blocks(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, page, 2)
	_, err = s.Blocks(t.Context(), 2, 10)
	var corrupt *journal.CorruptError
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, uint64(2), corrupt.Block)
	require.ErrorContains(t, err, "is missing from table blocks, block 4 is there")
}

func TestPagesAreBoundedInBytes(t *testing.T) {
	t.Parallel()
	s, err := sqljournal.Open(t.Context(), host(t), sqljournal.SQLite, nil)
	require.NoError(t, err)
	for n := range uint64(5) {
		require.NoError(t, s.Put(t.Context(), n, bytes.Repeat([]byte{'x'}, sqljournal.MaxPageBytes/2)))
	}
	page, err := s.Blocks(t.Context(), 0, 100)
	require.NoError(t, err)
	require.Len(t, page, 2)
}

func TestJournalAnswersQuestionsInSQL(t *testing.T) {
	t.Parallel()
	db := host(t)
	s, err := sqljournal.Open(t.Context(), db, sqljournal.SQLite, nil)
	require.NoError(t, err)
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	now := func() time.Time { return time.Date(2025, 3, 19, 10, 0, 0, 0, time.UTC) } // all in one month
	j, err := journal.Open(t.Context(), s, signer, &journal.Options{Now: now})
	require.NoError(t, err)
	type contribution struct {
		Party    string `json:"party"`
		Project  string `json:"project"`
		Kind     string `json:"kind"`
		Quantity string `json:"quantity"`
	}
	const ines, jardin = "https://la-trame.example/person/ines", "https://la-trame.example/project/jardin"
	for _, q := range []string{"3 h", "1.5 h"} {
		_, err = j.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{
				{Kind: "ledger.contribution", Schema: 1, Author: ines, Payload: contribution{ines, jardin, "time", q}},
				{Kind: "ledger.contribution", Schema: 1, Author: ines, Payload: contribution{ines, "https://la-trame.example/project/été", "time", "8 h"}},
			}, nil
		})
		require.NoError(t, err)
	}

	query := func(q string) string {
		rows, err := db.QueryContext(t.Context(), q)
		require.NoError(t, err)
		defer rows.Close()
		columns, err := rows.Columns()
		require.NoError(t, err)
		lines := []string{strings.Join(columns, "|")}
		for rows.Next() {
			cells := make([]sql.NullString, len(columns))
			into := make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			require.NoError(t, rows.Scan(into...))
			var line []string
			for _, c := range cells {
				line = append(line, c.String)
			}
			lines = append(lines, strings.Join(line, "|"))
		}
		require.NoError(t, rows.Err())
		return strings.Join(lines, "\n")
	}

	// The three questions of the documentation of package sqljournal.
	require.Equal(t, "month|kind|records\n2025-03|journal.opened|1\n2025-03|ledger.contribution|4",
		query(`SELECT substr(time, 1, 7) AS month, kind, count(*) AS records
			FROM records GROUP BY month, kind ORDER BY month, kind`))
	require.Len(t, strings.Split(query(`SELECT position, time, kind, payload FROM records
		WHERE author = 'https://la-trame.example/person/ines' ORDER BY position`), "\n"), 1+4)
	require.Equal(t, "party|kind|quantity\n"+ines+"|time|3 h\n"+ines+"|time|1.5 h",
		query(`SELECT payload ->> '$.party' AS party, payload ->> '$.kind' AS kind, payload ->> '$.quantity' AS quantity
			FROM records
			WHERE kind = 'ledger.contribution'
			  AND payload ->> '$.project' = 'https://la-trame.example/project/jardin'
			ORDER BY position`))

	// And each column against the journal itself.
	want := []string{"block|position|id|kind|schema|author|time|payload"}
	blocks := []string{"0", "1", "1", "2", "2"}
	for r, err := range j.Records(t.Context(), 0) {
		require.NoError(t, err)
		want = append(want, strings.Join([]string{
			blocks[r.Position], string(rune('0' + r.Position)), r.ID.String(), r.Kind, "1", r.Author,
			r.Time.Format("2006-01-02T15:04:05.000Z"), string(r.Payload),
		}, "|"))
	}
	require.Equal(t, strings.Join(want, "\n"), query("SELECT * FROM records ORDER BY position"))
}
