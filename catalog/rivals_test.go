package catalog_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// naiveNear is how near two tags are, as the documentation says it.
func naiveNear(t, u catalog.Tag, scheme *taxonomy.Scheme) decimal.Decimal {
	if t.Concept != "" && u.Concept != "" {
		num, den := scheme.Similarity(t.Concept, u.Concept)
		return decimal.New(int64(num), 0).DivRound(decimal.New(int64(den), 0), 6)
	}
	if label := strings.Join(search.Words(t.Label), " "); label != "" && label == strings.Join(search.Words(u.Label), " ") {
		return decimal.New(1, 0)
	}
	return decimal.Zero
}

// naiveSimilarity is [catalog.Similarity] in decimals, word by word; domain says that the two share theirs.
func naiveSimilarity(a, b *catalog.Entry, scheme *taxonomy.Scheme) (similarity decimal.Decimal, domain bool) {
	tagsOf := func(e *catalog.Entry) []catalog.Tag { return slices.Concat(e.Skills, e.Themes) }
	nearest := func(a, b []catalog.Tag) (sum decimal.Decimal) {
		for _, t := range a {
			best := decimal.Zero
			for _, u := range b {
				best = decimal.Max(best, naiveNear(t, u, scheme))
			}
			sum = sum.Add(best)
		}
		return sum
	}
	var parts []decimal.Decimal
	p, q := tagsOf(a), tagsOf(b)
	tagged := len(p) > 0 && len(q) > 0
	if tagged {
		near := nearest(p, q).Add(nearest(q, p))
		domain = near.Sign() > 0
		parts = append(parts, near.DivRound(decimal.New(int64(len(p)+len(q)), 0), 4))
	}
	all, common := 0, 0
	for language := range a.Title {
		if b.Title[language] == "" {
			continue
		}
		stems := func(e *catalog.Entry) []string {
			var s search.Stemmer
			var list []string
			for _, n := range s.Stems(e.Title[language]+" "+e.Description[language], language) {
				list = append(list, s.Stem(n))
			}
			return list
		}
		x, y := stems(a), stems(b)
		all += len(x) + len(y)
		for _, w := range x {
			if slices.Contains(y, w) {
				common++
			}
		}
	}
	if all > 0 {
		parts = append(parts, decimal.New(int64(2*common), 0).DivRound(decimal.New(int64(all), 0), 4))
	}
	if !tagged {
		domain = common > 0
	}
	if len(parts) == 0 {
		return decimal.Zero, domain
	}
	return decimal.Avg(parts[0], parts[1:]...).Round(4), domain
}

func TestTheRivalsAreThoseThatALookAtAllOffersFinds(t *testing.T) {
	t.Parallel()
	const seed = 41
	rng := rand.New(rand.NewPCG(seed, 0))
	w := setup(t)
	concepts := []taxonomy.Concept{{IRI: "urn:c:wood"}, {IRI: "urn:c:framing", Broader: []string{"urn:c:wood"}}, {IRI: "urn:c:joinery", Broader: []string{"urn:c:wood"}}, {IRI: "urn:c:bread"}}
	scheme, err := taxonomy.New(concepts)
	require.NoError(t, err)
	words := []string{"charpente", "Charpentes", "bois", "halle", "pain", "four", "école", "ecole", "timber", "bread", "the", "le"}
	random := func(name string, kind catalog.Kind) catalog.Entry {
		e := offer(name, pick(rng, []string{atelier, scierie, ecole, bob}))
		if kind == catalog.Collective {
			e = collective(name)
		}
		e.Title, e.Description = codesocial.Text{}, nil
		for _, language := range []string{"fr", "en"} {
			if rng.IntN(3) > 0 || len(e.Title) == 0 {
				e.Title[language] = pick(rng, words) + " " + pick(rng, words) + " " + pick(rng, words)
			}
		}
		e.Skills, e.Themes = nil, nil
		for range rng.IntN(4) {
			tag := catalog.Tag{Label: pick(rng, words)}
			if rng.IntN(2) == 0 {
				tag.Concept = pick(rng, concepts).IRI
			}
			if list := []*[]catalog.Tag{&e.Skills, &e.Themes}[rng.IntN(2)]; !slices.Contains(*list, tag) {
				*list = append(*list, tag)
			}
		}
		switch rng.IntN(4) {
		case 0:
			e.Where = catalog.Where{Remote: true}
		case 1:
			e.Where.Point.Latitude += catalog.Degrees(rng.IntN(2_000_000))
		}
		if rng.IntN(3) == 0 {
			e.Available = []catalog.Period{{From: today.AddDays(rng.IntN(50)), Until: today.AddDays(50 + rng.IntN(50))}}
		}
		if rng.IntN(5) == 0 {
			e.Price = catalog.Price{Mode: catalog.Gift}
		}
		return e
	}
	state := catalog.NewState(w.community.State(), scheme)
	apply := func(kind string, id uuid.UUID, payload any) error {
		b, err := canonical.Marshal(payload)
		require.NoError(t, err)
		r := &journal.Record{ID: id, Kind: kind, Schema: 1, Author: atelier, Payload: b}
		v, err := state.Decode(r)
		require.NoError(t, err)
		return state.Apply(r, v)
	}
	next, found, screened := 0, 0, 0
	for step := range 400 {
		// An offer is written, or written anew, and most often published, sometimes paused or withdrawn.
		kind, name := catalog.Offer, fmt.Sprintf("o%d", rng.IntN(40))
		if rng.IntN(8) == 0 {
			kind, name = catalog.Collective, fmt.Sprintf("c%d", rng.IntN(5))
		}
		e := random(name, kind)
		next++
		id := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, next))
		if apply(catalog.KindEntry, id, e) != nil {
			continue // withdrawn for good
		}
		for _, move := range []catalog.Move{catalog.Propose, catalog.Publish, pick(rng, []catalog.Move{catalog.Pause, catalog.Withdraw, catalog.Renew, catalog.Renew})} {
			if rng.IntN(6) > 0 {
				_ = apply(catalog.KindStep, uuid.Nil, catalog.Step{Entry: e.ID, Move: move, On: today, Text: id})
			}
		}
		if step%10 != 0 {
			continue
		}
		subject, threshold := random("subject", catalog.Collective), decimal.New(int64(rng.IntN(70)), -2)
		var want []catalog.Rival
		for l := range state.Entries(today, catalog.Filter{Kind: catalog.Offer}) {
			if !l.Entry.Price.Commercial() || !subject.Price.Commercial() || l.Entry.Holder == atelier || l.Status != catalog.Published && l.Status != catalog.Paused {
				continue
			}
			similarity, domain := naiveSimilarity(&subject, &l.Entry, scheme)
			require.Equal(t, similarity.String(), catalog.Similarity(&subject, &l.Entry, scheme).String())
			evidence, overlap := catalog.Overlap(&subject, &l.Entry, scheme)
			require.False(t, overlap && !domain)
			if overlap && similarity.GreaterThanOrEqual(threshold) {
				want = append(want, catalog.Rival{Offer: l.Entry.ID, Holder: l.Entry.Holder, Similarity: similarity, Evidence: evidence})
			}
		}
		slices.SortFunc(want, func(a, b catalog.Rival) int {
			return cmp.Or(b.Similarity.Cmp(a.Similarity), strings.Compare(a.Offer, b.Offer))
		})
		got := state.Rivals(&subject, threshold, today)
		require.Len(t, got, len(want), "seed %d, step %d", seed, step)
		for i := range want {
			require.Equal(t, want[i].Offer, got[i].Offer)
			require.Equal(t, want[i].Holder, got[i].Holder)
			require.Equal(t, want[i].Similarity.String(), got[i].Similarity.String())
			require.Equal(t, marshal(t, want[i].Evidence), marshal(t, got[i].Evidence))
		}
		found += len(want)
		// What a collective offer finds among the offers, each of these offers finds it by.
		for l := range state.Entries(today, catalog.Filter{Kind: catalog.Collective}) {
			for _, r := range state.Rivals(&l.Entry, threshold, today) {
				require.True(t, state.FindsTogether(r.Offer, l.Entry.ID, threshold))
				screened++
			}
		}
		for _, beyond := range []string{"1.0001", "1e30", "-5"} {
			require.NotPanics(t, func() { state.Rivals(&subject, dec(beyond), today) })
		}
	}
	require.Greater(t, found, 20)
	require.Greater(t, screened, 10)
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := canonical.Marshal(v)
	require.NoError(t, err)
	return string(b)
}
