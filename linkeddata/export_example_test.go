package linkeddata_test

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/linkeddata"
)

const (
	gue    = "https://le-gue.example/org/gue"
	pont   = "https://le-gue.example/project/pont"
	maud   = "urn:uuid:00000000-0000-4000-8000-00000000000a"
	timber = "00000000-0000-4000-8000-000000000001" // the record of a contribution
)

// A community says what one of its members gave, without saying who she is.
func ExampleExport() {
	ctx := context.Background()
	community, books, err := leGue(ctx)
	if err != nil {
		log.Fatal(err)
	}
	var graph *linkeddata.Graph
	var refused error
	err = books.Read(func(b *ledger.Books) {
		graph, refused = linkeddata.Export(community.State(), b, nil)
	})
	if err = cmp.Or(err, refused); err != nil {
		log.Fatal(err)
	}
	var document strings.Builder
	if err := linkeddata.WriteJSONLD(&document, graph); err != nil {
		log.Fatal(err)
	}
	fmt.Println("says who she is:", strings.Contains(document.String(), "Maud"))
	for _, statement := range graph.Quads() {
		if strings.HasPrefix(statement.Subject, "urn:uuid:"+timber+"#quantity") {
			fmt.Println(statement)
		}
	}
	// Output:
	// says who she is: false
	// <urn:uuid:00000000-0000-4000-8000-000000000001#quantity> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/valueflows/ont/vf#Measure> .
	// <urn:uuid:00000000-0000-4000-8000-000000000001#quantity> <https://w3id.org/valueflows/ont/vf#hasNumericalValue> "7.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .
	// <urn:uuid:00000000-0000-4000-8000-000000000001#quantity> <https://w3id.org/valueflows/ont/vf#hasUnit> <https://le-gue.example/charter#unit.h> .
}

// leGue founds a community in memory, with one organisation, one person and one project, and records that
// she worked for it. Package codesocial explains the steps.
func leGue(ctx context.Context) (*codesocial.Community, *ledger.Ledger, error) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signer, err := journal.NewSigner("le-gue.example/journal", key)
	if err != nil {
		return nil, nil, err
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	if err != nil {
		return nil, nil, err
	}
	community, err := codesocial.Open(ctx, j, ledger.Checks())
	if err != nil {
		return nil, nil, err
	}
	books, err := ledger.Open(ctx, community)
	if err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile("testdata/le-gue.json")
	if err != nil {
		return nil, nil, err
	}
	charter, err := codesocial.ParseCharter(text)
	if err != nil {
		return nil, nil, err
	}
	signature, err := codesocial.SignCharter(charter, gue, key)
	if err != nil {
		return nil, nil, err
	}
	first := charter.InForceFrom()
	admission := codesocial.Admission{Charter: charter.Hash(), On: first, Sponsors: []string{gue}}
	person, project := admission, admission
	person.Applicant, project.Applicant = maud, pont
	return community, books, cmp.Or(
		community.Register(
			ctx,
			codesocial.Party{ID: gue, Type: codesocial.Organization, Name: "Le Gué", Key: codesocial.PublicKeyOf(key)},
			codesocial.Party{ID: maud, Type: codesocial.Person, Name: "Maud"},
			codesocial.Party{ID: pont, Type: codesocial.Project, Name: "Le Pont"},
		),
		community.Propose(ctx, charter),
		community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: first, Signatures: []codesocial.CharterSignature{signature}}),
		community.Admit(ctx, person, project),
		books.Declare(ctx, ledger.Contribution{
			ID: uuid.MustParse(timber), Party: maud, Project: pont, Kind: "time", On: first,
			Quantity: ledger.Quantity{Value: decimal.RequireFromString("7.50"), Unit: "h"},
		}),
	)
}
