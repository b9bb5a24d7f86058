package codesocial

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// Limits on secret ballots.
const (
	MaxBallotOffices = 5
	// MinSecrecy is the least that [SecretRule.Least] can be: of two voters, each knows how the other has voted.
	MinSecrecy = 3
)

// A SecretRule has ballots cast that stay secret for ever, see [SecretBallot]. Such ballots are final, and voices are not passed on. With
// [DecisionRule.SealedHours], nobody knows how the vote stands until it is closed either.
type SecretRule struct {
	// Hours, from 1 to [decision.MaxExtensionHours], is how long electors ask for their credentials and offices issue them, from when the decision opens. Then
	// one can cast, for as many days as the rule says.
	Hours int `json:"hours"`
	// Least, from [MinSecrecy] on, is how many there must be who could have cast a ballot. Where fewer electors have the same weight the decision is not opened;
	// where fewer have got credentials, it ends without a quorum. As long as it stands, they are all that a ballot could come from.
	Least int `json:"least"`
	// Offices, up to [MaxBallotOffices], is how many ballot offices issue credentials, each to every elector; 0 stands for 1.
	Offices int `json:"offices,omitempty"`
}

func (r *SecretRule) offices() int { return max(r.Offices, 1) }

// issuing returns how long credentials are issued; r may be nil.
func (r *SecretRule) issuing() time.Duration {
	if r == nil {
		return 0
	}
	return time.Duration(r.Hours) * time.Hour
}

// A BallotOffice issues the credentials of a decision with secret ballots.
type BallotOffice struct {
	Party string      `json:"party"` // IRI
	Keys  []BallotKey `json:"keys"`  // one for each weight that electors have, in ascending order
}

// A BallotKey is the public RSA key of a ballot office for one decision and one weight; the exponent is 65537.
type BallotKey struct {
	Weight  int64  `json:"weight"`
	Modulus []byte `json:"modulus"` // big-endian, from [MinBallotKeyBytes] to [MaxBallotKeyBytes], the first bit set
}

// A BallotClass is the electors with one weight: those that a secret ballot of this weight could come from.
type BallotClass struct {
	Weight    int64
	Electors  int
	Asked     int  // electors who have asked for a credential
	Issued    int  // those who have got one from every office
	Cast      int  // ballots
	Unanimous bool // all ballots that can be read say the same: so everybody knows how those who voted have voted
}

// A Secrecy is how the secret ballots of a decision stand.
type Secrecy struct {
	Casts   time.Time     // from when one can cast
	Classes []BallotClass // in ascending order of weights
	// TooFew says that in some class some and fewer than the rule asks for have a credential, or nobody has: once one could cast, nothing can be decided.
	TooFew bool
}

// secrecy is what a decision with secret ballots keeps.
type secrecy struct {
	casts   time.Time
	classes []ballotClass     // in ascending order of weights
	asked   []*asked          // in the order in which they were recorded
	index   map[string]int    // in asked, by elector
	slots   map[string]string // in the count, by token as [SecretBallot.ballot] writes it, of ballots that were cast
}

// An asked is a credential that was asked for.
type asked struct {
	request CredentialRequest
	class   int
	issued  []*Credential // in the order of the offices; nil where one has not issued
}

func (a *asked) missing() (n int) {
	for _, c := range a.issued {
		if c == nil {
			n++
		}
	}
	return n
}

// class returns the index of the class of a weight, -1 for none.
func (s *secrecy) class(weight int64) int {
	return slices.IndexFunc(s.classes, func(c ballotClass) bool { return c.Weight == weight })
}

// tooFew reports whether ballots would not be secret, or nobody could cast one.
func (s *secrecy) tooFew(least int) bool {
	issued := 0
	for _, c := range s.classes {
		if c.Issued > 0 && c.Issued < least {
			return true
		}
		issued += c.Issued
	}
	return issued == 0
}

func (s *secrecy) snapshot(least int) *Secrecy {
	c := &Secrecy{Casts: s.casts, TooFew: s.tooFew(least)}
	for _, class := range s.classes {
		c.Classes = append(c.Classes, class.BallotClass)
	}
	return c
}

// A ballotClass is a class with what the last ballot in it says that could be read, "" for none.
type ballotClass struct {
	BallotClass
	said string
}

// hear notes what a ballot that can be read says.
func (c *ballotClass) hear(says string) {
	c.Unanimous = c.said == "" || c.Unanimous && c.said == says
	c.said = says
}

func (r *DecisionRule) checkSecret() error {
	switch s := r.Secret; {
	case s == nil:
	case s.Hours < 1 || s.Hours > decision.MaxExtensionHours:
		return bad(ErrInvalid, "secret.hours", fmt.Sprint(s.Hours), "must be from 1 to %d", decision.MaxExtensionHours)
	case s.Least < MinSecrecy || s.Least > decision.MaxElectors:
		return bad(ErrInvalid, "secret.least", fmt.Sprint(s.Least), "must be from %d to %d: among fewer, a ballot is no secret", MinSecrecy, decision.MaxElectors)
	case s.Offices < 0 || s.Offices > MaxBallotOffices:
		return bad(ErrInvalid, "secret.offices", fmt.Sprint(s.Offices), "must be from 0 to %d", MaxBallotOffices)
	case r.Consent != nil || r.Nomination != nil:
		return badly(ErrInvalid, "secret", "only a vote or an election of its own can be secret")
	case r.Delegation:
		return badly(ErrInvalid, "secret", "voices cannot be passed on in secret: who has several would be seen")
	case r.Vote != nil && !r.Vote.Final || r.Election != nil && !r.Election.Final:
		return badly(ErrInvalid, "secret", "needs final ballots: a secret ballot cannot be changed")
	}
	return nil
}

// checkOffices checks what can be seen on the ballot offices of an opening alone.
func (o *Opening) checkOffices() error {
	if len(o.Offices) > MaxBallotOffices {
		return badly(ErrLimit, "offices", "there are %d, the limit is %d", len(o.Offices), MaxBallotOffices)
	}
	var keys [][]byte
	for i, office := range o.Offices {
		field := at("offices", i)
		if err := checkIRI(field+".party", office.Party); err != nil {
			return err
		}
		if slices.ContainsFunc(o.Offices[:i], func(before BallotOffice) bool { return before.Party == office.Party }) {
			return bad(ErrInvalid, field+".party", office.Party, "is there twice")
		}
		if len(office.Keys) == 0 || len(office.Keys) > MaxColleges {
			return badly(ErrLimit, field+".keys", "there are %d, must be from 1 to %d", len(office.Keys), MaxColleges)
		}
		for j, key := range office.Keys {
			field := field + "." + at("keys", j)
			if key.Weight < 1 || j > 0 && key.Weight <= office.Keys[j-1].Weight {
				return bad(ErrInvalid, field+".weight", fmt.Sprint(key.Weight), "must be from 1 on, in ascending order")
			}
			if err := checkModulus(field+".modulus", key.Modulus); err != nil {
				return err
			}
			if slices.ContainsFunc(keys, func(before []byte) bool { return bytes.Equal(before, key.Modulus) }) {
				return badly(ErrInvalid, field+".modulus", "is there twice")
			}
			keys = append(keys, key.Modulus)
		}
	}
	return nil
}

func cloneOffices(offices []BallotOffice) []BallotOffice {
	c := slices.Clone(offices)
	for i := range c {
		c[i].Keys = slices.Clone(c[i].Keys)
		for j := range c[i].Keys {
			c[i].Keys[j].Modulus = bytes.Clone(c[i].Keys[j].Modulus)
		}
	}
	return c
}

func (o BallotOffice) equal(p BallotOffice) bool {
	return o.Party == p.Party && slices.EqualFunc(o.Keys, p.Keys, func(k, l BallotKey) bool {
		return k.Weight == l.Weight && bytes.Equal(k.Modulus, l.Modulus)
	})
}

// classes returns the electors by weight, in ascending order of weights.
func classes(e *decision.Electorate) []ballotClass {
	sizes := make(map[int64]int)
	for elector := range e.Electors() {
		sizes[elector.Weight]++
	}
	var list []ballotClass
	for _, weight := range slices.Sorted(maps.Keys(sizes)) {
		list = append(list, ballotClass{BallotClass: BallotClass{Weight: weight, Electors: sizes[weight]}})
	}
	return list
}

// BallotWeights returns the weights for which each ballot office needs a key if the decision is opened in this way, in ascending order. Only At, Matter,
// Concerns and Recusals matter. The errors are those of [Community.Decide] for them.
func (s *State) BallotWeights(o Opening) ([]int64, error) {
	o = o.clone()
	c, err := s.InForce(o.At)
	if err != nil {
		return nil, err
	}
	rule, clause, err := c.DecisionRule(o.Matter.Kind)
	if err != nil {
		return nil, err
	}
	e, err := s.electorate(&o, &rule, c.today(o.At), false)
	if err != nil {
		return nil, errorf("weights: %w", &RuleError{Clause: clause, Kind: DecisionKind, Err: undecided(err)})
	}
	var weights []int64
	for _, class := range classes(e) {
		weights = append(weights, class.Weight)
	}
	return weights, nil
}

// beginSecret sets the secret ballots of a decision up; nothing if they are not.
func (s *State) beginSecret(p *proceeding) error {
	o, rule := p.opening, p.rule.Secret
	if rule == nil {
		if len(o.Offices) > 0 {
			return bad(ErrInvalid, "offices", fmt.Sprint(len(o.Offices)), "must be absent: ballots are not secret")
		}
		return nil
	}
	if len(o.Offices) != rule.offices() {
		return bad(ErrInvalid, "offices", fmt.Sprint(len(o.Offices)), "the rule asks for %d", rule.offices())
	}
	p.secret = &secrecy{
		casts: o.Opens.Add(rule.issuing()), classes: classes(p.electorate), index: make(map[string]int), slots: make(map[string]string),
	}
	for _, class := range p.secret.classes {
		if class.Electors < rule.Least {
			return bad(ErrRefused, "electors", fmt.Sprint(class.Electors), "so many have the weight %d; where they are fewer than %d, their ballots are no secret", class.Weight, rule.Least)
		}
	}
	if len(p.secret.classes) == 0 {
		return bad(ErrRefused, "electors", "0", "there must be %d, or their ballots are no secret", rule.Least)
	}
	speakers := make(map[string]bool)
	for i, office := range o.Offices {
		field := at("offices", i)
		party, ok := s.parties[office.Party]
		switch {
		case !ok:
			return bad(ErrUnknown, field+".party", office.Party, "is not a registered party")
		case slices.Contains(o.Aside, office.Party):
			return bad(ErrRefused, field+".party", office.Party, "must not issue credentials where it stands aside, or in its own case")
		case s.keys[party.speaker()].IsZero() && !party.Erased: // who speaks for an erased party is not known any more
			return bad(ErrSignature, field+".party", office.Party, "has no registered key, and signs what it issues")
		case speakers[party.speaker()]:
			return bad(ErrRefused, field+".party", office.Party, "the same party speaks for it as for an office before it")
		case !slices.EqualFunc(office.Keys, p.secret.classes, func(k BallotKey, c ballotClass) bool { return k.Weight == c.Weight }):
			return badly(ErrInvalid, field+".keys", "must be one for each weight that electors have: %s", weightsOf(p.secret.classes))
		}
		speakers[party.speaker()] = true
		for j, key := range office.Keys {
			if id, ok := s.ballotKey(key.Modulus); ok {
				return bad(ErrRefused, field+"."+at("keys", j)+".modulus", id.String(), "is the key of that decision: a credential for one could be one for the other")
			}
		}
	}
	return nil
}

func weightsOf(classes []ballotClass) string {
	weights := make([]int64, len(classes))
	for i, c := range classes {
		weights[i] = c.Weight
	}
	return fmt.Sprint(weights)
}

// ballotKey returns the decision that has a key of a ballot office.
func (s *State) ballotKey(modulus []byte) (uuid.UUID, bool) {
	for _, id := range s.opened {
		for _, office := range s.decisions[id].opening.Offices {
			if slices.ContainsFunc(office.Keys, func(k BallotKey) bool { return bytes.Equal(k.Modulus, modulus) }) {
				return id, true
			}
		}
	}
	return uuid.Nil, false
}

// modulus returns the key of an office for a class.
func (p *proceeding) modulus(office, class int) []byte {
	return p.opening.Offices[office].Keys[class].Modulus
}
