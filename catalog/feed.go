package catalog

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
)

// MaxFeed is how many entries a feed has at most.
const MaxFeed = 1000

// A Feed says what a feed of new entries is called and where it is.
type Feed struct {
	Title    string
	Page     string // http or https IRI of the page that people read
	Self     string // http or https IRI under which the feed is published
	Language string // in which titles and descriptions are chosen, see codesocial.Text.In
	Most     int    // entries, the latest; 0 means 50
}

func (f *Feed) check() error {
	if err := cmp.Or(checkLink("page", f.Page), checkLink("self", f.Self), checkLanguage("language", f.Language), checkText("title", f.Title, MaxTitleBytes, false)); err != nil {
		return err
	}
	if strings.TrimSpace(f.Title) == "" {
		return badly(ErrInvalid, "title", "must not be empty")
	}
	if f.Most < 0 || f.Most > MaxFeed {
		return bad(ErrInvalid, "most", fmt.Sprint(f.Most), "must be from 0 to %d", MaxFeed)
	}
	return nil
}

// latest returns the public entries that can be seen on a day, those published last first.
func (s *State) latest(day codesocial.Date, most int) []Listing {
	var list []Listing
	for l := range s.Entries(day, Filter{Visibility: Public}) {
		if l.Status == Published || l.Status == Reserved {
			list = append(list, l)
		}
	}
	slices.SortStableFunc(list, func(a, b Listing) int { return b.Published.Compare(a.Published) })
	return list[:min(len(list), cmp.Or(most, 50))]
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     atomAuthor     `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// WriteAtom writes the public entries that can be seen on a day, those published last first, as an Atom feed (RFC 4287). Texts are plain
// text. Of a person no name is given. The same state and day give the same bytes.
func (s *State) WriteAtom(w io.Writer, day codesocial.Date, f Feed) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("catalog: feed: %w", err)
	}
	list := s.latest(day, f.Most)
	out := atomFeed{
		Lang: f.Language, ID: f.Self, Title: f.Title, Updated: stamp(day).Format(time.RFC3339),
		Links: []atomLink{{"self", f.Self}, {"alternate", f.Page}},
	}
	if len(list) > 0 {
		out.Updated = stamp(list[0].Published).Format(time.RFC3339)
	}
	for _, l := range list {
		on := stamp(l.Published).Format(time.RFC3339)
		e := atomEntry{
			ID: l.Entry.ID, Title: l.Entry.Title.In(f.Language), Published: on, Updated: on,
			Author: atomAuthor{s.publicName(l.Entry.Holder), l.Entry.Holder}, Summary: l.Entry.Description.In(f.Language),
			Categories: []atomCategory{{string(l.Entry.Kind)}},
		}
		if link := l.Entry.page(); link != "" {
			e.Links = []atomLink{{"alternate", link}}
		}
		for _, t := range slices.Concat(l.Entry.Skills, l.Entry.Themes) {
			e.Categories = append(e.Categories, atomCategory{t.String()})
		}
		out.Entries = append(out.Entries, e)
	}
	return writeXML(w, out)
}

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link,omitempty"`
	Description string   `xml:"description,omitempty"`
	Categories  []string `xml:"category"`
	GUID        rssGUID  `xml:"guid"`
	Date        string   `xml:"pubDate"`
}

type rssGUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// WriteRSS writes what [State.WriteAtom] writes as RSS 2.0 (https://www.rssboard.org/rss-specification). Readers take a title or description
// in RSS for HTML: markup in the text is escaped once more, so that they show it as it stands.
func (s *State) WriteRSS(w io.Writer, day codesocial.Date, f Feed) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("catalog: feed: %w", err)
	}
	out := rssFeed{Version: "2.0", Channel: rssChannel{Title: html.EscapeString(f.Title), Link: f.Page, Description: html.EscapeString(f.Title), Language: f.Language}}
	for _, l := range s.latest(day, f.Most) {
		item := rssItem{
			Title: html.EscapeString(l.Entry.Title.In(f.Language)), Link: l.Entry.page(), Description: html.EscapeString(l.Entry.Description.In(f.Language)),
			GUID: rssGUID{false, l.Entry.ID}, Date: stamp(l.Published).Format(time.RFC1123Z), Categories: []string{string(l.Entry.Kind)},
		}
		out.Channel.Items = append(out.Channel.Items, item)
	}
	return writeXML(w, out)
}

type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod"`
}

// MaxSitemap is how many addresses a sitemap may have (https://www.sitemaps.org/protocol.html).
const MaxSitemap = 50_000

// WriteSitemap writes the addresses of the public entries that can be seen on a day as a sitemap, those published last first: of entries whose IRI begins with http:// or
// https://. The error wraps [ErrLimit] if there are more than [MaxSitemap].
func (s *State) WriteSitemap(w io.Writer, day codesocial.Date) error {
	var out sitemap
	for _, l := range s.latest(day, len(s.items)) {
		if checkLink("id", l.Entry.ID) == nil {
			out.URLs = append(out.URLs, sitemapURL{l.Entry.ID, l.Published.String()})
		}
	}
	if len(out.URLs) > MaxSitemap {
		return fmt.Errorf("catalog: sitemap: %w", badly(ErrLimit, "entries", "there are %d, the limit is %d", len(out.URLs), MaxSitemap))
	}
	return writeXML(w, out)
}

// page returns the page about an entry: its link, or its IRI where that is one.
func (e *Entry) page() string {
	if e.Link == "" && checkLink("id", e.ID) == nil {
		return e.ID
	}
	return e.Link
}

// publicName returns the name of an organization, project or collective, and the IRI of a person.
func (s *State) publicName(iri string) string {
	if p, ok := s.community.Party(iri); ok && p.Type != codesocial.Person && p.Name != "" {
		return p.Name
	}
	return iri
}

// stamp returns the instant that stands for a day in a feed: its beginning in UTC.
func stamp(day codesocial.Date) time.Time { return day.In(time.UTC) }

func writeXML(w io.Writer, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
