package linkeddata

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireJSONLDJS skips the test where the processor is not installed, and fails it there in CI.
func requireJSONLDJS(t *testing.T) (node string) {
	t.Helper()
	const install = "install Node.js 18 or later and run npm ci --ignore-scripts in linkeddata/testdata/npm"
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join("testdata", "npm", "node_modules", "jsonld"))
	}
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("jsonld.js is missing: %s (%v)", install, err)
	}
	if err != nil {
		t.Skipf("jsonld.js is missing: %s (%v)", install, err)
	}
	return node
}

// requireSameForJSONLDJS checks that jsonld.js, with its strictest checks and without a network, reads
// the JSON-LD of a graph to exactly the N-Quads that we write. It orders lines by UTF-16 code units.
func requireSameForJSONLDJS(t *testing.T, g *Graph) {
	t.Helper()
	node := requireJSONLDJS(t)
	var document, nquads, out, complaints bytes.Buffer
	require.NoError(t, WriteJSONLD(&document, g))
	require.NoError(t, WriteNQuads(&nquads, g))
	read := exec.CommandContext(t.Context(), node, "read.js")
	read.Dir = filepath.Join("testdata", "npm")
	read.Stdin, read.Stdout, read.Stderr = &document, &out, &complaints
	require.NoError(t, read.Run(), complaints.String())
	theirs := linesOfText(out.String())
	slices.Sort(theirs)
	requireSameLines(t, linesOfText(nquads.String()), theirs)
}

func TestJSONLDJSReadsOurJSONLDToExactlyOurNQuads(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Logf("seed %d", seed)
		requireSameForJSONLDJS(t, randomGraph{rand.New(rand.NewPCG(seed, 2))}.graph(100))
	}
}
