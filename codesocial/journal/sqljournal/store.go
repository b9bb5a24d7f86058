package sqljournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"regexp"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	// Format is the version of the tables that this package writes and the newest it reads.
	Format = 1

	// MaxPageBytes bounds what one call of [Store.Blocks] holds in memory: a page ends with the
	// block that reaches it.
	MaxPageBytes = 16 << 20

	// MaxPageBlocks is the largest number of blocks that one call of [Store.Blocks] returns.
	MaxPageBlocks = 10_000

	// MaxPrefix is the greatest length of [Options.Prefix] and [Options.Schema], in bytes.
	MaxPrefix = 40
)

var (
	// ErrReadOnly refuses [Store.Put] on a store that was opened with [Options.ReadOnly].
	ErrReadOnly = errors.New("sqljournal: store was opened for reading only")

	// ErrNoJournal is returned on opening for reading only when the database holds no journal under the
	// prefix. Without ReadOnly it is created.
	ErrNoJournal = errors.New("sqljournal: there is no journal in the database")
)

// Options are the settings of a store that have a default. A nil *Options is all defaults.
type Options struct {
	// Prefix stands before the names blocks, format and records: "trame_" makes trame_blocks,
	// trame_format and trame_records. It consists of lower-case letters, digits and underscores, begins
	// with a letter and has [MaxPrefix] bytes at most. Default: none.
	Prefix string

	// Schema is the schema that holds tables and view, in databases that have schemas; it is created if
	// it does not exist. It has the form of a prefix. Default: the first schema of the search path.
	Schema string

	// ReadOnly opens a journal that exists and creates nothing; [Store.Put] returns [ErrReadOnly].
	ReadOnly bool
}

// A Store is a [journal.Store] in a database. It holds nothing that needs closing; the database belongs to
// whoever opened it.
type Store struct {
	db       *sql.DB
	readOnly bool
	server   bool
	put      string
	blocks   string
	table    string

	erasing, replace, clean string
}

var _ journal.Store = (*Store)(nil)

// Open returns the store in db, and creates its tables if there are none.
//
// It returns an error that wraps [journal.ErrForeign] if the database has tables of the same names that are not a
// journal's, or tables of a newer version, and one that wraps [ErrNoJournal] if there is nothing and
// nothing may be created. Several processes may open a new database at once.
func Open(ctx context.Context, db *sql.DB, dialect Dialect, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	if db == nil {
		return nil, errors.New("sqljournal: db is nil")
	}
	if dialect.name == "" {
		return nil, errors.New("sqljournal: dialect is empty: choose one of this package, such as sqljournal.SQLite")
	}
	if err := CheckPrefix(opts.Prefix); err != nil {
		return nil, err
	}
	if err := checkName("schema", opts.Schema); err != nil {
		return nil, err
	}
	if opts.Schema != "" && !dialect.schemas {
		return nil, fmt.Errorf("sqljournal: schema %q: %s has no schemas, use a prefix", opts.Schema, dialect)
	}
	s := &Store{
		db:       db,
		readOnly: opts.ReadOnly,
		server:   dialect.server,
		put:      with(opts, dialect.put),
		blocks:   with(opts, dialect.blocks),
		erasing:  dialect.erasing,
		replace:  with(opts, dialect.replace),
		clean:    with(opts, dialect.clean),
		table:    opts.Prefix + "blocks",
	}
	if err := prepare(ctx, db, dialect, opts); err != nil {
		return nil, err
	}
	return s, nil
}

var validName = regexp.MustCompile(`^([a-z][a-z0-9_]*)?$`)

// CheckPrefix returns an error for an [Options.Prefix] that [Open] refuses.
func CheckPrefix(p string) error { return checkName("prefix", p) }

func checkName(field, name string) error {
	if len(name) > MaxPrefix {
		return fmt.Errorf("sqljournal: %s of %d bytes: the limit is %d", field, len(name), MaxPrefix)
	}
	if !validName.MatchString(name) {
		return fmt.Errorf("sqljournal: %s %q: must be lower-case letters, digits and underscores, beginning with a letter", field, name)
	}
	return nil
}

// Put implements [journal.Store]. It is one statement that inserts one row.
//
// The context ends the waiting for a connection. Once the statement is on its way, Put waits for the answer of the
// database: a driver that gives up earlier leaves a commit behind that may still happen, after the caller has looked.
// What bounds that time are the settings of the database and the connection (busy timeout, statement_timeout, TCP
// keepalive).
//
// When the connection to a server breaks meanwhile, the server may still complete the statement. Put then sends it once more, on another connection,
// which waits for the first and so settles what became of it. If that fails too, the error wraps [journal.ErrUnknownOutcome].
func (s *Store) Put(ctx context.Context, n uint64, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := journal.CheckBlockSize(block); err != nil {
		return err
	}
	if s.readOnly {
		return ErrReadOnly
	}
	if n >= math.MaxInt64 {
		return fmt.Errorf("sqljournal: block %d: %w", n, journal.ErrConflict)
	}
	answered, err := s.insert(ctx, n, block)
	if answered || !s.server {
		return err
	}
	switch _, again := s.insert(context.WithoutCancel(ctx), n, block); {
	case again == nil:
		return nil
	case errors.Is(again, journal.ErrConflict):
		return err // the block that is there may be this one: the caller looks
	default:
		return fmt.Errorf("%w: %w", journal.ErrUnknownOutcome, errors.Join(err, again))
	}
}

// insert runs the statement put on a connection of its own. It reports false for answered when the statement was sent, and no answer of the database
// came.
func (s *Store) insert(ctx context.Context, n uint64, block []byte) (answered bool, err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return true, fmt.Errorf("sqljournal: storing block %d: %w", n, err) // nothing was sent
	}
	defer conn.Close()
	result, err := conn.ExecContext(context.WithoutCancel(ctx), s.put, int64(n), block)
	for try := 1; hasState(err, serializationFailure) && try < maxTries; try++ {
		result, err = conn.ExecContext(context.WithoutCancel(ctx), s.put, int64(n), block)
	}
	if hasState(err, uniqueViolation) {
		return true, fmt.Errorf("sqljournal: block %d: %w: %w", n, journal.ErrConflict, err)
	}
	if err != nil {
		return sqlState(err) != "", fmt.Errorf("sqljournal: storing block %d: %w", n, err)
	}
	stored, err := result.RowsAffected()
	if err != nil {
		return true, fmt.Errorf("sqljournal: storing block %d: %w", n, err)
	}
	if stored == 0 {
		return true, fmt.Errorf("sqljournal: block %d: %w", n, journal.ErrConflict)
	}
	return true, nil
}

// Blocks implements [journal.Store]. A page has [MaxPageBlocks] blocks at most and ends with the block that
// reaches [MaxPageBytes]. Its cost is that of the rows it reads.
func (s *Store) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limit <= 0 || n > math.MaxInt64 {
		return nil, nil
	}
	for try := 1; ; try++ {
		page, err := s.page(ctx, n, limit)
		if !hasState(err, serializationFailure) || try == maxTries {
			return page, err
		}
	}
}

// What a statement may meet in sessions with a stricter isolation level than read committed: SQLSTATE codes.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001" // given up, without effect, for the sake of another transaction

	// maxTries is how often a statement is sent that the database gives up.
	maxTries = 100
)

// hasState reports whether err is a database's error with this SQLSTATE.
func hasState(err error, state string) bool { return sqlState(err) == state }

// sqlState returns the SQLSTATE of a database's error, and "" if err is none.
func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if !errors.As(err, &coded) {
		return ""
	}
	return coded.SQLState()
}

// page reads one page.
func (s *Store) page(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	rows, err := s.db.QueryContext(ctx, s.blocks, int64(n), min(limit, MaxPageBlocks))
	if err != nil {
		return nil, fmt.Errorf("sqljournal: reading block %d: %w", n, err)
	}
	defer rows.Close()
	var page [][]byte
	for size := 0; size < MaxPageBytes && rows.Next(); {
		var number uint64
		var block []byte
		if err := rows.Scan(&number, &block); err != nil {
			return nil, fmt.Errorf("sqljournal: reading block %d: %w", n+uint64(len(page)), err)
		}
		if want := n + uint64(len(page)); number != want {
			if len(page) > 0 {
				return page, nil // what is before the gap is good; the next page says the rest
			}
			return nil, &journal.CorruptError{
				Block:  want,
				Reason: fmt.Sprintf("is missing from table %s, block %d is there", s.table, number),
			}
		}
		page = append(page, block)
		size += len(block)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqljournal: reading block %d: %w", n+uint64(len(page)), err)
	}
	return page, nil
}
