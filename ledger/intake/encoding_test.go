package intake_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestFilesThatAreNotUTF8AreRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"two encodings":         {"person;project;hours;date\nZoé;P;1;2025-01-01\nZo\xe9 Martin;P;1;2025-01-01\n", `hours.csv:2: "Zoé;P;1;2025-01-01": byte 0xE9 is not UTF-8, and parts of the file are: it mixes two encodings or was cut: save it again as UTF-8`},
		"an unknown byte":       {"person;project;hours;date\nZo\xe9;P;1;2025-01-01\nA \x81;P;1;2025-01-01\n", "hours.csv:3: \"A \ufffd;P;1;2025-01-01\": has a byte that no encoding known here has"},
		"UTF-16 little endian":  {"\xff\xfep\x00", "is UTF-16 (little endian byte order mark)"},
		"UTF-16 big endian":     {"\xfe\xff\x00p", "is UTF-16 (big endian byte order mark)"},
		"UTF-32":                {"\xff\xfe\x00\x00p\x00\x00\x00", "is UTF-32 (little endian byte order mark)"},
		"UTF-16 without mark":   {"p\x00e\x00", "contains a NUL byte"},
		"a workbook":            {"PK\x03\x04", "is a workbook"},
		"an old workbook":       {"\xd0\xcf\x11\xe0", "is a workbook"},
		"a PDF":                 {"%PDF-1.7", "is a PDF"},
		"gzip":                  {"\x1f\x8b", "is compressed"},
		"an old Mac file":       {"person;project;hours;date\rA;P;1;2025-01-01\r", "ends its lines with CR alone"},
		"a truncated character": {"person;project;hours;date\nA;P;1;2025-01-01;\xe2\x82", "byte 0xE2 is not UTF-8, and parts of the file are"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, refusedContributions(t, intake.ErrEncoding, test.text, nil), test.want)
		})
	}
}

func TestFilesInTheEncodingsOfFrenchProgramsAreRead(t *testing.T) {
	t.Parallel()
	for want, person := range map[string]string{"ISO-8859-15": "Zo\xe9 \xbd", "Windows-1252": "Zo\xe9 \x9c", "UTF-8": "Zoé œ"} {
		sheet, err := intake.ReadContributions("hours.csv", strings.NewReader("project;person;hours;date\nP;"+person+";1;2025-01-01\n"), nil)
		require.NoError(t, err)
		require.Equal(t, "Zoé œ", sheet.Lines[0].Person)
		require.Equal(t, want, sheet.Layout.Encoding)
	}
}

func TestAFileOfTenMillionLinesIsRefusedAtALimitWithoutBeingRead(t *testing.T) {
	t.Parallel()
	r := &endless{line: []byte("Ana;P;1;2025-01-01\n")}
	_, err := intake.ReadContributions("hours.csv", io.LimitReader(r, 10_000_000*19), nil)
	require.ErrorIs(t, err, intake.ErrLimit)
	require.ErrorContains(t, err, "split it, by year or by project")
	require.Less(t, r.read, 3*intake.MaxFileBytes)
}

// endless is a file of one line, again and again.
type endless struct {
	line []byte
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.line[(e.read+i)%len(e.line)]
	}
	e.read += len(p)
	return len(p), nil
}

func TestFilesBeyondTheLimitsAreRefused(t *testing.T) {
	t.Parallel()
	const header = "person;project;hours;date\n"
	for name, test := range map[string]struct{ text, want string }{
		"a huge file": {header + strings.Repeat("x", intake.MaxFileBytes), "has more than 32 MiB"},
		"a huge line": {header + strings.Repeat("x", intake.MaxRowBytes+1) + "\n", "hours.csv:2: the line has 262146 bytes"},
		"many lines":  {header + strings.Repeat("A;P;1;2025-01-01\n", intake.MaxRows+1), "has more than 250000 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, refusedContributions(t, intake.ErrLimit, test.text, nil), test.want)
		})
	}
}

func TestAnErrorOfTheReaderIsPassedOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	_, err := intake.ReadMoney("money.csv", iotest.ErrReader(broken), nil)
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "intake: money.csv: ")
}

func TestAFileNameCannotWriteOnTheTerminal(t *testing.T) {
	t.Parallel()
	_, err := intake.ReadMoney("a\x1b[2J.csv", strings.NewReader(""), nil)
	require.NotContains(t, err.Error(), "\x1b")
}
