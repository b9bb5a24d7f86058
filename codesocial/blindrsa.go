package codesocial

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha512"
	"math/big"
)

// What an RSA key of a ballot office must be like: RSABSSA-SHA384-PSS-Randomized of RFC 9474, with the exponent 65537.
const (
	MinBallotKeyBytes = 3072 / 8
	MaxBallotKeyBytes = 4096 / 8

	ballotExponent    = 65537
	ballotSaltBytes   = sha512.Size384
	ballotPrefixBytes = 32 // what RFC 9474 puts before a message to make it random
	smallestFactor    = 1 << 10
)

// checkModulus checks what can be seen on a modulus. It finds mistakes, not malice: that nobody but the office knows its factors cannot be seen, and that
// ballots are secret does not rest on it.
func checkModulus(field string, modulus []byte) error {
	if len(modulus) < MinBallotKeyBytes || len(modulus) > MaxBallotKeyBytes || modulus[0] < 0x80 {
		return badly(ErrInvalid, field, "must be a number of from %d to %d bits, in whole bytes", 8*MinBallotKeyBytes, 8*MaxBallotKeyBytes)
	}
	n, rest := new(big.Int).SetBytes(modulus), new(big.Int)
	for divisor := int64(2); divisor < smallestFactor; divisor++ {
		if rest.Mod(n, big.NewInt(divisor)).Sign() == 0 {
			return badly(ErrInvalid, field, "is divisible by %d", divisor)
		}
	}
	return nil
}

// checkUnit checks that b is a number between 1 and the modulus, of the same length, that has an inverse.
func checkUnit(field string, modulus, b []byte) error {
	if len(b) != len(modulus) || bytes.Compare(b, modulus) >= 0 {
		return badly(ErrInvalid, field, "must be %d bytes, less than the modulus", len(modulus))
	}
	v := new(big.Int).SetBytes(b)
	if v.Cmp(big.NewInt(1)) <= 0 || new(big.Int).GCD(nil, nil, v, new(big.Int).SetBytes(modulus)).Cmp(big.NewInt(1)) != 0 {
		return badly(ErrInvalid, field, "has no inverse, or is 1")
	}
	return nil
}

// verifyBlind returns an error that wraps ErrSignature unless signature is the blind signature over blinded, which has been checked. As that has an inverse, so has
// the signature.
func verifyBlind(field string, modulus, blinded, signature []byte) error {
	s := new(big.Int).SetBytes(signature)
	if len(signature) != len(modulus) || bytes.Compare(signature, modulus) >= 0 ||
		s.Exp(s, big.NewInt(ballotExponent), new(big.Int).SetBytes(modulus)).Cmp(new(big.Int).SetBytes(blinded)) != 0 {
		return badly(ErrSignature, field, "is not the signature of the office over what was asked for")
	}
	return nil
}

// verifyUnblinded returns an error that wraps ErrSignature unless signature is one over prefix and message.
func verifyUnblinded(field string, modulus, prefix, message, signature []byte) error {
	hash := sha512.Sum384(append(bytes.Clone(prefix), message...))
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: ballotExponent}
	if rsa.VerifyPSS(key, crypto.SHA384, hash[:], signature, &rsa.PSSOptions{SaltLength: ballotSaltBytes}) != nil {
		return badly(ErrSignature, field, "is not the signature of the office over this token, decision and weight")
	}
	return nil
}
