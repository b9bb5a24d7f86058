package codesocial

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// IncubationKind is the kind of the rule that says how projects are incubated, see [IncubationRule]; and of the matter that decides on a gate.
const IncubationKind = "codesocial.incubation"

// Limits on incubations.
const (
	MaxStages   = 50
	MaxCriteria = 50  // of one gate
	MaxEvidence = 200 // of one step
)

// An IncubationStatus says where a project stands.
type IncubationStatus string

// Where a project can stand.
const (
	NotSubmitted IncubationStatus = "not-submitted"
	Submitted    IncubationStatus = "submitted"  // asks to be incubated
	Screened     IncubationStatus = "screened"   // belongs to what the community is for
	Incubating   IncubationStatus = "incubating" // is helped, stage by stage
	Extended     IncubationStatus = "extended"   // the same, for longer than was planned
	Graduated    IncubationStatus = "graduated"  // stands on its own feet, within the community
	Merged       IncubationStatus = "merged"     // goes on as part of another project
	Stopped      IncubationStatus = "stopped"    // ends; its winding down begins
	SpunOut      IncubationStatus = "spun-out"   // goes on outside, under a social code of its own
	Declined     IncubationStatus = "declined"   // was not taken
)

// Label returns the word for the status in French and English, to be shown to members.
func (s IncubationStatus) Label() Text {
	return map[IncubationStatus]Text{
		NotSubmitted: {"fr": "non déposé", "en": "not submitted"},
		Submitted:    {"fr": "déposé", "en": "submitted"}, Screened: {"fr": "présélectionné", "en": "screened"}, Incubating: {"fr": "en incubation", "en": "incubating"},
		Extended: {"fr": "prolongé", "en": "extended"}, Graduated: {"fr": "autonome", "en": "graduated"}, Merged: {"fr": "fusionné", "en": "merged"},
		Stopped: {"fr": "arrêté", "en": "stopped"}, SpunOut: {"fr": "essaimé", "en": "spun out"}, Declined: {"fr": "non retenu", "en": "declined"},
	}[s]
}

// An IncubationEvent takes a project from one status to another.
type IncubationEvent string

// The events of an incubation, see the table on the package page.
const (
	IncubationSubmit   IncubationEvent = "submit"
	IncubationScreen   IncubationEvent = "screen"
	IncubationDecline  IncubationEvent = "decline"
	IncubationBegin    IncubationEvent = "begin"
	IncubationPass     IncubationEvent = "pass" // the gate to the next stage
	IncubationExtend   IncubationEvent = "extend"
	IncubationGraduate IncubationEvent = "graduate"
	IncubationMerge    IncubationEvent = "merge"
	IncubationSpinOut  IncubationEvent = "spin-out"
	IncubationStop     IncubationEvent = "stop"
)

// byOutsider is a member who is not close to the project: nobody decides on their own case.
const byOutsider = "member outside"

// incubation is the table of an incubation.
var incubation = machine[IncubationStatus, IncubationEvent]{
	{[]IncubationStatus{NotSubmitted, Declined, Stopped}, IncubationSubmit, byParty, []IncubationStatus{Submitted}},
	{[]IncubationStatus{Submitted}, IncubationScreen, byOutsider, []IncubationStatus{Screened}},
	{[]IncubationStatus{Submitted, Screened}, IncubationDecline, byOutsider, []IncubationStatus{Declined}},
	{[]IncubationStatus{Screened}, IncubationBegin, byOutsider, []IncubationStatus{Incubating}},
	{[]IncubationStatus{Incubating}, IncubationPass, byOutsider, []IncubationStatus{Incubating}},
	{[]IncubationStatus{Extended}, IncubationPass, byOutsider, []IncubationStatus{Extended}},
	{[]IncubationStatus{Incubating, Extended}, IncubationExtend, byOutsider, []IncubationStatus{Extended}},
	{[]IncubationStatus{Incubating, Extended}, IncubationGraduate, byOutsider, []IncubationStatus{Graduated}},
	{[]IncubationStatus{Incubating, Extended}, IncubationMerge, byOutsider, []IncubationStatus{Merged}},
	{[]IncubationStatus{Incubating, Extended, Graduated}, IncubationSpinOut, byParty, []IncubationStatus{SpunOut}},
	{[]IncubationStatus{Submitted, Screened, Incubating, Extended}, IncubationStop, "party, or member outside", []IncubationStatus{Stopped}},
}

// An IncubationRule holds the parameters of a rule of the kind "codesocial.incubation".
type IncubationRule struct {
	// Screening is what must be shown before a project is screened.
	Screening []Criterion `json:"screening,omitempty"`
	// Stages are those of the incubation, the first one first.
	Stages []IncubationStage `json:"stages"`
	// Months is how long an incubation lasts at most; Extensions how often it may be extended, by up to ExtensionMonths each.
	Months          int `json:"months"`
	Extensions      int `json:"extensions,omitempty"`
	ExtensionMonths int `json:"extensionMonths,omitempty"`
	// Organizations is of how many organizations, members all of them, the partners of a project must be when its incubation begins, and how many must have worked
	// together on one thing when it graduates; 0 stands for 2.
	Organizations int `json:"organizations,omitempty"`
	// Decision asks for a decision on [IncubationStep.Matter] at every step of a member outside, another one each time.
	Decision bool `json:"decision,omitempty"`
}

// An IncubationStage is a part of an incubation.
type IncubationStage struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
	// Gate is what must be shown to leave the stage.
	Gate []Criterion `json:"gate,omitempty"`
	// Next are the ids of the stages that can follow. Absent: the stage that is listed next; empty in the last stages, from which a project graduates.
	Next []string `json:"next,omitempty"`
}

// A Criterion is something that must be shown.
type Criterion struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
}

// Validate returns an error that wraps [ErrInvalid] or [ErrLimit] for parameters that make no sense.
func (r *IncubationRule) Validate() error {
	if len(r.Stages) == 0 || len(r.Stages) > MaxStages {
		return badly(ErrLimit, "stages", "there are %d, must be from 1 to %d", len(r.Stages), MaxStages)
	}
	for _, n := range []struct {
		field          string
		n, least, most int
	}{
		{"months", r.Months, 1, MaxTermMonths},
		{"extensions", r.Extensions, 0, 100},
		{"extensionMonths", r.ExtensionMonths, min(r.Extensions, 1), MaxTermMonths},
		{"organizations", r.Organizations, 0, MaxPartners},
	} {
		if n.n < n.least || n.n > n.most {
			return bad(ErrInvalid, n.field, fmt.Sprint(n.n), "must be from %d to %d", n.least, n.most)
		}
	}
	if err := checkCriteria("screening", r.Screening); err != nil {
		return err
	}
	seen := make(map[string]string)
	for i, s := range r.Stages {
		field := at("stages", i)
		if err := checkPlace(seen, field, s.ID); err != nil {
			return err
		}
		if err := s.Title.checkTitle(field + ".title"); err != nil {
			return err
		}
		if err := checkCriteria(field+".gate", s.Gate); err != nil {
			return err
		}
		for j, next := range s.Next {
			if r.stage(next) == nil {
				return bad(ErrInvalid, at(field+".next", j), next, "is no stage of the rule")
			}
		}
	}
	return nil
}

func checkCriteria(field string, list []Criterion) error {
	if len(list) > MaxCriteria {
		return badly(ErrLimit, field, "there are %d, the limit is %d", len(list), MaxCriteria)
	}
	seen := make(map[string]string)
	for i, c := range list {
		if err := checkPlace(seen, at(field, i), c.ID); err != nil {
			return err
		}
		if err := c.Title.checkTitle(at(field, i) + ".title"); err != nil {
			return err
		}
	}
	return nil
}

// stage returns the stage with that id, nil if there is none.
func (r *IncubationRule) stage(id string) *IncubationStage {
	if i := slices.IndexFunc(r.Stages, func(s IncubationStage) bool { return s.ID == id }); i >= 0 {
		return &r.Stages[i]
	}
	return nil
}

// after returns the ids of the stages that can follow a stage.
func (r *IncubationRule) after(id string) []string {
	i := slices.IndexFunc(r.Stages, func(s IncubationStage) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	if r.Stages[i].Next == nil && i+1 < len(r.Stages) {
		return []string{r.Stages[i+1].ID}
	}
	return r.Stages[i].Next
}

// An IncubationStep takes a project to another status, or to another stage.
type IncubationStep struct {
	Project string          `json:"project"` // IRI of a party of the type project
	Event   IncubationEvent `json:"event"`
	On      Date            `json:"on"` // not before the step before
	By      string          `json:"by"` // IRI of the project or its lead, or of a member who is not close to it
	// Stage is the stage that the project passes to.
	Stage string `json:"stage,omitempty"`
	// Evidence shows what the gate asks for.
	Evidence []Evidence `json:"evidence,omitempty"`
	// Until is the last day of an extension.
	Until Date `json:"until,omitzero"`
	// Into is the IRI of the project that takes this one in, or of the social code under which it goes on outside.
	Into string `json:"into,omitempty"`
	// Reason says why, up to [MaxReasonBytes]; required to decline and to stop.
	Reason string `json:"reason,omitempty"`
	// Clause is the clause of the rule, in the version under which the project was submitted. [State.DraftIncubation] sets it.
	Clause ClauseRef `json:"clause"`
}

// Evidence shows that a criterion is met.
type Evidence struct {
	Criterion string `json:"criterion,omitempty"` // its id; empty for what is shown besides
	// Source says where it can be seen: in words, or as an address or hash.
	Source string `json:"source"`
	// By are the IRIs of the organizations that did it together.
	By []string `json:"by,omitempty"`
}

// Matter returns what a decision on the step decides: the project, the event, and the stage or what it goes into.
func (m *IncubationStep) Matter() Matter {
	ref := m.Project + " " + string(m.Event)
	if more := m.Stage + m.Into; more != "" {
		ref += " " + more
	}
	return Matter{IncubationKind, ref}
}

func (m *IncubationStep) check() error {
	if err := checkIRI("project", m.Project); err != nil {
		return err
	}
	if err := checkIRI("by", m.By); err != nil {
		return err
	}
	if m.On.check() != nil {
		return bad(ErrInvalid, "on", m.On.String(), "must be a day of the calendar")
	}
	if incubation.by(m.Event) == "" {
		return bad(ErrInvalid, "event", string(m.Event), "is not a step of an incubation")
	}
	if (m.Event == IncubationPass) != (m.Stage != "") {
		return bad(ErrInvalid, "stage", m.Stage, "must be given to pass to it, and only there")
	}
	if (m.Event == IncubationExtend) == m.Until.IsZero() || !m.Until.IsZero() && m.Until.check() != nil {
		return bad(ErrInvalid, "until", m.Until.String(), "must be given to extend, and only there")
	}
	if (m.Event == IncubationMerge || m.Event == IncubationSpinOut) != (m.Into != "") {
		return bad(ErrInvalid, "into", m.Into, "must be given to merge and to spin out, and only there")
	}
	if m.Into != "" {
		if err := checkIRI("into", m.Into); err != nil {
			return err
		}
	}
	if m.Reason != "" || m.Event == IncubationDecline || m.Event == IncubationStop {
		if err := checkReason("reason", m.Reason); err != nil {
			return err
		}
	}
	if len(m.Evidence) > MaxEvidence {
		return badly(ErrLimit, "evidence", "there are %d, the limit is %d", len(m.Evidence), MaxEvidence)
	}
	for i, e := range m.Evidence {
		field := at("evidence", i)
		if e.Criterion != "" {
			if err := checkID(field+".criterion", e.Criterion); err != nil {
				return err
			}
		}
		if err := checkReason(field+".source", e.Source); err != nil {
			return err
		}
		if err := checkIRIs(field+".by", e.By, MaxPartners, ""); err != nil {
			return err
		}
	}
	return nil
}

// An Incubation is where a project stands, and how it came there. It belongs to the caller.
type Incubation struct {
	Project string
	Status  IncubationStatus
	Stage   string // while it is incubating, and afterwards the last one
	Since   Date   // of the status
	Due     Date   // the last day of the incubation, zero before it begins
	Into    string // the IRI that it merged or spun out into
	Steps   []IncubationStep

	rule       *IncubationRule
	clause     ClauseRef
	extensions int
}

// Overdue reports whether the incubation should have ended before a day. It goes on; only an extension or an end can follow.
func (i Incubation) Overdue(on Date) bool {
	return (i.Status == Incubating || i.Status == Extended) && on.After(i.Due)
}

// Incubation returns where a project stands; false if it was never submitted.
func (s *State) Incubation(project string) (Incubation, bool) {
	i, ok := s.incubations[project]
	if !ok {
		return Incubation{}, false
	}
	c := *i
	c.Steps = slices.Clone(i.Steps)
	return c, true
}

// checkIncubation checks a step against the state and returns where the project stands after it.
func (s *State) checkIncubation(m *IncubationStep) (*Incubation, error) {
	project, ok := s.parties[m.Project]
	if !ok || project.Type != Project && !project.Erased {
		return nil, bad(ErrUnknown, "project", m.Project, "is not a registered project")
	}
	before := s.incubations[m.Project]
	if before == nil {
		before = &Incubation{Project: m.Project, Status: NotSubmitted}
	}
	if err := incubation.check("event", before.Status, m.Event); err != nil {
		return nil, err
	}
	if m.On.Before(before.Since) {
		return nil, bad(ErrInvalid, "on", m.On.String(), "is before %s, since when the project is %s", before.Since, before.Status)
	}
	own := m.By == m.Project || m.By == project.Lead || project.Erased
	switch by := incubation.by(m.Event); {
	case by == byParty && !own:
		return nil, bad(ErrRefused, "by", m.By, "does not speak for the project")
	case by != byParty && !own && !s.MemberOn(m.By, m.On):
		return nil, bad(ErrNotMember, "by", m.By, "is not a member on %s", m.On)
	case by != byParty && !project.Erased && (own && by == byOutsider || !own && s.lookup().close(project, m.By)):
		return nil, bad(ErrRefused, "by", m.By, "is close to the project: nobody decides on their own case")
	}
	after := *before
	if m.Event == IncubationSubmit {
		c, err := s.inForceOn(m.On)
		if err != nil {
			return nil, err
		}
		rule := new(IncubationRule)
		clause, err := c.Rule(IncubationKind, rule)
		if err == nil {
			err = rule.Validate()
		}
		if err != nil {
			return nil, err
		}
		after = Incubation{Project: m.Project, Steps: before.Steps, rule: rule, clause: clause}
	}
	if err := s.checkGate(&after, project, m); err != nil {
		return nil, &RuleError{Clause: after.clause, Kind: IncubationKind, Err: err}
	}
	after.Status, after.Since = incubation.next(before.Status, m.Event)[0], m.On
	return &after, nil
}

// checkGate checks a step under the rule of the incubation, and notes what it changes.
func (s *State) checkGate(i *Incubation, project *Party, m *IncubationStep) error {
	r := i.rule
	if matter := m.Matter(); r.Decision && incubation.by(m.Event) == byOutsider {
		d, ok := s.Adopted(matter)
		if !ok || !d.InEffect(m.On) {
			return bad(ErrRefused, "matter", matter.String(), "no decision in effect on %s has adopted it", m.On)
		}
		if n := slices.IndexFunc(i.Steps, func(old IncubationStep) bool { return old.Matter() == matter && !old.On.Before(d.On) }); n >= 0 {
			return bad(ErrRefused, "matter", matter.String(), "the decision of %s was carried out on %s", d.On, i.Steps[n].On)
		}
	}
	if (m.Event == IncubationPass || m.Event == IncubationGraduate) && i.Overdue(m.On) {
		return bad(ErrRefused, "on", m.On.String(), "the incubation was to end on %s: it must be extended first", i.Due)
	}
	switch m.Event {
	case IncubationScreen:
		return shown(r.Screening, m.Evidence)
	case IncubationBegin:
		i.Stage, i.Due = r.Stages[0].ID, m.On.AddMonths(r.Months).AddDays(-1)
		if n := s.organizations(project, m.On); n < r.organizations() && !project.Erased {
			return badly(ErrTooFew, "partners", "are of %d organizations that are members, of %d required", n, r.organizations())
		}
	case IncubationPass:
		if !slices.Contains(r.after(i.Stage), m.Stage) {
			return bad(ErrState, "stage", m.Stage, "does not follow the stage %s", i.Stage)
		}
		err := shown(r.stage(i.Stage).Gate, m.Evidence)
		i.Stage = m.Stage
		return err
	case IncubationExtend:
		if i.extensions == r.Extensions {
			return badly(ErrRefused, "event", "the rule allows %d extensions", r.Extensions)
		}
		if last := i.Due.AddMonths(r.ExtensionMonths); !m.Until.After(i.Due) || m.Until.After(last) {
			return bad(ErrRefused, "until", m.Until.String(), "must be after %s, and up to %s", i.Due, last)
		}
		i.Due = m.Until
		i.extensions++
	case IncubationGraduate:
		if len(r.after(i.Stage)) > 0 {
			return bad(ErrState, "stage", i.Stage, "is not the last one")
		}
		if err := shown(r.stage(i.Stage).Gate, m.Evidence); err != nil {
			return err
		}
		return s.checkJoint(r.organizations(), m)
	case IncubationMerge:
		if into, ok := s.parties[m.Into]; !ok || into.Type != Project && !into.Erased || m.Into == m.Project {
			return bad(ErrUnknown, "into", m.Into, "is not another registered project")
		}
		i.Into = m.Into
	case IncubationSpinOut:
		i.Into = m.Into
	}
	return nil
}

func (r *IncubationRule) organizations() int {
	if r.Organizations == 0 {
		return 2
	}
	return r.Organizations
}

// shown checks that there is evidence for all criteria.
func shown(criteria []Criterion, evidence []Evidence) error {
	for _, c := range criteria {
		if !slices.ContainsFunc(evidence, func(e Evidence) bool { return e.Criterion == c.ID }) {
			return bad(ErrRefused, "evidence", c.ID, "nothing shows that this criterion is met")
		}
	}
	return nil
}

// organizations counts the organizations and collectives, members on a day, that the partners and the lead of a project are or belong to.
func (s *State) organizations(project *Party, on Date) int {
	found := make(map[string]bool)
	for iri := range project.carriers() {
		p := s.parties[iri]
		if p.Organization != "" {
			iri = p.Organization
		} else if p.Type != Organization && p.Type != Collective {
			continue
		}
		if s.MemberOn(iri, on) {
			found[iri] = true
		}
	}
	return len(found)
}

// checkJoint checks that something was done by enough organizations together.
func (s *State) checkJoint(enough int, m *IncubationStep) error {
	most := 0
	for _, e := range m.Evidence {
		n := 0
		for _, iri := range e.By {
			if p, ok := s.parties[iri]; ok && (p.Type == Organization || p.Type == Collective || p.Erased) && s.MemberOn(iri, m.On) {
				n++
			}
		}
		most = max(most, n)
	}
	if most < enough {
		return badly(ErrTooFew, "evidence", "shows joint work of %d organizations that are members, of %d required", most, enough)
	}
	return nil
}

// Incubate records a step of an incubation, in the name of By and signed with its key; nil for one without a registered key. The errors wrap [ErrInvalid], [ErrUnknown],
// [ErrState], [ErrNotMember], [ErrRefused], [ErrNotInForce], [ErrNoRule] or [ErrSignature]; where the rule of incubation refuses it is a *[RuleError].
func (c *Community) Incubate(ctx context.Context, m IncubationStep, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftIncubation(m)) })
}

// DraftIncubation decides [Community.Incubate] without recording it, and without a signature. It returns no draft for the step that was taken last.
func (s *State) DraftIncubation(m IncubationStep) ([]journal.Draft, error) {
	m.Clause = ClauseRef{}
	if old := s.incubations[m.Project]; old != nil {
		if last := old.Steps[len(old.Steps)-1]; last.Event == m.Event && last.On == m.On && last.By == m.By && last.Stage == m.Stage {
			return nil, nil
		}
	}
	err := m.check()
	if p, ok := s.parties[m.Project]; err == nil && ok && p.Erased {
		err = bad(ErrUnknown, "project", m.Project, "its registration has been erased")
	}
	var after *Incubation
	if err == nil {
		after, err = s.checkIncubation(&m)
	}
	if err != nil {
		return nil, errorf("incubation of %s: %s: %w", quote(m.Project), quote(string(m.Event)), err)
	}
	m.Clause = after.clause
	id := recordID(KindIncubation, m.Project, string(m.Event), m.On.String(), m.By, m.Stage)
	return []journal.Draft{{ID: id, Kind: KindIncubation, Schema: schema, Author: s.author(m.By), Payload: m}}, nil
}

func (s *State) applyIncubation(m *IncubationStep, r *journal.Record) error {
	after, err := s.checkIncubation(m)
	if err != nil {
		return err
	}
	if m.Clause != after.clause {
		return bad(ErrInvalid, "clause", m.Clause.String(), "the step rests on %s", after.clause)
	}
	if err := s.checkSpoken(r, m.By); err != nil {
		return err
	}
	if s.incubations == nil {
		s.incubations = make(map[string]*Incubation)
	}
	after.Steps = append(slices.Clone(after.Steps), *m)
	s.incubations[m.Project] = after
	return nil
}
