package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// FuzzRecords hands records that anybody may have written to the fold: it refuses or takes them, and does not panic.
func FuzzRecords(f *testing.F) {
	w := setup(f)
	w.publish(offer("charpente", scierie))
	w.proposed(collective("halle"))
	deal := w.deal("charpente", "", mairie, "10")
	w.dealSteps(deal, catalog.Negotiate, catalog.Agree, catalog.Deliver)
	saved := w.save(bob, search.Query{})
	require.Len(f, w.digest(bob, saved), 1)
	require.NoError(f, w.EndSearch(f.Context(), bob, saved, today))
	require.NotEqual(f, saved, w.save(bob, search.Query{}))
	var history []journal.Record
	for r, err := range w.journal.Records(f.Context(), 0) {
		require.NoError(f, err)
		history = append(history, r)
		if strings.HasPrefix(r.Kind, "catalog.") {
			f.Add(r.Kind, string(r.Payload), r.Author)
		}
	}
	f.Add("ledger.receipt", `{"project":1}`, "")
	f.Add(catalog.KindDispute, `{}`, "")
	f.Fuzz(func(t *testing.T, kind, payload, author string) {
		if canonical.Valid([]byte(payload)) != nil {
			return
		}
		state := catalog.NewState(w.community.State(), nil)
		apply := func(r *journal.Record) error {
			v, err := state.Decode(r)
			if err != nil || v == nil {
				return err
			}
			return state.Apply(r, v)
		}
		for i := range history {
			require.NoError(t, apply(&history[i]))
		}
		before := text(t, snapshot(state))
		err := apply(&journal.Record{ID: uuid.Nil, Kind: kind, Schema: 1, Author: author, Payload: []byte(payload), Signature: make([]byte, 64)})
		if err != nil {
			require.Equal(t, before, text(t, snapshot(state)), "a record that was refused has changed nothing")
		}
	})
}

// snapshot returns what can be read of a catalogue.
func snapshot(s *catalog.State) (list []map[string]string) {
	for l := range s.Entries(today, catalog.Filter{}) {
		list = append(list, map[string]string{"id": l.Entry.ID, "status": string(l.Status), "hash": l.Hash, "promised": l.Promised.Value.String(), "until": l.Until.String()})
	}
	for d := range s.Deals("") {
		list = append(list, map[string]string{"id": d.ID.String(), "status": string(d.Status)})
	}
	for _, v := range s.Searches(bob) {
		list = append(list, map[string]string{"id": v.ID.String(), "sealed": uuid.NewSHA1(v.ID, v.Sealed).String()})
	}
	return list
}

func TestRecordsReadAsTheyWerePublished(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := collective("halle")
	w.proposed(e)
	w.step(bob, "halle", today, catalog.Check)
	w.step(atelier, "halle", today, catalog.Publish)
	id := w.deal("halle", "", mairie, "10")
	w.dealSteps(id, catalog.Negotiate, catalog.Agree, catalog.Deliver)
	require.NoError(t, w.Deal(t.Context(), catalog.DealStep{By: atelier, Deal: id, Move: catalog.Cash, On: today, Receipt: w.receipt("", today)}))
	require.NoError(t, w.tryDeal(id, mairie, catalog.Contest))
	got := make(map[string]string)
	var hash string
	require.NoError(t, w.community.Read(func(s *codesocial.State) {
		charter, err := s.InForceOn(today)
		require.NoError(t, err)
		hash = charter.Hash()
	}))
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		got[r.Kind] = strings.ReplaceAll(strings.ReplaceAll(string(r.Payload), hash, "HASH"), id.String(), "DEAL")
	}
	require.Equal(t, `{"clause":{"charter":"https://la-rive.example/charter","clause":"catalogue-3","hash":"HASH","version":1},"from":"2025-03-03",`+
		`"lines":[{"id":"introducer","name":{"en":"introducer","fr":"apporteur d’affaires"},"of":"base","rate":"0.05","to":{"group":"introducers"}},`+
		`{"id":"fund-5","name":{"en":"commons","fr":"commons"},"of":"base","rate":"0.1","to":{"fund":"commons"}},`+
		`{"id":"partners","name":{"en":"partners","fr":"partenaires"},"of":"remaining","rate":"1","to":{"parties":[`+
		`{"id":"https://la-rive.example/org/atelier","value":"0.55"},{"id":"https://la-rive.example/org/fournil","value":"0.3"}]}}],`+
		`"offer":"https://la-rive.example/catalogue/halle","project":"https://la-rive.example/project/halle"}`, got[catalog.KindSplit])
	require.Equal(t, `{"clause":{"charter":"https://la-rive.example/charter","clause":"catalogue-1","hash":"HASH","version":1},"deal":"DEAL",`+
		`"offer":"https://la-rive.example/catalogue/halle","on":"2025-03-03","parties":["https://la-rive.example/org/mairie","https://la-rive.example/org/atelier"],`+
		`"reason":"The frame is not the one that was agreed on."}`, got[catalog.KindDispute])

	for kind, payload := range map[string]string{
		catalog.KindSearch: `{"on":"2025-03-03","sealed":"c2VhbGVk"}`, catalog.KindDigest: `{"on":"2025-03-03","search":"00000000-0000-4000-8000-000000000001","told":["00112233445566778899aabbccddeeff"]}`,
		catalog.KindSearchEnd: `{"on":"2025-03-03","search":"00000000-0000-4000-8000-000000000001"}`,
	} {
		v, err := w.State().Decode(&journal.Record{Kind: kind, Schema: 1, Author: bob, Payload: []byte(payload)})
		require.NoError(t, err)
		require.Equal(t, payload, text(t, v))
	}
}

func TestTagsThatAreNearInTheTaxonomyCountAsNear(t *testing.T) {
	t.Parallel()
	concept := func(name string, broader ...string) taxonomy.Concept {
		return taxonomy.Concept{IRI: "https://skills.example/" + name, Broader: broader}
	}
	scheme, err := taxonomy.New([]taxonomy.Concept{
		concept("wood"), concept("framing", "https://skills.example/wood"), concept("joinery", "https://skills.example/wood"), concept("bread"),
	})
	require.NoError(t, err)
	tagged := func(name string) *catalog.Entry {
		e := offer(name, scierie)
		e.Skills, e.Themes = []catalog.Tag{{Concept: "https://skills.example/" + name}}, nil
		return &e
	}
	framing, joinery, bread := tagged("framing"), tagged("joinery"), tagged("bread")
	_, ok := catalog.Overlap(framing, joinery, nil)
	require.False(t, ok, "without a taxonomy they have nothing in common")
	e, ok := catalog.Overlap(framing, joinery, scheme)
	require.True(t, ok)
	require.Equal(t, "0.5", e.TagSimilarity.String(), "twice the depth of what is above both, divided by their depths")
	require.Equal(t, catalog.Similarity(framing, joinery, scheme).String(), catalog.Similarity(joinery, framing, scheme).String())
	_, ok = catalog.Overlap(framing, bread, scheme)
	require.False(t, ok)
}
