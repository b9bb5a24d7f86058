package fec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// ErrInvalid is wrapped by errors about something that cannot be written.
var ErrInvalid = errors.New("fec: cannot be written")

var fileName = regexp.MustCompile(`^(\d{9})FEC(\d{8})\.txt$`)

// FileName returns the name that the file of a business must have: its SIREN, nine digits of which the last one checks the others, FEC, and the last
// day of the financial year: "552100554FEC20251231.txt". The error wraps [ErrInvalid].
func FileName(siren string, closing time.Time) (string, error) {
	siren = strings.ReplaceAll(siren, " ", "")
	if !isSIREN(siren) {
		return "", fmt.Errorf("%w: SIREN %s: must be nine digits, the last of which checks the others", ErrInvalid, quote(siren))
	}
	if closing.Year() < 2000 || closing.Year() > 2099 {
		return "", fmt.Errorf("%w: closing %s: must be a day from 2000 to 2099", ErrInvalid, closing.Format(time.DateOnly))
	}
	return siren + "FEC" + closing.Format("20060102") + ".txt", nil
}

// parseFileName returns what a file's name says.
func parseFileName(file string) (siren string, closing time.Time, ok bool) {
	m := fileName.FindStringSubmatch(baseName(file))
	if m == nil || !isSIREN(m[1]) {
		return "", time.Time{}, false
	}
	closing, broken := parseDate(m[2])
	return m[1], closing, broken == ""
}

// baseName cuts off the directories, however they are separated.
func baseName(file string) string { return file[strings.LastIndexAny(file, `/\`)+1:] }

// isSIREN reports whether s is nine digits that satisfy the formula of Luhn, as ISO/IEC 7812-1 gives it.
func isSIREN(s string) bool {
	if len(s) != 9 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	sum := 0
	for i := range s {
		d := int(s[i] - '0')
		if i%2 == 1 { // every second digit, from the right
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
