package sqljournal

import "strings"

// A Dialect is how a database speaks SQL. It is a value to hand to [Open]: [SQLite].
type Dialect struct {
	name string

	// encoding asks for the encoding of text in the database; the answer must be utf8. The view records
	// reads blocks as text.
	encoding, utf8 string

	// columns returns the names of the columns of the table or view named by its parameter, in
	// order; no row when there is none of this name.
	columns string

	// begin and commit enclose create; begin waits until no other process is doing the same.
	begin, commit, rollback string

	// create makes tables and view. In this and all statements below, {p} stands for the prefix.
	create []string

	// format returns the rows of the table format.
	format string

	// put stores a block ($2) under a number ($1) if that is the next number; else it affects no row.
	put string

	// blocks returns up to a number ($2) of rows (n, block), from block $1 on, in order.
	blocks string
}

// String returns the name of the dialect.
func (d Dialect) String() string { return d.name }

// SQLite is the dialect of SQLite, from version 3.38 on (3.37 without ->> in queries of one's own), whatever
// the driver. It is meant for a database in a file, in WAL mode with synchronous=FULL: with less, a commit
// may be lost when the power fails.
var SQLite = Dialect{
	name:     "SQLite",
	encoding: `SELECT encoding FROM pragma_encoding`,
	utf8:     "UTF-8",
	columns:  `SELECT name FROM pragma_table_info(?1) ORDER BY cid`,
	begin:    `BEGIN IMMEDIATE`,
	commit:   `COMMIT`,
	rollback: `ROLLBACK`,
	create: []string{
		`CREATE TABLE "{p}format" (what TEXT NOT NULL, version INTEGER NOT NULL) STRICT`,
		`INSERT INTO "{p}format" (what, version) VALUES ('` + formatName + `', 1)`,
		`CREATE TABLE "{p}blocks" (n INTEGER PRIMARY KEY CHECK (n >= 0), block BLOB NOT NULL CHECK (length(block) > 0)) STRICT`,
		`CREATE VIEW "{p}records" AS
SELECT b.n AS block,
  json_extract(r.value, '$.position') AS position,
  json_extract(r.value, '$.id') AS id,
  json_extract(r.value, '$.kind') AS kind,
  json_extract(r.value, '$.schema') AS schema,
  json_extract(r.value, '$.author') AS author,
  json_extract(r.value, '$.time') AS time,
  json_extract(r.value, '$.payload') AS payload
FROM "{p}blocks" AS b, json_each(CAST(b.block AS TEXT), '$.records') AS r`,
	},
	format: `SELECT what, version FROM "{p}format"`,
	put: `INSERT INTO "{p}blocks" (n, block)
SELECT ?1, ?2 WHERE ?1 = (SELECT coalesce(max(n), -1) + 1 FROM "{p}blocks")
ON CONFLICT DO NOTHING`,
	blocks: `SELECT n, block FROM "{p}blocks" WHERE n >= ?1 ORDER BY n LIMIT ?2`,
}

// with returns a statement with the prefix in its place.
func with(prefix, statement string) string { return strings.ReplaceAll(statement, "{p}", prefix) }
