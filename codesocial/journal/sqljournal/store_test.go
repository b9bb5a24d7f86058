package sqljournal_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

// The behaviour on a real database is tested where the drivers are: in package sqlitejournal.

// unreachable is a driver whose database cannot be reached.
type unreachable struct{}

var errUnreachable = errors.New("no route to host")

func (unreachable) Open(string) (driver.Conn, error) { return nil, errUnreachable }

func init() { sql.Register("unreachable", unreachable{}) }

func TestOpenNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("unreachable", "")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		db      *sql.DB
		dialect sqljournal.Dialect
		prefix  string
		says    string
	}{
		"no database":        {nil, sqljournal.SQLite, "", "sqljournal: db is nil"},
		"no dialect":         {db, sqljournal.Dialect{}, "", "sqljournal: dialect is empty"},
		"capital letter":     {db, sqljournal.SQLite, "Trame_", `sqljournal: prefix "Trame_": must be`},
		"digit first":        {db, sqljournal.SQLite, "1_", `sqljournal: prefix "1_": must be`},
		"quote":              {db, sqljournal.SQLite, `x"`, `sqljournal: prefix "x\"": must be`},
		"line end":           {db, sqljournal.SQLite, "x\n", `sqljournal: prefix "x\n": must be`},
		"too long":           {db, sqljournal.SQLite, strings.Repeat("x", sqljournal.MaxPrefix+1), "sqljournal: prefix of 41 bytes: the limit is 40"},
		"database is absent": {db, sqljournal.SQLite, "trame_", "sqljournal: connecting: no route to host"},
	} {
		_, err := sqljournal.Open(t.Context(), c.db, c.dialect, &sqljournal.Options{Prefix: c.prefix})
		require.ErrorContains(t, err, c.says, name)
	}
}

func TestDialectsAreNamed(t *testing.T) {
	t.Parallel()
	require.Equal(t, "SQLite", sqljournal.SQLite.String())
	require.Equal(t, "PostgreSQL", sqljournal.PostgreSQL.String())
}

func TestSchemaIsCheckedLikeAPrefix(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("unreachable", "")
	require.NoError(t, err)
	_, err = sqljournal.Open(t.Context(), db, sqljournal.PostgreSQL, &sqljournal.Options{Schema: `commons"; DROP SCHEMA x`})
	require.ErrorContains(t, err, `schema "commons\"; DROP SCHEMA x": must be`)
	_, err = sqljournal.Open(t.Context(), db, sqljournal.SQLite, &sqljournal.Options{Schema: "commons"})
	require.ErrorContains(t, err, `schema "commons": SQLite has no schemas, use a prefix`)
	_, err = sqljournal.Open(t.Context(), db, sqljournal.PostgreSQL, &sqljournal.Options{Schema: "commons"})
	require.ErrorIs(t, err, errUnreachable)
}
