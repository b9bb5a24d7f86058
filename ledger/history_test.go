package ledger_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

var long = flag.Bool("long", false, "play longer random histories")

// a history is a random sequence of operations on books, of which many are refused and some fail in the store.
type history struct {
	*world
	rng   *rand.Rand
	store *faulty
	given []ledger.Contribution
	money []uuid.UUID // what can be corrected
	wait  []uuid.UUID // pending transactions
	owed  []ledger.Commitment
	funds []uuid.UUID // grants
	flows []ledger.Flow
	calls []uuid.UUID
	under []ledger.Distribution // what is reviewed
}

// faulty is a store that fails at random, before or after it has stored the block.
type faulty struct {
	*journal.MemoryStore
	rng *rand.Rand
	off bool
}

var errDisk = errors.New("the disk is full")

func (f *faulty) Put(ctx context.Context, n uint64, block []byte) error {
	if f.off {
		return f.MemoryStore.Put(ctx, n, block)
	}
	switch f.rng.IntN(40) {
	case 0:
		return errDisk
	case 1:
		if err := f.MemoryStore.Put(ctx, n, block); err != nil {
			return err
		}
		return errDisk
	}
	return f.MemoryStore.Put(ctx, n, block)
}

const historyRules = `{"kind": "ledger.accounts", "currencies": [{"code": "GUE1", "places": 1}],
	"limits": [{"accounts": "party:*", "currency": "GUE1", "debit": "100", "credit": "200"}, {"accounts": "fund:*", "currency": "EUR", "debit": "5000"}, {"accounts": "cash", "currency": "TND", "credit": "10.5"}]}`

// play plays so many operations from a seed.
func play(t testing.TB, seed uint64, operations int) *history {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 17))
	rules := historyRules
	if seed%2 == 1 {
		rules += `}, {"id": "review", "text": {"en": "As we agreed."}, "rule": {"kind": "ledger.distribution", "window": 5, "approvals": 2, "overrule": 2}`
	}
	w := setupWith(t, `{"id": "economic-1"`, `{"id": "extra", "text": {"en": "As we agreed."}, "rule": `+rules+`}, {"id": "economic-1"`, `"lines": [`, `"lines": [`+
		`{"id": "claims", "of": "base", "rate": "0.3", "overClaim": "`+[]string{"debt", "pro-rata", "first-come"}[seed%3]+`", "to": {"claims": "all"}},`)
	h := &history{world: w, rng: rng}
	h.store = &faulty{MemoryStore: h.world.store, rng: rng, off: true}
	h.world = openWith(t, h.store, h.world.store)
	h.store.off = false
	for i := range operations {
		before := ""
		check := i%97 == 0
		if check {
			before = state(t, h.world)
		}
		size := h.journal.Size()
		err := h.step(t)
		if errors.Is(err, errDisk) { // whether it went in is read back
			continue
		}
		if err != nil && check {
			require.Equal(t, before, state(t, h.world), "seed %d, step %d: what is refused changes nothing", seed, i)
			require.Equal(t, size, h.journal.Size())
		}
	}
	h.store.off = true
	return h
}

func (h *history) party() string { return []string{ana, bob, cid, moulin}[h.rng.IntN(4)] }

func (h *history) project() string { return []string{pont, barque}[h.rng.IntN(2)] }

func (h *history) day() codesocial.Date { return newYear.AddDays(h.rng.IntN(365)) }

func (h *history) cents(most int64) decimal.Decimal { return decimal.New(1+h.rng.Int64N(most), -2) }

func pick[T any](h *history, list []T) (x T, ok bool) {
	if len(list) == 0 {
		return x, false
	}
	return list[h.rng.IntN(len(list))], true
}

// step makes one operation, which may well be refused.
func (h *history) step(t testing.TB) error {
	ctx := t.Context()
	h.next++
	n := id(h.next)
	switch h.rng.IntN(24) {
	case 0, 1, 2:
		c := h.contribution(h.party(), h.cents(4000).String())
		c.Project, c.On, c.Ordered = h.project(), h.day(), h.rng.IntN(5) == 0
		err := h.Declare(ctx, c)
		if err == nil {
			h.given = append(h.given, c)
		}
		return err
	case 3, 4:
		c, _ := pick(h, h.given)
		return h.Validate(ctx, ledger.Validation{ID: n, By: h.party(), On: lastDay, Contributions: []uuid.UUID{c.ID}})
	case 5:
		c, _ := pick(h, h.given)
		return h.Object(ctx, ledger.Objection{ID: n, By: h.party(), Contribution: c.ID, On: lastDay, Reason: "no"})
	case 6:
		var open uuid.UUID
		require.NoError(t, h.Read(func(b *ledger.Books) {
			c, _ := pick(h, h.given)
			for _, o := range b.Objections(c.ID) {
				open = o.ID
			}
		}))
		return h.Settle(ctx, ledger.Settlement{ID: n, By: h.party(), Objection: open, On: lastDay})
	case 7:
		c, _ := pick(h, h.given)
		return h.Correct(ctx, ledger.Correction{ID: n, By: h.party(), Corrects: c.ID, On: lastDay, Reason: "r", Difference: &ledger.Quantity{Value: h.cents(2000).Sub(dec("10")), Unit: "h"}})
	case 8, 9:
		r := h.receipt(h.cents(1_000_000).String())
		r.Project, r.On = h.project(), h.day()
		if c, ok := pick(h, h.owed); ok && h.rng.IntN(2) == 0 {
			r.Fulfils, r.Project = c.ID, c.Project
		}
		err := h.Receive(ctx, r)
		h.recorded(err, r.ID)
		return err
	case 10:
		e := h.expense(h.cents(300_000).String())
		e.Project, e.On = h.project(), h.day()
		if h.rng.IntN(3) == 0 {
			e.Project, e.Fund = "", "support"
		}
		err := h.Spend(ctx, e)
		h.recorded(err, e.ID)
		return err
	case 11, 12:
		currency, amount := "GUE1", decimal.New(1+h.rng.Int64N(800), -1)
		switch h.rng.IntN(4) {
		case 0:
			currency, amount = "JPY", decimal.NewFromInt(1+h.rng.Int64N(9000))
		case 1:
			currency, amount = "TND", decimal.New(1+h.rng.Int64N(9000), -3)
		}
		accounts := []ledger.Account{ledger.PartyAccount(h.party()), ledger.PartyAccount(h.party()), ledger.FundAccount("support"), ledger.Cash}
		from, to := accounts[h.rng.IntN(4)], accounts[h.rng.IntN(4)]
		x := ledger.Transaction{ID: n, On: h.day(), Postings: []ledger.Posting{{Account: from, Amount: amount, Currency: currency}, {Account: to, Amount: amount.Neg(), Currency: currency}}}
		if x.Pending = h.rng.IntN(3) == 0; x.Pending {
			err := h.Post(ctx, x)
			if err == nil {
				h.wait = append(h.wait, n)
			}
			return err
		}
		if c, ok := pick(h, h.owed); ok && c.Kind == ledger.Claim && h.rng.IntN(2) == 0 {
			amount = h.cents(50_000)
			x.Project, x.Fulfils = c.Project, c.ID
			x.Postings = []ledger.Posting{{Account: ledger.ProjectAccount(c.Project), Amount: amount, Currency: "EUR"}, {Account: ledger.PartyAccount(c.Party), Amount: amount.Neg(), Currency: "EUR"}}
		}
		err := h.Post(ctx, x)
		h.recorded(err, n)
		return err
	case 13:
		p, _ := pick(h, h.wait)
		c := ledger.Completion{ID: n, Transaction: p, On: h.day(), Void: h.rng.IntN(3) == 0}
		require.NoError(t, h.Read(func(b *ledger.Books) {
			for x := range b.Pending() { // mostly a part only
				if x.ID == p && !c.Void && h.rng.IntN(3) > 0 {
					for _, left := range x.Left {
						left.Amount = left.Amount.DivRound(decimal.NewFromInt(2), -left.Amount.Exponent())
						c.Postings = append(c.Postings, left)
					}
				}
			}
		}))
		return h.Complete(ctx, c)
	case 14, 15:
		of, _ := pick(h, h.money)
		var c ledger.Correction
		var err error
		require.NoError(t, h.Read(func(b *ledger.Books) { c, err = b.Reversal(of, lastDay, "r") }))
		if err != nil {
			return err
		}
		if c.ID = n; c.Difference != nil && h.rng.IntN(2) == 0 {
			c.Difference.Value = c.Difference.Value.DivRound(decimal.NewFromInt(2), 2)
		}
		return h.Correct(ctx, c)
	case 16:
		c := h.promise(ledger.Invoice, h.cents(500_000).String(), "EUR")
		c.Project = h.project()
		if h.rng.IntN(2) == 0 {
			c.Kind, c.Party, c.Due, c.On = ledger.Claim, h.party(), codesocial.Date{}, h.day()
			c.Lasts = []string{"", dividend.Once, dividend.UntilPaid, dividend.Lasting}[h.rng.IntN(4)]
		}
		err := h.Commit(ctx, c)
		if err == nil {
			h.owed = append(h.owed, c)
		}
		return err
	case 17:
		c, _ := pick(h, h.owed)
		if c.Kind == ledger.Claim && h.rng.IntN(4) > 0 {
			return nil
		}
		return h.Cancel(ctx, ledger.Cancellation{ID: n, By: cmp.Or(c.Party, moulin), Commitment: c.ID, On: lastDay, Reason: "r"})
	case 18:
		if h.rng.IntN(4) == 0 {
			on := h.day()
			err := h.Call(ctx, ledger.Call{ID: n, By: moulin, Fund: "commons", Title: "c", On: on, Until: on.AddDays(100), Ceiling: h.cents(80_000), Currency: "EUR"})
			if err == nil {
				h.calls = append(h.calls, n)
			}
			return err
		}
		g := ledger.Grant{ID: n, By: moulin, Fund: "commons", Project: h.project(), Amount: h.cents(50_000), Currency: "EUR", On: h.day(), Reason: "r"}
		if call, ok := pick(h, h.calls); ok && h.rng.IntN(2) == 0 {
			g.Call = call
		}
		err := h.Grant(ctx, g)
		if err == nil {
			h.funds = append(h.funds, n)
		}
		return err
	case 19:
		g, _ := pick(h, h.funds)
		return h.Refund(ctx, ledger.Refund{ID: n, By: moulin, Grant: g, Amount: h.cents(50_000), On: []codesocial.Date{h.day(), lastDay}[h.rng.IntN(2)], Reason: "r"})
	case 20:
		q := &flow.Measure{Value: h.cents(1000), Unit: "kg"}
		f := ledger.Flow{ID: n, By: moulin, Project: h.project(), On: h.day(), Events: []flow.Event{
			{Action: []string{"raise", "raise", "consume", "lower", "accept", "cite"}[h.rng.IntN(6)], Provider: moulin, Resource: "wheat", Quantity: q},
			{Action: "produce", Receiver: moulin, Resource: "bread", Quantity: q},
		}}
		switch h.rng.IntN(6) {
		case 0:
			f.Events = append(f.Events, flow.Event{
				Action: []string{"transfer", "move", "transferCustody", "transferAllRights", "copy"}[h.rng.IntN(5)], Provider: moulin, Receiver: h.party(), Resource: "wheat", To: "seed", Quantity: &flow.Measure{Value: h.cents(300), Unit: "kg"},
			})
		case 1:
			f.Events[0].Quantity, f.Events[0].Effort, f.Events[0].Action = nil, &flow.Measure{Value: h.cents(100), Unit: "h"}, "use"
		case 2: // takes half of another back
			old, ok := pick(h, h.flows)
			if !ok {
				break
			}
			f.Corrects, f.Project, f.Events = old.ID, old.Project, nil
			for _, e := range old.Events {
				if e.Quantity != nil {
					e.Quantity = &flow.Measure{Value: e.Quantity.Value.Neg().DivRound(decimal.NewFromInt(2), 2), Unit: e.Quantity.Unit}
				} else {
					e.Effort = &flow.Measure{Value: e.Effort.Value.Neg(), Unit: "h"}
				}
				f.Events = append(f.Events, e)
			}
		}
		err := h.Flow(ctx, f)
		if err == nil && f.Corrects == uuid.Nil {
			h.flows = append(h.flows, f)
		}
		return err
	default:
		if len(h.under) > 0 && h.rng.IntN(2) == 0 {
			return h.review(t)
		}
		quarter := newYear.AddMonths(3 * h.rng.IntN(1+h.rng.IntN(4)))
		if h.rng.IntN(5) > 0 { // mostly it is too early
			return h.Pay(ctx, ledger.Payment{ID: n, Party: h.party(), Amount: h.cents(20_000), Currency: "EUR", On: lastDay})
		}
		run := ledger.Run{Project: h.project(), From: quarter, To: quarter.AddMonths(3).AddDays(-1)}
		require.NoError(t, h.Read(func(b *ledger.Books) {
			for d := range b.Distributions(run.Project) {
				if h.rng.IntN(3) == 0 {
					run = ledger.Run{Project: d.Project, From: d.From, To: d.To, Corrects: d.ID}
				}
			}
		}))
		run.On = run.To.AddDays(1 + h.rng.IntN(60))
		d, err := h.Distribute(ctx, run)
		if err == nil && d.Review != nil {
			h.under = append(h.under, *d)
		}
		return err
	}
}

// review makes a step of the review of a distribution, on days in no order.
func (h *history) review(t testing.TB) error {
	ctx, n := t.Context(), id(h.next)
	d := h.under[len(h.under)-1-h.rng.IntN(min(2, len(h.under)))]
	on := d.On.AddDays(h.rng.IntN(12))
	switch h.rng.IntN(5) {
	case 0, 1:
		return h.Object(ctx, ledger.Objection{ID: n, By: h.party(), Distribution: d.ID, On: on, Reason: "no"})
	case 2, 3:
		var objections []ledger.Objection
		require.NoError(t, h.Read(func(b *ledger.Books) {
			e, _ := b.Distribution(d.ID)
			objections = e.Objections
		}))
		if o, ok := pick(h, objections); ok {
			return h.Settle(ctx, ledger.Settlement{ID: n, By: h.party(), Objection: o.ID, On: on, Reason: "r"})
		}
	}
	return h.Approve(ctx, ledger.Approval{ID: n, By: h.party(), Distribution: d.ID, On: on})
}

func (h *history) recorded(err error, id uuid.UUID) {
	if err == nil {
		h.money = append(h.money, id)
	}
}

// state writes down all that the new parts of the books hold, and what image does.
func state(t testing.TB, w *world) string {
	t.Helper()
	var out strings.Builder
	out.WriteString(image(t, w))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for token, x := range b.Transactions(ledger.Filter{}) {
			fmt.Fprintln(&out, token, x)
		}
		for x := range b.Pending() {
			fmt.Fprintln(&out, x)
		}
		for token, x := range b.Commitments(ledger.Filter{}) {
			fmt.Fprintln(&out, token, x)
		}
		for x := range b.Grants("") {
			fmt.Fprintln(&out, x)
		}
		fmt.Fprintln(&out, slices.Collect(b.Resources()), b.FlowTotals(ledger.Filter{}))
		for _, currency := range b.Currencies() {
			fmt.Fprintln(&out, currency, maps.Collect(b.Accounts(currency)))
		}
		r, err := b.Report(pont, ledger.At{On: lastDay})
		require.NoError(t, err)
		out.WriteString(r.Markdown(dividend.English))
	}))
	return out.String()
}

// TestRandomHistoriesKeepTheBooksRight plays thousands of operations with failures in between. With -long it plays ten times as many.
func TestRandomHistoriesKeepTheBooksRight(t *testing.T) {
	t.Parallel()
	seeds, operations := uint64(4), 1200
	if *long {
		seeds, operations = 10, 4000
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			h := play(t, seed, operations)
			size := ledger.Token(h.journal.Size())
			want := state(t, h.world)

			again := open(t, h.store.MemoryStore)
			require.Equal(t, want, state(t, again), "replay gives the same books")

			require.NoError(t, h.Read(func(b *ledger.Books) {
				for known := ledger.Token(1); known <= size; known += 1 + size/40 { // at every prefix
					for _, currency := range b.Currencies() {
						sum := decimal.Zero
						for _, balance := range b.AccountsAt(currency, ledger.At{Known: known}) {
							sum = sum.Add(balance)
						}
						require.True(t, sum.IsZero(), "the books balance in %s at %d", currency, known)
						sum = decimal.Zero
						for _, balance := range b.AccountsAt(currency, ledger.At{Known: known, On: day("2025-05-05")}) {
							sum = sum.Add(balance)
						}
						require.True(t, sum.IsZero())
					}
				}
				requireBalancesOfTwoTimes(t, h, b)
				requireClaimsAddUp(t, b)
				for account, balance := range b.Accounts("GUE1") {
					if strings.HasPrefix(string(account), "party:") {
						require.False(t, balance.GreaterThan(dec("100")) || balance.LessThan(dec("-200")), "%s: %s", account, balance)
					}
				}
				for r := range b.Resources() {
					require.False(t, r.OnHand.IsNegative() || r.Accounting.IsNegative())
				}
				list := decoded(t, h.world, b)
				for range 60 {
					at := h.at(int(size))
					require.Equal(t, stock(b, at), stockAt(b, at), "what is there at %v agrees with the table of actions", at)
					for _, id := range []string{"wheat", "bread", "seed", "none"} {
						r, ok := b.ResourceAt(id, at)
						require.Equal(t, resourceOf(b, id, at), r)
						require.Equal(t, r.ID != "", ok)
					}
					require.Equal(t, pendingOf(t, list, b, at), pendingAt(b, at), "what is pending at %v", at)
					require.Equal(t, fundsOf(list, at), fundsAt(b, at), "what is granted at %v", at)
					require.Equal(t, reviewsOf(list, at), reviewsAt(b, at), "what is distributed at %v", at)
				}
			}))
			_, err := ledger.Audit(t.Context(), h.journal)
			require.NoError(t, err)
			t.Logf("%d operations, %d records", operations, size)
			require.Greater(t, int(size), operations/4)
		})
	}
}

// requireClaimsAddUp adds up what was paid and renounced of every claim from the distributions that count and the transactions that name it.
func requireClaimsAddUp(t *testing.T, b *ledger.Books) {
	t.Helper()
	paid, renounced := make(map[uuid.UUID]decimal.Decimal), make(map[uuid.UUID]decimal.Decimal)
	for d := range b.DistributionHistory("") {
		for _, l := range d.Statement.Lines {
			for _, c := range l.Claims {
				if d.Status != ledger.Posted {
					continue
				}
				id := uuid.MustParse(c.ID)
				paid[id], renounced[id] = paid[id].Add(c.Paid), renounced[id].Add(c.Renounced)
			}
		}
	}
	for _, x := range b.Transactions(ledger.Filter{}) {
		claim := x.Fulfils
		if _, corrected, ok := b.Transaction(x.Corrects); ok && x.Corrects != uuid.Nil {
			claim = corrected.Fulfils
		}
		if c, ok := b.Commitment(claim); ok && c.Kind == ledger.Claim {
			for _, p := range x.Postings {
				if p.Account == ledger.PartyAccount(c.Party) {
					paid[c.ID] = paid[c.ID].Sub(p.Amount)
				}
			}
		}
	}
	for _, c := range b.Commitments(ledger.Filter{Kind: string(ledger.Claim)}) {
		require.True(t, paid[c.ID].Equal(c.Done.Value), "%s: paid %s, done %s", c.ID, paid[c.ID], c.Done)
		require.True(t, renounced[c.ID].Equal(c.Renounced.Value), c.ID)
		want := c.Quantity.Value.Sub(paid[c.ID]).Sub(renounced[c.ID])
		switch {
		case c.Status == ledger.Cancelled || c.Lasts == dividend.Once && !paid[c.ID].IsZero():
			want = decimal.Zero
		case c.Lasts == dividend.Lasting:
			want = c.Quantity.Value
		}
		require.True(t, want.Equal(c.Left.Value), "%s %s: %s left, not %s", c.Lasts, c.ID, c.Left, want)
		require.False(t, want.IsNegative())
	}
}

// at returns a time, mostly of both kinds.
func (h *history) at(size int) ledger.At {
	at := ledger.At{Known: ledger.Token(1 + h.rng.IntN(size)), On: h.day()}
	switch h.rng.IntN(8) {
	case 0:
		at.Known = 0
	case 1:
		at.On = codesocial.Date{}
	case 2:
		at = ledger.At{}
	}
	return at
}

// sees reports whether something counts at a time.
func sees(at ledger.At, token ledger.Token, on codesocial.Date) bool {
	return (at.Known == 0 || token <= at.Known) && (at.On.IsZero() || !on.After(at.On))
}

// stock adds up what flows did to the quantities of resources, by the table of actions.
func stock(b *ledger.Books, at ledger.At) map[string]string {
	accounting, onHand := make(map[string]decimal.Decimal), make(map[string]decimal.Decimal)
	for token, f := range b.Flows(ledger.Filter{}) {
		if !sees(at, token, f.On) {
			continue
		}
		for _, e := range f.Events {
			a, _ := flow.Lookup(e.Action)
			for _, side := range []struct {
				effect flow.Effect
				sums   map[string]decimal.Decimal
			}{{a.Accounting, accounting}, {a.OnHand, onHand}} {
				switch side.effect {
				case flow.Increment:
					side.sums[e.Resource] = side.sums[e.Resource].Add(e.Quantity.Value)
				case flow.Decrement:
					side.sums[e.Resource] = side.sums[e.Resource].Sub(e.Quantity.Value)
				case flow.DecrementIncrement:
					side.sums[e.Resource] = side.sums[e.Resource].Sub(e.Quantity.Value)
					side.sums[e.To] = side.sums[e.To].Add(e.Quantity.Value)
				case flow.IncrementTo:
					side.sums[e.To] = side.sums[e.To].Add(e.Quantity.Value)
				}
			}
		}
	}
	out := make(map[string]string)
	for id := range accounting {
		out[id] = ""
	}
	for id := range onHand {
		out[id] = ""
	}
	for id := range out {
		out[id] = accounting[id].StringFixed(2) + " " + onHand[id].StringFixed(2)
	}
	return out
}

// stockAt is what the books say of that.
func stockAt(b *ledger.Books, at ledger.At) map[string]string {
	out := make(map[string]string)
	for r := range b.ResourcesAt(at) {
		out[r.ID] = r.Accounting.StringFixed(2) + " " + r.OnHand.StringFixed(2)
	}
	return out
}

// pendingOf works out from the journal what of each pending transaction was left on its first account, and whether it was given up.
func pendingOf(t testing.TB, list []any, b *ledger.Books, at ledger.At) map[uuid.UUID]string {
	t.Helper()
	left, status := make(map[uuid.UUID]decimal.Decimal), make(map[uuid.UUID]ledger.PendingStatus)
	seen(list, at, func(v any, sees func(codesocial.Date) bool) {
		switch v := v.(type) {
		case *ledger.Transaction:
			if v.Pending && sees(v.On) {
				left[v.ID], status[v.ID] = v.Postings[0].Amount, ledger.Pending
			}
		case *ledger.Completion:
			if !sees(v.On) {
				break
			}
			if v.Void {
				left[v.Transaction], status[v.Transaction] = decimal.Zero, ledger.Released
				break
			}
			_, posted, ok := b.Transaction(v.ID)
			require.True(t, ok)
			left[v.Transaction] = left[v.Transaction].Sub(posted.Postings[0].Amount)
			if left[v.Transaction].IsZero() && status[v.Transaction] == ledger.Pending {
				status[v.Transaction] = ledger.Completed
			}
		}
	})
	out := make(map[uuid.UUID]string)
	for id, s := range status {
		out[id] = string(s) + " " + left[id].StringFixed(3)
		if s == ledger.Released {
			out[id] = string(s)
		}
	}
	return out
}

// pendingAt is what the books say of that.
func pendingAt(b *ledger.Books, at ledger.At) map[uuid.UUID]string {
	out := make(map[uuid.UUID]string)
	for p := range b.PendingAt(at) {
		left := decimal.Zero
		if len(p.Left) > 0 {
			left = p.Left[0].Amount
		}
		out[p.ID] = string(p.Status) + " " + left.StringFixed(3)
		if p.Status == ledger.Released {
			out[p.ID] = string(p.Status)
		}
	}
	return out
}

// resourceOf looks a resource up among all of them.
func resourceOf(b *ledger.Books, id string, at ledger.At) (found flow.Resource) {
	for r := range b.ResourcesAt(at) {
		if r.ID == id {
			found = r
		}
	}
	return found
}

// decoded is what all records of a journal hold, in order.
func decoded(t testing.TB, w *world, b *ledger.Books) (list []any) {
	t.Helper()
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		v, err := b.Decode(&r)
		require.NoError(t, err)
		list = append(list, v)
	}
	return list
}

// seen calls yield with what each record holds, and whether it counts at a time when it is of a day.
func seen(list []any, at ledger.At, yield func(v any, sees func(on codesocial.Date) bool)) {
	for i, v := range list {
		yield(v, func(on codesocial.Date) bool { return sees(at, ledger.Token(i+1), on) })
	}
}

// fundsOf works out from the journal what was refunded of each grant, and left of each call.
func fundsOf(list []any, at ledger.At) map[uuid.UUID]string {
	amounts, under := make(map[uuid.UUID]decimal.Decimal), make(map[uuid.UUID]uuid.UUID)
	seen(list, at, func(v any, sees func(codesocial.Date) bool) {
		switch v := v.(type) {
		case *ledger.Call:
			if sees(v.On) {
				amounts[v.ID] = v.Ceiling
			}
		case *ledger.Grant:
			if sees(v.On) {
				amounts[v.ID], under[v.ID] = decimal.Zero, v.Call
				amounts[v.Call] = amounts[v.Call].Sub(v.Amount)
			}
		case *ledger.Refund:
			if sees(v.On) {
				amounts[v.Grant], amounts[under[v.Grant]] = amounts[v.Grant].Add(v.Amount), amounts[under[v.Grant]].Add(v.Amount)
			}
		}
	})
	delete(amounts, uuid.Nil)
	out := make(map[uuid.UUID]string)
	for id, amount := range amounts {
		out[id] = amount.StringFixed(2)
	}
	return out
}

// fundsAt is what the books say of that.
func fundsAt(b *ledger.Books, at ledger.At) map[uuid.UUID]string {
	out := make(map[uuid.UUID]string)
	for g := range b.GrantsAt("", at) {
		out[g.ID] = g.Refunded.StringFixed(2)
	}
	for c := range b.CallsAt("commons", at) {
		out[c.ID] = c.Left.StringFixed(2)
	}
	return out
}

// reviewsOf works out from the journal how far each distribution had come: what completes a step counts when it is seen.
func reviewsOf(list []any, at ledger.At) map[uuid.UUID]string {
	type review struct {
		*ledger.Distribution
		approvals        []string
		count, open, all int
		live, status     ledger.DistributionStatus
	}
	type objection struct {
		ledger.Objection
		of            []codesocial.Date // those who overrule it
		seen, settled bool
	}
	reviews, objections := make(map[uuid.UUID]*review), make(map[uuid.UUID]*objection)
	post := func(r *review, seen bool) {
		r.live = ledger.Posted
		old := reviews[r.Corrects]
		for old != nil && old.live != ledger.Posted {
			old = reviews[old.Corrects]
		}
		if old != nil {
			old.live = ledger.Superseded
		}
		if seen && r.status != ledger.Superseded {
			r.status = ledger.Posted
		}
		if seen && old != nil {
			old.status = ledger.Superseded
		}
	}
	seen(list, at, func(v any, sees func(codesocial.Date) bool) {
		switch v := v.(type) {
		case *ledger.Distribution:
			r := &review{Distribution: v, live: ledger.Proposed}
			if sees(v.On) {
				r.status = ledger.Proposed
			}
			reviews[v.ID] = r
			if old := reviews[v.Corrects]; old != nil && old.live == ledger.Proposed {
				old.live = ledger.Superseded
				if sees(v.On) {
					old.status = ledger.Superseded
				}
			}
			if v.Review == nil {
				post(r, sees(v.On))
			}
		case *ledger.Approval:
			r := reviews[v.Distribution]
			if sees(v.On) {
				r.approvals = append(r.approvals, v.By)
			}
			if r.count++; r.count == r.Review.Approvals {
				post(r, sees(v.On))
			}
		case *ledger.Objection:
			if r := reviews[v.Distribution]; r != nil {
				o := &objection{Objection: *v, seen: sees(v.On)}
				objections[v.ID] = o
				if o.seen {
					r.open, r.all = r.open+1, r.all+1
				}
			}
		case *ledger.Settlement:
			o := objections[v.Objection]
			if o == nil || o.settled {
				break
			}
			days := []codesocial.Date{v.On}
			if v.By != o.By {
				o.of = append(o.of, v.On)
				days = o.of
			}
			if v.By == o.By || len(o.of) == 2 {
				o.settled = true
				if o.seen && !slices.ContainsFunc(days, func(d codesocial.Date) bool { return !sees(d) }) {
					reviews[o.Distribution].open--
				}
			}
		}
	})
	out := make(map[uuid.UUID]string)
	for id, r := range reviews {
		if r.status == ledger.Proposed && r.open > 0 {
			r.status = ledger.Contested
		}
		if r.status != "" && sees(at, 0, r.On) {
			out[id] = fmt.Sprint(r.status, r.approvals, r.all, r.open)
		}
	}
	return out
}

// reviewsAt is what the books say of that.
func reviewsAt(b *ledger.Books, at ledger.At) map[uuid.UUID]string {
	out := make(map[uuid.UUID]string)
	for d := range b.DistributionHistoryAt("", at) {
		out[d.ID] = fmt.Sprint(d.Status, d.Approvals, len(d.Objections), d.Open)
	}
	return out
}

// requireBalancesOfTwoTimes compares balances at random times with sums over all postings.
func requireBalancesOfTwoTimes(t *testing.T, h *history, b *ledger.Books) {
	t.Helper()
	for _, currency := range b.Currencies() {
		for range 40 {
			at := h.at(int(h.journal.Size()))
			want := make(map[ledger.Account]string)
			sums := make(map[ledger.Account]decimal.Decimal)
			for token, x := range b.Transactions(ledger.Filter{}) {
				if at.Known != 0 && token > at.Known || !at.On.IsZero() && x.On.After(at.On) {
					continue
				}
				for _, p := range x.Postings {
					if p.Currency == currency {
						sums[p.Account] = sums[p.Account].Add(p.Amount)
						want[p.Account] = sums[p.Account].StringFixed(6)
					}
				}
			}
			got := make(map[ledger.Account]string)
			for account, balance := range b.AccountsAt(currency, at) {
				got[account] = balance.StringFixed(6)
				require.True(t, balance.Equal(b.BalanceAt(account, currency, at)))
			}
			require.Equal(t, want, got, "%s at %v", currency, at)
		}
	}
}

// TestWhatWasKnownIsWhatTheBooksWereThen compares figures as known at a token with books that hold only the records before it.
func TestWhatWasKnownIsWhatTheBooksWereThen(t *testing.T) {
	t.Parallel()
	h := play(t, 99, 500)
	size := ledger.Token(h.journal.Size())
	state := new(codesocial.State)
	books := ledger.NewBooks(state)
	token := ledger.Token(0)
	for r, err := range h.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		for _, view := range []journal.View{state, books} {
			v, err := view.Decode(&r)
			require.NoError(t, err)
			if v != nil {
				require.NoError(t, view.Apply(&r, v))
			}
		}
		if token = ledger.Token(r.Position + 1); token%29 != 0 || token < 20 {
			continue
		}
		then, err := books.Report(pont, ledger.At{On: lastDay})
		require.NoError(t, err)
		require.NoError(t, h.Read(func(b *ledger.Books) {
			now, err := b.Report(pont, ledger.At{On: lastDay, Known: token})
			require.NoError(t, err)
			now.At = then.At
			require.Equal(t, then.Markdown("en"), now.Markdown("en"), "at %d of %d", token, size)
			require.Equal(t, fmt.Sprint(books.Totals(ledger.Filter{}, ledger.ByParty)), fmt.Sprint(b.Totals(ledger.Filter{Known: token}, ledger.ByParty)))
			known := ledger.At{Known: token}
			require.Equal(t, maps.Collect(books.Accounts("EUR")), maps.Collect(b.AccountsAt("EUR", known)))
			require.Equal(t, slices.Collect(books.Resources()), slices.Collect(b.ResourcesAt(known)), "with custody, place and all")
			require.Equal(t, fmt.Sprint(slices.Collect(books.Pending())), fmt.Sprint(slices.Collect(b.PendingAt(known))))
			require.Equal(t, fmt.Sprint(slices.Collect(books.Grants(""))), fmt.Sprint(slices.Collect(b.GrantsAt("", known))))
			require.Equal(t, fmt.Sprint(slices.Collect(books.Calls(""))), fmt.Sprint(slices.Collect(b.CallsAt("", known))))
			require.Equal(t, slices.Collect(books.DistributionHistory("")), slices.Collect(b.DistributionHistoryAt("", known)))
			require.Equal(t, fmt.Sprint(maps.Collect(books.Commitments(ledger.Filter{}))), fmt.Sprint(maps.Collect(b.Commitments(ledger.Filter{Known: token}))))
			middle := ledger.At{On: day("2025-06-15")}
			then, err = books.Report(pont, middle)
			require.NoError(t, err)
			middle.Known = token
			now, err = b.Report(pont, middle)
			require.NoError(t, err)
			now.At = then.At
			require.Equal(t, then.Markdown("en"), now.Markdown("en"), "as of a day, at %d of %d", token, size)
		}))
	}
}

func TestTheOrderOfIndependentRecordsDoesNotMatter(t *testing.T) {
	t.Parallel()
	balances := func(seed uint64) string {
		w := setup(t)
		rng := rand.New(rand.NewPCG(seed, 5))
		type operation func() error
		var list []operation
		for i := range 60 {
			c, r, e := w.contribution([]string{ana, bob, cid}[i%3], "1.5"), w.receipt(fmt.Sprint(10+i)), w.expense(fmt.Sprint(1+i))
			x := transfer(5000+i, "2025-03-03", posting(ledger.FundAccount("a"), fmt.Sprint(1+i), "JPY"), posting(ledger.FundAccount("b"), fmt.Sprint(-1-i), "JPY"))
			list = append(list, func() error { return w.Declare(t.Context(), c) }, func() error { return w.Receive(t.Context(), r) },
				func() error { return w.Spend(t.Context(), e) }, func() error { return w.Post(t.Context(), x) })
		}
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, do := range list {
			require.NoError(t, do())
		}
		var out string
		require.NoError(t, w.Read(func(b *ledger.Books) {
			r, err := b.Report(pont, ledger.At{On: lastDay})
			require.NoError(t, err)
			out = fmt.Sprint(maps.Collect(b.Accounts("EUR")), maps.Collect(b.Accounts("JPY")), b.Totals(ledger.Filter{}, ledger.ByParty, ledger.ByMonth), r.Markdown("fr"))
		}))
		return out
	}
	require.Equal(t, balances(1), balances(2))
	require.Equal(t, balances(1), balances(3))
}
