package codesocial_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestTheMessageThatFoundersSignIsFixedByteByByte(t *testing.T) {
	t.Parallel()
	hash := "sha256:" + strings.Repeat("0f", 32)
	message := codesocial.CharterMessage(hash)
	require.Equal(t, "codesocial/charter/v1\n"+hash+"\n", string(message))
	require.Len(t, message, 94)
	require.Equal(t, "codesocial/acceptance/v1\nurn:x:a\n"+hash+"\n", string(codesocial.AcceptanceMessage("urn:x:a", hash)))
	require.Equal(t, "codesocial/key/v1\nurn:x:a\n"+public(ana).String()+"\n\n", string(codesocial.KeyChangeMessage("urn:x:a", public(ana), codesocial.PublicKey{})))

	charter := small(t)
	s := signatures(t, charter, atelier)[0]
	require.True(t, ed25519.Verify(public(atelier).Ed25519(), codesocial.CharterMessage(charter.Hash()), s.Signature[:]), "an independent check agrees")
	require.NoError(t, s.Verify(charter.Hash(), public(atelier)))
	require.ErrorIs(t, s.Verify(charter.Hash(), public(fournil)), codesocial.ErrSignature)
	require.ErrorIs(t, s.Verify(hash, public(atelier)), codesocial.ErrSignature)
	require.ErrorIs(t, s.Verify(charter.Hash(), codesocial.PublicKey{}), codesocial.ErrSignature)
}

func TestSigningNeedsAnIRIAndAKey(t *testing.T) {
	t.Parallel()
	_, err := codesocial.SignCharter(small(t), "atelier", keys[atelier])
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.SignCharter(small(t), atelier, keys[atelier][:10])
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.SignAcceptance("ana", small(t), keys[ana])
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.SignAcceptance(ana, small(t), nil)
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.SignKeyChange("ana", keys[ana], public("new"))
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.SignKeyChange(ana, nil, public("new"))
	require.ErrorIs(t, err, codesocial.ErrInvalid)
}

func TestAnAdoptionIsRefusedUnlessEnoughFoundersSigned(t *testing.T) {
	t.Parallel()
	charter := small(t)
	other := small(t, func(d *codesocial.Document) { d.Threshold = 3 })
	good := signatures(t, charter, atelier, fournil)
	flipped := signatures(t, charter, atelier, fournil)
	flipped[1].Signature[10] ^= 1
	forged := signatures(t, charter, atelier, "urn:x:stranger")
	forged[1].Signer = fournil
	stranger := signatures(t, charter, atelier, fournil)
	stranger[1].Signer = ana
	tests := map[string]struct {
		signatures []codesocial.CharterSignature
		is         error
		words      []string
	}{
		"nobody":                          {nil, codesocial.ErrTooFew, []string{"0 of the 2"}},
		"one of two":                      {good[:1], codesocial.ErrTooFew, []string{"1 of the 2"}},
		"one, twice":                      {append(good[:1:1], good[0]), codesocial.ErrSignature, []string{atelier, "has signed already"}},
		"two, and one again":              {append(good[:2:2], good[0]), codesocial.ErrSignature, []string{"has signed already"}},
		"a member who is no founder":      {stranger, codesocial.ErrNotFounder, []string{ana}},
		"two founders and a stranger":     {append(good[:2:2], stranger[1]), codesocial.ErrNotFounder, []string{ana}},
		"another's key":                   {forged, codesocial.ErrSignature, []string{fournil, public(fournil).String()}},
		"a bit changed":                   {flipped, codesocial.ErrSignature, []string{fournil}},
		"the signatures of another text":  {signatures(t, other, atelier, fournil), codesocial.ErrSignature, []string{"signatures[0]"}},
		"no signature":                    {[]codesocial.CharterSignature{{Signer: atelier}, good[1]}, codesocial.ErrSignature, []string{"missing"}},
		"enough, and one that is invalid": {append(good[:2:2], codesocial.CharterSignature{Signer: jardin, Signature: good[0].Signature}), codesocial.ErrSignature, []string{jardin}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).withParties()
			require.NoError(t, w.Propose(t.Context(), charter))
			w.refused(func(ctx context.Context) error {
				return w.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: test.signatures})
			}, test.is, append(test.words, charter.Hash())...)
			require.Zero(t, w.inForce("2025-06-01T00:00:00Z"))

			err := codesocial.VerifyAdoption(charter.Hash(), charter, test.signatures, func(iri string) codesocial.PublicKey { return w.State().KeyOf(iri) })
			require.ErrorIs(t, err, test.is, "the same anywhere, offline")
		})
	}
	w := newWorld(t).withParties()
	require.NoError(t, w.Propose(t.Context(), charter))
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2025-01-01"), Signatures: good}), "exactly enough, on the last possible day")
}

func TestTwoFoundersWithOneKeyAreOneSigner(t *testing.T) {
	t.Parallel()
	charter := small(t)
	list := signatures(t, charter, atelier, atelier)
	list[1].Signer = fournil
	err := codesocial.VerifyAdoption(charter.Hash(), charter, list, func(string) codesocial.PublicKey { return public(atelier) })
	require.ErrorIs(t, err, codesocial.ErrSignature)
	require.ErrorContains(t, err, "has the key of")
}

func TestADraftAndAProposalHaveNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	charter := small(t)
	require.NoError(t, w.Propose(t.Context(), charter))
	require.Zero(t, w.inForce("2025-06-01T00:00:00Z"))
	require.False(t, w.member(atelier, "2025-06-01"))
	ref, err := charter.Ref("social-1")
	require.NoError(t, err)
	require.NoError(t, w.Read(func(s *codesocial.State) {
		proposals := s.Proposals()
		require.Len(t, proposals, 1)
		require.Nil(t, proposals[0].Adoption)
		require.Empty(t, s.Versions())
		_, err := s.Resolve(ref)
		require.ErrorIs(t, err, codesocial.ErrUnknown)
		_, err = s.InForceOn(day(t, "2025-06-01"))
		require.ErrorIs(t, err, codesocial.ErrNotInForce)
	}))
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, w.admission(charter)) }, codesocial.ErrNotInForce)
}

func TestWhatWasNotProposedCannotBeAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	charter := small(t)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, charter, atelier, fournil)})
	}, codesocial.ErrUnknown, charter.Hash())
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, nil) }, codesocial.ErrInvalid)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: "latest", On: day(t, "2024-12-12")})
	}, codesocial.ErrInvalid, `charter "latest"`)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash()})
	}, codesocial.ErrInvalid, "on")
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: make([]codesocial.CharterSignature, codesocial.MaxFounders+1)})
	}, codesocial.ErrLimit)
}

func TestProposingAndAdoptingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	v1 := small(t)
	w.adopt(v1, atelier, fournil)
	size := w.journal.Size()
	w.adopt(v1, atelier, fournil)
	w.adopt(v1, jardin, fournil, atelier) // other signatures that would do as well
	require.Equal(t, size, w.journal.Size())

	v2 := next(t, v1, "2026-01-01")
	w.adopt(v2, atelier, fournil)
	size = w.journal.Size()
	w.adopt(v1, atelier, fournil)
	w.adopt(v2, fournil, atelier)
	require.Equal(t, size, w.journal.Size())

	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v1.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, v1, atelier)})
	}, codesocial.ErrTooFew)
	require.NoError(t, w.Read(func(s *codesocial.State) {
		version, ok := s.Version(v1.Hash())
		require.True(t, ok)
		require.Len(t, version.Adoption.Signatures, 2)
		require.Less(t, version.ProposedAt, version.AdoptedAt)
	}))
}

func TestAVersionFollowsTheOneAdoptedBeforeIt(t *testing.T) {
	t.Parallel()
	v1 := small(t)
	v2 := next(t, v1, "2026-01-01")
	tests := map[string]struct {
		charter *codesocial.Charter
		words   string
	}{
		"another first version":         {small(t, func(d *codesocial.Document) { d.Threshold = 3 }), "must be 2"},
		"a version too far":             {next(t, v2, "2027-01-01"), "must be 2"},
		"another social code":           {next(t, v1, "2026-01-01", func(d *codesocial.Document) { d.ID += "/other" }), "the social code of this community is"},
		"the successor of another text": {next(t, small(t, func(d *codesocial.Document) { d.Threshold = 3 }), "2026-01-01"), v1.Hash()},
		"the same first day":            {next(t, v1, "2025-01-01"), "must be after 2025-01-01"},
		"an earlier first day":          {next(t, v1, "2024-06-01"), "must be after 2025-01-01"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).withParties()
			w.adopt(v1, atelier, fournil)
			w.refused(func(ctx context.Context) error { return w.Propose(ctx, test.charter) }, codesocial.ErrChain, test.words)
			require.NoError(t, w.Propose(t.Context(), v2))
		})
	}
	w := newWorld(t).withParties()
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, v2) }, codesocial.ErrChain, "must be 1")
}

func TestOfTwoProposalsForTheSamePlaceOneCanBeAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	v1, rival := small(t), small(t, func(d *codesocial.Document) { d.Threshold = 1 })
	require.NoError(t, w.Propose(t.Context(), rival))
	w.adopt(v1, atelier, fournil)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: rival.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, rival, atelier)})
	}, codesocial.ErrChain)
}

func TestTheFoundersOfTheVersionInForceAdoptTheNext(t *testing.T) {
	t.Parallel()
	v1 := small(t)
	v2 := next(t, v1, "2026-01-01", func(d *codesocial.Document) { // ana takes the place of the jardin, and one is enough
		d.Founders[2] = codesocial.Founder{ID: ana, Name: "Ana", Type: codesocial.Person}
		d.Threshold = 1
	})
	w := newWorld(t).withParties()
	w.adopt(v1, atelier, fournil)
	require.NoError(t, w.Propose(t.Context(), v2))
	adoptV2 := func(signers ...string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-12-01"), Signatures: signatures(t, v2, signers...)})
		}
	}
	w.refused(adoptV2(ana), codesocial.ErrNotFounder, ana)
	w.refused(adoptV2(atelier), codesocial.ErrTooFew, "1 of the 2")
	w.refused(adoptV2(atelier, jardin), codesocial.ErrNotMember, ana)
	require.NoError(t, w.Admit(t.Context(), w.admission(v1)))
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-03-02"), Signatures: signatures(t, v2, atelier, jardin)})
	}, codesocial.ErrNotMember, ana, "2025-03-02")
	require.NoError(t, adoptV2(atelier, jardin)(t.Context()), "the jardin leaves with its last signature")

	v3 := next(t, v2, "2026-06-01")
	require.NoError(t, w.Propose(t.Context(), v3))
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v3.Hash(), On: day(t, "2026-02-01"), Signatures: signatures(t, v3, jardin)})
	}, codesocial.ErrNotFounder, jardin)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v3.Hash(), On: day(t, "2025-12-31"), Signatures: signatures(t, v3, ana)})
	}, codesocial.ErrNotInForce, "2025-12-31", "2026-01-01")
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v3.Hash(), On: day(t, "2026-01-01"), Signatures: signatures(t, v3, ana)}))
	require.True(t, w.member(jardin, "2027-01-01"), "who founds no more is still a member")
}

func TestNothingIsRetroactive(t *testing.T) {
	t.Parallel()
	v1 := small(t)
	w := newWorld(t).withParties()
	require.NoError(t, w.Propose(t.Context(), v1))
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v1.Hash(), On: day(t, "2025-01-02"), Signatures: signatures(t, v1, atelier, fournil)})
	}, codesocial.ErrInvalid, "2025-01-02", "retroactive")
}

func TestFoundersMustBeRegisteredAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	charter := small(t)
	adopt := func(w *world) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return w.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, charter, atelier, fournil)})
		}
	}
	w := newWorld(t)
	require.NoError(t, w.Propose(t.Context(), charter))
	w.refused(adopt(w), codesocial.ErrSignature, atelier, "no registered key")
	require.NoError(t, w.Register(t.Context(), parties()[:2]...))
	w.refused(adopt(w), codesocial.ErrUnknown, jardin)
	require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: jardin, Type: codesocial.Organization, Name: "Le Jardin partagé"}))
	w.refused(adopt(w), codesocial.ErrExists, jardin, "organization")
}

func TestFoundersAreMembersFromTheFirstDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	charter := small(t)
	w.adopt(charter, atelier, fournil)
	for _, founder := range []string{atelier, fournil, jardin} {
		require.False(t, w.member(founder, "2024-12-31"), founder)
		require.True(t, w.member(founder, "2025-01-01"), founder)
	}
	require.NoError(t, w.Read(func(s *codesocial.State) {
		m, ok := s.Membership(atelier)
		require.True(t, ok)
		require.True(t, m.Founder && m.Signed)
		require.Equal(t, charter.Hash(), m.Charter)
		m, ok = s.Membership(jardin)
		require.True(t, ok)
		require.True(t, m.Founder && !m.Signed, "named as a founder, and has not signed")
	}))
}

func TestAtEachInstantTheLatestVersionWhoseFirstDayHasComeIsInForce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	v1 := small(t)
	w.adopt(v1, atelier, fournil)
	v2 := next(t, v1, "2025-07-01", func(d *codesocial.Document) { d.TimeZone = "Pacific/Kiritimati" }) // 14 hours ahead of UTC
	w.adopt(v2, atelier, fournil)
	v3 := next(t, v2, "2026-01-01", func(d *codesocial.Document) { d.TimeZone = "America/Los_Angeles" })
	w.adopt(v3, atelier, fournil)
	for at, version := range map[string]int{
		"2024-12-31T22:59:59Z":      0, // still 2024 in Paris
		"2024-12-31T23:00:00Z":      1,
		"2025-01-01T00:00:00+01:00": 1,
		"2025-06-30T09:59:59Z":      1,
		"2025-06-30T10:00:00Z":      2, // 1 July in Kiritimati
		"2026-01-01T07:59:59Z":      2,
		"2026-01-01T08:00:00Z":      3, // New Year in Los Angeles
		"2099-01-01T00:00:00Z":      3,
	} {
		require.Equal(t, version, w.inForce(at), at)
	}
	require.NoError(t, w.Read(func(s *codesocial.State) {
		for date, version := range map[string]int{"2025-01-01": 1, "2025-06-30": 1, "2025-07-01": 2, "2025-12-31": 2, "2026-01-01": 3} {
			c, err := s.InForceOn(day(t, date))
			require.NoError(t, err)
			require.Equal(t, version, c.Version(), date)
		}
		require.Len(t, s.Versions(), 3)
		require.Empty(t, s.Proposals())
	}))
}

func TestAVersionWithSenselessRulesIsRefusedBeforeAnyoneSigns(t *testing.T) {
	t.Parallel()
	type tea struct {
		Biscuits int `json:"biscuits"`
	}
	tooFew := errors.New("invalid: too few biscuits")
	check := codesocial.CheckRule("tea.round", func(r *tea) error {
		if r.Biscuits < 2 {
			return tooFew
		}
		return nil
	})
	w := newWorld(t, check).withParties()
	propose := func(rule string) func(context.Context) error {
		return func(ctx context.Context) error { return w.Propose(ctx, small(t, setRule("social-2", rule))) }
	}
	err := w.refused(propose(`{"kind":"tea.round","biscuits":1}`), tooFew, "social-2", "tea.round")
	var refusal *codesocial.RuleError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "social-2", refusal.Clause.Clause)
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "codesocial: invalid: too few biscuits (rule tea.round, clause social-2")
	w.refused(propose(`{"kind":"tea.round","biscuits":"2"}`), codesocial.ErrInvalid, "social-2", "biscuits")
	w.refused(propose(`{"kind":"tea.round","cups":2}`), codesocial.ErrInvalid, "cups")
	w.refused(propose(`{"kind":"codesocial.admission","sponsors":-1}`), codesocial.ErrInvalid, `sponsors "-1"`)
	require.NoError(t, propose(`{"kind":"tea.round","biscuits":2}`)(t.Context()))

	// Proposed where nobody knew the check, it is not adopted where somebody does.
	careless := newWorld(t).withParties()
	charter := small(t, setRule("social-2", `{"kind":"tea.round","biscuits":1}`))
	require.NoError(t, careless.Propose(t.Context(), charter))
	careful := openWorld(t, careless.store, check)
	careful.refused(func(ctx context.Context) error {
		return careful.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, charter, atelier, fournil)})
	}, tooFew)
}
