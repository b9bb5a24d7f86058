package fec_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/fec"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

var closing = day("2025-12-31")

// entry is a payment out of the bank.
func entry(number, on, amount string) []fec.Line {
	line := fec.Line{
		Journal: "BQ", JournalName: "Banque", Entry: number, Date: day(on), Account: "616000", AccountName: "Primes d'assurances",
		Document: "A-2025-001", DocumentDate: day(on), Label: "Assurance responsabilité civile", Debit: decimal.RequireFromString(amount), Validated: day("2026-01-15"),
	}
	other := line
	other.Account, other.AccountName, other.Debit, other.Credit = "512000", "Banque", decimal.Zero, line.Debit
	return []fec.Line{line, other}
}

func TestTheFileWrittenIsThatOfTheArticle(t *testing.T) {
	t.Parallel()
	lines := entry("1", "2025-01-15", "1284.6")
	lines[0].Auxiliary, lines[0].AuxiliaryName = "F001", "Mutuelle de la vallée d'Orline"
	lines[0].Match, lines[0].MatchDate = "A", day("2025-01-31")
	lines[1].Foreign, lines[1].Currency = decimal.RequireFromString("-4112.345"), "TND"
	lines[1].Label = "sur\tdeux\r\nlignes  "
	var b bytes.Buffer
	require.NoError(t, fec.Write(&b, closing, lines))
	const golden = "testdata/written.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())

	var read []fec.Line
	_, err = fec.Check(goodName, &b, &fec.Options{Line: func(l *fec.Line) error { read = append(read, *l); return nil }})
	require.NoError(t, err)
	lines[1].Label = "sur deux lignes"
	for i := range read {
		lines[i].Number = i + 2
		require.True(t, read[i].Debit.Equal(lines[i].Debit) && read[i].Credit.Equal(lines[i].Credit) && read[i].Foreign.Equal(lines[i].Foreign))
		lines[i].Debit, lines[i].Credit, lines[i].Foreign = read[i].Debit, read[i].Credit, read[i].Foreign
	}
	require.Equal(t, lines, read)
}

func TestNothingIsWrittenThatBreaksARule(t *testing.T) {
	t.Parallel()
	for rule, spoil := range map[string]func([]fec.Line){
		"balance":          func(l []fec.Line) { l[0].Debit = decimal.New(1, 0) },
		"sides":            func(l []fec.Line) { l[0].Debit, l[1].Credit = decimal.Zero, decimal.Zero },
		"negative":         func(l []fec.Line) { l[0].Debit, l[1].Credit = decimal.New(-1, 0), decimal.New(-1, 0) },
		"account":          func(l []fec.Line) { l[0].Account = "assets" },
		"mandatory":        func(l []fec.Line) { l[0].Label = " " },
		"usual":            func(l []fec.Line) { l[0].Document = "" },
		"period":           func(l []fec.Line) { l[0].Date, l[1].Date = day("2026-01-01"), day("2026-01-01") },
		"gap":              func(l []fec.Line) { l[2].Entry, l[3].Entry = "7", "7" },
		"validation-order": func(l []fec.Line) { l[3].Validated = day("2026-01-01") },
		"closing":          func(l []fec.Line) { l[1].Account = "120000" },
		"matching":         func(l []fec.Line) { l[1].Match = "A" },
		"Montantdevise":    func(l []fec.Line) { l[1].Foreign = decimal.New(1, 0) },
		"amount":           func(l []fec.Line) { l[1].Credit = decimal.New(12846, -1).Add(decimal.New(1, -3)) },
		"digits":           func(l []fec.Line) { l[1].Credit = decimal.New(1, 999_999_999) },
	} {
		lines := append(entry("1", "2025-01-15", "1284.60"), entry("2", "2025-01-20", "924.15")...)
		require.NoError(t, fec.Write(&bytes.Buffer{}, closing, lines))
		spoil(lines)
		var b bytes.Buffer
		err := fec.Write(&b, closing, lines)
		require.ErrorIs(t, err, fec.ErrInvalid, rule)
		require.ErrorContains(t, err, rule)
		require.Zero(t, b.Len())
	}
	full := errors.New("full")
	require.ErrorIs(t, fec.Write(failing{full}, closing, entry("1", "2025-01-15", "1")), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestTheNameOfTheFileIsThatOfTheArticle(t *testing.T) {
	t.Parallel()
	name, err := fec.FileName("552 100 554", closing)
	require.NoError(t, err)
	require.Equal(t, goodName, name)
	for _, siren := range []string{"552100555", "55210055", "5521005540", "55210055A", strings.Repeat("9", 1000)} {
		_, err := fec.FileName(siren, closing)
		require.ErrorIs(t, err, fec.ErrInvalid)
	}
	_, err = fec.FileName("552100554", time.Time{})
	require.ErrorIs(t, err, fec.ErrInvalid)
}
