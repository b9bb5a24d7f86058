package linkeddata

import (
	"cmp"
	"maps"
	"slices"
)

// MaxStatements is the number of statements that a graph or a file holds at most.
const MaxStatements = 5_000_000

// A Node is a thing with an IRI and what is said of it in terms of the vocabulary.
type Node struct {
	ID         string     // an IRI that CheckIRI accepts
	Types      []string   // terms of KindClass
	Properties []Property // in any order; the same property may occur with several values
}

// A Property is one statement about a node.
type Property struct {
	Term  string // a term of KindObject, KindDatatype or KindText
	Value Value
}

// Add appends a property with one or more values and returns the node, so that calls can be chained.
// Nothing is checked here but by [Graph.Add].
func (n *Node) Add(term string, values ...Value) *Node {
	for _, v := range values {
		n.Properties = append(n.Properties, Property{term, v})
	}
	return n
}

// A Graph is a set of statements about nodes, all of them named by IRIs. The zero Graph is empty and ready
// to use. It is not safe for concurrent use while nodes are added.
type Graph struct {
	nodes      map[string]*entry
	iris       iriChecker
	statements int
}

// entry holds what a graph says about one node.
type entry struct {
	types      map[string]struct{}
	properties map[Property]struct{}
}

// Add puts nodes into the graph. What is said of a node that is there already is added to it: a graph is
// a set, and saying a thing twice changes nothing. The nodes are copied. Either all of them are added,
// or an [*Error] says which node, term and value was refused, and the graph is as before.
func (g *Graph) Add(nodes ...*Node) error {
	if g.nodes == nil {
		g.nodes, g.iris = map[string]*entry{}, iriChecker{}
	}
	for _, n := range nodes {
		if err := g.check(n); err != nil {
			return err
		}
	}
	adding := 0
	for _, n := range nodes {
		adding += len(n.Types) + len(n.Properties)
	}
	if g.statements+adding > MaxStatements {
		return refuse(ErrLimit, "", "a graph has at most %d statements", MaxStatements)
	}
	for _, n := range nodes {
		e := g.nodes[n.ID]
		if e == nil {
			e = &entry{types: map[string]struct{}{}, properties: map[Property]struct{}{}}
			g.nodes[n.ID] = e
		}
		g.statements -= len(e.types) + len(e.properties)
		for _, t := range n.Types {
			e.types[t] = struct{}{}
		}
		for _, p := range n.Properties {
			e.properties[p] = struct{}{}
		}
		g.statements += len(e.types) + len(e.properties)
	}
	return nil
}

// check returns an error unless the node may be added.
func (g *Graph) check(n *Node) error {
	if n == nil {
		return refuse(ErrInvalid, "", "a node must be given")
	}
	if err := g.iris.check(n.ID); err != nil {
		return at(err, n.ID, "@id")
	}
	if len(n.Types)+len(n.Properties) == 0 {
		return at(refuse(ErrInvalid, "", "nothing is said of the node"), n.ID, "")
	}
	for _, name := range n.Types {
		if termsByName[name].Kind != KindClass {
			return at(refuse(ErrTerm, name, "is not a class of the vocabulary"), n.ID, "@type")
		}
	}
	for _, p := range n.Properties {
		t, ok := LookupTerm(p.Term)
		if !ok {
			return at(refuse(ErrTerm, p.Term, "is not in the vocabulary"), n.ID, "")
		}
		if err := p.Value.check(t, g.iris); err != nil {
			return at(err, n.ID, p.Term)
		}
	}
	return nil
}

// Len returns the number of statements, types included.
func (g *Graph) Len() int { return g.statements }

// Node returns a copy of what the graph says about a node, types and properties in the order in which
// they are written, and whether it says anything.
func (g *Graph) Node(id string) (Node, bool) {
	e := g.nodes[id]
	if e == nil {
		return Node{}, false
	}
	return Node{ID: id, Types: slices.Sorted(maps.Keys(e.types)), Properties: e.sorted()}, true
}

// IDs returns the IRIs of the nodes of which the graph says something, in the order of their bytes.
func (g *Graph) IDs() []string { return slices.Sorted(maps.Keys(g.nodes)) }

// sorted returns the properties by term and value.
func (e *entry) sorted() []Property {
	return slices.SortedFunc(maps.Keys(e.properties), func(a, b Property) int {
		return cmp.Or(cmp.Compare(a.Term, b.Term), a.Value.compare(b.Value))
	})
}

// quads returns all statements of the graph, in no order.
func (g *Graph) quads() []Quad {
	quads := make([]Quad, 0, g.statements)
	for id, e := range g.nodes {
		for t := range e.types {
			quads = append(quads, Quad{Subject: id, Predicate: rdfType, Object: Object{IRI: termsByName[t].IRI()}})
		}
		for p := range e.properties {
			quads = append(quads, Quad{Subject: id, Predicate: termsByName[p.Term].IRI(), Object: p.object()})
		}
	}
	return quads
}

// object returns the value of a property as it stands in a statement.
func (p Property) object() Object {
	switch p.Value.kind {
	case valueRef:
		return Object{IRI: p.Value.lexical}
	case valueText:
		return Object{Literal: p.Value.lexical, Lang: p.Value.lang}
	default:
		o := Object{Literal: p.Value.lexical}
		if d := termsByName[p.Term].Datatype; d != xsdString {
			o.Datatype = expand(d)
		}
		return o
	}
}

// Quads returns the statements of the graph in canonical order, that of their N-Quads lines. The caller
// owns the result.
func (g *Graph) Quads() []Quad {
	quads := g.quads()
	lines := make([]string, len(quads))
	order := make([]int, len(quads))
	for i, q := range quads {
		lines[i], order[i] = q.String(), i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(lines[a], lines[b]) })
	sorted := make([]Quad, len(quads))
	for i, j := range order {
		sorted[i] = quads[j]
	}
	return sorted
}
