package codesocial

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// RolesKind is the kind of the rule that says which roles there are, see [RolesRule].
const RolesKind = "codesocial.roles"

// RoleMatter is the kind of the matter that decides who holds a role: its reference is the id of the role, and what is chosen the
// IRI of a party. RevocationMatter is that of a decision to end a mandate; its reference is the id of the role, a space, and the IRI.
const (
	RoleMatter       = "codesocial.role"
	RevocationMatter = "codesocial.revocation"
)

// Limits on roles.
const (
	MaxRoles        = 200
	MaxCircles      = 100
	MaxHolders      = 500  // of one role
	MaxTermMonths   = 1200 // a hundred years
	MaxConsultation = 3660 // days
)

// The roles of the inverted pyramid: who carried the idea, who was there while it emerged, who guarantees that the community works and
// answers for its social code, who makes what it offers. A charter has them where its rule of roles lists these ids.
const (
	Author    = "author"
	CoAuthor  = "co-author"
	Publisher = "publisher"
	Producer  = "producer"
)

// The rights that this package knows; other packages may ask for rights of their own ([State.HasRight]).
const (
	// RightConsulted: no version is adopted before the holder was asked for an opinion. The opinion binds nobody.
	RightConsulted = "consulted"
	// RightEvolution: the holder answers for the evolution of the charter, and opens the consultation on a version.
	RightEvolution = "evolution"
)

// A RolesRule holds the parameters of a rule of the kind "codesocial.roles".
type RolesRule struct {
	Roles   []Role   `json:"roles"`
	Circles []Circle `json:"circles,omitempty"`
	// Consultation is how many days those with the right "consulted" have to answer, from 0 to [MaxConsultation].
	Consultation int `json:"consultation,omitempty"`
}

// A Role is something that somebody answers for.
type Role struct {
	ID     string   `json:"id"`
	Title  Text     `json:"title"`
	Circle string   `json:"circle,omitempty"` // the id of a circle that its holders belong to
	Rights []string `json:"rights,omitempty"`
	// Named are the IRIs of parties who hold the role by the text itself, for as long as the version is in force: authors are not
	// elected. A role with named holders has no others.
	Named []string `json:"named,omitempty"`
	// Holders is how many parties hold the role at most at a time, from 1 to [MaxHolders]; 0 stands for 1.
	Holders int `json:"holders,omitempty"`
	// TermMonths is the longest mandate, from 1 to [MaxTermMonths]; absent only where holders are named.
	TermMonths int `json:"termMonths,omitempty"`
}

// A Circle is a group of roles that work together.
type Circle struct {
	ID     string `json:"id"`
	Title  Text   `json:"title"`
	Parent string `json:"parent,omitempty"` // the id of the circle around it
}

// Validate returns an error that wraps [ErrInvalid] or [ErrLimit] for parameters that make no sense, such as circles that contain
// each other.
func (r *RolesRule) Validate() error {
	if len(r.Roles) == 0 || len(r.Roles) > MaxRoles || len(r.Circles) > MaxCircles {
		return badly(ErrLimit, "roles", "there are %d in %d circles; must be 1 to %d, in up to %d", len(r.Roles), len(r.Circles), MaxRoles, MaxCircles)
	}
	if r.Consultation < 0 || r.Consultation > MaxConsultation {
		return bad(ErrInvalid, "consultation", fmt.Sprint(r.Consultation), "must be from 0 to %d days", MaxConsultation)
	}
	seen := make(map[string]string)
	for i, c := range r.Circles {
		field := at("circles", i)
		if err := checkPlace(seen, field, c.ID); err != nil {
			return err
		}
		if err := c.Title.checkTitle(field + ".title"); err != nil {
			return err
		}
		if c.Parent != "" && !slices.ContainsFunc(r.Circles[:i], func(p Circle) bool { return p.ID == c.Parent }) {
			return bad(ErrInvalid, field+".parent", c.Parent, "must be a circle that is listed before")
		}
	}
	for i, role := range r.Roles {
		if err := r.checkRole(seen, at("roles", i), role); err != nil {
			return err
		}
	}
	return nil
}

func (r *RolesRule) checkRole(seen map[string]string, field string, role Role) error {
	if err := checkPlace(seen, field, role.ID); err != nil {
		return err
	}
	if err := role.Title.checkTitle(field + ".title"); err != nil {
		return err
	}
	if role.Circle != "" && !slices.ContainsFunc(r.Circles, func(c Circle) bool { return c.ID == role.Circle }) {
		return bad(ErrInvalid, field+".circle", role.Circle, "is no circle of the rule")
	}
	for i, right := range role.Rights {
		if right != RightConsulted && right != RightEvolution && !isKind(right) {
			return bad(ErrInvalid, at(field+".rights", i), right, "must be %s, %s, or a package, a dot and a word", RightConsulted, RightEvolution)
		}
	}
	if err := checkIRIs(field+".named", role.Named, MaxHolders, ""); err != nil {
		return err
	}
	if role.Holders < 0 || role.Holders > MaxHolders {
		return bad(ErrInvalid, field+".holders", fmt.Sprint(role.Holders), "must be from 1 to %d", MaxHolders)
	}
	if len(role.Named) > 0 {
		if role.TermMonths != 0 || role.Holders != 0 {
			return badly(ErrInvalid, field+".termMonths", "and holders must be absent where holders are named")
		}
		return nil
	}
	if role.TermMonths < 1 || role.TermMonths > MaxTermMonths {
		return bad(ErrInvalid, field+".termMonths", fmt.Sprint(role.TermMonths), "must be from 1 to %d: a mandate has an end", MaxTermMonths)
	}
	return nil
}

// roles returns the rule of roles of the version and its clause; nil if it has none.
func (c *Charter) roles() (*RolesRule, ClauseRef, error) {
	rule := new(RolesRule)
	clause, err := c.Rule(RolesKind, rule)
	if err == nil {
		err = rule.Validate()
	}
	if errors.Is(err, ErrNoRule) {
		return nil, ClauseRef{}, nil
	}
	return rule, clause, err
}

// role returns the role with that id of the version in force on a day, and the clause; false if there is none.
func (s *State) role(id string, on Date) (Role, ClauseRef, bool) {
	v := s.versionOn(on)
	if v == nil || v.roles == nil {
		return Role{}, ClauseRef{}, false
	}
	i := slices.IndexFunc(v.roles.Roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, ClauseRef{}, false
	}
	return v.roles.Roles[i], v.rolesClause, true
}

// versionOn returns the version in force on a day, nil if there is none.
func (s *State) versionOn(on Date) *Version {
	if c, err := s.inForceOn(on); err == nil {
		return s.versions[c.hash]
	}
	return nil
}

// Roles returns the roles of the version in force on a day, in its order. They belong to the state and must not be changed.
func (s *State) Roles(on Date) []Role {
	if v := s.versionOn(on); v != nil && v.roles != nil {
		return slices.Clone(v.roles.Roles)
	}
	return nil
}

// Circles returns the circles of the version in force on a day, in its order.
func (s *State) Circles(on Date) []Circle {
	if v := s.versionOn(on); v != nil && v.roles != nil {
		return slices.Clone(v.roles.Circles)
	}
	return nil
}

// Holders returns the IRIs of those who hold a role on a day: as the version in force names them, or by a mandate that has begun and has
// not ended. Who does not have the rights of a member on that day holds none, except an author or co-author who is named.
func (s *State) Holders(role string, on Date) []string {
	r, _, ok := s.role(role, on)
	if !ok {
		return nil
	}
	return slices.Collect(s.holding(&r, on))
}

func (s *State) holding(r *Role, on Date) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, iri := range r.Named {
			if (r.ID == Author || r.ID == CoAuthor || s.MemberOn(iri, on)) && !yield(iri) { // authorship is never lost
				return
			}
		}
		if len(r.Named) > 0 {
			return
		}
		for _, m := range s.mandates[r.ID] {
			if m.lasts(on) && s.MemberOn(m.Party, on) && !yield(m.Party) {
				return
			}
		}
	}
}

// Holds reports whether a party holds a role on a day, see [State.Holders]. An expired mandate has no effect.
func (s *State) Holds(iri, role string, on Date) bool {
	r, _, ok := s.role(role, on)
	return ok && s.holds(&r, iri, on)
}

func (s *State) holds(r *Role, iri string, on Date) bool {
	for holder := range s.holding(r, on) {
		if holder == iri {
			return true
		}
	}
	return false
}

// HasRight reports whether a party has a right on a day through a role that it holds, and by which role.
func (s *State) HasRight(iri, right string, on Date) (role string, ok bool) {
	for iri2, r := range s.entitled(right, on) {
		if iri2 == iri {
			return r, true
		}
	}
	return "", false
}

// entitled yields those who have a right on a day, each with the role that gives it.
func (s *State) entitled(right string, on Date) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		v := s.versionOn(on)
		if v == nil || v.roles == nil {
			return
		}
		for i := range v.roles.Roles {
			r := &v.roles.Roles[i]
			if !slices.Contains(r.Rights, right) {
				continue
			}
			for iri := range s.holding(r, on) {
				if !yield(iri, r.ID) {
					return
				}
			}
		}
	}
}

// CircleMembers returns the IRIs of those who hold a role of a circle, or of a circle within it, on a day, each once, in the order of the roles.
func (s *State) CircleMembers(circle string, on Date) []string {
	v := s.versionOn(on)
	if v == nil || v.roles == nil {
		return nil
	}
	within := map[string]bool{circle: true}
	for _, c := range v.roles.Circles { // parents come first
		within[c.ID] = within[c.ID] || c.Parent != "" && within[c.Parent]
	}
	var list []string
	for i := range v.roles.Roles {
		if r := &v.roles.Roles[i]; r.Circle != "" && within[r.Circle] {
			for iri := range s.holding(r, on) {
				if !slices.Contains(list, iri) {
					list = append(list, iri)
				}
			}
		}
	}
	return list
}
