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
	if s.Query.After != "" {
		return nil, bad(ErrInvalid, "after", s.Query.After, "must be empty in a saved search")
	}
	most := s.Query.Page
	if most == 0 {
		most = DefaultPage
	}
	q := s.Query
	q.Page, q.Count = MaxPage, nil
	var hits []Hit
	for {
		r, err := x.Find(q)
		if err != nil {
			return nil, err
		}
		for _, h := range r.Hits {
			if _, ok := slices.BinarySearch(s.Shown, h.ID); !ok && len(hits) < most {
				hits = append(hits, h)
			}
		}
		if q.After = r.Next; q.After == "" || len(hits) == most {
			break
		}
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
