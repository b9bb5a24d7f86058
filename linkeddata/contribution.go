package linkeddata

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

// Contribution exports what a party gave to a project: an economic event with the kind of wealth, the
// quantity, the day, who declared it, who validated it, and whether it counts. rules is the version of
// the social code in force on that day, whose rule "dividend.wealth" must know the kind.
//
// The action is vf:work for what is counted in hours or minutes, vf:transfer for other kinds that are
// material, and vf:deliverService for the rest. The point in time is the beginning of the day in the time
// zone of the version, because only the day is recorded; dct:date has the day itself.
//
// Evidence and note are free text, see [Options.Notes]. Evidence that is a link becomes one.
func (e *Exporter) Contribution(c ledger.Entry, rules *codesocial.Charter) error {
	iri := e.record(c.ID)
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force on that day must be given"), iri, "")
	}
	wealth, err := e.wealthOf(rules)
	if err != nil {
		return err
	}
	kind, ok := wealth.rule.Kind(c.Kind)
	if !ok {
		return at(refuse(ErrInvalid, c.Kind, "must be a kind of wealth of %s", rules), iri, "vf:resourceConformsTo")
	}
	event := (&Node{ID: iri, Types: []string{"vf:EconomicEvent", "cs:Contribution"}}).
		Add("vf:provider", Ref(c.Party)).
		Add("vf:receiver", Ref(c.Project)).
		Add("vf:resourceConformsTo", Ref(kindIRI(wealth.clause, kind.ID))).
		Add("dct:creator", Ref(cmp.Or(c.DeclaredBy, c.Party))).
		Add("cs:validated", Bool(c.Status.Counts()))
	dated(event, c.On, rules)
	quantity, nodes := measure(iri, "quantity", rules.ID(), c.Quantity.Value, c.Quantity.Unit)
	action, term := action(kind)
	event.Add("vf:action", individual(action)).Add(term, quantity)
	e.fulfils(event, c.Fulfils)
	if e.options.Notes && c.Evidence != "" {
		if isLink(c.Evidence) {
			event.Add("dct:references", Ref(c.Evidence))
		} else {
			event.Add("cs:evidence", Literal(c.Evidence))
		}
	}
	e.notes(event, "", c.Note)
	nodes = append(nodes, event)
	nodes = append(nodes, kindNodes(wealth.clause, kind)...)
	for _, by := range c.Validators {
		nodes = append(nodes, validation(iri, by))
	}
	return e.graph.Add(nodes...)
}

// isLink reports whether evidence is a link. That a text could be read as an IRI ("bill:12") does not make
// it one.
func isLink(s string) bool {
	scheme, _, _ := strings.Cut(s, ":")
	return (scheme == "http" || scheme == "https" || scheme == "urn") && CheckIRI(s) == nil
}

// Validation exports that a member confirmed contributions: when, and under which clause. For each of
// them it adds to what [Exporter.Contribution] says of the same validation.
func (e *Exporter) Validation(v ledger.Validation) error {
	restsOn, nodes := clause(v.Clause)
	for _, id := range v.Contributions {
		nodes = append(nodes, validation(e.record(id), v.By).
			Add("dct:date", Literal(v.On.String())).
			Add("cs:restsOn", restsOn))
	}
	return e.graph.Add(nodes...)
}

// validation describes that a member confirmed a contribution.
func validation(contribution, by string) *Node {
	return (&Node{ID: Fragment(contribution, "validation", digest(by)), Types: []string{"cs:Validation", "prov:Activity"}}).
		Add("prov:used", Ref(contribution)).
		Add("prov:wasAssociatedWith", Ref(by))
}

// units maps units of charters to the same units in the ontology of units of measure.
var units = map[string]string{
	"h": "om2:hour", "min": "om2:minute-Time", "kg": "om2:kilogram", "km": "om2:kilometre", "kWh": "om2:kilowattHour", "one": "om2:one",
}

// action returns the action of a contribution of that kind, and the property of its quantity.
func action(kind dividend.Kind) (action, quantity string) {
	switch {
	case kind.Unit == "h" || kind.Unit == "min":
		return "vf:work", "vf:effortQuantity"
	case kind.Nature == dividend.Material:
		return "vf:transfer", "vf:resourceQuantity"
	default:
		return "vf:deliverService", "vf:resourceQuantity"
	}
}

// measure describes a quantity as a part of the thing that iri names. Units are those of the social code:
// one social code's "day" is not another's.
func measure(iri, part, charter string, value decimal.Decimal, unit string) (Value, []*Node) {
	n, u := &Node{ID: Fragment(iri, part), Types: []string{"vf:Measure"}}, unitNode(charter, unit)
	return Ref(n.ID), []*Node{n.Add("vf:hasNumericalValue", Decimal(value)).Add("vf:hasUnit", Ref(u.ID)), u}
}

func unitNode(charter, unit string) *Node {
	n := (&Node{ID: Fragment(charter, "unit", unit), Types: []string{"vf:Unit"}}).
		Add("vf:label", Literal(unit)).
		Add("vf:symbol", Literal(unit))
	if om, ok := units[unit]; ok {
		n.Add("vf:omUnitIdentifier", Literal(expand(om)))
	}
	return n
}

// dated says on which day something happened, and when that day began.
func dated(n *Node, on codesocial.Date, rules *codesocial.Charter) {
	n.Add("dct:date", Literal(on.String())).Add("vf:hasPointInTime", Time(beginning(on, rules.Location())))
}

// beginning returns the first instant of a day in a time zone. Where clocks are put forward at midnight
// the day begins an hour later.
func beginning(day codesocial.Date, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	t := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, zone)
	if codesocial.DateOf(t, zone).Before(day) {
		t = t.Add(time.Hour)
	}
	return t
}

// A wealthRule is the rule "dividend.wealth" of a version and the clause that carries it.
type wealthRule struct {
	rule   dividend.Wealth
	clause codesocial.ClauseRef
}

// wealthOf returns the kinds of wealth of a version.
func (e *Exporter) wealthOf(c *codesocial.Charter) (wealthRule, error) {
	if w, ok := e.wealth[c.Hash()]; ok {
		return w, nil
	}
	var w wealthRule
	var err error
	if w.clause, err = c.Rule(ledger.WealthKind, &w.rule); err != nil {
		return w, fmt.Errorf("linkeddata: %w", err)
	}
	e.wealth[c.Hash()] = w
	return w, nil
}

// kindIRI returns the IRI of a kind of wealth as one version defines it.
func kindIRI(ref codesocial.ClauseRef, kind string) string {
	return Fragment(VersionIRI(ref.Charter, ref.Version), "wealth", kind)
}

// kindNodes describes a kind of wealth and the clause that defines it.
func kindNodes(ref codesocial.ClauseRef, kind dividend.Kind) []*Node {
	definedBy, nodes := clause(ref)
	unit, unitOf := unitNode(ref.Charter, kind.Unit), "vf:defaultUnitOfResource"
	if _, quantity := action(kind); quantity == "vf:effortQuantity" {
		unitOf = "vf:defaultUnitOfEffort"
	}
	n := (&Node{ID: kindIRI(ref, kind.ID), Types: []string{"vf:ResourceSpecification"}}).
		Add("dct:identifier", Literal(kind.ID)).
		Add("vf:name", Literal(kind.ID)).
		Add("dct:title", texts(kind.Name)...).
		Add(unitOf, Ref(unit.ID)).
		Add("cs:nature", Literal(kind.Nature)).
		Add("cs:polarity", Literal(kind.Polarity)).
		Add("cs:scale", Literal(kind.Scale)).
		Add("cs:restsOn", definedBy)
	return append(nodes, n, unit)
}

// Matrix exports a wealth matrix under the IRI that is given for it: for each row and kind of wealth what
// was given and received, what was confirmed apart from what was only declared. A quantity is a measure,
// with the number of contributions it is the sum of; the levels of an ordinal kind are not summed but
// described by their lowest, median and highest and the quartiles. ref is the clause that defines the
// kinds; rows must be IRIs.
func (e *Exporter) Matrix(iri string, m *dividend.Matrix, ref codesocial.ClauseRef) error {
	if m == nil {
		return at(refuse(ErrInvalid, "", "the matrix must be given"), iri, "")
	}
	definedBy, nodes := clause(ref)
	nodes = append(nodes, (&Node{ID: iri, Types: []string{"cs:WealthMatrix"}}).Add("cs:restsOn", definedBy))
	for _, kind := range m.Kinds() {
		nodes = append(nodes, kindNodes(ref, kind)...)
	}
	for _, row := range m.Rows() {
		for kind, cell := range m.Cells(row) {
			n := (&Node{ID: Fragment(iri, "cell", digest(row), kind.ID), Types: []string{"cs:WealthCell"}}).
				Add("dct:isPartOf", Ref(iri)).
				Add("cs:party", Ref(row)).
				Add("vf:resourceConformsTo", Ref(kindIRI(ref, kind.ID)))
			nodes = append(nodes, n)
			for _, side := range []struct {
				term  string
				tally dividend.Tally
			}{
				{"cs:givenConfirmed", cell.Given.Confirmed},
				{"cs:givenDeclared", cell.Given.Declared},
				{"cs:receivedConfirmed", cell.Received.Confirmed},
				{"cs:receivedDeclared", cell.Received.Declared},
			} {
				if side.tally.Flows > 0 {
					nodes = append(nodes, tally(n, side.term, kind, ref.Charter, side.tally)...)
				}
			}
		}
	}
	return e.graph.Add(nodes...)
}

// tally describes one side of a cell.
func tally(cell *Node, term string, kind dividend.Kind, charter string, t dividend.Tally) []*Node {
	part := strings.TrimPrefix(term, "cs:")
	cell.Add(term, Ref(Fragment(cell.ID, part)))
	flows := Integer(int64(t.Flows))
	if kind.Scale == dividend.Ratio {
		_, nodes := measure(cell.ID, part, charter, t.Sum, kind.Unit)
		nodes[0].Add("cs:flows", flows)
		return nodes
	}
	n := (&Node{ID: Fragment(cell.ID, part), Types: []string{"cs:Levels"}}).Add("cs:flows", flows)
	if l := t.Levels; l != nil {
		n.Add("cs:lowest", Integer(int64(l.Lowest))).
			Add("cs:lowerQuartile", Integer(int64(l.Lower))).
			Add("cs:median", Integer(int64(l.Median))).
			Add("cs:upperQuartile", Integer(int64(l.Upper))).
			Add("cs:highest", Integer(int64(l.Highest)))
	}
	return []*Node{n}
}

// matrices exports the wealth matrix of each version: of the contributions dated while it was in force.
func (e *Exporter) matrices(s *codesocial.State, b *ledger.Books) error {
	versions := s.Versions()
	for i, v := range versions {
		if !slices.Contains(v.Charter.Kinds(), ledger.WealthKind) {
			continue
		}
		wealth, err := e.wealthOf(v.Charter)
		if err != nil {
			return err
		}
		period := ledger.Filter{From: v.Charter.InForceFrom()}
		if i+1 < len(versions) {
			period.To = versions[i+1].Charter.InForceFrom().AddDays(-1)
		}
		m, err := b.Matrix(period, wealth.rule)
		if err != nil {
			return fmt.Errorf("linkeddata: %w", err)
		}
		iri := Fragment(VersionIRI(v.Charter.ID(), v.Charter.Version()), "matrix")
		if err := e.Matrix(iri, m, wealth.clause); err != nil {
			return err
		}
	}
	return nil
}
