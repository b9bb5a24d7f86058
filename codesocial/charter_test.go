package codesocial_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestTheHashOfAVersionIsTheSHA256OfItsCanonicalJSON(t *testing.T) {
	t.Parallel()
	charter := small(t)
	got := append(charter.Canonical(), "\n"+charter.Hash()+"\n"...)
	if *update {
		require.NoError(t, os.WriteFile("testdata/small.canonical", got, 0o666))
	}
	golden, err := os.ReadFile("testdata/small.canonical")
	require.NoError(t, err)
	require.Equal(t, string(golden), string(got))

	document, name, _ := strings.Cut(string(golden), "\n")
	sum := sha256.Sum256([]byte(document))
	require.Equal(t, "sha256:"+hex.EncodeToString(sum[:])+"\n", name)
	require.NoError(t, canonical.Valid(charter.Canonical()))
}

func TestWritingAVersionInAnotherWayKeepsItsHash(t *testing.T) {
	t.Parallel()
	charter := small(t)
	for name, write := range map[string]func() ([]byte, error){
		"canonical": func() ([]byte, error) { return charter.Canonical(), nil },
		"indented by a Go program, members in alphabetical order": func() ([]byte, error) {
			var v any
			if err := json.Unmarshal(charter.Canonical(), &v); err != nil {
				return nil, err
			}
			return json.MarshalIndent(v, "\t", "    ")
		},
		"with every character beyond ASCII escaped": func() ([]byte, error) {
			var b bytes.Buffer
			for _, r := range string(charter.Canonical()) {
				if r < 0x80 {
					b.WriteRune(r)
				} else {
					fmt.Fprintf(&b, `\u%04x`, r)
				}
			}
			return b.Bytes(), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := write()
			require.NoError(t, err)
			again, err := codesocial.ParseCharter(data)
			require.NoError(t, err)
			require.Equal(t, charter.Hash(), again.Hash())
			require.Equal(t, charter.Document(), again.Document())
		})
	}
}

func TestEveryChangeOfMeaningChangesTheHash(t *testing.T) {
	t.Parallel()
	edits := map[string]func(*codesocial.Document){
		"id":            func(d *codesocial.Document) { d.ID += "s" },
		"profile":       func(d *codesocial.Document) { d.Profile += "s" },
		"title":         func(d *codesocial.Document) { d.Title["fr"] += "." },
		"language":      func(d *codesocial.Document) { d.Title["de"] = "Die Masche" },
		"currency":      func(d *codesocial.Document) { d.Currency = "CHF" },
		"time zone":     func(d *codesocial.Document) { d.TimeZone = "Europe/Zurich" },
		"first day":     func(d *codesocial.Document) { d.InForceFrom.Day++ },
		"review":        func(d *codesocial.Document) { d.ReviewBy = codesocial.Date{} },
		"founder":       func(d *codesocial.Document) { d.Founders[1].Name += "!" },
		"founders":      func(d *codesocial.Document) { d.Founders = d.Founders[:2] },
		"order":         func(d *codesocial.Document) { slices.Reverse(d.Founders) },
		"threshold":     func(d *codesocial.Document) { d.Threshold++ },
		"chapter":       func(d *codesocial.Document) { d.Chapters[1].ID = "economy" },
		"chapter title": func(d *codesocial.Document) { d.Chapters[1].Title["en"] = "sharing" },
		"clause":        func(d *codesocial.Document) { d.Chapters[0].Clauses[1].ID = "social-3" },
		"clause title":  func(d *codesocial.Document) { d.Chapters[0].Clauses[0].Title = nil },
		"text":          func(d *codesocial.Document) { d.Chapters[0].Clauses[1].Text["fr"] += " " },
		"rule":          func(d *codesocial.Document) { d.Chapters[0].Clauses[0].Rule = nil },
		"parameter":     setRule("social-1", `{"kind": "codesocial.admission", "sponsors": 2}`),
		"kind":          setRule("social-1", `{"kind": "codesocial.admissions", "sponsors": 1}`),
	}
	seen := map[string]string{small(t).Hash(): "nothing"}
	for name, edit := range edits {
		hash := small(t, edit).Hash()
		require.NotContains(t, seen, hash, name)
		seen[hash] = name
	}
}

func TestACharterIsReadStrictly(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/small.json")
	require.NoError(t, err)
	replace := func(old, new string) []byte {
		require.Equal(t, 1, strings.Count(string(data), old), old)
		return []byte(strings.Replace(string(data), old, new, 1))
	}
	set := func(member string, value any) []byte { return edited(t, member, value) }
	tests := map[string]struct {
		data  []byte
		is    error
		words string
	}{
		"nothing":                         {nil, codesocial.ErrInvalid, ""},
		"null":                            {[]byte("null"), codesocial.ErrInvalid, ""},
		"a list":                          {[]byte("[]"), codesocial.ErrInvalid, ""},
		"an empty object":                 {[]byte("{}"), codesocial.ErrInvalid, "id"},
		"cut short":                       {data[:len(data)/2], codesocial.ErrInvalid, ""},
		"trailing data":                   {append(slices.Clone(data), '{'), codesocial.ErrInvalid, ""},
		"unknown member":                  {set("colour", "red"), codesocial.ErrInvalid, "colour"},
		"unknown member of a clause":      {replace(`"id": "social-2",`, `"id": "social-2", "note": "x",`), codesocial.ErrInvalid, "chapters[0].clauses[1].note"},
		"member twice":                    {replace(`"threshold": 2,`, `"threshold": 2, "threshold": 2,`), codesocial.ErrInvalid, "threshold"},
		"member twice in a rule":          {replace(`"sponsors": 1`, `"sponsors": 1, "sponsors": 2`), codesocial.ErrInvalid, "rule.sponsors"},
		"wrong case":                      {replace(`"threshold"`, `"Threshold"`), codesocial.ErrInvalid, "Threshold"},
		"float":                           {replace(`"threshold": 2`, `"threshold": 2.0`), codesocial.ErrInvalid, "threshold"},
		"float in a rule":                 {replace(`"0.10"`, `0.10`), codesocial.ErrInvalid, "rate"},
		"number where text belongs":       {replace(`"currency": "EUR"`, `"currency": 3`), codesocial.ErrInvalid, "currency"},
		"text where a number belongs":     {replace(`"threshold": 2`, `"threshold": "2"`), codesocial.ErrInvalid, "threshold"},
		"null for a member":               {replace(`"threshold": 2`, `"threshold": null`), codesocial.ErrInvalid, "threshold"},
		"invalid UTF-8":                   {replace("Le Fournil", "Le F\xffurnil"), codesocial.ErrInvalid, ""},
		"lone surrogate":                  {replace("Le Fournil", `Le F\ud800rnil`), codesocial.ErrInvalid, ""},
		"byte order mark":                 {append([]byte("\ufeff"), data...), codesocial.ErrInvalid, ""},
		"over 1 MiB":                      {append(slices.Clone(data), bytes.Repeat([]byte(" "), codesocial.MaxCharterBytes)...), codesocial.ErrLimit, "1048576"},
		"empty list of clauses":           {set("chapters", []any{map[string]any{"id": "a", "title": map[string]any{"en": "A"}, "clauses": []any{}}}), codesocial.ErrInvalid, "chapters[0].clauses"},
		"empty title of a clause":         {replace(`"id": "social-2",`, `"id": "social-2", "title": {},`), codesocial.ErrInvalid, "chapters[0].clauses[1].title"},
		"empty previous":                  {set("previous", ""), codesocial.ErrInvalid, "previous"},
		"no id":                           {set("id", nil), codesocial.ErrInvalid, "id"},
		"relative id":                     {set("id", "charter"), codesocial.ErrInvalid, `id "charter"`},
		"version 0":                       {set("version", 0), codesocial.ErrInvalid, "version"},
		"negative version":                {set("version", -1), codesocial.ErrInvalid, `version "-1"`},
		"version beyond all":              {set("version", codesocial.MaxVersion+1), codesocial.ErrInvalid, "version"},
		"version 2 without previous":      {set("version", 2), codesocial.ErrInvalid, "previous"},
		"version 1 with previous":         {set("previous", "sha256:"+strings.Repeat("a", 64)), codesocial.ErrInvalid, "previous"},
		"no profile":                      {set("profile", nil), codesocial.ErrInvalid, "profile"},
		"profile without its chapters":    {set("profile", codesocial.CodeSocial8), codesocial.ErrInvalid, "purpose"},
		"no title":                        {set("title", nil), codesocial.ErrInvalid, "title"},
		"title without a language":        {set("title", map[string]any{"": "x"}), codesocial.ErrInvalid, "title"},
		"language twice":                  {set("title", map[string]any{"pt-BR": "x", "pt-br": "y"}), codesocial.ErrInvalid, "same language"},
		"blank text":                      {replace(`"fr": "Un dixième de ce qui est gagné va au commun."`, `"fr": " "`), codesocial.ErrInvalid, "chapters[1].clauses[0].text.fr"},
		"text too long":                   {set("title", map[string]any{"fr": strings.Repeat("x", codesocial.MaxTitleBytes+1)}), codesocial.ErrLimit, "title.fr"},
		"currency in lower case":          {set("currency", "eur"), codesocial.ErrInvalid, `currency "eur"`},
		"unknown time zone":               {set("timeZone", "Europe/Atlantis"), codesocial.ErrInvalid, "Atlantis"},
		"the machine's own time zone":     {set("timeZone", "Local"), codesocial.ErrInvalid, "Local"},
		"path for a time zone":            {set("timeZone", "../../etc/localtime"), codesocial.ErrInvalid, "timeZone"},
		"impossible day":                  {set("inForceFrom", "2025-02-29"), codesocial.ErrInvalid, "inForceFrom"},
		"no first day":                    {set("inForceFrom", nil), codesocial.ErrInvalid, "inForceFrom"},
		"day with a time":                 {set("inForceFrom", "2025-01-01T00:00:00Z"), codesocial.ErrInvalid, "inForceFrom"},
		"review before the first day":     {set("reviewBy", "2025-01-01"), codesocial.ErrInvalid, "reviewBy"},
		"no founder":                      {set("founders", nil), codesocial.ErrInvalid, "founders"},
		"founder twice":                   {replace(`org/fournil"`, `org/atelier"`), codesocial.ErrInvalid, "founders[1].id"},
		"founder that is a project":       {replace(`"collective"`, `"project"`), codesocial.ErrInvalid, "founders[2].type"},
		"founder of no known type":        {replace(`"collective"`, `"robot"`), codesocial.ErrInvalid, `"robot"`},
		"founder with bidi override":      {replace("Le Fournil", `Le \u202eFournil`), codesocial.ErrInvalid, "U+202E"},
		"founder in two alphabets":        {replace("Le Fournil", "Le F\u043eurnil"), codesocial.ErrInvalid, "mixes alphabets"},
		"threshold 0":                     {set("threshold", 0), codesocial.ErrInvalid, "threshold"},
		"threshold over the founders":     {set("threshold", 4), codesocial.ErrInvalid, "threshold"},
		"no chapter":                      {set("chapters", nil), codesocial.ErrInvalid, "chapters"},
		"clause id twice":                 {replace(`"social-2"`, `"social-1"`), codesocial.ErrInvalid, `"social-1": is also the id of chapters[0].clauses[0]`},
		"clause id of a chapter":          {replace(`"social-2"`, `"economic"`), codesocial.ErrInvalid, "economic"},
		"clause id with capitals":         {replace(`"social-2"`, `"Social-2"`), codesocial.ErrInvalid, "Social-2"},
		"clause id with a bidi character": {replace(`"social-2"`, "\"social-\u200f2\""), codesocial.ErrInvalid, "chapters[0].clauses[1].id"},
		"text with a bidi override":       {replace("Chacun peut", "Chacun \u202epeut"), codesocial.ErrInvalid, "U+202E"},
		"text with a control character":   {replace("Chacun peut", `Chacun \u0007peut`), codesocial.ErrInvalid, "U+0007"},
		"rule that is no object":          {replace(`{"kind": "codesocial.admission", "sponsors": 1}`, `"x"`), codesocial.ErrInvalid, "rule"},
		"rule without a kind":             {replace(`"kind": "codesocial.admission", `, ``), codesocial.ErrInvalid, "rule.kind"},
		"rule with a number for a kind":   {replace(`"kind": "codesocial.admission"`, `"kind": 1`), codesocial.ErrInvalid, "rule.kind"},
		"rule of no package":              {replace(`"kind": "codesocial.admission"`, `"kind": "admission"`), codesocial.ErrInvalid, "rule.kind"},
		"nested without end":              {replace(`"0.10"`, strings.Repeat("[", 100)+strings.Repeat("]", 100)), codesocial.ErrInvalid, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			charter, err := codesocial.ParseCharter(test.data)
			require.Nil(t, charter)
			require.ErrorIs(t, err, test.is)
			require.ErrorContains(t, err, test.words)
			require.True(t, strings.HasPrefix(err.Error(), "codesocial: charter: "), err.Error())
			require.Less(t, len(err.Error()), 800)
		})
	}
}

func TestLimitsOnListsHold(t *testing.T) {
	t.Parallel()
	clauses := func(n int) []codesocial.Clause {
		list := make([]codesocial.Clause, n)
		for i := range list {
			list[i] = codesocial.Clause{ID: fmt.Sprintf("c-%d", i), Text: codesocial.Text{"en": "x"}}
		}
		return list
	}
	base := small(t).Document()
	for name, test := range map[string]struct {
		at   int
		make func(d *codesocial.Document, n int)
	}{
		"clauses": {codesocial.MaxClauses, func(d *codesocial.Document, n int) { d.Chapters[0].Clauses = clauses(n - 1) }}, // one is in the other chapter
		"chapters": {codesocial.MaxChapters, func(d *codesocial.Document, n int) {
			d.Chapters = nil
			for i := range n {
				d.Chapters = append(d.Chapters, codesocial.Chapter{ID: fmt.Sprintf("c-%d", i), Title: codesocial.Text{"en": "x"}})
			}
		}},
		"founders": {codesocial.MaxFounders, func(d *codesocial.Document, n int) {
			d.Founders = nil
			for i := range n {
				d.Founders = append(d.Founders, codesocial.Founder{ID: fmt.Sprintf("urn:x:%d", i), Name: "X", Type: codesocial.Person})
			}
		}},
		"languages": {codesocial.MaxLanguages, func(d *codesocial.Document, n int) {
			d.Title = codesocial.Text{}
			for i := range n {
				d.Title[fmt.Sprintf("x%c%c", 'a'+i%26, 'a'+i/26)] = "x"
			}
		}},
		"text": {codesocial.MaxTextBytes, func(d *codesocial.Document, n int) {
			d.Chapters[0].Clauses[0].Text = codesocial.Text{"en": strings.Repeat("x", n)}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			make := func(n int) error {
				c, err := codesocial.NewCharter(base)
				require.NoError(t, err)
				doc := c.Document()
				test.make(&doc, n)
				_, err = codesocial.NewCharter(doc)
				return err
			}
			require.NoError(t, make(test.at))
			require.ErrorIs(t, make(test.at+1), codesocial.ErrLimit)
		})
	}
}

func TestTextsThatTogetherExceedTheDocumentAreRefused(t *testing.T) {
	t.Parallel()
	doc := small(t).Document()
	for i := range 11 {
		doc.Chapters[0].Clauses = append(doc.Chapters[0].Clauses, codesocial.Clause{ID: fmt.Sprintf("c-%d", i), Text: codesocial.Text{"en": strings.Repeat("x", codesocial.MaxTextBytes)}})
	}
	_, err := codesocial.NewCharter(doc)
	require.ErrorIs(t, err, codesocial.ErrLimit)
}

func TestACharterBuiltByAProgramIsTheSameAsOneThatWasRead(t *testing.T) {
	t.Parallel()
	doc := small(t).Document()
	doc.Chapters[0].Clauses[0].Rule = canonical.Raw(` { "sponsors" : 1, "kind" : "codesocial.admission" } `)
	doc.Chapters[0].Clauses[1].Title = codesocial.Text{}
	charter, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	require.Equal(t, small(t).Hash(), charter.Hash())

	doc.Chapters[0].Clauses[0].Rule = canonical.Raw(`{"kind":`)
	_, err = codesocial.NewCharter(doc)
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "chapters[0].clauses[0].rule")
}

func TestNobodyCanChangeACharter(t *testing.T) {
	t.Parallel()
	charter := small(t)
	hash := charter.Hash()
	doc := charter.Document()
	doc.Title["fr"] = "x"
	doc.Founders[0].Name = "x"
	doc.Chapters[0].Clauses[0].Text["fr"] = "x"
	doc.Chapters[0].Clauses[0].Rule[2] = 'x'
	charter.Title()["fr"] = "x"
	charter.Founders()[0].Name = "x"
	charter.Chapters()[0].Title["fr"] = "x"
	charter.Canonical()[0] = 'x'
	clause, ok := charter.Clause("social-1")
	require.True(t, ok)
	clause.Text["fr"] = "x"
	for rule := range charter.Rules(codesocial.AdmissionKind) {
		rule.Params()[0] = 'x'
	}
	again, err := codesocial.NewCharter(charter.Document())
	require.NoError(t, err)
	require.Equal(t, hash, again.Hash())
	require.Equal(t, small(t), charter)
}

func TestTheKnownProfilesFixTheChaptersAndTheirOrder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{codesocial.CodeSocial8, codesocial.CodeSocial9, codesocial.CC4} {
		profile, known := codesocial.LookupProfile(name)
		require.True(t, known)
		require.Equal(t, name, profile.Name)
		var chapters []codesocial.Chapter
		for _, c := range profile.Chapters {
			require.Equal(t, []string{"en", "fr"}, c.Title.Languages())
			chapters = append(chapters, codesocial.Chapter{ID: c.ID, Title: c.Title})
		}
		try := func(chapters []codesocial.Chapter) error {
			doc := small(t).Document()
			doc.Profile, doc.Chapters = name, chapters
			_, err := codesocial.NewCharter(doc)
			return err
		}
		require.NoError(t, try(chapters))
		require.ErrorIs(t, try(chapters[:len(chapters)-1]), codesocial.ErrInvalid)
		require.ErrorIs(t, try(chapters[1:]), codesocial.ErrInvalid)
		swapped := slices.Clone(chapters)
		swapped[0], swapped[1] = swapped[1], swapped[0]
		require.ErrorContains(t, try(swapped), "comes later")
		extra := append(slices.Clone(chapters), codesocial.Chapter{ID: "more", Title: codesocial.Text{"en": "More"}})
		require.ErrorContains(t, try(extra), "more")
	}
	eight, _ := codesocial.LookupProfile(codesocial.CodeSocial8)
	var ids []string
	for _, c := range eight.Chapters {
		ids = append(ids, c.ID)
	}
	require.Equal(t, []string{"purpose", "history", "social", "economic", "ecological", "technological", "legal", "cultural"}, ids)
	_, known := codesocial.LookupProfile("la-trame")
	require.False(t, known)
}

func TestARuleIsDecodedStrictlyAndNamesItsClause(t *testing.T) {
	t.Parallel()
	charter := small(t)
	var rule codesocial.AdmissionRule
	clause, err := charter.Rule(codesocial.AdmissionKind, &rule)
	require.NoError(t, err)
	require.Equal(t, codesocial.AdmissionRule{Sponsors: 1}, rule)
	require.Equal(t, codesocial.ClauseRef{Charter: charter.ID(), Version: 1, Hash: charter.Hash(), Clause: "social-1"}, clause)
	require.NoError(t, clause.Check())

	var other struct {
		Mentors int `json:"mentors"`
	}
	_, err = charter.Rule(codesocial.AdmissionKind, &other)
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "clause social-1")
	require.ErrorContains(t, err, "sponsors")

	_, err = charter.Rule("ledger.validation", &rule)
	require.ErrorIs(t, err, codesocial.ErrNoRule)
	require.ErrorContains(t, err, `"ledger.validation"`)
}

func TestTwoClausesWithTheSameKindCanBeReadOnlyTogether(t *testing.T) {
	t.Parallel()
	charter := small(t, setRule("social-2", `{"kind":"codesocial.admission","sponsors":3}`))
	var rule codesocial.AdmissionRule
	_, err := charter.Rule(codesocial.AdmissionKind, &rule)
	require.ErrorIs(t, err, codesocial.ErrManyRules)
	require.ErrorContains(t, err, "social-1 and social-2")

	var found []string
	for r := range charter.Rules(codesocial.AdmissionKind) {
		require.NoError(t, r.Decode(&rule))
		found = append(found, fmt.Sprint(r.Clause.Clause, " ", rule.Sponsors))
	}
	require.Equal(t, []string{"social-1 1", "social-2 3"}, found)
	for range charter.Rules(codesocial.AdmissionKind) {
		break // an iteration may be left early
	}
}

func TestRulesOfUnknownKindsAreKeptAndReported(t *testing.T) {
	t.Parallel()
	charter := small(t, setRule("social-2", `{"kind":"tea.round","every":"P1D","biscuits":[1,2]}`))
	require.Equal(t, []string{"codesocial.admission", "dividend.waterfall", "tea.round"}, charter.Kinds())
	again, err := codesocial.ParseCharter(charter.Canonical())
	require.NoError(t, err)
	for r := range again.Rules("tea.round") {
		require.Equal(t, `{"biscuits":[1,2],"every":"P1D"}`, string(r.Params()))
		require.Equal(t, "social-2", r.Clause.Clause)
	}
}

func TestAClauseReferenceIsForAClauseThatIsThere(t *testing.T) {
	t.Parallel()
	charter := small(t)
	ref, err := charter.Ref("economic-1")
	require.NoError(t, err)
	require.Equal(t, "clause economic-1, version 1 of https://la-trame.example/charter", ref.String())
	_, err = charter.Ref("economic-9")
	require.ErrorIs(t, err, codesocial.ErrUnknown)
	_, ok := charter.Clause("economic-9")
	require.False(t, ok)

	for name, spoil := range map[string]func(*codesocial.ClauseRef){
		"charter": func(r *codesocial.ClauseRef) { r.Charter = "" },
		"version": func(r *codesocial.ClauseRef) { r.Version = 0 },
		"hash":    func(r *codesocial.ClauseRef) { r.Hash = strings.ToUpper(r.Hash) },
		"clause":  func(r *codesocial.ClauseRef) { r.Clause = "" },
	} {
		bad := ref
		spoil(&bad)
		require.ErrorIs(t, bad.Check(), codesocial.ErrInvalid, name)
		require.ErrorContains(t, bad.Check(), name)
	}
}

func FuzzParseCharter(f *testing.F) {
	data, err := os.ReadFile("testdata/small.json")
	require.NoError(f, err)
	f.Add(data)
	f.Add(small(f).Canonical())
	f.Add([]byte(`{"id":"urn:x","version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		charter, err := codesocial.ParseCharter(data)
		if err != nil {
			require.Nil(t, charter)
			return
		}
		again, err := codesocial.ParseCharter(charter.Canonical())
		require.NoError(t, err)
		require.Equal(t, charter.Hash(), again.Hash())
		transformed, err := canonical.Transform(data)
		require.NoError(t, err)
		require.Equal(t, transformed, charter.Canonical(), "the hash is that of the document as it was given")
		built, err := codesocial.NewCharter(charter.Document())
		require.NoError(t, err)
		require.Equal(t, charter.Hash(), built.Hash())
		for _, kind := range charter.Kinds() {
			for rule := range charter.Rules(kind) {
				require.NoError(t, canonical.Valid(rule.Params()))
			}
		}
	})
}

func BenchmarkParseCharterOf500Clauses(b *testing.B) {
	doc := small(b).Document()
	for i := range 500 {
		doc.Chapters[1].Clauses = append(doc.Chapters[1].Clauses, codesocial.Clause{
			ID: fmt.Sprintf("economic-x%d", i), Text: codesocial.Text{"fr": strings.Repeat("Partager. ", 20), "en": strings.Repeat("Share. ", 20)},
			Rule: canonical.Raw(`{"kind":"tea.round","every":"P1D"}`),
		})
	}
	charter, err := codesocial.NewCharter(doc)
	require.NoError(b, err)
	data := charter.Canonical()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := codesocial.ParseCharter(data); err != nil {
			b.Fatal(err)
		}
	}
}
