package search

import (
	"maps"
	"slices"
)

// Words returns the words of a text in their order, in lower case and without accents.
func Words(text string) []string {
	var list []string
	words(text, func(word string) {
		if folded := fold(word); folded != "" {
			list = append(list, folded)
		}
	})
	return list
}

// Stems returns what a text is made of, as an index sees it: the stems of its words, folded, each once, sorted, without the words that
// carry no meaning of their own. Texts in a language other than [French] and [English] are folded only.
func Stems(text, language string) []string {
	seen := make(map[string]struct{})
	words(text, func(word string) {
		if folded := fold(word); folded != "" && !stop(folded, language) {
			seen[stem(word, language)] = struct{}{}
		}
	})
	return slices.Sorted(maps.Keys(seen))
}
