package ledger

// What package freeze says of the books: memory of which a snapshot would make two, where two of them differ, and the fields that are no part of a snapshot.
var (
	CheckBooks     = booksFrozen.Check
	BooksDiffer    = booksFrozen.Differ
	LeftOutOfBooks = booksFrozen.Left
)
