package linkeddata

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestControlCharactersAreEscapedAsRDFCanonicalizationPrescribes(t *testing.T) {
	t.Parallel()
	q := Quad{Subject: "x:s", Predicate: "x:p", Object: Object{Literal: "\x00\x07\b\t\n\v\f\r\x1f \"\\\x7f\u0080é😀"}}
	const want = `<x:s> <x:p> "\u0000\u0007\b\t\n\u000B\f\r\u001F \"\\\u007F` + "\u0080é😀" + `" .`
	require.Equal(t, want, q.String())
	read, err := ParseQuad(want)
	require.NoError(t, err)
	require.Equal(t, q, read)
}

func TestEveryLineIsWrittenInOneWayOnly(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		`<x:s> <x:p> <x:o> .`, `<x:s> <x:p> "" .`, `<x:s> <x:p> "a"@fr-ca .`, `<x:s> <x:p> "1"^^<http://www.w3.org/2001/XMLSchema#decimal> .`,
	} {
		q, err := ParseQuad(line)
		require.NoError(t, err, line)
		require.Equal(t, line, q.String())
	}
	for _, line := range []string{
		"", " ", ".", "# comment", `<x:s> <x:p> <x:o>`, `<x:s> <x:p> <x:o>.`, `<x:s> <x:p> <x:o>  .`, `<x:s>  <x:p> <x:o> .`, `<x:s><x:p><x:o> .`,
		` <x:s> <x:p> <x:o> .`, `<x:s> <x:p> <x:o> . `, "<x:s>\t<x:p> <x:o> .", "<x:s> <x:p> <x:o> .\r", `<x:s> <x:p> <x:o> . # c`,
		`<x:s> <x:p> <x:o> <x:g> .`, `<x:s> <x:p> "a" <x:g> .`, `_:b <x:p> <x:o> .`, `<x:s> _:b <x:o> .`, `<x:s> <x:p> _:b .`, `<x:s> "p" <x:o> .`,
		`<x:s> <x:p> "a .`, `<x:s> <x:p> a .`, `<x:s> <x:p> 'a' .`, `<x:s> <x:p> "a"@ .`, `<x:s> <x:p> "a"@FR .`, `<x:s> <x:p> "a"@fr@en .`, `<x:s> <x:p> "a"@fr .x`,
		`<x:s> <x:p> "a"^^ .`, `<x:s> <x:p> "a"^<x:d> .`, `<x:s> <x:p> "a"^^<x:d>@fr .`, `<x:s> <x:p> "a"^^x:d .`,
		`<x:s> <x:p> "a"^^<http://www.w3.org/2001/XMLSchema#string> .`, `<x:s> <x:p> "a"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .`,
		`<x:s> <x:p> "\u00E9" .`, `<x:s> <x:p> "\u0041" .`, `<x:s> <x:p> "\u000a" .`, `<x:s> <x:p> "\u000A" .`, `<x:s> <x:p> "\u001f" .`, `<x:s> <x:p> "\U0000000A" .`,
		`<x:s> <x:p> "\'" .`, `<x:s> <x:p> "\a" .`, `<x:s> <x:p> "\u00" .`, `<x:s> <x:p> "\`, `<x:s> <x:p> "\u`, "<x:s> <x:p> \"\t\" .", "<x:s> <x:p> \"\x7f\" .", "<x:s> <x:p> \"\xff\" .",
		`<x:\u00E9> <x:p> <x:o> .`, `<s> <x:p> <x:o> .`, `<> <x:p> <x:o> .`, `<x:s> <x:p> <x y> .`, `<x:s> <vf:work> <x:o> .`,
	} {
		_, err := ParseQuad(line)
		require.Error(t, err, "%q", line)
		var refused *Error
		require.ErrorAs(t, err, &refused, "%q", line)
	}
}

func TestReadingNamesTheLineThatIsWrong(t *testing.T) {
	t.Parallel()
	const a, b = "<x:a> <x:p> <x:o> .\n", "<x:b> <x:p> <x:o> .\n"
	quads, err := ReadNQuads(strings.NewReader(a + b))
	require.NoError(t, err)
	require.Len(t, quads, 2)

	for _, c := range []struct {
		name, text string
		line       int
		want       error
	}{
		{"lines out of order", b + a, 2, ErrSyntax},
		{"a line twice", a + a, 2, ErrSyntax},
		{"no line feed at the end", a + strings.TrimSuffix(b, "\n"), 2, ErrSyntax},
		{"an empty line", a + "\n" + b, 2, ErrSyntax},
		{"only a line feed", "\n", 1, ErrSyntax},
		{"an empty line at the end", a + b + "\n", 3, ErrSyntax},
		{"a byte order mark", "\ufeff" + a, 1, ErrSyntax},
		{"carriage returns", strings.ReplaceAll(a+b, "\n", "\r\n"), 1, ErrSyntax},
		{"an IRI that gets lost", a + "<x:b> <x:p> <http://0.0.0.0/> .\n", 2, ErrIRI},
		{"a line that is too long", a + strings.Repeat("x", maxLineBytes+1) + "\n", 2, ErrLimit},
		{"a literal that is too long", a + `<x:b> <x:p> "` + strings.Repeat("x", MaxLiteralBytes+1) + "\" .\n", 2, ErrLimit},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			quads, err := ReadNQuads(strings.NewReader(c.text))
			require.ErrorIs(t, err, c.want)
			require.Nil(t, quads)
			var refused *Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.line, refused.Line)
		})
	}
	_, err = ReadNQuads(io.MultiReader(strings.NewReader(a), iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestALiteralOfTheGreatestLengthIsReadBack(t *testing.T) {
	t.Parallel()
	g := new(Graph)
	require.NoError(t, g.Add((&Node{ID: someone}).Add("vf:note", Literal(strings.Repeat("\x00", MaxLiteralBytes)))))
	var b bytes.Buffer
	require.NoError(t, WriteNQuads(&b, g))
	quads, err := ReadNQuads(&b)
	require.NoError(t, err)
	require.Equal(t, g.Quads(), quads)
}

func TestALongLineNeitherFillsALogNorIsWrittenSoThatItCannotBeRead(t *testing.T) {
	t.Parallel()
	_, err := ParseQuad(`<x:a> <x:p> "` + strings.Repeat("x", MaxLiteralBytes) + `" <x:g> .`)
	require.ErrorIs(t, err, ErrSyntax)
	require.Less(t, len(err.Error()), 1000)
	err = new(Graph).Add((&Node{ID: someone}).Add("dct:title", Text("a"+strings.Repeat("-a", 5000), strings.Repeat("\x00", MaxLiteralBytes))))
	require.ErrorIs(t, err, ErrLiteral)
}

func TestAnErrorOfTheWriterIsReturned(t *testing.T) {
	t.Parallel()
	g := new(Graph)
	require.NoError(t, g.Add(&Node{ID: someone, Types: []string{"pair:Person"}}))
	require.ErrorIs(t, WriteNQuads(failingWriter{}, g), io.ErrShortWrite)
	require.ErrorIs(t, WriteJSONLD(failingWriter{}, g), io.ErrShortWrite)
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func FuzzReadNQuads(f *testing.F) {
	f.Add([]byte("<x:a> <x:p> \"\\u0000é\"@fr .\n<x:a> <x:p> <x:o> .\n"))
	f.Add([]byte("<x:a> <x:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		quads, err := ReadNQuads(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b []byte
		for _, q := range quads {
			b = append(q.append(b), '\n')
		}
		require.Equal(t, string(data), string(b), "what is read is exactly what would be written")
	})
}
