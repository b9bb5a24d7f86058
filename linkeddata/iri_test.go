package linkeddata

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/piprate/json-gold/ld"
	"github.com/stretchr/testify/require"
)

func TestIRIsThatNameSomethingAreAccepted(t *testing.T) {
	t.Parallel()
	for _, iri := range []string{
		"https://la-trame.example", "https://la-trame.example/", "https://la-trame.example/charter#version-1.clause.economic-4",
		"http://localhost:8080/x", "http://127.0.0.1/", "https://t.co/x", "https://xn--t-fga.example/", "https://a.example/été/漢字/😀",
		"https://a.example/a%20b?c=d&e=f", "urn:uuid:0197f3a0-0000-7000-8000-000000000000", "did:key:z6Mk", "mailto:a@b.example",
		"http://virtual-assembly.org/ontologies/pair#Person", "https://example.org/" + strings.Repeat("x", MaxIRIBytes-20),
	} {
		require.NoError(t, CheckIRI(iri), iri)
	}
}

func TestIRIsThatNameNothingOrGetLostAreRefused(t *testing.T) {
	t.Parallel()
	for _, iri := range []string{
		"", "x", "/x", "#x", "//example.org/x", ":x", "1a:x", "A:x", "HTTPS://example.org/", "https:", "urn:", "_:b0",
		"http:x", "http://", "https:///x", "https://?x", "https://:80/", "https://example.org:/", "https://example.org:123456/",
		"https://user@example.org/", "https://user:password@example.org/",
		"https://a.example/ ", "https://a.example/<x>", "https://a.example/\"", "https://a.example/{}", "https://a.example/|", `https://a.example/\`,
		"https://a.example/^", "https://a.example/`", "https://a.example/[x]", "https://a.example/\n", "https://a.example/\x00", "https://a.example/\x7f",
		"https://a.example/%", "https://a.example/%2", "https://a.example/%zz", "https://a.example/#a#b",
		"https://a.example/\u0080", "https://a.example/\u00a0", "https://a.example/\u200b", "https://a.example/\u202e", "https://a.example/\u2028",
		"https://a.example/\ufffd", "https://a.example/\uffff", "https://a.example/\ufdd0", "https://a.example/\ue000", "https://a.example/\xff",
		"ftp://a.example:port/", "https://" + strings.Repeat("a", 254) + ".example/",
		"vf:work", "pair:Person", "cs:SocialCode", "xsd:decimal",
		// What json-gold drops without a word.
		"http://0.0.0.0:8080/x", "https://tiers-lieu-.coop/", "https://-x.example/", "https://_dmarc.example/", "http://a.b_c.d/", "https://😀.example/",
		"https://a..example/", "https://a.b.c.example/",
	} {
		require.ErrorIs(t, CheckIRI(iri), ErrIRI, "%q", iri)
	}
	require.ErrorIs(t, CheckIRI("https://example.org/"+strings.Repeat("x", MaxIRIBytes)), ErrLimit)
}

func TestNoAcceptedIRIIsDroppedByJSONGold(t *testing.T) {
	t.Parallel()
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	accepted := 0
	for range 20_000 {
		iri := randomIRI(r)
		if CheckIRI(iri) != nil {
			continue
		}
		accepted++
		require.True(t, ld.IsAbsoluteIri(iri), "%q", iri)
		require.False(t, ld.InvalidNode(ld.NewIRI(iri)), "%q", iri)
	}
	require.Greater(t, accepted, 2000)
}

// randomIRI returns something like an IRI, often a bad one.
func randomIRI(r *rand.Rand) string {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var b strings.Builder
	b.WriteString(pick("http://", "https://", "https://", "https://", "https://", "urn:", "x+y:", "https:", "vf:"))
	for range 1 + r.IntN(5) {
		for range 1 + r.IntN(3) {
			b.WriteString(pick("a", "bc", "1", "-", "--", "xn--", "é", "_", "z"))
		}
		b.WriteString(pick(".", ".", ".", "", "@", ":"))
	}
	b.WriteString(pick("example", "fr", "1"))
	b.WriteString(pick("", ":80", "/", "?", "#", "/a/../b", ":"))
	for range r.IntN(6) {
		b.WriteString(pick("é", "%20", "%", "#", "?", "/", "//", "..", "@", ":", "漢", "😀", "[", "'", "~", "\u0300", "\u2029", "&"))
	}
	return b.String()
}

func FuzzCheckIRI(f *testing.F) {
	f.Add("https://la-trame.example/été#a")
	f.Add("urn:uuid:0197f3a0-0000-7000-8000-000000000000#quantity")
	f.Fuzz(func(t *testing.T, iri string) {
		if CheckIRI(iri) != nil {
			return
		}
		require.True(t, utf8.ValidString(iri))
		require.False(t, strings.ContainsAny(iri, "<>\"{}|\\^` \n"))
		require.False(t, ld.InvalidNode(ld.NewIRI(iri)))
		q := Quad{Subject: iri, Predicate: iri, Object: Object{IRI: iri}}
		read, err := ParseQuad(q.String())
		require.NoError(t, err)
		require.Equal(t, q, read)
	})
}

func TestPartsOfAThingGetIRIsOfTheirOwn(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://a.example/x#version-1.clause.economic-4", Fragment("https://a.example/x", "version-1", "clause", "economic-4"))
	require.Equal(t, "https://a.example/x#event.quantity", Fragment("https://a.example/x#event", "quantity"))
	require.Equal(t, "urn:uuid:1#unit.kg%2Fm%C2%B2", Fragment("urn:uuid:1", "unit", "kg/m²"))
	require.Equal(t, "https://a.example/x", Fragment("https://a.example/x"))
	require.NotEqual(t, Fragment("x:y", "a.b"), Fragment("x:y", "a", "b"))
	require.NotEqual(t, Fragment("x:y", "a%2Eb"), Fragment("x:y", "a.b"))
	require.NoError(t, CheckIRI(Fragment("https://a.example/x", "\x00 <>\"%#é")))
}
