//go:build unix

package dirstore_test

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// The limit on the size of files holds for a whole process, so the test has one of its own.
const fullVariable = "CODESOCIAL_DIRSTORE_FULL"

func TestADiskWithoutRoomIsAnErrorAndTheStoreStaysUsable(t *testing.T) {
	t.Parallel()
	if os.Getenv(fullVariable) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		cmd.Env = append(os.Environ(), fullVariable+"=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}

	signal.Ignore(syscall.SIGXFSZ)
	dir, s := filled(t, 2)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	limit.Cur = 1 << 20
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	err := s.Put(t.Context(), 2, bytes.Repeat([]byte{'x'}, 4<<20))
	require.ErrorIs(t, err, syscall.EFBIG)
	require.Len(t, tree(t, dir), 2, "what was written of it is gone")
	require.NoError(t, s.Put(t.Context(), 2, block(2)), "a small one fits")
	requireBlocks(t, open(t, dir), 3)
}
