package codesocial

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Matter is what a decision is about. Two decisions are about the same matter when both members are equal.
type Matter struct {
	// Kind says what is decided: the package whose act needs the decision, a dot, a word, as in
	// "codesocial.amendment". The rule that applies is found by it.
	Kind string `json:"kind"`
	// Ref names just what is decided: the hash of a text, an IRI, the id of a record. In a decision by consent, an amendment
	// puts another reference in its place.
	Ref string `json:"ref"`
}

// String names the matter in a message.
func (m Matter) String() string { return m.Kind + " " + m.Ref }

func (m Matter) check() error {
	if !isKind(m.Kind) {
		return bad(ErrInvalid, "matter.kind", m.Kind, "must be a package, a dot and a word, as in codesocial.amendment")
	}
	return checkRef("matter.ref", m.Ref)
}

// checkRef checks what names a text or thing: one short line.
func checkRef(field, ref string) error {
	if len(ref) > MaxIRIBytes {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(ref), MaxIRIBytes)
	}
	return checkLine(field, ref)
}

// A Recusal says that a party stands aside from a decision, and why.
type Recusal struct {
	Party  string `json:"party"`
	Reason string `json:"reason"` // up to [MaxReasonBytes]; kept for ever: let it name nobody
}

// Limits on a decision.
const (
	MaxRecusals = 10_000
	MaxConcerns = 100
)

// An Opening opens a decision. What its last five fields hold follows from the others and from what is recorded before;
// [State.DraftDecision] sets them.
type Opening struct {
	Matter Matter `json:"matter"`
	// Title asks the question in one line, Text says it in full, in at least one language; Text may be left out. Both are kept
	// for ever: who could ask for erasure is called by an IRI in Matter or Concerns, not by name.
	Title Text `json:"title"`
	Text  Text `json:"text,omitempty"`
	// Proposer is the IRI of the member who puts the matter forward; Facilitator that of the party that leads a decision by
	// consent, another one, or an election without candidates; empty in a vote or an election among options.
	Proposer    string `json:"proposer"`
	Facilitator string `json:"facilitator,omitempty"`
	// Options are what an election is between, in the order in which they are shown: the IRIs of
	// parties, or words. In an election without candidates, the IRIs of those who can be elected; none: every elector. Absent elsewhere.
	Options []string `json:"options,omitempty"`
	// Concerns are the IRIs of the parties whose own case it is: they do not decide on it, nor who speaks for them, nor those
	// they speak for. A party that the matter itself names is among them without being listed.
	Concerns []string `json:"concerns,omitempty"`
	// Recusals are of those who stand aside for another reason. Concerns and Recusals are the word of who proposes, and the page of the decision says so: a vote cannot
	// tell whether somebody was put aside to win it. Where much hangs on it, what acts on the decision looks at who was: package mediation lets nobody be excluded by one that
	// set aside more than had a conflict of interest.
	Recusals []Recusal `json:"recusals,omitempty"`
	// At is when the decision is opened: the version in force and the members of that day, in the time zone of that
	// version, are those of the decision. It is recorded within [MaxDelay], unless the rule gives nobody time. From Opens on one can vote or act; in a vote or election, until Closes.
	// UTC, to the millisecond.
	At     time.Time `json:"at"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes,omitzero"`
	// Until is the last day on which what is adopted has effect, such as the end of a term; zero for no end.
	Until Date `json:"until,omitzero"`
	// Seed says in words where the seed comes from if lots are drawn, such as a public lottery after the closing.
	Seed string `json:"seed,omitempty"`
	// Offices are the ballot offices, where ballots are secret: as many as the rule says, each with keys that no other decision has. Absent elsewhere.
	Offices []BallotOffice `json:"offices,omitempty"`

	Clause     ClauseRef  `json:"clause"`             // the rule, in the version that was in force
	Electorate string     `json:"electorate"`         // see [decision.Electorate.Hash]
	Chair      string     `json:"chair,omitempty"`    // the IRI of who has the casting vote, see [CastingVote]; absent for nobody
	Aside      []string   `json:"aside,omitempty"`    // the IRIs of all who do not decide, in alphabetical order
	Colleges   [][]string `json:"colleges,omitempty"` // the IRIs of the members of each college, where there are some
}

// ID returns the id of the decision, and of the record that opens it: a UUID of version 5 over the matter and the
// instant of the opening.
func (o *Opening) ID() uuid.UUID {
	return recordID(KindDecision, o.Matter.Kind, o.Matter.Ref, instant(o.At).Format(time.RFC3339Nano))
}

// instant returns t as records keep it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// checkInstant checks that a time is written as records keep it.
func checkInstant(field string, t time.Time) error {
	if t.Location() != time.UTC || !t.Equal(instant(t)) || t.Year() < 1 || t.Year() > 9999 {
		return bad(ErrInvalid, field, t.Format(time.RFC3339Nano), "must be UTC, to the millisecond")
	}
	return nil
}

// MaxDelay is how long before its recording an opening, a ballot or an act of a decision can be dated at most: what others have time for does not begin before they can know of it. Only
// a decision whose rule gives nobody time, neither notice nor days nor hours, can be recorded as a whole after it was taken, as an assembly takes it in a room.
const MaxDelay = time.Hour

// checkRecorded refuses what is dated after its recording by more than a minute, by which clocks may differ: nobody can let the time of a decision pass by
// writing a date.
func checkRecorded(at time.Time, r *journal.Record) error {
	if at.After(r.Time.Add(time.Minute)) {
		return bad(ErrInvalid, "at", at.Format(time.RFC3339), "is after its recording, %s", r.Time.UTC().Format(time.RFC3339))
	}
	return nil
}

// late reports whether something was recorded long after it is dated.
func late(at time.Time, r *journal.Record) bool { return at.Before(r.Time.Add(-MaxDelay)) }

// checkStep refuses a ballot or act that is dated after its recording, or long before. A ballot is recorded while one can vote: who knows how a vote ended does not vote
// in it any more.
func (p *proceeding) checkStep(at time.Time, r *journal.Record) error {
	if p.late {
		return checkRecorded(at, r)
	}
	if late(at, r) {
		return p.ruled(bad(ErrRefused, "at", at.Format(time.RFC3339), "is more than an hour before its recording, %s", r.Time.UTC().Format(time.RFC3339)))
	}
	if p.count != nil || p.election != nil {
		if end := p.ends(); at.Before(end) && r.Time.After(end.Add(time.Minute)) {
			return p.ruled(bad(ErrRefused, "at", at.Format(time.RFC3339), "was recorded at %s: one could vote until %s", r.Time.UTC().Format(time.RFC3339), end.Format(time.RFC3339)))
		}
	}
	return checkRecorded(at, r)
}

// givesTime reports whether the rule gives those who decide, or want to object, time that must have passed.
func (r *DecisionRule) givesTime() bool {
	return r.Notice > 0 || r.Days > 0 || r.SealedHours > 0 || r.Secret != nil || r.Consent != nil && r.Consent.RoundHours > 0
}

// check checks what can be seen on the opening alone.
func (o *Opening) check() error {
	if err := o.Matter.check(); err != nil {
		return err
	}
	if err := o.Title.checkTitle("title"); err != nil {
		return err
	}
	if len(o.Text) > 0 {
		if err := o.Text.checkText("text"); err != nil {
			return err
		}
	}
	if err := checkIRI("proposer", o.Proposer); err != nil {
		return err
	}
	if err := checkIRIs("concerns", o.Concerns, MaxConcerns, ""); err != nil {
		return err
	}
	if len(o.Recusals) > MaxRecusals || len(o.Options) > decision.MaxOptions {
		return badly(ErrLimit, "recusals and options", "there are %d and %d, the limits are %d and %d", len(o.Recusals), len(o.Options), MaxRecusals, decision.MaxOptions)
	}
	for i, r := range o.Recusals {
		if err := checkIRI(at("recusals", i)+".party", r.Party); err != nil {
			return err
		}
		if err := checkReason(at("recusals", i)+".reason", r.Reason); err != nil {
			return err
		}
	}
	for i, option := range o.Options {
		if err := checkRef(at("options", i), option); err != nil {
			return err
		}
	}
	if o.Seed != "" {
		if err := checkReason("seed", o.Seed); err != nil {
			return err
		}
	}
	if err := o.checkOffices(); err != nil {
		return err
	}
	if !o.Until.IsZero() && o.Until.check() != nil {
		return bad(ErrInvalid, "until", o.Until.String(), "must be a day of the calendar")
	}
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"at", o.At}, {"opens", o.Opens}, {"closes", o.Closes}} {
		if t.at.IsZero() && t.field == "closes" {
			continue
		}
		if err := checkInstant(t.field, t.at); err != nil {
			return err
		}
	}
	if o.Opens.Before(o.At) {
		return bad(ErrInvalid, "opens", o.Opens.Format(time.RFC3339), "is before %s, when the decision is opened", o.At.Format(time.RFC3339))
	}
	return nil
}

// checkReason checks words that say why.
func checkReason(field, reason string) error {
	if len(reason) > MaxReasonBytes {
		return badly(ErrLimit, field, "has %d bytes, the limit is %d", len(reason), MaxReasonBytes)
	}
	if strings.TrimSpace(reason) == "" {
		return badly(ErrInvalid, field, "must be given")
	}
	return checkProse(field, reason)
}

// A Verdict is how a decision ended.
type Verdict string

// How a decision can end. Only what is adopted has effect.
const (
	Undecided Verdict = ""          // it has not been closed
	Carried   Verdict = "adopted"   // agreed to by consent, adopted by vote, or an option is chosen
	Defeated  Verdict = "rejected"  // rejected by vote, or no option is chosen
	Inquorate Verdict = "no-quorum" // too few voted: nothing is decided
	Retracted Verdict = "withdrawn" // taken back by who proposed it
	Dropped   Verdict = "dropped"   // objections remained after the last round
)

// Label returns the word for the verdict in French and English, to be shown to members.
func (v Verdict) Label() Text {
	return map[Verdict]Text{
		Undecided: {"fr": "en cours", "en": "under way"},
		Carried:   {"fr": "adopté", "en": "adopted"},
		Defeated:  {"fr": "rejeté", "en": "rejected"},
		Inquorate: {"fr": "quorum non atteint", "en": "no quorum"},
		Retracted: {"fr": "retiré", "en": "withdrawn"},
		Dropped:   {"fr": "abandonné", "en": "dropped"},
	}[v]
}

// A Decided is a decision that has ended.
type Decided struct {
	ID         uuid.UUID // of the decision
	Matter     Matter    // as it was decided: with the reference that stood at the end
	Verdict    Verdict
	Chosen     string    // the option that an election chose
	Clause     ClauseRef // the rule by which it was decided
	Casting    string    // the IRI of who settled a tie by the casting vote; "" where there was none to settle
	Electorate string    // hash of who could decide
	On         Date      // the day of the closing, in the time zone of the version of Clause
	Until      Date      // the last day of its effect, zero for no end
	Review     Date      // the day by which it is looked at again, zero for never
	Position   uint64    // of the record that closes it
}

// InEffect reports whether something was adopted and has effect on a day.
func (d Decided) InEffect(on Date) bool {
	return d.Verdict == Carried && !on.Before(d.On) && (d.Until.IsZero() || !on.After(d.Until))
}

// Overdue reports whether what was adopted should have been looked at again before a day. It keeps its effect.
func (d Decided) Overdue(on Date) bool {
	return d.InEffect(on) && !d.Review.IsZero() && on.After(d.Review)
}

// A Decision is a decision with what has happened in it. It belongs to the caller.
type Decision struct {
	ID         uuid.UUID
	Opening    Opening
	Rule       DecisionRule
	Electorate *decision.Electorate
	Consent    *decision.Consent        // of a decision by consent
	Nomination *decision.Integrative    // of an election without candidates
	Vote       *decision.Result         // of a vote that has begun, as it stood at the last ballot, or at the end
	Election   *decision.ElectionResult // likewise of an election
	Sealed     int                      // ballots that are sealed and have not been opened
	Secret     *Secrecy                 // nil: ballots are not secret
	Acts       []Act                    // in the order in which they were recorded
	Closing    *Closing                 // nil: it has not ended
	Decided    Decided                  // with the verdict [Undecided] if it has not ended
}

// A proceeding is a decision as the state keeps it.
type proceeding struct {
	id         uuid.UUID
	opening    *Opening
	charter    *Charter
	rule       DecisionRule
	electorate *decision.Electorate

	consent    *decision.Consent
	nomination *decision.Integrative
	count      *decision.Count
	election   *decision.ElectionCount

	delegations map[string]string // frozen at the opening
	seals       map[string]string // by voter, of ballots that have not been opened
	secret      *secrecy          // nil: ballots are not secret
	now         time.Time         // of the last ballot or act
	late        bool              // opened long before its recording, under a rule that gives nobody time
	withdrawn   bool
	ballots     uint64
	acts        []Act
	closing     *Closing
	decided     Decided
}

// matter returns what is decided, as it stands.
func (p *proceeding) matter() Matter {
	m := p.opening.Matter
	if p.consent != nil {
		m.Ref = p.consent.Text()
	}
	return m
}

// ruled says that the rule of the decision refused something.
func (p *proceeding) ruled(err error) error {
	if err == nil {
		return nil
	}
	return &RuleError{Clause: p.opening.Clause, Kind: DecisionKind, Err: undecided(err)}
}

// undecided wraps an error of package decision in the sentinel of this one that says the same.
func undecided(err error) error {
	sentinel := ErrRefused
	switch {
	case err == nil:
		return nil
	case errors.Is(err, decision.ErrLimit):
		sentinel = ErrLimit
	case errors.Is(err, decision.ErrInvalid):
		sentinel = ErrInvalid
	case errors.Is(err, decision.ErrNotElector):
		sentinel = ErrNotMember
	case !slices.ContainsFunc([]error{decision.ErrEarly, decision.ErrLate, decision.ErrFinal, decision.ErrState, decision.ErrRole, decision.ErrOpen}, func(e error) bool { return errors.Is(err, e) }):
		return err // one of this package
	}
	return as(sentinel, err)
}

// Decision returns the decision with that id; false if none was opened.
func (s *State) Decision(id uuid.UUID) (Decision, bool) {
	p, ok := s.decisions[id]
	if !ok {
		return Decision{}, false
	}
	return p.snapshot(), true
}

// Decisions returns all decisions, in the order in which they were opened.
func (s *State) Decisions() iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for _, id := range s.opened {
			if !yield(s.decisions[id].snapshot()) {
				return
			}
		}
	}
}

func (p *proceeding) snapshot() Decision {
	d := Decision{ID: p.id, Opening: p.opening.clone(), Rule: p.rule.clone(), Electorate: p.electorate, Acts: slices.Clone(p.acts), Decided: p.decided, Sealed: len(p.seals)}
	if p.closing == nil {
		d.Decided = Decided{ID: p.id, Matter: p.matter(), Clause: p.opening.Clause, Electorate: p.opening.Electorate}
	}
	if p.secret != nil {
		d.Secret = p.secret.snapshot(p.rule.Secret.Least)
	}
	begun := d.Secret == nil || !d.Secret.TooFew
	at := p.now
	if d.Closing = copied(p.closing); d.Closing != nil {
		at = d.Closing.At
	}
	if p.consent != nil {
		d.Consent = p.consent.Clone()
	}
	if p.nomination != nil {
		d.Nomination = p.nomination.Clone()
	}
	if p.count != nil && begun {
		d.Vote = p.count.Result(at)
	}
	if p.election != nil && begun {
		seed := ""
		if p.closing != nil {
			seed = p.closing.Seed
		}
		d.Election, _ = p.election.Result(seed, at) // counted before, when it was closed
	}
	return d
}

func (o *Opening) clone() Opening {
	c := *o
	c.Title, c.Text = o.Title.clone(), o.Text.clone()
	c.Options, c.Concerns, c.Recusals = slices.Clone(o.Options), slices.Clone(o.Concerns), slices.Clone(o.Recusals)
	c.Colleges, c.Aside, c.Offices = slices.Clone(o.Colleges), slices.Clone(o.Aside), cloneOffices(o.Offices)
	for i := range c.Colleges {
		c.Colleges[i] = slices.Clone(c.Colleges[i])
	}
	return c
}

// Adopted returns the decision that adopted exactly this matter, the last one if there are several; false if none has.
func (s *State) Adopted(m Matter) (Decided, bool) {
	id, ok := s.adoptedMatters[m]
	if !ok {
		return Decided{}, false
	}
	return s.decisions[id].decided, true
}

// RequireDecision returns nil when no clause of the version names this kind of matter as one to be decided, or when exactly this
// matter has been adopted by a decision that has effect on that day. Otherwise the error is a *[RuleError] that wraps [ErrRefused] and
// names the clause.
func (s *State) RequireDecision(c *Charter, m Matter, on Date) error {
	rule, clause, err := c.DecisionRule(m.Kind)
	if errors.Is(err, ErrNoRule) || err == nil && !rule.names(m.Kind) {
		return nil
	}
	if err != nil {
		return err
	}
	if d, ok := s.Adopted(m); ok && d.InEffect(on) {
		return nil
	}
	return &RuleError{Clause: clause, Kind: DecisionKind, Err: bad(ErrRefused, "matter", m.String(), "no decision in effect on %s has adopted it", on)}
}
