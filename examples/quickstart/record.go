package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/examples/quickstart/internal/progress"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// batch is how many lines go into one commit.
const batch = 1000

// identities are the IRIs of the plan's people, organisations and projects, by their keys there.
type identities map[string]string

// record carries the plan out. Every step has identifiers that follow from the seed and the input, so that what is recorded
// already is not recorded again. step is told what has been done.
func (c *commons) record(ctx context.Context, step func(format string, args ...any), report *progress.Reporter) error {
	ids, err := c.found(ctx, step)
	if err != nil {
		return err
	}
	if err := c.recordContributions(ctx, ids, report); err != nil {
		return err
	}
	step("contributions declared: %d", len(c.plan.contributions))
	validated, err := c.recordValidations(ctx, ids)
	if err != nil {
		return err
	}
	step("validated by somebody else: %d", validated)
	if err := c.recordMoney(ctx, ids); err != nil {
		return err
	}
	step("receipts and expenses: %d", len(c.plan.money))
	for _, project := range c.projects(ids) {
		if _, err := c.ledger.Distribute(ctx, ledger.Run{Project: project, From: c.plan.from, To: c.plan.to}); err != nil {
			return err
		}
	}
	step("projects whose money was shared: %d, from %s to %s", len(c.plan.projects), c.plan.from, c.plan.to)
	return nil
}

func (c *commons) projects(ids identities) []string {
	out := make([]string, len(c.plan.projects))
	for i, name := range c.plan.projects {
		out[i] = ids[intake.Fold(name)]
	}
	slices.Sort(out)
	return out
}

// found registers the parties, has the founders adopt the charter and admits everybody else.
func (c *commons) found(ctx context.Context, step func(format string, args ...any)) (identities, error) {
	p := c.plan
	ids := make(identities)
	var parties []codesocial.Party
	var admissions []codesocial.Admission
	add := func(party codesocial.Party, key string, founder bool) {
		if ids[key] != "" {
			return
		}
		ids[key] = party.ID
		parties = append(parties, party)
		if !founder {
			admissions = append(admissions, codesocial.Admission{Applicant: party.ID, Charter: p.charter.Hash(), On: p.charter.InForceFrom()})
		}
	}
	founders := p.charter.Founders()
	for _, f := range founders {
		add(codesocial.Party{ID: f.ID, Type: f.Type, Name: f.Name, Key: codesocial.PublicKeyOf(c.key(f.ID))}, intake.Fold(f.Name), true)
	}
	for _, q := range p.people {
		if q.organization != "" {
			iri := p.iri("org", q.organization)
			add(codesocial.Party{ID: iri, Type: codesocial.Organization, Name: q.organization, Key: codesocial.PublicKeyOf(c.key(iri))}, intake.Fold(q.organization), false)
		}
	}
	for _, q := range p.people {
		iri := "urn:uuid:" + c.seed.uuid("person", q.key).String()
		add(codesocial.Party{
			ID: iri, Type: codesocial.Person, Name: printableName(q.name, iri), Key: codesocial.PublicKeyOf(c.key(iri)), Organization: ids[foldOrEmpty(q.organization)],
		}, q.key, false)
	}
	lead := "" // collectives do not sign for others
	if i := slices.IndexFunc(founders, func(f codesocial.Founder) bool { return f.Type == codesocial.Organization }); i >= 0 {
		lead = founders[i].ID
	}
	for _, name := range p.projects {
		add(codesocial.Party{ID: p.iri("project", name), Type: codesocial.Project, Name: name, Lead: lead}, intake.Fold(name), false)
	}
	if err := c.community.Register(ctx, parties...); err != nil {
		return nil, err
	}
	step("parties registered: %d", len(parties))
	if err := c.adopt(ctx); err != nil {
		return nil, err
	}
	step("charter adopted: version %d, %s; founders who signed: %d", p.charter.Version(), p.charter.Hash(), len(founders))
	if err := c.admit(ctx, parties, admissions); err != nil {
		return nil, err
	}
	step("members admitted: %d", len(admissions))
	return ids, nil
}

// printableName returns a name that a party may have: git accepts names that a register of members does not.
func printableName(name, iri string) string {
	if checkName(name) != nil {
		return "contributor " + iri[len(iri)-12:]
	}
	return name
}

// checkName returns why a party cannot have this name, nil if it can.
func checkName(name string) error {
	_, err := new(codesocial.State).DraftParties(codesocial.Party{ID: "urn:uuid:0", Type: codesocial.Person, Name: name})
	return err
}

func (c *commons) adopt(ctx context.Context) error {
	charter := c.plan.charter
	adoption := codesocial.Adoption{Charter: charter.Hash(), On: charter.InForceFrom()}
	for _, f := range charter.Founders() {
		s, err := codesocial.SignCharter(charter, f.ID, c.key(f.ID))
		if err != nil {
			return err
		}
		adoption.Signatures = append(adoption.Signatures, s)
	}
	if err := c.community.Propose(ctx, charter); err != nil {
		return err
	}
	return c.community.Adopt(ctx, adoption)
}

// admit has everyone sign the charter and finds the sponsors that it asks for among the founders.
func (c *commons) admit(ctx context.Context, parties []codesocial.Party, admissions []codesocial.Admission) error {
	charter := c.plan.charter
	var rule codesocial.AdmissionRule
	if _, err := charter.Rule(codesocial.AdmissionKind, &rule); err != nil {
		return err
	}
	byID := make(map[string]codesocial.Party, len(parties))
	for _, p := range parties {
		byID[p.ID] = p
	}
	for i := range admissions {
		a := &admissions[i]
		applicant := byID[a.Applicant]
		for _, f := range charter.Founders() {
			near := f.ID == applicant.Organization || f.ID == applicant.Lead
			if len(a.Sponsors) < rule.Sponsors && !(rule.Outside && near) {
				a.Sponsors = append(a.Sponsors, f.ID)
			}
		}
		if signer := cmp.Or(byID[applicant.Lead].ID, applicant.ID); !byID[signer].Key.IsZero() {
			signature, err := codesocial.SignAcceptance(applicant.ID, charter, c.key(signer))
			if err != nil {
				return err
			}
			a.Signature = signature
		}
	}
	return c.community.Admit(ctx, admissions...)
}

func (c *commons) recordContributions(ctx context.Context, ids identities, report *progress.Reporter) error {
	task := report.Start("contributions", len(c.plan.contributions))
	defer task.Done()
	for lines := range slices.Chunk(c.plan.contributions, batch) {
		contributions := make([]ledger.Contribution, len(lines))
		for i, l := range lines {
			contributions[i] = ledger.Contribution{
				ID: c.seed.uuid("contribution", l.key), Party: ids[l.person], Project: ids[l.project], Kind: l.kind, Quantity: l.quantity,
				On: l.on, Note: l.note, Evidence: l.evidence,
			}
		}
		if err := c.ledger.Declare(ctx, contributions...); err != nil {
			return err
		}
		task.Add(len(lines))
	}
	return nil
}

// recordValidations has every validator confirm, at the end of each month, the contributions of that month that carry their name.
func (c *commons) recordValidations(ctx context.Context, ids identities) (int, error) {
	type sitting struct {
		by string
		on codesocial.Date
	}
	sittings := make(map[sitting][]uuid.UUID)
	count := 0
	for _, l := range c.plan.contributions {
		if l.validatedBy == "" {
			continue
		}
		month := codesocial.Date{Year: l.on.Year, Month: l.on.Month, Day: 1}.AddMonths(1).AddDays(-1)
		s := sitting{ids[l.validatedBy], month}
		sittings[s] = append(sittings[s], c.seed.uuid("contribution", l.key))
		count++
	}
	order := slices.SortedFunc(maps.Keys(sittings), func(a, b sitting) int { return cmp.Or(a.on.Compare(b.on), strings.Compare(a.by, b.by)) })
	var validations []ledger.Validation
	for _, s := range order {
		n := 0
		for contributions := range slices.Chunk(sittings[s], ledger.MaxValidations) {
			n++
			id := c.seed.uuid("validation", fmt.Sprintf("%s\n%s\n%d", s.by, s.on, n))
			validations = append(validations, ledger.Validation{ID: id, By: s.by, On: s.on, Contributions: contributions})
		}
	}
	for some := range slices.Chunk(validations, 50) {
		if err := c.ledger.Validate(ctx, some...); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func (c *commons) recordMoney(ctx context.Context, ids identities) error {
	currency := c.plan.charter.Currency()
	for lines := range slices.Chunk(c.plan.money, batch) {
		var receipts []ledger.Receipt
		var expenses []ledger.Expense
		for _, m := range lines {
			id := c.seed.uuid("money", m.Key)
			switch {
			case m.Direction == intake.Receipt:
				receipts = append(receipts, ledger.Receipt{
					ID: id, Project: ids[intake.Fold(m.Project)], Amount: m.Amount, Currency: currency, On: m.Date,
					Payer: m.Counterparty, Reference: m.Reference, Introducer: ids[foldOrEmpty(m.Introducer)], Note: m.Label,
				})
			case m.Project == "":
				expenses = append(expenses, ledger.Expense{ID: id, Fund: supportFund, Amount: m.Amount, Currency: currency, On: m.Date, Payee: m.Counterparty, Reference: m.Reference, Note: m.Label})
			default:
				expenses = append(expenses, ledger.Expense{ID: id, Project: ids[intake.Fold(m.Project)], Amount: m.Amount, Currency: currency, On: m.Date, Payee: m.Counterparty, Reference: m.Reference, Note: m.Label})
			}
		}
		if err := c.ledger.Receive(ctx, receipts...); err != nil {
			return err
		}
		if err := c.ledger.Spend(ctx, expenses...); err != nil {
			return err
		}
	}
	return nil
}
