package codesocial

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
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
	c := &calendar{lang: lang}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//commons to commons//codesocial//"+strings.ToUpper(lang))
	for _, id := range s.convened {
		g := &s.gatherings[id].Gathering
		c.event(id.String(), g.At, g.Title)
		c.line("DTSTART", utc(g.Starts))
		c.line("DTEND", utc(g.Ends))
		c.line("SEQUENCE", strconv.Itoa(g.Revision))
		status := "CONFIRMED"
		if g.Cancelled {
			status = "CANCELLED"
		}
		c.line("STATUS", status)
		if g.Place != "" {
			c.line("LOCATION", escaped(g.Place))
		}
		if g.Link != "" {
			c.line("URL", g.Link)
		}
		var agenda []string
		for i, item := range g.Agenda {
			words := fmt.Sprintf("%d. %s", i+1, item.Title.In(lang))
			if item.Minutes > 0 {
				words += fmt.Sprintf(" (%d min)", item.Minutes)
			}
			agenda = append(agenda, words)
		}
		if len(agenda) > 0 {
			c.line("DESCRIPTION;LANGUAGE="+lang, escaped(strings.Join(agenda, "\n")))
		}
		c.line("END", "VEVENT")
	}
	for _, id := range s.opened {
		p := s.decisions[id]
		o := p.opening
		if p.count != nil || p.election != nil {
			c.event(id.String(), o.At, prefixed(pick("Vote : ", "Vote: "), o.Title))
			c.line("DTSTART", utc(p.begins()))
			c.line("DTEND", utc(p.ends()))
			c.line("TRANSP", "TRANSPARENT")
			if p.withdrawn {
				c.line("STATUS", "CANCELLED")
			}
			c.line("END", "VEVENT")
		}
		if !p.decided.Review.IsZero() {
			c.day(recordID("codesocial.review", id.String()), p.closing.At, prefixed(pick("À réexaminer : ", "Review: "), o.Title), p.decided.Review)
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
		c.day(recordID("codesocial.review", last.hash), stamp.In(last.location), prefixed(pick("À réexaminer : ", "Review: "), last.doc.Title), v.ReviewDue(Date{9999, 12, 31}))
	}
	c.line("END", "VCALENDAR")
	return []byte(c.b.String())
}

// A calendar is an iCalendar file that is being written.
type calendar struct {
	b    strings.Builder
	lang string
}

// event begins an event. stamp is when it was last changed.
func (c *calendar) event(uid string, stamp time.Time, title Text) {
	c.line("BEGIN", "VEVENT")
	c.line("UID", uid)
	c.line("DTSTAMP", utc(stamp))
	c.line("SUMMARY;LANGUAGE="+c.lang, escaped(title.In(c.lang)))
}

// day writes an event that takes a day and keeps nobody busy.
func (c *calendar) day(id uuid.UUID, stamp time.Time, title Text, on Date) {
	c.event(id.String(), stamp, title)
	c.line("DTSTART;VALUE=DATE", strings.ReplaceAll(on.String(), "-", ""))
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

// prefixed puts words before a title in all its languages.
func prefixed(words string, title Text) Text {
	t := make(Text, len(title))
	for lang, s := range title {
		t[lang] = words + s
	}
	return t
}

// utc writes an instant (RFC 5545, section 3.3.5, form 2), to the second.
func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped writes a value of type TEXT (RFC 5545, section 3.3.11).
func escaped(s string) string {
	return strings.NewReplacer("\\", `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(s)
}

// line writes a content line (RFC 5545, section 3.1): folded so that none has more than 75 octets, between characters, and ended by CRLF.
func (c *calendar) line(name, value string) {
	const most = 75
	rest, room := name+":"+value, most
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], most-1
	}
	c.b.WriteString(rest + "\r\n")
}
