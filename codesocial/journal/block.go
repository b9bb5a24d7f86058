package journal

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A block is the canonical JSON object
//
//	{"checkpoint":"…","records":[{…},{…}]}
//
// whose checkpoint (see checkpoint.go) covers every record up to the last one in the block. It is
// written and read by hand: reading refuses every other spelling of the same content.
const (
	blockStart   = `{"checkpoint":`
	blockRecords = `,"records":[`
	blockEnd     = `]}`
)

func appendBlock(b []byte, checkpoint string, records []byte) ([]byte, error) {
	b = append(b, blockStart...)
	b, err := canonical.AppendString(b, checkpoint)
	if err != nil {
		return nil, err
	}
	b = append(b, blockRecords...)
	b = append(b, records...)
	return append(b, blockEnd...), nil
}

// A decodedBlock is a block that has been read and hashed, not yet placed.
type decodedBlock struct {
	checkpoint string
	records    []Record
	leaves     []tlog.Hash
	values     [][]any // what each view's Decode made of each record
	viewErr    error   // the first error of a view's Decode
}

// A blockReader reads blocks; each goroutine has its own.
type blockReader struct {
	envelopes envelopeReader
}

func (br *blockReader) read(block []byte, views []View) (d decodedBlock, err error) {
	if len(block) > MaxBlockBytes {
		return d, fmt.Errorf("%d bytes: the limit is %d", len(block), MaxBlockBytes)
	}
	c := cutter{rest: block}
	c.literal(blockStart)
	if c.bad {
		return d, fmt.Errorf("block is not in canonical form: it begins with %.40q", block)
	}
	after, err := canonical.Skip(c.rest)
	if err != nil {
		return d, fmt.Errorf("block is not in canonical form: %w", err)
	}
	if err := canonical.Unmarshal(c.rest[:len(c.rest)-len(after)], &d.checkpoint); err != nil {
		return d, fmt.Errorf("checkpoint: %w", err)
	}
	c.rest = after
	c.literal(blockRecords)
	most := 1 + bytes.Count(c.rest, []byte(`},{"`))
	d.records, d.leaves = make([]Record, 0, most), make([]tlog.Hash, 0, most)
	for !c.bad {
		var r Record
		var leaf tlog.Hash
		if leaf, c.rest, err = br.envelopes.read(c.rest, &r); err != nil {
			return d, fmt.Errorf("record %d of the block: %w", len(d.records), err)
		}
		d.records, d.leaves = append(d.records, r), append(d.leaves, leaf)
		if !c.has(",") {
			break
		}
	}
	c.literal(blockEnd)
	if c.bad || len(c.rest) > 0 {
		return d, fmt.Errorf("block is not in canonical form after %d records", len(d.records))
	}
	d.values, d.viewErr = decodeFor(views, d.records)
	return d, nil
}

// decodeFor lets every view read the records.
func decodeFor(views []View, records []Record) ([][]any, error) {
	values := make([][]any, len(views))
	for i, v := range views {
		for k := range records {
			value, err := v.Decode(&records[k])
			if err != nil {
				return nil, &viewError{records[k].Position, records[k].Kind, records[k].ID, err}
			}
			if value == nil {
				continue
			}
			if values[i] == nil {
				values[i] = make([]any, len(records))
			}
			values[i][k] = value
		}
	}
	return values, nil
}

// A viewError names the record that a view refuses.
type viewError struct {
	position uint64
	kind     string
	id       uuid.UUID
	err      error
}

func (e *viewError) Error() string {
	return fmt.Sprintf("journal: record %d (%s %s): %v", e.position, e.kind, e.id, e.err)
}

func (e *viewError) Unwrap() error { return e.err }

// applyTo folds the records into the views, record by record.
func applyTo(views []View, records []Record, values [][]any) error {
	for k := range records {
		for i, v := range views {
			if values[i] == nil || values[i][k] == nil {
				continue
			}
			if err := v.Apply(&records[k], values[i][k]); err != nil {
				return &viewError{records[k].Position, records[k].Kind, records[k].ID, err}
			}
		}
	}
	return nil
}
