package ledger

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
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
	KindCompletion   = "ledger.completion"   // payload: Completion
	KindCorrection   = "ledger.correction"   // payload: Correction
	KindClosing      = "ledger.closing"      // payload: Closing
	KindReopening    = "ledger.reopening"    // payload: Reopening
	KindFlow         = "ledger.flow"         // payload: Flow
	KindCommitment   = "ledger.commitment"   // payload: Commitment
	KindCancellation = "ledger.cancellation" // payload: Cancellation
	KindCall         = "ledger.call"         // payload: Call
	KindGrant        = "ledger.grant"        // payload: Grant
	KindRefund       = "ledger.refund"       // payload: Refund
	KindAllocation   = "ledger.allocation"   // payload: Allocation
	KindPlan         = "ledger.plan"         // payload: Plan
	KindCapacity     = "ledger.capacity"     // payload: Capacity
	KindFinding      = "ledger.finding"      // payload: Finding
	KindContingency  = "ledger.contingency"  // payload: Contingency
)

const schema = 1

// Books are what follows from the records of a journal about contributions and money: a fold without clock, randomness
// or I/O (a journal.View). Make them with [NewBooks].
//
// Books that a journal keeps up to date (see [Ledger]) are read only inside [Ledger.Read] or inside a decision given to
// journal.Journal.Update, where they stand still. Their methods take no lock; what they return belongs to
// the caller.
type Books struct {
	community *codesocial.State `freeze:"-"`

	given         given
	validations   []validation
	distributions []*reviewed
	money         money
	pending       map[uuid.UUID]*pendingEntry
	pendingOrder  []*pendingEntry
	completed     map[uuid.UUID]bool // ids of completions
	reserved      map[balanceKey]reserve
	periods       periods
	flows         flows
	commitments   commitments
	funds         funds
	allocations   []*Allocation
	steering      steering
	splits        map[string][]*Split // by project
	names         names

	audit *rulesByDay `freeze:"-"` // when set, every record is checked against members and rules again as it is applied
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
		given: newGiven(), money: newMoney(), names: newNames(),
		pending: make(map[uuid.UUID]*pendingEntry), completed: make(map[uuid.UUID]bool), reserved: make(map[balanceKey]reserve),
		flows: newFlows(), commitments: newCommitments(), steering: newSteering(), splits: make(map[string][]*Split),
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
	read, ok := decoders[r.Kind]
	if !ok {
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
	v := read(r)
	if err := r.Unmarshal(v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	return v, nil
}

// payload is what a record of this package holds. Its check looks at the payload alone.
type payload interface{ check() error }

// decoders says for each kind of record what its payload is read into.
var decoders = map[string]func(r *journal.Record) payload{
	KindContribution: func(r *journal.Record) payload { return &Contribution{ID: r.ID, DeclaredBy: r.Author} },
	KindValidation:   func(r *journal.Record) payload { return &Validation{ID: r.ID, By: r.Author} },
	KindReceipt:      func(r *journal.Record) payload { return &Receipt{ID: r.ID} },
	KindExpense:      func(r *journal.Record) payload { return &Expense{ID: r.ID} },
	KindDistribution: func(r *journal.Record) payload { return &Distribution{ID: r.ID} },
	KindObjection:    func(r *journal.Record) payload { return &Objection{ID: r.ID, By: r.Author} },
	KindSettlement:   func(r *journal.Record) payload { return &Settlement{ID: r.ID, By: r.Author} },
	KindApproval:     func(r *journal.Record) payload { return &Approval{ID: r.ID, By: r.Author} },
	KindPayment:      func(r *journal.Record) payload { return &Payment{ID: r.ID} },
	KindTransaction:  func(r *journal.Record) payload { return &Transaction{ID: r.ID, By: r.Author} },
	KindCompletion:   func(r *journal.Record) payload { return &Completion{ID: r.ID, By: r.Author} },
	KindCorrection:   func(r *journal.Record) payload { return &Correction{ID: r.ID, By: r.Author} },
	KindClosing:      func(r *journal.Record) payload { return &Closing{ID: r.ID, By: r.Author} },
	KindReopening:    func(r *journal.Record) payload { return &Reopening{ID: r.ID, By: r.Author} },
	KindFlow:         func(r *journal.Record) payload { return &Flow{ID: r.ID, By: r.Author} },
	KindCommitment:   func(r *journal.Record) payload { return &Commitment{ID: r.ID, By: r.Author} },
	KindCancellation: func(r *journal.Record) payload { return &Cancellation{ID: r.ID, By: r.Author} },
	KindCall:         func(r *journal.Record) payload { return &Call{ID: r.ID, By: r.Author} },
	KindGrant:        func(r *journal.Record) payload { return &Grant{ID: r.ID, By: r.Author} },
	KindRefund:       func(r *journal.Record) payload { return &Refund{ID: r.ID, By: r.Author} },
	KindAllocation:   func(r *journal.Record) payload { return &Allocation{ID: r.ID} },
	KindPlan:         func(r *journal.Record) payload { return &Plan{ID: r.ID, By: r.Author} },
	KindCapacity:     func(r *journal.Record) payload { return &Capacity{ID: r.ID, Party: r.Author} },
	KindFinding:      func(r *journal.Record) payload { return &Finding{ID: r.ID, By: r.Author} },
	KindSplit:        decodeSplit,
	KindContingency:  func(r *journal.Record) payload { return &Contingency{ID: r.ID, By: r.Author} },
}

// Apply implements journal.View. It refuses what contradicts the records before it: a validation of something that is
// not recorded, or by its contributor; a distribution that does not balance or comes twice.
func (b *Books) Apply(r *journal.Record, v any) error {
	if err := b.apply(r, v); err != nil {
		return fmt.Errorf("ledger: %s %s: %w", r.Kind, r.ID, err)
	}
	b.remember(r)
	return nil
}

func (b *Books) apply(r *journal.Record, v any) error {
	if r.Position >= math.MaxUint32 {
		return badly(ErrLimit, "position", "is %d: the books hold at most %d records", r.Position, uint32(math.MaxUint32))
	}
	if b.audit != nil {
		if err := b.checkAgain(r, v); err != nil {
			return err
		}
	}
	switch v := v.(type) {
	case *Contribution:
		b.applyContribution(r, v)
	case erased:
		b.given.add(contribution{id: r.ID, position: uint32(r.Position), last: -1, erased: true}, fixed{})
	case *Validation:
		return b.applyValidation(r, v)
	case *Receipt:
		b.post(r, v.transaction())
	case *Expense:
		b.post(r, v.transaction())
	case *Transaction:
		if v.Pending {
			b.applyPending(r, v)
		} else {
			b.post(r, *v)
		}
	case *Completion:
		return b.applyCompletion(r, v)
	case *Correction:
		return b.applyCorrection(r, v)
	case *Closing:
		return b.applyClosing(v)
	case *Reopening:
		return b.applyReopening(v)
	case *Flow:
		return b.applyFlow(r, v)
	case *Commitment:
		b.applyCommitment(r, v)
	case *Cancellation:
		return b.applyCancellation(r, v)
	case *Call:
		b.funds.calls = append(b.funds.calls, &call{Call: *v, token: tokenOf(r.Position)})
	case *Grant:
		return b.applyGrant(r, v)
	case *Refund:
		return b.applyRefund(r, v)
	case *Allocation:
		return b.applyAllocation(r, v)
	case *Split:
		b.splits[v.Project] = append(b.splits[v.Project], v)
	case *Plan, *Capacity, *Finding, *Contingency:
		return b.applySteering(r, v)
	case *Distribution:
		return b.applyDistribution(r, v)
	case *Objection:
		return b.applyObjection(r, v)
	case *Settlement:
		return b.applySettlement(r, v)
	case *Approval:
		return b.applyApproval(r, v)
	case *Payment:
		return b.applyPayment(r, v)
	default:
		return badly(ErrInvalid, "decoded value", "is a %T", v)
	}
	return nil
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

// days returns the numbers of the first and the last day.
func (f *Filter) days() (from, to int32) {
	from, to = math.MinInt32, math.MaxInt32
	if !f.From.IsZero() {
		from = dayNumber(f.From)
	}
	if !f.To.IsZero() {
		to = dayNumber(f.To)
	}
	return from, to
}

func (f *Filter) day(d codesocial.Date) bool {
	return !d.Before(f.From) && (f.To.IsZero() || !d.After(f.To))
}

// Validations iterates over the validations, in the order in which they were recorded.
func (b *Books) Validations() iter.Seq[Validation] {
	return func(yield func(Validation) bool) {
		for _, held := range b.validations {
			v := held.Validation
			for _, place := range held.places {
				v.Contributions = append(v.Contributions, b.given.all[place].id)
			}
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
	return b.DistributionHistoryAt(project, At{})
}

// DistributionHistoryAt is [Books.DistributionHistory] at a time, see [Books.DistributionAt].
func (b *Books) DistributionHistoryAt(project string, at At) iter.Seq[DistributionEntry] {
	return func(yield func(DistributionEntry) bool) {
		for _, d := range b.distributions {
			if (project == "" || project == d.Project) && at.sees(d.token, d.On) && !yield(d.entry(at)) {
				return
			}
		}
	}
}

// Projects returns the IRIs of all projects that contributions or money were recorded for, sorted.
func (b *Books) Projects() []string {
	set := make(map[string]bool)
	for project := range b.given.byProject {
		set[b.names.of(project)] = true
	}
	for project := range b.money.byProject {
		set[b.names.of(project)] = true
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// Keeps implements journal.Keeper. What this package records is needed for the books of others: parties stand there by their IRIs only, and
// their names can be erased where they are registered. So write nothing about persons into notes and evidence.
func (b *Books) Keeps(r *journal.Record) error {
	if strings.HasPrefix(r.Kind, "ledger.") || r.Kind == KindSplit {
		return badly(ErrState, "kind", "the books of others rest on a %s", r.Kind)
	}
	return nil
}
