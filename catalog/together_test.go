package catalog_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// proposed records a collective offer to which its partners have consented, and proposes it.
func (w *world) proposed(e catalog.Entry) {
	w.t.Helper()
	w.write(atelier, e)
	w.consent(e, e.Partners...)
	w.step(atelier, e.ID[len(iri("")):], today, catalog.Propose)
}

func (w *world) answer(by, rival string, a catalog.AnswerKind, on codesocial.Date) error {
	answer := catalog.Answer{By: by, Offer: iri("halle"), Rival: iri(rival), Answer: a, On: on}
	if a == catalog.Object {
		answer.Reason = "We have raised frames here for thirty years."
	}
	return w.Answer(w.t.Context(), answer)
}

func TestEachPartnerSignsForJustThisSplit(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := collective("halle")
	w.write(atelier, e)
	w.consent(e, atelier)
	err := w.tryStep(atelier, "halle", today, catalog.Propose)
	require.ErrorIs(t, err, catalog.ErrConsent)
	require.ErrorContains(t, err, fournil)

	require.Error(t, w.tryConsent(e, fournil, keys[scierie]), "signed with the key of another")
	require.ErrorIs(t, w.tryConsent(e, scierie, keys[scierie]), catalog.ErrNotYours)
	unsigned := catalog.ConsentDraft(catalog.Consent{Partner: fournil, Offer: e.ID, Hash: e.Hash(), On: today})
	require.ErrorIs(t, w.Consent(t.Context(), unsigned), catalog.ErrConsent)
	_, err = w.journal.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{unsigned}, nil })
	require.ErrorIs(t, err, catalog.ErrConsent, "nor past the door")

	w.consent(e, fournil)
	size := w.journal.Size()
	w.consent(e, fournil)
	require.Equal(t, size, w.journal.Size(), "once is enough")

	other := e.Clone()
	other.Split[2].Rate, other.Split[3].Rate = dec("0.30"), dec("0.40")
	w.write(atelier, other)
	require.ErrorIs(t, w.tryStep(atelier, "halle", today, catalog.Propose), catalog.ErrConsent, "another split, another consent")
	require.ErrorIs(t, w.tryConsent(e, fournil, keys[fournil]), catalog.ErrConsent, "to a text that is not there any more")
}

func TestASplitHeedsTheBoundsOfTheCharter(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(catalog.Split){
		"introducer": func(s catalog.Split) { s[0].Rate, s[1].Rate = dec("0.15"), dec("0.05") },
		"commons":    func(s catalog.Split) { s[4].Fund = "other" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			e := collective("halle")
			change(e.Split)
			w.write(atelier, e)
			w.consent(e, atelier, fournil)
			err := w.tryStep(atelier, "halle", today, catalog.Propose)
			require.ErrorIs(t, err, catalog.ErrSplit)
			var refused *codesocial.RuleError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, "catalogue-3", refused.Clause.Clause)
		})
	}
}

func TestACollectiveOfferIsHeldBackWithEvidenceUntilTheHolderJoins(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	free := offer("don", ecole)
	free.Price = catalog.Price{Mode: catalog.Gift}
	w.publish(free)
	e := collective("halle")
	w.proposed(e)

	l := w.entry("halle", today)
	require.Len(t, l.Candidates, 1, "what is given away does not compete")
	c := l.Candidates[0]
	require.Equal(t, iri("charpente"), c.Offer)
	require.Equal(t, scierie, c.Holder)
	require.Equal(t, catalog.Asked, c.Standing)
	require.Equal(t, day("2025-03-17"), c.Until)
	require.Equal(t, "catalogue-2", c.Clause.Clause)
	require.Equal(t, []string{"bois", "charpente"}, c.Evidence.Tags)
	require.Equal(t, "0 km apart, radii of 30 and 30 km", c.Evidence.Territory)
	require.Contains(t, c.Evidence.Words, "timber")
	require.True(t, c.Similarity.GreaterThan(dec("0.6")), c.Similarity)

	held := func(err error) *catalog.HeldBack {
		t.Helper()
		var h *catalog.HeldBack
		var refused *codesocial.RuleError
		require.ErrorIs(t, err, catalog.ErrCompetes)
		require.True(t, errors.As(err, &h) && errors.As(err, &refused))
		require.Equal(t, "catalogue-2", refused.Clause.Clause)
		return h
	}
	require.Equal(t, catalog.Asked, held(w.tryStep(bob, "halle", today, catalog.Check)).By[0].Standing)
	require.ErrorIs(t, w.answer(bob, "charpente", catalog.Clear, today), catalog.ErrNotYours)
	require.NoError(t, w.answer(scierie, "charpente", catalog.Join, today))
	require.Equal(t, catalog.Joining, held(w.tryStep(bob, "halle", today, catalog.Check)).By[0].Standing)

	joined := e.Clone()
	joined.Partners = append(joined.Partners, scierie)
	joined.Split[2].Rate = dec("0.20")
	joined.Split = append(joined.Split, catalog.Share{Role: "producer", Party: scierie, Rate: dec("0.20")})
	w.proposed(joined)
	require.Empty(t, w.entry("halle", today).Candidates)
	w.step(bob, "halle", today, catalog.Check)
	w.step(fournil, "halle", today, catalog.Publish)
	require.Equal(t, catalog.Published, w.status("halle", today))
	require.Equal(t, catalog.Published, w.replayed().status("halle", today))
}

func TestAnObjectionHoldsAnOfferBackForEverSilenceDoesNot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.publish(offer("grange", ecole))
	w.proposed(collective("halle"))
	later := day("2025-03-18")
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, day("2025-03-17")))
	require.ErrorIs(t, w.answer(ecole, "grange", catalog.Object, later), catalog.ErrState, "a day too late")
	err := w.tryStep(bob, "halle", later, catalog.Check)
	require.ErrorIs(t, err, catalog.ErrCompetes)
	var h *catalog.HeldBack
	require.ErrorAs(t, err, &h)
	require.Len(t, h.By, 1)
	require.Equal(t, iri("charpente"), h.By[0].Offer)
	require.Equal(t, "We have raised frames here for thirty years.", h.By[0].Reason)

	require.NoError(t, w.answer(scierie, "charpente", catalog.Clear, later), "a holder may think again")
	w.step(bob, "halle", later, catalog.Check)
	w.step(atelier, "halle", later, catalog.Publish)
}

func TestADecisionOfTheCommunityOverrides(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	e := collective("halle")
	w.proposed(e)
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, today))
	o := catalog.Override{By: atelier, Offer: e.ID, On: day("2025-03-20")}
	require.ErrorIs(t, w.Override(t.Context(), o), catalog.ErrState, "nobody has decided")

	at := func(s string) time.Time {
		when, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return when.UTC()
	}
	opening := codesocial.Opening{
		Matter: codesocial.Matter{Kind: catalog.ClearanceMatter, Ref: e.Hash()}, Title: codesocial.Text{"en": "May the hall be offered?"},
		Proposer: bob, At: at("2025-03-10T09:00:00Z"), Opens: at("2025-03-10T10:00:00Z"), Closes: at("2025-03-15T09:00:00Z"),
	}
	w.now = opening.Closes
	require.NoError(t, w.community.Decide(t.Context(), opening, keys[bob]))
	for _, voter := range []string{bob, ecole, ana} {
		ballot := codesocial.Ballot{Decision: opening.ID(), Voter: voter, At: at("2025-03-11T09:00:00Z"), Answer: decision.For}
		require.NoError(t, w.community.Vote(t.Context(), ballot, keys[voter]))
	}
	require.NoError(t, w.community.Close(t.Context(), codesocial.Closing{Decision: opening.ID(), At: opening.Closes}))
	require.NoError(t, w.Override(t.Context(), o))

	l := w.entry("halle", o.On)
	require.Equal(t, opening.ID(), l.Override)
	require.Equal(t, catalog.Overridden, l.Candidates[0].Standing)
	w.step(bob, "halle", o.On, catalog.Check)
	w.step(atelier, "halle", o.On, catalog.Publish)
	require.Equal(t, catalog.Published, w.replayed().status("halle", o.On))

	changed := e.Clone()
	changed.Title = codesocial.Text{"fr": "Halles en bois"}
	require.NoError(t, w.Write(t.Context(), atelier, o.On, changed))
	require.Zero(t, w.entry("halle", o.On).Override, "it was about the text before")
}

func TestWhatAMemberPublishesWhileAnOfferIsProposedIsAskedAboutToo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.proposed(collective("halle"))
	w.publish(offer("charpente", scierie))
	require.ErrorIs(t, w.tryStep(bob, "halle", today, catalog.Check), catalog.ErrCompetes)
	require.NoError(t, w.answer(scierie, "charpente", catalog.Clear, today))

	changed := offer("charpente", scierie)
	changed.Description = codesocial.Text{"fr": "Nous levons aussi des halles en bois local."}
	w.publish(changed)
	require.ErrorIs(t, w.tryStep(bob, "halle", today, catalog.Check), catalog.ErrCompetes, "it reads otherwise now, its holder is asked again")
	require.NoError(t, w.answer(scierie, "charpente", catalog.Clear, today))
	w.step(bob, "halle", today, catalog.Check)
}

func TestALaterOfferDoesNotTakeDownACollectiveOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.proposed(collective("halle"))
	w.step(bob, "halle", today, catalog.Check)
	w.step(atelier, "halle", today, catalog.Publish)
	w.publish(offer("charpente", scierie))
	require.True(t, w.entry("halle", today).Candidates[0].Live)
	require.Zero(t, w.kinds()[catalog.KindDispute])
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, today))
	require.Equal(t, catalog.Published, w.status("halle", today))
	require.Equal(t, 1, w.kinds()[catalog.KindDispute], "a tension can be raised")
	w.step(atelier, "halle", today, catalog.Pause, catalog.Resume)
}

func TestACollectiveOfferThatComesBackAfterItsTimeIsHeldToWhatHoldsForANewOne(t *testing.T) {
	t.Parallel()
	open := func(rivals ...catalog.Entry) *world {
		w := setup(t)
		for _, r := range rivals {
			w.publish(r)
		}
		e := collective("halle")
		e.Valid.Until = today.AddDays(20)
		w.proposed(e)
		for _, r := range rivals {
			require.NoError(t, w.answer(r.Holder, r.ID[len(iri("")):], catalog.Clear, today))
		}
		w.step(bob, "halle", today, catalog.Check)
		w.step(atelier, "halle", today, catalog.Publish)
		return w
	}
	renew := func(w *world, on codesocial.Date) error {
		return w.Step(t.Context(), catalog.Step{By: atelier, Entry: iri("halle"), Move: catalog.Renew, On: on, Until: on.AddDays(30)})
	}

	w := open(offer("charpente", scierie))
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, today), "a holder may think again")
	require.NoError(t, renew(w, today), "what is in sight stays there")
	require.Equal(t, catalog.Published, w.status("halle", today))
	over := today.AddDays(31)
	require.Equal(t, catalog.Expired, w.status("halle", over))
	var held *catalog.HeldBack
	require.ErrorAs(t, renew(w, over), &held)
	require.Equal(t, catalog.Objected, held.By[0].Standing)
	require.Equal(t, catalog.Expired, w.replayed().status("halle", over))
	require.NoError(t, w.answer(scierie, "charpente", catalog.Clear, over))
	require.NoError(t, renew(w, over))
	require.Equal(t, catalog.Published, w.status("halle", over))

	w = open()
	w.publishOn(offer("charpente", scierie), over)
	require.ErrorAs(t, renew(w, over), &held, "nobody has asked the holder")
	require.Equal(t, iri("charpente"), held.By[0].Offer)
}

func TestARequestToJoinNeitherHoldsAnOfferBackForEverNorCostsTheRightToObject(t *testing.T) {
	t.Parallel()
	proposed := func() *world {
		w := setup(t)
		w.publish(offer("charpente", scierie))
		w.proposed(collective("halle"))
		require.NoError(t, w.answer(scierie, "charpente", catalog.Join, day("2025-03-17")))
		require.Equal(t, day("2025-03-31"), w.entry("halle", today).Candidates[0].Until, "as many days again")
		return w
	}
	last, over := day("2025-03-31"), day("2025-04-01")

	w := proposed()
	require.ErrorIs(t, w.tryStep(bob, "halle", last, catalog.Check), catalog.ErrCompetes)
	require.Equal(t, catalog.Joining, w.entry("halle", last).Candidates[0].Standing)
	require.NoError(t, w.answer(scierie, "charpente", catalog.Join, last), "to say it again prolongs nothing")
	require.Equal(t, catalog.Lapsed, w.entry("halle", over).Candidates[0].Standing)
	for _, a := range []catalog.AnswerKind{catalog.Join, catalog.Object} {
		err := w.answer(scierie, "charpente", a, over)
		require.ErrorIs(t, err, catalog.ErrState)
		require.ErrorContains(t, err, "one could "+string(a)+" until 2025-03-31")
	}
	w.step(bob, "halle", over, catalog.Check)
	w.step(atelier, "halle", over, catalog.Publish)
	require.Equal(t, catalog.Published, w.replayed().status("halle", over))

	w = proposed()
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, last), "nobody made it a partner")
	require.ErrorIs(t, w.tryStep(bob, "halle", over, catalog.Check), catalog.ErrCompetes)
	require.ErrorContains(t, w.answer(scierie, "charpente", catalog.Join, over), "one could join until 2025-03-17")
	require.ErrorIs(t, w.replayed().tryStep(bob, "halle", over, catalog.Check), catalog.ErrCompetes)

	w = proposed()
	require.NoError(t, w.answer(scierie, "charpente", catalog.Clear, day("2025-03-20")))
	require.ErrorContains(t, w.answer(scierie, "charpente", catalog.Join, day("2025-03-20")), "one could join until 2025-03-17", "nor does thinking again")
}

func TestTheTimeToObjectIsNotDatedAway(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.proposed(collective("halle"))
	size, over := w.journal.Size(), day("2025-03-18")
	err := w.Catalog.Step(t.Context(), catalog.Step{By: bob, Entry: iri("halle"), Move: catalog.Check, On: over})
	require.ErrorIs(t, err, catalog.ErrInvalid)
	require.ErrorContains(t, err, `"2025-03-18": is after the day of its recording, `+today.String())
	require.Equal(t, size, w.journal.Size())
	w.now = over.In(time.UTC)
	require.NoError(t, w.Catalog.Step(t.Context(), catalog.Step{By: bob, Entry: iri("halle"), Move: catalog.Check, On: over}))

	w = setup(t)
	w.publish(offer("charpente", scierie))
	w.now = over.In(time.UTC)
	w.proposed(collective("halle")) // as of a day on which nobody could see it
	require.Equal(t, day("2025-04-01"), w.entry("halle", over).Candidates[0].Until, "14 days from its recording")
	require.ErrorIs(t, w.tryStep(bob, "halle", day("2025-04-01"), catalog.Check), catalog.ErrCompetes)
	require.ErrorIs(t, w.replayed().tryStep(bob, "halle", day("2025-04-01"), catalog.Check), catalog.ErrCompetes)
	w.step(bob, "halle", day("2025-04-02"), catalog.Check)
}

func TestAnObjectionGoesWithTheOfferThatItStandsFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.proposed(collective("halle"))
	require.NoError(t, w.answer(scierie, "charpente", catalog.Object, today))
	w.step(scierie, "charpente", today, catalog.Withdraw)
	require.Equal(t, catalog.Gone, w.entry("halle", today).Candidates[0].Standing)
	w.step(bob, "halle", today, catalog.Check)
}

func TestAPublicationThatTheFoldWouldNotAllowIsRefusedHoweverItComes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	w.proposed(collective("halle"))
	var text string
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == catalog.KindEntry {
			text = r.ID.String()
		}
	}
	for move, want := range map[string]error{"check": catalog.ErrCompetes, "publish": catalog.ErrState, "expire": catalog.ErrInvalid} {
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
			payload := map[string]string{"entry": iri("halle"), "move": move, "on": today.String(), "text": text}
			return []journal.Draft{{Kind: catalog.KindStep, Author: bob, Payload: payload}}, nil
		})
		require.ErrorIs(t, err, want, move)
	}
}
