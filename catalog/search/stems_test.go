package search

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStemsAreWhatAnIndexSees(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"ateli", "menuiser", "menuisi"}, Stems("L'atelier des menuisiers, la MENUISERIE", French))
	require.Equal(t, []string{"join", "workshop"}, Stems("The joined workshops", English))
	require.Equal(t, []string{"jauznas", "zemes"}, Stems("Jaužņas zemes", "lv"))
	require.Empty(t, Stems("de la et des", French))
}

func TestWordsAreFoldedAndInOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"l", "oeuvre", "achevee", "2025"}, Words("L’Œuvre achevée (2025)"))
	require.Empty(t, Words(" – ! "))
}
