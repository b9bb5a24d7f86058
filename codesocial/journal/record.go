package journal

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on what one record may hold.
const (
	MaxPayloadBytes = 4 << 20 // canonical JSON of a payload
	MaxKindBytes    = 64
	MaxAuthorBytes  = 1024
	MaxSchema       = 9999
)

const (
	saltSize   = 16
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// A Draft is what a decision wants recorded. Only Kind and Payload are required.
type Draft struct {
	// ID names the record and makes recording it twice harmless (see [Journal.Update]). Zero: the
	// journal draws a UUIDv7.
	ID uuid.UUID
	// Kind says what the payload is: the name of the package that owns it, a dot, and a word of lower-case
	// letters, digits and hyphens, as in "ledger.contribution".
	Kind string
	// Schema numbers the shape of the payload within its kind, from 1; zero means 1.
	Schema int
	// Author is the IRI of the party that speaks, "" for the organisation that keeps the journal.
	Author string
	// Payload is the content: a struct or map that package canonical writes as a JSON object, or
	// such an object ready made as [canonical.Raw].
	Payload any
	// Salt hides the payload behind its digest after an erasure. Nil: the journal chooses it. Sign sets it.
	Salt []byte
	// Signature is the author's, set by Sign; nil leaves the record unsigned.
	Signature []byte
}

// Sign signs the draft for its author. It fixes ID (drawing one if it is zero), Schema, Payload and Salt, which the
// signature covers together with Kind and Author; place and time of recording are the journal's to say.
//
// The salt is derived from the key and the content (HMAC-SHA-256), so that the same draft signed twice is
// the same record; without the private key it cannot be guessed.
func (d *Draft) Sign(key ed25519.PrivateKey) error {
	if len(key) != ed25519.PrivateKeySize {
		return fmt.Errorf("%w: signing key of %d bytes", ErrBadDraft, len(key))
	}
	if d.ID == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		d.ID = id
	}
	payload, err := d.prepare(nil)
	if err != nil {
		return err
	}
	d.Payload = canonical.Raw(payload)
	mac := hmac.New(sha256.New, key.Seed())
	mac.Write([]byte("codesocial/salt/v1\n"))
	mac.Write(d.ID[:])
	mac.Write(payload)
	d.Salt = mac.Sum(nil)[:saltSize]
	r := Record{ID: d.ID, Kind: d.Kind, Schema: d.Schema, Author: d.Author, Digest: digest(d.Salt, payload)}
	d.Signature = ed25519.Sign(key, r.signed())
	return nil
}

// prepare checks the draft's own fields and appends its payload in canonical form.
func (d *Draft) prepare(buffer []byte) ([]byte, error) {
	before := len(buffer)
	if d.Schema == 0 {
		d.Schema = 1
	}
	if err := checkKind(d.Kind); err != nil {
		return nil, err
	}
	if err := checkAuthor(d.Author); err != nil {
		return nil, err
	}
	if d.Schema < 1 || d.Schema > MaxSchema {
		return nil, fmt.Errorf("%w: %s: schema %d: must be from 1 to %d", ErrBadDraft, d.Kind, d.Schema, MaxSchema)
	}
	if d.Salt != nil && len(d.Salt) != saltSize {
		return nil, fmt.Errorf("%w: %s: salt of %d bytes: must be %d", ErrBadDraft, d.Kind, len(d.Salt), saltSize)
	}
	if d.Signature != nil && (len(d.Signature) != ed25519.SignatureSize || d.Salt == nil || d.ID == uuid.Nil) {
		return nil, fmt.Errorf("%w: %s: signature without its salt and id, or of %d bytes: use Sign", ErrBadDraft, d.Kind, len(d.Signature))
	}
	buffer, err := canonical.Append(buffer, d.Payload)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: payload: %w", ErrBadDraft, d.Kind, err)
	}
	switch payload := buffer[before:]; {
	case payload[0] != '{':
		return nil, fmt.Errorf("%w: %s: payload: must be a JSON object", ErrBadDraft, d.Kind)
	case len(payload) > MaxPayloadBytes:
		return nil, fmt.Errorf("%w: %s: payload of %d bytes: the limit is %d", ErrBadDraft, d.Kind, len(payload), MaxPayloadBytes)
	}
	return buffer, nil
}

func checkKind(kind string) error {
	if kindForm(kind) {
		return nil
	}
	return fmt.Errorf("%w: kind %.80q: must be lower-case words joined by dots, at most %d bytes", ErrBadDraft, kind, MaxKindBytes)
}

// kindForm reports whether kind is two or more words of a-z, 0-9 and '-', each begun by a letter, joined by
// dots.
func kindForm(kind string) bool {
	if len(kind) > MaxKindBytes {
		return false
	}
	words, start := 1, true
	for _, c := range []byte(kind) {
		switch {
		case 'a' <= c && c <= 'z':
			start = false
		case !start && ('0' <= c && c <= '9' || c == '-'):
		case !start && c == '.':
			words++
			start = true
		default:
			return false
		}
	}
	return words > 1 && !start
}

func checkAuthor(author string) error {
	if author == "" || authorForm(author) {
		return nil
	}
	return fmt.Errorf("%w: author %.80q: must be an IRI of at most %d bytes", ErrBadDraft, author, MaxAuthorBytes)
}

// authorForm reports whether author can be an IRI: a scheme, a colon, something after it, and none of the
// characters that RFC 3987 excludes. What it names is for higher packages to say.
func authorForm(author string) bool {
	colon := strings.IndexByte(author, ':')
	if len(author) > MaxAuthorBytes || colon < 1 || colon == len(author)-1 || !utf8.ValidString(author) {
		return false
	}
	for _, c := range []byte(author) {
		if notInIRI[c] {
			return false
		}
	}
	return true
}

// notInIRI marks the bytes that RFC 3987 excludes from an IRI.
var notInIRI = func() (excluded [256]bool) {
	for c := range byte(' ' + 1) {
		excluded[c] = true
	}
	for _, c := range []byte("\x7f<>\"{}|\\^`") {
		excluded[c] = true
	}
	return excluded
}()

// A Record is a draft that has been recorded.
type Record struct {
	Position uint64    // place in the journal, from 0, without gaps
	ID       uuid.UUID // see Draft.ID
	Kind     string
	Schema   int
	Author   string    // IRI; "" for the organisation that keeps the journal
	Time     time.Time // when it was recorded, UTC, to the millisecond; for information, never for ordering
	// Payload is the content as canonical JSON. It is nil when the payload has been erased; Digest
	// remains. It must not be changed, and may share memory with its whole block: copy what is kept.
	Payload   []byte
	Salt      []byte            // nil with the payload
	Digest    [sha256.Size]byte // SHA-256 of salt and payload
	Signature []byte            // the author's Ed25519 signature; nil when there is none
}

// Erased reports whether the payload has been erased.
func (r *Record) Erased() bool { return r.Payload == nil }

// Unmarshal reads the payload into v, strictly (see [canonical.Unmarshal]).
func (r *Record) Unmarshal(v any) error {
	if r.Erased() {
		return fmt.Errorf("journal: record %d (%s %s): payload was erased", r.Position, r.Kind, r.ID)
	}
	if err := canonical.Unmarshal(r.Payload, v); err != nil {
		return fmt.Errorf("journal: record %d (%s %s): payload: %w", r.Position, r.Kind, r.ID, err)
	}
	return nil
}

// VerifySignature checks the author's signature under the public key pub. It also works after an erasure, since
// the signature covers the payload by its digest.
func (r *Record) VerifySignature(pub ed25519.PublicKey) error {
	if len(r.Signature) == 0 {
		return fmt.Errorf("journal: record %s: not signed", r.ID)
	}
	if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, r.signed(), r.Signature) {
		return fmt.Errorf("journal: record %s: signature is not its author's", r.ID)
	}
	return nil
}

func digest(salt, payload []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(payload)
	var d [sha256.Size]byte
	h.Sum(d[:0])
	return d
}
