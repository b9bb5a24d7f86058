package decision

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An ElectionResult is the outcome of an election, or where it stands. All counts are weights.
type ElectionResult struct {
	Status     Status // Open, Adopted when an option is chosen, Rejected when none is, NoQuorum
	Rule       ElectionRule
	Electorate string // hash
	Aside      []string
	Options    []string
	Winner     string    // the option that is chosen, "" for none
	First      []string  // the options that come first, in the order of the options
	ByLot      bool      // the lot decided, at the end or on the way
	Chair      string    // who has the casting vote by the rule, "" for nobody
	ByCasting  bool      // the casting vote decided, at the end or on the way
	Tallies    []Tally   // of Single, Approving and Scored
	Ranking    *Ranking  // of Beatpath
	Rounds     []Round   // of Runoff
	Cast       int64     // blank ballots included
	Blank      int64     // those that prefer nothing
	Eligible   int64     // the whole electorate
	Closes     time.Time // with the extension, if there was one
	Extended   bool
}

// Result returns where the election stands at an instant. While it is open there is no count, so that nobody votes by
// what others did. A seed is needed where the lot decides, and only there: [ErrInvalid] otherwise.
func (c *ElectionCount) Result(seed string, now time.Time) (*ElectionResult, error) {
	e := &c.election
	r := &ElectionResult{
		Status: Open, Rule: e.Rule, Electorate: e.Electorate.Hash(), Aside: e.Electorate.Aside(), Options: slices.Clone(e.Options),
		Cast: c.cast, Eligible: e.Electorate.Total(), Closes: c.closes, Extended: c.extended,
	}
	if e.Rule.Tie == TieCasting {
		r.Chair = e.Electorate.Chair()
	}
	if now.Before(c.closes) {
		return r, nil
	}
	if !c.quorate() {
		r.Status = NoQuorum
		return r, nil
	}
	if err := c.count(r, seed); err != nil {
		return nil, err
	}
	switch {
	case r.ByLot && seed == "" || len(r.First) > 1 && e.Rule.Tie == TieLot && seed == "":
		return nil, refuse(ErrInvalid, "seed", "", "must be given: the lot decides between equals")
	case len(r.First) > 1 && e.Rule.Tie == TieLot:
		r.Winner, r.ByLot = Draw(seed, r.First), true
	case len(r.First) > 1 && e.Rule.Tie == TieCasting:
		chair := c.last[r.Chair]
		r.Winner = most(r.First, chair.worth)
		r.ByCasting = r.Winner != ""
	case len(r.First) == 1:
		r.Winner = r.First[0]
	}
	if r.Status = Rejected; r.Winner != "" {
		r.Status = Adopted
	}
	return r, nil
}

// count counts the ballots by the method of the rule.
func (c *ElectionCount) count(r *ElectionResult, seed string) error {
	var preferences []Preference
	var scores []Scoring
	for elector := range c.election.Electorate.Electors() {
		b, ok := c.last[elector.ID]
		switch {
		case !ok:
		case b.blank():
			r.Blank += elector.Weight
		case r.Rule.Method == Scored:
			scores = append(scores, Scoring{elector.Weight, b.Scores})
		default:
			preferences = append(preferences, Preference{elector.Weight, b.Ranking})
		}
	}
	var err error
	switch r.Rule.Method {
	case Scored:
		r.Tallies, err = Scores(r.Options, r.Rule.Highest, scores)
	case Beatpath:
		if r.Ranking, err = Schulze(r.Options, preferences); err == nil && len(preferences) > 0 {
			r.First = r.Ranking.Order[0]
		}
	case Runoff:
		goes := drawn(seed)
		if r.Rule.Tie == TieCasting {
			chair := c.last[r.Chair]
			goes = func(tied []string) string { return most(tied, func(o string) int { return -chair.worth(o) }) }
		}
		r.Rounds, err = runoff(r.Options, preferences, goes)
		for i, round := range r.Rounds {
			if i == len(r.Rounds)-1 && len(round.Tied) == 0 {
				r.First = []string{round.Tallies[0].Option}
			}
			settled := len(round.Tied) > 0 && round.Eliminated != ""
			r.ByLot = r.ByLot || settled && r.Rule.Tie == TieLot
			r.ByCasting = r.ByCasting || settled && r.Rule.Tie == TieCasting
		}
	default:
		r.Tallies, err = Approval(r.Options, preferences)
	}
	for _, t := range r.Tallies {
		if t.Votes > 0 && t.Votes == r.Tallies[0].Votes {
			r.First = append(r.First, t.Option)
		}
	}
	return err
}

// Explain says the result in words with its arithmetic, in French for "fr" and otherwise in English.
func (r *ElectionResult) Explain(lang string) string { return r.ExplainWith(lang, Words{}) }

// ExplainWith is Explain in other words for ids and times.
func (r *ElectionResult) ExplainWith(lang string, words Words) string {
	name := words.name
	pick := picker(lang)
	var b strings.Builder
	switch r.Status {
	case Adopted:
		fmt.Fprintf(&b, pick("Choix : %s.", "Chosen: %s."), name(r.Winner))
	case Rejected:
		b.WriteString(pick("Rien n'est choisi.", "Nothing is chosen."))
	case NoQuorum:
		b.WriteString(pick("Quorum non atteint : rien n'est décidé.", "No quorum: nothing is decided."))
	default:
		b.WriteString(pick("Scrutin ouvert.", "The election is open."))
	}
	fmt.Fprintf(&b, pick(" %d ont voté, dont %d blancs, sur %d.", " %d have voted, %d of them blank, of %d."), r.Cast, r.Blank, r.Eligible)
	if !r.Rule.Quorum.IsZero() {
		fmt.Fprintf(&b, pick(" Quorum : %s de %d ; %d, %s.", " Quorum: %s of %d; %d, %s."), r.Rule.Quorum, r.Eligible, r.Cast, met(lang == "fr", r.Eligible > 0 && r.Rule.Quorum.compare(r.Cast, r.Eligible) >= 0))
	}
	r.explainCount(&b, pick, name)
	r.explainTie(&b, pick, name)
	explainAside(&b, r.Aside, pick, name)
	if r.Extended {
		fmt.Fprintf(&b, pick(" Clôture reportée au %s : le quorum a été atteint tard.", " Closing moved to %s: the quorum was reached late."), words.time(r.Closes))
	}
	return b.String()
}

// explainTie says what decided between equals, or that nothing did.
func (r *ElectionResult) explainTie(b *strings.Builder, pick func(fr, en string) string, name func(id string) string) {
	if r.ByLot {
		b.WriteString(pick(" Entre égaux, le sort a décidé, d'après une graine publique.", " Between equals the lot decided, by a public seed."))
	}
	if r.ByCasting {
		fmt.Fprintf(b, pick(" Entre égaux, la voix prépondérante de %s a décidé.", " Between equals the casting vote of %s decided."), name(r.Chair))
	}
	stuck := len(r.Rounds) > 0 && r.Winner == ""
	switch {
	case r.Winner != "" || len(r.First) < 2 && !stuck:
		return
	case stuck:
		b.WriteString(pick(" À égalité en dernier : ", " Last, and equal: ") + listed(r.Rounds[len(r.Rounds)-1].Tied, name) + ".")
	default:
		b.WriteString(pick(" À égalité en tête : ", " First, and equal: ") + listed(r.First, name) + ".")
	}
	switch {
	case r.Rule.Tie != TieCasting:
	case r.Chair == "":
		b.WriteString(pick(" Personne n'a voix prépondérante.", " Nobody has the casting vote."))
	default:
		fmt.Fprintf(b, pick(" %s, qui a voix prépondérante, ne les a pas départagés.", " %s, who has the casting vote, has not told them apart."), name(r.Chair))
	}
}

// explainCount says what was counted, by the method of the rule.
func (r *ElectionResult) explainCount(b *strings.Builder, pick func(fr, en string) string, name func(id string) string) {
	tallies := func(list []Tally) string {
		words := make([]string, len(list))
		for i, t := range list {
			words[i] = fmt.Sprintf("%s %d", name(t.Option), t.Votes)
		}
		return strings.Join(words, ", ")
	}
	switch {
	case r.Ranking != nil:
		groups := make([]string, len(r.Ranking.Order))
		for i, group := range r.Ranking.Order {
			groups[i] = listed(group, name)
		}
		fmt.Fprintf(b, pick(" Méthode de Schulze, ordre : %s.", " Schulze method, order: %s."), strings.Join(groups, " > "))
		for i, first := range r.Ranking.Options {
			if first != r.Winner {
				continue
			}
			for j, other := range r.Ranking.Options {
				if i != j {
					fmt.Fprintf(b, pick(" %s contre %s : %d à %d, chaînes les plus fortes %d et %d.", " %s against %s: %d to %d, strongest chains %d and %d."),
						name(first), name(other), r.Ranking.Wins[i][j], r.Ranking.Wins[j][i], r.Ranking.Strength[i][j], r.Ranking.Strength[j][i])
				}
			}
		}
	case len(r.Rounds) > 0:
		for i, round := range r.Rounds {
			fmt.Fprintf(b, pick(" Tour %d : %s, épuisés %d.", " Round %d: %s, exhausted %d."), i+1, tallies(round.Tallies), round.Exhausted)
			if round.Eliminated != "" {
				fmt.Fprintf(b, pick(" Éliminé : %s.", " Eliminated: %s."), name(round.Eliminated))
			}
		}
	case len(r.Tallies) > 0:
		fmt.Fprintf(b, pick(" Décompte : %s.", " Count: %s."), tallies(r.Tallies))
	}
}
