package ledger

import (
	"fmt"
	"iter"

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
	// Fulfils is the id of the invoice that it pays, wholly or in part, see [Commitment]. Optional.
	Fulfils uuid.UUID `json:"fulfils,omitzero"`
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
	// Fulfils is the id of the order that it pays, wholly or in part, see [Commitment]. Optional.
	Fulfils uuid.UUID `json:"fulfils,omitzero"`
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
	moves := b.moves()
	for i, r := range receipts {
		err := r.check()
		if err == nil {
			err = b.checkCash(r.Project, r.Currency, r.On)
		}
		if err == nil && r.Introducer != "" {
			err = b.checkMember("introducer", r.Introducer, r.On)
		}
		if t := r.transaction(); err == nil && !b.money.has(r.ID) { // what is recorded is compared by the journal
			err = moves.check(&t)
			if err == nil && r.Fulfils != uuid.Nil {
				err = b.checkFulfils(r.Fulfils, Invoice, r.Project, Quantity{r.Amount, r.Currency}, moves)
			}
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
	moves := b.moves()
	for i, e := range expenses {
		err := e.check()
		if err == nil {
			err = b.checkCash(e.Project, e.Currency, e.On)
		}
		if t := e.transaction(); err == nil && !b.money.has(e.ID) {
			err = moves.check(&t)
			if err == nil && e.Fulfils != uuid.Nil {
				err = b.checkFulfils(e.Fulfils, Order, e.Project, Quantity{e.Amount, e.Currency}, moves)
			}
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

func (r *Receipt) transaction() Transaction {
	return Transaction{
		ID: r.ID, On: r.On, Project: r.Project, Party: r.Introducer, Label: r.Payer, Reference: r.Reference, Note: r.Note, Fulfils: r.Fulfils,
		Postings: []Posting{{Cash, r.Amount, r.Currency}, {ProjectAccount(r.Project), r.Amount.Neg(), r.Currency}},
	}
}

func (e *Expense) transaction() Transaction {
	account := FundAccount(e.Fund)
	if e.Project != "" {
		account = ProjectAccount(e.Project)
	}
	return Transaction{
		ID: e.ID, On: e.On, Project: e.Project, Label: e.Payee, Reference: e.Reference, Note: e.Note, Fulfils: e.Fulfils,
		Postings: []Posting{{account, e.Amount, e.Currency}, {Cash, e.Amount.Neg(), e.Currency}},
	}
}

// Receipts iterates over the receipts of the project and period that the filter selects (party, kind and account are not looked at), in
// the order in which they were recorded.
func (b *Books) Receipts(f Filter) iter.Seq[Receipt] {
	return func(yield func(Receipt) bool) {
		for _, t := range b.Transactions(f.money(KindReceipt)) {
			p := t.Postings[0]
			r := Receipt{
				ID: t.ID, Project: t.Project, Amount: p.Amount, Currency: p.Currency, On: t.On,
				Payer: t.Label, Reference: t.Reference, Introducer: t.Party, Note: t.Note, Fulfils: t.Fulfils,
			}
			if !yield(r) {
				return
			}
		}
	}
}

// Expenses iterates over the expenses of the project and period that the filter selects (party, kind and account are not looked at), in the
// order in which they were recorded. Those of funds are among them unless the filter names a project.
func (b *Books) Expenses(f Filter) iter.Seq[Expense] {
	return func(yield func(Expense) bool) {
		for _, t := range b.Transactions(f.money(KindExpense)) {
			p := t.Postings[0]
			e := Expense{
				ID: t.ID, Project: t.Project, Fund: p.Account.Fund(), Amount: p.Amount, Currency: p.Currency, On: t.On,
				Payee: t.Label, Reference: t.Reference, Note: t.Note, Fulfils: t.Fulfils,
			}
			if !yield(e) {
				return
			}
		}
	}
}

// money returns the filter for the transactions of a kind of record.
func (f Filter) money(kind string) Filter {
	f.Kind, f.Party, f.Account = kind, "", ""
	return f
}
