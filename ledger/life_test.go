package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// setupRules is setup with more clauses, extra-a and so on, each with one of the rules.
func setupRules(t testing.TB, rules ...string) *world {
	t.Helper()
	clauses := ""
	for i, rule := range rules {
		clauses += `{"id": "extra-` + string(rune('a'+i)) + `", "text": {"en": "As we agreed."}, "rule": ` + rule + "},\n"
	}
	return setupWith(t, `{"id": "economic-1"`, clauses+`{"id": "economic-1"`)
}

// validating is setup with another rule on validation.
func validating(t testing.TB, rule string) *world {
	t.Helper()
	return setupWith(t, `{"kind": "ledger.validation", "validators": 1}`, rule)
}

func (w *world) validate(t testing.TB, by string, c ledger.Contribution) error {
	t.Helper()
	w.next++
	return w.Validate(t.Context(), ledger.Validation{ID: id(w.next), By: by, On: day("2025-04-01"), Contributions: []uuid.UUID{c.ID}})
}

func (w *world) entry(t testing.TB, c ledger.Contribution) (e ledger.Entry) {
	t.Helper()
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var ok bool
		e, ok = b.Contribution(c.ID)
		require.True(t, ok)
	}))
	return e
}

// adopt has the community decide on a matter by a vote from 2 to 4 January 2026, which is recorded on the 5th.
func (w *world) adopt(t testing.TB, kind string, ref uuid.UUID) {
	t.Helper()
	at := time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: kind, Ref: ref.String()}, Title: codesocial.Text{"en": "Do we agree?"}, Proposer: moulin, At: at, Opens: at, Closes: at.AddDate(0, 0, 2),
	}
	require.NoError(t, w.community.Decide(t.Context(), o, key(2)))
	require.NoError(t, w.community.Vote(t.Context(), codesocial.Ballot{Decision: o.ID(), Voter: moulin, At: at, Answer: decision.For}, key(2)))
	require.NoError(t, w.community.Close(t.Context(), codesocial.Closing{Decision: o.ID(), At: o.Closes}))
}

const byVote = `{"kind": "codesocial.decision", "matters": ["ledger.distribution", "ledger.reopening"], "vote": {"threshold": "1/2", "base": "for-against", "quorum": "1/10"}}`

func TestWhoValidatesIsARuleOfTheCharter(t *testing.T) {
	t.Parallel()
	w := validating(t, `{"kind": "ledger.validation", "validators": 1, "by": ["lead"], "confirmations": 1}`)
	c := w.contribution(bob, "2")
	require.NoError(t, w.Declare(t.Context(), c))
	require.ErrorIs(t, w.validate(t, bob, c), ledger.ErrOwnWork)

	require.NoError(t, w.validate(t, cid, c)) // confirms: he does not belong to the lead
	require.Equal(t, ledger.Confirmed, w.entry(t, c).Status)
	require.False(t, w.entry(t, c).Status.Counts())
	require.NoError(t, w.validate(t, ana, c)) // belongs to Le Moulin, which leads the project
	require.Equal(t, ledger.Validated, w.entry(t, c).Status)
	require.Equal(t, []string{cid, ana}, w.entry(t, c).Validators)

	early := w.contribution(bob, "2")
	require.NoError(t, w.Declare(t.Context(), early))
	require.NoError(t, w.validate(t, moulin, early), "before the confirmations, whoever it is confirms")
	require.Equal(t, ledger.Confirmed, w.entry(t, early).Status)

	strict := validating(t, `{"kind": "ledger.validation", "validators": 1, "by": ["organization"]}`)
	c = strict.contribution(bob, "2")
	require.NoError(t, strict.Declare(t.Context(), c))
	size := strict.journal.Size()
	err := strict.validate(t, ana, c)
	require.ErrorIs(t, err, ledger.ErrState)
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "economic-2", rule.Clause.Clause)
	require.Equal(t, size, strict.journal.Size())
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestTwoValidatorsAreNeededWhereTheRuleSaysSo(t *testing.T) {
	t.Parallel()
	w := validating(t, `{"kind": "ledger.validation", "validators": 2}`)
	c := w.contribution(ana, "2")
	require.NoError(t, w.Declare(t.Context(), c))
	require.NoError(t, w.validate(t, bob, c))
	require.Equal(t, ledger.Confirmed, w.entry(t, c).Status)
	require.NoError(t, w.validate(t, cid, c))
	require.Equal(t, ledger.Validated, w.entry(t, c).Status)
}

func TestAContestedContributionIsValidatedAfreshOnceTheObjectionIsSettled(t *testing.T) {
	t.Parallel()
	w := validating(t, `{"kind": "ledger.validation", "validators": 1, "overrule": 2}`)
	c := w.contribution(ana, "2")
	w.give(t, c)
	object := func(by string) uuid.UUID {
		w.next++
		require.NoError(t, w.Object(t.Context(), ledger.Objection{ID: id(w.next), By: by, Contribution: c.ID, On: day("2025-04-02"), Reason: "it was one hour"}))
		return id(w.next)
	}
	first, second := object(bob), object(cid)
	require.Equal(t, ledger.Disputed, w.entry(t, c).Status)
	require.ErrorIs(t, w.validate(t, bob, c), ledger.ErrState)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Len(t, b.Objections(c.ID), 2)
		total := b.Totals(ledger.Filter{})[0]
		require.Equal(t, "2", total.Declared.String())
		require.Equal(t, "0", total.Validated.String())
	}))
	require.NoError(t, w.settle(t, first, bob, ""))
	require.Equal(t, ledger.Disputed, w.entry(t, c).Status)
	require.ErrorIs(t, w.settle(t, second, ana, "I was there"), ledger.ErrOwnWork, "nobody overrules an objection to her own work")
	require.NoError(t, w.settle(t, second, moulin, "the minutes say two hours"))
	require.Equal(t, ledger.Disputed, w.entry(t, c).Status, "one of two who overrule")
	require.ErrorIs(t, w.settle(t, second, moulin, "again"), ledger.ErrState)
	require.NoError(t, w.settle(t, second, bob, "so it is"))
	require.Equal(t, ledger.Declared, w.entry(t, c).Status)
	require.NoError(t, w.validate(t, moulin, c), "who had validated it does so again")
	require.Equal(t, ledger.Validated, w.entry(t, c).Status)
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestACorrectionChangesTheQuantityAndAsksForValidationAfresh(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.contribution(ana, "2.5")
	w.give(t, c)
	before := ledger.Token(w.journal.Size())
	difference := func(by, value string) ledger.Correction {
		w.next++
		return ledger.Correction{ID: id(w.next), By: by, Corrects: c.ID, On: day("2025-04-02"), Difference: &ledger.Quantity{Value: dec(value), Unit: "h"}, Reason: "the break does not count"}
	}
	first := difference(ana, "-0.5")
	require.NoError(t, w.Correct(t.Context(), first))
	require.NoError(t, w.Correct(t.Context(), first), "again records nothing")
	e := w.entry(t, c)
	require.Equal(t, "2 h", e.Quantity.String())
	require.Equal(t, ledger.Declared, e.Status)
	require.NoError(t, w.validate(t, bob, c))

	require.NoError(t, w.Read(func(b *ledger.Books) {
		for known, want := range map[ledger.Token]string{0: "2", before: "2.5"} {
			total := b.Totals(ledger.Filter{Known: known})[0]
			require.Equal(t, want, total.Validated.String())
		}
		reversal, err := b.Reversal(c.ID, day("2025-05-01"), "she was elsewhere")
		require.NoError(t, err)
		require.Equal(t, "-2 h", reversal.Difference.String())
	}))
	for name, x := range map[string]struct {
		correction ledger.Correction
		want       error
	}{
		"more than is left": {difference(ana, "-2.01"), ledger.ErrInvalid},
		"other unit":        {func() ledger.Correction { c := difference(ana, "1"); c.Difference.Unit = "kg"; return c }(), ledger.ErrUnit},
		"zero":              {difference(ana, "0"), ledger.ErrInvalid},
		"by a stranger":     {difference(eve, "1"), codesocial.ErrNotMember},
		"without reason":    {func() ledger.Correction { c := difference(ana, "1"); c.Reason = ""; return c }(), ledger.ErrInvalid},
		"of nothing":        {func() ledger.Correction { c := difference(ana, "1"); c.Corrects = id(1); return c }(), ledger.ErrUnknown},
	} {
		size := w.journal.Size()
		require.ErrorIs(t, w.Correct(t.Context(), x.correction), x.want, name)
		require.Equal(t, size, w.journal.Size(), name)
	}
	require.NoError(t, w.Correct(t.Context(), difference(ana, "-2")))
	require.Equal(t, ledger.Voided, w.entry(t, c).Status)
	require.ErrorIs(t, w.Correct(t.Context(), difference(ana, "1")), ledger.ErrReversed)
	require.ErrorIs(t, w.validate(t, bob, c), ledger.ErrState)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Empty(t, b.Totals(ledger.Filter{}))
		_, err := b.Reversal(c.ID, day("2025-05-01"), "again")
		require.ErrorIs(t, err, ledger.ErrReversed)
	}))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestOrderedWorkGivesAShareOnlyWhereTheCharterSaysSo(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]map[string]string{
		`{"kind": "ledger.validation", "validators": 1}`:                      {ana: "700.00"},
		`{"kind": "ledger.validation", "validators": 1, "prestations": true}`: {ana: "350.00", bob: "350.00"},
	} {
		w := validating(t, rule)
		ordered := w.contribution(bob, "10")
		ordered.Ordered = true
		free := w.contribution(ana, "10")
		w.give(t, free, ordered)
		receipt := w.receipt("1000")
		receipt.Introducer = moulin
		require.NoError(t, w.Receive(t.Context(), receipt))
		d, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
		require.NoError(t, err)
		got := amounts(d.Statement.Parties())
		delete(got, moulin)
		require.Equal(t, want, got)
		require.Equal(t, ledger.Counted, w.entry(t, free).Status)
		require.Equal(t, len(want) == 2, w.entry(t, ordered).Status == ledger.Counted)
		_, err = ledger.Audit(t.Context(), w.journal)
		require.NoError(t, err)
	}
}

func TestMoneyIsCorrectedByTheDifferenceAndReversedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	receipt, expense := w.receipt("1000.00"), w.expense("200.00")
	moved := transfer(5, "2025-06-30", posting(ledger.FundAccount("a"), "50", "EUR"), posting(ledger.FundAccount("b"), "-50", "EUR"))
	require.NoError(t, w.Receive(t.Context(), receipt))
	require.NoError(t, w.Spend(t.Context(), expense))
	require.NoError(t, w.Post(t.Context(), moved))
	correct := func(of uuid.UUID, difference string) error {
		w.next++
		return w.Correct(t.Context(), ledger.Correction{ID: id(w.next), Corrects: of, On: day("2025-08-01"), Difference: &ledger.Quantity{Value: dec(difference), Unit: "EUR"}, Reason: "typed wrong"})
	}
	require.NoError(t, correct(receipt.ID, "-100"))
	require.NoError(t, correct(expense.ID, "20"))
	require.ErrorIs(t, correct(receipt.ID, "-900.01"), ledger.ErrInvalid)
	require.ErrorIs(t, correct(receipt.ID, "0.001"), ledger.ErrInvalid)
	require.ErrorIs(t, correct(moved.ID, "1"), ledger.ErrInvalid)
	balance := func(a ledger.Account, at ledger.At) (s string) {
		require.NoError(t, w.Read(func(b *ledger.Books) { s = b.BalanceAt(a, "EUR", at).String() }))
		return s
	}
	require.Equal(t, "-680", balance(ledger.ProjectAccount(pont), ledger.At{}))
	require.Equal(t, "-800", balance(ledger.ProjectAccount(pont), ledger.At{On: day("2025-07-31")}), "a correction counts on its own day")
	require.NoError(t, w.Read(func(b *ledger.Books) {
		total := b.CashTotals(ledger.Filter{Project: pont, From: day("2025-07-01")})
		require.Equal(t, "-100", total[0].Received.String())
		require.Equal(t, "20", total[0].DirectCosts.String())
	}))
	reverse := func(of uuid.UUID) error {
		var c ledger.Correction
		var err error
		require.NoError(t, w.Read(func(b *ledger.Books) { c, err = b.Reversal(of, day("2025-09-01"), "did not happen") }))
		if err != nil {
			return err
		}
		return w.Correct(t.Context(), c)
	}
	for _, of := range []uuid.UUID{receipt.ID, expense.ID, moved.ID} {
		require.NoError(t, reverse(of))
		require.ErrorIs(t, reverse(of), ledger.ErrReversed)
	}
	require.ErrorIs(t, correct(receipt.ID, "5"), ledger.ErrReversed)
	for _, a := range []ledger.Account{ledger.Cash, ledger.ProjectAccount(pont), ledger.FundAccount("a")} {
		require.Equal(t, "0", balance(a, ledger.At{}))
	}
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestMutualCreditIsLimitedBothWays(t *testing.T) {
	t.Parallel()
	w := setupRules(t, `{"kind": "ledger.accounts", "currencies": [{"code": "GUE1", "places": 1}],
		"limits": [{"accounts": "party:*", "currency": "GUE1", "debit": "100", "credit": "150"}, {"accounts": "cash", "currency": "EUR", "credit": "0"}]}`)
	n := 0
	pay := func(from, to, amount string) error {
		n++
		return w.Post(t.Context(), transfer(n, "2025-03-01", posting(ledger.PartyAccount(from), amount, "GUE1"), posting(ledger.PartyAccount(to), "-"+amount, "GUE1")))
	}
	require.NoError(t, pay(ana, bob, "100"))
	err := pay(ana, cid, "0.1")
	require.ErrorIs(t, err, ledger.ErrLimit)
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "extra-a", rule.Clause.Clause)
	require.NoError(t, pay(cid, bob, "50"))
	require.ErrorIs(t, pay(moulin, bob, "0.1"), ledger.ErrLimit, "bob holds as much as he may")
	require.NoError(t, pay(bob, ana, "150"))
	require.ErrorIs(t, pay(ana, bob, "0.05"), ledger.ErrInvalid, "finer than the unit")
	require.ErrorIs(t, w.Post(t.Context(), transfer(900, "2025-03-01", posting(ledger.PartyAccount(ana), "1", "GUE2"), posting(ledger.PartyAccount(bob), "-1", "GUE2"))), ledger.ErrUnit)
	require.ErrorIs(t, w.Spend(t.Context(), w.expense("0.01")), ledger.ErrLimit, "no overdraft at the bank")
	require.ErrorIs(t, w.Post(t.Context(),
		transfer(901, "2025-03-01", posting(ledger.PartyAccount(cid), "30", "GUE1"), posting(ledger.PartyAccount(moulin), "-30", "GUE1")),
		transfer(902, "2025-03-01", posting(ledger.PartyAccount(cid), "30", "GUE1"), posting(ledger.PartyAccount(moulin), "-30", "GUE1")),
	), ledger.ErrLimit, "together they are too much")
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestAPendingTransactionReservesIsPostedInPartsAndResolvedOnce(t *testing.T) {
	t.Parallel()
	w := setupRules(t, `{"kind": "ledger.accounts", "limits": [{"accounts": "cash", "credit": "0"}]}`)
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000")))
	order := transfer(1, "2025-07-01", posting(ledger.ProjectAccount(pont), "600", "EUR"), posting(ledger.Cash, "-600", "EUR"))
	order.Pending, order.Project, order.Until = true, pont, day("2025-12-31")
	require.NoError(t, w.Post(t.Context(), order))
	cash := func() (s string) {
		require.NoError(t, w.Read(func(b *ledger.Books) { s = b.Balance(ledger.Cash, "EUR").String() }))
		return s
	}
	require.Equal(t, "1000", cash())
	require.ErrorIs(t, w.Spend(t.Context(), w.expense("400.01")), ledger.ErrLimit, "600 are reserved")
	n := 100
	complete := func(edit func(*ledger.Completion)) error {
		n++
		c := ledger.Completion{ID: id(n), Transaction: order.ID, On: day("2025-08-01")}
		edit(&c)
		return w.Complete(t.Context(), c)
	}
	part := func(amount string) func(*ledger.Completion) {
		return func(c *ledger.Completion) {
			c.Postings = []ledger.Posting{posting(ledger.ProjectAccount(pont), amount, "EUR"), posting(ledger.Cash, "-"+amount, "EUR")}
		}
	}
	require.NoError(t, complete(part("250")))
	require.Equal(t, "750", cash())
	require.ErrorIs(t, complete(part("350.01")), ledger.ErrInvalid)
	require.ErrorIs(t, complete(func(c *ledger.Completion) { c.On = day("2026-01-01") }), ledger.ErrState, "too late")
	require.ErrorIs(t, complete(func(c *ledger.Completion) { c.Transaction = id(9) }), ledger.ErrUnknown)
	require.NoError(t, complete(part("50")))
	require.NoError(t, complete(func(c *ledger.Completion) { c.Void = true }))
	require.Equal(t, "700", cash())
	for _, edit := range []func(*ledger.Completion){func(*ledger.Completion) {}, part("1"), func(c *ledger.Completion) { c.Void = true }} {
		require.ErrorIs(t, complete(edit), ledger.ErrState)
	}
	require.NoError(t, w.Spend(t.Context(), w.expense("700")), "what was given up is free again")
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for p := range b.Pending() {
			require.Equal(t, ledger.Released, p.Status)
			require.Empty(t, p.Left)
		}
	}))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestNothingIsDatedInAClosedPeriodUnlessADecisionOpensIt(t *testing.T) {
	t.Parallel()
	w := setupRules(t, byVote)
	c := w.contribution(ana, "1")
	w.give(t, c)
	require.NoError(t, w.Receive(t.Context(), w.receipt("10")))
	invoice := w.promise(ledger.Invoice, "10", "EUR")
	require.NoError(t, w.Commit(t.Context(), invoice))
	waiting := transfer(6, "2025-06-01", posting(ledger.Cash, "1", "EUR"), posting(ledger.FundAccount("a"), "-1", "EUR"))
	waiting.Pending = true
	require.NoError(t, w.Post(t.Context(), waiting))
	closing := ledger.Closing{ID: id(1), By: moulin, On: day("2025-07-15"), Through: day("2025-06-30")}
	require.NoError(t, w.Close(t.Context(), closing))
	require.NoError(t, w.Close(t.Context(), closing), "again records nothing")
	size := w.journal.Size()
	late := w.contribution(ana, "2")
	difference := ledger.Quantity{Value: dec("1"), Unit: "h"}
	for name, err := range map[string]error{
		"contribution": w.Declare(t.Context(), late),
		"receipt":      w.Receive(t.Context(), w.receipt("1")),
		"expense":      w.Spend(t.Context(), w.expense("1")),
		"transaction":  w.Post(t.Context(), transfer(7, "2025-06-30", posting(ledger.Cash, "1", "EUR"), posting(ledger.FundAccount("a"), "-1", "EUR"))),
		"correction":   w.Correct(t.Context(), ledger.Correction{By: ana, Corrects: c.ID, On: day("2025-07-20"), Difference: &difference, Reason: "forgotten"}),
		"cancellation": w.Cancel(t.Context(), ledger.Cancellation{By: moulin, Commitment: invoice.ID, On: day("2025-06-30"), Reason: "r"}),
		"posting":      w.Complete(t.Context(), ledger.Completion{Transaction: waiting.ID, On: day("2025-06-30")}),
		"giving up":    w.Complete(t.Context(), ledger.Completion{Transaction: waiting.ID, On: day("2025-06-30"), Void: true}),
		"closing less": w.Close(t.Context(), ledger.Closing{By: moulin, On: day("2025-07-15"), Through: day("2025-05-31")}),
	} {
		require.ErrorIs(t, err, ledger.ErrClosed, name)
	}
	require.Equal(t, size, w.journal.Size())

	open := ledger.Reopening{ID: id(2), By: moulin, On: day("2026-01-13"), From: day("2025-03-01"), To: day("2025-03-31"), Reason: "a timesheet came late"}
	require.ErrorIs(t, w.Reopen(t.Context(), open), ledger.ErrUndecided)
	w.adopt(t, ledger.MatterReopening, open.ID)
	require.NoError(t, w.Reopen(t.Context(), open))
	require.NoError(t, w.Declare(t.Context(), late))
	require.ErrorIs(t, w.Receive(t.Context(), w.receipt("1")), ledger.ErrClosed, "June stays closed")
	closing.ID, closing.On = id(3), day("2026-01-20")
	require.NoError(t, w.Close(t.Context(), closing))
	require.ErrorIs(t, w.Declare(t.Context(), w.contribution(ana, "3")), ledger.ErrClosed, "March is closed again")
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestADistributionIsPostedOnceADecisionHasAdoptedIt(t *testing.T) {
	t.Parallel()
	w := setupRules(t, byVote, `{"kind": "ledger.distribution", "window": 2, "decision": true}`)
	w.give(t, w.contribution(ana, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000.00")))
	d, err := w.Distribute(t.Context(), theRun)
	require.NoError(t, err)
	err = w.approve(t, d, bob, "2026-01-13")
	require.ErrorIs(t, err, ledger.ErrUndecided)
	require.ErrorContains(t, err, "extra-b")
	w.adopt(t, ledger.MatterDistribution, d.ID)
	require.ErrorIs(t, w.approve(t, d, bob, "2026-01-07"), ledger.ErrState, "the window is open")
	require.NoError(t, w.approve(t, d, bob, "2026-01-13"))
	require.Equal(t, ledger.Posted, w.state(t, d).Status)
	require.Equal(t, "750.00", w.owed(t, ana))
	require.ErrorContains(t, (&ledger.ReviewRule{Decision: true, Approvals: 2}).Validate(), "approvals")
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestWhatWasKnownOnADayNeverChanges(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Receive(t.Context(), w.receipt("1")))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Equal(t, ledger.Token(1), b.KnownOn(day("2026-01-04")), "nothing was recorded by then")
		require.Equal(t, ledger.Token(w.journal.Size()), b.KnownOn(day("2026-01-05")))
		require.Equal(t, ledger.Token(w.journal.Size()), b.KnownOn(day("2030-01-01")))
		require.Equal(t, "0", b.BalanceAt(ledger.Cash, "EUR", ledger.At{Known: b.KnownOn(day("2026-01-04"))}).String())
	}))
}

func TestADayEndsAtMidnightWhereTheCommunityIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	state := w.community.State()
	books := ledger.NewBooks(state)
	for i, at := range []string{"2026-06-09T21:59:59Z", "2026-06-09T22:00:00Z", "2026-06-10T21:59:59Z", "2026-06-10T12:00:00Z", "2026-06-10T22:00:00Z"} {
		when, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		payload, err := canonical.Marshal(w.receipt("1"))
		require.NoError(t, err)
		r := &journal.Record{Position: uint64(100 + i), ID: id(100 + i), Kind: ledger.KindReceipt, Schema: 1, Time: when, Payload: payload}
		v, err := books.Decode(r)
		require.NoError(t, err)
		require.NoError(t, books.Apply(r, v))
	}
	for on, want := range map[string]ledger.Token{"2026-06-08": 1, "2026-06-09": 101, "2026-06-10": 104, "2026-06-11": 105} { // in Paris it is two o'clock when it is midnight in UTC
		require.Equal(t, want, books.KnownOn(day(on)), on)
	}
}

func TestRulesOnAccountsAndValidationAreCheckedBeforeAVersionIsSigned(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{
		`{"kind": "ledger.accounts", "limits": [{"accounts": "wallet:*", "debit": "1"}]}`,
		`{"kind": "ledger.accounts", "limits": [{"accounts": "cash"}]}`,
		`{"kind": "ledger.accounts", "limits": [{"accounts": "cash", "credit": "-1"}]}`,
		`{"kind": "ledger.accounts", "currencies": [{"code": "gue", "places": 2}]}`,
		`{"kind": "ledger.accounts", "currencies": [{"code": "GUE", "places": 7}]}`,
	} {
		text := strings.Replace(charterText(t), `{"id": "economic-1"`, `{"id": "extra-a", "text": {"en": "As we agreed."}, "rule": `+rule+`}, {"id": "economic-1"`, 1)
		charter, err := codesocial.ParseCharter([]byte(text))
		require.NoError(t, err)
		require.Error(t, charter.CheckRules(ledger.Checks()...), rule)
	}
}

func TestADistributionFollowsTheSplitOfACollectiveOffer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "1"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000.00")))
	plain, err := w.Books().Compute(ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	fifth, all := dec("0.2"), dec("1")
	split := ledger.Split{Offer: "https://le-gue.example/offer/1", Project: pont, From: day("2025-06-01"), Clause: plain.Clause, Lines: []dividend.Line{
		{ID: "support", Of: dividend.OfBase, Rate: &fifth, To: dividend.Target{Fund: "support"}},
		{ID: "partners", Of: dividend.OfRemaining, Rate: &all, To: dividend.Target{Parties: []dividend.Weight{{ID: bob, Value: dec("3")}, {ID: cid, Value: dec("1")}}}},
	}}
	record := func(split ledger.Split) error {
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{ID: id(77), Kind: ledger.KindSplit, Payload: split}}, nil
		})
		return err
	}
	require.NoError(t, record(split))
	d, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	require.Equal(t, id(77), d.Split)
	require.Equal(t, plain.Clause, d.Clause)
	require.Equal(t, map[string]string{bob: "600.00", cid: "200.00"}, amounts(d.Statement.Parties()))
	before, err := w.Distribute(t.Context(), ledger.Run{Project: barque, From: newYear, To: day("2025-03-31")})
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, before.Split, "other projects keep the charter's lines")
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}
