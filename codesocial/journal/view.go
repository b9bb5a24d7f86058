package journal

// A View is a deterministic fold over the journal: the members, the books, the catalogue. It is given to
// [Journal.Attach], which calls its methods; the state it builds is read within [Journal.Read] or
// within a decision.
//
// The same records in the same order always give the same state: a view uses no clock, no randomness and
// nothing from outside the records.
type View interface {
	// Decode reads from a record what the view needs. It touches no state of the view: it is called
	// from several goroutines at once, ahead of Apply. Returning nil and no error says that the record
	// does not concern the view; Apply is then not called. An error refuses the record when it is being
	// written, and is reported as a [*CorruptError] when it comes from the store. A record that was
	// erased has no payload; a view must live with that. Neither the record nor its payload may be
	// changed or kept: copy what is needed later.
	Decode(r *Record) (any, error)

	// Apply folds what Decode returned into the view. It is called once for every record that
	// concerns the view, in order, by one goroutine at a time. It returns an error only to refuse a
	// record that contradicts the state, and has then changed nothing; a record that was accepted once
	// is accepted on every replay.
	Apply(r *Record, value any) error

	// Reset takes the view back to its state before the first record.
	Reset()
}
