package search

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// miniSearch is what testdata/npm/search.js reads and writes.
type miniSearch struct {
	Documents []miniDocument `json:"documents,omitempty"`
	Queries   []string       `json:"queries,omitempty"`
	Index     float64        `json:"index,omitempty"` // ms
	Query     float64        `json:"query,omitempty"` // ms
	Found     [][]string     `json:"found,omitempty"`
}

type miniDocument struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// run hands documents and queries to MiniSearch. It skips the test where that is not installed, and fails it there in CI.
func (m miniSearch) run(t testing.TB) miniSearch {
	t.Helper()
	dir := filepath.Join("testdata", "npm")
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "node_modules", "minisearch"))
	}
	if err != nil {
		const install = "MiniSearch is missing: install Node.js 18 or later and run npm ci --ignore-scripts in catalog/search/testdata/npm (%v)"
		if os.Getenv("CI") != "" {
			t.Fatalf(install, err)
		}
		t.Skipf(install, err)
	}
	in, err := json.Marshal(m)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), node, "--expose-gc", "search.js")
	var complaints bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(in), &complaints
	out, err := cmd.Output()
	require.NoError(t, err, complaints.String())
	require.NoError(t, json.Unmarshal(out, &m))
	return m
}

// lines returns the fields of the lines of a file of testdata that are no comments.
func lines(t testing.TB, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	var list [][]string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			list = append(list, strings.Split(line, "\t"))
		}
	}
	return list
}

// averagePrecision is the mean, over the relevant documents, of the precision at the place where each was found, 0 if it was not.
func averagePrecision(found, relevant []string) float64 {
	hits, sum := 0.0, 0.0
	for i, id := range found {
		if slices.Contains(relevant, id) {
			hits++
			sum += hits / float64(i+1)
		}
	}
	return sum / float64(len(relevant))
}

func TestOnLabelledQueriesItIsAtLeastAsPreciseAsMiniSearch(t *testing.T) {
	t.Parallel()
	x, other := New(), miniSearch{}
	for _, d := range lines(t, "labelled.tsv") {
		require.NoError(t, x.Put(Document{ID: d[0], Title: []Text{{d[1], d[2]}}, Body: []Text{{d[1], d[3]}}}))
		other.Documents = append(other.Documents, miniDocument{d[0], d[2], d[3]})
	}
	queries := lines(t, "queries.tsv")
	require.Len(t, queries, 50)
	for _, q := range queries {
		other.Queries = append(other.Queries, q[0])
	}
	other = other.run(t)
	var ours, theirs, firstOurs, firstTheirs float64
	for i, q := range queries {
		relevant := strings.Fields(q[1])
		r, err := x.Find(Query{Text: q[0]})
		require.NoError(t, err)
		var found []string
		for _, h := range r.Hits {
			found = append(found, h.ID)
		}
		a, b := averagePrecision(found, relevant), averagePrecision(other.Found[i], relevant)
		ours, theirs = ours+a, theirs+b
		if len(found) > 0 && slices.Contains(relevant, found[0]) {
			firstOurs++
		}
		if len(other.Found[i]) > 0 && slices.Contains(relevant, other.Found[i][0]) {
			firstTheirs++
		}
		if a < 1 {
			t.Logf("%q: %.2f, theirs %.2f: want %v, found %v", q[0], a, b, relevant, found[:min(len(found), 5)])
		}
	}
	n := float64(len(queries))
	t.Logf("mean average precision %.3f, of MiniSearch %.3f; first hit right %.2f, of MiniSearch %.2f", ours/n, theirs/n, firstOurs/n, firstTheirs/n)
	require.GreaterOrEqual(t, ours, theirs)
	require.GreaterOrEqual(t, firstOurs, firstTheirs)
}

// BenchmarkAgainstMiniSearch indexes the same 20 000 texts here and there, asks both the same queries in one run, and reports how many times as
// long the other takes.
func BenchmarkAgainstMiniSearch(b *testing.B) {
	docs := invent(20_000)
	other := miniSearch{}
	for _, d := range docs {
		other.Documents = append(other.Documents, miniDocument{d.ID, d.Title[0].Text, d.Keywords[0].Text + d.Body[0].Text})
	}
	for i := range 200 {
		words := strings.Fields(docs[i*97].Body[0].Text)
		other.Queries = append(other.Queries, strings.Join(words[:1+i%3], " "))
	}
	for b.Loop() {
		runtime.GC() // what inventing the texts has left behind is nobody's indexing; there it is the same
		start := time.Now()
		x := New()
		for _, d := range docs {
			require.NoError(b, x.Put(d))
		}
		indexed := time.Now()
		for _, q := range other.Queries {
			_, err := x.Find(Query{Text: q})
			require.NoError(b, err)
		}
		queried := time.Now()
		theirs := other.run(b)
		b.ReportMetric(theirs.Index/float64(indexed.Sub(start).Milliseconds()), "×index")
		b.ReportMetric(theirs.Query/(queried.Sub(indexed).Seconds()*1000), "×query")
	}
}
