package mediation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// replay folds the journal afresh.
func (w *world) replay() *Cases {
	w.t.Helper()
	var cases *Cases
	state := codesocial.NewState(codesocial.Guarded(func(s *codesocial.State) codesocial.Guard {
		cases = NewCases(s)
		return cases
	}))
	for r, err := range w.journal.Records(w.t.Context(), 0) {
		require.NoError(w.t, err)
		v, err := state.Decode(&r)
		require.NoError(w.t, err)
		if v != nil {
			require.NoError(w.t, state.Apply(&r, v))
		}
	}
	return cases
}

func (w *world) sameAsReplayed() {
	w.t.Helper()
	again := w.replay()
	require.Equal(w.t, w.cases.All(), again.All())
	for _, id := range w.cases.All() {
		a, _ := w.cases.Case(id)
		b, _ := again.Case(id)
		a.Rules, b.Rules = nil, nil
		require.Equal(w.t, a, b)
		x, err := w.cases.Requirements(id)
		require.NoError(w.t, err)
		y, err := again.Requirements(id)
		require.NoError(w.t, err)
		require.Equal(w.t, x, y)
	}
	require.Equal(w.t, w.cases.papers, again.papers)
	require.Equal(w.t, w.cases.pool, again.pool)
}

// Everything that is said in confidence holds the canary. It must be nowhere but in what the sealer gives back.
func TestWhatIsSaidInConfidenceStandsInNoJournalExportFileLogOrError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	note := w.paper(id, Note, ana)
	position := w.paper(id, Position, ben)
	evidence := w.paper(id, Evidence, ana)
	text, err := w.Text(t.Context(), position, ana, w.now)
	require.NoError(t, err)
	require.Contains(t, string(text), canary)
	var refusals []error
	for _, who := range []string{cleo, olga, rita, jean, "urn:x:nobody"} {
		_, err := w.Text(t.Context(), position, who, w.now)
		require.ErrorIs(t, err, ErrSealed, "%s", who)
		refusals = append(refusals, err)
	}
	_, err = w.Text(t.Context(), note, ben, w.now)
	require.ErrorIs(t, err, ErrSealed, "the note of a separate meeting is for that party and the mediator")
	_, err = w.Text(t.Context(), note, mediator, w.now)
	require.NoError(t, err)
	_, err = w.Write(t.Context(), Paper{By: cleo, Case: id, Kind: Position, At: w.now}, []byte(canary))
	refusals = append(refusals, err)
	_, err = w.Raise(t.Context(), Tension{By: ana, At: w.now, Respondents: []string{ana}}, Words{Fact: canary, Effect: canary, Need: canary})
	refusals = append(refusals, err)
	_, err = w.Raise(t.Context(), Tension{By: ana, At: w.now, Respondents: []string{ben}}, Words{Fact: canary, Effect: canary, Need: canary + strings.Repeat("x", MaxWordsBytes)})
	refusals = append(refusals, err)
	w.Office.sealer = failingSealer{}
	_, err = w.Write(t.Context(), Paper{By: ana, Case: id, Kind: Position, At: w.now}, []byte(canary))
	refusals = append(refusals, err)
	w.Office.sealer = testSealer{}
	for _, err := range refusals {
		require.Error(t, err)
		require.NotContains(t, err.Error(), canary)
		require.NotContains(t, fmt.Sprintf("%+v %#v", err, err), canary)
	}

	w.act(id, Fail, mediator)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		require.NotContains(t, string(r.Payload), canary)
	}
	bundle, err := w.journal.Bundle(t.Context())
	require.NoError(t, err)
	require.NotContains(t, string(bundle), canary)
	require.NotContains(t, fmt.Sprintf("%+v", w.cases.Notices(cleo, day("2025-03-04"))), canary)
	for _, lang := range []string{"fr", "en"} {
		asked := make(map[uuid.UUID]bool)
		file, err := w.cases.File(id, FileOptions{Lang: lang, Text: func(p uuid.UUID) ([]byte, bool) { asked[p] = true; return []byte("shown"), true }})
		require.NoError(t, err)
		require.NotContains(t, string(file), canary)
		require.Contains(t, string(file), "1528-3")
		require.True(t, asked[evidence])
		require.False(t, asked[note] || asked[position], "confidential papers are never asked for")
		require.NotContains(t, string(file), "urn:x:", "code names only")
	}
}

type failingSealer struct{ Sealer }

func (failingSealer) Seal([]string, []byte) ([]byte, error) { return nil, fmt.Errorf("no key") }

func TestARecusedMediatorLosesAccessAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	position := w.paper(id, Position, ben)
	_, err := w.Text(t.Context(), position, mediator, w.now)
	require.NoError(t, err)
	w.act(id, Recuse, mediator)
	require.Equal(t, Choosing, w.stage(id))
	_, err = w.Text(t.Context(), position, mediator, w.now)
	require.ErrorIs(t, err, ErrSealed)
	later := w.paper(id, Position, ana)
	papers, err := w.cases.Papers(id)
	require.NoError(t, err)
	require.Equal(t, later, papers[len(papers)-1].ID)
	require.NotContains(t, papers[len(papers)-1].Readers, mediator)
	a, err := w.Draw(t.Context(), id, olga, w.now, "")
	require.NoError(t, err)
	require.NotEqual(t, mediator, a.Mediator)
	_, err = w.Text(t.Context(), position, a.Mediator, w.now)
	require.ErrorIs(t, err, ErrSealed, "not before all have accepted her")
	k := w.get(id)
	w.refused(w.try(id, Accept, mediator), k, ErrRole)
}

func TestWhatWasSaidIsErasedAtTheEndOfItsRetentionAndTheProofsStayWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.excluded()
	w.sameAsReplayed()
	positions, err := w.cases.Papers(id)
	require.NoError(t, err)
	require.NotEmpty(t, positions)
	w.wait(400 * oneDay)
	_, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Closed, w.stage(id))

	id, _ = w.mediated(func(t *Tension) { t.Respondents = []string{cleo} })
	position := w.paper(id, Position, ana)
	evidence := w.paper(id, Evidence, ana)
	w.act(id, Withdraw, ana)
	n, err := w.Forget(t.Context(), w.now, commons)
	require.NoError(t, err)
	require.Zero(t, n, "not yet")
	w.wait(220 * oneDay)
	_, err = w.Clocks(t.Context(), w.now)
	require.NoError(t, err)
	require.Equal(t, Archived, w.stage(id))
	n, err = w.Forget(t.Context(), w.now, commons)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = w.Text(t.Context(), position, ana, w.now)
	require.ErrorIs(t, err, ErrErased)
	_, err = w.Text(t.Context(), evidence, ana, w.now)
	require.NoError(t, err, "what existed before is not confidential")
	w.sameAsReplayed()
	signer, err := journal.NewSigner("la-trame.example/journal", key("journal"))
	require.NoError(t, err)
	report, err := journal.Verify(t.Context(), w.store, signer.VerifierKey(), nil)
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Erased)
	before := w.get(id)
	w.open()
	w.sameAsReplayed()
	after := w.get(id)
	before.Rules, after.Rules = nil, nil
	require.Equal(t, before, after)
}

func TestAnActThatCitesAnErasedPaperIsRefusedAndOneThatDidBeforeStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	w.act(id, Meet, mediator, func(a *Act) { a.For = ana })
	w.act(id, Meet, mediator, func(a *Act) { a.For = ben })
	w.act(id, Session, mediator)
	agreement := w.paper(id, Agreement, mediator)
	draft := w.paper(id, Agreement, mediator)
	erase := func(paper uuid.UUID) {
		require.NoError(t, w.journal.Erase(t.Context(), w.cases.papers[paper].position, "asked for", commons))
	}
	erase(draft)
	k := w.get(id)
	err := w.Act(t.Context(), Act{By: mediator, Case: id, Event: Agree, At: w.now, Papers: []uuid.UUID{draft}})
	w.refused(err, k, ErrErased)
	require.NoError(t, w.Act(t.Context(), Act{By: mediator, Case: id, Event: Agree, At: w.now, Papers: []uuid.UUID{agreement}}))
	erase(agreement)
	require.Equal(t, Signing, w.stage(id))
	w.act(id, Sign, ana)
	w.act(id, Sign, ben)
	require.Equal(t, FollowUp, w.stage(id))
	w.sameAsReplayed()
	require.ErrorIs(t, w.journal.Erase(t.Context(), 40, "acts are kept", commons), journal.ErrKept)
}

func TestTheTwoExceptionsToConfidenceAreActsWithATrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	position := w.paper(id, Position, ben)
	_, err := w.Text(t.Context(), position, rita, w.now)
	require.ErrorIs(t, err, ErrSealed)
	k := w.get(id)
	w.refused(w.try(id, Disclose, mediator, func(a *Act) { a.Readers, a.Exception = []string{rita}, "curiosity" }), k, ErrInvalid)
	reasons := w.paper(id, Reasons, mediator)
	require.NoError(t, w.Act(t.Context(), Act{By: mediator, Case: id, Event: Disclose, At: w.now, Exception: Integrity, Readers: []string{rita}, Papers: []uuid.UUID{position, reasons}}))
	may, err := w.cases.MayRead(position, rita, w.now)
	require.NoError(t, err)
	require.True(t, may)
	file, err := w.cases.File(id, FileOptions{Lang: "en"})
	require.NoError(t, err)
	require.Contains(t, string(file), "Confidence was lifted, by an act on record, for: 1.")
}

func TestPartiesThatLeaveDuringACase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.mediated()
	k := w.get(id)
	w.refused(w.try(id, Close, olga), k, ErrGuard, "still there")
	require.NoError(t, w.community.Step(t.Context(), codesocial.MembershipStep{Party: ben, Event: codesocial.EventResign, On: codesocial.DateOf(w.now, time.UTC), By: ben}, nil))
	w.act(id, Close, olga)
	require.Equal(t, Moot, w.get(id).Outcome)
}

func TestIndicatorsTellNothingAboutFewCasesAndProposeToReviewAClauseThatKeepsCausingThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 7 {
		id := w.raise(func(t *Tension) { t.Clauses = []string{"money"} })
		w.wait(time.Duration(i+1) * time.Hour)
		w.act(id, Acknowledge, olga)
		if i < 6 {
			w.act(id, Withdraw, ana)
			w.act(id, Rate, ana, func(a *Act) { a.Score = 1 + i%5 })
		}
	}
	year := func() Indicators { return w.cases.Indicators(day("2025-01-01"), day("2025-12-31")) }
	i := year()
	require.Equal(t, Figure{7, true}, i.Opened)
	require.Equal(t, []Door{{Withdrawn, Figure{6, true}}}, i.Doors)
	require.Equal(t, Span{4 * time.Hour, 7 * time.Hour, true}, i.FirstAnswer)
	require.Equal(t, Scores{2, true}, i.Reporters)
	require.Equal(t, Scores{}, i.Respondents)
	require.Equal(t, Figure{0, true}, i.Appeals)
	w.excluded()
	i = year()
	require.Equal(t, Figure{}, partOf(1, 7))
	require.Len(t, i.Doors, 1, "an exclusion that lasts is not closed")
	require.False(t, i.Recusals.Shown && i.Recusals.Value > 0)

	proposals := w.cases.ReviewProposals(day("2025-01-01"), day("2025-12-31"), 2)
	require.Len(t, proposals, 1)
	require.Equal(t, "money", proposals[0].Clause)
	require.Equal(t, 7, proposals[0].Cases)

	principles, err := w.cases.Ostrom(day("2025-01-01"), day("2025-12-31"))
	require.NoError(t, err)
	require.Len(t, principles, 8)
	met := make(map[int]bool)
	for _, p := range principles {
		met[p.Number] = p.Met
		require.NotEqual(t, p.Why.In("fr"), p.Why.In("en"))
		if slices.Contains([]int{2, 3, 4}, p.Number) {
			require.Contains(t, p.Why.In("en"), "No clause says", "what is not there is not said to be")
		}
	}
	require.Equal(t, map[int]bool{1: true, 2: false, 3: false, 4: false, 5: true, 6: false, 7: true, 8: true}, met)
}

func TestAReviewThatWasHeldIsNotOverdue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"amendment": `{"kind":"codesocial.amendment","notice":0}`})
	changes := func(to string) bool {
		principles, err := w.cases.Ostrom(day("2025-01-01"), day(to))
		require.NoError(t, err)
		return principles[2].Met
	}
	due := w.charter.ReviewDue()
	require.True(t, changes(due.String()))
	require.False(t, changes(due.AddDays(1).String()))
	renewal := codesocial.Renewal{Charter: w.charter.Hash(), On: due, ReviewBy: due.AddDays(300)}
	w.now = due.AddDays(1).In(time.UTC)
	signature, err := codesocial.SignRenewal(w.charter, renewal.ReviewBy, commons, key(commons))
	require.NoError(t, err)
	renewal.Signatures = append(renewal.Signatures, signature)
	require.NoError(t, w.community.Renew(t.Context(), renewal))
	require.True(t, changes(due.AddDays(1).String()))
}

func TestNoticesShowWhatTheCharterSaysUnderCodeNames(t *testing.T) {
	t.Parallel()
	for visible, sees := range map[Visibility]map[string]bool{
		ToMembers: {ana: true, cleo: true, "urn:x:nobody": false}, ToParties: {ana: true, ben: true, cleo: false}, ToEveryone: {"": true},
	} {
		w := newWorld(t, map[string]string{"confidence": `{"kind":"mediation.confidence","visible":"` + string(visible) + `"}`})
		id := w.raise()
		for who, want := range sees {
			notices := w.cases.Notices(who, day("2025-03-04"))
			require.Len(t, notices, map[bool]int{true: 1, false: 0}[want], "%s %s", visible, who)
			for _, n := range notices {
				require.Equal(t, CodeName(id), n.Name)
			}
		}
	}
}
