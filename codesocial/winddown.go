package codesocial

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Limits on the winding down of a project.
const (
	MaxAssets = 1000 // works that it releases
	MaxClaims = 100  // of one creditor
)

// A WindDownStatus says how far the winding down of a project has come: its composting, after which others can grow from what it leaves.
type WindDownStatus string

// How far a winding down can have come.
const (
	Running     WindDownStatus = "running"      // it has not begun
	WindingDown WindDownStatus = "winding-down" // creditors can claim, and are paid
	Cleared     WindDownStatus = "cleared"      // nothing is owed any more
	Released    WindDownStatus = "released"     // its works are free for others
	Closed      WindDownStatus = "closed"
)

// Label returns the word for the status in French and English, to be shown to members.
func (s WindDownStatus) Label() Text {
	return map[WindDownStatus]Text{
		Running: {"fr": "en activité", "en": "running"}, WindingDown: {"fr": "en compostage", "en": "winding down"}, Cleared: {"fr": "créanciers réglés", "en": "cleared"},
		Released: {"fr": "communs libérés", "en": "released"}, Closed: {"fr": "clos", "en": "closed"},
	}[s]
}

// A WindDownEvent takes the winding down of a project further.
type WindDownEvent string

// The events of a winding down, see the table on the package page.
const (
	WindDownBegin   WindDownEvent = "begin"
	WindDownClaim   WindDownEvent = "claim"   // somebody is owed something
	WindDownPay     WindDownEvent = "pay"     // a claim is paid, or waived by its creditor
	WindDownClear   WindDownEvent = "clear"   // all are
	WindDownRelease WindDownEvent = "release" // works go to the commons
	WindDownClose   WindDownEvent = "close"
)

// windDown is the table of a winding down: creditors first, then the commons.
var windDown = machine[WindDownStatus, WindDownEvent]{
	{[]WindDownStatus{Running}, WindDownBegin, "party, or member", []WindDownStatus{WindingDown}},
	{[]WindDownStatus{WindingDown}, WindDownClaim, "creditor, or party", []WindDownStatus{WindingDown}},
	{[]WindDownStatus{WindingDown}, WindDownPay, "creditor", []WindDownStatus{WindingDown}},
	{[]WindDownStatus{WindingDown}, WindDownClear, "party, or member", []WindDownStatus{Cleared}},
	{[]WindDownStatus{Cleared}, WindDownRelease, "party, or member", []WindDownStatus{Released}},
	{[]WindDownStatus{Released}, WindDownRelease, "party, or member", []WindDownStatus{Released}},
	{[]WindDownStatus{Released}, WindDownClose, "party, or member", []WindDownStatus{Closed}},
}

// A WindDownStep takes the winding down of a project further.
type WindDownStep struct {
	Project string        `json:"project"` // IRI of a party of the type project
	Event   WindDownEvent `json:"event"`
	On      Date          `json:"on"` // not before the step before
	// By is the IRI of who acts: the project or its lead, a member, or the creditor. A member begins only with a project that was stopped in its incubation, or whose lead is no
	// member.
	By string `json:"by"`
	// Claim is what is claimed, or paid; its creditor and unit tell it from others.
	Claim *Claim `json:"claim,omitempty"`
	// Assets are the works that are released.
	Assets []Asset `json:"assets,omitempty"`
	// Reason says why, up to [MaxReasonBytes]; required to begin.
	Reason string `json:"reason,omitempty"`
}

// A Claim is what a project owes somebody in a unit.
type Claim struct {
	Creditor string          `json:"creditor"` // IRI of a registered party
	Unit     string          `json:"unit"`     // a currency, hours, or any other
	Amount   decimal.Decimal `json:"amount"`   // positive
}

// An Asset is a work that is released for others to use: a text, a method, a program.
type Asset struct {
	ID      string `json:"id"` // the IRI under which it is found
	Title   Text   `json:"title"`
	Licence string `json:"licence"` // in one line, as in "CC-BY-SA-4.0"
}

// A Winding is how far the winding down of a project has come. It belongs to the caller.
type Winding struct {
	Project string
	Status  WindDownStatus
	Since   Date    // of the last step
	Open    []Claim // what is still owed, in the order in which it was claimed
	Paid    []Claim // in the order in which it was paid
	Assets  []Asset // released
	Steps   []WindDownStep
}

func (m *WindDownStep) check() error {
	if err := checkIRI("project", m.Project); err != nil {
		return err
	}
	if err := checkIRI("by", m.By); err != nil {
		return err
	}
	if m.On.check() != nil {
		return bad(ErrInvalid, "on", m.On.String(), "must be a day of the calendar")
	}
	if windDown.by(m.Event) == "" {
		return bad(ErrInvalid, "event", string(m.Event), "is not a step of a winding down")
	}
	if (m.Event == WindDownClaim || m.Event == WindDownPay) != (m.Claim != nil) {
		return badly(ErrInvalid, "claim", "must be given to claim and to pay, and only there")
	}
	if c := m.Claim; c != nil {
		if err := checkIRI("claim.creditor", c.Creditor); err != nil {
			return err
		}
		if err := checkName("claim.unit", c.Unit); err != nil {
			return err
		}
		if err := checkFigure("claim.amount", c.Amount); err != nil {
			return err
		}
		if !c.Amount.IsPositive() {
			return bad(ErrInvalid, "claim.amount", c.Amount.String(), "must be positive")
		}
	}
	if (m.Event == WindDownRelease) != (len(m.Assets) > 0) || len(m.Assets) > MaxAssets {
		return badly(ErrInvalid, "assets", "must be given to release, up to %d, and only there", MaxAssets)
	}
	for i, a := range m.Assets {
		field := at("assets", i)
		if err := checkIRI(field+".id", a.ID); err != nil {
			return err
		}
		if err := a.Title.checkTitle(field + ".title"); err != nil {
			return err
		}
		if err := checkName(field+".licence", a.Licence); err != nil {
			return err
		}
	}
	if m.Reason == "" && m.Event != WindDownBegin {
		return nil
	}
	return checkReason("reason", m.Reason)
}

// checkWindDown checks a step against the state and returns how far the winding down is after it.
func (s *State) checkWindDown(m *WindDownStep) (*Winding, error) {
	project, ok := s.parties[m.Project]
	if !ok || project.Type != Project && !project.Erased {
		return nil, bad(ErrUnknown, "project", m.Project, "is not a registered project")
	}
	before := s.windings[m.Project]
	if before == nil {
		before = &Winding{Project: m.Project, Status: Running}
	}
	if err := windDown.check("event", before.Status, m.Event); err != nil {
		return nil, err
	}
	if m.On.Before(before.Since) {
		return nil, bad(ErrInvalid, "on", m.On.String(), "is before %s, the day of the step before", before.Since)
	}
	own := m.By == m.Project || m.By == project.Lead || project.Erased
	creditor := m.Claim != nil && s.speaks(m.By, m.Claim.Creditor)
	switch {
	case m.Claim != nil && s.parties[m.Claim.Creditor] == nil:
		return nil, bad(ErrUnknown, "claim.creditor", m.Claim.Creditor, "is not a registered party")
	case m.Event == WindDownPay && !creditor:
		return nil, bad(ErrRefused, "by", m.By, "is not the creditor, who alone says that the claim is paid")
	case creditor, own:
	case m.Event == WindDownClaim:
		return nil, bad(ErrRefused, "by", m.By, "is neither the creditor nor the project")
	case !s.MemberOn(m.By, m.On):
		return nil, bad(ErrNotMember, "by", m.By, "is not a member on %s", m.On)
	case m.Event == WindDownBegin && !s.abandoned(project, m.On):
		return nil, bad(ErrRefused, "by", m.By, "does not speak for the project, which has not been stopped, and whose lead is a member")
	}
	after := *before
	switch m.Event {
	case WindDownClaim:
		of := func(c Claim) bool { return c.Creditor == m.Claim.Creditor }
		if n := count(before.Open, of) + count(before.Paid, of); n >= MaxClaims {
			return nil, bad(ErrLimit, "claim.creditor", m.Claim.Creditor, "has made %d claims already", n)
		}
		if before.open(m.Claim) >= 0 {
			return nil, bad(ErrExists, "claim.creditor", m.Claim.Creditor, "has an open claim in %s", m.Claim.Unit)
		}
		after.Open = append(slices.Clone(before.Open), *m.Claim)
	case WindDownPay:
		i := before.open(m.Claim)
		if i < 0 || !before.Open[i].Amount.Equal(m.Claim.Amount) {
			return nil, bad(ErrUnknown, "claim.amount", m.Claim.Amount.String(), "no such claim is open")
		}
		after.Open = slices.Delete(slices.Clone(before.Open), i, i+1)
		after.Paid = append(slices.Clone(before.Paid), *m.Claim)
	case WindDownClear:
		if n := len(before.Open); n > 0 {
			return nil, bad(ErrRefused, "event", string(m.Event), "creditors come first: %d claims are open", n)
		}
	case WindDownRelease:
		if len(before.Assets)+len(m.Assets) > MaxAssets {
			return nil, badly(ErrLimit, "assets", "there are over %d", MaxAssets)
		}
		for i, a := range m.Assets {
			if slices.ContainsFunc(before.Assets, func(b Asset) bool { return b.ID == a.ID }) {
				return nil, bad(ErrExists, at("assets", i)+".id", a.ID, "is released already")
			}
		}
		after.Assets = append(slices.Clone(before.Assets), m.Assets...)
	}
	after.Status, after.Since = windDown.next(before.Status, m.Event)[0], m.On
	return &after, nil
}

// abandoned reports whether a project has been stopped in its incubation, or nobody who is a member speaks for it.
func (s *State) abandoned(project *Party, on Date) bool {
	i := s.incubations[project.ID]
	return i != nil && i.Status == Stopped || !s.MemberOn(project.speaker(), on)
}

// count returns how many of a list are as asked.
func count[T any](list []T, is func(T) bool) (n int) {
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

// open returns the place of the open claim of the same creditor in the same unit, -1 if there is none.
func (w *Winding) open(c *Claim) int {
	return slices.IndexFunc(w.Open, func(o Claim) bool { return o.Creditor == c.Creditor && o.Unit == c.Unit })
}

// speaks reports whether by is a party, or speaks for it; of an erased party nobody knows any more who does.
func (s *State) speaks(by, party string) bool {
	p, ok := s.parties[party]
	return ok && (by == party || by == p.Lead || p.Erased)
}

// A WindDownCheck is an option of [Open]: it says what another package knows against a step of a winding down, such as what a project owes by its books. It is asked before
// [Community.WindDown] records a step that is possible otherwise, inside the decision, where all views of the journal stand still, and changes nothing. What is
// recorded without it stays.
type WindDownCheck func(m WindDownStep) error

func (c WindDownCheck) option(o *options) { o.windDown = append(o.windDown, c) }

// WindDown records a step of the winding down of a project, in the name of By and signed with its key; nil for one without a registered key. The errors wrap
// [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrState], [ErrExists], [ErrNotMember], [ErrRefused] or [ErrSignature], or come from the checks given to [Open].
func (c *Community) WindDown(ctx context.Context, m WindDownStep, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) {
		drafts, err := c.state.DraftWindDown(m)
		for _, check := range c.windDown {
			if err != nil {
				break
			}
			err = check(m)
		}
		return signed(key)(drafts, err)
	})
}

// DraftWindDown decides [Community.WindDown] without recording it, and without a signature. A step that was taken is
// refused by the table, by what is open, or by what is released.
func (s *State) DraftWindDown(m WindDownStep) ([]journal.Draft, error) {
	err := m.check()
	if p, ok := s.parties[m.Project]; err == nil && ok && p.Erased {
		err = bad(ErrUnknown, "project", m.Project, "its registration has been erased")
	}
	if err == nil {
		_, err = s.checkWindDown(&m)
	}
	if err != nil {
		return nil, errorf("winding down of %s: %s: %w", quote(m.Project), quote(string(m.Event)), err)
	}
	steps := 0
	if w := s.windings[m.Project]; w != nil {
		steps = len(w.Steps)
	}
	id := recordID(KindWindDown, m.Project, string(m.Event), fmt.Sprint(steps))
	return []journal.Draft{{ID: id, Kind: KindWindDown, Schema: schema, Author: s.author(m.By), Payload: m}}, nil
}

func (s *State) applyWindDown(m *WindDownStep, r *journal.Record) error {
	after, err := s.checkWindDown(m)
	if err == nil {
		err = s.checkSpoken(r, m.By)
	}
	if err != nil {
		return err
	}
	if s.windings == nil {
		s.windings = make(map[string]*Winding)
	}
	after.Steps = append(slices.Clone(after.Steps), *m)
	s.windings[m.Project] = after
	return nil
}

// Winding returns how far the winding down of a project has come; false if it has not begun.
func (s *State) Winding(project string) (Winding, bool) {
	w, ok := s.windings[project]
	if !ok {
		return Winding{}, false
	}
	c := *w
	c.Open, c.Paid, c.Assets, c.Steps = slices.Clone(w.Open), slices.Clone(w.Paid), slices.Clone(w.Assets), slices.Clone(w.Steps)
	return c, true
}
