//go:build race

package dividend_test

// underRace tells that the race detector watches. It slows everything down tenfold, and what is done on one goroutine has nothing to show it.
const underRace = true
