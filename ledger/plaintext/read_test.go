package plaintext_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

func read(t *testing.T, content string) []plaintext.Transaction {
	t.Helper()
	transactions, err := plaintext.Read("x.journal", strings.NewReader(content), plaintext.Hledger)
	require.NoError(t, err)
	return transactions
}

func TestTheCommonSubsetIsRead(t *testing.T) {
	t.Parallel()
	got := read(t, "\ufeff; comment\r\n"+`# comment
account Assets:Bank account   ; note
commodity EUR
  format 1000.00 EUR
P 2025-01-01 USD 0.9 EUR
comment
2025-99-99 not read
end comment

2025/1/6=2025/1/7 * (A-1) Insurance ; of the workshop
  ; a comment
  Expenses:Insurance    1284.60 EUR  ; more
  * Assets:Bank account		-1284.60 EUR

2025.12.31 elided
	a:b  $10
	a:b  -3 "kg 2"
	a:c
2025-02-01 ! prices
  a:usd  10 USD @ 0.9 EUR
  a:jpy  -100 JPY @@ 0.60 EUR
  a:eur  EUR -8.4
`)
	require.Len(t, got, 3)
	require.Equal(t, plaintext.Transaction{
		Date: time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC), Code: "A-1", Description: "Insurance", Line: 11,
		Postings: []plaintext.Posting{
			{Account: "Expenses:Insurance", Amount: decimal.New(128460, -2), Commodity: "EUR"},
			{Account: "Assets:Bank account", Amount: decimal.New(-128460, -2), Commodity: "EUR"},
		},
	}, got[0])
	require.Equal(t, []plaintext.Posting{
		{Account: "a:b", Amount: decimal.New(10, 0), Commodity: "$"},
		{Account: "a:b", Amount: decimal.New(-3, 0), Commodity: "kg 2"},
		{Account: "a:c", Amount: decimal.New(-10, 0), Commodity: "$"},
		{Account: "a:c", Amount: decimal.New(3, 0), Commodity: "kg 2"},
	}, got[1].Postings)
	require.Equal(t, "9", got[2].Postings[0].Cost.String())
	require.Equal(t, "-0.6", got[2].Postings[1].Cost.String())
}

func TestWhatIsWrongIsNamedWithLineColumnAndValue(t *testing.T) {
	t.Parallel()
	const start = "2025-01-01 x\n"
	for _, c := range []struct {
		content      string
		err          error
		line, column int
		value        string
	}{
		{"2025-02-29 x\n  a  1 EUR\n  b\n", plaintext.ErrSyntax, 1, 1, "2025-02-29"},
		{"2025-01/01 x\n  a  1 EUR\n  b\n", plaintext.ErrSyntax, 1, 1, "2025-01/01"},
		{start + "  a  1,000.00 EUR\n  b\n", plaintext.ErrSyntax, 2, 6, "1,000.00"},
		{start + "  a  1 000 EUR\n  b\n", plaintext.ErrSyntax, 2, 8, "000 EUR"},
		{start + "  a  1. EUR\n  b\n", plaintext.ErrSyntax, 2, 6, "1."},
		{start + "  a  EUR\n  b\n", plaintext.ErrSyntax, 2, 9, ""},
		{start + "  a  1 EUR = 3 EUR\n  b\n", plaintext.ErrSyntax, 2, 12, "= 3 EUR"},
		{start + "  a  1 EUR {2 USD}\n  b\n", plaintext.ErrSyntax, 2, 12, "{2 USD}"},
		{start + "  a  1 EUR @ 2 EUR\n  b\n", plaintext.ErrSyntax, 2, 12, "@ 2 EUR"},
		{start + "  (a)  1 EUR\n  b\n", plaintext.ErrSyntax, 2, 3, "(a)"},
		{start + "  a\t1 EUR\n  b\n", plaintext.ErrSyntax, 2, 4, "\t1 EUR"},
		{start + "  a\n  b\n", plaintext.ErrSyntax, 3, 0, ""},
		{start + "  a:\n", plaintext.ErrSyntax, 2, 3, "a:"},
		{start + "  a  1 EUR\n", plaintext.ErrUnbalanced, 1, 0, ""},
		{start + "  a  1 EUR\n  b  -1 USD\n", plaintext.ErrUnbalanced, 1, 0, ""},
		{start + "\n", plaintext.ErrSyntax, 1, 0, ""},
		{"  a  1 EUR\n", plaintext.ErrSyntax, 1, 3, "a  1 EUR"},
		{"include other.journal\n", plaintext.ErrSyntax, 1, 1, "include"},
		{"= a\n  b  1\n", plaintext.ErrSyntax, 1, 1, "="},
		{"~ monthly\n", plaintext.ErrSyntax, 1, 1, "~"},
		{"alias a=b\n", plaintext.ErrSyntax, 1, 1, "alias"},
		{"account a\n  alias b\n", plaintext.ErrSyntax, 2, 3, "alias b"},
		{"commodity 1.000,00 EUR\n", plaintext.ErrSyntax, 1, 16, ",00 EUR"},
		{"; \xe9t\xe9\n", plaintext.ErrSyntax, 1, 3, "\ufffdt\ufffd"},
		{strings.Repeat(";", plaintext.MaxLineBytes+1), plaintext.ErrLimit, 1, 0, ""},
		{start + strings.Repeat("  a  0 EUR\n", plaintext.MaxPostings+1), plaintext.ErrLimit, plaintext.MaxPostings + 2, 0, ""},
		{start + "  a  " + strings.Repeat("9", plaintext.MaxDigits+1), plaintext.ErrSyntax, 2, 6, strings.Repeat("9", plaintext.MaxDigits+1)},
	} {
		_, err := plaintext.BalanceOf("x.journal", strings.NewReader(c.content), plaintext.Hledger)
		var syntax *plaintext.SyntaxError
		require.ErrorAs(t, err, &syntax, "%.80q", c.content)
		require.ErrorIs(t, err, c.err, "%.80q", c.content)
		require.Equal(t, []any{"x.journal", c.line, c.column, c.value}, []any{syntax.File, syntax.Line, syntax.Column, syntax.Value}, "%.80q: %v", c.content, err)
		_, err = plaintext.Read("x.journal", strings.NewReader(c.content), plaintext.Hledger)
		require.ErrorIs(t, err, c.err)
	}
}

func TestBeancountIsReadStrictly(t *testing.T) {
	t.Parallel()
	const opened = "option \"title\" \"x\"\n2025-01-01 open Assets:A EUR\n2025-01-01 open Income:B\n"
	got, err := plaintext.Read("x", strings.NewReader(opened+`
2025-01-02 * "Payee" "said \"so\"" #tag ^link
  code: "A-1"
  Assets:A 1.50 EUR
    note: "of the posting"
  Income:B
2025-01-03 commodity EUR
  name: "Euro"
2025-01-04 close Income:B
`), plaintext.Beancount)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "A-1", got[0].Code)
	require.Equal(t, `Payee said "so"`, got[0].Description)
	require.Equal(t, "-1.5", got[0].Postings[1].Amount.String())

	for content, line := range map[string]int{
		opened + "2025-01-02 * \"x\"\n  Assets:A 1 EUR\n  Income:C\n": 6,
		opened + "2024-12-31 * \"x\"\n  Assets:A 1 EUR\n  Income:B\n": 5,
		opened + "2025-01-01 open Assets:A\n":                         4,
		opened + "2025-01-02 balance Assets:A 1 EUR\n":                4,
		opened + "2025-01-02 * \"x\n  Assets:A 1 EUR\n  Income:B\n":   4,
		opened + "2025-01-02 * \"x\"\n  Assets:A EUR 1\n  Income:B\n": 5,
		opened + "2025-01-02 * \"x\"\n  Assets:A 1\n  Income:B\n":     5,
		opened + "2025-01-02 * \"x\"\n  Assets:A 1 eur\n  Income:B\n": 5,
		opened + "2025-01-02 * \"x\"\n  assets:a 1 EUR\n  Income:B\n": 5,
		"include \"x\"\n":                     1,
		"option \"name_assets\" \"Actifs\"\n": 1,
	} {
		_, err := plaintext.Read("x", strings.NewReader(content), plaintext.Beancount)
		var syntax *plaintext.SyntaxError
		require.ErrorAs(t, err, &syntax, "%q", content)
		require.Equal(t, line, syntax.Line, "%q: %v", content, err)
	}
}

func TestAmountsBeyond64BitsAreExact(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("9", 18)
	var b strings.Builder
	for range 20 {
		fmt.Fprintf(&b, "2025-01-01 x\n  a  %s EUR\n  b  -%s EUR\n  a  0.000001 EUR\n  c  -0.000001 EUR\n", big, big)
	}
	fmt.Fprintf(&b, "2025-01-01 x\n  d  12345678901234567890123456.123456789012 EUR\n  e\n")
	got, err := plaintext.BalanceOf("x", strings.NewReader(b.String()), plaintext.Ledger)
	require.NoError(t, err)
	require.Equal(t, 21, got.Transactions)
	require.Equal(t, "19999999999999999980.00002", got.Balances[0].Amount.String())
	require.Equal(t, "12345678901234567890123456.123456789012", got.Balances[3].Amount.String())
	require.Equal(t, "-12345678901234567890123456.123456789012", got.Balances[4].Amount.String())
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	for range 20 {
		transactions := year(random, 50)
		for _, format := range formats {
			var b, again bytes.Buffer
			require.NoError(t, plaintext.Write(&b, format, transactions))
			got, err := plaintext.Read("x", iotest.OneByteReader(bytes.NewReader(b.Bytes())), format)
			require.NoError(t, err)
			require.Len(t, got, len(transactions))
			for i := range got {
				require.True(t, got[i].Date.Equal(transactions[i].Date))
				require.Equal(t, transactions[i].Code, got[i].Code)
				require.Len(t, got[i].Postings, len(transactions[i].Postings))
				for j, p := range got[i].Postings {
					q := transactions[i].Postings[j]
					require.True(t, p.Account == q.Account && p.Commodity == q.Commodity && p.Amount.Equal(q.Amount))
				}
			}
			require.NoError(t, plaintext.Write(&again, format, got))
			require.Equal(t, b.String(), again.String(), "a second writing gives the same bytes")
		}
	}
}

func TestWhatAProgramCouldNotReadBackIsRefused(t *testing.T) {
	t.Parallel()
	valid := func() plaintext.Transaction {
		return plaintext.Transaction{Date: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Postings: []plaintext.Posting{
			{Account: "Assets:A", Amount: decimal.New(1, 0), Commodity: "EUR"}, {Account: "Assets:B", Amount: decimal.New(-1, 0), Commodity: "EUR"},
		}}
	}
	for _, format := range formats {
		require.NoError(t, plaintext.Write(io.Discard, format, []plaintext.Transaction{valid()}))
		for name, spoil := range map[string]func(*plaintext.Transaction){
			"account":   func(x *plaintext.Transaction) { x.Postings[0].Account = "Assets:a  b" },
			"line end":  func(x *plaintext.Transaction) { x.Postings[0].Account = "Assets:A\n" },
			"no level":  func(x *plaintext.Transaction) { x.Postings[0].Account = "Assets::A" },
			"virtual":   func(x *plaintext.Transaction) { x.Postings[0].Account = "(Assets:A)" },
			"commodity": func(x *plaintext.Transaction) { x.Postings[0].Commodity = "E\"R" },
			"no unit":   func(x *plaintext.Transaction) { x.Postings[0].Commodity = "" },
			"year":      func(x *plaintext.Transaction) { x.Date = time.Time{} },
			"digits":    func(x *plaintext.Transaction) { x.Postings[0].Amount = decimal.New(1, 999_999_999) },
			"places":    func(x *plaintext.Transaction) { x.Postings[0].Amount = decimal.New(1, -10) },
			"empty":     func(x *plaintext.Transaction) { x.Postings = nil },
			"price":     func(x *plaintext.Transaction) { x.Postings[0].CostCommodity = "USD" },
		} {
			x := valid()
			spoil(&x)
			var b bytes.Buffer
			require.ErrorIs(t, plaintext.Write(&b, format, []plaintext.Transaction{valid(), x}), plaintext.ErrInvalid, "%v: %s", format, name)
			require.Zero(t, b.Len(), "nothing is written")
		}
		x := valid()
		x.Postings[0].Amount = decimal.New(2, 0)
		require.ErrorIs(t, plaintext.Write(io.Discard, format, []plaintext.Transaction{x}), plaintext.ErrUnbalanced)
	}
	x := valid()
	x.Postings[0].Account = "assets:a"
	require.ErrorIs(t, plaintext.Write(io.Discard, plaintext.Beancount, []plaintext.Transaction{x}), plaintext.ErrInvalid)
	require.ErrorIs(t, plaintext.Write(io.Discard, 7, nil), plaintext.ErrInvalid)
	_, err := plaintext.ParseFormat("gnucash")
	require.ErrorIs(t, err, plaintext.ErrInvalid)
	failing := errors.New("full")
	require.ErrorIs(t, plaintext.Write(failingWriter{failing}, plaintext.Ledger, []plaintext.Transaction{valid()}), failing)
	_, err = plaintext.Read("x", iotest.ErrReader(failing), plaintext.Ledger)
	require.ErrorIs(t, err, failing)
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestEveryTextMakesALevelThatAllProgramsTake(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	transactions := []plaintext.Transaction{{Date: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}}
	add := func(text string) {
		for _, amount := range []int64{1, -1} {
			transactions[0].Postings = append(transactions[0].Postings, plaintext.Posting{
				Account: "Assets:" + plaintext.Level(text), Amount: decimal.New(amount, 0), Commodity: "EUR",
			})
		}
	}
	for _, text := range []string{"", "  ", "élan", "ß", "a;b", "(x)", "ꙮ", "e\u0301", "\xff", strings.Repeat("é", 300)} {
		add(text)
	}
	for range 1000 {
		add(string([]rune{rune(random.IntN(0x3000)), rune(random.IntN(0x80)), rune(random.IntN(0x80)), rune(random.IntN(0x20000))}))
	}
	for _, format := range formats {
		require.NoError(t, plaintext.Write(io.Discard, format, transactions))
	}
	require.Equal(t, "L-Atelier-du-Vieux-Gué", plaintext.Level("L'Atelier du Vieux Gué"))
}

func FuzzRead(f *testing.F) {
	f.Add("2025-01-06 * (A-1) x\n  a:b  1.50 EUR\n  a:c\n", uint8(0))
	f.Add("2025-01-01 open Assets:A\n2025-01-06 * \"x\"\n  Assets:A 1 EUR @ 2 USD\n  Assets:A -2 USD\n", uint8(2))
	f.Add("comment\nend comment\n2025/1/1=2025/1/2 x\n a  -$1\n b  $1 ; c\n", uint8(1))
	f.Add("2025-1-1\n a  \"x y\" 99999999999999999999\n b", uint8(1))
	f.Fuzz(func(t *testing.T, content string, n uint8) {
		format := formats[int(n)%len(formats)]
		sums, errSums := plaintext.BalanceOf("x", strings.NewReader(content), format)
		transactions, err := plaintext.Read("x", strings.NewReader(content), format)
		if errSums == nil {
			require.NoError(t, err)
		}
		if err != nil {
			if errSums == nil || (errSums.Error() != err.Error() && format != plaintext.Beancount) {
				t.Fatalf("%v but %v", errSums, err)
			}
			return
		}
		if errSums != nil {
			t.Fatal(errSums)
		}
		want := make(map[[2]string]decimal.Decimal)
		for _, x := range transactions {
			for _, p := range x.Postings {
				k := [2]string{p.Account, p.Commodity}
				want[k] = want[k].Add(p.Amount)
			}
		}
		for _, b := range sums.Balances {
			k := [2]string{b.Account, b.Commodity}
			if !want[k].Equal(b.Amount) {
				t.Fatalf("%v: %s, not %s", k, b.Amount, want[k])
			}
			delete(want, k)
		}
		for k, d := range want {
			if !d.IsZero() {
				t.Fatalf("%v: %s is missing", k, d)
			}
		}
	})
}

// It does not run beside others, since it counts what is allocated. With -long it is ten million lines, else a million.
func TestAFileOfTenMillionLinesTakesBoundedMemory(t *testing.T) { //nolint:paralleltest // see above
	r := &repeated{line: []byte("2025-01-01 x\n  a:b  1.50 EUR\n  a:c  -1.50 EUR\n\n"), n: 1_000_000 / 4}
	if *long {
		r.n *= 10
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := plaintext.BalanceOf("x", r, plaintext.Hledger)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2<<20), "bytes allocated in all")
	require.Equal(t, "a:b", got.Balances[0].Account)
	require.True(t, got.Balances[0].Amount.Equal(decimal.New(15*int64(got.Transactions), -1)))
}

// repeated is a file of n equal pieces, none of which is kept.
type repeated struct {
	line []byte
	n    int
	at   int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.n == 0 {
			return n, io.EOF
		}
		c := copy(p[n:], r.line[r.at:])
		n, r.at = n+c, r.at+c
		if r.at == len(r.line) {
			r.at, r.n = 0, r.n-1
		}
	}
	return n, nil
}
