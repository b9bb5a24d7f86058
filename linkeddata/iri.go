package linkeddata

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/piprate/json-gold/ld"
)

// MaxIRIBytes is the length of the longest IRI that this package writes or reads. Longer ones are lost
// by widespread readers without a word.
const MaxIRIBytes = 2000

// maxAuthority is the length of the longest name in the DNS, a colon and five digits.
const maxAuthority = 253 + 6

// CheckIRI returns an error that wraps [ErrIRI] unless iri can name a thing in a graph. It must
//
//   - be absolute, with a scheme in lower case, and keep to the characters of RFC 3987: no space, none
//     of <>"{}|\^`[], no control, format or private character, % only before two hexadecimal digits,
//     at most one #;
//   - not be a term of the vocabulary left unexpanded ("vf:work");
//   - with http or https, have a host and no user name or password, and a host that json-gold, the
//     JSON-LD processor this package is tested against, takes for one. It drops every statement about
//     another one without an error, and so would silently lose part of what is published: 0.0.0.0, a
//     label that begins or ends with a hyphen or begins with an underscore, one-letter labels inside a
//     long name (a.b.c.example);
//   - have at most [MaxIRIBytes] bytes (otherwise the error wraps [ErrLimit]).
func CheckIRI(iri string) error {
	if err := (iriChecker{}).check(iri); err != nil {
		return err
	}
	return nil
}

// An iriChecker remembers which sites it has accepted, because asking json-gold is slow.
type iriChecker map[string]struct{}

// check does what CheckIRI says. It returns *Error, not error, so that the caller adds the place.
func (c iriChecker) check(iri string) *Error {
	if len(iri) > MaxIRIBytes {
		return refuse(ErrLimit, iri, "an IRI has at most %d bytes", MaxIRIBytes)
	}
	if err := checkIRIText(iri); err != nil {
		return err
	}
	scheme, rest, ok := strings.Cut(iri, ":")
	if !ok || !isScheme(scheme) {
		return refuse(ErrIRI, iri, "must be an absolute IRI, with a scheme in lower case")
	}
	if rest == "" {
		return refuse(ErrIRI, iri, "must name something after its scheme")
	}
	if _, compact := namespaces[scheme]; compact {
		return refuse(ErrIRI, iri, "must be a full IRI, not a term")
	}
	if scheme == "http" || scheme == "https" {
		return c.checkSite(iri, scheme, rest)
	}
	if _, err := url.Parse(iri); err != nil {
		return refuse(ErrIRI, iri, "must be an IRI as in RFC 3987")
	}
	return nil
}

// checkSite checks the part before the path of an http or https IRI.
func (c iriChecker) checkSite(iri, scheme, rest string) *Error {
	authority, ok := strings.CutPrefix(rest, "//")
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority = authority[:end]
	}
	if !ok || authority == "" {
		return refuse(ErrIRI, iri, "must have a host")
	}
	if strings.Contains(authority, "@") {
		return refuse(ErrIRI, iri, "must not carry a user name or password")
	}
	if len(authority) > maxAuthority {
		return refuse(ErrIRI, iri, "a host name has at most 253 characters")
	}
	site := scheme + "://" + authority + "/"
	if _, accepted := c[site]; accepted {
		return nil
	}
	if !ld.IsURL(site) {
		return refuse(ErrIRI, iri, "must have a host that json-gold accepts: it would silently drop all that is said of this one")
	}
	c[site] = struct{}{}
	return nil
}

// checkIRIText checks the characters alone.
func checkIRIText(iri string) *Error {
	fragments := 0
	for i := 0; i < len(iri); {
		c := iri[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(iri[i:])
			if r == utf8.RuneError || !isIRIRune(r) {
				return refuse(ErrIRI, iri, "must not contain the character %U", r)
			}
			i += size
			continue
		}
		switch {
		case c == '%':
			if i+2 >= len(iri) || !isHex(iri[i+1]) || !isHex(iri[i+2]) {
				return refuse(ErrIRI, iri, "%% must stand before two hexadecimal digits")
			}
		case c == '#':
			if fragments++; fragments > 1 {
				return refuse(ErrIRI, iri, "must have at most one #")
			}
		case !isAlphanumeric(c) && strings.IndexByte("-._~:/?@!$&'()*+,;=", c) < 0:
			return refuse(ErrIRI, iri, "must not contain the character %U", rune(c))
		}
		i++
	}
	return nil
}

// isIRIRune reports whether RFC 3987 allows r, which is not ASCII, in a path. What only a query may hold
// (private use) and what would make two IRIs look the same (spaces, format characters) is left out.
func isIRIRune(r rune) bool {
	return r >= 0xA0 && r&0xFFFE != 0xFFFE && (r < 0xFDD0 || r > 0xFDEF) && (r < 0xFFF0 || r > 0xFFFF) &&
		!unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Z)
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		lower := 'a' <= c && c <= 'z'
		if !lower && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Fragment returns the IRI of a part of the thing that iri names: of a quantity within an event, of a
// clause within a charter. It appends "#" and the path to the part, its steps separated by dots; where
// iri has a fragment already, a dot and the path:
//
//	https://la-trame.example/charter#version-1.clause.economic-4
//
// Whatever is not an ASCII letter, a digit, "-", "_" or "~" in a step is percent-encoded, so that
// different paths always give different IRIs. This is why nothing that this package writes is a blank
// node, and why the sorted N-Quads are the canonical form of a graph.
func Fragment(iri string, path ...string) string {
	var b strings.Builder
	b.WriteString(iri)
	separator := byte('#')
	if strings.Contains(iri, "#") {
		separator = '.'
	}
	for _, step := range path {
		b.WriteByte(separator)
		separator = '.'
		for i := range len(step) {
			c := step[i]
			if isAlphanumeric(c) || c == '-' || c == '_' || c == '~' {
				b.WriteByte(c)
				continue
			}
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}
