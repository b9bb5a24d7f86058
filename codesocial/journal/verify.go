package journal

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A Report says what [Verify] found.
type Report struct {
	Origin      string
	Blocks      uint64
	Records     uint64
	Erased      uint64    // records whose payload has been erased
	Signed      uint64    // records that carry an author's signature; checking those needs the authors' keys
	Root        tlog.Hash // of the Merkle tree over all records
	First, Last time.Time // recorded times of the first and last record, UTC; zero when there is none
	Checkpoint  []byte    // the last one, whose signature was verified
	Held        uint64    // number of records that the caller's checkpoint covers; 0 when none was given
}

// String says in one paragraph what was checked.
func (r *Report) String() string {
	s := fmt.Sprintf("journal %s: %d records in %d blocks, recorded from %s to %s; root %s; every record is in its place and unchanged under the key's last checkpoint",
		r.Origin, r.Records, r.Blocks, r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339), base64.StdEncoding.EncodeToString(r.Root[:]))
	if r.Held > 0 {
		s += fmt.Sprintf("; it continues the checkpoint held, which covers %d records", r.Held)
	}
	if r.Erased > 0 {
		s += fmt.Sprintf("; %d payloads were erased", r.Erased)
	}
	return s
}

// VerifyOptions are the settings of [Verify] that have a default. A nil *VerifyOptions is all defaults.
type VerifyOptions struct {
	// Checkpoint is one that the verifier has kept: the journal must hold at least what it covers,
	// unchanged. Without one, a tail that was cut off together with its checkpoint cannot be seen.
	Checkpoint []byte
	// Record, if set, is called with every record in order; its error ends the verification. The payload
	// may share memory with its whole block.
	Record func(r *Record) error
}

// Verify reads a store from end to end and checks everything that can be checked with nothing but the journal's
// public key, in the text form that [Signer.VerifierKey] returns: that each block is in canonical form, each
// record in its place and the one that was signed, each checkpoint the right one for its block and chained to the
// one before, and the last one signed by the key; and that each payload which is gone was erased by a record that says so. It writes nothing.
//
// Its errors are those of [Open]. What it does not check: the authors' signatures on their records, for
// which it would need to know the members, and whether what the records say is true.
func Verify(ctx context.Context, store Store, verifierKey string, opts *VerifyOptions) (*Report, error) {
	if opts == nil {
		opts = &VerifyOptions{}
	}
	verifier, err := newVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	j := newJournal(store, verifier, nil)
	report := &Report{Origin: verifier.Name()}
	lost := make(lostPayloads)
	err = replay(ctx, store, 0, nil, func(n uint64, _ []byte, d *decodedBlock) error {
		if n == 0 {
			if err := j.checkOpened(d); err != nil {
				return err
			}
		}
		if err := j.chain.place(d); err != nil {
			return err
		}
		for i := range d.records {
			r := &d.records[i]
			if err := lost.note(n, r); err != nil {
				return err
			}
			if r.Erased() {
				report.Erased++
			}
			if r.Signature != nil {
				report.Signed++
			}
			if r.Position == 0 {
				report.First = r.Time
			}
			report.Last = r.Time
			if opts.Record != nil {
				if err := opts.Record(r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil && j.chain.blocks() == 0 {
		err = fmt.Errorf("%w: it is empty", ErrForeign)
	}
	if err == nil {
		err = j.chain.end()
	}
	if err == nil {
		err = lost.check(&j.chain)
	}
	if err == nil && opts.Checkpoint != nil {
		err = j.chain.extends(opts.Checkpoint)
	}
	if err == nil {
		report.Root, err = j.chain.tree.root(j.chain.tree.size)
	}
	if err != nil {
		return nil, err
	}
	if opts.Checkpoint != nil {
		held, err := openCheckpoint(opts.Checkpoint, verifier)
		if err != nil {
			return nil, err
		}
		report.Held = held.size
	}
	report.Blocks, report.Records = j.chain.blocks(), j.chain.tree.size
	report.Checkpoint = []byte(j.chain.checkpoint)
	return report, nil
}
