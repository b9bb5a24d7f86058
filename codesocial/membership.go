package codesocial

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A MembershipStatus says where a party, be it a person, an organization, a collective or a project, stands on a day.
type MembershipStatus string

// Where a party can stand. Only [Member] and [OnLeave] have the rights of a member.
const (
	Prospect  MembershipStatus = "prospect"  // registered, and has not applied
	Applied   MembershipStatus = "applied"   // wants to join, and has accepted the version in force
	Sponsored MembershipStatus = "sponsored" // as many members stand for it as the rule asks
	Probation MembershipStatus = "probation" // takes part, and does not decide yet
	Member    MembershipStatus = "member"
	OnLeave   MembershipStatus = "on-leave"  // away for a while, and comes back when it likes
	Suspended MembershipStatus = "suspended" // by a measure, for a time
	Resigned  MembershipStatus = "resigned"  // has left
	Excluded  MembershipStatus = "excluded"  // by a measure
)

// Label returns the word for the status in French and English, to be shown to members.
func (s MembershipStatus) Label() Text {
	return map[MembershipStatus]Text{
		Prospect:  {"fr": "prospect", "en": "prospect"},
		Applied:   {"fr": "candidature déposée", "en": "applied"},
		Sponsored: {"fr": "parrainé", "en": "sponsored"},
		Probation: {"fr": "en période d'essai", "en": "on probation"},
		Member:    {"fr": "membre", "en": "member"},
		OnLeave:   {"fr": "en congé", "en": "on leave"},
		Suspended: {"fr": "suspendu", "en": "suspended"},
		Resigned:  {"fr": "démissionnaire", "en": "resigned"},
		Excluded:  {"fr": "exclu", "en": "excluded"},
	}[s]
}

// Rights reports whether who stands there has the rights of a member.
func (s MembershipStatus) Rights() bool { return s == Member || s == OnLeave }

// Belongs reports whether who stands there is bound as a member is, with or without the rights of one.
func (s MembershipStatus) Belongs() bool { return s.Rights() || s == Suspended }

// A MembershipEvent takes a party from one status to another.
type MembershipEvent string

// The events of a membership, see the table on the package page. The first nine are recorded as a [MembershipStep]; admit is
// an [Admission], the last three are a [Measure].
const (
	EventApply     MembershipEvent = "apply"
	EventSponsor   MembershipEvent = "sponsor"
	EventWelcome   MembershipEvent = "welcome" // probation begins
	EventConfirm   MembershipEvent = "confirm" // the party becomes a member
	EventDecline   MembershipEvent = "decline" // the community does not take the party
	EventWithdraw  MembershipEvent = "withdraw"
	EventTakeLeave MembershipEvent = "take-leave"
	EventReturn    MembershipEvent = "return"
	EventResign    MembershipEvent = "resign"
	EventAdmit     MembershipEvent = "admit" // in one step, where the rule asks for no more
	EventSuspend   MembershipEvent = "suspend"
	EventExclude   MembershipEvent = "exclude"
	EventLift      MembershipEvent = "lift" // the status before the measure is restored
)

// Who brings an event of a membership about.
const (
	byParty    = "party"            // the party, or its lead
	byMember   = "member"           // a member, not the party
	bySponsors = "party, sponsors"  // the party, and members who stand for it
	byMeasure  = "measure, guarded" // a measure that the guard of the community vouches for
)

// membership is the table of a membership.
var membership = machine[MembershipStatus, MembershipEvent]{
	{[]MembershipStatus{Prospect, Resigned, Excluded}, EventAdmit, bySponsors, []MembershipStatus{Member}},
	{[]MembershipStatus{Prospect, Resigned, Excluded}, EventApply, byParty, []MembershipStatus{Applied}},
	{[]MembershipStatus{Applied}, EventSponsor, byMember, []MembershipStatus{Applied, Sponsored}},
	{[]MembershipStatus{Sponsored}, EventSponsor, byMember, []MembershipStatus{Sponsored}},
	{[]MembershipStatus{Applied, Sponsored}, EventWelcome, byMember, []MembershipStatus{Probation}},
	{[]MembershipStatus{Applied, Sponsored, Probation}, EventConfirm, byMember, []MembershipStatus{Member}},
	{[]MembershipStatus{Applied, Sponsored, Probation}, EventDecline, byMember, []MembershipStatus{Prospect}},
	{[]MembershipStatus{Applied, Sponsored}, EventWithdraw, byParty, []MembershipStatus{Prospect}},
	{[]MembershipStatus{Member}, EventTakeLeave, byParty, []MembershipStatus{OnLeave}},
	{[]MembershipStatus{OnLeave}, EventReturn, byParty, []MembershipStatus{Member}},
	{[]MembershipStatus{Probation, Member, OnLeave, Suspended}, EventResign, byParty, []MembershipStatus{Resigned}},
	{[]MembershipStatus{Probation, Member, OnLeave, Suspended}, EventSuspend, byMeasure, []MembershipStatus{Suspended}},
	{[]MembershipStatus{Probation, Member, OnLeave, Suspended}, EventExclude, byMeasure, []MembershipStatus{Excluded}},
	{[]MembershipStatus{Suspended}, EventLift, byMeasure, []MembershipStatus{Probation, Member, OnLeave}},
	{[]MembershipStatus{Excluded}, EventLift, byMeasure, []MembershipStatus{Probation, Member, OnLeave, Suspended}},
}

// A MembershipStep takes a party to another status. Which event is possible where, and who brings it about, is in the table
// on the package page.
type MembershipStep struct {
	// Party is the IRI of the party whose status changes.
	Party string          `json:"party"`
	Event MembershipEvent `json:"event"`
	// On is the day from which the party has its new status, in the time zone of the version that it has accepted; not before the
	// day of the step before; where a member brings it about, not after its recording.
	On Date `json:"on"`
	// By is the IRI of who brings it about: the party or its lead, or a member.
	By string `json:"by"`
	// Charter and Signature belong to the event apply: the hash of the version in force on the day, and the
	// signature that accepts it, as in an [Admission].
	Charter   string    `json:"charter,omitempty"`
	Signature Signature `json:"signature,omitzero"`
	// Reason says why, up to [MaxReasonBytes]; required to decline. It is kept for ever: let it name nobody.
	Reason string `json:"reason,omitempty"`
	// Owed belongs to the event resign: what is owed to the party as it leaves, or, where negative, what it owes, for each unit as the books say. Leaving
	// changes nothing about it.
	Owed []Owed `json:"owed,omitempty"`
	// Clause is the clause that carries the rule of admission, for the events up to decline. [State.DraftStep] sets it.
	Clause ClauseRef `json:"clause,omitzero"`
}

// Owed is an amount in a unit: a currency, hours, or any other in which the community keeps accounts.
type Owed struct {
	Unit   string          `json:"unit"`
	Amount decimal.Decimal `json:"amount"`
}

// MaxOwed is the largest number of units in a settlement.
const MaxOwed = 100

func (m *MembershipStep) checkOwed() error {
	if len(m.Owed) > 0 && m.Event != EventResign {
		return badly(ErrInvalid, "owed", "is settled with the event resign only")
	}
	if len(m.Owed) > MaxOwed {
		return badly(ErrLimit, "owed", "there are %d, the limit is %d", len(m.Owed), MaxOwed)
	}
	for i, o := range m.Owed {
		field := at("owed", i)
		if len(o.Unit) > MaxUnitBytes || i > 0 && m.Owed[i-1].Unit >= o.Unit {
			return bad(ErrInvalid, field+".unit", o.Unit, "must have up to %d bytes, and come after the one before in alphabetical order", MaxUnitBytes)
		}
		if err := checkLine(field+".unit", o.Unit); err != nil {
			return err
		}
		if err := checkFigure(field+".amount", o.Amount); err != nil {
			return err
		}
	}
	return nil
}

func (m *MembershipStep) id() uuid.UUID {
	return recordID(KindMembership, m.Party, string(m.Event), m.On.String(), m.By)
}

// check checks what can be seen on the step alone.
func (m *MembershipStep) check() error {
	if err := checkIRI("party", m.Party); err != nil {
		return err
	}
	if err := checkIRI("by", m.By); err != nil {
		return err
	}
	if m.On.check() != nil {
		return bad(ErrInvalid, "on", m.On.String(), "must be a day of the calendar")
	}
	who := ""
	for _, p := range membership {
		if p.event == m.Event {
			who = p.by
		}
	}
	if who != byParty && who != byMember {
		return bad(ErrInvalid, "event", string(m.Event), "is not a step of a membership")
	}
	if m.Event == EventApply {
		if err := checkHash("charter", m.Charter); err != nil {
			return err
		}
	} else if m.Charter != "" || !m.Signature.IsZero() {
		return badly(ErrInvalid, "charter", "is accepted with the event apply only")
	}
	if who == byMember && m.By == m.Party {
		return bad(ErrInvalid, "by", m.By, "is the party itself: nobody decides on their own case")
	}
	if err := m.checkOwed(); err != nil {
		return err
	}
	if m.Reason == "" && m.Event != EventDecline {
		return nil
	}
	return checkReason("reason", m.Reason)
}

// checkStep checks a step against the state and returns the party's standing after it, and the clause that it rests on.
func (l lookup) checkStep(m *MembershipStep) (*standing, ClauseRef, error) {
	party, ok := l.party(m.Party)
	if !ok {
		return nil, ClauseRef{}, bad(ErrUnknown, "party", m.Party, "is not a registered party")
	}
	before := l.standing(m.Party)
	status := before.on(m.On)
	if err := membership.check("event", status, m.Event); err != nil {
		return nil, ClauseRef{}, err
	}
	if err := before.checkDay(m.On); err != nil {
		return nil, ClauseRef{}, err
	}
	by := membership.by(m.Event)
	switch {
	case by == byParty && m.By != m.Party && m.By != party.Lead && !party.Erased:
		return nil, ClauseRef{}, bad(ErrRefused, "by", m.By, "does not speak for the party")
	case by == byMember && l.speaker(m.By) == l.speaker(m.Party):
		return nil, ClauseRef{}, bad(ErrRefused, "by", m.By, "is spoken for by the party itself, or by who speaks for it: nobody decides on their own case")
	case by == byMember && !l.memberOn(m.By, m.On):
		return nil, ClauseRef{}, bad(ErrNotMember, "by", m.By, "is not a member on %s", m.On)
	}
	after := before.clone()
	var clause ClauseRef
	if m.Event == EventApply {
		a, err := l.checkApplication(party, m)
		if err != nil {
			return nil, ClauseRef{}, err
		}
		after.enter(m.On)
		after.application = a
		clause = a.clause
	} else if by == byMember {
		a := before.application
		clause = a.clause
		if err := l.checkProgress(party, a, after, status, m); err != nil {
			return nil, ClauseRef{}, &RuleError{Clause: clause, Kind: AdmissionKind, Err: err}
		}
	}
	to := membership.next(status, m.Event)
	next := to[len(to)-1]
	if m.Event == EventSponsor && len(after.application.sponsors) < after.application.rule.Sponsors {
		next = to[0]
	}
	after.steps = append(after.steps, StatusChange{Status: next, Since: m.On, Event: m.Event, By: m.By, Owed: slices.Clone(m.Owed)})
	return after, clause, nil
}

// An application is what is under way between applying and becoming a member. It ends under the rule under which
// it began.
type application struct {
	charter  *Charter
	rule     AdmissionRule
	clause   ClauseRef
	signed   bool
	sponsors []string
	since    Date // of the probation, not before its recording
}

// checkApplication checks that a party may apply, and that it has accepted the version in force.
func (l lookup) checkApplication(party *Party, m *MembershipStep) (*application, error) {
	asked := &Admission{Applicant: m.Party, Charter: m.Charter, On: m.On, Signature: m.Signature}
	c, err := l.state.inForceOn(m.On)
	if err != nil {
		return nil, err
	}
	if m.Charter != c.hash {
		return nil, bad(ErrNotInForce, "charter", m.Charter, "on %s %s is in force", m.On, c.hash)
	}
	signed, err := l.checkAcceptance(party, asked)
	if err != nil {
		return nil, err
	}
	rule, clause, err := c.admission()
	if err != nil {
		return nil, err
	}
	if err := l.standing(m.Party).checkReadmission(rule, m.On); err != nil {
		return nil, &RuleError{Clause: clause, Kind: AdmissionKind, Err: err}
	}
	return &application{charter: c, rule: rule, clause: clause, signed: signed}, nil
}

// checkProgress checks a step of an application under its rule, and notes it in the standing that follows.
func (l lookup) checkProgress(party *Party, a *application, after *standing, status MembershipStatus, m *MembershipStep) error {
	enough := func() error {
		if len(a.sponsors) < a.rule.Sponsors {
			return badly(ErrTooFew, "sponsors", "%d of the %d required", len(a.sponsors), a.rule.Sponsors)
		}
		return nil
	}
	next := *a
	switch m.Event {
	case EventSponsor:
		if slices.Contains(a.sponsors, m.By) {
			return bad(ErrExists, "by", m.By, "stands for the applicant already")
		}
		if len(a.sponsors) == MaxSponsors {
			return badly(ErrLimit, "sponsors", "there are %d already", MaxSponsors)
		}
		if a.rule.Outside && l.close(party, m.By) {
			return bad(ErrRefused, "by", m.By, "is close to the applicant, and sponsors must come from outside")
		}
		next.sponsors = append(slices.Clone(a.sponsors), m.By)
	case EventWelcome:
		if a.rule.Probation == 0 {
			return badly(ErrRefused, "event", "the rule knows no probation: confirm the membership")
		}
		if err := enough(); err != nil {
			return err
		}
		next.since = m.On
	case EventConfirm:
		if err := enough(); err != nil {
			return err
		}
		if a.rule.Probation > 0 {
			if status != Probation {
				return badly(ErrRefused, "event", "the rule asks for a probation of %d days first", a.rule.Probation)
			}
			if earliest := a.since.AddDays(a.rule.Probation); m.On.Before(earliest) {
				return bad(ErrRefused, "on", m.On.String(), "the probation of %d days lasts until %s", a.rule.Probation, earliest)
			}
		}
		if err := cmp.Or(l.state.checkAdmitted(a.rule, after, m.Party, m.On), l.checkAccepted(m.Party, a, m.On)); err != nil {
			return err
		}
		after.membership = &Membership{
			Party: m.Party, Since: m.On, Charter: a.charter.hash, Clause: a.clause, Sponsors: a.sponsors,
			Signed: a.signed, location: a.charter.location,
		}
	}
	after.application = &next
	return nil
}

// checkAccepted checks that an applicant has accepted the version that is in force on the day it becomes a member, which may not be
// the one that it applied under.
func (l lookup) checkAccepted(party string, a *application, on Date) error {
	c, err := l.state.inForceOn(on)
	if err != nil || c == a.charter {
		return err
	}
	if accepted, ok := l.state.accepted[statement{party, c.hash}]; !ok || accepted.on.After(on) {
		return bad(ErrNotInForce, "charter", a.charter.hash, "is what the applicant has accepted; it must accept %s, which is in force on %s, too", c, on)
	}
	return nil
}

// Step records a step of a membership, in the name of who brings it about and signed with its key; nil for one without a registered
// key. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrNotMember], [ErrNotInForce], [ErrSignature] or [ErrNoRule]; where
// the rule of admission refuses it is a *[RuleError].
func (c *Community) Step(ctx context.Context, m MembershipStep, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftSteps(m)) })
}

// DraftSteps decides steps, all or none, without recording them, and without signatures: see [Community.Step]. It returns no draft for a step that has
// been taken: the same event on the same day by the same.
func (s *State) DraftSteps(steps ...MembershipStep) ([]journal.Draft, error) {
	var drafts []journal.Draft
	l := s.draft()
	for _, m := range steps {
		m.Clause = ClauseRef{}
		if l.standing(m.Party).has(&m) {
			continue
		}
		err := m.check()
		if p, ok := l.party(m.Party); err == nil && ok && p.Erased && m.Event == EventApply {
			err = bad(ErrUnknown, "party", m.Party, "its registration has been erased")
		} else if err == nil && ok && p.Erased && membership.by(m.Event) == byParty && m.By != m.Party {
			err = bad(ErrRefused, "by", m.By, "who speaks for an erased party is not known")
		}
		var after *standing
		if err == nil {
			after, m.Clause, err = l.checkStep(&m)
		}
		if err != nil {
			return nil, errorf("membership of %s: %s: %w", quote(m.Party), quote(string(m.Event)), err)
		}
		l.standings[m.Party] = after
		drafts = append(drafts, journal.Draft{ID: m.id(), Kind: KindMembership, Schema: schema, Author: s.author(m.By), Payload: m})
	}
	return drafts, nil
}

func (s *State) applyStep(m *MembershipStep, r *journal.Record) error {
	after, clause, err := s.lookup().checkStep(m)
	if err != nil {
		return err
	}
	if m.Clause != clause {
		return bad(ErrInvalid, "clause", m.Clause.String(), "the step rests on %s", clause)
	}
	if err := s.checkSpoken(r, m.By); err != nil {
		return err
	}
	if tomorrow := DateOf(r.Time, nil).AddDays(1); membership.by(m.Event) == byMember && m.On.After(tomorrow) {
		return bad(ErrInvalid, "on", m.On.String(), "is after its recording, %s: nothing could follow until then", r.Time.UTC().Format(time.RFC3339))
	}
	if today := DateOf(r.Time, nil); today.After(m.On) {
		switch m.Event {
		case EventResign:
			after.steps[len(after.steps)-1].known = today
		case EventWelcome:
			after.application.since = today
		}
	}
	s.stand(m.Party, after, r.Position)
	if m.Event == EventApply {
		s.accept(m.Party, m.Charter, m.On, after.application.signed)
	}
	return nil
}
