package ledger

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

// booksVersion is counted up when a record comes to mean something else to the Books, or a field of them does. A field that comes, goes or changes its type needs
// no count: see package freeze.
const booksVersion = 1

var booksFrozen = freeze.Of[Books]()

// Form implements journal.Snapshotter.
func (b *Books) Form() (name string, version int) { return "ledger.books", booksVersion }

// MarshalBinary implements journal.Snapshotter.
func (b *Books) MarshalBinary() ([]byte, error) {
	data, err := booksFrozen.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("ledger: books: %w", err)
	}
	return data, nil
}

// UnmarshalBinary implements journal.Snapshotter. The state of the community that the books were made for may be older or younger than the snapshot. After an
// error the books are empty.
func (b *Books) UnmarshalBinary(data []byte) error {
	if err := booksFrozen.Unmarshal(data, b); err != nil {
		b.Reset()
		return fmt.Errorf("ledger: books: %w", err)
	}
	b.given.index = placesOf(len(b.given.all), b.given.idOf)
	b.money.index = placesOf(len(b.money.all), b.money.idOf)
	return nil
}
