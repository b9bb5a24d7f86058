package mediation

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// The kinds of records that this package writes, all with schema 1.
const (
	KindTension = "mediation.tension" // payload: Tension
	KindAct     = "mediation.act"     // payload: Act
	KindPaper   = "mediation.paper"   // payload: Paper, the only one that holds words, sealed
	KindPool    = "mediation.pool"    // payload: PoolEntry
	KindMandate = "mediation.mandate" // payload: Mandate
)

const schema = 1

// Cases are what follows from the records of a journal about tensions: a fold without clock, randomness or I/O (a journal.View and the
// codesocial.Guard of its community). Make them with [NewCases], or let [Open] find them.
//
// Cases that a journal keeps up to date are read only inside [Office.Read] or inside a decision given to journal.Journal.Update,
// where they stand still. What their methods return belongs to the caller.
type Cases struct {
	state *codesocial.State `freeze:"-"`
	ties  Ties              `freeze:"-"`
	// decided finds the decision of the community on an exclusion.
	decided func(*Sanction) (resolution, bool) `freeze:"-"`

	cases     map[uuid.UUID]*Case
	order     []*Case // in the order in which they were opened
	byParty   map[string][]*Case
	papers    map[uuid.UUID]*paper
	positions map[uint64]uuid.UUID // of papers
	pool      map[string]*mediator
	poolOrder []string
	mandates  []Mandate
	draws     uint64
	referred  []Referral

	// reading is set where a record is read: who was erased since is not known as well as when it was decided.
	reading bool `freeze:"-"`

	rules *sync.Map `freeze:"-"` // a *codesocial.Charter to its *Rules; reading them twice gives the same, so they are no part of the state
}

// A paper is what is kept in memory of a [Paper].
type paper struct {
	of       uuid.UUID
	kind     PaperKind
	by, for_ string
	at       time.Time
	readers  []string
	shown    []string // readers to whom it was disclosed
	digest   string
	position uint64
	gone     bool // the payload is not there any more
	erased   bool // and the record that says so has been read
}

// NewCases returns the cases of an empty journal, for the community whose state is given; its parties, members, rules and decisions
// are asked.
func NewCases(state *codesocial.State) *Cases {
	c := &Cases{state: state, rules: new(sync.Map)}
	c.decided = c.resolve
	c.Reset()
	return c
}

// SetTies names where common work and money are looked up when a mediator is drawn. It is called before the cases are used.
func (c *Cases) SetTies(ties Ties) { c.ties = ties }

// Reset implements journal.View.
func (c *Cases) Reset() {
	c.cases, c.order, c.byParty = make(map[uuid.UUID]*Case), nil, make(map[string][]*Case)
	c.papers, c.positions = make(map[uuid.UUID]*paper), make(map[uint64]uuid.UUID)
	c.pool, c.poolOrder, c.mandates, c.draws, c.referred = make(map[string]*mediator), nil, nil, 0, nil
}

// erasedPaper stands for a paper whose payload is gone.
type erasedPaper struct{}

// An erasure says that a payload was erased, see journal.Journal.Erase.
type erasure struct {
	Position uint64 `json:"position"`
	Reason   string `json:"reason"`
}

const kindErasure = "journal.erasure"

// Decode implements journal.View.
func (c *Cases) Decode(r *journal.Record) (any, error) {
	v, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("mediation: %s %s: %w", r.Kind, r.ID, err)
	}
	return v, nil
}

func decode(r *journal.Record) (any, error) {
	switch r.Kind {
	case kindErasure:
		v := new(erasure)
		return v, unmarshal(r, v)
	case KindDispute:
		return decodeDispute(r)
	case KindTension, KindAct, KindPaper, KindPool, KindMandate:
	default:
		return nil, nil
	}
	if r.Schema != schema {
		return nil, bad(ErrInvalid, "schema", fmt.Sprint(r.Schema), "this version of the library knows schema %d", schema)
	}
	if r.Erased() {
		if r.Kind == KindPaper {
			return erasedPaper{}, nil
		}
		return nil, nil
	}
	switch r.Kind {
	case KindTension:
		v := &Tension{ID: r.ID, By: r.Author}
		return checked(r, v, v.check)
	case KindAct:
		v := &Act{ID: r.ID, By: r.Author}
		return checked(r, v, v.check)
	case KindPaper:
		v := &Paper{ID: r.ID, By: r.Author}
		return checked(r, v, v.check)
	case KindPool:
		v := &PoolEntry{ID: r.ID, By: r.Author}
		return checked(r, v, v.check)
	}
	v := &Mandate{ID: r.ID}
	return checked(r, v, v.check)
}

func unmarshal(r *journal.Record, v any) error {
	if err := r.Unmarshal(v); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func checked(r *journal.Record, v any, check func() error) (any, error) {
	if err := unmarshal(r, v); err != nil {
		return nil, err
	}
	if err := check(); err != nil {
		return nil, err
	}
	return v, nil
}

// Apply implements journal.View. It refuses, and then changes nothing, whatever the table and the guards do not allow, however it came
// into the journal.
func (c *Cases) Apply(r *journal.Record, v any) error {
	if err := c.applyRecord(r, v); err != nil {
		return fmt.Errorf("mediation: %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

// read returns the cases as they check what is read from the journal. What somebody's erased record said of her, where she works and who speaks
// for her, is not held against what was checked when it was still there.
func (c *Cases) read() *Cases {
	read := *c
	read.reading = true
	return &read
}

// faded reports whether somebody's record was erased, where what rests on it has been checked before.
func (c *Cases) faded(iri string) bool {
	p, ok := c.state.Party(iri)
	return ok && p.Erased && c.reading
}

// decides checks what an act says of the majority of a body. Whether the voice of a seat counts rests on what ties its holder to the parties.
func (c *Cases) decides(k *Case, a *Act, place *place, role Role) error {
	if place.Quorum != Majority || a.Decides == c.majority(k, a, role) {
		return nil
	}
	for p := range c.state.Parties() {
		if p.Erased {
			return nil
		}
	}
	return bad(ErrInvalid, "decides", fmt.Sprint(a.Decides), "is not what follows from the voices of those who can act")
}

func (c *Cases) applyRecord(r *journal.Record, v any) error {
	switch v := v.(type) {
	case *Tension:
		return c.applyTension(v, r.Time)
	case *Act:
		if err := atRecording(v.At, r.Time); err != nil {
			return err
		}
		k, err := c.find(v.Case)
		if err != nil {
			return err
		}
		place, role, err := c.read().check(k, v, nil)
		if err == nil {
			err = c.decides(k, v, place, role)
		}
		if err != nil {
			return err
		}
		c.apply(k, v, r.ID, place, role)
		if v.Event == Disclose {
			for _, id := range v.Papers {
				c.papers[id].shown = append(c.papers[id].shown, v.Readers...)
			}
		}
	case *Paper:
		if err := firstError(atRecording(v.At, r.Time), c.read().checkPaper(v)); err != nil {
			return err
		}
		c.papers[r.ID] = &paper{of: v.Case, kind: v.Kind, by: v.By, for_: v.For, at: v.At, readers: v.Readers, digest: v.Digest, position: r.Position}
		c.positions[r.Position] = r.ID
		c.cases[v.Case].papers = append(c.cases[v.Case].papers, r.ID)
	case erasedPaper:
		c.papers[r.ID] = &paper{by: r.Author, position: r.Position, gone: true}
		c.positions[r.Position] = r.ID
	case *erasure:
		if id, ok := c.positions[v.Position]; ok {
			c.papers[id].gone, c.papers[id].erased = true, true
		}
	case *PoolEntry:
		if err := firstError(atRecording(v.At, r.Time), c.read().checkPool(v)); err != nil {
			return err
		}
		m, ok := c.pool[v.Party]
		if !ok {
			m = new(mediator)
			c.pool[v.Party] = m
			i, _ := slices.BinarySearch(c.poolOrder, v.Party)
			c.poolOrder = slices.Insert(c.poolOrder, i, v.Party)
		}
		m.PoolEntry = *v
	case *Mandate:
		if err := c.checkMandate(v); err != nil {
			return err
		}
		c.mandates = append(c.mandates, *v)
	case *Referral:
		c.referred = append(c.referred, *v)
	default:
		return bad(ErrInvalid, "decoded value", "", "is a %T", v)
	}
	return nil
}

// MaxDelay is how long before its recording at most a tension, an act, a paper or an entry of the pool is dated. Time that runs for
// somebody runs from when it can be known, and nobody acts in a role that she had once. It is that of decisions.
const MaxDelay = codesocial.MaxDelay

// atRecording refuses what is dated after its recording or long before: nobody can let time pass by writing a date.
func atRecording(at, recorded time.Time) error {
	switch recorded = recorded.UTC(); {
	case at.After(recorded.Add(time.Minute)):
		return bad(ErrTime, "at", at.Format(time.RFC3339), "is after its recording, %s", recorded.Format(time.RFC3339))
	case at.Before(recorded.Add(-MaxDelay)):
		return bad(ErrTime, "at", at.Format(time.RFC3339), "is more than an hour before its recording, %s", recorded.Format(time.RFC3339))
	}
	return nil
}

func (c *Cases) applyTension(t *Tension, recorded time.Time) error {
	if err := atRecording(t.At, recorded); err != nil {
		return err
	}
	k, err := c.read().checkTension(t)
	if err != nil {
		return err
	}
	c.open(k)
	for i := range c.referred {
		if c.referred[i].Record == t.Refers {
			c.referred[i].Case = k.ID
		}
	}
	return nil
}

// open adds a case.
func (c *Cases) open(k *Case) {
	c.cases[k.ID] = k
	c.order = append(c.order, k)
	for _, party := range k.parties() {
		c.byParty[party] = append(c.byParty[party], k)
	}
}

func (c *Cases) checkPool(m *PoolEntry) error {
	if _, ok := c.state.Party(m.Party); !ok {
		return bad(ErrUnknown, "party", m.Party, "is not registered")
	}
	charter, err := c.state.InForce(m.At)
	if err != nil {
		return err
	}
	if on := codesocial.DateOf(m.At, charter.Location()); !c.seated(m.By, Reception, on) || !c.standing(m.By, on) {
		return bad(ErrRole, "by", m.By, "has no seat in the reception")
	}
	if _, ok := c.pool[m.Party]; !ok && len(c.pool) >= MaxMediators {
		return bad(ErrLimit, "pool", "", "has %d mediators, the limit", MaxMediators)
	}
	return nil
}

func (c *Cases) checkMandate(m *Mandate) error {
	if _, ok := c.state.Party(m.Party); !ok {
		return bad(ErrUnknown, "party", m.Party, "is not registered")
	}
	if _, ok := c.state.Adopted(codesocial.Matter{Kind: MandateMatter, Ref: m.Ref()}); !ok {
		return bad(ErrGuard, "mandate", m.Ref(), "no decision of the community has adopted exactly this mandate")
	}
	for _, o := range c.mandates {
		if o.Party == m.Party && (o.Body == ReviewBody && m.Body == AppealBody || o.Body == AppealBody && m.Body == ReviewBody) &&
			!o.Until.Before(m.From) && !m.Until.Before(o.From) {
			return bad(ErrExists, "body", string(m.Body), "%s sits in the %s at the same time: an appeal goes before another body", m.Party, o.Body)
		}
	}
	return nil
}

func (c *Cases) find(id uuid.UUID) (*Case, error) {
	k, ok := c.cases[id]
	if !ok {
		return nil, bad(ErrUnknown, "case", id.String(), "is not recorded")
	}
	return k, nil
}

// Case returns the case with that id as it stands; false if there is none.
func (c *Cases) Case(id uuid.UUID) (*Case, bool) {
	k, ok := c.cases[id]
	if !ok {
		return nil, false
	}
	return k.clone(), true
}

// All returns the ids of all cases, in the order in which they were opened.
func (c *Cases) All() []uuid.UUID {
	ids := make([]uuid.UUID, len(c.order))
	for i, k := range c.order {
		ids[i] = k.ID
	}
	return ids
}

// Papers returns what is known of the papers of a case without opening them, in the order of their recording: none of those that were
// erased, and nothing that is sealed. The error wraps [ErrUnknown].
func (c *Cases) Papers(of uuid.UUID) ([]Paper, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	var list []Paper
	for _, id := range k.papers {
		if p := c.papers[id]; !p.gone {
			list = append(list, Paper{ID: id, By: p.by, Case: of, Kind: p.kind, At: p.at, For: p.for_, Readers: slices.Clone(p.readers), Digest: p.digest})
		}
	}
	return list, nil
}

// Keeps implements journal.Keeper. What was said in mediation can always be erased; the papers of the proceedings can once the case,
// and the one that it went on in, is closed and no measure rests on them. The acts hold no words and are kept.
func (c *Cases) Keeps(r *journal.Record) error {
	switch r.Kind {
	case KindTension, KindAct, KindPool, KindMandate:
		return bad(ErrState, "kind", r.Kind, "later acts rest on it, and it holds no words")
	case KindPaper:
		p, ok := c.papers[r.ID]
		if !ok || p.gone || p.kind.Confidential() {
			return nil
		}
		k, ok := c.cases[p.of]
		for ok && k.Outcome == Merged {
			k, ok = c.cases[k.Into]
		}
		if ok && (k.Stage.Open() || k.InEffect) {
			return bad(ErrState, "paper", r.ID.String(), "the proceedings rest on it until the case is closed and no measure is in effect")
		}
	}
	return nil
}

// wrap says where an error comes from.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("mediation: %s: %w", what, err)
}
