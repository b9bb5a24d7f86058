package linkeddata

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// listing returns an entry with everything that one can have.
func listing(kind catalog.Kind) catalog.Listing {
	price := decimal.RequireFromString("45.50")
	e := catalog.Entry{
		ID: "https://le-gue.example/catalogue/charpente", Kind: kind, Holder: "https://le-gue.example/org/moulin",
		Title:       codesocial.Text{"fr": "Charpente <b>\"en\" bois</b>", "en": "Frames\\of timber"},
		Description: codesocial.Text{"fr": "Deux lignes\nde texte & d'exemples"},
		Skills:      []catalog.Tag{{Label: "charpente"}, {Concept: "https://skills.example/9", Label: "levage"}}, Themes: []catalog.Tag{{Label: "bois"}},
		Audience: []catalog.Tag{{Label: "communes"}}, Languages: []string{"fr"},
		Where:    catalog.Where{Place: "Le Gué", Point: &catalog.Point{Latitude: 45_750_000, Longitude: -4_850_001}, Radius: 30},
		Capacity: &catalog.Quantity{Value: decimal.NewFromInt(100), Unit: "h"},
		Price:    catalog.Price{Mode: catalog.Fixed, Amount: &price, Currency: "EUR"},
		Licence:  "CC-BY-SA-4.0", Visibility: catalog.Public,
		Images:  []catalog.Image{{URL: "https://le-gue.example/a.png", Alt: codesocial.Text{"fr": "Une grange"}}},
		Credits: []catalog.Credit{{Party: "urn:uuid:00000000-0000-4000-8000-00000000000a", Role: "author"}, {Party: "urn:uuid:00000000-0000-4000-8000-00000000000b", Role: "dessin"}},
		Link:    "https://le-gue.example/page", DerivedFrom: []string{"https://elsewhere.example/plan"},
	}
	switch kind {
	case catalog.Event:
		e.Occasion = &catalog.Occasion{Starts: time.Date(2025, 6, 1, 14, 0, 0, 0, time.UTC), Ends: time.Date(2025, 6, 2, 14, 0, 0, 0, time.UTC)}
	case catalog.Collective:
		e.Partners = []string{"https://le-gue.example/org/moulin", "https://le-gue.example/org/forge"}
		e.Split = catalog.Split{
			{Role: catalog.IntroducerRole, Rate: decimal.RequireFromString("0.05")},
			{Role: "producer", Party: e.Partners[0], Rate: decimal.RequireFromString("0.45")},
			{Role: "producer", Party: e.Partners[1], Rate: decimal.RequireFromString("0.40")},
			{Role: "commons", Fund: "commons", Rate: decimal.RequireFromString("0.10")},
		}
	}
	return catalog.Listing{
		Entry: e, Hash: e.Hash(), Status: catalog.Published,
		Published: codesocial.Date{Year: 2025, Month: 3, Day: 3}, Until: codesocial.Date{Year: 2025, Month: 12, Day: 31},
	}
}

func TestEntriesOfEveryKindAreReadByOthersAsWeWriteThem(t *testing.T) {
	t.Parallel()
	rules := firstVersion(t)
	for kind, want := range map[catalog.Kind][]string{
		catalog.Offer: {"schema:Offer", "vf:Proposal"}, catalog.Collective: {"schema:Offer", "vf:Proposal"}, catalog.Need: {"schema:Demand", "vf:Proposal"},
		catalog.Opportunity: {"schema:Demand", "vf:Proposal"}, catalog.Event: {"pair:Event", "schema:Event"},
	} {
		l := listing(kind)
		require.NoError(t, l.Entry.Check(), kind)
		g := new(Graph)
		require.NoError(t, NewExporter(g, nil).Entry(l, rules))
		n, ok := g.Node(l.Entry.ID)
		require.True(t, ok)
		types := slices.Sorted(slices.Values(n.Types))
		require.Equal(t, want, types, kind)
		requireSameForOthers(t, g)
		if kind == catalog.Event {
			continue
		}
		intent, ok := g.Node(Fragment(l.Entry.ID, "intent"))
		require.True(t, ok)
		side := "vf:receiver"
		if kind.Offers() {
			side = "vf:provider"
		}
		require.True(t, slices.ContainsFunc(intent.Properties, func(p Property) bool { return p.Term == side && p.Value == Ref(l.Entry.Holder) }), kind)
	}
}

func TestJSONLDJSReadsEntriesToTheStatementsThatJSONGoldReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := new(Graph)
	e := NewExporter(g, nil)
	require.NoError(t, e.Catalog(w.community.State(), shelf(t, w.community), day(t, "2025-03-04")))
	for _, kind := range []catalog.Kind{catalog.Offer, catalog.Need, catalog.Opportunity, catalog.Event, catalog.Collective} {
		for _, mode := range []catalog.PriceMode{catalog.Fixed, catalog.Gift, catalog.PayWhatYouWant} {
			l := listing(kind)
			l.Entry.ID += "-" + string(kind) + "-" + string(mode)
			if mode != catalog.Fixed {
				l.Entry.Price = catalog.Price{Mode: mode}
			}
			if mode == catalog.PayWhatYouWant {
				low, high := decimal.RequireFromString("5"), decimal.RequireFromString("20.50")
				l.Entry.Price.Min, l.Entry.Price.Max, l.Entry.Price.Currency = &low, &high, "EUR"
			}
			require.NoError(t, l.Entry.Check())
			require.NoError(t, e.Entry(l, firstVersion(t)))
		}
	}
	for _, class := range []string{"schema:Offer", "schema:Demand", "schema:Event", "vf:Proposal", "vf:Intent", "pair:Event"} {
		require.True(t, slices.ContainsFunc(g.IDs(), func(id string) bool {
			n, _ := g.Node(id)
			return slices.Contains(n.Types, class)
		}), class)
	}
	requireSameForOthers(t, g)
	requireSameForJSONLDJS(t, g)
}

func TestAnErasedEntryIsNotExported(t *testing.T) {
	t.Parallel()
	g := new(Graph)
	require.NoError(t, NewExporter(g, nil).Entry(catalog.Listing{Entry: catalog.Entry{ID: "https://le-gue.example/catalogue/x"}, Erased: true}, firstVersion(t)))
	require.Zero(t, g.Len())
	require.ErrorIs(t, NewExporter(g, nil).Entry(listing(catalog.Offer), nil), ErrInvalid)
	require.ErrorIs(t, NewExporter(g, nil).Catalog(nil, nil, codesocial.Date{}), ErrInvalid)
}

// shelf returns the catalogue of a community with one public offer, and one that is for members only.
func shelf(t testing.TB, community *codesocial.Community) *catalog.State {
	t.Helper()
	state := catalog.NewState(community.State(), nil)
	apply := func(kind string, id uuid.UUID, payload any) {
		b, err := canonical.Marshal(payload)
		require.NoError(t, err)
		r := &journal.Record{ID: id, Kind: kind, Schema: 1, Author: atelier, Payload: b}
		v, err := state.Decode(r)
		require.NoError(t, err)
		require.NoError(t, state.Apply(r, v))
	}
	for i, visibility := range []catalog.Visibility{catalog.Public, catalog.Members} {
		e := listing(catalog.Offer).Entry
		e.ID, e.Holder, e.Visibility = Fragment("https://la-trame.example/catalogue", "offer", ordinal(i)), atelier, visibility
		apply(catalog.KindEntry, recordID(900+i), e)
		for _, move := range []catalog.Move{catalog.Propose, catalog.Publish} {
			apply(catalog.KindStep, uuid.Nil, catalog.Step{Entry: e.ID, Move: move, On: day(t, "2025-03-03"), Text: recordID(900 + i)})
		}
	}
	return state
}

// exportEntries exports a catalogue, and entries of every kind.
func exportEntries(t testing.TB, g *Graph, community *codesocial.Community) {
	t.Helper()
	e := NewExporter(g, nil)
	require.NoError(t, e.Catalog(community.State(), shelf(t, community), day(t, "2025-03-04")))
	for _, kind := range []catalog.Kind{catalog.Offer, catalog.Need, catalog.Event, catalog.Collective} {
		require.NoError(t, e.Entry(listing(kind), firstVersion(t)))
	}
}

func TestACatalogueListsWhatIsPublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := new(Graph)
	require.NoError(t, NewExporter(g, nil).Catalog(w.community.State(), shelf(t, w.community), day(t, "2025-03-04")))
	requireProperty(t, g, CatalogIRI(charter), "vf:lists", Ref("https://la-trame.example/catalogue#offer.1"))
	_, ok := g.Node("https://la-trame.example/catalogue#offer.2")
	require.False(t, ok, "what is for members is not exported")
	requireSameForOthers(t, g)
}
