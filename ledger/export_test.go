package ledger

import (
	"maps"
	"slices"
)

// AllKinds are the kinds of the records that the books read, sorted.
func AllKinds() []string { return slices.Sorted(maps.Keys(decoders)) }
