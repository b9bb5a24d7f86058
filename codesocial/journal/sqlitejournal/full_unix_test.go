//go:build unix

package sqlitejournal_test

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)

// The limit on the size of files holds for a whole process, so the test has one of its own.
const fullVariable = "CODESOCIAL_SQLITEJOURNAL_FULL"

func TestFullDiskIsAClearErrorAndTheStoreStaysUsable(t *testing.T) {
	t.Parallel()
	path := os.Getenv(fullVariable)
	if path == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		cmd.Env = append(os.Environ(), fullVariable+"="+newFile(t))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}

	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	room := limit.Cur
	s := open(t, path, nil)
	put(t, s, 0, 3)
	for round := uint64(3); round < 9; round += 2 {
		limit.Cur = 1 << 20
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
		err := s.Put(t.Context(), round, bytes.Repeat([]byte{'x'}, 4<<20))
		require.ErrorIs(t, err, sqlitejournal.ErrFull)
		require.ErrorContains(t, err, path)
		require.Equal(t, int(round), count(t, s), "what was stored before is there")
		put(t, s, round, round+1) // a small one fits

		limit.Cur = room
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
		put(t, s, round+1, round+2)
	}
	require.Equal(t, 9, count(t, open(t, path, nil)))
}
