package codesocial

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Ballot is what an elector says in a vote or an election: an answer in a vote, a ranking or scores in an election; a blank ballot in an
// election has neither. The last one of an elector counts, unless the rule makes ballots final.
type Ballot struct {
	Decision uuid.UUID `json:"decision"`
	Voter    string    `json:"voter"` // IRI
	// At is when it was cast, UTC, to the millisecond.
	At      time.Time       `json:"at"`
	Answer  decision.Answer `json:"answer,omitempty"`
	Ranking [][]string      `json:"ranking,omitempty"` // see [decision.Choice]
	Scores  map[string]int  `json:"scores,omitempty"`
	// Seal stands in place of all this while ballots are sealed, and Nonce opens it after the closing: see [SealBallot].
	Seal  string `json:"seal,omitempty"`
	Nonce string `json:"nonce,omitempty"`
}

func (b *Ballot) check() error {
	if err := checkIRI("voter", b.Voter); err != nil {
		return err
	}
	if len(b.Ranking) > decision.MaxOptions || len(b.Scores) > decision.MaxOptions {
		return badly(ErrLimit, "ballot", "names more than %d options", decision.MaxOptions)
	}
	if err := b.checkSeal(); err != nil {
		return err
	}
	return checkInstant("at", b.At)
}

func (b *Ballot) choice() decision.Choice {
	return decision.Choice{Voter: b.Voter, At: b.At, Ranking: b.Ranking, Scores: b.Scores}
}

// An Act is a step that somebody takes in a decision by consent or an election without candidates, see [decision.Act]. [decision.Withdraw] takes a vote or election back too, before
// one can vote.
type Act struct {
	Decision  uuid.UUID          `json:"decision"`
	Kind      decision.ActKind   `json:"kind"`
	Actor     string             `json:"actor"`               // IRI
	At        time.Time          `json:"at"`                  // UTC, to the millisecond
	Ref       string             `json:"ref,omitempty"`       // decision.Act.Text: the reference of the matter, or the person, that the act is about, or the new one
	Text      Text               `json:"text,omitempty"`      // of [decision.Amend]: the new text in words
	Objection int                `json:"objection,omitempty"` // number, from 1
	Reason    string             `json:"reason,omitempty"`    // kept for ever: let it name nobody
	Criterion decision.Criterion `json:"criterion,omitempty"`
}

func (a *Act) check() error {
	if err := checkIRI("actor", a.Actor); err != nil {
		return err
	}
	if a.Ref != "" {
		if err := checkRef("ref", a.Ref); err != nil {
			return err
		}
	}
	if len(a.Text) > 0 {
		if err := a.Text.checkText("text"); err != nil {
			return err
		}
	}
	if a.Reason != "" {
		if err := checkReason("reason", a.Reason); err != nil {
			return err
		}
	}
	return checkInstant("at", a.At)
}

func (a *Act) step() decision.Act {
	return decision.Act{Kind: a.Kind, Actor: a.Actor, At: a.At, Text: a.Ref, Objection: a.Objection, Reason: a.Reason, Criterion: a.Criterion}
}

func (a *Act) equal(b *Act) bool {
	x, y := *a, *b
	x.Text, y.Text = nil, nil
	return maps.Equal(a.Text, b.Text) && x.step() == y.step() && x.Decision == y.Decision
}

// A Closing ends a decision. What it says follows from what is recorded before, and from the seed where lots are drawn.
type Closing struct {
	Decision uuid.UUID `json:"decision"`
	// At is when it was closed: not before one can vote no more, unless no ballot could change the outcome.
	At   time.Time `json:"at"`
	Seed string    `json:"seed,omitempty"` // what the lot is drawn with; absent where none is drawn

	Verdict Verdict `json:"verdict"`          // set by [State.DraftClosing]
	Chosen  string  `json:"chosen,omitempty"` // likewise: the option that an election chose
}

func (c *Closing) check() error {
	if c.Seed != "" {
		if err := checkRef("seed", c.Seed); err != nil {
			return err
		}
	}
	return checkInstant("at", c.At)
}

// Vote records a ballot, signed with the voter's key; nil for a voter without a registered key. The errors wrap
// [ErrInvalid], [ErrLimit], [ErrUnknown] or [ErrSignature]; where the rule refused, it is a *[RuleError] that wraps [ErrNotMember] (of the
// electorate) or [ErrRefused], and the error of package decision.
func (c *Community) Vote(ctx context.Context, b Ballot, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftBallot(b)) })
}

// Act records a step of a decision by consent or an election without candidates, signed with the actor's key; nil for an actor without a registered key. The errors are
// those of [Community.Vote].
func (c *Community) Act(ctx context.Context, a Act, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftAct(a)) })
}

// Close records how a decision ended. Whoever keeps the journal does it; there is nothing to decide in it. The errors wrap [ErrInvalid] or
// [ErrUnknown]; a *[RuleError] that wraps [ErrRefused] says that it has not ended.
func (c *Community) Close(ctx context.Context, closing Closing) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftClosing(closing) })
}

// DraftBallot decides [Community.Vote] without recording it, and without a signature: the draft may be signed elsewhere. The time of a
// decision does not run backwards: a ballot from before the one recorded last is drafted as cast at the same time. It returns no draft when the
// voter's last ballot says the same.
func (s *State) DraftBallot(b Ballot) ([]journal.Draft, error) {
	b.At = instant(b.At)
	b.Ranking, b.Scores = slices.Clone(b.Ranking), maps.Clone(b.Scores)
	for i := range b.Ranking {
		b.Ranking[i] = slices.Clone(b.Ranking[i])
	}
	err := b.check()
	p, ok := s.decisions[b.Decision]
	if err == nil && !ok {
		err = bad(ErrUnknown, "decision", b.Decision.String(), "has not been opened")
	}
	if err == nil {
		if p.says(&b) {
			return nil, nil
		}
		if b.At.Before(p.now) {
			b.At = p.now
		}
		err = p.checkBallot(&b)
	}
	if err != nil {
		return nil, errorf("ballot of %s: %w", quote(b.Voter), err)
	}
	return []journal.Draft{{
		ID: recordID(KindBallot, b.Decision.String(), b.Voter, strconv.FormatUint(p.ballots, 10)), Kind: KindBallot, Schema: schema,
		Author: s.parties[b.Voter].speaker(), Payload: b,
	}}, nil
}

// says reports whether the voter's last ballot says the same as b.
func (p *proceeding) says(b *Ballot) bool {
	switch {
	case p.seals[b.Voter] != "" || b.Seal != "":
		return p.seals[b.Voter] == b.Seal
	case p.count != nil:
		return b.Answer != "" && len(b.Ranking) == 0 && len(b.Scores) == 0 && p.count.Answer(b.Voter) == b.Answer
	case p.election != nil:
		last, ok := p.election.Choice(b.Voter)
		return ok && b.Answer == "" && slices.EqualFunc(last.Ranking, b.Ranking, slices.Equal) && maps.Equal(last.Scores, b.Scores)
	}
	return false
}

// checkBallot checks a ballot against the rule.
func (p *proceeding) checkBallot(b *Ballot) error {
	switch {
	case p.closing != nil:
		return p.ruled(bad(ErrRefused, "ballot", b.Voter, "the decision was closed at %s", p.closing.At.Format(time.RFC3339)))
	case p.withdrawn:
		return p.ruled(bad(ErrRefused, "ballot", b.Voter, "the matter has been withdrawn"))
	case p.secret != nil:
		return p.ruled(bad(ErrRefused, "ballot", b.Voter, "ballots are secret: they are cast with a credential, and without a name"))
	case p.seals != nil && (p.election != nil || p.count != nil):
		return cmp.Or(p.ruled(p.checkSealed(b)), p.can(eventBallot, b.At))
	case b.Seal != "" || b.Nonce != "":
		return p.ruled(bad(ErrInvalid, "seal", b.Seal, "ballots are not sealed"))
	}
	return cmp.Or(p.checkContent(b), p.can(eventBallot, b.At))
}

// checkContent checks what a ballot says.
func (p *proceeding) checkContent(b *Ballot) error {
	switch {
	case p.election != nil:
		if b.Answer != "" {
			return p.ruled(bad(ErrInvalid, "answer", string(b.Answer), "the decision is between options"))
		}
		return p.ruled(p.election.Check(b.choice()))
	case p.count != nil:
		if len(b.Ranking) > 0 || len(b.Scores) > 0 {
			return p.ruled(badly(ErrInvalid, "ballot", "the answer is for, against or abstain"))
		}
		return p.ruled(p.count.Check(decision.Ballot{Voter: b.Voter, At: b.At, Answer: b.Answer}))
	}
	return p.ruled(bad(ErrRefused, "ballot", b.Voter, "the decision is by consent and has not come to the vote"))
}

func (s *State) applyBallot(b *Ballot, r *journal.Record) error {
	p, ok := s.decisions[b.Decision]
	if !ok {
		return bad(ErrUnknown, "decision", b.Decision.String(), "has not been opened")
	}
	if err := cmp.Or(p.checkStep(b.At, r), p.checkBallot(b)); err != nil {
		return err
	}
	if err := p.ruled(s.checkSpoken(r, b.Voter)); err != nil {
		return err
	}
	p.take(b)
	return nil
}

// take counts a ballot that has been checked, or keeps its seal.
func (p *proceeding) take(b *Ballot) {
	if b.Seal != "" {
		p.seals[b.Voter] = b.Seal
	} else {
		counted := p.opened(b)
		if p.election != nil {
			_ = p.election.Add(counted.choice()) // checked
		} else {
			_ = p.count.Add(decision.Ballot{Voter: counted.Voter, At: counted.At, Answer: counted.Answer})
		}
		delete(p.seals, b.Voter)
	}
	p.now = b.At
	p.ballots++
}

// DraftAct decides [Community.Act] without recording it, and without a signature. It returns no draft for the act that is recorded.
func (s *State) DraftAct(a Act) ([]journal.Draft, error) {
	a.At, a.Text = instant(a.At), a.Text.clone()
	err := a.check()
	p, ok := s.decisions[a.Decision]
	if err == nil && !ok {
		err = bad(ErrUnknown, "decision", a.Decision.String(), "has not been opened")
	}
	if err == nil {
		if slices.ContainsFunc(p.acts, func(b Act) bool { return b.equal(&a) }) {
			return nil, nil
		}
		if _, ok := s.parties[a.Actor]; !ok {
			err = bad(ErrUnknown, "actor", a.Actor, "is not a registered party")
		} else {
			err = p.checkAct(&a)
		}
	}
	if err != nil {
		return nil, errorf("act of %s: %w", quote(a.Actor), err)
	}
	return []journal.Draft{{
		ID: recordID(KindAct, a.Decision.String(), strconv.Itoa(len(p.acts))), Kind: KindAct, Schema: schema,
		Author: s.parties[a.Actor].speaker(), Payload: a,
	}}, nil
}

// checkAct checks an act against the rule.
func (p *proceeding) checkAct(a *Act) error {
	if p.closing != nil {
		return p.ruled(bad(ErrRefused, "act", string(a.Kind), "the decision was closed at %s", p.closing.At.Format(time.RFC3339)))
	}
	if len(a.Text) > 0 && a.Kind != decision.Amend {
		return p.ruled(bad(ErrInvalid, "text", string(a.Kind), "only an amendment has one"))
	}
	event := eventAct
	if a.Kind == decision.Withdraw {
		event = eventWithdraw
	}
	if procedure := p.procedure(); procedure != nil {
		if a.Kind != decision.Withdraw && a.At.Before(p.opening.Opens) {
			return p.ruled(bad(ErrRefused, "at", a.At.Format(time.RFC3339), "one can act from %s", p.opening.Opens.Format(time.RFC3339)))
		}
		return cmp.Or(p.ruled(procedure.Check(a.step())), p.can(event, a.At))
	}
	switch {
	case a.Kind != decision.Withdraw || p.withdrawn:
		return p.ruled(bad(ErrRefused, "act", string(a.Kind), "the decision is not by consent, or has been withdrawn"))
	case a.Actor != p.opening.Proposer:
		return p.ruled(bad(ErrRefused, "actor", a.Actor, "only the proposer withdraws the matter"))
	case a.At.Before(p.opening.At) || !a.At.Before(p.opening.Opens):
		return p.ruled(bad(ErrRefused, "at", a.At.Format(time.RFC3339), "the matter can be withdrawn until %s", p.opening.Opens.Format(time.RFC3339)))
	}
	return p.can(event, a.At)
}

// A procedure goes step by step.
type procedure interface {
	Check(a decision.Act) error
	Apply(a decision.Act) error
	Stage() decision.Stage
}

// procedure returns the procedure that takes acts; nil in a vote or an election among options.
func (p *proceeding) procedure() procedure {
	switch {
	case p.consent != nil:
		return p.consent
	case p.nomination != nil:
		return p.nomination
	}
	return nil
}

func (s *State) applyAct(a *Act, r *journal.Record) error {
	p, ok := s.decisions[a.Decision]
	if !ok {
		return bad(ErrUnknown, "decision", a.Decision.String(), "has not been opened")
	}
	if err := cmp.Or(p.checkStep(a.At, r), p.checkAct(a)); err != nil {
		return err
	}
	if err := p.ruled(s.checkSpoken(r, a.Actor)); err != nil {
		return err
	}
	if candidate, ok := s.parties[a.Ref]; ok && a.Kind == decision.Propose && candidate.speaker() == r.Author {
		return p.ruled(bad(ErrRefused, "ref", a.Ref, "is spoken for by who facilitates, who does not propose itself"))
	}
	if procedure := p.procedure(); procedure == nil {
		p.withdrawn = true
	} else {
		_ = procedure.Apply(a.step()) // checked
		p.withdrawn = procedure.Stage() == decision.Withdrawn
		p.now = a.At
		if procedure.Stage() == decision.ToVote {
			_ = p.poll(a.At, a.At.AddDate(0, 0, p.rule.Days)) // the rule was checked at the opening
		}
	}
	p.acts = append(p.acts, *a)
	return nil
}

// DraftClosing decides [Community.Close] without recording it. It returns no draft for a decision that was closed in this way.
func (s *State) DraftClosing(c Closing) ([]journal.Draft, error) {
	c.At = instant(c.At)
	err := c.check()
	p, ok := s.decisions[c.Decision]
	switch {
	case err != nil:
	case !ok:
		err = bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	case p.closing != nil && p.closing.At.Equal(c.At) && p.closing.Seed == c.Seed:
		return nil, nil
	default:
		c.Verdict, c.Chosen, err = p.outcome(&c)
	}
	if err != nil {
		return nil, errorf("closing of %s: %w", c.Decision, err)
	}
	return []journal.Draft{{ID: recordID(KindClosing, c.Decision.String()), Kind: KindClosing, Schema: schema, Payload: c}}, nil
}

// outcome returns how the decision ends.
func (p *proceeding) outcome(c *Closing) (verdict Verdict, chosen string, err error) {
	if p.closing != nil {
		return "", "", p.ruled(bad(ErrRefused, "closing", c.At.Format(time.RFC3339), "it was closed at %s", p.closing.At.Format(time.RFC3339)))
	}
	if c.At.Before(p.now) && !p.withdrawn {
		return "", "", p.ruled(bad(ErrInvalid, "at", c.At.Format(time.RFC3339), "is before the last act, at %s", p.now.Format(time.RFC3339)))
	}
	drawn := false
	switch {
	case p.withdrawn:
		verdict = Retracted
	case p.secret != nil && p.secret.tooFew(p.rule.Secret.Least) && !c.At.Before(p.secret.casts):
		verdict = Inquorate
	case len(p.seals) > 0 && c.At.Before(p.openable()):
		return "", "", p.ruled(bad(ErrRefused, "closing", c.At.Format(time.RFC3339), "ballots can be opened until %s", p.openable().Format(time.RFC3339)))
	case p.count != nil:
		verdict = verdictOf[p.count.Result(c.At).Status]
	case p.election != nil:
		r, err := p.election.Result(c.Seed, c.At)
		if err != nil {
			return "", "", p.ruled(err)
		}
		verdict, chosen, drawn = verdictOf[r.Status], r.Winner, r.ByLot
	case p.procedure().Stage() == decision.Agreed:
		verdict = Carried
	case p.procedure().Stage() == decision.Elected:
		verdict, chosen = Carried, p.nomination.Proposed()
	case p.procedure().Stage() == decision.Dropped:
		verdict = Dropped
	}
	if verdict == Undecided {
		return "", "", p.ruled(bad(ErrRefused, "closing", c.At.Format(time.RFC3339), "the decision has not ended"))
	}
	if c.Seed != "" && !drawn {
		return "", "", p.ruled(bad(ErrInvalid, "seed", c.Seed, "no lot is drawn"))
	}
	return verdict, chosen, p.can(eventClose, c.At)
}

var verdictOf = map[decision.Status]Verdict{decision.Adopted: Carried, decision.Rejected: Defeated, decision.NoQuorum: Inquorate}

func (s *State) applyClosing(c *Closing, r *journal.Record) error {
	p, ok := s.decisions[c.Decision]
	if !ok {
		return bad(ErrUnknown, "decision", c.Decision.String(), "has not been opened")
	}
	if err := checkRecorded(c.At, r); err != nil {
		return err
	}
	verdict, chosen, err := p.outcome(c)
	if err != nil {
		return err
	}
	if verdict != c.Verdict || chosen != c.Chosen {
		return bad(ErrInvalid, "verdict", string(c.Verdict), "the ballots and acts say %s %s", verdict, chosen)
	}
	p.closing = c
	on := p.charter.today(c.At)
	p.decided = Decided{
		ID: p.id, Matter: p.matter(), Verdict: verdict, Chosen: chosen, Clause: p.opening.Clause, Electorate: p.opening.Electorate,
		On: on, Until: p.opening.Until, Position: r.Position, Casting: p.casting(),
	}
	if p.rule.Review > 0 && verdict == Carried {
		p.decided.Review = on.AddMonths(p.rule.Review)
	}
	if verdict == Carried {
		s.adoptedMatters[p.decided.Matter] = p.id
	}
	return nil
}
