// Verify walks a journal in an SQLite file from end to end, with nothing but its public key, and says what it found.
//
//	go run ./examples/verify -key commons/verifier-key.txt commons/commons.sqlite
//	go run ./examples/verify -key commons/verifier-key.txt -checkpoint commons/checkpoint.txt commons/commons.sqlite
//
// It checks that every record is in its place and the one that was signed; that the journal continues the checkpoint, if you have kept one
// from an earlier time; the signatures on the social code, of members who accepted it, and of authors on their records; and every distribution,
// computed again from the records before it. It writes nothing. When something does not hold it names the block or record at fault and
// exits with status 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/ledger"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "verify:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	keyFile := flags.String("key", "", "the `file` with the journal's public key (required)")
	checkpointFile := flags.String("checkpoint", "", "a `file` with a checkpoint that you have kept")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: verify -key FILE [-checkpoint FILE] JOURNAL.sqlite")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *keyFile == "" {
		flags.Usage()
		return flag.ErrHelp
	}
	key, err := os.ReadFile(*keyFile)
	if err != nil {
		return err
	}
	var held []byte
	if *checkpointFile != "" {
		if held, err = os.ReadFile(*checkpointFile); err != nil {
			return err
		}
	}
	store, err := sqlitejournal.Open(ctx, flags.Arg(0), &sqlitejournal.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return verify(ctx, store, strings.TrimSpace(string(key)), held, stdout)
}

// verify makes all checks and says after each what it found.
func verify(ctx context.Context, store journal.Store, key string, held []byte, stdout io.Writer) error {
	report, err := journal.Verify(ctx, store, key, &journal.VerifyOptions{Checkpoint: held})
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, report)
	if held == nil {
		fmt.Fprintln(stdout, "not checked: whether a tail was cut off together with its checkpoint; keep a checkpoint and give it with -checkpoint")
	}
	j, err := journal.OpenReadOnly(ctx, store, key, nil)
	if err != nil {
		return err
	}
	authors, err := codesocial.VerifyAuthors(ctx, j)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "social code, membership and authors: %d records follow the rules of their time, %d of them signed by their authors\n", authors.Records, authors.Signed)
	audit, err := ledger.Audit(ctx, j)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "books: %d contributions, %d receipts, %d expenses; %d distributions computed again with the same result\n",
		audit.Contributions, audit.Receipts, audit.Expenses, audit.Distributions)
	fmt.Fprintln(stdout, "not checked, because no computation can: whether what the records say is true")
	return nil
}
