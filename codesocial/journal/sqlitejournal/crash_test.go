package sqlitejournal_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)

// A journal with several writers is killed in a process of its own.
const crashVariable = "CODESOCIAL_SQLITEJOURNAL_CRASH"

// counted is a view that counts records, and refuses one that was decided on another count.
type counted int

type decidedOn struct {
	Seen int `json:"seen"`
}

func (c *counted) Decode(r *journal.Record) (any, error) {
	if r.Kind != "example.count" {
		return nil, nil
	}
	x := new(decidedOn)
	return x, r.Unmarshal(x)
}

func (c *counted) Apply(_ *journal.Record, x any) error {
	if seen := x.(*decidedOn).Seen; seen != int(*c) {
		return fmt.Errorf("was decided on %d records, and is the one after %d", seen, *c)
	}
	*c++
	return nil
}

func (c *counted) Reset() { *c = 0 }

func openCounted(ctx context.Context, path string) (*sqlitejournal.Store, *journal.Journal, *counted, error) {
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := sqlitejournal.Open(ctx, path, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	c := new(counted)
	j, err := journal.Open(ctx, store, signer, nil)
	if err == nil {
		err = j.Attach(ctx, c)
	}
	return store, j, c, err
}

// writeUntilKilled has several writers record, and prints the id of each record that is stored.
func writeUntilKilled(ctx context.Context, path string) error {
	_, j, c, err := openCounted(ctx, path)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for w := range errs {
		wg.Go(func() {
			for errs[w] == nil {
				var records []journal.Record
				records, errs[w] = j.Update(ctx, func() ([]journal.Draft, error) {
					return []journal.Draft{{Kind: "example.count", Payload: decidedOn{int(*c)}}}, nil
				})
				for _, r := range records {
					fmt.Println(r.ID) // one write: whole or absent
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func TestAKilledJournalHasWhatItReportedOnceAndNothingDecidedOnWhatWasLost(t *testing.T) {
	t.Parallel()
	if path := os.Getenv(crashVariable); path != "" {
		require.NoError(t, writeUntilKilled(t.Context(), path))
		return
	}
	path, seed := newFile(t), rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var reported []uuid.UUID
	for range 6 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		cmd.Env = append(os.Environ(), crashVariable+"="+path)
		failed := new(bytes.Buffer)
		cmd.Stderr = failed
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		var kill *time.Timer
		for lines.Scan() {
			id, err := uuid.Parse(strings.TrimSpace(lines.Text()))
			require.NoError(t, err, "%s %s", lines.Text(), failed)
			if reported = append(reported, id); kill == nil { // it is writing
				kill = time.AfterFunc(time.Duration(r.Int64N(int64(40*time.Millisecond))), func() {
					_ = cmd.Process.Kill() // it can only fail when the process has ended, which Wait notices
				})
			}
		}
		require.NotNil(t, kill, "nothing was reported: %s", failed)
		require.Error(t, cmd.Wait(), "it was killed")

		store, j, c, err := openCounted(t.Context(), path) // refuses what was decided on another state
		require.NoError(t, err)
		times := make(map[uuid.UUID]int)
		for r, err := range j.Records(t.Context(), 1) {
			require.NoError(t, err)
			times[r.ID]++
		}
		require.Len(t, times, int(*c), "none is there twice")
		for _, id := range reported {
			require.Equal(t, 1, times[id])
		}
		require.NoError(t, store.Close())
	}
}
