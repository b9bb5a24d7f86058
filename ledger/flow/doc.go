// Package flow says what economic events do to resources, in the terms of Valueflows (https://www.valueflo.ws): who produces, uses,
// consumes, hands over or works on what, and what is then left in whose hands. It is pure: no clock, no storage. Package ledger records
// events and keeps an [Inventory] of what follows from them.
//
// An [Event] names one of the nineteen actions ([Actions]), who provides, who receives, the resource and how much of it. Several events
// together are one flow with both its sides, what a mission consumes and what it produces: [Inventory.Apply] takes all of them in, or
// none.
//
//	stock := flow.NewInventory()
//	err := stock.Apply([]flow.Event{
//		{Action: "consume", Provider: mill, Resource: "wheat", Quantity: kilos(30)},
//		{Action: "work", Provider: ana, Effort: hours(2)},
//		{Action: "produce", Receiver: mill, Resource: "flour", Quantity: kilos(24)},
//	})
//
// # Two quantities
//
// Of each resource there is what is accounted for, the rights on it, and what is on hand, in somebody's custody. Each action says what it does to
// either, see the table at [Actions]. Neither ever becomes negative: an event that would take more than there is, is refused.
//
// # Errors
//
// Every error names the event, the field and the value, and wraps [ErrInvalid], [ErrUnknown], [ErrUnit] or [ErrShort]. After an error nothing has
// changed.
package flow
