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
			"Proposé par L'Atelier du Pont, le 10 mars 2025 à 10:00.", "4 membres, 4 voix", "- Le Jardin partagé n'y prend pas part, dit qui propose : Cléo y est salariée.",
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

func TestThePageOfAnElectionShowsCollegesBallotsAndTheLot(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.decision","matters":["codesocial.role"],"election":{"method":"approval","tie":"lot"},"sealedHours":24,
		"colleges":[{"id":"organisations","types":["organization","collective"],"share":1},{"id":"persons","types":["person"],"share":1}]}`)
	o := admissionOf(t, "treasurer")
	o.Matter.Kind, o.Options, o.Until, o.Seed = codesocial.RoleMatter, []string{ana, ben}, day(t, "2026-03-14"), "Tirage de la loterie nationale du 16 mars 2025."
	id := w.decide(o)
	for voter, option := range map[string]string{ana: ana, ben: ben} {
		b := codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Ranking: [][]string{{option}}}
		sealed, err := codesocial.SealBallot(b, nonce)
		require.NoError(t, err)
		require.NoError(t, w.Vote(t.Context(), sealed, keys[voter]))
	}
	for voter, option := range map[string]string{ana: ana, ben: ben} {
		b := codesocial.Ballot{Decision: id, Voter: voter, At: o.Closes, Ranking: [][]string{{option}}, Nonce: nonce}
		require.NoError(t, w.Vote(t.Context(), b, keys[voter]))
	}
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes, Seed: "07 12 23"}))
	chosen := map[string]string{ana: "Ana", ben: "Ben"}[w.decision(id).Decided.Chosen]
	page := w.page(id, "fr")
	for _, sentence := range []string{
		"**Adopté le 15 mars 2025.** Choix : **" + chosen + "**.", "Objet : un rôle (`codesocial.role`), désigné par `treasurer`.", "Entre : Ana, Ben.",
		"- collège organisations : 3 membres de 2 voix", "- collège persons : 2 membres de 3 voix", "par un choix entre plusieurs options",
		"Bulletins scellés jusqu'à la clôture, ouverts dans les 24 heures qui suivent ; non ouverts : 0.", "Décompte : Ana 3, Ben 3.", "le sort a décidé",
		"Graine du tirage au sort : `07 12 23`. Tirage de la loterie nationale du 16 mars 2025.", "jusqu'au 14 mars 2026.",
	} {
		require.Contains(t, page, sentence)
	}
	require.Contains(t, w.page(id, "en"), "by a choice among options")
}
