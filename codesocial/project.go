package codesocial

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// ProjectKind is the kind of the rule that says what projects may write into charters of their own, see [ProjectRule].
const ProjectKind = "codesocial.project"

// A ProjectRule holds the parameters of a rule of the kind "codesocial.project". Without such a rule no project has a charter of its own.
//
// The charter of a project is derived from a version of the common one and names it ([Document.DerivedFrom]); its founders are the project's partners.
// It repeats word for word, under the same id, every clause that the rule does not open, and may add clauses. So it can say more, and in the open clauses
// something else; it cannot loosen what binds all. Rules of a kind that a binding clause carries stand in that clause alone. Currency and time zone stay.
type ProjectRule struct {
	// Partners is the share of the project's partners who must sign at least, one or more: "2/3" of 4 are 3.
	Partners decision.Fraction `json:"partners"`
	// Open are the ids of the clauses that the charter of a project may change or leave out; all others bind projects too.
	Open []string `json:"open,omitempty"`
	// Decision asks for a decision of the community besides, on [Adoption.Matter], [Renewal.Matter] or [Repeal.Matter].
	Decision bool `json:"decision,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] or [ErrLimit] for parameters that make no sense.
func (r *ProjectRule) Validate() error {
	if r.Partners.IsZero() {
		return badly(ErrInvalid, "partners", "must be given: the share of the partners who sign")
	}
	if len(r.Open) > MaxClauses {
		return badly(ErrLimit, "open", "there are %d, the limit is %d", len(r.Open), MaxClauses)
	}
	seen := make(map[string]string, len(r.Open))
	for i, id := range r.Open {
		if err := checkPlace(seen, at("open", i), id); err != nil {
			return err
		}
	}
	return nil
}

// signers returns how many of the partners of a project must sign.
func (r *ProjectRule) signers(partners int) int {
	n := int64(partners)
	return int(max(1, (n*r.Partners.Num+r.Partners.Den-1)/r.Partners.Den))
}

// checkProjectRule checks the rule beside the clauses of its version.
func checkProjectRule(r Rule) error {
	rule := new(ProjectRule)
	if err := CheckRule(ProjectKind, (*ProjectRule).Validate).Check(r); err != nil {
		return err
	}
	if err := r.Decode(rule); err != nil {
		return err
	}
	for i, id := range rule.Open {
		if _, ok := r.Charter().clauses[id]; !ok {
			return errorf("%w", &RuleError{Clause: r.Clause, Kind: r.Kind, Err: bad(ErrInvalid, at("open", i), id, "there is no such clause")})
		}
	}
	return nil
}

// project returns the rule for charters of projects and the clause that carries it.
func (c *Charter) project() (rule ProjectRule, clause ClauseRef, err error) {
	clause, err = c.Rule(ProjectKind, &rule)
	if err == nil {
		err = rule.Validate()
	}
	return rule, clause, err
}

// LintProject returns what [Charter.Lint] finds in the charter of a project, and where it does not fit the version of the common charter that it is, or would be,
// derived from. A charter with a finding of the first three codes is refused when it is proposed.
//
//	binding         a clause that binds projects is missing, or says something else (broken)
//	binding-kind    a rule is of a kind that a clause carries which binds projects (broken)
//	binding-header  currency or time zone differ (broken)
//	behind          it is derived from another version (doubtful)
//	without-effect  a rule that the community reads in the common charter alone (doubtful)
//
// The error wraps [ErrNoRule] if the common charter lets no project have one, or comes from a rule that cannot be read.
func (c *Charter) LintProject(common *Charter, checks ...RuleCheck) ([]Finding, error) {
	rule, _, err := common.project()
	if err != nil {
		return nil, err
	}
	l := linter{findings: slices.Concat(c.Lint(checks...), c.departures(common, rule.Open))}
	if from := c.doc.DerivedFrom; from == nil || *from != common.Origin() {
		l.add(Doubtful, "behind", "", "le texte n'est pas dérivé de la "+common.inWords("fr"), "the charter is not derived from "+common.inWords("en"))
	}
	for _, r := range c.rules {
		id := r.Clause.Clause
		read := r.Kind == ReviewKind || r.Kind == AmendmentKind // of a project's charter itself
		if strings.HasPrefix(r.Kind, "codesocial.") && !read && !reflect.DeepEqual(c.clause(id), common.clause(id)) {
			l.add(Doubtful, "without-effect", id, "la communauté ne lit la règle "+r.Kind+" que dans la charte commune", "the community reads the rule "+r.Kind+" in the common charter alone")
		}
	}
	return l.findings, nil
}

// inWords names the version for members.
func (c *Charter) inWords(lang string) string {
	return fmt.Sprintf(Text{"fr": "version %d de %s", "en": "version %d of %s"}[lang], c.doc.Version, c.doc.ID)
}

// departures returns where the charter of a project says something else than the common one lets it.
func (c *Charter) departures(common *Charter, open []string) []Finding {
	var l linter
	for _, header := range []struct{ fr, en, ours, theirs string }{
		{"la monnaie doit être ", "the currency must be ", c.doc.Currency, common.doc.Currency},
		{"le fuseau horaire doit être ", "the time zone must be ", c.doc.TimeZone, common.doc.TimeZone},
	} {
		if header.ours != header.theirs {
			l.add(Broken, "binding-header", "", header.fr+header.theirs, header.en+header.theirs)
		}
	}
	binding := make(map[string]string) // kind of a rule: the binding clause that carries it
	for _, chapter := range common.doc.Chapters {
		for i := range chapter.Clauses {
			theirs := &chapter.Clauses[i]
			if slices.Contains(open, theirs.ID) {
				continue
			}
			if ours := c.clause(theirs.ID); ours == nil {
				l.add(Broken, "binding", theirs.ID, "la clause s'impose aux projets, et manque", "the clause binds projects, and is missing")
			} else if !reflect.DeepEqual(ours, theirs) {
				l.add(Broken, "binding", theirs.ID, "la clause s'impose aux projets, et dit autre chose", "the clause binds projects, and says something else")
			}
		}
	}
	for _, r := range common.rules {
		if !slices.Contains(open, r.Clause.Clause) {
			binding[r.Kind] = r.Clause.Clause
		}
	}
	for _, r := range c.rules {
		id := r.Clause.Clause
		_, inherited := common.clauses[id]
		if from, ok := binding[r.Kind]; ok && (!inherited || slices.Contains(open, id)) {
			l.add(Broken, "binding-kind", id, "la règle "+r.Kind+" ne se trouve que dans la clause "+from+", qui s'impose aux projets",
				"the rule "+r.Kind+" stands in the clause "+from+" alone, which binds projects")
		}
	}
	return l.findings
}

// checkProject checks that c can be a charter of its project, derived from an adopted version of the common one.
func (s *State) checkProject(c *Charter) error {
	project := c.doc.Project
	if p, ok := s.parties[project]; !ok || p.Type != Project && !p.Erased {
		return bad(ErrUnknown, "project", project, "is not a registered project")
	}
	if end := s.projectEnd(project); !end.IsZero() {
		return bad(ErrState, "project", project, "has ended on %s", end)
	}
	for other, versions := range s.adopted {
		if other != project && versions[0].doc.ID == c.doc.ID {
			return bad(ErrExists, "id", c.doc.ID, "is another charter of this community")
		}
	}
	v, ok := s.versions[c.doc.DerivedFrom.Hash]
	if !ok || v.Adoption == nil || v.Charter.doc.Project != "" || v.Charter.Origin() != *c.doc.DerivedFrom {
		return bad(ErrUnknown, "derivedFrom", c.doc.DerivedFrom.String(), "is no adopted version of the common charter")
	}
	rule, clause, err := v.Charter.project()
	if err != nil {
		return err
	}
	if found := c.departures(v.Charter, rule.Open); len(found) > 0 {
		f := found[0]
		field, value := "clause", f.Place
		if value == "" {
			field, value = "project", project
		}
		return &RuleError{Clause: clause, Kind: ProjectKind, Err: bad(ErrRefused, field, value, "%s", f.Message["en"])}
	}
	return nil
}

// checkPartners checks that the founders of a project's charter are its partners, and that enough of them must sign.
func (s *State) checkPartners(c *Charter, on Date) error {
	common, err := s.inForceOn(c.doc.InForceFrom)
	if err != nil {
		return err
	}
	if common.Origin() != *c.doc.DerivedFrom {
		return bad(ErrChain, "derivedFrom", c.doc.DerivedFrom.String(), "must be %s %s, in force on %s", common, common.hash, c.doc.InForceFrom)
	}
	partners := s.parties[c.doc.Project].Partners
	for i, f := range c.doc.Founders {
		if !slices.Contains(partners, f.ID) && !s.parties[c.doc.Project].Erased {
			return bad(ErrNotFounder, at("founders", i), f.ID, "is not a partner of the project")
		}
	}
	for _, iri := range partners {
		if _, ok := c.founder(iri); !ok {
			return bad(ErrInvalid, "founders", iri, "is a partner of the project, and not among the founders")
		}
	}
	rule, clause, err := s.projectRule(on)
	if err != nil {
		return err
	}
	if n := rule.signers(len(c.doc.Founders)); c.doc.Threshold < n {
		return &RuleError{Clause: clause, Kind: ProjectKind, Err: bad(ErrRefused, "threshold", fmt.Sprint(c.doc.Threshold), "must be %d at least: %s of the %d partners", n, rule.Partners, len(c.doc.Founders))}
	}
	return nil
}

// projectRule returns the rule for charters of projects in force on a day.
func (s *State) projectRule(on Date) (rule ProjectRule, clause ClauseRef, err error) {
	common, err := s.inForceOn(on)
	if err != nil {
		return rule, clause, err
	}
	return common.project()
}

// authorizeProject checks that a change to the charter of a project is signed by as many of its partners as the version asks for, and decided where the common
// charter says so.
func (s *State) authorizeProject(c *Charter, m Matter, message []byte, signatures []CharterSignature, on Date) error {
	rule, clause, err := s.projectRule(on)
	if err != nil {
		return err
	}
	if d, ok := s.Adopted(m); rule.Decision && (!ok || !d.InEffect(on)) {
		return &RuleError{Clause: clause, Kind: ProjectKind, Err: bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", on)}
	}
	if err := verifyFounders(message, c, signatures, s.KeyOf); err != nil {
		return err
	}
	project := s.parties[c.doc.Project]
	for i, sig := range signatures {
		if !slices.Contains(project.Partners, sig.Signer) && !project.Erased {
			return bad(ErrNotFounder, at("signatures", i)+".signer", sig.Signer, "is not a partner of the project any more")
		}
	}
	if n := rule.signers(len(c.doc.Founders)); len(signatures) < n {
		return &RuleError{Clause: clause, Kind: ProjectKind, Err: badly(ErrTooFew, "signatures", "%d of the %d that %s of the partners are", len(signatures), n, rule.Partners)}
	}
	return nil
}

// projectEnd returns the day on which a project ended: it was merged, went its own way, or was wound down to the end. Zero: it has not. An end is for good.
func (s *State) projectEnd(project string) Date {
	var end Date
	if i := s.incubations[project]; i != nil && (i.Status == Merged || i.Status == SpunOut) {
		end = i.Since
	}
	if w := s.windings[project]; w != nil && w.Status == Closed && (end.IsZero() || w.Since.Before(end)) {
		end = w.Since
	}
	return end
}

// binds reports whether a party is one of those whose charter it is: any member of the community, or in the charter of a project one of its partners.
func (c *Charter) binds(party string) bool {
	_, partner := c.founder(party)
	return c.doc.Project == "" || partner
}

// ended returns the day from which the version has no effect any more because its project has ended, zero for none.
func (s *State) ended(c *Charter) Date {
	if c.doc.Project == "" {
		return Date{}
	}
	return s.projectEnd(c.doc.Project)
}

// ProjectInForce returns the version of a project's own charter that is in force at an instant, see [State.InForce]. It has an effect beside the common charter, not in
// its place: the members of the project agreed to both. The error wraps [ErrNotInForce] if there is none.
func (s *State) ProjectInForce(project string, at time.Time) (*Charter, error) {
	c, err := s.inForce(project, func(c *Charter) Date { return c.today(at) })
	if err != nil {
		return nil, errorf("project %s: %w", quote(project), err)
	}
	return c, nil
}

// ProjectVersions returns the adopted versions of a project's own charter, from the first.
func (s *State) ProjectVersions(project string) []Version {
	adopted := s.adopted[project]
	list := make([]Version, len(adopted))
	for i, c := range adopted {
		list[i] = s.versions[c.hash].clone()
	}
	return list
}

// CharteredProjects returns the IRIs of the projects that have, or had, a charter of their own, in order.
func (s *State) CharteredProjects() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.adopted)), func(scope string) bool { return scope == "" })
}

// DeriveProject returns the document of version 1 of the charter of a project, with the clauses of the common charter in force on its first day, the project's partners
// as founders and a threshold as the rule "codesocial.project" asks. Clauses can be added before [NewCharter], and those that the rule opens be changed. The errors wrap
// [ErrUnknown], [ErrNotInForce], [ErrNoRule], [ErrTooFew] where the project has no partners, or [ErrExists] where it has a charter: see [State.Behind] then.
func (s *State) DeriveProject(project, id string, from Date) (Document, error) {
	d, err := s.deriveProject(project, id, from)
	if err != nil {
		return Document{}, errorf("charter of %s: %w", quote(project), err)
	}
	return d, nil
}

func (s *State) deriveProject(project, id string, from Date) (Document, error) {
	p, ok := s.parties[project]
	if !ok || p.Type != Project {
		return Document{}, bad(ErrUnknown, "project", project, "is not a registered project")
	}
	if last := s.last(project); last != nil {
		return Document{}, bad(ErrExists, "project", project, "%s is adopted", last)
	}
	if len(p.Partners) == 0 {
		return Document{}, badly(ErrTooFew, "partners", "there are none")
	}
	common, err := s.inForceOn(from)
	if err != nil {
		return Document{}, err
	}
	rule, _, err := common.project()
	if err != nil {
		return Document{}, err
	}
	var founders []Founder
	for _, iri := range p.Partners {
		partner := s.parties[iri]
		if partner.Erased {
			return Document{}, bad(ErrUnknown, "partners", iri, "its registration has been erased")
		}
		founders = append(founders, Founder{ID: iri, Name: partner.Name, Type: partner.Type})
	}
	d := common.Derive(id, founders, rule.signers(len(founders)), from)
	d.Project = project
	return d, nil
}

// Behind compares the charter of a project in force on a day with the common one in force on it, clause by clause, when they have parted: Base is the version that the
// project's is derived from, Ours the project's, Theirs the common one. Behind is false while the project's is derived from just that version, and where one of the two is
// not in force. A project's charter that is behind stays as it is until its partners adopt another version, such as [Merge.Proposal] makes.
func (s *State) Behind(project string, on Date) (m Merge, behind bool) {
	ours, err := s.inForce(project, func(*Charter) Date { return on })
	if err != nil || project == "" {
		return Merge{}, false
	}
	common, err := s.inForceOn(on)
	if err != nil || common.Origin() == *ours.doc.DerivedFrom {
		return Merge{}, false
	}
	return NewMerge(s.versions[ours.doc.DerivedFrom.Hash].Charter, ours, common), true
}
