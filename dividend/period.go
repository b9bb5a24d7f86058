package dividend

import (
	"cmp"
	"slices"
)

// period is the days on which a coefficient or a rate of a kind holds, as 2006-01-02, both included; empty is open.
type period struct{ kind, from, to string }

// holds reports whether the day lies in the period. No day lies in every period that is open on both ends.
func (p period) holds(day string) bool {
	return p.from <= day && (p.to == "" || day != "" && day <= p.to)
}

// checkPeriods refuses days that are none, periods that end before they begin, and two of one kind that have a day in
// common. Its errors name the kind within in.
func checkPeriods(in string, periods []period) error {
	for _, p := range periods {
		if err := checkDays(in+": kind "+quote(p.kind), p.from, p.to); err != nil {
			return err
		}
	}
	sorted := slices.Clone(periods)
	slices.SortStableFunc(sorted, func(a, b period) int { return cmp.Or(compareID(a.kind, b.kind), compareID(a.from, b.from)) })
	for i := 1; i < len(sorted); i++ {
		before, p := sorted[i-1], sorted[i]
		switch {
		case before == p:
			return ruleError(in, "kind", p.kind, "given twice")
		case before.kind == p.kind && (before.to == "" || p.from <= before.to):
			return ruleError(in+": kind "+quote(p.kind), "from", p.from, "must be after the last day of the period before it")
		}
	}
	return nil
}

// checkDays refuses days that are not of the calendar, and an end before the beginning.
func checkDays(in, from, to string) error {
	for _, d := range []struct{ field, day string }{{"from", from}, {"to", to}} {
		if d.day != "" && !isDay(d.day) {
			return ruleError(in, d.field, d.day, "must be a day written 2006-01-02")
		}
	}
	if from != "" && to != "" && to < from {
		return ruleError(in, "to", to, "must not be before "+from)
	}
	return nil
}

// isDay reports whether s is a day of the Gregorian calendar written 2006-01-02, which sorts as text.
func isDay(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	number := func(s string) int {
		n := 0
		for i := range len(s) {
			if s[i] < '0' || s[i] > '9' {
				return -1
			}
			n = 10*n + int(s[i]-'0')
		}
		return n
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	if year < 0 || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days++
	}
	return day <= days
}
