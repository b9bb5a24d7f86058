package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Limits on plans.
const (
	MaxMilestones = 200
	MaxLevel      = 10 // of satisfaction
)

// A Plan says what a project intends. The last one recorded is in force; those before it show how it changed.
type Plan struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// On is the day of the plan, From and To the first and the last day of the project, in the time zone of the charter. What names the project and is dated
	// outside is refused afterwards, until another plan says otherwise; only what follows up on a record of the project may come after its end: a correction, a
	// completion, a cancellation, a refund, the payment of an invoice, order or claim, the closing of a finding, the next state of a contingency.
	On   codesocial.Date `json:"on"`
	From codesocial.Date `json:"from"`
	To   codesocial.Date `json:"to"`
	// Currency is that of the charter. Income is what is expected to come in, Budget what may be spent, Provision what
	// is put aside of it for contingencies; none is negative.
	Currency  string          `json:"currency"`
	Income    decimal.Decimal `json:"income"`
	Budget    decimal.Decimal `json:"budget"`
	Provision decimal.Decimal `json:"provision"`
	// Milestones are what is to be reached, each by its day. Done says when it was.
	Milestones []Milestone `json:"milestones,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

// A Milestone is something to be reached by a day.
type Milestone struct {
	Name string          `json:"name"`
	Due  codesocial.Date `json:"due"`
	Done codesocial.Date `json:"done,omitzero"` // the day on which it was reached; zero: not yet
}

// A Capacity says how much a member can work in a month, for all projects together. The last one recorded that holds for a month counts.
type Capacity struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// Party is the IRI of the member, the author of the record.
	Party string `json:"-"`
	// On is the day from the month of which it holds, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Wealth is the kind of wealth, and Month how much of it a month, in its unit; zero where the member is away.
	Wealth string          `json:"wealth"`
	Month  decimal.Decimal `json:"month"`
}

// FindingKind says what was found.
type FindingKind string

// The kinds of findings.
const (
	Satisfaction  FindingKind = "satisfaction"  // how content somebody is: a level
	Defect        FindingKind = "defect"        // something does not work
	NonConformity FindingKind = "nonconformity" // something is not as agreed
	Reviewed      FindingKind = "review"        // somebody looked at the work
)

// A Finding says something about the quality of a project's work.
type Finding struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// Kind says what was found. Empty when it closes another.
	Kind FindingKind `json:"kind,omitempty"`
	// Closes is the id of the defect or non-conformity that has been dealt with. Optional.
	Closes uuid.UUID `json:"closes,omitzero"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Level is of satisfaction: from 1, the lowest, to [MaxLevel]. Absent otherwise.
	Level int `json:"level,omitempty"`
	// Text is for people; it says nothing about persons. Required of a defect, non-conformity or review.
	Text string `json:"text,omitempty"`
}

// ContingencyStatus says how far a contingency has come.
type ContingencyStatus string

// The states of a contingency.
const (
	Watched  ContingencyStatus = "watched"  // it may occur
	Occurred ContingencyStatus = "occurred" // it has, and cost something
	Averted  ContingencyStatus = "averted"  // it will not occur any more
)

// A Contingency is something that could go wrong, or has.
type Contingency struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// Of is the id of the first record about the same contingency, which this one carries on. Zero for a first one.
	Of uuid.UUID `json:"of,omitzero"`
	// Title says what could happen.
	Title string `json:"title"`
	// On is the day, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Probability is from 0 to 1, with at most 4 places.
	Probability decimal.Decimal `json:"probability"`
	// Impact is what it would cost, or did, in Currency, that of the charter; not negative. Days is what it would take besides.
	Impact   decimal.Decimal `json:"impact"`
	Currency string          `json:"currency"`
	Days     int             `json:"days,omitempty"`
	// Owner is the IRI of the member who looks after it.
	Owner string `json:"owner"`
	// Status says how far it has come. What has occurred consumes the provision by its impact.
	Status ContingencyStatus `json:"status"`
}

func (p *Plan) check() error {
	if err := codesocial.CheckIRI(p.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDay("on", p.On); err != nil {
		return err
	}
	if err := checkDays(p.From, p.To); err != nil {
		return err
	}
	for _, a := range []struct {
		field  string
		amount decimal.Decimal
	}{{"income", p.Income}, {"budget", p.Budget}, {"provision", p.Provision}} {
		if err := checkNotNegative(a.field, a.amount, p.Currency); err != nil {
			return err
		}
	}
	if len(p.Milestones) > MaxMilestones {
		return bad(ErrInvalid, "milestones", fmt.Sprint(len(p.Milestones)), "must be at most %d", MaxMilestones)
	}
	for _, m := range p.Milestones {
		if m.Name == "" {
			return badly(ErrInvalid, "milestone", "must have a name")
		}
		if err := checkText("milestone", m.Name, MaxNameBytes); err != nil {
			return err
		}
		if err := checkDay("milestone "+quote(m.Name)+": due", m.Due); err != nil {
			return err
		}
		if m.Done.IsZero() {
			continue
		}
		if err := checkDay("milestone "+quote(m.Name)+": done", m.Done); err != nil {
			return err
		}
	}
	return checkText("note", p.Note, MaxTextBytes)
}

// checkMilestones refuses milestones that are due outside the project, or reached before it begins.
func (p *Plan) checkMilestones() error {
	for _, m := range p.Milestones {
		field := "milestone " + quote(m.Name)
		if m.Due.Before(p.From) || m.Due.After(p.To) {
			return bad(ErrInvalid, field+": due", m.Due.String(), "is outside the project, which lasts from %s to %s", p.From, p.To)
		}
		if !m.Done.IsZero() && m.Done.Before(p.From) {
			return bad(ErrInvalid, field+": done", m.Done.String(), "is before the project, which begins on %s", p.From)
		}
	}
	return nil
}

// checkNotNegative checks an amount of money that may be zero.
func checkNotNegative(field string, amount decimal.Decimal, currency string) error {
	if tooLong(amount) || !amount.IsZero() {
		return checkAmount(field, amount, currency)
	}
	_, err := Decimals(currency)
	return err
}

func (c *Capacity) check() error {
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if c.Wealth == "" || len(c.Wealth) > MaxNameBytes {
		return bad(ErrInvalid, "wealth", c.Wealth, "must be given, in at most %d bytes", MaxNameBytes)
	}
	if !tooLong(c.Month) && c.Month.IsZero() {
		return nil
	}
	q := Quantity{c.Month, "a month"}
	return q.check()
}

func (f *Finding) check() error {
	if err := codesocial.CheckIRI(f.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDay("on", f.On); err != nil {
		return err
	}
	switch {
	case (f.Kind == "") == (f.Closes == uuid.Nil):
		return badly(ErrInvalid, "kind", "a finding has a kind, or closes another")
	case f.Kind != "" && f.Kind != Satisfaction && f.Kind != Defect && f.Kind != NonConformity && f.Kind != Reviewed:
		return bad(ErrInvalid, "kind", string(f.Kind), "must be satisfaction, defect, nonconformity or review")
	case f.Kind == Satisfaction && (f.Level < 1 || f.Level > MaxLevel), f.Kind != Satisfaction && f.Level != 0:
		return bad(ErrInvalid, "level", fmt.Sprint(f.Level), "must be from 1 to %d, of satisfaction only", MaxLevel)
	case f.Kind != Satisfaction && f.Kind != "" && f.Text == "":
		return badly(ErrInvalid, "text", "must be given")
	}
	return checkText("text", f.Text, MaxTextBytes)
}

func (c *Contingency) check() error {
	if err := codesocial.CheckIRI(c.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := codesocial.CheckIRI(c.Owner); err != nil {
		return fmt.Errorf("%w: owner: %w", ErrInvalid, err)
	}
	if c.Title == "" {
		return badly(ErrInvalid, "title", "must be given")
	}
	if err := checkText("title", c.Title, MaxNameBytes); err != nil {
		return err
	}
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	one := decimal.NewFromInt(1)
	if tooLong(c.Probability) || c.Probability.IsNegative() || c.Probability.GreaterThan(one) || !c.Probability.Equal(c.Probability.Truncate(4)) {
		return bad(ErrInvalid, "probability", Quantity{c.Probability, ""}.String(), "must be from 0 to 1, with at most 4 places")
	}
	if c.Days < 0 || c.Days > 100_000 {
		return bad(ErrInvalid, "days", fmt.Sprint(c.Days), "must be from 0 to 100000")
	}
	if c.Status != Watched && c.Status != Occurred && c.Status != Averted {
		return bad(ErrInvalid, "status", string(c.Status), "must be watched, occurred or averted")
	}
	return checkNotNegative("impact", c.Impact, c.Currency)
}

// steering holds what projects plan and find, by project, in the order of recording.
type steering struct {
	plans         map[string][]at[Plan]
	capacities    map[string][]at[Capacity] // by party
	findings      map[string][]at[Finding]
	contingencies map[string][]at[Contingency]
	projectOf     map[uuid.UUID]string // of findings and contingencies
}

// at is a value with the token after its record.
type at[T any] struct {
	value T
	token Token
}

func newSteering() steering {
	return steering{
		plans: make(map[string][]at[Plan]), capacities: make(map[string][]at[Capacity]), findings: make(map[string][]at[Finding]),
		contingencies: make(map[string][]at[Contingency]), projectOf: make(map[uuid.UUID]string),
	}
}

// Plan returns the plan of a project that was in force as known at a token (zero: now), and how many there have been; false if there is none.
func (b *Books) Plan(project string, known Token) (plan Plan, versions int, ok bool) {
	for _, p := range b.steering.plans[project] {
		if known == 0 || p.token <= known {
			plan, ok = p.value, true
			versions++
		}
	}
	plan.Milestones = slices.Clone(plan.Milestones)
	return plan, versions, ok
}

// checkWithin refuses a day outside the project, by its last plan; one without a plan has no days. What follows up on a record of the project may come after its end.
func (b *Books) checkWithin(field, project string, day codesocial.Date, followsUp bool) error {
	plans := b.steering.plans[project]
	if len(plans) == 0 {
		return nil
	}
	if p := &plans[len(plans)-1].value; day.Before(p.From) || day.After(p.To) && !followsUp {
		return bad(ErrInvalid, field, day.String(), "is outside the project %s, which lasts from %s to %s by its plan %s", project, p.From, p.To, p.ID)
	}
	return nil
}

// checkSteering makes the checks that all records on a project's steering have in common.
func (b *Books) checkSteering(by, project, currency string, on codesocial.Date) error {
	for _, p := range []struct{ field, iri string }{{"by", by}, {"project", project}} {
		if err := b.checkMember(p.field, p.iri, on); err != nil {
			return err
		}
	}
	if err := b.checkProject(project); err != nil {
		return err
	}
	if err := b.checkOpen("on", on); err != nil || currency == "" {
		return err
	}
	return b.checkCash(project, currency, on)
}

// DraftPlan decides [Ledger.Plan] without recording it.
func (b *Books) DraftPlan(p Plan) ([]journal.Draft, error) {
	err := p.check()
	if err == nil {
		err = b.checkSteering(p.By, p.Project, p.Currency, p.On)
	}
	if err == nil {
		err = p.checkMilestones()
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: plan of %s: %w", quote(p.Project), err)
	}
	return []journal.Draft{{ID: p.ID, Kind: KindPlan, Schema: schema, Author: p.By, Payload: p}}, nil
}

// DraftCapacity decides [Ledger.Capacity] without recording it.
func (b *Books) DraftCapacity(c Capacity) ([]journal.Draft, error) {
	err := c.check()
	if err == nil {
		err = b.checkMember("party", c.Party, c.On)
	}
	if err == nil {
		rules := rulesByDay{state: b.community}
		_, err = rules.kind(c.Wealth, c.On)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: capacity of %s: %w", quote(c.Party), err)
	}
	return []journal.Draft{{ID: c.ID, Kind: KindCapacity, Schema: schema, Author: c.Party, Payload: c}}, nil
}

// DraftFindings decides [Ledger.Find] without recording it.
func (b *Books) DraftFindings(list ...Finding) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(list))
	for i, f := range list {
		err := f.check()
		if err == nil {
			err = b.checkSteering(f.By, f.Project, "", f.On)
		}
		if _, recorded := b.steering.projectOf[f.ID]; err == nil && !recorded {
			err = cmp.Or(b.checkWithin("on", f.Project, f.On, f.Closes != uuid.Nil), b.checkCloses(&f))
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: finding %d (%s): %w", i+1, nameOf(f.ID), err)
		}
		drafts[i] = journal.Draft{ID: f.ID, Kind: KindFinding, Schema: schema, Author: f.By, Payload: f}
	}
	return drafts, nil
}

// checkCloses refuses to close what is not open.
func (b *Books) checkCloses(f *Finding) error {
	if f.Closes == uuid.Nil {
		return nil
	}
	open := false
	for _, x := range b.steering.findings[f.Project] {
		if x.value.ID == f.Closes && (x.value.Kind == Defect || x.value.Kind == NonConformity) {
			open = true
		}
		if x.value.Closes == f.Closes {
			return bad(ErrState, "closes", f.Closes.String(), "is closed already")
		}
	}
	if !open {
		return bad(ErrUnknown, "closes", f.Closes.String(), "is no defect or non-conformity of the project")
	}
	return nil
}

// DraftContingency decides [Ledger.Watch] without recording it.
func (b *Books) DraftContingency(c Contingency) ([]journal.Draft, error) {
	err := c.check()
	if err == nil {
		err = b.checkSteering(c.By, c.Project, c.Currency, c.On)
	}
	if err == nil {
		err = b.checkMember("owner", c.Owner, c.On)
	}
	if _, recorded := b.steering.projectOf[c.ID]; err == nil && !recorded {
		err = cmp.Or(b.checkWithin("on", c.Project, c.On, c.Of != uuid.Nil), b.checkContingency(&c))
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: contingency of %s: %w", quote(c.Project), err)
	}
	return []journal.Draft{{ID: c.ID, Kind: KindContingency, Schema: schema, Author: c.By, Payload: c}}, nil
}

func (b *Books) checkContingency(c *Contingency) error {
	if c.Of == uuid.Nil {
		return nil
	}
	for _, x := range b.steering.contingencies[c.Project] {
		if x.value.ID == c.Of && x.value.Of == uuid.Nil {
			return nil
		}
	}
	return bad(ErrUnknown, "of", c.Of.String(), "is no first record of a contingency of the project")
}

func (b *Books) applySteering(r *journal.Record, v any) error {
	s, token := &b.steering, tokenOf(r.Position)
	switch v := v.(type) {
	case *Plan:
		s.plans[v.Project] = append(s.plans[v.Project], at[Plan]{*v, token})
	case *Capacity:
		s.capacities[v.Party] = append(s.capacities[v.Party], at[Capacity]{*v, token})
	case *Finding:
		if err := b.checkCloses(v); err != nil {
			return err
		}
		s.projectOf[v.ID] = v.Project
		s.findings[v.Project] = append(s.findings[v.Project], at[Finding]{*v, token})
	case *Contingency:
		if err := b.checkContingency(v); err != nil {
			return err
		}
		s.projectOf[v.ID] = v.Project
		s.contingencies[v.Project] = append(s.contingencies[v.Project], at[Contingency]{*v, token})
	}
	return nil
}
