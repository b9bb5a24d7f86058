package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// maxLine is the longest line that a test may print, in bytes.
const maxLine = 64 << 20

// An event is one line of "go test -json" (see go doc test2json); lines about builds carry ImportPath.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

// result is what became of all tests. A sub-test is a test.
type result struct {
	passed, failed, skipped int
	packagesFailed          int
}

// good reports whether there were tests, and all of them ran and passed.
func (r result) good() bool {
	return r.passed > 0 && r.failed == 0 && r.skipped == 0 && r.packagesFailed == 0
}

// read reads events to the end of in and writes the report to out.
func read(in io.Reader, out io.Writer) (result, error) {
	var r result
	type key struct{ pkg, test string }
	said := make(map[key]*strings.Builder)
	builds := make(map[string]*strings.Builder) // by import path
	say := func(k key, text string) {
		if said[k] == nil {
			said[k] = new(strings.Builder)
		}
		said[k].WriteString(text)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Action == "" {
			fmt.Fprintln(out, lines.Text()) // not an event: somebody printed it
			continue
		}
		k := key{e.Package, e.Test}
		switch e.Action {
		case "output":
			say(k, e.Output)
		case "build-output":
			if builds[e.ImportPath] == nil {
				builds[e.ImportPath] = new(strings.Builder)
			}
			builds[e.ImportPath].WriteString(e.Output)
		case "build-fail":
			if text := builds[e.ImportPath]; text != nil {
				fmt.Fprint(out, text.String())
			}
		case "pass", "fail", "skip":
			text := ""
			if said[k] != nil {
				text = said[k].String()
			}
			delete(said, k)
			if e.Test == "" {
				switch e.Action {
				case "pass":
					fmt.Fprintf(out, "ok    %s  %.1fs\n", e.Package, e.Elapsed)
				case "fail":
					r.packagesFailed++
					fmt.Fprintf(out, "FAIL  %s\n%s", e.Package, indent(text))
				}
				continue
			}
			switch e.Action {
			case "pass":
				r.passed++
			case "fail":
				r.failed++
				fmt.Fprintf(out, "FAIL  %s %s\n%s", e.Package, e.Test, indent(text))
			case "skip":
				r.skipped++
				fmt.Fprintf(out, "SKIP  %s %s\n%s", e.Package, e.Test, indent(text))
			}
		}
	}
	if err := lines.Err(); err != nil {
		return r, err
	}
	if r.packagesFailed > 0 {
		fmt.Fprintf(out, "%d packages failed\n", r.packagesFailed)
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r, nil
}

// indent moves each line that says something to the right.
func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "=== ") {
			continue
		}
		b.WriteString("      ")
		b.WriteString(strings.TrimSuffix(line, "\n"))
		b.WriteByte('\n')
	}
	return b.String()
}
