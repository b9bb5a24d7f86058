package codesocial

import (
	"context"
	"crypto/ed25519"
	"maps"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Consultation asks those with the right "consulted", the authors in the inverted pyramid, for their opinion on a proposed version. Who has the
// right "evolution" opens it, the publisher; any member where nobody has it.
type Consultation struct {
	Charter string `json:"charter"` // hash of a proposed version
	On      Date   `json:"on"`
	By      string `json:"by"` // IRI
}

// An Opinion answers a consultation. It is in sight of all who decide, and binds nobody.
type Opinion struct {
	Charter string `json:"charter"` // hash of a proposed version
	Party   string `json:"party"`   // IRI of who is consulted
	On      Date   `json:"on"`
	Text    string `json:"text"` // up to [MaxReasonBytes]
}

// consulted is what a consultation has brought so far.
type consulted struct {
	opened   Consultation
	since    Date     // the day of its opening, not before its recording
	asked    []string // IRIs
	opinions map[string]Opinion
}

func (c *Consultation) check() error {
	if err := checkVersionAct(c.Charter, c.On, nil); err != nil {
		return err
	}
	return checkIRI("by", c.By)
}

func (o *Opinion) check() error {
	if err := checkStatement(o.Party, o.Charter, o.On); err != nil {
		return err
	}
	return checkReason("text", o.Text)
}

func (s *State) checkConsultation(c *Consultation) error {
	v, ok := s.versions[c.Charter]
	if !ok {
		return bad(ErrUnknown, "charter", c.Charter, "has not been proposed")
	}
	if v.Charter.doc.Project != "" {
		return bad(ErrRefused, "charter", c.Charter, "is the charter of a project, which its partners sign")
	}
	if v.Adoption != nil || v.Charter.doc.Version <= len(s.adopted[""]) {
		return bad(ErrState, "charter", c.Charter, "is not open for decision any more")
	}
	if s.consultations[c.Charter] != nil {
		return bad(ErrExists, "charter", c.Charter, "its consultation is open since %s", s.consultations[c.Charter].opened.On)
	}
	for range s.entitled(RightEvolution, c.On) {
		if _, ok := s.HasRight(c.By, RightEvolution, c.On); !ok {
			return bad(ErrRefused, "by", c.By, "does not answer for the evolution of the charter on %s", c.On)
		}
		return nil
	}
	if !s.MemberOn(c.By, c.On) {
		return bad(ErrNotMember, "by", c.By, "is not a member on %s", c.On)
	}
	return nil
}

func (s *State) checkOpinion(o *Opinion) error {
	c := s.consultations[o.Charter]
	if c == nil {
		return bad(ErrUnknown, "charter", o.Charter, "no consultation on it is open")
	}
	if !slices.Contains(c.asked, o.Party) {
		return bad(ErrRefused, "party", o.Party, "is not among those who are consulted")
	}
	if o.On.Before(c.opened.On) {
		return bad(ErrInvalid, "on", o.On.String(), "is before %s, when the consultation was opened", c.opened.On)
	}
	if old, ok := c.opinions[o.Party]; ok {
		return bad(ErrExists, "party", o.Party, "has answered on %s", old.On)
	}
	return nil
}

// checkConsulted checks that those with the right to it have been asked before a version is adopted: all have answered, or have had the time for it.
func (s *State) checkConsulted(before *Charter, a *Adoption) error {
	rules := s.versions[before.hash]
	if rules.roles == nil {
		return nil
	}
	refuse := func(err error) error { return &RuleError{Clause: rules.rolesClause, Kind: RolesKind, Err: err} }
	for iri, role := range s.entitled(RightConsulted, a.On) {
		c := s.consultations[a.Charter]
		if c == nil || c.opened.On.After(a.On) {
			return refuse(bad(ErrRefused, "charter", a.Charter, "%s, as %s, has not been consulted", iri, role))
		}
		if o, ok := c.opinions[iri]; ok && !o.On.After(a.On) {
			continue
		}
		if until := c.since.AddDays(rules.roles.Consultation); a.On.Before(until) {
			return refuse(bad(ErrRefused, "on", a.On.String(), "%s, as %s, can answer the consultation until %s", iri, role, until))
		}
	}
	return nil
}

// Consult records that those with the right to it are asked for their opinion on a version, signed with the key of By; nil for one without a registered key. The errors
// wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrRefused], [ErrNotMember], [ErrExists] or [ErrSignature].
func (c *Community) Consult(ctx context.Context, asked Consultation, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftConsultation(asked)) })
}

// Opine records the opinion of somebody who is consulted, signed with the party's key; nil for one without a registered key. The errors are those of
// [Community.Consult].
func (c *Community) Opine(ctx context.Context, o Opinion, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftOpinion(o)) })
}

// DraftConsultation decides [Community.Consult] without recording it, and without a signature. It returns no draft for one that is recorded.
func (s *State) DraftConsultation(c Consultation) ([]journal.Draft, error) {
	if old := s.consultations[c.Charter]; old != nil && old.opened == c {
		return nil, nil
	}
	err := c.check()
	if err == nil {
		err = s.checkConsultation(&c)
	}
	if err != nil {
		return nil, errorf("consultation on %s: %w", quote(c.Charter), err)
	}
	return []journal.Draft{{ID: recordID(KindConsultation, c.Charter), Kind: KindConsultation, Schema: schema, Author: s.author(c.By), Payload: c}}, nil
}

// DraftOpinion decides [Community.Opine] without recording it, and without a signature. It returns no draft for one that is recorded.
func (s *State) DraftOpinion(o Opinion) ([]journal.Draft, error) {
	if c := s.consultations[o.Charter]; c != nil && c.opinions[o.Party] == o {
		return nil, nil
	}
	err := o.check()
	if err == nil {
		err = s.checkOpinion(&o)
	}
	if err != nil {
		return nil, errorf("opinion of %s: %w", quote(o.Party), err)
	}
	return []journal.Draft{{ID: recordID(KindOpinion, o.Charter, o.Party), Kind: KindOpinion, Schema: schema, Author: s.author(o.Party), Payload: o}}, nil
}

func (s *State) applyConsultation(c *Consultation, r *journal.Record) error {
	if err := s.checkConsultation(c); err != nil {
		return err
	}
	if err := s.checkSpoken(r, c.By); err != nil {
		return err
	}
	asked := &consulted{opened: *c, since: later(c.On, DateOf(r.Time, nil)), opinions: make(map[string]Opinion)}
	for iri := range s.entitled(RightConsulted, c.On) {
		if !slices.Contains(asked.asked, iri) {
			asked.asked = append(asked.asked, iri)
		}
	}
	if s.consultations == nil {
		s.consultations = make(map[string]*consulted)
	}
	s.consultations[c.Charter] = asked
	return nil
}

func (s *State) applyOpinion(o *Opinion, r *journal.Record) error {
	if err := s.checkOpinion(o); err != nil {
		return err
	}
	if err := s.checkSpoken(r, o.Party); err != nil {
		return err
	}
	s.consultations[o.Charter].opinions[o.Party] = *o
	return nil
}

// Opinions returns who is asked about a version, and what was answered so far, in the order of the parties' IRIs; opened is false while nobody is.
func (s *State) Opinions(charter string) (asked []string, opinions []Opinion, opened bool) {
	c := s.consultations[charter]
	if c == nil {
		return nil, nil, false
	}
	for _, iri := range slices.Sorted(maps.Keys(c.opinions)) {
		opinions = append(opinions, c.opinions[iri])
	}
	return slices.Clone(c.asked), opinions, true
}
