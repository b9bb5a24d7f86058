package linkeddata

import (
	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

// Commitment exports what was promised or is claimed: planned work, an invoice and an order are a vf:Commitment, a quote is a vf:Intent, and what a project owes a party is a
// vf:Claim. It is finished when nothing is left of it, or what was left was given up. What is due on a day is due before the beginning of the next one, in the time zone of the
// version. rules is the version of the social code in force on the day of the commitment; of planned work, its rule "dividend.wealth" must know the kind. The
// customer or supplier, the reference and the note are free text, see [Options.Notes].
func (e *Exporter) Commitment(c ledger.CommitmentEntry, rules *codesocial.Charter) error {
	iri := e.record(c.ID)
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force on that day must be given"), iri, "")
	}
	if c.Kind == ledger.Work {
		return e.work(c, rules)
	}
	n, nodes := transfer(iri, c.Quantity.Value, c.Quantity.Unit, c.On, rules)
	outsider, role := "vf:provider", "customer"
	switch c.Kind {
	case ledger.Quote:
		n.Types = []string{"vf:Intent"}
		n.Add("vf:receiver", Ref(c.Project))
	case ledger.Invoice:
		n.Types = []string{"vf:Commitment"}
		n.Add("vf:receiver", Ref(c.Project))
		if c.Of != uuid.Nil {
			n.Add("vf:satisfies", Ref(e.record(c.Of)))
		}
	case ledger.Order:
		n.Types = []string{"vf:Commitment"}
		n.Add("vf:provider", Ref(c.Project))
		outsider, role = "vf:receiver", "supplier"
	case ledger.Claim:
		n.Types = []string{"vf:Claim"}
		n.Add("vf:provider", Ref(c.Project)).Add("vf:receiver", Ref(c.Party))
		outsider = ""
	default:
		return at(refuse(ErrInvalid, string(c.Kind), "must be a kind of commitment"), iri, "")
	}
	e.due(n, c, rules)
	if outsider != "" {
		nodes = append(nodes, e.outsider(n, outsider, role, c.Label)...)
	}
	return e.graph.Add(nodes...)
}

// work exports planned work.
func (e *Exporter) work(c ledger.CommitmentEntry, rules *codesocial.Charter) error {
	iri := e.record(c.ID)
	wealth, err := e.wealthOf(rules)
	if err != nil {
		return err
	}
	kind, ok := wealth.rule.Kind(c.Wealth)
	if !ok {
		return at(refuse(ErrInvalid, c.Wealth, "must be a kind of wealth of %s", rules), iri, "vf:resourceConformsTo")
	}
	action, term := action(kind)
	quantity, nodes := measure(iri, "quantity", rules.ID(), c.Quantity.Value, c.Quantity.Unit)
	n := (&Node{ID: iri, Types: []string{"vf:Commitment"}}).
		Add("vf:action", individual(action)).
		Add("vf:provider", Ref(c.Party)).
		Add("vf:receiver", Ref(c.Project)).
		Add("vf:resourceConformsTo", Ref(kindIRI(wealth.clause, kind.ID))).
		Add(term, quantity)
	dated(n, c.On, rules)
	if !c.From.IsZero() {
		n.Add("vf:hasBeginning", Time(beginning(c.From, rules.Location())))
	}
	e.due(n, c, rules)
	return e.graph.Add(append(append(nodes, n), kindNodes(wealth.clause, kind)...)...)
}

// due adds what all commitments have in common.
func (e *Exporter) due(n *Node, c ledger.CommitmentEntry, rules *codesocial.Charter) {
	if !c.Due.IsZero() {
		n.Add("vf:due", Time(beginning(c.Due.AddDays(1), rules.Location())))
	}
	n.Add("vf:finished", Bool(c.Status != ledger.Outstanding))
	e.notes(n, c.Reference, c.Note)
}

// fulfils says which commitment an event fulfils, if it does.
func (e *Exporter) fulfils(event *Node, commitment uuid.UUID) {
	if commitment != uuid.Nil {
		event.Add("vf:fulfills", Ref(e.record(commitment)))
	}
}
