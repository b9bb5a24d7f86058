package decision_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

var (
	opens  = time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	closes = opens.Add(100 * time.Hour)
)

func share(num, den int64) decision.Fraction { return decision.Fraction{Num: num, Den: den} }

func electorate(t testing.TB, n int, aside ...string) *decision.Electorate {
	t.Helper()
	list := make([]decision.Elector, n)
	for i := range list {
		list[i] = decision.Elector{ID: fmt.Sprint("e", i), Weight: 1}
	}
	e, err := decision.NewElectorate(list, aside...)
	require.NoError(t, err)
	return e
}

// ballots are cast one an hour by e0, e1, …: f for, a against, x abstaining.
func ballots(f, a, x int) []decision.Ballot {
	var list []decision.Ballot
	for i := range f + a + x {
		answer := decision.For
		if i >= f+a {
			answer = decision.Abstain
		} else if i >= f {
			answer = decision.Against
		}
		list = append(list, decision.Ballot{Voter: fmt.Sprint("e", i), At: opens.Add(time.Duration(i) * time.Hour), Answer: answer})
	}
	return list
}

func TestBoundariesAreExact(t *testing.T) {
	t.Parallel()
	twoThirds := decision.Rule{Threshold: share(2, 3), Base: decision.OfForAndAgainst}
	strict := func(r decision.Rule) decision.Rule { r.Strict = true; return r }
	half := decision.Rule{Threshold: share(1, 2), Base: decision.OfForAndAgainst}
	with := func(edit func(*decision.Rule)) decision.Rule { r := half; edit(&r); return r }
	for _, test := range []struct {
		name           string
		n              int
		rule           decision.Rule
		yes, no, blank int
		want           decision.Status
	}{
		{"2 of 3 are 2/3", 3, twoThirds, 2, 1, 0, decision.Adopted},
		{"4 of 6 are 2/3", 6, twoThirds, 4, 2, 0, decision.Adopted},
		{"3 of 6 are not", 6, twoThirds, 3, 3, 0, decision.Rejected},
		{"4 of 7 are not", 7, twoThirds, 4, 3, 0, decision.Rejected},
		{"5 of 7 are more", 7, twoThirds, 5, 2, 0, decision.Adopted},
		{"2 of 3 are not more than 2/3", 3, strict(twoThirds), 2, 1, 0, decision.Rejected},
		{"5 of 7 are more than 2/3", 7, strict(twoThirds), 5, 2, 0, decision.Adopted},
		{"a tie is a half", 4, half, 2, 2, 0, decision.Adopted},
		{"a tie is not more than a half", 4, strict(half), 2, 2, 0, decision.Rejected},
		{"nobody at all", 0, half, 0, 0, 0, decision.NoQuorum},
		{"nobody votes, no quorum asked", 3, half, 0, 0, 0, decision.Rejected},
		{"all abstain, base of for and against", 3, half, 0, 0, 3, decision.Rejected},
		{"all abstain, base of all ballots", 3, with(func(r *decision.Rule) { r.Base = decision.OfCast }), 0, 0, 3, decision.Rejected},
		{"abstaining weighs in all ballots", 4, with(func(r *decision.Rule) { r.Base = decision.OfCast; r.Strict = true }), 2, 1, 1, decision.Rejected},
		{"and not in for and against", 4, strict(half), 2, 1, 1, decision.Adopted},
		{"staying away weighs in the electorate", 5, with(func(r *decision.Rule) { r.Base = decision.OfEligible }), 2, 0, 0, decision.Rejected},
		{"half of the electorate", 4, with(func(r *decision.Rule) { r.Base = decision.OfEligible }), 2, 0, 0, decision.Adopted},
		{"quorum met exactly", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2) }), 2, 1, 0, decision.Adopted},
		{"quorum missed by one", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2) }), 2, 0, 0, decision.NoQuorum},
		{"an abstention is present", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2) }), 2, 0, 1, decision.Adopted},
		{"not where only votes for are", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2); r.QuorumOf = decision.QuorumFor }), 2, 0, 1, decision.NoQuorum},
		{"nor is a vote against", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2); r.QuorumOf = decision.QuorumForAbstain }), 2, 1, 0, decision.NoQuorum},
		{"but an abstention is", 6, with(func(r *decision.Rule) { r.Quorum = share(1, 2); r.QuorumOf = decision.QuorumForAbstain }), 2, 0, 1, decision.Adopted},
		{"silence for", 5, with(func(r *decision.Rule) { r.Silence = decision.SilenceFor }), 0, 2, 0, decision.Adopted},
		{"silence is no presence", 5, with(func(r *decision.Rule) { r.Silence = decision.SilenceFor; r.Quorum = share(1, 5) }), 0, 0, 0, decision.NoQuorum},
		{"silence abstains", 5, with(func(r *decision.Rule) { r.Silence = decision.SilenceAbstain; r.Base = decision.OfCast }), 2, 0, 0, decision.Rejected},
		{"silence says nothing", 5, with(func(r *decision.Rule) { r.Base = decision.OfCast }), 2, 0, 0, decision.Adopted},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			poll := decision.Poll{Rule: test.rule, Electorate: electorate(t, test.n), Opens: opens, Closes: closes}
			r, err := poll.Count(ballots(test.yes, test.no, test.blank), closes)
			require.NoError(t, err)
			require.Equal(t, test.want, r.Status, r.Explain("en"))
			require.Equal(t, int64(test.n), r.For+r.Against+r.Abstain+r.Silent)
			for _, lang := range []string{"fr", "en"} {
				require.NotContains(t, r.Explain(lang), "%!")
			}
		})
	}
}

func TestWeightsOfAnySizeAreCountedWithoutOverflow(t *testing.T) {
	t.Parallel()
	var list []decision.Elector
	for i := range 3000 {
		list = append(list, decision.Elector{ID: fmt.Sprint("e", i), Weight: decision.MaxWeight})
	}
	e, err := decision.NewElectorate(list)
	require.NoError(t, err)
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(666_667, decision.MaxTerm), Base: decision.OfEligible}, Electorate: e, Opens: opens, Closes: opens.Add(10_000 * time.Hour)}
	for n, want := range map[int]decision.Status{2000: decision.Rejected, 2001: decision.Adopted} {
		r, err := poll.Count(ballots(n, 3000-n, 0), poll.Closes)
		require.NoError(t, err)
		require.Equal(t, want, r.Status)
	}
}

func TestALateQuorumMovesTheClosingOnce(t *testing.T) {
	t.Parallel()
	rule := decision.Rule{Threshold: share(1, 2), Base: decision.OfForAndAgainst, Quorum: share(1, 2), ExtensionHours: 24}
	poll := decision.Poll{Rule: rule, Electorate: electorate(t, 4), Opens: opens, Closes: closes}
	vote := func(voter string, hour int, a decision.Answer) decision.Ballot {
		return decision.Ballot{Voter: voter, At: opens.Add(time.Duration(hour) * time.Hour), Answer: a}
	}
	early := []decision.Ballot{vote("e0", 1, decision.For), vote("e1", 76, decision.For)}
	r, err := poll.Count(early, closes)
	require.NoError(t, err)
	require.False(t, r.Extended, "24 hours are left")
	require.Equal(t, closes, r.Closes)

	late := []decision.Ballot{vote("e0", 1, decision.For), vote("e1", 99, decision.For), vote("e2", 110, decision.Against), vote("e3", 122, decision.Against), vote("e0", 122, decision.Against)}
	r, err = poll.Count(late[:2], closes)
	require.NoError(t, err)
	require.Equal(t, decision.Open, r.Status)
	require.True(t, r.Extended)
	require.Equal(t, opens.Add(123*time.Hour), r.Closes)
	require.Contains(t, r.Explain("en"), "2025-03-08T12:00:00Z")
	r, err = poll.Count(late, r.Closes)
	require.NoError(t, err)
	require.Equal(t, decision.Rejected, r.Status)
	require.Equal(t, opens.Add(123*time.Hour), r.Closes, "once")
	_, err = poll.Count(append(late, vote("e1", 123, decision.Against)), closes.AddDate(1, 0, 0))
	require.ErrorIs(t, err, decision.ErrLate)
}

func TestAPollClosesEarlyExactlyWhenNothingCanChangeIt(t *testing.T) {
	t.Parallel()
	seen := map[decision.Status]int{}
	for _, base := range []decision.Base{decision.OfForAndAgainst, decision.OfCast, decision.OfEligible} {
		for _, quorumOf := range []decision.QuorumOf{decision.QuorumCast, decision.QuorumFor, decision.QuorumForAbstain} {
			for _, silence := range []decision.Silence{decision.SilenceNothing, decision.SilenceAbstain, decision.SilenceFor} {
				for _, threshold := range []decision.Fraction{share(1, 2), share(2, 3)} {
					rule := decision.Rule{Threshold: threshold, Base: base, Quorum: share(1, 2), QuorumOf: quorumOf, Silence: silence, Final: true}
					poll := decision.Poll{Rule: rule, Electorate: electorate(t, 5), Opens: opens, Closes: closes}
					status := func(f, a, x int, now time.Time) decision.Status {
						r, err := poll.Count(ballots(f, a, x), now)
						require.NoError(t, err)
						require.Equal(t, r.Status != decision.Open && now.Before(closes), r.Early)
						return r.Status
					}
					for f := range 6 {
						for a := range 6 - f {
							for x := range 6 - f - a {
								futures := map[decision.Status]bool{}
								for df := range 6 - f - a - x {
									for da := range 6 - f - a - x - df {
										for dx := range 6 - f - a - x - df - da {
											futures[status(f+df, a+da, x+dx, closes)] = true
										}
									}
								}
								got := status(f, a, x, closes.Add(-1))
								require.Equal(t, len(futures) > 1, got == decision.Open, "%+v %d %d %d %v", rule, f, a, x, futures)
								require.True(t, got == decision.Open || futures[got])
								seen[got]++
							}
						}
					}
				}
			}
		}
	}
	require.Len(t, seen, 4)
}

func TestTheOrderOfBallotsChangesNothing(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	answers := []decision.Answer{decision.For, decision.Against, decision.Abstain}
	for range 300 {
		n := 1 + random.IntN(9)
		rule := decision.Rule{Threshold: share(1+random.Int64N(3), 3), Base: decision.OfCast, Quorum: share(1, 2), ExtensionHours: 10}
		poll := decision.Poll{Rule: rule, Electorate: electorate(t, n), Opens: opens, Closes: closes}
		if random.IntN(2) == 0 {
			var err error
			poll.Electorate, err = poll.Electorate.WithChair("e0")
			require.NoError(t, err)
			poll.Rule.Threshold, poll.Rule.Tie = share(1, 2), decision.TieCasting
		}
		var list []decision.Ballot
		for range random.IntN(20) {
			list = append(list, decision.Ballot{Voter: fmt.Sprint("e", random.IntN(n)), At: opens.Add(time.Duration(random.IntN(110)) * time.Hour), Answer: answers[random.IntN(3)]})
		}
		now := closes.Add(time.Duration(random.IntN(20)) * time.Hour)
		want, wantErr := poll.Count(list, now)
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		got, err := poll.Count(list, now)
		require.Equal(t, want, got)
		require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
	}
}

func TestOneMoreVoteForNeverTurnsAdoptionIntoRejection(t *testing.T) {
	t.Parallel()
	for _, base := range []decision.Base{decision.OfForAndAgainst, decision.OfCast, decision.OfEligible} {
		for _, quorum := range []decision.QuorumOf{decision.QuorumCast, decision.QuorumFor, decision.QuorumForAbstain} {
			rule := decision.Rule{Threshold: share(2, 3), Base: base, Quorum: share(1, 2), QuorumOf: quorum}
			poll := decision.Poll{Rule: rule, Electorate: electorate(t, 7), Opens: opens, Closes: closes}
			for f := range 7 {
				for a := range 7 - f {
					for x := range 7 - f - a {
						before, err := poll.Count(ballots(f, a, x), closes)
						require.NoError(t, err)
						after, err := poll.Count(ballots(f+1, a, x), closes)
						require.NoError(t, err)
						if before.Status == decision.Adopted {
							require.Equal(t, decision.Adopted, after.Status)
						}
					}
				}
			}
		}
	}
}

func TestTheLastBallotCounts(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfEligible}, Electorate: electorate(t, 1), Opens: opens, Closes: closes}
	no := decision.Ballot{Voter: "e0", At: opens, Answer: decision.Against}
	yes := decision.Ballot{Voter: "e0", At: closes.Add(-1), Answer: decision.For}
	r, err := poll.Count([]decision.Ballot{yes, no, no}, closes)
	require.NoError(t, err)
	require.Equal(t, decision.Adopted, r.Status)
	poll.Rule.Final = true
	_, err = poll.Count([]decision.Ballot{yes, no}, closes)
	require.ErrorIs(t, err, decision.ErrFinal)
	_, err = poll.Count([]decision.Ballot{no, no}, closes)
	require.NoError(t, err, "the same again is no change")
}

func TestABallotThatMayNotCountIsRefused(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfCast}, Electorate: electorate(t, 3, "e2"), Opens: opens, Closes: closes}
	require.Equal(t, []string{"e2"}, poll.Electorate.Aside())
	require.Equal(t, int64(2), poll.Electorate.Total())
	good := decision.Ballot{Voter: "e0", At: opens, Answer: decision.For}
	for name, test := range map[string]struct {
		edit func(*decision.Ballot)
		is   error
		says string
	}{
		"a stranger":        {func(b *decision.Ballot) { b.Voter = "x" }, decision.ErrNotElector, `"x"`},
		"who stepped aside": {func(b *decision.Ballot) { b.Voter = "e2" }, decision.ErrNotElector, "stepped aside"},
		"no answer":         {func(b *decision.Ballot) { b.Answer = "" }, decision.ErrInvalid, "e0"},
		"unknown answer":    {func(b *decision.Ballot) { b.Answer = "FOR" }, decision.ErrInvalid, `"FOR"`},
		"too early":         {func(b *decision.Ballot) { b.At = opens.Add(-1) }, decision.ErrEarly, "e0"},
		"at the closing":    {func(b *decision.Ballot) { b.At = closes }, decision.ErrLate, "e0"},
		"from the future":   {func(b *decision.Ballot) { b.At = closes.Add(-1) }, decision.ErrInvalid, "later than now"},
		"at the same time":  {func(b *decision.Ballot) { b.Answer = decision.Against }, decision.ErrInvalid, "two answers"},
	} {
		b := good
		test.edit(&b)
		r, err := poll.Count([]decision.Ballot{good, b}, opens.Add(time.Hour))
		if name == "at the closing" {
			r, err = poll.Count([]decision.Ballot{good, b}, closes.Add(time.Hour))
		}
		require.Nil(t, r)
		require.ErrorIs(t, err, test.is, name)
		require.ErrorContains(t, err, test.says, name)
	}
}

func TestMoreBallotsThanAnyoneCastsAreRefused(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfCast}, Electorate: electorate(t, 1), Opens: opens, Closes: closes}
	_, err := poll.Count(make([]decision.Ballot, decision.MaxBallots+1), closes)
	require.ErrorIs(t, err, decision.ErrLimit)
}

func TestARuleThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	good := decision.Rule{Threshold: share(1, 2), Base: decision.OfCast, Quorum: share(1, 3)}
	require.NoError(t, good.Validate())
	for name, edit := range map[string]func(*decision.Rule){
		"threshold":       func(r *decision.Rule) { r.Threshold = decision.Fraction{} },
		"threshold of 0":  func(r *decision.Rule) { r.Threshold = share(0, 1) },
		"threshold of 2":  func(r *decision.Rule) { r.Threshold = share(2, 1) },
		"more than all":   func(r *decision.Rule) { r.Threshold = share(3, 3); r.Strict = true },
		"terms too large": func(r *decision.Rule) { r.Threshold = share(1, decision.MaxTerm+1) },
		"base":            func(r *decision.Rule) { r.Base = "" },
		"quorum":          func(r *decision.Rule) { r.Quorum = share(-1, 2) },
		"quorumOf":        func(r *decision.Rule) { r.QuorumOf = "against" },
		"no quorum":       func(r *decision.Rule) { r.Quorum = decision.Fraction{}; r.QuorumOf = decision.QuorumFor },
		"silence":         func(r *decision.Rule) { r.Silence = "gold" },
		"extension":       func(r *decision.Rule) { r.ExtensionHours = decision.MaxExtensionHours + 1 },
		"a tie by lot":    func(r *decision.Rule) { r.Tie = decision.TieLot },
		"unknown tie":     func(r *decision.Rule) { r.Tie = "coin" },
		"tie at 2/3":      func(r *decision.Rule) { r.Tie, r.Threshold = decision.TieCasting, share(2, 3) },
		"no late quorum":  func(r *decision.Rule) { r.Quorum = decision.Fraction{}; r.ExtensionHours = 1 },
	} {
		rule := good
		edit(&rule)
		require.ErrorIs(t, rule.Validate(), decision.ErrInvalid, name)
		poll := decision.Poll{Rule: rule, Electorate: electorate(t, 1), Opens: opens, Closes: closes}
		_, err := poll.Count(nil, closes)
		require.ErrorIs(t, err, decision.ErrInvalid, name)
	}
	for _, poll := range []decision.Poll{{Rule: good, Opens: opens, Closes: closes}, {Rule: good, Electorate: electorate(t, 1), Opens: closes, Closes: closes}} {
		require.ErrorIs(t, poll.Check(), decision.ErrInvalid)
	}
	var read decision.Rule
	require.NoError(t, canonical.Unmarshal([]byte(`{"threshold":"2/3","base":"for-against","quorum":"1/2","quorumOf":"for","extensionHours":24}`), &read))
	require.Equal(t, decision.Rule{Threshold: share(2, 3), Base: decision.OfForAndAgainst, Quorum: share(1, 2), QuorumOf: decision.QuorumFor, ExtensionHours: 24}, read)
	require.Error(t, canonical.Unmarshal([]byte(`{"threshold":"4/3"}`), &read))
}

func TestAFractionHasOneSpelling(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"0/1", "1/1", "2/3", "4/6", "1/1000000"} {
		f, err := decision.ParseFraction(good)
		require.NoError(t, err)
		text, err := f.MarshalText()
		require.NoError(t, err)
		require.Equal(t, good, string(text))
	}
	for _, bad := range []string{"", "1", "1/0", "0/0", "3/2", "-1/2", "1/-2", "+1/2", "01/2", " 1/2", "1/2/3", "0.5", "1/1000001", "9999999999999999999/1"} {
		_, err := decision.ParseFraction(bad)
		require.ErrorIs(t, err, decision.ErrInvalid, bad)
	}
	_, err := decision.Fraction{}.MarshalText()
	require.ErrorIs(t, err, decision.ErrInvalid)
	require.Empty(t, decision.Fraction{}.String())
}

func TestAnElectorateIsFrozenAndNamedByItsHash(t *testing.T) {
	t.Parallel()
	list := []decision.Elector{{"b", 2}, {"a", 1}, {"c", 3}}
	e, err := decision.NewElectorate(list, "c", "z")
	require.NoError(t, err)
	list[0].Weight = 99
	require.Equal(t, int64(2), e.Weight("b"))
	require.Zero(t, e.Weight("c"))
	require.Equal(t, int64(3), e.Total())
	require.Equal(t, 2, e.Len())
	var ids []string
	for elector := range e.Electors() {
		ids = append(ids, elector.ID)
	}
	require.Equal(t, []string{"a", "b"}, ids)
	again, err := decision.NewElectorate([]decision.Elector{{"c", 3}, {"a", 1}, {"b", 2}}, "c")
	require.NoError(t, err)
	require.Equal(t, e.Hash(), again.Hash())
	sum := sha256.Sum256([]byte(`{"aside":["c"],"electors":[{"id":"a","weight":1},{"id":"b","weight":2}]}`))
	require.Equal(t, fmt.Sprintf("sha256:%x", sum), e.Hash())
	for _, other := range [][]decision.Elector{{{"a", 1}, {"b", 3}}, {{"a", 1}, {"b", 2}, {"d", 1}}, {{"a", 1}, {"b", 2}}} {
		o, err := decision.NewElectorate(other)
		require.NoError(t, err)
		require.NotEqual(t, e.Hash(), o.Hash())
	}
	for name, bad := range map[string][]decision.Elector{
		"twice": {{"a", 1}, {"a", 1}}, "no id": {{"", 1}}, "no weight": {{"a", 0}}, "negative": {{"a", -1}}, "too heavy": {{"a", decision.MaxWeight + 1}},
		"long id": {{strings.Repeat("a", decision.MaxIDBytes+1), 1}}, "not UTF-8": {{"\xff", 1}},
	} {
		_, err := decision.NewElectorate(bad)
		require.ErrorIs(t, err, decision.ErrInvalid, name)
	}
	_, err = decision.NewElectorate(make([]decision.Elector, decision.MaxElectors+1))
	require.ErrorIs(t, err, decision.ErrLimit)
}

func TestCountingOneByOneIsCountingAllAtOnce(t *testing.T) {
	t.Parallel()
	p := decision.Poll{
		Rule:       decision.Rule{Threshold: decision.Fraction{Num: 1, Den: 2}, Base: decision.OfCast, Quorum: decision.Fraction{Num: 1, Den: 2}, ExtensionHours: 48},
		Electorate: electorate(t, 4), Opens: opens, Closes: closes,
	}
	ballots := []decision.Ballot{
		{Voter: "e0", At: opens, Answer: decision.For},
		{Voter: "e0", At: opens.Add(time.Hour), Answer: decision.Against},
		{Voter: "e1", At: closes.Add(-time.Hour), Answer: decision.For},
		{Voter: "e2", At: closes.Add(time.Hour), Answer: decision.Abstain},
	}
	c, err := p.Start()
	require.NoError(t, err)
	for i, b := range ballots {
		require.NoError(t, c.Add(b))
		require.Equal(t, b.Answer, c.Answer(b.Voter))
		all, err := p.Count(ballots[:i+1], b.At)
		require.NoError(t, err)
		require.Equal(t, all, c.Result(b.At))
		require.Equal(t, all.Closes, c.Closes())
	}
	before := c.Result(closes)
	require.ErrorIs(t, c.Add(decision.Ballot{Voter: "e3", At: closes, Answer: decision.For}), decision.ErrInvalid, "before the one before it")
	require.ErrorIs(t, c.Add(decision.Ballot{Voter: "e9", At: closes.Add(2 * time.Hour), Answer: decision.For}), decision.ErrNotElector)
	require.Equal(t, before, c.Result(closes))
}
