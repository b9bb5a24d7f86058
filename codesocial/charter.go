package codesocial

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A Charter is one version of a social code. It cannot be changed, and there is none that is not well
// formed: [ParseCharter] and [NewCharter] are the only ways to get one. What a charter says has no effect
// until the version is adopted (see [Community.Adopt]). Safe for concurrent use.
type Charter struct {
	doc       Document
	location  *time.Location
	canonical []byte
	hash      string
	clauses   map[string]place // by clause id
	rules     []Rule           // in the order of the document
	byKind    map[string][]int // indexes into rules
}

// place is where a clause stands in the document, or a chapter, which has no clause: -1.
type place struct{ chapter, clause int }

// ParseCharter reads a version of a social code from its JSON document, strictly: a member that the
// format does not have, one given twice or in another case, a wrong type, a float, null, an empty value that should
// have been left out, invalid UTF-8, more than [MaxCharterBytes], or anything behind the document is
// refused. White space and the order of members are free. The error wraps [ErrInvalid] or [ErrLimit] and gives
// the path of the field. Rules of kinds that nobody knows are kept, see [Charter.Kinds].
func ParseCharter(data []byte) (*Charter, error) {
	if len(data) > MaxCharterBytes {
		return nil, errorf("charter: %w", badly(ErrLimit, "document", "has %d bytes, the limit is %d", len(data), MaxCharterBytes))
	}
	var doc Document
	if err := canonical.Unmarshal(data, &doc); err != nil {
		return nil, errorf("charter: %w: %w", ErrInvalid, err)
	}
	charter, err := newCharter(doc)
	if err != nil || bytes.Equal(data, charter.canonical) {
		return charter, err
	}
	given, err := canonical.Transform(data)
	if err != nil {
		return nil, errorf("charter: %w: %w", ErrInvalid, err)
	}
	// The hash of a version is the hash of the document that people read, so that anyone can compute it
	// with a JCS tool alone. The two differ only where an empty value stands for an absent one, or a figure ends with zeros.
	if !bytes.Equal(given, charter.canonical) {
		field := difference("", tree(given), tree(charter.canonical))
		return nil, errorf("charter: %w", badly(ErrInvalid, field, "must be left out where it is empty, and without zeros at the end where it is a figure"))
	}
	return charter, nil
}

// NewCharter returns the version of a social code that doc describes, under the conditions of
// [ParseCharter], except that empty values count as absent. It keeps nothing of doc.
func NewCharter(doc Document) (*Charter, error) {
	doc = doc.clone()
	for i := range doc.Chapters {
		clauses := doc.Chapters[i].Clauses
		for j := range clauses {
			if len(clauses[j].Rule) == 0 {
				continue
			}
			rule, err := canonical.Transform(clauses[j].Rule)
			if err != nil {
				field := at("chapters", i) + "." + at("clauses", j) + ".rule"
				return nil, errorf("charter: %s: %w: %w", field, ErrInvalid, err)
			}
			clauses[j].Rule = rule
		}
	}
	return newCharter(doc)
}

// newCharter checks doc and keeps it.
func newCharter(doc Document) (*Charter, error) {
	if err := doc.check(); err != nil {
		return nil, errorf("charter: %w", err)
	}
	data, err := canonical.Marshal(doc)
	if err != nil {
		return nil, errorf("charter: %w: %w", ErrInvalid, err)
	}
	if len(data) > MaxCharterBytes {
		return nil, errorf("charter: %w", badly(ErrLimit, "document", "has %d bytes, the limit is %d", len(data), MaxCharterBytes))
	}
	location, err := loadLocation(doc.TimeZone)
	if err != nil {
		return nil, errorf("charter: %w", err)
	}
	clauses := 0
	for _, chapter := range doc.Chapters {
		clauses += len(chapter.Clauses)
	}
	c := &Charter{
		doc: doc, location: location, canonical: data, hash: hashOf(data),
		clauses: make(map[string]place, clauses), byKind: make(map[string][]int),
	}
	for i, chapter := range doc.Chapters {
		for j, clause := range chapter.Clauses {
			c.clauses[clause.ID] = place{i, j}
			if len(clause.Rule) == 0 {
				continue
			}
			kind, params, err := splitRule("rule", clause.Rule)
			if err != nil {
				return nil, errorf("charter: %w", within(place{i, j}.String(), err))
			}
			c.byKind[kind] = append(c.byKind[kind], len(c.rules))
			c.rules = append(c.rules, Rule{Kind: kind, Clause: c.ref(clause.ID), params: params, charter: c})
		}
	}
	return c, nil
}

// difference returns the path of the first member in which one JSON value differs from another that lacks some of its members.
func difference(path string, given, written any) string {
	switch given := given.(type) {
	case map[string]any:
		if other, ok := written.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(given)) {
				if !reflect.DeepEqual(given[name], other[name]) {
					return difference(strings.TrimPrefix(path+"."+name, "."), given[name], other[name])
				}
			}
		}
	case []any:
		if other, ok := written.([]any); ok && len(other) == len(given) {
			for i := range given {
				if !reflect.DeepEqual(given[i], other[i]) {
					return difference(at(path, i), given[i], other[i])
				}
			}
		}
	}
	return path
}

// ID returns the IRI of the social code, the same for all its versions.
func (c *Charter) ID() string { return c.doc.ID }

// Project returns the IRI of the project whose own charter it is, "" for the charter of a community.
func (c *Charter) Project() string { return c.doc.Project }

// Version returns the number of the version, from 1.
func (c *Charter) Version() int { return c.doc.Version }

// Previous returns the hash of the version before this one, "" for version 1.
func (c *Charter) Previous() string { return c.doc.Previous }

// Hash returns the name of this version: "sha256:" and the SHA-256 of [Charter.Canonical] in lower-case
// hexadecimal. It does not depend on how the document was spaced or ordered; every change of meaning changes it.
func (c *Charter) Hash() string { return c.hash }

// Canonical returns the document as canonical JSON (RFC 8785). The caller owns it.
func (c *Charter) Canonical() []byte { return bytes.Clone(c.canonical) }

// Document returns the whole content. The caller owns it.
func (c *Charter) Document() Document { return c.doc.clone() }

// Title returns the title of the social code. The caller owns it.
func (c *Charter) Title() Text { return c.doc.Title.clone() }

// Currency returns the code of the currency in which the rules count money.
func (c *Charter) Currency() string { return c.doc.Currency }

// Location returns the time zone in which the community counts its days.
func (c *Charter) Location() *time.Location { return c.location }

// InForceFrom returns the first day on which the version is in force, if it is adopted.
func (c *Charter) InForceFrom() Date { return c.doc.InForceFrom }

// ReviewBy returns the day that the document sets for its review, zero if none: see [Charter.ReviewDue].
func (c *Charter) ReviewBy() Date { return c.doc.ReviewBy }

// Founders returns those who may sign, in the order of the document. The caller owns them.
func (c *Charter) Founders() []Founder { return slices.Clone(c.doc.Founders) }

// Threshold returns how many founders must sign.
func (c *Charter) Threshold() int { return c.doc.Threshold }

// Chapters returns the chapters with their clauses, in order. The caller owns them.
func (c *Charter) Chapters() []Chapter { return c.Document().Chapters }

// Clause returns the clause with that id; false if there is none. The caller owns it.
func (c *Charter) Clause(id string) (Clause, bool) {
	p, ok := c.clauses[id]
	if !ok {
		return Clause{}, false
	}
	return c.doc.Chapters[p.chapter].Clauses[p.clause].clone(), true
}

// Ref returns the reference to the clause with that id. The error wraps [ErrUnknown] if there is none.
func (c *Charter) Ref(id string) (ClauseRef, error) {
	if _, ok := c.clauses[id]; !ok {
		return ClauseRef{}, errorf("%s: %w", c, bad(ErrUnknown, "clause", id, "there is no such clause"))
	}
	return c.ref(id), nil
}

func (c *Charter) ref(id string) ClauseRef {
	return ClauseRef{Charter: c.doc.ID, Version: c.doc.Version, Hash: c.hash, Clause: id}
}

// String names the version for a message: its IRI and number.
func (c *Charter) String() string { return fmt.Sprintf("version %d of %s", c.doc.Version, c.doc.ID) }

// founder returns the founder with that IRI.
func (c *Charter) founder(iri string) (Founder, bool) {
	i := slices.IndexFunc(c.doc.Founders, func(f Founder) bool { return f.ID == iri })
	if i < 0 {
		return Founder{}, false
	}
	return c.doc.Founders[i], true
}

// today returns the day on which the instant falls for the community.
func (c *Charter) today(at time.Time) Date { return DateOf(at, c.location) }
