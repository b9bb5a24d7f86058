package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Sheet is what a file says.
type Sheet[T any] struct {
	Lines  []T // in the order of the file
	Layout Layout
}

// A Layout says how a file was understood.
type Layout struct {
	Encoding  string // "ASCII", "UTF-8", "ISO-8859-15" or "Windows-1252"
	Separator rune   // ';', ',' or '\t'
	Columns   []Column
}

// A Column is one column of a file.
type Column struct {
	Header string // as it stands in the file
	Field  string // what it was read as, such as "person"; "" if it was passed over
}

// A field is something a line may say, and the names under which files have it.
type field struct {
	name     string
	required bool
	// headers are folded column names, the most exact first. No header belongs to two fields of a table.
	headers []string
}

// table is a file as rows of cells with known columns.
type table struct {
	file     string
	layout   Layout
	index    map[string]int // field name to column
	rows     []row
	problems []Problem
	more     int

	// Columns say the same few things over and over; each is looked at once.
	names map[string]cleanedName
	dates map[string]readDate
}

type cleanedName struct {
	name, folded string
	err          error
}

type readDate struct {
	date codesocial.Date
	err  error
}

// row is a line that is not empty: as many cells as the header has, or what is wrong with it.
type row struct {
	line      int
	cells     []string
	malformed string
}

// Columns say which column of a file is what, where its names are not those that this package knows: the name of a field ("person", "project",
// "quantity", "date", …) to the name of the column. Its case and its accents do not matter. Fields that are not mentioned are found as usual.
type Columns map[string]string

// named returns the fields with the names of the columns that are given.
func (c Columns) named(file string, fields []field) ([]field, error) {
	if len(c) == 0 {
		return fields, nil
	}
	fields = slices.Clone(fields)
	for _, name := range slices.Sorted(maps.Keys(c)) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 {
			known := make([]string, len(fields))
			for j, f := range fields {
				known[j] = f.name
			}
			return nil, wholeFile(ErrHeader, file, 1, name, "there is no such field to be read: it must be one of %s", strings.Join(known, ", "))
		}
		header := Fold(c[name])
		for j := range fields {
			fields[j].headers = slices.DeleteFunc(slices.Clone(fields[j].headers), func(h string) bool { return h == header })
		}
		fields[i].headers, fields[i].required = []string{header}, true
	}
	return fields, nil
}

// readTable reads a file and finds the columns of the fields. Only what makes the whole file unreadable is an error.
func readTable(file string, r io.Reader, fields []field, columns Columns) (*table, error) {
	fields, err := columns.named(file, fields)
	if err != nil {
		return nil, err
	}
	text, encoding, err := readText(file, r)
	if err != nil {
		return nil, err
	}
	text, declared, skipped := cutSeparatorLine(text)
	separator, err := chooseSeparator(file, text, declared, fields)
	if err != nil {
		return nil, err
	}
	t := &table{
		file: file, layout: Layout{Encoding: encoding.String(), Separator: separator}, names: make(map[string]cleanedName), dates: make(map[string]readDate),
	}
	records := newCSV(text, separator)
	header, err := records.Read()
	if err != nil {
		return nil, wholeFile(ErrHeader, file, 1+skipped, "", "the header line: %s", csvReason(err))
	}
	if len(header) > MaxColumns {
		return nil, wholeFile(ErrLimit, file, 1+skipped, "", "has %d columns, the limit is %d", len(header), MaxColumns)
	}
	headerLine, _ := records.FieldPos(0)
	if err := t.findColumns(header, headerLine+skipped, fields); err != nil {
		return nil, err
	}
	if err := t.readRows(records, len(header), skipped); err != nil {
		return nil, err
	}
	return t, nil
}

func newCSV(text []byte, separator rune) *csv.Reader {
	records := csv.NewReader(bytes.NewReader(text))
	records.Comma = separator
	records.FieldsPerRecord = -1
	return records
}

// cutSeparatorLine cuts the line "sep=;" off that spreadsheets write before the header. It returns the
// separator that the line declares, or 0, and how many lines were cut off.
func cutSeparatorLine(text []byte) (rest []byte, declared rune, lines int) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	line := string(bytes.ToLower(bytes.TrimSuffix(first, []byte("\r"))))
	if len(line) == len("sep=;") && strings.HasPrefix(line, "sep=") && strings.ContainsAny(line[4:], separators) {
		return rest, rune(line[4]), 1
	}
	return text, 0, 0
}

// separators are those that a file may use, in the order in which a draw is decided.
const separators = ";,\t"

// chooseSeparator returns the separator with which the header names the most fields. The one that the file declares
// is not put to the test.
func chooseSeparator(file string, text []byte, declared rune, fields []field) (rune, error) {
	if declared != 0 {
		return declared, nil
	}
	best, most := rune(0), 0
	for _, separator := range separators {
		header, err := newCSV(text, separator).Read()
		if err != nil {
			continue
		}
		found := 0
		for _, f := range fields {
			if slices.ContainsFunc(header, func(cell string) bool { return slices.Contains(f.headers, Fold(cell)) }) {
				found++
			}
		}
		if found > most {
			best, most = separator, found
		}
	}
	if best == 0 {
		first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
		return 0, wholeFile(ErrHeader, file, 1, string(first), "the first line must name the columns, separated by semicolons, commas or tabs: %s", wanted(fields))
	}
	return best, nil
}

// wanted lists the columns that a file must have.
func wanted(fields []field) string {
	var names []string
	for _, f := range fields {
		if f.required {
			names = append(names, fmt.Sprintf("%s (%s)", f.name, strings.Join(f.headers[:min(len(f.headers), 4)], ", ")))
		}
	}
	return strings.Join(names, "; ")
}

// findColumns finds the column of each field.
func (t *table) findColumns(header []string, line int, fields []field) error {
	t.index = make(map[string]int, len(fields))
	t.layout.Columns = make([]Column, len(header))
	folded := make([]string, len(header))
	for i, cell := range header {
		t.layout.Columns[i].Header, folded[i] = strings.TrimSpace(cell), Fold(cell)
	}
	var problems []Problem
	for _, f := range fields {
		for _, name := range f.headers {
			i := slices.Index(folded, name)
			if i < 0 {
				continue
			}
			if j := slices.Index(folded[i+1:], name); j >= 0 {
				j += i + 1
				problems = append(problems, Problem{
					File: t.file, Line: line, Number: j + 1, Column: t.layout.Columns[j].Header, Value: header[j],
					Reason: fmt.Sprintf("column %d has the same name: which one is the %s?", i+1, f.name),
				})
			}
			t.index[f.name], t.layout.Columns[i].Field = i, f.name
			break
		}
		if _, ok := t.index[f.name]; !ok && f.required {
			problems = append(problems, Problem{
				File: t.file, Line: line,
				Reason: fmt.Sprintf("no column for the %s: call it %s", f.name, strings.Join(f.headers, ", ")),
			})
		}
	}
	if len(problems) > 0 {
		n := min(len(problems), MaxProblems)
		return &Error{Problems: problems[:n], More: len(problems) - n, err: ErrHeader}
	}
	return nil
}

// readRows reads the rows behind the header.
func (t *table) readRows(records *csv.Reader, columns, skipped int) error {
	for {
		cells, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var r row
		var malformed *csv.ParseError
		switch {
		case errors.As(err, &malformed):
			r = row{line: malformed.StartLine + skipped, malformed: csvReason(err)}
		case err != nil:
			return fmt.Errorf("intake: %s: %w", quoteName(t.file), err)
		case isBlank(cells):
			continue
		default:
			line, _ := records.FieldPos(0)
			r = row{line: line + skipped, cells: cells}
			for len(r.cells) > columns && isBlank(r.cells[len(r.cells)-1:]) {
				r.cells = r.cells[:len(r.cells)-1]
			}
			if len(r.cells) != columns {
				r.malformed = fmt.Sprintf("has %d cells, the header has %d", len(r.cells), columns)
			}
		}
		if len(t.rows) == MaxRows {
			return wholeFile(ErrLimit, t.file, r.line, "", "has more than %d lines: split it, by year or by project", MaxRows)
		}
		t.rows = append(t.rows, r)
	}
}

func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// each calls f for every row that is well formed, in order, and notes those that are not.
func (t *table) each(f func(row)) {
	for _, r := range t.rows {
		if r.malformed != "" {
			t.add(Problem{File: t.file, Line: r.line, Reason: r.malformed})
			continue
		}
		f(r)
	}
}

// csvReason says in words what encoding/csv found.
func csvReason(err error) string {
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		return `a quotation mark inside a cell: put the whole cell in quotation marks and double those inside it`
	case errors.Is(err, csv.ErrQuote):
		return `a cell begins with a quotation mark and is not closed properly: double the quotation marks inside it`
	}
	return err.Error()
}

// add notes a problem.
func (t *table) add(p Problem) {
	if len(t.problems) == MaxProblems {
		t.more++
		return
	}
	t.problems = append(t.problems, p)
}

// err returns the problems noted, nil if there are none.
func (t *table) err() error {
	if len(t.problems) == 0 {
		return nil
	}
	return &Error{Problems: t.problems, More: t.more, err: ErrLine}
}

// has reports whether the file has a column for the field.
func (t *table) has(field string) bool {
	_, ok := t.index[field]
	return ok
}

// cell returns what the row says of a field, without spaces at the ends; "" if there is no such column.
func (t *table) cell(r row, field string) string {
	i, ok := t.index[field]
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// bad notes that the row's cell for a field is not as it must be.
func (t *table) bad(r row, field, format string, args ...any) {
	p := Problem{File: t.file, Line: r.line, Reason: fmt.Sprintf(format, args...)}
	if i, ok := t.index[field]; ok {
		p.Number, p.Column, p.Value = i+1, t.layout.Columns[i].Header, r.cells[i]
	}
	t.add(p)
}

// name returns the row's cell for a field as a name, see [cleanName], and folded, see [Fold]. When the field is
// required and the cell empty, or the cell is not a name, it notes the problem and returns "".
func (t *table) name(r row, field string, required bool) (name, folded string) {
	cell := t.cell(r, field)
	c, ok := t.names[cell]
	if !ok {
		if c.name, c.err = cleanName(cell); c.name != "" {
			c.folded = Fold(c.name)
		}
		t.names[cell] = c
	}
	if c.err != nil {
		t.bad(r, field, "%v", c.err)
	} else if c.name == "" && required {
		t.bad(r, field, "the %s is missing", field)
	}
	return c.name, c.folded
}

// word is name for fields whose folded form does not matter.
func (t *table) word(r row, field string, required bool) string {
	name, _ := t.name(r, field, required)
	return name
}

// text returns the row's cell for a field as free text, see [cleanText].
func (t *table) text(r row, field string) string {
	s, err := cleanText(t.cell(r, field))
	if err != nil {
		t.bad(r, field, "%v", err)
	}
	return s
}
