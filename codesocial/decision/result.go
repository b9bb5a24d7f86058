package decision

import (
	"fmt"
	"strings"
	"time"
)

// A Status says where a poll stands.
type Status string

// Where a poll can stand.
const (
	Open     Status = "open"      // ballots that are still to come can change the outcome
	Adopted  Status = "adopted"   // the proposal is adopted
	Rejected Status = "rejected"  // enough voted, and not enough for it
	NoQuorum Status = "no-quorum" // not enough voted
)

// A Result is the outcome of a poll, or where it stands. All counts are weights.
type Result struct {
	Status                Status
	Rule                  Rule
	Electorate            string // hash
	Aside                 []string
	For, Against, Abstain int64
	Represented           int64 // of those whose voice is counted with the ballot of another
	Silent                int64 // of those who have not voted and are not represented
	Eligible              int64
	Chair                 string    // who has the casting vote by the rule, "" for nobody
	ChairSays             Answer    // in a ballot of the chair's own, "" for none
	ByCasting             bool      // the casting vote has settled a tie
	Closes                time.Time // with the extension, if there was one
	Extended              bool
	Early                 bool // decided before the closing: nothing could change it any more
}

// Cast returns the weight of all ballots.
func (r *Result) Cast() int64 { return r.For + r.Against + r.Abstain }

// Counted returns what the threshold is held against: the weight that counts as for, and the base.
func (r *Result) Counted() (part, base int64) {
	part = r.For
	silentFor, silentAbstain := int64(0), int64(0)
	switch r.Rule.Silence {
	case SilenceFor:
		silentFor = r.Silent
	case SilenceAbstain:
		silentAbstain = r.Silent
	}
	part += silentFor
	switch r.Rule.Base {
	case OfForAndAgainst:
		base = part + r.Against
	case OfCast:
		base = r.Cast() + silentFor + silentAbstain
	default:
		base = r.Eligible
	}
	return part, base
}

// Present returns the weight that counts towards the quorum.
func (r *Result) Present() int64 {
	switch r.Rule.QuorumOf {
	case QuorumFor:
		return r.For
	case QuorumForAbstain:
		return r.For + r.Abstain
	}
	return r.Cast()
}

func (r *Result) add(a Answer, weight int64) {
	switch a {
	case For:
		r.For += weight
	case Against:
		r.Against += weight
	default:
		r.Abstain += weight
	}
}

// quorate reports whether the quorum is met. An empty electorate meets none.
func (r *Result) quorate() bool {
	return r.Eligible > 0 && (r.Rule.Quorum.IsZero() || r.Rule.Quorum.compare(r.Present(), r.Eligible) >= 0)
}

// outcome returns what the counts decide.
func (r *Result) outcome() Status {
	if !r.quorate() {
		return NoQuorum
	}
	if r.reached() {
		return Adopted
	}
	return Rejected
}

// reached reports whether the threshold is reached. A base of nothing adopts nothing.
func (r *Result) reached() bool {
	part, base := r.Counted()
	switch c := r.Rule.Threshold.compare(part, base); {
	case base == 0 || c < 0:
		return false
	case c > 0:
		return true
	case r.Chair != "" && r.ChairSays == For:
		return true
	case r.Chair != "" && r.ChairSays == Against:
		return false
	}
	return !r.Rule.Strict
}

// tied reports whether just the share of the threshold is for.
func (r *Result) tied() bool {
	part, base := r.Counted()
	return base > 0 && r.Rule.Threshold.compare(part, base) == 0
}

// statusAt returns the outcome once the poll is closed, or before, if it can no longer change. own is what counts
// without delegations.
func (r *Result) statusAt(closed bool, own Result) Status {
	now := r.outcome()
	if closed {
		return now
	}
	if !r.Rule.Final {
		return Open
	}
	// Those who are represented can still vote themselves, and those who are silent too. Every ballot for raises the share for and every kind of quorum the most, and adopting takes two conditions
	// that are linear in the counts. So if the outcome is the same when all who are silent stay silent, vote
	// for, vote against or abstain, it is the same however they divide. A chair who has not voted is one of them: where nobody can make
	// up half of the base, or keep others from having more, a casting vote can neither.
	for _, a := range []Answer{For, Against, Abstain, ""} {
		all := own
		if free := r.Eligible - all.Cast(); a == "" {
			all.Silent = free
		} else {
			all.add(a, free)
		}
		if all.ChairSays == "" {
			all.ChairSays = a
		}
		if all.outcome() != now {
			return Open
		}
	}
	r.Early = true
	return now
}

// Explain says the result in words with its arithmetic, in French for "fr" and otherwise in English.
func (r *Result) Explain(lang string) string { return r.ExplainWith(lang, Words{}) }

// ExplainWith is Explain in other words for ids and times.
func (r *Result) ExplainWith(lang string, words Words) string {
	name := words.name
	f := lang == "fr"
	pick := picker(lang)
	var b strings.Builder
	b.WriteString(map[Status]string{
		Open:     pick("Vote ouvert.", "The poll is open."),
		Adopted:  pick("Adopté.", "Adopted."),
		Rejected: pick("Rejeté.", "Rejected."),
		NoQuorum: pick("Quorum non atteint : rien n'est décidé.", "No quorum: nothing is decided."),
	}[r.Status])
	fmt.Fprintf(&b, pick(" %d pour, %d contre, %d abstentions, %d sans réponse, sur %d.", " %d for, %d against, %d abstaining, %d silent, of %d."),
		r.For, r.Against, r.Abstain, r.Silent, r.Eligible)
	if r.Represented > 0 {
		fmt.Fprintf(&b, pick(" Dont %d par délégation.", " Of these, %d by delegation."), r.Represented)
	}
	if !r.Rule.Quorum.IsZero() {
		fmt.Fprintf(&b, pick(" Quorum : %s de %d ; présents (%s) : %d, %s.", " Quorum: %s of %d; present (%s): %d, %s."),
			r.Rule.Quorum, r.Eligible, r.Rule.QuorumOf.label(f), r.Present(), met(f, r.quorate()))
	}
	part, base := r.Counted()
	atLeast := pick("au moins", "at least")
	if r.Rule.Strict {
		atLeast = pick("plus de", "more than")
	}
	fmt.Fprintf(&b, pick(" Seuil : %s %s de la base (%s) ; %d sur %d", " Threshold: %s %s of the base (%s); %d of %d"),
		atLeast, r.Rule.Threshold, r.Rule.Base.label(f), part, base)
	c, sign := r.Rule.Threshold.compare(part, base), "<"
	if c == 0 {
		sign = "="
	} else if c > 0 {
		sign = ">"
	}
	fmt.Fprintf(&b, pick(" : ", ": ")+"%d × %d %s %d × %d, %s.", part, r.Rule.Threshold.Den, sign, base, r.Rule.Threshold.Num,
		met(f, r.reached()))
	r.explainTie(&b, pick, name)
	switch r.Rule.Silence {
	case SilenceFor:
		b.WriteString(pick(" Le silence vaut accord.", " Silence counts as agreement."))
	case SilenceAbstain:
		b.WriteString(pick(" Le silence vaut abstention.", " Silence counts as abstaining."))
	}
	explainAside(&b, r.Aside, pick, name)
	if r.Extended {
		fmt.Fprintf(&b, pick(" Clôture reportée au %s : le quorum a été atteint tard.", " Closing moved to %s: the quorum was reached late."), words.time(r.Closes))
	}
	if r.Early {
		b.WriteString(pick(" Décidé avant la clôture : plus aucun vote ne pouvait changer l'issue.", " Decided before the closing: no vote could change the outcome any more."))
	}
	return b.String()
}

// explainTie says what became of a tie where there can be a casting vote.
func (r *Result) explainTie(b *strings.Builder, pick func(fr, en string) string, name func(id string) string) {
	switch {
	case r.Rule.Tie != TieCasting || !r.tied() || r.Status != Adopted && r.Status != Rejected:
	case r.Chair == "":
		b.WriteString(pick(" À égalité, et personne n'a voix prépondérante.", " A tie, and nobody has the casting vote."))
	case !r.ByCasting:
		fmt.Fprintf(b, pick(" À égalité ; %s, qui a voix prépondérante, n'a répondu ni pour ni contre.", " A tie; %s, who has the casting vote, has answered neither for nor against."), name(r.Chair))
	case r.ChairSays == For:
		fmt.Fprintf(b, pick(" À égalité, la voix prépondérante de %s, pour, a décidé.", " In the tie, the casting vote of %s, for, has decided."), name(r.Chair))
	default:
		fmt.Fprintf(b, pick(" À égalité, la voix prépondérante de %s, contre, a décidé.", " In the tie, the casting vote of %s, against, has decided."), name(r.Chair))
	}
}

// picker returns a function that picks the French words for "fr", and otherwise the English ones.
func picker(lang string) func(fr, en string) string {
	return func(fr, en string) string {
		if lang == "fr" {
			return fr
		}
		return en
	}
}

// Words are how ids and times are written in an explanation. The zero Words write an id as it is, and a time in UTC as RFC 3339 says.
type Words struct {
	Name func(id string) string   // of an elector, person or option, or the hash of a text
	Time func(t time.Time) string // when
}

func (w Words) name(id string) string {
	if w.Name == nil {
		return id
	}
	return w.Name(id)
}

func (w Words) time(t time.Time) string {
	if w.Time == nil {
		return t.UTC().Format(time.RFC3339)
	}
	return w.Time(t)
}

// listed joins the names of things.
func listed(ids []string, name func(id string) string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = name(id)
	}
	return strings.Join(names, ", ")
}

// explainAside says who has stepped aside.
func explainAside(b *strings.Builder, aside []string, pick func(fr, en string) string, name func(id string) string) {
	if len(aside) > 0 {
		fmt.Fprintf(b, pick(" Se sont retirés : %s.", " Stepped aside: %s."), listed(aside, name))
	}
}

func met(fr, yes bool) string {
	switch {
	case fr && yes:
		return "atteint"
	case fr:
		return "non atteint"
	case yes:
		return "met"
	}
	return "not met"
}

func (q QuorumOf) label(fr bool) string {
	switch {
	case q == QuorumFor && fr:
		return "voix pour"
	case q == QuorumFor:
		return "votes for"
	case q == QuorumForAbstain && fr:
		return "voix pour et abstentions"
	case q == QuorumForAbstain:
		return "votes for and abstentions"
	case fr:
		return "voix exprimées, abstentions comprises"
	}
	return "ballots, abstentions included"
}

func (b Base) label(fr bool) string {
	switch {
	case b == OfForAndAgainst && fr:
		return "pour et contre"
	case b == OfForAndAgainst:
		return "for and against"
	case b == OfCast && fr:
		return "tous les bulletins"
	case b == OfCast:
		return "all ballots"
	case fr:
		return "tout le corps électoral"
	}
	return "the whole electorate"
}
