package codesocial

import (
	"context"
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// An AuthorReport says what [VerifyAuthors] has checked.
type AuthorReport struct {
	Records uint64 // all records of the journal
	Signed  uint64 // those with an author's signature, all of them valid
}

// checkAuthor checks the author's signature on a record, under the key that is valid at its position.
func (s *State) checkAuthor(r *journal.Record) error {
	if len(r.Signature) == 0 {
		return nil
	}
	if _, ok := s.parties[r.Author]; !ok {
		return bad(ErrUnknown, "author", r.Author, "has signed and is not a registered party")
	}
	key := s.keys[r.Author]
	if key.IsZero() {
		return bad(ErrSignature, "author", r.Author, "has signed and has no registered key")
	}
	if err := r.VerifySignature(key.Ed25519()); err != nil {
		return fmt.Errorf("author %s: %w: %w", quote(r.Author), ErrSignature, err)
	}
	return nil
}

// VerifyAuthors reads the whole journal again and checks every author's signature, each under the key
// that was registered when it was recorded, and with them every act of this package against the rules of
// the game of its time. It needs nothing but the journal, which may be read-only, and the guard where there are measures. The error names the first record that
// fails. Linear in the size of the journal; a signature costs about as much as fifty unsigned records.
func VerifyAuthors(ctx context.Context, j *journal.Journal, opts ...Option) (AuthorReport, error) {
	s, _ := newState(opts)
	records := uint64(0)
	for r, err := range j.Records(ctx, 0) {
		if err != nil {
			return AuthorReport{}, err
		}
		v, err := s.Decode(&r)
		if err == nil && v != nil {
			err = s.Apply(&r, v)
		}
		if err != nil {
			return AuthorReport{}, errorf("record %d: %w", r.Position, err)
		}
		records++
	}
	return AuthorReport{Records: records, Signed: s.signed}, nil
}
