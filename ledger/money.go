package ledger

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Token is a place in the history of the journal, for paging and for what was known at a time. It stays valid for ever: history only grows at its end.
// The zero Token is the beginning where a page starts after it ([Filter].After), and now where something is as known at it ([At].Known).
type Token uint64

// tokenOf returns the token just after the record at a position.
func tokenOf[P uint32 | uint64](position P) Token { return Token(position + 1) }

// At says of which time a figure is: two times, since what happened is often recorded later. The zero At is everything
// that is known now.
type At struct {
	// On is the last day that counts, in the time zone of the charter; zero: every day.
	On codesocial.Date
	// Known leaves out what was recorded after it; zero: nothing. A figure as known at a token never changes. See [Books.KnownOn].
	Known Token
}

// sees reports whether something counts at the time that was recorded by a token and is of a day.
func (a At) sees(token Token, on codesocial.Date) bool {
	return (a.Known == 0 || token <= a.Known) && (a.On.IsZero() || !on.After(a.On))
}

// money holds all transactions, in the order of recording, in columns: what a balance or report asks for is found by index.
type money struct {
	all       []moved
	texts     texts // label, reference and note of all
	legs      []leg // the postings of all[i], from all[i].first on
	accounts  map[balanceKey]uint32
	series    []series
	byProject map[uint32][]uint32 // places in all
	byParty   map[uint32][]uint32
	index     places               `freeze:"-"` // of all
	corrects  map[uint32]uuid.UUID // what a correction corrects
	corrected map[uint32][]uint32  // the corrections of a transaction
	fulfils   map[uint32]uuid.UUID // the commitment that a transaction fulfils
}

// leg is where a posting stands: in which series, and at which place of it.
type leg struct{ series, at uint32 }

type balanceKey struct {
	account  Account
	currency string
}

// moved is a transaction as it is held.
type moved struct {
	id             uuid.UUID
	text           uint64 // where it begins in texts
	position       uint32
	first          uint32 // in legs
	project, party uint32 // in names
	day            int32
	kind           uint32 // in names
}

// series is what was posted to an account in one currency.
type series struct {
	account Account
	code    string
	of      []uint32 // transactions, in the order of recording
	timeline
}

func newMoney() money {
	return money{
		accounts: make(map[balanceKey]uint32), byProject: make(map[uint32][]uint32), byParty: make(map[uint32][]uint32),
		index: newPlaces(), corrects: make(map[uint32]uuid.UUID), corrected: make(map[uint32][]uint32), fulfils: make(map[uint32]uuid.UUID),
	}
}

// add posts a transaction, whose amounts have been checked, and returns its place.
func (m *money) add(t moved, postings []Posting, text ...string) uint32 {
	place := uint32(len(m.all))
	t.first, t.text = uint32(len(m.legs)), m.texts.add(text...)
	for _, p := range postings {
		s := m.at(balanceKey{p.Account, p.Currency})
		m.legs = append(m.legs, leg{s, uint32(m.series[s].len())})
		amount, _ := fix(p.Amount)
		m.series[s].of = append(m.series[s].of, place)
		m.series[s].add(t.day, amount)
	}
	m.all = append(m.all, t)
	m.index.add(t.id, place, m.idOf)
	if t.project != 0 {
		m.byProject[t.project] = append(m.byProject[t.project], place)
	}
	if t.party != 0 {
		m.byParty[t.party] = append(m.byParty[t.party], place)
	}
	return place
}

func (m *money) idOf(place uint32) uuid.UUID { return m.all[place].id }

// find returns the place of the transaction of the record with that id.
func (m *money) find(id uuid.UUID) (uint32, bool) { return m.index.find(id, m.idOf) }

// text returns label, reference and note of the transaction at a place, with a zero byte after each part but the last.
func (m *money) text(place uint32) string {
	end := uint64(len(m.texts.bytes))
	if int(place)+1 < len(m.all) {
		end = m.all[place+1].text
	}
	return string(m.texts.bytes[m.all[place].text:end])
}

// at returns the place of an account's series, which it makes if it is new.
func (m *money) at(k balanceKey) uint32 {
	s, ok := m.accounts[k]
	if !ok {
		s = uint32(len(m.series))
		m.accounts[k] = s
		m.series = append(m.series, series{account: k.account, code: k.currency})
	}
	return s
}

// until returns how many postings of a series were recorded by a token.
func (m *money) until(s *series, known Token) int {
	if known == 0 {
		return s.len()
	}
	places := sort.Search(len(m.all), func(i int) bool { return tokenOf(m.all[i].position) > known })
	return sort.Search(s.len(), func(i int) bool { return int(s.of[i]) >= places })
}

// balance returns the balance of a series at a time; false if nothing was posted by then.
func (m *money) balance(s *series, at At) (fixed, bool) {
	n := m.until(s, at.Known)
	if at.On.IsZero() {
		return s.sum(n), n > 0
	}
	day := dayNumber(at.On)
	return s.total(n, day), s.begun(n, day)
}

// postings returns the postings of the transaction at a place.
func (m *money) postings(place uint32) []Posting {
	end := uint32(len(m.legs))
	if int(place)+1 < len(m.all) {
		end = m.all[place+1].first
	}
	legs := m.legs[m.all[place].first:end]
	out := make([]Posting, len(legs))
	for i, l := range legs {
		s := &m.series[l.series]
		out[i] = Posting{Account: s.account, Amount: s.amount(int(l.at)).decimal(), Currency: s.code}
	}
	return out
}

func (m *money) has(id uuid.UUID) bool {
	_, ok := m.find(id)
	return ok
}

// count returns the number of transactions of a kind.
func (m *money) count(kind uint32) (n int) {
	for i := range m.all {
		if m.all[i].kind == kind {
			n++
		}
	}
	return n
}

func (b *Books) transaction(place uint32) Transaction {
	t := &b.money.all[place]
	label, rest, _ := strings.Cut(b.money.text(place), "\x00")
	reference, note, _ := strings.Cut(rest, "\x00")
	return Transaction{
		ID: t.id, Kind: b.names.of(t.kind), On: dateOf(t.day), Postings: b.money.postings(place), Project: b.names.of(t.project), Party: b.names.of(t.party),
		Label: label, Reference: reference, Note: note, Corrects: b.money.corrects[place], Fulfils: b.money.fulfils[place],
	}
}

// Transaction returns the transaction of the record with that id, and the token after it; false if it is not in the accounts.
func (b *Books) Transaction(id uuid.UUID) (Token, Transaction, bool) {
	place, ok := b.money.find(id)
	if !ok {
		return 0, Transaction{}, false
	}
	return tokenOf(b.money.all[place].position), b.transaction(place), true
}

// Transactions iterates over the transactions that the filter selects, whatever record carried them into the accounts, in the order of
// recording, each with its token: give that of the last one as [Filter].After, and the next page begins.
//
// Where the filter names an account, project or party, only its own transactions are visited.
func (b *Books) Transactions(f Filter) iter.Seq2[Token, Transaction] {
	return func(yield func(Token, Transaction) bool) {
		for place := range b.places(f) {
			if !yield(tokenOf(b.money.all[place].position), b.transaction(place)) {
				return
			}
		}
	}
}

// places iterates over the places of the transactions that the filter selects.
func (b *Books) places(f Filter) iter.Seq[uint32] {
	m := &b.money
	project, party, kind := b.names.find(f.Project), b.names.find(f.Party), b.names.find(f.Kind)
	from, to := f.days()
	selects := func(t *moved) bool {
		return (f.Project == "" || t.project == project) && (f.Party == "" || t.party == party) && (f.Kind == "" || t.kind == kind) &&
			t.day >= from && t.day <= to && (f.Known == 0 || tokenOf(t.position) <= f.Known)
	}
	return func(yield func(uint32) bool) {
		visit := func(list []uint32) {
			from := sort.Search(len(list), func(i int) bool { return tokenOf(m.all[list[i]].position) > f.After })
			for i, place := range list[from:] {
				if i > 0 && place == list[from+i-1] { // an account may stand in a transaction twice
					continue
				}
				if selects(&m.all[place]) && !yield(place) {
					return
				}
			}
		}
		switch {
		case f.Account != "":
			visit(m.ofAccount(f.Account))
		case f.Project != "":
			visit(m.byProject[project])
		case f.Party != "":
			visit(m.byParty[party])
		default:
			for i := sort.Search(len(m.all), func(i int) bool { return tokenOf(m.all[i].position) > f.After }); i < len(m.all); i++ {
				if selects(&m.all[i]) && !yield(uint32(i)) {
					return
				}
			}
		}
	}
}

// ofAccount returns the places of the transactions of an account in all currencies, in order.
func (m *money) ofAccount(account Account) []uint32 {
	var lists [][]uint32
	for i := range m.series {
		if m.series[i].account == account {
			lists = append(lists, m.series[i].of)
		}
	}
	if len(lists) == 1 {
		return lists[0]
	}
	places := slices.Concat(lists...)
	slices.Sort(places)
	return places
}

// Balance returns the balance of an account in a currency, in constant time: debits positive, credits negative; zero for an account that
// nothing was posted to.
func (b *Books) Balance(account Account, currency string) decimal.Decimal {
	return b.BalanceAt(account, currency, At{})
}

// BalanceAt is [Books.Balance] at a time, of a day, as known at a token or both, in logarithmic time where things are recorded in the order of their days, and in the
// square of it where they are not.
func (b *Books) BalanceAt(account Account, currency string, at At) decimal.Decimal {
	s, ok := b.money.accounts[balanceKey{account, currency}]
	if !ok {
		return decimal.Zero
	}
	balance, _ := b.money.balance(&b.money.series[s], at)
	return balance.decimal()
}

// Accounts returns the accounts that something was posted to in a currency, with their balances, in the order of their
// names. The balances add up to zero.
func (b *Books) Accounts(currency string) iter.Seq2[Account, decimal.Decimal] {
	return b.AccountsAt(currency, At{})
}

// AccountsAt is [Books.Accounts] at a time; an account that nothing was posted to by then is left out. The balances add up to zero at
// any time.
func (b *Books) AccountsAt(currency string, at At) iter.Seq2[Account, decimal.Decimal] {
	return func(yield func(Account, decimal.Decimal) bool) {
		var list []*series
		for i := range b.money.series {
			if s := &b.money.series[i]; s.code == currency {
				list = append(list, s)
			}
		}
		slices.SortFunc(list, func(x, y *series) int { return strings.Compare(string(x.account), string(y.account)) })
		for _, s := range list {
			if balance, begun := b.money.balance(s, at); begun && !yield(s.account, balance.decimal()) {
				return
			}
		}
	}
}

// Currencies returns the codes of all currencies that something was posted in, sorted.
func (b *Books) Currencies() []string {
	var codes []string
	for i := range b.money.series {
		codes = append(codes, b.money.series[i].code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
