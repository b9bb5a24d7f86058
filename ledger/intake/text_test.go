package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestSafeCellsAreNotFormulas(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                "",
		"Zoé":             "Zoé",
		"-12,50":          "-12,50",
		"+3":              "+3",
		"-":               "'-",
		"=1+1":            "'=1+1",
		"+33 6 12":        "'+33 6 12",
		"-2+3":            "'-2+3",
		"-1,2,3":          "'-1,2,3",
		"@SUM(A1)":        "'@SUM(A1)",
		"\t=1":            "'\t=1",
		"\r=1":            "'\r=1",
		"  =1+1":          "'  =1+1",
		"＝1+1":            "'＝1+1",
		"\u200b=1":        "'\u200b=1",
		"a=b":             "a=b",
		"'=1":             "'=1",
		"-1\n":            "'-1\n",
		"--1":             "'--1",
		"https://example": "https://example",
	} {
		require.Equal(t, want, intake.SafeCell(cell), "%q", cell)
	}
}

func TestFoldedNamesAreEqualWhenPeopleWouldSaySo(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Zoé Martin", "ZOE  MARTIN"},
		{"L’Atelier", "l'atelier"},
		{"Œuvre", "oeuvre"},
		{"Jean-Pierre", "jean pierre"},
		{"Straße", "STRASSE"},
	} {
		require.Equal(t, intake.Fold(pair[0]), intake.Fold(pair[1]))
	}
	require.NotEqual(t, intake.Fold("Zoé"), intake.Fold("Zoa"))
	require.Equal(t, "€", intake.Fold("€"))
}
