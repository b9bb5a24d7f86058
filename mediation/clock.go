package mediation

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// warnFrom returns from when those who can act are warned of the deadline.
func (k *Case) warnFrom() time.Time {
	return k.Deadline.Add(-k.Rules.warning(k.Stage, k.Since, k.Deadline))
}

// due returns the act of the clock that is due at an instant: a warning, the lapse of the stage, or the erasure of what was
// said in confidence.
func (k *Case) due(at time.Time) (Act, bool) {
	a := Act{Case: k.ID, At: at, Deadline: k.Deadline}
	switch {
	case k.Stage == Archived || at.Before(k.last):
		return Act{}, false
	case !at.Before(k.Deadline):
		a.Event = Lapse
		if k.Stage == Closed {
			a.Event = Erase
		}
	case k.Stage != Closed && !k.Warned && !at.Before(k.warnFrom()):
		a.Event = Warn
	default:
		return Act{}, false
	}
	a.ID = clockID(&a)
	return a, true
}

// clockID names an act of the clock, so that it is recorded once whoever runs the clock, and how often.
func clockID(a *Act) uuid.UUID {
	var name [64]byte
	copy(name[:], a.Case[:])
	binary.BigEndian.PutUint64(name[16:], uint64(a.Deadline.Unix()))
	binary.BigEndian.PutUint64(name[24:], uint64(a.At.Unix()))
	copy(name[32:], a.Event)
	sum := sha256.Sum256(name[:])
	id, _ := uuid.FromBytes(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8, RFC 9562
	return id
}

// A Deadline is when something must have happened in a case.
type Deadline struct {
	Case  uuid.UUID
	Stage Stage
	At    time.Time // the first instant at which it has passed
	// Events are what somebody can do before, and By the roles that can.
	Events []Event
	By     []Role
}

// Deadlines returns the deadlines of all cases that are not archived, and that are not later than an instant, the nearest first. The
// zero time stands for all.
func (c *Cases) Deadlines(until time.Time) []Deadline {
	var list []Deadline
	for _, k := range c.order {
		if k.Stage != Archived && (until.IsZero() || !k.Deadline.After(until)) {
			list = append(list, k.next())
		}
	}
	slices.SortStableFunc(list, func(a, b Deadline) int { return cmp.Or(a.At.Compare(b.At), slices.Compare(a.Case[:], b.Case[:])) })
	return list
}

// next returns the next step of a case: its deadline, and what can be done before.
func (k *Case) next() Deadline {
	d := Deadline{Case: k.ID, Stage: k.Stage, At: k.Deadline}
	for i := range transitions {
		t := &transitions[i]
		if t.From != k.Stage || slices.Contains(everywhere, t.Event) || t.Event == Lapse || t.Event == Erase {
			continue
		}
		d.Events = append(d.Events, t.Event)
		for _, role := range k.Rules.by(infoOf[t.Event]) {
			if !slices.Contains(d.By, role) {
				d.By = append(d.By, role)
			}
		}
	}
	return d
}

// Next returns what comes next in a case: until when, what can be done, and by whom. Every case that is not archived has a next
// step and a deadline. The error wraps [ErrUnknown].
func (c *Cases) Next(of uuid.UUID) (Deadline, error) {
	k, err := c.find(of)
	if err != nil {
		return Deadline{}, err
	}
	return k.next(), nil
}

// DraftClocks returns what the clocks of all cases have to say at an instant: warnings of deadlines that come near, and what follows
// from those that have passed. Run it at least once a day; nothing is lost when it runs late, or twice.
func (c *Cases) DraftClocks(at time.Time) ([]journal.Draft, error) {
	if err := checkTime("at", at); err != nil {
		return nil, wrap("clocks", err)
	}
	return c.clocks(at, len(c.order)), nil
}

// clockBatch is how many acts of the clock are recorded in one commit: a block of the journal holds many more.
const clockBatch = 2000

// clocks returns at most so many acts of the clock that are due at an instant.
func (c *Cases) clocks(at time.Time, most int) []journal.Draft {
	var drafts []journal.Draft
	for _, k := range c.order {
		if len(drafts) == most {
			break
		}
		if a, ok := k.due(at); ok {
			drafts = append(drafts, a.draft())
		}
	}
	return drafts
}
