package freeze_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

// Not parallel: it measures what is allocated.
func TestHostileBytesTakeMemoryInProportionToTheirNumber(t *testing.T) {
	type wide struct {
		Lists [8][]string
		Maps  [4]map[string]string
	}
	type hostile struct {
		Text  string
		Bytes []byte
		Wide  []wide
		Maps  map[uint64]map[uint64]wide
	}
	form := freeze.Of[hostile]()
	empty, err := form.Marshal(new(hostile))
	require.NoError(t, err)
	const size = 1 << 20
	huge := binary.AppendUvarint(nil, 1<<62)
	fitting := binary.AppendUvarint(nil, size/12) // as many as there may be
	for name, body := range map[string][]byte{
		"a text":                append(huge, make([]byte, size)...),
		"bytes":                 append(append([]byte{0}, huge...), make([]byte, size)...),
		"a list":                append(append([]byte{0, 0}, huge...), make([]byte, size)...),
		"a map":                 append(append([]byte{0, 0, 0, 1}, huge...), make([]byte, size)...),
		"a list that could be":  append(append([]byte{0, 0}, fitting...), make([]byte, size)...),
		"a map that could be":   append(append([]byte{0, 0, 0, 1}, binary.AppendUvarint(nil, size/2)...), make([]byte, size)...),
		"maps that are all new": append(append([]byte{0, 0}, fitting...), make([]byte, size)...),
	} {
		data := append(append([]byte(nil), empty[:8]...), body...)
		if name == "maps that are all new" {
			for i := 15; i < len(data); i++ {
				data[i] = byte(i & 1)
			}
		}
		var failed error
		taken := memory(func() { failed = form.Unmarshal(data, new(hostile)) })
		require.Error(t, failed, name)
		require.Less(t, taken, uint64(80*len(data)), name)
	}
}
