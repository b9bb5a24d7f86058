package decision_test

import (
	"fmt"
	"log"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// Three members decide with two thirds of those who say yes or no.
func Example() {
	electorate, err := decision.NewElectorate([]decision.Elector{{"ana", 1}, {"ben", 1}, {"cleo", 1}, {"dan", 1}}, "dan")
	if err != nil {
		log.Fatal(err)
	}
	opens := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	poll := decision.Poll{
		Rule: decision.Rule{
			Threshold: decision.Fraction{Num: 2, Den: 3}, Base: decision.OfForAndAgainst,
			Quorum: decision.Fraction{Num: 1, Den: 2},
		},
		Electorate: electorate, Opens: opens, Closes: opens.AddDate(0, 0, 7),
	}
	result, err := poll.Count([]decision.Ballot{
		{"ana", opens.Add(time.Hour), decision.For},
		{"ben", opens.Add(2 * time.Hour), decision.Against},
		{"cleo", opens.Add(3 * time.Hour), decision.For},
	}, poll.Closes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Explain("en"))
	fmt.Println(result.Explain("fr"))
	// Output:
	// Adopted. 2 for, 1 against, 0 abstaining, 0 silent, of 3. Quorum: 1/2 of 3; present (ballots, abstentions included): 3, met. Threshold: at least 2/3 of the base (for and against); 2 of 3: 2 × 3 = 3 × 2, met. Stepped aside: dan.
	// Adopté. 2 pour, 1 contre, 0 abstentions, 0 sans réponse, sur 3. Quorum : 1/2 de 3 ; présents (voix exprimées, abstentions comprises) : 3, atteint. Seuil : au moins 2/3 de la base (pour et contre) ; 2 sur 3 : 2 × 3 = 3 × 2, atteint. Se sont retirés : dan.
}
