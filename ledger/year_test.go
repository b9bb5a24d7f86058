package ledger_test

import (
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
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// year plays a random year and returns the journal's world.
func year(t testing.TB, seed uint64) *world {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, seed))
	w := setup(t)
	people, projects := []string{ana, bob, cid, moulin}, []string{pont, barque}
	anyDay := func() codesocial.Date { return newYear.AddDays(rng.IntN(365)) }
	for range 30 + rng.IntN(30) {
		switch rng.IntN(5) {
		case 0, 1:
			c := w.contribution(people[rng.IntN(4)], decimal.New(int64(1+rng.IntN(4000)), -2).String())
			c.Project, c.On = projects[rng.IntN(2)], anyDay()
			if rng.IntN(3) == 0 {
				c.Kind, c.Quantity = "knowledge", ledger.Quantity{Value: decimal.NewFromInt(int64(1 + rng.IntN(5))), Unit: "deliverable"}
			}
			require.NoError(t, w.Declare(t.Context(), c))
			err := w.Validate(t.Context(), ledger.Validation{ID: id(1_000_000 + w.next), By: people[rng.IntN(4)], On: lastDay, Contributions: []uuid.UUID{c.ID}})
			if err != nil {
				require.ErrorIs(t, err, ledger.ErrOwnWork)
			}
		case 2, 3:
			r := w.receipt(decimal.New(int64(1+rng.IntN(1_000_000)), -2).String())
			r.Project, r.On = projects[rng.IntN(2)], anyDay()
			if rng.IntN(2) == 0 {
				r.Introducer = people[rng.IntN(4)]
			}
			require.NoError(t, w.Receive(t.Context(), r))
		default:
			e := w.expense(decimal.New(int64(1+rng.IntN(800_000)), -2).String())
			e.Project, e.On = projects[rng.IntN(2)], anyDay()
			if rng.IntN(4) == 0 {
				e.Project, e.Fund = "", "support"
			}
			require.NoError(t, w.Spend(t.Context(), e))
		}
	}
	for _, project := range projects {
		for q := range 4 {
			from := newYear.AddMonths(3 * q)
			_, err := w.Distribute(t.Context(), ledger.Run{Project: project, From: from, To: from.AddMonths(3).AddDays(-1)})
			require.NoError(t, err)
		}
	}
	return w
}

func TestEveryCentIsConservedOverRandomYears(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		w := year(t, seed)
		require.NoError(t, w.Read(func(b *ledger.Books) {
			received := decimal.Zero
			for _, c := range b.CashTotals(wholeYear) {
				if c.Project != "" {
					received = received.Add(c.Received).Sub(c.DirectCosts)
				}
			}
			shared, open := decimal.Zero, decimal.Zero
			last := map[string]dividend.Statement{}
			for d := range b.Distributions("") {
				s := d.Statement
				require.True(t, s.Distributed.Add(s.Reserved).Add(s.CarriedOver).Equal(s.Base.Add(s.Deficit)), "seed %d", seed)
				require.False(t, s.CarriedOver.IsPositive() && s.Deficit.IsPositive(), "seed %d", seed)
				shared = shared.Add(s.Distributed).Add(s.Reserved)
				last[d.Project] = s
			}
			for _, s := range last {
				open = open.Add(s.CarriedOver).Sub(s.Deficit)
			}
			require.True(t, received.Equal(shared.Add(open)), "seed %d: received %s, shared %s, open %s", seed, received, shared, open)
			sum := decimal.Zero
			for _, balance := range b.Accounts("EUR") {
				sum = sum.Add(balance)
			}
			require.True(t, sum.IsZero(), "seed %d", seed)
			for project, s := range last {
				require.True(t, b.Balance(ledger.ProjectAccount(project), "EUR").Equal(s.Deficit.Sub(s.CarriedOver)), "seed %d %s", seed, project)
			}
		}))
		_, err := ledger.Audit(t.Context(), w.journal)
		require.NoError(t, err, "seed %d", seed)
	}
}

func TestReplayGivesTheBooksThatWereLive(t *testing.T) {
	t.Parallel()
	w := year(t, 77)
	again := open(t, w.store)
	require.Equal(t, image(t, w), image(t, again))
	require.Equal(t, string(w.journal.Checkpoint()), string(again.journal.Checkpoint()))
}

func TestSameInputsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	require.Equal(t, image(t, year(t, 5)), image(t, year(t, 5)))
}

// image writes down everything that can be asked of the books.
func image(t testing.TB, w *world) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for e := range b.Contributions(ledger.Filter{}) {
			fmt.Fprintln(&out, e)
		}
		for d := range b.DistributionHistory("") {
			text, err := canonical.Marshal(d.Distribution)
			require.NoError(t, err)
			fmt.Fprintln(&out, string(text), d.Status, d.Approvals, d.Objections, d.Open)
		}
		for p := range b.Payments() {
			fmt.Fprintln(&out, p)
		}
		for r := range b.Receipts(ledger.Filter{}) {
			fmt.Fprintln(&out, r)
		}
		for e := range b.Expenses(ledger.Filter{}) {
			fmt.Fprintln(&out, e)
		}
		fmt.Fprintln(&out, maps.Collect(b.Accounts("EUR")), b.Totals(ledger.Filter{}, ledger.ByParty, ledger.ByProject, ledger.ByMonth), b.Projects())
	}))
	return out.String()
}

func TestAuditFindsADistributionThatDoesNotFollow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "60"), w.contribution(bob, "40"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("1000")))
	// Somebody who holds the journal's key writes a record past the ledger: balanced, but another split.
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		drafts, d, err := w.Books().DraftDistribution(ledger.Run{Project: pont, From: newYear, To: lastDay})
		if err != nil {
			return nil, err
		}
		forged := *d
		forged.Postings = slices.Clone(d.Postings)
		forged.Postings[1].Amount = forged.Postings[1].Amount.Sub(dec("1"))
		forged.Postings[2].Amount = forged.Postings[2].Amount.Add(dec("1"))
		drafts[0].Payload = forged
		return drafts, nil
	})
	require.NoError(t, err)
	_, err = ledger.Audit(t.Context(), w.journal)
	require.ErrorIs(t, err, ledger.ErrArithmetic)
	require.ErrorContains(t, err, "record ")

	unbalanced := setup(t)
	_, err = unbalanced.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		d, err := unbalanced.Books().Compute(ledger.Run{Project: pont, From: newYear, To: lastDay})
		if err != nil {
			return nil, err
		}
		d.Postings = []ledger.Posting{{Account: ledger.Cash, Amount: dec("1")}}
		return []journal.Draft{{Kind: ledger.KindDistribution, Payload: *d}}, nil
	})
	require.ErrorIs(t, err, ledger.ErrUnbalanced)
}

func TestAuditFindsAValidationThatTheCharterDoesNotAllow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.contribution(ana, "60")
	require.NoError(t, w.Declare(t.Context(), c))
	_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		drafts, err := w.Books().DraftValidations(ledger.Validation{By: bob, On: day("2025-04-01"), Contributions: []uuid.UUID{c.ID}})
		if err != nil {
			return nil, err
		}
		drafts[0].Author = eve // who is no member
		return drafts, nil
	})
	require.NoError(t, err)
	_, err = ledger.Audit(t.Context(), w.journal)
	require.ErrorIs(t, err, codesocial.ErrNotMember)
}
