package ledger_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

// The kinds of records that say nothing of the days of a project, and why.
var withoutProjectDays = map[string]string{
	ledger.KindValidation:   "follows up on contributions",
	ledger.KindObjection:    "follows up on a contribution or distribution",
	ledger.KindSettlement:   "follows up on an objection",
	ledger.KindApproval:     "follows up on a distribution",
	ledger.KindDistribution: "shares a period, which need not be the project's, and comes when it is over",
	ledger.KindSplit:        "is the catalogue's",
	ledger.KindPayment:      "names no project",
	ledger.KindClosing:      "names no project",
	ledger.KindReopening:    "names no project",
	ledger.KindCall:         "names no project",
	ledger.KindAllocation:   "charges the projects of a period, and comes when it is over",
	ledger.KindCapacity:     "names no project",
	ledger.KindCancellation: "follows up on a commitment",
	ledger.KindCompletion:   "follows up on a transaction",
	ledger.KindCorrection:   "follows up on what it corrects",
	ledger.KindRefund:       "follows up on a grant",
}

// spring is a world in which Le Pont lasts from March to May, and money is there.
func spring(t *testing.T) (w *world, plan ledger.Plan) {
	t.Helper()
	w = setup(t)
	plan = ledger.Plan{
		ID: id(1), By: moulin, Project: pont, On: newYear, From: day("2025-03-01"), To: day("2025-05-31"), Currency: "EUR",
		Milestones: []ledger.Milestone{{Name: "open", Due: day("2025-05-31"), Done: day("2025-06-02")}},
	}
	require.NoError(t, w.Plan(t.Context(), plan))
	require.NoError(t, w.Post(t.Context(), transfer(2, "2025-01-02", posting(ledger.Cash, "5000", "EUR"), posting(ledger.FundAccount("commons"), "-5000", "EUR"))))
	return w, plan
}

func TestWhatNamesAProjectIsDatedWithinIt(t *testing.T) {
	t.Parallel()
	w, _ := spring(t)
	ctx := t.Context()
	euros := func(s string) ledger.Quantity { return ledger.Quantity{Value: dec(s), Unit: "EUR"} }
	invoice := ledger.Commitment{By: moulin, Kind: ledger.Invoice, Project: pont, Quantity: euros("10"), Due: lastDay}
	n := 100
	next := func() uuid.UUID { n++; return id(n) }
	record := map[string]func(on codesocial.Date) error{
		ledger.KindContribution: func(on codesocial.Date) error {
			c := w.contribution(ana, "1")
			c.On = on
			return w.Declare(ctx, c)
		},
		ledger.KindReceipt: func(on codesocial.Date) error {
			r := w.receipt("10")
			r.On = on
			return w.Receive(ctx, r)
		},
		ledger.KindExpense: func(on codesocial.Date) error {
			e := w.expense("10")
			e.On = on
			return w.Spend(ctx, e)
		},
		ledger.KindTransaction: func(on codesocial.Date) error {
			x := transfer(0, on.String(), posting(ledger.Cash, "10", "EUR"), posting(ledger.ProjectAccount(pont), "-10", "EUR"))
			x.ID, x.Project = next(), pont
			return w.Post(ctx, x)
		},
		ledger.KindTransaction + ", pending": func(on codesocial.Date) error {
			x := transfer(0, on.String(), posting(ledger.Cash, "10", "EUR"), posting(ledger.ProjectAccount(pont), "-10", "EUR"))
			x.ID, x.Project, x.Pending = next(), pont, true
			return w.Post(ctx, x)
		},
		ledger.KindFlow: func(on codesocial.Date) error {
			q := &flow.Measure{Value: dec("1"), Unit: "kg"}
			return w.Flow(ctx, ledger.Flow{ID: next(), By: moulin, Project: pont, On: on, Events: []flow.Event{{Action: "raise", Receiver: moulin, Resource: "wheat", Quantity: q}}})
		},
		ledger.KindCommitment: func(on codesocial.Date) error {
			c := invoice
			c.ID, c.On = next(), on
			return w.Commit(ctx, c)
		},
		ledger.KindCommitment + ", due": func(on codesocial.Date) error { // of work: what is invoiced may be due later
			c := ledger.Commitment{ID: next(), By: moulin, Kind: ledger.Work, Project: pont, Party: ana, Wealth: "time", Quantity: ledger.Quantity{Value: dec("5"), Unit: "h"}, On: day("2025-03-01"), Due: on}
			if on.Before(c.On) {
				c.On = on
			}
			return w.Commit(ctx, c)
		},
		ledger.KindGrant: func(on codesocial.Date) error {
			return w.Grant(ctx, ledger.Grant{ID: next(), By: moulin, Fund: "commons", Project: pont, Amount: dec("1"), Currency: "EUR", On: on, Reason: "r"})
		},
		ledger.KindPlan: func(on codesocial.Date) error { // a milestone; the plan's own day may be any
			p := ledger.Plan{ID: next(), By: moulin, Project: pont, On: newYear, From: day("2025-03-01"), To: day("2025-05-31"), Currency: "EUR"}
			p.Milestones = []ledger.Milestone{{Name: "open", Due: on}}
			return w.Plan(ctx, p)
		},
		ledger.KindFinding: func(on codesocial.Date) error {
			return w.Find(ctx, ledger.Finding{ID: next(), By: moulin, Project: pont, Kind: ledger.Defect, On: on, Text: "a crack"})
		},
		ledger.KindContingency: func(on codesocial.Date) error {
			return w.Watch(ctx, ledger.Contingency{ID: next(), By: moulin, Project: pont, Title: "flood", On: on, Probability: dec("0.1"), Impact: dec("100"), Currency: "EUR", Owner: ana, Status: ledger.Watched})
		},
	}
	kinds := slices.Sorted(maps.Keys(withoutProjectDays))
	for kind, do := range record {
		of, _, _ := strings.Cut(kind, ",")
		kinds = append(kinds, of)
		for _, outside := range []string{"2025-02-28", "2025-06-01"} {
			size := w.journal.Size()
			err := do(day(outside))
			require.ErrorIs(t, err, ledger.ErrInvalid, "%s on %s", kind, outside)
			require.ErrorContains(t, err, `"`+outside+`": is outside the project`, kind)
			require.ErrorContains(t, err, "from 2025-03-01 to 2025-05-31", kind)
			require.Equal(t, size, w.journal.Size(), kind)
		}
		for _, within := range []string{"2025-03-01", "2025-04-10", "2025-05-31"} {
			require.NoError(t, do(day(within)), "%s on %s", kind, within)
		}
	}
	slices.Sort(kinds)
	require.Equal(t, ledger.AllKinds(), slices.Compact(kinds), "every kind of record is looked at here, or it is said why not")
	_, err := ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
}

// TestWhatFollowsUpOnAProjectMayComeAfterItsEnd closes a project: bills are paid, mistakes put right, money given back.
func TestWhatFollowsUpOnAProjectMayComeAfterItsEnd(t *testing.T) {
	t.Parallel()
	w, plan := spring(t)
	ctx := t.Context()
	within, after, before := day("2025-04-10"), day("2025-07-01"), day("2025-02-01")
	invoice, order, claim := w.promise(ledger.Invoice, "100", "EUR"), w.promise(ledger.Order, "40", "EUR"), w.promise(ledger.Claim, "30", "EUR")
	claim.Party = ana
	for _, c := range []*ledger.Commitment{&invoice, &order, &claim} {
		c.On = within
		require.NoError(t, w.Commit(ctx, *c))
	}
	gift, spent := w.receipt("300"), w.expense("20")
	gift.On, spent.On = within, within
	require.NoError(t, w.Receive(ctx, gift))
	require.NoError(t, w.Spend(ctx, spent))
	pending := transfer(11, "2025-05-31", posting(ledger.ProjectAccount(pont), "5", "EUR"), posting(ledger.Cash, "-5", "EUR"))
	pending.Project, pending.Pending = pont, true
	require.NoError(t, w.Post(ctx, pending))
	require.NoError(t, w.Grant(ctx, ledger.Grant{ID: id(12), By: moulin, Fund: "commons", Project: pont, Amount: dec("50"), Currency: "EUR", On: within, Reason: "r"}))
	kg := func(s string) *flow.Measure { return &flow.Measure{Value: dec(s), Unit: "kg"} }
	raise := ledger.Flow{ID: id(13), By: moulin, Project: pont, On: within, Events: []flow.Event{{Action: "raise", Receiver: moulin, Resource: "wheat", Quantity: kg("3")}}}
	require.NoError(t, w.Flow(ctx, raise))
	defect := ledger.Finding{ID: id(14), By: moulin, Project: pont, Kind: ledger.Defect, On: within, Text: "a crack"}
	require.NoError(t, w.Find(ctx, defect))
	flood := ledger.Contingency{ID: id(15), By: moulin, Project: pont, Title: "flood", On: within, Currency: "EUR", Owner: ana, Status: ledger.Watched}
	require.NoError(t, w.Watch(ctx, flood))

	follow := map[string]func(on codesocial.Date) error{
		"a receipt that pays an invoice": func(on codesocial.Date) error {
			r := w.receipt("60")
			r.Fulfils, r.On = invoice.ID, on
			return w.Receive(ctx, r)
		},
		"an expense that pays an order": func(on codesocial.Date) error {
			e := w.expense("40")
			e.Fulfils, e.On = order.ID, on
			return w.Spend(ctx, e)
		},
		"a transaction that pays a claim": func(on codesocial.Date) error {
			x := transfer(21, on.String(), posting(ledger.ProjectAccount(pont), "30", "EUR"), posting(ledger.PartyAccount(ana), "-30", "EUR"))
			x.Project, x.Fulfils = pont, claim.ID
			return w.Post(ctx, x)
		},
		"a completion": func(on codesocial.Date) error {
			return w.Complete(ctx, ledger.Completion{ID: id(22), Transaction: pending.ID, On: on})
		},
		"a correction": func(on codesocial.Date) error {
			return w.Correct(ctx, ledger.Correction{ID: id(23), Corrects: spent.ID, On: on, Difference: &ledger.Quantity{Value: dec("-1"), Unit: "EUR"}, Reason: "r"})
		},
		"a refund": func(on codesocial.Date) error {
			return w.Refund(ctx, ledger.Refund{ID: id(24), By: moulin, Grant: id(12), Amount: dec("50"), On: on, Reason: "r"})
		},
		"a cancellation": func(on codesocial.Date) error {
			return w.Cancel(ctx, ledger.Cancellation{ID: id(25), By: moulin, Commitment: invoice.ID, On: on, Reason: "r"})
		},
		"a correction of a flow": func(on codesocial.Date) error {
			f := raise
			f.ID, f.On, f.Corrects, f.Events = id(26), on, raise.ID, slices.Clone(raise.Events)
			f.Events[0].Quantity = kg("-1")
			return w.Flow(ctx, f)
		},
		"the closing of a finding": func(on codesocial.Date) error {
			return w.Find(ctx, ledger.Finding{ID: id(27), By: moulin, Project: pont, Closes: defect.ID, On: on})
		},
		"the next state of a contingency": func(on codesocial.Date) error {
			c := flood
			c.ID, c.Of, c.On, c.Status = id(28), flood.ID, on, ledger.Averted
			return w.Watch(ctx, c)
		},
	}
	for name, do := range follow {
		size := w.journal.Size()
		require.ErrorIs(t, do(before), ledger.ErrInvalid, "%s, before it begins", name)
		require.Equal(t, size, w.journal.Size(), name)
	}
	// In an order in which each is possible.
	for _, name := range slices.Sorted(maps.Keys(follow)) {
		if name != "a cancellation" {
			require.NoError(t, follow[name](after), name)
		}
	}
	require.NoError(t, follow["a cancellation"](after))

	// Another plan says otherwise; what is recorded already stays, and recording it again is nothing new.
	plan.ID, plan.From, plan.To, plan.Milestones = id(30), day("2025-05-01"), lastDay, nil
	require.NoError(t, w.Plan(ctx, plan))
	size := w.journal.Size()
	require.NoError(t, w.Receive(ctx, gift))
	require.NoError(t, w.Commit(ctx, invoice))
	require.NoError(t, w.Flow(ctx, raise))
	require.NoError(t, w.Find(ctx, defect))
	require.NoError(t, w.Watch(ctx, flood))
	require.Equal(t, size, w.journal.Size())
	late := w.receipt("1")
	late.On = after
	require.NoError(t, w.Receive(ctx, late))
	_, err := ledger.Audit(ctx, w.journal)
	require.NoError(t, err)
}
