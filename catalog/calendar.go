package catalog

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/commonstocommons/codesocial/codesocial"
)

// WriteCalendar writes the public events that can be seen on a day as an iCalendar file (RFC 5545) that calendar programs subscribe to, in the order in which they
// begin. Texts are in the language, as codesocial.Text.In chooses; instants are in UTC. The UID of an event is its IRI, so a new text takes the place
// of the one before. The same state and day give the same bytes.
func (s *State) WriteCalendar(w io.Writer, day codesocial.Date, language string) error {
	if err := checkLanguage("language", language); err != nil {
		return fmt.Errorf("catalog: calendar: %w", err)
	}
	var events []Listing
	for l := range s.Entries(day, Filter{Kind: Event, Visibility: Public}) {
		if l.Status == Published || l.Status == Reserved {
			events = append(events, l)
		}
	}
	slices.SortStableFunc(events, func(a, b Listing) int { return a.Entry.Occasion.Starts.Compare(b.Entry.Occasion.Starts) })
	c := &calendar{language: language}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//commons to commons//codesocial//"+strings.ToUpper(language))
	for _, l := range events {
		c.event(&l)
	}
	c.line("END", "VCALENDAR")
	_, err := io.WriteString(w, c.b.String())
	return err
}

// A calendar is an iCalendar file that is being written.
type calendar struct {
	b        strings.Builder
	language string
}

func (c *calendar) event(l *Listing) {
	e := &l.Entry
	c.line("BEGIN", "VEVENT")
	c.line("UID", e.ID)
	c.line("DTSTAMP", utc(stamp(l.Published)))
	c.line("DTSTART", utc(e.Occasion.Starts))
	c.line("DTEND", utc(e.Occasion.Ends))
	c.line("SUMMARY", escaped(e.Title.In(c.language)))
	if d := e.Description.In(c.language); d != "" {
		c.line("DESCRIPTION", escaped(d))
	}
	if e.Where.Place != "" {
		c.line("LOCATION", escaped(e.Where.Place))
	}
	if p := e.Where.Point; p != nil {
		c.line("GEO", p.Latitude.String()+";"+p.Longitude.String())
	}
	if page := e.page(); page != "" {
		c.line("URL", page)
	}
	c.line("END", "VEVENT")
}

// utc writes an instant (RFC 5545, section 3.3.5, form 2), to the second.
func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped writes a value of type TEXT (RFC 5545, section 3.3.11).
func escaped(s string) string {
	return strings.NewReplacer("\\", `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
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
