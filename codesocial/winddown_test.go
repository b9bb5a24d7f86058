package codesocial_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// An estate is what a winding down is expected to be, in the words of the field: who is owed comes first, then what was made is free.
type estate struct {
	begun, cleared, closed bool
	last                   codesocial.Date
	owed                   map[string]decimal.Decimal // by creditor and unit
	claimed, paid          map[string]decimal.Decimal // by unit
	free                   map[string]bool
}

// takes reports whether a step is possible, and takes it.
func (e *estate) takes(m codesocial.WindDownStep, member, own bool) bool {
	who := ""
	creditor := false
	if m.Claim != nil {
		who = m.Claim.Creditor + " " + m.Claim.Unit
		creditor = m.By == m.Claim.Creditor || m.Claim.Creditor == relais && m.By == ana
	}
	due, open := e.owed[who]
	switch {
	case e.closed || m.On.Before(e.last):
		return false
	case !e.begun:
		if m.Event != codesocial.WindDownBegin || !member && !own {
			return false
		}
		e.begun = true
	case !e.cleared && m.Event == codesocial.WindDownClaim:
		if open || !creditor && !own {
			return false
		}
		e.owed[who] = m.Claim.Amount
		e.claimed[m.Claim.Unit] = e.claimed[m.Claim.Unit].Add(m.Claim.Amount)
	case !e.cleared && m.Event == codesocial.WindDownPay:
		if !open || !creditor || !due.Equal(m.Claim.Amount) {
			return false
		}
		delete(e.owed, who)
		e.paid[m.Claim.Unit] = e.paid[m.Claim.Unit].Add(m.Claim.Amount)
	case !e.cleared && m.Event == codesocial.WindDownClear:
		if len(e.owed) > 0 || !member && !own {
			return false
		}
		e.cleared = true
	case e.cleared && m.Event == codesocial.WindDownRelease:
		if e.free[m.Assets[0].ID] || !member && !own {
			return false
		}
		e.free[m.Assets[0].ID] = true
	case e.cleared && m.Event == codesocial.WindDownClose:
		if len(e.free) == 0 || !member && !own {
			return false
		}
		e.closed = true
	default:
		return false
	}
	e.last = m.On
	return true
}

func TestWhicheverWayAProjectEndsItsCreditorsComeFirst(t *testing.T) {
	t.Parallel()
	all := []codesocial.WindDownEvent{
		codesocial.WindDownClaim, codesocial.WindDownClaim, codesocial.WindDownClaim, codesocial.WindDownPay, codesocial.WindDownPay, codesocial.WindDownPay,
		codesocial.WindDownBegin, codesocial.WindDownClear, codesocial.WindDownRelease, codesocial.WindDownClose,
	}
	for range 6 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			w := assembly(t)
			pick := func(list ...string) string { return list[random.IntN(len(list))] }
			e := &estate{owed: make(map[string]decimal.Decimal), claimed: make(map[string]decimal.Decimal), paid: make(map[string]decimal.Decimal), free: make(map[string]bool)}
			on, taken, refused := day(t, "2025-06-01"), 0, 0
			for n := range 250 {
				m := codesocial.WindDownStep{Project: relais, Event: all[random.IntN(len(all))], On: on.AddDays(random.IntN(4) - 1), By: pick(atelier, fournil, jardin, ana, ben, cleo, relais), Reason: "So it goes."}
				if n < 2 { // it begins, and not twice
					m.Event, m.On, m.By = codesocial.WindDownBegin, on, ana
				}
				switch m.Event {
				case codesocial.WindDownClaim, codesocial.WindDownPay:
					m.Claim = &codesocial.Claim{Creditor: pick(atelier, jardin, ben, cleo, relais), Unit: pick("EUR", "h"), Amount: decimal.New(int64(1+random.IntN(2)), -1)}
					if due := slices.Sorted(maps.Keys(e.owed)); m.Event == codesocial.WindDownPay && len(due) > 0 && random.IntN(4) > 0 {
						who := due[random.IntN(len(due))]
						m.Claim.Creditor, m.Claim.Unit, _ = strings.Cut(who, " ")
						m.Claim.Amount = e.owed[who]
					}
					if m.Event == codesocial.WindDownPay || random.IntN(2) == 0 {
						m.By = m.Claim.Creditor
					}
				case codesocial.WindDownRelease:
					m.Assets = []codesocial.Asset{{ID: pick("urn:x:oven", "urn:x:bread", "urn:x:book"), Title: codesocial.Text{"en": "A work"}, Licence: "CC-BY-SA-4.0"}}
				}
				key := keys[m.By]
				if m.By == relais {
					key = keys[ana] // who speaks for it
				}
				err := w.WindDown(t.Context(), m, key)
				if !e.takes(m, m.By != cleo && m.By != relais, m.By == relais || m.By == ana) {
					refused++
					require.Error(t, err, "%+v", m)
					continue
				}
				taken++
				require.NoError(t, err, "%+v", m)
				on = m.On
				got, _ := w.State().Winding(relais)
				require.Equal(t, taken, len(got.Steps))
				require.Len(t, got.Open, len(e.owed))
				require.Len(t, got.Assets, len(e.free))
				left := make(map[string]decimal.Decimal)
				for _, c := range got.Open {
					require.True(t, e.owed[c.Creditor+" "+c.Unit].Equal(c.Amount))
					left[c.Unit] = left[c.Unit].Add(c.Amount)
				}
				for unit, sum := range e.claimed {
					require.True(t, sum.Equal(e.paid[unit].Add(left[unit])), "what was claimed was paid or is still owed")
				}
				if got.Status == codesocial.Cleared || got.Status == codesocial.Released || got.Status == codesocial.Closed {
					require.Empty(t, got.Open, "creditors come first")
				} else {
					require.Empty(t, got.Assets)
				}
				require.Equal(t, e.closed, got.Status == codesocial.Closed)
			}
			t.Logf("%d steps, closed: %t", taken, e.closed)
			require.Positive(t, taken)
			require.Positive(t, refused)
			require.Equal(t, w.State(), w.replay())
			require.Equal(t, w.State(), openWorld(t, w.store).State(), "and in another process")
		})
	}
}

func TestWhatAnotherPackageKnowsAgainstAStepStopsIt(t *testing.T) {
	t.Parallel()
	owes := true
	asked := 0
	check := codesocial.WindDownCheck(func(m codesocial.WindDownStep) error {
		asked++
		if owes && m.Event == codesocial.WindDownClear {
			return fmt.Errorf("the books: 30 EUR are owed: %w", codesocial.ErrRefused)
		}
		return nil
	})
	w := newWorld(t, check).withParties()
	w.adopt(small(t), atelier, fournil)
	step := func(event codesocial.WindDownEvent) error {
		return w.WindDown(t.Context(), codesocial.WindDownStep{Project: relais, Event: event, On: day(t, "2025-06-01"), By: ana, Reason: "So it goes."}, keys[ana])
	}
	require.NoError(t, step(codesocial.WindDownBegin))
	size := w.journal.Size()
	err := step(codesocial.WindDownClear)
	require.ErrorIs(t, err, codesocial.ErrRefused)
	require.ErrorContains(t, err, "30 EUR")
	require.Equal(t, size, w.journal.Size())
	require.ErrorIs(t, step(codesocial.WindDownClose), codesocial.ErrState)
	require.Equal(t, 2, asked, "of what is impossible anyway nobody is asked")
	owes = false
	require.NoError(t, step(codesocial.WindDownClear))
	require.Equal(t, w.State(), openWorld(t, w.store).State(), "what is recorded is read without the check")
}
