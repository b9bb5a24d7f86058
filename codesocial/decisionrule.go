package codesocial

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// DecisionKind is the kind of the rule that says how matters are decided, see [DecisionRule]. Several clauses may
// carry one, each for other kinds of matters.
const DecisionKind = "codesocial.decision"

// AnyMatter, among the matters of a rule, stands for every kind that no other clause names.
const AnyMatter = "*"

// Limits on a rule of decision.
const (
	MaxMatters      = 64 // kinds of matters in one rule
	MaxColleges     = 16
	MaxPollDays     = 366
	MaxReviewMonths = 1200
)

// A DecisionRule holds the parameters of a rule of the kind "codesocial.decision": for which kinds of matters it is,
// who decides, and by which procedure: exactly one, except that a consent whose rule says so goes on to the vote.
type DecisionRule struct {
	// Matters are the kinds of matters that are decided in this way, or [AnyMatter].
	Matters []string `json:"matters"`

	Consent  *decision.ConsentRule  `json:"consent,omitempty"`
	Vote     *decision.Rule         `json:"vote,omitempty"`
	Election *decision.ElectionRule `json:"election,omitempty"`
	// Nomination elects somebody without candidates, see [decision.Integrative].
	Nomination *decision.IntegrativeRule `json:"nomination,omitempty"`

	// SealedHours, from 1 to [decision.MaxExtensionHours], has ballots sealed until the closing and opened within so many hours after it,
	// see [SealBallot]; 0 for ballots that all members can read.
	SealedHours int `json:"sealedHours,omitempty"`
	// Secret has ballots cast of which nobody can ever tell whose they are; nil for ballots beside the names of their voters.
	Secret *SecretRule `json:"secret,omitempty"`
	// CastingVote says who has the casting vote, where a tie is settled by it, and only there.
	CastingVote *CastingVote `json:"castingVote,omitempty"`
	// Delegation lets electors who do not vote be represented by those to whom they have passed their voice, see [Delegation].
	Delegation bool `json:"delegation,omitempty"`

	// Colleges divide the electorate; none: every member on the day of the opening has one voice.
	Colleges []College `json:"colleges,omitempty"`
	// Notice is how many days at least lie between the day of the opening and that from which one can vote or
	// act, from 0 to [MaxNotice].
	Notice int `json:"notice,omitempty"`
	// Days is how many days at least one can vote, from 0 to [MaxPollDays]; with secret ballots, after the credentials have been issued. A vote that follows a consent lasts just
	// so long, and needs at least one.
	Days int `json:"days,omitempty"`
	// Review is after how many months what was adopted is looked at again, from 0 (never) to [MaxReviewMonths].
	Review int `json:"review,omitempty"`
}

// A College is a part of the electorate: members of certain types, those who hold a role, or those of a circle; where several are
// given, all must fit. A member belongs to the first college that fits; one that fits none has no voice.
type College struct {
	ID     string      `json:"id"`               // in lower case, with hyphens
	Types  []PartyType `json:"types,omitempty"`  // none: all types
	Role   string      `json:"role,omitempty"`   // the id of a role, see [State.Holders]
	Circle string      `json:"circle,omitempty"` // the id of a circle, see [State.CircleMembers]
	// Weight is how many voices each of its members has; 0 stands for 1. Share gives the college as a whole a share of all
	// voices instead, which its members divide equally: of colleges with 3 and 2, the first has three fifths however
	// many its members are. Either all colleges of a rule have a share, or none; one without members has none.
	Weight int64 `json:"weight,omitempty"`
	Share  int64 `json:"share,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] or [ErrLimit] for parameters that make no sense.
func (r *DecisionRule) Validate() error {
	if len(r.Matters) == 0 || len(r.Matters) > MaxMatters {
		return badly(ErrInvalid, "matters", "must be from 1 to %d kinds", MaxMatters)
	}
	for i, kind := range r.Matters {
		if kind != AnyMatter && !isKind(kind) || slices.Contains(r.Matters[:i], kind) {
			return bad(ErrInvalid, at("matters", i), kind, "must be a package, a dot and a word, as in codesocial.amendment, or *, and be there once")
		}
	}
	if err := r.checkProcedure(); err != nil {
		return err
	}
	for _, limit := range []struct {
		field       string
		value, most int
	}{{"notice", r.Notice, MaxNotice}, {"days", r.Days, MaxPollDays}, {"review", r.Review, MaxReviewMonths}} {
		if limit.value < 0 || limit.value > limit.most {
			return bad(ErrInvalid, limit.field, fmt.Sprint(limit.value), "must be from 0 to %d", limit.most)
		}
	}
	return r.checkColleges()
}

func (r *DecisionRule) checkProcedure() error {
	ways := 0
	for _, given := range []bool{r.Consent != nil, r.Vote != nil && (r.Consent == nil || !r.Consent.Vote), r.Election != nil, r.Nomination != nil} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1:
		return badly(ErrInvalid, "procedure", "must be one of consent, vote, election and nomination")
	case r.Consent != nil && r.Consent.Vote && (r.Vote == nil || r.Days == 0):
		return badly(ErrInvalid, "vote", "a consent that goes to the vote needs its rule, and days")
	case r.SealedHours < 0 || r.SealedHours > decision.MaxExtensionHours:
		return bad(ErrInvalid, "sealedHours", fmt.Sprint(r.SealedHours), "must be from 0 to %d", decision.MaxExtensionHours)
	case r.SealedHours > 0 && r.Vote == nil && r.Election == nil:
		return bad(ErrInvalid, "sealedHours", fmt.Sprint(r.SealedHours), "there is no vote")
	case r.SealedHours > 0 && (r.Vote != nil && r.Vote.ExtensionHours > 0 || r.Election != nil && r.Election.ExtensionHours > 0):
		return bad(ErrInvalid, "sealedHours", fmt.Sprint(r.SealedHours), "whether a quorum comes late cannot be seen on sealed ballots")
	case r.Delegation && r.Vote == nil:
		return badly(ErrInvalid, "delegation", "there is no vote")
	}
	return undecided(cmp.Or(r.checkSecret(), r.checkCasting(), valid(r.Consent), valid(r.Vote), valid(r.Election), valid(r.Nomination)))
}

// valid validates the parameters of a procedure, if they are given.
func valid[T any, P interface {
	*T
	Validate() error
}](way P) error {
	if way == nil {
		return nil
	}
	return way.Validate()
}

func (r *DecisionRule) checkColleges() error {
	if len(r.Colleges) > MaxColleges {
		return badly(ErrLimit, "colleges", "there are %d, the limit is %d", len(r.Colleges), MaxColleges)
	}
	for i, c := range r.Colleges {
		field := at("colleges", i)
		if err := checkID(field+".id", c.ID); err != nil {
			return err
		}
		if slices.ContainsFunc(r.Colleges[:i], func(d College) bool { return d.ID == c.ID }) {
			return bad(ErrInvalid, field+".id", c.ID, "is there twice")
		}
		if c.Role != "" {
			if err := checkID(field+".role", c.Role); err != nil {
				return err
			}
		}
		if c.Circle != "" {
			if err := checkID(field+".circle", c.Circle); err != nil {
				return err
			}
		}
		for j, t := range c.Types {
			if err := t.check(at(field+".types", j)); err != nil {
				return err
			}
		}
		if c.Weight < 0 || c.Weight > decision.MaxWeight || c.Share < 0 || c.Share > decision.MaxTerm {
			return badly(ErrInvalid, field, "weight must be up to %d and share up to %d", decision.MaxWeight, decision.MaxTerm)
		}
		if c.Weight != 0 && c.Share != 0 || (c.Share == 0) != (r.Colleges[0].Share == 0) {
			return badly(ErrInvalid, field, "either all colleges have a share, or none")
		}
	}
	return nil
}

// clone returns a copy that shares no memory with r.
func (r *DecisionRule) clone() DecisionRule {
	c := *r
	c.Matters, c.Colleges = slices.Clone(r.Matters), slices.Clone(r.Colleges)
	for i := range c.Colleges {
		c.Colleges[i].Types = slices.Clone(c.Colleges[i].Types)
	}
	c.Consent, c.Vote, c.Election = copied(r.Consent), copied(r.Vote), copied(r.Election)
	c.Nomination, c.Secret, c.CastingVote = copied(r.Nomination), copied(r.Secret), copied(r.CastingVote)
	return c
}

// copied returns a pointer to a copy of what p points to.
func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// names reports whether the rule names that kind of matter itself.
func (r *DecisionRule) names(kind string) bool { return slices.Contains(r.Matters, kind) }

// DecisionRule returns the rule by which matters of that kind are decided under the version, and the clause that
// carries it: that which names the kind, or else that which is for any. The error wraps [ErrNoRule] if there
// is none, [ErrManyRules] if there are several, and [ErrInvalid] if a rule of this kind cannot be read.
func (c *Charter) DecisionRule(kind string) (DecisionRule, ClauseRef, error) {
	for _, word := range []string{kind, AnyMatter} {
		var found *DecisionRule
		var clause ClauseRef
		for rule := range c.Rules(DecisionKind) {
			r := new(DecisionRule)
			if err := rule.Decode(r); err != nil {
				return DecisionRule{}, ClauseRef{}, err
			}
			if err := r.Validate(); err != nil {
				return DecisionRule{}, ClauseRef{}, errorf("%w", &RuleError{Clause: rule.Clause, Kind: DecisionKind, Err: err})
			}
			if !r.names(word) {
				continue
			}
			if found != nil {
				return DecisionRule{}, ClauseRef{}, errorf("%s: %w", c, bad(ErrManyRules, "matter", kind,
					"the clauses %s and %s both say how it is decided", clause.Clause, rule.Clause.Clause))
			}
			found, clause = r, rule.Clause
		}
		if found != nil {
			return *found, clause, nil
		}
	}
	return DecisionRule{}, ClauseRef{}, errorf("%s: %w", c, bad(ErrNoRule, "matter", kind, "no clause says how it is decided"))
}

// checkDecisionRule checks a rule of decision beside the others of its version.
func checkDecisionRule(r Rule) error {
	rule := new(DecisionRule)
	if err := CheckRule(DecisionKind, (*DecisionRule).Validate).Check(r); err != nil {
		return err
	}
	if err := r.Decode(rule); err != nil {
		return err
	}
	for _, kind := range rule.Matters {
		if _, _, err := r.Charter().DecisionRule(kind); err != nil {
			return err
		}
	}
	return nil
}
