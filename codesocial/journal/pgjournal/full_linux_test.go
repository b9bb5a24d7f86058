package pgjournal_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

// A small disk is mounted in a process with name spaces of its own, so the test has one.
const fullVariable = "CODESOCIAL_PGJOURNAL_FULL"

// room is the size of the disk that gets full; ballast is a file on it that is removed to make room again.
const (
	room    = 24 << 20
	ballast = 4 << 20
)

func TestFullDiskIsAClearErrorAndTheJournalStaysUsable(t *testing.T) {
	t.Parallel()
	if os.Getenv(fullVariable) != "" {
		inFullDisk(t)
		return
	}
	if _, err := binaries(); err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), fullVariable+"=1")
	const sysAdmin = 21 // CAP_SYS_ADMIN, within the name spaces
	// An ordinary user there, as PostgreSQL wants it, whoever runs the tests.
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: os.Getegid(), Size: 1}},
		AmbientCaps: []uintptr{sysAdmin},
	}
	out := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Skipf("the system lets nobody mount a disk in a name space of his own: %v", err)
	}
	require.NoError(t, cmd.Wait(), "%s", out)
}

func inFullDisk(t *testing.T) {
	t.Helper()
	disk := t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", room)))
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, 0)) })
	s := new(server)
	t.Cleanup(func() { require.NoError(t, s.remove()) })
	_, err := s.create("autovacuum=off") // which would make room, at a time of its own
	require.NoError(t, err)
	filler, tables := filepath.Join(disk, "ballast"), filepath.Join(disk, "tables")
	require.NoError(t, os.WriteFile(filler, make([]byte, ballast), 0o600))
	require.NoError(t, os.Mkdir(tables, 0o700))
	conn, err := pgx.Connect(t.Context(), s.address())
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), fmt.Sprintf("CREATE TABLESPACE small LOCATION '%s'", tables))
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	place := withParameter(s.address(), "default_tablespace", "small")
	store, err := pgjournal.Open(t.Context(), place, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	note := func(size int) error {
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: "example.note", Payload: map[string][]byte{"bytes": incompressible(size)}}}, nil
		})
		return err
	}
	for range 2 * room >> 20 {
		if err = note(1 << 20); err != nil {
			break
		}
	}
	require.ErrorContains(t, err, "No space left on device")
	require.ErrorContains(t, err, "nothing was recorded")
	size := j.Size()
	require.Greater(t, size, uint64(2))
	for range 3 {
		require.ErrorContains(t, note(1<<20), "No space left on device", "it stays full")
	}
	require.Equal(t, size, j.Size())
	records := 0
	for _, err := range j.Records(t.Context(), 0) {
		require.NoError(t, err, "what is there can be read")
		records++
	}
	require.Equal(t, size, uint64(records))

	require.NoError(t, os.Remove(filler))
	require.NoError(t, note(1<<20), "there is room again")
	report, err := journal.Verify(t.Context(), store, signer.VerifierKey(), nil)
	require.NoError(t, err)
	require.Equal(t, size+1, report.Records)
}

// incompressible returns bytes that PostgreSQL cannot store in less.
func incompressible(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.Read(b) // never fails, says its doc
	return b
}
