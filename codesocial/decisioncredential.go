package codesocial

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A CredentialRequest asks the ballot offices of a decision for a credential to cast one secret ballot. Package secretballot makes it.
type CredentialRequest struct {
	Decision uuid.UUID `json:"decision"`
	Elector  string    `json:"elector"` // IRI
	At       time.Time `json:"at"`      // UTC, to the millisecond
	// Blinded is, for each office in the order of the opening, what it is to sign without seeing what it is: the blinded message of RFC 9474, as long as its
	// modulus.
	Blinded [][]byte `json:"blinded"`
}

// A Credential is what a ballot office has signed for an elector. She alone can make of it one that goes with a ballot.
type Credential struct {
	Decision  uuid.UUID `json:"decision"`
	Elector   string    `json:"elector"` // IRI
	Office    string    `json:"office"`  // IRI
	At        time.Time `json:"at"`      // UTC, to the millisecond
	Signature []byte    `json:"signature"`
}

func (c *CredentialRequest) check() error {
	if err := checkIRI("elector", c.Elector); err != nil {
		return err
	}
	if len(c.Blinded) == 0 || len(c.Blinded) > MaxBallotOffices {
		return badly(ErrLimit, "blinded", "there are %d, must be from 1 to %d", len(c.Blinded), MaxBallotOffices)
	}
	for i, b := range c.Blinded {
		if err := checkOctets(at("blinded", i), b); err != nil {
			return err
		}
	}
	return checkInstant("at", c.At)
}

func (c *Credential) check() error {
	if err := checkIRI("elector", c.Elector); err != nil {
		return err
	}
	if err := checkIRI("office", c.Office); err != nil {
		return err
	}
	if err := checkOctets("signature", c.Signature); err != nil {
		return err
	}
	return checkInstant("at", c.At)
}

// checkOctets checks the length of a number below a modulus.
func checkOctets(field string, b []byte) error {
	if len(b) < MinBallotKeyBytes || len(b) > MaxBallotKeyBytes {
		return badly(ErrInvalid, field, "has %d bytes, must have from %d to %d", len(b), MinBallotKeyBytes, MaxBallotKeyBytes)
	}
	return nil
}

func (c *CredentialRequest) clone() CredentialRequest {
	d := *c
	d.Blinded = slices.Clone(c.Blinded)
	for i := range d.Blinded {
		d.Blinded[i] = bytes.Clone(d.Blinded[i])
	}
	return d
}

// AskCredential records that an elector asks for a credential, signed with her key, which must be registered: once for each decision. The errors are those of
// [Community.Vote].
func (c *Community) AskCredential(ctx context.Context, r CredentialRequest, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftCredentialRequest(r)) })
}

// IssueCredential records what a ballot office has signed for an elector, signed with the office's Ed25519 key, which must be registered. The errors are those
// of [Community.Vote].
func (c *Community) IssueCredential(ctx context.Context, credential Credential, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftCredential(credential)) })
}

// CredentialRequest returns what an elector has asked for, and, in the order of the offices of the decision, what has been issued to her; the zero Credential
// where an office has not issued. False if she has not asked.
func (s *State) CredentialRequest(decision uuid.UUID, elector string) (CredentialRequest, []Credential, bool) {
	p, ok := s.decisions[decision]
	if !ok || p.secret == nil {
		return CredentialRequest{}, nil, false
	}
	i, ok := p.secret.index[elector]
	if !ok {
		return CredentialRequest{}, nil, false
	}
	a := p.secret.asked[i]
	issued := make([]Credential, len(a.issued))
	for i, c := range a.issued {
		if c != nil {
			issued[i] = *c
			issued[i].Signature = bytes.Clone(c.Signature)
		}
	}
	return a.request.clone(), issued, true
}

// CredentialsToIssue returns what a ballot office has been asked for and has not issued, in the order in which it was asked. An office issues what this returns
// and nothing else: who can ask, and only once, has been checked.
func (s *State) CredentialsToIssue(decision uuid.UUID, office string) []CredentialRequest {
	p, ok := s.decisions[decision]
	if !ok || p.secret == nil {
		return nil
	}
	i := p.office(office)
	if i < 0 {
		return nil
	}
	var list []CredentialRequest
	for _, a := range p.secret.asked {
		if a.issued[i] == nil {
			list = append(list, a.request.clone())
		}
	}
	return list
}

// office returns the index of a ballot office of the decision, -1 for none.
func (p *proceeding) office(party string) int {
	return slices.IndexFunc(p.opening.Offices, func(o BallotOffice) bool { return o.Party == party })
}

// DraftCredentialRequest decides [Community.AskCredential] without recording it, and without a signature, which it needs: the draft may be signed elsewhere. A
// request from before what is recorded last is drafted as of the same time. It returns no draft for what has been asked in just this way.
func (s *State) DraftCredentialRequest(c CredentialRequest) ([]journal.Draft, error) {
	c = c.clone()
	c.At = instant(c.At)
	err := c.check()
	p, ok := s.decisions[c.Decision]
	if err == nil && !ok {
		err = bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	}
	if err == nil {
		if before, _, ok := s.CredentialRequest(c.Decision, c.Elector); ok && slices.EqualFunc(before.Blinded, c.Blinded, bytes.Equal) {
			return nil, nil
		}
		if c.At.Before(p.now) {
			c.At = p.now
		}
		_, err = p.checkRequest(&c)
	}
	if err != nil {
		return nil, errorf("credential for %s: %w", quote(c.Elector), err)
	}
	return []journal.Draft{{
		ID: recordID(KindCredentialRequest, c.Decision.String(), c.Elector), Kind: KindCredentialRequest, Schema: schema,
		Author: s.parties[c.Elector].speaker(), Payload: c,
	}}, nil
}

// checkOpenSecret checks that the decision has secret ballots, has not ended, and that its time does not run backwards.
func (p *proceeding) checkOpenSecret(act string, at time.Time) error {
	switch {
	case p.secret == nil:
		return bad(ErrRefused, act, p.id.String(), "the ballots of the decision are not secret")
	case p.closing != nil:
		return bad(ErrRefused, act, p.id.String(), "the decision was closed at %s", p.closing.At.Format(time.RFC3339))
	case p.withdrawn:
		return bad(ErrRefused, act, p.id.String(), "the matter has been withdrawn")
	case at.Before(p.now):
		return bad(ErrInvalid, "at", at.Format(time.RFC3339Nano), "is before what was recorded last, at %s", p.now.Format(time.RFC3339Nano))
	}
	return nil
}

// checkRequest checks a request against the rule, and returns the class of who asks.
func (p *proceeding) checkRequest(c *CredentialRequest) (class int, err error) {
	if err := p.ruled(p.checkOpenSecret("credential", c.At)); err != nil {
		return 0, err
	}
	weight := p.electorate.Weight(c.Elector)
	if class = p.secret.class(weight); class < 0 {
		return 0, p.ruled(bad(ErrNotMember, "elector", c.Elector, "is not in the electorate, or has stepped aside"))
	}
	if _, ok := p.secret.index[c.Elector]; ok {
		return 0, p.ruled(bad(ErrRefused, "elector", c.Elector, "has asked for a credential already, and each has one"))
	}
	if len(c.Blinded) != len(p.opening.Offices) {
		return 0, p.ruled(bad(ErrInvalid, "blinded", strconv.Itoa(len(c.Blinded)), "there are %d ballot offices", len(p.opening.Offices)))
	}
	for i, b := range c.Blinded {
		if err := checkUnit(at("blinded", i), p.modulus(i, class), b); err != nil {
			return 0, p.ruled(err)
		}
	}
	return class, p.can(eventAsk, c.At)
}

// checkSigned checks that a record is by who speaks for the party, and signed.
func (s *State) checkSigned(r *journal.Record, party string) error {
	if err := s.checkSpoken(r, party); err != nil {
		return err
	}
	if len(r.Signature) == 0 {
		return bad(ErrSignature, "author", r.Author, "must sign: where ballots are secret, nobody sees later who voted in their place")
	}
	return nil
}

func (s *State) applyCredentialRequest(c *CredentialRequest, r *journal.Record) error {
	p, ok := s.decisions[c.Decision]
	if !ok {
		return bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	}
	if err := checkRecorded(c.At, r); err != nil {
		return err
	}
	class, err := p.checkRequest(c)
	if err != nil {
		return err
	}
	if err := p.ruled(s.checkSigned(r, c.Elector)); err != nil {
		return err
	}
	p.secret.index[c.Elector] = len(p.secret.asked)
	p.secret.asked = append(p.secret.asked, &asked{*c, class, make([]*Credential, len(p.opening.Offices))})
	p.secret.classes[class].Asked++
	p.now = c.At
	return nil
}

// DraftCredential decides [Community.IssueCredential] without recording it, and without a signature, which it needs. A credential from before what is recorded
// last is drafted as of the same time. It returns no draft for what has been issued in just this way.
func (s *State) DraftCredential(c Credential) ([]journal.Draft, error) {
	c.At, c.Signature = instant(c.At), bytes.Clone(c.Signature)
	err := c.check()
	p, ok := s.decisions[c.Decision]
	if err == nil && !ok {
		err = bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	}
	if err == nil {
		if _, issued, ok := s.CredentialRequest(c.Decision, c.Elector); ok && slices.ContainsFunc(issued, func(d Credential) bool {
			return d.Office == c.Office && bytes.Equal(d.Signature, c.Signature)
		}) {
			return nil, nil
		}
		if c.At.Before(p.now) {
			c.At = p.now
		}
		_, _, err = p.checkCredential(&c)
	}
	if err != nil {
		return nil, errorf("credential for %s: %w", quote(c.Elector), err)
	}
	return []journal.Draft{{
		ID: recordID(KindCredential, c.Decision.String(), c.Elector, c.Office), Kind: KindCredential, Schema: schema,
		Author: s.parties[c.Office].speaker(), Payload: c,
	}}, nil
}

// checkCredential checks what an office issues against the rule and what was asked, and returns what it answers.
func (p *proceeding) checkCredential(c *Credential) (a *asked, office int, err error) {
	if err := p.ruled(p.checkOpenSecret("credential", c.At)); err != nil {
		return nil, 0, err
	}
	if office = p.office(c.Office); office < 0 {
		return nil, 0, p.ruled(bad(ErrRefused, "office", c.Office, "is no ballot office of the decision"))
	}
	i, ok := p.secret.index[c.Elector]
	if !ok {
		return nil, 0, p.ruled(bad(ErrRefused, "elector", c.Elector, "has not asked for a credential"))
	}
	if a = p.secret.asked[i]; a.issued[office] != nil {
		return nil, 0, p.ruled(bad(ErrRefused, "elector", c.Elector, "has got the credential of this office already"))
	}
	if err := verifyBlind("signature", p.modulus(office, a.class), a.request.Blinded[office], c.Signature); err != nil {
		return nil, 0, p.ruled(err)
	}
	return a, office, p.can(eventIssue, c.At)
}

func (s *State) applyCredential(c *Credential, r *journal.Record) error {
	p, ok := s.decisions[c.Decision]
	if !ok {
		return bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	}
	if err := checkRecorded(c.At, r); err != nil {
		return err
	}
	a, office, err := p.checkCredential(c)
	if err != nil {
		return err
	}
	if err := p.ruled(s.checkSigned(r, c.Office)); err != nil {
		return err
	}
	a.issued[office] = c
	if a.missing() == 0 {
		p.secret.classes[a.class].Issued++
	}
	p.now = c.At
	return nil
}
