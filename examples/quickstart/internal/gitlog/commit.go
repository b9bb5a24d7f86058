package gitlog

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The kinds of contribution.
const (
	Code  = "code"  // source code
	Other = "other" // everything else: documentation, translations, configuration, pictures
)

// A Commit is one commit of a history that is not a merge.
type Commit struct {
	Hash string // the full object name, in lower-case hexadecimal
	// Person tells the author apart from others: the e-mail address in lower case, or, of a commit without one, "name:" and the name. Personal
	// data: not to be published, see [Pseudonym].
	Person string
	Name   string    // of the author, for people to read: one line, at most [MaxNameBytes]; may be ""
	Time   time.Time // the author's, in the author's time zone; to the second
	Code   int       // how many files of source code it touches: adds, changes or deletes; a renamed file is two
	Other  int       // how many other files
}

// MaxNameBytes is how long a name may be; longer ones are cut.
const MaxNameBytes = 200

// Kinds returns the kinds of contribution that the commit is: [Code], [Other], both in this order, or none.
func (c *Commit) Kinds() []string {
	var kinds []string
	if c.Code > 0 {
		kinds = append(kinds, Code)
	}
	if c.Other > 0 {
		kinds = append(kinds, Other)
	}
	return kinds
}

// Pseudonym returns an identifier for a person: 32 hexadecimal digits, the first half of the HMAC-SHA-256 of person
// under key. The same person under the same key always has the same. Without the key nobody can find out the
// address by trying addresses; whoever has the repository and the key can. An empty key protects nothing.
func Pseudonym(key []byte, person string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("codesocial gitlog person\n"))
	mac.Write([]byte(person))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// identify returns the identity and the display name of an author.
func identify(email, name string) (person, display string) {
	display = cleanName(name)
	email = strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(email, "\ufffd")))
	if email == "" {
		return "name:" + strings.ToLower(display), display
	}
	return email, display
}

// cleanName returns a name on one line, without characters that cannot be seen or that change the direction of
// others. Names in a history are whatever somebody once configured.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "\ufffd"))
	name = strings.Join(strings.Fields(name), " ")
	for len(name) > MaxNameBytes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return strings.TrimSpace(name)
}

// Years of the times that are believed. Others were set by a broken clock or by hand.
const (
	minYear = 1971
	maxYear = 2199
)

// parseTime reads a time as git writes it raw: seconds since 1970 in UTC and an offset, "1735689600 +0100". It
// reports false when that cannot be the time of a commit. An offset that no place on Earth has becomes UTC.
func parseTime(raw string) (time.Time, bool) {
	seconds, offset, _ := strings.Cut(raw, " ")
	epoch, ok := parseInt(seconds, 12)
	if !ok {
		return time.Time{}, false
	}
	zone := time.UTC
	if sign, digits := sliceOffset(offset); sign != 0 {
		n, ok := parseInt(digits, 4)
		east := sign * (n/100*3600 + n%100*60)
		if ok && n%100 < 60 && -12*3600 <= east && east <= 14*3600 && east != 0 {
			zone = time.FixedZone("", int(east))
		}
	}
	t := time.Unix(epoch, 0).In(zone)
	return t, minYear <= t.Year() && t.Year() <= maxYear
}

// sliceOffset splits "+0100" into sign and digits; the sign is 0 if it is not written like that.
func sliceOffset(s string) (sign int64, digits string) {
	switch {
	case len(s) != 5:
		return 0, ""
	case s[0] == '+':
		return 1, s[1:]
	case s[0] == '-':
		return -1, s[1:]
	}
	return 0, ""
}

// parseInt reads up to most decimal digits.
func parseInt(s string, most int) (n int64, ok bool) {
	if s == "" || len(s) > most {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int64(s[i]-'0')
	}
	return n, true
}
