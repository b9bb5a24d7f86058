package fec

import (
	"time"

	"github.com/shopspring/decimal"
)

// A Line is one line of the file: one side of an entry. The fields stand in the order of the columns, whose names are
// given. Dates are days: read as midnight UTC, written by their year, month and day; zero where there is none.
type Line struct {
	Journal       string          // JournalCode, "BQ"
	JournalName   string          // JournalLib, "Banque"
	Entry         string          // EcritureNum; the lines of an entry have one number
	Date          time.Time       // EcritureDate
	Account       string          // CompteNum, three digits and more, "512000"
	AccountName   string          // CompteLib
	Auxiliary     string          // CompAuxNum, optional
	AuxiliaryName string          // CompAuxLib, optional
	Document      string          // PieceRef
	DocumentDate  time.Time       // PieceDate
	Label         string          // EcritureLib
	Debit         decimal.Decimal // Debit, in euros
	Credit        decimal.Decimal // Credit, in euros
	Match         string          // EcritureLet, optional
	MatchDate     time.Time       // DateLet, optional
	Validated     time.Time       // ValidDate
	Foreign       decimal.Decimal // Montantdevise, in Currency; optional
	Currency      string          // Idevise, an ISO 4217 code; "" if there is no foreign amount

	// Of cash accounting (columns 19 to 22); read where a file has them, never written.
	PaidOn time.Time // DateRglt
	PaidBy string    // ModeRglt
	Nature string    // NatOp
	Client string    // IdClient

	Number int // of the line in the file that it was read from, from 1
}

// columns are the names of the columns, in their order.
var columns = [18]string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
	"PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
}

// The places of the columns, and of those that may follow or take the place of others.
const (
	journalCode = iota
	journalLib
	ecritureNum
	ecritureDate
	compteNum
	compteLib
	compAuxNum
	compAuxLib
	pieceRef
	pieceDate
	ecritureLib
	debit
	credit
	ecritureLet
	dateLet
	validDate
	montantDevise
	iDevise
	dateRglt
	modeRglt
	natOp
	idClient
	fieldCount
)

// further are the columns of cash accounting, from place 19 on.
var further = [4]string{"DateRglt", "ModeRglt", "NatOp", "IdClient"}

// montant and sens may stand in the place of debit and credit.
const (
	montant = "Montant"
	sens    = "Sens"
)
