package codesocial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Limits on what a clause aims at.
const (
	MaxActions   = 200 // actions of one intention
	MaxUnitBytes = 32
	maxDigits    = 30 // of a figure, on either side of the point
)

// A Reach says on which side of its goal a target is met.
type Reach string

// The sides of a goal.
const (
	AtLeast Reach = "at-least"
	AtMost  Reach = "at-most"
)

// A Target is what a clause wants to reach, in figures: "at least 80 % of the good practices of eco-design".
type Target struct {
	// What says what is measured, in one line.
	What Text `json:"what"`
	// Unit is that of Goal and Current: "%", "h", "kgCO2e".
	Unit  string `json:"unit"`
	Reach Reach  `json:"reach"`
	// Goal is written without zeros at its end: "0.1", not "0.10".
	Goal decimal.Decimal `json:"goal"`
	// By is the day by which it is to be reached, zero for always.
	By Date `json:"by,omitzero"`
	// Current is where one stood when the version was written; later readings are recorded, see [Community.Observe].
	Current *Reading `json:"current,omitempty"`
}

// A Reading is the value of what a target measures, on a day.
type Reading struct {
	Value decimal.Decimal `json:"value"`
	On    Date            `json:"on"`
}

// Met reports whether a value meets the goal.
func (t *Target) Met(value decimal.Decimal) bool {
	if t.Reach == AtMost {
		return value.Cmp(t.Goal) <= 0
	}
	return value.Cmp(t.Goal) >= 0
}

// An Intention marks a clause that says what the community intends, and names the actions that carry it out, so that anyone can follow
// whether deeds agree with words.
type Intention struct {
	Actions []Action `json:"actions,omitempty"`
}

// An Action carries out an intention.
type Action struct {
	// ID is the IRI under which the action is documented, in or outside of this library.
	ID    string `json:"id"`
	Title Text   `json:"title"`
}

func (t *Target) clone() *Target {
	if t == nil {
		return nil
	}
	c := *t
	c.What, c.Current = t.What.clone(), copied(t.Current)
	return &c
}

func (i *Intention) clone() *Intention {
	if i == nil {
		return nil
	}
	c := &Intention{}
	for _, a := range i.Actions {
		a.Title = a.Title.clone()
		c.Actions = append(c.Actions, a)
	}
	return c
}

func (t *Target) check(field string) error {
	if err := t.What.checkTitle(field + ".what"); err != nil {
		return err
	}
	if len(t.Unit) > MaxUnitBytes {
		return badly(ErrLimit, field+".unit", "has %d bytes, the limit is %d", len(t.Unit), MaxUnitBytes)
	}
	if err := checkLine(field+".unit", t.Unit); err != nil {
		return err
	}
	if t.Reach != AtLeast && t.Reach != AtMost {
		return bad(ErrInvalid, field+".reach", string(t.Reach), "must be %s or %s", AtLeast, AtMost)
	}
	if err := checkFigure(field+".goal", t.Goal); err != nil {
		return err
	}
	if !t.By.IsZero() && t.By.check() != nil {
		return bad(ErrInvalid, field+".by", t.By.String(), "must be a day of the calendar")
	}
	if t.Current == nil {
		return nil
	}
	return t.Current.check(field + ".current.")
}

func (r *Reading) check(field string) error {
	if r.On.check() != nil {
		return bad(ErrInvalid, field+"on", r.On.String(), "must be a day of the calendar")
	}
	return checkFigure(field+"value", r.Value)
}

// checkFigure checks that a number can be written out.
func checkFigure(field string, d decimal.Decimal) error {
	if d.NumDigits() > maxDigits || d.Exponent() > maxDigits || d.Exponent() < -maxDigits {
		return badly(ErrLimit, field, "has more than %d digits", maxDigits)
	}
	return nil
}

func (i *Intention) check(field string) error {
	if len(i.Actions) > MaxActions {
		return badly(ErrLimit, field+".actions", "there are %d, the limit is %d", len(i.Actions), MaxActions)
	}
	seen := make(map[string]int, len(i.Actions))
	for n, a := range i.Actions {
		field := at(field+".actions", n)
		if err := checkIRI(field+".id", a.ID); err != nil {
			return err
		}
		if first, ok := seen[a.ID]; ok {
			return bad(ErrInvalid, field+".id", a.ID, "is also action %d", first)
		}
		seen[a.ID] = n
		if err := a.Title.checkTitle(field + ".title"); err != nil {
			return err
		}
	}
	return nil
}

// String says the target on one line, in English.
func (t *Target) String() string { return t.In("en") }

// In says the target on one line, in French for "fr" and otherwise in English.
func (t *Target) In(lang string) string {
	word := map[Reach]Text{AtLeast: {"fr": "au moins", "en": "at least"}, AtMost: {"fr": "au plus", "en": "at most"}}[t.Reach].In(lang)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s %s", t.What.In(lang), word, t.Goal, t.Unit)
	if !t.By.IsZero() {
		b.WriteString(Text{"fr": " d'ici le ", "en": " by "}.In(lang) + t.By.String())
	}
	if t.Current != nil {
		fmt.Fprintf(&b, " (%s %s, %s)", t.Current.Value, t.Unit, t.Current.On)
	}
	return b.String()
}

// target notes how a target changes.
func (d *differ) target(id string, from, to *Target) {
	switch {
	case from == nil && to == nil:
	case from == nil:
		d.add(TargetChanged, id, "", "", to.String())
	case to == nil:
		d.add(TargetChanged, id, "", from.String(), "")
	default:
		for _, lang := range union(from.What, to.What) {
			d.add(TargetChanged, id, "what."+lang, from.What[lang], to.What[lang])
		}
		d.add(TargetChanged, id, "unit", from.Unit, to.Unit)
		d.add(TargetChanged, id, "reach", string(from.Reach), string(to.Reach))
		d.add(TargetChanged, id, "goal", from.Goal.String(), to.Goal.String())
		d.add(TargetChanged, id, "by", from.By.String(), to.By.String())
		d.add(TargetChanged, id, "current", from.Current.text(), to.Current.text())
	}
}

func (r *Reading) text() string {
	if r == nil {
		return ""
	}
	return r.Value.String() + ", " + r.On.String()
}

// intention notes how an intention and its actions change.
func (d *differ) intention(id string, from, to *Intention) {
	said := func(i *Intention) (string, []Action) {
		if i == nil {
			return "", nil
		}
		return "yes", i.Actions
	}
	was, before := said(from)
	is, after := said(to)
	d.add(IntentionSet, id, "", was, is)
	old, left := make(map[string]Action, len(before)), make(map[string]bool)
	for _, a := range before {
		old[a.ID], left[a.ID] = a, true
	}
	for _, a := range after {
		known, ok := old[a.ID]
		if !ok {
			d.add(ActionAdded, id, a.ID, "", a.Title.In("en"))
			continue
		}
		delete(left, a.ID)
		for _, lang := range union(known.Title, a.Title) {
			d.add(ActionChanged, id, a.ID+"."+lang, known.Title[lang], a.Title[lang])
		}
	}
	for _, a := range before {
		if left[a.ID] {
			d.add(ActionRemoved, id, a.ID, a.Title.In("en"), "")
		}
	}
	a, b := common(ids(before, actionID), ids(after, actionID))
	if !slices.Equal(a, b) {
		d.add(ActionChanged, id, "", strings.Join(a, ", "), strings.Join(b, ", "))
	}
}

func actionID(a Action) string { return a.ID }
