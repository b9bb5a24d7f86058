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
	// tie at one half is thus adopted under {1/2} and rejected under {1/2, strict}.
	Threshold Fraction `json:"threshold"`
	Base      Base     `json:"base"`
	Strict    bool     `json:"strict,omitempty"`
	// Quorum is the share of the electorate that must have voted, as QuorumOf counts; zero for none.
	Quorum   Fraction `json:"quorum,omitzero"`
	QuorumOf QuorumOf `json:"quorumOf,omitempty"`
	Silence  Silence  `json:"silence,omitempty"`
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
	if r.ExtensionHours < 0 || r.ExtensionHours > MaxExtensionHours {
		return refuse(ErrInvalid, "extensionHours", strconv.Itoa(r.ExtensionHours), "must be from 0 to %d", MaxExtensionHours)
	}
	if r.ExtensionHours > 0 && r.Quorum.IsZero() {
		return refuse(ErrInvalid, "extensionHours", strconv.Itoa(r.ExtensionHours), "there is no quorum that could be late")
	}
	return nil
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
	if err := p.Check(); err != nil {
		return nil, err
	}
	if len(ballots) > MaxBallots {
		return nil, refuse(ErrLimit, "ballots", strconv.Itoa(len(ballots)), "the limit is %d", MaxBallots)
	}
	ordered := slices.Clone(ballots)
	slices.SortStableFunc(ordered, func(a, b Ballot) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Voter, b.Voter), cmp.Compare(a.Answer, b.Answer))
	})
	r := &Result{Rule: p.Rule, Eligible: p.Electorate.Total(), Electorate: p.Electorate.Hash(), Aside: p.Electorate.Aside(), Closes: p.Closes}
	last := make(map[string]Ballot, len(ordered))
	quorate, crowd := r.quorate(), newCrowd(p.Electorate, p.Delegations)
	own := *r // what counts without delegations
	for _, b := range ordered {
		before, again := last[b.Voter]
		if err := p.checkBallot(b, r.Closes, now, before, again); err != nil {
			return nil, err
		}
		weight := p.Electorate.Weight(b.Voter)
		if again {
			r.add(before.Answer, -weight-crowd.behind[b.Voter])
			own.add(before.Answer, -weight)
		} else {
			speaker, changes, gained := crowd.vote(b.Voter)
			if speaker != "" {
				r.add(last[speaker].Answer, -changes)
				r.Represented -= changes
			}
			r.Represented += gained
		}
		r.add(b.Answer, weight+crowd.behind[b.Voter])
		own.add(b.Answer, weight)
		last[b.Voter] = b
		if extension := time.Duration(p.Rule.ExtensionHours) * time.Hour; !quorate && r.quorate() {
			quorate = true
			if late := b.At.Add(extension); late.After(r.Closes) {
				r.Closes, r.Extended = late, true
			}
		}
	}
	r.Silent = r.Eligible - r.Cast()
	r.Status = r.statusAt(!now.Before(r.Closes), own)
	return r, nil
}

func (p *Poll) checkBallot(b Ballot, closes, now time.Time, before Ballot, again bool) error {
	at := b.At.UTC().Format(time.RFC3339Nano)
	switch {
	case p.Electorate.Weight(b.Voter) == 0:
		why := "is not in the electorate"
		if slices.Contains(p.Electorate.aside, b.Voter) {
			why = "has stepped aside"
		}
		return refuse(ErrNotElector, "voter", b.Voter, "%s", why)
	case b.Answer != For && b.Answer != Against && b.Answer != Abstain:
		return refuse(ErrInvalid, "answer", string(b.Answer), "that of %s must be for, against or abstain", b.Voter)
	case b.At.Before(p.Opens):
		return refuse(ErrEarly, "ballot", b.Voter, "cast at %s, opened at %s", at, p.Opens.UTC().Format(time.RFC3339Nano))
	case !b.At.Before(closes):
		return refuse(ErrLate, "ballot", b.Voter, "cast at %s, closed at %s", at, closes.UTC().Format(time.RFC3339Nano))
	case b.At.After(now):
		return refuse(ErrInvalid, "ballot", b.Voter, "cast at %s, later than now", at)
	case again && before.Answer != b.Answer && before.At.Equal(b.At):
		return refuse(ErrInvalid, "ballot", b.Voter, "two answers at %s", at)
	case again && before.Answer != b.Answer && p.Rule.Final:
		return refuse(ErrFinal, "ballot", b.Voter, "changes the answer of %s", before.At.UTC().Format(time.RFC3339Nano))
	}
	return nil
}
