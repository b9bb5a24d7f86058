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

// texts holds the texts of many records one after the other.
type texts struct{ bytes []byte }

// add appends a text of several parts, with a zero byte between them, and returns where it begins. Where it ends, the next one does.
func (t *texts) add(parts ...string) uint64 {
	start := len(t.bytes)
	for i, part := range parts {
		if i > 0 {
			t.bytes = append(t.bytes, 0)
		}
		t.bytes = append(t.bytes, part...)
	}
	return uint64(start)
}
