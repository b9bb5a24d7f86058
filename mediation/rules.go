package mediation

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
)

// The kinds of the rules that this package owns. A charter that says nothing has the defaults; no source gives the figures, they are
// habits.
const (
	PathKind       = "mediation.path"       // see [PathRule]
	BodiesKind     = "mediation.bodies"     // see [BodiesRule]
	MediatorsKind  = "mediation.mediators"  // see [MediatorsRule]
	LadderKind     = "mediation.ladder"     // see [LadderRule]
	ExclusionKind  = "mediation.exclusion"  // see [ExclusionRule]
	AppealKind     = "mediation.appeal"     // see [AppealRule]
	ProtectionKind = "mediation.protection" // see [ProtectionRule]
	ConfidenceKind = "mediation.confidence" // see [ConfidenceRule]
)

// Limits on rules.
const (
	MaxDays   = 3660 // ten years
	MaxHours  = 24 * 366
	MaxMonths = 120
	MaxSeats  = 200 // of one body
)

// A ClockRule says how long a stage lasts. One of Hours and Days is given. Days are civil days in the time zone of the charter:
// with 1 day, what begins on Monday is over when Tuesday is.
type ClockRule struct {
	Stage Stage `json:"stage"`
	Hours int   `json:"hours,omitempty"`
	Days  int   `json:"days,omitempty"`
	// WarnHours is how long before the deadline those who can act are warned; 0: a quarter of the time, and not more than a week.
	WarnHours int `json:"warnHours,omitempty"`
}

// A Grant gives an event to other roles than [Table] does. Events that decide about somebody, and what is for the parties or the
// mediator alone to do, cannot be given away.
type Grant struct {
	Event Event  `json:"event"`
	By    []Role `json:"by"`
}

// A FormRule asks for papers with an event, besides those that [Table] asks for.
type FormRule struct {
	Event  Event       `json:"event"`
	Papers []PaperKind `json:"papers"`
}

// A PathRule holds the parameters of a rule of the kind "mediation.path".
type PathRule struct {
	Clocks []ClockRule `json:"clocks,omitempty"`
	Grants []Grant     `json:"grants,omitempty"`
	Forms  []FormRule  `json:"forms,omitempty"`
	// Circle allows a restorative circle where mediation has failed.
	Circle bool `json:"circle,omitempty"`
	// FollowUpDays are the days after the signature on which the agreement is looked at, in growing order; default 30 and 90.
	FollowUpDays []int `json:"followUpDays,omitempty"`
	// ExtensionDays is by how much the parties can prolong the mediation, once; default 30.
	ExtensionDays int `json:"extensionDays,omitempty"`
}

// A BodiesRule holds the parameters of a rule of the kind "mediation.bodies": who sits where, by IRI. A [Mandate] that the
// community has decided fills further seats. Nobody sits both in the review and in the appeal.
type BodiesRule struct {
	Reception []string `json:"reception,omitempty"`
	Review    []string `json:"review,omitempty"`
	Appeal    []string `json:"appeal,omitempty"`
}

// A Choice is how a mediator is drawn among those who can act.
type Choice string

// The ways to draw.
const (
	ByRotation Choice = "rotation" // whose last case is longest ago
	ByLot      Choice = "lot"      // the lowest SHA-256 of a published seed, a line feed, the case, a line feed and the mediator
)

// A MediatorsRule holds the parameters of a rule of the kind "mediation.mediators".
type MediatorsRule struct {
	Choice Choice `json:"choice,omitempty"` // default rotation
	// Load is how many cases a mediator has at most at a time; default 3. A mediator may ask for fewer.
	Load int `json:"load,omitempty"`
	// TieMonths is for how long common work, money or a common case leaves a conflict of interest; default 24.
	TieMonths int `json:"tieMonths,omitempty"`
	// Challenges is how many mediators a party may refuse without a reason; default 2. When a respondent has refused as many, with reasons, without or
	// by silence, mediation counts as tried with it once who reports leaves.
	Challenges int `json:"challenges,omitempty"`
}

// An ExclusionRule holds the parameters of a rule of the kind "mediation.exclusion". A charter without one excludes nobody. How
// the community decides is said by its rule of decisions for "mediation.exclusion".
type ExclusionRule struct {
	// NoticeDays is how many days after that of the grievances the hearing can be at the earliest; default 15: sent on the 1st, from the 16th on.
	NoticeDays int `json:"noticeDays,omitempty"`
	// Incidents is how many incidents on record show that the difficulty persists; default 2. A relapse after a measure does, too.
	Incidents int `json:"incidents,omitempty"`
	// RevisionMonths is after how long the excluded party may ask for a revision; default 12. It may until the case is archived, at the end
	// of the retention that [ConfidenceRule] gives.
	RevisionMonths int `json:"revisionMonths,omitempty"`
}

// An AppealRule holds the parameters of a rule of the kind "mediation.appeal".
type AppealRule struct {
	// Days is for how long after its notification a measure can be appealed; default 30. It takes no effect before.
	Days int `json:"days,omitempty"`
}

// A ProtectionRule holds the parameters of a rule of the kind "mediation.protection".
type ProtectionRule struct {
	// Hours is for how long at most, in all in one case, a party can be kept away by orders that the review does not confirm; default 14 days.
	Hours int `json:"hours,omitempty"`
	// AccountHours is within how many hours it is reported to the review, or ends; from 1 to 24, default 24.
	AccountHours int `json:"accountHours,omitempty"`
	// ProlongHours is for how long at most the review can prolong it at a time; default 30 days.
	ProlongHours int `json:"prolongHours,omitempty"`
}

// Visibility says who sees that a case exists, where it stands, and its clocks, under its code name.
type Visibility string

// The visibilities. The parties, the mediator and the bodies always see their cases.
const (
	ToMembers  Visibility = "members"
	ToParties  Visibility = "parties"
	ToEveryone Visibility = "everyone"
)

// A ConfidenceRule holds the parameters of a rule of the kind "mediation.confidence".
type ConfidenceRule struct {
	Visible Visibility `json:"visible,omitempty"` // default members
	// RetentionMonths is for how long after the end of the case what was said in confidence is kept; default 6.
	RetentionMonths int `json:"retentionMonths,omitempty"`
}

// Rules are the rules under which a case runs from its first day to its last: those of the version of the charter that was in
// force when it was opened, with the defaults where the charter is silent.
type Rules struct {
	Path       PathRule
	Bodies     BodiesRule
	Mediators  MediatorsRule
	Ladder     LadderRule
	Exclusion  ExclusionRule
	Appeal     AppealRule
	Protection ProtectionRule
	Confidence ConfidenceRule

	charter *codesocial.Charter
	clauses map[string]codesocial.ClauseRef // by kind, of the rules that the charter has
	clocks  map[Stage]ClockRule
	grants  map[Event][]Role
	forms   map[Event][]PaperKind
	ids     map[string]struct{} // of the clauses of the charter
}

// defaultClocks are those of the stages whose length no other rule gives.
var defaultClocks = []ClockRule{
	{Stage: Reported, Hours: 24, WarnHours: 6},
	{Stage: Acknowledged, Days: 7},
	{Stage: Triaged, Days: 7},
	{Stage: Dismissed, Days: 15},
	{Stage: Dialogue, Days: 14},
	{Stage: Consenting, Days: 14},
	{Stage: Choosing, Days: 14},
	{Stage: Proposed, Days: 7},
	{Stage: Meetings, Days: 90}, // the sessions included
	{Stage: Signing, Days: 30},
	{Stage: Failed, Days: 30},
	{Stage: Interrupted, Days: 30},
	{Stage: Review, Days: 60},
	{Stage: Notified, Days: 45},
	{Stage: Heard, Days: 30},
	{Stage: Pronounced, Days: 7},
	{Stage: Appealed, Days: 14},
	{Stage: Admitted, Days: 60},
	{Stage: Final, Days: 15},
}

// Checks returns the checks of all rules that this package owns, for codesocial.Open: a version whose ladder has a gap, whose clock
// cannot run, or whose bodies judge their own decisions is refused before anyone signs it.
func Checks() codesocial.RuleChecks {
	return codesocial.RuleChecks{
		codesocial.CheckRule(PathKind, (*PathRule).Validate),
		codesocial.CheckRule(BodiesKind, (*BodiesRule).Validate),
		codesocial.CheckRule(MediatorsKind, (*MediatorsRule).Validate),
		codesocial.CheckRule(LadderKind, (*LadderRule).Validate),
		codesocial.CheckRule(ExclusionKind, (*ExclusionRule).Validate),
		codesocial.CheckRule(AppealKind, (*AppealRule).Validate),
		codesocial.CheckRule(ProtectionKind, (*ProtectionRule).Validate),
		codesocial.CheckRule(ConfidenceKind, (*ConfidenceRule).Validate),
	}
}

// RulesOf reads the rules of mediation in a version of the charter. The error wraps codesocial.ErrManyRules, codesocial.ErrInvalid
// or [ErrInvalid].
func RulesOf(charter *codesocial.Charter) (*Rules, error) {
	r := &Rules{charter: charter, clauses: make(map[string]codesocial.ClauseRef)}
	for _, rule := range []struct {
		kind string
		into interface{ Validate() error }
	}{
		{PathKind, &r.Path},
		{BodiesKind, &r.Bodies},
		{MediatorsKind, &r.Mediators},
		{LadderKind, &r.Ladder},
		{ExclusionKind, &r.Exclusion},
		{AppealKind, &r.Appeal},
		{ProtectionKind, &r.Protection},
		{ConfidenceKind, &r.Confidence},
	} {
		if charter != nil && slices.Contains(charter.Kinds(), rule.kind) {
			clause, err := charter.Rule(rule.kind, rule.into)
			if err != nil {
				return nil, err
			}
			r.clauses[rule.kind] = clause
		}
		if err := rule.into.Validate(); err != nil {
			return nil, r.refuse(rule.kind, err)
		}
	}
	r.ids = make(map[string]struct{})
	if charter != nil {
		for _, chapter := range charter.Chapters() {
			for _, clause := range chapter.Clauses {
				r.ids[clause.ID] = struct{}{}
			}
		}
	}
	r.complete()
	return r, nil
}

// complete puts the defaults where the charter is silent.
func (r *Rules) complete() {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	if len(r.Path.FollowUpDays) == 0 {
		r.Path.FollowUpDays = []int{30, 90}
	}
	def(&r.Path.ExtensionDays, 30)
	if r.Mediators.Choice == "" {
		r.Mediators.Choice = ByRotation
	}
	def(&r.Mediators.Load, 3)
	def(&r.Mediators.TieMonths, 24)
	def(&r.Mediators.Challenges, 2)
	if len(r.Ladder.Rungs) == 0 {
		r.Ladder.Rungs = DefaultLadder()
	}
	def(&r.Exclusion.NoticeDays, 15)
	def(&r.Exclusion.Incidents, 2)
	def(&r.Exclusion.RevisionMonths, 12)
	def(&r.Appeal.Days, 30)
	def(&r.Protection.Hours, 14*24)
	def(&r.Protection.AccountHours, 24)
	def(&r.Protection.ProlongHours, 30*24)
	if r.Confidence.Visible == "" {
		r.Confidence.Visible = ToMembers
	}
	def(&r.Confidence.RetentionMonths, 6)

	r.clocks = make(map[Stage]ClockRule)
	for _, clock := range slices.Concat(defaultClocks, r.Path.Clocks) {
		r.clocks[clock.Stage] = clock
	}
	r.grants, r.forms = make(map[Event][]Role), make(map[Event][]PaperKind)
	for _, g := range r.Path.Grants {
		r.grants[g.Event] = g.By
	}
	for _, f := range r.Path.Forms {
		r.forms[f.Event] = f.Papers
	}
}

// Clause returns the clause that holds a rule; false where the default holds.
func (r *Rules) Clause(kind string) (codesocial.ClauseRef, bool) {
	ref, ok := r.clauses[kind]
	return ref, ok
}

// Charter returns the version of the charter that the rules were read from.
func (r *Rules) Charter() *codesocial.Charter { return r.charter }

// refuse names the clause under which something is refused, where the charter has one.
func (r *Rules) refuse(kind string, err error) error {
	if clause, ok := r.clauses[kind]; ok {
		return &codesocial.RuleError{Clause: clause, Kind: kind, Err: err}
	}
	return err
}

// by returns the roles that may trigger an event.
func (r *Rules) by(info *eventInfo) []Role {
	if by, ok := r.grants[info.event]; ok {
		return by
	}
	return info.by
}

func (r *Rules) location() *time.Location {
	if r.charter == nil {
		return time.UTC
	}
	return r.charter.Location()
}

// afterDays returns the first instant after so many days.
func (r *Rules) afterDays(at time.Time, days int) time.Time {
	loc := r.location()
	return codesocial.DateOf(at, loc).AddDays(days + 1).In(loc).UTC()
}

func (r *Rules) afterMonths(at time.Time, months int) time.Time {
	loc := r.location()
	return codesocial.DateOf(at, loc).AddMonths(months).AddDays(1).In(loc).UTC()
}

// afterClock returns the first instant after the time that a stage has.
func (r *Rules) afterClock(stage Stage, at time.Time) time.Time {
	clock := r.clocks[stage]
	if clock.Hours > 0 {
		return at.Add(time.Duration(clock.Hours) * time.Hour)
	}
	return r.afterDays(at, clock.Days)
}

// warning returns how long before a deadline those who can act are warned.
func (r *Rules) warning(stage Stage, since, deadline time.Time) time.Duration {
	if clock := r.clocks[stage]; clock.WarnHours > 0 {
		return time.Duration(clock.WarnHours) * time.Hour
	}
	return min(deadline.Sub(since)/4, 7*24*time.Hour)
}

// Validate returns an error that wraps [ErrInvalid] for parameters that make no sense.
func (p *PathRule) Validate() error {
	for i, clock := range p.Clocks {
		field := fmt.Sprintf("clocks[%d]", i)
		ticks := func(c ClockRule) bool { return c.Stage == clock.Stage }
		switch {
		case !slices.ContainsFunc(defaultClocks, ticks):
			return bad(ErrInvalid, field+".stage", string(clock.Stage), "is no stage whose time this rule gives")
		case (clock.Hours > 0) == (clock.Days > 0):
			return bad(ErrInvalid, field, "", "gives hours or days, one of them")
		case clock.Hours < 0 || clock.Hours > MaxHours:
			return bad(ErrInvalid, field+".hours", strconv.Itoa(clock.Hours), "must be from 1 to %d", MaxHours)
		case clock.Days < 0 || clock.Days > MaxDays:
			return bad(ErrInvalid, field+".days", strconv.Itoa(clock.Days), "must be from 1 to %d", MaxDays)
		case clock.WarnHours < 0 || clock.WarnHours > max(clock.Hours, clock.Days*24):
			return bad(ErrInvalid, field+".warnHours", strconv.Itoa(clock.WarnHours), "must be within the time of the stage")
		case slices.ContainsFunc(p.Clocks[:i], ticks):
			return bad(ErrInvalid, field+".stage", string(clock.Stage), "is given twice")
		case clock.Stage == Reported && (clock.Days > 7 || clock.Hours > 7*24):
			return bad(ErrInvalid, field, "", "a report is acknowledged within a week at most")
		}
	}
	for i, g := range p.Grants {
		field := fmt.Sprintf("grants[%d]", i)
		info, ok := infoOf[g.Event]
		switch {
		case !ok:
			return bad(ErrInvalid, field+".event", string(g.Event), "is no event")
		case !info.open:
			return bad(ErrInvalid, field+".event", string(g.Event), "cannot be given to others")
		case len(g.By) == 0 || len(g.By) > len(roles):
			return bad(ErrInvalid, field+".by", "", "names the roles that may trigger it")
		case slices.ContainsFunc(p.Grants[:i], func(o Grant) bool { return o.Event == g.Event }):
			return bad(ErrInvalid, field+".event", string(g.Event), "is given twice")
		}
		for _, role := range g.By {
			if !slices.Contains(roles, role) || role == Clock {
				return bad(ErrInvalid, field+".by", string(role), "is no role that can trigger it")
			}
		}
	}
	for i, f := range p.Forms {
		field := fmt.Sprintf("forms[%d]", i)
		if info, ok := infoOf[f.Event]; !ok || (info.needs|info.may)&fPapers == 0 {
			return bad(ErrInvalid, field+".event", string(f.Event), "is no event that takes papers")
		}
		for _, kind := range f.Papers {
			if _, ok := paperTitles[kind]; !ok || len(f.Papers) > MaxPapers {
				return bad(ErrInvalid, field+".papers", string(kind), "is no kind of paper")
			}
		}
	}
	for i, days := range p.FollowUpDays {
		if days < 1 || days > MaxDays || len(p.FollowUpDays) > 12 || i > 0 && days <= p.FollowUpDays[i-1] {
			return bad(ErrInvalid, "followUpDays", strconv.Itoa(days), "at most 12 days in growing order, from 1 to %d", MaxDays)
		}
	}
	return within("extensionDays", p.ExtensionDays, MaxDays)
}

// within checks a number that is left out (0) or from 1 to most.
func within(field string, v, most int) error {
	if v < 0 || v > most {
		return bad(ErrInvalid, field, strconv.Itoa(v), "must be from 1 to %d, or left out", most)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Validate returns an error that wraps [ErrInvalid] for IRIs out of form, somebody with two seats in a body, and somebody who would
// both decide and judge the appeal.
func (b *BodiesRule) Validate() error {
	for _, body := range []struct {
		name  string
		seats []string
	}{{"reception", b.Reception}, {"review", b.Review}, {"appeal", b.Appeal}} {
		if len(body.seats) > MaxSeats {
			return bad(ErrInvalid, body.name, "", "has more than %d seats", MaxSeats)
		}
		for i, seat := range body.seats {
			if err := codesocial.CheckIRI(seat); err != nil {
				return bad(ErrInvalid, body.name, seat, "is no IRI")
			}
			if slices.Contains(body.seats[:i], seat) {
				return bad(ErrInvalid, body.name, seat, "has two seats")
			}
		}
	}
	for _, seat := range b.Appeal {
		if slices.Contains(b.Review, seat) {
			return bad(ErrInvalid, "appeal", seat, "sits in the review too: an appeal goes before another body")
		}
	}
	return nil
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (m *MediatorsRule) Validate() error {
	if m.Choice != "" && m.Choice != ByRotation && m.Choice != ByLot {
		return bad(ErrInvalid, "choice", string(m.Choice), "must be rotation or lot")
	}
	return firstError(within("load", m.Load, 1000), within("tieMonths", m.TieMonths, MaxMonths), within("challenges", m.Challenges, 100))
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (e *ExclusionRule) Validate() error {
	return firstError(within("noticeDays", e.NoticeDays, MaxDays), within("incidents", e.Incidents, 100), within("revisionMonths", e.RevisionMonths, MaxMonths))
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (a *AppealRule) Validate() error { return within("days", a.Days, MaxDays) }

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (p *ProtectionRule) Validate() error {
	return firstError(within("hours", p.Hours, 90*24), within("accountHours", p.AccountHours, 24), within("prolongHours", p.ProlongHours, 90*24))
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (c *ConfidenceRule) Validate() error {
	switch c.Visible {
	case "", ToMembers, ToParties, ToEveryone:
	default:
		return bad(ErrInvalid, "visible", string(c.Visible), "must be members, parties or everyone")
	}
	return within("retentionMonths", c.RetentionMonths, MaxMonths)
}
