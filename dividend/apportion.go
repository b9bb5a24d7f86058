package dividend

import (
	"container/heap"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Method is a way of rounding exact shares to the smallest unit so that they add up. The values are what a charter
// writes.
type Method string

// The methods. With w the weights, W their sum and q = amount × w / W the exact share in smallest units:
const (
	// LargestRemainder rounds every q down and gives the missing units to the largest remainders. It keeps within
	// one unit of q. It is the default, see [Split].
	LargestRemainder Method = "largest-remainder"
	// Webster (Sainte-Laguë) gives unit after unit to the largest w / (2a + 1), a being what one has already.
	Webster Method = "webster"
	// Jefferson (D'Hondt) gives unit after unit to the largest w / (a + 1). It favours large weights.
	Jefferson Method = "jefferson"
	// Adams gives unit after unit to the largest w / a, beginning with one unit each. It favours small weights.
	Adams Method = "adams"
	// HuntingtonHill gives unit after unit to the largest w / √(a(a+1)), beginning with one unit each.
	HuntingtonHill Method = "huntington-hill"
	// Listed rounds every q down and gives the missing units, one each, to those who have a weight, in the order in
	// which they are listed. It is the one method for which the order of the weights matters.
	Listed Method = "listed"
)

var methods = []Method{LargestRemainder, Webster, Jefferson, Adams, HuntingtonHill, Listed}

// Validate says whether the method is one of this package; empty stands for [LargestRemainder]. The error wraps
// [ErrRule].
func (m Method) Validate() error {
	if m == "" || slices.Contains(methods, m) {
		return nil
	}
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = string(m)
	}
	return ruleError("", "method", string(m), "must be one of "+strings.Join(names, ", "))
}

// Apportion divides amount in proportion to the weights like [Split], with the rounding method given; empty
// stands for [LargestRemainder]. The parts come in the order of the weights and add up to amount.
//
// The divisor methods (Webster, Jefferson, Adams, Huntington–Hill) never take a unit from anybody when the amount
// grows, and may be more than one unit away from the exact share; the remainder methods are the other way round
// (Balinski and Young, Fair Representation, 1982). Equal priorities are served in the order of the bytes of
// identifiers. When there are fewer units than recipients, Adams and Huntington–Hill serve the largest weights
// first. A weight of zero gets nothing.
//
// Errors are those of Split, and [ErrRule] for an unknown method. It takes n log n time, and is exact for any
// number of units: it starts from rounded quotients, not from zero.
func Apportion(method Method, amount decimal.Decimal, decimals int, weights []Weight) ([]Part, error) {
	return apportion(method, amount, decimals, weights, given)
}

func apportion(method Method, amount decimal.Decimal, decimals int, weights []Weight, origin int) ([]Part, error) {
	const in = "apportion"
	if err := method.Validate(); err != nil {
		return nil, within(in, err)
	}
	// Splitting also checks the input, and it answers when there is nothing to divide.
	parts, err := split(in, amount, decimals, weights, origin)
	if err != nil || amount.Sign() == 0 || method == "" || method == LargestRemainder {
		return parts, err
	}
	var units []*big.Int
	if method == Listed {
		units = listed(newQuotas(amount, decimals, weights), weights)
	} else {
		units = divisors[method].apportion(amount, decimals, weights)
	}
	for i, u := range units {
		parts[i].Amount = decimal.NewFromBigInt(u, -int32(decimals))
	}
	return parts, nil
}

func listed(q quotas, weights []Weight) []*big.Int {
	for i := 0; q.missing > 0; i++ { // fewer are missing than there are remainders, and so weights
		if weights[i].Value.Sign() > 0 {
			q.floors[i].Add(q.floors[i], bigOne)
			q.missing--
		}
	}
	return q.floors
}

// divisor is a divisor method: whoever has a units comes next with priority w / d(a). Priorities are compared by
// w^power / value(a), so that they stay whole numbers.
type divisor struct {
	power int64
	value func(a *big.Int) *big.Int
}

var divisors = map[Method]divisor{
	Webster:   {1, func(a *big.Int) *big.Int { return plus(plus(a, a), bigOne) }},
	Jefferson: {1, func(a *big.Int) *big.Int { return plus(a, bigOne) }},
	Adams:     {1, func(a *big.Int) *big.Int { return a }},
	HuntingtonHill: {2, func(a *big.Int) *big.Int {
		return new(big.Int).Mul(a, plus(a, bigOne))
	}},
}

func plus(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

// claim is a recipient in a divisor method.
type claim struct {
	id     string
	weight *big.Int // to the power of the method
	units  *big.Int
	value  *big.Int // of the unit that comes next, or that would go first
}

// before says whether the unit of c comes before that of d.
func (c *claim) before(d *claim) bool {
	var order int
	switch zero, other := c.value.Sign() == 0, d.value.Sign() == 0; {
	case zero && other: // both priorities are infinite
		order = c.weight.Cmp(d.weight)
	case zero:
		return true
	case other:
		return false
	default:
		order = new(big.Int).Mul(c.weight, d.value).Cmp(new(big.Int).Mul(d.weight, c.value))
	}
	return order > 0 || order == 0 && c.id < d.id
}

// queue is a heap of claims.
type queue struct {
	claims []*claim
	last   bool // the unit that came last is on top, instead of the one that comes next
}

func (q *queue) Len() int           { return len(q.claims) }
func (q *queue) Less(i, j int) bool { return q.claims[i].before(q.claims[j]) != q.last }
func (q *queue) Swap(i, j int)      { q.claims[i], q.claims[j] = q.claims[j], q.claims[i] }
func (q *queue) Push(x any)         { q.claims = append(q.claims, x.(*claim)) }
func (q *queue) Pop() any {
	last := q.claims[len(q.claims)-1]
	q.claims = q.claims[:len(q.claims)-1]
	return last
}

// apportion starts with the units that every recipient has before priority W / amount is reached, and adds or
// takes back the few units that this is away from the amount. Any such start is the method's own answer for some
// other amount, and the method never takes a unit back when the amount grows, so the result is the same as from
// nothing.
func (d divisor) apportion(amount decimal.Decimal, decimals int, weights []Weight) []*big.Int {
	exponent := int32(0)
	for i := range weights {
		exponent = min(exponent, weights[i].Value.Exponent())
	}
	total := new(big.Int)
	units := make([]*big.Int, len(weights))
	for i := range weights {
		units[i] = bigAt(weights[i].Value, exponent)
		total.Add(total, units[i])
	}
	pool := bigAt(amount, -int32(decimals))
	missing := new(big.Int).Set(pool)
	var q queue
	for i, w := range units {
		units[i] = new(big.Int)
		if w.Sign() == 0 {
			continue
		}
		c := &claim{id: weights[i].ID, weight: new(big.Int).Exp(w, big.NewInt(d.power), nil), units: units[i]}
		d.start(c, new(big.Int).Mul(w, pool), total)
		missing.Sub(missing, c.units)
		q.claims = append(q.claims, c)
	}
	q.last = missing.Sign() < 0
	step := big.NewInt(int64(missing.Sign()))
	q.claims = slices.DeleteFunc(q.claims, func(c *claim) bool { return !d.aim(c, q.last) })
	heap.Init(&q)
	for ; missing.Sign() != 0; missing.Sub(missing, step) {
		c := q.claims[0]
		c.units.Add(c.units, step)
		if d.aim(c, q.last) {
			heap.Fix(&q, 0)
		} else {
			heap.Pop(&q)
		}
	}
	return units
}

// aim sets the value of the unit that comes next, or of the last one that came. It reports false when there is
// no unit to take back.
func (d divisor) aim(c *claim, last bool) bool {
	if !last {
		c.value = d.value(c.units)
		return true
	}
	if c.units.Sign() == 0 {
		return false
	}
	c.value = d.value(new(big.Int).Sub(c.units, bigOne))
	return true
}

// start sets the units of c near the number of units with a priority above total / pool.
func (d divisor) start(c *claim, numerator, total *big.Int) {
	floor, rest := new(big.Int).QuoRem(numerator, total, new(big.Int))
	c.units.Set(floor)
	up := false
	switch {
	case d.power == 2: // q² > a(a+1)
		square := new(big.Int).Mul(numerator, numerator)
		bound := new(big.Int).Mul(new(big.Int).Mul(floor, plus(floor, bigOne)), new(big.Int).Mul(total, total))
		up = square.Cmp(bound) > 0
	case d.value(new(big.Int)).Sign() == 0: // Adams
		up = rest.Sign() > 0
	case d.value(bigOne).Cmp(big.NewInt(3)) == 0: // Webster
		up = plus(rest, rest).Cmp(total) > 0
	default: // Jefferson
		if rest.Sign() == 0 && floor.Sign() > 0 {
			c.units.Sub(c.units, bigOne)
		}
	}
	if up {
		c.units.Add(c.units, bigOne)
	}
}
