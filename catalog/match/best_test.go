package match

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// scheme is a tree of concepts: urn:1 is above urn:2 and urn:3, those above urn:4 to urn:7, and so on.
func scheme(t testing.TB, n int) *taxonomy.Scheme {
	var concepts []taxonomy.Concept
	for i := 1; i <= n; i++ {
		c := taxonomy.Concept{IRI: fmt.Sprint("urn:", i)}
		if i > 1 {
			c.Broader = []string{fmt.Sprint("urn:", i/2)}
		}
		concepts = append(concepts, c)
	}
	s, err := taxonomy.New(concepts)
	require.NoError(t, err)
	return s
}

func randomSide(rng *rand.Rand, id string, lexicon []string, skills int) Side {
	text := func(n int) []search.Text {
		var words []string
		for range n {
			words = append(words, lexicon[int(float64(len(lexicon))*rng.Float64()*rng.Float64()*rng.Float64())])
		}
		return []search.Text{{Language: search.French, Text: strings.Join(words, " ")}}
	}
	s := Side{
		Document: search.Document{ID: id, Title: text(5), Body: text(65), Radius: float64(rng.IntN(30)), Anywhere: rng.IntN(5) == 0},
		Holder:   fmt.Sprint("urn:holder:", rng.IntN(400)), Units: int64(rng.IntN(5)), Served: rng.IntN(4),
	}
	for range rng.IntN(4) {
		s.Skills = append(s.Skills, fmt.Sprint("urn:", 1+rng.IntN(skills)))
	}
	if rng.IntN(4) > 0 {
		s.Places = []search.Place{{Latitude: 43 + 6*rng.Float64(), Longitude: -1 + 7*rng.Float64()}}
	}
	if rng.IntN(3) > 0 {
		s.Languages = []string{[]string{"fr", "en"}[rng.IntN(2)]}
	}
	if rng.IntN(3) > 0 {
		s.Prices = []string{[]string{"fixed", "quote", "gift"}[rng.IntN(3)]}
	}
	if rng.IntN(2) == 0 {
		s.From = time.Date(2025, time.Month(1+rng.IntN(6)), 1, 0, 0, 0, 0, time.UTC)
	}
	if rng.IntN(2) == 0 {
		s.Until = time.Date(2025, time.Month(7+rng.IntN(6)), 1, 0, 0, 0, 0, time.UTC)
	}
	return s
}

var fewWords = strings.Fields("bois pierre terre paille chaux verre papier miel pain levain jardin verger ruche vélo atelier école salle scène son image carte code")

func TestTheBestAreThoseOfANaiveScan(t *testing.T) {
	t.Parallel()
	const seed = 12
	tree := scheme(t, 60)
	for round := range 40 {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		var offers []Side
		for i := range 80 {
			offers = append(offers, randomSide(rng, fmt.Sprintf("urn:offer:%03d", i), fewWords, 60))
			offers[i].Body = nil
		}
		options := &Options{Scheme: tree, Own: round%2 == 0}
		if round%3 == 0 {
			options.Weights = &Weights{Skills: 1, Distance: 5, Fairness: 2}
			options.Require = []Criterion{Price, Distance}
		}
		m, err := New(offers, options)
		require.NoError(t, err)
		rng.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
		shuffled, err := New(offers, options)
		require.NoError(t, err)
		for n := range 20 {
			need := randomSide(rng, fmt.Sprintf("urn:need:%d", n), fewWords, 60)
			want := naive(t, m, need)
			got, err := m.Best(need, 10)
			require.NoError(t, err)
			require.Equal(t, want[:min(10, len(want))], got, "seed %d, round %d", seed, round)
			again, err := shuffled.Best(need, 10)
			require.NoError(t, err)
			require.Equal(t, got, again, "the order of the offers must not matter")
		}
	}
}

// naive scores every offer from the definitions of the criteria, without thresholds.
func naive(t *testing.T, m *Matcher, need Side) []Match {
	text := map[string]int64{}
	require.NoError(t, m.index.Resemble(need.Document, func(number string, share float64) {
		i, err := strconv.Atoi(number)
		require.NoError(t, err)
		text[m.offers[i].ID] = int64(share * Whole)
	}))
	list := []Match{}
	for i := range m.offers {
		o := &m.offers[i]
		skills := int64(0)
		for _, needed := range need.Skills {
			best := int64(0)
			for _, offered := range o.Skills {
				if needed == offered {
					best = Whole
				} else if num, den := m.options.Scheme.Similarity(needed, offered); 2*num >= den {
					best = max(best, int64(num)*Whole/int64(den))
				}
			}
			skills += best
		}
		if len(need.Skills) > 0 {
			skills /= int64(len(need.Skills))
		}
		if skills == 0 && text[o.ID] == 0 || o.Holder == need.Holder && !m.options.Own {
			continue
		}
		match := Match{Offer: o.ID}
		sum, total, refused := int64(0), int64(0), false
		for c := range Criterion(criteria) {
			required := slices.Contains(m.options.Require, c)
			if m.weights[c] == 0 && !required {
				continue
			}
			var value int64
			switch c {
			case Skills:
				if len(need.Skills) == 0 {
					continue
				}
				value = skills
			case Text:
				value = text[o.ID]
			case Distance:
				if len(need.Places) == 0 {
					continue
				}
				value = m.value(c, &need, o)
			case Availability:
				if need.From.IsZero() && need.Until.IsZero() {
					continue
				}
				value = m.value(c, &need, o)
			case Capacity:
				if need.Units == 0 {
					continue
				}
				value = m.value(c, &need, o)
			case Price:
				if len(need.Prices) == 0 {
					continue
				}
				value = m.value(c, &need, o)
			case Language:
				if len(need.Languages) == 0 {
					continue
				}
				value = m.value(c, &need, o)
			case Fairness:
				value = m.value(c, &need, o)
			}
			refused = refused || required && value == 0
			sum += value * m.weights[c]
			total += m.weights[c]
			match.Parts = append(match.Parts, Part{c, m.weights[c], value})
		}
		if match.Score = sum / max(total, 1); match.Score > 0 && !refused {
			list = append(list, match)
		}
	}
	slices.SortFunc(list, func(a, b Match) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Offer, b.Offer)) })
	return list
}

func TestEachCriterionIsWhatItSays(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, d int) time.Time { return time.Date(2025, month, d, 0, 0, 0, 0, time.UTC) }
	m, err := New(nil, nil)
	require.NoError(t, err)
	need := &Side{Units: 4, Prices: []string{"gift", "quote"}, Languages: []string{"fr"}}
	need.Places, need.From, need.Until = []search.Place{{Latitude: 45, Longitude: 5}}, day(1, 1), day(1, 11)
	offer := &Side{Units: 3, Prices: []string{"quote"}, Languages: []string{"en"}, Served: 2}
	offer.Places, offer.Until = []search.Place{{Latitude: 45, Longitude: 5}}, day(1, 6)
	for c, want := range map[Criterion]int64{Distance: Whole, Availability: Whole / 2, Capacity: Whole * 3 / 4, Price: Whole, Language: 0, Fairness: Whole / 3} {
		require.Equal(t, want, m.value(c, need, offer), c.String())
	}
	offer.Places, offer.Radius = []search.Place{{Latitude: 46, Longitude: 5}}, search.Distance(search.Place{Latitude: 45, Longitude: 5}, search.Place{Latitude: 46, Longitude: 5})-50
	require.InDelta(t, Whole/2, m.value(Distance, need, offer), 1)
	offer.Places = nil
	require.Zero(t, m.value(Distance, need, offer))
	offer.From, offer.Until = day(1, 11), time.Time{}
	require.Zero(t, m.value(Availability, need, offer))
	require.Equal(t, int64(Whole), overlap(day(1, 1), time.Time{}, day(3, 1), day(4, 1)))
	require.Zero(t, overlap(day(5, 1), time.Time{}, day(3, 1), day(4, 1)))
}

func TestBadSidesAreRefused(t *testing.T) {
	t.Parallel()
	offer := Side{Document: search.Document{ID: "a"}}
	for name, c := range map[string]struct {
		offers  []Side
		options *Options
	}{
		"twice": {[]Side{offer, offer}, nil}, "units": {[]Side{{Document: offer.Document, Units: -1}}, nil}, "served": {[]Side{{Document: offer.Document, Served: -1}}, nil},
		"weight": {nil, &Options{Weights: &Weights{-1}}}, "weights": {nil, &Options{Weights: &Weights{}}}, "require": {nil, &Options{Require: []Criterion{99}}}, "half": {nil, &Options{HalfKm: -1}},
	} {
		_, err := New(c.offers, c.options)
		require.ErrorIs(t, err, ErrInvalid, name)
	}
	_, err := New([]Side{{Document: offer.Document, Skills: make([]string, MaxSkills+1)}}, nil)
	require.ErrorIs(t, err, ErrLimit)
	m, err := New([]Side{offer}, nil)
	require.NoError(t, err)
	_, err = m.Best(offer, 0)
	require.ErrorIs(t, err, ErrInvalid)
	_, err = m.Best(Side{}, 1)
	require.ErrorIs(t, err, search.ErrInvalid)
}

func BenchmarkBest10Of20000OffersFor2000Needs(b *testing.B) {
	rng := rand.New(rand.NewPCG(8, 8))
	lexicon := make([]string, 20_000)
	for i := range lexicon {
		for range 2 + rng.IntN(3) {
			lexicon[i] += string("bcdfglmnprstv"[rng.IntN(13)]) + string("aeiou"[rng.IntN(5)])
		}
	}
	side := func(id string) Side { return randomSide(rng, id, lexicon, 1000) }
	var offers, needs []Side
	for i := range 20_000 {
		offers = append(offers, side(fmt.Sprint("urn:offer:", i)))
	}
	for i := range 2000 {
		needs = append(needs, side(fmt.Sprint("urn:need:", i)))
	}
	tree := scheme(b, 1000)
	m, err := New(offers, &Options{Scheme: tree})
	require.NoError(b, err)
	for b.Loop() {
		_, err = m.Edges(needs, 10)
		require.NoError(b, err)
	}
}
