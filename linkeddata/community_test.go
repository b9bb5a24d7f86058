package linkeddata

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

const (
	atelier = "https://la-trame.example/org/atelier"
	jardin  = "https://la-trame.example/org/jardin"
	ana     = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01"
	ben     = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a02"
	cleo    = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a03"
	relais  = "https://la-trame.example/project/relais"
	charter = "https://la-trame.example/charter"
)

func privateKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func day(t testing.TB, s string) codesocial.Date {
	t.Helper()
	d, err := codesocial.ParseDate(s)
	require.NoError(t, err)
	return d
}

// firstVersion returns the charter of the fixture.
func firstVersion(t testing.TB) *codesocial.Charter {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "charter.json"))
	require.NoError(t, err)
	c, err := codesocial.ParseCharter(data)
	require.NoError(t, err)
	return c
}

// secondVersion returns the charter that follows the first one, in force from the middle of the year.
func secondVersion(t testing.TB) *codesocial.Charter {
	t.Helper()
	first := firstVersion(t)
	doc := first.Document()
	doc.Version, doc.Previous, doc.InForceFrom, doc.ReviewBy = 2, first.Hash(), day(t, "2025-07-01"), codesocial.Date{}
	doc.Title = codesocial.Text{"fr": "Code social de La Trame", "fr-CA": "Code social de la gang"}
	c, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	return c
}

// newCommunity returns a community with two organisations, three persons and a project, all of them
// members, and two versions of its social code.
func newCommunity(t testing.TB) *codesocial.Community {
	t.Helper()
	ctx := t.Context()
	signer, err := journal.NewSigner("la-trame.example/journal", privateKey(100))
	require.NoError(t, err)
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	require.NoError(t, err)
	community, err := codesocial.Open(ctx, j, ledger.Checks())
	require.NoError(t, err)

	keys := map[string]ed25519.PrivateKey{atelier: privateKey(1), jardin: privateKey(2), ana: privateKey(3)}
	public := func(iri string) codesocial.PublicKey { return codesocial.PublicKeyOf(keys[iri]) }
	require.NoError(t, community.Register(
		ctx,
		codesocial.Party{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier du Pont", Key: public(atelier)},
		codesocial.Party{ID: ana, Type: codesocial.Person, Name: "Ana Lopes", Key: public(ana), Organization: atelier},
		codesocial.Party{ID: ben, Type: codesocial.Person, Name: "Ben Roux"},
		codesocial.Party{ID: cleo, Type: codesocial.Person, Name: "Cléo Martin"},
		codesocial.Party{ID: jardin, Type: codesocial.Collective, Name: "Le Jardin partagé", Key: public(jardin), Partners: []string{ben, cleo}, Lead: ben},
		codesocial.Party{ID: relais, Type: codesocial.Project, Name: "Le Relais", Partners: []string{atelier, jardin}, Lead: ana},
	))
	adopt := func(c *codesocial.Charter) {
		var signatures []codesocial.CharterSignature
		for _, founder := range []string{atelier, jardin} {
			s, err := codesocial.SignCharter(c, founder, keys[founder])
			require.NoError(t, err)
			signatures = append(signatures, s)
		}
		require.NoError(t, community.Propose(ctx, c))
		require.NoError(t, community.Adopt(ctx, codesocial.Adoption{Charter: c.Hash(), On: c.InForceFrom().AddDays(-1), Signatures: signatures}))
	}
	first := firstVersion(t)
	adopt(first)
	admit := func(applicant, speaker string, sponsors ...string) codesocial.Admission {
		a := codesocial.Admission{Applicant: applicant, Charter: first.Hash(), On: day(t, "2025-01-02"), Sponsors: sponsors}
		if key := keys[speaker]; key != nil {
			a.Signature, err = codesocial.SignAcceptance(applicant, first, key)
			require.NoError(t, err)
		}
		return a
	}
	require.NoError(t, community.Admit(
		ctx,
		admit(ana, ana, atelier), admit(ben, ben, jardin, atelier), admit(cleo, cleo, ana), admit(relais, ana, jardin),
	))
	adopt(secondVersion(t))
	return community
}

// exported returns the graph of the community of the fixture.
func exported(t testing.TB, options *Options) *Graph {
	t.Helper()
	g := new(Graph)
	require.NoError(t, newCommunity(t).Read(func(s *codesocial.State) {
		require.NoError(t, NewExporter(g, options).Community(s))
	}))
	return g
}

// requireProperty checks the values that a node has under a term.
func requireProperty(t testing.TB, g *Graph, id, term string, want ...Value) {
	t.Helper()
	n, ok := g.Node(id)
	require.True(t, ok, "nothing is said of %s", id)
	var got []Value
	for _, p := range n.Properties {
		if p.Term == term {
			got = append(got, p.Value)
		}
	}
	require.Equal(t, want, got, "%s %s", id, term)
}

func TestACommunityIsTheSameForOtherProcessors(t *testing.T) {
	t.Parallel()
	g := exported(t, &Options{Persons: true})
	requireSameForOthers(t, g)
	requireSameForJSONLDJS(t, g)
}

func TestAClauseIsFoundInItsVersionWithItsHash(t *testing.T) {
	t.Parallel()
	g, first, second := exported(t, nil), firstVersion(t), secondVersion(t)
	for _, c := range []*codesocial.Charter{first, second} {
		ref, err := c.Ref("economic-4")
		require.NoError(t, err)
		version := VersionIRI(charter, c.Version())
		requireProperty(t, g, ClauseIRI(ref), "dct:identifier", Literal("economic-4"))
		requireProperty(t, g, ClauseIRI(ref), "dct:isPartOf", refs(version, version+".chapter.economic")...)
		requireProperty(t, g, ClauseIRI(ref), "dct:description",
			Text("en", "What is received is shared like this."), Text("fr", "Ce qui est encaissé se partage ainsi."))
		requireProperty(t, g, version, "cs:hash", Literal(c.Hash()))
		requireProperty(t, g, version, "schema:version", Integer(int64(c.Version())))
		requireProperty(t, g, ClauseIRI(ref)+".rule", "cs:ruleKind", Literal("dividend.waterfall"))
	}
	requireProperty(t, g, VersionIRI(charter, 2), "dct:replaces", Ref(VersionIRI(charter, 1)))
	requireProperty(t, g, VersionIRI(charter, 1), "dct:replaces")
	requireProperty(t, g, VersionIRI(charter, 1), "cs:reviewBy", Literal("2026-01-01"))
	requireProperty(t, g, VersionIRI(charter, 2), "dct:title", Text("fr", "Code social de La Trame"), Text("fr-CA", "Code social de la gang"))
}

func TestARuleIsExportedWholeAndCanonical(t *testing.T) {
	t.Parallel()
	c := firstVersion(t)
	ref, err := c.Ref("economic-4")
	require.NoError(t, err)
	g := exported(t, nil)
	for rule := range c.Rules("dividend.waterfall") {
		requireProperty(t, g, Fragment(ClauseIRI(ref), "rule"), "cs:parameters", Literal(string(rule.Params())))
	}
}

func TestWhoSignedAVersionIsSaid(t *testing.T) {
	t.Parallel()
	g, c := exported(t, nil), firstVersion(t)
	version := VersionIRI(charter, 1)
	requireProperty(t, g, version, "dct:dateAccepted", Literal("2024-12-31"))
	requireProperty(t, g, version, "cs:threshold", Integer(2))
	requireProperty(t, g, version, "cs:founder", refs(atelier, jardin)...)
	for i, signer := range []string{atelier, jardin} {
		iri := Fragment(version, "signature", string(rune('1'+i)))
		requireProperty(t, g, iri, "cs:signer", Ref(signer))
		requireProperty(t, g, iri, "cs:signs", Ref(version))
		n, _ := g.Node(iri)
		signature, err := codesocial.ParseSignature(n.Properties[0].Value.String())
		require.NoError(t, err)
		require.Equal(t, "cs:signatureValue", n.Properties[0].Term)
		key := codesocial.PublicKeyOf(privateKey(byte(i + 1)))
		require.NoError(t, codesocial.CharterSignature{Signer: signer, Signature: signature}.Verify(c.Hash(), key))
	}
}

func TestAVersionThatWasOnlyProposedIsNotExported(t *testing.T) {
	t.Parallel()
	community := newCommunity(t)
	second := secondVersion(t)
	doc := second.Document()
	doc.Version, doc.Previous, doc.InForceFrom = 3, second.Hash(), day(t, "2026-01-01")
	third, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	require.NoError(t, community.Propose(t.Context(), third))
	g := new(Graph)
	require.NoError(t, community.Read(func(s *codesocial.State) {
		require.NoError(t, NewExporter(g, nil).Community(s))
		require.NoError(t, NewExporter(g, nil).Adoption(s.Proposals()[0]))
	}))
	_, ok := g.Node(VersionIRI(charter, 3))
	require.False(t, ok)
}

func TestAMemberIsNamedWithSponsorsClauseAndAcceptedVersion(t *testing.T) {
	t.Parallel()
	g := exported(t, nil)
	membership := Fragment(charter, "membership", digest(ben))
	ref, err := firstVersion(t).Ref("social-1")
	require.NoError(t, err)
	requireProperty(t, g, membership, "pair:membershipActor", Ref(ben))
	requireProperty(t, g, membership, "pair:membershipOrganization", Ref(CommunityIRI(charter)))
	requireProperty(t, g, membership, "cs:inForceFrom", Literal("2025-01-02"))
	requireProperty(t, g, membership, "cs:sponsor", refs(atelier, jardin)...)
	requireProperty(t, g, membership, "cs:accepts", Ref(VersionIRI(charter, 1)))
	requireProperty(t, g, membership, "cs:restsOn", Ref(ClauseIRI(ref)))
	founder := Fragment(charter, "membership", digest(jardin))
	requireProperty(t, g, founder, "cs:restsOn")
	requireProperty(t, g, founder, "cs:inForceFrom", Literal("2025-01-01"))
}

func TestAMembershipComesWithTheVersionThatItAccepts(t *testing.T) {
	t.Parallel()
	require.NoError(t, newCommunity(t).Read(func(s *codesocial.State) {
		m, ok := s.Membership(ana)
		require.True(t, ok)
		for _, wrong := range []*codesocial.Charter{nil, secondVersion(t)} {
			g := new(Graph)
			require.ErrorIs(t, NewExporter(g, nil).Membership(m, wrong, codesocial.Member, m.Since), ErrInvalid)
			require.Zero(t, g.Len())
		}
		require.NoError(t, NewExporter(new(Graph), nil).Membership(m, firstVersion(t), codesocial.Member, m.Since))
	}))
}

func TestPartiesHaveTheClassesOfBothVocabularies(t *testing.T) {
	t.Parallel()
	g := exported(t, nil)
	for iri, want := range map[string][]string{
		atelier: {"pair:Organization", "vf:Organization"},
		jardin:  {"pair:Group", "vf:Organization"},
		ana:     {"pair:Person", "vf:Person"},
		relais:  {"pair:Project", "vf:Agent"},
	} {
		n, ok := g.Node(iri)
		require.True(t, ok)
		require.Equal(t, want, n.Types)
	}
	requireProperty(t, g, relais, "pair:involves", refs(atelier, jardin)...)
	requireProperty(t, g, jardin, "pair:hasPart", refs(ben, cleo)...)
	requireProperty(t, g, relais, "cs:lead", Ref(ana))
	requireProperty(t, g, ana, "pair:affiliatedBy", Ref(atelier))
	require.NoError(t, NewExporter(g, nil).Party(codesocial.Party{ID: "urn:x:erased", Erased: true, Name: "nobody"}))
	n, _ := g.Node("urn:x:erased")
	require.Equal(t, Node{ID: "urn:x:erased", Types: []string{"vf:Agent"}}, n)
}

func TestPersonsAreNamedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	var closed, open strings.Builder
	require.NoError(t, WriteNQuads(&closed, exported(t, nil)))
	require.NoError(t, WriteNQuads(&open, exported(t, &Options{Persons: true})))
	key := codesocial.PublicKeyOf(privateKey(3)).String()
	for _, told := range []string{"Ana", "Lopes", "Ben", "Roux", "Cléo", "Martin", key} {
		require.NotContains(t, closed.String(), told)
		require.Contains(t, open.String(), told)
	}
	for _, public := range []string{"L'Atelier du Pont", "Le Jardin partagé", "Le Relais", codesocial.PublicKeyOf(privateKey(1)).String()} {
		require.Contains(t, closed.String(), public)
	}
}

func TestEveryPartThatIsReferredToIsDescribed(t *testing.T) {
	t.Parallel()
	requireNoLooseEnds(t, exported(t, nil))
}

// requireNoLooseEnds checks that every reference leads to a node of the graph or to the vocabulary, unless
// it is a link to evidence.
func requireNoLooseEnds(t *testing.T, g *Graph) {
	t.Helper()
	individuals := map[string]bool{}
	for _, term := range Vocabulary() {
		individuals[term.IRI()] = term.Kind == KindIndividual
	}
	for _, q := range g.Quads() {
		if iri := q.Object.IRI; iri != "" && q.Predicate != rdfType && q.Predicate != expand("dct:references") && !individuals[iri] {
			_, ok := g.Node(iri)
			require.True(t, ok, "%s leads nowhere", q)
		}
	}
}
