// Command report reads the output of "go test -json" and prints what a person wants to know: a line for each
// package, everything that a failed or skipped test said, and a closing line
//
//	123 passed, 0 failed, 0 skipped
//
// It exits with 1 if a test failed or was skipped, if a package did not build, or if there was no test at all: a
// test that does not run protects nothing.
package main

import (
	"fmt"
	"os"
)

func main() {
	r, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(2)
	}
	if !r.good() {
		os.Exit(1)
	}
}
