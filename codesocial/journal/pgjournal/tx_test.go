//go:build unix

package pgjournal_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

// TestRowsOfTheHostAndBlockStandOrFallTogether has several processes' worth of journals write through transactions of pgx, some of which the
// host gives up after the block was handed in.
func TestRowsOfTheHostAndBlockStandOrFallTogether(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	open(t, place, &pgjournal.Options{Schema: schemaOf(place)}) // makes the schema
	_, err = host(t, place).ExecContext(t.Context(), `CREATE TABLE orders (name text PRIMARY KEY)`)
	require.NoError(t, err)
	errGivenUp := errors.New("given up")
	var wg sync.WaitGroup
	errs := make(chan error, 100)
	for p := range 3 {
		store := open(t, place, &pgjournal.Options{Schema: schemaOf(place)})
		j, err := journal.Open(t.Context(), store, signer, nil)
		require.NoError(t, err)
		conn, err := pgx.Connect(t.Context(), place)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
		wg.Go(func() {
			for i := range 12 {
				name := fmt.Sprint(p, "-", i)
				_, err := j.UpdateWithin(context.Background(), func() ([]journal.Draft, error) {
					return []journal.Draft{{Kind: "example.order", Payload: map[string]string{"name": name}}}, nil
				}, func(ctx context.Context, n uint64, block []byte) error {
					tx, err := conn.Begin(ctx)
					if err != nil {
						return err
					}
					defer func() { _ = tx.Rollback(ctx) }()
					if _, err := tx.Exec(ctx, `INSERT INTO orders VALUES ($1)`, name); err != nil {
						return err
					}
					if err := store.PutPgxTx(ctx, tx, n, block); err != nil {
						return err
					}
					if i%4 == 3 {
						return errGivenUp
					}
					return tx.Commit(ctx)
				})
				if (i%4 == 3) != errors.Is(err, errGivenUp) || i%4 != 3 && err != nil {
					errs <- fmt.Errorf("%s: %w", name, err)
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	var orders, records, both int
	db := host(t, place)
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM orders`).Scan(&orders))
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM records WHERE kind = 'example.order'`).Scan(&records))
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM records JOIN orders ON name = payload ->> 'name'`).Scan(&both))
	require.Equal(t, []int{27, 27, 27}, []int{orders, records, both})
}
