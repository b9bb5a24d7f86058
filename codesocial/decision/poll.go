package decision

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// An Answer is what an elector says to the question of a poll.
type Answer string

// The answers.
const (
	For     Answer = "for"
	Against Answer = "against"
	Abstain Answer = "abstain"
)

// A Ballot is an elector's answer.
type Ballot struct {
	Voter  string    // id of an elector
	At     time.Time // when it was cast
	Answer Answer
}

// A Base is what the threshold of a rule is a share of.
type Base string

// The bases. All are sums of weights.
const (
	OfForAndAgainst Base = "for-against" // those for and those against: abstaining does not weigh
	OfCast          Base = "cast"        // all ballots: abstaining weighs like voting against
	OfEligible      Base = "eligible"    // the whole electorate: staying away does too
)

// QuorumOf says which ballots count towards a quorum.
type QuorumOf string

// What a quorum is made of. It is always a share of the whole electorate.
const (
	QuorumCast       QuorumOf = ""            // all ballots
	QuorumFor        QuorumOf = "for"         // those for
	QuorumForAbstain QuorumOf = "for-abstain" // those for and the abstentions
)

// Silence says what it means not to have voted. It never counts towards a quorum.
type Silence string

// The meanings of silence.
const (
	SilenceNothing Silence = ""        // nothing
	SilenceAbstain Silence = "abstain" // an abstention
	SilenceFor     Silence = "for"     // agreement
)

// A Rule says when a proposal is adopted. Its JSON form is that of the parameters of a rule in a charter.
type Rule struct {
	// Threshold is the share of the base that must be for: at least this share, or more than it if Strict is set. A
	// tie at one half is thus adopted under {1/2} and rejected under {1/2, strict}, unless Tie says otherwise.
	Threshold Fraction `json:"threshold"`
	Base      Base     `json:"base"`
	Strict    bool     `json:"strict,omitempty"`
	// Quorum is the share of the electorate that must have voted, as QuorumOf counts; zero for none.
	Quorum   Fraction `json:"quorum,omitzero"`
	QuorumOf QuorumOf `json:"quorumOf,omitempty"`
	Silence  Silence  `json:"silence,omitempty"`
	// Tie may be [TieCasting] where the threshold is one half: when just that share of the base is for, the chair's own ballot decides,
	// and only if it is neither for nor against, or there is none, Strict does.
	Tie Tie `json:"tie,omitempty"`
	// Final forbids to change a ballot that was cast. Otherwise the last one before the closing counts. Only
	// where ballots are final can the outcome be certain before the closing.
	Final bool `json:"final,omitempty"`
	// ExtensionHours, if the quorum is reached less than so many hours before the closing, moves the
	// closing to so many hours after that moment, once: nobody is outrun by a late quorum. From 0 to [MaxExtensionHours].
	ExtensionHours int `json:"extensionHours,omitempty"`
}

// MaxExtensionHours is the longest extension of a poll: 60 days.
const MaxExtensionHours = 24 * 60

// Validate returns an error that wraps [ErrInvalid] unless the rule makes sense.
func (r *Rule) Validate() error {
	if !r.Threshold.valid() || r.Threshold.Num == 0 && !r.Strict {
		return refuse(ErrInvalid, "threshold", r.Threshold.String(), "must be a share up to 1/1, and more than nothing")
	}
	if r.Strict && r.Threshold.Num == r.Threshold.Den {
		return refuse(ErrInvalid, "threshold", r.Threshold.String(), "nothing is more than the whole")
	}
	if r.Base != OfForAndAgainst && r.Base != OfCast && r.Base != OfEligible {
		return refuse(ErrInvalid, "base", string(r.Base), "must be for-against, cast or eligible")
	}
	if !r.Quorum.IsZero() && !r.Quorum.valid() {
		return refuse(ErrInvalid, "quorum", r.Quorum.String(), "must be a share from 0/1 to 1/1")
	}
	if r.QuorumOf != QuorumCast && r.QuorumOf != QuorumFor && r.QuorumOf != QuorumForAbstain {
		return refuse(ErrInvalid, "quorumOf", string(r.QuorumOf), "must be for, for-abstain, or absent")
	}
	if r.QuorumOf != QuorumCast && r.Quorum.IsZero() {
		return refuse(ErrInvalid, "quorumOf", string(r.QuorumOf), "there is no quorum")
	}
	if r.Silence != SilenceNothing && r.Silence != SilenceAbstain && r.Silence != SilenceFor {
		return refuse(ErrInvalid, "silence", string(r.Silence), "must be abstain, for, or absent")
	}
	if r.Tie != TieOpen && r.Tie != TieCasting {
		return refuse(ErrInvalid, "tie", string(r.Tie), "must be casting-vote, or absent")
	}
	if r.Tie == TieCasting && 2*r.Threshold.Num != r.Threshold.Den {
		return refuse(ErrInvalid, "tie", string(r.Tie), "as many for as against is a tie where the threshold is one half, and here it is %s", r.Threshold)
	}
	return checkExtension(r.ExtensionHours, r.Quorum)
}

// MaxBallots is the largest number of ballots of one poll, those that later ones replace included.
const MaxBallots = 4 * MaxElectors

// A Poll is one question put to an electorate.
type Poll struct {
	Rule       Rule
	Electorate *Electorate
	Opens      time.Time // the first moment at which a ballot can be cast
	Closes     time.Time // the first moment at which it cannot, unless the rule extends the poll
	// Delegations says to whom an elector has passed its voice, frozen at the opening: see [Delegations]. It
	// counts with the ballot of the first along the line who has voted, over at most [MaxHops] hops; a ballot of
	// one's own takes it back, with those that came along. Nobody outside the electorate passes on or receives a voice. Nil: there are none.
	Delegations map[string]string
}

// Check returns an error that wraps [ErrInvalid] or [ErrLimit] unless the poll can be held.
func (p *Poll) Check() error {
	if err := p.Rule.Validate(); err != nil {
		return err
	}
	if p.Electorate == nil {
		return refuse(ErrInvalid, "electorate", "", "must be given")
	}
	if len(p.Delegations) > MaxElectors {
		return refuse(ErrLimit, "delegations", strconv.Itoa(len(p.Delegations)), "the limit is %d", MaxElectors)
	}
	if !p.Opens.Before(p.Closes) {
		return refuse(ErrInvalid, "closes", p.Closes.UTC().Format(time.RFC3339), "must be after the opening, %s", p.Opens.UTC().Format(time.RFC3339))
	}
	return nil
}

// Count counts the ballots cast up to an instant, in any order. Of several by one elector the last counts;
// two at the same time are refused unless they say the same. The errors wrap [ErrNotElector], [ErrEarly],
// [ErrLate], [ErrFinal] or [ErrLimit], and otherwise [ErrInvalid], also for a ballot from after now. n ballots cost n log n.
func (p *Poll) Count(ballots []Ballot, now time.Time) (*Result, error) {
	c, err := p.Start()
	if err != nil {
		return nil, err
	}
	if len(ballots) > MaxBallots {
		return nil, refuse(ErrLimit, "ballots", strconv.Itoa(len(ballots)), "the limit is %d", MaxBallots)
	}
	ordered := slices.Clone(ballots)
	slices.SortStableFunc(ordered, func(a, b Ballot) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Voter, b.Voter), cmp.Compare(a.Answer, b.Answer))
	})
	for _, b := range ordered {
		if err := c.Check(b); err != nil {
			return nil, err
		}
		if b.At.After(now) {
			return nil, refuse(ErrInvalid, "ballot", b.Voter, "cast at %s, later than now", stamp(b.At))
		}
		c.add(b)
	}
	return c.Result(now), nil
}

// A Count counts the ballots of a poll one after the other, as they come in. It is not safe for concurrent use.
type Count struct {
	poll    Poll
	r       Result
	own     Result // what counts without delegations
	last    map[string]Ballot
	crowd   *crowd
	quorate bool
	at      time.Time // of the last ballot
	ballots int
}

// Start returns a count without a ballot. The error is that of [Poll.Check].
func (p *Poll) Start() (*Count, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r := Result{Rule: p.Rule, Eligible: p.Electorate.Total(), Electorate: p.Electorate.Hash(), Aside: p.Electorate.aside, Closes: p.Closes}
	if p.Rule.Tie == TieCasting {
		r.Chair = p.Electorate.Chair()
	}
	return &Count{poll: *p, r: r, own: r, last: make(map[string]Ballot), crowd: newCrowd(p.Electorate, p.Delegations), quorate: r.quorate()}, nil
}

// Check returns nil if the ballot can be added, and changes nothing. The errors are those of [Poll.Count]; a ballot
// from before the one added last is refused too.
func (c *Count) Check(b Ballot) error {
	if c.ballots == MaxBallots {
		return refuse(ErrLimit, "ballots", strconv.Itoa(c.ballots), "there can be no more")
	}
	before, again := c.last[b.Voter]
	if err := c.poll.checkBallot(b, c.r.Closes, before, again); err != nil {
		return err
	}
	if b.At.Before(c.at) {
		return refuse(ErrInvalid, "ballot", b.Voter, "cast at %s, before the one before it", stamp(b.At))
	}
	return nil
}

// Add adds a ballot, cast not before the one added last, or returns why not and changes nothing, see [Count.Check].
func (c *Count) Add(b Ballot) error {
	if err := c.Check(b); err != nil {
		return err
	}
	c.add(b)
	return nil
}

func (c *Count) add(b Ballot) {
	before, again := c.last[b.Voter]
	weight := c.poll.Electorate.Weight(b.Voter)
	if again {
		c.r.add(before.Answer, -weight-c.crowd.behind[b.Voter])
		c.own.add(before.Answer, -weight)
	} else {
		speaker, changes, gained := c.crowd.vote(b.Voter)
		if speaker != "" {
			c.r.add(c.last[speaker].Answer, -changes)
			c.r.Represented -= changes
		}
		c.r.Represented += gained
	}
	c.r.add(b.Answer, weight+c.crowd.behind[b.Voter])
	c.own.add(b.Answer, weight)
	if b.Voter == c.r.Chair {
		c.r.ChairSays, c.own.ChairSays = b.Answer, b.Answer
	}
	c.last[b.Voter], c.at = b, b.At
	c.ballots++
	if !c.quorate && c.r.quorate() {
		c.quorate = true
		c.r.Closes, c.r.Extended = extend(c.r.Closes, b.At, c.poll.Rule.ExtensionHours)
	}
}

// extend returns until when one can vote when the quorum has been reached at an instant, and whether that is longer.
func extend(closes, at time.Time, hours int) (time.Time, bool) {
	if late := at.Add(time.Duration(hours) * time.Hour); late.After(closes) {
		return late, true
	}
	return closes, false
}

// Closes returns when the poll is closed, as it stands: with the extension, if there was one.
func (c *Count) Closes() time.Time { return c.r.Closes }

// Answer returns what an elector has answered, "" for nothing.
func (c *Count) Answer(voter string) Answer { return c.last[voter].Answer }

// Result returns where the poll stands at an instant, not before that of the ballot added last.
func (c *Count) Result(now time.Time) *Result {
	r := c.r
	r.Aside = slices.Clone(r.Aside)
	r.Silent = r.Eligible - r.Cast()
	r.Status = r.statusAt(!now.Before(r.Closes), c.own)
	r.ByCasting = (r.Status == Adopted || r.Status == Rejected) && r.tied() && (r.ChairSays == For || r.ChairSays == Against)
	return &r
}

func (p *Poll) checkBallot(b Ballot, closes time.Time, before Ballot, again bool) error {
	switch {
	case p.Electorate.Weight(b.Voter) == 0:
		return p.Electorate.refuse("voter", b.Voter)
	case b.Answer != For && b.Answer != Against && b.Answer != Abstain:
		return refuse(ErrInvalid, "answer", string(b.Answer), "that of %s must be for, against or abstain", b.Voter)
	case b.At.Before(p.Opens):
		return refuse(ErrEarly, "ballot", b.Voter, "cast at %s, opened at %s", stamp(b.At), stamp(p.Opens))
	case !b.At.Before(closes):
		return refuse(ErrLate, "ballot", b.Voter, "cast at %s, closed at %s", stamp(b.At), stamp(closes))
	case again && before.Answer != b.Answer && before.At.Equal(b.At):
		return refuse(ErrInvalid, "ballot", b.Voter, "two answers at %s", stamp(b.At))
	case again && before.Answer != b.Answer && p.Rule.Final:
		return refuse(ErrFinal, "ballot", b.Voter, "changes the answer of %s", stamp(before.At))
	}
	return nil
}

// stamp writes a time for a message.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
