// Package sqlitejournal keeps a journal in one SQLite file: no server, no C compiler, durable commits.
//
// It is the store to begin with:
//
//	store, err := sqlitejournal.Open(ctx, "commons.db", nil)
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	j, err := journal.Open(ctx, store, signer, nil)
//
// Any program that reads SQLite can read the file, also while it is being written: package sqljournal
// documents its tables and the view records, which shows the journal record by record.
//
// # Consistency
//
// A commit is one row. It is on the disk when Put returns: the file is in WAL mode with synchronous=FULL (and
// fullfsync where the system has it), which costs one sync of the disk for each commit; a rollback journal
// costs three or four. This assumes that the disk keeps what it has confirmed. After a crash SQLite
// recovers the file by itself when it is next opened.
//
// Several processes on one machine may have the file open and write. Network file systems do not carry the
// locks and shared memory that this needs: keep the file on a local disk.
//
// # Files
//
// While the file is open, and after a crash, there are two more beside it, with the endings -wal and -shm. They
// belong to it: copy or move all three, or none while a program has it open. After Close by the last
// process there is one file. To copy a journal that is in use, run "VACUUM INTO" in any SQLite tool.
//
// A new file is readable by its owner only, for a journal holds what people told the organisation.
//
// [Options.ReadOnly] reads a journal without creating or changing anything, also from a medium that cannot
// be written.
//
// # Errors
//
// [ErrNotJournal], [ErrLocked] and [ErrFull] say what the text of the error explains; a missing file or
// directory wraps [io/fs.ErrNotExist], missing rights wrap [io/fs.ErrPermission]. After an error other than
// ErrNotJournal the store remains usable: when the disk has room again, Put works again.
package sqlitejournal
