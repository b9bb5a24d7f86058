package canonical

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlainTextEndsWhereTheFirstByteDoesNotStandForItself(t *testing.T) {
	t.Parallel()
	slowly := func(data []byte, i int) int {
		for i < len(data) && data[i] >= 0x20 && data[i] != '"' && data[i] != '\\' && data[i] < 0x80 {
			i++
		}
		return i
	}
	// Every pair of bytes side by side, among neighbours that are special or nearly so.
	for _, around := range []byte{' ', 'a', '!', '#', '[', ']', 0x7f, 0x80, 0x1f} {
		data := []byte{around, around, around, around, around, around, around, around, around, around}
		for a := range 256 {
			for b := range 256 {
				data[3], data[4] = byte(a), byte(b)
				require.Equal(t, slowly(data, 0), plain(data, 0))
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		data := make([]byte, r.IntN(40))
		for i := range data {
			data[i] = byte(r.IntN(0x70) + 0x1f)
		}
		for i := range data {
			require.Equal(t, slowly(data, i), plain(string(data), i), "%q from %d", data, i)
		}
	}
}
