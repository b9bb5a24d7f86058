package sample_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/quickstart/sample"
	"github.com/commonstocommons/codesocial/examples/quickstart/sample/internal/invent"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestTheFilesAreWhatTheGeneratorWrites(t *testing.T) {
	t.Parallel()
	require.True(t, bytes.Equal(invent.Contributions(), sample.Contributions), "contributions.csv: run go generate")
	require.True(t, bytes.Equal(invent.Money(), sample.Money), "money.csv: run go generate")
}

func TestTheCharterLeavesNothingToObjectTo(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	require.Empty(t, y.charter.Lint(ledger.Checks()...))
	require.NoError(t, y.charter.CheckRules(ledger.Checks()...))
	require.NoError(t, y.weights.ValidateWith(y.wealth))
	require.Equal(t, []string{
		codesocial.AdmissionKind, codesocial.AmendmentKind, ledger.WaterfallKind, ledger.WealthKind, ledger.WeightsKind, ledger.ValidationKind,
	}, y.charter.Kinds())

	require.Equal(t, codesocial.CodeSocial8, y.charter.Document().Profile)
	require.Len(t, y.charter.Founders(), 4)
	require.Equal(t, 3, y.charter.Threshold())
	clauses := 0
	for _, chapter := range y.charter.Chapters() {
		clauses += len(chapter.Clauses)
	}
	require.GreaterOrEqual(t, clauses, 20)
	require.LessOrEqual(t, clauses, 35)
}

func TestEveryTitleAndTextIsInFrenchAndEnglish(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	both := []string{"en", "fr"}
	require.Equal(t, both, y.charter.Title().Languages())
	profile, ok := codesocial.LookupProfile(codesocial.CodeSocial8)
	require.True(t, ok)
	for i, chapter := range y.charter.Chapters() {
		require.Equal(t, profile.Chapters[i].Title, chapter.Title, chapter.ID)
		for _, clause := range chapter.Clauses {
			require.Equal(t, both, clause.Title.Languages(), clause.ID)
			require.Equal(t, both, clause.Text.Languages(), clause.ID)
			require.NotEqual(t, clause.Text["fr"], clause.Text["en"], clause.ID)
		}
	}
	for _, kind := range y.wealth.Kinds {
		require.Equal(t, both, slices.Sorted(maps.Keys(kind.Name)), kind.ID)
	}
	for _, line := range y.waterfall.Lines {
		require.Equal(t, both, slices.Sorted(maps.Keys(line.Name)), line.ID)
	}
}

func TestEveryLineOfTheWaterfallNamesAClauseOfItsOwn(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	seen := make(map[string]bool)
	for _, line := range y.waterfall.Lines {
		_, ok := y.charter.Clause(line.Clause)
		require.True(t, ok, line.ID)
		require.False(t, seen[line.Clause], line.Clause)
		seen[line.Clause] = true
	}
}

func TestTheYearHasTheSizeOfASmallCommons(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	people, organizations, projects, kinds := set{}, set{}, set{}, map[string]int{}
	unvalidated := 0
	for _, c := range y.contributions.Lines {
		people.add(c.Person)
		organizations.add(c.Organization)
		projects.add(c.Project)
		kinds[c.Kind]++
		if c.ValidatedBy == "" {
			unvalidated++
		}
	}
	require.Len(t, people, 15)
	require.Len(t, projects, 8)
	founders := set{}
	for _, f := range y.charter.Founders() {
		founders.add(f.Name)
	}
	require.Equal(t, founders, organizations)
	within(t, 950, len(y.contributions.Lines), 1050)
	within(t, 110, len(y.money.Lines), 130)
	within(t, 15, unvalidated, 35)
	require.Len(t, kinds, len(y.wealth.Kinds))
	for kind, n := range kinds {
		require.GreaterOrEqual(t, n, 24, kind)
	}
	require.Greater(t, kinds["time"], len(y.contributions.Lines)/2)
}

func TestEveryColumnIsRecognised(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	for _, layout := range []intake.Layout{y.contributions.Layout, y.money.Layout} {
		require.Equal(t, ';', layout.Separator)
		for _, column := range layout.Columns {
			require.NotEmpty(t, column.Field, column.Header)
		}
	}
}

func TestEverythingHappensInTheYearOfTheCharter(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	for _, c := range y.contributions.Lines {
		require.Equal(t, y.charter.InForceFrom().Year, c.Date.Year, "line %d", c.Line)
	}
	for _, m := range y.money.Lines {
		require.Equal(t, y.charter.InForceFrom().Year, m.Date.Year, "line %d", m.Line)
	}
}

func TestSomebodyElseOfTheSameProjectValidates(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	works := set{}
	for _, c := range y.contributions.Lines {
		works.add(c.Person + " " + c.Project)
	}
	for _, c := range y.contributions.Lines {
		if c.ValidatedBy != "" {
			require.NotEqual(t, c.Person, c.ValidatedBy, "line %d", c.Line)
			require.Contains(t, works, c.ValidatedBy+" "+c.Project, "line %d", c.Line)
		}
	}
}

func TestNobodyWorksMoreThanADayADay(t *testing.T) {
	t.Parallel()
	type day struct {
		person string
		date   codesocial.Date
	}
	hours := make(map[day]decimal.Decimal)
	quarter := decimal.RequireFromString("0.25")
	for _, c := range readYear(t).contributions.Lines {
		if c.Unit == intake.Hours {
			require.True(t, c.Quantity.Mod(quarter).IsZero(), "line %d: %s", c.Line, c.Quantity)
			d := day{c.Person, c.Date}
			hours[d] = hours[d].Add(c.Quantity)
			require.True(t, hours[d].LessThanOrEqual(decimal.NewFromInt(8)), "line %d", c.Line)
		}
	}
}

func TestLevelsOfSatisfactionAreThoseOfTheCharter(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	kind, ok := y.wealth.Kind("satisfaction")
	require.True(t, ok)
	for _, c := range y.contributions.Lines {
		if c.Kind == kind.ID {
			require.True(t, c.Quantity.IsInteger() && c.Quantity.IsPositive(), "line %d", c.Line)
			within(t, 1, int(c.Quantity.IntPart()), kind.Levels)
		}
	}
}

func TestInvoicesHaveReferencesOfTheirOwnAndIntroducersAreKnown(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	known := set{}
	for _, f := range y.charter.Founders() {
		known.add(f.Name)
	}
	for _, c := range y.contributions.Lines {
		known.add(c.Person)
	}
	references, introducers := set{}, set{}
	for _, m := range y.money.Lines {
		require.NotContains(t, references, m.Reference, "line %d", m.Line)
		references.add(m.Reference)
		if m.Introducer != "" {
			require.Contains(t, known, m.Introducer, "line %d", m.Line)
			introducers.add(m.Introducer)
		}
	}
	require.GreaterOrEqual(t, len(introducers), 3)
}

// Every figure that quickstart shows comes from here, so that the year shows every case: money on every line of the waterfall, a deficit, an
// order that was introduced late.
func TestTheMoneyShowsEveryCase(t *testing.T) {
	t.Parallel()
	y := readYear(t)
	received, placed := decimal.Zero, make(map[string]decimal.Decimal)
	var deficits []string
	for _, project := range y.projects() {
		s := y.statement(t, project)
		received = received.Add(s.Received)
		if s.Deficit.IsPositive() {
			deficits = append(deficits, project)
		}
		for _, l := range s.Lines {
			placed[l.Line.ID] = placed[l.Line.ID].Add(l.Placed)
		}
		require.True(t, s.CarriedOver.IsZero(), project)
	}
	require.Equal(t, []string{"Serre pédagogique"}, deficits)
	for _, line := range y.waterfall.Lines {
		require.True(t, placed[line.ID].IsPositive(), line.ID)
	}
	require.True(t, received.GreaterThan(decimal.NewFromInt(150_000)), received)
	require.True(t, received.LessThan(decimal.NewFromInt(220_000)), received)

	support, late := decimal.Zero, 0
	for _, m := range y.money.Lines {
		if m.Project == "" {
			require.Equal(t, intake.Expense, m.Direction, "line %d", m.Line)
			support = support.Add(m.Amount)
		}
		if m.Project == "Halle de Mirepierre" && m.Introducer != "" {
			require.Equal(t, 12, int(m.Date.Month))
			late++
		}
	}
	require.Equal(t, 1, late)
	require.True(t, support.LessThan(placed["support"]), "the support functions cost %s and get %s", support, placed["support"])
}

type set map[string]bool

func (s set) add(name string) { s[name] = true }

func within(t *testing.T, least, n, most int) {
	t.Helper()
	require.GreaterOrEqual(t, n, least)
	require.LessOrEqual(t, n, most)
}

// year is the sample as quickstart reads it.
type year struct {
	charter       *codesocial.Charter
	wealth        dividend.Wealth
	weights       dividend.Weights
	waterfall     dividend.Waterfall
	contributions *intake.Sheet[intake.Contribution]
	money         *intake.Sheet[intake.Money]
}

func readYear(t *testing.T) *year {
	t.Helper()
	y := new(year)
	var err error
	y.charter, err = codesocial.ParseCharter(sample.Charter)
	require.NoError(t, err)
	for kind, into := range map[string]any{ledger.WealthKind: &y.wealth, ledger.WeightsKind: &y.weights, ledger.WaterfallKind: &y.waterfall} {
		_, err := y.charter.Rule(kind, into)
		require.NoError(t, err)
	}
	options := new(intake.ContributionOptions)
	for _, k := range y.wealth.Kinds {
		options.Kinds = append(options.Kinds, intake.Kind{ID: k.ID, Names: []string{k.Name["fr"], k.Name["en"]}, Unit: k.Unit})
	}
	y.contributions, err = intake.ReadContributions("contributions.csv", bytes.NewReader(sample.Contributions), options)
	require.NoError(t, err)
	y.money, err = intake.ReadMoney("money.csv", bytes.NewReader(sample.Money), &intake.MoneyOptions{Currency: y.charter.Currency()})
	require.NoError(t, err)
	return y
}

func (y *year) projects() []string {
	projects := set{}
	for _, c := range y.contributions.Lines {
		projects.add(c.Project)
	}
	return slices.Sorted(maps.Keys(projects))
}

// statement shares what a project earned in the year.
func (y *year) statement(t *testing.T, project string) *dividend.Statement {
	t.Helper()
	in := dividend.Input{Scope: project, Currency: y.charter.Currency(), Decimals: 2}
	points, introduced := make(map[string]decimal.Decimal), make(map[string]decimal.Decimal)
	for _, m := range y.money.Lines {
		switch {
		case m.Project != project:
		case m.Direction == intake.Expense:
			in.DirectCosts = in.DirectCosts.Add(m.Amount)
		default:
			in.Received = in.Received.Add(m.Amount)
			if m.Introducer != "" {
				introduced[m.Introducer] = introduced[m.Introducer].Add(m.Amount)
			}
		}
	}
	for _, c := range y.contributions.Lines {
		if c.Project == project && c.ValidatedBy != "" {
			points[c.Person] = points[c.Person].Add(c.Quantity.Mul(y.weights.Points(c.Kind, c.Date.String())))
		}
	}
	in.Groups = map[string][]dividend.Weight{ledger.Contributors: weightsOf(points), ledger.Introducers: weightsOf(introduced)}
	s, err := y.waterfall.Run(in)
	require.NoError(t, err)
	return s
}

func weightsOf(values map[string]decimal.Decimal) []dividend.Weight {
	var weights []dividend.Weight
	for _, id := range slices.Sorted(maps.Keys(values)) {
		weights = append(weights, dividend.Weight{ID: id, Value: values[id]})
	}
	return weights
}
