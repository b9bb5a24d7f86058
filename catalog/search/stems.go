package search

import (
	"slices"
	"strings"
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

// A Stemmer reduces texts to what an index sees of them: stems, folded, without the words that carry no meaning of their own. It gives each stem that it
// meets a number, and remembers it for every word: a catalogue has few different ones. Texts in a language other than [French] and [English] are folded
// only. The zero Stemmer is ready to use. While none calls Stems, any number of goroutines may call the other methods.
type Stemmer struct {
	known  map[string]*lexicon // by language
	stems  []string
	number map[string]int32
}

// Stems returns the numbers of the stems of a text, sorted, each once.
func (s *Stemmer) Stems(text, language string) []int32 {
	known := s.known[language]
	if known == nil {
		if s.known == nil {
			s.known, s.number = make(map[string]*lexicon), make(map[string]int32)
		}
		known = new(lexicon)
		s.known[strings.Clone(language)] = known
	}
	var list []int32
	scan(text, func(start, end int) {
		k, raw := pack(text, start, end), text[start:end]
		n := known.find(k, raw)
		if n == unknown {
			n = nothing
			if stem := stemOf(raw, language); stem != "" {
				var ok bool
				if n, ok = s.number[stem]; !ok {
					n = int32(len(s.stems))
					stem = strings.Clone(stem)
					s.stems, s.number[stem] = append(s.stems, stem), n
				}
			}
			known.add(k, raw, n)
		}
		if n != nothing {
			list = append(list, n)
		}
	})
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// Known returns what Stems would, but of the stems that have a number only, and how many there are with those that have none.
func (s *Stemmer) Known(text, language string) (numbers []int32, all int) {
	others := make(map[string]struct{})
	scan(text, func(start, end int) {
		raw := text[start:end]
		n := s.known[language].find(pack(text, start, end), raw)
		if n == unknown {
			stem := stemOf(raw, language)
			var ok bool
			if n, ok = s.number[stem]; !ok {
				n = nothing
				if stem != "" {
					others[stem] = struct{}{}
				}
			}
		}
		if n != nothing {
			numbers = append(numbers, n)
		}
	})
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	return numbers, len(numbers) + len(others)
}

// Len returns how many stems have a number: those from 0 on.
func (s *Stemmer) Len() int { return len(s.stems) }

// Stem returns the stem that has a number.
func (s *Stemmer) Stem(number int32) string { return s.stems[number] }

// stemOf returns the stem of a word as it stands in a text, empty for one that carries no meaning.
func stemOf(raw, language string) string {
	word := lower(raw)
	if folded := fold(word); folded == "" || stop(folded, language) {
		return ""
	}
	return stem(word, language)
}
