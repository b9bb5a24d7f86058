package catalog_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
)

func TestBadEntriesAreRefusedByNameAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	w := setup(t)
	huge := strings.Repeat("mot ", 1<<18)
	size := w.journal.Size()
	for name, c := range map[string]struct {
		change func(e *catalog.Entry)
		want   error
		says   string
	}{
		"no title":           {func(e *catalog.Entry) { e.Title = nil }, catalog.ErrInvalid, "title: must be given"},
		"empty title":        {func(e *catalog.Entry) { e.Title["fr"] = "" }, catalog.ErrInvalid, "title.fr: must not be empty"},
		"blank title":        {func(e *catalog.Entry) { e.Title["fr"] = "  " }, catalog.ErrInvalid, "title.fr"},
		"two lines":          {func(e *catalog.Entry) { e.Title["fr"] = "un\ndeux" }, catalog.ErrInvalid, "U+000A"},
		"not UTF-8":          {func(e *catalog.Entry) { e.Title["fr"] = "caf\xe9" }, catalog.ErrInvalid, "UTF-8"},
		"turned around":      {func(e *catalog.Entry) { e.Title["fr"] = "a\u202eb" }, catalog.ErrInvalid, "U+202E"},
		"a megabyte":         {func(e *catalog.Entry) { e.Description["fr"] = huge }, catalog.ErrLimit, "1048576 bytes"},
		"unknown language":   {func(e *catalog.Entry) { e.Title["xx"] = "x" }, catalog.ErrInvalid, `title.xx "xx"`},
		"no language":        {func(e *catalog.Entry) { e.Title["français"] = "x" }, catalog.ErrInvalid, "known language"},
		"speaks unknown":     {func(e *catalog.Entry) { e.Languages = []string{"fr", "qq"} }, catalog.ErrInvalid, `languages[1] "qq"`},
		"kind":               {func(e *catalog.Entry) { e.Kind = "wish" }, catalog.ErrInvalid, `kind "wish"`},
		"IRI":                {func(e *catalog.Entry) { e.ID = "charpente" }, catalog.ErrInvalid, "id"},
		"holder":             {func(e *catalog.Entry) { e.Holder = "L'Atelier" }, catalog.ErrInvalid, "holder"},
		"visibility":         {func(e *catalog.Entry) { e.Visibility = "" }, catalog.ErrInvalid, "visibility"},
		"over before begun":  {func(e *catalog.Entry) { e.Valid = catalog.Period{From: day("2025-06-01"), Until: day("2025-05-31")} }, catalog.ErrInvalid, `valid.until "2025-05-31": is before it begins`},
		"no such day":        {func(e *catalog.Entry) { e.Valid.From = codesocial.Date{Year: 2025, Month: 2, Day: 30} }, catalog.ErrInvalid, "valid.from"},
		"negative capacity":  {func(e *catalog.Entry) { e.Capacity.Value = dec("-5") }, catalog.ErrInvalid, `capacity.value "-5": must be positive`},
		"no capacity":        {func(e *catalog.Entry) { e.Capacity.Value = dec("0") }, catalog.ErrInvalid, "capacity.value"},
		"endless capacity":   {func(e *catalog.Entry) { e.Capacity.Value = decimal.New(1, 999_999_999) }, catalog.ErrLimit, "capacity.value"},
		"no unit":            {func(e *catalog.Entry) { e.Capacity.Unit = "" }, catalog.ErrInvalid, "capacity.unit"},
		"beyond the pole":    {func(e *catalog.Entry) { e.Where.Point.Latitude = 90_000_001 }, catalog.ErrInvalid, `where.point.latitude "90.000001": is off the globe`},
		"off the globe":      {func(e *catalog.Entry) { e.Where.Point.Longitude = -180_000_001 }, catalog.ErrInvalid, "where.point.longitude"},
		"radius":             {func(e *catalog.Entry) { e.Where.Radius = -1 }, catalog.ErrInvalid, "where.radius"},
		"around nothing":     {func(e *catalog.Entry) { e.Where.Point = nil }, catalog.ErrInvalid, "where.radius"},
		"negative price":     {func(e *catalog.Entry) { e.Price.Amount = ptr("-1") }, catalog.ErrInvalid, "price.amount"},
		"price without unit": {func(e *catalog.Entry) { e.Price.Currency = "" }, catalog.ErrInvalid, "price.mode"},
		"euros":              {func(e *catalog.Entry) { e.Price.Currency = "euros" }, catalog.ErrInvalid, "price.currency"},
		"price mode":         {func(e *catalog.Entry) { e.Price.Mode = "auction" }, catalog.ErrInvalid, "price.mode"},
		"bounds crossed": {func(e *catalog.Entry) {
			e.Price = catalog.Price{Mode: catalog.PayWhatYouWant, Currency: "EUR", Min: ptr("10"), Max: ptr("5")}
		}, catalog.ErrInvalid, "price"},
		"for what in return": {func(e *catalog.Entry) { e.Price = catalog.Price{Mode: catalog.Reciprocity} }, catalog.ErrInvalid, "price.terms"},
		"image without alt":  {func(e *catalog.Entry) { e.Images = []catalog.Image{{URL: "https://la-rive.example/a.png"}} }, catalog.ErrInvalid, "images[0].alt"},
		"image that runs": {func(e *catalog.Entry) {
			e.Images = []catalog.Image{{URL: "javascript:alert(1)", Alt: codesocial.Text{"fr": "x"}}}
		}, catalog.ErrInvalid, "images[0].url"},
		"empty tag":           {func(e *catalog.Entry) { e.Skills = []catalog.Tag{{}} }, catalog.ErrInvalid, "skills[0]"},
		"tag twice":           {func(e *catalog.Entry) { e.Skills = append(e.Skills, e.Skills[0]) }, catalog.ErrInvalid, "skills[1]"},
		"too many tags":       {func(e *catalog.Entry) { e.Skills = make([]catalog.Tag, 101) }, catalog.ErrLimit, "skills"},
		"credit without role": {func(e *catalog.Entry) { e.Credits = []catalog.Credit{{Party: ana}} }, catalog.ErrInvalid, "credits[0].role"},
		"offer with occasion": {func(e *catalog.Entry) { e.Occasion = new(catalog.Occasion) }, catalog.ErrInvalid, "occasion"},
		"event without":       {func(e *catalog.Entry) { e.Kind = catalog.Event }, catalog.ErrInvalid, "occasion"},
		"ends before it starts": {func(e *catalog.Entry) {
			start := time.Date(2025, 6, 1, 9, 0, 0, 0, time.UTC)
			e.Kind, e.Occasion = catalog.Event, &catalog.Occasion{Starts: start, Ends: start.Add(-time.Minute)}
		}, catalog.ErrInvalid, "occasion.ends"},
		"partners of one": {func(e *catalog.Entry) { e.Partners = []string{atelier, fournil} }, catalog.ErrInvalid, "partners"},
	} {
		e := offer("charpente", atelier)
		c.change(&e)
		err := w.Write(t.Context(), atelier, today, offer("bonne", atelier), e)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.says, name)
		require.Less(t, len(err.Error()), 600, "%s: an error does not repeat the text", name)
	}
	require.Equal(t, size, w.journal.Size(), "not even the good one beside it")
}

func TestBadCollectiveOffersAreRefusedByName(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, c := range map[string]struct {
		change func(e *catalog.Entry)
		want   error
		says   string
	}{
		"99.99 %":          {func(e *catalog.Entry) { e.Split[2].Rate = dec("0.3999") }, catalog.ErrSplit, `split "99.99 %": must add up to exactly 100 %`},
		"100.01 %":         {func(e *catalog.Entry) { e.Split[2].Rate = dec("0.4001") }, catalog.ErrSplit, "100.01 %"},
		"alone":            {func(e *catalog.Entry) { e.Partners = []string{atelier} }, catalog.ErrInvalid, "at least 2"},
		"the same twice":   {func(e *catalog.Entry) { e.Partners = []string{atelier, atelier} }, catalog.ErrInvalid, "partners[1]"},
		"a person":         {func(e *catalog.Entry) { e.Partners = append(e.Partners, bob); e.Split[1].Party = bob }, catalog.ErrInvalid, "must be an organization"},
		"not a member":     {func(e *catalog.Entry) { e.Partners[1], e.Split[3].Party = mairie, mairie }, codesocial.ErrNotMember, "partners[1]"},
		"without a share":  {func(e *catalog.Entry) { e.Split[3].Party = atelier; e.Split[3].Role = "other" }, catalog.ErrSplit, "partners[1]"},
		"nothing":          {func(e *catalog.Entry) { e.Split[4].Rate, e.Split[2].Rate = dec("0"), dec("0.5") }, catalog.ErrSplit, "split[4].rate"},
		"negative":         {func(e *catalog.Entry) { e.Split[4].Rate, e.Split[2].Rate = dec("-0.1"), dec("0.6") }, catalog.ErrSplit, "split[4].rate"},
		"to nobody":        {func(e *catalog.Entry) { e.Split[1].Party = "" }, catalog.ErrSplit, "split[1]"},
		"to two":           {func(e *catalog.Entry) { e.Split[1].Fund = "x" }, catalog.ErrSplit, "split[1]"},
		"named introducer": {func(e *catalog.Entry) { e.Split[0].Party = bob }, catalog.ErrSplit, "split[0]"},
		"twice in a role":  {func(e *catalog.Entry) { e.Split[3].Party = atelier }, catalog.ErrSplit, "split[3]"},
		"holder from afar": {func(e *catalog.Entry) { e.Holder = scierie }, catalog.ErrInvalid, "holder"},
		"rate without end": {func(e *catalog.Entry) { e.Split[2].Rate = decimal.New(1, -999_999_999) }, catalog.ErrLimit, "split[2].rate"},
		"too many shares":  {func(e *catalog.Entry) { e.Split = make(catalog.Split, 201) }, catalog.ErrLimit, "split"},
	} {
		e := collective("halle")
		c.change(&e)
		err := w.Write(t.Context(), e.Holder, today, e)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.says, name)
	}
	carried := collective("halle")
	carried.Holder = halle
	require.NoError(t, w.Write(t.Context(), atelier, today, carried), "a project of the partners may hold it")
}

func TestMarkupIsTextLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := offer("charpente", atelier)
	e.Title = codesocial.Text{"fr": `<script>alert("x")</script> & <b>bois</b>`}
	w.publish(e)
	require.Equal(t, e.Title, w.entry("charpente", today).Entry.Title)
}

func TestEverySplitOfWhatCameInIsExact(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 7))
	for range 10_000 {
		split := catalog.Split{{Role: "producer", Party: atelier, Rate: dec("1")}}
		for i := range rng.IntN(6) { // each share takes a part of what the first has
			rate := decimal.New(rng.Int64N(2000)+1, -4)
			if rate.GreaterThanOrEqual(split[0].Rate) {
				break
			}
			share := catalog.Share{Role: "producer", Party: members[1+i%4], Rate: rate}
			switch {
			case i == 0 && rng.IntN(2) == 0:
				share = catalog.Share{Role: catalog.IntroducerRole, Rate: rate}
			case rng.IntN(4) == 0:
				share = catalog.Share{Role: "commons", Fund: "commons", Rate: rate}
			default:
				share.Role = strings.Repeat("x", i+1)
			}
			if share.Fund != "" && len(split) > 1 && split[len(split)-1].Fund != "" {
				continue
			}
			split[0].Rate = split[0].Rate.Sub(rate)
			split = append(split, share)
		}
		if err := split.Check(); err != nil {
			require.ErrorContains(t, err, "two shares for the same recipient")
			continue
		}
		base := decimal.New(rng.Int64N(10_000_000)+1, -2)
		in := dividend.Input{Currency: "EUR", Decimals: 2, Received: base, Groups: map[string][]dividend.Weight{"introducers": nil}}
		brought := rng.IntN(2) == 0
		if brought {
			in.Groups["introducers"] = []dividend.Weight{{ID: bob, Value: base}}
		}
		statement, err := split.Waterfall().Run(in)
		require.NoError(t, err)
		sum := decimal.Zero
		for _, line := range statement.Lines {
			for _, part := range line.Parts {
				sum = sum.Add(part.Amount)
				require.False(t, part.ID == bob && !brought)
			}
		}
		require.Equal(t, base.String(), sum.String(), "to the last cent, and nothing is left over")
	}
}

func TestNamesReadWellInAnAddress(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01")
	for title, want := range map[string]string{
		"Menuiserie sur mesure":              "menuiserie-sur-mesure-6f1f2a01",
		"L’Œuvre d’art : déjà vue, à 50 % !": "l-oeuvre-d-art-deja-vue-a-50-6f1f2a01",
		`<script>alert("x")</script>`:        "script-alert-x-script-6f1f2a01",
		"日本語":                                "6f1f2a01",
		strings.Repeat("longuement ", 20):    "longuement-longuement-longuement-longuement-longuement-6f1f2a01",
		"":                                   "6f1f2a01",
	} {
		got := catalog.NameEntry(iri(""), title, id)
		require.Equal(t, iri(want), got)
		require.NoError(t, codesocial.CheckIRI(got))
	}
}

func TestDegreesHaveOneSpelling(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"48.856614": "48.856614", "-1.5": "-1.5", "0": "0", "180": "180", "2.350000": "2.35", "-0.000001": "-0.000001"} {
		d, err := catalog.ParseDegrees(in)
		require.NoError(t, err, in)
		require.Equal(t, want, d.String())
	}
	for _, in := range []string{"", "-", "1.", ".5", "48.8566140", "181", "1e3", "NaN", "01.5", "+1", " 1", "1,5", "180.000001", "999999999999"} {
		_, err := catalog.ParseDegrees(in)
		require.ErrorIs(t, err, catalog.ErrInvalid, in)
	}
	var d catalog.Degrees
	require.Error(t, d.UnmarshalText([]byte("2.350")), "records know one spelling")
	p, q := catalog.Point{Latitude: 48_856_614, Longitude: 2_352_222}, catalog.Point{Latitude: 45_764_043, Longitude: 4_835_659}
	require.Equal(t, 391, p.Kilometres(q))
	require.Equal(t, p.Kilometres(q), q.Kilometres(p))
	require.Equal(t, 22, catalog.Point{Longitude: 179_900_000}.Kilometres(catalog.Point{Longitude: -179_900_000}), "across the line of dates")
}
