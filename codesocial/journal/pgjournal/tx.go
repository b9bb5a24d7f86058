package pgjournal

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// PutPgxTx is [sqljournal.Store.PutTx] for a transaction of pgx: it stores a block within a transaction of the program that embeds the
// journal, for journal.Journal.UpdateWithin.
func (s *Store) PutPgxTx(ctx context.Context, tx pgx.Tx, n uint64, block []byte) error {
	return s.PutWith(ctx, n, block, func(ctx context.Context, statement string, args ...any) (int64, error) {
		tag, err := tx.Exec(ctx, statement, args...)
		return tag.RowsAffected(), err
	})
}
