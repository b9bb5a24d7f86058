package dividend

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"
)

// addLargest adds 1 to the units of the k largest rests. Equal rests are served in the order of identifiers. It
// takes linear time: the smallest rest to be served is found by its digits in base 256, the highest first, and
// only those that are equal to it are put in order.
func addLargest(units, rests []uint64, k int, id func(int) string) {
	if k <= 0 {
		return
	}
	cut, above := kthLargest(rests, k)
	ties := make([]int32, 0, 16)
	for i, r := range rests {
		switch {
		case r > cut:
			units[i]++
		case r == cut:
			ties = append(ties, int32(i))
		}
	}
	for _, i := range smallest(ties, k-above, id) {
		units[i]++
	}
}

// kthLargest returns the k-th largest value, 1 <= k <= len(values), and how many values are above it.
func kthLargest(values []uint64, k int) (value uint64, above int) {
	const digit = 8
	shift := max(0, bits.Len64(slices.Max(values))-1) / digit * digit
	rest := k
	for candidates, scratch := values, []uint64(nil); ; shift -= digit {
		var count [1 << digit]int
		for _, v := range candidates {
			count[uint8(v>>shift)]++
		}
		d := len(count) - 1
		for ; rest > count[d]; d-- {
			rest -= count[d]
		}
		value |= uint64(d) << shift
		if shift == 0 {
			return value, k - rest
		}
		if scratch == nil {
			scratch = make([]uint64, 0, count[d])
		}
		kept := scratch[:0]
		for _, v := range candidates {
			if uint8(v>>shift) == uint8(d) {
				kept = append(kept, v)
			}
		}
		candidates, scratch = kept, kept
	}
}

// smallest returns the k members of set whose identifiers come first, in no particular order. It changes set. It takes
// linear time: eight bytes of the identifiers are looked at together, from the first that are not the same in all.
func smallest(set []int32, k int, id func(int) string) []int32 {
	chosen, rest := 0, set // set[:chosen] is among the smallest; rest, which follows it, holds the others
	keys := make([]uint64, len(set))
	for begin := 0; k > 0 && k < len(rest); {
		begin = commonPrefix(rest, begin, id)
		keys = keys[:len(rest)]
		for i, at := range rest {
			keys[i] = ^eightBytes(id(int(at)), begin)
		}
		cut, above := kthLargest(keys, k)
		same := rest[:0:0]
		before := rest[:0]
		for i, at := range rest {
			switch {
			case keys[i] > cut:
				before = append(before, at)
			case keys[i] == cut:
				same = append(same, at)
			}
		}
		chosen += above
		rest = append(before, same...)[above:]
		k -= above
		begin += 8
	}
	return set[:chosen+k]
}

// commonPrefix returns how many bytes the identifiers have in common, at least the number that is known.
func commonPrefix(set []int32, known int, id func(int) string) int {
	first := id(int(set[0]))
	n := len(first)
	for _, at := range set[1:] {
		s := id(int(at))
		if len(s) >= n && s[:n] == first[:n] {
			continue
		}
		same := known
		for same < len(s) && same < n && s[same] == first[same] {
			same++
		}
		n = same
	}
	return n
}

// eightBytes returns the bytes of s from begin on as a number that sorts as they do. Behind the end there are zeros,
// which no identifier contains.
func eightBytes(s string, begin int) (key uint64) {
	if s = s[min(begin, len(s)):]; len(s) >= 8 {
		return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
			uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
	}
	for i := range len(s) {
		key |= uint64(s[i]) << (56 - 8*i)
	}
	return key
}

func compareID(a, b string) int { return cmp.Compare(a, b) }

// duplicate returns an identifier that occurs twice among n, if there is one. It takes linear time and reads
// identifiers in strict order without a table.
func duplicate(n int, id func(int) string) (string, bool) {
	ordered := true
	for i := 1; i < n && ordered; i++ {
		ordered = id(i-1) < id(i)
	}
	if ordered {
		return "", false
	}
	// Hashes are looked up in tables that fit the fastest memory: first they are sorted into groups by their high
	// byte, then every group is looked up in a table of its own. Equal hashes are only suspects; an exact check
	// follows.
	const groups = 1 << 8
	seed := maphash.MakeSeed()
	if n <= 1<<12 { // one table fits
		table := make([]uint32, 1<<bits.Len(uint(2*n)))
		for i := range n {
			if h := maphash.String(seed, id(i)); enter(table, h, uint32(h>>32)|1) {
				return exactDuplicate(n, id)
			}
		}
		return "", false
	}
	hashes := make([]uint64, n)
	var begin [groups + 1]int
	for i := range hashes {
		h := maphash.String(seed, id(i))
		hashes[i] = h
		begin[h>>56+1]++
	}
	largest := slices.Max(begin[:])
	for g := range groups {
		begin[g+1] += begin[g]
	}
	grouped := make([]uint64, n)
	at := begin
	for _, h := range hashes {
		grouped[at[h>>56]] = h
		at[h>>56]++
	}
	table := make([]uint64, 1<<bits.Len(uint(2*largest)))
	for g := range groups {
		clear(table)
		if repeats(grouped[begin[g]:begin[g+1]], table) {
			return exactDuplicate(n, id)
		}
	}
	return "", false
}

// repeats reports whether a hash occurs twice. The table is empty, and longer than there are hashes by far.
func repeats(hashes, table []uint64) bool {
	for _, h := range hashes {
		if enter(table, h, h|1<<63) {
			return true
		}
	}
	return false
}

// enter puts a mark, which is not zero, into a table, a power of two long, at the place that a hash says or the next that is free. It reports whether the mark
// was there already.
func enter[T uint32 | uint64](table []T, hash uint64, mark T) bool {
	mask := uint64(len(table) - 1)
	place := hash & mask
	for ; table[place] != 0; place = (place + 1) & mask {
		if table[place] == mark {
			return true
		}
	}
	table[place] = mark
	return false
}

func exactDuplicate(n int, id func(int) string) (string, bool) {
	seen := make(map[string]struct{}, n)
	for i := range n {
		s := id(i)
		if _, ok := seen[s]; ok {
			return s, true
		}
		seen[s] = struct{}{}
	}
	return "", false
}
