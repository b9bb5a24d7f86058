package codesocial_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestTheTimeOfADecisionDoesNotRunBeforeAnybodyCanKnowOfIt(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote, `{"kind":"codesocial.decision","matters":["codesocial.amendment"],"consent":{"quorum":"1/5","silence":"for","roundHours":48,"maxRounds":2}}`)
	o := admissionOf(t, cleo)
	w.stop(o.Closes)
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[atelier]) }, codesocial.ErrRefused, "decide-1", "nobody would have had")
	w.stop(o.At.Add(codesocial.MaxDelay))
	id := w.decide(o)
	ballot := codesocial.Ballot{Decision: id, Voter: ana, At: o.Closes.Add(-time.Second), Answer: decision.For}
	w.stop(o.Closes.Add(time.Minute + time.Second))
	w.refused(func(ctx context.Context) error { return w.Vote(ctx, ballot, keys[ana]) }, codesocial.ErrRefused, "decide-1", "one could vote until")
	w.stop(o.Closes.Add(time.Minute))
	w.answer(id, ana, "2025-03-15T08:59:59Z", decision.For)

	consent := textDecision(t, codesocial.AmendmentKind, "urn:x:text", "2025-04-01T09:00:00Z")
	consent.Facilitator = jardin
	consent.Closes = time.Time{}
	w.stop(consent.At.AddDate(0, 0, 3))
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, consent, keys[atelier]) }, codesocial.ErrRefused, "nobody would have had")
	w.stop(consent.At)
	id = w.decide(consent)
	advance := codesocial.Act{Decision: id, Kind: decision.Advance, Actor: jardin, At: consent.At}
	w.stop(consent.At.Add(49 * time.Hour))
	w.refused(func(ctx context.Context) error { return w.Act(ctx, advance, keys[jardin]) }, codesocial.ErrRefused, "before its recording")
}

func TestWhatAnAssemblyDecidesInARoomMayBeRecordedDaysLater(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast","quorum":"1/2"}}`)
	o := admissionOf(t, cleo)
	w.stop(o.Closes.AddDate(0, 0, 3))
	id := w.decide(o)
	for _, voter := range []string{atelier, fournil, ben} {
		w.answer(id, voter, "2025-03-12T09:00:00Z", decision.For)
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.Equal(t, codesocial.Carried, w.decision(id).Decided.Verdict)
	require.Equal(t, w.replay(), w.State())
}
