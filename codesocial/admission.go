package codesocial

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// AdmissionKind is the kind of the rule that says who may be admitted, see [AdmissionRule].
const AdmissionKind = "codesocial.admission"

// MaxSponsors is the largest number of sponsors of one admission.
const MaxSponsors = 100

// MaxProbation is the longest probation, and the longest time before somebody can come back, in days: ten years.
const MaxProbation = 3660

// An AdmissionRule holds the parameters of a rule of the kind "codesocial.admission".
type AdmissionRule struct {
	// Sponsors is how many members must stand for the applicant, from 0 to [MaxSponsors].
	Sponsors int `json:"sponsors"`
	// Outside asks that no sponsor be close to the applicant: not its organization, not of the same
	// organization, not its lead, not one of its partners nor of a partner's organization, nor a project or collective that it leads or is a partner of, or that has
	// the same lead.
	Outside bool `json:"outside,omitempty"`
	// Probation is for how many days at least an applicant takes part before it becomes a member, from 0 to [MaxProbation]. Where it is 0,
	// parties can be admitted in one step ([Community.Admit]); otherwise they apply ([Community.Step]).
	Probation int `json:"probation,omitempty"`
	// Readmission is for how many days, from 0 to [MaxProbation], who has resigned or was excluded stays away before applying again.
	Readmission int `json:"readmission,omitempty"`
	// Decision asks for a decision that adopts the matter of kind "codesocial.admission" with the applicant's IRI before it becomes a member. Who has left and comes
	// back needs another.
	Decision bool `json:"decision,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *AdmissionRule) Validate() error {
	if r.Sponsors < 0 || r.Sponsors > MaxSponsors {
		return bad(ErrInvalid, "sponsors", fmt.Sprint(r.Sponsors), "must be from 0 to %d", MaxSponsors)
	}
	for _, days := range []struct {
		field string
		n     int
	}{{"probation", r.Probation}, {"readmission", r.Readmission}} {
		if days.n < 0 || days.n > MaxProbation {
			return bad(ErrInvalid, days.field, fmt.Sprint(days.n), "must be from 0 to %d days", MaxProbation)
		}
	}
	return nil
}

// An Admission makes a party a member: it accepts the version in force, and members stand for it as the
// rule "codesocial.admission" of that version asks.
type Admission struct {
	// Applicant is the IRI of the party that becomes a member.
	Applicant string
	// Charter is the hash of the version that it accepts: the one in force on the day On.
	Charter string
	// On is the day from which it is a member, in the time zone of that version.
	On Date
	// Sponsors are the IRIs of members, distinct, other than the applicant. More than the rule asks for are
	// recorded too.
	Sponsors []string
	// Signature accepts the version, see [SignAcceptance]: the applicant's own, or for a project or
	// collective that of its lead. It is required when the signer has a key, and must be absent otherwise.
	Signature Signature
}

// An admissionRecord is the payload of an admission: what was asked, and the clause it was granted under.
type admissionRecord struct {
	Applicant string    `json:"applicant"`
	Charter   string    `json:"charter"`
	Clause    ClauseRef `json:"clause"`
	On        Date      `json:"on"`
	Sponsors  []string  `json:"sponsors,omitempty"`
	Signature Signature `json:"signature,omitzero"`
}

// A Membership says since when, and on what ground, a party is a member.
type Membership struct {
	Party    string    // IRI
	Since    Date      // first day, in the time zone of the version accepted
	Charter  string    // hash of the version that was accepted on entering
	Clause   ClauseRef // the clause under which the party was admitted; zero for a founder
	Founder  bool      // a member by the adoption of version 1
	Sponsors []string  // IRIs, in the order given
	Signed   bool      // the party, or its lead, signed its acceptance
	Position uint64    // of the record in the journal

	signature Signature
	location  *time.Location
}

// clone returns a copy that shares no memory with m.
func (m *Membership) clone() Membership {
	c := *m
	c.Sponsors = slices.Clone(m.Sponsors)
	return c
}

// check checks what can be seen on the admission alone.
func (a *Admission) check() error {
	if err := checkIRI("applicant", a.Applicant); err != nil {
		return err
	}
	if err := checkHash("charter", a.Charter); err != nil {
		return err
	}
	if err := a.On.check(); err != nil {
		return bad(ErrInvalid, "on", a.On.String(), "must be a day of the calendar")
	}
	return checkIRIs("sponsors", a.Sponsors, MaxSponsors, a.Applicant)
}

// admission returns the rule of admission of the version.
func (c *Charter) admission() (rule AdmissionRule, clause ClauseRef, err error) {
	clause, err = c.Rule(AdmissionKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	return rule, clause, err
}

// checkAdmission checks everything that an admission needs and returns the standing that it leads to.
func (l lookup) checkAdmission(a *Admission) (*standing, error) {
	applicant, ok := l.party(a.Applicant)
	if !ok {
		return nil, bad(ErrUnknown, "applicant", a.Applicant, "is not a registered party")
	}
	before := l.standing(a.Applicant)
	if err := before.checkNew(a.Applicant, a.On); err != nil {
		return nil, err
	}
	c, err := l.state.inForceOn(a.On)
	if err != nil {
		return nil, err
	}
	if a.Charter != c.hash {
		return nil, bad(ErrNotInForce, "charter", a.Charter, "on %s %s is in force", a.On, c.hash)
	}
	signed, err := l.checkAcceptance(applicant, a)
	if err != nil {
		return nil, err
	}
	rule, clause, err := c.admission()
	if err != nil {
		return nil, err
	}
	err = cmp.Or(l.checkSponsors(applicant, a, rule), before.checkReadmission(rule, a.On))
	if err == nil {
		err = l.state.checkAdmitted(rule, before, a.Applicant, a.On)
	}
	if err == nil && rule.Probation > 0 {
		err = bad(ErrRefused, "on", a.On.String(), "the rule asks for a probation of %d days: the party applies first", rule.Probation)
	}
	if err != nil {
		return nil, &RuleError{Clause: clause, Kind: AdmissionKind, Err: err}
	}
	after := before.clone()
	after.enter(a.On)
	after.steps = append(after.steps, StatusChange{Status: Member, Since: a.On, Event: EventAdmit})
	after.membership = &Membership{
		Party: a.Applicant, Since: a.On, Charter: c.hash, Clause: clause, Sponsors: slices.Clone(a.Sponsors),
		Signed: signed, signature: a.Signature, location: c.location,
	}
	return after, nil
}

// checkAdmitted checks that the community has decided to take an applicant, where the rule asks for it.
// A decision admits once: who comes back needs another.
func (s *State) checkAdmitted(rule AdmissionRule, before *standing, applicant string, on Date) error {
	m := Matter{AdmissionKind, applicant}
	if !rule.Decision {
		return nil
	}
	d, ok := s.Adopted(m)
	if !ok || !d.InEffect(on) {
		return bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", on)
	}
	if before != nil && before.membership != nil && !d.On.After(before.membership.Since) {
		return bad(ErrRefused, "matter", m.String(), "the decision of %s has admitted it on %s: who comes back needs another", d.On, before.membership.Since)
	}
	return nil
}

// checkAcceptance checks the signature under the version, and that a lead is answerable under it. signed
// says that there is one.
func (l lookup) checkAcceptance(applicant *Party, a *Admission) (signed bool, err error) {
	message := AcceptanceMessage(a.Applicant, a.Charter)
	if applicant.Erased { // who spoke for it is not known any more; the record was checked when it was
		return verify(l.key(applicant.ID), message, a.Signature) == nil, nil
	}
	speaker := applicant.speaker()
	if speaker != applicant.ID {
		if !l.memberOn(speaker, a.On) {
			return false, bad(ErrNotMember, "lead", speaker, "signs for %s and is not a member on %s", applicant.ID, a.On)
		}
	}
	if key := l.key(speaker); !key.IsZero() || !a.Signature.IsZero() {
		if err := verify(key, message, a.Signature); err != nil {
			return false, fmt.Errorf("acceptance by %s: %w", speaker, err)
		}
	}
	return !a.Signature.IsZero(), nil
}

func (l lookup) checkSponsors(applicant *Party, a *Admission, rule AdmissionRule) error {
	for i, sponsor := range a.Sponsors {
		if !l.memberOn(sponsor, a.On) {
			return bad(ErrNotMember, at("sponsors", i), sponsor, "is not a member on %s", a.On)
		}
		if rule.Outside && l.close(applicant, sponsor) {
			return bad(ErrRefused, at("sponsors", i), sponsor, "is close to the applicant, and sponsors must come from outside")
		}
	}
	if len(a.Sponsors) < rule.Sponsors {
		return badly(ErrTooFew, "sponsors", "%d of the %d required", len(a.Sponsors), rule.Sponsors)
	}
	return nil
}

// close reports whether other is one of those around p whom a rule may keep from deciding for p.
func (l lookup) close(p *Party, other string) bool {
	home := ""
	if q, ok := l.party(other); ok {
		home = q.Organization
	}
	for _, near := range append([]string{p.Organization, p.Lead}, p.Partners...) {
		if near != "" && (near == other || near == home) {
			return true
		}
	}
	if q, ok := l.party(other); ok && (q.Lead != "" && (q.Lead == p.ID || q.Lead == p.Lead) || slices.Contains(q.Partners, p.ID)) {
		return true
	}
	return p.ID == home
}
