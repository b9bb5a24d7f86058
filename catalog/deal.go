package catalog

import (
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// DealStatus says how far a deal has come.
type DealStatus string

// The states of a deal.
const (
	Contacted   DealStatus = "contacted"
	Negotiating DealStatus = "negotiating"
	Agreed      DealStatus = "agreed"    // both sides have agreed: the quantity is promised
	Delivered   DealStatus = "delivered" // says the side that offers
	Confirmed   DealStatus = "confirmed" // says the client too
	Disputed    DealStatus = "disputed"
	Dropped     DealStatus = "dropped"
)

// Label returns the word for the status in French and English, to be shown to members.
func (s DealStatus) Label() codesocial.Text {
	switch s {
	case Contacted:
		return codesocial.Text{"fr": "contact pris", "en": "contacted"}
	case Negotiating:
		return codesocial.Text{"fr": "en négociation", "en": "negotiating"}
	case Agreed:
		return codesocial.Text{"fr": "accord conclu", "en": "agreed"}
	case Delivered:
		return codesocial.Text{"fr": "livré", "en": "delivered"}
	case Confirmed:
		return codesocial.Text{"fr": "confirmé", "en": "confirmed"}
	case Disputed:
		return codesocial.Text{"fr": "contesté", "en": "disputed"}
	case Dropped:
		return codesocial.Text{"fr": "abandonné", "en": "dropped"}
	}
	return nil
}

// A DealMove is what can happen to a deal.
type DealMove string

// The moves of a deal.
const (
	Negotiate DealMove = "negotiate" // go on talking, about this quantity: what either side agreed to before is void
	Agree     DealMove = "agree"
	Deliver   DealMove = "deliver"
	Confirm   DealMove = "confirm"
	Contest   DealMove = "contest" // opens a tension
	Drop      DealMove = "drop"
	Cash      DealMove = "cash" // money has arrived: names the receipt in the books
)

const (
	bySeller role = "offering side"
	byClient role = "client"
	byEither role = "either side"
)

const bothSides = "the other side has too"

// dealTable says what can happen to a deal. What is not here is refused.
var dealTable = []dealRow{
	{Contacted, Negotiate, byEither, always, Negotiating},
	{Contacted, Drop, byEither, always, Dropped},
	{Negotiating, Negotiate, byEither, always, Negotiating},
	{Negotiating, Agree, byEither, bothSides, Agreed},
	{Negotiating, Agree, byEither, always, Negotiating},
	{Negotiating, Drop, byEither, always, Dropped},
	{Agreed, Deliver, bySeller, always, Delivered},
	{Agreed, Cash, bySeller, always, Agreed},
	{Agreed, Contest, byEither, always, Disputed},
	{Agreed, Drop, byEither, bothSides, Dropped},
	{Agreed, Drop, byEither, always, Agreed},
	{Delivered, Confirm, byClient, always, Confirmed},
	{Delivered, Cash, bySeller, always, Delivered},
	{Delivered, Contest, byEither, always, Disputed},
	{Confirmed, Cash, bySeller, always, Confirmed},
	{Disputed, Confirm, byClient, always, Confirmed},
	{Disputed, Drop, byEither, bothSides, Dropped},
	{Disputed, Drop, byEither, always, Disputed},
}

type dealRow struct {
	from DealStatus
	move DealMove
	by   role
	when string
	to   DealStatus
}

// after returns the row for a move in a state; both says that the other side has made the same move.
func (s DealStatus) after(m DealMove, both bool) (dealRow, error) {
	for _, r := range dealTable {
		if r.from == s && r.move == m && (r.when == always || both) {
			return r, nil
		}
	}
	return dealRow{}, badly(ErrState, "deal", "is %s: one cannot %s it", s, m)
}

// A Deal is a client's dealing with an offer, from the first contact on. What it records at first is who brought them together: only then
// can that introducer be paid.
type Deal struct {
	// ID is the id of its record. Zero: it follows from the rest.
	ID uuid.UUID `json:"-"`
	// By is the IRI of who records it, the author of the record: the client, the offering side or the introducer.
	By string `json:"-"`
	// Offer is the IRI of an offer or collective offer that can be seen.
	Offer string `json:"offer"`
	// Need is the IRI of the need or opportunity that the offer meets; empty for none. Its holder is the client.
	Need string `json:"need,omitempty"`
	// Client is the IRI of a registered party, which need not be a member, and does not stand behind the offer.
	Client string `json:"client"`
	// Introducer is the IRI of the member who brought the deal; empty for none.
	Introducer string `json:"introducer,omitempty"`
	// Quantity is in the unit of the offer's capacity; required where it has one.
	Quantity *Quantity `json:"quantity,omitempty"`
	// On is the day of the contact, in the time zone of the charter.
	On   codesocial.Date `json:"on"`
	Note string          `json:"note,omitempty"`
}

// A DealStep moves a deal from one state to the next, see the table on the package page.
type DealStep struct {
	// By is the IRI of who makes the move, the author of the record: somebody who stands behind the offer, or the client or somebody who belongs to it.
	By   string    `json:"-"`
	Deal uuid.UUID `json:"deal"`
	Move DealMove  `json:"move"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Quantity is what is talked about now; nil: as before. Only of [Negotiate].
	Quantity *Quantity `json:"quantity,omitempty"`
	// Receipt is the id of the record of the money in the books, of [Cash]. A receipt cashes one deal.
	Receipt uuid.UUID `json:"receipt,omitzero"`
	// Reason is required of [Contest].
	Reason string `json:"reason,omitempty"`
	// ForClient is set by [Catalog.Deal]: the move is the client's.
	ForClient bool `json:"forClient,omitempty"`
}

// A Dispute asks for a tension to be raised: the record "catalog.dispute", which package mediation lists until somebody raises it.
type Dispute struct {
	ID uuid.UUID `json:"-"`
	// Deal is the id of the deal that is contested; zero where a holder objects to a collective offer that is published.
	Deal    uuid.UUID            `json:"deal,omitzero"`
	Offer   string               `json:"offer"`
	Parties []string             `json:"parties"` // IRIs, first of who contests
	On      codesocial.Date      `json:"on"`
	Reason  string               `json:"reason,omitempty"`
	Clause  codesocial.ClauseRef `json:"clause"`
}

func (d Dispute) draft(id uuid.UUID) journal.Draft {
	return journal.Draft{ID: id, Kind: KindDispute, Schema: schema, Author: d.Parties[0], Payload: d}
}

func (d *Dispute) check() error {
	if err := checkIRI("offer", d.Offer); err != nil {
		return err
	}
	if err := checkIRIs("parties", d.Parties, MaxPartners); err != nil {
		return err
	}
	return checkDay("on", d.On)
}

// deal is a deal with what has become of it.
type deal struct {
	Deal
	status DealStatus
	since  codesocial.Date
	// delivered is the day on which it was; zero before.
	delivered codesocial.Date
	seller    bool // has made the move that needs both sides
	client    bool
	pending   DealMove
	texts     [2]uuid.UUID // of the offer and the need, when a side made the move
	receipts  []uuid.UUID
	agreed    *Entry // the collective offer as it read when both sides agreed, to which all partners had consented; nil before, and of other offers
}

// sold returns the offer that a deal is about: as it was agreed on, whatever became of a collective offer and its partners since, or as it reads now.
func (s *State) sold(d *deal) *Entry {
	if d.agreed != nil {
		return d.agreed
	}
	return s.items[d.Offer].entry
}

// texts returns the texts of the entries that a deal is about, as they are now.
func (s *State) texts(d *deal) (texts [2]uuid.UUID) {
	for i, iri := range []string{d.Offer, d.Need} {
		if it, ok := s.items[iri]; ok {
			texts[i] = it.revision
		}
	}
	return texts
}

// awaits reports whether a side has made a move that needs both, about the entries as they read now: who has agreed to one text has not agreed to the next.
func (s *State) awaits(d *deal, m DealMove) bool {
	return d.pending == m && (m != Agree || d.texts == s.texts(d))
}

// holds reports whether the deal holds what it promises.
func (d *deal) holds() bool {
	return d.status == Agreed || d.status == Delivered || d.status == Confirmed || d.status == Disputed
}

// running reports whether the deal is agreed and not finished.
func (s DealStatus) running() bool { return s == Agreed || s == Delivered || s == Disputed }

// receiptKind is the kind under which the books record money that came in.
const receiptKind = "ledger.receipt"

// A receipt is what matters here of a record of the books.
type receipt struct {
	project, introducer string
	on                  codesocial.Date
	deal                uuid.UUID // that it cashed
}

// readReceipt reads what matters here of a receipt, and leaves the rest to the books.
func readReceipt(r *journal.Record) (any, error) {
	var v struct {
		Project    string          `json:"project"`
		Introducer string          `json:"introducer"`
		On         codesocial.Date `json:"on"`
	}
	if err := decodeMembers(r.Payload, map[string]any{"project": &v.Project, "introducer": &v.Introducer, "on": &v.On}); err != nil {
		return nil, nil // not ours to refuse
	}
	return &receipt{project: v.Project, introducer: v.Introducer, on: v.On}, nil
}

func (d *Deal) check() error {
	for _, f := range []struct{ field, iri string }{{"by", d.By}, {"offer", d.Offer}, {"client", d.Client}} {
		if err := checkIRI(f.field, f.iri); err != nil {
			return err
		}
	}
	for _, f := range []struct{ field, iri string }{{"need", d.Need}, {"introducer", d.Introducer}} {
		if f.iri == "" {
			continue
		}
		if err := checkIRI(f.field, f.iri); err != nil {
			return err
		}
	}
	if d.Introducer == d.Client {
		return bad(ErrInvalid, "introducer", d.Introducer, "is the client")
	}
	if d.Quantity != nil {
		if err := d.Quantity.check("quantity"); err != nil {
			return err
		}
	}
	if err := checkDay("on", d.On); err != nil {
		return err
	}
	return checkText("note", d.Note, MaxReasonBytes, true)
}

func (st *DealStep) check() error {
	if err := checkIRI("by", st.By); err != nil {
		return err
	}
	if !slices.ContainsFunc(dealTable, func(r dealRow) bool { return r.move == st.Move }) {
		return bad(ErrInvalid, "move", string(st.Move), "is not known")
	}
	if err := checkDay("on", st.On); err != nil {
		return err
	}
	if st.Quantity != nil {
		if st.Move != Negotiate {
			return badly(ErrInvalid, "quantity", "is given only to negotiate")
		}
		if err := st.Quantity.check("quantity"); err != nil {
			return err
		}
	}
	if (st.Receipt != uuid.Nil) != (st.Move == Cash) {
		return badly(ErrInvalid, "receipt", "is given to cash a deal, and only then")
	}
	if st.Move == Contest && st.Reason == "" {
		return badly(ErrInvalid, "reason", "must say what is contested")
	}
	return checkText("reason", st.Reason, MaxReasonBytes, true)
}

// DraftDeal decides [Catalog.Contact] without recording it. It returns no draft for a deal that is recorded just so.
func (s *State) DraftDeal(d Deal) ([]journal.Draft, error) {
	if d.ID == uuid.Nil {
		d.ID = recordID(KindDeal, d.Offer, d.Need, d.Client, d.Introducer, d.On.String())
	}
	err := d.check()
	if old, ok := s.deals[d.ID]; err == nil && !ok {
		err = s.mayDeal(&d)
	} else if err == nil && old.contact().same(&d) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: deal on %s: %w", quote(d.Offer), err)
	}
	return []journal.Draft{{ID: d.ID, Kind: KindDeal, Schema: schema, Author: d.By, Payload: d}}, nil
}

func (d *deal) contact() *Deal { return &d.Deal }

func (d *Deal) same(e *Deal) bool {
	p, q := *d, *e
	p.Quantity, q.Quantity = nil, nil
	return p == q
}

func (s *State) mayDeal(d *Deal) error {
	offer, err := s.checkDeal(d)
	if err != nil {
		return err
	}
	if status := s.statusOn(offer, d.On); status != Published {
		return bad(ErrState, "offer", d.Offer, "is %s", status)
	}
	if _, ok := s.community.Party(d.Client); !ok {
		return bad(ErrUnknown, "client", d.Client, "is not a registered party")
	}
	if err := s.checkFree("client", d.Client, KindDeal, d.On); err != nil {
		return err
	}
	if s.behind(offer.entry, d.Client) {
		return bad(ErrInvalid, "client", d.Client, "stands behind the offer")
	}
	if d.Introducer != "" {
		if err := s.checkMember("introducer", d.Introducer, d.On); err != nil {
			return err
		}
		if s.behind(offer.entry, d.Introducer) {
			return bad(ErrInvalid, "introducer", d.Introducer, "stands behind the offer")
		}
	}
	if d.Need != "" {
		if status := s.statusOn(s.items[d.Need], d.On); status != Published {
			return bad(ErrState, "need", d.Need, "is %s", status)
		}
	}
	if d.By != d.Introducer && !s.sideOf(d.By, d.Client) && !s.behind(offer.entry, d.By) {
		return bad(ErrNotYours, "by", d.By, "is neither the client, nor behind the offer, nor the introducer")
	}
	return nil
}

// sideOf reports whether a party is another, belongs to it, or leads it.
func (s *State) sideOf(iri, of string) bool { return s.behind(&Entry{Holder: of}, iri) }

// checkDeal checks a contact against the entries alone.
func (s *State) checkDeal(d *Deal) (*item, error) {
	offer, err := s.item("offer", d.Offer)
	if err != nil {
		return nil, err
	}
	if !offer.erased && !offer.entry.Kind.Offers() {
		return nil, bad(ErrInvalid, "offer", d.Offer, "is of the kind %s", offer.entry.Kind)
	}
	if d.Need != "" {
		need, err := s.item("need", d.Need)
		if err != nil {
			return nil, err
		}
		if !need.erased && (!need.entry.Kind.Seeks() || need.entry.Holder != d.Client) {
			return nil, bad(ErrInvalid, "need", d.Need, "is not a need of the client")
		}
	}
	return offer, s.checkQuantity(d, d.Quantity)
}

// checkQuantity checks that a quantity is in the unit of the capacities that it takes from.
func (s *State) checkQuantity(d *Deal, q *Quantity) error {
	for _, iri := range []string{d.Offer, d.Need} {
		it, ok := s.items[iri]
		if !ok || it.entry.Capacity == nil {
			continue
		}
		if q == nil {
			return badly(ErrInvalid, "quantity", "must be given: %s has a capacity of %s", iri, it.entry.Capacity)
		}
		if q.Unit != it.entry.Capacity.Unit {
			return bad(ErrInvalid, "quantity", q.String(), "must be in %s", it.entry.Capacity.Unit)
		}
	}
	return nil
}

func (s *State) applyDeal(d *Deal) error {
	if _, err := s.checkDeal(d); err != nil {
		return err
	}
	s.deals[d.ID] = &deal{Deal: *d, status: Contacted, since: d.On}
	s.order = append(s.order, d.ID)
	return nil
}

// DraftDealStep decides [Catalog.Deal] without recording it. With the first cash of a collective offer comes the split as the rule of distribution of the project
// that was paid, with a contest the dispute.
func (s *State) DraftDealStep(st DealStep) ([]journal.Draft, error) {
	drafts, err := s.draftDealStep(&st)
	if err != nil {
		return nil, fmt.Errorf("catalog: deal %s, to %s: %w", st.Deal, st.Move, err)
	}
	return drafts, nil
}

func (s *State) draftDealStep(st *DealStep) ([]journal.Draft, error) {
	if err := st.check(); err != nil {
		return nil, err
	}
	d, ok := s.deals[st.Deal]
	if !ok {
		return nil, bad(ErrUnknown, "deal", st.Deal.String(), "is not recorded")
	}
	offer := s.items[d.Offer]
	seller, client := s.behind(s.sold(d), st.By), s.sideOf(st.By, d.Client)
	if !seller && !client {
		return nil, bad(ErrNotYours, "by", st.By, "is on neither side of the deal")
	}
	st.ForClient = client && !seller
	if _, err := s.checkDealStep(st); err != nil {
		return nil, err
	}
	if status := s.statusOn(offer, st.On); st.Move == Agree && status != Published && status != Paused && status != Reserved {
		return nil, bad(ErrState, "offer", d.Offer, "is %s", status)
	}
	drafts := []journal.Draft{{Kind: KindDealStep, Schema: schema, Author: st.By, Payload: *st}}
	switch {
	case st.Move == Contest:
		deals, clause, err := s.dealsRule(st.On)
		if err != nil {
			return nil, err
		}
		if last := d.delivered.AddDays(deals.Contest); d.status == Delivered && deals.Contest > 0 && st.On.After(last) {
			return nil, refuse(clause, DealsKind, bad(ErrState, "on", st.On.String(), "one could contest until %s", last))
		}
		other := d.Client
		if st.ForClient {
			other = s.sold(d).Holder
		}
		return append(drafts, Dispute{
			Deal: st.Deal, Offer: d.Offer, Parties: []string{st.By, other}, On: st.On, Reason: st.Reason, Clause: clause,
		}.draft(recordID(KindDispute, st.Deal.String(), st.On.String()))), nil
	case st.Move == Cash && offer.entry.Kind == Collective:
		return s.withSplit(drafts, s.sold(d), st)
	}
	return drafts, nil
}

// withSplit adds the split of a collective offer, as it was agreed on, as the rule of distribution of the project that was paid, unless it is recorded already.
func (s *State) withSplit(drafts []journal.Draft, sold *Entry, st *DealStep) ([]journal.Draft, error) {
	_, clause, err := rule(s.community, SplitKind, st.On, (*SplitRule).Validate)
	if err != nil {
		return nil, err
	}
	paid := s.receipts[st.Receipt]
	if err := s.checkCarries(paid.project, sold); err != nil {
		return nil, err
	}
	id := recordID(KindSplit, sold.ID, sold.Hash(), paid.project)
	if _, ok := s.splits[id]; ok {
		return drafts, nil
	}
	return append(drafts, journal.Draft{ID: id, Kind: KindSplit, Schema: schema, Payload: SplitRecord{
		Offer: sold.ID, Project: paid.project, From: paid.on, Lines: sold.Split.Waterfall().Lines, Clause: clause,
	}}), nil
}

// checkCarries refuses to let the split of a collective offer rule over a project whose lead and partners have not consented to it.
func (s *State) checkCarries(project string, offer *Entry) error {
	p, ok := s.community.Party(project)
	if !ok || p.Type != codesocial.Project {
		return bad(ErrInvalid, "receipt", project, "the money of a collective offer is a project's, which its partners carry out")
	}
	for _, iri := range append([]string{p.Lead}, p.Partners...) {
		if !s.partOf(iri, offer) {
			return bad(ErrNotYours, "receipt", project, "is the project of %s too, who has no part in the offer", iri)
		}
	}
	return nil
}

// checkDealStep checks a step against entries, deals and receipts alone.
func (s *State) checkDealStep(st *DealStep) (dealRow, error) {
	d, ok := s.deals[st.Deal]
	if !ok {
		return dealRow{}, bad(ErrUnknown, "deal", st.Deal.String(), "is not recorded")
	}
	both := s.awaits(d, st.Move) && (st.ForClient && d.seller || !st.ForClient && d.client)
	r, err := d.status.after(st.Move, both)
	if err != nil {
		return dealRow{}, err
	}
	if r.by == bySeller && st.ForClient || r.by == byClient && !st.ForClient {
		return dealRow{}, bad(ErrNotYours, "by", st.By, "is not the %s", r.by)
	}
	if st.On.Before(d.since) {
		return dealRow{}, bad(ErrState, "on", st.On.String(), "something happened to the deal on %s already", d.since)
	}
	switch st.Move {
	case Negotiate:
		if st.Quantity != nil {
			return r, s.checkQuantity(&d.Deal, st.Quantity)
		}
	case Agree:
		return r, s.checkRoom(d)
	case Cash:
		return r, s.checkReceipt(d, st)
	}
	return r, nil
}

// checkRoom checks that what a deal is about is still there, and still needed.
func (s *State) checkRoom(d *deal) error {
	if err := s.checkQuantity(&d.Deal, d.Quantity); err != nil {
		return err
	}
	for _, iri := range []string{d.Offer, d.Need} {
		it, ok := s.items[iri]
		if !ok || it.entry.Capacity == nil {
			continue
		}
		if left := it.entry.Capacity.Value.Sub(it.promised); d.Quantity.Value.GreaterThan(left) {
			return bad(ErrCapacity, "quantity", d.Quantity.String(), "of %s of %s, %s are left", it.entry.Capacity, iri, left)
		}
	}
	return nil
}

func (s *State) checkReceipt(d *deal, st *DealStep) error {
	paid, ok := s.receipts[st.Receipt]
	switch {
	case !ok:
		return bad(ErrUnknown, "receipt", st.Receipt.String(), "is not in the books")
	case paid.deal != uuid.Nil:
		return bad(ErrState, "receipt", st.Receipt.String(), "has cashed the deal %s", paid.deal)
	case paid.introducer != d.Introducer:
		return bad(ErrInvalid, "receipt", st.Receipt.String(), "names the introducer %s, the deal %s", quote(paid.introducer), quote(d.Introducer))
	case paid.on.Before(d.On):
		return bad(ErrInvalid, "receipt", st.Receipt.String(), "is of %s, before the contact", paid.on)
	}
	return nil
}

func (s *State) applyDealStep(st *DealStep) error {
	r, err := s.checkDealStep(st)
	if err != nil {
		return err
	}
	d := s.deals[st.Deal]
	if !s.awaits(d, st.Move) {
		d.pending, d.seller, d.client, d.texts = st.Move, false, false, s.texts(d)
	}
	d.seller, d.client = d.seller || !st.ForClient, d.client || st.ForClient
	if st.Quantity != nil {
		d.Quantity = st.Quantity
	}
	if st.Move == Cash {
		paid := s.receipts[st.Receipt]
		paid.deal = d.ID
		s.receipts[st.Receipt] = paid
		d.receipts = append(d.receipts, st.Receipt)
	}
	if st.Move == Deliver {
		d.delivered = st.On
	}
	from := d.status
	d.status, d.since = r.to, st.On
	if from != r.to {
		d.pending = ""
		if offer := s.items[d.Offer]; d.status == Agreed && offer.entry.Kind == Collective {
			d.agreed = offer.entry
		}
		s.move(d, from)
	}
	return nil
}

// move carries a change of a deal over to the entries that it takes from.
func (s *State) move(d *deal, from DealStatus) {
	for _, iri := range []string{d.Offer, d.Need} {
		it, ok := s.items[iri]
		if !ok {
			continue
		}
		if from.running() != d.status.running() {
			if d.status.running() {
				it.running++
			} else {
				it.running--
			}
		}
		was := from.running() || from == Confirmed
		if d.Quantity == nil || it.entry.Capacity == nil || d.Quantity.Unit != it.entry.Capacity.Unit {
			continue
		}
		switch {
		case d.holds() && !was:
			it.promised = it.promised.Add(d.Quantity.Value)
		case !d.holds() && was:
			it.promised = it.promised.Sub(d.Quantity.Value)
		}
		full := it.promised.GreaterThanOrEqual(it.entry.Capacity.Value)
		switch {
		case full && it.running == 0:
			s.follow(it, Fulfil)
		case full:
			s.follow(it, fill)
		default:
			s.follow(it, free)
		}
	}
}

// follow makes a move of the table that a deal brings about, where the table has one.
func (s *State) follow(it *item, m Move) {
	if r, err := it.status.after(m); err == nil {
		it.status = r.to
		s.reindex(it)
	}
}

func (s *State) applySplit(r *SplitRecord) error {
	it, err := s.item("offer", r.Offer)
	if err != nil {
		return err
	}
	if it.entry.Kind != Collective {
		return bad(ErrInvalid, "offer", r.Offer, "is not a collective offer")
	}
	s.splits[r.ID] = *r
	return nil
}

// A Dealing is a deal with what has become of it.
type Dealing struct {
	Deal
	Status DealStatus
	// SellerAgrees and ClientAgrees say which side has made the move Pending, which needs both.
	Pending                    DealMove
	SellerAgrees, ClientAgrees bool
	// Receipts are the ids of the receipts that cashed it, in that order: only a deal with one pays its introducer.
	Receipts []uuid.UUID
}

func (s *State) dealing(d *deal) Dealing {
	out := Dealing{Deal: d.Deal, Status: d.status, Receipts: slices.Clone(d.receipts)}
	out.Quantity = clone(d.Quantity)
	if (d.pending == Agree || d.pending == Drop) && s.awaits(d, d.pending) {
		out.Pending, out.SellerAgrees, out.ClientAgrees = d.pending, d.seller, d.client
	}
	return out
}

// Deal returns the deal with that id; false if there is none.
func (s *State) Deal(id uuid.UUID) (Dealing, bool) {
	d, ok := s.deals[id]
	if !ok {
		return Dealing{}, false
	}
	return s.dealing(d), true
}

// Deals iterates over the deals in the order in which they were recorded: all of them, or those of one entry.
func (s *State) Deals(entry string) iter.Seq[Dealing] {
	return func(yield func(Dealing) bool) {
		for _, id := range s.order {
			d := s.deals[id]
			if (entry == "" || entry == d.Offer || entry == d.Need) && !yield(s.dealing(d)) {
				return
			}
		}
	}
}

// Left returns how much of an entry's capacity is not promised; false for an entry without a capacity.
func (s *State) Left(iri string) (Quantity, bool) {
	it, ok := s.items[iri]
	if !ok || it.entry.Capacity == nil {
		return Quantity{}, false
	}
	return Quantity{decimal.Max(decimal.Zero, it.entry.Capacity.Value.Sub(it.promised)), it.entry.Capacity.Unit}, true
}
