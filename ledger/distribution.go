package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
)

// The kinds of the rules that a distribution follows; their parameters are those of package dividend.
const (
	WealthKind    = "dividend.wealth"    // dividend.Wealth
	WeightsKind   = "dividend.weights"   // dividend.Weights
	WaterfallKind = "dividend.waterfall" // dividend.Waterfall
)

// The groups that a line of the waterfall may go to.
const (
	// Contributors are those whose validated contributions to the project, in the period, have points; their
	// weight is the points.
	Contributors = "contributors"
	// Introducers are those who brought a deal of the project that was cashed in the period; their weight is what
	// was received through them.
	Introducers = "introducers"
)

// Checks returns what codesocial.Open needs to refuse, before anyone signs, a version of the charter whose rules on
// validation and distribution could not be carried out.
func Checks() []codesocial.RuleCheck {
	return []codesocial.RuleCheck{
		codesocial.CheckRule(ValidationKind, (*ValidationRule).Validate),
		codesocial.CheckRule(WealthKind, func(w *dividend.Wealth) error { return w.Validate() }),
		codesocial.CheckRule(WeightsKind, func(w *dividend.Weights) error { return w.Validate() }),
		codesocial.CheckRule(WaterfallKind, func(w *dividend.Waterfall) error {
			if err := w.Validate(); err != nil {
				return err
			}
			for _, l := range w.Lines {
				if g := l.To.Group; g != "" && g != Contributors && g != Introducers {
					return bad(ErrUnknown, "line "+l.ID+": group", g, "must be %s or %s", Contributors, Introducers)
				}
			}
			return nil
		}),
	}
}

// A Distribution shares what a project received in a period, minus what it spent, as the charter in force on the last day says.
type Distribution struct {
	// ID is the id of its record, which follows from project and period.
	ID uuid.UUID `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// From and To are the first and the last day of the period, in the time zone of the charter.
	From codesocial.Date `json:"from"`
	To   codesocial.Date `json:"to"`
	// Clause is the clause that holds the waterfall; WealthClause and WeightsClause hold the kinds of wealth
	// and their points.
	Clause        codesocial.ClauseRef `json:"clause"`
	WealthClause  codesocial.ClauseRef `json:"wealthClause"`
	WeightsClause codesocial.ClauseRef `json:"weightsClause"`
	// Statement is the computation, line by line, with everything needed to do it again.
	Statement dividend.Statement `json:"statement"`
	// Postings carry it into the accounts; they add up to zero.
	Postings []Posting `json:"postings"`
}

func (d *Distribution) clone() Distribution {
	c := *d
	c.Statement.Lines = slices.Clone(c.Statement.Lines)
	c.Postings = slices.Clone(c.Postings)
	return c
}

func (d *Distribution) check() error {
	if err := codesocial.CheckIRI(d.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDays(d.From, d.To); err != nil {
		return err
	}
	if _, err := Decimals(d.Statement.Currency); err != nil {
		return err
	}
	return checkBalanced(d.Postings)
}

func checkDays(from, to codesocial.Date) error {
	if err := checkDay("from", from); err != nil {
		return err
	}
	if err := checkDay("to", to); err != nil {
		return err
	}
	if to.Before(from) {
		return bad(ErrInvalid, "to", to.String(), "is before the first day, %s", from)
	}
	return nil
}

// checkPeriod refuses a period that overlaps one that was distributed.
func (b *Books) checkPeriod(project string, from, to codesocial.Date) error {
	for _, d := range b.distributions {
		if d.Project == project && !to.Before(d.From) && !from.After(d.To) {
			return bad(ErrDistributed, "period", from.String()+"/"+to.String(), "%s was distributed from %s to %s", project, d.From, d.To)
		}
		if d.Project == project && from.Before(d.From) {
			return bad(ErrDistributed, "period", from.String()+"/"+to.String(), "a later period, from %s, has been distributed", d.From)
		}
	}
	return nil
}

// Compute works out what the distribution of a project over a period would be, from its first to its last day, and records
// nothing. What the project carried over, surplus or deficit, from its last distribution enters into it.
//
// The error wraps [ErrDistributed] for a period that was distributed, even in part; [ErrUnit] for money in another currency
// than the charter's; codesocial.ErrNoRule when the charter lacks a rule; an error of package dividend when the rules do
// not fit each other.
func (b *Books) Compute(project string, from, to codesocial.Date) (*Distribution, error) {
	d, err := b.compute(project, from, to)
	if err != nil {
		return nil, fmt.Errorf("ledger: distribution of %s, %s to %s: %w", quote(project), from, to, err)
	}
	return d, nil
}

func (b *Books) compute(project string, from, to codesocial.Date) (*Distribution, error) {
	if err := checkDays(from, to); err != nil {
		return nil, err
	}
	if err := b.checkMember("project", project, to); err != nil {
		return nil, err
	}
	if err := b.checkProject(project); err != nil {
		return nil, err
	}
	if err := b.checkPeriod(project, from, to); err != nil {
		return nil, err
	}
	charter, err := b.community.InForceOn(to)
	if err != nil {
		return nil, err
	}
	d := &Distribution{ID: distributionID(project, from, to), Project: project, From: from, To: to}
	var waterfall dividend.Waterfall
	var wealth dividend.Wealth
	var weights dividend.Weights
	if d.Clause, err = charter.Rule(WaterfallKind, &waterfall); err != nil {
		return nil, err
	}
	if d.WealthClause, err = charter.Rule(WealthKind, &wealth); err != nil {
		return nil, err
	}
	if d.WeightsClause, err = charter.Rule(WeightsKind, &weights); err != nil {
		return nil, err
	}
	in, err := b.input(charter, d, wealth, weights)
	if err != nil {
		return nil, err
	}
	statement, err := waterfall.Run(in)
	if err != nil {
		return nil, &codesocial.RuleError{Clause: d.Clause, Kind: WaterfallKind, Err: err}
	}
	d.Statement = *statement
	d.Postings = postings(project, statement)
	return d, nil
}

// input gathers what the waterfall runs on.
func (b *Books) input(charter *codesocial.Charter, d *Distribution, wealth dividend.Wealth, weights dividend.Weights) (in dividend.Input, err error) {
	period := Filter{Project: d.Project, From: d.From, To: d.To}
	in = dividend.Input{Scope: d.Project, Clause: d.Clause.Clause, Currency: charter.Currency()}
	if in.Decimals, err = Decimals(in.Currency); err != nil {
		return in, err
	}
	for _, t := range b.CashTotals(period) {
		if t.Currency != in.Currency {
			return in, bad(ErrUnit, "currency", t.Currency, "the charter shares %s, and no rule converts", in.Currency)
		}
		in.Received, in.DirectCosts = t.Received, t.DirectCosts
	}
	for _, before := range b.distributions {
		if before.Project == d.Project { // the last one counts, they are in order
			if before.Statement.Currency != in.Currency {
				return in, bad(ErrUnit, "currency", before.Statement.Currency, "the charter shares %s, and what was carried over is in another currency", in.Currency)
			}
			in.Deficit, in.Surplus = before.Statement.Deficit, before.Statement.CarriedOver
		}
	}
	matrix, err := b.Matrix(period, wealth)
	if err != nil {
		return in, err
	}
	contributors, err := matrix.AllPoints(weights)
	if err != nil {
		return in, &codesocial.RuleError{Clause: d.WeightsClause, Kind: WeightsKind, Err: err}
	}
	in.Groups = map[string][]dividend.Weight{Contributors: contributors, Introducers: b.introducers(period)}
	return in, nil
}

func (b *Books) introducers(period Filter) []dividend.Weight {
	through := make(map[string]decimal.Decimal)
	for r := range b.Receipts(period) {
		if r.Introducer != "" {
			through[r.Introducer] = through[r.Introducer].Add(r.Amount)
		}
	}
	weights := make([]dividend.Weight, 0, len(through))
	for id, amount := range through {
		weights = append(weights, dividend.Weight{ID: id, Value: amount})
	}
	slices.SortFunc(weights, func(x, y dividend.Weight) int { return compareStrings(x.ID, y.ID) })
	return weights
}

// postings debits the project with what was placed, and credits funds and parties. Nothing is posted for zero.
func postings(project string, s *dividend.Statement) []Posting {
	var credits []Posting
	placed := decimal.Zero
	add := func(account func(string) Account, parts []dividend.Part) {
		for _, p := range parts {
			if !p.Amount.IsZero() {
				credits = append(credits, Posting{account(p.ID), p.Amount.Neg()})
				placed = placed.Add(p.Amount)
			}
		}
	}
	add(FundAccount, s.Funds())
	add(PartyAccount, s.Parties())
	if placed.IsZero() {
		return []Posting{}
	}
	return append([]Posting{{ProjectAccount(project), placed}}, credits...)
}

var distributions = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://commonstocommons.github.io/codesocial/ns#distribution"))

func distributionID(project string, from, to codesocial.Date) uuid.UUID {
	return uuid.NewSHA1(distributions, []byte(project+"\n"+from.String()+"\n"+to.String()))
}

// DraftDistribution decides [Ledger.Distribute] without recording it.
func (b *Books) DraftDistribution(project string, from, to codesocial.Date) ([]journal.Draft, *Distribution, error) {
	for _, d := range b.distributions {
		if d.Project == project && d.From == from && d.To == to {
			same := d.clone()
			return nil, &same, nil
		}
	}
	d, err := b.Compute(project, from, to)
	if err != nil {
		return nil, nil, err
	}
	return []journal.Draft{{ID: d.ID, Kind: KindDistribution, Schema: schema, Payload: *d}}, d, nil
}

// checkArithmetic computes a recorded distribution again from the records before it.
func (b *Books) checkArithmetic(d *Distribution) error {
	again, err := b.compute(d.Project, d.From, d.To)
	if err != nil {
		return errors.Join(ErrArithmetic, err)
	}
	recorded, err := canonical.Marshal(d)
	if err != nil {
		return err
	}
	computed, err := canonical.Marshal(again)
	if err != nil {
		return err
	}
	if !bytes.Equal(recorded, computed) {
		return badly(ErrArithmetic, "distribution of "+quote(d.Project), "computed again from the records before it, it is another one")
	}
	return nil
}

// rulesByDay remembers the kinds of wealth of the versions in force on the days of a batch.
type rulesByDay struct {
	state *codesocial.State
	known map[string]wealthRule // by hash of the version
}

type wealthRule struct {
	rule   dividend.Wealth
	clause codesocial.ClauseRef
}

func (r *rulesByDay) wealth(day codesocial.Date) (wealthRule, error) {
	charter, err := r.state.InForceOn(day)
	if err != nil {
		return wealthRule{}, err
	}
	if w, ok := r.known[charter.Hash()]; ok {
		return w, nil
	}
	var w wealthRule
	if w.clause, err = charter.Rule(WealthKind, &w.rule); err != nil {
		return w, err
	}
	if r.known == nil {
		r.known = make(map[string]wealthRule)
	}
	r.known[charter.Hash()] = w
	return w, nil
}
