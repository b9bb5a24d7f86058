package search

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStemsAreWhatAnIndexSees(t *testing.T) {
	t.Parallel()
	var s Stemmer
	require.Equal(t, []string{"ateli", "menuiser", "menuisi"}, s.Stems("L'atelier des menuisiers, la MENUISERIE", French))
	require.Equal(t, []string{"join", "workshop"}, s.Stems("The joined workshops", English))
	require.Equal(t, []string{"jauznas", "zemes"}, s.Stems("Jaužņas zemes", "lv"))
	for range 2 { // what is remembered is the same
		require.Empty(t, s.Stems("de la et des", French))
		require.Equal(t, []string{"desert"}, s.Stems("des déserts", French))
		require.Equal(t, []string{"des", "desert"}, s.Stems("des desert", English))
	}
}

func TestWordsAreFoldedAndInOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"l", "oeuvre", "achevee", "2025"}, Words("L’Œuvre achevée (2025)"))
	require.Empty(t, Words(" – ! "))
}
