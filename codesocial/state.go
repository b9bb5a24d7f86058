package codesocial

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// A State is what follows from the records of a journal: who is registered, which versions of the social
// code were proposed and adopted, who is a member. It is a fold without clock, randomness or I/O (a
// journal.View): the same records always give the same State, in an organisation, in a simulation, and
// for a verifier who was never there. The zero State is that of an empty journal, ready to use.
//
// A State that a journal keeps up to date (see [Community]) is read only inside [Community.Read] or
// inside a decision given to journal.Journal.Update, where it stands still. Its methods take no lock; what they
// return stays valid and belongs to the caller, a *[Charter] never changes.
type State struct {
	parties   map[string]*Party // without their keys
	revisions map[string]int    // by IRI: how often the party has been recorded
	keys      map[string]PublicKey
	holders   map[PublicKey]string // every key that a party has or has had
	versions  map[string]*Version
	proposed  []string              // hashes in the order of their proposal
	adopted   map[string][]*Charter // by whose charter it is, the IRI of a project or "" for the community: version n is at n-1
	standings map[string]*standing
	carried   carried

	accepted   map[statement]acceptance
	objections map[statement]objected

	decisions      map[uuid.UUID]*proceeding
	gatherings     map[uuid.UUID]*Meeting
	convened       []uuid.UUID // gatherings, in the order in which they were first called
	delegations    []decision.Delegation
	delegated      map[[2]string]Delegation // the last one, by who delegates and scope
	opened         []uuid.UUID              // in the order of their openings
	adoptedMatters map[Matter]uuid.UUID     // the last decision that adopted it

	guard      Guard `freeze:"-"` // nil: no measure takes effect
	measureIDs map[uuid.UUID]bool

	readings map[[2]string][]Reading // by project, "" for the common charter, and clause, in the order of their records

	mandates      map[string][]held      // by role, in the order of their records
	incubations   map[string]*Incubation // by project
	windings      map[string]*Winding    // by project
	consultations map[string]*consulted  // by hash of a version

	signed uint64 // records with an author's signature
}

// A Version is a version of the social code with what happened to it.
type Version struct {
	Charter    *Charter
	Adoption   *Adoption    // nil: proposed, without any effect
	ProposedAt uint64       // position of the proposal in the journal
	AdoptedAt  uint64       // position of the adoption, if there is one
	Renewals   []Renewal    // reviews that were held and left it as it stands, in order
	Calls      []ReviewCall // for a review before its day, in the order of their days
	Repeal     *Repeal      // nil: it has not been repealed

	roles       *RolesRule // nil: it has none
	rolesClause ClauseRef

	published Date // when the adoption was recorded, in the version's time zone
	threshold int  // how many signatures the adoption needed
	noticed   bool // the version before has a rule of amendment, and so a notice:
	notice    int  // in days
}

func (v *Version) clone() Version {
	c := *v
	c.Renewals, c.Calls, c.Repeal = slices.Clone(v.Renewals), slices.Clone(v.Calls), copied(v.Repeal)
	if v.Adoption != nil {
		a := *v.Adoption
		a.Signatures = slices.Clone(a.Signatures)
		c.Adoption = &a
	}
	return c
}

// Party returns what is registered under that IRI; false if nothing is.
func (s *State) Party(iri string) (Party, bool) {
	p, ok := s.parties[iri]
	if !ok {
		return Party{}, false
	}
	return s.keyed(p), true
}

// keyed returns a copy of p with its key.
func (s *State) keyed(p *Party) Party {
	c := p.clone()
	c.Key = s.keys[p.ID]
	return c
}

// Parties returns all registered parties in the order of their IRIs.
func (s *State) Parties() iter.Seq[Party] {
	return func(yield func(Party) bool) {
		for _, iri := range slices.Sorted(maps.Keys(s.parties)) {
			if !yield(s.keyed(s.parties[iri])) {
				return
			}
		}
	}
}

// KeyOf returns the key of a party, zero if it has none or is not registered.
func (s *State) KeyOf(iri string) PublicKey { return s.keys[iri] }

// InForce returns the version in force at an instant: of those adopted, the last whose first day, in its
// own time zone, is not later than the day of the instant, unless it has been repealed. The error wraps [ErrNotInForce] if
// there is none.
func (s *State) InForce(at time.Time) (*Charter, error) {
	c, err := s.inForce("", func(c *Charter) Date { return c.today(at) })
	if err != nil {
		return nil, errorf("%w", err)
	}
	return c, nil
}

// InForceOn returns the version in force on a day, see [State.InForce].
func (s *State) InForceOn(day Date) (*Charter, error) {
	c, err := s.inForceOn(day)
	if err != nil {
		return nil, errorf("%w", err)
	}
	return c, nil
}

func (s *State) inForceOn(day Date) (*Charter, error) {
	return s.inForce("", func(*Charter) Date { return day })
}

// inForce returns the version of the charter of a project, or "" for that of the community, that is in force on the day that today returns for it.
func (s *State) inForce(project string, today func(*Charter) Date) (*Charter, error) {
	adopted := s.adopted[project]
	for _, c := range slices.Backward(adopted) {
		day := today(c)
		if day.Before(c.doc.InForceFrom) {
			continue
		}
		if v := s.versions[c.hash]; v.repealed(day) {
			return nil, bad(ErrNotInForce, "day", day.String(), "%s has been repealed from %s", c, v.Repeal.From)
		}
		if end := s.ended(c); !end.IsZero() && !day.Before(end) {
			return nil, bad(ErrNotInForce, "day", day.String(), "the project of %s has ended on %s", c, end)
		}
		return c, nil
	}
	if len(adopted) == 0 {
		return nil, badly(ErrNotInForce, "day", "no version of a charter has been adopted")
	}
	first := adopted[0]
	return nil, bad(ErrNotInForce, "day", today(first).String(), "no version is in force yet: version 1 is from %s", first.doc.InForceFrom)
}

// Rule reads the one rule of that kind in the version in force at an instant, see [Charter.Rule].
func (s *State) Rule(kind string, at time.Time, into any) (ClauseRef, error) {
	c, err := s.InForce(at)
	if err != nil {
		return ClauseRef{}, err
	}
	return c.Rule(kind, into)
}

// Version returns the version with that hash; false if it was never proposed.
func (s *State) Version(hash string) (Version, bool) {
	v, ok := s.versions[hash]
	if !ok {
		return Version{}, false
	}
	return v.clone(), true
}

// Versions returns the adopted versions, from the first.
func (s *State) Versions() []Version { return s.ProjectVersions("") }

// Proposals returns the versions, of the community's charter and of those of projects, that were proposed and have not been adopted, in the order of their
// proposal. They have no effect.
func (s *State) Proposals() []Version {
	var list []Version
	for _, hash := range s.proposed {
		if v := s.versions[hash]; v.Adoption == nil {
			list = append(list, v.clone())
		}
	}
	return list
}

// Resolve returns the clause that a reference names, in the words of the version that it names. The
// error wraps [ErrUnknown] if that version was not adopted here, does not have the clause, or is not the one with
// that number.
func (s *State) Resolve(ref ClauseRef) (Clause, error) {
	v, ok := s.versions[ref.Hash]
	if !ok || v.Adoption == nil {
		return Clause{}, errorf("%s: %w", ref, bad(ErrUnknown, "hash", ref.Hash, "no such version has been adopted"))
	}
	if v.Charter.doc.Version != ref.Version || v.Charter.doc.ID != ref.Charter {
		return Clause{}, errorf("%s: %w", ref, bad(ErrUnknown, "hash", ref.Hash, "is %s", v.Charter))
	}
	clause, ok := v.Charter.Clause(ref.Clause)
	if !ok {
		return Clause{}, errorf("%s: %w", ref, bad(ErrUnknown, "clause", ref.Clause, "there is no such clause"))
	}
	return clause, nil
}

// last returns the version adopted last of the charter of a project, or "" for that of the community; nil if there is none.
func (s *State) last(project string) *Charter {
	adopted := s.adopted[project]
	if len(adopted) == 0 {
		return nil
	}
	return adopted[len(adopted)-1]
}

// A lookup is a state seen with acts of the same decision that are not recorded yet.
type lookup struct {
	state     *State
	parties   map[string]*Party
	keys      map[string]PublicKey
	holders   map[PublicKey]string
	standings map[string]*standing
}

// lookup returns the state as it is, to be checked against.
func (s *State) lookup() lookup { return lookup{state: s, keys: s.keys, holders: s.holders} }

// draft returns a lookup to which acts can be added without touching the state.
func (s *State) draft() lookup {
	return lookup{s, make(map[string]*Party), make(map[string]PublicKey), make(map[PublicKey]string), make(map[string]*standing)}
}

func (l lookup) party(iri string) (*Party, bool) { return either(l.parties, l.state.parties, iri) }

// speaker returns who signs for a party.
func (l lookup) speaker(iri string) string {
	if p, ok := l.party(iri); ok {
		return p.speaker()
	}
	return iri
}

func (l lookup) holder(key PublicKey) (string, bool) { return either(l.holders, l.state.holders, key) }

func (l lookup) key(iri string) PublicKey {
	key, _ := either(l.keys, l.state.keys, iri)
	return key
}

// either returns what the first map has under key, or else the second.
func either[K comparable, V any](first, second map[K]V, key K) (V, bool) {
	if v, ok := first[key]; ok {
		return v, true
	}
	v, ok := second[key]
	return v, ok
}
