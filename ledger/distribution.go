package ledger

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
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
	ValuationKind = "dividend.valuation" // dividend.Valuation: for Books.Value only, it has no part in a distribution
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

// AllClaims is what a line of the waterfall goes to that pays the claims on the project: those of the kind [Claim], in the currency of the charter, that are dated up to the last day of the period and
// outstanding, in the order of recording, but for those that other lines name by their ids. What is paid reduces them, and what the line's policy renounces is owed no more;
// what a correction of the run takes back is owed again.
const AllClaims = "all"

// Checks returns what codesocial.Open needs to refuse, before anyone signs, a version of the charter whose rules on
// validation, bookkeeping and distribution could not be carried out.
func Checks() codesocial.RuleChecks {
	return codesocial.RuleChecks{
		codesocial.CheckRule(ValidationKind, (*ValidationRule).Validate),
		codesocial.CheckRule(BookkeepingKind, (*BookkeepingRule).Validate),
		codesocial.CheckRule(ReviewKind, (*ReviewRule).Validate),
		codesocial.CheckRule(AccountsKind, (*AccountsRule).Validate),
		codesocial.CheckRule(PoolsKind, (*PoolsRule).Validate),
		codesocial.CheckRule(SteeringKind, (*SteeringRule).Validate),
		codesocial.CheckRule(WealthKind, func(w *dividend.Wealth) error { return w.Validate() }),
		{Kind: WeightsKind, Check: checkWith[dividend.Weights]},
		{Kind: ValuationKind, Check: checkWith[dividend.Valuation]},
		codesocial.CheckRule(WaterfallKind, func(w *dividend.Waterfall) error {
			if err := w.Validate(); err != nil {
				return err
			}
			for _, l := range w.Lines {
				if g := l.To.Group; g != "" && g != Contributors && g != Introducers {
					return bad(ErrUnknown, "line "+l.ID+": group", g, "must be %s or %s", Contributors, Introducers)
				}
				if c := l.To.Claims; c != "" && c != AllClaims {
					if id, err := uuid.Parse(c); err != nil || id.String() != c {
						return bad(ErrUnknown, "line "+l.ID+": claims", c, "must be %s, or the id of a claim", AllClaims)
					}
				}
			}
			return nil
		}),
	}
}

// checkWith checks a rule about kinds of wealth, and that the charter recognises these kinds.
func checkWith[R interface {
	Validate() error
	ValidateWith(wealth dividend.Wealth) error
}](r codesocial.Rule,
) error {
	var rule R
	if err := r.Decode(&rule); err != nil {
		return err
	}
	err := rule.Validate()
	if err == nil && r.Charter() != nil {
		var wealth dividend.Wealth
		if _, err = r.Charter().Rule(WealthKind, &wealth); err == nil {
			err = rule.ValidateWith(wealth)
		}
	}
	if err != nil {
		return &codesocial.RuleError{Clause: r.Clause, Kind: r.Kind, Err: fmt.Errorf("ledger: %w: %w", ErrInvalid, err)}
	}
	return nil
}

// A Run names what is to be distributed.
type Run struct {
	// Project is the IRI of the project.
	Project string
	// From and To are the first and the last day of the period, in the time zone of the charter.
	From, To codesocial.Date
	// On is the day of the run, from which a window of contestation counts. Zero: To.
	On codesocial.Date
	// Corrects is the id of the distribution of the same project and period that this one takes the place of: the last one of the
	// project. Zero for a first distribution.
	Corrects uuid.UUID
}

// A Distribution shares what a project received in a period, minus what it spent, as the charter in force on the last day says.
type Distribution struct {
	// ID is the id of its record, which follows from project, period and what it corrects.
	ID uuid.UUID `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// From and To are the first and the last day of the period, in the time zone of the charter.
	From codesocial.Date `json:"from"`
	To   codesocial.Date `json:"to"`
	// On is the day of the run, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Corrects is the id of the distribution whose place it takes; zero for a first one.
	Corrects uuid.UUID `json:"corrects,omitzero"`
	// Clause is the clause that holds the waterfall; WealthClause and WeightsClause hold the kinds of wealth
	// and their points.
	Clause        codesocial.ClauseRef `json:"clause"`
	WealthClause  codesocial.ClauseRef `json:"wealthClause"`
	WeightsClause codesocial.ClauseRef `json:"weightsClause"`
	// Split is the id of the record of the catalogue whose lines it follows instead of the charter's, see [Split]; Clause is then the one that
	// lets it.
	Split uuid.UUID `json:"split,omitzero"`
	// Review says how it is reviewed before it is posted; nil: it is posted at once.
	Review *Review `json:"review,omitempty"`
	// Inputs is a SHA-256 over the contributions, receipts and expenses that entered into it, in the order in which they were
	// recorded: "sha256:" and 64 hexadecimal digits. See [Books.InputsHash].
	Inputs string `json:"inputs"`
	// Prestations says that ordered work gave shares too, as the rule "ledger.validation" allows.
	Prestations bool `json:"prestations,omitempty"`
	// Statement is the computation, line by line, with everything needed to do it again.
	Statement dividend.Statement `json:"statement"`
	// Postings carry it into the accounts; they add up to zero. Those of a correction of what was posted carry the difference.
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
	if err := checkDay("on", d.On); err != nil {
		return err
	}
	if d.Review != nil {
		rule := ReviewRule{Window: d.Review.Window, Approvals: d.Review.Approvals, Decision: d.Review.Decision, Overrule: d.Review.Overrule}
		if err := rule.Validate(); err != nil {
			return err
		}
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

// checkPeriod refuses a period that was distributed, unless the run corrects just that, and one that is not the next.
func (b *Books) checkPeriod(run Run) error {
	period := run.From.String() + "/" + run.To.String()
	if run.Corrects != uuid.Nil {
		old, err := b.find(run.Corrects)
		if err != nil {
			return err
		}
		if err := old.may(eventCorrect); err != nil {
			return err
		}
		if old.Project != run.Project || old.From != run.From || old.To != run.To {
			return bad(ErrInvalid, "corrects", run.Corrects.String(), "is the distribution of %s from %s to %s", old.Project, old.From, old.To)
		}
	}
	replaced := b.replaced(run.Corrects)
	for _, d := range b.distributions {
		switch {
		case d.Project != run.Project || d.is(Superseded) || d.ID == run.Corrects || d == replaced:
		case run.Corrects != uuid.Nil && d.Corrects == run.Corrects:
			return bad(ErrDistributed, "corrects", run.Corrects.String(), "is being corrected by %s already", d.ID)
		case !run.To.Before(d.From) && !run.From.After(d.To):
			return bad(ErrDistributed, "period", period, "%s was distributed from %s to %s: a correction names it", run.Project, d.From, d.To)
		case run.From.Before(d.From):
			return bad(ErrDistributed, "period", period, "a later period, from %s, has been distributed", d.From)
		case !d.is(Posted):
			status, _ := d.status(At{})
			return bad(ErrState, "period", period, "the distribution from %s to %s is %s: it must be posted first, since what it carries over enters here", d.From, d.To, status)
		}
	}
	return nil
}

// Compute works out what a distribution would be, and records nothing: a preview. What the project carried over, surplus or
// deficit, from its last distribution enters into it.
//
// The error wraps [ErrDistributed] for a period that was distributed, even in part; [ErrState] while the distribution before it is not posted;
// [ErrUnit] for money in another currency than the charter's; codesocial.ErrNoRule when the charter lacks a rule; an
// error of package dividend when the rules do not fit each other.
func (b *Books) Compute(run Run) (*Distribution, error) {
	d, err := b.compute(run)
	if err != nil {
		return nil, fmt.Errorf("ledger: distribution of %s, %s to %s: %w", quote(run.Project), run.From, run.To, err)
	}
	return d, nil
}

func (b *Books) compute(run Run) (*Distribution, error) {
	project, from, to := run.Project, run.From, run.To
	if run.On.IsZero() {
		run.On = to
	}
	if err := cmp.Or(checkDays(from, to), checkDay("on", run.On)); err != nil {
		return nil, err
	}
	if run.On.Before(from) {
		return nil, bad(ErrInvalid, "on", run.On.String(), "is before the period")
	}
	if err := b.checkMember("project", project, to); err != nil {
		return nil, err
	}
	if err := b.checkProject(project); err != nil {
		return nil, err
	}
	if err := b.checkPeriod(run); err != nil {
		return nil, err
	}
	charter, err := b.community.InForceOn(to)
	if err != nil {
		return nil, err
	}
	d := &Distribution{ID: run.id(), Project: project, From: from, To: to, On: run.On, Corrects: run.Corrects}
	if d.Review, err = reviewOf(charter); err != nil {
		return nil, err
	}
	var wealth dividend.Wealth
	var weights dividend.Weights
	waterfall, err := b.waterfall(charter, d)
	if err != nil {
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
	if in.Claims, err = b.claims(waterfall.Lines, d, in.Currency, At{}); err != nil {
		return nil, err
	}
	d.Inputs = b.inputsHash(d, in.Claims)
	statement, err := waterfall.Run(in)
	if err != nil {
		return nil, &codesocial.RuleError{Clause: d.Clause, Kind: WaterfallKind, Err: err}
	}
	d.Statement = *statement
	d.Postings = postings(project, statement)
	if old := b.replaced(run.Corrects); old != nil {
		d.Postings = difference(d.Postings, postings(project, &old.Statement))
	}
	return d, nil
}

// reviewOf returns the rule on reviews of a charter, nil if it has none.
func reviewOf(charter *codesocial.Charter) (*Review, error) {
	var rule ReviewRule
	clause, err := charter.Rule(ReviewKind, &rule)
	if errors.Is(err, codesocial.ErrNoRule) {
		return nil, nil
	}
	if err == nil {
		err = rule.Validate()
	}
	if err != nil {
		return nil, err
	}
	return &Review{Clause: clause, Window: rule.Window, Approvals: rule.Approvals, Decision: rule.Decision, Overrule: rule.Overrule}, nil
}

// difference returns the postings that lead from old to wanted, in the order of the accounts' names.
func difference(wanted, old []Posting) []Posting {
	sums := make(map[Account]decimal.Decimal)
	for _, p := range wanted {
		sums[p.Account] = sums[p.Account].Add(p.Amount)
	}
	for _, p := range old {
		sums[p.Account] = sums[p.Account].Sub(p.Amount)
	}
	out := []Posting{}
	for _, account := range slices.Sorted(maps.Keys(sums)) {
		if !sums[account].IsZero() {
			out = append(out, Posting{Account: account, Amount: sums[account]})
		}
	}
	return out
}

// InputsHash returns a SHA-256 over the validated contributions, receipts and expenses of a project in a period, in the order in which
// they were recorded: one line each, of kind, id and value. Two distributions with one hash rest on the same facts. To that of a distribution which pays claims, these
// are added, with what is left of each without what runs on the same period paid.
func (b *Books) InputsHash(project string, from, to codesocial.Date) string {
	return b.inputsHash(&Distribution{Project: project, From: from, To: to}, nil)
}

func (b *Books) inputsHash(d *Distribution, claims map[string][]dividend.Claim) string {
	project, from, to := d.Project, d.From, d.To
	h := sha256.New()
	f := Filter{Project: project, From: from, To: to}
	for c, s := range b.selects(f) {
		if s.status.Counts() {
			fmt.Fprintf(h, "contribution %s %s %s %s %s\n", c.id, b.names.of(c.party), b.names.of(c.kind), s.value.decimal(), b.names.of(c.unit))
		}
	}
	for r := range b.Receipts(f) {
		fmt.Fprintf(h, "receipt %s %s %s %s\n", r.ID, r.Amount, r.Currency, r.Introducer)
	}
	for e := range b.Expenses(f) {
		fmt.Fprintf(h, "expense %s %s %s\n", e.ID, e.Amount, e.Currency)
	}
	b.cash(f, func(c cashed) {
		if c.place != c.original {
			fmt.Fprintf(h, "correction %s of %s %s %s\n", b.money.all[c.place].id, b.money.all[c.original].id, c.amount.decimal(), c.currency)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		for _, c := range claims[name] {
			fmt.Fprintf(h, "claim %s %s %s\n", c.ID, c.Party, c.Left)
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
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
		in.Received, in.DirectCosts = signed(t.Received, t.DirectCosts)
	}
	for _, before := range b.distributions {
		if before.Project == d.Project && before.is(Posted) && before.To.Before(d.From) { // the last one counts, they are in order
			if before.Statement.Currency != in.Currency {
				return in, bad(ErrUnit, "currency", before.Statement.Currency, "the charter shares %s, and what was carried over is in another currency", in.Currency)
			}
			in.Deficit, in.Surplus = before.Statement.Deficit, before.Statement.CarriedOver
		}
	}
	var validation ValidationRule
	if _, err := charter.Rule(ValidationKind, &validation); err == nil {
		d.Prestations = validation.Prestations
	}
	matrix, err := b.matrix(period, wealth, d.Prestations)
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
	through := make(map[string]fixed)
	b.cash(period, func(c cashed) {
		if by := b.names.of(b.money.all[c.original].party); c.receipt && by != "" {
			through[by] = through[by].add(c.amount)
		}
	})
	weights := make([]dividend.Weight, 0, len(through))
	for id, amount := range through {
		if amount.hi >= 0 && !amount.isZero() { // what was taken back gives no weight
			weights = append(weights, dividend.Weight{ID: id, Value: amount.decimal()})
		}
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
				credits = append(credits, Posting{Account: account(p.ID), Amount: p.Amount.Neg()})
				placed = placed.Add(p.Amount)
			}
		}
	}
	add(FundAccount, s.Funds())
	add(PartyAccount, s.Parties())
	if placed.IsZero() {
		return []Posting{}
	}
	return append([]Posting{{Account: ProjectAccount(project), Amount: placed}}, credits...)
}

var distributions = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://commonstocommons.github.io/codesocial/ns#distribution"))

func (r Run) id() uuid.UUID {
	name := r.Project + "\n" + r.From.String() + "\n" + r.To.String()
	if r.Corrects != uuid.Nil {
		name += "\n" + r.Corrects.String()
	}
	return uuid.NewSHA1(distributions, []byte(name))
}

// DraftDistribution decides [Ledger.Distribute] without recording it.
func (b *Books) DraftDistribution(run Run) ([]journal.Draft, *Distribution, error) {
	if d, err := b.find(run.id()); err == nil {
		var lines []dividend.Line
		for _, l := range d.Statement.Lines {
			lines = append(lines, l.Line)
		}
		claims, err := b.claims(lines, &d.Distribution, d.Statement.Currency, At{Known: d.token}) // what is claimed or paid since is a matter of later runs
		if status, _ := d.status(At{}); err != nil || status == Superseded || d.Inputs != b.inputsHash(&d.Distribution, claims) {
			return nil, nil, fmt.Errorf("ledger: distribution of %s, %s to %s: %w", quote(run.Project), run.From, run.To,
				bad(ErrDistributed, "period", run.From.String()+"/"+run.To.String(), "it is recorded as %s and is %s, and facts have come since: a correction names the last one", d.ID, status))
		}
		same := d.clone()
		return nil, &same, nil
	}
	d, err := b.Compute(run)
	if err != nil {
		return nil, nil, err
	}
	if err := b.checkOpen("on", d.On); err != nil && d.Review == nil {
		return nil, nil, fmt.Errorf("ledger: distribution of %s, %s to %s: %w", quote(run.Project), run.From, run.To, err)
	}
	if old, err := b.find(run.Corrects); err == nil && old.Inputs == d.Inputs && old.Clause == d.Clause && old.Split == d.Split {
		return nil, nil, fmt.Errorf("ledger: distribution of %s, %s to %s: %w", quote(run.Project), run.From, run.To,
			bad(ErrDistributed, "corrects", run.Corrects.String(), "rests on the same facts and rules: there is nothing to correct"))
	}
	return []journal.Draft{{ID: d.ID, Kind: KindDistribution, Schema: schema, Payload: *d}}, d, nil
}

func (b *Books) applyDistribution(record *journal.Record, d *Distribution) error {
	if err := b.checkPeriod(Run{Project: d.Project, From: d.From, To: d.To, Corrects: d.Corrects}); err != nil {
		return err
	}
	r := &reviewed{Distribution: *d, token: tokenOf(record.Position), recorded: codesocial.DateOf(record.Time, b.locationOn(d.On))}
	if d.Review == nil {
		if err := b.checkClaimsPaid(r); err != nil {
			return err
		}
	}
	b.distributions = append(b.distributions, r)
	if old, err := b.find(d.Corrects); err == nil && !old.is(Posted) {
		old.superseded = &at[codesocial.Date]{d.On, r.token}
	}
	if d.Review == nil {
		b.postDistribution(record, r, d.On)
	}
	return nil
}

// checkArithmetic computes a recorded distribution again from the records before it.
func (b *Books) checkArithmetic(d *Distribution) error {
	again, err := b.compute(Run{Project: d.Project, From: d.From, To: d.To, On: d.On, Corrects: d.Corrects})
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

// kind returns a kind of wealth of the charter in force on a day.
func (r *rulesByDay) kind(id string, day codesocial.Date) (dividend.Kind, error) {
	wealth, err := r.wealth(day)
	if err != nil {
		return dividend.Kind{}, err
	}
	kind, ok := wealth.rule.Kind(id)
	if !ok {
		return kind, &codesocial.RuleError{Clause: wealth.clause, Kind: WealthKind, Err: bad(ErrUnknown, "kind", id, "is not a kind of wealth of the charter")}
	}
	return kind, nil
}

// checkKind refuses a quantity that is not of a kind of wealth, in its unit.
func (r *rulesByDay) checkKind(id string, q Quantity, day codesocial.Date) error {
	kind, err := r.kind(id, day)
	if err != nil {
		return err
	}
	if q.Unit != kind.Unit {
		wealth, _ := r.wealth(day)
		return &codesocial.RuleError{Clause: wealth.clause, Kind: WealthKind, Err: bad(ErrUnit, "quantity", q.String(), "%s is counted in %s", id, kind.Unit)}
	}
	return nil
}
