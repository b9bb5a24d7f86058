package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
	"github.com/commonstocommons/codesocial/ledger"
)

// words are what explain.md says, by language.
var words = map[string]map[string]string{
	"en": {
		"title":     "Why each amount",
		"invented":  "**Invented data.** People, organisations and figures on this page were made up to show how sharing works.",
		"intro":     "%s, from %s to %s. Everything below follows from the records of the journal and from version %d of the social code, in force since %s. Every amount can be computed again with a pocket calculator; amounts are in %s.",
		"hash":      "Hash of that version, which its founders signed: `%s`",
		"short":     "In short",
		"reserved":  "reserved",
		"spent":     "spent",
		"left":      "left",
		"recipient": "recipient",
		"amount":    "amount",
		"sum":       "sum",
		"weight":    "weight",
		"fund":      "fund",
		"check":     "Received %s − direct costs %s = %s. Shared %s + carried over %s − deficits %s = %s.",
		"brought":   "Received %s − direct costs %s + brought forward %s = %s. Shared %s + carried over %s − deficits %s = %s.",
		"projects":  "Project by project",
		"people":    "Recipient by recipient",
		"gave":      "What counts is what somebody else validated; in brackets the number of contributions.",
		"project":   "project",
		"kind":      "kind of wealth",
		"validated": "validated",
		"declared":  "only declared, does not count",
		"line":      "line",
		"clause":    "clause",
		"nothing":   "Nothing was distributed to this recipient.",
		"total":     "Together: %s",
		"rules":     "The clauses",
		"version":   "version %d",
		"heading":   "%s: %s %s",
	},
	"fr": {
		"title":     "Pourquoi chaque montant",
		"invented":  "**Données inventées.** Les personnes, organisations et chiffres de cette page ont été imaginés pour montrer comment le partage fonctionne.",
		"intro":     "%s, du %s au %s. Tout ce qui suit découle des enregistrements du journal et de la version %d du code social, en vigueur depuis le %s. Chaque montant peut être recalculé avec une calculatrice de poche ; les montants sont en %s.",
		"hash":      "Empreinte de cette version, signée par ses fondateurs : `%s`",
		"short":     "En bref",
		"reserved":  "mis en réserve",
		"spent":     "dépensé",
		"left":      "reste",
		"recipient": "destinataire",
		"amount":    "montant",
		"sum":       "somme",
		"weight":    "poids",
		"fund":      "fonds",
		"check":     "Encaissé %s − charges directes %s = %s. Partagé %s + reporté %s − déficits %s = %s.",
		"brought":   "Encaissé %s − charges directes %s + report antérieur %s = %s. Partagé %s + reporté %s − déficits %s = %s.",
		"projects":  "Projet par projet",
		"people":    "Destinataire par destinataire",
		"gave":      "Ce qui compte est ce que quelqu'un d'autre a validé ; entre parenthèses, le nombre de contributions.",
		"project":   "projet",
		"kind":      "richesse",
		"validated": "validé",
		"declared":  "seulement déclaré, ne compte pas",
		"line":      "ligne",
		"clause":    "clause",
		"nothing":   "Rien n'a été distribué à ce destinataire.",
		"total":     "Ensemble : %s",
		"rules":     "Les clauses",
		"version":   "version %d",
		"heading":   "%s : %s %s",
	},
}

// explain writes for every recipient the amount, the lines it comes from, each with formula, numbers, clause and version.
func (y *year) explain(lang string) ([]byte, error) {
	x := &explainer{year: y, lang: lang, words: words[lang]}
	x.working = make([]*dividend.Explainer, len(y.distributions))
	for i := range y.distributions {
		working, err := dividend.NewExplainer(&y.distributions[i].Statement)
		if err != nil {
			return nil, err
		}
		x.working[i] = working
	}
	x.line("# %s", x.words["title"])
	x.line("")
	if y.invented {
		x.line("> %s", x.words["invented"])
		x.line("")
	}
	x.line(x.words["intro"], paper.Markdown(y.charter.Title().In(lang)), y.from, y.to, y.charter.Version(), y.charter.InForceFrom(), y.currency())
	x.line("")
	x.line(x.words["hash"], y.charter.Hash())
	x.short()
	if err := x.recipients(); err != nil {
		return nil, err
	}
	x.projects()
	x.rules()
	return x.out.Bytes(), nil
}

type explainer struct {
	*year
	lang    string
	words   map[string]string
	working []*dividend.Explainer
	totals  map[string][]ledger.Total // of contributions, by party
	out     bytes.Buffer
}

func (x *explainer) line(format string, args ...any) {
	if len(args) == 0 {
		x.out.WriteString(format)
	} else {
		fmt.Fprintf(&x.out, format, args...)
	}
	x.out.WriteByte('\n')
}

func (x *explainer) heading(level int, text string) {
	x.line("")
	x.line("%s %s", strings.Repeat("#", level), text)
	x.line("")
}

func (x *explainer) amount(d decimal.Decimal) string { return x.number(d, int(x.places())) }

func (x *explainer) number(d decimal.Decimal, places int) string {
	return paper.Number(x.lang, d, places)
}

func (x *explainer) displayName(r recipient) string {
	if r.fund {
		return x.words["fund"] + " " + x.fundName(r.id, x.lang)
	}
	return r.name
}

// short writes the table of all amounts, and that they add up.
func (x *explainer) short() {
	x.heading(2, x.words["short"])
	x.line("| %s | %s |", x.words["recipient"], x.words["amount"])
	x.line("|---|---:|")
	sum := decimal.Zero
	for _, r := range slices.Concat(x.year.recipients, x.funds) {
		x.line("| %s | %s |", paper.Markdown(x.displayName(r)), x.amount(r.amount))
		sum = sum.Add(r.amount)
	}
	x.line("| **%s** | **%s** |", x.words["sum"], x.amount(sum))
	var received, costs, brought, over, deficits decimal.Decimal
	for _, d := range x.distributions {
		s := d.Statement
		received, costs = received.Add(s.Received), costs.Add(s.DirectCosts)
		brought = brought.Add(s.Surplus).Sub(s.Brought)
		over, deficits = over.Add(s.CarriedOver), deficits.Add(s.Deficit)
	}
	x.line("")
	left, right := received.Sub(costs).Add(brought), sum.Add(over).Sub(deficits)
	if len(x.funds) > 0 {
		defer x.spent()
	}
	if brought.IsZero() {
		x.line(x.words["check"], x.amount(received), x.amount(costs), x.amount(left), x.amount(sum), x.amount(over), x.amount(deficits), x.amount(right))
		return
	}
	x.line(x.words["brought"], x.amount(received), x.amount(costs), x.amount(brought), x.amount(left), x.amount(sum), x.amount(over), x.amount(deficits), x.amount(right))
}

// spent writes what the funds have left once the expenses that they bear are paid.
func (x *explainer) spent() {
	x.line("")
	x.line("| %s | %s | %s | %s |", x.words["fund"], x.words["reserved"], x.words["spent"], x.words["left"])
	x.line("|---|---:|---:|---:|")
	for _, f := range x.funds {
		spent := decimal.Zero
		for e := range x.books.Expenses(ledger.Filter{From: x.from, To: x.to}) {
			if e.Fund == f.id {
				spent = spent.Add(e.Amount)
			}
		}
		x.line("| %s | %s | %s | %s |", paper.Markdown(x.fundName(f.id, x.lang)), x.amount(f.amount), x.amount(spent), x.amount(f.amount.Sub(spent)))
	}
}

// recipients writes, for each recipient, what it gave, what it gets by which line, and the working.
func (x *explainer) recipients() error {
	x.totals = make(map[string][]ledger.Total)
	for _, t := range x.books.Totals(ledger.Filter{From: x.from, To: x.to}, ledger.ByParty, ledger.ByProject) {
		x.totals[t.Party] = append(x.totals[t.Party], t)
	}
	x.heading(2, x.words["people"])
	x.line("%s", x.words["gave"])
	for _, r := range slices.Concat(x.year.recipients, x.funds) {
		if err := x.recipient(r); err != nil {
			return err
		}
	}
	return nil
}

func (x *explainer) recipient(r recipient) error {
	x.heading(3, fmt.Sprintf(x.words["heading"], paper.Markdown(x.displayName(r)), x.amount(r.amount), x.currency()))
	x.line("`%s`", r.id)
	x.line("")
	x.gave(r.id)
	if len(r.parts) == 0 {
		x.line("%s", x.words["nothing"])
		return nil
	}
	x.line("| %s | %s | %s | %s |", x.words["project"], x.words["line"], x.words["clause"], x.words["amount"])
	x.line("|---|---|---|---:|")
	var terms []string
	seen := make(map[int]bool)
	var order []int
	for _, p := range r.parts {
		d := x.distributions[p.distribution]
		l := d.Statement.Lines[p.line].Line
		x.line("| %s | %s | %s, %s | %s |", paper.Markdown(x.name(d.Project)), paper.Markdown(lineName(l, x.lang)), l.Clause, fmt.Sprintf(x.words["version"], d.Clause.Version), x.amount(p.amount))
		terms = append(terms, x.amount(p.amount))
		if !seen[p.distribution] {
			seen[p.distribution] = true
			order = append(order, p.distribution)
		}
	}
	x.line("")
	if len(terms) > 1 {
		x.line(x.words["total"], strings.Join(terms, " + ")+" = **"+x.amount(r.amount)+"**")
		x.line("")
	}
	x.line("```text")
	for i, at := range order {
		if i > 0 {
			x.line("")
		}
		explain := x.working[at].Party
		if r.fund {
			explain = x.working[at].Fund
		}
		e, err := explain(r.id)
		if err != nil {
			return err
		}
		e.Recipient, e.Scope = paper.Plain(x.displayName(r)), paper.Plain(x.name(e.Scope))
		paper.NameKinds(e.Steps, x.wealth, x.lang)
		x.line("%s", paper.Fenced(e.Text(x.lang)))
	}
	x.line("```")
	return nil
}

// gave writes what a party contributed, validated and only declared apart.
func (x *explainer) gave(party string) {
	totals := x.totals[party]
	if len(totals) == 0 {
		return
	}
	x.line("| %s | %s | %s | %s |", x.words["project"], x.words["kind"], x.words["validated"], x.words["declared"])
	x.line("|---|---|---:|---:|")
	for _, t := range totals {
		k, _ := x.wealth.Kind(t.Kind)
		if k.Scale == dividend.Ordinal {
			continue // levels are not added; the matrix shows their median
		}
		x.line("| %s | %s | %s | %s |", paper.Markdown(x.name(t.Project)), paper.Markdown(paper.KindName(k, x.lang)), x.tally(t.Validated, t.ValidatedCount, t.Unit), x.tally(t.Declared, t.DeclaredCount, t.Unit))
	}
	x.line("")
}

func (x *explainer) tally(sum decimal.Decimal, count int, unit string) string {
	if count == 0 {
		return "–"
	}
	return fmt.Sprintf("%s %s (%d)", x.plainNumber(sum), paper.Markdown(unit), count)
}

// projects writes the waterfall of each project.
func (x *explainer) projects() {
	x.heading(2, x.words["projects"])
	for i, d := range x.distributions {
		if i > 0 {
			x.line("")
		}
		s := d.Statement
		s.Scope = paper.Plain(x.name(d.Project))
		x.line("```text")
		x.line("%s", paper.Fenced(s.Text(x.lang)))
		x.line("```")
		for _, l := range s.Lines {
			x.members(l)
		}
	}
}

// quotientPlaces is how many decimals of a quotient are shown: enough to see which remainders are the largest.
const quotientPlaces = 8

// members writes how a line was divided among the members of its group.
func (x *explainer) members(l dividend.LineResult) {
	if len(l.Members) == 0 || l.Placed.IsZero() {
		return
	}
	x.line("")
	x.line("| %s | %s | %s × %s / %s | %s |", paper.Markdown(lineName(l.Line, x.lang)), x.words["weight"], x.amount(l.Placed), x.words["weight"], x.plainNumber(l.Total), x.words["amount"])
	x.line("|---|---:|---:|---:|")
	parts := make(map[string]decimal.Decimal, len(l.Parts))
	for _, p := range l.Parts {
		parts[p.ID] = p.Amount
	}
	for _, m := range l.Members {
		quotient, rest := l.Placed.Mul(m.Value).QuoRem(l.Total, quotientPlaces)
		more := ""
		if !rest.IsZero() {
			more = "…"
		}
		x.line("| %s | %s | %s%s | %s |", paper.Markdown(x.name(m.ID)), x.plainNumber(m.Value), x.number(quotient, quotientPlaces), more, x.amount(parts[m.ID]))
	}
	x.line("| **%s** | %s | | **%s** |", x.words["sum"], x.plainNumber(l.Total), x.amount(l.Placed))
}

func (x *explainer) plainNumber(d decimal.Decimal) string { return paper.PlainNumber(x.lang, d) }

// rules writes the clauses that the amounts rest on.
func (x *explainer) rules() {
	x.heading(2, x.words["rules"])
	var cited []string
	cite := func(ref codesocial.ClauseRef, id string) {
		if id == "" {
			id = ref.Clause
		}
		if !slices.Contains(cited, id) {
			cited = append(cited, id)
		}
	}
	for _, d := range x.distributions {
		cite(d.WealthClause, "")
		cite(d.WeightsClause, "")
		cite(d.Clause, "")
		for _, l := range d.Statement.Lines {
			cite(d.Clause, l.Line.Clause)
		}
	}
	for _, chapter := range x.charter.Chapters() {
		for _, clause := range chapter.Clauses {
			if slices.Contains(cited, clause.ID) {
				x.line("- **%s** %s%s", clause.ID, paper.Lead(clause.Title.In(x.lang)), paper.Markdown(clause.Text.In(x.lang)))
			}
		}
	}
}
