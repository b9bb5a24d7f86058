package intake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// A line's key is "id:" and its id, or "line:" and the SHA-256, in hexadecimal, of what the line is (contribution
// or money), its fields and its number among lines that are equal in them. Each part is preceded by its length
// (8 bytes, big endian), so that no two lines can be written so as to look alike.

func keyOfID(id string) string { return "id:" + id }

func keyOfContent(parts []string, occurrence int) string {
	h := sha256.New()
	var n [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	binary.BigEndian.PutUint64(n[:], uint64(occurrence))
	h.Write(n[:])
	return "line:" + hex.EncodeToString(h.Sum(nil))
}

// assignKeys gives every line its key. parts returns what identifies a line without an id; order decides which of several
// lines equal in that is the first, so that it does not depend on where they stand.
func assignKeys[T any](lines []T, id func(*T) string, parts func(*T) []string, order func(a, b *T) int, set func(*T, string)) {
	equal := make(map[string][]*T)
	var first []string // the keys of equal, in the order of the file
	for i := range lines {
		line := &lines[i]
		if s := id(line); s != "" {
			set(line, keyOfID(s))
			continue
		}
		content := keyOfContent(parts(line), 0)
		if equal[content] == nil {
			first = append(first, content)
		}
		equal[content] = append(equal[content], line)
	}
	for _, content := range first {
		group := equal[content]
		slices.SortStableFunc(group, order)
		set(group[0], content)
		for n := 1; n < len(group); n++ {
			set(group[n], keyOfContent(parts(group[n]), n))
		}
	}
}
