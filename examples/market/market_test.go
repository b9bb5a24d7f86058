package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"
	"github.com/mmcdole/gofeed"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/mediation"
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

// TestTheBooksFollowTheSplitThatTheCatalogueRecords reads one record by both packages, each of which knows it under its own name.
func TestTheBooksFollowTheSplitThatTheCatalogueRecords(t *testing.T) {
	t.Parallel()
	f := small(t)
	d, err := tell(t.Context(), f, io.Discard)
	require.NoError(t, err)
	var signed catalog.SplitRecord
	var followed ledger.Split
	found := 0
	for r, err := range f.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == ledger.KindSplit {
			found++
			require.Equal(t, catalog.KindSplit, r.Kind)
			require.NoError(t, r.Unmarshal(&signed))
			require.NoError(t, r.Unmarshal(&followed))
			require.Equal(t, d.Split, r.ID, "the distribution names it")
		}
	}
	require.Equal(t, 1, found)
	require.Equal(t, signed, catalog.SplitRecord(followed), "field by field")
	require.Equal(t, hall, followed.Project)
	require.Len(t, d.Statement.Lines, len(followed.Lines))
	for i, l := range d.Statement.Lines {
		require.Equal(t, followed.Lines[i].ID, l.Line.ID)
	}

	// What comes in later without an introducer, and a cost: 899.99. Of it 10 % go to the commons, 90.00, and 809.99 to the three in 35 : 25 : 25, which is 333.525…, 238.232…
	// and 238.232…, the last cent to the first.
	require.NoError(t, f.books.Receive(t.Context(), ledger.Receipt{Project: hall, Amount: decimal.RequireFromString("1000.00"), Currency: "EUR", On: today.AddMonths(12)}))
	require.NoError(t, f.books.Spend(t.Context(), ledger.Expense{Project: hall, Amount: decimal.RequireFromString("100.01"), Currency: "EUR", On: today.AddMonths(12)}))
	_, err = f.books.Distribute(t.Context(), ledger.Run{Project: hall, From: codesocial.Date{Year: 2026, Month: 1, Day: 1}, To: codesocial.Date{Year: 2026, Month: 12, Day: 31}})
	require.NoError(t, err)
	got, sum := make(map[ledger.Account]string), decimal.Zero
	require.NoError(t, f.books.Read(func(b *ledger.Books) {
		for account, balance := range b.Accounts("EUR") {
			got[account], sum = balance.StringFixed(2), sum.Add(balance)
		}
	}))
	require.True(t, sum.IsZero())
	require.Equal(t, map[ledger.Account]string{
		ledger.Cash: "13245.66", ledger.ProjectAccount(hall): "0.00", ledger.FundAccount("commons"): "-1324.57", ledger.PartyAccount(friend): "-617.28",
		ledger.PartyAccount(carpenters): "-4654.51", ledger.PartyAccount(masons): "-3324.65", ledger.PartyAccount(builders): "-3324.65",
	}, got)
	_, err = ledger.Audit(t.Context(), f.journal)
	require.NoError(t, err)
}

func TestADealThatIsContestedIsReferredToMediation(t *testing.T) {
	t.Parallel()
	f := small(t)
	cases := mediation.NewCases(f.community.State())
	require.NoError(t, f.journal.Attach(t.Context(), cases))
	require.NoError(t, f.publish(t.Context(), []catalog.Entry{rivalOffer()}))
	hours := catalog.Quantity{Value: rate("10"), Unit: "h"}
	deal := catalog.Deal{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("a deal")), By: school, Offer: rivalOffer().ID, Client: school, Quantity: &hours, On: today}
	require.NoError(t, f.catalog.Contact(t.Context(), deal))
	for _, st := range []catalog.DealStep{
		{By: school, Move: catalog.Negotiate},
		{By: school, Move: catalog.Agree},
		{By: builders, Move: catalog.Agree},
		{By: builders, Move: catalog.Deliver},
		{By: school, Move: catalog.Contest, Reason: "It rains in."},
	} {
		st.Deal, st.On = deal.ID, today
		require.NoError(t, f.catalog.Deal(t.Context(), st))
	}
	referrals := cases.Referrals()
	require.Len(t, referrals, 1)
	require.Equal(t, []string{school, builders}, referrals[0].Parties)
	for r, err := range f.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.ID != referrals[0].Record {
			continue
		}
		var d catalog.Dispute
		require.NoError(t, r.Unmarshal(&d))
		require.Equal(t, "catalogue-4", d.Clause.Clause, "the clause on deals")
	}
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
	questions := "help\nmenuiserie\nnear Valdombre kind=need\nfor 1\nfor 99\n" + strings.Repeat("pain ", 20_000) + "\nnear Nulle-Part pain\nall\nquit\nafter\n"
	for language, wants := range map[string][]string{
		"en": {"search: menuiserie école", "menuiserie 4", "; need ", "the best offers", "(skills ", `no line "99"`, "the line is longer than 4096 bytes", `no town "Nulle-Part"`, "needs are met by"},
		"fr": {"chercher : menuiserie école", "menuiserie 4", "; besoin ", "les meilleures offres", "(compétences ", `pas de ligne "99"`, "la ligne dépasse 4096 octets", `pas de ville "Nulle-Part"`, "besoins sont satisfaits par"},
	} {
		out.Reset()
		d := &desk{fair: f, w: &out, language: language, phrases: phrasesIn(language)}
		require.NoError(t, d.ask(strings.NewReader(questions)))
		for _, s := range wants {
			require.Contains(t, out.String(), s)
		}
		require.NotContains(t, out.String(), "after")
	}
}

func TestEveryTownCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, town := range towns {
		q, err := english.query("Near " + strings.ToUpper(town.name) + "  pain place=" + strings.ReplaceAll(town.name, " ", "_"))
		require.NoError(t, err)
		require.InDelta(t, float64(town.lat)/1e6, q.Near.Latitude, 1e-9)
		require.Equal(t, "pain", q.Text)
		require.Equal(t, []search.Facet{{Name: catalog.FacetPlace, Value: town.name}}, q.Where)
	}
	q, err := english.query("near Saint-Arvan")
	require.NoError(t, err)
	require.Equal(t, search.Nearest, q.Sort)
	_, err = english.query("near Valdombreux pain")
	require.ErrorContains(t, err, `no town "Valdombreux"`)
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
