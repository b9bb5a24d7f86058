package ledger

import (
	"cmp"
	"fmt"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Limits on transactions.
const (
	MaxPostings = 1000 // of one transaction
)

// A Transaction is money that moves between accounts, all at once: its postings add up to zero in each currency. Receipts, expenses,
// payments and distributions come into the accounts as transactions too; any other movement is recorded as one by [Ledger.Post]: a
// transfer between funds, an opening balance, an exchange of currencies through an account that holds both, a payment from
// member to member in a currency of their own.
type Transaction struct {
	// ID is the id of the record that carried it into the accounts, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the party that records it, the author, see [BookkeepingRule]; empty: the organisation that keeps the books.
	By string `json:"-"`
	// Kind is the kind of the record that carried it into the accounts. It is set by the books.
	Kind string `json:"-"`
	// On is the day on which the money moved, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Postings are the movements, from 2 to [MaxPostings], none of them zero.
	Postings []Posting `json:"postings"`
	// Project is the IRI of the project concerned. Optional.
	Project string `json:"project,omitempty"`
	// Party is the IRI of the party concerned: who is paid, who introduced the deal. Optional.
	Party string `json:"party,omitempty"`
	// Label says for people what it is: who paid, who was paid. Optional.
	Label string `json:"label,omitempty"`
	// Reference is that of the document: an invoice, a bank line. Optional.
	Reference string `json:"reference,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
	// Fulfils is the id of the commitment that it fulfils: here a claim of a party, see [Commitment]. Optional.
	Fulfils uuid.UUID `json:"fulfils,omitzero"`
	// Pending says that the money is only reserved: limits count it, balances do not, until a [Completion] posts it.
	Pending bool `json:"pending,omitempty"`
	// Until is the last day on which a pending transaction can be posted. Zero: any day.
	Until codesocial.Date `json:"until,omitzero"`
	// Corrects is the id of what it corrects; its postings are then the difference. It is set by the books.
	Corrects uuid.UUID `json:"-"`
}

func (t *Transaction) check() error {
	if err := checkDay("on", t.On); err != nil {
		return err
	}
	if t.Pending && t.Fulfils != uuid.Nil {
		return bad(ErrInvalid, "fulfils", t.Fulfils.String(), "what is pending fulfils nothing yet")
	}
	if !t.Until.IsZero() {
		if err := checkDays(t.On, t.Until); err != nil || !t.Pending {
			return bad(ErrInvalid, "until", t.Until.String(), "must be a day from %s on, of a pending transaction", t.On)
		}
	}
	for _, p := range []struct{ field, iri string }{{"project", t.Project}, {"party", t.Party}} {
		if p.iri == "" {
			continue
		}
		if err := codesocial.CheckIRI(p.iri); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrInvalid, p.field, err)
		}
	}
	for _, p := range []struct {
		field, text string
		most        int
	}{{"label", t.Label, MaxNameBytes}, {"reference", t.Reference, MaxNameBytes}, {"note", t.Note, MaxTextBytes}} {
		if err := checkText(p.field, p.text, p.most); err != nil {
			return err
		}
	}
	return checkPostings(t.Postings)
}

// checkPostings checks the postings of a transaction.
func checkPostings(postings []Posting) error {
	if len(postings) < 2 || len(postings) > MaxPostings {
		return bad(ErrInvalid, "postings", fmt.Sprint(len(postings)), "must be from 2 to %d", MaxPostings)
	}
	for i, p := range postings {
		field := fmt.Sprintf("posting %d", i+1)
		if err := p.Account.check(); err != nil {
			return fmt.Errorf("%s: %w", field, err)
		}
		if err := checkMoney(field, p); err != nil {
			return err
		}
	}
	return checkBalanced(postings)
}

// post carries a transaction into the accounts.
func (b *Books) post(r *journal.Record, t Transaction) {
	text := []string{t.Label, t.Reference, t.Note}
	if t.Reference == "" && t.Note == "" {
		text = text[:1]
	}
	place := b.money.add(moved{
		id: t.ID, position: uint32(r.Position), project: b.names.number(t.Project), party: b.names.number(t.Party),
		day: dayNumber(t.On), kind: b.names.number(cmp.Or(t.Kind, r.Kind)),
	}, t.Postings, text...)
	if t.Corrects != uuid.Nil {
		b.money.corrects[place] = t.Corrects
	}
	if t.Fulfils != uuid.Nil {
		b.money.fulfils[place] = t.Fulfils
		b.fulfil(t.Fulfils, place)
	}
}

// DraftTransactions decides [Ledger.Post] without recording it.
func (b *Books) DraftTransactions(transactions ...Transaction) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(transactions))
	moves := b.moves()
	for i, t := range transactions {
		err := t.check()
		if err == nil && !b.money.has(t.ID) && b.pending[t.ID] == nil { // what is recorded is compared by the journal
			err = b.checkTransaction(&t, moves)
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: transaction %d (%s): %w", i+1, nameOf(t.ID), err)
		}
		drafts[i] = journal.Draft{ID: t.ID, Kind: KindTransaction, Schema: schema, Author: t.By, Payload: t}
	}
	return drafts, nil
}

// checkTransaction checks that every account belongs to somebody who is known, and stays within its limits.
func (b *Books) checkTransaction(t *Transaction, moves *moves) error {
	if err := moves.check(t); err != nil {
		return err
	}
	if t.By != "" {
		if err := b.checkMember("by", t.By, t.On); err != nil {
			return err
		}
		if err := b.checkBookkeeper(t.By, t.On, t.Postings); err != nil {
			return err
		}
	}
	if t.Project != "" {
		if err := b.checkProject(t.Project); err != nil {
			return err
		}
	}
	if t.Fulfils != uuid.Nil {
		if err := b.checkClaim(t, moves); err != nil {
			return err
		}
	}
	for i, p := range t.Postings {
		if owner := p.Account.Owner(); owner != "" {
			if _, ok := b.community.Party(owner); !ok {
				return bad(ErrUnknown, fmt.Sprintf("posting %d: account", i+1), string(p.Account), "belongs to nobody who is registered")
			}
		}
	}
	return nil
}

// checkMoney checks the amount of a posting as far as it can be without the charter.
func checkMoney(field string, p Posting) error {
	if err := checkCurrency(field, p.Currency); err != nil {
		return err
	}
	return checkFigure(field, p.Amount)
}

// checkCurrency checks the form of the code of a currency; field is that of its amount.
func checkCurrency(field, code string) error {
	if !isCode(code) {
		return bad(ErrInvalid, field+": currency", code, "must be 3 to 12 capital letters and digits, a letter first")
	}
	return nil
}

// checkFigure checks an amount that is not zero, as far as it can be without its currency: one of the community's own has at most [MaxPlaces].
func checkFigure(field string, amount decimal.Decimal) error {
	if tooLong(amount) {
		return badly(ErrInvalid, field, "must have at most %d digits", MaxDigits)
	}
	amount = amount.Abs()
	switch {
	case amount.IsZero():
		return bad(ErrInvalid, field, amount.String(), "must not be zero")
	case amount.GreaterThanOrEqual(tooLarge) || !amount.Equal(amount.Truncate(MaxPlaces)):
		return bad(ErrInvalid, field, amount.String(), "must have at most %d digits and %d decimal places", MaxDigits, MaxPlaces)
	}
	return nil
}
