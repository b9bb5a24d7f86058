package dividend_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func TestTwoRowsBalanceKindByKind(t *testing.T) {
	t.Parallel()
	m := newMatrix(t,
		flow("a", "b", "time", "10", true), flow("b", "a", "time", "4", true), flow("b", "a", "time", "99", false),
		flow("b", "a", "money", "50", true), flow("a", "b", "joy", "4", true), flow("a", "c", "time", "7", true),
	)
	got := m.Between("a", "b")
	require.Len(t, got, 3)
	require.Equal(t, []string{"time", "money", "joy"}, []string{got[0].Kind.ID, got[1].Kind.ID, got[2].Kind.ID})
	require.Equal(t, "6", got[0].Balance.String())
	require.Equal(t, "99", got[0].Received.Declared.Sum.String())
	require.Equal(t, "-50", got[1].Balance.String())
	require.True(t, got[2].Balance.IsZero())
	require.Equal(t, 4, got[2].Given.Confirmed.Levels.Median)
	for i, back := range m.Between("b", "a") {
		require.True(t, back.Balance.Equal(got[i].Balance.Neg()), "what one is owed the other owes")
	}
	require.Empty(t, m.Between("b", "c"))
}

func TestMergingPeriodsIsAddingTheirFlows(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		var both [2]*dividend.Matrix
		all := newMatrix(t)
		for i := range both {
			both[i] = newMatrix(t)
			for range r.IntN(6) {
				k := wealth.Kinds[r.IntN(len(wealth.Kinds))]
				f := dividend.Flow{
					From: fmt.Sprint("a", r.IntN(3)), To: fmt.Sprint("p", r.IntN(3)), Kind: k.ID, Unit: k.Unit,
					Quantity: decimal.New(1+r.Int64N(5), 0), Confirmed: r.IntN(2) == 0, Evidence: r.IntN(2),
				}
				require.NoError(t, both[i].Add(f))
				require.NoError(t, all.Add(f))
			}
		}
		second := fmt.Sprint(both[1].Rows(), both[1].Flows())
		require.NoError(t, both[0].Merge(both[1]))
		require.Equal(t, second, fmt.Sprint(both[1].Rows(), both[1].Flows()))
		require.Equal(t, all.Rows(), both[0].Rows())
		require.Equal(t, all.Flows(), both[0].Flows())
		for _, row := range all.Rows() {
			requireSameCells(t, all, both[0], row)
			for _, other := range all.Rows() {
				requireSameBalances(t, all, both[0], row, other)
			}
		}
	}
}

func requireSameBalances(t *testing.T, one, two *dividend.Matrix, a, b string) {
	t.Helper()
	require.True(t, slices.EqualFunc(one.Between(a, b), two.Between(a, b), func(x, y dividend.Reciprocity) bool {
		return x.Kind.ID == y.Kind.ID && x.Balance.Equal(y.Balance) &&
			sameTally(x.Given.Confirmed, y.Given.Confirmed) && sameTally(x.Received.Declared, y.Received.Declared)
	}), "%s and %s", a, b)
}

func TestMatricesOfDifferentKindsAreNotMerged(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	other, err := dividend.NewMatrix(dividend.Wealth{Kinds: wealth.Kinds[:1]})
	require.NoError(t, err)
	require.ErrorIs(t, m.Merge(other), dividend.ErrInput)
}

func TestMergingAMatrixWithItselfDoublesIt(t *testing.T) {
	t.Parallel()
	m := newMatrix(t, flow("a", "b", "time", "10", true), flow("a", "b", "joy", "4", true))
	require.NoError(t, m.Merge(m))
	c, err := m.Cell("a", "time")
	require.NoError(t, err)
	require.Equal(t, "20", c.Given.Confirmed.Sum.String())
	require.Equal(t, 4, m.Flows())
	require.Equal(t, "20", m.Between("a", "b")[0].Balance.String())
}

func TestRowsRollUpIntoTheirOrganisations(t *testing.T) {
	t.Parallel()
	m := newMatrix(t,
		flow("amina", "site", "time", "10", true), flow("bruno", "site", "time", "5", true),
		flow("amina", "bruno", "time", "1", true), flow("stranger", "site", "time", "8", true),
		flow("amina", "site", "joy", "5", true), flow("bruno", "site", "joy", "1", true),
	)
	groups := map[string]string{"amina": "coop", "bruno": "coop", "site": "web"}
	up := m.Rollup(func(row string) string { return groups[row] })
	require.Equal(t, []string{"coop", "web"}, up.Rows())
	coop, err := up.Cell("coop", "time")
	require.NoError(t, err)
	require.Equal(t, "16", coop.Given.Confirmed.Sum.String())
	require.Equal(t, "1", coop.Received.Confirmed.Sum.String())
	require.Equal(t, "15", up.Between("coop", "web")[0].Balance.String())
	joy, err := up.Cell("coop", "joy")
	require.NoError(t, err)
	require.Equal(t, 1, joy.Given.Confirmed.Levels.Lowest)
	require.Equal(t, 5, joy.Given.Confirmed.Levels.Highest)
	for k, c := range up.Totals() {
		if k.ID == "time" {
			require.Equal(t, "24", c.Given.Confirmed.Sum.String())
		}
	}
	before, err := m.Cell("amina", "joy")
	require.NoError(t, err)
	require.Equal(t, 1, before.Given.Confirmed.Flows, "the matrix that is rolled up does not change")
}
