package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// ReviewKind is the kind of the rule that says how a distribution is reviewed before it is posted, see [ReviewRule].
const ReviewKind = "ledger.distribution"

// Limits on reviews.
const (
	MaxWindow     = 366  // days
	MaxObjections = 1000 // open at once
)

// A ReviewRule holds the parameters of a rule of the kind "ledger.distribution". A charter without one has distributions
// posted as soon as they are recorded.
type ReviewRule struct {
	// Window is for how many days after its run a distribution can be contested, from 0 to [MaxWindow]. With 1 it can be
	// contested on the day of the run and on the next, and approved from the day after. A run that is recorded after its day counts from the day of its recording:
	// nobody can contest what nobody sees. Days are those of the charter in force on the day of the run.
	Window int `json:"window"`
	// Approvals is how many members must approve it once the window is over, from 1 to [MaxValidators]; 0 where a decision adopts it.
	Approvals int `json:"approvals,omitempty"`
	// Decision says that a recorded decision of the community about the [MatterDistribution] of its id adopts it, instead of
	// single members. The approval that follows carries it out.
	Decision bool `json:"decision,omitempty"`
	// Overrule is how many members other than the objector close an objection that is not withdrawn; 0 means that only its
	// author, or a correction, can.
	Overrule int `json:"overrule,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *ReviewRule) Validate() error {
	switch {
	case r.Window < 0 || r.Window > MaxWindow:
		return bad(ErrInvalid, "window", fmt.Sprint(r.Window), "must be from 0 to %d days", MaxWindow)
	case r.Decision && r.Approvals != 0:
		return bad(ErrInvalid, "approvals", fmt.Sprint(r.Approvals), "must be 0 where a decision adopts a distribution")
	case !r.Decision && (r.Approvals < 1 || r.Approvals > MaxValidators):
		return bad(ErrInvalid, "approvals", fmt.Sprint(r.Approvals), "must be from 1 to %d", MaxValidators)
	case r.Overrule < 0 || r.Overrule > MaxValidators:
		return bad(ErrInvalid, "overrule", fmt.Sprint(r.Overrule), "must be from 0 to %d", MaxValidators)
	}
	return nil
}

// A Review is the rule under which a distribution is reviewed, and the clause that holds it. It stays that of the day of the
// run, whatever the charter becomes.
type Review struct {
	Clause    codesocial.ClauseRef `json:"clause"`
	Window    int                  `json:"window"`
	Approvals int                  `json:"approvals,omitempty"`
	Decision  bool                 `json:"decision,omitempty"`
	Overrule  int                  `json:"overrule,omitempty"`
}

// DistributionStatus says how far a distribution has come.
type DistributionStatus string

// The states of a distribution.
const (
	Proposed   DistributionStatus = "proposed"   // computed and recorded; nobody has anything yet
	Contested  DistributionStatus = "contested"  // a member objects
	Posted     DistributionStatus = "posted"     // in the accounts
	Superseded DistributionStatus = "superseded" // a correction has taken its place
)

// reviewEvent is what can happen to a distribution.
type reviewEvent string

const (
	eventObject  reviewEvent = "object"  // within the window
	eventSettle  reviewEvent = "settle"  // the last open objection is withdrawn or overruled
	eventApprove reviewEvent = "approve" // after the window; the last of the approvals that are needed
	eventCorrect reviewEvent = "correct" // a correction is recorded or, if there is something posted to correct, posted
)

// reviewTable says which event leads from which state to which. What is not here is refused.
var reviewTable = []struct {
	from  DistributionStatus
	event reviewEvent
	to    DistributionStatus
}{
	{Proposed, eventObject, Contested},
	{Contested, eventObject, Contested},
	{Contested, eventSettle, Proposed},
	{Proposed, eventApprove, Posted},
	{Proposed, eventCorrect, Superseded},
	{Contested, eventCorrect, Superseded},
	{Posted, eventCorrect, Superseded},
}

func (s DistributionStatus) after(e reviewEvent) (DistributionStatus, error) {
	for _, row := range reviewTable {
		if row.from == s && row.event == e {
			return row.to, nil
		}
	}
	return s, badly(ErrState, "distribution", "is %s: one cannot %s it", s, e)
}

// An Objection contests a distribution while its window is open, or a contribution until it is counted.
type Objection struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who objects, the author of the record.
	By string `json:"-"`
	// Distribution is the id of the distribution, or zero.
	Distribution uuid.UUID `json:"distribution,omitzero"`
	// Contribution is the id of the contribution, or zero.
	Contribution uuid.UUID `json:"contribution,omitzero"`
	// On is the day of the objection, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reason says what is wrong. Required: a community can answer an argument.
	Reason string `json:"reason"`
	// Clause is the clause of the rule "ledger.validation" under which a contribution is contested, and Overrule how many members it
	// asks for to overrule the objection. They are set by [Ledger.Object].
	Clause   codesocial.ClauseRef `json:"clause,omitzero"`
	Overrule int                  `json:"overrule,omitempty"`
}

// A Settlement closes an objection: its author withdraws it, or others overrule it, as many as the rule asks for.
type Settlement struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member, the author of the record.
	By string `json:"-"`
	// Objection is the id of the objection.
	Objection uuid.UUID `json:"objection"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reason is for people; required of those who overrule.
	Reason string `json:"reason,omitempty"`
}

// An Approval says that a member agrees to a distribution once its window is over.
type Approval struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member, the author of the record.
	By string `json:"-"`
	// Distribution is the id of the distribution.
	Distribution uuid.UUID `json:"distribution"`
	// On is the day, in the time zone of the charter: that of the recording or an earlier one.
	On codesocial.Date `json:"on"`
	// Decision is the id of the decision that adopted the distribution, where the rule asks for one. It is set by [Ledger.Approve].
	Decision uuid.UUID `json:"decision,omitzero"`
}

// reviewed is a distribution with what has become of it, and when.
type reviewed struct {
	Distribution
	token      Token
	recorded   codesocial.Date // the day of its recording
	approvals  []at[Approval]
	objections []*objected
	posted     *at[codesocial.Date] // nil: it is not
	superseded *at[codesocial.Date]
}

type objected struct {
	Objection
	token     Token
	overruled []Settlement
	closed    *at[codesocial.Date] // nil: it is open
}

// status returns the state of a distribution at a time, and how many objections were open.
func (d *reviewed) status(at At) (status DistributionStatus, open int) {
	for _, o := range d.objections {
		if at.sees(o.token, o.On) && !happened(o.closed, at) {
			open++
		}
	}
	switch {
	case happened(d.superseded, at):
		return Superseded, open
	case happened(d.posted, at):
		return Posted, open
	case open > 0:
		return Contested, open
	}
	return Proposed, open
}

// happened reports whether something that has a day has happened at a time.
func happened(x *at[codesocial.Date], at At) bool { return x != nil && at.sees(x.token, x.value) }

// is reports whether a distribution is in a state now.
func (d *reviewed) is(s DistributionStatus) bool {
	status, _ := d.status(At{})
	return status == s
}

// may refuses an event that the state of a distribution does not allow.
func (d *reviewed) may(e reviewEvent) error {
	status, _ := d.status(At{})
	_, err := status.after(e)
	return err
}

func (d *reviewed) approvedBy(member string) bool {
	return slices.ContainsFunc(d.approvals, func(a at[Approval]) bool { return a.value.By == member })
}

// lastDay is the last day on which the distribution can be contested.
func (d *reviewed) lastDay() codesocial.Date {
	from := d.On
	if from.Before(d.recorded) {
		from = d.recorded
	}
	return from.AddDays(d.Review.Window)
}

// find returns the distribution with that id.
func (b *Books) find(id uuid.UUID) (*reviewed, error) {
	for _, d := range b.distributions {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, bad(ErrUnknown, "distribution", id.String(), "is not recorded")
}

// replaced returns the posted distribution whose place a correction takes: the one that it corrects or, where that was never posted, the one that
// was to be corrected by it; nil if there is none.
func (b *Books) replaced(corrects uuid.UUID) *reviewed {
	for {
		d, err := b.find(corrects)
		if err != nil || d.is(Posted) {
			return d
		}
		corrects = d.Corrects
	}
}

func (o *Objection) check() error {
	if err := checkDay("on", o.On); err != nil {
		return err
	}
	if o.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given: a community can answer an argument")
	}
	if (o.Distribution == uuid.Nil) == (o.Contribution == uuid.Nil) {
		return badly(ErrInvalid, "distribution", "either a distribution or a contribution is contested")
	}
	return checkText("reason", o.Reason, MaxTextBytes)
}

func (s *Settlement) check() error {
	if err := checkDay("on", s.On); err != nil {
		return err
	}
	return checkText("reason", s.Reason, MaxTextBytes)
}

func (a *Approval) check() error { return checkDay("on", a.On) }

func (b *Books) checkObjection(o *Objection) (*reviewed, error) {
	d, err := b.find(o.Distribution)
	if err != nil {
		return nil, err
	}
	if err := d.may(eventObject); err != nil {
		return nil, err
	}
	if d.Review == nil || o.On.Before(d.On) || o.On.After(d.lastDay()) {
		return nil, d.refuse(bad(ErrState, "on", o.On.String(), "the distribution could be contested from %s to %s", d.On, d.windowEnd()))
	}
	if _, open := d.status(At{}); open >= MaxObjections {
		return nil, badly(ErrInvalid, "distribution", "has %d open objections, the limit", MaxObjections)
	}
	return d, nil
}

func (d *reviewed) windowEnd() string {
	if d.Review == nil {
		return "no day"
	}
	return d.lastDay().String()
}

// refuse names the clause under which something is refused.
func (d *reviewed) refuse(err error) error {
	if d.Review == nil {
		return err
	}
	return &codesocial.RuleError{Clause: d.Review.Clause, Kind: ReviewKind, Err: err}
}

// settles refuses a settlement of an objection that one cannot make. Overrule is how many members the rule asks for.
func (o *objected) settles(s *Settlement, overrule int, refuse func(error) error) error {
	switch {
	case o.closed != nil:
		return bad(ErrState, "objection", s.Objection.String(), "is closed already")
	case s.On.Before(o.On):
		return bad(ErrInvalid, "on", s.On.String(), "is before the objection, of %s", o.On)
	case s.By == o.By:
		return nil
	case overrule == 0:
		return refuse(bad(ErrState, "by", s.By, "only its author can withdraw an objection"))
	case s.Reason == "":
		return badly(ErrInvalid, "reason", "must be given to overrule an objection")
	case slices.ContainsFunc(o.overruled, func(x Settlement) bool { return x.By == s.By }):
		return bad(ErrState, "by", s.By, "has overruled this objection already")
	}
	return nil
}

// settle takes a settlement in, and reports whether the objection is closed by it.
func (o *objected) settle(r *journal.Record, s *Settlement, overrule int) bool {
	on := s.On
	if s.By != o.By {
		o.overruled = append(o.overruled, *s)
		for _, x := range o.overruled { // on the day of the last of them, whichever was recorded last
			if on.Before(x.On) {
				on = x.On
			}
		}
	}
	if s.By == o.By || len(o.overruled) >= overrule {
		o.closed = &at[codesocial.Date]{on, tokenOf(r.Position)}
	}
	return o.closed != nil
}

func (b *Books) checkSettlement(s *Settlement) (*reviewed, *objected, error) {
	for _, d := range b.distributions {
		for _, o := range d.objections {
			if o.ID != s.Objection {
				continue
			}
			if err := d.may(eventSettle); err != nil {
				return nil, nil, err
			}
			if err := o.settles(s, d.Review.Overrule, d.refuse); err != nil {
				return nil, nil, err
			}
			return d, o, nil
		}
	}
	return nil, nil, bad(ErrUnknown, "objection", s.Objection.String(), "is not recorded")
}

func (b *Books) checkApproval(a *Approval) (*reviewed, error) {
	d, err := b.find(a.Distribution)
	if err != nil {
		return nil, err
	}
	if err := d.may(eventApprove); err != nil {
		return nil, err
	}
	switch {
	case !a.On.After(d.lastDay()):
		return nil, d.refuse(bad(ErrState, "on", a.On.String(), "the distribution can be contested until %s", d.lastDay()))
	case d.approvedBy(a.By):
		return nil, bad(ErrState, "by", a.By, "has approved already")
	}
	if err := b.checkClaimsPaid(d); err != nil {
		return nil, err
	}
	if d.Review.Decision {
		decision, err := b.adopted(MatterDistribution, a.Distribution, a.On)
		if err != nil {
			return nil, d.refuse(err)
		}
		if a.Decision != uuid.Nil && a.Decision != decision {
			return nil, d.refuse(bad(ErrUndecided, "decision", a.Decision.String(), "it was adopted by %s", decision))
		}
		a.Decision = decision
	}
	return d, nil
}

// DraftObjection decides [Ledger.Object] without recording it.
func (b *Books) DraftObjection(o Objection) ([]journal.Draft, error) {
	err := o.check()
	if err == nil {
		err = b.checkMember("by", o.By, o.On)
	}
	switch {
	case err != nil:
	case o.Contribution != uuid.Nil:
		err = b.ruleObjection(&o)
		if err == nil && b.given.disputes[o.ID] == nil { // what is recorded is compared by the journal
			if _, err = b.checkDispute(&o); err == nil {
				err = objectsOnce(&o, b.Objections(o.Contribution))
			}
		}
	case !b.hasObjection(o.ID):
		var d *reviewed
		if d, err = b.checkObjection(&o); err == nil {
			var open []Objection
			for _, x := range d.objections {
				if x.closed == nil {
					open = append(open, x.Objection)
				}
			}
			err = objectsOnce(&o, open)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: objection by %s: %w", quote(o.By), err)
	}
	return []journal.Draft{{ID: o.ID, Kind: KindObjection, Schema: schema, Author: o.By, Payload: o}}, nil
}

// objectsOnce refuses a second open objection of a member: one holds back as much as many, which others would have to overrule one by one.
func objectsOnce(o *Objection, open []Objection) error {
	if slices.ContainsFunc(open, func(x Objection) bool { return x.By == o.By }) {
		return bad(ErrState, "by", o.By, "has an open objection already: it is withdrawn before another one is made")
	}
	return nil
}

// hasObjection reports whether the objection is recorded: then the journal compares it with what it has.
func (b *Books) hasObjection(id uuid.UUID) bool {
	for _, d := range b.distributions {
		if slices.ContainsFunc(d.objections, func(o *objected) bool { return o.ID == id }) {
			return true
		}
	}
	return false
}

// DraftSettlement decides [Ledger.Settle] without recording it.
func (b *Books) DraftSettlement(s Settlement) ([]journal.Draft, error) {
	err := s.check()
	if err == nil {
		err = b.checkMember("by", s.By, s.On)
	}
	switch {
	case err != nil:
	case b.given.disputes[s.Objection] != nil:
		err = b.checkDisputeSettlement(&s)
	default:
		_, _, err = b.checkSettlement(&s)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: settlement by %s: %w", quote(s.By), err)
	}
	return []journal.Draft{{ID: s.ID, Kind: KindSettlement, Schema: schema, Author: s.By, Payload: s}}, nil
}

// DraftApproval decides [Ledger.Approve] without recording it. It returns no draft when the member has approved this distribution.
func (b *Books) DraftApproval(a Approval) ([]journal.Draft, error) {
	err := a.check()
	if err == nil {
		err = b.checkMember("by", a.By, a.On)
	}
	if d, findErr := b.find(a.Distribution); err == nil && findErr == nil && d.approvedBy(a.By) {
		return nil, nil
	}
	if err == nil {
		_, err = b.checkApproval(&a)
	}
	if err == nil {
		err = b.checkOpen("on", a.On)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: approval by %s: %w", quote(a.By), err)
	}
	return []journal.Draft{{ID: a.ID, Kind: KindApproval, Schema: schema, Author: a.By, Payload: a}}, nil
}

func (b *Books) applyObjection(r *journal.Record, o *Objection) error {
	if o.Contribution != uuid.Nil {
		return b.applyDispute(r, o)
	}
	d, err := b.checkObjection(o)
	if err != nil {
		return err
	}
	d.objections = append(d.objections, &objected{Objection: *o, token: tokenOf(r.Position)})
	return nil
}

func (b *Books) applySettlement(r *journal.Record, s *Settlement) error {
	if b.given.disputes[s.Objection] != nil {
		return b.applyDisputeSettlement(r, s)
	}
	d, o, err := b.checkSettlement(s)
	if err != nil {
		return err
	}
	o.settle(r, s, d.Review.Overrule)
	return nil
}

func (b *Books) applyApproval(r *journal.Record, a *Approval) error {
	d, err := b.checkApproval(a)
	if err != nil {
		return err
	}
	if today := codesocial.DateOf(r.Time.Add(time.Minute), b.locationOn(d.On)); a.On.After(today) { // a minute, by which clocks may differ
		return d.refuse(bad(ErrInvalid, "on", a.On.String(), "is after the day of its recording, %s", today))
	}
	d.approvals = append(d.approvals, at[Approval]{*a, tokenOf(r.Position)})
	if d.Review.Decision || len(d.approvals) >= d.Review.Approvals {
		b.postDistribution(r, d, a.On)
	}
	return nil
}

// postDistribution carries a distribution into the accounts on the day given, and puts it in the place of the one that it corrects.
func (b *Books) postDistribution(r *journal.Record, d *reviewed, on codesocial.Date) {
	postings := slices.Clone(d.Postings)
	for i := range postings {
		postings[i].Currency = d.Statement.Currency
	}
	b.count(r, d)
	b.settleClaims(r, d, on)
	b.post(r, Transaction{ID: d.ID, Kind: KindDistribution, On: on, Project: d.Project, Postings: postings, Corrects: d.Corrects})
	when := at[codesocial.Date]{on, tokenOf(r.Position)}
	if old := b.replaced(d.Corrects); old != nil {
		old.superseded = &when
	}
	posted := when
	d.posted = &posted
}

// A DistributionEntry is a distribution as the books hold it.
type DistributionEntry struct {
	Distribution
	Status DistributionStatus
	// Approvals are the IRIs of those who approved it, in that order.
	Approvals []string
	// Objections are all that were raised, in order, and Open those of them that have not been settled.
	Objections []Objection
	Open       int
}

func (d *reviewed) entry(at At) DistributionEntry {
	e := DistributionEntry{Distribution: d.clone()}
	e.Status, e.Open = d.status(at)
	for _, a := range d.approvals {
		if at.sees(a.token, a.value.On) {
			e.Approvals = append(e.Approvals, a.value.By)
		}
	}
	for _, o := range d.objections {
		if at.sees(o.token, o.On) {
			e.Objections = append(e.Objections, o.Objection)
		}
	}
	return e
}

// Distribution returns the distribution with that id and what has become of it; false if there is none.
func (b *Books) Distribution(id uuid.UUID) (DistributionEntry, bool) {
	return b.DistributionAt(id, At{})
}

// DistributionAt is [Books.Distribution] at a time: with the approvals and objections of then; false if it was not run by then.
func (b *Books) DistributionAt(id uuid.UUID, at At) (DistributionEntry, bool) {
	d, err := b.find(id)
	if err != nil || !at.sees(d.token, d.On) {
		return DistributionEntry{}, false
	}
	return d.entry(at), true
}
