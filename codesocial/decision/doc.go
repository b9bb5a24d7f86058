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
// Electors may let others vote for them ([Delegations]); a ballot of their own takes their voice back.
//
// To choose among several options there is [Election]: by one voice, approval, rankings ([Schulze], [InstantRunoff]) or scores.
//
// In a tie the rule may let the lot decide, or the ballot of who is in the chair: the casting vote, frozen with the electorate. [TieCasting] says what it is, and when there is none.
//
// # Consent
//
// A [Consent] is adopted when nobody has a reasoned objection to its text. What may happen where, and who
// does it:
//
//	clarification  advance   facilitator         → reactions
//	reactions      advance   facilitator         → amending
//	amending       advance   facilitator         → objections
//	amending       amend     proposer            → amending
//	objections     amend     proposer            → objections
//	integration    amend     proposer            → objections
//	objections     consent   elector             → objections
//	objections     aside     elector             → objections
//	objections     object    elector             → objections
//	objections     test      facilitator         → objections
//	integration    test      facilitator         → integration
//	objections     retract   objector            → objections
//	integration    retract   objector            → integration
//	objections     confirm   objector, proposer  → objections
//	integration    confirm   objector, proposer  → integration
//	objections     close     facilitator         → agreed | integration | dropped | to-vote
//	integration    advance   facilitator         → objections
//	clarification  withdraw  proposer            → withdrawn
//	reactions      withdraw  proposer            → withdrawn
//	amending       withdraw  proposer            → withdrawn
//	objections     withdraw  proposer            → withdrawn
//	integration    withdraw  proposer            → withdrawn
//
// An objection names a reason and a criterion. Whether it is right is not for anyone to judge: it is
// tested for having an argument at all, or retracted, or integrated, when its author and the proposer both
// find it met by a later text. Otherwise it stands in the way, in every round.
//
// # Election without candidates
//
// In an [Integrative] election nobody runs. Electors name whom they trust, with their reasons, may change their mind having
// heard those of the others, and consent to the person that the facilitator proposes. What may happen where, and who does it:
//
//	nominating     nominate  elector             → nominating
//	changing       nominate  elector             → changing
//	nominating     advance   facilitator         → changing
//	changing       advance   facilitator         → proposing
//	proposing      propose   facilitator         → asking
//	asking         consent   elector             → asking
//	asking         aside     elector             → asking
//	asking         object    elector             → asking
//	asking         test      facilitator         → asking
//	asking         retract   objector            → asking
//	asking         accept    candidate           → asking
//	asking         decline   candidate           → proposing
//	asking         close     facilitator         → elected | proposing | dropped
//	nominating     withdraw  proposer            → withdrawn
//	changing       withdraw  proposer            → withdrawn
//	proposing      withdraw  proposer            → withdrawn
//	asking         withdraw  proposer            → withdrawn
//
// # Exactness
//
// Weights are whole numbers and shares are fractions: two thirds of three is two, and nothing is rounded.
// The same ballots in any order give the same result.
//
// # Errors
//
// Every error wraps one of the sentinels Err…, and names the ballot or act and the value. Nothing has changed then.
package decision
