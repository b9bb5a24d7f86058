package codesocial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func TestADecisionStandsWhenTheNamesOfItsPartiesAreErased(t *testing.T) {
	t.Parallel()
	rule := `{"kind":"codesocial.decision","matters":["codesocial.incubation"],"vote":{"threshold":"1/2","base":"cast"},
		"colleges":[{"id":"organisations","types":["organization","collective"],"share":3},{"id":"persons","types":["person"],"share":2}]}`
	w := assembly(t, rule)
	o := admissionOf(t, relais) // ana speaks for the project, and so stands aside
	o.Matter.Kind = "codesocial.incubation"
	o.Recusals = []codesocial.Recusal{{Party: ben, Reason: "Works there."}}
	id := w.decide(o)
	require.Equal(t, []string{relais, ana, ben}, w.decision(id).Opening.Aside)
	w.answer(id, jardin, "2025-03-12T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	before := w.decision(id)

	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		switch r.Kind {
		case codesocial.KindParty:
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""))
		case codesocial.KindDecision, codesocial.KindBallot, codesocial.KindClosing:
			require.Error(t, w.journal.Erase(t.Context(), r.Position, "asked for", ""), "later acts rest on it")
		}
	}
	again := openWorld(t, w.store)
	after := again.decision(id)
	require.Equal(t, before.Electorate, after.Electorate)
	require.Equal(t, before.Decided, after.Decided)
	require.NotContains(t, again.page(id, "fr"), "Jardin")
	require.Contains(t, again.page(id, "fr"), atelier)
}
