package dividend

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// What the rate of a line applies to.
const (
	// OfBase: the line takes its rate of the base, whatever the lines before it took.
	OfBase = "base"
	// OfRemaining: the line takes its rate of what the lines before it left.
	OfRemaining = "remaining"
)

// Waterfall is the rule "dividend.waterfall": the ordered lines by which a base (what was received, minus
// direct costs, minus the deficit of earlier runs) goes to funds, parties and groups. [Waterfall.Run] applies it.
type Waterfall struct {
	Lines []Line `json:"lines"`
}

// Line is one line of a waterfall. It is either a rate of something (Of and Rate) or a fixed amount (Fixed).
type Line struct {
	// ID names the line within its waterfall: "support".
	ID string `json:"id"`
	// Name is what members read, by language tag.
	Name map[string]string `json:"name,omitempty"`
	// Clause is the id of the clause that justifies the line; empty means the clause that holds the rule.
	Clause string `json:"clause,omitempty"`
	// Of is what Rate applies to: [OfBase] or [OfRemaining]. A fixed line has none.
	Of string `json:"of,omitempty"`
	// Rate is between 0 and 1: "0.05" is five per cent. Nil on a fixed line.
	Rate *decimal.Decimal `json:"rate,omitempty"`
	// Fixed is an amount above zero, in the currency of the run. Nil on a line with a rate.
	Fixed *decimal.Decimal `json:"fixed,omitempty"`
	// Cap is the most that the line takes in one run, in the currency of the run. Nil means no cap.
	Cap *decimal.Decimal `json:"cap,omitempty"`
	// AtLeast is a condition: the line takes nothing in a run whose base is below it, in the currency of the run. Nil
	// means no condition.
	AtLeast *decimal.Decimal `json:"atLeast,omitempty"`
	// To is who receives the line.
	To Target `json:"to"`
	// Share is how the members of the group share the line; nil means in proportion to their weights. A line to a
	// fund, to one party or to claims has none.
	Share *Sharing `json:"share,omitempty"`
	// OverClaim says what happens when the claims that the line goes to are more than it has. It is given for lines to
	// claims, and only there.
	OverClaim OverClaim `json:"overClaim,omitempty"`
}

// Target is who receives a line: exactly one of its fields is set.
type Target struct {
	// Fund is the id of a fund: money set aside for a purpose, not a party.
	Fund string `json:"fund,omitempty"`
	// Party is the identifier of one party, who gets all of the line.
	Party string `json:"party,omitempty"`
	// Parties are parties named in the rule itself, who share the line by the weights given there, at least one of
	// which is above zero: the authors, 70 to 30. They have no terms.
	Parties []Weight `json:"parties,omitempty"`
	// Group is the name of a group; its members share the line by weight.
	Group string `json:"group,omitempty"`
	// Claims is the name of a list of claims, each of which is paid at most what is left of it, as [Settle] does. What
	// none of them asks for remains for the lines after this one. Two lines do not go to the same list.
	Claims string `json:"claims,omitempty"`
}

// shared reports whether several may share the line.
func (t Target) shared() bool { return t.Group != "" || len(t.Parties) > 0 }

// String returns "fund x", "party x", "group x", "claims x" or "n parties".
func (t Target) String() string {
	switch {
	case t.Fund != "":
		return "fund " + t.Fund
	case t.Party != "":
		return "party " + t.Party
	case t.Claims != "":
		return "claims " + t.Claims
	case len(t.Parties) > 0:
		return fmt.Sprintf("%d parties", len(t.Parties))
	default:
		return "group " + t.Group
	}
}

// Validate checks the rule as it stands, so that it can be refused when a charter is adopted rather than when
// money is there: at least one line, no id twice, rates from 0 to 1, rates on the base that together are at most
// 1, exactly one of rate and fixed, exactly one of fund, party, parties, group and claims, amounts not negative. The error is an
// [*Error] wrapping [ErrRule] or [ErrLimit] and names the line.
func (w Waterfall) Validate() error {
	if len(w.Lines) == 0 {
		return ruleError("waterfall", "lines", "", "must not be empty")
	}
	if len(w.Lines) > MaxLines {
		return &Error{
			In: "waterfall", Field: "lines", Err: ErrLimit,
			Reason: fmt.Sprintf("%d lines: must be at most %d", len(w.Lines), MaxLines),
		}
	}
	seen := make(map[string]bool, len(w.Lines))
	total := decimal.Zero
	for i, l := range w.Lines {
		if err := checkID(fmt.Sprintf("waterfall: line %d", i+1), "id", l.ID); err != nil {
			return asRule(err)
		}
		in := "waterfall: line " + quote(l.ID)
		if seen[l.ID] {
			return ruleError(in, "id", l.ID, "given twice")
		}
		seen[l.ID] = true
		if err := l.validate(in); err != nil {
			return asRule(err)
		}
		if l.To.Claims != "" && slices.ContainsFunc(w.Lines[:i], func(o Line) bool { return o.To.Claims == l.To.Claims }) {
			return ruleError(in, "to.claims", l.To.Claims, "are paid by another line already")
		}
		if l.Of == OfBase {
			total = total.Add(*l.Rate)
		}
		if total.GreaterThan(one) {
			return ruleError(in, "rate", show(*l.Rate), "brings the rates on the base to "+total.String()+", above 1")
		}
	}
	return nil
}

var one = decimal.New(1, 0)

func (l Line) validate(in string) error {
	if err := checkNames(in, "name", l.Name); err != nil {
		return err
	}
	if l.Clause != "" {
		if err := checkID(in, "clause", l.Clause); err != nil {
			return err
		}
	}
	if err := l.validateAmount(in); err != nil {
		return err
	}
	if l.Cap != nil {
		if err := checkNotNegative(in, "cap", *l.Cap); err != nil {
			return err
		}
	}
	if l.AtLeast != nil {
		if err := checkNotNegative(in, "atLeast", *l.AtLeast); err != nil {
			return err
		}
	}
	if err := l.To.validate(in); err != nil {
		return err
	}
	if l.To.Claims == "" && l.OverClaim != "" {
		return ruleError(in, "overClaim", string(l.OverClaim), "is for lines to claims")
	}
	if l.To.Claims != "" && !l.OverClaim.known() {
		return ruleError(in, "overClaim", string(l.OverClaim), "must be pro-rata, first-come, debt or deliberate")
	}
	if l.Share == nil {
		return nil
	}
	if !l.To.shared() {
		return ruleError(in, "share", "", "is for lines to a group or to several parties")
	}
	return l.Share.validate(in + ": share")
}

func (l Line) validateAmount(in string) error {
	switch {
	case l.Rate != nil && l.Fixed != nil:
		return ruleError(in, "fixed", show(*l.Fixed), "must be absent when there is a rate")
	case l.Rate == nil && l.Fixed == nil:
		return ruleError(in, "rate", "", "a line needs a rate or a fixed amount")
	case l.Fixed != nil:
		if l.Of != "" {
			return ruleError(in, "of", l.Of, "must be absent when the amount is fixed")
		}
		if err := checkNumber(in, "fixed", *l.Fixed); err != nil {
			return err
		}
		if l.Fixed.Sign() <= 0 {
			return ruleError(in, "fixed", show(*l.Fixed), "must be positive")
		}
		return nil
	}
	if l.Of != OfBase && l.Of != OfRemaining {
		return ruleError(in, "of", l.Of, `must be "base" or "remaining"`)
	}
	if err := checkNumber(in, "rate", *l.Rate); err != nil {
		return err
	}
	if l.Rate.Sign() < 0 || l.Rate.GreaterThan(one) {
		return ruleError(in, "rate", show(*l.Rate), "must be between 0 and 1")
	}
	return nil
}

func (t Target) validate(in string) error {
	set := 0
	for _, f := range []struct{ field, id string }{{"to.fund", t.Fund}, {"to.party", t.Party}, {"to.group", t.Group}, {"to.claims", t.Claims}} {
		if f.id == "" {
			continue
		}
		set++
		if err := checkID(in, f.field, f.id); err != nil {
			return err
		}
	}
	if len(t.Parties) > 0 {
		set++
		if err := validateParties(in, t.Parties); err != nil {
			return err
		}
	}
	if set != 1 {
		return ruleError(in, "to", "", "must name exactly one of fund, party, parties, group and claims")
	}
	return nil
}

func validateParties(in string, parties []Weight) error {
	if len(parties) > MaxLines {
		return &Error{In: in, Field: "to.parties", Err: ErrLimit, Reason: fmt.Sprintf("%d parties: must be at most %d", len(parties), MaxLines)}
	}
	claims, err := readWeights(in+": to.parties", parties, given)
	if err != nil {
		return err
	}
	if !claims.positive {
		return ruleError(in, "to.parties", "", "one of them must have a weight above zero")
	}
	for _, p := range parties {
		if len(p.Terms) > 0 {
			return ruleError(in+": to.parties: recipient "+quote(p.ID), "terms", "", "must be absent from a rule")
		}
	}
	return nil
}
