package codesocial

import (
	"fmt"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/icalendar"
)

// Calendar writes an iCalendar file (RFC 5545) that calendar programs subscribe to: every gathering, every time in which one can vote, and
// the day by which the version adopted last, and each adopted decision, is to be looked at again. Words are in French for "fr" and otherwise in English, as far as
// there are any. Times are in UTC, so that no time zone needs to be described. An event keeps its UID in all revisions. The same state gives the same bytes.
func (s *State) Calendar(lang string) []byte {
	if lang != "fr" {
		lang = "en"
	}
	pick := func(fr, en string) string {
		return Text{"fr": fr, "en": en}.In(lang)
	}
	var events []icalendar.Event
	for _, id := range s.convened {
		g := &s.gatherings[id].Gathering
		e := icalendar.Event{
			UID: id.String(), Changed: g.At, Revision: g.Revision, Title: g.Title.In(lang), Starts: g.Starts, Ends: g.Ends,
			Status: icalendar.Confirmed, Place: g.Place, URL: g.Link,
		}
		if g.Cancelled {
			e.Status = icalendar.Cancelled
		}
		var agenda []string
		for i, item := range g.Agenda {
			words := fmt.Sprintf("%d. %s", i+1, item.Title.In(lang))
			if item.Minutes > 0 {
				words += fmt.Sprintf(" (%d min)", item.Minutes)
			}
			agenda = append(agenda, words)
		}
		e.Description = strings.Join(agenda, "\n")
		events = append(events, e)
	}
	review := func(id string, changed time.Time, title Text, due Date) {
		events = append(events, icalendar.Event{
			UID: recordID("codesocial.review", id).String(), Changed: changed, Title: pick("À réexaminer : ", "Review: ") + title.In(lang), Starts: due.In(nil), Day: true, Free: true,
		})
	}
	for _, id := range s.opened {
		p := s.decisions[id]
		o := p.opening
		if p.count != nil || p.election != nil {
			e := icalendar.Event{UID: id.String(), Changed: o.At, Title: pick("Vote : ", "Vote: ") + o.Title.In(lang), Starts: p.begins(), Ends: p.ends(), Free: true}
			if p.withdrawn {
				e.Status = icalendar.Cancelled
			}
			events = append(events, e)
		}
		if !p.decided.Review.IsZero() {
			review(id.String(), p.closing.At, o.Title, p.decided.Review)
		}
	}
	if last := s.last(""); last != nil && s.versions[last.hash].Repeal == nil {
		v, stamp := s.versions[last.hash], s.versions[last.hash].Adoption.On
		if n := len(v.Renewals); n > 0 {
			stamp = v.Renewals[n-1].On
		}
		if n := len(v.Calls); n > 0 && v.Calls[n-1].On.After(stamp) {
			stamp = v.Calls[n-1].On
		}
		review(last.hash, stamp.In(last.location), last.doc.Title, v.ReviewDue(Date{9999, 12, 31}))
	}
	return icalendar.Append(nil, lang, events...)
}
