package main

import (
	"bytes"
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrderAndReceiptStandOrFallTogether(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), filepath.Join(t.TempDir(), "shop.sqlite"), &out))
	require.Equal(t, `order 1 paid with 120.00: refused false; 1 order paid, 1 receipt recorded
order 1 paid with 120.00: refused true; 1 order paid, 1 receipt recorded
order 2 paid with 70.00: refused true; 1 order paid, 1 receipt recorded
`, out.String())
}

func TestOneOfManyPaymentsAtOnceCounts(t *testing.T) {
	t.Parallel()
	s, err := openShop(t.Context(), filepath.Join(t.TempDir(), "shop.sqlite"))
	require.NoError(t, err)
	defer s.db.Close()
	_, err = s.db.ExecContext(t.Context(), `INSERT INTO orders (id, amount) VALUES (1, '1')`)
	require.NoError(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { errs[i] = s.paid(context.Background(), 1, "1") })
	}
	wg.Wait()
	good := 0
	for _, err := range errs {
		if err == nil {
			good++
			continue
		}
		require.ErrorIs(t, err, errNoOrder)
	}
	require.Equal(t, 1, good)
	orders, receipts, err := s.counts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{orders, receipts})
}
