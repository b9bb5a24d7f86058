package flow

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Limits on what an event holds.
const (
	MaxEvents    = 1000 // of one flow
	MaxNameBytes = 500
	MaxUnitBytes = 32
	MaxPlaces    = 6  // decimal places of a quantity
	MaxDigits    = 15 // digits of a quantity before the point
)

// The reasons for which this package refuses something.
var (
	// ErrInvalid: a value is malformed, out of range, or missing.
	ErrInvalid = errors.New("invalid")
	// ErrUnknown: there is no such action or resource.
	ErrUnknown = errors.New("unknown")
	// ErrUnit: a quantity is not in the unit of the resource.
	ErrUnit = errors.New("other unit")
	// ErrShort: there is less of a resource than the event takes.
	ErrShort = errors.New("not enough")
)

// A Measure is a number of units: 30 kg, 2 h. Measures of different units are never added.
type Measure struct {
	Value decimal.Decimal `json:"value"`
	Unit  string          `json:"unit"`
}

// String returns value and unit, as in "30 kg".
func (m Measure) String() string {
	if tooLong(m.Value) {
		return fmt.Sprintf("a number with exponent %d", m.Value.Exponent())
	}
	return m.Value.String() + " " + m.Unit
}

func tooLong(d decimal.Decimal) bool {
	return d.Exponent() > MaxDigits || d.Exponent() < -64 || d.NumDigits() > 96
}

var tooLarge = decimal.New(1, MaxDigits)

// check checks a measure, which may be negative only in a correction.
func (m *Measure) check(field string, correction bool) error {
	switch {
	case tooLong(m.Value) || m.Value.Abs().GreaterThanOrEqual(tooLarge) || !m.Value.Equal(m.Value.Truncate(MaxPlaces)):
		return bad(ErrInvalid, field, m.String(), "must have at most %d digits and %d decimal places", MaxDigits, MaxPlaces)
	case m.Value.Sign() < 0 && !correction || m.Value.IsZero():
		return bad(ErrInvalid, field, m.String(), "must be positive")
	case m.Unit == "" || len(m.Unit) > MaxUnitBytes || !utf8.ValidString(m.Unit):
		return bad(ErrInvalid, field+": unit", m.Unit, "must be given, in at most %d bytes", MaxUnitBytes)
	}
	return nil
}

// An Event is something that happened to a resource, or an effort that was made. The terms of Valueflows stand beside the fields.
type Event struct {
	// Action is the id of one of the nineteen actions.
	Action string `json:"action"`
	// Provider and Receiver are the IRIs of the agents; at least one is given.
	Provider string `json:"provider,omitempty"`
	Receiver string `json:"receiver,omitempty"`
	// Resource is the id of the resource that the event is about (resourceInventoriedAs). Needed by all actions but work and
	// deliverService.
	Resource string `json:"resource,omitempty"`
	// To is the id of the resource that receives (toResourceInventoriedAs), and of the container in combine. Without it, what is transferred
	// or moved is the whole resource.
	To string `json:"to,omitempty"`
	// Quantity is that of the resource (resourceQuantity).
	Quantity *Measure `json:"quantity,omitempty"`
	// Effort is that of the work or use (effortQuantity).
	Effort *Measure `json:"effort,omitempty"`
	// Conforms says what kind of resource it is (resourceConformsTo). Optional.
	Conforms string `json:"conformsTo,omitempty"`
	// Location, Stage and State are those of the resource afterwards, where the action updates them. Optional.
	Location string `json:"location,omitempty"`
	Stage    string `json:"stage,omitempty"`
	State    string `json:"state,omitempty"`
}

// Check returns an error unless the event is well formed by itself: a known action with the quantity, agents and resources that it
// needs. In a correction, which carries the difference, quantities may be negative.
func (e *Event) Check(correction bool) error {
	a, ok := byID[e.Action]
	if !ok {
		return bad(ErrUnknown, "action", e.Action, "is none of the nineteen actions")
	}
	if e.Provider == "" && e.Receiver == "" {
		return bad(ErrInvalid, "provider", "", "a provider or a receiver must be given")
	}
	for _, f := range []struct{ name, value string }{
		{"resource", e.Resource},
		{"to", e.To},
		{"conformsTo", e.Conforms},
		{"location", e.Location},
		{"stage", e.Stage},
		{"state", e.State},
	} {
		if len(f.value) > MaxNameBytes || !utf8.ValidString(f.value) {
			return bad(ErrInvalid, f.name, f.value, "must be valid UTF-8 of at most %d bytes", MaxNameBytes)
		}
	}
	if needs := a.Quantity == OfResource && a.ID != "deliverService" || a.Quantity == OfBoth; needs != (e.Resource != "") && a.ID != "deliverService" {
		if needs {
			return bad(ErrInvalid, "resource", "", "%s needs a resource", a.ID)
		}
		return bad(ErrInvalid, "resource", e.Resource, "%s is of no resource", a.ID)
	}
	if e.To != "" && !a.two() && a.Contained != Update || e.To != "" && e.To == e.Resource {
		return bad(ErrInvalid, "to", e.To, "%s takes no other resource", a.ID)
	}
	if e.To == "" && (a.Accounting == IncrementTo || a.Contained == Update) {
		return bad(ErrInvalid, "to", "", "%s needs the resource that receives", a.ID)
	}
	if e.Quantity == nil && a.Quantity == OfResource {
		return bad(ErrInvalid, "quantity", "", "%s needs the quantity of the resource", a.ID)
	}
	if (e.Effort == nil) != (a.Quantity == OfResource) {
		return bad(ErrInvalid, "effort", "", "%s is measured by %s", a.ID, a.Quantity)
	}
	if e.Quantity != nil && a.Quantity == OfEffort {
		return bad(ErrInvalid, "quantity", e.Quantity.String(), "%s is measured by effort", a.ID)
	}
	for _, m := range []struct {
		name string
		*Measure
	}{{"quantity", e.Quantity}, {"effort", e.Effort}} {
		if m.Measure == nil {
			continue
		}
		if err := m.check(m.name, correction); err != nil {
			return err
		}
	}
	return nil
}

type fieldError struct {
	field, value, why string
	sentinel          error
}

func (e *fieldError) Error() string {
	if e.value == "" {
		return e.field + ": " + e.why
	}
	return e.field + " " + e.value + ": " + e.why
}

func (e *fieldError) Unwrap() error { return e.sentinel }

func bad(sentinel error, field, value, why string, args ...any) error {
	if value != "" {
		value = strconv.QuoteToGraphic(value[:min(len(value), 100)])
	}
	return &fieldError{field, value, fmt.Sprintf(why, args...), sentinel}
}
