package search

import (
	"math/bits"
	"math/rand/v2"
	"strings"
)

// A lexicon remembers of every word of a language, as it stood in a text, which form it is, so that it is folded, stemmed and looked for
// once: there are few different ones. Most of what indexing does is to look up words, hence a table of its own instead of a map: with
// open addressing, at most half full, in which a word is compared without following a pointer. What indexes hold does not depend on where in it a word is.
type lexicon struct {
	slots []entry // none, or a power of two
	taken int
	long  map[string]int32 // the words that have no key
}

type entry struct {
	key  key // zero: the slot is free
	form int32
}

// nothing stands for the form of a word that carries no meaning, unknown for that of one that is not remembered.
const (
	nothing = -1
	unknown = -2
)

// A word of a text: its key, and where it stands.
type word struct {
	key
	start, end int32
}

// A key is a word of 1 to 16 bytes. None of its bytes is zero, so that different words have different keys; zero is the key of none.
type key [2]uint64

// pack returns the key of the word that stands in a text from start to end, zero for one that is too long.
func pack(text string, start, end int) (k key) {
	n := end - start
	switch {
	case n > 16:
		return key{}
	case start+16 > len(text): // the last word, or the one before it
		for i := range n {
			k[i/8] |= uint64(text[start+i]) << (i % 8 * 8)
		}
		return k
	case n > 8:
		return key{load(text[start:]), load(text[start+8:]) & (1<<(8*(n-8)) - 1)}
	default:
		return key{load(text[start:]) & (1<<(8*n) - 1), 0}
	}
}

// load returns the first eight bytes of s. Compilers make one instruction of it.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// salt keeps whoever writes the texts from choosing words that fall on the same slot.
var salt = [2]uint64{rand.Uint64(), rand.Uint64()}

func (k key) hash() uint64 {
	high, low := bits.Mul64(k[0]^salt[0], k[1]^salt[1])
	return high ^ low
}

// find returns the form of a word of a text. The nil lexicon knows none.
func (l *lexicon) find(k key, raw string) int32 {
	switch {
	case l == nil:
		return unknown
	case k == key{}:
		if f, ok := l.long[raw]; ok {
			return f
		}
		return unknown
	case l.taken == 0:
		return unknown
	}
	if e := l.slot(k); e.key == k {
		return e.form
	}
	return unknown
}

// slot returns the entry of a key, or the free one where it belongs. There is one.
func (l *lexicon) slot(k key) *entry {
	mask := uint64(len(l.slots) - 1)
	for i := k.hash() & mask; ; i = (i + 1) & mask {
		if e := &l.slots[i]; e.key == k || e.key == (key{}) {
			return e
		}
	}
}

// add remembers the form of a word that is unknown, unless it is longer than what an index keeps of a word.
func (l *lexicon) add(k key, raw string, form int32) {
	if k == (key{}) {
		if l.long == nil {
			l.long = make(map[string]int32)
		}
		if len(raw) <= MaxWordBytes {
			l.long[strings.Clone(raw)] = form
		}
		return
	}
	if l.taken++; 2*l.taken > len(l.slots) {
		old := l.slots
		l.slots = make([]entry, max(2*len(old), 64))
		for _, e := range old {
			if e.key != (key{}) {
				*l.slot(e.key) = e
			}
		}
	}
	*l.slot(k) = entry{k, form}
}
