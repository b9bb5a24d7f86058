package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
)

// reminders are the days before the last day of an entry on which its holder is reminded, the last of them that day itself.
var reminders = []int{7, 1, 0}

// A Reminder tells the holder of an entry that its last day is near.
type Reminder struct {
	Entry  string          // IRI
	Holder string          // IRI
	On     codesocial.Date // the day of the reminder
	Left   int             // days until the last day: 7, 1 or 0
	Until  codesocial.Date // the last day on which the entry can be seen
}

// Reminders returns the reminders that are due after one day and up to another: with the day of the last call and today, each is returned once, however
// seldom it is called. A zero after means the day before. It depends on the entries and the days alone: an entry that was renewed, paused for good or
// withdrawn in between is not among them. In the order of the days, then of the IRIs.
func (s *State) Reminders(after, day codesocial.Date) []Reminder {
	if after.IsZero() {
		after = day.AddDays(-1)
	}
	var list []Reminder
	for iri, it := range s.items {
		if !it.status.alive() || it.until.IsZero() {
			continue
		}
		for _, left := range reminders {
			on := it.until.AddDays(-left)
			if on.After(after) && !on.After(day) && !on.Before(it.since) {
				list = append(list, Reminder{Entry: iri, Holder: it.entry.Holder, On: on, Left: left, Until: it.until})
			}
		}
	}
	slices.SortFunc(list, func(a, b Reminder) int {
		return cmp.Or(a.On.Compare(b.On), strings.Compare(a.Entry, b.Entry), cmp.Compare(b.Left, a.Left))
	})
	return list
}
