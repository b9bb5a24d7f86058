// Package paper holds what the programs here need to write pages for people: escaping, numbers as members read them, and files that are there
// wholly or not at all.
package paper

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
)

var escapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`, "~", `\~`,
	"\n", " ", "\r", " ",
)

// entity is what a reader of Markdown takes for one character: &lt; or &#60;. An ampersand alone, as in R&D, is none.
var entity = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)

// Markdown escapes what could be taken for markup; the text stands on one line.
func Markdown(s string) string { return escapes.Replace(entity.ReplaceAllString(s, "&amp;$1")) }

// Lead returns a title that leads into a text in Markdown, nothing for none.
func Lead(title string) string {
	if title == "" {
		return ""
	}
	return "*" + Markdown(title) + ".* "
}

// Plain returns a name that can stand in a block of plain text, on one line.
func Plain(s string) string {
	return strings.NewReplacer("`", "'", "\n", " ", "\r", " ").Replace(s)
}

// Fenced returns a text that cannot end the block of plain text that it stands in.
func Fenced(s string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "`", "'")
}

// Number writes a number with so many decimals, rounded half away from zero, as package dividend does: in French with a decimal comma, and
// thousands apart by a plain space in both languages, so that no comma is taken for another.
func Number(lang string, d decimal.Decimal, places int) string {
	s := chart.Language(lang).Number(d, places)
	if lang == "en" {
		return strings.ReplaceAll(s, ",", " ")
	}
	return strings.ReplaceAll(s, "\u202f", " ")
}

// PlainNumber writes a number with the decimals that it has.
func PlainNumber(lang string, d decimal.Decimal) string {
	d = d.Normalize()
	return Number(lang, d, max(0, -int(d.Exponent())))
}

// KindName returns what members call a kind of wealth; its id if it has no name in the language.
func KindName(k dividend.Kind, lang string) string {
	if name := k.Name[lang]; name != "" {
		return name
	}
	return k.ID
}

// NameKinds puts what members call the kinds of wealth in the place of their ids, in steps that are to be written.
func NameKinds(steps []dividend.Step, wealth dividend.Wealth, lang string) {
	for i := range steps {
		if k, ok := wealth.Kind(steps[i].Subject); ok && steps[i].Rule == dividend.StepTerm {
			steps[i].Subject = Plain(KindName(k, lang))
		}
		NameKinds(steps[i].Steps, wealth, lang)
	}
}

// WriteFile writes a file so that it is there wholly or not at all, and only if its content changes. What a run that was killed left behind is
// taken away.
func WriteFile(path string, content []byte, mode fs.FileMode) error {
	unfinished := path + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old, err := os.ReadFile(path); err == nil && string(old) == string(content) {
		return nil
	}
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}
