package sqljournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

var _ journal.Redactor = (*Store)(nil)

// ErrNotCleaned is returned when a block has been replaced, but other processes kept the database from clearing away the old one.
// It goes with the next checkpoint or vacuum.
var ErrNotCleaned = errors.New("sqljournal: the old block is not cleared away yet")

// cleaning is how often, and with which pause, the database is asked to clear away a block that was replaced.
const (
	cleanings     = 300
	cleaningPause = 10 * time.Millisecond
)

// Replace implements [journal.Redactor]. SQLite overwrites the old block in its file (secure_delete) and empties the write-ahead log.
// PostgreSQL removes the old row by VACUUM; its bytes may stay in free space of the table's file, in its write-ahead log and in archives
// of that until they are overwritten or removed. Backups and replicas are out of reach of both.
func (s *Store) Replace(ctx context.Context, n uint64, old, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := journal.CheckBlockSize(block); err != nil {
		return err
	}
	if s.readOnly {
		return ErrReadOnly
	}
	if n > math.MaxInt64 {
		return fmt.Errorf("sqljournal: block %d: %w", n, journal.ErrConflict)
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqljournal: replacing block %d: %w", n, err)
	}
	defer conn.Close()
	whole := context.WithoutCancel(ctx) // as in Put
	if _, err := conn.ExecContext(whole, s.erasing); err != nil {
		return fmt.Errorf("sqljournal: replacing block %d: %w", n, err)
	}
	result, err := conn.ExecContext(whole, s.replace, int64(n), old, block)
	for try := 1; hasState(err, serializationFailure) && try < maxTries; try++ {
		result, err = conn.ExecContext(whole, s.replace, int64(n), old, block)
	}
	if err != nil {
		return fmt.Errorf("sqljournal: replacing block %d: %w", n, err)
	}
	replaced, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("sqljournal: replacing block %d: %w", n, err)
	}
	if replaced == 0 {
		return fmt.Errorf("sqljournal: block %d is not the one to be replaced: %w", n, journal.ErrConflict)
	}
	for range cleanings {
		if done, err := s.cleaned(whole, conn); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: block %d: %w", ErrNotCleaned, n, ctx.Err())
		case <-time.After(cleaningPause):
		}
	}
	return fmt.Errorf("%w: block %d", ErrNotCleaned, n)
}

// cleaned clears away what is not used any more, and reports whether nothing is left.
func (s *Store) cleaned(ctx context.Context, conn *sql.Conn) (bool, error) {
	rows, err := conn.QueryContext(ctx, s.clean)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrNotCleaned, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return true, rows.Err()
	}
	var busy int
	if err := rows.Scan(&busy, new(any), new(any)); err != nil {
		return false, fmt.Errorf("%w: %w", ErrNotCleaned, err)
	}
	return busy == 0, rows.Err()
}
