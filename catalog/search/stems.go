package search

import "slices"

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

// A Stemmer reduces texts to what an index sees of them, and remembers the stem of every word that it has met: a catalogue has few different ones. The zero
// Stemmer is ready to use, by one goroutine at a time.
type Stemmer struct{ stems map[[2]string]string }

// Stems returns what a text is made of: the stems of its words, folded, each once, sorted, without the words that carry no meaning of
// their own. Texts in a language other than [French] and [English] are folded only.
func (s *Stemmer) Stems(text, language string) []string {
	if s.stems == nil {
		s.stems = make(map[[2]string]string)
	}
	var list []string
	words(text, func(word string) {
		key := [2]string{language, word}
		known, ok := s.stems[key]
		if !ok {
			if folded := fold(word); folded != "" && !stop(folded, language) {
				known = stem(word, language)
			}
			s.stems[key] = known
		}
		if known != "" {
			list = append(list, known)
		}
	})
	slices.Sort(list)
	return slices.Compact(list)
}
