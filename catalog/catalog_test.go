package catalog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// The invented members of La Rive.
const (
	atelier = "https://la-rive.example/org/atelier"
	fournil = "https://la-rive.example/org/fournil"
	scierie = "https://la-rive.example/org/scierie"
	ecole   = "https://la-rive.example/org/ecole"
	ana     = "urn:uuid:00000000-0000-4000-8000-00000000000a" // of the atelier
	bob     = "urn:uuid:00000000-0000-4000-8000-00000000000b"
	halle   = "https://la-rive.example/project/halle"
	mairie  = "https://la-rive.example/org/mairie" // registered, never admitted
)

var (
	members = []string{atelier, fournil, scierie, ecole, ana, bob, halle}
	today   = day("2025-03-03")
)

func day(s string) codesocial.Date {
	d, err := codesocial.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func ptr(s string) *decimal.Decimal {
	d := dec(s)
	return &d
}

var keys = map[string]ed25519.PrivateKey{
	"journal": key(1), atelier: key(2), fournil: key(3), scierie: key(4), ecole: key(5), ana: key(6), bob: key(7), mairie: key(8),
}

func key(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

type world struct {
	*catalog.Catalog
	t         testing.TB
	store     *journal.MemoryStore
	journal   *journal.Journal
	community *codesocial.Community
	next      int
	options   []codesocial.Option
	now       time.Time // on the clock of the journal
}

func open(t testing.TB, store *journal.MemoryStore) *world { return openWith(t, store) }

// openWith is open with options of the community.
func openWith(t testing.TB, store *journal.MemoryStore, options ...codesocial.Option) *world {
	t.Helper()
	signer, err := journal.NewSigner("la-rive.example/journal", keys["journal"])
	require.NoError(t, err)
	w := &world{t: t, store: store, options: options, now: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)}
	j, err := journal.Open(t.Context(), store, signer, &journal.Options{
		Now:  func() time.Time { return w.now },
		Salt: func(id uuid.UUID) [16]byte { return id },
	})
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j, append(options, catalog.Checks())...)
	require.NoError(t, err)
	c, err := catalog.Open(t.Context(), community, &catalog.Options{Sealer: vault{bob, ecole}})
	require.NoError(t, err)
	w.Catalog, w.journal, w.community = c, j, community
	t.Cleanup(w.checkKept)
	return w
}

// setup returns the catalogue of a community of four organizations, two people and a project.
func setup(t testing.TB) *world {
	t.Helper()
	w := open(t, journal.NewMemoryStore())
	require.NoError(t, found(t.Context(), w.community))
	return w
}

func found(ctx context.Context, community *codesocial.Community) error {
	text, err := os.ReadFile("testdata/charter.json")
	if err != nil {
		return err
	}
	return foundOn(ctx, community, text)
}

// foundOn is found with another charter.
func foundOn(ctx context.Context, community *codesocial.Community, text []byte) error {
	charter, err := codesocial.ParseCharter(text)
	if err != nil {
		return err
	}
	var parties []codesocial.Party
	for _, p := range []codesocial.Party{
		{ID: atelier, Type: codesocial.Organization, Name: "L’Atelier"},
		{ID: fournil, Type: codesocial.Organization, Name: "Le Fournil"},
		{ID: scierie, Type: codesocial.Organization, Name: "La Scierie"},
		{ID: ecole, Type: codesocial.Organization, Name: "L’École"},
		{ID: mairie, Type: codesocial.Organization, Name: "La Mairie"},
		{ID: ana, Type: codesocial.Person, Name: "Ana", Organization: atelier},
		{ID: bob, Type: codesocial.Person, Name: "Bob"},
		{ID: halle, Type: codesocial.Project, Name: "La Halle", Lead: atelier, Partners: []string{atelier, fournil}},
	} {
		p.Key = codesocial.PublicKeyOf(keys[p.ID])
		parties = append(parties, p)
	}
	if err := community.Register(ctx, parties...); err != nil {
		return err
	}
	signature, err := codesocial.SignCharter(charter, atelier, keys[atelier])
	if err != nil {
		return err
	}
	if err := community.Propose(ctx, charter); err != nil {
		return err
	}
	err = community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day("2024-12-01"), Signatures: []codesocial.CharterSignature{signature}})
	if err != nil {
		return err
	}
	for _, m := range members {
		if m == atelier || m == fournil {
			continue
		}
		signer := m
		if m == halle {
			signer = atelier
		}
		a := codesocial.Admission{Applicant: m, Charter: charter.Hash(), On: day("2025-01-01")}
		if a.Signature, err = codesocial.SignAcceptance(m, charter, keys[signer]); err != nil {
			return err
		}
		if err := community.Admit(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func iri(name string) string { return "https://la-rive.example/catalogue/" + name }

// offer returns a commercial offer of carpentry.
func offer(name, holder string) catalog.Entry {
	return catalog.Entry{
		ID: iri(name), Kind: catalog.Offer, Holder: holder,
		Title:       codesocial.Text{"fr": "Charpente en bois local", "en": "Frames of local timber"},
		Description: codesocial.Text{"fr": "Nous levons des charpentes de granges et de halles en bois du pays."},
		Skills:      []catalog.Tag{{Label: "charpente"}}, Themes: []catalog.Tag{{Label: "bois"}},
		Where:    catalog.Where{Place: "La Rive", Point: &catalog.Point{Latitude: 45_750_000, Longitude: 4_850_000}, Radius: 30},
		Capacity: &catalog.Quantity{Value: dec("100"), Unit: "h"},
		Price:    catalog.Price{Mode: catalog.Fixed, Amount: ptr("45.00"), Currency: "EUR", Per: "h"}, Visibility: catalog.Public,
	}
}

// need returns a need of carpentry.
func need(name, holder string) catalog.Entry {
	e := offer(name, holder)
	e.Kind, e.Title = catalog.Need, codesocial.Text{"fr": "Cherche une charpente pour la halle"}
	e.Description, e.Capacity = nil, &catalog.Quantity{Value: dec("40"), Unit: "h"}
	return e
}

// collective returns an offer of the atelier and the fournil together.
func collective(name string) catalog.Entry {
	e := offer(name, atelier)
	e.Kind, e.Title = catalog.Collective, codesocial.Text{"fr": "Halle en bois local, pain compris", "en": "A market hall of local timber, bread included"}
	e.Partners = []string{atelier, fournil}
	e.Split = catalog.Split{
		{Role: catalog.IntroducerRole, Rate: dec("0.05")},
		{Role: "author", Party: atelier, Rate: dec("0.15")},
		{Role: "producer", Party: atelier, Rate: dec("0.40")},
		{Role: "producer", Party: fournil, Rate: dec("0.30")},
		{Role: "commons", Fund: "commons", Rate: dec("0.10")},
	}
	return e
}

func (w *world) write(by string, entries ...catalog.Entry) {
	w.t.Helper()
	require.NoError(w.t, w.Write(w.t.Context(), by, today, entries...))
}

// Step turns the clock on to the day of the last step.
func (w *world) Step(ctx context.Context, steps ...catalog.Step) error {
	for _, st := range steps {
		if at := st.On.In(time.UTC).Add(9 * time.Hour); at.After(w.now) {
			w.now = at
		}
	}
	return w.Catalog.Step(ctx, steps...)
}

func (w *world) step(by, name string, on codesocial.Date, moves ...catalog.Move) {
	w.t.Helper()
	for _, m := range moves {
		require.NoError(w.t, w.tryStep(by, name, on, m), m)
	}
}

func (w *world) tryStep(by, name string, on codesocial.Date, m catalog.Move) error {
	st := catalog.Step{By: by, Entry: iri(name), Move: m, On: on}
	if m == catalog.Return {
		st.Reason = "The title says too little."
	}
	return w.Step(w.t.Context(), st)
}

// publish takes an entry from draft to published.
func (w *world) publish(e catalog.Entry) {
	w.t.Helper()
	w.publishOn(e, today)
}

func (w *world) publishOn(e catalog.Entry, on codesocial.Date) {
	w.t.Helper()
	checker := bob
	if e.Holder == bob {
		checker = ana
	}
	w.write(e.Holder, e)
	name := e.ID[len(iri("")):]
	w.step(e.Holder, name, on, catalog.Propose)
	w.step(checker, name, on, catalog.Check)
	w.step(e.Holder, name, on, catalog.Publish)
}

// consent signs for partners.
func (w *world) consent(e catalog.Entry, partners ...string) {
	w.t.Helper()
	for _, p := range partners {
		require.NoError(w.t, w.tryConsent(e, p, keys[p]))
	}
}

func (w *world) tryConsent(e catalog.Entry, partner string, k ed25519.PrivateKey) error {
	draft := catalog.ConsentDraft(catalog.Consent{Partner: partner, Offer: e.ID, Hash: e.Hash(), On: today})
	if err := draft.Sign(k); err != nil {
		return err
	}
	return w.Consent(w.t.Context(), draft)
}

func (w *world) entry(name string, on codesocial.Date) catalog.Listing {
	w.t.Helper()
	var l catalog.Listing
	require.NoError(w.t, w.Read(func(s *catalog.State) {
		var ok bool
		l, ok = s.Entry(iri(name), on)
		require.True(w.t, ok, name)
	}))
	return l
}

func (w *world) status(name string, on codesocial.Date) catalog.Status {
	w.t.Helper()
	return w.entry(name, on).Status
}

// receipt records money in the way of the books, which this package reads by kind.
func (w *world) receipt(introducer string, on codesocial.Date) uuid.UUID {
	w.t.Helper()
	w.next++
	id := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, w.next))
	payload := map[string]string{"amount": "1200.00", "currency": "EUR", "on": on.String(), "project": halle}
	if introducer != "" {
		payload["introducer"] = introducer
	}
	_, err := w.journal.Update(w.t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{{ID: id, Kind: "ledger.receipt", Schema: 1, Payload: payload}}, nil
	})
	require.NoError(w.t, err)
	return id
}

// kinds counts the records of the journal by kind.
func (w *world) kinds() map[string]int {
	w.t.Helper()
	count := make(map[string]int)
	for r, err := range w.journal.Records(w.t.Context(), 0) {
		require.NoError(w.t, err)
		count[r.Kind]++
	}
	return count
}

// replayed returns the same catalogue opened afresh.
func (w *world) replayed() *world {
	w.t.Helper()
	return openWith(w.t, w.store, w.options...)
}
