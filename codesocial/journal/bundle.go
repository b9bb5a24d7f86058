package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on what [VerifyBundle] reads.
const (
	MaxBundleBytes = 1 << 30
	maxProof       = 64 // hashes of one inclusion proof
)

// ErrBundle refuses a bundle that is malformed, or that does not prove what it says.
var ErrBundle = errors.New("journal: bundle")

// A bundle is the canonical JSON object
//
//	{"checkpoint":"…","format":1,"records":[{"proof":["…",…],"record":{…}},…],"verifier":"…"}
//
// with records as they stand in a block, each with the hashes (base64) that prove it to be in the tree of the checkpoint. A bundle of all
// records, from 0 to the size of the checkpoint, needs no proofs: the tree is computed from the records.
type bundle struct {
	Checkpoint string         `json:"checkpoint"`
	Format     int            `json:"format"`
	Records    []bundleRecord `json:"records"`
	Verifier   string         `json:"verifier"`
}

type bundleRecord struct {
	Proof  [][]byte      `json:"proof,omitempty"`
	Record canonical.Raw `json:"record"`
}

// Bundle writes records, the checkpoint of the journal as it is now and the public key into one document that [VerifyBundle] checks offline,
// without the journal: to hand one member what concerns her, or an auditor everything. Without positions it holds all
// records; positions are brought into order, doubles left out.
func (j *Journal) Bundle(ctx context.Context, positions ...uint64) ([]byte, error) {
	j.mu.RLock()
	b := bundle{Checkpoint: j.chain.checkpoint, Format: Format, Verifier: j.verifierKey}
	size := j.chain.tree.size
	j.mu.RUnlock()
	whole := len(positions) == 0
	if !whole {
		positions = slices.Compact(slices.Sorted(slices.Values(positions)))
		whole = uint64(len(positions)) == size
		if last := positions[len(positions)-1]; last >= size {
			return nil, fmt.Errorf("journal: bundle: position %d: the journal has %d records", last, size)
		}
	}
	add := func(r *Record) error {
		if r.Position >= size {
			return nil
		}
		envelope, _ := r.appendEnvelope(nil)
		item := bundleRecord{Record: envelope}
		if !whole {
			proof, err := j.ProveInclusion(r.Position, size)
			if err != nil {
				return err
			}
			for _, h := range proof {
				item.Proof = append(item.Proof, h[:])
			}
		}
		b.Records = append(b.Records, item)
		return nil
	}
	if whole {
		for r, err := range j.Records(ctx, 0) {
			if err != nil {
				return nil, err
			}
			if err := add(&r); err != nil {
				return nil, err
			}
		}
		return canonical.Marshal(b)
	}
	var records []Record
	for _, p := range positions {
		if len(records) == 0 || p > records[len(records)-1].Position {
			var err error
			if records, err = j.block(ctx, p); err != nil {
				return nil, err
			}
		}
		if err := add(&records[p-records[0].Position]); err != nil {
			return nil, err
		}
	}
	return canonical.Marshal(b)
}

// A BundleReport says what a bundle proves.
type BundleReport struct {
	Origin  string
	Head    Head     // the journal when the bundle was made
	Records []Record // those in the bundle, in order, each proven to be in the journal at its position
	Whole   bool     // the bundle holds every record of the journal up to Head.Size
}

// VerifyBundle checks a bundle with nothing but the journal's public key, in the text form that [Signer.VerifierKey] returns: that its
// checkpoint is signed by that key, and that every record in it stands in the journal at its position, unchanged. The key
// in the bundle must be the same; it is there so that a reader knows which one to ask for.
//
// What a bundle does not prove: that there are no other records, and that a payload which is gone was erased by a record that says so, unless it is whole; the authors' signatures (see
// [Record.VerifySignature]); that no later checkpoint exists.
func VerifyBundle(data []byte, verifierKey string) (*BundleReport, error) {
	if len(data) > MaxBundleBytes {
		return nil, fmt.Errorf("%w: %d bytes: the limit is %d", ErrBundle, len(data), MaxBundleBytes)
	}
	var b bundle
	if err := canonical.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	verifier, err := newVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Format != Format:
		return nil, fmt.Errorf("%w: format %d: this version knows %d", ErrBundle, b.Format, Format)
	case b.Verifier != verifierKey:
		return nil, fmt.Errorf("%w: verifier %.100q: is not the key given", ErrBundle, b.Verifier)
	}
	c, err := openCheckpoint([]byte(b.Checkpoint), verifier)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	report := &BundleReport{Origin: verifier.Name(), Head: Head{c.size, c.root}, Records: make([]Record, len(b.Records))}
	report.Whole = uint64(len(b.Records)) == c.size
	var envelopes envelopeReader
	var t tree
	lost := make(lostPayloads)
	for i := range b.Records {
		r := &report.Records[i]
		leaf, rest, err := envelopes.read(b.Records[i].Record, r)
		if err == nil && len(rest) > 0 {
			err = errEnvelope
		}
		if err != nil {
			return nil, fmt.Errorf("%w: record %d: %w", ErrBundle, i, err)
		}
		if i > 0 && r.Position <= report.Records[i-1].Position {
			return nil, fmt.Errorf("%w: record %d: position %d is out of order", ErrBundle, i, r.Position)
		}
		if report.Whole {
			if err := lost.note(r.Position, r); err != nil {
				return nil, fmt.Errorf("%w: record %d: %w", ErrBundle, i, err)
			}
			if r.Position != uint64(i) || len(b.Records[i].Proof) > 0 {
				return nil, fmt.Errorf("%w: record %d: position %d, and a proof of %d hashes, in a bundle of all records", ErrBundle, i, r.Position, len(b.Records[i].Proof))
			}
			t.add(leaf)
			continue
		}
		if err := b.Records[i].check(report.Head, r.Position, leaf); err != nil {
			return nil, fmt.Errorf("%w: record %d: %w", ErrBundle, i, err)
		}
	}
	if position, ok := lost.first(); ok {
		return nil, fmt.Errorf("%w: %s", ErrBundle, goneReason(position))
	}
	if report.Whole && c.size > 0 {
		root, err := t.root(t.size)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(root[:], c.root[:]) {
			return nil, fmt.Errorf("%w: its %d records are not those that the checkpoint covers", ErrBundle, len(b.Records))
		}
	}
	return report, nil
}

func (r *bundleRecord) check(head Head, position uint64, leaf tlog.Hash) error {
	if len(r.Proof) > maxProof {
		return fmt.Errorf("proof of %d hashes: the limit is %d", len(r.Proof), maxProof)
	}
	proof := make([]tlog.Hash, len(r.Proof))
	for i, h := range r.Proof {
		if len(h) != len(proof[i]) {
			return fmt.Errorf("proof[%d] of %d bytes: must be %d", i, len(h), len(proof[i]))
		}
		copy(proof[i][:], h)
	}
	return CheckInclusion(proof, head, position, leaf)
}
