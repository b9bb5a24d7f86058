package codesocial

import (
	"fmt"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// MaxReasonBytes is the longest reason of an [Objection].
const MaxReasonBytes = 10_000

// An Acceptance says that a party takes a version as binding on it. Members need it only where neither their admission nor
// the notice of a new version binds them; others, who are no members, may accept too.
type Acceptance struct {
	Party   string `json:"party"`   // IRI
	Charter string `json:"charter"` // hash of an adopted version
	On      Date   `json:"on"`      // the day from which it is binding
	// Signature is that of the party, or of its lead: see [SignAcceptance]. It is required when the signer has
	// a key, and must be absent otherwise.
	Signature Signature `json:"signature,omitzero"`
}

// An Objection says that a member does not want to be bound by a version that has been adopted and is not
// yet in force. The notice does not bind it then.
type Objection struct {
	Party   string `json:"party"`   // IRI of a member
	Charter string `json:"charter"` // hash of an adopted version, the second or a later one
	On      Date   `json:"on"`      // from the day of the adoption to the day before the version is in force
	Reason  string `json:"reason"`  // in the member's words, up to [MaxReasonBytes]
}

// MaxLateDays is how many days after the first day of a version an objection to it can be recorded: a letter that was written in time may come in later. Until it does it frees nobody.
const MaxLateDays = 7

// objected is an objection, and the day from which it was known.
type objected struct {
	Objection
	known Date
}

// statement names what a party said about a version.
type statement struct{ party, charter string }

// acceptance is when and how a party accepted a version.
type acceptance struct {
	on     Date
	signed bool
}

func (a *Acceptance) check() error { return checkStatement(a.Party, a.Charter, a.On) }

func (o *Objection) check() error {
	if err := checkStatement(o.Party, o.Charter, o.On); err != nil {
		return err
	}
	if len(o.Reason) > MaxReasonBytes {
		return badly(ErrLimit, "reason", "has %d bytes, the limit is %d", len(o.Reason), MaxReasonBytes)
	}
	if strings.TrimSpace(o.Reason) == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	return checkProse("reason", o.Reason)
}

func checkStatement(party, charter string, on Date) error {
	if err := checkIRI("party", party); err != nil {
		return err
	}
	if err := checkHash("charter", charter); err != nil {
		return err
	}
	if err := on.check(); err != nil {
		return bad(ErrInvalid, "on", on.String(), "must be a day of the calendar")
	}
	return nil
}

// adoptedVersion returns the adopted version with that hash.
func (s *State) adoptedVersion(hash string) (*Version, error) {
	v, ok := s.versions[hash]
	if !ok || v.Adoption == nil {
		return nil, bad(ErrUnknown, "charter", hash, "no such version has been adopted")
	}
	return v, nil
}

// checkAccept checks an acceptance against the state and says whether it is signed.
func (s *State) checkAccept(a *Acceptance) (signed bool, err error) {
	v, err := s.adoptedVersion(a.Charter)
	if err != nil {
		return false, err
	}
	if a.On.Before(v.Adoption.On) {
		return false, bad(ErrNotInForce, "on", a.On.String(), "%s was adopted on %s", v.Charter, v.Adoption.On)
	}
	party, ok := s.parties[a.Party]
	if !ok {
		return false, bad(ErrUnknown, "party", a.Party, "is not a registered party")
	}
	if old, ok := s.accepted[statement{a.Party, a.Charter}]; ok {
		return false, bad(ErrExists, "party", a.Party, "has accepted %s on %s", v.Charter, old.on)
	}
	message := AcceptanceMessage(a.Party, a.Charter)
	key := s.keys[party.speaker()]
	switch {
	case party.Erased:
		return verify(key, message, a.Signature) == nil, nil
	case key.IsZero() && a.Signature.IsZero():
		return false, nil
	}
	if err := verify(key, message, a.Signature); err != nil {
		return false, fmt.Errorf("acceptance by %s: %w", party.speaker(), err)
	}
	return true, nil
}

func (s *State) checkObject(o *Objection) error {
	v, err := s.adoptedVersion(o.Charter)
	if err != nil {
		return err
	}
	if v.Charter.doc.Version == 1 {
		return bad(ErrInvalid, "charter", o.Charter, "is version 1: there was nothing before it to stay under")
	}
	if o.On.Before(v.Adoption.On) || !o.On.Before(v.Charter.doc.InForceFrom) {
		return bad(ErrInvalid, "on", o.On.String(), "must be from %s, the day of the adoption, to the day before %s", v.Adoption.On, v.Charter.doc.InForceFrom)
	}
	if !s.StatusOn(o.Party, o.On).Belongs() { // who is suspended is bound, and may object
		return bad(ErrNotMember, "party", o.Party, "is not a member on %s", o.On)
	}
	if !v.Charter.binds(o.Party) {
		return bad(ErrRefused, "party", o.Party, "is not a partner of the project")
	}
	of := statement{o.Party, o.Charter}
	if a, ok := s.accepted[of]; ok {
		return bad(ErrExists, "party", o.Party, "has accepted %s on %s", v.Charter, a.on)
	}
	if old, ok := s.objections[of]; ok {
		return bad(ErrExists, "party", o.Party, "has objected on %s", old.On)
	}
	return nil
}

// DraftAcceptance decides [Community.Accept] without recording it. It returns no draft for an acceptance
// of a version that the party has accepted already.
func (s *State) DraftAcceptance(a Acceptance) ([]journal.Draft, error) {
	err := a.check()
	if _, ok := s.accepted[statement{a.Party, a.Charter}]; ok && err == nil {
		return nil, nil
	}
	if err == nil {
		_, err = s.checkAccept(&a)
	}
	if err != nil {
		return nil, errorf("acceptance by %s: %w", quote(a.Party), err)
	}
	return []journal.Draft{{ID: recordID(KindAcceptance, a.Party, a.Charter), Kind: KindAcceptance, Schema: schema, Author: a.Party, Payload: a}}, nil
}

// DraftObjection decides [Community.Object] without recording it. It returns no draft for the objection
// that is recorded.
func (s *State) DraftObjection(o Objection) ([]journal.Draft, error) {
	if old, ok := s.objections[statement{o.Party, o.Charter}]; ok && old.Objection == o {
		return nil, nil
	}
	err := o.check()
	if err == nil {
		err = s.checkObject(&o)
	}
	if err != nil {
		return nil, errorf("objection of %s: %w", quote(o.Party), err)
	}
	return []journal.Draft{{ID: recordID(KindObjection, o.Party, o.Charter), Kind: KindObjection, Schema: schema, Author: o.Party, Payload: o}}, nil
}
