package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/commonstocommons/codesocial/examples/internal/paper"
	"github.com/commonstocommons/codesocial/examples/quickstart/internal/progress"
	"github.com/commonstocommons/codesocial/ledger"
)

// build records the plan in the directory and writes all outputs.
func build(ctx context.Context, dir string, p *plan, stdout, stderr io.Writer) (err error) {
	if err := rehearse(ctx, p); err != nil {
		return err
	}
	c, err := openCommons(ctx, dir, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	step := func(format string, args ...any) { fmt.Fprintf(stdout, "  "+format+"\n", args...) }
	fmt.Fprintf(stdout, "%s\n", p.title)
	if err := c.record(ctx, step, progress.To(stderr, "en")); err != nil {
		return err
	}
	files, y, err := c.outputs()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := paper.WriteFile(in(dir, f.name), f.content, 0o644); err != nil {
			return err
		}
	}
	step("journal: %d records, checkpoint signed", c.journal.Size())
	y.summary(stdout)
	fmt.Fprintf(stdout, "\nEverything is in %s. Read %s first; check it all with: go run ./examples/quickstart -verify %s\n", dir, in(dir, "explain.md"), dir)
	return nil
}

// outputs makes all files.
func (c *commons) outputs() (files []file, y *year, err error) {
	state := c.community.State()
	readErr := c.ledger.Read(func(books *ledger.Books) {
		if y, err = newYear(state, books, c.plan.sample); err == nil {
			files, err = y.outputs()
		}
	})
	if err := errors.Join(readErr, err); err != nil {
		return nil, nil, err
	}
	return append(files, file{checkpointFile, c.journal.Checkpoint()}, file{keyFile, []byte(c.signer.VerifierKey() + "\n")}), y, nil
}

// summaryRows is how many recipients are shown on the terminal.
const summaryRows = 10

// summary shows who gets what.
func (y *year) summary(w io.Writer) {
	fmt.Fprintln(w)
	for i, r := range y.recipients {
		if i == summaryRows {
			fmt.Fprintf(w, "  … and %d more, see distribution.csv\n", len(y.recipients)-i)
			break
		}
		fmt.Fprintf(w, "  %14s %s  %s\n", r.amount.StringFixed(y.places()), y.currency(), r.name)
	}
	for _, r := range y.funds {
		fmt.Fprintf(w, "  %14s %s  fund %s\n", r.amount.StringFixed(y.places()), y.currency(), y.fundName(r.id, "en"))
	}
}
