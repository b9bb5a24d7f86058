package gitlog

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary returns a program that leaves a trace when it is run, and whether it was.
func canary(t *testing.T) (program string, ran func() bool) {
	t.Helper()
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	program = filepath.Join(dir, "canary")
	// Written by another process: a program that this one holds open for writing, while it starts others, could not be run.
	write := exec.Command("sh", "-c", `cat > "$0" && chmod +x "$0"`, program)
	write.Stdin = strings.NewReader("#!/bin/sh\ntouch '" + trace + "'\n")
	require.NoError(t, write.Run())
	return program, func() bool {
		err := os.Remove(trace)
		return err == nil
	}
}

func TestNothingThatTheRepositoryNamesIsRun(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	program, ran := canary(t)
	r.commit("a", "a.go", "a", ".gitattributes", "*.go diff=canary filter=canary\n")
	r.commit("b", "a.go", "b")
	signed := "tree " + r.git("rev-parse", "HEAD^{tree}") + "\nparent " + r.git("rev-parse", "HEAD") +
		"\nauthor A <a@example.org> 1735689600 +0000\ncommitter A <a@example.org> 1735689600 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n\nsigned\n"
	r.git("update-ref", "HEAD", r.gitIn(signed, "hash-object", "-t", "commit", "-w", "--stdin"))
	for _, name := range []string{
		"core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass", "core.alternateRefsCommand", "gpg.program",
		"diff.external", "diff.canary.textconv", "diff.canary.command", "filter.canary.clean", "filter.canary.smudge", "pager.log", "credential.helper",
		"uploadpack.packObjectsHook",
	} {
		r.git("config", name, program)
	}
	r.git("config", "log.showSignature", "true")
	r.git("config", "alias.log", "!"+program)
	r.git("config", "core.hooksPath", filepath.Dir(program))

	r.git("log", "-p", "--ext-diff")
	require.True(t, ran(), "the canary is worth nothing if git alone does not wake it")
	r.git("status")
	require.True(t, ran())

	commits := r.history()
	require.Len(t, commits, 3)
	require.False(t, ran(), "a program that the repository names was run")
}

func TestMissingObjectsAreNotFetched(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	program, ran := canary(t)
	r.commit("a", "a.go", "a")
	tree := r.git("rev-parse", "HEAD^{tree}")
	require.NoError(t, os.Remove(filepath.Join(r.dir, ".git", "objects", tree[:2], tree[2:])))
	for _, setting := range [][2]string{
		{"core.repositoryFormatVersion", "1"},
		{"extensions.partialClone", "origin"},
		{"remote.origin.promisor", "true"},
		{"remote.origin.url", "ext::" + program},
		{"protocol.ext.allow", "always"},
		{"protocol.allow", "always"},
	} {
		r.git("config", setting[0], setting[1])
	}
	repository, err := Open(t.Context(), r.dir)
	require.NoError(t, err)
	require.ErrorIs(t, firstError(repository, t.Context()), ErrGit)
	require.False(t, ran(), "the transport that the repository names was run")

	cmd := exec.Command("git", "log", "--raw")
	cmd.Dir = r.dir
	require.Error(t, cmd.Run())
	require.True(t, ran(), "the canary is worth nothing if git alone does not wake it")
}

func TestReplacementsAndGraftsDoNotChangeTheHistory(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("a", "a.go", "a")
	r.commit("b", "a.go", "b")
	r.commit("c", "a.go", "c")
	before := r.history()
	r.git("replace", "--graft", "HEAD")
	require.NoError(t, os.MkdirAll(filepath.Join(r.dir, ".git", "info"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, ".git", "info", "grafts"), []byte(before[1].Hash+"\n"), 0o644))
	r.git("config", "advice.graftFileDeprecated", "false")
	require.Equal(t, "1", r.git("rev-list", "--count", "HEAD"))
	require.Equal(t, before, r.history())
}

// The environment is that of the whole process: the tests that set it do not run beside others.

func TestGitMayBeMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Open(t.Context(), t.TempDir())
	require.ErrorIs(t, err, ErrNoGit)
}

func TestTheEnvironmentDoesNotPointGitElsewhere(t *testing.T) {
	r, other := newRepo(t), newRepo(t)
	r.commit("a", "a.go", "a")
	program, ran := canary(t)
	t.Setenv("GIT_DIR", filepath.Join(other.dir, ".git"))
	t.Setenv("GIT_WORK_TREE", other.dir)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other.dir, "index"))
	t.Setenv("GIT_OBJECT_DIRECTORY", other.dir)
	t.Setenv("GIT_EXTERNAL_DIFF", program)
	t.Setenv("GIT_PAGER", program)
	t.Setenv("GIT_TRACE", "1")
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "log.showRoot")
	t.Setenv("GIT_CONFIG_VALUE_0", "false")
	repository, err := Open(t.Context(), r.dir)
	require.NoError(t, err)
	commits := read(t, repository)
	require.Len(t, commits, 1)
	require.Equal(t, 1, commits[0].Code)
	require.False(t, ran())
}
