// Package plaintext reads and writes plain-text accounting, the files of hledger, ledger and beancount: an accountant who uses one of them
// takes our books as they are, and what is kept in such a file can be read here.
//
//	err := plaintext.Write(file, plaintext.Hledger, transactions)
//
// [Write] writes transactions so that the program named by the [Format] reads them and comes to the same balances. [BalanceOf] adds up a file
// of any size without keeping it, [Read] returns its transactions, and [Transactions] hands them out one after the other.
//
// # What is read
//
// The part that the programs have in common and understand in the same way:
//
//	2025-01-06 * (A-2025-001) Insurance of the workshop   ; a comment
//	    Expenses:Insurance    1284.60 EUR
//	    Assets:Bank
//
// that is: dates with hyphens, slashes or points, a mark, a code, a description; accounts, separated by two spaces from the amount (for ledger also by a tab);
// amounts with a decimal point and their commodity before or behind; one amount that may be left out; prices with @ and @@. Comments and the
// directives account, commodity, P, and of beancount open, close, commodity, price, note and the title, are passed over; an account that
// a beancount file does not open is an error. Whatever else
// changes what other lines mean, or what the programs read differently, is refused with line and column: include and apply, automated and
// periodic transactions, virtual postings, lots, balance assertions, commas in numbers ("1,000" is a thousand to one program and one to the other).
//
// # Exactness
//
// Every transaction adds up to zero in each commodity, to the last digit; at prices, what was paid counts. No tolerance is
// inferred from the number of digits, which the programs do, so a file that they accept may be refused here and never the other way round.
// Sums are computed with 64-bit integers of the smallest unit, and with decimals of any size where those would overflow.
//
// # Errors
//
// Reading stops at the first thing that is wrong, with a [*SyntaxError] that names file, line, column and value and wraps [ErrSyntax],
// [ErrUnbalanced] or [ErrLimit]. Writing refuses what the program could not read back as it is with an error that wraps [ErrInvalid]
// or [ErrUnbalanced]; only descriptions are adapted to the format (see [Write]).
package plaintext
