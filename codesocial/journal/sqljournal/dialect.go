package sqljournal

import (
	"strconv"
	"strings"
)

// A Dialect is how a database speaks SQL. It is a value to hand to [Open]: [SQLite] or [PostgreSQL].
type Dialect struct {
	name string

	// schemas says that the database has schemas, see Options.Schema; createSchema makes one.
	schemas      bool
	createSchema string

	// encoding asks for the encoding of text in the database; the answer must be utf8. The view records
	// reads blocks as text.
	encoding, utf8 string

	// columns returns rows (name of table or view, name of column) for three names ($1, $2, $3) in a
	// schema ($4), columns in their order; no row for a name that does not exist. It is one statement,
	// so that it sees all tables or none while another process makes them.
	columns string

	// begin and commit enclose create; begin waits until no other process is doing the same.
	begin            []string
	commit, rollback string

	// create makes tables and view. In this and all statements below, {p} stands for the prefix.
	create []string

	// format returns the rows of the table format.
	format string

	// put stores a block ($2) under a number ($1) if that is the next number; else it affects no row.
	put string

	// server says that the database goes on with a statement when the connection breaks, and that put waits for what another put of the same number
	// comes to.
	server bool

	// erasing is set before, and clean run after replace, which stores block $3 in the place of block $1 if that is $2. A row that
	// clean returns begins with 0 when nothing of the old block is left, as far as the database can tell.
	erasing, replace, clean string

	// blocks returns up to a number ($2) of rows (n, block), from block $1 on, in order. It may stop at
	// MaxPageBytes.
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
	columns: `SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
WHERE t.type IN ('table', 'view') AND t.name IN (?1, ?2, ?3) AND ?4 = ''
ORDER BY t.name, c.cid`,
	begin:    []string{`BEGIN IMMEDIATE`},
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
	erasing: `PRAGMA secure_delete = ON`,
	replace: `UPDATE "{p}blocks" SET block = ?3 WHERE n = ?1 AND block = ?2`,
	clean:   `PRAGMA wal_checkpoint(TRUNCATE)`,
	blocks:  `SELECT n, block FROM "{p}blocks" WHERE n >= ?1 ORDER BY n LIMIT ?2`,
}

// PostgreSQL is the dialect of PostgreSQL, from version 12 on, with any driver that takes []byte for bytea and whose
// errors have a method SQLState() string, and that counts the rows which a SELECT returns as affected. The tests use pgx.
//
// A commit is durable when Put returns, also in a session with synchronous_commit off: the statement raises
// it to on. Blocks are compressed by lz4 where the server has it. What a replica holds is up to synchronous_standby_names. Tables are made under an advisory lock, so
// that processes which start together do not collide. In the view records a zero character within a text, which
// PostgreSQL cannot hold, is shown as U+FFFD.
var PostgreSQL = Dialect{
	name:         "PostgreSQL",
	server:       true,
	schemas:      true,
	createSchema: `CREATE SCHEMA IF NOT EXISTS "{s}"`,
	encoding:     `SHOW server_encoding`,
	utf8:         "UTF8",
	columns: `SELECT c.relname::text, a.attname::text
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS s ON s.oid = c.relnamespace
WHERE c.relname IN ($1, $2, $3) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND s.nspname = coalesce(nullif($4, ''), current_schema()) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum`,
	begin: []string{
		`BEGIN ISOLATION LEVEL READ COMMITTED`,
		`SELECT pg_advisory_xact_lock(` + advisoryLock + `)`,
	},
	commit:   `COMMIT`,
	rollback: `ROLLBACK`,
	create: []string{
		`CREATE TABLE "{p}format" (what text NOT NULL, version bigint NOT NULL)`,
		`INSERT INTO "{p}format" (what, version) VALUES ('` + formatName + `', 1)`,
		`CREATE TABLE "{p}blocks" (n bigint PRIMARY KEY CHECK (n >= 0), block bytea NOT NULL CHECK (length(block) > 0))`,
		// The default, pglz, takes more time than all the rest of a large commit. Before version 14, and where it is left out of the build,
		// there is no lz4.
		`DO $do$ BEGIN
  EXECUTE 'ALTER TABLE "{p}blocks" ALTER COLUMN block SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported THEN NULL;
END $do$`,
		`CREATE VIEW "{p}records" AS
SELECT b.n AS block,
  (r.value ->> 'position')::bigint AS position,
  (r.value ->> 'id')::uuid AS id,
  r.value ->> 'kind' AS kind,
  (r.value ->> 'schema')::integer AS schema,
  r.value ->> 'author' AS author,
  (r.value ->> 'time')::timestamptz AS time,
  r.value -> 'payload' AS payload
FROM "{p}blocks" AS b
CROSS JOIN LATERAL convert_from(b.block, 'UTF8') AS t (block)
CROSS JOIN LATERAL json_array_elements(
  CASE WHEN position('\u0000' IN t.block) = 0 THEN t.block
    ELSE regexp_replace(t.block, '(?<!\\)((\\\\)*)\\u0000', '\1\\ufffd', 'g') END::json -> 'records') AS r (value)`,
	},
	format: `SELECT what, version FROM "{p}format"`,
	put: `WITH durable AS (
  SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
    WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)),
stored AS (
  INSERT INTO "{p}blocks" (n, block)
  SELECT $1::bigint, $2::bytea FROM durable
  WHERE $1::bigint = (SELECT coalesce(max(n), -1) + 1 FROM "{p}blocks")
  ON CONFLICT DO NOTHING
  RETURNING n)
SELECT pg_notify('` + NotifyChannel + `', n::text) FROM stored`,
	erasing: `SET synchronous_commit = on`,
	replace: `UPDATE "{p}blocks" SET block = $3 WHERE n = $1 AND block = $2`,
	clean:   `VACUUM "{p}blocks"`,
	blocks: `SELECT n, block FROM (
  SELECT n, block, sum(length(block)) OVER (ORDER BY n) - length(block) AS before
  FROM (SELECT n, block FROM "{p}blocks" WHERE n >= $1 ORDER BY n LIMIT $2) AS page) AS page
WHERE before < ` + strconv.Itoa(MaxPageBytes) + ` ORDER BY n`,
}

// NotifyChannel is the channel on which PostgreSQL notifies whoever listens of each new block of any journal in the database; the
// payload is the number of the block.
const NotifyChannel = "codesocial_journal"

// advisoryLock is the key of the advisory lock under which tables are made: "cdsj".
const advisoryLock = "1667527530"

// with returns a statement with the names of o in their places.
func with(o *Options, statement string) string {
	prefix := o.Prefix
	if o.Schema != "" {
		prefix = o.Schema + `"."` + prefix // within the quotes of the statement
	}
	return strings.NewReplacer("{p}", prefix, "{s}", o.Schema).Replace(statement)
}
