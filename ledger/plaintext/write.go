package plaintext

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Years that transactions are dated in: those that all three programs read.
const (
	MinYear = 1700
	MaxYear = 2099
)

// MaxTextBytes is how much of a description, and of a code, is written.
const MaxTextBytes = 1000

// Write writes transactions, in their order, as the program of the format reads them. Everything is checked before the first byte is
// written: that every transaction balances, and that the program can read dates, accounts and commodities back as they are. In beancount, accounts are opened on the
// day of their first transaction. All amounts of a commodity have the same number of decimal places.
//
// Descriptions and codes are for people, so they are adapted where the format has no way to say them: on one line, with single spaces, a comma for a
// semicolon outside of beancount, round brackets in codes left out, cut after [MaxTextBytes].
//
// The same transactions give the same bytes. It takes linear time.
func Write(w io.Writer, format Format, transactions []Transaction) error {
	if format < Hledger || format > Beancount {
		return fmt.Errorf("%w: unknown %v", ErrInvalid, format)
	}
	p := printer{format: format, accounts: make(map[string]time.Time), places: make(map[string]int32)}
	for i := range transactions {
		if err := p.check(&transactions[i]); err != nil {
			return fmt.Errorf("transaction %d (%s): %w", i+1, transactions[i].Date.Format(time.DateOnly), err)
		}
	}
	p.out = bufio.NewWriter(w)
	p.declare()
	for i := range transactions {
		p.print(&transactions[i])
	}
	return p.out.Flush()
}

// A printer writes the transactions that it has checked.
type printer struct {
	format   Format
	accounts map[string]time.Time // with the day of the first transaction
	places   map[string]int32     // decimal places of each commodity
	out      *bufio.Writer        // its first error stays, and Flush returns it
}

// check checks a transaction and notes its accounts and commodities.
func (p *printer) check(t *Transaction) error {
	if y := t.Date.Year(); y < MinYear || y > MaxYear {
		return fmt.Errorf("%w: date: the year must be from %d to %d", ErrInvalid, MinYear, MaxYear)
	}
	if len(t.Postings) == 0 || len(t.Postings) > MaxPostings {
		return fmt.Errorf("%w: must have from 1 to %d postings", ErrInvalid, MaxPostings)
	}
	sums := make(map[string]decimal.Decimal)
	for _, posting := range t.Postings {
		if err := p.checkPosting(&posting); err != nil {
			return err
		}
		sums[posting.Commodity] = sums[posting.Commodity].Add(posting.Amount)
		if first, ok := p.accounts[posting.Account]; !ok || t.Date.Before(first) {
			p.accounts[posting.Account] = t.Date
		}
	}
	for _, commodity := range slices.Sorted(maps.Keys(sums)) {
		if sum := sums[commodity]; !sum.IsZero() {
			return fmt.Errorf("%w: the postings add up to %s %s", ErrUnbalanced, sum, commodity)
		}
	}
	return nil
}

func (p *printer) checkPosting(posting *Posting) error {
	if err := p.format.checkCommodity(posting.Commodity); err != nil {
		return err
	}
	if _, known := p.accounts[posting.Account]; !known {
		if err := p.format.checkAccount(posting.Account); err != nil {
			return err
		}
	}
	a := posting.Amount
	if a.Exponent() < -MaxWrittenPlaces || a.Exponent() > MaxWrittenDigits || a.NumDigits()+int(a.Exponent()) > MaxWrittenDigits {
		return fmt.Errorf("%w: amount on %s: must have at most %d digits before the point and %d behind it",
			ErrInvalid, quote(posting.Account), MaxWrittenDigits, MaxWrittenPlaces)
	}
	if posting.CostCommodity != "" {
		return fmt.Errorf("%w: posting to %s: has a price; write what was given and what was received as postings that balance in each commodity",
			ErrInvalid, quote(posting.Account))
	}
	p.places[posting.Commodity] = max(p.places[posting.Commodity], -a.Exponent())
	return nil
}

// Limits on an amount that is written: beancount computes with 28 digits, and ten thousand such amounts add up to no more.
const (
	MaxWrittenDigits = 15 // before the point
	MaxWrittenPlaces = 9  // behind it
)

func (p *printer) declare() {
	accounts := slices.Sorted(maps.Keys(p.accounts))
	commodities := slices.Sorted(maps.Keys(p.places))
	if p.format != Beancount {
		for _, c := range commodities {
			fmt.Fprintf(p.out, "commodity %s\n", quoted(c))
		}
		for _, a := range accounts {
			fmt.Fprintf(p.out, "account %s\n", a)
		}
		return
	}
	for _, c := range commodities {
		fmt.Fprintf(p.out, "option \"operating_currency\" \"%s\"\n", c)
	}
	slices.SortStableFunc(accounts, func(a, b string) int { return cmp.Compare(day(p.accounts[a]), day(p.accounts[b])) })
	for _, a := range accounts {
		fmt.Fprintf(p.out, "%s open %s\n", day(p.accounts[a]), a)
	}
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func (p *printer) print(t *Transaction) {
	description, code := text(t.Description), text(t.Code)
	fmt.Fprintf(p.out, "\n%s *", day(t.Date))
	if p.format == Beancount {
		fmt.Fprintf(p.out, " \"%s\"\n", beancountString.Replace(description))
		if code != "" {
			fmt.Fprintf(p.out, "  code: \"%s\"\n", beancountString.Replace(code))
		}
	} else {
		description = strings.ReplaceAll(description, ";", ",")
		code = strings.TrimSpace(strings.NewReplacer("(", "", ")", "", ";", ",").Replace(code))
		if code != "" || strings.HasPrefix(description, "(") {
			fmt.Fprintf(p.out, " (%s)", code)
		}
		if description != "" {
			fmt.Fprintf(p.out, " %s", description)
		}
		fmt.Fprintln(p.out)
	}
	widest := 0
	for _, posting := range t.Postings {
		widest = max(widest, utf8.RuneCountInString(posting.Account))
	}
	for _, posting := range t.Postings {
		fill := strings.Repeat(" ", widest-utf8.RuneCountInString(posting.Account))
		fmt.Fprintf(p.out, "    %s%s  %16s %s\n", posting.Account, fill, posting.Amount.StringFixed(p.places[posting.Commodity]), p.commodity(posting.Commodity))
	}
}

func (p *printer) commodity(name string) string {
	if p.format == Beancount {
		return name
	}
	return quoted(name)
}

// quoted returns a commodity in quotation marks where hledger and ledger want them: around everything but letters.
func quoted(commodity string) string {
	for _, r := range commodity {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return `"` + commodity + `"`
		}
	}
	return commodity
}

var beancountString = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// text brings a text to one line, without characters that cannot be seen, with single spaces, none at the ends.
func text(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		if hidden(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > MaxTextBytes {
		cut := MaxTextBytes
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = strings.TrimSpace(s[:cut])
	}
	return s
}
