//go:build ignore

// Generate writes contributions.csv and money.csv.
package main

import (
	"log"
	"os"

	"github.com/commonstocommons/codesocial/examples/quickstart/sample/internal/invent"
)

func main() {
	for name, content := range map[string][]byte{"contributions.csv": invent.Contributions(), "money.csv": invent.Money()} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
