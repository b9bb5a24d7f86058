package sqljournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// formatName is what the table format says about tables of this package.
const formatName = "codesocial journal"

// prepare makes sure that the database holds the tables of a journal, and makes them if it may.
func prepare(ctx context.Context, db *sql.DB, d Dialect, opts *Options) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqljournal: connecting: %w", err)
	}
	defer conn.Close()
	exists, err := inspect(ctx, conn, d, opts)
	if err != nil || exists {
		return err
	}
	if opts.ReadOnly {
		if opts.Prefix == "" && opts.Schema == "" {
			return ErrNoJournal
		}
		return fmt.Errorf("%w under the prefix %q in the schema %q", ErrNoJournal, opts.Prefix, opts.Schema)
	}
	var encoding string
	if err := conn.QueryRowContext(ctx, d.encoding).Scan(&encoding); err != nil {
		return fmt.Errorf("sqljournal: asking for the text encoding: %w", err)
	}
	if encoding != d.utf8 {
		return fmt.Errorf("sqljournal: the text encoding of the database is %s: must be %s", encoding, d.utf8)
	}
	if _, err := conn.ExecContext(ctx, d.begin[0]); err != nil {
		return fmt.Errorf("sqljournal: creating the tables: %w", err)
	}
	if err := create(ctx, conn, d, opts); err != nil {
		// The context may have ended; the connection must not go back with an open transaction.
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), d.rollback)
		return errors.Join(err, undo)
	}
	return nil
}

// create makes the tables in the transaction that has begun, and commits it.
func create(ctx context.Context, conn *sql.Conn, d Dialect, opts *Options) error {
	for _, statement := range d.begin[1:] {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("sqljournal: creating the tables: %w", err)
		}
	}
	exists, err := inspect(ctx, conn, d, opts) // another process may have been quicker
	if err != nil {
		return err
	}
	if !exists {
		statements := d.create
		if opts.Schema != "" {
			statements = append([]string{d.createSchema}, statements...)
		}
		for _, statement := range statements {
			if _, err := conn.ExecContext(ctx, with(opts, statement)); err != nil {
				return fmt.Errorf("sqljournal: creating the tables: %w", err)
			}
		}
	}
	if _, err := conn.ExecContext(ctx, d.commit); err != nil {
		return fmt.Errorf("sqljournal: creating the tables: %w", err)
	}
	return nil
}

// inspect reports whether the tables are there, and returns an error if what is there is not ours.
func inspect(ctx context.Context, conn *sql.Conn, d Dialect, opts *Options) (exists bool, err error) {
	format, blocks, records := opts.Prefix+"format", opts.Prefix+"blocks", opts.Prefix+"records"
	found, err := columns(ctx, conn, d.columns, format, blocks, records, opts.Schema)
	if err != nil || len(found) == 0 {
		return false, err
	}
	if !slices.Equal(found[format], []string{"what", "version"}) || !slices.Equal(found[blocks], []string{"n", "block"}) {
		var there []string
		for _, name := range []string{format, blocks, records} {
			if found[name] != nil {
				there = append(there, fmt.Sprintf("%s (%s)", name, strings.Join(found[name], ", ")))
			}
		}
		return false, fmt.Errorf("sqljournal: %s in the database: not the tables of a journal; choose another prefix: %w", strings.Join(there, " and "), journal.ErrForeign)
	}
	return true, checkFormat(ctx, conn, with(opts, d.format))
}

// checkFormat reads the table format.
func checkFormat(ctx context.Context, conn *sql.Conn, query string) error {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("sqljournal: reading the format: %w", err)
	}
	defer rows.Close()
	var what string
	var version int64
	count := 0
	for rows.Next() {
		if err := rows.Scan(&what, &version); err != nil {
			return fmt.Errorf("sqljournal: reading the format: %w: %w", err, journal.ErrForeign)
		}
		if count++; count > 1 {
			break
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("sqljournal: reading the format: %w", err)
	}
	switch {
	case count != 1 || what != formatName || version < 1:
		return fmt.Errorf("sqljournal: the tables do not say that they are a %s, but %q, version %d, in %d rows: %w", formatName, what, version, count, journal.ErrForeign)
	case version > Format:
		return fmt.Errorf("sqljournal: the tables have format %d, this program knows format %d and older: use a newer version of it: %w", version, Format, journal.ErrForeign)
	}
	return nil
}

// columns returns the names of the columns of each table or view that exists.
func columns(ctx context.Context, conn *sql.Conn, query string, names ...any) (map[string][]string, error) {
	rows, err := conn.QueryContext(ctx, query, names...)
	if err != nil {
		return nil, fmt.Errorf("sqljournal: looking for the tables: %w", err)
	}
	defer rows.Close()
	found := make(map[string][]string)
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, fmt.Errorf("sqljournal: looking for the tables: %w", err)
		}
		found[table] = append(found[table], column)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqljournal: looking for the tables: %w", err)
	}
	return found, nil
}
