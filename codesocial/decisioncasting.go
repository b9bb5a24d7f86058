package codesocial

import (
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// A CastingVote names the role whose holder has the casting vote (voix prépondérante), where a vote or an election has "tie":"casting-vote": see
// [decision.TieCasting] for what a tie is, and what the ballot of that member decides.
//
// When the decision is opened, the one holder of the role on that day is in the chair, whatever becomes of the mandate; the opening names it ([Opening.Chair]), and it is
// hashed with the electorate. Nobody is in the chair, and a tie stays what it is without a casting vote, when nobody or several hold the role, and when its holder is not in
// the electorate or stands aside: nobody steps in. Ballots that are secret have no casting vote, since nobody knows whose they are; where they are sealed, it counts once it is opened.
type CastingVote struct {
	Role string `json:"role"` // the id of a role, see [State.Holders]
}

// checkCasting checks that there is a casting vote exactly where a tie is settled by one.
func (r *DecisionRule) checkCasting() error {
	asked := r.Vote != nil && r.Vote.Tie == decision.TieCasting || r.Election != nil && r.Election.Tie == decision.TieCasting
	switch {
	case r.CastingVote == nil && asked:
		return badly(ErrInvalid, "castingVote", "must say which role has it")
	case r.CastingVote == nil:
		return nil
	case !asked:
		return badly(ErrInvalid, "castingVote", "there is no tie that it settles: none has \"tie\":\"casting-vote\"")
	case r.Secret != nil:
		return badly(ErrInvalid, "castingVote", "ballots are secret: nobody knows which one would decide")
	}
	return checkID("castingVote.role", r.CastingVote.Role)
}

// chair returns who has the casting vote among those who decide, "" for nobody.
func (s *State) chair(rule *DecisionRule, electorate *decision.Electorate, on Date) string {
	if rule.CastingVote == nil {
		return ""
	}
	if holders := s.Holders(rule.CastingVote.Role, on); len(holders) == 1 && electorate.Weight(holders[0]) > 0 {
		return holders[0]
	}
	return ""
}

// casting returns who has settled a tie by the casting vote, "" for nobody, in a decision that is closed.
func (p *proceeding) casting() string {
	if p.rule.CastingVote == nil || p.withdrawn {
		return ""
	}
	switch d := p.snapshot(); {
	case d.Vote != nil && d.Vote.ByCasting:
		return d.Vote.Chair
	case d.Election != nil && d.Election.ByCasting:
		return d.Election.Chair
	}
	return ""
}

// casting looks at who would have a casting vote.
func (l *linter) casting(place string, r *DecisionRule) {
	known, _, _ := l.charter.roles()
	if r.CastingVote == nil || known == nil {
		return
	}
	for _, role := range known.Roles {
		if role.ID == r.CastingVote.Role && max(role.Holders, len(role.Named)) > 1 {
			l.add(Doubtful, "shared-chair", place, "plusieurs peuvent tenir le rôle "+quote(role.ID)+" : alors personne n'a voix prépondérante",
				"several can hold the role "+quote(role.ID)+": then nobody has the casting vote")
		}
	}
}

// casting says who has the casting vote, and by what.
func (w *decisionPage) casting() {
	if w.d.Rule.CastingVote == nil {
		return
	}
	role := "`" + code(w.d.Rule.CastingVote.Role) + "`"
	if known, _, _ := w.charter.roles(); known != nil {
		if i := slices.IndexFunc(known.Roles, func(r Role) bool { return r.ID == w.d.Rule.CastingVote.Role }); i >= 0 {
			role = plainText(known.Roles[i].Title.In(w.lang)) + " (" + role + ")"
		}
	}
	clause := code(w.d.Opening.Clause.Clause)
	if w.d.Opening.Chair == "" {
		w.line(w.pick("Selon la clause %s, à égalité, la voix de qui tient le rôle %s est prépondérante ; à l'ouverture, nul ne le tenait seul parmi ceux qui pouvaient décider : personne n'a voix prépondérante.",
			"Under clause %s, in a tie, the casting vote is that of who holds the role %s; at the opening nobody held it alone among those who could decide: nobody has the casting vote."), clause, role)
		return
	}
	w.line(w.pick("Selon la clause %s, à égalité, la voix de qui tient le rôle %s est prépondérante : à l'ouverture, %s.",
		"Under clause %s, in a tie, the casting vote is that of who holds the role %s: at the opening, %s."), clause, role, w.name(w.d.Opening.Chair))
}
