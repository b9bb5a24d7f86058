package dividend

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Inequality measures how unequal amounts are. Measures that are fractions of sums are computed exactly and given
// as decimals rounded half up to [MeasurePlaces] places; those that need logarithms or powers are floats, added
// up in a fixed order, so that the order of amounts does not change a bit; between kinds of machines the last bit may
// differ, as their logarithms do.
//
// With x the amounts in ascending order, n their number, μ their mean and s = x / Σx:
type Inequality struct {
	// N is the number of amounts, Sum their sum, Mean their mean.
	N    int             `json:"n"`
	Sum  decimal.Decimal `json:"sum"`
	Mean decimal.Decimal `json:"mean"`
	// Gini is Σ (2i − n − 1)·x_i / (n·Σx): 0 when all are equal, (n − 1)/n when one has all.
	Gini decimal.Decimal `json:"gini"`
	// Hoover is Σ |x − μ| / (2·Σx): the part of the sum that would have to change hands for all to be equal.
	Hoover decimal.Decimal `json:"hoover"`
	// Herfindahl is Σ s² (Herfindahl–Hirschman): 1/n when all are equal, 1 when one has all.
	Herfindahl decimal.Decimal `json:"herfindahl"`
	// Jain is (Σx)² / (n·Σx²) (Jain, Chiu and Hawe 1984): 1 when all are equal, 1/n when one has all.
	Jain decimal.Decimal `json:"jain"`
	// Palma is the sum of the highest tenth over that of the lowest two fifths. Where n is not a multiple of ten,
	// the amount on the edge counts in part. Nil when the lowest two fifths have nothing.
	Palma *decimal.Decimal `json:"palma,omitempty"`
	// TheilT is (1/n)·Σ (x/μ)·ln(x/μ), an amount of zero adding nothing (Theil 1967).
	TheilT float64 `json:"theilT"`
	// TheilL is (1/n)·Σ ln(μ/x), the mean log deviation. Nil when somebody has nothing: it is then infinite.
	TheilL *float64 `json:"theilL,omitempty"`
}

// MeasurePlaces is the number of decimal places that exact measures are rounded to.
const MeasurePlaces = 12

// Measure returns the measures of the amounts, in n log n time. The order of the amounts does not matter. The
// error wraps [ErrInput] when there is no amount, when one is negative and when all are zero (nobody is better off
// than anybody, and every measure divides by the sum), and [ErrLimit] beyond [MaxRecipients].
func Measure(amounts []decimal.Decimal) (Inequality, error) {
	x, sum, err := ascending("inequality", amounts)
	if err != nil {
		return Inequality{}, err
	}
	n := decimal.New(int64(len(x)), 0)
	m := Inequality{N: len(x), Sum: sum, Mean: sum.DivRound(n, MeasurePlaces)}
	rank, squares, distance := decimal.Zero, decimal.Zero, decimal.Zero
	for i, v := range x {
		rank = rank.Add(v.Mul(decimal.New(int64(2*i+1-len(x)), 0)))
		squares = squares.Add(v.Mul(v))
		distance = distance.Add(v.Mul(n).Sub(sum).Abs()) // n times too large, so as not to divide
	}
	two := decimal.New(2, 0)
	m.Gini = rank.DivRound(n.Mul(sum), MeasurePlaces)
	m.Hoover = distance.DivRound(two.Mul(n).Mul(sum), MeasurePlaces)
	m.Herfindahl = squares.DivRound(sum.Mul(sum), MeasurePlaces)
	m.Jain = sum.Mul(sum).DivRound(n.Mul(squares), MeasurePlaces)
	if lowest := portion(x, 4, 10); lowest.Sign() > 0 {
		palma := sum.Mul(decimal.New(10, 0)).Sub(portion(x, 9, 10)).DivRound(lowest, MeasurePlaces)
		m.Palma = &palma
	}
	m.TheilT, m.TheilL = theil(relative(x, sum))
	return m, nil
}

// ascending checks amounts and returns them in order, with their sum.
func ascending(in string, amounts []decimal.Decimal) ([]decimal.Decimal, decimal.Decimal, error) {
	sum := decimal.Zero
	if len(amounts) == 0 {
		return nil, sum, inputError(in, "amounts", "", "must not be empty")
	}
	if len(amounts) > MaxRecipients {
		return nil, sum, &Error{
			In: in, Field: "amounts", Err: ErrLimit, Reason: fmt.Sprintf("%d amounts: must be at most %d", len(amounts), MaxRecipients),
		}
	}
	for i, a := range amounts {
		if err := checkNotNegative(in, fmt.Sprintf("amount %d", i+1), a); err != nil {
			return nil, sum, err
		}
		sum = sum.Add(a)
	}
	if sum.IsZero() {
		return nil, sum, inputError(in, "amounts", "", "must not all be zero")
	}
	x := slices.Clone(amounts)
	slices.SortFunc(x, decimal.Decimal.Cmp)
	return x, sum, nil
}

// portion returns ten times the sum of the lowest parts/of of x, the amount on the edge counting in part.
func portion(x []decimal.Decimal, parts, of int) decimal.Decimal {
	whole, rest := len(x)*parts/of, len(x)*parts%of
	sum := decimal.Zero
	for _, v := range x[:whole] {
		sum = sum.Add(v.Mul(decimal.New(int64(of), 0)))
	}
	if rest > 0 {
		sum = sum.Add(x[whole].Mul(decimal.New(int64(rest), 0)))
	}
	return sum
}

// relative returns x / μ as floats.
func relative(x []decimal.Decimal, sum decimal.Decimal) []float64 {
	out := make([]float64, len(x))
	n := decimal.New(int64(len(x)), 0)
	for i, v := range x {
		out[i] = quotient(v.Mul(n), sum)
	}
	return out
}

// quotient returns the float that is nearest to a / b, however far the two are apart.
func quotient(a, b decimal.Decimal) float64 {
	f, _ := new(big.Rat).Quo(a.Rat(), b.Rat()).Float64()
	return f
}

func theil(r []float64) (t float64, l *float64) {
	mean := 0.0
	for _, v := range r {
		if v > 0 {
			t += float64(v * math.Log(v)) // not fused, which would round differently
		}
		mean -= math.Log(v)
	}
	n := float64(len(r))
	if mean /= n; !math.IsInf(mean, 0) {
		l = &mean
	}
	return t / n, l
}

// Atkinson returns the Atkinson index of the amounts for an aversion to inequality ε of zero or more: the part of
// the sum that could be given up without loss if the rest were shared equally (Atkinson 1970). It is
//
//	1 − ((1/n)·Σ (x/μ)^(1−ε))^(1/(1−ε))    for ε other than 1
//	1 − exp((1/n)·Σ ln(x/μ))               for ε = 1
//
// and 1 when somebody has nothing and ε is 1 or more. Errors are those of [Measure], and [ErrInput] for an ε that is
// negative, not a number or infinite. It takes n log n time.
func Atkinson(amounts []decimal.Decimal, aversion float64) (float64, error) {
	const in = "atkinson"
	if math.IsNaN(aversion) || math.IsInf(aversion, 0) || aversion < 0 {
		return 0, inputError(in, "aversion", fmt.Sprint(aversion), "must be a number of zero or more")
	}
	x, sum, err := ascending(in, amounts)
	if err != nil {
		return 0, err
	}
	if x[0].IsZero() && aversion >= 1 {
		return 1, nil
	}
	r := relative(x, sum)
	total := 0.0
	for _, v := range r {
		if aversion == 1 {
			total += math.Log(v)
		} else {
			total += math.Pow(v, 1-aversion)
		}
	}
	total /= float64(len(r))
	if aversion == 1 {
		return 1 - math.Exp(total), nil
	}
	return 1 - math.Pow(total, 1/(1-aversion)), nil
}

// Point is a point of a Lorenz curve: the lowest Population of all have Share of the sum.
type Point struct {
	Population decimal.Decimal `json:"population"`
	Share      decimal.Decimal `json:"share"`
}

// Lorenz returns the Lorenz curve of the amounts: n + 1 points from (0, 0) to (1, 1), rounded half up to
// [MeasurePlaces] places (Lorenz 1905), in n log n time. Errors are those of [Measure].
func Lorenz(amounts []decimal.Decimal) ([]Point, error) {
	x, sum, err := ascending("lorenz", amounts)
	if err != nil {
		return nil, err
	}
	points := make([]Point, len(x)+1)
	below := decimal.Zero
	n := decimal.New(int64(len(x)), 0)
	for i, v := range x {
		below = below.Add(v)
		points[i+1] = Point{decimal.New(int64(i+1), 0).DivRound(n, MeasurePlaces), below.DivRound(sum, MeasurePlaces)}
	}
	return points, nil
}

// Decomposition says how much of a Theil index lies between groups (would remain if everybody in a group had its
// mean) and how much within them. Between + Within is the index of all, up to the last digits of floats.
type Decomposition struct {
	Between float64 `json:"between"`
	Within  float64 `json:"within"`
}

// DecomposeTheil decomposes Theil T and Theil L of the amounts by group, as a rule by organisation; groups name the
// group of each amount. With w_g the share of the group in the sum (T) or in the number (L), T_g its own index and
// r_g its mean over that of all:
//
//	T: between Σ w_g·ln r_g, within Σ w_g·T_g        L: between Σ w_g·ln(1/r_g), within Σ w_g·L_g
//
// (Shorrocks 1980), in n log n time. L is nil when somebody has nothing. Errors are those of [Measure], and [ErrInput]
// when there are not as many groups as amounts.
func DecomposeTheil(amounts []decimal.Decimal, groups []string) (t Decomposition, l *Decomposition, err error) {
	const in = "decomposition"
	if len(groups) != len(amounts) {
		return t, nil, inputError(in, "groups", fmt.Sprint(len(groups)), fmt.Sprintf("must be as many as the %d amounts", len(amounts)))
	}
	x, sum, err := ascending(in, amounts)
	if err != nil {
		return t, nil, err
	}
	members := make(map[string][]decimal.Decimal)
	for i, g := range groups {
		members[g] = append(members[g], amounts[i])
	}
	l = &Decomposition{}
	for _, g := range sortedKeys(members) {
		own := members[g]
		total := decimal.Zero
		for _, v := range own {
			total = total.Add(v)
		}
		if total.IsZero() {
			continue // adds nothing to T; L does not exist
		}
		slices.SortFunc(own, decimal.Decimal.Cmp)
		ownT, ownL := theil(relative(own, total))
		mean := quotient(total.Mul(decimal.New(int64(len(x)), 0)), sum.Mul(decimal.New(int64(len(own)), 0)))
		share, part := quotient(total, sum), float64(len(own))/float64(len(x))
		t.Between += float64(share * math.Log(mean))
		t.Within += float64(share * ownT)
		l.Between -= float64(part * math.Log(mean))
		if ownL != nil {
			l.Within += float64(part * *ownL)
		}
	}
	if x[0].IsZero() {
		l = nil
	}
	return t, l, nil
}
