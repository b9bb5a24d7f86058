package catalog

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// The kinds of the rules that the catalogue follows. Without the rule nothing that needs it can be done: the catalogue has no rules of its own. Only a
// contest needs no rule on deals.
const (
	PublicationKind = "catalog.publication" // PublicationRule
	CompetitionKind = "catalog.competition" // CompetitionRule
	SplitKind       = "catalog.split"       // SplitRule
	DealsKind       = "catalog.deals"       // DealsRule; without it, deals rest on the rule of publication
)

// Limits on rules.
const (
	MaxCheckers = 20
	MaxDays     = 3660
)

// A PublicationRule says how an entry comes to be published: the rule "catalog.publication".
type PublicationRule struct {
	// Checkers is how many members other than those behind the entry must check it, from 0 to [MaxCheckers].
	Checkers int `json:"checkers"`
	// Validity is for how many days an entry can be seen at most before it is renewed, up to [MaxDays]; 0: without end.
	Validity int `json:"validity,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *PublicationRule) Validate() error {
	if r.Checkers < 0 || r.Checkers > MaxCheckers {
		return bad(ErrInvalid, "checkers", fmt.Sprint(r.Checkers), "must be from 0 to %d", MaxCheckers)
	}
	if r.Validity < 0 || r.Validity > MaxDays {
		return bad(ErrInvalid, "validity", fmt.Sprint(r.Validity), "must be from 0 to %d days", MaxDays)
	}
	return nil
}

// A CompetitionRule says when a collective offer may compete with a member's own: the rule "catalog.competition".
type CompetitionRule struct {
	// Threshold is the similarity, from 0 to 1, from which on the holder of an offer is asked.
	Threshold decimal.Decimal `json:"threshold"`
	// Days is for how many days after the proposal the holder can object or ask to join; silence after that clears. With 1 the holder can object on the day and
	// on the next. A request to join lapses after as many days again. Up to [MaxDays].
	Days int `json:"days"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *CompetitionRule) Validate() error {
	if err := checkNumber("threshold", r.Threshold); err != nil {
		return err
	}
	if r.Threshold.Sign() < 0 || r.Threshold.GreaterThan(one) {
		return bad(ErrInvalid, "threshold", r.Threshold.String(), "must be from 0 to 1")
	}
	if r.Days < 0 || r.Days > MaxDays {
		return bad(ErrInvalid, "days", fmt.Sprint(r.Days), "must be from 0 to %d", MaxDays)
	}
	return nil
}

// A SplitRule bounds the splits of collective offers: the rule "catalog.split". Its clause is the one that lets a split take the place of the
// charter's waterfall for the project that carries out the offer.
type SplitRule struct {
	// Introducer is the highest rate of the introducer, from 0 to 1.
	Introducer decimal.Decimal `json:"introducer"`
	// Commons is the lowest rate of the fund named Fund, from 0 to 1; 0: none is asked for.
	Commons decimal.Decimal `json:"commons"`
	Fund    string          `json:"fund,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *SplitRule) Validate() error {
	for _, f := range []struct {
		field string
		rate  decimal.Decimal
	}{{"introducer", r.Introducer}, {"commons", r.Commons}} {
		if err := checkNumber(f.field, f.rate); err != nil {
			return err
		}
		if f.rate.Sign() < 0 || f.rate.GreaterThan(one) {
			return bad(ErrInvalid, f.field, f.rate.String(), "must be from 0 to 1")
		}
	}
	if (r.Commons.Sign() > 0) != (r.Fund != "") {
		return bad(ErrInvalid, "fund", r.Fund, "names the fund that commons is the lowest rate of")
	}
	return checkLine("fund", r.Fund)
}

// allow checks a split against the bounds.
func (r *SplitRule) allow(s Split) error {
	commons := decimal.Zero
	for i, share := range s {
		if share.Role == IntroducerRole && share.Rate.GreaterThan(r.Introducer) {
			return bad(ErrSplit, at("split", i)+".rate", share.Rate.String(), "the introducer gets at most %s", r.Introducer)
		}
		if share.Fund != "" && share.Fund == r.Fund {
			commons = commons.Add(share.Rate)
		}
	}
	if commons.LessThan(r.Commons) {
		return bad(ErrSplit, "split", commons.String(), "the fund %s gets at least %s", quote(r.Fund), r.Commons)
	}
	return nil
}

// A DealsRule says how deals are held to: the rule "catalog.deals". A dispute names its clause.
type DealsRule struct {
	// Contest is for how many days after the delivery a deal can be contested, up to [MaxDays]; 0: without end. With 1 on the day and on the next.
	Contest int `json:"contest,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *DealsRule) Validate() error {
	if r.Contest < 0 || r.Contest > MaxDays {
		return bad(ErrInvalid, "contest", fmt.Sprint(r.Contest), "must be from 0 to %d days", MaxDays)
	}
	return nil
}

// dealsRule returns the rule on deals in force on a day; where there is none, that there is no limit, by the clause under which entries are published.
func (s *State) dealsRule(day codesocial.Date) (*DealsRule, codesocial.ClauseRef, error) {
	r, clause, err := rule(s.community, DealsKind, day, (*DealsRule).Validate)
	if errors.Is(err, codesocial.ErrNoRule) {
		_, clause, err = rule(s.community, PublicationKind, day, (*PublicationRule).Validate)
		return new(DealsRule), clause, err
	}
	return r, clause, err
}

// Checks returns what codesocial.Open needs to refuse, before anyone signs, a version of the charter whose rules on the catalogue could not be
// carried out.
func Checks() codesocial.RuleChecks {
	return codesocial.RuleChecks{
		codesocial.CheckRule(PublicationKind, (*PublicationRule).Validate),
		codesocial.CheckRule(CompetitionKind, (*CompetitionRule).Validate),
		codesocial.CheckRule(SplitKind, (*SplitRule).Validate),
		codesocial.CheckRule(DealsKind, (*DealsRule).Validate),
	}
}

// rule reads a rule of the version in force on a day and checks its parameters.
func rule[T any](state *codesocial.State, kind string, day codesocial.Date, validate func(*T) error) (*T, codesocial.ClauseRef, error) {
	charter, err := state.InForceOn(day)
	if err != nil {
		return nil, codesocial.ClauseRef{}, err
	}
	r := new(T)
	clause, err := charter.Rule(kind, r)
	if err == nil {
		err = validate(r)
	}
	return r, clause, err
}

// refuse says that a rule refused something, and which.
func refuse(clause codesocial.ClauseRef, kind string, err error) error {
	return &codesocial.RuleError{Clause: clause, Kind: kind, Err: err}
}
