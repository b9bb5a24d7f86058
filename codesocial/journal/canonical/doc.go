// Package canonical reads and writes the one JSON form that everything signed or hashed in codesocial
// takes: canonical JSON after RFC 8785 (JCS), narrowed so that nothing in it can be read in two ways.
//
// Use [Marshal] to turn a value into its canonical bytes, [Unmarshal] to read a document that a person
// or another program wrote, and [Transform] to bring such a document into canonical form without a Go
// type for it. The same value always gives the same bytes.
//
// # The form
//
// RFC 8785 fixes white space (none), the order of an object's members (by UTF-16 code units of their
// names) and the escapes in strings. This package adds:
//
//   - numbers are integers from -(2^53-1) to 2^53-1, without sign for zero, fraction or exponent. A rate,
//     an amount or a quantity is a string that holds a decimal ("0.05"): a JSON number would pass
//     through a float in most readers, and a cent would be lost;
//   - there is no null: a member without a value is absent;
//   - names are unique in their object, compared exactly (encoding/json would fold case);
//   - nesting goes to [MaxDepth] levels;
//   - text is valid UTF-8.
//
// # Go types
//
// Struct fields are named by their json tag (options omitempty and omitzero; "-" leaves a field out;
// embedded structs are not supported). Strings, booleans, all integer types, slices, arrays of values,
// maps with string keys, pointers, [Raw] and every type that implements encoding.TextMarshaler and
// encoding.TextUnmarshaler (decimals, UUIDs) can be written and read; []byte is standard base64. Floats,
// complex numbers, channels, functions and interfaces are refused.
//
// # Errors
//
// Every error is an [*Error] that gives the path to the value (clauses[3].rule.rate), the byte offset and
// the reason. Unmarshal may have filled part of its target when it fails: discard it.
//
// # Cost
//
// Writing and reading are linear in the size of the text, apart from sorting the members of objects that
// arrive out of order. Plans for struct types are made once and kept.
package canonical
