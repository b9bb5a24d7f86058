package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/mmcdole/gofeed"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
)

// small returns a fair of a few hundred entries.
func small(t *testing.T) *fair {
	t.Helper()
	v := invent(7, 20)
	f, err := openFair(t.Context(), v.organizations())
	require.NoError(t, err)
	require.NoError(t, f.publish(t.Context(), v.entries(300)))
	return f
}

func TestAnOfferMadeTogetherIsHeldBackJoinedPublishedMatchedCashedAndShared(t *testing.T) {
	t.Parallel()
	f := small(t)
	var out bytes.Buffer
	d, err := tell(t.Context(), f, &out)
	require.NoError(t, err)
	for _, line := range []string{
		"held back by https://la-foire.example/catalogue/halles-et-granges", "[chantier-école charpente halle maçonnerie]", "clause catalogue-2",
		"asks to join", "the offer is published", "halle-de-marche  (skills 100 %", "cashed: 12345.67 EUR",
	} {
		require.Contains(t, out.String(), line)
	}
	require.Equal(t, "catalogue-3", d.Clause.Clause, "the split stands in the place of the charter's waterfall")
	got, sum := make(map[string]string), decimal.Zero
	for _, line := range d.Statement.Lines {
		for _, part := range line.Parts {
			got[part.ID], sum = part.Amount.StringFixed(2), sum.Add(part.Amount)
		}
	}
	require.Equal(t, map[string]string{
		friend: "617.28", "commons": "1234.57", carpenters: "4320.98", masons: "3086.42", builders: "3086.42", // 5, 10, 35, 25 and 25 %
	}, got)
	require.Equal(t, "12345.67", sum.StringFixed(2))
}

func TestTheSameSeedInventsTheSame(t *testing.T) {
	t.Parallel()
	a, b := invent(3, 20), invent(3, 20)
	require.Equal(t, a.organizations(), b.organizations())
	first, second := a.entries(200), b.entries(200)
	for i := range first {
		require.NoError(t, first[i].Check())
		require.Equal(t, first[i].Hash(), second[i].Hash())
	}
}

func TestQuestionsAreAnsweredAtTheTerminal(t *testing.T) {
	t.Parallel()
	f := small(t)
	var out bytes.Buffer
	d := &desk{fair: f, w: &out, language: "fr"}
	questions := "help\nmenuiserie\nnear Valdombre kind=need\nfor 1\nfor 99\nnear Nulle-Part pain\nall\nquit\nafter\n"
	require.NoError(t, d.ask(strings.NewReader(questions)))
	for _, s := range []string{"search: menuiserie école", "menuiserie 4", "besoin", "the best offers", `no line "99"`, `no town "Nulle-Part"`, "needs are met by"} {
		require.Contains(t, out.String(), s)
	}
	require.NotContains(t, out.String(), "after")
}

func TestTheProgramWritesItsPictureAndFeed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, language := range []string{"en", "fr"} {
		var out bytes.Buffer
		require.NoError(t, run(context.Background(), []string{"-n", "100", "-members", "10", "-lang", language, "-dir", dir}, strings.NewReader(""), &out))
		svg, err := os.ReadFile(filepath.Join(dir, "market.svg"))
		require.NoError(t, err)
		require.Contains(t, string(svg), map[string]string{"en": "Who offers and who needs what", "fr": "Qui offre et qui cherche quoi"}[language])
		feed, err := os.ReadFile(filepath.Join(dir, "feed.xml"))
		require.NoError(t, err)
		read, err := gofeed.NewParser().Parse(bytes.NewReader(feed))
		require.NoError(t, err)
		require.Len(t, read.Items, 50)
	}
	for _, bad := range [][]string{{"-n", "-1"}, {"-members", "2"}, {"-lang", "xx"}, {"more"}, {"-unknown"}} {
		require.Error(t, run(context.Background(), bad, strings.NewReader(""), new(bytes.Buffer)))
	}
}

// hostile is text that a careless reader would take for markup, a field or the end of one.
const hostile = `<script>alert("x")</script> & ]]>, "quotes"; \ and é`

// hostileFair is a fair with one offer and one event that are called so.
func hostileFair(t *testing.T) *fair {
	t.Helper()
	f, err := openFair(t.Context(), invent(7, 20).organizations())
	require.NoError(t, err)
	offer, event := rivalOffer(), rivalOffer()
	event.ID, event.Kind, event.Capacity = base+"catalogue/bal", catalog.Event, nil
	event.Occasion = &catalog.Occasion{Starts: time.Date(2025, 6, 1, 20, 0, 0, 0, time.FixedZone("", 7200)), Ends: time.Date(2025, 6, 2, 1, 0, 0, 0, time.FixedZone("", 7200))}
	for _, e := range []*catalog.Entry{&offer, &event} {
		e.Title, e.Description = codesocial.Text{"fr": hostile}, codesocial.Text{"fr": hostile + "\n" + strings.Repeat("une longue ligne ", 20)}
	}
	require.NoError(t, f.publish(t.Context(), []catalog.Entry{offer, event}))
	return f
}

func TestAnotherLibraryReadsTheFeeds(t *testing.T) {
	t.Parallel()
	f := hostileFair(t)
	about := feedAbout("fr")
	for _, write := range []func(*catalog.State, *bytes.Buffer) error{
		func(s *catalog.State, b *bytes.Buffer) error { return s.WriteAtom(b, today, about) },
		func(s *catalog.State, b *bytes.Buffer) error { return s.WriteRSS(b, today, about) },
	} {
		var b bytes.Buffer
		require.NoError(t, f.catalog.Read(func(s *catalog.State) { require.NoError(t, write(s, &b)) }))
		feed, err := gofeed.NewParser().Parse(&b)
		require.NoError(t, err)
		require.Equal(t, about.Title, feed.Title)
		require.Len(t, feed.Items, 2)
		item := feed.Items[1]
		require.Equal(t, rivalOffer().ID, item.GUID)
		require.Equal(t, rivalOffer().ID, item.Link)
		if feed.FeedType == "atom" {
			require.Equal(t, hostile, item.Title)
		} else { // a title in RSS is HTML: what is read is the text, escaped once
			require.Equal(t, `&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; ]]&gt;, &#34;quotes&#34;; \ and é`, item.Title)
		}
		require.Equal(t, 2025, item.PublishedParsed.Year())
	}
}

func TestAnotherLibraryReadsTheCalendar(t *testing.T) {
	t.Parallel()
	f := hostileFair(t)
	var b bytes.Buffer
	require.NoError(t, f.catalog.Read(func(s *catalog.State) { require.NoError(t, s.WriteCalendar(&b, today, "fr")) }))
	calendar, err := ics.ParseCalendar(&b)
	require.NoError(t, err)
	require.Len(t, calendar.Events(), 1)
	event := calendar.Events()[0]
	require.Equal(t, base+"catalogue/bal", event.Id())
	starts, err := event.GetStartAt()
	require.NoError(t, err)
	require.True(t, starts.Equal(time.Date(2025, 6, 1, 18, 0, 0, 0, time.UTC)))
	require.Equal(t, hostile, event.GetProperty(ics.ComponentPropertySummary).Value)
	require.Contains(t, event.GetProperty(ics.ComponentPropertyDescription).Value, hostile+"\n")
}
