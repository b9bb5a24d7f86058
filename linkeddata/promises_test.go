package linkeddata

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

// promises is a world in which everything is promised, and some of it kept.
type promises struct {
	*world
	work, quote, invoice, order, claim, given ledger.Commitment
	hours                                     ledger.Contribution
	paid                                      ledger.Receipt
	spent                                     ledger.Expense
	bake, less                                ledger.Flow
}

func newPromises(t testing.TB) *promises {
	t.Helper()
	p := &promises{world: newWorld(t)}
	commit := func(kind ledger.CommitmentKind, value, unit string, edit func(*ledger.Commitment)) ledger.Commitment {
		c := ledger.Commitment{
			ID: p.id(), By: jardin, Kind: kind, Project: relais, Quantity: ledger.Quantity{Value: dec(value), Unit: unit}, On: day(t, "2025-03-01"), Due: day(t, "2025-06-30"),
			Label: "Zoé & fils", Reference: "D-7", Note: "appeler Zoé",
		}
		if edit != nil {
			edit(&c)
		}
		require.NoError(t, p.books.Commit(t.Context(), c))
		return c
	}
	p.work = commit(ledger.Work, "20", "h", func(c *ledger.Commitment) {
		c.Party, c.Wealth, c.Label, c.From = ana, "time", "", day(t, "2025-03-15")
	})
	p.quote = commit(ledger.Quote, "1000", "EUR", nil)
	p.invoice = commit(ledger.Invoice, "600", "EUR", func(c *ledger.Commitment) { c.Of = p.quote.ID })
	p.order = commit(ledger.Order, "80.50", "EUR", nil)
	p.claim = commit(ledger.Claim, "300", "EUR", func(c *ledger.Commitment) { c.Party, c.Label, c.Due = ben, "", codesocial.Date{} })
	p.given = commit(ledger.Order, "5", "EUR", nil)
	require.NoError(t, p.books.Cancel(t.Context(), ledger.Cancellation{ID: p.id(), By: jardin, Commitment: p.given.ID, On: day(t, "2025-03-02"), Reason: "trop cher"}))

	p.hours = ledger.Contribution{ID: p.id(), Party: ana, Project: relais, Kind: "time", Quantity: ledger.Quantity{Value: dec("4"), Unit: "h"}, On: day(t, "2025-04-01"), Fulfils: p.work.ID}
	require.NoError(t, p.books.Declare(t.Context(), p.hours))
	p.paid = ledger.Receipt{ID: p.id(), Project: relais, Amount: dec("600"), Currency: "EUR", On: day(t, "2025-05-01"), Fulfils: p.invoice.ID}
	require.NoError(t, p.books.Receive(t.Context(), p.paid))
	p.spent = ledger.Expense{ID: p.id(), Project: relais, Amount: dec("80"), Currency: "EUR", On: day(t, "2025-05-02"), Fulfils: p.order.ID}
	require.NoError(t, p.books.Spend(t.Context(), p.spent))

	kg := func(s string) *flow.Measure { return &flow.Measure{Value: dec(s), Unit: "kg"} }
	p.bake = ledger.Flow{ID: p.id(), By: jardin, Project: relais, Process: "fournée de Zoé", On: day(t, "2025-04-02"), Note: "chez Zoé", Events: []flow.Event{
		{Action: "raise", Receiver: atelier, Resource: "farine de Zoé", Conforms: "farine", Quantity: kg("30")},
		{Action: "raise", Receiver: atelier, Resource: "panier", Quantity: &flow.Measure{Value: dec("1"), Unit: "panier"}},
		{Action: "consume", Provider: atelier, Resource: "farine de Zoé", Quantity: kg("12")},
		{Action: "work", Provider: ana, Receiver: atelier, Effort: &flow.Measure{Value: dec("3"), Unit: "h"}},
		{Action: "produce", Provider: ana, Receiver: atelier, Resource: "pain", Conforms: "pain", Quantity: kg("15")},
		{Action: "transfer", Provider: atelier, Receiver: jardin, Resource: "pain", To: "pain vendu", Quantity: kg("2")},
		{Action: "combine", Provider: atelier, Resource: "pain", To: "panier", Quantity: kg("1")},
	}}
	require.NoError(t, p.books.Flow(t.Context(), p.bake))
	p.less = ledger.Flow{ID: p.id(), By: jardin, Project: relais, On: day(t, "2025-04-03"), Corrects: p.bake.ID, Events: []flow.Event{p.bake.Events[2]}}
	p.less.Events[0].Quantity = kg("-2")
	require.NoError(t, p.books.Flow(t.Context(), p.less))
	return p
}

func TestPromisesAreCommitmentsIntentsAndClaims(t *testing.T) {
	t.Parallel()
	p := newPromises(t)
	g := p.export(nil)
	for _, x := range []struct {
		of                 ledger.Commitment
		class              string
		provider, receiver []Value
		finished           string
	}{
		{p.work, "vf:Commitment", []Value{Ref(ana)}, []Value{Ref(relais)}, "false"},
		{p.quote, "vf:Intent", nil, []Value{Ref(relais)}, "false"},
		{p.invoice, "vf:Commitment", nil, []Value{Ref(relais)}, "true"},
		{p.order, "vf:Commitment", []Value{Ref(relais)}, nil, "false"},
		{p.claim, "vf:Claim", []Value{Ref(relais)}, []Value{Ref(ben)}, "false"},
		{p.given, "vf:Commitment", []Value{Ref(relais)}, nil, "true"},
	} {
		iri := x.of.ID.URN()
		n, ok := g.Node(iri)
		require.True(t, ok)
		require.Equal(t, []string{x.class}, n.Types, x.of.Kind)
		requireProperty(t, g, iri, "vf:provider", x.provider...)
		requireProperty(t, g, iri, "vf:receiver", x.receiver...)
		requireProperty(t, g, iri, "vf:finished", Literal(x.finished))
		requireProperty(t, g, iri, "dct:date", Literal("2025-03-01"))
		requireProperty(t, g, iri, "vf:note")
		due := []Value{Literal("2025-07-01T00:00:00+02:00")}
		if x.of.Kind == ledger.Claim {
			due = nil
		}
		requireProperty(t, g, iri, "vf:due", due...)
	}
	requireMeasure(t, g, p.work.ID.URN(), "vf:effortQuantity", "20", "h")
	requireProperty(t, g, p.work.ID.URN(), "vf:hasBeginning", Literal("2025-03-15T00:00:00+01:00"))
	requireMeasure(t, g, p.claim.ID.URN(), "vf:resourceQuantity", "300", "one")
	requireProperty(t, g, p.invoice.ID.URN(), "vf:satisfies", Ref(p.quote.ID.URN()))
	requireProperty(t, g, p.hours.ID.URN(), "vf:fulfills", Ref(p.work.ID.URN()))
	requireProperty(t, g, p.paid.ID.URN(), "vf:fulfills", Ref(p.invoice.ID.URN()))
	requireProperty(t, g, p.spent.ID.URN(), "vf:fulfills", Ref(p.order.ID.URN()))
	requireNoLooseEnds(t, g)

	e := NewExporter(new(Graph), nil)
	wish := ledger.CommitmentEntry{Commitment: ledger.Commitment{Kind: "wish", Quantity: ledger.Quantity{Value: dec("1"), Unit: "EUR"}, On: day(t, "2025-03-01")}}
	require.ErrorIs(t, e.Commitment(wish, firstVersion(t)), ErrInvalid)
	require.ErrorIs(t, e.Commitment(wish, nil), ErrInvalid)
	wish.Kind, wish.Wealth = ledger.Work, "gold"
	require.ErrorIs(t, e.Commitment(wish, firstVersion(t)), ErrInvalid)
}

func TestFlowsAreEventsOfAProcess(t *testing.T) {
	t.Parallel()
	p := newPromises(t)
	g := p.export(nil)
	process := Fragment(charter, "process", digest(relais+" fournée de Zoé"))
	requireProperty(t, g, process, "cs:project", Ref(relais))
	requireProperty(t, g, process, "vf:name")
	flour, bread := Fragment(charter, "resource", digest("farine de Zoé")), Fragment(charter, "resource", digest("pain"))
	consume, produce, sell := eventIRI(p.bake.ID.URN(), 2), eventIRI(p.bake.ID.URN(), 4), eventIRI(p.bake.ID.URN(), 5)
	requireProperty(t, g, consume, "vf:action", Ref("https://w3id.org/valueflows/ont/vf#consume"))
	requireProperty(t, g, consume, "vf:inputOf", Ref(process))
	requireProperty(t, g, consume, "vf:resourceInventoriedAs", Ref(flour))
	requireMeasure(t, g, consume, "vf:resourceQuantity", "12", "kg")
	requireProperty(t, g, produce, "vf:outputOf", Ref(process))
	requireProperty(t, g, produce, "vf:resourceConformsTo", Ref(Fragment(charter, "resource-kind", digest("pain"))))
	requireMeasure(t, g, eventIRI(p.bake.ID.URN(), 3), "vf:effortQuantity", "3", "h")
	requireProperty(t, g, sell, "vf:toResourceInventoriedAs", Ref(Fragment(charter, "resource", digest("pain vendu"))))
	requireProperty(t, g, eventIRI(p.less.ID.URN(), 0), "vf:corrects", Ref(consume))
	requireMeasure(t, g, eventIRI(p.less.ID.URN(), 0), "vf:resourceQuantity", "-2", "kg")
	requireMeasure(t, g, flour, "vf:accountingQuantity", "20", "kg")
	requireMeasure(t, g, bread, "vf:onhandQuantity", "12", "kg")
	requireProperty(t, g, bread, "vf:primaryAccountable", Ref(atelier))
	requireProperty(t, g, bread, "vf:containedIn", Ref(Fragment(charter, "resource", digest("panier"))))
	for _, q := range g.Quads() {
		require.NotContains(t, strings.ToLower(q.Object.Literal), "zoé", "free text stays at home")
	}
	names := p.export(&Options{Notes: true})
	requireProperty(t, names, process, "vf:name", Literal("fournée de Zoé"))
	requireProperty(t, names, flour, "vf:name", Literal("farine de Zoé"))
	requireProperty(t, names, Fragment(p.order.ID.URN(), "supplier"), "vf:name", Literal("Zoé & fils"))

	e := NewExporter(new(Graph), nil)
	require.ErrorIs(t, e.Flow(p.bake, nil, nil), ErrInvalid)
	require.ErrorIs(t, e.Resource(flow.Resource{ID: "x"}, nil), ErrInvalid)
	steal := p.bake
	steal.Events = []flow.Event{{Action: "steal", Provider: ana}}
	require.ErrorIs(t, e.Flow(steal, nil, firstVersion(t)), ErrInvalid)
}

func TestPromisesAndFlowsAreTheSameForOtherProcessors(t *testing.T) {
	t.Parallel()
	p := newPromises(t)
	for _, options := range []*Options{nil, {Persons: true, Notes: true}, {Base: "https://la-trame.example/records/"}} {
		g := p.export(options)
		require.NoError(t, NewExporter(g, options).Flow(allActions(t), nil, firstVersion(t)))
		requireSameForOthers(t, g)
	}
	requireSameForJSONLDJS(t, p.export(&Options{Persons: true, Notes: true}))
}

// allActions is a flow with one event of each of the nineteen actions.
func allActions(t testing.TB) ledger.Flow {
	t.Helper()
	f := ledger.Flow{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("all actions")), Project: relais, Process: "tout", On: day(t, "2025-04-02")}
	for a := range flow.Actions() {
		x := flow.Event{Action: a.ID, Provider: atelier, Receiver: jardin}
		if a.Quantity != flow.OfEffort {
			x.Resource, x.Quantity = "chose", &flow.Measure{Value: dec("1"), Unit: "kg"}
		}
		if a.Quantity != flow.OfResource {
			x.Effort = &flow.Measure{Value: dec("1"), Unit: "h"}
		}
		if a.Accounting == flow.DecrementIncrement || a.OnHand == flow.DecrementIncrement || a.Accounting == flow.IncrementTo || a.ID == "combine" {
			x.To = "autre chose"
		}
		f.Events = append(f.Events, x)
	}
	return f
}

func TestEveryActionIsWhatValueflowsCallsIt(t *testing.T) {
	t.Parallel()
	g := new(Graph)
	f := allActions(t)
	require.NoError(t, NewExporter(g, nil).Flow(f, nil, firstVersion(t)))
	terms := published(t, "valueflows-terms.txt")
	for i, a := range slices.Collect(flow.Actions()) {
		requireProperty(t, g, eventIRI(f.ID.URN(), i), "vf:action", Ref(a.IRI()))
		require.Equal(t, "individual", terms[a.IRI()])
		_, ok := LookupTerm("vf:" + a.ID)
		require.True(t, ok, a.ID)
	}
}
