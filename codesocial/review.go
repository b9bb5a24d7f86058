package codesocial

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// ReviewKind is the kind of the rule that says when a version is looked at again, see [ReviewRule].
const ReviewKind = "codesocial.review"

// What holds where a charter does not say otherwise. No source gives these figures: they are habits.
const (
	DefaultReviewMonths = 12 // from the first day to the review, where the document has no reviewBy
	DefaultReviewOpens  = 60 // days before the review from which it is open, where no rule says
	MaxReviewOpens      = 3660
	MaxReviewCallers    = 100_000
)

// A ReviewRule holds the parameters of a rule of the kind "codesocial.review".
type ReviewRule struct {
	// Opens is how many days before [Charter.ReviewDue] the review opens by itself, from 0 to [MaxReviewOpens].
	Opens int `json:"opens"`
	// Callers is how many members have a review opened before that day by calling for it ([Community.CallReview]), from 0, for the day alone, to
	// [MaxReviewCallers]. A review that is called is due as many days after it opens as any other.
	Callers int `json:"callers,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *ReviewRule) Validate() error {
	if r.Opens < 0 || r.Opens > MaxReviewOpens {
		return bad(ErrInvalid, "opens", fmt.Sprint(r.Opens), "must be from 0 to %d days", MaxReviewOpens)
	}
	if r.Callers < 0 || r.Callers > MaxReviewCallers {
		return bad(ErrInvalid, "callers", fmt.Sprint(r.Callers), "must be from 0 to %d members", MaxReviewCallers)
	}
	return nil
}

// review returns the rule under which the version is reviewed, with what holds where it has none and without a clause then.
func (c *Charter) review() (rule ReviewRule, clause ClauseRef, err error) {
	rule.Opens = DefaultReviewOpens
	clause, err = c.Rule(ReviewKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	if errors.Is(err, ErrNoRule) {
		return rule, ClauseRef{}, nil
	}
	return rule, clause, err
}

// ReviewDue returns the day by which the version is to be reviewed: reviewBy, or else
// [DefaultReviewMonths] after its first day.
func (c *Charter) ReviewDue() Date {
	if !c.doc.ReviewBy.IsZero() {
		return c.doc.ReviewBy
	}
	return c.doc.InForceFrom.AddMonths(DefaultReviewMonths)
}

// ReviewOpens returns the day from which the version is under review: as many days before
// [Charter.ReviewDue] as its rule "codesocial.review" says, or else [DefaultReviewOpens], and not before its
// first day. The error wraps [ErrInvalid] or [ErrManyRules] if the rule cannot be read.
func (c *Charter) ReviewOpens() (Date, error) { return c.reviewOpens(c.ReviewDue()) }

// reviewOpens returns the day from which a review is open that is due on a day.
func (c *Charter) reviewOpens(due Date) (Date, error) {
	rule, _, err := c.review()
	if err != nil {
		return Date{}, err
	}
	opens := due.AddDays(-rule.Opens)
	if opens.Before(c.doc.InForceFrom) {
		opens = c.doc.InForceFrom
	}
	return opens, nil
}

// Overdue reports whether the review that the document sets should have taken place before the day on; whether it has, [Version.Overdue]
// says. A version that is overdue stays in force.
func (c *Charter) Overdue(on Date) bool { return on.After(c.ReviewDue()) }

// A ReviewCall says that a member wants the version in force reviewed before its day. When as many members have called as [ReviewRule.Callers] says, the
// review is open. A call counts until the version is renewed.
type ReviewCall struct {
	// Charter is the hash of the version, which is in force on the day On and not under review.
	Charter string `json:"charter"`
	On      Date   `json:"on"` // after the last renewal
	Party   string `json:"party"`
	Reason  string `json:"reason"` // in the member's words, up to [MaxReasonBytes]
	// Clause is the clause that says how many must call. [State.DraftReviewCall] sets it.
	Clause ClauseRef `json:"clause"`
}

func (c *ReviewCall) check() error {
	if err := checkStatement(c.Party, c.Charter, c.On); err != nil {
		return err
	}
	return checkReason("reason", c.Reason)
}

// checkReviewCall checks a call against the state and returns the version that it is about.
func (s *State) checkReviewCall(c *ReviewCall) (*Version, ClauseRef, error) {
	v, err := s.checkStanding(c.Charter, c.On, callReview)
	if err != nil {
		return nil, ClauseRef{}, err
	}
	rule, clause, err := v.Charter.review()
	if err != nil {
		return nil, ClauseRef{}, err
	}
	if rule.Callers == 0 {
		return nil, ClauseRef{}, bad(ErrNoRule, "charter", c.Charter, "no rule %s says how many members can call a review", ReviewKind)
	}
	renewed := v.renewal(c.On).On
	switch {
	case !c.On.After(renewed):
		err = bad(ErrInvalid, "on", c.On.String(), "must be after the last renewal, on %s", renewed)
	case !s.MemberOn(c.Party, c.On):
		err = bad(ErrNotMember, "party", c.Party, "is not a member on %s", c.On)
	case !v.Charter.binds(c.Party):
		err = bad(ErrRefused, "party", c.Party, "is not a partner of the project")
	default:
		if i := slices.IndexFunc(v.Calls, func(old ReviewCall) bool { return old.Party == c.Party && old.On.After(renewed) }); i >= 0 {
			err = bad(ErrExists, "party", c.Party, "has called on %s", v.Calls[i].On)
		}
	}
	if err != nil {
		return nil, ClauseRef{}, &RuleError{Clause: clause, Kind: ReviewKind, Err: err}
	}
	return v, clause, nil
}

// renewal returns the last renewal up to a day, zero for none.
func (v *Version) renewal(on Date) Renewal {
	for _, r := range slices.Backward(v.Renewals) {
		if !on.Before(r.On) {
			return r
		}
	}
	return Renewal{}
}

// called returns the day by which a review is due that members have called up to a day, zero where they have not.
func (v *Version) called(on Date) Date {
	if len(v.Calls) == 0 {
		return Date{}
	}
	rule, _, err := v.Charter.review()
	if err != nil {
		return Date{} // there are no calls then
	}
	renewed, n := v.renewal(on).On, 0
	for _, c := range v.Calls { // in the order of their days
		if c.On.After(renewed) && !c.On.After(on) {
			if n++; n == rule.Callers {
				return c.On.AddDays(rule.Opens)
			}
		}
	}
	return Date{}
}

// CallReview records that a member calls for the review of the version in force, signed with the member's key; nil for one without a registered key. The errors
// wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrState], [ErrNoRule], [ErrNotMember], [ErrExists] or [ErrSignature]; where the rule refuses it is a *[RuleError].
func (c *Community) CallReview(ctx context.Context, call ReviewCall, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftReviewCall(call)) })
}

// DraftReviewCall decides [Community.CallReview] without recording it, and without a signature. It returns no draft for a call that is recorded.
func (s *State) DraftReviewCall(c ReviewCall) ([]journal.Draft, error) {
	c.Clause = ClauseRef{}
	if v, ok := s.versions[c.Charter]; ok && slices.ContainsFunc(v.Calls, func(old ReviewCall) bool { old.Clause = c.Clause; return old == c }) {
		return nil, nil
	}
	err := c.check()
	if err == nil {
		_, c.Clause, err = s.checkReviewCall(&c)
	}
	if err != nil {
		return nil, errorf("review called by %s: %w", quote(c.Party), err)
	}
	id := recordID(KindReviewCall, c.Charter, c.Party, c.On.String())
	return []journal.Draft{{ID: id, Kind: KindReviewCall, Schema: schema, Author: s.author(c.Party), Payload: c}}, nil
}

func (s *State) applyReviewCall(c *ReviewCall, r *journal.Record) error {
	v, clause, err := s.checkReviewCall(c)
	if err != nil {
		return err
	}
	if c.Clause != clause {
		return bad(ErrInvalid, "clause", c.Clause.String(), "the call rests on %s", clause)
	}
	if err := s.checkSpoken(r, c.Party); err != nil {
		return err
	}
	i, _ := slices.BinarySearchFunc(v.Calls, c.On.AddDays(1), func(old ReviewCall, day Date) int { return old.On.Compare(day) })
	v.Calls = slices.Insert(v.Calls, i, *c)
	return nil
}
