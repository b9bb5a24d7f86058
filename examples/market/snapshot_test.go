package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

// TestAllViewsOfTheFairComeBackFromSnapshots folds the fair into its three views, which it takes out of their snapshots again and again on the way.
func TestAllViewsOfTheFairComeBackFromSnapshots(t *testing.T) {
	t.Parallel()
	f := small(t)
	_, err := tell(t.Context(), f, io.Discard)
	require.NoError(t, err)
	kept := func(v journal.Snapshotter) []byte {
		data, err := v.MarshalBinary()
		require.NoError(t, err)
		return data
	}
	state := new(codesocial.State)
	views := []journal.Snapshotter{state, ledger.NewBooks(state), catalog.NewState(state, nil)}
	for r, err := range f.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Position%200 == 77 {
			before := [][]byte{kept(views[0]), kept(views[1]), kept(views[2])}
			state = new(codesocial.State)
			views = []journal.Snapshotter{state, ledger.NewBooks(state), catalog.NewState(state, nil)}
			for i, v := range views {
				require.NoError(t, v.UnmarshalBinary(before[i]))
				require.True(t, bytes.Equal(before[i], kept(v)))
			}
		}
		for _, v := range views {
			read, err := v.Decode(&r)
			require.NoError(t, err)
			if read != nil {
				require.NoError(t, v.Apply(&r, read))
			}
		}
	}
	for i, live := range []journal.Snapshotter{f.community.State(), f.books.Books(), f.catalog.State()} {
		require.True(t, bytes.Equal(kept(live), kept(views[i])), "%T", live)
	}
}
