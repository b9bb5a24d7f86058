package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// problem returns an error with file, line, column and path.
func problem(name string, text []byte, offset int, path, format string, args ...any) error {
	line, column := position(text, offset)
	if path != "" {
		path += ": "
	}
	return fmt.Errorf("%s:%d:%d: %s%s", name, line, column, path, fmt.Sprintf(format, args...))
}

// pathText writes a path of member names and indexes: clauses[3].rule.kind.
func pathText(path []any) string {
	var b strings.Builder
	for _, p := range path {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", p)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(p)
		}
	}
	return b.String()
}

// locate returns the offset of the value at a path, in a text that is known to be JSON; if there is no such value, that of the
// last one on the way.
func locate(text []byte, path []any) int {
	d := json.NewDecoder(bytes.NewReader(text))
	at := 0
	for _, p := range path {
		at = start(text, d)
		if !enter(d, p) {
			return at
		}
	}
	return start(text, d)
}

// enter goes into the object or array that comes next and stops before the member or entry.
func enter(d *json.Decoder, p any) bool {
	if _, err := d.Token(); err != nil {
		return false
	}
	for i := 0; d.More(); i++ {
		if name, ok := p.(string); ok {
			if key, err := d.Token(); err != nil || key == name {
				return err == nil
			}
		} else if i == p {
			return true
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// start returns where the next value begins.
func start(text []byte, d *json.Decoder) int {
	at := int(d.InputOffset())
	return at + len(text[at:]) - len(bytes.TrimLeft(text[at:], " \t\r\n:,"))
}

// position returns line and column of an offset, both from 1, the column in characters.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	last := bytes.LastIndexByte(before, '\n')
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[last+1:])
}
