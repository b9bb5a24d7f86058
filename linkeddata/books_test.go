package linkeddata

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func recordID(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)) }

// A world is a community with its books.
type world struct {
	t         testing.TB
	community *codesocial.Community
	books     *ledger.Ledger
	next      int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	community := newCommunity(t)
	books, err := ledger.Open(t.Context(), community)
	require.NoError(t, err)
	return &world{t: t, community: community, books: books}
}

func (w *world) id() uuid.UUID {
	w.next++
	return recordID(w.next)
}

// give declares a contribution to the project of the fixture.
func (w *world) give(party, kind, quantity, unit, on string) ledger.Contribution {
	w.t.Helper()
	c := ledger.Contribution{
		ID: w.id(), DeclaredBy: party, Party: party, Project: relais, Kind: kind, On: day(w.t, on),
		Quantity: ledger.Quantity{Value: dec(quantity), Unit: unit},
	}
	require.NoError(w.t, w.books.Declare(w.t.Context(), c))
	return c
}

func (w *world) validate(by, on string, contributions ...ledger.Contribution) ledger.Validation {
	w.t.Helper()
	v := ledger.Validation{ID: w.id(), By: by, On: day(w.t, on)}
	for _, c := range contributions {
		v.Contributions = append(v.Contributions, c.ID)
	}
	require.NoError(w.t, w.books.Validate(w.t.Context(), v))
	return v
}

func (w *world) receive(amount, on, introducer string) ledger.Receipt {
	w.t.Helper()
	r := ledger.Receipt{
		ID: w.id(), Project: relais, Amount: dec(amount), Currency: "EUR", On: day(w.t, on), Introducer: introducer,
		Payer: "Mairie de Saint-Ouen", Reference: "F-2025-001", Note: "payé par Zoé Petit",
	}
	require.NoError(w.t, w.books.Receive(w.t.Context(), r))
	return r
}

func (w *world) spend(amount, on, fund string) ledger.Expense {
	w.t.Helper()
	x := ledger.Expense{
		ID: w.id(), Project: relais, Amount: dec(amount), Currency: "EUR", On: day(w.t, on), Payee: "Imprimerie Noël", Reference: "A-7",
	}
	if fund != "" {
		x.Project, x.Fund = "", fund
	}
	require.NoError(w.t, w.books.Spend(w.t.Context(), x))
	return x
}

func (w *world) distribute(from, to string) *ledger.Distribution {
	w.t.Helper()
	d, err := w.books.Distribute(w.t.Context(), ledger.Run{Project: relais, From: day(w.t, from), To: day(w.t, to)})
	require.NoError(w.t, err)
	return d
}

// export returns the graph of the whole world.
func (w *world) export(options *Options) *Graph {
	w.t.Helper()
	var g *Graph
	var err error
	require.NoError(w.t, w.books.Read(func(b *ledger.Books) { g, err = Export(w.community.State(), b, options) }))
	require.NoError(w.t, err)
	return g
}

// aYear is the reference case: 10 000.00 received, 2 000.00 of direct costs, weights of 60, 30 and 10. What
// else happens in the year uses everything that can be exported.
type aYear struct {
	*world
	anas, bens, cleos, knowledge, material, hardship, declared ledger.Contribution
	validation                                                 ledger.Validation
	receipt, introduced                                        ledger.Receipt
	expense, fundExpense                                       ledger.Expense
	distribution, deficit                                      *ledger.Distribution
}

func newYear(t testing.TB) *aYear {
	t.Helper()
	y := &aYear{world: newWorld(t)}
	y.anas = y.give(ana, "time", "44", "h", "2025-03-04")
	y.knowledge = y.give(ana, "knowledge", "2", "livrable", "2025-03-05")
	y.bens = y.give(ben, "time", "30", "h", "2025-03-06")
	y.cleos = y.give(cleo, "time", "10", "h", "2025-03-30")
	y.material = y.give(atelier, "material", "12.5", "kg", "2025-04-01")
	y.hardship = y.give(cleo, "hardship", "4", "niveau", "2025-04-02")
	y.declared = y.give(ben, "time", "5", "h", "2025-08-01")
	y.validation = y.validate(jardin, "2025-05-02", y.anas, y.knowledge, y.bens, y.cleos, y.material)
	y.validate(ana, "2025-05-03", y.hardship)
	y.receipt = y.receive("6000.00", "2025-05-04", "")
	y.introduced = y.receive("4000.00", "2025-06-04", ben)
	y.expense = y.spend("2000.00", "2025-06-05", "")
	y.distribution = y.distribute("2025-01-01", "2025-06-30")
	y.fundExpense = y.spend("150.50", "2025-09-01", "support")
	y.spend("10.00", "2025-09-02", "")
	y.deficit = y.distribute("2025-07-01", "2025-12-31")
	return y
}

func (y *aYear) clause(id string) Value {
	ref, err := firstVersion(y.t).Ref(id)
	require.NoError(y.t, err)
	return Ref(ClauseIRI(ref))
}

// requireMeasure checks the quantity that a node has under a term.
func requireMeasure(t testing.TB, g *Graph, id, term, value, unit string) {
	t.Helper()
	n, ok := g.Node(id)
	require.True(t, ok, "nothing is said of %s", id)
	for _, p := range n.Properties {
		if p.Term == term {
			quantity, _ := p.Value.IRI()
			requireProperty(t, g, quantity, "vf:hasNumericalValue", Literal(value))
			requireProperty(t, g, quantity, "vf:hasUnit", Ref(Fragment(charter, "unit", unit)))
			return
		}
	}
	require.Fail(t, "no such property", "%s %s", id, term)
}

func TestAYearIsTheSameForOtherProcessors(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	for _, options := range []*Options{nil, {Persons: true, Notes: true}, {Base: "https://la-trame.example/records/"}} {
		g := y.export(options)
		requireSameForOthers(t, g)
		requireNoLooseEnds(t, g)
	}
	requireSameForJSONLDJS(t, y.export(&Options{Persons: true, Notes: true}))
}

func TestAYearIsWrittenAsBefore(t *testing.T) {
	t.Parallel()
	g := newYear(t).export(&Options{Persons: true, Notes: true})
	for file, write := range map[string]func(*bytes.Buffer) error{
		"year.jsonld": func(b *bytes.Buffer) error { return WriteJSONLD(b, g) },
		"year.nq":     func(b *bytes.Buffer) error { return WriteNQuads(b, g) },
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		path := filepath.Join("testdata", file)
		if *update {
			require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		requireSameLines(t, linesOfText(string(want)), linesOfText(b.String()))
	}
}

func TestTheVocabularyHasNoTermThatNothingUses(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(&Options{Persons: true, Notes: true})
	evidence := NewExporter(g, &Options{Notes: true})
	require.NoError(t, evidence.Distribution(limited(t, *y.distribution), nil))
	for i, text := range []string{"https://la-trame.example/minutes/7", "compte rendu, page 3"} {
		c := ledger.Entry{Contribution: y.anas}
		c.ID, c.Evidence, c.Note = recordID(500+i), text, "une note"
		require.NoError(t, evidence.Contribution(c, firstVersion(t)))
	}
	exportEntries(t, g, y.community)
	require.NoError(t, NewExporter(g, nil).Flow(allActions(t), nil, firstVersion(t)))
	exportLife(t, g, nil)
	used := map[string]bool{}
	for _, q := range append(g.Quads(), newPromises(t).export(nil).Quads()...) {
		used[q.Predicate], used[q.Object.IRI], used[q.Object.Literal] = true, true, true
	}
	for unit := range units { // individuals whose IRI stands in a literal
		used[expand(units[unit])] = true
	}
	for _, term := range Vocabulary() {
		require.True(t, used[term.IRI()], "%s is used nowhere", term.Name)
	}
}

func TestAContributionSaysWhoGaveWhatToWhomAndWhen(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	iri := y.anas.ID.URN()
	requireProperty(t, g, iri, "vf:provider", Ref(ana))
	requireProperty(t, g, iri, "vf:receiver", Ref(relais))
	requireProperty(t, g, iri, "vf:action", Ref("https://w3id.org/valueflows/ont/vf#work"))
	requireProperty(t, g, iri, "vf:hasPointInTime", Literal("2025-03-04T00:00:00+01:00"))
	requireProperty(t, g, iri, "dct:date", Literal("2025-03-04"))
	requireProperty(t, g, iri, "cs:validated", Literal("true"))
	requireMeasure(t, g, iri, "vf:effortQuantity", "44", "h")
	requireProperty(t, g, Fragment(charter, "unit", "h"), "vf:omUnitIdentifier", Literal("http://www.ontology-of-units-of-measure.org/resource/om-2/hour"))
	kind := Fragment(VersionIRI(charter, 1), "wealth", "time")
	requireProperty(t, g, iri, "vf:resourceConformsTo", Ref(kind))
	requireProperty(t, g, kind, "dct:title", Text("en", "time"), Text("fr", "temps"))
	requireProperty(t, g, kind, "cs:restsOn", y.clause("economic-2"))
	requireProperty(t, g, kind, "vf:defaultUnitOfEffort", Ref(Fragment(charter, "unit", "h")))

	requireProperty(t, g, y.cleos.ID.URN(), "vf:hasPointInTime", Literal("2025-03-30T00:00:00+01:00"))
	requireProperty(t, g, y.declared.ID.URN(), "vf:hasPointInTime", Literal("2025-08-01T00:00:00+02:00"))
	requireProperty(t, g, y.declared.ID.URN(), "cs:validated", Literal("false"))
	requireProperty(t, g, y.declared.ID.URN(), "vf:resourceConformsTo", Ref(Fragment(VersionIRI(charter, 2), "wealth", "time")))

	requireProperty(t, g, y.material.ID.URN(), "vf:action", Ref("https://w3id.org/valueflows/ont/vf#transfer"))
	requireMeasure(t, g, y.material.ID.URN(), "vf:resourceQuantity", "12.5", "kg")
	requireProperty(t, g, y.knowledge.ID.URN(), "vf:action", Ref("https://w3id.org/valueflows/ont/vf#deliverService"))
	requireMeasure(t, g, y.knowledge.ID.URN(), "vf:resourceQuantity", "2", "livrable")
}

func TestAValidationSaysWhoConfirmedAndUnderWhichClause(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	iri := Fragment(y.bens.ID.URN(), "validation", digest(jardin))
	requireProperty(t, g, iri, "prov:wasAssociatedWith", Ref(jardin))
	requireProperty(t, g, iri, "prov:used", Ref(y.bens.ID.URN()))
	requireProperty(t, g, iri, "dct:date", Literal("2025-05-02"))
	requireProperty(t, g, iri, "cs:restsOn", y.clause("economic-1"))
	requireSameForOthers(t, g)
}

func TestMoneyIsATransferInACurrency(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	eur := Fragment(charter, "currency", "EUR")
	project := Fragment(charter, "account", "EUR", "project", digest(relais))
	iri := y.introduced.ID.URN()
	requireProperty(t, g, iri, "vf:action", Ref("https://w3id.org/valueflows/ont/vf#transfer"))
	requireProperty(t, g, iri, "vf:receiver", Ref(relais))
	requireProperty(t, g, iri, "vf:provider")
	requireProperty(t, g, iri, "cs:introducer", Ref(ben))
	requireProperty(t, g, iri, "vf:resourceConformsTo", Ref(eur))
	requireProperty(t, g, iri, "vf:toResourceInventoriedAs", Ref(project))
	requireMeasure(t, g, iri, "vf:resourceQuantity", "4000", "one")
	requireProperty(t, g, eur, "vf:mediumOfExchange", Literal("true"))
	requireProperty(t, g, project, "vf:primaryAccountable", Ref(relais))

	requireProperty(t, g, y.expense.ID.URN(), "vf:provider", Ref(relais))
	requireProperty(t, g, y.expense.ID.URN(), "vf:resourceInventoriedAs", Ref(project))
	fund := Fragment(charter, "account", "EUR", "fund", "support")
	requireProperty(t, g, y.fundExpense.ID.URN(), "vf:provider", Ref(CommunityIRI(charter)))
	requireProperty(t, g, y.fundExpense.ID.URN(), "vf:resourceInventoriedAs", Ref(fund))
	requireMeasure(t, g, y.fundExpense.ID.URN(), "vf:resourceQuantity", "150.5", "one")
	requireProperty(t, g, fund, "dct:identifier", Literal("support"))
	requireMeasure(t, g, fund, "vf:accountingQuantity", "649.5", "one")
	requireMeasure(t, g, Fragment(charter, "account", "EUR", "cash"), "vf:accountingQuantity", "7839.5", "one")
}

func TestCashIsWhatAllOtherAccountsHaveTogether(t *testing.T) {
	t.Parallel()
	g := newYear(t).export(nil)
	cash := Fragment(charter, "account", "EUR", "cash", "balance")
	sum, others := decimal.Zero, 0
	for _, id := range g.IDs() {
		if n, _ := g.Node(id); strings.HasSuffix(id, ".balance") && id != cash {
			require.Equal(t, "vf:hasNumericalValue", n.Properties[0].Term)
			sum, others = sum.Add(dec(n.Properties[0].Value.String())), others+1
		}
	}
	require.Equal(t, 7, others, "a project, three funds, three parties")
	requireProperty(t, g, cash, "vf:hasNumericalValue", Decimal(sum))
}

func TestFreeTextIsExportedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	var closed, open strings.Builder
	require.NoError(t, WriteNQuads(&closed, y.export(&Options{Persons: true})))
	require.NoError(t, WriteNQuads(&open, y.export(&Options{Notes: true})))
	for _, told := range []string{"Mairie de Saint-Ouen", "F-2025-001", "Zoé Petit", "Imprimerie Noël", "A-7"} {
		require.NotContains(t, closed.String(), told)
		require.Contains(t, open.String(), told)
	}
	g := y.export(&Options{Notes: true})
	payer := Fragment(y.receipt.ID.URN(), "payer")
	requireProperty(t, g, y.receipt.ID.URN(), "vf:provider", Ref(payer))
	requireProperty(t, g, payer, "vf:name", Literal("Mairie de Saint-Ouen"))
}

func TestRecordsAreNamedUnderTheBaseThatIsAskedFor(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(&Options{Base: "https://la-trame.example/records/"})
	requireProperty(t, g, "https://la-trame.example/records/"+y.anas.ID.String(), "vf:provider", Ref(ana))
	_, ok := g.Node(y.anas.ID.URN())
	require.False(t, ok)
	require.NoError(t, y.books.Read(func(b *ledger.Books) {
		_, err := Export(y.community.State(), b, &Options{Base: "records/"})
		require.ErrorIs(t, err, ErrIRI)
	}))
}

func TestADistributionShowsTheReferenceCaseWithItsRules(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	d := y.distribution.ID.URN()
	for term, want := range map[string]string{
		"cs:received": "10000", "cs:directCosts": "2000", "cs:base": "8000", "cs:reserved": "2000", "cs:distributed": "6000",
		"cs:carriedOver": "0", "cs:deficit": "0", "schema:startDate": "2025-01-01", "schema:endDate": "2025-06-30",
	} {
		requireProperty(t, g, d, term, Literal(want))
	}
	requireProperty(t, g, d, "cs:project", Ref(relais))
	requireProperty(t, g, d, "cs:restsOn", y.clause("economic-4"))
	var rules []Value
	for _, clause := range []string{"economic-2", "economic-3", "economic-4"} {
		iri, _ := y.clause(clause).IRI()
		rules = append(rules, Ref(iri+".rule"))
	}
	requireProperty(t, g, d, "cs:allocationRule", rules...)
	version := VersionIRI(charter, 1)
	requireProperty(t, g, version, "cs:hash", Literal(firstVersion(t).Hash()))

	for party, want := range map[string]string{ana: "3360", ben: "2080", cleo: "560"} { // ben: 1680 and 400 as introducer
		claim := Fragment(d, "claim", digest(party))
		requireProperty(t, g, claim, "vf:provider", Ref(relais))
		requireProperty(t, g, claim, "vf:receiver", Ref(party))
		requireProperty(t, g, claim, "prov:wasGeneratedBy", Ref(d))
		requireProperty(t, g, claim, "cs:allocationRule", rules[2])
		requireMeasure(t, g, claim, "vf:resourceQuantity", want, "one")
	}
	line := Fragment(d, "line", "dividend")
	requireProperty(t, g, line, "cs:basis", Literal("5600"))
	requireProperty(t, g, line, "cs:totalWeight", Literal("100"))
	requireProperty(t, g, line, "cs:restsOn", y.clause("economic-4"))
	share := Fragment(line, "share", digest(ana))
	requireProperty(t, g, share, "cs:amount", Literal("3360"))
	requireProperty(t, g, share, "cs:weight", Literal("60"))
	requireProperty(t, g, Fragment(share, "term", "knowledge"), "cs:points", Literal("8"))
	requireProperty(t, g, Fragment(share, "term", "knowledge"), "cs:weight", Literal("16"))
	requireMeasure(t, g, Fragment(share, "term", "knowledge"), "cs:quantity", "2", "livrable")
	support := Fragment(d, "line", "support")
	requireProperty(t, g, support, "cs:rate", Literal("0.1"))
	requireProperty(t, g, support, "cs:rateOf", Literal("base"))
	requireProperty(t, g, Fragment(support, "share", digest("support")), "cs:recipient", Ref(Fragment(charter, "account", "EUR", "fund", "support")))
}

func TestPostingsOfADistributionBalance(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	sum := decimal.Zero
	for i := range y.distribution.Postings {
		iri := Fragment(y.distribution.ID.URN(), "posting", ordinal(i))
		n, ok := g.Node(iri)
		require.True(t, ok)
		require.Equal(t, "cs:amount", n.Properties[1].Term)
		sum = sum.Add(dec(n.Properties[1].Value.String()))
	}
	require.Len(t, y.distribution.Postings, 7)
	require.True(t, sum.IsZero(), sum)
}

func TestAPeriodWithoutGainMakesNoClaim(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	g := y.export(nil)
	d := y.deficit.ID.URN()
	requireProperty(t, g, d, "cs:base", Literal("-10"))
	requireProperty(t, g, d, "cs:deficit", Literal("10"))
	for _, id := range g.IDs() {
		require.False(t, strings.HasPrefix(id, d+"#claim"), id)
	}
}

func TestAClaimNamesTheEventsThatItRestsOn(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	claim := func(g *Graph, party string) []Value {
		n, ok := g.Node(Fragment(y.distribution.ID.URN(), "claim", digest(party)))
		require.True(t, ok)
		var events []Value
		for _, p := range n.Properties {
			if p.Term == "vf:triggeredBy" {
				events = append(events, p.Value)
			}
		}
		return events
	}
	g := y.export(nil)
	require.ElementsMatch(t, refs(y.anas.ID.URN(), y.knowledge.ID.URN()), claim(g, ana))
	require.ElementsMatch(t, refs(y.bens.ID.URN(), y.introduced.ID.URN()), claim(g, ben))
	require.ElementsMatch(t, refs(y.cleos.ID.URN()), claim(g, cleo))

	// What is validated after the money was shared did not count: the sum does not match any more.
	late := y.give(ana, "time", "1", "h", "2025-03-07")
	y.validate(jardin, "2025-07-01", late)
	g = y.export(nil)
	require.ElementsMatch(t, refs(y.knowledge.ID.URN()), claim(g, ana))

	alone := new(Graph)
	require.NoError(t, NewExporter(alone, nil).Distribution(*y.distribution, nil))
	require.Empty(t, claim(alone, ana))
	requireSameForOthers(t, alone)
}

func TestACellKeepsUnitsAndDeclarationsApart(t *testing.T) {
	t.Parallel()
	g := newYear(t).export(nil)
	matrix := Fragment(VersionIRI(charter, 1), "matrix")
	cell := func(row, kind string) string { return Fragment(matrix, "cell", digest(row), kind) }
	requireMeasure(t, g, cell(ana, "time"), "cs:givenConfirmed", "44", "h")
	requireMeasure(t, g, cell(relais, "time"), "cs:receivedConfirmed", "84", "h")
	requireMeasure(t, g, cell(relais, "material"), "cs:receivedConfirmed", "12.5", "kg")
	requireProperty(t, g, cell(ana, "time"), "cs:party", Ref(ana))
	requireProperty(t, g, cell(ana, "time"), "cs:givenDeclared")
	requireProperty(t, g, Fragment(cell(relais, "time"), "receivedConfirmed"), "cs:flows", Integer(3))

	levels := Fragment(cell(cleo, "hardship"), "givenConfirmed")
	requireProperty(t, g, levels, "cs:median", Integer(4))
	requireProperty(t, g, levels, "vf:hasNumericalValue")

	second := Fragment(VersionIRI(charter, 2), "matrix")
	requireMeasure(t, g, Fragment(second, "cell", digest(ben), "time"), "cs:givenDeclared", "5", "h")
	requireProperty(t, g, Fragment(second, "cell", digest(ben), "time"), "cs:givenConfirmed")
}

func TestRandomYearsAreTheSameForOtherProcessors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			g := randomYear(t, rand.New(rand.NewPCG(seed, 3))).export(&Options{Persons: true, Notes: true})
			requireSameForOthers(t, g)
			requireNoLooseEnds(t, g)
		})
	}
}

// randomYear returns a world in which much happens, described in words that are hard to write.
func randomYear(t *testing.T, r *rand.Rand) *world {
	t.Helper()
	w := newWorld(t)
	words := func() string {
		return strings.Map(plain, strings.NewReplacer("\r", "", "\t", "", "\u0080", "", "\u0085", "").Replace(randomGraph{r}.text()))
	}
	date := func() codesocial.Date { return day(t, "2025-01-02").AddDays(r.IntN(300)) }
	people := []string{ana, ben, cleo, atelier, jardin}
	var contributions []ledger.Contribution
	for range 40 {
		kinds := []struct{ kind, unit, quantity string }{
			{"time", "h", fmt.Sprintf("%d.%02d", r.IntN(20), 25*(1+r.IntN(3)))},
			{"knowledge", "livrable", fmt.Sprint(1 + r.IntN(5))},
			{"material", "kg", fmt.Sprintf("%d.125", r.IntN(100))},
			{"hardship", "niveau", fmt.Sprint(1 + r.IntN(5))},
		}
		k := kinds[r.IntN(len(kinds))]
		contributions = append(contributions, ledger.Contribution{
			ID: w.id(), Party: people[r.IntN(len(people))], Project: relais, Kind: k.kind, On: date(),
			Quantity: ledger.Quantity{Value: dec(k.quantity), Unit: k.unit}, Evidence: words(), Note: words(),
		})
	}
	require.NoError(t, w.books.Declare(t.Context(), contributions...))
	for _, c := range contributions {
		if by := people[r.IntN(len(people))]; by != c.Party {
			w.validate(by, "2025-12-01", c)
		}
	}
	for range 10 {
		require.NoError(t, w.books.Receive(t.Context(), ledger.Receipt{
			ID: w.id(), Project: relais, Amount: decimal.New(1+r.Int64N(1_000_000), -2), Currency: "EUR", On: date(),
			Payer: words(), Reference: words(), Note: words(), Introducer: []string{"", ana, jardin}[r.IntN(3)],
		}))
		require.NoError(t, w.books.Spend(t.Context(), ledger.Expense{
			ID: w.id(), Project: relais, Amount: decimal.New(1+r.Int64N(500_000), -2), Currency: "EUR", On: date(), Payee: words(), Note: words(),
		}))
	}
	w.distribute("2025-01-01", "2025-06-30")
	w.distribute("2025-07-01", "2025-12-31")
	return w
}

func TestWhatCannotBeExportedIsRefusedWhole(t *testing.T) {
	t.Parallel()
	y, rules := newYear(t), firstVersion(t)
	wrong := func(edit func(*ledger.Entry)) ledger.Entry {
		c := ledger.Entry{Contribution: y.anas}
		edit(&c)
		return c
	}
	g := new(Graph)
	e := NewExporter(g, nil)
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"a contribution without rules":       {e.Contribution(ledger.Entry{Contribution: y.anas}, nil), ErrInvalid},
		"an unknown kind":                    {e.Contribution(wrong(func(c *ledger.Entry) { c.Kind = "gold" }), rules), ErrInvalid},
		"a party without an IRI":             {e.Contribution(wrong(func(c *ledger.Entry) { c.Party = "ana" }), rules), ErrIRI},
		"a day that the calendar has not":    {e.Contribution(wrong(func(c *ledger.Entry) { c.On.Month = 13 }), rules), ErrLiteral},
		"no day":                             {e.Contribution(wrong(func(c *ledger.Entry) { c.On = codesocial.Date{} }), rules), ErrLiteral},
		"a number of a billion digits":       {e.Contribution(wrong(func(c *ledger.Entry) { c.Quantity.Value = decimal.New(1, 1_000_000_000) }), rules), ErrLiteral},
		"an empty contribution":              {e.Contribution(ledger.Entry{}, rules), ErrInvalid},
		"an empty validation":                {e.Validation(ledger.Validation{}), ErrIRI},
		"an empty receipt":                   {e.Receipt(ledger.Receipt{}, rules), ErrLiteral},
		"a receipt without rules":            {e.Receipt(y.receipt, nil), ErrInvalid},
		"an empty expense":                   {e.Expense(ledger.Expense{}, rules), ErrLiteral},
		"an expense without rules":           {e.Expense(y.expense, nil), ErrInvalid},
		"an empty distribution":              {e.Distribution(ledger.Distribution{}, nil), ErrIRI},
		"no matrix":                          {e.Matrix("urn:x:matrix", nil, codesocial.ClauseRef{}), ErrInvalid},
		"a matrix without a name":            {e.Matrix("", new(dividend.Matrix), codesocial.ClauseRef{}), ErrIRI},
		"no charter":                         {e.Charter(nil), ErrInvalid},
		"an empty charter":                   {e.Charter(new(codesocial.Charter)), ErrIRI},
		"an adoption of nothing":             {e.Adoption(codesocial.Version{Adoption: new(codesocial.Adoption)}), ErrInvalid},
		"an empty party":                     {e.Party(codesocial.Party{}), ErrIRI},
		"no community":                       {e.Community(nil), ErrInvalid},
		"no books":                           {e.Books(new(codesocial.State), nil), ErrInvalid},
		"a contribution under empty rules":   {e.Contribution(ledger.Entry{Contribution: y.anas}, new(codesocial.Charter)), codesocial.ErrNoRule},
		"a receipt under empty rules":        {e.Receipt(y.receipt, new(codesocial.Charter)), ErrIRI},
		"a distribution with a line too big": {e.Distribution(oversized(*y.distribution), nil), ErrLiteral},
	} {
		require.ErrorIs(t, c.err, c.want, name)
		require.True(t, strings.HasPrefix(c.err.Error(), "linkeddata: "), c.err.Error())
	}
	require.Zero(t, g.Len())
	require.Empty(t, g.IDs())
	var refused *Error
	require.ErrorAs(t, e.Contribution(wrong(func(c *ledger.Entry) { c.Kind = "gold" }), rules), &refused)
	require.Equal(t, y.anas.ID.URN(), refused.Node)
	require.Equal(t, "gold", refused.Value)
}

// limited returns a distribution whose lines are fixed, capped and cannot be placed.
func limited(t *testing.T, d ledger.Distribution) ledger.Distribution {
	t.Helper()
	fixed, rate, most := dec("250"), dec("0.5"), dec("100")
	s, err := dividend.Waterfall{Lines: []dividend.Line{
		{ID: "fixed", Fixed: &fixed, To: dividend.Target{Party: atelier}},
		{ID: "capped", Of: dividend.OfBase, Rate: &rate, Cap: &most, To: dividend.Target{Group: ledger.Introducers}},
	}}.Run(dividend.Input{Currency: "EUR", Decimals: 2, Received: dec("1000"), Groups: map[string][]dividend.Weight{ledger.Introducers: {}}})
	require.NoError(t, err)
	d.ID, d.Statement, d.Postings = recordID(900), *s, nil
	return d
}

func TestALineSaysWhatHeldItBack(t *testing.T) {
	t.Parallel()
	var g Graph
	d := limited(t, *newYear(t).distribution)
	require.NoError(t, NewExporter(&g, nil).Distribution(d, nil))
	line := Fragment(d.ID.URN(), "line", "capped")
	for term, want := range map[string]string{
		"cs:cap": "100", "cs:exactAmount": "500", "cs:amount": "100", "cs:placed": "0", "cs:remaining": "750",
		"cs:limitedBy": "cap", "cs:notPlacedBecause": "no member", "cs:group": "introducers",
		"cs:parameters": `{"cap":"100","id":"capped","of":"base","rate":"0.5","to":{"group":"introducers"}}`,
	} {
		requireProperty(t, &g, line, term, Literal(want))
	}
	requireProperty(t, &g, Fragment(d.ID.URN(), "line", "fixed"), "cs:fixedAmount", Literal("250"))
	requireMeasure(t, &g, Fragment(d.ID.URN(), "claim", digest(atelier)), "vf:resourceQuantity", "250", "one")
}

func TestRecordsOfADayWithoutRulesAreNotExported(t *testing.T) {
	t.Parallel()
	y := newYear(t)
	require.NoError(t, y.books.Read(func(b *ledger.Books) {
		_, err := Export(new(codesocial.State), b, nil)
		require.ErrorIs(t, err, codesocial.ErrNotInForce)
		require.True(t, strings.HasPrefix(err.Error(), "linkeddata: "), err.Error())
	}))
}

func oversized(d ledger.Distribution) ledger.Distribution {
	d.Statement.Received = decimal.New(1, 1_000_000_000)
	return d
}

func TestADayBeginsAtItsFirstInstant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/Paris", "2025-03-30", "2025-03-30T00:00:00+01:00"}, // clocks go forward at two
		{"America/Havana", "2025-03-09", "2025-03-09T01:00:00-04:00"},
		{"Asia/Beirut", "2025-03-30", "2025-03-30T01:00:00+03:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00"}, // midnight strikes twice
		{"UTC", "2025-01-01", "2025-01-01T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		require.Equal(t, c.want, Time(beginning(day(t, c.day), zone)).String(), "%s %s", c.zone, c.day)
	}
	require.Equal(t, "2025-01-01T00:00:00Z", Time(beginning(day(t, "2025-01-01"), nil)).String())
}

func BenchmarkExport(b *testing.B) {
	y := newYear(b)
	for b.Loop() {
		g := y.export(nil)
		var out bytes.Buffer
		require.NoError(b, WriteNQuads(&out, g))
		require.NoError(b, WriteJSONLD(&out, g))
	}
}
