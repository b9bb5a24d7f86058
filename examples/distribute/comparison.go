package main

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

// whatifWords are what the page of a comparison says, by language.
var whatifWords = map[string]map[string]string{
	"en": {
		"title":    "What would I have received under their rule?",
		"invented": "**Invented data.** People, organisations and figures of this year were made up; the rules of the communities were not.",
		"intro":    "%s %s received, %s spent to earn it, %s contributions from %s to %s. The first column is what everybody gets under %s; beside each other column stands the difference to it. Every rule gives out the same year, and puts into funds what it puts into funds.",
		"people":   "Who would gain, who would lose",
		"measures": "How even",
		"key":      "Gini, Hoover and Theil T are 0 when all get the same and grow with inequality; Palma is what the best-off tenth gets for each unit of the two fifths that get least (a dash: these get nothing); Jain is 1 when all get the same. Everybody counts who is in the table, also with nothing.",
		"assumed":  "What each rule was taken to say",
		"as it is": "%s, the rules as they are",
		"who":      "who", "rule": "rule", "to people": "to people", "to funds": "to funds", "left": "left over, less deficits", "gain": "gain", "lose": "lose", "moved": "gained in all",
	},
	"fr": {
		"title":    "Qu'aurais-je reçu sous leur règle ?",
		"invented": "**Données inventées.** Les personnes, les organisations et les chiffres de cette année ont été imaginés ; les règles des communautés, non.",
		"intro":    "%s %s encaissés, %s dépensés pour les gagner, %s contributions du %s au %s. La première colonne est ce que chacun reçoit sous %s ; à côté de chaque autre colonne figure la différence avec elle. Chaque règle répartit la même année, et met dans des fonds ce qu'elle met dans des fonds.",
		"people":   "Qui gagnerait, qui perdrait",
		"measures": "À quel point c'est égal",
		"key":      "Gini, Hoover et Theil T valent 0 quand tous reçoivent autant et croissent avec l'inégalité ; Palma est ce que reçoit le dixième le mieux loti pour chaque unité des deux cinquièmes qui reçoivent le moins (un tiret : ceux-ci n'ont rien) ; Jain vaut 1 quand tous reçoivent autant. Compte toute personne du tableau, même sans rien.",
		"assumed":  "Comment chaque règle a été comprise",
		"as it is": "%s, les règles telles qu'elles sont",
		"who":      "qui", "rule": "règle", "to people": "aux personnes", "to funds": "aux fonds", "left": "reste, moins les déficits", "gain": "gagnent", "lose": "perdent", "moved": "gagné en tout",
	},
}

// measurePlaces is how many decimals measures of inequality are shown with.
const measurePlaces = 4

// outputs makes all files.
func (r *result) outputs() ([]file, error) {
	all, err := r.comparison("en", r.outcomes)
	if err != nil {
		return nil, err
	}
	files := []file{{"whatif.csv", r.amounts(all).csv()}, {"inequality.csv", r.measures(all, "en").csv()}}
	for _, lang := range languages {
		page, err := r.page(lang)
		if err != nil {
			return nil, err
		}
		files = append(files, file{languageName("whatif", ".md", lang), page})
		for i, outcomes := range r.pictures() {
			var b bytes.Buffer
			if err := r.draw(&b, lang, outcomes); err != nil {
				return nil, err
			}
			stem := "comparison"
			if i > 0 {
				stem += "-" + strconv.Itoa(i+1)
			}
			files = append(files, file{languageName(stem, ".svg", lang), b.Bytes()})
		}
	}
	return files, nil
}

// amounts is a row for each recipient: what every rule gives, and the difference to what is.
func (r *result) amounts(c *dividend.Comparison) table {
	head := []string{"recipient", "currency", c.Rules[0]}
	for _, rule := range c.Rules[1:] {
		head = append(head, rule, rule+": difference")
	}
	t := table{head}
	for _, row := range c.Rows {
		cells := []string{row.ID, r.currency, r.fixed(row.Amounts[0])}
		for i := range row.Amounts[1:] {
			cells = append(cells, r.fixed(row.Amounts[i+1]), r.fixed(row.Gains[i+1]))
		}
		t = append(t, cells)
	}
	return t
}

func (r *result) fixed(d decimal.Decimal) string { return d.StringFixed(int32(r.decimals)) }

// measures is a row for each rule: where the money goes, how many gain and lose, and how even it is.
func (r *result) measures(c *dividend.Comparison, lang string) table {
	words := whatifWords[lang]
	t := table{{words["rule"], words["to people"], words["to funds"], words["left"], words["gain"], words["lose"], words["moved"], "Gini", "Hoover", "Palma", "Theil T", "Jain"}}
	for i, e := range c.Effects {
		row := []string{e.Rule, r.fixed(e.Total), r.fixed(r.outcomes[i].funds), r.fixed(r.outcomes[i].left), strconv.Itoa(e.Gain), strconv.Itoa(e.Lose), r.fixed(e.Moved)}
		if m := e.Inequality; m == nil {
			row = append(row, "–", "–", "–", "–", "–")
		} else {
			palma := "–"
			if m.Palma != nil {
				palma = m.Palma.StringFixed(measurePlaces)
			}
			row = append(row, m.Gini.StringFixed(measurePlaces), m.Hoover.StringFixed(measurePlaces), palma,
				strconv.FormatFloat(m.TheilT, 'f', measurePlaces, 64), m.Jain.StringFixed(measurePlaces))
		}
		t = append(t, row)
	}
	return t
}

// page writes the comparison for readers, with what was assumed.
func (r *result) page(lang string) ([]byte, error) {
	p := &page{lang: lang, words: whatifWords[lang]}
	p.line("# %s", p.words["title"])
	p.line("")
	if r.invented {
		p.line("> %s", p.words["invented"])
		p.line("")
	}
	own := paper.Markdown(r.outcomes[0].name.In(lang))
	p.line(p.words["intro"], p.number(r.received, r.decimals), r.currency, p.number(r.costs, r.decimals),
		p.plainNumber(decimal.NewFromInt(int64(len(r.all.lines)))), r.all.from, r.all.to, own)
	p.heading(2, p.words["people"])
	for i, outcomes := range r.pictures() {
		c, err := r.comparison(lang, outcomes)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			p.line("")
		}
		p.rows(r.gains(c, p))
	}
	all, err := r.comparison(lang, r.outcomes)
	if err != nil {
		return nil, err
	}
	p.heading(2, p.words["measures"])
	measures := r.measures(all, lang)
	for _, row := range measures[1:] {
		for i, cell := range row[1:] {
			if d, err := decimal.NewFromString(cell); err == nil {
				row[i+1] = p.number(d, max(0, -int(d.Exponent())))
			}
		}
	}
	p.rows(measures)
	p.line("")
	p.line("%s", p.words["key"])
	p.heading(2, p.words["assumed"])
	for i, o := range r.outcomes {
		name := paper.Markdown(o.name.In(lang))
		if i == 0 {
			name = fmt.Sprintf(p.words["as it is"], name)
		}
		p.line("- **%s**: %s", name, paper.Markdown(o.assumes.In(lang)))
	}
	return p.out.Bytes(), nil
}

// gains is a row for each recipient, with amounts as a reader has them.
func (r *result) gains(c *dividend.Comparison, p *page) table {
	t := table{{p.words["who"], c.Rules[0]}}
	for _, rule := range c.Rules[1:] {
		t[0] = append(t[0], rule, "±")
	}
	for _, row := range c.Rows {
		cells := []string{row.ID, p.number(row.Amounts[0], r.decimals)}
		for i, gain := range row.Gains[1:] {
			sign := ""
			if gain.Sign() > 0 {
				sign = "+"
			}
			cells = append(cells, p.number(row.Amounts[i+1], r.decimals), sign+p.number(gain, r.decimals))
		}
		t = append(t, cells)
	}
	return t
}

// rows writes a table, its first column aligned to the left and the others to the right.
func (p *page) rows(t table) {
	for i, row := range t {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = paper.Markdown(cell)
		}
		p.line("| %s |", strings.Join(cells, " | "))
		if i == 0 {
			p.line("|---|%s", strings.Repeat("---:|", len(row)-1))
		}
	}
}

// draw draws what is beside some alternatives.
func (r *result) draw(w io.Writer, lang string, outcomes []*outcome) error {
	c, err := r.comparison(lang, outcomes)
	if err != nil {
		return err
	}
	subtitle := period(r.all)
	if r.invented {
		subtitle += map[string]string{"en": " · invented data", "fr": " · données inventées"}[lang]
	}
	rows := largest(c.Rows, chart.MaxRows)
	if omitted := len(c.Rows) - len(rows); omitted > 0 {
		subtitle += fmt.Sprintf(map[string]string{"en": " · %d who get least are not shown", "fr": " · %d qui reçoivent le moins ne sont pas montrés"}[lang], omitted)
	}
	picture := chart.Comparison{
		Language: chart.Language(lang), Title: whatifWords[lang]["title"], Subtitle: subtitle, Unit: r.currency, Rules: c.Rules,
	}
	for _, row := range rows {
		picture.Recipients = append(picture.Recipients, chart.Recipient{Name: row.ID, Amounts: row.Amounts})
	}
	return chart.Compare(w, picture)
}

// summary shows the comparison on a terminal, some rules at a time.
func (r *result) summary(w io.Writer) error {
	for _, outcomes := range r.pictures() {
		c, err := r.comparison("en", outcomes)
		if err != nil {
			return err
		}
		all := len(c.Rows)
		c.Rows = largest(c.Rows, summaryRows)
		fmt.Fprintln(w, c.Text("en", r.decimals))
		if all > len(c.Rows) {
			fmt.Fprintf(w, "… and %d more, see whatif.csv\n\n", all-len(c.Rows))
		}
	}
	all, err := r.comparison("en", r.outcomes)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-20s %14s %14s %14s %8s %8s\n", "in "+r.currency, "to people", "to funds", "left over", "Gini", "Palma")
	for _, row := range r.measures(all, "en")[1:] {
		fmt.Fprintf(w, "%-20s %14s %14s %14s %8s %8s\n", row[0], row[1], row[2], row[3], row[7], row[9])
	}
	return nil
}
