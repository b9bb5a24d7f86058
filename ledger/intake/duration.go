package intake

import (
	"regexp"
	"strconv"

	"github.com/shopspring/decimal"
)

// hourDigits is how many decimals a duration in hours is rounded to, half up. A second is 2.8 units of the
// last of them, so that no two durations fall together.
const hourDigits = 4

// MaxHours is how many hours one line may have: those of a month of 31 days. A sheet with more on one line
// most likely counts in minutes or seconds.
const MaxHours = 31 * 24

var (
	clock = regexp.MustCompile(`^(\d{1,4}):([0-5]\d)(?::([0-5]\d))?$`)
	// spoken is 1h30, 1 h 30 min, 1h, 45 min, 1h30m15s. Minutes behind hours without a unit have two digits,
	// since "1h5" may mean 1.5 hours; alone they are not written "m", which is the metre.
	spoken = regexp.MustCompile(`^(?i:(\d{1,4}) ?h(?:(?:ours?|eures?|rs?)?(?: ?([0-5]\d)| ?([0-5]?\d) ?m(?:in|n)?(?: ?([0-5]?\d) ?s(?:ec)?)?)?)?|(\d{1,5}) ?(?:min|mn))$`)
)

// parseDuration reads a length of time written in hours and minutes and returns it in hours. It reports
// false when s is not written like that: then it may still be a number.
func parseDuration(s string) (decimal.Decimal, bool) {
	var hours, minutes, seconds string
	if m := clock.FindStringSubmatch(s); m != nil {
		hours, minutes, seconds = m[1], m[2], m[3]
	} else if m := spoken.FindStringSubmatch(s); m != nil {
		hours, minutes, seconds = m[1], m[2]+m[3]+m[5], m[4]
	} else {
		return decimal.Zero, false
	}
	total := 3600*atoi(hours) + 60*atoi(minutes) + atoi(seconds)
	return decimal.NewFromInt(total).DivRound(decimal.NewFromInt(3600), hourDigits), true
}

// atoi returns the value of at most five digits, 0 for none.
func atoi(digits string) int64 {
	n, _ := strconv.ParseInt("0"+digits, 10, 64)
	return n
}
