// Hosttx shows how a program keeps its own rows and the journal's blocks in one transaction: an order is marked as paid, and the receipt
// of the money recorded, both or neither.
//
//	go run ./examples/hosttx
package main

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver of the program's own database

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

func main() {
	dir, err := os.MkdirTemp("", "hosttx-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := run(context.Background(), filepath.Join(dir, "shop.sqlite"), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// A shop is a program that had a database before it had a journal.
type shop struct {
	db      *sql.DB
	store   *sqljournal.Store
	journal *journal.Journal
}

var errNoOrder = errors.New("there is no such order, or it has been paid")

func openShop(ctx context.Context, path string) (*shop, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, amount TEXT NOT NULL, paid INTEGER NOT NULL DEFAULT 0)`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &shop{db: db}
	if s.store, err = sqljournal.Open(ctx, db, sqljournal.SQLite, nil); err == nil {
		s.journal, err = openJournal(ctx, s.store)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func openJournal(ctx context.Context, store journal.Store) (*journal.Journal, error) {
	_, key, err := ed25519.GenerateKey(nil) // a real program keeps its key
	if err != nil {
		return nil, err
	}
	signer, err := journal.NewSigner("shop.example/journal", key)
	if err != nil {
		return nil, err
	}
	return journal.Open(ctx, store, signer, nil)
}

// paid marks an order as paid and records the receipt, both or neither.
func (s *shop) paid(ctx context.Context, order int, amount string) error {
	receipt := func() ([]journal.Draft, error) {
		return []journal.Draft{{Kind: "shop.receipt", Payload: map[string]string{"order": fmt.Sprint(order), "amount": amount}}}, nil
	}
	_, err := s.journal.UpdateWithin(ctx, receipt, func(ctx context.Context, n uint64, block []byte) error {
		tx, err := s.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after the commit
		result, err := tx.ExecContext(ctx, `UPDATE orders SET paid = 1 WHERE id = ? AND amount = ? AND paid = 0`, order, amount)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return errors.Join(err, errNoOrder)
		}
		if err := s.store.PutTx(ctx, tx, n, block); err != nil {
			return err
		}
		return tx.Commit()
	})
	return err
}

// counts returns how many orders are paid and how many receipts recorded: always the same number.
func (s *shop) counts(ctx context.Context) (orders, receipts int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM orders WHERE paid`).Scan(&orders)
	if err == nil {
		err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM records WHERE kind = 'shop.receipt'`).Scan(&receipts)
	}
	return orders, receipts, err
}

func run(ctx context.Context, path string, w io.Writer) (err error) {
	s, err := openShop(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	if _, err := s.db.ExecContext(ctx, `INSERT INTO orders (id, amount) VALUES (1, '120.00'), (2, '80.00')`); err != nil {
		return err
	}
	for _, try := range []struct {
		order  int
		amount string
	}{{1, "120.00"}, {1, "120.00"}, {2, "70.00"}} {
		err := s.paid(ctx, try.order, try.amount)
		if err != nil && !errors.Is(err, errNoOrder) {
			return err
		}
		orders, receipts, countErr := s.counts(ctx)
		if countErr != nil {
			return countErr
		}
		fmt.Fprintf(w, "order %d paid with %s: refused %t; %d order paid, %d receipt recorded\n", try.order, try.amount, err != nil, orders, receipts)
	}
	return nil
}
