package dividend

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"
)

// Grant is a project and what each of its supporters gave to it.
type Grant struct {
	ID string `json:"id"`
	// Contributions are what each supporter gave, one entry a person: who gives twice is to be added up first.
	Contributions []decimal.Decimal `json:"contributions"`
}

// Root says how the square roots of quadratic matching are taken.
type Root string

const (
	// RealRoot takes real square roots, to 30 decimal places, and rounds the matches by largest remainder, so that
	// the whole pool is given out.
	RealRoot Root = "real"
	// WholeRoot takes square roots of smallest units rounded down, and rounds matches down; a few units are left.
	// It is what contracts on chains that know whole numbers only compute.
	WholeRoot Root = "whole"
)

// rootPlaces is the number of decimal places of real square roots.
const rootPlaces = 30

// Quadratic matches grants from a pool by the number of their supporters more than by the size of what they gave
// (Buterin, Hitzig and Weyl 2018): with c what each supporter gave,
//
//	raw = (Σ √c)²        match = pool × raw / Σ raw over all grants
//
// The match is computed on raw as it stands, what supporters gave not being taken off it, and there is no bound for
// pairs of supporters. perGrant, if not nil, is the most that a grant may get; what it holds back goes to the others
// (with real roots) or is left (with whole ones). Parts come in the order of the grants; parts and left add up to the
// pool. It takes n log n time in the grants, plus one square root for each contribution.
//
// The error wraps [ErrNoWeight] when nobody gave anything, [ErrInput] for negative amounts and bad identifiers,
// [ErrRule] for an unknown root, and [ErrLimit].
func Quadratic(pool decimal.Decimal, decimals int, grants []Grant, root Root, perGrant *decimal.Decimal) (parts []Part, left decimal.Decimal, err error) {
	const in = "quadratic matching"
	if root != RealRoot && root != WholeRoot {
		return nil, decimal.Zero, ruleError(in, "root", string(root), `must be "real" or "whole"`)
	}
	if err := checkAmount(in, "pool", pool, decimals); err != nil {
		return nil, decimal.Zero, err
	}
	weights := make([]Weight, len(grants))
	bounds := make([]Bounds, len(grants))
	for i, g := range grants {
		w, err := g.raw(fmt.Sprintf("%s: grant %d", in, i+1), decimals, root)
		if err != nil {
			return nil, decimal.Zero, err
		}
		weights[i], bounds[i] = Weight{ID: g.ID, Value: w}, Bounds{Cap: perGrant}
	}
	if root == RealRoot {
		b, err := splitBounded(pool, decimals, weights, bounds, computed)
		if err != nil {
			return nil, decimal.Zero, within(in, err)
		}
		return b.Parts, b.Left, nil
	}
	if perGrant != nil {
		if err := checkAmount(in, "cap", *perGrant, decimals); err != nil {
			return nil, decimal.Zero, err
		}
	}
	parts, err = split(in, pool, decimals, weights, computed) // checks the input
	if err != nil {
		return nil, decimal.Zero, err
	}
	q := newQuotas(pool, decimals, weights)
	left = pool
	for i := range parts {
		parts[i].Amount = decimal.NewFromBigInt(q.floors[i], -int32(decimals))
		if perGrant != nil {
			parts[i].Amount = decimal.Min(parts[i].Amount, *perGrant)
		}
		left = left.Sub(parts[i].Amount)
	}
	return parts, left, nil
}

// raw returns the square of the sum of the square roots.
func (g Grant) raw(in string, decimals int, root Root) (decimal.Decimal, error) {
	places := int32(rootPlaces)
	if root == WholeRoot {
		places = 0
	}
	sum := new(big.Int)
	for _, c := range g.Contributions {
		if err := checkAmount(in, "contribution", c, decimals); err != nil {
			return decimal.Zero, err
		}
		units := bigAt(c, -int32(decimals))
		units.Mul(units, bigAt(one, -2*places)) // so that the root has this many places
		sum.Add(sum, units.Sqrt(units))
	}
	return decimal.NewFromBigInt(sum.Mul(sum, sum), -2*places), nil
}
