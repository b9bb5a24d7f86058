package ledger

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Call says that projects can ask a fund for money.
type Call struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who publishes it, the author of the record.
	By string `json:"-"`
	// Fund is the id of the fund, such as "commons".
	Fund string `json:"fund"`
	// Title says what it is for.
	Title string `json:"title"`
	// On and Until are the first and the last day on which money is granted under it, in the time zone of the charter.
	On    codesocial.Date `json:"on"`
	Until codesocial.Date `json:"until"`
	// Ceiling is the most that is granted under it in all, less what is refunded, in Currency.
	Ceiling decimal.Decimal `json:"ceiling"`
	// Currency is the code of the currency.
	Currency string `json:"currency"`
}

// A Grant moves money from a fund to a project.
type Grant struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Call is the id of the call that it answers. Optional.
	Call uuid.UUID `json:"call,omitzero"`
	// Fund is the id of the fund, Project the IRI of the project.
	Fund    string `json:"fund"`
	Project string `json:"project"`
	// Amount is positive, in Currency, and at most what the fund holds and the call leaves.
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reason says what it is for. Required.
	Reason string `json:"reason"`
}

// A Refund moves money that a project does not need any more, for it was stopped or is done, back to the fund that granted it.
type Refund struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Grant is the id of the grant.
	Grant uuid.UUID `json:"grant"`
	// Amount is positive, in the currency of the grant, and at most what is left of it and what the project has.
	Amount decimal.Decimal `json:"amount"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reason says why. Required.
	Reason string `json:"reason"`
}

func (c *Call) check() error {
	if err := FundAccount(c.Fund).check(); err != nil {
		return err
	}
	if c.Title == "" {
		return badly(ErrInvalid, "title", "must be given")
	}
	if err := checkText("title", c.Title, MaxNameBytes); err != nil {
		return err
	}
	if err := checkDays(c.On, c.Until); err != nil {
		return err
	}
	if err := checkCurrency("ceiling", c.Currency); err != nil {
		return err
	}
	return checkPositive("ceiling", c.Ceiling)
}

func (g *Grant) check() error {
	if err := FundAccount(g.Fund).check(); err != nil {
		return err
	}
	if err := codesocial.CheckIRI(g.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDay("on", g.On); err != nil {
		return err
	}
	if g.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	if err := checkText("reason", g.Reason, MaxTextBytes); err != nil {
		return err
	}
	if err := checkCurrency("amount", g.Currency); err != nil {
		return err
	}
	return checkPositive("amount", g.Amount)
}

func (f *Refund) check() error {
	if err := checkDay("on", f.On); err != nil {
		return err
	}
	if f.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	if err := checkText("reason", f.Reason, MaxTextBytes); err != nil {
		return err
	}
	return checkPositive("amount", f.Amount)
}

// checkPositive checks an amount of money that has to be positive, as far as it can be without the charter.
func checkPositive(field string, amount decimal.Decimal) error {
	if err := checkFigure(field, amount); err != nil {
		return err
	}
	if amount.IsNegative() {
		return bad(ErrInvalid, field, amount.String(), "must be positive")
	}
	return nil
}

// funds holds what was called for and granted.
type funds struct {
	calls  []*call
	grants []*grant
}

type call struct {
	Call
	token   Token
	granted recorded // less what was refunded
}

type grant struct {
	Grant
	token    Token
	refunded recorded
}

func (c *call) left(at At) decimal.Decimal { return c.Ceiling.Sub(c.granted.total(at).decimal()) }

func (f *funds) call(id uuid.UUID) *call {
	i := slices.IndexFunc(f.calls, func(c *call) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return f.calls[i]
}

func (f *funds) grant(id uuid.UUID) *grant {
	i := slices.IndexFunc(f.grants, func(g *grant) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return f.grants[i]
}

// DraftCall decides [Ledger.Call] without recording it.
func (b *Books) DraftCall(c Call) ([]journal.Draft, error) {
	err := c.check()
	if err == nil {
		err = b.checkMember("by", c.By, c.On)
	}
	if err == nil {
		var rule accountsRule
		if rule, err = b.moves().rule(c.On); err == nil {
			err = rule.checkPlaces("ceiling", Posting{Amount: c.Ceiling, Currency: c.Currency})
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: call of %s: %w", quote(c.Fund), err)
	}
	return []journal.Draft{{ID: c.ID, Kind: KindCall, Schema: schema, Author: c.By, Payload: c}}, nil
}

// DraftGrant decides [Ledger.Grant] without recording it.
func (b *Books) DraftGrant(g Grant) ([]journal.Draft, error) {
	err := g.check()
	if err == nil {
		err = b.checkMember("by", g.By, g.On)
	}
	if err == nil && b.funds.grant(g.ID) == nil { // what is recorded is compared by the journal
		if err = cmp.Or(b.checkBookkeeper(g.By, g.On, nil), b.checkMember("project", g.Project, g.On)); err == nil {
			err = b.checkProject(g.Project)
		}
		if err == nil {
			err = b.checkGrant(&g)
		}
		if t := g.transaction(); err == nil {
			err = b.moves().check(&t)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: grant of %s: %w", quote(g.Fund), err)
	}
	return []journal.Draft{{ID: g.ID, Kind: KindGrant, Schema: schema, Author: g.By, Payload: g}}, nil
}

func (b *Books) checkGrant(g *Grant) error {
	if holds := b.Balance(FundAccount(g.Fund), g.Currency).Neg(); g.Amount.GreaterThan(holds) {
		return bad(ErrOverpaid, "amount", g.Amount.String(), "the fund %s holds %s %s", g.Fund, holds, g.Currency)
	}
	if g.Call == uuid.Nil {
		return nil
	}
	c := b.funds.call(g.Call)
	switch {
	case c == nil:
		return bad(ErrUnknown, "call", g.Call.String(), "is not recorded")
	case c.Fund != g.Fund:
		return bad(ErrInvalid, "fund", g.Fund, "the call is of %s", c.Fund)
	case c.Currency != g.Currency:
		return bad(ErrUnit, "currency", g.Currency, "the call is in %s", c.Currency)
	case g.On.Before(c.On) || g.On.After(c.Until):
		return bad(ErrState, "on", g.On.String(), "the call is open from %s to %s", c.On, c.Until)
	}
	if left := c.left(At{}); g.Amount.GreaterThan(left) {
		return bad(ErrOverpaid, "amount", g.Amount.String(), "the call leaves %s %s", left, c.Currency)
	}
	return nil
}

func (b *Books) applyGrant(r *journal.Record, g *Grant) error {
	if err := b.checkGrant(g); err != nil {
		return err
	}
	b.funds.grants = append(b.funds.grants, &grant{Grant: *g, token: tokenOf(r.Position)})
	if c := b.funds.call(g.Call); c != nil {
		amount, _ := fix(g.Amount)
		c.granted.add(r, g.On, amount)
	}
	b.post(r, g.transaction())
	return nil
}

func (g *Grant) transaction() Transaction {
	return Transaction{
		ID: g.ID, On: g.On, Project: g.Project, Note: g.Reason,
		Postings: []Posting{{FundAccount(g.Fund), g.Amount, g.Currency}, {ProjectAccount(g.Project), g.Amount.Neg(), g.Currency}},
	}
}

// DraftRefund decides [Ledger.Refund] without recording it.
func (b *Books) DraftRefund(f Refund) ([]journal.Draft, error) {
	err := f.check()
	if err == nil {
		err = b.checkMember("by", f.By, f.On)
	}
	if err == nil && !b.money.has(f.ID) {
		var g *grant
		if g, err = b.checkRefund(&f); err == nil {
			t := f.transaction(g)
			err = cmp.Or(b.checkBookkeeper(f.By, f.On, nil), b.moves().follow(&t))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: refund of %s: %w", f.Grant, err)
	}
	return []journal.Draft{{ID: f.ID, Kind: KindRefund, Schema: schema, Author: f.By, Payload: f}}, nil
}

func (b *Books) checkRefund(f *Refund) (*grant, error) {
	g := b.funds.grant(f.Grant)
	if g == nil {
		return nil, bad(ErrUnknown, "grant", f.Grant.String(), "is not recorded")
	}
	if f.On.Before(g.On) {
		return nil, bad(ErrInvalid, "on", f.On.String(), "is before the grant, of %s", g.On)
	}
	if left := g.Amount.Sub(g.refunded.total(At{}).decimal()); f.Amount.GreaterThan(left) {
		return nil, bad(ErrOverpaid, "amount", f.Amount.String(), "of the grant %s %s are left", left, g.Currency)
	}
	if has := b.Balance(ProjectAccount(g.Project), g.Currency).Neg(); f.Amount.GreaterThan(has) {
		return nil, bad(ErrOverpaid, "amount", f.Amount.String(), "the project has %s %s", has, g.Currency)
	}
	return g, nil
}

func (b *Books) applyRefund(r *journal.Record, f *Refund) error {
	g, err := b.checkRefund(f)
	if err != nil {
		return err
	}
	amount, _ := fix(f.Amount)
	g.refunded.add(r, f.On, amount)
	if c := b.funds.call(g.Call); c != nil {
		c.granted.add(r, f.On, amount.neg())
	}
	b.post(r, f.transaction(g))
	return nil
}

func (f *Refund) transaction(g *grant) Transaction {
	return Transaction{
		ID: f.ID, On: f.On, Project: g.Project, Note: f.Reason,
		Postings: []Posting{{ProjectAccount(g.Project), f.Amount, g.Currency}, {FundAccount(g.Fund), f.Amount.Neg(), g.Currency}},
	}
}

// A GrantEntry is a grant with what was refunded of it.
type GrantEntry struct {
	Grant
	Refunded decimal.Decimal
}

// Grants iterates over the grants of a fund ("" for all), in the order of recording.
func (b *Books) Grants(fund string) iter.Seq[GrantEntry] { return b.GrantsAt(fund, At{}) }

// GrantsAt is [Books.Grants] at a time: the grants of then, with what had been refunded of them.
func (b *Books) GrantsAt(fund string, at At) iter.Seq[GrantEntry] {
	return func(yield func(GrantEntry) bool) {
		for _, g := range b.funds.grants {
			if (fund == "" || fund == g.Fund) && at.sees(g.token, g.On) && !yield(GrantEntry{g.Grant, g.refunded.total(at).decimal()}) {
				return
			}
		}
	}
}

// A CallEntry is a call with what is left to be granted under it.
type CallEntry struct {
	Call
	Left decimal.Decimal
}

// Calls iterates over the calls of a fund ("" for all), in the order of recording.
func (b *Books) Calls(fund string) iter.Seq[CallEntry] { return b.CallsAt(fund, At{}) }

// CallsAt is [Books.Calls] at a time: the calls that had begun by then, with what was left of them.
func (b *Books) CallsAt(fund string, at At) iter.Seq[CallEntry] {
	return func(yield func(CallEntry) bool) {
		for _, c := range b.funds.calls {
			if (fund == "" || fund == c.Fund) && at.sees(c.token, c.On) && !yield(CallEntry{c.Call, c.left(at)}) {
				return
			}
		}
	}
}
