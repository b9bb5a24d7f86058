// Package ledger keeps the shared books of organisations that work together: who gave what to which project, what came in
// and went out in money, and how what was earned together is shared.
//
// Open the books of a community with [Open]. [Ledger.Declare] says that somebody gave something, [Ledger.Validate] confirms
// it; only what somebody else has confirmed counts. [Ledger.Receive] and [Ledger.Spend] record money that really moved,
// excluding VAT. [Ledger.Distribute] shares what a project earned in a period as the charter says, and records the
// whole working with it. What is recorded is asked of [Books]: totals, balances, wealth matrices, distributions.
//
// All rules come from the social code (package codesocial): the kinds of wealth and their units ("dividend.wealth"), who
// validates ("ledger.validation"), who records money ("ledger.bookkeeping"), what counts for how much ("dividend.weights") and where the money goes, line by line
// ("dividend.waterfall"). The arithmetic is that of package dividend. What is distributed names clause and version.
//
// # Common tasks
//
// Each of these has an example that runs:
//
//   - [Ledger.Validate]: declare what somebody gave, and have another member validate it
//   - [Books.Totals]: say who gave what to which project, in a month or a year
//   - [Ledger.Distribute]: share what came in, with what was given (the example of the package)
//   - [Ledger.Pay]: pay what is owed, and see what still is
//   - [Ledger.Commit]: invoice, and see what is left to collect
//   - [Ledger.Post]: record any other movement of money, such as an opening balance
//   - [Ledger.Correct]: put right what was recorded, and see the balance before and after
//   - [Ledger.Close]: close a period
//   - [Books.Report]: say how a project stands, for a meeting
//   - [Books.Transactions]: go through the books page by page
//
// Others stand at [Ledger.Flow] and in the packages below: timesheets and statements of the bank are read by package intake; package handover writes the files for the accountant,
// and to each person what she gave and received.
//
// # The life of a contribution
//
// A contribution is declared; others confirm, validate or contest it, as the rule "ledger.validation" says, see [ValidationRule]; a distribution
// counts it. Nothing is ever edited: a [Correction] names what it corrects and carries the difference, and what it
// leaves is validated afresh.
//
//	declared   confirm   → confirmed  by another member
//	declared   endorse   → confirmed  by another member
//	declared   validate  → validated  by another member
//	declared   contest   → contested  by a member
//	declared   correct   → declared   by contributor, declarant or who validates
//	declared   void      → voided     by contributor, declarant or who validates
//	confirmed  confirm   → confirmed  by another member
//	confirmed  endorse   → confirmed  by another member
//	confirmed  validate  → validated  by another member
//	confirmed  contest   → contested  by a member
//	confirmed  correct   → declared   by contributor, declarant or who validates
//	confirmed  void      → voided     by contributor, declarant or who validates
//	contested  contest   → contested  by a member
//	contested  settle    → declared   by objector, or others who overrule
//	contested  correct   → declared   by contributor, declarant or who validates
//	contested  void      → voided     by contributor, declarant or who validates
//	validated  confirm   → validated  by another member
//	validated  endorse   → validated  by another member
//	validated  validate  → validated  by another member
//	validated  contest   → contested  by a member
//	validated  correct   → declared   by contributor, declarant or who validates
//	validated  void      → voided     by contributor, declarant or who validates
//	validated  count     → counted    by the distribution
//	counted    confirm   → counted    by another member
//	counted    endorse   → counted    by another member
//	counted    validate  → counted    by another member
//	counted    correct   → declared   by contributor, declarant or who validates
//	counted    void      → voided     by contributor, declarant or who validates
//	counted    count     → counted    by the distribution
//
// # Money
//
// Every movement of money is a [Transaction] between accounts of parties, projects and funds and the [Cash] that is held; its postings add up to
// zero in each currency. The rule "ledger.accounts" ([AccountsRule]) brings currencies of the community's own, and limits on accounts: the
// overdraft of the bank, or the two sides of a mutual credit; the rule "ledger.bookkeeping" ([BookkeepingRule]) says who records money. A transaction may be pending, and reserves then what it would move:
//
//	pending  post a part → pending
//	pending  post        → completed
//	pending  void        → voided
//
// # Time
//
// What happened and when it was recorded are two times: [At] asks for a balance, a report, a resource, a commitment, a grant, a distribution or what is pending as of a day, as known at a [Token], or
// both. What was known then never changes. [Ledger.Close] closes a period; only a recorded decision of the community opens it again ([Ledger.Reopen]).
// What names a project is dated within its days, as its [Plan] has them; what follows up on that may come later.
//
// # Review of a distribution
//
// Where the charter has a rule "ledger.distribution", a distribution is first proposed. While its window is open any member can
// contest it; when it is over and no objection is open, members approve it, or a recorded decision of the community adopts it, and the last approval
// that is needed posts it.
// [Ledger.Pay] then pays what is owed. A correction takes the place of the last distribution of a project:
//
//	proposed   object   → contested
//	contested  object   → contested
//	contested  settle   → proposed
//	proposed   approve  → posted
//	proposed   correct  → superseded
//	contested  correct  → superseded
//	posted     correct  → superseded
//
// # Claims
//
// What a project owes a party is a [Commitment] of the kind [Claim]: once, until it is paid, or lasting. Somebody else than that party stands for it, a member who validates
// contributions to the project; and it is its creditor who gives it up, or the community by a decision, see [Cancellation]. A line of the waterfall can go to the claims on a project, or to
// one of them ([AllClaims]): what the run pays is taken off them when it is posted, and given back when a correction takes its place. When the claims are more than the line has,
// its policy (dividend.OverClaim) says what becomes of the rest.
//
// # Exactness
//
// Quantities and amounts are decimals. Amounts have the decimal places of their currency ([Decimals]); an amount that is finer
// is refused, not rounded. Quantities of different units, and amounts of different currencies, are never added. Every
// posting balances, so all balances together are zero.
//
// # Consistency
//
// The books are a fold of the journal: [Audit] folds it afresh, makes every check again, and computes every distribution
// again from the records before it. Ids make recording idempotent: the same id with the same content is recorded once.
// Days are civil days in the time zone of the charter. A period is distributed once; what is recorded later for it takes a
// correction.
//
// [Open] begins with the snapshot of the books that the last journal.Journal.SaveSnapshot has kept, if the journal has any, and reads what was recorded since. See package codesocial.
//
// # Errors
//
// Every error names the record, the field and the value, and wraps [ErrInvalid], [ErrUnknown], [ErrUnit], [ErrOwnWork],
// [ErrUnbalanced], [ErrDistributed], [ErrState], [ErrOverpaid], [ErrReversed], [ErrClosed], [ErrLimit], [ErrUndecided] or [ErrArithmetic], or an error of codesocial, dividend or journal. Where a rule of the charter
// refused, it is a *codesocial.RuleError with the clause. After an error nothing has been recorded.
//
// # Concurrency
//
// A [Ledger] may be used by several goroutines at once. [Books] stand still only inside [Ledger.Read].
package ledger
