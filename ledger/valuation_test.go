package ledger_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

const valued = `{"id": "economic-9", "text": {"en": "For our own view, an hour is worth 20 EUR in the first half of 2025 and 25 EUR after it."}, "rule": {"kind": "dividend.valuation", "unit": "EUR",
	"rates": [{"kind": "time", "value": "20", "to": "2025-06-30"}, {"kind": "time", "value": "25", "from": "2025-07-01"}]}}, `

func TestTheValueOfWhatWasGivenIsAtTheRateOfItsDay(t *testing.T) {
	t.Parallel()
	const before = `{"id": "economic-2"`
	w := setupWith(t, before, valued+before)
	early, late, joy := w.contribution(ana, "2"), w.contribution(ana, "3.5"), w.contribution(ana, "4")
	early.On, late.On = day("2025-06-30"), day("2025-07-01")
	joy.Kind, joy.Quantity.Unit = "joy", "level"
	w.give(t, early)
	w.give(t, late)
	w.give(t, joy)
	require.NoError(t, w.Declare(t.Context(), w.contribution(ana, "100"))) // not confirmed: of no value yet
	require.NoError(t, w.Read(func(b *ledger.Books) {
		v, clause, err := b.Value(ana, wholeYear, lastDay)
		require.NoError(t, err)
		require.Equal(t, "economic-9", clause.Clause)
		require.Equal(t, "127.5", v.Given.String()) // 2 × 20 + 3.5 × 25
		require.Len(t, v.Lines, 2)
		require.Equal(t, []string{"joy"}, v.Unvalued)
		v, _, err = b.Value(pont, wholeYear, lastDay)
		require.NoError(t, err)
		require.Equal(t, "127.5", v.Received.String())
	}))
	require.NoError(t, setup(t).Read(func(b *ledger.Books) {
		_, _, err := b.Value(ana, wholeYear, lastDay)
		require.ErrorIs(t, err, codesocial.ErrNoRule)
	}))
	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	for from, to := range map[string]string{`"time", "value": "20"`: `"care", "value": "20"`, `"to": "2025-06-30"`: `"to": "2025-07-02"`} {
		charter, err := codesocial.ParseCharter([]byte(strings.Replace(strings.Replace(string(text), before, valued+before, 1), from, to, 1)))
		require.NoError(t, err)
		var rule *codesocial.RuleError
		require.ErrorAs(t, w.community.Propose(t.Context(), charter), &rule, to)
	}
}
