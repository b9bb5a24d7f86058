package intake_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

// BenchmarkReadContributions reads a sheet of 10 000 lines.
func BenchmarkReadContributions(b *testing.B) {
	const rows = 10_000
	var sheet bytes.Buffer
	sheet.WriteString("Date;Utilisateur;Structure;Projet;Type;Durée;Description;Validé par\n")
	for i := range rows {
		fmt.Fprintf(&sheet, "%02d/%02d/2025;Zoé Martin %d;L'Atelier du Pont;Jardins d'école;temps;%d,25;Séance %d;Léo Roux\n", i%28+1, i%12+1, i%50, i%8, i)
	}
	b.SetBytes(int64(sheet.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := intake.ReadContributions("hours.csv", bytes.NewReader(sheet.Bytes()), &intake.ContributionOptions{Kinds: kinds}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
