package ledger

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger/flow"
)

// A Flow is what happened to resources in a project, in the terms of Valueflows, see package ledger/flow: what a mission consumes and what it
// produces, all at once. It says where things are and whose they are; what gives somebody a right to a share is a [Contribution].
type Flow struct {
	// ID is the id of its record, see [Contribution.ID].
	ID uuid.UUID `json:"-"`
	// By is the IRI of the member who records it, the author of the record.
	By string `json:"-"`
	// Project is the IRI of the project.
	Project string `json:"project"`
	// Process names the mission or action within the project. Optional.
	Process string `json:"process,omitempty"`
	// On is the day on which it happened, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Events are what happened, in order. Providers must be members.
	Events []flow.Event `json:"events"`
	// Corrects is the id of the flow that it corrects: its events then carry the differences, which may be negative. Optional.
	Corrects uuid.UUID `json:"corrects,omitzero"`
	// Note is for people. Optional.
	Note string `json:"note,omitempty"`
}

func (f *Flow) check() error {
	if err := codesocial.CheckIRI(f.Project); err != nil {
		return fmt.Errorf("%w: project: %w", ErrInvalid, err)
	}
	if err := checkDay("on", f.On); err != nil {
		return err
	}
	if err := checkText("process", f.Process, MaxNameBytes); err != nil {
		return err
	}
	if len(f.Events) == 0 || len(f.Events) > flow.MaxEvents {
		return bad(ErrInvalid, "events", fmt.Sprint(len(f.Events)), "must be from 1 to %d", flow.MaxEvents)
	}
	for i := range f.Events {
		e := &f.Events[i]
		err := e.Check(f.Corrects != uuid.Nil)
		for _, agent := range []string{e.Provider, e.Receiver} {
			if err == nil && agent != "" {
				err = codesocial.CheckIRI(agent)
			}
		}
		if err != nil {
			return fmt.Errorf("%w: event %d: %w", ErrInvalid, i+1, err)
		}
	}
	return checkText("note", f.Note, MaxTextBytes)
}

// flows holds the flows and what follows from them.
type flows struct {
	all        []recordedFlow
	index      map[uuid.UUID]int
	corrected  map[uuid.UUID][]int // flows that correct it
	byProject  map[string][]int
	byResource map[string][]int // places in all, in order
	inventory  *flow.Inventory
}

type recordedFlow struct {
	Flow
	position uint64
}

func newFlows() flows {
	return flows{
		index: make(map[uuid.UUID]int), corrected: make(map[uuid.UUID][]int), byProject: make(map[string][]int), byResource: make(map[string][]int),
		inventory: flow.NewInventory(),
	}
}

// DraftFlows decides [Ledger.Flow] without recording it.
func (b *Books) DraftFlows(list ...Flow) ([]journal.Draft, error) {
	drafts := make([]journal.Draft, len(list))
	var events []flow.Event
	for i, f := range list {
		err := f.check()
		if _, recorded := b.flows.index[f.ID]; err == nil && !recorded { // what is recorded is compared by the journal
			if err = b.checkFlow(&f); err == nil && f.Corrects == uuid.Nil {
				events = append(events, f.Events...)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: flow %d (%s): %w", i+1, nameOf(f.ID), err)
		}
		drafts[i] = journal.Draft{ID: f.ID, Kind: KindFlow, Schema: schema, Author: f.By, Payload: f}
	}
	if len(list) > 1 && len(events) > 0 {
		if len(events) > flow.MaxEvents {
			return nil, fmt.Errorf("ledger: flows: %w", bad(ErrLimit, "events", fmt.Sprint(len(events)), "must be at most %d in one commit", flow.MaxEvents))
		}
		if err := b.flows.inventory.Try(events, false); err != nil {
			return nil, fmt.Errorf("ledger: flows together: %w", err)
		}
	}
	return drafts, nil
}

func (b *Books) checkFlow(f *Flow) error {
	for _, p := range []struct{ field, iri string }{{"by", f.By}, {"project", f.Project}} {
		if err := b.checkMember(p.field, p.iri, f.On); err != nil {
			return err
		}
	}
	if err := b.checkProject(f.Project); err != nil {
		return err
	}
	if err := b.checkOpen("on", f.On); err != nil {
		return err
	}
	if err := b.checkWithin("on", f.Project, f.On, f.Corrects != uuid.Nil); err != nil {
		return err
	}
	for i := range f.Events {
		e := &f.Events[i]
		if e.Provider != "" {
			if err := b.checkMember(fmt.Sprintf("event %d: provider", i+1), e.Provider, f.On); err != nil {
				return err
			}
		}
		if _, ok := b.community.Party(e.Receiver); !ok && e.Receiver != "" {
			return bad(ErrUnknown, fmt.Sprintf("event %d: receiver", i+1), e.Receiver, "is not a registered party")
		}
	}
	if err := b.checkFlowCorrection(f); err != nil {
		return err
	}
	return b.flows.inventory.Try(f.Events, f.Corrects != uuid.Nil)
}

// flowKey is what a correction has to agree in with what it corrects.
type flowKey struct{ action, provider, receiver, resource, to, unit string }

func sumEvents(sums map[flowKey]fixed, events []flow.Event) {
	for _, e := range events {
		for _, m := range []*flow.Measure{e.Quantity, e.Effort} {
			if m == nil {
				continue
			}
			value, _ := fix(m.Value)
			k := flowKey{e.Action, e.Provider, e.Receiver, e.Resource, e.To, m.Unit}
			sums[k] = sums[k].add(value)
		}
	}
}

// checkFlowCorrection refuses a correction of what is not there, that would leave less than nothing, or of what was reversed.
func (b *Books) checkFlowCorrection(f *Flow) error {
	if f.Corrects == uuid.Nil {
		return nil
	}
	i, ok := b.flows.index[f.Corrects]
	if !ok {
		return bad(ErrUnknown, "corrects", f.Corrects.String(), "is not recorded as a flow")
	}
	old := &b.flows.all[i]
	switch {
	case old.Corrects != uuid.Nil:
		return bad(ErrInvalid, "corrects", f.Corrects.String(), "is a correction: correct what it corrects")
	case old.Project != f.Project:
		return bad(ErrInvalid, "project", f.Project, "what it corrects is of %s", old.Project)
	}
	sums := make(map[flowKey]fixed)
	sumEvents(sums, old.Events)
	for _, c := range b.flows.corrected[f.Corrects] {
		sumEvents(sums, b.flows.all[c].Events)
	}
	left := false
	for _, sum := range sums {
		left = left || !sum.isZero()
	}
	if !left {
		return bad(ErrReversed, "corrects", f.Corrects.String(), "is reversed already")
	}
	for n, e := range f.Events {
		before := len(sums)
		sumEvents(sums, f.Events[n:n+1])
		if len(sums) > before {
			return bad(ErrInvalid, fmt.Sprintf("event %d", n+1), e.Action, "what it corrects has no such event")
		}
	}
	for k, sum := range sums {
		if sum.hi < 0 {
			return bad(ErrInvalid, "events", k.action+" "+k.resource, "the corrections would leave less than nothing")
		}
	}
	return nil
}

func (b *Books) applyFlow(r *journal.Record, f *Flow) error {
	if err := b.checkFlowCorrection(f); err != nil {
		return err
	}
	apply := b.flows.inventory.Apply
	if f.Corrects != uuid.Nil {
		apply = b.flows.inventory.Correct
	}
	if err := apply(f.Events); err != nil {
		return err
	}
	place := len(b.flows.all)
	b.flows.all = append(b.flows.all, recordedFlow{*f, r.Position})
	b.flows.index[f.ID] = place
	b.flows.byProject[f.Project] = append(b.flows.byProject[f.Project], place)
	for _, e := range f.Events {
		for _, id := range []string{e.Resource, e.To} {
			if list := b.flows.byResource[id]; id != "" && (len(list) == 0 || list[len(list)-1] != place) {
				b.flows.byResource[id] = append(list, place)
			}
		}
	}
	if f.Corrects != uuid.Nil {
		b.flows.corrected[f.Corrects] = append(b.flows.corrected[f.Corrects], place)
	}
	return nil
}

// Flows iterates over the flows of the project and period that the filter selects, and of the party that provides or receives in one of their events, in the
// order of recording, each with its token. Kind is the id of an action that one of the events has.
func (b *Books) Flows(f Filter) iter.Seq2[Token, Flow] {
	return func(yield func(Token, Flow) bool) {
		visit := func(x *recordedFlow) bool {
			token := tokenOf(x.position)
			if token <= f.After || f.Known != 0 && token > f.Known || f.Project != "" && x.Project != f.Project || !f.day(x.On) ||
				!slices.ContainsFunc(x.Events, func(e flow.Event) bool {
					return (f.Kind == "" || f.Kind == e.Action) && (f.Party == "" || f.Party == e.Provider || f.Party == e.Receiver)
				}) {
				return true
			}
			copied := x.Flow
			copied.Events = slices.Clone(x.Events)
			return yield(token, copied)
		}
		if f.Project != "" {
			for _, i := range b.flows.byProject[f.Project] {
				if !visit(&b.flows.all[i]) {
					return
				}
			}
			return
		}
		start := sort.Search(len(b.flows.all), func(i int) bool { return tokenOf(b.flows.all[i].position) > f.After })
		for i := start; i < len(b.flows.all); i++ {
			if !visit(&b.flows.all[i]) {
				return
			}
		}
	}
}

// Resource returns a resource as the flows leave it; false if there is none with that id.
func (b *Books) Resource(id string) (flow.Resource, bool) { return b.flows.inventory.Resource(id) }

// ResourceAt is [Books.Resource] at a time, see [Books.ResourcesAt]. It takes time in the number of the flows of the resource, and of those that it came from.
func (b *Books) ResourceAt(id string, at At) (flow.Resource, bool) {
	if at == (At{}) {
		return b.Resource(id)
	}
	return b.replayed(b.flows.behind(id), at).Resource(id)
}

// behind returns the places of the flows of a resource, and of those that have become part of it, in order.
func (f *flows) behind(id string) (places []int) {
	ids, known := []string{id}, map[string]bool{id: true}
	for i := 0; i < len(ids); i++ {
		places = append(places, f.byResource[ids[i]]...)
		for _, place := range f.byResource[ids[i]] {
			for _, e := range f.all[place].Events {
				if e.To == ids[i] && !known[e.Resource] {
					ids, known[e.Resource] = append(ids, e.Resource), true
				}
			}
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// Resources iterates over all resources as the flows leave them, in the order of their ids.
func (b *Books) Resources() iter.Seq[flow.Resource] { return b.flows.inventory.Resources() }

// ResourcesAt is [Books.Resources] at a time: as the flows of until then leave them, in the order of recording. Of what was recorded out of the order of days there may have been
// less than nothing on a day: consumed, and brought in only later. It takes time in the number of all flows.
func (b *Books) ResourcesAt(at At) iter.Seq[flow.Resource] {
	if at == (At{}) {
		return b.Resources()
	}
	places := make([]int, len(b.flows.all))
	for i := range places {
		places[i] = i
	}
	return b.replayed(places, at).Resources()
}

// replayed returns what the flows at some places leave at a time.
func (b *Books) replayed(places []int, at At) *flow.Inventory {
	inventory := flow.NewInventory()
	for _, i := range places {
		if x := &b.flows.all[i]; at.sees(tokenOf(x.position), x.On) {
			inventory.Replay(x.Events)
		}
	}
	return inventory
}

// A FlowTotal is how much of a kind of resource, or of an effort, went into or came out of a project.
type FlowTotal struct {
	Project  string
	Action   string
	Conforms string // kind of resource; for an event that does not say, that of the resource
	Quantity Quantity
}

// FlowTotals adds up the quantities and efforts of the flows that the filter selects, with their corrections, by project, action, kind of resource and
// unit, in that order: what missions produced and what they consumed. Units are never added.
func (b *Books) FlowTotals(f Filter) []FlowTotal {
	type key struct{ project, action, conforms, unit string }
	sums := make(map[key]fixed)
	for _, x := range b.Flows(f) {
		for _, e := range x.Events {
			conforms := e.Conforms
			if r, ok := b.flows.inventory.Resource(e.Resource); ok && conforms == "" {
				conforms = r.Conforms
			}
			for _, m := range []*flow.Measure{e.Quantity, e.Effort} {
				if m != nil {
					value, _ := fix(m.Value)
					k := key{x.Project, e.Action, conforms, m.Unit}
					sums[k] = sums[k].add(value)
				}
			}
		}
	}
	out := make([]FlowTotal, 0, len(sums))
	for k, sum := range sums {
		out = append(out, FlowTotal{k.project, k.action, k.conforms, Quantity{sum.decimal(), k.unit}})
	}
	slices.SortFunc(out, func(x, y FlowTotal) int {
		return strings.Compare(x.Project+"\x00"+x.Action+"\x00"+x.Conforms+"\x00"+x.Quantity.Unit, y.Project+"\x00"+y.Action+"\x00"+y.Conforms+"\x00"+y.Quantity.Unit)
	})
	return out
}
