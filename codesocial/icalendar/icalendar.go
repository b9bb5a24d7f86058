// Package icalendar writes events as an iCalendar file (RFC 5545), which calendar programs subscribe to. The calendars of gatherings and votes (package codesocial) and of the
// catalogue's events are written with it; a program adds events of its own in the same way:
//
//	w.Write(icalendar.Append(nil, "fr", icalendar.Event{UID: "urn:x:1", Changed: now, Title: "Fête", Starts: from, Ends: to}))
//
// It writes what those need, and reads nothing. Instants are in UTC, so that no time zone has to be described. The same events give the same bytes.
package icalendar

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Event is an entry of a calendar. Fields that are empty are left out, but for UID, Changed, Title and Starts. Texts may have several lines. No text can break out of its
// field: other control characters are dropped, and what is not UTF-8 is replaced.
type Event struct {
	// UID names the event. A later file with the same UID takes its place.
	UID string
	// Changed is when the event was last changed, Revision how often that was.
	Changed  time.Time
	Revision int
	Title    string
	// Starts and Ends are its first instant, and the first one after it. A Day has neither instant: it takes the day of Starts in the time zone of that.
	Starts, Ends time.Time
	Day          bool
	// Free says that it keeps nobody busy.
	Free        bool
	Status      Status
	Description string
	Place       string
	// Latitude and Longitude are in degrees, with a point: "45.75" and "4.85". Both or none.
	Latitude, Longitude string
	URL                 string // an IRI
}

// A Status says whether an event takes place. Empty: nothing is said.
type Status string

// What can be said of an event.
const (
	Confirmed Status = "CONFIRMED"
	Cancelled Status = "CANCELLED"
)

// Append appends a calendar in a language ("fr", "en"), with the events in the order given, to dst.
func Append(dst []byte, language string, events ...Event) []byte {
	w := writer{dst, plain(language)}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//commons to commons//codesocial//"+strings.ToUpper(w.language))
	for i := range events {
		w.event(&events[i])
	}
	w.line("END", "VCALENDAR")
	return w.out
}

type writer struct {
	out      []byte
	language string
}

func (w *writer) event(e *Event) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", escaped(e.UID))
	w.line("DTSTAMP", utc(e.Changed))
	w.text("SUMMARY", e.Title)
	if e.Day {
		w.line("DTSTART;VALUE=DATE", e.Starts.Format("20060102"))
	} else {
		w.line("DTSTART", utc(e.Starts))
		w.line("DTEND", utc(e.Ends))
	}
	if e.Free {
		w.line("TRANSP", "TRANSPARENT")
	}
	if e.Revision > 0 {
		w.line("SEQUENCE", strconv.Itoa(e.Revision))
	}
	if e.Status != "" {
		w.line("STATUS", plain(string(e.Status)))
	}
	if e.Description != "" {
		w.text("DESCRIPTION", e.Description)
	}
	if e.Place != "" {
		w.line("LOCATION", escaped(e.Place))
	}
	if e.Latitude != "" && e.Longitude != "" {
		w.line("GEO", plain(e.Latitude)+";"+plain(e.Longitude))
	}
	if e.URL != "" {
		w.line("URL", plain(e.URL))
	}
	w.line("END", "VEVENT")
}

// text writes a text in the language of the calendar.
func (w *writer) text(name, value string) { w.line(name+";LANGUAGE="+w.language, escaped(value)) }

// line writes a content line (RFC 5545, section 3.1): folded so that none has more than 75 octets, between characters, and ended by CRLF.
func (w *writer) line(name, value string) {
	const most = 75
	rest, room := name+":"+value, most
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.out = append(append(w.out, rest[:cut]...), "\r\n "...)
		rest, room = rest[cut:], most-1
	}
	w.out = append(append(w.out, rest...), "\r\n"...)
}

// utc writes an instant (RFC 5545, section 3.3.5, form 2), to the second.
func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped writes a value of type TEXT (RFC 5545, section 3.3.11).
func escaped(s string) string {
	return plain(strings.NewReplacer("\\", `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(s))
}

// plain leaves out control characters, so that a value stays in its line.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}
