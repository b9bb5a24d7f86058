package chart

import "strconv"

// words are what a picture says of its own, in one language.
type words struct {
	// largest, or negative and positive, name the ends of the colour scale.
	largest            string
	negative, positive string
	unitsDiffer        string
	colorByColumn      string
	darkest            string // in a picture of one column
	empty              string
	mostIn             func(column, row, value string) string
	matrixOf           func(rows, columns int) string
	amountsIn          string
	total, deficit     string
	adds, takes        string
	people, funds      string
	others             func(n int) string
	omitted            func(n int) string
	rounded            string
	all                string
	balance            func(rule string, gain, lose, same int) string
	comparedWith       func(rule string) string
	poorestFirst       string
	partOfAll          string
	equality           string
	halfGets           func(curve, percent string) string
	colon              string
}

func (l Language) words() *words {
	if l.orDefault() == French {
		return &french
	}
	return &english
}

var english = words{
	largest:       "largest in the column",
	negative:      "negative",
	positive:      "positive",
	unitsDiffer:   "Units differ from column to column: values are never compared or added across columns.",
	colorByColumn: "The colour compares the values within one column only: the darkest is the farthest from zero.",
	darkest:       "The darkest colour is the farthest from zero.",
	empty:         "– nothing recorded",
	mostIn:        func(column, row, value string) string { return column + ": most from " + row + ", " + value },
	matrixOf: func(rows, columns int) string {
		return "Table of " + strconv.Itoa(rows) + plural(rows, " row", " rows") + " and " + strconv.Itoa(columns) + plural(columns, " column", " columns")
	},
	amountsIn: "Amounts in ",
	total:     "Total",
	deficit:   "Deficit",
	adds:      "Added",
	takes:     "Taken off",
	people:    "People and organisations",
	funds:     "Funds",
	others:    func(n int) string { return English.count(n) + plural(n, " other", " others") },
	omitted:   func(n int) string { return English.count(n) + plural(n, " other is", " others are") + " not shown." },
	rounded:   "Percentages are rounded to one decimal.",
	all:       "Total",
	balance: func(rule string, gain, lose, same int) string {
		return rule + ": " + English.count(gain) + plural(gain, " gains, ", " gain, ") +
			English.count(lose) + plural(lose, " loses, ", " lose, ") + English.count(same) + " unchanged."
	},
	comparedWith: func(rule string) string {
		return "Gains and losses are measured against “" + rule + "”."
	},
	poorestFirst: "Share of recipients, smallest amounts first",
	partOfAll:    "Share of the whole",
	equality:     "Equal shares",
	halfGets: func(curve, percent string) string {
		return curve + ": the half that gets least gets " + percent + " of the whole."
	},
	colon: ": ",
}

var french = words{
	largest:       "maximum de la colonne",
	negative:      "négatif",
	positive:      "positif",
	unitsDiffer:   "Les unités changent d’une colonne à l’autre" + colonFrench + "on ne compare ni n’additionne jamais des valeurs de colonnes différentes.",
	colorByColumn: "La couleur compare les valeurs d’une même colonne" + colonFrench + "la plus foncée est la plus éloignée de zéro.",
	darkest:       "La couleur la plus foncée est la plus éloignée de zéro.",
	empty:         "– rien d’enregistré",
	mostIn: func(column, row, value string) string {
		return column + colonFrench + "maximum pour " + row + ", " + value
	},
	matrixOf: func(rows, columns int) string {
		return "Tableau de " + strconv.Itoa(rows) + pluriel(rows, " ligne", " lignes") + " et " + strconv.Itoa(columns) + pluriel(columns, " colonne", " colonnes")
	},
	amountsIn: "Montants exprimés en ",
	total:     "Total",
	deficit:   "Déficit",
	adds:      "S’ajoute",
	takes:     "Se retranche",
	people:    "Personnes et organisations",
	funds:     "Fonds",
	others:    func(n int) string { return French.count(n) + pluriel(n, " autre", " autres") },
	omitted: func(n int) string {
		return French.count(n) + pluriel(n, " autre n’est pas montré.", " autres ne sont pas montrés.")
	},
	rounded: "Les pourcentages sont arrondis à une décimale.",
	all:     "Total",
	balance: func(rule string, gain, lose, same int) string {
		return rule + colonFrench + French.count(gain) + pluriel(gain, " gagne, ", " gagnent, ") +
			French.count(lose) + pluriel(lose, " perd, ", " perdent, ") + French.count(same) + pluriel(same, " inchangé.", " inchangés.")
	},
	comparedWith: func(rule string) string {
		return "Gains et pertes se mesurent par rapport à «" + noBreak + rule + noBreak + "»."
	},
	poorestFirst: "Part des bénéficiaires, des plus petits montants aux plus grands",
	partOfAll:    "Part de l’ensemble",
	equality:     "Parts égales",
	halfGets: func(curve, percent string) string {
		return curve + colonFrench + "la moitié qui reçoit le moins a " + percent + " de l’ensemble."
	},
	colon: colonFrench,
}

// French sets a no-break space before a colon.
const colonFrench = noBreak + ": "

// plural chooses after the English rule: one is singular, all else plural.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// pluriel chooses after the French rule: the plural begins at two.
func pluriel(n int, one, many string) string {
	if n < 2 {
		return one
	}
	return many
}
