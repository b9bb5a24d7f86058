package intake_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

// camt is an invented statement, in the form of version 02.
const camt = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
 <BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
  <Stmt><Id>2025-01</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
   <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
   <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1100.01</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
   <Ntry><Amt Ccy="EUR">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2025-01-31</Dt></BookgDt><ValDt><Dt>2025-02-01</Dt></ValDt><AcctSvcrRef>B-1</AcctSvcrRef>
    <NtryDtls><TxDtls><Refs><EndToEndId>F-25-001</EndToEndId></Refs>
     <RltdPties><Dbtr><Nm>Commune de Mirepierre</Nm></Dbtr><Cdtr><Nm>Nous</Nm></Cdtr></RltdPties>
     <RmtInf><Ustrd>Facture F-25-001,</Ustrd><Ustrd>halle</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
   <Ntry><Amt Ccy="EUR">199.99</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><DtTm>2025-02-03T10:00:00</DtTm></BookgDt><AcctSvcrRef>B-2</AcctSvcrRef><AddtlNtryInf>Scierie</AddtlNtryInf></Ntry>
   <Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts></Ntry>
  </Stmt></BkToCstmrStmt></Document>`

// camt08 is the same in the form of version 08.
var camt08 = strings.NewReplacer(
	"camt.053.001.02", "camt.053.001.08", "<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>", "<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>",
	"<Dbtr><Nm>Commune de Mirepierre</Nm></Dbtr>", "<Dbtr><Pty><Nm>Commune de Mirepierre</Nm></Pty></Dbtr>",
).Replace(camt)

func TestAStatementInXMLThatIsNoTextInAKnownEncodingIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]string{"\xff\xfe<\x00": "is UTF-16 (little endian", "\xfe\xff\x00<": "is UTF-16 (big endian", "PK\x03\x04": "is a workbook (xlsx, ods) or another zip file"} {
		_, err := intake.ReadCAMT("bank.xml", strings.NewReader(first), nil)
		require.ErrorIs(t, err, intake.ErrEncoding)
		require.ErrorContains(t, err, want)
	}
}

func TestABankStatementInXMLIsRead(t *testing.T) {
	t.Parallel()
	latin := strings.Replace(strings.Replace(camt, "UTF-8", "ISO-8859-15", 1), "halle", "halle \xe9t\xe9 \xa4", 1)
	for name, text := range map[string]string{"02": camt, "08": camt08, "ISO-8859-15": latin} {
		lines, err := intake.ReadCAMT("bank.xml", strings.NewReader(text), nil)
		require.NoError(t, err)
		require.Len(t, lines, 2, name)
		in, out := lines[0], lines[1]
		require.Equal(t, []string{"2025-01-31", "2025-02-01", "1200", "EUR", "F-25-001", "Commune de Mirepierre"},
			[]string{in.Date.String(), in.ValueDate.String(), in.Amount.String(), in.Currency, in.Reference, in.Counterparty}, name)
		require.Equal(t, strings.TrimSuffix("Facture F-25-001, halle été €", map[bool]string{true: " été €"}[name != "ISO-8859-15"]), in.Label)
		require.Equal(t, []string{"2025-02-03", "", "-199.99", "B-2", "Scierie"}, []string{out.Date.String(), out.ValueDate.String(), out.Amount.String(), out.Reference, out.Label})
		require.NotEqual(t, in.Key, out.Key)
		require.Equal(t, 7, in.Line)
	}
}

func TestEqualLinesOfTwoAccountsAreTwoLines(t *testing.T) {
	t.Parallel()
	other := strings.Replace(camt, "<IBAN>FR7630006000011234567890189</IBAN>", "<Othr><Id>0042</Id></Othr>", 1)
	end, begin := strings.Index(camt, "</BkToCstmrStmt>"), strings.Index(other, "<Stmt>")
	both := camt[:end] + other[begin:]
	read := func(text string) (accounts, keys []string) {
		lines, err := intake.ReadCAMT("bank.xml", strings.NewReader(text), nil)
		require.NoError(t, err)
		for _, m := range lines {
			accounts, keys = append(accounts, m.Account), append(keys, m.Key)
		}
		return accounts, keys
	}
	accounts, keys := read(both)
	require.Equal(t, []string{"FR7630006000011234567890189", "FR7630006000011234567890189", "0042", "0042"}, accounts)
	_, first := read(camt)
	_, second := read(other)
	require.Equal(t, append(first, second...), keys, "in one file or in two")
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(keys))), 4)

	csv := func(account string) string {
		sheet, err := intake.ReadStatement("bank.csv", strings.NewReader("date;libellé;montant\n2025-01-31;Frais;-5,00\n"), &intake.StatementOptions{Account: account})
		require.NoError(t, err)
		require.Equal(t, account, sheet.Lines[0].Account)
		return sheet.Lines[0].Key
	}
	require.NotEqual(t, csv("A"), csv("B"))
	require.Equal(t, csv("A"), csv("A"))
	require.Equal(t, "line:", csv("")[:5])
}

func TestAStatementInXMLThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"the entries lead to 1100.01: some are missing":                           strings.Replace(camt, "1100.01", "1100.02", 1),
		`bank.xml:7: "1.200,00": Amt: `:                                           strings.Replace(camt, "1200.00", "1.200,00", 1),
		`bank.xml:7: "1200,00": Amt: `:                                            strings.Replace(camt, "1200.00", "1200,00", 1),
		"the account is in EUR":                                                   strings.Replace(camt, `Ccy="EUR">1200`, `Ccy="USD">1200`, 1),
		"must be CRDT or DBIT":                                                    strings.Replace(camt, "1200.00</Amt><CdtDbtInd>CRDT", "1200.00</Amt><CdtDbtInd>C", 1),
		`"2025-02-30": BookgDt: must be a day`:                                    strings.Replace(camt, "2025-01-31", "2025-02-30", 1),
		"is no bank statement in XML (camt.053): it has no element BkToCstmrStmt": "<Document></Document>",
		"is no bank statement in XML (camt.053): unexpected EOF":                  camt[:1000],
		"is no bank statement in XML (camt.053): it has no element":               "date;amount\n",
		`encoding "EBCDIC" is not known here`:                                     strings.Replace(camt, "UTF-8", "EBCDIC", 1),
	} {
		lines, err := intake.ReadCAMT("bank.xml", strings.NewReader(text), nil)
		require.ErrorContains(t, err, want)
		require.Nil(t, lines)
	}
	_, err := intake.ReadCAMT("bank.xml", io.MultiReader(strings.NewReader("<a>"), &endless{line: []byte("<b>" + strings.Repeat("x", 100_000) + "</b>")}), nil)
	require.ErrorIs(t, err, intake.ErrLimit)
}

func FuzzReadCAMT(f *testing.F) {
	f.Add([]byte(camt))
	f.Add([]byte(camt08))
	f.Add([]byte("&\xc1 "))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := intake.ReadCAMT("f.xml", bytes.NewReader(data), nil)
		requireReadable(t, err)
		if err != nil {
			require.Nil(t, lines)
		}
	})
}
