package invent

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// kinds of wealth, as the charter calls them in French.
const (
	workingTime  = "temps"
	knowledge    = "connaissance"
	material     = "matériel"
	care         = "soin"
	satisfaction = "satisfaction"
)

// line is one line of the timesheet tool's export.
type line struct {
	day                               time.Time
	who                               int // index into people
	project, kind                     string
	quantity                          decimal.Decimal
	unit                              string
	description, evidence, validation string
}

// Contributions returns the export of the timesheet tool for the year: CSV with semicolons, decimal commas and French dates, by day
// and then in the order in which the tool lists the people.
func Contributions() []byte {
	y := &year{random: rand.New(rand.NewPCG(2025, 8)), hours: make(map[sitting]int)}
	y.courses()
	for monday := date(1, 6); monday.Before(date(12, 20)); monday = monday.AddDate(0, 0, 7) {
		for who := range people {
			y.week(monday, who)
		}
	}
	y.gifts()
	y.satisfaction()
	slices.SortStableFunc(y.lines, func(a, b line) int {
		if c := a.day.Compare(b.day); c != 0 {
			return c
		}
		return a.who - b.who
	})
	y.validate()
	rows := [][]string{{"Date", "Utilisateur", "Structure", "Projet", "Richesse", "Durée / Quantité", "Unité", "Description", "Justificatif", "Validé par"}}
	for _, l := range y.lines {
		rows = append(rows, []string{
			frenchDate(l.day), people[l.who].name, people[l.who].organization, l.project, l.kind,
			frenchNumber(l.quantity), l.unit, l.description, l.evidence, l.validation,
		})
	}
	return table(rows)
}

type year struct {
	random *rand.Rand
	lines  []line
	hours  map[sitting]int // quarter hours that are taken
}

type sitting struct {
	day time.Time
	who int
}

// longDay is the most that one person enters for a day, in quarter hours.
const longDay = 32

// courses enters the days of the training courses, on which those who lead them do nothing else.
func (y *year) courses() {
	for _, c := range courses {
		for n := range c.days {
			day := c.first.AddDate(0, 0, n)
			for _, name := range c.led {
				who := index(name)
				y.hours[sitting{day, who}] = longDay
				y.lines = append(y.lines, line{
					day: day, who: who, project: training, kind: workingTime, quantity: decimal.New(7, 0), unit: "h",
					description: fmt.Sprintf("Animation du stage %s, jour %d", c.text, n+1), evidence: "feuille d'émargement",
				})
			}
		}
	}
}

// week enters the time that a person gives in the week that begins on a Monday.
func (y *year) week(monday time.Time, who int) {
	p := &people[who]
	rhythm := p.rhythm
	if between(monday, date(7, 14), date(8, 24)) {
		rhythm /= 2
	}
	for n := y.times(rhythm); n > 0; n-- {
		project, done, ok := y.chooseTask(p, monday)
		if !ok {
			continue
		}
		kind := workingTime
		if y.random.IntN(9) == 0 {
			done, kind = careTasks[y.random.IntN(len(careTasks))], care
		}
		weekday := done.day
		if weekday == anyDay {
			weekday = p.days[y.random.IntN(len(p.days))]
		}
		at := sitting{monday.AddDate(0, 0, int(weekday-mon)), who}
		quarters := done.least + y.random.IntN(done.most-done.least+1)
		if !works(project, at.day) || y.hours[at]+quarters > longDay {
			continue
		}
		y.hours[at] += quarters
		y.lines = append(y.lines, line{
			day: at.day, who: who, project: project, kind: kind, quantity: decimal.New(int64(25*quarters), -2), unit: "h",
			description: y.choose(done.text), evidence: done.evidence,
		})
	}
}

// times returns tenths/10, rounded up or down by chance.
func (y *year) times(tenths int) int {
	n := tenths / 10
	if y.random.IntN(10) < tenths%10 {
		n++
	}
	return n
}

// chooseTask draws one of a person's jobs by its share, and one of the tasks that there are in that month.
func (y *year) chooseTask(p *person, monday time.Time) (project string, done task, ok bool) {
	total := 0
	for _, j := range p.jobs {
		total += j.share
	}
	draw := y.random.IntN(total)
	for _, j := range p.jobs {
		if draw -= j.share; draw >= 0 {
			continue
		}
		var open []task
		for _, t := range tasks {
			if t.project == j.project && t.trade == j.trade && t.from <= monday.Month() && monday.Month() <= t.to {
				open = append(open, t)
			}
		}
		if len(open) == 0 {
			return "", task{}, false
		}
		return j.project, open[y.random.IntN(len(open))], true
	}
	return "", task{}, false
}

// choose replaces every choice in a text, "{bleu|vert}", by one of its words.
func (y *year) choose(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		words, after, _ := strings.Cut(rest, "}")
		options := strings.Split(words, "|")
		b.WriteString(options[y.random.IntN(len(options))])
		text = after
	}
}

// gifts enters knowledge and material.
func (y *year) gifts() {
	for _, d := range deliverables {
		y.lines = append(y.lines, line{
			day: d.day, who: index(d.who), project: d.project, kind: knowledge, quantity: decimal.New(1, 0),
			description: d.text, evidence: "https://doc.la-trame.example/" + d.address,
		})
	}
	for i, l := range loans {
		y.lines = append(y.lines, line{
			day: l.day, who: index(l.who), project: l.project, kind: material, quantity: decimal.New(l.count*l.cents, -2), unit: "€",
			description: l.text, evidence: fmt.Sprintf("attestation M-2025-%02d", i+1),
		})
	}
}

// satisfaction enters what those who work on a project say after a milestone; now and then somebody does not answer.
func (y *year) satisfaction() {
	for _, m := range milestones {
		for who := range people {
			if !people[who].worksOn(m.project) || y.random.IntN(12) == 0 {
				continue
			}
			level := m.mood + []int{-1, 0, 0, 0, 1}[y.random.IntN(5)]
			y.lines = append(y.lines, line{
				day: m.day, who: who, project: m.project, kind: satisfaction, quantity: decimal.New(int64(min(max(level, 1), 5)), 0),
				description: m.text, evidence: "tour de table du " + frenchDate(m.day),
			})
		}
	}
}

// validate has most lines validated by the referent of the project or by somebody else who works on it. A few have been
// forgotten, most of them just before the year's end.
func (y *year) validate() {
	for i := range y.lines {
		l := &y.lines[i]
		forgotten := 90
		if l.day.After(date(12, 8)) {
			forgotten = 6
		}
		if y.random.IntN(forgotten) == 0 {
			continue
		}
		self := people[l.who].name
		if referent := referents[l.project]; referent != self && y.random.IntN(10) < 6 {
			l.validation = referent
			continue
		}
		var others []string
		for _, p := range people {
			if p.name != self && p.worksOn(l.project) {
				others = append(others, p.name)
			}
		}
		l.validation = others[y.random.IntN(len(others))]
	}
}

func index(name string) int {
	return slices.IndexFunc(people, func(p person) bool { return p.name == name })
}
