package intake_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func FuzzReadContributions(f *testing.F) {
	f.Add([]byte("personne;projet;type;quantité;unité;date;note;validé par\nZoé;Jardin;temps;1h30;h;31/12/2025;\"a\nb\";Léo\n"))
	f.Add([]byte("sep=,\nid,user,project,duration,start date\n1,A,P,01:30:00,2025-01-01T10:00:00Z\n"))
	f.Add([]byte("\ufeffperson\tproject\thours\tdate\nA\tP\t1,500\t1er mars 2025\nA\tP\t1 234,5\tMarch 3, 2025\n"))
	f.Add([]byte("person;project;hours;date\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheet, err := intake.ReadContributions("f.csv", bytes.NewReader(data), &intake.ContributionOptions{Kinds: kinds})
		requireReadable(t, err)
		if err != nil {
			require.Nil(t, sheet)
			return
		}
		seen := make(map[string]bool)
		for _, line := range sheet.Lines {
			require.True(t, line.Quantity.IsPositive())
			require.NotEmpty(t, line.Person)
			require.NotEmpty(t, line.Project)
			require.NotEmpty(t, line.Unit)
			require.NotEmpty(t, line.Date.String())
			require.False(t, seen[line.Key])
			seen[line.Key] = true
		}
		again, err := intake.ReadContributions("f.csv", bytes.NewReader(data), &intake.ContributionOptions{Kinds: kinds})
		require.NoError(t, err)
		require.Equal(t, sheet, again)
	})
}

func FuzzReadStatement(f *testing.F) {
	f.Add([]byte("Date;Date valeur;Libell\xe9;D\xe9bit;Cr\xe9dit;Devise\n31/12/2025;;VIR;;1 234,56 \x80;EUR\n"))
	f.Add([]byte("id,date,amount\n1,2025-01-01,-3.2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheet, err := intake.ReadStatement("f.csv", bytes.NewReader(data), nil)
		requireReadable(t, err)
		if err != nil {
			require.Nil(t, sheet)
			return
		}
		seen := make(map[string]bool)
		for _, line := range sheet.Lines {
			require.False(t, line.Amount.IsZero())
			require.False(t, seen[line.Key])
			seen[line.Key] = true
		}
	})
}

func FuzzReadMoney(f *testing.F) {
	f.Add([]byte("Date;Projet;Sens;Montant HT;Libellé;Pièce;Tiers;Apporteur\n31/12/2025;Jardin;recette;1 234,56 €;Solde;F1;Mairie;Léo\n"))
	f.Add([]byte("date,recettes,dépenses\n2025-01-01,1.50,\n2025-01-01,,€3\n"))
	f.Add([]byte("date,amount\n2025-01-01,-3.2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheet, err := intake.ReadMoney("f.csv", bytes.NewReader(data), &intake.MoneyOptions{Currency: "EUR"})
		requireReadable(t, err)
		if err != nil {
			require.Nil(t, sheet)
			return
		}
		for _, line := range sheet.Lines {
			require.True(t, line.Amount.IsPositive())
			require.True(t, line.Amount.Equal(line.Amount.Round(2)))
			require.Contains(t, []intake.Direction{intake.Receipt, intake.Expense}, line.Direction)
		}
	})
}

func FuzzSafeCell(f *testing.F) {
	f.Add("=1")
	f.Add("-1,5")
	f.Fuzz(func(t *testing.T, cell string) {
		safe := intake.SafeCell(cell)
		require.Contains(t, []string{cell, "'" + cell}, safe)
		require.Equal(t, safe, intake.SafeCell(safe), "once is enough")
		if safe != "" {
			require.NotContains(t, "=@\t\r\n", safe[:1])
		}
	})
}

// requireReadable checks that an error is one of this package, bounded, and harmless on a terminal.
func requireReadable(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var problems *intake.Error
	require.True(t, errors.As(err, &problems))
	require.NotEmpty(t, problems.Problems)
	require.LessOrEqual(t, len(problems.Problems), intake.MaxProblems)
	message := err.Error()
	require.True(t, utf8.ValidString(message))
	require.Equal(t, len(problems.Problems), strings.Count(strings.TrimSuffix(message, " more"), "\n  ")-min(problems.More, 1))
	require.NotContains(t, message, "\x1b")
}
