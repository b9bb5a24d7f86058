package intake_test

import (
	"fmt"
	"strings"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func Example() {
	const export = `Date;Utilisateur;Projet;Durée;Description
04/03/2025;Zoé Martin;Jardin des écoles;1h30;Taille des haies
05/03/2025;Léo Roux;Jardin des écoles;2,25;Compost
`
	sheet, err := intake.ReadContributions("export.csv", strings.NewReader(export), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range sheet.Lines {
		fmt.Println(c.Date, c.Person, c.Quantity, c.Unit)
	}

	_, err = intake.ReadMoney("caisse.csv", strings.NewReader("Date;Sens;Montant HT\n30/02/2025;recette;1.234,56\n"), nil)
	fmt.Println(err)
	// Output:
	// 2025-03-04 Zoé Martin 1.5 h
	// 2025-03-05 Léo Roux 2.25 h
	// intake: bad lines
	//   caisse.csv:2: column 1 "Date": "30/02/2025": there is no day 30 in February 2025
	//   caisse.csv:2: column 3 "Montant HT": "1.234,56": separate thousands by a space, decimals by one point or comma: 1 234,56
}
