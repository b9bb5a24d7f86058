package catalog

import (
	"github.com/commonstocommons/codesocial/codesocial"
)

// A Status says how far an entry has come. What follows from a day is never recorded: an entry is [Expired] from the day after its last, and [Suspended]
// while its holder, or a partner, does not have the rights of a member; it is [Withdrawn] when its holder has left or was excluded.
type Status string

// The states of an entry.
const (
	Draft     Status = "draft"     // its holder writes it
	Proposed  Status = "proposed"  // others look at it
	Checked   Status = "checked"   // enough others found nothing against it
	Published Status = "published" // can be seen and found
	Paused    Status = "paused"    // its holder has taken it out for a while
	Reserved  Status = "reserved"  // all of its capacity is promised
	Fulfilled Status = "fulfilled" // nothing of it is left, or is needed
	Expired   Status = "expired"   // its last day is over; it can be renewed
	Withdrawn Status = "withdrawn" // for good
	Suspended Status = "suspended" // as long as its holder, or a partner, is
)

// Label returns the word for the status in French and English, to be shown to members.
func (s Status) Label() codesocial.Text {
	switch s {
	case Draft:
		return codesocial.Text{"fr": "brouillon", "en": "draft"}
	case Proposed:
		return codesocial.Text{"fr": "proposée", "en": "proposed"}
	case Checked:
		return codesocial.Text{"fr": "vérifiée", "en": "checked"}
	case Published:
		return codesocial.Text{"fr": "publiée", "en": "published"}
	case Paused:
		return codesocial.Text{"fr": "en pause", "en": "paused"}
	case Reserved:
		return codesocial.Text{"fr": "réservée", "en": "reserved"}
	case Fulfilled:
		return codesocial.Text{"fr": "satisfaite", "en": "fulfilled"}
	case Expired:
		return codesocial.Text{"fr": "expirée", "en": "expired"}
	case Withdrawn:
		return codesocial.Text{"fr": "retirée", "en": "withdrawn"}
	case Suspended:
		return codesocial.Text{"fr": "suspendue", "en": "suspended"}
	}
	return nil
}

// A Move is what can happen to an entry.
type Move string

// The moves that a [Step] records. The first is what [Catalog.Write] does.
const (
	Revise   Move = "revise"
	Propose  Move = "propose"
	Check    Move = "check"
	Return   Move = "return"
	Publish  Move = "publish"
	Pause    Move = "pause"
	Resume   Move = "resume"
	Renew    Move = "renew"
	Fulfil   Move = "fulfil"
	Withdraw Move = "withdraw"
)

// The moves that follow from a deal or a day.
const (
	fill    Move = "fill"
	free    Move = "free"
	expire  Move = "expire"
	suspend Move = "suspend"
	lift    Move = "lift"
	leave   Move = "leave" // the holder has left the community, or was excluded
)

// A role says who makes a move.
type role string

const (
	byHolder  role = "holder"  // the holder or a partner, or somebody who belongs to it
	byChecker role = "checker" // a member that is not behind the entry
	byDeal    role = "deal"    // follows from a deal
	byDay     role = "day"     // follows from the calendar or from the standing of a member; never recorded
)

// A row of a table of states: what happens in a state, who does it, on what condition, and what state follows. Of the rows with the same
// state and move the first whose condition holds applies; the last of them has none.
type row struct {
	from Status
	move Move
	by   role
	when string
	to   Status
}

// The conditions of the table.
const (
	always    = ""
	unchecked = "the charter asks for no check"
	enough    = "enough have checked"
	asItWas   = "as it was"
)

// lifeTable says what can happen to an entry. What is not here is refused.
var lifeTable = []row{
	{Draft, Revise, byHolder, always, Draft},
	{Draft, Propose, byHolder, unchecked, Checked},
	{Draft, Propose, byHolder, always, Proposed},
	{Draft, Withdraw, byHolder, always, Withdrawn},
	{Proposed, Revise, byHolder, always, Draft},
	{Proposed, Check, byChecker, enough, Checked},
	{Proposed, Check, byChecker, always, Proposed},
	{Proposed, Return, byChecker, always, Draft},
	{Proposed, Withdraw, byHolder, always, Withdrawn},
	{Checked, Revise, byHolder, always, Draft},
	{Checked, Publish, byHolder, always, Published},
	{Checked, Withdraw, byHolder, always, Withdrawn},
	{Published, Revise, byHolder, always, Draft},
	{Published, Pause, byHolder, always, Paused},
	{Published, Renew, byHolder, always, Published},
	{Published, Fulfil, byHolder, always, Fulfilled},
	{Published, Withdraw, byHolder, always, Withdrawn},
	{Published, fill, byDeal, always, Reserved},
	{Published, expire, byDay, always, Expired},
	{Published, suspend, byDay, always, Suspended},
	{Published, leave, byDay, always, Withdrawn},
	{Paused, Revise, byHolder, always, Draft},
	{Paused, Resume, byHolder, always, Published},
	{Paused, Renew, byHolder, always, Paused},
	{Paused, Fulfil, byHolder, always, Fulfilled},
	{Paused, Withdraw, byHolder, always, Withdrawn},
	{Paused, fill, byDeal, always, Reserved},
	{Paused, expire, byDay, always, Expired},
	{Paused, suspend, byDay, always, Suspended},
	{Paused, leave, byDay, always, Withdrawn},
	{Reserved, Renew, byHolder, always, Reserved},
	{Reserved, Fulfil, byHolder, always, Fulfilled},
	{Reserved, free, byDeal, always, Published},
	{Reserved, expire, byDay, always, Expired},
	{Reserved, suspend, byDay, always, Suspended},
	{Reserved, leave, byDay, always, Withdrawn},
	{Fulfilled, Withdraw, byHolder, always, Withdrawn},
	{Expired, Revise, byHolder, always, Draft},
	{Expired, Renew, byHolder, always, Published},
	{Expired, Fulfil, byHolder, always, Fulfilled},
	{Expired, Withdraw, byHolder, always, Withdrawn},
	{Expired, suspend, byDay, always, Suspended},
	{Expired, leave, byDay, always, Withdrawn},
	{Suspended, lift, byDay, asItWas, Published},
	{Suspended, Withdraw, byHolder, always, Withdrawn},
}

// appears reports whether the entry comes into sight, after it had not been there or had been out of time: then it is held to what holds for publication. That it
// is resumed after a pause is no new appearance.
func (r row) appears() bool { return r.move == Publish || r.move == Renew && r.from == Expired }

// after returns the row for a move in a state under the conditions that hold.
func (s Status) after(m Move, holds ...string) (row, error) {
	for _, r := range lifeTable {
		if r.from != s || r.move != m {
			continue
		}
		ok := r.when == always || r.when == asItWas
		for _, h := range holds {
			ok = ok || h == r.when
		}
		if ok {
			return r, nil
		}
	}
	return row{}, badly(ErrState, "entry", "is %s: one cannot %s it", s, m)
}

// alive reports whether an entry in that state takes part in the life of the catalogue once it is published.
func (s Status) alive() bool { return s == Published || s == Paused || s == Reserved }
