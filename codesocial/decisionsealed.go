package codesocial

import (
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on the nonce of a sealed ballot, in hexadecimal digits.
const (
	MinNonceDigits = 32 // 128 bits
	MaxNonceDigits = 128
)

// SealBallot returns the ballot that is cast in place of b where ballots are sealed: it names voter and decision, and commits to what b says without
// showing it. The nonce must be random, from [MinNonceDigits] hexadecimal digits on, and is kept by the voter, who opens the ballot after the
// closing by casting b itself with that nonce. The error wraps [ErrInvalid] or [ErrLimit]. The seal is "sha256:" and, in hexadecimal, the SHA-256 of the line "codesocial/ballot/v1", the id of the decision, the
// IRI of the voter, the nonce, and the canonical JSON (RFC 8785) of what the ballot says, {"answer":…,"ranking":…,"scores":…} with what is absent left out, each
// followed by one line feed.
//
// What this protects: until the closing nobody, not even who keeps the journal, knows how anyone votes or how the vote
// stands, and nobody can change what they have sealed. What it does not: who has voted is seen at once; after the opening the ballots can be read by all members, each beside its
// voter; a voter who shows the nonce to somebody proves to them how she voted; and one who sees others open can leave her own ballot closed, which then does not
// count. For a secret that lasts, see [SecretBallot].
func SealBallot(b Ballot, nonce string) (Ballot, error) {
	b.Seal, b.Nonce = "", nonce
	b.At = instant(b.At)
	err := b.check()
	if nonce == "" && err == nil {
		err = badly(ErrInvalid, "nonce", "must be given")
	}
	if err != nil {
		return Ballot{}, errorf("sealing: %w", err)
	}
	return Ballot{Decision: b.Decision, Voter: b.Voter, At: b.At, Seal: b.seal()}, nil
}

// seal returns the seal that the ballot with its nonce opens.
func (b *Ballot) seal() string {
	says, err := b.says()
	if err != nil {
		return "" // what is no text cannot be sealed, and no seal is empty
	}
	return hashOf([]byte("codesocial/ballot/v1\n" + b.Decision.String() + "\n" + b.Voter + "\n" + b.Nonce + "\n" + string(says) + "\n"))
}

// says returns what the ballot says as canonical JSON. The error is that of what is no text.
func (b *Ballot) says() ([]byte, error) {
	return canonical.Marshal(struct {
		Answer  decision.Answer `json:"answer,omitempty"`
		Ranking [][]string      `json:"ranking,omitempty"`
		Scores  map[string]int  `json:"scores,omitempty"`
	}{b.Answer, b.Ranking, b.Scores})
}

// checkSeal checks the form of seal and nonce.
func (b *Ballot) checkSeal() error {
	if b.Nonce != "" && (len(b.Nonce) < MinNonceDigits || len(b.Nonce) > MaxNonceDigits || strings.Trim(b.Nonce, decimals+"abcdef") != "") {
		return badly(ErrInvalid, "nonce", "must have from %d to %d hexadecimal digits in lower case", MinNonceDigits, MaxNonceDigits)
	}
	if b.Seal == "" {
		return nil
	}
	if b.Nonce != "" || b.Answer != "" || len(b.Ranking) > 0 || len(b.Scores) > 0 {
		return badly(ErrInvalid, "seal", "a sealed ballot shows nothing else")
	}
	return checkHash("seal", b.Seal)
}

// ends returns when one can vote no more, as it stands.
func (p *proceeding) ends() time.Time {
	if p.election != nil {
		return p.election.Closes()
	}
	return p.count.Closes()
}

// openable returns until when sealed ballots can be opened.
func (p *proceeding) openable() time.Time {
	return p.ends().Add(time.Duration(p.rule.SealedHours) * time.Hour)
}

// begins returns when voting began.
func (p *proceeding) begins() time.Time {
	if p.secret != nil {
		return p.secret.casts
	}
	if p.consent != nil { // the vote follows a consent
		return p.ends().AddDate(0, 0, -p.rule.Days)
	}
	return p.opening.Opens
}

// opened returns the ballot as it is counted: one that was sealed counts as cast while one could vote, a secret one as that of its place.
func (p *proceeding) opened(b *Ballot) *Ballot {
	if p.seals == nil && p.secret == nil {
		return b
	}
	c := *b
	if p.seals != nil {
		c.At = p.begins()
	}
	if p.secret != nil {
		c.Voter = p.secret.slots[b.Voter]
	}
	return &c
}

// checkSealed checks a ballot where ballots are sealed: until the closing it shows nothing, after it it opens the seal.
func (p *proceeding) checkSealed(b *Ballot) error {
	at, seal := b.At.Format(time.RFC3339), p.seals[b.Voter]
	switch {
	case p.secret == nil && p.electorate.Weight(b.Voter) == 0:
		return bad(ErrNotMember, "voter", b.Voter, "is not in the electorate, or has stepped aside")
	case b.At.Before(p.begins()):
		return bad(ErrRefused, "ballot", b.Voter, "cast at %s, opened at %s", at, p.begins().Format(time.RFC3339))
	case b.At.Before(p.ends()) && b.Seal == "":
		return bad(ErrRefused, "ballot", b.Voter, "ballots are sealed until %s", p.ends().Format(time.RFC3339))
	case b.At.Before(p.ends()):
		if final := p.rule.Vote != nil && p.rule.Vote.Final || p.rule.Election != nil && p.rule.Election.Final; final && seal != "" && seal != b.Seal {
			return bad(ErrRefused, "ballot", b.Voter, "ballots are final")
		}
		return nil
	case !b.At.Before(p.openable()):
		return bad(ErrRefused, "ballot", b.Voter, "opened at %s: it could be until %s", at, p.openable().Format(time.RFC3339))
	case b.Seal != "":
		return bad(ErrRefused, "ballot", b.Voter, "sealed at %s: one could vote until %s", at, p.ends().Format(time.RFC3339))
	case b.Nonce == "" || seal == "" || b.seal() != seal:
		return badly(ErrRefused, "nonce", "does not open the ballot that %s has sealed", quote(b.Voter))
	}
	return p.checkContent(p.opened(b))
}
