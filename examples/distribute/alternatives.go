package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// An alternative is a rule that a year is compared by.
type alternative struct {
	name codesocial.Text // short: the head of a column
	// assumes says what the rule takes for what, where the year does not say what the rule asks for.
	assumes codesocial.Text
	share   func(f *figures, o *outcome, people sums) error
}

// alternatives are all of them: first those of communities, which share everything that was received, then some that anybody could
// have, which share what people get under the rules as they are.
var alternatives = []alternative{
	{
		name: codesocial.Text{"en": "Codeurs en Liberté"},
		assumes: codesocial.Text{
			"en": "5% and 5% of what is left after direct costs go to funds. What each earned is not known, so the 90% are shared by hours.",
			"fr": "5 % et 5 % de ce qui reste après les charges directes vont à des fonds. Ce que chacun a gagné n'est pas connu : les 90 % sont partagés selon les heures.",
		},
		share: func(f *figures, o *outcome, people sums) error {
			w, err := waterfallOf("codeurs-en-liberte")
			if err != nil {
				return err
			}
			return f.run(w, o, people, map[string][]dividend.Weight{contributors: f.hours})
		},
	},
	{
		name: codesocial.Text{"en": "Coopaname"},
		assumes: codesocial.Text{
			"en": "30 for each person and month in which she contributed, and 13.5% of what is left after direct costs, pay for shared services. What each earned is not known, so the rest is shared by hours.",
			"fr": "30 par personne et par mois où elle a contribué, et 13,5 % de ce qui reste après les charges directes, paient les services mutualisés. Ce que chacun a gagné n'est pas connu : le reste est partagé selon les heures.",
		},
		share: func(f *figures, o *outcome, people sums) error {
			w, err := waterfallOf("coopaname")
			if err != nil {
				return err
			}
			for i := range w.Lines {
				if fixed := w.Lines[i].Fixed; fixed != nil {
					all := fixed.Mul(decimal.NewFromInt(int64(f.months)))
					w.Lines[i].Fixed = &all
				}
			}
			return f.run(w, o, people, map[string][]dividend.Weight{contributors: f.hours})
		},
	},
	{
		name: codesocial.Text{"en": "Pavilion"},
		assumes: codesocial.Text{
			"en": "A month in which somebody gave at least the mean hours of those who gave time in it counts as a month of a full member, any other month with hours as one of a quarter member. Months are added up, and so are the caps of 2 000 and 500 a month, read in the currency of the year.",
			"fr": "Un mois où quelqu'un a donné au moins la moyenne des heures de celles et ceux qui y ont donné du temps compte comme un mois à part entière, tout autre mois avec des heures comme un quart de part. Les mois s'additionnent, et avec eux les plafonds de 2 000 et 500 par mois, lus dans la monnaie de l'année.",
		},
		share: func(f *figures, o *outcome, people sums) error {
			w, err := waterfallOf("pavilion")
			if err != nil {
				return err
			}
			return f.run(w, o, people, map[string][]dividend.Weight{contributors: f.memberships})
		},
	},
	{
		name: codesocial.Text{"en": "DisCO"},
		assumes: codesocial.Text{
			"en": "Hours of time are livelihood work, care is recorded and not paid, and whatever else gives points under the rules as they are is love work, by these points. What an hour is worth in credits is not known: it is taken to be enough for no credit to be paid in full.",
			"fr": "Les heures de temps sont du travail payé, le soin est noté sans être payé, et tout ce qui donne par ailleurs des points selon les règles actuelles est du travail bénévole, selon ces points. Ce que vaut une heure en crédits n'est pas connu : on suppose que c'est assez pour qu'aucun crédit ne soit payé en entier.",
		},
		share: func(f *figures, o *outcome, people sums) error {
			w, err := waterfallOf("disco")
			if err != nil {
				return err
			}
			for i := range w.Lines {
				w.Lines[i].Share = nil
			}
			return f.run(w, o, people, map[string][]dividend.Weight{"livelihood": f.hours, "love": f.gifts})
		},
	},
	{
		name: codesocial.Text{"en": "equal", "fr": "égal"},
		assumes: codesocial.Text{
			"en": "Equal parts for all who have points under the rules as they are, of what people get under them.",
			"fr": "Des parts égales pour qui a des points selon les règles actuelles, de ce que les gens reçoivent sous ces règles.",
		},
		share: func(f *figures, o *outcome, people sums) error { return f.divide(o, people, "1", f.points) },
	},
	{
		name: codesocial.Text{"en": "by time", "fr": "au temps"},
		assumes: codesocial.Text{
			"en": "An hour is an hour: what people get under the rules as they are, in proportion to time.",
			"fr": "Une heure est une heure : ce que les gens reçoivent sous les règles actuelles, en proportion du temps.",
		},
		share: func(f *figures, o *outcome, people sums) error { return f.divide(o, people, "0", f.hours) },
	},
	{
		name: codesocial.Text{"en": "by points", "fr": "aux points"},
		assumes: codesocial.Text{
			"en": "What people get under the rules as they are, in proportion to their points in all projects together.",
			"fr": "Ce que les gens reçoivent sous les règles actuelles, en proportion de leurs points dans tous les projets ensemble.",
		},
		share: func(f *figures, o *outcome, people sums) error { return f.divide(o, people, "0", f.points) },
	},
	{
		name: codesocial.Text{"en": "half equal", "fr": "moitié égal"},
		assumes: codesocial.Text{
			"en": "Half in equal parts, half in proportion to points, of what people get under the rules as they are.",
			"fr": "Une moitié en parts égales, une moitié en proportion des points, de ce que les gens reçoivent sous les règles actuelles.",
		},
		share: func(f *figures, o *outcome, people sums) error { return f.divide(o, people, "0.5", f.points) },
	},
	{
		name: codesocial.Text{"en": "quadratic", "fr": "quadratique"},
		assumes: codesocial.Text{
			"en": "Hours are taken for votes: a project gets in proportion to the square of the sum of the square roots of what each gave to it, so that many people count for more than many hours of few. In a project, hours share.",
			"fr": "Les heures valent des votes : un projet reçoit en proportion du carré de la somme des racines carrées de ce que chacun lui a donné, si bien que beaucoup de personnes comptent plus que beaucoup d'heures de quelques-unes. Dans un projet, les heures partagent.",
		},
		share: shareQuadratically,
	},
}

// waterfallOf returns the lines of a community's published rules.
func waterfallOf(name string) (dividend.Waterfall, error) {
	c, err := findCommunity(name)
	if err != nil {
		return dividend.Waterfall{}, err
	}
	r, err := c.rules()
	if err != nil {
		return dividend.Waterfall{}, err
	}
	return r.waterfall, nil
}

// figures are what the alternatives share by.
type figures struct {
	year            *year
	received, costs decimal.Decimal
	own             *outcome        // the rules as they are
	pool            decimal.Decimal // what people get under them
	// Weights, sorted by name; those without are absent.
	points      []dividend.Weight // under the rules as they are
	hours       []dividend.Weight // of time
	gifts       []dividend.Weight // points for what is neither time nor care
	memberships []dividend.Weight // months as full member, times four, and as quarter member
	// months is the number of months in which somebody contributed, summed over people.
	months int
	// projects are the hours of time by project and person.
	projects map[string]sums
}

// care is the kind of wealth that DisCO records and does not pay.
const care = "care"

func newFigures(y *year, received, costs decimal.Decimal, own *outcome) *figures {
	f := &figures{year: y, received: received, costs: costs, own: own, projects: make(map[string]sums)}
	for _, p := range own.people {
		f.pool = f.pool.Add(p.Amount)
	}
	points, hours, gifts := make(sums), make(sums), make(sums)
	active := make(map[string]map[string]bool) // month, person
	worked := make(map[string]sums)            // month, person
	for _, l := range y.all.lines {
		if !y.all.counts(l) {
			continue
		}
		value := l.Quantity.Mul(y.weights.Points(l.Kind, l.Date.String()))
		month := l.Date.String()[:len("2006-01")]
		add(points, l.Person, value)
		if active[month] == nil {
			active[month], worked[month] = make(map[string]bool), make(sums)
		}
		active[month][l.Person] = true
		switch l.Kind {
		case y.time.ID:
			add(hours, l.Person, l.Quantity)
			add(worked[month], l.Person, l.Quantity)
			if f.projects[l.Project] == nil {
				f.projects[l.Project] = make(sums)
			}
			add(f.projects[l.Project], l.Person, l.Quantity)
		case care:
		default:
			add(gifts, l.Person, value)
		}
	}
	for _, people := range active {
		f.months += len(people)
	}
	f.points, f.hours, f.gifts = points.weights(), hours.weights(), gifts.weights()
	f.memberships = memberships(worked)
	return f
}

func add(s sums, id string, d decimal.Decimal) { s[id] = s[id].Add(d) }

// weights returns the sums above zero, sorted by name.
func (s sums) weights() []dividend.Weight {
	var out []dividend.Weight
	for _, id := range slices.Sorted(maps.Keys(s)) {
		if s[id].Sign() > 0 {
			out = append(out, dividend.Weight{ID: id, Value: s[id]})
		}
	}
	return out
}

// memberships counts a month of at least the mean hours as four quarters, and any other as one.
func memberships(worked map[string]sums) []dividend.Weight {
	quarters := make(sums)
	for _, people := range worked {
		all := decimal.Zero
		for _, hours := range people {
			all = all.Add(hours)
		}
		for person, hours := range people {
			months := decimal.NewFromInt(1)
			if hours.Mul(decimal.NewFromInt(int64(len(people)))).GreaterThanOrEqual(all) {
				months = decimal.NewFromInt(4)
			}
			add(quarters, person, months)
		}
	}
	return quarters.weights()
}

// run takes all that was received through a community's lines.
func (f *figures) run(w dividend.Waterfall, o *outcome, people sums, groups map[string][]dividend.Weight) error {
	return o.run(w, f.year, f.received, f.costs, groups, people)
}

// divide shares the pool in the given part equally, and otherwise by weight. What the rules as they are put into funds or leave stays
// where it is.
func (f *figures) divide(o *outcome, people sums, equal string, weights []dividend.Weight) error {
	part, err := decimal.NewFromString(equal)
	if err != nil {
		return err
	}
	parts, left, err := dividend.Sharing{Equal: &part}.Divide(f.pool, f.year.decimals, weights)
	if err != nil {
		return err
	}
	people.add(parts)
	f.rest(o, left)
	return nil
}

// rest notes what does not go to people: what does not under the rules as they are, and what could not be placed.
func (f *figures) rest(o *outcome, left decimal.Decimal) {
	o.funds, o.left = f.own.funds, f.own.left.Add(left)
}

func shareQuadratically(f *figures, o *outcome, people sums) error {
	var grants []dividend.Grant
	for _, project := range slices.Sorted(maps.Keys(f.projects)) {
		g := dividend.Grant{ID: project}
		for _, w := range f.projects[project].weights() {
			// Package dividend takes amounts with the decimals of the pool; a common factor changes nothing.
			g.Contributions = append(g.Contributions, w.Value.Shift(intake.MaxFractionDigits))
		}
		grants = append(grants, g)
	}
	matched, left, err := dividend.Quadratic(f.pool, f.year.decimals, grants, dividend.RealRoot, nil)
	if err != nil {
		return err
	}
	for _, m := range matched {
		parts, err := dividend.Split(m.Amount, f.year.decimals, f.projects[m.ID].weights())
		if err != nil {
			return fmt.Errorf("project %q: %w", m.ID, err)
		}
		people.add(parts)
	}
	f.rest(o, left)
	return nil
}
