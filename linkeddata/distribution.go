package linkeddata

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// Distribution exports how a project's money was shared: the amounts that it starts from, each line with
// its clause, its formula's inputs and its result, the share of each recipient with the weight and what
// the weight is made of, a claim of each party on the project, and the postings. Distribution and claims
// refer to the rules that they follow, which are parts of clauses of one version, whose hash is there.
//
// A claim is triggered by the events that it rests on: those contributions of the party and those receipts it
// brought whose sum is, to the last digit, what the statement weighs. They are looked up in books; where
// the sums differ, because something was recorded for the period after it had been shared, and where books
// is nil, the claim names none.
func (e *Exporter) Distribution(d ledger.Distribution, books *ledger.Books) error {
	x := &distributionExport{
		Exporter: e, d: &d, iri: e.record(d.ID), charter: d.Clause.Charter,
		claims: map[string]*Node{}, given: map[[2]string]events{}, brought: map[string]events{},
	}
	if books != nil {
		x.lookUp(books)
	}
	nodes, err := x.export()
	if err != nil {
		return err
	}
	return e.graph.Add(nodes...)
}

// A distributionExport is the export of one distribution.
type distributionExport struct {
	*Exporter
	d       *ledger.Distribution
	iri     string
	charter string
	claims  map[string]*Node     // by party
	given   map[[2]string]events // by party and kind of wealth
	brought map[string]events    // by introducer
	nodes   []*Node
}

func (x *distributionExport) add(nodes ...*Node) { x.nodes = append(x.nodes, nodes...) }

func (x *distributionExport) export() ([]*Node, error) {
	d, s := x.d, &x.d.Statement
	currency := Ref(currencyIRI(x.charter, s.Currency))
	x.add(currencyNode(x.charter, s.Currency))
	restsOn, described := clause(d.Clause)
	x.add(described...)
	n := (&Node{ID: x.iri, Types: []string{"cs:Distribution", "prov:Activity"}}).
		Add("cs:project", Ref(d.Project)).
		Add("schema:startDate", Literal(d.From.String())).
		Add("schema:endDate", Literal(d.To.String())).
		Add("cs:restsOn", restsOn).
		Add("cs:currency", currency).
		Add("cs:received", Decimal(s.Received)).
		Add("cs:directCosts", Decimal(s.DirectCosts)).
		Add("cs:deficitBroughtForward", Decimal(s.Brought)).
		Add("cs:surplusBroughtForward", Decimal(s.Surplus)).
		Add("cs:base", Decimal(s.Base)).
		Add("cs:distributed", Decimal(s.Distributed)).
		Add("cs:reserved", Decimal(s.Reserved)).
		Add("cs:carriedOver", Decimal(s.CarriedOver)).
		Add("cs:deficit", Decimal(s.Deficit))
	x.add(n)
	for _, rule := range []struct {
		kind string
		ref  codesocial.ClauseRef
	}{{ledger.WaterfallKind, d.Clause}, {ledger.WealthKind, d.WealthClause}, {ledger.WeightsKind, d.WeightsClause}} {
		n.Add("cs:allocationRule", x.rule(rule.kind, rule.ref))
	}
	for _, part := range s.Parties() {
		if part.Amount.Sign() > 0 {
			x.claim(part, currency)
		}
	}
	for i, line := range s.Lines {
		if err := x.line(i, line); err != nil {
			return nil, err
		}
	}
	x.add(postings(x.iri, x.charter, s.Currency, d.Postings)...)
	return x.nodes, nil
}

// rule describes a rule by its kind and the clause that carries it.
func (x *distributionExport) rule(kind string, ref codesocial.ClauseRef) Value {
	carrier, described := clause(ref)
	x.add(described...)
	iri := ruleIRI(ref)
	x.add((&Node{ID: iri, Types: []string{"cs:Rule"}}).Add("dct:isPartOf", carrier).Add("cs:ruleKind", Literal(kind)))
	return Ref(iri)
}

// claim describes what a party may ask of the project.
func (x *distributionExport) claim(part dividend.Part, currency Value) {
	n := (&Node{ID: Fragment(x.iri, "claim", digest(part.ID)), Types: []string{"vf:Claim"}}).
		Add("vf:action", individual("vf:transfer")).
		Add("vf:provider", Ref(x.d.Project)).
		Add("vf:receiver", Ref(part.ID)).
		Add("vf:resourceConformsTo", currency).
		Add("prov:wasGeneratedBy", Ref(x.iri)).
		Add("cs:allocationRule", Ref(ruleIRI(x.d.Clause)))
	quantity, described := money(n.ID, "quantity", x.charter, part.Amount)
	n.Add("vf:resourceQuantity", quantity)
	x.claims[part.ID] = n
	x.add(append(described, n)...)
}

// line describes what one line of the waterfall did.
func (x *distributionExport) line(i int, r dividend.LineResult) error {
	parameters, err := canonical.Marshal(r.Line)
	if err != nil {
		return at(refuse(ErrInvalid, "", "line %s: %v", quote(r.Line.ID), err), x.iri, "cs:parameters")
	}
	ref := x.d.Clause
	if r.Line.Clause != "" {
		ref.Clause = r.Line.Clause
	}
	restsOn, described := clause(ref)
	x.add(described...)
	n := (&Node{ID: Fragment(x.iri, "line", r.Line.ID), Types: []string{"cs:DistributionLine"}}).
		Add("dct:isPartOf", Ref(x.iri)).
		Add("schema:position", Integer(int64(i+1))).
		Add("dct:identifier", Literal(r.Line.ID)).
		Add("dct:title", texts(r.Line.Name)...).
		Add("cs:restsOn", restsOn).
		Add("cs:parameters", Literal(string(parameters))).
		Add("cs:basis", Decimal(r.Basis)).
		Add("cs:exactAmount", Decimal(r.Exact)).
		Add("cs:amount", Decimal(r.Amount)).
		Add("cs:placed", Decimal(r.Placed)).
		Add("cs:remaining", Decimal(r.Remaining)).
		Add("cs:totalWeight", Decimal(r.Total))
	for term, number := range map[string]*decimal.Decimal{"cs:rate": r.Line.Rate, "cs:fixedAmount": r.Line.Fixed, "cs:cap": r.Line.Cap} {
		if number != nil {
			n.Add(term, Decimal(*number))
		}
	}
	for term, word := range map[string]string{"cs:rateOf": r.Line.Of, "cs:limitedBy": r.Limit, "cs:notPlacedBecause": r.Reason, "cs:group": r.Line.To.Group} {
		if word != "" {
			n.Add(term, Literal(word))
		}
	}
	x.add(n)
	amounts := make(map[string]decimal.Decimal, len(r.Parts))
	for _, part := range r.Parts {
		amounts[part.ID] = part.Amount
		if len(r.Members) == 0 {
			x.share(n, r.Line.To, part)
		}
	}
	for _, member := range r.Members {
		share := x.share(n, r.Line.To, dividend.Part{ID: member.ID, Amount: amounts[member.ID]})
		x.weight(share, member)
		if claim := x.claims[member.ID]; claim != nil && amounts[member.ID].Sign() > 0 {
			x.trigger(claim, r.Line.To.Group, member)
		}
	}
	return nil
}

// share describes the part of a line that one recipient gets: a fund, a party or a member of a group, who
// may get nothing.
func (x *distributionExport) share(line *Node, to dividend.Target, part dividend.Part) *Node {
	n := (&Node{ID: Fragment(line.ID, "share", digest(part.ID)), Types: []string{"cs:Share"}}).
		Add("dct:isPartOf", Ref(line.ID)).
		Add("cs:amount", Decimal(part.Amount))
	if to.Fund == "" {
		n.Add("cs:recipient", Ref(part.ID))
	} else {
		fund, described := accountNodes(x.charter, ledger.FundAccount(part.ID), x.d.Statement.Currency)
		x.add(described...)
		n.Add("cs:recipient", fund)
	}
	x.add(n)
	return n
}

// weight describes what the weight of a member of a group is made of.
func (x *distributionExport) weight(share *Node, w dividend.Weight) {
	share.Add("cs:weight", Decimal(w.Value))
	for _, t := range w.Terms {
		path := []string{"term", t.Kind}
		if t.From != "" { // one of several coefficients of the kind
			path = append(path, t.From)
		}
		term := (&Node{ID: Fragment(share.ID, path...), Types: []string{"cs:WeightTerm"}}).
			Add("dct:isPartOf", Ref(share.ID)).
			Add("vf:resourceConformsTo", Ref(kindIRI(x.d.WealthClause, t.Kind))).
			Add("cs:points", Decimal(t.Points)).
			Add("cs:weight", Decimal(t.Value))
		quantity, described := measure(term.ID, "quantity", x.charter, t.Quantity, t.Unit)
		x.add(append(described, term.Add("cs:quantity", quantity))...)
	}
}

// trigger adds to a claim the events that the weight of its party is the sum of, unless they are not.
func (x *distributionExport) trigger(claim *Node, group string, w dividend.Weight) {
	switch group {
	case ledger.Contributors:
		for _, t := range w.Terms {
			if given := x.given[[2]string{w.ID, t.Kind}]; given.sum.Equal(t.Quantity) {
				claim.Add("vf:triggeredBy", given.events...)
			}
		}
	case ledger.Introducers:
		if brought := x.brought[w.ID]; brought.sum.Equal(w.Value) {
			claim.Add("vf:triggeredBy", brought.events...)
		}
	}
}

// events are what a weight may rest on, with the sum of their quantities.
type events struct {
	events []Value
	sum    decimal.Decimal
}

func (e events) with(iri string, quantity decimal.Decimal) events {
	return events{append(e.events, Ref(iri)), e.sum.Add(quantity)}
}

// lookUp finds in the books what could have counted in the distribution.
func (x *distributionExport) lookUp(books *ledger.Books) {
	period := ledger.Filter{Project: x.d.Project, From: x.d.From, To: x.d.To}
	for c := range books.Contributions(period) {
		if c.Status.Counts() {
			by := [2]string{c.Party, c.Kind}
			x.given[by] = x.given[by].with(x.record(c.ID), c.Quantity.Value)
		}
	}
	for r := range books.Receipts(period) {
		if r.Introducer != "" {
			x.brought[r.Introducer] = x.brought[r.Introducer].with(x.record(r.ID), r.Amount)
		}
	}
}

// ordinal is the step of a path to the i-th of several parts, counted from one.
func ordinal(i int) string { return strconv.Itoa(i + 1) }
