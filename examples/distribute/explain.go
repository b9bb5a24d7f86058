package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

// words are what the pages say, by language.
var words = map[string]map[string]string{
	"en": {
		"title":       "Why each amount",
		"invented":    "**An example.** People and contributions on this page were made up to show the rules.",
		"intro":       "The rules are those of **%s**. They were applied to %s %s received and %s contributions, made %s. Every amount below can be computed again with a pocket calculator; amounts are in %s.",
		"project":     "Only contributions to the project *%s* count.",
		"projects":    "All projects of the file count together: %s.",
		"source":      "Source of the rules: %s",
		"note":        "About these rules: %s",
		"short":       "In short",
		"recipient":   "recipient",
		"amount":      "amount",
		"sum":         "sum",
		"fund":        "fund",
		"check":       "Received %s − direct costs %s = %s. Shared %s + left over %s − deficit %s = %s.",
		"lines":       "Line by line",
		"people":      "Recipient by recipient",
		"validated":   "The file says who validated a line, so what counts is what somebody validated; in brackets the number of lines.",
		"everything":  "The file does not say who validated a line, so every line counts; in brackets the number of lines.",
		"kind":        "kind of wealth",
		"counts":      "counts",
		"declared":    "only declared, does not count",
		"points":      "points of one unit",
		"none":        "none: recorded, not paid",
		"fromDay":     "from",
		"toDay":       "up to",
		"line":        "line",
		"clause":      "clause",
		"weight":      "weight",
		"nothing":     "Nothing was distributed to this recipient.",
		"total":       "Together: %s",
		"kinds":       "What is recognised",
		"unit":        "unit",
		"clauses":     "The clauses",
		"heading":     "%s: %s %s",
		"days":        "from %s to %s",
		"day":         "on %s",
		"identifiers": "Where cents are left after rounding down, they go to the largest remainders; equal remainders are served in the order of names, compared byte by byte.",
		"left":        "left over",
	},
	"fr": {
		"title":       "Pourquoi chaque montant",
		"invented":    "**Un exemple.** Les personnes et les contributions de cette page ont été imaginées pour montrer les règles.",
		"intro":       "Les règles sont celles de **%s**. Elles ont été appliquées à %s %s encaissés et à %s contributions, faites %s. Chaque montant ci-dessous peut être recalculé avec une calculatrice de poche ; les montants sont en %s.",
		"project":     "Seules comptent les contributions au projet *%s*.",
		"projects":    "Tous les projets du fichier comptent ensemble : %s.",
		"source":      "Source des règles : %s",
		"note":        "À propos de ces règles : %s",
		"short":       "En bref",
		"recipient":   "destinataire",
		"amount":      "montant",
		"sum":         "somme",
		"fund":        "fonds",
		"check":       "Encaissé %s − charges directes %s = %s. Partagé %s + reste %s − déficit %s = %s.",
		"lines":       "Ligne par ligne",
		"people":      "Destinataire par destinataire",
		"validated":   "Le fichier dit qui a validé une ligne : compte donc ce que quelqu'un a validé ; entre parenthèses, le nombre de lignes.",
		"everything":  "Le fichier ne dit pas qui a validé une ligne : chaque ligne compte donc ; entre parenthèses, le nombre de lignes.",
		"kind":        "richesse",
		"counts":      "compte",
		"declared":    "seulement déclaré, ne compte pas",
		"points":      "points par unité",
		"none":        "aucun : noté, pas payé",
		"fromDay":     "à partir du",
		"toDay":       "jusqu'au",
		"line":        "ligne",
		"clause":      "clause",
		"weight":      "poids",
		"nothing":     "Rien n'a été distribué à ce destinataire.",
		"total":       "Ensemble : %s",
		"kinds":       "Ce qui est reconnu",
		"unit":        "unité",
		"clauses":     "Les clauses",
		"heading":     "%s : %s %s",
		"days":        "du %s au %s",
		"day":         "le %s",
		"identifiers": "Les centimes qui restent après les arrondis en dessous vont aux plus forts restes ; à égalité, dans l'ordre des noms, comparés octet par octet.",
		"left":        "reste",
	},
}

// explain writes for every recipient the amount, the lines it comes from, each with formula, numbers and clause.
func (d *distribution) explain(lang string) ([]byte, error) {
	working, err := dividend.NewExplainer(d.statement)
	if err != nil {
		return nil, err
	}
	x := &explainer{distribution: d, page: page{lang: lang, words: words[lang]}, working: working, explained: d.concerned()}
	x.line("# %s", x.words["title"])
	x.line("")
	x.intro()
	x.short()
	x.recognised()
	x.lineByLine()
	if err := x.people(); err != nil {
		return nil, err
	}
	x.cite()
	return x.out.Bytes(), nil
}

// page is a page of Markdown in one language.
type page struct {
	lang  string
	words map[string]string
	out   bytes.Buffer
}

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.out, format, args...)
	p.out.WriteByte('\n')
}

func (p *page) heading(level int, text string) {
	p.line("")
	p.line("%s %s", strings.Repeat("#", level), text)
	p.line("")
}

func (p *page) number(d decimal.Decimal, places int) string { return paper.Number(p.lang, d, places) }

func (p *page) plainNumber(d decimal.Decimal) string { return paper.PlainNumber(p.lang, d) }

type explainer struct {
	*distribution
	page
	working   *dividend.Explainer
	explained map[string]bool // parties that a line concerns
}

func (x *explainer) amount(a decimal.Decimal) string { return x.number(a, x.decimals) }

func (x *explainer) name(r recipient) string {
	if r.fund {
		return x.words["fund"] + " " + x.fundName(r.id, x.lang)
	}
	return r.id
}

func (x *explainer) intro() {
	if x.invented {
		x.line("> %s", x.words["invented"])
		x.line("")
	}
	when := fmt.Sprintf(x.words["days"], x.from, x.to)
	if x.from == x.to {
		when = fmt.Sprintf(x.words["day"], x.from)
	}
	x.line(x.words["intro"], paper.Markdown(x.title.In(x.lang)), x.amount(x.statement.Received), x.currency,
		x.plainNumber(decimal.NewFromInt(int64(len(x.facts.lines)))), when, x.currency)
	x.line("")
	if x.project != "" {
		x.line(x.words["project"], paper.Markdown(x.project))
	} else {
		names := make([]string, len(x.projects))
		for i, p := range x.projects {
			names[i] = paper.Markdown(p)
		}
		x.line(x.words["projects"], strings.Join(names, ", "))
	}
	if x.source != "" {
		x.line("")
		x.line(x.words["source"], link(x.source))
	}
	if note := x.note.In(x.lang); note != "" {
		x.line("")
		x.line(x.words["note"], paper.Markdown(note))
	}
}

// short writes the table of all amounts, and that they add up.
func (x *explainer) short() {
	x.heading(2, x.words["short"])
	x.line("| %s | %s |", x.words["recipient"], x.words["amount"])
	x.line("|---|---:|")
	sum := decimal.Zero
	for _, r := range slices.Concat(x.recipients, x.funds) {
		x.line("| %s | %s |", paper.Markdown(x.name(r)), x.amount(r.amount))
		sum = sum.Add(r.amount)
	}
	x.line("| **%s** | **%s** |", x.words["sum"], x.amount(sum))
	s := x.statement
	if s.CarriedOver.Sign() > 0 {
		x.line("| %s | %s |", x.words["left"], x.amount(s.CarriedOver))
	}
	x.line("")
	x.line(x.words["check"], x.amount(s.Received), x.amount(s.DirectCosts), x.amount(s.Base),
		x.amount(sum), x.amount(s.CarriedOver), x.amount(s.Deficit), x.amount(sum.Add(s.CarriedOver).Sub(s.Deficit)))
}

// recognised writes the kinds of wealth and their points.
func (x *explainer) recognised() {
	x.heading(2, x.words["kinds"])
	x.line("| %s | %s | %s |", x.words["kind"], x.words["unit"], x.words["points"])
	x.line("|---|---|---:|")
	for _, k := range x.wealth.Kinds {
		var points []string
		for _, f := range x.coefficients(k.ID) {
			p := x.plainNumber(f.Points)
			for _, end := range []struct{ word, day string }{{x.words["fromDay"], f.From}, {x.words["toDay"], f.To}} {
				if end.day != "" {
					p += " " + end.word + " " + end.day
				}
			}
			if f.Points.Sign() > 0 {
				points = append(points, p)
			}
		}
		all := cmp.Or(strings.Join(points, "; "), x.words["none"])
		x.line("| %s | %s | %s |", paper.Markdown(paper.KindName(k, x.lang)), paper.Markdown(k.Unit), all)
	}
}

// lineByLine writes what every line did, and how it was divided among the members of its group.
func (x *explainer) lineByLine() {
	x.heading(2, x.words["lines"])
	s := *x.statement
	s.Scope = paper.Plain(s.Scope)
	x.line("```text")
	x.line("%s", paper.Fenced(s.Text(x.lang)))
	x.line("```")
	for _, l := range s.Lines {
		x.members(l)
	}
	x.line("")
	x.line("%s", x.words["identifiers"])
}

// quotientPlaces is how many decimals of a quotient are shown: enough to see which remainders are the largest.
const quotientPlaces = 8

// members writes how a line was divided. Where a sharing rule changes what weights count for, or holds somebody to a floor or a cap,
// the working is in that person's own part.
func (x *explainer) members(l dividend.LineResult) {
	if len(l.Parts) == 0 || l.Line.To.Group == "" || l.Placed.IsZero() {
		return
	}
	x.line("")
	name := paper.Markdown(lineName(l.Line, x.lang))
	if l.Line.Share != nil {
		x.line("| %s | %s | %s |", name, x.words["weight"], x.words["amount"])
		x.line("|---|---:|---:|")
	} else {
		x.line("| %s | %s | %s × %s / %s | %s |", name, x.words["weight"], x.amount(l.Placed), x.words["weight"], x.plainNumber(l.Total), x.words["amount"])
		x.line("|---|---:|---:|---:|")
	}
	for i, m := range l.Members {
		row := fmt.Sprintf("| %s | %s |", paper.Markdown(m.ID), x.plainNumber(m.Value))
		if l.Line.Share == nil {
			quotient, rest := l.Placed.Mul(m.Value).QuoRem(l.Total, quotientPlaces)
			more := ""
			if !rest.IsZero() {
				more = "…"
			}
			row += fmt.Sprintf(" %s%s |", x.number(quotient, quotientPlaces), more)
		}
		x.line("%s %s |", row, x.amount(l.Parts[i].Amount))
	}
}

// people writes, for each recipient, what it gave, what it gets by which line, and the working.
func (x *explainer) people() error {
	x.heading(2, x.words["people"])
	if x.validated {
		x.line("%s", x.words["validated"])
	} else {
		x.line("%s", x.words["everything"])
	}
	for _, r := range slices.Concat(x.recipients, x.funds) {
		if err := x.recipient(r); err != nil {
			return err
		}
	}
	return nil
}

func (x *explainer) recipient(r recipient) error {
	x.heading(3, fmt.Sprintf(x.words["heading"], paper.Markdown(x.name(r)), x.amount(r.amount), x.currency))
	if !r.fund {
		x.gave(r.id)
	}
	if len(r.parts) == 0 {
		x.line("%s", x.words["nothing"])
	} else {
		x.line("| %s | %s | %s |", x.words["line"], x.words["clause"], x.words["amount"])
		x.line("|---|---|---:|")
		var terms []string
		for _, p := range r.parts {
			l := x.statement.Lines[p.line].Line
			x.line("| %s | %s | %s |", paper.Markdown(lineName(l, x.lang)), paper.Markdown(l.Clause), x.amount(p.amount))
			terms = append(terms, x.amount(p.amount))
		}
		if len(terms) > 1 {
			x.line("")
			x.line(x.words["total"], strings.Join(terms, " + ")+" = **"+x.amount(r.amount)+"**")
		}
	}
	if !r.fund && !x.explained[r.id] {
		return nil
	}
	explain := x.working.Party
	if r.fund {
		explain = x.working.Fund
	}
	e, err := explain(r.id)
	if err != nil {
		return err
	}
	e.Recipient, e.Scope = paper.Plain(r.id), paper.Plain(e.Scope)
	if r.fund {
		e.Recipient = paper.Plain(x.fundName(r.id, x.lang))
	}
	paper.NameKinds(e.Steps, x.wealth, x.lang)
	x.line("")
	x.line("```text")
	x.line("%s", paper.Fenced(e.Text(x.lang)))
	x.line("```")
	return nil
}

// concerned returns whom the lines name, or have among the members of their groups: all whose amount can be explained.
func (d *distribution) concerned() map[string]bool {
	out := make(map[string]bool)
	for _, l := range d.statement.Lines {
		out[l.Line.To.Party] = true
		for _, m := range l.Members {
			out[m.ID] = true
		}
	}
	return out
}

// gave writes what a person contributed, what counts and what does not apart.
func (x *explainer) gave(person string) {
	rows := 0
	for k, cell := range x.matrix.Cells(person) {
		if rows++; rows == 1 {
			x.line("| %s | %s | %s |", x.words["kind"], x.words["counts"], x.words["declared"])
			x.line("|---|---:|---:|")
		}
		x.line("| %s | %s | %s |", paper.Markdown(paper.KindName(k, x.lang)), x.tally(cell.Given.Confirmed, k), x.tally(cell.Given.Declared, k))
	}
	if rows > 0 {
		x.line("")
	}
}

// tally writes a sum, or for levels, which are never added, their median.
func (x *explainer) tally(t dividend.Tally, k dividend.Kind) string {
	switch {
	case t.Flows == 0:
		return "–"
	case t.Levels != nil:
		return fmt.Sprintf("%s %d (%d)", map[string]string{"en": "median level", "fr": "niveau médian"}[x.lang], t.Levels.Median, t.Flows)
	}
	return fmt.Sprintf("%s %s (%d)", x.plainNumber(t.Sum), paper.Markdown(k.Unit), t.Flows)
}

// cite writes the clauses that the amounts rest on.
func (x *explainer) cite() {
	cited := []string{x.wealthClause, x.weightsClause, x.waterfallClause}
	for _, l := range x.statement.Lines {
		cited = append(cited, l.Line.Clause)
	}
	x.heading(2, x.words["clauses"])
	for _, c := range x.clauses {
		if slices.Contains(cited, c.ID) {
			x.line("- **%s** %s%s", paper.Markdown(c.ID), paper.Lead(c.Title.In(x.lang)), paper.Markdown(c.Text.In(x.lang)))
		}
	}
}

// link returns the address of a page as a link, and any other source as it is.
func link(s string) string {
	if (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " <>\n\r\t") {
		return "<" + s + ">"
	}
	return paper.Markdown(s)
}
