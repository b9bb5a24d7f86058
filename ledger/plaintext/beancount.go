package plaintext

import (
	"bytes"
	"strings"
)

// beancountDated reads what follows a date in a beancount file: a transaction, or a directive that is passed over.
func (s *scanner) beancountDated(line []byte, i int) (isTransaction bool, err error) {
	if i == len(line) || !isSpace(line[i]) {
		return false, s.fail(ErrSyntax, i, line[i:], "a space must follow the date")
	}
	i = skipSpace(line, i)
	end := wordEnd(line, i)
	switch word := string(line[i:end]); word {
	case "*", "!", "txn":
		return true, s.narration(line, end)
	case "open":
		s.inDirective = true
		at := skipSpace(line, end)
		account, err := s.intern(&s.accounts, line[at:wordEnd(line, at)], at, MaxAccounts, s.format.checkAccount)
		if err != nil {
			return false, err
		}
		o := s.opening(account)
		if o.opened != 0 {
			return false, s.fail(ErrSyntax, at, line[at:], "the account is opened already")
		}
		o.opened = s.date
		return false, nil
	case "close", "commodity", "price", "note":
		s.inDirective = true
		return false, nil
	default:
		return false, s.fail(ErrSyntax, i, line[i:end], "is not read here: neither a transaction nor one of open, close, commodity, price, note")
	}
}

// narration reads payee and narration of a transaction; tags and links are passed over.
func (s *scanner) narration(line []byte, i int) error {
	for {
		i = skipSpace(line, i)
		if i == len(line) || line[i] == ';' {
			return nil
		}
		if line[i] == '#' || line[i] == '^' {
			i = wordEnd(line, i)
			continue
		}
		text, end, err := s.text(line, i)
		if err != nil {
			return err
		}
		if s.texts {
			s.description = strings.TrimSpace(strings.Join([]string{s.description, text}, " "))
		}
		i = end
	}
}

// metadata reads a line "key: value" of a transaction, of which only a code is kept.
func (s *scanner) metadata(line []byte, i int) error {
	value, isCode := bytes.CutPrefix(line[i:], []byte("code:"))
	if !isCode || !s.texts || len(s.postings) > 0 {
		return nil
	}
	text, _, err := s.text(line, skipSpace(line, len(line)-len(value)))
	s.code = text
	return err
}

// isMetadata reports whether an indented line of a beancount file is "key: value".
func isMetadata(rest []byte) bool {
	if rest[0] < 'a' || rest[0] > 'z' {
		return false
	}
	colon := bytes.IndexByte(rest, ':')
	return colon > 0 && !bytes.ContainsAny(rest[:colon], " \t\"") && (colon+1 == len(rest) || isSpace(rest[colon+1]))
}

// text reads a string in quotation marks at offset i and returns where it ends.
func (s *scanner) text(line []byte, i int) (text string, end int, err error) {
	if i >= len(line) || line[i] != '"' {
		return "", 0, s.fail(ErrSyntax, min(i, len(line)), line[min(i, len(line)):], "a text stands in quotation marks")
	}
	var b strings.Builder
	for j := i + 1; j < len(line); j++ {
		switch c := line[j]; {
		case c == '"':
			return b.String(), j + 1, nil
		case c == '\\' && j+1 < len(line):
			j++
			b.WriteByte(line[j])
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, s.fail(ErrSyntax, i, line[i:], "the quotation mark is not closed on its line")
}

// opening returns what is known of an account.
func (s *scanner) opening(account int32) *opening {
	for int(account) >= len(s.openings) {
		s.openings = append(s.openings, opening{})
	}
	return &s.openings[account]
}

// used notes that the transaction read last uses an account.
func (s *scanner) used(account int32) {
	if o := s.opening(account); o.used == 0 || s.date < o.used {
		o.used, o.line = s.date, s.lines.number
	}
}

// finish checks, at the end of a beancount file, that every account was open when it was used.
func (s *scanner) finish() error {
	for account, o := range s.openings {
		if o.used != 0 && (o.opened == 0 || o.used < o.opened) {
			e := s.fail(ErrSyntax, -1, []byte(s.accounts.names[account]), "the account is not open on that day").(*SyntaxError)
			e.Line = o.line
			return e
		}
	}
	return nil
}
