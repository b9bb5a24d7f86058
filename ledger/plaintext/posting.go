package plaintext

import (
	"bytes"
	"strings"
)

// readPostings reads the postings of the transaction whose first line was read last, and balances them.
func (s *scanner) readPostings() error {
	for {
		line, err := s.nextLine()
		if err != nil {
			return err
		}
		if line == nil {
			break
		}
		i := skipSpace(line, 0)
		if i == 0 || i == len(line) {
			s.lines.unread()
			break
		}
		if line[i] == ';' {
			continue
		}
		if s.format == Beancount && (isMetadata(line[i:]) || line[i] == '#' || line[i] == '^') {
			if err := s.metadata(line, i); err != nil {
				return err
			}
			continue
		}
		if err := s.posting(line, i); err != nil {
			return err
		}
	}
	return s.balance()
}

// posting reads a posting that begins at offset i of its line.
func (s *scanner) posting(line []byte, i int) error {
	if len(s.postings) == MaxPostings {
		return s.fail(ErrLimit, -1, nil, "the transaction has more than %d postings", MaxPostings)
	}
	if line[i] == '*' || line[i] == '!' {
		i = skipSpace(line, i+1)
	}
	end := s.accountEnd(line, i)
	name := line[i:end]
	if len(name) == 0 {
		return s.fail(ErrSyntax, i, nil, "the account is missing")
	}
	if at := bytes.IndexByte(name, '\t'); at >= 0 {
		return s.fail(ErrSyntax, i+at, name[at:], "hledger takes a single tab for a part of the account: write two spaces")
	}
	account, err := s.intern(&s.accounts, name, i, MaxAccounts, s.format.checkAccount)
	if err != nil {
		return err
	}
	if s.format == Beancount {
		s.used(account)
	}
	p := posting{account: account, costCommodity: -1}
	i = skipSpace(line, end)
	if i == len(line) || line[i] == ';' {
		if s.elided >= 0 {
			return s.fail(ErrSyntax, -1, nil, "a second posting without amount: only one can be worked out")
		}
		s.elided = len(s.postings)
		s.postings = append(s.postings, p)
		return nil
	}
	if i, err = s.amount(line, i, &p.amount, &p.commodity); err != nil {
		return err
	}
	if i, err = s.price(line, skipSpace(line, i), &p); err != nil {
		return err
	}
	if i = skipSpace(line, i); i < len(line) && line[i] != ';' {
		return s.fail(ErrSyntax, i, line[i:], "%s", leftover(line[i]))
	}
	if p.costCommodity >= 0 {
		s.add(p.costCommodity, p.cost)
	} else {
		s.add(p.commodity, p.amount)
	}
	s.postings = append(s.postings, p)
	return nil
}

// leftover says why what follows an amount is not read.
func leftover(c byte) string {
	switch c {
	case '=':
		return "assertions of balances are checked in different orders by the programs, and are not read here"
	case '{', '[', '(':
		return "lots are not read here"
	}
	return "nothing but a price or a comment may follow the amount"
}

// accountEnd returns where the name of an account that begins at i ends.
func (s *scanner) accountEnd(line []byte, i int) int {
	if s.format == Beancount {
		return wordEnd(line, i)
	}
	for ; i < len(line); i++ {
		if isSpace(line[i]) && (i+1 == len(line) || isSpace(line[i+1]) || line[i] == '\t' && s.format == Ledger) {
			break
		}
	}
	return i
}

// amount reads a number and its commodity, in either order, and returns where they end.
func (s *scanner) amount(line []byte, i int, n *number, commodity *int32) (int, error) {
	start := i
	negative, i := sign(line, i)
	signed := i > start
	i = skipSpace(line, i)
	before := s.commodityEnd(line, i)
	symbol, at := line[i:before], i
	if len(symbol) > 0 {
		if s.format == Beancount {
			return 0, s.fail(ErrSyntax, i, line[i:], "the number comes first, as in 1234.50 EUR")
		}
		i = skipSpace(line, before)
		if !signed {
			negative, i = sign(line, i)
		}
	}
	end := i
	for end < len(line) && (isDigit(line[end]) || line[end] == '.' || line[end] == ',' || line[end] == '\'' || line[end] == '_') {
		end++
	}
	value, reason := parseNumber(line[i:end])
	if reason != "" {
		return 0, s.fail(ErrSyntax, i, line[i:max(end, wordEnd(line, i))], "%s", reason)
	}
	if negative {
		value = value.negated()
	}
	*n = value
	i = end
	if len(symbol) == 0 {
		at = skipSpace(line, end)
		if after := s.commodityEnd(line, at); after > at {
			symbol, i = line[at:after], after
		} else if s.format == Beancount {
			return 0, s.fail(ErrSyntax, end, line[end:], "the commodity is missing")
		}
	}
	var err error
	*commodity, err = s.intern(&s.commodities, bytes.Trim(symbol, `"`), at, MaxCommodities, s.checkSymbol)
	return i, err
}

// checkSymbol lets an amount have no commodity, where the programs do.
func (s *scanner) checkSymbol(name string) error {
	if name == "" && s.format != Beancount {
		return nil
	}
	return s.format.checkCommodity(name)
}

func sign(line []byte, i int) (negative bool, next int) {
	if i < len(line) && (line[i] == '-' || line[i] == '+') {
		return line[i] == '-', i + 1
	}
	return false, i
}

// notInSymbol are the characters that end a commodity without quotation marks.
var notInSymbol = func() (no [256]bool) {
	for c := range 0x21 {
		no[c] = true
	}
	for _, c := range []byte("0123456789-+.,;@=\"'{}()[]<>*/\\~&|^!?_:") {
		no[c] = true
	}
	return no
}()

// commodityEnd returns where a commodity that begins at i ends; i if there is none.
func (s *scanner) commodityEnd(line []byte, i int) int {
	if s.format == Beancount {
		if i < len(line) && 'A' <= line[i] && line[i] <= 'Z' {
			for i < len(line) && (!notInSymbol[line[i]] || isDigit(line[i]) || strings.IndexByte("'._-", line[i]) >= 0) {
				i++
			}
		}
		return i
	}
	if i < len(line) && line[i] == '"' {
		if end := bytes.IndexByte(line[i+1:], '"'); end > 0 {
			return i + end + 2
		}
		return i
	}
	for i < len(line) && !notInSymbol[line[i]] {
		i++
	}
	return i
}

// price reads "@ price of one" or "@@ price of all" at offset i, if there is one, and returns where it ends.
func (s *scanner) price(line []byte, i int, p *posting) (int, error) {
	if i == len(line) || line[i] != '@' {
		return i, nil
	}
	at := i
	i++
	total := i < len(line) && line[i] == '@'
	if total {
		i++
	}
	i, err := s.amount(line, skipSpace(line, i), &p.cost, &p.costCommodity)
	if err != nil {
		return 0, err
	}
	price := p.cost.decimal()
	if price.IsNegative() || p.costCommodity == p.commodity {
		return 0, s.fail(ErrSyntax, at, line[at:], "a price is not negative, and in another commodity")
	}
	switch {
	case !total:
		p.cost = p.cost.times(p.amount)
	case p.amount.decimal().IsNegative():
		p.cost = p.cost.negated()
	}
	return i, nil
}

// add adds to the sum of a commodity.
func (s *scanner) add(commodity int32, n number) {
	for i := range s.sums {
		if s.sums[i].commodity == commodity {
			s.sums[i].total = s.sums[i].total.plus(n)
			return
		}
	}
	s.sums = append(s.sums, sum{commodity, n})
}

// balance works out the amount that was left out, and checks that all add up to zero.
func (s *scanner) balance() error {
	fail := func(err error, format string, args ...any) error {
		e := s.fail(err, -1, nil, format, args...).(*SyntaxError)
		e.Line = s.line
		return e
	}
	if len(s.postings) == 0 {
		return fail(ErrSyntax, "the transaction has no postings")
	}
	if s.elided < 0 {
		for i := range s.sums {
			if t := s.sums[i].total; !t.isZero() {
				return fail(ErrUnbalanced, "the postings add up to %s %s", t.decimal(), s.commodities.names[s.sums[i].commodity])
			}
		}
		return nil
	}
	if len(s.sums) == 0 {
		return fail(ErrSyntax, "the transaction has no amount")
	}
	left := posting{account: s.postings[s.elided].account, commodity: s.sums[0].commodity, costCommodity: -1}
	worked := 0
	for i := range s.sums {
		if s.sums[i].total.isZero() {
			continue
		}
		left.commodity, left.amount = s.sums[i].commodity, s.sums[i].total.negated()
		if worked == 0 {
			s.postings[s.elided] = left
		} else {
			s.postings = append(s.postings, left)
		}
		worked++
	}
	if worked == 0 {
		s.postings[s.elided] = left
	}
	return nil
}
