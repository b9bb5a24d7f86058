package ledger

import (
	"fmt"
	"iter"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Payment is money paid to a party out of what is owed to it.
type Payment struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// Party is the IRI of the party that is paid.
	Party string `json:"party"`
	// Amount is positive, in Currency, and at most what is owed to the party.
	Amount decimal.Decimal `json:"amount"`
	// Currency is an ISO 4217 code.
	Currency string `json:"currency"`
	// On is the day on which it was paid, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reference is that of the bank line. Optional.
	Reference string `json:"reference,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

func (p *Payment) check() error {
	if err := codesocial.CheckIRI(p.Party); err != nil {
		return fmt.Errorf("%w: party: %w", ErrInvalid, err)
	}
	return checkMovement(p.Amount, p.Currency, p.On, "", p.Reference, p.Note)
}

// checkOwed refuses to pay a party more than it is owed, less what the same decision pays already.
func (b *Books) checkOwed(p *Payment, already decimal.Decimal) error {
	owed := b.Balance(PartyAccount(p.Party), p.Currency).Neg().Sub(already)
	if p.Amount.GreaterThan(owed) {
		return bad(ErrOverpaid, "amount", p.Amount.String(), "%s %s are owed to %s", owed, p.Currency, p.Party)
	}
	return nil
}

// DraftPayments decides [Ledger.Pay] without recording it.
func (b *Books) DraftPayments(payments ...Payment) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(payments))
	moves := b.moves()
	already := make(map[balanceKey]decimal.Decimal)
	for i, p := range payments {
		err := p.check()
		if err == nil && !b.money.has(p.ID) { // what is recorded is compared by the journal
			k := balanceKey{PartyAccount(p.Party), p.Currency}
			err = b.checkOwed(&p, already[k])
			already[k] = already[k].Add(p.Amount)
			if t := p.transaction(); err == nil {
				err = moves.check(&t)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: payment %d (%s): %w", i+1, nameOf(p.ID), err)
		}
		drafts[i] = journal.Draft{ID: p.ID, Kind: KindPayment, Schema: schema, Payload: p}
	}
	return drafts, nil
}

func (b *Books) applyPayment(r *journal.Record, p *Payment) error {
	if err := b.checkOwed(p, decimal.Zero); err != nil {
		return err
	}
	b.post(r, p.transaction())
	return nil
}

func (p *Payment) transaction() Transaction {
	return Transaction{
		ID: p.ID, On: p.On, Party: p.Party, Reference: p.Reference, Note: p.Note,
		Postings: []Posting{{PartyAccount(p.Party), p.Amount, p.Currency}, {Cash, p.Amount.Neg(), p.Currency}},
	}
}

// Payments iterates over the payments, in the order in which they were recorded.
func (b *Books) Payments() iter.Seq[Payment] {
	return func(yield func(Payment) bool) {
		for _, t := range b.Transactions(Filter{Kind: KindPayment}) {
			p := t.Postings[0]
			if !yield(Payment{ID: t.ID, Party: t.Party, Amount: p.Amount, Currency: p.Currency, On: t.On, Reference: t.Reference, Note: t.Note}) {
				return
			}
		}
	}
}
