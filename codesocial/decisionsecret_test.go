package codesocial_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
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

// twoSecrets are two decisions with offices of the same parties and other keys, both at the beginning.
func twoSecrets(t testing.TB) (w *world, one, other codesocial.Opening) {
	t.Helper()
	w = secretAssembly(t, secretVote)
	one, other = secretOpening(t), secretOpening(t)
	other.At, other.Matter.Ref = one.At.Add(time.Minute), "urn:x:other"
	for i := range other.Offices {
		other.Offices[i].Keys[0].Modulus = rsaKeys()[2+i].N.Bytes()
	}
	w.decide(one)
	w.decide(other)
	return w, one, other
}

// refusedEitherWay checks that an act is refused as the package offers it, and as a record that somebody writes past it.
func (w *world) refusedEitherWay(name string, is error, act func(context.Context) error, forged ...journal.Draft) {
	w.t.Helper()
	require.NotNil(w.t, act, name)
	w.refused(act, is)
	for _, d := range forged {
		w.refused(w.write(d), is)
	}
}

// signedBy returns a record as its author would write it.
func signedBy(t testing.TB, author, kind string, payload any) journal.Draft {
	t.Helper()
	d := journal.Draft{Kind: kind, Author: author, Payload: payload}
	require.NoError(t, d.Sign(keys[author]))
	return d
}

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
