// Package freeze turns the state of a view into bytes and back, so that the view is a journal.Snapshotter in a few lines and stays right when
// somebody adds a field to it.
//
//	var form = freeze.Of[Books]()
//
//	func (b *Books) MarshalBinary() ([]byte, error)    { return form.Marshal(b) }
//	func (b *Books) UnmarshalBinary(data []byte) error { return form.Unmarshal(data, b) }
//
// # What is kept
//
// Everything that the value leads to: every field of every struct, exported or not, through pointers, slices, arrays and maps. A field is left out
// when its tag says so, `freeze:"-"`: a cache, or what belongs to the caller. [Plan.Left] lists those fields, for a test to compare with the
// list that its author has in mind.
//
// What is shared stays shared: a pointer, map or slice that is reached twice is written once, and is one again afterwards; cycles are no
// obstacle. Nil and empty are told apart. The same value gives the same bytes, however its maps are laid out in memory. What a graph of values can
// hold and this package cannot keep is a pointer into the midst of something else, and two slices that share some of their elements: they come
// back as copies. [Plan.Check] finds them, in a test.
//
// Booleans, numbers and strings, with names or without, can be kept; time.Time (in UTC, or at an offset), *time.Location (by its name in the IANA
// database) and decimal.Decimal are known. A type that is better made again than kept, such as a document that was parsed, is given
// with [As]. Refused are interfaces, functions, channels, and structs of other modules that have unexported fields: their authors alone know what a
// copy of those is worth. Refused means that Marshal and Unmarshal return an error, whatever the value.
//
// # The bytes
//
// They begin with a fingerprint of the type and of all types that it leads to: their names, fields, tags and forms. Bytes that were made by a
// program with another struct are an error, [ErrOther]. What the fingerprint cannot see is a change of what a field means: count up the version of the view's
// Form then.
//
// The rest is compact: integers take as many bytes as they need, a text is written once and named by its number afterwards. The form is for the program that
// wrote it, and no format for others. It carries no checksum: journal signs snapshots, and opens none that is not what was signed.
//
// # Bad input
//
// Unmarshal does not panic on any bytes and takes memory in proportion to their number: what they announce is compared with what is left of
// them before anything is allocated. When it returns an error the value is as it was.
//
// # Unexported fields
//
// The package reads and writes fields by their offsets, through unsafe pointers. That is sound under the rules of package unsafe: an offset is used only
// within the struct whose type gave it, a value is read and written as the type that the field has (a slice as its pointer, length and capacity, a map as a
// pointer), memory comes from package reflect with its type, and nothing is kept as a uintptr. Types whose layout belongs to others are not touched.
//
// # Concurrency
//
// A Plan may be used by many goroutines. Marshal only reads the value: others may read it meanwhile.
package freeze
