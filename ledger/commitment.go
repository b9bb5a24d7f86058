package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// CommitmentKind says what a commitment promises.
type CommitmentKind string

// The kinds of commitments, and what fulfils them.
const (
	Work    CommitmentKind = "work"    // a member will give so much of a kind of wealth; validated contributions fulfil it
	Quote   CommitmentKind = "quote"   // a customer will be invoiced so much; invoices fulfil it
	Invoice CommitmentKind = "invoice" // a customer owes so much; receipts fulfil it
	Order   CommitmentKind = "order"   // the project will spend so much; expenses fulfil it
	Claim   CommitmentKind = "claim"   // the project owes a party so much; transactions that credit the party, and distributions, fulfil it
)

// A Commitment is a promise or a claim: what will be given, invoiced, received, spent or is owed. What fulfils it names it, in parts or as a whole.
type Commitment struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record. Who records a claim stands for it: a member who validates contributions to the project
	// under the rule "ledger.validation", and neither the party to whom it is owed nor a person who belongs to that. One is enough.
	By string `json:"-"`
	// Kind says what is promised.
	Kind CommitmentKind `json:"kind"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// Party is the IRI of the member who will work, or of the party to whom a claim is owed. Absent otherwise.
	Party string `json:"party,omitempty"`
	// Wealth is the kind of wealth of planned work. Absent otherwise.
	Wealth string `json:"wealth,omitempty"`
	// Quantity is positive: of work in the unit of its kind; of money in a currency, excluding VAT.
	Quantity Quantity `json:"quantity"`
	// On is the day of the commitment, in the time zone of the charter. From is the first day of planned work; zero means On.
	On   codesocial.Date `json:"on"`
	From codesocial.Date `json:"from,omitzero"`
	// Due is the day by which it is to be fulfilled; required, but for a claim.
	Due codesocial.Date `json:"due,omitzero"`
	// Lasts says how long a claim lasts: dividend.Once, it is gone with the first payment whatever that is; dividend.UntilPaid; or dividend.Lasting, payments
	// leave it as it is. Empty means until it is paid. Absent otherwise.
	Lasts string `json:"lasts,omitempty"`
	// Of is the id of the quote that an invoice fulfils. Optional.
	Of uuid.UUID `json:"of,omitzero"`
	// Label says for people who the customer or supplier is. Optional.
	Label string `json:"label,omitempty"`
	// Reference is that of the document. Optional.
	Reference string `json:"reference,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

// A Cancellation says that what is left of a commitment will not be fulfilled. Only who loses by it gives something up:
//
//   - a claim: its creditor, the lead of a creditor that is a project, or a person who belongs to one that is an organisation. Any member records it where a decision of
//     the community has adopted it ([MatterCancellation]), for a claim that was recorded in error or a creditor who cannot say so herself;
//   - work: the member who promised it, who speaks for that one in the same way, or a member who validates contributions to the project;
//   - a quote, an invoice or an order: any member who records.
type Cancellation struct {
	// ID is the id of its record, see [Contribution.ID]. It is needed where a decision has adopted the cancellation.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Commitment is the id of the commitment.
	Commitment uuid.UUID `json:"commitment"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Reason says why. Required.
	Reason string `json:"reason"`
}

// CommitmentStatus says how far a commitment has come. It follows from what fulfils it.
type CommitmentStatus string

// The states of a commitment.
const (
	Outstanding CommitmentStatus = "outstanding" // something is left
	Fulfilled   CommitmentStatus = "fulfilled"   // nothing is left
	Cancelled   CommitmentStatus = "cancelled"   // what was left has been given up
)

func (c *Commitment) check() error {
	isWork, isClaim := c.Kind == Work, c.Kind == Claim
	switch c.Kind {
	case Work, Quote, Invoice, Order, Claim:
	default:
		return bad(ErrInvalid, "kind", string(c.Kind), "must be work, quote, invoice, order or claim")
	}
	if err := codesocial.CheckIRI(c.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if (isWork || isClaim) != (c.Party != "") {
		return bad(ErrInvalid, "party", c.Party, "must be given for work and claims, and only there")
	}
	if c.Party != "" {
		if err := codesocial.CheckIRI(c.Party); err != nil {
			return fmt.Errorf("%w: party: %w", ErrInvalid, err)
		}
	}
	if isClaim && c.By == c.Party {
		return ownClaim(c)
	}
	if isWork != (c.Wealth != "") || len(c.Wealth) > MaxNameBytes {
		return bad(ErrInvalid, "wealth", c.Wealth, "must be given for work, and only there")
	}
	if err := c.Quantity.check(); err != nil {
		return err
	}
	if !isWork {
		if err := checkMoney("quantity", Posting{Amount: c.Quantity.Value, Currency: c.Quantity.Unit}); err != nil {
			return err
		}
	}
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if !c.Due.IsZero() || !isClaim {
		if err := checkDay("due", c.Due); err != nil {
			return err
		}
		if c.Due.Before(c.On) {
			return bad(ErrInvalid, "due", c.Due.String(), "is before the day of the commitment, %s", c.On)
		}
	}
	if !c.From.IsZero() {
		if err := checkDays(c.From, c.Due); err != nil || !isWork || c.From.Before(c.On) {
			return bad(ErrInvalid, "from", c.From.String(), "must be a day of planned work between %s and %s", c.On, c.Due)
		}
	}
	if c.Lasts != "" && (!isClaim || c.Lasts != dividend.Once && c.Lasts != dividend.UntilPaid && c.Lasts != dividend.Lasting) {
		return bad(ErrInvalid, "lasts", c.Lasts, "must be %s, %s or %s, of a claim", dividend.Once, dividend.UntilPaid, dividend.Lasting)
	}
	if c.Of != uuid.Nil && c.Kind != Invoice {
		return bad(ErrInvalid, "of", c.Of.String(), "only an invoice is of a quote")
	}
	for _, p := range []struct {
		field, text string
		most        int
	}{{"label", c.Label, MaxNameBytes}, {"reference", c.Reference, MaxNameBytes}, {"note", c.Note, MaxTextBytes}} {
		if err := checkText(p.field, p.text, p.most); err != nil {
			return err
		}
	}
	return nil
}

func ownClaim(c *Commitment) error {
	return bad(ErrOwnWork, "by", c.By, "speaks for the one to whom the claim is owed, another member must record it")
}

func (c *Cancellation) check() error {
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if c.Reason == "" {
		return badly(ErrInvalid, "reason", "must be given")
	}
	return checkText("reason", c.Reason, MaxTextBytes)
}

// commitments holds all of them, in the order of recording.
type commitments struct {
	all       []*commitment
	index     map[uuid.UUID]*commitment
	byProject map[string][]*commitment
	byParty   map[string][]*commitment
	cancelled map[uuid.UUID]bool // ids of cancellations
}

type commitment struct {
	Commitment
	position  uint64
	cancelled *at[codesocial.Date] // nil: it is not
	places    []uint32             // of the contributions or transactions that fulfil it
	shared    []sharedClaim        // of what distributions paid
	invoices  []*commitment
}

func newCommitments() commitments {
	return commitments{index: make(map[uuid.UUID]*commitment), byProject: make(map[string][]*commitment), byParty: make(map[string][]*commitment), cancelled: make(map[uuid.UUID]bool)}
}

// A CommitmentEntry is a commitment as it stands at a time.
type CommitmentEntry struct {
	Commitment
	Status CommitmentStatus
	// Done is what fulfils it, in the unit of its quantity, and Left what does not yet.
	Done, Left Quantity
	// Renounced is what of a claim the policy of a waterfall has given up, see [AllClaims].
	Renounced Quantity
	// Fulfilments are the ids of the records that fulfil it.
	Fulfilments []uuid.UUID
	Token       Token
}

// fulfilment calls f with each record that fulfils a commitment at a time, and its amount.
func (b *Books) fulfilment(c *commitment, at At, f func(id uuid.UUID, amount fixed)) {
	for _, invoice := range c.invoices {
		if at.sees(tokenOf(invoice.position), invoice.On) {
			amount, _ := fix(invoice.Quantity.Value)
			if happened(invoice.cancelled, at) {
				amount = b.done(invoice, at) // what was cancelled of an invoice can be invoiced again
			}
			f(invoice.ID, amount)
		}
	}
	moves := func(place uint32) {
		if t := &b.money.all[place]; at.sees(tokenOf(t.position), dateOf(t.day)) {
			f(t.id, b.fulfils(c, place))
		}
	}
	for _, x := range c.shared {
		if at.sees(x.token, x.on) && !x.paid.isZero() {
			f(x.distribution, x.paid)
		}
	}
	for _, place := range c.places {
		if c.Kind == Work {
			if s, ok := b.given.at(place, at.Known); ok && s.status.Counts() && at.sees(0, dateOf(b.given.all[place].day)) {
				f(b.given.all[place].id, s.value)
			}
			continue
		}
		moves(place)
		for _, correction := range b.money.corrected[place] {
			moves(correction)
		}
	}
}

// fulfils returns how much of a commitment of money the transaction at a place fulfils.
func (b *Books) fulfils(c *commitment, place uint32) (sum fixed) {
	if c.Kind != Claim {
		sum, _ = b.money.firstAmount(place)
		return sum
	}
	for _, p := range b.money.postings(place) {
		if p.Account == PartyAccount(c.Party) && p.Currency == c.Quantity.Unit {
			amount, _ := fix(p.Amount.Neg())
			sum = sum.add(amount)
		}
	}
	return sum
}

func (b *Books) done(c *commitment, at At) (sum fixed) {
	b.fulfilment(c, at, func(_ uuid.UUID, amount fixed) { sum = sum.add(amount) })
	return sum
}

// left returns what is left of a commitment at a time, and its state.
func (b *Books) left(c *commitment, at At) (done, left fixed, status CommitmentStatus) {
	done = b.done(c, at)
	left = c.rest(done, c.renounced(at))
	switch {
	case happened(c.cancelled, at):
		return done, fixed{}, Cancelled
	case left.isZero():
		return done, left, Fulfilled
	}
	return done, left, Outstanding
}

// rest returns what is left of a commitment of which so much is done and renounced.
func (c *commitment) rest(done, renounced fixed) fixed {
	quantity, _ := fix(c.Quantity.Value)
	left := quantity.sub(done).sub(renounced)
	switch {
	case c.Lasts == dividend.Lasting:
		return quantity
	case c.Lasts == dividend.Once && !done.isZero(), left.hi < 0:
		return fixed{}
	}
	return left
}

func (b *Books) commitmentEntry(c *commitment, at At) CommitmentEntry {
	done, left, status := b.left(c, at)
	e := CommitmentEntry{
		Commitment: c.Commitment, Status: status, Token: tokenOf(c.position),
		Done: Quantity{done.decimal(), c.Quantity.Unit}, Left: Quantity{left.decimal(), c.Quantity.Unit}, Renounced: Quantity{c.renounced(at).decimal(), c.Quantity.Unit},
	}
	b.fulfilment(c, at, func(id uuid.UUID, _ fixed) {
		if !slices.Contains(e.Fulfilments, id) { // a correction takes back what one run paid, and pays again
			e.Fulfilments = append(e.Fulfilments, id)
		}
	})
	return e
}

// Commitment returns the commitment with that id as it stands; false if there is none.
func (b *Books) Commitment(id uuid.UUID) (CommitmentEntry, bool) { return b.CommitmentAt(id, At{}) }

// CommitmentAt is [Books.Commitment] at a time; false if it was not made by then. What fulfils it on a later day does not count yet.
func (b *Books) CommitmentAt(id uuid.UUID, at At) (CommitmentEntry, bool) {
	c, ok := b.commitments.index[id]
	if !ok || !at.sees(tokenOf(c.position), c.On) {
		return CommitmentEntry{}, false
	}
	return b.commitmentEntry(c, at), true
}

// Commitments iterates over the commitments that the filter selects by project, party, kind ("invoice") and day, in the order of recording, as they stood at its
// token, each with its own.
func (b *Books) Commitments(f Filter) iter.Seq2[Token, CommitmentEntry] {
	return func(yield func(Token, CommitmentEntry) bool) {
		list := b.commitments.all
		if f.Project != "" {
			list = b.commitments.byProject[f.Project]
		}
		for _, c := range list {
			token := tokenOf(c.position)
			if token <= f.After || f.Known != 0 && token > f.Known || f.Party != "" && c.Party != f.Party || f.Kind != "" && string(c.Kind) != f.Kind || !f.day(c.On) {
				continue
			}
			if !yield(token, b.commitmentEntry(c, At{Known: f.Known})) {
				return
			}
		}
	}
}

// DraftCommitments decides [Ledger.Commit] without recording it.
func (b *Books) DraftCommitments(list ...Commitment) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(list))
	rules, moves := rulesByDay{state: b.community}, b.moves()
	for i, c := range list {
		err := c.check()
		if err == nil && b.commitments.index[c.ID] == nil { // what is recorded is compared by the journal
			err = b.checkCommitment(&c, &rules, moves)
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: commitment %d (%s): %w", i+1, nameOf(c.ID), err)
		}
		drafts[i] = journal.Draft{ID: c.ID, Kind: KindCommitment, Schema: schema, Author: c.By, Payload: c}
	}
	return drafts, nil
}

func (b *Books) checkCommitment(c *Commitment, rules *rulesByDay, moves *moves) error {
	for _, p := range []struct{ field, iri string }{{"by", c.By}, {"project", c.Project}} {
		if err := b.checkMember(p.field, p.iri, c.On); err != nil {
			return err
		}
	}
	if err := b.checkProject(c.Project); err != nil {
		return err
	}
	if err := cmp.Or(b.checkOpen("on", c.On), b.checkWithin("on", c.Project, c.On, false)); err != nil {
		return err
	}
	if c.Kind == Claim {
		if err := b.checkStandsFor(c); err != nil {
			return err
		}
	}
	if c.Kind != Work {
		rule, err := moves.rule(c.On)
		if err != nil {
			return err
		}
		if c.Party != "" {
			if _, ok := b.community.Party(c.Party); !ok {
				return bad(ErrUnknown, "party", c.Party, "is not a registered party")
			}
		}
		if c.Of != uuid.Nil {
			if err := b.checkFulfils(c.Of, Quote, c.Project, c.Quantity, moves); err != nil {
				return err
			}
		}
		return rule.checkPlaces("quantity", Posting{Amount: c.Quantity.Value, Currency: c.Quantity.Unit})
	}
	if err := b.checkMember("party", c.Party, c.On); err != nil {
		return err
	}
	if err := b.checkWithin("due", c.Project, c.Due, false); err != nil { // and so is the first day of the work, which lies between
		return err
	}
	return rules.checkKind(c.Wealth, c.Quantity, c.On)
}

// checkStandsFor refuses a claim that nobody else than its creditor stands for.
func (b *Books) checkStandsFor(c *Commitment) error {
	if by, _ := b.community.Party(c.By); by.Organization == c.Party {
		return ownClaim(c)
	}
	return b.checkValidates(c.By, c.Project, c.On)
}

// checkValidates refuses a member who does not validate contributions to a project, under the rule in force on a day.
func (b *Books) checkValidates(by, project string, on codesocial.Date) error {
	rule, clause, err := b.validationRule(on)
	switch {
	case errors.Is(err, codesocial.ErrNoRule):
		return nil // then it is any member
	case err != nil:
		return err
	case !b.plays(rule.By, rule.Role, by, project, on):
		return &codesocial.RuleError{Clause: clause, Kind: ValidationKind, Err: bad(ErrState, "by", by, "does not validate what is given to %s, nor what is promised or claimed there", project)}
	}
	return nil
}

// speaks reports whether a member is a party, leads it or belongs to it.
func (b *Books) speaks(member, iri string) bool {
	by, ok := b.community.Party(member)
	party, _ := b.community.Party(iri)
	return ok && (member == iri || member == party.Lead || by.Organization == iri)
}

// checkFulfils refuses to fulfil what is not promised, or more of it than is left.
func (b *Books) checkFulfils(id uuid.UUID, kind CommitmentKind, project string, q Quantity, moves *moves) error {
	c, ok := b.commitments.index[id]
	switch {
	case !ok:
		return bad(ErrUnknown, "fulfils", id.String(), "is not recorded as a commitment")
	case c.Kind != kind:
		return bad(ErrInvalid, "fulfils", id.String(), "is a commitment of the kind %s, not %s", c.Kind, kind)
	case c.Project != project:
		return bad(ErrInvalid, "fulfils", id.String(), "is a commitment of %s", c.Project)
	case c.Quantity.Unit != q.Unit:
		return bad(ErrUnit, "fulfils", id.String(), "is in %s", c.Quantity.Unit)
	}
	_, left, status := b.left(c, At{})
	if status == Cancelled || status == Fulfilled && kind != Work {
		return bad(ErrState, "fulfils", id.String(), "is %s", status)
	}
	if kind == Work || kind == Claim {
		return nil
	}
	amount, _ := fix(q.Value)
	moves.fulfilled[id] = moves.fulfilled[id].add(amount)
	if left.sub(moves.fulfilled[id]).hi < 0 {
		return bad(ErrOverpaid, "amount", q.String(), "of %s %s are left", id, Quantity{left.decimal(), q.Unit})
	}
	return nil
}

// checkClaim refuses a transaction that would fulfil a claim without crediting the party, or beyond what is left of it.
func (b *Books) checkClaim(t *Transaction, moves *moves) error {
	c, ok := b.commitments.index[t.Fulfils]
	if !ok {
		return bad(ErrUnknown, "fulfils", t.Fulfils.String(), "is not recorded as a commitment")
	}
	credited := fixed{}
	for _, p := range t.Postings {
		if p.Account == PartyAccount(c.Party) && p.Currency == c.Quantity.Unit {
			amount, _ := fix(p.Amount.Neg())
			credited = credited.add(amount)
		}
	}
	q := Quantity{credited.decimal(), c.Quantity.Unit}
	if err := b.checkFulfils(t.Fulfils, Claim, t.Project, q, moves); err != nil {
		return err
	}
	if credited.hi < 0 || credited.isZero() {
		return bad(ErrInvalid, "fulfils", t.Fulfils.String(), "nothing is credited to %s in %s", c.Party, c.Quantity.Unit)
	}
	_, left, _ := b.left(c, At{})
	if c.Lasts != dividend.Lasting && left.sub(credited).hi < 0 {
		return bad(ErrOverpaid, "amount", q.String(), "of the claim %s are left", Quantity{left.decimal(), c.Quantity.Unit})
	}
	return nil
}

func (b *Books) applyCommitment(r *journal.Record, c *Commitment) {
	x := &commitment{Commitment: *c, position: r.Position}
	b.commitments.all = append(b.commitments.all, x)
	b.commitments.index[c.ID] = x
	b.commitments.byProject[c.Project] = append(b.commitments.byProject[c.Project], x)
	if c.Party != "" {
		b.commitments.byParty[c.Party] = append(b.commitments.byParty[c.Party], x)
	}
	if quote := b.commitments.index[c.Of]; quote != nil {
		quote.invoices = append(quote.invoices, x)
	}
}

// fulfil notes that the contribution or transaction at a place fulfils a commitment.
func (b *Books) fulfil(id uuid.UUID, place uint32) {
	if c := b.commitments.index[id]; c != nil {
		c.places = append(c.places, place)
	}
}

// DraftCancellations decides [Ledger.Cancel] without recording it.
func (b *Books) DraftCancellations(list ...Cancellation) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(list))
	for i, c := range list {
		err := c.check()
		if err == nil {
			err = b.checkMember("by", c.By, c.On)
		}
		if err == nil && !b.commitments.cancelled[c.ID] {
			if _, err = b.checkCancellation(&c); err == nil {
				err = cmp.Or(b.checkOpen("on", c.On), b.checkGivesUp(&c))
			}
		}
		if err == nil && slices.ContainsFunc(list[:i], func(o Cancellation) bool { return o.Commitment == c.Commitment }) {
			err = bad(ErrState, "commitment", c.Commitment.String(), "is cancelled twice at once")
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: cancellation %d (%s): %w", i+1, nameOf(c.ID), err)
		}
		drafts[i] = journal.Draft{ID: c.ID, Kind: KindCancellation, Schema: schema, Author: c.By, Payload: c}
	}
	return drafts, nil
}

func (b *Books) checkCancellation(c *Cancellation) (*commitment, error) {
	x, ok := b.commitments.index[c.Commitment]
	if !ok {
		return nil, bad(ErrUnknown, "commitment", c.Commitment.String(), "is not recorded")
	}
	if _, _, status := b.left(x, At{}); status != Outstanding {
		return nil, bad(ErrState, "commitment", c.Commitment.String(), "is %s", status)
	}
	if c.On.Before(x.On) {
		return nil, bad(ErrInvalid, "on", c.On.String(), "is before the commitment, of %s", x.On)
	}
	return x, nil
}

// checkGivesUp refuses a cancellation by somebody else than who may give up what is left.
func (b *Books) checkGivesUp(c *Cancellation) error {
	x, ok := b.commitments.index[c.Commitment]
	if !ok || x.Kind != Work && x.Kind != Claim || b.speaks(c.By, x.Party) {
		return nil
	}
	if x.Kind == Work {
		return b.checkValidates(c.By, x.Project, c.On)
	}
	if _, err := b.adopted(MatterCancellation, c.ID, c.On); err != nil {
		return fmt.Errorf("by %s, who does not speak for %s, to whom the claim is owed: %w", quote(c.By), x.Party, err)
	}
	return nil
}

func (b *Books) applyCancellation(r *journal.Record, c *Cancellation) error {
	x, err := b.checkCancellation(c)
	if err != nil {
		return err
	}
	x.cancelled = &at[codesocial.Date]{c.On, tokenOf(r.Position)}
	b.commitments.cancelled[c.ID] = true
	return nil
}
