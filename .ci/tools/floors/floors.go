package main

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

const modulePath = "github.com/commonstocommons/codesocial"

// A room is a directory with everything below it, except what is a room of its own.
type room struct {
	dir   string
	floor int
}

// house lists the rooms.
var house = []room{
	{"examples", 5},
	{"linkeddata", 4},
	{"catalog", 3},
	{"ledger", 3},
	{"mediation", 3},
	{"codesocial", 2},
	{"codesocial/journal", 1},
	{"dividend", 1},
}

// testOnly lists imports that must not reach users: only test files may have them.
var testOnly = []string{
	"testing",
	"github.com/stretchr/testify",
	modulePath + "/codesocial/journal/journaltest",
}

// helpers lists the directories of packages made for the tests of users. They may import testing, and nothing
// else of that list.
var helpers = []string{"codesocial/journal/journaltest"}

// find returns the room that a directory, relative to the repository, belongs to.
func find(dir string) (room, bool) {
	var found room
	ok := false
	for _, r := range house {
		if below(dir, r.dir) && len(r.dir) > len(found.dir) {
			found, ok = r, true
		}
	}
	return found, ok
}

// below reports whether a slash-separated path is parent or lies below it.
func below(p, parent string) bool { return p == parent || strings.HasPrefix(p, parent+"/") }

// A violation is an import that breaks a rule.
type violation struct {
	file   string
	line   int
	target string
	rule   string
}

func (v violation) String() string {
	return fmt.Sprintf("%s:%d: imports %q: %s", v.file, v.line, v.target, v.rule)
}

// check examines every Go file below root, in the order of their names. It leaves out testdata and directories whose
// names begin with a dot or underscore, as the go command does.
func check(root string) (violations []violation, files int, err error) {
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") {
			return nil
		}
		files++
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		found, err := checkFile(name, filepath.ToSlash(relative))
		violations = append(violations, found...)
		return err
	})
	if err == nil && files == 0 {
		err = errors.New("no Go file found")
	}
	return violations, files, err
}

// checkFile examines the imports of one file. relative is its slash-separated path in the repository.
func checkFile(name, relative string) ([]violation, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, relative, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	here, ok := find(path.Dir(relative))
	if !ok {
		return []violation{{relative, set.Position(file.Package).Line, file.Name.Name, "its package is in none of the directories that have a floor"}}, nil
	}
	var violations []violation
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: import %s: %w", relative, spec.Path.Value, err)
		}
		if rule := broken(relative, here, target); rule != "" {
			violations = append(violations, violation{relative, set.Position(spec.Pos()).Line, target, rule})
		}
	}
	return violations, nil
}

// broken returns the rule that an import breaks, "" if it breaks none.
func broken(file string, here room, target string) string {
	if !strings.HasSuffix(file, "_test.go") {
		for _, t := range testOnly {
			if below(target, t) && !(t == "testing" && isHelper(file)) {
				return "test helpers must not reach users: only files that end in _test.go may import it"
			}
		}
	}
	if !below(target, modulePath) {
		return ""
	}
	there, ok := find(strings.TrimPrefix(strings.TrimPrefix(target, modulePath), "/"))
	switch {
	case !ok:
		return "it is in none of the directories that have a floor"
	case there == here || there.floor < here.floor:
		return ""
	case there.floor == here.floor:
		return fmt.Sprintf("%s and %s are both on floor %d and must not know each other; what they have to say they say through records", here.dir, there.dir, here.floor)
	}
	return fmt.Sprintf("%s is on floor %d and %s above it, on floor %d; a package imports only from floors below its own", here.dir, here.floor, there.dir, there.floor)
}

// isHelper reports whether a file belongs to a package made for tests.
func isHelper(file string) bool {
	for _, h := range helpers {
		if below(file, h) {
			return true
		}
	}
	return false
}
