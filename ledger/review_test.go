package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

// reviewed returns a world whose charter asks for a window of 15 days, two approvals, and two members to overrule an objection, with 1 000.00 received
// and ana and bob having given an hour each; and the distribution run on 5 January 2026.
func reviewed(t testing.TB) (*world, *ledger.Distribution) {
	t.Helper()
	w := setupWith(t, `"clauses": [
      {"id": "economic-1"`, `"clauses": [
      {"id": "economic-0", "text": {"en": "Everyone can contest a division for 15 days; two members approve it."},
       "rule": {"kind": "ledger.distribution", "window": 15, "approvals": 2, "overrule": 2}},
      {"id": "economic-1"`)
	w.give(t, w.contribution(ana, "1"), w.contribution(bob, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000.00")))
	d, err := w.Distribute(t.Context(), theRun)
	require.NoError(t, err)
	return w, d
}

var theRun = ledger.Run{Project: pont, From: newYear, To: lastDay, On: day("2026-01-05")}

func (w *world) object(t testing.TB, d *ledger.Distribution, by, on string) (uuid.UUID, error) {
	w.next++
	return id(w.next), w.Object(t.Context(), ledger.Objection{ID: id(w.next), By: by, Distribution: d.ID, On: day(on), Reason: "my hours of May are missing"})
}

func (w *world) settle(t testing.TB, objection uuid.UUID, by, reason string) error {
	w.next++
	return w.Settle(t.Context(), ledger.Settlement{ID: id(w.next), By: by, Objection: objection, On: day("2026-01-12"), Reason: reason})
}

func (w *world) approve(t testing.TB, d *ledger.Distribution, by, on string) error {
	w.next++
	return w.Approve(t.Context(), ledger.Approval{ID: id(w.next), By: by, Distribution: d.ID, On: day(on)})
}

func (w *world) state(t testing.TB, d *ledger.Distribution) (e ledger.DistributionEntry) {
	t.Helper()
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var ok bool
		e, ok = b.Distribution(d.ID)
		require.True(t, ok)
	}))
	return e
}

func (w *world) owed(t testing.TB, party string) (s string) {
	t.Helper()
	require.NoError(t, w.Read(func(b *ledger.Books) { s = b.Balance(ledger.PartyAccount(party), "EUR").Neg().StringFixed(2) }))
	return s
}

func TestDistributionIsPostedOnlyAfterItsWindowAndApprovals(t *testing.T) {
	t.Parallel()
	w, d := reviewed(t)
	require.Equal(t, "economic-0", d.Review.Clause.Clause)
	require.Equal(t, ledger.Proposed, w.state(t, d).Status)
	require.Equal(t, "0.00", w.owed(t, ana))

	err := w.approve(t, d, cid, "2026-01-20") // the last day of the window
	require.ErrorIs(t, err, ledger.ErrState)
	require.ErrorContains(t, err, "until 2026-01-20")
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "economic-0", rule.Clause.Clause)

	require.NoError(t, w.approve(t, d, cid, "2026-01-21"))
	size := w.journal.Size()
	require.NoError(t, w.approve(t, d, cid, "2026-01-22"), "approving again records nothing")
	require.Equal(t, size, w.journal.Size())
	require.ErrorIs(t, w.approve(t, d, eve, "2026-01-21"), codesocial.ErrNotMember)
	require.Equal(t, "0.00", w.owed(t, ana))

	require.NoError(t, w.approve(t, d, moulin, "2026-01-21"))
	require.Equal(t, ledger.Posted, w.state(t, d).Status)
	require.Equal(t, []string{cid, moulin}, w.state(t, d).Approvals)
	require.Equal(t, "375.00", w.owed(t, ana))
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
	require.Equal(t, image(t, w), image(t, open(t, w.store)))
}

func TestOpenObjectionHoldsADistributionBack(t *testing.T) {
	t.Parallel()
	w, d := reviewed(t)
	first, err := w.object(t, d, ana, "2026-01-20")
	require.NoError(t, err)
	second, err := w.object(t, d, bob, "2026-01-05")
	require.NoError(t, err)
	_, err = w.object(t, d, cid, "2026-01-21")
	require.ErrorIs(t, err, ledger.ErrState, "the window is over")
	_, err = w.object(t, d, cid, "2026-01-04")
	require.ErrorIs(t, err, ledger.ErrState, "before the run")
	_, err = w.object(t, d, eve, "2026-01-10")
	require.ErrorIs(t, err, codesocial.ErrNotMember)
	require.ErrorIs(t, w.Object(t.Context(), ledger.Objection{By: cid, Distribution: d.ID, On: day("2026-01-10")}), ledger.ErrInvalid, "no reason")
	require.ErrorIs(t, w.Object(t.Context(), ledger.Objection{By: cid, Distribution: id(1), On: day("2026-01-10"), Reason: "x"}), ledger.ErrUnknown)

	require.Equal(t, ledger.Contested, w.state(t, d).Status)
	require.Equal(t, 2, w.state(t, d).Open)
	require.ErrorIs(t, w.approve(t, d, cid, "2026-01-21"), ledger.ErrState)

	// Its author withdraws the second; the first is overruled by two others, with reasons.
	require.NoError(t, w.settle(t, second, bob, ""))
	require.ErrorIs(t, w.settle(t, second, bob, ""), ledger.ErrState)
	require.ErrorIs(t, w.settle(t, first, cid, ""), ledger.ErrInvalid)
	require.ErrorIs(t, w.Settle(t.Context(), ledger.Settlement{By: ana, Objection: first, On: day("2026-01-19")}), ledger.ErrInvalid, "before it was raised")
	overrule := func(by string) error {
		return w.Settle(t.Context(), ledger.Settlement{By: by, Objection: first, On: day("2026-01-22"), Reason: "the hours were refused in June, see the minutes"})
	}
	require.NoError(t, overrule(cid))
	require.ErrorIs(t, overrule(cid), ledger.ErrState)
	require.Equal(t, ledger.Contested, w.state(t, d).Status)
	require.NoError(t, overrule(moulin))
	require.Equal(t, ledger.Proposed, w.state(t, d).Status)
	require.Zero(t, w.state(t, d).Open)
	require.Len(t, w.state(t, d).Objections, 2)
	require.NoError(t, w.approve(t, d, cid, "2026-01-23"))
	require.NoError(t, w.approve(t, d, bob, "2026-01-23"))
	require.Equal(t, ledger.Posted, w.state(t, d).Status)
	_, err = w.object(t, d, ana, "2026-01-20")
	require.ErrorIs(t, err, ledger.ErrState)
	require.Equal(t, image(t, w), image(t, open(t, w.store)))
}

func TestWithoutARuleAnObjectionCannotBeOverruledOrEvenRaised(t *testing.T) {
	t.Parallel()
	w := setup(t) // the charter has no rule on reviews
	w.give(t, w.contribution(ana, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("100")))
	d, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	require.Nil(t, d.Review)
	require.Equal(t, ledger.Posted, w.state(t, d).Status)
	_, err = w.object(t, d, ana, "2025-12-31")
	require.ErrorIs(t, err, ledger.ErrState)
}

func TestCorrectionBeforePostingTakesThePlaceOfWhatWasProposed(t *testing.T) {
	t.Parallel()
	w, d := reviewed(t)
	again := theRun
	again.Corrects = d.ID
	_, err := w.Distribute(t.Context(), again)
	require.ErrorIs(t, err, ledger.ErrDistributed, "nothing has changed")
	require.ErrorContains(t, err, "nothing to correct")

	objection, err := w.object(t, d, cid, "2026-01-06")
	require.NoError(t, err)
	w.give(t, w.contribution(cid, "2"))
	corrected, err := w.Distribute(t.Context(), again)
	require.NoError(t, err)
	require.Equal(t, d.ID, corrected.Corrects)
	require.NotEqual(t, d.Inputs, corrected.Inputs)
	require.Equal(t, ledger.Superseded, w.state(t, d).Status)
	require.ErrorIs(t, w.settle(t, objection, cid, ""), ledger.ErrState)
	require.ErrorIs(t, w.approve(t, d, bob, "2026-02-01"), ledger.ErrState)
	_, err = w.Distribute(t.Context(), again)
	require.NoError(t, err, "the same correction again is the same")
	_, err = w.Distribute(t.Context(), theRun)
	require.ErrorIs(t, err, ledger.ErrDistributed, "the first run has been corrected")

	require.NoError(t, w.approve(t, corrected, ana, "2026-01-21"))
	require.NoError(t, w.approve(t, corrected, bob, "2026-01-21"))
	require.Equal(t, "187.50", w.owed(t, ana))
	require.Equal(t, "375.00", w.owed(t, cid))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		n := 0
		for got := range b.Distributions(pont) {
			require.Equal(t, corrected.ID, got.ID)
			n++
		}
		require.Equal(t, 1, n)
	}))
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestCorrectionAfterPostingCarriesTheDifference(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "1"), w.contribution(bob, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000.00")))
	run := ledger.Run{Project: pont, From: newYear, To: lastDay}
	first, err := w.Distribute(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, "375.00", w.owed(t, ana))

	w.give(t, w.contribution(cid, "2"))
	run.Corrects = first.ID
	second, err := w.Distribute(t.Context(), run)
	require.NoError(t, err)
	got := map[ledger.Account]string{}
	for _, p := range second.Postings {
		got[p.Account] = p.Amount.StringFixed(2)
	}
	require.Equal(t, map[ledger.Account]string{
		ledger.PartyAccount(ana): "187.50", ledger.PartyAccount(bob): "187.50", ledger.PartyAccount(cid): "-375.00",
	}, got)
	require.Equal(t, "187.50", w.owed(t, ana))
	require.Equal(t, "375.00", w.owed(t, cid))
	require.Equal(t, ledger.Superseded, w.state(t, first).Status)

	// Correcting the same twice is refused; correcting the correction is not.
	w.give(t, w.contribution(ana, "4"))
	_, err = w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay, Corrects: first.ID, On: day("2026-01-02")})
	require.ErrorIs(t, err, ledger.ErrDistributed, "facts have come since")
	run.Corrects = second.ID
	third, err := w.Distribute(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, "468.75", w.owed(t, ana))
	require.Equal(t, "93.75", w.owed(t, bob))
	require.Equal(t, "187.50", w.owed(t, cid))
	for name, bad := range map[string]ledger.Run{
		"other period":  {Project: pont, From: newYear, To: day("2025-06-30"), Corrects: third.ID},
		"other project": {Project: barque, From: newYear, To: lastDay, Corrects: third.ID},
		"unknown":       {Project: pont, From: newYear, To: lastDay, Corrects: id(1)},
		"before":        {Project: pont, From: newYear, To: lastDay, On: day("2024-12-31"), Corrects: third.ID},
	} {
		_, err = w.Distribute(t.Context(), bad)
		require.Error(t, err, name)
	}
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
	require.Equal(t, image(t, w), image(t, open(t, w.store)))
}

func TestOnlyTheLastPeriodIsCorrectedAndOnlyAPostedOneIsFollowed(t *testing.T) {
	t.Parallel()
	w, d := reviewed(t)
	next := ledger.Run{Project: pont, From: day("2026-01-01"), To: day("2026-01-31"), On: day("2026-02-01")}
	_, err := w.Distribute(t.Context(), next)
	require.ErrorIs(t, err, ledger.ErrState)
	require.ErrorContains(t, err, "must be posted first")
	require.NoError(t, w.approve(t, d, ana, "2026-01-21"))
	require.NoError(t, w.approve(t, d, bob, "2026-01-21"))
	_, err = w.Distribute(t.Context(), next)
	require.NoError(t, err)
	w.give(t, w.contribution(cid, "2"))
	again := theRun
	again.Corrects = d.ID
	_, err = w.Distribute(t.Context(), again)
	require.ErrorIs(t, err, ledger.ErrDistributed)
	require.ErrorContains(t, err, "a later period")
}

func TestNobodyIsPaidMoreThanIsOwed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("100")))
	_, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	require.Equal(t, "75.00", w.owed(t, ana))
	pay := func(n int, amount string) ledger.Payment {
		return ledger.Payment{ID: id(n), Party: ana, Amount: dec(amount), Currency: "EUR", On: day("2026-02-01"), Reference: "SEPA"}
	}
	require.ErrorIs(t, w.Pay(t.Context(), pay(1, "75.01")), ledger.ErrOverpaid)
	require.ErrorIs(t, w.Pay(t.Context(), pay(1, "50"), pay(2, "25.01")), ledger.ErrOverpaid)
	require.ErrorIs(t, w.Pay(t.Context(), pay(1, "-1")), ledger.ErrInvalid)
	require.NoError(t, w.Pay(t.Context(), pay(1, "50"), pay(2, "25")))
	require.NoError(t, w.Pay(t.Context(), pay(1, "50")), "the same payment again is recorded once")
	require.ErrorIs(t, w.Pay(t.Context(), pay(1, "51")), journal.ErrIDReused)
	require.Equal(t, "0.00", w.owed(t, ana))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Equal(t, "25.00", b.Balance(ledger.Cash, "EUR").StringFixed(2))
		n := 0
		for range b.Payments() {
			n++
		}
		require.Equal(t, 2, n)
	}))
	require.Equal(t, image(t, w), image(t, open(t, w.store)))
}

// TestEveryEventInEveryState tries each thing that can happen to a distribution in each of its states.
func TestEveryEventInEveryState(t *testing.T) {
	t.Parallel()
	type pair struct{ state, event string }
	allowed := map[pair]ledger.DistributionStatus{
		{"proposed", "object"}: ledger.Contested, {"proposed", "approve"}: ledger.Posted, {"proposed", "correct"}: ledger.Superseded,
		{"contested", "object"}: ledger.Contested, {"contested", "settle"}: ledger.Proposed, {"contested", "correct"}: ledger.Superseded,
		{"posted", "correct"}: ledger.Posted, // until the correction is posted itself
	}
	for _, state := range []string{"proposed", "contested", "posted", "superseded"} {
		for _, event := range []string{"object", "settle", "approve", "correct"} {
			t.Run(fmt.Sprint(state, " ", event), func(t *testing.T) {
				t.Parallel()
				w, d := reviewed(t)
				objection, err := w.object(t, d, cid, "2026-01-06")
				require.NoError(t, err)
				correct := func() error {
					w.give(t, w.contribution(cid, "2"))
					again := theRun
					again.Corrects = d.ID
					_, err := w.Distribute(t.Context(), again)
					return err
				}
				switch state {
				case "superseded":
					require.NoError(t, correct())
				case "proposed", "posted":
					require.NoError(t, w.settle(t, objection, cid, ""))
					require.NoError(t, w.approve(t, d, ana, "2026-01-21"))
					if state == "posted" {
						require.NoError(t, w.approve(t, d, bob, "2026-01-21"))
					}
				}
				require.Equal(t, state, string(w.state(t, d).Status))
				switch event {
				case "object":
					_, err = w.object(t, d, bob, "2026-01-07")
				case "settle":
					err = w.settle(t, objection, cid, "")
				case "approve":
					err = w.approve(t, d, moulin, "2026-01-21")
				case "correct":
					if state == "superseded" {
						w.give(t, w.contribution(ana, "2"))
						_, err = w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay, On: day("2026-03-01"), Corrects: d.ID})
						require.ErrorIs(t, err, ledger.ErrDistributed, "it has been corrected")
						err = ledger.ErrState
						break
					}
					err = correct()
				}
				want, ok := allowed[pair{state, event}]
				if !ok {
					require.ErrorIs(t, err, ledger.ErrState)
					want = ledger.DistributionStatus(state)
				} else {
					require.NoError(t, err)
				}
				require.Equal(t, want, w.state(t, d).Status)
			})
		}
	}
}

// A correction of what is posted can itself be wrong: when members object to it, another correction takes its place, and carries the difference to what is posted.
func TestACorrectionThatIsContestedIsCorrected(t *testing.T) {
	t.Parallel()
	w, first := reviewed(t)
	require.NoError(t, w.approve(t, first, cid, "2026-01-21"))
	require.NoError(t, w.approve(t, first, moulin, "2026-01-21"))
	require.Equal(t, "375.00", w.owed(t, ana))

	w.give(t, w.contribution(cid, "2"))
	run := theRun
	run.Corrects, run.On = first.ID, day("2026-02-01")
	second, err := w.Distribute(t.Context(), run)
	require.NoError(t, err)
	_, err = w.object(t, second, ana, "2026-02-02")
	require.NoError(t, err)
	require.Equal(t, ledger.Contested, w.state(t, second).Status)

	w.give(t, w.contribution(ana, "4"))
	run.Corrects, run.On = second.ID, day("2026-02-10")
	third, err := w.Distribute(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, ledger.Superseded, w.state(t, second).Status)
	require.Equal(t, ledger.Posted, w.state(t, first).Status, "until the third is posted")
	require.NoError(t, w.approve(t, third, cid, "2026-02-26"))
	require.NoError(t, w.approve(t, third, moulin, "2026-02-26"))
	require.Equal(t, ledger.Superseded, w.state(t, first).Status)
	require.Equal(t, "468.75", w.owed(t, ana), "5 of 8 hours")
	require.Equal(t, "93.75", w.owed(t, bob))
	require.Equal(t, "187.50", w.owed(t, cid))
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
	require.Equal(t, image(t, w), image(t, open(t, w.store)))
}

// A member who wants to hold a distribution back without end, or to leave no room for the objections of others, is kept to one at a time.
func TestAMemberHasOneOpenObjectionAtATime(t *testing.T) {
	t.Parallel()
	w, d := reviewed(t)
	for range ledger.MaxObjections {
		first, err := w.object(t, d, ana, "2026-01-06")
		require.NoError(t, err)
		_, err = w.object(t, d, ana, "2026-01-07")
		require.ErrorIs(t, err, ledger.ErrState)
		require.NoError(t, w.settle(t, first, ana, ""))
	}
	_, err := w.object(t, d, bob, "2026-01-08")
	require.NoError(t, err, "there is room for others")
	_, err = w.object(t, d, ana, "2026-01-08")
	require.NoError(t, err)
	require.Equal(t, 2, w.state(t, d).Open)

	c := w.contribution(bob, "1")
	require.NoError(t, w.Declare(t.Context(), c))
	object := func(n int, by string) error {
		return w.Object(t.Context(), ledger.Objection{ID: id(n), By: by, Contribution: c.ID, On: day("2025-04-01"), Reason: "it was less"})
	}
	require.NoError(t, object(1, ana))
	require.NoError(t, object(1, ana), "the same again records nothing")
	require.ErrorIs(t, object(2, ana), ledger.ErrState)
	require.NoError(t, object(3, cid))
}

func TestTheTimeToContestIsNotDatedAway(t *testing.T) {
	t.Parallel()
	w, _ := reviewed(t)
	ctx := t.Context()
	back := w.on(day("2026-03-02"))
	d, err := w.Ledger.Distribute(ctx, ledger.Run{Project: barque, From: newYear, To: lastDay}) // as of the last day of the year, recorded in March
	require.NoError(t, err)
	require.Equal(t, lastDay, d.On)
	err = w.approve(t, d, cid, "2026-03-17")
	require.ErrorIs(t, err, ledger.ErrState)
	require.ErrorContains(t, err, "can be contested until 2026-03-17", "15 days from its recording")
	_, err = w.object(t, d, bob, "2026-03-17")
	require.NoError(t, err)
	back()

	w, d = reviewed(t)
	for _, by := range []string{ana, cid} {
		err = w.Ledger.Approve(ctx, ledger.Approval{By: by, Distribution: d.ID, On: day("2026-01-21")})
		require.ErrorIs(t, err, ledger.ErrInvalid)
		require.ErrorContains(t, err, "is after the day of its recording, 2026-01-05")
	}
	require.Equal(t, ledger.Proposed, w.state(t, d).Status)
	require.NoError(t, w.approve(t, d, ana, "2026-01-21"))
	require.NoError(t, w.approve(t, d, cid, "2026-01-21"))
	require.Equal(t, ledger.Posted, w.state(t, d).Status)
	require.Equal(t, state(t, w), state(t, open(t, w.store)))
}
