package taxonomy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// trades is an invented scheme: crafts > wood > (joinery > cabinet making, carpentry); carpentry is under building too.
const trades = `
<urn:t:crafts> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Concept> .
<urn:t:wood> <http://www.w3.org/2004/02/skos/core#broader> <urn:t:crafts> .
<urn:t:wood> <http://www.w3.org/2004/02/skos/core#prefLabel> "Travail du bois"@fr .
<urn:t:wood> <http://www.w3.org/2004/02/skos/core#prefLabel> "Woodwork"@en .
<urn:t:wood> <http://www.w3.org/2004/02/skos/core#altLabel> "Bois"@fr .
<urn:t:wood> <http://www.w3.org/2004/02/skos/core#narrower> <urn:t:joinery> .
<urn:t:cabinet> <http://www.w3.org/2004/02/skos/core#broader> <urn:t:joinery> .
<urn:t:cabinet> <http://www.w3.org/2004/02/skos/core#notation> "W12" .
<urn:t:carpentry> <http://www.w3.org/2004/02/skos/core#broader> <urn:t:wood> .
<urn:t:carpentry> <http://www.w3.org/2004/02/skos/core#broader> <urn:t:building> .
<urn:t:building> <http://www.w3.org/2004/02/skos/core#definition> "Passed over"@en .
`

func Example() {
	scheme, err := taxonomy.ReadNQuads(strings.NewReader(trades))
	if err != nil {
		fmt.Println(err)
		return
	}
	iri, _ := scheme.ByNotation("W12")
	for broader := range scheme.Broader(iri) {
		fmt.Println(broader, scheme.Label(broader, "fr"))
	}
	num, den := scheme.Similarity("urn:t:cabinet", "urn:t:carpentry")
	fmt.Printf("%d/%d\n", num, den)
	// Output:
	// urn:t:cabinet urn:t:cabinet
	// urn:t:joinery urn:t:joinery
	// urn:t:wood Travail du bois
	// urn:t:crafts urn:t:crafts
	// 4/6
}

func TestJSONLDAndNQuadsGiveTheSameScheme(t *testing.T) {
	t.Parallel()
	a, err := taxonomy.ReadNQuads(strings.NewReader(trades))
	require.NoError(t, err)
	b, err := taxonomy.ReadJSONLD(strings.NewReader(`{"@context": {"@vocab": "http://www.w3.org/2004/02/skos/core#", "broader": {"@type": "@id"}, "narrower": {"@type": "@id"}},
		"@graph": [{"@id": "urn:t:crafts", "@type": "Concept"},
		{"@id": "urn:t:wood", "broader": "urn:t:crafts", "narrower": "urn:t:joinery", "altLabel": {"@value": "Bois", "@language": "fr"},
		"prefLabel": [{"@value": "Travail du bois", "@language": "fr"}, {"@value": "Woodwork", "@language": "en"}]},
		{"@id": "urn:t:cabinet", "broader": "urn:t:joinery", "notation": "W12"}, {"@id": "urn:t:carpentry", "broader": ["urn:t:wood", "urn:t:building"]}]}`))
	require.NoError(t, err)
	require.Equal(t, slices.Collect(a.Concepts()), slices.Collect(b.Concepts()))
	require.Equal(t, 6, a.Len())
	require.ElementsMatch(t, []string{"urn:t:wood", "urn:t:joinery", "urn:t:carpentry", "urn:t:cabinet"}, slices.Collect(a.Narrower("urn:t:wood")))
	require.Empty(t, slices.Collect(a.Narrower("urn:t:unknown")))
}

func TestSimilarityIsTheGreatestOverAllCommonBroaderConcepts(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 2))
	for range 50 {
		var concepts []taxonomy.Concept
		for i := range 25 {
			c := taxonomy.Concept{IRI: fmt.Sprint("urn:", i)}
			for range rng.IntN(3) {
				if i > 0 {
					c.Broader = append(c.Broader, fmt.Sprint("urn:", rng.IntN(i)))
				}
			}
			concepts = append(concepts, c)
		}
		s, err := taxonomy.New(concepts)
		require.NoError(t, err)
		var depth func(iri string) int
		depth = func(iri string) int {
			c, _ := s.Concept(iri)
			d := 0
			for _, b := range c.Broader {
				if n := depth(b); d == 0 || n < d {
					d = n
				}
			}
			return d + 1
		}
		for i := range concepts {
			for j := range concepts {
				a, b := concepts[i].IRI, concepts[j].IRI
				want := 0.0
				for x := range s.Broader(a) {
					for y := range s.Broader(b) {
						if x == y {
							want = max(want, float64(2*depth(x))/float64(depth(a)+depth(b)))
						}
					}
				}
				if a == b {
					want = 1
				}
				num, den := s.Similarity(a, b)
				require.InDelta(t, want, float64(num)/float64(den), 1e-12, "%s %s", a, b)
				back, backDen := s.Similarity(b, a)
				require.Equal(t, num*backDen, back*den, "it must be symmetric")
			}
		}
	}
}

func TestWhatIsNoSchemeIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		concepts []taxonomy.Concept
		says     string
	}{
		"no IRI":  {[]taxonomy.Concept{{}}, "must have an IRI"},
		"twice":   {[]taxonomy.Concept{{IRI: "urn:a"}, {IRI: "urn:a"}}, `"urn:a": is given twice`},
		"itself":  {[]taxonomy.Concept{{IRI: "urn:a", Broader: []string{"urn:a"}}}, `"urn:a → urn:a"`},
		"circle":  {[]taxonomy.Concept{{IRI: "urn:a", Broader: []string{"urn:b"}}, {IRI: "urn:b", Broader: []string{"urn:c"}}, {IRI: "urn:c", Broader: []string{"urn:b"}}}, `"urn:b → urn:c → urn:b"`},
		"text":    {[]taxonomy.Concept{{IRI: "urn:a", Notations: []string{strings.Repeat("x", taxonomy.MaxTextBytes+1)}}}, "must be at most"},
		"broader": {[]taxonomy.Concept{{IRI: "urn:a", Broader: make([]string, taxonomy.MaxBroader+1)}}, "must be at most"},
	} {
		_, err := taxonomy.New(c.concepts)
		require.ErrorContains(t, err, c.says, name)
	}
	_, err := taxonomy.ReadNQuads(strings.NewReader("no quads"))
	require.ErrorIs(t, err, taxonomy.ErrInvalid)
	_, err = taxonomy.ReadJSONLD(strings.NewReader(`{"@context": "https://example.org/context", "a": 1}`))
	require.ErrorIs(t, err, taxonomy.ErrInvalid)
	_, err = taxonomy.ReadJSONLD(strings.NewReader(`{`))
	require.ErrorIs(t, err, taxonomy.ErrInvalid)
}

func FuzzRead(f *testing.F) {
	f.Add(trades)
	f.Add(`{"@id": "urn:a", "http://www.w3.org/2004/02/skos/core#broader": {"@id": "urn:b"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []func() (*taxonomy.Scheme, error){
			func() (*taxonomy.Scheme, error) { return taxonomy.ReadNQuads(strings.NewReader(text)) },
			func() (*taxonomy.Scheme, error) { return taxonomy.ReadJSONLD(strings.NewReader(text)) },
		} {
			s, err := read()
			if err == nil {
				for c := range s.Concepts() {
					num, den := s.Similarity(c.IRI, c.IRI)
					require.Equal(t, num, den)
				}
			}
		}
	})
}
