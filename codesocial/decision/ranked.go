package decision

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
)

// MaxOptions is the largest number of options of an election.
const MaxOptions = 64

// A Preference is what a ballot, or several that say the same, prefer.
type Preference struct {
	Weight int64 // from 1 to [MaxWeight]
	// Ranking lists the options from the best on; those in one group are liked equally. Options that are left
	// out are liked least, all equally.
	Ranking [][]string
}

// A Ranking is the result of [Schulze].
type Ranking struct {
	Options []string   // as given
	Order   [][]string // from the best on; those in one group are tied, in the order of Options
	// Wins[i][j] is the weight of the ballots that prefer option i to option j, Strength[i][j] that of the
	// strongest chain of majorities from i to j.
	Wins, Strength [][]int64
}

// Schulze ranks options by the method of Markus Schulze (A new monotonic, clone-independent, reversal
// symmetric, and Condorcet-consistent single-winner election method, Social Choice and Welfare 36, 2011), with the
// strength of a majority measured by its winning votes. Option a is before b when the strongest chain of majorities from a to b is
// stronger than that from b to a. The errors wrap [ErrInvalid] or [ErrLimit]. m ballots over n options cost mn²+n³.
func Schulze(options []string, ballots []Preference) (*Ranking, error) {
	n := len(options)
	r := &Ranking{Options: slices.Clone(options), Wins: square(min(n, MaxOptions)), Strength: square(min(n, MaxOptions))}
	if err := eachBallot(options, ballots, func(weight int64, place []int) {
		for i, a := range place {
			wins := r.Wins[i]
			for j, b := range place {
				if a < b {
					wins[j] += weight
				}
			}
		}
	}); err != nil {
		return nil, err
	}
	for i := range n {
		for j := range n {
			if r.Wins[i][j] > r.Wins[j][i] {
				r.Strength[i][j] = r.Wins[i][j]
			}
		}
	}
	for k := range n { // widest paths, after Floyd and Warshall
		for i := range n {
			for j := range n {
				if i != j {
					r.Strength[i][j] = max(r.Strength[i][j], min(r.Strength[i][k], r.Strength[k][j]))
				}
			}
		}
	}
	left := make([]int, n)
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		var best, rest []int
		for _, i := range left {
			if slices.ContainsFunc(left, func(j int) bool { return r.Strength[j][i] > r.Strength[i][j] }) {
				rest = append(rest, i)
			} else {
				best = append(best, i)
			}
		}
		group := make([]string, len(best))
		for k, i := range best {
			group[k] = options[i]
		}
		r.Order, left = append(r.Order, group), rest
	}
	return r, nil
}

// A Round is one round of an instant run-off.
type Round struct {
	Tallies    []Tally // of the options still there, most votes first
	Exhausted  int64   // weight of the ballots that prefer none of them
	Eliminated string  // "" in the last round
	// Tied are those of whom one had to go when no round told them apart: the lot or the casting vote has decided. If it could not, the round is the last, and nobody
	// has won.
	Tied []string
}

// A Tally is what an option has.
type Tally struct {
	Option string
	Votes  int64
}

// InstantRunoff returns the rounds of an instant run-off: as long as no option has more than half of the
// ballots that still prefer one, the option with the fewest is eliminated, and each ballot counts for
// the best option that is left. The winner is the first of the last round's tallies; there is none, and no round, when no ballot
// prefers any option. Of several with the fewest the one with fewer in the latest round that tells them
// apart goes; if none does, the lot decides: the lowest SHA-256 of the seed, a line feed and the option goes.
// The seed must be public, and not known before the last ballot. Groups of equals are refused, except for the
// options left out. The errors wrap [ErrInvalid] or [ErrLimit].
func InstantRunoff(options []string, ballots []Preference, seed string) ([]Round, error) {
	return runoff(options, ballots, drawn(seed))
}

// drawn returns a function that draws who goes.
func drawn(seed string) func(tied []string) string {
	return func(tied []string) string { return Draw(seed, tied) }
}

// runoff is InstantRunoff where goes says who of several equals goes, "" for nobody, which ends it.
func runoff(options []string, ballots []Preference, goes func(tied []string) string) ([]Round, error) {
	if err := eachBallot(options, ballots, nil); err != nil {
		return nil, err
	}
	for k, b := range ballots {
		for _, group := range b.Ranking {
			if len(group) != 1 {
				return nil, refuse(ErrInvalid, "ranking", strconv.Itoa(k), "has a group of %d, and a run-off needs one option at a time", len(group))
			}
		}
	}
	in := make(map[string]bool, len(options))
	for _, o := range options {
		in[o] = true
	}
	var rounds []Round
	for {
		round := runRound(options, ballots, in)
		var all int64
		for _, t := range round.Tallies {
			all += t.Votes
		}
		if all == 0 {
			return rounds, nil // only possible in the first round: later, the strongest keeps its ballots
		}
		if len(round.Tallies) > 1 && 2*round.Tallies[0].Votes <= all {
			if last := weakest(round.Tallies, rounds); len(last) > 1 {
				round.Tied, round.Eliminated = last, goes(last)
			} else {
				round.Eliminated = last[0]
			}
			delete(in, round.Eliminated)
		}
		rounds = append(rounds, round)
		if round.Eliminated == "" {
			return rounds, nil
		}
	}
}

// runRound counts each ballot for the best option that is in.
func runRound(options []string, ballots []Preference, in map[string]bool) Round {
	votes := make(map[string]int64)
	var round Round
	for _, b := range ballots {
		i := slices.IndexFunc(b.Ranking, func(group []string) bool { return in[group[0]] })
		if i < 0 {
			round.Exhausted += b.Weight
		} else {
			votes[b.Ranking[i][0]] += b.Weight
		}
	}
	for _, o := range options {
		if in[o] {
			round.Tallies = append(round.Tallies, Tally{o, votes[o]})
		}
	}
	sortTallies(round.Tallies)
	return round
}

// weakest returns the options of which one goes: several only if no round tells them apart.
func weakest(tallies []Tally, earlier []Round) []string {
	keep := func(candidates []string, votes []Tally) []string {
		var fewest int64 = -1
		var low []string
		for _, t := range votes {
			switch {
			case !slices.Contains(candidates, t.Option):
			case fewest < 0 || t.Votes < fewest:
				fewest, low = t.Votes, []string{t.Option}
			case t.Votes == fewest:
				low = append(low, t.Option)
			}
		}
		return low
	}
	var candidates []string
	for _, t := range tallies {
		candidates = append(candidates, t.Option)
	}
	candidates = keep(candidates, tallies)
	for _, round := range slices.Backward(earlier) {
		candidates = keep(candidates, round.Tallies)
	}
	return candidates
}

// Draw draws one of several options by a public seed: the one with the lowest SHA-256 of the seed, a line feed and
// the option. The seed must not be known to anyone before the last ballot, such as the next draw of a public lottery, named beforehand.
func Draw(seed string, options []string) string {
	return slices.MinFunc(options, func(a, b string) int { return bytes.Compare(lot(seed, a), lot(seed, b)) })
}

// lot returns the number that an option draws.
func lot(seed, option string) []byte {
	sum := sha256.Sum256([]byte(seed + "\n" + option))
	return sum[:]
}

// Approval counts for each option the weight of the ballots that name it in any group, most first; equals
// in the order of options. The errors wrap [ErrInvalid] or [ErrLimit].
func Approval(options []string, ballots []Preference) ([]Tally, error) {
	if err := eachBallot(options, ballots, nil); err != nil {
		return nil, err
	}
	votes := make(map[string]int64)
	for _, b := range ballots {
		for _, group := range b.Ranking {
			for _, o := range group {
				votes[o] += b.Weight
			}
		}
	}
	return tally(options, votes), nil
}

// MaxScore is the highest score an option can be given.
const MaxScore = 1000

// A Scoring gives scores to options. An option that is left out has 0.
type Scoring struct {
	Weight int64 // from 1 to [MaxWeight]
	Scores map[string]int
}

// Scores adds up for each option its scores, from 0 to highest, times the weight of the ballot; most first,
// equals in the order of options. The errors wrap [ErrInvalid] or [ErrLimit].
func Scores(options []string, highest int, ballots []Scoring) ([]Tally, error) {
	index, err := indexOf(options)
	if err != nil {
		return nil, err
	}
	if highest < 1 || highest > MaxScore {
		return nil, refuse(ErrInvalid, "highest score", strconv.Itoa(highest), "must be from 1 to %d", MaxScore)
	}
	if len(ballots) > MaxElectors {
		return nil, refuse(ErrLimit, "ballots", strconv.Itoa(len(ballots)), "the limit is %d", MaxElectors)
	}
	votes := make(map[string]int64)
	for k, b := range ballots {
		if err := checkWeight(k, b.Weight); err != nil {
			return nil, err
		}
		for o, score := range b.Scores { // sums do not depend on the order
			if _, ok := index[o]; !ok {
				return nil, refuse(ErrInvalid, "option", o, "of ballot %d is not there", k)
			}
			if score < 0 || score > highest {
				return nil, refuse(ErrInvalid, "score", strconv.Itoa(score), "of ballot %d must be from 0 to %d", k, highest)
			}
			votes[o] += b.Weight * int64(score)
		}
	}
	return tally(options, votes), nil
}

func tally(options []string, votes map[string]int64) []Tally {
	out := make([]Tally, len(options))
	for i, o := range options {
		out[i] = Tally{o, votes[o]}
	}
	sortTallies(out)
	return out
}

func sortTallies(t []Tally) {
	slices.SortStableFunc(t, func(a, b Tally) int { return cmp.Compare(b.Votes, a.Votes) })
}

func indexOf(options []string) (map[string]int, error) {
	if len(options) > MaxOptions {
		return nil, refuse(ErrLimit, "options", strconv.Itoa(len(options)), "the limit is %d", MaxOptions)
	}
	index := make(map[string]int, len(options))
	for i, o := range options {
		if _, twice := index[o]; twice || o == "" || len(o) > MaxIDBytes {
			return nil, refuse(ErrInvalid, "option", o, "must have from 1 to %d bytes, and be there once", MaxIDBytes)
		}
		index[o] = i
	}
	return index, nil
}

func checkWeight(ballot int, weight int64) error {
	if weight < 1 || weight > MaxWeight {
		return refuse(ErrInvalid, "weight", strconv.FormatInt(weight, 10), "of ballot %d must be from 1 to %d", ballot, MaxWeight)
	}
	return nil
}

// eachBallot checks the ballots and calls visit, unless nil, with the weight of each and the place of each option in
// it, 0 for the best group. visit must not keep the places.
func eachBallot(options []string, ballots []Preference, visit func(weight int64, place []int)) error {
	index, err := indexOf(options)
	if err != nil {
		return err
	}
	if len(ballots) > MaxElectors {
		return refuse(ErrLimit, "ballots", strconv.Itoa(len(ballots)), "the limit is %d", MaxElectors)
	}
	place := make([]int, len(options))
	for k, b := range ballots {
		if err := checkWeight(k, b.Weight); err != nil {
			return err
		}
		last := len(b.Ranking) // the place of what is left out
		for i := range place {
			place[i] = last
		}
		for g, group := range b.Ranking {
			if len(group) == 0 {
				return refuse(ErrInvalid, "ranking", strconv.Itoa(k), "has an empty group")
			}
			for _, o := range group {
				i, ok := index[o]
				if !ok || place[i] != last {
					return refuse(ErrInvalid, "option", o, "of ballot %d is not there, or named twice", k)
				}
				place[i] = g
			}
		}
		if visit != nil {
			visit(b.Weight, place)
		}
	}
	return nil
}

func square(n int) [][]int64 {
	m := make([][]int64, n)
	for i := range m {
		m[i] = make([]int64, n)
	}
	return m
}
