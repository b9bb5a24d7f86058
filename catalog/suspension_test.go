package catalog_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// lenient is a guard that vouches for every measure.
type lenient struct{}

func (lenient) Decode(*journal.Record) (any, error) { return nil, nil }
func (lenient) Apply(*journal.Record, any) error    { return nil }
func (lenient) Reset()                              {}
func (lenient) Allow(*codesocial.Measure) error     { return nil }

// guarded is setup with a guard.
func guarded(t testing.TB) *world {
	w := openWith(t, journal.NewMemoryStore(), codesocial.Guarded(func(*codesocial.State) codesocial.Guard { return lenient{} }))
	require.NoError(t, found(t.Context(), w.community))
	return w
}

func (w *world) measure(m codesocial.Measure) {
	w.t.Helper()
	m.Case = uuid.NewSHA1(uuid.NameSpaceOID, []byte(m.Party+m.From.String()))
	require.NoError(w.t, w.community.Read(func(s *codesocial.State) {
		charter, err := s.InForceOn(m.From)
		require.NoError(w.t, err)
		m.Clause, err = charter.Ref("social-1")
		require.NoError(w.t, err)
	}))
	_, err := w.journal.Update(w.t.Context(), func() ([]journal.Draft, error) { return w.community.State().DraftMeasure(m) })
	require.NoError(w.t, err)
}

func TestOffersAreSuspendedWithTheirHolderAndComeBackWithIt(t *testing.T) {
	t.Parallel()
	w := guarded(t)
	w.publish(offer("charpente", scierie))
	w.publish(need("halle", ecole))
	w.proposed(collectiveWith(scierie))
	w.step(bob, "halle-commune", today, catalog.Check)
	w.step(fournil, "halle-commune", today, catalog.Publish)
	w.measure(codesocial.Measure{Party: scierie, Kind: codesocial.Suspension, From: day("2025-04-01"), Until: day("2025-04-30")})

	for on, want := range map[string]catalog.Status{"2025-03-31": catalog.Published, "2025-04-01": catalog.Suspended, "2025-04-30": catalog.Suspended, "2025-05-01": catalog.Published} {
		require.Equal(t, want, w.status("charpente", day(on)), on)
		require.Equal(t, want, w.status("halle-commune", day(on)), "%s: with a partner", on)
		want := []string{"charpente", "halle", "halle-commune"}
		if w.status("charpente", day(on)) == catalog.Suspended {
			want = []string{"halle"}
		}
		require.Equal(t, want, w.find(day(on), search.Query{}), on)
		require.Equal(t, want, w.replayed().find(day(on), search.Query{}), on)
	}
	require.NoError(t, w.Read(func(s *catalog.State) {
		m, err := s.Matching(day("2025-04-10"), nil)
		require.NoError(t, err)
		best, err := m.Best(iri("halle"), 5)
		require.NoError(t, err)
		require.Empty(t, best)
	}))
	require.ErrorIs(t, w.tryStep(scierie, "charpente", day("2025-04-10"), catalog.Pause), codesocial.ErrNotMember)
	later := catalog.Deal{By: mairie, Offer: iri("charpente"), Client: mairie, On: day("2025-04-10"), Quantity: &catalog.Quantity{Value: dec("1"), Unit: "h"}}
	require.ErrorIs(t, w.Contact(t.Context(), later), catalog.ErrState)
}

// collectiveWith returns an offer of the atelier, the fournil and one more.
func collectiveWith(partner string) catalog.Entry {
	e := collective("halle-commune")
	e.Partners = append(e.Partners, partner)
	e.Split[2].Rate = dec("0.20")
	e.Split = append(e.Split, catalog.Share{Role: "producer", Party: partner, Rate: dec("0.20")})
	return e
}

func TestOffersOfWhoLeavesAreWithdrawn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	require.NoError(t, w.community.Step(t.Context(), codesocial.MembershipStep{Party: scierie, Event: codesocial.EventTakeLeave, On: day("2025-04-01"), By: scierie}, keys[scierie]))
	require.Equal(t, catalog.Published, w.status("charpente", day("2025-04-01")), "on leave one has the rights of a member")
	require.NoError(t, w.community.Step(t.Context(), codesocial.MembershipStep{Party: scierie, Event: codesocial.EventResign, On: day("2025-05-01"), By: scierie}, keys[scierie]))
	require.Equal(t, catalog.Published, w.status("charpente", day("2025-04-30")))
	require.Equal(t, catalog.Withdrawn, w.status("charpente", day("2025-05-01")))
	require.Empty(t, w.find(day("2025-05-01"), search.Query{}))
}

func TestWhoIsKeptFromTheCatalogueCanOnlyTakeDown(t *testing.T) {
	t.Parallel()
	w := guarded(t)
	w.publish(offer("charpente", scierie))
	w.measure(codesocial.Measure{Party: scierie, Kind: codesocial.Restriction, Scope: "catalog", From: day("2025-04-01"), Until: day("2025-04-30")})
	april := day("2025-04-10")
	require.Equal(t, catalog.Published, w.status("charpente", april))
	require.ErrorIs(t, w.Write(t.Context(), scierie, april, offer("autre", scierie)), catalog.ErrNotYours)
	require.NoError(t, w.tryStep(scierie, "charpente", april, catalog.Pause))
	require.ErrorIs(t, w.tryStep(scierie, "charpente", april, catalog.Resume), catalog.ErrNotYours)
	require.NoError(t, w.tryStep(scierie, "charpente", day("2025-05-01"), catalog.Resume))
}
