package decision_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestDelegationsAreScopedAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return opens.Add(time.Duration(hour) * time.Hour) }
	list := []decision.Delegation{
		{"ana", "ben", "", at(1)},
		{"ana", "cleo", "economic", at(2)},
		{"dan", "ben", "", at(1)},
		{"dan", "", "economic", at(3)},
		{"eva", "ben", "", at(1)},
		{"eva", "", "", at(4)},
		{"eva", "dan", "", at(9)},
	}
	for _, test := range []struct {
		scope string
		hour  int
		want  map[string]string
	}{
		{"", 0, map[string]string{}},
		{"", 3, map[string]string{"ana": "ben", "dan": "ben", "eva": "ben"}},
		{"", 8, map[string]string{"ana": "ben", "dan": "ben"}},
		{"", 9, map[string]string{"ana": "ben", "dan": "ben", "eva": "dan"}},
		{"economic", 1, map[string]string{"ana": "ben", "dan": "ben", "eva": "ben"}},
		{"economic", 3, map[string]string{"ana": "cleo", "eva": "ben"}},
		{"social", 3, map[string]string{"ana": "ben", "dan": "ben", "eva": "ben"}},
	} {
		got, err := decision.Delegations(list, test.scope, at(test.hour))
		require.NoError(t, err)
		require.Equal(t, test.want, got, "%s at %d", test.scope, test.hour)
	}
	for _, bad := range [][]decision.Delegation{
		{{"", "ben", "", opens}}, {{"ana", "ana", "", opens}}, {{"ana", "ben", "", opens}, {"ana", "cleo", "", opens}},
	} {
		_, err := decision.Delegations(bad, "", opens)
		require.ErrorIs(t, err, decision.ErrInvalid)
	}
	_, err := decision.Delegations(make([]decision.Delegation, decision.MaxDelegations+1), "", opens)
	require.ErrorIs(t, err, decision.ErrLimit)
}

func TestWhoVotesIsNotRepresentedAndTakesItsFollowersAlong(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{
		Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfForAndAgainst}, Electorate: electorate(t, 5), Opens: opens, Closes: closes,
		Delegations: map[string]string{"e0": "e1", "e1": "e2", "e3": "e4", "e4": "e3", "x": "e2"}, // e3 and e4 in a circle
	}
	vote := func(voter string, hour int, a decision.Answer) decision.Ballot {
		return decision.Ballot{Voter: voter, At: opens.Add(time.Duration(hour) * time.Hour), Answer: a}
	}
	count := func(list ...decision.Ballot) []int64 {
		r, err := poll.Count(list, closes)
		require.NoError(t, err)
		require.Equal(t, int64(5), r.Cast()+r.Silent)
		return []int64{r.For, r.Against, r.Represented, r.Silent}
	}
	require.Equal(t, []int64{0, 0, 0, 5}, count())
	require.Equal(t, []int64{3, 0, 2, 2}, count(vote("e2", 1, decision.For)))
	require.Equal(t, []int64{1, 2, 1, 2}, count(vote("e2", 1, decision.For), vote("e1", 2, decision.Against)))
	require.Equal(t, []int64{1, 2, 1, 2}, count(vote("e2", 3, decision.For), vote("e1", 2, decision.Against)), "whoever votes first")
	require.Equal(t, []int64{0, 3, 1, 2}, count(vote("e2", 1, decision.For), vote("e1", 2, decision.Against), vote("e2", 3, decision.Against)))
	require.Equal(t, []int64{2, 0, 1, 3}, count(vote("e3", 1, decision.For)), "a circle ends where somebody votes")
	require.Equal(t, []int64{1, 1, 0, 3}, count(vote("e3", 1, decision.For), vote("e4", 2, decision.Against)))
	r, err := poll.Count([]decision.Ballot{vote("e2", 1, decision.For)}, closes)
	require.NoError(t, err)
	require.Contains(t, r.Explain("en"), "Of these, 2 by delegation.")
	require.Contains(t, r.Explain("fr"), "Dont 2 par délégation.")
}

func TestAPollWithDelegationsIsDecidedEarlyOnlyIfEveryoneCouldStillVote(t *testing.T) {
	t.Parallel()
	poll := decision.Poll{
		Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfForAndAgainst, Final: true}, Electorate: electorate(t, 3), Opens: opens, Closes: closes,
		Delegations: map[string]string{"e1": "e0", "e2": "e0"},
	}
	r, err := poll.Count(ballots(1, 0, 0), closes.Add(-1))
	require.NoError(t, err)
	require.Equal(t, int64(3), r.For)
	require.Equal(t, decision.Open, r.Status, "the two who are represented can still vote against")
	r, err = poll.Count(ballots(2, 0, 0), closes.Add(-1))
	require.NoError(t, err)
	require.Equal(t, decision.Adopted, r.Status)
	require.True(t, r.Early)
}

func TestMoreDelegationsThanElectorsCanBeAreRefused(t *testing.T) {
	t.Parallel()
	to := make(map[string]string, decision.MaxElectors+1)
	for i := range decision.MaxElectors + 1 {
		to[strconv.Itoa(i)] = "e0"
	}
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfCast}, Electorate: electorate(t, 1), Opens: opens, Closes: closes, Delegations: to}
	require.ErrorIs(t, poll.Check(), decision.ErrLimit)
}

func TestDelegationsAgreeWithFollowingEachOneByHand(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	answers := []decision.Answer{decision.For, decision.Against, decision.Abstain}
	for history := range 400 {
		n := 1 + random.IntN(40)
		long := random.IntN(2) == 0
		if history == 0 { // one in which somebody is represented: all stand in one circle, and one of them votes
			n, long = 5, true
		}
		var list []decision.Elector
		to := make(map[string]string)
		for i := range n {
			id := fmt.Sprint("e", i)
			list = append(list, decision.Elector{ID: id, Weight: 1 + random.Int64N(5)})
			switch next := random.IntN(n + 2); { // some to strangers
			case long: // a chain longer than voices are passed on, or a circle
				to[id] = fmt.Sprint("e", (i+1)%n)
			case next != i && random.IntN(3) > 0:
				to[id] = fmt.Sprint("e", next)
			}
		}
		electorate, err := decision.NewElectorate(list)
		require.NoError(t, err)
		poll := decision.Poll{
			Rule:       decision.Rule{Threshold: share(1, 2), Base: decision.OfCast, Quorum: share(1, 2), ExtensionHours: 1000},
			Electorate: electorate, Opens: opens, Closes: closes, Delegations: to,
		}
		var cast []decision.Ballot
		for i := range random.IntN(12) {
			cast = append(cast, decision.Ballot{Voter: fmt.Sprint("e", random.IntN(n)), At: opens.Add(time.Duration(i) * time.Hour), Answer: answers[random.IntN(3)]})
		}
		if history == 0 {
			cast = []decision.Ballot{{Voter: "e0", At: opens, Answer: decision.For}}
		}
		byHand := func(cast []decision.Ballot) (sums map[decision.Answer]int64, behind int64) {
			last := make(map[string]decision.Answer)
			for _, b := range cast {
				last[b.Voter] = b.Answer
			}
			sums = make(map[decision.Answer]int64)
			for _, e := range list {
				at := e.ID
				for range decision.MaxHops {
					if last[at] != "" || electorate.Weight(to[at]) == 0 {
						break
					}
					at = to[at]
				}
				sums[last[at]] += e.Weight
				if at != e.ID && last[at] != "" {
					behind += e.Weight
				}
			}
			return sums, behind
		}
		wantClosing := closes
		for i := range cast {
			if sums, _ := byHand(cast[:i+1]); 2*(electorate.Total()-sums[""]) >= electorate.Total() {
				wantClosing = cast[i].At.Add(1000 * time.Hour)
				break
			}
		}
		r, err := poll.Count(cast, closes)
		require.NoError(t, err)
		sums, behind := byHand(cast)
		require.Equal(t, []int64{sums[decision.For], sums[decision.Against], sums[decision.Abstain], sums[""], behind}, []int64{r.For, r.Against, r.Abstain, r.Silent, r.Represented})
		require.Equal(t, wantClosing, r.Closes)
		require.True(t, history > 0 || behind > 0)
	}
}

func BenchmarkCount100000WithDelegations(b *testing.B) {
	const n = 100_000
	to := make(map[string]string)
	var cast []decision.Ballot
	for i := range n {
		if i%3 > 0 {
			to[fmt.Sprint("e", i)] = fmt.Sprint("e", i-1)
		}
		if i%2 == 0 {
			cast = append(cast, decision.Ballot{Voter: fmt.Sprint("e", i), At: opens.Add(time.Duration(i)), Answer: decision.For})
		}
	}
	poll := decision.Poll{Rule: decision.Rule{Threshold: share(1, 2), Base: decision.OfEligible}, Electorate: electorate(b, n), Opens: opens, Closes: closes, Delegations: to}
	for b.Loop() {
		if _, err := poll.Count(cast, closes); err != nil {
			b.Fatal(err)
		}
	}
}
