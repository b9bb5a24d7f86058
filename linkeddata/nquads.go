package linkeddata

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

const (
	rdfType       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	rdfLangString = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" // what a text with a language is

	// maxLineBytes is the longest line of a file: a literal in which every byte is escaped to six, three
	// IRIs, and what stands between them.
	maxLineBytes = 6*MaxLiteralBytes + 4*MaxIRIBytes
)

// A Quad is one statement of RDF, in the default graph: this package writes no named graphs.
type Quad struct {
	Subject   string // IRI
	Predicate string // IRI
	Object    Object
}

// An Object is what a statement says of its subject: another node, or a literal.
type Object struct {
	IRI      string // of a node; "" for a literal
	Literal  string
	Datatype string // IRI; "" for xsd:string and for text with a language
	Lang     string // language tag in lower case; "" without a language
}

// String returns the canonical N-Quads line without its line feed, as RDF Dataset Canonicalization
// (RDFC-1.0, §5) prescribes: one space between the terms, quotes, backslashes and control characters
// escaped and nothing else, no datatype for a plain string.
func (q Quad) String() string { return string(q.append(nil)) }

func (q Quad) append(b []byte) []byte {
	b = append(b, '<')
	b = append(b, q.Subject...)
	b = append(b, "> <"...)
	b = append(b, q.Predicate...)
	b = append(b, "> "...)
	b = q.Object.append(b)
	return append(b, " ."...)
}

func (o Object) append(b []byte) []byte {
	if o.IRI != "" {
		b = append(b, '<')
		b = append(b, o.IRI...)
		return append(b, '>')
	}
	b = appendLiteral(b, o.Literal)
	switch {
	case o.Lang != "":
		b = append(b, '@')
		b = append(b, o.Lang...)
	case o.Datatype != "":
		b = append(b, "^^<"...)
		b = append(b, o.Datatype...)
		b = append(b, '>')
	}
	return b
}

// The characters of a literal that canonical N-Quads escapes with a letter.
const escaped, escapeLetters = "\b\t\n\f\r\"\\", `btnfr"\`

func appendLiteral(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c > '\\' && c != 0x7F || c >= ' ' && c != '"' && c < '\\':
			b = append(b, c)
		case strings.IndexByte(escaped, c) >= 0:
			b = append(b, '\\', escapeLetters[strings.IndexByte(escaped, c)])
		default:
			b = fmt.Appendf(b, `\u%04X`, c)
		}
	}
	return append(b, '"')
}

// WriteNQuads writes the graph in its canonical form: N-Quads, one line for each statement, ordered by
// bytes, none twice, in UTF-8, each line ended by a line feed. Because there are no blank nodes, this is
// exactly what RDF Dataset Canonicalization (RDFC-1.0) makes of the graph, so the SHA-256 of the file
// identifies what it says.
func WriteNQuads(w io.Writer, g *Graph) error {
	lines := make([]string, 0, g.Len())
	for _, q := range g.quads() {
		lines = append(lines, q.String())
	}
	slices.Sort(lines)
	out := bufio.NewWriter(w)
	for _, line := range lines {
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.Flush()
}

// ReadNQuads reads what [WriteNQuads] writes, strictly: bytes that are not exactly the canonical form of
// a graph without blank nodes and named graphs are refused with an [*Error] that wraps [ErrSyntax],
// [ErrIRI], [ErrLiteral] or [ErrLimit] and gives the line, nothing is repaired. To compare with the file
// of another program that escapes as RDFC-1.0 does, sort its lines by bytes and drop repeated ones first
// (LC_ALL=C sort -u). Literals are text here: that "1.50" is a canonical decimal is not checked.
//
// It reads at most [MaxStatements] lines, and from each at most the longest that WriteNQuads can write.
func ReadNQuads(r io.Reader) ([]Quad, error) {
	var (
		quads    []Quad
		previous string
		iris     = iriChecker{}
		in       = bufio.NewReader(r)
	)
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err != nil {
			var refused *Error
			if errors.As(err, &refused) {
				refused.Line = number
			}
			return nil, err
		}
		if line == "" {
			return quads, nil
		}
		if number > MaxStatements {
			return nil, &Error{Line: number, Why: fmt.Sprintf("a file has at most %d statements", MaxStatements), Err: ErrLimit}
		}
		line = line[:len(line)-1]
		if line <= previous {
			return nil, &Error{Line: number, Value: line, Why: "must come after the line before it, in the order of bytes", Err: ErrSyntax}
		}
		q, refused := parseQuad(line, iris)
		if refused != nil {
			refused.Line = number
			return nil, refused
		}
		quads, previous = append(quads, q), line
	}
}

// readLine returns the next line with its line feed, "" at the end of the file.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLineBytes:
			return "", refuse(ErrLimit, "", "a line has at most %d bytes", maxLineBytes)
		case err == nil:
			return string(line), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) == 0:
			return "", nil
		case errors.Is(err, io.EOF):
			return "", refuse(ErrSyntax, string(line), "must end with a line feed")
		default:
			return "", fmt.Errorf("linkeddata: reading N-Quads: %w", err)
		}
	}
}

// ParseQuad reads one canonical N-Quads line without its line feed, as [Quad.String] writes it and in no
// other spelling.
func ParseQuad(line string) (Quad, error) {
	q, err := parseQuad(line, iriChecker{})
	if err != nil {
		return Quad{}, err
	}
	return q, nil
}

func parseQuad(line string, iris iriChecker) (Quad, *Error) {
	if len(line) > maxLineBytes {
		return Quad{}, refuse(ErrLimit, "", "a line has at most %d bytes", maxLineBytes)
	}
	var q Quad
	var err *Error
	rest := line
	if q.Subject, rest, err = parseIRI(rest, "the subject", iris); err != nil {
		return Quad{}, err
	}
	if q.Predicate, rest, err = parseIRI(strings.TrimPrefix(rest, " "), "the predicate", iris); err != nil {
		return Quad{}, err
	}
	if q.Object, err = parseObject(strings.TrimPrefix(rest, " "), iris); err != nil {
		return Quad{}, err
	}
	if q.String() != line {
		return Quad{}, refuse(ErrSyntax, line, "must be a canonical line, which is %s", quote(q.String()))
	}
	return q, nil
}

// parseIRI reads an IRI in angle brackets at the start of s.
func parseIRI(s, what string, iris iriChecker) (iri, rest string, err *Error) {
	inside, open := strings.CutPrefix(s, "<")
	iri, rest, closed := strings.Cut(inside, ">")
	if !open || !closed {
		return "", "", refuse(ErrSyntax, s, "%s must be an IRI in angle brackets", what)
	}
	if err := iris.check(iri); err != nil {
		return "", "", err
	}
	return iri, rest, nil
}

// parseObject reads an IRI or a literal. What follows it, and whether the spelling is the canonical one,
// is for the caller to check.
func parseObject(s string, iris iriChecker) (Object, *Error) {
	if !strings.HasPrefix(s, `"`) {
		iri, _, err := parseIRI(s, "the object", iris)
		return Object{IRI: iri}, err
	}
	literal, rest, err := parseLiteral(s[1:])
	if err != nil {
		return Object{}, err
	}
	if err := checkText(literal); err != nil {
		return Object{}, err
	}
	o := Object{Literal: literal}
	if lang, ok := strings.CutPrefix(rest, "@"); ok {
		o.Lang, _, _ = strings.Cut(lang, " ")
		if !isLangTag(o.Lang) {
			return Object{}, refuse(ErrLiteral, o.Lang, "must be a language tag in lower case")
		}
	}
	if datatype, ok := strings.CutPrefix(rest, "^^"); ok {
		if o.Datatype, _, err = parseIRI(datatype, "the datatype", iris); err != nil {
			return Object{}, err
		}
		if o.Datatype == expand(xsdString) || o.Datatype == rdfLangString {
			return Object{}, refuse(ErrSyntax, o.Datatype, "must be left out")
		}
	}
	return o, nil
}

// parseLiteral reads a literal up to its closing quote. Escapes that the canonical form does not have
// are read as they stand and so end in another line than the one given.
func parseLiteral(s string) (literal, rest string, err *Error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '"' {
			return b.String(), s[i+1:], nil
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		i++
		switch {
		case i < len(s) && strings.IndexByte(escapeLetters, s[i]) >= 0:
			b.WriteByte(escaped[strings.IndexByte(escapeLetters, s[i])])
		case i+4 < len(s) && s[i:i+3] == "u00" && isHex(s[i+3]) && isHex(s[i+4]):
			n, _ := strconv.ParseUint(s[i+3:i+5], 16, 8) // checked to be two hexadecimal digits
			b.WriteRune(rune(n))
			i += 4
		default:
			return "", "", refuse(ErrSyntax, s, "must have only the escapes of canonical N-Quads")
		}
	}
	return "", "", refuse(ErrSyntax, s, "the literal must end with a quotation mark")
}
