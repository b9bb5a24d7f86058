package dividend

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// MaxOutcomes is the largest number of outcomes that are compared at once.
const MaxOutcomes = 32

// Outcome is what one rule gives to everybody.
type Outcome struct {
	// Rule names the rule, for readers: "equal parts", "their rule".
	Rule  string
	Parts []Part
}

// Comparison says what the same amount would become under several rules, who would gain and who would lose. The first
// rule is the one that the others are compared with.
type Comparison struct {
	Rules []string `json:"rules"`
	// Rows are sorted by recipient and contain everybody who is in one of the outcomes.
	Rows []ComparisonRow `json:"rows"`
	// Effects has one entry for each rule; that of the first says that nothing moves.
	Effects []Effect `json:"effects"`
}

// ComparisonRow is what one recipient gets under each rule.
type ComparisonRow struct {
	ID string `json:"id"`
	// Amounts are in the order of the rules; who is not in an outcome gets zero.
	Amounts []decimal.Decimal `json:"amounts"`
	// Gains are the amounts minus the first one.
	Gains []decimal.Decimal `json:"gains"`
}

// Effect sums up how a rule differs from the first one.
type Effect struct {
	Rule string `json:"rule"`
	// Total is what the rule gives out in all.
	Total decimal.Decimal `json:"total"`
	// Gain, Lose and Same are how many recipients get more, less and as much.
	Gain int `json:"gain"`
	Lose int `json:"lose"`
	Same int `json:"same"`
	// Moved is the sum of all gains: when totals are equal, the money that changes hands.
	Moved decimal.Decimal `json:"moved"`
	// MostGain and MostLoss are the largest gain and the largest loss, as an amount above zero, with the recipient;
	// of equal ones, the first by identifier. Their ID is empty when there is none.
	MostGain Part `json:"mostGain"`
	MostLoss Part `json:"mostLoss"`
	// Inequality of what the rule gives; nil when it gives nothing.
	Inequality *Inequality `json:"inequality,omitempty"`
}

// Compare compares outcomes, in time n log n for each. The order of parts does not matter. The error wraps
// [ErrInput] when there is no outcome, a rule has no name or the name of another, or a recipient is named twice or
// has a negative amount, and [ErrLimit].
func Compare(outcomes []Outcome) (*Comparison, error) {
	const in = "comparison"
	if len(outcomes) == 0 || len(outcomes) > MaxOutcomes {
		return nil, inputError(in, "outcomes", fmt.Sprint(len(outcomes)), fmt.Sprintf("must be between 1 and %d", MaxOutcomes))
	}
	c := &Comparison{}
	rows := make(map[string]*ComparisonRow)
	seen := make(map[string]bool)
	for i, o := range outcomes {
		if err := checkID(fmt.Sprintf("%s: outcome %d", in, i+1), "rule", o.Rule); err != nil {
			return nil, err
		}
		where := in + ": rule " + quote(o.Rule)
		if seen[o.Rule] {
			return nil, inputError(where, "rule", o.Rule, "given twice")
		}
		seen[o.Rule] = true
		if err := checkParts(where, o.Parts); err != nil {
			return nil, err
		}
		c.Rules = append(c.Rules, o.Rule)
		for _, p := range o.Parts {
			r := rows[p.ID]
			if r == nil {
				r = &ComparisonRow{ID: p.ID, Amounts: make([]decimal.Decimal, len(outcomes)), Gains: make([]decimal.Decimal, len(outcomes))}
				rows[p.ID] = r
			}
			r.Amounts[i] = p.Amount
		}
	}
	for _, id := range sortedKeys(rows) {
		r := rows[id]
		for i := range r.Amounts {
			r.Gains[i] = r.Amounts[i].Sub(r.Amounts[0])
		}
		c.Rows = append(c.Rows, *r)
	}
	for i := range outcomes {
		c.Effects = append(c.Effects, c.effect(i))
	}
	return c, nil
}

func checkParts(in string, parts []Part) error {
	if len(parts) > MaxRecipients {
		return &Error{In: in, Field: "parts", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxRecipients)}
	}
	for i, p := range parts {
		if err := checkID("", "id", p.ID); err != nil {
			return within(fmt.Sprintf("%s: part %d", in, i+1), err)
		}
		if err := checkNotNegative("", "amount", p.Amount); err != nil {
			return within(in+": part of "+quote(p.ID), err)
		}
	}
	if id, twice := duplicate(len(parts), func(i int) string { return parts[i].ID }); twice {
		return inputError(in, "id", id, "given twice")
	}
	return nil
}

func (c *Comparison) effect(i int) Effect {
	e := Effect{Rule: c.Rules[i]}
	amounts := make([]decimal.Decimal, len(c.Rows))
	for at, r := range c.Rows {
		amounts[at] = r.Amounts[i]
		e.Total = e.Total.Add(r.Amounts[i])
		switch gain := r.Gains[i]; gain.Sign() {
		case 1:
			e.Gain++
			e.Moved = e.Moved.Add(gain)
			if gain.GreaterThan(e.MostGain.Amount) {
				e.MostGain = Part{r.ID, gain}
			}
		case -1:
			e.Lose++
			if gain.Neg().GreaterThan(e.MostLoss.Amount) {
				e.MostLoss = Part{r.ID, gain.Neg()}
			}
		default:
			e.Same++
		}
	}
	if m, err := Measure(amounts); err == nil {
		e.Inequality = &m
	}
	return e
}

// Text writes the comparison as a table: a line for each recipient with what each rule gives and the gain over the
// first rule, then a line for each rule with its effects. Amounts are rounded half up to the given decimals. Languages
// are those of [Explanation.Text]. It takes linear time.
func (c *Comparison) Text(language string, decimals int) string {
	w := newWriter(language, "", decimals)
	words := map[bool][]string{
		true:  {"bénéficiaire", "gagnent", "perdent", "inchangés", "déplacés", "Gini"},
		false: {"recipient", "gain", "lose", "unchanged", "moved", "Gini"},
	}[w.language == French]
	table := [][]string{{words[0]}}
	for i, r := range c.Rules {
		table[0] = append(table[0], r)
		if i > 0 {
			table[0] = append(table[0], "±")
		}
	}
	for _, r := range c.Rows {
		row := []string{r.ID}
		for i, a := range r.Amounts {
			row = append(row, w.amount(a))
			if i > 0 {
				row = append(row, w.signed(r.Gains[i]))
			}
		}
		table = append(table, row)
	}
	w.table(table)
	for _, e := range c.Effects {
		gini := "–"
		if e.Inequality != nil {
			gini = w.grouped(e.Inequality.Gini.StringFixed(4))
		}
		w.line(0, "%s%s%d %s, %d %s, %d %s, %s %s, %s %s", e.Rule, w.colon, e.Gain, words[1], e.Lose, words[2], e.Same, words[3],
			w.amount(e.Moved), words[4], words[5], gini)
	}
	return w.b.String()
}

func (w *writer) signed(d decimal.Decimal) string {
	if d.Sign() > 0 {
		return "+" + w.amount(d)
	}
	return w.amount(d)
}

// table writes rows in columns, the first aligned to the left and the others to the right.
func (w *writer) table(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			width[i] = max(width[i], len([]rune(s)))
		}
	}
	for _, row := range rows {
		for i, s := range row {
			pad := strings.Repeat(" ", width[i]-len([]rune(s)))
			if i == 0 {
				w.b.WriteString(s + pad)
			} else {
				w.b.WriteString("  " + pad + s)
			}
		}
		w.b.WriteByte('\n')
	}
}

// Fairness says how far what everybody gets is from the weights.
type Fairness struct {
	// Misplaced is half of Σ |part − total × weight / W|: the money that would have to change hands for parts to be
	// exactly in proportion, rounded half up to [MeasurePlaces] places.
	Misplaced decimal.Decimal `json:"misplaced"`
	// Envy is the largest amount by which somebody's part would be larger at the rate (part / weight) of somebody
	// else, rounded like Misplaced; Envious and Envied are the two. Those without a weight have no rate and
	// neither envy nor are envied. Zero and empty when nobody envies anybody.
	Envy    decimal.Decimal `json:"envy"`
	Envious string          `json:"envious,omitempty"`
	Envied  string          `json:"envied,omitempty"`
}

// MeasureFairness measures the fairness of parts by weights, which name the same recipients in the same order, as the
// fields of [Fairness] say: exactly, and rounded in the end. It takes linear time. The error wraps [ErrInput] when they
// do not, [ErrNoWeight] when nobody has a weight, and otherwise is that of [Compare].
func MeasureFairness(parts []Part, weights []Weight) (Fairness, error) {
	const in = "fairness"
	if len(parts) != len(weights) {
		return Fairness{}, inputError(in, "weights", fmt.Sprint(len(weights)), fmt.Sprintf("must be as many as the %d parts", len(parts)))
	}
	if err := checkParts(in, parts); err != nil {
		return Fairness{}, err
	}
	claims, err := readWeights(in, weights, given)
	if err != nil {
		return Fairness{}, err
	}
	if !claims.positive {
		return Fairness{}, &Error{In: in, Field: "weights", Err: ErrNoWeight, Reason: "none is above zero"}
	}
	total, all := decimal.Zero, decimal.Zero
	for i, p := range parts {
		if p.ID != weights[i].ID {
			return Fairness{}, inputError(in, "weight", weights[i].ID, "must be that of "+quote(p.ID))
		}
		total, all = total.Add(p.Amount), all.Add(weights[i].Value)
	}
	best := -1 // the first by identifier of those with the highest rate
	misplaced := decimal.Zero
	for i, p := range parts {
		w := weights[i].Value
		misplaced = misplaced.Add(p.Amount.Mul(all).Sub(total.Mul(w)).Abs())
		if w.Sign() > 0 && (best < 0 || higherRate(p, w, parts[best], weights[best].Value)) {
			best = i
		}
	}
	f := Fairness{Misplaced: misplaced.DivRound(all.Mul(decimal.New(2, 0)), MeasurePlaces)}
	rated, rate := parts[best].Amount, weights[best].Value
	envy := decimal.Zero // times rate
	for i, p := range parts {
		e := rated.Mul(weights[i].Value).Sub(p.Amount.Mul(rate))
		if weights[i].Value.Sign() > 0 && (e.GreaterThan(envy) || e.Equal(envy) && e.Sign() > 0 && p.ID < f.Envious) {
			envy, f.Envious, f.Envied = e, p.ID, parts[best].ID
		}
	}
	f.Envy = envy.DivRound(rate, MeasurePlaces)
	return f, nil
}

func higherRate(p Part, w decimal.Decimal, q Part, v decimal.Decimal) bool {
	c := p.Amount.Mul(v).Cmp(q.Amount.Mul(w))
	return c > 0 || c == 0 && p.ID < q.ID
}
