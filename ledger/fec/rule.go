package fec

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A Rule is something that a file must keep to.
type Rule struct {
	ID string // such as "balance"; never changes
	// Tolerated says that a file that does not keep to it is read all the same, without loss.
	Tolerated bool
	English   string // what is wrong with a file that breaks it
	French    string
}

// rules lists the rules in the order in which they are met.
var rules = []Rule{
	{"file-name", false, "the file must be called <SIREN>FEC<YYYYMMDD of closing>.txt", "le fichier doit s'appeler <SIREN>FEC<AAAAMMJJ de clôture>.txt"},
	{"empty", false, "the file is empty", "le fichier est vide"},
	{"byte-order-mark", true, "begins with a byte order mark", "commence par une marque d'ordre des octets (BOM)"},
	{"encoding-wide", false, "the file is in UTF-16 or UTF-32, and was not read: convert it to UTF-8 or ISO-8859-15", "le fichier est en UTF-16 ou UTF-32, et n'a pas été lu : convertissez-le en UTF-8 ou ISO-8859-15"},
	{"encoding-mixed", false, "lines in UTF-8 and lines in an 8-bit encoding are mixed", "des lignes en UTF-8 et des lignes dans un codage à 8 bits sont mélangées"},
	{"encoding-1252", true, "is in Windows-1252, which is not among the encodings of the article", "est en Windows-1252, qui n'est pas un codage prévu par l'article"},
	{"control", false, "contains a control character", "contient un caractère de contrôle"},
	{"line-ends-mixed", true, "lines end in different ways", "les fins de ligne ne sont pas toutes les mêmes"},
	{"blank-line", true, "the line is empty", "la ligne est vide"},
	{"header-missing", false, "the first line must name the columns", "la première ligne doit donner les noms des zones"},
	{"header-name", false, "the column must be called", "la zone doit s'appeler"},
	{"header-case", true, "capital and small letters differ from", "majuscules et minuscules diffèrent de"},
	{"header-order", false, "the column stands in the wrong place: it has number", "la zone n'est pas à sa place : elle porte le numéro"},
	{"header-double", false, "the column is there twice", "la zone est présente deux fois"},
	{"extra-column", true, "the column is not one of the article; it was passed over", "la zone n'est pas prévue par l'article ; elle a été ignorée"},
	{"trailing-separator", true, "lines end with a separator", "les lignes se terminent par un séparateur"},
	{"field-count", false, "the line does not have as many fields as there are columns:", "la ligne n'a pas autant de champs qu'il y a de zones :"},
	{"mandatory", false, "the field must be filled in", "le champ doit être rempli"},
	{"usual", true, "the field is empty, which only some simplified accounts may have", "le champ est vide, ce que seules certaines comptabilités simplifiées permettent"},
	{"account", false, "an account begins with three digits of the chart of accounts", "un numéro de compte commence par trois chiffres du plan comptable"},
	{"date", false, "is not a date in the form YYYYMMDD", "n'est pas une date de la forme AAAAMMJJ"},
	{"date-form", true, "the date is not written YYYYMMDD", "la date n'est pas écrite AAAAMMJJ"},
	{"calendar", false, "the calendar has no such day", "ce jour n'existe pas dans le calendrier"},
	{"number", false, "is not a number", "n'est pas un nombre"},
	{"decimal-point", false, "decimals stand behind a comma, not a point", "les décimales suivent une virgule, pas un point"},
	{"thousands", false, "thousands are not separated", "les milliers ne sont pas séparés"},
	{"number-form", true, "the number has spaces, a sign behind, an exponent or more than two decimals", "le nombre a des espaces, un signe derrière, un exposant ou plus de deux décimales"},
	{"negative", true, "the amount is negative", "le montant est négatif"},
	{"sides", false, "exactly one of debit and credit is not zero", "un seul du débit et du crédit n'est pas nul"},
	{"sense", false, "the sense is D or C, or +1 or -1", "le sens est D ou C, ou +1 ou -1"},
	{"currency", false, "an amount in another currency has its code, and a code its amount", "un montant en devise a son code, et un code son montant"},
	{"matching", true, "a reconciliation mark has its date, and a date its mark", "un lettrage a sa date, et une date son lettrage"},
	{"period", false, "the day is after the closing", "le jour est postérieur à la clôture"},
	{"validation-order", false, "lines stand in the order of their validation; the line before is of", "les lignes sont dans l'ordre de leur validation ; la précédente est du"},
	{"opening-first", true, "opening balances stand first", "les à-nouveaux viennent en premier"},
	{"entry-date", false, "all lines of an entry have one date; the first one has", "toutes les lignes d'une écriture ont une même date ; la première a"},
	{"scattered", true, "the lines of the entry do not stand together", "les lignes de l'écriture ne se suivent pas"},
	{"balance", false, "the entry does not balance; debit less credit is", "l'écriture n'est pas équilibrée ; débit moins crédit donnent"},
	{"closing", false, "the entry closes accounts of classes 6 and 7, which stay open in this file", "l'écriture solde des comptes de classes 6 et 7, qui restent ouverts dans ce fichier"},
	{"number-twice", false, "numbers of entries are used again:", "des numéros d'écriture sont utilisés une seconde fois :"},
	{"no-number", true, "the entry's number has no digits at its end, so gaps cannot be seen", "le numéro d'écriture ne finit pas par des chiffres : les trous ne se voient pas"},
	{"gap", false, "numbers are missing in the sequence of entries:", "des numéros manquent dans la suite des écritures :"},
	{"total", false, "debit of the file, and its credit, which is not equal:", "débit du fichier, et son crédit, qui n'est pas égal :"},
}

// Rules returns all rules that a file is checked against.
func Rules() []Rule { return slices.Clone(rules) }

var ruleIndex = func() map[string]int {
	index := make(map[string]int, len(rules))
	for i, r := range rules {
		index[r.ID] = i
	}
	return index
}()

// A Finding is a place where a file does not keep to a rule.
type Finding struct {
	Rule   Rule
	File   string // as given by the caller
	Line   int    // from 1; 0 for the whole file
	Column int    // number of the field, from 1; 0 for the whole line
	Name   string // of the column
	Value  string // what stands there, as text; "" where the rule says it all
	Detail string // what the rule's text leads to: the name that is expected, the numbers that are missing, the difference
}

// Text says in one line what was found, in French for "fr" and in English otherwise:
// `year.txt:12: column 4 EcritureDate "20250230": the calendar has no such day [calendar]`.
func (f Finding) Text(lang string) string {
	column, text := "column", f.Rule.English
	if lang == "fr" {
		column, text = "zone", f.Rule.French
	}
	at := f.File
	if f.Line > 0 {
		at += ":" + strconv.Itoa(f.Line)
	}
	at += ": "
	if f.Column > 0 {
		at += fmt.Sprintf("%s %d %s ", column, f.Column, f.Name)
	}
	if f.Value != "" {
		at += quote(f.Value)
	}
	if f.Column > 0 || f.Value != "" {
		at = trimSpace(at) + ": "
	}
	at += text
	if f.Detail != "" {
		at += " " + quote(f.Detail)
	}
	return at + " [" + f.Rule.ID + "]"
}

func trimSpace(s string) string {
	for s != "" && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// quote shows a text of the file: shortened, and without characters that cannot be seen.
func quote(s string) string {
	const most = 80
	if len(s) <= most {
		return strconv.QuoteToGraphic(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut] + "…")
}
