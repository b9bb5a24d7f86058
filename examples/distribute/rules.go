package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// Limits on a rules file.
const (
	// maxRules is its size in bytes.
	maxRules = 1 << 20
	// maxClauses is how many clauses it may have.
	maxClauses = 500
)

// document is a rules file: clauses as they stand in a social code, without what only its adoption needs.
type document struct {
	Title codesocial.Text `json:"title"`
	// Source says where the rules were published.
	Source string `json:"source,omitempty"`
	// Note is what a reader must know: what was assumed where the source is silent.
	Note     codesocial.Text `json:"note,omitempty"`
	Currency string          `json:"currency"`
	Clauses  []clause        `json:"clauses"`
}

// clause is a clause with its rule, if it has one.
type clause struct {
	ID    string          `json:"id"`
	Title codesocial.Text `json:"title,omitempty"`
	Text  codesocial.Text `json:"text"`
	Rule  *anyRule        `json:"rule,omitempty"`
}

// anyRule has the parameters of all kinds of rule, so that one reading finds every mistake at its place; those of other kinds than
// its own must be absent.
type anyRule struct {
	Kind         string                 `json:"kind"`
	Kinds        []dividend.Kind        `json:"kinds,omitempty"`
	Coefficients []dividend.Coefficient `json:"coefficients,omitempty"`
	Lines        []dividend.Line        `json:"lines,omitempty"`
}

// rules are rules that have been checked and can be carried out.
type rules struct {
	title    codesocial.Text
	source   string
	note     codesocial.Text
	currency string
	decimals int
	clauses  []clause

	wealth    dividend.Wealth
	weights   dividend.Weights
	waterfall dividend.Waterfall
	// The clauses that hold the three.
	wealthClause, weightsClause, waterfallClause string
}

// Groups that a line may go to, beside those named like a kind of wealth: who gave something of that kind.
const (
	contributors = ledger.Contributors // by the points of all that they gave
	introducers  = ledger.Introducers  // by the amounts handed in with -introducer
)

// readRules reads a rules file, or a social code, from a path.
func readRules(path string) (*rules, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxRules+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return parseRules(path, text)
}

// parseRules reads rules. name is what errors call the file.
func parseRules(name string, text []byte) (*rules, error) {
	if len(text) > maxRules {
		return nil, fmt.Errorf("%s: has more than %d bytes", name, maxRules)
	}
	var members map[string]canonical.Raw
	if canonical.Unmarshal(text, &members) == nil && members["chapters"] != nil {
		return parseCharter(name, text)
	}
	var d document
	if err := canonical.Unmarshal(text, &d); err != nil {
		var e *canonical.Error
		if !errors.As(err, &e) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return nil, problem(name, text, e.Offset, e.Path, "%s", e.Reason)
	}
	c := checker{name: name, text: text, rules: rules{
		title: d.Title, source: d.Source, note: d.Note, currency: d.Currency, clauses: d.Clauses,
	}}
	if err := c.check(); err != nil {
		return nil, err
	}
	return &c.rules, nil
}

// parseCharter takes the rules of a distribution from a social code.
func parseCharter(name string, text []byte) (*rules, error) {
	charter, err := codesocial.ParseCharter(text)
	if err == nil {
		err = charter.CheckRules(ledger.Checks()...)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &rules{title: charter.Title(), source: charter.ID(), currency: charter.Currency()}
	for _, chapter := range charter.Chapters() {
		for _, c := range chapter.Clauses {
			r.clauses = append(r.clauses, clause{ID: c.ID, Title: c.Title, Text: c.Text})
		}
	}
	for _, rule := range []struct {
		kind   string
		into   any
		clause *string
	}{
		{ledger.WealthKind, &r.wealth, &r.wealthClause},
		{ledger.WeightsKind, &r.weights, &r.weightsClause},
		{ledger.WaterfallKind, &r.waterfall, &r.waterfallClause},
	} {
		ref, err := charter.Rule(rule.kind, rule.into)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*rule.clause = ref.Clause
	}
	if err := r.weights.ValidateWith(r.wealth); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if r.decimals, err = ledger.Decimals(r.currency); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// checker checks a rules file that has been read, and finds the place of what is wrong.
type checker struct {
	rules
	name                         string
	text                         []byte
	wealthAt, weightsAt, linesAt []any
}

// bad returns an error about the value at a path.
func (c *checker) bad(path []any, format string, args ...any) error {
	return problem(c.name, c.text, locate(c.text, path), pathText(path), format, args...)
}

func (c *checker) check() (err error) {
	if c.decimals, err = ledger.Decimals(c.currency); err != nil {
		return c.bad([]any{"currency"}, "%q must be the code of a currency: EUR", c.currency)
	}
	if err := c.checkText([]any{"title"}, c.title, true); err != nil {
		return err
	}
	if err := c.checkText([]any{"note"}, c.note, false); err != nil {
		return err
	}
	if len(c.clauses) > maxClauses {
		return c.bad([]any{"clauses"}, "are %d: at most %d", len(c.clauses), maxClauses)
	}
	seen := make(map[string]bool)
	for i, clause := range c.clauses {
		path := []any{"clauses", i}
		switch {
		case strings.TrimSpace(clause.ID) == "":
			return c.bad(path, "the id is missing")
		case seen[clause.ID]:
			return c.bad(slices.Concat(path, []any{"id"}), "%q is given twice", clause.ID)
		}
		seen[clause.ID] = true
		if err := c.checkText(slices.Concat(path, []any{"title"}), clause.Title, false); err != nil {
			return err
		}
		if err := c.checkText(slices.Concat(path, []any{"text"}), clause.Text, true); err != nil {
			return err
		}
		if clause.Rule != nil {
			if err := c.takeRule(clause, slices.Concat(path, []any{"rule"})); err != nil {
				return err
			}
		}
	}
	for _, rule := range []struct{ kind, clause string }{
		{ledger.WealthKind, c.wealthClause}, {ledger.WeightsKind, c.weightsClause}, {ledger.WaterfallKind, c.waterfallClause},
	} {
		if rule.clause == "" {
			return c.bad([]any{"clauses"}, "none has a rule of the kind %s", rule.kind)
		}
	}
	return c.checkRules(seen)
}

func (c *checker) checkText(path []any, text codesocial.Text, required bool) error {
	if required && len(text) == 0 {
		return c.bad(path[:len(path)-1], `%s is missing: write {"fr": "…", "en": "…"}`, path[len(path)-1])
	}
	for _, lang := range text.Languages() {
		if strings.TrimSpace(text[lang]) == "" {
			return c.bad(slices.Concat(path, []any{lang}), "must not be empty")
		}
		if name := path[len(path)-1]; name == "title" && !printable(text[lang]) {
			return c.bad(slices.Concat(path, []any{lang}), "must be one line of visible characters")
		}
	}
	return nil
}

// takeRule takes the parameters of the rule of a clause, and refuses those of another kind of rule.
func (c *checker) takeRule(from clause, path []any) error {
	r := from.Rule
	var holder *string
	var strange string
	switch r.Kind {
	case ledger.WealthKind:
		holder, c.wealth.Kinds, c.wealthAt = &c.wealthClause, r.Kinds, path
		strange = stranger("coefficients", r.Coefficients != nil, "lines", r.Lines != nil)
	case ledger.WeightsKind:
		holder, c.weights.Coefficients, c.weightsAt = &c.weightsClause, r.Coefficients, path
		strange = stranger("kinds", r.Kinds != nil, "lines", r.Lines != nil)
	case ledger.WaterfallKind:
		holder, c.waterfall.Lines, c.linesAt = &c.waterfallClause, r.Lines, path
		strange = stranger("kinds", r.Kinds != nil, "coefficients", r.Coefficients != nil)
	case "":
		return c.bad(path, "the kind is missing")
	default:
		return c.bad(slices.Concat(path, []any{"kind"}), "%q is not one of %s, %s, %s", r.Kind, ledger.WealthKind, ledger.WeightsKind, ledger.WaterfallKind)
	}
	if strange != "" {
		return c.bad(slices.Concat(path, []any{strange}), "does not belong to a rule of the kind %s", r.Kind)
	}
	if *holder != "" {
		return c.bad(slices.Concat(path, []any{"kind"}), "the clause %q has a rule of the kind %s already", *holder, r.Kind)
	}
	*holder = from.ID
	return nil
}

func stranger(first string, hasFirst bool, second string, hasSecond bool) string {
	switch {
	case hasFirst:
		return first
	case hasSecond:
		return second
	}
	return ""
}

// checkRules checks the rules themselves, and that they fit together.
func (c *checker) checkRules(clauses map[string]bool) error {
	if i, err := firstBad(len(c.wealth.Kinds), func(n int) error {
		return dividend.Wealth{Kinds: c.wealth.Kinds[:n]}.Validate()
	}); err != nil {
		return c.badAt(c.wealthAt, "kinds", i, err)
	}
	if i, err := firstBad(len(c.weights.Coefficients), func(n int) error {
		return dividend.Weights{Coefficients: c.weights.Coefficients[:n]}.ValidateWith(c.wealth)
	}); err != nil {
		return c.badAt(c.weightsAt, "coefficients", i, err)
	}
	if i, err := firstBad(len(c.waterfall.Lines), func(n int) error {
		return dividend.Waterfall{Lines: c.waterfall.Lines[:n]}.Validate()
	}); err != nil {
		return c.badAt(c.linesAt, "lines", i, err)
	}
	for i, l := range c.waterfall.Lines {
		path := slices.Concat(c.linesAt, []any{"lines", i})
		if l.Clause != "" && !clauses[l.Clause] {
			return c.bad(slices.Concat(path, []any{"clause"}), "%q is not the id of a clause", l.Clause)
		}
		group := slices.Concat(path, []any{"to", "group"})
		if g := l.To.Group; g != "" && g != contributors && g != introducers {
			switch _, ok := c.wealth.Kind(g); {
			case !ok:
				return c.bad(group, "%q is not a group: %s, %s, or a kind of wealth for those who gave something of it", g, contributors, introducers)
			case !slices.ContainsFunc(c.coefficients(g), func(f dividend.Coefficient) bool { return f.Points.Sign() > 0 }):
				return c.bad(group, "%q is a kind without points: nobody could get anything", g)
			}
		}
	}
	return nil
}

// coefficients returns those of a kind of wealth, in the order of the rules.
func (r *rules) coefficients(kind string) []dividend.Coefficient {
	return slices.DeleteFunc(slices.Clone(r.weights.Coefficients), func(f dividend.Coefficient) bool { return f.Kind != kind })
}

// printable reports whether a text has no line ends, controls or characters that change the direction of what stands around them.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
	})
}

// badAt returns an error of package dividend about entry i of a list of the rule at a path.
func (c *checker) badAt(path []any, list string, i int, err error) error {
	if i >= 0 {
		path = slices.Concat(path, []any{list, i})
	}
	return c.bad(path, "%v", err)
}

// firstBad returns which entry of a list makes it invalid: the last one of the shortest invalid beginning of the list, -1 for the
// list as a whole.
func firstBad(n int, validate func(n int) error) (int, error) {
	if n == 0 {
		return -1, validate(0)
	}
	for i := range n {
		if err := validate(i + 1); err != nil {
			return i, err
		}
	}
	return -1, nil
}
