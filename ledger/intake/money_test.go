package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestATreasurersSheetIsRead(t *testing.T) {
	t.Parallel()
	lines := money(t, "Date;Date d'encaissement;Projet;Sens;Montant HT;Montant TTC;Libellé;N° pièce;Tiers;Apporteur d’affaires\n"+
		"01/01/2025;14/02/2025;Jardin;Recette;1 234,50 €;1 481,40 €;Solde;F-2025-01;Mairie;Léo Roux\n"+
		"01/01/2025;15/02/2025;;dépense;€12;14;Hébergement;;Hébergeur;\n")
	require.Len(t, lines, 2)
	requireDecimal(t, "1234.5", lines[0].Amount)
	require.Equal(t, intake.Money{
		Line: 2, Key: lines[0].Key, Date: codesocial.Date{Year: 2025, Month: 2, Day: 14}, Project: "Jardin", Direction: intake.Receipt, Amount: lines[0].Amount,
		Label: "Solde", Reference: "F-2025-01", Counterparty: "Mairie", Introducer: "Léo Roux",
	}, lines[0])
	require.Equal(t, intake.Expense, lines[1].Direction)
	require.Empty(t, lines[1].Project)
	requireDecimal(t, "12", lines[1].Amount)
}

func TestAmountsMayStandInThreeForms(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"with a direction":               "date,type,amount\n2025-01-01,in,10.50\n2025-01-02,out,3\n",
		"in two columns":                 "date,nature,recettes,dépenses\n2025-01-01,vente,10.50,\n2025-01-02,achat,,3\n",
		"in two columns with a type too": "date,type,money in,money out\n2025-01-01,vente,10.50,\n2025-01-02,achat,,3\n",
		"with a sign":                    "date,montant\n2025-01-01,10.50\n2025-01-02,−3\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := money(t, text)
			require.Len(t, lines, 2)
			require.Equal(t, []intake.Direction{intake.Receipt, intake.Expense}, []intake.Direction{lines[0].Direction, lines[1].Direction})
			requireDecimal(t, "10.5", lines[0].Amount)
			requireDecimal(t, "3", lines[1].Amount)
		})
	}
}

func TestAmountsThatCouldMeanTwoThingsAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"credit and debit":              {"date;sens;montant\n2025-01-01;crédit;1\n", "means the opposite on a bank statement"},
		"an unknown direction":          {"date;sens;montant\n2025-01-01;vente;1\n", "must be receipt or expense"},
		"no direction":                  {"date;sens;montant\n2025-01-01;;1\n", "the direction is missing"},
		"a negative receipt":            {"date;sens;montant\n2025-01-01;recette;-1\n", "a refund is a line in the other direction"},
		"zero":                          {"date;montant\n2025-01-01;0,00\n", "must not be 0"},
		"three decimals":                {"date;montant\n2025-01-01;1,234\n", "more than 2 decimals"},
		"three decimals, the last 0":    {"date;montant\n2025-01-01;1.500\n", "could be 1.5 or 1500: write 1.50 or 1500"},
		"another currency":              {"date;montant\n2025-01-01;12 $\n", "is not a number"},
		"an exponent":                   {"date;montant\n2025-01-01;1e9\n", "is not a number"},
		"no amount":                     {"date;montant\n2025-01-01;\n", "the amount is missing"},
		"neither receipt nor expense":   {"date;recettes;dépenses\n2025-01-01;;\n", "the amount is missing"},
		"both receipt and expense":      {"date;recettes;dépenses\n2025-01-01;1;1\n", "write two lines"},
		"an expense with an introducer": {"date;sens;montant;apporteur\n2025-01-01;dépense;1;Léo\n", "an expense has no introducer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, refusedMoney(t, intake.ErrLine, test.text), test.want)
		})
	}
}

func TestAmountColumnsThatDoNotFitTogetherAreRefused(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"date;montant TTC;projet":   "no column for the amount excluding VAT",
		"date;débit;crédit":         "no column for the amount excluding VAT",
		"date;recettes":             "one for expenses",
		"date;recettes;dépenses;ht": "keep one form",
	} {
		require.Contains(t, refusedMoney(t, intake.ErrHeader, header+"\n"), want, header)
	}
}

func TestWithoutACurrencyNoneIsRead(t *testing.T) {
	t.Parallel()
	_, err := intake.ReadMoney("money.csv", strings.NewReader("date;montant\n2025-01-01;12 €\n"), nil)
	require.ErrorIs(t, err, intake.ErrLine)
}
