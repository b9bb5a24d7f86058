//go:build !race

package dividend_test

const underRace = false
