// Package decision holds the procedures by which a community decides, as pure functions: who may vote is
// frozen and hashed, the rule is data, the ballots come in, and out comes a result that explains itself in words,
// with the base and the arithmetic. There is no clock, no storage and no randomness in it: times are
// handed in, and where lots are drawn, the seed is public.
//
// A [Poll] puts one question, to be answered for, against, or by abstaining, under a [Rule]: a threshold that
// is an exact fraction of a named base, and a quorum. [Poll.Count] counts it.
//
//	poll := decision.Poll{Rule: rule, Electorate: electorate, Opens: opens, Closes: closes}
//	result, err := poll.Count(ballots, now)
//	fmt.Println(result.Explain("fr"))
//
// To choose among several options there are [Schulze] and [InstantRunoff] for rankings, [Approval] and [Scores].
//
// # Exactness
//
// Weights are whole numbers and shares are fractions: two thirds of three is two, and nothing is rounded.
// The same ballots in any order give the same result.
//
// # Errors
//
// Every error wraps [ErrInvalid], [ErrLimit], [ErrNotElector], [ErrEarly], [ErrLate] or [ErrFinal], and
// names the ballot and the value.
package decision
