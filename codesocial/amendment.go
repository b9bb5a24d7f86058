package codesocial

import (
	"errors"
	"fmt"
)

// AmendmentKind is the kind of the rule that says how the charter itself changes, see [AmendmentRule].
const AmendmentKind = "codesocial.amendment"

// MaxNotice is the longest notice of an amendment, in days: ten years.
const MaxNotice = 3660

// An AmendmentRule holds the parameters of a rule of the kind "codesocial.amendment". The rule of the
// version in force governs the adoption of the next. Without such a rule there is no notice.
type AmendmentRule struct {
	// Notice is how many days at least lie between the adoption of a new version and its first day, from 0 to
	// [MaxNotice]. Members who are there all that time and do not object are bound by it, see
	// [State.Opposable].
	Notice int `json:"notice"`
	// By says what it takes to change the charter: "" for the signatures of founders, as many as the threshold ([CharterSignature]), and also
	// a decision where a rule "codesocial.decision" names the kind "codesocial.amendment"; [ByDecision] for such a decision and no signatures. The same holds for renewing and
	// repealing, with the kinds "codesocial.renewal" and "codesocial.repeal".
	By string `json:"by,omitempty"`
}

// ByDecision is the value of [AmendmentRule.By] with which a charter is amended by decision alone.
const ByDecision = "decision"

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *AmendmentRule) Validate() error {
	if r.Notice < 0 || r.Notice > MaxNotice {
		return bad(ErrInvalid, "notice", fmt.Sprint(r.Notice), "must be from 0 to %d days", MaxNotice)
	}
	if r.By != "" && r.By != ByDecision {
		return bad(ErrInvalid, "by", r.By, "must be %s, or absent", ByDecision)
	}
	return nil
}

// amendment returns the rule under which the version is amended; ok is false if it has none.
func (c *Charter) amendment() (rule AmendmentRule, clause ClauseRef, ok bool, err error) {
	clause, err = c.Rule(AmendmentKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	if errors.Is(err, ErrNoRule) {
		return AmendmentRule{}, ClauseRef{}, false, nil
	}
	return rule, clause, err == nil, err
}

// checkNotice checks that the adoption on a day of a version leaves the notice that the version before it asks for.
func checkNotice(before, c *Charter, on Date) error {
	rule, clause, ok, err := before.amendment()
	if err != nil || !ok {
		return err
	}
	if earliest := on.AddDays(rule.Notice); c.doc.InForceFrom.Before(earliest) {
		return &RuleError{Clause: clause, Kind: AmendmentKind, Err: bad(ErrRefused, "inForceFrom", c.doc.InForceFrom.String(),
			"adopted on %s with a notice of %d days, the version can be in force from %s", on, rule.Notice, earliest)}
	}
	return nil
}

// authorize checks that a change to the rules of the game comes about as the version rules says, and in no other way: by a decision on just
// this matter, or by the signatures of founders who are members on that day.
func (s *State) authorize(rules *Charter, m Matter, message []byte, signatures []CharterSignature, on Date) error {
	if rules.doc.Project != "" {
		return s.authorizeProject(rules, m, message, signatures, on)
	}
	rule, clause, _, err := rules.amendment()
	if err != nil {
		return err
	}
	if rule.By == ByDecision {
		err := error(nil)
		if d, ok := s.Adopted(m); !ok || !d.InEffect(on) {
			err = bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", on)
		} else if len(signatures) > 0 {
			err = badly(ErrRefused, "signatures", "must be absent: the version is amended by decision")
		}
		if err != nil {
			return &RuleError{Clause: clause, Kind: AmendmentKind, Err: err}
		}
		return nil
	}
	if err := s.RequireDecision(rules, m, on); err != nil {
		return err
	}
	if err := verifyFounders(message, rules, signatures, s.KeyOf); err != nil {
		return err
	}
	for i, sig := range signatures {
		if !s.MemberOn(sig.Signer, on) {
			return bad(ErrNotMember, at("signatures", i)+".signer", sig.Signer, "is not a member on %s", on)
		}
	}
	return nil
}
