package codesocial

import (
	_ "github.com/google/uuid"
	_ "github.com/piprate/json-gold/ld"
	_ "github.com/shopspring/decimal"
	_ "github.com/stretchr/testify/require"
	_ "golang.org/x/mod/sumdb/note"
	_ "golang.org/x/mod/sumdb/tlog"
)
