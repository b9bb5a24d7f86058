package codesocial_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

const (
	sealedVote = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast"},"sealedHours":24}`
	delegating = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast"},"delegation":true}`
)

func TestSealedBallotsShowNothingUntilTheClosingAndAreOpenedAfterIt(t *testing.T) {
	t.Parallel()
	w := assembly(t, sealedVote)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	vote := func(voter string, a decision.Answer) (sealed, open codesocial.Ballot) {
		open = codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Answer: a}
		sealed, err := codesocial.SealBallot(open, nonce)
		require.NoError(t, err)
		open.Nonce, open.At = nonce, o.Closes
		return sealed, open
	}
	cast := func(b codesocial.Ballot) func(context.Context) error {
		return func(ctx context.Context) error { return w.Vote(ctx, b, keys[b.Voter]) }
	}
	sealed, open := vote(atelier, decision.For)
	benSealed, benOpen := vote(ben, decision.Against)
	_, fournilOpen := vote(fournil, decision.Against)

	early := open
	early.At = o.Opens
	w.refused(cast(early), codesocial.ErrRefused, "sealed until", "decide-1")
	require.NoError(t, cast(benSealed)(t.Context()))
	require.NoError(t, cast(sealed)(t.Context()))
	d := w.decision(id)
	require.Equal(t, 2, d.Sealed)
	require.Zero(t, d.Vote.Cast(), "nobody knows how it stands")

	w.refused(cast(fournilOpen), codesocial.ErrRefused, "does not open")
	changed := open
	changed.Answer = decision.Against
	w.refused(cast(changed), codesocial.ErrRefused, "does not open")
	late, _ := vote(fournil, decision.For)
	late.At = o.Closes
	w.refused(cast(late), codesocial.ErrRefused, "could vote until")
	require.NoError(t, cast(open)(t.Context()))
	require.NoError(t, cast(open)(t.Context()), "once more changes nothing")
	closing := codesocial.Closing{Decision: id, At: o.Closes.AddDate(0, 0, 1).Add(-1)}
	w.refused(func(ctx context.Context) error { return w.Close(ctx, closing) }, codesocial.ErrRefused, "can be opened until")
	benOpen.At = o.Closes.AddDate(0, 0, 1)
	w.refused(cast(benOpen), codesocial.ErrRefused, "could be until")
	closing.At = o.Closes.AddDate(0, 0, 1)
	require.NoError(t, w.Close(t.Context(), closing))
	d = w.decision(id)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.Equal(t, int64(1), d.Vote.Cast(), "what stays closed does not count")
	require.Equal(t, w.replay(), w.State())
}

func TestASealIsNotTheSameForAnotherVoterAnswerOrNonce(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, voter := range []string{ana, ben} {
		for _, answer := range []decision.Answer{decision.For, decision.Against} {
			for _, nonce := range []string{strings.Repeat("0", 32), strings.Repeat("0", 33)} {
				b, err := codesocial.SealBallot(codesocial.Ballot{Voter: voter, At: at(t, "2025-03-12T09:00:00Z"), Answer: answer}, nonce)
				require.NoError(t, err)
				require.False(t, seen[b.Seal])
				seen[b.Seal] = true
			}
		}
	}
	for _, nonce := range []string{"", "00", strings.Repeat("A", 32), strings.Repeat("0", 129)} {
		_, err := codesocial.SealBallot(codesocial.Ballot{Voter: ana, At: at(t, "2025-03-12T09:00:00Z"), Answer: decision.For}, nonce)
		require.ErrorIs(t, err, codesocial.ErrInvalid, nonce)
	}
}

func TestADelegationHoldsForTheMattersOfItsScopeUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	w := assembly(t, delegating)
	pass := func(from, to, scope, when string) {
		t.Helper()
		require.NoError(t, w.Delegate(t.Context(), codesocial.Delegation{From: from, To: to, Scope: scope, At: at(t, when)}, keys[from]))
	}
	pass(ben, atelier, codesocial.AdmissionKind, "2025-02-01T00:00:00Z")
	pass(ana, atelier, "ledger.distribution", "2025-02-01T00:00:00Z")
	pass(jardin, ben, "", "2025-02-01T00:00:00Z")
	o := admissionOf(t, cleo)
	id := w.decide(o)
	pass(ben, "", codesocial.AdmissionKind, "2025-03-11T00:00:00Z") // after the opening: for the next vote
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	require.Equal(t, int64(3), w.decision(id).Vote.For, "atelier speaks for ben, and through him for jardin")
	w.answer(id, ben, "2025-03-12T10:00:00Z", decision.Against)
	require.Equal(t, int64(1), w.decision(id).Vote.For, "a ballot of one's own takes the voice back")

	o.At = o.At.AddDate(0, 0, 1)
	again := w.decide(o)
	w.answer(again, atelier, "2025-03-12T09:00:00Z", decision.For)
	require.Equal(t, int64(1), w.decision(again).Vote.For)
	require.Equal(t, w.replay(), w.State())
	for _, d := range []codesocial.Delegation{
		{From: ana, To: ana}, {From: ana, To: cleo}, {From: cleo, To: ana}, {From: ana, To: ben, Scope: "x"}, {From: ana, Scope: "ledger.distribution", At: at(t, "2025-01-31T00:00:00Z")},
	} {
		if d.At.IsZero() {
			d.At = at(t, "2025-04-01T00:00:00Z")
		}
		require.Error(t, w.Delegate(t.Context(), d, keys[d.From]), d)
	}
}
