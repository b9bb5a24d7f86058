package linkeddata

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files of this package")

// published reads a list of terms: a kind and an IRI on each line.
func published(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	terms := map[string]string{}
	for line := range strings.Lines(string(data)) {
		kind, iri, ok := strings.Cut(strings.TrimSpace(line), " ")
		require.True(t, ok, line)
		terms[iri] = kind
	}
	return terms
}

func TestEveryForeignTermIsOneThatItsVocabularyHas(t *testing.T) {
	t.Parallel()
	lists := map[string]string{
		"pair": "pair-terms.txt", "vf": "valueflows-terms.txt", "dct": "dublin-core-terms.txt",
		"prov": "prov-terms.txt", "om2": "om2-terms.txt", "sec": "security-terms.txt", "schema": "schema-terms.txt",
	}
	names := map[Kind]string{KindClass: "class", KindObject: "object", KindDatatype: "datatype", KindIndividual: "individual", KindText: "datatype"}
	for _, term := range Vocabulary() {
		if term.Prefix() == "cs" {
			continue
		}
		require.Contains(t, lists, term.Prefix(), term.Name)
		kind, ok := published(t, lists[term.Prefix()])[term.IRI()]
		require.True(t, ok, "%s is not a term of its vocabulary", term.IRI())
		if kind == "property" { // the vocabulary does not say of what kind
			require.NotContains(t, []Kind{KindClass, KindIndividual}, term.Kind, term.Name)
			continue
		}
		require.Equal(t, kind, names[term.Kind], term.Name)
	}
}

func TestEveryTermSaysWhatItMeansInFrenchAndEnglish(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, term := range Vocabulary() {
		require.False(t, seen[term.Name], "%s stands twice", term.Name)
		seen[term.Name] = true
		require.NotEmpty(t, term.French, term.Name)
		require.NotEmpty(t, term.English, term.Name)
		require.NoError(t, CheckIRI(term.IRI()), term.Name)
		require.NotEqual(t, "no kind", term.Kind.String(), term.Name)
		require.Equal(t, term.Kind == KindDatatype, term.Datatype != "", term.Name)
		found, ok := LookupTerm(term.Name)
		require.True(t, ok)
		require.Equal(t, term, found)
		if term.Kind == KindDatatype {
			require.NotErrorIs(t, check(term.Datatype, Literal("x")), ErrTerm, "%s: the datatype is not checked", term.Name)
		}
	}
	_, ok := LookupTerm("vf:nothing")
	require.False(t, ok)
}

func TestEveryPropertyIsCoercedInTheContext(t *testing.T) {
	t.Parallel()
	var document struct {
		Context map[string]json.RawMessage `json:"@context"`
	}
	require.NoError(t, json.Unmarshal(Context(), &document))
	for _, term := range Vocabulary() {
		raw, ok := document.Context[term.Name]
		if term.Kind == KindIndividual {
			require.False(t, ok, term.Name)
			continue
		}
		var definition struct {
			ID        string `json:"@id"`
			Type      string `json:"@type"`
			Container string `json:"@container"`
		}
		require.NoError(t, json.Unmarshal(raw, &definition), term.Name)
		require.Equal(t, term.IRI(), definition.ID)
		switch term.Kind {
		case KindClass:
			require.Empty(t, definition.Type+definition.Container, term.Name)
		case KindObject:
			require.Equal(t, "@id", definition.Type, term.Name)
		case KindText:
			require.Equal(t, "@language", definition.Container, term.Name)
		case KindDatatype:
			require.Equal(t, expand(term.Datatype), definition.Type, term.Name)
		}
		delete(document.Context, term.Name)
	}
	for prefix, namespace := range namespaces {
		require.JSONEq(t, fmt.Sprintf("%q", namespace), string(document.Context[prefix]))
		delete(document.Context, prefix)
	}
	require.Empty(t, document.Context, "the context has nothing but the vocabulary")
}

func TestTheContextIsTheOneThatWasPublished(t *testing.T) {
	t.Parallel()
	file := filepath.Join("testdata", fmt.Sprintf("context-v%d.jsonld", ContextVersion))
	if *update {
		require.NoError(t, os.WriteFile(file, Context(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(Context()))
}

func TestADocumentEmbedsTheContext(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, WriteJSONLD(&b, new(Graph)))
	require.Equal(t, strings.TrimSuffix(string(Context()), "\n}\n")+",\n  \"@graph\": [\n  ]\n}\n", b.String())
}
