package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
)

// The names of the facets of an entry, to filter and count by in [State.Find].
const (
	FacetKind       = "kind"
	FacetStatus     = "status" // published or reserved
	FacetHolder     = "holder" // IRI of the holder, and of each partner
	FacetSkill      = "skill"  // label and IRI of each
	FacetTheme      = "theme"
	FacetAudience   = "audience"
	FacetPrice      = "price" // the mode
	FacetPlace      = "place"
	FacetLicence    = "licence"
	FacetLanguage   = "language" // in which it can be done
	FacetVisibility = "visibility"
)

// Find asks the index for entries that can be seen on a day: published or reserved, not expired, and neither they nor their holders suspended. Their id is the IRI.
// The times of the query are those at which something can be had or takes place; where it has none, it is from the day on. Days stand for the instants at
// which they begin in UTC. Show outsiders only what has [FacetVisibility] [Public]. What is found is what a scan of all entries would find. The
// error wraps search.ErrInvalid or search.ErrLimit.
func (s *State) Find(day codesocial.Date, q search.Query) (*search.Result, error) {
	r, err := s.index.Find(s.asked(day, q))
	if err != nil {
		return nil, fmt.Errorf("catalog: search: %w", err)
	}
	return r, nil
}

// asked returns what the index is asked for a query on a day.
func (s *State) asked(day codesocial.Date, q search.Query) search.Query {
	if q.From.IsZero() && q.Until.IsZero() {
		q.From = instant(day)
	}
	q.Without = append(slices.Clone(q.Without), s.suspendedOn(day)...)
	return q
}

// suspendedOn returns the facets of those whose entries cannot be seen on a day, sorted.
func (s *State) suspendedOn(day codesocial.Date) []search.Facet {
	var list []search.Facet
	for iri := range s.shown {
		if !s.community.MemberOn(iri, day) {
			list = append(list, search.Facet{Name: FacetHolder, Value: iri})
		}
	}
	slices.SortFunc(list, func(a, b search.Facet) int { return strings.Compare(a.Value, b.Value) })
	return list
}

// listed reports whether an entry belongs into the index.
func (it *item) listed() bool { return it.status == Published || it.status == Reserved }

// reindex puts an entry into the index, or takes it out, as its state asks.
func (s *State) reindex(it *item) {
	s.unlist(it)
	if !it.listed() || s.index.Put(it.document()) != nil {
		return
	}
	s.shown[it.entry.Holder]++
	for _, p := range it.entry.Partners {
		s.shown[p]++
	}
}

// unlist takes an entry out of the index. It is called before its text changes.
func (s *State) unlist(it *item) {
	if it.entry == nil || !s.index.Delete(it.entry.ID) {
		return
	}
	for _, iri := range append([]string{it.entry.Holder}, it.entry.Partners...) {
		if s.shown[iri]--; s.shown[iri] == 0 {
			delete(s.shown, iri)
		}
	}
}

// document returns what the index is given of an entry.
func (it *item) document() search.Document {
	e := it.entry
	d := search.Document{
		ID: e.ID, Anywhere: e.Where.Remote, Radius: float64(e.Where.Radius), Date: instant(it.published),
		Title: texts(e.Title), Body: texts(e.Description),
	}
	d.From, d.Until = it.had()
	if p := e.Where.Point; p != nil {
		d.Places = []search.Place{p.place()}
	}
	add := func(name string, values ...string) {
		for _, v := range values {
			f := search.Facet{Name: name, Value: v}
			if v != "" && !slices.Contains(d.Facets, f) {
				d.Facets = append(d.Facets, f)
			}
		}
	}
	add(FacetKind, string(e.Kind))
	add(FacetStatus, string(it.status))
	add(FacetHolder, e.Holder)
	add(FacetHolder, e.Partners...)
	for _, list := range []struct {
		name string
		tags []Tag
	}{{FacetSkill, e.Skills}, {FacetTheme, e.Themes}, {FacetAudience, e.Audience}} {
		for _, t := range list.tags {
			add(list.name, t.Label, t.Concept)
			if t.Label != "" {
				d.Keywords = append(d.Keywords, search.Text{Text: t.Label})
			}
		}
	}
	add(FacetPrice, string(e.Price.Mode))
	add(FacetPlace, e.Where.Place)
	add(FacetLicence, e.Licence)
	add(FacetLanguage, e.Languages...)
	add(FacetVisibility, string(e.Visibility))
	return d
}

// had returns the time in which an entry can be had: from the first day on which it is available to the last, or while the event takes place, and not after
// its last day; zero where there is no bound.
func (it *item) had() (from, until time.Time) {
	p := Period{Until: it.until}
	if o := it.entry.Occasion; o != nil {
		p = Period{codesocial.DateOf(o.Starts, o.Starts.Location()), codesocial.DateOf(o.Ends, o.Ends.Location())}
	} else if list := it.entry.Available; len(list) > 0 {
		hull := list[0]
		for _, q := range list[1:] {
			if q.From.Before(hull.From) {
				hull.From = q.From
			}
			if q.Until.IsZero() || !hull.Until.IsZero() && q.Until.After(hull.Until) {
				hull.Until = q.Until
			}
		}
		if m, ok := hull.Meet(p); ok {
			p = m
		}
	}
	if !p.Until.IsZero() {
		until = instant(p.Until.AddDays(1))
	}
	return instant(p.From), until
}

func texts(t codesocial.Text) []search.Text {
	list := make([]search.Text, 0, len(t))
	for _, language := range t.Languages() {
		list = append(list, search.Text{Language: language, Text: t[language]})
	}
	return list
}

// instant returns the beginning of a day, in UTC: days are compared with days only, whatever the time zone.
func instant(day codesocial.Date) time.Time {
	if day.IsZero() {
		return time.Time{}
	}
	return day.In(time.UTC)
}
