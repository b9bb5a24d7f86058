package plaintext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits on a file.
const (
	MaxAccounts    = 1_000_000 // different ones
	MaxCommodities = 10_000    // different ones
	MaxPostings    = 10_000    // of one transaction
)

// A scanner reads the transactions of a file one after the other.
type scanner struct {
	file   string
	format Format
	texts  bool // code and description are wanted
	lines  *lines

	accounts    table
	commodities table
	openings    []opening // of beancount's accounts
	inDirective bool      // indented lines belong to a directive

	// the transaction read last
	line              int
	date              civilDay
	code, description string
	postings          []posting
	sums              []sum // of each commodity, as far as the transaction has been read
	elided            int   // index of the posting without amount, -1 if there is none
}

type posting struct {
	account, commodity int32
	costCommodity      int32 // -1 without price
	amount, cost       number
}

type sum struct {
	commodity int32
	total     number
}

// An opening says when an account was opened and used, in a beancount file.
type opening struct {
	opened, used civilDay // zero: never
	line         int      // of the first use
}

// A civilDay is year, month and day as decimal digits: 20251231.
type civilDay int32

func (d civilDay) time() time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}

// A table gives names numbers, from 0.
type table struct {
	names []string
	index map[string]int32
}

func newScanner(file string, r io.Reader, format Format, texts bool) *scanner {
	return &scanner{
		file: file, format: format, texts: texts, lines: newLines(r),
		accounts: table{index: make(map[string]int32)}, commodities: table{index: make(map[string]int32)},
	}
}

// fail returns an error about the current line; at is an offset into it, -1 for the whole line.
func (s *scanner) fail(err error, at int, value []byte, format string, args ...any) error {
	return &SyntaxError{
		File: s.file, Line: s.lines.number, Column: at + 1, Value: strings.ToValidUTF8(string(value), "\ufffd"),
		Reason: fmt.Sprintf(format, args...), err: err,
	}
}

// next reads the next transaction; false at the end of the file.
func (s *scanner) next() (bool, error) {
	for {
		line, err := s.nextLine()
		if line == nil || err != nil {
			if err == nil {
				err = s.finish()
			}
			return false, err
		}
		i := skipSpace(line, 0)
		switch {
		case i == len(line):
			s.inDirective = false
		case i > 0:
			if err := s.indented(line, i); err != nil {
				return false, err
			}
		case isDigit(line[0]):
			isTransaction, err := s.dated(line)
			if err != nil {
				return false, err
			}
			if isTransaction {
				return true, s.readPostings()
			}
		case bytes.IndexByte([]byte(";#*%|"), line[0]) >= 0:
		default:
			if err := s.directive(line); err != nil {
				return false, err
			}
		}
	}
}

// nextLine returns the next line, nil at the end of the file.
func (s *scanner) nextLine() ([]byte, error) {
	line, tooLong := s.lines.next()
	if tooLong {
		return nil, s.fail(ErrLimit, -1, nil, "the line has more than %d bytes", MaxLineBytes)
	}
	if line == nil {
		if s.lines.err != nil && !errors.Is(s.lines.err, io.EOF) {
			return nil, fmt.Errorf("plaintext: %s: %w", s.file, s.lines.err)
		}
		return nil, nil
	}
	if !utf8.Valid(line) {
		at := 0
		for {
			r, size := utf8.DecodeRune(line[at:])
			if r == utf8.RuneError && size == 1 {
				return nil, s.fail(ErrSyntax, at, line[at:min(at+20, len(line))], "byte 0x%02X is not UTF-8: save the file as UTF-8", line[at])
			}
			at += size
		}
	}
	return line, nil
}

// indented passes over a line that belongs to a directive.
func (s *scanner) indented(line []byte, i int) error {
	rest := line[i:]
	switch {
	case rest[0] == ';':
		return nil
	case !s.inDirective:
		return s.fail(ErrSyntax, i, rest, "an indented line belongs to a transaction, and there is none")
	case s.format == Beancount && isMetadata(rest):
		return nil
	case bytes.HasPrefix(rest, []byte("note ")):
		return nil
	case bytes.HasPrefix(rest, []byte("format ")):
		return s.checkDeclared(line)
	}
	return s.fail(ErrSyntax, i, rest, "this changes what other lines mean, and is not read here")
}

// checkDeclared refuses a declared format of amounts with commas: the file may then use decimal commas.
func (s *scanner) checkDeclared(line []byte) error {
	if at := bytes.IndexByte(line, ','); at >= 0 {
		return s.fail(ErrSyntax, at, line[at:], "amounts with commas are not read here, as the programs read them in different ways")
	}
	return nil
}

// directive passes over a directive without a date that does not change what other lines mean.
func (s *scanner) directive(line []byte) error {
	word := line[:wordEnd(line, 0)]
	s.inDirective = true
	if s.format == Beancount {
		if string(word) == "option" {
			rest := bytes.TrimLeft(line[len(word):], " \t")
			if bytes.HasPrefix(rest, []byte(`"title"`)) || bytes.HasPrefix(rest, []byte(`"operating_currency"`)) {
				return nil
			}
		}
		return s.fail(ErrSyntax, 0, word, "this changes what other lines mean, and is not read here")
	}
	switch string(word) {
	case "account", "payee", "tag", "P":
		return nil
	case "commodity":
		return s.checkDeclared(line)
	case "comment":
		return s.block()
	}
	return s.fail(ErrSyntax, 0, word, "this changes what other lines mean, and is not read here")
}

// block passes over a block of comments.
func (s *scanner) block() error {
	s.inDirective = false
	for {
		line, err := s.nextLine()
		if line == nil || err != nil {
			return err
		}
		if string(bytes.TrimRight(line, " \t")) == "end comment" {
			return nil
		}
	}
}

// dated reads a line that begins with a date: the first one of a transaction, or a directive of beancount.
func (s *scanner) dated(line []byte) (isTransaction bool, err error) {
	s.inDirective = false
	date, i, err := s.day(line, 0)
	if err != nil {
		return false, err
	}
	s.date, s.line = date, s.lines.number
	s.code, s.description = "", ""
	s.postings, s.sums, s.elided = s.postings[:0], s.sums[:0], -1
	if s.format == Beancount {
		return s.beancountDated(line, i)
	}
	if i < len(line) && line[i] == '=' { // the second date is for people
		if _, i, err = s.day(line, i+1); err != nil {
			return false, err
		}
	}
	if i < len(line) && !isSpace(line[i]) {
		return false, s.fail(ErrSyntax, i, line[i:], "a space must follow the date")
	}
	s.header(line, i)
	return true, nil
}

// header reads mark, code and description of a transaction.
func (s *scanner) header(line []byte, i int) {
	if !s.texts {
		return
	}
	rest := line[i:]
	if at := bytes.IndexByte(rest, ';'); at >= 0 {
		rest = rest[:at]
	}
	rest = bytes.TrimLeft(rest, " \t")
	if len(rest) > 0 && (rest[0] == '*' || rest[0] == '!') {
		rest = bytes.TrimLeft(rest[1:], " \t")
	}
	if len(rest) > 0 && rest[0] == '(' {
		if end := bytes.IndexByte(rest, ')'); end > 0 {
			s.code, rest = string(bytes.TrimSpace(rest[1:end])), rest[end+1:]
		}
	}
	s.description = string(bytes.TrimSpace(rest))
}

// day reads a date at offset i and returns where it ends.
func (s *scanner) day(line []byte, i int) (civilDay, int, error) {
	end := i
	for end < len(line) && (isDigit(line[end]) || line[end] == '-' || line[end] == '/' || line[end] == '.') {
		end++
	}
	word := line[i:end]
	bad := func() (civilDay, int, error) {
		return 0, 0, s.fail(ErrSyntax, i, word, "must be a day of the calendar, as in 2025-12-31")
	}
	if len(word) < len("2025-1-1") || len(word) > len("2025-12-31") {
		return bad()
	}
	sign := word[4]
	var parts [3]int
	part, digits := 0, 0
	for _, c := range word {
		switch {
		case isDigit(c):
			parts[part] = 10*parts[part] + int(c-'0')
			digits++
		case c == sign && digits > 0 && part < 2:
			if part == 0 && digits != 4 {
				return bad()
			}
			part, digits = part+1, 0
		default:
			return bad()
		}
		if part > 0 && digits > 2 {
			return bad()
		}
	}
	year, month, day := parts[0], parts[1], parts[2]
	if part != 2 || digits == 0 || year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return bad()
	}
	return civilDay(10000*year + 100*month + day), end, nil
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// intern returns the number of a name, which check looks at when it is new.
func (s *scanner) intern(t *table, name []byte, at, most int, check func(string) error) (int32, error) {
	if n, ok := t.index[string(name)]; ok {
		return n, nil
	}
	if len(t.names) == most {
		return 0, s.fail(ErrLimit, at, name, "is one more than %d different ones", most)
	}
	text := string(name)
	if err := check(text); err != nil {
		return 0, s.fail(ErrSyntax, at, name, "%s", reasonOf(err))
	}
	n := int32(len(t.names))
	t.names = append(t.names, text)
	t.index[text] = n
	return n, nil
}

// reasonOf returns the last part of an error of checkAccount or checkCommodity.
func reasonOf(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, `": `); i >= 0 {
		return text[i+len(`": `):]
	}
	return text
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// skipSpace returns the offset of the next byte from i on that is no space or tab.
func skipSpace(line []byte, i int) int {
	for i < len(line) && isSpace(line[i]) {
		i++
	}
	return i
}

// wordEnd returns the offset of the next space or tab from i on.
func wordEnd(line []byte, i int) int {
	for i < len(line) && !isSpace(line[i]) {
		i++
	}
	return i
}
