package linkeddata

import (
	"slices"
	"strings"
)

// A Kind says what a term of the vocabulary is and so what may stand under it.
type Kind uint8

const (
	KindClass      Kind = iota + 1 // a class: stands among the types of a node
	KindObject                     // a property that points to a node: takes a Ref
	KindDatatype                   // a property with a literal of the term's Datatype: takes Literal, Decimal, …
	KindText                       // a property with text in one or more languages: takes Text
	KindIndividual                 // a thing that the vocabulary itself names, such as the action vf:work: is referred to
)

// String returns the name of the kind in English.
func (k Kind) String() string {
	switch k {
	case KindClass:
		return "class"
	case KindObject:
		return "object property"
	case KindDatatype:
		return "datatype property"
	case KindText:
		return "text property"
	case KindIndividual:
		return "individual"
	default:
		return "no kind"
	}
}

// value is the kind of value that a property of this kind takes.
func (k Kind) value() valueKind {
	switch k {
	case KindObject:
		return valueRef
	case KindDatatype:
		return valueLiteral
	case KindText:
		return valueText
	default:
		return valueInvalid
	}
}

// A Term is one row of the vocabulary: a name that stands in our JSON-LD, and what it means.
type Term struct {
	Name     string // prefix, colon, local name: "vf:provider"
	Kind     Kind
	Datatype string // of a KindDatatype, its name: "xsd:decimal"; "" for other kinds
	French   string // what it says, as members read it
	English  string
}

// Prefix returns the source of the term: "pair", "vf", "dct", …, "cs" for what this library had to add.
func (t Term) Prefix() string {
	prefix, _, _ := strings.Cut(t.Name, ":")
	return prefix
}

// IRI returns the IRI that the term stands for.
func (t Term) IRI() string { return expand(t.Name) }

// expand returns the IRI that a name with a known prefix stands for.
func expand(name string) string {
	prefix, local, _ := strings.Cut(name, ":")
	return namespaces[prefix] + local
}

// Namespace is the namespace of the terms that neither PAIR, nor Valueflows, nor a W3C or Dublin Core
// vocabulary has; its prefix is cs.
const Namespace = "https://commonstocommons.github.io/codesocial/ns#"

// namespaces maps the prefix of a term to what stands before its local name in the IRI.
var namespaces = map[string]string{
	"cs":     Namespace,
	"dct":    "http://purl.org/dc/terms/",
	"om2":    "http://www.ontology-of-units-of-measure.org/resource/om-2/",
	"pair":   "http://virtual-assembly.org/ontologies/pair#",
	"prov":   "http://www.w3.org/ns/prov#",
	"schema": "http://schema.org/",
	"sec":    "https://w3id.org/security#",
	"vf":     "https://w3id.org/valueflows/ont/vf#",
	"xsd":    "http://www.w3.org/2001/XMLSchema#",
}

// termsByName indexes the vocabulary.
var termsByName = func() map[string]Term {
	m := make(map[string]Term, len(vocabulary))
	for _, t := range vocabulary {
		m[t.Name] = t
	}
	return m
}()

// Vocabulary returns all terms, ordered by name. The caller owns the result.
func Vocabulary() []Term {
	return slices.SortedFunc(slices.Values(vocabulary), func(a, b Term) int { return strings.Compare(a.Name, b.Name) })
}

// LookupTerm returns the term of that name, and whether there is one.
func LookupTerm(name string) (Term, bool) {
	t, ok := termsByName[name]
	return t, ok
}

// individual returns the IRI of an individual of the vocabulary, for a reference to it.
func individual(name string) Value { return Ref(termsByName[name].IRI()) }
