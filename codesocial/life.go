package codesocial

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Status says where a version stands on a day.
type Status string

// Where a version can stand. Only one that is in force or under review has effect, and at most one is. A draft, which is not recorded,
// has no effect either.
const (
	Draft       Status = "draft"        // somebody's text
	Proposed    Status = "proposed"     // recorded, not adopted
	InDecision  Status = "in-decision"  // a decision on it is under way
	Outdated    Status = "outdated"     // proposed, and another version was adopted in its place
	Adopted     Status = "adopted"      // adopted, its first day has not come
	InForce     Status = "in-force"     // has effect
	UnderReview Status = "under-review" // has effect, and its review is open
	Superseded  Status = "superseded"   // another version has taken its place
	Repealed    Status = "repealed"     // the community has ended it, and put nothing in its place
	Expired     Status = "expired"      // the project whose charter it is has ended
)

// Label returns the word for the status in French and English, to be shown to members.
func (s Status) Label() Text {
	return map[Status]Text{
		Draft:       {"fr": "brouillon", "en": "draft"},
		Proposed:    {"fr": "proposée", "en": "proposed"},
		InDecision:  {"fr": "en cours de décision", "en": "in decision"},
		Outdated:    {"fr": "dépassée", "en": "outdated"},
		Adopted:     {"fr": "adoptée", "en": "adopted"},
		InForce:     {"fr": "en vigueur", "en": "in force"},
		UnderReview: {"fr": "en cours de réexamen", "en": "under review"},
		Superseded:  {"fr": "remplacée", "en": "superseded"},
		Repealed:    {"fr": "abrogée", "en": "repealed"},
		Expired:     {"fr": "éteinte", "en": "expired"},
	}[s]
}

// A charterEvent takes a version from one status to another.
type charterEvent string

const callReview charterEvent = "call the review"

// life is the table of a version's life. What the calendar brings about needs no record: it follows from the day.
var life = machine[Status, charterEvent]{
	{[]Status{Draft}, "propose", "anyone", []Status{Proposed}},
	{[]Status{Proposed}, "open a decision", "member", []Status{InDecision}},
	{[]Status{InDecision}, "close the decision", "electors", []Status{Proposed}},
	{[]Status{Proposed, InDecision}, "adopt", "founders, or a decision", []Status{Adopted, InForce, UnderReview}},
	{[]Status{Proposed, InDecision}, "adopt another", "founders, or a decision", []Status{Outdated}},
	{[]Status{Adopted}, "first day", "calendar", []Status{InForce, UnderReview}},
	{[]Status{InForce}, "review opens", "calendar", []Status{UnderReview}},
	{[]Status{InForce}, callReview, "members", []Status{InForce, UnderReview}},
	{[]Status{InForce, UnderReview}, "renew", "founders, or a decision", []Status{InForce, UnderReview}},
	{[]Status{InForce, UnderReview}, "successor's first day", "calendar", []Status{Superseded}},
	{[]Status{InForce, UnderReview}, "repeal", "founders, or a decision", []Status{Repealed}},
	{[]Status{Adopted, InForce, UnderReview}, "project ends", "project", []Status{Expired}},
}

// Status returns where the version with that hash stands on a day. The error wraps [ErrUnknown] if it was never
// proposed, or comes from [Charter.ReviewOpens].
func (s *State) Status(hash string, on Date) (Status, error) {
	v, ok := s.versions[hash]
	if !ok {
		return "", errorf("%w", bad(ErrUnknown, "charter", hash, "no such version has been proposed"))
	}
	c, adopted := v.Charter, s.adopted[v.Charter.doc.Project]
	if v.Adoption == nil {
		switch {
		case c.doc.Version <= len(adopted):
			return Outdated, nil
		case s.inDecision(Matter{AmendmentKind, hash}, on):
			return InDecision, nil
		}
		return Proposed, nil
	}
	end := s.ended(c)
	switch {
	case c.doc.Version < len(adopted) && !on.Before(adopted[c.doc.Version].doc.InForceFrom):
		return Superseded, nil
	case v.repealed(on):
		return Repealed, nil
	case !end.IsZero() && !on.Before(end):
		return Expired, nil
	case on.Before(c.doc.InForceFrom):
		return Adopted, nil
	}
	opens, err := v.ReviewOpens(on)
	if err != nil {
		return "", err
	}
	if on.Before(opens) {
		return InForce, nil
	}
	return UnderReview, nil
}

// inDecision reports whether a decision on a matter is under way on a day.
func (s *State) inDecision(m Matter, on Date) bool {
	return slices.ContainsFunc(s.opened, func(id uuid.UUID) bool {
		p := s.decisions[id]
		return p.matter() == m && !on.Before(p.charter.today(p.opening.At)) && (p.closing == nil || on.Before(p.decided.On))
	})
}

// repealed reports whether the version has been repealed and has no effect any more on a day.
func (v *Version) repealed(on Date) bool { return v.Repeal != nil && !on.Before(v.Repeal.From) }

// ReviewDue returns the day by which the version is to be reviewed as it stood on a day: that of its last renewal, or else
// [Charter.ReviewDue]; where enough members have called for it before, as many days after the last of their calls as the rule "codesocial.review" says.
func (v *Version) ReviewDue(on Date) Date {
	due := v.renewal(on).ReviewBy
	if due.IsZero() {
		due = v.Charter.ReviewDue()
	}
	if called := v.called(on); !called.IsZero() && called.Before(due) {
		return called
	}
	return due
}

// ReviewOpens returns the day from which the version is under review as it stood on a day, see [Charter.ReviewOpens].
func (v *Version) ReviewOpens(on Date) (Date, error) {
	return v.Charter.reviewOpens(v.ReviewDue(on))
}

// Overdue reports whether the review of the version should have taken place before the day on. A version that is overdue
// stays in force.
func (v *Version) Overdue(on Date) bool { return on.After(v.ReviewDue(on)) }

// A Renewal says that the review of a version was held and the community keeps it as it stands.
type Renewal struct {
	// Charter is the hash of the version, which is in force on the day On.
	Charter string `json:"charter"`
	On      Date   `json:"on"`
	// ReviewBy is the day by which it is reviewed again, later than On.
	ReviewBy Date `json:"reviewBy"`
	// Signatures are those of its founders, made with [SignRenewal]; absent where the version is amended by decision.
	Signatures []CharterSignature `json:"signatures,omitempty"`
}

// Matter returns what a decision on the renewal decides.
func (r *Renewal) Matter() Matter { return Matter{KindRenewal, r.Charter + " " + r.ReviewBy.String()} }

// A Repeal ends a version without another in its place. From then on nothing that needs a rule can be done, until a later version is
// in force; what was owed stays owed.
type Repeal struct {
	// Charter is the hash of the last version adopted, which is in force on the day On.
	Charter string `json:"charter"`
	// On is the day on which it was decided, From the first day without the version, with the notice of the rule of amendment between.
	On   Date `json:"on"`
	From Date `json:"from"`
	// Reason says why, up to [MaxReasonBytes].
	Reason string `json:"reason"`
	// Signatures are those of its founders, made with [SignRepeal]; absent where the version is amended by decision.
	Signatures []CharterSignature `json:"signatures,omitempty"`
}

// Matter returns what a decision on the repeal decides.
func (r *Repeal) Matter() Matter { return Matter{KindRepeal, r.Charter + " " + r.From.String()} }

func (r *Renewal) check() error {
	if err := checkVersionAct(r.Charter, r.On, r.Signatures); err != nil {
		return err
	}
	if r.ReviewBy.check() != nil || !r.ReviewBy.After(r.On) {
		return bad(ErrInvalid, "reviewBy", r.ReviewBy.String(), "must be a day of the calendar after %s", r.On)
	}
	return nil
}

func (r *Repeal) check() error {
	if err := checkVersionAct(r.Charter, r.On, r.Signatures); err != nil {
		return err
	}
	if r.From.check() != nil || r.From.Before(r.On) {
		return bad(ErrInvalid, "from", r.From.String(), "must be a day of the calendar, not before %s: nothing is retroactive", r.On)
	}
	return checkReason("reason", r.Reason)
}

// checkVersionAct checks what all acts on a version have.
func checkVersionAct(charter string, on Date, signatures []CharterSignature) error {
	if err := checkHash("charter", charter); err != nil {
		return err
	}
	if on.check() != nil {
		return bad(ErrInvalid, "on", on.String(), "must be a day of the calendar")
	}
	if len(signatures) > MaxFounders {
		return badly(ErrLimit, "signatures", "there are %d, the limit is %d", len(signatures), MaxFounders)
	}
	return nil
}

// checkStanding checks that the version with that hash has effect on a day, so that the event can happen to it.
func (s *State) checkStanding(hash string, on Date, event charterEvent) (*Version, error) {
	status, err := s.Status(hash, on)
	if err != nil {
		return nil, err
	}
	return s.versions[hash], life.check("charter "+quote(hash), status, event)
}

func (s *State) checkRenewal(r *Renewal) (*Version, error) {
	v, err := s.checkStanding(r.Charter, r.On, "renew")
	if err != nil {
		return nil, err
	}
	if n := len(v.Renewals); n > 0 && r.On.Before(v.Renewals[n-1].On) {
		return nil, bad(ErrInvalid, "on", r.On.String(), "is before the last renewal, on %s", v.Renewals[n-1].On)
	}
	return v, s.authorize(v.Charter, r.Matter(), renewalMessage(r.Charter, r.ReviewBy), r.Signatures, r.On)
}

func (s *State) checkRepeal(r *Repeal) (*Version, error) {
	v, err := s.checkStanding(r.Charter, r.On, "repeal")
	if err != nil {
		return nil, err
	}
	c := v.Charter
	switch {
	case v.Repeal != nil:
		return nil, bad(ErrExists, "charter", r.Charter, "is repealed from %s", v.Repeal.From)
	case c != s.last(c.doc.Project):
		return nil, bad(ErrChain, "charter", r.Charter, "%s is adopted already, and takes its place", s.last(c.doc.Project))
	}
	rule, clause, _, err := c.amendment()
	if err != nil {
		return nil, err
	}
	if earliest := r.On.AddDays(rule.Notice); r.From.Before(earliest) {
		return nil, &RuleError{Clause: clause, Kind: AmendmentKind, Err: bad(ErrRefused, "from", r.From.String(), "with a notice of %d days, it can be from %s", rule.Notice, earliest)}
	}
	return v, s.authorize(c, r.Matter(), repealMessage(r.Charter, r.From), r.Signatures, r.On)
}

// Renew records that the community has reviewed the version in force and keeps it as it stands. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState],
// [ErrNotFounder], [ErrSignature], [ErrTooFew] or [ErrNotMember]; where a rule refuses it is a *[RuleError].
func (c *Community) Renew(ctx context.Context, r Renewal) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftRenewal(r) })
}

// Repeal records that the community ends the version in force without another in its place. The errors are those of
// [Community.Renew], and [ErrChain] or [ErrExists].
func (c *Community) Repeal(ctx context.Context, r Repeal) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftRepeal(r) })
}

// DraftRenewal decides [Community.Renew] without recording it. It returns no draft for a renewal that is recorded.
func (s *State) DraftRenewal(r Renewal) ([]journal.Draft, error) {
	r.Signatures = sorted(r.Signatures)
	if v, ok := s.versions[r.Charter]; ok && slices.ContainsFunc(v.Renewals, func(old Renewal) bool { return old.On == r.On && old.ReviewBy == r.ReviewBy }) {
		return nil, nil
	}
	err := r.check()
	if err == nil {
		_, err = s.checkRenewal(&r)
	}
	if err != nil {
		return nil, errorf("renewal of %s: %w", quote(r.Charter), err)
	}
	return []journal.Draft{{ID: recordID(KindRenewal, r.Charter, r.On.String()), Kind: KindRenewal, Schema: schema, Payload: r}}, nil
}

// DraftRepeal decides [Community.Repeal] without recording it. It returns no draft for a repeal that is recorded.
func (s *State) DraftRepeal(r Repeal) ([]journal.Draft, error) {
	r.Signatures = sorted(r.Signatures)
	if v, ok := s.versions[r.Charter]; ok && v.Repeal != nil && v.Repeal.On == r.On && v.Repeal.From == r.From && v.Repeal.Reason == r.Reason {
		return nil, nil
	}
	err := r.check()
	if err == nil {
		_, err = s.checkRepeal(&r)
	}
	if err != nil {
		return nil, errorf("repeal of %s: %w", quote(r.Charter), err)
	}
	return []journal.Draft{{ID: recordID(KindRepeal, r.Charter), Kind: KindRepeal, Schema: schema, Payload: r}}, nil
}

func (s *State) applyRenewal(r *Renewal, _ *journal.Record) error {
	v, err := s.checkRenewal(r)
	if err == nil {
		v.Renewals = append(v.Renewals, *r)
	}
	return err
}

func (s *State) applyRepeal(r *Repeal, _ *journal.Record) error {
	v, err := s.checkRepeal(r)
	if err == nil {
		v.Repeal = r
	}
	return err
}
