package sqlitejournal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)

// withoutPrivileges runs f with the rights of an ordinary user, which root's threads can take on for files.
func withoutPrivileges(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if os.Geteuid() == 0 {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			_, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0)
		}
		f()
	}()
	<-done
}

func TestMissingRightsAreErrorsThatSayWhatToDo(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	put(t, s, 0, 3)
	require.NoError(t, s.Close())
	dir := filepath.Dir(path)
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755)) // the directory above is private to the test

	for _, c := range []struct {
		name      string
		file, dir fs.FileMode
		path      string
		readOnly  bool
		says      string
	}{
		{"file and directory may only be read", 0o444, 0o555, path, false, "may not be written: change the rights"},
		{"file may only be read", 0o444, 0o777, path, false, "may not be written: change the rights, or open it with Options.ReadOnly"},
		{"file may not be read", 0o000, 0o777, path, false, "check the rights"},
		{"file may not be read, for reading", 0o000, 0o777, path, true, "check the rights"},
		{"directory may not be entered", 0o666, 0o000, path, false, "permission denied"},
		{"directory may not be written, file is new", 0o666, 0o555, filepath.Join(dir, "new.db"), false, "creating the file"},
	} {
		require.NoError(t, os.Chmod(path, c.file))
		require.NoError(t, os.Chmod(dir, c.dir))
		withoutPrivileges(func() {
			_, err := sqlitejournal.Open(t.Context(), c.path, &sqlitejournal.Options{ReadOnly: c.readOnly})
			assert.ErrorIs(t, err, fs.ErrPermission, c.name)
			assert.ErrorContains(t, err, c.says, c.name)
		})
		require.NoError(t, os.Chmod(dir, 0o777))
	}
	require.NoError(t, os.Chmod(path, 0o644))
	require.Equal(t, 3, count(t, open(t, path, nil)), "the journal is intact")
}
