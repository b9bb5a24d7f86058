package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// facts are the contributions that are counted.
type facts struct {
	lines []intake.Contribution
	// validated says that the file has a column for who validated a line; then lines that nobody validated do not count.
	validated bool
	matrix    *dividend.Matrix
	from, to  codesocial.Date
	projects  []string // in the order of their bytes
}

// source is a CSV file: one of the user's, or one that comes with the program.
type source struct {
	name string
	text []byte // nil: the file is read
}

func (s source) read(f func(io.Reader) error) error {
	if s.text != nil {
		return f(bytes.NewReader(s.text))
	}
	file, err := os.Open(s.name)
	if err != nil {
		return err
	}
	return errors.Join(f(file), file.Close())
}

// readFacts reads the contributions of a file: those to a project, or all if it is "".
func readFacts(from source, project string, r *rules) (*facts, error) {
	kinds := make([]intake.Kind, len(r.wealth.Kinds))
	for i, k := range r.wealth.Kinds {
		kinds[i] = intake.Kind{ID: k.ID, Unit: k.Unit}
		for _, lang := range slices.Sorted(maps.Keys(k.Name)) {
			kinds[i].Names = append(kinds[i].Names, k.Name[lang])
		}
	}
	options := &intake.ContributionOptions{Kinds: kinds}
	if len(kinds) == 1 {
		options.Default = kinds[0] // a file need not name the only kind there is
	}
	var sheet *intake.Sheet[intake.Contribution]
	err := from.read(func(text io.Reader) (err error) {
		sheet, err = intake.ReadContributions(from.name, text, options)
		return err
	})
	if err != nil {
		return nil, err
	}
	lines := sheet.Lines
	if project != "" {
		lines = slices.DeleteFunc(slices.Clone(lines), func(c intake.Contribution) bool { return intake.Fold(c.Project) != intake.Fold(project) })
	}
	if len(lines) == 0 && project != "" {
		return nil, fmt.Errorf("%s: has no contribution to the project %q", from.name, project)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: has no contribution", from.name)
	}
	validated := slices.ContainsFunc(sheet.Layout.Columns, func(c intake.Column) bool { return c.Field == "validated by" })
	return gather(from.name, lines, validated, r.wealth)
}

// gather makes a matrix of contributions.
func gather(file string, lines []intake.Contribution, validated bool, wealth dividend.Wealth) (*facts, error) {
	matrix, err := dividend.NewMatrix(wealth)
	if err != nil {
		return nil, err
	}
	f := &facts{lines: lines, validated: validated, matrix: matrix}
	projects := make(map[string]bool)
	var problems []intake.Problem
	for _, l := range lines {
		if l.ValidatedBy == l.Person {
			problems = append(problems, intake.Problem{
				File: file, Line: l.Line, Value: l.ValidatedBy, Reason: "gave this contribution and cannot validate it: somebody else must",
			})
		}
		flow := dividend.Flow{From: l.Person, Kind: l.Kind, Quantity: l.Quantity, Unit: l.Unit, Confirmed: f.counts(l), Day: l.Date.String()}
		if err := matrix.Add(flow); err != nil {
			problems = append(problems, intake.Problem{File: file, Line: l.Line, Value: l.Quantity.String(), Reason: err.Error()})
		}
		projects[l.Project] = true
		if f.from.IsZero() || l.Date.Before(f.from) {
			f.from = l.Date
		}
		if l.Date.After(f.to) {
			f.to = l.Date
		}
	}
	f.projects = slices.Sorted(maps.Keys(projects))
	return f, intake.NewError(problems)
}

// counts reports whether a line counts, and was not just declared.
func (f *facts) counts(l intake.Contribution) bool { return !f.validated || l.ValidatedBy != "" }

// groups returns the members, with their weights, of every group that a line of the rules goes to.
func (f *facts) groups(r *rules, introduced []dividend.Weight) (map[string][]dividend.Weight, error) {
	groups := map[string][]dividend.Weight{introducers: introduced}
	for _, l := range r.waterfall.Lines {
		name := l.To.Group
		if _, ok := groups[name]; ok || name == "" {
			continue
		}
		weights := r.weights
		if name != contributors {
			weights.Coefficients = r.coefficients(name)
		}
		members, err := f.matrix.AllPoints(weights)
		if err != nil {
			return nil, err
		}
		groups[name] = members
	}
	return groups, nil
}

var plainAmount = regexp.MustCompile(`^[0-9]{1,12}(?:[.,]([0-9]+))?$`)

// parseAmount reads an amount of a flag, which is not negative and has at most the decimals of the currency.
func parseAmount(flag, s string, decimals int) (decimal.Decimal, error) {
	m := plainAmount.FindStringSubmatch(s)
	if m == nil || len(m[1]) > decimals || decimals > 2 && strings.Contains(s, ",") {
		return decimal.Zero, fmt.Errorf("-%s %q: must be an amount below 10^12 with at most %d decimals and nothing between thousands, as in 10000 or 9999.50", flag, s, decimals)
	}
	return decimal.NewFromString(strings.Replace(s, ",", ".", 1))
}

// parseIntroducers reads "name=amount"; nobody may be named twice, or be somebody of the timesheet in another spelling.
func (f *facts) parseIntroducers(given []string, decimals int) ([]dividend.Weight, error) {
	known := make(map[string]string)
	for _, person := range f.matrix.Rows() {
		known[intake.Fold(person)] = person
	}
	var out []dividend.Weight
	for _, s := range given {
		at := strings.LastIndexByte(s, '=')
		if at < 0 {
			return nil, fmt.Errorf("-introducer %q: must be a name, an equals sign and the amount introduced, as in \"Zoé Petit=3000\"", s)
		}
		name := strings.Join(strings.Fields(s[:at]), " ")
		amount, err := parseAmount("introducer", strings.TrimSpace(s[at+1:]), decimals)
		if err != nil {
			return nil, err
		}
		if spelled := known[intake.Fold(name)]; spelled != "" && spelled != name {
			return nil, fmt.Errorf("-introducer %q: is spelled %q in the contributions: use one spelling", s, spelled)
		}
		if name == "" || amount.IsZero() || slices.ContainsFunc(out, func(w dividend.Weight) bool { return w.ID == name }) {
			return nil, fmt.Errorf("-introducer %q: needs a name, once, and an amount above 0", s)
		}
		out = append(out, dividend.Weight{ID: name, Value: amount})
	}
	return out, nil
}
