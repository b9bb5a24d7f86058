package dirstore_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/examples/dirstore"
)

func Example() {
	ctx := context.Background()
	above, err := os.MkdirTemp("", "dirstore")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(above)
	dir := filepath.Join(above, "commons")
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := journal.NewSigner("la-trame.example/journal", key)
	if err != nil {
		log.Fatal(err)
	}

	store, err := dirstore.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	j, err := journal.Open(ctx, store, signer, nil)
	if err != nil {
		log.Fatal(err)
	}
	_, err = j.Update(ctx, func() ([]journal.Draft, error) {
		return []journal.Draft{{Kind: "example.hours", Payload: map[string]string{"person": "Ines", "quantity": "3.5 h"}}}, nil
	})
	if err != nil {
		log.Fatal(err)
	}

	// Another process, another day.
	store, err = dirstore.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	report, err := journal.Verify(ctx, store, signer.VerifierKey(), nil)
	fmt.Println(report.Records, "records,", err)
	entries, err := os.ReadDir(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	// Output:
	// 2 records, <nil>
	// 00000000000000000000
	// 00000000000000000001
	// new
}
