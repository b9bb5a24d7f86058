package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A member's offer is published and found. What two others want to offer together is held back until its holder has answered.
func Example() {
	ctx := context.Background()
	signer, err := journal.NewSigner("la-rive.example/journal", keys["journal"])
	if err != nil {
		log.Fatal(err)
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	if err != nil {
		log.Fatal(err)
	}
	community, err := codesocial.Open(ctx, j, catalog.Checks())
	if err != nil {
		log.Fatal(err)
	}
	if err := found(ctx, community); err != nil { // adopts a charter and admits members, see package codesocial
		log.Fatal(err)
	}
	offers, err := catalog.Open(ctx, community, nil)
	if err != nil {
		log.Fatal(err)
	}
	do := func(by, entry string, move catalog.Move) error {
		return offers.Step(ctx, catalog.Step{By: by, Entry: entry, Move: move, On: today})
	}

	frames := offer("charpente", scierie) // made-to-measure frames of timber, 45 € an hour
	err = errors.Join(
		offers.Write(ctx, scierie, today, frames),
		do(scierie, frames.ID, catalog.Propose), do(bob, frames.ID, catalog.Check), do(scierie, frames.ID, catalog.Publish),
	)
	if err != nil {
		log.Fatal(err)
	}
	err = offers.Read(func(s *catalog.State) {
		found, err := s.Find(today, search.Query{Text: "charpentier bois"})
		if err != nil {
			log.Fatal(err)
		}
		for _, hit := range found.Hits {
			fmt.Println("found:", hit.ID)
		}
	})
	if err != nil {
		log.Fatal(err)
	}

	hall := collective("halle") // by the atelier and the fournil, with a split that adds up to 100 %
	if err := offers.Write(ctx, atelier, today, hall); err != nil {
		log.Fatal(err)
	}
	for _, partner := range hall.Partners {
		consent := catalog.ConsentDraft(catalog.Consent{Partner: partner, Offer: hall.ID, Hash: hall.Hash(), On: today})
		if err := errors.Join(consent.Sign(keys[partner]), offers.Consent(ctx, consent)); err != nil {
			log.Fatal(err)
		}
	}
	if err := do(atelier, hall.ID, catalog.Propose); err != nil {
		log.Fatal(err)
	}
	var held *catalog.HeldBack
	if errors.As(do(bob, hall.ID, catalog.Check), &held) {
		for _, c := range held.By {
			fmt.Println("held back by:", c.Offer, c.Evidence.Tags, c.Evidence.Territory)
		}
	}
	err = errors.Join(
		offers.Answer(ctx, catalog.Answer{By: scierie, Offer: hall.ID, Rival: frames.ID, Answer: catalog.Clear, On: today}),
		do(bob, hall.ID, catalog.Check), do(fournil, hall.ID, catalog.Publish),
	)
	fmt.Println("published:", err == nil)
	// Output:
	// found: https://la-rive.example/catalogue/charpente
	// held back by: https://la-rive.example/catalogue/charpente [bois charpente] 0 km apart, radii of 30 and 30 km
	// published: true
}
