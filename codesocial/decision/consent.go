package decision

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Stage is where a decision by consent stands.
type Stage string

// The stages of a decision by consent. The last four are ends.
const (
	Clarification Stage = "clarification" // questions about the proposal
	Reactions     Stage = "reactions"     // each says what it brings up
	Amending      Stage = "amending"      // the proposer improves the text
	Objections    Stage = "objections"    // each consents, stands aside, or objects, to one text
	Integration   Stage = "integration"   // objections are worked into a new text
	Agreed        Stage = "agreed"
	Withdrawn     Stage = "withdrawn" // by the proposer
	Dropped       Stage = "dropped"   // no agreement after the last round
	ToVote        Stage = "to-vote"   // no agreement after the last round, and the rule says to vote
)

// An ActKind is what somebody does in a decision by consent.
type ActKind string

// The acts of a decision by consent.
const (
	Advance  ActKind = "advance"  // the facilitator goes on to the next stage
	Amend    ActKind = "amend"    // the proposer gives another text: a new round begins, answers are void, objections stand
	Agree    ActKind = "consent"  // an elector has no objection to the text of this round
	Aside    ActKind = "aside"    // an elector stands aside: heard, neither for nor against
	Object   ActKind = "object"   // an elector objects, with a reason and a criterion
	Test     ActKind = "test"     // the facilitator finds that an objection has no argument; whether it is right is not asked
	Retract  ActKind = "retract"  // who objected takes it back
	Confirm  ActKind = "confirm"  // who objected, or the proposer, finds the objection integrated in the present text
	Close    ActKind = "close"    // the facilitator closes the round: the answers decide
	Withdraw ActKind = "withdraw" // the proposer takes the proposal back
)

// Role says who may do an act.
type role string

const (
	facilitator role = "facilitator"
	proposer    role = "proposer"
	elector     role = "elector"
	objector    role = "objector"
	either      role = "objector, proposer"
)

// A step is one line of the table of what may happen where. Where several ends are named, the answers decide.
type step struct {
	from []Stage
	act  ActKind
	by   role
	to   []Stage // none: the stage stays
}

// steps is the whole procedure; everything that it does not name is refused.
var steps = []step{
	{[]Stage{Clarification}, Advance, facilitator, []Stage{Reactions}},
	{[]Stage{Reactions}, Advance, facilitator, []Stage{Amending}},
	{[]Stage{Amending}, Advance, facilitator, []Stage{Objections}},
	{[]Stage{Amending}, Amend, proposer, nil},
	{[]Stage{Objections, Integration}, Amend, proposer, []Stage{Objections}},
	{[]Stage{Objections}, Agree, elector, nil},
	{[]Stage{Objections}, Aside, elector, nil},
	{[]Stage{Objections}, Object, elector, nil},
	{[]Stage{Objections, Integration}, Test, facilitator, nil},
	{[]Stage{Objections, Integration}, Retract, objector, nil},
	{[]Stage{Objections, Integration}, Confirm, either, nil},
	{[]Stage{Objections}, Close, facilitator, []Stage{Agreed, Integration, Dropped, ToVote}},
	{[]Stage{Integration}, Advance, facilitator, []Stage{Objections}},
	{[]Stage{Clarification, Reactions, Amending, Objections, Integration}, Withdraw, proposer, []Stage{Withdrawn}},
}

// A Criterion is why an objection is one, and not a preference.
type Criterion string

// The criteria: an objection names at least one.
const (
	HarmsPurpose Criterion = "harms-purpose" // it harms what the community is for, or its capacity to do it
	HarmsRole    Criterion = "harms-role"    // it keeps the objector from doing what its role asks
	Irreversible Criterion = "irreversible"  // it is not safe to try: the harm would come before one can adapt
	BreaksRules  Criterion = "breaks-rules"  // it breaks the charter
)

// Limits on a decision by consent.
const (
	MaxRounds      = 100
	MaxObjections  = 100 // of one elector
	MaxReasonBytes = 10_000
)

// A ConsentRule says how a community decides by consent. Its JSON form is that of the parameters of a rule in a charter.
type ConsentRule struct {
	// Quorum is the share of the electorate, by weight, that must have answered in the round that decides.
	Quorum Fraction `json:"quorum"`
	// Silence says what it means not to have answered when a round is closed: nothing, or agreement
	// ([SilenceFor]), which then counts towards the quorum.
	Silence Silence `json:"silence,omitempty"`
	// RoundHours is how long at least a round stays open for answers, counted from its beginning.
	RoundHours int `json:"roundHours,omitempty"`
	// MaxRounds is how many rounds may end with an open objection, from 1 to [MaxRounds]; after the last, the
	// proposal is dropped, or goes to the vote if Vote is set.
	MaxRounds int  `json:"maxRounds"`
	Vote      bool `json:"vote,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] unless the rule makes sense.
func (r *ConsentRule) Validate() error {
	if !r.Quorum.valid() || r.Quorum.Num == 0 {
		return refuse(ErrInvalid, "quorum", r.Quorum.String(), "must be a share up to 1/1, and more than nothing")
	}
	if r.Silence != SilenceNothing && r.Silence != SilenceFor {
		return refuse(ErrInvalid, "silence", string(r.Silence), "must be for, or absent")
	}
	if r.RoundHours < 0 || r.RoundHours > MaxExtensionHours {
		return refuse(ErrInvalid, "roundHours", strconv.Itoa(r.RoundHours), "must be from 0 to %d", MaxExtensionHours)
	}
	if r.Silence == SilenceFor && r.RoundHours == 0 {
		return refuse(ErrInvalid, "roundHours", "0", "where silence is agreement there must be time to speak")
	}
	if r.MaxRounds < 1 || r.MaxRounds > MaxRounds {
		return refuse(ErrInvalid, "maxRounds", strconv.Itoa(r.MaxRounds), "must be from 1 to %d", MaxRounds)
	}
	return nil
}

// An Act is one step that somebody takes.
type Act struct {
	Kind  ActKind
	Actor string
	At    time.Time // not before the act before it
	// Text names the text (by its hash): the new one of Amend, the one that Agree, Aside, Object and Confirm are about.
	Text string
	// Objection is the number of the objection that Test, Retract and Confirm are about, from 1.
	Objection int
	Reason    string // of Object, and of Test: why there is no argument
	Criterion Criterion
}

// An ObjectionState says what has become of an objection.
type ObjectionState string

// What can become of an objection. Only one that is raised stands in the way.
const (
	Raised     ObjectionState = "raised"
	Dismissed  ObjectionState = "dismissed"  // it had no argument
	Retracted  ObjectionState = "retracted"  // its author took it back
	Integrated ObjectionState = "integrated" // its author and the proposer found it met by a later text
)

// An Objection is what an elector has against a text.
type Objection struct {
	Number    int // from 1
	Author    string
	Text      string // the text that it was raised against
	Reason    string
	Criterion Criterion
	State     ObjectionState
	Finding   string // why it was dismissed

	byAuthor, byProposer bool // who has confirmed that the present text integrates it
}

// A Consent is a decision by consent: a proposal that is adopted when nobody has a reasoned objection to it. It
// is a fold over acts; the same acts always lead to the same place. The zero Consent is not ready, see [NewConsent].
// It is not safe for concurrent use.
type Consent struct {
	voices
	rule                  ConsentRule
	proposer, facilitator string

	stage      Stage
	text       string
	round      int // rounds begun
	failed     int // rounds closed with an open objection
	began, now time.Time
}

// NewConsent opens a decision on the text (named by its hash), put forward by the proposer and led by the
// facilitator; neither needs to be an elector. They must be two. The errors wrap [ErrInvalid].
func NewConsent(rule ConsentRule, electorate *Electorate, proposer, facilitator, text string, at time.Time) (*Consent, error) {
	if err := rule.Validate(); err != nil {
		return nil, err
	}
	if electorate == nil || electorate.Len() == 0 {
		return nil, refuse(ErrInvalid, "electorate", "", "must have somebody in it")
	}
	if proposer == "" || facilitator == "" || proposer == facilitator {
		return nil, refuse(ErrInvalid, "facilitator", facilitator, "must be somebody other than the proposer, %q", proposer)
	}
	if text == "" || len(text) > MaxIDBytes {
		return nil, refuse(ErrInvalid, "text", text, "must have from 1 to %d bytes", MaxIDBytes)
	}
	return &Consent{voices: voices{electorate: electorate}, rule: rule, proposer: proposer, facilitator: facilitator, stage: Clarification, text: text, now: at}, nil
}

// Stage returns where the decision stands.
func (c *Consent) Stage() Stage { return c.stage }

// Text returns the text as it stands.
func (c *Consent) Text() string { return c.text }

// Round returns how many rounds have begun.
func (c *Consent) Round() int { return c.round }

// Apply takes a step, or returns why not and changes nothing. The errors wrap [ErrState], [ErrRole],
// [ErrNotElector], [ErrOpen], [ErrInvalid] or [ErrLimit].
func (c *Consent) Apply(a Act) error {
	o, next, err := c.plan(&a)
	if err == nil {
		c.fold(&a, o, next)
	}
	return err
}

// Check returns nil if the step can be taken, and changes nothing. The errors are those of [Consent.Apply].
func (c *Consent) Check(a Act) error {
	_, _, err := c.plan(&a)
	return err
}

// plan returns the objection that an act is about, if any, and the stage that it leads to.
func (c *Consent) plan(a *Act) (*Objection, Stage, error) {
	if a.At.Before(c.now) {
		return nil, "", refuse(ErrInvalid, "act", string(a.Kind), "at %s, before the one before it", a.At.UTC().Format(time.RFC3339Nano))
	}
	i := slices.IndexFunc(steps, func(s step) bool { return s.act == a.Kind && slices.Contains(s.from, c.stage) })
	if i < 0 {
		return nil, "", refuse(ErrState, "act", string(a.Kind), "has no place in stage %s", c.stage)
	}
	o, err := c.check(&steps[i], a)
	if err != nil {
		return nil, "", err
	}
	next := c.stage
	if len(steps[i].to) > 0 {
		next = steps[i].to[0]
	}
	if a.Kind == Close {
		if next, err = c.outcome(a.At); err != nil {
			return nil, "", err
		}
	}
	return o, next, nil
}

// check checks who acts and on what, and returns the objection that the act is about.
func (c *Consent) check(s *step, a *Act) (*Objection, error) {
	var o *Objection
	if a.Kind == Test || a.Kind == Retract || a.Kind == Confirm {
		var err error
		if o, err = c.raised(a.Objection); err != nil {
			return nil, err
		}
	}
	allowed := false
	switch s.by {
	case facilitator:
		allowed = a.Actor == c.facilitator
	case proposer:
		allowed = a.Actor == c.proposer
	case objector:
		allowed = a.Actor == o.Author
	case either:
		allowed = a.Actor == o.Author || a.Actor == c.proposer
	default:
		if c.electorate.Weight(a.Actor) == 0 {
			return nil, c.electorate.refuse("actor", a.Actor)
		}
		allowed = true
	}
	if !allowed {
		return nil, refuse(ErrRole, "actor", a.Actor, "%s takes the %s", a.Kind, s.by)
	}
	return o, c.checkContent(a, o)
}

// checkContent checks what an act says.
func (c *Consent) checkContent(a *Act, o *Objection) error {
	switch a.Kind {
	case Agree, Aside, Object, Confirm:
		if a.Text != c.text {
			return refuse(ErrInvalid, "text", a.Text, "the text of this round is %s", c.text)
		}
	case Amend:
		if a.Text == "" || len(a.Text) > MaxIDBytes || a.Text == c.text {
			return refuse(ErrInvalid, "text", a.Text, "must be another one, of up to %d bytes", MaxIDBytes)
		}
	}
	if a.Kind == Confirm && o.Text == c.text {
		return refuse(ErrState, "objection", strconv.Itoa(o.Number), "the text is still the one it was raised against")
	}
	return c.checkWords(a)
}

// outcome returns where the closing of the round leads.
func (c *Consent) outcome(at time.Time) (Stage, error) {
	if until := c.began.Add(time.Duration(c.rule.RoundHours) * time.Hour); at.Before(until) {
		return "", refuse(ErrOpen, "round", strconv.Itoa(c.round), "is open until %s", until.UTC().Format(time.RFC3339))
	}
	if c.open() > 0 {
		switch {
		case c.failed+1 < c.rule.MaxRounds:
			return Integration, nil
		case c.rule.Vote:
			return ToVote, nil
		}
		return Dropped, nil
	}
	heard, agreed, silent := c.heard()
	if c.rule.Silence == SilenceFor {
		heard, agreed = heard+silent, agreed+silent
	}
	if c.rule.Quorum.compare(heard, c.electorate.Total()) < 0 || agreed == 0 {
		return "", refuse(ErrOpen, "round", strconv.Itoa(c.round), "%d of %d have answered, %d of them consent; the quorum is %s", heard, c.electorate.Total(), agreed, c.rule.Quorum)
	}
	return Agreed, nil
}

// fold takes a checked step.
func (c *Consent) fold(a *Act, o *Objection, next Stage) {
	began := next == Objections && c.stage != Objections
	switch a.Kind {
	case Amend:
		c.text = a.Text
		for i := range c.objections {
			c.objections[i].byAuthor, c.objections[i].byProposer = false, false
		}
		began = next == Objections
	case Agree, Aside, Object:
		c.answer(a)
	case Test, Retract:
		o.settle(a)
	case Confirm:
		o.byAuthor = o.byAuthor || a.Actor == o.Author
		o.byProposer = o.byProposer || a.Actor == c.proposer
		if o.byAuthor && o.byProposer {
			o.State = Integrated
		}
	case Close:
		if next != Agreed {
			c.failed++
		}
	}
	if began {
		c.round, c.began, c.answers = c.round+1, a.At, make(map[string]ActKind)
	}
	c.stage, c.now = next, a.At
}

// Explain says where the decision stands in words, in French for "fr" and otherwise in English.
func (c *Consent) Explain(lang string) string { return c.ExplainWith(lang, Words{}) }

// ExplainWith is Explain in other words for ids and times.
func (c *Consent) ExplainWith(lang string, words Words) string {
	name := words.name
	pick := picker(lang)
	heard, agreed, silent := c.heard()
	var b strings.Builder
	b.WriteString(map[Stage]string{
		Clarification: pick("Clarification.", "Clarification."),
		Reactions:     pick("Ressentis.", "Reactions."),
		Amending:      pick("Bonification.", "Amending."),
		Objections:    pick("Tour d'objections.", "Round of objections."),
		Integration:   pick("Levée des objections.", "Integration of objections."),
		Agreed:        pick("Adopté par consentement.", "Adopted by consent."),
		Withdrawn:     pick("Retiré par qui l'a proposé.", "Withdrawn by its proposer."),
		Dropped:       pick("Abandonné : des objections demeurent après le dernier tour.", "Dropped: objections remain after the last round."),
		ToVote:        pick("Porté au vote : des objections demeurent après le dernier tour.", "Goes to the vote: objections remain after the last round."),
	}[c.stage])
	if c.round == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, pick(" Tour %d, texte %s : %d sur %d ont répondu, dont %d consentent ; %d sans réponse ; quorum %s.", " Round %d, text %s: %d of %d have answered, %d of them consent; %d silent; quorum %s."),
		c.round, name(c.text), heard, c.electorate.Total(), agreed, silent, c.rule.Quorum)
	if c.rule.Silence == SilenceFor {
		b.WriteString(pick(" Le silence vaut accord.", " Silence counts as agreement."))
	}
	explainObjections(&b, c.objections, pick, name)
	return b.String()
}

// Clone returns a decision at the same place that goes its own way from here.
func (c *Consent) Clone() *Consent {
	d := *c
	d.voices = c.voices.clone()
	return &d
}
