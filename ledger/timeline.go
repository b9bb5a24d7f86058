package ledger

import (
	"sort"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A timeline is a list of amounts in the order of recording, each of a day. It answers of two times at once: how much do the first so many add up to whose day is not after
// a given one.
//
// Mostly what is recorded comes in the order of its days. An entry is late when one before it is of a later day. Up to the first entry after a day, all are of that day or
// before it, and a running total answers; beyond it only late ones are, and from the last entry that is not after the day on, none. What lies between is
// added up from blocks, which hold the late entries by their days: that takes the square of the logarithm of its length at most, and no time where
// nothing is late.
type timeline struct {
	days  []int32
	sums  column // running totals
	highs []mark // the entries whose day is after those of all before
	mins  []mark // the entries whose day is before those of all before
	lows  []mark // the entries whose day is before those of all after
	late  []level
}

// recorded is a timeline with the tokens after its entries.
type recorded struct {
	timeline
	tokens []Token
}

func (s *recorded) add(r *journal.Record, on codesocial.Date, amount fixed) {
	s.tokens = append(s.tokens, tokenOf(r.Position))
	s.timeline.add(dayNumber(on), amount)
}

// total returns the total at a time.
func (s *recorded) total(at At) fixed {
	n := len(s.tokens)
	if at.Known != 0 {
		n = sort.Search(n, func(i int) bool { return s.tokens[i] > at.Known })
	}
	if at.On.IsZero() {
		return s.sum(n)
	}
	return s.timeline.total(n, dayNumber(at.On))
}

// A mark is an entry and its day.
type mark struct{ at, day int32 }

// A level divides the entries into blocks of one size.
type level struct {
	ends []uint32 // of each block, in days and sums
	days []int32  // those of its late entries, in order, each once
	sums column   // running totals within the block
}

// The first level has blocks of firstBlock entries, and each block of the next holds blockFactor of those before.
const (
	firstBlock  = 32
	blockFactor = 8
)

func (t *timeline) len() int { return len(t.days) }

// add appends an entry.
func (t *timeline) add(day int32, amount fixed) {
	at := mark{int32(len(t.days)), day}
	t.days = append(t.days, day)
	t.sums.append(t.sum(int(at.at)).add(amount))
	if n := len(t.highs); n == 0 || day > t.highs[n-1].day {
		t.highs = append(t.highs, at)
	}
	if n := len(t.mins); n == 0 || day < t.mins[n-1].day {
		t.mins = append(t.mins, at)
	}
	for n := len(t.lows); n > 0 && t.lows[n-1].day >= day; n-- {
		t.lows = t.lows[:n-1]
	}
	t.lows = append(t.lows, at)
	if len(t.days)%firstBlock == 0 {
		t.block()
	}
}

// sum returns the total of the first n entries.
func (t *timeline) sum(n int) fixed {
	if n == 0 {
		return fixed{}
	}
	return t.sums.at(n - 1)
}

// amount returns that of an entry.
func (t *timeline) amount(i int) fixed { return t.sum(i + 1).sub(t.sum(i)) }

// begun reports whether one of the first n entries is of a day or before it.
func (t *timeline) begun(n int, day int32) bool {
	i := sort.Search(len(t.mins), func(i int) bool { return int(t.mins[i].at) >= n })
	return i > 0 && t.mins[i-1].day <= day
}

// total returns the total of those of the first n entries that are of a day or before it.
func (t *timeline) total(n int, day int32) fixed {
	i := sort.Search(len(t.highs), func(i int) bool { return t.highs[i].day > day })
	if i == len(t.highs) || int(t.highs[i].at) >= n {
		return t.sum(n)
	}
	from := int(t.highs[i].at)
	sum := t.sum(from)
	to := 0
	if i := sort.Search(len(t.lows), func(i int) bool { return t.lows[i].day > day }); i > 0 {
		to = min(n, int(t.lows[i-1].at)+1)
	}
	a, b := (from+firstBlock-1)/firstBlock, to/firstBlock // the whole blocks
	if from >= to || a >= b {
		return sum.add(t.scan(from, to, day))
	}
	sum = sum.add(t.scan(from, a*firstBlock, day)).add(t.scan(b*firstBlock, to, day))
	for k := range t.late {
		l := &t.late[k]
		top := k+1 == len(t.late)
		for ; a < b && (top || a%blockFactor > 0); a++ {
			sum = sum.add(l.total(a, day))
		}
		for ; a < b && b%blockFactor > 0; b-- {
			sum = sum.add(l.total(b-1, day))
		}
		a, b = a/blockFactor, b/blockFactor
	}
	return sum
}

// scan returns the total of those of some entries that are of a day or before it.
func (t *timeline) scan(from, to int, day int32) (sum fixed) {
	before := t.sum(from)
	for i := from; i < to; i++ {
		after := t.sums.at(i)
		amount, taken := after.sub(before), ^(int64(day)-int64(t.days[i]))>>63 // all ones or none: the days are in no order that a processor could guess
		sum = sum.add(fixed{amount.hi & taken, amount.lo & uint64(taken)})
		before = after
	}
	return sum
}

// total returns the total of a block's late entries that are of a day or before it.
func (l *level) total(block int, day int32) fixed {
	from, to := l.bounds(block)
	days := l.days[from:to]
	n := sort.Search(len(days), func(i int) bool { return days[i] > day })
	if n == 0 {
		return fixed{}
	}
	return l.sums.at(from + n - 1)
}

// bounds returns where a block begins and ends.
func (l *level) bounds(block int) (from, to int) {
	if block > 0 {
		from = int(l.ends[block-1])
	}
	return from, int(l.ends[block])
}

// An amountOn is what is added up for a day.
type amountOn struct {
	day    int32
	amount fixed
}

// block makes the blocks that the last entry completes.
func (t *timeline) block() {
	end, size := len(t.days), firstBlock
	parts := t.lateFrom(end - size)
	for k := 0; ; k++ {
		if k == len(t.late) {
			t.late = append(t.late, level{})
		}
		t.late[k].append(parts)
		size *= blockFactor
		if end%size != 0 {
			return
		}
		parts = t.late[k].last(blockFactor)
	}
}

// lateFrom returns the late entries from one on.
func (t *timeline) lateFrom(from int) (parts []amountOn) {
	i := sort.Search(len(t.highs), func(i int) bool { return int(t.highs[i].at) > from }) - 1
	for at := from; at < len(t.days); at++ {
		if i+1 < len(t.highs) && int(t.highs[i+1].at) == at {
			i++
		}
		if day := t.days[at]; day < t.highs[i].day {
			parts = append(parts, amountOn{day, t.amount(at)})
		}
	}
	return parts
}

// append adds a block of these late entries.
func (l *level) append(parts []amountOn) {
	sort.Slice(parts, func(i, j int) bool { return parts[i].day < parts[j].day })
	sum := fixed{}
	for i, p := range parts {
		sum = sum.add(p.amount)
		if i+1 < len(parts) && parts[i+1].day == p.day {
			continue
		}
		l.days = append(l.days, p.day)
		l.sums.append(sum)
	}
	l.ends = append(l.ends, uint32(len(l.days)))
}

// last returns what the last so many blocks hold.
func (l *level) last(blocks int) (parts []amountOn) {
	for block := len(l.ends) - blocks; block < len(l.ends); block++ {
		before := fixed{}
		for i, to := l.bounds(block); i < to; i++ {
			sum := l.sums.at(i)
			parts = append(parts, amountOn{l.days[i], sum.sub(before)})
			before = sum
		}
	}
	return parts
}
