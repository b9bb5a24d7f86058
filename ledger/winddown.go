package ledger

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial"
)

// CheckWindDown refuses to clear a project that is wound down, to release its works and to close it, while a claim on it in the books is neither fulfilled nor cancelled: creditors
// come first. Hand it over when the community is opened, as codesocial.WindDownCheck; the books follow:
//
//	var books *ledger.Books
//	community, err := codesocial.Open(ctx, j, ledger.Checks(), codesocial.WindDownCheck(func(m codesocial.WindDownStep) error { return books.CheckWindDown(m) }))
//	l, err := ledger.Open(ctx, community)
//	books = l.Books()
//
// What accounts of parties show is left to their holders: a balance is of all projects together. The error wraps codesocial.ErrRefused and names the first claim, or [ErrState] as
// long as there are no books.
func (b *Books) CheckWindDown(m codesocial.WindDownStep) error {
	if m.Event != codesocial.WindDownClear && m.Event != codesocial.WindDownRelease && m.Event != codesocial.WindDownClose {
		return nil
	}
	if b == nil {
		return fmt.Errorf("ledger: winding down: %w", bad(ErrState, "project", m.Project, "the books are not open yet"))
	}
	for _, c := range b.Commitments(Filter{Project: m.Project, Kind: string(Claim)}) {
		if c.Status == Outstanding {
			return fmt.Errorf("ledger: winding down of %s: %w", quote(m.Project), bad(codesocial.ErrRefused, "event", string(m.Event), "%s are left of the claim %s of %s", c.Left, c.ID, c.Party))
		}
	}
	return nil
}
