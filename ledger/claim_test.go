package ledger_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// claiming is a world whose waterfall begins with a line to claims.
func claiming(t testing.TB, line string, passages ...string) *world {
	t.Helper()
	return setupWith(t, append([]string{`"lines": [`, `"lines": [{"id": "claims", ` + line + `},`}, passages...)...)
}

// claim records that the project owes a party so much, from a day on.
func (w *world) claim(t testing.TB, party, amount, lasts, on string) ledger.Commitment {
	t.Helper()
	c := w.promise(ledger.Claim, amount, "EUR")
	c.Party, c.Lasts, c.On, c.Due = party, lasts, day(on), codesocial.Date{}
	require.NoError(t, w.Commit(t.Context(), c))
	return c
}

// earn records what comes in on a day.
func (w *world) earn(t testing.TB, amount, on string) ledger.Receipt {
	t.Helper()
	r := w.receipt(amount)
	r.On = day(on)
	require.NoError(t, w.Receive(t.Context(), r))
	return r
}

// quarter is the run of a quarter of the year, from 1.
func quarter(n int) ledger.Run {
	from := newYear.AddMonths(3 * (n - 1))
	return ledger.Run{Project: pont, From: from, To: from.AddMonths(3).AddDays(-1)}
}

// standings says how claims stand: paid, left and renounced of each.
func (w *world) standings(t testing.TB, claims ...ledger.Commitment) (out []string) {
	t.Helper()
	for _, c := range claims {
		e := w.standing(t, c)
		out = append(out, fmt.Sprint(e.Done.Value, "/", e.Left.Value, "/", e.Renounced.Value))
	}
	return out
}

func TestARunPaysRecordedClaimsUntilNothingIsLeftOfThem(t *testing.T) {
	t.Parallel()
	w := claiming(t, `"of": "base", "rate": "0.2", "overClaim": "debt", "to": {"claims": "all"}`)
	ctx := t.Context()
	loan, tools := w.claim(t, ana, "300", "", "2025-01-10"), w.claim(t, bob, "100", dividend.UntilPaid, "2025-02-10")
	later := w.claim(t, cid, "50", "", "2025-04-01")
	other := w.claim(t, cid, "5", "", "2025-01-01")
	require.NoError(t, w.Cancel(ctx, ledger.Cancellation{By: cid, Commitment: other.ID, On: day("2025-01-05"), Reason: "r"}))
	w.earn(t, "1000.00", "2025-03-31")
	first, err := w.Distribute(ctx, quarter(1))
	require.NoError(t, err)
	require.Equal(t, map[string]string{ana: "150.00", bob: "50.00"}, amounts(first.Statement.Lines[0].Parts), "200.00 for 400.00")
	require.Equal(t, []string{"150/150/0", "50/50/0", "0/50/0", "0/0/0"}, w.standings(t, loan, tools, later, other))
	require.Equal(t, "150.00", w.owed(t, ana))
	again, err := w.Distribute(ctx, quarter(1))
	require.NoError(t, err)
	require.Equal(t, [2]string{first.ID.String(), first.Inputs}, [2]string{again.ID.String(), again.Inputs}, "recorded once")
	known := ledger.Token(w.journal.Size())

	x := transfer(1, "2025-04-10", posting(ledger.ProjectAccount(pont), "40", "EUR"), posting(ledger.PartyAccount(bob), "-40", "EUR"))
	x.Project, x.Fulfils = pont, tools.ID
	require.NoError(t, w.Post(ctx, x))
	again, err = w.Distribute(ctx, quarter(1))
	require.NoError(t, err, "what is paid afterwards does not change what the run rests on")
	require.Equal(t, first.ID, again.ID)
	w.earn(t, "2000.00", "2025-06-30")
	second, err := w.Distribute(ctx, quarter(2))
	require.NoError(t, err)
	require.Equal(t, map[string]string{ana: "150.00", bob: "10.00", cid: "50.00"}, amounts(second.Statement.Lines[0].Parts))
	require.Equal(t, dividend.ClaimsPaid, second.Statement.Lines[0].Reason, "400.00 for 210.00")
	require.Equal(t, []string{"300/0/0", "100/0/0", "50/0/0"}, w.standings(t, loan, tools, later))
	require.Equal(t, ledger.Fulfilled, w.standing(t, loan).Status)
	require.Equal(t, []uuid.UUID{first.ID, second.ID}, w.standing(t, loan).Fulfilments)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for at, want := range map[ledger.At]string{{Known: known}: "150", {On: day("2025-06-29")}: "150", {On: day("2025-03-30")}: "300", {}: "0"} {
			e, ok := b.CommitmentAt(loan.ID, at)
			require.True(t, ok)
			require.Equal(t, want, e.Left.Value.String(), at)
		}
	}))
	_, err = ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
	require.Equal(t, state(t, w), state(t, open(t, w.store)), "replay gives the same")
}

func TestTheCorrectionOfARunGivesClaimsBackWhatItDoesNotPayAnyMore(t *testing.T) {
	t.Parallel()
	w := claiming(t, `"of": "base", "rate": "0.5", "overClaim": "debt", "to": {"claims": "all"}`)
	ctx := t.Context()
	loan, royalty := w.claim(t, ana, "300", "", "2025-01-10"), w.claim(t, bob, "100", dividend.Lasting, "2025-01-10")
	once := w.claim(t, cid, "100", dividend.Once, "2025-01-10")
	earned := w.earn(t, "500.00", "2025-03-31")
	first, err := w.Distribute(ctx, quarter(1))
	require.NoError(t, err)
	require.Equal(t, []string{"150/150/0", "50/100/0", "50/0/0"}, w.standings(t, loan, royalty, once))
	known := ledger.Token(w.journal.Size())

	correct := func(what *ledger.Distribution, amount string) *ledger.Distribution {
		if dec(amount).IsPositive() {
			w.earn(t, amount, "2025-03-31")
		} else {
			w.next++
			require.NoError(t, w.Correct(ctx, ledger.Correction{ID: id(w.next), Corrects: earned.ID, On: day("2025-03-31"), Difference: &ledger.Quantity{Value: dec(amount), Unit: "EUR"}, Reason: "r"}))
		}
		run := quarter(1)
		run.Corrects = what.ID
		d, err := w.Distribute(ctx, run)
		require.NoError(t, err)
		return d
	}
	less := correct(first, "-400.00") // 100.00 came in, not 500.00
	require.Equal(t, []string{"30/270/0", "10/100/0", "10/0/0"}, w.standings(t, loan, royalty, once))
	require.Equal(t, "30.00", w.owed(t, ana))
	none := correct(less, "-100.00") // nothing came in at all
	require.Equal(t, []string{"0/300/0", "0/100/0", "0/100/0"}, w.standings(t, loan, royalty, once), "as if it had never run")
	require.Equal(t, "0.00", w.owed(t, ana))
	require.NoError(t, w.Cancel(ctx, ledger.Cancellation{By: once.Party, Commitment: once.ID, On: lastDay, Reason: "r"}))
	correct(none, "1000.00")
	require.Equal(t, []string{"300/0/0", "100/100/0", "0/0/0"}, w.standings(t, loan, royalty, once))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		e, _ := b.CommitmentAt(loan.ID, ledger.At{Known: known})
		require.Equal(t, "150", e.Left.Value.String(), "as it was known then")
	}))
	_, err = ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
	require.Equal(t, state(t, w), state(t, open(t, w.store)))
}

func TestWhenClaimsAreMoreThanTheLineHasItsPolicyDecides(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string][]string{
		"debt":       {"50/50/0", "25/25/0", "25/0/0"}, // the last one counts once
		"pro-rata":   {"50/0/50", "25/0/25", "25/0/25"},
		"first-come": {"100/0/0", "0/0/50", "0/0/50"},
	} {
		w := claiming(t, `"fixed": "100", "overClaim": "`+policy+`", "to": {"claims": "all"}`)
		a, b := w.claim(t, ana, "100", "", "2025-01-10"), w.claim(t, bob, "50", "", "2025-01-09")
		c := w.claim(t, bob, "50", dividend.Once, "2025-01-08")
		_, err := w.Distribute(t.Context(), quarter(1))
		require.NoError(t, err, "nothing came in")
		require.Equal(t, []string{"0/100/0", "0/50/0", "0/50/0"}, w.standings(t, a, b, c), "what pays nothing settles nothing")
		w.earn(t, "1000.00", "2025-06-30")
		_, err = w.Distribute(t.Context(), quarter(2))
		require.NoError(t, err)
		require.Equal(t, want, w.standings(t, a, b, c), policy)
		_, err = ledger.Audit(t.Context(), w.journal)
		require.NoError(t, err)
	}
	w := claiming(t, `"fixed": "100", "overClaim": "deliberate", "to": {"claims": "all"}`)
	w.claim(t, ana, "100.01", "", "2025-01-10")
	w.earn(t, "1000.00", "2025-03-31")
	size := w.journal.Size()
	_, err := w.Distribute(t.Context(), quarter(1))
	require.ErrorIs(t, err, dividend.ErrOverClaimed)
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "economic-4", rule.Clause.Clause)
	require.Equal(t, size, w.journal.Size())
}

func TestALineMayNameOneClaim(t *testing.T) {
	t.Parallel()
	first := id(1001) // of the first thing that the world records
	w := claiming(t, `"fixed": "60", "overClaim": "debt", "to": {"claims": "`+first.String()+`"}}, {"id": "others", "fixed": "40", "overClaim": "debt", "to": {"claims": "all"}`)
	_, err := w.Distribute(t.Context(), quarter(1))
	require.ErrorIs(t, err, ledger.ErrUnknown)
	require.ErrorContains(t, err, first.String())
	loan, tools := w.claim(t, ana, "100", "", "2025-01-10"), w.claim(t, bob, "100", "", "2025-01-10")
	require.Equal(t, first, loan.ID)
	hours := w.promise(ledger.Claim, "12", "USD") // no part in what is shared in euros
	hours.Party = cid
	require.NoError(t, w.Commit(t.Context(), hours))
	w.earn(t, "1000.00", "2025-03-31")
	_, err = w.Distribute(t.Context(), quarter(1))
	require.NoError(t, err)
	require.Equal(t, []string{"60/40/0", "40/60/0", "0/12/0"}, w.standings(t, loan, tools, hours))
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)

	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	for to, want := range map[string]error{"all": nil, first.String(): nil, "loans": ledger.ErrUnknown, "{" + first.String() + "}": ledger.ErrUnknown} {
		charter, err := codesocial.ParseCharter([]byte(strings.Replace(string(text), `"lines": [`, `"lines": [{"id": "claims", "fixed": "1", "overClaim": "debt", "to": {"claims": "`+to+`"}},`, 1)))
		require.NoError(t, err)
		require.ErrorIs(t, charter.CheckRules(ledger.Checks()...), want, to)
	}
}

func TestARunUnderReviewDoesNotPayAClaimThatWasPaidMeanwhile(t *testing.T) {
	t.Parallel()
	w := claiming(t, `"of": "base", "rate": "0.5", "overClaim": "debt", "to": {"claims": "all"}`, `{"id": "economic-1"`,
		`{"id": "economic-0", "text": {"en": "Two days to object."}, "rule": {"kind": "ledger.distribution", "window": 2, "approvals": 1}}, {"id": "economic-1"`)
	ctx := t.Context()
	loan := w.claim(t, ana, "100", "", "2025-01-10")
	w.earn(t, "1000.00", "2025-03-31")
	d, err := w.Distribute(ctx, quarter(1))
	require.NoError(t, err)
	require.Equal(t, []string{"0/100/0"}, w.standings(t, loan), "proposed is not paid")
	x := transfer(1, "2025-04-01", posting(ledger.ProjectAccount(pont), "30", "EUR"), posting(ledger.PartyAccount(ana), "-30", "EUR"))
	x.Project, x.Fulfils = pont, loan.ID
	require.NoError(t, w.Post(ctx, x))
	err = w.approve(t, d, bob, "2025-04-10")
	require.ErrorIs(t, err, ledger.ErrOverpaid)
	require.ErrorContains(t, err, "70 are left")
	run := quarter(1)
	run.Corrects = d.ID
	d, err = w.Distribute(ctx, run)
	require.NoError(t, err)
	require.NoError(t, w.approve(t, d, bob, "2025-04-11"))
	require.Equal(t, []string{"100/0/0"}, w.standings(t, loan))
	require.Equal(t, "100.00", w.owed(t, ana))
	_, err = ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
}

// What a run gives up is no more than what is left either: else more would be paid and given up than was claimed.
func TestARunUnderReviewDoesNotGiveUpWhatWasPaidMeanwhile(t *testing.T) {
	t.Parallel()
	w := claiming(t, `"fixed": "50", "overClaim": "pro-rata", "to": {"claims": "all"}`, `{"id": "economic-1"`,
		`{"id": "economic-0", "text": {"en": "Two days to object."}, "rule": {"kind": "ledger.distribution", "window": 2, "approvals": 1}}, {"id": "economic-1"`)
	ctx := t.Context()
	loan := w.claim(t, ana, "100", "", "2025-01-10")
	w.earn(t, "1000.00", "2025-03-31")
	d, err := w.Distribute(ctx, quarter(1))
	require.NoError(t, err)
	x := transfer(1, "2025-04-01", posting(ledger.ProjectAccount(pont), "30", "EUR"), posting(ledger.PartyAccount(ana), "-30", "EUR"))
	x.Project, x.Fulfils = pont, loan.ID
	require.NoError(t, w.Post(ctx, x))
	err = w.approve(t, d, bob, "2025-04-10")
	require.ErrorIs(t, err, ledger.ErrOverpaid)
	require.ErrorContains(t, err, "pays 50 and renounces 50, and 70 are left")
	run := quarter(1)
	run.Corrects = d.ID
	d, err = w.Distribute(ctx, run)
	require.NoError(t, err)
	require.NoError(t, w.approve(t, d, bob, "2025-04-11"))
	require.Equal(t, []string{"80/0/20"}, w.standings(t, loan), "paid, left, given up")
}

func TestSomebodyElseThanItsCreditorStandsForAClaim(t *testing.T) {
	t.Parallel()
	w := setupWith(t, `"validators": 1`, `"validators": 1, "by": ["lead"]`)
	claim := func(by, party string) ledger.Commitment {
		c := w.promise(ledger.Claim, "1000000", "EUR")
		c.By, c.Party, c.Due = by, party, codesocial.Date{}
		return c
	}
	size := w.journal.Size()
	for _, own := range []ledger.Commitment{claim(ana, ana), claim(ana, moulin), claim(moulin, moulin)} {
		require.ErrorIs(t, w.Commit(t.Context(), own), ledger.ErrOwnWork, "%s for %s", own.By, own.Party)
	}
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		c := claim(bob, bob)
		return []journal.Draft{{ID: c.ID, Kind: ledger.KindCommitment, Schema: 1, Author: bob, Payload: c}}, nil
	})
	require.ErrorIs(t, err, ledger.ErrOwnWork, "nor past the door")
	err = w.Commit(t.Context(), claim(bob, cid))
	require.ErrorIs(t, err, ledger.ErrState, "he does not validate what is given")
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "economic-2", rule.Clause.Clause)
	require.Equal(t, size, w.journal.Size())
	require.NoError(t, w.Commit(t.Context(), claim(ana, bob)), "she belongs to the lead of the project")
	require.NoError(t, w.Commit(t.Context(), claim(moulin, ana)))
}

func TestNobodyButItsCreditorGivesUpAClaim(t *testing.T) {
	t.Parallel()
	w := setupRules(t, strings.Replace(byVote, "ledger.reopening", "ledger.cancellation", 1))
	ctx, on := t.Context(), day("2026-01-05")
	cancel := func(n int, by string, c ledger.Commitment) ledger.Cancellation {
		return ledger.Cancellation{ID: id(n), By: by, Commitment: c.ID, On: on, Reason: "r"}
	}
	ofBob, ofMoulin, ofBarque, ofEve := w.claim(t, bob, "100", "", "2025-02-01"), ledger.Commitment{}, w.claim(t, barque, "30", "", "2025-02-01"), w.claim(t, eve, "1000", "", "2025-02-01")
	ofMoulin = w.promise(ledger.Claim, "50", "EUR")
	ofMoulin.By, ofMoulin.Party, ofMoulin.Due = bob, moulin, codesocial.Date{}
	require.NoError(t, w.Commit(ctx, ofMoulin))
	size := w.journal.Size()
	for _, theft := range []ledger.Cancellation{
		cancel(1, cid, ofBob), cancel(1, moulin, ofBob), cancel(1, ana, ofBob), // whoever may record a claim, and leads the project
		cancel(1, bob, ofMoulin), cancel(1, ana, ofBarque), cancel(1, moulin, ofEve),
		{By: cid, Commitment: ofBob.ID, On: on, Reason: "no id"},
	} {
		require.ErrorIs(t, w.Cancel(ctx, theft), ledger.ErrUndecided, "%s", theft.By)
	}
	require.ErrorIs(t, w.Cancel(ctx, cancel(1, bob, ofBob), cancel(2, bob, ofMoulin)), ledger.ErrUndecided, "all or none")
	require.ErrorIs(t, w.Cancel(ctx, cancel(1, eve, ofEve)), codesocial.ErrNotMember)
	require.Equal(t, size, w.journal.Size())

	require.NoError(t, w.Cancel(ctx, cancel(1, bob, ofBob)))
	require.NoError(t, w.Cancel(ctx, cancel(1, bob, ofBob)), "again records nothing")
	require.NoError(t, w.Cancel(ctx, cancel(2, ana, ofMoulin)), "she belongs to it")
	require.NoError(t, w.Cancel(ctx, cancel(3, moulin, ofBarque)), "it leads it")

	w.adopt(t, ledger.MatterCancellation, id(4))
	require.ErrorIs(t, w.Cancel(ctx, cancel(5, moulin, ofEve)), ledger.ErrUndecided, "another was adopted")
	early := cancel(4, moulin, ofEve)
	early.On = day("2026-01-03")
	require.ErrorIs(t, w.Cancel(ctx, early), ledger.ErrUndecided, "it was not decided yet")
	require.NoError(t, w.Cancel(ctx, cancel(4, moulin, ofEve)), "a digit too many was recorded")
	for _, c := range []ledger.Commitment{ofBob, ofMoulin, ofBarque, ofEve} {
		require.Equal(t, ledger.Cancelled, w.standing(t, c).Status)
	}
	_, err := ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
}

func TestTheAuditFindsAClaimThatSomebodyElseGaveUp(t *testing.T) {
	t.Parallel()
	w := setup(t)
	claim := w.claim(t, bob, "100", "", "2025-02-01")
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		c := ledger.Cancellation{ID: id(1), By: cid, Commitment: claim.ID, On: lastDay, Reason: "r"}
		return []journal.Draft{{ID: c.ID, Kind: ledger.KindCancellation, Schema: 1, Author: c.By, Payload: c}}, nil
	})
	require.NoError(t, err, "past the books")
	_, err = ledger.Audit(t.Context(), w.journal)
	require.ErrorIs(t, err, ledger.ErrUndecided)
	require.ErrorContains(t, err, bob)
}
