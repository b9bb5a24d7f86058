// Package journal keeps an organisation's record: everything that happened, in order, append-only, hashed into a
// Merkle tree and signed, on storage of the organisation's choice.
//
// There is one way to change anything: [Journal.Update] runs a decision on the present state and records what
// it returns. There is one way to know anything: a [View] folds the records into a state (members, books,
// catalogue). Anyone who holds the journal's public key can check the whole of it with [Verify], and anyone
// who has kept a checkpoint can prove later whether history was rewritten.
//
// To use it, take a store ([MemoryStore], or one from sqlitejournal or sqljournal), make a [Signer] and call
// [Open]; the packages codesocial and ledger do the rest. To put a journal on a database of your own,
// implement the two methods of [Store] and run the suite in package journaltest. Everything else in
// this package serves those two.
//
// # What is stored
//
// A store holds numbered blocks. A block is one commit, as a canonical JSON object (see package canonical):
//
//	{"checkpoint":"…","records":[{"author":"https://…","id":"0197…","kind":"ledger.contribution",
//	 "payload":{…},"position":7,"salt":"…","schema":1,"signature":"…","time":"2025-03-04T10:00:00.000Z"}]}
//
// Records are numbered by position, from 0 without gaps, over all blocks. The first record of all, of kind
// journal.opened, names the format, the origin and the key of the journal; its block has this form whatever the format, so that a program
// can say that a journal is newer than itself.
//
// The Merkle tree (RFC 6962) has one leaf for each record: the hash of the record without payload and salt and
// with, in their place, "digest", the SHA-256 of salt and payload. So a payload can be erased while every hash,
// proof and signature stays as it was, and nobody can find an erased payload by guessing, because the salt
// goes with it. The checkpoint of each block is a C2SP signed note (tlog-checkpoint) over the size and root of
// the tree after the block, and carries the hash of the checkpoint before.
//
// # Proofs and erasure
//
// [Journal.Bundle] hands out records, with the proof that they stand in the journal, for [VerifyBundle] to check offline;
// [CheckInclusion] and [CheckConsistency] do the single steps. [Journal.Erase] takes a payload out of the store for good, when a person has
// a right to that, and records the reason; one that is gone without such a record is noticed by opening and by [Verify]. What is personal belongs into payloads that can be erased (names, in the registration of
// a party); what the books of others rest on is kept, under IRIs that tell nothing.
//
// # Growth
//
// A journal is kept for decades. Two things keep it quick and readable: [Journal.SaveSnapshot] writes what the journal and its views know beside the
// store (see [Options.Snapshots] and [Snapshotter]), so that the next opening reads only what came since; and [Schemas] lift payloads of old
// shapes to the present one. Package freeze turns the state of any view into the bytes of a snapshot. Neither is needed to read a journal, and neither touches what is stored. A snapshot is signed, and bound to the size and root
// of the tree that it was made from: one that is damaged, belongs to another journal or version, or is from before an erasure is
// ignored with a warning. What an opening from a snapshot does not do is read the old blocks again: those are checked when they are read, and
// all of them by [Verify].
//
// # Consistency
//
// A commit is one block: stored wholly, or not at all. When Update returns without error its records
// are durable, as durable as the store makes them, and the views reflect them; nobody reads what is not yet
// stored. Several processes may open one store: the block number decides which of them comes first, the other
// decides again on the new state. Views see the records in exactly the order in which they are stored. The
// recorded time is information for people: nothing is ordered by it.
//
// What is assumed of the store is written on [Store], and what journaltest checks. What is assumed of the disk: data
// that has been synced stays, or its loss shows (as an error or a changed byte). A lost tail together with its
// checkpoints does not show by itself: keep a checkpoint elsewhere and pass it to [Options.Checkpoint].
//
// # Errors
//
// Sentinels for errors.Is: [ErrBadDraft], [ErrIDReused], [ErrReadOnly], [ErrConflict], [ErrForeign], [ErrKept], [ErrErasing],
// [ErrNewerSchema], [ErrBundle] and [ErrUnknownOutcome]. [*CorruptError] names the first block at fault. After every error of Update the
// state is as if it had not been called, except after ErrUnknownOutcome, which says so.
//
// # Concurrency
//
// All methods of [Journal] may be called from any goroutine. Updates are decided one at a time; those that wait
// are written together. While the store is at work on a block, the updates that arrive are decided and encoded ahead, for the next one;
// nobody sees or is told anything of them before both blocks are stored. Readers ([Journal.Read]) run beside each other, and wait while a block is being
// written: when somebody waits, no more is decided ahead. No goroutine outlives the call that started it.
//
// # Cost
//
// An update costs hashing and encoding in proportion to its payloads, one signature and one Put for its
// block. In memory the journal keeps about 110 bytes a record (hashes and ids), besides the views. Opening reads, hashes
// and decodes everything on all processors, a million small records in some three seconds on two of them; from a snapshot it takes a tenth of a
// second and the time of the views. When an update has to be decided again because another process wrote first, or since the store
// failed, the views are folded afresh, which takes as long as opening does: where several processes write, save snapshots.
package journal
