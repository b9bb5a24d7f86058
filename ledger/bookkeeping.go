package ledger

import (
	"errors"

	"github.com/commonstocommons/codesocial/codesocial"
)

// BookkeepingKind is the kind of the rule that says who records money, see [BookkeepingRule].
const BookkeepingKind = "ledger.bookkeeping"

// A BookkeepingRule holds the parameters of a rule of the kind "ledger.bookkeeping": who records money as an author of their own, that is transactions, completions, corrections of
// money, grants and refunds, and any receipt, expense, payment, distribution or allocation with an author. Without the rule any member does. What has no author is recorded by the
// organisation that keeps the books, whose program says who reaches it. As with every rule, it is the one in force on the day of what is recorded:
// close the days before it with [Ledger.Close].
//
// Whatever it says, and where there is none, nobody moves money to her own account or that of a party for whom she speaks ([ErrOwnWork]), but for what she pays in as [Cash] or
// out of her own account: somebody else records it.
type BookkeepingRule struct {
	// By says who: [RoleOrganization], [RoleMember], or IRIs. [RoleLead] is not among them, since the money of all projects is held together.
	By []string `json:"by,omitempty"`
	// Role is the id of a role of the charter (rule "codesocial.roles"), such as treasurer, whose holders on the day record as well. There must be By, or Role.
	Role string `json:"role,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *BookkeepingRule) Validate() error {
	if len(r.By) == 0 && r.Role == "" {
		return badly(ErrInvalid, "by", "must be given, or role")
	}
	return checkRoles(r.By, RoleMember, RoleOrganization)
}

// checkBookkeeper refuses to let an author record money on a day, as postings or otherwise; none is the organisation that keeps the books.
func (b *Books) checkBookkeeper(by string, on codesocial.Date, postings []Posting) error {
	if by == "" {
		return nil
	}
	if err := b.checkOwnAccount(by, postings); err != nil {
		return err
	}
	charter, err := b.community.InForceOn(on)
	if err != nil {
		return err
	}
	var rule BookkeepingRule
	clause, err := charter.Rule(BookkeepingKind, &rule)
	if errors.Is(err, codesocial.ErrNoRule) {
		return nil
	}
	if err == nil {
		err = rule.Validate()
	}
	if err == nil {
		err = b.checkMember("by", by, on)
	}
	if err == nil && !b.plays(rule.By, rule.Role, by, "", on) {
		err = &codesocial.RuleError{Clause: clause, Kind: BookkeepingKind, Err: bad(ErrState, "by", by, "does not record money")}
	}
	return err
}

// checkOwnAccount refuses to credit the author, or parties for whom she speaks, with more than comes in as [Cash] or out of her own account.
func (b *Books) checkOwnAccount(by string, postings []Posting) error {
	type sums struct{ own, cash fixed }
	moved := make(map[string]sums, 1)
	for _, p := range postings {
		amount, _ := fix(p.Amount)
		s := moved[p.Currency]
		switch owner := p.Account.Owner(); {
		case p.Account == Cash:
			s.cash = s.cash.add(amount)
		case p.Account != PartyAccount(owner):
		case owner == by, amount.hi < 0 && b.speaks(by, owner): // what she takes from those for whom she speaks is not hers to give herself
			s.own = s.own.add(amount)
		}
		moved[p.Currency] = s
	}
	for _, p := range postings {
		if s := moved[p.Currency]; s.own.hi < 0 && s.own.add(s.cash).hi < 0 {
			return bad(ErrOwnWork, "by", by, "would credit %s %s to herself, or to those for whom she speaks: another records it", s.own.neg().decimal(), p.Currency)
		}
	}
	return nil
}
