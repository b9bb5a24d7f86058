//go:build race

package mediation

// underRace tells that the race detector watches. It slows everything down tenfold, and what is done on one goroutine has nothing to show it.
const underRace = true
