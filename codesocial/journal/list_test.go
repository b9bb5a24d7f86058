package journal

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAListHoldsWhatASliceHolds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 0))
	var l list[int]
	var want []int
	for range 300 {
		for range r.IntN(chunkLen) {
			l.add(len(want))
			want = append(want, len(want))
		}
		length := len(want)
		switch r.IntN(4) {
		case 0:
			length = r.IntN(len(want) + 1)
		case 1:
			length = len(want) / chunkLen * chunkLen
		}
		want = want[:length]
		l.cut(length)
		require.Equal(t, len(want), l.len)
		for range 20 {
			if len(want) > 0 {
				i := r.IntN(len(want))
				require.Equal(t, want[i], *l.at(i))
			}
		}
		if len(want) > 0 {
			require.Equal(t, len(want)-1, *l.at(len(want) - 1))
		}
	}
	l.cut(0)
	l.add(5)
	require.Equal(t, 5, *l.at(0))
}
