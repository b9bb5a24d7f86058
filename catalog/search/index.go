package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// MaxDocuments is how many documents an index holds at most.
const MaxDocuments = 5_000_000

// A Field is a part of a document.
type Field uint8

// The fields, by the weight that a word in them has.
const (
	InBody     Field = 1 << iota // counts once
	InKeywords                   // twice
	InTitle                      // three times
)

// String returns "body", "keywords" or "title"; for several of them, from the weightiest on, "title, body".
func (f Field) String() string {
	var names []string
	for _, field := range []struct {
		field Field
		name  string
	}{{InTitle, "title"}, {InKeywords, "keywords"}, {InBody, "body"}} {
		if f&field.field != 0 {
			names = append(names, field.name)
		}
	}
	return strings.Join(names, ", ")
}

// An Index finds documents. Make one with [New].
type Index struct {
	slots map[string]int32 // id → slot
	docs  []document       // by slot
	sizes []int32          // by slot: how many words, weighted
	spans []span           // by slot: when it can be had
	free  []int32          // slots without a document

	terms    []term
	postings []postings       // by term
	term     map[string]int32 // stem → term

	forms    []form
	uses     []use                     // by form
	known    map[string]*lexicon       // by language: word → form
	surfaces map[[3]byte][]int32       // by the first three bytes of their words: forms, where what is typed is completed
	lengths  [MaxWordBytes + 1][]int32 // by how many letters they have: forms, where typos are looked for

	values  map[Facet]int32
	facets  []value
	names   []string  // of facets
	columns [][]int32 // by the number of a name, of the first maxColumns: by slot, the value that the document has, noValue or several
	spots   []spot    // by slot

	length int64      // of all documents together: the sum of sizes
	words  []word     // of the text that is being entered
	met    []int32    // the forms of the document that is being entered
	pool   *sync.Pool // of *scratch
}

// A document as the index holds it.
type document struct {
	id       string // "": the slot is free
	forms    []int32
	facets   []int32 // values, sorted
	places   []Place
	radius   float64
	anywhere bool
	date     int64 // seconds since 1970
}

// A span is from one instant to before another, in seconds since 1970.
type span struct{ from, till int64 }

// A term is a stem, which stands for all of its forms.
type term struct {
	stem    string
	letters uint32 // which letters it has
	forms   []int32
}

// The postings of a term say in which documents it occurs, in the order of their slots.
type postings struct {
	list []posting
	last int32 // the slot of the last one, -1 for none, so that nothing need be read to add one
}

type posting struct {
	doc    int32
	weight uint16 // how often it occurs, weighted
	fields Field
}

// A form is a word as it is written, without accents. One word may have several: in different languages, or with accents.
type form struct {
	word    string
	letters uint32 // which letters it has
}

// A use says what a form stands for and where it is met; it is looked at for each word of a text.
type use struct {
	term   int32
	docs   int32 // how many documents have it
	weight int32 // how often it occurs in the document that is being entered, weighted; between documents it is 0
	fields Field // where in that document
}

// A value of a facet, and the number of its name.
type value struct {
	Facet
	name int
}

// What stands in a column where the document has not just one value.
const (
	noValue = -1
	several = -2
)

// maxColumns is how many facets have a column, which takes room for every document. Of a facet beyond, the values of each document are looked through.
const maxColumns = 32

// New returns an empty index.
func New() *Index {
	return &Index{
		slots: make(map[string]int32), term: make(map[string]int32), values: make(map[Facet]int32), surfaces: make(map[[3]byte][]int32), known: make(map[string]*lexicon),
		pool: &sync.Pool{New: func() any { return new(scratch) }},
	}
}

// Len returns how many documents there are.
func (x *Index) Len() int { return len(x.slots) }

// Has reports whether there is a document with that id.
func (x *Index) Has(id string) bool {
	_, ok := x.slots[id]
	return ok
}

// Put adds a document, in the place of the one with the same id if there is one. The error wraps [ErrInvalid] or [ErrLimit].
func (x *Index) Put(d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	if !x.Has(d.ID) && len(x.slots) >= MaxDocuments {
		return bad(ErrLimit, "documents", fmt.Sprint(len(x.slots)+1), "must be at most %d", MaxDocuments)
	}
	x.Delete(d.ID)
	slot := int32(len(x.docs))
	if n := len(x.free); n > 0 {
		slot, x.free = x.free[n-1], x.free[:n-1]
	} else {
		x.docs, x.sizes, x.spans, x.spots = append(x.docs, document{}), append(x.sizes, 0), append(x.spans, span{}), append(x.spots, spot{})
	}
	x.slots[d.ID] = slot
	x.spans[slot] = span{seconds(d.From, -forever), seconds(d.Until, forever)}
	x.docs[slot] = document{
		id: d.ID, facets: x.valuesOf(d.Facets), places: slices.Clone(d.Places), radius: d.Radius, anywhere: d.Anywhere, date: seconds(d.Date, 0),
	}
	x.spots[slot] = spotOf(d.Places, d.Radius, d.Anywhere)
	x.enterFacets(slot)
	x.enter(&d, slot)
	return nil
}

// enterFacets enters the values of a document in the columns.
func (x *Index) enterFacets(slot int32) {
	for i := range x.columns {
		for len(x.columns[i]) < len(x.docs) {
			x.columns[i] = append(x.columns[i], noValue)
		}
		x.columns[i][slot] = noValue
	}
	for _, v := range x.docs[slot].facets {
		if name := x.facets[v].name; name < len(x.columns) {
			at := &x.columns[name][slot]
			if *at == noValue {
				*at = v
			} else {
				*at = several
			}
		}
	}
}

// enter enters the words of a document.
func (x *Index) enter(d *Document, slot int32) {
	for _, part := range []struct {
		texts  []Text
		field  Field
		weight int32
	}{{d.Title, InTitle, 3}, {d.Keywords, InKeywords, 2}, {d.Body, InBody, 1}} {
		for _, t := range part.texts {
			x.words = x.words[:0]
			scan(t.Text, func(start, end int) {
				x.words = append(x.words, word{pack(t.Text, start, end), int32(start), int32(end)})
			})
			known := x.lexicon(t.Language)
			for _, w := range x.words {
				raw := t.Text[w.start:w.end]
				f := known.find(w.key, raw)
				if f == unknown {
					f = x.formOf(raw, t.Language)
					known.add(w.key, raw, f)
				}
				if f == nothing {
					continue
				}
				u := &x.uses[f]
				if u.weight == 0 {
					x.met = append(x.met, f)
				}
				u.weight += part.weight
				u.fields |= part.field
			}
		}
	}
	x.docs[slot].forms = slices.Clone(x.met)
	size := int32(0)
	for _, f := range x.met {
		u := &x.uses[f]
		size += u.weight
		x.postings[u.term].add(posting{slot, uint16(min(u.weight, math.MaxUint16)), u.fields})
		u.docs++
		u.weight, u.fields = 0, 0
	}
	x.met = x.met[:0]
	x.sizes[slot] = size
	x.length += int64(size)
}

// add adds a posting, most often the last. What is there for the same document already, of another form of the term, it adds to.
func (p *postings) add(q posting) {
	if q.doc > p.last {
		p.list, p.last = append(p.list, q), q.doc
		return
	}
	i, ok := p.find(q.doc)
	if !ok {
		p.list = slices.Insert(p.list, i, q)
		return
	}
	same := &p.list[i]
	same.weight = uint16(min(int(same.weight)+int(q.weight), math.MaxUint16))
	same.fields |= q.fields
}

// delete takes out the posting of a document, if there is one.
func (p *postings) delete(slot int32) {
	if i, ok := p.find(slot); ok {
		p.list = slices.Delete(p.list, i, i+1)
	}
	if p.last = nothing; len(p.list) > 0 {
		p.last = p.list[len(p.list)-1].doc
	}
}

// find returns where the posting of a document is, or would be.
func (p *postings) find(slot int32) (int, bool) {
	return slices.BinarySearchFunc(p.list, slot, func(p posting, slot int32) int { return cmp.Compare(p.doc, slot) })
}

// lexicon returns what is known of the words of a language.
func (x *Index) lexicon(language string) *lexicon {
	l := x.known[language]
	if l == nil {
		l = new(lexicon)
		x.known[strings.Clone(language)] = l
	}
	return l
}

// formOf returns the form of a word as it stands in a text, made if need be, or nothing.
func (x *Index) formOf(raw, language string) int32 {
	word := lower(raw)
	folded := fold(word)
	if folded == "" || stop(folded, language) {
		return nothing
	}
	return x.form(strings.Clone(folded), stem(word, language))
}

// form returns the form of a folded word with a stem, made if need be.
func (x *Index) form(word, stem string) int32 {
	t, ok := x.term[stem]
	if !ok {
		stem = strings.Clone(stem)
		t = int32(len(x.terms))
		x.terms, x.postings = append(x.terms, term{stem: stem, letters: lettersOf(stem)}), append(x.postings, postings{last: nothing})
		x.term[stem] = t
	}
	for _, f := range x.terms[t].forms {
		if x.forms[f].word == word {
			return f
		}
	}
	f := int32(len(x.forms))
	x.forms, x.uses = append(x.forms, form{word, lettersOf(word)}), append(x.uses, use{term: t})
	x.terms[t].forms = append(x.terms[t].forms, f)
	x.surfaces[surface(word)] = append(x.surfaces[surface(word)], f)
	n := letters(word)
	x.lengths[n] = append(x.lengths[n], f)
	return f
}

// surface returns the first three bytes of a word, zero where it is shorter.
func surface(word string) (s [3]byte) {
	copy(s[:], word)
	return s
}

// letters returns the length of a word in letters, at most [MaxWordBytes].
func letters(word string) int { return min(utf8.RuneCountInString(word), MaxWordBytes) }

// lettersOf returns which letters a word has: a bit for each from a to z, and one for all others. Words that are one typo
// apart differ in two bits at most.
func lettersOf(word string) uint32 {
	var set uint32
	for i := range len(word) {
		if c := word[i] - 'a'; c < 26 {
			set |= 1 << c
		} else {
			set |= 1 << 26
		}
	}
	return set
}

// valuesOf returns the numbers of facets, sorted.
func (x *Index) valuesOf(facets []Facet) []int32 {
	list := make([]int32, len(facets))
	for i, f := range facets {
		list[i] = x.value(f)
	}
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// value returns the number of a facet.
func (x *Index) value(f Facet) int32 {
	v, ok := x.values[f]
	if !ok {
		v = int32(len(x.facets))
		f = Facet{strings.Clone(f.Name), strings.Clone(f.Value)}
		name := slices.Index(x.names, f.Name)
		if name < 0 {
			name = len(x.names)
			x.names = append(x.names, f.Name)
			if name < maxColumns {
				x.columns = append(x.columns, nil)
			}
		}
		x.facets = append(x.facets, value{f, name})
		x.values[f] = v
	}
	return v
}

// Delete takes a document out; it reports whether there was one.
func (x *Index) Delete(id string) bool {
	slot, ok := x.slots[id]
	if !ok {
		return false
	}
	d := &x.docs[slot]
	for _, f := range d.forms {
		u := &x.uses[f]
		u.docs--
		x.postings[u.term].delete(slot)
	}
	x.length -= int64(x.sizes[slot])
	x.docs[slot], x.sizes[slot], x.spans[slot], x.spots[slot] = document{}, 0, span{}, spot{}
	delete(x.slots, id)
	x.free = append(x.free, slot)
	return true
}
