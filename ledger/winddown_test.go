package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

func TestAProjectThatOwesByItsBooksReleasesNothing(t *testing.T) {
	t.Parallel()
	store := setup(t).store
	var books *ledger.Books
	w := openWith(t, store, store, codesocial.WindDownCheck(func(m codesocial.WindDownStep) error { return books.CheckWindDown(m) }))
	step := func(event codesocial.WindDownEvent) error {
		m := codesocial.WindDownStep{Project: pont, Event: event, On: day("2025-07-01"), By: moulin, Reason: "The bridge stands."}
		if event == codesocial.WindDownRelease {
			m.Reason, m.Assets = "", []codesocial.Asset{{ID: "urn:x:plans", Title: codesocial.Text{"en": "Plans of the bridge"}, Licence: "CC-BY-SA-4.0"}}
		}
		return w.community.WindDown(t.Context(), m, key(2))
	}
	require.NoError(t, step(codesocial.WindDownBegin))
	require.ErrorIs(t, step(codesocial.WindDownClear), ledger.ErrState, "there are no books yet")
	books = w.Books()

	paid, given := w.promise(ledger.Claim, "100", "EUR"), w.promise(ledger.Claim, "30", "EUR")
	for _, c := range []*ledger.Commitment{&paid, &given} {
		c.Party, c.Due = ana, codesocial.Date{}
		require.NoError(t, w.Commit(t.Context(), *c))
	}
	size := w.journal.Size()
	err := step(codesocial.WindDownClear)
	require.ErrorIs(t, err, codesocial.ErrRefused)
	require.ErrorContains(t, err, "100 EUR are left of the claim "+paid.ID.String())
	require.Equal(t, size, w.journal.Size(), "nothing is recorded")

	require.NoError(t, w.Receive(t.Context(), w.receipt("1000")))
	x := transfer(1, "2025-07-01", posting(ledger.ProjectAccount(pont), "100", "EUR"), posting(ledger.PartyAccount(ana), "-100", "EUR"))
	x.Project, x.Fulfils = pont, paid.ID
	require.NoError(t, w.Post(t.Context(), x))
	require.ErrorContains(t, step(codesocial.WindDownClear), "30 EUR")
	require.NoError(t, w.Cancel(t.Context(), ledger.Cancellation{By: ana, Commitment: given.ID, On: day("2025-07-01"), Reason: "She gives it to the commons."}))
	require.NoError(t, step(codesocial.WindDownClear))

	late := w.promise(ledger.Claim, "5", "EUR")
	late.Party, late.Due = ana, codesocial.Date{}
	require.NoError(t, w.Commit(t.Context(), late))
	require.ErrorIs(t, step(codesocial.WindDownRelease), codesocial.ErrRefused, "who comes late still comes first")
	require.NoError(t, w.Cancel(t.Context(), ledger.Cancellation{By: ana, Commitment: late.ID, On: day("2025-07-01"), Reason: "Settled by hand."}))
	require.NoError(t, step(codesocial.WindDownRelease))
	require.NoError(t, step(codesocial.WindDownClose))
}
