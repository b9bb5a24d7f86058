package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALexiconRemembersEveryWordWhereverItStands(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 9))
	letters := []rune("abcé語") // of one, two and three bytes
	l, want := new(lexicon), map[string]int32{}
	for step := range 20_000 {
		var b strings.Builder
		for range 1 + rng.IntN(10)*rng.IntN(4) {
			b.WriteRune(letters[rng.IntN(len(letters))])
		}
		raw := b.String()
		// The word is packed in the same way at the end of a text, near it, and far from it.
		k := pack(raw, 0, len(raw))
		text := strings.Repeat("x", rng.IntN(20)) + raw + strings.Repeat("é", rng.IntN(12))
		start := strings.Index(text, raw)
		require.Equal(t, k, pack(text, start, start+len(raw)), "%q in %q", raw, text)
		require.Equal(t, len(raw) > 16, k == key{}, raw)

		form, known := want[raw]
		if !known {
			form = unknown
		}
		require.Equal(t, form, l.find(k, raw), "step %d: %q", step, raw)
		if !known {
			want[raw] = int32(step) + nothing
			l.add(k, raw, want[raw])
		}
	}
	require.Equal(t, int32(unknown), (*lexicon)(nil).find(pack("mot", 0, 3), "mot"))
}

func TestALexiconDoesNotKeepWordsLongerThanAnIndexLooksAt(t *testing.T) {
	t.Parallel()
	x := New()
	long := strings.Repeat("à", 90_000)
	for i := range 3 {
		require.NoError(t, x.Put(Document{ID: fmt.Sprint(i), Body: []Text{{French, long[:len(long)-2*i] + " atelier"}}}))
	}
	require.Empty(t, x.known[French].long)
	r, err := x.Find(Query{Text: strings.Repeat("À", 500) + " "})
	require.NoError(t, err)
	require.Len(t, r.Hits, 3)
}
