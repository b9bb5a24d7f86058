package codesocial

import (
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// A DecisionStatus says where a decision stands at an instant.
type DecisionStatus string

// Where a decision can stand.
const (
	Announced DecisionStatus = "announced" // opened, and one cannot vote or act yet
	Discussed DecisionStatus = "discussed" // under way by consent, or as an election without candidates
	Issuing   DecisionStatus = "issuing"   // credentials for secret ballots are asked for and issued
	Voted     DecisionStatus = "voted"     // one can vote
	Unsealing DecisionStatus = "unsealing" // sealed ballots can be opened
	Ended     DecisionStatus = "ended"     // what came out is certain, and has not been recorded
	Recorded  DecisionStatus = "recorded"  // closed
)

// Label returns the word for the status in French and English, to be shown to members.
func (s DecisionStatus) Label() Text {
	return map[DecisionStatus]Text{
		Announced: {"fr": "annoncée", "en": "announced"},
		Discussed: {"fr": "en discussion", "en": "under discussion"},
		Issuing:   {"fr": "à la remise des accréditations", "en": "credentials being issued"},
		Voted:     {"fr": "au vote", "en": "put to the vote"},
		Unsealing: {"fr": "au dépouillement", "en": "ballots being opened"},
		Ended:     {"fr": "terminée", "en": "ended"},
		Recorded:  {"fr": "close", "en": "closed"},
	}[s]
}

// A decisionEvent takes a decision from one status to another.
type decisionEvent string

const (
	eventTime     decisionEvent = "time" // the clock reaches Opens, or the end of the issuing, of the vote, or of the unsealing
	eventWithdraw decisionEvent = "withdraw"
	eventAct      decisionEvent = "act"    // as the procedure says, see package decision
	eventAsk      decisionEvent = "ask"    // for a credential
	eventIssue    decisionEvent = "issue"  // a credential
	eventBallot   decisionEvent = "ballot" // open, sealed or secret, or what opens a sealed one
	eventClose    decisionEvent = "close"
)

// decisionLife is the table of a decision.
var decisionLife = machine[DecisionStatus, decisionEvent]{
	{[]DecisionStatus{Announced}, eventTime, "clock", []DecisionStatus{Discussed, Issuing, Voted}},
	{[]DecisionStatus{Announced, Discussed}, eventWithdraw, "proposer", []DecisionStatus{Ended}},
	{[]DecisionStatus{Discussed}, eventAct, "as the procedure says", []DecisionStatus{Discussed, Voted, Ended}},
	{[]DecisionStatus{Issuing}, eventAsk, "elector", []DecisionStatus{Issuing}},
	{[]DecisionStatus{Issuing}, eventIssue, "ballot office", []DecisionStatus{Issuing}},
	{[]DecisionStatus{Issuing}, eventTime, "clock", []DecisionStatus{Voted, Ended}},
	{[]DecisionStatus{Voted}, eventBallot, "elector", []DecisionStatus{Voted}},
	{[]DecisionStatus{Voted}, eventTime, "clock", []DecisionStatus{Unsealing, Ended}},
	{[]DecisionStatus{Unsealing}, eventBallot, "elector", []DecisionStatus{Unsealing, Ended}},
	{[]DecisionStatus{Unsealing}, eventTime, "clock", []DecisionStatus{Ended}},
	{[]DecisionStatus{Voted}, eventClose, "anyone, if no ballot can change the outcome", []DecisionStatus{Recorded}},
	{[]DecisionStatus{Ended}, eventClose, "anyone", []DecisionStatus{Recorded}},
}

// DecisionStatus returns where the decision with that id stands at an instant, given what is recorded. The error wraps [ErrUnknown].
func (s *State) DecisionStatus(id uuid.UUID, at time.Time) (DecisionStatus, error) {
	p, ok := s.decisions[id]
	if !ok {
		return "", errorf("%w", bad(ErrUnknown, "decision", id.String(), "has not been opened"))
	}
	return p.status(at), nil
}

func (p *proceeding) status(at time.Time) DecisionStatus {
	switch {
	case p.closing != nil:
		return Recorded
	case p.withdrawn:
		return Ended
	case at.Before(p.opening.Opens):
		return Announced
	case p.count == nil && p.election == nil:
		switch p.procedure().Stage() {
		case decision.Agreed, decision.Elected, decision.Dropped:
			return Ended
		}
		return Discussed
	case p.secret != nil && at.Before(p.secret.casts):
		return Issuing
	case p.secret != nil && p.secret.tooFew(p.rule.Secret.Least):
		return Ended
	case at.Before(p.ends()):
		return Voted
	case len(p.seals) > 0 && at.Before(p.openable()):
		return Unsealing
	}
	return Ended
}

// can returns nil if the table has a line for the event where the decision stands.
func (p *proceeding) can(event decisionEvent, at time.Time) error {
	return p.ruled(decisionLife.check("decision", p.status(at), event))
}
