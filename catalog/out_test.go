package catalog_test

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
)

var feed = catalog.Feed{
	Title: "Le catalogue de La Rive & amis", Page: "https://la-rive.example/", Self: "https://la-rive.example/feed.xml", Language: "fr",
}

// shown is a catalogue with a hostile title, a person's offer, something for members only and a draft.
func shown(t *testing.T) *world {
	w := setup(t)
	hostile := offer("charpente", scierie)
	hostile.Title = codesocial.Text{"fr": `<script>alert("x")</script> & <b>bois</b>`}
	w.publish(hostile)
	w.publish(offer("cours", bob))
	hidden := offer("interne", ecole)
	hidden.Visibility = catalog.Members
	w.publish(hidden)
	w.write(atelier, offer("brouillon", atelier))
	return w
}

func (w *world) output(write func(s *catalog.State, b *bytes.Buffer) error) string {
	w.t.Helper()
	var b bytes.Buffer
	require.NoError(w.t, w.Read(func(s *catalog.State) { require.NoError(w.t, write(s, &b)) }))
	return b.String()
}

func TestTheAtomFeedShowsWhatIsPublicAsPlainText(t *testing.T) {
	t.Parallel()
	w := shown(t)
	out := w.output(func(s *catalog.State, b *bytes.Buffer) error { return s.WriteAtom(b, today, feed) })
	require.NotContains(t, out, "<script>")
	require.NotContains(t, out, "interne")
	require.NotContains(t, out, "brouillon")
	require.NotContains(t, out, "Bob", "a person is not named")
	var read struct {
		Entries []struct {
			ID     string `xml:"id"`
			Title  string `xml:"title"`
			Author string `xml:"author>name"`
		} `xml:"entry"`
	}
	require.NoError(t, xml.Unmarshal([]byte(out), &read))
	require.Len(t, read.Entries, 2)
	require.Equal(t, `<script>alert("x")</script> & <b>bois</b>`, read.Entries[0].Title)
	require.Equal(t, "La Scierie", read.Entries[0].Author)
	require.Equal(t, bob, read.Entries[1].Author)
	require.Equal(t, out, w.replayed().output(func(s *catalog.State, b *bytes.Buffer) error { return s.WriteAtom(b, today, feed) }), "the same bytes")
}

func TestTheRSSFeedShowsMarkupAsItStands(t *testing.T) {
	t.Parallel()
	w := shown(t)
	out := w.output(func(s *catalog.State, b *bytes.Buffer) error { return s.WriteRSS(b, today, feed) })
	var read struct {
		Items []struct {
			Title string `xml:"title"`
			GUID  string `xml:"guid"`
		} `xml:"channel>item"`
	}
	require.NoError(t, xml.Unmarshal([]byte(out), &read))
	require.Equal(t, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &lt;b&gt;bois&lt;/b&gt;", read.Items[0].Title, "readers take it for HTML")
}

func TestTheSitemapListsAddresses(t *testing.T) {
	t.Parallel()
	w := shown(t)
	out := w.output(func(s *catalog.State, b *bytes.Buffer) error { return s.WriteSitemap(b, today) })
	require.Equal(t, 2, strings.Count(out, "<loc>https://la-rive.example/catalogue/"))
	require.Contains(t, out, "<lastmod>2025-03-03</lastmod>")
}

func TestAFeedThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := shown(t)
	for name, change := range map[string]func(f *catalog.Feed){
		"title": func(f *catalog.Feed) { f.Title = " " }, "page": func(f *catalog.Feed) { f.Page = "la-rive" }, "self": func(f *catalog.Feed) { f.Self = "" },
		"language": func(f *catalog.Feed) { f.Language = "xx" }, "most": func(f *catalog.Feed) { f.Most = -1 },
	} {
		f := feed
		change(&f)
		require.NoError(t, w.Read(func(s *catalog.State) {
			var b bytes.Buffer
			require.ErrorIs(t, s.WriteAtom(&b, today, f), catalog.ErrInvalid, name)
			require.ErrorIs(t, s.WriteRSS(&b, today, f), catalog.ErrInvalid, name)
			require.Zero(t, b.Len())
		}))
	}
}

func TestTheCalendarHasTheEvents(t *testing.T) {
	t.Parallel()
	w := shown(t)
	e := offer("fete", bob)
	e.Kind, e.Title = catalog.Event, codesocial.Text{"fr": "Fête du bois; musique, pain \\ vin, et tout ce que chacune et chacun apporte à partager"}
	e.Description["fr"] = "Deux jours\nau bord de l'eau"
	paris := time.FixedZone("", 3600)
	e.Occasion = &catalog.Occasion{Starts: time.Date(2025, 3, 29, 14, 0, 0, 0, paris), Ends: time.Date(2025, 3, 30, 18, 0, 0, 0, paris)}
	w.publish(e)
	out := w.output(func(s *catalog.State, b *bytes.Buffer) error { return s.WriteCalendar(b, today, "fr") })
	for line := range strings.SplitSeq(out, "\r\n") {
		require.LessOrEqual(t, len(line), 75)
		require.NotContains(t, line, "\n")
	}
	unfolded := strings.ReplaceAll(out, "\r\n ", "")
	require.Contains(t, unfolded, "\r\nDTSTART:20250329T130000Z\r\nDTEND:20250330T170000Z\r\n")
	require.Contains(t, unfolded, `SUMMARY;LANGUAGE=fr:Fête du bois\; musique\, pain \\ vin\, et tout ce que chacune et chacun apporte à partager`)
	require.Contains(t, unfolded, `DESCRIPTION;LANGUAGE=fr:Deux jours\nau bord de l'eau`)
	require.Contains(t, unfolded, "GEO:45.75;4.85\r\n")
	require.Equal(t, 1, strings.Count(out, "BEGIN:VEVENT"))
}

func TestHoldersAreRemindedOnceSevenDaysAndOneDayBeforeAndOnTheLastDay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := offer("charpente", scierie)
	e.Valid.Until = day("2025-04-10")
	w.publish(e)
	due := func(after, until string) (left []int) {
		require.NoError(t, w.Read(func(s *catalog.State) {
			from := codesocial.Date{}
			if after != "" {
				from = day(after)
			}
			for _, r := range s.Reminders(from, day(until)) {
				require.Equal(t, scierie, r.Holder)
				left = append(left, r.Left)
			}
		}))
		return left
	}
	require.Empty(t, due("2025-03-01", "2025-04-02"))
	require.Equal(t, []int{7}, due("", "2025-04-03"))
	require.Equal(t, []int{7, 1}, due("2025-04-02", "2025-04-09"), "whoever looks seldom misses none")
	require.Equal(t, []int{0}, due("2025-04-09", "2025-12-31"))
	require.NoError(t, w.Step(t.Context(), catalog.Step{By: scierie, Entry: e.ID, Move: catalog.Renew, On: day("2025-04-05"), Until: day("2025-06-01")}))
	require.Empty(t, due("2025-04-05", "2025-04-30"))
	w.step(scierie, "charpente", day("2025-04-06"), catalog.Withdraw)
	require.Empty(t, due("2025-04-06", "2025-12-31"))
}

func TestCataloguesAreMergedWithTheirSourcesAndDoublesAreOnlyProposed(t *testing.T) {
	t.Parallel()
	same, near, other := offer("charpente", scierie), offer("charpente-2", scierie), offer("four", fournil)
	near.Title["fr"] = "Charpentes en bois local"
	other.Title, other.Description, other.Skills, other.Themes = codesocial.Text{"fr": "Four à pain"}, nil, []catalog.Tag{{Label: "pain"}}, nil
	changed := offer("charpente", scierie)
	changed.Title["fr"] = "Autre chose"
	merged, doubles, err := catalog.Merge(dec("0.8"),
		catalog.Source{ID: atelier, Entries: []catalog.Entry{same, same, other}},
		catalog.Source{ID: ecole, Entries: []catalog.Entry{changed, near}},
		catalog.Source{ID: bob, Entries: []catalog.Entry{same}})
	require.NoError(t, err)
	require.Len(t, merged, 3)
	require.Equal(t, same, merged[0].Entry)
	require.Equal(t, []string{atelier, bob}, merged[0].From)
	require.Equal(t, []string{ecole}, merged[0].Variants[0].From)
	require.Len(t, doubles, 1)
	require.Equal(t, [2]string{same.ID, near.ID}, [2]string{doubles[0].A, doubles[0].B})

	same.Title = nil
	_, _, err = catalog.Merge(dec("0.8"), catalog.Source{ID: atelier, Entries: []catalog.Entry{same}})
	require.ErrorIs(t, err, catalog.ErrInvalid)
	for _, likely := range []string{"0", "1.1", "-1"} {
		_, _, err = catalog.Merge(dec(likely))
		require.ErrorIs(t, err, catalog.ErrInvalid)
	}
}
