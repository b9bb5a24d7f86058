package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// A distribution is an amount that has been shared, with everything it follows from.
type distribution struct {
	*rules
	*facts
	statement  *dividend.Statement
	recipients []recipient // people, the largest amount first, then by name; all who contributed are there
	funds      []recipient // in the order of the lines
	project    string      // "" for all
	invented   bool        // people and figures are an example
}

type recipient struct {
	id     string
	fund   bool
	amount decimal.Decimal
	parts  []share
}

// A share is what a recipient gets by one line.
type share struct {
	line   int // index
	amount decimal.Decimal
}

// distribute carries out what the command line asks for.
func distribute(c *config, stdout io.Writer) error {
	d, err := c.distribution()
	if err != nil {
		return err
	}
	files, err := d.outputs()
	if err != nil {
		return err
	}
	if err := writeFiles(c.dir, files); err != nil {
		return err
	}
	d.summary(stdout)
	fmt.Fprintf(stdout, "\nEverything is in %s. Read %s first.\n", c.dir, in(c.dir, "explain.md"))
	return nil
}

// distribution reads all inputs and shares the amount; nothing is written.
func (c *config) distribution() (*distribution, error) {
	d := &distribution{project: c.project}
	var err error
	contributions, amount, costs := source{name: c.contributions}, c.amount, c.costs
	if c.community == "" {
		d.rules, err = readRules(c.rules)
	} else {
		var example community
		if example, err = findCommunity(c.community); err != nil {
			return nil, err
		}
		d.rules, err = example.rules()
		if c.contributions == "" {
			contributions, amount, costs, d.invented = example.contributions(), example.amount, example.costs, true
		}
	}
	if err != nil {
		return nil, err
	}
	received, err := parseAmount("amount", amount, d.decimals)
	if err != nil {
		return nil, err
	}
	spent, err := parseAmount("costs", cmp.Or(costs, "0"), d.decimals)
	if err != nil {
		return nil, err
	}
	if d.facts, err = readFacts(contributions, c.project, d.rules); err != nil {
		return nil, err
	}
	if len(c.introducers) > 0 && !d.has(introducers) {
		return nil, fmt.Errorf("-introducer %q: no line of the rules goes to the group %s", c.introducers[0], introducers)
	}
	introduced, err := d.parseIntroducers(c.introducers, d.decimals)
	if err != nil {
		return nil, err
	}
	return d, d.share(received, spent, introduced)
}

// share carries out the rules.
func (d *distribution) share(received, costs decimal.Decimal, introduced []dividend.Weight) error {
	groups, err := d.groups(d.rules, introduced)
	if err != nil {
		return err
	}
	d.statement, err = d.waterfall.Run(dividend.Input{
		Scope: d.project, Clause: d.waterfallClause, Currency: d.currency, Decimals: d.decimals,
		Received: received, DirectCosts: costs, Groups: groups,
	})
	if err != nil {
		return err
	}
	d.gather()
	return nil
}

// has reports whether a line goes to the group.
func (r *rules) has(group string) bool {
	return slices.ContainsFunc(r.waterfall.Lines, func(l dividend.Line) bool { return l.To.Group == group })
}

// gather collects what every recipient gets.
func (d *distribution) gather() {
	people, funds := make(map[string]*recipient), make(map[string]*recipient)
	for _, id := range d.matrix.Rows() {
		people[id] = &recipient{id: id}
	}
	var order []string
	for i, l := range d.statement.Lines {
		fund := l.Line.To.Fund != ""
		if id := l.Line.To.Fund; fund && funds[id] == nil {
			funds[id] = &recipient{id: id, fund: true}
			order = append(order, id)
		}
		for _, p := range l.Parts {
			r := funds[p.ID]
			if !fund {
				if people[p.ID] == nil {
					people[p.ID] = &recipient{id: p.ID}
				}
				r = people[p.ID]
			}
			if p.Amount.Sign() > 0 {
				r.amount = r.amount.Add(p.Amount)
				r.parts = append(r.parts, share{i, p.Amount})
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		d.recipients = append(d.recipients, *people[id])
	}
	slices.SortStableFunc(d.recipients, func(a, b recipient) int { return b.amount.Cmp(a.amount) })
	for _, id := range order {
		d.funds = append(d.funds, *funds[id])
	}
}

func lineName(l dividend.Line, lang string) string {
	return cmp.Or(l.Name[lang], l.Name["en"], l.Name["fr"], l.ID)
}

// mostNames is how many lines a fund is called after.
const mostNames = 3

// fundName returns what people call a fund: the names of the lines that feed it, or its id where these are many.
func (d *distribution) fundName(id, lang string) string {
	var names []string
	for _, l := range d.waterfall.Lines {
		if name := lineName(l, lang); l.To.Fund == id && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > mostNames {
		return id
	}
	return cut(strings.Join(names, " + "), chart.MaxText)
}

// cut returns as many characters of a text as have room in n bytes.
func cut(s string, n int) string {
	for i := range s {
		if i+utf8.UTFMax > n {
			return s[:i]
		}
	}
	return s
}

func (r *rules) clauseTitle(id, lang string) string {
	for _, c := range r.clauses {
		if c.ID == id {
			return c.Title.In(lang)
		}
	}
	return ""
}

var languages = []string{"en", "fr"}

// languageName returns the name of a file in a language: explain.md in English, explain.fr.md in French.
func languageName(stem, extension, lang string) string {
	if lang == "en" {
		return stem + extension
	}
	return stem + "." + lang + extension
}

// outputs makes all files.
func (d *distribution) outputs() ([]file, error) {
	files := []file{{"payments.csv", d.payments()}}
	for _, lang := range languages {
		explained, err := d.explain(lang)
		if err != nil {
			return nil, err
		}
		files = append(files, file{languageName("explain", ".md", lang), explained})
		for _, picture := range []struct {
			stem string
			draw func(w io.Writer, lang string) error
		}{{"shares", d.drawShares}, {"waterfall", d.drawWaterfall}} {
			var b bytes.Buffer
			if err := picture.draw(&b, lang); err != nil {
				return nil, err
			}
			files = append(files, file{languageName(picture.stem, ".svg", lang), b.Bytes()})
		}
	}
	return files, nil
}

// payments writes who is paid what: one row for each recipient and line.
func (d *distribution) payments() []byte {
	t := table{{"recipient", "type", "amount", "currency", "line", "line name", "clause", "clause title", "rules"}}
	for _, r := range slices.Concat(d.recipients, d.funds) {
		class := "person"
		if r.fund {
			class = "fund"
		}
		for _, p := range r.parts {
			line := d.statement.Lines[p.line].Line
			t = append(t, []string{
				r.id, class, p.amount.StringFixed(int32(d.decimals)), d.currency, line.ID, lineName(line, "en"),
				line.Clause, d.clauseTitle(line.Clause, "en"), d.title.In("en"),
			})
		}
	}
	return t.csv()
}

// table is rows of cells.
type table [][]string

// csv writes the rows so that a spreadsheet takes none of them for a formula.
func (t table) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range t {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = intake.SafeCell(cell)
		}
		_ = w.Write(safe) // into memory: cannot fail
	}
	w.Flush()
	return b.Bytes()
}

// summaryRows is how many people are shown on the terminal.
const summaryRows = 20

// summary shows who gets what.
func (d *distribution) summary(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n", visible(d.title.In("en")))
	amount := func(a decimal.Decimal, who string) {
		fmt.Fprintf(w, "  %16s %s  %s\n", a.StringFixed(int32(d.decimals)), d.currency, visible(who))
	}
	for i, r := range d.recipients {
		if i == summaryRows {
			fmt.Fprintf(w, "  … and %d more, see payments.csv\n", len(d.recipients)-i)
			break
		}
		amount(r.amount, r.id)
	}
	for _, r := range d.funds {
		amount(r.amount, "fund "+d.fundName(r.id, "en"))
	}
	s := d.statement
	if s.CarriedOver.Sign() > 0 {
		amount(s.CarriedOver, "left over: no line could place it")
	}
	if s.Deficit.Sign() > 0 {
		amount(s.Deficit.Neg(), "deficit, to be made up for first next time")
	}
	for _, l := range s.Lines {
		if l.Reason == dividend.NoMember || l.Reason == dividend.NoWeight {
			hint := ""
			if l.Line.To.Group == introducers {
				hint = "; name who introduced the customer with -introducer"
			}
			fmt.Fprintf(w, "\n  The line %q has nobody to go to: its %s stays for the lines after it%s.\n", l.Line.ID, l.Amount.StringFixed(int32(d.decimals)), hint)
		}
	}
}

// visible returns a text as a terminal may show it.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '�'
		}
		return r
	}, s)
}
