package icalendar_test

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/icalendar"
)

func ExampleAppend() {
	paris := time.FixedZone("", 3600)
	calendar := icalendar.Append(nil, "fr", icalendar.Event{
		UID: "urn:x:fete", Changed: time.Date(2025, 2, 1, 8, 0, 0, 0, time.UTC), Title: "Fête du bois, avec musique",
		Starts: time.Date(2025, 3, 29, 14, 0, 0, 0, paris), Ends: time.Date(2025, 3, 29, 18, 0, 0, 0, paris), Place: "Salle du Pont",
	})
	_, _ = os.Stdout.WriteString(strings.ReplaceAll(string(calendar), "\r\n", "\n"))
	// Output:
	// BEGIN:VCALENDAR
	// VERSION:2.0
	// PRODID:-//commons to commons//codesocial//FR
	// BEGIN:VEVENT
	// UID:urn:x:fete
	// DTSTAMP:20250201T080000Z
	// SUMMARY;LANGUAGE=fr:Fête du bois\, avec musique
	// DTSTART:20250329T130000Z
	// DTEND:20250329T170000Z
	// LOCATION:Salle du Pont
	// END:VEVENT
	// END:VCALENDAR
}

func TestADayIsThatOfItsTimeZone(t *testing.T) {
	t.Parallel()
	out := string(icalendar.Append(nil, "en", icalendar.Event{
		Starts: time.Date(2025, 3, 30, 0, 0, 0, 0, time.FixedZone("", 7200)), Day: true, Free: true, Revision: 2, Status: icalendar.Cancelled, Latitude: "45.75", Longitude: "4.85",
	}))
	for _, line := range []string{"DTSTART;VALUE=DATE:20250330", "TRANSP:TRANSPARENT", "SEQUENCE:2", "STATUS:CANCELLED", "GEO:45.75;4.85"} {
		require.Contains(t, out, "\r\n"+line+"\r\n")
	}
	require.NotContains(t, out, "DTEND")
}

// read takes the lines of a calendar apart as a calendar program does.
func read(t *testing.T, out string) (values map[string]string) {
	t.Helper()
	require.True(t, strings.HasSuffix(out, "\r\n"))
	for line := range strings.SplitSeq(out, "\r\n") {
		require.LessOrEqual(t, len(line), 75)
		require.True(t, utf8.ValidString(line), "no character is cut in two")
		require.Equal(t, -1, strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }))
	}
	values = make(map[string]string)
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(out, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		require.True(t, ok)
		name, _, _ = strings.Cut(name, ";")
		values[name] = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n").Replace(value)
	}
	return values
}

func FuzzAppend(f *testing.F) {
	f.Add("urn:x:1", "Assemblée, "+strings.Repeat("été ", 40), "a\nb", "here; there", "https://x.example/é")
	f.Add("x\r\nEND:VEVENT", "\r", "\\n\\", "\xff\xfe"+strings.Repeat("\x80", 200), "u\nATTACH:evil")
	f.Fuzz(func(t *testing.T, uid, title, description, place, url string) {
		out := string(icalendar.Append([]byte("X"), "fr", icalendar.Event{UID: uid, Title: title, Description: description, Place: place, URL: url}))
		require.Equal(t, "X", out[:1])
		got := read(t, out[1:])
		for name, text := range map[string]string{"SUMMARY": title, "DESCRIPTION": description, "LOCATION": place} {
			if text != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }) {
				require.Equal(t, text, got[name])
			}
		}
		require.Equal(t, 1, strings.Count(out, "\r\nEND:VEVENT\r\n"))
		require.LessOrEqual(t, len(got), 14)
	})
}
