package codesocial

import (
	"fmt"
	"slices"
	"strings"
)

// A machine is a table that says how something passes from one status to another: the status S it is in, the event E
// that happens, who brings it about, and where that leads.
type machine[S, E ~string] []passage[S, E]

// A passage is a line of a machine: in each status of from, the event leads to one of to.
type passage[S, E ~string] struct {
	from  []S
	event E
	by    string // for readers: who brings it about
	to    []S
}

// next returns where an event leads from a status; none when the table has no such line.
func (m machine[S, E]) next(from S, event E) []S {
	for _, p := range m {
		if p.event == event && slices.Contains(p.from, from) {
			return p.to
		}
	}
	return nil
}

// check returns an error that wraps [ErrState] unless the table has a line for the event in the status.
func (m machine[S, E]) check(field string, from S, event E) error {
	if m.next(from, event) != nil {
		return nil
	}
	var can []string
	for _, p := range m {
		if slices.Contains(p.from, from) {
			can = append(can, string(p.event))
		}
	}
	why := "nothing is possible there"
	if len(can) > 0 {
		why = "possible there: " + strings.Join(can, ", ")
	}
	return bad(ErrState, field, string(event), "cannot happen in the status %s; %s", from, why)
}

// by returns who brings an event about.
func (m machine[S, E]) by(event E) string {
	for _, p := range m {
		if p.event == event {
			return p.by
		}
	}
	return ""
}

// String draws the table, a line for each passage, as package pages show it.
func (m machine[S, E]) String() string {
	words := func(list []S, between string) string {
		all := make([]string, len(list))
		for i, s := range list {
			all[i] = string(s)
		}
		return strings.Join(all, between)
	}
	var from, event, by int
	for _, p := range m {
		from, event, by = max(from, len(words(p.from, ", "))), max(event, len(p.event)), max(by, len(p.by))
	}
	var b strings.Builder
	for _, p := range m {
		fmt.Fprintf(&b, "%-*s  %-*s  %-*s  → %s\n", from, words(p.from, ", "), event, p.event, by, p.by, words(p.to, " | "))
	}
	return b.String()
}
