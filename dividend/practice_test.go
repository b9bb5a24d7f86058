package dividend_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// Rules that communities have published, as waterfalls, with the amounts that their own texts give. The figures are
// theirs; what their texts leave open is said beside each.
func TestRulesFoundInPractice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines           string
		received, costs string
		groups          map[string]string
		parties, funds  string
		left            string
	}{
		// Of turnover: 5 % to running costs, 5 % to the pot for commons, 90 % to the worker.
		"Codeurs en Liberté": {
			lines: `
				{"id": "running", "of": "base", "rate": "0.05", "to": {"fund": "running-costs"}},
				{"id": "pot", "of": "base", "rate": "0.05", "to": {"fund": "cookie-pot"}},
				{"id": "work", "of": "base", "rate": "0.90", "to": {"group": "workers"}}`,
			received: "8000", costs: "0", groups: map[string]string{"workers": "worker=1"},
			parties: "worker=7200.00", funds: "cookie-pot=400.00 running-costs=400.00", left: "0",
		},
		// 30 € a month and 13.5 % of gross margin (turnover minus production costs) for shared support, the rest to
		// the entrepreneur. Exemptions are a matter of who is in the run.
		"Coopaname": {
			lines: `
				{"id": "fixed", "fixed": "30.00", "to": {"fund": "support"}},
				{"id": "contribution", "of": "base", "rate": "0.135", "to": {"fund": "support"}},
				{"id": "work", "of": "remaining", "rate": "1", "to": {"group": "workers"}}`,
			received: "3000", costs: "400", groups: map[string]string{"workers": "entrepreneur=1"},
			parties: "entrepreneur=2219.00", funds: "support=381.00", left: "0",
		},
		// With R the remaining revenue, M full and Q quarter members: full members get 4R/(4M+Q), quarter members
		// R/(4M+Q), at most 2000 and 500 a month.
		"Pavilion, below its caps": {
			lines:    `{"id": "members", "of": "base", "rate": "1", "to": {"group": "members"}, "share": {"perPoint": "500"}}`,
			received: "2600", costs: "0", groups: map[string]string{"members": "full1=4 full2=4 quarter=1"},
			parties: "full1=1155.56 full2=1155.55 quarter=288.89", funds: "", left: "0",
		},
		"Pavilion, at its caps": {
			lines:    `{"id": "members", "of": "base", "rate": "1", "to": {"group": "members"}, "share": {"perPoint": "500"}}`,
			received: "8000", costs: "0", groups: map[string]string{"members": "full=4 q1=1 q2=1 q3=1 q4=1"},
			parties: "full=2000.00 q1=500.00 q2=500.00 q3=500.00 q4=500.00", funds: "", left: "4000",
		},
		// Three streams of value: 75 % of what is available pays livelihood work, the rest goes to pro bono (love)
		// work; care work is recorded and has no line. A credit is worth 1 €, so nobody gets more than the credits.
		"DisCO": {
			lines: `
				{"id": "livelihood", "of": "base", "rate": "0.75", "to": {"group": "livelihood"}, "share": {"perPoint": "1"}},
				{"id": "love", "of": "remaining", "rate": "1", "to": {"group": "love"}, "share": {"perPoint": "1"}}`,
			received: "4000", costs: "0", groups: map[string]string{"livelihood": "ana=3000 ben=1000", "love": "ana=300 cleo=900"},
			parties: "ana=2500.00 ben=750.00 cleo=750.00", funds: "", left: "0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := waterfall(t, c.lines)
			require.NoError(t, w.Validate())
			s, err := w.Run(input(c.received, c.costs, c.groups))
			require.NoError(t, err)
			require.Equal(t, c.parties, list(s.Parties(), 2))
			require.Equal(t, c.funds, list(s.Funds(), 2))
			require.Equal(t, c.left, s.CarriedOver.String())
			for _, p := range s.Parties() {
				x, err := s.Explain(p.ID)
				require.NoError(t, err)
				require.NotEmpty(t, x.Text(dividend.French))
			}
		})
	}
}
