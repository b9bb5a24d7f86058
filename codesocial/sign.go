package codesocial

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
)

// A CharterSignature says that a party wants a version to be adopted.
type CharterSignature struct {
	Signer    string    `json:"signer"` // IRI of a founder
	Signature Signature `json:"signature"`
}

// CharterMessage returns the bytes that a founder signs to adopt the version with that hash: the line
// "codesocial/charter/v1", then the hash as [Charter.Hash] writes it, each followed by one line feed (0x0a).
// 94 bytes in all. The first line keeps the signature from meaning anything else.
func CharterMessage(hash string) []byte {
	return []byte("codesocial/charter/v1\n" + hash + "\n")
}

// SignCharter signs a version in the name of the party signer. It needs nothing but the document, so a
// founder can sign on a machine that has never seen the journal. The error wraps [ErrInvalid].
func SignCharter(c *Charter, signer string, key ed25519.PrivateKey) (CharterSignature, error) {
	return signFor(c, signer, key, CharterMessage(c.hash))
}

// signFor signs a message about a version in the name of the party signer.
func signFor(c *Charter, signer string, key ed25519.PrivateKey, message []byte) (CharterSignature, error) {
	err := checkIRI("signer", signer)
	if err == nil {
		var signature Signature
		if signature, err = sign(key, message); err == nil {
			return CharterSignature{Signer: signer, Signature: signature}, nil
		}
	}
	return CharterSignature{}, errorf("signing %s: %w", c, err)
}

// Verify checks that key signed for the version with that hash. The error wraps [ErrSignature].
func (s CharterSignature) Verify(hash string, key PublicKey) error {
	if err := verify(key, CharterMessage(hash), s.Signature); err != nil {
		return errorf("signature of %s for %s: %w", s.Signer, hash, err)
	}
	return nil
}

// VerifyAdoption checks that signatures adopt the version with that hash under the rules of the version
// rules: every signer is one of its founders and signs once, every signature is valid under the key that
// keyOf returns for its signer (zero if it has none), and there are at least as many as its threshold.
// One bad signature spoils the whole. For version 1, rules is that version itself; for every later one, the
// version in force when it is adopted. The errors wrap [ErrNotFounder], [ErrSignature] or [ErrTooFew].
func VerifyAdoption(hash string, rules *Charter, signatures []CharterSignature, keyOf func(iri string) PublicKey) error {
	if err := verifyFounders(CharterMessage(hash), rules, signatures, keyOf); err != nil {
		return errorf("adoption of %s: %w", hash, err)
	}
	return nil
}

func verifyFounders(message []byte, rules *Charter, signatures []CharterSignature, keyOf func(iri string) PublicKey) error {
	signers, keys := make(map[string]int), make(map[PublicKey]int)
	for i, s := range signatures {
		field := at("signatures", i)
		if _, ok := rules.founder(s.Signer); !ok {
			return bad(ErrNotFounder, field+".signer", s.Signer, "is not a founder of %s", rules)
		}
		key := keyOf(s.Signer)
		if first, ok := signers[s.Signer]; ok {
			return bad(ErrSignature, field+".signer", s.Signer, "has signed already, in %s", at("signatures", first))
		}
		if first, ok := keys[key]; ok && !key.IsZero() {
			return bad(ErrSignature, field+".signer", s.Signer, "has the key of %s", at("signatures", first))
		}
		signers[s.Signer], keys[key] = i, i
		if err := verify(key, message, s.Signature); err != nil {
			return fmt.Errorf("%s of %s: %w", field, s.Signer, err)
		}
	}
	if len(signatures) < rules.doc.Threshold {
		return badly(ErrTooFew, "signatures", "%d of the %d that %s asks for", len(signatures), rules.doc.Threshold, rules)
	}
	return nil
}

// sorted returns the signatures in the order of their signers, which is that of the record.
func sorted(signatures []CharterSignature) []CharterSignature {
	return slices.SortedStableFunc(slices.Values(signatures), func(a, b CharterSignature) int { return strings.Compare(a.Signer, b.Signer) })
}

// renewalMessage returns the bytes that a founder signs to renew a version.
func renewalMessage(hash string, reviewBy Date) []byte {
	return []byte("codesocial/renewal/v1\n" + hash + "\n" + reviewBy.String() + "\n")
}

// repealMessage returns the bytes that a founder signs to repeal a version.
func repealMessage(hash string, from Date) []byte {
	return []byte("codesocial/repeal/v1\n" + hash + "\n" + from.String() + "\n")
}

// SignRenewal signs, in the name of a founder, that a version is kept and reviewed again by a day: the lines "codesocial/renewal/v1", its hash and
// the day, each followed by one line feed (0x0a). The error wraps [ErrInvalid].
func SignRenewal(c *Charter, reviewBy Date, signer string, key ed25519.PrivateKey) (CharterSignature, error) {
	return signFor(c, signer, key, renewalMessage(c.hash, reviewBy))
}

// SignRepeal signs, in the name of a founder, that a version ends from a day: the lines "codesocial/repeal/v1", its hash and the day, each
// followed by one line feed (0x0a). The error wraps [ErrInvalid].
func SignRepeal(c *Charter, from Date, signer string, key ed25519.PrivateKey) (CharterSignature, error) {
	return signFor(c, signer, key, repealMessage(c.hash, from))
}

// AcceptanceMessage returns the bytes that a party signs to accept the version with that hash for the
// applicant: the lines "codesocial/acceptance/v1", the applicant's IRI, the hash, each followed by one line
// feed (0x0a). An IRI holds no line feed, so the message can be read in one way only.
func AcceptanceMessage(applicant, hash string) []byte {
	return []byte("codesocial/acceptance/v1\n" + applicant + "\n" + hash + "\n")
}

// SignAcceptance accepts a version for the applicant. The key is the applicant's own, or that of the party
// that speaks for it (see [Party.Lead]). The error wraps [ErrInvalid].
func SignAcceptance(applicant string, c *Charter, key ed25519.PrivateKey) (Signature, error) {
	err := checkIRI("applicant", applicant)
	if err == nil {
		var signature Signature
		if signature, err = sign(key, AcceptanceMessage(applicant, c.hash)); err == nil {
			return signature, nil
		}
	}
	return Signature{}, errorf("accepting %s: %w", c, err)
}
