package ledger

// names holds the few distinct strings of many records once each, by number. Number 0 is the empty string.
type names struct {
	numbers map[string]uint32
	strings []string
}

func newNames() names {
	return names{map[string]uint32{"": 0}, []string{""}}
}

// number returns the number of a string, which it gives one if it is new.
func (n *names) number(s string) uint32 {
	i, ok := n.numbers[s]
	if !ok {
		i = uint32(len(n.strings))
		n.numbers[s] = i
		n.strings = append(n.strings, s)
	}
	return i
}

// find returns the number of a string, the largest of all for one that is not held.
func (n *names) find(s string) uint32 {
	if i, ok := n.numbers[s]; ok {
		return i
	}
	return ^uint32(0)
}

func (n *names) of(i uint32) string { return n.strings[i] }
