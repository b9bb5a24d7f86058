package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on a file that is read.
const (
	MaxFileBytes = 64 << 20
	MaxProblems  = 100 // that are reported; the others are counted
)

// A Problem is what is wrong with one line of a file.
type Problem struct {
	Line  int    // from 1, of where the entry begins; 0 for the whole file
	Field string // the column, where it is known
	Err   error  // wraps a sentinel of this package
}

// An ImportError says line by line why a file was not taken. It wraps the sentinels of its problems.
type ImportError struct {
	Problems []Problem // at most [MaxProblems], in the order of the file
	More     int       // how many there are besides
}

// Error lists the problems, one on each line.
func (e *ImportError) Error() string {
	var b strings.Builder
	b.WriteString("catalog: the file was not taken")
	for _, p := range e.Problems {
		b.WriteString("\n\t")
		if p.Line > 0 {
			fmt.Fprintf(&b, "line %d: ", p.Line)
		}
		if p.Field != "" {
			b.WriteString(p.Field + ": ")
		}
		b.WriteString(p.Err.Error())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n\tand %d more", e.More)
	}
	return b.String()
}

// Unwrap returns the errors of the problems.
func (e *ImportError) Unwrap() []error {
	list := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		list[i] = p.Err
	}
	return list
}

func (e *ImportError) add(line int, field string, err error) {
	if len(e.Problems) == MaxProblems {
		e.More++
		return
	}
	e.Problems = append(e.Problems, Problem{line, field, err})
}

// result returns the entries, or all that is wrong: nothing of a file is taken when one line is not in order.
func (e *ImportError) result(list []Entry) ([]Entry, error) {
	if len(e.Problems) > 0 {
		return nil, e
	}
	return list, nil
}

// Defaults fill in what a line of a file does not say.
type Defaults struct {
	// Base is the beginning of the IRIs of entries that have none, see [NameEntry]. They follow from holder, kind and first title, so reading the same line
	// again gives the same IRI.
	Base string
	// Holder is the holder of entries that name none.
	Holder string
	// Visibility of entries that say nothing; empty: [Members].
	Visibility Visibility
}

func (d *Defaults) fill(e *Entry) {
	if e.Holder == "" {
		e.Holder = d.Holder
	}
	if e.Visibility == "" {
		if e.Visibility = d.Visibility; e.Visibility == "" {
			e.Visibility = Members
		}
	}
	if e.ID == "" && d.Base != "" && len(e.Title) > 0 {
		title := e.Title[e.Title.Languages()[0]]
		e.ID = NameEntry(d.Base, title, recordID("catalog.import", e.Holder, string(e.Kind), title))
	}
}

// readAll reads a file of UTF-8, without the mark that some programs put before it.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("catalog: reading: %w", err)
	case len(data) > MaxFileBytes:
		return nil, &ImportError{Problems: []Problem{{Err: badly(ErrLimit, "file", "has more than %d bytes", MaxFileBytes)}}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		line := 1
		for rest := data; len(rest) > 0; {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[n:]
		}
		return nil, &ImportError{Problems: []Problem{{Line: line, Err: badly(ErrInvalid, "text", "must be UTF-8: save the file in that encoding")}}}
	}
	return data, nil
}

// ReadJSON reads entries in their JSON form (that of [Entry], as strict as a record): an array of them, or one after the other. Every entry is looked at; when one is not in
// order none is returned, and the error is an *[ImportError]. Entries that are given twice in just the same words count once.
func ReadJSON(r io.Reader, defaults Defaults) ([]Entry, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	var list []Entry
	report, first := new(ImportError), newSeen()
	decoder := json.NewDecoder(bytes.NewReader(data))
	array := bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("["))
	if array {
		_, _ = decoder.Token()
	}
	line, counted := 1, 0
	for decoder.More() {
		begin := int(decoder.InputOffset())
		begin = len(data) - len(bytes.TrimLeft(data[begin:], " \t\r\n,"))
		line += bytes.Count(data[counted:begin], []byte("\n"))
		counted = begin
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			report.add(line, "", badly(ErrInvalid, "JSON", "%v", err))
			return report.result(nil)
		}
		if len(list) == MaxBatch {
			report.add(line, "", badly(ErrLimit, "entries", "there are more than %d", MaxBatch))
			return report.result(nil)
		}
		if first.before(raw) {
			continue
		}
		var e Entry
		if err := canonical.Unmarshal(raw, &e); err != nil {
			report.add(line, "", fmt.Errorf("%w: %w", ErrInvalid, err))
			continue
		}
		list = first.take(list, e, line, &defaults, report)
	}
	if _, err := decoder.Token(); array && err != nil {
		report.add(line, "", badly(ErrInvalid, "JSON", "the array does not end"))
	} else if _, err := decoder.Token(); array && !errors.Is(err, io.EOF) {
		report.add(line, "", badly(ErrInvalid, "JSON", "something follows the array"))
	}
	return report.result(list)
}

// seen remembers on which line an entry was first given, and its text.
type seen struct {
	line map[string]int    // by id
	hash map[string]string // by id
	raw  map[[sha256.Size]byte]bool
}

func newSeen() *seen {
	return &seen{make(map[string]int), make(map[string]string), make(map[[sha256.Size]byte]bool)}
}

// before reports whether just these bytes were seen before, and notes them.
func (s *seen) before(raw []byte) bool {
	sum := sha256.Sum256(raw)
	if s.raw[sum] {
		return true
	}
	s.raw[sum] = true
	return false
}

// take checks an entry and appends it, unless it was given before.
func (s *seen) take(list []Entry, e Entry, line int, defaults *Defaults, report *ImportError) []Entry {
	defaults.fill(&e)
	if err := e.Check(); err != nil {
		report.add(line, "", err)
		return list
	}
	hash := e.Hash()
	switch before, ok := s.line[e.ID]; {
	case !ok:
		s.line[e.ID], s.hash[e.ID] = line, hash
		return append(list, e)
	case s.hash[e.ID] != hash:
		report.add(line, "", bad(ErrExists, "id", e.ID, "is that of line %d, with another text", before))
	}
	return list
}

// columns says how each column of a table is read into an entry. Texts have a language after a dot: title.fr.
var columns = map[string]func(e *Entry, cell string) error{
	"id":              func(e *Entry, s string) error { e.ID = s; return nil },
	"kind":            func(e *Entry, s string) error { e.Kind = Kind(s); return nil },
	"holder":          func(e *Entry, s string) error { e.Holder = s; return nil },
	"skills":          func(e *Entry, s string) error { e.Skills = tags(s); return nil },
	"themes":          func(e *Entry, s string) error { e.Themes = tags(s); return nil },
	"audience":        func(e *Entry, s string) error { e.Audience = tags(s); return nil },
	"languages":       func(e *Entry, s string) error { e.Languages = parts(s); return nil },
	"remote":          func(e *Entry, s string) (err error) { e.Where.Remote, err = yes(s); return err },
	"place":           func(e *Entry, s string) error { e.Where.Place = s; return nil },
	"latitude":        func(e *Entry, s string) (err error) { point(e).Latitude, err = ParseDegrees(s); return err },
	"longitude":       func(e *Entry, s string) (err error) { point(e).Longitude, err = ParseDegrees(s); return err },
	"radius":          func(e *Entry, s string) (err error) { e.Where.Radius, err = whole(s); return err },
	"available.from":  func(e *Entry, s string) (err error) { available(e).From, err = date(s); return err },
	"available.until": func(e *Entry, s string) (err error) { available(e).Until, err = date(s); return err },
	"capacity":        func(e *Entry, s string) (err error) { capacity(e).Value, err = number(s); return err },
	"unit":            func(e *Entry, s string) error { capacity(e).Unit = s; return nil },
	"price":           func(e *Entry, s string) error { e.Price.Mode = PriceMode(s); return nil },
	"amount":          func(e *Entry, s string) (err error) { e.Price.Amount, err = numberOf(s); return err },
	"min":             func(e *Entry, s string) (err error) { e.Price.Min, err = numberOf(s); return err },
	"max":             func(e *Entry, s string) (err error) { e.Price.Max, err = numberOf(s); return err },
	"currency":        func(e *Entry, s string) error { e.Price.Currency = s; return nil },
	"per":             func(e *Entry, s string) error { e.Price.Per = s; return nil },
	"licence":         func(e *Entry, s string) error { e.Licence = s; return nil },
	"visibility":      func(e *Entry, s string) error { e.Visibility = Visibility(s); return nil },
	"from":            func(e *Entry, s string) (err error) { e.Valid.From, err = date(s); return err },
	"until":           func(e *Entry, s string) (err error) { e.Valid.Until, err = date(s); return err },
	"starts":          func(e *Entry, s string) (err error) { occasion(e).Starts, err = instantOf(s); return err },
	"ends":            func(e *Entry, s string) (err error) { occasion(e).Ends, err = instantOf(s); return err },
	"link":            func(e *Entry, s string) error { e.Link = s; return nil },
	"derived":         func(e *Entry, s string) error { e.DerivedFrom = parts(s); return nil },
}

// textColumns are the columns with a language.
var textColumns = map[string]func(e *Entry) *codesocial.Text{
	"title":       func(e *Entry) *codesocial.Text { return &e.Title },
	"description": func(e *Entry) *codesocial.Text { return &e.Description },
	"terms":       func(e *Entry) *codesocial.Text { return &e.Price.Terms },
}

// Columns returns the names of the columns that [ReadCSV] knows, in alphabetical order; title, description and terms are followed by a dot and a language.
func Columns() []string {
	list := slices.Concat(slices.Collect(maps.Keys(columns)), slices.Collect(maps.Keys(textColumns)))
	slices.Sort(list)
	return list
}

// ReadCSV reads a table of entries (RFC 4180; separated by commas, semicolons or tabs): a line with the names of the columns (see [Columns]), then one entry a line. An empty cell says
// nothing. Several tags, languages or sources in one cell are separated by "|"; a tag is a label, an IRI in angle brackets, or both: "menuiserie <https://…>". Numbers have
// a decimal point, days are written 2025-01-31, instants as in RFC 3339; remote is yes or no. Collective offers come as JSON. Every line is
// looked at; when one is not in order none is returned, and the error is an *[ImportError]. Lines that are given twice in just the same words count once.
func ReadCSV(r io.Reader, defaults Defaults) ([]Entry, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	report, first := new(ImportError), newSeen()
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = separator(data)
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		report.add(1, "", badly(ErrInvalid, "header", "must name the columns"))
		return report.result(nil)
	}
	setters := make([]func(*Entry, string) error, len(header))
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if setters[i], err = column(header[i]); err == nil && slices.Contains(header[:i], header[i]) {
			err = bad(ErrInvalid, "column", header[i], "is there twice")
		}
		if err != nil {
			report.add(1, "", err)
		}
	}
	if len(report.Problems) > 0 {
		return report.result(nil)
	}
	var list []Entry
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return report.result(list)
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			report.add(wrong.StartLine, "", badly(ErrInvalid, "line", "%v", wrong.Err))
			return report.result(nil)
		}
		line, _ := reader.FieldPos(0)
		switch {
		case len(cells) != len(header):
			report.add(line, "", badly(ErrInvalid, "line", "has %d cells, the header has %d", len(cells), len(header)))
			continue
		case len(list) == MaxBatch:
			report.add(line, "", badly(ErrLimit, "entries", "there are more than %d", MaxBatch))
			return report.result(nil)
		}
		if first.before([]byte(strings.Join(cells, "\x00"))) {
			continue
		}
		var e Entry
		ok := true
		for i, cell := range cells {
			if cell = strings.TrimSpace(cell); cell == "" {
				continue
			}
			if err := setters[i](&e, cell); err != nil {
				report.add(line, header[i], err)
				ok = false
			}
		}
		if ok {
			list = first.take(list, e, line, &defaults, report)
		}
	}
}

// column returns how a column is read.
func column(name string) (func(*Entry, string) error, error) {
	if set, ok := columns[name]; ok {
		return set, nil
	}
	name, language, _ := strings.Cut(name, ".")
	field, ok := textColumns[name]
	if !ok {
		return nil, bad(ErrInvalid, "column", name, "is not known: there are %s", strings.Join(Columns(), ", "))
	}
	if err := checkLanguage("column "+name, language); err != nil {
		return nil, err
	}
	return func(e *Entry, s string) error {
		t := field(e)
		if *t == nil {
			*t = make(codesocial.Text)
		}
		(*t)[language] = strings.ReplaceAll(s, "\r\n", "\n")
		return nil
	}, nil
}

// separator returns the separator that the first line has most of.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

func parts(s string) []string {
	var list []string
	for part := range strings.SplitSeq(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func tags(s string) []Tag {
	var list []Tag
	for _, part := range parts(s) {
		label, concept, _ := strings.Cut(part, "<")
		list = append(list, Tag{strings.TrimSpace(label), strings.TrimSuffix(concept, ">")})
	}
	return list
}

func yes(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "oui", "true", "1":
		return true, nil
	case "no", "non", "false", "0":
		return false, nil
	}
	return false, bad(ErrInvalid, "remote", s, "must be yes or no")
}

func whole(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, bad(ErrInvalid, "number", s, "must be a whole number")
	}
	return n, nil
}

func number(s string) (decimal.Decimal, error) {
	if len(s) > 2*MaxDigits+2 || strings.Trim(s, "0123456789.-") != "" {
		return decimal.Zero, bad(ErrInvalid, "number", s, "must be a decimal such as 12.50")
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero, bad(ErrInvalid, "number", s, "must be a decimal such as 12.50")
	}
	return d, nil
}

func numberOf(s string) (*decimal.Decimal, error) {
	d, err := number(s)
	return &d, err
}

func date(s string) (codesocial.Date, error) {
	d, err := codesocial.ParseDate(s)
	if err != nil {
		return d, bad(ErrInvalid, "day", s, "must be a day of the calendar written as 2025-01-31")
	}
	return d, nil
}

func instantOf(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, bad(ErrInvalid, "instant", s, "must be written as 2025-01-31T18:00:00+01:00")
	}
	return t, nil
}

func point(e *Entry) *Point {
	if e.Where.Point == nil {
		e.Where.Point = new(Point)
	}
	return e.Where.Point
}

func available(e *Entry) *Period {
	if len(e.Available) == 0 {
		e.Available = make([]Period, 1)
	}
	return &e.Available[0]
}

func capacity(e *Entry) *Quantity {
	if e.Capacity == nil {
		e.Capacity = new(Quantity)
	}
	return e.Capacity
}

func occasion(e *Entry) *Occasion {
	if e.Occasion == nil {
		e.Occasion = new(Occasion)
	}
	return e.Occasion
}
