package catalog

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// Limits on collective offers.
const (
	MinPartners = 2
	MaxPartners = 100
	MaxShares   = 200
)

// IntroducerRole is the role of the share that whoever brought a deal gets. No party stands in it: who it is, the deal says.
const IntroducerRole = "introducer"

// A Split says how the partners of a collective offer share what it earns: rates that add up to exactly one.
type Split []Share

// A Share is one line of a split.
type Share struct {
	// Role says for what: introducer, author, producer, commons, or a word of the partners' own.
	Role string `json:"role"`
	// Party is the IRI of who gets it, Fund the id of a fund of the community; one of the two is set, except for the introducer, who has neither.
	Party string `json:"party,omitempty"`
	Fund  string `json:"fund,omitempty"`
	// Rate is more than 0 and at most 1: "0.15" is 15 %.
	Rate decimal.Decimal `json:"rate"`
}

var one = decimal.New(1, 0)

// Check returns nil when the split is one: every rate positive, one introducer at most, nobody twice in the same role, at least one party, and the rates
// adding up to exactly one. The error wraps [ErrSplit], [ErrInvalid] or [ErrLimit].
func (s Split) Check() error {
	if len(s) > MaxShares {
		return badly(ErrLimit, "split", "has %d shares, the limit is %d", len(s), MaxShares)
	}
	sum, parties := decimal.Zero, 0
	seen := make(map[Share]bool, len(s))
	for i, share := range s {
		if err := share.check(at("split", i)); err != nil {
			return err
		}
		same := Share{Role: share.Role, Party: share.Party, Fund: share.Fund}
		if seen[same] {
			return bad(ErrSplit, at("split", i), share.Role, "has two shares for the same recipient")
		}
		seen[same] = true
		if share.Party != "" {
			parties++
		}
		sum = sum.Add(share.Rate)
	}
	if parties == 0 {
		return badly(ErrSplit, "split", "gives no share to a party")
	}
	if !sum.Equal(one) {
		return bad(ErrSplit, "split", sum.Shift(2).String()+" %", "must add up to exactly 100 %%")
	}
	return nil
}

func (s Share) check(field string) error {
	if s.Role == "" {
		return badly(ErrInvalid, field+".role", "must be given")
	}
	if err := checkLine(field+".role", s.Role); err != nil {
		return err
	}
	switch named := s.Party != "" || s.Fund != ""; {
	case s.Role == IntroducerRole && named:
		return badly(ErrSplit, field, "the introducer is whoever brings a deal, and is not named in the split")
	case s.Role != IntroducerRole && (s.Party == "") == (s.Fund == ""):
		return badly(ErrSplit, field, "must name either a party or a fund")
	}
	if s.Party != "" {
		if err := checkIRI(field+".party", s.Party); err != nil {
			return err
		}
	}
	if err := checkLine(field+".fund", s.Fund); err != nil {
		return err
	}
	if err := checkNumber(field+".rate", s.Rate); err != nil {
		return err
	}
	if s.Rate.Sign() <= 0 || s.Rate.GreaterThan(one) {
		return bad(ErrSplit, field+".rate", s.Rate.String(), "must be more than 0 and at most 1")
	}
	return nil
}

// The groups and lines of a waterfall that comes from a split. The group is one that package ledger knows.
const (
	introducersGroup = "introducers"
	partnersLine     = "partners"
)

// Waterfall returns the split as the rule "dividend.waterfall" by which a project shares what it earns: first the introducer's rate, to those who
// brought the deals; then the rates of the funds; then everything that is left to the parties, in proportion to their rates, to the last unit. So
// where nobody brought a deal the introducer's rate goes to the parties in proportion, and nothing is left undistributed.
func (s Split) Waterfall() dividend.Waterfall {
	var w dividend.Waterfall
	rated := func(id, label, fr string, rate decimal.Decimal, to dividend.Target) {
		w.Lines = append(w.Lines, dividend.Line{ID: id, Name: map[string]string{"en": label, "fr": fr}, Of: dividend.OfBase, Rate: &rate, To: to})
	}
	var parties []dividend.Weight
	for _, share := range s {
		switch {
		case share.Role == IntroducerRole:
			rated(IntroducerRole, IntroducerRole, "apporteur d’affaires", share.Rate, dividend.Target{Group: introducersGroup})
		case share.Party != "":
			i := slices.IndexFunc(parties, func(p dividend.Weight) bool { return p.ID == share.Party })
			if i < 0 {
				i, parties = len(parties), append(parties, dividend.Weight{ID: share.Party})
			}
			parties[i].Value = parties[i].Value.Add(share.Rate)
		}
	}
	for i, share := range s {
		if share.Fund != "" {
			rated(fmt.Sprintf("fund-%d", i+1), share.Role, share.Role, share.Rate, dividend.Target{Fund: share.Fund})
		}
	}
	rest := one
	w.Lines = append(w.Lines, dividend.Line{
		ID: partnersLine, Name: map[string]string{"en": "partners", "fr": "partenaires"},
		Of: dividend.OfRemaining, Rate: &rest, To: dividend.Target{Parties: parties},
	})
	return w
}

// checkTogether checks what a collective offer has and other entries do not.
func (e *Entry) checkTogether() error {
	if e.Kind != Collective {
		if len(e.Partners) > 0 || len(e.Split) > 0 {
			return badly(ErrInvalid, "partners", "only a collective offer has partners and a split")
		}
		return nil
	}
	if len(e.Partners) < MinPartners {
		return badly(ErrInvalid, "partners", "a collective offer has at least %d, this has %d", MinPartners, len(e.Partners))
	}
	if err := checkIRIs("partners", e.Partners, MaxPartners); err != nil {
		return err
	}
	if err := e.Split.Check(); err != nil {
		return err
	}
	for i, partner := range e.Partners {
		if !slices.ContainsFunc(e.Split, func(s Share) bool { return s.Party == partner }) {
			return bad(ErrSplit, at("partners", i), partner, "has no share in the split")
		}
	}
	return e.Split.Waterfall().Validate()
}

// A Consent says that a partner agrees to a collective offer with the split in it. It is bound to one text of the offer: when that changes, each partner is
// asked again. It becomes a record that the partner signs, see [SignConsent].
type Consent struct {
	// Partner is the IRI of the partner, the author of the record.
	Partner string `json:"-"`
	// Offer is the IRI of the collective offer, and Hash names the text of it, see [Entry.Hash].
	Offer string `json:"offer"`
	Hash  string `json:"hash"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
}

func (c *Consent) check() error {
	if err := checkIRI("partner", c.Partner); err != nil {
		return err
	}
	if err := checkIRI("offer", c.Offer); err != nil {
		return err
	}
	return checkDay("on", c.On)
}

// ConsentDraft returns the record of a consent, for the partner to sign on its own machine with journal.Draft.Sign, and for
// [Catalog.Consent] to record.
func ConsentDraft(c Consent) journal.Draft {
	return journal.Draft{
		ID: recordID(KindConsent, c.Offer, c.Hash, c.Partner), Kind: KindConsent, Schema: schema, Author: c.Partner, Payload: c,
	}
}

// DraftConsents decides [Catalog.Consent] without recording it: it checks signed drafts and returns those that are not recorded yet.
func (s *State) DraftConsents(signed ...journal.Draft) ([]journal.Draft, error) {
	var drafts []journal.Draft
	for i, d := range signed {
		c, err := readConsent(&d)
		if err == nil {
			err = s.mayConsent(c)
		}
		if err != nil {
			return nil, fmt.Errorf("catalog: consent %d, of %s: %w", i+1, quote(d.Author), err)
		}
		if !slices.Contains(s.items[c.Offer].consents, c.Partner) {
			drafts = append(drafts, d)
		}
	}
	return drafts, nil
}

// readConsent reads a consent from its draft.
func readConsent(d *journal.Draft) (*Consent, error) {
	if d.Kind != KindConsent || d.Schema != schema {
		return nil, bad(ErrInvalid, "kind", d.Kind, "must be %s", KindConsent)
	}
	if len(d.Signature) == 0 {
		return nil, badly(ErrConsent, "signature", "a consent is signed by the partner")
	}
	c := &Consent{Partner: d.Author}
	if err := decodePayload(d.Payload, c); err != nil {
		return nil, err
	}
	if d.ID != recordID(KindConsent, c.Offer, c.Hash, c.Partner) {
		return nil, bad(ErrInvalid, "id", d.ID.String(), "is not that of this consent")
	}
	return c, c.check()
}

// mayConsent checks a consent against members and entries.
func (s *State) mayConsent(c *Consent) error {
	if _, err := s.checkConsent(c); err != nil {
		return err
	}
	if s.community.KeyOf(c.Partner).IsZero() {
		return bad(ErrConsent, "partner", c.Partner, "has no key to sign with")
	}
	return s.checkMember("partner", c.Partner, c.On)
}

// checkConsent checks a consent against the entries alone.
func (s *State) checkConsent(c *Consent) (*item, error) {
	it, err := s.item("offer", c.Offer)
	if err != nil {
		return nil, err
	}
	if c.Hash != it.hash {
		return nil, bad(ErrConsent, "hash", c.Hash, "the offer reads %s now: consent is given to a text", it.hash)
	}
	if !slices.Contains(it.entry.Partners, c.Partner) {
		return nil, bad(ErrNotYours, "partner", c.Partner, "is not a partner of %s", c.Offer)
	}
	return it, nil
}

func (s *State) applyConsent(c *Consent) error {
	it, err := s.checkConsent(c)
	if err == nil && !slices.Contains(it.consents, c.Partner) {
		it.consents = append(it.consents, c.Partner)
	}
	return err
}

// missing returns the partners that have not consented to the offer as it stands.
func (it *item) missing() []string {
	var list []string
	for _, partner := range it.entry.Partners {
		if !slices.Contains(it.consents, partner) {
			list = append(list, partner)
		}
	}
	return list
}

// A SplitRecord says that from a day on what a project earns is shared by the split of a collective offer: the record "catalog.split". The books
// (package ledger) read it by its kind.
type SplitRecord struct {
	// ID is the id of the record.
	ID uuid.UUID `json:"-"`
	// Offer is the IRI of the collective offer, Project that of the project whose distributions follow the split.
	Offer   string `json:"offer"`
	Project string `json:"project"`
	// From is the first day on which it holds, in the time zone of the charter.
	From codesocial.Date `json:"from"`
	// Lines are the parameters of a rule "dividend.waterfall", as in a charter: [Split.Waterfall].
	Lines []dividend.Line `json:"lines"`
	// Clause is the clause of the rule "catalog.split" that lets a split take the place of the charter's waterfall.
	Clause codesocial.ClauseRef `json:"clause"`
}

func (r *SplitRecord) check() error {
	if err := checkIRI("offer", r.Offer); err != nil {
		return err
	}
	if err := checkIRI("project", r.Project); err != nil {
		return err
	}
	if err := checkDay("from", r.From); err != nil {
		return err
	}
	if err := (dividend.Waterfall{Lines: r.Lines}).Validate(); err != nil {
		return fmt.Errorf("%w: lines: %w", ErrInvalid, err)
	}
	return r.Clause.Check()
}
