package codesocial_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Two workshops vote on buying an oven, under a clause of their social code.
func ExampleCommunity_Decide() {
	ctx := context.Background()
	const bakery, garden = "https://commons.example/org/bakery", "https://commons.example/org/garden"
	signer, err := journal.NewSigner("commons.example/journal", exampleKey(0))
	if err != nil {
		log.Fatal(err)
	}
	opens := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	now := opens
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{Now: func() time.Time { return now }}) // in earnest, the clock of the machine
	if err != nil {
		log.Fatal(err)
	}
	community, err := codesocial.Open(ctx, j)
	if err != nil {
		log.Fatal(err)
	}
	charter, err := codesocial.ParseCharter([]byte(`{
		"id": "https://commons.example/charter", "version": 1, "profile": "plain", "title": {"en": "Our rules"},
		"currency": "EUR", "timeZone": "Europe/Paris", "inForceFrom": "2025-01-01", "threshold": 1,
		"founders": [{"id": "` + bakery + `", "name": "The bakery", "type": "organization"}, {"id": "` + garden + `", "name": "The garden", "type": "organization"}],
		"chapters": [{"id": "deciding", "title": {"en": "Deciding"}, "clauses": [{
			"id": "purchases", "text": {"en": "We buy what two thirds of us agree to buy."},
			"rule": {"kind": "codesocial.decision", "matters": ["commons.purchase"], "vote": {"threshold": "2/3", "base": "eligible"}, "days": 3}
		}]}]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	signature, err := codesocial.SignCharter(charter, bakery, exampleKey(1))
	if err != nil {
		log.Fatal(err)
	}
	purchase := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "commons.purchase", Ref: "oven-2025"}, Title: codesocial.Text{"en": "Shall we buy an oven?"},
		Proposer: bakery, At: opens, Opens: opens, Closes: opens.AddDate(0, 0, 3),
	}
	for _, act := range []func() error{
		func() error {
			return community.Register(
				ctx,
				codesocial.Party{ID: bakery, Type: codesocial.Organization, Name: "The bakery", Key: codesocial.PublicKeyOf(exampleKey(1))},
				codesocial.Party{ID: garden, Type: codesocial.Organization, Name: "The garden", Key: codesocial.PublicKeyOf(exampleKey(2))},
			)
		},
		func() error { return community.Propose(ctx, charter) },
		func() error {
			return community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: charter.InForceFrom(), Signatures: []codesocial.CharterSignature{signature}})
		},
		func() error { return community.Decide(ctx, purchase, exampleKey(1)) },
		func() error {
			return community.Vote(ctx, codesocial.Ballot{Decision: purchase.ID(), Voter: bakery, At: opens, Answer: decision.For}, exampleKey(1))
		},
		func() error {
			return community.Vote(ctx, codesocial.Ballot{Decision: purchase.ID(), Voter: garden, At: opens, Answer: decision.For}, exampleKey(2))
		},
		func() error {
			now = purchase.Closes
			return community.Close(ctx, codesocial.Closing{Decision: purchase.ID(), At: purchase.Closes})
		},
	} {
		if err := act(); err != nil {
			log.Fatal(err)
		}
	}
	if err := community.Read(func(s *codesocial.State) {
		d, _ := s.Decision(purchase.ID())
		fmt.Println(d.Vote.Explain("en"))
		decided, adopted := s.Adopted(purchase.Matter)
		fmt.Println(adopted, decided.On, decided.Clause)
	}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Adopted. 2 for, 0 against, 0 abstaining, 0 silent, of 2. Threshold: at least 2/3 of the base (the whole electorate); 2 of 2: 2 × 3 > 2 × 2, met.
	// true 2025-03-06 clause purchases, version 1 of https://commons.example/charter
}
