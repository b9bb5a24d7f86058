package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// Evidence is what two offers have in common, so that people can judge.
type Evidence struct {
	// Tags are the skills and themes of the first that the second has too, or that are near one of them in the taxonomy; TagSimilarity is how much of both that is.
	Tags          []string        `json:"tags,omitempty"`
	TagSimilarity decimal.Decimal `json:"tagSimilarity"`
	// Words are word stems that the texts share, at most [MaxWords] of them; TextSimilarity is how much of both texts they are.
	Words          []string        `json:"words,omitempty"`
	TextSimilarity decimal.Decimal `json:"textSimilarity"`
	// Audience are the audiences that both name; empty where one is for everybody.
	Audience []string `json:"audience,omitempty"`
	// Territory says why they reach the same people: remote, anywhere, or so many kilometres apart with these radii.
	Territory string `json:"territory,omitempty"`
	// Time is a period in which both can be had; open where neither is bounded.
	Time Period `json:"time,omitzero"`
}

// MaxWords is how many shared words the evidence shows.
const MaxWords = 20

func (e Evidence) clone() Evidence {
	e.Tags, e.Words, e.Audience = slices.Clone(e.Tags), slices.Clone(e.Words), slices.Clone(e.Audience)
	return e
}

// Overlap reports whether two offers can be in each other's way, and what they share: their domain (a skill or theme, or where one has none, a word), the people
// they are for (the territory, or an audience that both name) and the time. What an entry does not say counts as everything. It is the same in both
// directions, up to the order of words in the evidence. scheme is the taxonomy of their concepts and may be nil.
func Overlap(a, b *Entry, scheme *taxonomy.Scheme) (Evidence, bool) {
	d := newDomains(scheme)
	q := d.portrait(b)
	p := d.sitter(a)
	return p.evidence(q, p.likeness(q))
}

// Similarity returns how similar two offers are, from 0 to 1 with four decimal places: the mean of how near their skills and themes are and of how many words they
// share; where one says nothing about the one or the other, what is left. Both are the coefficient of Sørensen and Dice, twice what is shared divided by what
// there is in both, in which tags count as near as the taxonomy says. Words are compared as stems, language by language. It is the same in both directions, and 1
// for an offer and itself. scheme is the taxonomy of their concepts and may be nil.
func Similarity(a, b *Entry, scheme *taxonomy.Scheme) decimal.Decimal {
	d := newDomains(scheme)
	q := d.portrait(b)
	return d.sitter(a).likeness(q).similarity()
}

// evidence returns what an entry shares with another, with which it has this likeness; false if they do not overlap.
func (p *sitter) evidence(q *portrait, l likeness) (Evidence, bool) {
	var e Evidence
	a, b := p.entry, q.entry
	valid, ok := a.Valid.Meet(b.Valid)
	if !ok || !l.domain() {
		return e, false
	}
	if e.Time, ok = meetAny(a.Available, b.Available, valid); !ok {
		return e, false
	}
	others := tagsWords(b.Audience)
	for _, t := range tagsWords(a.Audience) {
		if slices.ContainsFunc(others, t.same) {
			e.Audience = append(e.Audience, t.String())
		}
	}
	var reach bool
	if e.Territory, reach = territory(a.Where, b.Where); !reach && len(e.Audience) == 0 {
		return e, false
	}
	if l.tagged {
		e.Tags, e.TagSimilarity = p.shared(q), decimal.New(l.tags, -places)
	}
	if l.written {
		e.Words, e.TextSimilarity = p.words(q), decimal.New(l.text, -places)
	}
	return e, true
}

// meetAny returns a period within both lists and within valid, the first in the order of the lists; an empty list is any time.
func meetAny(a, b []Period, valid Period) (Period, bool) {
	if len(a) == 0 {
		a = []Period{{}}
	}
	if len(b) == 0 {
		b = []Period{{}}
	}
	found, any := Period{}, false
	for _, p := range a {
		for _, q := range b {
			m, ok := p.Meet(q)
			if ok {
				m, ok = m.Meet(valid)
			}
			if ok && (!any || m.From.Before(found.From)) {
				found, any = m, true
			}
		}
	}
	return found, any
}

// territory says whether two places reach the same people, and why.
func territory(a, b Where) (string, bool) {
	switch {
	case a.Remote || b.Remote:
		return "remote", true
	case a.Point == nil || b.Point == nil:
		return "anywhere", true
	}
	km := a.Point.Kilometres(*b.Point)
	if km > a.Radius+b.Radius {
		return "", false
	}
	r, s := min(a.Radius, b.Radius), max(a.Radius, b.Radius)
	return fmt.Sprintf("%d km apart, radii of %d and %d km", km, r, s), true
}

// longerFirst orders words by length, then by letters: the long ones say most.
func longerFirst(a, b string) int {
	if len(a) != len(b) {
		return len(b) - len(a)
	}
	return strings.Compare(a, b)
}
