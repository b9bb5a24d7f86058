// Package linkeddata turns what a community has recorded into linked data: JSON-LD for programs and
// people, and N-Quads for triple stores, archives and hashes.
//
// [Export] makes one graph of a community and its books; it is called where both stand still. Two writers
// say exactly the same about it:
//
//	err := books.Read(func(b *ledger.Books) {
//		graph, exportErr = linkeddata.Export(community.State(), b, nil)
//	})
//	…
//	err = linkeddata.WriteJSONLD(file, graph)
//	err = linkeddata.WriteNQuads(archive, graph)
//
// An [Exporter] exports single entities. Whoever has more to say adds nodes to a [Graph], in the terms of
// the [Vocabulary].
//
// # What becomes what
//
// The terms are those of PAIR for who takes part (pair), Valueflows for what was given, received and is
// owed (vf), Dublin Core (dct), PROV-O (prov), the W3C security vocabulary (sec) and schema.org (schema)
// for documents, acts and keys. Where none of them has a term there is one of ours (cs), in [Namespace].
//
//	social code          cs:SocialCode, pair:Document; it documents a pair:Ecosystem, the community
//	version of it        cs:CharterVersion with cs:hash; chapters, clauses and rules are parts of it; prov:wasDerivedFrom its origin
//	charter of a project the same, with cs:project; it documents the project
//	target, intention    cs:Target of a clause with goal and reading; cs:Intention, a clause, with cs:carriedOutBy its actions
//	adoption             dct:dateAccepted of the version, and its cs:Signature nodes
//	person               pair:Person, vf:Person
//	organisation         pair:Organization, vf:Organization
//	collective           pair:Group, vf:Organization
//	project              pair:Project, vf:Agent
//	membership           pair:MembershipAssociation, with the clause it rests on, the version accepted, and the status; cs:FormerMembership once it has ended
//	kind of wealth       vf:ResourceSpecification, part of the version that defines it
//	contribution         vf:EconomicEvent, cs:Contribution
//	validation           cs:Validation, prov:Activity
//	receipt, expense     vf:EconomicEvent with vf:transfer
//	account              vf:EconomicResource with its balance
//	planned work         vf:Commitment; contributions vf:fulfills it
//	quote                vf:Intent; an invoice vf:satisfies it
//	invoice, order       vf:Commitment with vf:transfer; receipts and expenses vf:fulfills it
//	claim on a project   vf:Claim of a party
//	flow                 a vf:EconomicEvent for each of its events, with one of the nineteen actions, and a vf:Process
//	resource             vf:EconomicResource with vf:accountingQuantity and vf:onhandQuantity
//	wealth matrix        cs:WealthMatrix of cs:WealthCell
//	distribution         cs:Distribution, prov:Activity; its lines, shares and postings are parts of it
//	dividend             vf:Claim of a party on the project, with cs:allocationRule and vf:triggeredBy
//	offer                vf:Proposal that publishes a vf:Intent, schema:Offer, pair:Resource with pair:offeredBy
//	need                 vf:Proposal that publishes a vf:Intent, schema:Demand, pair:Resource with pair:neededBy
//	event                pair:Event, schema:Event
//
// None of them has a term for money that is reserved and not moved yet, for capacity, plans, findings and contingencies, nor for who has
// custody of a resource: these stay at home.
//
// Every effect refers to the clause it rests on, in the version it was read from, with the hash under
// which that version was signed.
//
// # Privacy
//
// By default persons are IRIs without a name, and free text stays at home: see [Options]. That is not
// anonymity. IRIs link what a person did, and whoever knows the community will recognise some of them.
// What the text of the social code itself says is always exported.
//
// # Form
//
// Every name is checked when it enters the graph, so that writing cannot fail for what is in it: terms
// against the vocabulary, literals against their datatype, IRIs against [CheckIRI]. There are no blank
// nodes: a part of a thing, such as the quantity of an event, has the IRI that [Fragment] makes. Numbers
// are strings with a datatype, never JSON numbers, in the canonical form of XML Schema: an amount of
// 3 360.00 EUR is "3360". The same graph always gives the same bytes.
//
// # What has been checked, and what has not
//
// Tests check, over random graphs full of hostile text and over whole years of a community, that two
// JSON-LD processors written by others and kept from the network, json-gold and jsonld.js with its safe
// mode, read the JSON-LD to exactly the N-Quads; and that what they make of it by RDF Dataset
// Canonicalization is these N-Quads byte for byte, jsonld.js up to the order of lines with characters
// outside the Basic Multilingual Plane, json-gold for text without control characters. Every PAIR and Valueflows
// term is checked against the list of terms of that ontology. Not checked: that the statements satisfy
// the axioms of the ontologies or any SHACL shapes, and that a running PAIR or Valueflows application
// makes use of them. json-gold's own reader of N-Quads mistakes an @ in some texts for a language; read
// the N-Quads with another one.
//
// # Errors
//
// What this package refuses is an [*Error] that names the node, the term and the value (or the line of a
// file) and wraps a sentinel such as [ErrIRI]. Where the charter or the books refuse, the error is
// theirs. What was refused has changed nothing in the graph; [Exporter.Community] and [Exporter.Books],
// which add entity by entity, stop at the first one that is refused.
//
// # Concurrency
//
// A graph may be read by several goroutines at once, but not while nodes are added to it.
package linkeddata
