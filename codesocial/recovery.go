package codesocial

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// RecoveryKind is the kind of the rule that says how a lost key is replaced, see [RecoveryRule]; and of the matter that decides it.
const RecoveryKind = "codesocial.recovery"

// A RecoveryRule holds the parameters of a rule of the kind "codesocial.recovery". Without such a rule, only the old key can replace itself.
type RecoveryRule struct {
	// Sponsors is how many members must vouch, each under its signature, that the party has lost its key and holds the new one, from 0 to
	// [MaxSponsors]; none may be close to the party (see [AdmissionRule.Outside]).
	Sponsors int `json:"sponsors"`
	// Decision asks for a decision on [Recovery.Matter]. Sponsors or a decision, or both, must be asked for.
	Decision bool `json:"decision,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *RecoveryRule) Validate() error {
	if r.Sponsors < 0 || r.Sponsors > MaxSponsors || r.Sponsors == 0 && !r.Decision {
		return bad(ErrInvalid, "sponsors", fmt.Sprint(r.Sponsors), "must be from 1 to %d, or 0 with a decision", MaxSponsors)
	}
	return nil
}

// A Recovery gives a party that has lost its key another one. What was signed under the lost key stays valid; nothing new can be signed under it.
type Recovery struct {
	Party string    `json:"party"` // IRI
	Key   PublicKey `json:"key"`   // the new key, which nobody has or has had
	On    Date      `json:"on"`
	// Signatures are those of members who vouch, made with [SignRecovery].
	Signatures []CharterSignature `json:"signatures,omitempty"`
	// Clause is the clause of the rule. [State.DraftRecovery] sets it.
	Clause ClauseRef `json:"clause"`
}

// Matter returns what a decision on the recovery decides.
func (r *Recovery) Matter() Matter { return Matter{RecoveryKind, r.Party + " " + r.Key.String()} }

// RecoveryMessage returns the bytes that a member signs to vouch for a new key of a party: the lines "codesocial/recovery/v1", the party's IRI and the new key as
// Multikey text, each followed by one line feed (0x0a).
func RecoveryMessage(party string, key PublicKey) []byte {
	return []byte("codesocial/recovery/v1\n" + party + "\n" + key.String() + "\n")
}

// SignRecovery vouches, in the name of a member, that a party has lost its key and holds another one. The error wraps [ErrInvalid] or
// [ErrLimit].
func SignRecovery(party string, lost PublicKey, signer string, key ed25519.PrivateKey) (CharterSignature, error) {
	err := checkIRI("party", party)
	if err == nil {
		err = checkIRI("signer", signer)
	}
	if err == nil {
		var signature Signature
		if signature, err = sign(key, RecoveryMessage(party, lost)); err == nil {
			return CharterSignature{Signer: signer, Signature: signature}, nil
		}
	}
	return CharterSignature{}, errorf("recovery for %s: %w", quote(party), err)
}

func (r *Recovery) check() error {
	if err := checkIRI("party", r.Party); err != nil {
		return err
	}
	if r.Key.IsZero() {
		return badly(ErrInvalid, "key", "must be given")
	}
	if r.On.check() != nil {
		return bad(ErrInvalid, "on", r.On.String(), "must be a day of the calendar")
	}
	if len(r.Signatures) > MaxSponsors {
		return badly(ErrLimit, "signatures", "there are %d, the limit is %d", len(r.Signatures), MaxSponsors)
	}
	return nil
}

// checkRecovery checks a recovery against the state and returns the clause that it rests on.
func (s *State) checkRecovery(r *Recovery) (ClauseRef, error) {
	party, ok := s.parties[r.Party]
	if !ok {
		return ClauseRef{}, bad(ErrUnknown, "party", r.Party, "is not a registered party")
	}
	if s.keys[r.Party].IsZero() {
		return ClauseRef{}, bad(ErrState, "party", r.Party, "has no key that could be lost")
	}
	if holder, ok := s.holders[r.Key]; ok {
		return ClauseRef{}, bad(ErrExists, "key", r.Key.String(), "is or was the key of %s", holder)
	}
	c, err := s.inForceOn(r.On)
	if err != nil {
		return ClauseRef{}, err
	}
	var rule RecoveryRule
	clause, err := c.Rule(RecoveryKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	if err != nil {
		return ClauseRef{}, err
	}
	if err := s.checkVouched(party, r, rule); err != nil {
		return ClauseRef{}, &RuleError{Clause: clause, Kind: RecoveryKind, Err: err}
	}
	return clause, nil
}

func (s *State) checkVouched(party *Party, r *Recovery, rule RecoveryRule) error {
	if m := r.Matter(); rule.Decision {
		if d, ok := s.Adopted(m); !ok || !d.InEffect(r.On) {
			return bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", r.On)
		}
	}
	keys := make(map[PublicKey]int)
	for i, sig := range r.Signatures {
		field := at("signatures", i)
		if !s.MemberOn(sig.Signer, r.On) {
			return bad(ErrNotMember, field+".signer", sig.Signer, "is not a member on %s", r.On)
		}
		if sig.Signer == r.Party || s.lookup().close(party, sig.Signer) {
			return bad(ErrRefused, field+".signer", sig.Signer, "is the party, or close to it")
		}
		key := s.keys[sig.Signer]
		if first, ok := keys[key]; ok {
			return bad(ErrSignature, field+".signer", sig.Signer, "has signed already, in %s", at("signatures", first))
		}
		keys[key] = i
		if err := verify(key, RecoveryMessage(r.Party, r.Key), sig.Signature); err != nil {
			return fmt.Errorf("%s of %s: %w", field, sig.Signer, err)
		}
	}
	if len(r.Signatures) < rule.Sponsors {
		return badly(ErrTooFew, "signatures", "%d of the %d required", len(r.Signatures), rule.Sponsors)
	}
	return nil
}

// Recover records that a party which has lost its key signs under another one from now on. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrExists],
// [ErrNotInForce] or [ErrNoRule]; where the rule of recovery refuses it is a *[RuleError].
func (c *Community) Recover(ctx context.Context, r Recovery) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftRecovery(r) })
}

// DraftRecovery decides [Community.Recover] without recording it. It returns no draft where the party has this key already.
func (s *State) DraftRecovery(r Recovery) ([]journal.Draft, error) {
	r.Signatures = sorted(r.Signatures)
	err := r.check()
	if err == nil && s.keys[r.Party] == r.Key {
		return nil, nil
	}
	if err == nil {
		r.Clause, err = s.checkRecovery(&r)
	}
	if err != nil {
		return nil, errorf("recovery for %s: %w", quote(r.Party), err)
	}
	return []journal.Draft{{ID: recordID(KindRecovery, r.Party, r.Key.String()), Kind: KindRecovery, Schema: schema, Payload: r}}, nil
}

func (s *State) applyRecovery(r *Recovery, _ *journal.Record) error {
	clause, err := s.checkRecovery(r)
	if err != nil {
		return err
	}
	if r.Clause != clause {
		return bad(ErrInvalid, "clause", r.Clause.String(), "the recovery rests on %s", clause)
	}
	s.lookup().setKey(&KeyChange{Party: r.Party, Key: r.Key})
	return nil
}
