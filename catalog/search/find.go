package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// scratch is the memory of one query, by slot.
type scratch struct {
	total, word []float64
	words       []uint8 // how many words were found
	touched     []int32 // by any word
	now         []int32 // by this word

	// norms holds, by the size of a document, what bm25 adds for it, and for which index.
	norms   [1024]float64
	average float64
}

// ready makes the scratch ready for a query; it is clear.
func (x *Index) ready(s *scratch) {
	if n := len(x.docs); len(s.total) < n {
		s.total, s.word, s.words = make([]float64, n), make([]float64, n), make([]uint8, n)
	}
	if average := x.average(); s.average != average {
		s.average = average
		for size := range s.norms {
			s.norms[size] = sizeNorm(int32(size), average)
		}
	}
}

// norm is sizeNorm, looked up for the sizes that most documents have.
func (s *scratch) norm(size int32) float64 {
	if int(size) < len(s.norms) {
		return s.norms[size]
	}
	return sizeNorm(size, s.average)
}

// clear makes the scratch ready for the next query.
func (s *scratch) clear() {
	for _, d := range s.touched {
		s.total[d], s.words[d] = 0, 0
	}
	s.touched = s.touched[:0]
}

// An alternative is a term that a word of a query is taken for.
type alternative struct {
	term  int32
	how   How
	found string
}

// Find returns a page of the documents that a query asks for. It takes time in proportion to how many documents have its words, and
// without words to how many there are. The error wraps [ErrInvalid] or [ErrLimit].
func (x *Index) Find(q Query) (*Result, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	from, paged, err := q.after()
	if err != nil {
		return nil, err
	}
	list := split(q.Text)
	meant := make([][]alternative, len(list))
	for i, w := range list {
		meant[i] = x.alternatives(w)
	}
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	x.ready(s)
	defer s.clear()
	for _, alternatives := range meant {
		x.score(s, alternatives)
	}

	page := cmp.Or(q.Page, DefaultPage)
	filter := x.filter(&q)
	counts := x.counter(q.Count)
	result := new(Result)
	var best []hit      // the best page+1 of those after the token, in order
	last := math.Inf(1) // the primary of the last of them, when they are so many
	plain := filter.plain() && counts.counts == nil
	consider := func(slot int32) {
		if q.All && int(s.words[slot]) < len(list) || !filter.has(x.spans[slot]) {
			return
		}
		h := hit{slot: slot, score: s.total[slot]}
		if !plain {
			missing := x.check(slot, filter)
			if missing < outside {
				counts.add(slot, missing, filter)
			}
			if missing != none {
				return
			}
		}
		result.Total++
		switch q.Sort {
		case Nearest:
			h.primary = x.docs[slot].distance(q.Near)
		case Newest:
			h.primary = -float64(x.docs[slot].date)
		default:
			h.primary = -h.score
		}
		if h.primary > last {
			return
		}
		h.id = x.docs[slot].id
		if paged && h.compare(from) <= 0 || len(best) > page && h.compare(best[page].rank) >= 0 {
			return
		}
		i, _ := slices.BinarySearchFunc(best, h.rank, func(h hit, r rank) int { return h.compare(r) })
		if len(best) > page {
			best = best[:page]
		}
		if best = slices.Insert(best, i, h); len(best) > page {
			last = best[page].primary
		}
	}
	if len(list) == 0 {
		for slot := range x.docs {
			if x.docs[slot].id != "" {
				consider(int32(slot))
			}
		}
	} else {
		simple := plain && !q.All && q.Sort == Relevance
		for _, slot := range s.touched {
			if simple && -s.total[slot] > last && filter.has(x.spans[slot]) {
				result.Total++ // most often: it counts, and there are enough better ones
				continue
			}
			consider(slot)
		}
	}
	result.Counts = counts.result()
	if len(best) > page {
		best = best[:page]
		result.Next = q.token(best[page-1].rank)
	}
	for _, h := range best {
		hit := Hit{ID: h.id, Score: h.score, Why: x.why(h.slot, list, meant)}
		if q.Near != nil {
			hit.Km = x.docs[h.slot].distance(q.Near)
		}
		result.Hits = append(result.Hits, hit)
	}
	return result, nil
}

type hit struct {
	slot  int32
	score float64
	rank
}

// alternatives returns the terms that a word may be taken for, each once, in the way that counts most.
func (x *Index) alternatives(w sought) []alternative {
	var list []alternative
	add := func(f int32, how How) {
		if x.uses[f].docs > 0 {
			list = append(list, alternative{x.uses[f].term, how, x.forms[f].word})
		}
	}
	x.surfaced(w.folded, func(f int32) {
		if x.forms[f].word == w.folded {
			add(f, Stem)
		} else if w.last {
			add(f, Prefix)
		}
	})
	for _, language := range []string{French, English} {
		if t, ok := x.termOf(w.word, language); ok && len(x.postings[t].list) > 0 {
			list = append(list, alternative{t, Stem, w.folded})
		}
	}
	if len(list) == 0 {
		x.typos(w, add, &list)
	}
	slices.SortFunc(list, func(a, b alternative) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.how, b.how), strings.Compare(a.found, b.found))
	})
	return slices.CompactFunc(list, func(a, b alternative) bool { return a.term == b.term })
}

// surfaced calls yield with the forms of the words that begin so, in no order.
func (x *Index) surfaced(beginning string, yield func(f int32)) {
	try := func(list []int32) {
		for _, f := range list {
			if strings.HasPrefix(x.forms[f].word, beginning) {
				yield(f)
			}
		}
	}
	first := surface(beginning)
	if len(beginning) >= len(first) {
		try(x.surfaces[first])
		return
	}
	for three, list := range x.surfaces {
		if string(three[:len(beginning)]) == beginning {
			try(list)
		}
	}
}

// A word shorter than this is not taken for one with a typo: too many others are like it.
const leastForTypo = 4

// typos adds the terms of which the word, or the stem of a word, is one typo away.
func (x *Index) typos(w sought, add func(int32, How), list *[]alternative) {
	if n := letters(w.folded); n >= leastForTypo {
		set := lettersOf(w.folded)
		for k := n - 1; k <= min(n+1, MaxWordBytes); k++ {
			for _, f := range x.lengths[k] {
				if bits.OnesCount32(set^x.forms[f].letters) <= 2 && oneTypo(w.folded, x.forms[f].word) {
					add(f, Typo)
				}
			}
		}
	}
	for _, language := range []string{French, English} {
		stem := stem(w.word, language)
		set := lettersOf(stem)
		if letters(stem) < leastForTypo {
			continue
		}
		for i := range x.terms {
			if t := &x.terms[i]; bits.OnesCount32(set^t.letters) <= 2 && len(x.postings[i].list) > 0 && oneTypo(stem, t.stem) {
				*list = append(*list, alternative{int32(i), Typo, t.stem})
			}
		}
	}
}

// oneTypo reports whether two words differ by one letter more, one less, another one, or two neighbours that have changed places (the
// optimal string alignment distance is 1).
func oneTypo(a, b string) bool {
	for a != "" && b != "" {
		i, j := first(a), first(b)
		if a[:i] != b[:j] {
			break
		}
		a, b = a[i:], b[j:]
	}
	if a == "" || b == "" {
		return a != b && len(a) == first(a) && len(b) == first(b)
	}
	i, j := first(a), first(b)
	if a[i:] == b[j:] || a[i:] == b || a == b[j:] {
		return true
	}
	k, l := i+first(a[i:]), j+first(b[j:])
	return k > i && l > j && a[:i] == b[j:l] && a[i:k] == b[:j] && a[k:] == b[l:]
}

// first returns the length of the first letter of s in bytes, 0 if there is none.
func first(s string) int {
	if s == "" {
		return 0
	}
	n := 1
	for n < len(s) && s[n]&0xC0 == 0x80 {
		n++
	}
	return n
}

// The parameters of BM25, as its authors recommend them.
const (
	saturation = 1.2
	lengthBias = 0.75
)

// rarity is the inverse document frequency of a term, in the form that is never negative.
func (x *Index) rarity(t int32) float64 {
	n, have := float64(len(x.slots)), float64(len(x.postings[t].list))
	return math.Log(1 + (n-have+0.5)/(have+0.5))
}

// average is how many words the documents have on average, weighted.
func (x *Index) average() float64 { return float64(x.length) / float64(len(x.slots)) }

// sizeNorm is what bm25 adds to a frequency for the size of a document.
func sizeNorm(size int32, average float64) float64 {
	// Products are rounded before they are added, so that every processor gets the same.
	length := float64(lengthBias * float64(size) / average)
	return float64(saturation * (1 - lengthBias + length))
}

// bm25 is the score of a posting of a term with this rarity, in a document with this norm.
func bm25(p posting, rarity, norm float64) float64 {
	tf := float64(p.weight)
	return rarity * tf * (saturation + 1) / (tf + norm)
}

// score adds what a word with these alternatives counts in each document: the best of them.
func (x *Index) score(s *scratch, alternatives []alternative) {
	s.now = s.now[:0]
	for _, a := range alternatives {
		rarity, factor := x.rarity(a.term), a.how.factor()
		for _, p := range x.postings[a.term].list {
			score := float64(factor * bm25(p, rarity, s.norm(x.sizes[p.doc])))
			if len(alternatives) == 1 {
				s.add(p.doc, score)
				continue
			}
			if s.word[p.doc] == 0 {
				s.now = append(s.now, p.doc)
			}
			s.word[p.doc] = max(s.word[p.doc], score)
		}
	}
	for _, d := range s.now {
		s.add(d, s.word[d])
		s.word[d] = 0
	}
}

// add adds what one word counts in a document, which is above zero.
func (s *scratch) add(doc int32, score float64) {
	if s.words[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.words[doc]++
	s.total[doc] += score
}

// why works out the reasons for a hit.
func (x *Index) why(slot int32, list []sought, meant [][]alternative) []Reason {
	var reasons []Reason
	for i, w := range list {
		var best Reason
		for _, a := range meant[i] {
			at, ok := x.postings[a.term].find(slot)
			if !ok {
				continue
			}
			p := x.postings[a.term].list[at]
			r := Reason{w.folded, a.found, a.how, p.fields, a.how.factor() * bm25(p, x.rarity(a.term), sizeNorm(x.sizes[slot], x.average()))}
			if r.Score > best.Score || r.Score == best.Score && cmp.Or(cmp.Compare(r.How, best.How), strings.Compare(r.Found, best.Found)) < 0 {
				best = r
			}
		}
		if best.Score > 0 {
			reasons = append(reasons, best)
		}
	}
	return reasons
}
