package gitlog

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

const someHash = "0123456789abcdef0123456789abcdef01234567"

const someLog = someHash + "\x00A@b\x00A\x001735689600 +0100\x001735689600 +0100\x00\n" +
	":000000 100644 0 1 A\x00a.go\x00:000000 100644 0 1 A\x00:x\x00" + someHash + "\x00\x00\x001735689600 -0330\x000 +0000\x00"

func TestALogIsReadPartByPart(t *testing.T) {
	t.Parallel()
	var commits []Commit
	goOn, err := parseLog(iotest.OneByteReader(strings.NewReader(someLog)), func(c Commit) bool {
		commits = append(commits, c)
		return true
	})
	require.NoError(t, err)
	require.True(t, goOn)
	require.Len(t, commits, 2)
	require.Equal(t, [2]int{1, 1}, [2]int{commits[0].Code, commits[0].Other})
	require.Equal(t, "a@b", commits[0].Person)
	_, offset := commits[1].Time.Zone()
	require.Equal(t, -(3*3600 + 30*60), offset)
}

func TestALogThatIsCutOrOtherwiseIsRefused(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]string{
		"cut in a name":        someLog[:len(someHash)+4],
		"cut between parts":    someHash + "\x00a@b\x00",
		"cut before a file":    someHash + "\x00a@b\x00A\x001735689600 +0000\x001735689600 +0000\x00\n:0 0 0 0 A\x00",
		"no commit":            "warning: something\x00",
		"a file first":         ":000000 100644 0 1 A\x00a.go\x00",
		"a name of two MiB":    someHash + "\x00" + strings.Repeat("x", 2<<20) + "\x00",
		"a hash in upper case": strings.ToUpper(someHash) + "\x00a\x00a\x001735689600 +0000\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseLog(strings.NewReader(log), func(Commit) bool { return true })
			require.Error(t, err)
		})
	}
}

func FuzzParseLog(f *testing.F) {
	f.Add([]byte(someLog))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = parseLog(bytes.NewReader(data), func(c Commit) bool {
			require.True(t, isHash(c.Hash))
			require.LessOrEqual(t, len(c.Name), MaxNameBytes)
			require.NotContains(t, c.Name, "\n")
			require.GreaterOrEqual(t, c.Time.UTC().Year(), minYear-1)
			return true
		})
	})
}
