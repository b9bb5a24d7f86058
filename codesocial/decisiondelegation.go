package codesocial

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Delegation passes a member's voice on to another member, in the votes whose rule allows it, or takes it back. Of those that hold when a vote is
// opened, the last one counts that is for just that kind of matter, or else the last one for all. A ballot of one's own always
// takes its place. A circle of delegations represents nobody.
type Delegation struct {
	From  string    `json:"from"`            // IRI of a member
	To    string    `json:"to,omitempty"`    // IRI of another; empty takes back what was said before for the same scope
	Scope string    `json:"scope,omitempty"` // a kind of matter, see [Matter]; empty for all
	At    time.Time `json:"at"`              // from when on, not after its recording; UTC, to the millisecond
}

func (d *Delegation) check() error {
	if err := checkIRI("from", d.From); err != nil {
		return err
	}
	if d.To != "" {
		if err := checkIRI("to", d.To); err != nil {
			return err
		}
	}
	if d.To == d.From {
		return bad(ErrInvalid, "to", d.To, "must be another member")
	}
	if d.Scope != "" && !isKind(d.Scope) {
		return bad(ErrInvalid, "scope", d.Scope, "must be a kind of matter, as in codesocial.amendment, or absent")
	}
	return checkInstant("at", d.At)
}

// Delegate records that a member passes its voice on, or takes it back, signed with its key; nil for a member without a registered
// key. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrNotInForce], [ErrNotMember] or [ErrSignature].
func (c *Community) Delegate(ctx context.Context, d Delegation, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftDelegation(d)) })
}

// DraftDelegation decides [Community.Delegate] without recording it, and without a signature. It returns no draft for what is recorded.
func (s *State) DraftDelegation(d Delegation) ([]journal.Draft, error) {
	d.At = instant(d.At)
	err := d.check()
	if err == nil {
		if s.delegated[[2]string{d.From, d.Scope}] == d {
			return nil, nil
		}
		err = s.checkDelegation(&d)
	}
	if err != nil {
		return nil, errorf("delegation of %s: %w", quote(d.From), err)
	}
	id := recordID(KindDelegation, d.From, d.Scope, d.At.Format(time.RFC3339Nano))
	return []journal.Draft{{ID: id, Kind: KindDelegation, Schema: schema, Author: s.parties[d.From].speaker(), Payload: d}}, nil
}

func (s *State) checkDelegation(d *Delegation) error {
	if len(s.delegations) == decision.MaxDelegations {
		return badly(ErrLimit, "delegations", "there are %d", len(s.delegations))
	}
	c, err := s.InForce(d.At)
	if err != nil {
		return err
	}
	on := c.today(d.At)
	if !s.MemberOn(d.From, on) {
		return bad(ErrNotMember, "from", d.From, "is not a member on %s", on)
	}
	if d.To != "" && !s.MemberOn(d.To, on) {
		return bad(ErrNotMember, "to", d.To, "is not a member on %s", on)
	}
	if old, ok := s.delegated[[2]string{d.From, d.Scope}]; ok && !old.At.Before(d.At) {
		return bad(ErrInvalid, "at", d.At.Format(time.RFC3339), "must be after %s, of the delegation before it", old.At.Format(time.RFC3339))
	}
	return nil
}

func (s *State) applyDelegation(d *Delegation, r *journal.Record) error {
	if err := cmp.Or(checkRecorded(d.At, r), s.checkDelegation(d)); err != nil { // one that is dated ahead could not be taken back until then
		return err
	}
	if err := s.checkSpoken(r, d.From); err != nil {
		return err
	}
	s.delegated[[2]string{d.From, d.Scope}] = *d
	s.delegations = append(s.delegations, decision.Delegation{From: d.From, To: d.To, Scope: d.Scope, At: d.At})
	return nil
}
