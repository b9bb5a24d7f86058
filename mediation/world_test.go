package mediation

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// The people of the tests, all invented.
const (
	commons = "https://la-trame.example/org/commons"
	fournil = "https://la-trame.example/org/fournil"
	ana     = "urn:x:ana"    // reports
	ben     = "urn:x:ben"    // is concerned
	cleo    = "urn:x:cleo"   // a member like any other
	dora    = "urn:x:dora"   // works for the same organization as ben
	relais  = "urn:x:relais" // a project that ben leads
	olga    = "urn:x:olga"   // has a seat in the reception
	otto    = "urn:x:otto"
	rita    = "urn:x:rita" // in the review
	rosa    = "urn:x:rosa"
	remi    = "urn:x:remi"
	jean    = "urn:x:jean" // in the appeal
	jane    = "urn:x:jane"
	joel    = "urn:x:joel"
	mona    = "urn:x:mona" // mediators from outside
	milo    = "urn:x:milo"
	maud    = "urn:x:maud"
)

var start = time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)

func day(s string) codesocial.Date {
	d, err := codesocial.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func key(who string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(who))
	return ed25519.NewKeyFromSeed(seed[:])
}

// defaultRules are those of the charter of the tests, a clause each.
func defaultRules() map[string]string {
	return map[string]string{
		"admission":  `{"kind":"codesocial.admission","sponsors":0}`,
		"bodies":     `{"kind":"mediation.bodies","reception":["urn:x:olga","urn:x:otto"],"review":["urn:x:remi","urn:x:rita","urn:x:rosa"],"appeal":["urn:x:jane","urn:x:jean","urn:x:joel"]}`,
		"exclusion":  `{"kind":"mediation.exclusion"}`,
		"protection": `{"kind":"mediation.protection"}`,
		"decision":   `{"kind":"codesocial.decision","matters":["mediation.exclusion","mediation.mandate"],"vote":{"threshold":"2/3","base":"for-against"},"days":1}`,
		"path":       `{"kind":"mediation.path","circle":true}`,
	}
}

// charter returns the charter of the tests, with the rules given as clause and JSON.
func charter(t testing.TB, rules map[string]string) *codesocial.Charter {
	t.Helper()
	chapter := codesocial.Chapter{ID: "together", Title: both("Together", "Ensemble")}
	for _, id := range slices.Sorted(mapKeys(rules)) {
		chapter.Clauses = append(chapter.Clauses, codesocial.Clause{ID: id, Text: both("See the rule.", "Voir la règle."), Rule: canonical.Raw(rules[id])})
	}
	chapter.Clauses = append(chapter.Clauses,
		codesocial.Clause{ID: "respect", Text: both("We treat each other with respect.", "Nous nous respectons.")},
		codesocial.Clause{ID: "money", Text: both("Common money is spent together.", "L'argent commun se dépense ensemble.")})
	c, err := codesocial.NewCharter(codesocial.Document{
		ID: "https://la-trame.example/charter", Version: 1, Profile: "la-trame", Title: both("Social code of La Trame", "Code social de La Trame"),
		Currency: "EUR", TimeZone: "Europe/Paris", InForceFrom: day("2025-01-01"), Threshold: 1,
		Founders: []codesocial.Founder{{ID: commons, Name: "The Commons", Type: codesocial.Organization}},
		Chapters: []codesocial.Chapter{chapter},
	})
	require.NoError(t, err)
	return c
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// A world is a community with its office, on a store in memory, with a clock that the test turns.
type world struct {
	*Office
	t         testing.TB
	community *codesocial.Community
	journal   *journal.Journal
	store     *journal.MemoryStore
	charter   *codesocial.Charter
	now       time.Time
}

// newWorld opens a community with the rules of the tests, changed by edits ("" takes a rule out).
func newWorld(t testing.TB, edits ...map[string]string) *world {
	t.Helper()
	rules := defaultRules()
	for _, edit := range edits {
		for id, rule := range edit {
			if rules[id] = rule; rule == "" {
				delete(rules, id)
			}
		}
	}
	w := &world{t: t, store: journal.NewMemoryStore(), now: start, charter: charter(t, rules)}
	w.open()
	t.Cleanup(w.checkKept)
	ctx := t.Context()
	parties := []codesocial.Party{
		{ID: commons, Type: codesocial.Organization, Name: "The Commons", Key: codesocial.PublicKeyOf(key(commons))},
		{ID: fournil, Type: codesocial.Organization, Name: "Le Fournil"},
	}
	for _, iri := range []string{ana, ben, cleo, dora, olga, otto, rita, rosa, remi, jean, jane, joel, mona, milo, maud} {
		p := codesocial.Party{ID: iri, Type: codesocial.Person, Name: iri[6:]}
		if iri == ben || iri == dora {
			p.Organization = fournil
		}
		parties = append(parties, p)
	}
	parties = append(parties, codesocial.Party{ID: relais, Type: codesocial.Project, Name: "Le Relais", Lead: ben, Partners: []string{commons, fournil}})
	require.NoError(t, w.community.Register(ctx, parties...))
	require.NoError(t, w.community.Propose(ctx, w.charter))
	signature, err := codesocial.SignCharter(w.charter, commons, key(commons))
	require.NoError(t, err)
	require.NoError(t, w.community.Adopt(ctx, codesocial.Adoption{Charter: w.charter.Hash(), On: day("2024-12-31"), Signatures: []codesocial.CharterSignature{signature}}))
	for _, iri := range []string{ana, ben, cleo, dora, olga, otto, rita, rosa, remi, jean, jane, joel, relais} {
		require.NoError(t, w.community.Admit(ctx, codesocial.Admission{Applicant: iri, Charter: w.charter.Hash(), On: day("2025-01-02")}))
	}
	for _, iri := range []string{mona, milo, maud} {
		require.NoError(t, w.Enrol(ctx, PoolEntry{By: olga, At: w.now, Party: iri, Qualification: "certificate (invented)", Until: day("2030-12-31"), Languages: []string{"fr", "en"}}))
	}
	return w
}

// open opens the journal on the store, again.
func (w *world) open() {
	w.t.Helper()
	signer, err := journal.NewSigner("la-trame.example/journal", key("journal"))
	require.NoError(w.t, err)
	w.journal, err = journal.Open(w.t.Context(), w.store, signer, &journal.Options{Now: func() time.Time { return w.now }})
	require.NoError(w.t, err)
	w.community, err = codesocial.Open(w.t.Context(), w.journal, Guard())
	require.NoError(w.t, err)
	w.Office, err = Open(w.t.Context(), w.community, &Options{Sealer: testSealer{}})
	require.NoError(w.t, err)
}

// raise reports a tension between ana and ben, unless edited.
func (w *world) raise(edits ...func(*Tension)) uuid.UUID {
	w.t.Helper()
	tension := Tension{By: ana, At: w.now, Respondents: []string{ben}, Clauses: []string{"respect"}}
	for _, edit := range edits {
		edit(&tension)
	}
	id, err := w.Raise(w.t.Context(), tension, Words{Fact: canary, Effect: canary, Need: canary, Request: canary})
	require.NoError(w.t, err)
	return id
}

// canary is a word that stands in everything that is said in confidence, and nowhere else.
const canary = "CANARY-9f3c1e"

// paper writes a paper of a kind.
func (w *world) paper(of uuid.UUID, kind PaperKind, by string) uuid.UUID {
	w.t.Helper()
	p := Paper{By: by, Case: of, Kind: kind, At: w.now}
	if kind == Note {
		p.For = ana
	}
	id, err := w.Write(w.t.Context(), p, []byte(canary+" "+string(kind)))
	require.NoError(w.t, err)
	return id
}

// try does an act at the present time, with the papers that its form asks for.
func (w *world) try(of uuid.UUID, event Event, by string, edits ...func(*Act)) error {
	w.t.Helper()
	a := Act{By: by, Case: of, Event: event, At: w.now}
	if w.stage(of).Open() {
		for _, kind := range infoOf[event].form {
			a.Papers = append(a.Papers, w.paper(of, kind, by))
		}
	}
	for _, edit := range edits {
		edit(&a)
	}
	return w.Act(w.t.Context(), a)
}

func (w *world) act(of uuid.UUID, event Event, by string, edits ...func(*Act)) {
	w.t.Helper()
	require.NoError(w.t, w.try(of, event, by, edits...), "%s by %s", event, by)
}

func (w *world) stage(of uuid.UUID) (s Stage) {
	w.t.Helper()
	return w.get(of).Stage
}

func (w *world) get(of uuid.UUID) (k *Case) {
	w.t.Helper()
	require.NoError(w.t, w.Read(func(c *Cases) {
		var ok bool
		k, ok = c.Case(of)
		require.True(w.t, ok)
	}))
	return k
}

func (w *world) wait(d time.Duration) { w.now = w.now.Add(d) }

const oneDay = 24 * time.Hour

// refused checks that an act returns an error that wraps the sentinel, and that nothing is recorded and nothing changes.
func (w *world) refused(err error, before *Case, sentinel error, words ...string) {
	w.t.Helper()
	require.ErrorIs(w.t, err, sentinel)
	for _, word := range words {
		require.ErrorContains(w.t, err, word)
	}
	require.NotContains(w.t, err.Error(), canary)
	after := w.get(before.ID)
	after.papers = before.papers // which the test has written to cite them
	require.Equal(w.t, before, after, "nothing changes")
}

// mediated brings a new case to a mediator whom all accept, and returns her.
func (w *world) mediated(edits ...func(*Tension)) (uuid.UUID, string) {
	w.t.Helper()
	id := w.raise(edits...)
	k := w.get(id)
	w.act(id, Acknowledge, olga)
	w.act(id, Triage, olga, func(a *Act) { a.Clauses = []string{"respect"} })
	w.act(id, Mediate, olga)
	for _, party := range k.parties() {
		w.act(id, Consent, w.speaker(party), func(a *Act) { a.For = party })
	}
	a, err := w.Draw(w.t.Context(), id, olga, w.now, "")
	require.NoError(w.t, err)
	for _, party := range k.parties() {
		w.act(id, Accept, w.speaker(party), func(a *Act) { a.For = party })
	}
	w.act(id, Accept, a.Mediator)
	require.Equal(w.t, Meetings, w.stage(id))
	return id, a.Mediator
}

func (w *world) speaker(party string) string {
	if party == relais {
		return ben
	}
	return party
}

// notified brings a new case by a failed mediation to grievances that envisage a rung.
func (w *world) notified(rung int, edits ...func(*Tension)) uuid.UUID {
	w.t.Helper()
	id, mediator := w.mediated(edits...)
	w.act(id, Fail, mediator)
	w.act(id, Incident, ana)
	w.act(id, Incident, ana)
	w.act(id, Escalate, ana)
	w.act(id, Find, rita, clauses("respect", "money"))
	w.act(id, Grave, rita, func(a *Act) { a.Gravity = Violence })
	respondent := w.get(id).Respondents[0]
	w.act(id, Notify, rita, notice(rung, respondent, w.now.Add(16*oneDay)), clauses("respect", "money"))
	return id
}

func clauses(ids ...string) func(*Act) { return func(a *Act) { a.Clauses = ids } }

func notice(rung int, party string, hearing time.Time) func(*Act) {
	return func(a *Act) { a.Rung, a.For, a.Hearing, a.Assistance = rung, party, hearing, true }
}

// heard goes on from the grievances to the hearing.
func (w *world) heard(id uuid.UUID) {
	w.t.Helper()
	w.wait(17 * oneDay)
	w.act(id, Hear, rita)
}

// decide lets the community decide on the exclusion that was notified, with those aside who must be, except some.
func (w *world) decide(id uuid.UUID, except ...string) {
	w.t.Helper()
	w.decideWith(id, func(o *codesocial.Opening) {
		o.Recusals = slices.DeleteFunc(o.Recusals, func(r codesocial.Recusal) bool { return slices.Contains(except, r.Party) })
	})
}

// decideWith is decide with a change to how the decision is opened. All vote for it who can.
func (w *world) decideWith(id uuid.UUID, edit func(o *codesocial.Opening)) {
	w.t.Helper()
	var s Sanction
	var aside []Conflict
	require.NoError(w.t, w.Read(func(c *Cases) {
		var err error
		s, err = c.Envisaged(id)
		require.NoError(w.t, err)
		aside, err = c.Aside(id, w.now)
		require.NoError(w.t, err)
	}))
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: ExclusionMatter, Ref: s.Ref()}, Title: both("Shall the party be excluded?", "Faut-il exclure la partie ?"),
		Proposer: rita, At: w.now, Opens: w.now, Closes: w.now.Add(2 * oneDay),
	}
	for _, a := range aside {
		o.Recusals = append(o.Recusals, codesocial.Recusal{Party: a.Party, Reason: string(a.Kind)})
	}
	edit(&o)
	ctx := w.t.Context()
	require.NoError(w.t, w.community.Decide(ctx, o, nil))
	for _, voter := range []string{cleo, rita, rosa, remi} {
		if slices.ContainsFunc(o.Recusals, func(r codesocial.Recusal) bool { return r.Party == voter }) || slices.Contains(o.Concerns, voter) {
			continue
		}
		w.wait(time.Minute)
		require.NoError(w.t, w.community.Vote(ctx, codesocial.Ballot{Decision: o.ID(), Voter: voter, Answer: "for", At: w.now}, nil))
	}
	w.wait(3 * oneDay)
	require.NoError(w.t, w.community.Close(ctx, codesocial.Closing{Decision: o.ID(), At: w.now}))
}

// pronounce lets two of the three reviewers pronounce a measure.
func (w *world) pronounce(id uuid.UUID, rung int, edits ...func(*Act)) error {
	w.t.Helper()
	edits = append([]func(*Act){func(a *Act) { a.Rung, a.Clauses = rung, []string{"respect", "money"} }}, edits...)
	return errors.Join(w.try(id, Pronounce, rita, edits...), w.try(id, Pronounce, rosa, edits...))
}

// excluded plays an exclusion to its end.
func (w *world) excluded(edits ...func(*Tension)) uuid.UUID {
	w.t.Helper()
	id := w.notified(6, edits...)
	w.heard(id)
	w.decide(id)
	require.NoError(w.t, w.pronounce(id, 6))
	w.act(id, Inform, rita)
	w.wait(31 * oneDay)
	w.act(id, Effect, rita)
	require.Equal(w.t, Excluded, w.stage(id))
	return id
}

func (w *world) status(iri string) (s codesocial.MembershipStatus) {
	w.t.Helper()
	require.NoError(w.t, w.community.Read(func(state *codesocial.State) {
		s = state.StatusOn(iri, codesocial.DateOf(w.now, w.charter.Location()))
	}))
	return s
}

// testSealer encrypts under one key for all, and remembers for whom: enough to see that nothing stands in the clear.
type testSealer struct{}

func (testSealer) aead() cipher.AEAD {
	block, err := aes.NewCipher(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func (s testSealer) Seal(readers []string, plain []byte) ([]byte, error) {
	head, err := canonical.Marshal(readers)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(slices.Clone(plain), head...))
	return s.aead().Seal(append([]byte(fmt.Sprintf("%06d%s", len(head), head)), sum[:12]...), sum[:12], plain, head), nil
}

func (s testSealer) Open(reader string, sealed []byte) ([]byte, error) {
	var n int
	if _, err := fmt.Sscanf(string(sealed[:6]), "%06d", &n); err != nil {
		return nil, err
	}
	head, rest := sealed[6:6+n], sealed[6+n:]
	var readers []string
	if err := canonical.Unmarshal(head, &readers); err != nil || !slices.Contains(readers, reader) {
		return nil, errors.New("not sealed for this reader")
	}
	return s.aead().Open(nil, rest[:12], rest[12:], head)
}
