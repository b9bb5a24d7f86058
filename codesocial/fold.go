package codesocial

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// The kinds of records that this package writes, all with schema 1.
const (
	KindParty      = "codesocial.party"      // payload: a Party without its key
	KindKey        = "codesocial.key"        // payload: KeyChange
	KindCharter    = "codesocial.charter"    // payload: the Document of a version, a proposal
	KindAdoption   = "codesocial.adoption"   // payload: Adoption
	KindAdmission  = "codesocial.admission"  // payload: the fields of an Admission and the clause it rests on
	KindAcceptance = "codesocial.acceptance" // payload: Acceptance
	KindObjection  = "codesocial.objection"  // payload: Objection
)

const schema = 1

// signedElsewhere stands for a record of another package of which only the author's signature matters here.
type signedElsewhere struct{}

// Decode implements journal.View. It reads records of this package, and notes those of others that
// are signed, since this State knows the keys. Of a party whose payload has been erased the IRI remains,
// and with it keys and membership. Of the other kinds nothing does: do not erase those, they hold no
// name that an erasure should reach, and later acts rest on them.
func (s *State) Decode(r *journal.Record) (any, error) {
	v, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("codesocial: %s %s: %w", r.Kind, r.ID, err)
	}
	if v == nil && len(r.Signature) > 0 {
		return signedElsewhere{}, nil
	}
	return v, nil
}

func decode(r *journal.Record) (any, error) {
	switch r.Kind {
	case KindParty, KindKey, KindCharter, KindAdoption, KindAdmission, KindAcceptance, KindObjection:
	default:
		return nil, nil
	}
	if r.Schema != schema {
		return nil, bad(ErrInvalid, "schema", fmt.Sprint(r.Schema), "this version of the library knows schema %d", schema)
	}
	if r.Erased() {
		if r.Kind == KindParty {
			return &Party{ID: r.Author, Erased: true}, nil
		}
		return nil, nil
	}
	switch r.Kind {
	case KindParty:
		record := new(partyRecord)
		if err := unmarshal(r, record); err != nil {
			return nil, err
		}
		p := record.party()
		if p.ID != r.Author {
			return nil, bad(ErrInvalid, "author", r.Author, "must be the party, %s: its IRI remains when the payload is erased", p.ID)
		}
		return p, p.check()
	case KindKey:
		k := new(KeyChange)
		if err := unmarshal(r, k); err != nil {
			return nil, err
		}
		return k, k.check()
	case KindCharter:
		return ParseCharter(r.Payload)
	case KindAdoption:
		a := new(Adoption)
		if err := unmarshal(r, a); err != nil {
			return nil, err
		}
		return a, a.check()
	case KindAcceptance:
		a := new(Acceptance)
		if err := unmarshal(r, a); err != nil {
			return nil, err
		}
		return a, a.check()
	case KindObjection:
		o := new(Objection)
		if err := unmarshal(r, o); err != nil {
			return nil, err
		}
		return o, o.check()
	default:
		a := new(admissionRecord)
		if err := unmarshal(r, a); err != nil {
			return nil, err
		}
		admission := a.admission()
		return a, admission.check()
	}
}

func unmarshal(r *journal.Record, v any) error {
	if err := r.Unmarshal(v); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func (a *admissionRecord) admission() *Admission {
	return &Admission{Applicant: a.Applicant, Charter: a.Charter, On: a.On, Sponsors: a.Sponsors, Signature: a.Signature}
}

// Apply implements journal.View. It refuses, and then changes nothing, a record of this package that the
// rules of the game do not allow, however it came into the journal, and a record of any package whose signature is not
// that of its author.
func (s *State) Apply(r *journal.Record, v any) error {
	if err := s.apply(r, v); err != nil {
		return fmt.Errorf("codesocial: %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

func (s *State) apply(r *journal.Record, v any) error {
	if err := s.checkAuthor(r); err != nil {
		return err
	}
	if s.parties == nil {
		s.parties, s.revisions = make(map[string]*Party), make(map[string]int)
		s.keys, s.holders = make(map[string]PublicKey), make(map[PublicKey]string)
		s.versions, s.members = make(map[string]*Version), make(map[string]*Membership)
		s.accepted, s.objections = make(map[statement]acceptance), make(map[statement]Objection)
	}
	var err error
	switch v := v.(type) {
	case *Party:
		err = s.applyParty(v)
	case *KeyChange:
		if err = s.lookup().checkKey(v); err == nil {
			s.lookup().setKey(v)
		}
	case *Charter:
		err = s.applyCharter(v, r.Position)
	case *Adoption:
		err = s.applyAdoption(v, r.Position)
	case *admissionRecord:
		err = s.applyAdmission(v, r.Position)
	case *Acceptance:
		var signed bool
		if signed, err = s.checkAccept(v); err == nil {
			s.accepted[statement{v.Party, v.Charter}] = acceptance{v.On, signed}
		}
	case *Objection:
		if err = s.checkObject(v); err == nil {
			s.objections[statement{v.Party, v.Charter}] = *v
		}
	case signedElsewhere:
	default:
		err = badly(ErrInvalid, "decoded value", "is a %T", v)
	}
	if err == nil && len(r.Signature) > 0 {
		s.signed++
	}
	return err
}

func (s *State) applyParty(p *Party) error {
	if p.ID == "" {
		return nil // an erased payload, recorded without an author: nothing is left of it
	}
	if !p.Erased {
		if err := s.lookup().checkParty(p); err != nil {
			return err
		}
	}
	s.carried.change(s.parties[p.ID], p)
	s.parties[p.ID] = p
	s.revisions[p.ID]++
	return nil
}

func (s *State) applyCharter(c *Charter, position uint64) error {
	if _, ok := s.versions[c.hash]; ok {
		return bad(ErrExists, "charter", c.hash, "has been proposed already")
	}
	if err := s.checkNext(c); err != nil {
		return err
	}
	s.versions[c.hash] = &Version{Charter: c, ProposedAt: position}
	s.proposed = append(s.proposed, c.hash)
	return nil
}

func (s *State) applyAdoption(a *Adoption, position uint64) error {
	if v, ok := s.versions[a.Charter]; ok && v.Adoption != nil {
		return bad(ErrExists, "charter", a.Charter, "has been adopted already")
	}
	if err := s.checkAdoption(a); err != nil {
		return err
	}
	s.adopt(a, position)
	return nil
}

func (s *State) applyAdmission(a *admissionRecord, position uint64) error {
	m, err := s.lookup().checkAdmission(a.admission())
	if err != nil {
		return err
	}
	if a.Clause != m.Clause {
		return bad(ErrInvalid, "clause", a.Clause.String(), "the admission rests on %s", m.Clause)
	}
	m.Position = position
	s.members[m.Party] = m
	if of := (statement{m.Party, m.Charter}); s.accepted[of].on.IsZero() {
		s.accepted[of] = acceptance{m.Since, m.Signed}
	}
	return nil
}

// Reset implements journal.View.
func (s *State) Reset() { *s = State{} }

// Keeps implements journal.Keeper. The name of a party can be erased; everything else that this package records holds no name, and
// later acts rest on it.
func (s *State) Keeps(r *journal.Record) error {
	switch r.Kind {
	case KindKey, KindCharter, KindAdoption, KindAdmission, KindAcceptance, KindObjection:
		return badly(ErrRefused, "kind", "later acts rest on a %s, and it names nobody", r.Kind)
	}
	return nil
}
