package catalog

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// The kinds of records that this package writes, all with schema 1.
const (
	KindEntry     = "catalog.entry"      // payload: Entry, a new one or a new text of one
	KindConsent   = "catalog.consent"    // payload: Consent, signed by the partner
	KindStep      = "catalog.step"       // payload: Step
	KindScreening = "catalog.screening"  // payload: Screening
	KindAnswer    = "catalog.answer"     // payload: Answer
	KindOverride  = "catalog.override"   // payload: Override
	KindDeal      = "catalog.deal"       // payload: Deal
	KindDealStep  = "catalog.deal-step"  // payload: DealStep
	KindSplit     = "catalog.split"      // payload: SplitRecord
	KindDispute   = "catalog.dispute"    // payload: Dispute
	KindSearch    = "catalog.search"     // payload: SavedSearch
	KindDigest    = "catalog.digest"     // payload: Digest
	KindSearchEnd = "catalog.search-end" // payload: SearchEnd
)

const schema = 1

// State is what follows from the records of a journal about the catalogue: entries, what holds them back, deals. It is a fold without clock, randomness
// or I/O (a journal.View). Make one with [NewState].
//
// A State that a journal keeps up to date (see [Catalog]) is read only inside [Catalog.Read] or inside a decision given to journal.Journal.Update,
// where it stands still. Its methods take no lock; what they return belongs to the caller.
type State struct {
	community *codesocial.State `freeze:"-"`
	scheme    *taxonomy.Scheme  `freeze:"-"`

	items    map[string]*item
	together []string              // IRIs of the collective offers, in the order in which they came
	erased   map[uuid.UUID]bool    // texts of entries, and saved searches, whose payload is gone
	deals    map[uuid.UUID]*deal   // by the id of their first record
	order    []uuid.UUID           // of the deals
	receipts map[uuid.UUID]receipt // of the books, by id
	splits   map[uuid.UUID]SplitRecord
	searches map[uuid.UUID]*saved
	names    map[string]string // strings that many entries have, so that they share memory

	// What follows from the items:
	index   *search.Index  `freeze:"-"`
	domains *domains       `freeze:"-"` // of the commercial offers, of one holder and of several
	shown   map[string]int `freeze:"-"` // holders and partners of what is in the index, and how often
}

// An item is an entry with what has become of it.
type item struct {
	entry     *Entry
	hash      string
	revision  uuid.UUID       // id of the record of this text
	status    Status          // without what follows from a day
	since     codesocial.Date // of the last thing that happened to it
	published codesocial.Date // first day on which this text could be seen
	until     codesocial.Date // last day on which it can be seen; zero: no end
	required  int             // checks that were asked for
	checkers  []string
	consents  []string
	asked     []*candidate
	overruled uuid.UUID       // decision that cleared this text
	promised  decimal.Decimal // of the capacity: what deals hold or have used up
	running   int             // deals that are agreed and not finished
	erased    bool
}

// NewState returns an empty catalogue for the community whose state is given; its members and rules are asked when something is to be recorded. scheme
// is the taxonomy of the concepts in tags; nil: a concept is near itself only.
func NewState(community *codesocial.State, scheme *taxonomy.Scheme) *State {
	s := &State{community: community, scheme: scheme}
	s.Reset()
	return s
}

// Reset implements journal.View.
func (s *State) Reset() {
	*s = State{
		community: s.community, scheme: s.scheme,
		items: make(map[string]*item), erased: make(map[uuid.UUID]bool), deals: make(map[uuid.UUID]*deal),
		receipts: make(map[uuid.UUID]receipt), splits: make(map[uuid.UUID]SplitRecord), searches: make(map[uuid.UUID]*saved), index: search.New(), domains: newDomains(s.scheme), shown: make(map[string]int), names: make(map[string]string),
	}
}

// erased stands for the payload of an entry or a saved search that is gone.
type erased struct{}

// kinds says how to make the value that a record is decoded into, and how to check it.
var kinds = map[string]func(r *journal.Record) (any, error){
	KindEntry: func(r *journal.Record) (any, error) {
		e := new(Entry)
		return read(r, e, e.Check)
	},
	KindConsent: func(r *journal.Record) (any, error) {
		c := &Consent{Partner: r.Author}
		if len(r.Signature) == 0 {
			return nil, badly(ErrConsent, "signature", "a consent is signed by the partner")
		}
		return read(r, c, c.check)
	},
	KindStep: func(r *journal.Record) (any, error) {
		v := &Step{By: r.Author}
		return read(r, v, v.check)
	},
	KindScreening: func(r *journal.Record) (any, error) {
		v := new(Screening)
		return read(r, v, v.check)
	},
	KindAnswer: func(r *journal.Record) (any, error) {
		v := &Answer{By: r.Author}
		return read(r, v, v.check)
	},
	KindOverride: func(r *journal.Record) (any, error) {
		v := &Override{By: r.Author}
		return read(r, v, v.check)
	},
	KindDeal: func(r *journal.Record) (any, error) {
		v := &Deal{ID: r.ID, By: r.Author}
		return read(r, v, v.check)
	},
	KindDealStep: func(r *journal.Record) (any, error) {
		v := &DealStep{By: r.Author}
		return read(r, v, v.check)
	},
	KindSplit: func(r *journal.Record) (any, error) {
		v := &SplitRecord{ID: r.ID}
		return read(r, v, v.check)
	},
	KindDispute: func(r *journal.Record) (any, error) {
		v := &Dispute{ID: r.ID}
		return read(r, v, v.check)
	},
	KindSearch: func(r *journal.Record) (any, error) {
		v := &SavedSearch{ID: r.ID, By: r.Author}
		return read(r, v, v.check)
	},
	KindDigest: func(r *journal.Record) (any, error) {
		v := &Digest{By: r.Author}
		return read(r, v, v.check)
	},
	KindSearchEnd: func(r *journal.Record) (any, error) {
		v := &SearchEnd{By: r.Author}
		return read(r, v, v.check)
	},
	receiptKind: readReceipt,
}

// Decode implements journal.View.
func (s *State) Decode(r *journal.Record) (any, error) {
	decode, ok := kinds[r.Kind]
	if !ok {
		return nil, nil
	}
	if r.Erased() {
		if r.Kind == KindEntry || r.Kind == KindSearch {
			return erased{}, nil
		}
		return nil, nil
	}
	v, err := decode(r)
	if err == nil && r.Kind != receiptKind && r.Schema != schema {
		err = bad(ErrInvalid, "schema", fmt.Sprint(r.Schema), "this version of the library knows schema %d", schema)
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: %s %s: %w", r.Kind, r.ID, err)
	}
	return v, nil
}

func read(r *journal.Record, v any, ok func() error) (any, error) {
	if err := r.Unmarshal(v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return v, ok()
}

// decodePayload reads the payload of a draft: the value itself, or what signing made of it.
func decodePayload(payload, into any) error {
	data, ok := payload.(canonical.Raw)
	if !ok {
		b, err := canonical.Marshal(payload)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		data = b
	}
	if err := canonical.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

// decodeMembers reads some members of an object, and passes over the others.
func decodeMembers(data []byte, into map[string]any) error {
	var members map[string]canonical.Raw
	if err := canonical.Unmarshal(data, &members); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	for _, name := range slices.Sorted(maps.Keys(into)) {
		raw, ok := members[name]
		if !ok {
			continue
		}
		if err := canonical.Unmarshal(raw, into[name]); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrInvalid, name, err)
		}
	}
	return nil
}

// Apply implements journal.View. It refuses, and then changes nothing, what the entries and deals as they stand do not allow, however it came into the
// journal. Membership and rules are asked when something is recorded, and what they said stands in the record.
func (s *State) Apply(r *journal.Record, v any) error {
	if err := s.apply(r, v); err != nil {
		return fmt.Errorf("catalog: %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

func (s *State) apply(r *journal.Record, v any) error {
	switch v := v.(type) {
	case *Entry:
		return s.applyEntry(r.ID, v)
	case erased:
		s.erased[r.ID] = true
	case *Consent:
		return s.applyConsent(v)
	case *Step:
		return s.applyStep(r, v)
	case *Screening:
		return s.applyScreening(r, v)
	case *Answer:
		return s.applyAnswer(v)
	case *Override:
		return s.applyOverride(v)
	case *Deal:
		return s.applyDeal(v)
	case *DealStep:
		return s.applyDealStep(v)
	case *SplitRecord:
		return s.applySplit(v)
	case *Dispute:
		return nil // for others to read
	case *SavedSearch:
		return s.applySearch(v)
	case *Digest:
		return s.applyDigest(v)
	case *SearchEnd:
		return s.applySearchEnd(v)
	case *receipt:
		s.receipts[r.ID] = *v
	default:
		return badly(ErrInvalid, "decoded value", "is a %T", v)
	}
	return nil
}

// Keeps implements journal.Keeper. The texts of an entry of one holder can be erased once it is withdrawn, a saved search always, and what it has told
// once it has ended. What several have agreed on stays.
func (s *State) Keeps(r *journal.Record) error {
	switch r.Kind {
	case KindEntry:
		var e Entry
		if err := r.Unmarshal(&e); err != nil {
			return nil
		}
		if e.Kind == Collective {
			return badly(ErrState, "kind", "partners have consented to the text of a collective offer")
		}
		if it, ok := s.items[e.ID]; ok && it.status != Withdrawn {
			return badly(ErrState, "entry", "is %s, and is withdrawn first: Catalog.Erase does both", it.status)
		}
	case KindDigest:
		var d Digest
		if err := r.Unmarshal(&d); err != nil {
			return nil
		}
		if v, ok := s.searches[d.Search]; ok && !v.ended {
			return badly(ErrState, "search", "goes on, and would tell all of it again: end it first")
		}
	case KindConsent, KindStep, KindScreening, KindAnswer, KindOverride, KindDeal, KindDealStep, KindSplit, KindDispute, KindSearchEnd:
		return badly(ErrState, "kind", "later records rest on a %s", r.Kind)
	}
	return nil
}

// item returns the entry with that IRI.
func (s *State) item(field, iri string) (*item, error) {
	it, ok := s.items[iri]
	if !ok {
		return nil, bad(ErrUnknown, field, iri, "is not in the catalogue")
	}
	return it, nil
}

// tombstone returns an item for an entry whose text has been erased, so that what happened to it can still be followed.
func (s *State) tombstone(iri string, revision uuid.UUID) *item {
	it, ok := s.items[iri]
	if !ok {
		it = new(item)
		s.items[iri] = it
	}
	s.unlist(it)
	s.domains.delete(iri)
	*it = item{entry: &Entry{ID: iri}, revision: revision, status: Withdrawn, erased: true, promised: it.promised, running: it.running}
	s.reindex(it)
	return it
}

// onDay returns the state of an entry on a day, as far as the calendar says.
func (it *item) onDay(day codesocial.Date) Status {
	if it.status.alive() && !it.until.IsZero() && day.After(it.until) {
		return Expired
	}
	return it.status
}

// statusOn returns the state of an entry on a day, as the calendar and the standing of its members say.
func (s *State) statusOn(it *item, day codesocial.Date) Status {
	status := it.onDay(day)
	if _, err := status.after(suspend); err != nil {
		return status
	}
	if standing := s.community.StatusOn(it.entry.Holder, day); standing == codesocial.Resigned || standing == codesocial.Excluded {
		return Withdrawn
	}
	for _, iri := range append([]string{it.entry.Holder}, it.entry.Partners...) {
		if !s.community.MemberOn(iri, day) {
			return Suspended
		}
	}
	return status
}

// A Listing is an entry with what has become of it on a day.
type Listing struct {
	Entry  Entry
	Hash   string // of this text, see [Entry.Hash]
	Status Status
	// Published is the first day on which this text could be seen, Until the last; zero where there is none.
	Published, Until codesocial.Date
	// Checkers are the IRIs of those who have checked this text, of Required ones, and Consents those of the partners that have consented to it.
	Checkers []string
	Required int
	Consents []string
	// Promised is how much of the capacity deals hold, or have used up.
	Promised Quantity
	// Candidates are the offers that a collective offer may compete with, the most similar first.
	Candidates []Candidate
	// Override is the decision that cleared a collective offer in spite of objections; zero: none.
	Override uuid.UUID
	// Erased reports that the text has been erased: only the IRI is left.
	Erased bool
}

func (s *State) listing(it *item, day codesocial.Date) Listing {
	l := Listing{
		Entry: it.entry.Clone(), Hash: it.hash, Status: s.statusOn(it, day), Published: it.published, Until: it.until,
		Checkers: slices.Clone(it.checkers), Required: it.required, Consents: slices.Clone(it.consents),
		Candidates: s.candidates(it, day), Override: it.overruled, Erased: it.erased,
	}
	if c := it.entry.Capacity; c != nil {
		l.Promised = Quantity{it.promised, c.Unit}
	}
	return l
}

// Entry returns an entry as it is on a day; false if there is none under that IRI.
func (s *State) Entry(iri string, day codesocial.Date) (Listing, bool) {
	it, ok := s.items[iri]
	if !ok {
		return Listing{}, false
	}
	return s.listing(it, day), true
}

// A Filter selects entries. The zero Filter selects all of them; each field that is set narrows it.
type Filter struct {
	Kind       Kind
	Holder     string // IRI of the holder or of a partner
	Status     Status // on the day that is asked for
	Visibility Visibility
}

// Entries iterates over the entries that the filter selects, as they are on a day, in the order of their IRIs.
func (s *State) Entries(day codesocial.Date, f Filter) iter.Seq[Listing] {
	return func(yield func(Listing) bool) {
		for _, iri := range slices.Sorted(maps.Keys(s.items)) {
			it := s.items[iri]
			e := it.entry
			if f.Kind != "" && f.Kind != e.Kind || f.Holder != "" && f.Holder != e.Holder && !slices.Contains(e.Partners, f.Holder) ||
				f.Visibility != "" && f.Visibility != e.Visibility || f.Status != "" && f.Status != s.statusOn(it, day) {
				continue
			}
			if !yield(s.listing(it, day)) {
				return
			}
		}
	}
}

// Len returns how many entries there are, in whatever state.
func (s *State) Len() int { return len(s.items) }

// behind reports whether a party stands behind an entry: it is the holder or a partner, belongs to one of them, or leads the project or collective that is
// the holder.
func (s *State) behind(e *Entry, iri string) bool {
	home := ""
	if p, ok := s.community.Party(iri); ok {
		home = p.Organization
	}
	group := append([]string{e.Holder}, e.Partners...)
	if p, ok := s.community.Party(e.Holder); ok && p.Type != codesocial.Person {
		group = append(append(group, p.Lead), p.Partners...)
	}
	return slices.ContainsFunc(group, func(of string) bool { return of != "" && (of == iri || of == home) })
}

// checkMember checks that a party is registered, and has the rights of a member on a day.
func (s *State) checkMember(field, iri string, day codesocial.Date) error {
	if _, ok := s.community.Party(iri); !ok {
		return bad(ErrUnknown, field, iri, "is not a registered party")
	}
	if !s.community.MemberOn(iri, day) {
		return errors.Join(codesocial.ErrNotMember, bad(ErrNotYours, field, iri, "does not have the rights of a member on %s", day))
	}
	return nil
}

// checkFree checks that no measure keeps a party from records of a kind on a day.
func (s *State) checkFree(field, iri, kind string, day codesocial.Date) error {
	if s.community.Restricted(iri, kind, day) {
		return bad(ErrNotYours, field, iri, "is kept from %s on %s by a measure", kind, day)
	}
	return nil
}

// intern returns a string that is kept once.
func (s *State) intern(v string) string {
	if known, ok := s.names[v]; ok {
		return known
	}
	s.names[v] = v
	return v
}
