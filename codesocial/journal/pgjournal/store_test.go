//go:build unix

package pgjournal_test

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

// schemaOf returns the schema that newPlace put into an address.
func schemaOf(address string) string {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		panic(err)
	}
	return config.RuntimeParams["search_path"]
}

// placed is a store that knows where it is.
type placed struct {
	*pgjournal.Store
	place string
}

func openPlace(ctx context.Context, place string) (journal.Store, error) {
	s, err := pgjournal.Open(ctx, place, &pgjournal.Options{Schema: schemaOf(place)})
	if err != nil {
		return nil, err
	}
	return placed{s, place}, nil
}

// hostTx is a transaction of pgx, on a connection of the program that the database belongs to.
type hostTx struct {
	pgx.Tx
	store *pgjournal.Store
	conn  *pgx.Conn
}

func begin(ctx context.Context, s journal.Store) (journaltest.Tx, error) {
	conn, err := pgx.Connect(ctx, s.(placed).place)
	if err != nil {
		return nil, err
	}
	tx, err := conn.Begin(ctx)
	return hostTx{tx, s.(placed).Store, conn}, err
}

func (x hostTx) Put(ctx context.Context, n uint64, block []byte) error {
	return x.store.PutPgxTx(ctx, x.Tx, n, block)
}

func (x hostTx) Commit(ctx context.Context) error {
	return errors.Join(x.Tx.Commit(ctx), x.conn.Close(ctx))
}

func (x hostTx) Rollback(ctx context.Context) error {
	return errors.Join(x.Tx.Rollback(ctx), x.conn.Close(ctx))
}

func harness() journaltest.Harness {
	return journaltest.Harness{New: newPlace, Open: openPlace, Begin: begin}
}

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, harness())
}

func TestContractHoldsUnderStricterIsolationAndLaxerDurability(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, journaltest.Harness{
		New: func(tb testing.TB) string {
			return withParameter(withParameter(newPlace(tb), "default_transaction_isolation", "serializable"), "synchronous_commit", "off")
		},
		Open:  openPlace,
		Begin: begin,
	})
}

func BenchmarkStore(b *testing.B) { journaltest.Bench(b, harness()) }

func open(t *testing.T, address string, opts *pgjournal.Options) *pgjournal.Store {
	t.Helper()
	s, err := pgjournal.Open(t.Context(), address, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func host(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestBlocksAreCompressedByLZ4WhereThereIsOne(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	open(t, place, &pgjournal.Options{Schema: schemaOf(place), Prefix: "trame_"})
	var possible bool
	db := host(t, place)
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT coalesce(bool_or('lz4' = ANY (enumvals)), false) FROM pg_settings WHERE name = 'default_toast_compression'`).Scan(&possible))
	if !possible {
		return // that the table was made is all that can be asked for
	}
	var method string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT attcompression::text FROM pg_attribute WHERE attrelid = 'trame_blocks'::regclass AND attname = 'block'`).Scan(&method))
	require.Equal(t, "l", method)
}

func TestManyProcessesMayMakeTheTablesAtOnce(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() {
			s, err := pgjournal.Open(t.Context(), place, &pgjournal.Options{Schema: schemaOf(place), Connections: 1})
			if err == nil {
				err = s.Close()
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestJournalsShareADatabaseBySchemaAndPrefix(t *testing.T) {
	t.Parallel()
	one, two := newPlace(t), newPlace(t)
	stores := []*pgjournal.Store{
		open(t, one, &pgjournal.Options{Schema: schemaOf(one)}),
		open(t, one, &pgjournal.Options{Schema: schemaOf(one), Prefix: "a_"}),
		open(t, one, &pgjournal.Options{Prefix: "b_"}), // by the search path
		open(t, two, &pgjournal.Options{Schema: schemaOf(two)}),
	}
	for i, s := range stores {
		require.NoError(t, s.Put(t.Context(), 0, fmt.Append(nil, "store ", i)))
	}
	for i, s := range stores {
		page, err := s.Blocks(t.Context(), 0, 10)
		require.NoError(t, err)
		require.Equal(t, [][]byte{fmt.Append(nil, "store ", i)}, page)
	}
}

func TestForeignTablesAreRefusedAndNothingIsCreatedForReading(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	schema := schemaOf(place)
	_, err := pgjournal.Open(t.Context(), place, &pgjournal.Options{Schema: schema, ReadOnly: true})
	require.ErrorIs(t, err, sqljournal.ErrNoJournal)
	db := host(t, place)
	for _, statement := range []string{"CREATE SCHEMA " + schema, "CREATE TABLE blocks (street text)"} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, readOnly := range []bool{false, true} {
		_, err = pgjournal.Open(t.Context(), place, &pgjournal.Options{Schema: schema, ReadOnly: readOnly})
		require.ErrorIs(t, err, journal.ErrForeign)
		require.ErrorContains(t, err, "blocks (street)")
	}
	s := open(t, place, &pgjournal.Options{Schema: schema, Prefix: "x_"})
	require.NoError(t, s.Put(t.Context(), 0, []byte("block")))
	r := open(t, place, &pgjournal.Options{Schema: schema, Prefix: "x_", ReadOnly: true})
	require.ErrorIs(t, r.Put(t.Context(), 1, []byte("block")), sqljournal.ErrReadOnly)
	_, err = db.ExecContext(t.Context(), "UPDATE x_format SET version = 9")
	require.NoError(t, err)
	_, err = pgjournal.Open(t.Context(), place, &pgjournal.Options{Schema: schema, Prefix: "x_"})
	require.ErrorIs(t, err, journal.ErrForeign)
	require.ErrorContains(t, err, "format 9")
}

func TestBadAddressesAreErrorsWithoutThePassword(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"postgres://ines:s3cret@%zz/":                                  "pgjournal: ",
		"postgres://ines:s3cret@localhost:1/commons?connect_timeout=2": "pgjournal: sqljournal: connecting: ",
	} {
		_, err := pgjournal.Open(t.Context(), address, nil)
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), "s3cret")
	}
	_, err := pgjournal.Open(t.Context(), "", &pgjournal.Options{Connections: -1})
	require.ErrorContains(t, err, "-1 connections: must not be negative")
}

func TestJournalAnswersQuestionsInSQL(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	s := open(t, place, &pgjournal.Options{Schema: schemaOf(place)})
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	now := func() time.Time { return time.Date(2025, 3, 19, 10, 0, 0, 0, time.UTC) } // all in one month
	j, err := journal.Open(t.Context(), s, signer, &journal.Options{Now: now})
	require.NoError(t, err)
	const ines = "https://la-trame.example/person/ines"
	for _, quantity := range []string{"3 h", "1.5 h", "\x00\x00 zero \\u0000 \\\x00"} {
		_, err = j.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{
				Kind: "ledger.contribution", Schema: 1, Author: ines,
				Payload: map[string]string{"party": ines, "kind": "time", "quantity": quantity},
			}}, nil
		})
		require.NoError(t, err)
	}
	db := host(t, place)
	var got []string
	rows, err := db.QueryContext(t.Context(), `SELECT to_char(time AT TIME ZONE 'UTC', 'YYYY-MM') || '|' || kind || '|' || count(*)
		FROM records GROUP BY to_char(time AT TIME ZONE 'UTC', 'YYYY-MM'), kind ORDER BY kind`)
	require.NoError(t, err)
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		got = append(got, line)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"2025-03|journal.opened|1", "2025-03|ledger.contribution|3"}, got)

	for r, err := range j.Records(t.Context(), 0) {
		require.NoError(t, err)
		var block uint64
		var id, kind, payload string
		var schema int
		var author sql.NullString
		var recorded string
		require.NoError(t, db.QueryRowContext(t.Context(),
			`SELECT block, id, kind, schema, author, to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), payload::text FROM records WHERE position = $1`,
			int64(r.Position)).Scan(&block, &id, &kind, &schema, &author, &recorded, &payload))
		// PostgreSQL has no zero character; an escaped backslash before "u0000" is none.
		want := strings.NewReplacer(`\\\u0000`, `\\\ufffd`, `\\u0000`, `\\u0000`, `\u0000`, `\ufffd`).Replace(string(r.Payload))
		require.Equal(t, []any{r.Position, r.ID.String(), r.Kind, r.Schema, r.Author, r.Time.Format("2006-01-02T15:04:05.000Z"), want},
			[]any{block, id, kind, schema, author.String, recorded, payload})
	}
}

// newServer starts a server for one test, which may let it die.
func newServer(t *testing.T) (s *server, address string) {
	t.Helper()
	newPlace(t) // says that there is no server on this machine, if so
	if shared.bin == "" {
		t.Skip("the server belongs to somebody else: the machine has none to be killed")
	}
	s = new(server)
	t.Cleanup(func() { require.NoError(t, s.remove()) })
	address, err := s.create()
	require.NoError(t, err)
	return s, address
}

func TestWhatAJournalSaysIsSoAfterTheSuddenDeathOfTheServer(t *testing.T) {
	t.Parallel()
	for name, die := range map[string]func(ctx context.Context, s *server) error{
		"of all its processes at once": func(_ context.Context, s *server) error {
			return errors.Join(s.kill(), s.start())
		},
		"of the process that stores a block": func(ctx context.Context, s *server) error {
			return s.killBackends(ctx, syscall.SIGKILL) // the server then throws out all others and recovers
		},
		"of the connections": func(ctx context.Context, s *server) error {
			return s.killBackends(ctx, syscall.SIGTERM)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := newServer(t)
			journaltest.CrashServer(t, journaltest.Harness{
				New:  func(testing.TB) string { return withParameter(address, "synchronous_commit", "off") },
				Open: func(ctx context.Context, place string) (journal.Store, error) { return pgjournal.Open(ctx, place, nil) },
			}, func(ctx context.Context) error { return die(ctx, s) })
		})
	}
}
