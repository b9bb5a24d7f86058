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
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *AmendmentRule) Validate() error {
	if r.Notice < 0 || r.Notice > MaxNotice {
		return bad(ErrInvalid, "notice", fmt.Sprint(r.Notice), "must be from 0 to %d days", MaxNotice)
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
