package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
)

// The figures of a [Report]. Amounts are excluding VAT, in the currency of the charter; quantities of work in the unit of their kind.
const (
	FigureIncome         = "income"          // planned to come in
	FigureQuoted         = "quoted"          // quotes, less what of them is invoiced
	FigureInvoiced       = "invoiced"        // invoices, less what of them is cancelled
	FigureReceived       = "received"        // money that came in
	FigureToCollect      = "to-collect"      // what of the invoices is not paid
	FigureOverdue        = "overdue"         // of that, what was due before the day of the report
	FigureInitialBudget  = "initial-budget"  // of the first plan
	FigureBudget         = "budget"          // of the plan in force
	FigureSpent          = "spent"           // money that went out
	FigureCommitted      = "committed"       // what of the orders is not paid
	FigureForecastCost   = "forecast-cost"   // spent, committed, and what of the budget is neither
	FigureForecastIncome = "forecast-income" // received, to collect and quoted
	FigureForecastMargin = "forecast-margin" // forecast income less forecast cost
	FigureBalance        = "balance"         // what the project's account holds: in hand, not shared yet
	FigureCoverage       = "coverage"        // balance over committed: at 1 or more, what is ordered can be paid; no unit

	FigurePlanned   = "planned"   // work promised, less what is cancelled of it
	FigureDone      = "done"      // validated contributions that fulfil it
	FigureRemaining = "remaining" // what of it is left
	FigureLate      = "late"      // of that, what was due before the day of the report
	FigureDeclared  = "declared"  // contributions that are not validated
	FigureValidated = "validated" // contributions that are

	FigureDefects         = "defects"         // found; a number
	FigureNonConformities = "nonconformities" // found; a number
	FigureOpenFindings    = "open-findings"   // of both, those that are not closed; a number
	FigureReviews         = "reviews"         // a number
	FigureSatisfaction    = "satisfaction"    // answers; a number, see [Quality]

	FigureExposure  = "exposure"  // probability × impact of what may occur
	FigureDelay     = "delay"     // probability × days of what may occur, in days
	FigureProvision = "provision" // of the plan in force
	FigureConsumed  = "consumed"  // impact of what has occurred
)

// A Report says how a project stands: financially, operationally, in quality, and what could go wrong. It is what a coordinator brings to a
// meeting, as a page ([Report.Markdown]) or a picture ([Report.SVG]). Every figure can list the records that it comes from, see [Books.Sources].
type Report struct {
	Project  string            // IRI
	Names    map[string]string // names of the parties that it speaks of, by their IRIs
	At       At                // as of which day, as known at which token
	Currency string
	Planned  bool // whether there is a plan
	Versions int  // number of plans there have been

	// Figures are in the order of the constants of this package; those of work stand once for each unit. One that nothing says
	// anything about is zero.
	Figures []Figure
	// Load is the work planned for this project, in the order of persons and months.
	Load []Load
	// Milestones are those of the plan in force.
	Milestones []Milestone
	Quality    Quality
	// Contingencies are the last state of each, in the order in which they were first recorded.
	Contingencies []Contingency
	// Alerts say which shares have reached a threshold, in the order of figures, persons and months.
	Alerts []Alert
}

// A Figure is one number of a report.
type Figure struct {
	ID      string
	Value   decimal.Decimal
	Unit    string // a currency, a unit of work, "d" for days, or ""
	Records int    // number of records that it comes from
}

// A Load is the work that a person has promised for a month, spread evenly over the days from the beginning of each commitment to its end.
type Load struct {
	Party    string          // IRI
	Month    string          // "2025-03"
	Wealth   string          // kind of wealth
	Unit     string          // of all quantities
	Here     decimal.Decimal // planned for this project
	Total    decimal.Decimal // planned for all projects
	Capacity decimal.Decimal // zero if the person has not said
}

// Quality says how content people were: an ordinal scale has a median and quartiles, but no mean.
type Quality struct {
	N                     int // number of answers
	Levels                [MaxLevel]int
	Lower, Median, Higher int // first quartile, median, third quartile (nearest rank); 0 without answers
}

// An Alert says that a share has reached a threshold.
type Alert struct {
	// Figure is what the alert is about: [FigureBudget], [FigureConsumed] or [FigurePlanned].
	Figure string
	// Party and Month say whose load it is.
	Party, Month string
	// Share is the share reached, to four places rounded down, and Threshold the highest one that it has reached.
	Share, Threshold decimal.Decimal
	// Clause is the clause that set the threshold; nil where the charter says nothing.
	Clause *codesocial.ClauseRef
}

// tally gathers the figures of a report, and the records of one of them.
type tally struct {
	figures map[[2]string]*Figure
	want    string // the figure whose records are kept
	ids     []uuid.UUID
}

// add adds an amount that comes from a record to a figure.
func (t *tally) add(figure, unit string, amount fixed, id uuid.UUID) {
	k := [2]string{figure, unit}
	f := t.figures[k]
	if f == nil {
		f = &Figure{ID: figure, Unit: unit}
		t.figures[k] = f
	}
	f.Value = f.Value.Add(amount.decimal())
	if id == uuid.Nil {
		return
	}
	f.Records++
	if t.want == figure {
		t.ids = append(t.ids, id)
	}
}

func (t *tally) value(figure, unit string) decimal.Decimal {
	if f := t.figures[[2]string{figure, unit}]; f != nil {
		return f.Value
	}
	return decimal.Zero
}

func (t *tally) set(figure, unit string, value decimal.Decimal) {
	t.figures[[2]string{figure, unit}] = &Figure{ID: figure, Unit: unit, Value: value}
}

// figureOrder is the order of the figures of a report.
var figureOrder = []string{
	FigureIncome, FigureQuoted, FigureInvoiced, FigureReceived, FigureToCollect, FigureOverdue, FigureInitialBudget, FigureBudget, FigureSpent, FigureCommitted,
	FigureForecastCost, FigureForecastIncome, FigureForecastMargin, FigureBalance, FigureCoverage,
	FigurePlanned, FigureDone, FigureRemaining, FigureLate, FigureDeclared, FigureValidated,
	FigureDefects, FigureNonConformities, FigureOpenFindings, FigureReviews, FigureSatisfaction,
	FigureExposure, FigureDelay, FigureProvision, FigureConsumed,
}

// derived says which figures a figure is computed from.
var derived = map[string][]string{
	FigureForecastCost:   {FigureSpent, FigureCommitted, FigureBudget},
	FigureForecastIncome: {FigureReceived, FigureToCollect, FigureQuoted},
	FigureForecastMargin: {FigureForecastIncome, FigureForecastCost},
	FigureCoverage:       {FigureBalance, FigureCommitted},
}

// Report returns the report of a project as of the day at.On, which must be given, and as known at at.Known: as known at a token it never changes, but for the names of
// those who have another one, or none any more. It takes time in the number of the project's records. The error wraps [ErrInvalid] or [ErrUnknown], or is one of codesocial.
func (b *Books) Report(project string, at At) (*Report, error) {
	r, _, err := b.report(project, at, "")
	return r, err
}

// Sources returns the ids of the records that a figure of a project's report comes from, each once.
func (b *Books) Sources(project string, at At, figure string) ([]uuid.UUID, error) {
	if !slices.Contains(figureOrder, figure) {
		return nil, fmt.Errorf("ledger: report of %s: %w", quote(project), bad(ErrUnknown, "figure", figure, "is none of a report"))
	}
	var ids []uuid.UUID
	seen := make(map[uuid.UUID]bool)
	for _, f := range append([]string{figure}, derived[figure]...) {
		more := []string{f}
		if f != figure {
			more = append(more, derived[f]...)
		}
		for _, f := range more {
			_, t, err := b.report(project, at, f)
			if err != nil {
				return nil, err
			}
			for _, id := range t.ids {
				if !seen[id] {
					seen[id] = true
					ids = append(ids, id)
				}
			}
		}
	}
	return ids, nil
}

func (b *Books) report(project string, at At, want string) (*Report, *tally, error) {
	wrap := func(err error) error { return fmt.Errorf("ledger: report of %s: %w", quote(project), err) }
	if err := checkDay("on", at.On); err != nil {
		return nil, nil, wrap(err)
	}
	party, ok := b.community.Party(project)
	if !ok {
		return nil, nil, wrap(bad(ErrUnknown, "project", project, "is not a registered party"))
	}
	charter, err := b.charterAt(at)
	if err != nil {
		return nil, nil, wrap(err)
	}
	rule := SteeringRule{Thresholds: defaultThresholds}
	var clause *codesocial.ClauseRef
	switch ref, err := charter.Rule(SteeringKind, &rule); {
	case err == nil:
		clause = &ref
	case !errors.Is(err, codesocial.ErrNoRule):
		return nil, nil, wrap(err)
	}
	r := &Report{Project: project, Names: map[string]string{project: party.Name}, At: at, Currency: charter.Currency()}
	t := &tally{figures: make(map[[2]string]*Figure), want: want}
	b.tallyPlan(r, t)
	b.tallyMoney(r, t)
	b.tallyCommitments(r, t)
	b.tallyContributions(r, t)
	b.tallyFindings(r, t)
	b.tallyContingencies(r, t)
	r.conclude(t)
	b.load(r)
	for _, l := range r.Load {
		p, _ := b.community.Party(l.Party)
		r.Names[l.Party] = p.Name
	}
	for _, c := range r.Contingencies {
		p, _ := b.community.Party(c.Owner)
		r.Names[c.Owner] = p.Name
	}
	r.alert(t, rule.Thresholds, clause)
	for _, id := range figureOrder {
		var units []*Figure
		for k, f := range t.figures {
			if k[0] == id {
				units = append(units, f)
			}
		}
		slices.SortFunc(units, func(x, y *Figure) int { return strings.Compare(x.Unit, y.Unit) })
		for _, f := range units {
			r.Figures = append(r.Figures, *f)
		}
		if len(units) == 0 && r.unitOf(id) != nil {
			r.Figures = append(r.Figures, Figure{ID: id, Unit: *r.unitOf(id)})
		}
	}
	return r, t, nil
}

// charterAt returns the version in force on a day, of those that were adopted by a token.
func (b *Books) charterAt(at At) (*codesocial.Charter, error) {
	if at.Known != 0 {
		for _, v := range slices.Backward(b.community.Versions()) {
			if tokenOf(v.AdoptedAt) <= at.Known && !at.On.Before(v.Charter.InForceFrom()) {
				return v.Charter, nil
			}
		}
	}
	return b.community.InForceOn(at.On)
}

// unitOf returns the unit of a figure that has just one, nil for one of work.
func (r *Report) unitOf(figure string) *string {
	unit := r.Currency
	switch figure {
	case FigurePlanned, FigureDone, FigureRemaining, FigureLate, FigureDeclared, FigureValidated:
		return nil
	case FigureDefects, FigureNonConformities, FigureOpenFindings, FigureReviews, FigureSatisfaction, FigureCoverage:
		unit = ""
	case FigureDelay:
		unit = "d"
	}
	return &unit
}

// Figure returns the figure with that id in its unit ("" for the only or first one).
func (r *Report) Figure(id, unit string) Figure {
	for _, f := range r.Figures {
		if f.ID == id && (unit == "" || unit == f.Unit) {
			return f
		}
	}
	return Figure{ID: id, Unit: unit}
}

func (b *Books) tallyPlan(r *Report, t *tally) {
	var last *Plan
	for i := range b.steering.plans[r.Project] {
		p := &b.steering.plans[r.Project][i]
		if !r.At.sees(p.token, p.value.On) {
			continue
		}
		if last == nil {
			amount, _ := fix(p.value.Budget)
			t.add(FigureInitialBudget, r.Currency, amount, p.value.ID)
		}
		last = &p.value
		r.Versions++
	}
	if last == nil {
		return
	}
	r.Planned, r.Milestones = true, slices.Clone(last.Milestones)
	for _, f := range []struct {
		id     string
		amount decimal.Decimal
	}{{FigureIncome, last.Income}, {FigureBudget, last.Budget}, {FigureProvision, last.Provision}} {
		amount, _ := fix(f.amount)
		t.add(f.id, r.Currency, amount, last.ID)
	}
}

func (b *Books) tallyMoney(r *Report, t *tally) {
	sums, counts := [2]fixed{}, [2]int{}
	b.cash(Filter{Project: r.Project, To: r.At.On, Known: r.At.Known}, func(c cashed) {
		if c.currency != r.Currency {
			return
		}
		i := 1
		if c.receipt {
			i = 0
		}
		sums[i] = sums[i].add(c.amount)
		counts[i]++
		if t.want == [...]string{FigureReceived, FigureSpent}[i] {
			t.ids = append(t.ids, b.money.all[c.place].id)
		}
	})
	for i, id := range []string{FigureReceived, FigureSpent} {
		t.figures[[2]string{id, r.Currency}] = &Figure{ID: id, Unit: r.Currency, Value: sums[i].decimal(), Records: counts[i]}
	}
	account := ProjectAccount(r.Project)
	t.set(FigureBalance, r.Currency, b.BalanceAt(account, r.Currency, r.At).Neg())
	if t.want == FigureBalance {
		for place := range b.places(Filter{Account: account, To: r.At.On, Known: r.At.Known}) {
			t.ids = append(t.ids, b.money.all[place].id)
		}
	}
}

func (b *Books) tallyCommitments(r *Report, t *tally) {
	for _, c := range b.commitments.byProject[r.Project] {
		if !r.At.sees(tokenOf(c.position), c.On) || c.Kind == Claim || c.Kind != Work && c.Quantity.Unit != r.Currency {
			continue
		}
		done, left, status := b.left(c, r.At)
		total, _ := fix(c.Quantity.Value)
		if status == Cancelled {
			total = done
		}
		late := !c.Due.IsZero() && c.Due.Before(r.At.On)
		add := func(figure string, amount fixed) {
			if !amount.isZero() {
				t.add(figure, c.Quantity.Unit, amount, c.ID)
			}
		}
		switch c.Kind {
		case Quote:
			add(FigureQuoted, left)
		case Order:
			add(FigureCommitted, left)
		case Invoice:
			add(FigureInvoiced, total)
			add(FigureToCollect, left)
			if late {
				add(FigureOverdue, left)
			}
		case Work:
			add(FigurePlanned, total)
			b.fulfilment(c, r.At, func(id uuid.UUID, amount fixed) { t.add(FigureDone, c.Quantity.Unit, amount, id) })
			add(FigureRemaining, left)
			if late {
				add(FigureLate, left)
			}
		}
	}
}

func (b *Books) tallyContributions(r *Report, t *tally) {
	type sum struct {
		value fixed
		count int
	}
	sums := make(map[uint64]sum) // by unit, and whether it counts
	for c, s := range b.selects(Filter{Project: r.Project, To: r.At.On, Known: r.At.Known}) {
		if s.status == Voided {
			continue
		}
		k, id := uint64(c.unit)<<1, FigureDeclared
		if s.status.Counts() {
			k, id = k|1, FigureValidated
		}
		x := sums[k]
		sums[k] = sum{x.value.add(s.value), x.count + 1}
		if t.want == id {
			t.ids = append(t.ids, c.id)
		}
	}
	for k, x := range sums {
		unit := b.names.of(uint32(k >> 1))
		id := FigureDeclared
		if k&1 == 1 {
			id = FigureValidated
		}
		t.figures[[2]string{id, unit}] = &Figure{ID: id, Unit: unit, Value: x.value.decimal(), Records: x.count}
	}
}

func (b *Books) tallyFindings(r *Report, t *tally) {
	one, _ := fix(decimal.NewFromInt(1))
	closed := make(map[uuid.UUID]bool)
	for _, f := range b.steering.findings[r.Project] {
		if r.At.sees(f.token, f.value.On) {
			closed[f.value.Closes] = true
		}
	}
	for _, f := range b.steering.findings[r.Project] {
		if !r.At.sees(f.token, f.value.On) {
			continue
		}
		switch f.value.Kind {
		case Satisfaction:
			t.add(FigureSatisfaction, "", one, f.value.ID)
			r.Quality.N++
			r.Quality.Levels[f.value.Level-1]++
		case Defect, NonConformity:
			figure := FigureDefects
			if f.value.Kind == NonConformity {
				figure = FigureNonConformities
			}
			t.add(figure, "", one, f.value.ID)
			if !closed[f.value.ID] {
				t.add(FigureOpenFindings, "", one, f.value.ID)
			}
		case Reviewed:
			t.add(FigureReviews, "", one, f.value.ID)
		}
	}
	q := &r.Quality
	q.Lower, q.Median, q.Higher = q.rank(1), q.rank(2), q.rank(3)
}

// rank returns the level of the answer at so many quarters of them: the nearest rank.
func (q *Quality) rank(quarters int) int {
	at, seen := (quarters*q.N+3)/4, 0
	for i, n := range q.Levels {
		if seen += n; seen >= at && q.N > 0 {
			return i + 1
		}
	}
	return 0
}

func (b *Books) tallyContingencies(r *Report, t *tally) {
	place := make(map[uuid.UUID]int)
	for _, c := range b.steering.contingencies[r.Project] {
		if !r.At.sees(c.token, c.value.On) {
			continue
		}
		if i, ok := place[c.value.Of]; ok && c.value.Of != uuid.Nil {
			r.Contingencies[i] = c.value
			continue
		}
		place[c.value.ID] = len(r.Contingencies)
		r.Contingencies = append(r.Contingencies, c.value)
	}
	for i := range r.Contingencies {
		c := &r.Contingencies[i]
		switch c.Status {
		case Watched:
			exposure, _ := fix(c.Probability.Mul(c.Impact).Truncate(MaxPlaces))
			delay, _ := fix(c.Probability.Mul(decimal.NewFromInt(int64(c.Days))))
			t.add(FigureExposure, r.Currency, exposure, c.ID)
			t.add(FigureDelay, "d", delay, c.ID)
		case Occurred:
			impact, _ := fix(c.Impact)
			t.add(FigureConsumed, r.Currency, impact, c.ID)
		}
	}
}

// conclude computes the figures that follow from others.
func (r *Report) conclude(t *tally) {
	c := r.Currency
	spent, committed := t.value(FigureSpent, c), t.value(FigureCommitted, c)
	cost := decimal.Max(spent.Add(committed), t.value(FigureBudget, c))
	income := decimal.Sum(t.value(FigureReceived, c), t.value(FigureToCollect, c), t.value(FigureQuoted, c))
	t.set(FigureForecastCost, c, cost)
	t.set(FigureForecastIncome, c, income)
	t.set(FigureForecastMargin, c, income.Sub(cost))
	if committed.IsPositive() {
		t.set(FigureCoverage, "", share(t.value(FigureBalance, c), committed))
	}
}

// share returns part over whole, to four places rounded towards zero.
func share(part, whole decimal.Decimal) decimal.Decimal {
	q, _ := part.QuoRem(whole, 4)
	return q
}

// load works out the load of everybody who has work planned in the project.
func (b *Books) load(r *Report) {
	type key struct{ party, wealth, unit, month string }
	here, total := make(map[key]fixed), make(map[key]fixed)
	parties := make(map[string]bool)
	for _, c := range b.commitments.byProject[r.Project] {
		if c.Kind == Work && r.At.sees(tokenOf(c.position), c.On) {
			parties[c.Party] = true
		}
	}
	for party := range parties {
		for _, c := range b.commitments.byParty[party] {
			if c.Kind != Work || !r.At.sees(tokenOf(c.position), c.On) {
				continue
			}
			quantity := c.Quantity.Value
			if done, _, status := b.left(c, r.At); status == Cancelled {
				quantity = done.decimal()
			}
			from := c.On
			if !c.From.IsZero() {
				from = c.From
			}
			for _, p := range spread(quantity, from, c.Due) {
				k := key{party, c.Wealth, c.Quantity.Unit, p.ID}
				amount, _ := fix(p.Amount)
				total[k] = total[k].add(amount)
				if c.Project == r.Project {
					here[k] = here[k].add(amount)
				}
			}
		}
	}
	for k, amount := range here {
		r.Load = append(r.Load, Load{
			Party: k.party, Month: k.month, Wealth: k.wealth, Unit: k.unit, Here: amount.decimal(), Total: total[k].decimal(),
			Capacity: b.capacity(k.party, k.wealth, k.month, r.At.Known),
		})
	}
	slices.SortFunc(r.Load, func(x, y Load) int {
		return cmp.Or(strings.Compare(x.Party, y.Party), strings.Compare(x.Month, y.Month), strings.Compare(x.Wealth, y.Wealth), strings.Compare(x.Unit, y.Unit))
	})
}

// spread divides a quantity over the months from one day to another by the number of days, exactly to a hundredth, or finer where the quantity is.
func spread(quantity decimal.Decimal, from, to codesocial.Date) []dividend.Part {
	var months []dividend.Weight
	for first := from; !first.After(to); {
		next := codesocial.Date{Year: first.Year, Month: first.Month, Day: 1}.AddMonths(1)
		days := dayNumber(next) - dayNumber(first)
		if next.After(to) {
			days = dayNumber(to) - dayNumber(first) + 1
		}
		months = append(months, dividend.Weight{ID: fmt.Sprintf("%04d-%02d", first.Year, first.Month), Value: decimal.NewFromInt32(days)})
		first = next
	}
	parts, err := dividend.Split(quantity, max(2, int(-quantity.Exponent())), months)
	if err != nil { // cannot be: the quantity has at most [MaxPlaces], and every month a day
		return nil
	}
	return parts
}

// capacity returns what a member has last said for a month.
func (b *Books) capacity(party, wealth, month string, known Token) (value decimal.Decimal) {
	var since codesocial.Date
	for _, c := range b.steering.capacities[party] {
		if c.value.Wealth != wealth || known != 0 && c.token > known || c.value.On.Before(since) || c.value.On.String()[:len("2025-03")] > month {
			continue
		}
		value, since = c.value.Month, c.value.On
	}
	return value
}

// alert compares shares with the thresholds.
func (r *Report) alert(t *tally, thresholds []decimal.Decimal, clause *codesocial.ClauseRef) {
	add := func(a Alert, part, whole decimal.Decimal) {
		if !whole.IsPositive() {
			return
		}
		a.Share = share(part, whole)
		for _, threshold := range thresholds {
			if !part.LessThan(threshold.Mul(whole)) {
				a.Threshold, a.Clause = threshold, clause
			}
		}
		if !a.Threshold.IsZero() {
			r.Alerts = append(r.Alerts, a)
		}
	}
	c := r.Currency
	add(Alert{Figure: FigureBudget}, t.value(FigureSpent, c).Add(t.value(FigureCommitted, c)), t.value(FigureBudget, c))
	this := fmt.Sprintf("%04d-%02d", r.At.On.Year, r.At.On.Month)
	for _, l := range r.Load {
		if l.Month >= this {
			add(Alert{Figure: FigurePlanned, Party: l.Party, Month: l.Month}, l.Total, l.Capacity)
		}
	}
	add(Alert{Figure: FigureConsumed}, t.value(FigureConsumed, c), t.value(FigureProvision, c))
}

// Late returns the milestones that were due before the day of the report and are not reached by then.
func (r *Report) Late() []Milestone {
	var late []Milestone
	for _, m := range r.Milestones {
		if m.Due.Before(r.At.On) && (m.Done.IsZero() || m.Done.After(r.At.On)) {
			late = append(late, m)
		}
	}
	return late
}

// Portfolio returns the reports of all projects that something was recorded for, in the order of their IRIs.
func (b *Books) Portfolio(at At) ([]*Report, error) {
	set := make(map[string]bool)
	for _, p := range b.Projects() {
		set[p] = true
	}
	for p := range b.commitments.byProject {
		set[p] = true
	}
	for p := range b.steering.plans {
		set[p] = true
	}
	var out []*Report
	for p := range b.community.Parties() {
		if !set[p.ID] {
			continue
		}
		r, err := b.Report(p.ID, at)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y *Report) int { return strings.Compare(x.Project, y.Project) })
	return out, nil
}
