package search

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStemsAreWhatAnIndexSees(t *testing.T) {
	t.Parallel()
	var s Stemmer
	for _, c := range []struct {
		language, text string
		stems          []string
	}{
		{French, "L'atelier des menuisiers, la MENUISERIE", []string{"ateli", "menuiser", "menuisi"}},
		{English, "The joined workshops", []string{"join", "workshop"}},
		{"lv", "Jaužņas zemes", []string{"jauznas", "zemes"}},
		{French, "de la et des", nil},
		{French, "des déserts", []string{"desert"}},
		{English, "des desert, a desert", []string{"des", "desert"}},
		{French, "anticonstitutionnellement, l'anticonstitutionnellement", []string{"anticonstitutionnel"}},
	} {
		met, all := s.Known(c.text+" jamais", c.language) // before it has met them, and after
		require.Subset(t, c.stems, texts(&s, met), c.text)
		require.Equal(t, len(c.stems)+1, all, c.text)
		numbers := s.Stems(c.text, c.language)
		require.ElementsMatch(t, c.stems, texts(&s, numbers), c.text)
		require.Equal(t, numbers, s.Stems(c.text, c.language), "what is remembered is the same")
		met, all = s.Known(c.text+" jamais", c.language)
		require.ElementsMatch(t, c.stems, texts(&s, met), c.text)
		require.Equal(t, len(c.stems)+1, all, c.text)
	}
}

func texts(s *Stemmer, numbers []int32) (list []string) {
	for _, n := range numbers {
		list = append(list, s.Stem(n))
	}
	return list
}

func TestWordsAreFoldedAndInOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"l", "oeuvre", "achevee", "2025"}, Words("L’Œuvre achevée (2025)"))
	require.Empty(t, Words(" – ! "))
}
