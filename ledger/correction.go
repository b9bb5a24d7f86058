package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Correction puts right what was recorded: nothing is ever edited. It names what it corrects and carries the difference.
//
// A correction of a contribution changes its quantity, which then has to be validated afresh; one that leaves nothing voids it. It counts
// on the day of the contribution, which must be in an open period. A correction of money is a transaction of its own, on its own day. A
// distribution is corrected by another run, see [Run].
type Correction struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the party that corrects, the author of the record. Of a contribution: its contributor or declarant, or a
	// member who may validate it. Of money it may be empty.
	By string `json:"-"`
	// Corrects is the id of a contribution, receipt, expense, payment or transaction.
	Corrects uuid.UUID `json:"corrects"`
	// On is the day of the correction, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Difference is what is to be added, negative where it was too much, in the unit or currency of what is corrected. Nil for a
	// [Transaction].
	Difference *Quantity `json:"difference,omitempty"`
	// Postings are the difference of a [Transaction]; they balance.
	Postings []Posting `json:"postings,omitempty"`
	// Reason says what was wrong. Required.
	Reason string `json:"reason"`
	// Clause is the clause of the rule "ledger.validation" under which a contribution is corrected. It is set by [Ledger.Correct].
	Clause codesocial.ClauseRef `json:"clause,omitzero"`
}

func (c *Correction) check() error {
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if c.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	if err := checkText("reason", c.Reason, MaxTextBytes); err != nil {
		return err
	}
	if (c.Difference == nil) == (len(c.Postings) == 0) {
		return badly(ErrInvalid, "difference", "either a difference or postings are given")
	}
	if c.Difference != nil {
		size := Quantity{c.Difference.Value.Abs(), c.Difference.Unit}
		if tooLong(c.Difference.Value) || c.Difference.Value.IsZero() {
			return bad(ErrInvalid, "difference", c.Difference.String(), "must not be zero")
		}
		return size.check()
	}
	return checkPostings(c.Postings)
}

// Reversal returns the correction that takes back all that is left of a contribution, receipt, expense, payment or transaction. What has been
// reversed cannot be reversed again ([ErrReversed]).
func (b *Books) Reversal(id uuid.UUID, on codesocial.Date, reason string) (Correction, error) {
	c := Correction{Corrects: id, On: on, Reason: reason}
	if i, ok := b.given.find(id); ok && !b.given.all[i].erased {
		g := &b.given.all[i]
		if g.status() == Voided {
			return c, bad(ErrReversed, "contribution", id.String(), "is voided already")
		}
		c.Difference = &Quantity{b.given.values.at(int(i)).neg().decimal(), b.names.of(g.unit)}
		return c, nil
	}
	place, err := b.correctable(id)
	if err != nil {
		return c, err
	}
	net := b.money.net(place)
	if len(net) == 0 {
		return c, bad(ErrReversed, "corrects", id.String(), "is reversed already")
	}
	if single(b.names.of(b.money.all[place].kind)) {
		first := b.money.postings(place)[0]
		c.Difference = &Quantity{net[0].Amount.Neg(), first.Currency}
		return c, nil
	}
	for _, p := range net {
		c.Postings = append(c.Postings, Posting{p.Account, p.Amount.Neg(), p.Currency})
	}
	return c, nil
}

// single reports whether the transactions of a kind of record are one amount on two accounts.
func single(kind string) bool {
	return kind == KindReceipt || kind == KindExpense || kind == KindPayment
}

// correctable returns the place of a transaction that a correction may name.
func (b *Books) correctable(id uuid.UUID) (uint32, error) {
	place, ok := b.money.find(id)
	if !ok {
		return 0, bad(ErrUnknown, "corrects", id.String(), "is not recorded")
	}
	switch kind := b.names.of(b.money.all[place].kind); kind {
	case KindDistribution:
		return 0, bad(ErrInvalid, "corrects", id.String(), "is a distribution: another run corrects it")
	case KindCorrection:
		return 0, bad(ErrInvalid, "corrects", id.String(), "is a correction: correct what it corrects")
	case KindGrant: // else it could be given back twice
		return 0, bad(ErrInvalid, "corrects", id.String(), "is a grant: a refund gives it back")
	case KindRefund:
		return 0, bad(ErrInvalid, "corrects", id.String(), "is a refund: another grant gives it out again")
	}
	return place, nil
}

// net returns what is left of a transaction with all its corrections: its accounts in order, and then others; none with zero.
func (m *money) net(place uint32) []Posting {
	postings := m.postings(place)
	for _, c := range m.corrected[place] {
		postings = append(postings, m.postings(c)...)
	}
	var out []Posting
	for _, p := range postings {
		same := func(q Posting) bool { return q.Account == p.Account && q.Currency == p.Currency }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Amount = out[i].Amount.Add(p.Amount)
		} else {
			out = append(out, p)
		}
	}
	return slices.DeleteFunc(out, func(p Posting) bool { return p.Amount.IsZero() })
}

// correct returns the transaction that a correction of money makes.
func (b *Books) correct(c *Correction) (Transaction, error) {
	place, err := b.correctable(c.Corrects)
	if err != nil {
		return Transaction{}, err
	}
	net := b.money.net(place)
	if len(net) == 0 {
		return Transaction{}, bad(ErrReversed, "corrects", c.Corrects.String(), "is reversed already")
	}
	old := b.transaction(place)
	t := Transaction{ID: c.ID, On: c.On, Project: old.Project, Party: old.Party, Label: old.Label, Reference: old.Reference, Note: c.Reason, Corrects: c.Corrects, Postings: c.Postings}
	if c.On.Before(old.On) {
		return t, bad(ErrInvalid, "on", c.On.String(), "is before what it corrects, of %s", old.On)
	}
	if !single(old.Kind) {
		if c.Difference != nil {
			return t, badly(ErrInvalid, "difference", "the difference of a transaction is given as postings")
		}
		return t, nil
	}
	first := old.Postings[0]
	switch {
	case c.Difference == nil:
		return t, badly(ErrInvalid, "postings", "the difference of one amount is given as such")
	case c.Difference.Unit != first.Currency:
		return t, bad(ErrUnit, "difference", c.Difference.String(), "what it corrects is in %s", first.Currency)
	case net[0].Amount.Add(c.Difference.Value).IsNegative():
		return t, bad(ErrInvalid, "difference", c.Difference.String(), "only %s %s are left", net[0].Amount, first.Currency)
	}
	if err := checkAmount("difference", c.Difference.Value.Abs(), first.Currency); err != nil {
		return t, err
	}
	t.Postings = []Posting{{first.Account, c.Difference.Value, first.Currency}, {old.Postings[1].Account, c.Difference.Value.Neg(), first.Currency}}
	return t, nil
}

// checkGivenCorrection returns the quantity that a correction leaves of the contribution at a place, and the event that it is.
func (b *Books) checkGivenCorrection(i uint32, c *Correction) (fixed, lifeEvent, error) {
	g := &b.given.all[i]
	if g.status() == Voided {
		return fixed{}, 0, bad(ErrReversed, "corrects", c.Corrects.String(), "is voided already")
	}
	if c.Difference == nil {
		return fixed{}, 0, badly(ErrInvalid, "postings", "the difference of a contribution is given as a quantity")
	}
	if unit := b.names.of(g.unit); c.Difference.Unit != unit {
		return fixed{}, 0, bad(ErrUnit, "difference", c.Difference.String(), "the contribution is in %s", unit)
	}
	difference, _ := fix(c.Difference.Value)
	value := b.given.values.at(int(i))
	left := value.add(difference)
	if left.hi < 0 {
		return fixed{}, 0, bad(ErrInvalid, "difference", c.Difference.String(), "only %s are left", Quantity{value.decimal(), c.Difference.Unit})
	}
	e := lifeCorrect
	if left.isZero() {
		e = lifeVoid
	}
	_, err := g.status().after(e)
	return left, e, err
}

// DraftCorrections decides [Ledger.Correct] without recording it.
func (b *Books) DraftCorrections(corrections ...Correction) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(corrections))
	moves := b.moves()
	seen := make(map[uuid.UUID]bool)
	for i, c := range corrections {
		err := b.ruleCorrection(&c, moves)
		if err == nil && seen[c.Corrects] {
			err = bad(ErrInvalid, "corrects", c.Corrects.String(), "is corrected twice at once")
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: correction %d (%s): %w", i+1, nameOf(c.ID), err)
		}
		seen[c.Corrects] = true
		drafts[i] = journal.Draft{ID: c.ID, Kind: KindCorrection, Schema: schema, Author: c.By, Payload: c}
	}
	return drafts, nil
}

// ruleCorrection checks a correction under the charter of its day, and sets its clause. What is recorded already is compared by the
// journal.
func (b *Books) ruleCorrection(c *Correction, moves *moves) error {
	if err := c.check(); err != nil {
		return err
	}
	i, isGiven := b.given.find(c.Corrects)
	if !isGiven {
		if b.money.has(c.ID) {
			return nil
		}
		t, err := b.correct(c)
		if err == nil {
			err = b.checkCorrector(c, t.Postings)
		}
		if err == nil {
			err = moves.follow(&t)
		}
		return err
	}
	if b.given.all[i].erased {
		return bad(ErrUnknown, "corrects", c.Corrects.String(), "was erased")
	}
	rule, clause, err := b.validationRule(c.On)
	if err != nil {
		return err
	}
	c.Clause = clause
	if err := b.checkMember("by", c.By, c.On); err != nil {
		return err
	}
	g := &b.given.all[i]
	by := b.names.find(c.By)
	if by != g.party && by != g.declarant && !b.plays(rule.By, rule.Role, c.By, b.names.of(g.project), c.On) {
		return &codesocial.RuleError{Clause: clause, Kind: ValidationKind, Err: bad(ErrState, "by", c.By, "neither gave nor declared the contribution, and does not validate it")}
	}
	if b.given.correctedBy[c.ID] {
		return nil
	}
	if err := b.checkOpen("on", dateOf(g.day)); err != nil {
		return err
	}
	if err := b.checkOpen("on", c.On); err != nil {
		return err
	}
	_, _, err = b.checkGivenCorrection(i, c)
	return err
}

func (b *Books) checkCorrector(c *Correction, postings []Posting) error {
	if c.By == "" {
		return nil
	}
	return cmp.Or(b.checkMember("by", c.By, c.On), b.checkBookkeeper(c.By, c.On, postings))
}

func (b *Books) applyCorrection(r *journal.Record, c *Correction) error {
	i, isGiven := b.given.find(c.Corrects)
	if !isGiven {
		t, err := b.correct(c)
		if err != nil {
			return err
		}
		place := uint32(len(b.money.all))
		b.post(r, t)
		original, _ := b.money.find(c.Corrects)
		b.money.corrected[original] = append(b.money.corrected[original], place)
		return nil
	}
	if b.given.all[i].erased {
		return nil
	}
	left, e, err := b.checkGivenCorrection(i, c)
	if err != nil {
		return err
	}
	g := &b.given
	g.change(r, i, e, b.names.number(c.By))
	g.before[g.all[i].last] = g.values.at(int(i))
	g.values.set(int(i), left)
	g.correctedBy[c.ID] = true
	if g.open[i] > 0 { // the correction answers them
		for _, d := range g.disputes {
			if d.contribution == i && d.closed == nil {
				d.closed = &at[codesocial.Date]{c.On, tokenOf(r.Position)}
			}
		}
		delete(g.open, i)
	}
	return nil
}

// cashed is an amount that came in or went out, with the corrections of it.
type cashed struct {
	place, original uint32 // the same, but for a correction
	amount          fixed  // positive, but for a correction
	currency        string
	receipt         bool
}

// cash calls f for the receipts and expenses, and the corrections of them, that the filter selects.
func (b *Books) cash(f Filter, visit func(cashed)) {
	receipt, expense, correction := b.names.find(KindReceipt), b.names.find(KindExpense), b.names.find(KindCorrection)
	for place := range b.places(f.money("")) {
		original := place
		if b.money.all[place].kind == correction {
			original, _ = b.money.find(b.money.corrects[place])
		}
		kind := b.money.all[original].kind
		if kind != receipt && kind != expense {
			continue
		}
		amount, currency := b.money.firstAmount(place)
		visit(cashed{place, original, amount, currency, kind == receipt})
	}
}

// firstAmount returns the amount of the first posting of the transaction at a place, and its currency.
func (m *money) firstAmount(place uint32) (fixed, string) {
	l := m.legs[m.all[place].first]
	s := &m.series[l.series]
	return s.amount(int(l.at)), s.code
}

// signed returns the amounts of receipts and expenses as a waterfall takes them, none of them negative: what was taken back of receipts beyond what
// came in is a cost, and the other way round.
func signed(received, costs decimal.Decimal) (decimal.Decimal, decimal.Decimal) {
	if received.IsNegative() {
		costs, received = costs.Sub(received), decimal.Zero
	}
	if costs.IsNegative() {
		received, costs = received.Sub(costs), decimal.Zero
	}
	return received, costs
}
