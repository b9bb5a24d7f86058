package mediation

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Case is a tension and what has become of it: a fold over acts. What [Cases.Case] returns belongs to the caller.
type Case struct {
	ID          uuid.UUID
	Opened      time.Time // UTC
	Reporters   []string  // IRIs, in the order in which they joined
	Respondents []string  // IRIs
	Clauses     []string  // of the charter, that the tension touches
	Languages   []string  // in which all parties can speak
	Follows     uuid.UUID // an earlier case; zero for none
	Rules       *Rules    // under which the case runs; never changed

	Stage    Stage     // where it stands
	Since    time.Time // when it came there
	Deadline time.Time // when the time of the stage is over; zero only of a case that is archived
	Warned   bool      // that the deadline comes near
	Raised   int       // how often the time of this stage has passed without anything happening
	Outcome  Outcome   // of a case that is closed
	Into     uuid.UUID // the case that it was merged into
	Ended    time.Time // when it was closed

	Mediator string   // IRI of who is drawn, accepted or not
	Former   []string // mediators who stepped back, were refused or replaced
	InCircle bool     // the present mediation is a restorative circle
	Extended bool     // the mediation was given more time
	Review   int      // how often the agreement has been looked at

	Round     int            // how often the case has been in review
	Reached   map[string]int // highest rung that took effect against each party and was not annulled, in this case and those that it follows
	Sanction  *Sanction      // decided in this round; nil if none was
	InEffect  bool           // the sanction is in effect
	Imposed   []Imposed      // the sanctions that took effect, in order
	Acts      []Entry        // all of them, in order
	Protected *Protection    // the last urgent protection, over or not; nil if there is none or it was ended

	spans  []span      // of protections that suspend
	papers []uuid.UUID // in the order of their recording

	last    time.Time
	said    []voice
	aside   []string // who joined, stayed silent until a time was over, and is not waited for any more
	refused []string // parties, once for each mediator that they refused without a reason
	parts   []part
	facts   facts
}

// An Entry is an act as the case holds it.
type Entry struct {
	Record uuid.UUID
	Act
	// From and To are the stages before and after it.
	From, To Stage
	Role     Role // in which it was done
}

// A part is a role that somebody has acted in.
type part struct {
	who  string
	role Role
}

// A voice is what somebody has said where several must.
type voice struct {
	who   string
	event Event
	about string // the same where the content is the same
}

// A proof is the place of an act in the case, from 1; 0: there is none.
type proof int

// facts are what the guards ask for. Those of a proceeding begin anew with each review.
type facts struct {
	tried      []attempt // at mediation, which failed, were refused or interrupted
	bypassed   proof
	circle     bool // a circle was tried
	incidents  []proof
	relapses   []proof
	proceeding proceeding
	appeal     appeal
}

// An attempt is a mediation that led nowhere. Where that was the doing of some, it counts as an attempt against them alone: who was ready to
// mediate is not held to have refused because another one did.
type attempt struct {
	proof
	only []string // IRIs; nil: everybody
}

// attempted returns the acts by which mediation with a party was tried and failed.
func (k *Case) attempted(party string) (list []proof) {
	for _, a := range k.facts.tried {
		if a.only == nil || slices.Contains(a.only, party) {
			list = append(list, a.proof)
		}
	}
	return list
}

type proceeding struct {
	threat   proof
	grave    proof
	notified proof
	answered proof
	heard    proof // or invited and absent
	decided  proof
	verdict  resolution
	informed proof
	over     proof // the time to appeal
}

type appeal struct {
	filed    proof
	prior    Stage     // where the case was
	deadline time.Time // and its deadline
	admitted proof
	settled  proof // by an act that leaves a measure
}

// parties returns everybody on both sides.
func (k *Case) parties() []string { return slices.Concat(k.Reporters, k.Respondents) }

// IsParty reports whether the IRI is that of a party on either side.
func (k *Case) IsParty(iri string) bool {
	return slices.Contains(k.Reporters, iri) || slices.Contains(k.Respondents, iri)
}

func (k *Case) clone() *Case {
	c := *k
	c.Reporters, c.Respondents = slices.Clone(k.Reporters), slices.Clone(k.Respondents)
	c.Clauses, c.Languages, c.Former = slices.Clone(k.Clauses), slices.Clone(k.Languages), slices.Clone(k.Former)
	c.Reached = maps.Clone(k.Reached)
	c.Acts, c.said, c.aside, c.refused, c.parts = slices.Clone(k.Acts), slices.Clone(k.said), slices.Clone(k.aside), slices.Clone(k.refused), slices.Clone(k.parts)
	c.facts.tried = slices.Clone(k.facts.tried)
	c.facts.incidents, c.facts.relapses = slices.Clone(k.facts.incidents), slices.Clone(k.facts.relapses)
	c.Imposed, c.spans, c.papers = slices.Clone(k.Imposed), slices.Clone(k.spans), slices.Clone(k.papers)
	if k.Sanction != nil {
		s := *k.Sanction
		s.Clauses = slices.Clone(s.Clauses)
		c.Sanction = &s
	}
	if k.Protected != nil {
		p := *k.Protected
		c.Protected = &p
	}
	return &c
}

// has reports whether somebody has acted in one of the roles.
func (k *Case) has(who string, in ...Role) bool {
	return slices.ContainsFunc(k.parts, func(p part) bool { return p.who == who && slices.Contains(in, p.role) })
}

// reach notes a rung that a party has reached, and reports whether it is higher than the one before.
func (k *Case) reach(party string, rung int) bool {
	if rung <= k.Reached[party] {
		return false
	}
	if k.Reached == nil {
		k.Reached = make(map[string]int)
	}
	k.Reached[party] = rung
	return true
}

// reachAll notes what parties have reached in another case, and reports whether anything is higher than before.
func (k *Case) reachAll(other *Case) (higher bool) {
	for party, rung := range other.Reached {
		higher = k.reach(party, rung) || higher
	}
	return higher
}

// refusals counts the mediators whom a party did not accept, in the present mediation and those before it: with or without a reason, or by
// letting the time pass after those who report had accepted.
func (k *Case) refusals(party string) (n int) {
	accepted := make(map[string]bool) // the mediator who is proposed, by whom
	for i := range k.Acts {
		switch e := &k.Acts[i]; {
		case e.Event == Propose:
			clear(accepted)
		case e.Event == Accept:
			accepted[e.For] = true
		case e.Event == Challenge && e.For == party:
			n++
		case e.Event == Lapse && e.From == Proposed && !accepted[party] && !slices.ContainsFunc(k.Reporters, func(r string) bool { return !accepted[r] && !slices.Contains(k.aside, r) }):
			n++
		}
	}
	return n
}

// at returns the act that a proof points to.
func (k *Case) at(p proof) *Entry { return &k.Acts[p-1] }

// enter brings the case to a stage, and sets its clock.
func (k *Case) enter(stage Stage, at time.Time) {
	if stage != k.Stage {
		k.Raised = 0
	}
	if stage == Review && k.Stage != Review {
		k.Round++
		k.facts.proceeding, k.facts.appeal = proceeding{}, appeal{}
		k.Sanction, k.InEffect = nil, false
	}
	k.Stage, k.Since, k.said = stage, at, nil
	k.Warned = false
	switch stage {
	case FollowUp:
		k.Review = 0
		k.Deadline = k.Rules.afterDays(at, k.Rules.Path.FollowUpDays[0])
	case Sessions: // goes on under the clock of the meetings
		if !k.Deadline.After(at) {
			k.Deadline = k.Rules.afterClock(Meetings, at)
		}
	case Notified:
		k.Deadline = k.Rules.afterClock(Notified, at)
	case Informed:
		k.Deadline = k.Rules.afterDays(at, k.Rules.Appeal.Days)
	case Monitoring:
		k.Deadline = k.Rules.afterMonths(at, 6)
		if k.Sanction != nil && !k.Sanction.Until.IsZero() {
			k.Deadline = k.Sanction.Until.AddDays(1).In(k.Rules.location()).UTC()
		}
	case Excluded:
		k.Deadline = k.Rules.afterMonths(at, k.Rules.Exclusion.RevisionMonths)
	case Closed:
		k.unprotect(at)
		k.Ended = at
		k.Deadline = k.Rules.afterMonths(at, k.Rules.Confidence.RetentionMonths)
	case Archived:
		k.Deadline = time.Time{}
	default:
		k.Deadline = k.Rules.afterClock(stage, at)
	}
	switch stage {
	case Failed, Interrupted, Review, Closed, Archived:
		k.dropMediator()
	}
}

// close ends the case.
func (k *Case) close(outcome Outcome, at time.Time) {
	k.Outcome = outcome
	k.enter(Closed, at)
}

// dropMediator closes the mediator's access.
func (k *Case) dropMediator() {
	if k.Mediator != "" {
		k.Former = append(k.Former, k.Mediator)
		k.Mediator = ""
	}
}

// complete reports whether, with one more voice, all have spoken that the quorum asks for. Of a [Majority], the act says so.
func (k *Case) complete(a *Act, quorum Quorum) bool {
	spoken := func(who string) bool { return k.spoke(who, a.Event) || slices.Contains(k.aside, who) }
	all := func(who []string) bool { return !slices.ContainsFunc(who, func(w string) bool { return !spoken(w) }) }
	switch quorum {
	case EachParty:
		return all(k.Reporters) && all(k.Respondents) && (a.Event != Accept || spoken(k.Mediator))
	case EachSide:
		return all(k.Reporters) && all(k.Respondents)
	case Reporters:
		return all(k.Reporters)
	}
	return true
}

// spoke reports whether somebody has said so at this stage.
func (k *Case) spoke(who string, event Event) bool {
	return slices.ContainsFunc(k.said, func(v voice) bool { return v.event == event && v.who == who })
}

// without reports whether all who report have said so but members who joined and stayed silent until the time was over. These are not
// waited for any more.
func (k *Case) without(event Event) bool {
	var silent []string
	for _, r := range k.Reporters {
		if k.spoke(r, event) || slices.Contains(k.aside, r) {
			continue
		}
		if !slices.ContainsFunc(k.Acts, func(e Entry) bool { return e.Event == Join && e.By == r }) {
			return false
		}
		silent = append(silent, r)
	}
	k.aside = append(k.aside, silent...)
	return true
}

// say notes a voice; a later one of the same person on a matter of the body takes the place of the earlier.
func (k *Case) say(a *Act, quorum Quorum) {
	who := a.For
	if quorum == Majority || who == "" {
		who = a.By
	}
	v := voice{who, a.Event, ""}
	if quorum == Majority {
		v.about = a.about()
		k.said = slices.DeleteFunc(slices.Clone(k.said), func(o voice) bool { return o.who == who })
	} else if slices.Contains(k.said, v) {
		return
	}
	k.said = append(k.said, v)
}

// about says what a voice is for, so that only voices for the same are counted together.
func (a *Act) about() string {
	switch a.Event {
	case Pronounce, Mitigate:
		s := Sanction{Rung: a.Rung, Clauses: a.Clauses, Until: a.Until, Scope: a.Scope}
		return s.Ref()
	case Clear:
		return string(a.Ground)
	}
	return ""
}

// A Protection is an urgent measure that one person can order, at any open stage. It is no judgement, and ends by itself, and with the case.
type Protection struct {
	Record  uuid.UUID
	By      string
	Against string // IRI of the party that is kept away
	Suspend bool   // it has no rights of a member meanwhile
	Since   time.Time
	Until   time.Time // first instant at which it is over
	// Account is by when it must be reported to the review; once it is, zero.
	Account time.Time
}

// Ends returns the first instant at which the protection is over as things stand: when it was not reported in time, that is when it
// should have been.
func (p *Protection) Ends() time.Time {
	if !p.Account.IsZero() && p.Account.Before(p.Until) {
		return p.Account
	}
	return p.Until
}

// ActiveAt reports whether the protection holds at an instant. Nobody needs to end it.
func (p *Protection) ActiveAt(at time.Time) bool {
	return p != nil && !at.Before(p.Since) && at.Before(p.Ends())
}

// dayOf returns the day of an instant in the time zone of the case's charter.
func (k *Case) dayOf(at time.Time) codesocial.Date { return codesocial.DateOf(at, k.Rules.location()) }
