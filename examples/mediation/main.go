// Command mediation plays five cases from end to end in an invented community and writes each as the file that a lawyer would be given, in
// French and in English:
//
//  1. a tension settled by dialogue;
//  2. a mediation whose agreement is not kept, comes back, and holds;
//  3. a mediator who steps back;
//  4. a project that is excluded, and restored on appeal;
//  5. an abusive complaint.
//
// Run it with
//
//	go run ./examples/mediation
//
// Everything happens in memory; what is said in confidence is encrypted with age for those who may read it. All people, words and dates are
// invented.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	dir := flag.String("dir", "./cases", "write into this `directory`")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "Plays five invented cases from end to end, and writes each as the file that a lawyer would be given, in French and English.\n\n  go run ./examples/mediation [-dir directory]\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	err := errors.New("-dir must name a directory")
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q: the only input is -dir", flag.Arg(0))
	case *dir != "":
		err = run(context.Background(), *dir, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mediation:", err)
		os.Exit(1)
	}
}

// run plays the cases and writes their files into a directory, and what the community learns to w.
func run(ctx context.Context, dir string, w io.Writer) error {
	files, lessons, err := play(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintln(w, path)
	}
	_, err = fmt.Fprint(w, lessons)
	return err
}
