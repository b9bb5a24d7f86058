package codesocial

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A ClauseRef says on which clause of which version something rests. It goes on every record that is made
// under a rule, so that anyone can look up what was agreed when it was made. It is written in JSON as it
// stands here.
type ClauseRef struct {
	Charter string `json:"charter"` // IRI of the social code
	Version int    `json:"version"`
	Hash    string `json:"hash"` // of that version, see [Charter.Hash]
	Clause  string `json:"clause"`
}

// String names clause and version for a message.
func (r ClauseRef) String() string {
	return fmt.Sprintf("clause %s, version %d of %s", r.Clause, r.Version, r.Charter)
}

// Check returns nil when the reference is well formed; the error wraps [ErrInvalid] or [ErrLimit].
// Whether there is such a clause, [State.Resolve] says.
func (r ClauseRef) Check() error {
	if err := checkIRI("charter", r.Charter); err != nil {
		return err
	}
	if r.Version < 1 || r.Version > MaxVersion {
		return bad(ErrInvalid, "version", fmt.Sprint(r.Version), "must be from 1 to %d", MaxVersion)
	}
	if err := checkHash("hash", r.Hash); err != nil {
		return err
	}
	return checkID("clause", r.Clause)
}

// A Rule is the part of a clause that a program carries out.
type Rule struct {
	// Kind says whose rule it is and what it means: a package, a dot, a word ("dividend.waterfall").
	Kind string
	// Clause is the clause that carries the rule, in the version it was read from.
	Clause ClauseRef

	params []byte // canonical JSON object, without the member "kind"

	charter *Charter
}

// Charter returns the version that the rule was read from: a check of one rule may have to look at another.
func (r Rule) Charter() *Charter { return r.charter }

// Params returns the parameters as canonical JSON: an object, without the member "kind". The caller owns it.
func (r Rule) Params() canonical.Raw { return slices.Clone(canonical.Raw(r.params)) }

// Decode reads the parameters into the struct that into points to, as strictly as the charter was read:
// a parameter that the struct does not have is an error. Parameters that are absent leave their fields as they
// were. The error wraps [ErrInvalid] and names the clause and the path of the parameter.
func (r Rule) Decode(into any) error {
	if err := canonical.Unmarshal(r.params, into); err != nil {
		return errorf("%s: rule %s: %w: %w", r.Clause, r.Kind, ErrInvalid, err)
	}
	return nil
}

// Rule reads the parameters of the one rule of that kind into the struct that into points to (see
// [Rule.Decode]) and returns the clause that carries it. The error wraps [ErrNoRule] if no clause does,
// [ErrManyRules] if several do, and [ErrInvalid] if the parameters are not those of the struct.
func (c *Charter) Rule(kind string, into any) (ClauseRef, error) {
	found := c.byKind[kind]
	switch len(found) {
	case 0:
		return ClauseRef{}, errorf("%s: %w", c, bad(ErrNoRule, "rule", kind, "no clause carries a rule of this kind"))
	case 1:
		rule := c.rules[found[0]]
		return rule.Clause, rule.Decode(into)
	}
	return ClauseRef{}, errorf("%s: %w", c, bad(ErrManyRules, "rule", kind, "the clauses %s and %s both carry a rule of this kind",
		c.rules[found[0]].Clause.Clause, c.rules[found[1]].Clause.Clause))
}

// Rules returns the rules of that kind in the order of the document.
func (c *Charter) Rules(kind string) iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		for _, i := range c.byKind[kind] {
			if !yield(c.rules[i]) {
				return
			}
		}
	}
}

// Kinds returns the kinds of all rules of the charter, each once, in alphabetical order: those that
// a program knows and those that it does not. Compare it with what yours can carry out.
func (c *Charter) Kinds() []string { return slices.Sorted(maps.Keys(c.byKind)) }

// A RuleCheck says whether the parameters of a kind of rule make sense to the package that owns it. A
// community that knows the check refuses a version whose rules fail it before anyone signs.
type RuleCheck struct {
	Kind  string
	Check func(Rule) error
}

func (c RuleCheck) option(o *options) { o.checks = append(o.checks, c) }

// RuleChecks are the checks of a package, as an option of [Open].
type RuleChecks []RuleCheck

func (c RuleChecks) option(o *options) { o.checks = append(o.checks, c...) }

// CheckRule returns the check for rules of that kind whose parameters are a T with a method that validates
// them: CheckRule("dividend.waterfall", (*dividend.Waterfall).Validate).
func CheckRule[T any](kind string, validate func(*T) error) RuleCheck {
	return RuleCheck{kind, func(r Rule) error {
		v := new(T)
		if err := r.Decode(v); err != nil {
			return err
		}
		if err := validate(v); err != nil {
			return errorf("%w", &RuleError{Clause: r.Clause, Kind: r.Kind, Err: as(ErrInvalid, err)})
		}
		return nil
	}}
}

// ownChecks returns the checks of the rules that this package owns.
func ownChecks() []RuleCheck {
	return []RuleCheck{
		CheckRule(AdmissionKind, (*AdmissionRule).Validate),
		CheckRule(AmendmentKind, (*AmendmentRule).Validate),
		CheckRule(ReviewKind, (*ReviewRule).Validate),
		CheckRule(IncubationKind, (*IncubationRule).Validate),
		CheckRule(TransparencyKind, (*TransparencyRule).Validate),
		CheckRule(RolesKind, (*RolesRule).Validate),
		CheckRule(RecoveryKind, (*RecoveryRule).Validate),
		{DecisionKind, checkDecisionRule},
		{ProjectKind, checkProjectRule},
		CheckRule(AttendanceKind, (*AttendanceRule).Validate),
	}
}

// CheckRules runs the checks on all rules of the charter, in the order of the checks, and returns the
// first error. Rules without a check are not looked into.
func (c *Charter) CheckRules(checks ...RuleCheck) error {
	for _, check := range checks {
		for rule := range c.Rules(check.Kind) {
			if err := check.Check(rule); err != nil {
				return err
			}
		}
	}
	return nil
}

// splitRule reads a rule, which is in canonical form: its kind, and its parameters without it.
func splitRule(field string, raw canonical.Raw) (kind string, params []byte, err error) {
	if raw[0] != '{' {
		return "", nil, badly(ErrInvalid, field, "must be a JSON object")
	}
	if err := checkProse(field, string(raw)); err != nil { // of a kind that nobody knows it is shown as well
		return "", nil, err
	}
	params = append(make([]byte, 0, len(raw)), '{')
	for name, value := range canonical.Members(raw) {
		if name == "kind" && value[0] == '"' {
			err = canonical.Unmarshal(value, &kind)
			continue
		}
		if len(params) > 1 {
			params = append(params, ',')
		}
		if params, err = canonical.AppendString(params, name); err != nil {
			return "", nil, badly(ErrInvalid, field, "%v", err)
		}
		params = append(append(params, ':'), value...)
	}
	if kind == "" || err != nil {
		return "", nil, badly(ErrInvalid, field+".kind", "must be given, as a string")
	}
	if !isKind(kind) {
		return "", nil, bad(ErrInvalid, field+".kind", kind, "must be a package, a dot and a word, as in dividend.waterfall")
	}
	return kind, append(params, '}'), nil
}

// isKind reports whether s has the form of the kind of a rule or record.
func isKind(s string) bool {
	owner, word, found := strings.Cut(s, ".")
	return found && len(s) <= MaxIDBytes && isID(owner) && !strings.Contains(owner, "-") && isID(word)
}
