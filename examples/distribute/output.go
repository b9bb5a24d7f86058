package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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
		if err := writeFile(in(dir, f.name), f.content); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a file so that it is there wholly or not at all. What a run that was stopped left behind is taken away.
func writeFile(path string, content []byte) error {
	unfinished := path + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}
