package codesocial_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestAnIRINamesOneThingInOneSpelling(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://la-trame.example/org/atelier", "http://x", "urn:uuid:0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01",
		"https://la-trame.example/é/%C3%A9?q=1#f", "did:key:z6Mk", "mailto:a@b.example", "https://[::1]:8080/", "urn:x:" + strings.Repeat("a", codesocial.MaxIRIBytes-6),
	} {
		require.NoError(t, codesocial.CheckIRI(good), good)
	}
	for bad, is := range map[string]error{
		"":                   codesocial.ErrInvalid,
		"atelier":            codesocial.ErrInvalid,
		"/org/atelier":       codesocial.ErrInvalid,
		":x":                 codesocial.ErrInvalid,
		"urn:":               codesocial.ErrInvalid,
		"HTTPS://x":          codesocial.ErrInvalid,
		"1x:y":               codesocial.ErrInvalid,
		"https:x":            codesocial.ErrInvalid,
		"https://":           codesocial.ErrInvalid,
		"https:///x":         codesocial.ErrInvalid,
		"https://:80/":       codesocial.ErrInvalid,
		"https://u:p@x/":     codesocial.ErrInvalid,
		"https://x/a b":      codesocial.ErrInvalid,
		"https://x/a\u00a0b": codesocial.ErrInvalid,
		"https://x/\n":       codesocial.ErrInvalid,
		"https://x/\x7f":     codesocial.ErrInvalid,
		`https://x/"`:        codesocial.ErrInvalid,
		"https://x/<a>":      codesocial.ErrInvalid,
		"https://x/{a}":      codesocial.ErrInvalid,
		"https://x/a|b":      codesocial.ErrInvalid,
		`https://x/a\b`:      codesocial.ErrInvalid,
		"https://x/^":        codesocial.ErrInvalid,
		"https://x/`":        codesocial.ErrInvalid,
		"https://x/%":        codesocial.ErrInvalid,
		"https://x/%4":       codesocial.ErrInvalid,
		"https://x/%41%zz":   codesocial.ErrInvalid,
		"https://x/\u202e":   codesocial.ErrInvalid,
		"https://x/\u200b":   codesocial.ErrInvalid,
		"https://x/\ue000":   codesocial.ErrInvalid,
		"https://x/\ufffe":   codesocial.ErrInvalid,
		"https://x/\xff":     codesocial.ErrInvalid,
		"urn:x:" + strings.Repeat("a", codesocial.MaxIRIBytes-5): codesocial.ErrLimit,
	} {
		require.ErrorIs(t, codesocial.CheckIRI(bad), is, "%q", bad)
	}
}

func TestNamesThatCouldDeceiveAreRefused(t *testing.T) {
	t.Parallel()
	try := func(name string) error {
		return newWorld(t).Register(t.Context(), codesocial.Party{ID: "urn:x:a", Type: codesocial.Person, Name: name})
	}
	for _, good := range []string{"Ana", "Zoé Müller-O'Neill", "Анна Петрова", "Ελένη", "山田 太郎", "יעל", "Anna (Анна)", "5 µm", "می\u200cخواهم", strings.Repeat("a", codesocial.MaxNameBytes)} {
		require.NoError(t, try(good), good)
	}
	for _, bad := range []string{
		"", " ", " Ana", "Ana ", "A\nna", "A\tna", "Ana\u202eanA", "\u2066Ana\u2069", "Ana\u200f", "A\u200bna", "A\u0430na", "Α\u0061na", "A\xffna", "Ana\u2028", "A\u00adna",
	} {
		require.ErrorIs(t, try(bad), codesocial.ErrInvalid, "%q", bad)
	}
	require.ErrorIs(t, try(strings.Repeat("a", codesocial.MaxNameBytes+1)), codesocial.ErrLimit)
}

func TestATextIsReadInTheNearestLanguage(t *testing.T) {
	t.Parallel()
	text := codesocial.Text{"fr": "bonjour", "en": "hello", "pt-BR": "oi", "de": "hallo"}
	for lang, want := range map[string]string{"fr": "bonjour", "fr-CA": "bonjour", "fr-Latn-CA": "bonjour", "pt-BR": "oi", "pt": "hello", "es": "hello", "": "hello"} {
		require.Equal(t, want, text.In(lang), lang)
	}
	require.Equal(t, "bonjour", codesocial.Text{"fr": "bonjour", "de": "hallo"}.In("es"))
	require.Equal(t, "ciao", codesocial.Text{"nl": "hallo", "it": "ciao"}.In("es"))
	require.Empty(t, codesocial.Text{}.In("fr"))
}

func TestADateIsADayOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"2025-01-31", "2024-02-29", "0001-01-01", "9999-12-31"} {
		d, err := codesocial.ParseDate(good)
		require.NoError(t, err)
		require.Equal(t, good, d.String())
	}
	for _, bad := range []string{"", "2025-02-29", "2025-13-01", "2025-1-1", "0000-01-01", "31/01/2025", "2025-01-01Z", "20250101", "+2025-01-01", "10000-01-01"} {
		_, err := codesocial.ParseDate(bad)
		require.ErrorIs(t, err, codesocial.ErrInvalid, bad)
	}
	_, err := codesocial.Date{}.MarshalText()
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	_, err = codesocial.Date{Year: 2025, Month: 2, Day: 30}.MarshalText()
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.Empty(t, codesocial.Date{}.String())
}

func TestDaysAndMonthsAreCountedOnTheCalendar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from   string
		months int
		to     string
	}{
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2025-11-15", 3, "2026-02-15"},
		{"2025-01-15", -13, "2023-12-15"},
	} {
		require.Equal(t, test.to, day(t, test.from).AddMonths(test.months).String(), test.from)
	}
	require.Equal(t, "2024-03-01", day(t, "2024-02-28").AddDays(2).String())
	require.Equal(t, "2024-12-31", day(t, "2025-01-01").AddDays(-1).String())
	require.True(t, day(t, "2024-12-31").Before(day(t, "2025-01-01")))
	require.True(t, day(t, "2025-02-01").After(day(t, "2025-01-31")))
	require.Zero(t, day(t, "2025-01-01").Compare(codesocial.Date{Year: 2025, Month: 1, Day: 1}))
	require.Negative(t, codesocial.Date{}.Compare(day(t, "0001-01-01")))
}

func TestADayBeginsWhereItsTimeZoneSays(t *testing.T) {
	t.Parallel()
	zone := func(name string) *time.Location {
		loc, err := time.LoadLocation(name)
		require.NoError(t, err)
		return loc
	}
	for name, test := range map[string]struct{ day, zone, at string }{
		"summer":                      {"2025-07-01", "Europe/Paris", "2025-06-30T22:00:00Z"},
		"winter":                      {"2025-01-01", "Europe/Paris", "2024-12-31T23:00:00Z"},
		"the day the clocks change":   {"2025-03-30", "Europe/Paris", "2025-03-29T23:00:00Z"},
		"midnight is skipped":         {"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
		"midnight is skipped, Beirut": {"2022-03-27", "Asia/Beirut", "2022-03-26T22:00:00Z"},
	} {
		start := day(t, test.day).In(zone(test.zone))
		require.Equal(t, test.at, start.UTC().Format(time.RFC3339), name)
		require.Equal(t, test.day, codesocial.DateOf(start, zone(test.zone)).String(), name)
		require.Equal(t, day(t, test.day).AddDays(-1), codesocial.DateOf(start.Add(-1), zone(test.zone)), name)
	}
	require.Equal(t, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), day(t, "2025-01-01").In(nil))
	require.Equal(t, day(t, "2025-01-01"), codesocial.DateOf(time.Date(2025, 1, 1, 0, 30, 0, 0, time.UTC), nil))
}

func TestAKeyIsWrittenAsMultikey(t *testing.T) {
	t.Parallel()
	// The example of the did:key method's own specification.
	const known = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	k, err := codesocial.ParsePublicKey(known)
	require.NoError(t, err)
	require.Equal(t, known, k.String())

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		var k codesocial.PublicKey
		for i := range k {
			k[i] = byte(random.Uint32())
		}
		if random.IntN(2) == 0 {
			clear(k[:random.IntN(31)])
		}
		k[31] |= 1
		again, err := codesocial.ParsePublicKey(k.String())
		require.NoError(t, err)
		require.Equal(t, k, again)
		require.True(t, strings.HasPrefix(k.String(), "z6Mk"))
	}
	zero := codesocial.PublicKey{}
	require.Empty(t, zero.String())
	_, err = zero.MarshalText()
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	for _, bad := range []string{
		"", "z", known[1:], "m" + known[1:], known[:47], known + "1", "z1" + known[1:], strings.Replace(known, "a", "0", 1), strings.Replace(known, "a", "l", 1),
		strings.Repeat("z", 1000), "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", " " + known,
	} {
		_, err := codesocial.ParsePublicKey(bad)
		require.ErrorIs(t, err, codesocial.ErrInvalid, bad)
	}
	require.Equal(t, codesocial.PublicKey{}, codesocial.PublicKeyOf(nil))
	require.True(t, codesocial.PublicKeyOf(keys[ana]).Ed25519().Equal(keys[ana].Public().(ed25519.PublicKey)))
}

func TestASignatureIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	s := acceptance(t, ana, ana, small(t))
	text := s.String()
	require.Len(t, text, 88)
	again, err := codesocial.ParseSignature(text)
	require.NoError(t, err)
	require.Equal(t, s, again)
	trailing := []byte(text)
	trailing[85]++ // bits that the padding says are unused
	for _, bad := range []string{"", text[:87], text + "=", text[:40] + "\n" + text[41:], text[:44] + "\n" + text[44:], string(trailing), base64.RawStdEncoding.EncodeToString(s[:]), strings.Repeat("A", 86) + "=="} {
		_, err := codesocial.ParseSignature(bad)
		require.ErrorIs(t, err, codesocial.ErrInvalid, "%q", bad)
	}
	_, err = codesocial.Signature{}.MarshalText()
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.Empty(t, codesocial.Signature{}.String())
}

func FuzzNames(f *testing.F) {
	f.Add("https://la-trame.example/org/atelier")
	f.Add("2025-01-31")
	f.Add("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
	f.Fuzz(func(t *testing.T, s string) {
		if codesocial.CheckIRI(s) == nil {
			require.NotContains(t, s, " ")
			require.Contains(t, s, ":")
		}
		if d, err := codesocial.ParseDate(s); err == nil {
			require.Equal(t, s, d.String())
		}
		if k, err := codesocial.ParsePublicKey(s); err == nil {
			require.Equal(t, s, k.String())
		}
		if sig, err := codesocial.ParseSignature(s); err == nil {
			require.Equal(t, s, sig.String())
		}
	})
}
