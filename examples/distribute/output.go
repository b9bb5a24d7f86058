package main

import (
	"os"
	"path/filepath"

	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

// A file is one output.
type file struct {
	name    string
	content []byte
}

func in(dir, name string) string { return filepath.Join(dir, name) }

// writeFiles writes the files into the directory, which is made if it is not there.
func writeFiles(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := paper.WriteFile(in(dir, f.name), f.content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
