package taxonomy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/piprate/json-gold/ld"
)

// The terms of SKOS that are read.
const (
	skos      = "http://www.w3.org/2004/02/skos/core#"
	rdfType   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	concept   = skos + "Concept"
	broader   = skos + "broader"
	narrower  = skos + "narrower"
	prefLabel = skos + "prefLabel"
	altLabel  = skos + "altLabel"
	notation  = skos + "notation"
)

// ReadNQuads reads a scheme from N-Quads or N-Triples (https://www.w3.org/TR/n-quads/), whatever graphs they are in. The errors are those of
// [New], and [ErrInvalid] for what is not N-Quads.
func ReadNQuads(r io.Reader) (*Scheme, error) {
	data, err := read(r)
	if err != nil {
		return nil, err
	}
	dataset, err := ld.ParseNQuadsFrom(data)
	if err != nil {
		return nil, fmt.Errorf("taxonomy: N-Quads: %w: %w", ErrInvalid, err)
	}
	return of(dataset)
}

// ReadJSONLD reads a scheme from JSON-LD (https://www.w3.org/TR/json-ld11/). Its contexts must be written out in it: none is fetched from the
// network. The errors are those of [New], and [ErrInvalid] for what is not JSON-LD.
func ReadJSONLD(r io.Reader) (*Scheme, error) {
	data, err := read(r)
	if err != nil {
		return nil, err
	}
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("taxonomy: JSON-LD: %w: %w", ErrInvalid, err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = noNetwork{}
	dataset, err := ld.NewJsonLdProcessor().ToRDF(document, options)
	if err != nil {
		return nil, fmt.Errorf("taxonomy: JSON-LD: %w: %w", ErrInvalid, err)
	}
	return of(dataset.(*ld.RDFDataset))
}

// noNetwork refuses to load contexts.
type noNetwork struct{}

func (noNetwork) LoadDocument(string) (*ld.RemoteDocument, error) {
	return nil, errors.New("contexts must be written out in the document: none is fetched")
}

func read(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("taxonomy: reading: %w", err)
	}
	if len(data) > MaxFileBytes {
		return nil, bad(ErrLimit, "file", strconv.Itoa(len(data)), "must be at most %d bytes", MaxFileBytes)
	}
	return data, nil
}

// of collects the concepts of a dataset.
func of(dataset *ld.RDFDataset) (*Scheme, error) {
	concepts := make(map[string]*Concept)
	get := func(iri string) *Concept {
		if concepts[iri] == nil {
			concepts[iri] = &Concept{IRI: iri}
		}
		return concepts[iri]
	}
	for _, graph := range slices.Sorted(maps.Keys(dataset.Graphs)) {
		for _, q := range dataset.Graphs[graph] {
			subject, object := q.Subject.GetValue(), q.Object.GetValue()
			if q.Subject.GetValue() == "" || ld.IsBlankNode(q.Subject) {
				continue
			}
			label := Label{Text: object}
			if literal, ok := q.Object.(ld.Literal); ok {
				label.Language = literal.Language
			}
			switch q.Predicate.GetValue() {
			case rdfType:
				if object == concept {
					get(subject)
				}
			case broader:
				get(subject).Broader = append(get(subject).Broader, object)
			case narrower:
				get(object).Broader = append(get(object).Broader, subject)
			case prefLabel:
				get(subject).Preferred = add(get(subject).Preferred, label)
			case altLabel:
				get(subject).Others = add(get(subject).Others, label)
			case notation:
				get(subject).Notations = add(get(subject).Notations, object)
			}
		}
	}
	list := make([]Concept, 0, len(concepts))
	for _, iri := range slices.Sorted(maps.Keys(concepts)) {
		c := concepts[iri]
		c.Broader = slices.Compact(slices.Sorted(slices.Values(c.Broader)))
		list = append(list, *c)
	}
	return New(list)
}

func add[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
