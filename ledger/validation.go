package ledger

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// DraftValidations decides [Ledger.Validate] without recording it. It returns no draft for a validation of contributions all of which
// the party has validated before.
func (b *Books) DraftValidations(validations ...Validation) ([]journal.Draft, error) {
	var drafts []journal.Draft
	for _, v := range validations {
		v.Contributions = slices.Clone(v.Contributions)
		fresh, err := b.ruleValidation(&v)
		if err != nil {
			return nil, fmt.Errorf("ledger: validation by %s: %w", quote(v.By), err)
		}
		if fresh {
			drafts = append(drafts, journal.Draft{ID: v.ID, Kind: KindValidation, Schema: schema, Author: v.By, Payload: v})
		}
	}
	return drafts, nil
}

// ruleValidation checks a validation under the charter of its day, and sets its clause. It reports whether it says anything new.
func (b *Books) ruleValidation(v *Validation) (fresh bool, err error) {
	if err := v.check(); err != nil {
		return false, err
	}
	if err := b.checkMember("by", v.By, v.On); err != nil {
		return false, err
	}
	rule, clause, err := b.validationRule(v.On)
	if err != nil {
		return false, err
	}
	v.Clause, v.Required = clause, rule.Validators
	refuse := func(err error) error { return &codesocial.RuleError{Clause: clause, Kind: ValidationKind, Err: err} }
	if err := b.checkOthers(v); err != nil {
		return false, refuse(err)
	}
	by := b.names.find(v.By)
	v.Confirms = false
	for _, id := range v.Contributions {
		i, _ := b.given.find(id)
		if b.given.all[i].erased {
			continue
		}
		entitled := b.plays(rule.By, rule.Role, v.By, b.names.of(b.given.all[i].project), v.On)
		confirmed := len(b.given.validators(&b.given.all[i], 0, true))
		switch {
		case entitled && confirmed >= rule.Confirmations:
		case rule.Confirmations > 0:
			v.Confirms = true
		default:
			return false, refuse(bad(ErrState, "by", v.By, "does not validate contributions to %s", b.names.of(b.given.all[i].project)))
		}
	}
	for _, id := range v.Contributions {
		if i, _ := b.given.find(id); !b.given.all[i].erased && !slices.Contains(b.given.validators(&b.given.all[i], 0, v.Confirms), by) {
			return true, nil
		}
	}
	return false, nil
}

// plays reports whether a member has one of the roles towards a project, or holds the one that the charter has, on a day; none asks for none.
func (b *Books) plays(roles []string, held, member, project string, on codesocial.Date) bool {
	if held != "" && slices.Contains(b.community.Holders(held, on), member) {
		return true
	}
	party, _ := b.community.Party(member)
	for _, role := range roles {
		switch role {
		case RoleMember, member:
			return true
		case RoleOrganization:
			if party.Type == codesocial.Organization {
				return true
			}
		case RoleLead:
			if p, ok := b.community.Party(project); ok && p.Lead != "" && (p.Lead == member || p.Lead == party.Organization) {
				return true
			}
		}
	}
	return len(roles) == 0 && held == ""
}

// validationRule returns the rule in force on a day.
func (b *Books) validationRule(day codesocial.Date) (rule ValidationRule, clause codesocial.ClauseRef, err error) {
	charter, err := b.community.InForceOn(day)
	if err != nil {
		return rule, clause, err
	}
	if clause, err = charter.Rule(ValidationKind, &rule); err == nil {
		err = rule.Validate()
	}
	return rule, clause, err
}

// checkOthers refuses a validation of what is not recorded, of one's own, or of what cannot be validated as it stands.
func (b *Books) checkOthers(v *Validation) error {
	by := b.names.find(v.By)
	for _, id := range v.Contributions {
		i, ok := b.given.find(id)
		if !ok {
			return bad(ErrUnknown, "contribution", id.String(), "is not recorded")
		}
		c := &b.given.all[i]
		if c.erased {
			continue
		}
		if by == c.party || by == c.declarant {
			return bad(ErrOwnWork, "contribution", id.String(), "%s gave or declared it, another member must validate it", v.By)
		}
		if _, err := c.status().after(lifeConfirm); err != nil {
			return fmt.Errorf("contribution %s: %w", id, err)
		}
	}
	return nil
}

// validation is one as the books hold it: with the places of the contributions.
type validation struct {
	Validation
	places []uint32
}

func (b *Books) applyValidation(r *journal.Record, v *Validation) error {
	if err := b.checkOthers(v); err != nil { // everything is checked before anything changes
		return err
	}
	held := validation{*v, make([]uint32, len(v.Contributions))}
	held.Contributions = nil
	by := b.names.number(v.By)
	for n, id := range v.Contributions {
		i, _ := b.given.find(id)
		held.places[n] = i
		c := &b.given.all[i]
		if c.erased {
			continue
		}
		validators := b.given.validators(c, 0, v.Confirms)
		if slices.Contains(validators, by) {
			continue
		}
		if v.Confirms {
			b.given.change(r, i, lifeConfirm, by)
			continue
		}
		c.required = uint8(min(max(v.Required, 1), 255))
		if len(validators)+1 >= int(c.required) {
			b.given.change(r, i, lifeValidate, by)
		} else {
			b.given.change(r, i, lifeEndorse, by)
		}
	}
	b.validations = append(b.validations, held)
	return nil
}

// count marks the contributions on which a distribution shared.
func (b *Books) count(r *journal.Record, d *reviewed) {
	for c, s := range b.selects(Filter{Project: d.Project, From: d.From, To: d.To}) {
		if s.status == Validated && (!c.ordered || d.Prestations) {
			b.given.change(r, s.place, lifeCount, 0)
		}
	}
}

// ruleObjection sets the clause under which a contribution is contested.
func (b *Books) ruleObjection(o *Objection) error {
	rule, clause, err := b.validationRule(o.On)
	o.Clause, o.Overrule = clause, rule.Overrule
	return err
}

// checkDispute returns the place of the contribution that an objection contests.
func (b *Books) checkDispute(o *Objection) (uint32, error) {
	i, ok := b.given.find(o.Contribution)
	if !ok || b.given.all[i].erased {
		return 0, bad(ErrUnknown, "contribution", o.Contribution.String(), "is not recorded")
	}
	if _, err := b.given.all[i].status().after(lifeContest); err != nil {
		return 0, err
	}
	if b.given.open[i] >= MaxObjections {
		return 0, badly(ErrInvalid, "contribution", "has %d open objections, the limit", MaxObjections)
	}
	return i, nil
}

func (b *Books) applyDispute(r *journal.Record, o *Objection) error {
	i, err := b.checkDispute(o)
	if err != nil {
		return err
	}
	b.given.disputes[o.ID] = &dispute{objected{Objection: *o, token: tokenOf(r.Position)}, i}
	b.given.open[i]++
	b.given.change(r, i, lifeContest, b.names.number(o.By))
	return nil
}

func (b *Books) checkDisputeSettlement(s *Settlement) error {
	d := b.given.disputes[s.Objection]
	c := &b.given.all[d.contribution]
	if by := b.names.find(s.By); s.By != d.By && (by == c.party || by == c.declarant) {
		return bad(ErrOwnWork, "by", s.By, "gave or declared what is contested: others overrule, or a correction answers")
	}
	return d.settles(s, d.Overrule, func(err error) error {
		return &codesocial.RuleError{Clause: d.Clause, Kind: ValidationKind, Err: err}
	})
}

func (b *Books) applyDisputeSettlement(r *journal.Record, s *Settlement) error {
	if err := b.checkDisputeSettlement(s); err != nil {
		return err
	}
	d := b.given.disputes[s.Objection]
	if !d.settle(r, s, d.Overrule) {
		return nil
	}
	if b.given.open[d.contribution]--; b.given.open[d.contribution] == 0 {
		b.given.change(r, d.contribution, lifeSettle, b.names.number(s.By))
	}
	return nil
}

// Objections returns the objections to a contribution that are open, in the order of their days.
func (b *Books) Objections(contribution uuid.UUID) []Objection {
	place, ok := b.given.find(contribution)
	if !ok || b.given.open[place] == 0 {
		return nil
	}
	var out []Objection
	for _, d := range b.given.disputes {
		if d.contribution == place && d.closed == nil {
			out = append(out, d.Objection)
		}
	}
	slices.SortFunc(out, func(x, y Objection) int { return x.On.Compare(y.On)*2 + slices.Compare(x.ID[:], y.ID[:]) })
	return out
}
