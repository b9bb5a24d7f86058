package ledger

import (
	"context"
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Ledger is a journal together with the [Books] that follow from it: the thin shell in which an organisation keeps its
// books. Every operation is recorded durably when it returns nil, and records nothing when it returns an error. Safe
// for concurrent use.
type Ledger struct {
	journal *journal.Journal
	books   *Books
}

// Open reads the history of the community's journal and returns its books. Give codesocial.Open the checks of [Checks], so that
// no version of the charter is adopted whose rules the ledger could not carry out.
func Open(ctx context.Context, community *codesocial.Community) (*Ledger, error) {
	l := &Ledger{journal: community.Journal(), books: NewBooks(community.State())}
	if err := l.journal.Attach(ctx, l.books); err != nil {
		return nil, fmt.Errorf("ledger: opening: %w", err)
	}
	return l, nil
}

// Books returns the books. They are read only inside [Ledger.Read], or inside a decision given to journal.Journal.Update on the
// same journal; anywhere else they may be changing.
func (l *Ledger) Books() *Books { return l.books }

// Read calls f with the books, which stand still meanwhile and hold only what is durable. f must not keep the books, nor
// call a method of Ledger or of the journal. The error is the journal's, when its store has failed and the state cannot be
// trusted; f is not called then.
func (l *Ledger) Read(f func(*Books)) error {
	return l.journal.Read(func() { f(l.books) })
}

// Declare records contributions, all or none, in one commit. Contributor, declarant and project must be members on the
// day, the kind one of the charter's in force then, and the quantity in its unit. Declaring again with the same ids and content records
// nothing; with other content it is journal.ErrIDReused. The errors wrap [ErrInvalid], [ErrUnknown], [ErrUnit],
// codesocial.ErrNotMember or codesocial.ErrNotInForce.
func (l *Ledger) Declare(ctx context.Context, contributions ...Contribution) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftContributions(contributions...) })
}

// Validate records that members confirm contributions, all or none, in one commit. A contribution counts from when as many members as the rule "ledger.validation"
// asks for have confirmed it; neither its contributor nor its declarant can. Clause and Required of a validation
// are set from the charter in force on its day. Validating again records nothing. The errors wrap
// [ErrInvalid], [ErrUnknown], [ErrOwnWork] or codesocial.ErrNotMember; where the rule refused it is a *codesocial.RuleError.
func (l *Ledger) Validate(ctx context.Context, validations ...Validation) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftValidations(validations...) })
}

// Receive records money that came in, all or none, in one commit: a debit of [Cash] and a credit of the project's account each.
// The errors are those of [Ledger.Declare].
func (l *Ledger) Receive(ctx context.Context, receipts ...Receipt) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftReceipts(receipts...) })
}

// Spend records money that went out, all or none, in one commit: a debit of the account of the project or fund and a credit of
// [Cash] each. The errors are those of [Ledger.Declare].
func (l *Ledger) Spend(ctx context.Context, expenses ...Expense) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftExpenses(expenses...) })
}

// Distribute shares what a project received in a period, as [Books.Compute] works it out, and records the computation. Where the charter has
// no rule "ledger.distribution", the postings that carry it into the accounts follow at once; otherwise members can contest
// it ([Ledger.Object]) while the window is open and approve it ([Ledger.Approve]) afterwards, and the last approval that
// is needed posts it. A run that was recorded before, on the same facts, is returned as it stands; when facts have come since, it is
// refused with [ErrDistributed] unless it names what it corrects. The errors are those of Compute.
//
// A run that names what it corrects takes its place; what has been posted is corrected by postings that carry the difference. It is
// refused when it rests on the same facts and rules.
func (l *Ledger) Distribute(ctx context.Context, run Run) (*Distribution, error) {
	var result *Distribution
	err := l.update(ctx, func() (drafts []journal.Draft, err error) {
		drafts, result, err = l.books.DraftDistribution(run)
		return drafts, err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// Object records that a member contests a distribution, on a day within its window, or a contribution. Neither goes on while an objection is
// open; a member has one open objection to the same thing at most. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState] or codesocial.ErrNotMember.
func (l *Ledger) Object(ctx context.Context, o Objection) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftObjection(o) })
}

// Settle records that the author of an objection withdraws it, or that another member overrules it. The errors are those of
// [Ledger.Object].
func (l *Ledger) Settle(ctx context.Context, s Settlement) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftSettlement(s) })
}

// Approve records that a member approves a distribution, on a day after its window. The last approval that the rule asks for
// posts it. Approving again records nothing. The errors are those of [Ledger.Object].
func (l *Ledger) Approve(ctx context.Context, a Approval) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftApproval(a) })
}

// Pay records payments to parties, all or none, in one commit: a debit of the party's account and a credit of [Cash] each. Nobody is
// paid more than is owed ([ErrOverpaid]).
func (l *Ledger) Pay(ctx context.Context, payments ...Payment) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftPayments(payments...) })
}

// Post records transactions, all or none, in one commit. Their accounts belong to registered parties and projects, to funds, or are [Cash]. The errors
// wrap [ErrInvalid], [ErrUnbalanced], [ErrUnknown], [ErrOwnWork] or codesocial.ErrNotInForce; where the rule "ledger.bookkeeping" refused, it is a *codesocial.RuleError.
func (l *Ledger) Post(ctx context.Context, transactions ...Transaction) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftTransactions(transactions...) })
}

// Complete posts pending transactions, or parts of them, or gives up what is left of them, all or none, in one commit. The errors are
// those of [Ledger.Post], and [ErrState] for a transaction that is not pending any more.
func (l *Ledger) Complete(ctx context.Context, completions ...Completion) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCompletions(completions...) })
}

// Correct records corrections, all or none, in one commit. To take all of something back, ask [Books.Reversal] for the correction. The errors wrap
// [ErrInvalid], [ErrUnknown], [ErrUnit], [ErrReversed], [ErrClosed] or [ErrState]; where a rule refused, it is a *codesocial.RuleError.
func (l *Ledger) Correct(ctx context.Context, corrections ...Correction) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCorrections(corrections...) })
}

// Close closes a period: nothing dated in it is recorded afterwards ([ErrClosed]).
func (l *Ledger) Close(ctx context.Context, c Closing) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftClosing(c) })
}

// Reopen opens closed days again. A recorded decision about the [MatterReopening] of its id must have adopted it ([ErrUndecided]).
func (l *Ledger) Reopen(ctx context.Context, o Reopening) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftReopening(o) })
}

// Flow records what happened to resources, all or none, in one commit. Providers must be members, receivers registered. The errors wrap [ErrInvalid],
// [ErrUnknown], [ErrReversed], [ErrClosed], codesocial.ErrNotMember, or an error of package flow, such as flow.ErrShort.
func (l *Ledger) Flow(ctx context.Context, list ...Flow) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftFlows(list...) })
}

// Commit records commitments, all or none, in one commit. The errors are those of [Ledger.Declare], and [ErrOverpaid] for invoices beyond
// their quote.
func (l *Ledger) Commit(ctx context.Context, list ...Commitment) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCommitments(list...) })
}

// Cancel records that what is left of commitments is given up, all or none, in one commit, by who may, see [Cancellation]. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState],
// [ErrClosed], codesocial.ErrNotMember, or [ErrUndecided] for the claim of another.
func (l *Ledger) Cancel(ctx context.Context, list ...Cancellation) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCancellations(list...) })
}

// Call records that projects can ask a fund for money.
func (l *Ledger) Call(ctx context.Context, c Call) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCall(c) })
}

// Grant moves money from a fund to a project. The error wraps [ErrOverpaid] beyond what the fund holds or the call leaves.
func (l *Ledger) Grant(ctx context.Context, g Grant) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftGrant(g) })
}

// Refund moves money of a grant back to the fund. The error wraps [ErrOverpaid] beyond what is left of the grant or the project has.
func (l *Ledger) Refund(ctx context.Context, f Refund) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftRefund(f) })
}

// Allocate charges the projects with what a fund spent from the first to the last day of a period, as [Books.Allocate] works it out, posted on the day
// given. A period that was allocated is returned as it stands. The errors are those of [Books.Allocate].
func (l *Ledger) Allocate(ctx context.Context, fund string, from, to, on codesocial.Date) (*Allocation, error) {
	var result *Allocation
	err := l.update(ctx, func() (drafts []journal.Draft, err error) {
		drafts, result, err = l.books.DraftAllocation(fund, from, to, on)
		return drafts, err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// Plan records what a project intends; the plan before is kept.
func (l *Ledger) Plan(ctx context.Context, p Plan) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftPlan(p) })
}

// Capacity records how much a member can work in a month.
func (l *Ledger) Capacity(ctx context.Context, c Capacity) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftCapacity(c) })
}

// Find records findings on the quality of work, all or none, in one commit.
func (l *Ledger) Find(ctx context.Context, list ...Finding) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftFindings(list...) })
}

// Watch records what could go wrong in a project, or what has become of it.
func (l *Ledger) Watch(ctx context.Context, c Contingency) error {
	return l.update(ctx, func() ([]journal.Draft, error) { return l.books.DraftContingency(c) })
}

func (l *Ledger) update(ctx context.Context, decide func() ([]journal.Draft, error)) error {
	_, err := l.journal.Update(ctx, decide)
	return err
}
