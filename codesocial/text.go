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
	seen := make(map[string]string, len(t))
	for _, tag := range t.Languages() {
		field := field + "." + tag
		if !isLanguage(tag) {
			return bad(ErrInvalid, field, tag, "must be a language tag such as fr, en or pt-BR")
		}
		if other, ok := seen[strings.ToLower(tag)]; ok {
			return bad(ErrInvalid, field, tag, "is the same language as %s", other)
		}
		seen[strings.ToLower(tag)] = tag
		if len(t[tag]) > most {
			return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(t[tag]), most)
		}
		if err := checkWords(field, t[tag]); err != nil {
			return err
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
	parts := strings.Split(tag, "-")
	if first := parts[0]; len(first) < 2 || len(first) > 3 || strings.Trim(first, lowerCase) != "" {
		return false
	}
	for _, part := range parts[1:] {
		if part == "" || len(part) > 8 || strings.Trim(part, lowerCase+upperCase+decimals) != "" {
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
		if r < utf8.RuneSelf { // most are
			return (r < ' ' || r == 0x7f) && r != '\n' && r != '\t'
		}
		return unicode.IsControl(r) || r == byteOrderMark ||
			unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c'
	})
}

const (
	zeroWidthNonJoiner = '\u200c' // Persian and the scripts of India are not written without these two
	zeroWidthJoiner    = '\u200d'
	byteOrderMark      = '\ufeff'
)

func checkCharacters(field, s string, forbidden func(rune) bool) error {
	if s == "" {
		return badly(ErrInvalid, field, "must not be empty")
	}
	if !utf8.ValidString(s) {
		return bad(ErrInvalid, field, s, "must be UTF-8")
	}
	if i := strings.IndexFunc(s, forbidden); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return bad(ErrInvalid, field, s, "the character %U is not allowed", r)
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
