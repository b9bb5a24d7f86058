package codesocial_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"math/big"
	rand2 "math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

const (
	secretVote = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast","final":true},
		"secret":{"hours":24,"least":3,"offices":2},"notice":2,"days":2}`
	secretSealed = `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast","final":true},
		"secret":{"hours":24,"least":3,"offices":2},"sealedHours":24}`
	newcomer = "urn:x:newcomer"
)

// rsaKeys are the keys of ballot offices in testdata: making one takes long.
var rsaKeys = sync.OnceValue(func() (list []*rsa.PrivateKey) {
	data, err := os.ReadFile("testdata/ballot-keys.pem")
	if err != nil {
		panic(err)
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			panic(err)
		}
		list = append(list, key)
	}
	return list
})

// secretOffices are jardin, an elector as well, and cleo, who is none; keys[i] is that of the first office for weights[i].
func secretOffices(weights ...int64) []codesocial.BallotOffice {
	if weights == nil {
		weights = []int64{1}
	}
	list := []codesocial.BallotOffice{{Party: jardin}, {Party: cleo}}
	for i, w := range weights {
		for j := range list {
			list[j].Keys = append(list[j].Keys, codesocial.BallotKey{Weight: w, Modulus: rsaKeys()[i*len(list)+j].N.Bytes()})
		}
	}
	return list
}

// privateKey returns the key whose modulus that is.
func privateKey(t testing.TB, modulus []byte) *rsa.PrivateKey {
	t.Helper()
	i := slices.IndexFunc(rsaKeys(), func(k *rsa.PrivateKey) bool { return slices.Equal(k.N.Bytes(), modulus) })
	require.GreaterOrEqual(t, i, 0)
	return rsaKeys()[i]
}

// secretOpening opens the admission of a newcomer: credentials on 12 March, ballots on 13 and 14.
func secretOpening(t testing.TB, weights ...int64) codesocial.Opening {
	t.Helper()
	o := admissionOf(t, newcomer)
	o.Offices = secretOffices(weights...)
	return o
}

// A voter is an elector on her way to a secret ballot, as package secretballot makes it; here in the words of a textbook, with the keys of the offices at hand.
type voter struct {
	token   ed25519.PrivateKey
	request codesocial.CredentialRequest
	issued  []codesocial.Credential
	ballot  codesocial.SecretBallot // without what it says
}

func newVoter(t testing.TB, o *codesocial.Opening, elector string, weight int64) *voter {
	t.Helper()
	_, token, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	v := &voter{token: token}
	v.request = codesocial.CredentialRequest{Decision: o.ID(), Elector: elector, At: o.Opens}
	v.ballot = codesocial.SecretBallot{Decision: o.ID(), Token: codesocial.PublicKeyOf(token), Weight: weight, Prefix: make([]byte, 32), At: o.Opens.AddDate(0, 0, 1)}
	_, _ = rand.Read(v.ballot.Prefix)
	for _, office := range o.Offices {
		i := slices.IndexFunc(office.Keys, func(k codesocial.BallotKey) bool { return k.Weight == weight })
		key := privateKey(t, office.Keys[i].Modulus)
		hash := sha512.Sum384(append(slices.Clone(v.ballot.Prefix), codesocial.CredentialMessage(o.ID(), weight, v.ballot.Token)...))
		signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA384, hash[:], &rsa.PSSOptions{SaltLength: 48})
		require.NoError(t, err)
		v.ballot.Credentials = append(v.ballot.Credentials, signature)
		r, err := rand.Int(rand.Reader, key.N)
		require.NoError(t, err)
		blind := new(big.Int).SetBytes(signature)
		blind.Mul(blind, r).Mod(blind, key.N)
		v.request.Blinded = append(v.request.Blinded, new(big.Int).Exp(blind, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, len(signature))))
		v.issued = append(v.issued, codesocial.Credential{Decision: o.ID(), Elector: elector, Office: office.Party, At: o.Opens, Signature: blind.FillBytes(make([]byte, len(signature)))})
	}
	return v
}

// says returns the ballot of the voter.
func (v *voter) says(t testing.TB, edit func(*codesocial.SecretBallot)) codesocial.SecretBallot {
	t.Helper()
	b := v.ballot
	edit(&b)
	require.NoError(t, b.Sign(v.token))
	return b
}

func (v *voter) answers(t testing.TB, a decision.Answer) codesocial.SecretBallot {
	return v.says(t, func(b *codesocial.SecretBallot) { b.Answer = a })
}

// sealed returns the ballot of the voter with a seal in place of the answer.
func (v *voter) sealed(t testing.TB, a decision.Answer) codesocial.SecretBallot {
	t.Helper()
	plain := v.ballot
	plain.Answer = a
	b, err := plain.Sealed(nonce)
	require.NoError(t, err)
	require.NoError(t, b.Sign(v.token))
	return b
}

func (w *world) ask(v *voter) func(context.Context) error {
	return func(ctx context.Context) error { return w.AskCredential(ctx, v.request, keyOf(v.request.Elector)) }
}

func (w *world) issue(c codesocial.Credential) func(context.Context) error {
	key := keys[c.Office]
	if c.Office == relais {
		key = keys[ana]
	}
	return func(ctx context.Context) error { return w.IssueCredential(ctx, c, key) }
}

func (w *world) cast(b ...codesocial.SecretBallot) func(context.Context) error {
	return func(ctx context.Context) error { return w.Cast(ctx, b...) }
}

// credentialed has electors get their credentials.
func (w *world) credentialed(o *codesocial.Opening, weight int64, electors ...string) map[string]*voter {
	w.t.Helper()
	voters := make(map[string]*voter)
	for _, elector := range electors {
		v := newVoter(w.t, o, elector, weight)
		require.NoError(w.t, w.ask(v)(w.t.Context()))
		for _, c := range v.issued {
			require.NoError(w.t, w.issue(c)(w.t.Context()))
		}
		voters[elector] = v
	}
	return voters
}

// keyOf returns the key of a party of a secretAssembly.
func keyOf(iri string) ed25519.PrivateKey {
	if iri == ben {
		return keys["new"]
	}
	return keys[iri]
}

// secretAssembly is an assembly in which ben has a key too.
func secretAssembly(t testing.TB, rules ...string) *world {
	t.Helper()
	w := assembly(t, rules...)
	require.NoError(t, w.ChangeKey(t.Context(), codesocial.KeyChange{Party: ben, Key: public("new")}))
	return w
}

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

func TestEverySecretRecordThatTheRulesForbidIsRefused(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	other := secretOpening(t)
	other.At, other.Matter.Ref = o.At.Add(time.Minute), "urn:x:other"
	for i := range other.Offices {
		other.Offices[i].Keys[0].Modulus = rsaKeys()[2+i].N.Bytes()
	}
	w.decide(other)
	elsewhere := newVoter(t, &other, ana, 1)

	// refused tries the act as the package offers it, and as a record that somebody writes past it.
	refused := func(name string, is error, act func(context.Context) error, forged ...journal.Draft) {
		t.Helper()
		require.NotNil(t, act, name)
		w.refused(act, is)
		for _, d := range forged {
			w.refused(w.write(d), is)
		}
	}
	sign := func(d journal.Draft, key ed25519.PrivateKey) journal.Draft {
		t.Helper()
		require.NoError(t, d.Sign(key))
		return d
	}
	request := func(r codesocial.CredentialRequest, author string) journal.Draft {
		return sign(journal.Draft{Kind: codesocial.KindCredentialRequest, Author: author, Payload: r}, keys[author])
	}
	credential := func(c codesocial.Credential, author string) journal.Draft {
		return sign(journal.Draft{Kind: codesocial.KindCredential, Author: author, Payload: c}, keys[author])
	}

	// Asking.
	v := newVoter(t, &o, ana, 1)
	edit := func(f func(*codesocial.CredentialRequest)) (codesocial.CredentialRequest, func(context.Context) error) {
		r := v.request
		r.Blinded = slices.Clone(r.Blinded)
		f(&r)
		return r, func(ctx context.Context) error { return w.AskCredential(ctx, r, keyOf(r.Elector)) }
	}
	for name, c := range map[string]struct {
		edit func(*codesocial.CredentialRequest)
		is   error
	}{
		"early":                 {func(r *codesocial.CredentialRequest) { r.At = o.Opens.Add(-time.Millisecond) }, codesocial.ErrState},
		"late":                  {func(r *codesocial.CredentialRequest) { r.At = o.Opens.AddDate(0, 0, 1) }, codesocial.ErrState},
		"for who is no elector": {func(r *codesocial.CredentialRequest) { r.Elector = cleo }, codesocial.ErrNotMember},
		"of too few offices":    {func(r *codesocial.CredentialRequest) { r.Blinded = r.Blinded[:1] }, codesocial.ErrInvalid},
		"of nobody":             {func(r *codesocial.CredentialRequest) { r.Blinded = nil }, codesocial.ErrLimit},
		"over the modulus":      {func(r *codesocial.CredentialRequest) { r.Blinded[1] = rsaKeys()[1].N.Bytes() }, codesocial.ErrInvalid},
		"nothing":               {func(r *codesocial.CredentialRequest) { r.Blinded[0] = make([]byte, 384) }, codesocial.ErrInvalid},
		"a factor": {func(r *codesocial.CredentialRequest) {
			r.Blinded[0] = rsaKeys()[0].Primes[0].FillBytes(make([]byte, 384))
		}, codesocial.ErrInvalid},
		"short":            {func(r *codesocial.CredentialRequest) { r.Blinded[0] = r.Blinded[0][1:] }, codesocial.ErrInvalid},
		"unknown decision": {func(r *codesocial.CredentialRequest) { r.Decision = uuid.Nil }, codesocial.ErrUnknown},
	} {
		r, act := edit(c.edit)
		refused("asking "+name, c.is, act, request(r, r.Elector))
	}
	refused("asking in somebody's name", codesocial.ErrSignature, func(ctx context.Context) error { return w.AskCredential(ctx, v.request, keys[cleo]) }, request(v.request, cleo))
	refused("asking unsigned", codesocial.ErrSignature, func(ctx context.Context) error { return w.AskCredential(ctx, v.request, nil) })
	require.NoError(t, w.ask(v)(t.Context()))
	again := newVoter(t, &o, ana, 1)
	refused("asking twice", codesocial.ErrRefused, w.ask(again), request(again.request, ana))

	// Issuing.
	for name, c := range map[string]struct {
		edit func(*codesocial.Credential)
		is   error
	}{
		"late":                        {func(c *codesocial.Credential) { c.At = o.Opens.AddDate(0, 0, 1) }, codesocial.ErrState},
		"to who has not asked":        {func(c *codesocial.Credential) { c.Elector = atelier }, codesocial.ErrRefused},
		"to who is no elector":        {func(c *codesocial.Credential) { c.Elector = cleo }, codesocial.ErrRefused},
		"over something else":         {func(c *codesocial.Credential) { c.Signature = again.issued[0].Signature }, codesocial.ErrSignature},
		"over nothing":                {func(c *codesocial.Credential) { c.Signature = make([]byte, 384) }, codesocial.ErrSignature},
		"under the key of the second": {func(c *codesocial.Credential) { c.Signature = v.issued[1].Signature }, codesocial.ErrSignature},
		"as what is no office":        {func(c *codesocial.Credential) { c.Office = fournil }, codesocial.ErrRefused},
		"short":                       {func(c *codesocial.Credential) { c.Signature = c.Signature[:100] }, codesocial.ErrInvalid},
		"for another decision":        {func(c *codesocial.Credential) { c.Decision = other.ID() }, codesocial.ErrRefused},
	} {
		credit := v.issued[0]
		c.edit(&credit)
		refused("issuing "+name, c.is, w.issue(credit), credential(credit, credit.Office))
	}
	refused("issuing as somebody else", codesocial.ErrSignature, func(ctx context.Context) error { return w.IssueCredential(ctx, v.issued[0], keys[cleo]) }, credential(v.issued[0], cleo))
	refused("issuing unsigned", codesocial.ErrSignature, func(ctx context.Context) error { return w.IssueCredential(ctx, v.issued[0], nil) })
	require.NoError(t, w.issue(v.issued[0])(t.Context()))
	refused("a first ballot with one of two", codesocial.ErrState, w.cast(v.answers(t, decision.For)))
	require.NoError(t, w.issue(v.issued[1])(t.Context()))
	twice := v.issued[1]
	twice.At = twice.At.Add(time.Second)
	w.refused(w.write(credential(twice, cleo)), codesocial.ErrRefused, "already")

	voters := w.credentialed(&o, 1, atelier, jardin)
	require.NoError(t, w.ask(elsewhere)(t.Context()))
	for _, c := range elsewhere.issued {
		require.NoError(t, w.issue(c)(t.Context()))
	}

	// Casting.
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
		refused("casting "+name, c.is, w.cast(b), forged)
	}
	foreign := elsewhere.says(t, func(b *codesocial.SecretBallot) { b.Decision, b.Answer = id, decision.For })
	require.ErrorIs(t, foreign.Verify(o.Offices), codesocial.ErrSignature)
	refused("casting with the token of another decision", codesocial.ErrSignature, w.cast(foreign), journal.Draft{ID: secretID(&foreign), Kind: codesocial.KindSecretBallot, Payload: foreign})

	valid := journal.Draft{ID: secretID(&ballot), Kind: codesocial.KindSecretBallot, Payload: ballot}
	named := valid
	named.Author = ana
	w.refused(w.write(named), codesocial.ErrRefused, "has none")
	w.refused(w.write(sign(named, keys[ana])), codesocial.ErrRefused, "has none")
	anyID := valid
	anyID.ID = uuid.Must(uuid.NewV7())
	w.refused(w.write(anyID), codesocial.ErrInvalid, "id")
	w.refused(func(ctx context.Context) error {
		return w.Vote(ctx, codesocial.Ballot{Decision: id, Voter: ana, At: ballot.At, Answer: decision.For}, keys[ana])
	}, codesocial.ErrRefused, "ballots are secret")

	require.NoError(t, w.cast(ballot)(t.Context()))
	change := v.answers(t, decision.Against)
	refused("changing a ballot", codesocial.ErrRefused, w.cast(change))
	w.refused(w.write(journal.Draft{ID: uuid.Must(uuid.NewV7()), Kind: codesocial.KindSecretBallot, Payload: change}), codesocial.ErrInvalid, "id")
	w.refused(w.ask(newVoter(t, &o, fournil, 1)), codesocial.ErrState, "decide-1")
	backdated := newVoter(t, &o, fournil, 1)
	w.refused(w.write(request(backdated.request, fournil)), codesocial.ErrInvalid, "recorded last")

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

func TestAFewCredentialsOrNoneMakeADecisionVoid(t *testing.T) {
	t.Parallel()
	for _, issued := range [][]string{{}, {ana, jardin}} {
		w := secretAssembly(t, secretVote)
		o := secretOpening(t)
		id := w.decide(o)
		voters := w.credentialed(&o, 1, issued...)
		casts := o.Opens.AddDate(0, 0, 1)
		closing := codesocial.Closing{Decision: id, At: casts.Add(-time.Millisecond)}
		w.refused(func(ctx context.Context) error { return w.Close(ctx, closing) }, codesocial.ErrRefused)
		for _, v := range voters {
			w.refused(w.cast(v.answers(t, decision.For)), codesocial.ErrState, "status ended")
		}
		closing.At = casts
		require.NoError(t, w.Close(t.Context(), closing))
		d := w.decision(id)
		require.Equal(t, codesocial.Inquorate, d.Decided.Verdict)
		require.True(t, d.Secret.TooFew)
		require.Nil(t, d.Vote)
		require.Contains(t, w.page(id, "fr"), "rien n'est décidé")
		require.Contains(t, w.page(id, "en"), "It takes at least 3 members with a credential")
		require.Equal(t, w.replay(), w.State())
	}
}

func TestACredentialThatOneOfTheOfficesWithholdsIsNone(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	w.credentialed(&o, 1, ana, atelier)
	v := newVoter(t, &o, ben, 1)
	require.NoError(t, w.ask(v)(t.Context()))
	require.NoError(t, w.issue(v.issued[0])(t.Context()))
	require.Len(t, w.State().CredentialsToIssue(id, cleo), 1)
	require.Empty(t, w.State().CredentialsToIssue(id, jardin))
	_, issued, ok := w.State().CredentialRequest(id, ben)
	require.True(t, ok)
	require.NotEmpty(t, issued[0].Signature)
	require.Empty(t, issued[1].Signature, "in sight of all")
	require.Equal(t, 2, w.decision(id).Secret.Classes[0].Issued)
	w.refused(w.cast(v.answers(t, decision.For)), codesocial.ErrState, "status ended")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.Equal(t, codesocial.Inquorate, w.decision(id).Decided.Verdict)
}

func TestWhoHasNoKeyCannotAskAndNobodyCanOnceItIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := assembly(t, secretVote) // where ben has none
	o := secretOpening(t)
	id := w.decide(o)
	v := newVoter(t, &o, ben, 1)
	w.refused(func(ctx context.Context) error { return w.AskCredential(ctx, v.request, nil) }, codesocial.ErrSignature, "must sign")
	require.NoError(t, w.Act(t.Context(), codesocial.Act{Decision: id, Kind: decision.Withdraw, Actor: atelier, At: o.At}, keys[atelier]))
	w.refused(w.ask(newVoter(t, &o, ana, 1)), codesocial.ErrRefused, "withdrawn")
	require.Empty(t, w.State().CredentialsToIssue(uuid.Nil, jardin))
	_, _, ok := w.State().CredentialRequest(id, ana)
	require.False(t, ok)
}

func TestWhoStandsAsideGetsNoCredential(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	o.Concerns, o.Recusals = []string{ana}, []codesocial.Recusal{{Party: ben, Reason: "Works there."}}
	w.decide(o)
	for _, elector := range []string{ana, ben} {
		w.refused(w.ask(newVoter(t, &o, elector, 1)), codesocial.ErrNotMember, "stepped aside", "decide-1")
	}
	require.Len(t, w.credentialed(&o, 1, atelier, fournil, jardin), 3)
}

func TestASecretDecisionStandsWhenTheNamesOfItsPartiesAreErased(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	o.Offices[1].Party = relais // ana speaks for it
	id := w.decide(o)
	for _, v := range w.credentialed(&o, 1, ana, atelier, ben) {
		require.NoError(t, w.cast(v.answers(t, decision.For))(t.Context()))
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	before := w.decision(id)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		switch r.Kind {
		case codesocial.KindParty:
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""))
		case codesocial.KindCredentialRequest, codesocial.KindCredential, codesocial.KindSecretBallot:
			require.ErrorIs(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""), codesocial.ErrRefused)
		}
	}
	after := openWorld(t, w.store).decision(id)
	require.Equal(t, before.Secret, after.Secret)
	require.Equal(t, before.Decided, after.Decided)
	require.Equal(t, before.Vote, after.Vote)
}

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

func TestEachEventOfASecretDecisionHasItsPlaceAndNoOther(t *testing.T) {
	t.Parallel()
	for status, allowed := range map[codesocial.DecisionStatus][]string{
		codesocial.Announced: {"withdraw"},
		codesocial.Issuing:   {"ask", "issue"},
		codesocial.Voted:     {"cast"},
		codesocial.Unsealing: {"open"},
		codesocial.Ended:     {"close"},
		codesocial.Recorded:  {},
	} {
		w := secretAssembly(t, secretSealed)
		o := secretOpening(t)
		id := w.decide(o)
		now := map[codesocial.DecisionStatus]time.Time{
			codesocial.Announced: o.Opens.Add(-time.Millisecond), codesocial.Issuing: o.Opens, codesocial.Voted: o.Opens.AddDate(0, 0, 1),
			codesocial.Unsealing: o.Closes, codesocial.Ended: o.Closes.AddDate(0, 0, 1), codesocial.Recorded: o.Closes.AddDate(0, 0, 1),
		}[status]
		// ana has cast a sealed ballot, ben has a credential, fournil has asked for one, jardin has not; each as far as it can be.
		voters := make(map[string]*voter)
		for _, elector := range []string{ana, atelier, ben, fournil, jardin} {
			v := newVoter(t, &o, elector, 1)
			voters[elector] = v
			if status == codesocial.Announced || elector == jardin {
				continue
			}
			require.NoError(t, w.ask(v)(t.Context()))
			if elector != fournil {
				for _, c := range v.issued {
					require.NoError(t, w.issue(c)(t.Context()))
				}
			}
		}
		if status != codesocial.Announced && status != codesocial.Issuing {
			require.NoError(t, w.cast(voters[ana].sealed(t, decision.For))(t.Context()))
		}
		if status == codesocial.Recorded {
			require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: now}))
		}
		got, err := w.State().DecisionStatus(id, now)
		require.NoError(t, err)
		require.Equal(t, status, got)
		require.Len(t, got.Label(), 2)

		sealed := voters[ben].sealed(t, decision.For)
		sealed.At = now
		acted := func(kind decision.ActKind) func(context.Context) error {
			return func(ctx context.Context) error {
				return w.Act(ctx, codesocial.Act{Decision: id, Kind: kind, Actor: atelier, At: now}, keys[atelier])
			}
		}
		voters[jardin].request.At, voters[fournil].issued[0].At = now, now
		events := map[string]func(context.Context) error{
			"withdraw": acted(decision.Withdraw),
			"act":      acted(decision.Advance),
			"ask":      w.ask(voters[jardin]),
			"issue":    w.issue(voters[fournil].issued[0]),
			"ballot": func(ctx context.Context) error {
				return w.Vote(ctx, codesocial.Ballot{Decision: id, Voter: ana, At: now, Answer: decision.For}, keys[ana])
			},
			"cast": w.cast(sealed),
			"open": w.cast(voters[ana].says(t, func(b *codesocial.SecretBallot) { b.Answer, b.Nonce, b.At = decision.For, nonce, now })),
			"close": func(ctx context.Context) error {
				return w.Close(ctx, codesocial.Closing{Decision: id, At: now.Add(time.Second)})
			},
		}
		size, before := w.journal.Size(), w.replay()
		for name, event := range events {
			if slices.Contains(allowed, name) {
				continue
			}
			err := event(t.Context())
			var rule *codesocial.RuleError
			require.ErrorAs(t, err, &rule, "%s when %s", name, status)
			require.Equal(t, "decide-1", rule.Clause.Clause)
			require.Equal(t, size, w.journal.Size())
			require.Equal(t, before, w.State())
		}
		for _, name := range allowed {
			require.NoError(t, events[name](t.Context()), "%s when %s", name, status)
			require.Equal(t, w.replay(), w.State())
		}
	}
}

func TestASecretElectionChoosesWhatAPublicOneDoes(t *testing.T) {
	t.Parallel()
	electors := []string{ana, atelier, ben, fournil, jardin}
	options := []string{"oven", "van", "roof"}
	for _, method := range []string{`"single"`, `"approval"`, `"schulze"`, `"instant-runoff","tie":"lot"`, `"score","highest":5`} {
		rule := `{"kind":"codesocial.decision","matters":["codesocial.admission"],"election":{"final":true,"method":` + method + `}`
		public, secret := assembly(t, rule+`}`), secretAssembly(t, rule+`,"secret":{"hours":24,"least":3,"offices":2}}`)
		o := secretOpening(t)
		o.Options = options
		open := o
		open.Offices = nil
		pid, sid := public.decide(open), secret.decide(o)
		voters := secret.credentialed(&o, 1, electors...)
		for i, elector := range electors {
			first, second := options[[]int{0, 0, 1, 0, 2}[i]], options[[]int{1, 2, 0, 2, 0}[i]]
			b := codesocial.Ballot{Decision: pid, Voter: elector, At: o.Opens}
			switch {
			case i == 4: // blank
			case strings.Contains(method, "score"):
				b.Scores = map[string]int{first: 5, second: i}
			case strings.Contains(method, "single"):
				b.Ranking = [][]string{{first}}
			case strings.Contains(method, "approval"):
				b.Ranking = [][]string{{first, second}}
			default:
				b.Ranking = [][]string{{first}, {second}}
			}
			key := keys[elector]
			if elector == ben {
				key = nil
			}
			require.NoError(t, public.Vote(t.Context(), b, key))
			require.NoError(t, secret.cast(voters[elector].says(t, func(s *codesocial.SecretBallot) { s.Ranking, s.Scores = b.Ranking, b.Scores }))(t.Context()))
		}
		require.NoError(t, public.Close(t.Context(), codesocial.Closing{Decision: pid, At: o.Closes}))
		require.NoError(t, secret.Close(t.Context(), codesocial.Closing{Decision: sid, At: o.Closes}))
		require.NotEmpty(t, public.decision(pid).Decided.Chosen, method)
		require.Equal(t, public.decision(pid).Election, secret.decision(sid).Election, method)
		require.Equal(t, secret.replay(), secret.State())
	}
}

func TestElectorsOfDifferentWeightVoteUnderDifferentKeys(t *testing.T) {
	t.Parallel()
	rule := func(least int) string {
		return `{"kind":"codesocial.decision","matters":["codesocial.admission"],"vote":{"threshold":"1/2","base":"cast","final":true},
			"secret":{"hours":24,"least":` + strconv.Itoa(least) + `,"offices":2},"colleges":[{"id":"organisations","types":["organization","collective"],"weight":2},{"id":"persons","types":["person"]}]}`
	}
	w := secretAssembly(t, rule(3))
	o := secretOpening(t, 1, 2)
	weights, err := w.State().BallotWeights(o)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, weights)
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, o, keys[atelier]) }, codesocial.ErrRefused, "weight 1", "no secret", "decide-1")

	w = secretAssembly(t, rule(3))
	admit := codesocial.Admission{Applicant: cleo, Charter: w.State().Versions()[0].Charter.Hash(), On: day(t, "2025-01-03"), Sponsors: []string{atelier}}
	admit.Signature = acceptance(t, cleo, cleo, w.State().Versions()[0].Charter)
	require.NoError(t, w.Admit(t.Context(), admit))
	missing := secretOpening(t)
	w.refused(func(ctx context.Context) error { return w.Decide(ctx, missing, keys[atelier]) }, codesocial.ErrInvalid, "each weight that electors have: [1 2]")
	id := w.decide(o)
	light, heavy := w.credentialed(&o, 1, ana, ben, cleo), w.credentialed(&o, 2, atelier, fournil, jardin)
	wrong := light[ana].says(t, func(b *codesocial.SecretBallot) { b.Weight, b.Answer = 2, decision.For })
	w.refused(w.cast(wrong), codesocial.ErrSignature, "credentials[0]")
	w.refused(w.write(journal.Draft{ID: secretID(&wrong), Kind: codesocial.KindSecretBallot, Payload: wrong}), codesocial.ErrSignature)
	for i, v := range []*voter{light[ana], light[ben], heavy[jardin]} {
		require.NoError(t, w.cast(v.answers(t, []decision.Answer{decision.For, decision.For, decision.Against}[i]))(t.Context()))
	}
	d := w.decision(id)
	require.Equal(t, [3]int64{2, 2, 5}, [3]int64{d.Vote.For, d.Vote.Against, d.Vote.Silent})
	require.Equal(t, []codesocial.BallotClass{{Weight: 1, Electors: 3, Asked: 3, Issued: 3, Cast: 2, Unanimous: true}, {Weight: 2, Electors: 3, Asked: 3, Issued: 3, Cast: 1, Unanimous: true}}, d.Secret.Classes)
	require.Equal(t, w.replay(), w.State())
}

func TestBallotOfficesAreSeveralPartiesWithKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote, byElection)
	decide := func(edit func(*codesocial.Opening)) func(context.Context) error {
		o := secretOpening(t)
		edit(&o)
		return func(ctx context.Context) error { return w.Decide(ctx, o, keys[atelier]) }
	}
	const unkeyed = "urn:x:unkeyed"
	require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: unkeyed, Type: codesocial.Person, Name: "Dan"}))
	even := rsaKeys()[0].N.Bytes()
	even[len(even)-1]--
	for words, c := range map[string]struct {
		edit func(*codesocial.Opening)
		is   error
	}{
		"the rule asks for 2": {func(o *codesocial.Opening) { o.Offices = o.Offices[:1] }, codesocial.ErrInvalid},
		"party \"https://la-trame.example/org/jardin\": is there twice": {func(o *codesocial.Opening) { o.Offices[1].Party = jardin }, codesocial.ErrInvalid},
		"offices[0].keys[0].modulus: ":                                  {func(o *codesocial.Opening) { o.Offices[0].Keys[0].Modulus = []byte{0x80} }, codesocial.ErrInvalid},
		"is divisible by 2":                                             {func(o *codesocial.Opening) { o.Offices[0].Keys[0].Modulus = even }, codesocial.ErrInvalid},
		"modulus: is there twice":                                       {func(o *codesocial.Opening) { o.Offices[1].Keys = o.Offices[0].Keys }, codesocial.ErrInvalid},
		"not a registered party":                                        {func(o *codesocial.Opening) { o.Offices[1].Party = "urn:x:nobody" }, codesocial.ErrUnknown},
		"signs what it issues":                                          {func(o *codesocial.Opening) { o.Offices[1].Party = unkeyed }, codesocial.ErrSignature},
		"there must be 3":                                               {func(o *codesocial.Opening) { o.Concerns = []string{atelier, fournil, jardin, ana, ben} }, codesocial.ErrRefused},
		"where it stands aside":                                         {func(o *codesocial.Opening) { o.Concerns = []string{cleo} }, codesocial.ErrRefused},
		"speaks for it as for":                                          {func(o *codesocial.Opening) { o.Offices[0].Party, o.Offices[1].Party = ana, relais }, codesocial.ErrRefused},
		"for each weight":                                               {func(o *codesocial.Opening) { o.Offices[1].Keys[0].Weight = 2 }, codesocial.ErrInvalid},
		"in ascending order":                                            {func(o *codesocial.Opening) { o.Offices[1].Keys[0].Weight = 0 }, codesocial.ErrInvalid},
		"must leave 2 days":                                             {func(o *codesocial.Opening) { o.Closes = o.Closes.Add(-time.Second) }, codesocial.ErrRefused},
		"ballots are not secret":                                        {func(o *codesocial.Opening) { o.Matter.Kind, o.Options = "codesocial.role", []string{ana} }, codesocial.ErrInvalid},
		"the limit is 5":                                                {func(o *codesocial.Opening) { o.Offices = slices.Repeat(o.Offices, 3) }, codesocial.ErrLimit},
	} {
		w.refused(decide(c.edit), c.is, words)
	}
	require.NoError(t, decide(func(*codesocial.Opening) {})(t.Context()))
	require.NoError(t, decide(func(*codesocial.Opening) {})(t.Context()), "once more changes nothing")
	w.refused(decide(func(o *codesocial.Opening) { o.At = o.At.Add(time.Minute) }), codesocial.ErrRefused, "is the key of that decision")
}

func TestARuleOfSecretBallotsHasToMakeSense(t *testing.T) {
	t.Parallel()
	const vote = `"vote":{"threshold":"1/2","base":"cast","final":true}`
	for rest, field := range map[string]string{
		vote + `,"secret":{"hours":0,"least":3}`:                                                                     "secret.hours",
		vote + `,"secret":{"hours":1441,"least":3}`:                                                                  "secret.hours",
		vote + `,"secret":{"hours":24,"least":2}`:                                                                    "secret.least",
		vote + `,"secret":{"hours":24}`:                                                                              "secret.least",
		vote + `,"secret":{"hours":24,"least":3,"offices":6}`:                                                        "secret.offices",
		vote + `,"secret":{"hours":24,"least":3},"delegation":true`:                                                  "voices cannot be passed on",
		`"vote":{"threshold":"1/2","base":"cast"},"secret":{"hours":24,"least":3}`:                                   "needs final ballots",
		`"election":{"method":"single"},"secret":{"hours":24,"least":3}`:                                             "needs final ballots",
		`"consent":{"quorum":"1/2","maxRounds":1,"vote":true},"days":3,` + vote + `,"secret":{"hours":24,"least":3}`: "only a vote or an election",
	} {
		c := deciding(t, `{"kind":"codesocial.decision","matters":["*"],`+rest+`}`)
		require.ErrorContains(t, newWorld(t).withParties().Propose(t.Context(), c), field, rest)
	}
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
		now, refused := o.Opens, 0
		for i := range 160 {
			now = o.Opens.Add(time.Duration(i)*27*time.Minute + time.Duration(random.IntN(int(27*time.Minute))))
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

// The same holds for a key that an office has made badly on purpose, so that its exponent divides what it must not and every number has several roots, among
// which the office may pick as it likes: here with numbers small enough to try all of them.
func TestAnOfficeWithABadKeyLearnsNoMore(t *testing.T) {
	t.Parallel()
	const n = 7 * 13 // the exponent 3 divides 6 and 12
	cube := func(x int) int { return x * x % n * x % n }
	inverse, roots := map[int]int{}, map[int][]int{}
	for x := range n {
		for y := range n {
			if x*y%n == 1 {
				inverse[x] = y
				roots[cube(x)] = append(roots[cube(x)], x)
			}
		}
	}
	require.Len(t, inverse, 72)
	require.Len(t, roots, 8)
	for message, all := range roots { // only such a message can be signed at all
		for blinded, choices := range roots {
			for _, signed := range choices { // by whatever plan the office picks it
				var unblinded []int
				for factor, inverted := range inverse {
					if message*cube(factor)%n == blinded {
						unblinded = append(unblinded, signed*inverted%n)
					}
				}
				require.ElementsMatch(t, all, unblinded, "each blinded message is as likely, and then each signature that can be shown, once")
			}
		}
	}
}

func TestSignaturesAreThoseOfRFC9474(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/rfc9474.json")
	require.NoError(t, err)
	var vector map[string]any
	require.NoError(t, json.Unmarshal(data, &vector))
	value := func(name string) []byte {
		b, err := hex.DecodeString(strings.TrimPrefix(vector[name].(string), "0x"))
		require.NoError(t, err)
		return b
	}
	n := value("n")
	require.NoError(t, codesocial.CheckModulus("n", n))
	require.NoError(t, codesocial.VerifyBlind("blind_sig", n, value("blinded_msg"), value("blind_sig")))
	require.NoError(t, codesocial.VerifyUnblinded("sig", n, value("msg_prefix"), value("msg"), value("sig")))
	require.ErrorIs(t, codesocial.VerifyBlind("blind_sig", n, value("blinded_msg"), value("sig")), codesocial.ErrSignature)
	require.ErrorIs(t, codesocial.VerifyUnblinded("sig", n, value("msg_prefix"), value("msg"), value("blind_sig")), codesocial.ErrSignature)
	require.ErrorIs(t, codesocial.VerifyUnblinded("sig", n, value("msg"), value("msg_prefix"), value("sig")), codesocial.ErrSignature)
	// A number has one spelling: not that which is larger by the modulus.
	spelled := func(v *big.Int) []byte { return v.FillBytes(make([]byte, len(n))) }
	two := big.NewInt(2)
	asked := spelled(new(big.Int).Exp(two, big.NewInt(65537), new(big.Int).SetBytes(n)))
	require.NoError(t, codesocial.VerifyBlind("blind_sig", n, asked, spelled(two)))
	require.ErrorIs(t, codesocial.VerifyBlind("blind_sig", n, asked, spelled(two.Add(two, new(big.Int).SetBytes(n)))), codesocial.ErrSignature)
	// The blinding factor, too, is that of the pair.
	modulus, inv := new(big.Int).SetBytes(n), new(big.Int).SetBytes(value("inv"))
	inv.Mul(inv, new(big.Int).SetBytes(value("blind_sig"))).Mod(inv, modulus)
	require.Equal(t, value("sig"), inv.FillBytes(make([]byte, len(n))))
}

func FuzzSecretRecords(f *testing.F) {
	kinds := []string{codesocial.KindDecision, codesocial.KindCredentialRequest, codesocial.KindCredential, codesocial.KindSecretBallot}
	w := secretAssembly(f, secretSealed)
	o := secretOpening(f)
	w.decide(o)
	voters := w.credentialed(&o, 1, ana, atelier, ben)
	require.NoError(f, w.cast(voters[ana].sealed(f, decision.For))(f.Context()))
	require.NoError(f, w.cast(voters[ana].says(f, func(b *codesocial.SecretBallot) { b.Answer, b.Nonce, b.At = decision.For, nonce, o.Closes }))(f.Context()))
	for r, err := range w.journal.Records(f.Context(), 0) {
		require.NoError(f, err)
		if i := slices.Index(kinds, r.Kind); i >= 0 {
			f.Add(i, r.ID[:], r.Author, r.Payload)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, id []byte, author string, payload []byte) {
		r := &journal.Record{Kind: kinds[uint(kind)%uint(len(kinds))], Schema: 1, Author: author, Payload: payload}
		copy(r.ID[:], id)
		v, err := new(codesocial.State).Decode(r)
		if err != nil || v == nil {
			return // before the journal is folded, which takes long
		}
		for _, s := range []*codesocial.State{new(codesocial.State), fold(t, w.journal)} {
			if s.Apply(r, v) != nil {
				continue
			}
			for d := range s.Decisions() {
				for _, lang := range []string{"fr", "en"} {
					page, err := s.DecisionPage(d.ID, lang)
					require.NoError(t, err)
					require.NotEmpty(t, page)
				}
			}
		}
	})
}
