package linkeddata

import (
	"bufio"
	"bytes"
	"maps"
	"slices"
)

// ContextVersion is the version of the JSON-LD context. It goes up whenever a name in the context comes
// to mean something else or disappears; new names may join within a version. The contexts of all
// versions are kept in testdata, so that a document of today is readable as long as this package is.
const ContextVersion = 1

// Context returns the JSON-LD context document, {"@context": {…}}, as the file context-v1.jsonld to be
// published and as [WriteJSONLD] embeds it. It is made from the vocabulary: each object property is
// coerced to @id, each datatype property to its datatype, each text property to a map of languages. It
// uses only what JSON-LD 1.0 and 1.1 read alike. The caller owns the result.
func Context() []byte {
	var b bytes.Buffer
	out := &jsonWriter{bufio.NewWriter(&b)}
	out.raw("{\n  \"@context\": ")
	out.context("  ")
	out.raw("\n}\n")
	_ = out.w.Flush() // into memory
	return b.Bytes()
}

// context writes the context object: the prefixes, then the terms, one a line.
func (j *jsonWriter) context(indent string) {
	j.raw("{")
	for i, prefix := range slices.Sorted(maps.Keys(namespaces)) {
		if i > 0 {
			j.raw(",")
		}
		j.raw("\n" + indent + "  ")
		j.text(prefix)
		j.raw(": ")
		j.text(namespaces[prefix])
	}
	for _, t := range Vocabulary() {
		if t.Kind == KindIndividual {
			continue // is referred to by its full IRI
		}
		j.raw(",\n" + indent + "  ")
		j.text(t.Name)
		j.raw(": {\"@id\": ")
		j.text(t.IRI())
		switch t.Kind {
		case KindObject:
			j.raw(", \"@type\": \"@id\"")
		case KindDatatype:
			j.raw(", \"@type\": ")
			j.text(expand(t.Datatype))
		case KindText:
			j.raw(", \"@container\": \"@language\"")
		}
		j.raw("}")
	}
	j.raw("\n" + indent + "}")
}
