package fec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// A run is numbers that follow each other.
type run struct{ first, last uint64 }

// A series holds the numbers of entries that are counted together: those of one journal with one beginning.
type series struct {
	journal, prefix string
	runs            []run // as they came; entries in order make one run
}

// sequence finds what is missing among the numbers of entries. Numbers that come in order take no memory.
type sequence struct {
	series map[[2]string]*series
}

// add adds the number of an entry; false if it has no digits at its end.
func (q *sequence) add(journal, entry string) bool {
	prefix, n, ok := cutNumber(entry)
	if !ok {
		return false
	}
	k := [2]string{journal, prefix}
	s := q.series[k]
	if s == nil {
		s = &series{journal: journal, prefix: prefix}
		q.series[k] = s
	}
	if last := len(s.runs) - 1; last >= 0 && s.runs[last].last+1 == n {
		s.runs[last].last = n
	} else {
		s.runs = append(s.runs, run{n, n})
	}
	return true
}

// cutNumber cuts the digits off the end of an entry's number: "VE-0012" is "VE-" and 12.
func cutNumber(entry string) (prefix string, n uint64, ok bool) {
	i := len(entry)
	for i > 0 && len(entry)-i < 18 && '0' <= entry[i-1] && entry[i-1] <= '9' {
		i--
	}
	n, err := strconv.ParseUint(entry[i:], 10, 64)
	return entry[:i], n, err == nil
}

// A hole is what is wrong in a sequence.
type hole struct {
	rule            string
	journal, prefix string // journal is "" when journals are numbered together
	numbers         string
}

// holes returns the gaps and the numbers used twice, in order. Journals that are numbered together have gaps each of their own, which are
// none over all of them: so the count that has fewer is taken.
func (q *sequence) holes() []hole {
	var all []*series
	together := make(map[string]*series)
	for _, s := range q.series {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *series) int {
		return cmp.Or(cmp.Compare(a.journal, b.journal), cmp.Compare(a.prefix, b.prefix))
	})
	var twice, gaps, common []hole
	for _, s := range all {
		slices.SortFunc(s.runs, func(a, b run) int { return cmp.Compare(a.first, b.first) })
		g, t := s.holes()
		gaps, twice = append(gaps, g...), append(twice, t...)
		of := together[s.prefix]
		if of == nil {
			of = &series{prefix: s.prefix}
			together[s.prefix] = of
		}
		of.runs = append(of.runs, s.runs...)
	}
	for _, prefix := range slices.Sorted(maps.Keys(together)) {
		of := together[prefix]
		slices.SortFunc(of.runs, func(a, b run) int { return cmp.Compare(a.first, b.first) })
		g, _ := of.holes()
		common = append(common, g...)
	}
	if len(common) < len(gaps) {
		gaps = common
	}
	return append(twice, gaps...)
}

// holes returns the gaps between the runs, which are sorted, and the numbers that are in two of them.
func (s *series) holes() (gaps, twice []hole) {
	for i := 1; i < len(s.runs); i++ {
		before, next := &s.runs[i-1], &s.runs[i]
		switch {
		case next.first > before.last+1:
			gaps = append(gaps, hole{"gap", s.journal, s.prefix, span(s.prefix, before.last+1, next.first-1)})
		case next.first <= before.last:
			twice = append(twice, hole{"number-twice", s.journal, s.prefix, span(s.prefix, next.first, min(before.last, next.last))})
		}
		next.last = max(next.last, before.last)
	}
	return gaps, twice
}

func span(prefix string, first, last uint64) string {
	if first == last {
		return fmt.Sprintf("%s%d", prefix, first)
	}
	return fmt.Sprintf("%s%d–%s%d", prefix, first, prefix, last)
}
