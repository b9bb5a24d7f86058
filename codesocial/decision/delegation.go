package decision

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Limits on delegations.
const (
	MaxHops        = 10 // how many times a voice is passed on at most
	MaxDelegations = 4 * MaxElectors
)

// A Delegation lets somebody else vote for an elector who does not.
type Delegation struct {
	From string
	To   string // "" takes an earlier delegation of the same scope back
	// Scope is the matter that it is about, such as "economic"; "" is every matter that the elector has not
	// delegated, or taken back, by its own name.
	Scope string
	At    time.Time // from when it holds
}

// Delegations returns to whom each elector has delegated on a matter at an instant, usually the opening
// of a poll: the last delegation or taking back for just that scope, or else the last one for every matter. The
// errors wrap [ErrInvalid] or [ErrLimit].
func Delegations(list []Delegation, scope string, at time.Time) (map[string]string, error) {
	if len(list) > MaxDelegations {
		return nil, refuse(ErrLimit, "delegations", strconv.Itoa(len(list)), "the limit is %d", MaxDelegations)
	}
	ordered := slices.Clone(list)
	slices.SortStableFunc(ordered, func(a, b Delegation) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.From, b.From), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.To, b.To))
	})
	to := make(map[string]string)
	for _, matter := range slices.Compact([]string{"", scope}) { // what is said of the matter itself goes last
		for i, d := range ordered {
			if d.From == "" || d.From == d.To {
				return nil, refuse(ErrInvalid, "delegation", d.From, "to %q: must be from one to another", d.To)
			}
			if i > 0 {
				if p := ordered[i-1]; p.From == d.From && p.Scope == d.Scope && p.At.Equal(d.At) && p.To != d.To {
					return nil, refuse(ErrInvalid, "delegation", d.From, "to %q and %q at the same time", p.To, d.To)
				}
			}
			if d.Scope != matter || d.At.After(at) {
				continue
			}
			if d.To == "" {
				delete(to, d.From)
			} else {
				to[d.From] = d.To
			}
		}
	}
	return to, nil
}

// A crowd keeps track, ballot by ballot, of who speaks for whom: an elector who has not voted is
// represented by the first one along its delegations, up to MaxHops, who has. Circles end there too.
type crowd struct {
	electorate *Electorate
	to         map[string]string
	from       map[string][]string // the same, backwards
	voted      map[string]bool
	behind     map[string]int64 // by elector who has voted: the weight it represents, without its own
}

func newCrowd(e *Electorate, to map[string]string) *crowd {
	c := &crowd{electorate: e, to: to, from: make(map[string][]string), voted: make(map[string]bool), behind: make(map[string]int64)}
	for from, next := range to { // the order within one list does not matter: weights are added up
		if e.Weight(from) > 0 && e.Weight(next) > 0 {
			c.from[next] = append(c.from[next], from)
		}
	}
	return c
}

// speaker returns who represents an elector who has not voted, and over how many hops; "" for nobody.
func (c *crowd) speaker(id string) (speaker string, hops int) {
	for hops = 1; hops <= MaxHops; hops++ {
		id = c.to[id]
		if id == "" || c.electorate.Weight(id) == 0 {
			break
		}
		if c.voted[id] {
			return id, hops
		}
	}
	return "", 0
}

// vote notes that an elector votes for the first time. It returns who spoke for it until then ("" for
// nobody), its own weight and that of those behind it who change over, and the weight that it newly represents.
// Every elector is visited from at most MaxHops others, so that all votes together cost linear time.
func (c *crowd) vote(id string) (before string, changes, gained int64) {
	before, far := c.speaker(id)
	own := c.electorate.Weight(id)
	c.voted[id] = true
	seen := map[string]bool{id: true}
	level := []string{id}
	if before != "" {
		changes = own
	}
	for hops := 1; hops <= MaxHops && len(level) > 0; hops++ {
		var next []string
		for _, at := range level {
			for _, follower := range c.from[at] {
				if seen[follower] || c.voted[follower] {
					continue
				}
				seen[follower] = true
				next = append(next, follower)
				weight := c.electorate.Weight(follower)
				gained += weight
				if before != "" && hops+far <= MaxHops {
					changes += weight
				}
			}
		}
		level = next
	}
	c.behind[id] = gained
	if before != "" {
		c.behind[before] -= changes
	}
	return before, changes, gained
}
