package linkeddata

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// check returns the error for a value under a term of the datatype.
func check(datatype string, v Value) error {
	if err := v.check(Term{Name: "cs:test", Kind: KindDatatype, Datatype: datatype}, iriChecker{}); err != nil {
		return err
	}
	return nil
}

func TestLiteralsInTheirCanonicalFormAreAccepted(t *testing.T) {
	t.Parallel()
	for datatype, forms := range map[string][]string{
		xsdString:        {"", " ", "\x00", "漢字"},
		xsdDecimal:       {"0", "1", "-1", "10", "0.05", "-0.05", "3360", "12345678901234567890.1", "-0.1"},
		xsdInteger:       {"0", "-1", "100", "9007199254740993"},
		xsdBoolean:       {"true", "false"},
		xsdDate:          {"2025-01-31", "2024-02-29", "0001-01-01", "9999-12-31"},
		xsdDateTimeStamp: {"2025-01-31T09:00:00+01:00", "2025-01-31T23:59:59.999999999Z", "2025-01-31T09:00:00-03:30", "2025-01-31T09:00:00+14:00"},
		xsdAnyURI:        {"https://a.example/x", "urn:x:y"},
		secMultibase:     {"z6MkhaXgBZD"},
	} {
		for _, form := range forms {
			require.NoError(t, check(datatype, Literal(form)), "%s %q", datatype, form)
		}
	}
}

func TestLiteralsInAnyOtherFormAreRefused(t *testing.T) {
	t.Parallel()
	for datatype, forms := range map[string][]string{
		xsdString: {"\xff"},
		xsdDecimal: {
			"", " ", "1.0", "1.50", "01", "+1", "-0", "-0.0", ".5", "5.", "1e3", "1,5", "0x1", "NaN", "INF", "--1", "1 ", "1_000", "٣", "1.-5", "1.+5", "-", ".",
			strings.Repeat("1", 401), "0." + strings.Repeat("1", 401),
		},
		xsdInteger:       {"", "1.0", "01", "-0", "+1", "1e3", "1_000", " 1", "0b1", strings.Repeat("1", 401)},
		xsdBoolean:       {"", "1", "0", "True", "yes"},
		xsdDate:          {"", "2025-1-31", "2025-02-29", "0000-01-01", "25-01-31", "2025-01-31Z", "2025-01-31 ", "-0001-01-01"},
		xsdDateTimeStamp: {"", "2025-01-31", "2025-01-31T09:00:00", "2025-01-31T09:00:00.50Z", "2025-01-31T09:00:00+00:00", "2025-01-31t09:00:00z", "2025-01-31T24:00:00Z", "2025-01-31T09:00:00+15:00", "2025-01-31T09:00:60Z", "0000-01-31T09:00:00Z"},
		xsdAnyURI:        {"", "x", "https://a.example/ x", "vf:work"},
		secMultibase:     {"", "z", "6Mk", "z0", "zO", "zI", "zl", "z é"},
		"xsd:double":     {"1"},
	} {
		for _, form := range forms {
			require.Error(t, check(datatype, Literal(form)), "%s %q", datatype, form)
		}
	}
	require.ErrorIs(t, check(xsdString, Literal(strings.Repeat("x", MaxLiteralBytes+1))), ErrLimit)
	require.ErrorIs(t, check(xsdString, Value{}), ErrLiteral)
}

func TestDecimalsAreExactAndWithoutExponent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, want string }{
		{"3360.00", "3360"},
		{"1866.67", "1866.67"},
		{"-0.050", "-0.05"},
		{"1e3", "1000"},
		{"1e-9", "0.000000001"},
		{"0.00", "0"},
		{"-0", "0"},
	} {
		v := Decimal(decimal.RequireFromString(c.number))
		require.Equal(t, c.want, v.String())
		require.NoError(t, check(xsdDecimal, v), c.number)
	}
	for _, huge := range []decimal.Decimal{decimal.New(1, 1<<30), decimal.New(1, -1<<30), decimal.RequireFromString(strings.Repeat("9", 401)), decimal.New(99, 399)} {
		require.ErrorIs(t, check(xsdDecimal, Decimal(huge)), ErrLiteral)
	}
}

func TestTimesKeepTheirTimeZone(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2025, 7, 1, 9, 0, 0, 0, paris), "2025-07-01T09:00:00+02:00"},
		{time.Date(2025, 1, 1, 9, 0, 0, 500e6, paris), "2025-01-01T09:00:00.5+01:00"},
		{time.Date(2025, 1, 1, 9, 0, 0, 0, time.UTC), "2025-01-01T09:00:00Z"},
		{time.Date(1900, 1, 1, 0, 9, 21, 0, paris), "1900-01-01T00:00:00Z"}, // Paris was at +00:09:21
	} {
		v := Time(c.at)
		require.Equal(t, c.want, v.String())
		require.NoError(t, check(xsdDateTimeStamp, v))
		parsed, err := time.Parse(time.RFC3339Nano, v.String())
		require.NoError(t, err)
		require.True(t, parsed.Equal(c.at))
	}
	require.ErrorIs(t, check(xsdDateTimeStamp, Time(time.Time{}.AddDate(-1, 0, 0))), ErrLiteral)
	require.ErrorIs(t, check(xsdDateTimeStamp, Time(time.Time{}.AddDate(9999, 0, 0))), ErrLiteral)
}

func TestATextHasAWellFormedLanguageTag(t *testing.T) {
	t.Parallel()
	term := Term{Name: "dct:title", Kind: KindText}
	for _, tag := range []string{"fr", "en", "fr-CA", "zh-Hant-TW", "es-419", "x-private"} {
		require.Nil(t, Text(tag, "x").check(term, iriChecker{}), tag)
		require.Equal(t, strings.ToLower(tag), Text(tag, "x").Lang())
	}
	for _, tag := range []string{"", "-", "fr-", "-fr", "fr_CA", "1", "4-a", "é", "fr ", "abcdefghi", "fr-abcdefghi", "@none"} {
		require.NotNil(t, Text(tag, "x").check(term, iriChecker{}), tag)
	}
	require.NotNil(t, Text("fr", "\xff").check(term, iriChecker{}))
}
