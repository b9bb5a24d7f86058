package search_test

import (
	"fmt"

	"github.com/commonstocommons/codesocial/catalog/search"
)

func Example() {
	index := search.New()
	for _, d := range []search.Document{
		{
			ID: "https://la-trame.example/offer/1", Title: []search.Text{{search.French, "Menuiserie sur mesure"}},
			Body: []search.Text{{search.French, "Escaliers et bibliothèques en chêne local"}}, Facets: []search.Facet{{"price", "quote"}},
		},
		{
			ID: "https://la-trame.example/offer/2", Title: []search.Text{{search.English, "Joinery and stairs"}},
			Facets: []search.Facet{{"price", "fixed"}},
		},
	} {
		if err := index.Put(d); err != nil {
			fmt.Println(err)
			return
		}
	}
	result, err := index.Find(search.Query{Text: "escalier chene", Count: []string{"price"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hit := range result.Hits {
		fmt.Println(hit.ID)
		for _, why := range hit.Why {
			fmt.Printf("  %s: %s %q in the %s\n", why.Word, why.How, why.Found, why.In)
		}
	}
	for _, count := range result.Counts {
		fmt.Println(count.Name, count.Value, count.Documents)
	}
	// Output:
	// https://la-trame.example/offer/1
	//   escalier: stem "escalier" in the body
	//   chene: stem "chene" in the body
	// price quote 1
}
