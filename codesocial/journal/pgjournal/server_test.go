//go:build unix

package pgjournal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// serverVariable names a server that exists, as a URL; its databases are left alone except for schemas whose
// names begin with journaltest_. Without it the tests start a server of their own, on a socket in a temporary
// directory.
const serverVariable = "CODESOCIAL_TEST_POSTGRES"

// errNoServer says that the machine has no PostgreSQL.
var errNoServer = errors.New("no PostgreSQL server on this machine: install the package postgresql, or name a server in " + serverVariable)

// A server is a PostgreSQL server that lives as long as the tests.
type server struct {
	dir string
	bin string
	cmd *exec.Cmd
}

var (
	shared     server
	sharedOnce = sync.OnceValues(func() (string, error) {
		if address := os.Getenv(serverVariable); address != "" {
			return address, nil
		}
		return shared.create()
	})
	schemas atomic.Int64
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// newPlace returns the address of a schema that does not exist yet, on the shared server.
func newPlace(tb testing.TB) string {
	tb.Helper()
	address, err := sharedOnce()
	if errors.Is(err, errNoServer) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	schema := fmt.Sprintf("journaltest_%d_%d", os.Getpid(), schemas.Add(1))
	tb.Cleanup(func() {
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, address)
		if err != nil {
			tb.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE"); err != nil {
			tb.Error(err)
		}
	})
	return withParameter(address, "search_path", schema)
}

// withParameter adds a parameter to the URL of a server.
func withParameter(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // libpq knows no other space
	return u.String()
}

// binaries finds the directory of the server's programs.
func binaries() (string, error) {
	candidates, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Reverse(candidates) // the newest first
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			candidates = append([]string{filepath.Dir(path)}, candidates...)
		}
	}
	for _, dir := range candidates {
		if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
			return dir, nil
		}
	}
	return "", errNoServer
}

// create makes a new server, starts it with settings, if any, and returns its address.
func (s *server) create(settings ...string) (string, error) {
	var err error
	if s.bin, err = binaries(); err != nil {
		return "", err
	}
	if s.dir, err = os.MkdirTemp("", "pgjournal"); err != nil {
		return "", err
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(s.dir, nobody, nobody); err != nil {
			return "", err
		}
	}
	initdb := s.command("initdb", "-D", filepath.Join(s.dir, "data"), "-U", "journaltest", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	return s.address(), s.start(settings...)
}

func (s *server) address() string {
	u := url.URL{Scheme: "postgres", User: url.User("journaltest"), Path: "/postgres"}
	u.RawQuery = url.Values{"host": {s.dir}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// nobody is the user that a server started by root runs as: PostgreSQL refuses to run as root.
const nobody = 65534

func (s *server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt from the keyboard is for us
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return cmd
}

// start starts the server, with settings if any, and waits until it answers.
func (s *server) start(settings ...string) error {
	args := []string{"-D", filepath.Join(s.dir, "data"), "-k", s.dir}
	for _, set := range append([]string{"listen_addresses=", fmt.Sprintf("max_connections=%d", 100+20*runtime.GOMAXPROCS(0))}, settings...) {
		args = append(args, "-c", set)
	}
	s.cmd = s.command("postgres", args...)
	log := new(bytes.Buffer)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.address())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// kill ends the server as a power failure would, all its processes at once.
func (s *server) kill() error {
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil { // immediate shutdown: no checkpoint, recovery at the next start
		return err
	}
	err := s.cmd.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil
	}
	return err
}

// killBackends sends a signal to the processes that serve the connections of a store, as soon as there are any, and waits until they are gone and the server
// answers, which may have to recover first.
func (s *server) killBackends(ctx context.Context, signal syscall.Signal) error {
	var killed []int
	for {
		pids, err := s.backends(ctx)
		gone := err == nil && !slices.ContainsFunc(pids, func(pid int) bool { return slices.Contains(killed, pid) })
		if len(killed) > 0 && gone {
			return nil
		}
		if len(killed) == 0 {
			killed = pids
			for _, pid := range pids {
				if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) { // it may have ended by itself
					return err
				}
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// backends returns the processes that serve the connections of a store.
func (s *server) backends(ctx context.Context) ([]int, error) {
	conn, err := pgx.Connect(ctx, s.address())
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `SELECT pid FROM pg_stat_activity WHERE application_name = 'codesocial journal'`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// remove ends the server, if it was started, and deletes it. It asks for no orderly shutdown: nothing is to be kept, and a server that has just begun to recover from
// the death of one of its processes may wait for ever to get that far.
func (s *server) remove() error {
	if s.cmd != nil && s.cmd.ProcessState == nil {
		if err := s.kill(); err != nil {
			return err
		}
	}
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}
