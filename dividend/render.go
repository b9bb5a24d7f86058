package dividend

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Languages that explanations are written in.
const (
	French  = "fr"
	English = "en"
)

// Text writes the explanation for a member, one computation a line, so that every amount can be found again with
// a pocket calculator. The language is [French] or [English]; any other tag gives English. Digits are grouped by
// spaces (plain ones: nothing in the text is invisible); the decimal sign is a comma in French and a point in English.
// It takes time linear in the steps.
//
// An explanation that was read from elsewhere and holds a number that no run leads to is not written out; the text
// then is an error's.
func (x Explanation) Text(language string) string {
	numbers := checkReadable("explanation", []decimal.Decimal{x.Amount})
	for _, s := range x.Steps {
		numbers = cmp.Or(numbers, s.readable())
	}
	if numbers != nil {
		return numbers.Error() + "\n"
	}
	w := newWriter(language, x.Currency, x.Decimals)
	who := x.Recipient
	if x.Fund {
		who = w.fund + " " + who
	}
	w.line(0, "%s%s%s", who, w.colon, w.currencyAmount(x.Amount))
	n := 0
	var parts []string
	for _, s := range x.Steps {
		if s.Rule == StepBase {
			w.writeBase(s, x.Scope)
			continue
		}
		n++
		w.writeLine(n, s)
		for _, sub := range s.Steps {
			switch sub.Rule {
			case StepWeight:
				w.writeWeight(sub)
			case StepCounted:
				w.writeCounted(sub)
			case StepClaim:
				w.writeClaim(sub)
			case StepShare:
				w.writeShare(sub, s)
				parts = append(parts, w.amount(sub.Result.Value))
			}
		}
	}
	if len(parts) > 1 {
		w.line(0, "%s%s%s = %s", w.total, w.colon, strings.Join(parts, " + "), w.currencyAmount(x.Amount))
	}
	return w.b.String()
}

// Text writes what the run did line by line: the base, each line with its computation, what it placed and what
// remained, and the totals. It does not verify the statement. Languages, and what becomes of absurd numbers, are
// those of [Explanation.Text].
func (s *Statement) Text(language string) string {
	if err := s.readable(); err != nil {
		return err.Error() + "\n"
	}
	w := newWriter(language, s.Currency, s.Decimals)
	w.writeBase(s.baseStep(), s.Scope)
	remaining := decimal.Max(s.Base, decimal.Zero)
	for i, l := range s.Lines {
		w.writeLine(i+1, s.lineStep(l, remaining))
		remaining = l.Remaining
	}
	for _, t := range []struct {
		name  string
		value decimal.Decimal
		show  bool
	}{
		{w.distributed, s.Distributed, true},
		{w.reserved, s.Reserved, true},
		{w.carriedOver, s.CarriedOver, true},
		{w.deficitForward, s.Deficit, !s.Deficit.IsZero()},
	} {
		if t.show {
			w.line(0, "%s%s%s", t.name, w.colon, w.currencyAmount(t.value))
		}
	}
	return w.b.String()
}

// phrases are the words of one language.
type phrases struct {
	language, colon, semicolon, point    string
	fund, party, parties, group          string
	received, surplus, costs, deficit    string
	base, ofBase, ofRemaining            string
	clause, left, noMember, noWeight     string
	capped, limited, fixed, weight       string
	share, noShare, roundedDown          string
	missing, added, notAdded, total      string
	allCapped, countsAs, even, tooLittle string
	atFloor, atCap, atLeast, all         string
	members, byMethod, atRate, unmet     string
	distributed, reserved                string
	carriedOver, deficitForward, nothing string
	from                                 string
	claim, claims, claimsPaid            string
	owed, renounced                      string
}

var languages = map[string]phrases{
	English: {
		language: English, colon: ": ", semicolon: "; ", point: ".",
		fund: "fund", party: "party", parties: "parties", group: "group",
		received: "received", surplus: "carried over before", costs: "direct costs", deficit: "deficit brought forward",
		base: "base", ofBase: "of the base", ofRemaining: "of what remains",
		clause: "clause", left: "remain", noMember: "the group has no member, so the amount stays for the next lines",
		noWeight: "no member of the group has a weight, so the amount stays for the next lines",
		capped:   "held to the cap of %s", limited: "held to what remains", fixed: "fixed amount", weight: "weight",
		share: "share", noShare: "nothing could be shared", roundedDown: "rounded down to %s",
		missing: "rounding down leaves %s, given one smallest unit each to the %s largest remainders of %s (equal ones in the order of identifiers)",
		added:   "this remainder is number %s", notAdded: "this remainder is number %s and gets none", total: "total",
		allCapped: "all members are at the cap, so %s stays for the next lines",
		countsAs:  "counts as", even: "equal parts, everybody counts as 1",
		tooLittle: "less than all floors together, so everybody counts as 1",
		atFloor:   "the floor", atCap: "the cap", atRate: "the most for the weight", unmet: "but the base is below %s, the condition of the line", atLeast: "at least the highest weight",
		all: "all weights", members: "members", byMethod: "rounded to %s by the method %s",
		distributed: "distributed to parties", reserved: "reserved to funds",
		carriedOver: "carried over", deficitForward: "deficit carried forward", nothing: "nothing is given out",
		from: "from", claim: "claim", claims: "claims", claimsPaid: "all claims are paid, so %s stays for the next lines",
		owed: "%s stay owed", renounced: "%s are renounced",
	},
	French: {
		language: French, colon: " : ", semicolon: " ; ", point: ",",
		fund: "fonds", party: "partie", parties: "parties", group: "groupe",
		received: "encaissés", surplus: "reportés", costs: "charges directes", deficit: "déficit antérieur",
		base: "assiette", ofBase: "de l’assiette", ofRemaining: "de ce qui reste",
		clause: "clause", left: "restent", noMember: "le groupe n’a aucun membre, le montant reste pour les lignes suivantes",
		noWeight: "aucun membre du groupe n’a de poids, le montant reste pour les lignes suivantes",
		capped:   "ramené au plafond de %s", limited: "ramené à ce qui reste", fixed: "montant fixe", weight: "poids",
		share: "part", noShare: "rien n’a pu être réparti", roundedDown: "arrondi en dessous à %s",
		missing: "les arrondis laissent %s, donnés à raison d’une plus petite unité chacun aux %s plus forts restes sur %s (à égalité, dans l’ordre des identifiants)",
		added:   "ce reste est le numéro %s", notAdded: "ce reste est le numéro %s et ne reçoit rien de plus", total: "total",
		allCapped: "tous les membres sont au plafond, %s restent pour les lignes suivantes",
		countsAs:  "compte pour", even: "parts égales, chacun compte pour 1",
		tooLittle: "moins que tous les planchers ensemble, chacun compte pour 1",
		atFloor:   "le plancher", atCap: "le plafond", atRate: "le plus que permet le poids", unmet: "mais l’assiette est inférieure à %s, condition de la ligne", atLeast: "au moins le poids le plus fort",
		all: "tous les poids", members: "membres", byMethod: "arrondi à %s par la méthode %s",
		distributed: "distribué aux parties", reserved: "mis en réserve dans les fonds",
		carriedOver: "reporté", deficitForward: "déficit reporté", nothing: "rien n’est distribué",
		from: "à partir du", claim: "créance", claims: "créances", claimsPaid: "toutes les créances sont payées, %s restent pour les lignes suivantes",
		owed: "%s restent dus", renounced: "%s sont abandonnés",
	},
}

// writer writes steps in one language.
type writer struct {
	phrases
	currency string
	decimals int
	b        strings.Builder
}

func newWriter(language, currency string, decimals int) *writer {
	p, ok := languages[language]
	if !ok {
		p = languages[English]
	}
	return &writer{phrases: p, currency: currency, decimals: min(max(decimals, 0), MaxDecimals)}
}

func (w *writer) line(indent int, format string, args ...any) {
	w.b.WriteString(strings.Repeat("   ", indent))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *writer) writeBase(s Step, scope string) {
	var b strings.Builder
	if scope != "" {
		b.WriteString(scope + w.colon)
	}
	fmt.Fprintf(&b, "%s %s", w.amount(s.Input("received")), w.received)
	for _, t := range []struct{ input, sign, name string }{
		{"surplus", "+", w.surplus}, {"costs", "−", w.costs}, {"deficit", "−", w.deficit},
	} {
		if v := s.Input(t.input); !v.IsZero() {
			fmt.Fprintf(&b, " %s %s %s", t.sign, w.amount(v), t.name)
		}
	}
	fmt.Fprintf(&b, " = %s %s%s", w.amount(s.Result.Value), w.base, w.clauseOf(s))
	if s.Result.Value.Sign() <= 0 {
		b.WriteString(w.semicolon + w.nothing)
	}
	w.line(0, "%s", b.String())
}

func (w *writer) clauseOf(s Step) string {
	if s.Clause == "" {
		return ""
	}
	return " (" + w.clause + " " + s.Clause + ")"
}

// writeLine writes what a line took, to whom, and what remains.
func (w *writer) writeLine(n int, s Step) {
	name := s.Name[w.language]
	if name == "" {
		name = s.Subject
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d. %s%s%s", n, name, w.clauseOf(s), w.colon)
	switch {
	case s.has("fixed"):
		fmt.Fprintf(&b, "%s %s", w.fixed, w.amount(s.Input("fixed")))
	default:
		basis, of := OfBase, w.ofBase
		if !s.has(OfBase) {
			basis, of = OfRemaining, w.ofRemaining
		}
		product := s.Input("rate").Mul(s.Input(basis))
		fmt.Fprintf(&b, "%s × %s %s = %s", w.number(s.Input("rate")), w.amount(s.Input(basis)), of, w.exact(product))
		if rounded := product.Round(int32(w.decimals)); !rounded.Equal(product) {
			fmt.Fprintf(&b, " ≈ %s", w.amount(rounded))
		}
	}
	switch s.Note {
	case LimitCap:
		fmt.Fprintf(&b, ", "+w.capped+" → %s", w.amount(s.Input("cap")), w.amount(s.Result.Value))
	case LimitCondition:
		fmt.Fprintf(&b, ", "+w.unmet+" → %s", w.amount(s.Input("atLeast")), w.amount(s.Result.Value))
	case LimitRemaining:
		fmt.Fprintf(&b, ", %s → %s", w.limited, w.amount(s.Result.Value))
	}
	fmt.Fprintf(&b, " → %s", w.target(s.To))
	var left Step
	if len(s.Steps) > 0 {
		left = s.Steps[len(s.Steps)-1]
	}
	switch left.Note {
	case NoMember:
		b.WriteString(w.semicolon + w.noMember)
	case NoWeight:
		b.WriteString(w.semicolon + w.noWeight)
	case ClaimsPaid:
		fmt.Fprintf(&b, "%s"+w.claimsPaid, w.semicolon, w.amount(s.Result.Value.Sub(left.Input("placed"))))
	case AllCapped:
		fmt.Fprintf(&b, "%s"+w.allCapped, w.semicolon, w.amount(s.Result.Value.Sub(left.Input("placed"))))
	}
	fmt.Fprintf(&b, "%s%s %s", w.semicolon, w.amount(left.Result.Value), w.left)
	w.line(0, "%s", b.String())
}

func (w *writer) target(t Target) string {
	switch {
	case t.Fund != "":
		return w.fund + " " + t.Fund
	case t.Party != "":
		return w.party + " " + t.Party
	case t.Claims != "":
		return w.claims + " " + t.Claims
	case len(t.Parties) > 0:
		return fmt.Sprintf("%d %s", len(t.Parties), w.parties)
	default:
		return w.group + " " + t.Group
	}
}

func (w *writer) writeWeight(s Step) {
	var terms []string
	for _, t := range s.Steps {
		kind := t.Subject
		if t.From != "" {
			kind += ", " + w.from + " " + t.From
		}
		terms = append(terms, fmt.Sprintf("%s %s (%s) × %s",
			w.number(t.Input("quantity")), t.unit("quantity"), kind, w.number(t.Input("points"))))
	}
	text := w.number(s.Result.Value)
	if len(terms) > 0 {
		text = strings.Join(terms, " + ") + " = " + text
	}
	w.line(1, "%s%s%s", w.weight, w.colon, text)
}

// writeClaim writes what is paid on a claim, and what becomes of the rest.
func (w *writer) writeClaim(s Step) {
	text := fmt.Sprintf("%s %s%s%s", w.claim, s.Subject, w.colon, w.amount(s.Input("claim")))
	switch {
	case s.has("total"):
		text += fmt.Sprintf(" × %s / %s", w.amount(s.Input("pool")), w.amount(s.Input("total")))
		if added := s.Input("added"); !added.IsZero() {
			text += fmt.Sprintf(", "+w.roundedDown+" + %s", w.amount(s.Result.Value.Sub(added)), w.amount(added))
		}
	case s.Note == string(FirstCome):
		text += fmt.Sprintf(", %s %s", w.amount(s.Input("remaining")), w.left)
	}
	text += " → " + w.amount(s.Result.Value)
	for _, rest := range []struct{ input, words string }{{"owed", w.owed}, {"renounced", w.renounced}} {
		if v := s.Input(rest.input); !v.IsZero() {
			text += fmt.Sprintf("%s"+rest.words, w.semicolon, w.amount(v))
		}
	}
	w.line(1, "%s", text)
}

// writeCounted writes what the sharing rule of the line makes of the weight.
func (w *writer) writeCounted(s Step) {
	switch s.Note {
	case NoteEven:
		w.line(1, "%s", w.even)
	case NoteTooLittle:
		w.line(1, "%s", w.tooLittle)
	case NoteRatio:
		w.line(1, "%s%s%s × %s = %s, %s %s → %s", w.countsAs, w.colon, w.number(s.Input("weight")), w.number(s.Input("ratio")),
			w.number(s.Input("weight").Mul(s.Input("ratio"))), w.atLeast, w.number(s.Input("highest")), w.number(s.Result.Value))
	default:
		w.line(1, "%s%s%s × %s (%s) + %s × %s (%s) × %s = %s", w.countsAs, w.colon,
			w.number(s.Input("equal")), w.number(s.Input("all")), w.all,
			w.number(s.Input("rest")), w.number(s.Input("members")), w.members, w.number(s.Input("weight")), w.number(s.Result.Value))
	}
}

func (w *writer) writeShare(s, line Step) {
	switch s.Note {
	case NoteFloor:
		w.line(1, "%s%s%s (%s)", w.share, w.colon, w.amount(s.Result.Value), w.atFloor)
		return
	case NotePerPoint:
		w.line(1, "%s%s%s × %s = %s (%s)", w.share, w.colon, w.exact(s.Input("perPoint")), w.number(s.Input("weight")),
			w.amount(s.Result.Value), w.atRate)
		return
	case NoteCap:
		w.line(1, "%s%s%s (%s)", w.share, w.colon, w.amount(s.Result.Value), w.atCap)
		return
	}
	if !s.has("pool") { // all of the line, or none of it
		if s.Note == NoMember || s.Note == NoWeight {
			w.line(1, "%s%s%s (%s)", w.share, w.colon, w.amount(s.Result.Value), w.noShare)
			return
		}
		w.line(1, "%s%s%s", w.share, w.colon, w.amount(s.Result.Value))
		return
	}
	quotient := decimal.Zero
	more := ""
	for _, q := range line.Steps {
		if q.Rule == StepQuotient {
			quotient = q.Result.Value
			if q.Note == NoteTruncated {
				more = "…"
			}
		}
	}
	head := fmt.Sprintf("%s%s%s × %s / %s = %s%s", w.share, w.colon, w.amount(s.Input("pool")),
		w.number(s.Input("weight")), w.number(s.Input("total")), w.exact(quotient), more)
	if s.Note == NoteExact {
		w.line(1, "%s", head)
		return
	}
	if s.Note != NoteAdded && s.Note != NoteNotAdded {
		w.line(1, "%s, "+w.byMethod, head, w.amount(s.Result.Value), s.Note)
		return
	}
	unit := decimal.New(1, -int32(w.decimals))
	w.line(1, "%s, "+w.roundedDown, head, w.amount(s.Input("floor")))
	w.line(1, w.missing, w.amount(unit.Mul(s.Input("missing"))), s.Input("missing"), s.Input("members"))
	if s.Note == NoteNotAdded {
		w.line(1, w.notAdded+" → %s", s.Input("rank"), w.amount(s.Result.Value))
		return
	}
	w.line(1, w.added+"%s%s + %s = %s", s.Input("rank"), w.colon,
		w.amount(s.Input("floor")), w.amount(unit), w.amount(s.Result.Value))
}

// unit returns the unit of the input with this name.
func (s Step) unit(name string) string {
	for _, q := range s.Inputs {
		if q.Name == name {
			return q.Unit
		}
	}
	return ""
}

func (s Step) has(name string) bool {
	for _, q := range s.Inputs {
		if q.Name == name {
			return true
		}
	}
	return false
}

// currencyAmount writes an amount with its currency.
func (w *writer) currencyAmount(d decimal.Decimal) string { return w.amount(d) + " " + w.currency }

// amount writes an amount with the decimals of the currency.
func (w *writer) amount(d decimal.Decimal) string { return w.grouped(d.StringFixed(int32(w.decimals))) }

// number writes a number with the decimals it has.
func (w *writer) number(d decimal.Decimal) string { return w.grouped(d.String()) }

// exact writes a number with the decimals it has, and at least those of the currency.
func (w *writer) exact(d decimal.Decimal) string {
	if d.Equal(d.Truncate(int32(w.decimals))) {
		return w.amount(d)
	}
	return w.number(d)
}

// grouped groups the digits before the point by three and sets the decimal sign of the language.
func (w *writer) grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, has := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(" ")
		}
		b.WriteByte(whole[i])
	}
	if has {
		b.WriteString(w.point + fraction)
	}
	return b.String()
}
