package dividend

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// The rules that a [Step] can be an application of.
const (
	StepBase     = "base"     // what there is to share
	StepLine     = "line"     // what one line of the waterfall takes
	StepLeft     = "left"     // what remains after the line
	StepWeight   = "weight"   // the weight of the recipient in a group
	StepTerm     = "term"     // one product that the weight is made of
	StepCounted  = "counted"  // what the weight counts for under the sharing rule of the line
	StepQuotient = "quotient" // the exact share, before rounding
	StepShare    = "share"    // the share of the recipient, after rounding
	StepClaim    = "claim"    // what is paid on one claim of the recipient
)

// The formulas of steps. That of a line depends on the line, see [Step].
const (
	formulaBase     = "received + surplus - costs - deficit"
	formulaLeft     = "remaining - placed"
	formulaSum      = "sum()"
	formulaTerm     = "quantity * points"
	formulaRatio    = "max(weight * ratio, highest)"
	formulaBlend    = "equal * all + rest * members * weight"
	formulaQuotient = "pool * weight / total"
	formulaShare    = "floor(pool * weight / total) + added"
)

// Notes that a [Step] can carry, beside [LimitCap], [LimitRemaining], [NoMember] and [NoWeight].
const (
	// NoteExact: the quotient ends within the decimals of the currency.
	NoteExact = "exact"
	// NoteTruncated: the result shows the first decimals of a quotient that has more.
	NoteTruncated = "truncated"
	// NoteAdded: a unit left over by rounding went to this share, whose remainder is among the largest.
	NoteAdded = "added"
	// NoteNotAdded: the units left over by rounding went to larger remainders.
	NoteNotAdded = "not added"
	// NoteFloor and NoteCap: the share is the floor, or the cap, of the sharing rule.
	NoteFloor = "floor"
	NoteCap   = "member cap"
	// NotePerPoint: the share is what the sharing rule allows for the weight.
	NotePerPoint = "per point"
	// NoteRatio, NoteBlend and NoteEven: what changed the weight. NoteTooLittle: there is less than all floors
	// together, so parts are equal.
	NoteRatio     = "ratio"
	NoteBlend     = "blend"
	NoteEven      = "even"
	NoteTooLittle = "too little"
)

// Explanation says how one recipient's amount came about, as data. [Explanation.Text] writes it for people.
type Explanation struct {
	Scope    string `json:"scope"`
	Currency string `json:"currency"`
	Decimals int    `json:"decimals"`
	// Recipient is the identifier of a party or, when Fund is true, of a fund.
	Recipient string          `json:"recipient"`
	Fund      bool            `json:"fund,omitempty"`
	Amount    decimal.Decimal `json:"amount"`
	// Steps begins with the base and has one step for each line, up to the last one that concerns the recipient.
	// Amount is the sum of the results of their share steps.
	Steps []Step `json:"steps"`
}

// Step is one computation: a formula, its inputs by name, and the result. Whoever puts the inputs into the
// formula gets the result, except that a quotient noted as truncated goes on after the decimals shown.
type Step struct {
	// Rule is the kind of step, one of [StepBase] and so on.
	Rule string `json:"rule"`
	// Subject is the id of the line or of the kind of wealth concerned.
	Subject string `json:"subject,omitempty"`
	// From is, for a term, the first day of the period that its points hold for; empty when there is none.
	From string `json:"from,omitempty"`
	// Name is the name of the line by language tag.
	Name map[string]string `json:"name,omitempty"`
	// Clause is the id of the clause that the step rests on.
	Clause string `json:"clause,omitempty"`
	// To is who receives a line.
	To Target `json:"to,omitzero"`
	// Formula is an expression over names of inputs, with + - * / and parentheses, min(a, b), max(a, b), round(x) half
	// up and floor(x) down to the smallest unit of the currency, and sum(), which adds all inputs:
	// "min(round(rate * base), floor(cap))".
	Formula string `json:"formula"`
	// Inputs are what the formula names. Inputs that it does not name are there to be shown.
	Inputs []Quantity `json:"inputs"`
	// Result is what the formula gives; its name is that of the rule.
	Result Quantity `json:"result"`
	// Note says what is particular: one of the constants that begin with Note, Limit or No, [AllCapped], [ClaimsPaid], a
	// [Method] other than the default, an [OverClaim], or nothing.
	Note string `json:"note,omitempty"`
	// Steps are the steps below this one.
	Steps []Step `json:"steps,omitempty"`
}

// Quantity is a named value.
type Quantity struct {
	Name  string          `json:"name"`
	Value decimal.Decimal `json:"value"`
	// Unit is a currency, the unit of a kind of wealth, or empty.
	Unit string `json:"unit,omitempty"`
}

// Input returns the value of the input with this name, or zero.
func (s Step) Input(name string) decimal.Decimal {
	for _, q := range s.Inputs {
		if q.Name == name {
			return q.Value
		}
	}
	return decimal.Zero
}

// Explain says how the amount of a party came about. To explain many recipients of one statement, make an
// [Explainer]. The error wraps [ErrUnknown] when no line concerns the party; otherwise it is that of
// [Statement.Verify].
func (s *Statement) Explain(party string) (Explanation, error) {
	e, err := NewExplainer(s)
	if err != nil {
		return Explanation{}, err
	}
	return e.Party(party)
}

// Explainer explains the amounts of one statement. Making one verifies the statement and ranks the remainders of
// every group line, in n log n time; each explanation then takes time logarithmic in the number of recipients. It can
// be used by several goroutines at once. Make one with [NewExplainer].
type Explainer struct {
	statement *Statement
	base      Step
	lines     []lineWorking
}

// NewExplainer prepares explanations of a statement, which must not change afterwards. What does not follow from
// its own inputs cannot be explained: the error is that of [Statement.Verify].
func NewExplainer(s *Statement) (*Explainer, error) {
	if err := s.Verify(); err != nil {
		return nil, within("explain", err)
	}
	e := &Explainer{statement: s, base: s.baseStep(), lines: make([]lineWorking, len(s.Lines))}
	remaining := decimal.Max(s.Base, decimal.Zero)
	for i, l := range s.Lines {
		e.lines[i] = l.working(s.Decimals)
		e.lines[i].step = s.lineStep(l, remaining)
		remaining = l.Remaining
	}
	return e, nil
}

// Party explains the amount of a party. The error wraps [ErrUnknown] when no line concerns the party.
func (e *Explainer) Party(id string) (Explanation, error) { return e.explain(id, false) }

// Fund explains the amount of a fund. The error wraps [ErrUnknown] when no line goes to the fund.
func (e *Explainer) Fund(id string) (Explanation, error) { return e.explain(id, true) }

func (e *Explainer) explain(id string, fund bool) (Explanation, error) {
	s := e.statement
	x := Explanation{
		Scope: s.Scope, Currency: s.Currency, Decimals: s.Decimals, Recipient: id, Fund: fund,
		Steps: []Step{e.base},
	}
	last := 0
	for i, l := range s.Lines {
		step := e.lines[i].step
		if share, ok := e.share(i, l, id, fund); ok {
			step.Steps = append(slices.Clone(share), step.Steps...)
			x.Amount = x.Amount.Add(share[len(share)-1].Result.Value)
			last = len(x.Steps) + 1
		}
		x.Steps = append(x.Steps, step)
	}
	if last == 0 {
		what := "party"
		if fund {
			what = "fund"
		}
		return Explanation{}, &Error{In: "explain", Field: what, Value: id, Reason: "no line of the statement concerns it", Err: ErrUnknown}
	}
	x.Steps = x.Steps[:last]
	return x, nil
}

// share returns the steps that end in the recipient's share of a line, and whether the line concerns it.
func (e *Explainer) share(i int, l LineResult, id string, fund bool) ([]Step, bool) {
	if !fund && l.Line.To.Claims != "" {
		return e.claimSteps(l, id)
	}
	if fund || !l.Line.To.shared() {
		if fund && l.Line.To.Fund != id || !fund && l.Line.To.Party != id {
			return nil, false
		}
		return []Step{{
			Rule: StepShare, Formula: formulaSum, Inputs: []Quantity{e.money("placed", l.Placed)}, Result: e.money(StepShare, l.Placed),
		}}, true
	}
	at, ok := slices.BinarySearchFunc(l.Members, id, func(w Weight, id string) int { return cmp.Compare(w.ID, id) })
	if !ok {
		return nil, false
	}
	steps := []Step{weightStep(l.Members[at])}
	if len(l.Parts) == 0 {
		return append(steps, Step{
			Rule: StepShare, Formula: formulaSum, Inputs: []Quantity{}, Result: e.money(StepShare, decimal.Zero), Note: l.Reason,
		}), true
	}
	w := e.lines[i]
	steps = append(steps, l.countedSteps(w, at)...)
	if w.place[at] < 0 {
		return append(steps, e.boundStep(w, l, at)), true
	}
	return append(steps, e.quotientStep(w, at), e.shareStep(w, l, at)), true
}

// boundStep returns the share of a member who is at the floor, the cap or the most for the weight.
func (e *Explainer) boundStep(w lineWorking, l LineResult, at int) Step {
	share, member, got := l.Line.sharing(), l.Members[at], l.Parts[at].Amount
	step := Step{
		Rule: StepShare, Formula: "floor", Note: NoteFloor,
		Inputs: []Quantity{e.money("floor", got)}, Result: e.money(StepShare, got),
	}
	switch {
	case !w.bounded.Capped[at]:
	case share.PerPoint != nil && share.perPoint(member, e.statement.Decimals).Equal(got):
		step.Formula, step.Note = "floor(perPoint * weight)", NotePerPoint
		step.Inputs = []Quantity{e.money("perPoint", *share.PerPoint), {Name: "weight", Value: member.Value}}
	case share.Cap != nil && share.Cap.Equal(got): // otherwise the floor is above what the weight allows, and so the most
		step.Formula, step.Note, step.Inputs[0].Name = "cap", NoteCap, "cap"
	}
	return step
}

func weightStep(m Weight) Step {
	if len(m.Terms) == 0 {
		return Step{
			Rule: StepWeight, Formula: formulaSum,
			Inputs: []Quantity{{Name: StepWeight, Value: m.Value}}, Result: Quantity{Name: StepWeight, Value: m.Value},
		}
	}
	step := Step{Rule: StepWeight, Formula: formulaSum, Result: Quantity{Name: StepWeight, Value: m.Value}}
	for _, t := range m.Terms {
		step.Inputs = append(step.Inputs, Quantity{Name: t.Kind, Value: t.Value})
		step.Steps = append(step.Steps, Step{
			Rule: StepTerm, Subject: t.Kind, From: t.From, Formula: formulaTerm,
			Inputs: []Quantity{{Name: "quantity", Value: t.Quantity, Unit: t.Unit}, {Name: "points", Value: t.Points}},
			Result: Quantity{Name: StepTerm, Value: t.Value},
		})
	}
	return step
}

// quotientPlaces is how many decimals of a quotient are shown beyond those of the currency.
const quotientPlaces = 6

func (e *Explainer) quotientStep(w lineWorking, at int) Step {
	places := int32(e.statement.Decimals)
	q, place := w.quotas, w.place[at]
	step := Step{
		Rule: StepQuotient, Formula: formulaQuotient, Note: NoteExact,
		Inputs: []Quantity{e.money("pool", w.pool), {Name: "weight", Value: w.counted[at].Value}, {Name: "total", Value: w.total}},
	}
	if w.total.IsZero() { // everybody who has a weight is at the cap
		step.Formula, step.Result = formulaSum, e.money(StepQuotient, decimal.Zero)
		step.Inputs = []Quantity{}
		return step
	}
	value := decimal.NewFromBigInt(q.floors[place], -places)
	if q.rests[place].Sign() > 0 {
		rest, left := decimal.NewFromBigInt(q.rests[place], 0).QuoRem(decimal.NewFromBigInt(q.total, 0), quotientPlaces)
		value = value.Add(rest.Shift(-places))
		step.Note = ""
		if !left.IsZero() {
			step.Note = NoteTruncated
		}
	}
	step.Result = e.money(StepQuotient, value)
	return step
}

func (e *Explainer) shareStep(w lineWorking, l LineResult, at int) Step {
	places := int32(e.statement.Decimals)
	place, result := w.place[at], l.Parts[at].Amount
	floor := decimal.NewFromBigInt(w.quotas.floors[place], -places)
	note := NoteNotAdded
	switch method := l.Line.sharing().Method; {
	case w.quotas.rests[place].Sign() == 0 && floor.Equal(result):
		note = NoteExact
	case method != "" && method != LargestRemainder:
		note = string(method)
	case w.rank[place] <= w.quotas.missing:
		note = NoteAdded
	}
	step := Step{
		Rule: StepShare, Formula: formulaShare, Note: note,
		Inputs: []Quantity{
			e.money("pool", w.pool),
			{Name: "weight", Value: w.counted[at].Value},
			{Name: "total", Value: w.total},
			e.money("added", result.Sub(floor)),
			e.money("floor", floor),
			{Name: "rank", Value: decimal.New(int64(w.rank[place]), 0)},
			{Name: "missing", Value: decimal.New(int64(w.quotas.missing), 0)},
			{Name: "members", Value: decimal.New(int64(len(w.rank)), 0)},
		},
		Result: e.money(StepShare, result),
	}
	if w.total.IsZero() {
		step.Formula, step.Inputs = formulaSum, []Quantity{}
	}
	return step
}

func (e *Explainer) money(name string, v decimal.Decimal) Quantity {
	return e.statement.money(name, v)
}

func (s *Statement) money(name string, v decimal.Decimal) Quantity {
	return Quantity{Name: name, Value: v, Unit: s.Currency}
}

func (s *Statement) baseStep() Step {
	return Step{
		Rule: StepBase, Clause: s.Clause, Formula: formulaBase,
		Inputs: []Quantity{
			s.money("received", s.Received), s.money("surplus", s.Surplus),
			s.money("costs", s.DirectCosts), s.money("deficit", s.Brought),
		},
		Result: s.money(StepBase, s.Base),
	}
}

// lineStep describes what the line took of what remained before it.
func (s *Statement) lineStep(l LineResult, remaining decimal.Decimal) Step {
	step := Step{
		Rule: StepLine, Subject: l.Line.ID, Name: l.Line.Name, Clause: l.Line.Clause, To: l.Line.To,
		Result: s.money(StepLine, l.Amount), Note: l.Limit,
	}
	if l.Line.Fixed != nil {
		step.Formula = "fixed"
		step.Inputs = []Quantity{s.money("fixed", *l.Line.Fixed)}
	} else {
		step.Formula = "round(rate * " + l.Line.Of + ")"
		step.Inputs = []Quantity{{Name: "rate", Value: valueOf(l.Line.Rate)}, s.money(l.Line.Of, l.Basis)}
	}
	if l.Line.Cap != nil {
		step.Formula = "min(" + step.Formula + ", floor(cap))"
		step.Inputs = append(step.Inputs, s.money("cap", *l.Line.Cap))
	}
	if l.Limit == LimitRemaining {
		step.Formula = "min(" + step.Formula + ", remaining)"
		if l.Line.Of != OfRemaining {
			step.Inputs = append(step.Inputs, s.money("remaining", remaining))
		}
	}
	if l.Limit == LimitCondition {
		step.Formula = "nothing"
		step.Inputs = append(step.Inputs, s.money("nothing", decimal.Zero), s.money("atLeast", valueOf(l.Line.AtLeast)))
	}
	step.Steps = []Step{{
		Rule: StepLeft, Formula: formulaLeft, Note: l.Reason,
		Inputs: []Quantity{s.money("remaining", remaining), s.money("placed", l.Placed)},
		Result: s.money(StepLeft, l.Remaining),
	}}
	return step
}
