package dividend_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// evaluate computes the formula of a step from its inputs in exact rationals: a reader who knows only the
// grammar that the documentation of Step gives.
func evaluate(s dividend.Step, decimals int) (*big.Rat, error) {
	e := &evaluator{text: s.Formula, step: s, decimals: decimals}
	v, err := e.sum()
	if err == nil && strings.TrimSpace(e.text) != "" {
		err = fmt.Errorf("%q left over", e.text)
	}
	return v, err
}

type evaluator struct {
	text     string
	step     dividend.Step
	decimals int
}

func (e *evaluator) accept(token string) bool {
	e.text = strings.TrimSpace(e.text)
	rest, ok := strings.CutPrefix(e.text, token)
	if ok {
		e.text = rest
	}
	return ok
}

func (e *evaluator) sum() (*big.Rat, error) {
	v, err := e.product()
	for err == nil {
		var w *big.Rat
		switch {
		case e.accept("+"):
			if w, err = e.product(); err == nil {
				v.Add(v, w)
			}
		case e.accept("-"):
			if w, err = e.product(); err == nil {
				v.Sub(v, w)
			}
		default:
			return v, nil
		}
	}
	return nil, err
}

func (e *evaluator) product() (*big.Rat, error) {
	v, err := e.factor()
	for err == nil {
		var w *big.Rat
		switch {
		case e.accept("*"):
			if w, err = e.factor(); err == nil {
				v.Mul(v, w)
			}
		case e.accept("/"):
			if w, err = e.factor(); err == nil {
				v.Quo(v, w)
			}
		default:
			return v, nil
		}
	}
	return nil, err
}

func (e *evaluator) factor() (*big.Rat, error) {
	e.accept("")
	name := e.text[:len(e.text)-len(strings.TrimLeft(e.text, "abcdefghijklmnopqrstuvwxyzP"))]
	if name == "" {
		return nil, errors.New("a name is missing at " + e.text)
	}
	e.text = e.text[len(name):]
	if !e.accept("(") {
		for _, q := range e.step.Inputs {
			if q.Name == name {
				return q.Value.Rat(), nil
			}
		}
		return nil, errors.New("no input " + name)
	}
	var args []*big.Rat
	for !e.accept(")") {
		v, err := e.sum()
		if err != nil {
			return nil, err
		}
		args = append(args, v)
		e.accept(",")
	}
	return e.apply(name, args)
}

func (e *evaluator) apply(name string, args []*big.Rat) (*big.Rat, error) {
	switch {
	case name == "sum" && len(args) == 0:
		v := new(big.Rat)
		for _, q := range e.step.Inputs {
			v.Add(v, q.Value.Rat())
		}
		return v, nil
	case (name == "min" || name == "max") && len(args) == 2:
		if (args[0].Cmp(args[1]) < 0) == (name == "min") {
			return args[0], nil
		}
		return args[1], nil
	case (name == "round" || name == "floor") && len(args) == 1:
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(e.decimals)), nil))
		v := new(big.Rat).Mul(args[0], scale)
		if name == "round" {
			v.Add(v, big.NewRat(1, 2))
		}
		return new(big.Rat).Quo(new(big.Rat).SetInt(new(big.Int).Div(v.Num(), v.Denom())), scale), nil
	}
	return nil, fmt.Errorf("%s of %d arguments", name, len(args))
}

// requireRecomputable checks that every step of the tree follows from its inputs.
func requireRecomputable(t *testing.T, s dividend.Step, decimals int) {
	t.Helper()
	v, err := evaluate(s, decimals)
	require.NoError(t, err, s.Formula)
	gap := new(big.Rat).Sub(v, s.Result.Value.Rat())
	follows := gap.Sign() == 0
	if s.Note == dividend.NoteTruncated {
		follows = gap.Sign() > 0 && gap.Cmp(decimal.New(1, -int32(decimals)-6).Rat()) < 0
	}
	if !follows {
		require.FailNow(t, "a step does not follow from its inputs", "%s of %v is %s, the step says %s", s.Formula, s.Inputs, v.FloatString(12), s.Result.Value)
	}
	for _, sub := range s.Steps {
		requireRecomputable(t, sub, decimals)
	}
}

func TestEveryAmountOfARunIsRecomputedFromItsExplanation(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		w, in := randomRun(r)
		s, err := w.Run(in)
		require.NoError(t, err)
		e, err := dividend.NewExplainer(s)
		require.NoError(t, err)
		check := func(x dividend.Explanation, amount decimal.Decimal) {
			require.True(t, x.Amount.Equal(amount))
			total := decimal.Zero
			for _, step := range x.Steps {
				requireRecomputable(t, step, in.Decimals)
				for _, sub := range step.Steps {
					if sub.Rule == dividend.StepShare {
						total = total.Add(sub.Result.Value)
					}
				}
			}
			require.True(t, total.Equal(amount))
		}
		var all []dividend.Explanation
		for _, p := range s.Parties() {
			x, err := e.Party(p.ID)
			require.NoError(t, err)
			check(x, p.Amount)
			all = append(all, x)
		}
		for _, f := range s.Funds() {
			x, err := e.Fund(f.ID)
			require.NoError(t, err)
			check(x, f.Amount)
			all = append(all, x)
		}
		if len(all) == 0 {
			continue
		}
		x := all[r.IntN(len(all))]
		for _, language := range []string{dividend.French, dividend.English} {
			text := x.Text(language)
			require.NotContains(t, text, "%!")
			require.Contains(t, text, x.Recipient)
		}
	}
}

func explained(t *testing.T, lines string, in dividend.Input, party, language string) string {
	t.Helper()
	s, err := waterfall(t, lines).Run(in)
	require.NoError(t, err)
	x, err := s.Explain(party)
	require.NoError(t, err)
	return x.Text(language)
}

func TestACentFromRoundingIsExplained(t *testing.T) {
	t.Parallel()
	in := input("5600", "0", map[string]string{"g": "a=1 b=1 c=1"})
	const line = `{"id": "dividend", "name": {"fr": "dividende"}, "of": "remaining", "rate": "1", "to": {"group": "g"}}`
	require.Equal(t, `b : 1 866,67 EUR
website : 5 600,00 encaissés = 5 600,00 assiette (clause economic-4)
1. dividende (clause economic-4) : 1 × 5 600,00 de ce qui reste = 5 600,00 → groupe g ; 0,00 restent
   poids : 1
   part : 5 600,00 × 1 / 3 = 1 866,66666666…, arrondi en dessous à 1 866,66
   les arrondis laissent 0,02, donnés à raison d’une plus petite unité chacun aux 2 plus forts restes sur 3 (à égalité, dans l’ordre des identifiants)
   ce reste est le numéro 2 : 1 866,66 + 0,01 = 1 866,67
`, explained(t, line, in, "b", dividend.French))
	require.Equal(t, `c: 1 866.66 EUR
website: 5 600.00 received = 5 600.00 base (clause economic-4)
1. dividend (clause economic-4): 1 × 5 600.00 of what remains = 5 600.00 → group g; 0.00 remain
   weight: 1
   share: 5 600.00 × 1 / 3 = 1 866.66666666…, rounded down to 1 866.66
   rounding down leaves 0.02, given one smallest unit each to the 2 largest remainders of 3 (equal ones in the order of identifiers)
   this remainder is number 3 and gets none → 1 866.66
`, explained(t, line, in, "c", "de"))
}

func TestCapsLimitsAndUnplacedLinesAreExplained(t *testing.T) {
	t.Parallel()
	in := input("100.10", "20", map[string]string{"none": "", "idle": "p=0"})
	in.Deficit, in.Surplus = dec("10"), dec("5")
	require.Equal(t, `p: 41.12 EUR
website: 100.10 received + 5.00 carried over before − 20.00 direct costs − 10.00 deficit brought forward = 75.10 base (clause economic-4)
1. third (clause economic-4): 0.333 × 75.10 of the base = 25.0083 ≈ 25.01, held to the cap of 10.00 → 10.00 → party p; 65.10 remain
2. nobody (clause economic-4): fixed amount 1.00 → group none; the group has no member, so the amount stays for the next lines; 65.10 remain
3. idle (clause economic-4): fixed amount 2.00 → group idle; no member of the group has a weight, so the amount stays for the next lines; 65.10 remain
4. fund (clause economic-4): fixed amount 33.98 → fund f; 31.12 remain
5. rest (clause economic-4): fixed amount 250.00, held to what remains → 31.12 → party p; 0.00 remain
`, withoutShares(explained(t, `
		{"id": "third", "of": "base", "rate": "0.333", "cap": "10", "to": {"party": "p"}},
		{"id": "nobody", "fixed": "1", "to": {"group": "none"}},
		{"id": "idle", "fixed": "2", "to": {"group": "idle"}},
		{"id": "fund", "fixed": "33.98", "to": {"fund": "f"}},
		{"id": "rest", "fixed": "250", "to": {"party": "p"}},
		{"id": "later", "of": "remaining", "rate": "1", "to": {"fund": "f"}}`, in, "p", dividend.English)))
}

// withoutShares leaves out the lines that are indented and the total, which other tests show.
func withoutShares(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "total") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func TestAMemberOfSeveralLinesSeesThemAddedUp(t *testing.T) {
	t.Parallel()
	text := explained(t, referenceLines, input("10000", "2000", map[string]string{
		"introducers": "a=1", "contributors": "a=60 b=40",
	}), "a", dividend.French)
	require.Contains(t, text, "a : 3 760,00 EUR\n")
	require.Contains(t, text, "\ntotal : 400,00 + 3 360,00 = 3 760,00 EUR\n")
}

func TestAMemberWhoGetsNothingIsToldWhy(t *testing.T) {
	t.Parallel()
	text := explained(t, referenceLines, input("10000", "2000", map[string]string{
		"introducers": "", "contributors": "a=0 b=0",
	}), "a", dividend.English)
	require.Contains(t, text, "a: 0.00 EUR\n")
	require.Contains(t, text, "   weight: 0\n   share: 0.00 (nothing could be shared)\n")

	text = explained(t, referenceLines, input("10", "20", map[string]string{"introducers": "", "contributors": "a=1"}), "a", dividend.English)
	require.Contains(t, text, "= -10.00 base (clause economic-4); nothing is given out\n")
}

func TestAStatementIsWrittenLineByLine(t *testing.T) {
	t.Parallel()
	s, err := waterfall(t, referenceLines).Run(input("10", "20", map[string]string{"introducers": "", "contributors": ""}))
	require.NoError(t, err)
	text := s.Text(dividend.French)
	require.Contains(t, text, "\ndéficit reporté : 10,00 EUR\n")
	require.Contains(t, text, "\n5. dividend (clause economic-4) : 1 × 0,00 de ce qui reste = 0,00 → groupe contributors")
}

func TestOnlyThoseThatALineConcernsAreExplained(t *testing.T) {
	t.Parallel()
	s, err := waterfall(t, referenceLines).Run(input("10", "0", map[string]string{"introducers": "", "contributors": "a=1"}))
	require.NoError(t, err)
	e, err := dividend.NewExplainer(s)
	require.NoError(t, err)
	_, err = e.Party("support")
	require.ErrorIs(t, err, dividend.ErrUnknown)
	require.ErrorContains(t, err, `dividend: explain: party "support": no line of the statement concerns it`)
	_, err = e.Fund("a")
	require.ErrorIs(t, err, dividend.ErrUnknown)
	x, err := e.Fund("support")
	require.NoError(t, err)
	require.Contains(t, x.Text(dividend.English), "fund support: 1.00 EUR\n")
}

func TestSharingRulesAreExplained(t *testing.T) {
	t.Parallel()
	groups := map[string]string{"g": "a=60 b=30 c=10"}
	const line = `{"id": "pot", "of": "remaining", "rate": "1", "to": {"group": "g"}, "share": {`
	for name, c := range map[string]struct{ share, party, amount, want string }{
		"blend": {`"equal": "0.5"`, "c", "900", `   weight: 10
   counts as: 0.5 × 100 (all weights) + 0.5 × 3 (members) × 10 = 65
   share: 900.00 × 65 / 300 = 195.00
`},
		"equal": {`"equal": "1"`, "c", "900", `   weight: 10
   equal parts, everybody counts as 1
   share: 900.00 × 1 / 3 = 300.00
`},
		"ratio": {`"ratio": "3"`, "c", "660", `   weight: 10
   counts as: 10 × 3 = 30, at least the highest weight 60 → 60
   share: 660.00 × 60 / 330 = 120.00
`},
		"cap": {`"cap": "400"`, "a", "1000", `   weight: 60
   share: 400.00 (the cap)
`},
		"per point": {`"perPoint": "5.5"`, "b", "1000", `   weight: 30
   share: 5.50 × 30 = 165.00 (the most for the weight)
`},
		"floor": {`"floor": "150"`, "c", "1000", `   weight: 10
   share: 150.00 (the floor)
`},
		"floor above the most": {`"perPoint": "1", "floor": "50"`, "c", "1000", `   weight: 10
   share: 50.00 (the floor)
`},
		"within": {`"floor": "150"`, "b", "1000", `   weight: 30
   share: 850.00 × 30 / 90 = 283.33333333…, rounded down to 283.33
   rounding down leaves 0.01, given one smallest unit each to the 1 largest remainders of 2 (equal ones in the order of identifiers)
   this remainder is number 2 and gets none → 283.33
`},
		"too little": {`"floor": "150"`, "c", "300", `   weight: 10
   less than all floors together, so everybody counts as 1
   share: 300.00 × 1 / 3 = 100.00
`},
		"method": {`"method": "jefferson"`, "c", "0.09", `   weight: 10
   share: 0.09 × 10 / 100 = 0.009, rounded to 0.00 by the method jefferson
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := explained(t, line+c.share+`}}`, input(c.amount, "0", groups), c.party, dividend.English)
			require.True(t, strings.HasSuffix(text, " remain\n"+c.want), text)
		})
	}
	text := explained(t, line+`"cap": "100"}}`, input("1000", "0", groups), "a", dividend.English)
	require.Contains(t, text, "→ group g; all members are at the cap, so 700.00 stays for the next lines; 700.00 remain\n")
}

func TestAStatementThatDoesNotFollowFromItsInputsIsNotExplained(t *testing.T) {
	t.Parallel()
	run := func() *dividend.Statement {
		s, err := waterfall(t, referenceLines).Run(input("10000", "2000", map[string]string{"introducers": "d=1", "contributors": "a=1 b=2"}))
		require.NoError(t, err)
		return s
	}
	require.NoError(t, run().Verify())
	for name, change := range map[string]func(*dividend.Statement){
		"a cent more":     func(s *dividend.Statement) { s.Lines[4].Parts[0].Amount = dec("1866.68") },
		"fewer parts":     func(s *dividend.Statement) { s.Lines[4].Parts = s.Lines[4].Parts[:1] },
		"another weight":  func(s *dividend.Statement) { s.Lines[4].Members[0].Value = dec("2") },
		"no rate":         func(s *dividend.Statement) { s.Lines[0].Line.Rate = nil },
		"another total":   func(s *dividend.Statement) { s.Distributed = dec("1") },
		"a line too many": func(s *dividend.Statement) { s.Lines = append(s.Lines, dividend.LineResult{}) },
		"huge number":     func(s *dividend.Statement) { s.Received = decimal.New(1, 1<<30) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := run()
			change(s)
			require.Error(t, s.Verify())
			_, err := s.Explain("a")
			var typed *dividend.Error
			require.ErrorAs(t, err, &typed)
			require.NotEmpty(t, s.Text(dividend.English), "what is wrong can still be printed")
		})
	}
}
