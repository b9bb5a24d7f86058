package codesocial_test

import (
	"context"
	"math/big"
	rand2 "math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// names says whether a word stands in a payload, other than by chance within the base64 of something else.
func names(payload []byte, word string) bool {
	const outside = `[^A-Za-z0-9+/=]`
	return regexp.MustCompile(outside + regexp.QuoteMeta(word) + outside).Match(payload)
}

func TestASecretBallotCountsAndNobodyIsNamedInIt(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	voters := w.credentialed(&o, 1, atelier, jardin, ana)
	late := newVoter(t, &o, fournil, 1)
	require.NoError(t, w.ask(late)(t.Context()), "asked, and never issued")
	require.NoError(t, w.ask(voters[ana])(t.Context()), "once more changes nothing")
	require.NoError(t, w.issue(voters[ana].issued[1])(t.Context()))
	require.Empty(t, w.State().CredentialsToIssue(id, ana))
	require.Len(t, w.State().CredentialsToIssue(id, cleo), 1)

	ballots := []codesocial.SecretBallot{voters[atelier].answers(t, decision.For), voters[ana].answers(t, decision.Against), voters[jardin].answers(t, decision.For)}
	size := w.journal.Size()
	slices.SortFunc(ballots[:2], func(a, b codesocial.SecretBallot) int { return -slices.Compare(a.Token[:], b.Token[:]) })
	require.NoError(t, w.cast(ballots[:2]...)(t.Context()))
	require.NoError(t, w.cast(ballots[2])(t.Context()))
	require.NoError(t, w.cast(ballots...)(t.Context()), "once more changes nothing")
	var tokens []string
	for r, err := range w.journal.Records(t.Context(), size) {
		require.NoError(t, err)
		require.Equal(t, codesocial.KindSecretBallot, r.Kind)
		require.Empty(t, r.Author)
		require.Empty(t, r.Signature)
		var b codesocial.SecretBallot
		require.NoError(t, r.Unmarshal(&b))
		require.NoError(t, b.Verify(o.Offices), "anybody can check it, with nothing but the opening")
		tokens = append(tokens, string(b.Token[:]))
		for _, party := range parties() {
			for _, secret := range []string{party.ID, party.Name, party.Key.String()} {
				require.False(t, secret != "" && names(r.Payload, secret), "%s in %s", secret, r.Payload)
			}
		}
		e := w.State().Explain(&r)
		require.Contains(t, e.In("fr"), "reçoit un bulletin secret")
		require.Equal(t, "decide-1", e.Clauses[0].Clause)
		require.Error(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""), "later acts rest on it")
	}
	require.Len(t, tokens, 3)
	require.True(t, slices.IsSorted(tokens[:2]), "the order in which they were handed in does not show")

	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	d := w.decision(id)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.Equal(t, [4]int64{2, 1, 0, 2}, [4]int64{d.Vote.For, d.Vote.Against, d.Vote.Abstain, d.Vote.Silent})
	require.Equal(t, d.Opening.Electorate, d.Vote.Electorate)
	require.Equal(t, []codesocial.BallotClass{{Weight: 1, Electors: 5, Asked: 4, Issued: 3, Cast: 3}}, d.Secret.Classes)
	require.Equal(t, w.replay(), w.State())
	require.Equal(t, w.State(), openWorld(t, w.store).State())
	for lang, sentences := range map[string][]string{
		"fr": {
			"Bulletins secrets. Bureaux de vote : Le Jardin partagé, Cléo. Accréditations jusqu'au 13 mars 2025 à 10:00, puis bulletins.",
			"- membres ayant 1 voix : 5 ; accréditations demandées : 4, délivrées : 3 ; bulletins : 3", "Nul ne peut relier un bulletin", "2 pour, 1 contre",
		},
		"en": {"with a weight of 1: 5; credentials asked for: 4, issued: 3; ballots: 3", "Nobody can link a ballot", "could vote in the place of who has a credential and does not vote"},
	} {
		for _, sentence := range sentences {
			require.Contains(t, w.page(id, lang), sentence)
		}
		require.NotContains(t, w.page(id, lang), "chacun sait donc")
	}
}

func TestEverySecretBallotThatTheRulesForbidIsRefused(t *testing.T) {
	t.Parallel()
	w, o, other := twoSecrets(t)
	id := o.ID()
	elsewhere := w.credentialed(&other, 1, ana)[ana]
	voters := w.credentialed(&o, 1, ana, atelier, jardin)
	v := voters[ana]
	ballot := v.answers(t, decision.For)
	for name, c := range map[string]struct {
		edit  func(*codesocial.SecretBallot)
		resay bool // the voter signs what has become of it
		is    error
	}{
		"early":               {func(b *codesocial.SecretBallot) { b.At = o.Opens.AddDate(0, 0, 1).Add(-time.Millisecond) }, false, codesocial.ErrState},
		"late":                {func(b *codesocial.SecretBallot) { b.At = o.Closes }, false, codesocial.ErrState},
		"changed on its way":  {func(b *codesocial.SecretBallot) { b.Answer = decision.Against }, false, codesocial.ErrSignature},
		"with nothing in it":  {func(b *codesocial.SecretBallot) { b.Answer = "" }, true, codesocial.ErrInvalid},
		"with a ranking":      {func(b *codesocial.SecretBallot) { b.Ranking = [][]string{{ana}} }, true, codesocial.ErrInvalid},
		"sealed":              {func(b *codesocial.SecretBallot) { b.Answer, b.Seal = "", "sha256:"+strings.Repeat("0", 64) }, true, codesocial.ErrInvalid},
		"without token":       {func(b *codesocial.SecretBallot) { b.Token = codesocial.PublicKey{} }, false, codesocial.ErrInvalid},
		"under another token": {func(b *codesocial.SecretBallot) { b.Token = public(ana) }, false, codesocial.ErrSignature},
		"with another prefix": {func(b *codesocial.SecretBallot) { b.Prefix = make([]byte, 32) }, false, codesocial.ErrSignature},
		"with a short prefix": {func(b *codesocial.SecretBallot) { b.Prefix = b.Prefix[1:] }, false, codesocial.ErrInvalid},
		"with one credential": {func(b *codesocial.SecretBallot) { b.Credentials = b.Credentials[:1] }, false, codesocial.ErrInvalid},
		"with three": {func(b *codesocial.SecretBallot) {
			b.Credentials = append(slices.Clone(b.Credentials), b.Credentials[0])
		}, false, codesocial.ErrInvalid},
		"with the blind signature":     {func(b *codesocial.SecretBallot) { b.Credentials = [][]byte{v.issued[0].Signature, b.Credentials[1]} }, false, codesocial.ErrSignature},
		"with nobody's signature":      {func(b *codesocial.SecretBallot) { b.Credentials = [][]byte{make([]byte, 384), b.Credentials[1]} }, false, codesocial.ErrSignature},
		"of a weight nobody has":       {func(b *codesocial.SecretBallot) { b.Weight = 2 }, true, codesocial.ErrInvalid},
		"with another's credential":    {func(b *codesocial.SecretBallot) { b.Credentials = voters[jardin].ballot.Credentials }, false, codesocial.ErrSignature},
		"that belongs to another vote": {func(b *codesocial.SecretBallot) { b.Credentials = elsewhere.ballot.Credentials }, false, codesocial.ErrSignature},
		"of an unknown decision":       {func(b *codesocial.SecretBallot) { b.Decision = uuid.Nil }, true, codesocial.ErrUnknown},
	} {
		b := ballot
		c.edit(&b)
		if c.resay {
			require.NoError(t, b.Sign(v.token))
		}
		forged := journal.Draft{ID: secretID(&b), Kind: codesocial.KindSecretBallot, Payload: b}
		if _, err := canonical.Marshal(b); err != nil { // what has no text cannot be written at all
			require.Error(t, w.cast(b)(t.Context()), name)
			continue
		}
		w.refusedEitherWay("casting "+name, c.is, w.cast(b), forged)
	}
	foreign := elsewhere.says(t, func(b *codesocial.SecretBallot) { b.Decision, b.Answer = id, decision.For })
	require.ErrorIs(t, foreign.Verify(o.Offices), codesocial.ErrSignature)
	w.refusedEitherWay("casting with the token of another decision", codesocial.ErrSignature, w.cast(foreign), journal.Draft{ID: secretID(&foreign), Kind: codesocial.KindSecretBallot, Payload: foreign})

	valid := journal.Draft{ID: secretID(&ballot), Kind: codesocial.KindSecretBallot, Payload: ballot}
	named := valid
	named.Author = ana
	w.refused(w.write(named), codesocial.ErrRefused, "has none")
	require.NoError(t, named.Sign(keys[ana]))
	w.refused(w.write(named), codesocial.ErrRefused, "has none")
	anyID := valid
	anyID.ID = uuid.Must(uuid.NewV7())
	w.refused(w.write(anyID), codesocial.ErrInvalid, "id")
	w.refused(func(ctx context.Context) error {
		return w.Vote(ctx, codesocial.Ballot{Decision: id, Voter: ana, At: ballot.At, Answer: decision.For}, keys[ana])
	}, codesocial.ErrRefused, "ballots are secret")

	require.NoError(t, w.cast(ballot)(t.Context()))
	change := v.answers(t, decision.Against)
	w.refusedEitherWay("changing a ballot", codesocial.ErrRefused, w.cast(change))
	w.refused(w.write(journal.Draft{ID: uuid.Must(uuid.NewV7()), Kind: codesocial.KindSecretBallot, Payload: change}), codesocial.ErrInvalid, "id")
	w.refused(w.ask(newVoter(t, &o, fournil, 1)), codesocial.ErrState, "decide-1")
	w.refused(w.write(signedBy(t, fournil, codesocial.KindCredentialRequest, newVoter(t, &o, fournil, 1).request)), codesocial.ErrInvalid, "recorded last")

	// The offices together make credentials of their own: never more ballots than credentials.
	stuffed := []codesocial.SecretBallot{newVoter(t, &o, ben, 1).answers(t, decision.Against), newVoter(t, &o, fournil, 1).answers(t, decision.Against)}
	require.NoError(t, stuffed[0].Verify(o.Offices))
	require.NoError(t, w.cast(stuffed...)(t.Context()), "they take the places of those who have not cast")
	robbed := voters[atelier].answers(t, decision.For)
	w.refused(w.cast(robbed), codesocial.ErrRefused, "all 3 credentials")
	require.NoError(t, robbed.Verify(o.Offices), "and she can show that she has a credential")
	require.Equal(t, w.replay(), w.State())
}

// secretID returns the id under which a secret ballot is recorded.
func secretID(b *codesocial.SecretBallot) uuid.UUID { return codesocial.SecretBallotID(b) }

func TestUnanimousBallotsAreSaidToTellAll(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	for _, v := range w.credentialed(&o, 1, ana, atelier, ben) {
		require.NoError(t, w.cast(v.answers(t, decision.For))(t.Context()))
	}
	require.True(t, w.decision(id).Secret.Classes[0].Unanimous)
	require.Contains(t, w.page(id, "fr"), "Tous ces bulletins disent la même chose")
	require.Contains(t, w.page(id, "en"), "All these ballots say the same")
}

func TestASecretBallotCanBeSealedToo(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretSealed)
	o := secretOpening(t)
	id := w.decide(o)
	voters := w.credentialed(&o, 1, ana, atelier, ben)
	two := func(v *voter, a decision.Answer) (sealed, open codesocial.SecretBallot) {
		sealed = v.sealed(t, a)
		open = v.says(t, func(b *codesocial.SecretBallot) { b.Answer, b.Nonce, b.At = a, nonce, o.Closes })
		return sealed, open
	}
	sealed, open := two(voters[ana], decision.For)
	sealed2, open2 := two(voters[ben], decision.Against)
	early := open
	early.At = sealed.At
	w.refused(w.cast(early), codesocial.ErrRefused, "sealed until")
	require.NoError(t, w.cast(sealed, sealed2)(t.Context()))
	require.NoError(t, w.cast(sealed)(t.Context()), "once more changes nothing")
	other, _ := two(voters[ana], decision.Against)
	w.refused(w.cast(other), codesocial.ErrRefused, "final")
	d := w.decision(id)
	require.Zero(t, d.Vote.Cast(), "nobody knows how it stands")
	require.Equal(t, 2, d.Sealed)
	require.Equal(t, 2, d.Secret.Classes[0].Cast)

	_, never := two(voters[atelier], decision.For)
	w.refused(w.cast(never), codesocial.ErrRefused, "does not open")
	_, wrong := two(voters[ana], decision.Against)
	w.refused(w.cast(wrong), codesocial.ErrRefused, "does not open")
	require.NoError(t, w.cast(open)(t.Context()))
	require.NoError(t, w.cast(open)(t.Context()))
	tooLate := open2
	tooLate.At = o.Closes.AddDate(0, 0, 1)
	w.refused(w.cast(tooLate), codesocial.ErrState)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes.AddDate(0, 0, 1)}))
	d = w.decision(id)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.Equal(t, int64(1), d.Vote.Cast(), "what stays closed does not count")
	require.Equal(t, w.replay(), w.State())
}

func TestASecretVoteIsClosedEarlyOrExtendedLikeAnother(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","strict":true,"base":"eligible","final":true,"quorum":"3/5","extensionHours":2},
		"secret":{"hours":24,"least":3,"offices":2}}`)
	o := secretOpening(t)
	id := w.decide(o)
	voters := w.credentialed(&o, 1, ana, ben, atelier)
	for i, elector := range []string{ana, ben, atelier} {
		closing := codesocial.Closing{Decision: id, At: o.Closes.Add(-time.Hour)}
		w.refused(func(ctx context.Context) error { return w.Close(ctx, closing) }, codesocial.ErrRefused, "has not ended")
		b := voters[elector].answers(t, decision.For)
		b.At = o.Closes.Add(time.Duration(i-5) * time.Hour / 2)
		require.NoError(t, w.cast(b)(t.Context()))
	}
	require.True(t, w.decision(id).Vote.Extended)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes.Add(-30 * time.Minute)}), "the others can change nothing")
	require.True(t, w.decision(id).Vote.Early)
}

// Every ballot fits every credential that was issued: for each pair there is just one blinding factor with which it was, and an elector draws
// each factor as likely as another. So what the offices have seen is the same whoever has cast which ballot.
func TestEveryBallotCouldBeThatOfEveryElectorWithACredential(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	electors := []string{ana, atelier, ben, fournil, jardin}
	for _, v := range w.credentialed(&o, 1, electors...) {
		require.NoError(t, w.cast(v.answers(t, decision.For))(t.Context()))
	}
	pairs := 0
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind != codesocial.KindSecretBallot {
			continue
		}
		var b codesocial.SecretBallot
		require.NoError(t, r.Unmarshal(&b))
		for _, elector := range electors {
			request, issued, ok := w.State().CredentialRequest(id, elector)
			require.True(t, ok)
			for i, office := range o.Offices {
				n, e := new(big.Int).SetBytes(office.Keys[0].Modulus), big.NewInt(65537)
				s, seen := new(big.Int).SetBytes(b.Credentials[i]), new(big.Int).SetBytes(issued[i].Signature)
				factor := new(big.Int).ModInverse(s, n)
				require.NotNil(t, factor)
				factor.Mul(factor, seen).Mod(factor, n)
				// What an elector with this ballot and this factor asks for is what was asked for here, and what she gets is what was issued.
				blinded := new(big.Int).Exp(s, e, n) // the message, encoded
				blinded.Mul(blinded, new(big.Int).Exp(factor, e, n)).Mod(blinded, n)
				require.Equal(t, request.Blinded[i], blinded.FillBytes(make([]byte, len(request.Blinded[i]))))
				require.Equal(t, int64(1), new(big.Int).GCD(nil, nil, factor, n).Int64(), "and it is one that can be drawn")
				pairs++
			}
		}
	}
	require.Equal(t, 2*len(electors)*len(electors), pairs)
}

func TestNoHistoryOfASecretDecisionHasMoreBallotsThanCredentials(t *testing.T) {
	t.Parallel()
	seed := rand2.Uint64()
	t.Logf("seed %d", seed)
	random := rand2.New(rand2.NewPCG(seed, 0))
	electors := []string{ana, atelier, ben, fournil, jardin}
	for range 2 {
		w := secretAssembly(t, secretVote)
		o := secretOpening(t)
		id := w.decide(o)
		w.credentialed(&o, 1, electors[:3]...)
		var voters []*voter // others than those three have drawn: the offices make ballots for them all the same
		for _, elector := range electors {
			voters = append(voters, newVoter(t, &o, elector, 1))
		}
		refused := 0
		for i := range 160 {
			now := o.Opens.Add(time.Duration(i)*27*time.Minute + time.Duration(random.IntN(int(27*time.Minute))))
			v, act := voters[random.IntN(len(voters))], random.IntN(4)
			if i%80 == 0 { // a ballot before its time, and one in the midst of it
				v, act = voters[0], 3
			}
			var err error
			switch act {
			case 0:
				v.request.At = now
				err = w.ask(v)(t.Context())
			case 1, 2:
				c := v.issued[random.IntN(2)]
				c.At = now
				err = w.issue(c)(t.Context())
			default:
				b := v.answers(t, []decision.Answer{decision.For, decision.Against, decision.Abstain}[random.IntN(3)])
				b.At = now
				err = w.cast(b)(t.Context())
			}
			if err != nil {
				refused++
			}
			d := w.decision(id)
			c := d.Secret.Classes[0]
			require.True(t, c.Cast <= c.Issued && c.Issued <= c.Asked && c.Asked <= c.Electors, "%+v", c)
			if d.Vote != nil {
				require.Equal(t, int64(c.Cast), d.Vote.Cast())
			}
		}
		require.Positive(t, w.decision(id).Secret.Classes[0].Cast)
		require.Positive(t, refused)
		require.Equal(t, w.replay(), w.State())
	}
}
