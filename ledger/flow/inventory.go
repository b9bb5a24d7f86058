package flow

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// A Resource is something that there is so much of.
type Resource struct {
	ID       string
	Conforms string // the kind of resource
	Unit     string
	// Accounting is how much is accounted for, OnHand how much is on hand, in Unit; neither is negative.
	Accounting, OnHand decimal.Decimal
	// Accountable is the IRI of the agent who is accountable for it, and Custodian of the one who has it in hand.
	Accountable, Custodian string
	Location, Stage, State string
	ContainedIn            string // the id of the resource it was combined into
}

// An Inventory holds the resources that follow from the events applied to it. It is not safe for concurrent use.
type Inventory struct {
	resources map[string]Resource
	replayed  bool // nothing is refused
}

// NewInventory returns an inventory without resources.
func NewInventory() *Inventory { return &Inventory{resources: make(map[string]Resource)} }

// Resource returns the resource with that id.
func (i *Inventory) Resource(id string) (Resource, bool) {
	r, ok := i.resources[id]
	return r, ok
}

// Resources iterates over all resources, in the order of their ids.
func (i *Inventory) Resources() iter.Seq[Resource] {
	return func(yield func(Resource) bool) {
		for _, id := range slices.Sorted(maps.Keys(i.resources)) {
			if !yield(i.resources[id]) {
				return
			}
		}
	}
}

// Apply takes the events in, in order, all or none. The error names the event by its number. It takes time in the number of events.
func (i *Inventory) Apply(events []Event) error { return i.apply(events, false, true) }

// Correct takes the events of a correction in, which carry differences, all or none.
func (i *Inventory) Correct(events []Event) error { return i.apply(events, true, true) }

// Try says whether [Inventory.Apply], or [Inventory.Correct], would take the events in, and changes nothing.
func (i *Inventory) Try(events []Event, correction bool) error {
	return i.apply(events, correction, false)
}

// Replay takes events in that another inventory has taken in, without some of those before them: what was there on a day, while they were recorded in another
// order. Nothing is refused any more, and quantities may become negative.
func (i *Inventory) Replay(events []Event) {
	i.replayed = true
	for n := range events {
		if byID[events[n].Action] != nil {
			_ = i.step(&events[n], i.resources)
		}
	}
}

func (i *Inventory) apply(events []Event, correction, keep bool) error {
	if len(events) == 0 || len(events) > MaxEvents {
		return bad(ErrInvalid, "events", fmt.Sprint(len(events)), "must be from 1 to %d", MaxEvents)
	}
	changed := make(map[string]Resource) // what the events leave, until all are seen to be possible
	for n := range events {
		err := events[n].Check(correction)
		if err == nil {
			err = i.step(&events[n], changed)
		}
		if err != nil {
			return fmt.Errorf("event %d (%s): %w", n+1, events[n].Action, err)
		}
	}
	if keep {
		maps.Copy(i.resources, changed)
	}
	return nil
}

func (i *Inventory) find(id string, changed map[string]Resource) (Resource, bool) {
	if r, ok := changed[id]; ok {
		return r, true
	}
	r, ok := i.resources[id]
	return r, ok
}

// step applies one event that has been checked to the changed resources.
func (i *Inventory) step(e *Event, changed map[string]Resource) error {
	a := byID[e.Action]
	if e.Resource == "" {
		return nil
	}
	from, ok := i.find(e.Resource, changed)
	if !ok {
		if i.replayed && a.Accounting == None && a.OnHand == None {
			return nil // there is nothing yet that it is about
		}
		if !i.replayed && (a.Creates != Optional || a.Accounting == Decrement) {
			return bad(ErrUnknown, "resource", e.Resource, "there is no such resource to %s", a.ID)
		}
		owner := e.Receiver
		if owner == "" {
			owner = e.Provider
		}
		from = Resource{ID: e.Resource, Conforms: e.Conforms, Unit: e.Quantity.Unit, Accountable: owner, Custodian: owner, Location: e.Location}
	}
	if e.Quantity != nil && e.Quantity.Unit != from.Unit {
		return bad(ErrUnit, "quantity", e.Quantity.String(), "%s is counted in %s", from.ID, from.Unit)
	}
	if a.two() {
		if e.To == "" {
			return i.handOver(e, a, from, changed)
		}
		to, ok := i.find(e.To, changed)
		if !ok {
			owner := from.Accountable
			if a.Accountable == UpdateTo || a.Accountable == New {
				owner = e.Receiver
			}
			to = Resource{ID: e.To, Conforms: from.Conforms, Unit: from.Unit, Accountable: owner, Custodian: from.Custodian, Location: from.Location}
		}
		if to.Unit != from.Unit {
			return bad(ErrUnit, "quantity", e.Quantity.String(), "%s is counted in %s", to.ID, to.Unit)
		}
		to.set(a, e, UpdateTo)
		if a.OnHand != None && e.Receiver != "" {
			to.Custodian = e.Receiver
		}
		if err := to.add(a.Accounting, a.OnHand, e.Quantity.Value, true, i.replayed); err != nil {
			return err
		}
		changed[to.ID] = to
	}
	if e.Quantity != nil {
		if err := from.add(a.Accounting, a.OnHand, e.Quantity.Value, false, i.replayed); err != nil {
			return err
		}
	}
	from.set(a, e, Update)
	changed[from.ID] = from
	return nil
}

// handOver passes a whole resource on, with the rights or the custody of it: what there is of it stays.
func (i *Inventory) handOver(e *Event, a *Action, r Resource, changed map[string]Resource) error {
	whole := r.Accounting
	if a.Accounting == None {
		whole = r.OnHand
	}
	if !i.replayed && !whole.Equal(e.Quantity.Value) {
		return bad(ErrInvalid, "quantity", e.Quantity.String(), "without another resource all of %s passes on: %s", r.ID, Measure{whole, r.Unit})
	}
	if a.Accountable == UpdateTo && e.Receiver != "" {
		r.Accountable = e.Receiver
	}
	if a.OnHand != None && e.Receiver != "" {
		r.Custodian = e.Receiver
	}
	r.set(a, e, UpdateTo)
	changed[r.ID] = r
	return nil
}

// set updates the properties of a resource that the action updates in that way.
func (r *Resource) set(a *Action, e *Event, how Effect) {
	for _, p := range []struct {
		effect Effect
		value  string
		field  *string
	}{{a.Location, e.Location, &r.Location}, {a.Stage, e.Stage, &r.Stage}, {a.State, e.State, &r.State}} {
		if p.effect == how && p.value != "" {
			*p.field = p.value
		}
	}
	if how == Update {
		switch a.Contained {
		case Update:
			r.ContainedIn = e.To
		case Remove:
			r.ContainedIn = ""
		}
	}
}

// add changes the quantities by an effect, on the side of the resource that receives or on the other. It refuses what is more than there is, unless it was seen before to be
// possible.
func (r *Resource) add(accounting, onHand Effect, quantity decimal.Decimal, to, seen bool) error {
	a, h := r.Accounting.Add(accounting.of(quantity, to)), r.OnHand.Add(onHand.of(quantity, to))
	for _, q := range []struct {
		name     string
		old, now decimal.Decimal
	}{{"accounted for", r.Accounting, a}, {"on hand", r.OnHand, h}} {
		if seen {
			break
		}
		if q.now.IsNegative() {
			return bad(ErrShort, "quantity", Measure{quantity, r.Unit}.String(), "of %s only %s are %s", r.ID, q.old, q.name)
		}
		if q.now.GreaterThanOrEqual(tooLarge) {
			return bad(ErrInvalid, "quantity", Measure{quantity, r.Unit}.String(), "of %s there would be more than %d digits", r.ID, MaxDigits)
		}
	}
	r.Accounting, r.OnHand = a, h
	return nil
}

// of returns what an effect adds.
func (e Effect) of(quantity decimal.Decimal, to bool) decimal.Decimal {
	switch {
	case e == Increment && !to, (e == DecrementIncrement || e == IncrementTo) && to:
		return quantity
	case e == Decrement && !to, e == DecrementIncrement && !to:
		return quantity.Neg()
	}
	return decimal.Zero
}
