package ledger

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Receipt is money that came in for a project: cashed, not invoiced.
type Receipt struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// Project is the IRI of the project that earned it.
	Project string `json:"project"`
	// Amount is positive, excluding VAT, in Currency.
	Amount decimal.Decimal `json:"amount"`
	// Currency is an ISO 4217 code, the one of the charter in force on that day.
	Currency string `json:"currency"`
	// On is the day on which the money arrived, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Payer says for people who paid. Optional.
	Payer string `json:"payer,omitempty"`
	// Reference is that of the invoice or bank line. Optional.
	Reference string `json:"reference,omitempty"`
	// Introducer is the IRI of the member who brought the deal. Optional.
	Introducer string `json:"introducer,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

// An Expense is money that went out, for a project or out of a fund.
type Expense struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// Project is the IRI of the project that it was spent for, as a direct cost. Empty when Fund is given.
	Project string `json:"project,omitempty"`
	// Fund is the id of the fund that bears it, such as "support". Empty when Project is given.
	Fund string `json:"fund,omitempty"`
	// Amount is positive, excluding VAT, in Currency.
	Amount decimal.Decimal `json:"amount"`
	// Currency is an ISO 4217 code, the one of the charter in force on that day.
	Currency string `json:"currency"`
	// On is the day on which it was paid, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Payee says for people who was paid. Optional.
	Payee string `json:"payee,omitempty"`
	// Reference is that of the invoice or bank line. Optional.
	Reference string `json:"reference,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

func (r *Receipt) check() error {
	if err := codesocial.CheckIRI(r.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if r.Introducer != "" {
		if err := codesocial.CheckIRI(r.Introducer); err != nil {
			return fmt.Errorf("%w: introducer: %w", ErrInvalid, err)
		}
	}
	return checkMovement(r.Amount, r.Currency, r.On, r.Payer, r.Reference, r.Note)
}

func (e *Expense) check() error {
	if (e.Project == "") == (e.Fund == "") {
		return bad(ErrInvalid, "fund", e.Fund, "either a project or a fund bears an expense")
	}
	if e.Project != "" {
		if err := codesocial.CheckIRI(e.Project); err != nil {
			return fmt.Errorf("%w: project: %w", ErrInvalid, err)
		}
	}
	if err := checkText("fund", e.Fund, MaxNameBytes); err != nil {
		return err
	}
	return checkMovement(e.Amount, e.Currency, e.On, e.Payee, e.Reference, e.Note)
}

func checkMovement(amount decimal.Decimal, currency string, on codesocial.Date, other, reference, note string) error {
	if err := checkAmount("amount", amount, currency); err != nil {
		return err
	}
	if err := checkDay("on", on); err != nil {
		return err
	}
	if err := checkText("payer or payee", other, MaxNameBytes); err != nil {
		return err
	}
	if err := checkText("reference", reference, MaxNameBytes); err != nil {
		return err
	}
	return checkText("note", note, MaxTextBytes)
}

// DraftReceipts decides [Ledger.Receive] without recording it.
func (b *Books) DraftReceipts(receipts ...Receipt) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(receipts))
	for i, r := range receipts {
		err := r.check()
		if err == nil {
			err = b.checkCash(r.Project, r.Currency, r.On)
		}
		if err == nil && r.Introducer != "" {
			err = b.checkMember("introducer", r.Introducer, r.On)
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: receipt %d (%s): %w", i+1, nameOf(r.ID), err)
		}
		drafts[i] = journal.Draft{ID: r.ID, Kind: KindReceipt, Schema: schema, Payload: r}
	}
	return drafts, nil
}

// DraftExpenses decides [Ledger.Spend] without recording it.
func (b *Books) DraftExpenses(expenses ...Expense) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(expenses))
	for i, e := range expenses {
		err := e.check()
		if err == nil {
			err = b.checkCash(e.Project, e.Currency, e.On)
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: expense %d (%s): %w", i+1, nameOf(e.ID), err)
		}
		drafts[i] = journal.Draft{ID: e.ID, Kind: KindExpense, Schema: schema, Payload: e}
	}
	return drafts, nil
}

func (b *Books) checkCash(project, currency string, on codesocial.Date) error {
	charter, err := b.community.InForceOn(on)
	if err != nil {
		return err
	}
	if currency != charter.Currency() {
		return bad(ErrUnit, "currency", currency, "the charter counts in %s", charter.Currency())
	}
	if project == "" {
		return nil
	}
	if err := b.checkMember("project", project, on); err != nil {
		return err
	}
	return b.checkProject(project)
}
