// Package sqljournal keeps a journal in an SQL database that the program already has.
//
// The program hands in its *sql.DB, with the driver it uses, and names the dialect:
//
//	store, err := sqljournal.Open(ctx, db, sqljournal.SQLite, nil)
//	if err != nil {
//		return err
//	}
//	j, err := journal.Open(ctx, store, signer, nil)
//
// The package imports no driver. Who has no database yet takes sqlitejournal, which brings one.
//
// # Tables
//
// A journal is a table blocks (n, block), one row for each commit; a table format (what, version), which says
// whose tables these are; and a view records. [Options.Prefix] puts a name before all three, so that
// several journals, and whatever else the organisation keeps, share one database; PostgreSQL can also keep
// them apart by [Options.Schema].
//
// Storing a block is one INSERT of one row under a primary key without gaps. So it is durable when the
// database says so, two processes that write at once cannot both succeed, and whoever reads the table in the
// order of n misses nothing. Rows are never changed; do not change them by hand: the journal notices and
// refuses to open.
//
// # Asking the journal questions in SQL
//
// The view records has one row for each record of the journal:
//
//	block     number of the block that holds it
//	position  its place in the journal, from 0
//	id        its UUID
//	kind      what it is: "ledger.contribution", …
//	schema    version of the payload's shape
//	author    IRI of the party that speaks; NULL for the journal itself
//	time      when it was recorded: in SQLite text, "2025-03-04T10:00:00.000Z", in PostgreSQL timestamptz
//	payload   the content, as JSON text (PostgreSQL: json); NULL when it was erased
//
// How much has been recorded, month by month and kind by kind:
//
//	SELECT substr(time, 1, 7) AS month, kind, count(*) AS records
//	FROM records GROUP BY month, kind ORDER BY month, kind;
//
// (In PostgreSQL, to_char(time, 'YYYY-MM') AS month.)
//
// Everything that one party has said, as it said it:
//
//	SELECT position, time, kind, payload FROM records
//	WHERE author = 'https://la-trame.example/person/ines' ORDER BY position;
//
// Contributions declared for one project (SQLite):
//
//	SELECT payload ->> '$.party' AS party, payload ->> '$.kind' AS kind, payload ->> '$.quantity' AS quantity
//	FROM records
//	WHERE kind = 'ledger.contribution'
//	  AND payload ->> '$.project' = 'https://la-trame.example/project/jardin'
//	ORDER BY position;
//
// In PostgreSQL a member of the payload is payload ->> 'party'.
//
// The view computes its rows from the blocks each time. A report that is asked for often over a long
// journal is better served by a view of package journal, or by a table that the organisation fills from it.
// Quantities and amounts are text, exact; a database that sums them as binary floating-point numbers shows
// an approximation.
//
// # Errors
//
// A database that belongs to something else, or to a version that this one does not know, is refused with an
// error that wraps [journal.ErrForeign]. [ErrReadOnly] and [ErrNoJournal] are this package's own. Everything
// else is the driver's error, wrapped. A block that is missing between others is a [*journal.CorruptError].
//
// # Concurrency
//
// A [Store] may be used by any number of goroutines, and by any number of processes at once, each with a
// store of its own. The database must wait for a lock rather than fail: with SQLite, set a busy timeout on
// every connection.
package sqljournal
