package codesocial

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// The kinds of records that this package writes, all with schema 1.
const (
	KindParty        = "codesocial.party"        // payload: a Party without its key
	KindKey          = "codesocial.key"          // payload: KeyChange
	KindCharter      = "codesocial.charter"      // payload: the Document of a version, a proposal
	KindAdoption     = "codesocial.adoption"     // payload: Adoption
	KindAdmission    = "codesocial.admission"    // payload: the fields of an Admission and the clause it rests on
	KindAcceptance   = "codesocial.acceptance"   // payload: Acceptance
	KindObjection    = "codesocial.objection"    // payload: Objection
	KindMembership   = "codesocial.membership"   // payload: MembershipStep
	KindMeasure      = "codesocial.measure"      // payload: Measure
	KindMandate      = "codesocial.mandate"      // payload: Mandate
	KindRelease      = "codesocial.release"      // payload: Release
	KindConsultation = "codesocial.consultation" // payload: Consultation
	KindOpinion      = "codesocial.opinion"      // payload: Opinion
	KindRecovery     = "codesocial.recovery"     // payload: Recovery
	KindIncubation   = "codesocial.incubation"   // payload: IncubationStep
	KindWindDown     = "codesocial.winding-down" // payload: WindDownStep
	KindRenewal      = "codesocial.renewal"      // payload: Renewal
	KindRepeal       = "codesocial.repeal"       // payload: Repeal
	KindReviewCall   = "codesocial.review-call"  // payload: ReviewCall
	KindObservation  = "codesocial.observation"  // payload: Observation

	KindDecision = "codesocial.decision" // payload: Opening
	KindBallot   = "codesocial.ballot"   // payload: Ballot
	KindAct      = "codesocial.act"      // payload: Act, a step of a decision
	KindClosing  = "codesocial.closing"  // payload: Closing, of a decision

	KindCredentialRequest = "codesocial.credential-request" // payload: CredentialRequest
	KindCredential        = "codesocial.credential"         // payload: Credential
	KindSecretBallot      = "codesocial.secret-ballot"      // payload: SecretBallot

	KindDelegation = "codesocial.delegation" // payload: Delegation
	KindGathering  = "codesocial.gathering"  // payload: Gathering
	KindMinutes    = "codesocial.minutes"    // payload: Minutes, of a gathering
)

const schema = 1

// A recordKind says how the records of one kind are read and folded.
type recordKind struct {
	// decode reads and checks what can be seen on the record alone.
	decode func(r *journal.Record) (any, error)
	// erased returns what remains of a record whose payload is gone, nil for nothing; when the func is nil, later acts rest
	// on such a record, and it is kept.
	erased func(r *journal.Record) any
	// apply checks what decode returned against the state and folds it, or refuses and changes nothing.
	apply func(s *State, r *journal.Record, v any) error
}

// recordKinds are the kinds of records of this package. A new kind is a line here.
var recordKinds = map[string]recordKind{
	KindParty:        {decode: decodeParty, erased: erasedParty, apply: typed((*State).applyParty)},
	KindKey:          payload((*KeyChange).check, (*State).applyKey),
	KindCharter:      {decode: func(r *journal.Record) (any, error) { return ParseCharter(r.Payload) }, apply: typed((*State).applyCharter)},
	KindAdoption:     payload((*Adoption).check, (*State).applyAdoption),
	KindAdmission:    payload((*admissionRecord).check, (*State).applyAdmission),
	KindAcceptance:   payload((*Acceptance).check, (*State).applyAcceptance),
	KindObjection:    payload((*Objection).check, (*State).applyObjection),
	KindMembership:   payload((*MembershipStep).check, (*State).applyStep),
	KindMeasure:      payload((*Measure).check, (*State).applyMeasure),
	KindMandate:      payload((*Mandate).check, (*State).applyMandate),
	KindRelease:      payload((*Release).check, (*State).applyRelease),
	KindConsultation: payload((*Consultation).check, (*State).applyConsultation),
	KindOpinion:      payload((*Opinion).check, (*State).applyOpinion),
	KindRecovery:     payload((*Recovery).check, (*State).applyRecovery),
	KindIncubation:   payload((*IncubationStep).check, (*State).applyIncubation),
	KindWindDown:     payload((*WindDownStep).check, (*State).applyWindDown),
	KindRenewal:      payload((*Renewal).check, (*State).applyRenewal),
	KindRepeal:       payload((*Repeal).check, (*State).applyRepeal),
	KindReviewCall:   payload((*ReviewCall).check, (*State).applyReviewCall),
	KindObservation:  payload((*Observation).check, (*State).applyObservation),

	KindDecision: payload((*Opening).check, (*State).applyOpening),
	KindBallot:   payload((*Ballot).check, (*State).applyBallot),
	KindAct:      payload((*Act).check, (*State).applyAct),
	KindClosing:  payload((*Closing).check, (*State).applyClosing),

	KindCredentialRequest: payload((*CredentialRequest).check, (*State).applyCredentialRequest),
	KindCredential:        payload((*Credential).check, (*State).applyCredential),
	KindSecretBallot:      payload((*SecretBallot).check, (*State).applySecretBallot),

	KindDelegation: payload((*Delegation).check, (*State).applyDelegation),
	KindGathering:  payload((*Gathering).check, (*State).applyGathering),
	KindMinutes:    payload((*Minutes).check, (*State).applyMinutes),
}

// payload returns the kind of records whose payload is a T.
func payload[T any](check func(*T) error, apply func(*State, *T, *journal.Record) error) recordKind {
	return recordKind{
		decode: func(r *journal.Record) (any, error) {
			v := new(T)
			if err := unmarshal(r, v); err != nil {
				return nil, err
			}
			return v, check(v)
		},
		apply: typed(apply),
	}
}

// typed turns an apply for one type into one for what decode returned.
func typed[T any](apply func(*State, *T, *journal.Record) error) func(*State, *journal.Record, any) error {
	return func(s *State, r *journal.Record, v any) error {
		t, ok := v.(*T)
		if !ok {
			return badly(ErrInvalid, "decoded value", "is a %T", v)
		}
		return apply(s, t, r)
	}
}

// An elsewhere is a record of another package: what the guard reads from it, and the author's signature, matter here.
type elsewhere struct{ guarded any }

// Decode implements journal.View. It reads records of this package, and notes those of others that
// are signed, since this State knows the keys, or concern the guard. Of a party whose payload has been erased the IRI remains,
// and with it keys and membership. Of the other kinds nothing does: do not erase those, they hold no
// name that an erasure should reach, and later acts rest on them.
func (s *State) Decode(r *journal.Record) (any, error) {
	v, err := decode(r)
	if err != nil {
		return nil, errorf("%s %s: %w", r.Kind, r.ID, err)
	}
	if _, own := recordKinds[r.Kind]; own {
		return v, nil
	}
	var e elsewhere
	if s.guard != nil {
		if e.guarded, err = s.guard.Decode(r); err != nil {
			return nil, err
		}
	}
	if e.guarded == nil && len(r.Signature) == 0 {
		return nil, nil
	}
	return e, nil
}

func decode(r *journal.Record) (any, error) {
	kind, ok := recordKinds[r.Kind]
	if !ok {
		return nil, nil
	}
	if r.Schema != schema {
		return nil, bad(ErrInvalid, "schema", fmt.Sprint(r.Schema), "this version of the library knows schema %d", schema)
	}
	if r.Erased() {
		if kind.erased == nil {
			return nil, nil
		}
		return kind.erased(r), nil
	}
	return kind.decode(r)
}

func decodeParty(r *journal.Record) (any, error) {
	record := new(partyRecord)
	if err := unmarshal(r, record); err != nil {
		return nil, err
	}
	p := record.party()
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.ID != r.Author {
		return nil, bad(ErrInvalid, "author", r.Author, "must be the party, %s: its IRI remains when the payload is erased", p.ID)
	}
	return p, nil
}

func erasedParty(r *journal.Record) any { return &Party{ID: r.Author, Erased: true} }

func unmarshal(r *journal.Record, v any) error {
	if err := r.Unmarshal(v); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func (a *admissionRecord) admission() *Admission {
	return &Admission{Applicant: a.Applicant, Charter: a.Charter, On: a.On, Sponsors: a.Sponsors, Signature: a.Signature}
}

func (a *admissionRecord) check() error { return a.admission().check() }

// Apply implements journal.View. It refuses, and then changes nothing, a record of this package that the
// rules of the game do not allow, however it came into the journal, and a record of any package whose signature is not
// that of its author.
func (s *State) Apply(r *journal.Record, v any) error {
	if err := s.apply(r, v); err != nil {
		return errorf("%s %s: %w", r.Kind, r.ID, err)
	}
	if e, ok := v.(elsewhere); ok && e.guarded != nil {
		if err := s.guard.Apply(r, e.guarded); err != nil {
			return err
		}
	}
	if len(r.Signature) > 0 {
		s.signed++
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
		s.versions, s.standings = make(map[string]*Version), make(map[string]*standing)
		s.adopted = make(map[string][]*Charter)
		s.accepted, s.objections = make(map[statement]acceptance), make(map[statement]objected)
		s.decisions, s.adoptedMatters = make(map[uuid.UUID]*proceeding), make(map[Matter]uuid.UUID)
		s.delegated, s.gatherings = make(map[[2]string]Delegation), make(map[uuid.UUID]*Meeting)
	}
	if _, ok := v.(elsewhere); ok {
		return nil
	}
	kind, ok := recordKinds[r.Kind]
	if !ok {
		return badly(ErrInvalid, "decoded value", "is a %T", v)
	}
	return kind.apply(s, r, v)
}

func (s *State) applyParty(p *Party, _ *journal.Record) error {
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

func (s *State) applyKey(k *KeyChange, _ *journal.Record) error {
	if err := s.lookup().checkKey(k); err != nil {
		return err
	}
	s.lookup().setKey(k)
	return nil
}

func (s *State) applyAcceptance(a *Acceptance, _ *journal.Record) error {
	signed, err := s.checkAccept(a)
	if err != nil {
		return err
	}
	s.accepted[statement{a.Party, a.Charter}] = acceptance{a.On, signed}
	return nil
}

func (s *State) applyObjection(o *Objection, r *journal.Record) error {
	if err := s.checkObject(o); err != nil {
		return err
	}
	c := s.versions[o.Charter].Charter
	known := later(o.On, c.today(r.Time))
	if last := c.doc.InForceFrom.AddDays(MaxLateDays); known.After(last) {
		return bad(ErrRefused, "on", o.On.String(), "was recorded on %s; an objection can be until %s", known, last)
	}
	s.objections[statement{o.Party, o.Charter}] = objected{*o, known}
	return nil
}

func (s *State) applyCharter(c *Charter, r *journal.Record) error {
	if _, ok := s.versions[c.hash]; ok {
		return bad(ErrExists, "charter", c.hash, "has been proposed already")
	}
	if err := s.checkNext(c); err != nil {
		return err
	}
	s.versions[c.hash] = &Version{Charter: c, ProposedAt: r.Position}
	s.proposed = append(s.proposed, c.hash)
	return nil
}

func (s *State) applyAdoption(a *Adoption, r *journal.Record) error {
	if v, ok := s.versions[a.Charter]; ok && v.Adoption != nil {
		return bad(ErrExists, "charter", a.Charter, "has been adopted already")
	}
	if err := s.checkAdoption(a); err != nil {
		return err
	}
	s.adopt(a, r.Position)
	v := s.versions[a.Charter]
	v.published = v.Charter.today(r.Time)
	return nil
}

func (s *State) applyAdmission(a *admissionRecord, r *journal.Record) error {
	after, err := s.lookup().checkAdmission(a.admission())
	if err != nil {
		return err
	}
	m := after.membership
	if a.Clause != m.Clause {
		return bad(ErrInvalid, "clause", a.Clause.String(), "the admission rests on %s", m.Clause)
	}
	s.stand(m.Party, after, r.Position)
	s.accept(m.Party, m.Charter, m.Since, m.Signed)
	return nil
}

// Reset implements journal.View.
func (s *State) Reset() {
	*s = State{guard: s.guard}
	if s.guard != nil {
		s.guard.Reset()
	}
}

// Keeps implements journal.Keeper. The name of a party can be erased; everything else that this package records holds no name, and
// later acts rest on it.
func (s *State) Keeps(r *journal.Record) error {
	if kind, ok := recordKinds[r.Kind]; ok && kind.erased == nil {
		return badly(ErrRefused, "kind", "later acts rest on a %s, and it names nobody", r.Kind)
	}
	if k, ok := s.guard.(journal.Keeper); ok {
		return k.Keeps(r)
	}
	return nil
}
