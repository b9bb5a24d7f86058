package sqljournal

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// PutTx does what Put does within a transaction of the host's on the same database, for [journal.Journal.UpdateWithin]: the block is
// there when the transaction commits, and not otherwise. After an error the transaction must be rolled back; one that wraps
// [journal.ErrConflict] must reach the journal. How durable the commit is, is up to the host's transaction.
func (s *Store) PutTx(ctx context.Context, tx *sql.Tx, n uint64, block []byte) error {
	return s.PutWith(ctx, n, block, func(ctx context.Context, statement string, args ...any) (int64, error) {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return 0, err
		}
		return result.RowsAffected()
	})
}

// PutWith is [Store.PutTx] for transactions that are not of database/sql: exec runs a statement in the host's transaction and returns the number
// of rows that it affected.
func (s *Store) PutWith(ctx context.Context, n uint64, block []byte, exec func(ctx context.Context, statement string, args ...any) (int64, error)) error {
	if err := journal.CheckBlockSize(block); err != nil {
		return err
	}
	if s.readOnly {
		return ErrReadOnly
	}
	if n > math.MaxInt64 {
		return fmt.Errorf("sqljournal: block %d: %w", n, journal.ErrConflict)
	}
	switch stored, err := exec(ctx, s.put, int64(n), block); {
	case hasState(err, uniqueViolation) || hasState(err, serializationFailure):
		return fmt.Errorf("sqljournal: block %d: %w: %w", n, journal.ErrConflict, err)
	case err != nil:
		return fmt.Errorf("sqljournal: storing block %d: %w", n, err)
	case stored == 0:
		return fmt.Errorf("sqljournal: block %d: %w", n, journal.ErrConflict)
	}
	return nil
}
