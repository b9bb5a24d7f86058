// Package agebox seals what is said in mediation with age (https://age-encryption.org/v1), for the keys under which members sign.
//
//	box := agebox.New(state.KeyOf, map[string]ed25519.PrivateKey{me: key})
//	office, err := mediation.Open(ctx, community, &mediation.Options{Sealer: box})
//
// A file is encrypted once, for every reader under her own key, as an SSH key of the type ssh-ed25519; anybody can open it with the
// program age and such a key. Who reads the file without a key sees how many readers there are, how long the text is, and the first four
// bytes of the hash of each reader's public key: that somebody can read it is no secret, what it says is.
//
// A private key that is lost, or found by somebody else, opens all that was ever sealed for it. What must not be read any more is
// erased from the journal.
package agebox

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"

	"github.com/commonstocommons/codesocial/codesocial"
)

// MaxBytes is the longest text that is sealed or opened.
const MaxBytes = 1 << 20

var (
	// ErrNoKey: a reader has no key to seal for, or none to open with was given.
	ErrNoKey = errors.New("agebox: no key")
	// ErrRefused: the text is too long, or is not sealed for the reader, or was changed.
	ErrRefused = errors.New("agebox: refused")
)

// A Box seals for members and opens for those whose private keys it holds. It implements mediation.Sealer, and is safe for concurrent use
// if keyOf is.
type Box struct {
	keyOf   func(iri string) codesocial.PublicKey
	private map[string]ed25519.PrivateKey
}

// New returns a box. keyOf returns the public key of a party, zero if it has none; private holds the keys of those for whom this program may
// open what is sealed, by IRI. A program of one member holds one key. private must not be changed afterwards.
func New(keyOf func(iri string) codesocial.PublicKey, private map[string]ed25519.PrivateKey) *Box {
	return &Box{keyOf, private}
}

// String shows neither keys nor texts.
func (b *Box) String() string { return fmt.Sprintf("agebox.Box of %d keys", len(b.private)) }

// GoString shows what String shows.
func (b *Box) GoString() string { return b.String() }

// Seal implements mediation.Sealer. The error wraps [ErrNoKey] and names the reader, or [ErrRefused].
func (b *Box) Seal(readers []string, plain []byte) ([]byte, error) {
	if len(readers) == 0 || len(plain) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes for %d readers", ErrRefused, len(plain), len(readers))
	}
	recipients := make([]age.Recipient, len(readers))
	for i, iri := range readers {
		key := b.keyOf(iri)
		if key.IsZero() {
			return nil, fmt.Errorf("%w: of reader %q", ErrNoKey, iri)
		}
		public, err := ssh.NewPublicKey(key.Ed25519())
		if err != nil {
			return nil, fmt.Errorf("%w: of reader %q: %w", ErrNoKey, iri, err)
		}
		if recipients[i], err = agessh.NewEd25519Recipient(public); err != nil {
			return nil, fmt.Errorf("%w: of reader %q: %w", ErrNoKey, iri, err)
		}
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipients...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return sealed.Bytes(), nil
}

// Open implements mediation.Sealer. The error wraps [ErrNoKey] when the box does not hold the reader's key, or [ErrRefused] when the text was
// not sealed for her, was changed, or is too long.
func (b *Box) Open(reader string, sealed []byte) ([]byte, error) {
	key, ok := b.private[reader]
	if !ok || len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("%w: of reader %q", ErrNoKey, reader)
	}
	identity, err := agessh.NewEd25519Identity(key)
	if err != nil {
		return nil, fmt.Errorf("%w: of reader %q: %w", ErrNoKey, reader, err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, fmt.Errorf("%w: for reader %q: %w", ErrRefused, reader, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil || len(plain) > MaxBytes {
		return nil, fmt.Errorf("%w: for reader %q: changed, or too long", ErrRefused, reader)
	}
	return plain, nil
}
