package mediation

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// Anonymity is the smallest number of cases that an indicator tells about: of fewer it says that they are few, and no more.
const Anonymity = 5

// A Figure is a number of cases; it is not shown where it would tell about fewer than [Anonymity] of them.
type Figure struct {
	Value int
	Shown bool // false: there are some, but too few to say how many; Value is 0 then
}

func figure(n int) Figure {
	if n > 0 && n < Anonymity {
		return Figure{}
	}
	return Figure{n, true}
}

// A Door is an outcome by which cases were left.
type Door struct {
	Outcome Outcome
	Cases   Figure
}

// A tally counts what happened, and in how many cases: what happened often in few of them is not told either.
type tally struct {
	events, cases int
	last          *Case
}

func (t *tally) add(k *Case) {
	t.events++
	if t.last != k {
		t.cases, t.last = t.cases+1, k
	}
}

func (t *tally) figure() Figure {
	if t.cases > 0 && t.cases < Anonymity {
		return Figure{}
	}
	return Figure{t.events, true}
}

// A Span is how long something took: half of the cases took at most Median, nine of ten at most P90. It is not shown where it would tell
// about fewer than [Anonymity] cases.
type Span struct {
	Median, P90 time.Duration
	Shown       bool
}

func spanOf(d []time.Duration) Span {
	if len(d) < Anonymity {
		return Span{}
	}
	slices.Sort(d)
	return Span{d[(len(d)-1)/2], d[(len(d)*9+9)/10-1], true}
}

// A Scores is how content one side was: the median of the scores from 1 to 5 that it gave in the time. It is not shown where they were given in
// fewer than [Anonymity] cases.
type Scores struct {
	Median int
	Shown  bool
}

// Indicators are what a community can learn from its cases of a time without a name in it.
type Indicators struct {
	From, To codesocial.Date // first and last day

	Opened, Closed Figure // cases that were opened in the time, and that were closed in it
	Doors          []Door // of those closed, in the order of the outcomes' names, where there is any
	FirstAnswer    Span   // from the report to the acknowledgement, of cases opened in the time
	ToEnd          Span   // from the report to the end, of cases closed in the time
	Overdue        Figure // deadlines that passed without anybody acting
	Agreements     Figure // that were signed or settled, in cases closed in the time
	Kept           Figure // of those, the ones of which nobody said that they were broken
	Relapses       Figure // cases closed in the time in which a measure was followed by a relapse, or that follow an earlier case
	Appeals        Figure // filed
	Upheld         Figure // of those, the ones that changed the measure, in the time or later
	Recusals       Figure // mediators who stepped back or were refused
	Reporters      Scores
	Respondents    Scores
}

// Indicators returns the indicators of the days from and to, both included, in the time zone of each case's charter. Where one door would
// follow from the total and the others, the next smallest is not shown either.
func (c *Cases) Indicators(from, to codesocial.Date) Indicators {
	in := func(k *Case, at time.Time) bool {
		on := k.dayOf(at)
		return !at.IsZero() && !on.Before(from) && !on.After(to)
	}
	var opened, closed, agreements, kept, relapses int
	var overdue, appeals, upheld, recusals, scored, answered tally
	var first, end []time.Duration
	var reporters, respondents []int
	doors := make(map[Outcome]int)
	for _, k := range c.order {
		if in(k, k.Opened) {
			opened++
		}
		ended := !k.Stage.Open() && in(k, k.Ended)
		if ended {
			closed++
			doors[k.Outcome]++
			end = append(end, k.Ended.Sub(k.Opened))
		}
		agreed, broken, relapsed, filed := false, false, k.Follows != uuid.Nil, false
		for i := range k.Acts {
			e := &k.Acts[i]
			switch e.Event {
			case Acknowledge:
				if in(k, k.Opened) {
					first = append(first, e.At.Sub(k.Opened))
				}
			case Lapse:
				if e.From == e.To && e.From != FollowUp && in(k, e.At) {
					overdue.add(k)
				}
			case Settle, Sign:
				agreed = agreed || e.To == FollowUp
			case Breach:
				broken = true
			case Relapse:
				relapsed = true
			case Appeal:
				if filed = in(k, e.At); filed {
					appeals.add(k)
				}
			case Uphold, Mitigate, Remand:
				if e.To != Admitted && filed {
					upheld.add(k)
				}
			case Recuse, Challenge, Replace:
				if in(k, e.At) {
					recusals.add(k)
				}
			case Rate:
				switch {
				case !in(k, e.At):
				case slices.Contains(k.Reporters, e.For):
					scored.add(k)
					reporters = append(reporters, e.Score)
				default:
					answered.add(k)
					respondents = append(respondents, e.Score)
				}
			}
		}
		if ended && agreed {
			agreements++
			if !broken {
				kept++
			}
		}
		if ended && relapsed {
			relapses++
		}
	}
	return Indicators{
		From: from, To: to, Opened: figure(opened), Closed: figure(closed), Doors: hidden(doors), FirstAnswer: spanOf(first), ToEnd: spanOf(end),
		Overdue: overdue.figure(), Agreements: figure(agreements), Kept: partOf(kept, agreements), Relapses: partOf(relapses, closed), Appeals: appeals.figure(),
		Upheld: shareOf(upheld, appeals), Recusals: recusals.figure(), Reporters: scores(reporters, scored), Respondents: scores(respondents, answered),
	}
}

// partOf is a figure that tells about the rest, too.
func partOf(n, of int) Figure {
	if rest := of - n; rest > 0 && rest < Anonymity {
		return Figure{}
	}
	return figure(n)
}

// shareOf is what partOf is, of what can happen more than once in a case.
func shareOf(t, of tally) Figure {
	if !of.figure().Shown || !partOf(t.events, of.events).Shown {
		return Figure{}
	}
	return t.figure()
}

func scores(list []int, t tally) Scores {
	if t.cases < Anonymity {
		return Scores{}
	}
	slices.Sort(list)
	return Scores{list[(len(list)-1)/2], true}
}

// hidden returns the doors, of which those that tell about few are not shown, nor the one that would follow from them.
func hidden(doors map[Outcome]int) []Door {
	list := make([]Door, 0, len(doors))
	few, shown := 0, -1
	for _, o := range slices.Sorted(maps.Keys(doors)) {
		d := Door{o, figure(doors[o])}
		if !d.Cases.Shown {
			few++
		} else if shown < 0 || d.Cases.Value < list[shown].Cases.Value {
			shown = len(list)
		}
		list = append(list, d)
	}
	if few == 1 && shown >= 0 {
		list[shown].Cases = Figure{}
	}
	return list
}

// A ClauseReview proposes to look at a clause again.
type ClauseReview struct {
	Clause string // id
	Cases  int    // that touched it
	Why    codesocial.Text
}

// ReviewProposals returns the clauses that cases opened in a time touched again and again, at least often times and never fewer than
// [Anonymity], the most frequent first: a rule that keeps causing tensions may be the cause. The community decides whether to amend it.
func (c *Cases) ReviewProposals(from, to codesocial.Date, often int) []ClauseReview {
	counts := make(map[string]int)
	for _, k := range c.order {
		if on := k.dayOf(k.Opened); on.Before(from) || on.After(to) || k.Outcome == Abusive || k.Outcome == OutOfScope || k.Outcome == Merged {
			continue
		}
		for _, clause := range k.Clauses {
			counts[clause]++
		}
	}
	var list []ClauseReview
	for clause, n := range counts {
		if n >= max(often, Anonymity) {
			list = append(list, ClauseReview{clause, n, both(
				"This clause was touched by case after case: is it clear, is it fair, does it ask for what people can do? Consider amending it.",
				"Cette clause est en cause d'affaire en affaire : est-elle claire, est-elle juste, demande-t-elle ce que l'on peut faire ? Envisagez de la modifier.")})
		}
	}
	slices.SortFunc(list, func(a, b ClauseReview) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Clause, b.Clause))
	})
	return list
}
