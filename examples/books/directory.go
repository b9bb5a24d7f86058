package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/ledger"
)

// readBooks calls read with the books of a directory that quickstart made. The journal is checked against its key and its checkpoint, and
// opened for reading only.
func readBooks(ctx context.Context, dir string, read func(*codesocial.State, *ledger.Books) error) (err error) {
	file := func(name string) string { return filepath.Join(dir, name) }
	key, err := os.ReadFile(file("verifier-key.txt"))
	if err != nil {
		return fmt.Errorf("%w (is %s a directory that quickstart made?)", err, dir)
	}
	checkpoint, err := os.ReadFile(file("checkpoint.txt"))
	if err != nil {
		return err
	}
	store, err := sqlitejournal.Open(ctx, file("commons.sqlite"), &sqlitejournal.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	j, err := journal.OpenReadOnly(ctx, store, strings.TrimSpace(string(key)), &journal.Options{Checkpoint: checkpoint})
	if err != nil {
		return err
	}
	community, err := codesocial.Open(ctx, j)
	if err != nil {
		return err
	}
	books, err := ledger.Open(ctx, community)
	if err != nil {
		return err
	}
	var failed error
	if err := books.Read(func(b *ledger.Books) { failed = read(community.State(), b) }); err != nil {
		return err
	}
	return failed
}

// period are the days that a command is about.
type period struct {
	from, to string
}

func (c *call) period() *period {
	var p period
	c.flags.StringVar(&p.from, "from", "", "the first `day`, as in 2025-01-01 (default: a year before the closing)")
	c.flags.StringVar(&p.to, "closing", "", "the last `day`, as in 2025-12-31 (default: the end of the last year that has entries)")
	return &p
}

// days returns the first and the last day.
func (p *period) days(b *ledger.Books) (from, to codesocial.Date, err error) {
	if p.to == "" {
		for _, t := range b.Transactions(ledger.Filter{}) {
			if end := (codesocial.Date{Year: t.On.Year, Month: 12, Day: 31}); end.After(to) {
				to = end
			}
		}
		if to.IsZero() {
			return from, to, errors.New("the books have no entries: give -from and -closing")
		}
	} else if to, err = codesocial.ParseDate(p.to); err != nil {
		return from, to, fmt.Errorf("-closing: %w", err)
	}
	if p.from == "" {
		return to.AddDays(1).AddMonths(-12), to, nil
	}
	if from, err = codesocial.ParseDate(p.from); err != nil {
		return from, to, fmt.Errorf("-from: %w", err)
	}
	if from.After(to) {
		return from, to, fmt.Errorf("-from %s: is after the last day, %s", from, to)
	}
	return from, to, nil
}
