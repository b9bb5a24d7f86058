package sqlitejournal_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)

// A journal in a file: what was recorded is there when the file is opened again.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "commons")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := journal.NewSigner("example.org/la-fabrique", key)
	if err != nil {
		log.Fatal(err)
	}

	for range 2 {
		store, err := sqlitejournal.Open(ctx, filepath.Join(dir, "commons.db"), nil)
		if err != nil {
			log.Fatal(err)
		}
		j, err := journal.Open(ctx, store, signer, nil)
		if err != nil {
			log.Fatal(err)
		}
		_, err = j.Update(ctx, func() ([]journal.Draft, error) {
			return []journal.Draft{{
				Kind:    "example.hello",
				Schema:  1,
				Payload: map[string]string{"text": "Bonjour"},
			}}, nil
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("records:", j.Size())
		if err := store.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// records: 2
	// records: 3
}
