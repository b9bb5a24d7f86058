package decision_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// ranked reads "45 ACBED" as 45 ballots that prefer A to C to B to E to D.
func ranked(weight int64, order string) decision.Preference {
	p := decision.Preference{Weight: weight}
	for _, option := range order {
		p.Ranking = append(p.Ranking, []string{string(option)})
	}
	return p
}

func letters(s string) (list []string) {
	for _, r := range s {
		list = append(list, string(r))
	}
	return list
}

func TestSchulzeAgreesWithPublishedExamples(t *testing.T) {
	t.Parallel()
	// The example with 45 voters of Schulze's paper, section 3.
	r, err := decision.Schulze(letters("ABCDE"), []decision.Preference{
		ranked(5, "ACBED"), ranked(5, "ADECB"), ranked(8, "BEDAC"), ranked(3, "CABED"), ranked(7, "CAEBD"), ranked(2, "CBADE"), ranked(7, "DCEBA"), ranked(8, "EBADC"),
	})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"E"}, {"A"}, {"C"}, {"B"}, {"D"}}, r.Order)
	require.Equal(t, []int64{0, 20, 26, 30, 22}, r.Wins[0])
	require.Equal(t, []int64{0, 28, 28, 30, 24}, r.Strength[0])
	require.Equal(t, []int64{25, 28, 28, 31, 0}, r.Strength[4])

	// Tennessee chooses its capital: the Condorcet winner wins.
	r, err = decision.Schulze(letters("MNCK"), tennessee())
	require.NoError(t, err)
	require.Equal(t, [][]string{{"N"}, {"C"}, {"K"}, {"M"}}, r.Order)
}

func tennessee() []decision.Preference {
	return []decision.Preference{ranked(42, "MNCK"), ranked(26, "NCKM"), ranked(15, "CKNM"), ranked(17, "KCNM")}
}

func TestTheRunOffAgreesWithAPublishedExample(t *testing.T) {
	t.Parallel()
	rounds, err := decision.InstantRunoff(letters("MNCK"), tennessee(), "seed")
	require.NoError(t, err)
	require.Equal(t, []decision.Round{
		{Tallies: []decision.Tally{{"M", 42}, {"N", 26}, {"K", 17}, {"C", 15}}, Eliminated: "C"},
		{Tallies: []decision.Tally{{"M", 42}, {"K", 32}, {"N", 26}}, Eliminated: "N"},
		{Tallies: []decision.Tally{{"K", 58}, {"M", 42}}},
	}, rounds)
}

// elections calls visit with every election of up to most voters who each cast one of the ballots.
func elections(kinds []decision.Preference, most int, visit func([]decision.Preference)) {
	var chosen []decision.Preference
	var choose func(from int)
	choose = func(from int) {
		visit(chosen)
		if len(chosen) == most {
			return
		}
		for i := from; i < len(kinds); i++ {
			chosen = append(chosen, kinds[i])
			choose(i)
			chosen = chosen[:len(chosen)-1]
		}
	}
	choose(0)
}

func TestSchulzeAgreesWithBruteForceOnAllSmallElections(t *testing.T) {
	t.Parallel()
	options := letters("ABC")
	var kinds []decision.Preference // the 13 weak orders of three options
	for code := range 27 {
		places := []int{code % 3, code / 3 % 3, code / 9}
		if top := slices.Max(places); slices.Min(places) == 0 && (top < 2 || slices.Contains(places, 1)) {
			groups := make([][]string, top+1)
			for i, p := range places {
				groups[p] = append(groups[p], options[i])
			}
			kinds = append(kinds, decision.Preference{Weight: 1, Ranking: groups})
		}
	}
	require.Len(t, kinds, 13)
	count := 0
	elections(kinds, 5, func(ballots []decision.Preference) {
		count++
		r, err := decision.Schulze(options, ballots)
		require.NoError(t, err)
		require.Equal(t, bruteSchulze(options, ballots), r.Order)
	})
	require.Equal(t, 8568, count)
}

// bruteSchulze ranks by trying every path without repetition, straight from the definition.
func bruteSchulze(options []string, ballots []decision.Preference) [][]string {
	place := func(b decision.Preference, o string) int {
		if i := slices.IndexFunc(b.Ranking, func(g []string) bool { return slices.Contains(g, o) }); i >= 0 {
			return i
		}
		return len(b.Ranking)
	}
	wins := func(a, b string) (n int64) {
		for _, ballot := range ballots {
			if place(ballot, a) < place(ballot, b) {
				n += ballot.Weight
			}
		}
		return n
	}
	link := func(a, b string) int64 {
		if wins(a, b) > wins(b, a) {
			return wins(a, b)
		}
		return 0
	}
	var strongest func(a, b string, without []string) int64
	strongest = func(a, b string, without []string) int64 {
		best := link(a, b)
		for _, via := range options {
			if via != a && via != b && !slices.Contains(without, via) {
				best = max(best, min(link(a, via), strongest(via, b, append(slices.Clone(without), a))))
			}
		}
		return best
	}
	left := slices.Clone(options)
	var order [][]string
	for len(left) > 0 {
		var best []string
		for _, a := range left {
			if !slices.ContainsFunc(left, func(b string) bool { return a != b && strongest(b, a, nil) > strongest(a, b, nil) }) {
				best = append(best, a)
			}
		}
		order = append(order, best)
		left = slices.DeleteFunc(left, func(o string) bool { return slices.Contains(best, o) })
	}
	return order
}

func TestTheRunOffAgreesWithBruteForceOnAllSmallElections(t *testing.T) {
	t.Parallel()
	options := letters("ABC")
	var kinds []decision.Preference // all rankings of some of the options
	for _, order := range []string{"", "A", "B", "C", "AB", "AC", "BA", "BC", "CA", "CB", "ABC", "ACB", "BAC", "BCA", "CAB", "CBA"} {
		kinds = append(kinds, ranked(1, order))
	}
	lots := 0
	elections(kinds, 5, func(ballots []decision.Preference) {
		rounds, err := decision.InstantRunoff(options, ballots, "seed")
		require.NoError(t, err)
		winner := ""
		if len(rounds) > 0 {
			winner = rounds[len(rounds)-1].Tallies[0].Option
		}
		want, byLot := bruteRunoff(options, ballots)
		require.Equal(t, want, winner)
		var drawn bool
		for _, r := range rounds {
			drawn = drawn || len(r.Tied) > 0
			var sum int64
			for _, tally := range r.Tallies {
				sum += tally.Votes
			}
			require.Equal(t, int64(len(ballots)), sum+r.Exhausted)
		}
		require.Equal(t, byLot, drawn)
		if drawn {
			lots++
		}
	})
	require.Positive(t, lots)
}

// bruteRunoff eliminates one option after the other, keeping for each option the list of its votes, the
// latest round first, to tell equals apart; where it cannot, the lowest hash goes.
func bruteRunoff(options []string, ballots []decision.Preference) (winner string, byLot bool) {
	return bruteRunoffBy(options, ballots, func(equals []string) string {
		return slices.MinFunc(equals, func(a, b string) int {
			x, y := sha256.Sum256([]byte("seed\n"+a)), sha256.Sum256([]byte("seed\n"+b))
			return slices.Compare(x[:], y[:])
		})
	})
}

func bruteRunoffBy(options []string, ballots []decision.Preference, goes func(equals []string) string) (winner string, settled bool) {
	history := make(map[string][]int64)
	for {
		all := int64(0)
		now := make(map[string]int64)
		for _, b := range ballots {
			for _, group := range b.Ranking {
				if slices.Contains(options, group[0]) {
					now[group[0]]++
					all++
					break
				}
			}
		}
		if all == 0 {
			return "", settled
		}
		for _, o := range options {
			history[o] = append([]int64{now[o]}, history[o]...)
			if 2*now[o] > all || len(options) == 1 {
				return o, settled
			}
		}
		worst := slices.MinFunc(options, func(a, b string) int { return slices.Compare(history[a], history[b]) })
		var equals []string
		for _, o := range options {
			if slices.Equal(history[o], history[worst]) {
				equals = append(equals, o)
			}
		}
		if len(equals) > 1 {
			if worst = goes(equals); worst == "" {
				return "", settled
			}
			settled = true
		}
		options = slices.DeleteFunc(slices.Clone(options), func(o string) bool { return o == worst })
	}
}

func TestPermutingBallotsAndRaisingTheWinnerChangeNothing(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	options := letters("ABCDE")
	for range 300 {
		var ballots []decision.Preference
		for range 1 + random.IntN(12) {
			order := random.Perm(len(options))[:random.IntN(6)]
			p := decision.Preference{Weight: 1 + random.Int64N(3)}
			for _, i := range order {
				p.Ranking = append(p.Ranking, []string{options[i]})
			}
			ballots = append(ballots, p)
		}
		before, err := decision.Schulze(options, ballots)
		require.NoError(t, err)
		runoff, err := decision.InstantRunoff(options, ballots, "s")
		require.NoError(t, err)
		shuffled := slices.Clone(ballots)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		after, err := decision.Schulze(options, shuffled)
		require.NoError(t, err)
		require.Equal(t, before, after)
		again, err := decision.InstantRunoff(options, shuffled, "s")
		require.NoError(t, err)
		require.Equal(t, runoff, again)

		// Schulze is monotone: a sole winner whom a ballot ranks first instead stays the winner.
		if winner := before.Order[0]; len(winner) == 1 {
			i := random.IntN(len(shuffled))
			raised := decision.Preference{Weight: shuffled[i].Weight, Ranking: [][]string{winner}}
			for _, group := range shuffled[i].Ranking {
				if group[0] != winner[0] {
					raised.Ranking = append(raised.Ranking, group)
				}
			}
			shuffled[i] = raised
			after, err := decision.Schulze(options, shuffled)
			require.NoError(t, err)
			require.Equal(t, winner, after.Order[0])
		}
	}
}

func TestApprovalsAndScoresAddUp(t *testing.T) {
	t.Parallel()
	got, err := decision.Approval(letters("ABC"), []decision.Preference{{2, [][]string{{"C", "B"}}}, {1, [][]string{{"A"}, {"B"}}}, {5, nil}})
	require.NoError(t, err)
	require.Equal(t, []decision.Tally{{"B", 3}, {"C", 2}, {"A", 1}}, got)
	got, err = decision.Scores(letters("ABC"), 5, []decision.Scoring{{2, map[string]int{"A": 5, "C": 1}}, {1, map[string]int{"B": 2, "C": 0}}})
	require.NoError(t, err)
	require.Equal(t, []decision.Tally{{"A", 10}, {"B", 2}, {"C", 2}}, got, "equals in the order of the options")
}

func TestABallotThatDoesNotFitTheElectionIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []string
		ballot  decision.Preference
		is      error
	}{
		"unknown option":       {letters("AB"), ranked(1, "AC"), decision.ErrInvalid},
		"option twice":         {letters("AB"), ranked(1, "ABA"), decision.ErrInvalid},
		"twice in a group":     {letters("AB"), decision.Preference{Weight: 1, Ranking: [][]string{{"A", "A"}}}, decision.ErrInvalid},
		"empty group":          {letters("AB"), decision.Preference{Weight: 1, Ranking: [][]string{{"A"}, {}}}, decision.ErrInvalid},
		"no weight":            {letters("AB"), ranked(0, "A"), decision.ErrInvalid},
		"negative weight":      {letters("AB"), ranked(-1, "A"), decision.ErrInvalid},
		"too heavy":            {letters("AB"), ranked(decision.MaxWeight+1, "A"), decision.ErrInvalid},
		"two options the same": {letters("AA"), ranked(1, ""), decision.ErrInvalid},
		"option without name":  {[]string{""}, ranked(1, ""), decision.ErrInvalid},
		"too many options":     {make([]string, decision.MaxOptions+1), ranked(1, ""), decision.ErrLimit},
	} {
		list := []decision.Preference{test.ballot}
		_, err := decision.Schulze(test.options, list)
		require.ErrorIs(t, err, test.is, name)
		_, err = decision.InstantRunoff(test.options, list, "")
		require.ErrorIs(t, err, test.is, name)
		_, err = decision.Approval(test.options, list)
		require.ErrorIs(t, err, test.is, name)
	}
	_, err := decision.InstantRunoff(letters("AB"), []decision.Preference{{1, [][]string{{"A", "B"}}}}, "")
	require.ErrorIs(t, err, decision.ErrInvalid)
	many := make([]decision.Preference, decision.MaxElectors+1)
	_, err = decision.Schulze(letters("AB"), many)
	require.ErrorIs(t, err, decision.ErrLimit)
	for name, test := range map[string]struct {
		highest int
		ballot  decision.Scoring
	}{
		"unknown option": {5, decision.Scoring{1, map[string]int{"C": 1}}},
		"too high":       {5, decision.Scoring{1, map[string]int{"A": 6}}},
		"negative":       {5, decision.Scoring{1, map[string]int{"A": -1}}},
		"no weight":      {5, decision.Scoring{0, nil}},
		"no scale":       {0, decision.Scoring{1, nil}},
		"scale too long": {decision.MaxScore + 1, decision.Scoring{1, nil}},
	} {
		_, err := decision.Scores(letters("AB"), test.highest, []decision.Scoring{test.ballot})
		require.ErrorIs(t, err, decision.ErrInvalid, name)
	}
	_, err = decision.Scores(letters("AA"), 5, nil)
	require.ErrorIs(t, err, decision.ErrInvalid)
	_, err = decision.Scores(letters("AB"), 5, make([]decision.Scoring, decision.MaxElectors+1))
	require.ErrorIs(t, err, decision.ErrLimit)
	none, err := decision.Schulze(nil, nil)
	require.NoError(t, err)
	require.Empty(t, none.Order)
	rounds, err := decision.InstantRunoff(letters("AB"), nil, "")
	require.NoError(t, err)
	require.Empty(t, rounds, "nobody prefers anything: nobody wins")
}

func BenchmarkSchulze100000BallotsOver10Options(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	options := letters("ABCDEFGHIJ")
	ballots := make([]decision.Preference, 100_000)
	for k := range ballots {
		ballots[k].Weight = 1
		for _, i := range random.Perm(10) {
			ballots[k].Ranking = append(ballots[k].Ranking, []string{options[i]})
		}
	}
	b.Run("schulze", func(b *testing.B) {
		for b.Loop() {
			if _, err := decision.Schulze(options, ballots); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("run-off", func(b *testing.B) {
		for b.Loop() {
			if _, err := decision.InstantRunoff(options, ballots, fmt.Sprint(1)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
