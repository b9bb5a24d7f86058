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
//			Open: func(_ context.Context, place string) (journal.Store, error) {
//				return dirstore.Open(place)
//			},
//		})
//	}
//
// Every sub-test is one sentence of the contract of [journal.Store]; a store that passes all of them can
// hold an organisation's journal. [Bench] takes the same Harness.
//
// # Write a store
//
// A store is two methods on a list of numbered blocks. The contract is the comment of [journal.Store]; this is how to keep
// it, in an afternoon. The directory examples/dirstore of this repository holds a store in full, in under 150 lines of code.
//
// Put is what matters. The storage has to offer one operation that fails if a number is taken, for all processes
// and all or nothing: put-if-absent. The number decides who of two writers comes first; the journal does the rest. The steps
// of Put are always the same:
//
//  1. Refuse: ctx.Err(), then [journal.CheckBlockSize].
//  2. If n > 0 and block n-1 does not exist: [journal.ErrConflict]. Blocks are never removed, so what this step
//     has seen stays true during the next.
//  3. Put the block if n is absent; if it is not absent: ErrConflict. Wrap ErrConflict with %w, and nothing else
//     with it: a timeout, a full disk or a missing right is an error of its own.
//  4. Return nil when the block would survive a power failure. The context does not end steps 3 and 4 halfway.
//
// Blocks reads from n on until the first number that is absent, and stops a page early, after its first block at least, when it
// holds some megabytes.
//
// Put-if-absent, on the storage there is:
//
//   - SQL: a table blocks (n bigint PRIMARY KEY, block) and one statement, outside any transaction, that does steps 2
//     and 3; no row affected is ErrConflict. Blocks is a SELECT with ORDER BY n LIMIT. For SQLite and PostgreSQL it
//     is written already: package sqljournal. Where there is no ON CONFLICT, the violated key is ErrConflict.
//   - A directory: write a file of another name, fsync it, link(2) it to the name of the number (EEXIST is
//     ErrConflict), fsync the directory, remove the other name. Neither rename, which replaces, nor O_EXCL on the
//     number itself, which shows half a block. The file system is a local one.
//   - An object store: an object for each block, its name the number in 20 digits, written by one PUT with If-None-Match: * (or
//     the service's own condition "generation 0"); 412 Precondition Failed is ErrConflict, and 409, which
//     says that another request was on its way, is to be repeated. Step 2 is a HEAD, Blocks a GET of one number after the other
//     until 404. The service must be consistent (what is written is read), must
//     honour the condition, and must not expire objects.
//   - NATS JetStream: a message for each block, in a stream of its own with one subject. Block n is sequence n+1, published
//     with the expected last sequence n, which does steps 2 and 3 (for block 0 the header says 0: some clients leave it out then); "wrong
//     last sequence" is ErrConflict. The stream has no limits of
//     age, number or size and denies deletion and purging; max_payload admits [journal.MaxBlockBytes] and some
//     headers; sync_interval is "always"; reads ask the leader, not a replica that lags (no direct get); no
//     message has a deduplication id, because a duplicate is acknowledged instead of refused.
//
// The statement of the first, as PostgreSQL has it:
//
//	INSERT INTO blocks (n, block)
//	SELECT $1::bigint, $2 WHERE $1::bigint = (SELECT coalesce(max(n), -1) + 1 FROM blocks)
//	ON CONFLICT DO NOTHING
//
// What goes wrong most often:
//
//   - A number drawn by the database (a sequence, AUTO_INCREMENT): numbers are drawn in one order and committed in
//     another, so a reader that follows the tail skips blocks, and what is rolled back leaves gaps.
//   - A look and then a write without a condition: two processes both find the number absent, and one overwrites the
//     other. A mutex helps within one process only.
//   - A client library that repeats a conditional write by itself when the answer was lost. The second attempt is refused because
//     of the first, and ErrConflict then says "not stored" of a block that is stored. Switch repetition
//     off, or return such a refusal as an error of its own. (A journal reads after a conflict, and knows its own block.)
//   - A connection that breaks while the server goes on: the block arrives after the journal has looked. Ask on another connection what became of it, in a
//     way that waits for it; the statement below does when it is sent again. If that is not possible, wrap [journal.ErrUnknownOutcome].
//   - A driver that leaves when the context ends, while the commit goes on. Use [context.WithoutCancel] once
//     the block is on its way, and a time limit of the storage's own.
//   - A block returned by Blocks that is not yet durable: written by somebody whose sync is still to come, or has failed.
//     Sync before returning it, or read only what the storage has confirmed.
//   - The slice of Put kept in a cache or a queue, or blocks that share memory with a cache returned by Blocks.
//   - An error of reading taken for the end of the list. Only "there is no such block" is the end; when a later block
//     exists, or the block was there before, even that is a [*journal.CorruptError].
//   - Numbers beyond what the storage counts (int64): ErrConflict from Put, no blocks from Blocks.
//   - Opening that removes or repairs what another process is just writing.
//
// Three abilities are optional, and checked when they are there:
//
//   - Replacing a block durably, with compare-and-swap and without leaving the old one behind: [journal.Redactor]. Without it
//     [journal.Journal.Erase] refuses, and everything else works.
//   - Telling at once of a new block: [journal.Watcher]. Without it [journal.Journal.Follow] asks every second.
//   - Put within a transaction of the program that shares the database, for [journal.Journal.UpdateWithin]: PutTx of sqljournal shows
//     how. [Harness.Begin] tells the suite how to begin such a transaction.
//
// # Read the verdict
//
// Run the test several times, because races are a matter of luck:
//
//	go test -race -count=10 -run TestStore ./...
//
// A failure names the sentence of the contract, what was called, what came back and what was wanted:
//
//	--- FAIL: TestStore/a_number_that_leaves_a_gap_is_a_conflict_and_not_stored (0.01s)
//	    run.go:88: Put(1) with 0 blocks stored returned nil, want an error that wraps journal.ErrConflict
//	        (Harness.Seed: 4822113765432109876)
//
// If several fail, begin with round trips, then refusals, then races, then further processes: the later ones rely on
// what the earlier ones are about. [Harness.Seed] repeats the random choices of a run, though not the timing of goroutines
// and processes.
//
// What no test can see should be stated in the documentation of the store: that synced data survives
// the loss of power, that a replica which takes over has every acknowledged block, that nobody changes the
// storage by other means.
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
//   - Abilities: replacing a block compares, loses nothing and shows nothing in part; waiting for a block ends, for whoever stored it;
//     a block put in a transaction of the host's stands and falls with it, and a number is given once.
//   - Durability: what was stored is there after closing and opening again; and, through further
//     processes, after a process that was writing has been killed, to the store itself or through a journal with several
//     updates under way.
//
// A store on a server is put to one more test, since Run cannot let the server die: [CrashServer].
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
// # Views
//
// [CheckSnapshots] says whether a view that can be kept ([journal.Snapshotter]) goes on from its snapshots as if it had read everything.
//
// # Dependencies
//
// The package uses nothing but the standard library, package journal and what that depends on.
package journaltest
