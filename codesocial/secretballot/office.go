package secretballot

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

const (
	keyBits  = 8 * codesocial.MinBallotKeyBytes
	exponent = 65537
)

// NewKey draws a key for a ballot office, for one decision and one weight; it takes about a second. Whoever has it can make credentials: it is kept secret until
// the decision is closed, and destroyed then.
func NewKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

// An Office issues credentials in the name of a party. It is safe for concurrent use.
type Office struct {
	party string
	keys  map[int64]*rsa.PrivateKey
}

// NewOffice returns the office of a party, by its IRI, with a key for each weight that electors have ([codesocial.State.BallotWeights]; 1 where all have one voice). keys must not be
// changed afterwards. The error wraps [ErrRefused].
func NewOffice(party string, keys map[int64]*rsa.PrivateKey) (*Office, error) {
	for weight, key := range keys {
		if key == nil || key.E != exponent || key.N == nil || key.N.BitLen() < keyBits {
			return nil, fmt.Errorf("%w: key for weight %d: must have at least %d bits and the exponent %d", ErrRefused, weight, keyBits, exponent)
		}
	}
	return &Office{party, keys}, nil
}

// String shows no key.
func (o *Office) String() string { return fmt.Sprintf("secretballot.Office of %s", o.party) }

// GoString shows what String shows.
func (o *Office) GoString() string { return o.String() }

// BallotOffice returns what the opening of the decision says of the office.
func (o *Office) BallotOffice() codesocial.BallotOffice {
	b := codesocial.BallotOffice{Party: o.party}
	for _, weight := range slices.Sorted(maps.Keys(o.keys)) {
		b.Keys = append(b.Keys, codesocial.BallotKey{Weight: weight, Modulus: o.keys[weight].N.Bytes()})
	}
	return b
}

// Issue issues a credential to each elector who has asked and has not got one from this office, and returns to how many. key is the Ed25519 key of the office's party. It signs nothing
// else: who may ask, and only once, the record has checked. What cannot be issued to one keeps nobody else from theirs. The error joins what was refused, and wraps
// [ErrRefused], or is that of [codesocial.Community.IssueCredential].
func (o *Office) Issue(ctx context.Context, c *codesocial.Community, decision uuid.UUID, at time.Time, key ed25519.PrivateKey) (n int, err error) {
	var d codesocial.Decision
	var requests []codesocial.CredentialRequest
	if err := c.Read(func(s *codesocial.State) {
		d, _ = s.Decision(decision)
		requests = s.CredentialsToIssue(decision, o.party)
	}); err != nil {
		return 0, err
	}
	var refused []error
	for _, r := range requests {
		credential, err := o.sign(d, r, at)
		if err == nil {
			err = c.IssueCredential(ctx, credential, key)
		}
		if err != nil {
			refused = append(refused, err)
			continue
		}
		n++
	}
	return n, errors.Join(refused...)
}

// sign signs what an elector has asked for.
func (o *Office) sign(d codesocial.Decision, r codesocial.CredentialRequest, at time.Time) (codesocial.Credential, error) {
	weight := d.Electorate.Weight(r.Elector)
	i := slices.IndexFunc(d.Opening.Offices, func(b codesocial.BallotOffice) bool { return b.Party == o.party })
	key := o.keys[weight]
	if modulus := modulusOf(d.Opening.Offices[i], weight); key == nil || !bytes.Equal(modulus, key.N.Bytes()) {
		return codesocial.Credential{}, fmt.Errorf("%w: the key for weight %d is not that of decision %s", ErrRefused, weight, d.ID)
	}
	signature, err := blindrsa.NewSigner(key).BlindSign(r.Blinded[i])
	if err != nil {
		return codesocial.Credential{}, fmt.Errorf("%w: request of %q: %w", ErrRefused, r.Elector, err)
	}
	return codesocial.Credential{Decision: d.ID, Elector: r.Elector, Office: o.party, At: at, Signature: signature}, nil
}

// modulusOf returns the key of an office for a weight, nil for none.
func modulusOf(o codesocial.BallotOffice, weight int64) []byte {
	if i := slices.IndexFunc(o.Keys, func(k codesocial.BallotKey) bool { return k.Weight == weight }); i >= 0 {
		return o.Keys[i].Modulus
	}
	return nil
}
