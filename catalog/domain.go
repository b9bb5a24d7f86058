package catalog

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// domains knows entries by what they are about, their tags and the words of their texts, so that those which are like another are found without
// comparing all texts. It follows from the entries alone.
type domains struct {
	scheme    *taxonomy.Scheme
	stemmer   search.Stemmer
	tags      []tagWords
	number    map[Tag]int32        // of tags
	labels    map[string][]int32   // folded label → numbers of tags
	concepts  map[string][]int32   // concept → numbers of tags
	portraits map[string]*portrait // by the IRI of the entry
	tagged    [][]*portrait        // by the number of a tag
	untagged  map[string]*portrait // by the IRI of the entry
}

// A portrait is what of an entry is compared with others.
type portrait struct {
	entry *Entry
	tags  []int32 // numbers of its skills and themes
	texts []wording
}

// A wording is the stems of title and description in a language.
type wording struct {
	language string
	stems    []int32 // numbers, sorted
}

// A sitter is an entry that is compared with portraits.
type sitter struct {
	*domains
	entry *Entry
	tags  []tagWords
	texts []spoken
	near  []int32  // by the number of a tag: the nearness of it, by its place in the list; 0: it is near none
	list  []nearby // the first is not used
	best  []int64  // memory of likeness
}

// A spoken wording is that of a sitter.
type spoken struct {
	language string
	has      []uint8 // by the number of a stem: 1 if the text has it
	size     int     // how many stems it has, with those that have no number
}

// nearby says how near a tag is to each of the sitter's tags, in millionths, and to the nearest.
type nearby struct {
	to  []int64
	top int64
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

func newDomains(scheme *taxonomy.Scheme) *domains {
	return &domains{
		scheme: scheme, number: make(map[Tag]int32), labels: make(map[string][]int32), concepts: make(map[string][]int32),
		portraits: make(map[string]*portrait), untagged: make(map[string]*portrait),
	}
}

// portrait makes the portrait of an entry.
func (d *domains) portrait(e *Entry) *portrait {
	p := &portrait{entry: e, tags: make([]int32, 0, len(e.Skills)+len(e.Themes))}
	for _, tags := range [][]Tag{e.Skills, e.Themes} {
		for _, t := range tags {
			p.tags = append(p.tags, d.tag(t))
		}
	}
	for _, language := range e.Title.Languages() {
		stems := d.stemmer.Stems(e.words(language), language)
		p.texts = append(p.texts, wording{language, stems})
	}
	return p
}

// tag returns the number of a tag, a new one if need be.
func (d *domains) tag(t Tag) int32 {
	n, ok := d.number[t]
	if !ok {
		n = int32(len(d.tags))
		tag := tagsWords([]Tag{t})[0]
		d.tags, d.tagged = append(d.tags, tag), append(d.tagged, nil)
		d.number[t] = n
		d.labels[tag.folded] = append(d.labels[tag.folded], n)
		if t.Concept != "" {
			d.concepts[t.Concept] = append(d.concepts[t.Concept], n)
		}
	}
	return n
}

// words returns title and description in a language.
func (e *Entry) words(language string) string {
	return e.Title[language] + "\n" + e.Description[language]
}

// meet makes an entry known if it is a commercial offer, and forgets its earlier text.
func (d *domains) meet(e *Entry) {
	if d.delete(e.ID); (e.Kind == Offer || e.Kind == Collective) && e.Price.Commercial() {
		d.put(e)
	}
}

// put makes the portrait of an entry known, in the place of that of an earlier text.
func (d *domains) put(e *Entry) {
	d.delete(e.ID)
	p := d.portrait(e)
	d.portraits[e.ID] = p
	if len(p.tags) == 0 {
		d.untagged[e.ID] = p
	}
	for _, n := range p.distinct() {
		d.tagged[n] = append(d.tagged[n], p)
	}
}

// delete forgets an entry.
func (d *domains) delete(iri string) {
	p, ok := d.portraits[iri]
	if !ok {
		return
	}
	delete(d.portraits, iri)
	delete(d.untagged, iri)
	for _, n := range p.distinct() {
		list := d.tagged[n]
		last := len(list) - 1
		list[slices.Index(list, p)], list[last] = list[last], nil
		d.tagged[n] = list[:last]
	}
}

// distinct returns the numbers of the tags, each once.
func (p *portrait) distinct() []int32 {
	list := slices.Clone(p.tags)
	slices.Sort(list)
	return slices.Compact(list)
}

// sitter prepares an entry for being compared with the portraits that there are. It changes nothing: what the domains have not met, no portrait has.
func (d *domains) sitter(e *Entry) *sitter {
	s := &sitter{
		domains: d, entry: e, tags: append(tagsWords(e.Skills), tagsWords(e.Themes)...), near: make([]int32, len(d.tags)), list: make([]nearby, 1),
	}
	s.best = make([]int64, len(s.tags))
	for _, n := range s.nearTags() {
		if near := s.nearness(n); near.top > 0 {
			s.near[n] = int32(len(s.list))
			s.list = append(s.list, near)
		}
	}
	for _, language := range e.Title.Languages() {
		stems, size := d.stemmer.Known(e.words(language), language)
		t := spoken{language, make([]uint8, d.stemmer.Len()), size}
		for _, n := range stems {
			t.has[n] = 1
		}
		s.texts = append(s.texts, t)
	}
	return s
}

// candidates iterates over the portraits that may share the domain of the entry, each once, in no order: those with a tag that is near one of its own,
// and those that have none; all, if it has none itself.
func (s *sitter) candidates() iter.Seq[*portrait] {
	if len(s.tags) == 0 {
		return maps.Values(s.portraits)
	}
	return func(yield func(*portrait) bool) {
		for n, near := range s.near {
			if near == 0 {
				continue
			}
			for _, p := range s.tagged[n] {
				// It comes with the first of its tags that is near.
				if i := slices.IndexFunc(p.tags, func(n int32) bool { return s.near[n] != 0 }); int(p.tags[i]) == n && !yield(p) {
					return
				}
			}
		}
		for _, p := range s.untagged {
			if !yield(p) {
				return
			}
		}
	}
}

// nearTags returns the numbers of the tags that may be near one of the sitter's, sorted.
func (s *sitter) nearTags() []int32 {
	var tags []int32
	for _, t := range s.tags {
		tags = append(append(tags, s.labels[t.folded]...), s.concepts[t.Concept]...)
		if s.scheme == nil || t.Concept == "" {
			continue
		}
		for concept, list := range s.concepts {
			if num, _ := s.scheme.Similarity(t.Concept, concept); num > 0 {
				tags = append(tags, list...)
			}
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// same reports whether two tags are the same: the same concept, or where one has none, the same label up to case and accents.
func (t tagWords) same(u tagWords) bool {
	if t.Concept != "" && u.Concept != "" {
		return t.Concept == u.Concept
	}
	return t.folded != "" && t.folded == u.folded
}

// million is how near a tag is to itself.
const million = 1_000_000

// nearness returns how near a tag is.
func (s *sitter) nearness(n int32) nearby {
	u := s.domains.tags[n]
	near := nearby{to: make([]int64, len(s.tags))}
	for i, t := range s.tags {
		switch {
		case t.same(u):
			near.to[i] = million
		case s.scheme != nil && t.Concept != "" && u.Concept != "":
			num, den := s.scheme.Similarity(t.Concept, u.Concept)
			near.to[i] = divide(int64(num)*million, int64(den))
		}
		near.top = max(near.top, near.to[i])
	}
	return near
}

// divide divides, and rounds to the nearest, up in doubt; neither is negative.
func divide(a, b int64) int64 { return (2*a + b) / (2 * b) }

// places is how many decimal places a similarity has.
const places = 4

// A likeness says how like each other two entries are, in ten thousandths.
type likeness struct {
	tagged, written bool // both have tags; both have words in a language that they share
	tags, text      int64
	shared          int // words
}

// domain reports whether both have a tag that is near one of the other, or where one has none, a word in common.
func (l likeness) domain() bool {
	if l.tagged {
		return l.tags > 0
	}
	return l.shared > 0
}

// total returns the similarity in ten thousandths.
func (l likeness) total() int64 {
	switch {
	case l.tagged && l.written:
		return divide(l.tags+l.text, 2)
	case l.tagged:
		return l.tags
	default:
		return l.text
	}
}

func (l likeness) similarity() decimal.Decimal { return decimal.New(l.total(), -places) }

// likeness compares an entry with a portrait.
func (s *sitter) likeness(p *portrait) likeness {
	l := likeness{tagged: len(s.tags) > 0 && len(p.tags) > 0}
	if l.tagged {
		clear(s.best)
		var sum int64 // in millionths
		for _, n := range p.tags {
			near := &s.list[s.near[n]]
			sum += near.top
			for i, v := range near.to {
				s.best[i] = max(s.best[i], v)
			}
		}
		for _, v := range s.best {
			sum += v
		}
		l.tags = divide(sum, 100*int64(len(s.tags)+len(p.tags)))
	}
	all := 0
	for i := range s.texts {
		a := &s.texts[i]
		for _, b := range p.texts {
			if a.language != b.language {
				continue
			}
			all += a.size + len(b.stems)
			for _, n := range b.stems {
				l.shared += int(a.has[n])
			}
		}
	}
	if all > 0 {
		l.written, l.text = true, divide(2*int64(l.shared)*10_000, int64(all))
	}
	return l
}

// shared returns the tags of the entry that are near one of a portrait, sorted.
func (s *sitter) shared(p *portrait) (list []string) {
	for i, t := range s.tags {
		if slices.ContainsFunc(p.tags, func(n int32) bool { to := s.list[s.near[n]].to; return to != nil && to[i] > 0 }) {
			list = append(list, t.String())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// words returns the stems that both texts have, over all languages that both are written in, the longest first, as many as evidence shows.
func (s *sitter) words(p *portrait) (list []string) {
	for _, a := range s.texts {
		for _, b := range p.texts {
			if a.language != b.language {
				continue
			}
			for _, n := range b.stems {
				if a.has[n] == 1 {
					list = append(list, s.stemmer.Stem(n))
				}
			}
		}
	}
	slices.SortFunc(list, longerFirst)
	list = slices.Compact(list)
	return list[:min(len(list), MaxWords)]
}
