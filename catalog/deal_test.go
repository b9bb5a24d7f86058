package catalog_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
)

// deal records a contact about hours of an offer.
func (w *world) deal(offer, need, client, hours string) uuid.UUID {
	w.t.Helper()
	w.next++
	d := catalog.Deal{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(w.next)}), By: client, Offer: iri(offer), Client: client, On: today,
		Quantity: &catalog.Quantity{Value: dec(hours), Unit: "h"},
	}
	if need != "" {
		d.Need = iri(need)
	}
	require.NoError(w.t, w.Contact(w.t.Context(), d))
	return d.ID
}

// dealSteps makes moves, each by the side or the sides that the table asks for.
func (w *world) dealSteps(id uuid.UUID, moves ...catalog.DealMove) {
	w.t.Helper()
	for _, m := range moves {
		d := w.dealing(id)
		seller := w.entry(d.Offer[len(iri("")):], today).Entry.Holder
		by := []string{d.Client}
		switch m {
		case catalog.Agree, catalog.Drop:
			by = []string{seller, d.Client}
		case catalog.Deliver:
			by = []string{seller}
		}
		for _, b := range by {
			require.NoError(w.t, w.tryDeal(id, b, m), "%s by %s", m, b)
		}
	}
}

func (w *world) tryDeal(id uuid.UUID, by string, m catalog.DealMove) error {
	st := catalog.DealStep{By: by, Deal: id, Move: m, On: today}
	if m == catalog.Contest {
		st.Reason = "The frame is not the one that was agreed on."
	}
	return w.Deal(w.t.Context(), st)
}

func (w *world) dealing(id uuid.UUID) (d catalog.Dealing) {
	w.t.Helper()
	require.NoError(w.t, w.Read(func(s *catalog.State) {
		var ok bool
		d, ok = s.Deal(id)
		require.True(w.t, ok)
	}))
	return d
}

func TestADealTakesFromBothSidesAndNeverMoreThanThereIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.publish(need("halle", ecole))
	first := w.deal("charpente", "halle", ecole, "40")
	second := w.deal("charpente", "", mairie, "61")
	w.dealSteps(first, catalog.Negotiate, catalog.Agree)
	require.Equal(t, catalog.Reserved, w.status("halle", today), "all 40 hours are promised")
	require.Equal(t, dec("40"), w.entry("charpente", today).Promised.Value)

	w.dealSteps(second, catalog.Negotiate)
	require.NoError(t, w.Read(func(s *catalog.State) {
		left, ok := s.Left(iri("charpente"))
		require.True(t, ok)
		require.Equal(t, "60 h", left.String())
	}))
	require.ErrorIs(t, w.tryDeal(second, mairie, catalog.Agree), catalog.ErrCapacity)
	smaller := catalog.DealStep{By: mairie, Deal: second, Move: catalog.Negotiate, On: today, Quantity: &catalog.Quantity{Value: dec("60"), Unit: "h"}}
	require.NoError(t, w.Deal(t.Context(), smaller))
	w.dealSteps(second, catalog.Agree)
	require.Equal(t, catalog.Reserved, w.status("charpente", today))

	w.dealSteps(second, catalog.Drop)
	require.Equal(t, catalog.Published, w.status("charpente", today), "there is some left again")
	w.dealSteps(first, catalog.Deliver, catalog.Confirm)
	require.Equal(t, catalog.Fulfilled, w.status("halle", today))
	require.Equal(t, catalog.Published, w.status("charpente", today))
	again := w.replayed()
	require.Equal(t, w.dealing(first), again.dealing(first))
	require.Equal(t, w.entry("charpente", today), again.entry("charpente", today))
}

func TestADealNeedsBothSides(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	id := w.deal("charpente", "", mairie, "10")
	require.ErrorIs(t, w.tryDeal(id, mairie, catalog.Agree), catalog.ErrState, "first they talk")
	require.NoError(t, w.tryDeal(id, mairie, catalog.Negotiate))
	require.NoError(t, w.tryDeal(id, mairie, catalog.Agree))
	require.NoError(t, w.tryDeal(id, mairie, catalog.Agree))
	d := w.dealing(id)
	require.Equal(t, catalog.Negotiating, d.Status)
	require.True(t, d.ClientAgrees && !d.SellerAgrees)
	require.NoError(t, w.tryDeal(id, scierie, catalog.Negotiate), "what was agreed to is void")
	require.NoError(t, w.tryDeal(id, scierie, catalog.Agree))
	require.Equal(t, catalog.Negotiating, w.dealing(id).Status)
	require.NoError(t, w.tryDeal(id, mairie, catalog.Agree))
	require.Equal(t, catalog.Agreed, w.dealing(id).Status)
	require.ErrorIs(t, w.tryDeal(id, bob, catalog.Drop), catalog.ErrNotYours)
	require.ErrorIs(t, w.tryDeal(id, mairie, catalog.Deliver), catalog.ErrNotYours)
	require.ErrorIs(t, w.tryStep(scierie, "charpente", today, catalog.Withdraw), catalog.ErrState, "a deal is running")
	less := offer("charpente", scierie)
	less.Capacity.Value = dec("5")
	require.ErrorIs(t, w.Write(t.Context(), scierie, today, less), catalog.ErrCapacity)
}

func TestADisputeOpensATension(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	id := w.deal("charpente", "", ecole, "10")
	w.dealSteps(id, catalog.Negotiate, catalog.Agree, catalog.Deliver)
	require.NoError(t, w.tryDeal(id, ecole, catalog.Contest))
	require.Equal(t, catalog.Disputed, w.dealing(id).Status)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind != catalog.KindDispute {
			continue
		}
		var d catalog.Dispute
		require.NoError(t, r.Unmarshal(&d))
		require.Equal(t, ecole, r.Author)
		require.Equal(t, id, d.Deal)
		require.Equal(t, []string{ecole, scierie}, d.Parties)
		require.Equal(t, "catalogue-1", d.Clause.Clause)
	}
	require.Equal(t, 1, w.kinds()[catalog.KindDispute])
	require.ErrorIs(t, w.tryDeal(id, scierie, catalog.Deliver), catalog.ErrState)
	require.NoError(t, w.tryDeal(id, ecole, catalog.Confirm), "it was settled")
}

// splits returns the payloads of the records "catalog.split".
func (w *world) splits() (list []map[string]canonical.Raw) {
	w.t.Helper()
	for r, err := range w.journal.Records(w.t.Context(), 0) {
		require.NoError(w.t, err)
		if r.Kind == catalog.KindSplit {
			var members map[string]canonical.Raw
			require.NoError(w.t, r.Unmarshal(&members))
			list = append(list, members)
		}
	}
	return list
}

func TestWhenADealIsCashedTheSplitBecomesTheWaterfall(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := collective("halle")
	w.proposed(e)
	w.step(bob, "halle", today, catalog.Check)
	w.step(atelier, "halle", today, catalog.Publish)
	d := catalog.Deal{
		By: bob, Offer: e.ID, Client: mairie, Introducer: bob, On: today, Quantity: &catalog.Quantity{Value: dec("30"), Unit: "h"},
	}
	require.NoError(t, w.Contact(t.Context(), d))
	var id uuid.UUID
	require.NoError(t, w.Read(func(s *catalog.State) {
		for deal := range s.Deals(e.ID) {
			id = deal.ID
		}
	}))
	w.dealSteps(id, catalog.Negotiate, catalog.Agree, catalog.Deliver)
	require.Empty(t, w.splits(), "delivered is not cashed")

	cash := func(receipt uuid.UUID) error {
		return w.Deal(t.Context(), catalog.DealStep{By: fournil, Deal: id, Move: catalog.Cash, On: today, Receipt: receipt})
	}
	require.ErrorIs(t, cash(uuid.New()), catalog.ErrUnknown, "no money, no cash")
	require.ErrorIs(t, cash(w.receipt("", today)), catalog.ErrInvalid, "the receipt does not name the introducer")
	require.ErrorIs(t, cash(w.receipt(ecole, today)), catalog.ErrInvalid)
	paid := w.receipt(bob, today)
	require.NoError(t, cash(paid))
	require.ErrorIs(t, cash(paid), catalog.ErrState, "a receipt cashes one deal")
	require.NoError(t, cash(w.receipt(bob, today)), "a second instalment")
	require.Len(t, w.dealing(id).Receipts, 2)

	splits := w.splits()
	require.Len(t, splits, 1, "the same split holds for both")
	var project, from string
	require.NoError(t, canonical.Unmarshal(splits[0]["project"], &project))
	require.NoError(t, canonical.Unmarshal(splits[0]["from"], &from))
	require.Equal(t, halle, project)
	require.Equal(t, today.String(), from)
	var fall dividend.Waterfall
	require.NoError(t, canonical.Unmarshal(append(append([]byte(`{"lines":`), splits[0]["lines"]...), '}'), &fall), "as in a charter")
	require.NoError(t, fall.Validate())
	require.Equal(t, text(t, e.Split.Waterfall()), text(t, fall))
	var clause codesocial.ClauseRef
	require.NoError(t, canonical.Unmarshal(splits[0]["clause"], &clause))
	require.Equal(t, "catalogue-3", clause.Clause)
	require.NoError(t, w.community.Read(func(s *codesocial.State) {
		_, err := s.Resolve(clause)
		require.NoError(t, err)
	}))
	require.Equal(t, w.dealing(id), w.replayed().dealing(id))
}

func TestContactsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.publish(need("besoin", ecole))
	hours := &catalog.Quantity{Value: dec("10"), Unit: "h"}
	for name, c := range map[string]struct {
		change func(d *catalog.Deal)
		want   error
	}{
		"a need":               {func(d *catalog.Deal) { d.Offer = iri("besoin") }, catalog.ErrInvalid},
		"nothing":              {func(d *catalog.Deal) { d.Offer = iri("rien") }, catalog.ErrUnknown},
		"with oneself":         {func(d *catalog.Deal) { d.Client, d.By = scierie, scierie }, catalog.ErrInvalid},
		"a stranger":           {func(d *catalog.Deal) { d.Client = "https://elsewhere.example/x" }, catalog.ErrUnknown},
		"another's need":       {func(d *catalog.Deal) { d.Need = iri("besoin") }, catalog.ErrInvalid},
		"by somebody else":     {func(d *catalog.Deal) { d.By = ecole }, catalog.ErrNotYours},
		"introducer outside":   {func(d *catalog.Deal) { d.Introducer = "https://elsewhere.example/x" }, catalog.ErrUnknown},
		"introducer no member": {func(d *catalog.Deal) { d.Client, d.By, d.Introducer = ecole, ecole, mairie }, codesocial.ErrNotMember},
		"introducer is seller": {func(d *catalog.Deal) { d.Introducer = scierie }, catalog.ErrInvalid},
		"introducer is client": {func(d *catalog.Deal) { d.Introducer = mairie }, catalog.ErrInvalid},
		"no quantity":          {func(d *catalog.Deal) { d.Quantity = nil }, catalog.ErrInvalid},
		"another unit":         {func(d *catalog.Deal) { d.Quantity = &catalog.Quantity{Value: dec("10"), Unit: "day"} }, catalog.ErrInvalid},
		"less than nothing":    {func(d *catalog.Deal) { d.Quantity = &catalog.Quantity{Value: dec("-1"), Unit: "h"} }, catalog.ErrInvalid},
		"expired":              {func(d *catalog.Deal) { d.On = day("2030-01-01") }, catalog.ErrState},
	} {
		d := catalog.Deal{By: mairie, Offer: iri("charpente"), Client: mairie, Quantity: hours, On: today}
		c.change(&d)
		size := w.journal.Size()
		require.ErrorIs(t, w.Contact(t.Context(), d), c.want, name)
		require.Equal(t, size, w.journal.Size(), name)
	}
}

func TestADisputeNamesTheClauseOnDealsWhichSaysUntilWhenOneCanContest(t *testing.T) {
	t.Parallel()
	charter, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	const last = `"fund": "commons"}}`
	require.Equal(t, 1, strings.Count(string(charter), last))
	for name, c := range map[string]struct {
		rule, clause string
		late         error
	}{
		"no rule on deals": {``, "catalogue-1", nil},
		"ten days":         {`, {"id": "catalogue-4", "text": {"en": "What was delivered can be contested for ten days."}, "rule": {"kind": "catalog.deals", "contest": 10}}`, "catalogue-4", catalog.ErrState},
		"without end":      {`, {"id": "catalogue-4", "text": {"en": "What was delivered can be contested."}, "rule": {"kind": "catalog.deals"}}`, "catalogue-4", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, journal.NewMemoryStore())
			require.NoError(t, foundOn(t.Context(), w.community, []byte(strings.Replace(string(charter), last, last+c.rule, 1))))
			w.publish(offer("charpente", scierie))
			late, early := w.deal("charpente", "", ecole, "10"), w.deal("charpente", "", mairie, "10")
			for _, id := range []uuid.UUID{late, early} {
				w.dealSteps(id, catalog.Negotiate, catalog.Agree, catalog.Deliver)
			}
			contest := func(id uuid.UUID, by string, on codesocial.Date) error {
				return w.Deal(t.Context(), catalog.DealStep{By: by, Deal: id, Move: catalog.Contest, On: on, Reason: "It leaks."})
			}
			require.NoError(t, contest(early, mairie, today.AddDays(10)))
			err := contest(late, ecole, today.AddDays(11))
			require.ErrorIs(t, err, c.late)
			if c.late != nil {
				var refused *codesocial.RuleError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, c.clause, refused.Clause.Clause)
				require.Equal(t, catalog.Delivered, w.dealing(late).Status)
				require.ErrorIs(t, contest(w.replayed().dealing(late).ID, ecole, today.AddDays(11)), c.late)
			}
			disputes := 0
			for r, err := range w.journal.Records(t.Context(), 0) {
				require.NoError(t, err)
				if r.Kind == catalog.KindDispute {
					var d catalog.Dispute
					require.NoError(t, r.Unmarshal(&d))
					require.Equal(t, c.clause, d.Clause.Clause)
					disputes++
				}
			}
			require.Positive(t, disputes)
		})
	}
	require.ErrorIs(t, (&catalog.DealsRule{Contest: -1}).Validate(), catalog.ErrInvalid)
	require.ErrorIs(t, (&catalog.DealsRule{Contest: catalog.MaxDays + 1}).Validate(), catalog.ErrInvalid)
}

// text returns a value as it is recorded.
func text(t testing.TB, v any) string {
	t.Helper()
	b, err := canonical.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// agreed publishes a collective offer and returns a deal on it that both sides have agreed on.
func agreed(w *world) (catalog.Entry, uuid.UUID) {
	w.t.Helper()
	e := collective("halle")
	w.proposed(e)
	w.step(bob, "halle", today, catalog.Check)
	w.step(atelier, "halle", today, catalog.Publish)
	id := w.deal("halle", "", mairie, "30")
	w.dealSteps(id, catalog.Negotiate, catalog.Agree)
	return e, id
}

// A partner who writes another split into the text after the deal, to which nobody has consented, gains nothing by it.
func TestADealIsSharedByTheSplitOnWhichItWasAgreed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e, id := agreed(w)
	other := e.Clone()
	other.Split = catalog.Split{{Role: "producer", Party: atelier, Rate: dec("0.99")}, {Role: "producer", Party: fournil, Rate: dec("0.01")}}
	w.write(atelier, other)
	require.NoError(t, w.Deal(t.Context(), catalog.DealStep{By: atelier, Deal: id, Move: catalog.Cash, On: today, Receipt: w.receipt("", today)}))
	splits := w.splits()
	require.Len(t, splits, 1)
	require.Equal(t, text(t, e.Split.Waterfall().Lines), string(splits[0]["lines"]))
}

// Nor does one who writes a partner out of the text: it is on its side of the deal as before, and the project of those who agreed is paid.
func TestADealStaysWithThePartnersWhoAgreed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e, id := agreed(w)
	other := e.Clone()
	other.Partners = []string{atelier, ecole}
	for i := range other.Split {
		if other.Split[i].Party == fournil {
			other.Split[i].Party = ecole
		}
	}
	w.write(atelier, other)
	cash := catalog.DealStep{By: fournil, Deal: id, Move: catalog.Cash, On: today, Receipt: w.receipt("", today)}
	require.NoError(t, w.Deal(t.Context(), cash))
	splits := w.splits()
	require.Len(t, splits, 1)
	require.Equal(t, text(t, e.Split.Waterfall().Lines), string(splits[0]["lines"]))
	require.NoError(t, w.tryDeal(id, fournil, catalog.Deliver))
	require.ErrorIs(t, w.tryDeal(id, ecole, catalog.Contest), catalog.ErrNotYours)
	require.Equal(t, w.dealing(id), w.replayed().dealing(id))
}

// A split rules over the money of a project. Those who carry it out have consented to the split, or it does not.
func TestTheSplitOfACollectiveOfferDoesNotReachIntoTheProjectsOfOthers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, id := agreed(w)
	const theirs, shared = "https://la-rive.example/project/theirs", "https://la-rive.example/project/shared"
	require.NoError(t, w.community.Register(t.Context(),
		codesocial.Party{ID: theirs, Type: codesocial.Project, Name: "Theirs", Lead: scierie, Partners: []string{scierie}},
		codesocial.Party{ID: shared, Type: codesocial.Project, Name: "Shared", Lead: atelier, Partners: []string{atelier, scierie}}))
	for _, project := range []string{theirs, shared, scierie, "https://la-rive.example/project/none", ""} {
		payload := map[string]string{"amount": "1200.00", "currency": "EUR", "on": today.String()}
		if project != "" {
			payload["project"] = project
		}
		receipt := uuid.NewSHA1(uuid.NameSpaceURL, []byte(project))
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{ID: receipt, Kind: "ledger.receipt", Schema: 1, Payload: payload}}, nil
		})
		require.NoError(t, err)
		err = w.Deal(t.Context(), catalog.DealStep{By: atelier, Deal: id, Move: catalog.Cash, On: today, Receipt: receipt})
		require.ErrorContains(t, err, "receipt", project)
		require.Empty(t, w.splits(), project)
	}
	require.NoError(t, w.Deal(t.Context(), catalog.DealStep{By: atelier, Deal: id, Move: catalog.Cash, On: today, Receipt: w.receipt("", today)}))
}

func TestWhoHasAgreedToOneTextHasNotAgreedToTheNext(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := offer("charpente", scierie)
	w.publish(e)
	id := w.deal("charpente", "", mairie, "10")
	w.dealSteps(id, catalog.Negotiate)
	require.NoError(t, w.tryDeal(id, mairie, catalog.Agree))
	require.True(t, w.dealing(id).ClientAgrees)

	e.Price.Amount = ptr("450.00")
	w.publish(e)
	require.False(t, w.dealing(id).ClientAgrees)
	require.NoError(t, w.tryDeal(id, scierie, catalog.Agree))
	require.Equal(t, catalog.Negotiating, w.dealing(id).Status, "the client agreed to another price")
	require.True(t, w.dealing(id).SellerAgrees)
	require.NoError(t, w.tryDeal(id, mairie, catalog.Agree))
	require.Equal(t, catalog.Agreed, w.dealing(id).Status)
	require.Equal(t, w.dealing(id), w.replayed().dealing(id))
}
