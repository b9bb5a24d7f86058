package ledger_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

func (w *world) promise(kind ledger.CommitmentKind, value, unit string) ledger.Commitment {
	w.next++
	return ledger.Commitment{ID: id(w.next), By: moulin, Kind: kind, Project: pont, Quantity: ledger.Quantity{Value: dec(value), Unit: unit}, On: day("2025-02-01"), Due: day("2025-06-30")}
}

func (w *world) standing(t testing.TB, c ledger.Commitment) (e ledger.CommitmentEntry) {
	t.Helper()
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var ok bool
		e, ok = b.Commitment(c.ID)
		require.True(t, ok)
	}))
	return e
}

func TestAnInvoiceIsPaidInPartsAndNeverBeyondWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := setup(t)
	quote, invoice := w.promise(ledger.Quote, "1000", "EUR"), w.promise(ledger.Invoice, "600", "EUR")
	invoice.Of = quote.ID
	require.NoError(t, w.Commit(t.Context(), quote))
	require.NoError(t, w.Commit(t.Context(), invoice))
	require.NoError(t, w.Commit(t.Context(), invoice), "again records nothing")
	require.Equal(t, "400 EUR", w.standing(t, quote).Left.String())
	second := w.promise(ledger.Invoice, "400.01", "EUR")
	second.Of = quote.ID
	require.ErrorIs(t, w.Commit(t.Context(), second), ledger.ErrOverpaid)

	part := w.receipt("250")
	part.Fulfils = invoice.ID
	require.NoError(t, w.Receive(t.Context(), part))
	require.Equal(t, "350 EUR", w.standing(t, invoice).Left.String())
	require.Equal(t, ledger.Outstanding, w.standing(t, invoice).Status)
	known := ledger.Token(w.journal.Size())
	rest, half := w.receipt("350"), w.receipt("200")
	rest.Fulfils, half.Fulfils = invoice.ID, invoice.ID
	require.ErrorIs(t, w.Receive(t.Context(), rest, half), ledger.ErrOverpaid, "together they are too much")
	require.NoError(t, w.Receive(t.Context(), rest))
	require.Equal(t, ledger.Fulfilled, w.standing(t, invoice).Status)
	require.Equal(t, []uuid.UUID{part.ID, rest.ID}, w.standing(t, invoice).Fulfilments)
	require.ErrorIs(t, w.Receive(t.Context(), half), ledger.ErrState)
	require.ErrorIs(t, w.Cancel(t.Context(), ledger.Cancellation{By: moulin, Commitment: invoice.ID, On: lastDay, Reason: "?"}), ledger.ErrState)

	var reversal ledger.Correction
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var err error
		reversal, err = b.Reversal(part.ID, day("2025-07-31"), "the cheque was not covered")
		require.NoError(t, err)
		_, e, ok := firstCommitment(b, ledger.Filter{Kind: "invoice", Known: known})
		require.True(t, ok)
		require.Equal(t, "350 EUR", e.Left.String(), "as it was known then")
	}))
	require.NoError(t, w.Correct(t.Context(), reversal))
	require.Equal(t, "250 EUR", w.standing(t, invoice).Left.String(), "what was taken back is owed again")
	require.NoError(t, w.Cancel(t.Context(), ledger.Cancellation{ID: id(1), By: moulin, Commitment: invoice.ID, On: lastDay, Reason: "they are insolvent"}))
	require.Equal(t, ledger.Cancelled, w.standing(t, invoice).Status)
	require.Equal(t, "650 EUR", w.standing(t, quote).Left.String(), "what was cancelled can be invoiced again")
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func firstCommitment(b *ledger.Books, f ledger.Filter) (ledger.Token, ledger.CommitmentEntry, bool) {
	for token, e := range b.Commitments(f) {
		return token, e, true
	}
	return 0, ledger.CommitmentEntry{}, false
}

func TestPlannedWorkIsFulfilledByValidatedContributions(t *testing.T) {
	t.Parallel()
	w := setup(t)
	plan := w.promise(ledger.Work, "10", "h")
	plan.Party, plan.Wealth = ana, "time"
	require.NoError(t, w.Commit(t.Context(), plan))
	c := w.contribution(ana, "4")
	c.Fulfils = plan.ID
	require.NoError(t, w.Declare(t.Context(), c))
	require.Equal(t, "10 h", w.standing(t, plan).Left.String(), "declared is not done")
	require.NoError(t, w.validate(t, bob, c))
	require.Equal(t, "6 h", w.standing(t, plan).Left.String())
	require.Equal(t, plan.ID, w.entry(t, c).Fulfils)
	more := w.contribution(ana, "9")
	more.Fulfils = plan.ID
	w.give(t, more)
	require.Equal(t, ledger.Fulfilled, w.standing(t, plan).Status, "she may work more than was planned")
	other := w.contribution(bob, "1")
	other.Fulfils = plan.ID
	require.ErrorIs(t, w.Declare(t.Context(), other), ledger.ErrInvalid)
}

func TestWorkIsGivenUpByWhoPromisedItOrWhoValidatesIt(t *testing.T) {
	t.Parallel()
	w := setupWith(t, `"validators": 1`, `"validators": 1, "by": ["lead"]`)
	work := func(party string) ledger.Commitment {
		c := w.promise(ledger.Work, "10", "h")
		c.Party, c.Wealth = party, "time"
		require.NoError(t, w.Commit(t.Context(), c))
		return c
	}
	cancel := func(by string, c ledger.Commitment) error {
		return w.Cancel(t.Context(), ledger.Cancellation{By: by, Commitment: c.ID, On: lastDay, Reason: "r"})
	}
	promised, other := work(bob), work(bob)
	err := cancel(cid, promised)
	require.ErrorIs(t, err, ledger.ErrState)
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, "economic-2", rule.Clause.Clause)
	require.Equal(t, ledger.Outstanding, w.standing(t, promised).Status)
	require.NoError(t, cancel(bob, promised))
	require.NoError(t, cancel(ana, other), "she belongs to the lead of the project")
	require.NoError(t, cancel(ana, work(moulin)))
	_, err = ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestClaimsLastOnceUntilPaidOrForEver(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000")))
	n := 0
	pay := func(c ledger.Commitment, amount string) error {
		n++
		x := transfer(n, "2025-07-01", posting(ledger.ProjectAccount(pont), amount, "EUR"), posting(ledger.PartyAccount(ana), "-"+amount, "EUR"))
		x.Project, x.Fulfils = pont, c.ID
		return w.Post(t.Context(), x)
	}
	for lasts, left := range map[string]string{"": "70 EUR", dividend.UntilPaid: "70 EUR", dividend.Once: "0 EUR", dividend.Lasting: "100 EUR"} {
		c := w.promise(ledger.Claim, "100", "EUR")
		c.Party, c.Lasts, c.Due = ana, lasts, codesocial.Date{}
		require.NoError(t, w.Commit(t.Context(), c))
		require.NoError(t, pay(c, "30"))
		require.Equal(t, left, w.standing(t, c).Left.String(), lasts)
		switch lasts {
		case dividend.Once:
			require.ErrorIs(t, pay(c, "1"), ledger.ErrState)
		case dividend.Lasting:
			require.NoError(t, pay(c, "100.01"))
		default:
			require.ErrorIs(t, pay(c, "70.01"), ledger.ErrOverpaid)
			require.NoError(t, pay(c, "70"))
			require.Equal(t, ledger.Fulfilled, w.standing(t, c).Status)
		}
	}
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestCommitmentsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	good := w.promise(ledger.Invoice, "100", "EUR")
	for name, c := range map[string]struct {
		edit func(*ledger.Commitment)
		want error
	}{
		"kind":             {func(c *ledger.Commitment) { c.Kind = "wish" }, ledger.ErrInvalid},
		"negative":         {func(c *ledger.Commitment) { c.Quantity.Value = dec("-1") }, ledger.ErrInvalid},
		"half a cent":      {func(c *ledger.Commitment) { c.Quantity.Value = dec("0.005") }, ledger.ErrInvalid},
		"no currency":      {func(c *ledger.Commitment) { c.Quantity.Unit = "eur" }, ledger.ErrInvalid},
		"unknown currency": {func(c *ledger.Commitment) { c.Quantity.Unit = "GUE1" }, ledger.ErrUnit},
		"due before":       {func(c *ledger.Commitment) { c.Due = day("2025-01-31") }, ledger.ErrInvalid},
		"never due":        {func(c *ledger.Commitment) { c.Due = codesocial.Date{} }, ledger.ErrInvalid},
		"by a stranger":    {func(c *ledger.Commitment) { c.By = eve }, codesocial.ErrNotMember},
		"no project":       {func(c *ledger.Commitment) { c.Project = ana }, ledger.ErrInvalid},
		"work of nobody":   {func(c *ledger.Commitment) { c.Kind, c.Wealth = ledger.Work, "time" }, ledger.ErrInvalid},
		"work in euros":    {func(c *ledger.Commitment) { c.Kind, c.Wealth, c.Party = ledger.Work, "time", ana }, ledger.ErrUnit},
		"of nothing":       {func(c *ledger.Commitment) { c.Of = id(1) }, ledger.ErrUnknown},
		"lasts":            {func(c *ledger.Commitment) { c.Lasts = dividend.Once }, ledger.ErrInvalid},
	} {
		bad := good
		c.edit(&bad)
		size := w.journal.Size()
		require.ErrorIs(t, w.Commit(t.Context(), good, bad), c.want, name)
		require.Equal(t, size, w.journal.Size(), name)
	}
}

func TestFlowsKeepWhatIsOnHandAndWhoseItIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	kg := func(s string) *flow.Measure { return &flow.Measure{Value: dec(s), Unit: "kg"} }
	f := func(events ...flow.Event) ledger.Flow {
		w.next++
		return ledger.Flow{ID: id(w.next), By: moulin, Project: pont, Process: "bakery day", On: day("2025-03-01"), Events: events}
	}
	stock := f(flow.Event{Action: "raise", Provider: moulin, Resource: "wheat", Conforms: "cereal", Quantity: kg("30")})
	bake := f(
		flow.Event{Action: "consume", Provider: moulin, Resource: "wheat", Quantity: kg("12")},
		flow.Event{Action: "work", Provider: ana, Receiver: moulin, Effort: &flow.Measure{Value: dec("3"), Unit: "h"}},
		flow.Event{Action: "produce", Provider: ana, Receiver: moulin, Resource: "bread", Conforms: "bread", Quantity: kg("15")},
	)
	require.NoError(t, w.Flow(t.Context(), stock))
	require.NoError(t, w.Flow(t.Context(), bake))
	require.NoError(t, w.Flow(t.Context(), bake), "again records nothing")
	size := w.journal.Size()
	for name, c := range map[string]struct {
		flow ledger.Flow
		want error
	}{
		"too much":             {f(flow.Event{Action: "consume", Provider: moulin, Resource: "wheat", Quantity: kg("18.1")}), flow.ErrShort},
		"provider no member":   {f(flow.Event{Action: "consume", Provider: eve, Resource: "wheat", Quantity: kg("1")}), codesocial.ErrNotMember},
		"unknown receiver":     {f(flow.Event{Action: "transfer", Provider: moulin, Receiver: "urn:x:nobody", Resource: "wheat", To: "w2", Quantity: kg("1")}), ledger.ErrUnknown},
		"negative":             {f(flow.Event{Action: "consume", Provider: moulin, Resource: "wheat", Quantity: kg("-1")}), ledger.ErrInvalid},
		"correction of others": {func() ledger.Flow { x := f(bake.Events[0]); x.Corrects = stock.ID; return x }(), ledger.ErrInvalid},
		"unknown action":       {f(flow.Event{Action: "eat", Provider: moulin, Resource: "bread", Quantity: kg("1")}), ledger.ErrInvalid},
	} {
		require.ErrorIs(t, w.Flow(t.Context(), c.flow), c.want, name)
	}
	require.Equal(t, size, w.journal.Size())
	wrong := f(flow.Event{Action: "produce", Provider: ana, Receiver: moulin, Resource: "bread", Conforms: "bread", Quantity: kg("-15")})
	wrong.Corrects = bake.ID
	tooMuch := wrong
	tooMuch.Events = []flow.Event{wrong.Events[0]}
	tooMuch.Events[0].Quantity = kg("-15.5")
	require.ErrorIs(t, w.Flow(t.Context(), tooMuch), ledger.ErrInvalid)
	wrong.Events[0].Quantity = kg("-15")
	require.NoError(t, w.Flow(t.Context(), wrong))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		bread, _ := b.Resource("bread")
		require.Equal(t, "0", bread.OnHand.String())
		wheat, _ := b.Resource("wheat")
		require.Equal(t, "18", wheat.Accounting.String())
		var got []string
		for _, x := range b.FlowTotals(ledger.Filter{Project: pont}) {
			got = append(got, x.Action+" "+x.Conforms+" "+x.Quantity.String())
		}
		require.Equal(t, []string{"consume cereal 12 kg", "produce bread 0 kg", "raise cereal 30 kg", "work  3 h"}, got)
		n := 0
		for token := range b.Flows(ledger.Filter{Party: ana}) {
			n++
			require.NotZero(t, token)
		}
		require.Equal(t, 2, n)
	}))
	rest := f(flow.Event{Action: "consume", Provider: moulin, Resource: "wheat", Quantity: kg("-12")}, flow.Event{Action: "work", Provider: ana, Receiver: moulin, Effort: &flow.Measure{Value: dec("-3"), Unit: "h"}})
	rest.Corrects = bake.ID
	require.NoError(t, w.Flow(t.Context(), rest))
	rest.ID = id(9999)
	require.ErrorIs(t, w.Flow(t.Context(), rest), ledger.ErrReversed)
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestAFundGrantsUnderACallAndTakesBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Post(t.Context(), transfer(1, "2025-01-02", posting(ledger.Cash, "5000", "EUR"), posting(ledger.FundAccount("commons"), "-5000", "EUR"))))
	call := ledger.Call{ID: id(2), By: moulin, Fund: "commons", Title: "Open tools", On: day("2025-02-01"), Until: day("2025-03-31"), Ceiling: dec("1000"), Currency: "EUR"}
	require.NoError(t, w.Call(t.Context(), call))
	grant := func(n int, amount, on string, edits ...func(*ledger.Grant)) error {
		g := ledger.Grant{ID: id(n), By: moulin, Call: call.ID, Fund: "commons", Project: pont, Amount: dec(amount), Currency: "EUR", On: day(on), Reason: "a free bridge"}
		for _, edit := range edits {
			edit(&g)
		}
		return w.Grant(t.Context(), g)
	}
	require.NoError(t, grant(3, "800", "2025-02-10"))
	require.NoError(t, grant(3, "800", "2025-02-10"), "again records nothing")
	require.ErrorIs(t, grant(4, "200.01", "2025-02-10"), ledger.ErrOverpaid)
	require.ErrorIs(t, grant(4, "100", "2025-04-01"), ledger.ErrState)
	require.ErrorIs(t, grant(4, "100", "2025-02-10", func(g *ledger.Grant) { g.Fund = "support" }), ledger.ErrOverpaid)
	require.ErrorIs(t, grant(4, "4200.01", "2025-02-10", func(g *ledger.Grant) { g.Call = uuid.Nil }), ledger.ErrOverpaid, "more than the fund holds")
	require.NoError(t, w.Spend(t.Context(), func() ledger.Expense { e := w.expense("300"); e.On = day("2025-03-01"); return e }()))
	refund := func(n int, amount string) error {
		return w.Refund(t.Context(), ledger.Refund{ID: id(n), By: moulin, Grant: id(3), Amount: dec(amount), On: day("2025-03-20"), Reason: "the project was stopped"})
	}
	require.ErrorIs(t, refund(5, "500.01"), ledger.ErrOverpaid, "it has 500 left")
	require.NoError(t, refund(5, "500"))
	require.ErrorIs(t, refund(6, "0.01"), ledger.ErrOverpaid)
	require.NoError(t, grant(7, "700", "2025-03-30"), "what was refunded can be granted again")
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for _, moved := range []int{3, 5} {
			_, err := b.Reversal(id(moved), lastDay, "r")
			require.ErrorIs(t, err, ledger.ErrInvalid, "it would go back beside the refund")
		}
		require.Equal(t, "-4000", b.Balance(ledger.FundAccount("commons"), "EUR").String())
		for c := range b.Calls("commons") {
			require.Equal(t, "0", c.Left.String())
		}
		for g := range b.Grants("commons") {
			require.Equal(t, g.ID == id(3), g.Refunded.Equal(dec("500")))
		}
	}))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestTheCostOfSupportIsAllocatedExactlyByEachKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][2]string{
		`"key": "equal"`:                          {"50.01", "50"},
		`"key": "turnover"`:                       {"25", "75.01"},
		`"key": "margin"`:                         {"0", "100.01"},
		`"key": "time", "wealth": "time"`:         {"80.01", "20"},
		`"key": "use", "resource": "the minibus"`: {"33.34", "66.67"},
	} {
		w := setupRules(t, `{"kind": "ledger.pools", "pools": [{"fund": "support", `+key+`}]}`)
		at := func(project string, hours, received, spent, used string) {
			c, r, e := w.contribution(ana, hours), w.receipt(received), w.expense(spent)
			c.Project, r.Project, e.Project = project, project, project
			w.give(t, c)
			require.NoError(t, w.Receive(t.Context(), r))
			require.NoError(t, w.Spend(t.Context(), e))
			w.next++
			require.NoError(t, w.Flow(t.Context(), ledger.Flow{ID: id(w.next), By: moulin, Project: project, On: day("2025-03-01"), Events: []flow.Event{
				{Action: "raise", Provider: moulin, Resource: "bus of " + project, Conforms: "the minibus", Quantity: &flow.Measure{Value: dec("1"), Unit: "bus"}},
				{Action: "use", Provider: moulin, Resource: "bus of " + project, Effort: &flow.Measure{Value: dec(used), Unit: "h"}},
			}}))
		}
		at(barque, "8", "100", "150", "1")
		at(pont, "2", "300", "50", "2")
		cost := w.expense("100.01")
		cost.Project, cost.Fund = "", "support"
		require.NoError(t, w.Spend(t.Context(), cost))
		a, err := w.Allocate(t.Context(), "support", newYear, lastDay, lastDay)
		require.NoError(t, err, key)
		require.Equal(t, want, [2]string{a.Lines[0].Amount.String(), a.Lines[1].Amount.String()}, key)
		sum := decimal.Sum(a.Lines[0].Amount, a.Lines[1].Amount)
		require.True(t, sum.Equal(dec("100.01")))
		again, err := w.Allocate(t.Context(), "support", newYear, lastDay, lastDay)
		require.NoError(t, err)
		require.Equal(t, a.ID, again.ID)
		_, err = w.Allocate(t.Context(), "support", newYear, day("2025-06-30"), lastDay)
		require.ErrorIs(t, err, ledger.ErrDistributed)
		require.NoError(t, w.Read(func(b *ledger.Books) { require.True(t, b.Balance(ledger.FundAccount("support"), "EUR").IsZero()) }))
		require.Contains(t, a.Explain("fr"), "répartis")
		require.Contains(t, a.Explain("en"), "- "+barque+": 100.01 EUR × ")
		_, err = ledger.Audit(t.Context(), w.journal)
		require.NoError(t, err, key)
	}
}

func TestWhatAFundSpendsLateIsTakenUpByTheNextAllocation(t *testing.T) {
	t.Parallel()
	w := setupRules(t, `{"kind": "ledger.pools", "pools": [{"fund": "support", "key": "equal"}]}`)
	ctx := t.Context()
	spend := func(amount, on string) ledger.Expense {
		e := w.expense(amount)
		e.Project, e.Fund, e.On = "", "support", day(on)
		require.NoError(t, w.Spend(ctx, e))
		return e
	}
	allocate := func(from, to, amount, late string) *ledger.Allocation {
		a, err := w.Allocate(ctx, "support", day(from), day(to), day(to))
		require.NoError(t, err)
		require.Equal(t, [2]string{amount, late}, [2]string{a.Amount.String(), a.Late.String()}, from)
		return a
	}
	for _, on := range []string{"2025-01-10", "2025-04-10", "2025-07-10", "2025-10-10"} {
		w.earn(t, "10", on)
	}
	first := spend("100.01", "2025-01-15")
	require.NotContains(t, allocate("2025-01-01", "2025-03-31", "100.01", "0").Explain("en"), "late")
	spend("0.02", "2025-02-15")
	spend("7", "2025-05-15")
	allocate("2025-01-01", "2025-03-31", "100.01", "0") // as it stands
	a := allocate("2025-04-01", "2025-06-30", "7.02", "0.02")
	require.Contains(t, a.Explain("en"), "(with 0.02 EUR recorded late")
	require.Contains(t, a.Explain("fr"), "(y compris 0.02 EUR enregistrés")
	w.next++
	require.NoError(t, w.Correct(ctx, ledger.Correction{ID: id(w.next), Corrects: first.ID, On: day("2025-03-01"), Difference: &ledger.Quantity{Value: dec("-50"), Unit: "EUR"}, Reason: "r"}))
	spend("20", "2025-08-15")
	_, err := w.Allocate(ctx, "support", day("2025-07-01"), day("2025-09-30"), day("2025-09-30"))
	require.ErrorContains(t, err, "more was taken back than spent: allocate a longer period")
	spend("40", "2025-11-15")
	allocate("2025-07-01", "2025-12-31", "10", "-50")
	require.NoError(t, w.Read(func(b *ledger.Books) { require.True(t, b.Balance(ledger.FundAccount("support"), "EUR").IsZero()) }))
	_, err = ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
	require.Equal(t, state(t, w), state(t, open(t, w.store)))
}
