package ledger_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

var update = flag.Bool("update", false, "write the golden files of this package again")

// golden compares with a file in testdata.
func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// bridge is the world of a project in the middle of its life. All of it is invented.
func bridge(t testing.TB) *world {
	t.Helper()
	w := setupRules(t, `{"kind": "ledger.steering", "thresholds": ["0.8", "1"]}`)
	plan := ledger.Plan{
		ID: id(1), By: moulin, Project: pont, On: day("2025-01-05"), From: newYear, To: lastDay, Currency: "EUR", Income: dec("12000"), Budget: dec("5000"), Provision: dec("800"),
		Milestones: []ledger.Milestone{{Name: "Plans | drawn", Due: day("2025-03-31")}, {Name: "Bridge open", Due: day("2025-10-31")}},
	}
	require.NoError(t, w.Plan(t.Context(), plan))
	plan.ID, plan.On, plan.Budget = id(2), day("2025-04-15"), dec("5500")
	plan.Milestones = slices.Clone(plan.Milestones)
	plan.Milestones[0].Done = day("2025-04-10")
	require.NoError(t, w.Plan(t.Context(), plan))

	quote, paid, late := w.promise(ledger.Quote, "3000", "EUR"), w.promise(ledger.Invoice, "6000", "EUR"), w.promise(ledger.Invoice, "2000", "EUR")
	paid.Due, late.Due, quote.Due = day("2025-04-30"), day("2025-05-31"), day("2025-11-30")
	order := w.promise(ledger.Order, "2500", "EUR")
	order.Due = day("2025-09-30")
	require.NoError(t, w.Commit(t.Context(), quote, paid, late, order))
	receipt, part, expense := w.receipt("6000"), w.receipt("500"), w.expense("1500")
	receipt.Fulfils, part.Fulfils, expense.Fulfils = paid.ID, late.ID, order.ID
	receipt.On, part.On, expense.On = day("2025-04-28"), day("2025-06-10"), day("2025-06-01")
	require.NoError(t, w.Receive(t.Context(), receipt, part))
	require.NoError(t, w.Spend(t.Context(), expense, w.expense("2400.50")))

	for i, x := range []struct {
		party, hours, from, to, project string
	}{{ana, "120", "2025-06-01", "2025-07-31", pont}, {ana, "30", "2025-07-01", "2025-07-31", barque}, {bob, "40", "2025-05-01", "2025-06-15", pont}} {
		c := w.promise(ledger.Work, x.hours, "h")
		c.ID, c.Party, c.Wealth, c.Project, c.From, c.Due = id(10+i), x.party, "time", x.project, day(x.from), day(x.to)
		require.NoError(t, w.Commit(t.Context(), c))
	}
	require.NoError(t, w.Capacity(t.Context(), ledger.Capacity{ID: id(20), Party: ana, On: newYear, Wealth: "time", Month: dec("80")}))
	require.NoError(t, w.Capacity(t.Context(), ledger.Capacity{ID: id(21), Party: bob, On: newYear, Wealth: "time", Month: dec("70")}))
	done, said := w.contribution(bob, "25"), w.contribution(ana, "7.5")
	done.Fulfils, done.On, said.On = id(12), day("2025-06-10"), day("2025-06-20")
	w.give(t, done)
	require.NoError(t, w.Declare(t.Context(), said))

	for i, level := range []int{8, 9, 5, 7} {
		require.NoError(t, w.Find(t.Context(), ledger.Finding{ID: id(30 + i), By: moulin, Project: pont, Kind: ledger.Satisfaction, On: day("2025-06-15"), Level: level}))
	}
	require.NoError(t, w.Find(t.Context(),
		ledger.Finding{ID: id(40), By: moulin, Project: pont, Kind: ledger.Defect, On: day("2025-06-15"), Text: "a plank is loose"},
		ledger.Finding{ID: id(41), By: moulin, Project: pont, Kind: ledger.NonConformity, On: day("2025-06-16"), Text: "the rail is 2 cm too low"},
		ledger.Finding{ID: id(42), By: ana, Project: pont, Kind: ledger.Reviewed, On: day("2025-06-16"), Text: "all bolts looked at"}))
	require.NoError(t, w.Find(t.Context(), ledger.Finding{ID: id(43), By: moulin, Project: pont, Closes: id(40), On: day("2025-06-20")}))
	flood := ledger.Contingency{
		ID: id(50), By: moulin, Project: pont, Title: "A flood", On: day("2025-02-01"), Probability: dec("0.25"), Impact: dec("3000"), Currency: "EUR", Days: 30,
		Owner: ana, Status: ledger.Watched,
	}
	strike := flood
	strike.ID, strike.Title, strike.Probability, strike.Impact, strike.Days, strike.Owner = id(51), "Wood gets dearer", dec("0.5"), dec("900"), 0, bob
	require.NoError(t, w.Watch(t.Context(), flood))
	require.NoError(t, w.Watch(t.Context(), strike))
	strike.ID, strike.Of, strike.On, strike.Status, strike.Impact = id(52), id(51), day("2025-06-01"), ledger.Occurred, dec("650")
	require.NoError(t, w.Watch(t.Context(), strike))
	return w
}

var midsummer = ledger.At{On: day("2025-06-30")}

func (w *world) report(t testing.TB, at ledger.At) (r *ledger.Report) {
	t.Helper()
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var err error
		r, err = b.Report(pont, at)
		require.NoError(t, err)
	}))
	return r
}

func TestAReportShowsHowAProjectStands(t *testing.T) {
	t.Parallel()
	w := bridge(t)
	r := w.report(t, midsummer)
	for figure, want := range map[string]string{
		ledger.FigureIncome: "12000", ledger.FigureQuoted: "3000", ledger.FigureInvoiced: "8000", ledger.FigureReceived: "6500", ledger.FigureToCollect: "1500",
		ledger.FigureOverdue: "1500", ledger.FigureInitialBudget: "5000", ledger.FigureBudget: "5500", ledger.FigureSpent: "3900.5", ledger.FigureCommitted: "1000",
		ledger.FigureForecastCost: "5500", ledger.FigureForecastIncome: "11000", ledger.FigureForecastMargin: "5500", ledger.FigureBalance: "2599.5", ledger.FigureCoverage: "2.5995",
		ledger.FigurePlanned: "160", ledger.FigureDone: "25", ledger.FigureRemaining: "135", ledger.FigureLate: "15", ledger.FigureDeclared: "7.5", ledger.FigureValidated: "25",
		ledger.FigureDefects: "1", ledger.FigureNonConformities: "1", ledger.FigureOpenFindings: "1", ledger.FigureReviews: "1", ledger.FigureSatisfaction: "4",
		ledger.FigureExposure: "750", ledger.FigureDelay: "7.5", ledger.FigureProvision: "800", ledger.FigureConsumed: "650",
	} {
		require.Equal(t, want, r.Figure(figure, "").Value.String(), figure)
	}
	require.Equal(t, []int{4, 5, 7, 8}, []int{r.Quality.N, r.Quality.Lower, r.Quality.Median, r.Quality.Higher})
	require.Equal(t, 2, r.Versions)
	require.Empty(t, r.Late())
	var load []string
	for _, l := range r.Load {
		load = append(load, r.Names[l.Party]+" "+l.Month+" "+l.Here.String()+" "+l.Total.String()+" "+l.Capacity.String())
	}
	require.Equal(t, []string{"Ana 2025-06 59.02 59.02 80", "Ana 2025-07 60.98 90.98 80", "Bob 2025-05 26.96 26.96 70", "Bob 2025-06 13.04 13.04 70"}, load)
	var alerts []string
	for _, a := range r.Alerts {
		require.Equal(t, "extra-a", a.Clause.Clause)
		alerts = append(alerts, a.Figure+" "+a.Share.String()+" "+a.Threshold.String())
	}
	require.Equal(t, []string{"budget 0.891 0.8", "planned 1.1372 1", "consumed 0.8125 0.8"}, alerts)
}

func TestEveryFigureListsTheRecordsItComesFrom(t *testing.T) {
	t.Parallel()
	w := bridge(t)
	r := w.report(t, midsummer)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		for _, f := range r.Figures {
			ids, err := b.Sources(pont, midsummer, f.ID)
			require.NoError(t, err)
			if f.Value.IsZero() {
				continue
			}
			require.NotEmpty(t, ids, f.ID)
			if f.Records > 0 {
				require.Len(t, ids, f.Records, f.ID)
			}
			for _, source := range ids {
				require.NotEqual(t, uuid.Nil, source)
			}
		}
		_, err := b.Sources(pont, midsummer, "luck")
		require.ErrorIs(t, err, ledger.ErrUnknown)
		_, err = b.Report("urn:x:nobody", midsummer)
		require.ErrorIs(t, err, ledger.ErrUnknown)
		_, err = b.Report(pont, ledger.At{})
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}))
}

func TestAReportIsAPageInFrenchAndInEnglishAndAPicture(t *testing.T) {
	t.Parallel()
	w := bridge(t)
	r := w.report(t, midsummer)
	golden(t, "report-en.md", r.Markdown("en"))
	golden(t, "report-fr.md", r.Markdown("fr"))
	golden(t, "report-fr.svg", r.SVG("fr"))
	for decoder := xml.NewDecoder(strings.NewReader(r.SVG("en"))); ; {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	require.NoError(t, w.Read(func(b *ledger.Books) {
		reports, err := b.Portfolio(midsummer)
		require.NoError(t, err)
		require.Len(t, reports, 2)
		golden(t, "portfolio-fr.md", ledger.PortfolioMarkdown(reports, "fr"))
	}))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestAReportAsKnownThenNeverChanges(t *testing.T) {
	t.Parallel()
	w := bridge(t)
	then := midsummer
	then.Known = ledger.Token(w.journal.Size())
	before := w.report(t, then)
	require.Equal(t, before.Figures, w.report(t, midsummer).Figures)
	c := w.contribution(bob, "3")
	c.On = day("2025-06-11")
	w.give(t, c)
	late := w.receipt("100")
	late.On = day("2025-06-01")
	require.NoError(t, w.Receive(t.Context(), late))
	require.NoError(t, w.Correct(t.Context(), ledger.Correction{ID: id(600), Corrects: late.ID, On: day("2025-06-30"), Difference: &ledger.Quantity{Value: dec("-40"), Unit: "EUR"}, Reason: "typed wrong"}))
	require.NoError(t, w.Cancel(t.Context(), ledger.Cancellation{ID: id(601), By: moulin, Commitment: id(10), On: day("2025-06-30"), Reason: "she is ill"}))
	require.NoError(t, w.Find(t.Context(), ledger.Finding{ID: id(602), By: moulin, Project: pont, Closes: id(41), On: day("2025-06-30")}))
	require.Equal(t, before, w.report(t, then))
	require.NotEqual(t, before.Figures, w.report(t, midsummer).Figures)
}

func TestAReportAsKnownThenKeepsTheThresholdsOfThen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Plan(t.Context(), ledger.Plan{ID: id(1), By: moulin, Project: pont, On: newYear, From: newYear, To: lastDay, Currency: "EUR", Budget: dec("500")}))
	cost := w.expense("300")
	cost.On = day("2025-06-01")
	require.NoError(t, w.Spend(t.Context(), cost))
	then := midsummer
	then.Known = ledger.Token(w.journal.Size())
	before := w.report(t, then)
	require.Empty(t, before.Alerts, "60 % are below the threshold of 80 %")

	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	first, err := codesocial.ParseCharter(text)
	require.NoError(t, err)
	for from, to := range map[string]string{
		`"version": 1,`:               `"version": 2, "previous": "` + first.Hash() + `",`,
		`"inForceFrom": "2025-01-01"`: `"inForceFrom": "2025-02-01"`,
		`{"id": "economic-1"`:         `{"id": "economic-0", "text": {"en": "We look early."}, "rule": {"kind": "ledger.steering", "thresholds": ["0.5"]}}, {"id": "economic-1"`,
	} {
		require.Contains(t, string(text), from)
		text = []byte(strings.Replace(string(text), from, to, 1))
	}
	second, err := codesocial.ParseCharter(text)
	require.NoError(t, err)
	require.NoError(t, w.community.Propose(t.Context(), second))
	signature, err := codesocial.SignCharter(second, moulin, key(2))
	require.NoError(t, err)
	require.NoError(t, w.community.Adopt(t.Context(), codesocial.Adoption{Charter: second.Hash(), On: day("2025-01-20"), Signatures: []codesocial.CharterSignature{signature}}))
	require.Equal(t, before, w.report(t, then))
	now := w.report(t, midsummer)
	require.Len(t, now.Alerts, 1)
	require.Equal(t, "economic-0", now.Alerts[0].Clause.Clause)
}

func TestAReportAsOfADayLeavesOutWhatCameLater(t *testing.T) {
	t.Parallel()
	w := setup(t)
	invoice := w.promise(ledger.Invoice, "100", "EUR")
	work := w.promise(ledger.Work, "8", "h")
	work.Party, work.Wealth = ana, "time"
	require.NoError(t, w.Commit(t.Context(), invoice, work))
	paid, done := w.receipt("70"), w.contribution(ana, "5")
	paid.On, paid.Fulfils = day("2025-07-20"), invoice.ID
	done.On, done.Fulfils = day("2025-07-21"), work.ID
	require.NoError(t, w.Receive(t.Context(), paid))
	w.give(t, done)
	require.NoError(t, w.Cancel(t.Context(), ledger.Cancellation{By: moulin, Commitment: invoice.ID, On: day("2025-08-01"), Reason: "r"}))
	for on, want := range map[string][4]string{
		"2025-06-30": {"0", "100", "100", "8"}, "2025-07-20": {"70", "100", "30", "8"}, "2025-07-31": {"70", "100", "30", "3"}, "2025-08-01": {"70", "70", "0", "3"},
	} {
		r := w.report(t, ledger.At{On: day(on)})
		got := [4]string{}
		for i, f := range []string{ledger.FigureReceived, ledger.FigureInvoiced, ledger.FigureToCollect, ledger.FigureRemaining} {
			got[i] = r.Figure(f, "").Value.String()
		}
		require.Equal(t, want, got, on)
	}
	require.NoError(t, w.Read(func(b *ledger.Books) {
		_, ok := b.CommitmentAt(invoice.ID, ledger.At{On: newYear})
		require.False(t, ok)
		e, ok := b.CommitmentAt(invoice.ID, ledger.At{On: day("2025-07-19")})
		require.True(t, ok)
		require.Empty(t, e.Fulfilments)
		require.Equal(t, ledger.Outstanding, e.Status)
	}))
}

func TestPlansAndFindingsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := bridge(t)
	outside := w.contribution(ana, "1")
	outside.On = day("2026-01-01")
	size := w.journal.Size()
	for name, c := range map[string]struct{ err, want error }{
		"outside the project": {w.Declare(t.Context(), outside), ledger.ErrInvalid},
		"negative budget":     {w.Plan(t.Context(), ledger.Plan{By: moulin, Project: pont, On: newYear, From: newYear, To: lastDay, Currency: "EUR", Budget: dec("-1")}), ledger.ErrInvalid},
		"ends before":         {w.Plan(t.Context(), ledger.Plan{By: moulin, Project: pont, On: newYear, From: lastDay, To: newYear, Currency: "EUR"}), ledger.ErrInvalid},
		"other currency":      {w.Plan(t.Context(), ledger.Plan{By: moulin, Project: pont, On: newYear, From: newYear, To: lastDay, Currency: "USD"}), ledger.ErrUnit},
		"level":               {w.Find(t.Context(), ledger.Finding{By: moulin, Project: pont, Kind: ledger.Satisfaction, On: newYear, Level: 11}), ledger.ErrInvalid},
		"closed twice":        {w.Find(t.Context(), ledger.Finding{By: moulin, Project: pont, Closes: id(40), On: lastDay}), ledger.ErrState},
		"closes a review":     {w.Find(t.Context(), ledger.Finding{By: moulin, Project: pont, Closes: id(42), On: lastDay}), ledger.ErrUnknown},
		"by a stranger":       {w.Find(t.Context(), ledger.Finding{By: eve, Project: pont, Kind: ledger.Defect, On: newYear, Text: "?"}), codesocial.ErrNotMember},
		"probability":         {w.Watch(t.Context(), ledger.Contingency{By: moulin, Project: pont, Title: "x", On: newYear, Probability: dec("1.1"), Currency: "EUR", Owner: ana, Status: ledger.Watched}), ledger.ErrInvalid},
		"of nothing":          {w.Watch(t.Context(), ledger.Contingency{By: moulin, Project: pont, Of: id(7), Title: "x", On: newYear, Currency: "EUR", Owner: ana, Status: ledger.Watched}), ledger.ErrUnknown},
		"unknown wealth":      {w.Capacity(t.Context(), ledger.Capacity{Party: ana, On: newYear, Wealth: "gold", Month: dec("1")}), ledger.ErrUnknown},
	} {
		require.ErrorIs(t, c.err, c.want, name)
	}
	require.Equal(t, size, w.journal.Size())
	for _, thresholds := range [][]string{{}, {"0"}, {"1", "0.8"}, {"11"}, {"0.80001"}} {
		rule := ledger.SteeringRule{}
		for _, s := range thresholds {
			rule.Thresholds = append(rule.Thresholds, dec(s))
		}
		require.ErrorIs(t, rule.Validate(), ledger.ErrInvalid, thresholds)
	}
}
