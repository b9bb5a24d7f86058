package gitlog

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A Repository is a git repository with a history that can be read whole. Safe for concurrent use.
type Repository struct {
	path  string
	head  string
	extra []string // environment, in tests
}

// Open finds the repository that the directory path belongs to, as git does: the directory itself or the
// nearest one above it. It resolves HEAD once: commits made later are not seen.
func Open(ctx context.Context, path string) (*Repository, error) { return open(ctx, path) }

func open(ctx context.Context, path string, extra ...string) (*Repository, error) {
	r := &Repository{path: path, extra: extra}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil, &Error{Path: path, Err: ErrNotRepository, Detail: "there is no such directory"}
	}
	shallow, err := r.output(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return nil, err
	}
	if shallow == "true" {
		return nil, &Error{Path: path, Err: ErrShallow}
	}
	head, err := r.output(ctx, "rev-parse", "--verify", "--quiet", "HEAD")
	var failed *Error
	if errors.As(err, &failed) && failed.Err == ErrGit && failed.Detail == "" {
		return nil, &Error{Path: path, Err: ErrNoCommits}
	}
	if err != nil {
		return nil, err
	}
	if !isHash(head) {
		return nil, &Error{Path: path, Err: ErrGit, Detail: "HEAD is " + head}
	}
	r.head = head
	return r, nil
}

// Head returns the hash of the commit that the history is read from.
func (r *Repository) Head() string { return r.head }

// Count returns how many commits [Repository.Commits] yields. It takes a fraction of the time that they do.
func (r *Repository) Count(ctx context.Context) (int, error) {
	out, err := r.output(ctx, "rev-list", "--count", "--no-merges", "--end-of-options", r.head, "--")
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(out)
	if err != nil {
		return 0, &Error{Path: r.path, Err: ErrGit, Detail: "rev-list --count wrote " + out}
	}
	return n, nil
}

// command returns git, about to be run in the directory of the repository.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(safeOptions(), args...)...)
	cmd.Dir = r.path
	cmd.Env = append(environment(), r.extra...)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// safeOptions keep whatever the configuration names from being run. Options on the command line come before
// the configuration of the repository.
func safeOptions() []string {
	return []string{
		"--no-pager", "--no-replace-objects", "--no-optional-locks",
		"-c", "core.fsmonitor=false",
		"-c", "core.hooksPath=" + os.DevNull,
		"-c", "core.attributesFile=" + os.DevNull,
		"-c", "core.commitGraph=false", // a cache; the commits themselves say who their parents are
		"-c", "log.showSignature=false",
		"-c", "log.showRoot=true",
		"-c", "diff.external=",
		"-c", "mailmap.file=",
		"-c", "protocol.allow=never",
		"-c", "advice.graftFileDeprecated=false",
	}
}

// environment is what git is told of ours: where to find programs and the user's own configuration (which says whose repositories
// are trusted), and nothing that would point it elsewhere.
func environment() []string {
	env := []string{
		"GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
		"GIT_GRAFT_FILE=" + os.DevNull, "GIT_ATTR_NOSYSTEM=1", "GIT_PAGER=", "LC_ALL=C", "LANGUAGE=C", "TZ=UTC",
	}
	for _, name := range []string{
		"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "TMP", "TEMP", "SUDO_UID", "SYSTEMROOT", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA",
		"LOCALAPPDATA", "PROGRAMDATA",
	} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// maxStderr is how much of what git complains about is kept.
const maxStderr = 4 << 10

// tail keeps the last bytes written to it.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-maxStderr):]
	return len(p), nil
}

// output runs git and returns the one line that it writes.
func (r *Repository) output(ctx context.Context, args ...string) (string, error) {
	cmd := r.command(ctx, args...)
	var complaints tail
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return "", r.failure(ctx, err, complaints.kept)
	}
	return strings.TrimSpace(string(out)), nil
}

// failure says why git failed, from how it ended and what it complained about. Its messages are those of LC_ALL=C.
func (r *Repository) failure(ctx context.Context, err error, complaints []byte) error {
	detail := strings.Join(strings.Fields(string(complaints)), " ")
	switch {
	case ctx.Err() != nil:
		return &Error{Path: r.path, Err: context.Cause(ctx)}
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, exec.ErrDot):
		return &Error{Path: r.path, Err: ErrNoGit}
	case bytes.Contains(complaints, []byte("dubious ownership")):
		return &Error{Path: r.path, Err: ErrOwner}
	case bytes.Contains(complaints, []byte("not a git repository")):
		return &Error{Path: r.path, Err: ErrNotRepository}
	case errors.As(err, new(*exec.ExitError)):
		return &Error{Path: r.path, Err: ErrGit, Detail: detail}
	}
	return &Error{Path: r.path, Err: ErrGit, Detail: err.Error()}
}

// isHash reports whether s is the name of an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
