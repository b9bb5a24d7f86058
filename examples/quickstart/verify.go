package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/ledger"
)

// verify checks a directory from its files alone, says what it checked, and writes nothing.
func verify(ctx context.Context, dir string, stdout io.Writer) (err error) {
	say := func(format string, args ...any) { fmt.Fprintf(stdout, "ok  "+format+"\n", args...) }
	key, err := os.ReadFile(in(dir, keyFile))
	if err != nil {
		return err
	}
	verifierKey := strings.TrimSpace(string(key))
	held, err := os.ReadFile(in(dir, checkpointFile))
	if err != nil {
		return err
	}
	store, err := sqlitejournal.Open(ctx, in(dir, journalFile), &sqlitejournal.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	report, err := journal.Verify(ctx, store, verifierKey, &journal.VerifyOptions{Checkpoint: held})
	if err != nil {
		return err
	}
	say("journal %s: %d records in %d blocks, each in its place and unchanged", report.Origin, report.Records, report.Blocks)
	say("checkpoint.txt: signed by the key in %s, covers %d records, and the journal continues it", keyFile, report.Held)

	j, err := journal.OpenReadOnly(ctx, store, verifierKey, &journal.Options{Checkpoint: held})
	if err != nil {
		return err
	}
	community, err := codesocial.Open(ctx, j)
	if err != nil {
		return err
	}
	if err := sayCommunity(community, say); err != nil {
		return err
	}
	authors, err := codesocial.VerifyAuthors(ctx, j)
	if err != nil {
		return err
	}
	say("records that their authors signed: %d, each checked", authors.Signed)
	audit, err := ledger.Audit(ctx, j)
	if err != nil {
		return err
	}
	say("books: %d contributions (%d validated by somebody else), %d receipts, %d expenses, folded afresh", audit.Contributions, audit.Validated, audit.Receipts, audit.Expenses)
	for _, currency := range slices.Sorted(maps.Keys(audit.Shared)) {
		say("distributions: %d, each computed again from the records with the same result; %s %s shared", audit.Distributions, audit.Shared[currency], currency)
	}
	books, err := ledger.Open(ctx, community)
	if err != nil {
		return err
	}
	return verifyOutputs(dir, community, books, say)
}

func sayCommunity(community *codesocial.Community, say func(string, ...any)) error {
	return community.Read(func(s *codesocial.State) {
		for _, v := range s.Versions() {
			say("charter version %d, %s: founders who signed: %d, required: %d", v.Charter.Version(), v.Charter.Hash(), len(v.Adoption.Signatures), v.Charter.Threshold())
		}
		members, signed := 0, 0
		for m := range s.Members() {
			members++
			if m.Signed {
				signed++
			}
		}
		say("members: %d, of whom %d signed that they accept the charter", members, signed)
	})
}

// verifyOutputs makes every output again from the journal and compares it with the file.
func verifyOutputs(dir string, community *codesocial.Community, books *ledger.Ledger, say func(string, ...any)) error {
	invented := false
	if s, err := readSeed(dir); err == nil { // the seed may be kept elsewhere
		invented = string(s) == string(sampleSeed)
	}
	var files []file
	var err error
	readErr := books.Read(func(b *ledger.Books) {
		var y *year
		if y, err = newYear(community.State(), b, invented); err == nil {
			files, err = y.outputs()
		}
	})
	if err := errors.Join(readErr, err); err != nil {
		return err
	}
	for _, f := range files {
		content, err := os.ReadFile(in(dir, f.name))
		if err != nil {
			return err
		}
		if string(content) != string(f.content) {
			return fmt.Errorf("%s is not what follows from the journal: it has been changed, or another version of quickstart wrote it", in(dir, f.name))
		}
	}
	say("%d output files: each is exactly what follows from the journal", len(files))
	return nil
}
