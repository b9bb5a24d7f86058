package match_test

import (
	"fmt"

	"github.com/commonstocommons/codesocial/catalog/match"
	"github.com/commonstocommons/codesocial/catalog/search"
)

func offer(id, holder, title string, units int64, skills ...string) match.Side {
	return match.Side{
		Document: search.Document{ID: id, Title: []search.Text{{Language: search.French, Text: title}}},
		Holder:   holder, Units: units, Prices: []string{"quote"}, Skills: skills,
	}
}

func Example() {
	matcher, err := match.New([]match.Side{
		offer("urn:offer:1", "urn:org:atelier", "Menuiserie et pose d'escaliers", 10, "wood"),
		offer("urn:offer:2", "urn:org:paille", "Isolation en paille", 20, "straw"),
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	need := offer("urn:need:1", "urn:org:ecole", "Isoler une école en paille", 30, "straw")
	matches, err := matcher.Best(need, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range matches {
		fmt.Println(m.Offer)
		for _, p := range m.Parts {
			fmt.Printf("  %-8s %3d %% × %d\n", p.Criterion, p.Value*100/match.Whole, p.Weight)
		}
	}
	// Output:
	// urn:offer:2
	//   skills   100 % × 4
	//   text      74 % × 3
	//   capacity  66 % × 1
	//   price    100 % × 1
	//   fairness 100 % × 1
}

func ExampleAssign() {
	// Two needs of one unit each; the second is met by the first offer only.
	pairs, err := match.Assign([]int64{1, 1}, []int64{1, 1}, []match.Edge{
		{Need: 0, Offer: 0, Score: 900_000}, {Need: 0, Offer: 1, Score: 700_000}, {Need: 1, Offer: 0, Score: 800_000},
	})
	fmt.Println(pairs, err)
	// Output: [{0 1 1} {1 0 1}] <nil>
}
