// Quickstart plays one year of a commons on your machine: a social code is adopted and signed, members are admitted,
// contributions and money are recorded in a durable journal, what was earned is shared to the cent, and everything is written
// down for people and for programs.
//
//	go run ./examples/quickstart                                  the year of an invented commons
//	go run ./examples/quickstart -contributions hours.csv -money cash.csv -charter ours.json
//	go run ./examples/quickstart -git ~/src/project -pool 10000   shares 10 000.00 among the authors of a repository
//	go run ./examples/quickstart -verify commons                  checks a directory from its files alone
//
// It writes into one directory (-dir): the journal (commons.sqlite), who gets what (distribution.csv), why (explain.md, and in
// French explain.fr.md), the same facts as linked data (commons.jsonld, commons.nq), the journal's signed checkpoint and public
// key (checkpoint.txt, verifier-key.txt) and pictures (matrix, waterfall and shares, each .svg and .fr.svg). Running it
// again completes what is missing and doubles nothing.
//
// It plays all the parts, so it makes and keeps everybody's keys, from the seed in the file "seed" of that directory. In an
// organisation, each member keeps a key of their own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/shopspring/decimal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

const usage = `Plays one year of a commons: a social code is adopted, contributions and money are recorded, what was earned is shared to the cent, and every
amount is explained.

  go run ./examples/quickstart                                  the year of an invented commons
  go run ./examples/quickstart -contributions hours.csv -money cash.csv [-charter ours.json]
  go run ./examples/quickstart -git ~/src/project -pool 10000   shares 10 000.00 among the authors of a repository
  go run ./examples/quickstart -verify commons                  checks a directory from its files alone

The first line of a CSV file names its columns, in English or French: for contributions person, project, date and quantity (hours), and as needed
kind, unit, organization, "validated by"; for money date, project, type (receipt or expense) and amount excluding VAT, and as needed introducer.

`

// config is what the command line asks for.
type config struct {
	dir           string
	charter       string
	contributions string
	money         string
	git           string
	pool          string
	verify        string
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var c config
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&c.dir, "dir", "./commons", "write into this `directory`")
	flags.StringVar(&c.charter, "charter", "", "a social code of your own, a JSON `file` (default: the one of the invented commons)")
	flags.StringVar(&c.contributions, "contributions", "", "contributions of your own, a CSV `file` as a timesheet tool exports it")
	flags.StringVar(&c.money, "money", "", "receipts and expenses of your own, a CSV `file`")
	flags.StringVar(&c.git, "git", "", "take the history of the git repository at `path` as contributions; needs -pool")
	flags.StringVar(&c.pool, "pool", "", "the `amount` in EUR to share among the authors of -git")
	flags.StringVar(&c.verify, "verify", "", "check the files in this `directory`, and write nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: all inputs are given by flags, see -help", flags.Arg(0))
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if err := c.check(given); err != nil {
		return err
	}
	if c.verify != "" {
		return verify(ctx, c.verify, stdout)
	}
	p, err := c.plan(ctx, stderr)
	if err != nil {
		return err
	}
	return build(ctx, c.dir, p, stdout, stderr)
}

func (c *config) check(given map[string]bool) error {
	switch {
	case given["verify"] && len(given) > 1:
		return errors.New("-verify stands alone: it checks a directory and writes nothing")
	case given["verify"] && c.verify == "":
		return errors.New("-verify needs the directory to check")
	case given["git"] && (given["contributions"] || given["money"] || given["charter"]):
		return errors.New("-git takes its contributions from the history and its rules with it: leave out -contributions, -money and -charter")
	case given["pool"] && !given["git"]:
		return errors.New("-pool is the amount to share among the authors of -git: give both")
	case given["git"] && !given["pool"]:
		return errors.New("-git needs -pool, the amount in EUR to share, as in -pool 10000")
	case given["contributions"] != given["money"]:
		return errors.New("-contributions and -money belong together: people and projects of one are those of the other")
	case c.dir == "":
		return errors.New("-dir must name a directory")
	}
	return nil
}

// plan reads all inputs and checks them; nothing has been written when it returns an error.
func (c *config) plan(ctx context.Context, progress io.Writer) (*plan, error) {
	if c.git != "" {
		pool, err := decimal.NewFromString(c.pool)
		if err != nil || pool.Sign() <= 0 || pool.Exponent() < -2 || pool.GreaterThanOrEqual(decimal.New(1, 12)) {
			return nil, fmt.Errorf("-pool %q: must be a positive amount with at most two decimals, below 10^12, as in 10000 or 9999.50", c.pool)
		}
		return planGit(ctx, c.git, pool, progress)
	}
	return planFiles(c.charter, c.contributions, c.money)
}

// names of the files in the directory.
const (
	journalFile    = "commons.sqlite"
	seedFile       = "seed"
	inputsFile     = "inputs.txt"
	checkpointFile = "checkpoint.txt"
	keyFile        = "verifier-key.txt"
)

func in(dir, name string) string { return filepath.Join(dir, name) }
