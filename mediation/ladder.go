package mediation

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Step is what a rung of the ladder does.
type Step string

// The steps, from the lightest to the gravest.
const (
	Reminder           Step = "reminder"            // a rule is recalled in writing
	Commitments        Step = "commitments"         // the party commits itself to something, with a date
	Restriction        Step = "restriction"         // some things are not open to it for a time
	Suspension         Step = "suspension"          // no rights of a member, for a bounded time
	ExtendedSuspension Step = "extended-suspension" // for longer, with conditions
	Exclusion          Step = "exclusion"           // no member any more
)

var steps = []Step{Reminder, Commitments, Restriction, Suspension, ExtendedSuspension, Exclusion}

var stepTitles = map[Step]codesocial.Text{
	Reminder:           both("reminder", "rappel"),
	Commitments:        both("commitments", "engagements"),
	Restriction:        both("restriction", "restriction"),
	Suspension:         both("suspension", "suspension"),
	ExtendedSuspension: both("extended suspension", "suspension prolongée"),
	Exclusion:          both("exclusion", "exclusion"),
}

// Title names the step in the language lang, French for "fr" and otherwise English.
func (s Step) Title(lang string) string { return stepTitles[s].In(lang) }

// Bounded reports whether a measure of this step has a last day.
func (s Step) Bounded() bool { return s == Restriction || s == Suspension || s == ExtendedSuspension }

// MaxRungs is the largest number of rungs of a ladder.
const MaxRungs = 20

// A Rung is one measure of the ladder.
type Rung struct {
	Level int  `json:"level"` // from 1, without a gap
	Step  Step `json:"step"`
	// MaxDays is for how many days at most a bounded measure lasts; left out for the others.
	MaxDays int `json:"maxDays,omitempty"`
}

// A LadderRule holds the parameters of a rule of the kind "mediation.ladder": the measures, from the lightest to the gravest. A rung
// is reached when the one below was tried, or for a gravity that is on record with its reason.
type LadderRule struct {
	Rungs []Rung `json:"rungs,omitempty"`
}

// DefaultLadder returns the six rungs that hold where a charter has no ladder of its own.
func DefaultLadder() []Rung {
	return []Rung{
		{1, Reminder, 0}, {2, Commitments, 0}, {3, Restriction, 90}, {4, Suspension, 90}, {5, ExtendedSuspension, 366}, {6, Exclusion, 0},
	}
}

// Validate returns an error that wraps [ErrInvalid] for a ladder with a gap: levels that do not follow each other from 1, steps that do
// not become graver, a bounded step without a bound, or an exclusion that no suspension stands before. A ladder has at least
// three rungs: below that nothing is graduated.
func (l *LadderRule) Validate() error {
	if len(l.Rungs) == 0 {
		return nil
	}
	if len(l.Rungs) < 3 || len(l.Rungs) > MaxRungs {
		return bad(ErrInvalid, "rungs", strconv.Itoa(len(l.Rungs)), "a ladder has from 3 to %d rungs", MaxRungs)
	}
	gravity := -1
	for i, rung := range l.Rungs {
		field := fmt.Sprintf("rungs[%d]", i)
		g := slices.Index(steps, rung.Step)
		switch {
		case rung.Level != i+1:
			return bad(ErrInvalid, field+".level", strconv.Itoa(rung.Level), "leaves a gap: the levels are 1, 2, 3 and so on")
		case g < 0:
			return bad(ErrInvalid, field+".step", string(rung.Step), "is no step")
		case g < gravity:
			return bad(ErrInvalid, field+".step", string(rung.Step), "is lighter than the rung below")
		case g == gravity && !rung.Step.Bounded():
			return bad(ErrInvalid, field+".step", string(rung.Step), "stands on two rungs")
		case rung.Step.Bounded() && (rung.MaxDays < 1 || rung.MaxDays > MaxDays):
			return bad(ErrInvalid, field+".maxDays", strconv.Itoa(rung.MaxDays), "must be from 1 to %d: a %s has an end", MaxDays, rung.Step)
		case !rung.Step.Bounded() && rung.MaxDays != 0:
			return bad(ErrInvalid, field+".maxDays", strconv.Itoa(rung.MaxDays), "a %s has no number of days", rung.Step)
		case rung.Step == Exclusion && gravity < slices.Index(steps, Suspension):
			return bad(ErrInvalid, field+".step", string(rung.Step), "leaves a gap: no suspension stands before it")
		}
		gravity = g
	}
	return nil
}

// rung returns the rung with that level.
func (l *LadderRule) rung(level int) (Rung, bool) {
	if level < 1 || level > len(l.Rungs) {
		return Rung{}, false
	}
	return l.Rungs[level-1], true
}

// exclusion returns the level of exclusion, 0 where the ladder has none.
func (l *LadderRule) exclusion() int {
	return slices.IndexFunc(l.Rungs, func(r Rung) bool { return r.Step == Exclusion }) + 1
}
