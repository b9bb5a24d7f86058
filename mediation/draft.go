package mediation

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func (a *Act) draft() journal.Draft {
	return journal.Draft{ID: a.ID, Kind: KindAct, Schema: schema, Author: a.By, Payload: *a}
}

// DraftTension decides [Office.Raise] without recording it. statement is what [Sealer.Seal] returned for the [Words], for those
// whom [Cases.FirstReaders] names.
func (c *Cases) DraftTension(t Tension, statement []byte) ([]journal.Draft, error) {
	if t.ID == uuid.Nil {
		return nil, wrap("tension", bad(ErrInvalid, "id", "", "must be given: it names the case"))
	}
	if _, ok := c.cases[t.ID]; ok { // the journal compares it with what it has
		return []journal.Draft{t.draft()}, nil
	}
	err := t.check()
	var k *Case
	if err == nil {
		k, err = c.checkTension(&t)
	}
	if err != nil {
		return nil, fmt.Errorf("mediation: tension of %s: %w", quote(t.By), err)
	}
	p := Paper{ID: uuid.NewSHA1(t.ID, []byte("statement")), By: t.By, Case: t.ID, Kind: Statement, At: t.At, Readers: c.readers(k, Statement, "", t.At), Sealed: statement}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("mediation: tension of %s: %w", quote(t.By), err)
	}
	return []journal.Draft{t.draft(), p.draft()}, nil
}

func (t *Tension) draft() journal.Draft {
	return journal.Draft{ID: t.ID, Kind: KindTension, Schema: schema, Author: t.By, Payload: *t}
}

func (p *Paper) draft() journal.Draft {
	return journal.Draft{ID: p.ID, Kind: KindPaper, Schema: schema, Author: p.By, Payload: *p}
}

// FirstReaders returns the IRIs of those for whom the statement of a tension is sealed: who reports, whom it concerns, and the bodies
// that deal with cases. The errors are those of [Cases.DraftTension].
func (c *Cases) FirstReaders(t Tension) ([]string, error) {
	err := t.check()
	var k *Case
	if err == nil {
		k, err = c.checkTension(&t)
	}
	if err != nil {
		return nil, fmt.Errorf("mediation: tension of %s: %w", quote(t.By), err)
	}
	return c.readers(k, Statement, "", t.At), nil
}

// DraftAct decides [Office.Act] without recording it. When the time of the stage has passed, what follows from that comes first.
// An act that is recorded already gives the draft that the journal compares it with.
func (c *Cases) DraftAct(a Act) ([]journal.Draft, error) {
	drafts, err := c.draftAct(&a)
	if err != nil {
		return nil, fmt.Errorf("mediation: case %s: %s: %w", a.Case, quote(string(a.Event)), err)
	}
	return drafts, nil
}

func (c *Cases) draftAct(a *Act) ([]journal.Draft, error) {
	k, err := c.find(a.Case)
	if err != nil {
		return nil, err
	}
	if info, ok := infoOf[a.Event]; ok && a.For == "" && info.needs&fFor == 0 && actsForParty(info) {
		a.For = c.spokenFor(k, a.By)
	}
	a.Decides = false
	if err := a.check(); err != nil {
		return nil, err
	}
	if a.ID != uuid.Nil {
		if i := slices.IndexFunc(k.Acts, func(e Entry) bool { return e.Record == a.ID }); i >= 0 {
			a.Decides = k.Acts[i].Decides
			return []journal.Draft{a.draft()}, nil
		}
	}
	var drafts []journal.Draft
	if a.By != "" {
		// What the clock has to say is decided on a copy, as it will stand when the act is read.
		for n := 0; n <= len(k.Rules.Path.FollowUpDays); n++ {
			lapse, ok := k.due(a.At)
			if !ok || lapse.Event != Lapse {
				break
			}
			place, role, err := c.check(k, &lapse, nil)
			if err != nil {
				return nil, err
			}
			k = k.clone()
			c.ahead(k, &lapse, place, role)
			drafts = append(drafts, lapse.draft())
		}
	}
	place, role, err := c.check(k, a, c.ties)
	if err != nil {
		return nil, err
	}
	a.Decides = place.Quorum == Majority && c.majority(k, a, role)
	return append(drafts, a.draft()), nil
}

// ahead applies an act to a copy of a case without touching what is kept beside it.
func (c *Cases) ahead(k *Case, a *Act, place *place, role Role) {
	shadow := *c
	shadow.pool = nil
	shadow.apply(k, a, a.ID, place, role)
}

// spokenFor returns the party in whose name somebody acts in a case: itself or, if she speaks for just one, that one.
func (c *Cases) spokenFor(k *Case, who string) string {
	found := ""
	for _, party := range k.parties() {
		switch {
		case party == who:
			return party
		case c.speaksFor(who, party):
			if found != "" {
				return ""
			}
			found = party
		}
	}
	return found
}

// DraftPaper decides [Office.Write] without recording it.
func (c *Cases) DraftPaper(p Paper) ([]journal.Draft, error) {
	err := p.check()
	if _, recorded := c.papers[p.ID]; err == nil && !recorded {
		err = c.checkPaper(&p)
	}
	if err != nil {
		return nil, fmt.Errorf("mediation: case %s: paper: %w", p.Case, err)
	}
	return []journal.Draft{p.draft()}, nil
}

// DraftPool decides [Office.Enrol] without recording it.
func (c *Cases) DraftPool(m PoolEntry) ([]journal.Draft, error) {
	err := m.check()
	if err == nil {
		err = c.checkPool(&m)
	}
	if err != nil {
		return nil, fmt.Errorf("mediation: mediator %s: %w", quote(m.Party), err)
	}
	return []journal.Draft{{ID: m.ID, Kind: KindPool, Schema: schema, Author: m.By, Payload: m}}, nil
}

// DraftMandate decides [Office.Seat] without recording it.
func (c *Cases) DraftMandate(m Mandate) ([]journal.Draft, error) {
	if slices.ContainsFunc(c.mandates, func(o Mandate) bool { return o.Ref() == m.Ref() }) {
		return nil, nil
	}
	err := m.check()
	if err == nil {
		err = c.checkMandate(&m)
	}
	if err != nil {
		return nil, fmt.Errorf("mediation: mandate of %s: %w", quote(m.Party), err)
	}
	return []journal.Draft{{ID: m.ID, Kind: KindMandate, Schema: schema, Payload: m}}, nil
}

// Due returns the positions of the papers that were said in confidence in cases whose retention is over at an instant, in order. [Office.Forget]
// erases them.
func (c *Cases) Due(at time.Time) []uint64 {
	var list []uint64
	for position, id := range c.positions {
		p := c.papers[id]
		if p.gone || !p.kind.Confidential() {
			continue
		}
		if k := c.cases[p.of]; k.Stage == Archived || k.Stage == Closed && !at.Before(k.Deadline) {
			list = append(list, position)
		}
	}
	slices.Sort(list)
	return list
}
