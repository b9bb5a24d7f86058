package search

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASavedSearchNeverShowsADocumentTwiceAndLeavesNoneOut(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	x, saved := New(), &Saved{Query: Query{Text: "atelier jardin", Page: 3}}
	shown, ever := map[string]bool{}, map[string]bool{}
	for step := range 300 {
		id := fmt.Sprintf("urn:%03d", rng.IntN(120))
		if rng.IntN(3) == 0 {
			x.Delete(id)
		} else {
			require.NoError(t, x.Put(Document{ID: id, Title: []Text{{French, "Atelier au jardin"}}}))
			ever[id] = true
		}
		if step%7 == 0 {
			hits, err := saved.Digest(x)
			require.NoError(t, err)
			require.LessOrEqual(t, len(hits), 3)
			for _, h := range hits {
				require.False(t, shown[h.ID], h.ID)
				shown[h.ID] = true
			}
			kept, err := json.Marshal(saved) // a program keeps it in between
			require.NoError(t, err)
			saved = new(Saved)
			require.NoError(t, json.Unmarshal(kept, saved))
		}
	}
	for {
		hits, err := saved.Digest(x)
		require.NoError(t, err)
		if len(hits) == 0 {
			break
		}
		for _, h := range hits {
			require.False(t, shown[h.ID], h.ID)
			shown[h.ID] = true
		}
	}
	for id := range ever {
		require.True(t, shown[id] || !x.Has(id), id)
	}
}
