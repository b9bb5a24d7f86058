package handover

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// A Statement says what one party gave and received in a period, usually a year.
type Statement struct {
	Party         string // IRI
	Name          string
	From, To      codesocial.Date
	Totals        []Total // by project, kind and unit, in that order; what is only declared is never added to what is validated
	Contributions []Contribution
	Money         []Money // what was credited to the party and paid to it, in the order in which it was recorded
}

// A Total is what was given to a project of one kind of wealth.
type Total struct {
	Project   string // name
	Kind      map[string]string
	Unit      string
	Declared  decimal.Decimal
	Validated decimal.Decimal
}

// A Contribution is one of the party's, with names in the place of IRIs.
type Contribution struct {
	On         codesocial.Date
	Project    string
	Kind       map[string]string // names by language; "" is its id
	Quantity   ledger.Quantity
	Status     ledger.Status
	Validators []string
	Note       string
	Evidence   string
}

// A Money is what happened in one currency on the account of the party.
type Money struct {
	Currency string
	Before   decimal.Decimal // owed to the party before the period
	Lines    []MoneyLine
	After    decimal.Decimal // owed to the party at the end of it
}

// A MoneyLine is one movement.
type MoneyLine struct {
	On     codesocial.Date
	What   string          // label or kind, and the project
	Amount decimal.Decimal // credited to the party; negative: paid to it
}

// StatementOf returns the statement of a party, from a first day to a last one. The error wraps [ErrUnknown] for a party that is not registered, [ErrInvalid] for days
// that are missing or not in that order.
func StatementOf(s *codesocial.State, b *ledger.Books, party string, from, to codesocial.Date) (*Statement, error) {
	if _, ok := s.Party(party); !ok {
		return nil, fmt.Errorf("%w: party %s", ErrUnknown, party)
	}
	if from.IsZero() || to.Before(from) {
		return nil, fmt.Errorf("%w: statement from %q to %q: must have a first and a last day", ErrInvalid, from, to)
	}
	st := &Statement{Party: party, Name: partyName(s, party), From: from, To: to}
	kinds := kindNames(s, to)
	f := ledger.Filter{Party: party, From: from, To: to}
	for _, t := range b.Totals(f, ledger.ByProject) {
		st.Totals = append(st.Totals, Total{partyName(s, t.Project), kinds(t.Kind), t.Unit, t.Declared, t.Validated})
	}
	for e := range b.Contributions(f) {
		c := Contribution{
			On: e.On, Project: partyName(s, e.Project), Kind: kinds(e.Kind), Quantity: e.Quantity, Status: e.Status, Note: e.Note, Evidence: e.Evidence,
		}
		for _, v := range e.Validators {
			c.Validators = append(c.Validators, partyName(s, v))
		}
		st.Contributions = append(st.Contributions, c)
	}
	account := ledger.PartyAccount(party)
	for _, currency := range b.Currencies() {
		m := Money{Currency: currency, After: b.BalanceAt(account, currency, ledger.At{On: to}).Neg()}
		moved := decimal.Zero
		for _, t := range b.Transactions(ledger.Filter{Account: account, From: from, To: to}) {
			amount := decimal.Zero
			for _, p := range t.Postings {
				if p.Account == account && p.Currency == currency {
					amount = amount.Sub(p.Amount)
				}
			}
			if !amount.IsZero() {
				m.Lines = append(m.Lines, MoneyLine{t.On, describe(s, &t), amount})
				moved = moved.Add(amount)
			}
		}
		if m.Before = m.After.Sub(moved); len(m.Lines) > 0 || !m.Before.IsZero() {
			st.Money = append(st.Money, m)
		}
	}
	return st, nil
}

// kindNames returns what members call the kinds of wealth, by the charter in force on a day.
func kindNames(s *codesocial.State, on codesocial.Date) func(id string) map[string]string {
	var wealth dividend.Wealth
	if charter, err := s.InForceOn(on); err == nil {
		if _, err := charter.Rule(ledger.WealthKind, &wealth); err != nil {
			wealth = dividend.Wealth{}
		}
	}
	return func(id string) map[string]string {
		names := map[string]string{"": id}
		if k, ok := wealth.Kind(id); ok {
			for lang, name := range k.Name {
				names[lang] = name
			}
		}
		return names
	}
}

func inLanguage(names map[string]string, lang string) string {
	if name := names[lang]; name != "" {
		return name
	}
	return names[""]
}

var statementWords = map[string]map[string]string{
	"en": {
		"title": "Statement of contributions: %s", "period": "From %s to %s.", "totals": "Totals", "lines": "Contributions", "money": "Money",
		"head": "| project | kind | declared only | validated | unit |", "none": "None.",
		"linehead":  "| day | project | kind | quantity | state | validated by | note |",
		"moneyhead": "| day | | credited | paid |", "before": "owed before", "after": "owed at the end",
	},
	"fr": {
		"title": "Relevé de contributions : %s", "period": "Du %s au %s.", "totals": "Totaux", "lines": "Contributions", "money": "Argent",
		"head": "| projet | richesse | seulement déclaré | validé | unité |", "none": "Aucune.",
		"linehead":  "| jour | projet | richesse | quantité | état | validé par | note |",
		"moneyhead": "| jour | | crédité | versé |", "before": "dû auparavant", "after": "dû à la fin",
	},
}

// frenchStatus says the state of a contribution in French.
var frenchStatus = map[ledger.Status]string{
	ledger.Declared: "déclaré", ledger.Confirmed: "confirmé", ledger.Validated: "validé", ledger.Disputed: "contesté", ledger.Counted: "compté",
	ledger.Voided: "annulé",
}

func statusIn(lang string, s ledger.Status) string {
	if word := frenchStatus[s]; lang == "fr" && word != "" {
		return word
	}
	return s.String()
}

// Markdown writes the statement as a page, in French for "fr" and in English otherwise. Numbers have a decimal comma in French. Names and notes are
// escaped: nothing in them is markup.
func (st *Statement) Markdown(w io.Writer, lang string) error {
	if lang != "fr" {
		lang = "en"
	}
	words := statementWords[lang]
	number := func(d decimal.Decimal) string {
		if lang == "fr" {
			return strings.Replace(d.String(), ".", ",", 1)
		}
		return d.String()
	}
	money := func(d decimal.Decimal, currency string) string {
		places, err := ledger.Decimals(currency)
		if err != nil { // one of the community's own
			places = max(2, -int(d.Exponent()))
		}
		if lang == "fr" {
			return strings.Replace(d.StringFixed(int32(places)), ".", ",", 1)
		}
		return d.StringFixed(int32(places))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# "+words["title"]+"\n\n"+words["period"]+"\n\n## %s\n\n", markdown(st.Name), st.From, st.To, words["totals"])
	if len(st.Totals) == 0 {
		fmt.Fprintf(&b, "%s\n", words["none"])
	} else {
		fmt.Fprintf(&b, "%s\n|---|---|--:|--:|---|\n", words["head"])
	}
	for _, t := range st.Totals {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", markdown(t.Project), markdown(inLanguage(t.Kind, lang)), number(t.Declared), number(t.Validated), markdown(t.Unit))
	}
	for _, m := range st.Money {
		fmt.Fprintf(&b, "\n## %s, %s\n\n%s\n|---|---|--:|--:|\n", words["money"], m.Currency, words["moneyhead"])
		fmt.Fprintf(&b, "| %s | %s | %s | |\n", st.From, words["before"], money(m.Before, m.Currency))
		for _, l := range m.Lines {
			credited, paid := money(l.Amount, m.Currency), ""
			if l.Amount.IsNegative() {
				credited, paid = "", money(l.Amount.Neg(), m.Currency)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", l.On, markdown(l.What), credited, paid)
		}
		fmt.Fprintf(&b, "| %s | **%s** | **%s** | |\n", st.To, words["after"], money(m.After, m.Currency))
	}
	if len(st.Contributions) > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n|---|---|---|--:|---|---|---|\n", words["lines"], words["linehead"])
	}
	for _, c := range st.Contributions {
		fmt.Fprintf(&b, "| %s | %s | %s | %s %s | %s | %s | %s |\n", c.On, markdown(c.Project), markdown(inLanguage(c.Kind, lang)),
			number(c.Quantity.Value), markdown(c.Quantity.Unit), statusIn(lang, c.Status), markdown(strings.Join(c.Validators, ", ")), markdown(c.Note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var escapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "#", `\#`, "~", `\~`,
	"\n", " ", "\r", " ",
)

// markdown escapes what could be taken for markup; the text stands on one line.
func markdown(s string) string { return escapes.Replace(s) }

// CSV writes the contributions of the statement, one on each line, for a spreadsheet: commas, UTF-8, a header line, the names of
// columns that package intake reads. A text that a spreadsheet would take for a formula gets an apostrophe in front.
func (st *Statement) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = intake.SafeCell(cells[i])
		}
		_ = c.Write(cells) // the writer keeps its first error
	}
	write("date", "person", "project", "kind", "quantity", "unit", "status", "validated by", "note", "evidence")
	for _, x := range st.Contributions {
		write(x.On.String(), st.Name, x.Project, x.Kind[""], x.Quantity.Value.String(), x.Quantity.Unit, x.Status.String(),
			strings.Join(x.Validators, ", "), x.Note, x.Evidence)
	}
	c.Flush()
	return c.Error()
}
