package ledger

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// given holds the contributions, in the order of recording, and what happened to them.
type given struct {
	all         []contribution
	values      column // the quantities of all, with all corrections
	texts       texts  // evidence and note of all
	changes     []change
	before      map[int32]fixed        // the quantity before a correction, by the place of the change
	index       places                 `freeze:"-"` // of all
	byProject   map[uint32][]uint32    // places
	byParty     map[uint32][]uint32    // places
	fulfils     map[uint32]uuid.UUID   // the commitment that a contribution fulfils
	disputes    map[uuid.UUID]*dispute // by the id of the objection
	open        map[uint32]int         // number of open objections to a contribution
	correctedBy map[uuid.UUID]bool     // ids of corrections
}

// contribution is one as the books hold it.
type contribution struct {
	id                                    uuid.UUID
	text                                  uint64 // where it begins in texts
	position                              uint32
	party, declarant, project, kind, unit uint32
	day                                   int32
	last                                  int32 // place of the last change; -1: none
	stage                                 uint8 // a Status
	required                              uint8
	ordered                               bool
	erased                                bool // only its id is left
}

func (c *contribution) status() Status { return Status(c.stage) }

// change is something that happened to a contribution.
type change struct {
	position uint32
	prev     int32 // place of the change before; -1: none
	by       uint32
	event    lifeEvent
	stage    uint8 // a Status, from then on
}

// dispute is an objection to a contribution.
type dispute struct {
	objected
	contribution uint32
}

func newGiven() given {
	return given{
		before: make(map[int32]fixed), index: newPlaces(), byProject: make(map[uint32][]uint32), byParty: make(map[uint32][]uint32),
		fulfils: make(map[uint32]uuid.UUID), disputes: make(map[uuid.UUID]*dispute), open: make(map[uint32]int), correctedBy: make(map[uuid.UUID]bool),
	}
}

func (b *Books) applyContribution(r *journal.Record, v *Contribution) {
	g := &b.given
	text := []string{v.Evidence, v.Note}
	if v.Note == "" {
		text = text[:1]
	}
	value, _ := fix(v.Quantity.Value)
	c := contribution{
		id: v.ID, position: uint32(r.Position), party: b.names.number(v.Party), declarant: b.names.number(v.DeclaredBy), project: b.names.number(v.Project),
		kind: b.names.number(v.Kind), unit: b.names.number(v.Quantity.Unit), day: dayNumber(v.On), last: -1, ordered: v.Ordered,
	}
	place := g.add(c, value, text...)
	g.byProject[c.project] = append(g.byProject[c.project], place)
	g.byParty[c.party] = append(g.byParty[c.party], place)
	if v.Fulfils != uuid.Nil {
		g.fulfils[place] = v.Fulfils
		b.fulfil(v.Fulfils, place)
	}
}

// add appends a contribution, and returns its place.
func (g *given) add(c contribution, value fixed, text ...string) uint32 {
	place := uint32(len(g.all))
	c.text = g.texts.add(text...)
	g.all = append(g.all, c)
	g.values.append(value)
	g.index.add(c.id, place, g.idOf)
	return place
}

func (g *given) idOf(place uint32) uuid.UUID { return g.all[place].id }

// find returns the place of the contribution with that id.
func (g *given) find(id uuid.UUID) (uint32, bool) { return g.index.find(id, g.idOf) }

// text returns evidence and note of the contribution at a place, with a zero byte between them if there is a note.
func (g *given) text(place uint32) []byte {
	end := uint64(len(g.texts.bytes))
	if int(place)+1 < len(g.all) {
		end = g.all[place+1].text
	}
	return g.texts.bytes[g.all[place].text:end]
}

// change records that something happened to the contribution at a place. The event is one of the table.
func (g *given) change(r *journal.Record, place uint32, e lifeEvent, by uint32) {
	c := &g.all[place]
	to, _ := c.status().after(e)
	g.changes = append(g.changes, change{position: uint32(r.Position), prev: c.last, by: by, event: e, stage: uint8(to)})
	c.last, c.stage = int32(len(g.changes)-1), uint8(to)
}

// at returns how the contribution at a place stood as known at a token; false if it was not recorded by then.
func (g *given) at(place uint32, known Token) (standing, bool) {
	c := &g.all[place]
	s := standing{place, c.status(), g.values.at(int(place))}
	if known == 0 {
		return s, true
	}
	if tokenOf(c.position) > known {
		return s, false
	}
	for i := c.last; i >= 0 && tokenOf(g.changes[i].position) > known; i = g.changes[i].prev {
		if before, ok := g.before[i]; ok {
			s.value = before
		}
		s.status = Declared
		if prev := g.changes[i].prev; prev >= 0 {
			s.status = Status(g.changes[prev].stage)
		}
	}
	return s, true
}

// validators returns those who have confirmed or validated a contribution since it was last declared or corrected, in that
// order, as known at a token. With confirmed set, those who only confirmed are among them.
func (g *given) validators(c *contribution, known Token, confirmed bool) (out []uint32) {
	for i := c.last; i >= 0; i = g.changes[i].prev {
		switch x := &g.changes[i]; {
		case known != 0 && tokenOf(x.position) > known:
		case x.event == lifeValidate || x.event == lifeEndorse || x.event == lifeConfirm && confirmed:
			out = append(out, x.by)
		case Status(x.stage) == Declared:
			slices.Reverse(out)
			return out
		}
	}
	slices.Reverse(out)
	return out
}

// selects iterates over the contributions that the filter selects, with their places, states and quantities as known at its token.
// Where the filter names a project or party, only theirs are visited.
func (b *Books) selects(f Filter) iter.Seq2[*contribution, standing] {
	g := &b.given
	project, party, kind := b.names.find(f.Project), b.names.find(f.Party), b.names.find(f.Kind)
	from, to := f.days()
	return func(yield func(*contribution, standing) bool) {
		visit := func(place uint32) bool {
			c := &g.all[place]
			if (f.Project != "" && c.project != project) || (f.Party != "" && c.party != party) || (f.Kind != "" && c.kind != kind) || c.day < from || c.day > to || c.erased {
				return true
			}
			s, ok := g.at(place, f.Known)
			return !ok || yield(c, s)
		}
		list, listed := g.byParty[party], f.Party != ""
		if l := g.byProject[project]; f.Project != "" && (!listed || len(l) < len(list)) {
			list, listed = l, true
		}
		if listed {
			start := sort.Search(len(list), func(i int) bool { return tokenOf(g.all[list[i]].position) > f.After })
			for _, place := range list[start:] {
				if !visit(place) {
					return
				}
			}
			return
		}
		start := sort.Search(len(g.all), func(i int) bool { return tokenOf(g.all[i].position) > f.After })
		for i := start; i < len(g.all); i++ {
			if !visit(uint32(i)) {
				return
			}
		}
	}
}

// standing is how a contribution stands at a time.
type standing struct {
	place  uint32
	status Status
	value  fixed
}

// An Entry is a contribution as the books hold it.
type Entry struct {
	// Contribution is as it was declared, with the quantity that all corrections leave.
	Contribution
	Status Status
	// Validators are the IRIs of those who confirmed or validated it, in the order in which they did.
	Validators []string
	// Token is the place of its record in the history: a page after it begins with the next.
	Token Token
}

// Contribution returns the contribution with that id; false if there is none, or if it was erased.
func (b *Books) Contribution(id uuid.UUID) (Entry, bool) {
	place, ok := b.given.find(id)
	if !ok || b.given.all[place].erased {
		return Entry{}, false
	}
	s, _ := b.given.at(place, 0)
	return b.entry(s, 0), true
}

func (b *Books) entry(s standing, known Token) Entry {
	c := &b.given.all[s.place]
	evidence, note, _ := strings.Cut(string(b.given.text(s.place)), "\x00")
	e := Entry{
		Contribution: Contribution{
			ID: c.id, DeclaredBy: b.names.of(c.declarant), Party: b.names.of(c.party), Project: b.names.of(c.project), Kind: b.names.of(c.kind),
			Quantity: Quantity{s.value.decimal(), b.names.of(c.unit)}, On: dateOf(c.day), Evidence: evidence, Note: note, Ordered: c.ordered,
			Fulfils: b.given.fulfils[s.place],
		},
		Status: s.status, Token: tokenOf(c.position),
	}
	for _, v := range b.given.validators(c, known, true) {
		e.Validators = append(e.Validators, b.names.of(v))
	}
	return e
}

// Contributions iterates over the contributions that the filter selects, in the order in which they were declared. Give the token of the last one
// as [Filter].After, and the next page begins.
func (b *Books) Contributions(f Filter) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, s := range b.selects(f) {
			if !yield(b.entry(s, f.Known)) {
				return
			}
		}
	}
}

// Matrix returns the wealth matrix of the contributions that the filter selects: the parties give, the projects receive.
// What is only declared and what is validated are kept apart in it, and never added; what is voided is left out. Its columns are the kinds of
// wealth given. A contribution of a kind that is not among them is an error of package dividend.
func (b *Books) Matrix(f Filter, wealth dividend.Wealth) (*dividend.Matrix, error) {
	return b.matrix(f, wealth, true)
}

// matrix is Matrix, with or without ordered work.
func (b *Books) matrix(f Filter, wealth dividend.Wealth, ordered bool) (*dividend.Matrix, error) {
	m, err := dividend.NewMatrix(wealth)
	if err != nil {
		return nil, err
	}
	for c, s := range b.selects(f) {
		if s.status == Voided || c.ordered && !ordered {
			continue
		}
		flow := dividend.Flow{
			From: b.names.of(c.party), To: b.names.of(c.project), Kind: b.names.of(c.kind), Quantity: s.value.decimal(), Unit: b.names.of(c.unit),
			Confirmed: s.status.Counts(), Day: dateOf(c.day).String(),
		}
		if text := b.given.text(s.place); len(text) > 0 && text[0] != 0 {
			flow.Evidence = 1
		}
		if err := m.Add(flow); err != nil {
			return nil, fmt.Errorf("ledger: contribution %s: %w", c.id, err)
		}
	}
	return m, nil
}
