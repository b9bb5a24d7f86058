package decision

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// voices is what electors have answered in a round, and the objections that were raised.
type voices struct {
	electorate *Electorate
	answers    map[string]ActKind // of this round
	objections []Objection
}

func (v *voices) clone() voices {
	return voices{v.electorate, maps.Clone(v.answers), slices.Clone(v.objections)}
}

// Answers returns what electors have answered in this round: [Agree], [Aside] or [Object]. The caller owns it.
func (v *voices) Answers() map[string]ActKind { return maps.Clone(v.answers) }

// Objections returns all objections, in the order in which they were raised. The caller owns them.
func (v *voices) Objections() []Objection { return slices.Clone(v.objections) }

// open returns how many objections stand in the way.
func (v *voices) open() (n int) {
	for _, o := range v.objections {
		if o.State == Raised {
			n++
		}
	}
	return n
}

// raised returns the objection with that number, which stands.
func (v *voices) raised(number int) (*Objection, error) {
	if number < 1 || number > len(v.objections) {
		return nil, refuse(ErrInvalid, "objection", strconv.Itoa(number), "there are %d", len(v.objections))
	}
	o := &v.objections[number-1]
	if o.State != Raised {
		return nil, refuse(ErrState, "objection", strconv.Itoa(number), "is %s already", o.State)
	}
	return o, nil
}

// checkWords checks the reason and the criterion of an act that needs them.
func (v *voices) checkWords(a *Act) error {
	switch a.Kind {
	case Object, Test, Nominate, Propose:
		if strings.TrimSpace(a.Reason) == "" || len(a.Reason) > MaxReasonBytes {
			return refuse(ErrInvalid, "reason", a.Reason, "must be given, in up to %d bytes", MaxReasonBytes)
		}
	}
	if a.Kind != Object {
		return nil
	}
	switch a.Criterion {
	case HarmsPurpose, HarmsRole, Irreversible, BreaksRules:
	default:
		return refuse(ErrInvalid, "criterion", string(a.Criterion), "must be harms-purpose, harms-role, irreversible or breaks-rules")
	}
	mine := 0
	for _, o := range v.objections {
		if o.Author == a.Actor {
			mine++
		}
	}
	if mine >= MaxObjections {
		return refuse(ErrLimit, "objections", strconv.Itoa(mine), "are by %s already: there can be no more", a.Actor)
	}
	return nil
}

// answer notes what an elector answers.
func (v *voices) answer(a *Act) {
	v.answers[a.Actor] = a.Kind
	if a.Kind == Object {
		v.objections = append(v.objections, Objection{Number: len(v.objections) + 1, Author: a.Actor, Text: a.Text, Reason: a.Reason, Criterion: a.Criterion, State: Raised})
	}
}

// settle notes that an objection has no argument, or is taken back.
func (o *Objection) settle(a *Act) {
	if a.Kind == Test {
		o.State, o.Finding = Dismissed, a.Reason
	} else {
		o.State = Retracted
	}
}

// heard returns the weights of those who have answered in this round, who consent, and who are silent. Who
// has objected is heard.
func (v *voices) heard() (heard, agreed, silent int64) {
	for voter, answer := range v.answers { // sums do not depend on the order
		weight := v.electorate.Weight(voter)
		heard += weight
		if answer == Agree {
			agreed += weight
		}
	}
	return heard, agreed, v.electorate.Total() - heard
}

// explainObjections says what has become of each objection.
func explainObjections(b *strings.Builder, objections []Objection, pick func(fr, en string) string, name func(id string) string) {
	for _, o := range objections {
		state := map[ObjectionState]string{
			Raised: pick("demeure", "stands"), Dismissed: pick("sans argument", "without an argument"),
			Retracted: pick("retirée", "retracted"), Integrated: pick("intégrée", "integrated"), Lapsed: pick("caduque", "void"),
		}[o.State]
		fmt.Fprintf(b, pick(" Objection %d, %s : %s.", " Objection %d, %s: %s."), o.Number, name(o.Author), state)
	}
}
