package intake

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/commonstocommons/codesocial/ledger/internal/charset"
)

// Limits on a file.
const (
	MaxFileBytes = 32 << 20
	MaxRowBytes  = 256 << 10 // a line of the file as an editor counts it
	MaxRows      = 250_000
	MaxColumns   = 256
)

// howToSave ends every message about an encoding.
const howToSave = `save it again as UTF-8 (in a spreadsheet: save as "CSV UTF-8", or choose Unicode (UTF-8) as the character set)`

// readText reads all of r and returns it as UTF-8 without byte order mark, and the encoding that it was in, provided that it is a text within the limits.
func readText(file string, r io.Reader) (text []byte, encoding charset.Encoding, err error) {
	text, err = io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, 0, fmt.Errorf("intake: %s: %w", quoteName(file), err)
	}
	if len(text) > MaxFileBytes {
		return nil, 0, wholeFile(ErrLimit, file, 0, "", "has more than %d MiB: split it, by year or by project", MaxFileBytes>>20)
	}
	if err := checkSignature(file, text); err != nil {
		return nil, 0, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, 0, wholeFile(ErrHeader, file, 0, "", "is empty: the first line names the columns")
	}
	encoding = charset.Of(text)
	if encoding > charset.UTF8 {
		if i := brokenUTF8(text); i >= 0 {
			return nil, 0, wholeFile(ErrEncoding, file, lineAt(text, i), around(text, i),
				"byte 0x%02X is not UTF-8, and parts of the file are: it mixes two encodings or was cut: %s", text[invalidUTF8(text)], howToSave)
		}
		decoded := charset.Decode(make([]byte, 0, len(text)+len(text)/8), text, encoding)
		if i := bytes.IndexRune(decoded, '\ufffd'); i >= 0 {
			return nil, 0, wholeFile(ErrEncoding, file, lineAt(decoded, i), around(decoded, i), "has a byte that no encoding known here has: %s", howToSave)
		}
		text = decoded
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, 0, wholeFile(ErrEncoding, file, lineAt(text, i), "", "contains a NUL byte: it is UTF-16, or no text file: %s", howToSave)
	}
	if bytes.IndexByte(text, '\r') >= 0 && bytes.IndexByte(text, '\n') < 0 {
		return nil, 0, wholeFile(ErrEncoding, file, 0, "", "ends its lines with CR alone: save it with line ends LF or CRLF")
	}
	line := 0
	for row := range bytes.Lines(text) {
		line++
		if len(row) > MaxRowBytes {
			return nil, 0, wholeFile(ErrLimit, file, line, "", "the line has %d bytes, the limit is %d", len(row), MaxRowBytes)
		}
	}
	return text, encoding, nil
}

// checkSignature refuses a file whose first bytes tell that it is not what was asked for.
func checkSignature(file string, text []byte) error {
	for _, known := range signatures {
		if bytes.HasPrefix(text, []byte(known.first)) {
			return wholeFile(ErrEncoding, file, 0, "", "is %s", known.reason)
		}
	}
	return nil
}

// signatures are first bytes of files that are not what was asked for. UTF-32 little endian comes before UTF-16:
// its mark begins with the other's.
var signatures = []struct{ first, reason string }{
	{"\xff\xfe\x00\x00", "UTF-32 (little endian byte order mark): " + howToSave},
	{"\x00\x00\xfe\xff", "UTF-32 (big endian byte order mark): " + howToSave},
	{"\xff\xfe", `UTF-16 (little endian byte order mark), which spreadsheets call "Unicode text": ` + howToSave},
	{"\xfe\xff", `UTF-16 (big endian byte order mark), which spreadsheets call "Unicode text": ` + howToSave},
	{"PK\x03\x04", "a workbook (xlsx, ods) or another zip file: export the sheet as CSV UTF-8"},
	{"\xd0\xcf\x11\xe0", "a workbook (xls): export the sheet as CSV UTF-8"},
	{"%PDF-", "a PDF: export the table as CSV UTF-8"},
	{"\x1f\x8b", "compressed (gzip): unpack it first"},
}

// brokenUTF8 returns the offset of the first bytes of a text that is not UTF-8 that look like a character in UTF-8 all the same: a first byte and a
// following one. In other encodings that would be a capital letter with accent before a sign, which no word has. It returns -1 if there are none.
func brokenUTF8(text []byte) int {
	for i := range len(text) - 1 {
		if 0xc2 <= text[i] && text[i] <= 0xf4 && 0x80 <= text[i+1] && text[i+1] <= 0xbf {
			return i
		}
	}
	return -1
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, -1 if there is none.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func lineAt(text []byte, i int) int { return 1 + bytes.Count(text[:i], []byte("\n")) }

// around returns the bytes of the line near offset i.
func around(text []byte, i int) string {
	from := max(bytes.LastIndexByte(text[:i], '\n')+1, i-20)
	to := min(i+20, len(text))
	if end := bytes.IndexByte(text[i:to], '\n'); end >= 0 {
		to = i + end
	}
	return string(bytes.TrimSpace(text[from:to]))
}
