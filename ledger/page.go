package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
)

// words are the texts of a page in one language.
type words struct {
	title, asOf, noPlan, plans                       string
	financial, operational, quality, contingencies   string
	alerts, noAlerts, milestones, load               string
	figure, amount, records                          string
	person, month, here, total, capacity, use        string
	name, due, state, done, late, open               string
	probability, impact, days, owner                 string
	satisfaction, noAnswers                          string
	of, reached, clause, saysNothing, dayUnit, dates string
	portfolio, project                               string
	legendDone, legendOpen, legendRest               string
	group, point, colon                              string
	figures                                          map[string]string
	statuses                                         map[ContingencyStatus]string
}

var pageWords = map[string]*words{
	dividend.English: {
		title: "How the project stands", asOf: "As of %s", noPlan: "The project has no plan.", plans: "Plan no. %d is in force.",
		financial: "Money", operational: "Work", quality: "Quality", contingencies: "What could go wrong",
		alerts: "Alerts", noAlerts: "None.", milestones: "Milestones", load: "Load and capacity",
		figure: "Figure", amount: "Value", records: "Records",
		person: "Person", month: "Month", here: "Here", total: "In all projects", capacity: "Capacity", use: "Use",
		name: "What", due: "Due", state: "State", done: "reached on %s", late: "late", open: "open",
		probability: "Probability", impact: "Impact", days: "Days", owner: "Looked after by",
		satisfaction: "Satisfaction (1 to %d): n = %d, median %d, half of the answers from %d to %d.", noAnswers: "Nobody was asked how content they are.",
		of: "%s: %s %%", reached: "reaches the threshold of %s %%", clause: "set by clause %s, version %d of %s", saysNothing: "no clause says otherwise", dayUnit: "d", dates: "2006-01-02",
		legendDone: "done; of a load: here", legendOpen: "open; of a load: elsewhere", legendRest: "up to the plan or capacity",
		portfolio: "All projects", project: "Project", group: ",", point: ".", colon: ":",
		figures: map[string]string{
			FigureIncome: "Income planned", FigureQuoted: "Quoted, not invoiced", FigureInvoiced: "Invoiced", FigureReceived: "Received", FigureToCollect: "To collect",
			FigureOverdue: "of which overdue", FigureInitialBudget: "Budget at the beginning", FigureBudget: "Budget", FigureSpent: "Spent", FigureCommitted: "Committed, not paid",
			FigureForecastCost: "Forecast final cost", FigureForecastIncome: "Forecast income", FigureForecastMargin: "Forecast margin", FigureBalance: "In hand",
			FigureCoverage: "Cash coverage (in hand / committed)", FigurePlanned: "Planned", FigureDone: "Done of it, validated", FigureRemaining: "Remaining", FigureLate: "of which late",
			FigureDeclared: "Declared, not validated", FigureValidated: "Validated", FigureDefects: "Defects found", FigureNonConformities: "Non-conformities found",
			FigureOpenFindings: "of which open", FigureReviews: "Reviews", FigureSatisfaction: "Answers on satisfaction",
			FigureExposure: "Expected impact", FigureDelay: "Expected delay", FigureProvision: "Provision", FigureConsumed: "Consumed",
		},
		statuses: map[ContingencyStatus]string{Watched: "watched", Occurred: "occurred", Averted: "averted"},
	},
	dividend.French: {
		title: "Où en est le projet", asOf: "Au %s", noPlan: "Le projet n'a pas de plan.", plans: "Le plan n° %d est en vigueur.",
		financial: "Argent", operational: "Travail", quality: "Qualité", contingencies: "Aléas",
		alerts: "Alertes", noAlerts: "Aucune.", milestones: "Jalons", load: "Plan de charge et capacité",
		figure: "Indicateur", amount: "Valeur", records: "Enregistrements",
		person: "Personne", month: "Mois", here: "Ici", total: "Tous projets", capacity: "Capacité", use: "Charge",
		name: "Quoi", due: "Échéance", state: "État", done: "atteint le %s", late: "en retard", open: "à faire",
		probability: "Probabilité", impact: "Impact", days: "Jours", owner: "Suivi par",
		satisfaction: "Satisfaction (de 1 à %d) : n = %d, médiane %d, la moitié des réponses entre %d et %d.", noAnswers: "Personne n'a été interrogé sur sa satisfaction.",
		of: "%s : %s %%", reached: "atteint le seuil de %s %%", clause: "fixé par l'article %s, version %d de %s", saysNothing: "aucun article n'en dispose autrement", dayUnit: "j", dates: "02/01/2006",
		legendDone: "fait ; charge : ici", legendOpen: "à venir ; charge : ailleurs", legendRest: "jusqu'au plan ou à la capacité",
		portfolio: "Tous les projets", project: "Projet", group: "\u202f", point: ",", colon: " :",
		figures: map[string]string{
			FigureIncome: "Recettes prévues", FigureQuoted: "Devis non facturés", FigureInvoiced: "Facturé", FigureReceived: "Encaissé", FigureToCollect: "Reste à encaisser",
			FigureOverdue: "dont en retard", FigureInitialBudget: "Budget initial", FigureBudget: "Budget", FigureSpent: "Dépensé", FigureCommitted: "Engagé, non payé",
			FigureForecastCost: "Coût final prévu", FigureForecastIncome: "Recettes attendues", FigureForecastMargin: "Marge prévue", FigureBalance: "Disponible",
			FigureCoverage: "Couverture (disponible / engagé)", FigurePlanned: "Prévu", FigureDone: "dont fait et validé", FigureRemaining: "Reste à faire", FigureLate: "dont en retard",
			FigureDeclared: "Déclaré, non validé", FigureValidated: "Validé", FigureDefects: "Défauts relevés", FigureNonConformities: "Non-conformités relevées",
			FigureOpenFindings: "dont ouverts", FigureReviews: "Revues", FigureSatisfaction: "Réponses sur la satisfaction",
			FigureExposure: "Impact attendu", FigureDelay: "Retard attendu", FigureProvision: "Provision", FigureConsumed: "Consommé",
		},
		statuses: map[ContingencyStatus]string{Watched: "surveillé", Occurred: "survenu", Averted: "écarté"},
	},
}

// wordsIn returns the words of a language, English for one that there is not.
func wordsIn(language string) *words {
	if w, ok := pageWords[language]; ok {
		return w
	}
	return pageWords[dividend.English]
}

// The sections of a report, and the figures in each.
var sections = [][]string{
	{
		FigureIncome, FigureQuoted, FigureInvoiced, FigureReceived, FigureToCollect, FigureOverdue, FigureInitialBudget, FigureBudget, FigureSpent, FigureCommitted,
		FigureForecastCost, FigureForecastIncome, FigureForecastMargin, FigureBalance, FigureCoverage,
	},
	{FigurePlanned, FigureDone, FigureRemaining, FigureLate, FigureDeclared, FigureValidated},
	{FigureDefects, FigureNonConformities, FigureOpenFindings, FigureReviews},
	{FigureExposure, FigureDelay, FigureProvision, FigureConsumed},
}

// number writes a number with its digits grouped by three, in the way of the language.
func (w *words) number(d decimal.Decimal, places int32) string {
	s := d.String()
	if places > 0 && d.Equal(d.Truncate(places)) {
		s = d.StringFixed(places)
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, fraction, found := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.group + whole[i:]
	}
	if found {
		whole += w.point + fraction
	}
	return sign + whole
}

// value writes the value of a figure with its unit.
func (w *words) value(f Figure, currency string) string {
	places := 0
	if f.Unit == currency {
		places, _ = Decimals(currency)
	}
	unit := f.Unit
	if f.ID == FigureDelay {
		unit = w.dayUnit
	}
	return strings.TrimSpace(w.number(f.Value, int32(places)) + " " + unit)
}

// date writes a day in the way of the language.
func (w *words) date(d codesocial.Date) string { return d.In(nil).Format(w.dates) }

// percent writes a share, rounded down to a tenth of a per cent.
func (w *words) percent(d decimal.Decimal) string {
	return w.number(d.Shift(2).Truncate(1), 0)
}

// cell makes a text safe in a cell of a table: no bar, no line end, nothing that Markdown or HTML would take for its own.
func cell(s string) string {
	return strings.NewReplacer("\\", `\\`, "|", `\|`, "\n", " ", "<", "&lt;", "&", "&amp;", "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`).Replace(s)
}

func row(out *strings.Builder, cells ...string) {
	out.WriteString("|")
	for _, c := range cells {
		out.WriteString(" " + cell(c) + " |")
	}
	out.WriteString("\n")
}

// table writes the head of a table, with all columns after the first so many to the right.
func table(out *strings.Builder, left int, cells ...string) {
	out.WriteString("\n")
	row(out, cells...)
	out.WriteString("|")
	for i := range cells {
		if i < left {
			out.WriteString(" --- |")
		} else {
			out.WriteString(" --: |")
		}
	}
	out.WriteString("\n")
}

// nameOf returns the name of a party that the report speaks of, its IRI when it has none.
func (r *Report) nameOf(iri string) string { return cmp.Or(r.Names[iri], iri) }

// Markdown writes the report as a page for a meeting, in French (dividend.French) or English. The same report gives the same bytes.
func (r *Report) Markdown(language string) string {
	w := wordsIn(language)
	var out strings.Builder
	fmt.Fprintf(&out, "# %s%s %s\n\n", w.title, w.colon, cell(r.nameOf(r.Project)))
	fmt.Fprintf(&out, w.asOf, w.date(r.At.On))
	out.WriteString(". ")
	if r.Planned {
		fmt.Fprintf(&out, w.plans, r.Versions)
	} else {
		out.WriteString(w.noPlan)
	}
	fmt.Fprintf(&out, "\n\n## %s\n\n", w.alerts)
	if len(r.Alerts) == 0 {
		out.WriteString(w.noAlerts + "\n")
	}
	for _, a := range r.Alerts {
		out.WriteString("- " + cell(r.Alert(a, language)) + "\n")
	}
	for i, title := range []string{w.financial, w.operational, w.quality, w.contingencies} {
		fmt.Fprintf(&out, "\n## %s\n", title)
		table(&out, 1, w.figure, w.amount, w.records)
		for _, f := range r.Figures {
			if !slices.Contains(sections[i], f.ID) {
				continue
			}
			records := ""
			if f.Records > 0 {
				records = fmt.Sprint(f.Records)
			}
			row(&out, w.figures[f.ID], w.value(f, r.Currency), records)
		}
		switch i {
		case 1:
			r.writeWork(&out, w)
		case 2:
			q := r.Quality
			text := w.noAnswers
			if q.N > 0 {
				text = fmt.Sprintf(w.satisfaction, MaxLevel, q.N, q.Median, q.Lower, q.Higher)
			}
			out.WriteString("\n" + text + "\n")
		case 3:
			if len(r.Contingencies) == 0 {
				break
			}
			table(&out, 3, w.name, w.owner, w.state, w.probability, w.impact, w.days)
			for _, c := range r.Contingencies {
				row(&out, c.Title, r.nameOf(c.Owner), w.statuses[c.Status], w.percent(c.Probability)+" %", w.value(Figure{Value: c.Impact, Unit: c.Currency}, r.Currency), fmt.Sprint(c.Days))
			}
		}
	}
	return out.String()
}

func (r *Report) writeWork(out *strings.Builder, w *words) {
	if len(r.Milestones) > 0 {
		fmt.Fprintf(out, "\n### %s\n", w.milestones)
		table(out, 3, w.name, w.due, w.state)
		for _, m := range r.Milestones {
			state := w.open
			switch {
			case !m.Done.IsZero() && !m.Done.After(r.At.On):
				state = fmt.Sprintf(w.done, w.date(m.Done))
			case m.Due.Before(r.At.On):
				state = w.late
			}
			row(out, m.Name, w.date(m.Due), state)
		}
	}
	if len(r.Load) == 0 {
		return
	}
	fmt.Fprintf(out, "\n### %s\n", w.load)
	table(out, 2, w.person, w.month, w.here, w.total, w.capacity, w.use)
	for _, l := range r.Load {
		capacity, use := "", ""
		if l.Capacity.IsPositive() {
			capacity, use = w.number(l.Capacity, 0)+" "+l.Unit, w.percent(share(l.Total, l.Capacity))+" %"
		}
		row(out, r.nameOf(l.Party), l.Month, w.number(l.Here, 0)+" "+l.Unit, w.number(l.Total, 0)+" "+l.Unit, capacity, use)
	}
}

// Alert says an alert in a sentence, with the clause that set its threshold.
func (r *Report) Alert(a Alert, language string) string {
	w := wordsIn(language)
	subject := map[string]string{
		FigureBudget:   w.figures[FigureSpent] + " + " + w.figures[FigureCommitted] + " / " + w.figures[FigureBudget],
		FigureConsumed: w.figures[FigureConsumed] + " / " + w.figures[FigureProvision],
		FigurePlanned:  w.use + ", " + r.nameOf(a.Party) + ", " + a.Month,
	}[a.Figure]
	clause := w.saysNothing
	if a.Clause != nil {
		clause = fmt.Sprintf(w.clause, a.Clause.Clause, a.Clause.Version, a.Clause.Charter)
	}
	return fmt.Sprintf(w.of, subject, w.percent(a.Share)) + ", " + fmt.Sprintf(w.reached, w.percent(a.Threshold)) + " (" + clause + ")."
}

// PortfolioMarkdown writes a page over several reports: one line a project, and all alerts.
func PortfolioMarkdown(reports []*Report, language string) string {
	w := wordsIn(language)
	columns := []string{FigureBudget, FigureSpent, FigureCommitted, FigureReceived, FigureToCollect, FigureOverdue, FigureForecastMargin, FigureExposure}
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n", w.portfolio)
	head := []string{w.project}
	for _, id := range columns {
		head = append(head, w.figures[id])
	}
	table(&out, 1, append(head, w.alerts)...)
	for _, r := range reports {
		cells := []string{r.nameOf(r.Project)}
		for _, id := range columns {
			cells = append(cells, w.value(r.Figure(id, r.Currency), r.Currency))
		}
		row(&out, append(cells, fmt.Sprint(len(r.Alerts)))...)
	}
	for _, r := range reports {
		for i, a := range r.Alerts {
			if i == 0 {
				fmt.Fprintf(&out, "\n## %s\n\n", cell(r.nameOf(r.Project)))
			}
			out.WriteString("- " + cell(r.Alert(a, language)) + "\n")
		}
	}
	return out.String()
}
