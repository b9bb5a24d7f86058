package dividend

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Assessment is the points that one member gives another.
type Assessment struct {
	From   string          `json:"from"`
	To     string          `json:"to"`
	Points decimal.Decimal `json:"points"`
}

// AssessmentPlaces is the number of decimal places that the part of a giver's points is rounded to.
const AssessmentPlaces = 18

// PeerAssessment turns the points that members give each other into weights. Every member has the same say: the
// points that one gives are scaled to sum 1, each part rounded half up to [AssessmentPlaces] places, whether one gave
// out ten or a thousand; who gives none has none. Weights are sorted by identifier and contain everybody who gave or
// received. Points for the same person add up.
//
// For a say that grows with the trust of others, as in EigenTrust (Kamvar, Schlosser and Garcia-Molina 2003), make
// the assessments the edges of a [Graph], with the members who are trusted beforehand as seeds. It takes n log n time.
//
// The error wraps [ErrInput] for negative points, points for oneself and bad identifiers, and [ErrLimit].
func PeerAssessment(assessments []Assessment) ([]Weight, error) {
	const in = "peer assessment"
	if len(assessments) > MaxEdges {
		return nil, &Error{In: in, Field: "assessments", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxEdges)}
	}
	given := make(map[string]decimal.Decimal)
	received := make(map[string]decimal.Decimal)
	points := make(map[[2]string]decimal.Decimal)
	for i, a := range assessments {
		where := fmt.Sprintf("%s: assessment %d", in, i+1)
		if err := checkID(where, "from", a.From); err != nil {
			return nil, err
		}
		if err := checkID(where, "to", a.To); err != nil {
			return nil, err
		}
		if a.From == a.To {
			return nil, inputError(where, "to", a.To, "must not be the giver")
		}
		if err := checkNotNegative(where, "points", a.Points); err != nil {
			return nil, err
		}
		pair := [2]string{a.From, a.To}
		points[pair] = points[pair].Add(a.Points)
		given[a.From] = given[a.From].Add(a.Points)
		received[a.From], received[a.To] = decimal.Zero, decimal.Zero
	}
	for pair, p := range points { // sums of decimals do not depend on their order
		if p.Sign() > 0 {
			received[pair[1]] = received[pair[1]].Add(p.DivRound(given[pair[0]], AssessmentPlaces))
		}
	}
	out := make([]Weight, 0, len(received))
	for _, id := range sortedKeys(received) {
		out = append(out, Weight{ID: id, Value: received[id]})
	}
	return out, nil
}
