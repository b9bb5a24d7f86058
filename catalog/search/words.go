package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"golang.org/x/text/unicode/norm"
)

// The languages whose words are stemmed. Words of every other language are compared as they stand, folded.
const (
	French  = "fr"
	English = "en"
)

// MaxWordBytes is the longest word that is indexed; of a longer one, the beginning is.
const MaxWordBytes = 64

// words calls yield with every word of a text, in lower case, accents kept, in order: runs of letters, digits and the marks
// that belong to them. Of what French writes with an apostrophe ("l'atelier", "jusqu'ici") the part before it is a word of its own.
func words(text string, yield func(word string)) {
	scan(text, func(start, end int) { yield(lower(text[start:end])) })
}

// scan calls yield with where every word of a text stands.
func scan(text string, yield func(start, end int)) {
	start := -1 // where the word begins
	for i := 0; i < len(text); {
		size, part := 1, plain[text[i]]
		if text[i] >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			part = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && start >= 0
		}
		if part && start < 0 {
			start = i
		} else if !part && start >= 0 {
			yield(start, i)
			start = -1
		}
		i += size
	}
	if start >= 0 {
		yield(start, len(text))
	}
}

// plain says which bytes are letters without accents and digits.
var plain = func() (set [256]bool) {
	for _, r := range "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		set[r] = true
	}
	return set
}()

// lower returns a word in lower case, composed (NFC) and cut to [MaxWordBytes].
func lower(word string) string {
	word = norm.NFC.String(strings.ToLower(word))
	if len(word) <= MaxWordBytes {
		return word
	}
	cut := MaxWordBytes
	for !utf8.RuneStart(word[cut]) {
		cut--
	}
	return word[:cut]
}

// ligatures are letters that people write as two where their keyboard lacks them.
var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss")

// fold returns a word in lower case without its accents: "œuvrées" is "oeuvrees".
func fold(word string) string {
	ascii := true
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return word
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(ligatures.Replace(word)) {
		if !unicode.IsMark(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// stem returns the folded stem of a word, which is in lower case with its accents, in a language.
func stem(word, language string) string {
	switch language {
	case French:
		return fold(french.Stem(word, true))
	case English:
		return fold(english.Stem(word, true))
	default:
		return fold(word)
	}
}

// stop reports whether a folded word is too common in a language to find anything by.
func stop(folded, language string) bool {
	switch language {
	case French:
		_, ok := stopFrench[folded]
		return ok
	case English:
		_, ok := stopEnglish[folded]
		return ok
	default:
		return false
	}
}

// The words that carry no meaning of their own: articles, pronouns, prepositions, conjunctions, auxiliary verbs.
var (
	stopFrench = set(`a ai as au aux avec c ce ces cet cette d dans de des du elle elles en est et eu il ils j je jusqu l la le les leur
		leurs lorsqu m ma mais me mes mon n ne nos notre nous on ont ou par pas pour qu que quel quelle quelles quels qui s sa sans se
		ses si son sont sur t ta te tes ton tu un une vos votre vous y`)
	stopEnglish = set(`a an and are as at be been but by for from had has have he her his how i if in into is it its me my no nor not of on
		or our she so such that the their them then there these they this those to was we were what when which who will with you your`)
)

func set(words string) map[string]struct{} {
	s := make(map[string]struct{})
	for _, w := range strings.Fields(words) {
		s[w] = struct{}{}
	}
	return s
}
