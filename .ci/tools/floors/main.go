// Command floors checks that every package imports only from the floors below its own.
//
//	go run ./floors [directory of the repository]
//
// It prints one line for each import that breaks a rule, with file and line, and exits with 1 if there is one.
// Test files count like all others.
package main

import (
	"fmt"
	"os"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	violations, files, err := check(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "floors:", err)
		os.Exit(2)
	}
	for _, v := range violations {
		fmt.Println(v)
	}
	fmt.Printf("floors: %d files, %d violations\n", files, len(violations))
	if len(violations) > 0 {
		os.Exit(1)
	}
}
