package intake_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

// contributions reads a file that must be good.
func contributions(t *testing.T, text string, opts *intake.ContributionOptions) []intake.Contribution {
	t.Helper()
	sheet, err := intake.ReadContributions("hours.csv", strings.NewReader(text), opts)
	require.NoError(t, err)
	return sheet.Lines
}

// refusedContributions reads a file that must be refused, and returns the message.
func refusedContributions(t *testing.T, sentinel error, text string, opts *intake.ContributionOptions) string {
	t.Helper()
	sheet, err := intake.ReadContributions("hours.csv", strings.NewReader(text), opts)
	require.Nil(t, sheet)
	require.ErrorIs(t, err, sentinel)
	return err.Error()
}

func money(t *testing.T, text string) []intake.Money {
	t.Helper()
	sheet, err := intake.ReadMoney("money.csv", strings.NewReader(text), &intake.MoneyOptions{Currency: "EUR"})
	require.NoError(t, err)
	return sheet.Lines
}

func refusedMoney(t *testing.T, sentinel error, text string) string {
	t.Helper()
	sheet, err := intake.ReadMoney("money.csv", strings.NewReader(text), &intake.MoneyOptions{Currency: "EUR"})
	require.Nil(t, sheet)
	require.ErrorIs(t, err, sentinel)
	return err.Error()
}

// requireDecimal compares numbers, not their forms.
func requireDecimal(t *testing.T, want string, got decimal.Decimal) {
	t.Helper()
	require.Truef(t, decimal.RequireFromString(want).Equal(got), "want %s, got %s", want, got)
}

// kinds are those of a small charter.
var kinds = []intake.Kind{
	{ID: "time", Names: []string{"temps", "time"}, Unit: "h"},
	{ID: "knowledge", Names: []string{"savoir", "knowledge"}, Unit: "deliverable"},
	{ID: "material", Names: []string{"matériel"}, Unit: "kg"},
}
