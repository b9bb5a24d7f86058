package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func statement(t *testing.T, text string, opts *intake.StatementOptions) []intake.Movement {
	t.Helper()
	sheet, err := intake.ReadStatement("bank.csv", strings.NewReader(text), opts)
	require.NoError(t, err)
	return sheet.Lines
}

func TestABankStatementIsReadInEveryFormThatBanksUse(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"debit and credit":  "Date opération;Date valeur;Libellé;Débit;Crédit;Devise;Solde\n31/01/2025;01/02/2025;VIR Mairie;;1 200,00;EUR;5000\n03/02/2025;;Scierie;199,99;;EUR;4800,01\n",
		"with signs and 0":  "Date;Date de valeur;Libellé;Débit;Crédit\n31/01/2025;01/02/2025;VIR Mairie;0,00;1200,00\n03/02/2025;;Scierie;-199,99;0,00\n",
		"one amount":        "Booking date,Value date,Description,Amount,Currency\n2025-01-31,2025-02-01,VIR Mairie,1200.00,EUR\n2025-02-03,,Scierie,-199.99 €,EUR\n",
		"Windows-1252, tab": "dateOp\tdateVal\tlibell\xe9\tmontant\n31/01/2025\t01/02/2025\tVIR Mairie\t\"1200,00\"\n03/02/2025\t\tScierie\t\"-199,99\x80\"\n",
	} {
		lines := statement(t, text, nil)
		require.Len(t, lines, 2, name)
		in, out := lines[0], lines[1]
		require.Equal(t, []string{"2025-01-31", "2025-02-01", "1200", "EUR", "VIR Mairie"}, []string{in.Date.String(), in.ValueDate.String(), in.Amount.String(), in.Currency, in.Label}, name)
		require.Equal(t, []string{"2025-02-03", "", "-199.99"}, []string{out.Date.String(), out.ValueDate.String(), out.Amount.String()}, name)
		require.NotEqual(t, in.Key, out.Key)
		require.Equal(t, in.Key, statement(t, text, nil)[0].Key)
	}
}

func TestWhatABankStatementCannotMeanIsRefused(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"the line has a debit too":               "date;debit;credit\n2025-01-01;1;2\n",
		"the amount is missing":                  "date;debit;credit\n2025-01-01;;\n",
		"must be more than 0":                    "date;debit;credit\n2025-01-01;;-1\n",
		"the account is in EUR":                  "date;amount;currency\n2025-01-01;1;USD\n",
		"needs a column of debits and one of":    "date;debit\n2025-01-01;1\n",
		"no column for the amount":               "date;label\n2025-01-01;x\n",
		`bank.csv:2: column 2 "value date": "x"`: "date;value date;amount\n2025-01-01;x;1\n",
		"must not be 0":                          "date;amount\n2025-01-01;0,00\n",
	} {
		_, err := intake.ReadStatement("bank.csv", strings.NewReader(text), nil)
		require.ErrorContains(t, err, want)
	}
}

func TestAFileWithOtherNamesIsReadByMapping(t *testing.T) {
	t.Parallel()
	lines := statement(t, "Quand;Combien;Date\n2025-01-01;5,00;2025-09-09\n", &intake.StatementOptions{Columns: intake.Columns{"date": "quand", "amount": "COMBIEN"}})
	require.Equal(t, "2025-01-01 5", lines[0].Date.String()+" "+lines[0].Amount.String())

	sheet, err := intake.ReadContributions("hours.csv", strings.NewReader("Qui a fait;Où;Combien;Quand\nAna;P;2 h;2025-01-01\n"), &intake.ContributionOptions{
		Columns: intake.Columns{"person": "Qui a fait", "project": "ou", "quantity": "combien", "date": "quand"},
	})
	require.NoError(t, err)
	require.Equal(t, "Ana", sheet.Lines[0].Person)

	for want, columns := range map[string]intake.Columns{
		"there is no such field":   {"who": "Qui a fait"},
		"no column for the person": {"person": "Qui"},
	} {
		_, err := intake.ReadContributions("hours.csv", strings.NewReader("Qui a fait;project;hours;date\nAna;P;2 h;2025-01-01\n"), &intake.ContributionOptions{Columns: columns})
		require.ErrorIs(t, err, intake.ErrHeader)
		require.ErrorContains(t, err, want)
	}
	_, err = intake.ReadMoney("money.csv", strings.NewReader("quand;montant\n2025-01-01;1,00\n"), &intake.MoneyOptions{Columns: intake.Columns{"date": "quand"}})
	require.NoError(t, err)
}

func TestAmountsHaveTheDecimalsOfTheirCurrency(t *testing.T) {
	t.Parallel()
	read := func(currency, column string, amounts ...string) (string, error) {
		text := "date;" + column + ";debit\n"
		if column == "amount" {
			text = "date;amount\n"
		}
		for _, a := range amounts {
			text += "2025-01-01;" + a + strings.Repeat(";", strings.Count(text[:strings.Index(text, "\n")], ";")-1) + "\n"
		}
		sheet, err := intake.ReadStatement("bank.csv", strings.NewReader(text), &intake.StatementOptions{Currency: currency})
		if err != nil {
			return "", err
		}
		var got []string
		for _, m := range sheet.Lines {
			got = append(got, m.Amount.String())
		}
		return strings.Join(got, " "), nil
	}
	for _, c := range []struct {
		currency, column string
		amounts          []string
		want             string // what is read, or a part of the error
	}{
		{"TND", "amount", []string{"1.234", "-0.001", "12.500 TND"}, "1.234 -0.001 12.5"},
		{"TND", "amount", []string{"1,234", "1 234,5"}, "1.234 1234.5"},
		{"TND", "credit", []string{"1.250", "7.000"}, "1.25 7"},
		{"TND", "amount", []string{"1.250", "7"}, "could be 1.25 or 1250: write 1.2500 or 1250"},
		{"TND", "amount", []string{"1.2500", "7"}, "1.25 7"},
		{"TND", "amount", []string{"1.250", "7,000"}, "could be 1.25 or 1250"},
		{"TND", "amount", []string{"1.2345"}, "more than 3 decimals"},
		{"JPY", "amount", []string{"1200", "-3.00"}, "1200 -3"},
		{"JPY", "amount", []string{"1200.5"}, "more than 0 decimals"},
		{"EUR", "amount", []string{"1.250", "7.5"}, "could be 1.25 or 1250"},
		{"eur", "amount", []string{"1"}, `"eur": the code of a currency is three capital letters`},
	} {
		got, err := read(c.currency, c.column, c.amounts...)
		if err != nil {
			require.ErrorContains(t, err, c.want, "%v", c)
			continue
		}
		require.Equal(t, c.want, got, "%v", c)
	}
	lines, err := intake.ReadCAMT("bank.xml", strings.NewReader(strings.NewReplacer("EUR", "TND", "1200.00", "1200.001", "1100.01", "1100.011").Replace(camt)), &intake.StatementOptions{Currency: "TND"})
	require.NoError(t, err)
	require.Equal(t, "1200.001", lines[0].Amount.String())
	for _, currency := range []string{"EURO", "€"} {
		_, err = intake.ReadMoney("money.csv", strings.NewReader("date;montant\n2025-01-01;1\n"), &intake.MoneyOptions{Currency: currency})
		require.ErrorIs(t, err, intake.ErrHeader)
		_, err = intake.ReadCAMT("bank.xml", strings.NewReader(camt), &intake.StatementOptions{Currency: currency})
		require.ErrorIs(t, err, intake.ErrHeader)
	}
}
