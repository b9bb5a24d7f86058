package mediation

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// checkPaper checks that who writes a paper has a part in the case, and that it is sealed for nobody who may not read it.
func (c *Cases) checkPaper(p *Paper) error {
	k, err := c.find(p.Case)
	if err != nil {
		return err
	}
	if k.Stage == Archived || p.At.Before(k.Opened) {
		return bad(ErrState, "case", p.Case.String(), "is archived, or was opened later")
	}
	if p.Kind == Note && !k.IsParty(p.For) {
		return bad(ErrInvalid, "for", p.For, "is no party of the case")
	}
	if !c.mayWrite(k, p.Kind, p.By, p.At) {
		return bad(ErrRole, "by", p.By, "has no part in the case in which such a paper is written")
	}
	for _, reader := range p.Readers {
		if !c.mayRead(k, p.Kind, p.For, reader, p.At) {
			return bad(ErrSealed, "readers", reader, "may not read a %s of this case", p.Kind)
		}
	}
	return nil
}

// side reports whether somebody speaks for a party of the case.
func (c *Cases) side(k *Case, who string) bool {
	return slices.ContainsFunc(k.parties(), func(party string) bool { return c.speaksFor(who, party) })
}

func (c *Cases) mayWrite(k *Case, kind PaperKind, who string, at time.Time) bool {
	switch {
	case c.side(k, who):
		return true
	case kind.Confidential():
		return c.plays(k, who, "", Mediator, at) == nil
	case kind == Reasons && who == k.Mediator && who != "":
		return true // of an exception to confidence
	}
	return c.plays(k, who, "", Officer, at) == nil || c.plays(k, who, "", Reviewer, at) == nil || c.plays(k, who, "", Judge, at) == nil
}

func (c *Cases) mayRead(k *Case, kind PaperKind, party, who string, at time.Time) bool {
	if who == "" {
		return false
	}
	if kind == Note {
		return c.speaksFor(who, party) || c.mediates(k, who, at)
	}
	if c.side(k, who) {
		return true
	}
	if kind.Confidential() || kind == Statement {
		if c.mediates(k, who, at) {
			return true
		}
		if kind != Statement {
			return false
		}
	}
	return c.plays(k, who, "", Officer, at) == nil || c.plays(k, who, "", Reviewer, at) == nil || c.plays(k, who, "", Judge, at) == nil
}

// mediates reports whether somebody is the mediator whom all have accepted.
func (c *Cases) mediates(k *Case, who string, at time.Time) bool {
	return k.Stage != Proposed && c.plays(k, who, "", Mediator, at) == nil
}

// MayRead reports whether somebody may read a paper at an instant: not what was once possible, but what is. Who was recused may not
// from that moment on. The error wraps [ErrUnknown] or [ErrErased].
func (c *Cases) MayRead(id uuid.UUID, who string, at time.Time) (bool, error) {
	p, ok := c.papers[id]
	if !ok {
		return false, wrap("paper", bad(ErrUnknown, "paper", id.String(), "is not recorded"))
	}
	if p.gone {
		return false, wrap("paper", bad(ErrErased, "paper", id.String(), "has been erased"))
	}
	k, err := c.find(p.of)
	if err != nil {
		return false, err
	}
	return slices.Contains(p.shown, who) || c.mayRead(k, p.kind, p.for_, who, at), nil
}

// Readers returns the IRIs of those for whom a paper is sealed as things stand, in order: of the parties those who speak for
// them, the mediator, and the seats of the bodies that can act; nobody who was erased and has no key. party is that of a [Note]. The error wraps [ErrUnknown].
func (c *Cases) Readers(of uuid.UUID, kind PaperKind, party string, at time.Time) ([]string, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	return c.readers(k, kind, party, at), nil
}

func (c *Cases) readers(k *Case, kind PaperKind, party string, at time.Time) []string {
	var list []string
	for _, p := range k.parties() {
		q, _ := c.state.Party(p)
		if q.Lead == "" || !q.Key.IsZero() {
			list = append(list, p)
		}
		list = append(list, q.Lead)
	}
	list = append(list, k.Mediator)
	for _, body := range []Body{Reception, ReviewBody, AppealBody} {
		list = append(list, c.Seats(body, k.dayOf(at))...)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(who string) bool {
		p, _ := c.state.Party(who)
		return p.Erased && p.Key.IsZero() || !c.mayRead(k, kind, party, who, at)
	})
}
