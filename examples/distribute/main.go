// Distribute shares an amount among the people of a timesheet, as the rules in a file say, and shows the working.
//
//	go run ./examples/distribute -rules rules.json -contributions hours.csv -amount 10000 -costs 2000
//	go run ./examples/distribute -list                     the rules of communities that come with it
//	go run ./examples/distribute -community pavilion       one of them, on invented people
//	go run ./examples/distribute -whatif                   what everybody would have received under each of them
//
// It writes into one directory (-dir): who is paid what by which line and clause (payments.csv), why, in steps that can be
// computed again with a pocket calculator (explain.md, and in French explain.fr.md), and two pictures in both languages (shares and
// waterfall, each .svg and .fr.svg). The same input gives the same bytes. When something is wrong with an input, all that is
// wrong is listed with file, line and column, and nothing is written.
//
// README.md in this directory says how the files are made.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "distribute:", err)
		os.Exit(1)
	}
}

const usage = `Shares an amount among the people of a timesheet, by rules in a file, and shows the working.

  go run ./examples/distribute -rules rules.json -contributions hours.csv -amount 10000 [-costs 2000] [-dir out]
  go run ./examples/distribute -community pavilion
  go run ./examples/distribute -whatif

The contributions are a CSV file in UTF-8 with columns for person, project, date and quantity (hours, duration), and as needed for
kind, unit and "validated by"; names of columns may be English or French. The rules are a JSON file: copy one of those in
examples/distribute/communities and change it. examples/distribute/README.md explains both.

`

// config is what the command line asks for.
type config struct {
	rules         string
	contributions string
	amount        string
	costs         string
	project       string
	introducers   []string
	dir           string
	community     string
	list          bool
	whatif        bool
}

func run(args []string, stdout, stderr io.Writer) error {
	var c config
	flags := flag.NewFlagSet("distribute", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.rules, "rules", "", "the rules, a JSON `file`: see README.md; a whole social code will do, too")
	flags.StringVar(&c.contributions, "contributions", "", "who gave what, a CSV `file` as a timesheet tool exports it")
	flags.StringVar(&c.amount, "amount", "", "the `amount` received, excluding VAT, in the currency of the rules: 10000 or 9999.50")
	flags.StringVar(&c.costs, "costs", "", "the `amount` spent to earn it, taken off first (default 0)")
	flags.StringVar(&c.project, "project", "", "count the contributions to the project of this `name` only")
	flags.Func("introducer", "who introduced the customer, and for what amount: `\"name=amount\"`; may be given several times", func(s string) error {
		c.introducers = append(c.introducers, s)
		return nil
	})
	flags.StringVar(&c.dir, "dir", "", "write into this `directory` (default ./distribution, with -whatif ./whatif)")
	flags.StringVar(&c.community, "community", "", "run the rules of the community of this `name`, on its example; -list names them")
	flags.BoolVar(&c.list, "list", false, "list the communities, and write nothing")
	flags.BoolVar(&c.whatif, "whatif", false, "compare rules: what would everybody have received? By default in the year of the invented commons of quickstart")
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
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
	switch {
	case c.list:
		return list(stdout)
	case c.whatif:
		return whatif(&c, stdout)
	}
	return distribute(&c, stdout)
}

func (c *config) check(given map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch {
		case c.list && name != "list":
			return errors.New("-list stands alone: it writes nothing")
		case c.whatif && slices.Contains([]string{"community", "project", "introducer"}, name):
			return fmt.Errorf("-whatif compares all rules on all contributions: leave out -%s", name)
		}
	}
	if given["dir"] && strings.TrimSpace(c.dir) == "" {
		return errors.New("-dir must name a directory")
	}
	switch {
	case c.list:
	case c.whatif:
		if given["contributions"] != given["amount"] {
			return errors.New("-contributions and -amount belong together: what is shared is what these people earned")
		}
		if given["costs"] && !given["amount"] {
			return errors.New("-costs is taken off -amount: give both")
		}
		if given["rules"] && !given["contributions"] {
			return errors.New("-rules with -whatif needs -contributions and -amount: the invented year has rules of its own")
		}
		c.dir = cmp.Or(c.dir, "./whatif")
	case given["community"] && given["rules"]:
		return errors.New("-community brings its rules with it: leave out -rules")
	case given["community"]:
		if given["contributions"] != given["amount"] {
			return errors.New("-contributions and -amount belong together: give both, or neither to see the community's example")
		}
		if given["costs"] && !given["amount"] {
			return errors.New("-costs is taken off -amount: give both")
		}
		c.dir = cmp.Or(c.dir, "./distribution")
	default:
		for _, name := range []string{"rules", "contributions", "amount"} {
			if !given[name] {
				return fmt.Errorf("-%s is missing: distribute needs -rules, -contributions and -amount; or see -list, -community, -whatif and -help", name)
			}
		}
		c.dir = cmp.Or(c.dir, "./distribution")
	}
	return nil
}
