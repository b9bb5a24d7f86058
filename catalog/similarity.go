package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/search"
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

// A portrait is what of an entry is compared with others.
type portrait struct {
	entry   *Entry
	tags    []tagWords
	stems   map[string][]string // by language, sorted; made when needed
	stemmer *search.Stemmer
	scheme  *taxonomy.Scheme
}

func newPortrait(e *Entry, scheme *taxonomy.Scheme, stemmer *search.Stemmer) *portrait {
	return &portrait{entry: e, tags: append(tagsWords(e.Skills), tagsWords(e.Themes)...), scheme: scheme, stemmer: stemmer}
}

// tagWords is a tag with the words of its label, folded.
type tagWords struct {
	Tag
	folded string
}

func tagsWords(tags []Tag) []tagWords {
	list := make([]tagWords, len(tags))
	for i, t := range tags {
		list[i] = tagWords{t, strings.Join(search.Words(t.Label), " ")}
	}
	return list
}

// words returns the stems of title and description in a language.
func (p *portrait) words(language string) []string {
	if p.stems == nil {
		p.stems = make(map[string][]string)
	}
	list, ok := p.stems[language]
	if !ok {
		list = p.stemmer.Stems(p.entry.Title[language]+"\n"+p.entry.Description[language], language)
		p.stems[language] = list
	}
	return list
}

// Overlap reports whether two offers can be in each other's way, and what they share: their domain (a skill or theme, or where one has none, a word), the people
// they are for (the territory, or an audience that both name) and the time. What an entry does not say counts as everything. It is the same in both
// directions, up to the order of words in the evidence. scheme is the taxonomy of their concepts and may be nil.
func Overlap(a, b *Entry, scheme *taxonomy.Scheme) (Evidence, bool) {
	stemmer := new(search.Stemmer)
	p, q := newPortrait(a, scheme, stemmer), newPortrait(b, scheme, stemmer)
	evidence, ok := p.overlap(q)
	if ok {
		p.similarity(q, &evidence)
	}
	return evidence, ok
}

// Similarity returns how similar two offers are, from 0 to 1 with four decimal places: the mean of how near their skills and themes are and of how many words they
// share; where one says nothing about the one or the other, what is left. Both are the coefficient of Sørensen and Dice, twice what is shared divided by what
// there is in both, in which tags count as near as the taxonomy says. Words are compared as stems, language by language. It is the same in both directions, and 1
// for an offer and itself. scheme is the taxonomy of their concepts and may be nil.
func Similarity(a, b *Entry, scheme *taxonomy.Scheme) decimal.Decimal {
	stemmer := new(search.Stemmer)
	return newPortrait(a, scheme, stemmer).similarity(newPortrait(b, scheme, stemmer), new(Evidence))
}

func (p *portrait) overlap(q *portrait) (Evidence, bool) {
	var e Evidence
	a, b := p.entry, q.entry
	valid, ok := a.Valid.Meet(b.Valid)
	if !ok {
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
	if len(p.tags) > 0 && len(q.tags) > 0 {
		e.Tags = p.shared(q)
		return e, len(e.Tags) > 0
	}
	return e, len(p.common(q)) > 0
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

// same reports whether two tags are the same: the same concept, or where one has none, the same label up to case and accents.
func (t tagWords) same(u tagWords) bool {
	if t.Concept != "" && u.Concept != "" {
		return t.Concept == u.Concept
	}
	return t.folded != "" && t.folded == u.folded
}

// near returns how near two tags are.
func (p *portrait) near(t, u tagWords) decimal.Decimal {
	if t.same(u) {
		return one
	}
	if p.scheme == nil || t.Concept == "" || u.Concept == "" {
		return decimal.Zero
	}
	num, den := p.scheme.Similarity(t.Concept, u.Concept)
	if num <= 0 || den <= 0 {
		return decimal.Zero
	}
	return decimal.New(int64(num), 0).DivRound(decimal.New(int64(den), 0), 6)
}

// shared returns the tags of p that are near one of q.
func (p *portrait) shared(q *portrait) (list []string) {
	for _, t := range p.tags {
		if slices.ContainsFunc(q.tags, func(u tagWords) bool { return p.near(t, u).Sign() > 0 }) {
			list = append(list, t.String())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// nearest adds up, over the tags of p, how near the nearest of q is.
func (p *portrait) nearest(q *portrait) decimal.Decimal {
	sum := decimal.Zero
	for _, t := range p.tags {
		best := decimal.Zero
		for _, u := range q.tags {
			best = decimal.Max(best, p.near(t, u))
		}
		sum = sum.Add(best)
	}
	return sum
}

// common returns the stems that both texts have, over all languages that both are written in, sorted.
func (p *portrait) common(q *portrait) []string {
	var list []string
	for _, language := range p.entry.Title.Languages() {
		if _, ok := q.entry.Title[language]; !ok {
			continue
		}
		other := q.words(language)
		for _, word := range p.words(language) {
			if _, ok := slices.BinarySearch(other, word); ok {
				list = append(list, word)
			}
		}
	}
	slices.Sort(list)
	return list
}

// tagSimilarity returns how near the tags of two entries are; false if one has none.
func (p *portrait) tagSimilarity(q *portrait) (decimal.Decimal, bool) {
	if len(p.tags) == 0 || len(q.tags) == 0 {
		return decimal.Zero, false
	}
	return p.nearest(q).Add(q.nearest(p)).DivRound(decimal.New(int64(len(p.tags)+len(q.tags)), 0), 4), true
}

// reaches reports whether the similarity of two entries can be the threshold, whatever their texts.
func (p *portrait) reaches(q *portrait, threshold decimal.Decimal) bool {
	tags, ok := p.tagSimilarity(q)
	return !ok || decimal.Avg(tags, one).Round(4).GreaterThanOrEqual(threshold)
}

// similarity returns how similar two entries are, and completes the evidence.
func (p *portrait) similarity(q *portrait, e *Evidence) decimal.Decimal {
	var parts []decimal.Decimal
	if tags, ok := p.tagSimilarity(q); ok {
		e.TagSimilarity = tags
		parts = append(parts, tags)
	}
	all := 0
	for _, language := range p.entry.Title.Languages() {
		if _, ok := q.entry.Title[language]; ok {
			all += len(p.words(language)) + len(q.words(language))
		}
	}
	if all > 0 {
		shared := p.common(q)
		e.TextSimilarity = decimal.New(int64(2*len(shared)), 0).DivRound(decimal.New(int64(all), 0), 4)
		parts = append(parts, e.TextSimilarity)
		e.Words = slices.Compact(shared)
		slices.SortFunc(e.Words, longerFirst)
		e.Words = e.Words[:min(len(e.Words), MaxWords)]
	}
	if len(parts) == 0 {
		return decimal.Zero
	}
	return decimal.Avg(parts[0], parts[1:]...).Round(4)
}

// longerFirst orders words by length, then by letters: the long ones say most.
func longerFirst(a, b string) int {
	if len(a) != len(b) {
		return len(b) - len(a)
	}
	return strings.Compare(a, b)
}
