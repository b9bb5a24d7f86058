// Governance plays a year of an invented community that takes its own decisions: it adopts a social code, admits somebody, amends the code by
// consent with an objection that is integrated, elects without candidates, votes with a quorum that comes late, meets, reviews its code,
// and lets a part of it go its own way. What members would read is written down, in French and in English.
//
//	go run ./examples/governance            writes into ./governance
//	go run ./examples/governance -dir out
//
// For every decision there is a page; calendar.fr.ics and calendar.en.ics are what members subscribe to; dao/ holds the documents of
// DAOIP-2 for those outside. The program plays all the parts, so it holds everybody's keys; in an organisation each member keeps a
// key of their own. The journal stays in memory: examples/quickstart shows one that is kept.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "governance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("governance", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Plays a year of an invented commons that decides together, and writes each decision as a page for members, in French and English.\n\n  go run ./examples/governance [-dir directory]\n\n")
		flags.PrintDefaults()
	}
	dir := flags.String("dir", "./governance", "write into this `directory`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: the only input is -dir", flags.Arg(0))
	}
	if *dir == "" {
		return errors.New("-dir must name a directory")
	}
	y, err := play(ctx)
	if err != nil {
		return err
	}
	files, err := y.files()
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(*dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := paper.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
	}
	for _, step := range y.steps {
		fmt.Fprintf(stdout, "%s  %s\n", step.on, step.title["en"])
	}
	fmt.Fprintf(stdout, "%d files in %s; begin with year.en.md or year.fr.md\n", len(files), *dir)
	return nil
}
