package mediation

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var draw = flag.Bool("draw", false, "draw the table into doc.go instead of comparing")

const (
	above = "// takes.\n//\n"
	below = "//\n// A charter changes clocks"
)

func TestThePackagePageShowsTheTable(t *testing.T) {
	data, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(data), above)
	require.True(t, ok)
	drawn, after, ok := strings.Cut(rest, below)
	require.True(t, ok)
	var want strings.Builder
	for line := range strings.Lines(drawing()) {
		want.WriteString("//\t" + line)
	}
	if *draw {
		require.NoError(t, os.WriteFile("doc.go", []byte(before+above+want.String()+below+after), 0o644))
		return
	}
	require.Equal(t, want.String(), drawn, "go test ./mediation -run Page -draw draws it")
}
