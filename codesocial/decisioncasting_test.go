package codesocial_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	// byCasting lets the chair decide a tie.
	byCasting = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","strict":true,"base":"for-against","tie":"casting-vote"},"castingVote":{"role":"chair"}}`
	// presided has ana in the chair.
	presided = `{"kind":"codesocial.roles","roles":[{"id":"chair","title":{"en":"Chair","fr":"Présidence"},"named":["` + ana + `"]}]}`
	// elected has a chair who is elected, and may be shared.
	elected = `{"kind":"codesocial.roles","roles":[{"id":"chair","title":{"en":"Chair","fr":"Présidence"},"termMonths":12,"holders":2}]}`
)

func TestTheCastingVoteDecidesATieAndThePageSaysWhoseAndUnderWhichClause(t *testing.T) {
	t.Parallel()
	w := assembly(t, byCasting, presided)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	d := w.decision(id)
	require.Equal(t, ana, d.Opening.Chair)
	require.Equal(t, ana, d.Electorate.Chair())
	require.Equal(t, d.Opening.Electorate, d.Electorate.Hash())
	for voter, a := range map[string]decision.Answer{atelier: decision.Against, fournil: decision.Against, ben: decision.For, ana: decision.For} {
		w.answer(id, voter, "2025-03-12T09:00:00Z", a)
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	d = w.decision(id)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.Equal(t, ana, d.Decided.Casting)
	require.True(t, d.Vote.ByCasting)
	for lang, sentences := range map[string][]string{
		"fr": {
			"Selon la clause decide-1, à égalité, la voix de qui tient le rôle Présidence (`chair`) est prépondérante : à l'ouverture, Ana.", "À égalité, la voix prépondérante de Ana, pour, a décidé.",
		},
		"en": {"Under clause decide-1, in a tie, the casting vote is that of who holds the role Chair (`chair`): at the opening, Ana.", "In the tie, the casting vote of Ana, for, has decided."},
	} {
		for _, sentence := range sentences {
			require.Contains(t, w.page(id, lang), sentence)
		}
	}
	for r, err := range w.journal.Records(t.Context(), w.journal.Size()-1) {
		require.NoError(t, err)
		require.Equal(t, codesocial.KindClosing, r.Kind)
		require.Contains(t, w.State().Explain(&r).In("fr"), "selon la clause decide-1 de la version 1")
		require.Contains(t, w.State().Explain(&r).In("fr"), "par la voix prépondérante de "+ana)
		require.Contains(t, w.State().Explain(&r).In("en"), "by the casting vote of "+ana)
	}
	require.Equal(t, w.replay(), w.State())

	for r, err := range w.journal.Records(t.Context(), 0) { // who is in the chair is known without names
		require.NoError(t, err)
		if r.Kind == codesocial.KindParty {
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""))
		}
	}
	require.Equal(t, d.Decided, openWorld(t, w.store).decision(id).Decided)
}

func TestWhoIsInTheChairIsSettledWhenADecisionIsOpened(t *testing.T) {
	t.Parallel()
	const noChair = "personne n'a voix prépondérante"
	type vote map[string]decision.Answer
	tied := vote{atelier: decision.For, fournil: decision.Against}
	mandate := func(w *world, party, from, until string) {
		w.elect("chair", party, jardin, from)
		require.NoError(w.t, w.Mandate(w.t.Context(), codesocial.Mandate{Role: "chair", Party: party, From: day(w.t, from).AddDays(2), Until: day(w.t, until)}))
	}
	for name, test := range map[string]struct {
		rule, roles string
		before      func(w *world)
		edit        func(o *codesocial.Opening)
		after       func(w *world)
		votes       vote
		chair       string
		want        codesocial.Verdict
		says        string
	}{
		"the role is vacant": {roles: elected, votes: tied, want: codesocial.Defeated, says: noChair},
		"the mandate has ended": {
			roles: elected, before: func(w *world) { mandate(w, atelier, "2025-02-01", "2025-03-09") }, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"the mandate ends before the vote": {
			roles: elected, before: func(w *world) { mandate(w, atelier, "2025-02-01", "2025-03-10") }, votes: tied, chair: atelier, want: codesocial.Carried, says: "de L'Atelier du Pont, pour, a décidé",
		},
		"the mandate is given back before the vote": {
			roles: elected, before: func(w *world) { mandate(w, atelier, "2025-02-01", "2025-12-31") }, after: func(w *world) {
				require.NoError(w.t, w.Release(w.t.Context(), codesocial.Release{Role: "chair", Party: atelier, On: day(w.t, "2025-03-11"), By: atelier}, keys[atelier]))
			}, votes: tied, chair: atelier, want: codesocial.Carried, says: "de L'Atelier du Pont, pour, a décidé",
		},
		"two hold the role": {
			roles: elected, before: func(w *world) {
				mandate(w, atelier, "2025-02-01", "2025-12-31")
				mandate(w, fournil, "2025-02-05", "2025-12-31")
			}, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"two hold the role, and one stands aside": {
			roles: elected, before: func(w *world) {
				mandate(w, atelier, "2025-02-01", "2025-12-31")
				mandate(w, ben, "2025-02-05", "2025-12-31")
			}, edit: func(o *codesocial.Opening) { o.Recusals = []codesocial.Recusal{{Party: ben, Reason: "His sister."}} }, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"the chair stands aside": {
			edit: func(o *codesocial.Opening) { o.Recusals = []codesocial.Recusal{{Party: ana, Reason: "Her sister."}} }, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"it is the chair's own case": {
			edit: func(o *codesocial.Opening) { o.Concerns = []string{ana} }, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"the chair is in no college": {
			rule: strings.TrimSuffix(byCasting, "}") + `,"colleges":[{"id":"organisations","types":["organization","collective"]}]}`, votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"the chair is no member": {
			roles: strings.Replace(presided, ana, cleo, 1), votes: tied, want: codesocial.Defeated, says: noChair,
		},
		"the chair is silent": {votes: tied, chair: ana, want: codesocial.Defeated, says: "Ana, qui a voix prépondérante, n'a répondu ni pour ni contre"},
		"the chair abstains": {
			votes: vote{atelier: decision.For, fournil: decision.Against, ana: decision.Abstain}, chair: ana, want: codesocial.Defeated, says: "Ana, qui a voix prépondérante, n'a répondu ni pour ni contre",
		},
		"a half would carry, and the chair is against": {
			rule: strings.Replace(byCasting, `"strict":true,`, "", 1), votes: vote{atelier: decision.For, ana: decision.Against}, chair: ana, want: codesocial.Defeated, says: "de Ana, contre, a décidé",
		},
		"a half carries, and the chair is silent": {
			rule: strings.Replace(byCasting, `"strict":true,`, "", 1), votes: tied, chair: ana, want: codesocial.Carried, says: "Ana, qui a voix prépondérante, n'a répondu ni pour ni contre",
		},
		"no quorum": {
			rule: strings.Replace(byCasting, `"base"`, `"quorum":"1/2","base"`, 1), votes: vote{atelier: decision.Against, ana: decision.For}, chair: ana, want: codesocial.Inquorate, says: "Quorum non atteint",
		},
		"the chair passes her voice on": {
			rule: strings.TrimSuffix(byCasting, "}") + `,"delegation":true}`, before: func(w *world) {
				require.NoError(w.t, w.Delegate(w.t.Context(), codesocial.Delegation{From: ana, To: atelier, At: at(w.t, "2025-03-01T09:00:00Z")}, keys[ana]))
			}, votes: vote{atelier: decision.For, fournil: decision.Against, ben: decision.Against}, chair: ana, want: codesocial.Defeated, says: "Ana, qui a voix prépondérante, n'a répondu ni pour ni contre",
		},
		"weights": {
			rule:  strings.TrimSuffix(byCasting, "}") + `,"colleges":[{"id":"persons","types":["person"],"weight":2},{"id":"organisations"}]}`,
			votes: vote{ana: decision.Against, atelier: decision.For, fournil: decision.For}, chair: ana, want: codesocial.Defeated, says: "de Ana, contre, a décidé",
		},
		"sealed": {
			rule: strings.TrimSuffix(byCasting, "}") + `,"sealedHours":24}`, votes: vote{atelier: decision.Against, ana: decision.For}, chair: ana, want: codesocial.Carried, says: "de Ana, pour, a décidé",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.rule == "" {
				test.rule = byCasting
			}
			if test.roles == "" {
				test.roles = presided
			}
			w := assembly(t, test.rule, test.roles, choosing)
			if test.before != nil {
				test.before(w)
			}
			o := admissionOf(t, "urn:x:cleo")
			if test.edit != nil {
				test.edit(&o)
			}
			id := w.decide(o)
			if test.after != nil {
				test.after(w)
			}
			require.Equal(t, test.chair, w.decision(id).Opening.Chair)
			closing := codesocial.Closing{Decision: id, At: o.Closes}
			for voter, a := range test.votes {
				b := codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Answer: a}
				if name == "sealed" {
					var err error
					b, err = codesocial.SealBallot(b, nonce)
					require.NoError(t, err)
				}
				require.NoError(t, w.Vote(t.Context(), b, keys[voter]))
			}
			for voter, a := range test.votes {
				if name == "sealed" {
					require.NoError(t, w.Vote(t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: o.Closes, Answer: a, Nonce: nonce}, keys[voter]))
				}
			}
			require.NoError(t, w.Close(t.Context(), closing))
			d := w.decision(id)
			require.Equal(t, test.want, d.Decided.Verdict, w.page(id, "en"))
			require.Contains(t, w.page(id, "fr"), test.says)
			if strings.Contains(test.says, "a décidé") {
				require.Equal(t, test.chair, d.Decided.Casting)
			} else {
				require.Empty(t, d.Decided.Casting)
			}
			require.Equal(t, w.replay(), w.State())
		})
	}
}

func TestTheCastingVoteChoosesAmongThoseThatComeFirst(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"single", "approval", "schulze", "instant-runoff"} {
		w := assembly(t, fmt.Sprintf(`{"kind":"codesocial.decision","matters":["codesocial.role"],"election":{"method":%q,"tie":"casting-vote"},"castingVote":{"role":"chair"}}`, method), presided)
		o := admissionOf(t, "treasurer")
		o.Matter.Kind, o.Options = codesocial.RoleMatter, []string{ana, ben}
		id := w.decide(o)
		for voter, option := range map[string]string{atelier: ana, ana: ben} {
			require.NoError(t, w.Vote(t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Ranking: [][]string{{option}}}, keys[voter]))
		}
		w.refused(func(ctx context.Context) error {
			return w.Close(ctx, codesocial.Closing{Decision: id, At: o.Closes, Seed: "07 12"})
		}, codesocial.ErrInvalid, "no lot is drawn")
		require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
		d := w.decision(id).Decided
		require.Equal(t, []string{ben, ana}, []string{d.Chosen, d.Casting}, method)
		require.Contains(t, w.page(id, "fr"), "Entre égaux, la voix prépondérante de Ana a décidé.")
		require.Contains(t, w.page(id, "fr"), "Selon la clause decide-1, à égalité")
		require.Contains(t, w.page(id, "en"), "Between equals the casting vote of Ana decided.")
		require.Equal(t, w.replay(), w.State())
	}
}

func TestAVoteThatFollowsAConsentHasTheChairOfTheOpening(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.decision","matters":["*"],"consent":{"quorum":"1/3","maxRounds":1,"vote":true},"vote":{"threshold":"1/2","strict":true,"base":"cast","tie":"casting-vote"},
		"days":7,"castingVote":{"role":"chair"}}`, presided)
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "tea.blend", Ref: "rooibos"}, Title: codesocial.Text{"en": "Which tea?"}, Proposer: atelier, Facilitator: cleo,
		At: at(t, "2025-04-01T09:00:00Z"), Opens: at(t, "2025-04-01T09:00:00Z"),
	}
	id := w.decide(o)
	now := o.At
	for _, a := range []codesocial.Act{
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Advance, Actor: cleo},
		{Kind: decision.Object, Actor: fournil, Ref: "rooibos", Reason: "It is too sweet.", Criterion: decision.HarmsPurpose},
		{Kind: decision.Agree, Actor: ana, Ref: "rooibos"},
		{Kind: decision.Close, Actor: cleo},
	} {
		now = now.Add(time.Minute)
		a.Decision, a.At = id, now
		require.NoError(t, w.Act(t.Context(), a, keys[a.Actor]))
	}
	for voter, a := range map[string]decision.Answer{fournil: decision.Against, ana: decision.For} {
		w.answer(id, voter, now.Format(time.RFC3339), a)
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: now.AddDate(0, 0, 7)}))
	require.Equal(t, []any{codesocial.Carried, ana}, []any{w.decision(id).Decided.Verdict, w.decision(id).Decided.Casting})
	require.Equal(t, w.replay(), w.State())
}

func TestAVoteWithAChairIsClosedEarlyOnlyWhenNoBallotCanChangeIt(t *testing.T) {
	t.Parallel()
	w := assembly(t, strings.Replace(byCasting, `"strict":true`, `"final":true`, 1), presided)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	closing := codesocial.Closing{Decision: id, At: o.Opens.Add(time.Hour)}
	for _, voter := range []string{atelier, fournil, jardin, ben} {
		a := decision.For
		if voter == jardin || voter == ben {
			a = decision.Against
		}
		w.answer(id, voter, o.Opens.Format(time.RFC3339), a)
		w.refused(func(ctx context.Context) error { return w.Close(ctx, closing) }, codesocial.ErrRefused, "has not ended")
	}
	w.answer(id, ana, o.Opens.Format(time.RFC3339), decision.Abstain)
	require.NoError(t, w.Close(t.Context(), closing))
	require.True(t, w.decision(id).Vote.Early)
	require.Equal(t, codesocial.Carried, w.decision(id).Decided.Verdict)
}

func TestNobodyElseCanBeWrittenIntoTheChair(t *testing.T) {
	t.Parallel()
	w := assembly(t, byCasting, presided, choosing)
	for name, chair := range map[string]string{"another elector": ben, "nobody": "", "a stranger": cleo} {
		o := admissionOf(t, cleo)
		var drafts []journal.Draft
		require.NoError(t, w.Read(func(s *codesocial.State) {
			var err error
			drafts, err = s.DraftDecision(o)
			require.NoError(t, err)
		}))
		opening := drafts[0].Payload.(codesocial.Opening)
		opening.Chair = chair
		drafts[0].Payload = opening
		require.NoError(t, drafts[0].Sign(keys[atelier]))
		w.refused(w.write(drafts...), codesocial.ErrInvalid, "chair", ana)
		t.Log(name)
	}
	o := admissionOf(t, "treasurer") // under a rule without a casting vote
	o.Matter.Kind, o.Options, o.Chair = codesocial.RoleMatter, []string{ana, ben}, ana
	require.Empty(t, w.decision(w.decide(o)).Opening.Chair)
}

func TestARuleOfACastingVoteHasToMakeSense(t *testing.T) {
	t.Parallel()
	const vote = `"vote":{"threshold":"1/2","base":"for-against","final":true,"tie":"casting-vote"}`
	for rest, words := range map[string]string{
		vote: "must say which role has it",
		`"election":{"method":"single","tie":"casting-vote"}`:                                                                             "must say which role has it",
		`"vote":{"threshold":"1/2","base":"cast"},"castingVote":{"role":"chair"}`:                                                         "there is no tie that it settles",
		`"election":{"method":"single","tie":"lot"},"castingVote":{"role":"chair"}`:                                                       "there is no tie that it settles",
		`"consent":{"quorum":"1/2","maxRounds":1},"castingVote":{"role":"chair"}`:                                                         "there is no tie that it settles",
		vote + `,"castingVote":{"role":"The Chair"}`:                                                                                      "castingVote.role",
		vote + `,"castingVote":{}`:                                                                                                        "castingVote.role",
		vote + `,"castingVote":{"role":"chair","party":"urn:x:a"}`:                                                                        "party",
		vote + `,"castingVote":{"role":"chair"},"secret":{"hours":24,"least":3}`:                                                          "ballots are secret",
		`"election":{"method":"single","tie":"casting-vote","final":true},"castingVote":{"role":"chair"},"secret":{"hours":24,"least":3}`: "ballots are secret",
		`"vote":{"threshold":"2/3","base":"for-against","tie":"casting-vote"},"castingVote":{"role":"chair"}`:                             "here it is 2/3",
		`"vote":{"threshold":"1/2","base":"for-against","tie":"lot"}`:                                                                     "must be casting-vote",
		`"election":{"method":"instant-runoff"}`:                                                                                          "must be lot or casting-vote",
		`"nomination":{"quorum":"1/2","maxRounds":1},"castingVote":{"role":"chair"}`:                                                      "there is no tie that it settles",
	} {
		c := deciding(t, `{"kind":"codesocial.decision","matters":["*"],`+rest+`}`, presided)
		w := newWorld(t).withParties()
		w.refused(func(ctx context.Context) error { return w.Propose(ctx, c) }, codesocial.ErrInvalid, words, "clause decide-1, version 1")
		require.Contains(t, found(c, "decide-1"), "rule-refused")
	}
	require.NotContains(t, found(deciding(t, byCasting, presided), "decide-1"), "rule-refused")
	require.Contains(t, found(deciding(t, byCasting), "decide-1"), "unknown-role")
	require.NotContains(t, found(deciding(t, byCasting, presided), "decide-1"), "shared-chair")
	require.Contains(t, found(deciding(t, byCasting, elected), "decide-1"), "shared-chair")
	require.Contains(t, found(deciding(t, byCasting, strings.Replace(presided, `"named":[`, `"named":["`+ben+`",`, 1)), "decide-1"), "shared-chair")
}

// found returns the codes of what a lint finds at a clause.
func found(c *codesocial.Charter, clause string) (codes []string) {
	for _, f := range c.Lint() {
		if f.Place == clause {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func TestTheRuleOfACastingVoteIsWrittenReadAndCompared(t *testing.T) {
	t.Parallel()
	c := deciding(t, byCasting, presided)
	again, err := codesocial.ParseMarkdown(c.Markdown())
	require.NoError(t, err)
	require.Equal(t, c.Hash(), again.Hash())
	again, err = codesocial.ParseCharter(c.Canonical())
	require.NoError(t, err)
	rule, clause, err := again.DecisionRule(codesocial.AdmissionKind)
	require.NoError(t, err)
	require.Equal(t, "decide-1", clause.Clause)
	require.Equal(t, decision.TieCasting, rule.Vote.Tie)
	require.Equal(t, &codesocial.CastingVote{Role: "chair"}, rule.CastingVote)

	without := deciding(t, `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","strict":true,"base":"for-against"}}`, presided)
	var changes []string
	for _, change := range codesocial.Diff(without, c) {
		changes = append(changes, change.In("en"))
	}
	require.Len(t, changes, 2)
	require.Contains(t, changes[0]+changes[1], "castingVote")
	require.Contains(t, changes[0]+changes[1], "vote.tie")
}
