package sqlitejournal

import (
	_ "github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
	_ "github.com/commonstocommons/codesocial/codesocial"
)
