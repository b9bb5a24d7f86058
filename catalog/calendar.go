package catalog

import (
	"fmt"
	"io"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/icalendar"
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
	list := make([]icalendar.Event, len(events))
	for i := range events {
		list[i] = calendarEvent(&events[i], language)
	}
	_, err := w.Write(icalendar.Append(nil, language, list...))
	return err
}

func calendarEvent(l *Listing, language string) icalendar.Event {
	e := &l.Entry
	c := icalendar.Event{
		UID: e.ID, Changed: stamp(l.Published), Title: e.Title.In(language), Description: e.Description.In(language),
		Starts: e.Occasion.Starts, Ends: e.Occasion.Ends, Place: e.Where.Place, URL: e.page(),
	}
	if p := e.Where.Point; p != nil {
		c.Latitude, c.Longitude = p.Latitude.String(), p.Longitude.String()
	}
	return c
}
