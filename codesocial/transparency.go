package codesocial

import (
	"errors"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// TransparencyKind is the kind of the rule that says who may read what, see [TransparencyRule].
const TransparencyKind = "codesocial.transparency"

// MaxReadingRules is the largest number of lines of a rule of transparency, and of kinds of one line.
const MaxReadingRules = 100

// Readers says who may read a record.
type Readers string

// Who may read a record. Where a charter says nothing, its members read everything.
const (
	Everyone  Readers = "everyone"
	Members   Readers = "members"   // who has the rights of a member, or is suspended
	Concerned Readers = "concerned" // the author, those whom the record names, and who speaks for them
	RoleOnly  Readers = "role"      // the concerned, and those who hold a role
)

// Label returns words for the readers in French and English, to be shown to members.
func (r Readers) Label() Text {
	return map[Readers]Text{
		Everyone: {"fr": "tout le monde", "en": "everyone"}, Members: {"fr": "les membres", "en": "the members"},
		Concerned: {"fr": "les personnes concernées", "en": "those concerned"}, RoleOnly: {"fr": "les personnes concernées et qui tient le rôle", "en": "those concerned and who holds the role"},
	}[r]
}

// A TransparencyRule holds the parameters of a rule of the kind "codesocial.transparency".
type TransparencyRule struct {
	// Rules are tried in order; the first that names the kind of a record holds for it. Members read what no rule names.
	Rules []ReadingRule `json:"rules"`
}

// A ReadingRule says who reads records of some kinds.
type ReadingRule struct {
	// Kinds are kinds of records, as in "mediation.note", or packages for all their kinds, as in "mediation".
	Kinds   []string `json:"kinds"`
	Readers Readers  `json:"readers"`
	Role    string   `json:"role,omitempty"` // where Readers is [RoleOnly]: the id of a role of the rule "codesocial.roles"
	// Why says why, to be shown to who asks; required where not all members read.
	Why Text `json:"why,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] or [ErrLimit] for parameters that make no sense.
func (r *TransparencyRule) Validate() error {
	if len(r.Rules) > MaxReadingRules {
		return badly(ErrLimit, "rules", "there are %d, the limit is %d", len(r.Rules), MaxReadingRules)
	}
	for i, rule := range r.Rules {
		field := at("rules", i)
		if len(rule.Kinds) == 0 || len(rule.Kinds) > MaxReadingRules {
			return badly(ErrLimit, field+".kinds", "there are %d, must be from 1 to %d", len(rule.Kinds), MaxReadingRules)
		}
		for j, kind := range rule.Kinds {
			if !isKind(kind) && !isKind(kind+".x") {
				return bad(ErrInvalid, at(field+".kinds", j), kind, "must be a package, or a package, a dot and a word")
			}
		}
		if rule.Readers.Label() == nil {
			return bad(ErrInvalid, field+".readers", string(rule.Readers), "must be %s, %s, %s or %s", Everyone, Members, Concerned, RoleOnly)
		}
		if (rule.Readers == RoleOnly) != (rule.Role != "") {
			return bad(ErrInvalid, field+".role", rule.Role, "must be given with readers %s, and only there", RoleOnly)
		}
		if len(rule.Why) > 0 || rule.Readers == Concerned || rule.Readers == RoleOnly {
			if err := rule.Why.checkText(field + ".why"); err != nil {
				return err
			}
		}
	}
	return nil
}

// inScope reports whether a kind is what scope names: the kind itself, or its package.
func inScope(scope, kind string) bool {
	return kind == scope || strings.HasPrefix(kind, scope) && kind[len(scope)] == '.'
}

// Access says whether somebody may read a record, and why.
type Access struct {
	Allowed bool
	Readers Readers   // who may read it
	Role    string    // whose holders may read it, with [RoleOnly]
	Why     Text      // in the words of the charter; nil where it gives none
	Clause  ClauseRef // zero where no rule names the kind
}

// MayRead says whether a party may read the payload of a record on a day, under the rule "codesocial.transparency" of the version in force then; where there is
// none, members may, and so may those concerned. A program that shows records asks before it does; the journal itself
// is open to whoever keeps it. The error is that of a rule that cannot be read.
func (s *State) MayRead(reader string, r *journal.Record, on Date) (Access, error) {
	a := Access{Readers: Members}
	if c, err := s.inForceOn(on); err == nil {
		var rule TransparencyRule
		clause, err := c.Rule(TransparencyKind, &rule)
		switch {
		case errors.Is(err, ErrNoRule):
		case err != nil:
			return Access{}, err
		default:
			if err := rule.Validate(); err != nil {
				return Access{}, errorf("%w", &RuleError{Clause: clause, Kind: TransparencyKind, Err: err})
			}
			for _, line := range rule.Rules {
				if slices.ContainsFunc(line.Kinds, func(scope string) bool { return inScope(scope, r.Kind) }) {
					a.Readers, a.Role, a.Why, a.Clause = line.Readers, line.Role, line.Why, clause
					break
				}
			}
		}
	}
	switch a.Readers {
	case Everyone:
		a.Allowed = true
	case Members:
		a.Allowed = s.StatusOn(reader, on).Belongs() || s.concerned(reader, r)
	case RoleOnly:
		a.Allowed = s.Holds(reader, a.Role, on) || s.concerned(reader, r)
	default:
		a.Allowed = s.concerned(reader, r)
	}
	return a, nil
}

// concerned reports whether a registered party is the author of a record or named in it, or speaks for somebody who is.
func (s *State) concerned(reader string, r *journal.Record) bool {
	if _, ok := s.parties[reader]; !ok {
		return false
	}
	self := func(iri string) bool {
		p, ok := s.parties[iri]
		return ok && (iri == reader || p.speaker() == reader)
	}
	return self(r.Author) || anyText(tree(r.Payload), self)
}

// anyText reports whether f holds for some text value of a JSON value.
func anyText(v any, f func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return anyText(e, f) })
	case map[string]any:
		for _, member := range v {
			if anyText(member, f) {
				return true
			}
		}
	}
	return false
}
