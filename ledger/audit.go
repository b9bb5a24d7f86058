package ledger

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// An AuditReport says what [Audit] found.
type AuditReport struct {
	Records       uint64 // records read
	Contributions int
	Validated     int // contributions that count
	Receipts      int
	Expenses      int
	Distributions int                        // each was computed again, with the same result to the last byte
	Shared        map[string]decimal.Decimal // by currency: what the posted distributions gave to parties and funds
}

// Audit folds the journal afresh, record by record, into a community and its books, with every check that was made when it was
// recorded that can be made from the records alone, and computes every distribution again from the records before it. It
// stops at the first record that does not hold; the error then names it, and wraps [ErrArithmetic] for a distribution.
func Audit(ctx context.Context, j *journal.Journal) (*AuditReport, error) {
	state := new(codesocial.State)
	books := NewBooks(state)
	books.audit = &rulesByDay{state: state}
	report := &AuditReport{Shared: make(map[string]decimal.Decimal)}
	for r, err := range j.Records(ctx, 0) {
		if err != nil {
			return nil, err
		}
		for _, view := range []journal.View{state, books} {
			v, err := view.Decode(&r)
			if err == nil && v != nil {
				err = view.Apply(&r, v)
			}
			if err != nil {
				return nil, fmt.Errorf("ledger: audit: record %d: %w", r.Position, err)
			}
		}
		report.Records++
	}
	report.Distributions = len(books.distributions)
	report.Receipts, report.Expenses = books.money.count(books.names.find(KindReceipt)), books.money.count(books.names.find(KindExpense))
	for _, s := range books.selects(Filter{}) {
		report.Contributions++
		if s.status.Counts() {
			report.Validated++
		}
	}
	for _, d := range books.distributions {
		if !d.is(Posted) {
			continue
		}
		c := d.Statement.Currency
		report.Shared[c] = report.Shared[c].Add(d.Statement.Distributed).Add(d.Statement.Reserved)
	}
	return report, nil
}

// checkAgain makes the checks that a decision made before it let the value be recorded.
func (b *Books) checkAgain(r *journal.Record, v any) error {
	switch v := v.(type) {
	case *Contribution:
		return cmp.Or(b.checkOpen("on", v.On), b.checkWithin("on", v.Project, v.On, false), b.checkContribution(v, b.audit))
	case *Validation:
		again := *v
		if _, err := b.ruleValidation(&again); err != nil {
			return err
		}
		if v.Clause != again.Clause || v.Required != again.Required || v.Confirms != again.Confirms {
			return bad(ErrInvalid, "clause", v.Clause.String(), "%s asks for %d validators", again.Clause, again.Required)
		}
		return nil
	case *Receipt:
		if v.Introducer != "" {
			if err := b.checkMember("introducer", v.Introducer, v.On); err != nil {
				return err
			}
		}
		t := v.transaction()
		return cmp.Or(b.checkBookkeeper(r.Author, v.On, nil), b.checkCash(v.Project, v.Currency, v.On), b.moves().check(&t))
	case *Expense:
		t := v.transaction()
		return cmp.Or(b.checkBookkeeper(r.Author, v.On, nil), b.checkCash(v.Project, v.Currency, v.On), b.moves().check(&t))
	case *Transaction:
		return b.checkTransaction(v, b.moves())
	case *Distribution:
		return cmp.Or(b.checkBookkeeper(r.Author, v.On, nil), b.checkArithmetic(v))
	case *Objection:
		if again := *v; v.Contribution != uuid.Nil {
			if err := b.ruleObjection(&again); err != nil {
				return err
			}
			if again != *v {
				return bad(ErrInvalid, "clause", v.Clause.String(), "it was contested under %s", again.Clause)
			}
		}
		return b.checkMember("by", v.By, v.On)
	case *Completion:
		return b.checkCompletion(v, b.moves())
	case *Correction:
		again := *v
		if err := b.ruleCorrection(&again, b.moves()); err != nil {
			return err
		}
		if again.Clause != v.Clause {
			return bad(ErrInvalid, "clause", v.Clause.String(), "it was corrected under %s", again.Clause)
		}
		return nil
	case *Closing:
		return b.checkMember("by", v.By, v.On)
	case *Flow:
		return b.checkFlow(v)
	case *Commitment:
		return b.checkCommitment(v, b.audit, b.moves())
	case *Cancellation:
		return cmp.Or(b.checkMember("by", v.By, v.On), b.checkOpen("on", v.On), b.checkGivesUp(v))
	case *Call:
		return b.checkMember("by", v.By, v.On)
	case *Grant:
		t := v.transaction()
		return cmp.Or(b.checkMember("by", v.By, v.On), b.checkBookkeeper(v.By, v.On, nil), b.checkMember("project", v.Project, v.On), b.moves().check(&t))
	case *Refund:
		return cmp.Or(b.checkMember("by", v.By, v.On), b.checkBookkeeper(v.By, v.On, nil))
	case *Allocation:
		return cmp.Or(b.checkBookkeeper(r.Author, v.On, nil), b.checkAllocation(v))
	case *Payment:
		return b.checkBookkeeper(r.Author, v.On, nil)
	case *Plan:
		return cmp.Or(b.checkSteering(v.By, v.Project, v.Currency, v.On), v.checkMilestones())
	case *Capacity:
		return b.checkMember("party", v.Party, v.On)
	case *Finding:
		return cmp.Or(b.checkSteering(v.By, v.Project, "", v.On), b.checkWithin("on", v.Project, v.On, v.Closes != uuid.Nil))
	case *Contingency:
		return cmp.Or(b.checkWithin("on", v.Project, v.On, v.Of != uuid.Nil), b.checkSteering(v.By, v.Project, v.Currency, v.On), b.checkMember("owner", v.Owner, v.On))
	case *Reopening:
		again := *v
		if err := b.ruleReopening(&again); err != nil {
			return err
		}
		if again.Decision != v.Decision {
			return bad(ErrUndecided, "decision", v.Decision.String(), "it was adopted by %s", again.Decision)
		}
		return b.checkMember("by", v.By, v.On)
	case *Settlement:
		return b.checkMember("by", v.By, v.On)
	case *Approval:
		return cmp.Or(b.checkMember("by", v.By, v.On), b.checkOpen("on", v.On))
	}
	return nil
}
