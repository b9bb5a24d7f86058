package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Signer signs a journal's checkpoints. It holds a private key and never shows it.
type Signer struct {
	key      ed25519.PrivateKey
	verifier note.Verifier
	text     string // the verifier in text form
}

// NewSigner returns the signer of the journal named origin, which goes on every checkpoint: a schema-less URL such
// as "la-trame.example/journal" that nobody else uses, without spaces and plus signs.
func NewSigner(origin string, key ed25519.PrivateKey) (*Signer, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("journal: signing key of %d bytes: must be an Ed25519 private key of %d", len(key), ed25519.PrivateKeySize)
	}
	text, err := note.NewEd25519VerifierKey(origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("journal: origin %q: %w", origin, err)
	}
	verifier, err := newVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("journal: origin %.80q: must be a name without spaces and plus signs, as in la-trame.example/journal", origin)
	}
	return &Signer{key, verifier, text}, nil
}

// VerifierKey returns the public half in the text form of package golang.org/x/mod/sumdb/note:
// origin, key hash and key. Publish it; it is all that [Verify] needs.
func (s *Signer) VerifierKey() string { return s.text }

// Name, KeyHash and Sign make a Signer a note.Signer.

// Name returns the origin.
func (s *Signer) Name() string { return s.verifier.Name() }

// KeyHash returns the number that identifies the key within signatures.
func (s *Signer) KeyHash() uint32 { return s.verifier.KeyHash() }

// Sign signs a message with Ed25519.
func (s *Signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

// String shows the verifier key, never the private key.
func (s *Signer) String() string { return "journal.Signer(" + s.text + ")" }

// GoString shows what String shows.
func (s *Signer) GoString() string { return s.String() }

func newVerifier(key string) (note.Verifier, error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return nil, fmt.Errorf("journal: verifier key %.80q: %w", key, err)
	}
	return v, nil
}

// A checkpoint states the size and root of a journal's Merkle tree, as a signed note after the C2SP
// specification tlog-checkpoint:
//
//	la-trame.example/journal            origin
//	1204                                number of records
//	m0v1QyPHgp…=                        root, base64
//	previous jXuQ2…=                    SHA-256 of the checkpoint before, base64; an extension line
//
//	— la-trame.example/journal aBcD…=   signature
//
// The line "previous" chains each checkpoint to the one before it, so that verifying the last signature
// verifies every earlier checkpoint too.
type checkpoint struct {
	size uint64
	root tlog.Hash
}

const previousWord = "previous "

func appendCheckpointText(b []byte, origin string, size uint64, root tlog.Hash, previous string) []byte {
	b = append(b, origin...)
	b = append(b, '\n')
	b = strconv.AppendUint(b, size, 10)
	b = append(b, '\n')
	b = base64.StdEncoding.AppendEncode(b, root[:])
	b = append(b, '\n')
	if previous != "" {
		sum := sha256.Sum256([]byte(previous))
		b = append(b, previousWord...)
		b = base64.StdEncoding.AppendEncode(b, sum[:])
		b = append(b, '\n')
	}
	return b
}

func (s *Signer) checkpoint(size uint64, root tlog.Hash, previous string) (string, error) {
	text := appendCheckpointText(nil, s.Name(), size, root, previous)
	msg, err := note.Sign(&note.Note{Text: string(text)}, s)
	if err != nil {
		return "", fmt.Errorf("journal: sign checkpoint: %w", err)
	}
	return string(msg), nil
}

var errCheckpoint = errors.New("journal: checkpoint")

// openNote verifies a note that comes from outside.
func openNote(msg []byte, verifier note.Verifier) (*note.Note, error) {
	n, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	for _, sig := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return nil, fmt.Errorf("signature: %w", err) // package note accepts loose trailing bits
		}
	}
	return n, nil
}

// openCheckpoint verifies and reads a checkpoint that comes from outside.
func openCheckpoint(msg []byte, verifier note.Verifier) (c checkpoint, err error) {
	n, err := openNote(msg, verifier)
	if err != nil {
		return c, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return c, fmt.Errorf("%w: origin %.80q: must be %q", errCheckpoint, lines[0], verifier.Name())
	}
	if c.size, err = strconv.ParseUint(lines[1], 10, 63); err != nil || strconv.FormatUint(c.size, 10) != lines[1] {
		return c, fmt.Errorf("%w: size %.80q: must be a natural number", errCheckpoint, lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(c.root) {
		return c, fmt.Errorf("%w: root %.80q: must be 32 bytes in base64", errCheckpoint, lines[2])
	}
	copy(c.root[:], root)
	return c, nil
}
