package codesocial_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

func (w *world) page(id uuid.UUID, lang string) string {
	w.t.Helper()
	var page string
	require.NoError(w.t, w.Read(func(s *codesocial.State) {
		var err error
		page, err = s.DecisionPage(id, lang)
		require.NoError(w.t, err)
	}))
	require.NotContains(w.t, page, "%!")
	return page
}

func TestThePageOfADecisionSaysWhatByWhomHowAndUntilWhen(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	o.Text = codesocial.Text{"fr": "Cléo travaille avec nous depuis un an.", "en": "Cléo has worked with us for a year."}
	o.Recusals = []codesocial.Recusal{{Party: jardin, Reason: "Cléo y est salariée."}}
	id := w.decide(o)
	require.Contains(t, w.page(id, "fr"), "**En cours.**")
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	w.answer(id, fournil, "2025-03-12T10:00:00Z", decision.Against)
	w.answer(id, ben, "2025-03-13T10:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	for lang, sentences := range map[string][]string{
		"fr": {
			"# Accueillons-nous un nouveau membre ?", "**Adopté le 15 mars 2025.**", "> Cléo travaille avec nous depuis un an.", "(Cléo)",
			"Proposé par L'Atelier du Pont, le 10 mars 2025 à 10:00.", "4 membres, 4 voix", "- Le Jardin partagé n'y prend pas part : Cléo y est salariée.",
			"Selon la clause decide-1 de la version 1", "> Nous décidons ensemble.", "du 12 mars 2025 à 10:00 au 15 mars 2025 à 10:00",
			"2 pour, 1 contre, 0 abstentions, 1 sans réponse, sur 4.", "2 × 3 = 3 × 2, atteint", "A effet depuis le 15 mars 2025", "À réexaminer d'ici le 15 mars 2026.",
			id.String(), w.decision(id).Opening.Electorate,
		},
		"en": {
			"# Shall we welcome a new member?", "**Adopted on 15 March 2025.**", "Put forward by L'Atelier du Pont", "4 members with 4 voices",
			"Under clause decide-1 of version 1", "2 for, 1 against, 0 abstaining, 1 silent, of 4.", "To be looked at again by 15 March 2026.",
		},
	} {
		page := w.page(id, lang)
		for _, sentence := range sentences {
			require.Contains(t, page, sentence)
		}
	}
	require.Equal(t, w.page(id, "en"), w.page(id, "pt"))
	_, err := new(codesocial.State).DecisionPage(id, "fr")
	require.ErrorIs(t, err, codesocial.ErrUnknown)
}

func TestWordsOfMembersAreNoMarkupOnThePage(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	o := admissionOf(t, cleo)
	o.Title = codesocial.Text{"en": "<script>alert(1)</script> **bold** [x](javascript:y)"}
	o.Text = codesocial.Text{"en": "# Adopted\n\n<b>unanimously</b>"}
	page := w.page(w.decide(o), "en")
	require.NotContains(t, page, "<script>")
	require.NotContains(t, page, "**bold**")
	require.NotContains(t, page, "[x](")
	require.NotContains(t, page, "<b>")
	for _, line := range strings.Split(page, "\n") {
		require.NotEqual(t, "# Adopted", line)
	}
}
