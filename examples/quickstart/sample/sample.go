// Package sample is one year of La Trame, a commons of four organisations and fifteen people. Everything in it is invented:
// the people, the organisations, their places, their customers and every figure.
//
// The files are those that an organisation would hand to quickstart itself: a social code, the contributions as a timesheet
// tool exports them, and the treasurer's list of receipts and expenses. The social code is written by hand; the other two
// are made by generate.go, always the same to the byte.
package sample

import _ "embed" // the files are part of the program

//go:generate go run generate.go

var (
	// Charter is the social code of La Trame in French and English, a JSON document as codesocial.ParseCharter reads it. It is in
	// force from 1 January 2025.
	//
	//go:embed charter.json
	Charter []byte

	// Contributions is what people gave to the projects in 2025, as CSV: mostly working time, then care for others,
	// deliverables, material, and how satisfied they were after a milestone. Quantities are in the units of the charter.
	//
	//go:embed contributions.csv
	Contributions []byte

	// Money is what was received and spent in 2025, as CSV: amounts in EUR, excluding VAT, on the day on which they were paid. An
	// expense without project is for the support functions.
	//
	//go:embed money.csv
	Money []byte
)
