package fec

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/ledger/internal/charset"
)

// Limits on a file. Reading a file beyond them ends with an error that wraps [ErrLimit].
const (
	MaxLines   = 20_000_000
	MaxColumns = 100
	MaxOpen    = 200_000 // entries that have begun and do not balance yet
	MaxSeries  = 200_000 // beginnings of entries' numbers in a journal
)

// MaxFindings is how many findings a [Report] holds; those beyond are only counted, and handed to [Options.Found].
const MaxFindings = 1000

// ErrLimit is wrapped by errors about a file that is too large.
var ErrLimit = errors.New("fec: too large")

// Options say what [Check] does beside reporting; nil means the zero value.
type Options struct {
	// Closing is the last day of the financial year; later days are violations. Zero: the one of the file's name.
	Closing time.Time
	// Line is called for every line that could be read, in the order of the file. An error of it ends the check, and is returned.
	Line func(*Line) error
	// Found is called for every finding, as it is met.
	Found func(Finding)
}

// A Report is what a file says, and what is wrong with it.
type Report struct {
	File      string
	Encoding  string // "ASCII", "UTF-8", "ISO-8859-15" or "Windows-1252"
	Separator rune   // '\t' or '|'
	LineEnds  string // "CRLF", "CR", "LF", or several of them with commas between
	Signed    bool   // the file has Montant and Sens in the place of Debit and Credit
	Columns   int

	Lines     int             // without the header and without empty lines
	Entries   int             // different numbers of entries, in each journal
	Debit     decimal.Decimal // total, of the lines whose amounts could be read
	Credit    decimal.Decimal
	From, To  time.Time // first and last day of an entry
	Journals  []Journal // in the order in which the file has them
	Findings  []Finding // the first [MaxFindings], in the order in which they were met
	Broken    int       // how many violations there are
	Tolerated int       // how many findings are tolerated
}

// A Journal is the total of the lines of one journal.
type Journal struct {
	Code, Name    string
	Lines         int
	Debit, Credit decimal.Decimal
}

// Valid reports whether the file breaks no rule; things that are tolerated do not count.
func (r *Report) Valid() bool { return r.Broken == 0 }

// Check reads a file from its beginning to its end and reports every place where it does not keep to a rule. file is its name, with or without
// directories: it is checked, and names the file in findings. The error is the reader's, that of [Options.Line], or wraps [ErrLimit];
// the report then says what was found so far. It takes one pass; see the package page for memory.
func Check(file string, r io.Reader, opts *Options) (*Report, error) {
	c := &checker{
		source: newSource(r), report: &Report{File: file}, journals: make(map[string]int), open: make(map[entryKey]*entry),
		sequence: sequence{make(map[[2]string]*series)},
	}
	if opts != nil {
		c.options = *opts
	}
	err := c.run()
	return c.report, err
}

// A checker reads one file.
type checker struct {
	options Options
	source  *source
	report  *Report

	closing  time.Time
	places   [fieldCount]int // of the fields on a line, from 0; -1 where the file has no such column
	width    int             // number of columns
	journals map[string]int  // code to place in report.Journals
	trailing bool            // lines with a separator at their end have been noted
	cells    []string

	validated time.Time // of the line before
	disorder  bool      // lines out of order have been noted
	begun     bool      // lines that are no opening balances have been met
	late      bool      // opening balances behind them have been noted

	current  *entry
	open     map[entryKey]*entry
	sequence sequence
}

// find notes a finding.
func (c *checker) find(f Finding, id string) {
	f.Rule, f.File = rules[ruleIndex[id]], c.report.File
	if f.Rule.Tolerated {
		c.report.Tolerated++
	} else {
		c.report.Broken++
	}
	if len(c.report.Findings) < MaxFindings {
		c.report.Findings = append(c.report.Findings, f)
	}
	if c.options.Found != nil {
		c.options.Found(f)
	}
}

func (c *checker) run() error {
	c.checkName()
	header, ok := c.next()
	if !ok {
		if err := c.failure(); err != nil {
			return err
		}
		c.find(Finding{}, "empty")
		return nil
	}
	if c.source.wide {
		c.find(Finding{}, "encoding-wide")
		return nil
	}
	if c.source.mark {
		c.find(Finding{Line: 1}, "byte-order-mark")
	}
	isHeader, err := c.header(string(header))
	if err != nil {
		return err
	}
	if !isHeader {
		if err := c.line(string(header)); err != nil {
			return err
		}
	}
	for {
		line, ok := c.next()
		if !ok {
			break
		}
		if err := c.line(string(line)); err != nil {
			return err
		}
	}
	c.finish()
	return c.failure()
}

// next returns the next line that is not empty.
func (c *checker) next() ([]byte, bool) {
	for {
		line, ok := c.source.next()
		if !ok {
			return nil, false
		}
		if c.source.mixed {
			c.find(Finding{Line: c.source.number, Value: string(line)}, "encoding-mixed")
		}
		if len(strings.TrimSpace(string(line))) > 0 {
			return line, true
		}
		c.find(Finding{Line: c.source.number}, "blank-line")
	}
}

// failure returns why reading ended before the end of the file.
func (c *checker) failure() error {
	err, tooLong := c.source.err()
	switch {
	case tooLong:
		return fmt.Errorf("%w: %s:%d: the line has more than %d bytes", ErrLimit, c.report.File, c.source.number+1, MaxLineBytes)
	case err != nil:
		return fmt.Errorf("fec: %s: %w", c.report.File, err)
	}
	return nil
}

func (c *checker) checkName() {
	_, closing, ok := parseFileName(c.report.File)
	if !ok {
		c.find(Finding{Value: baseName(c.report.File)}, "file-name")
	}
	c.closing = c.options.Closing
	if c.closing.IsZero() {
		c.closing = closing
	}
}

// header finds the columns; false if the first line is not a header, and then the columns are taken to be those of the article.
func (c *checker) header(line string) (bool, error) {
	c.report.Separator = '\t'
	if strings.Count(line, "|") > strings.Count(line, "\t") {
		c.report.Separator = '|'
	}
	names := strings.Split(line, string(c.report.Separator))
	if len(names) > MaxColumns+1 {
		return false, fmt.Errorf("%w: %s:1: has %d columns, the limit is %d", ErrLimit, c.report.File, len(names), MaxColumns)
	}
	if len(names) > len(columns) && names[len(names)-1] == "" {
		names = names[:len(names)-1]
		c.noteTrailing()
	}
	for i := range c.places {
		c.places[i] = -1
	}
	c.width = len(names)
	if !c.isHeader(names) {
		c.find(Finding{Line: 1, Value: line}, "header-missing")
		for i := range min(c.width, fieldCount) {
			c.places[i] = i
		}
		c.report.Columns = c.width
		return false, nil
	}
	c.report.Columns = c.width
	wanted := columns
	for i, name := range names { // Montant and Sens stand together
		if strings.EqualFold(strings.TrimSpace(name), montant) && i+1 < len(names) && strings.EqualFold(strings.TrimSpace(names[i+1]), sens) {
			wanted[debit], wanted[credit], c.report.Signed = montant, sens, true
		}
	}
	all := append(append([]string{}, wanted[:]...), further[:]...)
	for i, name := range names {
		c.column(i, name, all)
	}
	for i, name := range wanted {
		if c.places[i] < 0 {
			c.find(Finding{Line: 1, Column: i + 1, Name: name, Detail: name}, "header-name")
			if i < len(names) && !c.taken(i) { // what stands in its place is taken for it
				c.places[i] = i
			}
		}
	}
	return true, nil
}

// isHeader reports whether at least a third of the names are those of columns.
func (c *checker) isHeader(names []string) bool {
	known := 0
	for _, name := range names {
		for _, column := range columns {
			if strings.EqualFold(strings.TrimSpace(name), column) {
				known++
			}
		}
	}
	return known >= 6
}

// column finds out which column of the article the one at place i is.
func (c *checker) column(i int, name string, all []string) {
	text := strings.TrimSpace(name)
	for field, column := range all {
		if !strings.EqualFold(text, column) {
			continue
		}
		f := Finding{Line: 1, Column: i + 1, Name: column, Value: name, Detail: column}
		if c.places[field] >= 0 {
			c.find(f, "header-double")
			return
		}
		c.places[field] = i
		if name != column {
			c.find(f, "header-case")
		}
		if i != field && field < len(columns) {
			f.Detail = fmt.Sprint(field + 1)
			c.find(f, "header-order")
		}
		return
	}
	if i >= len(columns) {
		c.find(Finding{Line: 1, Column: i + 1, Name: name}, "extra-column")
	}
}

// taken reports whether the column at place i was found to be one of the article.
func (c *checker) taken(i int) bool {
	for _, place := range c.places {
		if place == i {
			return true
		}
	}
	return false
}

func (c *checker) noteTrailing() {
	if !c.trailing {
		c.trailing = true
		c.find(Finding{Line: c.source.number}, "trailing-separator")
	}
}

// finish checks what needs the whole file.
func (c *checker) finish() {
	c.closeEntry()
	c.finishEntries()
	for _, h := range c.sequence.holes() {
		c.find(Finding{Value: h.journal, Detail: h.numbers}, h.rule)
	}
	if !c.report.Debit.Equal(c.report.Credit) {
		c.find(Finding{Value: c.report.Debit.String(), Detail: c.report.Credit.String()}, "total")
	}
	c.report.Encoding = c.source.encoding.String()
	if c.source.encoding == charset.Windows1252 {
		c.find(Finding{}, "encoding-1252")
	}
	var ends []string
	for i, n := range c.source.ends {
		if n > 0 {
			ends = append(ends, endNames[i])
		}
	}
	c.report.LineEnds = strings.Join(ends, ", ")
	if len(ends) > 1 {
		c.find(Finding{Value: c.report.LineEnds}, "line-ends-mixed")
	}
}
