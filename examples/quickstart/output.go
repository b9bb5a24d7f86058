package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
	"github.com/commonstocommons/codesocial/linkeddata"
)

// A year is what the outputs are made from: the state of the community and its books, and nothing else. So they can be made again from
// the journal alone, byte for byte.
type year struct {
	state         *codesocial.State
	books         *ledger.Books
	charter       *codesocial.Charter
	wealth        dividend.Wealth
	from, to      codesocial.Date
	distributions []ledger.Distribution // in the order of the projects' names
	recipients    []recipient           // parties, the largest amount first, then by name
	funds         []recipient           // in the order of the waterfall
	invented      bool
}

type recipient struct {
	id, name string
	fund     bool
	amount   decimal.Decimal
	parts    []share
}

// A share is what a recipient gets by one line of one distribution.
type share struct {
	distribution int // index
	line         int // index
	amount       decimal.Decimal
}

// newYear gathers what was distributed. It is called where the books stand still.
func newYear(state *codesocial.State, books *ledger.Books, invented bool) (*year, error) {
	y := &year{state: state, books: books, invented: invented}
	for d := range books.Distributions("") {
		y.distributions = append(y.distributions, d)
		y.from, y.to = d.From, d.To
	}
	slices.SortStableFunc(y.distributions, func(a, b ledger.Distribution) int {
		return cmp.Or(strings.Compare(y.name(a.Project), y.name(b.Project)), strings.Compare(a.Project, b.Project))
	})
	var err error
	if y.charter, err = state.InForceOn(y.to); err != nil {
		return nil, err
	}
	if _, err := y.charter.Rule(ledger.WealthKind, &y.wealth); err != nil {
		return nil, err
	}
	y.gather()
	return y, nil
}

func (y *year) gather() {
	parties, funds := make(map[string]*recipient), make(map[string]*recipient)
	var order []string
	for i, d := range y.distributions {
		for k, l := range d.Statement.Lines {
			fund := l.Line.To.Fund != ""
			if _, ok := funds[l.Line.To.Fund]; fund && !ok {
				order = append(order, l.Line.To.Fund)
				funds[l.Line.To.Fund] = &recipient{id: l.Line.To.Fund, fund: true}
			}
			for _, p := range l.Parts {
				r := funds[p.ID]
				if !fund {
					if parties[p.ID] == nil {
						parties[p.ID] = &recipient{id: p.ID, name: y.name(p.ID)}
					}
					r = parties[p.ID]
				}
				if p.Amount.IsZero() {
					continue
				}
				r.amount = r.amount.Add(p.Amount)
				r.parts = append(r.parts, share{i, k, p.Amount})
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		y.recipients = append(y.recipients, *parties[id])
	}
	slices.SortStableFunc(y.recipients, func(a, b recipient) int {
		return cmp.Or(b.amount.Cmp(a.amount), strings.Compare(a.name, b.name))
	})
	for _, id := range order {
		y.funds = append(y.funds, *funds[id])
	}
}

// name returns what people call a party; its IRI if the name has been erased.
func (y *year) name(iri string) string {
	if p, ok := y.state.Party(iri); ok && p.Name != "" {
		return p.Name
	}
	return iri
}

// fundName returns what people call a fund: the name of the first line that feeds it.
func (y *year) fundName(id, lang string) string {
	for _, d := range y.distributions {
		for _, l := range d.Statement.Lines {
			if l.Line.To.Fund == id {
				return lineName(l.Line, lang)
			}
		}
	}
	return id
}

func lineName(l dividend.Line, lang string) string {
	return cmp.Or(l.Name[lang], l.Name["en"], l.Name["fr"], l.ID)
}

func (y *year) currency() string { return y.charter.Currency() }

func (y *year) places() int32 {
	n, err := ledger.Decimals(y.currency())
	if err != nil {
		return 2 // the charter was checked
	}
	return int32(n)
}

// A file is one output.
type file struct {
	name    string
	content []byte
}

var languages = []string{"en", "fr"}

// languageName returns the name of a file in a language: explain.md in English, explain.fr.md in French.
func languageName(stem, extension, lang string) string {
	if lang == "en" {
		return stem + extension
	}
	return stem + "." + lang + extension
}

// outputs makes all files that follow from the books. It is called where they stand still.
func (y *year) outputs() ([]file, error) {
	files := []file{{"distribution.csv", y.csv()}}
	for _, lang := range languages {
		text, err := y.explain(lang)
		if err != nil {
			return nil, err
		}
		files = append(files, file{languageName("explain", ".md", lang), text})
	}
	graph, err := linkeddata.Export(y.state, y.books, nil)
	if err != nil {
		return nil, err
	}
	var jsonld, nquads bytes.Buffer
	if err := linkeddata.WriteJSONLD(&jsonld, graph); err != nil {
		return nil, err
	}
	if err := linkeddata.WriteNQuads(&nquads, graph); err != nil {
		return nil, err
	}
	files = append(files, file{"commons.jsonld", jsonld.Bytes()}, file{"commons.nq", nquads.Bytes()})
	for _, lang := range languages {
		for _, picture := range []struct {
			stem string
			draw func(b *bytes.Buffer, lang string) error
		}{{"matrix", y.drawMatrix}, {"waterfall", y.drawWaterfall}, {"shares", y.drawShares}} {
			var b bytes.Buffer
			if err := picture.draw(&b, lang); err != nil {
				return nil, err
			}
			files = append(files, file{languageName(picture.stem, ".svg", lang), b.Bytes()})
		}
	}
	return files, nil
}

// csv writes who gets what by which line: one row for each recipient, project and line.
func (y *year) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = intake.SafeCell(cells[i])
		}
		_ = w.Write(cells) // into memory: cannot fail
	}
	row("recipient", "name", "type", "amount", "currency", "project", "project name", "line", "clause", "charter", "version", "hash", "from", "to")
	for _, r := range slices.Concat(y.recipients, y.funds) {
		class, name := "party", r.name
		if r.fund {
			class, name = "fund", y.fundName(r.id, "en")
		}
		for _, p := range r.parts {
			d := y.distributions[p.distribution]
			line := d.Statement.Lines[p.line].Line
			row(r.id, name, class, p.amount.StringFixed(y.places()), y.currency(), d.Project, y.name(d.Project), line.ID, line.Clause,
				d.Clause.Charter, strconv.Itoa(d.Clause.Version), d.Clause.Hash, d.From.String(), d.To.String())
		}
	}
	w.Flush()
	return b.Bytes()
}

// chartLanguage returns the language of pictures, and of numbers in texts.
func chartLanguage(lang string) chart.Language { return chart.Language(lang) }
