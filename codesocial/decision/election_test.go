package decision_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

var electionRules = map[string]decision.ElectionRule{
	"single":   {Method: decision.Single},
	"approval": {Method: decision.Approving},
	"schulze":  {Method: decision.Beatpath},
	"run-off":  {Method: decision.Runoff, Tie: decision.TieLot},
	"score":    {Method: decision.Scored, Highest: 2},
}

// election is between three options; n electors, e0 and so on, vote from opens to closes.
func election(t testing.TB, rule decision.ElectionRule, n int) *decision.Election {
	t.Helper()
	return &decision.Election{Rule: rule, Electorate: electorate(t, n), Options: letters("ABC"), Opens: opens, Closes: closes}
}

func choice(elector int, groups ...string) decision.Choice {
	c := decision.Choice{Voter: fmt.Sprintf("e%d", elector), At: opens}
	for _, g := range groups {
		c.Ranking = append(c.Ranking, letters(g))
	}
	return c
}

// contents are all that a ballot between A, B and C can say by a method, blank included.
func contents(method decision.Method) (list []decision.Choice) {
	if method == decision.Scored {
		for code := range 27 {
			list = append(list, decision.Choice{Scores: map[string]int{"A": code % 3, "B": code / 3 % 3, "C": code / 9}})
		}
		return append(list, decision.Choice{})
	}
	for _, groups := range map[decision.Method][][]string{
		decision.Single:    {{}, {"A"}, {"B"}, {"C"}},
		decision.Approving: {{}, {"A"}, {"B"}, {"C"}, {"AB"}, {"AC"}, {"BC"}, {"ABC"}},
		decision.Beatpath:  {{}, {"A"}, {"B"}, {"C"}, {"A", "B"}, {"B", "C"}, {"C", "A"}, {"AB", "C"}, {"A", "BC"}, {"C", "AB"}, {"ABC"}},
		decision.Runoff:    {{}, {"A"}, {"B"}, {"C"}, {"A", "B"}, {"B", "C"}, {"C", "A"}, {"B", "A"}, {"C", "B"}, {"A", "C"}},
	}[method] {
		list = append(list, choice(0, groups...))
	}
	return list
}

// bruteWinner counts by the definition of the method.
func bruteWinner(method decision.Method, choices []decision.Choice) (first []string, byLot bool) {
	votes := map[string]int{}
	var ballots []decision.Preference
	for _, c := range choices {
		if len(c.Ranking) == 0 && len(c.Scores) == 0 {
			continue
		}
		ballots = append(ballots, decision.Preference{Weight: 1, Ranking: c.Ranking})
		for o, n := range c.Scores {
			votes[o] += n
		}
		if method == decision.Single || method == decision.Approving {
			for _, o := range c.Ranking[0] {
				votes[o]++
			}
		}
	}
	switch {
	case method == decision.Beatpath && len(ballots) > 0:
		return bruteSchulze(letters("ABC"), ballots)[0], false
	case method == decision.Runoff:
		winner, byLot := bruteRunoff(letters("ABC"), ballots)
		if winner == "" {
			return nil, byLot
		}
		return []string{winner}, byLot
	}
	most := 0
	for _, n := range votes {
		most = max(most, n)
	}
	for _, o := range letters("ABC") {
		if votes[o] == most && most > 0 {
			first = append(first, o)
		}
	}
	return first, false
}

func TestEveryMethodAgreesWithItsDefinitionOnAllSmallElections(t *testing.T) {
	t.Parallel()
	for name, rule := range electionRules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kinds := contents(rule.Method)
			most := 5
			if rule.Method == decision.Scored {
				most = 3 // 28 kinds of ballots
			}
			var cast []decision.Choice
			count := 0
			var try func(from int)
			try = func(from int) {
				count++
				e := election(t, rule, max(len(cast), 1))
				choices := slices.Clone(cast)
				for i := range choices {
					choices[i].Voter, choices[i].At = fmt.Sprintf("e%d", i), opens
				}
				r, err := e.Count(choices, "seed", closes)
				require.NoError(t, err)
				first, byLot := bruteWinner(rule.Method, choices)
				require.Equal(t, first, r.First, choices)
				require.Equal(t, byLot, r.ByLot)
				if len(first) == 1 {
					require.Equal(t, first[0], r.Winner)
					require.Equal(t, decision.Adopted, r.Status)
				} else {
					require.Empty(t, r.Winner, "a tie chooses nothing where the rule draws no lots")
					require.Equal(t, decision.Rejected, r.Status)
				}
				slices.Reverse(choices)
				again, err := e.Count(choices, "seed", closes)
				require.NoError(t, err)
				require.Equal(t, r, again, "the order of ballots changes nothing")
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
			require.Greater(t, count, 100)
		})
	}
}

func TestRaisingTheWinnerNeverMakesItLose(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	raised := map[string]int{}
	for n := range 3000 {
		for name, rule := range electionRules {
			if rule.Method == decision.Runoff {
				continue // which does not promise it
			}
			kinds := contents(rule.Method)
			e := election(t, rule, 7)
			var choices []decision.Choice
			for i := range 7 {
				c := kinds[random.IntN(len(kinds))]
				if n == 0 {
					c = kinds[1] // all want A
				}
				c.Voter, c.At = fmt.Sprintf("e%d", i), opens
				choices = append(choices, c)
			}
			r, err := e.Count(choices, "", closes)
			require.NoError(t, err)
			if r.Winner == "" {
				continue
			}
			i := random.IntN(7)
			c := choices[i]
			if rule.Method == decision.Scored {
				c.Scores = maps.Clone(c.Scores)
				if c.Scores == nil {
					c.Scores = map[string]int{}
				}
				c.Scores[r.Winner] = 2
			} else { // to the top, alone, the others as they were
				ranking := [][]string{{r.Winner}}
				if rule.Method == decision.Approving {
					ranking = nil
					group := []string{r.Winner}
					for _, g := range c.Ranking {
						for _, o := range g {
							if o != r.Winner {
								group = append(group, o)
							}
						}
					}
					ranking = [][]string{group}
				} else if rule.Method == decision.Beatpath {
					for _, g := range c.Ranking {
						if rest := slices.DeleteFunc(slices.Clone(g), func(o string) bool { return o == r.Winner }); len(rest) > 0 {
							ranking = append(ranking, rest)
						}
					}
				}
				c.Ranking = ranking
			}
			choices[i] = c
			after, err := e.Count(choices, "", closes)
			require.NoError(t, err)
			require.Equal(t, r.Winner, after.Winner, "%s: %v", name, choices)
			raised[name]++
		}
	}
	require.Len(t, raised, 4)
}

func TestBoundariesOfAnElectionAreExact(t *testing.T) {
	t.Parallel()
	rule := decision.ElectionRule{Method: decision.Single, Quorum: decision.Fraction{Num: 2, Den: 3}}
	for _, c := range []struct {
		electors int
		choices  []decision.Choice
		want     decision.Status
	}{
		{0, nil, decision.NoQuorum},
		{3, nil, decision.NoQuorum},
		{3, []decision.Choice{choice(0, "A")}, decision.NoQuorum},
		{3, []decision.Choice{choice(0, "A"), choice(1)}, decision.Adopted}, // a blank ballot counts towards the quorum
		{3, []decision.Choice{choice(0), choice(1), choice(2)}, decision.Rejected},
		{6, []decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "A")}, decision.NoQuorum},
		{6, []decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "A"), choice(3, "B")}, decision.Adopted},
		{7, []decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "A"), choice(3, "B")}, decision.NoQuorum},
		{7, []decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "A"), choice(3, "B"), choice(4, "B")}, decision.Adopted},
		{2, []decision.Choice{choice(0, "A"), choice(1, "B")}, decision.Rejected}, // a tie
	} {
		e := election(t, rule, c.electors)
		r, err := e.Count(c.choices, "", closes)
		require.NoError(t, err)
		require.Equal(t, c.want, r.Status, "%d of %d", len(c.choices), c.electors)
		open, err := e.Count(c.choices, "", closes.Add(-1))
		require.NoError(t, err)
		require.Equal(t, decision.Open, open.Status)
		require.Empty(t, open.Tallies, "nobody votes by what others did")
		for _, lang := range []string{"fr", "en"} {
			require.NotContains(t, r.Explain(lang)+open.Explain(lang), "%!")
		}
	}
}

func TestTheLotDecidesByAPublicSeedWhereTheRuleSaysSo(t *testing.T) {
	t.Parallel()
	e := election(t, decision.ElectionRule{Method: decision.Approving, Tie: decision.TieLot}, 2)
	choices := []decision.Choice{choice(0, "AB"), choice(1, "AB")}
	_, err := e.Count(choices, "", closes)
	require.ErrorIs(t, err, decision.ErrInvalid)
	won := map[string]bool{}
	for seed := range 30 {
		r, err := e.Count(choices, fmt.Sprint(seed), closes)
		require.NoError(t, err)
		require.True(t, r.ByLot)
		require.Equal(t, decision.Draw(fmt.Sprint(seed), letters("AB")), r.Winner)
		won[r.Winner] = true
	}
	require.Len(t, won, 2)
}

func TestALateQuorumExtendsAnElectionOnce(t *testing.T) {
	t.Parallel()
	e := election(t, decision.ElectionRule{Method: decision.Single, Quorum: decision.Fraction{Num: 1, Den: 2}, ExtensionHours: 48}, 4)
	late := []decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "B")}
	late[1].At, late[2].At = closes.Add(-time.Hour), closes.Add(46*time.Hour)
	r, err := e.Count(late, "", closes.Add(47*time.Hour))
	require.NoError(t, err)
	require.Equal(t, decision.Adopted, r.Status)
	require.True(t, r.Extended)
	require.Equal(t, closes.Add(47*time.Hour), r.Closes)
	late[2].At = closes.Add(47 * time.Hour)
	_, err = e.Count(late, "", closes.Add(48*time.Hour))
	require.ErrorIs(t, err, decision.ErrLate)
}

func TestAChoiceThatTheMethodCannotCountIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule   string
		choice decision.Choice
		want   error
	}{
		"stranger":       {"single", choice(9, "A"), decision.ErrNotElector},
		"unknown option": {"single", choice(0, "X"), decision.ErrInvalid},
		"two at once":    {"single", choice(0, "AB"), decision.ErrInvalid},
		"ranked":         {"approval", choice(0, "A", "B"), decision.ErrInvalid},
		"twice":          {"schulze", choice(0, "A", "A"), decision.ErrInvalid},
		"empty group":    {"schulze", choice(0, "A", ""), decision.ErrInvalid},
		"equals":         {"run-off", choice(0, "AB"), decision.ErrInvalid},
		"no scores":      {"score", choice(0, "A"), decision.ErrInvalid},
		"too high":       {"score", decision.Choice{Voter: "e0", At: opens, Scores: map[string]int{"A": 3}}, decision.ErrInvalid},
		"negative":       {"score", decision.Choice{Voter: "e0", At: opens, Scores: map[string]int{"A": -1}}, decision.ErrInvalid},
		"unknown score":  {"score", decision.Choice{Voter: "e0", At: opens, Scores: map[string]int{"X": 1}}, decision.ErrInvalid},
		"scores":         {"single", decision.Choice{Voter: "e0", At: opens, Scores: map[string]int{"A": 1}}, decision.ErrInvalid},
		"early":          {"single", decision.Choice{Voter: "e0", At: opens.Add(-1), Ranking: [][]string{{"A"}}}, decision.ErrEarly},
		"late":           {"single", decision.Choice{Voter: "e0", At: closes, Ranking: [][]string{{"A"}}}, decision.ErrLate},
	} {
		_, err := election(t, electionRules[c.rule], 3).Count([]decision.Choice{c.choice}, "", closes)
		require.ErrorIs(t, err, c.want, name)
	}
	final := election(t, decision.ElectionRule{Method: decision.Single, Final: true}, 3)
	first, second := choice(0, "A"), choice(0, "B")
	second.At = opens.Add(time.Hour)
	_, err := final.Count([]decision.Choice{first, second}, "", closes)
	require.ErrorIs(t, err, decision.ErrFinal)
	second.At = opens
	_, err = election(t, electionRules["single"], 3).Count([]decision.Choice{first, second}, "", closes)
	require.ErrorIs(t, err, decision.ErrInvalid, "two answers at the same time")
}

func TestAnElectionThatCannotBeHeldIsRefused(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*decision.Election){
		"method":     func(e *decision.Election) { e.Rule.Method = "cheering" },
		"highest":    func(e *decision.Election) { e.Rule.Highest = 5 },
		"tie":        func(e *decision.Election) { e.Rule.Tie = "duel" },
		"run-off":    func(e *decision.Election) { e.Rule.Method = decision.Runoff },
		"quorum":     func(e *decision.Election) { e.Rule.Quorum = decision.Fraction{Num: 3, Den: 2} },
		"extension":  func(e *decision.Election) { e.Rule.ExtensionHours = 1 },
		"electorate": func(e *decision.Election) { e.Electorate = nil },
		"options":    func(e *decision.Election) { e.Options = nil },
		"twice":      func(e *decision.Election) { e.Options = letters("AA") },
		"closing":    func(e *decision.Election) { e.Closes = e.Opens },
	} {
		e := election(t, electionRules["single"], 3)
		edit(e)
		_, err := e.Start()
		require.ErrorIs(t, err, decision.ErrInvalid, name)
	}
}

// BenchmarkElection100000 freezes an electorate of 100 000, takes a ranking of ten options from each and counts.
func BenchmarkElection100000(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	electors := make([]decision.Elector, 100_000)
	choices := make([]decision.Choice, len(electors))
	for i := range electors {
		electors[i] = decision.Elector{ID: fmt.Sprintf("urn:uuid:0199f0a0-1111-7c3a-9d0e-%012d", i), Weight: 1}
		choices[i] = decision.Choice{Voter: electors[i].ID, At: opens.Add(time.Duration(i) * time.Second)}
		for _, o := range random.Perm(10) {
			choices[i].Ranking = append(choices[i].Ranking, []string{string(rune('A' + o))})
		}
	}
	end := opens.AddDate(0, 0, 10)
	for b.Loop() {
		frozen, err := decision.NewElectorate(electors)
		if err != nil {
			b.Fatal(err)
		}
		e := decision.Election{Rule: decision.ElectionRule{Method: decision.Beatpath}, Electorate: frozen, Options: letters("ABCDEFGHIJ"), Opens: opens, Closes: end}
		if _, err := e.Count(choices, "", end); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAnElectionExplainsItselfWithItsArithmetic(t *testing.T) {
	t.Parallel()
	score := func(elector int, scores map[string]int) decision.Choice {
		return decision.Choice{Voter: fmt.Sprintf("e%d", elector), At: opens, Scores: scores}
	}
	for name, c := range map[string]struct {
		rule    decision.ElectionRule
		choices []decision.Choice
		fr, en  string
	}{
		"single": {
			decision.ElectionRule{Method: decision.Single, Quorum: decision.Fraction{Num: 1, Den: 2}},
			[]decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "B"), choice(3)},
			"Choix : A. 4 ont voté, dont 1 blancs, sur 5. Quorum : 1/2 de 5 ; 4, atteint. Décompte : A 2, B 1, C 0.",
			"Chosen: A. 4 have voted, 1 of them blank, of 5. Quorum: 1/2 of 5; 4, met. Count: A 2, B 1, C 0.",
		},
		"tie": {
			decision.ElectionRule{Method: decision.Approving},
			[]decision.Choice{choice(0, "AB"), choice(1, "AB")},
			"Rien n'est choisi. 2 ont voté, dont 0 blancs, sur 5. Décompte : A 2, B 2, C 0. À égalité en tête : A, B.",
			"Nothing is chosen. 2 have voted, 0 of them blank, of 5. Count: A 2, B 2, C 0. First, and equal: A, B.",
		},
		"lot": {
			decision.ElectionRule{Method: decision.Approving, Tie: decision.TieLot},
			[]decision.Choice{choice(0, "B"), choice(1, "B"), choice(2, "A"), choice(3, "A"), choice(4, "C")},
			"Choix : " + decision.Draw("seed", letters("AB")) + ". 5 ont voté, dont 0 blancs, sur 5. Décompte : A 2, B 2, C 1. Entre égaux, le sort a décidé, d'après une graine publique.",
			"Chosen: " + decision.Draw("seed", letters("AB")) + ". 5 have voted, 0 of them blank, of 5. Count: A 2, B 2, C 1. Between equals the lot decided, by a public seed.",
		},
		"schulze": {
			decision.ElectionRule{Method: decision.Beatpath},
			[]decision.Choice{choice(0, "A", "B"), choice(1, "A", "C"), choice(2, "B", "A")},
			"Choix : A. 3 ont voté, dont 0 blancs, sur 5. Méthode de Schulze, ordre : A > B > C. A contre B : 2 à 1, chaînes les plus fortes 2 et 0. A contre C : 3 à 0, chaînes les plus fortes 3 et 0.",
			"Chosen: A. 3 have voted, 0 of them blank, of 5. Schulze method, order: A > B > C. A against B: 2 to 1, strongest chains 2 and 0. A against C: 3 to 0, strongest chains 3 and 0.",
		},
		"run-off": {
			decision.ElectionRule{Method: decision.Runoff, Tie: decision.TieLot},
			[]decision.Choice{choice(0, "A"), choice(1, "A"), choice(2, "B"), choice(3, "B"), choice(4, "C", "B")},
			"Choix : B. 5 ont voté, dont 0 blancs, sur 5. Tour 1 : A 2, B 2, C 1, épuisés 0. Éliminé : C. Tour 2 : B 3, A 2, épuisés 0.",
			"Chosen: B. 5 have voted, 0 of them blank, of 5. Round 1: A 2, B 2, C 1, exhausted 0. Eliminated: C. Round 2: B 3, A 2, exhausted 0.",
		},
		"score": {
			decision.ElectionRule{Method: decision.Scored, Highest: 5},
			[]decision.Choice{score(0, map[string]int{"A": 3, "B": 5}), score(1, map[string]int{"A": 3})},
			"Choix : A. 2 ont voté, dont 0 blancs, sur 5. Décompte : A 6, B 5, C 0.",
			"Chosen: A. 2 have voted, 0 of them blank, of 5. Count: A 6, B 5, C 0.",
		},
	} {
		e := election(t, c.rule, 5)
		r, err := e.Count(c.choices, "seed", closes)
		require.NoError(t, err, name)
		require.Equal(t, c.fr, r.Explain("fr"), name)
		require.Equal(t, c.en, r.Explain("en"), name)
		count, err := e.Start()
		require.NoError(t, err)
		for _, b := range c.choices { // one by one, as they come in
			require.NoError(t, count.Add(b))
			last, ok := count.Choice(b.Voter)
			require.True(t, ok)
			require.Equal(t, b, last)
		}
		require.Equal(t, closes, count.Closes())
		again, err := count.Result("seed", closes)
		require.NoError(t, err)
		require.Equal(t, r, again, name)
	}
}
