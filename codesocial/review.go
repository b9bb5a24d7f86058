package codesocial

import (
	"errors"
	"fmt"
)

// ReviewKind is the kind of the rule that says when a version is looked at again, see [ReviewRule].
const ReviewKind = "codesocial.review"

// What holds where a charter does not say otherwise. No source gives these figures: they are habits.
const (
	DefaultReviewMonths = 12 // from the first day to the review, where the document has no reviewBy
	DefaultReviewOpens  = 60 // days before the review from which it is open, where no rule says
	MaxReviewOpens      = 3660
)

// A ReviewRule holds the parameters of a rule of the kind "codesocial.review".
type ReviewRule struct {
	// Opens is how many days before [Charter.ReviewDue] the review opens by itself, from 0 to [MaxReviewOpens].
	Opens int `json:"opens"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *ReviewRule) Validate() error {
	if r.Opens < 0 || r.Opens > MaxReviewOpens {
		return bad(ErrInvalid, "opens", fmt.Sprint(r.Opens), "must be from 0 to %d days", MaxReviewOpens)
	}
	return nil
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
	rule := ReviewRule{Opens: DefaultReviewOpens}
	_, err := c.Rule(ReviewKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	if err != nil && !errors.Is(err, ErrNoRule) {
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
