package codesocial_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// atOnce does what two communities on one store are asked to, each in a goroutine of its own, and returns what came of it.
func atOnce(t *testing.T, acts ...func(context.Context) error) []error {
	t.Helper()
	errs := make([]error, len(acts))
	var wait sync.WaitGroup
	for i, act := range acts {
		wait.Go(func() { errs[i] = act(t.Context()) })
	}
	wait.Wait()
	return errs
}

// requireSame checks that two communities on one store, and who reads the records alone, see the same.
func requireSame(t *testing.T, a, b *world) {
	t.Helper()
	require.NoError(t, a.journal.Sync(t.Context()))
	require.NoError(t, b.journal.Sync(t.Context()))
	require.Equal(t, a.State(), b.State())
	require.Equal(t, a.State(), a.replay())
	require.Equal(t, a.State(), b.replay())
}

func TestTwoWhoProposeAtOnceBothStandAndOneIsAdopted(t *testing.T) {
	t.Parallel()
	a, v1 := founded(t)
	b := openWorld(t, a.store)
	titled := func(v *codesocial.Charter, year, title string) *codesocial.Charter {
		return next(t, v, year+"-06-01", func(d *codesocial.Document) { d.Title["en"] = title })
	}
	last := v1
	for year := 2026; year < 2032; year++ { // who comes first is another each time
		ours, theirs := titled(last, fmt.Sprint(year), "Ours"), titled(last, fmt.Sprint(year), "Theirs")
		for _, err := range atOnce(t, func(ctx context.Context) error { return a.Propose(ctx, ours) }, func(ctx context.Context) error { return b.Propose(ctx, theirs) }) {
			require.NoError(t, err, "a proposal takes nothing from another")
		}
		requireSame(t, a, b)
		for _, c := range []*codesocial.Charter{ours, theirs} {
			status, err := a.State().Status(c.Hash(), c.InForceFrom())
			require.NoError(t, err)
			require.Equal(t, codesocial.Proposed, status)
		}
		adopt := func(w *world, c *codesocial.Charter) func(context.Context) error {
			adoption := codesocial.Adoption{Charter: c.Hash(), On: c.InForceFrom().AddDays(-1), Signatures: signatures(t, c, atelier, fournil)}
			return func(ctx context.Context) error { return w.Adopt(ctx, adoption) }
		}
		errs := atOnce(t, adopt(a, ours), adopt(b, theirs))
		won, lost := ours, theirs
		if errs[0] != nil {
			won, lost, errs[1] = theirs, ours, errs[0]
			require.ErrorIs(t, errs[0], codesocial.ErrChain)
		}
		require.ErrorIs(t, errs[1], codesocial.ErrChain, "exactly one wins")
		require.ErrorContains(t, errs[1], fmt.Sprintf("version %d is the last one adopted", won.Version()))
		requireSame(t, a, b)
		status, err := b.State().Status(lost.Hash(), lost.InForceFrom())
		require.NoError(t, err)
		require.Equal(t, codesocial.Outdated, status, "what has lost is still there to read")
		require.Len(t, a.State().Versions(), won.Version())
		last = won
	}
}

func TestTwoWhoSayTheSameAtOnceSayItOnce(t *testing.T) {
	t.Parallel()
	a, v1 := founded(t)
	b := openWorld(t, a.store)
	v2 := next(t, v1, "2026-06-01")
	adoption := codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2026-05-31"), Signatures: signatures(t, v2, atelier, fournil)}
	size := a.journal.Size()
	for _, act := range []func(*world) func(context.Context) error{
		func(w *world) func(context.Context) error {
			return func(ctx context.Context) error { return w.Propose(ctx, v2) }
		},
		func(w *world) func(context.Context) error {
			return func(ctx context.Context) error { return w.Adopt(ctx, adoption) }
		},
		func(w *world) func(context.Context) error {
			return func(ctx context.Context) error { return w.Admit(ctx, w.admission(v1)) }
		},
	} {
		for _, err := range atOnce(t, act(a), act(b)) {
			require.NoError(t, err)
		}
		requireSame(t, a, b)
		size++
		require.Equal(t, size, a.journal.Size())
	}
}

func TestNothingOfTwoWhoWriteAtOnceIsLost(t *testing.T) {
	t.Parallel()
	a := newWorld(t).withParties()
	b := openWorld(t, a.store)
	many := func(w *world, who string) func(context.Context) error {
		return func(ctx context.Context) error {
			for i := range 25 {
				if err := w.Register(ctx, codesocial.Party{ID: fmt.Sprintf("urn:x:%s-%d", who, i), Type: codesocial.Person, Name: who}); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, err := range atOnce(t, many(a, "left"), many(b, "right")) {
		require.NoError(t, err)
	}
	requireSame(t, a, b)
	n := 0
	for range a.State().Parties() {
		n++
	}
	require.Equal(t, len(parties())+50, n)
}
