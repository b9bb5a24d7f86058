package gitlog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACommitIsAtMostOneContributionOfEachKind(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("code", "main.go", "a", "sub/util.go", "b")
	r.commit("both", "main.go", "c", "README.md", "d", "logo.svg", "e")
	r.commit("other", "README.md", "f")
	r.commit("nothing")
	var kinds [][]string
	var counts [][2]int
	for _, c := range r.history() {
		kinds = append(kinds, c.Kinds())
		counts = append(counts, [2]int{c.Code, c.Other})
	}
	require.Equal(t, [][]string{nil, {Other}, {Code, Other}, {Code}}, kinds, "newest first")
	require.Equal(t, [][2]int{{0, 0}, {0, 1}, {1, 2}, {2, 0}}, counts)
}

func TestACommitCarriesItsAuthorAndTime(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("first", "a.go", "a")
	c := r.history()[0]
	require.Equal(t, r.git("rev-parse", "HEAD"), c.Hash)
	require.Equal(t, "zoe@example.org", c.Person)
	require.Equal(t, "Zoé Martin", c.Name)
	require.Equal(t, "2025-01-04T02:00:00+02:00", c.Time.Format(time.RFC3339))
}

func TestOneMailmapMakesOnePersonOfManyAddresses(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("a", "a.go", "a")
	r.as("zoe", "zoe@laptop.local", "b", "a.go", "b")
	r.as("Léo", "LEO@example.org", "c", "a.go", "c")
	require.Equal(t, []string{"Léo <leo@example.org>", "Zoé Martin <zoe@example.org>", "zoe <zoe@laptop.local>"}, people(r.history()))
	r.as("Léo", "leo@example.org", "mailmap", ".mailmap", "Zoé Martin <Zoe@Example.org> <zoe@laptop.local>\nLéo Roux <leo@example.org>\n")
	require.Equal(t, []string{"Léo Roux <leo@example.org>", "Zoé Martin <zoe@example.org>"}, people(r.history()))
	bare := newRepo(t)
	bare.git("clone", "-q", "--bare", r.dir, "copy.git")
	repository, err := Open(t.Context(), filepath.Join(bare.dir, "copy.git"))
	require.NoError(t, err)
	require.Equal(t, []string{"Léo Roux <leo@example.org>", "Zoé Martin <zoe@example.org>"}, people(read(t, repository)))
}

func TestMergesAreNotCountedAndWhatTheyBringInIs(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("base", "a.go", "a")
	r.git("checkout", "-q", "-b", "side")
	r.commit("side", "b.go", "b")
	r.git("checkout", "-q", "main")
	r.commit("main", "c.md", "c")
	r.git("merge", "-q", "--no-ff", "-m", "merge", "side")
	require.Equal(t, "4", r.git("rev-list", "--count", "HEAD"))
	require.Len(t, r.history(), 3)
}

func TestOddNamesAreReadAsTheyAre(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("odd", "a\nb.go", "a", ":000000 100644 x", "b", "-n.go", "c", "é \"q\".md", "d", "\x01\xff.go", "e",
		"\n:100644 100644 0123456789012345678901234567890123456789", "f")
	c := r.history()[0]
	require.Equal(t, [2]int{3, 3}, [2]int{c.Code, c.Other})
	r.as("A\tB  \u202eC\u200b", "<odd>", "name", "a.go", "x")
	require.Equal(t, "A B C", r.history()[0].Name)
	r.as("No Address", "", "address", "a.go", "y")
	require.Equal(t, "name:no address", r.history()[0].Person)
	r.as(strings.Repeat("é", 300), "long@example.org", "long", "a.go", "z")
	require.Equal(t, strings.Repeat("é", 100), r.history()[0].Name)
}

func TestRenamesDeletionsLinksAndSubmodulesCount(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("base", "a.go", strings.Repeat("line\n", 50), "b.md", "b")
	r.git("mv", "a.go", "c.go")
	r.commit("rename")
	r.git("rm", "-q", "b.md")
	r.commit("delete")
	require.NoError(t, os.Symlink("c.go", filepath.Join(r.dir, "link.go")))
	r.commit("link")
	r.git("update-index", "--add", "--cacheinfo", "160000,"+r.git("rev-parse", "HEAD")+",module.go")
	r.git("commit", "-q", "-m", "submodule")
	r.git("config", "diff.renames", "copies")
	r.git("config", "diff.ignoreSubmodules", "all")
	var counts [][2]int
	for _, c := range r.history() {
		counts = append(counts, [2]int{c.Code, c.Other})
	}
	require.Equal(t, [][2]int{{0, 1}, {1, 0}, {0, 1}, {2, 0}, {1, 1}}, counts)
}

func TestTheWholeHistoryIsReadFromASubdirectory(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("a", "docs/a.md", "a")
	r.commit("b", "main.go", "b")
	r.git("config", "diff.relative", "true")
	repository, err := Open(t.Context(), filepath.Join(r.dir, "docs"))
	require.NoError(t, err)
	commits := read(t, repository)
	require.Len(t, commits, 2)
	require.Equal(t, 1, commits[0].Code)
}

func TestACommitWithoutACredibleDateTakesTheCommitters(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("a", "a.go", "a")
	tree := r.git("rev-parse", "HEAD^{tree}")
	write := func(author, committer string) {
		hash := r.gitIn("tree "+tree+"\nauthor A <a@example.org> "+author+"\ncommitter A <a@example.org> "+committer+"\n\nx\n",
			"hash-object", "-t", "commit", "-w", "--stdin", "--literally")
		r.git("update-ref", "HEAD", hash)
	}
	write("0 +0000", "1735689600 +0100")
	require.Equal(t, "2025-01-01T01:00:00+01:00", r.history()[0].Time.Format(time.RFC3339))
	write("99999999999 +0000", "1735689600 +9900")
	require.Equal(t, "2025-01-01T00:00:00Z", r.history()[0].Time.Format(time.RFC3339))
	write("0 +0000", "1 +0000")
	repository, err := Open(t.Context(), r.dir)
	require.NoError(t, err)
	require.ErrorContains(t, firstError(repository, t.Context()), "no date that can be believed")
}

func firstError(repository *Repository, ctx context.Context) error {
	for _, err := range repository.Commits(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWhatCannotBeReadIsSaidClearly(t *testing.T) {
	t.Parallel()
	full := newRepo(t)
	full.commit("a", "a.go", "a")
	full.commit("b", "a.go", "b")
	t.Run("not a repository", func(t *testing.T) {
		t.Parallel()
		_, err := Open(t.Context(), t.TempDir())
		require.ErrorIs(t, err, ErrNotRepository)
	})
	t.Run("no such directory", func(t *testing.T) {
		t.Parallel()
		_, err := Open(t.Context(), filepath.Join(t.TempDir(), "--help"))
		require.ErrorIs(t, err, ErrNotRepository)
		require.ErrorContains(t, err, "there is no such directory")
	})
	t.Run("no commits", func(t *testing.T) {
		t.Parallel()
		_, err := Open(t.Context(), newRepo(t).dir)
		require.ErrorIs(t, err, ErrNoCommits)
	})
	t.Run("a shallow clone", func(t *testing.T) {
		t.Parallel()
		r := newRepo(t)
		r.git("clone", "-q", "--depth", "1", "file://"+full.dir, "copy")
		_, err := Open(t.Context(), filepath.Join(r.dir, "copy"))
		require.ErrorIs(t, err, ErrShallow)
		require.ErrorContains(t, err, "git fetch --unshallow")
	})
	t.Run("somebody else's", func(t *testing.T) {
		t.Parallel()
		_, err := open(t.Context(), full.dir, "GIT_TEST_ASSUME_DIFFERENT_OWNER=1")
		require.ErrorIs(t, err, ErrOwner)
		require.ErrorContains(t, err, "safe.directory")
	})
	t.Run("a missing object", func(t *testing.T) {
		t.Parallel()
		r := newRepo(t)
		r.commit("a", "a.go", "a")
		tree := r.git("rev-parse", "HEAD^{tree}")
		require.NoError(t, os.Remove(filepath.Join(r.dir, ".git", "objects", tree[:2], tree[2:])))
		repository, err := Open(t.Context(), r.dir)
		require.NoError(t, err)
		err = firstError(repository, t.Context())
		require.ErrorIs(t, err, ErrGit)
		require.ErrorContains(t, err, tree)
	})
}

func TestReadingStopsWhenAskedTo(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	for i := range 5 {
		r.commit("c", "a.go", strconv.Itoa(i))
	}
	repository, err := Open(t.Context(), r.dir)
	require.NoError(t, err)
	n := 0
	for _, err := range repository.Commits(t.Context()) {
		require.NoError(t, err)
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
	because := errors.New("the user pressed a key")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(because)
	require.ErrorIs(t, firstError(repository, ctx), because)
	_, err = Open(ctx, r.dir)
	require.ErrorIs(t, err, because)
}

func TestHeadIsResolvedOnce(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("a", "a.go", "a")
	repository, err := Open(t.Context(), r.dir)
	require.NoError(t, err)
	r.commit("b", "a.go", "b")
	require.Len(t, read(t, repository), 1)
	require.NotEqual(t, r.git("rev-parse", "HEAD"), repository.Head())
}

func TestAPseudonymIsStableAndNeedsTheKey(t *testing.T) {
	t.Parallel()
	require.Equal(t, Pseudonym([]byte("k"), "zoe@example.org"), Pseudonym([]byte("k"), "zoe@example.org"))
	require.NotEqual(t, Pseudonym([]byte("k"), "zoe@example.org"), Pseudonym([]byte("l"), "zoe@example.org"))
	require.NotEqual(t, Pseudonym([]byte("k"), "zoe@example.org"), Pseudonym([]byte("k"), "leo@example.org"))
	require.Len(t, Pseudonym(nil, ""), 32)
}

func TestCodeIsRecognisedByName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"main.go": true, "a/b/C.PY": true, "Makefile": true, "docker/Dockerfile": true, "x.test.ts": true, "style.css": true, "a.sql": true, "CMakeLists.txt": true,
		"README.md": false, "data.json": false, "ci.yml": false, "go.sum": false, "logo.svg": false, ".c": false, "go": false, "notes.txt": false, "": false, "a.go/": true, "fr.po": false,
	} {
		require.Equal(t, want, IsCode(name), name)
	}
}
