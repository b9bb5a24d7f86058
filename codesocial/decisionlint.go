package codesocial

import "github.com/commonstocommons/codesocial/codesocial/decision"

// decision looks at a rule of decision that can be carried out.
func (l *linter) decision(place string, rule Rule) {
	if rule.Kind != DecisionKind {
		return
	}
	r := new(DecisionRule)
	if rule.Decode(r) != nil || r.Validate() != nil {
		return // a check has refused it
	}
	lone := r.Vote != nil && r.Vote.Quorum.IsZero() && r.Vote.Base != decision.OfEligible || r.Election != nil && r.Election.Quorum.IsZero()
	if lone {
		l.add(Doubtful, "lone-decider", place, "sans quorum, un seul bulletin peut décider pour tous", "without a quorum a single ballot can decide for all")
	}
	l.casting(place, r)
	if r.Secret != nil && r.Secret.offices() == 1 {
		l.add(Doubtful, "lone-office", place, "un bureau de vote seul peut voter à la place de qui est accrédité et ne vote pas", "a single ballot office can vote in the place of who has a credential and does not vote")
	}
	if r.Vote != nil && !r.Vote.Quorum.IsZero() && r.Vote.QuorumOf != decision.QuorumFor && r.Vote.Base != decision.OfEligible {
		who := Text{"fr": "un bulletin contre de plus", "en": "one more ballot against"}
		if r.Vote.QuorumOf == decision.QuorumForAbstain {
			who = Text{"fr": "une abstention de plus", "en": "one more abstention"}
		}
		l.add(Doubtful, "quorum-paradox", place,
			who["fr"]+" peut faire adopter, en faisant atteindre le quorum ; compter les seules voix pour (quorumOf: for) l'évite",
			who["en"]+" can get a proposal adopted, by making up the quorum; counting those for only (quorumOf: for) avoids it")
	}
}
