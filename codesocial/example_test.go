package codesocial_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// exampleKey stands for a key that its owner keeps to itself.
func exampleKey(owner byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{owner}, ed25519.SeedSize))
}

// Two founders adopt a social code, a person is admitted under it, and the record says by which clause.
func Example() {
	ctx := context.Background()
	signer, err := journal.NewSigner("la-trame.example/journal", exampleKey(0))
	if err != nil {
		log.Fatal(err)
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	if err != nil {
		log.Fatal(err)
	}
	community, err := codesocial.Open(ctx, j)
	if err != nil {
		log.Fatal(err)
	}

	// The text, as its authors wrote it.
	data, err := os.ReadFile("testdata/small.json")
	if err != nil {
		log.Fatal(err)
	}
	charter, err := codesocial.ParseCharter(data)
	if err != nil {
		log.Fatal(err)
	}
	const (
		atelier = "https://la-trame.example/org/atelier"
		fournil = "https://la-trame.example/org/fournil"
		jardin  = "https://la-trame.example/org/jardin"
		ana     = "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01"
	)

	// Who is who, and under which key they sign.
	err = community.Register(ctx,
		codesocial.Party{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier du Pont", Key: codesocial.PublicKeyOf(exampleKey(1))},
		codesocial.Party{ID: fournil, Type: codesocial.Organization, Name: "Le Fournil", Key: codesocial.PublicKeyOf(exampleKey(2))},
		codesocial.Party{ID: jardin, Type: codesocial.Collective, Name: "Le Jardin partagé"},
		codesocial.Party{ID: ana, Type: codesocial.Person, Name: "Ana", Key: codesocial.PublicKeyOf(exampleKey(4)), Organization: fournil},
	)
	if err != nil {
		log.Fatal(err)
	}

	// Two of three founders sign, each on a machine of its own; that is what the text asks for.
	first, err := codesocial.SignCharter(charter, atelier, exampleKey(1))
	if err != nil {
		log.Fatal(err)
	}
	second, err := codesocial.SignCharter(charter, fournil, exampleKey(2))
	if err != nil {
		log.Fatal(err)
	}
	if err := community.Propose(ctx, charter); err != nil {
		log.Fatal(err)
	}
	err = community.Adopt(ctx, codesocial.Adoption{
		Charter:    charter.Hash(),
		On:         codesocial.Date{Year: 2024, Month: time.December, Day: 12},
		Signatures: []codesocial.CharterSignature{first, second},
	})
	if err != nil {
		log.Fatal(err)
	}

	// Ana accepts the text, and a founder stands for her.
	accepted, err := codesocial.SignAcceptance(ana, charter, exampleKey(4))
	if err != nil {
		log.Fatal(err)
	}
	err = community.Admit(ctx, codesocial.Admission{
		Applicant: ana, Charter: charter.Hash(), On: codesocial.Date{Year: 2025, Month: time.March, Day: 3},
		Sponsors: []string{atelier}, Signature: accepted,
	})
	if err != nil {
		log.Fatal(err)
	}

	err = community.Read(func(s *codesocial.State) {
		ana, _ := s.Membership(ana)
		fmt.Println("member since", ana.Since, "by", ana.Clause)
		clause, _ := s.Resolve(ana.Clause)
		fmt.Println(clause.Text.In("en"))

		var rule codesocial.AdmissionRule
		_, err := s.Rule(codesocial.AdmissionKind, time.Date(2024, 12, 31, 22, 59, 0, 0, time.UTC), &rule)
		fmt.Println(err)
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// member since 2025-03-03 by clause social-1, version 1 of https://la-trame.example/charter
	// A person or an organisation becomes a member when one member sponsors it and it accepts this text.
	// codesocial: day "2024-12-31": no version is in force yet: version 1 is from 2025-01-01
}
