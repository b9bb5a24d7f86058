// Package dividend is the arithmetic of sharing what was earned together: wealth matrices, waterfalls, sharing
// rules, exact splitting, and the working that shows each recipient where every cent comes from.
//
// It is a toolbox of pure functions over decimals. It knows no journal, no party and no clock, so it serves a
// cooperative's books, a test and a researcher's notebook alike; package ledger runs it on recorded facts. No
// source defines the one fair formula, so the package offers the rules that communities use and leaves the
// choice, with every figure, to the charter.
//
// To divide an amount, give the weights:
//
//	parts, err := dividend.Split(decimal.RequireFromString("5600.00"), 2, []dividend.Weight{
//		{ID: "amina", Value: decimal.NewFromInt(60)},
//		{ID: "bruno", Value: decimal.NewFromInt(30)},
//		{ID: "chloe", Value: decimal.NewFromInt(10)},
//	})
//	// 3360.00, 1680.00, 560.00
//
// The contributive dividend of a project takes three steps:
//
//  1. A [Matrix] gathers who gave how much of which kind of wealth. The rule [Wealth] says which kinds there are.
//     Quantities in different units are never added.
//  2. [Weights] says what one unit of each kind counts for, and in which period; [Matrix.Points] makes each party's
//     weight out of it, keeping the terms.
//  3. [Waterfall.Run] takes what was received minus direct costs through the ordered lines of the charter and
//     returns a [Statement]; [Statement.Explain] says to one recipient, in French or English, how the amount came
//     about, in steps that can be redone with a pocket calculator.
//
// The three rules are plain structs that are decoded from the clauses of a charter. Each has a Validate method
// that is called when the charter is adopted, so that a rule that cannot work is refused before there is money.
//
// # Choosing a rule
//
// What the lines of a waterfall do with a group is a [Sharing] rule: in proportion, in equal parts, a blend of both,
// within a ratio, a floor, a cap or a rate per point. The parts of it stand on their own too, for whoever brings
// weights from elsewhere:
//
//   - dividing: [Split], [Apportion] (Webster, Jefferson, Adams, Huntington–Hill, listed order), [SplitBounded]
//     (floors and caps), [SplitNeeds] (needs first);
//   - claims on a budget: [Settle] (pro rata, first come, debt, decision), [Equation] (buckets, and claims that count
//     once, until paid or for ever);
//   - time: [Policy] (immediate, recent, balanced, special), [Decay] (half-life), [Seniority];
//   - weights: [Matrix.Points], [Pie] (slices), [PeerAssessment], [Graph.PageRank] (who used whose work),
//     [Production] (value traced back through what was used and consumed), [Shapley] and [ShapleySampled] (what
//     everybody added), [Quadratic] (matching by number of supporters);
//   - valuing: [Matrix.Value] (an analytic view in one currency, with the rates of a [Valuation]);
//   - judging: [Measure], [Atkinson], [Lorenz], [DecomposeTheil], [MeasureFairness], and [Compare], which says who
//     would gain and who would lose under another rule.
//
// # Exactness
//
// Amounts, quantities, rates and weights are decimals, never floats. What is divided adds up to the last unit:
// the parts of a split to its amount, the lines of a statement to its base. Unless the doc says otherwise, the order
// of inputs does not matter; ties are decided by identifier, in the order of bytes. The same input gives the same
// output, byte for byte. Floats appear in two places only, said there: measures that need logarithms, and credit in
// graphs. A [Statement] holds its inputs and verifies itself ([Statement.Verify]).
//
// # Errors
//
// Bad input is refused with an [*Error] that names the rule, the field and the value, and wraps one of
// [ErrRule], [ErrInput] (of which [ErrBounds] and [ErrOverClaimed] are cases), [ErrUnit], [ErrUnknown], [ErrNoWeight]
// and [ErrLimit]. No input makes the package panic; the sizes it accepts are constants such as [MaxRecipients].
//
// # Concurrency
//
// Functions keep no state. A [Matrix] may be read by several goroutines at once, but not while one adds to it.
package dividend
