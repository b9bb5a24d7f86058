package match

import (
	"sync"

	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// nearness works out, once for each skill that is needed, which of those that are offered are near to it.
type nearness struct {
	scheme  *taxonomy.Scheme // may be nil
	offered []string         // sorted

	mu    sync.Mutex
	lists map[string][]neighbour
}

// A neighbour is a skill that is near to another, and how near, up to [Whole].
type neighbour struct {
	skill string
	value int64
}

// to returns the skills offered that are near to the one needed.
func (n *nearness) to(needed string) []neighbour {
	n.mu.Lock()
	defer n.mu.Unlock()
	list, ok := n.lists[needed]
	if ok {
		return list
	}
	for _, offered := range n.offered {
		if value := near(n.scheme, needed, offered); value > 0 {
			list = append(list, neighbour{offered, value})
		}
	}
	n.lists[needed] = list
	return list
}

// near returns the similarity of two skills, 0 if they are not near.
func near(scheme *taxonomy.Scheme, a, b string) int64 {
	if a == b {
		return Whole
	}
	if scheme == nil {
		return 0
	}
	num, den := scheme.Similarity(a, b)
	if value := int64(num) * Whole / int64(den); value >= Near*Whole {
		return value
	}
	return 0
}
