package codesocial

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An Origin says which version of another social code a charter was derived from. It is a statement of where the words come from; it makes
// nobody a member, and gives the community of the origin no say.
type Origin struct {
	Charter string `json:"charter"` // IRI of the other social code
	Version int    `json:"version"`
	Hash    string `json:"hash"` // of that version
}

// Origin returns the reference to the version, for a charter that is derived from it.
func (c *Charter) Origin() Origin { return Origin{c.doc.ID, c.doc.Version, c.hash} }

// DerivedFrom returns the version of another social code that this one was derived from; false if none is named.
func (c *Charter) DerivedFrom() (Origin, bool) {
	if c.doc.DerivedFrom == nil {
		return Origin{}, false
	}
	return *c.doc.DerivedFrom, true
}

func (o *Origin) check(id string) error {
	ref := ClauseRef{Charter: o.Charter, Version: o.Version, Hash: o.Hash, Clause: "any"}
	if err := ref.Check(); err != nil {
		return fmt.Errorf("derivedFrom.%w", err)
	}
	if o.Charter == id {
		return bad(ErrInvalid, "derivedFrom.charter", o.Charter, "is the charter itself: its own versions are named by previous")
	}
	return nil
}

// String writes the origin as [Charter.Markdown] does; "" for none.
func (o *Origin) String() string {
	if o == nil {
		return ""
	}
	return o.Charter + " " + strconv.Itoa(o.Version) + " " + o.Hash
}

// parseOrigin reads what String writes.
func parseOrigin(s string) (*Origin, error) {
	parts := strings.Split(s, " ")
	if len(parts) == 3 {
		if n, err := strconv.Atoi(parts[1]); err == nil && strconv.Itoa(n) == parts[1] {
			return &Origin{parts[0], n, parts[2]}, nil
		}
	}
	return nil, bad(ErrInvalid, "derivedFrom", s, "must be an IRI, a number and a hash, with a space between")
}

// Derive returns the document of version 1 of another social code with the chapters and clauses of this version: the swarming (essaimage) of a community, a
// variant, or the charter of a project. It names its origin and keeps nobody: who founds it, with what threshold and from which day, is for
// its own founders to say, and anything else may be changed before [NewCharter].
func (c *Charter) Derive(id string, founders []Founder, threshold int, from Date) Document {
	d := c.Document()
	origin := c.Origin()
	d.ID, d.Version, d.Previous, d.DerivedFrom = id, 1, "", &origin
	d.Founders, d.Threshold = slices.Clone(founders), threshold
	d.InForceFrom, d.ReviewBy = from, Date{}
	return d
}

// A MergeState says how a clause stands between two charters and the version that both come from.
type MergeState string

// How a clause can stand.
const (
	MergeSame     MergeState = "same"     // both say the same
	MergeOurs     MergeState = "ours"     // only we have changed it
	MergeTheirs   MergeState = "theirs"   // only they have changed, added or removed it: it can be taken over
	MergeConflict MergeState = "conflict" // both have changed it, each in another way
)

// A MergeClause is one clause seen from both sides.
type MergeClause struct {
	ID    string
	State MergeState
	// Base, Ours and Theirs are the clause in the common version, in ours and in theirs; nil where it has none.
	Base, Ours, Theirs *Clause
}

// A Merge compares a charter with one that comes from the same version, clause by clause.
type Merge struct {
	Base, Ours, Theirs *Charter
	Clauses            []MergeClause // in the order of ours, then what only theirs or the base has, in their order
}

// NewMerge compares ours, the version in force, and theirs, a version of a fork, with base, the version that both come from. Clauses are the same when
// title, text, rule, target and intention are. Linear in the number of clauses.
func NewMerge(base, ours, theirs *Charter) Merge {
	m := Merge{Base: base, Ours: ours, Theirs: theirs}
	seen := make(map[string]bool)
	for _, c := range []*Charter{ours, theirs, base} {
		for _, chapter := range c.doc.Chapters {
			for _, clause := range chapter.Clauses {
				if !seen[clause.ID] {
					seen[clause.ID] = true
					m.Clauses = append(m.Clauses, mergeClause(clause.ID, base.clause(clause.ID), ours.clause(clause.ID), theirs.clause(clause.ID)))
				}
			}
		}
	}
	return m
}

func mergeClause(id string, base, ours, theirs *Clause) MergeClause {
	state := MergeConflict
	switch {
	case reflect.DeepEqual(ours, theirs):
		state = MergeSame
	case reflect.DeepEqual(theirs, base):
		state = MergeOurs
	case reflect.DeepEqual(ours, base):
		state = MergeTheirs
	}
	return MergeClause{ID: id, State: state, Base: base, Ours: ours, Theirs: theirs}
}

// clause returns a copy of the clause with that id, nil if there is none.
func (c *Charter) clause(id string) *Clause {
	if clause, ok := c.Clause(id); ok {
		return &clause
	}
	return nil
}

// Proposal returns the document of the version after ours, in force from a day, with their words for the clauses for which take says so; all
// others stay as ours are. A clause that ours does not have comes into the chapter in which theirs has it, behind the clause that stands before it there; the
// chapter is added where ours lacks it. Where ours is the charter of a project, the proposal is derived from theirs. The errors wrap [ErrInvalid] or [ErrLimit], as those of [NewCharter] on such a document.
func (m Merge) Proposal(from Date, take func(MergeClause) bool) (*Charter, error) {
	d := m.Ours.Document()
	d.Version, d.Previous, d.InForceFrom, d.ReviewBy = m.Ours.doc.Version+1, m.Ours.hash, from, Date{}
	if d.Project != "" {
		origin := m.Theirs.Origin()
		d.DerivedFrom = &origin
	}
	for _, c := range m.Clauses {
		if c.State == MergeSame || !take(c) {
			continue
		}
		p, had := m.Ours.clauses[c.ID]
		switch {
		case c.Theirs == nil:
			clauses := d.Chapters[p.chapter].Clauses
			d.Chapters[p.chapter].Clauses = slices.DeleteFunc(slices.Clone(clauses), func(x Clause) bool { return x.ID == c.ID })
		case had:
			i := slices.IndexFunc(d.Chapters[p.chapter].Clauses, func(x Clause) bool { return x.ID == c.ID })
			d.Chapters[p.chapter].Clauses[i] = c.Theirs.clone()
		default:
			m.insert(&d, c)
		}
	}
	return NewCharter(d)
}

// insert puts a clause of theirs where it stands there.
func (m Merge) insert(d *Document, c MergeClause) {
	p := m.Theirs.clauses[c.ID]
	theirs := m.Theirs.doc.Chapters[p.chapter]
	i := slices.IndexFunc(d.Chapters, func(x Chapter) bool { return x.ID == theirs.ID })
	if i < 0 {
		i = len(d.Chapters)
		d.Chapters = append(d.Chapters, Chapter{ID: theirs.ID, Title: theirs.Title.clone()})
	}
	chapter, at := &d.Chapters[i], 0
	for _, before := range theirs.Clauses[:p.clause] {
		if k := slices.IndexFunc(chapter.Clauses, func(x Clause) bool { return x.ID == before.ID }); k >= 0 {
			at = k + 1
		}
	}
	chapter.Clauses = slices.Insert(chapter.Clauses, at, c.Theirs.clone())
}
