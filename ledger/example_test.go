package ledger_test

import (
	"context"
	"fmt"
	"log"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

// Two people work for a project, money comes in, and each sees where her share comes from.
func Example() {
	ctx := context.Background()
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	if err != nil {
		log.Fatal(err)
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	if err != nil {
		log.Fatal(err)
	}
	community, err := codesocial.Open(ctx, j, ledger.Checks())
	if err != nil {
		log.Fatal(err)
	}
	if err := found(ctx, community); err != nil { // adopts a charter and admits members, see package codesocial
		log.Fatal(err)
	}
	books, err := ledger.Open(ctx, community)
	if err != nil {
		log.Fatal(err)
	}

	hours := func(party, value string) ledger.Contribution {
		return ledger.Contribution{
			ID: uuid.New(), Party: party, Project: pont, Kind: "time",
			Quantity: ledger.Quantity{Value: decimal.RequireFromString(value), Unit: "h"}, On: day("2025-03-04"),
		}
	}
	anas, bobs := hours(ana, "60"), hours(bob, "30")
	if err := books.Declare(ctx, anas, bobs); err != nil {
		log.Fatal(err)
	}
	err = books.Validate(ctx, ledger.Validation{By: cid, On: day("2025-03-31"), Contributions: []uuid.UUID{anas.ID, bobs.ID}})
	if err != nil {
		log.Fatal(err)
	}
	err = books.Receive(ctx, ledger.Receipt{ID: uuid.New(), Project: pont, Amount: decimal.RequireFromString("1200.00"), Currency: "EUR", On: day("2025-06-30")})
	if err != nil {
		log.Fatal(err)
	}
	shared, err := books.Distribute(ctx, ledger.Run{Project: pont, From: newYear, To: lastDay})
	if err != nil {
		log.Fatal(err)
	}
	for _, part := range shared.Statement.Parties() {
		fmt.Println(part.ID, part.Amount.StringFixed(2))
	}
	// Nobody introduced the deal, so that line's 5 % stay with those who contributed.
	fmt.Println("reserved", shared.Statement.Reserved.StringFixed(2), "under", shared.Clause)
	// Output:
	// urn:uuid:00000000-0000-4000-8000-00000000000a 600.00
	// urn:uuid:00000000-0000-4000-8000-00000000000b 300.00
	// reserved 300.00 under clause economic-4, version 1 of https://le-gue.example/charter
}
