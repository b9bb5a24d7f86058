package ledger

import "fmt"

// A Status says how far a contribution has come.
type Status int

// The states of a contribution. What counts in a total is validated or counted; the rest is only said.
const (
	Declared  Status = iota // somebody says so
	Validated               // as many others as the rule asks for have validated it
	Confirmed               // others have confirmed it, not yet enough
	Disputed                // contested: a member objects
	Counted                 // a posted distribution has shared on it
	Voided                  // a correction took all of it back
)

var statusNames = [...]string{"declared", "validated", "confirmed", "contested", "counted", "voided"}

// String returns the state as a word: "declared", "validated", and so on.
func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("state %d", int(s))
	}
	return statusNames[s]
}

// Counts reports whether a contribution in that state gives a right: it is validated, or counted already.
func (s Status) Counts() bool { return s == Validated || s == Counted }

// lifeEvent is what can happen to a contribution.
type lifeEvent uint8

const (
	lifeConfirm  lifeEvent = iota // a member confirms, before others validate
	lifeEndorse                   // a member validates, and the rule asks for more
	lifeValidate                  // the last one that the rule asks for validates
	lifeContest                   // contested: a member objects
	lifeSettle                    // the last open objection is withdrawn or overruled
	lifeCorrect                   // a correction changes the quantity
	lifeVoid                      // a correction takes all of it back
	lifeCount                     // a distribution that shares on it is posted
)

var lifeEvents = [...]string{"confirm", "endorse", "validate", "contest", "settle", "correct", "void", "count"}

func (e lifeEvent) String() string { return lifeEvents[e] }

// Who may make an event happen, beside what the rule "ledger.validation" says.
const (
	byOthers   = "another member" // neither contributor nor declarant
	byMember   = "a member"       //
	byObjector = "objector, or others who overrule"
	byParties  = "contributor, declarant or who validates"
	byPosting  = "the distribution"
)

// lifeTable says which event leads from which state to which, and who makes it happen. What is not here is refused.
var lifeTable = []struct {
	from  Status
	event lifeEvent
	who   string
	to    Status
}{
	{Declared, lifeConfirm, byOthers, Confirmed},
	{Declared, lifeEndorse, byOthers, Confirmed},
	{Declared, lifeValidate, byOthers, Validated},
	{Declared, lifeContest, byMember, Disputed},
	{Declared, lifeCorrect, byParties, Declared},
	{Declared, lifeVoid, byParties, Voided},
	{Confirmed, lifeConfirm, byOthers, Confirmed},
	{Confirmed, lifeEndorse, byOthers, Confirmed},
	{Confirmed, lifeValidate, byOthers, Validated},
	{Confirmed, lifeContest, byMember, Disputed},
	{Confirmed, lifeCorrect, byParties, Declared},
	{Confirmed, lifeVoid, byParties, Voided},
	{Disputed, lifeContest, byMember, Disputed},
	{Disputed, lifeSettle, byObjector, Declared},
	{Disputed, lifeCorrect, byParties, Declared},
	{Disputed, lifeVoid, byParties, Voided},
	{Validated, lifeConfirm, byOthers, Validated},
	{Validated, lifeEndorse, byOthers, Validated},
	{Validated, lifeValidate, byOthers, Validated},
	{Validated, lifeContest, byMember, Disputed},
	{Validated, lifeCorrect, byParties, Declared},
	{Validated, lifeVoid, byParties, Voided},
	{Validated, lifeCount, byPosting, Counted},
	{Counted, lifeConfirm, byOthers, Counted},
	{Counted, lifeEndorse, byOthers, Counted},
	{Counted, lifeValidate, byOthers, Counted},
	{Counted, lifeCorrect, byParties, Declared},
	{Counted, lifeVoid, byParties, Voided},
	{Counted, lifeCount, byPosting, Counted},
}

func (s Status) after(e lifeEvent) (Status, error) {
	for i := range lifeTable {
		if row := &lifeTable[i]; row.from == s && row.event == e {
			return row.to, nil
		}
	}
	return s, badly(ErrState, "contribution", "is %s: one cannot %s it", s, e)
}
