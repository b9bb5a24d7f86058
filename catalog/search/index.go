package search

import (
	"cmp"
	"fmt"
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
	free  []int32          // slots without a document

	terms []term
	term  map[string]int32 // stem → term

	forms    []form
	form     map[formKey]int32
	surfaces [256][]int32 // by the first byte of their words: forms in the order of their words, where what is typed is completed
	lengths  [][]int32    // forms by how many letters they have: where typos are looked for

	values map[Facet]int32
	facets []value
	names  []string // of facets

	length int64                       // of all documents together
	known  map[string]map[string]int32 // by language and word: the form, or nothing: stemming is dear, and the vocabulary is small
	seen   marks                       // the forms and terms of the document that is being entered
	pool   *sync.Pool                  // of *scratch
}

// marks collects the forms and terms of a document; between documents it is empty.
type marks struct {
	form, term []bool
	postings   []posting // by term
	terms      []int32
}

// A document as the index holds it.
type document struct {
	id         string // "": the slot is free
	forms      []int32
	facets     []int32 // values, sorted
	places     []Place
	radius     float64
	anywhere   bool
	length     int32 // weighted number of words
	date       int64 // seconds since 1970
	from, till int64
}

// A term is a stem and the documents that have it.
type term struct {
	stem    string
	letters uint32    // which letters it has
	list    []posting // in the order of the slots
}

type posting struct {
	doc    int32
	weight uint16 // how often it occurs, weighted
	fields Field
}

// A form is a word as it is written, without accents, and its term. One word may have several: in different languages, or with accents.
type form struct {
	word    string
	letters uint32 // which letters it has
	term    int32
	docs    int32 // how many documents have it
}

// A value of a facet, and the number of its name.
type value struct {
	Facet
	name int
}

type formKey struct{ word, stem string }

// New returns an empty index.
func New() *Index {
	return &Index{
		slots: make(map[string]int32), term: make(map[string]int32), form: make(map[formKey]int32),
		lengths: make([][]int32, MaxWordBytes+1), values: make(map[Facet]int32), known: make(map[string]map[string]int32),
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
		x.docs = append(x.docs, document{})
	}
	x.slots[d.ID] = slot
	x.docs[slot] = x.digest(&d, slot)
	x.length += int64(x.docs[slot].length)
	return nil
}

// digest enters the words of a document and returns what is kept of it.
func (x *Index) digest(d *Document, slot int32) document {
	kept := document{
		id: d.ID, places: slices.Clone(d.Places), radius: d.Radius, anywhere: d.Anywhere,
		date: seconds(d.Date, 0), from: seconds(d.From, -forever), till: seconds(d.Until, forever),
	}
	m := &x.seen
	for _, part := range []struct {
		texts  []Text
		field  Field
		weight int32
	}{{d.Title, InTitle, 3}, {d.Keywords, InKeywords, 2}, {d.Body, InBody, 1}} {
		for _, t := range part.texts {
			known := x.vocabulary(t.Language)
			words(t.Text, func(word string) {
				f, ok := known[word]
				if !ok {
					f = x.enter(known, word, t.Language)
				}
				if f == nothing {
					return
				}
				kept.length += part.weight
				if !m.form[f] {
					m.form[f] = true
					kept.forms = append(kept.forms, f)
				}
				i := x.forms[f].term
				if !m.term[i] {
					m.term[i] = true
					m.terms = append(m.terms, i)
				}
				p := &m.postings[i]
				p.weight = uint16(min(int32(p.weight)+part.weight, 1<<16-1))
				p.fields |= part.field
			})
		}
	}
	kept.forms = slices.Clip(kept.forms)
	for _, f := range kept.forms {
		x.forms[f].docs++
		m.form[f] = false
	}
	for _, i := range m.terms {
		p := m.postings[i]
		p.doc = slot
		x.terms[i].insert(p)
		m.term[i], m.postings[i] = false, posting{}
	}
	m.terms = m.terms[:0]
	for _, f := range d.Facets {
		kept.facets = append(kept.facets, x.value(f))
	}
	slices.Sort(kept.facets)
	kept.facets = slices.Clip(slices.Compact(kept.facets))
	return kept
}

// insert adds a posting, most often the last.
func (t *term) insert(p posting) {
	if n := len(t.list); n == 0 || t.list[n-1].doc < p.doc {
		t.list = append(t.list, p)
		return
	}
	i, _ := t.find(p.doc)
	t.list = slices.Insert(t.list, i, p)
}

// find returns where the posting of a slot is, or would be.
func (t *term) find(slot int32) (int, bool) {
	return slices.BinarySearchFunc(t.list, slot, func(p posting, slot int32) int { return cmp.Compare(p.doc, slot) })
}

// nothing stands for the form of a word that carries no meaning.
const nothing = -1

// vocabulary returns the words that are known in a language, by their forms.
func (x *Index) vocabulary(language string) map[string]int32 {
	known := x.known[language]
	if known == nil {
		known = make(map[string]int32)
		x.known[strings.Clone(language)] = known
	}
	return known
}

// enter makes a word known and returns its form.
func (x *Index) enter(known map[string]int32, word, language string) int32 {
	word = strings.Clone(word)
	f := int32(nothing)
	if folded := fold(word); folded != "" && !stop(folded, language) {
		f = x.makeForm(formKey{folded, stem(word, language)})
	}
	known[word] = f
	return f
}

// makeForm returns the form of a word with a stem, made if need be.
func (x *Index) makeForm(key formKey) int32 {
	f, ok := x.form[key]
	if ok {
		return f
	}
	t, ok := x.term[key.stem]
	if !ok {
		t = int32(len(x.terms))
		x.terms = append(x.terms, term{stem: key.stem, letters: lettersOf(key.stem)})
		x.term[key.stem] = t
		x.seen.term, x.seen.postings = append(x.seen.term, false), append(x.seen.postings, posting{})
	}
	f = int32(len(x.forms))
	x.forms = append(x.forms, form{word: key.word, letters: lettersOf(key.word), term: t})
	x.form[key] = f
	x.seen.form = append(x.seen.form, false)
	same := &x.surfaces[key.word[0]]
	*same = slices.Insert(*same, x.surface(f), f)
	n := letters(key.word)
	x.lengths[n] = append(x.lengths[n], f)
	return f
}

// surface returns where a form stands, or would, among the surfaces with its first byte: by word, then stem.
func (x *Index) surface(f int32) int {
	i, _ := slices.BinarySearchFunc(x.surfaces[x.forms[f].word[0]], f, func(a, b int32) int {
		return cmp.Or(strings.Compare(x.forms[a].word, x.forms[b].word), strings.Compare(x.terms[x.forms[a].term].stem, x.terms[x.forms[b].term].stem))
	})
	return i
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
		x.forms[f].docs--
		t := &x.terms[x.forms[f].term]
		if i, ok := t.find(slot); ok { // else another form of the same term was here
			t.list = slices.Delete(t.list, i, i+1)
		}
	}
	x.length -= int64(d.length)
	*d = document{}
	delete(x.slots, id)
	x.free = append(x.free, slot)
	return true
}
