package codesocial_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestThePackagePageShowsTheLifeOfADecision(t *testing.T) {
	t.Parallel()
	requirePage(t, codesocial.DecisionTable)
}

// decisionAt brings a new decision to a status, by vote (sealed for unsealing) or, where it is discussed, by consent.
func decisionAt(t *testing.T, status codesocial.DecisionStatus) (w *world, id uuid.UUID, now time.Time) {
	t.Helper()
	rule, o := byVote, admissionOf(t, cleo)
	switch status {
	case codesocial.Discussed:
		rule, o.Facilitator, o.Closes = byConsent, jardin, time.Time{}
		o.Matter.Kind = codesocial.AmendmentKind
	case codesocial.Unsealing:
		rule = sealedVote
	}
	w = assembly(t, rule)
	id = w.decide(o)
	switch status {
	case codesocial.Announced:
		now = o.Opens.Add(-time.Millisecond)
	case codesocial.Discussed, codesocial.Voted:
		now = o.Opens
	case codesocial.Unsealing:
		b, err := codesocial.SealBallot(codesocial.Ballot{Decision: id, Voter: ana, At: o.Opens, Answer: decision.For}, nonce)
		require.NoError(t, err)
		require.NoError(t, w.Vote(t.Context(), b, keys[ana]))
		now = o.Closes
	default:
		now = o.Closes
	}
	if status == codesocial.Recorded {
		require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: now}))
	}
	return w, id, now
}

var nonce = strings.Repeat("0f", 16)

func TestEachEventOfADecisionHasItsPlaceAndNoOther(t *testing.T) {
	t.Parallel()
	events := map[string]func(*world, uuid.UUID, time.Time, codesocial.DecisionStatus) func(context.Context) error{
		"withdraw": func(w *world, id uuid.UUID, now time.Time, _ codesocial.DecisionStatus) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.Act(ctx, codesocial.Act{Decision: id, Kind: decision.Withdraw, Actor: atelier, At: now}, keys[atelier])
			}
		},
		"act": func(w *world, id uuid.UUID, now time.Time, _ codesocial.DecisionStatus) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.Act(ctx, codesocial.Act{Decision: id, Kind: decision.Advance, Actor: jardin, At: now}, keys[jardin])
			}
		},
		"ballot": func(w *world, id uuid.UUID, now time.Time, status codesocial.DecisionStatus) func(context.Context) error {
			b := codesocial.Ballot{Decision: id, Voter: ana, At: now, Answer: decision.For}
			if status == codesocial.Unsealing {
				b.Nonce = nonce
			}
			return func(ctx context.Context) error { return w.Vote(ctx, b, keys[ana]) }
		},
		"ask": func(w *world, id uuid.UUID, now time.Time, _ codesocial.DecisionStatus) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.AskCredential(ctx, codesocial.CredentialRequest{Decision: id, Elector: ana, At: now, Blinded: [][]byte{make([]byte, 384)}}, keys[ana])
			}
		},
		"issue": func(w *world, id uuid.UUID, now time.Time, _ codesocial.DecisionStatus) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.IssueCredential(ctx, codesocial.Credential{Decision: id, Elector: ana, Office: jardin, At: now, Signature: make([]byte, 384)}, keys[jardin])
			}
		},
		"close": func(w *world, id uuid.UUID, now time.Time, _ codesocial.DecisionStatus) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.Close(ctx, codesocial.Closing{Decision: id, At: now.Add(time.Second)}) // not the closing that is recorded
			}
		},
	}
	// That of secret ballots is in TestEachEventOfASecretDecisionHasItsPlaceAndNoOther.
	allowed := map[codesocial.DecisionStatus]string{
		codesocial.Announced: "withdraw",
		codesocial.Discussed: "withdraw act",
		codesocial.Voted:     "ballot", // and close, where no ballot can change the outcome: see below
		codesocial.Unsealing: "ballot",
		codesocial.Ended:     "close",
		codesocial.Recorded:  "",
	}
	for status, names := range allowed {
		for name, event := range events {
			w, id, now := decisionAt(t, status)
			got, err := w.State().DecisionStatus(id, now)
			require.NoError(t, err)
			require.Equal(t, status, got)
			require.Len(t, got.Label(), 2)
			act := event(w, id, now, status)
			if strings.Contains(" "+names+" ", " "+name+" ") {
				require.NoError(t, act(t.Context()), "%s when %s", name, status)
				require.Equal(t, w.replay(), w.State())
				continue
			}
			size, before := w.journal.Size(), w.replay()
			err = act(t.Context())
			require.Error(t, err, "%s when %s", name, status)
			var rule *codesocial.RuleError
			require.ErrorAs(t, err, &rule, "%s when %s", name, status)
			require.Equal(t, "decide-1", rule.Clause.Clause)
			require.Equal(t, size, w.journal.Size())
			require.Equal(t, before, w.State())
		}
	}
}

func TestAVoteIsClosedEarlyOnlyWhenNoBallotCanChangeIt(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","strict":true,"base":"eligible","final":true}}`)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	for i, voter := range []string{atelier, fournil, jardin} {
		closing := codesocial.Closing{Decision: id, At: o.Opens.Add(time.Hour)}
		w.refused(func(ctx context.Context) error { return w.Close(ctx, closing) }, codesocial.ErrRefused, "has not ended", "decide-1")
		w.answer(id, voter, o.Opens.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), decision.For)
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Opens.Add(time.Hour)}))
	d := w.decision(id)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.True(t, d.Vote.Early)
}

func FuzzDecisionRecords(f *testing.F) {
	kinds := []string{
		codesocial.KindDecision, codesocial.KindBallot, codesocial.KindAct, codesocial.KindClosing, codesocial.KindDelegation, codesocial.KindGathering, codesocial.KindMinutes,
	}
	w := assembly(f, byCasting, byConsent, byNomination, presided)
	o := admissionOf(f, cleo)
	id := w.decide(o)
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	require.NoError(f, w.Convene(f.Context(), spring(f), keys[atelier]))
	require.NoError(f, w.Minute(f.Context(), minutes(f), keys[fournil]))
	for r, err := range w.journal.Records(f.Context(), 0) {
		require.NoError(f, err)
		for i, kind := range kinds {
			if r.Kind == kind {
				f.Add(i, r.ID[:], r.Author, r.Payload)
			}
		}
	}
	for i, payload := range []string{
		`{"decision":"` + id.String() + `","voter":"` + ben + `","at":"2025-03-12T10:00:00Z","answer":"for"}`,
		`{"decision":"` + id.String() + `","actor":"` + atelier + `","at":"2025-03-11T10:00:00Z","kind":"withdraw"}`,
		`{"decision":"` + id.String() + `","at":"2025-03-15T10:00:00Z","verdict":"no-quorum"}`,
		`{"from":"` + ben + `","to":"` + atelier + `","at":"2025-03-11T10:00:00Z"}`,
	} {
		f.Add(i+1, id[:], ben, []byte(payload))
	}
	f.Fuzz(func(t *testing.T, kind int, id []byte, author string, payload []byte) {
		r := &journal.Record{Kind: kinds[uint(kind)%uint(len(kinds))], Schema: 1, Author: author, Payload: payload}
		copy(r.ID[:], id)
		for _, s := range []*codesocial.State{new(codesocial.State), fold(t, w.journal)} {
			v, err := s.Decode(r)
			if err != nil || v == nil {
				continue
			}
			if s.Apply(r, v) != nil {
				continue
			}
			for d := range s.Decisions() {
				for _, lang := range []string{"fr", "en"} {
					page, err := s.DecisionPage(d.ID, lang)
					require.NoError(t, err)
					require.NotEmpty(t, page)
				}
			}
			require.NotEmpty(t, s.Calendar("fr"))
		}
	})
}
