package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
)

// PoolsKind is the kind of the rule on pools of support functions, see [PoolsRule].
const PoolsKind = "ledger.pools"

// MaxPools is the largest number of pools of a rule.
const MaxPools = 100

// The keys by which the cost of a pool is allocated to projects.
const (
	KeyEqual    = "equal"    // the same for every project that has records in the period
	KeyTurnover = "turnover" // what they received in the period
	KeyMargin   = "margin"   // what they received less what they spent; none where that is negative
	KeyTime     = "time"     // the validated contributions of a kind of wealth
	KeyUse      = "use"      // the effort for which they used a resource, in flows
)

// A PoolsRule holds the parameters of a rule of the kind "ledger.pools".
type PoolsRule struct {
	Pools []Pool `json:"pools"`
}

// A Pool says how what a fund spends on a support function is allocated to the projects.
type Pool struct {
	// Fund is the id of the fund that bears the expenses.
	Fund string `json:"fund"`
	// Key is one of the keys of this package, such as [KeyTurnover].
	Key string `json:"key"`
	// Wealth is the kind of wealth that [KeyTime] counts. Absent otherwise.
	Wealth string `json:"wealth,omitempty"`
	// Resource is the id of the resource, or its kind, that [KeyUse] counts. Absent otherwise.
	Resource string `json:"resource,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters that make no sense.
func (r *PoolsRule) Validate() error {
	if len(r.Pools) == 0 || len(r.Pools) > MaxPools {
		return bad(ErrInvalid, "pools", fmt.Sprint(len(r.Pools)), "must be from 1 to %d", MaxPools)
	}
	seen := make(map[string]bool)
	for _, p := range r.Pools {
		if err := FundAccount(p.Fund).check(); err != nil || seen[p.Fund] {
			return bad(ErrInvalid, "fund", p.Fund, "must be the id of a fund, given once")
		}
		seen[p.Fund] = true
		if !slices.Contains([]string{KeyEqual, KeyTurnover, KeyMargin, KeyTime, KeyUse}, p.Key) {
			return bad(ErrInvalid, "key", p.Key, "must be equal, turnover, margin, time or use")
		}
		if (p.Key == KeyTime) != (p.Wealth != "") || (p.Key == KeyUse) != (p.Resource != "") {
			return bad(ErrInvalid, "pool "+p.Fund, p.Key, "time has a kind of wealth, use has a resource, others have neither")
		}
	}
	return nil
}

// An Allocation charges the projects with what a fund spent in a period, as the charter in force on its last day says. What is recorded for a period after it was
// allocated, an expense or a correction, is taken up by the next allocation: all allocations together are exactly what the fund spent in their periods when
// the last of them was made. It is exact to the smallest unit of the currency.
type Allocation struct {
	// ID is the id of its record, which follows from fund and period.
	ID uuid.UUID `json:"-"`
	// Fund is the id of the fund.
	Fund string `json:"fund"`
	// From and To are the first and the last day of the period; On is the day on which it is posted.
	From codesocial.Date `json:"from"`
	To   codesocial.Date `json:"to"`
	On   codesocial.Date `json:"on"`
	// Clause is the clause of the rule "ledger.pools", and Pool what it says.
	Clause codesocial.ClauseRef `json:"clause"`
	Pool   Pool                 `json:"pool"`
	// Amount is what is allocated, in Currency: the sum of the lines.
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
	// Late is the part of Amount that was recorded for periods of this fund after they were allocated; negative if more of them was taken back than spent.
	Late decimal.Decimal `json:"late,omitzero"`
	// Lines say for each project, in the order of IRIs, with what weight it bears how much.
	Lines []AllocationLine `json:"lines"`
}

// An AllocationLine is the part of one project.
type AllocationLine struct {
	Project string `json:"project"`
	// Weight is the project's, in Unit ("" for [KeyEqual]).
	Weight decimal.Decimal `json:"weight"`
	Unit   string          `json:"unit,omitempty"`
	Amount decimal.Decimal `json:"amount"`
}

func (a *Allocation) check() error {
	if err := FundAccount(a.Fund).check(); err != nil {
		return err
	}
	if err := checkDays(a.From, a.To); err != nil {
		return err
	}
	if err := checkDay("on", a.On); err != nil {
		return err
	}
	for _, l := range a.Lines {
		if err := codesocial.CheckIRI(l.Project); err != nil {
			return fmt.Errorf("%w: project: %w", ErrInvalid, err)
		}
	}
	return checkBalanced(a.postings())
}

// postings debit the projects and credit the fund. Nothing is posted for zero.
func (a *Allocation) postings() []Posting {
	var out []Posting
	for _, l := range a.Lines {
		if !l.Amount.IsZero() {
			out = append(out, Posting{ProjectAccount(l.Project), l.Amount, a.Currency})
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, Posting{FundAccount(a.Fund), a.Amount.Neg(), a.Currency})
}

var allocations = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://commonstocommons.github.io/codesocial/ns#allocation"))

// Allocate works out what an allocation would be, and records nothing: a preview. The error wraps [ErrDistributed] for a period that was allocated,
// even in part; codesocial.ErrNoRule when the charter has no pool of that fund; dividend.ErrNoWeight when nobody has a weight.
func (b *Books) Allocate(fund string, from, to, on codesocial.Date) (*Allocation, error) {
	a, err := b.allocate(fund, from, to, on)
	if err != nil {
		return nil, fmt.Errorf("ledger: allocation of %s, %s to %s: %w", quote(fund), from, to, err)
	}
	return a, nil
}

func (b *Books) allocate(fund string, from, to, on codesocial.Date) (*Allocation, error) {
	if err := checkDays(from, to); err != nil {
		return nil, err
	}
	if err := checkDay("on", on); err != nil {
		return nil, err
	}
	if on.Before(to) {
		return nil, bad(ErrInvalid, "on", on.String(), "is before the end of the period, %s", to)
	}
	for _, old := range b.allocations {
		if old.Fund == fund && !to.Before(old.From) && !from.After(old.To) {
			return nil, bad(ErrDistributed, "period", from.String()+"/"+to.String(), "%s was allocated from %s to %s", fund, old.From, old.To)
		}
	}
	charter, err := b.community.InForceOn(to)
	if err != nil {
		return nil, err
	}
	var rule PoolsRule
	a := &Allocation{
		ID:   uuid.NewSHA1(allocations, []byte(fund+"\n"+from.String()+"\n"+to.String())),
		Fund: fund, From: from, To: to, On: on, Currency: charter.Currency(), Lines: []AllocationLine{},
	}
	if a.Clause, err = charter.Rule(PoolsKind, &rule); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rule.Pools, func(p Pool) bool { return p.Fund == fund })
	if i < 0 {
		return nil, &codesocial.RuleError{Clause: a.Clause, Kind: PoolsKind, Err: bad(ErrUnknown, "fund", fund, "is no pool of the charter")}
	}
	a.Pool = rule.Pools[i]
	period := Filter{From: from, To: to}
	late := b.late(fund, a.Currency)
	a.Late = late.decimal()
	if a.Amount = b.spent(fund, a.Currency, period).add(late).decimal(); a.Amount.IsNegative() {
		return nil, bad(ErrInvalid, "amount", a.Amount.String(), "more was taken back than spent: allocate a longer period")
	}
	decimals, err := Decimals(a.Currency)
	if err != nil {
		return nil, err
	}
	weights := b.weights(a.Pool, period, a.Currency)
	list := make([]dividend.Weight, len(weights))
	for i, w := range weights {
		list[i] = dividend.Weight{ID: w.Project, Value: w.Weight}
	}
	parts, err := dividend.Split(a.Amount, decimals, list)
	if err != nil {
		return nil, &codesocial.RuleError{Clause: a.Clause, Kind: PoolsKind, Err: err}
	}
	for i, p := range parts {
		weights[i].Amount = p.Amount
		a.Lines = append(a.Lines, weights[i])
	}
	return a, nil
}

// spent returns what a fund spent in a period.
func (b *Books) spent(fund, currency string, period Filter) (sum fixed) {
	account := FundAccount(fund)
	b.cash(period, func(c cashed) {
		if !c.receipt && c.currency == currency && b.money.series[b.money.legs[b.money.all[c.place].first].series].account == account {
			sum = sum.add(c.amount)
		}
	})
	return sum
}

// late returns what a fund spent in the periods that were allocated, less what was allocated.
func (b *Books) late(fund, currency string) (sum fixed) {
	for _, old := range b.allocations {
		if old.Fund == fund && old.Currency == currency {
			allocated, _ := fix(old.Amount)
			sum = sum.add(b.spent(fund, currency, Filter{From: old.From, To: old.To})).sub(allocated)
		}
	}
	return sum
}

// weights returns the projects of a period with their weights, in the order of their IRIs.
func (b *Books) weights(p Pool, period Filter, currency string) []AllocationLine {
	sums, units := make(map[string]fixed), make(map[string]string)
	add := func(project, unit string, v fixed) {
		if project != "" {
			sums[project], units[project] = sums[project].add(v), unit
		}
	}
	cash := func(costs bool) {
		b.cash(period, func(c cashed) {
			if c.currency != currency {
				return
			}
			project := b.names.of(b.money.all[c.place].project)
			if c.receipt {
				add(project, currency, c.amount)
			} else if costs {
				add(project, currency, c.amount.neg())
			}
		})
	}
	switch p.Key {
	case KeyTurnover:
		cash(false)
	case KeyMargin:
		cash(true)
	case KeyTime:
		f := period
		f.Kind = p.Wealth
		for c, s := range b.selects(f) {
			if s.status.Counts() {
				add(b.names.of(c.project), b.names.of(c.unit), s.value)
			}
		}
	case KeyUse:
		f := period
		f.Kind = "use"
		for _, x := range b.Flows(f) {
			for _, e := range x.Events {
				r, _ := b.Resource(e.Resource)
				if e.Action == "use" && (e.Resource == p.Resource || r.Conforms == p.Resource) {
					v, _ := fix(e.Effort.Value)
					add(x.Project, e.Effort.Unit, v)
				}
			}
		}
	default:
		one, _ := fix(decimal.NewFromInt(1))
		for c := range b.selects(period) {
			sums[b.names.of(c.project)] = one
		}
		b.cash(period, func(c cashed) {
			if project := b.names.of(b.money.all[c.place].project); project != "" {
				sums[project] = one
			}
		})
	}
	var lines []AllocationLine
	for project, sum := range sums {
		if sum.hi < 0 {
			sum = fixed{}
		}
		lines = append(lines, AllocationLine{Project: project, Weight: sum.decimal(), Unit: units[project]})
	}
	slices.SortFunc(lines, func(x, y AllocationLine) int { return strings.Compare(x.Project, y.Project) })
	return lines
}

// Explain says line by line, in French ("fr") or English, how an allocation came about.
func (a *Allocation) Explain(lang string) string {
	total := decimal.Zero
	for _, l := range a.Lines {
		total = total.Add(l.Weight)
	}
	keys := map[string]string{KeyEqual: "in equal parts", KeyTurnover: "by turnover", KeyMargin: "by margin", KeyTime: "by time given", KeyUse: "by use"}
	head, late, line := "%s spent %s %s from %s to %s, shared %s under %s:\n", "(with %s %s recorded late for periods that were shared before)\n", "- %s: %s %s × %s / %s = %s %s\n"
	if lang == dividend.French {
		keys = map[string]string{KeyEqual: "à parts égales", KeyTurnover: "selon le chiffre d'affaires", KeyMargin: "selon la marge", KeyTime: "selon le temps donné", KeyUse: "selon l'usage"}
		head, late, line = "%s a dépensé %s %s du %s au %s, répartis %s selon %s :\n", "(y compris %s %s enregistrés après la répartition de leur période)\n", "- %s : %s %s × %s / %s = %s %s\n"
	}
	var out strings.Builder
	fmt.Fprintf(&out, head, a.Fund, a.Amount, a.Currency, a.From, a.To, keys[a.Pool.Key], a.Clause)
	if !a.Late.IsZero() {
		fmt.Fprintf(&out, late, a.Late, a.Currency)
	}
	for _, l := range a.Lines {
		fmt.Fprintf(&out, line, l.Project, a.Amount, a.Currency, l.Weight, total, l.Amount, a.Currency)
	}
	return out.String()
}

// DraftAllocation decides [Ledger.Allocate] without recording it. One that is recorded is returned as it stands.
func (b *Books) DraftAllocation(fund string, from, to, on codesocial.Date) ([]journal.Draft, *Allocation, error) {
	for _, old := range b.allocations {
		if old.Fund == fund && old.From == from && old.To == to {
			same := old.clone()
			return nil, &same, nil
		}
	}
	a, err := b.Allocate(fund, from, to, on)
	if err != nil {
		return nil, nil, err
	}
	if t := a.transaction(); len(t.Postings) > 0 {
		if err := b.moves().check(&t); err != nil {
			return nil, nil, fmt.Errorf("ledger: allocation of %s, %s to %s: %w", quote(fund), from, to, err)
		}
	}
	return []journal.Draft{{ID: a.ID, Kind: KindAllocation, Schema: schema, Payload: *a}}, a, nil
}

func (a *Allocation) transaction() Transaction {
	return Transaction{ID: a.ID, On: a.On, Postings: a.postings()}
}

func (a *Allocation) clone() Allocation {
	c := *a
	c.Lines = slices.Clone(a.Lines)
	return c
}

func (b *Books) applyAllocation(r *journal.Record, a *Allocation) error {
	for _, old := range b.allocations {
		if old.Fund == a.Fund && !a.To.Before(old.From) && !a.From.After(old.To) {
			return bad(ErrDistributed, "period", a.From.String()+"/"+a.To.String(), "%s was allocated from %s to %s", a.Fund, old.From, old.To)
		}
	}
	b.allocations = append(b.allocations, a)
	if t := a.transaction(); len(t.Postings) > 0 {
		b.post(r, t)
	}
	return nil
}

// checkAllocation computes a recorded allocation again from the records before it.
func (b *Books) checkAllocation(a *Allocation) error {
	again, err := b.allocate(a.Fund, a.From, a.To, a.On)
	if err != nil {
		return errors.Join(ErrArithmetic, err)
	}
	recorded, err := canonical.Marshal(a)
	if err != nil {
		return err
	}
	if computed, err := canonical.Marshal(again); err != nil || !bytes.Equal(recorded, computed) {
		return badly(ErrArithmetic, "allocation of "+quote(a.Fund), "computed again from the records before it, it is another one")
	}
	return nil
}

// Allocations iterates over the allocations of a fund ("" for all), in the order of recording.
func (b *Books) Allocations(fund string) iter.Seq[Allocation] {
	return func(yield func(Allocation) bool) {
		for _, a := range b.allocations {
			if (fund == "" || fund == a.Fund) && !yield(a.clone()) {
				return
			}
		}
	}
}
