package codesocial

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a day of the civil calendar (proleptic Gregorian, years 1 to 9999) without a time zone.
// Whose day it is, the charter says: the rules of the game count days in the time zone of the version
// that sets them. The zero Date means that no date is given. Dates are comparable with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date written as in ISO 8601 and RFC 3339, "2025-01-31", and nothing else: no other
// order, no missing digit, no day that the calendar does not have. The error wraps [ErrInvalid].
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 || len(s) != len(time.DateOnly) {
		return Date{}, bad(ErrInvalid, "date", s, "must be a day of the calendar written as 2025-01-31")
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// DateOf returns the day on which the instant t falls in the time zone loc; nil means UTC.
func DateOf(t time.Time, loc *time.Location) Date {
	if loc == nil {
		loc = time.UTC
	}
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// IsZero reports whether no date is given.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or +1 as d is before, the same as, or after e. The zero Date comes first.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// later returns the later of two days.
func later(d, e Date) Date {
	if d.Before(e) {
		return e
	}
	return d
}

// AddDays returns the day n days after d, or before it when n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC), time.UTC)
}

// AddMonths returns the same day n months after d, or before it when n is negative. Where that month is
// too short, it returns its last day: one month after 31 January is 28 February, or 29 in a leap year.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// In returns the first instant of the day in the time zone loc; nil means UTC. Where a change of clocks
// skips midnight, that is the instant of the change.
func (d Date) In(loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
	if DateOf(t, loc).Before(d) { // midnight does not exist, and t is what the clocks said before the change
		_, t = t.ZoneBounds()
	}
	return t
}

// String returns the date as [ParseDate] reads it, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText implements [encoding.TextMarshaler] in the form of [Date.String]. A date that the
// calendar does not have is an error that wraps [ErrInvalid]; so is the zero Date, which a document
// leaves out.
func (d Date) MarshalText() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return []byte(d.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseDate].
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// check returns an error unless d is a day that the calendar has.
func (d Date) check() error {
	if _, err := ParseDate(d.String()); err != nil {
		return bad(ErrInvalid, "date", fmt.Sprintf("%d-%d-%d", d.Year, d.Month, d.Day), "must be a day of the calendar")
	}
	return nil
}
