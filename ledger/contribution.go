package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// ValidationKind is the kind of the rule that says how a contribution comes to count, see [ValidationRule].
const ValidationKind = "ledger.validation"

// MaxValidators is the largest number of validators that a rule may ask for.
const MaxValidators = 20

// Limits on the parameters of rules that say who does something.
const MaxRoles = 50

// The roles that a validation rule knows, beside parties named by their IRI.
const (
	RoleMember       = "member"       // any member
	RoleOrganization = "organization" // an organisation that is a member
	RoleLead         = "lead"         // the organisation that leads the project, or a person who belongs to it
)

// A ValidationRule holds the parameters of a rule of the kind "ledger.validation": how a contribution comes to count. Whatever it says,
// neither contributor nor declarant confirms a contribution. Who validates also records claims, see [Commitment].
type ValidationRule struct {
	// Validators is how many members other than the contributor and the declarant must validate a
	// contribution before it counts, from 1 to [MaxValidators].
	Validators int `json:"validators"`
	// By says who validates: roles such as [RoleLead], or IRIs. Without By and Role: any member.
	By []string `json:"by,omitempty"`
	// Role is the id of a role of the charter (rule "codesocial.roles") whose holders on the day validate as well, see [codesocial.State.Holders]. That the charter
	// has it is for [codesocial.Charter.Lint] to find.
	Role string `json:"role,omitempty"`
	// Confirmations is how many members must have confirmed a contribution before it can be validated; who does not validate
	// confirms. 0 to [MaxValidators].
	Confirmations int `json:"confirmations,omitempty"`
	// Overrule is how many members other than the objector close an objection to a contribution that is not withdrawn; 0
	// means that only its author, or a correction, can.
	Overrule int `json:"overrule,omitempty"`
	// Prestations says whether ordered work counts when what was earned is shared, as free contributions do.
	Prestations bool `json:"prestations,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *ValidationRule) Validate() error {
	switch {
	case r.Validators < 1 || r.Validators > MaxValidators:
		return bad(ErrInvalid, "validators", fmt.Sprint(r.Validators), "must be from 1 to %d", MaxValidators)
	case r.Confirmations < 0 || r.Confirmations > MaxValidators:
		return bad(ErrInvalid, "confirmations", fmt.Sprint(r.Confirmations), "must be from 0 to %d", MaxValidators)
	case r.Overrule < 0 || r.Overrule > MaxValidators:
		return bad(ErrInvalid, "overrule", fmt.Sprint(r.Overrule), "must be from 0 to %d", MaxValidators)
	}
	return checkRoles(r.By, RoleMember, RoleOrganization, RoleLead)
}

// checkRoles refuses what is neither one of the roles known nor an IRI.
func checkRoles(by []string, known ...string) error {
	if len(by) > MaxRoles {
		return bad(ErrInvalid, "by", fmt.Sprint(len(by)), "must be at most %d", MaxRoles)
	}
	for _, role := range by {
		if !slices.Contains(known, role) && codesocial.CheckIRI(role) != nil {
			return bad(ErrInvalid, "by", role, "must be %s or an IRI", strings.Join(known, ", "))
		}
	}
	return nil
}

// A Contribution says that a party gave something to a project: time, money, knowledge, care, material. It is declared,
// and counts once others have validated it (see [Status]).
type Contribution struct {
	// ID is the id of its record. Give one that identifies the source (a line of a timesheet), and
	// declaring it again records nothing. Zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// DeclaredBy is the IRI of the party that declares it, the author of the record. Empty: Party.
	DeclaredBy string `json:"-"`
	// Party is the IRI of the party that gave.
	Party string `json:"party"`
	// Project is the IRI of the project that it was given to.
	Project string `json:"project"`
	// Kind is one of the kinds of wealth of the charter in force on that day (rule "dividend.wealth").
	Kind string `json:"kind"`
	// Quantity is positive, in the unit of the kind.
	Quantity Quantity `json:"quantity"`
	// On is the day on which it was given, or the last one, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Evidence says where it can be seen: a link, a document reference. Optional.
	Evidence string `json:"evidence,omitempty"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
	// Ordered says that it is a prestation, ordered work, and not a free contribution. Unless the charter says
	// otherwise ([ValidationRule].Prestations), it gives no share of what was earned.
	Ordered bool `json:"ordered,omitempty"`
	// Fulfils is the id of the commitment to work that it fulfils, see [Commitment]. Optional.
	Fulfils uuid.UUID `json:"fulfils,omitzero"`
}

func (c *Contribution) check() error {
	if err := codesocial.CheckIRI(c.Party); err != nil {
		return fmt.Errorf("%w: party: %w", ErrInvalid, err)
	}
	if err := codesocial.CheckIRI(c.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if c.Kind == "" || len(c.Kind) > MaxNameBytes {
		return bad(ErrInvalid, "kind", c.Kind, "must be given, in at most %d bytes", MaxNameBytes)
	}
	if err := c.Quantity.check(); err != nil {
		return err
	}
	if err := checkDay("on", c.On); err != nil {
		return err
	}
	if err := checkText("evidence", c.Evidence, MaxTextBytes); err != nil {
		return err
	}
	return checkText("note", c.Note, MaxTextBytes)
}

// A Validation confirms contributions.
type Validation struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who validates, the author of the record: neither contributor nor declarant of any of
	// the contributions.
	By string `json:"-"`
	// On is the day of the validation, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Contributions are the ids of the contributions, at most [MaxValidations].
	Contributions []uuid.UUID `json:"contributions"`
	// Clause is the clause of the rule "ledger.validation" under which the contributions count. It is set
	// by [Ledger.Validate].
	Clause codesocial.ClauseRef `json:"clause"`
	// Required is how many validators that clause asks for. It is set by [Ledger.Validate].
	Required int `json:"required"`
	// Confirms says that it only confirms: the rule asks for confirmations before others validate. It is set by [Ledger.Validate].
	Confirms bool `json:"confirms,omitempty"`
}

func (v *Validation) check() error {
	if err := codesocial.CheckIRI(v.By); err != nil {
		return fmt.Errorf("%w: by: %w", ErrInvalid, err)
	}
	if err := checkDay("on", v.On); err != nil {
		return err
	}
	if len(v.Contributions) == 0 || len(v.Contributions) > MaxValidations {
		return bad(ErrInvalid, "contributions", fmt.Sprint(len(v.Contributions)), "must be from 1 to %d", MaxValidations)
	}
	return nil
}

// DraftContributions decides [Ledger.Declare] without recording it.
func (b *Books) DraftContributions(contributions ...Contribution) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(contributions))
	rules := rulesByDay{state: b.community}
	for i, c := range contributions {
		if c.DeclaredBy == "" {
			c.DeclaredBy = c.Party
		}
		err := c.check()
		if err == nil {
			err = b.checkContribution(&c, &rules)
		}
		if _, recorded := b.given.find(c.ID); err == nil && !recorded { // what is recorded is compared by the journal
			err = cmp.Or(b.checkOpen("on", c.On), b.checkWithin("on", c.Project, c.On, false))
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: contribution %d (%s): %w", i+1, nameOf(c.ID), err)
		}
		drafts[i] = journal.Draft{ID: c.ID, Kind: KindContribution, Schema: schema, Author: c.DeclaredBy, Payload: c}
	}
	return drafts, nil
}

func (b *Books) checkContribution(c *Contribution, rules *rulesByDay) error {
	for _, p := range []struct{ field, iri string }{{"party", c.Party}, {"declared by", c.DeclaredBy}, {"project", c.Project}} {
		if err := b.checkMember(p.field, p.iri, c.On); err != nil {
			return err
		}
	}
	if err := b.checkProject(c.Project); err != nil {
		return err
	}
	if c.Fulfils != uuid.Nil {
		if err := b.checkFulfils(c.Fulfils, Work, c.Project, c.Quantity, nil); err != nil {
			return err
		}
		if w := b.commitments.index[c.Fulfils]; w.Party != c.Party || w.Wealth != c.Kind {
			return bad(ErrInvalid, "fulfils", c.Fulfils.String(), "is a commitment of %s to give %s", w.Party, w.Wealth)
		}
	}
	return rules.checkKind(c.Kind, c.Quantity, c.On)
}

func (b *Books) checkMember(field, iri string, day codesocial.Date) error {
	if _, ok := b.community.Party(iri); !ok {
		return bad(ErrUnknown, field, iri, "is not a registered party")
	}
	if !b.community.MemberOn(iri, day) {
		return fmt.Errorf("%w: %w", codesocial.ErrNotMember, bad(ErrUnknown, field, iri, "is not a member on %s", day))
	}
	return nil
}

func (b *Books) checkProject(iri string) error {
	if p, ok := b.community.Party(iri); ok && p.Type != codesocial.Project && !p.Erased {
		return bad(ErrInvalid, "project", iri, "is a %s", p.Type)
	}
	return nil
}

func nameOf(id uuid.UUID) string {
	if id == uuid.Nil {
		return "without id"
	}
	return id.String()
}
