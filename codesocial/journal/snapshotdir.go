package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SnapshotDir is a directory, named by its path, that keeps [Snapshots] as files for their owner only. It is made when the first is
// saved. A file is replaced as a whole; what a crash leaves of one is noticed and not used.
type SnapshotDir string

var _ Snapshots = SnapshotDir("")

// The names of snapshots, and of those that are being written.
const (
	snapshotSuffix   = ".snapshot"
	unfinishedMiddle = ".unfinished-"
)

// Load implements [Snapshots].
func (d SnapshotDir) Load(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(string(d), name+snapshotSuffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// Save implements [Snapshots].
func (d SnapshotDir) Save(ctx context.Context, name string, snapshot []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(string(d), name+unfinishedMiddle)
	if err != nil {
		return err
	}
	_, err = f.Write(snapshot)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(string(d), name+snapshotSuffix))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Clear implements [Snapshots]. It also removes what processes that were killed left unfinished.
func (d SnapshotDir) Clear(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(string(d))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), snapshotSuffix) && !strings.Contains(e.Name(), unfinishedMiddle) {
			continue
		}
		if err := os.Remove(filepath.Join(string(d), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
