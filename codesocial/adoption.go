package codesocial

import (
	"cmp"
	"fmt"
)

// An Adoption puts a proposed version into force from the first day that the version names.
type Adoption struct {
	// Charter is the hash of the version that is adopted.
	Charter string `json:"charter"`
	// On is the day on which it was adopted: not later than the first day of the version, because nothing
	// is retroactive, and not before the version that it replaces was in force.
	On Date `json:"on"`
	// Signatures are those of the founders of the version in force on that day (of version 1: its own
	// founders), at least as many as its threshold.
	// They are absent where that version is amended by decision ([AmendmentRule.By]).
	Signatures []CharterSignature `json:"signatures,omitempty"`
}

// Matter returns what a decision on the adoption decides.
func (a *Adoption) Matter() Matter { return Matter{AmendmentKind, a.Charter} }

// check checks what can be seen on the adoption alone.
func (a *Adoption) check() error {
	return checkVersionAct(a.Charter, a.On, a.Signatures)
}

// checkNext checks that c can be the version after those adopted so far.
func (s *State) checkNext(c *Charter) error {
	// A version that did not say clearly how it is amended could never be.
	rule, _, _, err := c.amendment()
	if err == nil && rule.By == ByDecision && c.doc.Project == "" {
		_, _, err = c.DecisionRule(AmendmentKind)
	}
	if err != nil {
		return err
	}
	if c.doc.Project != "" {
		if err := s.checkProject(c); err != nil {
			return err
		}
	}
	last := s.last(c.doc.Project)
	if last == nil {
		if c.doc.Version != 1 {
			return bad(ErrChain, "version", fmt.Sprint(c.doc.Version), "must be 1: no version has been adopted yet")
		}
		return nil
	}
	if c.doc.ID != last.doc.ID {
		whose := "the social code of this community"
		if c.doc.Project != "" {
			whose = "the charter of the project"
		}
		return bad(ErrChain, "id", c.doc.ID, "%s is %s", whose, last.doc.ID)
	}
	if want := last.doc.Version + 1; c.doc.Version != want {
		return bad(ErrChain, "version", fmt.Sprint(c.doc.Version), "must be %d: version %d is the last one adopted", want, last.doc.Version)
	}
	if c.doc.Previous != last.hash {
		return bad(ErrChain, "previous", c.doc.Previous, "must be %s, the last version adopted", last.hash)
	}
	if !c.doc.InForceFrom.After(last.doc.InForceFrom) {
		return bad(ErrChain, "inForceFrom", c.doc.InForceFrom.String(), "must be after %s, the first day of version %d", last.doc.InForceFrom, last.doc.Version)
	}
	return nil
}

// checkAdoption checks everything that an adoption needs.
func (s *State) checkAdoption(a *Adoption) error {
	version, ok := s.versions[a.Charter]
	if !ok {
		return bad(ErrUnknown, "charter", a.Charter, "has not been proposed")
	}
	c := version.Charter
	last := s.last(c.doc.Project)
	rules := c
	if version.Adoption != nil { // once more: under the rules that it was adopted under
		if last = nil; c.doc.Version > 1 {
			last = s.adopted[c.doc.Project][c.doc.Version-2]
		}
	} else if err := s.checkNext(c); err != nil {
		return err
	}
	if last != nil {
		rules = last
		if a.On.Before(last.doc.InForceFrom) {
			return bad(ErrNotInForce, "on", a.On.String(), "%s, which this one replaces, is in force only from %s", last, last.doc.InForceFrom)
		}
	}
	if a.On.After(c.doc.InForceFrom) {
		return bad(ErrInvalid, "on", a.On.String(), "is after %s, from which the version is in force: nothing is retroactive", c.doc.InForceFrom)
	}
	if c.doc.Project != "" {
		err := s.authorizeProject(c, a.Matter(), CharterMessage(c.hash), a.Signatures, a.On)
		if err == nil && last != nil {
			err = checkNotice(last, c, a.On)
		}
		if err == nil {
			err = s.checkPartners(c, a.On)
		}
		if err != nil {
			return err
		}
	} else if last == nil {
		if err := verifyFounders(CharterMessage(c.hash), rules, a.Signatures, s.KeyOf); err != nil {
			return err
		}
	} else if err := cmp.Or(checkNotice(last, c, a.On), s.checkConsulted(last, a), s.authorize(rules, a.Matter(), CharterMessage(c.hash), a.Signatures, a.On)); err != nil {
		return err
	}
	return s.checkFounders(c, a.On)
}

// checkFounders checks that the founders are registered as what the version says they are, and, after
// version 1, members: signing for the rules of the game is no way around admission.
func (s *State) checkFounders(c *Charter, on Date) error {
	for i, f := range c.doc.Founders {
		p, ok := s.parties[f.ID]
		if !ok {
			return bad(ErrUnknown, at("founders", i), f.ID, "is not a registered party")
		}
		if !p.Erased && p.Type != f.Type {
			return bad(ErrExists, at("founders", i)+".type", string(f.Type), "%s is registered as %s", f.ID, p.Type)
		}
		if c.doc.Version > 1 && c.doc.Project == "" && !s.MemberOn(f.ID, on) {
			return bad(ErrNotMember, at("founders", i), f.ID, "is not a member on %s", on)
		}
	}
	return nil
}

// adopt folds a checked adoption.
func (s *State) adopt(a *Adoption, position uint64) {
	version := s.versions[a.Charter]
	version.Adoption, version.AdoptedAt = a, position
	c := version.Charter
	rules := c
	if last := s.last(c.doc.Project); last != nil {
		rule, _, ok, _ := last.amendment() // checked before
		if version.noticed, version.notice = ok, rule.Notice; c.doc.Project == "" {
			rules = last
		}
	}
	if c.doc.Project == "" {
		version.roles, version.rolesClause, _ = c.roles() // one that cannot be read gives no roles
	}
	if version.threshold = rules.doc.Threshold; len(a.Signatures) == 0 {
		version.threshold = 0
	}
	s.adopted[c.doc.Project] = append(s.adopted[c.doc.Project], c)
	signed := make(map[string]bool, len(a.Signatures))
	for _, sig := range a.Signatures {
		signed[sig.Signer] = true
		s.accepted[statement{sig.Signer, c.hash}] = acceptance{a.On, true}
	}
	if c.doc.Version > 1 || c.doc.Project != "" {
		return
	}
	for _, f := range c.doc.Founders {
		s.stand(f.ID, &standing{
			steps:      []StatusChange{{Status: Member, Since: c.doc.InForceFrom, Event: EventAdmit}},
			membership: &Membership{Party: f.ID, Since: c.doc.InForceFrom, Charter: c.hash, Founder: true, Signed: signed[f.ID], location: c.location},
		}, position)
	}
}
