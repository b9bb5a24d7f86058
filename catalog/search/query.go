package search

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits on one query.
const (
	DefaultPage   = 20
	MaxPage       = 1000
	MaxQueryBytes = 2000
	MaxQueryWords = 100 // those beyond are not looked at
)

// A Sort is an order of what is found.
type Sort uint8

// The orders. What is equal in one is in the order of the ids.
const (
	Relevance Sort = iota // the best first, see the package documentation
	Nearest               // by the distance from [Query.Near], which must be given
	Newest                // by [Document.Date], the latest first
)

// Near is a place and how far around it.
type Near struct {
	Place
	Km float64 // above zero
}

// A Query asks an index for documents. The zero Query finds all of them.
type Query struct {
	// Text holds the words to look for, in French, English or both.
	Text string
	// All asks that every word be found; otherwise one is enough, and more are better.
	All bool
	// Where asks for documents that have, for each name given, one of the values given with it.
	Where []Facet
	// Without asks for documents that have none of these.
	Without []Facet
	// Near asks for documents that are at most so far away.
	Near *Near
	// From and Until ask for documents that can be had at some time from From on and before Until. Zero: without bound.
	From, Until time.Time
	Sort        Sort
	// Page is how many are returned at most, up to [MaxPage]; 0 means [DefaultPage].
	Page int
	// After is the [Result.Next] of the page before; the rest of the query must be the same.
	After string
	// Count names the facets that are to be counted.
	Count []string
}

// A Result is a page of what was found.
type Result struct {
	Total int // how many documents were found, on all pages
	Hits  []Hit
	// Counts says how many documents there are for each value of the facets in [Query.Count], in the order of name and value. What the
	// query asks of a facet is disregarded in counting that facet, so that one sees what else there would be.
	Counts []Count
	// Next is for the query for the next page; empty on the last.
	Next string
}

// A Hit is a document that was found.
type Hit struct {
	ID    string
	Score float64 // 0 for a query without words
	// Km is the distance from [Query.Near] in kilometres, less the document's radius: 0 within it, or anywhere.
	Km float64
	// Why says what each word of the query found, in the order of the query. The scores add up to Score.
	Why []Reason
}

// A Reason is what a word of a query found in a document.
type Reason struct {
	Word  string // of the query, folded
	Found string // the word of the documents that it was taken for, folded; for [Stem] itself, or one with the same stem
	How   How
	In    Field // where it was found; may be several
	Score float64
}

// How says in what way a word was found.
type How uint8

// The ways, from the best on.
const (
	Stem   How = iota // the same stem
	Prefix            // the beginning
	Typo              // one typo away
)

// String returns "stem", "prefix" or "typo".
func (h How) String() string { return [...]string{"stem", "prefix", "typo"}[h] }

// factor is what a word counts that is found in this way.
func (h How) factor() float64 { return [...]float64{1, 0.5, 1.0 / 3}[h] }

// A Count is how many documents have a value of a facet.
type Count struct {
	Facet
	Documents int
}

func (q *Query) check() error {
	switch {
	case len(q.Text) > MaxQueryBytes:
		return bad(ErrLimit, "text", q.Text, "must be at most %d bytes", MaxQueryBytes)
	case q.Page < 0 || q.Page > MaxPage:
		return bad(ErrInvalid, "page", fmt.Sprint(q.Page), "must be from 0 to %d", MaxPage)
	case q.Sort > Newest:
		return bad(ErrInvalid, "sort", fmt.Sprint(q.Sort), "is not known")
	case q.Sort == Nearest && q.Near == nil:
		return bad(ErrInvalid, "near", "", "must be given to sort by distance")
	case !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until):
		return bad(ErrInvalid, "until", q.Until.Format(time.RFC3339), "must be after %s", q.From.Format(time.RFC3339))
	case len(q.Where) > MaxFacets || len(q.Count) > MaxFacets || len(q.Without) > MaxFacets:
		return bad(ErrLimit, "facets", fmt.Sprint(max(len(q.Where), len(q.Count), len(q.Without))), "must be at most %d", MaxFacets)
	}
	if q.Near != nil {
		if err := q.Near.check("near"); err != nil {
			return err
		}
		if !(q.Near.Km > 0) || math.IsInf(q.Near.Km, 0) {
			return bad(ErrInvalid, "near", fmt.Sprint(q.Near.Km), "must be a distance above zero")
		}
	}
	for _, f := range q.Where {
		if err := f.check("where"); err != nil {
			return err
		}
	}
	return nil
}

// A sought word is a word of a query.
type sought struct {
	word    string // in lower case, with accents
	folded  string
	last    bool // still being typed
	nothing bool // carries no meaning in one of the languages
}

// split returns the words of a query that count. Those that carry no meaning do where there is no other.
func split(text string) []sought {
	var list []sought
	meaning := false
	words(text, func(word string) {
		folded := fold(word)
		if folded == "" || len(list) == MaxQueryWords {
			return
		}
		s := sought{word: word, folded: folded, nothing: stop(folded, French) || stop(folded, English)}
		meaning = meaning || !s.nothing
		list = append(list, s)
	})
	if r, _ := utf8.DecodeLastRuneInString(text); len(list) > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
		list[len(list)-1].last = true
	}
	if meaning {
		list = slices.DeleteFunc(list, func(s sought) bool { return s.nothing })
	}
	return list
}

// A rank is where a hit stands in the order.
type rank struct {
	primary float64 // ascending
	id      string
}

func (r rank) compare(o rank) int {
	if c := cmp.Compare(r.primary, o.primary); c != 0 {
		return c
	}
	return cmp.Compare(r.id, o.id)
}

// fingerprint is the same for the queries that one token may be used with.
func (q *Query) fingerprint() uint64 {
	same := *q
	same.After, same.Page, same.Count = "", 0, nil
	near := Near{}
	if q.Near != nil {
		near = *q.Near
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %t %q %q %v %d %d %d", same.Text, same.All, same.Where, same.Without, near, seconds(same.From, -forever), seconds(same.Until, forever), same.Sort)
	return h.Sum64()
}

// token writes a rank for the next page of the query.
func (q *Query) token(r rank) string {
	b := binary.BigEndian.AppendUint64(nil, q.fingerprint())
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(r.primary))
	return base64.RawURLEncoding.EncodeToString(append(b, r.id...))
}

// after reads the token of the query; false if it has none.
func (q *Query) after() (rank, bool, error) {
	if q.After == "" {
		return rank{}, false, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(q.After)
	if err != nil || len(b) <= 16 || len(b) > 16+MaxIDBytes || binary.BigEndian.Uint64(b) != q.fingerprint() {
		return rank{}, false, bad(ErrInvalid, "after", q.After, "must be the token that this query returned for its next page")
	}
	return rank{math.Float64frombits(binary.BigEndian.Uint64(b[8:])), string(b[16:])}, true, nil
}

// forever is more seconds than any date has.
const forever = 1 << 60

// seconds returns an instant in seconds since 1970, or zero for the zero Time.
func seconds(t time.Time, zero int64) int64 {
	if t.IsZero() {
		return zero
	}
	return t.Unix()
}
