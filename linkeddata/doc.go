// Package linkeddata turns what a community has recorded into linked data: JSON-LD for programs and
// people, and N-Quads for triple stores, archives and hashes.
//
// A [Graph] holds statements about things named by IRIs, in the terms of one [Vocabulary]: PAIR for who
// takes part, Valueflows for what was given, received and is owed, Dublin Core and W3C vocabularies for
// documents, activities and keys, and a few terms of our own (prefix cs) where none of them has one.
// [WriteJSONLD] and [WriteNQuads] write it; both say exactly the same.
//
// # Form
//
// Every name is checked when it enters the graph, so that writing cannot fail for what is in it: terms
// against the vocabulary, literals against their datatype, IRIs against [CheckIRI]. There are no blank
// nodes: a part of a thing, such as the quantity of an event, has the IRI that [Fragment] makes. Numbers
// are strings with a datatype, never JSON numbers. The same graph always gives the same bytes.
//
// # Errors
//
// Every refusal is an [*Error] that names the node, the term and the value (or the line of a file) and
// wraps a sentinel such as [ErrIRI]. What was refused changes nothing.
//
// # Concurrency
//
// A graph may be read by several goroutines at once, but not while nodes are added to it. Functions keep
// no state.
package linkeddata
