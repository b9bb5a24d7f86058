package search

import (
	"fmt"
	"slices"
)

// MaxShown is how many documents a saved search remembers.
const MaxShown = 200_000

// A Saved search is a query that is asked again and again, and tells each time only what it has not told before. Its JSON form is what a
// program keeps between two digests.
type Saved struct {
	Query Query `json:"query"`
	// Shown are the ids of the documents that were in a digest, sorted. They stay when a document goes, so that one that
	// comes back under the same id is not told twice.
	Shown []string `json:"shown,omitempty"`
}

// Digest returns what the search finds and has not shown, in the order of the query, at most [Query.Page] of it, and notes that
// it has been shown. What does not fit comes with the next digest. [Query.After] must be empty. The error wraps [ErrInvalid] or
// [ErrLimit]; nothing is noted then.
func (s *Saved) Digest(x *Index) ([]Hit, error) {
	hits, err := x.Unseen(s.Query, func(id string) bool {
		_, ok := slices.BinarySearch(s.Shown, id)
		return ok
	})
	if err != nil {
		return nil, err
	}
	if len(s.Shown)+len(hits) > MaxShown {
		return nil, bad(ErrLimit, "shown", fmt.Sprint(len(s.Shown)+len(hits)), "must be at most %d", MaxShown)
	}
	for _, h := range hits {
		i, _ := slices.BinarySearch(s.Shown, h.ID)
		s.Shown = slices.Insert(s.Shown, i, h.ID)
	}
	return hits, nil
}

// Unseen returns what a query finds and has not been seen, in the order of the query, at most [Query.Page] of it. [Query.After] must be empty. The error wraps
// [ErrInvalid] or [ErrLimit].
func (x *Index) Unseen(q Query, seen func(id string) bool) ([]Hit, error) {
	if q.After != "" {
		return nil, bad(ErrInvalid, "after", q.After, "must be empty in a saved search")
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	most := q.Page
	if most == 0 {
		most = DefaultPage
	}
	q.Page, q.Count = MaxPage, nil
	var hits []Hit
	for {
		r, err := x.Find(q)
		if err != nil {
			return nil, err
		}
		for _, h := range r.Hits {
			if len(hits) < most && !seen(h.ID) {
				hits = append(hits, h)
			}
		}
		if q.After = r.Next; q.After == "" || len(hits) == most {
			return hits, nil
		}
	}
}
