package ledger

import (
	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// The kinds of matters that a decision of the community adopts before something is recorded here. The reference of each is the id of the record.
const (
	MatterDistribution = "ledger.distribution" // a distribution, where the charter asks for a decision
	MatterReopening    = "ledger.reopening"    // a reopening of closed days
	MatterCancellation = "ledger.cancellation" // a cancellation of a claim that its creditor does not record
)

// adopted returns the decision that has adopted the record with that id, and has effect on the day.
func (b *Books) adopted(kind string, id uuid.UUID, on codesocial.Date) (uuid.UUID, error) {
	matter := codesocial.Matter{Kind: kind, Ref: id.String()}
	decision, ok := b.community.Adopted(matter)
	if !ok || !decision.InEffect(on) {
		return uuid.Nil, bad(ErrUndecided, "matter", matter.String(), "no decision in effect on %s has adopted it", on)
	}
	return decision.ID, nil
}
