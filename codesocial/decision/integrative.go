package decision

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The stages of an election without candidates. It ends in [Elected], [Dropped] or [Withdrawn].
const (
	Nominating Stage = "nominating" // each names somebody, with a reason
	Changing   Stage = "changing"   // having heard the reasons, each may name somebody else
	Proposing  Stage = "proposing"  // the facilitator proposes one of those named, with a reason
	Asking     Stage = "asking"     // each consents, stands aside, or objects; who is proposed accepts or declines
	Elected    Stage = "elected"
)

// The acts that only an election without candidates knows. In all acts of one, Act.Text names the person.
const (
	Nominate ActKind = "nominate" // an elector names somebody, with a reason; a second time replaces the first
	Propose  ActKind = "propose"  // the facilitator proposes somebody, with a reason: a round begins, former objections are void
	Accept   ActKind = "accept"   // who is proposed accepts
	Decline  ActKind = "decline"  // who is proposed declines, and is not proposed again
)

// Lapsed is what becomes of an objection when somebody else is proposed, or the same person in other words.
const Lapsed ObjectionState = "lapsed"

const (
	candidate role = "candidate"
)

// integrativeSteps is the whole procedure; everything that it does not name is refused.
var integrativeSteps = []step{
	{[]Stage{Nominating, Changing}, Nominate, elector, nil},
	{[]Stage{Nominating}, Advance, facilitator, []Stage{Changing}},
	{[]Stage{Changing}, Advance, facilitator, []Stage{Proposing}},
	{[]Stage{Proposing}, Propose, facilitator, []Stage{Asking}},
	{[]Stage{Asking}, Agree, elector, nil},
	{[]Stage{Asking}, Aside, elector, nil},
	{[]Stage{Asking}, Object, elector, nil},
	{[]Stage{Asking}, Test, facilitator, nil},
	{[]Stage{Asking}, Retract, objector, nil},
	{[]Stage{Asking}, Accept, candidate, nil},
	{[]Stage{Asking}, Decline, candidate, []Stage{Proposing}},
	{[]Stage{Asking}, Close, facilitator, []Stage{Elected, Proposing, Dropped}},
	{[]Stage{Nominating, Changing, Proposing, Asking}, Withdraw, proposer, []Stage{Withdrawn}},
}

// An IntegrativeRule says how a community elects without candidates. Its JSON form is that of the parameters of a rule in a charter.
type IntegrativeRule struct {
	// Quorum is the share of the electorate, by weight, that must have nominated before the nominations can change, and that
	// must have answered in the round that decides.
	Quorum Fraction `json:"quorum"`
	// MaxRounds is how many rounds may end without an election, from 1 to [MaxRounds]; after the last the election is dropped.
	MaxRounds int `json:"maxRounds"`
	// Most asks the facilitator to propose one of those who have the most nominations, by weight, of all who have not
	// declined or met an objection; of equals, whom the reasons speak for. Otherwise the reasons alone decide whom to propose.
	Most bool `json:"most,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] unless the rule makes sense.
func (r *IntegrativeRule) Validate() error {
	if !r.Quorum.valid() || r.Quorum.Num == 0 {
		return refuse(ErrInvalid, "quorum", r.Quorum.String(), "must be a share up to 1/1, and more than nothing")
	}
	if r.MaxRounds < 1 || r.MaxRounds > MaxRounds {
		return refuse(ErrInvalid, "maxRounds", strconv.Itoa(r.MaxRounds), "must be from 1 to %d", MaxRounds)
	}
	return nil
}

// A Nomination is whom an elector names, and why.
type Nomination struct {
	Elector, Candidate, Reason string
	Changed                    bool // after the reasons of the others had been heard
}

// An Integrative is an election without candidates (élection sans candidat): nobody runs; electors name whom they trust with the
// role, hear each other's reasons, may change their mind, and consent to the person that the facilitator proposes. It is a
// fold over acts, like [Consent]. The zero Integrative is not ready, see [NewIntegrative]. It is not safe for concurrent use.
type Integrative struct {
	voices
	rule                  IntegrativeRule
	eligible              map[string]bool
	proposer, facilitator string

	stage       Stage
	nominations map[string]Nomination // by elector
	out         map[string]bool       // who has declined, or met an objection in a round that failed
	declined    map[string]bool
	proposed    string
	because     string // why
	accepted    bool
	round       int
	failed      int
	now         time.Time
}

// NewIntegrative opens an election without candidates, called for by the proposer and led by the facilitator, who may be
// the same. eligible lists who can be named; the facilitator cannot propose itself. The errors wrap [ErrInvalid].
func NewIntegrative(rule IntegrativeRule, electorate *Electorate, eligible []string, proposer, facilitator string, at time.Time) (*Integrative, error) {
	if err := rule.Validate(); err != nil {
		return nil, err
	}
	if electorate == nil || electorate.Len() == 0 {
		return nil, refuse(ErrInvalid, "electorate", "", "must have somebody in it")
	}
	if proposer == "" || facilitator == "" {
		return nil, refuse(ErrInvalid, "facilitator", facilitator, "proposer and facilitator must be given")
	}
	if len(eligible) == 0 || len(eligible) > MaxElectors {
		return nil, refuse(ErrInvalid, "eligible", strconv.Itoa(len(eligible)), "must be from 1 to %d", MaxElectors)
	}
	e := &Integrative{
		voices: voices{electorate: electorate}, rule: rule, eligible: make(map[string]bool, len(eligible)), proposer: proposer, facilitator: facilitator,
		stage: Nominating, nominations: make(map[string]Nomination), out: make(map[string]bool), declined: make(map[string]bool), now: at,
	}
	for _, id := range eligible {
		if id == "" || len(id) > MaxIDBytes || e.eligible[id] {
			return nil, refuse(ErrInvalid, "eligible", id, "must have from 1 to %d bytes, and be there once", MaxIDBytes)
		}
		e.eligible[id] = true
	}
	return e, nil
}

// Clone returns an election at the same place that goes its own way from here.
func (e *Integrative) Clone() *Integrative {
	d := *e
	d.voices = e.voices.clone()
	d.nominations, d.out, d.declined = maps.Clone(e.nominations), maps.Clone(e.out), maps.Clone(e.declined)
	return &d
}

// Stage returns where the election stands.
func (e *Integrative) Stage() Stage { return e.stage }

// Proposed returns who is proposed, or, in the end, elected; "" for nobody.
func (e *Integrative) Proposed() string { return e.proposed }

// Nominations returns the nominations as they stand, in the order of the electors.
func (e *Integrative) Nominations() []Nomination {
	list := make([]Nomination, 0, len(e.nominations))
	for _, id := range slices.Sorted(maps.Keys(e.nominations)) {
		list = append(list, e.nominations[id])
	}
	return list
}

// Tallies returns the weight of the nominations of each who is named, most first, equals in alphabetical order.
func (e *Integrative) Tallies() []Tally {
	votes := make(map[string]int64)
	for elector, n := range e.nominations { // sums do not depend on the order
		votes[n.Candidate] += e.electorate.Weight(elector)
	}
	list := make([]Tally, 0, len(votes))
	for id, n := range votes {
		list = append(list, Tally{id, n})
	}
	slices.SortFunc(list, func(a, b Tally) int { return cmp.Or(cmp.Compare(b.Votes, a.Votes), cmp.Compare(a.Option, b.Option)) })
	return list
}

// Apply takes a step, or returns why not and changes nothing. The errors wrap [ErrState], [ErrRole],
// [ErrNotElector], [ErrOpen], [ErrInvalid] or [ErrLimit].
func (e *Integrative) Apply(a Act) error {
	o, next, err := e.plan(&a)
	if err == nil {
		e.fold(&a, o, next)
	}
	return err
}

// Check returns nil if the step can be taken, and changes nothing. The errors are those of [Integrative.Apply].
func (e *Integrative) Check(a Act) error {
	_, _, err := e.plan(&a)
	return err
}

func (e *Integrative) plan(a *Act) (*Objection, Stage, error) {
	if a.At.Before(e.now) {
		return nil, "", refuse(ErrInvalid, "act", string(a.Kind), "at %s, before the one before it", a.At.UTC().Format(time.RFC3339Nano))
	}
	i := slices.IndexFunc(integrativeSteps, func(s step) bool { return s.act == a.Kind && slices.Contains(s.from, e.stage) })
	if i < 0 {
		return nil, "", refuse(ErrState, "act", string(a.Kind), "has no place in stage %s", e.stage)
	}
	s := &integrativeSteps[i]
	o, err := e.check(s, a)
	if err != nil {
		return nil, "", err
	}
	next := e.stage
	if len(s.to) > 0 {
		next = s.to[0]
	}
	if a.Kind == Close {
		next, err = e.outcome()
	}
	return o, next, err
}

// check checks who acts and on what, and returns the objection that the act is about.
func (e *Integrative) check(s *step, a *Act) (o *Objection, err error) {
	if a.Kind == Test || a.Kind == Retract {
		if o, err = e.raised(a.Objection); err != nil {
			return nil, err
		}
	}
	allowed := false
	switch s.by {
	case facilitator:
		allowed = a.Actor == e.facilitator
	case proposer:
		allowed = a.Actor == e.proposer
	case objector:
		allowed = a.Actor == o.Author
	case candidate:
		allowed = a.Actor == e.proposed
	default:
		if e.electorate.Weight(a.Actor) == 0 {
			return nil, e.electorate.refuse("actor", a.Actor)
		}
		allowed = true
	}
	if !allowed {
		return nil, refuse(ErrRole, "actor", a.Actor, "%s takes the %s", a.Kind, s.by)
	}
	if err := e.checkPerson(a); err != nil {
		return nil, err
	}
	return o, e.checkWords(a)
}

// checkPerson checks whom an act is about.
func (e *Integrative) checkPerson(a *Act) error {
	switch a.Kind {
	case Agree, Aside, Object, Accept, Decline:
		if a.Text != e.proposed {
			return refuse(ErrInvalid, "candidate", a.Text, "%s is proposed", e.proposed)
		}
	case Nominate:
		if !e.eligible[a.Text] {
			return refuse(ErrInvalid, "candidate", a.Text, "cannot be elected")
		}
	case Propose:
		if a.Text == a.Actor {
			return refuse(ErrRole, "candidate", a.Text, "the facilitator does not propose itself")
		}
		return e.checkProposal(a.Text)
	case Advance:
		if e.stage != Nominating {
			return nil
		}
		var named int64
		for elector := range e.nominations { // sums do not depend on the order
			named += e.electorate.Weight(elector)
		}
		if e.rule.Quorum.compare(named, e.electorate.Total()) < 0 {
			return refuse(ErrOpen, "nominations", strconv.FormatInt(named, 10), "of %d; the quorum is %s", e.electorate.Total(), e.rule.Quorum)
		}
	}
	return nil
}

// checkProposal checks that somebody can be proposed.
func (e *Integrative) checkProposal(id string) error {
	tallies := e.Tallies()
	i := slices.IndexFunc(tallies, func(t Tally) bool { return t.Option == id })
	if i < 0 || e.declined[id] {
		return refuse(ErrInvalid, "candidate", id, "nobody has named this person, or this person has declined")
	}
	left := slices.DeleteFunc(slices.Clone(tallies), func(t Tally) bool { return e.out[t.Option] || t.Option == e.facilitator })
	if e.rule.Most && !e.out[id] && tallies[i].Votes < left[0].Votes {
		return refuse(ErrInvalid, "candidate", id, "has %d nominations, %s has %d", tallies[i].Votes, left[0].Option, left[0].Votes)
	}
	return nil
}

// outcome returns where the closing of the round leads.
func (e *Integrative) outcome() (Stage, error) {
	if e.open() > 0 {
		if e.failed+1 < e.rule.MaxRounds {
			return Proposing, nil
		}
		return Dropped, nil
	}
	heard, agreed, _ := e.heard()
	if e.rule.Quorum.compare(heard, e.electorate.Total()) < 0 || agreed == 0 {
		return "", refuse(ErrOpen, "round", strconv.Itoa(e.round), "%d of %d have answered, %d of them consent; the quorum is %s", heard, e.electorate.Total(), agreed, e.rule.Quorum)
	}
	if !e.accepted {
		return "", refuse(ErrOpen, "round", strconv.Itoa(e.round), "%s has not accepted", e.proposed)
	}
	return Elected, nil
}

// fold takes a checked step.
func (e *Integrative) fold(a *Act, o *Objection, next Stage) {
	switch a.Kind {
	case Nominate:
		e.nominations[a.Actor] = Nomination{a.Actor, a.Text, a.Reason, e.stage == Changing}
	case Propose:
		for i := range e.objections {
			if e.objections[i].State == Raised {
				e.objections[i].State = Lapsed
			}
		}
		e.proposed, e.because, e.accepted = a.Text, a.Reason, false
		e.answers = make(map[string]ActKind)
		e.round++
	case Agree, Aside, Object:
		e.answer(a)
	case Test, Retract:
		o.settle(a)
	case Accept:
		e.accepted = true
	case Decline:
		e.out[e.proposed], e.declined[e.proposed], e.proposed = true, true, ""
	case Close:
		if next != Elected {
			e.failed++
			e.out[e.proposed] = true
			e.proposed = ""
		}
	case Withdraw:
		e.proposed = ""
	}
	e.stage, e.now = next, a.At
}

// Explain says where the election stands in words, in French for "fr" and otherwise in English.
func (e *Integrative) Explain(lang string) string { return e.ExplainWith(lang, Words{}) }

// ExplainWith is Explain in other words for ids and times.
func (e *Integrative) ExplainWith(lang string, words Words) string {
	name := words.name
	pick := picker(lang)
	var b strings.Builder
	b.WriteString(map[Stage]string{
		Nominating: pick("Tour de propositions.", "Nominations."),
		Changing:   pick("Tour de modification des propositions.", "Nominations may change."),
		Proposing:  pick("Proposition par qui facilite.", "The facilitator proposes."),
		Asking:     pick("Tour d'objections.", "Round of objections."),
		Elected:    pick("Choix sans objection : ", "Elected without objection: ") + name(e.proposed) + ".",
		Withdrawn:  pick("Élection retirée.", "The election is withdrawn."),
		Dropped:    pick("Personne n'est élu : des objections demeurent après le dernier tour.", "Nobody is elected: objections remain after the last round."),
	}[e.stage])
	changed := 0
	for _, n := range e.nominations {
		if n.Changed {
			changed++
		}
	}
	for i, t := range e.Tallies() {
		if i == 0 {
			b.WriteString(pick(" Propositions :", " Nominations:"))
		} else {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, " %s %d", name(t.Option), t.Votes)
		if i == len(e.Tallies())-1 {
			fmt.Fprintf(&b, pick(", sur %d voix ; %d après modification.", ", of %d voices; %d changed after hearing the reasons."), e.electorate.Total(), changed)
		}
	}
	if e.round > 0 {
		heard, agreed, silent := e.heard()
		fmt.Fprintf(&b, pick(" Tour %d : %d sur %d ont répondu, dont %d consentent ; %d sans réponse ; quorum %s.", " Round %d: %d of %d have answered, %d of them consent; %d silent; quorum %s."),
			e.round, heard, e.electorate.Total(), agreed, silent, e.rule.Quorum)
		fmt.Fprintf(&b, pick(" Raison de la dernière proposition : %s", " Reason of the last proposal: %s"), e.because)
	}
	explainObjections(&b, e.objections, pick, name)
	return b.String()
}
