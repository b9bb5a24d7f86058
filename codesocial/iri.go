package codesocial

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckIRI returns nil when s can name something in the journal and in linked data: an absolute IRI (RFC
// 3987) of at most [MaxIRIBytes] bytes, in the only spelling that this package accepts. The scheme is in
// lower case; after it there is something; http and https IRIs have a host and no user name; a percent
// sign begins a pair of hexadecimal digits; there is no space, control or invisible character, none that changes
// the direction of writing, and none of <>"{}|\^`, which RDF excludes. Otherwise the error wraps [ErrInvalid] or
// [ErrLimit].
//
// IRIs are compared byte by byte. The IRI of a person must not tell who the person is: it stays when the
// payloads that name the person are erased. A random one, urn:uuid:…, is a good choice.
func CheckIRI(s string) error { return checkIRI("iri", s) }

func checkIRI(field, s string) error {
	if len(s) > MaxIRIBytes {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(s), MaxIRIBytes)
	}
	if err := checkCharacters(field, s, excluded); err != nil {
		return err
	}
	if i := strings.IndexAny(s, " <>\"{}|\\^`"); i >= 0 {
		return bad(ErrInvalid, field, s, "the character %U is not allowed", s[i])
	}
	scheme, rest, found := strings.Cut(s, ":")
	if !found || scheme == "" || strings.Trim(scheme[:1], lowerCase) != "" || strings.Trim(scheme, lowerCase+decimals+"+-.") != "" {
		return bad(ErrInvalid, field, s, "must be absolute: a scheme in lower case and a colon first, as in https://…")
	}
	if rest == "" {
		return bad(ErrInvalid, field, s, "nothing follows the scheme")
	}
	if scheme == "http" || scheme == "https" {
		authority, ok := strings.CutPrefix(rest, "//")
		if i := strings.IndexAny(authority, "/?#"); i >= 0 {
			authority = authority[:i]
		}
		if !ok || authority == "" || strings.HasPrefix(authority, ":") || strings.Contains(authority, "@") {
			return bad(ErrInvalid, field, s, "must name a host, and no user")
		}
	}
	for i := strings.IndexByte(s, '%'); i >= 0; {
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return bad(ErrInvalid, field, s, "a percent sign must be followed by two hexadecimal digits")
		}
		next := strings.IndexByte(s[i+1:], '%')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// excluded reports whether a character that ASCII cannot print may not stand in an IRI.
func excluded(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) ||
		unicode.Is(unicode.Noncharacter_Code_Point, r) || r == utf8.RuneError
}
