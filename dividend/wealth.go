package dividend

import (
	"fmt"
	"maps"
	"slices"
)

// What a kind of wealth is made of.
const (
	Material   = "material"   // counted or weighed: money, energy, goods
	Immaterial = "immaterial" // time, knowledge, satisfaction
)

// Whether more of a kind is better.
const (
	Positive = "+" // more is better: time given, money
	Negative = "-" // more is worse: kgCO2e, hardship
)

// How the quantities of a kind can be compared.
const (
	// Ratio quantities can be added and multiplied: hours, euros, kilograms.
	Ratio = "ratio"
	// Ordinal quantities are levels that can only be ranked: a satisfaction of 4 is above one of 2, not twice
	// as much. They are never summed.
	Ordinal = "ordinal"
)

// Wealth is the rule "dividend.wealth": the kinds of wealth that a community recognises, money being only one of
// them. A quantity of a kind that is not listed is refused.
type Wealth struct {
	Kinds []Kind `json:"kinds"`
}

// Kind is one kind of wealth.
type Kind struct {
	// ID names the kind in rules and records: "time".
	ID string `json:"id"`
	// Name is what members read, by language tag: {"fr": "temps", "en": "time"}.
	Name map[string]string `json:"name,omitempty"`
	// Unit is the one unit that quantities of this kind are given in: "h", "EUR", "kgCO2e", "level".
	Unit string `json:"unit"`
	// Nature is [Material] or [Immaterial].
	Nature string `json:"nature"`
	// Polarity is [Positive] or [Negative]. Quantities are positive either way.
	Polarity string `json:"polarity"`
	// Scale is [Ratio] or [Ordinal].
	Scale string `json:"scale"`
	// Levels is, for an ordinal kind, the highest level: quantities are whole numbers from 1 to Levels, at most
	// [MaxLevel]. Zero means whole numbers from 0 to [MaxLevel]. A ratio kind has none.
	Levels int `json:"levels,omitempty"`
}

// Validate checks the rule as it stands, when a charter is adopted: at least one kind, no two with the same id,
// every field one of its values. The error is an [*Error] wrapping [ErrRule] or [ErrLimit].
func (w Wealth) Validate() error {
	if len(w.Kinds) == 0 {
		return ruleError("wealth", "kinds", "", "must not be empty")
	}
	if len(w.Kinds) > MaxKinds {
		return &Error{
			In: "wealth", Field: "kinds", Err: ErrLimit,
			Reason: fmt.Sprintf("%d kinds: must be at most %d", len(w.Kinds), MaxKinds),
		}
	}
	seen := make(map[string]bool, len(w.Kinds))
	for i, k := range w.Kinds {
		if err := checkID(fmt.Sprintf("wealth: kind %d", i+1), "id", k.ID); err != nil {
			return asRule(err)
		}
		in := "wealth: kind " + quote(k.ID)
		if seen[k.ID] {
			return ruleError(in, "id", k.ID, "given twice")
		}
		seen[k.ID] = true
		if err := k.validate(in); err != nil {
			return asRule(err)
		}
	}
	return nil
}

func (k Kind) validate(in string) error {
	if err := checkNames(in, "name", k.Name); err != nil {
		return err
	}
	if err := checkID(in, "unit", k.Unit); err != nil {
		return err
	}
	switch {
	case k.Nature != Material && k.Nature != Immaterial:
		return ruleError(in, "nature", k.Nature, `must be "material" or "immaterial"`)
	case k.Polarity != Positive && k.Polarity != Negative:
		return ruleError(in, "polarity", k.Polarity, `must be "+" or "-"`)
	case k.Scale != Ratio && k.Scale != Ordinal:
		return ruleError(in, "scale", k.Scale, `must be "ratio" or "ordinal"`)
	case k.Scale == Ratio && k.Levels != 0:
		return ruleError(in, "levels", fmt.Sprint(k.Levels), "must be absent from a ratio kind")
	case k.Levels < 0 || k.Levels == 1 || k.Levels > MaxLevel:
		return ruleError(in, "levels", fmt.Sprint(k.Levels), fmt.Sprintf("must be between 2 and %d", MaxLevel))
	}
	return nil
}

// Kind returns the kind with this id and whether there is one.
func (w Wealth) Kind(id string) (Kind, bool) {
	i := slices.IndexFunc(w.Kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return w.Kinds[i], true
}

// checkRatio refuses a kind that is not one of the rule's, or whose levels cannot be multiplied; what is what it would
// be multiplied by.
func (w Wealth) checkRatio(in, id, what string) error {
	k, ok := w.Kind(id)
	if !ok {
		return unknownKind(in, id)
	}
	if k.Scale != Ratio {
		return ruleError(in+": kind "+quote(id), "scale", k.Scale, "an ordinal kind cannot have "+what)
	}
	return nil
}

func unknownKind(in, id string) error {
	return &Error{In: in, Field: "kind", Value: id, Reason: "is not a kind of wealth of the charter", Err: ErrUnknown}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
