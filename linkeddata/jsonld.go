package linkeddata

import (
	"bufio"
	"io"
	"maps"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// WriteJSONLD writes the graph as one JSON-LD 1.1 document that needs nothing from the network: the
// context of [Context] inline, then the nodes under @graph, in the order of their IRIs; in each node the
// types and the properties by name, in each property the values in order. Names of properties and types
// are terms of the vocabulary; whatever else names a thing is a full IRI. There is no blank node and no
// JSON number. The same graph always gives the same bytes, with a line feed at the end.
func WriteJSONLD(w io.Writer, g *Graph) error {
	out := &jsonWriter{bufio.NewWriter(w)}
	out.raw("{\n  \"@context\": ")
	out.context("  ")
	out.raw(",\n  \"@graph\": [")
	for i, id := range g.IDs() {
		if i > 0 {
			out.raw(",")
		}
		out.raw("\n    {\n      \"@id\": ")
		out.text(id)
		out.node(g.nodes[id])
		out.raw("\n    }")
	}
	out.raw("\n  ]\n}\n")
	return out.w.Flush()
}

// A jsonWriter writes JSON in which the order and the line breaks are ours. Errors stay in w until it is
// flushed.
type jsonWriter struct{ w *bufio.Writer }

func (j *jsonWriter) raw(s string) { j.w.WriteString(s) }

// text writes a JSON string. All text has been checked to be UTF-8 when it entered the graph.
func (j *jsonWriter) text(s string) {
	b, _ := canonical.AppendString(nil, s)
	j.w.Write(b)
}

// list writes one value as itself and several as an array.
func (j *jsonWriter) list(n int, value func(i int)) {
	if n == 1 {
		value(0)
		return
	}
	j.raw("[")
	for i := range n {
		if i > 0 {
			j.raw(", ")
		}
		value(i)
	}
	j.raw("]")
}

// node writes the types and properties of a node after its @id.
func (j *jsonWriter) node(e *entry) {
	if types := slices.Sorted(maps.Keys(e.types)); len(types) > 0 {
		j.raw(",\n      \"@type\": ")
		j.list(len(types), func(i int) { j.text(types[i]) })
	}
	for properties := range groupBy(e.sorted(), func(p Property) string { return p.Term }) {
		j.raw(",\n      ")
		j.text(properties[0].Term)
		j.raw(": ")
		if termsByName[properties[0].Term].Kind == KindText {
			j.languages(properties)
			continue
		}
		j.list(len(properties), func(i int) { j.text(properties[i].Value.lexical) })
	}
}

// languages writes texts as a map from language to text.
func (j *jsonWriter) languages(properties []Property) {
	j.raw("{")
	first := true
	for texts := range groupBy(properties, func(p Property) string { return p.Value.lang }) {
		if !first {
			j.raw(", ")
		}
		first = false
		j.text(texts[0].Value.lang)
		j.raw(": ")
		j.list(len(texts), func(i int) { j.text(texts[i].Value.lexical) })
	}
	j.raw("}")
}

// groupBy yields the runs of a sorted list in which key is the same.
func groupBy(sorted []Property, key func(Property) string) func(yield func([]Property) bool) {
	return func(yield func([]Property) bool) {
		for len(sorted) > 0 {
			k := key(sorted[0])
			end := slices.IndexFunc(sorted, func(p Property) bool { return key(p) != k })
			if end < 0 {
				end = len(sorted)
			}
			if !yield(sorted[:end:end]) {
				return
			}
			sorted = sorted[end:]
		}
	}
}
