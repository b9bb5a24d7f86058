package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/quickstart/sample"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// whatif compares rules on the same facts.
func whatif(c *config, stdout io.Writer) error {
	y, err := c.facts()
	if err != nil {
		return err
	}
	r, err := y.compare()
	if err != nil {
		return err
	}
	files, err := r.outputs()
	if err != nil {
		return err
	}
	if err := writeFiles(c.dir, files); err != nil {
		return err
	}
	if err := r.summary(stdout); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nEverything is in %s. Read %s first: it says what was assumed.\n", c.dir, in(c.dir, "whatif.md"))
	return nil
}

// A year is what rules are compared on: contributions, and what was earned with them.
type year struct {
	*rules
	// name is what the rules that it lives by are called in tables.
	name codesocial.Text
	pots []pot
	all  *facts // of all pots
	// time is the kind of wealth that is counted in hours.
	time     dividend.Kind
	invented bool
}

// A pot is what was earned together and is shared by itself: a project.
type pot struct {
	project         string
	received, costs decimal.Decimal
	facts           *facts
	introduced      []dividend.Weight
}

// facts reads the year that the command line asks for.
func (c *config) facts() (*year, error) {
	if c.contributions == "" {
		return sampleYear()
	}
	y := &year{name: codesocial.Text{"en": "your rules", "fr": "vos règles"}}
	var err error
	if c.rules == "" {
		y.name = codesocial.Text{"en": "La Trame"}
		y.rules, err = parseRules("charter.json", sample.Charter)
	} else {
		y.rules, err = readRules(c.rules)
	}
	if err != nil {
		return nil, err
	}
	p := pot{}
	if p.received, err = parseAmount("amount", c.amount, y.decimals); err != nil {
		return nil, err
	}
	if p.costs, err = parseAmount("costs", cmp.Or(c.costs, "0"), y.decimals); err != nil {
		return nil, err
	}
	if p.facts, err = readFacts(source{name: c.contributions}, "", y.rules); err != nil {
		return nil, err
	}
	y.all, y.pots = p.facts, []pot{p}
	return y, y.findTime()
}

// sampleYear returns the year of the invented commons of quickstart, project by project.
func sampleYear() (*year, error) {
	y := &year{name: codesocial.Text{"en": "La Trame"}, invented: true}
	var err error
	if y.rules, err = parseRules("charter.json", sample.Charter); err != nil {
		return nil, err
	}
	if y.all, err = readFacts(source{"contributions.csv", sample.Contributions}, "", y.rules); err != nil {
		return nil, err
	}
	var money *intake.Sheet[intake.Money]
	err = source{"money.csv", sample.Money}.read(func(r io.Reader) (err error) {
		money, err = intake.ReadMoney("money.csv", r, &intake.MoneyOptions{Currency: y.currency})
		return err
	})
	if err != nil {
		return nil, err
	}
	pots := make(map[string]*pot)
	introduced := make(map[string]map[string]decimal.Decimal)
	for _, m := range money.Lines {
		if m.Project == "" { // support functions bear it, no project does
			continue
		}
		p := pots[m.Project]
		if p == nil {
			p = &pot{project: m.Project}
			pots[m.Project], introduced[m.Project] = p, make(map[string]decimal.Decimal)
		}
		if m.Direction == intake.Expense {
			p.costs = p.costs.Add(m.Amount)
			continue
		}
		p.received = p.received.Add(m.Amount)
		if m.Introducer != "" {
			introduced[m.Project][m.Introducer] = introduced[m.Project][m.Introducer].Add(m.Amount)
		}
	}
	for _, project := range slices.Sorted(maps.Keys(pots)) {
		p := pots[project]
		for _, name := range slices.Sorted(maps.Keys(introduced[project])) {
			p.introduced = append(p.introduced, dividend.Weight{ID: name, Value: introduced[project][name]})
		}
		lines := slices.DeleteFunc(slices.Clone(y.all.lines), func(c intake.Contribution) bool { return c.Project != project })
		if p.facts, err = gather("contributions.csv", lines, y.all.validated, y.wealth); err != nil {
			return nil, err
		}
		y.pots = append(y.pots, *p)
	}
	return y, y.findTime()
}

// findTime finds the kind that is counted in hours: the one called time, or the first.
func (y *year) findTime() error {
	hours := slices.DeleteFunc(slices.Clone(y.wealth.Kinds), func(k dividend.Kind) bool { return k.Unit != intake.Hours || k.Scale != dividend.Ratio })
	if len(hours) == 0 {
		return errors.New("-whatif needs rules with a kind of wealth that is counted in hours (unit h): other rules share by time")
	}
	y.time = hours[max(0, slices.IndexFunc(hours, func(k dividend.Kind) bool { return k.ID == "time" }))]
	return nil
}

// An outcome is what one rule makes of the year.
type outcome struct {
	alternative
	people []dividend.Part
	funds  decimal.Decimal
	left   decimal.Decimal // what the rule does not give out, less deficits
}

// sums add up what parties get.
type sums map[string]decimal.Decimal

func (s sums) add(parts []dividend.Part) {
	for _, p := range parts {
		s[p.ID] = s[p.ID].Add(p.Amount)
	}
}

func (s sums) parts() []dividend.Part {
	out := make([]dividend.Part, 0, len(s))
	for _, id := range slices.Sorted(maps.Keys(s)) {
		out = append(out, dividend.Part{ID: id, Amount: s[id]})
	}
	return out
}

// asIs applies the year's own rules, pot by pot.
func (y *year) asIs() (*outcome, error) {
	o := &outcome{alternative: alternative{name: y.name, assumes: codesocial.Text{
		"en": "The rules that the contributors live by, applied to each project on its own.",
		"fr": "Les règles des contributeurs eux-mêmes, appliquées à chaque projet séparément.",
	}}}
	if !y.invented {
		o.assumes = codesocial.Text{
			"en": "The rules named “" + y.title.In("en") + "”, applied to all contributions together; nobody is taken for an introducer.",
			"fr": "Les règles « " + y.title.In("fr") + " », appliquées à toutes les contributions ensemble ; personne n'est tenu pour apporteur.",
		}
	}
	people := make(sums)
	for _, person := range y.all.matrix.Rows() {
		people[person] = decimal.Zero
	}
	for _, p := range y.pots {
		groups, err := p.facts.groups(y.rules, p.introduced)
		if err != nil {
			return nil, err
		}
		if err := o.run(y.waterfall, y, p.received, p.costs, groups, people); err != nil {
			return nil, err
		}
	}
	o.people = people.parts()
	return o, nil
}

// run takes an amount through a waterfall and adds the result to the outcome.
func (o *outcome) run(w dividend.Waterfall, y *year, received, costs decimal.Decimal, groups map[string][]dividend.Weight, people sums) error {
	s, err := w.Run(dividend.Input{Currency: y.currency, Decimals: y.decimals, Received: received, DirectCosts: costs, Groups: groups})
	if err != nil {
		return err
	}
	people.add(s.Parties())
	o.funds = o.funds.Add(s.Reserved)
	o.left = o.left.Add(s.CarriedOver).Sub(s.Deficit)
	return nil
}

// A result is the comparison of all rules.
type result struct {
	*year
	outcomes []*outcome // the first one is how it is
	// received and costs are those of all pots.
	received, costs decimal.Decimal
}

// compare applies all rules.
func (y *year) compare() (*result, error) {
	r := &result{year: y}
	for _, p := range y.pots {
		r.received, r.costs = r.received.Add(p.received), r.costs.Add(p.costs)
	}
	if r.received.LessThanOrEqual(r.costs) {
		return nil, fmt.Errorf("nothing to compare: %s received does not exceed the costs of %s", r.received, r.costs)
	}
	own, err := y.asIs()
	if err != nil {
		return nil, err
	}
	r.outcomes = []*outcome{own}
	f := newFigures(y, r.received, r.costs, own)
	if f.pool.IsZero() {
		return nil, errors.New("nothing to compare: the rules as they are give nothing to people")
	}
	if len(f.hours) == 0 {
		return nil, fmt.Errorf("nothing to compare: no time was given that counts (%s, in hours)", y.time.ID)
	}
	for _, a := range alternatives {
		o := &outcome{alternative: a}
		people := make(sums)
		for _, p := range own.people {
			people[p.ID] = decimal.Zero
		}
		if err := a.share(f, o, people); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name.In("en"), err)
		}
		o.people = people.parts()
		r.outcomes = append(r.outcomes, o)
	}
	return r, nil
}

// comparison compares some of the outcomes with the first.
func (r *result) comparison(lang string, outcomes []*outcome) (*dividend.Comparison, error) {
	in := make([]dividend.Outcome, len(outcomes))
	for i, o := range outcomes {
		in[i] = dividend.Outcome{Rule: o.name.In(lang), Parts: o.people}
	}
	return dividend.Compare(in)
}

// perPicture is how many alternatives stand beside what is.
const perPicture = 3

// pictures returns the outcomes in the groups that fit a picture: what is, and some alternatives.
func (r *result) pictures() [][]*outcome {
	var out [][]*outcome
	for group := range slices.Chunk(r.outcomes[1:], perPicture) {
		out = append(out, slices.Concat(r.outcomes[:1], group))
	}
	return out
}

// largest returns the n rows with the largest first amounts, in the order of names.
func largest(rows []dividend.ComparisonRow, n int) []dividend.ComparisonRow {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b dividend.ComparisonRow) int { return b.Amounts[0].Cmp(a.Amounts[0]) })
	rows = rows[:min(n, len(rows))]
	slices.SortFunc(rows, func(a, b dividend.ComparisonRow) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}
