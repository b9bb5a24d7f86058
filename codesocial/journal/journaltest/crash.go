package journaltest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	crashWriters = 6 // who record through one journal at once
	crashes      = 3 // of a server
	crashCommits = 20
)

// CrashServer checks that a journal loses and doubles nothing when what keeps its blocks dies while it records, and comes back: the server of a database, say. It has
// several goroutines record through one journal, on a store that h opens once for all; crash lets the server die as suddenly as it
// can and starts it again, and is called several times; its context ends early when nobody records any more. Meanwhile updates may fail. In the end each that returned nil must be there, once; none that
// said that nothing was recorded may be there; those that ended in [journal.ErrUnknownOutcome] may or may not; and each must have been decided on exactly what
// precedes it.
//
// Nothing else may use the server meanwhile. That the process of the journal itself is killed is among the checks of [Run].
func CrashServer(t *testing.T, h Harness, crash func(ctx context.Context) error) {
	t.Helper()
	if err := examine(t, h, crashCheck(crash), 1); err != nil {
		t.Error(err)
	}
}

func crashCheck(crash func(ctx context.Context) error) check {
	return check{"what a journal says of its updates is so after a server died", func(ctx context.Context, e *env) error { return crashServer(ctx, e, crash) }}
}

func crashServer(ctx context.Context, e *env, crash func(ctx context.Context) error) error {
	s, err := e.open(ctx)
	if err != nil {
		return err
	}
	j, v, err := openCounting(ctx, s)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	told, done, stopped := make(outcomes), 0, false
	var corrupt *journal.CorruptError
	enough := make(chan struct{}, 1) // receives when there have been crashCommits since the last time
	writers := make(chan struct{})
	go func() {
		defer close(writers)
		v.record(ctx, j, func(id uuid.UUID, err error) bool {
			mu.Lock()
			defer mu.Unlock()
			told[id] = err
			if err == nil {
				if done++; done%crashCommits == 0 {
					select {
					case enough <- struct{}{}:
					default:
					}
				}
			}
			stopped = stopped || errors.As(err, &corrupt)
			return !stopped
		})
	}()
	goesOn := func() bool {
		select {
		case <-enough:
			return true
		case <-writers: // something is wrong, or the context has ended
			return false
		}
	}
	recording, end := context.WithCancel(ctx) // ends when nobody records any more: no crash has to wait for what they would do
	defer end()
	go func() {
		<-writers
		end()
	}()
	for round := 0; goesOn() && round < crashes && err == nil; round++ {
		err = crash(recording)
		select {
		case <-enough: // from before
		default:
		}
	}
	mu.Lock()
	stopped = true
	mu.Unlock()
	<-writers
	switch {
	case corrupt != nil:
		return fmt.Errorf("after the server died: %w", corrupt)
	case ctx.Err() != nil:
		return fmt.Errorf("the journal did not go on when the server was back: %w; its updates ended with %w", ctx.Err(), told.last())
	case err != nil:
		return fmt.Errorf("letting the server die: %w", err)
	}
	if err := j.Sync(ctx); err != nil {
		return fmt.Errorf("reading on when the server was back: %w", err)
	}
	if err := told.check(ctx, s); err != nil {
		return fmt.Errorf("after the server died: %w", err)
	}
	return nil
}

// counting is a view that counts records, and refuses one that was decided on another count.
type counting struct{ records int }

const countKind = "example.count"

// decidedOn is how many records a decision saw.
type decidedOn struct {
	Seen int `json:"seen"`
}

func (c *counting) Decode(r *journal.Record) (any, error) {
	if r.Kind != countKind {
		return nil, nil
	}
	x := new(decidedOn)
	return x, r.Unmarshal(x)
}

func (c *counting) Apply(_ *journal.Record, x any) error {
	if seen := x.(*decidedOn).Seen; seen != c.records {
		return fmt.Errorf("was decided on %d records, and is the one after %d", seen, c.records)
	}
	c.records++
	return nil
}

func (c *counting) Reset() { c.records = 0 }

// openCounting opens a journal with a view that counts, and fails if a record was decided on anything but what precedes it.
func openCounting(ctx context.Context, s journal.Store) (*journal.Journal, *counting, error) {
	signer, err := journal.NewSigner("journaltest.example", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		return nil, nil, err
	}
	j, err := journal.Open(ctx, s, signer, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the journal: %w", err)
	}
	c := new(counting)
	if err := j.Attach(ctx, c); err != nil {
		return nil, nil, fmt.Errorf("replaying the journal: %w", err)
	}
	return j, c, nil
}

// record has several writers record how many records each saw, and says what became of each, until told so or until ctx ends.
func (c *counting) record(ctx context.Context, j *journal.Journal, outcome func(id uuid.UUID, err error) (goOn bool)) {
	var wg sync.WaitGroup
	for range crashWriters {
		wg.Go(func() {
			for ctx.Err() == nil {
				id := uuid.New()
				_, err := j.Update(ctx, func() ([]journal.Draft, error) {
					return []journal.Draft{{ID: id, Kind: countKind, Payload: decidedOn{c.records}}}, nil
				})
				if !outcome(id, err) {
					return
				}
				if err != nil {
					time.Sleep(pollPause)
				}
			}
		})
	}
	wg.Wait()
}

// recordUntilKilled is what a worker does with a journal.
func recordUntilKilled(ctx context.Context, s journal.Store, out io.Writer) error {
	j, c, err := openCounting(ctx, s)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var failed error
	c.record(ctx, j, func(id uuid.UUID, err error) bool {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed = errors.Join(failed, err)
			return false
		}
		fmt.Fprintf(out, "recorded %s\n", id) // one write: whole or absent
		return true
	})
	return failed
}

// outcomes are what became of updates, by the id of the record.
type outcomes map[uuid.UUID]error

// check compares what became of the updates with what is stored.
func (o outcomes) check(ctx context.Context, s journal.Store) error {
	j, c, err := openCounting(ctx, s)
	if err != nil {
		return err
	}
	there := make(map[uuid.UUID]bool)
	for r, err := range j.Records(ctx, 1) {
		if err != nil {
			return err
		}
		if there[r.ID] {
			return fmt.Errorf("record %d (%s) is there twice", r.Position, r.ID)
		}
		there[r.ID] = true
	}
	if len(there) != c.records {
		return fmt.Errorf("the journal has %d records, its view has counted %d", len(there), c.records)
	}
	for id, err := range o {
		switch {
		case err == nil && !there[id]:
			return fmt.Errorf("a record (%s) that was reported as stored is lost", id)
		case err != nil && there[id] && !errors.Is(err, journal.ErrUnknownOutcome):
			return fmt.Errorf("a record (%s) is stored, although its update failed: %w", id, err)
		}
	}
	return nil
}

// last returns the error of some update that failed.
func (o outcomes) last() error {
	for _, err := range o {
		if err != nil {
			return err
		}
	}
	return nil
}
