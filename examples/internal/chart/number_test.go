package chart

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestNumbersAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number   string
		decimals int
		en, fr   string
	}{
		{"0", 2, "0.00", "0,00"},
		{"3360", 2, "3,360.00", "3\u202f360,00"},
		{"-2000.5", 2, "−2,000.50", "−2\u202f000,50"},
		{"999", 0, "999", "999"},
		{"1000", 0, "1,000", "1\u202f000"},
		{"123456789012.34", 2, "123,456,789,012.34", "123\u202f456\u202f789\u202f012,34"},
		{"0.005", 2, "0.01", "0,01"},
		{"-0.005", 2, "−0.01", "−0,01"},
		{"-0.004", 2, "0.00", "0,00"},
		{"999.999", 2, "1,000.00", "1\u202f000,00"},
		{"12e3", 1, "12,000.0", "12\u202f000,0"},
		{"1.5", -3, "2", "2"},
		{"1e400", 2, "1e400", "1e400"},
	} {
		require.Equal(t, c.en, English.Number(dec(c.number), c.decimals))
		require.Equal(t, c.en, Language("").Number(dec(c.number), c.decimals), "the zero value is English")
		require.Equal(t, c.fr, French.Number(dec(c.number), c.decimals))
	}
	require.Equal(t, "0.00", English.Number(decimal.New(0, 2_000_000_000), 2))
	require.Equal(t, "1e-2000000000", English.Number(decimal.New(1, -2_000_000_000), 2))
	require.Less(t, len(English.Number(dec(strings.Repeat("9", 10_000)), 2)), 100)
}

func TestAmountsCarryTheDecimalsOfTheirUnit(t *testing.T) {
	t.Parallel()
	require.Equal(t, "5.00\u00a0€", English.Amount(dec("5"), "EUR"))
	require.Equal(t, "5.125\u00a0€", English.Amount(dec("5.1250"), "EUR"))
	require.Equal(t, "5\u00a0h", English.Amount(dec("5.000"), "h"))
	require.Equal(t, "5,25\u00a0h", French.Amount(dec("5.25"), "h"))
	require.Equal(t, "5.000\u00a0TND", English.Amount(dec("5"), "TND"))
	require.Equal(t, "5", English.Amount(dec("5"), ""))
}

func TestPercentagesSayWhenTheyAreTooSmallToShow(t *testing.T) {
	t.Parallel()
	require.Equal(t, "33.3%", English.percent(dec("1"), dec("3")))
	require.Equal(t, "66,7\u202f%", French.percent(dec("2"), dec("3")))
	require.Equal(t, "<\u00a00.1%", English.percent(dec("0.01"), dec("1000")))
	require.Equal(t, "0.0%", English.percent(dec("0"), dec("1000")))
	require.Equal(t, "–", English.percent(dec("0"), dec("0")))
}

func TestARateIsWrittenInPerCentWithTheDecimalsThatItHas(t *testing.T) {
	t.Parallel()
	for rate, want := range map[string][2]string{"0.135": {"13.5%", "13,5\u202f%"}, "0.050": {"5%", "5\u202f%"}, "1": {"100%", "100\u202f%"}, "0": {"0%", "0\u202f%"}} {
		require.Equal(t, want, [2]string{English.Percent(dec(rate)), French.Percent(dec(rate))})
	}
}
