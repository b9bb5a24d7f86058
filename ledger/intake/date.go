package intake

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
)

// Years that a line may be dated in.
const (
	MinYear = 1900
	MaxYear = 2199
)

var (
	yearFirst = regexp.MustCompile(`^(\d{4})([-/])(\d{1,2})([-/])(\d{1,2})$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4})$`)
	twoDigits = regexp.MustCompile(`^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$`)
	// timeOfDay is what a date may carry behind it: "T10:00:00+02:00", " 10:00", " 01:26:00 PM".
	timeOfDay = regexp.MustCompile(`^(.*\d)(?:T| +)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[AaPp][Mm]| ?(?:Z|[+-]\d{2}:?\d{2}))?$`)
)

// errDate says how to write a date.
var errDate = errors.New("write a date as 2025-12-31, 31/12/2025 or 31 décembre 2025")

// parseDate reads a day as it is written in French or by ISO 8601; see the package page.
func parseDate(s string) (codesocial.Date, error) {
	if m := timeOfDay.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		return civil(m[1], m[3], m[5], "")
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		return civil(m[5], m[3], m[1], ": the day comes first, as in 31/12/2025")
	}
	if twoDigits.MatchString(s) {
		return codesocial.Date{}, errors.New("write the year with four digits")
	}
	return spelledDate(s)
}

// civil returns the day, provided that the calendar has it. hint ends the message about a month that does not exist.
func civil(year, month, day, hint string) (codesocial.Date, error) {
	y, m, d := int(atoi(year)), int(atoi(month)), int(atoi(day))
	if y < MinYear || y > MaxYear {
		return codesocial.Date{}, fmt.Errorf("the year must be from %d to %d", MinYear, MaxYear)
	}
	if m < 1 || m > 12 {
		return codesocial.Date{}, fmt.Errorf("there is no month %d%s", m, hint)
	}
	date, err := codesocial.ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	if err != nil {
		return codesocial.Date{}, fmt.Errorf("there is no day %d in %s %d", d, time.Month(m), y)
	}
	return date, nil
}

// spelledDate reads a date with the month in letters: 1er mars 2025, mardi 4 mars 2025, 4 Mar 2025, March 4, 2025.
func spelledDate(s string) (codesocial.Date, error) {
	if len(s) > MaxNameBytes {
		return codesocial.Date{}, errDate
	}
	words := strings.Fields(Fold(s))
	if len(words) == 4 && slices.Contains(weekdays, words[0]) {
		words = words[1:]
	}
	if len(words) != 3 {
		return codesocial.Date{}, errDate
	}
	day, month, year := words[0], words[1], words[2]
	if monthNumber(day) != "" {
		day, month = month, day
	}
	if day == "1er" || day == "1st" {
		day = "1"
	}
	number := monthNumber(month)
	if number == "" || !isDigits(day) || len(day) > 2 || !isDigits(year) || len(year) != 4 {
		return codesocial.Date{}, errDate
	}
	return civil(year, number, day, "")
}

var weekdays = []string{
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}

// months are the folded names of the months in French and English, and what they are shortened to.
var months = [12][]string{
	{"janvier", "janv", "jan", "january"},
	{"fevrier", "fevr", "fev", "february", "feb"},
	{"mars", "march", "mar"},
	{"avril", "avr", "april", "apr"},
	{"mai", "may"},
	{"juin", "june", "jun"},
	{"juillet", "juil", "july", "jul"},
	{"aout", "august", "aug"},
	{"septembre", "sept", "sep", "september"},
	{"octobre", "oct", "october"},
	{"novembre", "nov", "november"},
	{"decembre", "dec", "december"},
}

// monthNumber returns the number of the month of that folded name, "" if there is none.
func monthNumber(name string) string {
	for i, names := range months {
		if slices.Contains(names, name) {
			return fmt.Sprint(i + 1)
		}
	}
	return ""
}
