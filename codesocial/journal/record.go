package journal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
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

// prepare checks the draft's own fields and appends its payload in canonical form to an empty buffer.
func (d *Draft) prepare(buffer []byte) ([]byte, error) {
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
	payload, err := canonical.Append(buffer, d.Payload)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %s: payload: %w", ErrBadDraft, d.Kind, err)
	case payload[0] != '{':
		return nil, fmt.Errorf("%w: %s: payload: must be a JSON object", ErrBadDraft, d.Kind)
	case len(payload) > MaxPayloadBytes:
		return nil, fmt.Errorf("%w: %s: payload of %d bytes: the limit is %d", ErrBadDraft, d.Kind, len(payload), MaxPayloadBytes)
	}
	return payload, nil
}

func checkKind(kind string) error {
	if kindForm([]byte(kind)) {
		return nil
	}
	return fmt.Errorf("%w: kind %.80q: must be lower-case words joined by dots, at most %d bytes", ErrBadDraft, kind, MaxKindBytes)
}

// kindForm reports whether kind is two or more words of a-z, 0-9 and '-', each begun by a letter, joined by
// dots.
func kindForm(kind []byte) bool {
	if len(kind) > MaxKindBytes {
		return false
	}
	words, start := 1, true
	for _, c := range kind {
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
	if author == "" || authorForm([]byte(author)) {
		return nil
	}
	return fmt.Errorf("%w: author %.80q: must be an IRI of at most %d bytes", ErrBadDraft, author, MaxAuthorBytes)
}

// authorForm reports whether author can be an IRI: a scheme, a colon, something after it, and none of the
// characters that RFC 3987 excludes. What it names is for higher packages to say.
func authorForm(author []byte) bool {
	colon := bytes.IndexByte(author, ':')
	if len(author) > MaxAuthorBytes || colon < 1 || colon == len(author)-1 || !utf8.Valid(author) {
		return false
	}
	for _, c := range author {
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

// signed returns the bytes that an author signs: a line that names the purpose, and the canonical JSON of author,
// digest, id, kind and schema.
func (r *Record) signed() []byte {
	b := []byte("codesocial/record/v1\n")
	b = r.appendUntilKind(b, true)
	b = append(b, `,"schema":`...)
	b = strconv.AppendInt(b, int64(r.Schema), 10)
	return append(b, '}')
}

func digest(salt, payload []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(payload)
	var d [sha256.Size]byte
	h.Sum(d[:0])
	return d
}

// appendEnvelope appends the record as it stands in a block, in canonical JSON: with payload and salt, or with
// the digest in their place once they are erased. header asks for the latter form in any case: it is
// what the Merkle tree commits to, so that erasing a payload leaves every proof as it was.
func (r *Record) appendEnvelope(b []byte, header bool) []byte {
	header = header || r.Erased()
	b = r.appendUntilKind(b, header)
	if !header {
		b = append(b, `,"payload":`...)
		b = append(b, r.Payload...)
	}
	b = append(b, `,"position":`...)
	b = strconv.AppendUint(b, r.Position, 10)
	if !header {
		b = append(b, `,"salt":"`...)
		b = base64.StdEncoding.AppendEncode(b, r.Salt)
		b = append(b, '"')
	}
	b = append(b, `,"schema":`...)
	b = strconv.AppendInt(b, int64(r.Schema), 10)
	if r.Signature != nil {
		b = append(b, `,"signature":"`...)
		b = base64.StdEncoding.AppendEncode(b, r.Signature)
		b = append(b, '"')
	}
	b = append(b, `,"time":"`...)
	b = appendTime(b, r.Time)
	return append(b, `"}`...)
}

func (r *Record) appendUntilKind(b []byte, withDigest bool) []byte {
	b = append(b, '{')
	if r.Author != "" {
		b = append(b, `"author":"`...)
		b = append(b, r.Author...)
		b = append(b, `",`...)
	}
	if withDigest {
		b = append(b, `"digest":"`...)
		b = base64.StdEncoding.AppendEncode(b, r.Digest[:])
		b = append(b, `",`...)
	}
	b = append(b, `"id":"`...)
	n := len(b)
	b = append(b, "00000000-0000-0000-0000-000000000000"...)
	encodeUUID(b[n:], r.ID)
	b = append(b, `","kind":"`...)
	b = append(b, r.Kind...)
	return append(b, '"')
}

// appendTime appends t, in UTC, in timeLayout; it does in a tenth of the time what AppendFormat does.
func appendTime(b []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	n := len(b)
	b = append(b, "0000-00-00T00:00:00.000Z"...)
	put := func(at, digits, value int) {
		for i := at + digits - 1; i >= at; i-- {
			b[n+i] = byte('0' + value%10)
			value /= 10
		}
	}
	put(0, 4, year)
	put(5, 2, int(month))
	put(8, 2, day)
	put(11, 2, hour)
	put(14, 2, minute)
	put(17, 2, second)
	put(20, 3, t.Nanosecond()/int(time.Millisecond))
	return b
}

func encodeUUID(dst []byte, id uuid.UUID) {
	hex.Encode(dst, id[:4])
	hex.Encode(dst[9:], id[4:6])
	hex.Encode(dst[14:], id[6:8])
	hex.Encode(dst[19:], id[8:10])
	hex.Encode(dst[24:], id[10:])
}

// An envelopeReader reads records in the exact form in which appendEnvelope writes them and refuses every other
// spelling. It keeps the few distinct kinds and authors of a run of records, so that they are checked once and share memory.
type envelopeReader struct {
	authors, kinds map[string]string
}

var errEnvelope = errors.New("record is not in canonical form")

// remember returns b as a string, and keeps it for the next time.
func remember(names *map[string]string, b []byte) string {
	if *names == nil || len(*names) > 10_000 {
		*names = make(map[string]string)
	}
	s := string(b)
	(*names)[s] = s
	return s
}

// read reads the record that data begins with into r and returns what follows it. Payload shares memory with data.
func (e *envelopeReader) read(data []byte, r *Record) (rest []byte, err error) {
	c := cutter{rest: data}
	c.literal("{")
	if c.has(`"author":"`) {
		author := c.text()
		known, ok := e.authors[string(author)]
		if !ok {
			if !c.bad && !authorForm(author) {
				return nil, fmt.Errorf("%w: author", errEnvelope)
			}
			known = remember(&e.authors, author)
		}
		r.Author = known
		c.literal(",")
	}
	erased := c.has(`"digest":"`)
	if erased {
		c.base64(r.Digest[:])
		c.literal(",")
	}
	c.literal(`"id":"`)
	c.uuid(&r.ID)
	c.literal(`,"kind":"`)
	kind := c.text()
	known, ok := e.kinds[string(kind)]
	if !ok {
		if !c.bad && !kindForm(kind) {
			return nil, fmt.Errorf("%w: kind", errEnvelope)
		}
		known = remember(&e.kinds, kind)
	}
	r.Kind = known
	if !erased {
		c.literal(`,"payload":`)
		if c.bad || len(c.rest) == 0 || c.rest[0] != '{' {
			return nil, fmt.Errorf("%w: payload", errEnvelope)
		}
		after, err := canonical.Skip(c.rest)
		if err != nil {
			return nil, fmt.Errorf("%w: payload: %w", errEnvelope, err)
		}
		r.Payload = c.rest[: len(c.rest)-len(after) : len(c.rest)-len(after)]
		c.rest = after
	}
	c.literal(`,"position":`)
	r.Position = c.number()
	if !erased {
		c.literal(`,"salt":"`)
		r.Salt = make([]byte, saltSize)
		c.base64(r.Salt)
	}
	c.literal(`,"schema":`)
	schema := c.number()
	if schema < 1 || schema > MaxSchema || len(r.Payload) > MaxPayloadBytes {
		c.bad = true
	}
	r.Schema = int(schema)
	if c.has(`,"signature":"`) {
		r.Signature = make([]byte, ed25519.SignatureSize)
		c.base64(r.Signature)
	}
	c.literal(`,"time":"`)
	r.Time = c.time()
	c.literal("}")
	if c.bad {
		return nil, fmt.Errorf("%w (%d bytes into it)", errEnvelope, len(data)-len(c.rest))
	}
	if !erased {
		r.Digest = digest(r.Salt, r.Payload)
	}
	return c.rest, nil
}

// A cutter takes expected pieces off the front of a text; after the first that is not there it is bad for good.
type cutter struct {
	rest []byte
	bad  bool
}

func (c *cutter) has(piece string) bool {
	if c.bad || len(c.rest) < len(piece) || string(c.rest[:len(piece)]) != piece {
		return false
	}
	c.rest = c.rest[len(piece):]
	return true
}

func (c *cutter) literal(piece string) {
	if !c.has(piece) {
		c.bad = true
	}
}

// text takes everything up to the next quote, and the quote. Texts with escapes do not occur in an envelope.
func (c *cutter) text() []byte {
	end := bytes.IndexByte(c.rest, '"')
	if c.bad || end < 0 {
		c.bad = true
		return nil
	}
	t := c.rest[:end]
	c.rest = c.rest[end+1:]
	return t
}

func (c *cutter) base64(into []byte) {
	t := c.text()
	if c.bad || len(t) != base64.StdEncoding.EncodedLen(len(into)) {
		c.bad = true
		return
	}
	var buf [96]byte // Decode may write up to two bytes more than fit
	n, err := base64.StdEncoding.Strict().Decode(buf[:], t)
	if err != nil || n != len(into) {
		c.bad = true
		return
	}
	copy(into, buf[:n])
}

func (c *cutter) uuid(into *uuid.UUID) {
	t := c.text()
	if c.bad || len(t) != 36 {
		c.bad = true
		return
	}
	id, err := uuid.ParseBytes(t)
	var again [36]byte
	copy(again[:], "--------------------------------------")
	encodeUUID(again[:], id)
	if err != nil || !bytes.Equal(again[:], t) { // capital letters, another punctuation
		c.bad = true
	}
	*into = id
}

// number takes a natural number below 10^18.
func (c *cutter) number() (n uint64) {
	i := 0
	for i < len(c.rest) && i < 18 && '0' <= c.rest[i] && c.rest[i] <= '9' {
		n = n*10 + uint64(c.rest[i]-'0')
		i++
	}
	if i == 0 || c.rest[0] == '0' && i > 1 {
		c.bad = true
	}
	c.rest = c.rest[i:]
	return n
}

func (c *cutter) time() time.Time {
	t := c.text()
	if c.bad || len(t) != len(timeLayout) {
		c.bad = true
		return time.Time{}
	}
	digits := func(from, to int) (n int) {
		for _, d := range t[from:to] {
			if d < '0' || d > '9' {
				c.bad = true
			}
			n = n*10 + int(d-'0')
		}
		return n
	}
	out := time.Date(digits(0, 4), time.Month(digits(5, 7)), digits(8, 10), digits(11, 13), digits(14, 16), digits(17, 19), digits(20, 23)*int(time.Millisecond), time.UTC)
	var again [len(timeLayout)]byte
	if c.bad || !bytes.Equal(appendTime(again[:0], out), t) { // 30 February, 24:00
		c.bad = true
	}
	return out
}
