package secretballot

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Voter is what an elector needs to cast one secret ballot in one decision. It is safe for concurrent use.
type Voter struct {
	decision codesocial.Decision
	elector  string
	weight   int64
	secret   []byte // all that was drawn, in the order in which it was
	token    ed25519.PrivateKey
	prepared []byte // the message, after a random prefix of prefixBytes
	signers  []signer
}

// A signer is a ballot office as the voter sees it.
type signer struct {
	client  blindrsa.Client
	state   blindrsa.State
	blinded []byte
}

const prefixBytes = 32

// NewVoter draws what an elector, by her IRI, needs to vote in a decision with secret ballots. The error wraps [ErrRefused].
func NewVoter(d codesocial.Decision, elector string) (*Voter, error) {
	secret := new(bytes.Buffer)
	v, err := newVoter(d, elector, io.TeeReader(rand.Reader, secret))
	if err != nil {
		return nil, err
	}
	v.secret = secret.Bytes()
	return v, nil
}

// RestoreVoter returns the voter that has that secret, see [Voter.Secret]. The error wraps [ErrRefused].
func RestoreVoter(d codesocial.Decision, elector string, secret []byte) (*Voter, error) {
	drawn := bytes.NewReader(secret)
	v, err := newVoter(d, elector, drawn)
	if err != nil {
		return nil, err
	}
	if drawn.Len() > 0 {
		return nil, fmt.Errorf("%w: the secret is not one of decision %s", ErrRefused, d.ID)
	}
	v.secret = bytes.Clone(secret)
	return v, nil
}

func newVoter(d codesocial.Decision, elector string, random io.Reader) (*Voter, error) {
	if d.Secret == nil {
		return nil, fmt.Errorf("%w: the ballots of decision %s are not secret", ErrRefused, d.ID)
	}
	v := &Voter{decision: d, elector: elector, weight: d.Electorate.Weight(elector)}
	if v.weight == 0 {
		return nil, fmt.Errorf("%w: %q is not in the electorate of decision %s", ErrRefused, elector, d.ID)
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("%w: the secret: %w", ErrRefused, err)
	}
	v.token = ed25519.NewKeyFromSeed(seed)
	for _, office := range d.Opening.Offices {
		if err := v.blind(modulusOf(office, v.weight), random); err != nil {
			return nil, fmt.Errorf("%w: the secret, for office %q: %w", ErrRefused, office.Party, err)
		}
	}
	return v, nil
}

// blind prepares what the next office is to sign.
func (v *Voter) blind(modulus []byte, random io.Reader) (err error) {
	var s signer
	if s.client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: exponent}); err != nil {
		return err
	}
	if v.prepared == nil { // all offices sign the same
		message := codesocial.CredentialMessage(v.decision.ID, v.weight, codesocial.PublicKeyOf(v.token))
		if v.prepared, err = s.client.Prepare(random, message); err != nil {
			return err
		}
	}
	if s.blinded, s.state, err = s.client.Blind(random, v.prepared); err != nil {
		return err
	}
	v.signers = append(v.signers, s)
	return nil
}

// Secret returns what the elector keeps from asking until casting, and shows to nobody: whoever has it can vote in her place, or see how she has voted. Once her ballot
// is in the record it is best destroyed. The caller owns it. It has some hundreds of bytes for each ballot office, and is not encrypted.
func (v *Voter) Secret() []byte { return bytes.Clone(v.secret) }

// String shows no secret.
func (v *Voter) String() string {
	return fmt.Sprintf("secretballot.Voter of %s in decision %s", v.elector, v.decision.ID)
}

// GoString shows what String shows.
func (v *Voter) GoString() string { return v.String() }

// Format shows what String shows, whatever the verb.
func (v *Voter) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// Request returns what the elector asks the ballot offices for, under her signature: see [codesocial.Community.AskCredential]. It tells nobody how she will vote.
func (v *Voter) Request(at time.Time) codesocial.CredentialRequest {
	r := codesocial.CredentialRequest{Decision: v.decision.ID, Elector: v.elector, At: at}
	for _, s := range v.signers {
		r.Blinded = append(r.Blinded, bytes.Clone(s.blinded))
	}
	return r
}

// Ballot returns the ballot that says what b says: its answer, ranking or scores, nonce and time; its decision and voter are left aside. issued are the credentials that
// [codesocial.State.CredentialRequest] returns for the elector. The errors wrap [ErrNotIssued], [ErrRefused], or [codesocial.ErrInvalid].
func (v *Voter) Ballot(issued []codesocial.Credential, b codesocial.Ballot) (codesocial.SecretBallot, error) {
	ballot := codesocial.SecretBallot{
		Decision: v.decision.ID, Token: codesocial.PublicKeyOf(v.token), Weight: v.weight, Prefix: bytes.Clone(v.prepared[:prefixBytes]),
		At: b.At.UTC().Truncate(time.Millisecond), Answer: b.Answer, Ranking: b.Ranking, Scores: b.Scores, Nonce: b.Nonce,
	}
	if len(issued) != len(v.signers) {
		return codesocial.SecretBallot{}, fmt.Errorf("%w: %d credentials of %d offices", ErrNotIssued, len(issued), len(v.signers))
	}
	for i, s := range v.signers {
		office := v.decision.Opening.Offices[i].Party
		if len(issued[i].Signature) == 0 {
			return codesocial.SecretBallot{}, fmt.Errorf("%w: by office %q", ErrNotIssued, office)
		}
		credential, err := s.client.Finalize(s.state, issued[i].Signature)
		if err != nil {
			return codesocial.SecretBallot{}, fmt.Errorf("%w: credential of office %q: %w", ErrRefused, office, err)
		}
		ballot.Credentials = append(ballot.Credentials, credential)
	}
	if err := ballot.Sign(v.token); err != nil {
		return codesocial.SecretBallot{}, err
	}
	return ballot, nil
}

// Sealed returns what is cast in place of the ballot that says what b says where ballots are sealed too: see [codesocial.SealBallot] for the nonce. That ballot itself, [Voter.Ballot] with
// the same nonce, is cast after the closing. The errors are those of Ballot, or wrap [codesocial.ErrLimit].
func (v *Voter) Sealed(issued []codesocial.Credential, b codesocial.Ballot) (codesocial.SecretBallot, error) {
	ballot, err := v.Ballot(issued, b)
	if err == nil {
		ballot, err = ballot.Sealed(b.Nonce)
	}
	if err == nil {
		err = ballot.Sign(v.token)
	}
	if err != nil {
		return codesocial.SecretBallot{}, err
	}
	return ballot, nil
}
