package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// records returns the records by which n entries of seventy words are written, proposed and published.
func records(t testing.TB, n int) []*journal.Record {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	lexicon := make([]string, 8000) // about as many different words as such a catalogue has
	for i := range lexicon {
		var b strings.Builder
		for range 2 + rng.IntN(3) {
			b.WriteString([]string{"char", "pen", "te", "bou", "lan", "ge", "ri", "ma", "çon", "ne", "ver", "pla", "tis", "sa", "mou", "lin"}[rng.IntN(16)])
		}
		lexicon[i] = b.String()
	}
	words := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = lexicon[int(float64(len(lexicon))*rng.Float64()*rng.Float64())]
		}
		return strings.Join(list, " ")
	}
	var list []*journal.Record
	add := func(kind string, id uuid.UUID, payload any) {
		b, err := canonical.Marshal(payload)
		require.NoError(t, err)
		list = append(list, &journal.Record{ID: id, Kind: kind, Schema: 1, Author: scierie, Payload: b})
	}
	for i := range n {
		e := offer(fmt.Sprintf("entry-%d", i), scierie)
		e.Title, e.Description = codesocial.Text{"fr": words(5)}, codesocial.Text{"fr": words(65)}
		e.Skills = []catalog.Tag{{Label: lexicon[rng.IntN(50)]}, {Label: lexicon[50+rng.IntN(50)] + " " + lexicon[rng.IntN(50)]}}
		id := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
		add(catalog.KindEntry, id, e)
		for _, move := range []catalog.Move{catalog.Propose, catalog.Publish} {
			add(catalog.KindStep, uuid.Nil, catalog.Step{Entry: e.ID, Move: move, On: today, Text: id})
		}
	}
	return list
}

// fold folds records into a catalogue.
func fold(t testing.TB, community *codesocial.State, list []*journal.Record) *catalog.State {
	t.Helper()
	state := catalog.NewState(community, nil)
	for _, r := range list {
		v, err := state.Decode(r)
		if err == nil {
			err = state.Apply(r, v)
		}
		require.NoError(t, err)
	}
	return state
}

// BenchmarkFold folds the records of 20 000 published entries of 70 words, index included, and says how much memory an entry takes.
func BenchmarkFold(b *testing.B) {
	w := setup(b)
	const n = 20_000
	list := records(b, n)
	var state *catalog.State
	for b.Loop() {
		state = nil
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		state = fold(b, w.community.State(), list)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/entry")
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/n*1e6, "µs/entry")
	require.Equal(b, n, state.Len())
}

// BenchmarkFind asks a catalogue of 20 000 entries for two words among what can be seen on a day.
func BenchmarkFind(b *testing.B) {
	w := setup(b)
	state := fold(b, w.community.State(), records(b, 20_000))
	for b.Loop() {
		r, err := state.Find(today, search.Query{Text: "charpente boulange ", Count: []string{catalog.FacetKind}})
		require.NoError(b, err)
		require.NotNil(b, r)
	}
}

// BenchmarkRivals looks for the rivals of one collective offer among 20 000 offers.
func BenchmarkRivals(b *testing.B) {
	w := setup(b)
	list := records(b, 20_000)
	state := fold(b, w.community.State(), list)
	c := collective("halle")
	var e catalog.Entry
	require.NoError(b, list[0].Unmarshal(&e))
	c.Skills, c.Title, c.Description = e.Skills, e.Title, e.Description
	for b.Loop() {
		require.NotEmpty(b, state.Rivals(&c, dec("0.3"), today))
	}
}
