// Package journaltest says whether a [journal.Store] is right, and how fast it is.
//
// Whoever writes a store describes it in a [Harness] (how to make an empty place for a list of blocks, how
// to open that place) and hands it to [Run]. One call gives the whole verdict:
//
//	func TestStore(t *testing.T) {
//		journaltest.Run(t, journaltest.Harness{
//			New: func(tb testing.TB) string {
//				return filepath.Join(tb.TempDir(), "journal")
//			},
//			Open: func(ctx context.Context, place string) (journal.Store, error) {
//				return dirjournal.Open(ctx, place)
//			},
//		})
//	}
//
// Every sub-test is one sentence of the contract of [journal.Store]; a store that passes all of them can
// hold an organisation's journal. [Bench] takes the same Harness.
//
// # What is checked
//
//   - Round trips: every byte value, blocks of one byte up to [journal.MaxBlockBytes], in order, by pages
//     of any size, limits that are zero, negative or absurd.
//   - Refusals: a number that leaves a gap and a number that exists give [journal.ErrConflict] and store
//     nothing; empty and oversized blocks are errors and store nothing.
//   - Memory: the block handed to Put is neither kept nor changed, results belong to the caller alone.
//   - Concurrency: writers that race for one number, writers that append through several open stores, a
//     reader that follows the tail meanwhile. Nothing is lost, doubled, skipped or seen in part.
//   - Contexts: a call on a context that is already cancelled is an error and stores nothing; one that is
//     cancelled half-way leaves the block wholly there or wholly absent, and the store usable.
//   - Durability: what was stored is there after closing and opening again; and, through further
//     processes, after a process that was writing has been killed.
//
// # Further processes
//
// Some checks need several processes on one place. Run starts them itself: it executes the test binary
// again, for this one test, with an environment variable that makes Run act as a worker there. So whatever
// the test does before it calls Run happens in every worker too; what is expensive (a database server)
// belongs into New, which workers never call. A store that lives and dies with its process sets
// [Harness.InProcess].
//
// # Faults
//
// [Inject] makes chosen calls to a store fail, with the block stored or not stored, and [AtEveryStep] plays a
// scenario with a fault at each of its steps: for the tests of whatever is built on a store.
//
// # Dependencies
//
// The package uses nothing but the standard library and package journal.
package journaltest
