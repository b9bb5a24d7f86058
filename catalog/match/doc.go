// Package match finds offers for needs: the best for each need with the reasons, the assignment that is best for all together, one in which nobody would rather have
// another, and teams of members who can meet together a need that none meets alone.
//
// A [Matcher] knows the live offers, and scores them for a need by eight criteria ([Skills] to [Fairness]):
//
//	matcher, err := match.New(offers, &match.Options{Scheme: skills})
//	matches, err := matcher.Best(need, 10)       // explained part by part
//	edges, err := matcher.Edges(needs, 10)       // for all needs
//	pairs, err := match.Assign(wanted, available, edges)
//	teams, complete, err := matcher.Synergies(need, 5)
//
// A match is a suggestion with its reasons; people decide.
//
// # Exactness
//
// Scores are whole millionths, so that totals are exact and the best assignment is the best to the last digit. The same needs and offers, in any order, give
// the same result; what is equal is in the order of identifiers or numbers.
//
// # Errors
//
// Every error wraps [ErrInvalid] or [ErrLimit] (of this package, or of search for what a document may hold) and names the field and the value.
package match
