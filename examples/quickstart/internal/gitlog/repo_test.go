package gitlog

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repo is a small repository in a temporary directory.
type repo struct {
	t    *testing.T
	dir  string
	days int
}

func newRepo(t *testing.T) *repo {
	t.Helper()
	r := &repo{t: t, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

// git runs git on the repository, apart from the configuration of whoever runs the tests, as one author a day.
func (r *repo) git(args ...string) string {
	r.t.Helper()
	return r.gitIn("", args...)
}

func (r *repo) gitIn(input string, args ...string) string {
	r.t.Helper()
	r.days++
	date := fmt.Sprintf("%d +0200", 1735689600+r.days*86400)
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"GIT_AUTHOR_NAME=Zoé Martin", "GIT_AUTHOR_EMAIL=Zoe@Example.org", "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=Robot", "GIT_COMMITTER_EMAIL=robot@example.org", "GIT_COMMITTER_DATE=" + date,
	}
	out, err := cmd.CombinedOutput()
	require.NoErrorf(r.t, err, "git %s: %s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// commit writes the files, names and content in turn, and commits everything.
func (r *repo) commit(message string, files ...string) {
	r.t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(r.dir, files[i])
		require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(r.t, os.WriteFile(path, []byte(files[i+1]), 0o644))
	}
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
}

// as commits like commit, as another author.
func (r *repo) as(name, email, message string, files ...string) {
	r.t.Helper()
	r.commit(message, files...)
	r.git("commit", "-q", "--amend", "--no-edit", "--allow-empty", "--author", name+" <"+email+">")
}

// history reads the whole repository.
func (r *repo) history() []Commit {
	r.t.Helper()
	repository, err := Open(r.t.Context(), r.dir)
	require.NoError(r.t, err)
	commits := read(r.t, repository)
	count, err := repository.Count(r.t.Context())
	require.NoError(r.t, err)
	require.Len(r.t, commits, count)
	return commits
}

func read(t *testing.T, repository *Repository) []Commit {
	t.Helper()
	var commits []Commit
	for commit, err := range repository.Commits(t.Context()) {
		require.NoError(t, err)
		commits = append(commits, commit)
	}
	return commits
}

// people returns who the commits are by, sorted.
func people(commits []Commit) []string {
	set := make(map[string]bool)
	for _, c := range commits {
		set[c.Name+" <"+c.Person+">"] = true
	}
	return slices.Sorted(maps.Keys(set))
}
