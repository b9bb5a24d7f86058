package decision

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// A Method is how an election finds the option that is chosen.
type Method string

// The methods.
const (
	Single    Method = "single"         // one voice, the most voices win
	Approving Method = "approval"       // as many as one likes, see [Approval]
	Beatpath  Method = "schulze"        // a ranking, see [Schulze]
	Runoff    Method = "instant-runoff" // a ranking without equals, see [InstantRunoff]
	Scored    Method = "score"          // scores, see [Scores]
)

// A Tie says what happens when several options of an election come first, or as many are for as against in a poll.
type Tie string

// What can happen.
const (
	TieOpen Tie = ""    // none is chosen; in a poll, Strict of its rule decides
	TieLot  Tie = "lot" // of those that come first, the lot decides: see [Draw]; not in a poll
	// TieCasting: the chair has the casting vote (see [Electorate.WithChair]). It is the chair's own ballot, counted like any other with its weight, and in a tie
	// it decides; it adds to no count, and no quorum is met by it. Nobody else casts it: where the chair does not vote, the ballot of who represents it decides nothing, and
	// silence never does, whatever else it counts for.
	//
	// In a poll there is a tie when exactly half of the base is for: as many for as against, where abstaining or staying away weighs like voting against if the base
	// is of all ballots or of the whole electorate. The proposal is adopted if the chair is for it, rejected if the chair is against it.
	//
	// In an election, of the options that come first that is chosen which the chair's ballot puts before the others: the one it names, approves of, ranks first, or gives the
	// highest score. In a run-off, of those of which one has to go that goes which the chair's ballot ranks last.
	//
	// A tie stays what it is under [TieOpen] when nobody is in the chair, when the chair has not voted, has abstained or left the ballot blank, or puts several of the tied options equally
	// first (of those that have to go in a run-off: equally last, which ends it).
	TieCasting Tie = "casting-vote"
)

// An ElectionRule says how one of several options is chosen. Its JSON form is that of the parameters of a rule in a charter.
type ElectionRule struct {
	Method Method `json:"method"`
	// Highest is the highest score that can be given, from 1 to [MaxScore]; only where scores are given.
	Highest int `json:"highest,omitempty"`
	// Quorum is the share of the electorate that must have voted, blank ballots included; zero for none.
	Quorum Fraction `json:"quorum,omitzero"`
	// Tie says what happens when several come first. A run-off needs the lot or a casting vote: one of several may have to go on the way.
	Tie Tie `json:"tie,omitempty"`
	// Final forbids to change a ballot that was cast. Otherwise the last one before the closing counts.
	Final bool `json:"final,omitempty"`
	// ExtensionHours is as in [Rule].
	ExtensionHours int `json:"extensionHours,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] unless the rule makes sense.
func (r *ElectionRule) Validate() error {
	switch r.Method {
	case Single, Approving, Beatpath, Runoff, Scored:
	default:
		return refuse(ErrInvalid, "method", string(r.Method), "must be single, approval, schulze, instant-runoff or score")
	}
	if r.Method == Scored && (r.Highest < 1 || r.Highest > MaxScore) || r.Method != Scored && r.Highest != 0 {
		return refuse(ErrInvalid, "highest", strconv.Itoa(r.Highest), "must be from 1 to %d where scores are given, and absent elsewhere", MaxScore)
	}
	if !r.Quorum.IsZero() && !r.Quorum.valid() {
		return refuse(ErrInvalid, "quorum", r.Quorum.String(), "must be a share from 0/1 to 1/1")
	}
	if r.Tie != TieOpen && r.Tie != TieLot && r.Tie != TieCasting {
		return refuse(ErrInvalid, "tie", string(r.Tie), "must be lot, casting-vote, or absent")
	}
	if r.Method == Runoff && r.Tie == TieOpen {
		return refuse(ErrInvalid, "tie", "", "must be lot or casting-vote: one of several may have to go on the way of a run-off")
	}
	return checkExtension(r.ExtensionHours, r.Quorum)
}

// checkExtension checks how long a late quorum extends a poll or election.
func checkExtension(hours int, quorum Fraction) error {
	if hours < 0 || hours > MaxExtensionHours {
		return refuse(ErrInvalid, "extensionHours", strconv.Itoa(hours), "must be from 0 to %d", MaxExtensionHours)
	}
	if hours > 0 && quorum.IsZero() {
		return refuse(ErrInvalid, "extensionHours", strconv.Itoa(hours), "there is no quorum that could be late")
	}
	return nil
}

// A Choice is an elector's ballot in an election. One that prefers nothing is blank: it counts towards the quorum only.
type Choice struct {
	Voter string
	At    time.Time
	// Ranking lists the options from the best on, in groups of equals: see [Preference]. Where one option is
	// chosen, or several are approved of, there is one group.
	Ranking [][]string
	Scores  map[string]int // where scores are given
}

// blank reports whether the choice prefers nothing.
func (c *Choice) blank() bool { return len(c.Ranking) == 0 && len(c.Scores) == 0 }

// worth returns how much an option is liked by the choice, more for more, to be compared with that of other options.
func (c *Choice) worth(option string) int {
	if len(c.Scores) > 0 {
		return c.Scores[option]
	}
	if i := slices.IndexFunc(c.Ranking, func(group []string) bool { return slices.Contains(group, option) }); i >= 0 {
		return len(c.Ranking) - i
	}
	return 0
}

// most returns the option that is worth more than each other one, "" if there is none.
func most(options []string, worth func(option string) int) string {
	best, alone := options[0], true
	for _, o := range options[1:] {
		if d := worth(o) - worth(best); d > 0 {
			best, alone = o, true
		} else if d == 0 {
			alone = false
		}
	}
	if !alone {
		return ""
	}
	return best
}

// equal reports whether two choices say the same.
func (c *Choice) equal(d *Choice) bool {
	return slices.EqualFunc(c.Ranking, d.Ranking, slices.Equal) && maps.Equal(c.Scores, d.Scores)
}

// An Election lets an electorate choose one of several options.
type Election struct {
	Rule          ElectionRule
	Electorate    *Electorate
	Options       []string
	Opens, Closes time.Time // as in [Poll]
}

// Check returns an error that wraps [ErrInvalid] or [ErrLimit] unless the election can be held.
func (e *Election) Check() error {
	if err := e.Rule.Validate(); err != nil {
		return err
	}
	if e.Electorate == nil {
		return refuse(ErrInvalid, "electorate", "", "must be given")
	}
	if len(e.Options) == 0 {
		return refuse(ErrInvalid, "options", "", "there must be at least one")
	}
	if _, err := indexOf(e.Options); err != nil {
		return err
	}
	if !e.Opens.Before(e.Closes) {
		return refuse(ErrInvalid, "closes", e.Closes.UTC().Format(time.RFC3339), "must be after the opening, %s", e.Opens.UTC().Format(time.RFC3339))
	}
	return nil
}

// Count counts the choices made up to an instant, in any order, as [Poll.Count] does; the errors are the same. seed is what lots
// are drawn with, see [Draw].
func (e *Election) Count(choices []Choice, seed string, now time.Time) (*ElectionResult, error) {
	c, err := e.Start()
	if err != nil {
		return nil, err
	}
	if len(choices) > MaxBallots {
		return nil, refuse(ErrLimit, "ballots", strconv.Itoa(len(choices)), "the limit is %d", MaxBallots)
	}
	ordered := slices.Clone(choices)
	slices.SortStableFunc(ordered, func(a, b Choice) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Voter, b.Voter))
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
	return c.Result(seed, now)
}

// An ElectionCount takes the choices of an election one after the other. It is not safe for concurrent use.
type ElectionCount struct {
	election Election
	index    map[string]int
	last     map[string]Choice
	cast     int64
	closes   time.Time
	extended bool
	at       time.Time
	ballots  int
}

// Start returns a count without a ballot. The error is that of [Election.Check].
func (e *Election) Start() (*ElectionCount, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	c := &ElectionCount{election: *e, last: make(map[string]Choice), closes: e.Closes}
	c.election.Options = slices.Clone(e.Options)
	c.index, _ = indexOf(e.Options)
	return c, nil
}

// Check returns nil if the choice can be added, and changes nothing.
func (c *ElectionCount) Check(b Choice) error {
	e := &c.election
	before, again := c.last[b.Voter]
	switch {
	case c.ballots == MaxBallots:
		return refuse(ErrLimit, "ballots", strconv.Itoa(c.ballots), "there can be no more")
	case e.Electorate.Weight(b.Voter) == 0:
		return e.Electorate.refuse("voter", b.Voter)
	case b.At.Before(e.Opens):
		return refuse(ErrEarly, "ballot", b.Voter, "cast at %s, opened at %s", stamp(b.At), stamp(e.Opens))
	case !b.At.Before(c.closes):
		return refuse(ErrLate, "ballot", b.Voter, "cast at %s, closed at %s", stamp(b.At), stamp(c.closes))
	case b.At.Before(c.at):
		return refuse(ErrInvalid, "ballot", b.Voter, "cast at %s, before the one before it", stamp(b.At))
	case again && !before.equal(&b) && before.At.Equal(b.At):
		return refuse(ErrInvalid, "ballot", b.Voter, "two answers at %s", stamp(b.At))
	case again && !before.equal(&b) && e.Rule.Final:
		return refuse(ErrFinal, "ballot", b.Voter, "changes the answer of %s", stamp(before.At))
	}
	return c.checkContent(&b)
}

// checkContent checks that a choice is one that the method can count.
func (c *ElectionCount) checkContent(b *Choice) error {
	rule := &c.election.Rule
	if rule.Method == Scored {
		if len(b.Ranking) > 0 {
			return refuse(ErrInvalid, "ranking", b.Voter, "this election asks for scores")
		}
		for _, o := range slices.Sorted(maps.Keys(b.Scores)) {
			if _, ok := c.index[o]; !ok {
				return refuse(ErrInvalid, "option", o, "is not there")
			}
			if score := b.Scores[o]; score < 0 || score > rule.Highest {
				return refuse(ErrInvalid, "score", strconv.Itoa(score), "must be from 0 to %d", rule.Highest)
			}
		}
		return nil
	}
	if len(b.Scores) > 0 {
		return refuse(ErrInvalid, "scores", b.Voter, "this election does not ask for any")
	}
	if len(b.Ranking) > 1 && (rule.Method == Single || rule.Method == Approving) {
		return refuse(ErrInvalid, "ranking", b.Voter, "this election does not ask for one")
	}
	var named uint64 // a bit for each option: there are at most MaxOptions
	for _, group := range b.Ranking {
		if len(group) == 0 || len(group) > 1 && (rule.Method == Single || rule.Method == Runoff) {
			return refuse(ErrInvalid, "ranking", b.Voter, "has a group of %d", len(group))
		}
		for _, o := range group {
			i, ok := c.index[o]
			if !ok || named>>i&1 == 1 {
				return refuse(ErrInvalid, "option", o, "is not there, or named twice")
			}
			named |= 1 << i
		}
	}
	return nil
}

// Add adds a choice, made not before the one added last, or returns why not and changes nothing.
func (c *ElectionCount) Add(b Choice) error {
	if err := c.Check(b); err != nil {
		return err
	}
	c.add(b)
	return nil
}

func (c *ElectionCount) add(b Choice) {
	quorate := c.quorate()
	if _, again := c.last[b.Voter]; !again {
		c.cast += c.election.Electorate.Weight(b.Voter)
	}
	c.last[b.Voter], c.at = b, b.At
	c.ballots++
	if !quorate && c.quorate() {
		c.closes, c.extended = extend(c.closes, b.At, c.election.Rule.ExtensionHours)
	}
}

func (c *ElectionCount) quorate() bool {
	eligible, quorum := c.election.Electorate.Total(), c.election.Rule.Quorum
	return eligible > 0 && (quorum.IsZero() || quorum.compare(c.cast, eligible) >= 0)
}

// Closes returns when the election is closed, as it stands: with the extension, if there was one.
func (c *ElectionCount) Closes() time.Time { return c.closes }

// Choice returns what an elector has chosen; false for nothing.
func (c *ElectionCount) Choice(voter string) (Choice, bool) {
	b, ok := c.last[voter]
	return b, ok
}
