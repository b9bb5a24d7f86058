//go:build !linux

package journaltest

import "os"

// syncFile makes durable what was written to f.
func syncFile(f *os.File) error { return f.Sync() }
