package catalog_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
)

func (w *world) find(on codesocial.Date, q search.Query) (ids []string) {
	w.t.Helper()
	require.NoError(w.t, w.Read(func(s *catalog.State) {
		r, err := s.Find(on, q)
		require.NoError(w.t, err)
		for _, h := range r.Hits {
			ids = append(ids, h.ID[len(iri("")):])
		}
	}))
	return ids
}

func TestOnlyWhatIsPublishedIsFoundAndOnlyAsLongAsItIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	all := search.Query{}
	w.write(atelier, offer("brouillon", atelier))
	e := offer("charpente", scierie)
	e.Valid.Until = day("2025-06-30")
	w.publish(e)
	june := offer("juin", ecole)
	june.Available = []catalog.Period{{From: day("2025-06-01"), Until: day("2025-06-30")}}
	w.publish(june)
	party := offer("fete", bob)
	party.Kind, party.Title = catalog.Event, codesocial.Text{"fr": "Fête du bois"}
	party.Occasion = &catalog.Occasion{Starts: time.Date(2025, 5, 1, 14, 0, 0, 0, time.UTC), Ends: time.Date(2025, 5, 1, 22, 0, 0, 0, time.UTC)}
	w.publish(party)
	require.Equal(t, []string{"charpente", "fete", "juin"}, w.find(today, all))
	require.Equal(t, []string{"charpente", "juin"}, w.find(day("2025-05-02"), all))
	require.Empty(t, w.find(day("2025-07-01"), all))
	require.Equal(t, []string{"charpente", "fete"}, w.find(today, search.Query{From: day("2025-05-01").In(nil), Until: day("2025-05-02").In(nil)}))
	require.Equal(t, []string{"fete"}, w.find(today, search.Query{Text: "fetes"}), "accents and endings do not matter")
	require.Equal(t, []string{"fete"}, w.find(today, search.Query{Where: []search.Facet{{Name: catalog.FacetKind, Value: "event"}}}))
	w.step(scierie, "charpente", today, catalog.Pause)
	require.Equal(t, []string{"fete", "juin"}, w.find(today, all))
	require.Equal(t, []string{"fete", "juin"}, w.replayed().find(today, all))
}

func TestNeedsAreMatchedWithinWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.publish(offer("grange", atelier))
	paused := offer("pause", atelier)
	w.publish(paused)
	w.step(atelier, "pause", today, catalog.Pause)
	w.publish(need("halle", ecole))
	own := need("mienne", scierie)
	w.publish(own)
	w.dealSteps(w.deal("charpente", "", mairie, "90"), catalog.Negotiate, catalog.Agree)
	require.NoError(t, w.Read(func(s *catalog.State) {
		m, err := s.Matching(today, nil)
		require.NoError(t, err)
		best, err := m.Best(iri("halle"), 10)
		require.NoError(t, err)
		require.Len(t, best, 2, "what is paused takes no part")
		require.Equal(t, iri("grange"), best[0].Offer, "it has enough left, and its holder was served less")
		require.NotEmpty(t, best[0].Parts)
		best, err = m.Best(iri("mienne"), 10)
		require.NoError(t, err)
		require.Len(t, best, 1, "nobody meets her own need")
		_, err = m.Best(iri("rien"), 10)
		require.ErrorIs(t, err, catalog.ErrUnknown)
		for _, pair := range []func(int) ([]catalog.Pairing, error){m.Assign, m.Stable} {
			pairs, err := pair(10)
			require.NoError(t, err)
			given := dec("0")
			for _, p := range pairs {
				require.Equal(t, "h", p.Quantity.Unit)
				if p.Offer == iri("charpente") {
					given = given.Add(p.Quantity.Value)
				}
			}
			require.True(t, given.LessThanOrEqual(dec("10")), "ten hours are left, not %s", given)
		}
	}))
}
