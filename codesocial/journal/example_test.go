package journal_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// hours is a view: it folds records of one kind into a total for each person.
type hours map[string]int

type entry struct {
	Person string `json:"person"`
	Hours  int    `json:"hours"`
}

func (h hours) Decode(r *journal.Record) (any, error) {
	if r.Kind != "example.hours" || r.Erased() {
		return nil, nil
	}
	var e entry
	err := r.Unmarshal(&e)
	return e, err
}

func (h hours) Apply(_ *journal.Record, v any) error {
	e := v.(entry)
	h[e.Person] += e.Hours
	return nil
}

func (h hours) Reset() { clear(h) }

func Example() {
	ctx := context.Background()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := journal.NewSigner("la-trame.example/journal", key)
	if err != nil {
		log.Fatal(err)
	}
	store := journal.NewMemoryStore()
	j, err := journal.Open(ctx, store, signer, nil)
	if err != nil {
		log.Fatal(err)
	}
	total := hours{}
	if err := j.Attach(ctx, total); err != nil {
		log.Fatal(err)
	}

	// A decision reads the state and returns what should be recorded, or refuses.
	work := func(e entry) error {
		_, err := j.Update(ctx, func() ([]journal.Draft, error) {
			if total[e.Person]+e.Hours > 35 {
				return nil, errors.New("more than 35 hours")
			}
			return []journal.Draft{{Kind: "example.hours", Payload: e}}, nil
		})
		return err
	}
	fmt.Println(work(entry{"Ada", 30}))
	fmt.Println(work(entry{"Ada", 6}))
	_ = j.Read(func() { fmt.Println("Ada:", total["Ada"]) })

	// Anyone with the public key can check the whole record.
	report, err := journal.Verify(ctx, store, signer.VerifierKey(), nil)
	fmt.Println(report.Records, err)
	// Output:
	// <nil>
	// more than 35 hours
	// Ada: 30
	// 2 <nil>
}

// keptHours is a view of hours whose state can be kept.
type keptHours struct{ hours }

func (keptHours) Form() (name string, version int) { return "example.hours", 1 }

func (h keptHours) MarshalBinary() ([]byte, error) { return json.Marshal(h.hours) }

func (h keptHours) UnmarshalBinary(state []byte) error { return json.Unmarshal(state, &h.hours) }

func ExampleJournal_SaveSnapshot() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "snapshots")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	signer, err := journal.NewSigner("la-trame.example/journal", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		log.Fatal(err)
	}
	store, opts := journal.NewMemoryStore(), &journal.Options{Snapshots: journal.SnapshotDir(dir)}
	open := func() (*journal.Journal, keptHours) {
		j, err := journal.Open(ctx, store, signer, opts)
		if err != nil {
			log.Fatal(err)
		}
		h := keptHours{hours{}}
		if err := j.Attach(ctx, h); err != nil {
			log.Fatal(err)
		}
		return j, h
	}

	j, _ := open()
	if _, err := j.Update(ctx, func() ([]journal.Draft, error) {
		return []journal.Draft{{Kind: "example.hours", Payload: entry{"Ada", 3}}}, nil
	}); err != nil {
		log.Fatal(err)
	}
	if err := j.SaveSnapshot(ctx); err != nil { // before the program ends
		log.Fatal(err)
	}

	_, h := open() // the next time
	fmt.Println(h.hours)
	// Output: map[Ada:3]
}
