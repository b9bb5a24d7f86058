package flow

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func kg(s string) *Measure { return &Measure{decimal.RequireFromString(s), "kg"} }

const ana, mill = "urn:x:ana", "urn:x:mill"

func TestThereAreNineteenActionsAndThePageShowsTheirTable(t *testing.T) {
	t.Parallel()
	require.Len(t, slices.Collect(Actions()), 19)
	page, err := os.ReadFile("action.go")
	require.NoError(t, err)
	drawn := ""
	for a := range Actions() {
		drawn += fmt.Sprintf("//	%-18s %-9s %-19s %s\n", a.ID, a.Quantity, a.Accounting, a.OnHand)
		known, ok := Lookup(a.ID)
		require.True(t, ok)
		require.Equal(t, a, known)
		if a.Pairs != "" {
			other, _ := Lookup(a.Pairs)
			require.Equal(t, a.ID, other.Pairs)
		}
	}
	require.Contains(t, string(page), drawn, "\n"+drawn)
	_, ok := Lookup("steal")
	require.False(t, ok)
}

func TestAFlowHasBothItsSidesOrNone(t *testing.T) {
	t.Parallel()
	stock := NewInventory()
	require.NoError(t, stock.Apply([]Event{{Action: "raise", Receiver: mill, Resource: "wheat", Conforms: "cereal", Quantity: kg("30")}}))
	grind := []Event{
		{Action: "consume", Provider: mill, Resource: "wheat", Quantity: kg("20")},
		{Action: "work", Provider: ana, Effort: &Measure{decimal.NewFromInt(2), "h"}},
		{Action: "use", Provider: mill, Resource: "millstone", Effort: &Measure{decimal.NewFromInt(2), "h"}},
		{Action: "produce", Receiver: mill, Resource: "flour", Conforms: "flour", Quantity: kg("16"), Location: "the mill"},
	}
	require.ErrorIs(t, stock.Apply(grind), ErrUnknown, "there is no millstone yet")
	wheat, _ := stock.Resource("wheat")
	require.Equal(t, "30", wheat.OnHand.String(), "nothing was taken in")
	require.NoError(t, stock.Apply([]Event{{Action: "raise", Receiver: mill, Resource: "millstone", Quantity: &Measure{decimal.NewFromInt(1), "piece"}}}))
	require.NoError(t, stock.Try(grind, false))
	require.NoError(t, stock.Apply(grind))
	require.ErrorIs(t, stock.Apply(grind), ErrShort, "10 kg are left")
	flour, _ := stock.Resource("flour")
	require.Equal(t, Resource{ID: "flour", Conforms: "flour", Unit: "kg", Accounting: flour.Accounting, OnHand: flour.OnHand, Accountable: mill, Custodian: mill, Location: "the mill"}, flour)
	require.Equal(t, "16", flour.OnHand.String())
	require.NoError(t, stock.Apply([]Event{{Action: "transferCustody", Provider: mill, Receiver: ana, Resource: "flour", To: "flour at ana's", Quantity: kg("5")}}))
	lent, _ := stock.Resource("flour at ana's")
	require.Equal(t, []string{"0", "5", mill, ana}, []string{lent.Accounting.String(), lent.OnHand.String(), lent.Accountable, lent.Custodian})
	require.NoError(t, stock.Apply([]Event{{Action: "transferAllRights", Provider: mill, Receiver: ana, Resource: "flour", Quantity: kg("16")}}))
	flour, _ = stock.Resource("flour")
	require.Equal(t, []string{"16", "11", ana, mill}, []string{flour.Accounting.String(), flour.OnHand.String(), flour.Accountable, flour.Custodian})
	require.NoError(t, stock.Correct([]Event{{Action: "produce", Receiver: mill, Resource: "flour", Quantity: kg("-1")}}))
	flour, _ = stock.Resource("flour")
	require.Equal(t, "15 10", flour.Accounting.String()+" "+flour.OnHand.String())
}

func TestEventsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	stock := NewInventory()
	require.NoError(t, stock.Apply([]Event{{Action: "raise", Receiver: mill, Resource: "wheat", Quantity: kg("30")}}))
	good := Event{Action: "consume", Provider: mill, Resource: "wheat", Quantity: kg("1")}
	for name, c := range map[string]struct {
		edit func(*Event)
		want error
	}{
		"unknown action":   {func(e *Event) { e.Action = "eat" }, ErrUnknown},
		"nobody":           {func(e *Event) { e.Provider = "" }, ErrInvalid},
		"no resource":      {func(e *Event) { e.Resource = "" }, ErrInvalid},
		"no quantity":      {func(e *Event) { e.Quantity = nil }, ErrInvalid},
		"zero":             {func(e *Event) { e.Quantity = kg("0") }, ErrInvalid},
		"negative":         {func(e *Event) { e.Quantity = kg("-1") }, ErrInvalid},
		"too fine":         {func(e *Event) { e.Quantity = kg("0.0000001") }, ErrInvalid},
		"huge":             {func(e *Event) { e.Quantity = &Measure{decimal.New(1, 1_000_000_000), "kg"} }, ErrInvalid},
		"other unit":       {func(e *Event) { e.Quantity.Unit = "t" }, ErrUnit},
		"more than is":     {func(e *Event) { e.Quantity = kg("30.000001") }, ErrShort},
		"effort":           {func(e *Event) { e.Effort = kg("1") }, ErrInvalid},
		"a second":         {func(e *Event) { e.To = "other" }, ErrInvalid},
		"copy to nothing":  {func(e *Event) { e.Action = "copy" }, ErrInvalid},
		"part without to":  {func(e *Event) { e.Action = "transfer" }, ErrInvalid},
		"to itself":        {func(e *Event) { e.Action, e.To = "move", "wheat" }, ErrInvalid},
		"work on resource": {func(e *Event) { e.Action, e.Quantity, e.Effort = "work", nil, kg("1") }, ErrInvalid},
		"bad UTF-8":        {func(e *Event) { e.State = "\xff" }, ErrInvalid},
		"long":             {func(e *Event) { e.State = strings.Repeat("x", MaxNameBytes+1) }, ErrInvalid},
	} {
		e := good
		e.Quantity = &Measure{good.Quantity.Value, "kg"}
		c.edit(&e)
		require.ErrorIs(t, stock.Apply([]Event{e}), c.want, name)
	}
	require.ErrorIs(t, stock.Apply(nil), ErrInvalid)
	wheat, _ := stock.Resource("wheat")
	require.Equal(t, "30", wheat.Accounting.String())
}

// sums computes what there should be of each resource from the table alone.
func sums(history [][]Event) map[string][2]string {
	type pair struct{ a, h decimal.Decimal }
	all := map[string]pair{}
	for _, events := range history {
		for _, e := range events {
			a, _ := Lookup(e.Action)
			if e.Quantity == nil || a.two() && e.To == "" {
				continue
			}
			add := func(id string, accounting, onHand int64) {
				p := all[id]
				all[id] = pair{p.a.Add(e.Quantity.Value.Mul(decimal.NewFromInt(accounting))), p.h.Add(e.Quantity.Value.Mul(decimal.NewFromInt(onHand)))}
			}
			sign := map[Effect][2]int64{Increment: {1, 0}, Decrement: {-1, 0}, DecrementIncrement: {-1, 1}, IncrementTo: {0, 1}}
			add(e.Resource, sign[a.Accounting][0], sign[a.OnHand][0])
			if a.two() {
				add(e.To, sign[a.Accounting][1], sign[a.OnHand][1])
			}
		}
	}
	out := map[string][2]string{}
	for id, p := range all {
		out[id] = [2]string{p.a.String(), p.h.String()}
	}
	return out
}

func TestQuantitiesAgreeWithTheTableOverRandomHistories(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 11))
		stock, history, refused := NewInventory(), [][]Event(nil), 0
		names := []string{"a", "b", "c", "d"}
		for range 2000 {
			events := make([]Event, 1+rng.IntN(3))
			for n := range events {
				a := table[rng.IntN(len(table))]
				if rng.IntN(3) == 0 {
					a = *byID["raise"]
				}
				e := Event{Action: a.ID, Provider: mill, Receiver: ana, Resource: names[rng.IntN(4)], Quantity: &Measure{decimal.New(int64(1+rng.IntN(500)), -2), "kg"}}
				if a.two() && rng.IntN(5) > 0 || a.Contained == Update {
					e.To = names[rng.IntN(4)]
				}
				if a.Quantity != OfResource {
					e.Effort, e.Quantity = e.Quantity, nil
				}
				if a.Quantity == OfEffort {
					e.Resource = ""
				}
				events[n] = e
			}
			before := slices.Collect(stock.Resources())
			if err := stock.Apply(events); err != nil {
				refused++
				require.Equal(t, before, slices.Collect(stock.Resources()), "seed %d: a refused flow changes nothing", seed)
				continue
			}
			history = append(history, events)
		}
		want := sums(history)
		for r := range stock.Resources() {
			require.Equal(t, want[r.ID], [2]string{r.Accounting.String(), r.OnHand.String()}, "seed %d, %s", seed, r.ID)
			require.False(t, r.Accounting.IsNegative() || r.OnHand.IsNegative())
		}
		require.Greater(t, len(history), 200, "seed %d: %d refused", seed, refused)
		require.Positive(t, refused)
	}
}

func TestAReplayRefusesNothing(t *testing.T) {
	t.Parallel()
	stock := NewInventory()
	stock.Replay([]Event{
		{Action: "use", Provider: mill, Resource: "millstone", Effort: &Measure{decimal.NewFromInt(2), "h"}},
		{Action: "consume", Provider: mill, Resource: "wheat", Quantity: kg("20")},
		{Action: "transfer", Provider: mill, Receiver: ana, Resource: "wheat", To: "hers", Quantity: kg("5")},
		{Action: "transferCustody", Provider: mill, Receiver: ana, Resource: "wheat", Quantity: kg("1")},
	})
	var got []string
	for r := range stock.Resources() {
		got = append(got, r.ID+" "+r.Accounting.String()+" "+r.OnHand.String()+" "+r.Unit+" "+r.Custodian)
	}
	require.Equal(t, []string{"hers 5 5 kg " + ana, "wheat -25 -25 kg " + ana}, got)
}
