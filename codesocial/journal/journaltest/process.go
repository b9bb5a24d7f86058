package journaltest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// workerVariable holds the task of a worker: a further process of the suite.
const workerVariable = "CODESOCIAL_JOURNALTEST_WORKER"

const (
	processWriters = 4  // processes that write at once
	processPuts    = 25 // blocks each of them appends
	kills          = 10 // processes killed while they write
	journalKills   = 6  // processes killed while they write through a journal
	endless        = 1 << 30
)

// A task is what a worker does: append blocks to the store at a place, or let a journal do so, and print a line for each block or record
// that is stored.
type task struct {
	Place   string `json:"place"`
	Writer  uint64 `json:"writer"`
	Count   int    `json:"count"`
	Journal bool   `json:"journal"`
}

// work does the task of a worker and ends the process. It returns false when this process is not one.
func work(ctx context.Context, h Harness) bool {
	text, ok := os.LookupEnv(workerVariable)
	if !ok {
		return false
	}
	if err := do(ctx, h, text, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
	return true
}

func do(ctx context.Context, h Harness, text string, out io.Writer) error {
	var t task
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return fmt.Errorf("%s: %w", workerVariable, err)
	}
	e := &env{place: t.Place, opener: h.Open}
	s, err := e.open(ctx)
	if err != nil {
		return err
	}
	if t.Journal {
		err = recordUntilKilled(ctx, s, out)
	} else {
		err = appendSeries(ctx, s, t.Writer, t.Count, func(n uint64, m mark) {
			fmt.Fprintf(out, "stored %d %d %d\n", n, m.writer, m.seq) // one write: whole or absent
		})
	}
	if err != nil {
		return err
	}
	return e.closeAll()
}

// A worker is a further process that writes.
type worker struct {
	cmd    *exec.Cmd
	lines  *bufio.Reader
	stderr *bytes.Buffer
}

// start starts a worker on the place of the check.
func (e *env) start(ctx context.Context, t task) (*worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t.Place = e.place
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	// The name of the check's sub-test is below that of the test which called Run.
	top := e.test[:strings.LastIndexByte(e.test, '/')]
	names := strings.Split(top, "/")
	for i := range names {
		names[i] = "^" + regexp.QuoteMeta(names[i]) + "$"
	}
	w := &worker{stderr: new(bytes.Buffer)}
	w.cmd = exec.CommandContext(ctx, self, "-test.run="+strings.Join(names, "/"), "-test.count=1")
	w.cmd.Env = append(os.Environ(), workerVariable+"="+string(text))
	w.cmd.Stderr = w.stderr
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.lines = bufio.NewReader(out)
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a further process: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.workers = append(e.workers, w)
	return w, nil
}

// endWorkers ends the workers that a check has left behind when it failed, so that nobody writes to a place
// that is being cleaned up.
func (e *env) endWorkers() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range e.workers {
		if w.cmd.ProcessState == nil {
			_ = w.cmd.Process.Kill() // it may have ended by itself
			_ = w.cmd.Wait()
		}
	}
}

// read reads what the worker reports next, in a format, and returns io.EOF when it has ended.
func (w *worker) read(format string, into ...any) error {
	line, err := w.lines.ReadString('\n')
	if err != nil {
		return io.EOF // a line that is not whole was not said
	}
	if _, err := fmt.Sscanf(line, format, into...); err != nil {
		return fmt.Errorf("a further process printed %q: a test must not print before it calls journaltest.Run", line)
	}
	return nil
}

// next returns the block that the worker reports next, and io.EOF when it has ended.
func (w *worker) next() (n uint64, m mark, err error) {
	err = w.read("stored %d %d %d\n", &n, &m.writer, &m.seq)
	return n, m, err
}

// killSoon kills the worker within some commits of a quick disk, unless stop is called before.
func (e *env) killSoon(w *worker) (stop func() bool) {
	return time.AfterFunc(time.Duration(e.rand.Int64N(int64(40*time.Millisecond))), func() {
		_ = w.cmd.Process.Kill() // it can only fail when the process has ended, which its reader and died notice
	}).Stop
}

// died waits for the end of a worker that was killed.
func (w *worker) died() error {
	if err := w.cmd.Wait(); err == nil {
		return fmt.Errorf("a further process ended by itself: %s", w.stderr)
	}
	return nil
}

// rest reads what the worker still has to report.
func (w *worker) rest(acked *receipts) error {
	for {
		n, m, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		acked.add(n, m)
	}
}

// wait waits for the end of a worker that was not killed.
func (w *worker) wait() error {
	if err := w.cmd.Wait(); err != nil {
		return fmt.Errorf("a further process failed (%w): %s", err, bytes.TrimSpace(w.stderr.Bytes()))
	}
	return nil
}

// processChecks: several processes on one place.
var processChecks = []check{
	{"several processes that write at once lose and double nothing", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		acked := new(receipts)
		err = parallel(processWriters+1, func(i int) error {
			if i == processWriters { // this process writes as well
				return appendSeries(ctx, s, uint64(i), processPuts, acked.add)
			}
			w, err := e.start(ctx, task{Writer: uint64(i), Count: processPuts})
			if err != nil {
				return err
			}
			if err := w.rest(acked); err != nil {
				return err
			}
			return w.wait()
		})
		if err != nil {
			return err
		}
		return acked.verify(ctx, s, (processWriters+1)*processPuts)
	}},
	{"a process killed while it writes leaves what it stored, and nothing in part", func(ctx context.Context, e *env) error {
		acked := new(receipts)
		for round := range uint64(kills) {
			w, err := e.start(ctx, task{Writer: round, Count: endless})
			if err != nil {
				return err
			}
			n, m, err := w.next()
			if err != nil {
				return fmt.Errorf("a further process stored nothing (%w): %w", err, w.wait())
			}
			acked.add(n, m)
			stop := e.killSoon(w)
			err = w.rest(acked)
			stop()
			if err == nil {
				err = w.died()
			}
			if err != nil {
				return err
			}

			s, err := e.open(ctx)
			if err != nil {
				return fmt.Errorf("after a process was killed: %w", err)
			}
			// Each process may have stored one block more than it lived to say; with a server between, even
			// a while after its death.
			most := acked.len() + int(round) + 1
			blocks, err := contents(ctx, s, 100, most)
			if err != nil {
				return fmt.Errorf("after a process was killed: %w", err)
			}
			if err := acked.verifyBlocks(blocks, len(blocks)); err != nil {
				return fmt.Errorf("after a process was killed: %w", err)
			}
			if err := e.closeAll(); err != nil {
				return err
			}
		}
		return nil
	}},
	{"a journal killed while several record through it has what it reported, once, and nothing that was decided on what is lost", func(ctx context.Context, e *env) error {
		told := make(outcomes)
		for range journalKills {
			w, err := e.start(ctx, task{Journal: true})
			if err != nil {
				return err
			}
			var stop func() bool
			for {
				var id string
				if err := w.read("recorded %s\n", &id); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					return err
				}
				told[uuid.MustParse(id)] = nil
				if stop == nil { // it is recording
					stop = e.killSoon(w)
				}
			}
			if stop == nil {
				return fmt.Errorf("a further process recorded nothing: %w", w.wait())
			}
			stop()
			if err := w.died(); err != nil {
				return err
			}
			s, err := e.open(ctx)
			if err != nil {
				return fmt.Errorf("after a process was killed: %w", err)
			}
			if err := told.check(ctx, s); err != nil {
				return fmt.Errorf("after a process was killed: %w", err)
			}
			if err := e.closeAll(); err != nil {
				return err
			}
		}
		return nil
	}},
}
