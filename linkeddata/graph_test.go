package linkeddata

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const someone = "https://la-trame.example/people/1"

func TestAGraphRefusesWhatTheVocabularyDoesNotAllow(t *testing.T) {
	t.Parallel()
	person := func() *Node { return &Node{ID: someone, Types: []string{"pair:Person"}} }
	for _, c := range []struct {
		name string
		node *Node
		want error
		says string
	}{
		{"a relative IRI", &Node{ID: "people/1", Types: []string{"pair:Person"}}, ErrIRI, `linkeddata: node "people/1": @id "people/1": must be an absolute IRI, with a scheme in lower case`},
		{"a node of which nothing is said", &Node{ID: someone}, ErrInvalid, `linkeddata: node "` + someone + `": nothing is said of the node`},
		{"an unknown class", &Node{ID: someone, Types: []string{"pair:Persn"}}, ErrTerm, `linkeddata: node "` + someone + `": @type "pair:Persn": is not a class of the vocabulary`},
		{"a property as a class", &Node{ID: someone, Types: []string{"pair:label"}}, ErrTerm, `linkeddata: node "` + someone + `": @type "pair:label": is not a class of the vocabulary`},
		{"an unknown property", person().Add("pair:lable", Literal("x")), ErrTerm, `linkeddata: node "` + someone + `": "pair:lable": is not in the vocabulary`},
		{"a class as a property", person().Add("vf:Agent", Literal("x")), ErrTerm, `linkeddata: node "` + someone + `": vf:Agent is not a property`},
		{"a literal for a reference", person().Add("vf:provider", Literal("x")), ErrTerm, `linkeddata: node "` + someone + `": vf:provider "x": must be a reference to a node`},
		{"a reference for a literal", person().Add("pair:label", Ref(someone)), ErrTerm, `linkeddata: node "` + someone + `": pair:label "` + someone + `": must be a literal of type xsd:string`},
		{"a text for a literal", person().Add("pair:label", Text("fr", "x")), ErrTerm, `linkeddata: node "` + someone + `": pair:label "x": must be a literal of type xsd:string`},
		{"a literal for a text", person().Add("dct:title", Literal("x")), ErrTerm, `linkeddata: node "` + someone + `": dct:title "x": must be text with a language`},
		{"another datatype", person().Add("vf:hasNumericalValue", Bool(true)), ErrLiteral, `linkeddata: node "` + someone + `": vf:hasNumericalValue "true": must be a decimal without exponent and superfluous zeros`},
		{"no value", person().Add("vf:provider", Value{}), ErrLiteral, `linkeddata: node "` + someone + `": vf:provider the value is empty: use Ref, Text, Literal, …`},
		{"a reference to nowhere", person().Add("vf:provider", Ref("vf:work")), ErrIRI, `linkeddata: node "` + someone + `": vf:provider "vf:work": must be a full IRI, not a term`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := new(Graph)
			err := g.Add(person(), c.node)
			require.ErrorIs(t, err, c.want)
			require.EqualError(t, err, c.says)
			var refused *Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.node.ID, refused.Node)
			require.Zero(t, g.Len(), "all or nothing")
			require.Empty(t, g.IDs())
		})
	}
}

func TestWhatIsSaidOfANodeAddsUp(t *testing.T) {
	t.Parallel()
	g := new(Graph)
	n := (&Node{ID: someone, Types: []string{"vf:Person", "pair:Person"}}).Add("pair:label", Literal("Zoé"), Literal("Zoé"))
	require.NoError(t, g.Add(n))
	n.Types[0] = "vf:Agent" // the graph has a copy
	require.NoError(t, g.Add((&Node{ID: someone}).Add("pair:label", Literal("Ada"))))
	got, ok := g.Node(someone)
	require.True(t, ok)
	require.Equal(t, Node{
		ID: someone, Types: []string{"pair:Person", "vf:Person"},
		Properties: []Property{{"pair:label", Literal("Ada")}, {"pair:label", Literal("Zoé")}},
	}, got)
	require.Equal(t, 4, g.Len())
	_, ok = g.Node("https://la-trame.example/people/2")
	require.False(t, ok)
}

func TestAGraphHasALimitedNumberOfStatements(t *testing.T) {
	t.Parallel()
	var g Graph
	require.NoError(t, g.Add(&Node{ID: someone, Types: []string{"pair:Person"}}))
	g.statements = MaxStatements - 1 // as if it were almost full
	require.ErrorIs(t, g.Add(&Node{ID: someone, Types: []string{"vf:Person", "vf:Agent"}}), ErrLimit)
	require.NoError(t, g.Add(&Node{ID: someone, Types: []string{"vf:Person"}}))
	require.Equal(t, MaxStatements, g.Len())
	require.ErrorIs(t, g.Add(nil), ErrInvalid)
}

func TestErrorsShowForeignTextSafely(t *testing.T) {
	t.Parallel()
	for _, pad := range []string{"", "x"} { // the cut falls between two characters, and inside one
		err := CheckIRI("https://a.example/\n\x1b[31m" + pad + strings.Repeat("é", 500))
		require.Error(t, err)
		require.NotContains(t, err.Error(), "\n")
		require.NotContains(t, err.Error(), "\x1b")
		require.Contains(t, err.Error(), "é")
		require.NotContains(t, err.Error(), "\ufffd")
		require.Less(t, len(err.Error()), 300)
	}
}
