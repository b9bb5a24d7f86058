package mediation

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

// casesVersion is counted up when a record comes to mean something else to the Cases, or a field of them does. A field that comes, goes or changes its type needs no
// count: see package freeze.
const casesVersion = 1

// frozen returns the plan of a snapshot. Rules are kept as the hash of the charter that they are in: the state has it.
func (c *Cases) frozen() *freeze.Plan[Cases] {
	return freeze.Of[Cases](freeze.As("rules 1", func(r *Rules) ([]byte, error) { return []byte(r.charter.Hash()), nil }, func(hash []byte) (*Rules, error) {
		version, ok := c.state.Version(string(hash))
		if !ok {
			return nil, bad(ErrUnknown, "charter", string(hash), "no such version has been proposed")
		}
		return c.rulesOf(version.Charter)
	}))
}

// Form implements journal.Snapshotter.
func (c *Cases) Form() (name string, version int) { return "mediation.cases", casesVersion }

// MarshalBinary implements journal.Snapshotter. The snapshot goes into that of the state of which the cases are the guard, so that both have seen the same records. No
// words stand in it, as none stand in the cases.
func (c *Cases) MarshalBinary() ([]byte, error) {
	data, err := c.frozen().Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("mediation: cases: %w", err)
	}
	return data, nil
}

// UnmarshalBinary implements journal.Snapshotter. The state is restored before. After an error the cases are those of an empty journal.
func (c *Cases) UnmarshalBinary(data []byte) error {
	if err := c.frozen().Unmarshal(data, c); err != nil {
		c.Reset()
		return fmt.Errorf("mediation: cases: %w", err)
	}
	return nil
}
