package codesocial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// MaxMarkdownBytes is the longest Markdown document that [ParseMarkdown] reads. It leaves room for what
// Markdown adds to a charter of [MaxCharterBytes].
const MaxMarkdownBytes = 2 * MaxCharterBytes

// markdownFormat is the version of the Markdown format, the first line of its header.
const markdownFormat = "1"

// Markdown returns the version as a Markdown document that people edit; [ParseMarkdown] reads it back to the same
// hash. It looks like this:
//
//	---
//	codesocial: 1
//	id: https://la-trame.example/charter
//	version: 1
//	profile: la-trame
//	currency: EUR
//	timeZone: Europe/Paris
//	inForceFrom: 2025-01-01
//	threshold: 1
//	founder: https://la-trame.example/org/atelier organization L'Atelier du Pont
//	---
//
//	# [en] Social code of La Trame
//	# [fr] Code social de La Trame
//
//	## social
//	## [en] Living together
//	## [fr] Vivre ensemble
//
//	### social-1
//	### [en] Joining
//	### [fr] Entrer
//
//	[en]
//
//	One becomes a member when a member stands for one.
//
//	[fr]
//
//	On devient membre quand un membre vous parraine.
//
//	```rule
//	{
//	  "kind": "codesocial.admission",
//	  "sponsors": 1
//	}
//	```
//
// A heading of one word is an id: of a chapter after two number signs, of a clause after three. A heading that begins with a
// language in brackets is a title in that language. A language in brackets on a line of its own begins
// the text in that language. A block marked "rule" is the clause's rule, as JSON; so are blocks marked "target" and "intention". Blank lines around a
// text do not belong to it. Where a line of a text could be taken for one of these marks, begins with a
// backslash, or is a blank line that does belong to it, a backslash stands before it.
func (c *Charter) Markdown() []byte {
	d := &c.doc
	var b bytes.Buffer
	b.WriteString("---\n")
	for _, member := range []struct{ name, value string }{
		{"codesocial", markdownFormat},
		{"id", d.ID},
		{"version", strconv.Itoa(d.Version)},
		{"previous", d.Previous},
		{"project", d.Project},
		{"derivedFrom", d.DerivedFrom.String()},
		{"profile", d.Profile},
		{"currency", d.Currency},
		{"timeZone", d.TimeZone},
		{"inForceFrom", d.InForceFrom.String()},
		{"reviewBy", d.ReviewBy.String()},
		{"threshold", strconv.Itoa(d.Threshold)},
	} {
		if member.value != "" {
			b.WriteString(member.name + ": " + member.value + "\n")
		}
	}
	for _, f := range d.Founders {
		b.WriteString("founder: " + f.ID + " " + string(f.Type) + " " + f.Name + "\n")
	}
	b.WriteString("---\n\n")
	writeTitle(&b, "# ", d.Title)
	for _, chapter := range d.Chapters {
		b.WriteString("\n## " + chapter.ID + "\n")
		writeTitle(&b, "## ", chapter.Title)
		for _, clause := range chapter.Clauses {
			b.WriteString("\n### " + clause.ID + "\n")
			writeTitle(&b, "### ", clause.Title)
			for _, lang := range clause.Text.Languages() {
				b.WriteString("\n[" + lang + "]\n\n")
				writeProse(&b, clause.Text[lang])
			}
			writeBlock(&b, ruleFence, clause.Rule)
			if clause.Target != nil {
				writeBlock(&b, targetFence, mustJSON(clause.Target))
			}
			if clause.Intention != nil {
				writeBlock(&b, intentionFence, mustJSON(clause.Intention))
			}
		}
	}
	return b.Bytes()
}

const (
	fence          = "```"
	ruleFence      = "```rule"
	targetFence    = "```target"
	intentionFence = "```intention"
)

// writeBlock writes a block of JSON; nothing where there is none.
func writeBlock(b *bytes.Buffer, mark string, value []byte) {
	if len(value) == 0 {
		return
	}
	b.WriteString("\n" + mark + "\n")
	// Indenting changes white space between the parts of valid JSON only, and cannot fail.
	_ = json.Indent(b, value, "", "  ")
	b.WriteString("\n" + fence + "\n")
}

// mustJSON writes a part of a charter, which has been written before.
func mustJSON(v any) []byte {
	out, _ := canonical.Marshal(v)
	return out
}

func writeTitle(b *bytes.Buffer, mark string, title Text) {
	for _, lang := range title.Languages() {
		b.WriteString(mark + "[" + lang + "] " + title[lang] + "\n")
	}
}

func writeProse(b *bytes.Buffer, text string) {
	lines := strings.Split(text, "\n")
	first, last := 0, len(lines)-1
	for isBlank(lines[first]) { // a text is never all blank
		first++
	}
	for isBlank(lines[last]) {
		last--
	}
	for i, line := range lines {
		if strings.HasPrefix(line, `\`) || isMark(line) || isBlank(line) && (i < first || i > last) {
			b.WriteByte('\\')
		}
		b.WriteString(line + "\n")
	}
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// isMark reports whether a line has a meaning of its own in the format.
func isMark(line string) bool {
	return line == ruleFence || line == targetFence || line == intentionFence || strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "## ") || strings.HasPrefix(line, "### ") ||
		strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && isLanguage(line[1:len(line)-1])
}

// ParseMarkdown reads a version from the Markdown document that [Charter.Markdown] describes, and checks
// it as [ParseCharter] does. Line ends may be those of any system, and a byte order mark is skipped. The error wraps
// [ErrInvalid] or [ErrLimit] and names the line where one can be named.
func ParseMarkdown(data []byte) (*Charter, error) {
	if len(data) > MaxMarkdownBytes {
		return nil, errorf("markdown: %w", badly(ErrLimit, "document", "has %d bytes, the limit is %d", len(data), MaxMarkdownBytes))
	}
	text := strings.TrimPrefix(string(data), string(byteOrderMark))
	r := markdownReader{lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
	if err := r.document(); err != nil {
		return nil, errorf("markdown: line %d: %w", max(r.at, 1), err)
	}
	return NewCharter(r.doc)
}

// A markdownReader reads a document line by line.
type markdownReader struct {
	lines []string
	at    int // number of lines read: that of the current line, counted from 1
	doc   Document
}

// next returns the next line; false at the end.
func (r *markdownReader) next() (string, bool) {
	if r.at == len(r.lines) {
		return "", false
	}
	r.at++
	return r.lines[r.at-1], true
}

func (r *markdownReader) document() error {
	if err := r.header(); err != nil {
		return err
	}
	for {
		line, ok := r.next()
		if !ok {
			return nil
		}
		if err := r.mark(line); err != nil {
			return err
		}
	}
}

// header reads the members between two lines of three hyphens.
func (r *markdownReader) header() error {
	if line, _ := r.next(); line != "---" {
		return bad(ErrInvalid, "header", line, "the document must begin with a line ---")
	}
	seen := make(map[string]bool)
	for {
		line, ok := r.next()
		if !ok {
			return badly(ErrInvalid, "header", "must end with a line ---")
		}
		if line == "---" {
			break
		}
		name, value, ok := strings.Cut(line, ": ")
		if !ok || seen[name] && name != "founder" {
			return bad(ErrInvalid, "header", line, "must be a name that is not there yet, a colon, a space, and a value")
		}
		if !seen["codesocial"] && name != "codesocial" {
			return bad(ErrInvalid, "header", line, "the first member must be codesocial: %s", markdownFormat)
		}
		seen[name] = true
		if err := r.member(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (r *markdownReader) member(name, value string) (err error) {
	d := &r.doc
	number := func(n *int) error {
		v, err := strconv.Atoi(value)
		if err != nil || strconv.Itoa(v) != value {
			return bad(ErrInvalid, name, value, "must be a whole number")
		}
		*n = v
		return nil
	}
	switch name {
	case "codesocial":
		if value != markdownFormat {
			return bad(ErrInvalid, name, value, "this version of the library reads format %s", markdownFormat)
		}
	case "id":
		d.ID = value
	case "version":
		return number(&d.Version)
	case "previous":
		d.Previous = value
	case "project":
		d.Project = value
	case "derivedFrom":
		d.DerivedFrom, err = parseOrigin(value)
	case "profile":
		d.Profile = value
	case "currency":
		d.Currency = value
	case "timeZone":
		d.TimeZone = value
	case "inForceFrom":
		d.InForceFrom, err = ParseDate(value)
	case "reviewBy":
		d.ReviewBy, err = ParseDate(value)
	case "threshold":
		return number(&d.Threshold)
	case "founder":
		parts := strings.SplitN(value, " ", 3)
		if len(parts) < 3 {
			return bad(ErrInvalid, name, value, "must be an IRI, a type and a name, with a space between")
		}
		d.Founders = append(d.Founders, Founder{ID: parts[0], Type: PartyType(parts[1]), Name: parts[2]})
	default:
		return bad(ErrInvalid, "header", name, "is not a member of a charter")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// mark reads a line with a meaning, and what belongs to it.
func (r *markdownReader) mark(line string) error {
	if isBlank(line) {
		return nil
	}
	if !isMark(line) {
		return bad(ErrInvalid, "line", line, "belongs to no text: a text begins after its language in brackets, [en]")
	}
	chapter, clause := r.chapter(), r.clause()
	if rest, ok := strings.CutPrefix(line, "# "); ok {
		return r.title(&r.doc.Title, rest)
	}
	if rest, ok := strings.CutPrefix(line, "## "); ok {
		if !strings.HasPrefix(rest, "[") {
			r.doc.Chapters = append(r.doc.Chapters, Chapter{ID: rest})
			return nil
		}
		if chapter == nil || clause != nil {
			return bad(ErrInvalid, "title", line, "must follow the id of its chapter")
		}
		return r.title(&chapter.Title, rest)
	}
	if rest, ok := strings.CutPrefix(line, "### "); ok {
		if chapter == nil {
			return bad(ErrInvalid, "clause", line, "stands before the first chapter")
		}
		if !strings.HasPrefix(rest, "[") {
			chapter.Clauses = append(chapter.Clauses, Clause{ID: rest})
			return nil
		}
		if clause == nil {
			return bad(ErrInvalid, "title", line, "must follow the id of its clause")
		}
		return r.title(&clause.Title, rest)
	}
	if clause == nil {
		return bad(ErrInvalid, "line", line, "belongs to no clause")
	}
	switch line {
	case ruleFence:
		return r.block("rule", clause.Rule != nil, func(data canonical.Raw) error {
			clause.Rule = data
			return nil
		})
	case targetFence:
		return r.block("target", clause.Target != nil, func(data canonical.Raw) error {
			clause.Target = new(Target)
			return canonical.Unmarshal(data, clause.Target)
		})
	case intentionFence:
		return r.block("intention", clause.Intention != nil, func(data canonical.Raw) error {
			clause.Intention = new(Intention)
			return canonical.Unmarshal(data, clause.Intention)
		})
	}
	return r.prose(clause, line[1:len(line)-1])
}

// chapter returns the chapter that is being read, nil before the first.
func (r *markdownReader) chapter() *Chapter {
	if len(r.doc.Chapters) == 0 {
		return nil
	}
	return &r.doc.Chapters[len(r.doc.Chapters)-1]
}

// clause returns the clause that is being read, nil before the first of the chapter.
func (r *markdownReader) clause() *Clause {
	chapter := r.chapter()
	if chapter == nil || len(chapter.Clauses) == 0 {
		return nil
	}
	return &chapter.Clauses[len(chapter.Clauses)-1]
}

// title reads "[en] Words".
func (r *markdownReader) title(title *Text, s string) error {
	lang, words, ok := strings.Cut(strings.TrimPrefix(s, "["), "] ")
	if !ok || !strings.HasPrefix(s, "[") {
		return bad(ErrInvalid, "title", s, "must begin with its language in brackets and a space: [en] Words")
	}
	return put(title, "title", lang, words)
}

func put(text *Text, field, lang, words string) error {
	if *text == nil {
		*text = make(Text)
	}
	if _, ok := (*text)[lang]; ok {
		return bad(ErrInvalid, field, lang, "is given twice in this language")
	}
	(*text)[lang] = words
	return nil
}

// prose reads a text up to the next mark.
func (r *markdownReader) prose(clause *Clause, lang string) error {
	start := r.at
	for r.at < len(r.lines) && !isMark(r.lines[r.at]) {
		r.at++
	}
	lines := r.lines[start:r.at]
	for len(lines) > 0 && isBlank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && isBlank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	plain := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = strings.TrimPrefix(line, `\`)
	}
	return put(&clause.Text, "text", lang, strings.Join(plain, "\n"))
}

// block reads a block of JSON, given the lines up to its end to keep.
func (r *markdownReader) block(field string, twice bool, keep func(canonical.Raw) error) error {
	start := r.at
	for {
		line, ok := r.next()
		if !ok {
			return badly(ErrInvalid, field, "must end with a line %s", fence)
		}
		if line == fence {
			break
		}
	}
	if twice {
		return badly(ErrInvalid, field, "the clause has one already")
	}
	data, err := canonical.Transform([]byte(strings.Join(r.lines[start:r.at-1], "\n")))
	if err == nil {
		err = keep(data)
	}
	if err != nil {
		return badly(ErrInvalid, field, "%v", err)
	}
	return nil
}
