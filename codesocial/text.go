package codesocial

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on names, identifiers and texts, in bytes of UTF-8 unless they say otherwise.
const (
	MaxIRIBytes   = 500     // an IRI
	MaxNameBytes  = 200     // the name of a party
	MaxIDBytes    = 64      // the id of a chapter or clause, the name of a profile, the kind of a rule
	MaxTitleBytes = 300     // a title in one language
	MaxTextBytes  = 100_000 // a text in one language
	MaxLanguages  = 32      // languages of one title or text
	maxTagBytes   = 35      // a language tag (RFC 5646, §4.4.1)
)

// A Text says the same thing in one or several languages: language tag (BCP 47: "fr", "en", "pt-BR") to
// words. Texts that members read are given at least in one language; the library's own are in French
// and English.
type Text map[string]string

// In returns the text in the language lang. Where there is none it returns, in this order, the text of a
// less specific tag (for "fr-CA", "fr"), the English one, the French one, and that of the first tag in
// alphabetical order; "" if there is no text at all.
func (t Text) In(lang string) string {
	for tag := lang; tag != ""; {
		if s, ok := t[tag]; ok {
			return s
		}
		cut := strings.LastIndexByte(tag, '-')
		tag = tag[:max(cut, 0)]
	}
	for _, tag := range []string{"en", "fr"} {
		if s, ok := t[tag]; ok {
			return s
		}
	}
	for _, tag := range t.Languages() {
		return t[tag]
	}
	return ""
}

// Languages returns the tags of the text in alphabetical order.
func (t Text) Languages() []string { return slices.Sorted(maps.Keys(t)) }

// clone returns a copy that shares nothing with t.
func (t Text) clone() Text { return maps.Clone(t) }

// checkTitle checks a text of one line.
func (t Text) checkTitle(field string) error { return t.check(field, MaxTitleBytes, checkLine) }

// checkText checks a text that may have paragraphs.
func (t Text) checkText(field string) error { return t.check(field, MaxTextBytes, checkProse) }

func (t Text) check(field string, most int, checkWords func(field, s string) error) error {
	if len(t) == 0 {
		return badly(ErrInvalid, field, "must be given in at least one language")
	}
	if len(t) > MaxLanguages {
		return badly(ErrLimit, field, "is given in %d languages, the limit is %d", len(t), MaxLanguages)
	}
	var few [8]string
	tags := few[:0]
	for tag := range t {
		tags = append(tags, tag)
	}
	slices.Sort(tags) // so that of several faults always the same one is reported
	for i, tag := range tags {
		if !isLanguage(tag) {
			return bad(ErrInvalid, field+"."+tag, tag, "must be a language tag such as fr, en or pt-BR")
		}
		if j := slices.IndexFunc(tags[:i], func(other string) bool { return strings.EqualFold(other, tag) }); j >= 0 {
			return bad(ErrInvalid, field+"."+tag, tag, "is the same language as %s", tags[j])
		}
		if len(t[tag]) > most {
			return badly(ErrLimit, field+"."+tag, "has %d bytes, the limit is %d", len(t[tag]), most)
		}
		if checkWords(tag, t[tag]) != nil { // the path costs more than the check
			return checkWords(field+"."+tag, t[tag])
		}
	}
	return nil
}

// isLanguage reports whether tag is well formed: a language of two or three lower-case letters, then
// subtags of letters and digits. Whether the registry knows it is not looked up.
func isLanguage(tag string) bool {
	if len(tag) > maxTagBytes {
		return false
	}
	first, rest, more := strings.Cut(tag, "-")
	if len(first) < 2 || len(first) > 3 || strings.Trim(first, lowerCase) != "" {
		return false
	}
	for part := ""; more; {
		if part, rest, more = strings.Cut(rest, "-"); part == "" || len(part) > 8 || strings.Trim(part, lowerCase+upperCase+decimals) != "" {
			return false
		}
	}
	return true
}

const (
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	decimals  = "0123456789"
)

// checkName checks the name of a party.
func checkName(field, s string) error {
	if len(s) > MaxNameBytes {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(s), MaxNameBytes)
	}
	return checkLine(field, s)
}

// checkLine checks words on one line: present, without space at the ends, without anything that cannot
// be seen or that changes the direction of what surrounds it, and without words that mix alphabets, whose letters
// can pass for others.
func checkLine(field, s string) error {
	if err := checkCharacters(field, s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
			unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner
	}); err != nil {
		return err
	}
	if strings.TrimSpace(s) != s {
		return bad(ErrInvalid, field, s, "must not begin or end with a space")
	}
	if word, mixed := mixedWord(s); mixed {
		return bad(ErrInvalid, field, s, "the word %s mixes alphabets", quote(word))
	}
	return nil
}

// checkProse checks words in paragraphs. Marks that say how a word is read stay (right-to-left
// languages need them); overrides and isolates, with which a text can show something other than it says,
// do not.
func checkProse(field, s string) error {
	if strings.TrimSpace(s) == "" && s != "" {
		return badly(ErrInvalid, field, "must not be blank")
	}
	return checkCharacters(field, s, func(r rune) bool {
		return r != '\n' && r != '\t' && unicode.IsControl(r) || r == byteOrderMark ||
			unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c'
	})
}

const (
	zeroWidthNonJoiner = '\u200c' // Persian and the scripts of India are not written without these two
	zeroWidthJoiner    = '\u200d'
	byteOrderMark      = '\ufeff'
)

// checkCharacters checks that there are words, in UTF-8, without a character that is forbidden; those of ASCII that can be printed never are.
func checkCharacters(field, s string, forbidden func(rune) bool) error {
	if s == "" {
		return badly(ErrInvalid, field, "must not be empty")
	}
	if !utf8.ValidString(s) {
		return bad(ErrInvalid, field, s, "must be UTF-8")
	}
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] <= '~' { // most are
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if forbidden(r) {
			return bad(ErrInvalid, field, s, "the character %U is not allowed", r)
		}
		i += size
	}
	return nil
}

// lookalikes are the alphabets whose letters are taken for each other.
var lookalikes = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// mixedWord returns the first word of s with letters of more than one of the lookalikes. Words of
// different alphabets may stand side by side; "µ" and other signs of common use are of no alphabet.
func mixedWord(s string) (string, bool) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		var first *unicode.RangeTable
		for _, r := range word {
			if r < utf8.RuneSelf && first == unicode.Latin {
				continue
			}
			for _, script := range lookalikes {
				if unicode.Is(script, r) {
					if first != nil && first != script {
						return word, true
					}
					first = script
				}
			}
		}
	}
	return "", false
}

// checkID checks the id of a chapter or clause, or the name of a profile: lower-case letters, digits and
// hyphens, a letter first, no hyphen last.
func checkID(field, s string) error {
	if len(s) > MaxIDBytes {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(s), MaxIDBytes)
	}
	if !isID(s) {
		return bad(ErrInvalid, field, s, "must be lower-case letters, digits and hyphens, a letter first")
	}
	return nil
}

func isID(s string) bool {
	return s != "" && strings.Trim(s[:1], lowerCase) == "" && strings.Trim(s, lowerCase+decimals+"-") == "" && !strings.HasSuffix(s, "-")
}
