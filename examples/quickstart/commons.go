package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
	"github.com/commonstocommons/codesocial/ledger"
)

// sampleSeed is the seed of the invented commons. Everyone can read it, so its keys protect nothing and two runs agree to
// the byte. With inputs of your own the seed is random.
var sampleSeed = seed("this seed is public: sample data")

// sampleTime is when the invented commons recorded its year.
var sampleTime = time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)

// A commons is a directory that has been opened.
type commons struct {
	plan      *plan
	seed      seed
	close     func() error
	signer    *journal.Signer
	journal   *journal.Journal
	community *codesocial.Community
	ledger    *ledger.Ledger
}

// openCommons opens the directory, and makes it if it is not there. A directory belongs to one set of inputs: with others it is
// refused, since their lines would be added to the first ones.
func openCommons(ctx context.Context, dir string, p *plan) (*commons, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	inputs, err := os.ReadFile(in(dir, inputsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(in(dir, journalFile)); err == nil {
			return nil, fmt.Errorf("%s holds a journal that quickstart did not make: choose another -dir", dir)
		}
		secret := sampleSeed
		if !p.sample {
			secret = make(seed, 32)
			if _, err := rand.Read(secret); err != nil {
				return nil, err
			}
		}
		// The seed first: once the inputs are there, the directory is complete enough to be continued.
		if err := paper.WriteFile(in(dir, seedFile), []byte(hex.EncodeToString(secret)+"\n"), 0o600); err != nil {
			return nil, err
		}
		if err := paper.WriteFile(in(dir, inputsFile), []byte(p.inputs), 0o644); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case string(inputs) != p.inputs:
		return nil, fmt.Errorf("%s was made from other inputs (its %s says which), and lines of two sets must not mix: choose another -dir", dir, inputsFile)
	}
	secret, err := readSeed(dir)
	if err != nil {
		return nil, err
	}
	store, err := sqlitejournal.Open(ctx, in(dir, journalFile), nil)
	if err != nil {
		return nil, err
	}
	c := &commons{plan: p, seed: secret, close: store.Close}
	if err := c.open(ctx, store); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return c, nil
}

// rehearse carries the plan out in memory, with everything that follows from it: whatever could be refused later is refused here,
// before anything has been written.
func rehearse(ctx context.Context, p *plan) error {
	c := &commons{plan: p, seed: sampleSeed}
	if err := c.open(ctx, journal.NewMemoryStore()); err != nil {
		return err
	}
	if err := c.record(ctx, func(string, ...any) {}, nil); err != nil {
		return err
	}
	_, _, err := c.outputs()
	return err
}

func readSeed(dir string) (seed, error) {
	text, err := os.ReadFile(in(dir, seedFile))
	if err != nil {
		return nil, err
	}
	s, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(s) != 32 {
		return nil, fmt.Errorf("%s: must be 32 bytes in hexadecimal", in(dir, seedFile))
	}
	return s, nil
}

// open opens journal, community and books.
func (c *commons) open(ctx context.Context, store journal.Store) (err error) {
	if c.signer, err = journal.NewSigner(origin(c.plan.charter), c.key("journal")); err != nil {
		return err
	}
	opts := &journal.Options{Salt: func(id uuid.UUID) (salt [16]byte) {
		copy(salt[:], c.seed.derive("salt", id.String()))
		return salt
	}}
	if c.plan.sample {
		opts.Now = func() time.Time { return sampleTime }
	}
	if c.journal, err = journal.Open(ctx, store, c.signer, opts); err != nil {
		return err
	}
	if c.community, err = codesocial.Open(ctx, c.journal, ledger.Checks()); err != nil {
		return err
	}
	c.ledger, err = ledger.Open(ctx, c.community)
	return err
}

// origin names the journal after the charter.
func origin(charter *codesocial.Charter) string {
	name := charter.ID()
	if _, rest, ok := strings.Cut(name, "://"); ok {
		name = rest
	}
	return strings.NewReplacer("+", "-", " ", "-").Replace(name) + "/journal"
}

// key returns the private key of a party, or of the journal.
func (c *commons) key(owner string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(c.seed.derive("key", owner))
}
