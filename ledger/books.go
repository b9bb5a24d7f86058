package ledger

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// The kinds of records that this package writes, all with schema 1.
const (
	KindContribution = "ledger.contribution" // payload: Contribution
	KindValidation   = "ledger.validation"   // payload: Validation
	KindReceipt      = "ledger.receipt"      // payload: Receipt
	KindExpense      = "ledger.expense"      // payload: Expense
	KindDistribution = "ledger.distribution" // payload: Distribution
	KindObjection    = "ledger.objection"    // payload: Objection
	KindSettlement   = "ledger.settlement"   // payload: Settlement
	KindApproval     = "ledger.approval"     // payload: Approval
	KindPayment      = "ledger.payment"      // payload: Payment
	KindTransaction  = "ledger.transaction"  // payload: Transaction
)

const schema = 1

// Books are what follows from the records of a journal about contributions and money: a fold without clock, randomness
// or I/O (a journal.View). Make them with [NewBooks].
//
// Books that a journal keeps up to date (see [Ledger]) are read only inside [Ledger.Read] or inside a decision given to
// journal.Journal.Update, where they stand still. Their methods take no lock; what they return belongs to
// the caller.
type Books struct {
	community *codesocial.State

	contributions []contribution
	index         map[uuid.UUID]int // id of a contribution to its place; -1 when it has been erased
	validations   []Validation
	distributions []*reviewed
	money         money
	names         names

	audit *rulesByDay // when set, every record is checked against members and rules again as it is applied
}

type contribution struct {
	id                                    uuid.UUID
	party, declarant, project, kind, unit string
	value                                 decimal.Decimal
	on                                    codesocial.Date
	evidence, note                        string
	validators                            []string
	required                              int
	status                                Status
}

// NewBooks returns empty books for the community whose state is given; its members and rules are asked when something is
// to be recorded.
func NewBooks(community *codesocial.State) *Books {
	b := &Books{community: community}
	b.Reset()
	return b
}

// Reset implements journal.View.
func (b *Books) Reset() {
	*b = Books{
		community: b.community, audit: b.audit,
		index: make(map[uuid.UUID]int), money: newMoney(), names: newNames(),
	}
}

// erased stands for a contribution whose payload is gone.
type erased struct{}

// Decode implements journal.View.
func (b *Books) Decode(r *journal.Record) (any, error) {
	v, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("ledger: %s %s: %w", r.Kind, r.ID, err)
	}
	return v, nil
}

func decode(r *journal.Record) (any, error) {
	switch r.Kind {
	case KindContribution, KindValidation, KindReceipt, KindExpense, KindDistribution, KindObjection, KindSettlement, KindApproval, KindPayment, KindTransaction:
	default:
		return nil, nil
	}
	if r.Schema != schema {
		return nil, bad(ErrInvalid, "schema", fmt.Sprint(r.Schema), "this version of the library knows schema %d", schema)
	}
	if r.Erased() {
		if r.Kind == KindContribution {
			return erased{}, nil
		}
		return nil, nil
	}
	switch r.Kind {
	case KindContribution:
		c := &Contribution{ID: r.ID, DeclaredBy: r.Author}
		return check(r, c, c.check)
	case KindValidation:
		v := &Validation{ID: r.ID, By: r.Author}
		return check(r, v, v.check)
	case KindReceipt:
		v := &Receipt{ID: r.ID}
		return check(r, v, v.check)
	case KindExpense:
		v := &Expense{ID: r.ID}
		return check(r, v, v.check)
	case KindObjection:
		v := &Objection{ID: r.ID, By: r.Author}
		return check(r, v, v.check)
	case KindSettlement:
		v := &Settlement{ID: r.ID, By: r.Author}
		return check(r, v, v.check)
	case KindApproval:
		v := &Approval{ID: r.ID, By: r.Author}
		return check(r, v, v.check)
	case KindPayment:
		v := &Payment{ID: r.ID}
		return check(r, v, v.check)
	case KindTransaction:
		v := &Transaction{ID: r.ID, By: r.Author}
		return check(r, v, v.check)
	}
	d := &Distribution{ID: r.ID}
	return check(r, d, d.check)
}

func check(r *journal.Record, v any, ok func() error) (any, error) {
	if err := r.Unmarshal(v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := ok(); err != nil {
		return nil, err
	}
	return v, nil
}

// Apply implements journal.View. It refuses what contradicts the records before it: a validation of something that is
// not recorded, or by its contributor; a distribution that does not balance or comes twice.
func (b *Books) Apply(r *journal.Record, v any) error {
	if err := b.apply(r, v); err != nil {
		return fmt.Errorf("ledger: %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

func (b *Books) apply(r *journal.Record, v any) error {
	if b.audit != nil {
		if err := b.checkAgain(v); err != nil {
			return err
		}
	}
	switch v := v.(type) {
	case *Contribution:
		b.index[v.ID] = len(b.contributions)
		b.contributions = append(b.contributions, contribution{
			id: v.ID, party: b.intern(v.Party), declarant: b.intern(v.DeclaredBy), project: b.intern(v.Project), kind: b.intern(v.Kind),
			unit: b.intern(v.Quantity.Unit), value: v.Quantity.Value, on: v.On, evidence: v.Evidence, note: v.Note,
		})
	case erased:
		b.index[r.ID] = -1
	case *Validation:
		return b.applyValidation(v)
	case *Receipt:
		b.post(r, v.transaction())
	case *Expense:
		b.post(r, v.transaction())
	case *Transaction:
		b.post(r, *v)
	case *Distribution:
		return b.applyDistribution(r, v)
	case *Objection:
		return b.applyObjection(v)
	case *Settlement:
		return b.applySettlement(v)
	case *Approval:
		return b.applyApproval(r, v)
	case *Payment:
		return b.applyPayment(r, v)
	default:
		return badly(ErrInvalid, "decoded value", "is a %T", v)
	}
	return nil
}

func (b *Books) applyValidation(v *Validation) error {
	for _, id := range v.Contributions { // everything is checked before anything changes
		i, ok := b.index[id]
		if !ok {
			return bad(ErrUnknown, "contribution", id.String(), "is not recorded before its validation")
		}
		if i >= 0 && (b.contributions[i].party == v.By || b.contributions[i].declarant == v.By) {
			return bad(ErrOwnWork, "contribution", id.String(), "%s gave or declared it", v.By)
		}
	}
	b.validations = append(b.validations, *v)
	by := b.intern(v.By)
	for _, id := range v.Contributions {
		i := b.index[id]
		if i < 0 || b.validatedBy(i, by) {
			continue
		}
		c := &b.contributions[i]
		c.validators = append(c.validators, by)
		c.required = max(v.Required, 1)
		if len(c.validators) >= c.required {
			c.status = Validated
		}
	}
	return nil
}

func (b *Books) validatedBy(i int, by string) bool {
	return i >= 0 && slices.Contains(b.contributions[i].validators, by)
}

// intern returns the string that is held for s, so that equal ones share memory.
func (b *Books) intern(s string) string { return b.names.of(b.names.number(s)) }

// An Entry is a contribution as the books hold it.
type Entry struct {
	Contribution
	Status Status
	// Validators are the IRIs of those who validated it, in the order in which they did.
	Validators []string
}

// Contribution returns the contribution with that id; false if there is none, or if it was erased.
func (b *Books) Contribution(id uuid.UUID) (Entry, bool) {
	i, ok := b.index[id]
	if !ok || i < 0 {
		return Entry{}, false
	}
	return b.contributions[i].entry(), true
}

func (c *contribution) entry() Entry {
	return Entry{
		Contribution: Contribution{
			ID: c.id, DeclaredBy: c.declarant, Party: c.party, Project: c.project, Kind: c.kind,
			Quantity: Quantity{c.value, c.unit}, On: c.on, Evidence: c.evidence, Note: c.note,
		},
		Status: c.status, Validators: slices.Clone(c.validators),
	}
}

// A Filter selects records. The zero Filter selects all of them; each field that is set narrows it.
type Filter struct {
	Party   string          // IRI of the contributor, or of the party that a transaction concerns
	Project string          // IRI
	Kind    string          // kind of wealth of a contribution; kind of the record of a transaction, such as [KindReceipt]
	From    codesocial.Date // first day
	To      codesocial.Date // last day
	Account Account         // of transactions
	After   Token           // a page begins after it
	Known   Token           // what was recorded later is left out; zero: nothing is
}

func (f *Filter) day(d codesocial.Date) bool {
	return !d.Before(f.From) && (f.To.IsZero() || !d.After(f.To))
}

func (f *Filter) selects(c *contribution) bool {
	return (f.Party == "" || f.Party == c.party) && (f.Project == "" || f.Project == c.project) &&
		(f.Kind == "" || f.Kind == c.kind) && f.day(c.on)
}

// Contributions iterates over the contributions that the filter selects, in the order in which they were declared.
func (b *Books) Contributions(f Filter) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for i := range b.contributions {
			if c := &b.contributions[i]; f.selects(c) && !yield(c.entry()) {
				return
			}
		}
	}
}

// Validations iterates over the validations, in the order in which they were recorded.
func (b *Books) Validations() iter.Seq[Validation] {
	return func(yield func(Validation) bool) {
		for _, v := range b.validations {
			v.Contributions = slices.Clone(v.Contributions)
			if !yield(v) {
				return
			}
		}
	}
}

// Distributions iterates over the distributions of a project ("" for all) that count: those that no correction has taken the
// place of, in the order in which they were recorded. Not all of them need to be posted, see [Books.Distribution].
func (b *Books) Distributions(project string) iter.Seq[Distribution] {
	return func(yield func(Distribution) bool) {
		for d := range b.DistributionHistory(project) {
			if d.Status != Superseded && !yield(d.Distribution) {
				return
			}
		}
	}
}

// DistributionHistory iterates over all distributions of a project ("" for all), those that were corrected too, in the order
// in which they were recorded.
func (b *Books) DistributionHistory(project string) iter.Seq[DistributionEntry] {
	return func(yield func(DistributionEntry) bool) {
		for _, d := range b.distributions {
			if (project == "" || project == d.Project) && !yield(d.entry()) {
				return
			}
		}
	}
}

// Projects returns the IRIs of all projects that contributions or money were recorded for, sorted.
func (b *Books) Projects() []string {
	set := make(map[string]bool)
	for i := range b.contributions {
		set[b.contributions[i].project] = true
	}
	for project := range b.money.byProject {
		set[b.names.of(project)] = true
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// Matrix returns the wealth matrix of the contributions that the filter selects: the parties give, the projects receive.
// What is only declared and what is validated are kept apart in it, and never added. Its columns are the kinds of
// wealth given. A contribution of a kind that is not among them is an error of package dividend.
func (b *Books) Matrix(f Filter, wealth dividend.Wealth) (*dividend.Matrix, error) {
	m, err := dividend.NewMatrix(wealth)
	if err != nil {
		return nil, err
	}
	for i := range b.contributions {
		c := &b.contributions[i]
		if !f.selects(c) {
			continue
		}
		flow := dividend.Flow{From: c.party, To: c.project, Kind: c.kind, Quantity: c.value, Unit: c.unit, Confirmed: c.status == Validated, Day: c.on.String()}
		if c.evidence != "" {
			flow.Evidence = 1
		}
		if err := m.Add(flow); err != nil {
			return nil, fmt.Errorf("ledger: contribution %s: %w", c.id, err)
		}
	}
	return m, nil
}

// Keeps implements journal.Keeper. What this package records is needed for the books of others: parties stand there by their IRIs only, and
// their names can be erased where they are registered. So write nothing about persons into notes and evidence.
func (b *Books) Keeps(r *journal.Record) error {
	if strings.HasPrefix(r.Kind, "ledger.") {
		return badly(ErrState, "kind", "the books of others rest on a %s", r.Kind)
	}
	return nil
}
