package linkeddata

import (
	"strconv"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

// Flow exports what happened to resources: each of its events is a vf:EconomicEvent with one of the nineteen actions, an input or output of the process where the action is one. Flows
// of a project with the same process are of one vf:Process. corrected is the flow that it corrects, nil if it corrects none. rules is the version of the social code in force on that
// day. The names of processes, resources and their kinds, and the note, are free text, see [Options.Notes]; without them, they are only told apart.
func (e *Exporter) Flow(f ledger.Flow, corrected *ledger.Flow, rules *codesocial.Charter) error {
	iri := e.record(f.ID)
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force on that day must be given"), iri, "")
	}
	process := (&Node{ID: Fragment(iri, "process"), Types: []string{"vf:Process"}}).Add("cs:project", Ref(f.Project))
	if f.Process != "" {
		process.ID = Fragment(rules.ID(), "process", digest(f.Project+" "+f.Process))
		if e.options.Notes {
			process.Add("vf:name", Literal(f.Process))
		}
	}
	nodes := []*Node{process}
	for i, x := range f.Events {
		a, ok := flow.Lookup(x.Action)
		if !ok {
			return at(refuse(ErrInvalid, x.Action, "must be an action of Valueflows"), iri, "vf:action")
		}
		event := (&Node{ID: eventIRI(iri, i), Types: []string{"vf:EconomicEvent"}}).Add("vf:action", Ref(a.IRI()))
		dated(event, f.On, rules)
		for term, agent := range map[string]string{"vf:provider": x.Provider, "vf:receiver": x.Receiver} {
			if agent != "" {
				event.Add(term, Ref(agent))
			}
		}
		for term, resource := range map[string]string{"vf:resourceInventoriedAs": x.Resource, "vf:toResourceInventoriedAs": x.To} {
			if resource != "" {
				n := e.resourceNode(rules.ID(), resource)
				event.Add(term, Ref(n.ID))
				nodes = append(nodes, n)
			}
		}
		if x.Conforms != "" {
			n := e.resourceKind(rules.ID(), x.Conforms)
			event.Add("vf:resourceConformsTo", Ref(n.ID))
			nodes = append(nodes, n)
		}
		for _, m := range []struct {
			term, part string
			*flow.Measure
		}{{"vf:resourceQuantity", "quantity", x.Quantity}, {"vf:effortQuantity", "effort", x.Effort}} {
			if m.Measure != nil {
				quantity, described := measure(event.ID, m.part, rules.ID(), m.Value, m.Unit)
				event.Add(m.term, quantity)
				nodes = append(nodes, described...)
			}
		}
		switch a.Process {
		case "input":
			event.Add("vf:inputOf", Ref(process.ID))
		case "output", "outputInput":
			event.Add("vf:outputOf", Ref(process.ID))
		}
		if corrected != nil {
			for j, y := range corrected.Events {
				if y.Action == x.Action && y.Provider == x.Provider && y.Receiver == x.Receiver && y.Resource == x.Resource && y.To == x.To {
					event.Add("vf:corrects", Ref(eventIRI(e.record(corrected.ID), j)))
					break
				}
			}
		}
		e.notes(event, "", f.Note)
		nodes = append(nodes, event)
	}
	return e.graph.Add(nodes...)
}

// eventIRI returns the IRI of an event of a flow, counted from 0.
func eventIRI(record string, event int) string {
	return Fragment(record, "event", strconv.Itoa(event+1))
}

// Resource exports a resource as the flows leave it: how much of it is accounted for and on hand, who is accountable, and what it is contained in. rules is the version of the
// social code whose units it is counted in.
func (e *Exporter) Resource(r flow.Resource, rules *codesocial.Charter) error {
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force must be given"), r.ID, "")
	}
	n := e.resourceNode(rules.ID(), r.ID)
	nodes := []*Node{n}
	accounting, described := measure(n.ID, "accounting", rules.ID(), r.Accounting, r.Unit)
	onHand, more := measure(n.ID, "onhand", rules.ID(), r.OnHand, r.Unit)
	n.Add("vf:accountingQuantity", accounting).Add("vf:onhandQuantity", onHand)
	nodes = append(append(nodes, described...), more...)
	if r.Accountable != "" {
		n.Add("vf:primaryAccountable", Ref(r.Accountable))
	}
	if r.Conforms != "" {
		kind := e.resourceKind(rules.ID(), r.Conforms)
		n.Add("vf:conformsTo", Ref(kind.ID))
		nodes = append(nodes, kind)
	}
	if r.ContainedIn != "" {
		container := e.resourceNode(rules.ID(), r.ContainedIn)
		n.Add("vf:containedIn", Ref(container.ID))
		nodes = append(nodes, container)
	}
	return e.graph.Add(nodes...)
}

// resourceNode describes a resource of the flows, which has its name only where free text is asked for.
func (e *Exporter) resourceNode(charter, id string) *Node {
	n := &Node{ID: Fragment(charter, "resource", digest(id)), Types: []string{"vf:EconomicResource"}}
	if e.options.Notes {
		n.Add("vf:name", Literal(id))
	}
	return n
}

// resourceKind describes a kind of resource of the flows.
func (e *Exporter) resourceKind(charter, kind string) *Node {
	n := &Node{ID: Fragment(charter, "resource-kind", digest(kind)), Types: []string{"vf:ResourceSpecification"}}
	if e.options.Notes {
		n.Add("vf:name", Literal(kind))
	}
	return n
}
