// Books reads and writes the files that accountants, tax offices and banks use.
//
//	go run ./examples/books fec check 552100554FEC20251231.txt        what is wrong with a FEC, and its totals
//	go run ./examples/books balance year.journal                      balances of a file of hledger, ledger or beancount
//	go run ./examples/books export -format beancount commons          the books of a quickstart directory
//	go run ./examples/books export -format fec -siren 552100554 -closing 2025-12-31 commons
//	go run ./examples/books statement -person "Awa Sidibé" commons    what somebody gave and received in the year
//	go run ./examples/books timesheet hours.csv                       what a timesheet of Toggl, Clockify, Kimai … says
//	go run ./examples/books bank statement.csv                        what a bank's statement says
//
// It never changes what it reads; what it makes goes to standard output, or to a new file (-o). When something is wrong it says what and where, and
// exits with status 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "books:", err)
		os.Exit(1)
	}
}

// A command is one of those of the program.
type command struct {
	name  string
	usage string // of its arguments
	help  string // in one line
	run   func(ctx context.Context, c *call) error
}

var commands = []command{
	{"fec check", "[-lang fr|en] FILE", "check a file of accounting entries (FEC): lines, entries, totals, every violation", fecCheck},
	{"balance", "[-format hledger|ledger|beancount] FILE", "add up a file of plain-text accounting, account by account", balance},
	{"export", "-format fec|hledger|ledger|beancount [options] DIR", "write the books of a directory that quickstart made", export},
	{"statement", "-person NAME [options] DIR", "write what one person gave and received", statement},
	{"timesheet", "[-map FIELD=COLUMN,...] [-o FILE] FILE", "check a timesheet in CSV, and write it in one form", timesheet},
	{"bank", "[-map FIELD=COLUMN,...] [-o FILE] FILE", "check a bank statement, in CSV or XML (camt.053), and write it as a cash book", bank},
}

// A call is a command with its arguments.
type call struct {
	flags  *flag.FlagSet
	args   []string
	stdout io.Writer
}

// parse reads the flags, behind which one argument must stand.
func (c *call) parse() (argument string, err error) {
	if err := c.flags.Parse(c.args); err != nil {
		return "", err
	}
	if n := c.flags.NArg(); n != 1 {
		if n > 1 {
			fmt.Fprintf(c.flags.Output(), "one file or directory is named, behind the options: there are %d\n", n)
		}
		c.flags.Usage()
		return "", flag.ErrHelp
	}
	return c.flags.Arg(0), nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	for _, known := range commands {
		rest, ok := cutCommand(args, known.name)
		if !ok {
			continue
		}
		flags := flag.NewFlagSet("books "+known.name, flag.ContinueOnError)
		flags.SetOutput(stderr)
		flags.Usage = func() {
			fmt.Fprintf(stderr, "usage: books %s %s\n%s\n", known.name, known.usage, known.help)
			flags.PrintDefaults()
		}
		return known.run(ctx, &call{flags, rest, stdout})
	}
	if len(args) > 0 {
		fmt.Fprintf(stderr, "%q is no command\n", args[0])
	}
	fmt.Fprintln(stderr, "usage: books COMMAND ..., where the command is one of")
	for _, known := range commands {
		fmt.Fprintf(stderr, "  %-10s %s\n             %s\n", known.name, known.usage, known.help)
	}
	return flag.ErrHelp
}

// cutCommand cuts the words of a command off the arguments.
func cutCommand(args []string, name string) ([]string, bool) {
	words := 1
	if name == "fec check" {
		words = 2
	}
	if len(args) < words {
		return nil, false
	}
	given := args[0]
	if words == 2 {
		given += " " + args[1]
	}
	return args[words:], given == name
}

// writeTo calls write with the file of that name, which must be a new one, or with standard output for "". A file that could not be written wholly is
// taken away.
func (c *call) writeTo(name string, write func(io.Writer) error) error {
	if name == "" {
		return write(c.stdout)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
