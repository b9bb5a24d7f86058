package fec

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

type entryKey struct{ journal, number string }

// An entry is what has been read of an entry.
type entry struct {
	key             entryKey
	line            int // the first one
	date            time.Time
	balance         decimal.Decimal // debit less credit
	result, classes bool            // it has a line on an account of the result (12), and one of the classes 6 and 7
}

// addToEntry adds a line to its entry. An entry ends where another begins; one that does not balance then is kept, since its
// lines may not stand together.
func (c *checker) addToEntry(l *Line) error {
	if l.Entry == "" {
		return nil // noted already; without number nobody knows what the line belongs to
	}
	key := entryKey{l.Journal, l.Entry}
	if c.current == nil || c.current.key != key {
		c.closeEntry()
		if e := c.open[key]; e != nil {
			delete(c.open, key)
			c.current = e
			c.bad(ecritureNum, "scattered", "")
		} else {
			c.current = &entry{key: key, line: l.Number, date: l.Date}
			c.report.Entries++
			if !c.sequence.add(l.Journal, l.Entry) {
				c.bad(ecritureNum, "no-number", "")
			}
			if len(c.sequence.series) > MaxSeries {
				return fmt.Errorf("%w: %s: the numbers of entries begin in more than %d ways", ErrLimit, c.report.File, MaxSeries)
			}
		}
	}
	e := c.current
	e.balance = e.balance.Add(l.Debit).Sub(l.Credit)
	if !l.Date.IsZero() && !e.date.IsZero() && !l.Date.Equal(e.date) {
		c.bad(ecritureDate, "entry-date", e.date.Format("20060102"))
	}
	if l.Account != "" {
		switch {
		case l.Account[0] == '6' || l.Account[0] == '7':
			e.classes = true
		case len(l.Account) > 1 && l.Account[:2] == "12":
			e.result = true
		}
	}
	if len(c.open) > MaxOpen {
		return fmt.Errorf("%w: %s: more than %d entries do not balance", ErrLimit, c.report.File, MaxOpen)
	}
	return nil
}

// closeEntry ends the entry that is being read.
func (c *checker) closeEntry() {
	e := c.current
	c.current = nil
	if e == nil {
		return
	}
	if !e.balance.IsZero() {
		c.open[e.key] = e
		return
	}
	c.checkClosing(e)
}

func (c *checker) checkClosing(e *entry) {
	if e.result && e.classes {
		c.find(Finding{Line: e.line, Value: e.key.journal + " " + e.key.number}, "closing")
	}
}

// finishEntries notes the entries that do not balance, in the order in which they began.
func (c *checker) finishEntries() {
	left := make([]*entry, 0, len(c.open))
	for _, e := range c.open {
		left = append(left, e)
	}
	slices.SortFunc(left, func(a, b *entry) int { return cmp.Compare(a.line, b.line) })
	for _, e := range left {
		c.checkClosing(e)
		c.find(Finding{Line: e.line, Value: e.key.journal + " " + e.key.number, Detail: e.balance.String()}, "balance")
	}
}
