package linkeddata

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// MaxLiteralBytes is the length of the longest literal that this package writes or reads.
const MaxLiteralBytes = 1 << 20

// maxDecimalDigits bounds the digits before the point and those after it, so that an exponent cannot ask for
// gigabytes of zeros.
const maxDecimalDigits = 400

// The datatypes that the vocabulary uses.
const (
	xsdString        = "xsd:string"
	xsdDecimal       = "xsd:decimal"
	xsdInteger       = "xsd:integer"
	xsdBoolean       = "xsd:boolean"
	xsdDate          = "xsd:date"
	xsdDateTimeStamp = "xsd:dateTimeStamp"
	xsdAnyURI        = "xsd:anyURI"
	secMultibase     = "sec:multibase" // of the W3C security vocabulary: bytes in base58btc after a z
)

// A Value is what a property of a node points to: another node ([Ref]), a text in a language ([Text]) or
// a literal ([Literal], [Decimal], [Integer], [Bool], [Time]). The datatype of a literal is not its own
// but that of the term it stands under; [Graph.Add] refuses a literal that is not in the lexical space
// of that datatype. Values are comparable with ==. The zero Value is refused everywhere.
type Value struct {
	kind    valueKind
	lexical string // IRI, text or lexical form; the reason when kind is invalid
	lang    string // of a text
}

type valueKind uint8

const (
	valueInvalid valueKind = iota
	valueRef
	valueText
	valueLiteral
)

// Ref is a reference to the node that iri names, described in the same graph or elsewhere.
func Ref(iri string) Value { return Value{kind: valueRef, lexical: iri} }

// Text is text in a language, named by its BCP 47 tag ("fr", "en", "fr-CA"). The tag is written in lower
// case, which RDF 1.1 (Concepts, §3.3) takes for the same tag.
func Text(lang, text string) Value {
	return Value{kind: valueText, lexical: text, lang: strings.ToLower(lang)}
}

// Literal is a literal in its lexical form, to be read by the datatype of the term it stands under. The
// form must be the canonical one of XML Schema 1.1: "0.05", not ".050"; "true", not "1"; "2025-01-31";
// "2025-01-31T09:00:00+01:00", with its time zone and without trailing zeros in the seconds.
func Literal(lexical string) Value { return Value{kind: valueLiteral, lexical: lexical} }

// Decimal is the number d, written without exponent and without trailing zeros, which is its canonical
// form: 3360.00 becomes "3360". No value is rounded. A number of more than 400 digits is refused by [Graph.Add].
func Decimal(d decimal.Decimal) Value {
	if e := d.Exponent(); e < -maxDecimalDigits || e > maxDecimalDigits || d.NumDigits()+max(0, int(e)) > maxDecimalDigits {
		return Value{lexical: "a decimal has at most " + strconv.Itoa(maxDecimalDigits) + " digits"}
	}
	return Literal(d.String())
}

// Integer is the whole number n.
func Integer(n int64) Value { return Literal(strconv.FormatInt(n, 10)) }

// Bool is true or false.
func Bool(b bool) Value { return Literal(strconv.FormatBool(b)) }

// Time is the instant t with the time zone that t carries, to the nanosecond. An offset that is not a
// whole number of minutes, which no format can express, is written as UTC. The year must be 1 to 9999.
func Time(t time.Time) Value {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	if y := t.Year(); y < 1 || y > 9999 {
		return Value{lexical: "the year must be 1 to 9999"}
	}
	return Literal(t.Format(time.RFC3339Nano))
}

// IRI returns the node that a reference names, and false for other values.
func (v Value) IRI() (string, bool) { return v.lexical, v.kind == valueRef }

// Lang returns the language tag of a text in lower case, "" for other values.
func (v Value) Lang() string { return v.lang }

// String returns the IRI, the text or the lexical form.
func (v Value) String() string { return v.lexical }

// compare orders values: references, texts, literals; each by language, then by bytes.
func (v Value) compare(w Value) int {
	return cmp.Or(cmp.Compare(v.kind, w.kind), cmp.Compare(v.lang, w.lang), cmp.Compare(v.lexical, w.lexical))
}

// check returns an error unless v may stand under t.
func (v Value) check(t Term, iris iriChecker) *Error {
	if v.kind == valueInvalid {
		return refuse(ErrLiteral, "", "%s", cmp.Or(v.lexical, "the value is empty: use Ref, Text, Literal, …"))
	}
	if want := t.Kind.value(); want == valueInvalid {
		return refuse(ErrTerm, "", "is not a property")
	} else if v.kind != want {
		return refuse(ErrTerm, v.lexical, "%s", map[valueKind]string{
			valueRef:     "must be a reference to a node",
			valueText:    "must be text with a language",
			valueLiteral: "must be a literal of type " + t.Datatype,
		}[want])
	}
	switch v.kind {
	case valueRef:
		return iris.check(v.lexical)
	case valueText:
		if !isLangTag(v.lang) {
			return refuse(ErrLiteral, v.lang, "must be a language tag as in BCP 47")
		}
		return checkText(v.lexical)
	default:
		if err := checkText(v.lexical); err != nil {
			return err
		}
		return checkLexical(t.Datatype, v.lexical, iris)
	}
}

func checkText(s string) *Error {
	if len(s) > MaxLiteralBytes {
		return refuse(ErrLimit, s, "a literal has at most %d bytes", MaxLiteralBytes)
	}
	if !utf8.ValidString(s) {
		return refuse(ErrLiteral, s, "must be valid UTF-8")
	}
	return nil
}

// isLangTag reports whether s has the shape of a language tag in lower case: RFC 5646, §2.1, without its
// registry. Longer subtags than eight characters are refused by other readers, and no tag in use comes near 200 bytes.
func isLangTag(s string) bool {
	if len(s) > 200 {
		return false
	}
	for i, sub := range strings.Split(s, "-") {
		if sub == "" || len(sub) > 8 {
			return false
		}
		for j := range len(sub) {
			c := sub[j]
			if (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// checkLexical returns an error unless s is the canonical form of a value of the datatype.
func checkLexical(datatype, s string, iris iriChecker) *Error {
	ok, want := true, ""
	switch datatype {
	case xsdString:
	case xsdDecimal:
		ok, want = isDecimal(s), "a decimal without exponent and superfluous zeros"
	case xsdInteger:
		ok, want = isInteger(s), "a whole number without superfluous zeros"
	case xsdBoolean:
		ok, want = s == "true" || s == "false", "true or false"
	case xsdDate:
		t, err := time.Parse(time.DateOnly, s)
		ok, want = err == nil && t.Year() >= 1 && t.Format(time.DateOnly) == s, "a day of the calendar such as 2025-01-31"
	case xsdDateTimeStamp:
		ok, want = isDateTimeStamp(s), "an instant with its time zone such as 2025-01-31T09:00:00+01:00"
	case xsdAnyURI:
		return iris.check(s)
	case secMultibase:
		ok, want = isBase58(s), "the letter z and digits of base58btc"
	default:
		return refuse(ErrTerm, datatype, "is not a datatype of the vocabulary")
	}
	if !ok {
		return refuse(ErrLiteral, s, "must be %s", want)
	}
	return nil
}

func isInteger(s string) bool {
	n, ok := new(big.Int), len(s) <= maxDecimalDigits
	if ok {
		_, ok = n.SetString(s, 10)
	}
	return ok && n.String() == s
}

func isDecimal(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	if point && (fraction == "" || strings.Trim(fraction, "0123456789") != "" || fraction[len(fraction)-1] == '0' || len(fraction) > maxDecimalDigits) {
		return false
	}
	if whole == "-0" { // only as the sign of a fraction
		return point
	}
	return isInteger(whole)
}

func isDateTimeStamp(s string) bool {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1 || t.Format(time.RFC3339Nano) != s {
		return false
	}
	_, offset := t.Zone()
	return -14*3600 <= offset && offset <= 14*3600
}

// isBase58 reports whether s is multibase text in base58btc.
func isBase58(s string) bool {
	digits, ok := strings.CutPrefix(s, "z")
	return ok && digits != "" && strings.Trim(digits, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") == ""
}
