package search

import (
	"cmp"
	"slices"
)

// Telling is how many words of a document [Index.Resemble] looks at: those that tell most.
const Telling = 16

// Resemble calls visit with each document that has one of the words of d that tell most, and how much of d it has in words: more than 0 and less than
// 1. The words that tell most are the [Telling] ones that are rarest in the index (of equally rare ones, the first in alphabetical order of their stems);
// the share is the BM25 score of the document for them, as in [Index.Find] but without prefixes and typos, over what it would be if each occurred without end. d itself
// need not be in the index; if it is, it is visited too. The order of the visits is not defined.
func (x *Index) Resemble(d Document, visit func(id string, share float64)) error {
	if err := d.check(); err != nil {
		return err
	}
	found := make(map[int32]struct{})
	for _, texts := range [][]Text{d.Title, d.Keywords, d.Body} {
		for _, t := range texts {
			words(t.Text, func(word string) {
				if folded := fold(word); folded == "" || stop(folded, t.Language) {
					return
				}
				if i, ok := x.termOf(word, t.Language); ok && len(x.postings[i].list) > 0 {
					found[i] = struct{}{}
				}
			})
		}
	}
	var list []int32
	for i := range found {
		list = append(list, i)
	}
	slices.SortFunc(list, func(i, j int32) int {
		return cmp.Or(cmp.Compare(len(x.postings[i].list), len(x.postings[j].list)), cmp.Compare(x.terms[i].stem, x.terms[j].stem))
	})
	list = list[:min(len(list), Telling)]

	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	x.ready(s)
	defer s.clear()
	most := 0.0
	for _, i := range list {
		most += x.rarity(i) * (saturation + 1)
		x.score(s, []alternative{{term: i}})
	}
	for _, slot := range s.touched {
		visit(x.docs[slot].id, s.total[slot]/most)
	}
	return nil
}

// termOf returns the term of a word in lower case in a language; false for one that the index does not have.
func (x *Index) termOf(word, language string) (int32, bool) {
	if f := x.known[language].find(pack(word, 0, len(word)), word); f >= 0 {
		return x.uses[f].term, true
	}
	i, ok := x.term[stem(word, language)]
	return i, ok
}
