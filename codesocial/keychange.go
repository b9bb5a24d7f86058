package codesocial

import (
	"crypto/ed25519"
)

// A KeyChange gives a party another key, or takes its key away. What was signed under a key stays valid;
// nothing new can be signed under it. A key that has been replaced never comes back, for anyone.
type KeyChange struct {
	// Party is the IRI of the party whose key changes.
	Party string `json:"party"`
	// Key is the new key; zero for none.
	Key PublicKey `json:"key,omitzero"`
	// Signature is made with the key that is replaced, see [SignKeyChange]. The first key of a party has
	// none: it rests on the word of who keeps the journal, as the whole registration does.
	Signature Signature `json:"signature,omitzero"`
}

// KeyChangeMessage returns the bytes that are signed to replace the key old of a party by another: the lines
// "codesocial/key/v1", the party's IRI, the old key and the new key as Multikey text (an empty line for
// no key), each followed by one line feed (0x0a).
func KeyChangeMessage(party string, old, key PublicKey) []byte {
	return []byte("codesocial/key/v1\n" + party + "\n" + old.String() + "\n" + key.String() + "\n")
}

// SignKeyChange replaces the key of a party, given its private half, by another one; zero takes the key
// away without a successor. The error wraps [ErrInvalid] or [ErrLimit].
func SignKeyChange(party string, old ed25519.PrivateKey, key PublicKey) (KeyChange, error) {
	err := checkIRI("party", party)
	if err == nil {
		var signature Signature
		if signature, err = sign(old, KeyChangeMessage(party, PublicKeyOf(old), key)); err == nil {
			return KeyChange{Party: party, Key: key, Signature: signature}, nil
		}
	}
	return KeyChange{}, errorf("key of %s: %w", quote(party), err)
}

// check checks what can be seen on the change alone.
func (k *KeyChange) check() error { return checkIRI("party", k.Party) }

// checkKey checks a change of key against what is registered.
func (l lookup) checkKey(k *KeyChange) error {
	if _, ok := l.party(k.Party); !ok {
		return bad(ErrUnknown, "party", k.Party, "is not a registered party")
	}
	old := l.key(k.Party)
	if holder, ok := l.holder(k.Key); ok {
		return bad(ErrExists, "key", k.Key.String(), "is or was the key of %s", holder)
	}
	if old.IsZero() {
		switch {
		case k.Key.IsZero():
			return badly(ErrInvalid, "key", "must be given: the party has none that could be taken away")
		case !k.Signature.IsZero():
			return badly(ErrSignature, "signature", "must be absent: the party has no key that could be replaced")
		}
		return nil
	}
	return verify(old, KeyChangeMessage(k.Party, old, k.Key), k.Signature)
}

// setKey folds a checked change of key.
func (l lookup) setKey(k *KeyChange) {
	l.keys[k.Party] = k.Key
	if !k.Key.IsZero() {
		l.holders[k.Key] = k.Party
	}
}
