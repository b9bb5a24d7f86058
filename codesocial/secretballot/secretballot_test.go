package secretballot_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/secretballot"
)

// officeKeys are the keys of ballot offices in testdata: making one takes long.
var officeKeys = sync.OnceValue(func() (list []*rsa.PrivateKey) {
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

func key(n int) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(n)}, ed25519.SeedSize))
}

// elector returns the IRI of the n-th founder, whose key is key(n).
func elector(n int) string { return fmt.Sprintf("urn:x:elector-%d", n) }

var opens = time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)

// A world is a community of founders who decide by secret ballot, under two ballot offices.
type world struct {
	*codesocial.Community
	journal *journal.Journal
	now     time.Time // of the journal's clock
	offices []*secretballot.Office
	id      uuid.UUID
	opening codesocial.Opening
}

// Cast and Close are recorded when they are done.

func (w *world) Cast(ctx context.Context, ballots ...codesocial.SecretBallot) error {
	w.now = ballots[0].At
	return w.Community.Cast(ctx, ballots...)
}

func (w *world) Close(ctx context.Context, c codesocial.Closing) error {
	w.now = c.At
	return w.Community.Close(ctx, c)
}

func open(t testing.TB, founders int, rule string, options ...string) *world {
	t.Helper()
	signer, err := journal.NewSigner("commons.example/journal", key(0))
	require.NoError(t, err)
	w := &world{now: opens}
	w.journal, err = journal.Open(t.Context(), journal.NewMemoryStore(), signer, &journal.Options{Now: func() time.Time { return w.now }})
	require.NoError(t, err)
	w.Community, err = codesocial.Open(t.Context(), w.journal)
	require.NoError(t, err)
	var list []string
	var parties []codesocial.Party
	for n := 1; n <= founders; n++ {
		list = append(list, fmt.Sprintf(`{"id":%q,"name":"Elector %d","type":"person"}`, elector(n), n))
		parties = append(parties, codesocial.Party{ID: elector(n), Type: codesocial.Person, Name: fmt.Sprintf("Elector %d", n), Key: codesocial.PublicKeyOf(key(n))})
	}
	charter, err := codesocial.ParseCharter([]byte(`{"id":"https://commons.example/charter","version":1,"profile":"plain","title":{"en":"Our rules"},"currency":"EUR",
		"timeZone":"Europe/Paris","inForceFrom":"2025-01-01","threshold":1,"founders":[` + strings.Join(list, ",") + `],
		"chapters":[{"id":"deciding","title":{"en":"Deciding"},"clauses":[{"id":"secret","text":{"en":"We vote in secret."},"rule":` + rule + `}]}]}`))
	require.NoError(t, err)
	require.NoError(t, w.Register(t.Context(), parties...))
	require.NoError(t, w.Propose(t.Context(), charter))
	signature, err := codesocial.SignCharter(charter, elector(1), key(1))
	require.NoError(t, err)
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: charter.Hash(), On: charter.InForceFrom(), Signatures: []codesocial.CharterSignature{signature}}))
	w.opening = codesocial.Opening{
		Matter: codesocial.Matter{Kind: "commons.purchase", Ref: "oven"}, Title: codesocial.Text{"en": "Shall we buy an oven?"}, Proposer: elector(1), Options: options,
		At: opens, Opens: opens, Closes: opens.AddDate(0, 0, 3),
	}
	for n := 1; n <= 2; n++ {
		office, err := secretballot.NewOffice(elector(n), map[int64]*rsa.PrivateKey{1: officeKeys()[n-1]})
		require.NoError(t, err)
		w.offices = append(w.offices, office)
		w.opening.Offices = append(w.opening.Offices, office.BallotOffice())
	}
	require.NoError(t, w.Decide(t.Context(), w.opening, key(1)))
	w.id = w.opening.ID()
	return w
}

func (w *world) decision(t testing.TB) (d codesocial.Decision) {
	t.Helper()
	require.NoError(t, w.Read(func(s *codesocial.State) { d, _ = s.Decision(w.id) }))
	return d
}

func (w *world) issued(t testing.TB, iri string) (issued []codesocial.Credential) {
	t.Helper()
	require.NoError(t, w.Read(func(s *codesocial.State) { _, issued, _ = s.CredentialRequest(w.id, iri) }))
	return issued
}

func (w *world) issue(t testing.TB) (n int) {
	t.Helper()
	for i, office := range w.offices {
		var err error
		w.now = opens.Add(time.Hour)
		n, err = office.Issue(t.Context(), w.Community, w.id, w.now, key(i+1))
		require.NoError(t, err)
	}
	return n
}

const (
	vote = `{"kind":"codesocial.decision","matters":["commons.purchase"],"vote":{"threshold":"1/2","base":"cast","quorum":"1/2","final":true},
		"secret":{"hours":24,"least":5,"offices":2},"days":2}`
	election = `{"kind":"codesocial.decision","matters":["commons.purchase"],"election":{"method":"schulze","final":true},"sealedHours":24,
		"secret":{"hours":24,"least":3,"offices":2},"days":2}`
)

func TestFortyElectorsVoteInSecretAndAnyoneCountsAgain(t *testing.T) {
	t.Parallel()
	w := open(t, 40, vote)
	d := w.decision(t)
	voters := make(map[string]*secretballot.Voter)
	for n := 1; n <= 40; n++ {
		if n%10 == 0 {
			continue // four do not take part
		}
		v, err := secretballot.NewVoter(d, elector(n))
		require.NoError(t, err)
		require.NoError(t, w.AskCredential(t.Context(), v.Request(opens.Add(time.Minute)), key(n)))
		voters[elector(n)] = v
	}
	require.Equal(t, 36, w.issue(t))
	require.Zero(t, w.issue(t), "nothing is left")

	// Six stay away in the end; the others hand their ballots in through others, some together.
	answers := map[decision.Answer]int64{}
	var ballots []codesocial.SecretBallot
	for n := 1; n <= 40; n++ {
		v, ok := voters[elector(n)]
		if !ok || n > 33 {
			continue
		}
		restored, err := secretballot.RestoreVoter(d, elector(n), v.Secret())
		require.NoError(t, err)
		require.Equal(t, v.Request(opens), restored.Request(opens), "what the elector keeps is all that it takes")
		answer := []decision.Answer{decision.For, decision.For, decision.Against, decision.Abstain}[n%4]
		b, err := restored.Ballot(w.issued(t, elector(n)), codesocial.Ballot{Answer: answer, At: opens.AddDate(0, 0, 2)})
		require.NoError(t, err)
		answers[answer]++
		ballots = append(ballots, b)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(ballots), func(i, j int) { ballots[i], ballots[j] = ballots[j], ballots[i] })
	require.NoError(t, w.Cast(t.Context(), ballots[:20]...))
	require.NoError(t, w.Cast(t.Context(), ballots[20:]...))
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: w.id, At: w.opening.Closes}))

	d = w.decision(t)
	require.Equal(t, codesocial.Carried, d.Decided.Verdict)
	require.Equal(t, []int64{answers[decision.For], answers[decision.Against], answers[decision.Abstain], 10}, []int64{d.Vote.For, d.Vote.Against, d.Vote.Abstain, d.Vote.Silent})
	require.Equal(t, []codesocial.BallotClass{{Weight: 1, Electors: 40, Asked: 36, Issued: 36, Cast: 30}}, d.Secret.Classes)

	// Anyone counts again from the records, with the opening and the standard library.
	again, tokens := map[decision.Answer]int64{}, map[codesocial.PublicKey]bool{}
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind != codesocial.KindSecretBallot {
			continue
		}
		for n := 1; n <= 40; n++ {
			require.NotContains(t, string(r.Payload)+r.Author, elector(n)) // base64 has no colon
		}
		var b codesocial.SecretBallot
		require.NoError(t, r.Unmarshal(&b))
		require.NoError(t, b.Verify(d.Opening.Offices))
		require.False(t, tokens[b.Token])
		tokens[b.Token] = true
		again[b.Answer]++
	}
	require.Equal(t, answers, again)
	s := new(codesocial.State)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		v, err := s.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, s.Apply(&r, v))
		}
	}
	require.Equal(t, w.State(), s)
	_, err := codesocial.VerifyAuthors(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestASecretElectionShowsNothingUntilItIsClosed(t *testing.T) {
	t.Parallel()
	w := open(t, 5, election, "oven", "van", "roof")
	nonce := strings.Repeat("0f", 16)
	voters := make([]*secretballot.Voter, 6)
	for n := 1; n <= 5; n++ {
		v, err := secretballot.NewVoter(w.decision(t), elector(n))
		require.NoError(t, err)
		require.NoError(t, w.AskCredential(t.Context(), v.Request(opens), key(n)))
		voters[n] = v
	}
	w.issue(t)
	says := func(n int, at time.Time) codesocial.Ballot {
		ranking := [][]string{{"oven"}, {"van", "roof"}}
		if n > 2 {
			ranking = [][]string{{"roof"}, {"oven"}}
		}
		return codesocial.Ballot{Ranking: ranking, Nonce: nonce, At: at}
	}
	for n := 1; n <= 5; n++ {
		b, err := voters[n].Sealed(w.issued(t, elector(n)), says(n, opens.AddDate(0, 0, 1)))
		require.NoError(t, err)
		require.Empty(t, b.Ranking)
		require.NoError(t, w.Cast(t.Context(), b))
	}
	for n := 1; n <= 5; n++ {
		b, err := voters[n].Ballot(w.issued(t, elector(n)), says(n, w.opening.Closes))
		require.NoError(t, err)
		require.NoError(t, w.Cast(t.Context(), b))
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: w.id, At: w.opening.Closes.AddDate(0, 0, 1)}))
	require.Equal(t, "roof", w.decision(t).Decided.Chosen)
	_, err := voters[1].Sealed(w.issued(t, elector(1)), codesocial.Ballot{At: opens})
	require.ErrorIs(t, err, codesocial.ErrInvalid, "a seal needs a nonce")
}

func TestAVoterRefusesWhatIsNotHers(t *testing.T) {
	t.Parallel()
	w := open(t, 5, vote)
	d := w.decision(t)
	_, err := secretballot.NewVoter(d, "urn:x:stranger")
	require.ErrorIs(t, err, secretballot.ErrRefused)
	public := d
	public.Secret = nil
	_, err = secretballot.NewVoter(public, elector(1))
	require.ErrorIs(t, err, secretballot.ErrRefused)

	v, err := secretballot.NewVoter(d, elector(1))
	require.NoError(t, err)
	for _, secret := range [][]byte{nil, v.Secret()[:31], v.Secret()[:100], v.Secret()[:len(v.Secret())-1], append(v.Secret(), 0)} {
		_, err := secretballot.RestoreVoter(d, elector(1), secret)
		require.ErrorIs(t, err, secretballot.ErrRefused, len(secret))
	}
	require.NoError(t, w.AskCredential(t.Context(), v.Request(opens), key(1)))
	says := codesocial.Ballot{Answer: decision.For, At: opens}
	_, err = v.Ballot(nil, says)
	require.ErrorIs(t, err, secretballot.ErrNotIssued)
	_, err = v.Ballot(w.issued(t, elector(1)), says)
	require.ErrorIs(t, err, secretballot.ErrNotIssued)
	w.issue(t)
	issued := w.issued(t, elector(1))
	_, err = v.Ballot(issued, says)
	require.NoError(t, err)
	other, err := secretballot.NewVoter(d, elector(1))
	require.NoError(t, err)
	_, err = other.Ballot(issued, says)
	require.ErrorIs(t, err, secretballot.ErrRefused)
	require.NotEqual(t, v.Request(opens), other.Request(opens))
}

func TestAnOfficeSignsOnlyUnderTheKeysOfTheDecision(t *testing.T) {
	t.Parallel()
	w := open(t, 5, vote)
	v, err := secretballot.NewVoter(w.decision(t), elector(3))
	require.NoError(t, err)
	require.NoError(t, w.AskCredential(t.Context(), v.Request(opens), key(3)))
	swapped, err := secretballot.NewOffice(elector(1), map[int64]*rsa.PrivateKey{1: officeKeys()[1]})
	require.NoError(t, err)
	_, err = swapped.Issue(t.Context(), w.Community, w.id, opens, key(1))
	require.ErrorIs(t, err, secretballot.ErrRefused)
	_, err = w.offices[0].Issue(t.Context(), w.Community, w.id, opens, key(2))
	require.ErrorIs(t, err, codesocial.ErrSignature)
	late, err := w.offices[0].Issue(t.Context(), w.Community, w.id, opens.AddDate(0, 0, 1), key(1))
	require.ErrorIs(t, err, codesocial.ErrState)
	require.Zero(t, late)
	_, err = secretballot.NewOffice(elector(1), map[int64]*rsa.PrivateKey{1: nil})
	require.ErrorIs(t, err, secretballot.ErrRefused)
	_, err = secretballot.NewOffice(elector(1), map[int64]*rsa.PrivateKey{1: {PublicKey: rsa.PublicKey{N: officeKeys()[0].N, E: 3}}})
	require.ErrorIs(t, err, secretballot.ErrRefused)
}

func TestNothingThatIsPrintedTellsASecret(t *testing.T) {
	t.Parallel()
	w := open(t, 5, vote)
	v, err := secretballot.NewVoter(w.decision(t), elector(3))
	require.NoError(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{v, w.offices[0]} {
			text := fmt.Sprintf(format, value)
			require.Less(t, len(text), 200, format)
			require.NotContains(t, text, fmt.Sprintf("%x", v.Secret()[:8]))
			require.NotContains(t, text, officeKeys()[0].D.String()[:20])
		}
	}
}

func TestANewKeyIsOneThatTheRecordTakes(t *testing.T) {
	t.Parallel()
	k, err := secretballot.NewKey()
	require.NoError(t, err)
	office, err := secretballot.NewOffice(elector(1), map[int64]*rsa.PrivateKey{2: k, 1: officeKeys()[0]})
	require.NoError(t, err)
	b := office.BallotOffice()
	require.Equal(t, []int64{1, 2}, []int64{b.Keys[0].Weight, b.Keys[1].Weight})
	require.Len(t, b.Keys[1].Modulus, codesocial.MinBallotKeyBytes)
}
