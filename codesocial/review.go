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
func (c *Charter) ReviewOpens() (Date, error) {
	rule := ReviewRule{Opens: DefaultReviewOpens}
	_, err := c.Rule(ReviewKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	if err != nil && !errors.Is(err, ErrNoRule) {
		return Date{}, err
	}
	opens := c.ReviewDue().AddDays(-rule.Opens)
	if opens.Before(c.doc.InForceFrom) {
		opens = c.doc.InForceFrom
	}
	return opens, nil
}

// Overdue reports whether the review of the version should have taken place before the day on. A
// version that is overdue stays in force.
func (c *Charter) Overdue(on Date) bool { return on.After(c.ReviewDue()) }

// A Status says where a version stands on a day.
type Status string

// Where a version can stand. Only one that is in force or under review has effect, and at most one is.
const (
	Proposed    Status = "proposed"     // recorded, not adopted
	Outdated    Status = "outdated"     // proposed, and another version was adopted in its place
	Adopted     Status = "adopted"      // adopted, its first day has not come
	InForce     Status = "in-force"     // has effect
	UnderReview Status = "under-review" // has effect, and its review is open
	Superseded  Status = "superseded"   // another version has taken its place
)

// Label returns the word for the status in French and English, to be shown to members.
func (s Status) Label() Text {
	return map[Status]Text{
		Proposed:    {"fr": "proposée", "en": "proposed"},
		Outdated:    {"fr": "dépassée", "en": "outdated"},
		Adopted:     {"fr": "adoptée", "en": "adopted"},
		InForce:     {"fr": "en vigueur", "en": "in force"},
		UnderReview: {"fr": "en cours de réexamen", "en": "under review"},
		Superseded:  {"fr": "remplacée", "en": "superseded"},
	}[s]
}

// Status returns where the version with that hash stands on a day. The error wraps [ErrUnknown] if it was never
// proposed, or comes from [Charter.ReviewOpens].
func (s *State) Status(hash string, on Date) (Status, error) {
	v, ok := s.versions[hash]
	if !ok {
		return "", fmt.Errorf("codesocial: %w", bad(ErrUnknown, "charter", hash, "no such version has been proposed"))
	}
	c := v.Charter
	if v.Adoption == nil {
		if c.doc.Version <= len(s.adopted) {
			return Outdated, nil
		}
		return Proposed, nil
	}
	if on.Before(c.doc.InForceFrom) {
		return Adopted, nil
	}
	if c.doc.Version < len(s.adopted) && !on.Before(s.adopted[c.doc.Version].doc.InForceFrom) {
		return Superseded, nil
	}
	opens, err := c.ReviewOpens()
	if err != nil {
		return "", err
	}
	if on.Before(opens) {
		return InForce, nil
	}
	return UnderReview, nil
}
