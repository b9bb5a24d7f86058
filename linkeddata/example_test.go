package linkeddata_test

import (
	"fmt"
	"os"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/linkeddata"
)

// A quantity is a node of its own, with an IRI within that of the event.
func ExampleGraph_Add() {
	const event = "https://la-trame.example/events/42"
	quantity := linkeddata.Fragment(event, "quantity")

	g := new(linkeddata.Graph)
	err := g.Add(
		(&linkeddata.Node{ID: event, Types: []string{"vf:EconomicEvent"}}).
			Add("vf:provider", linkeddata.Ref("https://la-trame.example/people/7")).
			Add("vf:effortQuantity", linkeddata.Ref(quantity)).
			Add("dct:title", linkeddata.Text("fr", "Atelier vélo"), linkeddata.Text("en", "Bicycle workshop")),
		(&linkeddata.Node{ID: quantity, Types: []string{"vf:Measure"}}).
			Add("vf:hasNumericalValue", linkeddata.Decimal(decimal.RequireFromString("7.50"))),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := linkeddata.WriteNQuads(os.Stdout, g); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <https://la-trame.example/events/42#quantity> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/valueflows/ont/vf#Measure> .
	// <https://la-trame.example/events/42#quantity> <https://w3id.org/valueflows/ont/vf#hasNumericalValue> "7.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .
	// <https://la-trame.example/events/42> <http://purl.org/dc/terms/title> "Atelier vélo"@fr .
	// <https://la-trame.example/events/42> <http://purl.org/dc/terms/title> "Bicycle workshop"@en .
	// <https://la-trame.example/events/42> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/valueflows/ont/vf#EconomicEvent> .
	// <https://la-trame.example/events/42> <https://w3id.org/valueflows/ont/vf#effortQuantity> <https://la-trame.example/events/42#quantity> .
	// <https://la-trame.example/events/42> <https://w3id.org/valueflows/ont/vf#provider> <https://la-trame.example/people/7> .
}
