package codesocial_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestMarkdownReadsWell(t *testing.T) {
	t.Parallel()
	got := small(t).Markdown()
	if *update {
		require.NoError(t, os.WriteFile("testdata/small.md", got, 0o666))
	}
	golden, err := os.ReadFile("testdata/small.md")
	require.NoError(t, err)
	require.Equal(t, string(golden), string(got))
}

func TestFromJSONToMarkdownAndBackNothingIsLost(t *testing.T) {
	t.Parallel()
	back := func(charter *codesocial.Charter) {
		t.Helper()
		again, err := codesocial.ParseMarkdown(charter.Markdown())
		require.NoError(t, err, string(charter.Markdown()))
		require.Equal(t, string(charter.Canonical()), string(again.Canonical()))
	}
	v1 := small(t, sound)
	back(v1)
	back(next(t, v1, "2026-01-01"))
	for _, text := range []string{
		"x", "\nx", "x\n", "\n\nx\n\n\n", " x ", "\tx\n \n", "# x", "## x", "### social-1", "### [en] x", "[en]", "[fr]\n\n[en]", "```rule", "```rule\n{}\n```", "```", "---",
		`\x`, `\\x`, `\`, "\\\nx", `\# x`, "a\n\n\nb", "- a\n- b", "    code", "#x", "#### x", "[a link](https://x.example)", "[en] x", "> q", "x  \ny", "\\\n\\\nx\n\\\n", "\u00a0x\u00a0",
	} {
		back(small(t, func(d *codesocial.Document) {
			d.Chapters[0].Clauses[1].Text = codesocial.Text{"en": text, "fr": text + "\n" + text}
		}))
	}
	for _, title := range []string{"[en] x", "# x", "x # [fr] y", "]", "[", `\x`, "---", "a: b"} {
		back(small(t, func(d *codesocial.Document) {
			d.Title = codesocial.Text{"en": title, "pt-BR": title}
			d.Chapters[0].Title, d.Chapters[0].Clauses[1].Title = d.Title, d.Title
			d.Founders[0].Name = title
		}))
	}

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	pieces := []string{"\n", "\n", " ", "\t", "x", "# ", "## ", "### ", "[en]", "[fr]", "]", "[", `\`, "```rule", "```", "---", "é", "\u2028"}
	for range 2000 {
		var b strings.Builder
		for range 1 + random.IntN(12) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		b.WriteString("x")
		text := b.String()
		if random.IntN(2) == 0 {
			text = "x" + text[:len(text)-1]
		}
		back(small(t, func(d *codesocial.Document) { d.Chapters[0].Clauses[1].Text["fr"] = text }))
	}
}

func TestWhatAPersonDoesToMarkdownMeansWhatItLooksLike(t *testing.T) {
	t.Parallel()
	charter := small(t)
	source := string(charter.Markdown())
	same := func(text string) {
		t.Helper()
		got, err := codesocial.ParseMarkdown([]byte(text))
		require.NoError(t, err)
		require.Equal(t, charter.Hash(), got.Hash())
	}
	same(strings.ReplaceAll(source, "\n", "\r\n"))
	same("\ufeff" + source)
	same(source + "\n\n\n")
	same(strings.TrimRight(source, "\n"))
	same(strings.ReplaceAll(source, "\n\n", "\n\n \n\n"))
	same(strings.ReplaceAll(source, "\n\n[", "\n["))
	same(strings.ReplaceAll(source, "]\n\n", "]\n"))
	same(strings.Replace(source, `  "sponsors": 1`, `"sponsors":1`, 1))

	edited, err := codesocial.ParseMarkdown([]byte(strings.Replace(source, "Everyone may leave at any time.", "Everyone may leave at the end of a month.", 1)))
	require.NoError(t, err)
	clause, _ := edited.Clause("social-2")
	require.Equal(t, "Everyone may leave at the end of a month.\nWhat they are owed stays owed.", clause.Text["en"])
}

func TestMarkdownIsReadStrictly(t *testing.T) {
	t.Parallel()
	source := string(small(t).Markdown())
	replace := func(old, new string) string {
		require.Contains(t, source, old)
		return strings.Replace(source, old, new, 1)
	}
	for name, test := range map[string]struct {
		text  string
		is    error
		words string
	}{
		"nothing":               {"", codesocial.ErrInvalid, "line 1"},
		"no header":             {"# [en] Title\n", codesocial.ErrInvalid, "line 1"},
		"header without end":    {"---\ncodesocial: 1\n", codesocial.ErrInvalid, "header"},
		"another format":        {replace("codesocial: 1", "codesocial: 2"), codesocial.ErrInvalid, `codesocial "2"`},
		"format not first":      {replace("codesocial: 1\n", ""), codesocial.ErrInvalid, "line 2"},
		"unknown member":        {replace("currency: EUR", "coin: EUR"), codesocial.ErrInvalid, `"coin"`},
		"member twice":          {replace("currency: EUR", "currency: EUR\ncurrency: EUR"), codesocial.ErrInvalid, "line 7"},
		"member without value":  {replace("currency: EUR", "currency:"), codesocial.ErrInvalid, "currency:"},
		"version in words":      {replace("version: 1", "version: one"), codesocial.ErrInvalid, `version "one"`},
		"version with a sign":   {replace("version: 1", "version: +1"), codesocial.ErrInvalid, `version "+1"`},
		"date of another kind":  {replace("2025-01-01", "01/01/2025"), codesocial.ErrInvalid, "inForceFrom"},
		"founder without name":  {replace(" organization L'Atelier du Pont", " organization"), codesocial.ErrInvalid, "founder"},
		"text without language": {replace("[en]\n\nA person", "A person"), codesocial.ErrInvalid, "belongs to no text"},
		"text before chapters":  {replace("## social\n", "[en]\n\nx\n\n## social\n"), codesocial.ErrInvalid, "belongs to no clause"},
		"clause before chapter": {replace("## social\n", "### social-0\n## social\n"), codesocial.ErrInvalid, "before the first chapter"},
		"chapter title alone":   {replace("## social\n", ""), codesocial.ErrInvalid, "title"},
		"clause title alone":    {replace("### social-1\n", ""), codesocial.ErrInvalid, "title"},
		"late chapter title":    {replace("### [en] Joining", "## [de] Gemeinsam"), codesocial.ErrInvalid, "must follow"},
		"title no language":     {replace("# [en] Social", "# Social"), codesocial.ErrInvalid, "language in brackets"},
		"title twice":           {replace("# [fr] Code", "# [en] Code"), codesocial.ErrInvalid, "twice"},
		"text twice":            {replace("[fr]\n\nUne personne", "[en]\n\nUne personne"), codesocial.ErrInvalid, "twice"},
		"rule that is no JSON":  {replace(`"sponsors": 1`, `"sponsors": one`), codesocial.ErrInvalid, "rule"},
		"rule without end":      {replace("}\n```\n", "}\n"), codesocial.ErrInvalid, "rule"},
		"two rules":             {replace("```rule\n", "```rule\n{}\n```\n```rule\n"), codesocial.ErrInvalid, "one already"},
		"what JSON refuses too": {replace("currency: EUR", "currency: euro"), codesocial.ErrInvalid, `currency "euro"`},
		"carriage return":       {replace("A person", "A\rperson"), codesocial.ErrInvalid, "U+000D"},
		"invalid UTF-8":         {replace("A person", "A\xffperson"), codesocial.ErrInvalid, "UTF-8"},
		"too long":              {source + strings.Repeat("\n", codesocial.MaxMarkdownBytes), codesocial.ErrLimit, "document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			charter, err := codesocial.ParseMarkdown([]byte(test.text))
			require.ErrorIs(t, err, test.is)
			require.ErrorContains(t, err, test.words)
			require.Nil(t, charter)
		})
	}
}

func FuzzParseMarkdown(f *testing.F) {
	f.Add(small(f, sound).Markdown())
	f.Fuzz(func(t *testing.T, data []byte) {
		charter, err := codesocial.ParseMarkdown(data)
		if err != nil {
			return
		}
		again, err := codesocial.ParseMarkdown(charter.Markdown())
		require.NoError(t, err)
		require.Equal(t, charter.Hash(), again.Hash())
	})
}
