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

// smallest returns the k members of set whose identifiers come first, in no particular order. It changes set.
func smallest(set []int32, k int, id func(int) string) []int32 {
	lo, hi := 0, len(set)
	for depth := 2 * bits.Len(uint(hi)); k > lo && k < hi; depth-- {
		if hi-lo < 32 || depth == 0 {
			slices.SortFunc(set[lo:hi], func(a, b int32) int { return compareID(id(int(a)), id(int(b))) })
			break
		}
		mid := partition(set[lo:hi], id) + lo
		switch {
		case mid < k:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return set[:k]
}

// partition puts what comes before the pivot (the median of three) before it, and returns the pivot's index.
func partition(set []int32, id func(int) string) int {
	n := len(set)
	three := [3]int{0, n / 2, n - 1}
	slices.SortFunc(three[:], func(a, b int) int { return compareID(id(int(set[a])), id(int(set[b]))) })
	set[three[1]], set[n-1] = set[n-1], set[three[1]]
	pivot := id(int(set[n-1]))
	at := 0
	for i := range n - 1 {
		if id(int(set[i])) < pivot {
			set[i], set[at] = set[at], set[i]
			at++
		}
	}
	set[at], set[n-1] = set[n-1], set[at]
	return at
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
	mask := uint64(len(table) - 1)
	for g := range groups {
		clear(table)
		for _, h := range grouped[begin[g]:begin[g+1]] {
			h |= 1 << 63 // zero marks a free place; the high byte is that of the group anyway
			place := h & mask
			for table[place] != 0 && table[place] != h {
				place = (place + 1) & mask
			}
			if table[place] == h {
				return exactDuplicate(n, id)
			}
			table[place] = h
		}
	}
	return "", false
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
