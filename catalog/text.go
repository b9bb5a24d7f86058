package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonstocommons/codesocial/codesocial"
)

// Limits on texts, in bytes of UTF-8, and on lists.
const (
	MaxTitleBytes       = 300
	MaxDescriptionBytes = 20_000 // a description in one language
	MaxLineBytes        = 200    // a label, a place, a licence, a unit
	MaxReasonBytes      = 10_000
	MaxLanguages        = 32
	MaxList             = 100 // tags, images, credits, periods and the like of one entry
)

// checkWords checks a text in one or several languages. Markup in it is text like any other: whoever shows it escapes it.
func checkWords(field string, t codesocial.Text, most int, prose bool) error {
	if len(t) > MaxLanguages {
		return badly(ErrLimit, field, "is given in %d languages, the limit is %d", len(t), MaxLanguages)
	}
	for _, tag := range t.Languages() {
		field := field + "." + tag
		if err := checkLanguage(field, tag); err != nil {
			return err
		}
		if err := checkText(field, t[tag], most, prose); err != nil {
			return err
		}
		if strings.TrimSpace(t[tag]) == "" {
			return badly(ErrInvalid, field, "must not be empty")
		}
	}
	return nil
}

// checkText checks a text that may be empty: UTF-8, of that length, without control characters or characters that turn the
// direction of what surrounds them, and on one line unless it is prose.
func checkText(field, s string, most int, prose bool) error {
	if len(s) > most {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(s), most)
	}
	if !utf8.ValidString(s) {
		return bad(ErrInvalid, field, s, "must be UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) && (!prose || r != '\n' && r != '\t') || r == '\ufeff' || r == '\u2028' || r == '\u2029' ||
			unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c' {
			return bad(ErrInvalid, field, s, "the character %U is not allowed", r)
		}
	}
	return nil
}

func checkLine(field, s string) error { return checkText(field, s, MaxLineBytes, false) }

// isoLanguages are the codes of ISO 639-1.
const isoLanguages = " aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa " +
	"ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw " +
	"ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru " +
	"rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "

// checkLanguage checks a language tag (RFC 5646): a code of ISO 639-1, or one of three letters (ISO 639-3, which is not looked
// up), and subtags of letters and digits.
func checkLanguage(field, tag string) error {
	parts := strings.Split(tag, "-")
	known := len(tag) <= 35
	switch first := parts[0]; {
	case len(first) == 2:
		known = known && strings.Contains(isoLanguages, " "+first+" ")
	default:
		known = known && len(first) == 3 && strings.Trim(first, "abcdefghijklmnopqrstuvwxyz") == ""
	}
	for _, part := range parts[1:] {
		known = known && part != "" && len(part) <= 8 &&
			strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
	}
	if !known {
		return bad(ErrInvalid, field, tag, "is not the tag of a known language, such as fr, en or pt-BR")
	}
	return nil
}

// checkIRI checks an IRI with the field that it stands in.
func checkIRI(field, iri string) error {
	if err := codesocial.CheckIRI(iri); err != nil {
		return &fieldError{field, quote(iri), err.Error(), ErrInvalid}
	}
	return nil
}

// checkIRIs checks a list of distinct IRIs.
func checkIRIs(field string, list []string, most int) error {
	if len(list) > most {
		return badly(ErrLimit, field, "there are %d, the limit is %d", len(list), most)
	}
	seen := make(map[string]bool, len(list))
	for i, iri := range list {
		if err := checkIRI(at(field, i), iri); err != nil {
			return err
		}
		if seen[iri] {
			return bad(ErrInvalid, at(field, i), iri, "is given twice")
		}
		seen[iri] = true
	}
	return nil
}

func checkDay(field string, d codesocial.Date) error {
	if _, err := codesocial.ParseDate(d.String()); err != nil {
		return bad(ErrInvalid, field, d.String(), "must be a day of the calendar")
	}
	return nil
}
