package flow

import (
	"iter"
	"slices"
)

// Namespace is the prefix of the IRIs of the actions.
const Namespace = "https://w3id.org/valueflows/ont/vf#"

// An Effect says what an action does to a quantity or property of a resource. Its text is the last part of the term in the ontology.
type Effect string

// The effects.
const (
	None               Effect = "notApplicable"
	Increment          Effect = "increment"
	Decrement          Effect = "decrement"
	DecrementIncrement Effect = "decrementIncrement" // decrements the resource, increments the one that receives
	IncrementTo        Effect = "incrementTo"        // increments the resource that receives
	New                Effect = "new"                // set when the resource is created
	Update             Effect = "update"             // of the resource
	UpdateTo           Effect = "updateTo"           // of the resource that receives
	Remove             Effect = "remove"
	Optional           Effect = "optional"   // the resource may be created
	OptionalTo         Effect = "optionalTo" // the resource that receives may be created
)

// What an event gives the quantity of.
const (
	OfResource = "resource"
	OfEffort   = "effort"
	OfBoth     = "both" // an effort, and a resource that need not have a quantity
)

// An Action says what an event of that name does. It is a row of the table of Valueflows 1.0.
type Action struct {
	ID       string // as in the ontology: "transferAllRights"
	Process  string // "input", "output", "outputInput" of a process, or "" for none
	Quantity string // [OfResource], [OfEffort] or [OfBoth]

	Accounting  Effect // on what is accounted for, the rights
	OnHand      Effect // on what is on hand, the custody
	Accountable Effect // on who is accountable for the resource
	Location    Effect
	Contained   Effect // on what the resource is contained in
	Stage       Effect
	State       Effect
	Creates     Effect
	Pairs       string // the action that goes with it in a process: what is accepted is modified
}

// IRI returns the IRI of the action.
func (a Action) IRI() string { return Namespace + a.ID }

// table is the one place that says what actions do.
var table = []Action{
	{"produce", "output", OfResource, Increment, Increment, New, New, None, Update, Update, Optional, ""},
	{"consume", "input", OfResource, Decrement, Decrement, None, None, None, None, Update, None, ""},
	{"use", "input", OfBoth, None, None, None, None, None, None, Update, None, ""},
	{"cite", "input", OfResource, None, None, None, None, None, None, Update, None, ""},
	{"work", "input", OfEffort, None, None, None, None, None, None, None, None, ""},
	{"deliverService", "outputInput", OfResource, None, None, None, None, None, None, None, None, ""},
	{"accept", "input", OfResource, None, Decrement, None, Update, None, None, Update, None, "modify"},
	{"modify", "output", OfResource, None, Increment, None, Update, None, Update, Update, None, "accept"},
	{"pickup", "input", OfResource, None, Decrement, None, Update, None, None, Update, None, "dropoff"},
	{"dropoff", "output", OfResource, None, Increment, None, Update, None, Update, Update, None, "pickup"},
	{"combine", "input", OfResource, None, Decrement, None, None, Update, None, Update, None, ""},
	{"separate", "output", OfResource, None, Increment, None, None, Remove, Update, Update, None, ""},
	{"transfer", "", OfResource, DecrementIncrement, DecrementIncrement, UpdateTo, UpdateTo, None, None, UpdateTo, OptionalTo, ""},
	{"transferAllRights", "", OfResource, DecrementIncrement, None, UpdateTo, None, None, None, UpdateTo, OptionalTo, ""},
	{"transferCustody", "", OfResource, None, DecrementIncrement, None, UpdateTo, None, None, UpdateTo, OptionalTo, ""},
	{"move", "", OfResource, DecrementIncrement, DecrementIncrement, None, UpdateTo, None, None, UpdateTo, OptionalTo, ""},
	{"copy", "", OfResource, IncrementTo, IncrementTo, New, New, None, None, UpdateTo, OptionalTo, ""},
	{"raise", "", OfResource, Increment, Increment, New, None, None, None, Update, Optional, ""},
	{"lower", "", OfResource, Decrement, Decrement, New, None, None, None, Update, Optional, ""},
}

var byID = func() map[string]*Action {
	m := make(map[string]*Action, len(table))
	for i := range table {
		m[table[i].ID] = &table[i]
	}
	return m
}()

// Actions iterates over the nineteen actions, in the order of the table:
//
//	action             quantity  accounting          on hand
//	produce            resource  increment           increment
//	consume            resource  decrement           decrement
//	use                both      notApplicable       notApplicable
//	cite               resource  notApplicable       notApplicable
//	work               effort    notApplicable       notApplicable
//	deliverService     resource  notApplicable       notApplicable
//	accept             resource  notApplicable       decrement
//	modify             resource  notApplicable       increment
//	pickup             resource  notApplicable       decrement
//	dropoff            resource  notApplicable       increment
//	combine            resource  notApplicable       decrement
//	separate           resource  notApplicable       increment
//	transfer           resource  decrementIncrement  decrementIncrement
//	transferAllRights  resource  decrementIncrement  notApplicable
//	transferCustody    resource  notApplicable       decrementIncrement
//	move               resource  decrementIncrement  decrementIncrement
//	copy               resource  incrementTo         incrementTo
//	raise              resource  increment           increment
//	lower              resource  decrement           decrement
func Actions() iter.Seq[Action] { return slices.Values(table) }

// Lookup returns the action of that name.
func Lookup(id string) (Action, bool) {
	a, ok := byID[id]
	if !ok {
		return Action{}, false
	}
	return *a, true
}

// two reports whether the action is between two resources.
func (a *Action) two() bool {
	return a.Accounting == DecrementIncrement || a.OnHand == DecrementIncrement || a.Accounting == IncrementTo
}
