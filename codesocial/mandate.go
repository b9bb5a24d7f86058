package codesocial

import (
	"context"
	"crypto/ed25519"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Mandate gives a party a role for a term, as a decision has chosen it: by an election, with or without candidates, or any other that the
// charter has for the kind [RoleMatter]. A decision gives it once, for one term.
type Mandate struct {
	Role  string `json:"role"`
	Party string `json:"party"` // IRI of a member
	From  Date   `json:"from"`
	Until Date   `json:"until"` // the last day, within the term of the role and the effect of the decision
	// Decision is the id of the decision, Clause the clause of the role. [State.DraftMandate] sets them.
	Decision uuid.UUID `json:"decision"`
	Clause   ClauseRef `json:"clause"`
}

// A Release ends a mandate before its term: the holder gives it back, or a decision on the kind [RevocationMatter] takes it.
type Release struct {
	Role  string `json:"role"`
	Party string `json:"party"`
	On    Date   `json:"on"` // the first day without the role
	By    string `json:"by"` // IRI of the holder, or its lead; of a member where a decision has revoked the mandate
}

// held is a mandate as the state keeps it.
type held struct {
	Mandate
	ended Date // the first day without the role, zero where the term ends it
}

func (h *held) lasts(on Date) bool {
	return !on.Before(h.From) && !on.After(h.Until) && (h.ended.IsZero() || on.Before(h.ended))
}

func (m *Mandate) id() uuid.UUID {
	return recordID(KindMandate, m.Role, m.Party, m.From.String())
}

func (m *Mandate) check() error {
	if err := checkID("role", m.Role); err != nil {
		return err
	}
	if err := checkIRI("party", m.Party); err != nil {
		return err
	}
	if m.From.check() != nil {
		return bad(ErrInvalid, "from", m.From.String(), "must be a day of the calendar")
	}
	if m.Until.check() != nil || m.Until.Before(m.From) {
		return bad(ErrInvalid, "until", m.Until.String(), "must be a day of the calendar, not before %s", m.From)
	}
	return nil
}

// checkMandate checks a mandate against the state, and sets what follows from it.
func (s *State) checkMandate(m *Mandate) error {
	role, clause, ok := s.role(m.Role, m.From)
	if !ok {
		return bad(ErrUnknown, "role", m.Role, "the version in force on %s has no such role", m.From)
	}
	refuse := func(err error) error { return &RuleError{Clause: clause, Kind: RolesKind, Err: err} }
	if len(role.Named) > 0 {
		return refuse(bad(ErrRefused, "role", m.Role, "the charter itself names its holders"))
	}
	if !s.MemberOn(m.Party, m.From) {
		return bad(ErrNotMember, "party", m.Party, "is not a member on %s", m.From)
	}
	if last := m.From.AddMonths(role.TermMonths).AddDays(-1); m.Until.After(last) {
		return refuse(bad(ErrRefused, "until", m.Until.String(), "the term of %d months ends on %s", role.TermMonths, last))
	}
	d, ok := s.Adopted(Matter{RoleMatter, m.Role})
	if !ok || d.Chosen != m.Party || !d.InEffect(m.From) || !d.InEffect(m.Until) {
		return refuse(bad(ErrRefused, "party", m.Party, "no decision in effect from %s to %s has chosen it for the role", m.From, m.Until))
	}
	holders := 0
	for _, h := range s.mandates[m.Role] {
		switch {
		case h.Decision == d.ID:
			return refuse(bad(ErrExists, "party", m.Party, "the decision has given the role from %s to %s: another term takes another decision", h.From, h.Until))
		case h.From.After(m.Until) || m.From.After(h.Until) || !h.ended.IsZero() && !h.ended.After(m.From):
		case h.Party == m.Party:
			return bad(ErrExists, "party", m.Party, "holds the role from %s to %s", h.From, h.Until)
		default:
			holders++
		}
	}
	if most := max(role.Holders, 1); holders >= most {
		return refuse(bad(ErrRefused, "role", m.Role, "is held by %d, and must not be by more", most))
	}
	m.Decision, m.Clause = d.ID, clause
	return nil
}

// Mandate records that a party takes a role for which a decision has chosen it. The errors wrap [ErrInvalid], [ErrUnknown], [ErrNotMember] or
// [ErrExists]; where the rule of roles refuses it is a *[RuleError].
func (c *Community) Mandate(ctx context.Context, m Mandate) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftMandate(m) })
}

// DraftMandate decides [Community.Mandate] without recording it. It returns no draft for a mandate that is recorded.
func (s *State) DraftMandate(m Mandate) ([]journal.Draft, error) {
	if slices.ContainsFunc(s.mandates[m.Role], func(h held) bool { return h.Party == m.Party && h.From == m.From && h.Until == m.Until }) {
		return nil, nil
	}
	err := m.check()
	if err == nil {
		err = s.checkMandate(&m)
	}
	if err != nil {
		return nil, errorf("mandate of %s as %s: %w", quote(m.Party), quote(m.Role), err)
	}
	return []journal.Draft{{ID: m.id(), Kind: KindMandate, Schema: schema, Payload: m}}, nil
}

func (s *State) applyMandate(m *Mandate, _ *journal.Record) error {
	given := *m
	if err := s.checkMandate(m); err != nil {
		return err
	}
	if given != *m {
		return bad(ErrInvalid, "decision", given.Decision.String(), "the mandate rests on %s, and %s", m.Decision, m.Clause)
	}
	if s.mandates == nil {
		s.mandates = make(map[string][]held)
	}
	s.mandates[m.Role] = append(s.mandates[m.Role], held{Mandate: *m})
	return nil
}

func (r *Release) check() error {
	if err := checkID("role", r.Role); err != nil {
		return err
	}
	if err := checkIRI("party", r.Party); err != nil {
		return err
	}
	if r.On.check() != nil {
		return bad(ErrInvalid, "on", r.On.String(), "must be a day of the calendar")
	}
	return checkIRI("by", r.By)
}

// checkRelease returns the mandate that a release ends.
func (s *State) checkRelease(r *Release) (*held, error) {
	i := slices.IndexFunc(s.mandates[r.Role], func(h held) bool { return h.Party == r.Party && h.lasts(r.On) })
	if i < 0 {
		return nil, bad(ErrState, "role", r.Role, "%s has no mandate that lasts on %s", r.Party, r.On)
	}
	if p := s.parties[r.Party]; r.By == r.Party || r.By == p.Lead || p.Erased { // who spoke for it is not known any more; the record was checked when it was
		return &s.mandates[r.Role][i], nil
	}
	if !s.MemberOn(r.By, r.On) {
		return nil, bad(ErrNotMember, "by", r.By, "is not a member on %s", r.On)
	}
	m := Matter{RevocationMatter, r.Role + " " + r.Party}
	if d, ok := s.Adopted(m); !ok || !d.InEffect(r.On) || d.On.Before(s.mandates[r.Role][i].From) {
		return nil, bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", r.On)
	}
	return &s.mandates[r.Role][i], nil
}

// Release records that a mandate ends before its term, in the name of By and signed with its key; nil for one without a registered key. The errors wrap
// [ErrInvalid], [ErrState], [ErrNotMember], [ErrRefused] or [ErrSignature].
func (c *Community) Release(ctx context.Context, r Release, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftRelease(r)) })
}

// DraftRelease decides [Community.Release] without recording it, and without a signature. It returns no draft for a release that is recorded.
func (s *State) DraftRelease(r Release) ([]journal.Draft, error) {
	if slices.ContainsFunc(s.mandates[r.Role], func(h held) bool { return h.Party == r.Party && h.ended == r.On && !r.On.IsZero() }) {
		return nil, nil
	}
	err := r.check()
	if err == nil {
		_, err = s.checkRelease(&r)
	}
	if p, ok := s.parties[r.Party]; err == nil && ok && p.Erased && r.By != r.Party {
		err = bad(ErrRefused, "by", r.By, "who speaks for an erased party is not known")
	}
	if err != nil {
		return nil, errorf("release of %s as %s: %w", quote(r.Party), quote(r.Role), err)
	}
	return []journal.Draft{{ID: recordID(KindRelease, r.Role, r.Party, r.On.String()), Kind: KindRelease, Schema: schema, Author: s.author(r.By), Payload: r}}, nil
}

func (s *State) applyRelease(r *Release, record *journal.Record) error {
	h, err := s.checkRelease(r)
	if err == nil {
		err = s.checkSpoken(record, r.By)
	}
	if err == nil {
		h.ended = r.On
	}
	return err
}

// Mandates returns all mandates for a role, those that have ended too, in the order in which they were recorded. Until is the day before a
// release, where there was one.
func (s *State) Mandates(role string) []Mandate {
	var list []Mandate
	for _, h := range s.mandates[role] {
		if m := h.Mandate; h.ended.IsZero() {
			list = append(list, m)
		} else {
			m.Until = h.ended.AddDays(-1)
			list = append(list, m)
		}
	}
	return list
}
