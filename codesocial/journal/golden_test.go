package journal_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

var update = flag.Bool("update", false, "write the golden files of this package")

// goldenDir holds the blocks that the first version of the format wrote. They are kept for ever: whatever becomes of this
// package, it must read them.
const goldenDir = "testdata/v1"

// goldenStore writes a journal that has one of everything: several blocks, signed and unsigned records, one erased.
func goldenStore(t *testing.T) *journal.MemoryStore {
	t.Helper()
	store := journal.NewMemoryStore()
	j, _ := setup(t, store, reproducible())
	signed := numbered(1, draft("Zoé \"z\" \u2028 \U0001f600", 3))
	signed.Author, signed.Schema = "https://la-trame.example/é", 2
	require.NoError(t, signed.Sign(testKey(9)))
	record(t, j, signed, numbered(2, draft("Ada", 1)))
	record(t, j, numbered(3, draft("Bob", 2)))
	require.NoError(t, j.Erase(t.Context(), 3, "the person asked for it", "urn:example:office"))
	return store
}

func TestBlocksOfTheFirstVersionAreWrittenAsBefore(t *testing.T) {
	t.Parallel()
	for n, b := range blocks(t, goldenStore(t)) {
		path := filepath.Join(goldenDir, fmt.Sprintf("%d.json", n))
		if *update {
			require.NoError(t, os.MkdirAll(goldenDir, 0o755))
			require.NoError(t, os.WriteFile(path, b, 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(b), path)
	}
}

func TestBlocksOfTheFirstVersionAreRead(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	for n := uint64(0); ; n++ {
		b, err := os.ReadFile(filepath.Join(goldenDir, fmt.Sprintf("%d.json", n)))
		if err != nil {
			require.Equal(t, uint64(4), n)
			break
		}
		require.NoError(t, store.Put(t.Context(), n, b))
	}
	const key = "la-trame.example/journal+"
	require.Contains(t, testSigner(t).VerifierKey(), key)
	report, err := journal.Verify(t.Context(), store, testSigner(t).VerifierKey(), nil)
	require.NoError(t, err)
	require.Equal(t, uint64(5), report.Records)
	require.Equal(t, uint64(1), report.Erased)
	require.Equal(t, uint64(1), report.Signed)
	j, h := setup(t, store, nil)
	require.Equal(t, hours{"Zoé \"z\" \u2028 \U0001f600": 3, "Ada": 1}, h)
	r, err := j.Record(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, 2, r.Schema)
	require.Equal(t, "example.hours", r.Kind)
}
