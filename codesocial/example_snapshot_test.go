package codesocial_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A program keeps snapshots beside its store, so that it opens quickly however long the history has become.
func ExampleOpen_snapshot() {
	ctx := context.Background()
	signer, err := journal.NewSigner("la-trame.example/journal", exampleKey(0))
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "snapshots-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store := journal.NewMemoryStore() // a real program has one that lasts
	open := func() *codesocial.Community {
		j, err := journal.Open(ctx, store, signer, &journal.Options{Snapshots: journal.SnapshotDir(dir)})
		if err != nil {
			log.Fatal(err)
		}
		community, err := codesocial.Open(ctx, j)
		if err != nil {
			log.Fatal(err)
		}
		return community
	}

	community := open()
	if err := community.Register(ctx, codesocial.Party{ID: "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01", Type: codesocial.Person, Name: "Ana"}); err != nil {
		log.Fatal(err)
	}
	if err := community.Journal().SaveSnapshot(ctx); err != nil { // before the program ends, and now and then
		log.Fatal(err)
	}

	community = open() // from the snapshot
	err = community.Read(func(s *codesocial.State) {
		for p := range s.Parties() {
			fmt.Println(p.Name)
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Ana
}
