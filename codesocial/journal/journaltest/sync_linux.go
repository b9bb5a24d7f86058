package journaltest

import (
	"os"
	"syscall"
)

// syncFile makes durable what was written to f.
func syncFile(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
