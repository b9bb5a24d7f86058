package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestAnEntryIsPublishedWhenAnotherMemberHasCheckedIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(ana, offer("charpente", atelier))
	require.Equal(t, catalog.Draft, w.status("charpente", today))
	w.step(ana, "charpente", today, catalog.Propose)
	require.ErrorIs(t, w.tryStep(ana, "charpente", today, catalog.Check), catalog.ErrNotYours, "Ana belongs to the holder")
	require.ErrorIs(t, w.tryStep(atelier, "charpente", today, catalog.Publish), catalog.ErrState)
	w.step(bob, "charpente", today, catalog.Check)
	require.ErrorIs(t, w.tryStep(bob, "charpente", today, catalog.Publish), catalog.ErrNotYours)
	require.ErrorIs(t, w.tryStep(mairie, "charpente", today, catalog.Publish), codesocial.ErrNotMember)
	w.step(atelier, "charpente", today, catalog.Publish)
	l := w.entry("charpente", today)
	require.Equal(t, catalog.Published, l.Status)
	require.Equal(t, []string{bob}, l.Checkers)
	require.Equal(t, day("2026-03-03"), l.Until, "the rule lets it be seen for 365 days")
}

func TestANewTextIsANewProposal(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", atelier))
	changed := offer("charpente", atelier)
	changed.Title = codesocial.Text{"fr": "Charpente traditionnelle"}
	w.write(atelier, changed)
	l := w.entry("charpente", today)
	require.Equal(t, catalog.Draft, l.Status)
	require.Empty(t, l.Checkers)
	w.step(atelier, "charpente", today, catalog.Propose)
	w.step(bob, "charpente", today, catalog.Return)
	w.write(atelier, offer("charpente", atelier)) // back to the first text
	require.Equal(t, "Charpente en bois local", w.entry("charpente", today).Entry.Title["fr"])
}

func TestWritingTheSameAgainRecordsNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", atelier))
	size := w.journal.Size()
	same := make([]catalog.Entry, 1000)
	for i := range same {
		same[i] = offer("charpente", atelier)
	}
	w.write(atelier, same...)
	require.Equal(t, size, w.journal.Size())
	require.Equal(t, catalog.Published, w.status("charpente", today), "it stays published")
}

func TestNobodyTakesAnothersEntry(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", atelier))
	err := w.Write(t.Context(), scierie, today, offer("charpente", scierie))
	require.ErrorIs(t, err, catalog.ErrExists)
	err = w.Write(t.Context(), scierie, today, offer("autre", atelier))
	require.ErrorIs(t, err, catalog.ErrNotYours)
	err = w.Write(t.Context(), mairie, today, offer("autre", mairie))
	require.ErrorIs(t, err, codesocial.ErrNotMember)
}

func TestAnEntryExpiresAndIsRenewed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := offer("charpente", atelier)
	e.Valid.Until = day("2025-06-30")
	w.publish(e)
	require.Equal(t, catalog.Published, w.status("charpente", day("2025-06-30")))
	require.Equal(t, catalog.Expired, w.status("charpente", day("2025-07-01")))
	require.ErrorIs(t, w.tryStep(atelier, "charpente", day("2025-07-01"), catalog.Pause), catalog.ErrState)
	err := w.Step(t.Context(), catalog.Step{By: atelier, Entry: e.ID, Move: catalog.Renew, On: day("2025-07-01"), Until: day("2027-01-01")})
	var refused *codesocial.RuleError
	require.ErrorAs(t, err, &refused, "the rule allows 365 days")
	require.Equal(t, "catalogue-1", refused.Clause.Clause)
	require.NoError(t, w.Step(t.Context(), catalog.Step{By: atelier, Entry: e.ID, Move: catalog.Renew, On: day("2025-07-01"), Until: day("2025-12-31")}))
	require.Equal(t, catalog.Published, w.status("charpente", day("2025-12-31")))
	require.Equal(t, catalog.Expired, w.status("charpente", day("2026-01-01")))
}

func TestPausedWithdrawnFulfilled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, name := range []string{"un", "deux"} {
		w.publish(offer(name, atelier))
	}
	w.step(atelier, "un", today, catalog.Pause)
	require.Equal(t, catalog.Paused, w.status("un", today))
	w.step(ana, "un", today, catalog.Resume, catalog.Fulfil)
	require.Equal(t, catalog.Fulfilled, w.status("un", today))
	w.step(atelier, "deux", today, catalog.Withdraw)
	require.ErrorIs(t, w.tryStep(atelier, "deux", today, catalog.Propose), catalog.ErrState)
	require.ErrorIs(t, w.Write(t.Context(), atelier, today, need("deux", atelier)), catalog.ErrState, "withdrawn for good")
}

func TestARuleThatTheCharterLacksIsAskedFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(atelier, offer("charpente", atelier))
	err := w.Step(t.Context(), catalog.Step{By: atelier, Entry: iri("charpente"), Move: catalog.Propose, On: day("2024-12-31")})
	require.Error(t, err, "nothing is in force yet")
	require.Equal(t, catalog.Draft, w.status("charpente", today))
}

func TestStepsAreRecordedAllOrNone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(atelier, offer("un", atelier), offer("deux", atelier))
	size := w.journal.Size()
	step := func(name string, m catalog.Move) catalog.Step {
		return catalog.Step{By: atelier, Entry: iri(name), Move: m, On: today}
	}
	require.ErrorIs(t, w.Step(t.Context(), step("un", catalog.Propose), step("deux", catalog.Publish)), catalog.ErrState)
	require.ErrorIs(t, w.Step(t.Context(), step("un", catalog.Propose), step("un", catalog.Propose)), catalog.ErrInvalid)
	require.ErrorIs(t, w.Step(t.Context(), step("trois", catalog.Propose)), catalog.ErrUnknown)
	require.ErrorIs(t, w.Step(t.Context(), step("un", "expire")), catalog.ErrInvalid, "a day does that")
	require.ErrorIs(t, w.Step(t.Context(), step("un", "")), catalog.ErrInvalid)
	require.Equal(t, size, w.journal.Size())
	require.NoError(t, w.Step(t.Context(), step("un", catalog.Propose), step("deux", catalog.Propose)))
}

func TestTheTextOfAWithdrawnEntryCanBeErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", bob))
	changed := offer("charpente", bob)
	changed.Title = codesocial.Text{"fr": "Charpente ancienne"}
	w.publish(changed)
	deal := w.deal("charpente", "", mairie, "10")
	w.dealSteps(deal, catalog.Negotiate, catalog.Agree, catalog.Deliver, catalog.Confirm)
	var positions []uint64
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == catalog.KindEntry {
			positions = append(positions, r.Position)
		}
	}
	require.ErrorIs(t, w.journal.Erase(t.Context(), positions[1], "asked for", bob), journal.ErrKept)
	w.step(bob, "charpente", day("2025-04-01"), catalog.Withdraw)
	for _, first := range []int{0, 1} {
		require.NoError(t, w.journal.Erase(t.Context(), positions[first], "asked for", bob))
		for _, w := range []*world{w, w.replayed()} {
			require.Equal(t, catalog.Withdrawn, w.status("charpente", today))
		}
	}
	l := w.replayed().entry("charpente", today)
	require.True(t, l.Erased)
	require.Empty(t, l.Entry.Title)
	require.ErrorIs(t, w.Write(t.Context(), bob, today, offer("charpente", bob)), catalog.ErrExists)
}

func TestARequestForErasureIsCarriedOutInOneCall(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(w *world){
		"a draft": func(w *world) { w.write(bob, offer("charpente", bob)) },
		"proposed": func(w *world) {
			w.write(bob, offer("charpente", bob))
			w.step(bob, "charpente", today, catalog.Propose)
		},
		"published": func(w *world) { w.publish(offer("charpente", bob)) },
		"published, and written anew": func(w *world) {
			w.publish(offer("charpente", bob))
			changed := offer("charpente", bob)
			changed.Title = codesocial.Text{"fr": "Charpente ancienne de Bob"}
			w.write(bob, changed)
		},
		"after a deal": func(w *world) {
			w.publish(offer("charpente", bob))
			w.dealSteps(w.deal("charpente", "", mairie, "100"), catalog.Negotiate, catalog.Agree, catalog.Deliver, catalog.Confirm)
		},
		"withdrawn": func(w *world) {
			w.publish(offer("charpente", bob))
			w.step(bob, "charpente", today, catalog.Withdraw)
		},
		"asked about, of one who has left": func(w *world) {
			w.publish(offer("charpente", bob))
			w.proposed(collective("halle"))
			require.NoError(w.t, w.answer(bob, "charpente", catalog.Clear, today))
			require.NoError(w.t, w.community.Step(w.t.Context(), codesocial.MembershipStep{Party: bob, Event: codesocial.EventResign, On: today, By: bob}, keys[bob]))
		},
		"twice": func(w *world) {
			w.publish(offer("charpente", bob))
			require.NoError(w.t, w.Erase(w.t.Context(), bob, iri("charpente"), today, "asked for by the holder"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			prepare(w)
			require.NoError(t, w.Erase(t.Context(), bob, iri("charpente"), today, "asked for by the holder"))
			for _, w := range []*world{w, w.replayed()} {
				l := w.entry("charpente", today)
				require.True(t, l.Erased)
				require.Equal(t, catalog.Withdrawn, l.Status)
				require.Empty(t, l.Entry.Title)
				require.NotContains(t, w.find(today, search.Query{}), "charpente")
				require.NoError(t, w.Read(func(s *catalog.State) {
					c := collective("other")
					require.Empty(t, s.Rivals(&c, dec("0"), today))
				}))
			}
			for r, err := range w.journal.Records(t.Context(), 0) {
				require.NoError(t, err)
				if r.Kind == catalog.KindEntry && !r.Erased() {
					require.NotContains(t, string(r.Payload), iri("charpente"))
				}
			}
			require.Equal(t, w.State().Snapshot(), w.replayed().State().Snapshot())
			require.Error(t, w.Write(t.Context(), bob, today, offer("charpente", bob)), "the IRI is taken for good")
		})
	}
}

func TestWhatOthersRestOnIsNotErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", bob))
	w.proposed(collective("halle"))
	size := w.journal.Size()
	erase := func(by, name, reason string) error { return w.Erase(t.Context(), by, iri(name), today, reason) }
	require.ErrorIs(t, erase(ecole, "charpente", "asked for"), catalog.ErrNotYours)
	require.ErrorIs(t, erase(bob, "charpente", ""), catalog.ErrInvalid)
	require.ErrorIs(t, erase(bob, "nothing", "asked for"), catalog.ErrUnknown)
	require.ErrorIs(t, erase("", "charpente", "asked for"), catalog.ErrInvalid)
	require.ErrorIs(t, erase(atelier, "halle", "asked for"), catalog.ErrState)
	require.Equal(t, size, w.journal.Size())
	deal := w.deal("charpente", "", mairie, "10")
	w.dealSteps(deal, catalog.Negotiate, catalog.Agree)
	require.ErrorIs(t, erase(bob, "charpente", "asked for"), catalog.ErrState)
	require.Equal(t, catalog.Published, w.status("charpente", today))
	w.dealSteps(deal, catalog.Deliver, catalog.Confirm)
	require.NoError(t, erase(bob, "charpente", "asked for"))
	require.Equal(t, catalog.Confirmed, w.replayed().dealing(deal).Status)
	// Where only the last text was erased by its place in the journal, the earlier ones are still not for others to erase.
	w = setup(t)
	w.publish(offer("charpente", bob))
	changed := offer("charpente", bob)
	changed.Title = codesocial.Text{"fr": "Charpente ancienne"}
	w.write(bob, changed)
	w.step(bob, "charpente", today, catalog.Withdraw)
	var last uint64
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == catalog.KindEntry {
			last = r.Position
		}
	}
	require.NoError(t, w.journal.Erase(t.Context(), last, "asked for", bob))
	require.ErrorIs(t, erase(ecole, "charpente", "asked for"), catalog.ErrNotYours)
	require.NoError(t, erase(bob, "charpente", "asked for"))
}
