package journaltest_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

// memory describes the store that package journal keeps in memory.
func memory() journaltest.Harness {
	var places sync.Map
	var count atomic.Int64
	return journaltest.Harness{
		InProcess: true,
		New: func(testing.TB) string {
			place := strconv.FormatInt(count.Add(1), 10)
			places.Store(place, journal.NewMemoryStore())
			return place
		},
		Open: func(_ context.Context, place string) (journal.Store, error) {
			s, _ := places.Load(place)
			return s.(journal.Store), nil
		},
	}
}

func TestMemoryStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, memory())
}
