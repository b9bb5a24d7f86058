package codesocial

import (
	"bytes"
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

// A SecretBallot is a ballot of which nobody can tell whose it is. It is signed under a key that the elector has drawn for it alone, the token, for which every
// ballot office of the decision has issued a credential without seeing it. Package secretballot makes it; anybody checks it with [SecretBallot.Verify].
//
// What this protects. Nobody ever learns from the record who has cast a ballot: not the members, not who keeps the journal, not the ballot offices all together,
// and not with a better computer in a hundred years, since every ballot fits every credential that was issued for the same weight. Nobody but an elector can
// vote in her place, as long as one of the offices is honest; nobody can change a ballot on its way; each elector has one credential, and each credential one
// ballot, which is final.
//
// What it does not. Who has asked for a credential is seen by all. All offices together could vote in the place of those who have got a credential and do not
// use it: the record shows that there are never more ballots than credentials, and an elector whose place was taken holds a valid credential to show for it.
// When and over which line a ballot comes in can tell whose it is: let somebody else hand it in, or several together ([Community.Cast]). A voter who shows the
// private key of her token proves how she voted, so she can sell her vote or be pressed: no secret ballot from a distance prevents that, only a voting booth
// does. When all ballots of a weight say the same, everybody knows what each says; and when all others compare notes, they know the remaining one. Whoever keeps
// the journal can refuse to record a ballot; its voter cannot say so under her name without saying that it is hers.
type SecretBallot struct {
	Decision uuid.UUID `json:"decision"`
	// Token is the public key under which the ballot is signed. It must be made for this ballot, at random, and never be used again.
	Token  PublicKey `json:"token"`
	Weight int64     `json:"weight"` // of its elector, one of those of the opening
	// Prefix, 32 random bytes, and Credentials, one from each office in the order of the opening, are signatures RSABSSA-SHA384-PSS-Randomized (RFC 9474) over
	// [CredentialMessage].
	Prefix      []byte   `json:"prefix"`
	Credentials [][]byte `json:"credentials"`
	// At is when it was handed in, UTC, to the millisecond. Whoever hands it in says so; what is dated after its recording is refused, since the
	// first ballot ends the issuing of credentials.
	At time.Time `json:"at"`
	// What it says, as in [Ballot]: where ballots are sealed too, it is cast with Seal, and cast again with Nonce and what it says to open it.
	Answer  decision.Answer `json:"answer,omitempty"`
	Ranking [][]string      `json:"ranking,omitempty"`
	Scores  map[string]int  `json:"scores,omitempty"`
	Seal    string          `json:"seal,omitempty"`
	Nonce   string          `json:"nonce,omitempty"`
	// Signature is that of the token over all but Prefix, Credentials and At: see [SecretBallot.Sign].
	Signature Signature `json:"signature"`
}

// CredentialMessage returns what ballot offices sign blindly for a token, after the prefix: the line "codesocial/credential/v1", the id of the decision, the
// weight, the token, each followed by one line feed.
func CredentialMessage(decision uuid.UUID, weight int64, token PublicKey) []byte {
	return []byte("codesocial/credential/v1\n" + decision.String() + "\n" + strconv.FormatInt(weight, 10) + "\n" + token.String() + "\n")
}

// ballot returns what the ballot says as one of its token, by which it is kept.
func (b *SecretBallot) ballot() Ballot {
	return Ballot{Decision: b.Decision, Voter: "did:key:" + b.Token.String(), At: b.At, Answer: b.Answer, Ranking: b.Ranking, Scores: b.Scores, Seal: b.Seal, Nonce: b.Nonce}
}

// message returns what the token signs.
func (b *SecretBallot) message() ([]byte, error) {
	ballot := b.ballot()
	says, err := ballot.says()
	if err != nil {
		return nil, badly(ErrInvalid, "ballot", "must be text")
	}
	return []byte("codesocial/secret-ballot/v1\n" + b.Decision.String() + "\n" + b.Token.String() + "\n" + strconv.FormatInt(b.Weight, 10) + "\n" + b.Seal + "\n" + b.Nonce + "\n" + string(says) + "\n"), nil
}

// Sign signs the ballot with the private key of its token, and sets Token: over the line "codesocial/secret-ballot/v1", the id of the decision, the token, the
// weight, the seal, the nonce, and the canonical JSON of what it says as in [SealBallot], each followed by one line feed; what is absent is an empty line. The
// error wraps [ErrInvalid].
func (b *SecretBallot) Sign(token ed25519.PrivateKey) error {
	b.Token = PublicKeyOf(token)
	message, err := b.message()
	if err == nil {
		b.Signature, err = sign(token, message)
	}
	if err != nil {
		return errorf("secret ballot: %w", err)
	}
	return nil
}

// Sealed returns the ballot that is cast in place of b where ballots are sealed too; both are still to be signed. The seal is that of [SealBallot] with
// "did:key:" and the token for the voter, and so is the error. After the closing b is cast itself, with the nonce.
func (b *SecretBallot) Sealed(nonce string) (SecretBallot, error) {
	sealed, err := SealBallot(b.ballot(), nonce)
	if err != nil {
		return SecretBallot{}, err
	}
	c := b.clone()
	c.Answer, c.Ranking, c.Scores, c.Seal, c.Nonce, c.Signature = "", nil, nil, sealed.Seal, "", Signature{}
	return c, nil
}

// Verify checks that the ballot is signed by its token and that each of the ballot offices, those of the opening of its decision, has issued a credential for
// it. It needs nothing else: neither the journal nor a secret. The error wraps [ErrInvalid], [ErrLimit] or [ErrSignature].
func (b *SecretBallot) Verify(offices []BallotOffice) error {
	err := b.check()
	if err == nil {
		err = b.verify(offices)
	}
	if err != nil {
		return errorf("secret ballot: %w", err)
	}
	return nil
}

// check checks what can be seen on the ballot alone, its signature included.
func (b *SecretBallot) check() error {
	if b.Token.IsZero() {
		return badly(ErrInvalid, "token", "must be given")
	}
	if len(b.Prefix) != ballotPrefixBytes || len(b.Credentials) == 0 || len(b.Credentials) > MaxBallotOffices {
		return badly(ErrInvalid, "credentials", "must be from 1 to %d, with a prefix of %d bytes", MaxBallotOffices, ballotPrefixBytes)
	}
	for i, c := range b.Credentials {
		if err := checkOctets(at("credentials", i), c); err != nil {
			return err
		}
	}
	if len(b.Ranking) > decision.MaxOptions || len(b.Scores) > decision.MaxOptions {
		return badly(ErrLimit, "ballot", "names more than %d options", decision.MaxOptions)
	}
	ballot := b.ballot()
	if err := ballot.checkSeal(); err != nil {
		return err
	}
	if err := checkInstant("at", b.At); err != nil {
		return err
	}
	message, err := b.message()
	if err != nil {
		return err
	}
	return verify(b.Token, message, b.Signature)
}

func (b *SecretBallot) verify(offices []BallotOffice) error {
	if len(b.Credentials) != len(offices) {
		return bad(ErrInvalid, "credentials", strconv.Itoa(len(b.Credentials)), "there are %d ballot offices", len(offices))
	}
	message := CredentialMessage(b.Decision, b.Weight, b.Token)
	for i, office := range offices {
		j := slices.IndexFunc(office.Keys, func(k BallotKey) bool { return k.Weight == b.Weight })
		if j < 0 {
			return bad(ErrInvalid, "weight", strconv.FormatInt(b.Weight, 10), "no elector has it")
		}
		if err := verifyUnblinded(at("credentials", i), office.Keys[j].Modulus, b.Prefix, message, b.Credentials[i]); err != nil {
			return err
		}
	}
	return nil
}

// Cast records secret ballots, all or none, in one commit and in the order of their tokens: nothing in it says in which order they were handed in. It records
// them without author. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown] or [ErrSignature]; where the rule refused, it is a *[RuleError] that wraps
// [ErrRefused]. They name the token.
func (c *Community) Cast(ctx context.Context, ballots ...SecretBallot) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftSecretBallots(ballots...) })
}

// DraftSecretBallots decides [Community.Cast] without recording it. A ballot from before what is recorded last is drafted as of the same time, and all as of the
// same time as the latest of them. There is no draft for a ballot that has been cast.
func (s *State) DraftSecretBallots(ballots ...SecretBallot) ([]journal.Draft, error) {
	ordered, latest := make([]SecretBallot, len(ballots)), time.Time{}
	for i, b := range ballots {
		ordered[i] = b.clone()
		if at := instant(b.At); at.After(latest) {
			latest = at
		}
	}
	slices.SortStableFunc(ordered, func(a, b SecretBallot) int { return bytes.Compare(a.Token[:], b.Token[:]) })
	var drafts []journal.Draft
	for _, b := range ordered {
		b.At = latest
		err := b.check()
		p, ok := s.decisions[b.Decision]
		if err == nil && !ok {
			err = bad(ErrUnknown, "decision", b.Decision.String(), "has not been opened")
		}
		if err == nil {
			if p.secret != nil && p.heard(&b) {
				continue
			}
			if b.At.Before(p.now) {
				b.At = p.now
			}
			err = p.checkCast(&b)
		}
		if err != nil {
			return nil, errorf("secret ballot %s: %w", b.Token, err)
		}
		drafts = append(drafts, journal.Draft{ID: b.recordID(), Kind: KindSecretBallot, Schema: schema, Payload: b})
	}
	return drafts, nil
}

func (b *SecretBallot) clone() SecretBallot {
	c := *b
	c.Prefix, c.Credentials, c.Ranking, c.Scores = bytes.Clone(b.Prefix), slices.Clone(b.Credentials), slices.Clone(b.Ranking), maps.Clone(b.Scores)
	for i := range c.Credentials {
		c.Credentials[i] = bytes.Clone(c.Credentials[i])
	}
	for i := range c.Ranking {
		c.Ranking[i] = slices.Clone(c.Ranking[i])
	}
	return c
}

// recordID returns the only id under which the ballot is recorded: another could say something.
func (b *SecretBallot) recordID() uuid.UUID {
	act := "cast"
	if b.Nonce != "" {
		act = "open"
	}
	return recordID(KindSecretBallot, b.Decision.String(), b.Token.String(), act)
}

// heard reports whether just this has been cast under the token.
func (p *proceeding) heard(b *SecretBallot) bool {
	ballot := b.ballot()
	if b.Seal == "" && p.seals[ballot.Voter] == "" {
		if ballot.Voter = p.secret.slots[ballot.Voter]; ballot.Voter == "" {
			return false
		}
	}
	return p.says(&ballot)
}

// checkCast checks a secret ballot against the rule and what was issued and cast before.
func (p *proceeding) checkCast(b *SecretBallot) error {
	token, ballot := b.Token.String(), b.ballot()
	if err := p.ruled(p.checkOpenSecret("ballot", b.At)); err != nil {
		return err
	}
	if err := p.can(eventBallot, b.At); err != nil {
		return err
	}
	if err := p.ruled(b.verify(p.opening.Offices)); err != nil {
		return err
	}
	class := p.secret.classes[p.secret.class(b.Weight)]
	_, used := p.secret.slots[ballot.Voter]
	switch {
	case used && (p.seals == nil || b.At.Before(p.ends())):
		return p.ruled(bad(ErrRefused, "token", token, "a ballot has been cast under it, and is final"))
	case !used && class.Cast == class.Issued:
		return p.ruled(bad(ErrRefused, "token", token, "all %d credentials of weight %d have been used", class.Issued, class.Weight))
	case p.seals != nil:
		return p.ruled(p.checkSealed(&ballot))
	case b.Seal != "" || b.Nonce != "":
		return p.ruled(bad(ErrInvalid, "seal", b.Seal, "ballots are not sealed"))
	}
	ballot.Voter = decision.Slot(class.Weight, class.Cast+1)
	return p.checkContent(&ballot)
}

func (s *State) applySecretBallot(b *SecretBallot, r *journal.Record) error {
	p, ok := s.decisions[b.Decision]
	switch {
	case !ok:
		return bad(ErrUnknown, "decision", b.Decision.String(), "has not been opened")
	case r.Author != "" || len(r.Signature) > 0:
		return p.ruled(bad(ErrRefused, "author", r.Author, "a secret ballot has none"))
	case r.ID != b.recordID():
		return bad(ErrInvalid, "id", r.ID.String(), "must be %s", b.recordID())
	}
	if err := cmp.Or(p.checkStep(b.At, r), p.checkCast(b)); err != nil {
		return err
	}
	ballot := b.ballot()
	class := &p.secret.classes[p.secret.class(b.Weight)]
	if _, used := p.secret.slots[ballot.Voter]; !used {
		class.Cast++
		p.secret.slots[ballot.Voter] = decision.Slot(class.Weight, class.Cast)
	}
	if b.Seal == "" {
		says, _ := ballot.says() // checked
		class.hear(string(says))
	}
	p.take(&ballot)
	return nil
}
