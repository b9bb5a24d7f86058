package gitlog

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
)

// Limits on a history.
const (
	MaxCommits   = 2_000_000
	maxTokenSize = 1 << 20 // a file name, a name, an address
)

// Commits reads the history from the newest commit to the oldest, in the order of git log. It reads while git
// writes: memory does not grow with the history. After an error, which is the last thing that it yields, what came before is not the whole history.
func (r *Repository) Commits(ctx context.Context) iter.Seq2[Commit, error] {
	return func(yield func(Commit, error) bool) {
		if err := r.log(ctx, func(c Commit) bool { return yield(c, nil) }); err != nil {
			yield(Commit{}, err)
		}
	}
}

// log runs git log and calls f for each commit until f returns false.
func (r *Repository) log(ctx context.Context, f func(Commit) bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := r.command(ctx, logArguments(r.head)...)
	var complaints tail
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return &Error{Path: r.path, Err: ErrGit, Detail: err.Error()}
	}
	if err := cmd.Start(); err != nil {
		return r.failure(ctx, err, nil)
	}
	goOn, err := parseLog(out, f)
	if errors.Is(err, errCut) {
		// git itself knows better why it stopped.
		if err := cmd.Wait(); err != nil {
			return r.failure(ctx, err, complaints.kept)
		}
		return &Error{Path: r.path, Err: ErrGit, Detail: err.Error()}
	}
	if !goOn || err != nil {
		// Nobody reads what git still writes: it is ended, and how it ended says nothing.
		ended := ctx.Err()
		stop()
		_ = cmd.Wait()
		switch {
		case ended != nil:
			return &Error{Path: r.path, Err: context.Cause(ctx)}
		case err != nil:
			sentinel, detail := ErrGit, err.Error()
			if errors.Is(err, ErrLimit) {
				sentinel, detail = ErrLimit, ""
			}
			return &Error{Path: r.path, Err: sentinel, Detail: detail}
		}
		return nil
	}
	if err := cmd.Wait(); err != nil {
		return r.failure(ctx, err, complaints.kept)
	}
	return nil
}

// logArguments ask for the commits with the trees they change. What the configuration could turn on is turned off by name.
func logArguments(head string) []string {
	return []string{
		"log", "--no-merges", "--use-mailmap", "--encoding=UTF-8", "--date=raw", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff",
		"--no-textconv", "--no-show-signature", "--no-notes", "--no-color", "--no-decorate", "--no-relative", "--ignore-submodules=none",
		"-O" + os.DevNull, "--format=tformat:%H%x00%aE%x00%aN%x00%ad%x00%cd", "--end-of-options", head, "--",
	}
}

// parseLog reads what git log writes with [logArguments]: parts that end with NUL. A commit is five parts: hash, address,
// name, author's and committer's date. Each file it touches is two: modes, hashes and a letter behind a colon
// (behind a line end, of the first file), then the name, which may be anything. It reports whether f wanted to go on, and an error
// when the output is not like that.
func parseLog(out io.Reader, f func(Commit) bool) (goOn bool, err error) {
	parts := partReader{bufio.NewReaderSize(out, maxTokenSize)}
	var commit Commit
	commits := 0
	for {
		part, err := parts.next()
		if err == io.EOF {
			return commits == 0 || f(commit), nil
		}
		if err != nil {
			return false, err
		}
		if change, ok := strings.CutPrefix(strings.TrimPrefix(part, "\n"), ":"); ok && commits > 0 {
			name, err := parts.more()
			if err != nil {
				return false, err
			}
			submodule := strings.HasPrefix(change, submoduleMode) || strings.Contains(change, " "+submoduleMode)
			if !submodule && IsCode(name) {
				commit.Code++
			} else {
				commit.Other++
			}
			continue
		}
		if commits > 0 && !f(commit) {
			return false, nil
		}
		if commits++; commits > MaxCommits {
			return false, ErrLimit
		}
		if commit, err = parts.commit(part); err != nil {
			return false, err
		}
	}
}

// submoduleMode is the mode of a file that stands for a commit of another repository.
const submoduleMode = "160000 "

// partReader reads parts that end with NUL.
type partReader struct{ r *bufio.Reader }

// next returns the next part; io.EOF when there is none.
func (p partReader) next() (string, error) {
	part, err := p.r.ReadSlice(0)
	switch {
	case err == nil:
		return string(bytes.TrimSuffix(part, []byte{0})), nil
	case errors.Is(err, bufio.ErrBufferFull):
		return "", errors.New("git log wrote a name of more than 1 MiB")
	case err == io.EOF && len(part) > 0:
		return "", errCut
	}
	return "", err
}

var errCut = errors.New("the output of git log ends in the middle of a commit")

// more returns the next part, which must be there.
func (p partReader) more() (string, error) {
	part, err := p.next()
	if err == io.EOF {
		err = errCut
	}
	return part, err
}

// commit reads the other parts of a commit.
func (p partReader) commit(hash string) (Commit, error) {
	if !isHash(hash) {
		return Commit{}, errors.New("git log wrote " + quote(hash) + " instead of a commit")
	}
	var parts [4]string
	for i := range parts {
		var err error
		if parts[i], err = p.more(); err != nil {
			return Commit{}, err
		}
	}
	c := Commit{Hash: hash}
	c.Person, c.Name = identify(parts[0], parts[1])
	var ok bool
	if c.Time, ok = parseTime(parts[2]); ok {
		return c, nil
	}
	if c.Time, ok = parseTime(parts[3]); ok {
		return c, nil
	}
	return Commit{}, errors.New("commit " + hash + " has no date that can be believed: " + quote(parts[2]) + ", " + quote(parts[3]))
}
