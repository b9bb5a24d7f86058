// Package fec reads, checks and writes the fichier des écritures comptables, the file of accounting entries that the French tax office
// asks for (livre des procédures fiscales, article A. 47 A-1).
//
//	report, err := fec.Check("552100554FEC20251231.txt", file, nil)
//	if err != nil {
//		return err // the file could not be read to its end
//	}
//	fmt.Println(report.Lines, report.Entries, report.Debit, report.Credit)
//	for _, f := range report.Findings {
//		fmt.Println(f.Text("fr"))
//	}
//
// [Check] takes real files as they come and reports everything that is wrong with them, with line and column: lenient where a reader can
// be, so that one mistake does not hide the others. [Write] is strict: what it has written passes Check without a single finding. [FileName] is the name that the
// file must have.
//
// # What is read
//
// Fields separated by tabs or by |, lines ended by CRLF, CR or LF, also mixed; ASCII, UTF-8 with or without byte order mark, ISO-8859-15, and
// Windows-1252, which is recognised by the bytes 0x80 to 0x9F. A file in UTF-16 or UTF-32 is not read: that is one violation. The columns Debit and Credit, or Montant and Sens; further columns behind them, of
// which DateRglt, ModeRglt, NatOp and IdClient (cash accounting) are read. Files are read line by line: memory is needed for the numbers of
// entries whose lines do not stand together, not for the file.
//
// # What is checked
//
// The rules are listed by [Rules]. Some are those of the article and of what is known of the checks of the tax office: names and
// order of the columns, the same number of fields on every line, mandatory fields, three digits at the beginning of an account, decimal commas,
// dates, exactly one of debit and credit. Others need the whole file: every entry balances, numbers follow each other without gap in each
// journal (or over all journals, where they are numbered together), days exist in the calendar, lines stand in the order of their
// validation, no entry closes the accounts of classes 6 and 7. A finding is either a violation or something that was tolerated: read
// without loss, but not as the article says.
//
// This is no substitute for Test Compta Demat, the program that the tax office publishes: no agreement with it has been tested
// here, and no check of a file says whether the accounts are true.
package fec
