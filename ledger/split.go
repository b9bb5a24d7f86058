package ledger

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// KindSplit is the kind of the record in which the catalogue says that what a project earns is shared by the split of a collective offer. Its owner is
// package catalog; the books read it, and a distribution names it.
const KindSplit = "catalog.split"

// A Split says that from a day on the distributions of a project follow these lines, in the place of the waterfall of the charter.
type Split struct {
	// ID is the id of its record.
	ID uuid.UUID `json:"-"`
	// Offer is the IRI of the collective offer, Project that of the project.
	Offer   string `json:"offer"`
	Project string `json:"project"`
	// From is the first day on which it holds, in the time zone of the charter.
	From codesocial.Date `json:"from"`
	// Lines are those of a waterfall.
	Lines []dividend.Line `json:"lines"`
	// Clause is the clause that lets a split take the place of the waterfall.
	Clause codesocial.ClauseRef `json:"clause"`
}

func (s *Split) check() error {
	if err := codesocial.CheckIRI(s.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDay("from", s.From); err != nil {
		return err
	}
	if err := (dividend.Waterfall{Lines: s.Lines}).Validate(); err != nil {
		return fmt.Errorf("%w: lines: %w", ErrInvalid, err)
	}
	return s.Clause.Check()
}

// split returns the split that a distribution of a project follows whose last day is given: of those that hold then the last one recorded; nil if
// there is none.
func (b *Books) split(project string, to codesocial.Date) *Split {
	list := b.splits[project]
	for i := len(list) - 1; i >= 0; i-- {
		if !list[i].From.After(to) {
			return list[i]
		}
	}
	return nil
}

// waterfall returns the lines that a distribution follows, and sets its clause: those of the project's split, or those of the charter.
func (b *Books) waterfall(charter *codesocial.Charter, d *Distribution) (w dividend.Waterfall, err error) {
	if s := b.split(d.Project, d.To); s != nil {
		d.Clause, d.Split = s.Clause, s.ID
		return dividend.Waterfall{Lines: s.Lines}, nil
	}
	d.Clause, err = charter.Rule(WaterfallKind, &w)
	return w, err
}

func decodeSplit(r *journal.Record) payload { return &Split{ID: r.ID} }
