package pgjournal

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

var _ journal.Watcher = (*Store)(nil)

// look is how long Wait relies on notifications before it looks by itself: a proxy may swallow them.
const look = 30 * time.Second

// Wait implements [journal.Watcher] by LISTEN and NOTIFY. It holds one connection while it waits, beside those of [Options.Connections]. Through a proxy that pools
// transactions notifications do not arrive, and it looks every half minute.
func (s *Store) Wait(ctx context.Context, n uint64) error {
	conn, err := s.waiting.Conn(ctx)
	if err != nil {
		return fmt.Errorf("pgjournal: waiting for block %d: %w", n, err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		pg := c.(*stdlib.Conn).Conn()
		if _, err := pg.Exec(ctx, "LISTEN "+sqljournal.NotifyChannel); err != nil {
			return errors.Join(err, driver.ErrBadConn)
		}
		// Listening comes before looking, so that no block is missed in between.
		page, err := s.Blocks(ctx, n, 1)
		if err == nil && len(page) == 0 {
			wait, stop := context.WithTimeout(ctx, s.look)
			defer stop()
			_, err = pg.WaitForNotification(wait)
			if wait.Err() != nil && ctx.Err() == nil {
				err = nil // it is time to look
			}
		}
		if err == nil {
			_, err = pg.Exec(ctx, "UNLISTEN "+sqljournal.NotifyChannel)
		}
		if err != nil {
			return errors.Join(err, driver.ErrBadConn) // with what it may still receive, nobody should get it
		}
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("pgjournal: waiting for block %d: %w", n, err)
	}
	return nil
}
