package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Step moves an entry from one state to the next, see the table on the package page.
type Step struct {
	// By is the IRI of who makes the move, the author of the record: for those of the holder, somebody who stands behind the entry; for those
	// of a checker, a member who does not.
	By string `json:"-"`
	// Entry is the IRI of the entry.
	Entry string `json:"entry"`
	Move  Move   `json:"move"`
	// On is the day, in the time zone of the charter; that of the recording or an earlier one, of a collective offer.
	On codesocial.Date `json:"on"`
	// Until is, of [Renew], the last day on which the entry can be seen from now on; zero: no end. Of [Publish] it is set by [Catalog.Step].
	Until codesocial.Date `json:"until,omitzero"`
	// Reason is for people. Required of [Return].
	Reason string `json:"reason,omitempty"`

	// Text, Required and Clause are set by [Catalog.Step]: the id of the record of the text that is moved; how many must check it; and the clause that says so.
	Text     uuid.UUID            `json:"text"`
	Required int                  `json:"required,omitempty"`
	Clause   codesocial.ClauseRef `json:"clause,omitzero"`
}

func (st *Step) check() error {
	if err := checkIRI("entry", st.Entry); err != nil {
		return err
	}
	if err := checkIRI("by", st.By); err != nil {
		return err
	}
	if err := checkDay("on", st.On); err != nil {
		return err
	}
	recorded := slices.ContainsFunc(lifeTable, func(r row) bool {
		return r.move == st.Move && (r.by == byHolder || r.by == byChecker) && r.move != Revise
	})
	if !recorded {
		return bad(ErrInvalid, "move", string(st.Move), "is not one that can be recorded")
	}
	if st.Move == Return && st.Reason == "" {
		return badly(ErrInvalid, "reason", "must say why the entry goes back")
	}
	if !st.Until.IsZero() {
		if st.Move != Renew && st.Move != Publish {
			return badly(ErrInvalid, "until", "is given only to renew")
		}
		if st.Until.Before(st.On) {
			return bad(ErrInvalid, "until", st.Until.String(), "is before %s", st.On)
		}
	}
	if st.Required < 0 || st.Required > MaxCheckers {
		return bad(ErrInvalid, "required", fmt.Sprint(st.Required), "must be from 0 to %d", MaxCheckers)
	}
	return checkText("reason", st.Reason, MaxReasonBytes, true)
}

// DraftSteps decides [Catalog.Step] without recording it. Entries must be distinct; a collective offer is moved alone. When a member's offer is
// published that a collective offer may compete with, the drafts include the screenings that ask about it.
func (s *State) DraftSteps(steps ...Step) ([]journal.Draft, error) {
	var drafts []journal.Draft
	seen := make(map[string]bool, len(steps))
	for i, st := range steps {
		var more []journal.Draft
		err := st.check()
		if err == nil && seen[st.Entry] {
			err = bad(ErrInvalid, "entry", st.Entry, "is moved twice in one call")
		}
		seen[st.Entry] = true
		if it, ok := s.items[st.Entry]; err == nil && ok && it.entry.Kind == Collective && len(steps) > 1 {
			err = bad(ErrInvalid, "entry", st.Entry, "is a collective offer, which is moved in a call of its own")
		}
		if err == nil {
			more, err = s.draftStep(&st)
		}
		if err != nil {
			return nil, fmt.Errorf("catalog: step %d, to %s %s: %w", i+1, st.Move, quote(st.Entry), err)
		}
		drafts = append(drafts, more...)
	}
	return drafts, nil
}

func (s *State) draftStep(st *Step) ([]journal.Draft, error) {
	it, err := s.item("entry", st.Entry)
	if err != nil {
		return nil, err
	}
	st.Text = it.revision
	if it.erased {
		return nil, bad(ErrState, "entry", st.Entry, "has been erased")
	}
	if err := s.mayStep(it, st); err != nil {
		return nil, err
	}
	if err := s.setRule(it, st); err != nil {
		return nil, err
	}
	_, r, err := s.checkStep(st)
	if err != nil {
		return nil, err
	}
	draft := journal.Draft{Kind: KindStep, Schema: schema, Author: st.By, Payload: *st}
	var more []journal.Draft
	switch {
	case it.entry.Kind == Collective && st.Move == Propose:
		more, err = s.draftScreening(it, st.On)
	case it.entry.Kind == Collective && r.appears():
		err = s.screenAgain(it, st.On)
	case it.entry.Kind == Offer && (st.Move == Publish || st.Move == Resume || st.Move == Renew):
		more, err = s.draftScreeningsOf(it, st.On)
	}
	if err != nil {
		return nil, err
	}
	return append([]journal.Draft{draft}, more...), nil
}

// DraftErasure decides the withdrawal by which [Catalog.Erase] begins, without recording it. It returns no draft for an entry that is withdrawn already.
func (s *State) DraftErasure(by, entry string, on codesocial.Date) ([]journal.Draft, error) {
	st := Step{By: by, Entry: entry, Move: Withdraw, On: on}
	err := st.check()
	var it *item
	if err == nil {
		it, err = s.item("entry", entry)
	}
	if err == nil && it.erased {
		return nil, nil
	}
	if err == nil {
		err = s.mayErase(it, by)
	}
	if err == nil && it.status == Withdrawn {
		return nil, nil
	}
	if err == nil {
		st.Text = it.revision
		_, _, err = s.checkStep(&st)
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: erasing %s: %w", quote(entry), err)
	}
	return []journal.Draft{{Kind: KindStep, Schema: schema, Author: by, Payload: st}}, nil
}

// mayErase checks who asks, and that others do not rest on the text. Membership does not matter: a right to erasure does not end with it.
func (s *State) mayErase(it *item, by string) error {
	switch {
	case !s.behind(it.entry, by):
		return bad(ErrNotYours, "by", by, "does not stand behind the entry, whose holder is %s", it.entry.Holder)
	case it.entry.Kind == Collective:
		return badly(ErrState, "kind", "partners have consented to the text of a collective offer")
	case it.running > 0:
		return bad(ErrState, "entry", it.entry.ID, "has %d deals that are agreed and not finished", it.running)
	}
	return nil
}

// mayStep checks who makes the move, and that those behind the entry have the rights of members.
func (s *State) mayStep(it *item, st *Step) error {
	if err := s.checkMember("by", st.By, st.On); err != nil {
		return err
	}
	behind := s.behind(it.entry, st.By)
	status := s.statusOn(it, st.On)
	r, err := status.after(st.Move, unchecked, enough)
	if err != nil {
		return err
	}
	if r.by == byHolder && !behind {
		return bad(ErrNotYours, "by", st.By, "does not stand behind the entry, whose holder is %s", it.entry.Holder)
	}
	if r.by == byChecker && behind {
		return bad(ErrNotYours, "by", st.By, "stands behind the entry, another member must do this")
	}
	if st.Move == Propose || st.Move == Publish || st.Move == Resume || st.Move == Renew { // taking down is free to all
		if err := cmp.Or(s.checkFree("by", st.By, KindStep, st.On), s.checkFree("holder", it.entry.Holder, KindStep, st.On)); err != nil {
			return err
		}
	}
	if st.Move == Propose || r.appears() {
		for i, iri := range append([]string{it.entry.Holder}, it.entry.Partners...) {
			if err := s.checkMember(at("parties", i), iri, st.On); err != nil {
				return err
			}
		}
	}
	return nil
}

// setRule fills in what the rules in force on the day say.
func (s *State) setRule(it *item, st *Step) error {
	if st.Move != Propose && st.Move != Publish && st.Move != Renew {
		return nil
	}
	publication, clause, err := rule(s.community, PublicationKind, st.On, (*PublicationRule).Validate)
	if err != nil {
		return err
	}
	st.Clause = clause
	last := st.On.AddDays(publication.Validity)
	switch st.Move {
	case Propose:
		st.Required = publication.Checkers
		if it.entry.Kind == Collective {
			split, clause, err := rule(s.community, SplitKind, st.On, (*SplitRule).Validate)
			if err != nil {
				return err
			}
			if err := split.allow(it.entry.Split); err != nil {
				return refuse(clause, SplitKind, err)
			}
		}
	case Publish:
		st.Until = it.entry.Valid.Until
		if publication.Validity > 0 && (st.Until.IsZero() || st.Until.After(last)) {
			st.Until = last
		}
		if !it.entry.Valid.Until.IsZero() && it.entry.Valid.Until.Before(st.On) {
			return bad(ErrState, "valid.until", it.entry.Valid.Until.String(), "is over on %s", st.On)
		}
		if it.entry.Valid.From.After(st.On) {
			return bad(ErrState, "valid.from", it.entry.Valid.From.String(), "is later than %s: publish it then", st.On)
		}
	case Renew:
		if publication.Validity > 0 && (st.Until.IsZero() || st.Until.After(last)) {
			return refuse(clause, PublicationKind, bad(ErrInvalid, "until", st.Until.String(), "must be %s or earlier", last))
		}
	}
	return nil
}

// checkStep checks a step against the entries and deals alone.
func (s *State) checkStep(st *Step) (*item, row, error) {
	if s.erased[st.Text] {
		return nil, row{}, nil // what it was is gone; it was checked when it was recorded
	}
	it, ok := s.items[st.Entry]
	if !ok {
		return nil, row{}, bad(ErrUnknown, "entry", st.Entry, "is not in the catalogue")
	}
	if st.Text != it.revision {
		return nil, row{}, bad(ErrState, "text", st.Text.String(), "the entry reads otherwise now")
	}
	if st.On.Before(it.since) {
		return nil, row{}, bad(ErrState, "on", st.On.String(), "something happened to the entry on %s already", it.since)
	}
	r, err := it.onDay(st.On).after(st.Move, s.holding(it, st)...)
	if err != nil {
		return nil, row{}, err
	}
	return it, r, s.checkMove(it, st, r)
}

// holding returns the conditions of the table that hold.
func (s *State) holding(it *item, st *Step) (holds []string) {
	if st.Move == Propose && st.Required == 0 {
		holds = append(holds, unchecked)
	}
	if st.Move == Check && len(it.checkers)+1 >= it.required {
		holds = append(holds, enough)
	}
	return holds
}

func (s *State) checkMove(it *item, st *Step, r row) error {
	switch st.Move {
	case Propose:
		if missing := it.missing(); len(missing) > 0 {
			return bad(ErrConsent, "partner", missing[0], "has not consented to the offer as it stands (%d of %d have)",
				len(it.entry.Partners)-len(missing), len(it.entry.Partners))
		}
	case Check:
		if slices.Contains(it.checkers, st.By) {
			return bad(ErrState, "by", st.By, "has checked it already")
		}
		if r.to == Checked {
			return s.heldBack(it, st.On)
		}
	case Publish, Renew:
		if r.appears() {
			return s.heldBack(it, st.On)
		}
	case Fulfil, Withdraw:
		if it.running > 0 {
			return bad(ErrState, "entry", st.Entry, "has %d deals that are agreed and not finished", it.running)
		}
	}
	return nil
}

// checkRecorded refuses to move a collective offer on a day that is not there yet, by more than a minute, by which clocks may differ: nobody can let the time
// to object pass by dating ahead.
func (s *State) checkRecorded(r *journal.Record, st *Step) error {
	it, ok := s.items[st.Entry]
	if !ok || it.entry.Kind != Collective {
		return nil
	}
	if today := codesocial.DateOf(r.Time.Add(time.Minute), s.locationOn(st.On)); st.On.After(today) {
		return bad(ErrInvalid, "on", st.On.String(), "is after the day of its recording, %s", today)
	}
	return nil
}

// locationOn returns the time zone of the charter in force on a day.
func (s *State) locationOn(day codesocial.Date) *time.Location {
	if charter, err := s.community.InForceOn(day); err == nil {
		return charter.Location()
	}
	return time.UTC
}

func (s *State) applyStep(record *journal.Record, st *Step) error {
	it, r, err := s.checkStep(st)
	if err == nil {
		err = s.checkRecorded(record, st)
	}
	if err != nil {
		return err
	}
	if it == nil {
		s.tombstone(st.Entry, st.Text)
		return nil
	}
	it.status, it.since = r.to, st.On
	switch st.Move {
	case Propose:
		it.required, it.checkers = st.Required, nil
	case Check:
		it.checkers = append(it.checkers, st.By)
	case Return:
		it.checkers, it.asked, it.overruled = nil, nil, uuid.Nil
	case Publish:
		it.published, it.until = st.On, st.Until
	case Renew:
		it.until = st.Until
	}
	s.reindex(it)
	return nil
}
