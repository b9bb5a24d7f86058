package journal

// A list grows without moving what it holds: a large slice would be copied four times over while it grows, and all of it at once.
type list[T any] struct {
	chunks [][]T // all of chunkLen, but for the last
	len    int
}

// chunkLen is how many elements a chunk has. The first one grows as it fills.
const chunkLen = 1 << 12

func (l *list[T]) at(i int) *T { return &l.chunks[i/chunkLen][i%chunkLen] }

func (l *list[T]) add(v T) {
	if l.len == len(l.chunks)*chunkLen {
		var chunk []T
		if l.len > 0 {
			chunk = make([]T, 0, chunkLen)
		}
		l.chunks = append(l.chunks, chunk)
	}
	last := &l.chunks[len(l.chunks)-1]
	*last = append(*last, v)
	l.len++
}

// cut takes the list back to an earlier length.
func (l *list[T]) cut(length int) {
	keep := (length + chunkLen - 1) / chunkLen
	clear(l.chunks[keep:])
	l.chunks = l.chunks[:keep]
	if keep > 0 {
		last := &l.chunks[keep-1]
		*last = (*last)[:length-(keep-1)*chunkLen]
	}
	l.len = length
}
