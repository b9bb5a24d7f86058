package journaltest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestPayloadOfTheBenchmarkHasTheSizeThatIsStated(t *testing.T) {
	t.Parallel()
	payload, err := canonical.Marshal(contributionPayload())
	require.NoError(t, err)
	require.Len(t, payload, PayloadBytes)
}

func BenchmarkMemory(b *testing.B) {
	Bench(b, inMemory(func(m *memory) journal.Store { return m }))
}
