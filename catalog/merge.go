package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Limits on what is merged.
const (
	MaxSources   = 1000
	MaxPerHolder = 1000 // entries of one holder
)

// A Source is the catalogue of one organisation.
type Source struct {
	// ID is the IRI of the organisation or of its catalogue.
	ID string
	// Entries are those that it shows.
	Entries []Entry
}

// A Merged entry is one that some sources have.
type Merged struct {
	Entry Entry
	// From are the ids of the sources that have it in just this text, in the order in which they were given.
	From []string
	// Variants are other texts under the same IRI: which one is right, people decide.
	Variants []Variant
}

// A Variant is another text of an entry.
type Variant struct {
	Entry Entry
	From  []string
}

// A Double proposes that two entries are the same: they have the same holder and nearly the same text. People decide.
type Double struct {
	A, B       string // IRIs, A before B in alphabetical order
	Holder     string
	Similarity decimal.Decimal // see [Similarity]
}

// Merge brings the catalogues of several organisations into one view: every IRI once, in alphabetical order, with the sources that it comes from. Of
// several texts under one IRI the one that the most sources have is shown, in doubt the one given first, and the others stand beside it. Doubles are entries of
// the same kind and holder with a similarity of at least likely, which is more than 0 and at most 1; nothing is left out for that. The result depends on the sources and their order alone.
// The error wraps [ErrInvalid] or [ErrLimit] and names source and entry.
func Merge(likely decimal.Decimal, sources ...Source) ([]Merged, []Double, error) {
	if likely.Sign() <= 0 || likely.GreaterThan(one) {
		return nil, nil, fmt.Errorf("catalog: merging: %w", badly(ErrInvalid, "likely", "must be more than 0 and at most 1"))
	}
	if len(sources) > MaxSources {
		return nil, nil, fmt.Errorf("catalog: merging: %w", badly(ErrLimit, "sources", "there are %d, the limit is %d", len(sources), MaxSources))
	}
	texts := make(map[string][]Variant)
	hashes := make(map[string][]string)
	for _, source := range sources {
		if err := checkIRI("source", source.ID); err != nil {
			return nil, nil, fmt.Errorf("catalog: merging: %w", err)
		}
		for i := range source.Entries {
			e := &source.Entries[i]
			if err := e.Check(); err != nil {
				return nil, nil, fmt.Errorf("catalog: merging %s: entry %d (%s): %w", source.ID, i+1, quote(e.ID), err)
			}
			hash := e.Hash()
			k := slices.Index(hashes[e.ID], hash)
			if k < 0 {
				k = len(hashes[e.ID])
				hashes[e.ID] = append(hashes[e.ID], hash)
				texts[e.ID] = append(texts[e.ID], Variant{Entry: e.Clone()})
			}
			if v := &texts[e.ID][k]; !slices.Contains(v.From, source.ID) {
				v.From = append(v.From, source.ID)
			}
		}
	}
	merged := make([]Merged, 0, len(texts))
	for _, list := range texts {
		slices.SortStableFunc(list, func(a, b Variant) int { return len(b.From) - len(a.From) })
		merged = append(merged, Merged{list[0].Entry, list[0].From, list[1:]})
	}
	slices.SortFunc(merged, func(a, b Merged) int { return strings.Compare(a.Entry.ID, b.Entry.ID) })
	doubles, err := doublesAmong(merged, likely)
	if err != nil {
		return nil, nil, fmt.Errorf("catalog: merging: %w", err)
	}
	return merged, doubles, nil
}

// doublesAmong compares the entries of each holder with each other.
func doublesAmong(merged []Merged, likely decimal.Decimal) ([]Double, error) {
	type of struct {
		holder string
		kind   Kind
	}
	groups := make(map[of][]*Entry)
	for i := range merged {
		e := &merged[i].Entry
		group := of{e.Holder, e.Kind}
		if groups[group] = append(groups[group], e); len(groups[group]) > MaxPerHolder {
			return nil, badly(ErrLimit, "entries of "+e.Holder, "are more than %d", MaxPerHolder)
		}
	}
	var doubles []Double
	for group, list := range groups {
		d := newDomains(nil)
		var portraits []*portrait
		for _, a := range list {
			sitter := d.sitter(a)
			for _, b := range portraits {
				if s := sitter.likeness(b).similarity(); s.GreaterThanOrEqual(likely) {
					doubles = append(doubles, Double{b.entry.ID, a.ID, group.holder, s})
				}
			}
			portraits = append(portraits, d.portrait(a))
		}
	}
	slices.SortFunc(doubles, func(a, b Double) int {
		return slices.Compare([]string{a.A, a.B}, []string{b.A, b.B})
	})
	return doubles, nil
}
