package main

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed communities/*/rules.json communities/*/contributions.csv
var communityFiles embed.FS

// community is an organisation that published how it shares, with an example on invented people.
type community struct {
	name string
	// amount and costs are those of the example, in the currency of the rules.
	amount, costs string
}

// communities are all that come with the program. Their directories say where their rules were published.
var communities = []community{
	{"codeurs-en-liberte", "8000", "0"},
	{"coopaname", "3000", "400"},
	{"pavilion", "8000", "0"},
	{"pavilion-before-caps", "8000", "0"},
	{"disco", "4000", "0"},
}

func findCommunity(name string) (community, error) {
	i := slices.IndexFunc(communities, func(c community) bool { return c.name == name })
	if i < 0 {
		names := make([]string, len(communities))
		for i, c := range communities {
			names[i] = c.name
		}
		return community{}, fmt.Errorf("-community %q: is not one of %s", name, strings.Join(names, ", "))
	}
	return communities[i], nil
}

func (c community) rules() (*rules, error) {
	name := "communities/" + c.name + "/rules.json"
	text, err := communityFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parseRules(name, text)
}

// contributions returns the example.
func (c community) contributions() source {
	name := "communities/" + c.name + "/contributions.csv"
	text, _ := communityFiles.ReadFile(name) // is embedded
	return source{name, text}
}

// list says which communities there are.
func list(w io.Writer) error {
	for _, c := range communities {
		r, err := c.rules()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-22s %s\n%-22s %s\n%-22s go run ./examples/distribute -community %s\n\n", c.name, r.title.In("en"), "", r.source, "", c.name)
	}
	return nil
}
