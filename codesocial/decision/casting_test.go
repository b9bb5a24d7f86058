package decision_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// chaired is an electorate of e0, e1 and so on with these weights and with e0 in the chair.
func chaired(t testing.TB, weights ...int64) *decision.Electorate {
	t.Helper()
	var list []decision.Elector
	for i, w := range weights {
		list = append(list, decision.Elector{ID: fmt.Sprint("e", i), Weight: w})
	}
	e, err := decision.NewElectorate(list)
	require.NoError(t, err)
	e, err = e.WithChair("e0")
	require.NoError(t, err)
	return e
}

// castingRule is a vote in which as many for as against are a tie for the chair.
var castingRule = decision.Rule{Threshold: share(1, 2), Base: decision.OfForAndAgainst, Strict: true, Tie: decision.TieCasting}

func TestTheChairIsFrozenAndHashedWithTheElectorate(t *testing.T) {
	t.Parallel()
	e, err := decision.NewElectorate([]decision.Elector{{"a", 1}, {"b", 2}, {"c", 1}}, "c")
	require.NoError(t, err)
	require.Empty(t, e.Chair())
	chaired, err := e.WithChair("b")
	require.NoError(t, err)
	require.Equal(t, "b", chaired.Chair())
	require.Empty(t, e.Chair(), "the electorate itself cannot be changed")
	sum := sha256.Sum256([]byte(`{"aside":["c"],"chair":"b","electors":[{"id":"a","weight":1},{"id":"b","weight":2}]}`))
	require.Equal(t, fmt.Sprintf("sha256:%x", sum), chaired.Hash())
	for id, words := range map[string]string{"c": "stepped aside", "z": "not in the electorate", "": "not in the electorate"} {
		_, err := e.WithChair(id)
		require.ErrorIs(t, err, decision.ErrNotElector)
		require.ErrorContains(t, err, words)
	}
	secret := chaired.Secret()
	require.Empty(t, secret.Chair(), "nobody knows which ballot would be the chair's")
	require.Equal(t, chaired.Hash(), secret.Hash())
}

func TestATieIsForTheChairToDecide(t *testing.T) {
	t.Parallel()
	const chairFor, chairAgainst = "the casting vote of e0, for, has decided", "the casting vote of e0, against, has decided"
	const neither, nobody = "e0, who has the casting vote, has answered neither", "nobody has the casting vote"
	with := func(edit func(*decision.Rule)) decision.Rule { r := castingRule; edit(&r); return r }
	ofCast := with(func(r *decision.Rule) { r.Base = decision.OfCast })
	for _, test := range []struct {
		name    string
		rule    decision.Rule
		weights []int64
		answers string // of e0, e1, …: f, a, x for an abstention, - for silence
		want    decision.Status
		says    string // "" for no word of a tie
	}{
		{"the chair is for", castingRule, []int64{1, 1}, "fa", decision.Adopted, chairFor},
		{"the chair is against", castingRule, []int64{1, 1}, "af", decision.Rejected, chairAgainst},
		{"a tie that would carry is lost", with(func(r *decision.Rule) { r.Strict = false }), []int64{1, 1}, "af", decision.Rejected, chairAgainst},
		{"the chair abstains", castingRule, []int64{1, 1, 1}, "xfa", decision.Rejected, neither},
		{"the chair abstains, and a half carries", with(func(r *decision.Rule) { r.Strict = false }), []int64{1, 1, 1}, "xfa", decision.Adopted, neither},
		{"the chair is silent", castingRule, []int64{1, 1, 1}, "-fa", decision.Rejected, neither},
		{"silence counts as for, and casts nothing", with(func(r *decision.Rule) { r.Silence = decision.SilenceFor }), []int64{1, 1}, "-a", decision.Rejected, neither},
		{"no tie: the chair is one of many", castingRule, []int64{1, 1, 1}, "faa", decision.Rejected, ""},
		{"no tie: a majority against the chair", castingRule, []int64{1, 1, 1}, "aff", decision.Adopted, ""},
		{"weights make the tie", castingRule, []int64{1, 2, 1}, "faf", decision.Adopted, chairFor},
		{"and unmake it", castingRule, []int64{1, 2}, "fa", decision.Rejected, ""},
		{"a heavy chair has one casting vote", castingRule, []int64{3, 1, 2}, "aff", decision.Rejected, chairAgainst},
		{"abstentions are not in the base", castingRule, []int64{1, 1, 1}, "fax", decision.Adopted, chairFor},
		{"or weigh against", ofCast, []int64{1, 1, 1}, "fax", decision.Rejected, ""},
		{"and tie with those against", ofCast, []int64{1, 1, 1, 1}, "ffax", decision.Adopted, chairFor},
		{"half of the electorate", with(func(r *decision.Rule) { r.Base = decision.OfEligible }), []int64{1, 1, 1, 1}, "ff--", decision.Adopted, chairFor},
		{"no quorum, no casting vote", with(func(r *decision.Rule) { r.Quorum = share(3, 4) }), []int64{1, 1, 1, 1}, "fa--", decision.NoQuorum, ""},
		{"a quorum of those for is not met by it", with(func(r *decision.Rule) { r.Quorum, r.QuorumOf = share(1, 2), decision.QuorumFor }), []int64{1, 1, 1, 1}, "faa-", decision.NoQuorum, ""},
		{"all abstain", castingRule, []int64{1, 1}, "xx", decision.Rejected, ""},
		{"nobody votes", castingRule, []int64{1, 1}, "--", decision.Rejected, ""},
		{"no rule, no casting vote", with(func(r *decision.Rule) { r.Tie = decision.TieOpen }), []int64{1, 1}, "fa", decision.Rejected, ""},
		{"a half written otherwise", with(func(r *decision.Rule) { r.Threshold = share(2, 4) }), []int64{1, 1}, "fa", decision.Adopted, chairFor},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			poll := decision.Poll{Rule: test.rule, Electorate: chaired(t, test.weights...), Opens: opens, Closes: closes}
			r, err := poll.Count(answered(test.answers), closes)
			require.NoError(t, err)
			require.Equal(t, test.want, r.Status, r.Explain("en"))
			require.Equal(t, test.says == chairFor || test.says == chairAgainst, r.ByCasting)
			if test.says == "" {
				require.NotContains(t, r.Explain("en"), "casting vote")
				require.NotContains(t, r.Explain("fr"), "prépondérante")
			} else {
				require.Contains(t, r.Explain("en"), test.says)
				require.Contains(t, r.Explain("fr"), "prépondérante")
			}
			require.NotContains(t, r.Explain("fr")+r.Explain("en"), "%!")
			open, err := poll.Count(answered(test.answers), closes.Add(-1))
			require.NoError(t, err)
			require.NotContains(t, open.Explain("en"), "has decided", "nothing is decided yet")
		})
	}
	poll := decision.Poll{Rule: castingRule, Electorate: electorate(t, 2), Opens: opens, Closes: closes}
	r, err := poll.Count(answered("fa"), closes)
	require.NoError(t, err)
	require.Equal(t, decision.Rejected, r.Status)
	require.Contains(t, r.Explain("en"), nobody)
	require.Contains(t, r.Explain("fr"), "À égalité, et personne n'a voix prépondérante.")
}

// answered returns the ballots of e0, e1, …, one an hour.
func answered(answers string) (list []decision.Ballot) {
	for i, a := range answers {
		if a != '-' {
			answer := map[rune]decision.Answer{'f': decision.For, 'a': decision.Against, 'x': decision.Abstain}[a]
			list = append(list, decision.Ballot{Voter: fmt.Sprint("e", i), At: opens.Add(time.Duration(i) * time.Hour), Answer: answer})
		}
	}
	return list
}

func TestTheCastingVoteIsNotPassedOn(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{Rule: castingRule, Electorate: chaired(t, 1, 1, 1, 1), Opens: opens, Closes: closes, Delegations: map[string]string{"e0": "e1"}}
	r, err := poll.Count(answered("-faa"), closes)
	require.NoError(t, err)
	require.Equal(t, []any{decision.Rejected, int64(2), int64(2), int64(1), false}, []any{r.Status, r.For, r.Against, r.Represented, r.ByCasting}, "the voice of the chair counts with the ballot of e1, and decides no tie")
	poll.Delegations = map[string]string{"e1": "e0"}
	r, err = poll.Count(answered("f-aa"), closes)
	require.NoError(t, err)
	require.Equal(t, []any{decision.Adopted, int64(1), true}, []any{r.Status, r.Represented, r.ByCasting}, "whom the chair represents weighs with the chair's ballot")
}

// byHand says in the words of the field how a vote ends, and whether the casting vote has decided.
func byHand(rule decision.Rule, weights []int64, answers string, chair bool) (want decision.Status, casting bool) {
	sums := map[rune]int64{}
	var all int64
	for i, a := range answers {
		sums[a] += weights[i]
		all += weights[i]
	}
	present := map[decision.QuorumOf]int64{
		decision.QuorumCast: all - sums['-'], decision.QuorumFor: sums['f'], decision.QuorumForAbstain: sums['f'] + sums['x'],
	}[rule.QuorumOf]
	if !rule.Quorum.IsZero() && present*rule.Quorum.Den < all*rule.Quorum.Num {
		return decision.NoQuorum, false
	}
	yes, no := sums['f'], sums['a']
	if rule.Silence == decision.SilenceFor {
		yes += sums['-']
	}
	if rule.Base != decision.OfForAndAgainst {
		no += sums['x']
	}
	if rule.Silence == decision.SilenceAbstain && rule.Base == decision.OfCast || rule.Silence != decision.SilenceFor && rule.Base == decision.OfEligible {
		no += sums['-']
	}
	carried := yes > no || yes == no && yes > 0 && !rule.Strict
	if yes == no && yes > 0 && chair && (answers[0] == 'f' || answers[0] == 'a') {
		carried, casting = answers[0] == 'f', true
	}
	if carried {
		return decision.Adopted, casting
	}
	return decision.Rejected, casting
}

func TestEverySmallVoteWithAChairEndsAsByHandAndEarlyExactlyWhenNothingCanChangeIt(t *testing.T) {
	t.Parallel()
	all := make([]string, 0, 256)
	for code := range 256 {
		answers := make([]byte, 4)
		for i := range answers {
			answers[i] = "fax-"[code>>(2*i)&3]
		}
		all = append(all, string(answers))
	}
	for _, base := range []decision.Base{decision.OfForAndAgainst, decision.OfCast, decision.OfEligible} {
		for _, quorumOf := range []decision.QuorumOf{"none", decision.QuorumCast, decision.QuorumFor, decision.QuorumForAbstain} {
			for _, silence := range []decision.Silence{decision.SilenceNothing, decision.SilenceAbstain, decision.SilenceFor} {
				t.Run(fmt.Sprintf("%s, quorum %s, silence %s", base, quorumOf, silence), func(t *testing.T) {
					t.Parallel()
					decided := 0
					for _, strict := range []bool{false, true} {
						for _, weights := range [][]int64{{1, 1, 1, 1}, {2, 1, 1, 2}, {1, 3, 1, 1}} {
							for _, chair := range []bool{false, true} {
								rule := castingRule
								rule.Base, rule.Silence, rule.Strict, rule.Final = base, silence, strict, true
								if quorumOf != "none" {
									rule.Quorum, rule.QuorumOf = share(1, 2), quorumOf
								}
								poll := decision.Poll{Rule: rule, Electorate: chaired(t, weights...), Opens: opens, Closes: closes}
								if !chair {
									poll.Electorate = weighted(t, weights...)
								}
								ends := make(map[string]decision.Status)
								for _, answers := range all {
									r, err := poll.Count(answered(answers), closes)
									require.NoError(t, err)
									want, casting := byHand(rule, weights, answers, chair)
									require.Equal(t, want, r.Status, "%+v %s", rule, answers)
									require.Equal(t, casting, r.ByCasting)
									ends[answers] = want
									if casting {
										decided++
									}
								}
								for _, answers := range all {
									for i := range answers {
										if more := answers[:i] + "f" + answers[i+1:]; ends[answers] == decision.Adopted {
											require.Equal(t, decision.Adopted, ends[more], "one more for never turns adoption into rejection")
										}
									}
									r, err := poll.Count(answered(answers), closes.Add(-1))
									require.NoError(t, err)
									futures := map[decision.Status]bool{}
									for _, end := range all {
										if follows(answers, end) {
											futures[ends[end]] = true
										}
									}
									require.Equal(t, len(futures) == 1, r.Early, "%+v %v %s", rule, weights, answers)
									require.True(t, r.Early && futures[r.Status] || r.Status == decision.Open)
									_, casting := byHand(rule, weights, answers, chair)
									require.Equal(t, r.Early && casting, r.ByCasting)
								}
							}
						}
					}
					require.Positive(t, decided)
				})
			}
		}
	}
}

// follows reports whether end is what answers can become when those who are silent answer or not.
func follows(answers, end string) bool {
	for i := range answers {
		if answers[i] != '-' && answers[i] != end[i] {
			return false
		}
	}
	return true
}

func weighted(t testing.TB, weights ...int64) *decision.Electorate {
	t.Helper()
	var list []decision.Elector
	for e := range chaired(t, weights...).Electors() {
		list = append(list, e)
	}
	e, err := decision.NewElectorate(list)
	require.NoError(t, err)
	return e
}

func TestNothingThatFollowsChangesWhatWasDecidedEarlyWhoeverRepresentsWhom(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	early := 0
	for range 4000 {
		n := 2 + random.IntN(4)
		weights := make([]int64, n)
		to := make(map[string]string)
		for i := range weights {
			weights[i] = 1 + random.Int64N(2)
			if next := random.IntN(n); next != i && random.IntN(2) == 0 {
				to[fmt.Sprint("e", i)] = fmt.Sprint("e", next)
			}
		}
		rule := castingRule
		rule.Final, rule.Strict = true, random.IntN(2) == 0
		rule.Base = []decision.Base{decision.OfForAndAgainst, decision.OfCast, decision.OfEligible}[random.IntN(3)]
		rule.Silence = []decision.Silence{decision.SilenceNothing, decision.SilenceAbstain, decision.SilenceFor}[random.IntN(3)]
		poll := decision.Poll{Rule: rule, Electorate: chaired(t, weights...), Opens: opens, Closes: closes, Delegations: to}
		c, err := poll.Start()
		require.NoError(t, err)
		var decided decision.Status
		for k, i := range random.Perm(n) {
			answer := []decision.Answer{decision.For, decision.Against, decision.Abstain}[random.IntN(3)]
			at := opens.Add(time.Duration(k) * time.Hour)
			require.NoError(t, c.Add(decision.Ballot{Voter: fmt.Sprint("e", i), At: at, Answer: answer}))
			if r := c.Result(at); r.Early && decided == "" {
				decided = r.Status
				early++
			}
			if decided != "" {
				require.Equal(t, decided, c.Result(at).Status, "%+v %v", rule, to)
				require.Equal(t, decided, c.Result(closes).Status, "%+v %v", rule, to)
			}
		}
		require.NotEmpty(t, decided, "when all have voted nothing can change any more")
	}
	require.Equal(t, 4000, early)
}

// prefers reports whether a ballot puts one option before another.
func prefers(c decision.Choice, one, other string) bool {
	if c.Scores[one] != c.Scores[other] {
		return c.Scores[one] > c.Scores[other]
	}
	for _, group := range c.Ranking {
		if slices.Contains(group, other) {
			return false
		}
		if slices.Contains(group, one) {
			return true
		}
	}
	return false
}

// castingByHand returns which of the tied options a ballot puts before, or after, each other one; "" for none.
func castingByHand(c decision.Choice, tied []string, last bool) string {
	for _, o := range tied {
		if !slices.ContainsFunc(tied, func(p string) bool {
			return p != o && (!last && !prefers(c, o, p) || last && !prefers(c, p, o))
		}) {
			return o
		}
	}
	return ""
}

func TestTheChairDecidesInEverySmallElectionAsByHand(t *testing.T) {
	t.Parallel()
	for name, rule := range electionRules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule.Tie = decision.TieCasting
			kinds := contents(rule.Method)
			most := 4
			if rule.Method == decision.Scored {
				most = 3 // 28 kinds of ballots
			}
			settled, open := 0, 0
			check := func(choices []decision.Choice, chair int) {
				t.Helper()
				e := election(t, rule, max(len(choices), 1))
				var ballot decision.Choice // of the chair; the last elector is in the chair and does not vote if chair is none of the ballots
				var err error
				if chair < len(choices) {
					ballot = choices[chair]
				} else {
					e.Electorate = electorate(t, len(choices)+1)
				}
				e.Electorate, err = e.Electorate.WithChair(fmt.Sprint("e", chair))
				require.NoError(t, err)
				r, err := e.Count(choices, "", closes)
				require.NoError(t, err)
				var want string
				var casting, stuck bool
				if rule.Method == decision.Runoff {
					var ballots []decision.Preference
					for _, c := range choices {
						ballots = append(ballots, decision.Preference{Weight: 1, Ranking: c.Ranking})
					}
					want, casting = bruteRunoffBy(letters("ABC"), ballots, func(equals []string) string { return castingByHand(ballot, equals, true) })
					stuck = want == "" && len(choices) > int(r.Blank)
				} else if first, _ := bruteWinner(rule.Method, choices); len(first) == 1 {
					want = first[0]
				} else if len(first) > 1 {
					want = castingByHand(ballot, first, false)
					casting, stuck = want != "", want == ""
				}
				require.Equal(t, want, r.Winner, "%v, the chair is %d", choices, chair)
				require.Equal(t, casting, r.ByCasting)
				require.Equal(t, want != "", r.Status == decision.Adopted)
				require.False(t, r.ByLot)
				switch {
				case casting:
					settled++
					require.Contains(t, r.Explain("fr"), fmt.Sprintf("la voix prépondérante de e%d a décidé", chair))
					require.Contains(t, r.Explain("en"), fmt.Sprintf("the casting vote of e%d decided", chair))
				case stuck:
					open++
					require.Contains(t, r.Explain("fr"), fmt.Sprintf("e%d, qui a voix prépondérante, ne les a pas départagés", chair))
					require.Contains(t, r.Explain("en"), "has not told them apart")
				default:
					require.NotContains(t, r.Explain("en"), "casting vote")
				}
				require.NotContains(t, r.Explain("fr")+r.Explain("en"), "%!")
			}
			var cast []decision.Choice
			var try func(from int)
			try = func(from int) {
				choices := slices.Clone(cast)
				for i := range choices {
					choices[i].Voter, choices[i].At = fmt.Sprintf("e%d", i), opens
				}
				for chair := range len(choices) + 1 {
					check(choices, chair)
				}
				if len(cast) == most {
					return
				}
				for i := from; i < len(kinds); i++ {
					cast = append(cast, kinds[i])
					try(i)
					cast = cast[:len(cast)-1]
				}
			}
			try(0)
			require.Greater(t, settled, 5)
			require.Greater(t, open, 5)
		})
	}
}

func TestACastingVoteInAnElection(t *testing.T) {
	t.Parallel()
	scores := func(elector int, a, b, c int) decision.Choice {
		return decision.Choice{Voter: fmt.Sprint("e", elector), At: opens, Scores: map[string]int{"A": a, "B": b, "C": c}}
	}
	single, approval := decision.ElectionRule{Method: decision.Single}, decision.ElectionRule{Method: decision.Approving}
	schulze, runoff, score := decision.ElectionRule{Method: decision.Beatpath}, decision.ElectionRule{Method: decision.Runoff}, decision.ElectionRule{Method: decision.Scored, Highest: 2}
	for _, test := range []struct {
		name    string
		rule    decision.ElectionRule
		choices []decision.Choice // e0 is in the chair
		want    string
	}{
		{"the option that the chair has named", single, []decision.Choice{choice(0, "B"), choice(1, "A")}, "B"},
		{"the chair has named another one", single, []decision.Choice{choice(0, "C"), choice(1, "A"), choice(2, "A"), choice(3, "B"), choice(4, "B")}, ""},
		{"the chair is blank", single, []decision.Choice{choice(0), choice(1, "A"), choice(2, "B")}, ""},
		{"the chair is silent", single, []decision.Choice{choice(1, "A"), choice(2, "B")}, ""},
		{"the one that the chair approves of", approval, []decision.Choice{choice(0, "BC"), choice(1, "A"), choice(2, "AB")}, "B"},
		{"the chair approves of both", approval, []decision.Choice{choice(0, "AB"), choice(1, "AB")}, ""},
		{"the one that the chair ranks first", schulze, []decision.Choice{choice(0, "C", "B", "A"), choice(1, "A", "B")}, "C"},
		{"the chair ranks two of the tied equally", schulze, []decision.Choice{choice(0, "AB"), choice(1, "BA")}, ""},
		{"the one that the chair gives most", score, []decision.Choice{scores(0, 0, 2, 1), scores(1, 2, 0, 0)}, "B"},
		{"the chair gives both the same", score, []decision.Choice{scores(0, 1, 1, 0), scores(1, 1, 1, 0)}, ""},
		{"of those that are last the chair's last goes", runoff, []decision.Choice{choice(0, "B", "C"), choice(1, "A"), choice(2, "C")}, "B"},
		{"the chair ranks one of two", runoff, []decision.Choice{choice(0, "B"), choice(1, "A"), choice(2, "C"), choice(3, "C"), choice(4, "C"), choice(5, "A"), choice(6, "B")}, "C"},
		{"two that may go are not ranked at all", runoff, []decision.Choice{choice(0, "B"), choice(1, "A"), choice(2, "C")}, ""},
	} {
		test.rule.Tie = decision.TieCasting
		e := election(t, test.rule, 7)
		e.Electorate = chaired(t, 1, 1, 1, 1, 1, 1, 1)
		r, err := e.Count(test.choices, "", closes)
		require.NoError(t, err)
		require.Equal(t, test.want, r.Winner, "%s: %s", test.name, r.Explain("en"))
	}
	quorum := single
	quorum.Tie, quorum.Quorum = decision.TieCasting, share(1, 1)
	e := election(t, quorum, 3)
	e.Electorate = chaired(t, 1, 1, 1)
	r, err := e.Count([]decision.Choice{choice(0, "A"), choice(1, "B")}, "", closes)
	require.NoError(t, err)
	require.Equal(t, decision.NoQuorum, r.Status)
	e.Electorate, e.Rule.Quorum = electorate(t, 3), decision.Fraction{}
	r, err = e.Count([]decision.Choice{choice(0, "A"), choice(1, "B")}, "", closes)
	require.NoError(t, err)
	require.Empty(t, r.Winner)
	require.Contains(t, r.Explain("fr"), "Personne n'a voix prépondérante.")
	require.Contains(t, r.Explain("en"), "Nobody has the casting vote.")
}
