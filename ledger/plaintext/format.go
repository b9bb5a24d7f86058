package plaintext

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Format is the language of one of the three programs.
type Format int

// The formats. Hledger and Ledger have one grammar here, the part that they share, except for a single tab behind an account, which only ledger takes
// for a separator; files written for one are read by the other.
const (
	Hledger   Format = iota // hledger 1.25 and later, https://hledger.org/hledger.html
	Ledger                  // ledger 3.3, https://ledger-cli.org/doc/ledger3.html
	Beancount               // beancount 2.3, https://beancount.github.io/docs/beancount_language_syntax.html
)

var formatNames = [...]string{"hledger", "ledger", "beancount"}

// String returns the name of the program: "hledger", "ledger", "beancount".
func (f Format) String() string {
	if f < 0 || int(f) >= len(formatNames) {
		return fmt.Sprintf("format %d", int(f))
	}
	return formatNames[f]
}

// ParseFormat returns the format of that name; the error wraps [ErrInvalid].
func ParseFormat(name string) (Format, error) {
	for i, known := range formatNames {
		if name == known {
			return Format(i), nil
		}
	}
	return 0, fmt.Errorf("%w: format %s: is not one of %s", ErrInvalid, quote(name), strings.Join(formatNames[:], ", "))
}

// FormatOf returns the format that a file name says: Beancount for .beancount and .bean, Hledger for everything else.
func FormatOf(file string) Format {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".beancount", ".bean":
		return Beancount
	}
	return Hledger
}

// MaxNameBytes is how long an account or a commodity may be.
const MaxNameBytes = 500

var (
	beancountAccount   = regexp.MustCompile(`^(?:Assets|Liabilities|Equity|Income|Expenses)(?::(?:[A-Z0-9]|[^\x00-\x7f])(?:[A-Za-z0-9-]|[^\x00-\x7f])*)+$`)
	beancountCommodity = regexp.MustCompile(`^[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]$`)
)

// checkAccount returns why the program could not read the name of an account back as it is.
func (f Format) checkAccount(name string) error {
	bad := func(why string) error { return fmt.Errorf("%w: account %s: %s", ErrInvalid, quote(name), why) }
	if len(name) > MaxNameBytes || !utf8.ValidString(name) || strings.ContainsFunc(name, hidden) {
		return bad(fmt.Sprintf("must be at most %d bytes of text", MaxNameBytes))
	}
	if f == Beancount {
		if !beancountAccount.MatchString(name) {
			return bad("beancount wants one of Assets, Liabilities, Equity, Income, Expenses, and levels of letters, digits and hyphens that begin with a capital letter or digit")
		}
		return nil
	}
	for level := range strings.SplitSeq(name, ":") {
		if level == "" || level != strings.TrimSpace(level) || strings.Contains(level, "  ") || strings.ContainsRune(level, ';') {
			return bad("its levels must not be empty, nor contain two spaces or a semicolon")
		}
	}
	if strings.ContainsRune("([<*!;=~", rune(name[0])) {
		return bad("must not begin with one of ( [ < * ! ; = ~")
	}
	return nil
}

// checkCommodity returns why the program could not read a commodity back as it is.
func (f Format) checkCommodity(name string) error {
	bad := func(why string) error { return fmt.Errorf("%w: commodity %s: %s", ErrInvalid, quote(name), why) }
	switch {
	case f == Beancount && !beancountCommodity.MatchString(name):
		return bad("beancount wants 2 to 24 capital letters, digits and signs")
	case name == "" || len(name) > MaxNameBytes || !utf8.ValidString(name):
		return bad(fmt.Sprintf("must be given, in at most %d bytes", MaxNameBytes))
	case strings.ContainsFunc(name, hidden) || strings.ContainsAny(name, `";`):
		return bad("must not contain a quotation mark, a semicolon or a line end")
	}
	return nil
}

// hidden reports whether a character cannot stand in a name: those that end lines, or cannot be seen.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.IsSpace(r) && r != ' '
}

// Level returns a text as one level of the name of an account that all three programs take: letters, digits and hyphens, the first a capital letter
// or a digit. "L'Atelier du Vieux Gué" becomes "L-Atelier-du-Vieux-Gué". A text without any letter or digit becomes "X". Two texts may become one: where they
// must not, see to it.
func Level(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range text {
		if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		if b.Len() == 0 {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		if b.Len() >= 100 {
			break
		}
	}
	if b.Len() == 0 {
		return "X"
	}
	return b.String()
}
