package journal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// cuts are the places in the canonical form of a record where some of its members, with the comma before them, begin. A record that was erased has
// nothing between payload and position, and nothing between salt and schema.
type cuts struct{ id, payload, position, salt, schema int }

// appendEnvelope appends the record as it stands in a block, in canonical JSON: with payload and salt, or with
// the digest in their place once they are erased.
func (r *Record) appendEnvelope(b []byte) ([]byte, cuts) {
	var c cuts
	start := len(b)
	b = r.appendAuthor(b)
	c.id = len(b) - start
	if r.Erased() {
		b = appendDigest(b, &r.Digest)
	}
	b = r.appendIDAndKind(b)
	c.payload = len(b) - start
	if !r.Erased() {
		b = append(b, `,"payload":`...)
		b = append(b, r.Payload...)
	}
	c.position = len(b) - start
	b = append(b, `,"position":`...)
	b = strconv.AppendUint(b, r.Position, 10)
	c.salt = len(b) - start
	if !r.Erased() {
		b = append(b, `,"salt":"`...)
		b = base64.StdEncoding.AppendEncode(b, r.Salt)
		b = append(b, '"')
	}
	c.schema = len(b) - start
	b = append(b, `,"schema":`...)
	b = strconv.AppendInt(b, int64(r.Schema), 10)
	if r.Signature != nil {
		b = append(b, `,"signature":"`...)
		b = base64.StdEncoding.AppendEncode(b, r.Signature)
		b = append(b, '"')
	}
	b = append(b, `,"time":"`...)
	b = appendTime(b, r.Time)
	return append(b, `"}`...), c
}

// A leafHasher computes the hashes with which the tree commits to records.
type leafHasher struct{ header []byte }

// leaf returns the hash of a record's leaf (RFC 6962, §2.1: SHA-256 of 0x00 and the entry). The entry is the envelope with the digest in the place of payload and
// salt, as it stands in a block once they are erased, so that erasing leaves every proof as it was.
func (l *leafHasher) leaf(envelope []byte, c cuts, digest *[sha256.Size]byte) tlog.Hash {
	h := append(l.header[:0], 0)
	if c.payload == c.position {
		h = append(h, envelope...)
	} else {
		h = append(h, envelope[:c.id]...)
		h = appendDigest(h, digest)
		h = append(h, envelope[c.id:c.payload]...)
		h = append(h, envelope[c.position:c.salt]...)
		h = append(h, envelope[c.schema:]...)
	}
	l.header = h
	return sha256.Sum256(h)
}

// signed returns the bytes that an author signs: a line that names the purpose, and the canonical JSON of author,
// digest, id, kind and schema.
func (r *Record) signed() []byte {
	b := []byte("codesocial/record/v1\n")
	b = r.appendIDAndKind(appendDigest(r.appendAuthor(b), &r.Digest))
	b = append(b, `,"schema":`...)
	b = strconv.AppendInt(b, int64(r.Schema), 10)
	return append(b, '}')
}

func (r *Record) appendAuthor(b []byte) []byte {
	b = append(b, '{')
	if r.Author != "" {
		b = append(b, `"author":"`...)
		b = append(b, r.Author...)
		b = append(b, `",`...)
	}
	return b
}

func appendDigest(b []byte, digest *[sha256.Size]byte) []byte {
	b = append(b, `"digest":"`...)
	b = base64.StdEncoding.AppendEncode(b, digest[:])
	return append(b, `",`...)
}

func (r *Record) appendIDAndKind(b []byte) []byte {
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
	leafHasher
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

// read reads the record that data begins with into r, and returns the hash of its leaf and what follows it. Payload shares memory with data.
func (e *envelopeReader) read(data []byte, r *Record) (leaf tlog.Hash, rest []byte, err error) {
	c := cutter{rest: data}
	at := func() int { return len(data) - len(c.rest) }
	var cut cuts
	c.literal("{")
	if c.has(`"author":"`) {
		author := c.text()
		known, ok := e.authors[string(author)]
		if !ok {
			if !c.bad && !authorForm(string(author)) {
				return leaf, nil, fmt.Errorf("%w: author", errEnvelope)
			}
			known = remember(&e.authors, author)
		}
		r.Author = known
		c.literal(",")
	}
	cut.id = at()
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
		if !c.bad && !kindForm(string(kind)) {
			return leaf, nil, fmt.Errorf("%w: kind", errEnvelope)
		}
		known = remember(&e.kinds, kind)
	}
	r.Kind = known
	cut.payload = at()
	if !erased {
		c.literal(`,"payload":`)
		if c.bad || len(c.rest) == 0 || c.rest[0] != '{' {
			return leaf, nil, fmt.Errorf("%w: payload", errEnvelope)
		}
		after, err := canonical.Skip(c.rest)
		if err != nil {
			return leaf, nil, fmt.Errorf("%w: payload: %w", errEnvelope, err)
		}
		r.Payload = c.rest[: len(c.rest)-len(after) : len(c.rest)-len(after)]
		c.rest = after
	}
	cut.position = at()
	c.literal(`,"position":`)
	r.Position = c.number()
	cut.salt = at()
	if !erased {
		c.literal(`,"salt":"`)
		r.Salt = make([]byte, saltSize)
		c.base64(r.Salt)
	}
	cut.schema = at()
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
		return leaf, nil, fmt.Errorf("%w (%d bytes into it)", errEnvelope, at())
	}
	if !erased {
		r.Digest = digest(r.Salt, r.Payload)
	}
	return e.leaf(data[:at()], cut, &r.Digest), c.rest, nil
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

// uuid takes a UUID in the form of RFC 9562, in lower case.
func (c *cutter) uuid(into *uuid.UUID) {
	t := c.text()
	if c.bad || len(t) != 36 {
		c.bad = true
		return
	}
	n := 0
	for i := 0; i < len(t); {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			c.bad = c.bad || t[i] != '-'
			i++
			continue
		}
		high, low := nibbles[t[i]], nibbles[t[i+1]]
		c.bad = c.bad || high|low > 0xf
		into[n] = high<<4 | low
		n, i = n+1, i+2
	}
}

// nibbles are the values of the hexadecimal digits in lower case, and 0xff for other bytes.
var nibbles = func() (values [256]byte) {
	for c := range values {
		values[c] = 0xff
	}
	for v, c := range []byte("0123456789abcdef") {
		values[c] = byte(v)
	}
	return values
}()

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
