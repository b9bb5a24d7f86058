package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// invent makes n documents of about 70 words each, half of them French and half English, from words that are put together from
// syllables: about as many different ones, in about the proportions (Zipf), as in a real catalogue of that size.
func invent(n int) []Document {
	rng := rand.New(rand.NewPCG(20, 25))
	syllables := strings.Fields("ma me mi mo ru ra re ti to te ta la le li lo sa se si so pa per pi po ca co cu de di do fa fe fi ju no na ner vi va vé tion ment eur age isme")
	lexicon := make([]string, 30_000)
	for i := range lexicon {
		var b strings.Builder
		for range 2 + rng.IntN(3) {
			b.WriteString(syllables[rng.IntN(len(syllables))])
		}
		lexicon[i] = b.String()
	}
	zipf := rand.NewZipf(rng, 1.1, 10, uint64(len(lexicon)-1))
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(lexicon[zipf.Uint64()])
			b.WriteByte(' ')
		}
		return b.String()
	}
	docs := make([]Document, n)
	for i := range docs {
		language := []string{French, English}[i%2]
		docs[i] = Document{
			ID: fmt.Sprintf("https://commons.example/offer/%05d", i), Title: []Text{{language, text(5)}}, Keywords: []Text{{language, text(3)}},
			Body: []Text{{language, text(62)}}, Facets: []Facet{{"kind", fmt.Sprint(i % 5)}, {"price", fmt.Sprint(i % 7)}, {"tag", fmt.Sprint(i % 300)}},
			Places: []Place{{43 + 6*rng.Float64(), -1 + 7*rng.Float64()}},
		}
	}
	return docs
}

func BenchmarkIndex20000(b *testing.B) {
	docs := invent(20_000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		x := New()
		for _, d := range docs {
			require.NoError(b, x.Put(d))
		}
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(docs)), "bytes/doc")
		runtime.KeepAlive(x)
		b.StartTimer()
	}
}

func BenchmarkFind(b *testing.B) {
	docs := invent(20_000)
	x := New()
	for _, d := range docs {
		require.NoError(b, x.Put(d))
	}
	word := func(i int) string { return strings.Fields(docs[i*37%len(docs)].Body[0].Text)[i%60] }
	for _, c := range []struct {
		name  string
		query func(i int) Query
	}{
		{"three words", func(i int) Query { return Query{Text: word(i) + " " + word(i+1) + " " + word(i+2) + " "} }},
		{"three words, filtered and counted", func(i int) Query {
			return Query{
				Text: word(i) + " " + word(i+1) + " " + word(i+2) + " ", Where: []Facet{{"kind", "1"}}, Near: &Near{Place{45, 4}, 200}, Count: []string{"kind", "price"},
			}
		}},
		{"prefix", func(i int) Query { return Query{Text: word(i) + " " + word(i + 1)[:3]} }},
		{"typo", func(i int) Query { return Query{Text: word(i) + " " + word(i + 1)[:3] + "x" + word(i + 1)[3:] + " "} }},
		{"everything", func(int) Query { return Query{Where: []Facet{{"kind", "1"}}, Sort: Newest} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				_, err := x.Find(c.query(i))
				require.NoError(b, err)
				i++
			}
		})
	}
}
