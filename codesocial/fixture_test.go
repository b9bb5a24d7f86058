package codesocial_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	atelier = "https://la-trame.example/org/atelier"
	fournil = "https://la-trame.example/org/fournil"
	jardin  = "https://la-trame.example/org/jardin"
	ana     = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01"
	ben     = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a02"
	cleo    = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a03"
	relais  = "https://la-trame.example/project/relais"
)

// keys are everybody's private keys; ben has none.
var keys = map[string]ed25519.PrivateKey{
	"journal": key(100), atelier: key(1), fournil: key(2), jardin: key(3), ana: key(4), cleo: key(5), "urn:x:stranger": key(6), "new": key(7),
}

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(owner string) codesocial.PublicKey { return codesocial.PublicKeyOf(keys[owner]) }

func day(t testing.TB, s string) codesocial.Date {
	t.Helper()
	d, err := codesocial.ParseDate(s)
	require.NoError(t, err)
	return d
}

// small returns the document that most tests start from, changed by edit.
func small(t testing.TB, edits ...func(*codesocial.Document)) *codesocial.Charter {
	t.Helper()
	data, err := os.ReadFile("testdata/small.json")
	require.NoError(t, err)
	charter, err := codesocial.ParseCharter(data)
	require.NoError(t, err)
	doc := charter.Document()
	for _, edit := range edits {
		edit(&doc)
	}
	charter, err = codesocial.NewCharter(doc)
	require.NoError(t, err)
	return charter
}

// next returns a version that follows c, in force from the given day.
func next(t testing.TB, c *codesocial.Charter, from string, edits ...func(*codesocial.Document)) *codesocial.Charter {
	t.Helper()
	doc := c.Document()
	doc.Version, doc.Previous, doc.InForceFrom, doc.ReviewBy = c.Version()+1, c.Hash(), day(t, from), codesocial.Date{}
	for _, edit := range edits {
		edit(&doc)
	}
	charter, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	return charter
}

// setRule replaces the rule of a clause.
func setRule(clause, rule string) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		for i := range d.Chapters {
			for j := range d.Chapters[i].Clauses {
				if d.Chapters[i].Clauses[j].ID == clause {
					d.Chapters[i].Clauses[j].Rule = []byte(rule)
				}
			}
		}
	}
}

func signatures(t testing.TB, c *codesocial.Charter, signers ...string) []codesocial.CharterSignature {
	t.Helper()
	var list []codesocial.CharterSignature
	for _, signer := range signers {
		s, err := codesocial.SignCharter(c, signer, keys[signer])
		require.NoError(t, err)
		list = append(list, s)
	}
	return list
}

func acceptance(t testing.TB, applicant, signer string, c *codesocial.Charter) codesocial.Signature {
	t.Helper()
	s, err := codesocial.SignAcceptance(applicant, c, keys[signer])
	require.NoError(t, err)
	return s
}

// A world is a community on a store in memory.
type world struct {
	*codesocial.Community
	t       testing.TB
	journal *journal.Journal
	store   journal.Store
	clock   *clock
}

// recorded is when the journals record: after everything that the tests date, on whichever day they run.
func recorded() time.Time { return time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC) }

// A clock of a journal shows [recorded], or, while something is done at an instant, that one.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time {
	if at := c.at.Load(); at != nil {
		return *at
	}
	return recorded()
}

// during does something at an instant, unless the clock has been stopped at another one.
func (c *clock) during(at time.Time, do func() error) error {
	if c.at.CompareAndSwap(nil, &at) {
		defer c.at.Store(nil)
	}
	return do()
}

// stop lets everything that follows be recorded at an instant.
func (w *world) stop(at time.Time) { w.clock.at.Store(&at) }

// What is done in a decision is recorded when it is done.

func (w *world) Decide(ctx context.Context, o codesocial.Opening, key ed25519.PrivateKey) error {
	return w.clock.during(o.At, func() error { return w.Community.Decide(ctx, o, key) })
}

func (w *world) Vote(ctx context.Context, b codesocial.Ballot, key ed25519.PrivateKey) error {
	return w.clock.during(b.At, func() error { return w.Community.Vote(ctx, b, key) })
}

func (w *world) Act(ctx context.Context, a codesocial.Act, key ed25519.PrivateKey) error {
	return w.clock.during(a.At, func() error { return w.Community.Act(ctx, a, key) })
}

func (w *world) Adopt(ctx context.Context, a codesocial.Adoption) error {
	return w.clock.during(noon(a.On), func() error { return w.Community.Adopt(ctx, a) })
}

func (w *world) Object(ctx context.Context, o codesocial.Objection) error {
	return w.clock.during(noon(o.On), func() error { return w.Community.Object(ctx, o) })
}

func (w *world) Step(ctx context.Context, m codesocial.MembershipStep, key ed25519.PrivateKey) error {
	at := noon(m.On)
	if at.After(recorded()) { // what is dated ahead
		at = recorded()
	}
	return w.clock.during(at, func() error { return w.Community.Step(ctx, m, key) })
}

func (w *world) Consult(ctx context.Context, c codesocial.Consultation, key ed25519.PrivateKey) error {
	return w.clock.during(noon(c.On), func() error { return w.Community.Consult(ctx, c, key) })
}

// noon returns an instant of a day that is on that day everywhere where the tests are.
func noon(d codesocial.Date) time.Time { return d.In(nil).Add(12 * time.Hour) }

func (w *world) Cast(ctx context.Context, ballots ...codesocial.SecretBallot) error {
	at := recorded()
	for i, b := range ballots {
		if i == 0 || b.At.After(at) {
			at = b.At
		}
	}
	return w.clock.during(at, func() error { return w.Community.Cast(ctx, ballots...) })
}

func newWorld(t testing.TB, opts ...codesocial.Option) *world {
	t.Helper()
	return openWorld(t, journal.NewMemoryStore(), opts...)
}

func openWorld(t testing.TB, store journal.Store, opts ...codesocial.Option) *world {
	t.Helper()
	signer, err := journal.NewSigner("la-trame.example/journal", keys["journal"])
	require.NoError(t, err)
	c := new(clock)
	j, err := journal.Open(t.Context(), store, signer, &journal.Options{Now: c.now})
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j, opts...)
	require.NoError(t, err)
	w := &world{community, t, j, store, c}
	t.Cleanup(func() { w.checkKept(opts) })
	return w
}

func parties() []codesocial.Party {
	return []codesocial.Party{
		{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier du Pont", Key: public(atelier)},
		{ID: fournil, Type: codesocial.Organization, Name: "Le Fournil", Key: public(fournil)},
		{ID: jardin, Type: codesocial.Collective, Name: "Le Jardin partagé", Key: public(jardin)},
		{ID: ana, Type: codesocial.Person, Name: "Ana", Key: public(ana), Organization: fournil},
		{ID: ben, Type: codesocial.Person, Name: "Ben"},
		{ID: cleo, Type: codesocial.Person, Name: "Cléo", Key: public(cleo), Organization: atelier},
		{ID: relais, Type: codesocial.Project, Name: "Le Relais", Partners: []string{atelier, fournil}, Lead: ana},
	}
}

// withParties registers everybody.
func (w *world) withParties() *world {
	w.t.Helper()
	require.NoError(w.t, w.Register(w.t.Context(), parties()...))
	return w
}

// adopt proposes and adopts a version on the eve of its first day.
func (w *world) adopt(c *codesocial.Charter, signers ...string) {
	w.t.Helper()
	require.NoError(w.t, w.Propose(w.t.Context(), c))
	require.NoError(w.t, w.Adopt(w.t.Context(), codesocial.Adoption{
		Charter: c.Hash(), On: c.InForceFrom().AddDays(-1), Signatures: signatures(w.t, c, signers...),
	}))
}

// admitted admits ana, with her signature and the atelier as her sponsor.
func (w *world) admission(c *codesocial.Charter) codesocial.Admission {
	w.t.Helper()
	return codesocial.Admission{
		Applicant: ana, Charter: c.Hash(), On: day(w.t, "2025-03-03"), Sponsors: []string{atelier},
		Signature: acceptance(w.t, ana, ana, c),
	}
}

// requireSaidOnce checks that an error says nothing twice: neither two parts of it in a row, as in "invalid: invalid: …", nor which package speaks.
func requireSaidOnce(t testing.TB, err error) {
	t.Helper()
	seen, last := false, ""
	for part := range strings.SplitSeq(err.Error(), ": ") {
		require.False(t, part == last || seen && part == "codesocial", err.Error())
		seen, last = seen || part == "codesocial", part
	}
}

// refused checks that act returns an error that wraps the sentinel and contains all the words, and that
// nothing is recorded and nothing changes.
func (w *world) refused(act func(context.Context) error, sentinel error, words ...string) error {
	w.t.Helper()
	size, before := w.journal.Size(), w.replay()
	err := act(w.t.Context())
	require.ErrorIs(w.t, err, sentinel)
	require.ErrorContains(w.t, err, "codesocial: ")
	requireSaidOnce(w.t, err)
	for _, word := range words {
		require.ErrorContains(w.t, err, word)
	}
	require.Equal(w.t, size, w.journal.Size(), "nothing is recorded")
	require.Equal(w.t, before, w.State(), "nothing changes")
	return err
}

// replay returns the state that follows from the records alone.
func (w *world) replay(opts ...codesocial.Option) *codesocial.State {
	w.t.Helper()
	return fold(w.t, w.journal, opts...)
}

func fold(t testing.TB, j *journal.Journal, opts ...codesocial.Option) *codesocial.State {
	t.Helper()
	s := codesocial.NewState(opts...)
	for r, err := range j.Records(t.Context(), 0) {
		require.NoError(t, err)
		v, err := s.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, s.Apply(&r, v))
		}
	}
	return s
}

// member reports whether a party is a member on a day.
func (w *world) member(iri, on string) bool {
	w.t.Helper()
	var is bool
	require.NoError(w.t, w.Read(func(s *codesocial.State) { is = s.MemberOn(iri, day(w.t, on)) }))
	return is
}

// inForce returns the number of the version in force at a time, 0 for none.
func (w *world) inForce(at string) int {
	w.t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	require.NoError(w.t, err)
	var n int
	require.NoError(w.t, w.Read(func(s *codesocial.State) {
		if c, err := s.InForce(when); err == nil {
			n = c.Version()
		} else {
			require.ErrorIs(w.t, err, codesocial.ErrNotInForce)
		}
	}))
	return n
}

// edited returns the small document as JSON with a member set to a value, or removed when it is nil.
func edited(t testing.TB, member string, value any) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/small.json")
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, json.Unmarshal(data, &doc))
	if value == nil {
		delete(doc, member)
	} else {
		doc[member] = value
	}
	data, err = json.Marshal(doc)
	require.NoError(t, err)
	return data
}
