package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// vocabulary has words of both languages, with accents, common stems, near misses and words without meaning.
var vocabulary = strings.Fields(`menuiserie menuisier menuisiers menuisière atelier ateliers l'atelier l'école écoles ecole cœur coeur électricité
	électricien plombier plomberie formation formations former cuisine cuisinier végétale végétal jardin jardins jardinier le la de et
	carpentry carpenter carpenters workshop workshops training trainer garden gardens gardener cooking cook vegetable plumbing plumber the and of
	1er 2025 bois boisson poisson été ete naïve naive`)

func randomTexts(rng *rand.Rand, most int) []Text {
	var texts []Text
	for range rng.IntN(3) {
		var b strings.Builder
		for range rng.IntN(most + 1) {
			b.WriteString(vocabulary[rng.IntN(len(vocabulary))])
			b.WriteString([]string{" ", ", ", "-", "\n"}[rng.IntN(4)])
		}
		texts = append(texts, Text{[]string{French, English, "eo"}[rng.IntN(3)], b.String()})
	}
	return texts
}

func randomDocument(rng *rand.Rand, id string) Document {
	d := Document{ID: id, Title: randomTexts(rng, 4), Keywords: randomTexts(rng, 2), Body: randomTexts(rng, 12), Date: day(rng.IntN(30))}
	for range rng.IntN(4) {
		d.Facets = append(d.Facets, Facet{[]string{"kind", "price"}[rng.IntN(2)], []string{"a", "b", "c"}[rng.IntN(3)]})
	}
	for range rng.IntN(3) {
		d.Places = append(d.Places, Place{45 + rng.Float64(), 4 + rng.Float64()})
	}
	d.Radius, d.Anywhere = float64(rng.IntN(20)), rng.IntN(5) == 0
	if rng.IntN(2) == 0 {
		d.From = day(rng.IntN(10))
	}
	if rng.IntN(2) == 0 {
		d.Until = day(10 + rng.IntN(10))
	}
	return d
}

func day(n int) time.Time { return time.Date(2025, 3, 1+n, 0, 0, 0, 0, time.UTC) }

func randomQuery(rng *rand.Rand) Query {
	var text []string
	for range rng.IntN(4) {
		word := vocabulary[rng.IntN(len(vocabulary))]
		if letters := []rune(word); rng.IntN(3) == 0 && len(letters) > 2 {
			i := 1 + rng.IntN(len(letters)-2)
			word = string(letters[:i]) + string(letters[i+1:])
		}
		text = append(text, word)
	}
	q := Query{Text: strings.Join(text, " "), All: rng.IntN(4) == 0, Sort: Sort(rng.IntN(3)), Page: 1 + rng.IntN(6), Count: []string{"kind", "price"}}
	if rng.IntN(2) == 0 {
		q.Text += " "
	}
	for range rng.IntN(3) {
		q.Where = append(q.Where, Facet{[]string{"kind", "price"}[rng.IntN(2)], []string{"a", "b", "zz"}[rng.IntN(3)]})
	}
	if rng.IntN(4) == 0 {
		q.Without = append(q.Without, Facet{[]string{"kind", "price"}[rng.IntN(2)], []string{"a", "b", "zz"}[rng.IntN(3)]})
	}
	if q.Sort == Nearest || rng.IntN(3) == 0 {
		q.Near = &Near{Place{45.5, 4.5}, float64(1 + rng.IntN(80))}
	}
	if rng.IntN(3) == 0 {
		q.From = day(rng.IntN(20))
	}
	if rng.IntN(3) == 0 {
		q.Until = day(20 + rng.IntN(5))
	}
	return q
}

// everything asks for all pages.
func everything(t *testing.T, x *Index, q Query) ([]Hit, *Result) {
	t.Helper()
	first, err := x.Find(q)
	require.NoError(t, err)
	hits := first.Hits
	for r := first; r.Next != ""; {
		q.After = r.Next
		r, err = x.Find(q)
		require.NoError(t, err)
		require.NotEmpty(t, r.Hits)
		require.Equal(t, first.Total, r.Total)
		hits = append(hits, r.Hits...)
	}
	require.Len(t, hits, first.Total)
	return hits, first
}

func TestFindingIsEqualToANaiveScanOfAllDocuments(t *testing.T) {
	t.Parallel()
	const seed = 7
	for round := range 60 {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		x, docs := New(), make(map[string]Document)
		for i := range maxColumns * (round % 2) { // then the facets of the documents have no columns
			x.value(Facet{Name: fmt.Sprint("other ", i)})
		}
		for range 40 + rng.IntN(60) {
			id := fmt.Sprintf("urn:%02d", rng.IntN(60))
			if rng.IntN(4) == 0 {
				_, had := docs[id]
				require.Equal(t, had, x.Delete(id))
				delete(docs, id)
				continue
			}
			d := randomDocument(rng, id)
			require.NoError(t, x.Put(d))
			docs[id] = d
		}
		require.Equal(t, len(docs), x.Len())
		for range 30 {
			q := randomQuery(rng)
			hits, first := everything(t, x, q)
			want, counts := naive(docs, q)
			require.Equal(t, len(want), len(hits), "seed %d, round %d: %+v", seed, round, q)
			for i, h := range hits {
				require.Equal(t, want[i].ID, h.ID, "seed %d, round %d, place %d: %+v", seed, round, i, q)
				require.Equal(t, want[i].Score, h.Score, "%+v", q)
				require.Equal(t, want[i].Km, h.Km)
				sum := 0.0
				for _, r := range h.Why {
					sum += r.Score
				}
				require.Equal(t, h.Score, sum, "the reasons of %s for %+v: %+v", h.ID, q, h.Why)
			}
			require.Equal(t, counts, first.Counts, "%+v", q)
		}
	}
}

func TestASpotIsNearWhereTheDistanceSaysSo(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(17, 0))
	anywhere := func() Place { return Place{-90 + 180*rng.Float64(), -180 + 360*rng.Float64()} }
	sure := 0
	for i := range 100_000 {
		a, radius := anywhere(), []float64{0, 1, 20, 1e3, 1e5, math.MaxFloat64}[rng.IntN(6)]
		b := []Place{anywhere(), {a.Latitude, a.Longitude + rng.Float64()}, {min(90, a.Latitude+rng.Float64()), a.Longitude}, a, {-a.Latitude, a.Longitude - 180}}[rng.IntN(5)]
		km := math.Exp(rng.Float64()*14 - 4)
		if i%2 == 0 { // just about where they meet
			km = max(1e-9, Distance(a, b)-radius+rng.Float64()*0.02-0.01)
		}
		d, from := document{places: []Place{b}, radius: radius}, spotOf([]Place{a}, km, false)
		of := spotOf(d.places, radius, false)
		if near, ok := of.within(&from); ok {
			sure++
			require.Equal(t, d.distance(&Near{a, km}) <= km, near, "%v, %v, %g km around %g km", a, b, km, radius)
		}
	}
	require.Greater(t, sure, 40_000)
}

func TestAnIndexIsEqualToOneBuiltAfresh(t *testing.T) {
	t.Parallel()
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, 0))
	x, docs := New(), make(map[string]Document)
	for step := range 1500 {
		id := fmt.Sprintf("urn:%03d", rng.IntN(150))
		if rng.IntN(3) == 0 {
			x.Delete(id)
			delete(docs, id)
		} else {
			docs[id] = randomDocument(rng, id)
			require.NoError(t, x.Put(docs[id]))
		}
		if step%50 != 0 {
			continue
		}
		fresh := New()
		for _, d := range docs {
			require.NoError(t, fresh.Put(d))
		}
		for range 20 {
			q := randomQuery(rng)
			got, err := x.Find(q)
			require.NoError(t, err)
			want, err := fresh.Find(q)
			require.NoError(t, err)
			require.Equal(t, want, got, "seed %d, step %d: %+v", seed, step, q)
		}
	}
}

// naive finds by looking at every word of every document, as the package documentation says it.
func naive(docs map[string]Document, q Query) ([]Hit, []Count) {
	type entry struct{ word, stem string }
	type digest struct {
		Document
		weights map[string]float64 // by stem
		length  float64
	}
	digests, entries, have, total := map[string]*digest{}, map[entry]bool{}, map[string]float64{}, 0.0
	for id, d := range docs {
		g := &digest{Document: d, weights: map[string]float64{}}
		for weight, texts := range [][]Text{1: d.Body, 2: d.Keywords, 3: d.Title} {
			for _, text := range texts {
				words(text.Text, func(word string) {
					if f := fold(word); !stop(f, text.Language) {
						s := stem(word, text.Language)
						g.weights[s] += float64(weight)
						g.length += float64(weight)
						entries[entry{f, s}] = true
					}
				})
			}
		}
		for s := range g.weights {
			have[s]++
		}
		total += g.length
		digests[id] = g
	}
	// What each word of the query may stand for.
	list := split(q.Text)
	meant := make([]map[string]float64, len(list))
	for i, w := range list {
		m := map[string]float64{}
		for e := range entries {
			if e.word == w.folded || e.stem == stem(w.word, French) || e.stem == stem(w.word, English) {
				m[e.stem] = 1
			} else if w.last && strings.HasPrefix(e.word, w.folded) {
				m[e.stem] = max(m[e.stem], 0.5)
			}
		}
		if len(m) == 0 {
			for e := range entries {
				for _, pair := range [][2]string{{w.folded, e.word}, {stem(w.word, French), e.stem}, {stem(w.word, English), e.stem}} {
					if len([]rune(pair[0])) >= 4 && distance([]rune(pair[0]), []rune(pair[1])) == 1 {
						m[e.stem] = 1.0 / 3
					}
				}
			}
		}
		meant[i] = m
	}
	var hits []Hit
	counts := map[Facet]int{}
	for id, g := range digests {
		h := Hit{ID: id}
		found := 0
		for _, m := range meant {
			best := 0.0
			for s, factor := range m {
				if tf := g.weights[s]; tf > 0 {
					n := float64(len(docs))
					rarity := math.Log(1 + (n-have[s]+0.5)/(have[s]+0.5))
					best = max(best, factor*(rarity*tf*2.2/(tf+1.2*(1-0.75+float64(0.75*g.length/(total/n))))))
				}
			}
			if best > 0 {
				found++
				h.Score += best
			}
		}
		if len(list) > 0 && (found == 0 || q.All && found < len(list)) {
			continue
		}
		if !q.Until.IsZero() && !g.From.IsZero() && !g.From.Before(q.Until) || !q.From.IsZero() && !g.Until.IsZero() && !q.From.Before(g.Until) {
			continue
		}
		if q.Near != nil {
			h.Km = math.Inf(1)
			for _, p := range g.Places {
				h.Km = min(h.Km, max(0, Distance(q.Near.Place, p)-g.Radius))
			}
			if g.Anywhere {
				h.Km = 0
			}
			if h.Km > q.Near.Km {
				continue
			}
		}
		if slices.ContainsFunc(q.Without, func(w Facet) bool { return slices.Contains(g.Facets, w) }) {
			continue
		}
		lacking := map[string]bool{}
		for _, w := range q.Where {
			lacking[w.Name] = true
		}
		for _, w := range q.Where {
			if slices.Contains(g.Facets, w) {
				delete(lacking, w.Name)
			}
		}
		seen := map[Facet]bool{}
		for _, f := range g.Facets {
			if !seen[f] && (len(lacking) == 0 || len(lacking) == 1 && lacking[f.Name]) {
				counts[f]++
			}
			seen[f] = true
		}
		if len(lacking) == 0 {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		switch q.Sort {
		case Nearest:
			return cmp.Or(cmp.Compare(a.Km, b.Km), strings.Compare(a.ID, b.ID))
		case Newest:
			return cmp.Or(docs[b.ID].Date.Compare(docs[a.ID].Date), strings.Compare(a.ID, b.ID))
		}
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	var list2 []Count
	for f, n := range counts {
		list2 = append(list2, Count{f, n})
	}
	slices.SortFunc(list2, func(a, b Count) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return hits, list2
}

// distance is the optimal string alignment distance, by its recurrence.
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestOneTypoIsADistanceOfOne(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	alphabet := []rune("abcé語")
	word := func() []rune {
		w := make([]rune, rng.IntN(6))
		for i := range w {
			w[i] = alphabet[rng.IntN(len(alphabet))]
		}
		return w
	}
	for range 200_000 {
		a, b := word(), word()
		require.Equal(t, distance(a, b) == 1, oneTypo(string(a), string(b)), "%q %q", string(a), string(b))
	}
}

func TestWordsAreFoundWhateverTheirFormAndAccents(t *testing.T) {
	t.Parallel()
	x := New()
	for id, text := range map[string]Text{
		"bois": {French, "Menuiserie et charpente : l'Atelier réalise des œuvres en bois"}, "elec": {French, "Électriciens à vélo, travaux d’électricité"},
		"wood": {English, "Carpenters and joiners building furniture"}, "gold": {French, "Bijoux en or recyclé"},
	} {
		require.NoError(t, x.Put(Document{ID: id, Body: []Text{text}}))
	}
	for query, want := range map[string]string{
		"charpentes ": "bois", "oeuvre ": "bois", "ŒUVRE ": "bois", "atelier ": "bois", "d'ateliers ": "bois", "electricien ": "elec", "ÉLECTRICIENNE ": "elec",
		"carpenter ": "wood", "build ": "wood", "furn": "wood", "menuis": "bois", "charpnete ": "bois", "electrcien ": "elec", "bijou ": "gold", "e\u0301lectricite\u0301 ": "elec",
	} {
		r, err := x.Find(Query{Text: query})
		require.NoError(t, err)
		require.NotEmpty(t, r.Hits, "%q", query)
		require.Equal(t, want, r.Hits[0].ID, "%q", query)
	}
	for _, query := range []string{"piano ", "the ", "bo "} {
		r, err := x.Find(Query{Text: query})
		require.NoError(t, err)
		require.Empty(t, r.Hits, "%q", query)
	}
}
