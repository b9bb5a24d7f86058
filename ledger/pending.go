package ledger

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// PendingStatus says how far a pending transaction has come.
type PendingStatus string

// The states of a pending transaction.
const (
	Pending   PendingStatus = "pending"   // its money is reserved: limits count it, balances do not
	Completed PendingStatus = "completed" // all of it is in the accounts
	Released  PendingStatus = "voided"    // what was not posted has been given up
)

// pendingEvent is what can happen to a pending transaction.
type pendingEvent string

const (
	pendingPart pendingEvent = "post a part" // something is left
	pendingPost pendingEvent = "post"        // the rest
	pendingVoid pendingEvent = "void"        // the rest is given up
)

// pendingTable says which event leads from which state to which. What is not here is refused: a transaction is resolved once.
var pendingTable = []struct {
	from  PendingStatus
	event pendingEvent
	to    PendingStatus
}{
	{Pending, pendingPart, Pending},
	{Pending, pendingPost, Completed},
	{Pending, pendingVoid, Released},
}

func (s PendingStatus) after(e pendingEvent) (PendingStatus, error) {
	for _, row := range pendingTable {
		if row.from == s && row.event == e {
			return row.to, nil
		}
	}
	return s, badly(ErrState, "transaction", "is %s: one cannot %s it", s, e)
}

// A Completion posts a pending transaction, or a part of it, or gives up what is left.
type Completion struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the party that records it, the author; empty: the organisation that keeps the books.
	By string `json:"-"`
	// Transaction is the id of the pending transaction.
	Transaction uuid.UUID `json:"transaction"`
	// On is the day, in the time zone of the charter, on which the money moved.
	On codesocial.Date `json:"on"`
	// Postings are the part that is posted: they balance, and none is more than what is left on its account. Empty: all that is left.
	Postings []Posting `json:"postings,omitempty"`
	// Void gives up what is left, and posts nothing.
	Void bool `json:"void,omitempty"`
	// Reference is that of the document. Optional.
	Reference string `json:"reference,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

func (c *Completion) check() error {
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if c.Void && len(c.Postings) > 0 {
		return badly(ErrInvalid, "postings", "nothing is posted of what is voided")
	}
	if err := checkText("reference", c.Reference, MaxNameBytes); err != nil {
		return err
	}
	if err := checkText("note", c.Note, MaxTextBytes); err != nil {
		return err
	}
	if len(c.Postings) == 0 {
		return nil
	}
	return checkPostings(c.Postings)
}

// A PendingEntry is a pending transaction as it stands at a time.
type PendingEntry struct {
	Transaction
	Status PendingStatus
	// Left is what is neither posted nor given up; empty when all is.
	Left []Posting
}

// pendingEntry is a pending transaction as it stands, and how it came to.
type pendingEntry struct {
	PendingEntry
	token Token
	parts []at[part]
}

// A part is what a completion has posted, or that it has given up the rest.
type part struct {
	on       codesocial.Date
	postings []Posting
	void     bool
}

// take takes a part from what is left; it returns the place in the part of a posting that is more than what is left of it, -1 if there is none.
func take(left, part []Posting) ([]Posting, int) {
	left = slices.Clone(left)
	for n, x := range part {
		i := slices.IndexFunc(left, func(l Posting) bool {
			return l.Account == x.Account && l.Currency == x.Currency && l.Amount.Sign() == x.Amount.Sign() && !l.Amount.Abs().LessThan(x.Amount.Abs())
		})
		if i < 0 {
			return left, n
		}
		if left[i].Amount = left[i].Amount.Sub(x.Amount); left[i].Amount.IsZero() {
			left = slices.Delete(left, i, i+1)
		}
	}
	return left, -1
}

// reserve is what pending transactions hold of an account.
type reserve struct{ debit, credit fixed }

func (b *Books) reserve(postings []Posting, release bool) {
	for _, p := range postings {
		amount, _ := fix(p.Amount)
		k := balanceKey{p.Account, p.Currency}
		r := b.reserved[k]
		side := &r.debit
		if amount.hi < 0 {
			amount, side = amount.neg(), &r.credit
		}
		if release {
			amount = amount.neg()
		}
		*side = side.add(amount)
		b.reserved[k] = r
	}
}

// complete returns the transaction that a completion makes, what it leaves, and the state that it leads to.
func (b *Books) complete(c *Completion) (t Transaction, left []Posting, to PendingStatus, err error) {
	p, ok := b.pending[c.Transaction]
	if !ok {
		return t, nil, "", bad(ErrUnknown, "transaction", c.Transaction.String(), "is not recorded as pending")
	}
	if _, err := p.Status.after(pendingPost); err != nil {
		return t, nil, "", err
	}
	if c.On.Before(p.On) {
		return t, nil, "", bad(ErrInvalid, "on", c.On.String(), "is before the transaction, of %s", p.On)
	}
	if c.Void {
		to, err = p.Status.after(pendingVoid)
		return t, nil, to, err
	}
	t = p.Transaction
	t.ID, t.On, t.Until, t.Pending, t.Postings = c.ID, c.On, codesocial.Date{}, false, p.Left
	if c.Reference != "" {
		t.Reference = c.Reference
	}
	if c.Note != "" {
		t.Note = c.Note
	}
	if !p.Until.IsZero() && c.On.After(p.Until) {
		return t, nil, "", bad(ErrState, "on", c.On.String(), "the transaction could be posted until %s: void it", p.Until)
	}
	if len(c.Postings) > 0 {
		var over int
		if left, over = take(p.Left, c.Postings); over >= 0 {
			x := c.Postings[over]
			return t, nil, "", bad(ErrInvalid, "posting to "+string(x.Account), x.Amount.String(), "is more than what is left of the transaction there")
		}
		t.Postings = c.Postings
	}
	e := pendingPost
	if len(left) > 0 {
		e = pendingPart
	}
	to, err = p.Status.after(e)
	return t, left, to, err
}

// DraftCompletions decides [Ledger.Complete] without recording it.
func (b *Books) DraftCompletions(completions ...Completion) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(completions))
	moves, seen := b.moves(), make(map[uuid.UUID]bool)
	for i, c := range completions {
		err := c.check()
		if err == nil && !b.completed[c.ID] { // what is recorded is compared by the journal
			err = b.checkCompletion(&c, moves)
		}
		if err == nil && seen[c.Transaction] {
			err = bad(ErrInvalid, "transaction", c.Transaction.String(), "is completed twice at once")
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: completion %d (%s): %w", i+1, nameOf(c.ID), err)
		}
		seen[c.Transaction] = true
		drafts[i] = journal.Draft{ID: c.ID, Kind: KindCompletion, Schema: schema, Author: c.By, Payload: c}
	}
	return drafts, nil
}

func (b *Books) checkCompletion(c *Completion, moves *moves) error {
	t, _, _, err := b.complete(c)
	if err == nil && c.By != "" {
		err = cmp.Or(b.checkMember("by", c.By, c.On), b.checkBookkeeper(c.By, c.On, t.Postings))
	}
	if err == nil && c.Void {
		return b.checkOpen("on", c.On)
	}
	if err != nil {
		return err
	}
	b.reserve(t.Postings, true) // it is not reserved besides, while it is checked
	defer b.reserve(t.Postings, false)
	return moves.follow(&t)
}

func (b *Books) applyPending(r *journal.Record, t *Transaction) {
	p := &pendingEntry{PendingEntry{Transaction: *t, Status: Pending, Left: slices.Clone(t.Postings)}, tokenOf(r.Position), nil}
	p.Kind = r.Kind
	b.pending[t.ID] = p
	b.pendingOrder = append(b.pendingOrder, p)
	b.reserve(p.Left, false)
}

func (b *Books) applyCompletion(r *journal.Record, c *Completion) error {
	t, left, to, err := b.complete(c)
	if err != nil {
		return err
	}
	p := b.pending[c.Transaction]
	b.reserve(p.Left, true)
	b.reserve(left, false)
	p.Left, p.Status = left, to
	p.parts = append(p.parts, at[part]{part{c.On, t.Postings, c.Void}, tokenOf(r.Position)})
	b.completed[c.ID] = true
	if !c.Void {
		t.Kind = ""
		b.post(r, t)
	}
	return nil
}

// Pending iterates over the transactions that were recorded as pending, in the order of recording, with what has become of them.
func (b *Books) Pending() iter.Seq[PendingEntry] { return b.PendingAt(At{}) }

// PendingAt is [Books.Pending] at a time: the transactions of then, with what had become of them.
func (b *Books) PendingAt(at At) iter.Seq[PendingEntry] {
	return func(yield func(PendingEntry) bool) {
		for _, p := range b.pendingOrder {
			if at.sees(p.token, p.On) && !yield(p.at(at)) {
				return
			}
		}
	}
}

func (p *pendingEntry) at(at At) PendingEntry {
	e := p.PendingEntry
	e.Postings, e.Status, e.Left = slices.Clone(p.Postings), Pending, slices.Clone(p.Postings)
	for _, x := range p.parts {
		switch {
		case !at.sees(x.token, x.value.on):
		case x.value.void:
			e.Status, e.Left = Released, nil
		default:
			e.Left, _ = take(e.Left, x.value.postings)
		}
	}
	if e.Status == Pending && len(e.Left) == 0 {
		e.Status = Completed
	}
	return e
}
