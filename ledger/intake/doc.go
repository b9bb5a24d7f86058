// Package intake reads what an organisation already has: the contributions that its timesheet tool exports,
// the money lines of its treasurer's spreadsheet, and the statements of its bank, all as CSV; bank
// statements also as XML ([ReadCAMT]).
//
// OFX is not read: it is SGML in the versions that banks still send, every bank bends it in another way, and no library that is kept up reads it. A bank that offers OFX
// offers CAMT.053 (ISO 20022) or CSV as well.
//
//	sheet, err := intake.ReadContributions("contributions.csv", file, nil)
//	if err != nil {
//		return err // every bad line with file, line, column and value; nothing was read
//	}
//	for _, c := range sheet.Lines {
//		fmt.Println(c.Date, c.Person, c.Project, c.Quantity, c.Unit)
//	}
//
// [ReadContributions], [ReadMoney] and [ReadStatement] take a file as it comes and are strict about what it means. What can be
// found out is found out: the separator, the columns, the form of numbers and dates. What could mean two things is refused,
// and then nothing at all is returned: a file is taken whole or not.
//
// # Files
//
// A file is UTF-8, with or without byte order mark, ISO-8859-15 or Windows-1252 ([Layout.Encoding]); one that mixes them, and any other encoding, is
// refused with a message that says how to save it. Cells are separated by semicolons, commas or tabs, whichever makes the most sense of the first line;
// a line "sep=;" before the header, as spreadsheets write it, is honoured. Cells may stand in quotation marks
// and then contain separators, line ends and doubled quotation marks (RFC 4180). Lines end with LF or CRLF. Empty lines are
// passed over. Limits are constants of this package.
//
// # Columns
//
// Columns are found by the words of the header line, in English or French, whatever their order, case and
// accents; the names that the exports of Toggl, Clockify and Kimai use, and those of Valueflows, are among them. Where a file
// has several columns for one thing, the most exact one is read ("Duration (h)" before "Duration (decimal)", which is
// rounded). A file with other names is read by saying which column is what ([Columns]). The sheet's [Layout] says which column was read as
// what and which were passed over: show it.
//
// # Numbers
//
// A number has a decimal point or a decimal comma, and spaces of any width between groups of three digits. A point
// or comma never separates thousands. "1,500" could be one and a half or fifteen hundred: it is read as 1.5 only
// when another line of the same column shows that the comma is decimal ("2,25"), and refused otherwise. Exponents are refused.
//
// Hours are also read from 1:30, 1:30:00, 1h30, 1 h 30 min and 90 min, exactly where four decimals can say it and
// otherwise rounded half up to four decimals, which is less than a fifth of a second.
//
// # Dates
//
// A date is a day: 2025-12-31, 31/12/2025, 31-12-2025, 31.12.2025, 31 décembre 2025 or December 31, 2025; a time of
// day behind it is dropped. With slashes, hyphens or dots the day comes first, as in France: 03/04/2025 is 3 April. A file
// with the month first is refused at the first day after the 12th; check short files in [Sheet.Lines].
//
// # Names
//
// Names of people, organisations and projects are brought to Unicode normal form C, with single spaces. One
// name spelled in two ways in a file ("Zoé Martin", "Zoe MARTIN") would be two people, so it is refused; see [Fold].
//
// # The same line twice
//
// Two equal lines are two contributions: a person may well enter two equal hours on one day. So that a file
// can be imported again without recording anything twice, every line has a Key, which does not depend on where in the file it
// stands: the id, where the file has an id column, otherwise its content and, among lines of equal content, a number. Who validated
// a contribution is not part of its key: a line that is validated later stays the same line. A line whose other cells are
// changed is another line, unless it has an id. Files may overlap; but equal lines of one day that stand in two files, some in one and others in the next, are taken
// for the same: cut files between days. Of several accounts of a bank, each has lines of its own ([StatementOptions].Account).
//
// # Errors
//
// Every error is an [*Error] that wraps [ErrEncoding], [ErrLimit], [ErrHeader] or [ErrLine], except those of
// the reader handed in.
//
// What cells contain stays text. Whoever writes it into a CSV again passes it through [SafeCell], so that no
// spreadsheet takes it for a formula.
package intake
