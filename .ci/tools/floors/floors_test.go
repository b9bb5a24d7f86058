package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// repository writes files into a directory and returns it.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, source := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func importing(targets ...string) string {
	source := "package x\n\nimport (\n"
	for _, target := range targets {
		if strings.HasPrefix(target, "./") {
			target = modulePath + target[1:]
		}
		source += "\t_ \"" + target + "\"\n"
	}
	return source + ")\n"
}

func TestImportsAgainstTheFloors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, target string
		says         string // "": allowed
	}{
		{"examples/quickstart/main.go", "./linkeddata", ""},
		{"examples/quickstart/main.go", "./examples/internal/chart", ""},
		{"linkeddata/context.go", "./ledger", ""},
		{"linkeddata/context.go", "./codesocial/journal/canonical", ""},
		{"ledger/books.go", "./codesocial", ""},
		{"ledger/books.go", "./dividend", ""},
		{"ledger/books.go", "./codesocial/journal", ""},
		{"codesocial/charter.go", "./codesocial/journal", ""},
		{"codesocial/charter.go", "./dividend", ""},
		{"codesocial/journal/journal.go", "./codesocial/journal/canonical", ""},
		{"codesocial/journal/sqlitejournal/store.go", "./codesocial/journal/sqljournal", ""},
		{"codesocial/charter.go", "github.com/commonstocommons/codesocialite", ""},
		{"codesocial/charter_test.go", "testing", ""},
		{"codesocial/charter_test.go", "github.com/stretchr/testify/require", ""},
		{"codesocial/journal/journaltest/run.go", "testing", ""},
		{"codesocial/journal/sqlitejournal/store_test.go", "./codesocial/journal/journaltest", ""},

		{"codesocial/charter.go", "./ledger", "codesocial is on floor 2 and ledger above it, on floor 3"},
		{"codesocial/journal/journal.go", "./codesocial", "codesocial/journal is on floor 1 and codesocial above it, on floor 2"},
		{"codesocial/journal/sqlitejournal/store.go", "./codesocial", "codesocial/journal is on floor 1"},
		{"ledger/books.go", "./linkeddata", "linkeddata above it, on floor 4"},
		{"linkeddata/context.go", "./examples/quickstart", "examples above it, on floor 5"},
		{"dividend/split.go", "./codesocial/journal/canonical", "dividend and codesocial/journal are both on floor 1"},
		{"ledger/books.go", "./catalog", "ledger and catalog are both on floor 3"},
		{"catalog/offer.go", "./mediation", "catalog and mediation are both on floor 3"},
		{"catalog/offer_test.go", "./ledger", "catalog and ledger are both on floor 3"},
		{"codesocial/journal/store_test.go", "./codesocial", "codesocial/journal is on floor 1"},
		{"tools/tool.go", "fmt", "its package is in none of the directories that have a floor"},
		{"ledger/books.go", "./tools", "it is in none of the directories that have a floor"},
		{"ledger/books.go", ".", "it is in none of the directories"},
		{"ledger/books.go", "testing", "test helpers must not reach users"},
		{"ledger/books.go", "github.com/stretchr/testify/require", "test helpers must not reach users"},
		{"codesocial/journal/journaltest/run.go", "github.com/stretchr/testify/require", "test helpers must not reach users"},
		{"codesocial/journal/sqlitejournal/store.go", "./codesocial/journal/journaltest", "test helpers must not reach users"},
	} {
		target := strings.Replace(c.target, "./", modulePath+"/", 1)
		if target == "." {
			target = modulePath
		}
		violations, files, err := check(repository(t, map[string]string{c.file: importing("fmt", target)}))
		if err != nil || files != 1 {
			t.Fatalf("%s imports %s: %d files, error %v", c.file, c.target, files, err)
		}
		switch {
		case c.says == "" && len(violations) > 0:
			t.Errorf("is allowed: %v", violations)
		case c.says != "" && len(violations) != 1:
			t.Errorf("%s imports %s: %d violations, want 1: %v", c.file, c.target, len(violations), violations)
		case c.says != "" && !strings.Contains(violations[0].String(), c.says):
			t.Errorf("%s imports %s: %q does not say %q", c.file, c.target, violations[0], c.says)
		}
	}
}

func TestMessageNamesFileLineImportAndRule(t *testing.T) {
	t.Parallel()
	root := repository(t, map[string]string{"dividend/split.go": importing("fmt", "./ledger")})
	violations, _, err := check(root)
	if err != nil || len(violations) != 1 {
		t.Fatal(violations, err)
	}
	want := `dividend/split.go:5: imports "github.com/commonstocommons/codesocial/ledger": dividend is on floor 1 and ledger above it, on floor 3; a package imports only from floors below its own`
	if got := violations[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAllFilesAreSeenInOrderAndTestdataIsNot(t *testing.T) {
	t.Parallel()
	wrong := importing("./examples/quickstart")
	violations, files, err := check(repository(t, map[string]string{
		"ledger/b.go": wrong, "ledger/a.go": wrong, "catalog/deep/er/c_test.go": wrong,
		"ledger/testdata/d.go": wrong, ".ci/tools/e.go": wrong, "_old/f.go": wrong, "ledger/notes.txt": "import",
	}))
	if err != nil || files != 3 || len(violations) != 3 {
		t.Fatal(files, violations, err)
	}
	for i, file := range []string{"catalog/deep/er/c_test.go", "ledger/a.go", "ledger/b.go"} {
		if violations[i].file != file {
			t.Errorf("violation %d is in %s, want %s", i, violations[i].file, file)
		}
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]string{
		"not Go":       repository(t, map[string]string{"ledger/a.go": "import the world"}),
		"no Go file":   repository(t, map[string]string{"README.md": "# read me"}),
		"no directory": filepath.Join(t.TempDir(), "absent"),
	} {
		if _, _, err := check(root); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
