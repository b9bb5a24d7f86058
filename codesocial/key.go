package codesocial

import (
	"crypto/ed25519"
	"encoding/base64"
	"math/big"
	"strings"
)

// A PublicKey is the Ed25519 key under which a party signs. The zero PublicKey means that it has none.
// From a key of the standard library: codesocial.PublicKey(pub).
//
// As text it is a Multikey (W3C Controlled Identifiers, §2.2.2): the letter z for base58btc, then the
// bytes 0xed 0x01, which say "Ed25519 public key", and the 32 bytes of the key; it begins with z6Mk.
type PublicKey [ed25519.PublicKeySize]byte

// Signature is an Ed25519 signature (RFC 8032). As text it is base64 with padding (RFC 4648, §4), always
// 88 characters. The zero Signature means that there is none.
type Signature [ed25519.SignatureSize]byte

const (
	multikeyPrefix = "\xed\x01"
	base58Digits   = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	maxMultikey    = 64
	signatureText  = 88
)

// PublicKeyOf returns the public key that belongs to a private key, and the zero PublicKey when key is
// not a private key of Ed25519.
func PublicKeyOf(key ed25519.PrivateKey) PublicKey {
	if len(key) != ed25519.PrivateKeySize {
		return PublicKey{}
	}
	return PublicKey(key[ed25519.SeedSize:])
}

// ParsePublicKey reads a key written as a Multikey, in its only spelling. The error wraps [ErrInvalid].
func ParsePublicKey(s string) (PublicKey, error) {
	b, ok := decodeBase58(strings.TrimPrefix(s, "z"))
	key, prefixed := strings.CutPrefix(string(b), multikeyPrefix)
	if !ok || !prefixed || !strings.HasPrefix(s, "z") || len(key) != ed25519.PublicKeySize || PublicKey([]byte(key)).IsZero() {
		return PublicKey{}, bad(ErrInvalid, "key", s, "must be an Ed25519 public key as Multikey text, which begins with z6Mk")
	}
	return PublicKey([]byte(key)), nil
}

// IsZero reports whether there is no key.
func (k PublicKey) IsZero() bool { return k == PublicKey{} }

// Ed25519 returns the key in the form of the standard library. The caller owns it.
func (k PublicKey) Ed25519() ed25519.PublicKey { return ed25519.PublicKey(k[:]) }

// String returns the key as [ParsePublicKey] reads it, and "" for the zero PublicKey.
func (k PublicKey) String() string {
	if k.IsZero() {
		return ""
	}
	return "z" + encodeBase58(append([]byte(multikeyPrefix), k[:]...))
}

// MarshalText implements [encoding.TextMarshaler] in the form of [PublicKey.String]. The zero PublicKey,
// which a document leaves out, is an error that wraps [ErrInvalid].
func (k PublicKey) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, badly(ErrInvalid, "key", "must not be empty")
	}
	return []byte(k.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParsePublicKey].
func (k *PublicKey) UnmarshalText(text []byte) error {
	parsed, err := ParsePublicKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

// ParseSignature reads a signature written in base64 with padding, in its only spelling. The error wraps
// [ErrInvalid].
func ParseSignature(s string) (Signature, error) {
	var b []byte
	if len(s) == signatureText { // also refuses the line breaks that the decoder would skip
		b, _ = base64.StdEncoding.Strict().DecodeString(s)
	}
	if len(b) != ed25519.SignatureSize || Signature(b).IsZero() {
		return Signature{}, bad(ErrInvalid, "signature", s, "must be an Ed25519 signature of 64 bytes in base64")
	}
	return Signature(b), nil
}

// IsZero reports whether there is no signature.
func (s Signature) IsZero() bool { return s == Signature{} }

// String returns the signature as [ParseSignature] reads it, and "" for the zero Signature.
func (s Signature) String() string {
	if s.IsZero() {
		return ""
	}
	return base64.StdEncoding.EncodeToString(s[:])
}

// MarshalText implements [encoding.TextMarshaler] in the form of [Signature.String]. The zero Signature,
// which a document leaves out, is an error that wraps [ErrInvalid].
func (s Signature) MarshalText() ([]byte, error) {
	if s.IsZero() {
		return nil, badly(ErrInvalid, "signature", "must not be empty")
	}
	return []byte(s.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseSignature].
func (s *Signature) UnmarshalText(text []byte) error {
	parsed, err := ParseSignature(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// sign signs message with a private key, which must be one.
func sign(key ed25519.PrivateKey, message []byte) (Signature, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Signature{}, badly(ErrInvalid, "private key", "has %d bytes, must have %d", len(key), ed25519.PrivateKeySize)
	}
	return Signature(ed25519.Sign(key, message)), nil
}

// verify returns an error that wraps ErrSignature unless sig is the signature of key over message.
func verify(key PublicKey, message []byte, sig Signature) error {
	if key.IsZero() {
		return badly(ErrSignature, "signature", "the signer has no registered key")
	}
	if sig.IsZero() {
		return badly(ErrSignature, "signature", "is missing")
	}
	if !ed25519.Verify(key[:], message, sig[:]) {
		return bad(ErrSignature, "signature", sig.String(), "is not valid under key %s", key)
	}
	return nil
}

// encodeBase58 writes b in base58btc: as a big-endian number in base 58, each leading zero byte as "1".
func encodeBase58(b []byte) string {
	var digits []byte
	base, mod := big.NewInt(58), new(big.Int)
	for n := new(big.Int).SetBytes(b); n.Sign() > 0; {
		n.DivMod(n, base, mod)
		digits = append(digits, base58Digits[mod.Int64()])
	}
	for i := 0; i < len(b) && b[i] == 0; i++ {
		digits = append(digits, base58Digits[0])
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}

// decodeBase58 reads what encodeBase58 writes, up to the length that a key can have.
func decodeBase58(s string) ([]byte, bool) {
	if s == "" || len(s) > maxMultikey {
		return nil, false
	}
	n, base := new(big.Int), big.NewInt(58)
	for i := range len(s) {
		digit := strings.IndexByte(base58Digits, s[i])
		if digit < 0 {
			return nil, false
		}
		n.Mul(n, base).Add(n, big.NewInt(int64(digit)))
	}
	zeros := len(s) - len(strings.TrimLeft(s, base58Digits[:1]))
	return append(make([]byte, zeros), n.Bytes()...), true
}
