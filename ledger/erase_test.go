package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

func TestErasingANameChangesNoFigure(t *testing.T) {
	t.Parallel()
	w := year(t, 3)
	before := image(t, w)
	var names, kept int
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		switch {
		case r.Kind == codesocial.KindParty && r.Author == ana:
			names++
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for by the person", ""))
		case r.Kind == ledger.KindContribution && kept < 3:
			kept++
			require.ErrorIs(t, w.journal.Erase(t.Context(), r.Position, "x", ""), journal.ErrKept)
		}
	}
	require.Equal(t, 1, names)
	require.Equal(t, 3, kept)
	require.Equal(t, before, image(t, w))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
	require.Equal(t, before, image(t, open(t, w.store)))
}
