package match

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// MaxBest is how many matches of one need are returned at most.
const MaxBest = 10_000

// candidates are the offers that have something in common with a need, and what: the memory of one search, by the numbers of the offers.
type candidates struct {
	skills, text []int64
	nearest      []int64 // for one skill
	found        []int32 // the candidates, each once
	now          []int32 // those with one skill
}

func (c *candidates) grow(n int) {
	if len(c.skills) < n {
		c.skills, c.text, c.nearest = make([]int64, n), make([]int64, n), make([]int64, n)
	}
}

func (c *candidates) clear() {
	for _, n := range c.found {
		c.skills[n], c.text[n] = 0, 0
	}
	c.found = c.found[:0]
}

// Best returns the offers that fit a need best, at most most of them, the best first, and of those that fit equally the one with the lesser id first. What is
// found does not depend on the order of the offers. It takes time in proportion to how many offers have a near skill or a telling word in common with the
// need. The error wraps [ErrInvalid] or [ErrLimit] of this package or of search.
func (m *Matcher) Best(need Side, most int) ([]Match, error) {
	if most < 1 || most > MaxBest {
		return nil, bad(ErrInvalid, "most", strconv.Itoa(most), "must be from 1 to %d", MaxBest)
	}
	c := m.pool.Get().(*candidates)
	defer m.pool.Put(c)
	defer c.clear()
	if err := m.collect(c, &need); err != nil {
		return nil, err
	}
	judged, total := m.judged(&need)
	if total == 0 {
		return nil, nil // by nothing that the need says
	}
	same, ok := m.numbers[need.ID]
	if !ok {
		same = nobody
	}
	own, ok := m.holders[need.Holder]
	if !ok || need.Holder == "" {
		own = nobody
	}
	rest := int64(0) // what the criteria that are dearer to work out can give at most
	for _, criterion := range judged {
		if criterion != Skills && criterion != Text {
			rest += m.weights[criterion] * Whole
		}
	}
	type scored struct {
		offer int32
		score int64
	}
	order := func(a, b scored) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return strings.Compare(m.offers[a.offer].ID, m.offers[b.offer].ID)
	}
	var best []scored
	for _, number := range c.found {
		if number == same || m.holder[number] == own && !m.options.Own {
			continue
		}
		known := m.weights[Text] * c.text[number]
		if len(need.Skills) > 0 {
			known += m.weights[Skills] * c.skills[number]
		}
		if len(best) == most && (known+rest)/total < best[most-1].score {
			continue
		}
		s := scored{number, m.score(c, &need, number, judged, total)}
		if s.score == 0 || len(best) == most && order(s, best[most-1]) >= 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, s, order)
		if len(best) == most {
			best = best[:most-1]
		}
		best = slices.Insert(best, i, s)
	}
	matches := make([]Match, len(best))
	for i, s := range best {
		matches[i] = Match{Offer: m.offers[s.offer].ID, Score: s.score}
		for _, criterion := range judged {
			matches[i].Parts = append(matches[i].Parts, Part{criterion, m.weights[criterion], m.part(criterion, c, &need, s.offer)})
		}
	}
	return matches, nil
}

// collect finds the offers that have a near skill or a telling word in common with the need.
func (m *Matcher) collect(c *candidates, need *Side) error {
	if err := need.check(); err != nil {
		return err
	}
	c.grow(len(m.offers))
	err := m.index.Resemble(need.Document, func(number string, share float64) {
		n, _ := strconv.Atoi(number)
		c.found = append(c.found, int32(n))
		c.text[n] = int64(share * Whole)
	})
	if err != nil {
		return err
	}
	for _, needed := range need.Skills {
		for _, near := range m.near.to(needed) {
			for _, n := range m.skills[near.skill] {
				if c.nearest[n] == 0 {
					c.now = append(c.now, n)
				}
				c.nearest[n] = max(c.nearest[n], near.value)
			}
		}
		for _, n := range c.now {
			if c.skills[n] == 0 && c.text[n] == 0 {
				c.found = append(c.found, n)
			}
			c.skills[n] += c.nearest[n]
			c.nearest[n] = 0
		}
		c.now = c.now[:0]
	}
	for _, n := range c.found {
		c.skills[n] /= max(1, int64(len(need.Skills)))
	}
	return nil
}

// score returns the mean of the parts by their weights, 0 if a criterion that is required is.
func (m *Matcher) score(c *candidates, need *Side, offer int32, judged []Criterion, total int64) int64 {
	sum := int64(0)
	for _, criterion := range judged {
		value := m.part(criterion, c, need, offer)
		if value == 0 && slices.Contains(m.options.Require, criterion) {
			return 0
		}
		sum += m.weights[criterion] * value
	}
	return sum / total
}

func (m *Matcher) part(criterion Criterion, c *candidates, need *Side, offer int32) int64 {
	switch criterion {
	case Skills:
		return c.skills[offer]
	case Text:
		return c.text[offer]
	default:
		return m.value(criterion, need, &m.offers[offer])
	}
}

// nobody is the number of no offer and no holder.
const nobody = -1

// Edges returns, for [Assign] and [Stable], the best offers of each need, at most most for each: needs by their place in the list, offers by their place in the list
// given to [New]. It works on all processors; the result is the same as on one.
func (m *Matcher) Edges(needs []Side, most int) ([]Edge, error) {
	lists, errs := make([][]Edge, len(needs)), make([]error, len(needs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(needs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(needs); i = int(next.Add(1)) - 1 {
				matches, err := m.Best(needs[i], most)
				errs[i] = err
				for _, match := range matches {
					lists[i] = append(lists[i], Edge{i, int(m.numbers[match.Offer]), match.Score})
				}
			}
		})
	}
	workers.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("need %d: %w", i+1, err)
		}
	}
	return slices.Concat(lists...), nil
}
