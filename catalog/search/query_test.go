package search

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBadInputIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	x := New()
	require.NoError(t, x.Put(Document{ID: "a", Title: []Text{{French, "Miel"}}}))
	for name, d := range map[string]Document{
		"id": {}, "long id": {ID: strings.Repeat("x", MaxIDBytes+1)}, "id in Latin-1": {ID: "\xe9"}, "text": {ID: "a", Body: []Text{{French, strings.Repeat("x", MaxTextBytes+1)}}},
		"latitude": {ID: "a", Places: []Place{{91, 0}}}, "longitude": {ID: "a", Places: []Place{{0, math.NaN()}}}, "radius": {ID: "a", Radius: -1},
		"infinite radius": {ID: "a", Radius: math.Inf(1)}, "facet": {ID: "a", Facets: []Facet{{}}}, "facets": {ID: "a", Facets: make([]Facet, MaxFacets+1)},
		"until": {ID: "a", From: day(2), Until: day(1)},
	} {
		err := x.Put(d)
		require.Error(t, err, name)
		require.True(t, isKnown(err), "%s: %v", name, err)
	}
	token, err := x.Find(Query{})
	require.NoError(t, err)
	require.Empty(t, token.Next)
	for name, q := range map[string]Query{
		"text": {Text: strings.Repeat("x", MaxQueryBytes+1)}, "page": {Page: -1}, "great page": {Page: MaxPage + 1}, "sort": {Sort: 9}, "nearest": {Sort: Nearest},
		"near": {Near: &Near{Place{0, 0}, 0}}, "near the pole": {Near: &Near{Place{100, 0}, 1}}, "after": {After: "AAAA"}, "after what": {After: "!"}, "where": {Where: []Facet{{}}},
		"until": {From: day(2), Until: day(1)}, "count": {Count: make([]string, MaxFacets+1)},
	} {
		_, err := x.Find(q)
		require.Error(t, err, name)
		require.True(t, isKnown(err), "%s: %v", name, err)
	}
	r, err := x.Find(Query{Text: "miel"})
	require.NoError(t, err)
	require.Equal(t, 1, r.Total)
}

func isKnown(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "search: ") && (strings.HasSuffix(text, ErrInvalid.Error()) || strings.HasSuffix(text, ErrLimit.Error()))
}

func TestATokenIsForItsQueryAlone(t *testing.T) {
	t.Parallel()
	x := New()
	for _, id := range []string{"a", "b", "c"} {
		require.NoError(t, x.Put(Document{ID: id, Title: []Text{{French, "Miel"}}}))
	}
	r, err := x.Find(Query{Text: "miel", Page: 2})
	require.NoError(t, err)
	require.Len(t, r.Hits, 2)
	_, err = x.Find(Query{Text: "cire", Page: 2, After: r.Next})
	require.ErrorIs(t, err, ErrInvalid)
	r, err = x.Find(Query{Text: "miel", Page: 2, After: r.Next})
	require.NoError(t, err)
	require.Len(t, r.Hits, 1)
	require.Empty(t, r.Next)
}

func TestWhatComesAndGoesBetweenTwoPagesShiftsNothing(t *testing.T) {
	t.Parallel()
	x := New()
	put := func(id string, days int) { require.NoError(t, x.Put(Document{ID: id, Date: day(days)})) }
	for i, id := range []string{"a", "b", "c", "d", "e"} {
		put(id, 10-i)
	}
	first, err := x.Find(Query{Sort: Newest, Page: 2})
	require.NoError(t, err)
	put("new", 20)
	x.Delete("a")
	second, err := x.Find(Query{Sort: Newest, Page: 2, After: first.Next})
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, []string{second.Hits[0].ID, second.Hits[1].ID})
}

func TestDistancesAreThoseOfTheGlobe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b Place
		km   float64
	}{
		{Place{0, 0}, Place{0, 180}, math.Pi * 6371.0088},
		{Place{90, 0}, Place{-90, 77}, math.Pi * 6371.0088},
		{Place{0, 179.5}, Place{0, -179.5}, math.Pi / 180 * 6371.0088},
		{Place{45, 5}, Place{46, 5}, math.Pi / 180 * 6371.0088},
		{Place{45, 5}, Place{45, 5}, 0},
	} {
		require.InDelta(t, c.km, Distance(c.a, c.b), 1e-6)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("menuisier bois", "l'atelier des œuvres", "")
	f.Add("\xff\u0301é", "ﬁ ẞ İ 語", "AAAA")
	f.Add("the le", "a\u200bb", "")
	f.Fuzz(func(t *testing.T, query, text, after string) {
		x := New()
		require.NoError(t, x.Put(Document{ID: "other", Title: []Text{{English, "other words"}}}))
		d := Document{ID: "a", Title: []Text{{French, text}}, Keywords: []Text{{English, text}}, Body: []Text{{"", text}}, Date: time.Unix(0, 0)}
		if x.Put(d) != nil {
			t.Skip()
		}
		if _, err := x.Find(Query{Text: query, After: after}); err != nil && !isKnown(err) {
			t.Fatal(err)
		}
		if len(text) <= MaxQueryBytes {
			if list := split(text); len(list) > 0 && len(list) < MaxQueryWords && !list[0].nothing {
				r, err := x.Find(Query{Text: text})
				require.NoError(t, err)
				require.NotEmpty(t, r.Hits, "a text must be found by its own words: %q", list)
			}
		}
		require.True(t, x.Delete("a"))
		require.Equal(t, 1, x.Len())
	})
}
