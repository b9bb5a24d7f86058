// Package taxonomy reads concept schemes in SKOS (https://www.w3.org/TR/skos-reference/), such as classifications of skills or trades, and says how
// near two of their concepts are.
//
// A scheme is loaded by the program that has it; none is part of this library:
//
//	scheme, err := taxonomy.ReadNQuads(file) // or ReadJSONLD, or New
//	for broader := range scheme.Broader("https://example.org/skill/cabinet-making") { … }
//
// Used are skos:prefLabel, skos:altLabel, skos:notation, skos:broader and skos:narrower; anything else in a file is passed over. A concept may have
// several broader ones, but none may be broader than itself, at however many removes.
//
// # Nearness
//
// [Scheme.Similarity] is that of Z. Wu and M. Palmer (Verbs Semantics and Lexical Selection, ACL 1994): twice the depth of the nearest common broader
// concept, divided by the sum of both depths. It is 1 for a concept itself and 0 for two that have no broader concept in common.
//
// # Errors
//
// Every error wraps [ErrInvalid] or [ErrLimit] and names the concept or line. A [Scheme] never changes; any number of goroutines may use it.
package taxonomy

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Limits on a scheme.
const (
	MaxConcepts  = 500_000
	MaxBroader   = 100       // direct ones of one concept
	MaxTextBytes = 10_000    // an IRI, label or notation
	MaxFileBytes = 256 << 20 // a file that is read
)

var (
	// ErrInvalid: a value is malformed, or contradicts another.
	ErrInvalid = errors.New("invalid")
	// ErrLimit: there is more of something than a constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")
)

// A Label is a name of a concept in a language; an empty Language means that none is given.
type Label struct{ Language, Text string }

// A Concept is an idea of a scheme.
type Concept struct {
	IRI       string
	Notations []string // codes, such as "H2206"
	Preferred []Label
	Others    []Label
	Broader   []string // IRIs of the concepts directly above
}

// A Scheme is a set of concepts with what is broader than what.
type Scheme struct {
	concepts map[string]*node
	notation map[string]string // code → the IRI, "" where several concepts have it
}

type node struct {
	Concept
	narrower []string
	depth    int     // 1 for a concept with nothing above
	above    []*node // all broader concepts and itself, by depth from the deepest, then IRI
}

// New returns the scheme of these concepts. What a concept is said to be under need not be given itself. The error wraps [ErrInvalid] for an IRI
// that is empty or given twice and for broader concepts in a circle, which it names, or [ErrLimit].
func New(concepts []Concept) (*Scheme, error) {
	if len(concepts) > MaxConcepts {
		return nil, bad(ErrLimit, "concepts", strconv.Itoa(len(concepts)), "must be at most %d", MaxConcepts)
	}
	s := &Scheme{concepts: make(map[string]*node, len(concepts)), notation: make(map[string]string)}
	for _, c := range concepts {
		if err := c.check(); err != nil {
			return nil, err
		}
		if _, ok := s.concepts[c.IRI]; ok {
			return nil, bad(ErrInvalid, "concept", c.IRI, "is given twice")
		}
		broader := slices.Compact(slices.Sorted(slices.Values(c.Broader)))
		s.concepts[c.IRI] = &node{Concept: Concept{c.IRI, slices.Clone(c.Notations), slices.Clone(c.Preferred), slices.Clone(c.Others), broader}}
	}
	for _, iri := range slices.Sorted(maps.Keys(s.concepts)) {
		for _, b := range s.concepts[iri].Broader {
			if s.concepts[b] == nil {
				s.concepts[b] = &node{Concept: Concept{IRI: b}}
			}
			s.concepts[b].narrower = append(s.concepts[b].narrower, iri)
		}
		for _, code := range s.concepts[iri].Notations {
			if other, ok := s.notation[code]; ok && other != iri {
				s.notation[code] = ""
			} else {
				s.notation[code] = iri
			}
		}
	}
	return s, s.rise()
}

func (c *Concept) check() error {
	if c.IRI == "" {
		return bad(ErrInvalid, "concept", "", "must have an IRI")
	}
	if len(c.Broader) > MaxBroader {
		return bad(ErrLimit, "broader of "+c.IRI, strconv.Itoa(len(c.Broader)), "must be at most %d", MaxBroader)
	}
	texts := append(append([]string{c.IRI}, c.Notations...), c.Broader...)
	for _, l := range append(slices.Clone(c.Preferred), c.Others...) {
		texts = append(texts, l.Text, l.Language)
	}
	for _, t := range texts {
		if len(t) > MaxTextBytes {
			return bad(ErrLimit, "text of "+c.IRI, t, "must be at most %d bytes", MaxTextBytes)
		}
	}
	return nil
}

// rise finds for every concept what is above it, from the top down, and refuses circles.
func (s *Scheme) rise() error {
	open := make(map[*node]int, len(s.concepts)) // how many direct broader concepts have not been reached
	var ready []*node
	for _, iri := range slices.Sorted(maps.Keys(s.concepts)) {
		n := s.concepts[iri]
		if open[n] = len(n.Broader); open[n] == 0 {
			ready = append(ready, n)
		}
	}
	reached := 0
	for ; len(ready) > 0; reached++ {
		n := ready[0]
		ready = ready[1:]
		set := map[*node]struct{}{n: {}}
		for _, b := range n.Broader {
			above := s.concepts[b]
			if n.depth == 0 || above.depth+1 < n.depth {
				n.depth = above.depth + 1
			}
			for _, a := range above.above {
				set[a] = struct{}{}
			}
		}
		n.depth = max(n.depth, 1)
		n.above = slices.SortedFunc(maps.Keys(set), func(a, b *node) int { return cmp.Or(cmp.Compare(b.depth, a.depth), strings.Compare(a.IRI, b.IRI)) })
		for _, iri := range n.narrower {
			below := s.concepts[iri]
			if open[below]--; open[below] == 0 {
				ready = append(ready, below)
			}
		}
	}
	if reached == len(s.concepts) {
		return nil
	}
	return s.circle(open)
}

// circle names the concepts of a circle: from one that was not reached, always on to the first that was not either.
func (s *Scheme) circle(open map[*node]int) error {
	var path []string
	at := ""
	for _, iri := range slices.Sorted(maps.Keys(s.concepts)) {
		if open[s.concepts[iri]] > 0 {
			at = iri
			break
		}
	}
	for !slices.Contains(path, at) {
		path = append(path, at)
		for _, b := range s.concepts[at].Broader {
			if open[s.concepts[b]] > 0 {
				at = b
				break
			}
		}
	}
	path = path[slices.Index(path, at):]
	return bad(ErrInvalid, "broader", strings.Join(append(path[:min(len(path), 10)], at), " → "), "must not lead back to where it began")
}

// Len returns how many concepts there are.
func (s *Scheme) Len() int { return len(s.concepts) }

// Concept returns the concept with that IRI; false if there is none. The caller must not change its lists.
func (s *Scheme) Concept(iri string) (Concept, bool) {
	n, ok := s.concepts[iri]
	if !ok {
		return Concept{}, false
	}
	return n.Concept, true
}

// ByNotation returns the IRI of the concept with that code; false if there is none, or if several have it.
func (s *Scheme) ByNotation(code string) (string, bool) {
	iri := s.notation[code]
	return iri, iri != ""
}

// Concepts iterates over all concepts in the order of their IRIs.
func (s *Scheme) Concepts() iter.Seq[Concept] {
	return func(yield func(Concept) bool) {
		for _, iri := range slices.Sorted(maps.Keys(s.concepts)) {
			if !yield(s.concepts[iri].Concept) {
				return
			}
		}
	}
}

// Label returns the preferred label of a concept in a language, or else in any (the first in the order of the languages), or else its IRI.
func (s *Scheme) Label(iri, language string) string {
	n, ok := s.concepts[iri]
	if !ok || len(n.Preferred) == 0 {
		return iri
	}
	for _, l := range n.Preferred {
		if l.Language == language {
			return l.Text
		}
	}
	return slices.MinFunc(n.Preferred, func(a, b Label) int {
		return cmp.Or(strings.Compare(a.Language, b.Language), strings.Compare(a.Text, b.Text))
	}).Text
}

// Broader iterates over a concept and all that are broader, at however many removes, the deepest first. Nothing for an unknown one.
func (s *Scheme) Broader(iri string) iter.Seq[string] {
	return func(yield func(string) bool) {
		n, ok := s.concepts[iri]
		if !ok {
			return
		}
		for _, a := range n.above {
			if !yield(a.IRI) {
				return
			}
		}
	}
}

// Narrower iterates over a concept and all that are narrower, at however many removes, level by level. Nothing for an unknown one.
func (s *Scheme) Narrower(iri string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if _, ok := s.concepts[iri]; !ok {
			return
		}
		seen := map[string]struct{}{iri: {}}
		for queue := []string{iri}; len(queue) > 0; queue = queue[1:] {
			if !yield(queue[0]) {
				return
			}
			for _, n := range s.concepts[queue[0]].narrower {
				if _, ok := seen[n]; !ok {
					seen[n] = struct{}{}
					queue = append(queue, n)
				}
			}
		}
	}
}

// Similarity returns how near two concepts are, as an exact fraction from 0/1 to 1/1 (not reduced), see the package documentation. The depth of a
// concept is the number of concepts on the shortest way up, itself included. Concepts that the scheme does not have are near themselves only. It takes time in
// proportion to how many concepts are above the two.
func (s *Scheme) Similarity(a, b string) (num, den int) {
	if a == b {
		return 1, 1
	}
	m, n := s.concepts[a], s.concepts[b]
	if m == nil || n == nil {
		return 0, 1
	}
	for _, above := range m.above { // the deepest first
		if slices.Contains(n.above, above) {
			return 2 * above.depth, m.depth + n.depth
		}
	}
	return 0, 1
}

// bad returns an error that wraps sentinel and names the field, the value (shortened) and what it must be.
func bad(sentinel error, field, value, must string, args ...any) error {
	if len(value) > 300 {
		value = value[:300] + "…"
	}
	return fmt.Errorf("taxonomy: %s %s: %s: %w", field, strconv.QuoteToGraphic(value), fmt.Sprintf(must, args...), sentinel)
}
