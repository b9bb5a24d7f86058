package ledger

import (
	"fmt"
	"sort"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Closing closes all days up to one: nothing dated on them is recorded afterwards, unless a recorded decision opens some of them again.
type Closing struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who closes, the author of the record.
	By string `json:"-"`
	// On is the day of the closing, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Through is the last day that is closed; days that were opened again are closed too. It is before On.
	Through codesocial.Date `json:"through"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

// A Reopening opens closed days again, until the next closing.
type Reopening struct {
	// ID is the id of its record, see [Contribution.ID]. The decision that allows it is about this id.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who opens them, the author of the record.
	By string `json:"-"`
	// On is the day of the reopening, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// From and To are the first and the last day that are opened.
	From codesocial.Date `json:"from"`
	To   codesocial.Date `json:"to"`
	// Reason says why. Required.
	Reason string `json:"reason"`
	// Decision is the id of the record of the decision that adopted it. It is set by [Ledger.Reopen].
	Decision uuid.UUID `json:"decision"`
}

func (c *Closing) check() error {
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if err := checkDay("through", c.Through); err != nil {
		return err
	}
	if !c.Through.Before(c.On) {
		return bad(ErrInvalid, "through", c.Through.String(), "must be before the day of the closing, %s", c.On)
	}
	return checkText("note", c.Note, MaxTextBytes)
}

func (o *Reopening) check() error {
	if err := checkDay("on", o.On); err != nil {
		return err
	}
	if err := checkDays(o.From, o.To); err != nil {
		return err
	}
	if o.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	return checkText("reason", o.Reason, MaxTextBytes)
}

// periods says which days are closed, and what was recorded until which day.
type periods struct {
	through codesocial.Date // all days up to it are closed,
	open    []Reopening     // but for these
	closing uuid.UUID

	recorded []recordedQuarter
}

// recordedQuarter is a quarter of an hour in which something was recorded, and the token after the last of it. In every time zone of today days begin with one.
type recordedQuarter struct {
	quarter int64 // since 1970, UTC
	token   Token
}

func quarterOf(t time.Time) int64 {
	const quarter = 15 * 60
	seconds := t.Unix()
	return (seconds - (seconds%quarter+quarter)%quarter) / quarter
}

// Closed reports whether a day is closed.
func (b *Books) Closed(day codesocial.Date) bool {
	if b.periods.through.IsZero() || day.After(b.periods.through) {
		return false
	}
	for _, o := range b.periods.open {
		if !day.Before(o.From) && !day.After(o.To) {
			return false
		}
	}
	return true
}

func (b *Books) checkOpen(field string, day codesocial.Date) error {
	if !b.Closed(day) {
		return nil
	}
	return bad(ErrClosed, field, day.String(), "all days until %s were closed by %s", b.periods.through, b.periods.closing)
}

// KnownOn returns the token of the end of a day, in the time zone of the charter in force on it: give it as [At].Known or [Filter].Known for what was recorded by
// then. Where the clocks of the journal went back, what was recorded after a later day counts as recorded on that day.
func (b *Books) KnownOn(day codesocial.Date) Token {
	recorded, end := b.periods.recorded, quarterOf(day.AddDays(1).In(b.locationOn(day)))
	n := sort.Search(len(recorded), func(i int) bool { return recorded[i].quarter >= end })
	if n == 0 {
		return 1 // before the first record there is the charter's
	}
	return recorded[n-1].token
}

// locationOn returns the time zone of the charter in force on a day.
func (b *Books) locationOn(day codesocial.Date) *time.Location {
	if charter, err := b.community.InForceOn(day); err == nil {
		return charter.Location()
	}
	return time.UTC
}

// remember notes when a record came.
func (b *Books) remember(r *journal.Record) {
	quarter, recorded := quarterOf(r.Time), &b.periods.recorded
	if n := len(*recorded); n > 0 && quarter <= (*recorded)[n-1].quarter {
		(*recorded)[n-1].token = tokenOf(r.Position)
		return
	}
	*recorded = append(*recorded, recordedQuarter{quarter, tokenOf(r.Position)})
}

// DraftClosing decides [Ledger.Close] without recording it.
func (b *Books) DraftClosing(c Closing) ([]journal.Draft, error) {
	err := c.check()
	if err == nil {
		err = b.checkMember("by", c.By, c.On)
	}
	if err == nil && c.ID != b.periods.closing {
		err = b.checkClosing(&c)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: closing by %s: %w", quote(c.By), err)
	}
	return []journal.Draft{{ID: c.ID, Kind: KindClosing, Schema: schema, Author: c.By, Payload: c}}, nil
}

func (b *Books) checkClosing(c *Closing) error {
	if c.Through.Before(b.periods.through) {
		return bad(ErrClosed, "through", c.Through.String(), "all days until %s are closed", b.periods.through)
	}
	return nil
}

func (b *Books) applyClosing(c *Closing) error {
	if err := b.checkClosing(c); err != nil {
		return err
	}
	b.periods.through, b.periods.closing, b.periods.open = c.Through, c.ID, nil
	return nil
}

// DraftReopening decides [Ledger.Reopen] without recording it.
func (b *Books) DraftReopening(o Reopening) ([]journal.Draft, error) {
	err := o.check()
	if err == nil {
		err = b.checkMember("by", o.By, o.On)
	}
	if err == nil {
		err = b.ruleReopening(&o)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reopening by %s: %w", quote(o.By), err)
	}
	return []journal.Draft{{ID: o.ID, Kind: KindReopening, Schema: schema, Author: o.By, Payload: o}}, nil
}

// ruleReopening sets the decision that allows a reopening.
func (b *Books) ruleReopening(o *Reopening) error {
	decision, err := b.adopted(MatterReopening, o.ID, o.On)
	if err != nil {
		return err
	}
	o.Decision = decision
	return b.checkReopening(o)
}

func (b *Books) checkReopening(o *Reopening) error {
	if o.To.After(b.periods.through) {
		return bad(ErrInvalid, "to", o.To.String(), "is not closed: only days until %s are", b.periods.through)
	}
	return nil
}

func (b *Books) applyReopening(o *Reopening) error {
	if err := b.checkReopening(o); err != nil {
		return err
	}
	b.periods.open = append(b.periods.open, *o)
	return nil
}
