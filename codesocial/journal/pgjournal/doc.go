// Package pgjournal keeps journals in a PostgreSQL database, through pgx.
//
//	store, err := pgjournal.Open(ctx, "postgres://fabrique@localhost/commons", &pgjournal.Options{Schema: "journal"})
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	j, err := journal.Open(ctx, store, signer, nil)
//
// A program that already has a *sql.DB, with pgx or another driver, takes package sqljournal with its
// dialect PostgreSQL instead: the tables are the same, and documented there, with the view records, which lets the
// organisation ask its journal questions in SQL.
//
// # Consistency
//
// A commit is one row, inserted by one statement, and on the server's disk when Put returns, also where
// synchronous_commit is off. Any number of processes may write to one journal: the primary key decides. Several
// journals share a database under different schemas or prefixes.
//
// # Errors
//
// Errors of the server are *pgconn.PgError, wrapped; those of package sqljournal are documented there. After any error
// the store remains usable: a lost connection is made again by the next call.
package pgjournal
