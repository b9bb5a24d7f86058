package pgjournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

// DefaultConnections is how many connections a store opens at most unless [Options.Connections] says otherwise.
const DefaultConnections = 4

// Options are the settings of a store that have a default. A nil *Options is all defaults.
type Options struct {
	// Schema, Prefix and ReadOnly are those of [sqljournal.Options].
	Schema   string
	Prefix   string
	ReadOnly bool

	// Connections is how many connections to the server the store opens at most; each call of [Store.Wait] has one more while it
	// waits. Default: [DefaultConnections]. More do not make commits faster: they go in one at a time.
	Connections int
}

// A Store is a [journal.Store] in a PostgreSQL database. Close it after use.
type Store struct {
	*sqljournal.Store
	db, waiting *sql.DB       // what waits has connections of its own, or it would keep those who store from theirs
	look        time.Duration // see the constant
}

var _ journal.Store = (*Store)(nil)

// Open connects to the database at url and returns the journal in it; schema and tables are created if there are
// none. url is what libpq takes: postgres://user@host/database, or "host=… dbname=…"; what it does
// not say comes from the environment (PGHOST, PGPASSWORD, …).
//
// It returns the errors of [sqljournal.Open]. None of them shows the password.
func Open(ctx context.Context, url string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	if opts.Connections < 0 {
		return nil, fmt.Errorf("pgjournal: %d connections: must not be negative", opts.Connections)
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("pgjournal: %w", err)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "codesocial journal"
	}
	db := stdlib.OpenDB(*config)
	connections := opts.Connections
	if connections == 0 {
		connections = DefaultConnections
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s, err := sqljournal.Open(ctx, db, sqljournal.PostgreSQL, &sqljournal.Options{
		Schema:   opts.Schema,
		Prefix:   opts.Prefix,
		ReadOnly: opts.ReadOnly,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pgjournal: %w", err), db.Close())
	}
	waiting := stdlib.OpenDB(*config) // connects when somebody waits
	waiting.SetMaxIdleConns(1)
	return &Store{s, db, waiting, look}, nil
}

// Close closes the connections.
func (s *Store) Close() error { return errors.Join(s.waiting.Close(), s.db.Close()) }
