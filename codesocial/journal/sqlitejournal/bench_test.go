package sqlitejournal_test

import (
	"testing"

	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

func BenchmarkStore(b *testing.B) { journaltest.Bench(b, harness()) }
