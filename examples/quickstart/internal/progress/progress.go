// Package progress tells people that a program is at work: a bar with the time left on a terminal, a few
// plain lines in a log file or pipe, and nothing where nobody listens.
//
//	report := progress.To(os.Stderr, "en")
//	task := report.Start("contributions", len(lines))
//	for range lines {
//		// …
//		task.Add(1)
//	}
//	task.Done()
//
// A nil [*Reporter] and a nil [*Task] say nothing, so that code under test takes the same path. What is shown is
// information for people: errors of the writer are ignored, and nothing of it belongs in a result. Everything is safe
// for concurrent use.
package progress

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Between plain lines of one task.
const (
	firstLine = 5 * time.Second
	nextLine  = 30 * time.Second
)

// A Reporter shows how far tasks have come.
type Reporter struct {
	w        io.Writer
	terminal bool
	words    words

	mu  sync.Mutex
	bar *progressbar.ProgressBar // of the task that is shown on the terminal
}

// To returns a reporter that writes to w in the language lang, "fr" or otherwise English: with bars if w is a
// terminal that can show them, in plain lines if it is not. For a nil w it returns nil, which says nothing.
func To(w io.Writer, lang string) *Reporter {
	if w == nil {
		return nil
	}
	f, ok := w.(interface{ Fd() uintptr })
	return newReporter(w, lang, ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb")
}

func newReporter(w io.Writer, lang string, terminal bool) *Reporter {
	r := &Reporter{w: w, terminal: terminal, words: english}
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		r.words = french
	}
	return r
}

// Say writes a line, without disturbing a bar.
func (r *Reporter) Say(line string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.say(line)
}

// say writes a line; the caller holds the lock. Line ends and control characters in it become spaces.
func (r *Reporter) say(line string) {
	line = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, line)
	if r.bar != nil {
		_ = r.bar.Clear()
	}
	_, _ = fmt.Fprintln(r.w, line)
}

// Start shows a new task of total steps; 0 means that nobody knows how many. On a terminal one task at a time
// has the bar: the one that was started last.
func (r *Reporter) Start(label string, total int) *Task {
	if r == nil {
		return nil
	}
	now := time.Now()
	t := &Task{reporter: r, label: label, total: max(total, 0), start: now, due: now.Add(firstLine)}
	if !r.terminal {
		return t
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		_ = r.bar.Clear()
	}
	steps := t.total
	if steps == 0 {
		steps = -1
	}
	t.bar = progressbar.NewOptions(
		steps,
		progressbar.OptionSetWriter(r.w),
		progressbar.OptionSetDescription(label),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetRenderBlankState(false),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSpinnerType(14),
	)
	r.bar = t.bar
	return t
}

// A Task is a piece of work in steps.
type Task struct {
	reporter *Reporter
	label    string
	total    int // 0: unknown
	start    time.Time
	bar      *progressbar.ProgressBar

	// Guarded by the reporter's lock.
	done     int
	due      time.Time // of the next plain line
	finished bool
}

// Add says that n more steps are done.
func (t *Task) Add(n int) {
	if t == nil || n <= 0 {
		return
	}
	r := t.reporter
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.finished {
		return
	}
	t.done += n
	if t.bar != nil {
		if t.total == 0 || t.done < t.total { // at the end, Done takes the bar away
			_ = t.bar.Set(t.done)
		}
		return
	}
	if now := time.Now(); !now.Before(t.due) {
		t.due = now.Add(nextLine)
		r.say(t.underWay(now))
	}
}

// Done ends the task and leaves one line about it. Only the first call counts.
func (t *Task) Done() {
	if t == nil {
		return
	}
	r := t.reporter
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.finished {
		return
	}
	t.finished = true
	if t.bar != nil {
		_ = t.bar.Clear()
		_ = t.bar.Exit()
		if r.bar == t.bar {
			r.bar = nil
		}
	}
	line := t.label + ": " + r.words.number(t.done)
	if took := time.Since(t.start); took >= time.Second {
		line += " (" + took.Round(time.Second).String() + ")"
	}
	r.say(line)
}

// underWay is the line about a task that is not done.
func (t *Task) underWay(now time.Time) string {
	words := t.reporter.words
	if t.total == 0 {
		return t.label + ": " + words.number(t.done)
	}
	line := fmt.Sprintf("%s: %s / %s", t.label, words.number(t.done), words.number(t.total))
	if left := t.left(now); left > 0 {
		line += ", " + fmt.Sprintf(words.left, left)
	}
	return line
}

// left guesses how long the task will still take, from how long it has taken; to the second.
func (t *Task) left(now time.Time) time.Duration {
	if t.done <= 0 || t.done >= t.total {
		return 0
	}
	perStep := float64(now.Sub(t.start)) / float64(t.done)
	return time.Duration(perStep * float64(t.total-t.done)).Round(time.Second)
}

// words are what a language says.
type words struct {
	left      string // with the time
	thousands string
}

var (
	english = words{left: "about %s left", thousands: ","}
	french  = words{left: "encore %s environ", thousands: "\u202f"}
)

// number writes a number that is not negative.
func (w words) number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + w.thousands + s[i:]
	}
	return s
}
