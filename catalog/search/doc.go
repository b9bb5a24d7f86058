// Package search finds short texts in French and English: an inverted index in memory that stems, folds accents, completes the word being
// typed, forgives one typo, filters, counts, sorts and pages, and says why it found what it found.
//
// Fill an [Index] with [Index.Put], and ask it with [Index.Find]:
//
//	index := search.New()
//	err := index.Put(search.Document{ID: "https://la-trame.example/offer/1", Title: []search.Text{{search.French, "Menuiserie sur mesure"}}})
//	result, err := index.Find(search.Query{Text: "menuisier"})
//
// # What a word finds
//
// A text is cut into words: runs of letters and digits. Words that carry no meaning of their own are left out; the others are
// reduced to their stems by the Snowball stemmers for French and English, and lose their accents. A word of a query finds a document that
// has a word with the same stem ([Stem]). The last word of a query, unless a space follows it, is taken for one that is still being
// typed: it finds every word that begins with it ([Prefix]). Where a word finds nothing in either way, it finds those of which it, or
// its stem, of four letters or more, is one typo away ([Typo]): a letter too many, too few, another, or two changed places.
//
// # Relevance
//
// The score is BM25 over fields with weights, as in S. Robertson, H. Zaragoza and M. Taylor, Simple BM25 extension to multiple weighted
// fields (CIKM 2004): how often a word occurs is counted over all fields, a title three times, a keyword twice, before it saturates (k1 = 1.2, b =
// 0.75). A word found by its beginning counts half, one found with a typo a third. Each word of the query counts with what fits best,
// and the score is the sum, so that it can be explained word by word ([Hit.Why]). Equal scores are in the order of the ids.
//
// # Consistency
//
// What is found depends on the documents that the index holds, not on the order in which they came or on others that have gone: an index is
// equal to one that is built afresh. A page ends with a token for the next one ([Result.Next]); documents that come or go in between
// shift nothing: none of the others is shown twice or left out.
//
// # Errors and limits
//
// Every error wraps [ErrInvalid] or [ErrLimit] and names the field and the value; the index has not changed then.
//
// # Concurrency
//
// Any number of goroutines may ask an index at once, while none changes it.
package search
