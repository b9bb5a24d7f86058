// Package invent makes up the year of La Trame: who works on what, when, and what is earned and spent. It draws from a
// generator with a fixed seed, so it writes the same files every time.
package invent

import "time"

// The organisations, under the names that the charter gives them.
const (
	atelier  = "L'Atelier du Vieux Gué"
	fournil  = "Le Fournil de Mirepierre"
	jardins  = "Les Jardins de l'Orline"
	passeFil = "Le Collectif Passe-Fil"
)

// The projects.
const (
	training   = "Formations écoconstruction"
	furniture  = "Mobilier des écoles"
	canteens   = "Pain des cantines"
	baskets    = "Paniers de l'Orline"
	software   = "Plateforme Navette"
	repair     = "Café réparation"
	marketHall = "Halle de Mirepierre"
	greenhouse = "Serre pédagogique"
)

// The people.
const (
	mathilde = "Mathilde Roussac"
	bruno    = "Bruno Delcamp"
	awa      = "Awa Sidibé"
	corentin = "Corentin Lheureux"
	nadia    = "Nadia Benhaddou"
	etienne  = "Étienne Vauquelin"
	lucie    = "Lucie Pradal"
	solene   = "Solène Marchadier"
	tiago    = "Tiago Ferreira-Brun"
	odile    = "Odile Fontanès"
	remi     = "Rémi Castagné"
	yasmine  = "Yasmine Chérifi"
	hugo     = "Hugo Tessandier"
	claire   = "Claire Anglade"
	paul     = "Paul-Émile Novak"
)

// A trade is what somebody does in a project; tasks belong to a project and a trade.
type trade int

const (
	joinery trade = iota
	design
	teaching
	baking
	delivery
	fields
	gardening
	coding
	operations
	hosting
	studies
	office
)

// A job is a trade in a project, and how much of a person's time it takes beside the person's other jobs.
type job struct {
	project string
	trade   trade
	share   int
}

// A person works for La Trame on some days of the week and enters about rhythm/10 lines of time a week.
type person struct {
	name, organization string
	rhythm             int
	days               []time.Weekday
	jobs               []job
}

const (
	mon = time.Monday
	tue = time.Tuesday
	wed = time.Wednesday
	thu = time.Thursday
	fri = time.Friday
	sat = time.Saturday
)

var people = []person{
	{mathilde, atelier, 13, []time.Weekday{mon, tue, thu}, []job{{training, teaching, 5}, {furniture, joinery, 5}, {marketHall, studies, 1}}},
	{bruno, atelier, 14, []time.Weekday{mon, wed, thu, fri}, []job{{furniture, joinery, 9}, {greenhouse, joinery, 3}, {repair, joinery, 1}, {training, teaching, 1}}},
	{awa, atelier, 14, []time.Weekday{tue, wed, fri}, []job{{furniture, design, 6}, {marketHall, studies, 3}, {training, teaching, 1}}},
	{corentin, atelier, 14, []time.Weekday{wed, thu, fri}, []job{{furniture, joinery, 7}, {repair, joinery, 2}, {greenhouse, joinery, 2}}},
	{nadia, fournil, 15, []time.Weekday{mon, tue, thu, fri}, []job{{canteens, baking, 7}, {baskets, baking, 2}}},
	{etienne, fournil, 13, []time.Weekday{tue, wed, thu}, []job{{canteens, baking, 5}, {baskets, baking, 2}, {marketHall, studies, 1}}},
	{lucie, fournil, 13, []time.Weekday{mon, wed, fri}, []job{{canteens, delivery, 4}, {baskets, delivery, 3}, {software, delivery, 1}}},
	{solene, jardins, 15, []time.Weekday{mon, tue, wed, fri}, []job{{baskets, gardening, 6}, {greenhouse, teaching, 2}, {canteens, fields, 1}}},
	{tiago, jardins, 13, []time.Weekday{mon, wed, thu}, []job{{baskets, gardening, 5}, {greenhouse, joinery, 2}}},
	{odile, jardins, 12, []time.Weekday{tue, thu, fri}, []job{{greenhouse, teaching, 4}, {baskets, delivery, 2}, {repair, hosting, 2}}},
	{remi, jardins, 11, []time.Weekday{tue, wed, thu}, []job{{baskets, gardening, 4}, {canteens, fields, 2}}},
	{yasmine, passeFil, 16, []time.Weekday{mon, tue, thu, fri}, []job{{software, coding, 8}, {repair, joinery, 1}}},
	{hugo, passeFil, 14, []time.Weekday{mon, wed, thu}, []job{{software, coding, 6}, {training, office, 2}}},
	{claire, passeFil, 15, []time.Weekday{tue, wed, thu}, []job{{marketHall, hosting, 5}, {training, teaching, 2}, {repair, hosting, 2}, {software, delivery, 1}}},
	{paul, passeFil, 12, []time.Weekday{mon, tue, fri}, []job{{software, operations, 4}, {marketHall, studies, 2}, {training, office, 2}}},
}

// referents look after a project; they validate most of what others give to it.
var referents = map[string]string{
	training: mathilde, furniture: awa, canteens: nadia, baskets: solene,
	software: yasmine, repair: corentin, marketHall: claire, greenhouse: odile,
}

func (p *person) worksOn(project string) bool {
	for _, j := range p.jobs {
		if j.project == project {
			return true
		}
	}
	return false
}

// date returns a day of 2025.
func date(month time.Month, day int) time.Time {
	return time.Date(2025, month, day, 0, 0, 0, 0, time.UTC)
}

// between reports whether a day lies from one day to another, both included.
func between(day, from, to time.Time) bool { return !day.Before(from) && !day.After(to) }

// publicHolidays are those of France in 2025.
var publicHolidays = []time.Time{
	date(1, 1), date(4, 21), date(5, 1), date(5, 8), date(5, 29), date(6, 9), date(7, 14), date(8, 15), date(11, 1), date(11, 11), date(12, 25),
}

// works reports whether anybody works on a project on that day.
func works(project string, day time.Time) bool {
	for _, holiday := range publicHolidays {
		if day.Equal(holiday) {
			return false
		}
	}
	switch {
	case day.Before(date(1, 6)) || day.After(date(12, 19)):
		return false
	case between(day, date(8, 2), date(8, 17)):
		return project == baskets // vegetables do not wait
	}
	switch project {
	case canteens: // no school, no canteen
		return !between(day, date(2, 15), date(3, 2)) && !between(day, date(4, 12), date(4, 27)) &&
			!between(day, date(7, 5), date(8, 31)) && !between(day, date(10, 18), date(11, 2))
	case training:
		return !between(day, date(7, 12), date(8, 31))
	case repair:
		return !between(day, date(7, 19), date(8, 31))
	}
	return true
}
