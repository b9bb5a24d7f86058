// Package dirstore keeps a journal in a plain directory, one file for each block. It shows what a store of one's own
// takes: package journaltest says how to write one, this is one in full. It serves where files are what the
// organisation knows how to keep, copy and read:
//
//	store, err := dirstore.Open("commons")
//	if err != nil {
//		return err
//	}
//	j, err := journal.Open(ctx, store, signer, nil)
//
// The blocks are the files 00000000000000000000, 00000000000000000001 and so on, each a JSON text that any tool reads. The
// subdirectory "new" holds files that are being written. A copy of the directory is a backup. One that was made while
// somebody wrote may lack a block before the last; [Open] then refuses it, and it is copied again.
//
// # Consistency
//
// [Store.Put] writes a file under "new", syncs it, and gives it its number as a second name: a hard link fails when the
// name exists, so that one writer wins, in this process or in another, and a file has its number only when
// all of it is on the disk. Then it syncs the directory, and with it every earlier name. [Store.Blocks] syncs the
// directory as well before it returns a block that it does not yet know to be durable: nobody reads, and builds on, what the
// next power failure would take away. A process that dies leaves at most a file under "new", which a later [Open]
// removes.
//
// # What is assumed of the file system
//
//   - link(2) is atomic, fails if the new name exists, and has done nothing if it fails; every process sees its effect at
//     once. So the directory is on a local disk: over NFS, a link whose answer was lost fails when it is repeated, although
//     the name is there, and other machines see it late.
//   - fsync(2) of a file makes its content durable, fsync of a directory all names in it. When it has failed, it
//     fails again, as on ext4, XFS and Btrfs, which stop writing altogether: what it reported as lost
//     must not be reported as kept by the next call.
//   - The disk does not claim to have written what it holds in a cache that forgets.
//
// Directories cannot be synced on Windows, where Open fails.
//
// # Cost
//
// A commit syncs twice. A block takes a file and at least one block of the file system, usually 4 KiB, so that many
// small commits waste space. Open reads the names of all files.
//
// A directory has no compare-and-swap for a file that exists, so the store is no [journal.Redactor]: who must be able to erase
// what was said of a person takes sqlitejournal.
//
// # Errors
//
// [journal.ErrConflict] and [journal.ErrForeign], a [*journal.CorruptError] that names the block whose file is missing,
// empty or too large, and the errors of the operating system, wrapped: errors.Is(err, fs.ErrPermission) and
// errors.Is(err, syscall.ENOSPC) work. After an error the store remains usable.
//
// # Concurrency
//
// A [Store] may be used by any number of goroutines, and a directory by any number of processes of one user.
package dirstore
