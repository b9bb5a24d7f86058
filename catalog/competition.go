package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// ClearanceMatter is the kind of the matter on which the community decides whether a collective offer may be published in spite of objections. Its
// reference is the hash of the offer's text.
const ClearanceMatter = "catalog.clearance"

// MaxCandidates is how many candidates one screening names; there are as many screenings as are needed.
const MaxCandidates = 500

// A Screening names members' offers that a collective offer may compete with, and asks their holders. It is recorded when a collective offer is proposed, and
// again for what comes when a member's offer is published later. Of one for an offer that is published already the Live is true: an objection does
// not take the offer down then, it opens a tension.
type Screening struct {
	Offer string          `json:"offer"` // IRI of the collective offer
	Text  uuid.UUID       `json:"text"`  // id of the record of its text
	On    codesocial.Date `json:"on"`
	// Until is the last day on which a holder can object or ask to join; after that, silence clears. Who has asked to join has as many days again to become a
	// partner, and can object as long; after that, the request lapses. A screening that is recorded after its day counts from the day of its recording: nobody can
	// answer what nobody sees.
	Until     codesocial.Date      `json:"until"`
	Threshold decimal.Decimal      `json:"threshold"`
	Clause    codesocial.ClauseRef `json:"clause"`
	Live      bool                 `json:"live,omitempty"`
	Against   []Rival              `json:"against,omitempty"`
}

// A Rival is an offer of a member that a collective offer may compete with. The similarity only suggests: people decide on the evidence.
type Rival struct {
	Offer      string          `json:"offer"` // IRI
	Text       uuid.UUID       `json:"text"`  // id of the record of its text
	Holder     string          `json:"holder"`
	Similarity decimal.Decimal `json:"similarity"` // from 0 to 1, see [Similarity]
	Evidence   Evidence        `json:"evidence"`
}

// An AnswerKind is what a holder says to a screening.
type AnswerKind string

// The answers. A holder may change its answer as long as the offer reads the same: to join or to object only until the last day of the screening ([Screening]).
const (
	Clear  AnswerKind = "clear"  // there is no competition, or the holder does not mind
	Join   AnswerKind = "join"   // the holder wants to be a partner of the offer
	Object AnswerKind = "object" // the holder does not want the offer to be published
)

// An Answer is what the holder of an offer says to a screening.
type Answer struct {
	// By is the IRI of who answers, the author of the record: the holder, or somebody who belongs to it.
	By string `json:"-"`
	// Offer is the IRI of the collective offer, Rival that of the holder's own.
	Offer  string          `json:"offer"`
	Rival  string          `json:"rival"`
	Answer AnswerKind      `json:"answer"`
	On     codesocial.Date `json:"on"`
	// Reason is required of an objection: a community can answer an argument.
	Reason string `json:"reason,omitempty"`
	// Text is the id of the record of the collective offer's text. Set by [Catalog.Answer].
	Text uuid.UUID `json:"text"`
}

// An Override records that a decision of the community lets a collective offer be published in spite of what holds it back.
type Override struct {
	// By is the IRI of who records it, the author of the record.
	By string `json:"-"`
	// Offer is the IRI of the collective offer.
	Offer string          `json:"offer"`
	On    codesocial.Date `json:"on"`
	// Hash, Decision and Clause are set by [Catalog.Override]: the text that was decided on, the decision, and the clause it rests on.
	Hash     string               `json:"hash"`
	Decision uuid.UUID            `json:"decision"`
	Clause   codesocial.ClauseRef `json:"clause"`
}

// A Standing says where a candidate stands on a day.
type Standing string

// The standings. The first three hold a collective offer back.
const (
	Asked      Standing = "asked"      // its holder can still answer
	Joining    Standing = "joining"    // its holder wants to be a partner, and the offer does not name it yet; it can still object
	Objected   Standing = "objected"   // its holder objects
	Cleared    Standing = "cleared"    // its holder has cleared it
	Silent     Standing = "silent"     // its holder has not answered in time
	Lapsed     Standing = "lapsed"     // its holder wanted to be a partner, and has neither become one nor objected in time
	Gone       Standing = "gone"       // it is not published any more, or reads otherwise
	Overridden Standing = "overridden" // a decision of the community has cleared the collective offer
)

// Holds reports whether a candidate with that standing holds a collective offer back.
func (s Standing) Holds() bool { return s == Asked || s == Joining || s == Objected }

// A Candidate is a rival with where it stands.
type Candidate struct {
	Rival
	Until    codesocial.Date      // last day on which its holder can object; later for one that has asked to join
	Clause   codesocial.ClauseRef // the rule "catalog.competition" under which it was asked
	Live     bool                 // it came when the collective offer was published already
	Standing Standing
	By       string // who answered
	Reason   string
}

type candidate struct {
	Rival
	until   codesocial.Date
	signing codesocial.Date // last day to become a partner for who has asked to join
	clause  codesocial.ClauseRef
	live    bool
	answer  *Answer
}

// last returns the last day on which the holder can object.
func (c *candidate) last() codesocial.Date {
	if c.answer != nil && c.answer.Answer == Join {
		return c.signing
	}
	return c.until
}

func (v *Screening) check() error {
	if err := checkIRI("offer", v.Offer); err != nil {
		return err
	}
	if err := checkDay("on", v.On); err != nil {
		return err
	}
	if err := checkDay("until", v.Until); err != nil {
		return err
	}
	if err := checkNumber("threshold", v.Threshold); err != nil {
		return err
	}
	if len(v.Against) > MaxCandidates {
		return badly(ErrLimit, "against", "there are %d, the limit is %d", len(v.Against), MaxCandidates)
	}
	for i, r := range v.Against {
		if err := checkIRI(at("against", i)+".offer", r.Offer); err != nil {
			return err
		}
		if err := checkIRI(at("against", i)+".holder", r.Holder); err != nil {
			return err
		}
		if err := checkNumber(at("against", i)+".similarity", r.Similarity); err != nil {
			return err
		}
	}
	return v.Clause.Check()
}

func (a *Answer) check() error {
	if err := checkIRI("by", a.By); err != nil {
		return err
	}
	if err := checkIRI("offer", a.Offer); err != nil {
		return err
	}
	if err := checkIRI("rival", a.Rival); err != nil {
		return err
	}
	if err := checkDay("on", a.On); err != nil {
		return err
	}
	if a.Answer != Clear && a.Answer != Join && a.Answer != Object {
		return bad(ErrInvalid, "answer", string(a.Answer), "must be clear, join or object")
	}
	if a.Answer == Object && strings.TrimSpace(a.Reason) == "" {
		return badly(ErrInvalid, "reason", "must be given to object: a community can answer an argument")
	}
	return checkText("reason", a.Reason, MaxReasonBytes, true)
}

func (o *Override) check() error {
	if err := checkIRI("by", o.By); err != nil {
		return err
	}
	if err := checkIRI("offer", o.Offer); err != nil {
		return err
	}
	return checkDay("on", o.On)
}

// Rivals returns the offers of members that a collective offer may compete with on a day, the most similar first: published offers of members that are not its
// partners, that overlap with it ([Overlap]), both commercial, with a similarity of at least the threshold. A higher threshold never adds one.
// It takes time in proportion to the number of offers with a skill or theme near one of its own, or without any.
func (s *State) Rivals(offer *Entry, threshold decimal.Decimal, day codesocial.Date) []Rival {
	if !offer.Price.Commercial() {
		return nil
	}
	least, ok := leastTotal(threshold)
	if !ok {
		return nil
	}
	var list []Rival
	p := s.domains.sitter(offer)
	for q := range p.candidates() {
		if q.entry.Kind != Offer || q.entry.ID == offer.ID {
			continue
		}
		l := p.likeness(q)
		if l.total() < least || !s.competing(s.items[q.entry.ID], offer, day) {
			continue
		}
		if evidence, ok := p.evidence(q, l); ok {
			list = append(list, s.rival(q.entry, l, evidence))
		}
	}
	sortRivals(list)
	return list
}

// leastTotal returns the least similarity, in ten thousandths, that reaches a threshold; false for one that none reaches.
func leastTotal(threshold decimal.Decimal) (int64, bool) {
	if threshold.GreaterThan(one) {
		return 0, false
	}
	return max(0, decimal.Max(threshold, decimal.Zero).Shift(places).Ceil().IntPart()), true
}

func (s *State) rival(e *Entry, l likeness, evidence Evidence) Rival {
	return Rival{e.ID, s.items[e.ID].revision, e.Holder, l.similarity(), evidence}
}

func sortRivals(list []Rival) {
	slices.SortFunc(list, func(a, b Rival) int {
		return cmp.Or(b.Similarity.Cmp(a.Similarity), strings.Compare(a.Offer, b.Offer))
	})
}

// competing reports whether a commercial offer counts on a day: it is published, and its holder has no part in the collective offer.
func (s *State) competing(it *item, offer *Entry, day codesocial.Date) bool {
	return it.onDay(day).alive() && s.community.MemberOn(it.entry.Holder, day) && !s.partOf(it.entry.Holder, offer)
}

// partOf reports whether the holder of an offer has a part in a collective offer, as a partner or as one that belongs to a partner.
func (s *State) partOf(holder string, offer *Entry) bool {
	p, _ := s.community.Party(holder)
	return holder == offer.Holder || slices.Contains(offer.Partners, holder) || p.Organization != "" && slices.Contains(offer.Partners, p.Organization)
}

// draftScreening returns the screenings of a collective offer that is proposed.
func (s *State) draftScreening(it *item, day codesocial.Date) ([]journal.Draft, error) {
	competition, clause, err := rule(s.community, CompetitionKind, day, (*CompetitionRule).Validate)
	if err != nil {
		return nil, err
	}
	rivals := s.Rivals(it.entry, competition.Threshold, day)
	return screenings(it, competition, clause, day, rivals), nil
}

func screenings(it *item, competition *CompetitionRule, clause codesocial.ClauseRef, day codesocial.Date, rivals []Rival) []journal.Draft {
	var drafts []journal.Draft
	for first := true; first || len(rivals) > 0; first = false {
		n := min(len(rivals), MaxCandidates)
		drafts = append(drafts, journal.Draft{Kind: KindScreening, Schema: schema, Payload: Screening{
			Offer: it.entry.ID, Text: it.revision, On: day, Until: day.AddDays(competition.Days), Threshold: competition.Threshold,
			Clause: clause, Live: it.status.alive(), Against: rivals[:n],
		}})
		rivals = rivals[n:]
	}
	return drafts
}

// screenAgain refuses to publish a collective offer that has new rivals since it was screened: offers that were published in a way that did not ask, such as
// under a charter that had no rule on competition then.
func (s *State) screenAgain(it *item, day codesocial.Date) error {
	competition, clause, err := rule(s.community, CompetitionKind, day, (*CompetitionRule).Validate)
	if err != nil {
		return err
	}
	held := &HeldBack{Offer: it.entry.ID}
	for _, r := range s.Rivals(it.entry, competition.Threshold, day) {
		if !it.knows(&r) {
			held.By = append(held.By, Candidate{Rival: r, Standing: Asked, Clause: clause})
		}
	}
	if len(held.By) > 0 && it.overruled == uuid.Nil {
		return refuse(clause, CompetitionKind, held)
	}
	return nil
}

// knows reports whether that text of an offer has been asked about.
func (it *item) knows(r *Rival) bool {
	return slices.ContainsFunc(it.asked, func(c *candidate) bool { return c.Offer == r.Offer && c.Text == r.Text })
}

// draftScreeningsOf returns the screenings that a member's offer brings about when it is published.
func (s *State) draftScreeningsOf(it *item, day codesocial.Date) ([]journal.Draft, error) {
	if len(s.together) == 0 || !it.entry.Price.Commercial() {
		return nil, nil
	}
	competition, clause, err := rule(s.community, CompetitionKind, day, (*CompetitionRule).Validate)
	if errors.Is(err, codesocial.ErrNoRule) {
		return nil, nil // then no collective offer can be proposed or published either
	}
	if err != nil {
		return nil, err
	}
	var drafts []journal.Draft
	for c, r := range s.alike(it, competition.Threshold) {
		status := c.onDay(day)
		if (status == Proposed || status == Checked || status.alive()) && !s.partOf(it.entry.Holder, c.entry) && !c.knows(&r) {
			drafts = append(drafts, screenings(c, competition, clause, day, []Rival{r})...)
		}
	}
	return drafts, nil
}

// alike iterates over the collective offers, in whatever state, that overlap with a member's commercial offer and are similar enough, in the order in which they
// came, with what it is to them.
func (s *State) alike(it *item, threshold decimal.Decimal) iter.Seq2[*item, Rival] {
	return func(yield func(*item, Rival) bool) {
		own, known := s.domains.portraits[it.entry.ID]
		least, some := leastTotal(threshold)
		if !known || !some {
			return
		}
		near := make(map[string]bool)
		for q := range s.domains.sitter(it.entry).candidates() {
			if q.entry.Kind == Collective {
				near[q.entry.ID] = true
			}
		}
		for _, iri := range s.together {
			if !near[iri] {
				continue
			}
			c := s.items[iri]
			p := s.domains.sitter(c.entry)
			l := p.likeness(own)
			if l.total() < least {
				continue
			}
			if evidence, ok := p.evidence(own, l); ok && !yield(c, s.rival(it.entry, l, evidence)) {
				return
			}
		}
	}
}

func (s *State) applyScreening(record *journal.Record, v *Screening) error {
	it, err := s.item("offer", v.Offer)
	if err != nil {
		return err
	}
	if v.Text != it.revision || it.entry.Kind != Collective {
		return bad(ErrState, "text", v.Text.String(), "is not how the collective offer reads now")
	}
	days := int(v.Until.In(time.UTC).Sub(v.On.In(time.UTC)) / (24 * time.Hour))
	until := v.Until
	if recorded := codesocial.DateOf(record.Time, s.locationOn(v.On)); recorded.After(v.On) {
		until = recorded.AddDays(days)
	}
	for _, r := range v.Against {
		c := &candidate{Rival: r, until: until, signing: until.AddDays(days), clause: v.Clause, live: v.Live}
		// A new text of an offer takes the place of the one before: its holder is asked again.
		if i := slices.IndexFunc(it.asked, func(c *candidate) bool { return c.Offer == r.Offer }); i >= 0 {
			it.asked[i] = c
		} else {
			it.asked = append(it.asked, c)
		}
	}
	return nil
}

// standing returns where a candidate stands on a day. It depends on the catalogue alone.
func (s *State) standing(it *item, c *candidate, day codesocial.Date) Standing {
	rival, ok := s.items[c.Offer]
	switch {
	case !ok || rival.revision != c.Text || rival.erased || !rival.onDay(day).alive():
		return Gone
	case it.overruled != uuid.Nil:
		return Overridden
	case c.answer == nil && day.After(c.last()):
		return Silent
	case c.answer == nil:
		return Asked
	case c.answer.Answer == Clear:
		return Cleared
	case c.answer.Answer == Join && day.After(c.last()):
		return Lapsed
	case c.answer.Answer == Join:
		return Joining
	}
	return Objected
}

func (s *State) candidates(it *item, day codesocial.Date) []Candidate {
	list := make([]Candidate, len(it.asked))
	for i, c := range it.asked {
		list[i] = Candidate{Rival: c.Rival, Until: c.last(), Clause: c.clause, Live: c.live, Standing: s.standing(it, c, day)}
		list[i].Evidence = c.Evidence.clone()
		if c.answer != nil {
			list[i].By, list[i].Reason = c.answer.By, c.answer.Reason
		}
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(b.Similarity.Cmp(a.Similarity), strings.Compare(a.Offer, b.Offer))
	})
	return list
}

// heldBack returns an error, a *codesocial.RuleError around a [HeldBack], as long as a candidate holds the offer back.
func (s *State) heldBack(it *item, day codesocial.Date) error {
	if it.entry.Kind != Collective {
		return nil
	}
	held := &HeldBack{Offer: it.entry.ID}
	for _, c := range s.candidates(it, day) {
		if c.Standing.Holds() && !c.Live {
			held.By = append(held.By, c)
		}
	}
	if len(held.By) == 0 {
		return nil
	}
	return refuse(held.By[0].Clause, CompetitionKind, held)
}

// DraftAnswer decides [Catalog.Answer] without recording it. An objection to an offer that is published already comes with the dispute that opens a
// tension.
func (s *State) DraftAnswer(a Answer) ([]journal.Draft, error) {
	drafts, err := s.draftAnswer(&a)
	if err != nil {
		return nil, fmt.Errorf("catalog: answer of %s about %s: %w", quote(a.By), quote(a.Offer), err)
	}
	return drafts, nil
}

func (s *State) draftAnswer(a *Answer) ([]journal.Draft, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	it, err := s.item("offer", a.Offer)
	if err != nil {
		return nil, err
	}
	a.Text = it.revision
	c, err := s.checkAnswer(a)
	if err != nil {
		return nil, err
	}
	if err := s.checkMember("by", a.By, a.On); err != nil {
		return nil, err
	}
	if !s.behind(s.items[a.Rival].entry, a.By) {
		return nil, bad(ErrNotYours, "by", a.By, "does not stand behind %s, whose holder is %s", a.Rival, c.Holder)
	}
	if c.answer != nil && *c.answer == *a {
		return nil, nil
	}
	drafts := []journal.Draft{{Kind: KindAnswer, Schema: schema, Author: a.By, Payload: *a}}
	if c.live && a.Answer == Object {
		drafts = append(drafts, Dispute{
			Offer: a.Offer, Parties: []string{c.Holder, it.entry.Holder}, On: a.On, Reason: a.Reason, Clause: c.clause,
		}.draft(recordID(KindDispute, a.Offer, a.Rival, c.Text.String())))
	}
	return drafts, nil
}

// checkAnswer checks an answer against the entries alone.
func (s *State) checkAnswer(a *Answer) (*candidate, error) {
	it, err := s.item("offer", a.Offer)
	if err != nil {
		return nil, err
	}
	if a.Text != it.revision {
		return nil, bad(ErrState, "text", a.Text.String(), "the collective offer reads otherwise now")
	}
	i := slices.IndexFunc(it.asked, func(c *candidate) bool { return c.Offer == a.Rival })
	if i < 0 {
		return nil, bad(ErrUnknown, "rival", a.Rival, "was not asked about")
	}
	c := it.asked[i]
	if last := c.last(); a.Answer != Clear && a.On.After(last) {
		return nil, refuse(c.clause, CompetitionKind, bad(ErrState, "on", a.On.String(), "one could %s until %s", a.Answer, last))
	}
	return c, nil
}

func (s *State) applyAnswer(a *Answer) error {
	c, err := s.checkAnswer(a)
	if err == nil {
		c.answer = a
	}
	return err
}

// DraftOverride decides [Catalog.Override] without recording it.
func (s *State) DraftOverride(o Override) ([]journal.Draft, error) {
	err := o.check()
	if err == nil {
		err = s.checkMember("by", o.By, o.On)
	}
	var it *item
	if err == nil {
		it, err = s.item("offer", o.Offer)
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: override for %s: %w", quote(o.Offer), err)
	}
	decided, ok := s.community.Adopted(codesocial.Matter{Kind: ClearanceMatter, Ref: it.hash})
	if !ok || !decided.InEffect(o.On) {
		return nil, fmt.Errorf("catalog: override for %s: %w", quote(o.Offer),
			bad(ErrState, "offer", o.Offer, "no decision on %s %s has effect on %s", ClearanceMatter, it.hash, o.On))
	}
	if it.overruled == decided.ID {
		return nil, nil
	}
	o.Hash, o.Decision, o.Clause = it.hash, decided.ID, decided.Clause
	return []journal.Draft{{
		ID: recordID(KindOverride, o.Offer, o.Hash, o.Decision.String()), Kind: KindOverride, Schema: schema, Author: o.By, Payload: o,
	}}, nil
}

// applyOverride takes an override only when the community has decided so: the decision is recorded before.
func (s *State) applyOverride(o *Override) error {
	it, err := s.item("offer", o.Offer)
	if err != nil {
		return err
	}
	if o.Hash != it.hash {
		return bad(ErrState, "hash", o.Hash, "the offer reads %s now", it.hash)
	}
	if _, ok := s.community.Adopted(codesocial.Matter{Kind: ClearanceMatter, Ref: o.Hash}); !ok {
		return bad(ErrUnknown, "decision", o.Decision.String(), "the community has not decided on %s", o.Hash)
	}
	it.overruled = o.Decision
	return nil
}
