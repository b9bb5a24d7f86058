package mediation

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// Limits on the pool of mediators.
const (
	MaxMediators      = MaxDrawn
	MaxLanguages      = 32
	MaxTies           = 200
	MaxQualifications = 2000 // bytes
	MaxSeedBytes      = 500
)

// A PoolEntry puts somebody, a member or not, into the pool of mediators, or changes what is known of her. It is recorded by a
// holder of a seat in the reception.
type PoolEntry struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of who records it, the author of the record.
	By    string    `json:"-"`
	At    time.Time `json:"at"`    // UTC, whole seconds
	Party string    `json:"party"` // IRI of a registered party
	// Qualification names the training or attestation, in words that everybody may read; Until is the last day on which it holds.
	Qualification string          `json:"qualification"`
	Until         codesocial.Date `json:"until"`
	Languages     []string        `json:"languages"` // BCP 47
	// Load is how many cases she wants at most at a time; 0: as many as the charter allows.
	Load int `json:"load,omitempty"`
	// Ties are the IRIs of parties that she is close to in a way that no record shows: family, friendship, an old quarrel.
	Ties []string `json:"ties,omitempty"`
	// Gone takes her out of the pool. Cases that she has go on.
	Gone bool `json:"gone,omitempty"`
}

func (m *PoolEntry) check() error {
	if err := checkTime("at", m.At); err != nil {
		return err
	}
	for _, iri := range append([]string{m.Party, m.By}, m.Ties...) {
		if err := codesocial.CheckIRI(iri); err != nil {
			return bad(ErrInvalid, "party", iri, "is no IRI")
		}
	}
	switch {
	case m.Qualification == "" || len(m.Qualification) > MaxQualifications:
		return bad(ErrInvalid, "qualification", "", "must be given, in at most %d bytes", MaxQualifications)
	case m.Until.IsZero():
		return bad(ErrInvalid, "until", "", "must be given: a qualification is renewed")
	case len(m.Languages) == 0 || len(m.Languages) > MaxLanguages:
		return bad(ErrInvalid, "languages", "", "must be from 1 to %d", MaxLanguages)
	case m.Load < 0 || m.Load > 1000:
		return bad(ErrInvalid, "load", fmt.Sprint(m.Load), "must be from 1 to 1000, or left out")
	case len(m.Ties) > MaxTies:
		return bad(ErrLimit, "ties", fmt.Sprint(len(m.Ties)), "must be at most %d", MaxTies)
	}
	return nil
}

// A mediator is somebody in the pool, with what the cases say about her.
type mediator struct {
	PoolEntry
	open  int    // cases that she has
	drawn uint64 // the number of the draw that she won last
}

// A Draw says how a mediator was drawn, so that anyone can draw again: who could act, who could not and why, and of those who
// could, the one whom the rule of the charter names.
type Draw struct {
	Choice Choice `json:"choice"`
	// Seed is what decides a lot: published, and not known before the case was to be given. Left out of a rotation.
	Seed       string     `json:"seed,omitempty"`
	Candidates []string   `json:"candidates"` // IRIs, in order
	Aside      []Conflict `json:"aside,omitempty"`
}

func (d *Draw) check() error {
	switch {
	case d.Choice != ByRotation && d.Choice != ByLot:
		return bad(ErrInvalid, "draw.choice", string(d.Choice), "must be rotation or lot")
	case (d.Choice == ByLot) != (d.Seed != "") || len(d.Seed) > MaxSeedBytes:
		return bad(ErrInvalid, "draw.seed", "", "is published for a lot, in at most %d bytes, and for nothing else", MaxSeedBytes)
	case len(d.Candidates) == 0 || len(d.Candidates)+len(d.Aside) > MaxDrawn:
		return bad(ErrLimit, "draw.candidates", fmt.Sprint(len(d.Candidates)), "must be from 1 to %d, with those aside", MaxDrawn)
	case !slices.IsSorted(d.Candidates) || len(slices.Compact(slices.Clone(d.Candidates))) != len(d.Candidates):
		return bad(ErrInvalid, "draw.candidates", "", "must be in order, each once")
	}
	return nil
}

// available returns the IRIs of those in the pool who have the language, the qualification and the time for a case, in order;
// conflicts are another matter.
func (c *Cases) available(k *Case, at time.Time) []string {
	on := k.dayOf(at)
	var list []string
	for _, iri := range c.poolOrder {
		m := c.pool[iri]
		load := k.Rules.Mediators.Load
		if m.Load > 0 {
			load = min(load, m.Load)
		}
		speaks := len(k.Languages) == 0
		for _, language := range k.Languages {
			speaks = speaks || slices.Contains(m.Languages, language)
		}
		if !m.Gone && m.open < load && !m.Until.Before(on) && speaks && c.standing(iri, on) && !slices.Contains(k.Former, iri) {
			list = append(list, iri)
		}
	}
	return list
}

// A Candidate is somebody in the pool, as seen from one case.
type Candidate struct {
	Party    string
	Open     int       // cases that she has
	Conflict *Conflict // why she cannot act in this case; nil if she can
}

// Candidates returns those in the pool who have the language, the qualification and the time for a case at an instant, in the order
// of their IRIs, each with the conflict of interest that she has, if any: computed from membership, organizations, projects,
// sponsors, earlier cases, common work and money, not only declared. The error wraps [ErrUnknown].
func (c *Cases) Candidates(of uuid.UUID, at time.Time) ([]Candidate, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	q := c.inquire(k, at)
	var list []Candidate
	for _, iri := range c.available(k, at) {
		candidate := Candidate{Party: iri, Open: c.pool[iri].open}
		if conflict, ok := c.unfit(q, iri, c.ties); ok {
			candidate.Conflict = &conflict
		}
		list = append(list, candidate)
	}
	return list, nil
}

// unfit returns why somebody in the pool cannot mediate.
func (c *Cases) unfit(q *inquiry, iri string, ties Ties) (Conflict, bool) {
	if q.of.has(iri, Officer, Reviewer, Judge) {
		return Conflict{iri, q.of.Respondents[0], SameCaseTie, urn(q.of.ID)}, true
	}
	return q.conflict(iri, ties)
}

// draw draws among the candidates as the charter says.
func (c *Cases) draw(k *Case, d *Draw) string {
	if d.Choice == ByRotation {
		return slices.MinFunc(d.Candidates, func(a, b string) int {
			return cmp.Or(cmp.Compare(c.pool[a].drawn, c.pool[b].drawn), cmp.Compare(a, b))
		})
	}
	return slices.MinFunc(d.Candidates, func(a, b string) int {
		x, y := Lot(d.Seed, k.ID, a), Lot(d.Seed, k.ID, b)
		return slices.Compare(x[:], y[:])
	})
}

// Lot returns the lot of a mediator: the SHA-256 of the seed, a line feed, the id of the case, a line feed, and her IRI. The lowest
// is drawn.
func Lot(seed string, of uuid.UUID, iri string) [sha256.Size]byte {
	return sha256.Sum256([]byte(seed + "\n" + of.String() + "\n" + iri))
}

// NewDraw draws a mediator for a case: the act [Propose] without who proposes. seed decides a lot, and is left out where the
// charter rotates. The error wraps [ErrUnknown], or [ErrGuard] when nobody in the pool can act: then somebody from outside has
// to be found and put into the pool.
func (c *Cases) NewDraw(of uuid.UUID, at time.Time, seed string) (Act, error) {
	k, err := c.find(of)
	if err != nil {
		return Act{}, err
	}
	candidates, err := c.Candidates(of, at)
	if err != nil {
		return Act{}, err
	}
	d := &Draw{Choice: k.Rules.Mediators.Choice}
	if d.Choice == ByLot {
		d.Seed = seed
	}
	for _, candidate := range candidates {
		if candidate.Conflict != nil {
			d.Aside = append(d.Aside, *candidate.Conflict)
		} else {
			d.Candidates = append(d.Candidates, candidate.Party)
		}
	}
	if len(d.Candidates) == 0 {
		return Act{}, k.Rules.refuse(MediatorsKind, bad(ErrGuard, "mediator", "", "nobody in the pool can act: %d set aside; put somebody from outside into the pool", len(d.Aside)))
	}
	return Act{Case: of, Event: Propose, At: at, Mediator: c.draw(k, d), Draw: d}, nil
}

// checkDraw checks everything about a draw that follows from the records: nobody was left out, nobody set aside without a reason, nobody
// drawn in spite of one, and the rule of the charter names just this one.
func (c *Cases) checkDraw(k *Case, a *Act, ties Ties) error {
	d := a.Draw
	if d.Choice != k.Rules.Mediators.Choice {
		return k.Rules.refuse(MediatorsKind, bad(ErrInvalid, "draw.choice", string(d.Choice), "the charter draws by %s", k.Rules.Mediators.Choice))
	}
	all := slices.Clone(d.Candidates)
	for _, aside := range d.Aside {
		all = append(all, aside.Party)
		if _, ok := tieTitles[aside.Kind]; !ok || !k.IsParty(aside.With) {
			return bad(ErrInvalid, "draw.aside", aside.Party, "is set aside without a reason")
		}
	}
	slices.Sort(all)
	able := c.available(k, a.At)
	if c.reading { // when somebody was erased, and whether she could be drawn before, is not known
		faded := func(iri string) bool { return c.pool[iri] != nil && c.faded(iri) }
		all, able = slices.DeleteFunc(all, faded), slices.DeleteFunc(able, faded)
	}
	if !slices.Equal(all, able) {
		return bad(ErrInvalid, "draw.candidates", "", "are not all who have the language, the qualification and the time")
	}
	q := c.inquire(k, a.At)
	for _, aside := range d.Aside {
		if ties == nil && (aside.Kind == WorkTie || aside.Kind == MoneyTie) {
			continue // the books said so, which are not read again
		}
		if c.faded(aside.Party) || c.faded(aside.With) || c.faded(aside.Through) {
			continue
		}
		if conflict, ok := c.unfit(q, aside.Party, ties); !ok || conflict != aside {
			return bad(ErrInvalid, "draw.aside", aside.Party, "has not the conflict of interest that is named")
		}
	}
	for _, candidate := range d.Candidates {
		if conflict, ok := c.unfit(q, candidate, ties); ok {
			return conflict.refusal()
		}
	}
	if drawn := c.draw(k, d); drawn != a.Mediator {
		return k.Rules.refuse(MediatorsKind, bad(ErrInvalid, "mediator", a.Mediator, "the draw names %s", drawn))
	}
	return nil
}

// Pool returns those who are in the pool of mediators, in the order of their IRIs.
func (c *Cases) Pool() []PoolEntry {
	var list []PoolEntry
	for _, iri := range slices.Sorted(maps.Keys(c.pool)) {
		if m := c.pool[iri]; !m.Gone {
			e := m.PoolEntry
			e.Languages, e.Ties = slices.Clone(e.Languages), slices.Clone(e.Ties)
			list = append(list, e)
		}
	}
	return list
}
